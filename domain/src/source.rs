//! Sources (*fonti*): what we visit for an outlet, and how each fares.
//!
//! Left out: politeness and pace (crawler), health sentences (locale).

use crate::{Actor, Learned, OutletId, RightsClass, SourceId, Timestamp, VisitOutcome};
use serde::{Deserialize, Serialize};

/// One address, or one drop folder, that we visit for an outlet.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// Its number.
    pub id: SourceId,
    /// Its name in files, one space of names for all sources.
    pub slug: String,
    /// The publication.
    pub outlet: OutletId,
    /// What is read there.
    pub kind: SourceKind,
    /// Address, or path of the drop folder.
    pub url: String,
    /// The host whose gate it stands behind: the registrable domain of its address.
    pub host: String,
    /// How often.
    pub cadence: Cadence,
    /// The rubric of its articles, if the source is one section.
    pub rubric: Option<String>,
    /// Override of the outlet's rights class.
    pub rights: Option<RightsClass>,
    /// What is known about our right to read it.
    pub legal: LegalStatus,
    /// Whether article pages are fetched for the body.
    pub extract: bool,
    /// Who declared it.
    pub origin: Origin,
    /// Paused by a person: not visited.
    pub paused: bool,
    /// When it left `feeds.toml`: not visited, never deleted.
    pub retired_at: Option<Timestamp>,
    /// When it is visited next.
    pub next_at: Timestamp,
    /// How it fares.
    pub health: Health,
    /// What the server wants to hear back on the next visit.
    pub validators: Validators,
    /// What its visits have taught.
    pub learned: Learned,
    /// How it is read where the general way is not enough.
    pub reading: SourceReading,
}

/// What is read at a source's address.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SourceKind {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A news sitemap.
    Sitemap,
    /// A section page, read by selectors.
    Page {
        /// Where its items are.
        selectors: Selectors,
    },
    /// A folder into which an agency drops files.
    Wire {
        /// Their format; recognised by content where absent.
        format: Option<WireFormat>,
    },
}

/// CSS selectors of a section page; all but `item` are looked for inside an item.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selectors {
    /// One news item.
    pub item: String,
    /// Its link; the first `a[href]` where absent.
    pub link: Option<String>,
    /// Its title; the link's text where absent.
    pub title: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// Its lead.
    pub lead: Option<String>,
}

/// CSS selectors of a source's article pages, where the general way of reading them does not do. A page on which one
/// finds nothing is read as if it were not there.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArticleSelectors {
    /// What holds the text; what several elements hold is joined in the order of the page.
    pub body: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// Every signature.
    pub authors: Option<String>,
    /// The date of publication.
    pub date: Option<String>,
    /// What is taken out before anything is read.
    pub remove: Vec<String>,
}

/// How what a source publishes is read, beyond its [`SourceKind`]: what only some sources need.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SourceReading {
    /// Its article pages.
    pub article: Option<ArticleSelectors>,
    /// Its order is that of the outlet's front or home page: what stands first there is what the outlet holds for most
    /// important, and counts in a review ([`Part::Front`](crate::Part::Front)).
    pub front: bool,
}

/// Formats of agency wires.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WireFormat {
    /// NewsML-G2.
    NewsmlG2,
    /// NewsML 1.x.
    Newsml1,
    /// NITF.
    Nitf,
    /// IPTC 7901.
    Iptc7901,
    /// ANPA 1312.
    Anpa,
}

/// How often a source is visited: the class of the document on the crawler.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Cadence {
    /// Agency.
    A,
    /// National outlet.
    B,
    /// Local outlet.
    C,
    /// Institution.
    D,
}

/// What the office knows about its right to read a source by program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum LegalStatus {
    /// Nobody has looked yet.
    #[default]
    #[serde(rename = "da verificare")]
    ToVerify,
    /// Looked at and found in order.
    #[serde(rename = "verificata")]
    Verified,
    /// Under a licence.
    #[serde(rename = "con licenza")]
    Licensed,
}

/// What a site says about the use of its texts by programs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PublisherSignals {
    /// Crawlers of artificial intelligence that robots.txt forbids something to.
    pub ai_agents: Vec<String>,
    /// Text mining is reserved (L. 633/1941 art. 70-quater); unknown where nobody has asked.
    pub tdm_reserved: Option<bool>,
}

/// Who declared a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// `feeds.toml`.
    File,
    /// A person at the desk.
    Desk,
}

/// What the desk can set of a source against its declaration, with the value that it sets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "field", content = "value")]
pub enum Setting {
    /// Whether it is left alone.
    Paused(bool),
    /// How often it is visited.
    Cadence(Cadence),
    /// Override of the outlet's rights class.
    Rights(Option<RightsClass>),
    /// What is known about our right to read it.
    Legal(LegalStatus),
    /// Whether its order is that of the outlet's front page ([`SourceReading::front`]).
    Front(bool),
    /// Where it is visited: it has moved.
    Address {
        /// The address.
        url: String,
        /// The host whose gate it stands behind.
        host: String,
    },
}

/// A [`Setting`] in force: who set it and why, and what comes back when it ends.
#[derive(Clone, PartialEq, Debug)]
pub struct SourceOverride {
    /// The source.
    pub source: SourceId,
    /// What holds.
    pub setting: Setting,
    /// What is declared.
    pub declared: Setting,
    /// Who set it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why, in their words.
    pub why: String,
}

/// How a source fares. Silence is visible: whatever goes wrong moves a source out of `Alive`, and one success heals it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Health {
    /// Declared, never visited.
    New,
    /// The last visit was good.
    Alive,
    /// Something failed; not yet called ill.
    Failing {
        /// Failed visits in a row.
        times: u32,
    },
    /// *Ammalata*.
    Ill {
        /// Since when.
        since: Timestamp,
        /// Failed visits in a row.
        times: u32,
        /// What went wrong, in a few plain words.
        why: String,
    },
    /// *Bloccata dal sito*: the server refuses us by name or asks a challenge.
    Blocked {
        /// Since when.
        since: Timestamp,
        /// What it answered.
        why: String,
    },
    /// *Vietata da robots.txt*.
    Forbidden {
        /// Since when.
        since: Timestamp,
    },
}

/// What a server asked us to send back, per address (RFC 9110 §13).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, also a weak one.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
    /// Hash of the last body: an unchanged one is not parsed again.
    pub body_hash: Option<String>,
}

impl Setting {
    /// The name of what is set.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Paused(_) => "paused",
            Self::Cadence(_) => "cadence",
            Self::Rights(_) => "rights",
            Self::Legal(_) => "legal",
            Self::Front(_) => "front",
            Self::Address { .. } => "address",
        }
    }

    /// What a source has now of the same field.
    #[must_use]
    pub fn of(&self, source: &Source) -> Self {
        match self {
            Self::Paused(_) => Self::Paused(source.paused),
            Self::Cadence(_) => Self::Cadence(source.cadence),
            Self::Rights(_) => Self::Rights(source.rights),
            Self::Legal(_) => Self::Legal(source.legal),
            Self::Front(_) => Self::Front(source.reading.front),
            Self::Address { .. } => Self::Address { url: source.url.clone(), host: source.host.clone() },
        }
    }
}

impl SourceKind {
    /// Whether it can have the order of a front page: a map and a wire have none.
    pub fn has_order(&self) -> bool {
        matches!(self, Self::Feed | Self::Page { .. })
    }
}

impl Source {
    /// Whether it is visited at all.
    pub fn is_active(&self) -> bool {
        !self.paused && self.retired_at.is_none()
    }
}

impl Health {
    /// Whether the source counts among the living.
    pub fn is_alive(&self) -> bool {
        matches!(self, Self::New | Self::Alive | Self::Failing { .. })
    }

    /// Whether a person would be told the same of both: counts of failed visits aside.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ill { since, why, .. }, Self::Ill { since: s, why: w, .. }) => since == s && why == w,
            (one, other) => one == other,
        }
    }

    /// The health after a visit that ended so at `at`: soft failures make ill at three in a row, hard ones and pages
    /// that are no feed at two, an empty page and a hostile one at once; one success heals.
    #[must_use]
    pub fn after(&self, outcome: &VisitOutcome, at: Timestamp) -> Self {
        let (times, since) = match self {
            Self::New | Self::Alive | Self::Forbidden { .. } => (0, at),
            Self::Failing { times } => (*times, at),
            Self::Ill { since, times, .. } => (*times, *since),
            Self::Blocked { since, .. } => (0, *since),
        };
        let failed = |limit: u32, why: &str| {
            let times = times.saturating_add(1);
            if times >= limit || matches!(self, Self::Ill { .. }) {
                Self::Ill { since, times, why: why.to_owned() }
            } else {
                Self::Failing { times }
            }
        };
        match outcome {
            VisitOutcome::Read | VisitOutcome::Unchanged => Self::Alive,
            VisitOutcome::Ours { .. } => self.clone(),
            VisitOutcome::Soft { why } => failed(3, why),
            VisitOutcome::Hard { why } | VisitOutcome::NotAFeed { why } => failed(2, why),
            VisitOutcome::Empty { why } | VisitOutcome::Hostile { why } => failed(1, why),
            VisitOutcome::Blocked { why } => Self::Blocked { since, why: why.clone() },
            VisitOutcome::Robots => match self {
                Self::Forbidden { since } => Self::Forbidden { since: *since },
                _ => Self::Forbidden { since: at },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_make_ill_and_one_success_heals() {
        let soft = VisitOutcome::Soft { why: "no answer".into() };
        let mut health = Health::Alive;
        for n in 1..=4 {
            health = health.after(&soft, Timestamp(n));
        }
        assert_eq!(health, Health::Ill { since: Timestamp(3), times: 4, why: "no answer".into() });
        assert!(!health.is_alive());
        let ours = VisitOutcome::Ours { why: "disk full".into() };
        assert_eq!(health.after(&ours, Timestamp(5)), health);
        assert_eq!(health.after(&VisitOutcome::Unchanged, Timestamp(6)), Health::Alive);
    }

    #[test]
    fn a_changed_layout_is_an_illness_at_once() {
        let empty = VisitOutcome::Empty { why: "0 items".into() };
        assert!(matches!(Health::Alive.after(&empty, Timestamp(9)), Health::Ill { times: 1, .. }));
    }
}
