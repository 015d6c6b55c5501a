//! A text as its five-word runs: what copies and pickup compare.
//!
//! Exact runs and not a sketch: at some thousand articles a day an exact index is small, while SimHash and MinHash
//! miss texts that were cut or edited lightly.

use crate::mask::own_words;
use salastampa_text::{Word, shingles};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Words in a run.
pub const RUN: usize = 5;
/// Of so many runs in a row one fingerprint is kept (winnowing: Schleimer, Wilkerson, Aiken 2003).
const WINNOW: usize = 4;
/// Bytes of a text that are compared: enough for any article, and a bound for what is none.
pub const LONGEST: usize = 24_000;

/// The runs of a text in order. 32 bits: a chance match of two runs is no match of two texts.
#[derive(Clone, Debug, Default)]
pub struct Runs(pub Vec<u32>);

/// The runs of the article's own words.
pub fn runs(text: &str) -> Runs {
    of_words(&own_words(head(text, LONGEST)))
}

/// The runs of these words.
pub fn of_words(words: &[Word]) -> Runs {
    // the low half of a good hash is a good hash
    Runs(shingles(words, RUN).into_iter().map(|h| h as u32).collect())
}

/// The beginning of a text, at most so many bytes, in whole characters.
pub fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

impl Runs {
    /// Words of the text, as far as runs know.
    pub fn words(&self) -> usize {
        if self.0.is_empty() { 0 } else { self.0.len() + RUN - 1 }
    }

    /// As a set.
    pub fn set(&self) -> Keys {
        self.0.iter().copied().collect()
    }

    /// The fingerprints: the least run of every four in a row, each once, in ascending order.
    pub fn fingerprints(&self) -> Vec<u32> {
        let mut kept: Vec<u32> = if self.0.len() < WINNOW {
            self.0.iter().min().copied().into_iter().collect()
        } else {
            self.0.windows(WINNOW).filter_map(|w| w.iter().min().copied()).collect()
        };
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    /// The words inside runs that the other text has too.
    pub fn covered(&self, other: &Keys) -> usize {
        let (mut covered, mut end) = (0, 0);
        for (i, run) in self.0.iter().enumerate() {
            if other.contains(run) {
                covered += i + RUN - end.max(i);
                end = i + RUN;
            }
        }
        covered
    }
}

/// A set of hashes.
pub type Keys = HashSet<u32, Plain>;
/// A map from hashes.
pub type ByKey<T> = HashMap<u32, T, Plain>;
/// Keys that are hashes already are not hashed again. Nothing depends on the order of such a map.
pub type Plain = BuildHasherDefault<AsItIs>;

/// See [`Plain`].
#[derive(Clone, Copy, Debug, Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u32(&mut self, key: u32) {
        // the table looks at the top bits as well as at the low ones
        self.0 = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covered_words_are_counted_once() {
        let a = runs("uno due tre quattro cinque sei sette otto nove dieci");
        assert_eq!((a.words(), a.covered(&a.set())), (10, 10));
        let cut = runs("prima uno due tre quattro cinque sei poi altro");
        assert_eq!(cut.covered(&a.set()), 6);
        assert_eq!(runs("uno due tre quattro").words(), 0);
    }

    #[test]
    fn a_shared_stretch_of_eight_words_shares_a_fingerprint() {
        // winnowing promises a common fingerprint for every stretch of WINNOW runs
        let stretch = "il ponte di san rocco riapre domani mattina";
        for (before, after) in [("", ""), ("ieri sera in consiglio ", " dopo i lavori"), ("si torna a passare ", "")] {
            let a = runs(&format!("{before}{stretch}{after}"));
            let b = runs(&format!("tutto un altro inizio di frase {stretch} con una coda che non c'entra"));
            assert!(a.fingerprints().iter().any(|f| b.fingerprints().contains(f)), "{before}|{after}");
        }
    }

    #[test]
    fn a_head_ends_at_a_character() {
        assert_eq!((head("città", 4), head("città", 5), head("città", 99)), ("citt", "citt", "città"));
    }
}
