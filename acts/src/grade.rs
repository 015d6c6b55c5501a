//! What a watch makes of an article that its query found: its terms weighed, its minimum, its rule of diversity and its
//! bound for an outlet asked.
//!
//! One place for what is new, for the past of a watch, for the trial of its form and for the question why an article was
//! missed, so that all four say the same. What falls short is not clipped: it stays in the archive, alerts nobody and
//! enters no review, until the watch asks for less and clips its last thirty days again. Left out: the words themselves
//! (crate `index`), their points (crate `stories`).

use crate::Result;
use jiff::civil::Date;
use salastampa_domain::{
    Article, ArticleId, ForeignText, Grade, Grading, OutletId, Pattern, Period, Timestamp, Watch, WatchId,
};
use salastampa_index::{Analysed, Frequencies, Match, Matcher, Names, Terms};
use salastampa_store::{Rows, Write};
use salastampa_stories::importance::{is_diverse, mark_town, relevance_alone};
use salastampa_text::fold;
use std::collections::BTreeMap;

/// At most so many articles are tried, the newest.
pub const MOST_TRIED: usize = 300;

/// Why a watch leaves an article that its query found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Short {
    /// Fewer points than its minimum.
    Light,
    /// One word alone, and none that is strong.
    Alike,
    /// The outlet has had its share of that day.
    Over,
}

/// The watches that grade by more than their query, ready.
#[derive(Default)]
pub struct Grader(BTreeMap<WatchId, (u8, Grading, Terms)>);

impl Grader {
    /// Makes the terms of the watches ready.
    pub fn new(watches: &[Watch], names: &Names, now: Timestamp) -> Self {
        let ready = |w: &Watch| (w.id, (w.weight, w.grading.clone(), Terms::new(&w.grading.terms, names, now)));
        Self(watches.iter().filter(|w| !w.grading.is_plain() && w.retired_at.is_none()).map(ready).collect())
    }

    /// Adds what the terms of the watch found, marks the name of the town, and says whether that is enough. The bound for
    /// an outlet is not asked here, because it is a question to the rows.
    pub(crate) fn weigh(&self, matched: &mut Match, article: &Analysed, town: &str) -> std::result::Result<(), Short> {
        let found = self.0.get(&matched.watch);
        if let Some((_, _, terms)) = found {
            let terms = terms.grade(article);
            let is_known = |pattern: &Pattern| terms.iter().any(|term| fold(&term.words) == fold(&pattern.words));
            matched.patterns.retain(|pattern| !is_known(pattern));
            matched.patterns.extend(terms);
        }
        mark_town(&mut matched.patterns, town);
        let Some((weight, grading, _)) = found else { return Ok(()) };
        let grade = Grade { patterns: matched.patterns.clone(), people: Vec::new() };
        if grading.diverse && !is_diverse(&grade) {
            return Err(Short::Alike);
        }
        if relevance_alone(&grade, &matched.why, *weight) < i64::from(grading.minimum) {
            return Err(Short::Light);
        }
        Ok(())
    }

    /// Whether the watch may take one more article of the outlet on the day of that instant.
    pub(crate) async fn has_room(
        &self,
        write: &mut Write,
        watch: WatchId,
        outlet: OutletId,
        when: Timestamp,
    ) -> Result<bool> {
        let Some((_, grading, _)) = self.0.get(&watch).filter(|(_, grading, _)| grading.per_outlet > 0) else {
            return Ok(true);
        };
        let period = Period::days(when.day(), when.day());
        Ok(write.count_clippings_of_outlet(watch, outlet, period).await? < i64::from(grading.per_outlet))
    }
}

/// What a watch would make of articles that its query finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Trial {
    /// Articles that were looked at.
    pub read: usize,
    /// It would clip them.
    pub taken: usize,
    /// Fewer points than its minimum.
    pub light: usize,
    /// One word alone.
    pub alike: usize,
    /// More than the share of their outlet.
    pub over: usize,
}

/// Tries a watch on articles, given the newest first, without writing anything; the first [`MOST_TRIED`] of them.
pub async fn try_on(
    rows: &mut Rows,
    watch: &Watch,
    articles: &[ArticleId],
    town: &str,
    now: Timestamp,
) -> Result<Trial> {
    let articles = &articles[..articles.len().min(MOST_TRIED)];
    let mut found = matches(rows, watch, articles, town, now).await?;
    // the bound of an outlet takes who came first
    found.sort_by_key(|(article, ..)| (article.dated(), article.id));
    let mut trial = Trial::default();
    let mut shares: BTreeMap<(OutletId, Date), u16> = BTreeMap::new();
    for (article, _, short) in found {
        trial.read += 1;
        let share = shares.entry((article.outlet, article.dated().day())).or_default();
        let has_room = watch.grading.per_outlet == 0 || *share < watch.grading.per_outlet;
        match short {
            Some(Short::Light) => trial.light += 1,
            Some(Short::Alike) => trial.alike += 1,
            Some(Short::Over) => trial.over += 1,
            None if !has_room => trial.over += 1,
            None => {
                *share = share.saturating_add(1);
                trial.taken += 1;
            }
        }
    }
    Ok(trial)
}

/// Those of the articles that the query of the watch finds, with what was found and why that is not enough, if it is not.
pub(crate) async fn matches(
    rows: &mut Rows,
    watch: &Watch,
    articles: &[ArticleId],
    town: &str,
    now: Timestamp,
) -> Result<Vec<(Article, Match, Option<Short>)>> {
    let names = Names::new(&rows.list_outlets().await?, &rows.list_watches().await?);
    let (matcher, _) = Matcher::new(&[(watch.id, watch.query.as_str())], &names, &Frequencies::default(), now);
    let grader = Grader::new(std::slice::from_ref(watch), &names, now);
    let mut out = Vec::new();
    for part in articles.chunks(100) {
        let bodies: BTreeMap<ArticleId, ForeignText> = rows.list_bodies(part).await?.into_iter().collect();
        for article in rows.list_articles(part).await? {
            let body = bodies.get(&article.id).cloned().unwrap_or_default();
            let analysed = Analysed::new(&article, &body);
            let Some(mut matched) = matcher.matches(&analysed).pop() else { continue };
            let short = grader.weigh(&mut matched, &analysed, town).err();
            out.push((article, matched, short));
        }
    }
    Ok(out)
}
