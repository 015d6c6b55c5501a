//! The searchable archive as its callers see it.
//!
//! A trait because two implementations are foreseen: the engine in this process, and a driver for an existing cluster.
//! `tests/contract/archive.rs` is what every one of them must pass.

use crate::query::{Names, Notice, QueryError};
use crate::standing::Standing;
use async_trait::async_trait;
use jiff::civil::Date;
use salastampa_domain::{Article, ArticleId, Change, ForeignText, OutletId, Query, Seq, Timestamp};

/// The searchable archive. It follows the store and owns nothing: delete it, and feeding it all changes makes it again.
#[async_trait]
pub trait Archive: Send + Sync {
    /// The last change that is applied, durable and seen by searches; 0 before the first.
    async fn cursor(&self) -> anyhow::Result<Seq>;

    /// Whether it answers, what is being built, and what is in the way.
    async fn standing(&self) -> anyhow::Result<Standing>;

    /// Makes changes searchable together with their cursor, or not at all. Those up to the cursor are skipped, so that
    /// a replay is free; they come in the order of their `seq`. When this returns, a search sees them.
    async fn apply(&self, changes: &[Change]) -> anyhow::Result<()>;

    /// Answers a query. `now` is what *oggi* is seen from. An empty query text finds everything.
    async fn search(&self, query: &Query, names: &Names, now: Timestamp) -> Result<Hits, SearchError>;

    /// What else lies near an article by the words that tell it apart, in its time first, then the nearest first: at most
    /// `limit`, neither the article nor any of `but`. Empty where nothing is near. `body` is that of its newest revision.
    async fn related(
        &self,
        article: &Article,
        body: &ForeignText,
        but: &[ArticleId],
        limit: usize,
    ) -> Result<Vec<Hit>, SearchError>;
}

/// A page of an answer, and counts of the whole answer.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Hits {
    /// Number of articles in the whole answer.
    pub total: u64,
    /// This page.
    pub hits: Vec<Hit>,
    /// How many by outlet, by number; the sum is `total`. Like the two counts below it is empty where the
    /// query asks for no counts.
    pub by_outlet: Vec<(OutletId, u64)>,
    /// How many by section of their outlets, folded, those without one under the empty name; the sum is `total`.
    pub by_rubric: Vec<(String, u64)>,
    /// How many by civil day in Europe/Rome, in order, days without any left out; the sum is `total`.
    pub by_day: Vec<(Date, u64)>,
    /// Where the next page begins; `None` on the last one. For [`salastampa_domain::Page::after`].
    pub next: Option<String>,
    /// What the person should know of the query.
    pub notices: Vec<Notice>,
}

/// One article of an answer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Hit {
    /// Which.
    pub article: ArticleId,
    /// BM25; 0 unless that is the order.
    pub score: f32,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot run: the person is told what and where.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The page token belongs to another search: begin at the first page.
    #[error("the page belongs to another search")]
    Page,
    /// Nothing answers for now: it is being built, or its folder cannot be reached. Later the same search runs.
    #[error("the archive does not answer for now")]
    Away(Box<Standing>),
    /// The engine failed.
    #[error("the archive cannot be read")]
    Engine(#[source] anyhow::Error),
}
