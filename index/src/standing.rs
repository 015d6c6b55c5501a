//! How the archive stands: what answers, what is being built, and what is in the way.

use salastampa_domain::{ArticleId, Aside, Seq, Timestamp};

/// How an archive stands at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// The last change that answers hold.
    pub cursor: Seq,
    /// Whether searches are answered; otherwise `rebuild` or `obstacle` says why not.
    pub answers: bool,
    /// A building anew that is due or under way.
    pub rebuild: Option<Rebuild>,
    /// What kept the last piece of work from being done.
    pub obstacle: Option<Obstacle>,
    /// Articles that could not be indexed.
    pub aside: Vec<Aside>,
}

impl Standing {
    /// The same, where a search has seen a damage before anybody else: it does not answer, and will be built anew.
    pub(crate) fn damaged(self, why: String) -> Self {
        let rebuild = Rebuild { why: Reason::Damaged(why), articles: 0, all: None, since: None };
        Self { answers: false, rebuild: Some(self.rebuild.unwrap_or(rebuild)), ..self }
    }
}

/// A building anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rebuild {
    /// Why.
    pub why: Reason,
    /// Articles that the new archive holds.
    pub articles: u64,
    /// Articles that there were in all when this process began to build; `None` until somebody has counted.
    pub all: Option<u64>,
    /// When this process began to build, and how many articles the new archive held then.
    pub since: Option<(Timestamp, u64)>,
}

impl Rebuild {
    /// Articles a second up to now; `None` while nothing can be said.
    pub fn pace(&self, now: Timestamp) -> Option<f64> {
        let (since, had) = self.since?;
        let (time, made) = (now.since(since), self.articles.saturating_sub(had));
        (time > 0 && made > 0).then(|| made as f64 * 1_000.0 / time as f64)
    }

    /// Milliseconds until all articles are in; `None` while nothing can be said.
    pub fn remaining(&self, now: Timestamp) -> Option<i64> {
        let left = self.all?.saturating_sub(self.articles) as f64;
        self.pace(now).map(|pace| (left * 1_000.0 / pace) as i64)
    }
}

/// Why an archive is built anew.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Reason {
    /// There is none yet.
    #[error("there is none yet")]
    Missing,
    /// Somebody asked for it.
    #[error("somebody asked for it")]
    Asked,
    /// A building anew was under way when the program ended.
    #[error("a building anew was under way")]
    Unfinished,
    /// It followed another store.
    #[error("it followed another store")]
    OtherStore,
    /// It was built by other rules of analysis or with other fields.
    #[error("it was built by another version")]
    OtherVersion,
    /// It knows more than the store, which was restored from a backup.
    #[error("it is ahead of the store")]
    AheadOfStore,
    /// It cannot be read.
    #[error("it is damaged: {0}")]
    Damaged(String),
}

impl Reason {
    /// The key of the sentence that says so.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Missing => "archive.rebuild.missing",
            Self::Asked => "archive.rebuild.asked",
            Self::Unfinished => "archive.rebuild.unfinished",
            Self::OtherStore => "archive.rebuild.other_store",
            Self::OtherVersion => "archive.rebuild.other_version",
            Self::AheadOfStore => "archive.rebuild.ahead",
            Self::Damaged(_) => "archive.rebuild.damaged",
        }
    }
}

/// What keeps the archive from doing its work. Nothing is lost by it: the store holds all, and it is tried again.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Obstacle {
    /// The disk is full.
    #[error("the disk is full: make room")]
    Full,
    /// The folder may not be written.
    #[error("the folder cannot be written: let the user who runs salastampa write there")]
    Denied,
    /// Another process writes into the folder; what the lock file says of it.
    #[error("another process ({0}) writes into it")]
    Busy(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl Obstacle {
    /// The key of the sentence that says so.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Full => "archive.obstacle.full",
            Self::Denied => "archive.obstacle.denied",
            Self::Busy(_) => "archive.obstacle.busy",
            Self::Other(_) => "archive.obstacle.unknown",
        }
    }

    pub(crate) fn of(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// A moment in the work of an archive: what a test stops at, and what nothing else needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Moment {
    /// A new sibling lies in the folder.
    Sprouted,
    /// An article is handed to the engine.
    Adding(ArticleId),
    /// Everything is written but the commit.
    Prepared,
    /// The commit is durable, and not yet shown.
    Committed,
    /// The new archive has caught up, and `CURRENT` names the old one.
    Ripe,
    /// `CURRENT` names the new archive, and the old one is there.
    Pointed,
    /// The old one is gone.
    Swept,
    /// A search is about to run.
    Searching,
}
