//! «Forse cercavi»: words of a question that the archive does not have, or hardly, and what was perhaps meant.
//!
//! The archive's own words are the dictionary: names of the town are in it, and a word that is only badly spelt in two
//! articles does not pass for one. Words are compared folded, so that an accent is no slip. Left out: what is found for
//! the other spelling (one click away), and words under a NOT, which nobody misses.

use crate::engine::schema::Fields;
use crate::query::Notice;
use crate::query::bind::Asked;
use crate::query::names::allowed;
use std::collections::HashMap;
use tantivy::query::FuzzyTermQuery;
use tantivy::{Searcher, Term};

/// Words of a question that are looked at; each reads a part of the archive's words.
const MOST: usize = 8;
/// A word that so many articles have is spelt as somebody means it.
const USUAL: u64 = 20;
/// The other word must be so many times as frequent.
const TIMES: u64 = 50;
/// And stand in so many articles.
const LEAST: u64 = 2;

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
        let meant = like(written, &meant);
        let query = format!("{}{meant}{}", &text[..word.at.start], &text[word.at.end..]);
        out.push(Notice::Meant { word: written.to_owned(), meant, query });
    }
    Ok(out)
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

/// The word with a capital letter where one was written.
fn like(written: &str, meant: &str) -> String {
    let mut letters = meant.chars();
    match letters.next() {
        Some(first) if written.chars().next().is_some_and(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => meant.to_owned(),
    }
}
