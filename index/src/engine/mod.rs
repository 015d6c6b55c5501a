//! The archive in this process: tantivy behind the [`Archive`] trait.
//!
//! [`keeper`] holds the folder: which index answers, which one is being built. The engine blocks, so its work runs on the
//! blocking threads of the runtime; a search holds the index that it began with, and never waits for who writes.

mod broad;
mod carried;
mod collect;
mod common;
mod dated;
mod excluded;
mod folder;
mod generation;
mod keeper;
mod near;
mod page;
mod pairs;
mod query;
mod rank;
mod related;
mod schema;
mod spelling;

use crate::archive::{Archive, Hit, Hits, SearchError};
use crate::plan::Plan;
use crate::query::bind::{bind_text, rubric};
use crate::query::{Bound, Names, Notice, QueryError, any_word, parse};
use crate::standing::{Moment, Standing};
use anyhow::Context;
use async_trait::async_trait;
use collect::{Gather, Gathered};
use generation::{Generation, SMALL};
use keeper::{Answering, Keeper};
use page::{After, Place};
use related::Seed;
use salastampa_domain::{Article, ArticleId, Change, ForeignText, OutletId, Query, Seq, Sort, Timestamp};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tantivy::Term;
use tantivy::collector::DocSetCollector;
use tantivy::query::{BooleanQuery, TermQuery};
use tantivy::schema::IndexRecordOption;

/// Most hits of one page; exports ask for that many.
const MOST_HITS: usize = 10_000;

/// The archive of one folder. Cheap to clone; every clone is the same archive.
#[derive(Clone)]
pub struct TantivyArchive {
    keeper: Arc<Keeper>,
}

impl TantivyArchive {
    /// Looks at the archive in `folder`, which follows the store of that id whose last change is `last`. Nothing is written,
    /// and nothing that is wrong there is an error: [`Archive::standing`] says what is to be done, and [`Archive::apply`]
    /// does it. Blocks.
    pub fn open(folder: &Path, store: &str, last: Seq) -> Self {
        Self::open_watched(folder, store, last, |_| {})
    }

    /// The same for a test, which is called at each moment of the work and may break it by a panic.
    pub fn open_watched(
        folder: &Path,
        store: &str,
        last: Seq,
        witness: impl Fn(Moment) + Send + Sync + 'static,
    ) -> Self {
        Self { keeper: Arc::new(Keeper::open(folder, store, last, Arc::new(witness))) }
    }

    /// The change after which [`Archive::apply`] goes on. It is [`Archive::cursor`], but where nothing answers yet.
    pub fn follows_from(&self) -> Seq {
        self.keeper.follows_from()
    }

    /// The change after which [`Self::grow`] goes on; `None` if nothing is being built beside what answers.
    pub fn grows_from(&self) -> Option<Seq> {
        self.keeper.grows_from()
    }

    /// Lets what is built beside grow by these changes. It takes the place of what answers as soon as it has caught up;
    /// without a change it has.
    pub async fn grow(&self, changes: &[Change]) -> anyhow::Result<()> {
        let changes = changes.to_vec();
        self.blocking(move |keeper| keeper.grow(&changes)).await?
    }

    /// Begins to build the archive anew beside what answers; false if that is under way already.
    pub async fn rebuild(&self) -> anyhow::Result<bool> {
        self.blocking(Keeper::ask).await?
    }

    /// How the scores of these articles are made up, a line a part; empty for one that the engine cannot explain.
    pub async fn scores(&self, text: &str, names: &Names, now: Timestamp, of: &[ArticleId]) -> Vec<Vec<String>> {
        let bound = parse(text).and_then(|ast| bind_text(&ast, text, names, now, false));
        let (Ok(bound), Answering::Living(index)) = (bound, self.keeper.answering()) else { return Vec::new() };
        let ids = of.to_vec();
        let told = tokio::task::spawn_blocking(move || index.scores(&bound.plan, &ids)).await;
        told.unwrap_or_default()
    }

    /// Looks after the folder: what is gone, cut short or damaged is seen and built anew. `last` is the store's last change.
    /// Costs a look at some lengths of files, and after a failure, or once after the start, a reading of all of them.
    pub async fn tend(&self, last: Seq) -> anyhow::Result<()> {
        let suspect = self.blocking(move |keeper| keeper.tend(last)).await?;
        if let Some(index) = suspect {
            let is_small = index.bytes() <= SMALL;
            let keeper = self.keeper.clone();
            let reading = tokio::task::spawn_blocking(move || keeper.read_through(&index));
            if is_small {
                reading.await.context("the archive stopped")?;
            }
        }
        Ok(())
    }

    /// From now on the pace of building is measured; there are so many articles in all.
    pub fn measure_from(&self, now: Timestamp, all: u64) {
        self.keeper.measure_from(now, all);
    }

    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&Keeper) -> T + Send + 'static) -> anyhow::Result<T> {
        let keeper = self.keeper.clone();
        tokio::task::spawn_blocking(move || work(&keeper)).await.context("the archive stopped")
    }

    /// What the engine is asked; where it fails, the folder is looked after.
    async fn asked<T: Send + 'static>(
        &self,
        index: Arc<Generation>,
        work: impl FnOnce(&Generation) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, SearchError> {
        let found = tokio::task::spawn_blocking(move || match index.cut_short() {
            // the system ends a process that reads mapped memory behind the end of its file
            Some(why) => Err(why),
            None => Ok(work(&index)),
        });
        let found = match found.await.context("the engine broke") {
            Ok(Err(why)) => return Err(SearchError::Away(Box::new(self.keeper.standing().damaged(why)))),
            Ok(Ok(found)) => found,
            Err(why) => Err(why),
        };
        if found.as_ref().is_err_and(|why| !why.is::<QueryError>()) {
            self.keeper.suspect();
        }
        found.map_err(|why| match why.downcast::<QueryError>() {
            Ok(wrong) => SearchError::Query(wrong),
            Err(why) => SearchError::Engine(why),
        })
    }
}

#[async_trait]
impl Archive for TantivyArchive {
    async fn cursor(&self) -> anyhow::Result<Seq> {
        Ok(self.keeper.cursor())
    }

    async fn standing(&self) -> anyhow::Result<Standing> {
        Ok(self.keeper.standing())
    }

    async fn apply(&self, changes: &[Change]) -> anyhow::Result<()> {
        let changes = changes.to_vec();
        self.blocking(move |keeper| keeper.apply(&changes)).await?
    }

    async fn search(&self, query: &Query, names: &Names, now: Timestamp) -> Result<Hits, SearchError> {
        let bound = bind_text(&parse(&query.text)?, &query.text, names, now, false)?;
        let after = match &query.page.after {
            Some(token) => Some(page::read(query, token).ok_or(SearchError::Page)?),
            None => None,
        };
        let index = match self.keeper.answering() {
            Answering::Living(index) => index,
            Answering::Empty => return Ok(Hits { notices: bound.notices, ..Hits::default() }),
            Answering::Away(standing) => return Err(SearchError::Away(standing)),
        };
        let query = query.clone();
        let ranks = match query.sort {
            Sort::Outlets => names.outlets.iter().map(|outlet| (outlet.id.0, outlet.rank.into())).collect(),
            _ => HashMap::new(),
        };
        self.asked(index, move |index| index.search(bound, &query, after, &ranks)).await
    }

    async fn related(
        &self,
        article: &Article,
        body: &ForeignText,
        but: &[ArticleId],
        limit: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let index = match self.keeper.answering() {
            Answering::Living(index) => index,
            Answering::Empty => return Ok(Vec::new()),
            Answering::Away(standing) => return Err(SearchError::Away(standing)),
        };
        let (seed, but, limit) = (Seed::new(article, body), but.to_vec(), limit.min(MOST_HITS));
        let found = self.asked(index, move |index| index.related(&seed, &but, limit)).await?;
        Ok(found.into_iter().map(|(article, score)| Hit { article, score }).collect())
    }
}

impl Generation {
    fn scores(&self, plan: &Plan, ids: &[ArticleId]) -> Vec<Vec<String>> {
        let (searcher, asked) = (self.searcher(), query::query(plan, &self.fields));
        let one = |id: &ArticleId| -> tantivy::Result<Vec<String>> {
            let by_id = TermQuery::new(Term::from_field_i64(self.fields.id, id.0), IndexRecordOption::Basic);
            let mut lines = Vec::new();
            if let Some(address) = searcher.search(&by_id, &DocSetCollector)?.into_iter().next() {
                let told = asked.explain(&searcher, address)?.to_pretty_json();
                part_of_score(&serde_json::from_str(&told).unwrap_or_default(), 0, &mut lines);
            }
            Ok(lines)
        };
        ids.iter().map(|id| one(id).unwrap_or_default()).collect()
    }

    fn search(
        &self,
        mut bound: Bound,
        query: &Query,
        after: Option<After>,
        ranks: &HashMap<i64, i64>,
    ) -> anyhow::Result<Hits> {
        let seen = after.map_or_else(|| self.committed(), |a| a.seen);
        let is_first = after.is_none();
        self.tell(Moment::Searching);
        let plan = narrowed(bound.plan, query);
        let mut engine_query = query::query(&plan, &self.fields);
        if let Some(only) = &query.only {
            engine_query = Box::new(BooleanQuery::intersection(vec![engine_query, query::only(only, &self.fields)]));
        }
        let ceiling = self.fitness.ceiling().map(|last| last.min(seen));
        if let Some(last) = ceiling.or(after.is_some().then_some(seen)) {
            engine_query = Box::new(BooleanQuery::intersection(vec![engine_query, query::until(last.0, &self.fields)]));
        }
        let size = query.page.size.min(MOST_HITS);
        // one more than asked for tells whether another page follows
        let mut gather =
            Gather { sort: query.sort, after: None, size: size + usize::from(size > 0), counts: query.counts, ranks };
        let mut skipped = 0;
        match after.map(|a| a.place) {
            None => {}
            Some(Place::Rank(rank)) => gather.after = Some(rank),
            Some(Place::Count(n)) => {
                skipped = n.min(MOST_HITS);
                gather.size += skipped;
            }
        }
        let searcher = self.searcher();
        if let Some(wrong) = broad::refused(&searcher, &self.fields, &plan, &query.text)? {
            return Err(wrong.into());
        }
        let Gathered { total, mut page, by_outlet, by_rubric, by_day } =
            searcher.search(&*engine_query, &gather).context("searching the archive")?;
        if is_first && query.counts {
            let spelling = spelling::notices(&searcher, &self.fields, &query.text, &bound.asked);
            bound.notices.extend(spelling.context("reading the words of the archive")?);
            if total == 0
                && let Some(any) = any_word(&query.text)
            {
                bound.notices.push(Notice::AnyWord { query: any });
            }
        }
        page.drain(..skipped.min(page.len()));
        let more = page.len() > size;
        page.truncate(size);
        let place = match query.sort {
            Sort::Relevance => (skipped + size < MOST_HITS).then_some(Place::Count(skipped + size)),
            Sort::Newest | Sort::Oldest | Sort::Outlets => page.last().map(|(rank, ..)| Place::Rank(*rank)),
        };
        let next = place.filter(|_| more).map(|place| page::token(query, After { place, seen }));
        Ok(Hits {
            total,
            hits: page.into_iter().map(|(_, id, score)| Hit { article: ArticleId(id), score }).collect(),
            by_outlet: by_outlet.into_iter().map(|(id, n)| (OutletId(id), n)).collect(),
            by_rubric: by_rubric.into_iter().collect(),
            by_day: by_day.into_iter().map(|(day, n)| (schema::day_of(day), n)).collect(),
            next,
            notices: bound.notices,
        })
    }
}

/// The engine's explanation, which is a tree of values with descriptions, as lines.
fn part_of_score(part: &serde_json::Value, depth: usize, out: &mut Vec<String>) {
    let text = |name: &str| part.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let value = part.get("value").and_then(serde_json::Value::as_f64).unwrap_or_default();
    out.push(format!("{}{value:.3} {}", "  ".repeat(depth), text("description")));
    for inner in part.get("details").and_then(serde_json::Value::as_array).into_iter().flatten() {
        part_of_score(inner, depth + 1, out);
    }
}

/// The plan of the query text and what was chosen beside it.
fn narrowed(plan: Plan, query: &Query) -> Plan {
    let mut parts = vec![plan];
    parts.extend(query.period.map(Plan::During));
    if !query.outlets.is_empty() {
        parts.push(Plan::Outlets(query.outlets.clone()));
    }
    if !query.rubrics.is_empty() {
        parts.push(Plan::Or(query.rubrics.iter().map(|one| Plan::Rubric(rubric(one))).collect()));
    }
    if parts.len() == 1 { parts.swap_remove(0) } else { Plan::And(parts) }
}
