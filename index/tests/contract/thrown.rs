//! Bytes thrown at the query language: what a fuzzer calls (`fuzz/`, target `query`), and what replays its finds.
//!
//! The first line is a query, the next four are title, lead, authors and section of an article, the rest is its body.

use crate::common::{article, names, noon};
use crate::oracle::{Scanned, oracle};
use salastampa_domain::{ForeignText, WatchId};
use salastampa_index::query::LONGEST;
use salastampa_index::{Analysed, Explained, Frequencies, Highlighter, Matcher, Names, QueryError, WatchName};
use salastampa_index::{bind, parse, print};

/// An article is cut after so many bytes: the oracle tries all places with all others.
const LONGEST_PART: usize = 160;

/// A query, and an article that it is asked of. Breaks where a promise of the language is broken.
pub(crate) fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(6, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let asked = line();
    let mut part = || {
        let text = line();
        &text[..text.floor_char_boundary(LONGEST_PART)]
    };
    let mut news = article(1, part(), part(), noon());
    news.authors = part().split(',').map(str::to_owned).collect();
    news.rubric = Some(part().to_owned());
    let body = ForeignText::new(part());
    let names = with_watches();
    let ast = match parse(asked) {
        Ok(ast) => ast,
        Err(error) => return points_into(asked, &error),
    };
    let printed = print(&ast);
    // operators are written out, names of fields too
    if printed.chars().count() > LONGEST {
        return;
    }
    let again = parse(&printed).expect("what is printed can be read");
    assert_eq!(again, ast, "{printed}");
    assert_eq!(print(&again), printed);
    let bound = match bind(&ast, &names, noon()) {
        Ok(bound) => bound,
        Err(error) => return points_into(&printed, &error),
    };
    assert!(bound.asked.iter().all(|a| printed.get(a.at.clone()).is_some()), "a word stands where it was written");
    let (analysed, scanned) = (Analysed::new(&news, &body), Scanned::new(&news, &body));
    let wanted = oracle(&bound.plan, &scanned);
    // as it stands, and with something that every watch may require
    for watch in [asked.to_owned(), format!("testata:testata-1 ({asked})")] {
        let (matcher, refused) = Matcher::new(&[(WatchId(1), &watch)], &names, &Frequencies::default(), noon());
        match refused.first() {
            Some((_, error)) => points_into(&watch, error),
            None => assert_eq!(!matcher.matches(&analysed).is_empty(), wanted, "{watch}"),
        }
    }
    let explained = Explained::new(asked, &names, noon()).expect("it binds");
    explained.matched(&analysed);
    let words = Highlighter::new(asked, &names, noon()).expect("it binds");
    let joined = words.in_title(&news.title).into_iter().map(|s| s.text).collect::<String>();
    assert_eq!(joined, news.title, "nothing is lost between the marks");
    let text = body.for_analysis();
    assert!(
        words.window(&body, 100).is_none_or(|window| text.get(window).is_some()),
        "a window is cut between letters"
    );
}

/// An error names a place in the query, and what it proposes can be read.
fn points_into(query: &str, error: &QueryError) {
    assert!(query.get(error.span.clone()).is_some(), "{error:?} in {query}");
    assert!(error.column >= 1 && error.column <= query.chars().count() + 1, "{error:?} in {query}");
    assert!(error.suggestion.as_ref().is_none_or(|s| parse(s).is_ok()), "{error:?} in {query}");
}

/// Watches that name others, one of them itself.
fn with_watches() -> Names {
    let watch = |(slug, query): (&str, &str)| WatchName { slug: slug.into(), name: slug.into(), query: query.into() };
    let watches =
        [("ponti", "ponte OR strad*"), ("acque", "\"dell'acqua\" -tema:ponti"), ("cerchio", "ponte OR tema:cerchio")];
    Names { watches: watches.map(watch).into(), ..names() }
}

#[test]
fn finds_stay_found() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/finds/query");
    let finds: Vec<_> = std::fs::read_dir(folder).expect("the folder of finds").flatten().collect();
    assert!(!finds.is_empty());
    for find in finds {
        let bytes = std::fs::read(find.path()).expect("a file of the project");
        let read = std::panic::catch_unwind(|| query(&bytes));
        assert!(read.is_ok(), "{}", find.path().display());
    }
}

/// What no fuzzer is needed for: the seeds cut, doubled, crossed and sprinkled with pieces of the language. The fuzzer goes
/// further and takes longer.
#[test]
fn what_is_made_of_the_seeds_breaks_nothing() {
    const PIECES: [&str; 24] = [
        " AND ",
        " OR ",
        " NOT ",
        "-",
        "(",
        ")",
        "\"",
        "«",
        "»",
        "*",
        " NEAR/3 ",
        " NEAR/99 ",
        "titolo:",
        "autore:",
        "testata:",
        "sezione:",
        "tema:",
        "data:",
        "..",
        "'",
        "\u{301}",
        "\u{200b}",
        "İ",
        "\n",
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/finds/query");
    let mut paths: Vec<_> = std::fs::read_dir(folder).expect("the seeds").flatten().map(|e| e.path()).collect();
    paths.sort();
    let seeds: Vec<String> = paths
        .iter()
        .map(|path| std::fs::read(path).expect("a seed"))
        .map(|b| String::from_utf8_lossy(&b).into_owned())
        .collect();
    let mut dice = crate::drawn::Dice(20_261_123);
    for round in 0..4_000 {
        let pick =
            |dice: &mut crate::drawn::Dice| seeds[usize::try_from(dice.below(seeds.len() as u64)).unwrap_or(0)].clone();
        let mut text = pick(&mut dice);
        for _ in 0..=dice.below(6) {
            let mut place = || {
                let at = usize::try_from(dice.below(text.len() as u64 + 1)).unwrap_or(0);
                text.floor_char_boundary(at)
            };
            let (one, other) = (place(), place());
            let (from, to) = (one.min(other), one.max(other));
            match dice.below(4) {
                0 => text.replace_range(from..to, ""),
                1 if to - from < 400 => {
                    let piece = text[from..to].to_owned();
                    text.insert_str(to, &piece);
                }
                2 => text.insert_str(from, &pick(&mut dice)),
                _ => text.insert_str(from, dice.pick(&PIECES)),
            }
        }
        let read = std::panic::catch_unwind(|| query(text.as_bytes()));
        assert!(read.is_ok(), "round {round}: {text:?}");
    }
}
