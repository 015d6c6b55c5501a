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

/// The hash of these words as one term.
fn key_of(words: &[Word]) -> u32 {
    // the low half of a good hash is a good hash
    shingles(words, words.len()).first().map_or(0, |h| *h as u32)
}
