//! What a reader of a public page says of it: the question that the national model for municipal sites puts at the end of
//! each page (*Quanto sono chiare le informazioni su questa pagina?*).
//!
//! Nothing of whoever answers is in it: no name, no address of a mail or a machine, no hour. So it cannot be told who
//! answered, nor whether two answers are of one person.

use crate::{RatingId, ReleaseId};
use jiff::civil::Date;

/// Most stars.
pub const MOST_STARS: u8 = 5;
/// From so many stars on the reader is asked what they liked, below what was hard.
pub const GOOD: u8 = 4;
/// How many answers each of the two questions has.
pub const REASONS: u8 = 5;
/// Longest words, in characters.
pub const LONGEST: usize = 200;
/// Longest path of a page, in bytes.
const LONGEST_PAGE: usize = 100;

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rating {
    /// The number.
    pub id: RatingId,
    /// The page: its path below the site, without the words of an address that may change.
    pub page: String,
    /// The release that the page is of.
    pub release: Option<ReleaseId>,
    /// The Italian day.
    pub day: Date,
    /// 1 to [`MOST_STARS`].
    pub stars: u8,
    /// Which answer was chosen, 1 to [`REASONS`]: of the question after many stars from [`GOOD`] on, else of the other.
    pub reason: Option<u8>,
    /// What the reader wrote; may be empty.
    pub words: String,
}

/// What is said of one page, all in all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rated {
    /// The page.
    pub page: String,
    /// The release that it is of.
    pub release: Option<ReleaseId>,
    /// How many answers.
    pub count: i64,
    /// All their stars.
    pub stars: i64,
    /// The day of the last.
    pub last: Date,
}

impl Rating {
    /// Whether the numbers lie where they may.
    pub fn is_sound(&self) -> bool {
        (1..=MOST_STARS).contains(&self.stars)
            && self.reason.is_none_or(|reason| (1..=REASONS).contains(&reason))
            && self.words.chars().count() <= LONGEST
            && self.page.len() <= LONGEST_PAGE
    }
}
