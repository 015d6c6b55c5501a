//! One index of the folder: documents, and in each commit the cursor that they stand at.
//!
//! A commit carries cursor, store, versions and what was set aside as its payload, so that all of it becomes durable
//! together or not at all. Nothing here decides what to do about a failure: that is the keeper's.

use crate::analysed::Analysed;
use crate::engine::folder::META;
use crate::engine::schema::{self, Fields, SCHEMA_VERSION, register, schema, settings};
use crate::standing::{Moment, Obstacle, Reason};
use anyhow::{Context, Result, anyhow};
use salastampa_domain::{ArticleId, Aside, Change, ChangeKind, Seq};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentComponent;
use tantivy::indexer::UserOperation;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyError, Term};

/// Bytes that the writer fills before it writes a segment, while an archive is built; day by day it fills a few of them between
/// two commits. Fewer and larger segments hold each word fewer times: 289 bytes an article and text field at 200,000 articles and
/// a tenth less work, where a fifth of this memory gave 312.
const HEAP: usize = 160_000_000;
/// Articles and deletions handed to the writing thread at once.
const AT_ONCE: usize = 64;
/// Most articles that may be set aside: where more fail it is not the articles.
const MOST_ASIDE: usize = 500;
/// Longest reason that is kept, in bytes.
const REASON: usize = 300;
/// An index of at most so many bytes is read through when it is opened; a larger one later, while it answers.
pub(crate) const SMALL: u64 = 64 << 20;

/// Who is told of each moment of the work.
pub(crate) type Witness = Arc<dyn Fn(Moment) + Send + Sync>;

/// What is written with every commit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Payload {
    store: String,
    seq: Seq,
    analysis: u32,
    schema: u32,
    #[serde(default)]
    aside: Vec<Aside>,
}

/// An open index.
pub(crate) struct Generation {
    path: PathBuf,
    store: String,
    pub(crate) fields: Fields,
    index: Index,
    reader: IndexReader,
    /// What it is good for besides answering.
    pub(crate) fitness: Fitness,
    /// The last change that is durable and seen.
    committed: AtomicI64,
    /// The last change that the writer was given, and how many articles since the last commit.
    fed: AtomicI64,
    pending: AtomicU64,
    /// What was set aside up to the last commit.
    aside: Mutex<Asides>,
    /// The files of the last commit and their lengths.
    files: Mutex<BTreeMap<PathBuf, u64>>,
    /// Held while something is written; who reads never asks for it.
    pen: Mutex<Pen>,
    witness: Witness,
}

/// Whether an index that can be read can also go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fitness {
    /// It follows.
    Fit,
    /// It follows, and is to be replaced: the rules of analysis were others, the fields are the same.
    Outdated,
    /// It answers with what lies at or before this change, until another one takes its place: the store was taken back.
    Ceiling(Seq),
}

impl Fitness {
    /// The change up to which it answers, if it cannot follow.
    pub(crate) fn ceiling(&self) -> Option<Seq> {
        match self {
            Self::Ceiling(last) => Some(*last),
            Self::Fit | Self::Outdated => None,
        }
    }
}

/// What one writes with.
struct Pen {
    /// Made at the first change: who only searches takes nothing from the one who writes.
    writer: Option<IndexWriter>,
    /// What is set aside, with what is not yet durable.
    aside: Asides,
    /// The greatest number of an article that was ever added: what is greater need not be looked for to be replaced.
    greatest: i64,
}

type Asides = BTreeMap<ArticleId, Aside>;

/// Why an index is not opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Unfit {
    /// It must be built anew.
    Rebuild(Reason),
    /// It may be well, and cannot be reached.
    Obstacle(Obstacle),
}

impl Generation {
    /// Makes an empty index in a new folder.
    pub(crate) fn create(path: &Path, store: &str, witness: Witness) -> Result<Self> {
        std::fs::create_dir_all(path).context("making a folder for the archive")?;
        let directory = MmapDirectory::open(path).context("opening the folder of the archive")?;
        let (schema, fields) = schema();
        let index = Index::create(directory, schema, settings()).context("making the archive")?;
        register(&index);
        Self::of(path, store, index, fields, Fitness::Fit, None, witness).context("reading the new archive")
    }

    /// Opens the index in `path`, which is to follow that store, whose last change is `last`.
    pub(crate) fn open(path: &Path, store: &str, last: Seq, witness: Witness) -> Result<Self, Unfit> {
        // the engine trusts its own files and panics on one that was cut short
        let damaged = |_| Err(Unfit::Rebuild(Reason::Damaged("a file is not what it should be".into())));
        catch_unwind(AssertUnwindSafe(|| Self::read(path, store, last, witness))).unwrap_or_else(damaged)
    }

    fn read(path: &Path, store: &str, last: Seq, witness: Witness) -> Result<Self, Unfit> {
        let directory = MmapDirectory::open(path).map_err(|error| unfit(error.into()))?;
        let index = Index::open(directory).map_err(unfit)?;
        register(&index);
        let payload = match index.load_metas().map_err(unfit)?.payload {
            None => None,
            Some(text) => {
                let wrong = |error: serde_json::Error| Unfit::Rebuild(Reason::Damaged(error.to_string()));
                Some(serde_json::from_str::<Payload>(&text).map_err(wrong)?)
            }
        };
        let (ours, fields) = schema();
        let is_ours = index.schema() == ours && payload.as_ref().is_none_or(|payload| payload.schema == SCHEMA_VERSION);
        let fitness = match &payload {
            Some(payload) if payload.store != store => return Err(Unfit::Rebuild(Reason::OtherStore)),
            // what the fields mean is not known: no answer is better than a wrong one
            _ if !is_ours => return Err(Unfit::Rebuild(Reason::OtherVersion)),
            // what it holds up to the end of the store is right, what lies behind was never or is no more
            Some(payload) if payload.seq > last => Fitness::Ceiling(last),
            Some(payload) if payload.analysis != salastampa_text::ANALYSIS_VERSION => Fitness::Outdated,
            // made and never written to, or as it should be
            _ => Fitness::Fit,
        };
        let this = Self::of(path, store, index, fields, fitness, payload, witness).map_err(unfit)?;
        if this.bytes() <= SMALL {
            this.read_through().map_err(|why| Unfit::Rebuild(Reason::Damaged(why)))?;
        }
        Ok(this)
    }

    fn of(
        path: &Path,
        store: &str,
        index: Index,
        fields: Fields,
        fitness: Fitness,
        payload: Option<Payload>,
        witness: Witness,
    ) -> tantivy::Result<Self> {
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let seq = payload.as_ref().map_or(0, |payload| payload.seq.0);
        let aside: Asides = payload.into_iter().flat_map(|p| p.aside).map(|a| (a.article, a)).collect();
        let files = lengths(path, &index)?;
        let greatest = greatest(&reader)?;
        Ok(Self {
            path: path.to_owned(),
            store: store.to_owned(),
            fields,
            index,
            reader,
            fitness,
            committed: AtomicI64::new(seq),
            fed: AtomicI64::new(seq),
            pending: AtomicU64::new(0),
            aside: Mutex::new(aside.clone()),
            files: Mutex::new(files),
            pen: Mutex::new(Pen { writer: None, aside, greatest }),
            witness,
        })
    }

    /// What a search reads: it stays as it is, whatever is committed meanwhile.
    pub(crate) fn searcher(&self) -> tantivy::Searcher {
        self.reader.searcher()
    }

    /// The last change that answers hold.
    pub(crate) fn committed(&self) -> Seq {
        Seq(self.committed.load(Ordering::Acquire))
    }

    /// The last change that its answers may be trusted to hold.
    pub(crate) fn holds(&self) -> Seq {
        self.fitness.ceiling().map_or(self.committed(), |last| last.min(self.committed()))
    }

    /// The last change that it was given.
    pub(crate) fn fed(&self) -> Seq {
        Seq(self.fed.load(Ordering::Acquire))
    }

    /// Articles that it holds, those included that are not durable yet.
    pub(crate) fn articles(&self) -> u64 {
        self.reader.searcher().num_docs() + self.pending.load(Ordering::Acquire)
    }

    pub(crate) fn tell(&self, moment: Moment) {
        (self.witness)(moment);
    }

    /// What could not be indexed.
    pub(crate) fn aside(&self) -> Vec<Aside> {
        held(&self.aside).values().cloned().collect()
    }

    /// Takes in changes, and makes them durable and seen if `commit`. On an error nothing of them is in, nor what was
    /// given since the last commit.
    pub(crate) fn write(&self, changes: &[Change], commit: bool) -> Result<()> {
        self.with_pen(|pen| {
            self.feed(pen, changes)?;
            if commit { self.commit(pen) } else { Ok(()) }
        })
    }

    /// Writes down that an article cannot be indexed and goes on behind it.
    pub(crate) fn set_aside(&self, article: ArticleId, seq: Seq, reason: &str) -> Result<()> {
        self.with_pen(|pen| {
            self.feed(pen, &[])?;
            put_aside(&mut pen.aside, article, seq, reason)?;
            self.fed.fetch_max(seq.0, Ordering::AcqRel);
            self.commit(pen)
        })
    }

    fn with_pen(&self, work: impl FnOnce(&mut Pen) -> Result<()>) -> Result<()> {
        let pen = &mut *held(&self.pen);
        let done = catch_unwind(AssertUnwindSafe(|| work(pen)));
        let done = done.unwrap_or_else(|panic| Err(anyhow!("the engine broke: {}", words(&*panic))));
        if done.is_err() {
            // back to what is durable; the engine's own way back needs a writer that is whole, a new one is always
            let writer = pen.writer.take();
            // it may break again on its way out
            let _ = catch_unwind(AssertUnwindSafe(|| drop(writer)));
            pen.aside = held(&self.aside).clone();
            self.fed.store(self.committed().0, Ordering::Release);
            self.pending.store(0, Ordering::Release);
        }
        done
    }

    fn feed(&self, pen: &mut Pen, changes: &[Change]) -> Result<()> {
        let writer = match &mut pen.writer {
            Some(writer) => writer,
            none => {
                let made = self.index.writer_with_num_threads(1, HEAP).context("opening the archive for writing")?;
                none.insert(made)
            }
        };
        let fed = self.fed();
        // handed over some at a time: to wake the writing thread for each costs a sixth of the whole work
        let mut batch = Vec::with_capacity(AT_ONCE + 2);
        for change in changes.iter().filter(|c| c.seq > fed) {
            let id = change.article();
            // what was never there need not be looked for
            if id.0 <= pen.greatest {
                batch.push(UserOperation::Delete(Term::from_field_i64(self.fields.id, id.0)));
            }
            pen.aside.remove(&id);
            if let ChangeKind::Put { article, body } = &change.kind {
                let made = catch_unwind(AssertUnwindSafe(|| {
                    self.tell(Moment::Adding(id));
                    schema::document(&self.fields, id, change.seq, &Analysed::new(article, body))
                }));
                match made {
                    Ok(document) => {
                        batch.push(UserOperation::Add(document));
                        pen.greatest = pen.greatest.max(id.0);
                        self.pending.fetch_add(1, Ordering::AcqRel);
                    }
                    Err(panic) => put_aside(&mut pen.aside, id, change.seq, words(&*panic))?,
                }
            }
            self.fed.fetch_max(change.seq.0, Ordering::AcqRel);
            if batch.len() >= AT_ONCE {
                writer.run(batch.drain(..)).context("adding articles to the archive")?;
            }
        }
        writer.run(batch).context("adding articles to the archive")?;
        Ok(())
    }

    fn commit(&self, pen: &mut Pen) -> Result<()> {
        let Some(writer) = &mut pen.writer else { return Ok(()) };
        let analysis = match self.fitness {
            // what is old in it stays old
            Fitness::Outdated => 0,
            _ => salastampa_text::ANALYSIS_VERSION,
        };
        let (store, seq) = (self.store.clone(), self.fed());
        let aside = pen.aside.values().cloned().collect();
        let payload = Payload { store, seq, analysis, schema: SCHEMA_VERSION, aside };
        let mut commit = writer.prepare_commit().context("preparing a commit of the archive")?;
        commit.set_payload(&serde_json::to_string(&payload)?);
        self.tell(Moment::Prepared);
        commit.commit().context("committing the archive")?;
        self.tell(Moment::Committed);
        self.reader.reload().context("showing a commit of the archive")?;
        *held(&self.aside) = pen.aside.clone();
        self.pending.store(0, Ordering::Release);
        self.committed.store(seq.0, Ordering::Release);
        *held(&self.files) = lengths(&self.path, &self.index).context("looking at what was committed")?;
        Ok(())
    }

    /// Lets go of the writer. A merge that runs is not waited for: nobody will read what it makes.
    pub(crate) fn let_go(&self) {
        let writer = held(&self.pen).writer.take();
        // it may break on its way out
        let _ = catch_unwind(AssertUnwindSafe(|| drop(writer)));
    }

    /// Takes over what another process has committed.
    pub(crate) fn reload(&self) -> Result<()> {
        self.reader.reload().context("showing a commit of the archive")?;
        if let Some(text) = self.index.load_metas()?.payload {
            let payload: Payload = serde_json::from_str(&text)?;
            self.fed.store(payload.seq.0, Ordering::Release);
            self.committed.store(payload.seq.0, Ordering::Release);
            *held(&self.files) = lengths(&self.path, &self.index)?;
        }
        Ok(())
    }

    /// Bytes on the disk.
    pub(crate) fn bytes(&self) -> u64 {
        held(&self.files).values().sum()
    }

    /// A file that is shorter now than when it was committed. One that is gone is no danger: what is mapped of it stays.
    pub(crate) fn cut_short(&self) -> Option<String> {
        let known = held(&self.files);
        known.iter().find_map(|(name, length)| {
            let there = std::fs::metadata(self.path.join(name)).ok()?.len();
            (there < *length).then(|| format!("{} has {there} bytes of {length}", name.display()))
        })
    }

    /// A look at the lengths of the files, which costs nothing: what is missing or too short is told. Memory that is
    /// mapped on a file that was cut short may not be touched.
    pub(crate) fn glance(&self) -> Result<(), String> {
        let known = held(&self.files).clone();
        let wrong = |name: &Path, length: u64| match std::fs::metadata(self.path.join(name)).map(|meta| meta.len()) {
            Ok(there) if there >= length => None,
            Ok(there) => Some(format!("{} has {there} bytes of {length}", name.display())),
            Err(why) => Some(format!("{}: {why}", name.display())),
        };
        if known.iter().all(|(name, length)| wrong(name, *length).is_none()) {
            return Ok(());
        }
        // a merge that ended since the last commit takes files away, which the list names no more
        let listed = listed(&self.index).map_err(|why| format!("the list of segments: {why}"))?;
        let still = known.iter().filter(|(name, _)| listed.contains(*name));
        match still.into_iter().find_map(|(name, length)| wrong(name, *length)) {
            Some(told) => Err(told),
            None => {
                *held(&self.files) = lengths(&self.path, &self.index).map_err(|why| why.to_string())?;
                Ok(())
            }
        }
    }

    /// Reads all files through and compares them with the sums that they carry.
    pub(crate) fn read_through(&self) -> Result<(), String> {
        self.glance()?;
        let read = catch_unwind(AssertUnwindSafe(|| -> Result<(), String> {
            // opened anew: what is mapped already could be the file of before
            let directory = MmapDirectory::open(&self.path).map_err(|why| why.to_string())?;
            let index = Index::open(directory).map_err(|why| why.to_string())?;
            // the engine keeps a list of files of its own for this, which may be what is damaged
            for name in lengths(&self.path, &index).map_err(|why| why.to_string())?.keys() {
                let is_well =
                    name == Path::new(META) || index.directory().validate_checksum(name).is_ok_and(|well| well);
                if !is_well {
                    return Err(format!("{} is not what was written", name.display()));
                }
            }
            Ok(())
        }));
        read.unwrap_or_else(|panic| Err(words(&*panic).to_owned()))
    }
}

fn put_aside(aside: &mut BTreeMap<ArticleId, Aside>, article: ArticleId, seq: Seq, reason: &str) -> Result<()> {
    anyhow::ensure!(aside.len() < MOST_ASIDE, "too many articles cannot be indexed; the last because: {reason}");
    let reason = reason[..reason.floor_char_boundary(REASON.min(reason.len()))].to_owned();
    aside.insert(article, Aside { article, seq, reason });
    Ok(())
}

/// What is behind the mutex; a panic leaves it as it was between two steps.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The greatest number of an article that the index has had.
fn greatest(reader: &IndexReader) -> tantivy::Result<i64> {
    let mut greatest = i64::MIN;
    for segment in reader.searcher().segment_readers() {
        greatest = greatest.max(segment.fast_fields().i64(schema::ID)?.max_value());
    }
    Ok(greatest)
}

/// The files that the segments of the last commit need, and the list of segments itself.
fn listed(index: &Index) -> tantivy::Result<BTreeSet<PathBuf>> {
    let meta = index.load_metas()?;
    let mut files: BTreeSet<_> = meta.list_segment_files().into_iter().chain([PathBuf::from(META)]).collect();
    for segment in &meta.segments {
        // the engine names every file that a segment may have
        files.remove(&segment.relative_path(SegmentComponent::TempStore));
        if !segment.has_deletes() {
            files.remove(&segment.relative_path(SegmentComponent::Delete));
        }
    }
    Ok(files)
}

/// Their lengths.
fn lengths(path: &Path, index: &Index) -> tantivy::Result<BTreeMap<PathBuf, u64>> {
    let mut asked = 0;
    loop {
        let length = |name: PathBuf| std::fs::metadata(path.join(&name)).map(|meta| (name, meta.len()));
        match listed(index)?.into_iter().map(length).collect::<Result<BTreeMap<_, _>, _>>() {
            Ok(mut files) => {
                // it is written anew with every merge, at any length
                files.insert(META.into(), 1);
                return Ok(files);
            }
            // a merge that ended meanwhile has another list, and has taken files away
            Err(_) if asked < 3 => asked += 1,
            Err(why) => return Err(why.into()),
        }
    }
}

/// What a failed opening means. What the system refuses is no damage: the files may be well.
fn unfit(error: TantivyError) -> Unfit {
    let error = anyhow::Error::new(error);
    obstacle(&error).map_or_else(|| Unfit::Rebuild(Reason::Damaged(error.to_string())), Unfit::Obstacle)
}

/// What in the machine made the engine fail, where it says so.
pub(crate) fn obstacle(error: &anyhow::Error) -> Option<Obstacle> {
    use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
    let system = match error.chain().find_map(|cause| cause.downcast_ref::<TantivyError>())? {
        TantivyError::LockFailure(LockError::LockBusy, _) => return Some(Obstacle::Busy(String::new())),
        TantivyError::IoError(why)
        | TantivyError::LockFailure(LockError::IoError(why), _)
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: why, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: why, .. })
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: why, .. }) => why,
        _ => return None,
    };
    match Obstacle::of(system) {
        Obstacle::Other(_) => None,
        obstacle => Some(obstacle),
    }
}

/// What a panic said.
pub(crate) fn words(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}
