//! Who subscribed on the newsroom gets what is about their subjects: once, and never before the hour.

use super::*;
use salastampa_domain::{Privacy, Settings, Subscriber, SubscriberId};

async fn subscribed(office: &Office, mail: &str, topics: &[&str]) {
    let topics: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
    let subscriber = Subscriber {
        id: SubscriberId(0),
        address: address(mail),
        asked: topics.clone(),
        topics,
        asked_at: NOW,
        confirmed_at: Some(NOW),
        consent: "sì".into(),
        left_at: None,
    };
    let mut write = office.store.write().await.expect("a turn");
    write.record_subscriber(&subscriber).await.expect("a row");
    write
        .record_settings(&Settings { subscriptions: true, ..Settings::default() }, &Actor::Console, NOW)
        .await
        .expect("on");
    write.commit().await.expect("kept");
}

#[tokio::test]
async fn a_subscriber_gets_a_release_once_and_not_before_its_hour() {
    let mut office = office().await;
    let said = "x".to_owned();
    office.house.privacy = Privacy { controller: said.clone(), dpo: said.clone(), page: said };
    subscribed(&office, "ida@casa.test", &[]).await;
    subscribed(&office, "zoe@casa.test", &["altro-argomento"]).await;
    subscribed(&office, "rita@riva.test", &[]).await;
    let slug = office.begun("Riapre il ponte", "2027-01-15 12:00").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    let mut rows = office.store.read().await.expect("rows");
    let sent = rows.list_deliveries(DeliveryKind::Release, 1).await.expect("rows");
    let ida: Vec<_> = sent.iter().filter(|d| d.address == address("ida@casa.test")).collect();
    assert_eq!((ida.len(), ida[0].contact), (1, None));
    let embargo = Timestamp::parse("2027-01-15 12:00").expect("an instant");
    assert_eq!(ida[0].due_at, embargo.max(at(2)), "never under embargo before its hour");
    assert_eq!(sent.iter().filter(|d| d.address == address("rita@riva.test")).count(), 1, "on a list and a subscriber");
    assert!(sent.iter().any(|d| d.address == address("rita@riva.test") && d.contact.is_some()));
    assert!(sent.iter().all(|d| d.address != address("zoe@casa.test")), "about other subjects");
    let way_out = crate::token::sign(&office.house.key, &Token::unsubscribe(ida[0].id));
    drop(rows);
    crate::leave::leave(&office.store, &office.house.key, &way_out, at(3)).await.expect("left");
    let now = office.outbox(&slug).await;
    assert!(now.contains(&"v1 ida@casa.test suppressed".to_owned()), "{now:?}");
}
