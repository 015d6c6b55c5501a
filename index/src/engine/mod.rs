//! The archive in this process: tantivy behind the [`Archive`] trait.
//!
//! One writer with a small heap; a commit carries the cursor as its payload, so that documents and cursor become
//! durable together or not at all. The engine blocks, so its work runs on the blocking threads of the runtime.

mod carried;
mod collect;
mod dated;
mod excluded;
mod folder;
mod near;
mod page;
mod pairs;
mod query;
mod rank;
mod schema;
mod spelling;

pub use folder::{Opened, Rebuilt};

use crate::analysed::Analysed;
use crate::archive::{Archive, Hit, Hits, SearchError};
use crate::plan::Plan;
use crate::query::bind::{bind_text, rubric};
use crate::query::{Ast, Bound, Names, Notice, parse, print};
use anyhow::Context;
use async_trait::async_trait;
use collect::{Gather, Gathered};
use folder::Payload;
use page::{After, Place};
use salastampa_domain::{ArticleId, Change, ChangeKind, OutletId, Query, Seq, Sort, Timestamp};
use schema::Fields;
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::query::BooleanQuery;
use tantivy::{Index, IndexReader, IndexWriter, Term};

/// Bytes that the writer fills before it writes a segment.
const HEAP: usize = 32_000_000;
/// Most hits of one page; exports ask for that many.
const MOST_HITS: usize = 10_000;

/// The archive of one folder. Cheap to clone; every clone is the same archive.
#[derive(Clone)]
pub struct TantivyArchive {
    inner: Arc<Inner>,
}

struct Inner {
    store: String,
    fields: Fields,
    reader: IndexReader,
    index: Index,
    /// Made at the first change: who only searches does not take the folder's lock from the one who writes.
    writer: Mutex<Option<IndexWriter>>,
    cursor: AtomicI64,
}

impl TantivyArchive {
    /// Opens the archive in `folder`, which follows the store of that id whose last change is `last`. An archive that does
    /// not fit is emptied ([`Opened`] says why); after [`Opened::Fresh`] and [`Opened::Rebuilt`] the cursor is 0 and all
    /// changes are to be applied again. Blocks; fails if another process has the archive open or the disk does not allow.
    pub fn open(folder: &Path, store: &str, last: Seq) -> anyhow::Result<(Self, Opened)> {
        let folder::Folder { index, reader, fields, opened } = folder::open(folder, store, last)?;
        let cursor = match opened {
            Opened::Continued(seq) => seq,
            Opened::Fresh | Opened::Rebuilt(_) => Seq(0),
        };
        let inner = Inner {
            store: store.to_owned(),
            fields,
            reader,
            index,
            writer: Mutex::new(None),
            cursor: AtomicI64::new(cursor.0),
        };
        Ok((Self { inner: Arc::new(inner) }, opened))
    }

    /// Empties the archive, so that all changes can be applied again from the first.
    pub async fn clear(&self) -> anyhow::Result<()> {
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || inner.clear()).await.context("the archive stopped")?
    }
}

#[async_trait]
impl Archive for TantivyArchive {
    async fn cursor(&self) -> anyhow::Result<Seq> {
        Ok(self.inner.cursor())
    }

    async fn apply(&self, changes: &[Change]) -> anyhow::Result<()> {
        let cursor = self.inner.cursor();
        let changes: Vec<Change> = changes.iter().filter(|c| c.seq > cursor).cloned().collect();
        if changes.is_empty() {
            return Ok(());
        }
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || inner.apply(&changes)).await.context("the archive stopped")?
    }

    async fn search(&self, query: &Query, names: &Names, now: Timestamp) -> Result<Hits, SearchError> {
        let bound = bind_text(&parse(&query.text)?, &query.text, names, now, false)?;
        let after = match &query.page.after {
            Some(token) => Some(page::read(query, token).ok_or(SearchError::Page)?),
            None => None,
        };
        let (inner, query) = (self.inner.clone(), query.clone());
        let ranks = match query.sort {
            Sort::Outlets => names.outlets.iter().map(|outlet| (outlet.id.0, outlet.rank.into())).collect(),
            _ => HashMap::new(),
        };
        let found = tokio::task::spawn_blocking(move || inner.search(bound, &query, after, &ranks)).await;
        found.context("the archive stopped").and_then(|hits| hits).map_err(SearchError::Engine)
    }
}

impl Inner {
    fn cursor(&self) -> Seq {
        Seq(self.cursor.load(Ordering::Acquire))
    }

    fn apply(&self, changes: &[Change]) -> anyhow::Result<()> {
        // a writer whose user panicked rolls back below like any other
        let mut held = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = self.writer(&mut held)?;
        let applied = self.write(writer, changes);
        if applied.is_err() {
            writer.rollback().context("taking back half-applied changes")?;
        }
        applied
    }

    fn writer<'a>(&self, held: &'a mut Option<IndexWriter>) -> anyhow::Result<&'a mut IndexWriter> {
        let writer = match held.take() {
            Some(writer) => writer,
            None => self.index.writer_with_num_threads(1, HEAP).context("opening the archive for writing")?,
        };
        Ok(held.insert(writer))
    }

    fn clear(&self) -> anyhow::Result<()> {
        let mut held = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = self.writer(&mut held)?;
        writer.delete_all_documents().context("emptying the archive")?;
        let mut commit = writer.prepare_commit().context("preparing a commit of the archive")?;
        commit.set_payload(&serde_json::to_string(&Payload::new(&self.store, Seq(0)))?);
        commit.commit().context("committing the archive")?;
        self.reader.reload().context("showing a commit of the archive")?;
        self.cursor.store(0, Ordering::Release);
        Ok(())
    }

    fn write(&self, writer: &mut IndexWriter, changes: &[Change]) -> anyhow::Result<()> {
        let cursor = self.cursor();
        let mut last = cursor;
        let mut greatest = self.greatest()?;
        for change in changes.iter().filter(|c| c.seq > cursor) {
            let delete = |id: ArticleId| writer.delete_term(Term::from_field_i64(self.fields.id, id.0));
            match &change.kind {
                ChangeKind::Remove(id) => {
                    delete(*id);
                }
                ChangeKind::Put { article, body } => {
                    // what was never there need not be looked for
                    if article.id.0 <= greatest {
                        delete(article.id);
                    }
                    greatest = greatest.max(article.id.0);
                    let analysed = Analysed::new(article, body);
                    let document = schema::document(&self.fields, article.id, change.seq, &analysed);
                    writer.add_document(document).context("adding an article to the archive")?;
                }
            }
            last = last.max(change.seq);
        }
        let mut commit = writer.prepare_commit().context("preparing a commit of the archive")?;
        commit.set_payload(&serde_json::to_string(&Payload::new(&self.store, last))?);
        commit.commit().context("committing the archive")?;
        self.reader.reload().context("showing a commit of the archive")?;
        self.cursor.store(last.0, Ordering::Release);
        Ok(())
    }

    /// The greatest number of an article that the archive has had.
    fn greatest(&self) -> anyhow::Result<i64> {
        let mut greatest = i64::MIN;
        for segment in self.reader.searcher().segment_readers() {
            let ids = segment.fast_fields().i64(schema::ID).context("reading the numbers of the archive")?;
            greatest = greatest.max(ids.max_value());
        }
        Ok(greatest)
    }

    fn search(
        &self,
        mut bound: Bound,
        query: &Query,
        after: Option<After>,
        ranks: &HashMap<i64, i64>,
    ) -> anyhow::Result<Hits> {
        let seen = after.map_or_else(|| self.cursor(), |a| a.seen);
        let is_first = after.is_none();
        let plan = narrowed(bound.plan, query);
        let mut engine_query = query::query(&plan, &self.fields);
        if let Some(only) = &query.only {
            engine_query = Box::new(BooleanQuery::intersection(vec![engine_query, query::only(only, &self.fields)]));
        }
        if after.is_some() {
            engine_query = Box::new(BooleanQuery::intersection(vec![engine_query, query::until(seen.0, &self.fields)]));
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
        let searcher = self.reader.searcher();
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

/// The query that asks for any of the words where all were asked for; `None` where it is not just words.
fn any_word(text: &str) -> Option<String> {
    let Ok(Ast::And(parts)) = parse(text) else { return None };
    let is_word = |part: &Ast| matches!(part, Ast::Word(..) | Ast::Phrase(..) | Ast::Prefix(..));
    (parts.len() > 1 && parts.iter().all(is_word)).then(|| print(&Ast::Or(parts)))
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
