//! What visits have taught of a source, as people see it; and the address that hubs speak to.

use crate::people::source;
use crate::world::{Answer, World, at};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use ring::hmac;
use salastampa_acts::token;
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    Days, Gaps, Health, Learned, Place, Profile, PublisherSignals, Quiet, Role, SourceId, Subscription, Timestamp,
    Token, TokenPurpose, Validators,
};
use salastampa_store::Left;

const NOW: &str = "2026-11-25 07:00";

/// A source that is known to bring two items an hour, every day.
fn talkative() -> Profile {
    let days = [Days { seen: 4, mean: 48_000, variance: 48_000 }; 3];
    Profile { hours: [[2_000; 24]; 3], seen: [[4; 24]; 3], days, ..Profile::default() }
}

async fn taught(world: &World, source: SourceId, health: Health, learned: Learned) {
    let left = Left { next_at: at("2026-11-25 08:00"), health, validators: Validators::default(), learned, gate: None };
    let mut write = world.site().store.write().await.expect("a transaction");
    write.record_left(source, &left).await.expect("a source");
    write.commit().await.expect("a commit");
}

#[tokio::test]
async fn silence_and_what_was_probably_missed_are_told() {
    let world = World::new(NOW).await;
    let quiet = source(&world, "muta", Health::Alive).await;
    let alarm = Quiet { since: at("2026-11-24 23:00"), at: at("2026-11-25 06:00"), expected: 16_400 };
    let learned = Learned {
        profile: talkative(),
        quiet: Some(alarm),
        gaps: Gaps { times: 2, last: None, repaired: 7 },
        signals: PublisherSignals { ai_agents: vec!["gptbot".into()], tdm_reserved: Some(true) },
        ..Learned::default()
    };
    taught(&world, quiet, Health::Alive, learned).await;
    let ill = source(&world, "ferma", Health::Alive).await;
    let health = Health::Ill { since: at("2026-11-25 01:00"), times: 4, why: "il sito risponde 503".into() };
    taught(&world, ill, health, Learned { profile: talkative(), ..Learned::default() }).await;
    let chief = world.enter("rita", Role::Chief).await;
    let page = world.see(&chief, "/desk/fonti/muta").await.body;
    for words in [
        "silenziosa",
        "non porta nulla dal 24 novembre alle 23:00. In questo tempo di solito porta circa 16 notizie.",
        "Apri il sito: se continua a pubblicare",
        "circa 48 notizie in un giorno come oggi",
        "2 visite in cui può essersi perso qualcosa; 7 notizie ritrovate nella sitemap",
        "gptbot",
        "riservata dall&#39;editore",
    ] {
        assert!(page.contains(words), "no {words:?} in {page}");
    }
    let list = world.see(&chief, "/desk/fonti?stato=malate").await.body;
    assert!(list.contains("fonte-muta") && list.contains("fonte-ferma"), "{list}");
    let today = world.see(&chief, "/desk/oggi").await.body;
    for words in [
        "Nelle ultime 24 ore attese circa 96 notizie, arrivate 0.",
        "In questo tempo di solito porta circa 12 notizie.",
    ] {
        assert!(today.contains(words), "no {words:?} in {today}");
    }
}

#[tokio::test]
async fn an_address_that_the_site_names_is_taken_by_the_administrator_alone() {
    let world = World::new(NOW).await;
    let id = source(&world, "persa", Health::Alive).await;
    let place = Place { url: "https://persa.test/nuovo.xml".into(), host: "persa.test".into() };
    taught(&world, id, Health::Alive, Learned { proposed: vec![place], ..Learned::default() }).await;
    let (chief, admin) = (world.enter("rita", Role::Chief).await, world.enter("ada", Role::Admin).await);
    let read = world.see(&chief, "/desk/fonti/persa").await.body;
    assert!(!read.contains("/desk/fonti/persa/indirizzo"), "{read}");
    let page = world.see(&admin, "/desk/fonti/persa").await.body;
    assert!(page.contains("https://persa.test/nuovo.xml") && page.contains("Usa questo indirizzo"), "{page}");
    let url = async || {
        let mut rows = world.site().store.read().await.expect("rows");
        rows.find_source("persa").await.expect("rows").expect("a source").url
    };
    let before = url().await;
    for (seat, wanted) in [(&chief, "https://persa.test/nuovo.xml"), (&admin, "https://altrove.test/mai-proposto.xml")]
    {
        world.send(seat, "/desk/fonti/persa/indirizzo", &[("url", wanted)]).await;
        assert_eq!(url().await, before, "{wanted}");
    }
    world.send(&admin, "/desk/fonti/persa/indirizzo", &[("url", "https://persa.test/nuovo.xml")]).await;
    assert_eq!(url().await, "https://persa.test/nuovo.xml");
    let page = world.see(&admin, "/desk/fonti/persa").await.body;
    assert!(page.contains("Indirizzo indicato dal sito, scelto dal desk."), "{page}");
    world.send(&admin, "/desk/fonti/persa/dichiarato", &[("field", "address")]).await;
    assert_eq!(url().await, before, "the way back is open");
}

async fn hub_says(world: &World, path: &str, signature: &str, body: &str) -> Answer {
    let request = Request::post(path).header("x-hub-signature", signature).body(Body::from(body.to_owned()));
    world.answer(request.expect("a request")).await
}

#[tokio::test]
async fn a_hub_is_heard_about_its_own_feed_with_its_own_signature() {
    let world = World::new(NOW).await;
    let id = source(&world, "viva", Health::Alive).await;
    taught(&world, id, Health::Alive, Learned::default()).await;
    let now = at(NOW);
    let topic = "https://viva.test/feed.xml";
    let mut write = world.site().store.write().await.expect("a transaction");
    let asked =
        Subscription { source: id, hub: "https://hub.test/".into(), topic: topic.into(), asked_at: now, until: None };
    write.record_subscription(&asked).await.expect("a row");
    write.commit().await.expect("a commit");
    let key = world.site().house.key.clone();
    let path = format!(
        "/websub/{}",
        token::sign(&key, &Token { purpose: TokenPurpose::Hub, thing: id.0, reader: None, until: None })
    );
    let challenge = |topic: &str| {
        format!("{path}?hub.mode=subscribe&hub.topic={topic}&hub.challenge=prova-7&hub.lease_seconds=864000")
    };
    assert_eq!(world.get(&challenge("https://altro.test/feed.xml")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.get(&challenge(topic).replace("-h-", "-x-").replace("/h-", "/u-")).await.status,
        StatusCode::NOT_FOUND
    );
    let yes = world.get(&challenge(topic)).await;
    assert_eq!((yes.status, yes.body.as_str()), (StatusCode::OK, "prova-7"));
    let lease = async || {
        let mut rows = world.site().store.read().await.expect("rows");
        rows.find_subscription(id).await.expect("rows").expect("a subscription")
    };
    assert_eq!(lease().await.until, Some(now.plus(240 * HOUR)));
    let due = async || {
        let mut rows = world.site().store.read().await.expect("rows");
        rows.find_source("viva").await.expect("rows").expect("a source").next_at
    };
    let later: Timestamp = at("2026-11-25 08:00");
    assert_eq!(hub_says(&world, &path, "sha256=00", "<rss/>").await.status, StatusCode::NO_CONTENT);
    assert_eq!(due().await, later, "a forged word changes nothing");
    let secret = token::hub_secret(&key, id);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), b"<rss/>");
    let signature: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hub_says(&world, &path, &format!("sha256={signature}"), "<rss/>").await.status, StatusCode::NO_CONTENT);
    assert_eq!(due().await, now);
    world.get(&format!("{path}?hub.mode=denied&hub.topic={topic}")).await;
    assert_eq!(lease().await.until, None, "refused: the feed is visited at its own pace");
}
