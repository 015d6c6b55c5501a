//! What stories weigh at the desk: the office's weights, the numbers of an issue, what decisions teach.

use super::*;
use crate::{feedback, weights};
use salastampa_domain::time::SECOND;
use salastampa_domain::{Part, Period, Weights};

fn points_of(table: &Table, story: i64) -> i64 {
    table.lines.iter().find(|l| l.story == Some(StoryId(story))).map_or(-1, |l| l.points())
}

#[tokio::test]
async fn every_story_has_its_points_and_the_office_sets_what_they_are_worth() {
    let desk = Desk::new(2).await;
    // two other outlets tell the second story
    for n in [12, 13] {
        desk.article(n, Some(2), at("2026-11-22 18:00")).await;
    }
    let table = desk.table().await;
    let outlets = |table: &Table| table.lines[0].entry.points.iter().any(|p| p.part == Part::Outlets && p.n == 3);
    assert_eq!(table.lines[0].story, Some(StoryId(2)));
    assert!(outlets(&table), "{:?}", table.lines[0].entry.points);

    let tried = Weights { outlet: 0, velocity: 0, ..Weights::default() };
    let mut rows = desk.store.read().await.expect("rows");
    let moved = weights::preview(&mut rows, &table.edition, desk.key.slot, tried, desk.now).await.expect("tried");
    assert_eq!(
        moved.iter().map(|m| (m.title.as_str(), m.was)).collect::<Vec<_>>(),
        [("Notizia 1", Some(2)), ("Notizia 12", Some(1)),]
    );
    assert!(moved[1].points.0 > moved[1].points.1);
    drop(rows);
    let before = points_of(&desk.table().await, 2);

    let save = |login: &'static str, version, weights| weights::save(&desk.store, login, version, weights, desk.now);
    assert!(matches!(save("ugo", 0, tried).await, Err(Error::Denied(Denied::Role { .. }))));
    assert_eq!(save("elena", 0, tried).await.expect("saved"), 1);
    assert!(points_of(&desk.table().await, 2) < before);
    let stale = save("marco", 0, Weights { tier: 1, ..tried }).await;
    assert!(matches!(stale, Err(Error::Denied(Denied::Changed { by, .. })) if by == "Elena Prati"));
    let mut rows = desk.store.read().await.expect("rows");
    let event = rows.find_last_event("weights").await.expect("read").expect("written");
    assert!(event.verb == "weights.save" && event.before != event.after);
}

#[tokio::test]
async fn what_an_outlet_put_first_comes_before_its_equal() {
    let desk = Desk::new(2).await;
    assert_eq!(desk.order().await, ["1 2", ""]);
    let mut write = desk.store.write().await.expect("a turn");
    let second = write.find_article(ArticleId(2)).await.expect("read").expect("there");
    write.record_front(second.outlet, &[second.key], desk.now).await.expect("written");
    write.commit().await.expect("kept");
    assert_eq!(desk.order().await, ["2 1", ""]);
    let table = desk.table().await;
    assert!(table.lines[0].entry.points.iter().any(|p| p.part == Part::Front && (p.points, p.n) == (5, 1)));
}

#[tokio::test]
async fn below_the_minimum_nothing_is_proposed_and_what_a_person_keeps_leaves_all_the_same() {
    let desk = Desk::new(3).await;
    let weights = Weights { minimum: 100, ..Weights::default() };
    weights::save(&desk.store, "elena", 0, weights, desk.now).await.expect("saved");
    assert_eq!(desk.order().await, ["", ""]);
    assert_eq!(desk.standing(1).await, Some(Standing::Over));
    desk.keep(2, None).await;
    assert_eq!(desk.order().await, ["2", ""]);
}

#[tokio::test]
async fn weights_are_whole_numbers_within_bounds() {
    let typed = |name: &'static str, text: &str| vec![(name, text.to_owned())];
    let base = Weights::default();
    for (name, text, good) in [
        ("tier", " 7 ", true),
        ("tier", "-1", false),
        ("tier", "101", false),
        ("tier", "sette", false),
        ("freshness_hours", "0", false),
        ("minimum", "0", true),
    ] {
        let read = weights::read(base, &typed(name, text), salastampa_locale::Lang::It);
        assert_eq!(read.is_ok(), good, "{name} {text}");
    }
}

#[tokio::test]
async fn an_issue_that_leaves_keeps_its_minutes_its_sources_and_what_became_of_the_proposals() {
    let mut desk = Desk::new(5).await;
    let begun = desk.now;
    desk.keep(1, None).await;
    desk.now = begun.plus(30 * SECOND);
    desk.decide("elena", &[Desk::pick(2, 0)], Decision::Drop).await.expect("dropped");
    desk.decide("elena", &[Desk::pick(3, 0)], Decision::Drop).await.expect("dropped");
    // a quarter of an hour at the telephone
    desk.now = begun.plus(930 * SECOND);
    desk.keep(3, None).await;
    desk.now = begun.plus(940 * SECOND);
    confirm(&desk.store, "elena", desk.key, None, desk.now).await.expect("confirmed");
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let mut rows = desk.store.read().await.expect("rows");
    let work = rows.list_issue_work(Period::ALWAYS).await.expect("read");
    let one = work.iter().find(|w| w.edition == desk.key.edition).expect("written");
    assert_eq!((one.active_ms, one.acts), ((30 + 120 + 10) * SECOND, 5));
    assert_eq!((one.kept, one.dropped, one.added), (1, 1, 1), "the third was dropped first and then wanted");
    assert_eq!((one.first, one.first_kept), (5, 4), "all but the second left with it");
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:01")).await.expect("made");
    assert_eq!(rows.list_issue_work(Period::ALWAYS).await.expect("read").len(), work.len());
}

#[tokio::test]
async fn the_story_of_yesterday_weighs_less_until_something_new_comes() {
    let desk = Desk::new(2).await;
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let next = IssueKey { slot: Slot::parse("2026-11-24T07:00:00").expect("a slot"), ..desk.key };
    let now = at("2026-11-23 20:00");
    // the same article, clipped again by another watch of the edition
    let mut write = desk.store.write().await.expect("a turn");
    write
        .record_clipping(ArticleId(1), WatchId(2), at("2026-11-23 19:00"), &["scuola".into()], true)
        .await
        .expect("ok");
    write.commit().await.expect("kept");
    desk.article(8, Some(2), at("2026-11-23 19:00")).await;
    let mut rows = desk.store.read().await.expect("rows");
    let edition = rows.find_edition_by_id(next.edition).await.expect("read").expect("there");
    let table = table(&mut rows, &edition, next, now).await.expect("a table");
    let repeated = |story: i64| {
        let line = table.lines.iter().find(|l| l.story == Some(StoryId(story))).expect("on the table");
        line.entry.points.iter().any(|p| p.part == Part::Repeated)
    };
    assert!(repeated(1), "nothing new");
    assert!(!repeated(2), "another outlet wrote of it");
}

#[tokio::test]
async fn decisions_teach_from_thirty_of_either_sort_on_and_what_is_undone_is_forgotten() {
    let desk = Desk::new(60).await;
    let picks = |odd: i64| (1..=60).filter(|n| n % 2 == odd).map(|n| Desk::pick(n, 0)).collect::<Vec<_>>();
    desk.decide("elena", &picks(0), Decision::Keep { section: None, relevance: None }).await.expect("kept");
    desk.decide("elena", &picks(1)[1..], Decision::Drop).await.expect("dropped");
    assert_eq!(feedback::learn_all(&desk.store, desk.now).await.expect("learnt"), 0, "twenty-nine are too few");
    let last = desk.decide("elena", &[Desk::pick(1, 0)], Decision::Drop).await.expect("dropped");
    assert_eq!(feedback::learn_all(&desk.store, desk.now).await.expect("learnt"), 1);
    let models = desk.store.read().await.expect("rows").list_watch_models().await.expect("read");
    assert_eq!((models[0].watch, models[0].kept, models[0].dropped), (WatchId(1), 30, 30));
    // readers speak too, each eight times at most and not of what the office decided
    let told: Vec<StoryId> = (101..=112).map(StoryId).collect();
    for story in &told {
        desk.article(story.0, Some(story.0), at("2026-11-20 19:00")).await;
    }
    let mut write = desk.store.write().await.expect("a turn");
    let reader = write.list_readers().await.expect("readers")[0].id;
    for story in told.into_iter().chain([StoryId(2)]) {
        assert!(write.record_not_for_me(story, WatchId(1), reader, desk.now).await.expect("said"));
    }
    write.commit().await.expect("kept");
    assert_eq!(feedback::learn_all(&desk.store, desk.now).await.expect("learnt"), 1);
    let models = desk.store.read().await.expect("rows").list_watch_models().await.expect("read");
    assert_eq!((models[0].kept, models[0].dropped, models[0].declined), (30, 30, 8));
    let clamp = |table: &Table| {
        let points = table.lines.iter().flat_map(|l| &l.entry.points);
        points.filter(|p| p.part == Part::Feedback).all(|p| p.points.abs() <= 10 && p.n == 60)
    };
    let table = desk.table().await;
    assert!(clamp(&table) && table.lines.len() == 60, "nothing is hidden");
    undo(&desk.store, "elena", desk.key, Some(last.act), desk.now).await.expect("undone");
    assert_eq!(feedback::learn_all(&desk.store, desk.now).await.expect("learnt"), 0);
    assert!(desk.store.read().await.expect("rows").list_watch_models().await.expect("read").is_empty());
}
