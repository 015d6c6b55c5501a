//! A day on which everything goes wrong somewhere: each source ends in the right state with the right sentence, the
//! healthy ones lose nothing, and all heal by themselves.

use crate::outlets::{Answer, Manner, Outlets, rss};
use crate::press_test::Press;

/// Host, what its feed does in the bad hours, and what the office is told.
const FAULTS: [(&str, &str); 14] = [
    ("troppe.test", "ill: troppe richieste, dice il sito (risposta 429)"),
    ("sfida.test", "blocked: il sito chiede una verifica da persona (risposta 403)"),
    ("rifiuta.test", "blocked: il sito rifiuta il nostro programma (risposta 403)"),
    ("perduta.test", "ill: non trovato (risposta 404)"),
    ("tolta.test", "ill: tolto dal sito (risposta 410)"),
    ("guasta.test", "ill: il sito risponde 503"),
    ("tronca.test", "ill: la risposta si è interrotta"),
    ("lenta.test", "ill: nessuna risposta entro il tempo"),
    ("muta.test", "ill: la risposta si è interrotta"),
    ("pagina.test", "ill: al posto del feed c'è una pagina HTML"),
    ("vuota.test", "ill: le notizie elencate non hanno né titolo né indirizzo"),
    ("gonfia.test", "ill: documento con troppi elementi uno dentro l'altro"),
    ("segreta.test", "ill: il sito chiede nome e password (risposta 401)"),
    ("sezione.test", "ill: nessuna notizia trovata con il selettore «.card»"),
];

/// Sources that are not reached at all: their address says why.
const UNREACHED: [(&str, &str, &str); 2] = [
    ("senza-nome", "http://nessuno.test/feed.xml", "ill: il nome nessuno.test non ha indirizzo"),
    ("senza-certificato", "https://chiara.test/feed.xml", "ill: il certificato del sito non è valido"),
];

fn good(host: &str, hour: i64) -> Answer {
    let titles: Vec<(String, String, String)> = (0..=hour)
        .map(|n| {
            let date = format!("Mon, 23 Nov 2026 {:02}:05:00 +0100", 6 + n);
            (format!("n{n}"), format!("La notizia numero {n} della giornata di {host}"), date)
        })
        .collect();
    let items: Vec<(&str, &str, &str, &str)> = titles
        .iter()
        .map(|(slug, title, date)| (slug.as_str(), title.as_str(), "Poche parole.", date.as_str()))
        .collect();
    Answer::ok("application/rss+xml; charset=utf-8", rss(host, &items))
}

fn section(items: bool) -> Answer {
    let card =
        if items { "<div class=\"card\"><a href=\"/a\">Il sentiero del bosco riapre a Pasqua</a></div>" } else { "" };
    Answer::ok("text/html", format!("<!doctype html><title>Novità</title><main>{card}<p>Le novità.</p></main>"))
}

fn bad(outlets: &Outlets, host: &str) {
    let page =
        || Answer::ok("text/html", "<!doctype html><html><head><title>Sito in manutenzione</title></head></html>");
    let answer = match host {
        "troppe.test" => Answer::status(429).with("Retry-After: 900"),
        "sfida.test" => Answer::status(403).with("cf-mitigated: challenge"),
        "rifiuta.test" => Answer::status(403),
        "perduta.test" => Answer::status(404),
        "tolta.test" => Answer::status(410),
        "guasta.test" => Answer::status(503),
        "tronca.test" => good(host, 5).sent(Manner::Torn),
        "lenta.test" => good(host, 5).sent(Manner::Drips),
        "muta.test" => good(host, 5).sent(Manner::HangsUp),
        "pagina.test" => page(),
        "vuota.test" => {
            Answer::ok("application/rss+xml", "<rss version=\"2.0\"><channel><title>V</title><item/></channel></rss>")
        }
        "gonfia.test" => {
            let deep = "<a>".repeat(5_000);
            Answer::ok("application/rss+xml", format!("<rss version=\"2.0\"><channel><item>{deep}"))
        }
        "segreta.test" => Answer::status(401),
        _ => section(false),
    };
    let path = if host == "sezione.test" { "/novita" } else { "/feed.xml" };
    outlets.answer(host, path, answer);
}

fn source(slug: &str, kind: &str, url: &str, more: &str) -> String {
    format!(
        "[[outlet]]\nid = \"{slug}\"\nname = \"{slug}\"\nkind = \"local\"\n\n[[source]]\nid = \"{slug}-tutte\"\n\
         outlet = \"{slug}\"\nkind = \"{kind}\"\nurl = \"{url}\"\nclass = \"C\"\nextract = false\n{more}\n"
    )
}

/// The states that `stats sources` tells, as `slug: state`.
fn states(press: &Press, now: &str) -> Vec<String> {
    let ran = press.run(now, &["stats", "sources"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let since = |text: &str| match text.split_once(" since ") {
        Some((state, rest)) => format!("{state}: {}", rest.split_once(": ").map_or(rest, |(_, why)| why)),
        None => text.to_owned(),
    };
    let line = |line: &str| {
        let (slug, rest) = line.split_once(' ')?;
        let state = rest.trim().split("last visit").next()?.trim();
        Some(format!("{}: {}", slug.strip_suffix("-tutte")?, since(state)))
    };
    ran.out.lines().skip(1).filter_map(line).collect()
}

#[test]
fn a_day_of_faults_is_told_and_healed_and_loses_nothing_of_the_healthy() {
    let hosts: Vec<&str> =
        FAULTS.iter().map(|(host, _)| *host).chain(["sana.test", "chiara.test", "mossa.test"]).collect();
    let press = Press::new(&hosts).settings("[crawler]\ntimeout = 1\n");
    let slug = |host: &str| host.trim_end_matches(".test").to_owned();
    let mut sources: String = FAULTS
        .iter()
        .map(|(host, _)| match *host {
            "sezione.test" => {
                source("sezione", "page", "http://sezione.test/novita", "selectors = { item = \".card\" }\n")
            }
            host => source(&slug(host), "feed", &format!("http://{host}/feed.xml"), ""),
        })
        .collect();
    for (slug, url, _) in UNREACHED {
        sources.push_str(&source(slug, "feed", url, ""));
    }
    for host in ["sana.test", "mossa.test"] {
        sources.push_str(&source(&slug(host), "feed", &format!("http://{host}/feed.xml"), ""));
    }
    press.write("feeds.toml", sources);
    let outlets = &press.outlets;
    let healthy = |hour: i64| {
        for (host, _) in FAULTS.iter().filter(|(host, _)| *host != "sezione.test") {
            outlets.answer(host, "/feed.xml", good(host, hour));
        }
        outlets.answer("sezione.test", "/novita", section(true));
    };
    let crawl = |from: &str, until: &str| {
        let ran = press.run(from, &["run", "crawl", "--until", until]);
        assert_eq!(ran.code, 0, "{ran:?}");
    };
    // six in the morning: all is well
    healthy(0);
    outlets.answer("sana.test", "/feed.xml", good("sana.test", 0));
    outlets.answer("mossa.test", "/feed.xml", good("mossa.test", 0));
    crawl("2026-11-23 06:30", "2026-11-23 08:00");
    // from eight on everything goes wrong somewhere, and one feed has moved
    for (host, _) in FAULTS {
        bad(outlets, host);
    }
    outlets.answer("mossa.test", "/feed.xml", Answer::status(301).with("Location: http://mossa.test/nuovo.xml"));
    outlets.answer("mossa.test", "/nuovo.xml", good("mossa.test", 1));
    for hour in 1..8 {
        outlets.answer("sana.test", "/feed.xml", good("sana.test", hour));
        crawl(&format!("2026-11-23 {:02}:00", 7 + hour), &format!("2026-11-23 {:02}:00", 8 + hour));
    }
    let seen = states(&press, "2026-11-23 15:00");
    for (host, state) in FAULTS {
        let expected = format!("{}: {state}", slug(host));
        assert!(seen.contains(&expected), "no {expected:?} in {seen:#?}");
    }
    for (slug, _, state) in UNREACHED {
        let expected = format!("{slug}: {state}");
        assert!(seen.contains(&expected), "no {expected:?} in {seen:#?}");
    }
    for alive in ["sana: alive", "mossa: alive"] {
        assert!(seen.iter().any(|line| line == alive), "no {alive:?} in {seen:#?}");
    }
    let kept = |host: &str| press.rows(&format!("select url from article where url like 'http://{host}/%'")).len();
    assert_eq!(kept("sana.test"), 8, "the healthy one lost nothing");
    assert_eq!(kept("mossa.test"), 2);
    // where a page came in place of the feed, nothing was taken for news
    assert_eq!(kept("pagina.test"), 1);
    // the next morning all is well again, and what was missed is there
    healthy(8);
    crawl("2026-11-23 15:00", "2026-11-24 16:00");
    let healed = states(&press, "2026-11-24 16:00");
    for (host, _) in FAULTS {
        let expected = format!("{}: alive", slug(host));
        assert!(healed.contains(&expected), "no {expected:?} in {healed:#?}");
    }
    for (host, _) in FAULTS.iter().filter(|(host, _)| *host != "sezione.test") {
        assert_eq!(kept(host), 9, "{host}");
    }
    // a redirect that lasts was seen often enough, over more than a day: it is followed by itself
    let address = press.rows("select url from source where slug = 'mossa-tutte'");
    assert_eq!(address, ["http://mossa.test/nuovo.xml"]);
}
