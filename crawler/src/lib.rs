//! From a source to new articles: fetch politely, normalise, parse, extract.

pub mod dates;
pub mod encoding;
pub mod extract;
pub mod feed;
