//! An article as weighted terms: what stories compare.
//!
//! Stems of the title (four times) and of the first 1,200 characters, and runs of capitalised words as terms of their
//! own. Title and opening carry a news story; a longer text adds nothing to the measure.

use salastampa_text::{Word, names, shingles, stems, words};
use std::collections::BTreeMap;

/// How much a word of the title counts more.
const TITLE: u16 = 4;
/// Characters of the text that are read.
const OPENING: usize = 1_200;

/// A term of an article.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// Hash of the term.
    pub key: u32,
    /// How often it stands there, the title's words counted four times.
    pub count: u16,
    /// A name, a number or a word of the title: what two articles on one event must share.
    pub marked: bool,
}

impl Term {
    /// `1 + ln tf`.
    pub fn weight(&self) -> f64 {
        1.0 + f64::from(self.count).ln()
    }
}

/// The terms of an article, in ascending order of their keys.
pub fn terms(title: &str, text: &str) -> Vec<Term> {
    let opening = match text.char_indices().nth(OPENING) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    let mut counts: BTreeMap<u32, (u16, bool)> = BTreeMap::new();
    let mut count = |key: u32, times: u16, marked: bool| {
        let entry = counts.entry(key).or_default();
        entry.0 = entry.0.saturating_add(times);
        entry.1 |= marked;
    };
    for (part, times) in [(title, TITLE), (opening, 1)] {
        for stem in stems(part) {
            let stem = singular(part, stem);
            let number = stem.text.chars().any(|c| c.is_ascii_digit());
            count(key_of(std::slice::from_ref(&stem)), times, times == TITLE || number);
        }
        for range in names(part) {
            let name = words(&part[range]);
            // a name of one word is a stem already
            if name.len() > 1 {
                count(key_of(&name), 1, true);
            }
        }
    }
    counts.into_iter().map(|(key, (count, marked))| Term { key, count, marked }).collect()
}

/// An English plural as its singular: foreign news comes in both, and no Italian plural ends so.
fn singular(text: &str, stem: Word) -> Word {
    let letters = text.get(stem.start..stem.end).unwrap_or_default();
    match letters.strip_suffix('s') {
        Some(rest) if rest.len() > 2 && !rest.ends_with('s') => stems(rest).pop().unwrap_or(stem),
        _ => stem,
    }
}

/// The hash of these words as one term.
fn key_of(words: &[Word]) -> u32 {
    // the low half of a good hash is a good hash
    shingles(words, words.len()).first().map_or(0, |h| *h as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_title_counts_four_times_and_is_a_mark() {
        let found = terms("Frana sulla strada", "La strada resta chiusa");
        let of = |word: &str| {
            let key = key_of(&stems(word));
            found.iter().find(|t| t.key == key).map(|t| (t.count, t.marked))
        };
        assert_eq!(
            [of("frana"), of("strada"), of("chiusa"), of("ponte")],
            [Some((4, true)), Some((5, true)), Some((1, false)), None]
        );
    }

    #[test]
    fn what_follows_the_opening_does_not_count() {
        let short = format!("{} fine", "parola ".repeat(200));
        let long = format!("{short} coda aggiunta");
        assert_eq!(terms("Titolo", &short), terms("Titolo", &long));
    }

    #[test]
    fn terms_come_in_the_order_of_their_keys() {
        let found = terms("Ada Corti inaugura la scuola", "La sindaca Ada Corti ha aperto 12 aule.");
        assert!(found.is_sorted_by_key(|t| t.key) && found.len() > 5);
    }
}
