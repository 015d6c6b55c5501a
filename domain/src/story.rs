//! Copies and stories: the same text, and articles that tell the same thing. The rules that place an article are in
//! the crate `stories`; only the job `group` makes the numbers.

use crate::{ArticleId, CopyGroupId, StoryId, Timestamp};
use serde::{Deserialize, Serialize};

/// Articles with the same text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CopyGroup {
    /// Its number: that of its first article.
    pub id: CopyGroupId,
    /// Where the text comes from: the earliest agency item, else the earliest.
    pub root: ArticleId,
}

/// Articles that tell the same event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// Its number, for ever.
    pub id: StoryId,
    /// The article that stands for it.
    pub lead: ArticleId,
    /// When its first article was seen.
    pub since: Timestamp,
    /// When its newest article was seen.
    pub touched: Timestamp,
}

/// What put an article where it stands. It is kept with it: a person is told it, and where a stream that came in another
/// order gives other stories, it says why.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The same text is there.
    Copy,
    /// It was made from a text that is there.
    Rework,
    /// An agency goes on under the same slug.
    Take,
    /// It is like what the story tells.
    Alike,
    /// It founds a story, as all below: a page of many things is never compared.
    Roundup,
    /// No open story has anything in common with it.
    Nothing,
    /// It is too little like the nearest story.
    Far,
    /// It is like the nearest story, and hardly less like the next ones.
    Crowd,
    /// Its own outlet alone told the nearest story, which asks for more.
    SameOutlet,
    /// It is a little like the nearest story, and shares nothing rare with it: no name, no number, no word of a title.
    Unproven,
    /// The titles name other places or other people.
    Elsewhere,
}

impl Because {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Copy,
        Self::Rework,
        Self::Take,
        Self::Alike,
        Self::Roundup,
        Self::Nothing,
        Self::Far,
        Self::Crowd,
        Self::SameOutlet,
        Self::Unproven,
        Self::Elsewhere,
    ];

    /// Its name in exported data and in the keys of its words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Rework => "rework",
            Self::Take => "take",
            Self::Alike => "alike",
            Self::Roundup => "roundup",
            Self::Nothing => "nothing",
            Self::Far => "far",
            Self::Crowd => "crowd",
            Self::SameOutlet => "same_outlet",
            Self::Unproven => "unproven",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Whether it joins what was there.
    pub const fn joins(self) -> bool {
        matches!(self, Self::Copy | Self::Rework | Self::Take | Self::Alike)
    }
}

/// The story that an article lies nearest to among those that it did not join.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Beside {
    /// Which.
    pub story: StoryId,
    /// How alike, in thousandths.
    pub likeness: i64,
}

/// Where an article belongs, as the machine found it.
#[derive(Clone, PartialEq, Debug)]
pub struct Placement {
    /// The article.
    pub article: ArticleId,
    /// The group of copies that it joins; a new one where absent.
    pub copy_of: Option<CopyGroupId>,
    /// The text that it was made from, though not a copy.
    pub derived_from: Option<ArticleId>,
    /// The story that it joins; a new one where absent.
    pub story: Option<StoryId>,
    /// How alike it is to that story, in thousandths: shown to people, never compared by SQL.
    pub likeness: i64,
    /// The story that it may belong to as well: of one that founds a story the nearest, of one that holds two texts that
    /// of the other. *Forse collegato*, for a person to decide.
    pub perhaps: Option<StoryId>,
    /// The table of term weights that it was placed by: the first article that was placed by it.
    pub table: Option<ArticleId>,
    /// What put it there; not known of articles that were placed before this was kept.
    pub because: Option<Because>,
    /// The nearest story that it did not join, where stories were compared.
    pub beside: Option<Beside>,
}

impl Placement {
    /// In a group and a story of its own.
    pub fn alone(article: ArticleId) -> Self {
        Self {
            article,
            copy_of: None,
            derived_from: None,
            story: None,
            likeness: 0,
            perhaps: None,
            table: None,
            because: None,
            beside: None,
        }
    }
}
