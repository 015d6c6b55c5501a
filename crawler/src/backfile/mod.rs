//! An old archive as a file (*porting dello storico*): from the bytes of a table to rows that can be kept.
//!
//! The rooms in the order of a reading: [`form`] guesses encoding and separator from the first bytes, [`records`] cuts
//! the stream into records however it arrives, [`columns`] tells what each column is, [`row`] makes an article's parts of
//! a record and says by what it is known again. All of it is pure and bounded: a record has a largest size, an open quote
//! costs one line and not the rest, and a broken record is one refusal.
//!
//! Left out: reading files (`src/`), outlets (a name becomes one there), rows of the store; formats of single vendors.

pub mod columns;
pub mod form;
pub mod records;
pub mod row;

pub use columns::{Columns, Field};
pub use form::{Form, Shape};
pub use records::{Record, Records};
pub use row::{Identity, Known, Row};

/// So much of the beginning of a file tells how it is written, in bytes.
pub const HEAD: usize = 1 << 20;
/// Largest record, in bytes of its text.
pub const LARGEST: usize = 4 << 20;
/// Most cells of a record.
pub const WIDEST: usize = 256;

/// Why a record cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// It has no title.
    #[error("no title")]
    NoTitle,
    /// It has no date.
    #[error("no date")]
    NoDate,
    /// Its date cannot be read, or only from the day on which it was written.
    #[error("no date can be read in {0:?}")]
    BadDate(String),
    /// Its date lies in the future.
    #[error("its date {0:?} lies in the future")]
    Future(String),
    /// It is larger than [`LARGEST`] or wider than [`WIDEST`].
    #[error("too large")]
    TooLarge,
    /// It opens a quote that nothing closes.
    #[error("an open quote")]
    OpenQuote,
    /// A line that is no JSON object.
    #[error("no JSON object")]
    NoObject,
}

impl Refusal {
    /// The name of its sentence.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoTitle => "no_title",
            Self::NoDate => "no_date",
            Self::BadDate(_) => "bad_date",
            Self::Future(_) => "future",
            Self::TooLarge => "too_large",
            Self::OpenQuote => "open_quote",
            Self::NoObject => "no_object",
        }
    }

    /// What it stumbled over, where that can be shown.
    pub fn text(&self) -> &str {
        match self {
            Self::BadDate(text) | Self::Future(text) => text,
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests;
