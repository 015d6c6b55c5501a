//! Watches on the article that just came in.
//!
//! Ten thousand watches are not evaluated one by one: each names a few words of which an article must have one
//! (pivots), and only the watches whose pivot the article has are evaluated, directly on its analysis. A pivot that is
//! poorly chosen costs time, never a result. The matcher is immutable: when a watch changes, a new one is made.

use crate::analysed::Analysed;
use crate::evaluate::holds;
use crate::plan::{Place, Plan, Spans};
use crate::query::bind::bind_text;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::{Names, Notice, parse};
use salastampa_domain::{OutletId, Timestamp, WatchId};
use salastampa_text::italian;
use std::collections::{HashMap, HashSet};

/// A watch that speaks about an article.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// Which watch.
    pub watch: WatchId,
    /// The words of its query that the article has, as they stand there, each once; empty where none was asked for (a
    /// watch on a whole outlet).
    pub why: Vec<String>,
}

/// The watches, ready to be matched.
#[derive(Default)]
pub struct Matcher {
    watches: Vec<(WatchId, Plan)>,
    by_pivot: HashMap<Pivot, Vec<u32>>,
}

/// Something that an article must have for a watch to hold. A family of its own for each look-up.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Pivot {
    Stem(String),
    Exact(String),
    /// The first three letters of an exact word.
    Beginning(String),
    Author(String),
    AuthorBeginning(String),
    Outlet(OutletId),
    Rubric(String),
}

impl Matcher {
    /// Makes the matcher of these watches, given by number and query text. Those that cannot be matched come back with the
    /// reason, and do not stop the others.
    pub fn new(watches: &[(WatchId, &str)], names: &Names, now: Timestamp) -> (Self, Vec<(WatchId, QueryError)>) {
        let mut matcher = Self::default();
        let mut refused = Vec::new();
        for (id, text) in watches {
            match prepared(text, names, now) {
                Err(error) => refused.push((*id, error)),
                Ok((plan, pivots, _)) => {
                    let number = u32::try_from(matcher.watches.len()).expect("fewer than four billion watches");
                    for pivot in pivots {
                        let watches = matcher.by_pivot.entry(pivot).or_default();
                        if watches.last() != Some(&number) {
                            watches.push(number);
                        }
                    }
                    matcher.watches.push((*id, plan));
                }
            }
        }
        (matcher, refused)
    }

    /// Number of watches.
    pub fn len(&self) -> usize {
        self.watches.len()
    }

    /// Whether no watch is there.
    pub fn is_empty(&self) -> bool {
        self.watches.is_empty()
    }

    /// The watches that speak about this article, in the order in which they were given.
    pub fn matches(&self, article: &Analysed) -> Vec<Match> {
        let mut out = Vec::new();
        for number in self.candidates(article) {
            let (watch, plan) = &self.watches[number as usize];
            let mut found = Vec::new();
            if holds(plan, article, &mut found) {
                let mut seen = HashSet::new();
                let words = found.into_iter().filter_map(|(words, from, to)| words.written(from, to));
                let why = words.filter(|w| seen.insert(w.to_lowercase())).map(str::to_owned).collect();
                out.push(Match { watch: *watch, why });
            }
        }
        out
    }

    /// The numbers of the watches that may hold, in order.
    fn candidates(&self, article: &Analysed) -> Vec<u32> {
        let mut out: Vec<u32> = Vec::new();
        let mut take = |pivot: Pivot| out.extend(self.by_pivot.get(&pivot).into_iter().flatten());
        take(Pivot::Outlet(article.outlet));
        article.rubric.iter().for_each(|r| take(Pivot::Rubric(r.clone())));
        article.text.stem_forms().for_each(|s| take(Pivot::Stem(s.to_string())));
        for (words, whole, beginning) in [
            (&article.text, Pivot::Exact as fn(String) -> Pivot, Pivot::Beginning as fn(String) -> Pivot),
            (&article.authors, Pivot::Author, Pivot::AuthorBeginning),
        ] {
            let mut beginnings = HashSet::new();
            for form in words.exact_forms() {
                take(whole(form.to_string()));
                beginnings.extend(first_three(form));
            }
            beginnings.into_iter().for_each(|b| take(beginning(b.to_owned())));
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// Whether a query text can be saved as a watch: it parses, names what exists, has no date that moves and something that
/// must be there. Gives what the person should know of it all the same.
pub fn check_watch(text: &str, names: &Names, now: Timestamp) -> Result<Vec<Notice>, QueryError> {
    prepared(text, names, now).map(|(_, _, notices)| notices)
}

fn prepared(text: &str, names: &Names, now: Timestamp) -> Result<(Plan, Vec<Pivot>, Vec<Notice>), QueryError> {
    let bound = bind_text(&parse(text)?, text, names, now, true)?;
    let pivots = pivots(&bound.plan)
        .ok_or_else(|| QueryError::new(QueryErrorKind::NothingRequired, text, 0..text.len(), None))?;
    Ok((bound.plan, pivots, bound.notices))
}

/// Pivots of which every article that the plan holds for has at least one; the rarest to be had. `None` where nothing is
/// required.
fn pivots(plan: &Plan) -> Option<Vec<Pivot>> {
    match plan {
        Plan::All | Plan::Not(_) | Plan::During(_) => None,
        Plan::And(parts) => parts.iter().filter_map(pivots).min_by_key(|p| cost(p)),
        Plan::Or(parts) => parts.iter().map(pivots).collect::<Option<Vec<_>>>().map(|p| p.concat()),
        Plan::Word { stem, .. } => Some(vec![Pivot::Stem(stem.to_string())]),
        Plan::Spans(place, spans) => Some(span_pivots(*place, spans)),
        Plan::Outlets(outlets) => Some(outlets.iter().copied().map(Pivot::Outlet).collect()),
        Plan::Rubric(rubric) => Some(vec![Pivot::Rubric(rubric.clone())]),
    }
}

fn span_pivots(place: Place, spans: &Spans) -> Vec<Pivot> {
    let author = place == Place::Author;
    match spans {
        Spans::Phrase(words) => {
            let word = words.iter().max_by_key(|w| (!italian::is_stop(w), w.len()));
            let pivot = if author { Pivot::Author } else { Pivot::Exact };
            word.map(|w| pivot(w.to_string())).into_iter().collect()
        }
        Spans::Prefix(prefix) => {
            let pivot = if author { Pivot::AuthorBeginning } else { Pivot::Beginning };
            first_three(prefix).map(|b| pivot(b.to_owned())).into_iter().collect()
        }
        Spans::Any(parts) => parts.iter().flat_map(|p| span_pivots(place, p)).collect(),
        Spans::Near(left, right, _) => {
            let (left, right) = (span_pivots(place, left), span_pivots(place, right));
            if cost(&left) <= cost(&right) { left } else { right }
        }
    }
}

/// How many articles are likely to have one of these. No counts are kept: long words are rare, whole outlets are not.
fn cost(pivots: &[Pivot]) -> u32 {
    let of = |pivot: &Pivot| match pivot {
        Pivot::Exact(w) if italian::is_stop(w) => 5_000,
        Pivot::Stem(w) | Pivot::Exact(w) => 1_000 / u32::try_from(w.len().clamp(1, 60)).unwrap_or(60),
        Pivot::Beginning(_) => 2_000,
        Pivot::Author(_) | Pivot::AuthorBeginning(_) => 50,
        Pivot::Rubric(_) => 1_500,
        Pivot::Outlet(_) => 3_000,
    };
    pivots.iter().map(of).sum()
}

fn first_three(word: &str) -> Option<&str> {
    let (end, last) = word.char_indices().nth(2)?;
    word.get(..end + last.len_utf8())
}

#[cfg(test)]
mod tests;
