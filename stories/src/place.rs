//! The window: articles are placed one by one, in the order in which they were kept.
//!
//! [`Window::place`] only looks; the numbers of groups and stories are the store's, and [`Window::placed`] brings them
//! back once they are written. A transaction that failed is thus simply never brought back. The window holds the end
//! of the stream, by the stream's own time and never by a clock: every article of the last [`DAYS`] days and at least
//! the last [`Settings::history`] articles, which also are the background that term rarity is measured on. After a restart
//! [`Window::remember`] takes the rows of that stretch, in the order in which they were placed, and the window is what
//! it was, if the stretch begins early enough for the table of term weights in use: the one that was made at the last
//! midnight of the stream ([`Placement::table`] names it).

use crate::cluster::{Merge, Settings, Stories};
use crate::copies::{CopyIndex, Text};
use crate::roundup::is_roundup;
use crate::shingle::{Runs, head, runs};
use crate::takes::{Takes, slug};
use crate::terms::{Term, terms};
use salastampa_domain::time::{DAY, MINUTE};
use salastampa_domain::{
    Article, ArticleId, Because, Beside, CopyGroupId, ForeignText, OutletId, Placement, StoryId, Timestamp,
};
use std::collections::VecDeque;

/// Days in which a text can be recognised as a copy.
pub const DAYS: i64 = 10;
/// Between two passes that look for stories which have become one, by the time of the stream.
const PASS: i64 = 10 * MINUTE;

/// The stretch of the stream that new articles are compared with.
pub struct Window {
    copies: CopyIndex,
    stories: Stories,
    takes: Takes,
    held: VecDeque<Held>,
    history: usize,
    /// The latest `first_seen` of the stream.
    now: Timestamp,
    /// The first article that was weighed by the table in use.
    table: Option<ArticleId>,
    /// Whether a pass is due.
    pass: bool,
    pending: Option<Read>,
}

/// What leaves the window together.
struct Held {
    at: Timestamp,
    /// Whether `stories` holds its terms.
    own: bool,
}

/// An article as it was read, not yet part of the window.
struct Read {
    article: ArticleId,
    outlet: OutletId,
    agency: bool,
    at: Timestamp,
    roundup: bool,
    /// What it goes by, if an agency wrote it.
    slug: Option<u64>,
    runs: Runs,
    terms: Vec<Term>,
}

impl Default for Window {
    fn default() -> Self {
        Self::new()
    }
}

impl Window {
    /// An empty window with the fixed setting for a dated stream.
    pub fn new() -> Self {
        Self::with(Settings::DATED)
    }

    /// An empty window with other figures.
    pub fn with(settings: Settings) -> Self {
        Self {
            copies: CopyIndex::default(),
            stories: Stories::new(settings),
            takes: Takes::default(),
            held: VecDeque::new(),
            history: settings.history,
            now: Timestamp(i64::MIN),
            table: None,
            pass: false,
            pending: None,
        }
    }

    /// The midnight that the stream crosses with this article, if it does: when what is followed is asked anew.
    pub fn midnight(&self, next: &Article) -> Option<Timestamp> {
        let crosses = self.now.0 != i64::MIN && self.now.day() < next.first_seen.day();
        crosses.then(|| Timestamp::of_civil(next.first_seen.day().at(0, 0, 0, 0)))
    }

    /// Stories that have become one, to be asked before each article is placed: there is an answer when the article's
    /// time has crossed one of the `PASS` boundaries. Only pairs that `may` be; the caller writes them and brings each
    /// back by [`Window::merge`].
    pub fn merges(&mut self, next: &Article, may: impl Fn(StoryId, StoryId) -> bool) -> Vec<Merge> {
        self.advance(next.id, next.first_seen);
        if std::mem::take(&mut self.pass) { self.stories.merges(self.now, may) } else { Vec::new() }
    }

    /// Two stories are one: its articles were written under the number of the first.
    pub fn merge(&mut self, merge: Merge) {
        self.copies.rename(merge.other, merge.story);
        self.takes.rename(merge.other, merge.story);
        self.stories.merge(merge.story, merge.other);
    }

    /// A story that somebody follows is kept open longer.
    pub fn follow(&mut self, story: StoryId) {
        self.stories.follow(story);
    }

    /// Where an article belongs. The window takes it in when [`Window::placed`] follows; the next `place` without it
    /// drops the article.
    pub fn place(&mut self, article: &Article, body: &ForeignText, outlet_is_agency: bool) -> Placement {
        let read = read(article, body, outlet_is_agency);
        self.advance(article.id, read.at);
        let mut placement = Placement { table: self.table, ..Placement::alone(article.id) };
        if let Some(found) = self.copies.find(&read.runs, read.outlet, read.at.plus(-DAYS * DAY)) {
            placement.story = Some(found.text.story);
            placement.likeness = thousandths(found.share);
            if found.copy {
                placement.copy_of = Some(found.text.group);
                placement.because = Some(Because::Copy);
            } else {
                placement.derived_from = Some(found.text.article);
                placement.because = Some(Because::Rework);
            }
            // it holds what two stories tell, and only a person knows whether they are one
            placement.beside = found.beside.map(beside);
            placement.perhaps = found.beside.map(|(story, _)| story);
        } else if let Some(story) = read.slug.and_then(|slug| self.takes.find(read.outlet, slug, read.at)) {
            placement.story = Some(story);
            placement.likeness = thousandths(1.0);
            placement.because = Some(Because::Take);
        } else if read.roundup {
            placement.because = Some(Because::Roundup);
        } else if let Some(near) = self.stories.nearest(&read.terms, read.outlet, read.at) {
            placement.because = Some(near.because);
            if near.because == Because::Alike {
                placement.story = Some(near.story);
                placement.likeness = thousandths(near.likeness);
                placement.beside = near.beside.map(beside);
            } else {
                placement.beside = Some(beside((near.story, near.likeness)));
                if near.perhaps {
                    placement.perhaps = Some(near.story);
                    placement.likeness = thousandths(near.likeness);
                }
            }
        } else {
            placement.because = Some(Because::Nothing);
        }
        self.pending = Some(read);
        placement
    }

    /// Takes in the article that [`Window::place`] read last, with the numbers that were written for it. Another
    /// article is no one's: nothing happens.
    pub fn placed(&mut self, article: ArticleId, group: CopyGroupId, story: StoryId) {
        if let Some(read) = self.pending.take_if(|read| read.article == article) {
            self.take_in(read, group, story);
        }
    }

    /// Takes in an article that was placed in an earlier life, with the body that it was placed with. Rows that have
    /// no group and story yet are passed over: they are still to be placed.
    pub fn remember(&mut self, article: &Article, body: &ForeignText, outlet_is_agency: bool) {
        if let (Some(group), Some(story)) = (article.copy_group, article.story) {
            let read = read(article, body, outlet_is_agency);
            self.advance(article.id, read.at);
            if std::mem::take(&mut self.pass) {
                // what it found then stands in the rows
                self.stories.pass();
            }
            self.take_in(read, group, story);
        }
    }

    /// Articles that are held.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    fn take_in(&mut self, read: Read, group: CopyGroupId, story: StoryId) {
        // a group has the number of its first article: that one speaks for the text, its copies add nothing
        let own = group.0 == read.article.0 && !read.roundup;
        if own {
            self.stories.add(story, read.terms, read.outlet, read.at);
        } else {
            self.stories.touch(story, read.at);
        }
        if let Some(slug) = read.slug {
            self.takes.add(read.outlet, slug, read.at, story);
        }
        self.copies.add(Text {
            article: read.article,
            group,
            story,
            outlet: read.outlet,
            agency: read.agency,
            at: read.at,
            runs: read.runs,
        });
        self.held.push_back(Held { at: read.at, own });
        self.trim();
    }

    /// The time of the stream goes on, before an article is compared with what is held.
    fn advance(&mut self, article: ArticleId, at: Timestamp) {
        let before = self.now;
        self.now = self.now.max(at);
        self.trim();
        let slot = |at: Timestamp| at.0.div_euclid(PASS);
        self.pass |= slot(before) < slot(self.now);
        if self.table.is_none() || before.day() < self.now.day() || self.stories.has_grown() {
            self.table = Some(article);
            self.stories.renew(self.now);
        }
    }

    /// Lets go what has left the window. Always from the oldest end, so that what is held is an end of the stream and a
    /// function of the stream alone.
    fn trim(&mut self) {
        let since = self.now.plus(-DAYS * DAY);
        while self.held.len() > self.history && self.held.front().is_some_and(|h| h.at < since) {
            self.copies.forget_oldest();
            if self.held.pop_front().is_some_and(|h| h.own) {
                self.stories.forget_oldest();
            }
        }
    }
}

fn read(article: &Article, body: &ForeignText, agency: bool) -> Read {
    let text = if body.is_empty() { &article.lead } else { body }.for_analysis();
    let text = head(text, crate::shingle::LONGEST);
    let roundup = is_roundup(&article.title);
    Read {
        article: article.id,
        outlet: article.outlet,
        agency,
        at: article.first_seen,
        roundup,
        slug: if agency && !roundup { slug(&article.title) } else { None },
        runs: runs(text),
        terms: terms(head(&article.title, 2_000), text),
    }
}

fn beside((story, likeness): (StoryId, f64)) -> Beside {
    Beside { story, likeness: thousandths(likeness) }
}

fn thousandths(share: f64) -> i64 {
    // between 0 and 1
    (share * 1_000.0).round() as i64
}
