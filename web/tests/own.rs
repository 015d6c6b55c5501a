//! What a journalist decides by themselves, by the link of a mail: lists and data; and the link to a copy and to being
//! forgotten, which goes to their address alone.

use crate::people::{done, journalist};
use crate::world::{Answer, Seat, World, at};
use axum::http::{Method, StatusCode};
use salastampa_domain::{Contact, ContactId, DeliveryKind, ListId, Role};

const NOW: &str = "2026-11-25 12:00";
const MAIL: &str = "nina@lago.test";

/// An office with Nina on a list by hand (1) and on one by rule (2), and the path of her page.
async fn office() -> (World, Seat, String) {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    done(&world, &seat, "/desk/giornalisti/nuovo", &journalist("Nina Valli", MAIL)).await;
    done(&world, &seat, "/desk/liste/nuova", &[("name", "Redazioni"), ("by", "hand")]).await;
    done(&world, &seat, "/desk/liste/redazioni/aggiungi", &[("contact", "1")]).await;
    let rule = [("name", "Radio"), ("by", "rule"), ("medium", "radio"), ("beat", ""), ("territory", "")];
    done(&world, &seat, "/desk/liste/nuova", &rule).await;
    let token = world.queued_mail(MAIL).await;
    (world, seat, format!("/preferenze/{token}"))
}

async fn send(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    world.post(None, path, fields, &[]).await
}

async fn nina(world: &World) -> Option<Contact> {
    world.site().store.read().await.expect("rows").find_contact(ContactId(1)).await.expect("rows")
}

async fn members(world: &World) -> Vec<usize> {
    let mut rows = world.site().store.read().await.expect("rows");
    let mut counts = Vec::new();
    for id in [ListId(1), ListId(2)] {
        counts.push(rows.list_members(id).await.expect("rows").len());
    }
    counts
}

async fn verbs(world: &World) -> Vec<(String, String)> {
    let mut rows = world.site().store.read().await.expect("rows");
    let log = rows.list_events(9).await.expect("a log");
    log.into_iter().map(|event| (event.verb, format!("{:?} {:?}", event.who, event.after))).collect()
}

#[tokio::test]
async fn looking_changes_nothing_and_the_page_is_private_and_guarded() {
    let (world, _, path) = office().await;
    let before = verbs(&world).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = world.ask(method, &path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), (Some("no-store"), Some("noindex")));
        assert!(page.header("set-cookie").is_none());
        let policy = page.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
    }
    assert_eq!((verbs(&world).await, members(&world).await), (before, vec![1, 1]));
    let page = world.get(&path).await.body;
    for part in
        [MAIL, "value=\"Nina Valli\"", "value=\"cronaca, scuola\"", "Redazioni", "Radio", "sito", "25 novembre 2026"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(page.matches(" checked").count(), 2);
    let leave = path.replace("/preferenze/", "/disiscrizione/");
    assert!(page.contains(&format!("href=\"{leave}\"")), "{page}");
    assert!(world.get(&leave).await.body.contains(&format!("href=\"{path}\"")), "one page leads to the other");
    assert!(world.get("/robots.txt").await.body.contains("/preferenze/"));
}

#[tokio::test]
async fn a_list_is_left_by_hand_or_rule_and_only_the_person_comes_back() {
    let (world, seat, path) = office().await;
    for _ in 0..2 {
        let page = send(&world, &path, &[("fai", "liste"), ("lista", "1")]).await;
        assert_eq!((page.status, page.header("location"), page.header("set-cookie")), (StatusCode::OK, None, None));
        assert!(
            page.body.contains("La tua scelta è salvata") && page.body.matches(" checked").count() == 1,
            "{}",
            page.body
        );
        assert_eq!(members(&world).await, [1, 0]);
    }
    send(&world, &path, &[("fai", "liste")]).await;
    assert_eq!(members(&world).await, [0, 0]);
    let log = verbs(&world).await;
    assert!(log[0].0 == "contact.own_lists" && log[0].1.contains("Unsubscribe") && log[0].1.contains("[1]"), "{log:?}");
    assert!(log[2].0 != "contact.own_lists", "the same once more is no line: {log:?}");
    // the office does not bring her back, and is told why
    let person = world.see(&seat, "/desk/giornalisti/1").await.body;
    assert!(
        person.contains("Ha lasciato da sé") && !person.contains("name=\"list\" type=\"checkbox\" value=\"1\""),
        "{person}"
    );
    let refused = done(&world, &seat, "/desk/liste/redazioni/aggiungi", &[("contact", "1")]).await.body;
    assert!(refused.contains("ha lasciato questa lista da sé"), "{refused}");
    assert_eq!(members(&world).await, [0, 0]);
    // a list that she was never on is not hers to choose
    done(&world, &seat, "/desk/liste/nuova", &[("name", "Altra"), ("by", "hand")]).await;
    send(&world, &path, &[("fai", "liste"), ("lista", "1"), ("lista", "2"), ("lista", "3"), ("lista", "x")]).await;
    assert_eq!(members(&world).await, [1, 1]);
    let mut rows = world.site().store.read().await.expect("rows");
    assert!(rows.list_members(ListId(3)).await.expect("rows").is_empty());
}

#[tokio::test]
async fn the_person_sets_their_data_right_and_what_cannot_be_taken_stays_typed() {
    let (world, _, path) = office().await;
    let fields =
        [("fai", "dati"), ("name", " Nina  Valli Rossi "), ("outlet", "Eco <b>"), ("beats", "Sport, sport, porto")];
    let page = send(&world, &path, &fields).await;
    assert!(page.body.contains("I tuoi dati sono salvati") && !page.body.contains("Eco <b>"), "{}", page.body);
    let held = nina(&world).await.expect("held");
    assert_eq!((held.name.as_str(), held.outlet.as_str()), ("Nina Valli Rossi", "Eco <b>"));
    assert_eq!(held.beats, ["sport", "porto"]);
    assert_eq!((held.territory.as_str(), held.language.as_str()), ("Bellariva", "it"), "what was not asked stays");
    assert!(held.changed_at.is_some());
    let log = verbs(&world).await;
    assert!(log[0].0 == "contact.own_edit" && !log[0].1.contains("Rossi"), "the log names nobody: {log:?}");
    let long = "x".repeat(201);
    let refused = send(&world, &path, &[("fai", "dati"), ("name", " "), ("outlet", &long), ("beats", "a")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"errore-name\"") && refused.body.contains(&long), "{}", refused.body);
    assert_eq!(nina(&world).await.expect("held").name, "Nina Valli Rossi");
}

#[tokio::test]
async fn the_person_sets_quiet_hours_and_no_telephone_is_on_the_page() {
    let (world, seat, path) = office().await;
    let seen = world.see(&seat, "/desk/giornalisti/1").await.body;
    let (_, seen) = seen.split_once("name=\"seen\" value=\"").expect("a mark");
    let seen = seen.split('"').next().unwrap_or_default().to_owned();
    let mut fields = journalist("Nina Valli", MAIL);
    fields.extend([
        ("seen", seen.as_str()),
        ("list", "1"),
        ("phones", "0341 99\n333 1"),
        ("quiet_from", "21:00"),
        ("quiet_until", "06:00"),
    ]);
    done(&world, &seat, "/desk/giornalisti/1", &fields).await;
    let page = world.see(&seat, "/desk/giornalisti/1").await.body;
    assert!(page.contains("0341 99") && page.contains("value=\"21:00\""), "{page}");
    let page = world.get(&path).await.body;
    assert!(
        page.contains("value=\"21:00\"") && !page.contains("0341 99"),
        "a forwarded mail opens this page too: {page}"
    );
    let same = [("fai", "dati"), ("name", "Nina Valli"), ("outlet", "Il Lago"), ("beats", "cronaca, scuola")];
    let set = [same.as_slice(), &[("quiet_from", "22:30"), ("quiet_until", "")]].concat();
    let refused = send(&world, &path, &set).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"errore-quiet_from\""), "{}", refused.body);
    let set = [same.as_slice(), &[("quiet_from", "22:30"), ("quiet_until", "07:30")]].concat();
    assert!(send(&world, &path, &set).await.body.contains("I tuoi dati sono salvati"));
    let hour = |h| jiff::civil::time(h, 30, 0, 0);
    let held = nina(&world).await.expect("held");
    assert_eq!((held.quiet, held.phones.len()), (Some((hour(22), hour(7))), 2), "telephones stay");
}

#[tokio::test]
async fn who_was_forwarded_a_mail_gets_no_copy_and_deletes_nobody() {
    let (world, _, path) = office().await;
    let before = verbs(&world).await;
    for fai in ["copia", "dimentica"] {
        let answer = send(&world, &path, &[("fai", fai), ("certo", "1")]).await;
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{fai}");
    }
    assert_eq!(verbs(&world).await, before);
    assert!(nina(&world).await.is_some());
    let page = world.get(&path).await.body;
    assert!(page.contains("value=\"collegamento\"") && page.contains("href=\"mailto:stampa@"), "{page}");
}

#[tokio::test]
async fn a_forged_link_is_an_unknown_address_and_an_old_one_opens_nobody_who_moved_on() {
    let (world, _, path) = office().await;
    let unknown = world.get("/mai").await;
    let token = path.trim_start_matches("/preferenze/");
    for forged in
        ["x", "u-1-0-00000000000000000000000000000000", &format!("{token}00"), &token.replacen("u-1", "u-2", 1)]
    {
        let forged = format!("/preferenze/{forged}");
        assert_eq!(world.get(&forged).await, unknown, "{forged}");
        for fai in ["liste", "dati"] {
            let answer = send(&world, &forged, &[("fai", fai), ("certo", "1")]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{fai} {forged}");
        }
    }
    let moved = {
        let contact = nina(&world).await.expect("held");
        let address = salastampa_domain::Address::parse("nina@altrove.test").expect("an address");
        Contact { address, ..contact }
    };
    let mut write = world.site().store.write().await.expect("a transaction");
    write.replace_contact(&moved).await.expect("a change");
    write.commit().await.expect("a commit");
    for answer in [world.get(&path).await, send(&world, &path, &[("fai", "dati"), ("name", "Altra")]).await] {
        assert!(answer.body.contains("non tiene dati") && !answer.body.contains("altrove"), "{}", answer.body);
    }
}

#[tokio::test]
async fn the_page_speaks_the_persons_language_and_odd_forms_break_nothing() {
    let (world, _, path) = office().await;
    let english = Contact { language: "en".into(), ..nina(&world).await.expect("held") };
    let mut write = world.site().store.write().await.expect("a transaction");
    write.replace_contact(&english).await.expect("a change");
    write.commit().await.expect("a commit");
    let page = world.get(&path).await.body;
    assert!(page.contains("<html lang=\"en\">") && page.contains("Your data and what you get"), "{page}");
    for fields in [[("fai", "altro")].as_slice(), &[], &[("lista", "1")], &[("fai", "")]] {
        assert_eq!(send(&world, &path, fields).await.status, StatusCode::OK, "{fields:?}");
    }
    assert_eq!(members(&world).await, [1, 1]);
    let many: Vec<(&str, &str)> = std::iter::repeat_n(("lista", "1"), 3_000).collect();
    assert!(send(&world, &path, &many).await.status.is_success());
    let huge = "x".repeat(100_000);
    assert_eq!(send(&world, &path, &[("name", &huge)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// The links that were put into the outbox for Nina, oldest first: path and what the row says.
async fn links(world: &World) -> Vec<(String, salastampa_domain::Delivery)> {
    let mut rows = world.site().store.read().await.expect("rows");
    let sent = rows.list_deliveries(DeliveryKind::OwnData, 1).await.expect("rows");
    let path = |delivery: &salastampa_domain::Delivery| world.site().house.own_data_url("", delivery).expect("a link");
    sent.into_iter().map(|delivery| (path(&delivery), delivery)).collect()
}

const ASK: [(&str, &str); 1] = [("fai", "collegamento")];

#[tokio::test]
async fn a_link_goes_to_the_address_that_is_held_once_an_hour_and_the_answer_tells_nobody() {
    let (world, _, path) = office().await;
    let first = send(&world, &path, &ASK).await;
    assert!(
        first.status == StatusCode::OK && first.body.contains("Se l&#39;ufficio stampa tiene dati"),
        "{}",
        first.body
    );
    assert!(!first.body.contains(MAIL) && !first.body.contains("Valli"), "{}", first.body);
    for later in ["2026-11-25 12:00", "2026-11-25 12:59"] {
        world.set(later);
        assert_eq!(send(&world, &path, &ASK).await, first, "{later}");
        assert_eq!(links(&world).await.len(), 1);
    }
    world.set("2026-11-25 13:00");
    assert_eq!(send(&world, &path, &ASK).await, first);
    let sent = links(&world).await;
    assert_eq!(sent.len(), 2);
    let row = &sent[0].1;
    assert_eq!(
        (row.address.as_str(), row.contact, row.expires_at),
        (MAIL, Some(ContactId(1)), Some(at("2026-11-26 12:00")))
    );
    let seat = world.enter("pia", Role::Editor).await;
    let history = world.see(&seat, "/desk/giornalisti/1").await.body;
    assert!(history.contains("ha chiesto il collegamento ai suoi dati"), "{history}");
    // to the same mail in a strange hand, Nina and a Nina who was erased look alike
    done(&world, &seat, "/desk/giornalisti/1/cancella", &[]).await;
    assert!(nina(&world).await.is_none(), "erased");
    world.set("2026-11-25 15:00");
    let before = verbs(&world).await;
    assert_eq!(send(&world, &path, &ASK).await, first);
    assert_eq!((links(&world).await.len(), verbs(&world).await), (2, before));
    let forged = send(&world, "/preferenze/u-1-0-00000000000000000000000000000000", &ASK).await;
    assert_eq!(forged.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing_and_it_holds_a_day_for_one_purpose() {
    let (world, _, path) = office().await;
    send(&world, &path, &ASK).await;
    let (link, _) = links(&world).await.remove(0);
    let before = verbs(&world).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = world.ask(method, &link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), (Some("no-store"), Some("noindex")));
        assert!(page.header("set-cookie").is_none());
    }
    assert_eq!(verbs(&world).await, before);
    let page = world.get(&link).await.body;
    for part in [MAIL, "26 novembre 2026", "12:00", "Scarica i miei dati", "Cancella i miei dati"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("Valli") && !page.contains("cronaca"), "a scanner of links keeps what it fetches: {page}");
    let unknown = world.get("/mai").await;
    let token = link.trim_start_matches("/miei-dati/");
    let leave = path.trim_start_matches("/preferenze/");
    for wrong in [
        format!("/miei-dati/{leave}"),
        format!("/preferenze/{token}"),
        format!("/disiscrizione/{token}"),
        link.replacen("d-2", "d-1", 1),
        format!("{link}0"),
    ] {
        assert_eq!(world.get(&wrong).await, unknown, "{wrong}");
        let pressed = send(&world, &wrong, &[("fai", "cancella"), ("certo", "1")]).await;
        assert_eq!(pressed.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert!(world.get("/robots.txt").await.body.contains("/miei-dati/"));
    world.set_to(at("2026-11-26 12:00").plus(1));
    assert_eq!(world.get(&link).await.status, StatusCode::NOT_FOUND);
    for fai in ["copia", "cancella"] {
        assert_eq!(send(&world, &link, &[("fai", fai), ("certo", "1")]).await.status, StatusCode::NOT_FOUND, "{fai}");
    }
    assert!(nina(&world).await.is_some());
}

#[tokio::test]
async fn the_link_gives_what_the_office_gives_and_forgets_as_the_office_does() {
    let (world, seat, path) = office().await;
    send(&world, &path, &ASK).await;
    let (link, _) = links(&world).await.remove(0);
    let copy = send(&world, &link, &[("fai", "copia")]).await;
    assert_eq!((copy.status, copy.header("content-type")), (StatusCode::OK, Some("application/json")));
    assert_eq!(copy.header("content-disposition"), Some("attachment; filename=\"i-miei-dati.json\""));
    assert_eq!(copy.header("cache-control"), Some("no-store"));
    let of_office = world.send(&seat, "/desk/giornalisti/1/dati", &[]).await;
    let read = |answer: &Answer| {
        let mut value: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        // the log has one line more: that the copy was taken
        value["log"] = serde_json::Value::Null;
        value
    };
    assert_eq!(read(&copy), read(&of_office));
    assert_eq!(read(&copy)["address"], MAIL);
    assert!(verbs(&world).await[1].1.contains("OwnData"), "{:?}", verbs(&world).await);

    let unsure = send(&world, &link, &[("fai", "cancella")]).await;
    assert!(unsure.status == StatusCode::UNPROCESSABLE_ENTITY && unsure.body.contains("Non è stato cancellato nulla"));
    assert!(nina(&world).await.is_some());
    for _ in 0..2 {
        let gone = send(&world, &link, &[("fai", "cancella"), ("certo", "1")]).await;
        assert!(gone.status == StatusCode::OK && gone.body.contains("non tiene più dati su di te"), "{}", gone.body);
        assert!(nina(&world).await.is_none());
    }
    let log = verbs(&world).await;
    assert!(log[0].0 == "contact.erase" && log[0].1.contains("OwnData") && log[1].0 != "contact.erase", "{log:?}");
    let again = send(&world, &link, &[("fai", "copia")]).await;
    assert!(again.body.contains("non tiene più dati") && !again.body.contains(MAIL), "{}", again.body);
    // the address stays closed: whoever writes it down again writes down one who gets nothing
    done(&world, &seat, "/desk/giornalisti/nuovo", &journalist("Nina Valli", MAIL)).await;
    let mut rows = world.site().store.read().await.expect("rows");
    let back = rows.list_contacts().await.expect("rows");
    assert!(back.len() == 1 && back[0].opted_out_at.is_some(), "{back:?}");
    drop(rows);
    // and the old link does not open who was written down anew
    assert!(send(&world, &link, &[("fai", "copia")]).await.body.contains("non tiene più dati"));
}

#[tokio::test]
async fn territory_and_language_are_theirs_to_choose_and_the_one_channel_is_said() {
    let (world, _, path) = office().await;
    let page = world.get(&path).await.body;
    assert!(page.contains("L&#39;unico canale è la posta elettronica") && page.contains("Ore di silenzio"), "{page}");
    let fields = |territory, language| {
        [
            ("fai", "dati"),
            ("name", "Nina Valli"),
            ("outlet", "Il Lago"),
            ("territory", territory),
            ("language", language),
        ]
    };
    let page = send(&world, &path, &fields("Val Sorda <b>", "xx")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.body.contains("id=\"errore-language\"") && page.body.contains("value=\"Val Sorda &#60;b&#62;\""),
        "{}",
        page.body
    );
    let page = send(&world, &path, &fields(" Val  Sorda ", "en")).await;
    assert!(
        page.body.contains("<html lang=\"en\"") && page.body.contains("value=\"en\" lang=\"en\" selected"),
        "{}",
        page.body
    );
    let held = nina(&world).await.expect("held");
    assert_eq!((held.territory.as_str(), held.language.as_str()), ("Val Sorda", "en"));
    let log = verbs(&world).await;
    assert!(log[0].1.contains("territory") && log[0].1.contains("language"), "{log:?}");
}
