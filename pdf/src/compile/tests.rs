//! The marks of both standards, equal bytes for equal input, hostile strings as text.

use super::*;
use crate::booklet::{Entry, Labels, Line, MARK, Moment, Pickup, Section};
use salastampa_locale::Lang;
use typst::layout::{Frame, FrameItem};

/// The text of all pages in the order in which it was set, blanks collapsed. Page headers and footers are in it too.
fn printed(booklet: &Booklet) -> String {
    fn walk(frame: &Frame, out: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => walk(&group.frame, out),
                FrameItem::Text(text) => {
                    out.push_str(&text.text);
                    out.push(' ');
                }
                _ => {}
            }
        }
    }
    let document = layout(booklet).expect("it can be set");
    let mut out = String::new();
    for page in document.pages() {
        walk(&page.frame, &mut out);
    }
    bare(&out)
}

/// Without blanks, hyphens and the marks where a word may break: lines end where they like.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{200b}' | '\u{ad}' | '\u{2010}')).collect()
}

fn in_order(printed: &str, lines: &[&str]) {
    let mut at = 0;
    for line in lines {
        let line = bare(line);
        match printed[at..].find(&line) {
            Some(found) => at += found + line.len(),
            None => panic!("the pages lack {line:?} in its place"),
        }
    }
}

fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|w| w == part.as_bytes())
}

/// A document of `n` stories in sections of twenty.
fn many(n: usize) -> Booklet {
    let mut booklet = Booklet::sample(Lang::It);
    let some: Vec<Entry> = booklet.sections.iter().flat_map(|s| s.entries.clone()).collect();
    let stories: Vec<Entry> = (0..n)
        .map(|i| {
            let like = &some[i % some.len()];
            Entry { headline: format!("{} ({i})", like.headline), ..like.clone() }
        })
        .collect();
    booklet.sections = stories
        .chunks(20)
        .enumerate()
        .map(|(n, part)| Section { heading: format!("Sezione {n}"), entries: part.to_vec() })
        .collect();
    booklet
}

#[test]
fn equal_words_give_equal_bytes() {
    let booklet = Booklet::sample(Lang::It);
    let first = render(&booklet).expect("it can be set");
    assert_eq!(first, render(&booklet.clone()).expect("it can be set"));
    let mut later = booklet;
    later.made.minute = 1;
    assert_ne!(first, render(&later).expect("it can be set"), "the date of the document is that of the value");
}

#[test]
fn the_file_says_that_it_is_kept_and_accessible() {
    for (lang, code) in [(Lang::It, "it-IT"), (Lang::En, "en-GB")] {
        let bytes = render(&Booklet::sample(lang)).expect("it can be set");
        for part in [
            "%PDF-1.7",
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
            &format!("/Lang({code})"),
            "/Outlines",
            "/StructTreeRoot",
            "/MarkInfo",
            "/DisplayDocTitle true",
            "2026-11-23T07:00:00+01:00",
            "https://il-lago.test/articolo/1?pagina=1&da=prima",
        ] {
            assert!(holds(&bytes, part), "the file lacks {part}");
        }
        for part in ["/JavaScript", "/EmbeddedFile", "/Launch"] {
            assert!(!holds(&bytes, part), "the file holds {part}");
        }
    }
}

#[test]
fn the_pages_say_all_that_the_value_says_in_its_order() {
    let booklet = Booklet::sample(Lang::It);
    let mut lines = vec![booklet.title.as_str(), &booklet.date_long, "non revisionata", &booklet.subtitle, "Indice"];
    for section in &booklet.sections {
        lines.push(&section.heading);
        lines.extend(section.entries.iter().map(|e| e.headline.as_str()));
    }
    for section in &booklet.sections {
        lines.push(&section.heading);
        for e in &section.entries {
            lines.extend([e.headline.as_str(), &e.source_line, &e.extract, &e.note, &e.also_line, &e.why]);
        }
    }
    lines.extend(booklet.notes.iter().map(String::as_str));
    lines.push(&booklet.labels.pickup);
    for pickup in &booklet.pickup {
        lines.push(&pickup.title);
        lines.extend(pickup.lines.iter().map(|l| l.text.as_str()));
    }
    lines.extend([booklet.labels.coverage.as_str(), &booklet.coverage]);
    lines.extend(booklet.ill.iter().map(String::as_str));
    lines.push(&booklet.colophon);
    let lines: Vec<&str> = lines.into_iter().filter(|l| !l.is_empty()).collect();
    in_order(&printed(&booklet), &lines);
    in_order(&printed(&booklet), &["1 di 2", "2 di 2"]);
}

#[test]
fn words_of_others_are_text_and_never_markup() {
    let hostile = [
        "#import \"@preview/x:1.0.0\": * #panic()",
        "$ x^2 $ ] ) } *grassetto* _corsivo_ `codice` <etichetta> @nota \\ // /* = titolo",
        "שלום עולם، مرحبا بالعالم",
        "Festa sul lago 😀",
        "Привет, Γειά σου, Łódź, Škoda → 100 %",
    ];
    for text in hostile {
        let mut booklet = Booklet::sample(Lang::It);
        booklet.title = text.into();
        booklet.mark = Some(text.into());
        let entry = &mut booklet.sections[0].entries[0];
        (entry.headline, entry.extract, entry.also_line) = (text.into(), text.into(), text.into());
        booklet.sections[0].heading = text.into();
        render(&booklet).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        // set words may come from right to left, so only their letters are counted
        let pages = printed(&booklet);
        for c in bare(text).chars() {
            let written = bare(text).matches(c).count();
            assert!(pages.matches(c).count() >= written * 6, "{text:?}: {c:?} is not printed");
        }
    }
}

#[test]
fn no_character_of_unicode_costs_the_office_its_document() {
    let mut booklet = Booklet::sample(Lang::It);
    let all = (0x20..0x2_fa20_u32).step_by(97).filter_map(char::from_u32);
    let all: Vec<char> = all.chain((0x300..0x370).filter_map(char::from_u32)).collect();
    booklet.sections[0].entries = all
        .chunks(120)
        .map(|part| {
            let text: String = part.iter().flat_map(|c| ['a', *c]).collect();
            Entry { headline: text.clone(), extract: text.clone(), source_line: text, ..Entry::default() }
        })
        .collect();
    let bytes = render(&booklet).expect("it can be set");
    assert!(bytes.len() > 10_000);
}

#[test]
fn empty_and_overlong_parts_are_set() {
    let long = "precipitevolissimevolmente".repeat(80);
    let empty = Booklet {
        language: Lang::It,
        title: String::new(),
        subtitle: String::new(),
        date_long: String::new(),
        made: Moment { year: 2026, month: 2, day: 28, hour: 0, minute: 0, offset: 60 },
        office: String::new(),
        town: String::new(),
        mark: None,
        full_index: true,
        sections: Vec::new(),
        notes: Vec::new(),
        pickup: Vec::new(),
        coverage: String::new(),
        ill: Vec::new(),
        colophon: String::new(),
        labels: Labels::of(Lang::It),
    };
    render(&empty).expect("a document of nothing can be set");
    let entry = Entry { headline: long.clone(), url: "javascript:x".into(), extract: long.clone(), ..Entry::default() };
    let full = Booklet {
        title: long.clone(),
        mark: Some(long.clone()),
        office: long.clone(),
        sections: vec![Section { heading: long.clone(), entries: vec![entry, Entry::default()] }, Section::default()],
        pickup: vec![Pickup { title: long.clone(), lines: vec![Line { text: long, url: String::new() }] }],
        ..empty
    };
    let bytes = render(&full).expect("a document of too much can be set");
    assert!(!holds(&bytes, "javascript:"));
}

#[test]
fn a_date_that_is_none_is_refused() {
    let mut booklet = Booklet::sample(Lang::It);
    booklet.made.month = 13;
    assert!(matches!(render(&booklet), Err(Error::Date(_))));
    booklet.made = Moment { offset: 30_000, ..Booklet::sample(Lang::It).made };
    assert!(matches!(render(&booklet), Err(Error::Date(_))));
}

#[test]
fn three_hundred_stories_are_set() {
    let bytes = render(&many(300)).expect("it can be set");
    assert!(bytes.len() < 3_000_000, "{} bytes", bytes.len());
    let pages = (20..=120).find(|n| holds(&bytes, &format!("<xmpTPg:NPages>{n}</xmpTPg:NPages>")));
    assert!(pages.is_some(), "between 20 and 120 pages");
}

#[test]
fn a_marked_word_is_printed_like_any_other_and_a_long_list_has_a_full_index() {
    let mut booklet = many(70);
    booklet.full_index = true;
    booklet.sections[0].entries[0].extract = format!("Chiude il {MARK}ponte{MARK} vecchio, {MARK}apre");
    let pages = printed(&booklet);
    assert!(pages.contains("Chiudeilpontevecchio,apre"), "no mark is left over");
    let (index, _) = pages.split_once("Chiudeilponte").expect("the first extract");
    assert!(index.contains("(69)"), "the last story is in the index: {index}");
    assert!(holds(&render(&booklet).expect("it can be set"), "<pdfuaid:part>1</pdfuaid:part>"));
}
