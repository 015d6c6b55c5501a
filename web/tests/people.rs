//! *Giornalisti*, *Liste*, *Destinatari* and *Fonti* from outside: what each role sees and does, and what foreign texts
//! and slow colleagues cannot do.

use crate::world::{Answer, Seat, World, at};
use axum::http::StatusCode;
use salastampa_domain::{
    Actor, ErrandId, ErrandKind, Health, Origin, Outlet, OutletId, OutletKind, RightsClass, Role, Source, SourceId,
    SourceKind, Validators, Visit, VisitId, VisitOutcome,
};

const NASTY: &str = "\"><script>alert('x')</script>";
const NOW: &str = "2026-11-25 06:45";

pub(crate) fn journalist<'a>(name: &'a str, address: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("address", address),
        ("outlet", "Il Lago"),
        ("medium", "radio"),
        ("beats", "cronaca, scuola"),
        ("territory", "Bellariva"),
        ("language", "it"),
        ("basis", "public_task"),
        ("origin", "sito"),
        ("notice", ""),
        ("expires", ""),
    ]
}

fn with<'a>(mut fields: Vec<(&'a str, &'a str)>, name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter_mut().filter(|(n, _)| *n == name).for_each(|field| field.1 = value);
    if !fields.iter().any(|(n, _)| *n == name) {
        fields.push(("seen", value));
    }
    fields
}

/// The mark that the form of a page carries.
pub(crate) fn seen(page: &Answer) -> String {
    let (_, after) = page.body.split_once("name=\"seen\" value=\"").expect("a mark");
    after.split('"').next().unwrap_or_default().to_owned()
}

/// Sends a form that must be taken; gives the page that it leads to.
pub(crate) async fn done(world: &World, seat: &Seat, path: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = world.send(seat, path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    world.see(seat, answer.header("location").expect("a way on")).await
}

/// No foreign text stands in the page as it came.
fn is_harmless(page: &Answer) {
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(!page.body.contains("\"><script"), "{}", page.body);
}

#[tokio::test]
async fn a_journalist_is_written_down_found_and_changed() {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    assert!(world.see(&seat, "/desk/giornalisti").await.body.contains("è ancora nessun giornalista"));
    let page = done(&world, &seat, "/desk/giornalisti/nuovo", &journalist("Nina Valli", "Nina@Lago.test")).await;
    assert!(page.body.contains("Il giornalista è stato aggiunto") && page.body.contains("nina@lago.test"));
    let list = world.see(&seat, "/desk/giornalisti?q=lago+VALLI&mezzo=radio&stato=attivi").await;
    assert!(list.body.contains("Nina Valli") && list.body.contains("1 giornalista"), "{}", list.body);
    assert!(world.see(&seat, "/desk/giornalisti?q=zzz").await.body.contains("Nessun giornalista corrisponde"));
    let change = with(with(journalist("Nina Valli", "nina@lago.test"), "territory", "Montalto"), "seen", "");
    let mark = seen(&page);
    let change = with(change, "seen", &mark);
    let page = done(&world, &seat, "/desk/giornalisti/1", &change).await;
    assert!(page.body.contains("value=\"Montalto\""), "{}", page.body);

    let double = world.send(&seat, "/desk/giornalisti/nuovo", &journalist("Altra", "nina@lago.test")).await;
    assert_eq!(double.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(double.body.contains("<a href=\"/desk/giornalisti/1\">Nina Valli</a>"), "{}", double.body);
    assert!(double.body.contains("value=\"Altra\"") && double.body.contains("<title>Errore:"), "what was typed stays");
}

#[tokio::test]
async fn two_who_change_the_same_person_see_both_texts() {
    let world = World::new(NOW).await;
    let (one, two) = (world.enter("elio", Role::Editor).await, world.enter("rita", Role::Chief).await);
    let page = done(&world, &one, "/desk/giornalisti/nuovo", &journalist("Nina Valli", "nina@lago.test")).await;
    let mark = seen(&page);
    let first = with(with(journalist("Nina Valli", "nina@lago.test"), "territory", "Montalto"), "seen", &mark);
    done(&world, &one, "/desk/giornalisti/1", &first).await;
    let second = with(with(journalist("Nina Valli", "nina@lago.test"), "territory", "Roma"), "seen", &mark);
    let conflict = world.send(&two, "/desk/giornalisti/1", &second).await;
    assert_eq!(conflict.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["elio di prova ha cambiato", "<td>Montalto</td><td>Roma</td>", "value=\"Roma\""] {
        assert!(conflict.body.contains(part), "{part} in {}", conflict.body);
    }
    let mark = seen(&conflict);
    let page = done(&world, &two, "/desk/giornalisti/1", &with(second, "seen", &mark)).await;
    assert!(page.body.contains("value=\"Roma\""), "knowingly it is overwritten");
}

#[tokio::test]
async fn a_person_is_told_left_alone_and_erased() {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    done(&world, &seat, "/desk/giornalisti/nuovo", &journalist("Nina Valli", "nina@lago.test")).await;
    let data = world.send(&seat, "/desk/giornalisti/1/dati", &[]).await;
    assert_eq!(data.status, StatusCode::OK);
    assert!(data.header("content-disposition").is_some_and(|d| d.starts_with("attachment")));
    assert!(data.body.contains("\"address\": \"nina@lago.test\""), "{}", data.body);
    let csv = world.send(&seat, "/desk/giornalisti/esporta", &[]).await;
    assert!(csv.body.contains("Nina Valli,Il Lago,,,nina@lago.test,,,radio"), "{}", csv.body);
    let page = done(&world, &seat, "/desk/giornalisti/1/uscita", &[]).await;
    assert!(page.body.contains("Non riceverà più nulla") && page.body.contains("Lo ha già chiesto"));
    let asked = world.see(&seat, "/desk/giornalisti/1/cancella").await;
    assert!(asked.body.contains("Cancellare Nina Valli?") && asked.body.contains("Sparisce"));
    let list = done(&world, &seat, "/desk/giornalisti/1/cancella", &[]).await;
    assert!(list.body.contains("La persona è stata cancellata"), "{}", list.body);
    assert_eq!(world.see(&seat, "/desk/giornalisti/1").await.status, StatusCode::NOT_FOUND);
    let back = done(&world, &seat, "/desk/giornalisti/nuovo", &journalist("Nina", "nina@lago.test")).await;
    assert!(back.body.contains("ha già chiesto di non ricevere più posta"), "{}", back.body);
    let mut rows = world.site().store.read().await.expect("rows");
    let verbs: Vec<String> = rows.list_events(20).await.expect("a log").into_iter().map(|e| e.verb).collect();
    for verb in ["contact.export", "contacts.export", "contact.opt_out", "contact.erase"] {
        assert!(verbs.iter().any(|v| v == verb), "{verb} in {verbs:?}");
    }
}

#[tokio::test]
async fn a_list_shows_whom_it_reaches_and_why_not() {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    assert!(world.see(&seat, "/desk/liste").await.body.contains("è ancora nessuna lista"));
    for (name, address) in [("Nina Valli", "nina@lago.test"), ("Ugo Bassi", "ugo@lago.test")] {
        done(&world, &seat, "/desk/giornalisti/nuovo", &journalist(name, address)).await;
    }
    done(&world, &seat, "/desk/giornalisti/2/uscita", &[]).await;
    let rule = [("name", "Radio"), ("by", "rule"), ("medium", "radio"), ("beat", "CRONACA"), ("territory", "")];
    let mut try_it = rule.to_vec();
    try_it.push(("prova", "1"));
    let tried = world.send(&seat, "/desk/liste/nuova", &try_it).await;
    assert_eq!(tried.status, StatusCode::OK);
    assert!(tried.body.contains("1 su 2") && tried.body.contains("Ha chiesto di non ricevere più posta"));
    assert!(tried.body.contains("Perché: mezzo: radio · ambito: cronaca"), "{}", tried.body);
    assert!(world.see(&seat, "/desk/liste").await.body.contains("è ancora nessuna lista"), "nothing is saved yet");
    let page = done(&world, &seat, "/desk/liste/nuova", &rule).await;
    assert!(page.body.contains("mezzo: radio · ambito: CRONACA") && page.body.contains("1 escluso"), "{}", page.body);
    let out = world.see(&seat, "/desk/liste/radio?esclusi=1").await.body;
    assert!(out.contains("Ugo Bassi") && !out.contains(">Nina Valli<"), "{out}");

    done(&world, &seat, "/desk/liste/nuova", &[("name", "A mano"), ("by", "hand")]).await;
    let found = world.see(&seat, "/desk/liste/a-mano?cerca=nina").await.body;
    assert!(found.contains("name=\"contact\" value=\"1\""), "{found}");
    let page = done(&world, &seat, "/desk/liste/a-mano/aggiungi", &[("contact", "1")]).await;
    assert!(page.body.contains("La persona è nella lista") && page.body.contains("Annulla"), "{}", page.body);
    let page = done(&world, &seat, "/desk/liste/a-mano/togli", &[("contact", "1")]).await;
    assert!(page.body.contains("La lista è vuota"), "{}", page.body);
}

#[tokio::test]
async fn a_reader_is_written_down_and_stopped() {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    let mayor = [
        ("name", "Ada Corti"),
        ("address", "sindaca@bellariva.test"),
        ("language", "it"),
        ("reviews", "1"),
        ("alerts", "1"),
        ("quiet_from", "22:00"),
        ("quiet_until", "06:30"),
    ];
    let page = done(&world, &seat, "/desk/destinatari/nuovo", &mayor).await;
    assert!(page.body.contains("value=\"06:30\""), "{}", page.body);
    let wrong = world.send(&seat, "/desk/destinatari/nuovo", &[("name", "X"), ("quiet_from", "25:00")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"errore-quiet_from\"") && wrong.body.contains("value=\"25:00\""));
    let page = done(&world, &seat, "/desk/destinatari/ada-corti/ferma", &[]).await;
    assert!(page.body.contains("Questo destinatario è fermo"), "{}", page.body);
    assert!(world.see(&seat, "/desk/destinatari").await.body.contains("Non riceve nulla"));
}

pub(crate) async fn source(world: &World, slug: &str, health: Health) -> SourceId {
    let mut write = world.site().store.write().await.expect("a transaction");
    let outlet = Outlet {
        id: OutletId(0),
        slug: "il-lago".into(),
        name: format!("Il Lago {NASTY}"),
        kind: OutletKind::Local,
        area: "Bellariva".into(),
        tier: 2,
        rights: RightsClass::ExtractOnly,
        contract: None,
        home: None,
    };
    let outlet = write.record_outlet(&outlet).await.expect("an outlet");
    let source = Source {
        id: SourceId(0),
        slug: slug.into(),
        outlet,
        kind: SourceKind::Feed,
        url: format!("https://{slug}.test/feed?{NASTY}"),
        host: slug.into(),
        cadence: salastampa_domain::Cadence::C,
        rubric: Some(NASTY.into()),
        rights: None,
        legal: salastampa_domain::LegalStatus::ToVerify,
        extract: true,
        origin: Origin::File,
        paused: false,
        retired_at: None,
        next_at: at(NOW),
        health: health.clone(),
        validators: Validators::default(),
        learned: salastampa_domain::Learned::default(),
        reading: salastampa_domain::SourceReading::default(),
    };
    let id = write.record_source(&source).await.expect("a source");
    let visit = Visit {
        id: VisitId(0),
        source: id,
        at: at("2026-11-25 06:30"),
        took: 40,
        status: Some(503),
        conditional: false,
        bytes: 0,
        found: 0,
        new: 0,
        outcome: VisitOutcome::Soft { why: format!("il sito risponde 503 {NASTY}") },
    };
    write
        .record_visit(
            &visit,
            &salastampa_store::Left {
                next_at: at("2026-11-25 07:30"),
                health,
                validators: Validators::default(),
                learned: salastampa_domain::Learned::default(),
                gate: None,
            },
        )
        .await
        .expect("a visit");
    write.commit().await.expect("a commit");
    id
}

#[tokio::test]
async fn an_ill_source_says_why_and_what_to_do_and_the_admin_acts() {
    let world = World::new(NOW).await;
    let ill = Health::Ill { since: at("2026-11-24 05:00"), times: 3, why: "nessuna risposta entro il tempo".into() };
    source(&world, "il-lago", ill).await;
    source(&world, "eco", Health::Alive).await;
    let (chief, admin) = (world.enter("rita", Role::Chief).await, world.enter("ada", Role::Admin).await);
    let list = world.see(&chief, "/desk/fonti").await;
    is_harmless(&list);
    assert!(list.body.contains("1 fonti vive su 2") && list.body.contains("ammalata"), "{}", list.body);
    let ill = world.see(&chief, "/desk/fonti?stato=malate").await.body;
    assert!(ill.contains("/desk/fonti/il-lago") && !ill.contains("/desk/fonti/eco\""), "{ill}");
    let page = world.see(&chief, "/desk/fonti/il-lago").await;
    is_harmless(&page);
    assert!(page.body.contains("Ammalata dal 24 novembre alle 05:00: nessuna risposta entro il tempo."));
    assert!(
        page.body.contains("Pausa, visite e impostazioni sono dell") && !page.body.contains("/visita\""),
        "the chief reads"
    );
    let refused = world.send(&chief, "/desk/fonti/il-lago/visita", &[]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert!(world.see(&chief, "/desk/fonti/il-lago").await.body.contains("Il ruolo «capo ufficio stampa» non può"));

    let page = done(&world, &admin, "/desk/fonti/il-lago/visita", &[]).await;
    assert!(page.body.contains("La visita è stata chiesta") && page.body.contains("data-refresh"), "{}", page.body);
    let no_reason = world.send(&admin, "/desk/fonti/il-lago/pausa", &[("why", " ")]).await;
    assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(no_reason.body.contains("id=\"errore-paused\""), "{}", no_reason.body);
    let page = done(&world, &admin, "/desk/fonti/il-lago/pausa", &[("why", NASTY)]).await;
    is_harmless(&page);
    assert!(page.body.contains("In pausa") && page.body.contains("ada di prova"), "{}", page.body);
    done(&world, &admin, "/desk/fonti/il-lago/riprendi", &[]).await;
    let set = [("field", "rights"), ("value", "link_only"), ("why", "chiesto dalla testata")];
    let page = done(&world, &admin, "/desk/fonti/il-lago/imposta", &set).await;
    assert!(page.body.contains("solo titolo e collegamento") && page.body.contains("chiesto dalla testata"));
    let page = done(&world, &admin, "/desk/fonti/il-lago/dichiarato", &[("field", "rights")]).await;
    assert!(!page.body.contains("Impostato dal desk</h2>"), "{}", page.body);
    let set = |value: &'static str| [("field", "front"), ("value", value), ("why", "è la home")];
    done(&world, &admin, "/desk/fonti/il-lago/imposta", &set("true")).await;
    let front = async || {
        let mut rows = world.site().store.read().await.expect("rows");
        rows.find_source("il-lago").await.expect("rows").expect("there").reading.front
    };
    assert!(front().await);
    assert_eq!(world.send(&admin, "/desk/fonti/il-lago/imposta", &set("forse")).await.status, StatusCode::NOT_FOUND);
    done(&world, &admin, "/desk/fonti/il-lago/dichiarato", &[("field", "front")]).await;
    assert!(!front().await);
    assert_eq!(world.see(&admin, "/desk/fonti/mai").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_is_looked_at_before_it_becomes_a_source() {
    let world = World::new(NOW).await;
    source(&world, "il-lago", Health::Alive).await;
    let admin = world.enter("ada", Role::Admin).await;
    let wrong = world.send(&admin, "/desk/fonti/aggiungi", &[("url", "javascript:alert(1)")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = done(&world, &admin, "/desk/fonti/aggiungi", &[("url", "www.eco.test/feed")]).await;
    assert!(page.body.contains("data-refresh=\"2\"") && page.body.contains("Aggiorna la pagina"), "{}", page.body);
    world.set("2026-11-25 06:48");
    let late = world.see(&admin, "/desk/fonti/prova/1").await.body;
    assert!(late.contains("aspetta da più di un minuto"), "{late}");
    let found = serde_json::json!({
        "asked": "https://www.eco.test/feed", "url": format!("https://www.eco.test/feed{NASTY}"), "status": 200,
        "outcome": { "outcome": "read" }, "tdm_reserved": true, "document": "feed", "bytes": 900,
        "robots": { "allows": false, "because": NASTY, "crawl_delay": null, "ai_agents": [NASTY] },
        "items": [{ "title": NASTY, "url": "https://www.eco.test/1", "key": "k", "published_at": null,
            "date_only": false, "authors": [], "lead_chars": 12, "body_chars": 3400 }],
        "found": 1, "feeds": [format!("https://www.eco.test/{NASTY}")], "problems": [NASTY], "host": "eco.test",
    });
    let mut write = world.site().store.write().await.expect("a transaction");
    write.finish_errand(ErrandId(1), &found.to_string(), at(NOW)).await.expect("done");
    let other = write.record_errand(&ErrandKind::Reindex, &Actor::Console, at(NOW)).await.expect("an errand");
    write.commit().await.expect("a commit");
    let page = world.see(&admin, "/desk/fonti/prova/1").await;
    is_harmless(&page);
    assert!(page.body.contains("se ne prenderebbero 1 articolo") && page.body.contains("3.400 caratteri"));
    assert!(!page.body.contains("data-refresh"), "it is done");
    assert_eq!(world.see(&admin, &format!("/desk/fonti/prova/{other}")).await.status, StatusCode::NOT_FOUND);

    let form = [("slug", "il-lago"), ("outlet", "il-lago"), ("cadence", "C"), ("legal", "verificata"), ("rubric", "")];
    let clash = world.send(&admin, "/desk/fonti/prova/1", &form).await;
    assert_eq!(clash.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(clash.body.contains("è già usato in feeds.toml per"), "{}", clash.body);
    is_harmless(&clash);
    let mut form = form;
    form[0].1 = "eco";
    let page = done(&world, &admin, "/desk/fonti/prova/1", &form).await;
    assert!(page.body.contains("La fonte è stata aggiunta") && page.body.contains("dal desk"), "{}", page.body);
    let page = done(&world, &admin, "/desk/fonti/eco/ritira", &[]).await;
    assert!(page.body.contains("Ritirata") && page.body.contains("/desk/fonti/eco/riporta"), "{}", page.body);
    let editor = world.enter("elio", Role::Editor).await;
    assert_eq!(world.see(&editor, "/desk/fonti").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_may_not_keep_contacts_sees_none() {
    let world = World::new(NOW).await;
    for (login, role) in [("vito", Role::Viewer), ("ada", Role::Admin)] {
        let seat = world.enter(login, role).await;
        for path in
            ["/desk/giornalisti", "/desk/giornalisti/nuovo", "/desk/liste", "/desk/destinatari", "/desk/liste/nuova"]
        {
            assert_eq!(world.see(&seat, path).await.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
        for path in
            ["/desk/giornalisti/esporta", "/desk/giornalisti/nuovo", "/desk/liste/nuova", "/desk/destinatari/nuovo"]
        {
            let answer = world.send(&seat, path, &journalist("Nina", "nina@lago.test")).await;
            assert!(!answer.body.contains("nina@lago.test") || answer.status != StatusCode::OK, "{login} {path}");
        }
    }
    let mut rows = world.site().store.read().await.expect("rows");
    assert_eq!(rows.count_contacts(&Default::default()).await.expect("rows"), 0);
    assert!(rows.list_lists().await.expect("rows").is_empty() && rows.list_readers().await.expect("rows").is_empty());
}

#[tokio::test]
async fn foreign_texts_come_out_as_texts_everywhere() {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    let nasty = with(with(journalist(NASTY, "nina@lago.test"), "outlet", NASTY), "beats", NASTY);
    let page = done(&world, &seat, "/desk/giornalisti/nuovo", &with(nasty, "origin", NASTY)).await;
    is_harmless(&page);
    done(&world, &seat, "/desk/liste/nuova", &[("name", NASTY), ("by", "rule"), ("beat", NASTY)]).await;
    let reader = [("name", NASTY), ("address", "a@b.test"), ("language", "it")];
    done(&world, &seat, "/desk/destinatari/nuovo", &reader).await;
    for path in ["/desk/giornalisti", "/desk/liste", "/desk/destinatari", "/desk/giornalisti/1/cancella"] {
        is_harmless(&world.see(&seat, path).await);
    }
    let typed = world.see(&seat, "/desk/giornalisti?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    is_harmless(&typed);
    let wrong = world.send(&seat, "/desk/giornalisti/nuovo", &with(journalist(NASTY, NASTY), "medium", NASTY)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    is_harmless(&wrong);
}
