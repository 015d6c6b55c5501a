//! Where the words of a query stand in an article, and how often: what relevance is reckoned from.
//!
//! A plan that holds is walked again and each of its words counted, in the title, in the lead, in the body. What stands
//! under a NOT is not counted, nor is a branch that does not hold. Membership is never asked here: that is
//! [`crate::evaluate`]'s, and this runs only where it said yes. Left out: points (crate `stories`).

use crate::analysed::{Analysed, Words};
use crate::evaluate::holds;
use crate::plan::{Place, Plan, Spans, Stemmed};
use salastampa_domain::{Pattern, PatternKind};

/// Most patterns that are told of one watch: a list of a hundred streets says no more.
const MOST: usize = 12;

/// What of the plan the article has, in the order of the plan, each pattern once.
pub(crate) fn grade(plan: &Plan, article: &Analysed) -> Vec<Pattern> {
    let mut out = Vec::new();
    walk(plan, article, Cased::Any, &mut out);
    out
}

/// Whether capitals count.
#[derive(Clone, Copy)]
pub(crate) enum Cased<'a> {
    /// They do not.
    Any,
    /// Only what is written so.
    As(&'a str),
}

impl Cased<'_> {
    fn fits(self, words: &Words, (from, to): (u32, u32)) -> bool {
        match self {
            Self::Any => true,
            Self::As(text) => words.written(from, to).is_some_and(|written| on_one_line(written) == text),
        }
    }
}

pub(crate) fn walk(plan: &Plan, article: &Analysed, cased: Cased, out: &mut Vec<Pattern>) {
    if out.len() >= MOST {
        return;
    }
    match plan {
        Plan::All | Plan::Not(_) | Plan::Outlets(_) | Plan::Rubric(_) | Plan::During(_) => {}
        Plan::And(parts) => parts.iter().for_each(|part| walk(part, article, cased, out)),
        Plan::Or(parts) => {
            for part in parts.iter().filter(|part| holds(part, article, &mut Vec::new())) {
                walk(part, article, cased, out);
            }
        }
        Plan::Word { within, stem, .. } => {
            let limit = if *within == Stemmed::Title { article.text.first_ends } else { u32::MAX };
            let places = article.text.stemmed(stem).take_while(|p| *p < limit).map(|p| (p, p));
            add(&article.text, places.filter(|at| cased.fits(&article.text, *at)), PatternKind::Word, false, out);
        }
        Plan::Spans(place, spans) => {
            let author = *place == Place::Author;
            let words = if author { &article.authors } else { &article.text };
            let limit = if *place == Place::Title { words.first_ends } else { u32::MAX };
            let is_there = |at: &(u32, u32)| at.1 < limit && cased.fits(words, *at);
            match spans {
                Spans::Phrase(phrase) => {
                    add(words, words.phrases(phrase).filter(is_there), PatternKind::Phrase, author, out);
                }
                _ => {
                    let places = spans.find(&|w| words.positions(w), &|p| words.beginning(p));
                    add(words, places.into_iter().filter(is_there), kind(spans), author, out);
                }
            }
        }
    }
}

fn kind(spans: &Spans) -> PatternKind {
    match spans {
        Spans::Phrase(_) => PatternKind::Phrase,
        Spans::Prefix(_) => PatternKind::Prefix,
        Spans::Near(..) => PatternKind::Near,
        // the best of what may stand there
        Spans::Any(parts) => parts.first().map_or(PatternKind::Phrase, kind),
    }
}

/// Counts the places; `author` is no part of the text and counts as one place in the body.
fn add(
    words: &Words,
    places: impl Iterator<Item = (u32, u32)>,
    kind: PatternKind,
    author: bool,
    out: &mut Vec<Pattern>,
) {
    let mut places = places.peekable();
    let Some(written) = places.peek().and_then(|(from, to)| words.written(*from, *to)) else { return };
    let written = on_one_line(written);
    if out.iter().any(|known| is_same(&known.words, &written)) {
        return;
    }
    let mut found = Pattern { words: written, kind, title: 0, lead: 0, body: 0, weight: None, strong: false };
    for (from, _) in places {
        match if author { 2 } else { words.part(from) } {
            0 => found.title += 1,
            1 => found.lead += 1,
            _ => found.body += 1,
        }
    }
    out.push(found);
}

/// The words with one blank between them. Most stand so already.
fn on_one_line(written: &str) -> String {
    let is_plain = |pair: &[u8]| !(pair[0].is_ascii_whitespace() && (pair[0] != b' ' || pair[1].is_ascii_whitespace()));
    if written.is_ascii() && written.as_bytes().windows(2).all(is_plain) {
        return written.to_owned();
    }
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two words are told once: they differ in case at most.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one == other || (one.len() == other.len() && one.to_lowercase() == other.to_lowercase())
}
