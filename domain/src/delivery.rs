//! The outbox: one message to one address of one subject, and what became of it.
//!
//! Everything that leaves is a [`Delivery`]: alerts, reviews, releases. It is unique by (subject, address): that is the
//! guard against two operators and two workers. No SMTP sender is exactly-once (RFC 1047); ours repeats at most what was
//! past `DATA` when it died, byte for byte and under the same Message-ID.

use crate::{Address, Cause, ContactId, DeliveryId, ReaderId, Timestamp};
use serde::{Deserialize, Serialize};

/// What a message is about; with the address it is the key of the outbox.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Subject {
    /// What sort of message.
    pub kind: DeliveryKind,
    /// Number of the story, review or release.
    pub thing: i64,
    /// Its version.
    pub version: u32,
    /// Again about the same: 0 the first time.
    pub round: u32,
}

/// Sorts of messages, most urgent first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// *Avviso*.
    Alert,
    /// *Avvisi*: a batch of them.
    Batch,
    /// An invitation for today.
    Invitation,
    /// *Rassegna*.
    Review,
    /// What a later version of a review adds.
    Difference,
    /// *Comunicato*.
    Release,
    /// A release is withdrawn.
    Withdrawal,
    /// The notice of GDPR art. 14.
    Notice,
    /// A test to oneself; never takes a reader's place.
    Test,
    /// A journalist's answer that came to where mail comes back, handed on to the office.
    Answer,
    /// The link to a journalist's own data, which they asked for.
    OwnData,
    /// The link that confirms a subscription, to the address that was typed.
    Subscription,
}

/// What happens to a message whose fate is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UncertainPolicy {
    /// Sent again, once, byte for byte.
    Resend,
    /// A person is asked.
    Ask,
}

/// One message to one address.
#[derive(Clone, PartialEq, Debug)]
pub struct Delivery {
    /// The number.
    pub id: DeliveryId,
    /// What it is about.
    pub subject: Subject,
    /// Where it goes.
    pub address: Address,
    /// The journalist, if it goes to one.
    pub contact: Option<ContactId>,
    /// The reader, if it goes to one.
    pub reader: Option<ReaderId>,
    /// SHA-256 of the frozen [`Letter`] in the folder of files.
    pub letter: String,
    /// Not before.
    pub due_at: Timestamp,
    /// Not after: then it has expired.
    pub expires_at: Option<Timestamp>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempt: u32,
    /// Times that its fate was unknown.
    pub uncertain: u32,
    /// The name beside the address, once a worker has taken it up; it stays what it was at the first attempt. Empty is
    /// none.
    pub to_name: Option<String>,
    /// A word of the office to this person, at the top of the message.
    pub note: Option<String>,
    /// Without angle brackets; the same in every attempt.
    pub message_id: String,
    /// Message-ID of the mail that it answers in thread.
    pub in_reply_to: Option<String>,
    /// The `Date` header; the same in every attempt.
    pub date: Timestamp,
    /// When it entered the outbox.
    pub queued_at: Timestamp,
    /// When a server took it over.
    pub accepted_at: Option<Timestamp>,
    /// What it is said to be: last reply or reason.
    pub reason: Option<String>,
}

/// A delivery before it has a number. Its Message-ID is made from the number.
#[derive(Clone, PartialEq, Debug)]
pub struct NewDelivery {
    /// What it is about.
    pub subject: Subject,
    /// Where it goes.
    pub address: Address,
    /// The journalist, if it goes to one.
    pub contact: Option<ContactId>,
    /// The reader, if it goes to one.
    pub reader: Option<ReaderId>,
    /// SHA-256 of the frozen [`Letter`].
    pub letter: String,
    /// Not before.
    pub due_at: Timestamp,
    /// Not after.
    pub expires_at: Option<Timestamp>,
    /// Message-ID of the mail that it answers in thread.
    pub in_reply_to: Option<String>,
    /// Why it is not sent at all: kept as a row, so that "who did not get it and why" is a query.
    pub suppressed: Option<String>,
}

/// Where a delivery stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum DeliveryState {
    /// *In coda*.
    Queued,
    /// *Presa*: a worker holds it; nothing was sent that counts.
    Leased {
        /// Which worker.
        worker: String,
        /// Until when, unless renewed.
        until: Timestamp,
    },
    /// *Data iniziata*: committed just before DATA.
    DataStarted {
        /// Which worker.
        worker: String,
        /// Until when, unless renewed.
        until: Timestamp,
    },
    /// *Accettata dal server*: 250 to the final dot. Never "read".
    Accepted,
    /// *Differita*.
    Deferred {
        /// When it is tried again.
        next_at: Timestamp,
    },
    /// *Incerta*: the data were sent, the reply is unknown.
    Uncertain,
    /// *Non riuscita*.
    Failed,
    /// *Bloccata*: the address wants or may get nothing.
    Suppressed,
    /// *Annullata*.
    Cancelled,
}

/// The frozen content of a message: the same for all who get it. What is personal is added when it is rendered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Letter {
    /// Subject line.
    pub subject: String,
    /// HTML part; [`UNSUBSCRIBE_MARK`] and [`NOTE_MARK`] stand for what is personal.
    pub html: String,
    /// Text part; the same.
    pub text: String,
    /// `it` or `en`.
    pub language: String,
    /// Made by a program without a person's word (RFC 3834): alerts and reviews, not releases.
    pub auto_generated: bool,
    /// Goes to a list that can be left: carries the headers of RFC 2369 and RFC 8058.
    pub list: Option<String>,
    /// Files sent along: the review's PDF. Never with a release.
    pub attachments: Vec<Attachment>,
}

/// A file sent along.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its type, such as `application/pdf`.
    pub mime: String,
    /// SHA-256 of its bytes in the folder of files.
    pub file: String,
}

/// What stands in a frozen [`Letter`] where each gets a personal link to leave the list.
pub const UNSUBSCRIBE_MARK: &str = "{{disiscrizione}}";

/// What stands in a frozen [`Letter`] where each gets the link to their own data.
pub const OWN_DATA_MARK: &str = "{{dati}}";

/// What stands in a frozen [`Letter`] where a word of the office to one person goes: [`NOTE_OPENS`], what is around it,
/// this, what is around it, [`NOTE_CLOSES`]. Whoever has none gets nothing of all that.
pub const NOTE_MARK: &str = "{{nota}}";
/// See [`NOTE_MARK`].
pub const NOTE_OPENS: &str = "{{se nota}}";
/// See [`NOTE_MARK`].
pub const NOTE_CLOSES: &str = "{{fine nota}}";
/// A word to one person has so many characters at most.
pub const NOTE_LIMIT: usize = 600;

/// A part of a letter as it is for who has no personal word.
pub fn without_note(part: &str) -> String {
    let Some((before, rest)) = part.split_once(NOTE_OPENS) else { return part.to_owned() };
    let after = rest.split_once(NOTE_CLOSES).map_or(rest, |(_, after)| after);
    format!("{before}{}", without_note(after))
}

/// One try to hand a delivery over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// The delivery.
    pub delivery: DeliveryId,
    /// 1, 2, …
    pub number: u32,
    /// How far it came.
    pub phase: AttemptPhase,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// SMTP reply code.
    pub code: Option<u16>,
    /// The reply, or what happened.
    pub text: String,
    /// What was wrong on our side or the relay's; nothing where it was neither.
    pub cause: Option<Cause>,
}

/// How far an attempt came.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptPhase {
    /// Connecting and greeting.
    Connect,
    /// MAIL and RCPT.
    Offer,
    /// DATA, up to the reply to the final dot.
    Data,
}

impl DeliveryKind {
    /// Its name in the store and in Message-IDs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Batch => "batch",
            Self::Invitation => "invitation",
            Self::Review => "review",
            Self::Difference => "difference",
            Self::Release => "release",
            Self::Withdrawal => "withdrawal",
            Self::Notice => "notice",
            Self::Test => "test",
            Self::Answer => "answer",
            Self::OwnData => "own_data",
            Self::Subscription => "subscription",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// All kinds, most urgent first.
    pub const ALL: [Self; 12] = [
        Self::Alert,
        Self::Batch,
        Self::Invitation,
        Self::Review,
        Self::Difference,
        Self::Release,
        Self::Withdrawal,
        Self::Notice,
        Self::Test,
        Self::Answer,
        Self::OwnData,
        Self::Subscription,
    ];

    /// Whether it goes to somebody because they are on a list: who has left gets no such thing. What a person asked for
    /// goes to who has left, too.
    pub fn goes_to_lists(self) -> bool {
        matches!(self, Self::Release | Self::Invitation | Self::Notice | Self::Withdrawal)
    }

    /// Lower goes first.
    pub fn priority(self) -> i64 {
        match self {
            Self::Alert => 0,
            Self::Batch | Self::Invitation => 1,
            Self::Review | Self::Difference | Self::Test | Self::Answer | Self::OwnData | Self::Subscription => 2,
            Self::Release | Self::Withdrawal => 3,
            Self::Notice => 4,
        }
    }

    /// What happens when its fate is unknown.
    pub fn uncertain(self) -> UncertainPolicy {
        match self {
            Self::Notice => UncertainPolicy::Ask,
            _ => UncertainPolicy::Resend,
        }
    }
}

impl DeliveryState {
    /// Its name in the store.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Leased { .. } => "leased",
            Self::DataStarted { .. } => "data_started",
            Self::Accepted => "accepted",
            Self::Deferred { .. } => "deferred",
            Self::Uncertain => "uncertain",
            Self::Failed => "failed",
            Self::Suppressed => "suppressed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more will happen by itself.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Accepted | Self::Failed | Self::Suppressed | Self::Cancelled)
    }
}
