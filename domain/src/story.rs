//! Copies and stories: the same text, and articles that tell the same thing. The rules that place an article are in
//! the crate `stories`; only the job `group` makes the numbers.

use crate::{ArticleId, CopyGroupId, StoryId, Timestamp};

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
    /// The story that it may belong to though it founds one of its own: *forse collegato*, for a person to decide.
    pub perhaps: Option<StoryId>,
    /// The table of term weights that it was placed by: the first article that was placed by it.
    pub table: Option<ArticleId>,
}

impl Placement {
    /// In a group and a story of its own.
    pub fn alone(article: ArticleId) -> Self {
        Self { article, copy_of: None, derived_from: None, story: None, likeness: 0, perhaps: None, table: None }
    }
}
