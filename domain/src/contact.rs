//! Journalists and the lists they are on. Each record says why we hold it and until when
//! (GDPR art. 5, 6(1)(e), 14; basis: L. 150/2000).

use crate::quiet::QuietHours;
use crate::{Address, ContactId, ListId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most telephones of a journalist.
pub const MOST_PHONES: usize = 5;
/// Longest telephone, in characters: a number, and a word about it.
pub const LONGEST_PHONE: usize = 60;

/// A journalist or a newsroom.
#[derive(Clone, PartialEq, Debug)]
pub struct Contact {
    /// The number.
    pub id: ContactId,
    /// Full name.
    pub name: String,
    /// Where mail goes.
    pub address: Address,
    /// Telephones, as people write them, for the office alone: at most [`MOST_PHONES`] of [`LONGEST_PHONE`] characters.
    pub phones: Vec<String>,
    /// The outlet's name.
    pub outlet: String,
    /// Sort of outlet.
    pub medium: Medium,
    /// What they write about.
    pub beats: Vec<String>,
    /// Where.
    pub territory: String,
    /// `it` or `en`.
    pub language: String,
    /// Trusted with releases under embargo.
    pub accepts_embargo: bool,
    /// When no release is mailed to them, on the Italian clock; it waits for the end.
    pub quiet: Option<QuietHours>,
    /// Why we may hold this.
    pub basis: Basis,
    /// Where the address comes from.
    pub origin: String,
    /// When the notice of art. 14 was sent.
    pub notice_at: Option<Timestamp>,
    /// When it is confirmed or deleted.
    pub expires: Option<Date>,
    /// Wants nothing more, since when.
    pub opted_out_at: Option<Timestamp>,
    /// When they were written down.
    pub added_at: Option<Timestamp>,
    /// When somebody changed the record last, the person themselves among them.
    pub changed_at: Option<Timestamp>,
    /// When somebody said last that it is right as it is.
    pub confirmed_at: Option<Timestamp>,
}

/// Sorts of outlets that a journalist works for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// News agency.
    Agency,
    /// Newspaper.
    #[default]
    Print,
    /// Online.
    Web,
    /// Radio.
    Radio,
    /// Television.
    Tv,
}

/// Ground for holding a contact.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// GDPR art. 6(1)(e) with L. 150/2000.
    #[default]
    PublicTask,
    /// Consent, for personal addresses.
    Consent,
}

/// Which journalists are looked for; an empty part fits everybody.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ContactFilter {
    /// Words of the name, address, outlet, beats or territory: all of them, in any order, accents aside.
    pub words: String,
    /// Sort of outlet.
    pub medium: Option<Medium>,
    /// Whether they are written to.
    pub standing: Option<Standing>,
}

/// Whether a journalist is written to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Gets what is sent.
    Reached,
    /// Wants nothing more.
    Left,
    /// The day on which the record was to be confirmed or deleted has passed.
    Expired {
        /// Before this day.
        day: Date,
    },
}

/// A list that releases go to.
#[derive(Clone, PartialEq, Debug)]
pub struct MailingList {
    /// The number.
    pub id: ListId,
    /// Name in files and front matter.
    pub slug: String,
    /// As people see it.
    pub name: String,
    /// Who is on it.
    pub membership: Membership,
}

/// Who is on a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Membership {
    /// Named by hand; the rows are in the store.
    Hand,
    /// Whoever fits all that is given; an empty part fits everybody.
    Rule {
        /// Sort of outlet.
        medium: Option<Medium>,
        /// One of their beats.
        beat: Option<String>,
        /// Their territory.
        territory: Option<String>,
    },
}

/// An address to which nothing goes, whoever holds it: outlives the contact, as a keyed hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppression {
    /// HMAC of the normalised address, in hexadecimal.
    pub hash: String,
    /// Since when.
    pub at: Timestamp,
    /// Why: `opt-out`, `erased`; `bounced` until a person frees it.
    pub why: String,
}

impl Medium {
    /// Every sort.
    pub const ALL: [Self; 5] = [Self::Agency, Self::Print, Self::Web, Self::Radio, Self::Tv];

    /// Its name in rows, forms and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Print => "print",
            Self::Web => "web",
            Self::Radio => "radio",
            Self::Tv => "tv",
        }
    }

    /// The sort of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.name() == name)
    }
}

impl Basis {
    /// Every ground.
    pub const ALL: [Self; 2] = [Self::PublicTask, Self::Consent];

    /// Its name in rows and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::PublicTask => "public_task",
            Self::Consent => "consent",
        }
    }

    /// The ground of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.name() == name)
    }
}

impl Contact {
    /// Whether the licence under which the address is held has ended before that day: its last day still counts.
    pub fn is_lapsed(&self, day: Date) -> bool {
        self.expires.is_some_and(|last| last < day)
    }
}

impl Membership {
    /// Whether a rule takes this contact in. A list by hand takes nobody in by itself.
    pub fn takes(&self, contact: &Contact) -> bool {
        match self {
            Self::Hand => false,
            Self::Rule { medium, beat, territory } => {
                let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
                medium.is_none_or(|m| m == contact.medium)
                    && beat.as_ref().is_none_or(|b| contact.beats.iter().any(|have| same(have, b)))
                    && territory.as_ref().is_none_or(|t| same(&contact.territory, t))
            }
        }
    }
}
