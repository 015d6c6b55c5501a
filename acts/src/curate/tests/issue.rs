//! What becomes of the issue: confirmed, left alone, published before its hour, made again.

use super::*;

#[tokio::test]
async fn a_confirmed_issue_leaves_at_its_hour_as_it_was_confirmed_and_what_came_later_waits_for_the_next() {
    let desk = Desk::new(4).await;
    desk.keep(3, None).await;
    confirm(&desk.store, "elena", desk.key, None, desk.now).await.expect("confirmed");
    let confirmed = desk.order().await;
    desk.article(8, None, at("2026-11-22 23:00")).await;
    for n in 20..26 {
        desk.article(n, Some(4), at("2026-11-22 23:00")).await;
    }
    let seven = at("2026-11-23 07:00");
    review::make_due(&desk.store, &desk.house, seven).await.expect("made");
    let out = desk.published().await;
    assert!(matches!(out.state, ReviewState::Published { by: Some(by), .. } if by == UserId(1)));
    let left: Vec<String> =
        entries(&out).iter().map(|s| s.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(left, confirmed);
    let next = IssueKey { slot: Slot::parse("2026-11-24T07:00:00").expect("a slot"), ..desk.key };
    let mut rows = desk.store.read().await.expect("rows");
    let edition = rows.find_edition_by_id(next.edition).await.expect("read").expect("there");
    let table = table(&mut rows, &edition, next, seven).await.expect("a table");
    assert!(table.lines.iter().any(|l| l.story == Some(StoryId(5)) && l.standing == Standing::In));
}

#[tokio::test]
async fn an_issue_that_nobody_confirmed_leaves_with_what_was_decided_and_with_what_came_later() {
    let desk = Desk::new(3).await;
    desk.decide("elena", &[Desk::pick(1, 0)], Decision::Drop).await.expect("dropped");
    desk.keep(3, None).await;
    desk.article(8, None, at("2026-11-22 23:00")).await;
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let out = desk.published().await;
    assert!(matches!(out.state, ReviewState::Published { by: None, .. }));
    assert_eq!(entries(&out), [vec![3, 2, 4], vec![]]);
}

#[tokio::test]
async fn a_later_act_takes_the_confirmation_back() {
    let desk = Desk::new(2).await;
    confirm(&desk.store, "elena", desk.key, None, desk.now).await.expect("confirmed");
    let version = desk.version(1).await;
    let done = desk.decide("marco", &[Desk::pick(1, version)], Decision::Drop).await.expect("dropped");
    assert!(done.unconfirmed);
    assert_eq!(desk.table().await.arrangement.confirmed, None);
    confirm(&desk.store, "marco", desk.key, None, desk.now).await.expect("confirmed");
    unconfirm(&desk.store, "elena", desk.key, desk.now).await.expect("taken back");
    assert_eq!(desk.table().await.arrangement.confirmed, None);
}

#[tokio::test]
async fn who_answers_for_an_issue_that_somebody_else_has_moved_is_told_who_and_nothing_leaves() {
    let desk = Desk::new(3).await;
    let seen = mark(&desk.table().await.arrangement);
    desk.decide("marco", &[Desk::pick(1, 0)], Decision::Drop).await.expect("dropped");
    let told = |refused: crate::Error| match refused {
        crate::Error::Denied(Denied::Changed { by, at }) => assert_eq!((by.as_str(), at), ("Marco Tessarin", desk.now)),
        other => panic!("{other}"),
    };
    told(confirm(&desk.store, "elena", desk.key, Some(&seen), desk.now).await.expect_err("it has moved"));
    let publish =
        async |seen: &str| review::publish_now(&desk.store, &desk.house, "elena", desk.key, Some(seen), desk.now).await;
    told(publish(&seen).await.expect_err("it has moved"));
    let table = desk.table().await;
    assert_eq!(table.arrangement.confirmed, None);
    // what she sees now she answers for; what the machine adds meanwhile is nobody's decision
    let seen = mark(&table.arrangement);
    desk.article(8, None, desk.now).await;
    confirm(&desk.store, "elena", desk.key, Some(&seen), desk.now).await.expect("confirmed");
    publish(&seen).await.expect_err("it was confirmed since");
    assert!(publish(&mark(&desk.table().await.arrangement)).await.expect("published"));
}

#[tokio::test]
async fn published_before_its_hour_it_leaves_once_and_what_comes_until_then_is_not_lost() {
    let desk = Desk::new(2).await;
    assert!(review::publish_now(&desk.store, &desk.house, "marco", desk.key, None, desk.now).await.expect("published"));
    let out = desk.published().await;
    assert!(matches!(out.state, ReviewState::Published { by: Some(by), .. } if by == UserId(2)));
    desk.article(8, None, at("2026-11-22 23:00")).await;
    assert_eq!(
        review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made"),
        1,
        "the other edition"
    );
    let mut rows = desk.store.read().await.expect("rows");
    assert_eq!(rows.list_deliveries(DeliveryKind::Review, out.id.0).await.expect("read").len(), 1);
    let edition = rows.find_edition_by_id(desk.key.edition).await.expect("read").expect("there");
    let next = IssueKey { slot: Slot::parse("2026-11-24T07:00:00").expect("a slot"), ..desk.key };
    let table = table(&mut rows, &edition, next, desk.now).await.expect("a table");
    assert_eq!(table.lines.len(), 1);
}

#[tokio::test]
async fn a_story_goes_also_to_another_day_or_to_another_edition() {
    let desk = Desk::new(2).await;
    let tomorrow = IssueKey { slot: Slot::parse("2026-11-24T07:00:00").expect("a slot"), ..desk.key };
    let done = bring(&desk.store, "elena", desk.key, Desk::pick(1, 0), tomorrow, true, desk.now).await.expect("moved");
    assert_eq!(desk.order().await[0], "2");
    let mut rows = desk.store.read().await.expect("rows");
    assert!(rows.find_arrangement(tomorrow).await.expect("read").hands[&StoryId(1)].brought);
    drop(rows);
    undo(&desk.store, "elena", desk.key, Some(done.act), desk.now).await.expect("undone");
    assert_eq!(desk.order().await[0].len(), 3);
    let school = IssueKey { edition: EditionId(2), ..desk.key };
    bring(&desk.store, "elena", desk.key, Desk::pick(2, desk.version(2).await), school, false, desk.now)
        .await
        .expect("there too");
    let never = IssueKey { slot: Slot::parse("2026-11-24T08:00:00").expect("a slot"), ..desk.key };
    let refused = bring(&desk.store, "elena", desk.key, Desk::pick(2, 0), never, false, desk.now).await;
    assert!(matches!(refused, Err(Error::Denied(_))));
}

#[tokio::test]
async fn a_test_goes_to_oneself_and_takes_no_readers_place() {
    let desk = Desk::new(1).await;
    for _ in 0..2 {
        let to = send_test(&desk.store, &desk.house, "elena", desk.key, desk.now).await.expect("sent");
        assert_eq!(to.as_str(), "elena@bellariva.test");
    }
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let id = desk.published().await.id;
    let mut rows = desk.store.read().await.expect("rows");
    let count = |kind| (kind, id.0);
    for (kind, thing, expected) in [count(DeliveryKind::Test), count(DeliveryKind::Review)]
        .map(|(k, t)| (k, t, if k == DeliveryKind::Test { 2 } else { 1 }))
    {
        assert_eq!(rows.list_deliveries(kind, thing).await.expect("read").len(), expected, "{kind:?}");
    }
}

#[tokio::test]
async fn a_later_version_is_whole_and_the_readers_are_told_the_difference() {
    let desk = Desk::new(3).await;
    desk.decide("elena", &[Desk::pick(3, 0)], Decision::Drop).await.expect("dropped");
    review::publish_now(&desk.store, &desk.house, "elena", desk.key, None, desk.now).await.expect("published");
    let later = desk.now.plus(60_000);
    let refused = publish_late(&desk.store, &desk.house, "elena", desk.key, later).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Invalid(_)))), "nothing has changed");
    let act = |story, version, decision| {
        let desk = &desk;
        async move { decide(&desk.store, "elena", desk.key, &[Desk::pick(story, version)], decision, later).await }
    };
    act(3, 1, Decision::Keep { section: None, relevance: None }).await.expect("added");
    act(1, 0, Decision::Drop).await.expect("removed");
    act(2, 0, Decision::Rate(Some(Relevance::Main))).await.expect("corrected");
    let version = publish_late(&desk.store, &desk.house, "elena", desk.key, later.plus(1)).await.expect("published");
    assert_eq!(version, 2);
    let out = desk.published().await;
    assert_eq!((entries(&out), out.version), (vec![vec![2, 3], vec![]], 2));
    let mut rows = desk.store.read().await.expect("rows");
    let told = rows.list_deliveries(DeliveryKind::Difference, out.id.0).await.expect("read").remove(0);
    let bytes = desk.store.files().get(&told.letter).await.expect("read").expect("frozen");
    let letter = String::from_utf8(bytes).expect("a text");
    for part in ["Aggiunte", "Correzioni", "Tolte", "Notizia 3"] {
        assert!(letter.contains(part), "{part}");
    }
    assert_eq!(rows.find_review_version(out.id, 1).await.expect("read").expect("frozen").version, 1);
}

#[tokio::test]
async fn an_edition_that_rests_on_the_patrons_day_tells_both_days_on_the_next() {
    let desk = Desk::new(1).await;
    let mut write = desk.store.write().await.expect("a turn");
    write.record_patron(Some((11, 23))).await.expect("remembered");
    for edition in write.list_editions().await.expect("read") {
        let holidays = Holidays { rule: OnHolidays::NoIssue, ..edition.holidays };
        write.record_edition(&Edition { holidays, ..edition }).await.expect("written");
    }
    write.commit().await.expect("kept");
    desk.article(2, None, at("2026-11-23 10:00")).await;
    for morning in ["2026-11-23 06:45", "2026-11-23 07:00", "2026-11-23 12:00"] {
        assert_eq!(review::make_due(&desk.store, &desk.house, at(morning)).await.expect("made"), 0, "{morning}");
    }
    let next = review::next_due(&desk.store).await.expect("read");
    assert_eq!(next, Some(at("2026-11-24 06:45")), "nothing is missing before");
    let day = IssueKey { slot: Slot::parse("2026-11-24T07:00:00").expect("a slot"), ..desk.key };
    desk.article(3, None, at("2026-11-23 23:00")).await;
    review::make_due(&desk.store, &desk.house, at("2026-11-24 07:00")).await.expect("made");
    let mut rows = desk.store.read().await.expect("rows");
    assert!(rows.find_review(desk.key.edition, desk.key.slot).await.expect("read").is_none());
    let out = rows.find_review(day.edition, day.slot).await.expect("read").expect("there");
    let mut stories: Vec<i64> = entries(&out).into_iter().flatten().collect();
    stories.sort_unstable();
    assert_eq!(stories, [1, 2, 3], "of the evening before, of the holiday and of its night");
}
