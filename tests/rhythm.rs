//! What visits teach and what follows from it: lost items are looked for, moves are followed or proposed, redirects pass
//! every gate, what a site says about its texts is heard.

use crate::outlets::{Answer, Asked, rss};
use crate::press_test::{MORNING, Press};

const MINUTE: i64 = 60_000;

/// A feed of the items `from..to`, newest first.
fn feed(host: &str, from: usize, to: usize) -> Answer {
    let items: Vec<(String, String, String)> = (from..to)
        .rev()
        .map(|n| {
            let date = format!("Mon, 23 Nov 2026 {:02}:{:02}:00 +0100", 5 + n / 60, n % 60);
            (format!("n{n}"), format!("Notizia numero {n} della mattina di {host}"), date)
        })
        .collect();
    let items: Vec<_> =
        items.iter().map(|(slug, title, date)| (slug.as_str(), title.as_str(), "Così.", date.as_str())).collect();
    Answer::ok("application/rss+xml; charset=utf-8", rss(host, &items))
}

fn declare(press: &Press, host: &str, path: &str, class: char, more: &str) {
    let slug = host.replace('.', "-");
    press.write(
        "feeds.toml",
        format!(
            "[[outlet]]\nid = \"{slug}\"\nname = \"{host}\"\nkind = \"local\"\n\n[[source]]\nid = \"{slug}-tutte\"\n\
             outlet = \"{slug}\"\nkind = \"feed\"\nurl = \"http://{host}{path}\"\nclass = \"{class}\"\nextract = false\n{more}\n"
        ),
    );
}

fn crawl(press: &Press, from: &str, until: &str) {
    let ran = press.run(from, &["run", "crawl", "--until", until]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn verbs(press: &Press) -> Vec<String> {
    press.rows("select verb from event where subject like 'source:%' order by id")
}

#[test]
fn what_a_window_has_lost_is_found_again_in_the_map_of_the_site() {
    let press = Press::new(&["lago.test"]);
    declare(&press, "lago.test", "/feed.xml", 'D', "");
    press.outlets.answer(
        "lago.test",
        "/robots.txt",
        Answer::ok("text/plain", "Sitemap: http://lago.test/mappa-news.xml\n"),
    );
    press.outlets.answer("lago.test", "/feed.xml", feed("lago.test", 0, 5));
    crawl(&press, MORNING, "2026-11-23 06:20");
    // eight came, and the window of five shows the last of them only
    press.outlets.answer("lago.test", "/feed.xml", feed("lago.test", 8, 13));
    // the site's map lists other maps, and the newest of them what is missing
    let index = "<sitemapindex><sitemap><loc>/ieri.xml</loc><lastmod>2026-11-22</lastmod></sitemap>\
                 <sitemap><loc>/oggi.xml</loc><lastmod>2026-11-23</lastmod></sitemap></sitemapindex>";
    press.outlets.answer("lago.test", "/mappa-news.xml", Answer::ok("application/xml", index));
    press.outlets.answer("lago.test", "/oggi.xml", map("lago.test", 0, 13));
    crawl(&press, "2026-11-23 06:20", "2026-11-23 09:00");
    assert_eq!(press.rows("select url from article").len(), 13, "none is missing, none is there twice");
    assert_eq!(verbs(&press).iter().filter(|verb| *verb == "source.gap").count(), 1, "the gap is told once");
    let maps = press.outlets.asked_of("lago.test").iter().filter(|asked| asked.path == "/mappa-news.xml").count();
    assert_eq!(maps, 1);
    let repaired = press.rows("select '' || json_extract(learned, '$.gaps.repaired') from source");
    assert_eq!(repaired, ["3"], "what the maps gave back is counted");
}

#[test]
fn a_redirect_to_another_site_passes_the_gate_of_that_site() {
    let press = Press::new(&["breve.test", "lontano.test"]);
    let second = "[[source]]\nid = \"lontano-sport\"\noutlet = \"breve-test\"\nkind = \"feed\"\n\
                  url = \"http://lontano.test/sport.xml\"\nclass = \"A\"\nextract = false\n";
    declare(&press, "breve.test", "/feed.xml", 'A', second);
    press.outlets.answer("breve.test", "/feed.xml", Answer::status(302).with("Location: http://lontano.test/vero.xml"));
    press.outlets.answer("lontano.test", "/vero.xml", feed("lontano.test", 0, 3));
    press.outlets.answer("lontano.test", "/sport.xml", feed("sport.test", 0, 3));
    crawl(&press, MORNING, "2026-11-23 06:40");
    assert_eq!(press.rows("select url from article").len(), 6);
    let asked = press.outlets.asked_of("lontano.test");
    let at: Vec<i64> = asked.iter().filter_map(|asked| asked.at).collect();
    assert!(at.windows(2).all(|two| two[1] - two[0] >= 2_000), "{at:?}");
    let of = |path: &str| asked.iter().filter(|asked| asked.path == path).count();
    assert!(
        of("/vero.xml") >= 10 && of("/sport.xml") >= 10,
        "both are visited: {} {}",
        of("/vero.xml"),
        of("/sport.xml")
    );
    let ran = press.run("2026-11-23 06:40", &["stats", "sources"]);
    assert!(ran.out.starts_with("2 of 2 sources alive"), "{ran:?}");
    // a redirect that ends nowhere makes ill like any other failure
    press.outlets.answer("lontano.test", "/vero.xml", Answer::status(302).with("Location: http://breve.test/feed.xml"));
    crawl(&press, "2026-11-23 06:40", "2026-11-23 07:40");
    let ran = press.run("2026-11-23 07:40", &["stats", "sources"]);
    assert!(ran.out.contains("troppi rinvii"), "{ran:?}");
}

#[test]
fn too_many_requests_make_the_pace_slower_and_a_good_day_takes_it_back() {
    let press = Press::new(&["lago.test"]);
    declare(&press, "lago.test", "/feed.xml", 'A', "");
    press.outlets.answer("lago.test", "/feed.xml", feed("lago.test", 0, 5));
    crawl(&press, MORNING, "2026-11-23 07:00");
    press.outlets.answer("lago.test", "/feed.xml", Answer::status(429));
    crawl(&press, "2026-11-23 07:00", "2026-11-23 08:00");
    press.outlets.answer("lago.test", "/feed.xml", feed("lago.test", 0, 5).with("ETag: \"a\""));
    crawl(&press, "2026-11-23 08:00", "2026-11-23 12:00");
    let pauses = |from: i64| {
        let asked: Vec<Asked> = press.outlets.asked_of("lago.test");
        let at: Vec<i64> =
            asked.iter().filter(|a| a.path == "/feed.xml").filter_map(|a| a.at).filter(|at| *at > from).collect();
        at.windows(2).map(|two| two[1] - two[0]).collect::<Vec<_>>()
    };
    let noon = salastampa_domain::Timestamp::parse("2026-11-23 10:00").expect("an instant").0;
    let slow = pauses(noon);
    assert!(slow.iter().all(|pause| *pause > 2 * MINUTE), "{slow:?}");
    crawl(&press, "2026-11-23 12:00", "2026-11-26 12:00");
    let later = salastampa_domain::Timestamp::parse("2026-11-26 09:00").expect("an instant").0;
    let after = pauses(later);
    assert!(after.iter().all(|pause| *pause <= 133_000), "{after:?}");
}

#[test]
fn a_feed_that_is_gone_is_looked_for_on_its_site_and_a_person_decides() {
    let press = Press::new(&["lago.test"]);
    declare(&press, "lago.test", "/vecchio.xml", 'C', "");
    press.outlets.answer("lago.test", "/vecchio.xml", feed("lago.test", 0, 3));
    crawl(&press, MORNING, "2026-11-23 06:10");
    press.outlets.answer("lago.test", "/vecchio.xml", Answer::status(404));
    let home = "<!doctype html><html><head><title>Il Lago</title>\
                <link rel=\"alternate\" type=\"application/rss+xml\" href=\"/nuovo.xml\"></head><body></body></html>";
    press.outlets.answer("lago.test", "/", Answer::ok("text/html", home));
    press.outlets.answer("lago.test", "/nuovo.xml", feed("lago.test", 0, 4));
    crawl(&press, "2026-11-23 06:10", "2026-11-23 12:00");
    let learned = press.rows("select learned from source");
    assert!(learned[0].contains("http://lago.test/nuovo.xml"), "{learned:?}");
    assert_eq!(press.rows("select url from source"), ["http://lago.test/vecchio.xml"], "nobody has decided yet");
    let home = press.outlets.asked_of("lago.test").iter().filter(|asked| asked.path == "/").count();
    assert_eq!(home, 1, "the site is asked once");
}

#[test]
fn a_site_that_shuts_out_crawlers_of_models_is_for_the_office_to_judge() {
    let press = Press::new(&["lago.test"]);
    declare(&press, "lago.test", "/feed.xml", 'C', "legal = \"verificata\"\n");
    press.outlets.answer("lago.test", "/feed.xml", feed("lago.test", 0, 3));
    crawl(&press, MORNING, "2026-11-23 07:00");
    let legal = || press.rows("select legal from source");
    assert_eq!(legal(), ["verificata"]);
    press.outlets.answer("lago.test", "/robots.txt", Answer::ok("text/plain", "User-agent: GPTBot\nDisallow: /\n"));
    crawl(&press, "2026-11-23 07:00", "2026-11-24 09:00");
    assert_eq!(legal(), ["da verificare"]);
    assert_eq!(verbs(&press), ["source.ai_agents"], "told once, and the feed is read as before");
    let ran = press.run("2026-11-24 09:00", &["stats", "sources"]);
    assert!(ran.out.starts_with("1 of 1 sources alive"), "{ran:?}");
}

#[test]
fn a_hub_is_asked_once_and_again_when_it_does_not_answer() {
    let press = Press::new(&["lago.test", "hub.test"]).settings("[crawler]\nwebsub = true\n");
    declare(&press, "lago.test", "/feed.xml", 'C', "");
    let mut answer = feed("lago.test", 0, 3);
    answer.headers.push("Link: <http://hub.test/ask>; rel=\"hub\", <http://lago.test/feed.xml>; rel=\"self\"".into());
    press.outlets.answer("lago.test", "/feed.xml", answer);
    press.outlets.answer("hub.test", "/ask", Answer::status(202));
    crawl(&press, MORNING, "2026-11-23 06:50");
    let asked = || press.outlets.asked_of("hub.test").len();
    assert_eq!(asked(), 1, "asked, and not yet confirmed");
    crawl(&press, "2026-11-23 06:50", "2026-11-23 08:40");
    assert!((2..=3).contains(&asked()), "{}", asked());
    assert!(press.outlets.asked_of("lago.test").len() > 4, "the feed is visited all the same");
}

/// A map of the items `from..to`, or a map of maps.
fn map(host: &str, from: usize, to: usize) -> Answer {
    let urls: String = (from..to)
        .map(|n| {
            format!(
                "<url><loc>http://{host}/n{n}</loc><news:news><news:publication_date>2026-11-23T{:02}:{:02}:00+01:00\
                 </news:publication_date><news:title>Notizia numero {n} della mattina di {host}</news:title></news:news></url>",
                5 + n / 60,
                n % 60
            )
        })
        .collect();
    let map = format!(
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{urls}</urlset>"
    );
    Answer::ok("application/xml", map)
}

#[test]
fn the_maps_of_a_map_are_asked_for_one_at_a_time_and_count_as_one_visit() {
    let press = Press::new(&["monte.test"]);
    press.write(
        "feeds.toml",
        "[[outlet]]\nid = \"monte\"\nname = \"Monte\"\nkind = \"local\"\n\n[[source]]\nid = \"monte-mappa\"\noutlet = \"monte\"\n\
         kind = \"sitemap\"\nurl = \"http://monte.test/indice.xml\"\nclass = \"B\"\nextract = false\n",
    );
    let index = "<sitemapindex><sitemap><loc>/sotto.xml</loc></sitemap><sitemap><loc>/rotta.xml</loc></sitemap>\
                 <sitemap><loc>/quarta.xml</loc></sitemap></sitemapindex>";
    let below = "<sitemapindex><sitemap><loc>/prima.xml</loc></sitemap></sitemapindex>";
    press.outlets.answer("monte.test", "/indice.xml", Answer::ok("application/xml", index));
    press.outlets.answer("monte.test", "/sotto.xml", Answer::ok("application/xml", below));
    press.outlets.answer("monte.test", "/prima.xml", map("monte.test", 0, 4));
    press.outlets.answer("monte.test", "/rotta.xml", Answer::status(500));
    crawl(&press, MORNING, "2026-11-23 06:02");
    press.outlets.answer("monte.test", "/prima.xml", map("monte.test", 2, 7));
    crawl(&press, "2026-11-23 06:02", "2026-11-23 06:20");
    let asked = press.outlets.asked_of("monte.test");
    let order: Vec<&str> =
        asked.iter().map(|asked| asked.path.as_str()).filter(|path| path.ends_with(".xml")).collect();
    assert_eq!(order[..5], ["/indice.xml", "/sotto.xml", "/prima.xml", "/rotta.xml", "/indice.xml"]);
    let times: Vec<i64> = asked.iter().filter_map(|asked| asked.at).collect();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 2_000), "the gate holds between maps: {asked:#?}");
    assert_eq!(press.rows("select url from article").len(), 7);
    let visits = press.rows("select items || ' ' || new_items || ' ' || outcome from visit order by id");
    assert_eq!(visits[..2], ["4 4 {\"outcome\":\"read\"}", "5 3 {\"outcome\":\"read\"}"]);
}

#[test]
fn what_a_server_asks_by_robots_txt_or_by_a_map_binds_like_any_answer() {
    let press = Press::new(&["www.lago.test", "monte.test"]);
    let lago = "[[outlet]]\nid = \"lago\"\nname = \"Lago\"\nkind = \"local\"\n\n[[source]]\nid = \"lago-tutte\"\n\
                outlet = \"lago\"\nkind = \"feed\"\nurl = \"http://www.lago.test/feed.xml\"\nclass = \"A\"\nextract = false\n\n\
                [[source]]\nid = \"monte-mappa\"\noutlet = \"lago\"\nkind = \"sitemap\"\nurl = \"http://monte.test/indice.xml\"\n\
                class = \"A\"\n";
    press.write("feeds.toml", lago);
    press.outlets.answer("www.lago.test", "/robots.txt", Answer::status(429).with("Retry-After: 900"));
    press.outlets.answer("www.lago.test", "/feed.xml", feed("www.lago.test", 0, 3));
    let index = "<sitemapindex><sitemap><loc>http://monte.test/a.xml</loc></sitemap>\
                 <sitemap><loc>http://monte.test/b.xml</loc></sitemap></sitemapindex>";
    press.outlets.answer("monte.test", "/indice.xml", Answer::ok("application/xml", index));
    for map in ["/a.xml", "/b.xml"] {
        press.outlets.answer("monte.test", map, Answer::status(503).with("Retry-After: 900"));
    }
    crawl(&press, MORNING, "2026-11-23 07:00");
    for (host, first) in [("www.lago.test", "/robots.txt"), ("monte.test", "/")] {
        let asked = press.outlets.asked_of(host);
        let bound = asked.iter().position(|a| a.path == first || a.path == "/a.xml" || a.path == "/b.xml");
        let bound = bound.expect("it asked us to wait");
        let (at, next) = (asked[bound].at.unwrap_or(0), asked.get(bound + 1).and_then(|a| a.at));
        assert!(next.is_some_and(|next| at == 0 || next - at >= 15 * MINUTE), "{host}: {asked:#?}");
    }
}
