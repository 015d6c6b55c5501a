//! What a query asks, once its names and dates are resolved: the one value that both evaluators read.
//!
//! [`crate::TantivyArchive`] makes it a query of the engine, [`crate::Matcher`] evaluates it on one article; they must agree
//! (`tests/contract/agreement.rs` compares them with a naive third).

use salastampa_domain::{OutletId, Period};
use salastampa_text::Form;

/// What an article must be.
#[derive(Clone, PartialEq, Debug)]
pub enum Plan {
    /// Anything.
    All,
    /// All of them.
    And(Vec<Plan>),
    /// At least one of them.
    Or(Vec<Plan>),
    /// Not it.
    Not(Box<Plan>),
    /// It has a word with this stem; it fits better where the word stands in this form.
    Word {
        /// Where.
        within: Stemmed,
        /// The stem.
        stem: Form,
        /// The form that was asked, exact.
        form: Form,
    },
    /// It has these words, exact and next to each other; or one of a family of such places.
    Spans(Place, Spans),
    /// It is of one of these outlets.
    Outlets(Vec<OutletId>),
    /// Its rubric, folded, is this.
    Rubric(String),
    /// It is dated inside.
    During(Period),
}

/// Where stems are looked up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stemmed {
    /// Title, lead and body.
    Text,
    /// The title.
    Title,
}

/// Where exact words with positions are looked up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// Title, lead and body, [`crate::analysed::GAP`] between them.
    Text,
    /// The title.
    Title,
    /// The authors, likewise.
    Author,
}

/// Places in a text: each has a first and a last position.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Spans {
    /// These exact words next to each other; one word is a phrase of one.
    Phrase(Vec<Form>),
    /// A word that begins so.
    Prefix(String),
    /// Any of them.
    Any(Vec<Spans>),
    /// One of each, in either order, not overlapping, their nearest ends at most so far apart.
    Near(Box<Spans>, Box<Spans>, u32),
}

/// Most places that one part of a NEAR keeps; a text with more of them is no prose.
const MOST_SPANS: usize = 20_000;

impl Spans {
    /// All places in a text, sorted, without repeats. `positions` gives the sorted positions of an exact word, `beginning`
    /// those of all words that begin so, in any order.
    pub(crate) fn find(
        &self,
        positions: &dyn Fn(&str) -> Vec<u32>,
        beginning: &dyn Fn(&str) -> Vec<u32>,
    ) -> Vec<(u32, u32)> {
        let mut found = match self {
            Self::Phrase(words) => phrase(words, positions),
            Self::Prefix(prefix) => beginning(prefix).into_iter().map(|p| (p, p)).collect(),
            Self::Any(parts) => parts.iter().flat_map(|p| p.find(positions, beginning)).collect(),
            Self::Near(left, right, distance) => {
                let left = left.find(positions, beginning);
                if left.is_empty() {
                    return left;
                }
                near(&left, &right.find(positions, beginning), *distance)
            }
        };
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST_SPANS);
        found
    }
}

fn phrase(words: &[Form], positions: &dyn Fn(&str) -> Vec<u32>) -> Vec<(u32, u32)> {
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    let mut starts = positions(first);
    for (n, word) in (1..).zip(rest) {
        if starts.is_empty() {
            break;
        }
        let here = positions(word);
        starts.retain(|p| here.binary_search(&(p + n)).is_ok());
    }
    let length = u32::try_from(words.len()).unwrap_or(u32::MAX) - 1;
    starts.into_iter().map(|p| (p, p + length)).collect()
}

/// Pairs of one of `left` and one of `right` (both sorted by their beginnings) as wide as both.
fn near(left: &[(u32, u32)], right: &[(u32, u32)], distance: u32) -> Vec<(u32, u32)> {
    let widest = |spans: &[(u32, u32)]| spans.iter().map(|(from, to)| to - from).max().unwrap_or(0);
    let reach = widest(left).max(widest(right)) + distance;
    let mut out = Vec::new();
    for a in left {
        let from = right.partition_point(|b| b.0 + reach < a.0);
        for b in right[from..].iter().take_while(|b| b.0 <= a.1 + distance) {
            let apart = if a.1 < b.0 { b.0 - a.1 } else { a.0.saturating_sub(b.1) };
            if (1..=distance).contains(&apart) {
                out.push((a.0.min(b.0), a.1.max(b.1)));
            }
            if out.len() >= MOST_SPANS {
                return out;
            }
        }
    }
    out
}
