//! Where sentences end in Italian prose, and the counts that readability indexes are made of.
//!
//! A full stop ends a sentence unless it belongs to a number, an initial or an abbreviation, or what follows goes on in
//! lower case. A line break always ends one: bodies have a line a paragraph. Closing quotes and brackets belong to the
//! sentence that they close.

use crate::fold::fold;
use crate::token::{analyse, is_apostrophe, is_letter};
use std::ops::Range;

/// Abbreviations after which a sentence goes on, whatever follows. Folded, without their point.
#[rustfmt::skip]
const GO_ON: &[&str] = &[
    "arch", "art", "artt", "ass", "avv", "card", "cav", "cfr", "col", "comm", "cons", "corr", "cpv", "dir", "dott",
    "dr", "dssa", "fig", "fraz", "gen", "geom", "ing", "lett", "loc", "lt", "mons", "n", "nn", "nr", "on", "p", "pag",
    "pagg", "pp", "prof", "prot", "prov", "r", "rag", "rev", "rif", "s", "sen", "sez", "sig", "ss", "tel", "ten",
    "vol",
];

/// Abbreviations that are words of their own as well (*no*, *min*, *mar*): they go on only before a digit.
#[rustfmt::skip]
const GO_ON_BEFORE_DIGITS: &[&str] = &[
    "all", "c", "ca", "cap", "d", "ed", "es", "mar", "min", "no", "par", "reg", "st", "v",
];

/// Longest sentence in bytes: a text without any stop is still cut, so that nobody downstream reads megabytes at once.
const LONGEST: usize = 20_000;

/// Byte ranges of the sentences of a text, without the blanks around them; together they hold every letter of it.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        let stops = match c {
            '\n' | '\u{2028}' | '\u{2029}' => true,
            '.' | '!' | '?' | '…' => {
                // more stops, then what closes
                while let Some((i, c)) = chars.next_if(|(_, c)| matches!(c, '.' | '!' | '?' | '…')) {
                    end = i + c.len_utf8();
                }
                let marks = &text[at..end];
                while let Some((i, c)) = chars.next_if(|(_, c)| closes(*c)) {
                    end = i + c.len_utf8();
                }
                is_end(&text[start..at], marks, &text[end..])
            }
            _ => at - start > LONGEST && c.is_whitespace(),
        };
        if stops {
            push(text, start..end, &mut out);
            start = end;
        }
    }
    push(text, start..text.len(), &mut out);
    out
}

fn push(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    if start < end {
        out.push(start..end);
    }
}

/// What may stand between the stop and the blank and still belongs to the sentence.
fn closes(c: char) -> bool {
    matches!(c, '»' | '”' | '"' | ')' | ']' | '\u{2019}' | '\'')
}

/// Whether the stops between `before` and `after` end a sentence.
fn is_end(before: &str, marks: &str, after: &str) -> bool {
    let mut rest = after.chars();
    match rest.next() {
        None => return true,
        // a number, an address, an abbreviation of several letters
        Some(c) if !c.is_whitespace() => return false,
        Some(_) => {}
    }
    let rest = after.trim_start_matches([' ', '\t', '\u{A0}', '\u{202F}']);
    let Some(next) = rest.chars().find(|c| !opens(*c)) else { return true };
    if next == '\n' {
        return true;
    }
    if next.is_lowercase() {
        return false;
    }
    marks != "." || !goes_on(before, next)
}

fn opens(c: char) -> bool {
    matches!(c, '«' | '“' | '"' | '(' | '[' | '‘' | '\'' | '–' | '—' | '-' | ' ')
}

/// Whether the point after `before` belongs to an abbreviation or an initial.
fn goes_on(before: &str, next: char) -> bool {
    let from = before
        .char_indices()
        .rev()
        .take(12)
        .take_while(|(_, c)| is_letter(*c) || *c == '.')
        .last()
        .map_or(before.len(), |(i, _)| i);
    let word = &before[from..];
    let mut letters = word.chars();
    // G. Rossi, but "il gruppo A. Poi" is rare enough
    if let (Some(first), None) = (letters.next(), letters.next()) {
        let elided = before[..from].chars().next_back().is_some_and(is_apostrophe);
        if first.is_uppercase() && !elided {
            return true;
        }
    }
    let folded = fold(word);
    if GO_ON_BEFORE_DIGITS.contains(&folded.as_str()) {
        return next.is_ascii_digit();
    }
    GO_ON.contains(&folded.as_str())
}

/// Number of letters, words and sentences: what readability indexes are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Letters and digits of the words.
    pub letters: usize,
    /// Words; a clitic counts as one.
    pub words: usize,
    /// Sentences that hold a word.
    pub sentences: usize,
}

/// Counts a text. Gulpease (Lucisano and Piemontese 1988) is `89 + (300 sentences - 10 letters) / words`.
pub fn counts(text: &str) -> Counts {
    let tokens = analyse(text);
    let letters = tokens.iter().map(|t| text[t.start..t.end].chars().filter(|c| is_letter(*c)).count()).sum();
    let mut tokens_left = tokens.iter().peekable();
    let mut sentences_with_words = 0;
    for range in sentences(text) {
        let mut any = false;
        while tokens_left.next_if(|t| t.start < range.end).is_some() {
            any = true;
        }
        sentences_with_words += usize::from(any);
    }
    Counts { letters, words: tokens.len(), sentences: sentences_with_words }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn stops_that_end_nothing_are_passed_over() {
        for text in [
            "L'on. Ada Corti è arrivata.",
            "Il dott. G. B. Riva, 3.5 punti, ha vinto.",
            "La S.p.A. di Bellariva chiude.",
            "Vedi l'art. 12 e la pag. 4 del testo.",
            "Costa 1.200 euro.",
            "Dubbi... ma si va avanti.",
            "«Perché?» chiede il sindaco.",
            "Il sito www.bellariva.test risponde.",
        ] {
            assert_eq!(cut(text), [text]);
        }
    }

    #[test]
    fn sentences_end_where_readers_pause() {
        for (text, parts) in [
            ("È chiuso. Riapre lunedì!", &["È chiuso.", "Riapre lunedì!"][..]),
            ("«È finita. Ora si riparte», dice.", &["«È finita.", "Ora si riparte», dice."]),
            ("Ha detto: «Basta.» Poi è uscita.", &["Ha detto: «Basta.»", "Poi è uscita."]),
            ("Il titolo\nIl testo. 3 arresti.", &["Il titolo", "Il testo.", "3 arresti."]),
            ("Ha detto no. Poi sì.", &["Ha detto no.", "Poi sì."]),
            ("Strade, ponti, ecc. Il resto segue.", &["Strade, ponti, ecc.", "Il resto segue."]),
            ("Davvero?! Sì.", &["Davvero?!", "Sì."]),
            ("  \n ", &[]),
        ] {
            assert_eq!(cut(text), parts, "{text}");
        }
    }

    #[test]
    fn counts_are_those_of_the_words() {
        let counted = counts("L'acqua è alta. Il 3 si chiude!\n---\n");
        assert_eq!(counted, Counts { letters: 22, words: 8, sentences: 2 });
        assert_eq!(counts(""), Counts::default());
    }

    proptest::proptest! {
        #[test]
        fn no_letter_is_lost_and_none_is_twice(text in "(\\PC|[.!?…»\" \nA-Zaè0])*") {
            let letters = |s: &str| s.chars().filter(|c| is_letter(*c)).count();
            let parts = cut(&text);
            proptest::prop_assert_eq!(parts.iter().map(|p| letters(p)).sum::<usize>(), letters(&text));
        }
    }
}
