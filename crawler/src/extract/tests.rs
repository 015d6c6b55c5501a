//! Whole pages, made for the test: what a local paper serves, and what an attacker would.

use super::*;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22 18:00").expect("a date")
}

/// As the caller must: a thread with a stack of 8 MB.
fn read(name: &str, page: Vec<u8>) -> Extracted {
    let work = move || extract(&page, None, "https://esempio.test/cronaca/ponte", now());
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(work).expect("a thread");
    thread.join().unwrap_or_else(|_| panic!("{name} panics"))
}

const PARAGRAPHS: [&str; 4] = [
    "Il ponte sul torrente Rio Scuro riapre lunedì alle sette del mattino, dopo quattro mesi di lavori che hanno diviso in due il paese e costretto gli abitanti a un giro di dodici chilometri.",
    "«Abbiamo mantenuto la parola», ha detto la sindaca Ada Corti davanti al cantiere, ricordando che la spesa è rimasta entro i due milioni di euro stanziati dalla Regione per la messa in sicurezza.",
    "Restano da finire i marciapiedi e l'illuminazione, che secondo l'ufficio tecnico saranno pronti entro la primavera; fino ad allora chi va a piedi userà la passerella di legno a valle.",
    "I commercianti della riva sinistra, i più colpiti dalla chiusura, chiedono adesso che il Comune rinunci per un anno alla tassa sui tavolini all'aperto.",
];

fn page() -> String {
    let paragraphs: String = PARAGRAPHS.iter().map(|p| format!("<p>{p}</p>\n")).collect();
    let menu: String = (0..30).map(|n| format!("<li><a href='/s{n}'>Sezione numero {n}</a></li>")).collect();
    format!(
        "<!doctype html><html lang='it'><head><meta charset='utf-8'><title>Riapre il ponte sul Rio Scuro | Il Foglio di Bellariva</title>
        <meta property='og:title' content='Riapre il ponte sul Rio Scuro'><meta property='og:description' content='Dopo quattro mesi.'>
        <meta property='article:section' content='Cronaca'><meta name='tdm-reservation' content='1'>
        <link rel='canonical' href='https://esempio.test/cronaca/ponte-rio-scuro'></head>
        <body><nav><ul>{menu}</ul></nav><main><article><h1>Riapre il ponte sul Rio Scuro</h1>
        <p class='byline'>di <a rel='author' href='/ada'>Piero Lanti</a></p><p class='article-date'>Pubblicato il 22 novembre 2026 alle 9.05</p>
        {paragraphs}<p>Leggi anche: <a href='/b'>il bilancio del Comune</a></p><p>© Riproduzione riservata</p></article></main>
        <aside><p>Iscriviti alla newsletter di Bellariva</p></aside><footer><p>Il Foglio di Bellariva, via Lunga 1</p></footer></body></html>"
    )
}

#[test]
fn an_article_is_read_without_its_furniture() {
    let found = read("page", page().into_bytes());
    assert_eq!(found.title, "Riapre il ponte sul Rio Scuro");
    assert_eq!(found.authors, ["Piero Lanti"]);
    assert_eq!(found.published_at.map(Timestamp::rfc3339).as_deref(), Some("2026-11-22T09:05:00+01:00"));
    assert_eq!(found.lead.for_analysis(), "Dopo quattro mesi.");
    assert_eq!(found.body.for_analysis(), PARAGRAPHS.join("\n"));
    assert_eq!(found.canonical.as_deref(), Some("https://esempio.test/cronaca/ponte-rio-scuro"));
    assert_eq!((found.language.as_deref(), found.rubric.as_deref()), (Some("it"), Some("Cronaca")));
    assert!(found.tdm_reserved && found.reproduction_reserved && !found.date_only);
    assert_eq!(found.problems, []);
}

#[test]
fn a_page_in_an_old_encoding_is_read() {
    let latin: Vec<u8> = page()
        .replace("charset='utf-8'", "charset='iso-8859-1'")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect();
    let found = read("latin", latin);
    assert!(found.body.for_analysis().contains("lunedì alle sette"));
    assert!(found.problems.is_empty());
}

#[test]
fn what_is_declared_stands_where_no_text_is_found() {
    let found = read(
        "video",
        b"<title>Il video del ponte</title><h1>Il video del ponte</h1><time datetime='2026-11-21'></time>".into(),
    );
    assert_eq!((found.title.as_str(), found.date_only), ("Il video del ponte", true));
    assert_eq!(found.published_at.map(|at| at.day().to_string()).as_deref(), Some("2026-11-21"));
}

#[test]
fn selectors_of_a_source_go_before_the_general_way_and_each_on_its_own() {
    let selectors = salastampa_domain::ArticleSelectors {
        body: Some("main article".into()),
        title: Some(".nessuno".into()),
        authors: Some(".byline".into()),
        date: Some(".article-date".into()),
        remove: vec!["article p:last-of-type".into(), "h1[".into()],
    };
    let read = extract_by(page().as_bytes(), None, "https://esempio.test/ponte", Some(&selectors), now());
    let body = read.body.for_analysis();
    assert!(body.contains(PARAGRAPHS[0]) && body.contains(PARAGRAPHS[3]) && !body.contains("Riproduzione"), "{body}");
    assert_eq!((read.title.as_str(), read.authors.join(", ")), ("Riapre il ponte sul Rio Scuro", "Piero Lanti".into()));
    assert_eq!(read.published_at.map(Timestamp::rfc3339).as_deref(), Some("2026-11-22T09:05:00+01:00"));
    let problems: Vec<&str> = read.problems.iter().map(|p| p.what.as_str()).collect();
    assert_eq!(problems, ["no selector: h1[", "the selector of the title finds nothing: .nessuno"]);
    let steps: Vec<String> = read.steps.iter().map(|s| format!("{}: {}", s.part, s.why)).collect();
    expect_test::expect![[r#"
        text: 1 elements taken out by article p:last-of-type
        authors: selector .byline
        date: selector .article-date
        text: selector main article
        title: h1"#]]
    .assert_eq(&steps.join("\n"));
}

#[test]
fn title_date_and_signature_stay_where_the_text_fails() {
    let paragraphs: String = PARAGRAPHS.iter().map(|p| format!("<p>{p}</p>\n")).collect();
    let locked = page().replace(&paragraphs, "<p>Contenuto riservato agli abbonati</p>");
    let found = read("locked", locked.into_bytes());
    assert_eq!((found.title.as_str(), found.barrier), ("Riapre il ponte sul Rio Scuro", Some(Barrier::Subscription)));
    assert_eq!((found.authors.len(), found.published_at.is_some()), (1, true));
    assert!(found.body.chars() < 200, "{}", found.body.for_analysis());
}

#[test]
fn galleries_and_running_reports_are_kept_as_such() {
    let gallery = "<html><title>La regata</title><meta property='article:published_time' content='2026-11-22T08:00:00Z'>\
        <meta name=description content='Cento vele sul lago.'><h1>La regata</h1><img src=1><img src=2>";
    let found = extract(gallery.as_bytes(), None, "https://esempio.test/foto/regata", now());
    assert_eq!((found.kind, found.title.as_str(), found.problems.len()), (PageKind::Gallery, "La regata", 0));
    assert_eq!((found.lead.for_analysis(), found.published_at.is_some()), ("Cento vele sul lago.", true));
    let entries: String =
        PARAGRAPHS.iter().enumerate().map(|(n, p)| format!("<div><time>1{n}:05</time><p>{p}</p></div>")).collect();
    let live = page().replace("<article>", &format!("<article>{entries}"));
    let live =
        live.replace("</head>", "<script type='application/ld+json'>{\"@type\":\"LiveBlogPosting\"}</script></head>");
    assert_eq!(read("live", live.into_bytes()).kind, PageKind::LiveBlog);
}

#[test]
fn dates_that_disagree_are_told() {
    let url = "https://esempio.test/2026/11/10/ponte";
    let near = extract(page().as_bytes(), None, "https://esempio.test/2026/11/21/ponte", now());
    assert_eq!(near.problems, [], "a day apart is no disagreement");
    let declared = page().replace("</head>", "<meta name=pubdate content='2026-11-22T09:05'></head>");
    let found = extract(declared.as_bytes(), None, url, now());
    let expected = "dates disagree: 2026-11-22 by meta pubdate, 2026-11-10 by the address";
    assert_eq!(found.problems.iter().map(|p| p.what.as_str()).collect::<Vec<_>>(), [expected]);
}

#[test]
fn hostile_pages_neither_overflow_nor_hang() {
    let wrap = |inside: String| page().replace("</article>", &format!("{inside}</article>")).into_bytes();
    let each = |n: usize, make: fn(usize) -> String| (0..n).map(make).collect::<String>();
    for (name, bytes) in [
        ("divs", wrap("<div>".repeat(100_000))),
        ("only divs", "<div>".repeat(100_000).into_bytes()),
        ("bold", wrap("<b>".repeat(100_000))),
        ("spans", wrap("<span>".repeat(100_000))),
        ("tables", wrap("<table><tr><td>".repeat(5_000))),
        ("lists", wrap("<ul><li>".repeat(5_000))),
        ("formatting", wrap(each(3_000, |n| format!("<div><b id={n}>x</div>")))),
        ("fonts", wrap(each(3_000, |n| format!("<p><font size={n}>x")))),
        ("attributes", wrap(format!("<p {}>x", each(20_000, |n| format!("a{n}=1 "))))),
        ("bare attributes", wrap(format!("<p {}>x", each(20_000, |n| format!("a{n}/"))))),
        ("closed divs", wrap("<div/>".repeat(50_000))),
        ("quoted", wrap("<div x=\"<\">".repeat(50_000))),
        ("crossed", wrap("<span><div></span>".repeat(20_000))),
        ("in cells", wrap("<div><table><tr><td></div>".repeat(3_000))),
        ("unknown", wrap("<x-a><div></x-a><y><div></y>".repeat(5_000))),
        ("no script", wrap("<div><noscript></div></noscript>".repeat(20_000))),
        ("bogus", wrap("<div></ </div>".repeat(20_000))),
        ("escaped scripts", wrap("<div><script><!--<script></script></div>--></script>".repeat(5_000))),
        ("ends", wrap(format!("{}{}", "<div>".repeat(20_000), "</x>".repeat(20_000)))),
        ("comment", wrap(format!("<!--{}", "-".repeat(1 << 18)))),
        ("entities", wrap("&lt;".repeat(20_000))),
        ("large", wrap("<p>Una riga di testo del giornale.</p>".repeat(6_000))),
        ("nothing", Vec::new()),
        ("zeros", vec![0; 10_000]),
        ("json", wrap(format!("<script type='application/ld+json'>{}</script>", "[{\"a\":".repeat(10_000)))),
    ] {
        let found = read(name, bytes);
        if !matches!(name, "only divs" | "nothing" | "zeros") {
            assert_eq!(found.title, "Riapre il ponte sul Rio Scuro", "{name}");
        }
    }
}

#[test]
fn no_mutation_of_a_page_makes_it_panic() {
    let sound = page().into_bytes();
    let inserts: [&[u8]; 6] = [b"<", b">", b"\"", b"</article>", b"<table><b>", b"\xFF\0&#"];
    let mut seed = 7usize;
    let mut next = |below: usize| {
        // a linear congruential generator: the same pages on each run
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..40 {
        let mut mutated = sound.clone();
        for _ in 0..=next(8) {
            let at = next(mutated.len());
            match next(3) {
                0 => drop(mutated.splice(at..at, inserts[next(inserts.len())].iter().copied())),
                1 => drop(mutated.drain(at..(at + 1 + next(40)).min(sound.len()).min(mutated.len()).max(at))),
                _ => mutated[at] = u8::try_from(next(256)).unwrap_or(0),
            }
        }
        read(&format!("mutation {round}"), mutated);
    }
}
