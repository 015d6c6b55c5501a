//! The query language, the searchable archive and the watch matcher.
//!
//! A query is text ([`query`]); bound to names and a clock it is a [`plan::Plan`]. The [`Archive`] runs plans on every
//! article ever kept, the [`Matcher`] runs the plans of all watches on the article that just came in, and both read the
//! one analysis of the crate `text` ([`Analysed`]). The archive follows the store by [`Change`](salastampa_domain::Change)s
//! and owns nothing: what it gives are numbers of articles; their texts stay in the store, behind their rights.
//!
//! What was asked for is marked in a text by [`Highlighter`], which gives ranges; what is printed of them is for the
//! rights to say. Left out: what importance makes of a match (crate `stories`), and any SQL.

pub mod analysed;
pub mod archive;
mod engine;
mod evaluate;
pub mod explain;
pub mod frequencies;
mod grade;
pub mod highlight;
pub mod matcher;
pub mod plan;
pub mod query;
pub mod standing;
pub mod terms;
mod written;

pub use analysed::Analysed;
pub use archive::{Archive, Hit, Hits, SearchError};
pub use engine::TantivyArchive;
pub use explain::Explained;
pub use frequencies::Frequencies;
pub use highlight::{Highlighter, Segment};
pub use matcher::{Match, Matcher, check_watch};
pub use query::{
    Asked, Ast, Bound, Names, Notice, OutletName, QueryError, QueryErrorKind, WatchName, any_word, bind, parse, print,
};
pub use standing::{Moment, Obstacle, Reason, Rebuild, Standing};
pub use terms::{Terms, check_term};
pub use written::written;
