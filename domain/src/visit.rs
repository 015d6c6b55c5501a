//! Visits (*visite*): what each look at a source gave, also the failed ones, so that silence can be proved.
//!
//! Left out: what a visit makes of its source ([`Health`](crate::Health), [`Learned`](crate::Learned)).

use crate::{SourceId, Timestamp, VisitId};
use serde::{Deserialize, Serialize};

/// What one visit to a source gave; also the failed ones are kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Visit {
    /// Its number.
    pub id: VisitId,
    /// The source.
    pub source: SourceId,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took: i64,
    /// HTTP status, if an answer came.
    pub status: Option<u16>,
    /// Whether the request was conditional.
    pub conditional: bool,
    /// Bytes of the body.
    pub bytes: i64,
    /// Items in the window.
    pub found: u32,
    /// Of them new.
    pub new: u32,
    /// How it ended.
    pub outcome: VisitOutcome,
}

/// How a visit ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum VisitOutcome {
    /// Read.
    Read,
    /// 304, or the same body as before.
    Unchanged,
    /// May pass by itself: timeout, DNS, 404, 429, 5xx, nothing readable.
    Soft {
        /// In a few plain words.
        why: String,
    },
    /// Will not pass by itself: 410, 401, TLS.
    Hard {
        /// In a few plain words.
        why: String,
    },
    /// Refused to us by name, or a challenge.
    Blocked {
        /// In a few plain words.
        why: String,
    },
    /// 200, but no feed.
    NotAFeed {
        /// What it was.
        why: String,
    },
    /// Read, but without an item where there should be some: the layout has changed.
    Empty {
        /// What was looked for.
        why: String,
    },
    /// robots.txt forbids it.
    Robots,
    /// A limit that refuses: too big, too deep, a forbidden address.
    Hostile {
        /// Which limit.
        why: String,
    },
    /// Our own fault: a panic that was caught, a full disk. Does not make the source ill.
    Ours {
        /// What happened.
        why: String,
    },
}

impl VisitOutcome {
    /// Whether the source answered as it should.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Read | Self::Unchanged)
    }

    /// What went wrong, if anything did.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Read | Self::Unchanged => None,
            Self::Robots => Some("robots.txt"),
            Self::Soft { why }
            | Self::Hard { why }
            | Self::Blocked { why }
            | Self::NotAFeed { why }
            | Self::Empty { why }
            | Self::Hostile { why }
            | Self::Ours { why } => Some(why),
        }
    }
}
