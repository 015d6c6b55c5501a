//! What an issue is made of, read from the rows: clippings with their articles, outlets and copies, pickups, sources.

use crate::alert::{overrides, rights};
use crate::weigh::Weighing;
use crate::{Result, house};
use salastampa_digest::compose::{Candidate, Gathered, Latecomers, Line, Other, RECENT, Shown, Weigh, lay, sections};
use salastampa_digest::net::Caught;
use salastampa_domain::{
    Arrangement, Article, ArticleId, Clipping, ClippingState, CopyGroupId, Coverage, Edition, Health, IllSource,
    IssueKey, Outlet, OutletId, Period, PickupLine, Reader, Review, ReviewId, ReviewState, RightsClass, Slot, StoryId,
    Timestamp, Via, WatchId, Weights,
};
use salastampa_store::Rows;
use std::collections::{BTreeMap, BTreeSet};

/// An issue as the rows have it now.
pub(crate) struct Issue {
    pub(crate) edition: Edition,
    pub(crate) period: Period,
    pub(crate) arrangement: Arrangement,
    /// Every story of it, also those that stay out.
    pub(crate) lines: Vec<Line>,
    pub(crate) readers: Vec<Reader>,
    /// The instant for which it was asked: rights depend on the day.
    now: Timestamp,
    outlets: BTreeMap<OutletId, Outlet>,
}

/// A review made of an issue.
pub(crate) struct Made {
    pub(crate) review: Review,
    /// What it shows of others' texts.
    pub(crate) shown: Vec<Shown>,
    /// What was to show more than its rights allow, and fell back to its title.
    pub(crate) caught: Vec<Caught>,
}

/// The rights class that holds for an article: its source's own, or that of its outlet.
pub async fn rights_of(rows: &mut Rows, article: &Article, outlet: &Outlet) -> Result<RightsClass> {
    Ok(rights(article, outlet, &overrides(rows).await?))
}

/// Those who receive an edition.
pub(crate) async fn readers(rows: &mut Rows, edition: &Edition) -> Result<Vec<Reader>> {
    let receives = |r: &Reader| r.receives.reviews && r.editions.contains(&edition.id);
    Ok(rows.list_readers().await?.into_iter().filter(receives).collect())
}

/// The issue of a slot that is still to come, from the clippings up to `upto`.
pub(crate) async fn issue(
    rows: &mut Rows,
    edition: &Edition,
    slot: Slot,
    upto: Timestamp,
    now: Timestamp,
) -> Result<Issue> {
    let period = Period { from: beginning(rows, edition).await?, to: upto };
    let arrangement = rows.find_arrangement(IssueKey { edition: edition.id, slot }).await?;
    let outlets = outlets(rows).await?;
    let candidates = open_candidates(rows, edition, period, &arrangement, &outlets).await?;
    on_the_table(rows, edition, period, arrangement, candidates, outlets, now).await
}

/// The stories of an issue that is out, with what people decided of them: also what was withdrawn since, so that it can
/// be taken out of the next version.
pub(crate) async fn laid(
    rows: &mut Rows,
    edition: &Edition,
    slot: Slot,
    period: Period,
    now: Timestamp,
) -> Result<Issue> {
    let arrangement = rows.find_arrangement(IssueKey { edition: edition.id, slot }).await?;
    let outlets = outlets(rows).await?;
    let candidates = candidates(rows, edition, period, &arrangement, &outlets).await?;
    on_the_table(rows, edition, period, arrangement, candidates, outlets, now).await
}

async fn outlets(rows: &mut Rows) -> Result<BTreeMap<OutletId, Outlet>> {
    Ok(rows.list_outlets().await?.into_iter().map(|o| (o.id, o)).collect())
}

async fn on_the_table(
    rows: &mut Rows,
    edition: &Edition,
    period: Period,
    arrangement: Arrangement,
    candidates: Vec<Candidate>,
    outlets: BTreeMap<OutletId, Outlet>,
    now: Timestamp,
) -> Result<Issue> {
    let readers = readers(rows, edition).await?;
    let slot = arrangement.issue.slot;
    let others = others(rows, period, &arrangement, &candidates, &outlets).await?;
    let weighing = Weighing::of(rows, edition, slot, (&candidates, &others)).await?;
    let points = |story: &Gathered| weighing.points(story);
    let weigh = Weigh { points: &points, minimum: weighing.weights.minimum };
    let lines = lay(edition, &candidates, &others, &arrangement, readers.len(), house::today(now), &weigh);
    Ok(Issue { edition: edition.clone(), period, arrangement, lines, readers, now, outlets })
}

/// The titles of the next issue's proposals with their points, in the order that each of the weights gives.
pub(crate) async fn orders(
    rows: &mut Rows,
    edition: &Edition,
    slot: Slot,
    each: &[Weights],
    now: Timestamp,
) -> Result<Vec<Vec<Line>>> {
    let outlets = outlets(rows).await?;
    let period = Period { from: beginning(rows, edition).await?, to: slot.instant().max(now) };
    // as the machine sees it: what people decided would hide what the weights do
    let arrangement = Arrangement::untouched(IssueKey { edition: edition.id, slot });
    let candidates = open_candidates(rows, edition, period, &arrangement, &outlets).await?;
    let others = others(rows, period, &arrangement, &candidates, &outlets).await?;
    let mut weighing = Weighing::of(rows, edition, slot, (&candidates, &others)).await?;
    let mut orders = Vec::new();
    for weights in each {
        weighing.weights = *weights;
        let points = |story: &Gathered| weighing.points(story);
        let weigh = Weigh { points: &points, minimum: weights.minimum };
        orders.push(lay(edition, &candidates, &others, &arrangement, 1, house::today(now), &weigh));
    }
    Ok(orders)
}

impl Issue {
    /// The review made of it, as it may leave.
    pub(crate) async fn review(&self, rows: &mut Rows, latecomers: Latecomers) -> Result<Made> {
        let (sections, mut shown) = sections(&self.edition, &self.lines, latecomers);
        let review = Review {
            id: ReviewId(0),
            edition: self.edition.id,
            title: self.edition.name.clone(),
            slot: self.arrangement.issue.slot,
            period: self.period,
            version: 0,
            state: ReviewState::Draft,
            sections,
            pickup: pickup(rows, self.period, &self.outlets).await?,
            coverage: coverage(rows, self.period, &self.outlets).await?,
        };
        let (review, caught) = crate::net::review(rows, review, self.readers.len(), self.now).await?;
        for shown in shown.iter_mut().filter(|s| caught.iter().any(|c| c.over.article == s.article)) {
            shown.chars = 0;
        }
        Ok(Made { review, shown, caught })
    }
}

/// Where the last issue ended: at its hour, or later if it was made late; so no clipping comes twice and none is lost.
pub(crate) async fn beginning(rows: &mut Rows, edition: &Edition) -> Result<Timestamp> {
    Ok(last(rows, edition).await?.map_or(edition.done.instant(), |r| r.period.to))
}

/// So many reviews are looked through for the last that left: drafts of hours that were moved may stand before it.
const LOOKED: usize = 20;

/// The issue that left last: that of the slot that was done, or, where the hour was moved since, the newest.
pub(crate) async fn last(rows: &mut Rows, edition: &Edition) -> Result<Option<Review>> {
    let done = rows.find_review(edition.id, edition.done).await?.filter(|r| r.version > 0);
    if done.is_some() {
        return Ok(done);
    }
    let all = rows.list_reviews_of(Some(edition.id), LOOKED, 0).await?;
    Ok(all.into_iter().find(|r| r.version > 0 && r.slot <= edition.done))
}

/// The candidates of an issue that is still to come: without what its agency took back, but where a person kept the story
/// and nothing else tells it.
async fn open_candidates(
    rows: &mut Rows,
    edition: &Edition,
    period: Period,
    arrangement: &Arrangement,
    outlets: &BTreeMap<OutletId, Outlet>,
) -> Result<Vec<Candidate>> {
    let mut candidates = candidates(rows, edition, period, arrangement, outlets).await?;
    let ids: Vec<_> = candidates.iter().map(|c| c.article.id).collect();
    let withdrawn: BTreeSet<_> = rows.list_withdrawn(&ids).await?.into_iter().collect();
    if withdrawn.is_empty() {
        return Ok(candidates);
    }
    let standing = candidates.iter().filter(|c| !withdrawn.contains(&c.article.id));
    let told: BTreeSet<StoryId> = standing.filter_map(|c| c.article.story).collect();
    candidates.retain(|c| {
        let story = c.article.story;
        let hand = story.and_then(|story| arrangement.hands.get(&story));
        let kept = hand.is_some_and(|h| h.is_kept()) || matches!(c.clipping.state, ClippingState::Kept { .. });
        let alone = story.is_none_or(|story| !told.contains(&story));
        !withdrawn.contains(&c.article.id) || (kept && alone)
    });
    Ok(candidates)
}

async fn candidates(
    rows: &mut Rows,
    edition: &Edition,
    period: Period,
    arrangement: &Arrangement,
    outlets: &BTreeMap<OutletId, Outlet>,
) -> Result<Vec<Candidate>> {
    let feeds: Vec<WatchId> = edition.sections.iter().flat_map(|s| s.watches.iter().copied()).collect();
    let watches: BTreeMap<_, _> = rows.list_watches().await?.into_iter().map(|w| (w.id, w)).collect();
    let mut clippings = rows.list_clippings(&feeds, period).await?;
    clippings.extend(brought(rows, arrangement, &clippings).await?);
    let mut ids: Vec<_> = clippings.iter().map(|c| c.article).collect();
    ids.sort_unstable();
    ids.dedup();
    let articles: BTreeMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let bodies: BTreeMap<_, _> = rows.list_bodies(&ids).await?.into_iter().collect();
    let overrides = overrides(rows).await?;
    let roots = Roots::of(rows, articles.values()).await?;
    Ok(clippings
        .into_iter()
        .filter_map(|clipping| {
            let article = articles.get(&clipping.article)?.clone();
            let outlet = outlets.get(&article.outlet)?;
            let outlet = Outlet { rights: rights(&article, outlet, &overrides), ..outlet.clone() };
            let (is_copy, origin) = roots.of_article(&article, outlets);
            Some(Candidate {
                watch: watches.get(&clipping.watch)?.clone(),
                body: bodies.get(&article.id).cloned().unwrap_or_default(),
                is_copy,
                origin,
                clipping,
                article,
                outlet,
            })
        })
        .collect())
}

/// What else tells the stories on the table, though no watch clipped it: of the period, of a story that somebody brought
/// whenever it was; not what is old, nor what may not be seen.
async fn others(
    rows: &mut Rows,
    period: Period,
    arrangement: &Arrangement,
    candidates: &[Candidate],
    outlets: &BTreeMap<OutletId, Outlet>,
) -> Result<Vec<Other>> {
    let clipped: BTreeSet<_> = candidates.iter().map(|c| c.article.id).collect();
    let stories: BTreeSet<StoryId> = candidates.iter().filter_map(|c| c.article.story).collect();
    let stories: Vec<StoryId> = stories.into_iter().collect();
    let brought = |a: &Article| a.story.and_then(|s| arrangement.hands.get(&s)).is_some_and(|h| h.brought);
    let of_period = |a: &Article| period.from <= a.kept_at && a.kept_at < period.to;
    let is_news = |a: &Article| !matches!(a.via, Via::Import { .. }) && a.kept_at.since(a.dated()) < RECENT;
    let mut articles = rows.list_story_articles(&stories).await?;
    articles.retain(|a| !clipped.contains(&a.id) && is_news(a) && (of_period(a) || brought(a)));
    let withdrawn = rows.list_withdrawn(&articles.iter().map(|a| a.id).collect::<Vec<_>>()).await?;
    articles.retain(|a| !withdrawn.contains(&a.id));
    let overrides = overrides(rows).await?;
    let roots = Roots::of(rows, articles.iter()).await?;
    Ok(articles
        .into_iter()
        .filter_map(|article| {
            let outlet = outlets.get(&article.outlet)?;
            let outlet = Outlet { rights: rights(&article, outlet, &overrides), ..outlet.clone() };
            let (is_copy, origin) = roots.of_article(&article, outlets);
            Some(Other { article, outlet, is_copy, origin })
        })
        .collect())
}

/// Whose text the copies are.
struct Roots {
    roots: BTreeMap<CopyGroupId, ArticleId>,
    outlets: BTreeMap<ArticleId, OutletId>,
}

impl Roots {
    async fn of(rows: &mut Rows, articles: impl Iterator<Item = &Article>) -> Result<Self> {
        let groups: BTreeSet<_> = articles.filter_map(|a| a.copy_group).collect();
        let groups: Vec<_> = groups.into_iter().collect();
        let roots: BTreeMap<_, _> = rows.list_copy_groups(&groups).await?.into_iter().map(|g| (g.id, g.root)).collect();
        let origins: Vec<_> = roots.values().copied().collect();
        let outlets = rows.list_articles(&origins).await?.into_iter().map(|root| (root.id, root.outlet)).collect();
        Ok(Self { roots, outlets })
    }

    /// Whether an article is a copy, and the name of the outlet whose text it is, if that is another one.
    fn of_article(&self, article: &Article, outlets: &BTreeMap<OutletId, Outlet>) -> (bool, String) {
        let Some(root) = article.copy_group.and_then(|g| self.roots.get(&g)) else { return (false, String::new()) };
        let origin = self.outlets.get(root).filter(|origin| **origin != article.outlet);
        let origin = origin.and_then(|origin| outlets.get(origin)).map_or_else(String::new, |o| o.name.clone());
        (*root != article.id, origin)
    }
}

/// The clippings of stories that somebody brought, whenever they were made: one an article, so that it has a reason.
async fn brought(rows: &mut Rows, arrangement: &Arrangement, here: &[Clipping]) -> Result<Vec<Clipping>> {
    let stories: Vec<StoryId> = arrangement.hands.values().filter(|h| h.brought).map(|h| h.story).collect();
    if stories.is_empty() {
        return Ok(Vec::new());
    }
    let known: BTreeSet<_> = here.iter().map(|c| c.id).collect();
    let all = rows.list_clippings_of_stories(&stories).await?;
    Ok(all.into_iter().filter(|c| !known.contains(&c.id)).collect())
}

async fn pickup(rows: &mut Rows, period: Period, outlets: &BTreeMap<OutletId, Outlet>) -> Result<Vec<PickupLine>> {
    let mut lines = Vec::new();
    for found in rows.list_pickup(period).await? {
        let Some(level) = found.holds().filter(|_| found.counts()) else { continue };
        let (Some(release), Some(article)) =
            (rows.find_release_by_id(found.release).await?, rows.find_article(found.article).await?)
        else {
            continue;
        };
        lines.push(PickupLine {
            release: release.id,
            title: release.title,
            outlet_name: outlets.get(&article.outlet).map_or_else(String::new, |o| o.name.clone()),
            delay: article.dated().since(release.public_at.unwrap_or(article.dated())),
            url: article.url,
            level,
        });
    }
    lines.sort_by_key(|l| (l.release, std::cmp::Reverse(l.level), l.delay));
    Ok(lines)
}

pub(crate) async fn coverage(
    rows: &mut Rows,
    period: Period,
    outlets: &BTreeMap<OutletId, Outlet>,
) -> Result<Coverage> {
    let articles = usize::try_from(rows.count_articles_kept(period).await?).unwrap_or(0);
    let mut coverage = Coverage { articles, ..Coverage::default() };
    for source in rows.list_sources().await?.into_iter().filter(salastampa_domain::Source::is_active) {
        coverage.total += 1;
        let ill = match source.health {
            Health::New | Health::Alive | Health::Failing { .. } => {
                coverage.alive += 1;
                continue;
            }
            Health::Ill { since, why, .. } | Health::Blocked { since, why } => (since, why),
            Health::Forbidden { since } => (since, "robots.txt".to_owned()),
        };
        coverage.ill.push(IllSource {
            outlet_name: outlets.get(&source.outlet).map_or_else(String::new, |o| o.name.clone()),
            source: source.slug,
            since: ill.0,
            why: ill.1,
        });
    }
    Ok(coverage)
}
