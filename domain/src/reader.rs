//! Readers (*destinatari*) and the alerts they get.

use crate::{Address, AlertId, ArticleId, EditionId, ReaderId, StoryId, Timestamp, WatchId};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// Mayor, assessor, official: somebody who receives reviews and alerts. No account: the mail is the product.
#[derive(Clone, PartialEq, Debug)]
pub struct Reader {
    /// The number.
    pub id: ReaderId,
    /// Name in files.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// Where the mail goes.
    pub address: Address,
    /// `it` or `en`.
    pub language: String,
    /// Watches followed.
    pub watches: Vec<WatchId>,
    /// Editions received.
    pub editions: Vec<EditionId>,
    /// What is received.
    pub receives: Receives,
    /// From one civil time to the other only what cannot wait is sent.
    pub quiet: Option<(Time, Time)>,
}

/// What a reader receives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receives {
    /// Alerts of the watches followed.
    pub alerts: bool,
    /// Reviews of the editions.
    pub reviews: bool,
}

/// One watch spoke about one story to one reader.
#[derive(Clone, PartialEq, Debug)]
pub struct Alert {
    /// Its number.
    pub id: AlertId,
    /// The story.
    pub story: StoryId,
    /// The watch.
    pub watch: WatchId,
    /// The reader.
    pub reader: ReaderId,
    /// The article that raised it.
    pub article: ArticleId,
    /// When it was raised.
    pub at: Timestamp,
    /// What became of it.
    pub state: AlertState,
}

/// What became of an alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum AlertState {
    /// A mail of its own is in the outbox.
    Queued,
    /// Told in the mail of another watch of the same reader about the same story.
    Joined {
        /// That alert.
        to: AlertId,
    },
}
