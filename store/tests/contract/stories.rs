//! Copies, stories, clippings and alerts.

use crate::world::*;
use salastampa_domain::*;

fn alone(article: ArticleId) -> Placement {
    Placement::alone(article)
}

contract! {
    async fn an_article_founds_a_story_and_others_join_it(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        assert_eq!(write.list_unplaced(2).await?.iter().map(|(a, _)| a.id).collect::<Vec<_>>(), ids[..2]);
        let (group, story) = write.record_placement(&alone(ids[1]), at(7)).await?.expect("an article");
        assert_eq!((group, story), (CopyGroupId(ids[1].0), StoryId(1)));
        let copy = Placement {
            copy_of: Some(group),
            derived_from: Some(ids[1]),
            story: Some(story),
            likeness: 812,
            because: Some(Because::Copy),
            beside: Some(Beside { story: StoryId(7), likeness: 640 }),
            ..alone(ids[2])
        };
        assert_eq!(write.record_placement(&copy, at(8)).await?, Some((group, story)));
        let older = Placement { story: Some(story), ..alone(ids[0]) };
        assert_eq!(write.record_placement(&older, at(9)).await?, Some((CopyGroupId(ids[0].0), story)));
        assert_eq!(write.record_placement(&alone(ArticleId(99)), at(9)).await?, None);
        assert!(write.list_unplaced(9).await?.is_empty());

        let told = write.find_story(story).await?;
        assert_eq!(told, Some(Story { id: story, lead: ids[1], since: at(2), touched: at(4) }));
        let placed = write.find_article(ids[2]).await?.expect("there");
        assert_eq!((placed.grouped_at, placed.copy_group, placed.story), (Some(at(8)), Some(group), Some(story)));
        assert_eq!(placed.seq, Seq(3), "no change for the archive");
        assert_eq!(write.find_placement(ids[2]).await?, Some(copy));
        let members = write.list_story_members(story, 9).await?;
        let newest = Member { article: ids[2], because: Some(Because::Copy), likeness: 812, table: None };
        assert_eq!((members.len(), members.last()), (3, Some(&newest)));
        assert_eq!(write.list_story_members(story, 1).await?.len(), 1);
        assert_eq!(write.list_derived(&[ids[0], ids[2], ids[1], ArticleId(99)]).await?, [(ids[2], ids[1])]);
        assert!(write.list_derived(&[]).await?.is_empty());
        assert_eq!(write.find_placement(ArticleId(99)).await?, None);
        assert_eq!(write.find_copy_group(group).await?, Some(CopyGroup { id: group, root: ids[1] }));
        assert_eq!(write.find_copy_group(CopyGroupId(99)).await?, None);
        write.record_root(group, ids[2]).await?;
        assert_eq!(write.find_copy_group(group).await?.map(|g| g.root), Some(ids[2]));
        write.record_lead(story, ids[0]).await?;
        assert_eq!(write.find_story(story).await?.map(|s| s.lead), Some(ids[0]));
        let articles = write.list_story_articles(&[story, StoryId(9)]).await?;
        assert_eq!(articles.iter().map(|a| a.id).collect::<Vec<_>>(), ids);
        assert!(write.list_story_articles(&[]).await?.is_empty());
    }

    async fn the_window_of_the_grouping_is_as_long_as_it_takes(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 6).await?;
        let mut write = home.store.write().await?;
        assert!(write.list_placed(9, 9).await?.is_empty());
        // placed in another order than kept; the sixth waits
        for (minute, id) in [(1, ids[2]), (2, ids[0]), (3, ids[1]), (4, ids[4]), (5, ids[3])] {
            write.record_placement(&alone(id), at(100 + minute)).await?;
        }
        let minutes = |n: i64| n * 60_000;
        let window = |rows: Vec<(Article, ForeignText)>| rows.iter().map(|(a, _)| a.id.0).collect::<Vec<_>>();
        assert_eq!(window(write.list_placed(minutes(1), 0).await?), [5, 4], "by the time of the stream");
        assert_eq!(window(write.list_placed(0, 3).await?), [2, 5, 4], "and at least so many");
        assert_eq!(window(write.list_placed(minutes(9), 0).await?), [3, 1, 2, 5, 4], "in the order of the placing");
    }

    async fn the_window_goes_back_to_what_its_table_of_weights_was_made_from(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 6).await?;
        let mut write = home.store.write().await?;
        // in one instant, so only the order of placing tells; the table changed with the fourth
        for (n, id) in [ids[2], ids[0], ids[1], ids[4], ids[3]].into_iter().enumerate() {
            let table = Some(if n < 3 { ids[2] } else { ids[4] });
            write.record_placement(&Placement { table, ..alone(id) }, at(100)).await?;
        }
        let window = |rows: Vec<(Article, ForeignText)>| rows.iter().map(|(a, _)| a.id.0).collect::<Vec<_>>();
        assert_eq!(window(write.list_placed(0, 0).await?), [5, 4], "all since the table was made");
        assert_eq!(window(write.list_placed(0, 2).await?), [1, 2, 5, 4], "and so many before");
        assert_eq!(write.find_placement(ids[4]).await?.and_then(|p| p.table), Some(ids[4]));
    }

    async fn a_story_that_the_machine_joined_to_another_leads_there(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        for id in &ids[..2] {
            write.record_placement(&alone(*id), at(5)).await?;
        }
        let maybe = Placement { perhaps: Some(StoryId(1)), ..alone(ids[2]) };
        write.record_placement(&maybe, at(6)).await?;
        let perhaps = write.list_perhaps(9).await?;
        assert_eq!(perhaps.iter().map(|(a, story)| (a.id, *story)).collect::<Vec<_>>(), [(ids[2], StoryId(1))]);
        assert!(write.list_machine_merges().await?.is_empty());
        assert_eq!(write.record_machine_merge(StoryId(1), StoryId(3), 312, at(7)).await?, [ids[2]]);
        assert_eq!(write.list_machine_merges().await?, [(StoryId(3), StoryId(1))]);
        assert!(write.list_perhaps(9).await?.is_empty(), "it has come there");
        let story = write.find_story(StoryId(1)).await?.expect("there");
        assert_eq!((story.since, story.touched), (at(2), at(4)));
        assert_eq!(write.list_story_articles(&[StoryId(1)]).await?.len(), 2);
    }

    async fn a_story_with_a_clipping_is_followed(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let one = write.record_watch(&watch("lungolago")).await?;
        for id in &ids {
            write.record_placement(&alone(*id), at(5)).await?;
        }
        for id in &ids[..2] {
            write.record_clipping(*id, one, at(6), &[], true).await?;
        }
        assert_eq!(write.record_followed_stories(at(3), at(9)).await?, [StoryId(2)], "by the article's own time");
        assert!(write.record_followed_stories(at(3), at(9)).await?.is_empty(), "it is already");
        assert_eq!(write.list_followed_stories().await?, [StoryId(2)]);
        assert!(write.list_touched_stories().await?.is_empty());
    }

    async fn the_office_in_a_few_numbers(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let (group, story) = write.record_placement(&alone(ids[0]), NOW).await?.expect("placed");
        let copy = Placement { copy_of: Some(group), story: Some(story), ..alone(ids[1]) };
        write.record_placement(&copy, NOW).await?;
        let one = write.record_watch(&watch("lungolago")).await?;
        write.record_clipping(ids[0], one, NOW, &[], true).await?;
        let expected = salastampa_store::Counted { articles: 3, copies: 1, stories: 1, clippings: 1 };
        assert_eq!(write.counted().await?, expected);
    }

    async fn an_article_is_clipped_once_a_watch(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let (one, two) = (write.record_watch(&watch("lungolago")).await?, write.record_watch(&watch("bilancio")).await?);
        let why = vec!["lungolago".to_owned(), "però".to_owned()];
        let id = write.record_clipping(ids[0], one, at(5), &why, true).await?.expect("new");
        assert_eq!(write.record_clipping(ids[0], one, at(6), &[], false).await?, None);
        write.record_clipping(ids[0], two, at(6), &[], false).await?.expect("another watch");
        write.record_clipping(ids[1], one, at(7), &[], true).await?.expect("another article");
        assert_eq!(write.count_clippings().await?, 3);

        let expected = Clipping {
            id, article: ids[0], watch: one, matched_at: at(5), why, fresh: true, state: ClippingState::Proposed,
            grade: Grade::default(),
        };
        assert_eq!(write.find_clipping(id).await?, Some(expected.clone()));
        assert_eq!(write.list_clippings(&[one], Period { from: at(5), to: at(7) }).await?, [expected]);
        assert_eq!(write.list_clippings(&[two, one], Period::ALWAYS).await?.len(), 3);
        assert!(write.list_clippings(&[], Period::ALWAYS).await?.is_empty());
        let kept = ClippingState::Kept { by: UserId(2) };
        write.record_clipping_state(id, kept).await?;
        assert_eq!(write.find_clipping(id).await?.map(|c| c.state), Some(kept));
    }

    async fn what_may_alert_is_fresh_of_a_flash_watch_and_has_its_story(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let flash = write.record_watch(&watch("lungolago")).await?;
        let slow = write.record_watch(&Watch { urgency: Urgency::Review, ..watch("bilancio") }).await?;
        let first = write.record_clipping(ids[0], flash, at(5), &[], true).await?.expect("new");
        write.record_clipping(ids[0], slow, at(5), &[], true).await?;
        write.record_clipping(ids[1], flash, at(5), &[], false).await?;
        write.record_clipping(ids[2], flash, at(5), &[], true).await?;
        assert!(write.list_clippings_to_alert(9, at(4)).await?.is_empty(), "no stories yet");
        assert_eq!(write.first_unplaced_to_alert().await?, Some(at(5)));
        let old: Vec<ArticleId> = write.list_clippings_to_alert(9, at(5)).await?.iter().map(|c| c.article).collect();
        assert_eq!(old, [ids[0], ids[2]], "what has waited long enough speaks without one");
        for id in &ids[..2] {
            write.record_placement(&alone(*id), at(6)).await?;
        }
        let waiting: Vec<ClippingId> = write.list_clippings_to_alert(9, at(4)).await?.iter().map(|c| c.id).collect();
        assert_eq!(waiting, [first]);
        write.record_alert_considered(first, at(7)).await?;
        assert!(write.list_clippings_to_alert(9, at(4)).await?.is_empty());
    }

    async fn an_article_without_a_story_has_a_number_for_its_alerts_that_is_no_story_of_the_archive(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        let article = write.list_articles(&ids).await?.pop().expect("kept");
        let number = write.record_unplaced(&article).await?;
        assert_eq!((number.0, write.record_unplaced(&article).await?), (-ids[0].0, number), "the same whenever asked");
        assert_eq!(write.counted().await?.stories, 0);
        let placed = write.record_placement(&alone(ids[0]), at(6)).await?.map(|(_, story)| story);
        assert_eq!(placed, Some(StoryId(1)));
    }

    async fn a_reader_is_told_once_of_a_story_by_a_watch(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        let (one, two) = (write.record_watch(&watch("lungolago")).await?, write.record_watch(&watch("bilancio")).await?);
        let mayor = write.record_reader(&reader("sindaca")).await?;
        let (_, story) = write.record_placement(&alone(ids[0]), NOW).await?.expect("placed");
        let flash = |watch, minute| Alert::flash(story, watch, mayor, ids[0], at(minute));
        let first = write.record_alert(&flash(one, 1).left(at(1))).await?.expect("new");
        assert_eq!(write.record_alert(&flash(one, 2)).await?, None);
        let state = AlertState::Joined { to: first };
        let expected = Alert { state, due_at: None, ..flash(two, 2) };
        let second = write.record_alert(&expected).await?.expect("another watch");
        let alerts = write.list_alerts_of(story, mayor).await?;
        let expected = Alert { id: second, ..expected };
        assert_eq!(alerts[1], expected);
        assert_eq!(write.list_alerts().await?, alerts);
        assert!(write.list_alerts_of(story, ReaderId(9)).await?.is_empty());
        // again is another row, and what an article tells goes with it to another story
        assert!(write.record_alert(&Alert { round: 1, ..flash(one, 3) }).await?.is_some());
        let other = write.record_story(ids[0]).await?.expect("a story");
        write.record_story_of(&ids, other).await?;
        assert_eq!(write.list_alerts_of(other, mayor).await?.len(), 3);
    }

    async fn what_is_due_of_the_alerts_is_found_by_its_hour_and_once(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let one = write.record_watch(&watch("lungolago")).await?;
        let mayor = write.record_reader(&reader("sindaca")).await?;
        let (_, story) = write.record_placement(&alone(ids[0]), NOW).await?.expect("placed");
        assert_eq!(write.next_alert_due().await?, None);
        let waiting = Alert { tier: Tier::Ordinary, due_at: Some(at(9)), ..Alert::flash(story, one, mayor, ids[0], at(1)) };
        let id = write.record_alert(&waiting).await?.expect("new");
        let waiting = Alert { id, ..waiting };
        assert_eq!(write.find_alert(id).await?, Some(waiting.clone()));
        assert_eq!(write.next_alert_due().await?, Some(at(9)));
        assert!(write.list_alerts_due(at(8), 9).await?.is_empty());
        assert_eq!(write.list_alerts_due(at(9), 9).await?, std::slice::from_ref(&waiting));
        assert_eq!(write.list_open_alerts().await?, std::slice::from_ref(&waiting));
        let left = Alert {
            state: AlertState::Bundled { first: id }, due_at: None, left_at: Some(at(9)), note: "Sentito.".into(),
            gated: true, article: ids[1], tier: Tier::Flash, ..waiting
        };
        write.record_alert_state(&left).await?;
        assert_eq!(write.find_alert(id).await?, Some(left.clone()));
        assert!(write.list_alerts_due(at(99), 9).await?.is_empty() && write.list_open_alerts().await?.is_empty());
        assert_eq!(write.list_alerts_left(Period { from: at(9), to: at(10) }).await?, [left]);
        assert!(write.list_alerts_left(Period { from: at(10), to: at(11) }).await?.is_empty());
        assert!(write.list_corrected_alerts(at(0), 9).await?.is_empty());

        assert_eq!(write.count_alert_mails(mayor, Period::ALWAYS).await?, 0);
        let mail = NewDelivery { reader: Some(mayor), ..delivery(DeliveryKind::Batch, id.0, "sindaca@bellariva.test") };
        write.record_deliveries(&[mail], at(9), |id, _| format!("batch{id}")).await?;
        assert_eq!(write.count_alert_mails(mayor, Period { from: at(9), to: at(10) }).await?, 1);
        assert_eq!(write.count_alert_mails(mayor, Period { from: at(10), to: at(11) }).await?, 0);

        assert!(write.record_not_for_me(story, one, mayor, at(10)).await?);
        assert!(!write.record_not_for_me(story, one, mayor, at(11)).await?);
        assert_eq!(write.list_not_for_me(story, mayor).await?, [one]);
        let said = Declined { story, watch: one, reader: mayor, at: at(10) };
        assert_eq!(write.list_declined(at(10)).await?, [said]);
        assert!(write.list_declined(at(11)).await?.is_empty());
    }

    async fn a_watch_that_begins_to_alert_is_silent_about_what_it_clipped_before(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let one = write.record_watch(&watch("lungolago")).await?;
        for id in &ids {
            write.record_placement(&alone(*id), at(6)).await?;
        }
        write.record_clipping(ids[0], one, at(5), &[], true).await?;
        write.record_alerts_considered(one, at(7)).await?;
        write.record_clipping(ids[1], one, at(8), &[], true).await?;
        let waiting: Vec<ArticleId> = write.list_clippings_to_alert(9, at(4)).await?.iter().map(|c| c.article).collect();
        assert_eq!(waiting, [ids[1]]);
    }
}
