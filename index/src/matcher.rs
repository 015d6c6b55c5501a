//! Watches on the article that just came in.
//!
//! Ten thousand watches are not evaluated one by one: each names a few words of which an article must have one
//! (pivots), and only the watches whose pivot the article has are evaluated, directly on its analysis. A pivot that is
//! poorly chosen costs time, never a result. The matcher is immutable: when a watch changes, a new one is made.

use crate::analysed::Analysed;
use crate::evaluate::holds;
use crate::frequencies::Frequencies;
use crate::grade::{grade, is_same};
use crate::plan::{Place, Plan, Spans};
use crate::query::bind::bind_text;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::{Names, Notice, parse};
use foldhash::fast::RandomState;
use salastampa_domain::{OutletId, Pattern, Timestamp, WatchId};
use salastampa_text::italian;
use std::collections::HashMap;

/// A watch that speaks about an article.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// Which watch.
    pub watch: WatchId,
    /// The words of its query that the article has, as they stand there, each once; empty where none was asked for (a
    /// watch on a whole outlet).
    pub why: Vec<String>,
    /// Where they stand and how often.
    pub patterns: Vec<Pattern>,
}

/// The watches, ready to be matched.
#[derive(Default)]
pub struct Matcher {
    watches: Vec<(WatchId, Plan)>,
    pivots: Pivots,
}

/// Numbers of watches by something that an article must have for them to hold. A table for each family, so that an article
/// is looked up by its own words, and nothing is made for a look-up.
#[derive(Default)]
struct Pivots {
    stems: Table,
    forms: Table,
    /// By the first three letters of an exact word.
    beginnings: Table,
    authors: Table,
    author_beginnings: Table,
    rubrics: Table,
    outlets: HashMap<OutletId, Vec<u32>>,
}

type Table = HashMap<String, Vec<u32>, RandomState>;

/// What a watch is found by.
#[derive(Clone, PartialEq, Eq, Debug)]
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

impl Pivots {
    fn insert(&mut self, pivot: Pivot, number: u32) {
        let numbers = match pivot {
            Pivot::Stem(word) => self.stems.entry(word).or_default(),
            Pivot::Exact(word) => self.forms.entry(word).or_default(),
            Pivot::Beginning(letters) => self.beginnings.entry(letters).or_default(),
            Pivot::Author(word) => self.authors.entry(word).or_default(),
            Pivot::AuthorBeginning(letters) => self.author_beginnings.entry(letters).or_default(),
            Pivot::Rubric(name) => self.rubrics.entry(name).or_default(),
            Pivot::Outlet(outlet) => self.outlets.entry(outlet).or_default(),
        };
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
    }
}

/// Numbers, each once, given back in order: a bit for each watch.
struct Numbers(Vec<u64>);

impl Numbers {
    fn add(&mut self, some: Option<&Vec<u32>>) {
        for number in some.into_iter().flatten() {
            if let Some(word) = self.0.get_mut(*number as usize / 64) {
                *word |= 1 << (number % 64);
            }
        }
    }

    fn in_order(self) -> impl Iterator<Item = u32> {
        (0..).zip(self.0).flat_map(|(n, word): (u32, u64)| {
            let rest = |word: &u64| Some(word & (word - 1)).filter(|rest| *rest != 0);
            std::iter::successors(Some(word).filter(|word| *word != 0), rest)
                .map(move |word| n * 64 + word.trailing_zeros())
        })
    }
}

impl Matcher {
    /// Makes the matcher of these watches, given by number and query text. Those that cannot be matched come back with the
    /// reason, and do not stop the others.
    pub fn new(
        watches: &[(WatchId, &str)],
        names: &Names,
        frequencies: &Frequencies,
        now: Timestamp,
    ) -> (Self, Vec<(WatchId, QueryError)>) {
        let mut matcher = Self::default();
        let mut refused = Vec::new();
        for (id, text) in watches {
            match prepared(text, names, frequencies, now) {
                Err(error) => refused.push((*id, error)),
                Ok((plan, pivots, _)) => {
                    let number = u32::try_from(matcher.watches.len()).expect("fewer than four billion watches");
                    pivots.into_iter().for_each(|pivot| matcher.pivots.insert(pivot, number));
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
        let mut found = Vec::new();
        for number in self.candidates(article).in_order() {
            let (watch, plan) = &self.watches[number as usize];
            found.clear();
            if holds(plan, article, &mut found) {
                let mut why: Vec<String> = Vec::with_capacity(found.len());
                for written in found.iter().filter_map(|(words, from, to)| words.written(*from, *to)) {
                    if !why.iter().any(|known| is_same(known, written)) {
                        why.push(written.to_owned());
                    }
                }
                out.push(Match { watch: *watch, why, patterns: grade(plan, article) });
            }
        }
        out
    }

    /// The watches that may hold.
    fn candidates(&self, article: &Analysed) -> Numbers {
        let pivots = &self.pivots;
        let mut out = Numbers(vec![0; self.watches.len().div_ceil(64)]);
        out.add(pivots.outlets.get(&article.outlet));
        out.add(article.rubric.as_ref().and_then(|rubric| pivots.rubrics.get(rubric)));
        article.text.stem_forms().for_each(|stem| out.add(pivots.stems.get(&**stem)));
        for (words, whole, beginnings) in [
            (&article.text, &pivots.forms, &pivots.beginnings),
            (&article.authors, &pivots.authors, &pivots.author_beginnings),
        ] {
            if whole.is_empty() && beginnings.is_empty() {
                continue;
            }
            for form in words.exact_forms() {
                out.add(whole.get(&**form));
                if !beginnings.is_empty() {
                    out.add(first_three(form).and_then(|letters| beginnings.get(letters)));
                }
            }
        }
        out
    }
}

/// Whether a query text can be saved as a watch: it parses, names what exists, has no date that moves and something that
/// must be there. Gives what the person should know of it all the same.
pub fn check_watch(text: &str, names: &Names, now: Timestamp) -> Result<Vec<Notice>, QueryError> {
    prepared(text, names, &Frequencies::default(), now).map(|(_, _, notices)| notices)
}

fn prepared(
    text: &str,
    names: &Names,
    frequencies: &Frequencies,
    now: Timestamp,
) -> Result<(Plan, Vec<Pivot>, Vec<Notice>), QueryError> {
    let bound = bind_text(&parse(text)?, text, names, now, true)?;
    let pivots = pivots(&bound.plan, frequencies)
        .ok_or_else(|| QueryError::new(QueryErrorKind::NothingRequired, text, 0..text.len(), None))?;
    Ok((bound.plan, pivots, bound.notices))
}

/// Pivots of which every article that the plan holds for has at least one; the rarest to be had. `None` where nothing is
/// required.
fn pivots(plan: &Plan, known: &Frequencies) -> Option<Vec<Pivot>> {
    match plan {
        Plan::All | Plan::Not(_) | Plan::During(_) => None,
        Plan::And(parts) => parts.iter().filter_map(|part| pivots(part, known)).min_by_key(|p| cost(p, known)),
        Plan::Or(parts) => parts.iter().map(|part| pivots(part, known)).collect::<Option<Vec<_>>>().map(|p| p.concat()),
        Plan::Word { stem, .. } => Some(vec![Pivot::Stem(stem.to_string())]),
        Plan::Spans(place, spans) => Some(span_pivots(*place, spans, known)),
        Plan::Outlets(outlets) => Some(outlets.iter().copied().map(Pivot::Outlet).collect()),
        Plan::Rubric(rubric) => Some(vec![Pivot::Rubric(rubric.clone())]),
    }
}

fn span_pivots(place: Place, spans: &Spans, known: &Frequencies) -> Vec<Pivot> {
    let author = place == Place::Author;
    match spans {
        Spans::Phrase(words) => {
            let pivot = if author { Pivot::Author } else { Pivot::Exact };
            let each = words.iter().map(|w| vec![pivot(w.to_string())]);
            each.min_by_key(|p| cost(p, known)).unwrap_or_default()
        }
        Spans::Prefix(prefix) => {
            let pivot = if author { Pivot::AuthorBeginning } else { Pivot::Beginning };
            first_three(prefix).map(|b| pivot(b.to_owned())).into_iter().collect()
        }
        Spans::Any(parts) => parts.iter().flat_map(|p| span_pivots(place, p, known)).collect(),
        Spans::Near(left, right, _) => {
            let (left, right) = (span_pivots(place, left, known), span_pivots(place, right, known));
            if cost(&left, known) <= cost(&right, known) { left } else { right }
        }
    }
}

/// How many articles of ten thousand are likely to have one of these. Where a word was never counted: long words are rare,
/// whole outlets are not.
fn cost(pivots: &[Pivot], known: &Frequencies) -> u32 {
    // among words that were never seen the longest is the rarest, too
    let guess = |word: &str| 1_000 / u32::try_from(word.len().clamp(1, 60)).unwrap_or(60);
    let counted = |share: Option<u32>, word: &str| share.map_or(guess(word), |share| share + guess(word) / 100);
    let of = |pivot: &Pivot| match pivot {
        Pivot::Exact(w) if italian::is_stop(w) => 9_000,
        Pivot::Stem(w) => counted(known.of_stem(w), w),
        Pivot::Exact(w) => counted(known.of_form(w), w),
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
pub(crate) mod tests;
