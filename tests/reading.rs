//! Pages whose source says by selectors where what it wants is: the text of an article, the places of a front page.

use crate::outlets::{Answer, rss};
use crate::press_test::{MORNING, Press};

#[test]
fn a_source_that_says_where_its_text_is_is_read_there() {
    let press = Press::new(&["lago.test"]);
    press.write(
        "feeds.toml",
        "[[outlet]]\nid = \"lago\"\nname = \"Il Lago\"\nkind = \"local\"\n\n[[source]]\nid = \"lago-tutte\"\n\
         outlet = \"lago\"\nkind = \"feed\"\nurl = \"http://lago.test/feed.xml\"\nclass = \"C\"\n\
         article = { body = \".testo\", authors = \".firma\", remove = [\".scheda\"] }\n",
    );
    let date = "Mon, 23 Nov 2026 05:30:00 +0100";
    press.outlets.answer(
        "lago.test",
        "/feed.xml",
        Answer::ok("application/rss+xml", rss("lago.test", &[("pa", "Il molo riapre sabato", "Da sabato.", date)])),
    );
    let around = "<p>Il ristorante della piazza propone ogni sera la zuppa di pesce, con vista sul porto e sulle barche \
                  dei pescatori; nelle sere di festa si mangia anche fuori, sotto i platani del viale.</p>";
    let page = format!(
        "<!doctype html><html lang=\"it\"><body><div class=\"lista\">{}</div><div class=\"firma\">Lia Corti</div>\
         <div class=\"testo\"><p>Sabato il molo riapre ai pedoni dopo tre mesi di lavori alle passerelle.</p>\
         <div class=\"scheda\">Anagrafe del porticciolo</div><p>La rampa resta chiusa fino al collaudo.</p></div></body></html>",
        around.repeat(6)
    );
    press.outlets.answer("lago.test", "/pa", Answer::ok("text/html; charset=utf-8", page));
    let ran = press.run(MORNING, &["run", "crawl", "--until", "2026-11-23 06:20"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let body = press.rows("select body from article_text");
    assert_eq!(
        body,
        [
            "Sabato il molo riapre ai pedoni dopo tre mesi di lavori alle passerelle.\nLa rampa resta chiusa fino al collaudo."
        ]
    );
    assert_eq!(press.rows("select authors from article"), ["[\"Lia Corti\"]"]);
}

#[test]
fn the_highest_place_of_an_article_on_the_front_page_is_kept() {
    let press = Press::new(&["lago.test"]);
    press.write(
        "feeds.toml",
        "[[outlet]]\nid = \"lago\"\nname = \"Il Lago\"\nkind = \"local\"\n\n[[source]]\nid = \"lago-prima\"\n\
         outlet = \"lago\"\nkind = \"page\"\nurl = \"http://lago.test/\"\nclass = \"C\"\nextract = false\n\
         front = true\nselectors = { item = \".pezzo\" }\n",
    );
    let home = |pieces: &[&str]| {
        let piece = |name: &&str| {
            format!(
                "<div class=\"pezzo\"><a href=\"/{name}?utm_source=prima\">Il {name} riapre sabato mattina</a></div>"
            )
        };
        let pieces: String = pieces.iter().map(piece).collect();
        Answer::ok("text/html; charset=utf-8", format!("<!doctype html><html lang=\"it\"><body>{pieces}</body></html>"))
    };
    press.outlets.answer("lago.test", "/", home(&["molo", "ponte"]));
    let ran = press.run(MORNING, &["run", "crawl", "--until", "2026-11-23 06:20"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    press.outlets.answer("lago.test", "/", home(&["teatro", "molo", "parco", "ponte"]));
    let ran = press.run("2026-11-23 08:00", &["run", "crawl", "--until", "2026-11-23 10:00"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        press.rows(
            "select article.title || ' ' || front.place from article \
             join front on front.outlet = article.outlet and front.key = article.key order by article.title"
        ),
        [
            "Il molo riapre sabato mattina 1",
            "Il parco riapre sabato mattina 3",
            "Il ponte riapre sabato mattina 2",
            "Il teatro riapre sabato mattina 1"
        ]
    );
}
