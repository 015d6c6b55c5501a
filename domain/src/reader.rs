//! Readers (*destinatari*): who receives reviews and alerts.

use crate::{Address, EditionId, PushAddress, ReaderId, WatchId};
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
    /// Who is told in their place: when a server does not take a flash, and in quiet hours if they wish so.
    pub second: Option<ReaderId>,
    /// A flash in quiet hours goes to the second person; they find it in the first batch after.
    pub second_at_night: bool,
    /// Where alerts ring beside the mail.
    pub push: Option<PushAddress>,
}

/// What a reader receives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receives {
    /// Alerts of the watches followed.
    pub alerts: bool,
    /// Reviews of the editions.
    pub reviews: bool,
}
