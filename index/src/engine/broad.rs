//! Questions whose beginnings stand for more words than a search should read.
//!
//! One beginning that a million words answer is read to the end. Two hundred of them in one question would keep the
//! processor for minutes, so the words are counted before they are read: where a range of words begins and ends is known
//! without going through it. What is refused is told with the beginning that has most of them; nothing is left out in silence.

use crate::engine::query::{beginning_bounds, beginnings};
use crate::engine::schema::Fields;
use crate::plan::Plan;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::parse::parse_unchecked;
use crate::query::{Ast, DEEPEST};
use std::ops::Range;
use tantivy::Searcher;
use tantivy::schema::Field;

/// Words that one question reads at most; a million are read in about a second.
pub(crate) const MOST: u64 = 4_000_000;

/// What is wrong with a plan of the question `text` that would read too many words; `None` for any other.
pub(crate) fn refused(
    searcher: &Searcher,
    fields: &Fields,
    plan: &Plan,
    text: &str,
) -> tantivy::Result<Option<QueryError>> {
    refused_beyond(MOST, searcher, fields, plan, text)
}

fn refused_beyond(
    most: u64,
    searcher: &Searcher,
    fields: &Fields,
    plan: &Plan,
    text: &str,
) -> tantivy::Result<Option<QueryError>> {
    let mut asked = Vec::new();
    beginnings(plan, fields, &mut asked);
    let (mut sum, mut broadest) = (0_u64, (0, ""));
    for (field, prefix) in asked {
        let words = words(searcher, field, prefix)?;
        sum = sum.saturating_add(words);
        broadest = broadest.max((words, prefix));
    }
    if sum <= most {
        return Ok(None);
    }
    let (words, prefix) = broadest;
    let at = place(&parse_unchecked(text).unwrap_or(Ast::And(Vec::new())), prefix, 0).unwrap_or(0..text.len());
    let kind = QueryErrorKind::TooBroad { text: format!("{prefix}*"), words };
    Ok(Some(QueryError::new(kind, text, at, None)))
}

/// How many different words begin so.
fn words(searcher: &Searcher, field: Field, prefix: &str) -> tantivy::Result<u64> {
    let (from, to) = beginning_bounds(prefix);
    let mut sum = 0;
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let terms = index.terms();
        // the number of the first word at or behind a bound
        let first = |bound: &str, is_behind: bool| -> std::io::Result<u64> {
            let range = terms.range();
            let mut stream = if is_behind { range.gt(bound) } else { range.ge(bound) }.into_stream()?;
            Ok(if stream.advance() { stream.term_ord() } else { terms.num_terms() as u64 })
        };
        sum += first(&to, true)?.saturating_sub(first(&from, false)?);
    }
    Ok(sum)
}

/// Where that beginning was written; `None` where it stands in a watch that the question names.
fn place(ast: &Ast, prefix: &str, depth: usize) -> Option<Range<usize>> {
    if depth > 2 * DEEPEST {
        return None;
    }
    let inside = |ast: &Ast| place(ast, prefix, depth + 1);
    match ast {
        Ast::And(parts) | Ast::Or(parts) => parts.iter().find_map(inside),
        Ast::Not(inner) | Ast::In(_, inner) => inside(inner),
        Ast::Near { left, right, .. } => inside(left).or_else(|| inside(right)),
        Ast::Prefix(written, at) => {
            let last = salastampa_text::analyse(written).pop()?;
            (*last.exact == *prefix).then(|| at.0.clone())
        }
        Ast::Word(..) | Ast::Phrase(..) | Ast::Watch(..) | Ast::Date(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::generation::Generation;
    use crate::matcher::tests::article;
    use crate::query::{Names, bind, parse};
    use salastampa_domain::{Article, ArticleId, Change, ChangeKind, ForeignText, Seq, Timestamp};
    use std::sync::Arc;

    #[test]
    fn a_question_that_would_read_too_many_words_is_refused_with_the_broadest_of_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Generation::create(folder.path(), "store", Arc::new(|_| {})).expect("made");
        for (seq, body) in (1..).zip(["strada stradale stradario ponte", "stradario stradone ponteggio"]) {
            let article = Box::new(Article { id: ArticleId(seq), ..article("", "", "", "") });
            let put = Change { seq: Seq(seq), kind: ChangeKind::Put { article, body: ForeignText::new(body) } };
            index.write(&[put], true).expect("written");
        }
        let told = |text: &str| {
            let plan = bind(&parse(text).expect("it parses"), &Names::default(), Timestamp(0)).expect("it binds").plan;
            let wrong = refused_beyond(5, &index.searcher(), &index.fields, &plan, text).expect("read");
            wrong.map(|wrong| (wrong.kind, wrong.column))
        };
        let broad = |text: &str, words| Some(QueryErrorKind::TooBroad { text: text.into(), words });
        // a word of two segments is read twice
        assert_eq!(told("strad*"), None);
        assert_eq!(told("xyz* OR zzz*"), None);
        for (text, words, column) in [
            ("ponte OR strad* OR pont*", 5, 10),
            ("NOT (pont* OR -strad*)", 5, 16),
            ("pont* NEAR/5 (ponte OR strad*)", 5, 24),
            ("(strad* OR sedia) NEAR/2 ponte", 5, 2),
        ] {
            assert_eq!(told(text), broad("strad*", words).map(|kind| (kind, column)), "{text}");
        }
    }
}
