//! From the syntax tree to the plan: outlets, watches and dates are resolved, words analysed.
//!
//! A word that analyses to nothing (*il*) vanishes from its parent, and says so in a notice; a word that splits
//! (*co-working*) is its own phrase.

use crate::plan::{Place, Plan, Spans, Stemmed};
use crate::query::MOST_LEAVES;
use crate::query::ast::{Ast, Field, Place as At};
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::names::{Found, Names};
use crate::query::parse::parse_unchecked;
use crate::query::print::print;
use salastampa_domain::{ArticleId, OutletId, Timestamp};
use salastampa_text::{Class, Form, Token, analyse, fold};
use std::ops::Range;

/// A query that is ready to run.
#[derive(Clone, PartialEq, Debug)]
pub struct Bound {
    /// What it asks.
    pub plan: Plan,
    /// What the person should know.
    pub notices: Vec<Notice>,
    /// The words that it asks for, those under a NOT and those of watches left out.
    pub asked: Vec<Asked>,
}

/// A word that was asked for, as it may be looked up in the archive's own words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// Its exact form.
    pub form: Form,
    /// Its stem, where all forms of it are asked for.
    pub stem: Option<Form>,
    /// Where it stands in the query text, in bytes.
    pub at: Range<usize>,
}

/// Something that a person should know of a query that runs all the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// A function word was left out of the search; quotes would keep it.
    Dropped {
        /// As written.
        word: String,
    },
    /// *or*, *oppure* and their like were searched as words; upper case would join.
    WordForOperator {
        /// As written.
        word: String,
        /// The operator.
        operator: &'static str,
    },
    /// The archive hardly has a word, and has one that is spelt almost so.
    Meant {
        /// As written.
        word: String,
        /// The other.
        meant: String,
        /// The whole query with the other word.
        query: String,
        /// Where the other word stands in that query, in bytes.
        at: Range<usize>,
        /// Articles that have the other word: it is known folded, they tell how it is written.
        seen: Vec<ArticleId>,
    },
    /// No article has all the words.
    AnyWord {
        /// The query that asks for any of them.
        query: String,
    },
}

impl Notice {
    /// The notice that for `word`, which stands at `at` in the query, `meant` was meant.
    pub(crate) fn meant(query: &str, at: Range<usize>, word: &str, meant: &str, seen: Vec<ArticleId>) -> Self {
        let meant = like(word, meant);
        let (before, after) = (query.get(..at.start).unwrap_or_default(), query.get(at.end..).unwrap_or_default());
        let place = before.len()..before.len() + meant.len();
        Self::Meant { word: word.to_owned(), query: format!("{before}{meant}{after}"), meant, at: place, seen }
    }

    /// The same with the other word as it is written.
    #[must_use]
    pub fn as_written(self, written: &str) -> Self {
        match self {
            Self::Meant { word, query, at, seen, .. } => Self::meant(&query, at, &word, written, seen),
            other => other,
        }
    }

    /// The key of its sentence in the catalogue of words.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Dropped { .. } => "query.notice_dropped",
            Self::WordForOperator { .. } => "query.notice_operator",
            Self::Meant { .. } => "query.notice_meant",
            Self::AnyWord { .. } => "query.notice_any",
        }
    }

    /// What its sentence is filled with.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Dropped { word } => vec![("word", word.clone())],
            Self::WordForOperator { word, operator } => {
                vec![("word", word.clone()), ("operator", (*operator).to_owned())]
            }
            Self::Meant { word, meant, .. } => vec![("word", word.clone()), ("meant", meant.clone())],
            Self::AnyWord { query } => vec![("query", query.clone())],
        }
    }

    /// The query that it proposes in place of this one.
    pub fn query(&self) -> Option<&str> {
        match self {
            Self::Meant { query, .. } | Self::AnyWord { query } => Some(query),
            Self::Dropped { .. } | Self::WordForOperator { .. } => None,
        }
    }
}

/// Resolves a query. Errors: unknown names, periods that end before they begin, a query of function words only.
/// What an error or a word points into is the query as [`print()`] writes it.
pub fn bind(ast: &Ast, names: &Names, now: Timestamp) -> Result<Bound, QueryError> {
    let text = print(ast);
    // the places in `ast` are those of another text; what is too long when it is printed keeps them
    let printed = parse_unchecked(&text);
    bind_text(printed.as_ref().unwrap_or(ast), &text, names, now, false)
}

/// The same with the text as the person wrote it, so that errors point into it. `saved` refuses dates that move.
pub(crate) fn bind_text(
    ast: &Ast,
    text: &str,
    names: &Names,
    now: Timestamp,
    saved: bool,
) -> Result<Bound, QueryError> {
    let mut binder =
        Binder { text, names, now, saved, notices: Vec::new(), inside: Vec::new(), leaves: 0, asked: Vec::new() };
    if *ast == Ast::And(Vec::new()) {
        return Ok(Bound { plan: Plan::All, notices: Vec::new(), asked: Vec::new() });
    }
    let plan = binder.part(ast, None)?;
    let plan = plan.ok_or_else(|| {
        let quoted = format!("\"{}\"", text.trim().replace(['"', '«', '»', '“', '”', '(', ')'], ""));
        QueryError::replacing(QueryErrorKind::OnlyStopWords, text, 0..text.len(), &quoted)
    })?;
    Ok(Bound { plan, notices: binder.notices, asked: binder.asked })
}

struct Binder<'a> {
    text: &'a str,
    names: &'a Names,
    now: Timestamp,
    saved: bool,
    notices: Vec<Notice>,
    /// Slugs of the watches that we stand in.
    inside: Vec<String>,
    leaves: usize,
    asked: Vec<Asked>,
}

/// A plan, or nothing where only function words were.
type Part = Result<Option<Plan>, QueryError>;

/// Watches inside watches.
const MOST_NESTED: usize = 8;

impl Binder<'_> {
    fn part(&mut self, ast: &Ast, field: Option<Field>) -> Part {
        match ast {
            Ast::And(parts) => Ok(joined(self.parts(parts, field)?, Plan::And)),
            Ast::Or(parts) => Ok(joined(self.parts(parts, field)?, Plan::Or)),
            Ast::Not(inner) => {
                let before = self.asked.len();
                let plan = self.part(inner, field)?;
                self.asked.truncate(before);
                Ok(plan.map(|plan| match plan {
                    Plan::Not(plan) => *plan,
                    plan => Plan::Not(Box::new(plan)),
                }))
            }
            Ast::In(field, inner) => self.part(inner, Some(*field)),
            Ast::Word(text, at) => self.leaf(at).and_then(|()| self.word(text, at, field)),
            Ast::Phrase(text, at) => self.leaf(at).and_then(|()| self.phrase(text, at, field)),
            Ast::Prefix(text, at) => {
                self.leaf(at)?;
                if let Some(Field::Outlet | Field::Section) = field {
                    return self.phrase(text, at, field);
                }
                Ok(self.prefix(text, at)?.map(|spans| Plan::Spans(place(field), spans)))
            }
            Ast::Near { .. } => match field {
                Some(Field::Outlet | Field::Section) => Err(self.error(QueryErrorKind::NearOperand, &At::default())),
                field => Ok(self.spans(ast)?.map(|spans| Plan::Spans(place(field), spans))),
            },
            Ast::Watch(name, at) => self.watch(name, at),
            Ast::Date(dates, at) => {
                self.leaf(at)?;
                if self.saved && dates.is_relative() {
                    return Err(self.error(QueryErrorKind::RelativeDate, at));
                }
                let period = dates.period(self.now);
                period.map(|p| Some(Plan::During(p))).ok_or_else(|| self.error(QueryErrorKind::ReversedRange, at))
            }
        }
    }

    fn parts(&mut self, parts: &[Ast], field: Option<Field>) -> Result<Vec<Plan>, QueryError> {
        parts.iter().filter_map(|p| self.part(p, field).transpose()).collect()
    }

    fn word(&mut self, text: &str, at: &At, field: Option<Field>) -> Part {
        if let Some(Field::Outlet | Field::Section | Field::Author) = field {
            return self.phrase(text, at, field);
        }
        let tokens = analyse(text);
        // a clitic takes no part in ranking: l'acqua is acqua
        let own = tokens.iter().position(|t| t.class != Class::Clitic).unwrap_or(tokens.len());
        let operator = match fold(text).as_str() {
            "or" | "oppure" | "o" => Some("OR"),
            "and" => Some("AND"),
            "not" => Some("NOT"),
            _ => None,
        };
        if let Some(operator) = operator {
            self.notices.push(Notice::WordForOperator { word: text.to_owned(), operator });
        }
        Ok(match &tokens[own..] {
            [Token { stem: Some(stem), exact, start, end, .. }] => {
                self.asks(exact, Some(stem), at, *start..*end);
                let within = if field == Some(Field::Title) { Stemmed::Title } else { Stemmed::Text };
                Some(Plan::Word { within, stem: stem.clone(), form: exact.clone() })
            }
            [] | [_] => {
                if operator.is_none() && !tokens.is_empty() {
                    self.notices.push(Notice::Dropped { word: text.to_owned() });
                }
                None
            }
            several => Some(Plan::Spans(place(field), exact(several))),
        })
    }

    /// Notes a word that is asked for. Those of watches were spelt by who saved them.
    fn asks(&mut self, form: &Form, stem: Option<&Form>, at: &At, within: Range<usize>) {
        if self.inside.is_empty() {
            let at = at.0.start + within.start..at.0.start + within.end;
            self.asked.push(Asked { form: form.clone(), stem: stem.cloned(), at });
        }
    }

    fn phrase(&mut self, text: &str, at: &At, field: Option<Field>) -> Part {
        match field {
            Some(Field::Outlet) => self.outlet(text, at).map(|id| Some(Plan::Outlets(vec![id]))),
            Some(Field::Section) => Ok(Some(Plan::Rubric(rubric(text)))),
            _ => {
                let tokens = analyse(text);
                Ok((!tokens.is_empty()).then(|| Plan::Spans(place(field), exact(&tokens))))
            }
        }
    }

    fn prefix(&mut self, text: &str, at: &At) -> Result<Option<Spans>, QueryError> {
        match &analyse(text)[..] {
            [clitics @ .., last] if clitics.iter().all(|t| t.class == Class::Clitic) => {
                if last.exact.chars().count() < 3 {
                    return Err(self.error(QueryErrorKind::ShortPrefix, at));
                }
                Ok(Some(Spans::Prefix(last.exact.to_string())))
            }
            [] => Ok(None),
            _ => Err(self.error(QueryErrorKind::BadStar, at)),
        }
    }

    /// An operand of NEAR: exact forms, function words too.
    fn spans(&mut self, ast: &Ast) -> Result<Option<Spans>, QueryError> {
        match ast {
            Ast::Word(text, at) | Ast::Phrase(text, at) => {
                self.leaf(at)?;
                let tokens = analyse(text);
                let own = match ast {
                    Ast::Word(..) => tokens.iter().position(|t| t.class != Class::Clitic).unwrap_or(0),
                    _ => 0,
                };
                if let (Ast::Word(..), [Token { exact, start, end, .. }]) = (ast, &tokens[own..]) {
                    self.asks(exact, None, at, *start..*end);
                }
                Ok((!tokens.is_empty()).then(|| exact(&tokens[own..])))
            }
            Ast::Prefix(text, at) => {
                self.leaf(at)?;
                self.prefix(text, at)
            }
            Ast::Or(parts) => {
                let parts: Result<Vec<Spans>, _> = parts.iter().filter_map(|p| self.spans(p).transpose()).collect();
                Ok(parts.map(Spans::Any).ok().filter(|s| *s != Spans::Any(Vec::new())))
            }
            Ast::Near { left, right, distance } => Ok(match (self.spans(left)?, self.spans(right)?) {
                (Some(left), Some(right)) => Some(Spans::Near(Box::new(left), Box::new(right), *distance)),
                (left, right) => left.or(right),
            }),
            _ => Err(self.error(QueryErrorKind::NearOperand, &At::default())),
        }
    }

    fn outlet(&self, name: &str, at: &At) -> Result<OutletId, QueryError> {
        let name = name.trim().to_owned();
        match self.names.outlet(&name) {
            Found::One(id) => Ok(id),
            Found::Several(first) => {
                let near = Some(first);
                Err(self.unknown(QueryErrorKind::AmbiguousOutlet { name, near: near.clone() }, at, near))
            }
            Found::None(near) => {
                Err(self.unknown(QueryErrorKind::UnknownOutlet { name, near: near.clone() }, at, near))
            }
        }
    }

    fn watch(&mut self, name: &str, at: &At) -> Part {
        let name = name.trim().to_owned();
        let watch = match self.names.watch(&name) {
            Found::One(watch) => watch,
            Found::Several(near) | Found::None(Some(near)) => {
                let kind = QueryErrorKind::UnknownWatch { name, near: Some(near.clone()) };
                return Err(self.unknown(kind, at, Some(near)));
            }
            Found::None(None) => return Err(self.error(QueryErrorKind::UnknownWatch { name, near: None }, at)),
        };
        if self.inside.contains(&watch.slug) {
            return Err(self.error(QueryErrorKind::WatchCycle { name }, at));
        }
        if self.inside.len() >= MOST_NESTED {
            return Err(self.error(QueryErrorKind::TooDeep, at));
        }
        // counts by itself: watches that only name each other would double at every level
        self.leaf(at)?;
        let Ok(ast) = parse_unchecked(&watch.query) else {
            return Err(self.error(QueryErrorKind::BrokenWatch { name }, at));
        };
        self.inside.push(watch.slug.clone());
        let notices = self.notices.len();
        let plan = self.part(&ast, None);
        self.notices.truncate(notices);
        self.inside.pop();
        // what is wrong inside has its place there: here the name is to blame
        plan.map_err(|error| match error.kind {
            kind @ (QueryErrorKind::WatchCycle { .. } | QueryErrorKind::TooMany | QueryErrorKind::TooDeep) => {
                self.error(kind, at)
            }
            _ => self.error(QueryErrorKind::BrokenWatch { name }, at),
        })
    }

    fn leaf(&mut self, at: &At) -> Result<(), QueryError> {
        self.leaves += 1;
        if self.leaves > MOST_LEAVES { Err(self.error(QueryErrorKind::TooMany, at)) } else { Ok(()) }
    }

    fn error(&self, kind: QueryErrorKind, at: &At) -> QueryError {
        QueryError::new(kind, self.text, at.0.clone(), None)
    }

    fn unknown(&self, kind: QueryErrorKind, at: &At, near: Option<String>) -> QueryError {
        match near {
            Some(near) => QueryError::replacing(kind, self.text, at.0.clone(), &format!("\"{near}\"")),
            None => self.error(kind, at),
        }
    }
}

/// A word with a capital letter where one was typed.
fn like(typed: &str, word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if typed.chars().next().is_some_and(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => word.to_owned(),
    }
}

/// How a rubric is compared: folded, blanks around it removed.
pub(crate) fn rubric(text: &str) -> String {
    fold(text).trim().to_owned()
}

fn exact(tokens: &[Token]) -> Spans {
    Spans::Phrase(tokens.iter().map(|t| t.exact.clone()).collect())
}

fn place(field: Option<Field>) -> Place {
    match field {
        Some(Field::Title) => Place::Title,
        Some(Field::Author) => Place::Author,
        _ => Place::Text,
    }
}

fn joined(mut parts: Vec<Plan>, many: fn(Vec<Plan>) -> Plan) -> Option<Plan> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(many(parts)),
    }
}

#[cfg(test)]
mod tests;
