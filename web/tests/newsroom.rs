//! The public pages from outside: requests to the router over a store in a folder of its own.

use crate::world::{World, at};
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
    // the others have no name for it: an entry of the same id takes the place of the text
    for (feed, id) in [
        ("feed.rss", "<guid isPermaLink=\"false\">https://stampa.bellariva.test/novita/comunicati/2026/1</guid>"),
        ("feed.json", "\"id\":\"https://stampa.bellariva.test/novita/comunicati/2026/1\""),
    ] {
        let body = world.get(&format!("/novita/comunicati/{feed}")).await.body;
        assert!(body.contains(id) && body.contains("la data era sbagliata"), "{feed}: {body}");
        assert!(!body.contains("Il testo del comunicato") && !body.contains("2026/2"), "{feed}: {body}");
    }
    world.set("2026-12-26 12:00");
    for feed in ["feed.rss", "feed.json"] {
        assert!(!world.get(&format!("/novita/comunicati/{feed}")).await.body.contains("2026/1"), "{feed}");
    }
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
    // the text itself, and what changed in it, under the word of the trade
    let (notice, text) = page.split_once("</details>").expect("what changed");
    assert!(
        notice.contains("<strong class=\"correction-label\">Rettifica</strong>") && notice.contains("<del>"),
        "{page}"
    );
    assert!(text.contains("Il testo giusto.") && !text.contains("Il testo del comunicato"), "{page}");
    assert!(page.contains("del 26 novembre 2026, ore 09:30, sostituisce la precedente"), "{page}");
    assert!(!before.contains("sostituisce la precedente"));
    let feed = world.get("/novita/comunicati/feed.atom").await.body;
    assert_eq!(feed.matches("<id>https://stampa.bellariva.test/novita/comunicati/2026/1</id>").count(), 1);
    assert!(feed.contains("<updated>2026-11-26T09:30:00+01:00</updated>"), "{feed}");
    // lists say it by the word of the trade, and since when
    let list = world.get("/novita/comunicati").await.body;
    assert!(list.contains(">Rettifica del 26 novembre 2026, ore 09:30</time>"), "{list}");
}

#[tokio::test]
async fn each_text_has_the_hour_at_which_it_went_to_the_press() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    let hours = async |number: u32, hour: &str| {
        let mut write = world.site().store.write().await.expect("a turn");
        let release = write.find_release("lungolago").await.expect("rows").expect("there");
        let versions = write.list_versions(release.id).await.expect("rows");
        let version = versions.iter().find(|version| version.number == number).expect("there").id;
        write.record_issued(version, at(hour)).await.expect("noted");
        write.commit().await.expect("kept");
    };
    hours(1, "2026-11-25 12:02").await;
    let said = |hour: &str| format!("<dt>Diramato alle ore</dt><dd><time datetime=\"{}\">", at(hour).rfc3339());
    let first = said("2026-11-25 12:02");
    assert!(world.get(PAGE).await.body.contains(&first));
    world.set("2026-11-26 09:30");
    world.correct("lungolago", "Il testo giusto.").await;
    let page = world.get(PAGE).await.body;
    assert!(!page.contains("Diramato"), "the second text has not gone out yet: {page}");
    hours(2, "2026-11-26 09:31").await;
    let second = said("2026-11-26 09:31");
    let page = world.get(PAGE).await.body;
    assert!(page.contains(&second) && !page.contains(&first), "{page}");
    let old = world.get(&format!("{PAGE}/v1")).await.body;
    assert!(old.contains(&first) && !old.contains(&second), "{old}");
    let receipts = world.get(&format!("{PAGE}/ricevuta")).await.body;
    assert!(receipts.contains(&first) && receipts.contains(&second), "{receipts}");
    let versions = world.get(&format!("{PAGE}/versioni")).await.body;
    assert_eq!(versions.matches("Diramato alle ore <time").count(), 2, "{versions}");
    let data = world.get(&format!("{PAGE}.json")).await.body;
    assert!(data.contains("\"diramato_alle_ore\":\"2026-11-26T09:31:00+01:00\""), "{data}");
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

#[tokio::test]
async fn a_page_that_is_kept_goes_with_what_is_written_and_with_its_hour() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    let first = world.get(PAGE).await;
    let tag = first.header("etag").expect("a validator").to_owned();
    assert!(tag.starts_with('"'), "strong: {tag}");
    let again = world
        .answer(
            axum::http::Request::get(PAGE)
                .header("if-none-match", &tag)
                .body(axum::body::Body::empty())
                .expect("a request"),
        )
        .await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(
        (again.header("etag"), again.header("cache-control")),
        (Some(tag.as_str()), first.header("cache-control"))
    );
    // a correction that waits takes the place of the page that is kept at its very second
    world.correct_at("lungolago", "Il testo giusto.", "2026-11-25 12:00:01").await;
    assert_eq!(world.get(PAGE).await, first);
    world.set("2026-11-25 12:00:01");
    let second = world.get(PAGE).await;
    assert!(second.body.contains("Il testo giusto.") && second.header("etag") != Some(tag.as_str()), "{}", second.body);
    // what is withdrawn is gone with the next request, in the same millisecond
    world.withdraw("lungolago", "2026-11-25 12:00:01", "errore").await;
    assert_eq!(world.get(PAGE).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn sections_topics_years_and_questions_find_what_is_public() {
    let world = World::new("2025-12-31 23:00").await;
    let text = |section: &str, title: &str, topics: &str, body: &str| {
        format!(
            "+++\nsezione = \"{section}\"\ntitolo = \"{title}\"\nliste = [\"cronaca\"]\nargomenti = [{topics}]\n+++\n{body}\n"
        )
    };
    world.written("uno", 1, &text("comunicato", "Primo", "\"Viabilità\"", "Chiude il ponte."), None).await;
    world.set("2026-01-01 00:30");
    world.written("due", 2, &text("notizia", "Secondo", "\"viabilita\", \"Scuole\"", "Apre la scuola."), None).await;
    world.written("tre", 3, &text("avviso", "Terzo", "", "Manca l'acqua in via Roma."), None).await;
    for (path, shown) in [
        ("/novita", "123"),
        ("/novita/notizie", "2"),
        ("/novita/comunicati", "1"),
        ("/novita/avvisi", "3"),
        ("/novita/argomenti/viabilita", "12"),
        ("/novita/argomenti/scuole", "2"),
        ("/novita/anno/2025", "1"),
        ("/novita/anno/2026", "23"),
        ("/novita/cerca?q=scuole", "2"),
        ("/novita/cerca?q=PONTI", "1"),
        ("/novita/cerca?q=acqua+ponte", ""),
        ("/novita/cerca?q=%3Cb%3E", ""),
        ("/novita/cerca", ""),
        ("/novita/feed.rss", "123"),
        ("/novita/avvisi/feed.json", "3"),
        ("/novita/argomenti/viabilita/feed.atom", "12"),
        ("/sitemap.xml", "123"),
        ("/sitemap-news.xml", "123"),
    ] {
        let body = world.get(path).await.body;
        for (number, slug) in [("1", "1-uno"), ("2", "2-due"), ("3", "3-tre")] {
            assert_eq!(body.contains(slug), shown.contains(number), "{path} {slug}: {body}");
        }
    }
    assert_eq!(world.get("/novita/notizie/2026/2-due").await.status, StatusCode::OK);
    let moved = world.get("/novita/comunicati/2026/2-due.json").await;
    assert_eq!(moved.header("location"), Some("/novita/notizie/2026/2-due.json"));
    for path in ["/novita/argomenti/altro", "/novita/anno/2024", "/novita/altro", "/novita/argomenti/altro/feed.atom"] {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    world.set("2026-01-03 00:30");
    assert!(!world.get("/sitemap-news.xml").await.body.contains("<url>"), "news of two days ago are old");
    let robots = world.get("/robots.txt").await.body;
    assert!(
        robots.contains("Disallow: /desk/") && robots.contains("Sitemap: https://stampa.bellariva.test/sitemap.xml")
    );
}

#[tokio::test]
async fn a_text_a_fingerprint_and_a_receipt_are_known_again() {
    let world = World::new("2026-11-25 12:00").await;
    let body = "Il ponte del Filatoio riapre lunedì alle sei del mattino e il doppio senso torna subito.";
    let text = |body: &str| format!("+++\ntitolo = \"Riapre il ponte\"\nliste = [\"cronaca\"]\n+++\n{body}\n");
    world.written("ponte", 1, &text(body), None).await;
    let path = "/novita/comunicati/2026/1-ponte";
    let copied = world.get(&format!("{path}.txt")).await.body;
    let receipt = world.get(&format!("{path}/ricevuta-v1.txt")).await.body;
    let hash = |name: &str| receipt.lines().find_map(|line| line.strip_prefix(name)).expect("a line").to_owned();
    let check = async |text: &str| {
        let answer = world.post(None, "/verifica", &[("testo", text)], &[]).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, Some("no-store")), "{text}");
        answer.body
    };
    let known = [
        copied.clone(),
        body.to_uppercase(),
        "il ponte del Filatoio riapre,\n\nlunedì alle sei del MATTINO".into(),
        hash("SHA-256 del testo: "),
        hash("SHA-256 della versione: ").to_uppercase(),
        receipt.clone(),
        receipt.replace('\n', "\r\n"),
    ];
    for text in &known {
        let said = check(text).await;
        assert!(said.contains("È nostro") && said.contains(&format!("{path}/v1")), "{text}: {said}");
    }
    for text in [
        body.replace("lunedì", "martedì"),
        "il ponte riapre".into(),
        "0".repeat(64),
        receipt.replace("Versione: 1", "Versione: 2"),
        "Ricevuta di pubblicazione 1".into(),
        "<script>alert(1)</script>".into(),
    ] {
        let said = check(&text).await;
        assert!(said.contains("Non risulta") && !said.contains("/v1"), "{text}: {said}");
    }
    world.set("2026-11-26 12:00");
    world.correct("ponte", "Il testo giusto, che dice tutto in un altro modo e con altre parole.").await;
    for text in &known {
        let said = check(text).await;
        assert!(said.contains("È nostro"), "{text}: {said}");
    }
    assert!(check(&hash("SHA-256 del testo: ")).await.contains("sostituita il 26 novembre 2026"));
    world.withdraw("ponte", "2026-11-26 12:00", "errore").await;
    assert!(check(&receipt).await.contains("ritirato il 26 novembre 2026"));
    assert!(check(&copied).await.contains("Non risulta"));
}

#[tokio::test]
async fn a_release_speaks_to_machines_in_the_shape_of_the_national_model() {
    let world = World::new("2026-11-25 12:00").await;
    world.written(
        "ponte",
        1,
        "+++\nsezione = \"notizia\"\ntitolo = \"Riapre il ponte\"\nsommario = \"Lunedì.\"\nliste = [\"segreta\"]\n\
         argomenti = [\"Viabilità\"]\nvirgolettati = [\"Ada Neri, assessora\"]\n+++\nIl ponte **riapre**.\n\n## Orari\n\nAlle sei.\n",
        None,
    )
    .await;
    let path = "/novita/notizie/2026/1-ponte";
    let data: serde_json::Value = serde_json::from_str(&world.get(&format!("{path}.json")).await.body).expect("JSON");
    for (field, value) in [
        ("tipologia", "Notizia"),
        ("tipo_di_notizia", "Notizia"),
        ("titolo", "Riapre il ponte"),
        ("descrizione_breve", "Lunedì."),
        ("data_della_notizia", "2026-11-25T12:00:00+01:00"),
        ("numero_progressivo_comunicato_stampa", "1/2026"),
        ("indirizzo", "https://stampa.bellariva.test/novita/notizie/2026/1-ponte"),
    ] {
        assert_eq!(data[field], value, "{field}");
    }
    let page = world.get(path).await.body;
    assert!(!data.to_string().contains("segreta") && !page.contains("segreta"));
    let (_, after) =
        page.split_once("<script type=\"application/ld+json\" data-element=\"metatag\">").expect("linked data");
    let linked: serde_json::Value =
        serde_json::from_str(after.split("</script>").next().expect("an end")).expect("JSON");
    assert_eq!((&linked["@type"], &linked["headline"]), (&"NewsArticle".into(), &"Riapre il ponte".into()));
    assert_eq!(linked["datePublished"], "2026-11-25T12:00:00+01:00");
    for part in [
        "<meta property=\"og:type\" content=\"article\">",
        "<meta property=\"article:published_time\" content=\"2026-11-25T12:00:00+01:00\">",
        "type=\"application/rss+xml\" title=\"RSS\" href=\"/novita/notizie/feed.rss\"",
        "<h3 id=\"parte-1\">Orari</h3>",
        "<a href=\"#parte-1\">Orari</a>",
        "<li>Ada Neri, assessora</li>",
        "href=\"/novita/argomenti/viabilita\" data-element=\"topic-element\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    world.set("2026-11-26 09:30");
    world.correct("ponte", "Il testo giusto.").await;
    let page = world.get("/novita/comunicati/2026/1-ponte").await.body;
    assert!(
        page.contains("\"correction\":{\"@type\":\"CorrectionComment\"")
            && page.contains("\"dateModified\":\"2026-11-26T09:30:00+01:00\""),
        "{page}"
    );
}

#[tokio::test]
async fn the_document_of_a_release_is_behind_the_same_door_as_its_page() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    world.release("ponte", 2, Some("2026-11-26 11:00")).await;
    let page = world.get(PAGE).await.body;
    assert!(page.contains(&format!("href=\"{PAGE}.docx\"")), "{page}");
    let document = world.get(&format!("{PAGE}.docx")).await;
    assert_eq!(document.status, StatusCode::OK);
    assert!(document.header("content-type").is_some_and(|mime| mime.contains("wordprocessingml")));
    assert!(document.body.starts_with("PK") && document.body.contains("Il testo del comunicato"));
    let moved = world.get("/novita/comunicati/2026/1-altro.docx").await;
    assert_eq!(moved.header("location"), Some(&*format!("{PAGE}.docx")));
    // what waits for its hour is answered like what never was
    let waits = world.get("/novita/comunicati/2026/2-ponte.docx").await;
    assert_eq!(waits, world.get("/novita/comunicati/2026/99-nulla.docx").await);
    assert_eq!(waits.status, StatusCode::NOT_FOUND);
    world.set("2026-11-26 11:00");
    assert_eq!(world.get("/novita/comunicati/2026/2-ponte.docx").await.status, StatusCode::OK);
    world.withdraw("lungolago", "2026-11-26 11:00", "la data era sbagliata").await;
    assert_eq!(world.get(&format!("{PAGE}.docx")).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn the_office_hands_out_its_card() {
    let world = World::new("2026-11-25 12:00").await;
    let card = world.get("/novita/ufficio-stampa.vcf").await;
    assert_eq!(card.header("content-type"), Some("text/vcard; charset=utf-8"));
    let lines: Vec<&str> = card.body.split("\r\n").collect();
    assert_eq!(&lines[..3], ["BEGIN:VCARD", "VERSION:4.0", "KIND:org"]);
    assert_eq!(lines[lines.len() - 2..], ["END:VCARD", ""]);
    assert!(lines.iter().any(|line| line.starts_with("FN:Ufficio stampa – Comune di Bellariva")), "{}", card.body);
}
