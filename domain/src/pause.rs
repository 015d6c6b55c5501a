//! What does not leave for the time being because our side was refused too often, and why.
//!
//! The dear mistake of mail programs is to take the relay's trouble for the recipients': 4,000 good addresses marked as
//! dead in one night. So a fault of our side counts against nobody; when several messages of one campaign meet the same
//! one, the campaign waits, whole, until a person has looked, or, where nobody attends (alerts, reviews), until one
//! message that is tried now and then passes.

use crate::time::MINUTE;
use crate::{DeliveryKind, Subject, Timestamp};
use serde::{Deserialize, Serialize};

/// So many messages that met one fault pause a campaign.
pub const FAULTS: u32 = 5;
/// How long after the last one a message is tried, to see whether mail passes again.
pub const PROBE: i64 = 15 * MINUTE;
/// The same where nobody answers: a server that starts again is back within a minute or two, and knocking costs nothing.
pub const KNOCK: i64 = MINUTE;

/// Kinds of faults that are ours or the relay's, and nobody's who receives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Name or password are refused, or no password may be sent.
    Login,
    /// The connection cannot be encrypted as the settings want.
    Encryption,
    /// The server does not greet, or greets with a no.
    Greeting,
    /// 421: it closes, too much at once or going down.
    Busy,
    /// It does not answer in time.
    Silence,
    /// The connection ends in the middle.
    Cut,
    /// It refuses our sender address.
    Sender,
    /// It refuses by policy (x.7.*): missing SPF, DKIM or DMARC, relaying, reputation.
    Policy,
    /// It refuses what the message says.
    Content,
    /// It refuses how big the message is.
    Size,
    /// Trouble inside it (5.3.*): disk, configuration.
    System,
    /// It does not speak as it should.
    Protocol,
    /// Nobody answers at its address.
    Unreachable,
    /// The message cannot be put together here: its letter or a file of it is not to be read, or the key does not sign.
    Unmade,
}

/// What is paused together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Lane {
    /// All mail: the relay takes nobody's.
    All,
    /// All versions and rounds of what is sent about one thing: a release, a review, a story.
    Campaign {
        /// What sort of message.
        kind: DeliveryKind,
        /// Number of the story, review or release.
        thing: i64,
    },
}

/// A lane from which nothing leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pause {
    /// Which one.
    pub lane: Lane,
    /// What its messages met.
    pub cause: Cause,
    /// The server's last words.
    pub said: String,
    /// Since when.
    pub at: Timestamp,
    /// When one message is tried; `None` waits for a person.
    pub probe_at: Option<Timestamp>,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 14] = [
        Self::Login,
        Self::Encryption,
        Self::Greeting,
        Self::Busy,
        Self::Silence,
        Self::Cut,
        Self::Sender,
        Self::Policy,
        Self::Content,
        Self::Size,
        Self::System,
        Self::Protocol,
        Self::Unreachable,
        Self::Unmade,
    ];

    /// Its name in the store, and of its sentence in the locale.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Encryption => "encryption",
            Self::Greeting => "greeting",
            Self::Busy => "busy",
            Self::Silence => "silence",
            Self::Cut => "cut",
            Self::Sender => "sender",
            Self::Policy => "policy",
            Self::Content => "content",
            Self::Size => "size",
            Self::System => "system",
            Self::Protocol => "protocol",
            Self::Unreachable => "unreachable",
            Self::Unmade => "unmade",
        }
    }

    /// The cause of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.name() == name)
    }

    /// Whether it hits all mail, alerts too, and not only the campaign in hand.
    pub fn is_relay_wide(self) -> bool {
        matches!(self, Self::Login | Self::Encryption | Self::Greeting | Self::Unreachable)
    }

    /// How many messages have to meet it until all that meet it are paused: who is not there, is there for none; what is
    /// too big once is as big for the next.
    pub fn enough(self) -> u32 {
        if matches!(self, Self::Unreachable | Self::Size) { 1 } else { FAULTS }
    }

    /// How long after one trial the next is, in milliseconds.
    pub fn probe(self) -> i64 {
        if self == Self::Unreachable { KNOCK } else { PROBE }
    }

    /// What a fault of this cause stops, when a message of that subject meets it.
    pub fn lane(self, subject: &Subject) -> Lane {
        if self.is_relay_wide() { Lane::All } else { Lane::of(subject) }
    }
}

impl Lane {
    /// The campaign of a subject.
    pub fn of(subject: &Subject) -> Self {
        Self::Campaign { kind: subject.kind, thing: subject.thing }
    }

    /// Whether somebody sits at the desk when it leaves, and can look. What leaves by itself, at seven in the morning or
    /// at night, is tried by itself too.
    pub fn is_attended(self) -> bool {
        match self {
            Self::All => false,
            Self::Campaign { kind, .. } => !matches!(
                kind,
                DeliveryKind::Alert | DeliveryKind::Batch | DeliveryKind::Review | DeliveryKind::Difference
            ),
        }
    }

    /// How it is paused at `now`. What cannot be put together is tried by itself everywhere: nobody outside has seen it.
    pub fn pause(self, cause: Cause, said: &str, now: Timestamp) -> Pause {
        let is_tried = !self.is_attended() || cause == Cause::Unmade;
        let probe_at = is_tried.then(|| now.plus(cause.probe()));
        Pause { lane: self, cause, said: said.to_owned(), at: now, probe_at }
    }
}
