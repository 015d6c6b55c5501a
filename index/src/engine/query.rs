//! From a plan to a query of the engine.

use crate::engine::dated::DatedQuery;
use crate::engine::excluded::Excluded;
use crate::engine::near::NearQuery;
use crate::engine::pairs;
use crate::engine::rank::WordQuery;
use crate::engine::schema::Fields;
use crate::plan::{Place, Plan, Spans, Stemmed};
use salastampa_domain::{ArticleId, Period};
use salastampa_text::Form;
use std::ops::Bound;
use std::sync::Arc;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, InvertedIndexRangeQuery, Occur, PhraseQuery, Query,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

/// The query that finds what the plan asks. Only words are scored; outlets, sections and dates weigh nothing.
pub(crate) fn query(plan: &Plan, fields: &Fields) -> Box<dyn Query> {
    match plan {
        Plan::All => filter(AllQuery),
        Plan::And(parts) => {
            let clause = |part: &Plan| match part {
                Plan::Not(inner) => excluded(inner, fields),
                part => (Occur::Must, query(part, fields)),
            };
            let mut clauses: Vec<_> = parts.iter().map(clause).collect();
            if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                clauses.push((Occur::Must, filter(AllQuery)));
            }
            Box::new(BooleanQuery::new(clauses))
        }
        Plan::Or(parts) => Box::new(BooleanQuery::union(parts.iter().map(|p| query(p, fields)).collect())),
        Plan::Not(inner) => Box::new(BooleanQuery::new(vec![(Occur::Must, filter(AllQuery)), excluded(inner, fields)])),
        Plan::Word { within, stem, form } => {
            let (stems, forms) = match within {
                Stemmed::Title => (fields.title_it, fields.title_x),
                Stemmed::Text => (fields.text_it, fields.text_x),
            };
            Box::new(WordQuery { stem: Term::from_field_text(stems, stem), form: Term::from_field_text(forms, form) })
        }
        Plan::Spans(place, spans) => spans_query(field(*place, fields), fields, spans),
        Plan::Outlets(outlets) => {
            filter(TermSetQuery::new(outlets.iter().map(|o| Term::from_field_i64(fields.outlet, o.0))))
        }
        Plan::Rubric(rubric) => {
            filter(TermQuery::new(Term::from_field_text(fields.rubric, rubric), IndexRecordOption::Basic))
        }
        Plan::During(period) => {
            if *period == Period::ALWAYS {
                filter(AllQuery)
            } else {
                filter(DatedQuery(*period))
            }
        }
    }
}

/// Only what was there at that change: later pages of an answer are not pushed about by what comes in.
pub(crate) fn until(seq: i64, fields: &Fields) -> Box<dyn Query> {
    filter(RangeQuery::new(Bound::Unbounded, Bound::Included(Term::from_field_i64(fields.seq, seq))))
}

/// Only these articles.
pub(crate) fn only(articles: &[ArticleId], fields: &Fields) -> Box<dyn Query> {
    filter(TermSetQuery::new(articles.iter().map(|id| Term::from_field_i64(fields.id, id.0))))
}

fn excluded(plan: &Plan, fields: &Fields) -> (Occur, Box<dyn Query>) {
    (Occur::MustNot, Box::new(Excluded(query(plan, fields))))
}

fn filter(query: impl Query) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

fn field(place: Place, fields: &Fields) -> Field {
    match place {
        Place::Text => fields.text_x,
        Place::Title => fields.title_x,
        Place::Author => fields.author_x,
    }
}

fn spans_query(field: Field, fields: &Fields, spans: &Spans) -> Box<dyn Query> {
    match spans {
        Spans::Phrase(words) => match &words[..] {
            [] => Box::new(EmptyQuery),
            [word] => Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs)),
            words => phrase(field, fields, words),
        },
        Spans::Prefix(prefix) => Box::new(beginning(field, prefix)),
        Spans::Any(parts) => {
            Box::new(BooleanQuery::union(parts.iter().map(|p| spans_query(field, fields, p)).collect()))
        }
        near @ Spans::Near(..) => {
            let necessary = necessary(field, fields, near).into();
            Box::new(NearQuery { field, spans: Arc::new(near.clone()), necessary })
        }
    }
}

/// Two words or more next to each other.
fn phrase(field: Field, fields: &Fields, words: &[Form]) -> Box<dyn Query> {
    let mut pairs = pair_terms(field, fields, words);
    // such a pair is the phrase; to an order by worth it says nothing, as it finds so many
    if words.len() == 2
        && pairs::is_whole(&words[0], &words[1])
        && let Some(pair) = pairs.pop()
    {
        return pair;
    }
    let whole = PhraseQuery::new(words.iter().map(|w| Term::from_field_text(field, w)).collect());
    if pairs.is_empty() {
        return Box::new(whole);
    }
    pairs.push(Box::new(whole));
    Box::new(BooleanQuery::intersection(pairs))
}

/// The pairs with function words in a phrase. Only whole texts have them.
fn pair_terms(field: Field, fields: &Fields, words: &[Form]) -> Vec<Box<dyn Query>> {
    if field != fields.text_x {
        return Vec::new();
    }
    let term = |pair: String| TermQuery::new(Term::from_field_text(fields.pairs, &pair), IndexRecordOption::Basic);
    words.windows(2).filter_map(|two| pairs::pair(&two[0], &two[1])).map(|pair| filter(term(pair))).collect()
}

/// What an article must have for the spans to be in it at all, wherever they stand.
fn necessary(field: Field, fields: &Fields, spans: &Spans) -> Box<dyn Query> {
    match spans {
        Spans::Phrase(words) => {
            let term = |w: &Form| -> Box<dyn Query> {
                Box::new(TermQuery::new(Term::from_field_text(field, w), IndexRecordOption::Basic))
            };
            Box::new(BooleanQuery::intersection(
                words.iter().map(term).chain(pair_terms(field, fields, words)).collect(),
            ))
        }
        Spans::Prefix(prefix) => Box::new(beginning(field, prefix)),
        Spans::Any(parts) => Box::new(BooleanQuery::union(parts.iter().map(|p| necessary(field, fields, p)).collect())),
        Spans::Near(left, right, _) => {
            Box::new(BooleanQuery::intersection(vec![necessary(field, fields, left), necessary(field, fields, right)]))
        }
    }
}

/// The beginnings that a plan asks for, each with its field as often as it is read.
pub(crate) fn beginnings<'a>(plan: &'a Plan, fields: &Fields, out: &mut Vec<(Field, &'a str)>) {
    fn of_spans<'a>(spans: &'a Spans, field: Field, out: &mut Vec<(Field, &'a str)>) {
        match spans {
            Spans::Phrase(_) => {}
            Spans::Prefix(prefix) => out.push((field, prefix)),
            Spans::Any(parts) => parts.iter().for_each(|part| of_spans(part, field, out)),
            Spans::Near(left, right, _) => {
                // once for the articles, once for the places
                for _ in 0..2 {
                    of_spans(left, field, out);
                    of_spans(right, field, out);
                }
            }
        }
    }
    match plan {
        Plan::And(parts) | Plan::Or(parts) => parts.iter().for_each(|part| beginnings(part, fields, out)),
        Plan::Not(inner) => beginnings(inner, fields, out),
        Plan::Spans(place, spans) => of_spans(spans, field(*place, fields), out),
        Plan::All | Plan::Word { .. } | Plan::Outlets(_) | Plan::Rubric(_) | Plan::During(_) => {}
    }
}

/// All words that begin so. None is left out: a beginning has at least three letters, and an answer that silently lacks
/// rare words would differ from what a watch finds. A question that reads too many is refused (see [`crate::engine::broad`]).
fn beginning(field: Field, prefix: &str) -> InvertedIndexRangeQuery {
    let (from, to) = beginning_bounds(prefix);
    let term = |b: String| Term::from_field_text(field, &b);
    InvertedIndexRangeQuery::new(Bound::Included(term(from)), Bound::Included(term(to)))
}

/// The least and the greatest word that begin so.
pub(crate) fn beginning_bounds(prefix: &str) -> (String, String) {
    (prefix.to_owned(), format!("{prefix}{}", char::MAX))
}
