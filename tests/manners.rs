//! Manners: servers asked gently and obeyed, by name, and no more of their texts kept than they allow.
//!
//! The outlets write down what they were asked, and at which instant of the office's clock.

use crate::crawl::{html, source};
use crate::outlets::{Answer, Asked, page, rss};
use crate::press_test::{MORNING, Press};

const MINUTE: i64 = 60_000;

/// Milliseconds between what a host was asked and what it was asked next.
fn pauses(asked: &[Asked]) -> Vec<i64> {
    let at: Vec<i64> = asked.iter().map(|a| a.at.unwrap_or(0)).collect();
    at.windows(2).map(|two| if two[0] == 0 { i64::MAX } else { two[1] - two[0] }).collect()
}

#[test]
fn a_host_is_asked_gently_and_first_for_its_rules() {
    // two names of one domain share a gate
    let press = Press::new(&["www.lago.test", "sport.lago.test", "monte.test"]);
    press.feeds();
    let items: Vec<(String, String)> =
        (0..6).map(|n| (format!("p{n}"), format!("Notizia numero {n} della mattina di oggi"))).collect();
    for host in ["www.lago.test", "sport.lago.test", "monte.test"] {
        let items: Vec<_> = items
            .iter()
            .map(|(slug, title)| (slug.as_str(), title.as_str(), "In breve.", "Mon, 23 Nov 2026 05:30:00 +0100"))
            .collect();
        press.outlets.feed(host, &items);
    }
    press.live(MORNING, "2026-11-23 06:30");
    let asked = press.outlets.asked();
    for host in ["www.lago.test", "sport.lago.test", "monte.test"] {
        let paths: Vec<&str> = asked.iter().filter(|a| a.host == host).map(|a| a.path.as_str()).collect();
        assert_eq!(paths[..2], ["/robots.txt", "/.well-known/tdmrep.json"], "{host}: {paths:?}");
        assert_eq!(paths.iter().filter(|p| **p == "/robots.txt").count(), 1, "{host}: once a day is enough");
        assert_eq!(paths.iter().filter(|p| p.starts_with("/p")).count(), 6, "{host}: each page once: {paths:?}");
    }
    for domain in ["lago.test", "monte.test"] {
        let of_domain: Vec<Asked> = asked.iter().filter(|a| a.host.ends_with(domain)).cloned().collect();
        assert!(pauses(&of_domain).iter().all(|p| *p >= 2_000), "{domain}: {:?}", pauses(&of_domain));
        let pages: Vec<Asked> = of_domain.into_iter().filter(|a| a.path.starts_with("/p")).collect();
        assert!(pauses(&pages).iter().all(|p| *p >= 5_000), "{domain}: {:?}", pauses(&pages));
    }
}

#[test]
fn the_pause_that_robots_txt_asks_for_is_kept() {
    let press = Press::new(&["lago.test"]);
    press.feeds();
    press.outlets.answer("lago.test", "/robots.txt", Answer::ok("text/plain", "User-agent: *\nCrawl-delay: 20\n"));
    let date = "Mon, 23 Nov 2026 05:30:00 +0100";
    press.outlets.feed(
        "lago.test",
        &[("pa", "Tornano i mercatini sul molo", "a", date), ("pb", "Un coro in ogni quartiere", "b", date)],
    );
    press.live(MORNING, "2026-11-23 06:05");
    let asked = press.outlets.asked_of("lago.test");
    let after_the_rules: Vec<Asked> = asked.into_iter().filter(|a| !a.path.contains("robots")).collect();
    assert!(after_the_rules.len() >= 4, "{after_the_rules:?}");
    // what is asked besides the feed and its pages is one small file a day
    assert!(pauses(&after_the_rules[1..]).iter().all(|p| *p >= 20_000), "{:?}", pauses(&after_the_rules));
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let press = Press::new(&["lago.test"]);
    press.feeds();
    let item = [("pa", "Il battello elettrico fa il primo viaggio", "a", "Mon, 23 Nov 2026 05:30:00 +0100")];
    let feed = Answer::ok("application/rss+xml", rss("lago.test", &item)).with("ETag: W/\"x1\"");
    press.outlets.answer("lago.test", "/feed.xml", feed);
    press.live(MORNING, "2026-11-23 07:00");
    let asked = press.outlets.asked_of("lago.test");
    let feeds: Vec<Option<&str>> =
        asked.iter().filter(|a| a.path == "/feed.xml").map(|a| a.header("if-none-match")).collect();
    assert!(feeds.len() >= 3, "{feeds:?}");
    assert_eq!(feeds[0], None);
    assert!(feeds[1..].iter().all(|known| *known == Some("w/\"x1\"")), "{feeds:?}");
    let visits =
        press.rows("select status || ' ' || conditional || ' ' || bytes || ' ' || good from visit order by id");
    assert!(visits[0].starts_with("200 0 ") && visits[0].ends_with(" 1"), "{visits:?}");
    assert!(visits[1..].iter().all(|v| v == "304 1 0 1"), "{visits:?}");
    assert_eq!(press.found("2026-11-23 07:00", "battello").len(), 1);
}

#[test]
fn a_server_that_asks_for_patience_gets_it_for_the_whole_host() {
    let press = Press::new(&["lago.test", "monte.test"]);
    let second = "\n[[source]]\nid = \"lago-test-sport\"\noutlet = \"lago-test\"\nkind = \"feed\"\n\
                  url = \"http://lago.test/sport.xml\"\nclass = \"A\"\n";
    press.write(
        "feeds.toml",
        [source("lago.test", "feed", "/feed.xml", ""), second.into(), source("monte.test", "feed", "/feed.xml", "")]
            .concat(),
    );
    press.outlets.answer("lago.test", "/feed.xml", Answer::status(503).with("Retry-After: 1200"));
    press.outlets.answer("lago.test", "/sport.xml", Answer::status(429).with("Retry-After: 1200"));
    let news = [("pa", "Rifugio aperto tutto l'inverno", "a", "Mon, 23 Nov 2026 05:30:00 +0100")];
    press.outlets.feed("monte.test", &news);
    press.live(MORNING, "2026-11-23 08:00");
    let asked: Vec<Asked> =
        press.outlets.asked_of("lago.test").into_iter().filter(|a| a.path.ends_with(".xml")).collect();
    assert!((3..=7).contains(&asked.len()), "{} requests", asked.len());
    assert!(pauses(&asked).iter().all(|p| *p >= 20 * MINUTE), "{:?}", pauses(&asked));
    assert_eq!(press.found("2026-11-23 08:00", "rifugio").len(), 1, "the others are not held up");
}

#[test]
fn every_request_says_who_asks_and_where_to_complain() {
    let press =
        Press::new(&["lago.test"]).settings("[crawler]\ncontact = \"https://www.bellariva.test/ufficio-stampa\"\n");
    press.feeds();
    press.outlets.feed("lago.test", &[("pa", "Nuove panchine in riva", "a", "Mon, 23 Nov 2026 05:30:00 +0100")]);
    press.live(MORNING, "2026-11-23 06:10");
    let agents: std::collections::BTreeSet<String> =
        press.outlets.asked().iter().map(|a| a.header("user-agent").unwrap_or_default().to_owned()).collect();
    let ours = format!("salastampa/{} (+https://www.bellariva.test/ufficio-stampa)", env!("CARGO_PKG_VERSION"));
    assert_eq!(agents, [ours].into());
}

#[test]
fn where_robots_txt_forbids_pages_the_feeds_own_words_are_kept() {
    let press = Press::new(&["lago.test"]);
    press.feeds();
    press.outlets.answer("lago.test", "/robots.txt", Answer::ok("text/plain", "User-agent: *\nDisallow: /\n"));
    let item = ("pa", "Il torrente resta sorvegliato", "Argini rinforzati.", "Mon, 23 Nov 2026 05:30:00 +0100");
    press.outlets.feed("lago.test", &[item]);
    press.live(MORNING, "2026-11-23 06:30");
    assert!(press.outlets.asked().iter().all(|a| a.path != "/pa"), "the page was asked for");
    assert_eq!(press.found("2026-11-23 06:30", "argini"), [item.1]);
    assert_eq!(press.found("2026-11-23 06:30", "parcheggio"), Vec::<String>::new());
}

#[test]
fn where_text_mining_is_reserved_headline_link_and_snippet_are_all() {
    let hosts = ["file.test", "testata.test", "meta.test", "feed.test", "libero.test"];
    let press = Press::new(&hosts);
    press.feeds();
    let date = "Mon, 23 Nov 2026 05:30:00 +0100";
    for host in hosts {
        let title = format!("Aperto il nuovo ponte, dice {host}");
        press.outlets.feed(host, &[("pa", &title, "Lungo cento metri.", date)]);
    }
    // the whole text in the feed is text too
    let full = rss("feed.test", &[("pa", "Aperto il nuovo ponte, dice feed.test", "Lungo cento metri.", date)])
        .replace("<rss ", "<rss xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" ")
        .replace(
            "</item>",
            "<content:encoded>Le auto hanno il parcheggio dietro la stazione.</content:encoded></item>",
        );
    let reserved = "tdm-reservation: 1";
    press.outlets.answer("feed.test", "/feed.xml", Answer::ok("application/rss+xml", full).with(reserved));
    let file = "[{\"location\": \"/\", \"tdm-reservation\": 1}]";
    press.outlets.answer("file.test", "/.well-known/tdmrep.json", Answer::ok("application/json", file));
    press.outlets.answer("testata.test", "/pa", html("Ponte", "Lungo cento metri.").with(reserved));
    let meta =
        page("Ponte", "Lungo cento metri.").replace("<head>", "<head><meta name=\"tdm-reservation\" content=\"1\">");
    press.outlets.answer("meta.test", "/pa", Answer::ok("text/html; charset=utf-8", meta));
    press.live(MORNING, "2026-11-23 06:30");
    let now = "2026-11-23 06:30";
    assert_eq!(press.found(now, "\"cento metri\"").len(), hosts.len(), "the snippet is everywhere");
    assert_eq!(press.found(now, "parcheggio"), ["Aperto il nuovo ponte, dice libero.test"]);
    let kept = press.rows(
        "select o.slug from article a join outlet o on o.id = a.outlet join article_text t on t.article = a.id \
         where t.body like '%parcheggio%' or t.lead like '%parcheggio%'",
    );
    assert_eq!(kept, ["libero-test"], "what may not be mined is not stored either");
    assert!(press.outlets.asked_of("file.test").iter().all(|a| a.path != "/pa"));
    assert!(press.outlets.asked_of("feed.test").iter().all(|a| a.path != "/pa"));
}

#[test]
fn this_machine_is_asked_only_under_the_names_that_the_office_lists() {
    let press = Press::new(&[]);
    let address = press.outlets.address;
    press.outlets.answer("127.0.0.1", "/feed.xml", Answer::ok("application/rss+xml", rss("127.0.0.1", &[])));
    for url in [format!("http://{address}/feed.xml"), format!("http://localhost:{}/feed.xml", address.port())] {
        let probed = press.run(MORNING, &["probe", &url]);
        assert!(probed.out.contains("a visit would fail"), "{probed:?}");
    }
    assert!(press.outlets.asked().is_empty(), "{:?}", press.outlets.asked());
    // with a list, the names on it are all that is reached
    let press = Press::new(&["lago.test"]);
    press.feeds();
    let text = std::fs::read_to_string(press.path().join("feeds.toml")).expect("it was just written");
    press.write("feeds.toml", format!("{text}{}", source("altrove.test", "feed", "/feed.xml", "")));
    press.live(MORNING, "2026-11-23 06:10");
    assert!(press.outlets.asked().iter().all(|a| a.host == "lago.test"), "{:?}", press.outlets.asked());
    let failed =
        press.rows("select outcome from visit v join source s on s.id = v.source where s.slug like 'altrove%'");
    assert!(!failed.is_empty() && failed.iter().all(|o| o.contains("altrove.test")), "{failed:?}");
}
