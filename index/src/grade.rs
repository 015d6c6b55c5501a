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
    walk(plan, article, &mut out);
    out
}

fn walk(plan: &Plan, article: &Analysed, out: &mut Vec<Pattern>) {
    if out.len() >= MOST {
        return;
    }
    match plan {
        Plan::All | Plan::Not(_) | Plan::Outlets(_) | Plan::Rubric(_) | Plan::During(_) => {}
        Plan::And(parts) => parts.iter().for_each(|part| walk(part, article, out)),
        Plan::Or(parts) => {
            for part in parts.iter().filter(|part| holds(part, article, &mut Vec::new())) {
                walk(part, article, out);
            }
        }
        Plan::Word { within, stem, .. } => {
            let limit = if *within == Stemmed::Title { article.text.first_ends } else { u32::MAX };
            let of = article.text.below(limit).iter().filter(|t| t.stem.as_ref() == Some(stem));
            let places: Vec<(u32, u32)> = of.map(|t| (t.position, t.position)).collect();
            add(&article.text, &places, PatternKind::Word, false, out);
        }
        Plan::Spans(place, spans) => {
            let author = *place == Place::Author;
            let words = if author { &article.authors } else { &article.text };
            let mut places = spans.find(&|w| words.positions(w), &|p| words.beginning(p));
            if *place == Place::Title {
                places.retain(|(_, to)| *to < words.first_ends);
            }
            add(words, &places, kind(spans), author, out);
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
fn add(words: &Words, places: &[(u32, u32)], kind: PatternKind, author: bool, out: &mut Vec<Pattern>) {
    let Some(written) = places.first().and_then(|(from, to)| words.written(*from, *to)) else { return };
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if out.iter().any(|known| known.words.to_lowercase() == written.to_lowercase()) {
        return;
    }
    let mut found = Pattern { words: written, kind, title: 0, lead: 0, body: 0 };
    for (from, _) in places {
        match if author { 2 } else { words.part(*from) } {
            0 => found.title += 1,
            1 => found.lead += 1,
            _ => found.body += 1,
        }
    }
    out.push(found);
}
