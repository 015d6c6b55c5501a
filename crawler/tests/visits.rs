//! Visits to servers as they are found: old encodings, pages in place of feeds, floods, refusals.

#[path = "../../http/tests/scripted/mod.rs"]
mod scripted;

use salastampa_crawler::page::read_page;
use salastampa_crawler::probe::{self, Document};
use salastampa_crawler::visit::{Manners, Reading, fetch_robots, fetch_tdmrep, visit};
use salastampa_domain::{
    Cadence, Health, LegalStatus, Origin, OutletId, Selectors, Source, SourceId, SourceKind, Timestamp, Validators,
    VisitOutcome,
};
use salastampa_http::{Client, Config};
use scripted::{Reply, Server};
use std::collections::BTreeMap;
use std::time::Duration;

const RSS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>Il Lago</title>\
    <item><title>Riapre il molo piccolo</title><link>/cronaca/molo</link><guid>lago-1</guid>\
    <description>Da domani i pedoni tornano.</description><pubDate>Mon, 23 Nov 2026 09:30:00 +0100</pubDate></item>\
    <item><title>Vela in festa</title><link>/sport/vela</link></item></channel></rss>";

fn now() -> Timestamp {
    Timestamp::parse("2026-11-23 12:00").expect("an instant")
}

fn source(kind: SourceKind, path: &str) -> Source {
    Source {
        id: SourceId(1),
        slug: "il-lago-tutte".into(),
        outlet: OutletId(1),
        kind,
        url: format!("http://www.lago.test{path}"),
        host: "lago.test".into(),
        cadence: Cadence::C,
        rubric: None,
        rights: None,
        legal: LegalStatus::ToVerify,
        extract: true,
        origin: Origin::File,
        paused: false,
        retired_at: None,
        next_at: Timestamp(0),
        health: Health::New,
        validators: Validators::default(),
        learned: salastampa_domain::Learned::default(),
        reading: salastampa_domain::SourceReading::default(),
    }
}

fn feed() -> Source {
    source(SourceKind::Feed, "/feed")
}

fn page() -> Source {
    let selectors = Selectors { item: ".card".into(), ..Selectors::default() };
    source(SourceKind::Page { selectors }, "/cronaca")
}

fn client(server: &Server) -> Client {
    let hosts = ["www.lago.test", "lago.test", "monte.test"].map(|name| (name.to_owned(), server.address));
    Client::new(Config::loopback("SalaStampa/0 (+https://comune.test/)", BTreeMap::from(hosts))).expect("a client")
}

fn free() -> Manners {
    Manners::of(Some((404, "")), Some((404, "")))
}

async fn visit_once(server: &Server, source: &Source) -> Reading {
    visit(&client(server), source, &free(), now()).await
}

/// The class of an outcome, without its words.
fn class(outcome: &VisitOutcome) -> &'static str {
    match outcome {
        VisitOutcome::Read => "read",
        VisitOutcome::Unchanged => "unchanged",
        VisitOutcome::Soft { .. } => "soft",
        VisitOutcome::Hard { .. } => "hard",
        VisitOutcome::Blocked { .. } => "blocked",
        VisitOutcome::NotAFeed { .. } => "not a feed",
        VisitOutcome::Empty { .. } => "empty",
        VisitOutcome::Robots => "robots",
        VisitOutcome::Hostile { .. } => "hostile",
        VisitOutcome::Ours { .. } => "ours",
    }
}

fn paths(server: &Server) -> Vec<String> {
    server.requests().iter().filter_map(|head| head.split(' ').nth(1).map(str::to_owned)).collect()
}

#[tokio::test]
async fn the_second_visit_to_an_unchanged_feed_is_conditional_and_brings_nothing() {
    let server = Server::start(|_, head| match head.to_lowercase().contains("if-none-match: \"uno\"") {
        true => Reply::new(304, "etag: \"uno\"\nlast-modified: Mon, 23 Nov 2026 10:00:00 GMT", ""),
        false => Reply::new(200, "content-type: application/rss+xml\netag: \"uno\"", RSS),
    })
    .await;
    let first = visit_once(&server, &feed()).await;
    assert_eq!((class(&first.outcome), first.status, first.conditional), ("read", Some(200), false));
    let items: Vec<(&str, &str)> = first.items.iter().map(|i| (i.title.as_str(), i.url.as_str())).collect();
    assert_eq!(
        items,
        [
            ("Riapre il molo piccolo", "http://www.lago.test/cronaca/molo"),
            ("Vela in festa", "http://www.lago.test/sport/vela")
        ]
    );
    let known = Source { validators: first.validators.clone(), ..feed() };
    let second = visit_once(&server, &known).await;
    assert_eq!((class(&second.outcome), second.status, second.conditional), ("unchanged", Some(304), true));
    assert_eq!(second.validators.body_hash, first.validators.body_hash);
    assert_eq!(second.validators.last_modified.as_deref(), Some("Mon, 23 Nov 2026 10:00:00 GMT"));
}

#[tokio::test]
async fn the_same_body_again_is_not_parsed_again() {
    let server = Server::start(|_, _| Reply::new(200, "", RSS)).await;
    let first = visit_once(&server, &feed()).await;
    let second = visit_once(&server, &Source { validators: first.validators, ..feed() }).await;
    assert_eq!((class(&second.outcome), second.items.len(), second.status), ("unchanged", 0, Some(200)));
}

#[tokio::test]
async fn a_feed_in_windows_1252_is_read() {
    let text = RSS.replace("UTF-8", "windows-1252").replace("Vela in festa", "Più vela, è festa");
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let server = Server::start(move |_, _| Reply::new(200, "content-type: text/xml", &bytes)).await;
    let reading = visit_once(&server, &feed()).await;
    assert_eq!((class(&reading.outcome), reading.items[1].title.as_str()), ("read", "Più vela, è festa"));
}

#[tokio::test]
async fn each_answer_of_a_feed_has_its_outcome() {
    let html = "<!doctype html><html><head><title>Il Lago</title></head><body>Benvenuti</body></html>";
    for (name, reply, expected) in [
        ("a page", Reply::new(200, "content-type: text/html", html), "not a feed"),
        ("nothing", Reply::new(200, "", ""), "not a feed"),
        ("not found", Reply::new(404, "", html), "soft"),
        ("gone", Reply::new(410, "", html), "hard"),
        ("forbidden", Reply::new(403, "", html), "blocked"),
        ("challenge", Reply::new(503, "cf-mitigated: challenge", html), "blocked"),
        ("server error", Reply::new(500, "", ""), "soft"),
        ("no items", Reply::new(200, "", "<rss version='2.0'><channel><title>x</title></channel></rss>"), "read"),
        (
            "50 MB declared",
            Reply::Bytes(b"HTTP/1.1 200 -\r\ncontent-length: 52428800\r\n\r\n<rss>".to_vec()),
            "hostile",
        ),
        (
            "50 MB streamed",
            Reply::Flood(b"HTTP/1.1 200 -\r\nconnection: close\r\n\r\n<rss>".to_vec(), vec![b' '; 1 << 20], 50),
            "hostile",
        ),
        ("closed", Reply::Bytes(Vec::new()), "soft"),
        ("inner network", Reply::new(302, "location: http://10.0.0.1/feed", ""), "hostile"),
        ("redirect in a circle", Reply::new(302, "location: /feed", ""), "soft"),
    ] {
        let reply = std::sync::Mutex::new(Some(reply));
        let again = || Reply::new(302, "location: /feed", "");
        let server = Server::start(move |_, _| reply.lock().expect("no panic").take().unwrap_or_else(again)).await;
        let known = Validators { body_hash: Some("nota".into()), ..Validators::default() };
        let reading = visit_once(&server, &Source { validators: known.clone(), ..feed() }).await;
        assert_eq!(class(&reading.outcome), expected, "{name}: {:?}", reading.outcome);
        if expected != "read" {
            assert_eq!(reading.validators, known, "{name}: what was known stays");
        }
    }
}

#[tokio::test]
async fn nested_documents_end_in_an_outcome() {
    let group = format!("<rss version='2.0'><channel><item>{}", "<media:group>".repeat(100_000));
    let json = "[".repeat(200_000);
    for (nested, expected) in [(group, "hostile"), (json, "not a feed")] {
        let server = Server::start(move |_, _| Reply::new(200, "", &nested)).await;
        assert_eq!(class(&visit_once(&server, &feed()).await.outcome), expected);
    }
    let deep = format!("<html><body>{}", "<div class=card>".repeat(100_000));
    let server = Server::start(move |_, _| Reply::new(200, "content-type: text/html", &deep)).await;
    assert_eq!(class(&visit_once(&server, &page()).await.outcome), "hostile");
    let article = read_page(&client(&server), "http://www.lago.test/a", &free(), None, now()).await;
    assert!(matches!(class(&article.outcome), "read" | "empty" | "soft"), "{:?}", article.outcome);
}

#[tokio::test]
async fn what_the_server_asks_to_wait_is_handed_on_within_reason() {
    for (asked, expected) in [
        ("Mon, 23 Nov 2026 11:10:00 GMT", Some(600_000)),
        ("5", Some(60_000)),
        ("99999999999999999", Some(86_400_000)),
        ("presto", None),
    ] {
        let server = Server::start(move |_, _| Reply::new(429, &format!("retry-after: {asked}"), "")).await;
        let reading = visit_once(&server, &feed()).await;
        assert_eq!((class(&reading.outcome), reading.retry_after), ("soft", expected), "{asked}");
    }
}

#[tokio::test]
async fn a_silent_server_is_a_failure_that_may_pass() {
    let server = Server::start(|_, _| Reply::Stall(b"HTTP/1.1 200 -\r\n".to_vec())).await;
    let hosts = BTreeMap::from([("www.lago.test".to_owned(), server.address)]);
    let config = Config { total: Duration::from_millis(50), ..Config::loopback("SalaStampa/0", hosts) };
    let reading = visit(&Client::new(config).expect("a client"), &feed(), &free(), now()).await;
    assert_eq!((class(&reading.outcome), reading.status), ("soft", None));
}

#[tokio::test]
async fn a_lasting_move_is_told_and_a_passing_one_is_not() {
    let server = Server::start(|path, _| match path {
        "/feed" => Reply::new(301, "location: http://lago.test/rss", ""),
        "/rss" => Reply::new(308, "location: /nuovo", ""),
        "/nuovo" => Reply::new(302, "location: /oggi", ""),
        "/altro" => Reply::new(302, "location: /oggi", ""),
        _ => Reply::new(200, "", RSS),
    })
    .await;
    let moved = visit_once(&server, &feed()).await;
    assert_eq!((class(&moved.outcome), moved.moved.as_deref()), ("read", Some("http://lago.test/nuovo")));
    let passing = visit_once(&server, &source(SourceKind::Feed, "/altro")).await;
    assert_eq!((class(&passing.outcome), passing.moved), ("read", None));
}

#[tokio::test]
async fn robots_bind_pages_and_sitemaps_and_not_configured_feeds() {
    let server = Server::start(|_, _| Reply::new(200, "", RSS)).await;
    let client = client(&server);
    let closed = "User-agent: *\nDisallow: /";
    for (robots, feed_class, page_class) in [
        ((200, closed), "read", "robots"),
        ((200, "<html>"), "read", "robots"),
        ((503, ""), "read", "soft"),
        ((200, "User-agent: gptbot\nDisallow: /"), "read", "empty"),
    ] {
        let manners = Manners::of(Some(robots), None);
        assert_eq!(class(&visit(&client, &feed(), &manners, now()).await.outcome), feed_class, "{robots:?}");
        assert_eq!(class(&visit(&client, &page(), &manners, now()).await.outcome), page_class, "{robots:?}");
    }
    let manners = Manners::of(Some((200, closed)), None);
    let map = visit(&client, &source(SourceKind::Sitemap, "/sitemap.xml"), &manners, now()).await;
    let article = read_page(&client, "http://www.lago.test/a", &manners, None, now()).await;
    assert_eq!((class(&map.outcome), class(&article.outcome), article.status), ("robots", "robots", None));
    assert!(paths(&server).iter().all(|path| path == "/feed" || path == "/cronaca"), "{:?}", paths(&server));
}

#[tokio::test]
async fn a_bound_reading_does_not_leave_its_site_or_its_rules() {
    let server = Server::start(|path, _| match path {
        "/fuori" => Reply::new(302, "location: http://monte.test/a", ""),
        "/vietato" => Reply::new(302, "location: /riservato/a", ""),
        _ => Reply::new(200, "content-type: text/html", "<html><body><p>Testo</p></body></html>"),
    })
    .await;
    let manners = Manners::of(Some((200, "User-agent: *\nDisallow: /riservato/")), None);
    let read = async |path: &str| {
        let url = format!("http://www.lago.test{path}");
        read_page(&client(&server), &url, &manners, None, now()).await
    };
    let outside = read("/fuori").await.outcome;
    assert!(outside.why().is_some_and(|why| why.contains("http://monte.test/a")), "{outside:?}");
    assert_eq!(class(&read("/vietato").await.outcome), "robots");
    assert_eq!(paths(&server), ["/fuori", "/vietato"]);
}

#[tokio::test]
async fn a_section_page_without_a_match_is_empty_and_not_unchanged_next_time() {
    let server = Server::start(|_, head| match head.to_lowercase().contains("if-none-match") {
        true => Reply::new(304, "", ""),
        false => {
            Reply::new(200, "content-type: text/html\netag: \"a\"", "<html><body><p>Nuova grafica</p></body></html>")
        }
    })
    .await;
    let first = visit_once(&server, &page()).await;
    assert_eq!((class(&first.outcome), &first.validators), ("empty", &Validators::default()));
    let again = visit_once(&server, &Source { validators: first.validators, ..page() }).await;
    assert_eq!(class(&again.outcome), "empty", "a layout that stays broken must not heal the source");
}

#[tokio::test]
async fn a_map_of_maps_is_read_to_its_newest_maps() {
    let server = Server::start(|path, _| match path {
        "/sitemap.xml" => Reply::new(
            200,
            "etag: \"indice\"",
            "<sitemapindex><sitemap><loc>/vecchia.xml</loc><lastmod>2020-01-01</lastmod></sitemap>\
             <sitemap><loc>/novembre.xml</loc><lastmod>2026-11-23</lastmod></sitemap>\
             <sitemap><loc>http://monte.test/altrui.xml</loc><lastmod>2026-11-23</lastmod></sitemap>\
             <sitemap><loc>/rotta.xml</loc><lastmod>2026-11-22</lastmod></sitemap></sitemapindex>",
        ),
        "/novembre.xml" => Reply::new(
            200,
            "",
            "<urlset><url><loc>/cronaca/molo</loc><lastmod>2026-11-23T10:00:00+01:00</lastmod></url></urlset>",
        ),
        "/vecchia.xml" => Reply::new(200, "", "<urlset><url><loc>/a</loc><lastmod>2020-01-01</lastmod></url></urlset>"),
        _ => Reply::new(500, "", ""),
    })
    .await;
    let mut at = source(SourceKind::Sitemap, "/sitemap.xml");
    let (mut items, mut problems) = (0, 0);
    for asked in 1.. {
        let reading = visit_once(&server, &at).await;
        items += reading.items.len();
        problems += reading.problems.len();
        assert_eq!(class(&reading.outcome), "read");
        assert_eq!(reading.validators, Validators::default(), "maps change while their map stays");
        assert_eq!(paths(&server).len(), asked, "each map is a visit of its own");
        if reading.detour.is_none() {
            break;
        }
        at.learned.detour = reading.detour;
    }
    assert_eq!((items, problems), (1, 1));
    assert_eq!(paths(&server), ["/sitemap.xml", "/novembre.xml", "/rotta.xml", "/vecchia.xml"]);
}

#[tokio::test]
async fn a_reservation_of_text_mining_keeps_us_from_the_text() {
    let server = Server::start(|path, _| match path {
        "/testata" => {
            Reply::new(200, "content-type: text/html\ntdm-reservation: 1", "<html><body><p>x</p></body></html>")
        }
        _ => Reply::new(200, "content-type: text/html", "<html><body><p>x</p></body></html>"),
    })
    .await;
    let client = client(&server);
    let tdmrep = r#"[{"location": "/cronaca/*", "tdm-reservation": 1}]"#;
    let manners = Manners::of(None, Some((200, tdmrep)));
    let by_file = read_page(&client, "http://www.lago.test/cronaca/molo", &manners, None, now()).await;
    assert_eq!((class(&by_file.outcome), by_file.status, by_file.tdm_reserved), ("read", None, true));
    assert!(paths(&server).is_empty(), "nobody asked");
    let by_header = read_page(&client, "http://www.lago.test/testata", &manners, None, now()).await;
    assert!(by_header.tdm_reserved && by_header.article.is_some_and(|a| a.body.is_empty()));
    let licensed = Manners { licensed: true, ..manners };
    let under_licence = read_page(&client, "http://www.lago.test/cronaca/molo", &licensed, None, now()).await;
    assert_eq!((under_licence.status, under_licence.tdm_reserved), (Some(200), true));
}

#[tokio::test]
async fn what_is_no_page_is_not_extracted() {
    let server = Server::start(|_, _| Reply::new(200, "content-type: application/pdf", "%PDF-1.7")).await;
    let reading = read_page(&client(&server), "http://www.lago.test/a.pdf", &free(), None, now()).await;
    assert_eq!((class(&reading.outcome), reading.article), ("not a feed", None));
}

#[tokio::test]
async fn the_files_of_a_host_are_fetched_from_its_root() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => Reply::new(302, "location: /qui.txt", ""),
        "/qui.txt" => Reply::new(200, "", format!("User-agent: *\nDisallow: /a\n{}", "#".repeat(600 << 10))),
        _ => Reply::new(404, "", "niente"),
    })
    .await;
    let client = client(&server);
    let robots = fetch_robots(&client, "http://www.lago.test/cronaca/molo?x=1", now()).await;
    assert_eq!((robots.status, robots.body.len()), (200, 500 << 10));
    assert_eq!(fetch_tdmrep(&client, "http://www.lago.test/cronaca/", now()).await.status, 404);
    assert_eq!(fetch_robots(&client, "http://ignoto.test/", now()).await.status, 0);
    assert_eq!(paths(&server), ["/robots.txt", "/qui.txt", "/.well-known/tdmrep.json"]);
}

#[tokio::test]
async fn a_probe_says_what_a_feed_would_give_and_what_its_site_says() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => Reply::new(200, "", "User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nDisallow: /feed"),
        "/feed" => Reply::new(200, "content-type: application/rss+xml", RSS),
        "/" => Reply::new(
            200,
            "content-type: text/html\nlink: </feed>; rel=\"alternate\"; type=\"application/rss+xml\"",
            "<html><body>Benvenuti</body></html>",
        ),
        _ => Reply::new(404, "", ""),
    })
    .await;
    let seen = probe::explain(&client(&server), "http://www.lago.test/feed", None, now()).await;
    assert_eq!((seen.document, seen.found, seen.status, class(&seen.outcome)), (Document::Feed, 2, Some(200), "read"));
    let robots = seen.robots.expect("a site was asked");
    assert_eq!((robots.allows, robots.because.as_deref()), (false, Some("/feed")));
    assert_eq!(robots.ai_agents, ["gptbot"]);
    assert_eq!(seen.items[0].key, "https://www.lago.test/cronaca/molo");
    let front = probe::explain(&client(&server), "http://www.lago.test/", None, now()).await;
    assert_eq!((front.document, front.feeds), (Document::Page, vec!["http://www.lago.test/feed".to_owned()]));
    let nobody = probe::explain(&client(&server), "http://ignoto.test/feed", None, now()).await;
    assert_eq!((class(&nobody.outcome), nobody.document), ("soft", Document::Nothing));
}
