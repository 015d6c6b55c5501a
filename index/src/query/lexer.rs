//! From query text to lexemes, each with its place.
//!
//! A word runs to the next blank, quote or parenthesis. Operators are whole words in upper case; a field is a known
//! name before a colon. What only looks like one (*18:30*, *https://…*, a headline's *Sindaco: …*) stays a word.

use crate::query::ast::Field;
use crate::query::date::{Dates, Moment};
use crate::query::error::QueryErrorKind;
use crate::query::names::allowed;
use salastampa_text::{distance, fold};
use std::ops::Range;

/// A lexeme and its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lexeme {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Range<usize>,
}

/// Sorts of lexemes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `AND`
    And,
    /// `OR`
    Or,
    /// `NOT`, or a `-` before something.
    Not,
    /// `NEAR/5`
    Near(u32),
    /// `titolo:` and its like.
    Field(Field),
    /// `tema:`
    Watch,
    /// A date with its field.
    Date(Dates),
    /// A word as written.
    Word(String),
    /// What stands between quotes.
    Phrase(String),
    /// A word before its `*`.
    Prefix(String),
}

/// Why lexing or parsing stopped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What is wrong.
    pub kind: QueryErrorKind,
    /// Where.
    pub span: Range<usize>,
    /// What to write instead of which bytes.
    pub instead: Option<(Range<usize>, String)>,
}

impl Fault {
    pub(crate) fn new(kind: QueryErrorKind, span: Range<usize>) -> Self {
        Self { kind, span, instead: None }
    }

    pub(crate) fn instead(self, range: Range<usize>, text: impl Into<String>) -> Self {
        Self { instead: Some((range, text.into())), ..self }
    }
}

/// What stands before a colon.
#[derive(Clone, Copy)]
enum Scope {
    In(Field),
    Watch,
    Date,
    After,
    Before,
}

const SCOPES: &[(&str, Scope)] = &[
    ("testata", Scope::In(Field::Outlet)),
    ("outlet", Scope::In(Field::Outlet)),
    ("titolo", Scope::In(Field::Title)),
    ("title", Scope::In(Field::Title)),
    ("autore", Scope::In(Field::Author)),
    ("author", Scope::In(Field::Author)),
    ("sezione", Scope::In(Field::Section)),
    ("section", Scope::In(Field::Section)),
    ("tema", Scope::Watch),
    ("watch", Scope::Watch),
    ("data", Scope::Date),
    ("date", Scope::Date),
    ("dopo", Scope::After),
    ("after", Scope::After),
    ("prima", Scope::Before),
    ("before", Scope::Before),
];

/// Cuts a query. Linear in its length.
pub fn lex(text: &str) -> Result<Vec<Lexeme>, Fault> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let after = at + c.len_utf8();
        let (kind, end) = match c {
            c if c.is_whitespace() => {
                at = after;
                continue;
            }
            '(' => (Kind::Open, after),
            ')' => (Kind::Close, after),
            '"' | '“' | '”' | '«' | '»' => phrase(text, at, c)?,
            '-' if text[after..].chars().next().is_some_and(|c| !c.is_whitespace() && c != ')') => (Kind::Not, after),
            _ => word(text, at)?,
        };
        out.push(Lexeme { kind, span: at..end });
        at = end;
    }
    Ok(out)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '«' | '»')
}

fn phrase(text: &str, at: usize, open: char) -> Result<(Kind, usize), Fault> {
    let from = at + open.len_utf8();
    let closes = |c: char| if matches!(open, '«' | '»') { c == '»' } else { matches!(c, '"' | '“' | '”') };
    let Some(length) = text[from..].find(closes) else {
        let all = text.len()..text.len();
        return Err(
            Fault::new(QueryErrorKind::OpenQuote, at..text.len()).instead(all, if open == '«' { "»" } else { "\"" })
        );
    };
    let to = from + length;
    let end = to + text[to..].chars().next().map_or(0, char::len_utf8);
    // quotes inside would not print back, and mean nothing
    let inside: String = text[from..to].chars().map(|c| if matches!(c, '"' | '“' | '”') { ' ' } else { c }).collect();
    Ok((Kind::Phrase(inside), end))
}

/// A word, an operator, a field or a date.
fn word(text: &str, at: usize) -> Result<(Kind, usize), Fault> {
    let ends = |c: char| c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')');
    let end = text[at..].find(ends).map_or(text.len(), |n| at + n);
    let word = &text[at..end];
    match word {
        "AND" => return Ok((Kind::And, end)),
        "OR" => return Ok((Kind::Or, end)),
        "NOT" => return Ok((Kind::Not, end)),
        _ => {}
    }
    if let Some(distance) = word.strip_prefix("NEAR").filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        let fault = || Fault::new(QueryErrorKind::NearDistance, at..end).instead(at..end, "NEAR/5");
        let n = distance.strip_prefix('/').and_then(|n| n.parse().ok()).filter(|n| (1..=50).contains(n));
        return n.map(|n| (Kind::Near(n), end)).ok_or_else(fault);
    }
    if let Some((name, rest)) = word.split_once(':')
        && name.chars().all(char::is_alphabetic)
        && name.chars().nth(1).is_some()
        && !rest.starts_with("//")
        && let Some(scoped) = scope(text, at, name, end)?
    {
        return Ok(scoped);
    }
    starred(word, at..end)
}

/// What a name before a colon opens; `None` where it is a word after all.
fn scope(text: &str, at: usize, name: &str, end: usize) -> Result<Option<(Kind, usize)>, Fault> {
    let folded = fold(name);
    let colon = at + name.len() + 1;
    let Some((_, scope)) = SCOPES.iter().find(|(n, _)| *n == folded) else {
        // "Sindaco: il ponte riapre" is a headline that somebody pasted
        if text[colon..].chars().next().is_none_or(char::is_whitespace) {
            return Ok(None);
        }
        let nearest = SCOPES.iter().map(|(n, _)| (distance(&folded, n), *n)).min();
        let near = nearest.filter(|(edits, _)| *edits <= allowed(&folded)).map(|(_, n)| n.to_owned());
        let instead = near.as_ref().map_or_else(|| format!("{name} "), |n| format!("{n}:"));
        let kind = QueryErrorKind::UnknownField { name: name.to_owned(), near };
        return Err(Fault::new(kind, at..end).instead(at..colon, instead));
    };
    let dates = match scope {
        Scope::In(field) => return Ok(Some((Kind::Field(*field), colon))),
        Scope::Watch => return Ok(Some((Kind::Watch, colon))),
        Scope::Date => Dates::parse,
        Scope::After => |s: &str| Moment::parse(s).map(Dates::After),
        Scope::Before => |s: &str| Moment::parse(s).map(Dates::Before),
    };
    let from = colon + text[colon..].len() - text[colon..].trim_start().len();
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')');
    let to = text[from..].find(ends).map_or(text.len(), |n| from + n);
    let written = &text[from..to];
    if written.is_empty() {
        return Err(Fault::new(QueryErrorKind::EmptyField { name: name.to_owned() }, at..to));
    }
    let dates = dates(written.trim_matches(is_quote));
    dates.map(|d| Some((Kind::Date(d), to))).ok_or_else(|| {
        Fault::new(QueryErrorKind::BadDate { text: written.to_owned() }, from..to).instead(from..to, "2026-11-22")
    })
}

fn starred(word: &str, span: Range<usize>) -> Result<(Kind, usize), Fault> {
    let end = span.end;
    let Some(star) = word.find('*') else { return Ok((Kind::Word(word.to_owned()), end)) };
    let bare = word.replace('*', "");
    if star + 1 != word.len() {
        let instead = if bare.chars().count() >= 3 { format!("{bare}*") } else { bare };
        return Err(Fault::new(QueryErrorKind::BadStar, span.clone()).instead(span, instead));
    }
    if bare.chars().filter(|c| c.is_alphanumeric()).count() < 3 {
        return Err(Fault::new(QueryErrorKind::ShortPrefix, span.clone()).instead(span, bare));
    }
    Ok((Kind::Prefix(bare), end))
}
