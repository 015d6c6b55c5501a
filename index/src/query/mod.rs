//! The query language: one syntax tree for searches and for watches.
//!
//! Hand-written, because no parser at hand speaks Italian, says where it stumbled, or can be evaluated twice: by the
//! archive on millions of articles and by the matcher on the one that just came in. The way of a query:
//! [`lexer`] cuts, [`mod@parse`] builds the [`Ast`], [`mod@bind`] resolves names and dates into a [`crate::plan::Plan`];
//! [`mod@print`] writes an [`Ast`] back. Parsing is pure and linear; a query is at most [`LONGEST`] characters,
//! [`DEEPEST`] levels and [`MOST_LEAVES`] leaves.
//!
//! Operators are upper case only, so that *e*, *o*, *non* stay words. Left out: wildcards inside words, fuzzy words,
//! and boosts, which nobody in an office could explain the result of.

pub mod ast;
pub mod bind;
pub mod date;
pub mod error;
pub mod lexer;
pub mod names;
pub mod parse;
pub mod print;

pub use ast::{Ast, Field, Place};
pub use bind::{Asked, Bound, Notice, bind};
pub use error::{QueryError, QueryErrorKind};
pub use names::{Names, OutletName, WatchName};
pub use parse::parse;
pub use print::print;

/// Longest query, in characters.
pub const LONGEST: usize = 4_000;
/// Most levels of parentheses, NOT and fields.
pub const DEEPEST: usize = 50;
/// Most words, phrases, names and dates; those of a watch that stands in the query count.
pub const MOST_LEAVES: usize = 256;

/// The query that asks for any of the words where all were asked for; `None` where it is not just words.
pub fn any_word(text: &str) -> Option<String> {
    let Ok(Ast::And(parts)) = parse(text) else { return None };
    let is_word = |part: &Ast| matches!(part, Ast::Word(..) | Ast::Phrase(..) | Ast::Prefix(..));
    (parts.len() > 1 && parts.iter().all(is_word)).then(|| print(&Ast::Or(parts)))
}
