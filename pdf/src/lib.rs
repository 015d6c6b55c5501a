//! From a document value to the bytes of a file that is kept and that everybody can read: PDF/A-2a and PDF/UA-1.
//!
//! A [`Booklet`] holds sentences that are ready to print; [`render`] sets them by one fixed template. Nothing of the
//! data is ever read as markup: it reaches the template as a JSON file. The same value gives the same bytes, on every
//! machine and at every hour, because the template, the fonts and the date are all that there is: no system font, no
//! clock, no package, no network.
//!
//! The file is designed for PDF/UA-1 and PDF/A-2a and checked by the compiler's own validator, which refuses a skipped
//! heading or a glyph that is missing. It has not been certified by anybody.
//! The other way round, [`read`] takes the text out of a PDF that somebody uploads.
//! Left out: which sentences (crate `digest`), pictures and charts.

pub mod booklet;
mod compile;
mod fit;
mod fonts;
pub mod read;

pub use booklet::{Booklet, Entry, Labels, Line, MARK, Moment, Pickup, Section};
pub use compile::{Error, render};
