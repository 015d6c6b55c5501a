//! Files with bookmarks, made by hand and by our own printer.

use super::*;
use crate::booklet::{Booklet, Entry, Section};
use salastampa_locale::Lang;

/// A file whose pages have those lines (left, from below, text), and those further objects from 10 on.
fn file(pages: &[&[(u32, u32, &str)]], catalog: &str, objects: &[(usize, &str)]) -> Vec<u8> {
    let mut out = format!("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R {catalog} >>\nendobj\n");
    let kids: String = (0..pages.len()).map(|n| format!("{} 0 R ", 100 + n)).collect();
    out.push_str(&format!("2 0 obj\n<< /Type /Pages /Kids [{kids}] /Count {} >>\nendobj\n", pages.len()));
    out.push_str(
        "3 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>\nendobj\n",
    );
    for (n, lines) in pages.iter().enumerate() {
        let set = |(x, y, text): &(u32, u32, &str)| format!("BT /F1 11 Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n");
        let content: String = lines.iter().map(set).collect();
        out.push_str(&format!(
            "{} 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>\nendobj\n\
             {} 0 obj\n<< /Length {} >>\nstream\n{content}\nendstream\nendobj\n",
            100 + n,
            200 + n,
            200 + n,
            content.len() + 1
        ));
    }
    for (number, object) in objects {
        out.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    out.push_str("trailer\n<< /Size 300 /Root 1 0 R >>\n%%EOF\n");
    out.into_bytes()
}

const FIRST: &str = "Il ponte sul Rio riapre domani mattina alle sei, dice l'assessora ai lavori.";
const SECOND: &str = "La mensa della scuola cambia il menu: lo scrivono i bambini della terza.";
const THIRD: &str = "Il battello si ferma al pontile nuovo fino alla fine della stagione.";

fn parts(bytes: Vec<u8>) -> Parts {
    match split(bytes).expect("a text") {
        Split::Parts(parts) => parts,
        Split::Whole(text) => panic!("it was not split: {text:?}"),
    }
}

fn told(parts: &Parts) -> Vec<(String, Option<usize>, String)> {
    let line = |part: &Part| {
        let mut name = part.above.join(" > ");
        name.push_str(if part.above.is_empty() { "" } else { " > " });
        (name + &part.title, part.page, part.body.clone())
    };
    parts.parts.iter().map(line).collect()
}

#[test]
fn our_own_review_is_told_apart_by_its_bookmarks() {
    let entry = |n: usize| Entry {
        headline: format!("Riapre il molo numero {n}: pronto il tratto fino alla darsena di Bellariva"),
        source_line: format!("Il Lago · Ada Neri · {} nov 2026", n % 28 + 1),
        extract: format!("{} Tratto {n}. {}", "Tre mesi di cantiere e di ponteggi. ".repeat(12), THIRD),
        ..Entry::default()
    };
    let mut review = Booklet::sample(Lang::It);
    review.sections = (0..3)
        .map(|s| Section { heading: format!("Parte {s}"), entries: (0..6).map(|n| entry(6 * s + n)).collect() })
        .collect();
    // a sentence behind the last story has no bookmark of its own
    review.notes.clear();
    let parts = parts(crate::render(&review).expect("it is set"));
    let articles: Vec<&Part> = parts.parts.iter().filter(|part| !part.above.is_empty()).collect();
    assert_eq!(articles.len(), 18, "{:#?}", told(&parts));
    for (n, part) in articles.iter().enumerate() {
        assert_eq!(part.above, [format!("Parte {}", n / 6)]);
        let lines: Vec<&str> = part.body.lines().collect();
        assert_eq!(lines.len(), 3, "no head, no foot, nothing of its neighbours: {lines:#?}");
        assert_eq!(lines[0], part.title);
        assert!(lines[1].starts_with("Il Lago · Ada Neri"), "{lines:?}");
        assert!(lines[2].contains(&format!("Tratto {n}. Il battello")), "{lines:?}");
    }
    assert!(!parts.cut);
}

#[test]
fn places_are_found_by_height_by_name_by_action_and_by_the_title() {
    let pages: [&[(u32, u32, &str)]; 3] = [
        &[(50, 800, "Riapre il ponte"), (50, 780, FIRST), (50, 500, "Cambia la mensa"), (50, 480, SECOND)],
        &[(50, 800, "e continua sulla pagina dopo, dove altro non si dice.")],
        &[
            (50, 800, "Il Lago, 1 marzo"),
            (50, 700, "Torna il battello"),
            (50, 680, THIRD),
            (50, 400, "Chiude il bagno comunale"),
            (50, 380, FIRST),
        ],
    ];
    let objects = [
        (10, "<< /First 11 0 R /Last 15 0 R >>"),
        (11, "<< /Title (Riapre il ponte) /Dest [100 0 R /XYZ 50 815 0] /Next 12 0 R >>"),
        (12, "<< /Title (Cambia la mensa) /A << /S /GoTo /D (mensa) >> /Next 13 0 R >>"),
        (13, "<< /Title (Torna il battello - Il Lago) /Dest [102 0 R /Fit] /Next 14 0 R >>"),
        (14, "<< /Title (Chiude il bagno comunale) /Dest [2 /Fit] /Next 15 0 R >>"),
        (15, "<< /Title (Il sito) /A << /S /URI /URI (https://lago.test) >> >>"),
        (20, "<< /Kids [21 0 R 20 0 R] >>"),
        (21, "<< /Limits [(a) (z)] /Names [(mensa) << /D [100 0 R /FitH 512] >>] >>"),
    ];
    let parts = parts(file(&pages, "/Outlines 10 0 R /Names << /Dests 20 0 R >>", &objects));
    let expected = [
        ("Riapre il ponte", Some(1), format!("Riapre il ponte\n{FIRST}")),
        (
            "Cambia la mensa",
            Some(1),
            format!("Cambia la mensa\n{SECOND}\ne continua sulla pagina dopo, dove altro non si dice."),
        ),
        ("Torna il battello - Il Lago", Some(3), format!("Il Lago, 1 marzo\nTorna il battello\n{THIRD}")),
        ("Chiude il bagno comunale", Some(3), format!("Chiude il bagno comunale\n{FIRST}")),
        ("Il sito", None, String::new()),
    ];
    assert_eq!(told(&parts), expected.map(|(name, page, body)| (name.to_owned(), page, body)));
}

#[test]
fn two_articles_at_one_height_are_told_apart_by_their_columns() {
    let pages: [&[(u32, u32, &str)]; 1] = [&[
        (20, 800, "Riapre il ponte di Bellariva"),
        (20, 780, "Il ponte riapre domani alle sei, dice l'assessora."),
        (320, 800, "Cambia la mensa delle scuole"),
        (320, 780, "Il menu lo scrivono i bambini della terza classe."),
    ]];
    let objects = [
        (10, "<< /First 11 0 R >>"),
        (11, "<< /Title (Ponte) /Dest [100 0 R /XYZ 20 815 0] /Next 12 0 R >>"),
        (12, "<< /Title (Mensa) /Dest [100 0 R /XYZ 320 815 0] >>"),
    ];
    let parts = parts(file(&pages, "/Outlines 10 0 R", &objects));
    assert!(parts.parts[0].body.contains("assessora") && !parts.parts[0].body.contains("bambini"), "{parts:?}");
    assert!(parts.parts[1].body.contains("bambini") && !parts.parts[1].body.contains("assessora"), "{parts:?}");
}

#[test]
fn a_file_without_a_bookmark_to_its_pages_is_one_text_and_one_is_enough() {
    let pages: [&[(u32, u32, &str)]; 1] = [&[(50, 800, FIRST)]];
    let one = [(10, "<< /First 11 0 R >>"), (11, "<< /Title (Ponte) /Dest [100 0 R /Fit] >>")];
    let none = [(10, "<< /First 11 0 R >>"), (11, "<< /Title (Ponte) >>")];
    for (catalog, objects) in [("", &[][..]), ("/Outlines 10 0 R", &none[..]), ("/Outlines 77 0 R", &one[..])] {
        let read = split(file(&pages, catalog, objects)).expect("a text");
        let Split::Whole(text) = read else { panic!("it was split: {read:?}") };
        assert_eq!((text.body.as_str(), text.bookmarks), (FIRST, 0));
    }
    let read = parts(file(&pages, "/Outlines 10 0 R", &one));
    assert_eq!(told(&read), [("Ponte".to_owned(), Some(1), FIRST.to_owned())]);
}

#[test]
fn bookmarks_that_share_a_place_begin_at_their_titles() {
    let pages: [&[(u32, u32, &str)]; 2] = [
        &[
            (50, 800, "Il Lago, 1 marzo"),
            (50, 770, "Torna il battello"),
            (50, 750, THIRD),
            (50, 500, "Cambia la mensa"),
            (50, 480, SECOND),
        ],
        &[
            (50, 800, "e alla fine si torna a casa tutti insieme."),
            (50, 600, "Il Monte, 2 marzo"),
            (50, 570, "Riapre il ponte"),
            (50, 550, FIRST),
            (50, 300, "Chiude il bagno comunale"),
            (50, 280, THIRD),
        ],
    ];
    for (upper, lower) in
        [("/XYZ 0 842 0", "/XYZ 0 620 0"), ("/FitH 842", "/XYZ null 620.4 0"), ("/XYZ 0 0 0", "/FitH 620")]
    {
        let mark = |n: usize, title: &str, page: usize, at: &str, next: usize| {
            (n, format!("<< /Title ({title}) /Dest [{page} 0 R {at}] /Next {next} 0 R >>"))
        };
        let objects = [
            (10, "<< /First 11 0 R >>".to_owned()),
            mark(11, "Torna il battello", 100, upper, 12),
            mark(12, "Cambia la mensa", 100, upper, 13),
            mark(13, "Riapre il ponte", 101, lower, 14),
            mark(14, "Chiude il bagno comunale", 101, lower, 99),
        ];
        let objects: Vec<(usize, &str)> = objects.iter().map(|(n, text)| (*n, text.as_str())).collect();
        let parts = parts(file(&pages, "/Outlines 10 0 R", &objects));
        let bodies: Vec<&str> = parts.parts.iter().map(|part| part.body.as_str()).collect();
        let expected = [
            format!("Il Lago, 1 marzo\nTorna il battello\n{THIRD}"),
            format!("Cambia la mensa\n{SECOND}\ne alla fine si torna a casa tutti insieme."),
            format!("Il Monte, 2 marzo\nRiapre il ponte\n{FIRST}"),
            format!("Chiude il bagno comunale\n{THIRD}"),
        ];
        assert_eq!(bodies, expected, "{upper} {lower}");
    }
}

#[test]
fn what_stands_above_the_first_article_of_a_page_is_the_articles_and_not_its_sections() {
    let pages: [&[(u32, u32, &str)]; 2] = [
        &[(50, 800, "Torna il battello"), (50, 780, THIRD)],
        &[
            (50, 800, "Il Lago, 1 marzo 2019"),
            (50, 780, "Scuola e famiglia"),
            (50, 750, "Cambia la mensa"),
            (50, 730, SECOND),
            (50, 400, "Riapre il ponte"),
            (50, 380, FIRST),
        ],
    ];
    for section in ["Scuola", "Scuola e famiglia"] {
        for at in ["/Fit", "/XYZ 0 842 0"] {
            let objects = [
                (10, "<< /First 11 0 R >>".to_owned()),
                (11, format!("<< /Title (Torna il battello) /Dest [100 0 R {at}] /Next 12 0 R >>")),
                (12, format!("<< /Title ({section}) /Dest [101 0 R {at}] /First 13 0 R >>")),
                (13, format!("<< /Title (Cambia la mensa) /Dest [101 0 R {at}] /Next 14 0 R >>")),
                (14, format!("<< /Title (Riapre il ponte) /Dest [101 0 R {at}] >>")),
            ];
            let objects: Vec<(usize, &str)> = objects.iter().map(|(n, text)| (*n, text.as_str())).collect();
            let parts = parts(file(&pages, "/Outlines 10 0 R", &objects));
            let bodies: Vec<&str> = parts.parts.iter().map(|part| part.body.as_str()).collect();
            let expected = [
                format!("Torna il battello\n{THIRD}"),
                String::new(),
                format!("Il Lago, 1 marzo 2019\nScuola e famiglia\nCambia la mensa\n{SECOND}"),
                format!("Riapre il ponte\n{FIRST}"),
            ];
            assert_eq!(bodies, expected, "{section} {at}");
        }
    }
}

#[test]
fn the_outlet_above_each_article_of_a_short_review_is_no_head_of_the_paper() {
    let titles: Vec<String> = (0..8).map(|n| format!("Riapre il ponte numero {n}")).collect();
    for (count, kept) in [(7, true), (8, false)] {
        let lines: Vec<[(u32, u32, &str); 4]> = titles
            .iter()
            .map(|title| [(50, 800, "Il Lago"), (50, 600, title.as_str()), (50, 580, FIRST), (50, 30, "Rassegna")])
            .collect();
        let pages: Vec<&[(u32, u32, &str)]> = lines.iter().take(count).map(<[_; 4]>::as_slice).collect();
        let marks = titles.iter().enumerate().take(count);
        let marks = marks.map(|(n, title)| {
            (11 + n, format!("<< /Title ({title}) /Dest [{} 0 R /Fit] /Next {} 0 R >>", 100 + n, 12 + n))
        });
        let objects: Vec<(usize, String)> =
            std::iter::once((10, "<< /First 11 0 R >>".to_owned())).chain(marks).collect();
        let objects: Vec<(usize, &str)> = objects.iter().map(|(n, text)| (*n, text.as_str())).collect();
        for (title, part) in titles.iter().zip(parts(file(&pages, "/Outlines 10 0 R", &objects)).parts) {
            let head = if kept { "Il Lago\n" } else { "" };
            assert_eq!(part.body, format!("{head}{title}\n{FIRST}"), "of {count}");
        }
    }
}

#[test]
fn an_outline_that_turns_back_or_has_no_end_is_bounded() {
    let pages: [&[(u32, u32, &str)]; 2] = [&[(50, 800, FIRST)], &[(50, 800, SECOND)]];
    let circle = [
        (10, "<< /First 11 0 R >>"),
        (11, "<< /Title (Ponte) /Dest [100 0 R /Fit] /Next 12 0 R /First 11 0 R >>"),
        (12, "<< /Title (Mensa) /Dest [101 0 R /Fit] /Next 13 0 R /Parent 11 0 R >>"),
        (13, "<< /Title (Nulla) /Dest [999 0 R /XYZ null -99999999 null] /Next 14 0 R >>"),
        (14, "<< /Title (Troppo) /Dest [-1 /Fit] /Next 11 0 R /First 12 0 R >>"),
    ];
    let read = parts(file(&pages, "/Outlines 10 0 R", &circle));
    let titles: Vec<(&str, Option<usize>)> = read.parts.iter().map(|part| (part.title.as_str(), part.page)).collect();
    assert_eq!(titles, [("Ponte", Some(1)), ("Mensa", Some(2)), ("Nulla", None), ("Troppo", None)], "each once");
    let deep: Vec<(usize, String)> = std::iter::once((10, "<< /First 1000 0 R >>".to_owned()))
        .chain((0..3_000).map(|n| {
            let (at, next) = (1_000 + n, 1_001 + n);
            let step = if n < 100 { "First" } else { "Next" };
            (at, format!("<< /Title (Voce {n}) /Dest [{} /XYZ 0 {} 0] /{step} {next} 0 R >>", n % 2, n % 800))
        }))
        .collect();
    let deep: Vec<(usize, &str)> = deep.iter().map(|(at, object)| (*at, object.as_str())).collect();
    let read = split(file(&pages, "/Outlines 10 0 R", &deep)).expect("a text");
    assert!(matches!(read, Split::Whole(_)), "nothing behind the deepest is looked at: {read:?}");
    let long: Vec<(usize, String)> = std::iter::once((10, "<< /First 1000 0 R >>".to_owned()))
        .chain(
            (0..3_000).map(|n| (1_000 + n, format!("<< /Title (Voce {n}) /Dest [0 /Fit] /Next {} 0 R >>", 1_001 + n))),
        )
        .collect();
    let long: Vec<(usize, &str)> = long.iter().map(|(at, object)| (*at, object.as_str())).collect();
    let parts = parts(file(&pages, "/Outlines 10 0 R", &long));
    assert!(parts.parts.len() == 2_000 && parts.cut, "{}", parts.parts.len());
}

#[test]
fn no_change_of_a_byte_makes_it_panic() {
    let pages: [&[(u32, u32, &str)]; 2] = [&[(50, 800, FIRST)], &[(50, 800, SECOND)]];
    let objects = [
        (10, "<< /First 11 0 R >>"),
        (11, "<< /Title (Ponte) /Dest [100 0 R /XYZ 50 815 0] /Next 12 0 R >>"),
        (12, "<< /Title <FEFF0043> /A << /S /GoTo /D /nome >> >>"),
    ];
    let whole = file(&pages, "/Outlines 10 0 R /Dests << /nome [101 0 R /FitR 0 0 100 800] >>", &objects);
    assert_eq!(parts(whole.clone()).parts.len(), 2);
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x13;
        let _ = split(bytes);
    }
}
