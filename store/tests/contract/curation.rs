//! The curator's hand, what people did in order, and what they said of stories.

use crate::world::*;
use salastampa_domain::*;

fn alone(article: ArticleId) -> Placement {
    Placement::alone(article)
}

async fn issue(
    home: &crate::home::Home,
) -> Result<(IssueKey, UserId, Vec<ArticleId>, Vec<StoryId>), salastampa_store::Error> {
    let (_, _, ids) = press_with(&home.store, 3).await?;
    let mut write = home.store.write().await?;
    let edition = write.record_edition(&edition("mattino", &["Città"])).await?;
    let pia = write.record_user(&user("pia", Role::Editor)).await?;
    let mut stories = Vec::new();
    for id in &ids {
        stories.push(write.record_placement(&alone(*id), at(9)).await?.expect("an article").1);
    }
    write.commit().await?;
    let slot = Slot::parse("2027-01-16T07:00:00").expect("a slot");
    Ok((IssueKey { edition, slot }, pia, ids, stories))
}

contract! {
    async fn what_a_person_decided_of_a_line_is_there_until_the_hand_is_off(home: &Home) {
        let (key, pia, ids, stories) = issue(home).await?;
        let mut write = home.store.write().await?;
        assert_eq!(write.find_arrangement(key).await?, Arrangement::untouched(key));
        let hand = Hand {
            version: 1, state: ClippingState::Kept { by: pia }, section: Some(SectionId(1)), place: Some(2),
            relevance: Some(Relevance::Main), note: "Però".into(), summary: "Nostre parole".into(), lead: Some(ids[0]),
            seen: ids[2], brought: true, by: Some(pia), ..Hand::new(stories[0], at(10))
        };
        write.replace_hand(key, stories[0], Some(&hand)).await?;
        write.replace_hand(key, stories[1], Some(&Hand::new(stories[1], at(10)))).await?;
        let other = IssueKey { slot: Slot::parse("2027-01-17T07:00:00").expect("a slot"), ..key };
        write.replace_hand(other, stories[0], Some(&Hand::new(stories[0], at(10)))).await?;
        let begun = Arrangement { begun_at: Some(at(10)), ..Arrangement::untouched(key) };
        write.record_issue(&begun).await?;
        write.record_issue(&Arrangement { confirmed: Some((pia, at(11))), ..begun }).await?;
        let found = write.find_arrangement(key).await?;
        assert_eq!((found.begun_at, found.confirmed, found.hands.len()), (Some(at(10)), Some((pia, at(11))), 2));
        assert_eq!(found.hands[&stories[0]], hand);
        write.replace_hand(key, stories[0], Some(&Hand { version: 2, place: None, ..hand })).await?;
        write.replace_hand(key, stories[1], None).await?;
        let found = write.find_arrangement(key).await?;
        assert_eq!((found.hands.len(), found.version(stories[0]), found.version(stories[1])), (1, 2, 0));
    }

    async fn stances_are_counted_by_issue_without_what_is_out(home: &Home) {
        let (key, pia, _, stories) = issue(home).await?;
        let mut write = home.store.write().await?;
        let said = |story, tone| Hand { tone: Some(tone), ..Hand::new(story, at(10)) };
        write.replace_hand(key, stories[0], Some(&said(stories[0], Tone::Critical))).await?;
        write.replace_hand(key, stories[1], Some(&said(stories[1], Tone::Critical))).await?;
        assert_eq!(write.list_tones(key.slot).await?, [(key, Tone::Critical, 2)]);
        let later = Slot::parse("2099-01-01T07:00:00").expect("a slot");
        assert!(write.list_tones(later).await?.is_empty());
        let out = Hand { state: ClippingState::Dropped { by: pia }, ..said(stories[1], Tone::Critical) };
        write.replace_hand(key, stories[1], Some(&out)).await?;
        assert_eq!(write.list_tones(key.slot).await?, [(key, Tone::Critical, 1)]);
        write.replace_hand(key, stories[0], None).await?;
        assert!(write.list_tones(key.slot).await?.is_empty());
    }

    async fn the_acts_on_an_issue_are_listed_newest_first_and_undone_once(home: &Home) {
        let (key, pia, _, stories) = issue(home).await?;
        let mut write = home.store.write().await?;
        let laid = Laid {
            story: stories[0],
            section: Some(SectionId(1)),
            leaves: true,
            points: vec![(Part::Role, 15)],
            weights: 2,
            members: write.list_story_members(stories[0], 9).await?,
        };
        let change = CurationChange {
            lines: vec![(stories[0], None, Some(Hand::new(stories[0], at(10))))],
            laid: vec![laid],
            ..CurationChange::default()
        };
        let one = write.record_curation(key, pia, "review.keep", &change, at(10)).await?;
        let two = write.record_curation(key, pia, "review.drop", &CurationChange::default(), at(11)).await?;
        let newest: Vec<i64> = write.list_curations(key, 9).await?.iter().map(|c| c.id).collect();
        assert_eq!(newest, [two, one]);
        assert_eq!(write.list_curations(key, 1).await?.len(), 1);
        let oldest: Vec<i64> = write.list_curations_after(0, 9).await?.iter().map(|c| c.id).collect();
        assert_eq!(oldest, [one, two]);
        assert_eq!(write.list_curations_after(one, 9).await?.len(), 1);
        assert!(write.record_curation_undone(one, at(12)).await?);
        assert!(!write.record_curation_undone(one, at(13)).await?);
        let found = write.find_curation(one).await?.expect("there");
        let expected = Curation {
            id: one, issue: key, at: at(10), by: pia, verb: "review.keep".into(), change, undone_at: Some(at(12)),
        };
        assert_eq!(found, expected);
        assert_eq!(write.find_curation(99).await?, None);
    }

    async fn stories_are_joined_and_parted_and_their_alerts_go_along(home: &Home) {
        let (_, pia, ids, stories) = issue(home).await?;
        let mut write = home.store.write().await?;
        let one = write.record_watch(&watch("lungolago")).await?;
        let mayor = write.record_reader(&reader("sindaca")).await?;
        write.record_clipping(ids[1], one, at(5), &[], true).await?;
        write.record_alert(&Alert::flash(stories[1], one, mayor, ids[1], at(6)).left(at(6))).await?;
        assert_eq!(write.story_ties_stamp().await?, 0);
        let moved = write.record_story_merge(stories[0], stories[1]).await?;
        assert_eq!(moved, [ids[1]]);
        let alerts = write.inherit_alerts(stories[1], stories[0]).await?;
        assert_eq!(alerts.len(), 1);
        assert!(write.inherit_alerts(stories[1], stories[0]).await?.is_empty());
        assert_eq!(write.list_alerts_of_stories(&stories).await?.len(), 2);
        let tie = StoryTie {
            id: 0, kind: TieKind::Same, story: stories[0], other: stories[1], articles: moved.clone(), alerts: alerts.clone(),
            by: pia, at: at(20), undone_at: None,
        };
        let id = write.record_story_tie(&tie).await?;
        assert_eq!(write.list_story_merges().await?, [(stories[1], stories[0])]);
        assert_eq!(write.list_story_ties().await?.iter().map(|t| t.id).collect::<Vec<_>>(), [id]);
        let touched = write.list_touched_stories().await?;
        assert!(touched.contains(&stories[0]) && touched.contains(&stories[1]));
        assert_eq!(write.list_clippings_of_stories(&[stories[0]]).await?.len(), 1);
        assert!(write.list_clippings_of_stories(&[]).await?.is_empty());
        assert_eq!(write.find_story_tie(id).await?, Some(StoryTie { id, ..tie.clone() }));
        assert_eq!(write.find_story_tie(9).await?, None);
        assert!(write.record_story_untied(id, at(21)).await?);
        assert!(!write.record_story_untied(id, at(22)).await?);
        write.record_story_of(&moved, stories[1]).await?;
        write.remove_inherited_alerts(&alerts).await?;
        assert_eq!(write.list_alerts_of_stories(&stories).await?.len(), 1);
        assert!(write.list_story_merges().await?.is_empty());
        assert_eq!(write.story_ties_stamp().await?, 2);
        assert_eq!(write.find_article(ids[1]).await?.and_then(|a| a.story), Some(stories[1]));
        let founded = write.record_story(ids[2]).await?.expect("an article");
        assert_eq!(write.find_story(founded).await?.map(|s| s.lead), Some(ids[2]));
        assert_eq!(write.record_story(ArticleId(99)).await?, None);
    }

    async fn the_alerts_of_a_day_and_their_mails(home: &Home) {
        let (_, _, ids, stories) = issue(home).await?;
        let mut write = home.store.write().await?;
        let one = write.record_watch(&watch("lungolago")).await?;
        let mayor = write.record_reader(&reader("sindaca")).await?;
        for (n, minute) in [(0, 1), (1, 5), (2, 9)] {
            write.record_alert(&Alert::flash(stories[n], one, mayor, ids[n], at(minute)).left(at(minute))).await?;
            let row = NewDelivery { reader: Some(mayor), ..delivery(DeliveryKind::Alert, stories[n].0, "sindaca@bellariva.test") };
            write.record_deliveries(&[row], NOW, message_id).await?;
        }
        let day = Period { from: at(1), to: at(9) };
        let found: Vec<StoryId> = write.list_alerts_of_period(day, 9).await?.iter().map(|a| a.story).collect();
        assert_eq!(found, [stories[1], stories[0]]);
        assert_eq!(write.list_alerts_of_period(day, 1).await?.len(), 1);
        let things = [stories[0].0, stories[2].0];
        assert_eq!(write.list_deliveries_about(DeliveryKind::Alert, &things).await?.len(), 2);
        assert!(write.list_deliveries_about(DeliveryKind::Review, &things).await?.is_empty());
        assert!(write.list_alerts_of_stories(&[]).await?.is_empty());
    }

    async fn reviews_are_listed_in_parts_with_their_versions(home: &Home) {
        let mut write = home.store.write().await?;
        let one = write.record_edition(&edition("mattino", &["Città"])).await?;
        let two = write.record_edition(&edition("sera", &["Città"])).await?;
        let first = write.record_review(review(one, "2027-01-15T07:00:00")).await?;
        let later = write.record_review(review(two, "2027-01-16T07:00:00")).await?;
        let ids = |reviews: Vec<Review>| reviews.iter().map(|r| r.id).collect::<Vec<_>>();
        assert_eq!(ids(write.list_reviews_of(None, 9, 0).await?), [later, first]);
        assert_eq!(ids(write.list_reviews_of(None, 1, 1).await?), [first]);
        assert_eq!(ids(write.list_reviews_of(Some(two), 9, 0).await?), [later]);
        let mut out = write.find_review_by_id(first).await?.expect("there");
        for (version, minute) in [(1, 3), (2, 7)] {
            out.version = version;
            write.record_review_version(&out, at(minute), &[]).await?;
        }
        assert_eq!(write.list_review_versions(first).await?, [(1, at(3)), (2, at(7))]);
        assert!(write.list_review_versions(later).await?.is_empty());
    }

    async fn a_link_is_revoked_from_an_instant_on(home: &Home) {
        let mut write = home.store.write().await?;
        let pia = write.record_user(&user("pia", Role::Chief)).await?;
        assert_eq!(write.find_revocation(TokenPurpose::Review, 7).await?, None);
        write.record_revocation(TokenPurpose::Review, 7, pia, at(1)).await?;
        write.record_revocation(TokenPurpose::Review, 7, pia, at(2)).await?;
        assert_eq!(write.find_revocation(TokenPurpose::Review, 7).await?, Some(at(2)));
        assert_eq!(write.find_revocation(TokenPurpose::Article, 7).await?, None);
    }

    async fn a_readers_own_link_is_revoked_alone(home: &Home) {
        let mut write = home.store.write().await?;
        let edition = write.record_edition(&edition("mattino", &["Città"])).await?;
        let review = write.record_review(review(edition, "2027-01-16T07:00:00")).await?;
        let pia = write.record_user(&user("pia", Role::Chief)).await?;
        assert!(write.list_reader_revocations(review).await?.is_empty());
        for (reader, minute) in [(9, 3), (7, 1), (7, 2)] {
            write.record_reader_revocation(review, ReaderId(reader), pia, at(minute)).await?;
        }
        assert_eq!(write.list_reader_revocations(review).await?, [(ReaderId(7), at(1)), (ReaderId(9), at(3))]);
    }

    async fn groups_of_copies_are_read_together(home: &Home) {
        let (_, _, ids, _) = issue(home).await?;
        let mut write = home.store.write().await?;
        let groups: Vec<CopyGroupId> = ids.iter().map(|id| CopyGroupId(id.0)).collect();
        let found = write.list_copy_groups(&groups).await?;
        assert_eq!(found.iter().map(|g| g.root).collect::<Vec<_>>(), ids);
        assert!(write.list_copy_groups(&[]).await?.is_empty());
    }
}
