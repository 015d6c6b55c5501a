//! From a word as it stands to its term: folded form, stop word or not, stem. With a memory, because the stemmer is
//! what analysis costs and the words of a newspaper repeat.
//!
//! The memory has a place for each word by its hash, where the two words stay that were asked for last: nothing to empty,
//! nothing to count. Words are short strings that lie in their places: one that is known costs one look, not four at four
//! ends of the memory (analysis cost 146 ns a word with a map of shared strings, 77 so; one word a place: 102).

use crate::fold::fold;
use crate::italian::is_stop;
use ecow::EcoString;
use foldhash::fast::FixedState;
use frostem::{Algorithm, Stemmer};
use std::cell::RefCell;
use std::hash::BuildHasher;

/// A folded form or a stem. Words of up to fifteen bytes lie in the value itself.
pub type Form = EcoString;

/// What a word is searched by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Term {
    /// Folded, whole.
    pub(crate) exact: Form,
    /// Folded, then stemmed; `None` for a stop word.
    pub(crate) stem: Option<Form>,
}

/// Tokens longer than this, in bytes of the folded form, are no words: keys, addresses, noise.
const LONGEST: usize = 60;
/// Places of the memory, for two words each: some 8 MB, more than the words of a busy month.
const PLACES: usize = 1 << 16;
/// Longer surfaces are rare enough not to be remembered.
const LONGEST_REMEMBERED: usize = 32;

thread_local! {
    static TERMS: RefCell<Terms> = RefCell::new(Terms::default());
}

/// Gives the terms of words; one a thread, so that nobody waits.
struct Terms {
    stemmer: Stemmer,
    hash: FixedState,
    /// Words as they stand, with their terms, the one that was asked for last first. No word is empty, so an empty place
    /// is nobody's.
    known: Vec<[(Form, Option<Term>); 2]>,
}

impl Default for Terms {
    fn default() -> Self {
        let hash = FixedState::default();
        Self { stemmer: Stemmer::new(Algorithm::Italian), hash, known: vec![Default::default(); PLACES] }
    }
}

/// The term of a word as it stands in a text; `None` where nothing searchable is left of it or it is too long.
pub(crate) fn term(surface: &str) -> Option<Term> {
    TERMS.with_borrow_mut(|Terms { stemmer, hash, known }| {
        if surface.len() > LONGEST_REMEMBERED {
            return read(surface, stemmer);
        }
        let place = &mut known[hash.hash_one(surface) as usize % PLACES];
        if place[0].0 != surface {
            place.swap(0, 1);
            if place[0].0 != surface {
                place[0] = (surface.into(), read(surface, stemmer));
            }
        }
        place[0].1.clone()
    })
}

/// The same, found out again.
pub(crate) fn afresh(surface: &str) -> Option<Term> {
    TERMS.with_borrow(|terms| read(surface, &terms.stemmer))
}

fn read(surface: &str, stemmer: &Stemmer) -> Option<Term> {
    // before anything is allocated in its measure
    if surface.len() > 8 * LONGEST {
        return None;
    }
    let exact = undotted(&fold(surface));
    if exact.is_empty() || exact.len() > LONGEST {
        return None;
    }
    let stem = if is_stop(&exact) {
        None
    } else if exact.bytes().any(|b| b.is_ascii_digit()) {
        Some(exact.as_str().into())
    } else {
        Some(stemmer.stem(&exact).as_ref().into())
    };
    Some(Term { exact: exact.into(), stem })
}

/// Takes out of a folded word what is no letter or digit, but for the point and the comma of a number:
/// `s.p.a` is `spa`, `1.200.000` is `1200000`, `3,5` stays.
fn undotted(folded: &str) -> String {
    let thousands = is_grouped(folded);
    let mut out = String::with_capacity(folded.len());
    for (i, c) in folded.char_indices() {
        let keep = match c {
            '.' | ',' => {
                let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
                let bytes = folded.as_bytes();
                i > 0 && digit(bytes.get(i - 1)) && digit(bytes.get(i + 1)) && !(c == '.' && thousands)
            }
            c => c.is_alphanumeric(),
        };
        if keep {
            out.push(c);
        }
    }
    out
}

/// Whether a number's points stand before groups of three digits: `1.200`, `1.200.000,50`, but not `18.30` or `22.11.2026`.
fn is_grouped(number: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let whole = match number.split_once(',') {
        Some((whole, rest)) if digits(rest) => whole,
        Some(_) => return false,
        None => number,
    };
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    rest.peek().is_some()
        && (1..=3).contains(&first.len())
        && digits(first)
        && !first.starts_with('0')
        && rest.all(|g| g.len() == 3 && digits(g))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_its_term() {
        for (surface, exact, stem) in [
            ("Mobilità", "mobilita", Some("mobil")),
            ("mobili", "mobili", Some("mobil")),
            ("S.p.A", "spa", Some("spa")),
            ("1.200.000", "1200000", Some("1200000")),
            ("1.200,50", "1200,50", Some("1200,50")),
            ("18.30", "18.30", Some("18.30")),
            ("0.125", "0.125", Some("0.125")),
            ("perché", "perche", None),
        ] {
            let term = term(surface).expect(surface);
            assert_eq!((&*term.exact, term.stem.as_deref()), (exact, stem), "{surface}");
        }
        assert_eq!(term(&"x".repeat(61)), None);
        assert_eq!(term(&"x".repeat(100_000)), None);
    }

    #[test]
    fn a_full_memory_changes_no_answer() {
        let first = term("ponte");
        for n in 0..=2 * PLACES {
            term(&format!("w{n}"));
        }
        assert_eq!(term("ponte"), first);
    }
}
