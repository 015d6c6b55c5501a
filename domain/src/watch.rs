//! Watches (*temi*), the queries inside them, and the register of persons.

use crate::{ArticleId, Grading, OutletId, Period, PersonId, Timestamp, WatchId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A question to the archive: one value for the desk, watches, the command line and programs.
#[derive(Clone, PartialEq, Debug)]
pub struct Query {
    /// The query text, in the language of the crate `index`.
    pub text: String,
    /// Only articles dated inside.
    pub period: Option<Period>,
    /// Only these outlets; all where empty.
    pub outlets: Vec<OutletId>,
    /// Only articles with one of these sections, as the archive counts them; all where empty.
    pub rubrics: Vec<String>,
    /// Only these articles, such as those of a dossier; all where `None`.
    pub only: Option<Vec<ArticleId>>,
    /// The order of the answer.
    pub sort: Sort,
    /// Whether the whole answer is counted by outlet, section and day.
    pub counts: bool,
    /// Which part of the answer.
    pub page: Page,
}

/// The order of an answer; ties by number, so that it is total.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Best first.
    Relevance,
    /// The outlets that weigh most for the office first; of each rank the newest first.
    Outlets,
}

/// A part of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// At most so many hits.
    pub size: usize,
    /// Where the part before ended: the token that came with it.
    pub after: Option<String>,
}

impl Query {
    /// The first twenty hits of a query text, newest first.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            period: None,
            outlets: Vec::new(),
            rubrics: Vec::new(),
            only: None,
            sort: Sort::Newest,
            counts: true,
            page: Page { size: 20, after: None },
        }
    }
}

/// How soon a watch speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// *Solo rassegna*.
    #[default]
    Review,
    /// *Ordinario*: an alert with the next batch of the office.
    Ordinary,
    /// *Flash*: an alert at once.
    Flash,
}

impl Urgency {
    /// Every urgency, the calmest first.
    pub const ALL: [Self; 3] = [Self::Review, Self::Ordinary, Self::Flash];

    /// Its name in files and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Ordinary => "ordinary",
            Self::Flash => "flash",
        }
    }

    /// The urgency of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|urgency| urgency.name() == name)
    }
}

/// A saved query that clips articles: an alert, a section of the review, a chart and a feed in one.
#[derive(Clone, PartialEq, Debug)]
pub struct Watch {
    /// Its number.
    pub id: WatchId,
    /// Its name in files and in `tema:`.
    pub slug: String,
    /// As people see it.
    pub name: String,
    /// The query text.
    pub query: String,
    /// Weight in the order of a section, 1 to 10.
    pub weight: u8,
    /// How soon it speaks.
    pub urgency: Urgency,
    /// *Trattieni*: minutes that an alert stands at the gate, where an officer may hold it, add a line, send or drop it;
    /// 0 is no gate.
    pub hold: u32,
    /// How much of what the query found belongs to it.
    pub grading: Grading,
    /// Not matched any more.
    pub retired_at: Option<Timestamp>,
}

/// Somebody of whom the press writes: gazetteer, guard against namesakes and register of par condicio in one.
#[derive(Clone, PartialEq, Debug)]
pub struct Person {
    /// The number.
    pub id: PersonId,
    /// Name in files.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// Other names, such as *la vicesindaca*.
    pub aliases: Vec<String>,
    /// Office held.
    pub office: String,
    /// First and last day in that office; `None` is not known or not yet.
    pub from: Option<Date>,
    /// Last day in that office.
    pub until: Option<Date>,
}

impl Person {
    /// Whether the office is held on that day; where a day is not known it counts as held.
    pub fn is_in_office(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}
