//! Italian and English sentences, dates, plurals and numbers.
