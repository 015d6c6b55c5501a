//! «Forse cercavi»: words of a question that the archive does not have, or hardly, and what was perhaps meant.
//!
//! The archive's own words are the dictionary: names of the town are in it, and a word that is only badly spelt in two
//! articles does not pass for one. Words are compared folded, so that an accent is no slip; how the other word is written
//! stands in no index, so that some articles that have it are named, where it can be read ([`crate::written()`]). Left out:
//! what is found for the other spelling (one click away), and words under a NOT, which nobody misses.

use crate::engine::schema::{Fields, ID, PUBLISHED_AT};
use crate::query::Notice;
use crate::query::bind::Asked;
use crate::query::names::allowed;
use salastampa_domain::ArticleId;
use std::collections::HashMap;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, TERMINATED, Term};

/// Words of a question that are looked at; each reads a part of the archive's words.
const MOST: usize = 8;
/// A word that so many articles have is spelt as somebody means it.
const USUAL: u64 = 20;
/// The other word must be so many times as frequent.
const TIMES: u64 = 50;
/// And stand in so many articles.
const LEAST: u64 = 2;
/// Articles that are named for the other word.
const SEEN: usize = 9;

/// What to say of the words of a question; `text` is the question.
pub(crate) fn notices(
    searcher: &Searcher,
    fields: &Fields,
    text: &str,
    asked: &[Asked],
) -> tantivy::Result<Vec<Notice>> {
    let mut out: Vec<Notice> = Vec::new();
    for word in asked.iter().take(MOST) {
        let own = match &word.stem {
            // another form of it counts as the word
            Some(stem) => searcher.doc_freq(&Term::from_field_text(fields.text_it, stem))?,
            None => searcher.doc_freq(&Term::from_field_text(fields.text_x, &word.form))?,
        };
        if own > USUAL || word.form.bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        let Some((meant, often)) = neighbour(searcher, fields, &word.form)? else { continue };
        if often < LEAST.max(own * TIMES) {
            continue;
        }
        let Some(written) = text.get(word.at.clone()) else { continue };
        let seen = seen(searcher, fields, &meant)?;
        out.push(Notice::meant(text, word.at.clone(), written, &meant, seen));
    }
    Ok(out)
}

/// The newest articles with a word, in their titles if there are such: those are short.
fn seen(searcher: &Searcher, fields: &Fields, form: &str) -> tantivy::Result<Vec<ArticleId>> {
    let mut found: Vec<(i64, i64)> = Vec::new();
    for field in [fields.title_x, fields.text_x] {
        if !found.is_empty() {
            break;
        }
        let term = Term::from_field_text(field, form);
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let (ids, dates) = (segment.fast_fields().i64(ID)?, segment.fast_fields().i64(PUBLISHED_AT)?);
            // newest first in each segment
            let mut wanted = SEEN;
            while postings.doc() != TERMINATED && wanted > 0 {
                let doc = postings.doc();
                if !segment.is_deleted(doc) {
                    found.push((dates.first(doc).unwrap_or_default(), ids.first(doc).unwrap_or_default()));
                    wanted -= 1;
                }
                postings.advance();
            }
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found.into_iter().take(SEEN).map(|(_, id)| ArticleId(id)).collect())
}

/// The most frequent word that is spelt almost so, and in how many articles it stands.
fn neighbour(searcher: &Searcher, fields: &Fields, form: &str) -> tantivy::Result<Option<(String, u64)>> {
    let slips = u8::try_from(allowed(form)).unwrap_or(0);
    if slips == 0 {
        return Ok(None);
    }
    let automaton = FuzzyTermQuery::new(Term::from_field_text(fields.text_x, form), slips, true).automaton()?;
    let mut counts: HashMap<String, u64> = HashMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.text_x)?;
        let mut words = index.terms().search(&automaton).into_stream()?;
        while words.advance() {
            if let Ok(word) = std::str::from_utf8(words.key())
                && word != form
            {
                *counts.entry(word.to_owned()).or_default() += u64::from(words.value().doc_freq);
            }
        }
    }
    // of equals the first in the alphabet, so that the same question has the same answer
    Ok(counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))))
}
