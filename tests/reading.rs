//! Article pages whose source says by selectors where its text is.

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
