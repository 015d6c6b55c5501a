//! Press reviews of old in one PDF: split at their bookmarks.

use super::{has, press};
use crate::press_test::MORNING;
use salastampa_locale::Lang;
use salastampa_pdf::{Booklet, Entry, Section};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// A review with a page for each of its articles (title, text), and its bookmarks: depth, title, page from 1.
fn pdf(pages: &[(&str, &str)], marks: &[(usize, &str, usize)]) -> Vec<u8> {
    let mut out =
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Outlines << /First 500 0 R >> >>\nendobj\n".to_owned();
    let kids: String = (0..pages.len()).map(|n| format!("{} 0 R ", 100 + n)).collect();
    out.push_str(&format!("2 0 obj\n<< /Type /Pages /Kids [{kids}] /Count {} >>\nendobj\n", pages.len()));
    out.push_str(
        "3 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>\nendobj\n",
    );
    for (n, (title, text)) in pages.iter().enumerate() {
        let content =
            format!("BT /F1 20 Tf 1 0 0 1 50 780 Tm ({title}) Tj ET\nBT /F1 11 Tf 1 0 0 1 50 740 Tm ({text}) Tj ET");
        out.push_str(&format!(
            "{0} 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {1} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>\nendobj\n\
             {1} 0 obj\n<< /Length {2} >>\nstream\n{content}\nendstream\nendobj\n",
            100 + n,
            300 + n,
            content.len()
        ));
    }
    for (n, (depth, title, page)) in marks.iter().enumerate() {
        let below = marks.get(n + 1).is_some_and(|next| next.0 > *depth);
        let next = marks[n + 1..].iter().take_while(|other| other.0 >= *depth).position(|other| other.0 == *depth);
        let mut links = String::new();
        if below {
            links.push_str(&format!("/First {} 0 R ", 501 + n));
        }
        if let Some(next) = next {
            links.push_str(&format!("/Next {} 0 R ", 501 + n + next));
        }
        let number = 500 + n;
        out.push_str(&format!(
            "{number} 0 obj\n<< /Title ({title}) /Dest [{} 0 R /Fit] {links}>>\nendobj\n",
            99 + page
        ));
    }
    out.push_str("trailer\n<< /Size 900 /Root 1 0 R >>\n%%EOF\n");
    out.into_bytes()
}

const BRIDGE: &str = "La passerella di ferro riapre ai pedoni dopo tre mesi di lavori.";
const CANTEEN: &str = "Il nuovo menu della mensa lo scrivono i bambini della terza.";
const BOAT: &str = "Il battello si ferma al pontile nuovo fino alla fine di settembre.";
const POOL: &str = "La piscina chiude per un mese: si rifanno gli spogliatoi e il tetto.";

fn review() -> Vec<u8> {
    let pages = [
        ("Riapre la passerella di ferro", BRIDGE),
        ("Cambia la mensa delle scuole", CANTEEN),
        ("Torna il battello di Bellariva", BOAT),
        ("Chiude la piscina comunale", POOL),
    ];
    let marks = [
        (0, "lago.test", 1),
        (1, "Riapre la passerella di ferro", 1),
        (0, "Scuola", 2),
        (1, "Cambia la mensa delle scuole - Gazzetta di Bellariva", 2),
        (0, "Torna il battello di Bellariva \\(lago.test\\)", 3),
        (0, "Chiude la piscina comunale", 4),
        (0, "Il sommario di domani", 77),
    ];
    pdf(&pages, &marks)
}

#[test]
fn a_review_in_one_pdf_becomes_an_article_a_bookmark() {
    let press = press();
    press.write("rassegna 2019-03-01.pdf", review());
    let file = "rassegna 2019-03-01.pdf";
    // not asked for, it is said that it could be
    let ran = press.run(MORNING, &["import", "articles", file, "--dry-run", "--outlet", "lago-test"]);
    assert!(has(&ran.out, ": 4 segnalibri"), "{ran:?}");
    assert!(has(&ran.out, "--split fa un articolo"), "{ran:?}");
    let ran = press.run(MORNING, &["import", "articles", file, "--split", "--dry-run"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for words in [
        "segnalibri 7, articoli 2",
        "p. 1 · lago.test · Riapre la passerella di ferro",
        "p. 3 · lago.test · Torna il battello di Bellariva",
        "Articoli che entrerebbero: 2.",
        "testata sconosciuta «Scuola», «Gazzetta di Bellariva»",
        "1 × «Gazzetta di Bellariva»",
        "1 × «Scuola»",
        "manca la testata",
        "non porta a nessuna pagina",
    ] {
        assert!(has(&ran.out, words), "{words}: {}", ran.out);
    }
    assert_eq!(press.rows("select cast(count(*) as text) from import_batch"), ["0"]);
    let words = ["import", "articles", file, "--split", "--outlet", "gazzetta di bellariva=monte-test"];
    let ran = press.run(MORNING, &words);
    assert!(has(&ran.out, "articoli nuovi 3, già in archivio 0, righe rifiutate 2"), "{ran:?}");
    let refused = std::fs::read_to_string(press.path().join(format!("{file}.refused.csv"))).expect("the refused ones");
    assert!(refused.contains("Chiude la piscina comunale") && refused.contains("Il sommario di domani"), "{refused}");
    // each has its own text and no other, and its title without the outlet
    for (word, title) in [
        ("pedoni", "Riapre la passerella di ferro"),
        ("bambini", "Cambia la mensa delle scuole"),
        ("pontile", "Torna il battello di Bellariva"),
    ] {
        assert_eq!(press.found(MORNING, &format!("{word} data:2019-03-01")), [title]);
    }
    assert_eq!(press.found(MORNING, "testata:monte.test"), ["Cambia la mensa delle scuole"]);
    assert!(press.found(MORNING, "spogliatoi").is_empty());
    let ran = press.run(MORNING, &words);
    assert!(has(&ran.out, "articoli nuovi 0, già in archivio 3, righe rifiutate 2"), "a second time: {ran:?}");
    // mapped otherwise, what was left out comes in
    let ran = press.run(MORNING, &["import", "articles", file, "--split", "--outlet", "monte-test"]);
    assert!(has(&ran.out, "articoli nuovi 3, già in archivio 1, righe rifiutate 1"), "{ran:?}");
}

#[test]
fn our_own_review_is_split_by_the_line_below_each_title() {
    let press = press();
    let entry = |n: usize, outlet: &str| Entry {
        headline: format!("Riapre il molo al tratto {n} di Bellariva"),
        source_line: format!("Principale · {outlet} · Ada Neri · 28 feb 2019, 18:40"),
        extract: format!("Si passeggia di nuovo: tavola{n} di larice e panchine di pietra fino alla darsena. […]"),
        ..Entry::default()
    };
    let mut review = Booklet::sample(Lang::It);
    review.sections = vec![
        Section { heading: "Città".into(), entries: vec![entry(1, "lago.test"), entry(2, "monte.test")] },
        Section { heading: "Lago".into(), entries: vec![entry(3, "lago.test"), entry(4, "Radio Riviera")] },
    ];
    std::fs::create_dir_all(press.path().join("rassegne")).expect("a folder of the test");
    press.write("rassegne/2019-03-01.pdf", salastampa_pdf::render(&review).expect("it is set"));
    let ran = press.run(MORNING, &["import", "articles", "rassegne", "--split"]);
    assert!(has(&ran.out, "articoli nuovi 3,"), "{ran:?}");
    assert!(has(&ran.out, "1 × «Lago»"), "the story of an outlet that nobody knows: {ran:?}");
    for (n, outlet) in [(1, "lago.test"), (2, "monte.test"), (3, "lago.test")] {
        let title = format!("Riapre il molo al tratto {n} di Bellariva");
        assert_eq!(press.found(MORNING, &format!("tavola{n} testata:{outlet}")), [title]);
    }
}

#[test]
fn a_split_that_is_killed_goes_on_between_two_files() {
    let press = press();
    std::fs::create_dir_all(press.path().join("rassegne")).expect("a folder of the test");
    for n in 0..40 {
        let titles = [format!("Riapre la passerella numero {n}"), format!("Cambia la mensa numero {n}")];
        let pages = [(titles[0].as_str(), BRIDGE), (titles[1].as_str(), CANTEEN)];
        let marks = [(0, "lago.test", 1), (1, &titles[0], 1), (1, &titles[1], 2), (1, "Nulla", 9)];
        press.write(&format!("rassegne/2019-03-01 n{n:02}.pdf"), pdf(&pages, &marks));
    }
    let mut command = press.command();
    command.args(["--now", MORNING, "import", "articles", "rassegne", "--split"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
    assert!(lines.by_ref().map_while(Result::ok).any(|line| line.contains("60% ·")), "it came so far");
    child.kill().expect("the child is killed");
    child.wait().expect("the child is gone");
    let counts = "select cast(position || ' ' || taken || ' ' || refused as text) from import_batch";
    assert_eq!(press.rows(counts), ["20 40 20"], "whole files were kept");
    let ran = press.run(MORNING, &["import", "articles", "rassegne", "--split"]);
    assert!(has(&ran.out, "Riprendo l'importazione 1 dopo"), "{ran:?}");
    assert_eq!(press.rows(counts), ["40 80 40"]);
    let refused = std::fs::read_to_string(press.path().join("rassegne.refused.csv")).expect("the refused ones");
    assert_eq!(refused.lines().count(), 40);
}

#[test]
fn a_review_that_was_kept_whole_is_split_once_that_import_is_taken_back() {
    let press = press();
    press.write("rassegna 2019-03-01.pdf", review());
    let whole = ["import", "articles", "rassegna 2019-03-01.pdf", "--outlet", "monte-test"];
    let ran = press.run(MORNING, &whole);
    assert!(has(&ran.out, "articoli nuovi 1,") && has(&ran.out, "togli prima questa importazione"), "{ran:?}");
    let split = ["import", "articles", "rassegna 2019-03-01.pdf", "--split"];
    for words in [&[&split[..], &["--dry-run"]].concat()[..], &split] {
        let ran = press.run(MORNING, words);
        assert!(has(&ran.out, "un solo articolo (importazione 1)"), "whatever the outlet: {ran:?}");
        assert!(has(&ran.out, "togli prima quell'importazione"), "{ran:?}");
    }
    let kept = "select cast(count(*) as text) from article";
    assert_eq!(press.rows(kept), ["1"]);
    // one that somebody uses was spared, and is not to be taken back any more
    press.rows("update import_batch set back_by = '{\"actor\":\"console\"}', back_at = 1 returning cast(id as text)");
    let ran = press.run(MORNING, &split);
    assert!(has(&ran.out, "che qualcuno ha caricato o usa"), "{ran:?}");
    assert_eq!(press.rows(kept), ["1"]);
    // taken back it has no key any more
    press.rows("update article set key = 'removed:1' returning key");
    let ran = press.run(MORNING, &split);
    assert!(has(&ran.out, "articoli nuovi 2,"), "{ran:?}");
}

#[test]
fn what_is_cut_from_a_long_file_is_told() {
    let press = press();
    std::fs::create_dir_all(press.path().join("lunghi")).expect("a folder of the test");
    for n in 0..12 {
        let title = format!("Riapre la passerella numero {n}");
        let pages = vec![(title.as_str(), BRIDGE); 41];
        press.write(
            &format!("lunghi/lago-test 2019-03-{:02}.pdf", n + 1),
            pdf(&pages[..if n < 11 { 41 } else { 40 }], &[]),
        );
    }
    let ran = press.run(MORNING, &["import", "articles", "lunghi"]);
    let cut =
        ran.out.lines().filter(|line| line.contains("letto fino a pagina 40, quel che segue resta fuori")).count();
    assert!(cut == 10 && has(&ran.out, "Altri file non letti fino in fondo: 1."), "{ran:?}");
    assert!(has(&ran.out, "articoli nuovi 12,"), "{ran:?}");
}

#[test]
fn a_table_is_not_split() {
    let press = press();
    press.write("storico.csv", super::OLD);
    let ran = press.run(MORNING, &["import", "articles", "storico.csv", "--split"]);
    assert!(ran.code == 2 && ran.err.contains("vale per i PDF"), "{ran:?}");
}
