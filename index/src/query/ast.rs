//! The syntax tree of a query, as written: names and dates are not resolved yet.

use crate::query::date::Dates;
use std::ops::Range;

/// Where something stands in the query text, in bytes. Two queries that differ only in that are the same query, so
/// every place equals every other.
#[derive(Clone, Debug, Default)]
pub struct Place(pub Range<usize>);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// A query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ast {
    /// All of them; of none: the empty query, which finds everything.
    And(Vec<Ast>),
    /// At least one of them.
    Or(Vec<Ast>),
    /// Not it.
    Not(Box<Ast>),
    /// A word, in all its forms.
    Word(String, Place),
    /// Quoted words: literally these, in this order.
    Phrase(String, Place),
    /// The beginning of a word, without its `*`.
    Prefix(String, Place),
    /// Both, in either order, at most so many words apart.
    Near {
        /// A word, prefix or phrase, an `Or` of those, or another `Near`.
        left: Box<Ast>,
        /// A word, prefix or phrase, or an `Or` of those.
        right: Box<Ast>,
        /// Largest distance between the nearest ends, 1 to 50; neighbours are 1 apart.
        distance: u32,
    },
    /// What stands in one field.
    In(Field, Box<Ast>),
    /// The query of a watch, by slug or name.
    Watch(String, Place),
    /// The date of publication.
    Date(Dates, Place),
}

/// A field that a word can be asked in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Field {
    /// *testata*: words are names of outlets.
    Outlet,
    /// *titolo*.
    Title,
    /// *autore*: words are literal.
    Author,
    /// *sezione*: the outlet's own section, whole.
    Section,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 4] = [Self::Outlet, Self::Title, Self::Author, Self::Section];

    /// Its name in a query.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outlet => "testata",
            Self::Title => "titolo",
            Self::Author => "autore",
            Self::Section => "sezione",
        }
    }
}
