//! The desk under attack: forms of other sites, planted sessions, guessed passwords, paths and files that are none.

use crate::world::{Seat, World};
use axum::http::StatusCode;
use salastampa_acts::user;
use salastampa_domain::Role;

const NOW: &str = "2026-11-25 06:45";

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let world = World::new(NOW).await;
    let seat = world.enter("lia", Role::Chief).await;
    let fields = [("_csrf", seat.csrf.as_str())];
    for headers in [
        [("origin", "https://altrove.test")].as_slice(),
        &[("origin", "null")],
        &[("origin", "https://stampa.bellariva.test.altrove.test")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
    ] {
        let answer = world.post(Some(&seat.cookie), "/desk/esci", &fields, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    // nor does one of ours without the word, or with that of another session
    let other = world.enter("ugo", Role::Chief).await;
    for word in ["", "x", other.csrf.as_str()] {
        let answer = world.post(Some(&seat.cookie), "/desk/esci", &[("_csrf", word)], &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{word:?}");
    }
    assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::OK, "nobody was logged out");
    let ours = [("origin", "https://stampa.bellariva.test"), ("sec-fetch-site", "same-origin")];
    let answer = world.post(Some(&seat.cookie), "/desk/esci", &fields, &ours).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        world.see(&seat, "/desk/oggi").await.status,
        StatusCode::SEE_OTHER,
        "the session is gone, not the cookie"
    );
}

#[tokio::test]
async fn a_planted_session_opens_nothing_and_each_login_makes_a_new_one() {
    let world = World::new(NOW).await;
    let planted = Seat { cookie: format!("salastampa={}", "a".repeat(64)), csrf: String::new() };
    assert_eq!(world.see(&planted, "/desk/oggi").await.status, StatusCode::SEE_OTHER);
    let cookie = login(&world, "lia", Some(&planted.cookie)).await;
    assert!(!cookie.contains(&"a".repeat(64)), "{cookie}");
    for part in ["Path=/desk", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let again = login(&world, "lia", Some(&cookie)).await;
    assert_ne!(cookie.split(';').next(), again.split(';').next());
    assert_eq!(world.see(&planted, "/desk/oggi").await.status, StatusCode::SEE_OTHER);
}

/// Logs in with the right password; gives the cookie that is set.
async fn login(world: &World, name: &str, cookie: Option<&str>) -> String {
    let seat = world.enter(name, Role::Editor).await;
    drop(seat);
    let site = world.site();
    user::set_password(&site.store, &site.house, name, "una parola lunga", site.clock.now()).await.expect("a password");
    let fields = [("nome", name), ("password", "una parola lunga"), ("dopo", "https://altrove.test/")];
    let answer = world.post(cookie, "/desk/entra", &fields, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, Some("/desk/oggi")));
    answer.header("set-cookie").expect("a cookie").to_owned()
}

#[tokio::test]
async fn a_thousand_wrong_logins_cost_the_guesser_and_not_the_office() {
    let world = World::new(NOW).await;
    world.enter("lia", Role::Chief).await;
    let site = world.site();
    user::set_password(&site.store, &site.house, "lia", "una parola lunga", site.clock.now())
        .await
        .expect("a password");
    let mut looked_at = 0;
    for guess in 0..1_000 {
        let guess = format!("tentativo {guess}");
        let answer = world.post(None, "/desk/entra", &[("nome", "lia"), ("password", &guess)], &[]).await;
        match answer.status {
            StatusCode::UNPROCESSABLE_ENTITY => looked_at += 1,
            StatusCode::TOO_MANY_REQUESTS => assert!(answer.body.contains("riapre alle 06:46"), "{}", answer.body),
            other => panic!("{other}"),
        }
    }
    assert_eq!(looked_at, 5, "the sixth password is not looked at any more");
    // also the right one waits, and then opens
    let right = [("nome", "lia"), ("password", "una parola lunga")];
    assert_eq!(world.post(None, "/desk/entra", &right, &[]).await.status, StatusCode::TOO_MANY_REQUESTS);
    world.set("2026-11-25 06:47");
    assert_eq!(world.post(None, "/desk/entra", &right, &[]).await.status, StatusCode::SEE_OTHER);
    // and an unknown name is answered like a known one
    world.set("2026-11-25 09:00");
    let known = world.post(None, "/desk/entra", &[("nome", "lia"), ("password", "x")], &[]).await;
    let unknown = world.post(None, "/desk/entra", &[("nome", "nessuno"), ("password", "x")], &[]).await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.body.replace("\"lia\"", ""), unknown.body.replace("\"nessuno\"", ""));
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_when_it_is_old_and_with_its_user() {
    let world = World::new(NOW).await;
    let seat = world.enter("lia", Role::Editor).await;
    world.set("2026-11-25 07:14");
    assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::OK);
    world.set("2026-11-25 07:45");
    assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::SEE_OTHER, "half an hour without a request");
    let seat = world.enter("lia", Role::Editor).await;
    for minute in (0..12 * 60).step_by(20) {
        let at = format!("2026-11-25 {:02}:{:02}", (7 * 60 + 45 + minute) / 60 % 24, (7 * 60 + 45 + minute) % 60);
        world.set(&at);
        assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::OK, "{at}");
    }
    world.set("2026-11-25 19:46");
    assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::SEE_OTHER, "twelve hours in any case");
}

#[tokio::test]
async fn paths_lead_to_the_files_of_the_list_and_nowhere_else() {
    let world = World::new(NOW).await;
    for path in [
        "/static/../Cargo.toml",
        "/static/..%2f..%2fCargo.toml",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/desk.css",
        "/static/vendor/sprites.svg",
        "/static/%00",
        "/static//etc/passwd",
    ] {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_form_that_is_too_large_or_no_form_is_refused_with_a_sentence() {
    let world = World::new(NOW).await;
    let seat = world.enter("lia", Role::Chief).await;
    let large = "a".repeat(9 * 1024 * 1024);
    let answer = world.send(&seat, "/desk/esci", &[("testo", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("non è stato salvato nulla"), "{}", answer.body);
    let many: Vec<(&str, &str)> = (0..6_000).map(|_| ("riga", "1")).collect();
    assert_eq!(world.send(&seat, "/desk/esci", &many).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let json = world.post(Some(&seat.cookie), "/desk/esci", &[], &[("content-type", "application/json")]).await;
    assert_eq!(json.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_of_the_desk_are_in_no_cache_no_search_engine_and_no_frame() {
    let world = World::new(NOW).await;
    let seat = world.enter("lia", Role::Chief).await;
    for path in ["/desk/oggi", "/desk/mai", "/desk/preferenze"] {
        let page = world.see(&seat, path).await;
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(page.header("x-robots-tag"), Some("noindex"), "{path}");
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
