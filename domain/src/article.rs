//! Articles: what an outlet published, as it published it.

use crate::{ArticleId, CopyGroupId, ForeignText, OutletId, Seq, Signals, SourceId, StoryId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// How an article came to us.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "via")]
pub enum Via {
    /// A visit to a source.
    Source {
        /// Which one.
        source: SourceId,
    },
    /// A person pasted its address or uploaded it.
    Hand {
        /// Who.
        by: UserId,
    },
    /// An import of an old archive.
    Import {
        /// The name of the batch.
        batch: String,
    },
}

/// An article as the crawler reads it, before it has a number.
#[derive(Clone, PartialEq, Debug)]
pub struct NewArticle {
    /// The publication.
    pub outlet: OutletId,
    /// How it came.
    pub via: Via,
    /// Its address, as published.
    pub url: String,
    /// The canonical form of the address: what two addresses are compared by.
    pub key: String,
    /// The feed's identity of it, if it gave one.
    pub guid: Option<String>,
    /// Its title.
    pub title: String,
    /// The outlet's own summary.
    pub lead: ForeignText,
    /// Its body, a line break between paragraphs; empty where it was not or may not be read.
    pub body: ForeignText,
    /// Who signed it.
    pub authors: Vec<String>,
    /// The outlet's own section.
    pub rubric: Option<String>,
    /// When it was published, as declared.
    pub published_at: Option<Timestamp>,
    /// Language, such as `it`.
    pub language: Option<String>,
    /// What it said about its use.
    pub signals: Signals,
    /// When we first saw it.
    pub first_seen: Timestamp,
    /// Part of the first window of its source: known, but not news. It is searchable and never alerts.
    pub backlog: bool,
}

/// An article that we keep: what lists show of it. Its body is kept apart.
#[derive(Clone, PartialEq, Debug)]
pub struct Article {
    /// Its number, for ever.
    pub id: ArticleId,
    /// The number of its last change.
    pub seq: Seq,
    /// The newest revision, from 1.
    pub revision: u32,
    /// The publication.
    pub outlet: OutletId,
    /// How it came.
    pub via: Via,
    /// Its address, as published.
    pub url: String,
    /// The canonical form of the address.
    pub key: String,
    /// The feed's identity of it.
    pub guid: Option<String>,
    /// Its title.
    pub title: String,
    /// The outlet's own summary.
    pub lead: ForeignText,
    /// Who signed it.
    pub authors: Vec<String>,
    /// The outlet's own section.
    pub rubric: Option<String>,
    /// Language, such as `it`.
    pub language: Option<String>,
    /// What it said about its use.
    pub signals: Signals,
    /// Known from the first window of its source: never alerts.
    pub backlog: bool,
    /// When it was published, as declared.
    pub published_at: Option<Timestamp>,
    /// When we first saw it.
    pub first_seen: Timestamp,
    /// When it was stored.
    pub kept_at: Timestamp,
    /// When its story was found.
    pub grouped_at: Option<Timestamp>,
    /// The articles with the same text.
    pub copy_group: Option<CopyGroupId>,
    /// The story that it tells.
    pub story: Option<StoryId>,
}

impl Article {
    /// When it counts as published: as declared, or when we first saw it.
    pub fn dated(&self) -> Timestamp {
        self.published_at.unwrap_or(self.first_seen)
    }

    /// Whether its import was taken back: nothing is left of it but its number.
    pub fn is_taken_back(&self) -> bool {
        matches!(self.via, Via::Import { .. }) && self.title.is_empty()
    }

    /// When it counts as clipped if the watch of today finds it in the past: now while it is news, an older one when it
    /// was seen, one of an import when it came out; so that it enters no review of tomorrow.
    pub fn clipped_at(&self, now: Timestamp) -> Timestamp {
        match self.via {
            Via::Import { .. } => self.dated(),
            _ if self.is_news(now) => now,
            _ => self.first_seen,
        }
    }

    /// Whether it may be offered as new at `now`: seen in the last 48 hours, dated in the last 48 hours or not at all,
    /// and not part of a first window or an import.
    pub fn is_news(&self, now: Timestamp) -> bool {
        const TWO_DAYS: i64 = 48 * crate::time::HOUR;
        !self.backlog
            && !matches!(self.via, Via::Import { .. })
            && now.since(self.first_seen) < TWO_DAYS
            && self.published_at.is_none_or(|p| self.first_seen.since(p) < TWO_DAYS)
    }
}

/// What kind of change a revision is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionKind {
    /// The text as first seen: the evidence.
    First,
    /// *Aggiornamento*: a declared update.
    Update,
    /// *Correzione*: a declared correction.
    Correction,
    /// *Modifica silenziosa*: the text changed, the date did not.
    Silent,
    /// *Rimozione*: the page is gone. The text is that of the reading before.
    Removal,
    /// The page could be read only later: what was kept till then was what the feed told.
    Completed,
    /// The page is back at its address, with the text that it had.
    Restored,
}

/// One reading of an article's text.
#[derive(Clone, PartialEq, Debug)]
pub struct Revision {
    /// The article.
    pub article: ArticleId,
    /// From 1.
    pub number: u32,
    /// What kind of change.
    pub kind: RevisionKind,
    /// When we saw it.
    pub at: Timestamp,
    /// Hash of title, lead and text.
    pub hash: String,
    /// Its title then.
    pub title: String,
    /// The outlet's summary then.
    pub lead: ForeignText,
    /// The body; empty once retention has purged it.
    pub body: ForeignText,
}

/// The only thing that the archive eats: what is to be found from now on, in order.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Its place in the order.
    pub seq: Seq,
    /// What changed.
    pub kind: ChangeKind,
}

impl Change {
    /// Which article it is about.
    pub fn article(&self) -> ArticleId {
        match &self.kind {
            ChangeKind::Put { article, .. } => article.id,
            ChangeKind::Remove(id) => *id,
        }
    }
}

/// An article that the archive could not take in: the rest goes on without it, and the next building anew tries it again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Aside {
    /// Which.
    pub article: ArticleId,
    /// The change that was to be taken in.
    pub seq: Seq,
    /// What the machine said, for whoever looks after it.
    pub reason: String,
}

/// What changed.
#[derive(Clone, PartialEq, Debug)]
pub enum ChangeKind {
    /// The article is to be found as it is now.
    Put {
        /// What lists show of it.
        article: Box<Article>,
        /// The body of its newest revision.
        body: ForeignText,
    },
    /// The article is to be found no more.
    Remove(ArticleId),
}
