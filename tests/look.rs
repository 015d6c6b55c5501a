//! What changes after publication: looked at again, told apart, kept with its time, and the first text stays.

use crate::outlets::{Answer, page, rss};
use crate::press_test::{MORNING, Press};

/// One watch, and nothing that leaves.
const OFFICE: &str = "[[watch]]\nslug = \"lungolago\"\nname = \"Lungolago\"\nquery = \"lungolago\"\nweight = 5\n";

const TITLE: &str = "Lungolago chiuso da lunedì per tre mesi";
const LEAD: &str = "Il cantiere apre lunedì mattina.";
const DATE: &str = "Mon, 23 Nov 2026 05:30:00 +0100";

/// The page of the article, with these paragraphs behind its first ones.
fn html(title: &str, more: &str) -> String {
    let body = format!(
        "<p>Il cantiere del lungolago apre lunedì mattina alle sette e resterà aperto per tre mesi, secondo il piano \
         che la giunta ha approvato giovedì sera con i voti della maggioranza.</p>\
         <p>Le auto passeranno dalla strada alta; i pedoni dal sentiero del molo vecchio, che il Comune ha fatto \
         illuminare in ottobre. La fermata del battello si sposta di duecento metri.</p>{more}"
    );
    format!(
        "<!doctype html><html lang=\"it\"><head><title>{title}</title></head><body><main><article><h1>{title}</h1>\
         {body}</article></main></body></html>"
    )
}

fn answer(text: &str) -> Answer {
    Answer::ok("text/html; charset=utf-8", text)
}

/// An office with the article clipped at six, and a second one that nobody clips.
fn clipped() -> Press {
    let press = Press::new(&["lago.test"]);
    press.feeds().office_of(MORNING, OFFICE);
    let items = [("pa", TITLE, LEAD, DATE), ("pb", "Mercato del pesce, tre banchi in più", "In piazza.", DATE)];
    let feed = Answer::ok("application/rss+xml", rss("lago.test", &items));
    press.outlets.answer("lago.test", "/feed.xml", feed);
    press.outlets.answer("lago.test", "/pa", answer(&html(TITLE, "")).with("ETag: \"uno\""));
    press.outlets.answer("lago.test", "/pb", answer(&page("Mercato del pesce, tre banchi in più", "In piazza.")));
    press.live(MORNING, "2026-11-23 06:30");
    assert_eq!(press.rows("select cast(count(*) as text) from clipping"), ["1"]);
    press
}

/// The kinds of its readings, oldest first.
fn kinds(press: &Press) -> Vec<String> {
    press.rows("select t.kind from article_text t join article a on a.id = t.article where a.url like '%/pa' order by t.revision")
}

/// What the last look gave.
fn outcome(press: &Press) -> Vec<String> {
    press.rows("select l.outcome from look l join article a on a.id = l.article where a.url like '%/pa'")
}

#[test]
fn a_page_that_changes_without_saying_so_is_found_by_its_new_words_and_its_first_text_stays() {
    let press = clipped();
    let more = "<p>Per i commercianti ci sarà una mongolfiera pubblicitaria ancorata sopra il molo, a spese del \
                consorzio, nei fine settimana di dicembre.</p>";
    press.outlets.answer("lago.test", "/pa", answer(&html(TITLE, more)).with("ETag: \"due\""));
    press.live("2026-11-23 06:30", "2026-11-23 07:10");
    assert_eq!(kinds(&press), ["first", "silent"]);
    assert_eq!(press.found("2026-11-23 07:10", "mongolfiera"), [TITLE]);
    assert_eq!(press.found("2026-11-23 07:10", "illuminare"), [TITLE], "once, and not twice");
    let first = press.rows("select body from article_text where revision = 1 and body like '%illuminare%'");
    assert_eq!(first.len(), 1);
    assert!(!first[0].contains("mongolfiera"));
    let told = press.rows("select state_after from event where verb = 'article.revise'");
    assert!(told.len() == 1 && told[0].contains("silent"), "{told:?}");
    // its number, its clipping and its story are those that it had
    assert_eq!(press.rows("select cast(count(*) as text) from article"), ["2"]);
    assert_eq!(press.rows("select cast(count(*) as text) from clipping"), ["1"]);
    assert_eq!(press.rows("select cast(count(distinct story) as text) from article"), ["2"]);

    let errata =
        format!("{more}<p>Errata corrige: il cantiere dura quattro mesi e non tre, ci scrive l'assessorato.</p>");
    press.outlets.answer("lago.test", "/pa", answer(&html(TITLE, &errata)));
    press.live("2026-11-23 07:10", "2026-11-23 12:10");
    assert_eq!(kinds(&press), ["first", "silent", "correction"]);
    let stats = press.run("2026-11-23 12:10", &["stats", "all"]).out;
    let line = stats.lines().find(|line| line.starts_with("changed later")).unwrap_or_default();
    assert!(line.ends_with("1 correction, 1 silent; 1 to be looked at again"), "{stats}");
}

#[test]
fn a_page_is_asked_politely_and_only_while_its_looks_last() {
    let press = clipped();
    press.live("2026-11-23 06:30", "2026-11-26 08:00");
    let asked = press.outlets.asked_of("lago.test");
    let of = |path: &str| asked.iter().filter(|a| a.path == path).cloned().collect::<Vec<_>>();
    let looks = of("/pa");
    assert_eq!(looks.len(), 5, "once when it was new, and four times again");
    assert!(looks[1..].iter().all(|a| a.header("if-none-match") == Some("\"uno\"")), "{looks:?}");
    let hours: Vec<i64> =
        looks[1..].iter().map(|a| (a.at.unwrap_or(0) - looks[0].at.unwrap_or(0)) / 3_600_000).collect();
    assert_eq!(hours, [1, 6, 24, 72]);
    assert_eq!(of("/pb").len(), 1, "nobody clipped that one");
    assert_eq!(kinds(&press), ["first"]);
    assert_eq!(press.rows("select cast(count(*) as text) from look where due_at is not null"), ["0"]);
}

#[test]
fn a_wall_is_no_change_and_a_page_that_is_gone_twice_is_a_removal() {
    let press = clipped();
    let wall = "<!doctype html><html lang=\"it\"><head><title>La tua privacy</title></head><body><main><h1>La tua privacy</h1>\
                <p>Noi e i nostri partner usiamo cookie per mostrarti annunci. Puoi dare il consenso a tutti gli \
                scopi o rifiutarlo.</p><p>Senza consenso puoi leggere con un abbonamento.</p></main></body></html>";
    press.outlets.answer("lago.test", "/pa", answer(wall).with("ETag: \"muro\""));
    press.live("2026-11-23 06:30", "2026-11-23 07:10");
    assert_eq!((kinds(&press), outcome(&press)), (vec!["first".to_owned()], vec!["wall".to_owned()]));
    press.outlets.answer("lago.test", "/pa", Answer::status(404));
    press.live("2026-11-23 07:10", "2026-11-23 12:30");
    assert_eq!((kinds(&press), outcome(&press)), (vec!["first".to_owned()], vec!["missing".to_owned()]));
    press.live("2026-11-23 12:30", "2026-11-23 13:30");
    assert_eq!(kinds(&press), ["first", "removal"]);
    assert_eq!(press.found("2026-11-23 13:30", "illuminare"), [TITLE], "what is gone is still found here");
    let asked = press.outlets.asked_of("lago.test");
    let known: Vec<_> = asked.iter().filter(|a| a.path == "/pa").map(|a| a.header("if-none-match")).collect();
    assert_eq!(
        known,
        [None, Some("\"uno\""), Some("\"uno\""), Some("\"uno\"")],
        "the wall's own mark is not sent back"
    );
    // it comes back as it was
    press.outlets.answer("lago.test", "/pa", answer(&html(TITLE, "")).with("ETag: \"uno\""));
    press.live("2026-11-23 13:30", "2026-11-24 06:30");
    assert_eq!(kinds(&press), ["first", "removal", "restored"]);
}

#[test]
fn a_feed_that_tells_an_article_otherwise_gives_another_reading() {
    let press = clipped();
    let tell = |title: &str, date: &str| {
        let items = [("pa", title, LEAD, date), ("pb", "Mercato del pesce, tre banchi in più", "In piazza.", date)];
        press.outlets.answer("lago.test", "/feed.xml", Answer::ok("application/rss+xml", rss("lago.test", &items)));
    };
    let other = "Lungolago chiuso da lunedì, ma solo di notte";
    tell(other, "Mon, 23 Nov 2026 06:35:00 +0100");
    press.live("2026-11-23 06:30", "2026-11-23 06:50");
    assert_eq!(kinds(&press), ["first", "update"]);
    assert_eq!(press.found("2026-11-23 06:50", "notte"), [other]);
    let asked = press.outlets.asked_of("lago.test");
    assert_eq!(asked.iter().filter(|a| a.path == "/pa").count(), 2, "its page is looked at at once");
    // a server that still has the old file
    tell(TITLE, DATE);
    press.live("2026-11-23 06:50", "2026-11-23 07:30");
    tell(other, "Mon, 23 Nov 2026 06:35:00 +0100");
    press.live("2026-11-23 07:30", "2026-11-23 08:30");
    assert_eq!(kinds(&press), ["first", "update"]);
}

/// An urgent watch and somebody who follows it.
const URGENT: &str = "[[watch]]\nslug = \"frane\"\nname = \"Frane\"\nquery = \"frana\"\nweight = 9\nurgency = \"flash\"\n\n\
                      [[reader]]\nslug = \"sindaca\"\nname = \"Ada Corti\"\naddress = \"sindaca@bellariva.test\"\nwatches = [\"frane\"]\n";

#[test]
fn a_changed_text_that_matches_for_the_first_time_alerts_once_and_only_while_it_is_news() {
    let press = Press::new(&["lago.test"]);
    press.feeds().office_of(MORNING, URGENT);
    let tell = |items: &[(&str, &str)]| {
        let items: Vec<_> = items.iter().map(|(slug, title)| (*slug, *title, LEAD, DATE)).collect();
        press.outlets.feed("lago.test", &items);
    };
    tell(&[("pz", "Mercato del pesce, tre banchi in più")]);
    press.live(MORNING, "2026-11-23 06:20");
    let (one, two) = (("pa", "Lavori sulla provinciale da stamattina"), ("pb", "Chiusa la galleria del monte Falò"));
    tell(&[one, two]);
    press.live("2026-11-23 06:20", "2026-11-23 07:00");
    assert_eq!(press.mails().len(), 0);
    let later = ("pa", "Lavori sulla provinciale per una frana");
    tell(&[later, two]);
    press.live("2026-11-23 07:00", "2026-11-23 08:00");
    assert_eq!(press.mails().len(), 1, "it matches now, and is news");
    tell(&[("pa", "Provinciale, la frana si allarga e i lavori si fermano"), two]);
    press.live("2026-11-23 08:00", "2026-11-25 08:00");
    assert_eq!(press.mails().len(), 1, "one alert for a story");
    tell(&[
        ("pa", "Provinciale, la frana si allarga e i lavori si fermano"),
        ("pb", "Chiusa la galleria: c'è una frana"),
    ]);
    press.live("2026-11-25 08:00", "2026-11-25 09:00");
    assert_eq!(press.rows("select cast(fresh as text) from clipping order by id"), ["1", "0"]);
    assert_eq!(press.mails().len(), 1, "two days later it is found, and alerts nobody");
}
