//! From a source to new articles: fetch politely, normalise, parse, extract.
//!
//! The rooms in the order of a visit: [`registry`] says what is visited, [`pace`] when, [`robots`] and [`tdm`] what a
//! site permits, [`visit`] fetches a source and [`page`] an article, [`feed`], [`sitemap`], [`section`] and [`extract`]
//! read what came, [`key`] tells whether it is known already, [`change`], [`look`] and [`told`] what became of it since.
//! [`probe`] does all of it once and says why.
//!
//! Left out on purpose: rows. The crate keeps nothing and knows no store; the job `crawl` does.

pub mod backfile;
pub mod change;
pub mod dates;
pub mod encoding;
pub mod extract;
pub mod feed;
pub mod fuzz;
pub mod hints;
pub mod key;
pub mod look;
mod modified;
pub mod pace;
pub mod page;
mod pattern;
pub mod probe;
pub mod registry;
pub mod robots;
pub mod section;
pub mod sitemap;
pub mod tdm;
pub mod told;
pub mod visit;
pub mod wire;
