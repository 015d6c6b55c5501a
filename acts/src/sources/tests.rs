//! Sources through their acts: set over their declaration, looked at, added, retired.

use super::*;
use crate::desk::small::{NOW, Office, fields, outlet};
use crate::feeds::{Declared, sync};
use crate::{Denied, Error};
use salastampa_domain::{
    Cadence, ErrandId, ErrandKind, Health, LegalStatus, Origin, Outlet, OutletId, RightsClass, Selectors, Setting,
    SourceId, SourceKind, Validators,
};

fn lago() -> Outlet {
    outlet("il-lago", "Il Lago")
}

fn declared(slug: &str) -> Declared {
    let source = Source {
        id: SourceId(0),
        slug: slug.into(),
        outlet: OutletId(0),
        kind: SourceKind::Feed,
        url: format!("https://www.{slug}.test/feed"),
        host: format!("{slug}.test"),
        cadence: Cadence::C,
        rubric: None,
        rights: None,
        legal: LegalStatus::ToVerify,
        extract: true,
        origin: Origin::File,
        paused: false,
        retired_at: None,
        next_at: NOW,
        health: Health::New,
        validators: Validators::default(),
        learned: salastampa_domain::Learned::default(),
        reading: salastampa_domain::SourceReading::default(),
    };
    Declared { source, outlet: "il-lago".into() }
}

async fn found(office: &Office, slug: &str) -> Source {
    office.store.read().await.expect("rows").find_source(slug).await.expect("rows").expect("there")
}

/// What the program that runs would answer.
fn answer(document: &str, found: usize) -> String {
    serde_json::json!({
        "asked": "https://eco.test/feed", "url": "https://eco.test/feed", "status": 200,
        "outcome": { "outcome": "read" }, "robots": null, "tdm_reserved": false, "document": document, "bytes": 900,
        "items": [], "found": found, "feeds": [], "problems": [], "host": "eco.test",
    })
    .to_string()
}

async fn looked(office: &Office, selectors: Option<Selectors>, result: &str) -> ErrandId {
    let id = ask_probe(office.desk("ada"), "eco.test/feed", selectors).await.expect("asked");
    let mut write = office.store.write().await.expect("a transaction");
    assert!(write.finish_errand(id, result, NOW).await.expect("done"));
    write.commit().await.expect("a commit");
    id
}

fn form() -> SourceForm {
    SourceForm {
        slug: "eco".into(),
        outlet: "il-lago".into(),
        cadence: "C".into(),
        legal: "da verificare".into(),
        extract: true,
        ..SourceForm::default()
    }
}

#[tokio::test]
async fn a_source_without_an_order_is_no_front_page() {
    let office = Office::new().await;
    let mut wire = declared("agenzia");
    wire.source.kind = SourceKind::Wire { format: None };
    sync(&office.store, &[lago()], &[wire], NOW).await.expect("declared");
    let refused = set(office.desk("ada"), "agenzia", Setting::Front(true), "prova").await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Invalid(_)))), "{refused:?}");
}

#[tokio::test]
async fn what_the_desk_sets_holds_when_the_file_is_read_again() {
    let office = Office::new().await;
    let desk = office.desk("ada");
    sync(&office.store, &[lago()], &[declared("lago")], NOW).await.expect("declared");
    assert_eq!(fields(pause(desk, "lago", "  ").await), ["why"]);
    pause(desk, "lago", "il sito è in manutenzione").await.expect("paused");
    set(desk, "lago", Setting::Rights(Some(RightsClass::LinkOnly)), "chiesto dalla testata").await.expect("set");
    set(desk, "lago", Setting::Cadence(Cadence::A), "alluvione").await.expect("set");
    set(desk, "lago", Setting::Front(true), "è la home").await.expect("set");
    sync(&office.store, &[lago()], &[declared("lago")], NOW).await.expect("declared again");
    let now = found(&office, "lago").await;
    assert_eq!((now.paused, now.rights, now.cadence), (true, Some(RightsClass::LinkOnly), Cadence::A));
    assert!(now.reading.front);
    let visit = visit_now(desk, "lago").await;
    assert!(matches!(visit, Err(Error::Denied(Denied::Invalid(_)))), "a source in pause is not visited: {visit:?}");

    resume(desk, "lago").await.expect("resumed");
    restore(desk, "lago", "rights").await.expect("given back");
    restore(desk, "lago", "front").await.expect("given back");
    set(desk, "lago", Setting::Cadence(Cadence::C), "finita l'alluvione").await.expect("as declared");
    let now = found(&office, "lago").await;
    assert_eq!((now.paused, now.rights, now.cadence), (false, None, Cadence::C));
    assert!(office.store.read().await.expect("rows").list_overrides(now.id).await.expect("rows").is_empty());
    visit_now(desk, "lago").await.expect("asked");
    assert_eq!(
        office.log().await,
        [
            "source.pause",
            "source.set",
            "source.set",
            "source.set",
            "source.resume",
            "source.restore",
            "source.restore",
            "source.set",
            "source.visit"
        ]
    );
    for login in ["lia", "ivo"] {
        let refused = pause(office.desk(login), "lago", "x").await;
        assert!(matches!(refused, Err(Error::Denied(Denied::Role { .. }))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_source_that_the_file_leaves_alone_can_be_taken_up_at_the_desk() {
    let office = Office::new().await;
    let desk = office.desk("ada");
    let mut off = declared("lago");
    off.source.paused = true;
    sync(&office.store, &[lago()], std::slice::from_ref(&off), NOW).await.expect("declared");
    assert!(found(&office, "lago").await.paused);
    resume(desk, "lago").await.expect("resumed");
    sync(&office.store, &[lago()], &[off], NOW).await.expect("declared again");
    assert!(!found(&office, "lago").await.paused, "the desk has the last word");
    pause(desk, "lago", "come nel file").await.expect("paused");
    assert!(office.store.read().await.expect("rows").list_overrides(SourceId(1)).await.expect("rows").is_empty());
}

#[tokio::test]
async fn a_source_is_added_out_of_what_was_seen_and_visited_at_once() {
    let office = Office::new().await;
    let desk = office.desk("ada");
    sync(&office.store, &[lago()], &[declared("lago")], NOW).await.expect("declared");
    let id = looked(&office, None, &answer("feed", 12)).await;
    let mut new = form();
    new.outlet = String::new();
    assert_eq!(fields(add(desk, id, &new).await), ["name", "area", "kind", "rights"]);
    new = SourceForm {
        name: "L'Eco del Lago".into(),
        area: "Bellariva".into(),
        kind: "local".into(),
        rights: "extract_only".into(),
        rubric: " Cronaca ".into(),
        ..new
    };
    assert_eq!(add(desk, id, &new).await.expect("added"), "eco");
    let source = found(&office, "eco").await;
    assert_eq!((source.origin, source.kind.clone(), source.next_at), (Origin::Desk, SourceKind::Feed, NOW));
    assert_eq!((source.url.as_str(), source.rubric.as_deref()), ("https://eco.test/feed", Some("Cronaca")));
    let mut write = office.store.write().await.expect("a transaction");
    let claimed = write.claim_visits("w", NOW, NOW.plus(60_000), 9).await.expect("claimed");
    assert!(claimed.iter().any(|(s, host)| s.slug == "eco" && host == "eco.test"), "{claimed:?}");
    drop(write);
    // reading the file again leaves it alone
    sync(&office.store, &[lago()], &[declared("lago")], NOW).await.expect("declared again");
    assert!(found(&office, "eco").await.is_active());

    let taken = add(desk, id, &form()).await;
    let Err(Error::Denied(denied)) = taken else { panic!("{taken:?}") };
    let said = denied.sentence(salastampa_locale::Lang::It);
    assert!(said.contains("le fonti aggiunte dal desk") && said.contains("https://eco.test/feed"), "{said}");
    let clash = sync(&office.store, &[lago()], &[declared("lago"), declared("eco")], NOW).await;
    let Err(Error::Denied(Denied::Invalid(lines))) = clash else { panic!("{clash:?}") };
    assert!(lines[0].contains("feeds.toml") && lines[0].contains("https://eco.test/feed"), "{lines:?}");

    let file = retire(desk, "lago").await;
    assert!(matches!(file, Err(Error::Denied(Denied::Invalid(_)))), "{file:?}");
    retire(desk, "eco").await.expect("retired");
    assert!(!found(&office, "eco").await.is_active());
    revive(desk, "eco").await.expect("back");
    assert!(found(&office, "eco").await.is_active());
}

#[tokio::test]
async fn what_cannot_be_read_is_not_added() {
    let office = Office::new().await;
    let desk = office.desk("ada");
    sync(&office.store, &[lago()], &[declared("lago")], NOW).await.expect("declared");
    for result in [answer("article", 1), answer("page", 0), answer("nothing", 0), "{\"error\":\"guasto\"}".into()] {
        let id = looked(&office, None, &result).await;
        let refused = add(desk, id, &form()).await;
        assert!(matches!(refused, Err(Error::Denied(Denied::Invalid(_)))), "{result}: {refused:?}");
    }
    let waiting = ask_probe(desk, "eco.test", None).await.expect("asked");
    assert!(add(desk, waiting, &form()).await.is_err(), "nobody has looked yet");
    assert_eq!(fields(ask_probe(desk, "javascript:alert(1)", None).await), ["url"]);
    assert_eq!(fields(ask_probe(desk, "eco.test", Some(Selectors::default())).await), ["item"]);
    assert!(ask_probe(office.desk("lia"), "eco.test", None).await.is_err());

    let selectors = Selectors { item: " .card ".into(), title: Some(" ".into()), ..Selectors::default() };
    let id = looked(&office, Some(selectors), &answer("page", 4)).await;
    assert_eq!(fields(add(desk, id, &SourceForm { slug: "lago".into(), ..form() }).await), ["slug"]);
    add(desk, id, &form()).await.expect("a section page");
    let expected = Selectors { item: ".card".into(), ..Selectors::default() };
    assert_eq!(found(&office, "eco").await.kind, SourceKind::Page { selectors: expected });
}

#[test]
fn an_errand_without_selectors_reads_as_older_rows_have_it() {
    let old: ErrandKind = serde_json::from_str(r#"{"kind":"probe","url":"https://eco.test"}"#).expect("as before");
    assert_eq!(old, ErrandKind::Probe { url: "https://eco.test".into(), selectors: None });
}
