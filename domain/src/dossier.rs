//! What the office lays beside articles: dossiers, notes, tags, and feeds of what it has gathered.
//!
//! They are rows of the office, not of the archive: a search is narrowed to them by the numbers of their articles, and
//! rebuilding the archive touches none of them. Nothing here is foreign text: a note is what somebody of the office wrote.

use crate::{ArticleId, DossierId, EditionId, FeedId, NoteId, TagId, Timestamp, UserId, WatchId};
use serde::{Deserialize, Serialize};

/// A named folder of articles that the office shares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dossier {
    /// Its number.
    pub id: DossierId,
    /// Its name in addresses and on the command line; it stays when the dossier is renamed.
    pub slug: String,
    /// As people see it.
    pub name: String,
    /// What it is for, in the office's words; empty where nobody said.
    pub about: String,
    /// Who made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
    /// Put away: it is read and exported, nothing is added.
    pub archived_at: Option<Timestamp>,
}

/// An article in a dossier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Filed {
    /// Which dossier.
    pub dossier: DossierId,
    /// Which article.
    pub article: ArticleId,
    /// Who put it there.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What somebody of the office wrote about an article. It never leaves the office.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// Its number.
    pub id: NoteId,
    /// About which article.
    pub article: ArticleId,
    /// Who wrote it.
    pub author: UserId,
    /// When.
    pub at: Timestamp,
    /// When its text was changed last.
    pub edited_at: Option<Timestamp>,
    /// The text: plain, a line break between paragraphs.
    pub body: String,
}

/// A word that the office puts on articles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Its number.
    pub id: TagId,
    /// As it is compared: folded, in small letters.
    pub key: String,
    /// As it was first written.
    pub name: String,
}

/// What a feed shows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum FeedOf {
    /// The clippings of a watch, those that were dropped left out.
    Watch {
        /// Which one.
        watch: WatchId,
    },
    /// The articles of a dossier.
    Dossier {
        /// Which one.
        dossier: DossierId,
    },
    /// The last issues of an edition, as they went out; never of a reserved one.
    Edition {
        /// Which one.
        edition: EditionId,
    },
    /// What a search finds.
    Search {
        /// The query text.
        query: String,
    },
}

/// A feed (Atom, RFC 4287) at a secret address. The address itself is stored nowhere, only the hash of its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Feed {
    /// Its number.
    pub id: FeedId,
    /// SHA-256 of the secret, in hexadecimal.
    pub hash: String,
    /// As people see it; the title of the feed.
    pub name: String,
    /// What it shows.
    pub of: FeedOf,
    /// How many people read it, as the office says: licences are asked about them.
    pub readers: usize,
    /// Who made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
    /// When its address was changed last.
    pub renewed_at: Option<Timestamp>,
    /// Since when it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

impl Dossier {
    /// `dossier:7`: what a line of the log is about.
    pub fn subject(id: DossierId) -> String {
        format!("dossier:{id}")
    }
}

impl Feed {
    /// `feed:7`: what a line of the log is about.
    pub fn subject(id: FeedId) -> String {
        format!("feed:{id}")
    }
}
