//! Italian and English sentences, dates, plurals and numbers.
//!
//! Every sentence that a person reads stands in `words/<language>/<part>.toml`, one file and table for each part of
//! the program, and is asked for by its key: `t(lang, "digest.title")`. Dates and numbers are written by hand-made tables:
//! two languages with two plural forms need no library, and the Italian of an office ("1° gennaio", "dell'8 maggio")
//! is in none.
//!
//! Left out on purpose: other languages, formats that follow the machine's locale, time zones (callers hand over civil
//! dates and times, already on the Italian clock).

pub mod date;
pub mod lang;
pub mod number;
pub mod words;

pub use lang::Lang;
pub use words::{fill, plural, t};
