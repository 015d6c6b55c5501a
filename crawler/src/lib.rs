//! From a source to new articles: fetch politely, parse, extract.
