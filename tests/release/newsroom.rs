//! What the newsroom tells machines, read by others than its writer: our own crawler, and Python's feedparser where it is
//! installed.

use super::{approved, done, office};
use crate::verbs::Served;
use salastampa_crawler::feed::{FeedContext, parse};
use salastampa_domain::Timestamp;
use salastampa_domain::time::rome;
use std::io::Write;
use std::process::{Command, Stdio};

const TITLE: &str = "Apre il ponte & la \\\"via\\\"";

fn text() -> String {
    format!(
        "+++\ntitolo = \"{TITLE}\"\nsommario = \"Da lunedì & per sempre.\"\nliste = [\"locali\"]\n\
         argomenti = [\"Viabilità\"]\ncontatti = [\"Ufficio stampa, tel. 0300 555\"]\n+++\n\n\
         Il Comune di Bellariva apre il **nuovo ponte** sul Gerna.\n\n## Orari\n\n- mattina\n- sera\n"
    )
}

#[test]
fn our_feeds_are_read_by_our_own_crawler_and_by_others() {
    let press = office();
    approved(&press, "ponte", &text());
    done(&press, "2026-11-23 10:00", &["send", "ponte", "--as", "carlo"]);
    let served = Served::start(&press, "2026-11-23 11:00:00");
    for list in ["/novita", "/novita/comunicati", "/novita/argomenti/viabilita"] {
        for format in ["atom", "rss", "json"] {
            let path = format!("{list}/feed.{format}");
            let (status, body) = served.ask("GET", &path);
            assert_eq!(status, 200, "{path}");
            let now = Timestamp::parse("2026-11-23 11:00").expect("an instant");
            let base = "https://stampa.bellariva.test/feed";
            let context = FeedContext { base, content_type: None, zone: rome(), now };
            let (feed, problems) = parse(body.as_bytes(), &context).unwrap_or_else(|e| panic!("{path}: {e}\n{body}"));
            assert_eq!(problems, [], "{path}");
            let [item] = feed.items.as_slice() else { panic!("{path}: {}", feed.items.len()) };
            assert_eq!(item.title, "Apre il ponte & la «via»", "{path}");
            assert!(item.url.as_str().ends_with("/novita/comunicati/2026/1-ponte"), "{path}: {}", item.url);
            assert_eq!(item.published_at, Timestamp::parse("2026-11-23 10:00"), "{path}");
            assert!(item.guid.as_deref().is_some_and(|id| id.ends_with("/novita/comunicati/2026/1")), "{path}");
            if format != "json" {
                feedparser(&body, &path);
            }
        }
    }
    assert_eq!(served.stop(), 0);
}

/// The reader that most programs in Python use, without any complaint of its own.
fn feedparser(feed: &str, path: &str) {
    const ASK: &str = "import sys, feedparser\n\
        f = feedparser.parse(sys.stdin.buffer.read())\n\
        e = f.entries[0]\n\
        print(f.bozo, len(f.entries), e.title, e.published_parsed.tm_hour, bool(e.content), e.tags[0].term)";
    let python = Command::new("python3").args(["-c", "import feedparser"]).stderr(Stdio::null()).status();
    if !python.is_ok_and(|status| status.success()) {
        println!("skipped: {path} is not read by feedparser, which is not installed");
        return;
    }
    let mut child = Command::new("python3")
        .args(["-c", ASK])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it was there a moment ago");
    child.stdin.take().expect("a pipe").write_all(feed.as_bytes()).expect("it reads");
    let said = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let topic = if path.ends_with("atom") { "viabilita" } else { "Viabilità" };
    let expected = format!("False 1 Apre il ponte & la «via» 9 True {topic}");
    assert_eq!(said.trim(), expected, "{path}");
}
