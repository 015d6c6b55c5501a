//! Importance: how much a story weighs in a review, as points that print themselves, and what the office makes of it.
//!
//! The values alone: where the words of a watch stand in an article ([`Grade`]), the points that follow with the reason of
//! each ([`Point`]), the office's weights ([`Weights`]), what its decisions taught ([`WatchModel`]), and the two numbers
//! of an issue ([`IssueWork`]). Whole numbers throughout, so that the sum of what is printed is what sorts. Left out: how
//! points are given (crate `stories`), their sentences (crate `digest`).

use crate::{Actor, EditionId, PersonId, ReaderId, Slot, StoryId, Timestamp, WatchId};
use serde::{Deserialize, Serialize};

/// A part of an article.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// The title.
    Title,
    /// What stands between title and body.
    Lead,
    /// The body; of a person: quoted there.
    Body,
}

/// How a watch asks for words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatternKind {
    /// A word in all its forms.
    Word,
    /// Words as they stand.
    Phrase,
    /// The beginning of a word.
    Prefix,
    /// Two things near each other.
    Near,
    /// The name of the town itself, in whatever way it was asked for: sport, crime and weather come with it.
    Town,
}

/// Something that a watch asks for and the article has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pattern {
    /// As it stands in the article for the first time.
    pub words: String,
    /// How it was asked.
    pub kind: PatternKind,
    /// How often it stands in the title.
    pub title: u32,
    /// How often in the lead.
    pub lead: u32,
    /// How often in the body.
    pub body: u32,
    /// The weight of the term that found it, in points; `None` where the query did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<i8>,
    /// The term is marked strong.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strong: bool,
}

/// Somebody of the register who held office that day and is in an article.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mention {
    /// Who.
    pub person: PersonId,
    /// As it is told: `assessora Ferri`.
    pub name: String,
    /// The weightiest place; [`Spot::Body`] is beside a quotation.
    pub spot: Spot,
}

/// What was found in an article when a watch clipped it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Grade {
    /// What the watch asks for, in the order of its query.
    pub patterns: Vec<Pattern>,
    /// The administrators in it.
    pub people: Vec<Mention>,
}

/// What points are given for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The words of a watch.
    Relevance,
    /// What the office's own decisions taught.
    Feedback,
    /// Somebody who governs the town is in it.
    Role,
    /// How many outlets tell it.
    Outlets,
    /// How much the office makes of the best outlet.
    Tier,
    /// High up on the front or home page of an outlet.
    Front,
    /// Many articles in a short time.
    Velocity,
    /// It is new.
    Freshness,
    /// A release of the office was picked up.
    Release,
    /// It stood in the review before, and nothing new came.
    Repeated,
}

impl Part {
    /// Its name in exported data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Feedback => "feedback",
            Self::Role => "role",
            Self::Outlets => "outlets",
            Self::Tier => "tier",
            Self::Front => "front",
            Self::Velocity => "velocity",
            Self::Freshness => "freshness",
            Self::Release => "release",
            Self::Repeated => "repeated",
        }
    }
}

/// Points with their reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// What for.
    pub part: Part,
    /// How many; below zero it takes away.
    pub points: i64,
    /// The words, the person, the outlet; empty where the part says it all.
    #[serde(default)]
    pub what: String,
    /// Where it stands.
    #[serde(default)]
    pub spot: Option<Spot>,
    /// Outlets, articles or decisions that are counted; a place on a front page; of the words of a watch what they would bring if nothing bounded them:
    /// it tells which of two sections a story belongs to.
    #[serde(default)]
    pub n: i64,
}

/// The sum of some points.
pub fn total(points: &[Point]) -> i64 {
    points.iter().map(|p| p.points).sum()
}

/// How many points the office gives for what. Largest values, where not said otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Weights {
    /// The words of a watch.
    pub relevance: i64,
    /// Of those of relevance, what decisions may add or take away.
    pub feedback: i64,
    /// An administrator in the title.
    pub role_title: i64,
    /// An administrator in the lead.
    pub role_lead: i64,
    /// An administrator who is quoted.
    pub role_quoted: i64,
    /// For each doubling of the number of outlets.
    pub outlet: i64,
    /// All outlets.
    pub outlets: i64,
    /// An outlet of the first tier.
    pub tier: i64,
    /// The first place of an outlet's front or home page.
    pub front: i64,
    /// Many articles in two hours.
    pub velocity: i64,
    /// It was published this moment.
    pub freshness: i64,
    /// Hours after which about a third of that is left.
    pub freshness_hours: i64,
    /// A release of the office was picked up.
    pub release: i64,
    /// Taken away where the story stood in the review before and nothing new came.
    pub repeated: i64,
    /// What a story must have to be proposed; 0 proposes all.
    pub minimum: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            relevance: 40,
            feedback: 10,
            role_title: 15,
            role_lead: 8,
            role_quoted: 5,
            outlet: 8,
            outlets: 20,
            tier: 10,
            front: 5,
            velocity: 10,
            freshness: 10,
            freshness_hours: 12,
            release: 5,
            repeated: 15,
            minimum: 0,
        }
    }
}

impl Weights {
    /// The largest value of any weight.
    pub const MOST: i64 = 100;

    /// Every weight with its name in files and forms, in the order of the page.
    pub fn named(&mut self) -> [(&'static str, &mut i64); 15] {
        [
            ("relevance", &mut self.relevance),
            ("feedback", &mut self.feedback),
            ("role_title", &mut self.role_title),
            ("role_lead", &mut self.role_lead),
            ("role_quoted", &mut self.role_quoted),
            ("outlet", &mut self.outlet),
            ("outlets", &mut self.outlets),
            ("tier", &mut self.tier),
            ("front", &mut self.front),
            ("velocity", &mut self.velocity),
            ("freshness", &mut self.freshness),
            ("freshness_hours", &mut self.freshness_hours),
            ("release", &mut self.release),
            ("repeated", &mut self.repeated),
            ("minimum", &mut self.minimum),
        ]
    }
}

/// The weights as they stand in the store.
#[derive(Clone, PartialEq, Debug)]
pub struct SavedWeights {
    /// 1, 2, …: a form that was filled over an older one is not taken.
    pub version: i64,
    /// When they were saved.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What they say.
    pub weights: Weights,
}

/// What the decisions about a watch taught.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WatchModel {
    /// Which watch.
    pub watch: WatchId,
    /// Stories of it that were kept.
    pub kept: i64,
    /// Stories of it that were dropped.
    pub dropped: i64,
    /// Readers' *non mi interessa* that counted beside them.
    #[serde(default)]
    pub declined: i64,
    /// What speaks against all of them alike, in thousandths.
    pub bias: i64,
    /// The weight of each trait that has one, by its hash, in thousandths; by hash.
    pub traits: Vec<(u32, i64)>,
    /// The words that weigh most, as they are written, in thousandths: the weightiest first.
    pub words: Vec<(String, i64)>,
}

/// That a reader said of a story: not for me.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Declined {
    /// The story.
    pub story: StoryId,
    /// The watch that told of it.
    pub watch: WatchId,
    /// Who said so.
    pub reader: ReaderId,
    /// When.
    pub at: Timestamp,
}

/// Work and sources of one issue, as they were when its first version left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssueWork {
    /// The edition.
    pub edition: EditionId,
    /// Which issue.
    pub slot: Slot,
    /// When it left.
    pub at: Timestamp,
    /// Milliseconds of human work until it was confirmed.
    pub active_ms: i64,
    /// Acts of people on it.
    pub acts: i64,
    /// Sources that answered.
    pub alive: i64,
    /// All sources that are visited.
    pub total: i64,
    /// Stories that the machine proposed and a person kept.
    pub kept: i64,
    /// Stories that the machine proposed and a person dropped.
    pub dropped: i64,
    /// Stories that a person added: brought by address or from elsewhere.
    pub added: i64,
    /// The weightiest proposals, ten at most; none where nobody confirmed the issue.
    pub first: i64,
    /// Those of them that stood in the issue when it left.
    pub first_kept: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_page_and_older_rows_read() {
        let mut weights: Weights = serde_json::from_str(r#"{"tier":3}"#).expect("what is absent is default");
        assert_eq!((weights.tier, weights.relevance), (3, 40));
        let names: std::collections::BTreeSet<_> = weights.named().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), 15);
    }
}
