//! Watches on a small store.

use super::*;
use crate::clip_hand::tests::{NOW, clippings, office, town};
use salastampa_domain::ClippingState;

fn wanted(name: &str, query: &str) -> Wanted {
    Wanted { name: name.into(), query: query.into(), weight: "5".into(), ..Wanted::default() }
}

fn fields(error: Error) -> Vec<&'static str> {
    match error {
        Error::Denied(Denied::Form(slips)) => slips.iter().map(|slip| slip.field).collect(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_watch_is_made_with_a_name_for_files_and_a_line_in_the_log() {
    let home = office().await;
    let slug =
        create(&home.store, "lia", Lang::It, &wanted("  Città &  mobilità ", "strada"), NOW).await.expect("made");
    assert_eq!(slug, "citta-mobilita");
    let mut rows = home.store.read().await.expect("rows");
    let made = rows.find_watch(&slug).await.expect("rows").expect("there");
    assert_eq!((made.name.as_str(), made.query.as_str(), made.weight), ("Città & mobilità", "strada", 5));
    let event = rows.find_last_event(&format!("watch:{}", made.id)).await.expect("rows").expect("a line");
    assert_eq!((event.verb.as_str(), event.before), ("watch.add", None));
    assert!(event.after.expect("told").contains("\"query\":\"strada\""));
    drop(rows);
    let other = create(&home.store, "lia", Lang::It, &wanted("Città mobilità!!", "x"), NOW).await;
    assert_eq!(fields(other.expect_err("the same name")), ["nome"]);
}

#[tokio::test]
async fn each_wrong_field_is_told_and_nothing_is_written() {
    let home = office().await;
    let long = "x".repeat(81);
    for (name, query, weight, wrong) in [
        ("", "", "11", vec!["nome", "peso", "ricerca"]),
        (long.as_str(), "strada", "3", vec!["nome"]),
        ("Ponte", "strada", "3", vec!["nome"]),
        ("Strade", "strada AND", "3", vec!["ricerca"]),
        ("Strade", "-ponte", "3", vec!["ricerca"]),
        ("Strade", "ponte data:oggi", "3", vec!["ricerca"]),
        ("Strade", "testata:Gazzetta ponte", "tre", vec!["peso", "ricerca"]),
    ] {
        let typed = Wanted { weight: weight.into(), ..wanted(name, query) };
        let refused = create(&home.store, "lia", Lang::It, &typed, NOW).await.expect_err("wrong");
        assert_eq!(fields(refused), wrong, "{name} {query}");
    }
    let mut rows = home.store.read().await.expect("rows");
    assert_eq!(rows.list_watches().await.expect("rows").len(), 1);
    assert!(rows.list_events(9).await.expect("rows").is_empty());
}

#[tokio::test]
async fn who_comes_second_overwrites_nothing() {
    let home = office().await;
    let mut rows = home.store.read().await.expect("rows");
    let seen = mark(&rows.find_watch("ponte").await.expect("rows").expect("there"));
    drop(rows);
    edit(&home.store, "lia", Lang::It, "ponte", &seen, &wanted("Ponte", "ponte OR ponti"), NOW).await.expect("first");
    let second = edit(&home.store, "lia", Lang::It, "ponte", &seen, &wanted("Il ponte", "ponte"), NOW.plus(1)).await;
    match second.expect_err("the row has changed") {
        Error::Denied(denied) => assert_eq!(denied, Denied::Changed { by: "Lia Neri".into(), at: NOW }),
        other => panic!("{other}"),
    }
    // the same text once more is no conflict
    edit(&home.store, "lia", Lang::It, "ponte", &seen, &wanted("Ponte", "ponte OR ponti"), NOW).await.expect("nothing");
}

#[tokio::test]
async fn a_change_that_silences_another_watch_is_refused() {
    let home = office().await;
    create(&home.store, "lia", Lang::It, &wanted("Lavori", "tema:Ponte lavori"), NOW).await.expect("made");
    let mut rows = home.store.read().await.expect("rows");
    let watch = rows.find_watch("ponte").await.expect("rows").expect("there");
    let refused = check(&mut rows, Lang::It, Some("ponte"), &wanted("Ponte", "tema:lavori"), NOW).await;
    assert!(fields(refused.expect_err("it would hold itself")).contains(&"ricerca"));
    let renamed = check(&mut rows, Lang::It, Some("ponte"), &wanted("Il nuovo ponte", "ponte"), NOW).await;
    assert!(renamed.is_ok(), "the name for files still finds it");
    drop(rows);
    retire(&home.store, "lia", "ponte", NOW).await.expect("retired");
    retire(&home.store, "lia", "ponte", NOW.plus(5)).await.expect("pressed twice");
    let mut rows = home.store.read().await.expect("rows");
    let retired = rows.find_watch("ponte").await.expect("rows").expect("there");
    assert_eq!(retired.retired_at, Some(NOW));
    drop(rows);
    restore(&home.store, "lia", "ponte", NOW.plus(9)).await.expect("back");
    let mut rows = home.store.read().await.expect("rows");
    assert_eq!(rows.find_watch("ponte").await.expect("rows"), Some(watch));
}

#[tokio::test]
async fn the_past_is_clipped_page_by_page_once_and_alerts_nobody() {
    let home = office().await;
    let ids = town(&home.store, 4).await;
    past::ask(&home.store, "lia", "ponte", Reach::All, NOW).await.expect("asked");
    let (wished, watch) = past::waiting(&home.store, NOW).await.expect("rows").expect("it waits");
    assert_eq!((wished.since, wished.seq.0), (None, 4));
    let made =
        past::step(&home.store, &wished, &watch, &ids[..1], Some("next"), "Bellariva", NOW).await.expect("clipped");
    assert_eq!(made, 1);
    // killed here, the same page comes once more
    let (wished, _) = past::waiting(&home.store, NOW).await.expect("rows").expect("it waits still");
    assert_eq!((wished.after.as_deref(), wished.made), (Some("next"), 1));
    let made = past::step(&home.store, &wished, &watch, &ids, None, "Bellariva", NOW).await.expect("clipped");
    assert_eq!(made, 1, "only those that the query finds and that are not clipped");
    assert_eq!(past::waiting(&home.store, NOW).await.expect("rows"), None);
    let made = clippings(&home.store, "ponte").await;
    assert!(made.iter().all(|c| !c.fresh && c.state == ClippingState::Proposed && c.why == ["ponte"]), "{made:?}");
    let whens: Vec<_> = made.iter().map(|c| c.matched_at).collect();
    assert_eq!(whens[0], NOW, "what is news counts as clipped now");
    assert!(whens[1] < NOW.plus(-48 * 3_600_000), "what is not, as clipped when it was seen");
    let event = home.store.read().await.expect("rows").find_last_event("watch:1").await.expect("rows").expect("a line");
    assert_eq!((event.verb.as_str(), event.after.as_deref()), ("watch.clip_past", Some("{\"clippings\":2}")));
}

#[tokio::test]
async fn a_watch_that_is_new_finds_something_else_or_comes_back_wishes_thirty_days() {
    let home = office().await;
    town(&home.store, 2).await;
    let since = async || {
        let mut rows = home.store.read().await.expect("rows");
        let past = rows.find_watch_past_waiting().await.expect("rows");
        drop(rows);
        if let Some(past) = &past {
            past::end(&home.store, past, NOW).await.expect("ended");
        }
        past.map(|past| (past.watch, past.since.map(|since| since.day().to_string())))
    };
    let expected = Some((WatchId(1), Some(NOW.plus(-29 * 24 * 3_600_000).day().to_string())));
    let mark_of =
        async || mark(&home.store.read().await.expect("rows").find_watch("ponte").await.expect("rows").expect("there"));
    let other = wanted("Ponte", "ponte OR ponti");
    edit(&home.store, "lia", Lang::It, "ponte", &mark_of().await, &other, NOW).await.expect("changed");
    assert_eq!(since().await, expected);
    let renamed = Wanted { name: "Ponti".into(), ..other };
    edit(&home.store, "lia", Lang::It, "ponte", &mark_of().await, &renamed, NOW).await.expect("changed");
    assert_eq!(since().await, None, "another name finds nothing else");
    retire(&home.store, "lia", "ponte", NOW).await.expect("retired");
    assert_eq!(since().await, None);
    past::ask(&home.store, "lia", "ponte", Reach::Days(90), NOW).await.expect_err("a retired watch clips nothing");
    restore(&home.store, "lia", "ponte", NOW).await.expect("back");
    assert_eq!(since().await, expected);
    create(&home.store, "lia", Lang::It, &wanted("Viale", "viale"), NOW).await.expect("made");
    assert_eq!(since().await.map(|(watch, _)| watch), Some(WatchId(2)));
    past::ask(&home.store, "lia", "viale", Reach::Days(90), NOW).await.expect("asked");
    retire(&home.store, "lia", "viale", NOW).await.expect("retired");
    assert_eq!(past::waiting(&home.store, NOW).await.expect("rows"), None, "what was wished before ends with it");
}

#[tokio::test]
async fn who_only_reads_changes_no_watch() {
    let home = office().await;
    let denied = |error: Error| assert!(matches!(error, Error::Denied(Denied::Role { .. })), "{error}");
    denied(create(&home.store, "ugo", Lang::It, &wanted("X", "x"), NOW).await.expect_err("refused"));
    denied(edit(&home.store, "ugo", Lang::It, "ponte", "", &wanted("X", "x"), NOW).await.expect_err("refused"));
    denied(retire(&home.store, "ugo", "ponte", NOW).await.expect_err("refused"));
    denied(past::ask(&home.store, "ugo", "ponte", Reach::All, NOW).await.expect_err("refused"));
}

#[tokio::test]
async fn a_watch_grades_by_terms_of_its_own() {
    // two articles on the bridge, one outlet, "lavori" in the body of both
    for (terms, minimum, per_outlet, diverse, clipped, tried) in [
        ("", "", "", false, 2, 2),
        ("+1 ponte\n+1 lavori", "4", "", false, 2, 2),
        ("+1 ponte\n+1 lavori", "5", "", false, 0, 0),
        ("+2 ponte\n-5 lavori", "2", "", false, 0, 0),
        ("+2 ponte\n-5 lavori", "1", "", false, 2, 2),
        ("", "", "", true, 0, 0),
        ("+1 lavori", "", "", true, 2, 2),
        ("+1! ponte", "", "", true, 2, 2),
        ("+1!= Ponte", "", "", true, 0, 0),
        // clipped on one day, and published on two
        ("", "", "1", false, 1, 2),
    ] {
        let home = office().await;
        let ids = town(&home.store, 4).await;
        let before = home.store.read().await.expect("rows").find_watch("ponte").await.expect("rows").expect("there");
        let text = str::to_owned;
        let typed = Wanted {
            terms: text(terms),
            minimum: text(minimum),
            per_outlet: text(per_outlet),
            diverse,
            ..wanted("Ponte", "ponte")
        };
        edit(&home.store, "lia", Lang::It, "ponte", &mark(&before), &typed, NOW).await.expect("changed");
        crate::clip::clip(&home.store, &mut None, "Bellariva", 9, NOW).await.expect("clipped");
        assert_eq!(clippings(&home.store, "ponte").await.len(), clipped, "{typed:?}");
        let mut rows = home.store.read().await.expect("rows");
        let watch = rows.find_watch("ponte").await.expect("rows").expect("there");
        let trial = crate::grade::try_on(&mut rows, &watch, &ids, "Bellariva", NOW).await.expect("tried");
        assert_eq!((trial.read, trial.taken), (2, tried), "{typed:?} {trial:?}");
        drop(rows);
        // its past asks no less
        past::ask(&home.store, "lia", "ponte", Reach::All, NOW).await.expect("asked");
        let (wished, watch) = past::waiting(&home.store, NOW).await.expect("rows").expect("it waits");
        past::step(&home.store, &wished, &watch, &ids, None, "Bellariva", NOW).await.expect("clipped");
        assert_eq!(clippings(&home.store, "ponte").await.len(), clipped.max(tried), "{typed:?}");
    }
}

#[tokio::test]
async fn terms_and_bounds_that_cannot_be_taken_are_told_beside_their_field() {
    let home = office().await;
    for (terms, minimum, per_outlet, wrong) in [
        ("calcio", "", "", "pesi"),
        ("+50 calcio", "", "", "pesi"),
        ("+3 asilo nido", "", "", "pesi"),
        ("+3 \"asilo", "", "", "pesi"),
        ("", "41", "", "minimo"),
        ("", "", "tanti", "per_testata"),
    ] {
        let text = str::to_owned;
        let typed = Wanted {
            terms: text(terms),
            minimum: text(minimum),
            per_outlet: text(per_outlet),
            ..wanted("Nidi", "nido")
        };
        let refused = create(&home.store, "lia", Lang::It, &typed, NOW).await.expect_err("wrong");
        assert_eq!(fields(refused), [wrong], "{terms}");
    }
}
