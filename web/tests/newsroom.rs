//! The public pages from outside: requests to the router over a store in a folder of its own.

use crate::world::World;
use axum::http::{Method, StatusCode};

const PAGE: &str = "/novita/comunicati/2026/1-lungolago";

#[tokio::test]
async fn an_address_is_known_by_its_number_whatever_its_words() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    for path in ["/novita/comunicati/2026/1", "/novita/comunicati/2026/1-vecchio-nome"] {
        let answer = world.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::PERMANENT_REDIRECT, Some(PAGE)), "{path}");
    }
    assert_eq!(world.get("/").await.header("location"), Some("/novita"));
}

#[tokio::test]
async fn a_withdrawn_release_says_so_if_it_had_been_public() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    world.release("ponte", 2, Some("2026-11-26 11:00")).await;
    for slug in ["lungolago", "ponte"] {
        world.withdraw(slug, "2026-11-25 12:00", "la data era sbagliata").await;
    }
    let gone = world.get(PAGE).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(
        gone.body.contains("la data era sbagliata") && !gone.body.contains("Il testo del comunicato"),
        "{}",
        gone.body
    );
    assert_eq!(world.get("/novita/comunicati/2026/2-ponte").await.status, StatusCode::NOT_FOUND);
    assert!(!world.get("/novita/comunicati").await.body.contains("lungolago"));
    let tombstone = "<at:deleted-entry ref=\"https://stampa.bellariva.test/novita/comunicati/2026/1\" when=\"2026-11-25T12:00:00+01:00\"/>";
    assert!(world.get("/novita/comunicati/feed.atom").await.body.contains(tombstone));
    world.set("2026-12-26 12:00");
    assert!(!world.get("/novita/comunicati/feed.atom").await.body.contains("deleted-entry"));
    assert_eq!(world.get(PAGE).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_correction_takes_the_place_of_the_text_and_says_when() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    let before = world.get(PAGE).await.body;
    world.set("2026-11-26 09:30");
    world.correct("lungolago", "Il testo giusto.").await;
    let page = world.get(PAGE).await.body;
    assert!(page.contains("Il testo giusto.") && !page.contains("Il testo del comunicato"), "{page}");
    assert!(page.contains("del 26 novembre 2026, ore 09:30, sostituisce la precedente"), "{page}");
    assert!(!before.contains("sostituisce la precedente"));
    let feed = world.get("/novita/comunicati/feed.atom").await.body;
    assert_eq!(feed.matches("<id>https://stampa.bellariva.test/novita/comunicati/2026/1</id>").count(), 1);
    assert!(feed.contains("<updated>2026-11-26T09:30:00+01:00</updated>"), "{feed}");
    assert!(world.get("/novita/comunicati").await.body.contains("Rettificato"));
}

#[tokio::test]
async fn a_correction_that_is_being_written_shows_nothing() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    let paths = [PAGE, "/novita/comunicati", "/novita/comunicati/feed.atom"];
    let mut before = Vec::new();
    for path in paths {
        before.push(world.get(path).await);
    }
    world.draft_correction("lungolago", "Segreto").await;
    for (path, before) in paths.into_iter().zip(before) {
        assert_eq!(world.get(path).await, before, "{path}");
    }
}

#[tokio::test]
async fn the_list_shows_twenty_a_page_newest_first() {
    let world = World::new("2026-11-25 12:00").await;
    assert!(world.get("/novita/comunicati").await.body.contains("Non ci sono ancora comunicati."));
    for number in 1..=21 {
        world.release(&format!("numero-{number}"), number, None).await;
    }
    let first = world.get("/novita/comunicati").await.body;
    assert_eq!(first.matches("<li class=\"card\">").count(), 20);
    let place = |slug: &str| first.find(slug).unwrap_or_else(|| panic!("{slug}"));
    assert!(place("/21-numero-21") < place("/20-numero-20") && place("/3-numero-3") < place("/2-numero-2"));
    assert!(first.contains("21 novità trovate") && first.contains("pagina=2"));
    let second = world.get("/novita/comunicati?pagina=2").await.body;
    assert_eq!(second.matches("<li class=\"card\">").count(), 1);
    for number in ["0", "3", "x", "-1", "99999999999999999999999"] {
        let answer = world.get(&format!("/novita/comunicati?pagina={number}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{number}");
    }
}

#[tokio::test]
async fn leaving_wants_a_click_and_no_more_than_one() {
    let world = World::new("2026-11-25 12:00").await;
    let token = world.queued_mail("ada@voce.test").await;
    let path = format!("/disiscrizione/{token}");
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = world.ask(method, &path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), (Some("no-store"), Some("noindex")));
        assert_eq!(world.states().await, ["queued"], "looking changes nothing");
    }
    assert_eq!(world.get(&path).await.body.matches("<button").count(), 1);
    for _ in 0..2 {
        let done = world.ask(Method::POST, &path).await;
        assert_eq!((done.status, done.header("location"), done.header("set-cookie")), (StatusCode::OK, None, None));
        assert!(done.body.contains("ada@voce.test"), "{}", done.body);
        assert_eq!(world.states().await, ["suppressed"]);
    }
    let unknown = world.get("/mai").await;
    for forged in
        ["x", "u-1-0-00000000000000000000000000000000", &format!("{token}00"), &token.replacen("u-1", "u-2", 1)]
    {
        assert_eq!(world.get(&format!("/disiscrizione/{forged}")).await, unknown, "{forged}");
        assert_eq!(world.ask(Method::POST, &format!("/disiscrizione/{forged}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn every_answer_is_guarded_and_sets_no_cookie() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    let style = world.style().await;
    let mut paths = crate::around_newsroom::open(1, "lungolago");
    paths.extend(["/mai".into(), "/healthz".into(), "/readyz".into(), style.clone()]);
    for path in &paths {
        let answer = world.get(path).await;
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert!(answer.header("permissions-policy").is_some() && answer.header("cache-control").is_some(), "{path}");
        assert_eq!(answer.header("set-cookie"), None, "{path}");
        let data = answer.body.matches("<script type=\"application/ld+json\"").count();
        assert_eq!(answer.body.matches("<script").count(), data, "{path}");
        assert!(!answer.body.contains("style=\""), "{path}");
    }
    let css = world.get(&style).await;
    assert_eq!((css.status, css.header("content-type")), (StatusCode::OK, Some("text/css; charset=utf-8")));
    assert_eq!(world.get("/static/newsroom.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn marks_in_a_title_stay_words() {
    let world = World::new("2026-11-25 12:00").await;
    world.titled("lungolago", 1, "<script>alert(1)</script> & \\\"co\\\"").await;
    for path in [PAGE, "/novita/comunicati", "/novita/comunicati/feed.atom"] {
        let body = world.get(path).await.body;
        assert!(body.contains("alert(1)") && !body.contains("<script>"), "{path}: {body}");
    }
}

#[tokio::test]
async fn the_server_ends_when_it_is_told_to() {
    let world = World::new("2026-11-25 12:00").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(salastampa_web::serve(listener, world.router(), async {
        // a dropped sender ends it as well
        let _ = stopped.await;
    }));
    stop.send(()).expect("the server is there");
    serving.await.expect("no panic").expect("no failure");
}

#[tokio::test]
async fn a_site_below_a_path_links_below_it_and_answers_at_both() {
    let world = World::at_address("2026-11-25 12:00", "https://www.bellariva.test/ufficio-stampa").await;
    world.release("lungolago", 1, None).await;
    for prefix in ["", "/ufficio-stampa"] {
        let page = world.get(&format!("{prefix}{PAGE}")).await;
        assert_eq!(page.status, StatusCode::OK, "{prefix}");
        assert!(page.body.contains("href=\"/ufficio-stampa/novita/comunicati\""), "{}", page.body);
        assert!(page.body.contains("<link rel=\"canonical\" href=\"https://www.bellariva.test/ufficio-stampa/novita/comunicati/2026/1-lungolago\">"));
    }
    for home in ["/", "/ufficio-stampa", "/ufficio-stampa/"] {
        assert_eq!(world.get(home).await.status, StatusCode::TEMPORARY_REDIRECT, "{home}");
    }
    let style = world.style().await;
    assert!(style.starts_with("/ufficio-stampa/static/"));
    assert_eq!(world.get(&style).await.status, StatusCode::OK);
}

#[tokio::test]
async fn machines_are_told_health_and_numbers_without_names() {
    let world = World::new("2026-11-25 12:00").await;
    let token = world.queued_mail("ada@voce.test").await;
    world.get(&format!("/disiscrizione/{token}")).await;
    world.get("/novita/comunicati").await;
    assert_eq!(world.get("/readyz").await.body, "ready\n");
    let numbers = world.metrics().await;
    assert!(numbers.body.ends_with("# EOF\n"), "{}", numbers.body);
    assert!(numbers.body.contains("salastampa_http_requests_total{route=\"/disiscrizione/{token}\",status=\"200\"} 1"));
    assert!(numbers.body.contains("salastampa_deliveries{kind=\"release\",state=\"queued\"} 1"), "{}", numbers.body);
    assert!(!numbers.body.contains(&token) && !numbers.body.contains("voce.test"));
    assert_eq!(world.get("/metrics").await.status, StatusCode::NOT_FOUND, "not on the public listener");
}
