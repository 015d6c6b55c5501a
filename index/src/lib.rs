//! The query language, the searchable archive and the watch matcher.
