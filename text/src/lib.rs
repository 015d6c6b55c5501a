//! Italian words: one analysis for search, watches, stories, pickup of releases and lints.
//!
//! A text is cut into [`Token`]s once ([`analyse`]), each with its exact folded form, its stem and its place in the
//! original. Everything else here is a view of them. Two readers of the same text must never disagree on where a word
//! begins: a search that marks other words than an alert does is a bug that nobody can explain to the mayor. No search
//! engine gets Italian right as shipped (*dell'Orto*, *CITTA'*, *un po'*), hence an own tokenizer.
//!
//! The way of a word: [`token`] finds it, [`fold`](fold()) takes case and marks off, [`italian`] says whether it is a clitic
//! or a stop word, `term` stems it and remembers. [`sentences`], [`names`], [`shingles`] and [`counts`] build on that.
//!
//! Left out: other languages in the archive and the watches (an English text keeps its words there, cut and stemmed by
//! the Italian rules; only [`english_stem`] reads it as English), spelling, and any input or output.

mod distance;
mod english;
mod fold;
pub mod italian;
mod month;
mod names;
mod person;
mod sentence;
mod shingle;
mod term;
pub mod token;

pub use distance::distance;
pub use english::{english_stem, is_english, is_english_stop};
pub use fold::fold;
pub use month::is_month;
pub use names::{names, names_among};
pub use person::{byline_keys, person_key};
pub use sentence::{Counts, counts, sentences};
pub use shingle::{shingle, shingles};
pub use term::Form;
pub use token::{Class, Token, analyse, tokens, tokens_afresh};

/// The version of the analysis: it changes with any rule, list or stemmer, and an archive that was built with another
/// one is built anew. `text/tests/analysis.txt` must change in the same commit.
pub const ANALYSIS_VERSION: u32 = 1;

/// A word of a text, with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// The folded form (no case, no accents), or the stem of it.
    pub text: String,
    /// Byte offset of its first letter in the original.
    pub start: usize,
    /// Byte offset after its last letter.
    pub end: usize,
    /// Its place among the words, from 0; a clitic and a stop word count.
    pub position: u32,
}

/// The words of a text in their exact form: stop words kept, a clitic its own word, not stemmed.
pub fn words(text: &str) -> Vec<Word> {
    let word = |t: Token| Word { text: t.exact.into(), start: t.start, end: t.end, position: t.position };
    tokens(text).map(word).collect()
}

/// The content words of a text, stemmed: clitics and stop words are dropped, and leave a gap in the positions.
pub fn stems(text: &str) -> Vec<Word> {
    let word = |t: Token| {
        let stem = t.stem?;
        Some(Word { text: stem.into(), start: t.start, end: t.end, position: t.position })
    };
    tokens(text).filter_map(word).collect()
}
