//! Visits: every article once, whatever its form; silence named.
//!
//! Each test lives through a stretch of virtual time.

use crate::outlets::{Answer, page, rss};
use crate::press_test::{MORNING, Office, Press, header};

/// An outlet with one source of that kind.
pub fn source(host: &str, kind: &str, path: &str, more: &str) -> String {
    let slug = host.replace('.', "-");
    format!(
        "[[outlet]]\nid = \"{slug}\"\nname = \"{host}\"\nkind = \"local\"\n\n[[source]]\nid = \"{slug}-tutte\"\n\
         outlet = \"{slug}\"\nkind = \"{kind}\"\nurl = \"http://{host}{path}\"\nclass = \"C\"\n{more}\n"
    )
}

/// The bytes of a text in windows-1252, as far as these tests need it.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            '’' => 0x92,
            '€' => 0x80,
            c => u8::try_from(u32::from(c)).expect("a letter of western Europe"),
        })
        .collect()
}

pub fn html(title: &str, lead: &str) -> Answer {
    Answer::ok("text/html; charset=utf-8", page(title, lead))
}

/// The words that a search must find, one article each.
const WORDS: [&str; 9] = [
    "cioccolato",
    "lampioni",
    "baccalà",
    "ciclabile",
    "zafferano",
    "campanile",
    "trattorino",
    "girandole",
    "ippocastani",
];

/// Six outlets, each of another form.
fn six_forms() -> Press {
    let press = Press::new(&["latino.test", "rotto.test", "atomo.test", "gei.test", "giunta.test", "mappa.test"]);
    let outlets = &press.outlets;
    let text = rss(
        "latino.test",
        &[
            ("a", "Fiera del cioccolato, l’attesa è finita", "Costerà 5 € a testa.", "Mon, 23 Nov 2026 05:10:00 +0100"),
            (
                "b",
                "Ecco perché la città cambia i lampioni",
                "Più luce e meno spesa.",
                "Mon, 23 Nov 2026 05:20:00 +0100",
            ),
        ],
    )
    .replace("version=\"1.0\"?", "version=\"1.0\" encoding=\"windows-1252\"?");
    outlets.answer("latino.test", "/feed.xml", Answer::ok("text/xml", windows_1252(&text)));
    // an ampersand that stands bare, a tag that nobody closes, and the end torn off
    let broken = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Rotto & C.</title>\
                  <item><title>Sagra del baccalà & della polenta<br></title><link>http://rotto.test/a</link>\
                  <description>Tre sere in piazza</description></item>\
                  <item><title>Aperta la ciclabile del fiume</title><link>http://rotto.test/b</link>\
                  <description>Due chilometri</description></item>";
    outlets.answer("rotto.test", "/feed.xml", Answer::ok("application/rss+xml", broken));
    let atom = "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Atomo</title>\
                <id>tag:atomo.test,2026:1</id><updated>2026-11-23T04:00:00Z</updated><entry><id>tag:atomo.test,2026:a</id>\
                <title>Lo zafferano torna sulle colline</title><link href=\"http://atomo.test/a\"/>\
                <updated>2026-11-23T04:00:00Z</updated><summary>Tre ettari seminati.</summary></entry></feed>";
    outlets.answer("atomo.test", "/feed.xml", Answer::ok("application/atom+xml", atom));
    let json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Gei\",\"items\":[{\"id\":7,\
                \"url\":\"http://gei.test/a\",\"title\":\"Il campanile di San Rocco sarà restaurato\",\
                \"content_text\":\"Ponteggi da marzo.\",\"date_published\":\"2026-11-23T05:00:00+01:00\"}]}";
    outlets.answer("gei.test", "/feed.xml", Answer::ok("application/feed+json", json));
    let section = "<!doctype html><title>Giunta</title><div class=\"card\"><a href=\"/a\">Un trattorino per il verde \
                   pubblico</a><time datetime=\"2026-11-23\">oggi</time></div>\
                   <div class=\"card\"><a href=\"/b\">Girandole nei giardini della biblioteca</a></div>";
    outlets.answer("giunta.test", "/novita", Answer::ok("text/html; charset=utf-8", section));
    let map = "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
               xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\"><url><loc>http://mappa.test/a</loc><news:news>\
               <news:publication_date>2026-11-23T05:30:00+01:00</news:publication_date>\
               <news:title>Potati gli ippocastani del viale</news:title></news:news></url></urlset>";
    outlets.answer("mappa.test", "/news.xml", Answer::ok("application/xml", map));
    for (host, path) in [
        ("latino.test", "/a"),
        ("latino.test", "/b"),
        ("rotto.test", "/a"),
        ("rotto.test", "/b"),
        ("atomo.test", "/a"),
        ("gei.test", "/a"),
        ("giunta.test", "/a"),
        ("giunta.test", "/b"),
        ("mappa.test", "/a"),
    ] {
        outlets.answer(host, path, html("Pagina", "Il testo della pagina."));
    }
    let selectors = "selectors = { item = \".card\", date = \"time\" }";
    press.write(
        "feeds.toml",
        [
            source("latino.test", "feed", "/feed.xml", ""),
            source("rotto.test", "feed", "/feed.xml", ""),
            source("atomo.test", "feed", "/feed.xml", ""),
            source("gei.test", "feed", "/feed.xml", ""),
            source("giunta.test", "page", "/novita", selectors),
            source("mappa.test", "sitemap", "/news.xml", ""),
        ]
        .concat(),
    );
    press
}

/// Each word is found in one article, and there are no more articles than that.
#[track_caller]
fn each_once(press: &Press, now: &str) {
    for word in WORDS {
        let found = press.found(now, word);
        assert_eq!(found.len(), 1, "{word}: {found:?}");
    }
    assert_eq!(press.rows("select cast(count(*) as text) from article"), [WORDS.len().to_string()]);
    assert_eq!(press.rows("select url from found"), Vec::<String>::new(), "nothing is left on its way");
}

#[test]
fn every_form_of_source_gives_each_article_once_and_a_second_life_adds_nothing() {
    let press = six_forms();
    press.live(MORNING, "2026-11-23 06:20");
    each_once(&press, "2026-11-23 06:20");
    // letters of another encoding are those of the outlet, and a text that the pages share is found everywhere
    assert_eq!(press.found("2026-11-23 06:20", "cioccolato"), ["Fiera del cioccolato, l’attesa è finita"]);
    assert_eq!(press.found("2026-11-23 06:20", "parcheggio").len(), WORDS.len(), "the bodies were read");
    // the same morning once more, as after a clock that was set back, and then the rest of it
    press.live(MORNING, "2026-11-23 06:20");
    press.live("2026-11-23 06:20", "2026-11-23 07:30");
    each_once(&press, "2026-11-23 07:30");
}

#[test]
fn a_changed_guid_or_scheme_is_the_same_article() {
    let press = Press::new(&["lago.test"]);
    press.feeds();
    let feed = |items: &str| {
        let text = format!("<rss version=\"2.0\"><channel><title>Il Lago</title>{items}</channel></rss>");
        press.outlets.answer("lago.test", "/feed.xml", Answer::ok("application/rss+xml", text));
    };
    let item = |guid: &str, link: &str, title: &str| {
        format!("<item><guid>{guid}</guid><link>{link}</link><title>{title}</title><description>x</description></item>")
    };
    feed(
        &[
            item("n-1", "http://lago.test/mercato", "Mercato coperto, riaprono sei banchi"),
            item("http://lago.test/?p=2", "http://lago.test/museo", "Museo della seta aperto la sera"),
            item("n-3", "http://lago.test/scuola-1", "Scuola materna, posata la prima pietra"),
        ]
        .concat(),
    );
    // their pages are missing: they are kept all the same, in the feed's words, after a few minutes
    press.live(MORNING, "2026-11-23 06:10");
    assert_eq!(press.rows("select cast(count(*) as text) from article"), ["3"]);
    feed(
        &[
            // another guid; another scheme of both, and a reader's trace; another address under the same title on one day
            item("n-1-bis", "http://lago.test/mercato", "Mercato coperto, riaprono sei banchi"),
            item("https://lago.test/?p=2", "https://lago.test/museo?utm_source=rss", "Museo della seta aperto la sera"),
            item("n-3-bis", "http://lago.test/scuola-2", "Scuola materna, posata la prima pietra"),
            item("n-4", "http://lago.test/fontana", "Fontana di piazza Grande, torna l'acqua"),
        ]
        .concat(),
    );
    press.live("2026-11-23 06:10", "2026-11-23 07:10");
    assert_eq!(press.rows("select title from article where id > 3"), ["Fontana di piazza Grande, torna l'acqua"]);
}

#[test]
fn items_without_an_address_are_articles_too() {
    let press = Press::new(&["lampo.test"]);
    press.feeds();
    let items = "<item><guid isPermaLink=\"false\">1</guid><title>Ore 6: traffico fermo sulla litoranea</title></item>\
                 <item><guid isPermaLink=\"false\">2</guid><title>Ore 6.10: nebbia fitta sul lago</title></item>\
                 <item><title>Ore 6.20: il primo battello parte in ritardo</title></item>";
    let text = format!("<rss version=\"2.0\"><channel><title>Lampo</title>{items}</channel></rss>");
    press.outlets.answer("lampo.test", "/feed.xml", Answer::ok("application/rss+xml", text));
    press.live(MORNING, "2026-11-23 07:00");
    for word in ["litoranea", "nebbia", "battello"] {
        assert_eq!(press.found("2026-11-23 07:00", word).len(), 1, "{word}");
    }
}

#[test]
fn a_plain_map_gives_way_to_the_headline_of_the_page() {
    let press = Press::new(&["mappa.test"]);
    press.write("feeds.toml", source("mappa.test", "sitemap", "/map.xml", ""));
    let map = "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url>\
               <loc>http://mappa.test/piscina-riapre-lunedi-4711.html</loc></url></urlset>";
    press.outlets.answer("mappa.test", "/map.xml", Answer::ok("application/xml", map));
    let title = "La piscina riapre lunedì: «Acqua più calda»";
    press.outlets.answer("mappa.test", "/piscina-riapre-lunedi-4711.html", html(title, "Dopo due mesi di lavori."));
    press.live(MORNING, "2026-11-23 06:10");
    assert_eq!(press.found("2026-11-23 06:10", "piscina"), [title]);
}

#[test]
fn a_first_window_is_known_and_alerts_nobody() {
    let press = Press::new(&["lago.test"]);
    press.feeds().office();
    let old = ("a", "Frana sulla provinciale, chiusa la strada", "Nessun ferito.", "Mon, 23 Nov 2026 05:30:00 +0100");
    let new = ("b", "Frana anche a monte del paese vecchio", "Evacuate due case.", "Mon, 23 Nov 2026 06:25:00 +0100");
    press.outlets.feed("lago.test", &[old]);
    press.live(MORNING, "2026-11-23 06:30");
    assert_eq!(press.found("2026-11-23 06:30", "frana"), [old.1]);
    assert_eq!(press.mails(), Vec::<String>::new());
    press.outlets.feed("lago.test", &[old, new]);
    press.live("2026-11-23 06:30", "2026-11-23 06:59");
    let alerts = press.mails_to("sindaca@bellariva.test");
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert!(header(&alerts[0], "Message-ID").starts_with("<alert"), "{}", alerts[0]);
    assert!(!alerts[0].contains(old.1), "{}", alerts[0]);
}

#[test]
fn news_does_not_wait_for_a_page_that_does_not_come() {
    let press = Press::new(&["lago.test", "monte.test", "colle.test"]);
    press.feeds();
    let slow = [("lago.test", "lungolago"), ("monte.test", "montagna"), ("colle.test", "collina")];
    for (host, word) in slow {
        let title = format!("Chiusa per vento la strada della {word}");
        press.outlets.feed(host, &[("pa", &title, "Fino a sera.", "Mon, 23 Nov 2026 05:30:00 +0100")]);
    }
    press.outlets.answer("lago.test", "/pa", Answer::status(503).with("Retry-After: 3600"));
    press.outlets.answer("monte.test", "/pa", Answer::status(404));
    press.outlets.answer("colle.test", "/robots.txt", Answer::status(500));
    press.live(MORNING, "2026-11-23 06:06");
    for (host, word) in slow {
        assert_eq!(press.found("2026-11-23 06:06", word).len(), 1, "{host}");
    }
    assert!(press.outlets.asked_of("colle.test").iter().all(|a| a.path != "/pa"), "its rules are not known");
    let asked = press.outlets.asked_of("monte.test").iter().filter(|a| a.path == "/pa").count();
    assert_eq!(asked, 3, "tried, and tried again");
}

#[test]
fn a_dead_host_is_named_and_the_others_go_on() {
    let press = Press::new(&["lago.test", "morto.test", "monte.test"]);
    press.feeds();
    let date = "Mon, 23 Nov 2026 05:30:00 +0100";
    press.outlets.feed("lago.test", &[("pa", "Il lago è salito di un palmo", "a", date)]);
    press.outlets.feed("monte.test", &[("pa", "Prima neve sul monte", "a", date)]);
    press.outlets.answer("morto.test", "/feed.xml", Answer::status(500));
    press.live(MORNING, "2026-11-23 12:00");
    let sources = press.run("2026-11-23 12:00", &["stats", "sources"]);
    assert!(sources.out.starts_with("2 of 3 sources alive"), "{sources:?}");
    let line = sources.out.lines().find(|l| l.contains("morto-test")).expect("the dead one is listed");
    assert!(line.contains("ill since") && line.contains("risponde 500"), "{line}");
    assert_eq!(press.found("2026-11-23 12:00", "lago OR neve").len(), 2);
    // each visit is a row with its reason, also the failed ones, and the change is in the register
    let failed = press.rows(
        "select outcome from visit v join source s on s.id = v.source where s.slug = 'morto-test-tutte' and good = 0",
    );
    let asked = press.outlets.asked_of("morto.test").iter().filter(|a| a.path == "/feed.xml").count();
    assert_eq!(failed.len(), asked);
    assert!(failed.len() >= 3 && failed.iter().all(|o| o.contains("500")), "{failed:?}");
    assert_eq!(press.rows("select subject from event where verb = 'source.health'"), ["source:morto-test-tutte"]);
    // one good answer heals it
    press.outlets.feed("morto.test", &[("pa", "Il sito è di nuovo in piedi", "a", date)]);
    press.live("2026-11-23 12:00", "2026-11-23 19:00");
    let sources = press.run("2026-11-23 19:00", &["stats", "sources"]);
    assert!(sources.out.starts_with("3 of 3 sources alive"), "{sources:?}");
}

#[test]
fn a_source_that_leaves_the_file_is_retired_and_one_that_comes_back_goes_on() {
    let press = Press::new(&["lago.test", "monte.test"]);
    press.feeds();
    let date = "Mon, 23 Nov 2026 05:30:00 +0100";
    for host in ["lago.test", "monte.test"] {
        press.outlets.feed(host, &[("pa", "Aperte le iscrizioni al coro", "a", date)]);
    }
    press.live(MORNING, "2026-11-23 06:10");
    let both = std::fs::read_to_string(press.path().join("feeds.toml")).expect("it was written");
    press.write("feeds.toml", source("lago.test", "feed", "/feed.xml", ""));
    let before = press.outlets.asked_of("monte.test").len();
    press.live("2026-11-23 06:10", "2026-11-23 08:00");
    assert_eq!(press.outlets.asked_of("monte.test").len(), before, "it is visited no more");
    assert_eq!(press.found("2026-11-23 08:00", "coro").len(), 2, "its articles stay");
    assert_eq!(press.rows("select state_after from event where verb = 'sources.retire'"), ["[\"monte-test-tutte\"]"]);
    // one that is switched off in the file is not visited either, until it is switched on
    press.write("feeds.toml", both.replacen("extract = true", "extract = true\nenabled = false", 1));
    let quiet = press.outlets.asked_of("lago.test").len();
    press.live("2026-11-23 08:00", "2026-11-23 09:00");
    assert_eq!(press.outlets.asked_of("lago.test").len(), quiet);
    assert!(press.outlets.asked_of("monte.test").len() > before);
    press.write("feeds.toml", both);
    press.live("2026-11-23 09:00", "2026-11-23 10:00");
    assert!(press.outlets.asked_of("lago.test").len() > quiet);
    assert_eq!(press.found("2026-11-23 10:00", "coro").len(), 2, "and nothing is new twice");
}

#[test]
fn a_living_office_reads_its_sources_again_when_told_and_keeps_them_when_the_file_is_bad() {
    let press = Press::new(&["lago.test", "monte.test"]);
    press.feeds();
    let active = || press.rows("select slug from source where retired_at is null order by slug");
    let mut office = Office::start(&press);
    assert_eq!(active(), ["lago-test-tutte", "monte-test-tutte"]);
    for bad in ["[[outlet]\n", "# tutto cancellato\n"] {
        press.write("feeds.toml", bad);
        office.signal("HUP");
        let said = office.until("feeds.toml");
        assert!(said.contains("not taken"), "{said}");
        assert_eq!(active(), ["lago-test-tutte", "monte-test-tutte"], "{bad:?}");
    }
    press.write("feeds.toml", source("lago.test", "feed", "/feed.xml", ""));
    office.signal("HUP");
    let said = office.until("feeds.toml");
    assert!(said.contains("read again") && said.contains("monte-test-tutte"), "{said}");
    assert_eq!(active(), ["lago-test-tutte"]);
    office.signal("TERM");
    assert!(office.ended().success(), "an office that is told to stop ends well");
}
