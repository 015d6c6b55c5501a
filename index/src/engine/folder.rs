//! The folder of the archive: opened if it fits the store, emptied if it does not.
//!
//! The archive owns nothing, so a doubt is solved by building it anew: a cursor that lies ahead of the store (which was
//! restored from a backup), another version of the analysis, a damaged file.

use crate::engine::schema::{Fields, SCHEMA_VERSION, register, schema, settings};
use anyhow::Context;
use salastampa_domain::Seq;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::{Index, IndexReader, ReloadPolicy};

/// What was found on opening.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Opened {
    /// Nothing was there: all changes are to be fed.
    Fresh,
    /// It goes on after this change.
    Continued(Seq),
    /// It did not fit and was emptied: all changes are to be fed again.
    Rebuilt(Rebuilt),
}

/// Why an archive was emptied.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Rebuilt {
    /// It followed another store.
    #[error("it followed another store")]
    OtherStore,
    /// It was built by other rules of analysis or with other fields.
    #[error("it was built by another version")]
    OtherVersion,
    /// It knows more than the store, which was restored from a backup.
    #[error("it is ahead of the store")]
    AheadOfStore,
    /// It cannot be read.
    #[error("it is damaged: {0}")]
    Damaged(String),
}

/// What is written with every commit: cursor and documents become durable together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) store: String,
    pub(crate) seq: Seq,
    pub(crate) analysis: u32,
    pub(crate) schema: u32,
}

impl Payload {
    pub(crate) fn new(store: &str, seq: Seq) -> Self {
        Self { store: store.to_owned(), seq, analysis: salastampa_text::ANALYSIS_VERSION, schema: SCHEMA_VERSION }
    }
}

/// An open folder.
pub(crate) struct Folder {
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    pub(crate) opened: Opened,
}

/// Opens the folder, made if it is not there. Where another process writes into it, it is opened to be searched only if it
/// fits as it is; it is never emptied under somebody's hands.
pub(crate) fn open(folder: &Path, store: &str, last: Seq) -> anyhow::Result<Folder> {
    std::fs::create_dir_all(folder).context("making the folder of the archive")?;
    let directory = MmapDirectory::open(folder).context("opening the folder of the archive")?;
    // nobody may be writing while we look and, perhaps, empty it
    let lock = directory.acquire_lock(&INDEX_WRITER_LOCK);
    // the engine trusts its own files and panics on one that was cut short
    let existing = || {
        let damaged = |_| Err(Rebuilt::Damaged("a file is not what it should be".into()));
        catch_unwind(AssertUnwindSafe(|| existing(&directory, store, last))).unwrap_or_else(damaged)
    };
    let lock = match lock {
        Ok(lock) => lock,
        Err(LockError::LockBusy) => {
            return existing().map_err(|why| {
                anyhow::anyhow!("another process writes into the archive {}, and {why}", folder.display())
            });
        }
        Err(LockError::IoError(error)) => return Err(anyhow::Error::new(error).context("locking the archive")),
    };
    let found = Index::exists(&directory).unwrap_or(true);
    let opened = match found.then(existing) {
        None => Opened::Fresh,
        Some(Ok(open)) => return Ok(open),
        Some(Err(why)) => Opened::Rebuilt(why),
    };
    empty(folder).context("emptying the archive")?;
    let (schema, fields) = schema();
    let index = Index::create(directory, schema, settings()).context("making the archive")?;
    register(&index);
    let reader = reader(&index).context("reading the new archive")?;
    drop(lock);
    Ok(Folder { index, reader, fields, opened })
}

fn existing(directory: &MmapDirectory, store: &str, last: Seq) -> Result<Folder, Rebuilt> {
    let damaged = |error: tantivy::TantivyError| Rebuilt::Damaged(error.to_string());
    let index = Index::open(directory.clone()).map_err(damaged)?;
    register(&index);
    let (schema, fields) = schema();
    let payload = index.load_metas().map_err(damaged)?.payload;
    let Some(payload) = payload else {
        // made and never written to
        if index.schema() != schema {
            return Err(Rebuilt::OtherVersion);
        }
        let reader = reader(&index).map_err(damaged)?;
        return Ok(Folder { index, reader, fields, opened: Opened::Fresh });
    };
    let payload: Payload = serde_json::from_str(&payload).map_err(|error| Rebuilt::Damaged(error.to_string()))?;
    if payload.store != store {
        return Err(Rebuilt::OtherStore);
    }
    if payload != Payload::new(store, payload.seq) || index.schema() != schema {
        return Err(Rebuilt::OtherVersion);
    }
    if payload.seq > last {
        return Err(Rebuilt::AheadOfStore);
    }
    let reader = reader(&index).map_err(damaged)?;
    Ok(Folder { index, reader, fields, opened: Opened::Continued(payload.seq) })
}

fn reader(index: &Index) -> tantivy::Result<IndexReader> {
    index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()
}

/// Removes the files of the engine. The lock file stays: we hold it.
fn empty(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && Path::new(&entry.file_name()) != INDEX_WRITER_LOCK.filepath {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
