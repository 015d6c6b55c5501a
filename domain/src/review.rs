//! Clippings, editions and the review (*rassegna stampa*) made of them.
//!
//! A [`Review`] is one value from which mail, text, web page and PDF are drawn: whoever prints it holds nothing else.
//! Its texts of others are [`Extract`]s already. A published version is frozen as it stands.

use crate::{
    ArticleId, ClippingId, EditionId, Extract, Grade, Holidays, OrderRule, OutletId, Period, Point, ReleaseId,
    ReviewId, Schedule, SectionId, Slot, StoryId, Timestamp, UserId, WatchId,
};
use serde::{Deserialize, Serialize};

/// An article kept for a watch.
#[derive(Clone, PartialEq, Debug)]
pub struct Clipping {
    /// Its number.
    pub id: ClippingId,
    /// The article.
    pub article: ArticleId,
    /// The watch.
    pub watch: WatchId,
    /// When it matched.
    pub matched_at: Timestamp,
    /// The words of the query that matched.
    pub why: Vec<String>,
    /// Whether it matched while it was news: only then it may alert.
    pub fresh: bool,
    /// Kept or dropped, and by whom.
    pub state: ClippingState,
    /// What was found in the article then; empty where nobody looked.
    pub grade: Grade,
}

/// What a person made of a clipping.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ClippingState {
    /// Nobody has looked.
    Proposed,
    /// In.
    Kept {
        /// By whom.
        by: UserId,
    },
    /// Out.
    Dropped {
        /// By whom.
        by: UserId,
    },
}

/// Who may see a review.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Its readers.
    #[default]
    Readers,
    /// Named readers only; in no list, feed or search.
    Reserved,
    /// Anybody: headline, source and link.
    Public,
}

/// A review that is made at its hours, for its readers, with fixed sections.
#[derive(Clone, PartialEq, Debug)]
pub struct Edition {
    /// Its number.
    pub id: EditionId,
    /// Its name in files.
    pub slug: String,
    /// As people see it.
    pub name: String,
    /// When it leaves; ask [`Edition::next_after`], which knows holidays.
    pub schedule: Schedule,
    /// So many minutes before, the proposal is ready.
    pub ready_before: u32,
    /// Who may see it.
    pub visibility: Visibility,
    /// Its sections, in their fixed order.
    pub sections: Vec<Section>,
    /// At most so many stories a section.
    pub cap: usize,
    /// At most so many proposals a section that one outlet alone tells; 0 is no limit.
    pub outlet_cap: usize,
    /// What it does on public holidays.
    pub holidays: Holidays,
    /// Which story of a section stands first.
    pub order: OrderRule,
    /// The slot that was done last; the beginning of the edition at first. Where the hour was moved after an issue had
    /// left, the hour of that issue under the new rules ([`Edition::done_after`]).
    pub done: Slot,
}

/// A part of an edition, fed by watches.
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// Its number.
    pub id: SectionId,
    /// Its heading.
    pub name: String,
    /// The watches that feed it.
    pub watches: Vec<WatchId>,
}

/// One issue of an edition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Review {
    /// Its number.
    pub id: ReviewId,
    /// The edition.
    pub edition: EditionId,
    /// The edition's name.
    pub title: String,
    /// The civil occurrence that it is made for.
    pub slot: Slot,
    /// What it covers: clippings matched inside.
    pub period: Period,
    /// 0 while it is a draft, then 1, 2, …
    pub version: u32,
    /// Where it stands.
    pub state: ReviewState,
    /// Sections in their order, also the empty ones.
    pub sections: Vec<ReviewSection>,
    /// Who picked up our releases in the period.
    pub pickup: Vec<PickupLine>,
    /// What was read for it, and what may have been missed.
    pub coverage: Coverage,
}

/// Where a review stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ReviewState {
    /// Proposed; may still change.
    Draft,
    /// Gone out as it stands.
    Published {
        /// When.
        at: Timestamp,
        /// Who confirmed it; `None` is *non revisionata*.
        by: Option<UserId>,
    },
}

/// One section of one issue.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReviewSection {
    /// The section of the edition.
    pub section: SectionId,
    /// Its heading.
    pub name: String,
    /// Its stories, in order.
    pub entries: Vec<Entry>,
}

/// How much a story matters, given after reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relevance {
    /// *Principale*.
    Main,
    /// *Secondaria*.
    Minor,
    /// *Citazione*.
    Mention,
}

/// One story in a review: its lead article and where else it stood.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The story.
    pub story: StoryId,
    /// The article that stands for it.
    pub article: ArticleId,
    /// Its publication.
    pub outlet: OutletId,
    /// The publication's name.
    pub outlet_name: String,
    /// Title of the article.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Who signed it.
    pub authors: Vec<String>,
    /// When it was published, or first seen.
    pub dated: Timestamp,
    /// What may be shown of its text.
    pub extract: Extract,
    /// Where that stands in the article; none where nothing is shown, where an officer typed it, and in reviews of older
    /// programs.
    #[serde(default)]
    pub passage: Option<Passage>,
    /// The other outlets, in the order of their tier.
    pub also_in: Vec<AlsoIn>,
    /// Given by a person.
    pub relevance: Option<Relevance>,
    /// *Perché è qui*: the watches and words that brought it.
    pub why: Vec<String>,
    /// The points that put it in its place; none in reviews of older programs.
    #[serde(default)]
    pub points: Vec<Point>,
    /// The office's own words in place of the extract; empty if there are none.
    #[serde(default)]
    pub summary: String,
    /// A line of the office to the readers; empty if there is none.
    #[serde(default)]
    pub note: String,
}

/// Where the words of an extract stand in their article, as it was then.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Passage {
    /// In which of its texts.
    pub part: TextPart,
    /// First character and the one behind the last, counted from the beginning of that text; in order.
    pub ranges: Vec<(usize, usize)>,
}

/// A text of an article.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextPart {
    /// The outlet's own summary.
    Lead,
    /// The body.
    Body,
}

/// Another outlet that told the same story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlsoIn {
    /// The article there.
    pub article: ArticleId,
    /// The publication's name.
    pub outlet_name: String,
    /// Address of the article there.
    pub url: String,
    /// Whether it is the same text: *ripresa*.
    pub copy: bool,
    /// The outlet whose text it is, where it is a copy of another's; empty where that is not known.
    #[serde(default)]
    pub origin: String,
}

/// How much of a release an article used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PickupLevel {
    /// *Tema*: the same story only.
    Theme,
    /// *Citazione*: a quotation or a sentence.
    Quote,
    /// *Parziale*: a good part.
    Partial,
    /// *Integrale*: the whole.
    Full,
}

/// An article that used a release.
#[derive(Clone, PartialEq, Debug)]
pub struct Pickup {
    /// The release.
    pub release: ReleaseId,
    /// The article.
    pub article: ArticleId,
    /// How much of it.
    pub level: PickupLevel,
    /// Share of the article's words that are the release's, in thousandths.
    pub of_article: i64,
    /// Share of the release's words that are in the article, in thousandths.
    pub of_release: i64,
    /// When it was found.
    pub at: Timestamp,
    /// What a person said of it, if somebody did.
    pub judged: Option<Judged>,
}

/// A person's word on how much of a release an article used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Judged {
    /// How much; none if it did not use it at all.
    pub level: Option<PickupLevel>,
    /// Who said so.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

impl Pickup {
    /// The level that holds: a person's word, else the machine's; none if it was no use of the release.
    pub fn holds(&self) -> Option<PickupLevel> {
        self.judged.map_or(Some(self.level), |judged| judged.level)
    }

    /// Whether it counts as a use: a quotation at least, the same theme alone is none.
    pub fn counts(&self) -> bool {
        self.holds().is_some_and(|level| level >= PickupLevel::Quote)
    }
}

/// What a review says of one release.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PickupLine {
    /// The release.
    pub release: ReleaseId,
    /// Its title.
    pub title: String,
    /// The outlet that used it.
    pub outlet_name: String,
    /// Where.
    pub url: String,
    /// How much.
    pub level: PickupLevel,
    /// So long after it went out, in milliseconds.
    pub delay: i64,
}

/// What was read for a review, and what may have been missed.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Sources that answer.
    pub alive: usize,
    /// All sources that are visited.
    pub total: usize,
    /// Articles kept in the period.
    pub articles: usize,
    /// The sources that do not answer.
    pub ill: Vec<IllSource>,
}

/// A source that does not answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct IllSource {
    /// The outlet's name.
    pub outlet_name: String,
    /// The source's slug.
    pub source: String,
    /// Since when.
    pub since: Timestamp,
    /// What is wrong.
    pub why: String,
}
