//! The desk from outside: requests to the router over a small office in a folder.

use crate::world::World;
use axum::http::StatusCode;
use salastampa_domain::Role;

#[tokio::test]
async fn who_is_not_logged_in_is_sent_to_the_login_and_comes_back() {
    let world = World::new("2026-11-25 06:45").await;
    let away = world.get("/desk/archivio?q=%22ponte%22").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    assert_eq!(away.header("location"), Some("/desk/entra?dopo=/desk/archivio%3Fq%3D%2522ponte%2522"));
    let login = world.get(away.header("location").expect("a way")).await;
    assert!(login.body.contains("name=\"dopo\" value=\"/desk/archivio?q=%22ponte%22\""), "{}", login.body);
    let seat = world.enter("lia", Role::Editor).await;
    assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::OK);
    assert_eq!(world.see(&seat, "/desk/mai").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_comes_after_the_session_has_ended_is_given_back() {
    let world = World::new("2026-11-25 06:45").await;
    let seat = world.enter("lia", Role::Editor).await;
    world.set("2026-11-25 07:16");
    let lost = world.send(&seat, "/desk/temi/nuovo", &[("nome", "Il \"lungolago\" <b>")]).await;
    assert_eq!(lost.status, StatusCode::UNAUTHORIZED);
    assert!(
        lost.body.contains("Il \\&#34;lungolago\\&#34; &#60;b&#62;") || lost.body.contains("lungolago"),
        "{}",
        lost.body
    );
    assert!(!lost.body.contains(&seat.csrf), "the old word is not kept");
}
