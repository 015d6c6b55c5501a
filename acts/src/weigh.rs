//! What the rows know of the weight of stories: the office's weights, what its decisions taught, what the hour usually
//! brings, what was picked up, what the review before had. Read once for an issue; the points themselves are a pure
//! function (`stories::importance`).

use crate::Result;
use salastampa_digest::compose::{Candidate, Gathered, Other};
use salastampa_domain::time::{DAY, HOUR};
use salastampa_domain::{
    Article, ArticleId, Edition, Outlet, Pattern, Period, Pickup, Point, Slot, StoryId, Timestamp, WatchId, WatchModel,
    Weights,
};
use salastampa_store::Rows;
use salastampa_stories::feedback;
use salastampa_stories::importance::{Facts, Setting, Spoken, Told, weigh};
use std::collections::{BTreeMap, BTreeSet};

/// All that is the same for the stories of an issue.
pub(crate) struct Weighing {
    /// The office's weights.
    pub(crate) weights: Weights,
    at: Timestamp,
    usual: i64,
    models: BTreeMap<WatchId, WatchModel>,
    /// Articles that used a release of the office.
    used: BTreeSet<ArticleId>,
    /// The highest places on front pages.
    front: BTreeMap<ArticleId, i64>,
    /// Stories and articles of the review before.
    before: (BTreeSet<StoryId>, BTreeSet<ArticleId>),
}

impl Weighing {
    /// What the rows know for the issue of that hour.
    pub(crate) async fn of(
        rows: &mut Rows,
        edition: &Edition,
        slot: Slot,
        (candidates, others): (&[Candidate], &[Other]),
    ) -> Result<Self> {
        let at = slot.instant();
        let articles = candidates.iter().map(|c| c.article.id).chain(others.iter().map(|o| o.article.id));
        let articles: BTreeSet<ArticleId> = articles.collect();
        let articles: Vec<ArticleId> = articles.into_iter().collect();
        let used = rows.list_pickup_by(&articles).await?;
        let mut week = 0;
        for day in 1..=7 {
            let to = at.plus(-day * DAY);
            week += rows.count_articles_kept(Period { from: to.plus(-2 * HOUR), to }).await?;
        }
        Ok(Self {
            weights: crate::weights::current(rows).await?.1,
            at,
            usual: week / 7,
            models: rows.list_watch_models().await?.into_iter().map(|m| (m.watch, m)).collect(),
            front: rows.list_front_places(&articles).await?,
            used: used.into_iter().filter(Pickup::counts).map(|p| p.article).collect(),
            before: before(rows, edition, slot).await?,
        })
    }

    /// The points of a story.
    pub(crate) fn points(&self, story: &Gathered) -> Vec<Point> {
        let mut watches: Vec<Spoken> = Vec::new();
        let mut last = None;
        for c in story.clippings {
            // by weight, then by watch: those of a watch stand together
            if last.replace(c.watch.id) != Some(c.watch.id) {
                let taught = self.taught(story, c.watch.id);
                watches.push(Spoken { weight: c.watch.weight, grades: Vec::new(), why: Vec::new(), taught });
            }
            let Some(spoken) = watches.last_mut() else { continue };
            spoken.grades.push(&c.clipping.grade);
            spoken.why.extend(c.clipping.why.iter().map(String::as_str));
        }
        let (stories, known) = &self.before;
        let again = story.story.is_some_and(|id| stories.contains(&id));
        let facts = Facts {
            watches,
            articles: story
                .articles
                .iter()
                .map(|c| self.told(&c.outlet, &c.article, c.is_copy))
                .chain(story.others.iter().map(|o| self.told(&o.outlet, &o.article, o.is_copy)))
                .collect(),
            release: story
                .articles
                .iter()
                .map(|c| c.article.id)
                .chain(story.others.iter().map(|o| o.article.id))
                .any(|id| self.used.contains(&id)),
            repeated: again && story.articles.iter().all(|c| c.is_copy || known.contains(&c.article.id)),
        };
        weigh(&facts, &Setting { at: self.at, usual: self.usual, weights: self.weights })
    }

    fn told<'a>(&self, outlet: &'a Outlet, article: &Article, copy: bool) -> Told<'a> {
        Told {
            outlet: outlet.id.0,
            name: &outlet.name,
            tier: outlet.tier,
            copy,
            front: self.front.get(&article.id).copied(),
            dated: article.dated(),
        }
    }

    /// What the decisions about a watch say of a story, and how many they are.
    fn taught(&self, story: &Gathered, watch: WatchId) -> Option<(i64, i64)> {
        let model = self.models.get(&watch)?;
        let lead = story.articles.first()?;
        let patterns: Vec<Pattern> =
            of_watch(story, watch).flat_map(|c| c.clipping.grade.patterns.iter().cloned()).collect();
        let traits = feedback::traits(&lead.article.title, &patterns, lead.outlet.id.0);
        Some((feedback::lean(model, &traits), model.kept + model.dropped))
    }
}

fn of_watch<'a>(story: &'a Gathered, watch: WatchId) -> impl Iterator<Item = &'a &'a Candidate> {
    story.clippings.iter().filter(move |c| c.watch.id == watch)
}

/// What the last review of the edition had, if it is not this one.
async fn before(rows: &mut Rows, edition: &Edition, slot: Slot) -> Result<(BTreeSet<StoryId>, BTreeSet<ArticleId>)> {
    let mut known = (BTreeSet::new(), BTreeSet::new());
    if edition.done == slot {
        return Ok(known);
    }
    let Some(last) = crate::review::rows::last(rows, edition).await? else { return Ok(known) };
    for entry in last.sections.iter().flat_map(|s| &s.entries) {
        known.0.insert(entry.story);
        known.1.insert(entry.article);
        known.1.extend(entry.also_in.iter().map(|a| a.article));
    }
    Ok(known)
}
