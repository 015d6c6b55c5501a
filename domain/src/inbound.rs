//! What comes back: bounces, answers, people who want to be left alone.
//!
//! A mail is read once ([`Incoming`], made by `mail`), is booked ([`Inbound`]), and if it carries a token of ours it says
//! something of one delivery ([`Return`]). Of an address it says little by itself: only [`score`] over all that came back
//! from it does. The numbers are the office's; the shape is Mailman 2.1's.
//!
//! Left out: whether a token is ours (`acts::token`), and any guess of whom a mail may speak: what has no token waits for a
//! person.

use crate::time::DAY;
use crate::{Address, ContactId, DeliveryId, InboundId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A point of the score.
pub const POINT: i64 = 1_000;
/// From this score on an address is not mailed any more, and a person is asked.
pub const SUSPENDED_FROM: i64 = 3 * POINT;
/// What a bounce counts is halved every so often.
pub const HALF_LIFE: i64 = 30 * DAY;

/// A mail that came back. Its bytes are kept in the folder of files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inbound {
    /// The number.
    pub id: InboundId,
    /// When it came.
    pub at: Timestamp,
    /// What it is.
    pub kind: InboundKind,
    /// The delivery that it answers, if its token says so.
    pub delivery: Option<DeliveryId>,
    /// The journalist to whom a person has put it; one of a delivery is the delivery's.
    pub contact: Option<ContactId>,
    /// SHA-256 of its bytes.
    pub file: String,
    /// How many bytes came; more than are kept where it was too long.
    pub bytes: i64,
    /// The enhanced status code (RFC 3463), such as `5.1.1`; empty where there is none.
    pub status: String,
    /// What the server said.
    pub said: String,
    /// Who wrote it, normalised where it is an address.
    pub from: String,
    /// Its subject line.
    pub subject: String,
    /// How its text begins.
    pub excerpt: String,
    /// Since when it waits for nobody any more, though it was put to nobody.
    pub aside_at: Option<Timestamp>,
}

/// Sorts of mail that come back; what tells of a message first, the mildest before the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboundKind {
    /// A server tells that it still tries.
    Delayed,
    /// A server tells that it arrived (RFC 3464, success).
    Delivered,
    /// Refused for its content, its sender or by a policy: says nothing of the address.
    Refused,
    /// Could not be delivered, for now.
    SoftBounce,
    /// Could not be delivered, for ever.
    HardBounce,
    /// Out of office and whatever else a program answers by itself.
    AutoReply,
    /// Asks to be left alone.
    OptOut,
    /// A person answered.
    Reply,
    /// A receipt of certified mail (DPR 68/2005).
    Receipt,
    /// None of these: waits in the tray for a person.
    Unknown,
}

/// A mail as it was read. Nothing of it is believed before a token says whom it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incoming {
    /// What it is; of a report on several recipients the mildest, see [`Incoming::about`].
    pub kind: InboundKind,
    /// Addresses that it came to, the surest first, then the sender of the message that it gives back.
    pub came_to: Vec<String>,
    /// `Original-Envelope-Id` (RFC 3464 §2.2.1): what we gave the server as ENVID.
    pub envelopes: Vec<String>,
    /// Message-IDs that it speaks of, without brackets: of the message that it gives back, then of those that it answers.
    pub about: Vec<String>,
    /// Its own Message-ID.
    pub message_id: Option<String>,
    /// What a report says of each recipient.
    pub reports: Vec<Report>,
    /// Who wrote it.
    pub from: Option<Address>,
    /// Their name, or what stands in the place of an address.
    pub from_name: String,
    /// Its subject line.
    pub subject: String,
    /// How its text begins.
    pub text: String,
    /// Whether a program says that it wrote it (RFC 3834, `Precedence`).
    pub automatic: bool,
}

/// What a report says of one recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The address that we gave the server, lower case; empty where it is not named.
    pub original: String,
    /// The address where it ended, lower case; empty where it is not named.
    pub last: String,
    /// What became of it.
    pub kind: InboundKind,
    /// The enhanced status code; empty where there is none.
    pub status: String,
    /// What the server said.
    pub said: String,
}

/// What came back of a delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Return {
    /// The delivery.
    pub delivery: DeliveryId,
    /// When it was told.
    pub at: Timestamp,
    /// What became of it: the first five of [`InboundKind`].
    pub kind: InboundKind,
    /// The enhanced status code; empty where there is none.
    pub status: String,
    /// What the server said.
    pub said: String,
}

/// An address from which too much came back, or once did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnedAddress {
    /// The address.
    pub address: Address,
    /// Not mailed since; `None` where a person has freed it.
    pub suspended_at: Option<Timestamp>,
    /// When a person said that it is so.
    pub confirmed_at: Option<Timestamp>,
    /// When a person freed it: what came back before counts no more.
    pub freed_at: Option<Timestamp>,
}

impl InboundKind {
    /// Every sort.
    pub const ALL: [Self; 10] = [
        Self::Delayed,
        Self::Delivered,
        Self::Refused,
        Self::SoftBounce,
        Self::HardBounce,
        Self::AutoReply,
        Self::OptOut,
        Self::Reply,
        Self::Receipt,
        Self::Unknown,
    ];

    /// Its name in rows and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Delayed => "delayed",
            Self::Refused => "refused",
            Self::SoftBounce => "soft_bounce",
            Self::HardBounce => "hard_bounce",
            Self::AutoReply => "auto_reply",
            Self::OptOut => "opt_out",
            Self::Reply => "reply",
            Self::Receipt => "receipt",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it tells what became of a message.
    pub fn is_report(self) -> bool {
        self <= Self::HardBounce
    }

    /// What one of them counts against the address.
    pub fn points(self) -> i64 {
        match self {
            Self::HardBounce => POINT,
            Self::SoftBounce => POINT / 2,
            _ => 0,
        }
    }
}

impl Incoming {
    /// What a report says of one address: its own line where it names several, else the mildest of what it says. That an
    /// address is dead is believed of the address itself only: behind it may stand others, to whom it is passed on.
    pub fn about(&self, address: &Address) -> (InboundKind, String, String) {
        let own: Vec<&Report> = self.reports.iter().filter(|r| r.last == address.as_str()).collect();
        let behind: Vec<&Report> = self.reports.iter().filter(|r| r.original == address.as_str()).collect();
        let mildest = if !own.is_empty() {
            own.into_iter().min_by_key(|r| r.kind)
        } else if !behind.is_empty() {
            behind.into_iter().min_by_key(|r| r.kind)
        } else {
            self.reports.iter().min_by_key(|r| r.kind)
        };
        let Some(report) = mildest else { return (self.kind, String::new(), String::new()) };
        let is_its_own = report.last.is_empty() || report.last == address.as_str();
        let kind = if is_its_own { report.kind } else { report.kind.min(InboundKind::SoftBounce) };
        (kind, report.status.clone(), report.said.clone())
    }
}

/// What speaks against an address: a point for each hard bounce and half a one for each soft, at most one of them a day
/// (of the Italian clock), each halved for every [`HALF_LIFE`] that has passed since.
pub fn score(bounces: &[(Timestamp, InboundKind)], now: Timestamp) -> i64 {
    let mut days: BTreeMap<jiff::civil::Date, i64> = BTreeMap::new();
    for (at, kind) in bounces {
        let halvings = (now.since(*at).max(0) / HALF_LIFE).min(20);
        let points = kind.points() >> halvings;
        let day = days.entry(at.day()).or_default();
        *day = points.max(*day);
    }
    days.values().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use InboundKind::{Delayed, Delivered, HardBounce, Refused, SoftBounce};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect(text)
    }

    #[test]
    fn a_score_counts_days_and_halves() {
        let hard = |day: &str| (at(day), HardBounce);
        let three = [hard("2026-11-01 09:00"), hard("2026-11-02 09:00"), hard("2026-11-03 09:00")];
        for (bounces, now, points) in [
            (&three[..], "2026-11-03 09:00", 3_000),
            (&three[..1], "2026-11-30 09:00", 1_000),
            (&three[..1], "2026-12-02 09:00", 500),
            (&three[..], "2027-01-15 09:00", 750),
            (&[hard("2026-11-01 00:30"), hard("2026-11-01 23:30")], "2026-11-02 09:00", 1_000),
            // the worst of a day counts, in whatever order they came
            (&[(at("2026-11-01 08:00"), SoftBounce), hard("2026-11-01 09:00")], "2026-11-01 10:00", 1_000),
            (&[hard("2026-11-01 08:00"), (at("2026-11-01 09:00"), SoftBounce)], "2026-11-01 10:00", 1_000),
            (&[(at("2026-11-01 08:00"), SoftBounce), (at("2026-11-02 08:00"), SoftBounce)], "2026-11-02 10:00", 1_000),
            (&[(at("2026-11-01 08:00"), Refused), (at("2026-11-02 08:00"), Delayed)], "2026-11-02 10:00", 0),
            (&[(at("2026-11-01 08:00"), Delivered)], "2026-11-02 10:00", 0),
            (&[], "2026-11-02 10:00", 0),
        ] {
            assert_eq!(score(bounces, at(now)), points, "{bounces:?} at {now}");
        }
    }

    #[test]
    fn a_report_on_several_says_of_an_address_only_its_own() {
        let report = |original: &str, last: &str, kind| Report {
            original: original.into(),
            last: last.into(),
            kind,
            status: String::new(),
            said: String::new(),
        };
        let rita = Address::parse("rita@riva.test").expect("an address");
        let says = |reports: &[Report]| {
            let incoming = Incoming {
                kind: HardBounce,
                came_to: Vec::new(),
                envelopes: Vec::new(),
                about: Vec::new(),
                message_id: None,
                reports: reports.to_vec(),
                from: None,
                from_name: String::new(),
                subject: String::new(),
                text: String::new(),
                automatic: true,
            };
            incoming.about(&rita).0
        };
        let other = report("ugo@molo.test", "ugo@molo.test", HardBounce);
        assert_eq!(says(&[]), HardBounce, "a bounce without a report");
        assert_eq!(says(&[report("", "", SoftBounce)]), SoftBounce);
        assert_eq!(says(std::slice::from_ref(&other)), SoftBounce, "perhaps one to whom it is passed on");
        assert_eq!(says(&[other.clone(), report("", "rita@riva.test", Delivered)]), Delivered);
        // a list behind the address: one who is gone says nothing of the others
        let behind = |kind| report("rita@riva.test", "x@y.test", kind);
        assert_eq!(says(&[behind(HardBounce), behind(Delivered)]), Delivered);
        assert_eq!(says(&[other.clone(), report("", "lea@sponda.test", HardBounce)]), SoftBounce);
    }
}
