//! One person with several addresses, outlets and roles, and what the office notes of them.

use super::*;

/// Nina with a second address, a second outlet and a note.
fn nina_twice() -> ContactForm {
    ContactForm {
        others: "Nina@Casa.test\nnina@il-lago.test\n nina@casa.test".into(),
        role: "caposervizio".into(),
        posts: "Radio Riva (conduttrice)\n\nEco di Sponda".into(),
        notes: "- chiamare dopo le 15\r\n- \"mai\" di lunedì".into(),
        ..nina()
    }
}

async fn contact(office: &Office, id: ContactId) -> salastampa_domain::Contact {
    office.store.read().await.expect("rows").find_contact(id).await.expect("rows").expect("there")
}

async fn is_closed(office: &Office, text: &str) -> bool {
    let mut rows = office.store.read().await.expect("rows");
    suppressed(&mut rows, &office.house, &address(text)).await.expect("rows").is_some()
}

#[tokio::test]
async fn an_address_is_one_persons_and_all_of_a_person_are_closed_together() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let id = add(desk, &nina_twice()).await.expect("added");
    let kept = contact(&office, id).await;
    assert_eq!(kept.others, [address("nina@casa.test")], "each once, without the first");
    assert_eq!(kept.outlets().collect::<Vec<_>>(), ["Il Lago", "Radio Riva", "Eco di Sponda"]);
    assert_eq!(kept.notes, "- chiamare dopo le 15\n- \"mai\" di lunedì");
    let other = |address: &str, others: &str| ContactForm {
        name: "Ugo Bassi".into(),
        address: address.into(),
        others: others.into(),
        ..nina()
    };
    assert_eq!(fields(add(desk, &other("nina@casa.test", "")).await), ["address"]);
    assert_eq!(fields(add(desk, &other("ugo@lago.test", "nina@casa.test")).await), ["others"]);
    assert_eq!(fields(add(desk, &other("ugo@lago.test", "nina@il-lago.test")).await), ["others"]);
    assert_eq!(fields(add(desk, &other("ugo@lago.test", "casa")).await), ["others"]);
    let long = ContactForm { posts: "x".repeat(201), notes: "x".repeat(4_001), ..other("ugo@lago.test", "") };
    assert_eq!(fields(add(desk, &long).await), ["posts", "notes"]);
    opt_out(desk, id).await.expect("left");
    assert!(is_closed(&office, "nina@il-lago.test").await && is_closed(&office, "nina@casa.test").await);
    let more = ContactForm { others: "nina@casa.test\nnina@eco.test".into(), ..nina_twice() };
    edit(desk, id, &mark_now(&office, id).await, &more).await.expect("changed");
    assert!(is_closed(&office, "nina@eco.test").await, "who has left has left under a new one, too");
    let back = add(desk, &other("ugo@lago.test", "x@lago.test")).await.expect("somebody else");
    assert!(contact(&office, back).await.opted_out_at.is_none());
    erase(desk, id).await.expect("erased");
    assert!(
        office
            .store
            .read()
            .await
            .expect("rows")
            .find_contact_by_any_address(&address("nina@casa.test"))
            .await
            .expect("rows")
            .is_none()
    );
    let again = add(desk, &other("n@lago.test", "nina@casa.test")).await.expect("added");
    assert!(contact(&office, again).await.opted_out_at.is_some(), "a further address that was erased is one as well");
}

#[tokio::test]
async fn the_way_out_of_a_mail_to_one_address_leads_out_of_all() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let id = add(desk, &nina()).await.expect("added");
    queued(&office, id, 1).await;
    let moved =
        ContactForm { address: "nina@casa.test".into(), others: "nina@il-lago.test\nn@eco.test".into(), ..nina() };
    edit(desk, id, &mark_now(&office, id).await, &moved).await.expect("another one is written to");
    let key = &office.house.key;
    let link = token::sign(key, &Token::unsubscribe(DeliveryId(1)));
    assert!(!leave::leave(&office.store, key, &link, NOW).await.expect("left").before);
    for closed in ["nina@il-lago.test", "nina@casa.test", "n@eco.test"] {
        assert!(is_closed(&office, closed).await, "{closed}");
    }
    assert_eq!(office.log().await, ["contact.add", "contact.edit", "contact.leave"]);
}

#[tokio::test]
async fn all_of_it_is_given_to_the_person_and_survives_a_table() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let id = add(desk, &nina_twice()).await.expect("added");
    let told: serde_json::Value = serde_json::from_str(&export(desk, id).await.expect("told")).expect("JSON");
    assert_eq!(told["other_addresses"][0], "nina@casa.test");
    assert_eq!((&told["role"], &told["other_outlets"][0]["role"]), (&"caposervizio".into(), &"conduttrice".into()));
    assert!(told["notes"].as_str().is_some_and(|notes| notes.contains("dopo le 15")), "notes are personal data");
    let before = contact(&office, id).await;
    let csv = export_all(desk, Shape::Csv).await.expect("exported");
    import_at_desk(desk, &csv, "g.csv", super::Trial::No).await.expect("imported");
    assert_eq!(contact(&office, id).await, before);
    let cards = export_all(desk, Shape::Cards).await.expect("exported");
    assert!(!cards.contains("dopo le 15"), "notes are for no telephone: {cards}");
    import_at_desk(desk, &cards, "g.vcf", super::Trial::No).await.expect("imported");
    assert_eq!(contact(&office, id).await, before);
    let edited = mark_now(&office, id).await;
    edit(desk, id, &edited, &ContactForm { notes: "altro".into(), ..nina_twice() }).await.expect("changed");
    let events = office.store.read().await.expect("rows").list_events_of(&Event::about_contact(id), 9).await;
    assert!(!format!("{events:?}").contains("altro"), "the log holds no notes: {events:?}");
}

#[tokio::test]
async fn a_table_knows_a_person_by_any_of_their_addresses() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let id = add(desk, &nina_twice()).await.expect("added");
    let form = ContactForm { name: "Ugo Bassi".into(), address: "ugo@lago.test".into(), ..nina() };
    add(desk, &form).await.expect("added");
    let text = "nome;email;altri indirizzi\nNina Valli;nina@casa.test;nina@eco.test\nX;ugo@lago.test;nina@casa.test\n";
    let done = import_at_desk(desk, text, "g.csv", super::Trial::No).await.expect("read");
    assert_eq!((done.taken, done.known), (1, 1), "{done:?}");
    assert!(done.refused[0].contains("«Ugo Bassi» e «Nina Valli»"), "{done:?}");
    let kept = contact(&office, id).await;
    assert_eq!(kept.address, address("nina@il-lago.test"), "which one is written to decides a person");
    assert_eq!(kept.others, [address("nina@casa.test"), address("nina@eco.test")]);
}

#[tokio::test]
async fn who_is_put_together_keeps_both_addresses_and_both_outlets() {
    let office = Office::new().await;
    let desk = office.desk("lia");
    let kept = add(desk, &nina()).await.expect("added");
    let other = ContactForm {
        address: "n.valli@radio.test".into(),
        outlet: "Radio Riva".into(),
        role: "conduttrice".into(),
        others: "nina@casa.test".into(),
        posts: "IL LAGO".into(),
        ..nina_twice()
    };
    let gone = add(desk, &other).await.expect("added");
    let groups = doubles::doubles(&mut office.store.read().await.expect("rows")).await.expect("groups");
    assert_eq!(groups.len(), 1, "they share a further outlet: {groups:?}");
    doubles::merge(desk, kept, &[gone]).await.expect("merged");
    let one = contact(&office, kept).await;
    assert_eq!(one.others, [address("n.valli@radio.test"), address("nina@casa.test"),]);
    assert_eq!(one.posts.iter().map(|post| post.words()).collect::<Vec<_>>(), ["Radio Riva (conduttrice)"]);
    let mut rows = office.store.read().await.expect("rows");
    let found = rows.find_contact_by_any_address(&address("n.valli@radio.test")).await.expect("rows");
    assert_eq!(found.map(|contact| contact.id), Some(kept));
}
