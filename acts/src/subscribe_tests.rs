//! Subscriptions through their acts: asked for, confirmed, sent to, left, forgotten.

use super::*;
use crate::desk::small::{NOW, Office, address, fields};
use crate::leave;
use salastampa_domain::{Delivery, DeliveryId, Privacy, Settings};

async fn office() -> Office {
    let mut office = Office::new().await;
    let said = "x".to_owned();
    office.house.privacy = Privacy { controller: said.clone(), dpo: said.clone(), page: said };
    switch(&office, true).await;
    office
}

async fn switch(office: &Office, subscriptions: bool) {
    let mut write = office.store.write().await.expect("a transaction");
    let settings = Settings { subscriptions, ..Settings::default() };
    write.record_settings(&settings, &Actor::Console, NOW).await.expect("settings");
    write.commit().await.expect("a commit");
}

async fn asks(office: &Office, mail: &str, topics: &[&str], now: Timestamp) -> Result<()> {
    let topics: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
    ask(&office.store, &office.house, mail, &topics, topics.is_empty(), now).await
}

/// The letters that ask for a confirmation.
async fn letters(office: &Office, id: i64) -> Vec<Delivery> {
    office.store.read().await.expect("rows").list_deliveries(DeliveryKind::Subscription, id).await.expect("rows")
}

fn link(office: &Office, id: i64) -> String {
    let until = Some(NOW.plus(WAITS));
    token::sign(&office.house.key, &Token { purpose: TokenPurpose::Subscription, thing: id, reader: None, until })
}

async fn wanted_by(office: &Office, topics: &[&str]) -> Vec<String> {
    let topics: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
    let found = wanting(&mut office.store.read().await.expect("rows"), &office.house, &topics).await.expect("rows");
    found.into_iter().map(|subscriber| subscriber.address.as_str().to_owned()).collect()
}

#[tokio::test]
async fn only_who_confirms_from_the_mailbox_is_sent_what_they_asked_for() {
    let office = office().await;
    asks(&office, "Ida@Casa.test", &["lavori-pubblici"], NOW).await.expect("asked");
    let letter = letters(&office, 1).await.remove(0);
    assert_eq!((letter.address.as_str(), letter.expires_at), ("ida@casa.test", Some(NOW.plus(WAITS))));
    let bytes = office.store.files().get(&letter.letter).await.expect("files").expect("frozen");
    assert!(
        String::from_utf8_lossy(&bytes).contains(&format!("/iscrizione/{}", link(&office, 1))),
        "the link is in it"
    );
    assert!(wanted_by(&office, &["Lavori pubblici"]).await.is_empty(), "typed is not confirmed");
    behind(&mut office.store.read().await.expect("rows"), &office.house, &link(&office, 1), NOW).await.expect("a look");
    assert!(wanted_by(&office, &["Lavori pubblici"]).await.is_empty(), "a look changes nothing");
    let done = confirm(&office.store, &office.house, &link(&office, 1), NOW.plus(HOUR)).await.expect("confirmed");
    assert_eq!((done.confirmed_at, done.consent.is_empty()), (Some(NOW.plus(HOUR)), false));
    confirm(&office.store, &office.house, &link(&office, 1), NOW.plus(2 * HOUR)).await.expect("twice is once");
    assert_eq!(wanted_by(&office, &["Lavori Pubblici", "scuola"]).await, ["ida@casa.test"]);
    assert!(wanted_by(&office, &["scuola"]).await.is_empty());
    assert_eq!(office.log().await, ["subscriber.confirm"]);
    for wrong in ["", "x", &token::sign(&office.house.key, &Token::unsubscribe(DeliveryId(1)))] {
        let refused = confirm(&office.store, &office.house, wrong, NOW).await;
        assert!(matches!(refused, Err(crate::Error::Denied(Denied::Unknown { .. }))), "{wrong}");
    }
    assert!(confirm(&office.store, &office.house, &link(&office, 1), NOW.plus(WAITS + 1)).await.is_err(), "it is over");
    switch(&office, false).await;
    assert!(wanted_by(&office, &["Lavori pubblici"]).await.is_empty(), "switched off, nothing leaves");
    assert!(asks(&office, "ugo@casa.test", &[], NOW).await.is_err());
}

#[tokio::test]
async fn nobody_is_bombed_and_the_form_tells_nothing() {
    let office = office().await;
    for minutes in 0..5 {
        asks(&office, "ida@casa.test", &[], NOW.plus(minutes)).await.expect("the same answer each time");
    }
    assert_eq!(letters(&office, 1).await.len(), 1, "one a day");
    asks(&office, "ida@casa.test", &[], NOW.plus(DAY)).await.expect("asked");
    assert_eq!(letters(&office, 1).await.len(), 2);
    for n in 0..AN_HOUR + 5 {
        asks(&office, &format!("u{n}@casa.test"), &[], NOW.plus(DAY)).await.expect("the same answer for everybody");
    }
    let mut rows = office.store.read().await.expect("rows");
    assert_eq!(rows.count_subscriptions_asked(NOW.plus(DAY - HOUR)).await.expect("rows"), AN_HOUR);
    drop(rows);
    assert_eq!(fields(asks(&office, "casa", &["x"], NOW).await), ["indirizzo"]);
    let nothing = ask(&office.store, &office.house, "z@casa.test", &[], false, NOW).await;
    assert_eq!(fields(nothing), ["argomento"]);
    let mut write = office.store.write().await.expect("a transaction");
    assert!(write.purge_subscribers(NOW.plus(4 * DAY)).await.expect("forgotten") > 0);
    assert!(write.find_subscriber_by_address(&address("ida@casa.test")).await.expect("rows").is_none());
}

#[tokio::test]
async fn who_leaves_is_left_alone_until_they_confirm_anew_and_who_is_erased_is_gone() {
    let office = office().await;
    asks(&office, "ida@casa.test", &[], NOW).await.expect("asked");
    confirm(&office.store, &office.house, &link(&office, 1), NOW).await.expect("confirmed");
    let key = &office.house.key;
    let way_out = token::sign(key, &Token::unsubscribe(DeliveryId(1)));
    leave::leave(&office.store, key, &way_out, NOW).await.expect("left");
    assert!(wanted_by(&office, &[]).await.is_empty());
    confirm(&office.store, &office.house, &link(&office, 1), NOW.plus(1)).await.expect("another mind");
    assert_eq!(wanted_by(&office, &[]).await, ["ida@casa.test"]);
    let hash = token::suppression(key, &address("ida@casa.test"));
    assert!(office.store.read().await.expect("rows").find_suppression(&hash).await.expect("rows").is_none());
    let told = export(office.desk("lia"), SubscriberId(1)).await.expect("told");
    assert!(told.contains("ida@casa.test") && told.contains("\"basis\": \"consent\""), "{told}");
    assert!(export(office.desk("ivo"), SubscriberId(1)).await.is_err());
    erase(office.desk("lia"), SubscriberId(1)).await.expect("erased");
    let mut rows = office.store.read().await.expect("rows");
    assert!(rows.find_subscriber(SubscriberId(1)).await.expect("rows").is_none());
    let sent = rows.list_deliveries(DeliveryKind::Subscription, 1).await.expect("rows").remove(0);
    assert!(crate::contacts::is_alias(&sent.address), "{}", sent.address);
    assert!(rows.find_suppression(&hash).await.expect("rows").is_some(), "kept out until they confirm anew");
    let log = format!("{:?}", rows.list_events(100).await.expect("a log"));
    assert!(!log.contains("ida@"), "{log}");
}
