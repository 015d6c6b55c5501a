//! Subscribing on the newsroom, from outside: a form that tells nothing, a link that one press confirms, a page at the desk.

use crate::people::done;
use crate::world::{Answer, Seat, World, at};
use axum::http::StatusCode;
use salastampa_acts::token;
use salastampa_domain::{Actor, DeliveryKind, Role, Settings, Token, TokenPurpose};

const NOW: &str = "2026-11-25 06:45";

async fn switched_on(world: &World) {
    let mut write = world.site().store.write().await.expect("a transaction");
    let settings = Settings { subscriptions: true, ..Settings::default() };
    write.record_settings(&settings, &Actor::Console, at(NOW)).await.expect("settings");
    write.commit().await.expect("a commit");
}

/// Sends the public form, as anybody who passes by.
async fn sent(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    world.send(&Seat { cookie: String::new(), csrf: String::new() }, path, fields).await
}

#[tokio::test]
async fn a_form_without_script_or_cookie_and_a_link_that_one_press_confirms() {
    let world = World::new(NOW).await.with_privacy();
    world.release("ponte", 1, None).await;
    assert_eq!(world.get("/iscrizione").await.status, StatusCode::NOT_FOUND, "off until the office switches it on");
    assert_eq!(
        sent(&world, "/iscrizione", &[("indirizzo", "ida@casa.test"), ("argomento", "")]).await.status,
        StatusCode::NOT_FOUND
    );
    switched_on(&world).await;
    let form = world.get("/iscrizione").await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.header("set-cookie").is_none() && !form.body.contains("<script"), "{}", form.body);
    assert!(
        form.body.contains("https://www.bellariva.test/privacy") && form.body.contains("acconsenti"),
        "{}",
        form.body
    );
    assert!(world.get("/novita/argomenti").await.body.contains("href=\"/iscrizione\""));
    let wrong = sent(&world, "/iscrizione", &[("indirizzo", "\"><script>"), ("altro", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Scegli almeno un argomento") && !wrong.body.contains("\"><script>"), "{}", wrong.body);
    let first = sent(&world, "/iscrizione", &[("indirizzo", "ida@casa.test"), ("argomento", "")]).await;
    let again = sent(&world, "/iscrizione", &[("indirizzo", "ida@casa.test"), ("argomento", "")]).await;
    assert!(
        first.body.contains("Guarda la tua posta") && first.body == again.body,
        "the same whether it is known or not"
    );
    let mut rows = world.site().store.read().await.expect("rows");
    assert_eq!(rows.list_deliveries(DeliveryKind::Subscription, 1).await.expect("rows").len(), 1);
    drop(rows);
    let until = Some(at(NOW).plus(salastampa_acts::subscribe::WAITS));
    let link = Token { purpose: TokenPurpose::Subscription, thing: 1, reader: None, until };
    let path = format!("/iscrizione/{}", token::sign(&world.site().house.key, &link));
    assert!(world.get(&path).await.body.contains("ida@casa.test"));
    let seat = world.enter("elio", Role::Editor).await;
    assert!(world.see(&seat, "/desk/iscritti").await.body.contains("0 iscritti"), "a look changes nothing");
    assert!(sent(&world, &path, &[]).await.body.contains("Sei tra gli iscritti"));
    let list = world.see(&seat, "/desk/iscritti").await.body;
    assert!(list.contains("ida@casa.test") && list.contains("1 iscritto riceve"), "{list}");
    let data = world.send(&seat, "/desk/iscritti/1/dati", &[]).await;
    assert!(data.body.contains("\"consent\""), "{}", data.body);
    assert!(done(&world, &seat, "/desk/iscritti/1/cancella", &[]).await.body.contains("Non è stato cancellato nulla"));
    let gone = done(&world, &seat, "/desk/iscritti/1/cancella", &[("certo", "1")]).await.body;
    assert!(gone.contains("è stato cancellato") && !gone.contains("ida@casa.test"), "{gone}");
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND);
    let viewer = world.enter("ivo", Role::Viewer).await;
    assert_ne!(world.see(&viewer, "/desk/iscritti").await.status, StatusCode::OK);
}
