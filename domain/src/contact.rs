//! Journalists and the lists they are on. Each record says why we hold it and until when
//! (GDPR art. 5, 6(1)(e), 14; basis: L. 150/2000).

use crate::quiet::QuietHours;
use crate::{Address, ContactId, ListId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most telephones of a journalist.
pub const MOST_PHONES: usize = 5;
/// Most further addresses of a journalist, and as many further outlets.
pub const MOST_OTHERS: usize = 10;
/// Longest notes of the office about a journalist, in characters.
pub const LONGEST_NOTES: usize = 4_000;
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
    /// Further addresses of the same person: nothing is mailed there, but who writes from one is known, and they are closed
    /// with the first. At most [`MOST_OTHERS`]; an address stands with one person only.
    pub others: Vec<Address>,
    /// What they are at their outlet.
    pub role: String,
    /// Where else they work: at most [`MOST_OTHERS`].
    pub posts: Vec<Post>,
    /// What the office has written about them: personal data like the rest, given out to whoever asks what is held on them.
    pub notes: String,
}

/// A further outlet that a journalist works for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Post {
    /// The outlet's name.
    pub outlet: String,
    /// What they are there; may be empty.
    pub role: String,
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

impl Post {
    /// `Radio Riva (conduttrice)`; none without an outlet.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (outlet, role) = match text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
            Some((outlet, role)) if !outlet.trim().is_empty() => (outlet.trim(), role.trim()),
            _ => (text, ""),
        };
        (!outlet.is_empty()).then(|| Self { outlet: outlet.to_owned(), role: role.to_owned() })
    }

    /// As [`Post::parse`] reads it.
    pub fn words(&self) -> String {
        if self.role.is_empty() { self.outlet.clone() } else { format!("{} ({})", self.outlet, self.role) }
    }
}

impl Contact {
    /// All addresses of the person, the one that is written to first.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        std::iter::once(&self.address).chain(&self.others)
    }

    /// All outlets that they work for, the first one first; none that is empty.
    pub fn outlets(&self) -> impl Iterator<Item = &str> {
        let all = std::iter::once(self.outlet.as_str()).chain(self.posts.iter().map(|post| post.outlet.as_str()));
        all.filter(|outlet| !outlet.is_empty())
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlet_and_what_somebody_is_there_are_read_as_they_are_written() {
        let post = |outlet: &str, role: &str| Some(Post { outlet: outlet.into(), role: role.into() });
        for (text, expected) in [
            ("Radio Riva (conduttrice)", post("Radio Riva", "conduttrice")),
            (" Il Lago ", post("Il Lago", "")),
            ("Eco (di sponda) ( direttore )", post("Eco (di sponda)", "direttore")),
            ("(solo ruolo)", post("(solo ruolo)", "")),
            (" ", None),
        ] {
            assert_eq!(Post::parse(text), expected);
            assert_eq!(expected.as_ref().and_then(|post| Post::parse(&post.words())), expected);
        }
    }
}
