//! What the law asks of the records of journalists, at the desk: the notice of art. 14, and old records looked over.

use crate::archive;
use crate::people::{done, journalist};
use crate::world::{Seat, World, at};
use axum::http::StatusCode;
use salastampa_acts::contacts::bylines;
use salastampa_domain::{ContactId, DeliveryKind, NewArticle, OutletId, Role};

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
    assert!(
        !list.contains("Invia adesso l&#39;informativa") && !list.contains("/desk/giornalisti/informative"),
        "{list}"
    );
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
    let mut rows = world.site().store.read().await.expect("rows");
    let notices = rows.list_deliveries(DeliveryKind::Notice, 0).await.expect("rows");
    drop(rows);
    assert_eq!(
        notices.iter().map(|d| (d.address.as_str(), d.state.name())).collect::<Vec<_>>(),
        [("nina@lago.test", "queued")]
    );
    assert_eq!(verbs(&world).await.iter().filter(|verb| *verb == "contacts.notice").count(), 1);
    let person = world.see(&seat, "/desk/giornalisti/1").await.body;
    assert!(person.contains("Informativa (GDPR art. 14)"), "{person}");
}

#[tokio::test]
async fn an_old_record_is_confirmed_with_a_new_date_or_deleted_and_never_by_itself() {
    let (world, seat) = since(World::new(NOW).await, "2024-11-20 10:00").await;
    let queue = world.see(&seat, "/desk/giornalisti/da-confermare").await.body;
    for part in
        ["2 persone da confermare", "ultimo segno è del 20 novembre 2024", "value=\"2028-11-25\"", "nina@lago.test"]
    {
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
    let page =
        done(&world, &seat, path, &[("fai", "conferma:1"), ("contact", "2"), ("until", "2028-11-25")]).await.body;
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

/// An article of an outlet, signed, seen at that instant.
async fn article(world: &World, outlet: OutletId, author: &str, when: &str) {
    let new = NewArticle { authors: vec![author.into()], ..archive::article(outlet, "Un fatto", at(when)) };
    let mut write = world.site().store.write().await.expect("a transaction");
    write.keep_article(&new, None, 0, at(when)).await.expect("an answer").expect("a new one");
    write.commit().await.expect("a commit");
}

async fn outlet(world: &World, slug: &str, name: &str) -> OutletId {
    let mut write = world.site().store.write().await.expect("a transaction");
    let id = write.record_outlet(&archive::outlet(slug, name)).await.expect("an outlet");
    write.commit().await.expect("a commit");
    id
}

#[tokio::test]
async fn the_bylines_of_the_archive_say_where_somebody_signs_and_a_person_takes_it_over() {
    let (world, seat) = since(World::new(NOW).await, "2026-11-20 10:00").await;
    let (lake, pier) = (outlet(&world, "il-lago", "Il  LAGO").await, outlet(&world, "il-molo", "Il <i>Molo</i>").await);
    article(&world, lake, "di VALLI Nina", "2025-09-20 10:00").await;
    article(&world, lake, "Nina Valli e Rita Melzi", "2024-01-20 10:00").await;
    let follow = || bylines::follow(&world.site().store, at(NOW));
    assert_eq!(follow().await.expect("followed"), 2);
    assert_eq!(follow().await.expect("nothing new"), 0);
    let later = salastampa_domain::keeping::Horizon::on(jiff::civil::date(2029, 1, 1));
    let mut rows = world.site().store.read().await.expect("rows");
    let stale = rows.list_contacts_stale(&later, 0, 9).await.expect("rows");
    let nina = stale.iter().find(|(contact, _)| contact.name == "Nina Valli").expect("there");
    assert_eq!(nina.1, Some(at("2025-09-20 10:00")), "a byline is a sign of the person");
    drop(rows);
    let list = world.see(&seat, "/desk/giornalisti").await.body;
    assert!(list.contains("Ultima firma 14 mesi fa su Il  LAGO") && !list.contains("Forse ora firma"), "{list}");
    article(&world, pier, "Nina Valli", "2099-01-01 10:00").await;
    assert_eq!(follow().await.expect("followed"), 1);
    let person = world.see(&seat, "/desk/giornalisti/1").await;
    assert!(
        person.body.contains("Forse ora firma su Il &#60;i&#62;Molo") && person.body.contains("(oggi)"),
        "{}",
        person.body
    );
    assert!(person.body.contains("value=\"Il Lago\""), "nothing is changed by itself");
    assert!(
        !world.see(&seat, "/desk/giornalisti/2").await.body.contains("id=\"firme\""),
        "who signed nothing has no card"
    );
    let mark = crate::people::seen(&person);
    let take = [("seen", mark.as_str()), ("testata", "2")];
    let taken = done(&world, &seat, "/desk/giornalisti/1/testata", &take).await.body;
    assert!(taken.contains("La testata ora è «Il &#60;i&#62;Molo") && taken.contains("Ultima firma oggi"), "{taken}");
    let late = done(&world, &seat, "/desk/giornalisti/1/testata", &take).await.body;
    assert!(late.contains("ha cambiato"), "what was seen is no longer so: {late}");
    let log = verbs(&world).await;
    assert_eq!(log.iter().filter(|verb| *verb == "contact.edit").count(), 1);
}

#[tokio::test]
async fn two_records_of_one_person_are_put_together_and_namesakes_told_apart() {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    for (name, address) in
        [("Nina Valli", "nina@lago.test"), ("NINA valli", "n.valli@lago.test"), ("Ugo Bassi", "ugo@lago.test")]
    {
        done(&world, &seat, "/desk/giornalisti/nuovo", &journalist(name, address)).await;
    }
    done(&world, &seat, "/desk/liste/nuova", &[("name", "Redazioni"), ("by", "hand")]).await;
    done(&world, &seat, "/desk/liste/redazioni/aggiungi", &[("contact", "1")]).await;
    assert!(world.see(&seat, "/desk/giornalisti").await.body.contains("1 possibile doppio"));
    let path = "/desk/giornalisti/doppi";
    let page = world.see(&seat, path).await.body;
    assert!(page.contains("nina@lago.test") && page.contains("n.valli@lago.test") && !page.contains("ugo@"), "{page}");
    for wrong in [
        [("fai", "unisci"), ("tieni", "3"), ("tra", "1"), ("tra", "2")].as_slice(),
        &[("fai", "unisci"), ("tieni", "2"), ("tra", "3")],
        &[("fai", "unisci"), ("tieni", "2"), ("tra", "2")],
        &[("fai", "diversi")],
        &[("fai", "diversi"), ("tra", "1"), ("tra", "1")],
    ] {
        let refused = done(&world, &seat, path, wrong).await.body;
        assert!(refused.contains("non sono più doppie"), "{wrong:?}: {refused}");
    }
    let merged = done(&world, &seat, path, &[("fai", "unisci"), ("tieni", "2"), ("tra", "1"), ("tra", "2")]).await.body;
    assert!(merged.contains("Unita 1 scheda") && merged.contains("Non ci sono schede"), "{merged}");
    assert_eq!(world.see(&seat, "/desk/giornalisti/1").await.status, StatusCode::NOT_FOUND);
    let kept = world.see(&seat, "/desk/giornalisti/2").await.body;
    assert!(kept.contains("value=\"n.valli@lago.test\"") && kept.contains("unito con un&#39;altra scheda"), "{kept}");
    assert!(kept.contains("value=\"1\" checked"), "the list of the other: {kept}");
    done(&world, &seat, "/desk/giornalisti/nuovo", &journalist("Ugo Bassi", "bassi@lago.test")).await;
    let apart = done(&world, &seat, path, &[("fai", "diversi"), ("tra", "3"), ("tra", "4")]).await.body;
    assert!(apart.contains("Non verranno più proposte insieme") && apart.contains("Non ci sono schede"), "{apart}");
}
