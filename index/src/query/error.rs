//! What can be wrong with a query: what, where, and what to write instead.
//!
//! The sentences live in `locale/words/*/query.toml`: [`QueryError::key`] names the sentence,
//! [`QueryError::args`] fills it. The desk underlines the span, the command line draws a caret.

use std::ops::Range;

/// A query that cannot run.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{kind} (column {column})")]
pub struct QueryError {
    /// What is wrong.
    pub kind: QueryErrorKind,
    /// Where, in bytes of the query text.
    pub span: Range<usize>,
    /// Where it begins, in characters, from 1.
    pub column: usize,
    /// A whole query that runs and was probably meant.
    pub suggestion: Option<String>,
}

/// What is wrong with a query.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum QueryErrorKind {
    /// Quotes that never close.
    #[error("the quotes are never closed")]
    OpenQuote,
    /// An operator without its word.
    #[error("a word is missing beside {operator}")]
    LoneOperator {
        /// As written.
        operator: String,
    },
    /// A field that does not exist.
    #[error("there is no field {name}")]
    UnknownField {
        /// As written.
        name: String,
        /// The nearest that does.
        near: Option<String>,
    },
    /// A field with nothing after it.
    #[error("nothing stands after {name}:")]
    EmptyField {
        /// As written.
        name: String,
    },
    /// An outlet that does not exist.
    #[error("no outlet is called {name}")]
    UnknownOutlet {
        /// As written.
        name: String,
        /// The nearest that does.
        near: Option<String>,
    },
    /// The beginning of several outlets' names.
    #[error("several outlets begin with {name}")]
    AmbiguousOutlet {
        /// As written.
        name: String,
        /// The first of them.
        near: Option<String>,
    },
    /// A watch that does not exist.
    #[error("no watch is called {name}")]
    UnknownWatch {
        /// As written.
        name: String,
        /// The nearest that does.
        near: Option<String>,
    },
    /// A watch that holds itself.
    #[error("the watch {name} holds itself")]
    WatchCycle {
        /// Its name.
        name: String,
    },
    /// A watch whose own query cannot run.
    #[error("the query of the watch {name} cannot run")]
    BrokenWatch {
        /// Its name.
        name: String,
    },
    /// No date.
    #[error("{text} is no date")]
    BadDate {
        /// As written.
        text: String,
    },
    /// A period that ends before it begins.
    #[error("the period ends before it begins")]
    ReversedRange,
    /// A distance that is no number from 1 to 50.
    #[error("the distance of NEAR is a number from 1 to 50")]
    NearDistance,
    /// NEAR beside something that is no word.
    #[error("NEAR stands between words and phrases")]
    NearOperand,
    /// A beginning of fewer than three letters.
    #[error("a beginning needs at least three letters")]
    ShortPrefix,
    /// A star elsewhere than at the end of one word.
    #[error("the star stands only at the end of a word")]
    BadStar,
    /// A parenthesis that never closes.
    #[error("a parenthesis is never closed")]
    OpenParenthesis,
    /// A parenthesis that closes nothing.
    #[error("a parenthesis closes nothing")]
    StrayParenthesis,
    /// Nothing between parentheses.
    #[error("nothing stands between the parentheses")]
    EmptyParentheses,
    /// More than 4,000 characters.
    #[error("the query is too long")]
    TooLong,
    /// More than 50 levels.
    #[error("the query is too deep")]
    TooDeep,
    /// More than 256 words.
    #[error("the query has too many words")]
    TooMany,
    /// Beginnings of more words than a search reads.
    #[error("{words} words begin like {text}")]
    TooBroad {
        /// The beginning of most words, with its star.
        text: String,
        /// How many begin so.
        words: u64,
    },
    /// Only words that carry no content.
    #[error("only function words are left of the query")]
    OnlyStopWords,
    /// A watch in which nothing is required.
    #[error("a watch needs something that must be there")]
    NothingRequired,
    /// A date in a watch that means another day tomorrow.
    #[error("a watch cannot hold a date that moves")]
    RelativeDate,
}

impl QueryError {
    /// An error at bytes `span` of `query`. A suggestion that cannot be parsed itself is dropped.
    pub(crate) fn new(kind: QueryErrorKind, query: &str, span: Range<usize>, suggestion: Option<String>) -> Self {
        let column = query.get(..span.start).map_or(1, |before| before.chars().count() + 1);
        Self { kind, span, column, suggestion }
    }

    /// The same, with what `span` should be replaced by.
    pub(crate) fn replacing(kind: QueryErrorKind, query: &str, span: Range<usize>, by: &str) -> Self {
        let text = || Some(format!("{}{by}{}", query.get(..span.start)?, query.get(span.end..)?));
        let suggestion = text().filter(|s| crate::query::parse::parse_unchecked(s).is_ok());
        Self::new(kind, query, span, suggestion)
    }

    /// The key of its sentence in the catalogue of words. There is a second one, `<key>_near`, where something similar exists.
    pub fn key(&self) -> &'static str {
        use QueryErrorKind as K;
        match &self.kind {
            K::OpenQuote => "query.open_quote",
            K::LoneOperator { .. } => "query.lone_operator",
            K::UnknownField { near: None, .. } => "query.unknown_field",
            K::UnknownField { .. } => "query.unknown_field_near",
            K::EmptyField { .. } => "query.empty_field",
            K::UnknownOutlet { near: None, .. } => "query.unknown_outlet",
            K::UnknownOutlet { .. } => "query.unknown_outlet_near",
            K::AmbiguousOutlet { .. } => "query.ambiguous_outlet",
            K::UnknownWatch { near: None, .. } => "query.unknown_watch",
            K::UnknownWatch { .. } => "query.unknown_watch_near",
            K::WatchCycle { .. } => "query.watch_cycle",
            K::BrokenWatch { .. } => "query.broken_watch",
            K::BadDate { .. } => "query.bad_date",
            K::ReversedRange => "query.reversed_range",
            K::NearDistance => "query.near_distance",
            K::NearOperand => "query.near_operand",
            K::ShortPrefix => "query.short_prefix",
            K::BadStar => "query.bad_star",
            K::OpenParenthesis => "query.open_parenthesis",
            K::StrayParenthesis => "query.stray_parenthesis",
            K::EmptyParentheses => "query.empty_parentheses",
            K::TooLong => "query.too_long",
            K::TooDeep => "query.too_deep",
            K::TooMany => "query.too_many",
            K::TooBroad { .. } => "query.too_broad",
            K::OnlyStopWords => "query.only_stop_words",
            K::NothingRequired => "query.nothing_required",
            K::RelativeDate => "query.relative_date",
        }
    }

    /// What its sentence is filled with: always `column`, and `name`, `near`, `operator` or `text` where it has them.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        use QueryErrorKind as K;
        let mut args = vec![("column", self.column.to_string())];
        match &self.kind {
            K::LoneOperator { operator } => args.push(("operator", operator.clone())),
            K::TooBroad { text, words } => args.extend([("text", text.clone()), ("words", words.to_string())]),
            K::BadDate { text } => args.push(("text", text.clone())),
            K::EmptyField { name } | K::WatchCycle { name } | K::BrokenWatch { name } => {
                args.push(("name", name.clone()))
            }
            K::UnknownField { name, near }
            | K::UnknownOutlet { name, near }
            | K::AmbiguousOutlet { name, near }
            | K::UnknownWatch { name, near } => {
                args.push(("name", name.clone()));
                args.extend(near.clone().map(|n| ("near", n)));
            }
            _ => {}
        }
        args
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each kind.
    fn all() -> Vec<QueryErrorKind> {
        use QueryErrorKind as K;
        let name = || "x".to_owned();
        let near = || Some("y".to_owned());
        vec![
            K::OpenQuote,
            K::LoneOperator { operator: name() },
            K::UnknownField { name: name(), near: None },
            K::UnknownField { name: name(), near: near() },
            K::EmptyField { name: name() },
            K::UnknownOutlet { name: name(), near: None },
            K::UnknownOutlet { name: name(), near: near() },
            K::AmbiguousOutlet { name: name(), near: near() },
            K::UnknownWatch { name: name(), near: None },
            K::UnknownWatch { name: name(), near: near() },
            K::WatchCycle { name: name() },
            K::BrokenWatch { name: name() },
            K::BadDate { text: name() },
            K::ReversedRange,
            K::NearDistance,
            K::NearOperand,
            K::ShortPrefix,
            K::BadStar,
            K::OpenParenthesis,
            K::StrayParenthesis,
            K::EmptyParentheses,
            K::TooLong,
            K::TooDeep,
            K::TooMany,
            K::TooBroad { text: name(), words: 1 },
            K::OnlyStopWords,
            K::NothingRequired,
            K::RelativeDate,
        ]
    }

    #[test]
    fn every_error_has_its_sentence_in_both_languages() {
        for words in
            [include_str!("../../../locale/words/it/query.toml"), include_str!("../../../locale/words/en/query.toml")]
        {
            let (_, table) = words.split_once("[query]\n").expect("a table of query errors");
            let table = table.split("\n[").next().unwrap_or_default();
            for kind in all() {
                let error = QueryError::new(kind, "x", 0..0, None);
                let key = error.key().strip_prefix("query.").expect("keys of this table");
                let sentence = table.lines().find_map(|l| l.strip_prefix(&format!("{key} = ")));
                let mut rest = sentence.unwrap_or_else(|| panic!("{key} is missing")).to_owned();
                for (name, _) in error.args() {
                    rest = rest.replace(&format!("{{{name}}}"), "");
                }
                assert!(!rest.contains('{'), "{key} asks for more than it is given: {rest}");
            }
        }
    }
}
