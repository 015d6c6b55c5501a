//! What the law asks of the records of journalists, at the desk: the notice of art. 14, and old records looked over.

use crate::people::{done, journalist};
use crate::world::{Seat, World, at};
use axum::http::StatusCode;
use salastampa_domain::{ContactId, Role};

const NOW: &str = "2026-11-25 06:45";

/// Two journalists who were written down at that instant; then it is [`NOW`].
async fn since(world: World, then: &str) -> (World, Seat) {
    world.set(then);
    let seat = world.enter("elio", Role::Editor).await;
    for (name, address) in [("Nina Valli", "nina@lago.test"), ("Ugo <b>Bassi</b>", "ugo@lago.test")] {
        done(&world, &seat, "/desk/giornalisti/nuovo", &journalist(name, address)).await;
    }
    world.set(NOW);
    let seat = world.enter("lia", Role::Editor).await;
    (world, seat)
}

async fn verbs(world: &World) -> Vec<String> {
    let mut rows = world.site().store.read().await.expect("rows");
    rows.list_events(50).await.expect("a log").into_iter().map(|event| event.verb).collect()
}

#[tokio::test]
async fn the_list_says_why_no_notice_goes_out_and_who_waits_for_one() {
    let (world, seat) = since(World::new(NOW).await, "2026-10-20 10:00").await;
    let list = world.see(&seat, "/desk/giornalisti").await.body;
    for part in [
        "non parte con il primo invio: manca il titolare del trattamento, il contatto del responsabile",
        "Lo scrive chi amministra il programma",
        "Senza informativa da più di 30 giorni: 2 giornalisti.",
    ] {
        assert!(list.contains(part), "{part} in {list}");
    }
    assert!(!list.contains("Invia adesso l&#39;informativa") && !list.contains("/desk/giornalisti/informative"), "{list}");
    assert!(world.see(&seat, "/desk/oggi").await.body.contains("2 giornalisti senza informativa da più di 30 giorni"));
    let refused = done(&world, &seat, "/desk/giornalisti/informative", &[]).await;
    assert!(refused.body.contains("non può partire: prima vanno scritti nelle impostazioni"), "{}", refused.body);
    let admin = world.enter("ada", Role::Admin).await;
    let settings = world.see(&admin, "/desk/impostazioni").await.body;
    assert!(settings.contains("id=\"informativa\"") && settings.contains("name=\"controller\""), "{settings}");
}

#[tokio::test]
async fn a_button_sends_it_once_to_those_who_wait_for_more_than_a_month() {
    let (world, seat) = since(World::new(NOW).await.with_privacy(), "2026-10-20 10:00").await;
    done(&world, &seat, "/desk/giornalisti/nuovo", &journalist("Lea Conti", "lea@lago.test")).await;
    done(&world, &seat, "/desk/giornalisti/2/uscita", &[]).await;
    let list = world.see(&seat, "/desk/giornalisti").await.body;
    assert!(list.contains("Senza informativa da più di 30 giorni: 1 giornalista."), "{list}");
    let page = done(&world, &seat, "/desk/giornalisti/informative", &[]).await.body;
    assert!(page.contains("1 informativa è in partenza") && !page.contains("Senza informativa"), "{page}");
    let again = done(&world, &seat, "/desk/giornalisti/informative", &[]).await.body;
    assert!(again.contains("non è partito nulla"), "{again}");
    assert_eq!(world.states().await, ["queued"]);
    assert_eq!(verbs(&world).await.iter().filter(|verb| *verb == "contacts.notice").count(), 1);
    let person = world.see(&seat, "/desk/giornalisti/1").await.body;
    assert!(person.contains("Informativa (GDPR art. 14)"), "{person}");
}

#[tokio::test]
async fn an_old_record_is_confirmed_with_a_new_date_or_deleted_and_never_by_itself() {
    let (world, seat) = since(World::new(NOW).await, "2024-11-20 10:00").await;
    let queue = world.see(&seat, "/desk/giornalisti/da-confermare").await.body;
    for part in ["2 persone da confermare", "ultimo segno è del 20 novembre 2024", "value=\"2028-11-25\"", "nina@lago.test"] {
        assert!(queue.contains(part), "{part} in {queue}");
    }
    assert!(!queue.contains("<b>Bassi"), "{queue}");
    assert!(world.see(&seat, "/desk/oggi").await.body.contains("2 giornalisti da confermare o cancellare"));
    let path = "/desk/giornalisti/da-confermare";
    for (fields, sentence) in [
        ([("fai", "conferma"), ("until", "2028-11-25")].as_slice(), "Scegli almeno una persona."),
        (&[("fai", "cancella"), ("until", "2028-11-25")], "Scegli almeno una persona."),
        (&[("fai", "conferma"), ("contact", "1"), ("until", "2026-11-25")], "Scrivi una data che deve ancora venire"),
    ] {
        let refused = world.send(&seat, path, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(sentence), "{sentence} in {}", refused.body);
    }
    let page = done(&world, &seat, path, &[("fai", "conferma:1"), ("contact", "2"), ("until", "2028-11-25")]).await.body;
    assert!(page.contains("1 persona confermata") && page.contains("1 persona da confermare"), "{page}");
    let ask = world.send(&seat, path, &[("fai", "cancella"), ("contact", "2")]).await;
    assert_eq!(ask.status, StatusCode::OK);
    assert!(ask.body.contains("Cancellare 1 persona?") && ask.body.contains("ugo@lago.test"), "{}", ask.body);
    assert_eq!(world.see(&seat, "/desk/giornalisti/2").await.status, StatusCode::OK, "asking deletes nothing");
    let page = done(&world, &seat, path, &[("fai", "cancella"), ("contact", "2"), ("certo", "1")]).await.body;
    assert!(page.contains("1 persona cancellata") && page.contains("nessuno da confermare"), "{page}");
    assert_eq!(world.see(&seat, "/desk/giornalisti/2").await.status, StatusCode::NOT_FOUND);
    let log = verbs(&world).await;
    assert!(log.contains(&"contact.keep".to_owned()) && log.contains(&"contact.erase".to_owned()), "{log:?}");
    let kept = world.site().store.read().await.expect("rows").find_contact(ContactId(1)).await.expect("rows");
    let kept = kept.expect("there");
    assert_eq!((kept.confirmed_at, kept.expires), (Some(at(NOW)), None), "who has no date gets none");
    assert!(world.see(&seat, "/desk/giornalisti/1").await.body.contains("dati confermati"));
}

#[tokio::test]
async fn a_record_past_its_day_gets_the_new_one() {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    let mut fields = journalist("Nina Valli", "nina@lago.test");
    fields.retain(|(name, _)| *name != "expires");
    fields.push(("expires", "2026-11-24"));
    done(&world, &seat, "/desk/giornalisti/nuovo", &fields).await;
    let path = "/desk/giornalisti/da-confermare";
    let queue = world.see(&seat, path).await.body;
    assert!(queue.contains("La data è passata: 24 novembre 2026."), "{queue}");
    done(&world, &seat, path, &[("fai", "conferma"), ("contact", "1"), ("until", "2027-06-30")]).await;
    assert!(world.see(&seat, "/desk/giornalisti/1").await.body.contains("value=\"2027-06-30\""));
    assert!(world.see(&seat, path).await.body.contains("nessuno da confermare"));
}
