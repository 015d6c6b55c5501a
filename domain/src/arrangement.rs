//! The curator's hand: what people decided about one issue of an edition.
//!
//! It stands beside what the machine proposes, not in it, so that it survives every recomputation: a proposal made
//! again at the hour finds the same stories kept, dropped, placed and annotated. Each line carries a version of its
//! own; whoever acts on a line names the version that was on the screen, so that two officers never overwrite each
//! other. Left out: how a review is made of it (crate `digest`), who may act (`acts`).

use crate::{
    ArticleId, Because, ClippingState, EditionId, Part, Relevance, SectionId, Slot, StoryId, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One issue of an edition: what a page of the desk and an act of a person are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IssueKey {
    /// The edition.
    pub edition: EditionId,
    /// The civil occurrence that it is made for.
    pub slot: Slot,
}

/// What people decided about one issue.
#[derive(Clone, PartialEq, Debug)]
pub struct Arrangement {
    /// Which issue.
    pub issue: IssueKey,
    /// When somebody first acted: what comes later waits in a tray.
    pub begun_at: Option<Timestamp>,
    /// Who confirmed it, and when; a later act takes it back.
    pub confirmed: Option<(UserId, Timestamp)>,
    /// The lines that somebody touched.
    pub hands: BTreeMap<StoryId, Hand>,
}

/// How a story stands towards the administration. No machine sets it: a lexicon measures the matter of a text (an accident,
/// a mourning) and not its stance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// *Favorevole*.
    Favourable,
    /// *Neutro*.
    Neutral,
    /// *Critico*.
    Critical,
}

impl Tone {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Favourable, Self::Neutral, Self::Critical];

    /// Its name in exported data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Favourable => "favourable",
            Self::Neutral => "neutral",
            Self::Critical => "critical",
        }
    }
}

/// What people decided about one story in one issue.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Hand {
    /// The story.
    pub story: StoryId,
    /// Raised by each act on this line; 0 before the first.
    pub version: u32,
    /// Kept or dropped, and by whom.
    pub state: ClippingState,
    /// The section that it was put into; the one that its watches feed where absent.
    pub section: Option<SectionId>,
    /// Its place in the section, before all lines without one.
    pub place: Option<i64>,
    /// Given after reading.
    pub relevance: Option<Relevance>,
    /// How it stands towards the administration, as a person read it; counted, never guessed, and for the desk alone.
    #[serde(default)]
    pub tone: Option<Tone>,
    /// A line to the readers.
    pub note: String,
    /// The officer's own words in place of the extract.
    pub summary: String,
    /// The article that stands for the story.
    pub lead: Option<ArticleId>,
    /// The sentences that stand for the article, where a person chose them.
    #[serde(default)]
    pub chosen: Option<Chosen>,
    /// The newest article of the story when somebody last decided: what is newer is news.
    pub seen: ArticleId,
    /// It comes from another issue, or from an address that somebody pasted: shown whenever it was clipped.
    pub brought: bool,
    /// Who touched it last; `None` is the program, which carried it over.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// Sentences of an article that a person chose to stand for it. Each is known by a hash of its words: it is found again
/// wherever it stands when the article is corrected, and no text of another's is kept twice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chosen {
    /// Whose.
    pub article: ArticleId,
    /// Their hashes, in the order of the text.
    pub sentences: Vec<u64>,
}

/// An act of a person on an issue, with the lines before and after: what is undone by its reverse.
#[derive(Clone, PartialEq, Debug)]
pub struct Curation {
    /// Its number.
    pub id: i64,
    /// The issue.
    pub issue: IssueKey,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: UserId,
    /// What was done, such as `review.keep`.
    pub verb: String,
    /// The lines before and after.
    pub change: CurationChange,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
}

/// What an act changed.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CurationChange {
    /// Each line touched: before (`None`: nobody had touched it) and after.
    pub lines: Vec<(StoryId, Option<Hand>, Option<Hand>)>,
    /// The ties between stories that it made.
    pub ties: Vec<i64>,
    /// A line of another issue that it made or changed.
    pub elsewhere: Vec<Elsewhere>,
    /// What the machine had made of those stories before; empty of acts before this was kept.
    #[serde(default)]
    pub laid: Vec<Laid>,
}

/// A story as the machine had laid it on the table when a person decided about it: what a decision is test data of.
/// Numbers only, no text and no name.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Laid {
    /// Which.
    pub story: StoryId,
    /// The section that it was proposed for.
    pub section: Option<SectionId>,
    /// Whether it would have left without anybody's word.
    pub leaves: bool,
    /// Its points, added up by what they are given for.
    pub points: Vec<(Part, i64)>,
    /// Version of the office's weights that they were given by; 0 are those of the program.
    pub weights: i64,
    /// Its articles, the first of them at most.
    pub members: Vec<Member>,
}

/// An article of a story, and how it came there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Member {
    /// Which.
    pub article: ArticleId,
    /// What put it there; not known of those that were placed before this was kept.
    pub because: Option<Because>,
    /// How alike it was to what it joined, in thousandths.
    pub likeness: i64,
    /// The table of term weights that it was placed by.
    pub table: Option<ArticleId>,
}

/// A line of another issue.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Elsewhere {
    /// That issue.
    pub issue: IssueKey,
    /// The line before.
    pub before: Option<Hand>,
    /// The line after.
    pub after: Option<Hand>,
    /// The story.
    pub story: StoryId,
}

/// A person's word on what is one story and what is not: the machine never undoes it.
#[derive(Clone, PartialEq, Debug)]
pub struct StoryTie {
    /// Its number.
    pub id: i64,
    /// Which way.
    pub kind: TieKind,
    /// The story that was there before and stays.
    pub story: StoryId,
    /// The story that was joined to it, or that was made out of it.
    pub other: StoryId,
    /// The articles that changed their story.
    pub articles: Vec<ArticleId>,
    /// Alerts that were written for the story they came to, so that nobody is told twice.
    pub alerts: Vec<i64>,
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

/// Which way a tie goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieKind {
    /// *È la stessa notizia*: must link.
    Same,
    /// *Non è la stessa notizia*: cannot link.
    Other,
}

impl IssueKey {
    /// `review:generale/2026-11-23T07:00:00`: what a line of the log is about.
    pub fn subject(&self, edition: &str) -> String {
        format!("issue:{edition}/{}", self.slot)
    }
}

impl Arrangement {
    /// An issue that nobody has touched.
    pub fn untouched(issue: IssueKey) -> Self {
        Self { issue, begun_at: None, confirmed: None, hands: BTreeMap::new() }
    }

    /// The version that the line of a story stands at.
    pub fn version(&self, story: StoryId) -> u32 {
        self.hands.get(&story).map_or(0, |hand| hand.version)
    }

    /// The place behind all that have one in a section.
    pub fn next_place(&self, section: SectionId) -> i64 {
        let places = self.hands.values().filter(|h| h.section == Some(section)).filter_map(|h| h.place);
        places.max().map_or(1, |last| last + 1)
    }
}

impl Hand {
    /// A line that nobody has touched, as it would be written at `at`.
    pub fn new(story: StoryId, at: Timestamp) -> Self {
        Self {
            story,
            version: 0,
            state: ClippingState::Proposed,
            section: None,
            place: None,
            relevance: None,
            tone: None,
            note: String::new(),
            summary: String::new(),
            lead: None,
            chosen: None,
            seen: ArticleId(0),
            brought: false,
            by: None,
            at,
        }
    }

    /// Whether nothing is decided by it: an act that was undone leaves such a one, so that its version goes on.
    pub fn is_neutral(&self) -> bool {
        *self
            == Self {
                version: self.version,
                seen: self.seen,
                by: self.by,
                at: self.at,
                ..Self::new(self.story, self.at)
            }
    }

    /// Whether somebody put it in.
    pub fn is_kept(&self) -> bool {
        matches!(self.state, ClippingState::Kept { .. })
    }

    /// Whether somebody put it out.
    pub fn is_dropped(&self) -> bool {
        matches!(self.state, ClippingState::Dropped { .. })
    }
}
