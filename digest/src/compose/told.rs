//! One story of a review before it is printed: its articles in the order in which they could stand for it, why it is
//! here, and where the machine would put it.

use super::{Candidate, Gathered, LONGEST_TITLE, OTHER_REASONS, Other, WORDS_OF_A_REASON, Weigh};
use crate::clean;
use crate::extract::Cutting;
use salastampa_domain::{
    AlsoIn, Article, ArticleId, ClippingState, CopyGroupId, Edition, Entry, Hand, OrderRule, Part, Point, Section,
    StoryId, Timestamp, WatchId, importance,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What makes two articles one line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Story(StoryId),
    Copies(CopyGroupId),
    Alone(ArticleId),
}

impl Key {
    pub(super) fn of(article: &Article) -> Self {
        match (article.story, article.copy_group) {
            (Some(story), _) => Self::Story(story),
            (None, Some(group)) => Self::Copies(group),
            (None, None) => Self::Alone(article.id),
        }
    }
}

/// The tier of its best outlet where the edition goes by it, then more points, then newer, then by number.
pub(super) type Rank = (u8, Reverse<i64>, Reverse<Timestamp>, ArticleId);

/// One story with the articles that tell it, the one that stands for it first.
pub(super) struct Told<'a> {
    pub(super) story: Option<StoryId>,
    /// Number of the section among those of the edition.
    pub(super) section: usize,
    pub(super) rank: Rank,
    points: Vec<Point>,
    /// Whether a clipping of it was kept.
    pub(super) kept: bool,
    pub(super) articles: Vec<&'a Candidate>,
    /// What tells it beside them, in the order of tier, original and time.
    pub(super) others: Vec<&'a Other>,
    clippings: Vec<&'a Candidate>,
    /// The watches that feed its section; none if nothing does.
    feeds: Vec<WatchId>,
}

impl<'a> Told<'a> {
    /// The story in the section that a person put it into, else in the one whose watches bring it the most points, among
    /// equals the one whose words say most beyond what points are given for, and then the first; none if no section is fed by them, unless somebody brought it.
    pub(super) fn of(
        edition: &Edition,
        mut clippings: Vec<&'a Candidate>,
        mut others: Vec<&'a Other>,
        hand: Option<&Hand>,
        weigh: &Weigh,
    ) -> Option<Self> {
        clippings.sort_by_key(|c| (Reverse(c.watch.weight), c.watch.id, standing(c)));
        let mut articles = clippings.clone();
        let lead = hand.and_then(|h| h.lead);
        let steps = steps(&clippings, weigh);
        let step = |c: &Candidate| Reverse(steps.get(&c.article.id).copied().unwrap_or_default());
        articles.sort_by_key(|c| (lead != Some(c.article.id), step(c), standing(c)));
        articles.dedup_by_key(|c| c.article.id);
        let first = articles.first()?;
        others.retain(|o| articles.iter().all(|c| c.article.id != o.article.id));
        others.sort_by_key(|o| (o.outlet.tier, o.is_copy, o.article.dated(), o.article.id));

        let story = first.article.story;
        let points = |clippings: &[&Candidate]| {
            (weigh.points)(&Gathered { story, clippings, articles: &articles, others: &others })
        };
        let fed = |section: &Section| -> Vec<&Candidate> {
            clippings.iter().copied().filter(|c| section.watches.contains(&c.watch.id)).collect()
        };
        let sections = edition.sections.iter().enumerate().map(|(n, section)| (n, fed(section)));
        let weighed = sections.filter(|(_, fed)| !fed.is_empty()).map(|(n, fed)| (n, points(&fed)));
        let relevance = |points: &[Point]| points.iter().find(|p| p.part == Part::Relevance).map_or(0, |p| p.n);
        let best =
            weighed.min_by_key(|(n, points)| (Reverse(importance::total(points)), Reverse(relevance(points)), *n));

        let chosen = hand.and_then(|h| h.section).and_then(|id| edition.sections.iter().position(|s| s.id == id));
        let brought = hand.filter(|h| h.brought && !edition.sections.is_empty()).map(|_| 0);
        let section = chosen.or(best.as_ref().map(|(n, _)| *n)).or(brought)?;
        let points = best.map_or_else(|| points(&clippings), |(_, points)| points);
        let newest = articles.iter().map(|c| c.article.dated()).max()?;
        let number = articles.iter().map(|c| c.article.id).min()?;
        let tier = match edition.order {
            OrderRule::Importance => 0,
            OrderRule::Tier => articles.iter().map(|c| c.outlet.tier).min()?,
        };
        Some(Self {
            story,
            section,
            rank: (tier, Reverse(importance::total(&points)), Reverse(newest), number),
            points,
            kept: clippings.iter().any(|c| matches!(c.clipping.state, ClippingState::Kept { .. })),
            articles,
            others,
            clippings,
            feeds: edition.sections.get(section).map(|s| s.watches.clone()).unwrap_or_default(),
        })
    }

    /// The newest of its articles that is no copy of another; the newest of all where all are copies.
    pub(super) fn newest(&self) -> ArticleId {
        let own = self.articles.iter().filter(|c| !c.is_copy).map(|c| c.article.id).max();
        own.or(self.articles.iter().map(|c| c.article.id).max()).unwrap_or(ArticleId(0))
    }

    /// When the first of its articles was clipped.
    pub(super) fn first_matched(&self) -> Timestamp {
        self.clippings.iter().map(|c| c.clipping.matched_at).min().unwrap_or_default()
    }

    pub(super) fn entry(&self, lead: &Candidate, cutting: Cutting) -> Entry {
        Entry {
            // 0 while the story is not known
            story: lead.article.story.unwrap_or(StoryId(0)),
            article: lead.article.id,
            outlet: lead.outlet.id,
            outlet_name: lead.outlet.name.clone(),
            title: clean::line(&lead.article.title, LONGEST_TITLE),
            url: lead.article.url.clone(),
            authors: lead.article.authors.clone(),
            dated: lead.article.dated(),
            extract: cutting.extract,
            passage: cutting.passage,
            also_in: self.also_in(lead),
            relevance: None,
            why: self.why(),
            points: self.points.clone(),
            summary: String::new(),
            note: String::new(),
        }
    }

    /// The other outlets, each with its best article: by tier, in each tier what was clipped first.
    fn also_in(&self, lead: &Candidate) -> Vec<AlsoIn> {
        let clipped = self.articles.iter().map(|c| (&c.outlet, &c.article, c.is_copy, &c.origin));
        let others = self.others.iter().map(|o| (&o.outlet, &o.article, o.is_copy, &o.origin));
        let mut seen = BTreeSet::from([lead.outlet.id]);
        let mut told: Vec<_> = clipped.chain(others).filter(|(outlet, ..)| seen.insert(outlet.id)).collect();
        told.sort_by_key(|(outlet, ..)| outlet.tier);
        told.into_iter()
            .map(|(outlet, article, copy, origin)| AlsoIn {
                article: article.id,
                outlet_name: outlet.name.clone(),
                url: article.url.clone(),
                copy,
                origin: origin.clone(),
            })
            .collect()
    }

    /// A line for each watch that feeds its section, the weightiest first: the name and the words that matched in any of
    /// the articles; then the names of the first others.
    fn why(&self) -> Vec<String> {
        let mut lines: Vec<(WatchId, &str, Vec<&str>)> = Vec::new();
        for c in &self.clippings {
            if lines.last().is_none_or(|(id, ..)| *id != c.watch.id) {
                lines.push((c.watch.id, &c.watch.name, Vec::new()));
            }
            let Some((_, _, words)) = lines.last_mut() else { continue };
            for word in c.clipping.why.iter().map(String::as_str) {
                // BELLARIVA in the dateline says no more than Bellariva
                let is_said = |said: &&str| said.to_lowercase() == word.to_lowercase();
                if words.len() < WORDS_OF_A_REASON && !words.iter().any(is_said) {
                    words.push(word);
                }
            }
        }
        // a person may have put it where none of its watches leads
        let is_fed = lines.iter().any(|(id, ..)| self.feeds.contains(id));
        let (own, others): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|(id, ..)| !is_fed || self.feeds.contains(id));
        let line = |(_, name, words): (_, &str, Vec<&str>)| match words.is_empty() {
            true => name.to_owned(),
            false => format!("{name} ({})", words.join(", ")),
        };
        let others = others.into_iter().take(OTHER_REASONS).map(|(_, name, _)| name.to_owned());
        own.into_iter().map(line).chain(others).collect()
    }
}

/// So many points of relevance count as equal when the lead of a story is chosen.
const STEP: i64 = 10;

/// What each article of a story has of the watches' words by itself, in steps: an article whose title names the theme
/// stands for the story before one that mentions it. Nothing is weighed where there is no choice.
fn steps(clippings: &[&Candidate], weigh: &Weigh) -> BTreeMap<ArticleId, i64> {
    let mut of: BTreeMap<ArticleId, Vec<&Candidate>> = BTreeMap::new();
    for c in clippings {
        of.entry(c.article.id).or_default().push(c);
    }
    if of.len() < 2 {
        return BTreeMap::new();
    }
    let step = |own: &[&Candidate]| {
        let story = own.first().and_then(|c| c.article.story);
        let points = (weigh.points)(&Gathered { story, clippings: own, articles: &own[..1], others: &[] });
        points.iter().find(|p| p.part == Part::Relevance).map_or(0, |p| p.points / STEP)
    };
    of.iter().map(|(id, own)| (*id, step(own))).collect()
}

/// The order in which articles of one relevance could stand for a story: tier, original before copy, one whose full text
/// can be read before one behind a barrier, longer, earlier.
fn standing(c: &Candidate) -> (u8, bool, bool, Reverse<usize>, Timestamp, ArticleId) {
    let length = c.body.chars() + c.article.lead.chars();
    (c.outlet.tier, c.is_copy, c.article.signals.barred, Reverse(length), c.article.dated(), c.article.id)
}
