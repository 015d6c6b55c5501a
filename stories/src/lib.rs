//! Copies, stories and release pickup: where an article belongs, as pure functions over the stream of articles.
//!
//! Two machines, because those who merged them lost recall: [`copies`] finds the same *text* by its five-word runs,
//! [`cluster`] the same *event* by its vocabulary. [`place::Window`] drives both in the order in which articles were
//! kept; it remembers a bounded stretch of the stream and can be built again from the rows at any article, with equal
//! placements. [`pickup`] compares an article with the office's own releases. [`importance`] says how much a story weighs, with
//! [`people`] and [`feedback`].
//!
//! A wrong merge hides an article from the mayor, a missed one only shows two lines: precision comes first.
//!
//! Left out on purpose: input and output, clocks (the stream's own `first_seen` is the time), the numbers of groups and
//! stories (the store draws them), strings for people (ranges and figures only), judgement of tone, language models.

pub mod background;
pub mod cluster;
pub mod copies;
pub mod feedback;
pub mod formulae;
pub mod importance;
pub mod mask;
pub mod novelty;
pub mod people;
pub mod pickup;
pub mod place;
pub mod roundup;
pub mod settings;
pub mod shingle;
pub mod takes;
pub mod terms;
pub mod vector;

pub use pickup::{Found, Prepared, Released};
pub use place::Window;
