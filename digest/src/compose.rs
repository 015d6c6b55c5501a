//! From the clippings of a period to the sections of a review: a value in, a value out.
//!
//! One story is one line: the article that stands for it, "anche su" the others, and why it is here. The machine
//! proposes by rules that print themselves (weight of the watch, number of outlets, tier, freshness) and every tie ends
//! at a number, so that the same rows give the same review whatever their order. What a person kept is never cut off by
//! the cap, what a person dropped does not come.
//!
//! Left out: manual order and later versions (acts), the score of importance (crate `stories`), the words of the
//! readers' language ([`crate::sheet`]).

use crate::{clean, extract};
use jiff::civil::Date;
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    AlsoIn, Article, ArticleId, Audience, Clipping, ClippingState, CopyGroupId, Edition, Entry, ForeignText, Outlet,
    OutletId, ReviewSection, StoryId, Timestamp, Use, Via, Watch, allowed,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A clipping with all that is needed to judge and to print it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Why the article is here.
    pub clipping: Clipping,
    /// The watch that clipped it.
    pub watch: Watch,
    /// The article.
    pub article: Article,
    /// The body of its newest revision; empty where it was not kept.
    pub body: ForeignText,
    /// Its publication, with the rights class that holds for its source.
    pub outlet: Outlet,
    /// Whether another article is the root of its copy group.
    pub is_copy: bool,
}

/// An article that a review shows: it becomes a [`Use`] when the review leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Whose text.
    pub outlet: OutletId,
    /// Which article.
    pub article: ArticleId,
    /// Characters of the extract; 0 is title, source and link alone.
    pub chars: usize,
}

impl Shown {
    /// The account of it, once it has left: when, as what (`review mail`), to how many people.
    pub fn leaving(&self, at: Timestamp, output: &str, readers: usize) -> Use {
        Use {
            at,
            outlet: self.outlet,
            article: self.article,
            output: output.to_owned(),
            full_text: false,
            chars: self.chars,
            readers,
        }
    }
}

/// Most words that a line of *perché è qui* names.
const WORDS_OF_A_REASON: usize = 6;
/// How old an article may be when it matches. Whether it is `fresh` governs alerts alone: what a new source told last
/// evening is no reason to ring anybody, and belongs into the first review all the same.
const RECENT: i64 = 48 * HOUR;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 300;

/// The sections of a review, in the edition's order and also the empty ones, and what they show of others' texts.
///
/// `readers` is how many people will get it and `today` the Italian day on which it leaves: rights depend on both. A
/// clipping is proposed if its article was dated less than 48 hours before it matched, or if a person kept it.
pub fn compose(
    edition: &Edition,
    candidates: Vec<Candidate>,
    readers: usize,
    today: Date,
) -> (Vec<ReviewSection>, Vec<Shown>) {
    let audience = Audience::Readers(readers);
    let gate =
        |c: &Candidate| allowed(c.outlet.rights, c.outlet.contract.as_ref(), &c.article.signals, audience, today);
    let mut told: BTreeMap<Key, Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates.iter().filter(|c| is_proposed(c) && gate(c).shown) {
        told.entry(Key::of(&candidate.article)).or_default().push(candidate);
    }

    let mut rooms: Vec<Vec<Told>> = edition.sections.iter().map(|_| Vec::new()).collect();
    for clippings in told.into_values() {
        if let Some(story) = Told::of(edition, clippings) {
            rooms[story.section].push(story);
        }
    }

    let mut shown = Vec::new();
    let sections = edition.sections.iter().zip(rooms).map(|(section, mut stories)| {
        // the cap bounds what the machine proposes: what a person kept comes first when room is given out
        stories.sort_by_key(|s| (!s.kept, s.rank));
        stories.truncate(edition.cap.max(stories.iter().filter(|s| s.kept).count()));
        stories.sort_by_key(|s| s.rank);
        let entries = stories.iter().filter_map(|s| {
            let lead = s.articles.first()?;
            let entry = s.entry(lead, extract::extract(&gate(lead), &lead.article.lead, &lead.body));
            shown.push(Shown {
                outlet: entry.outlet,
                article: entry.article,
                chars: entry.extract.as_str().chars().count(),
            });
            Some(entry)
        });
        ReviewSection { section: section.id, name: section.name.clone(), entries: entries.collect() }
    });
    (sections.collect(), shown)
}

fn is_proposed(candidate: &Candidate) -> bool {
    match candidate.clipping.state {
        ClippingState::Dropped { .. } => false,
        ClippingState::Kept { .. } => true,
        ClippingState::Proposed => {
            let article = &candidate.article;
            let imported = matches!(article.via, Via::Import { .. });
            !imported && candidate.clipping.matched_at.since(article.dated()) < RECENT
        }
    }
}

/// What makes two articles one line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Story(StoryId),
    Copies(CopyGroupId),
    Alone(ArticleId),
}

impl Key {
    fn of(article: &Article) -> Self {
        match (article.story, article.copy_group) {
            (Some(story), _) => Self::Story(story),
            (None, Some(group)) => Self::Copies(group),
            (None, None) => Self::Alone(article.id),
        }
    }
}

/// Weightier first, then in more outlets, then of a better tier, then newer, then by number.
type Rank = (Reverse<u8>, Reverse<usize>, u8, Reverse<Timestamp>, ArticleId);

/// One story with the articles that tell it, the one that stands for it first.
struct Told<'a> {
    section: usize,
    rank: Rank,
    kept: bool,
    articles: Vec<&'a Candidate>,
    clippings: Vec<&'a Candidate>,
}

impl<'a> Told<'a> {
    /// The story in the first section that one of its watches feeds; none if no section is fed by them.
    fn of(edition: &Edition, mut clippings: Vec<&'a Candidate>) -> Option<Self> {
        let section =
            edition.sections.iter().position(|s| clippings.iter().any(|c| s.watches.contains(&c.watch.id)))?;
        let feeds = &edition.sections[section].watches;
        clippings.sort_by_key(|c| (Reverse(c.watch.weight), c.watch.id, standing(c)));

        let mut articles = clippings.clone();
        articles.sort_by_key(|c| standing(c));
        articles.dedup_by_key(|c| c.article.id);
        let lead = articles.first()?;

        let weight = clippings.iter().filter(|c| feeds.contains(&c.watch.id)).map(|c| c.watch.weight).max()?;
        let outlets = articles.iter().map(|c| c.outlet.id).collect::<BTreeSet<_>>().len();
        let newest = articles.iter().map(|c| c.article.dated()).max()?;
        let first = articles.iter().map(|c| c.article.id).min()?;
        Some(Self {
            section,
            rank: (Reverse(weight), Reverse(outlets), lead.outlet.tier, Reverse(newest), first),
            kept: clippings.iter().any(|c| matches!(c.clipping.state, ClippingState::Kept { .. })),
            articles,
            clippings,
        })
    }

    fn entry(&self, lead: &Candidate, extract: salastampa_domain::Extract) -> Entry {
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
            extract,
            also_in: self.also_in(lead),
            relevance: None,
            why: self.why(),
        }
    }

    /// The other outlets, each with its best article.
    fn also_in(&self, lead: &Candidate) -> Vec<AlsoIn> {
        let mut seen = BTreeSet::from([lead.outlet.id]);
        let others = self.articles.iter().filter(|c| seen.insert(c.outlet.id));
        others
            .map(|c| AlsoIn {
                article: c.article.id,
                outlet_name: c.outlet.name.clone(),
                url: c.article.url.clone(),
                copy: c.is_copy,
            })
            .collect()
    }

    /// A line a watch, the weightiest first: its name and the words that matched in any of the articles.
    fn why(&self) -> Vec<String> {
        let mut lines: Vec<(salastampa_domain::WatchId, &str, Vec<&str>)> = Vec::new();
        for c in &self.clippings {
            if lines.last().is_none_or(|(id, ..)| *id != c.watch.id) {
                lines.push((c.watch.id, &c.watch.name, Vec::new()));
            }
            let Some((_, _, words)) = lines.last_mut() else { continue };
            for word in c.clipping.why.iter().map(String::as_str) {
                if words.len() < WORDS_OF_A_REASON && !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        let line = |(_, name, words): (_, &str, Vec<&str>)| match words.is_empty() {
            true => name.to_owned(),
            false => format!("{name} ({})", words.join(", ")),
        };
        lines.into_iter().map(line).collect()
    }
}

/// The order in which the articles of a story could stand for it: tier, original before copy, longer, earlier.
fn standing(c: &Candidate) -> (u8, bool, Reverse<usize>, Timestamp, ArticleId) {
    let length = c.body.chars() + c.article.lead.chars();
    (c.outlet.tier, c.is_copy, Reverse(length), c.article.dated(), c.article.id)
}

#[cfg(test)]
pub(crate) mod tests;
