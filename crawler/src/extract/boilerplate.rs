//! Lines that outlets put into and around an article and that are not its text: "Leggi anche", calls to subscribe,
//! credits of pictures, dates that stand alone, links to other articles.
//!
//! Rules by class, and cautious: a line goes only if it is short, so that a sentence which happens to begin with such
//! words stays. The lists are Italian first, then the languages of the papers that an Italian office reads.

use super::lines::{Line, words};
use std::collections::HashSet;

/// A longer line is a paragraph, in words.
const LONGEST: usize = 30;

/// How much of a line must be link to make it a way to another page.
const LINKED: f64 = 0.6;

/// The words of such lines; the file says how it is read.
const FURNITURE: &str = include_str!("furniture.txt");

/// Whether the page reserves its reproduction (L. 633/1941 art. 65).
pub(super) fn reserves_reproduction(text: &str) -> bool {
    const WORD: &[u8] = b"riproduzione";
    const BLANKS: [&str; 4] = ["&nbsp;", "&#160;", "&#xa0;", "\u{a0}"];
    // the page is long and the word is rare: no copy of the page is made
    text.as_bytes()
        .windows(WORD.len())
        .enumerate()
        .filter(|(_, w)| w[0] | 0x20 == b'r' && w.eq_ignore_ascii_case(WORD))
        .any(|(at, _)| {
            let after = text[at + WORD.len()..].chars().take(24).collect::<String>().to_lowercase();
            let after = BLANKS.iter().fold(after, |text, blank| text.replace(blank, " "));
            let after = after.trim_start();
            after.starts_with("riservata") || after.starts_with("vietata")
        })
}

/// The lines without furniture, without repetition, and without headings that head nothing.
pub(super) fn without(lines: Vec<Line>) -> Vec<Line> {
    let mut seen = HashSet::new();
    let mut kept: Vec<Line> = lines
        .into_iter()
        .filter(|line| !is_furniture(line))
        .filter(|line| line.text.len() <= 30 || seen.insert(line.text.clone()))
        .collect();
    // a heading that leads to another page, with nothing under it, is one of a list of links
    let kinds: Vec<char> = kept.iter().map(|line| line.kind).chain(['h']).collect();
    let mut at = 0;
    kept.retain(|line| {
        at += 1;
        line.kind != 'h' || line.linked <= LINKED || kinds[at] != 'h'
    });
    let first = kept.iter().position(|line| line.kind != 'h').unwrap_or(kept.len());
    kept.drain(..first);
    while kept.pop_if(|line| line.kind == 'h').is_some() {}
    kept
}

fn is_furniture(line: &Line) -> bool {
    let lower = line.text.to_lowercase().replace('’', "'");
    let bare = lower.trim_start_matches(|c: char| c.is_whitespace() || "*•-–—>»[(".contains(c));
    let words = words(&lower);
    // markup that shows as text was meant for browsers without scripts
    if line.kind == 'c' || lower.starts_with("<iframe") || lower.starts_with("<img") || is_date(&words) {
        return true;
    }
    if words.len() > LONGEST {
        return false;
    }
    let to_another = line.linked > LINKED && line.kind != 'h' && words.len() >= 4 && !lower.starts_with("http");
    let listed = FURNITURE.lines().filter(|entry| !entry.is_empty() && !entry.starts_with('#'));
    to_another || listed.into_iter().any(|entry| names(entry, &lower, bare))
}

/// Whether an entry of the list names this line: as written, or without what stands before its first word.
fn names(entry: &str, lower: &str, bare: &str) -> bool {
    if let Some(phrase) = entry.strip_prefix('*') {
        return lower.contains(phrase);
    }
    if let Some(whole) = entry.strip_suffix('$') {
        return bare.trim_end_matches(|c: char| !c.is_alphanumeric()) == whole;
    }
    let ends_word = |rest: &str| entry.ends_with(':') || !rest.starts_with(char::is_alphanumeric);
    bare.strip_prefix(entry).is_some_and(ends_word)
}

/// A line that is a date and nothing else: "22 novembre 2026 (modifica il 23 novembre 2026 | 10:19)".
fn is_date(words: &[String]) -> bool {
    const AROUND: &[&str] = &[
        "il",
        "alle",
        "ore",
        "modifica",
        "aggiornato",
        "pubblicato",
        "aggiornamento",
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "venerdì",
        "sabato",
        "domenica",
        "updated",
        "published",
        "at",
        "on",
        "am",
        "pm",
        "gmt",
        "est",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let is_year = |word: &String| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let of_a_date = |word: &String| {
        word.bytes().all(|b| b.is_ascii_digit())
            || AROUND.contains(&word.as_str())
            || crate::dates::month(word).is_some()
    };
    (2..=12).contains(&words.len()) && words.iter().any(is_year) && words.iter().all(of_a_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line { text: text.to_owned(), linked: 0.0, kind: 'p' }
    }

    #[test]
    fn furniture_goes() {
        for text in [
            "Leggi anche: Bellariva, riapre il ponte",
            "(Leggi anche su: il Foglio)",
            "© Riproduzione riservata",
            "Segui tutte le notizie sul nostro sito",
            "Iscriviti alla newsletter di Bellariva",
            "Per restare aggiornato iscriviti alla newsletter",
            "22 novembre 2026 (modifica il 23 novembre 2026 | 10:19)",
            "Seguici su Facebook",
            "DALLA NOSTRA CORRISPONDENTE",
            "ADVERTISEMENT",
        ] {
            assert!(is_furniture(&line(text)), "{text}");
        }
        assert!(is_furniture(&Line { linked: 1.0, ..line("Bellariva, il consiglio approva il bilancio") }));
        assert!(is_furniture(&Line { kind: 'c', ..line("Il ponte visto dal lago") }));
    }

    #[test]
    fn the_article_stays() {
        for text in [
            "Il ponte riapre lunedì 23 novembre 2026 alle sette.",
            "La pubblicità sul lungolago sarà vietata dal 2027.",
            "2026",
            "Segue il corteo la banda.",
            "Pubblicità sul lungolago: il Comune la vieta dal 2027.",
            "Il sindaco: «Leggi anche tu i conti del Comune».",
        ] {
            assert!(!is_furniture(&line(text)), "{text}");
        }
        let long = format!("Segui {}", "il consiglio di Bellariva ".repeat(10));
        assert!(!is_furniture(&line(&long)));
        assert!(!is_furniture(&Line { linked: 1.0, ..line("http://esempio.test/a/b/c/d") }));
    }

    #[test]
    fn repetitions_and_headings_of_nothing_go() {
        let heading = |text: &str| Line { kind: 'h', ..line(text) };
        let twice = line("Il ponte di Bellariva riapre lunedì mattina.");
        let linked = Line { linked: 1.0, ..heading("Il bilancio") };
        let kept = without(vec![
            heading("Riapre il ponte"),
            twice.clone(),
            linked.clone(),
            linked,
            twice.clone(),
            heading("Altre notizie"),
        ]);
        assert_eq!(kept.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), [twice.text.as_str()]);
    }

    #[test]
    fn a_reservation_is_seen() {
        assert!(reserves_reproduction("<p>© RIPRODUZIONE&nbsp;RISERVATA</p>"));
        assert!(!reserves_reproduction("<p>La riproduzione dei pesci</p>"));
    }
}
