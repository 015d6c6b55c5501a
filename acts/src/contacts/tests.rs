//! Journalists through their acts: added, changed by two, told, left alone, forgotten, imported.

use super::*;
use crate::desk::small::{NOW, Office, address, fields};
use crate::{Denied, Error, leave, lists, token};
use salastampa_domain::{
    ContactFilter, ContactId, DeliveryId, DeliveryKind, DeliveryState, Event, ListId, NewDelivery, Subject,
    Suppression, Token,
};

fn nina() -> ContactForm {
    ContactForm {
        name: " Nina  Valli ".into(),
        address: "Nina@Il-Lago.test".into(),
        phones: " +39 0341  1234 (redazione)\n\n333 1\n333 1".into(),
        others: String::new(),
        role: String::new(),
        posts: String::new(),
        notes: String::new(),
        outlet: "Il Lago".into(),
        medium: "web".into(),
        beats: "Cronaca, sport, cronaca,".into(),
        territory: "Bellariva".into(),
        language: "it".into(),
        embargo: true,
        quiet_from: "22:00".into(),
        quiet_until: "07:00".into(),
        basis: "consent".into(),
        origin: "accredito del 3 ottobre".into(),
        notice: "2026-11-01".into(),
        expires: "2028-11-01".into(),
        lists: Vec::new(),
    }
}

async fn mark_now(office: &Office, id: ContactId) -> String {
    let mut rows = office.store.read().await.expect("rows");
    let contact = rows.find_contact(id).await.expect("rows").expect("there");
    mark_of(&contact, &rows.list_lists_of(id).await.expect("rows"))
}

async fn queued(office: &Office, id: ContactId, thing: i64) {
    let delivery = NewDelivery {
        subject: Subject { kind: DeliveryKind::Release, thing, version: 1, round: 0 },
        address: address("nina@il-lago.test"),
        contact: Some(id),
        reader: None,
        letter: "cd".repeat(32),
        due_at: NOW,
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    };
    let mut write = office.store.write().await.expect("a transaction");
    write.record_deliveries(&[delivery], NOW, |id, _| format!("release{id}@bellariva.test")).await.expect("a row");
    write.commit().await.expect("a commit");
}

#[tokio::test]
async fn a_journalist_is_added_changed_and_found_on_lists() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let by_hand = lists::ListForm { name: "Redazioni del lago".into(), ..Default::default() };
    let slug = lists::add(desk, &by_hand).await.expect("a list");
    let list = office.store.read().await.expect("rows").find_list(&slug).await.expect("rows").expect("there").id;
    let id = add(desk, &ContactForm { lists: vec![list, ListId(99)], ..nina() }).await.expect("added");
    let contact = office.store.read().await.expect("rows").find_contact(id).await.expect("rows").expect("there");
    assert_eq!((contact.name.as_str(), contact.address.as_str()), ("Nina Valli", "nina@il-lago.test"));
    assert_eq!(contact.beats, ["cronaca", "sport"]);
    assert_eq!(contact.phones, ["+39 0341 1234 (redazione)", "333 1"]);
    assert_eq!(ContactForm::of(&contact, &[]).quiet_until, "07:00");
    assert_eq!(ContactForm::of(&contact, &[list]).notice, "2026-11-01");
    assert_eq!(office.store.read().await.expect("rows").list_lists_of(id).await.expect("rows"), [list]);

    let seen = mark_now(&office, id).await;
    let form = ContactForm { embargo: false, lists: Vec::new(), ..nina() };
    edit(desk, id, &seen, &form).await.expect("changed");
    assert!(office.store.read().await.expect("rows").list_lists_of(id).await.expect("rows").is_empty());
    // the same once more changes nothing and leaves no line
    edit(desk, id, &mark_now(&office, id).await, &form).await.expect("nothing to do");
    assert_eq!(office.log().await, ["list.add", "contact.add", "contact.edit"]);
    let events = office.store.read().await.expect("rows").list_events_of(&Event::about_contact(id), 9).await;
    for event in events.expect("a log") {
        let said = format!("{:?} {:?}", event.before, event.after);
        assert!(!said.contains("Nina") && !said.contains("nina@"), "the log names nobody: {said}");
    }
}

#[tokio::test]
async fn whoever_was_slower_overwrites_nothing() {
    let office = Office::new().await;
    let id = add(office.desk("lia"), &nina()).await.expect("added");
    let seen = mark_now(&office, id).await;
    edit(office.desk("lia"), id, &seen, &ContactForm { territory: "Montalto".into(), ..nina() }).await.expect("first");
    let second = edit(office.desk("lia"), id, &seen, &ContactForm { territory: "Roma".into(), ..nina() }).await;
    let Err(Error::Denied(Denied::Changed { by, .. })) = second else { panic!("{second:?}") };
    assert_eq!(by, "lia di prova");
    let kept = office.store.read().await.expect("rows").find_contact(id).await.expect("rows").expect("there");
    assert_eq!(kept.territory, "Montalto");
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nobody_is_there_twice() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let wrong = ContactForm {
        name: " ".into(),
        address: "nina@lago\r\nBcc: x@y.test".into(),
        medium: "fax".into(),
        language: "de".into(),
        basis: "".into(),
        origin: "x".repeat(201),
        notice: "ieri".into(),
        expires: "31/12/2026".into(),
        beats: "b".repeat(61),
        phones: "1\n2\n3\n4\n5\n6".into(),
        quiet_until: "22:00".into(),
        ..nina()
    };
    let expected = [
        "name",
        "origin",
        "beats",
        "phones",
        "quiet_from",
        "address",
        "medium",
        "basis",
        "language",
        "notice",
        "expires",
    ]
    .map(str::to_owned);
    assert_eq!(fields(add(desk, &wrong).await), expected);
    add(desk, &nina()).await.expect("added");
    assert_eq!(fields(add(desk, &ContactForm { name: "Altra".into(), ..nina() }).await), ["address"]);
    let viewer = add(office.desk("ivo"), &nina()).await;
    assert!(matches!(viewer, Err(Error::Denied(Denied::Role { .. }))), "{viewer:?}");
}

#[tokio::test]
async fn who_has_left_stays_out_whoever_writes_them_down_again() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let id = add(desk, &nina()).await.expect("added");
    queued(&office, id, 1).await;
    assert_eq!(opt_out(desk, id).await.expect("left"), 1);
    assert_eq!(opt_out(desk, id).await.expect("twice is once"), 0);
    let moved = ContactForm { address: "nina@altrove.test".into(), ..nina() };
    edit(desk, id, &mark_now(&office, id).await, &moved).await.expect("a new address");
    let again = add(desk, &nina()).await.expect("the old address once more");
    let mut rows = office.store.read().await.expect("rows");
    for id in [id, again] {
        assert!(rows.find_contact(id).await.expect("rows").expect("there").opted_out_at.is_some(), "{id}");
    }
    drop(rows);
    assert_eq!(office.log().await, ["contact.add", "contact.opt_out", "contact.edit", "contact.add"]);
}

#[tokio::test]
async fn an_erased_person_leaves_no_trace_but_a_hash_and_a_count() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let id = add(desk, &nina()).await.expect("added");
    queued(&office, id, 1).await;
    queued(&office, id, 2).await;
    let contact = office.store.read().await.expect("rows").find_contact(id).await.expect("rows").expect("there");
    let alias = alias(&office.house, &contact);
    assert_eq!(erase(desk, id).await.expect("erased"), Erased { deliveries: 2, stopped: 2 });
    let mut rows = office.store.read().await.expect("rows");
    assert_eq!(rows.find_contact(id).await.expect("rows"), None);
    let sent = rows.list_deliveries(DeliveryKind::Release, 1).await.expect("rows").remove(0);
    assert_eq!((&sent.address, sent.state), (&alias, DeliveryState::Suppressed));
    for address in [&address("nina@il-lago.test"), &alias] {
        let closed = suppressed(&mut rows, &office.house, address).await.expect("rows");
        assert!(matches!(closed, Some(Suppression { why, .. }) if why == "erased"), "{address}");
    }
    let log = format!("{:?}", rows.list_events(100).await.expect("a log"));
    assert!(!log.contains("Nina") && !log.contains("nina@"), "{log}");
    drop(rows);
    assert!(matches!(erase(desk, id).await, Err(Error::Denied(Denied::Unknown { .. }))));
    let back =
        import(&office.store, &office.house, "email;nome\nnina@il-lago.test;Nina\n", "f.csv", super::Trial::No, NOW)
            .await;
    assert_eq!(back.expect("imported").left, 1, "an import brings nobody back");
}

#[tokio::test]
async fn what_is_held_on_a_person_is_given_to_them_and_the_giving_is_told() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let rule =
        lists::ListForm { name: "Radio e web".into(), by_rule: true, medium: "web".into(), ..Default::default() };
    lists::add(desk, &rule).await.expect("a list");
    let id = add(desk, &nina()).await.expect("added");
    queued(&office, id, 7).await;
    let told: serde_json::Value = serde_json::from_str(&export(desk, id).await.expect("told")).expect("JSON");
    assert_eq!(told["name"], "Nina Valli");
    assert_eq!(told["lists"][0], "Radio e web");
    assert_eq!(told["deliveries"][0]["thing"], 7);
    assert_eq!(told["log"][0]["by"], "lia di prova");
    assert_eq!(office.log().await.last().map(String::as_str), Some("contact.export"));
    assert!(export(office.desk("ivo"), id).await.is_err());
}

#[tokio::test]
async fn what_is_exported_is_imported_again_without_a_change() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let slug =
        lists::add(desk, &lists::ListForm { name: "Cronaca".into(), ..Default::default() }).await.expect("a list");
    let id = add(desk, &ContactForm { name: "Nina \"la; lunga\" Valli".into(), ..nina() }).await.expect("added");
    lists::add_member(desk, &slug, id).await.expect("on the list");
    add(desk, &ContactForm { name: "=1+1".into(), address: "x@lago.test".into(), ..nina() }).await.expect("added");
    let csv = export_all(desk, Shape::Csv).await.expect("exported");
    assert!(csv.contains("'=1+1"), "no formula: {csv}");
    assert!(csv.contains("'+39 0341 1234 (redazione); 333 1") && csv.contains("22:00-07:00"), "{csv}");
    let before = office.store.read().await.expect("rows").find_contact(id).await.expect("rows");
    let done = import_at_desk(desk, &csv, "giornalisti.csv", super::Trial::No).await.expect("imported");
    assert_eq!((done.taken, done.left, done.refused.len()), (2, 0, 0), "{done:?}");
    let mut rows = office.store.read().await.expect("rows");
    assert_eq!(rows.find_contact(id).await.expect("rows"), before, "days and language stay");
    assert_eq!(rows.count_contacts(&ContactFilter::default()).await.expect("rows"), 2);
    drop(rows);
    // an address book of last year knows no numbers, and a number with marks in it stays one
    let card = "BEGIN:VCARD\nVERSION:4.0\nFN:Nina Valli\nEMAIL:nina@il-lago.test\nEND:VCARD\n";
    import_at_desk(desk, card, "rubrica.vcf", super::Trial::No).await.expect("read");
    let phones = async || {
        let contact = office.store.read().await.expect("rows").find_contact(id).await.expect("rows");
        contact.expect("there").phones
    };
    assert_eq!(phones().await, ["+39 0341 1234 (redazione)", "333 1"]);
    let card = card.replace("END:", "TEL:+39 0341 9, int. 5; notte\nEND:");
    import_at_desk(desk, &card, "rubrica.vcf", super::Trial::No).await.expect("read");
    assert_eq!(phones().await, ["+39 0341 9 int. 5 notte"]);
    let refused =
        import_at_desk(desk, "email;liste\nz@lago.test;mai\n", "f.csv", super::Trial::No).await.expect("read");
    assert!(refused.refused[0].contains("non c'è nessuna lista «mai»"), "{refused:?}");
    assert!(import_at_desk(office.desk("ivo"), "email\nz@lago.test\n", "f.csv", super::Trial::No).await.is_err());
}

#[tokio::test]
async fn the_way_out_of_an_old_mail_leads_out_whatever_the_address_is_now() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let id = add(desk, &nina()).await.expect("added");
    queued(&office, id, 1).await;
    let moved = ContactForm { address: "nina@altrove.test".into(), ..nina() };
    edit(desk, id, &mark_now(&office, id).await, &moved).await.expect("a new address");
    let key = &office.house.key;
    let link = token::sign(key, &Token::unsubscribe(DeliveryId(1)));
    let left = leave::leave(&office.store, key, &link, NOW).await.expect("left");
    assert_eq!((left.address.as_str(), left.before, left.stopped), ("nina@il-lago.test", false, 1));
    let mut rows = office.store.read().await.expect("rows");
    assert!(rows.find_contact(id).await.expect("rows").expect("there").opted_out_at.is_some());
    for closed in ["nina@il-lago.test", "nina@altrove.test"] {
        assert!(suppressed(&mut rows, &office.house, &address(closed)).await.expect("rows").is_some(), "{closed}");
    }
    drop(rows);
    let again = leave::leave(&office.store, key, &link, NOW).await.expect("twice is once");
    assert!(again.before && again.stopped == 0, "{again:?}");
}

#[tokio::test]
async fn of_two_records_the_more_cautious_word_counts_for_the_one_that_stays() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let kept = add(desk, &ContactForm { territory: "".into(), expires: "".into(), ..nina() }).await.expect("added");
    let other = ContactForm {
        name: "VALLI Nina".into(),
        address: "n.valli@il-lago.test".into(),
        beats: "porto".into(),
        embargo: false,
        expires: "2027-01-31".into(),
        ..nina()
    };
    let gone = add(desk, &other).await.expect("added");
    queued(&office, kept, 1).await;
    opt_out(desk, gone).await.expect("left");
    let groups = doubles::doubles(&mut office.store.read().await.expect("rows")).await.expect("groups");
    // the names stand in another order: only their folded form in one order makes them namesakes
    assert!(groups.is_empty(), "{groups:?}");
    let turned = ContactForm { name: "Nina VALLI".into(), ..other };
    edit(desk, gone, &mark_now(&office, gone).await, &turned).await.expect("changed");
    assert_eq!(doubles::merge(desk, kept, &[gone]).await.expect("merged"), 1);
    let mut rows = office.store.read().await.expect("rows");
    let one = rows.find_contact(kept).await.expect("rows").expect("there");
    assert_eq!(one.beats, ["cronaca", "sport", "porto"]);
    assert_eq!((one.territory.as_str(), one.accepts_embargo), ("Bellariva", false));
    assert_eq!(one.expires.map(|day| day.to_string()).as_deref(), Some("2027-01-31"));
    assert!(one.opted_out_at.is_some() && one.changed_at.is_some());
    let waiting = rows.list_deliveries(DeliveryKind::Release, 1).await.expect("rows").remove(0);
    assert_eq!(waiting.state, DeliveryState::Suppressed, "who has left under one address has left under the other");
    assert!(rows.find_contact(gone).await.expect("rows").is_none());
    drop(rows);
    assert!(doubles::merge(desk, kept, &[gone]).await.is_err());
    assert!(doubles::merge(office.desk("ivo"), kept, &[gone]).await.is_err());
    assert_eq!(office.log().await[3..], ["contact.edit", "contact.merge", "contact.merged"]);
}

mod several;
