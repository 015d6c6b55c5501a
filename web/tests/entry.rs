//! Coming in: the first run, the second factor, invitations, users, settings, the log, health; and who may not.

use crate::world::{Seat, World, at};
use axum::http::StatusCode;
use salastampa_acts::{second_factor, setup, totp, user};
use salastampa_domain::{Actor, Role, Settings};
use salastampa_locale::Lang;

const NOW: &str = "2026-11-25 06:45";
const PASSWORD: &str = "una parola lunga";

/// A world where nobody can log in, and the token of its link.
async fn empty() -> (World, String) {
    let world = World::empty(NOW).await;
    let token = setup::offer(&world.site().store, at(NOW)).await.expect("an answer").expect("nobody is there");
    (world, token)
}

fn answers() -> Vec<(&'static str, &'static str)> {
    vec![
        ("office", "Comune di Maresio Terme"),
        ("town", "Maresio Terme"),
        ("province", "Lecco"),
        ("mayor_name", "Zeno <b>Fabbrini</b>"),
        ("mayor_office", "Sindaco"),
        ("mayor_address", "sindaco@maresio.test"),
        ("assessor_1_name", "Carla D'Avolio"),
        ("assessor_1_office", "assessora alla scuola"),
        ("hour", "07:00"),
        ("sender_name", "Ufficio stampa"),
        ("sender", "stampa@maresio.test"),
        ("mail", "folder"),
        ("smtp_port", "587"),
        ("smtp_tls", "opportunistic"),
        ("name", "Lia Neri"),
        ("login", "lia"),
        ("address", "lia@maresio.test"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ]
}

#[tokio::test]
async fn the_set_up_keeps_what_was_typed_and_ends_in_an_office() {
    let (world, token) = empty().await;
    let path = format!("/desk/avvio/{token}");
    let page = world.get(&path).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, Some("no-store")));
    for lost in ["/desk/avvio/", "/desk/avvio/abc", &format!("{path}0")] {
        assert_ne!(world.get(lost).await.status, StatusCode::OK, "{lost}");
    }
    let mut wrong = answers();
    wrong.retain(|(name, _)| *name != "office");
    wrong.push(("office", "\"><script>alert(1)</script>"));
    wrong.retain(|(name, _)| *name != "again");
    let refused = world.post(None, &path, &wrong, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"errore-again\"") && refused.body.contains("Zeno &#60;b&#62;Fabbrini"));
    assert!(!refused.body.contains("<script>alert") && !refused.body.contains(PASSWORD));

    let mut test = answers();
    test.push(("action", "test"));
    let tried = world.post(None, &path, &test, &[]).await;
    let back = tried.header("location").expect("a way back").to_owned();
    assert!(back.starts_with(&format!("{path}?prova=")), "{back}");
    let waiting = world.get(back.split('#').next().unwrap_or_default()).await;
    assert!(waiting.body.contains("in viaggio") && waiting.body.contains("Maresio Terme"), "{}", waiting.body);

    let founded = world.post(None, &path, &answers(), &[]).await;
    assert!(founded.body.contains("lia-admin") && founded.body.contains("07:00"), "{}", founded.body);
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND, "the link has done its work");
    assert_eq!(world.post(None, &path, &answers(), &[]).await.status, StatusCode::NOT_FOUND);
}

/// Logs in by name and password; gives where that leads, and the session.
async fn login(world: &World, name: &str) -> (String, String) {
    let answer = world.post(None, "/desk/entra", &[("nome", name), ("password", PASSWORD)], &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    (answer.header("location").expect("a way").to_owned(), cookie(answer.header("set-cookie")))
}

fn cookie(header: Option<&str>) -> String {
    header.and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned()
}

fn csrf(page: &str) -> String {
    let (_, after) = page.split_once("name=\"_csrf\" value=\"").expect("a form");
    after.split('"').next().unwrap_or_default().to_owned()
}

fn code(page: &str, now: &str) -> String {
    let (_, after) = page.split_once("class=\"desk-secret\">").expect("the secret");
    let secret = totp::from_base32(after.split('<').next().unwrap_or_default()).expect("base 32");
    totp::code(&secret, at(now).0 / totp::STEP)
}

#[tokio::test]
async fn who_approves_sets_a_telephone_up_before_anything_else_opens() {
    let world = World::new(NOW).await;
    world.enter("lia", Role::Chief).await;
    let site = world.site();
    let secure = Settings { second_factor: vec![Role::Chief], ..Settings::default() };
    let mut write = site.store.write().await.expect("a transaction");
    write.record_settings(&secure, &Actor::Console, at(NOW)).await.expect("settings");
    write.commit().await.expect("a commit");
    user::set_password(&site.store, &site.house, "lia", PASSWORD, at(NOW)).await.expect("a password");

    let (next, half) = login(&world, "lia").await;
    assert_eq!(next, "/desk/codice/nuovo?dopo=/desk/oggi");
    let half = Seat { cookie: half, csrf: String::new() };
    for closed in ["/desk/oggi", "/desk/archivio", "/desk/preferenze", "/desk/registro"] {
        let away = world.see(&half, closed).await;
        assert_eq!(away.header("location"), Some("/desk/codice"), "{closed}");
    }
    let page = world.see(&half, &next).await;
    let (secret_code, word) = (code(&page.body, NOW), csrf(&page.body));
    let wrong =
        world.post(Some(&half.cookie), "/desk/codice/nuovo", &[("_csrf", &word), ("code", "000000")], &[]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [("_csrf", word.as_str()), ("code", secret_code.as_str()), ("dopo", "/desk/temi")];
    let kept = world.post(Some(&half.cookie), "/desk/codice/nuovo", &right, &[]).await;
    assert!(kept.body.contains("desk-codes") && kept.body.contains("href=\"/desk/temi\""), "{}", kept.body);
    let whole = Seat { cookie: cookie(kept.header("set-cookie")), csrf: String::new() };
    assert_ne!(whole.cookie, half.cookie, "a new session for the new right");
    assert_eq!(world.see(&whole, "/desk/oggi").await.status, StatusCode::OK);
    assert_eq!(world.see(&half, "/desk/oggi").await.status, StatusCode::SEE_OTHER, "the half one is over");

    // the next login asks for a code, and takes none twice
    let (next, half) = login(&world, "lia").await;
    assert_eq!(next, "/desk/codice?dopo=/desk/oggi");
    let seat = Seat { cookie: half.clone(), csrf: String::new() };
    let word = csrf(&world.see(&seat, &next).await.body);
    let again = world.post(Some(&half), "/desk/codice", &[("_csrf", &word), ("code", &secret_code)], &[]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "taken before");
    world.set("2026-11-25 06:46");
    let fresh = code(&page.body, "2026-11-25 06:46");
    let open = world.post(Some(&half), "/desk/codice", &[("_csrf", &word), ("code", &fresh)], &[]).await;
    assert_eq!((open.status, open.header("location")), (StatusCode::SEE_OTHER, Some("/desk/oggi")));
}

#[tokio::test]
async fn an_invitation_lets_somebody_choose_a_password_without_a_login() {
    let world = World::new(NOW).await;
    let admin = world.enter("piero", Role::Admin).await;
    let fields = [("login", "ugo"), ("name", "Ugo <i>Bassi</i>"), ("address", ""), ("role", "viewer")];
    let made = world.send(&admin, "/desk/operatori/nuovo", &fields).await;
    let (_, after) = made.body.split_once("stampa.bellariva.test/desk/invito/").expect("a link");
    let link = format!("/desk/invito/{}", &after[..64]);
    assert!(made.body.contains("Ugo &#60;i&#62;Bassi"));
    assert_eq!(world.get(&link).await.status, StatusCode::OK);
    let short = world.post(None, &link, &[("password", "corta"), ("again", "corta")], &[]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = world.post(None, &link, &[("password", PASSWORD), ("again", PASSWORD)], &[]).await;
    let seat = Seat { cookie: cookie(chosen.header("set-cookie")), csrf: String::new() };
    assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::OK);
    assert_eq!(world.get(&link).await.status, StatusCode::NOT_FOUND, "it opens once");
    assert_eq!(world.get("/desk/invito/nessuno").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_role_sees_what_is_its_own() {
    let world = World::new(NOW).await;
    let ok = StatusCode::OK;
    let no = StatusCode::FORBIDDEN;
    let table = [
        ("/desk/operatori", [no, no, ok, ok]),
        ("/desk/operatori/nuovo", [no, no, no, ok]),
        ("/desk/operatori/1", [no, no, no, ok]),
        ("/desk/impostazioni", [no, no, ok, ok]),
        ("/desk/salute", [no, no, ok, ok]),
        ("/desk/registro", [no, ok, ok, ok]),
        ("/desk/preferenze", [ok, ok, ok, ok]),
        ("/desk/codice/nuovo", [ok, ok, ok, ok]),
    ];
    for (n, role) in Role::ALL.into_iter().enumerate() {
        let seat = world.enter(role.name(), role).await;
        for (path, expected) in table {
            assert_eq!(world.see(&seat, path).await.status, expected[n], "{path} as {}", role.name());
        }
        if role != Role::Admin {
            for path in [
                "/desk/operatori/1/chiudi",
                "/desk/operatori/1/invito",
                "/desk/operatori/1/secondo-fattore",
                "/desk/impostazioni",
            ] {
                world.send(&seat, path, &[("part", "office"), ("office", "Preso"), ("town", "x")]).await;
            }
            let csv = world.send(&seat, "/desk/registro/csv", &[]).await;
            let may = role == Role::Chief;
            assert_eq!(csv.status, if may { ok } else { StatusCode::SEE_OTHER }, "{}", role.name());
        }
    }
    let mut rows = world.site().store.read().await.expect("rows");
    assert_eq!(rows.find_settings().await.expect("an answer"), None, "nobody but an administrator changed anything");
    assert!(rows.list_users().await.expect("users").iter().all(|user| user.disabled_at.is_none()));
}

#[tokio::test]
async fn settings_are_saved_apart_and_a_stale_form_overwrites_nothing() {
    let world = World::new(NOW).await;
    let piero = world.enter("piero", Role::Admin).await;
    let carla = world.enter("carla", Role::Admin).await;
    let office = |town: &'static str, version: &'static str| {
        [
            ("part", "office"),
            ("version", version),
            ("office", "Comune di <Maresio>"),
            ("town", town),
            ("language", "it"),
        ]
    };
    let mail = [
        ("part", "mail"),
        ("version", "0"),
        ("sender_name", "Ufficio stampa"),
        ("sender", "stampa@maresio.test"),
        ("mail", "smtp"),
        ("smtp_host", "posta.maresio.test"),
        ("smtp_port", "587"),
        ("smtp_tls", "starttls"),
        ("smtp_password", "il segreto del server"),
    ];
    assert_eq!(world.send(&piero, "/desk/impostazioni", &mail).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.send(&piero, "/desk/impostazioni", &office("Maresio", "1")).await.status, StatusCode::SEE_OTHER);
    let stale = world.send(&carla, "/desk/impostazioni", &office("Altrove", "1")).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("piero di prova") && stale.body.contains("value=\"Altrove\""), "{}", stale.body);
    assert!(stale.body.contains("<dd>Maresio</dd>"), "both texts: {}", stale.body);
    let page = world.see(&carla, "/desk/impostazioni").await.body;
    assert!(page.contains("value=\"Maresio\"") && page.contains("Comune di &#60;Maresio&#62;"));
    let log = world.see(&carla, "/desk/registro").await.body;
    for page in [&page, &log, &stale.body] {
        assert!(!page.contains("il segreto"), "the password is on a page");
    }
    assert!(log.contains("ha cambiato le impostazioni"), "{log}");
    let csv = world.send(&carla, "/desk/registro/csv", &[("cosa", "settings")]).await;
    assert!(csv.body.contains("settings.save") && !csv.body.contains("user.add") && !csv.body.contains("il segreto"));
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_keeps_this_one() {
    let world = World::new(NOW).await;
    let seat = world.enter("lia", Role::Viewer).await;
    let site = world.site();
    user::set_password(&site.store, &site.house, "lia", PASSWORD, at(NOW)).await.expect("a password");
    assert_eq!(
        world.see(&seat, "/desk/oggi").await.status,
        StatusCode::SEE_OTHER,
        "the console's change ends sessions"
    );
    let (_, here) = login(&world, "lia").await;
    let (_, there) = login(&world, "lia").await;
    let seat = |cookie: &str| Seat { cookie: cookie.to_owned(), csrf: String::new() };
    let word = csrf(&world.see(&seat(&here), "/desk/preferenze").await.body);
    let fields = |old: &'static str| [("old", old), ("password", "un'altra parola"), ("again", "un'altra parola")];
    let with_word = |old| fields(old).into_iter().chain([("_csrf", word.as_str())]).collect::<Vec<_>>();
    let wrong = world.post(Some(&here), "/desk/preferenze/password", &with_word("sbagliata"), &[]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"errore-old\"") && !wrong.body.contains("un&#39;altra parola"));
    let right = world.post(Some(&here), "/desk/preferenze/password", &with_word(PASSWORD), &[]).await;
    let fresh = cookie(right.header("set-cookie"));
    assert!(world.see(&seat(&fresh), "/desk/preferenze").await.body.contains("La password è cambiata"));
    for old in [here, there] {
        assert_eq!(world.see(&seat(&old), "/desk/oggi").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn codes_at_the_door_are_slowed_down_like_passwords() {
    let world = World::new(NOW).await;
    world.enter("lia", Role::Viewer).await;
    let site = world.site();
    user::set_password(&site.store, &site.house, "lia", PASSWORD, at(NOW)).await.expect("a password");
    let enrolment = second_factor::begin(&site.store, &site.house, "lia").await.expect("a secret");
    let secret = totp::from_base32(&enrolment.secret).expect("base 32");
    let first = totp::code(&secret, at(NOW).0 / totp::STEP);
    second_factor::confirm(&site.store, &site.house, "lia", &first, Lang::It, at(NOW)).await.expect("proved");
    let (next, half) = login(&world, "lia").await;
    let word = csrf(&world.see(&Seat { cookie: half.clone(), csrf: String::new() }, &next).await.body);
    let mut statuses = Vec::new();
    for guess in 0..7 {
        let guess = format!("{guess:06}");
        let fields = [("_csrf", word.as_str()), ("code", guess.as_str())];
        statuses.push(world.post(Some(&half), "/desk/codice", &fields, &[]).await.status);
    }
    assert_eq!(statuses[4], StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(statuses[5..], [StatusCode::TOO_MANY_REQUESTS; 2]);
}

#[tokio::test]
async fn an_office_that_was_changed_stands_on_the_next_page_without_a_restart() {
    let world = World::new(NOW).await;
    let site = world.site().clone();
    let pages = salastampa_web::Pages::new(site.clone());
    let router = pages.router();
    let title = async || {
        let request =
            axum::http::Request::builder().uri("/desk/entra").body(axum::body::Body::empty()).expect("a request");
        let answer = tower::ServiceExt::oneshot(router.clone(), request).await.expect("a router never fails");
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        String::from_utf8_lossy(&body).into_owned()
    };
    assert!(title().await.contains("Comune di Bellariva sul Lago"));
    let house = salastampa_acts::House { office: "Comune di Maresio Terme".into(), ..(*site.house).clone() };
    pages.renew(salastampa_web::Site { house: house.into(), ..site });
    let page = title().await;
    assert!(page.contains("Comune di Maresio Terme") && !page.contains("Bellariva"), "{page}");
}
