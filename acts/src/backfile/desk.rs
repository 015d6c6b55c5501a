//! An old archive that comes in at the desk: a file is uploaded, tried as often as somebody likes, and brought in as it
//! was tried last. The running office reads it (`src/errands/import.rs`); here are the requests and what comes of them.

use super::begun;
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{Act, Errand, ErrandId, ErrandKind, Event, FileRef, ImportId, Reading, Timestamp};
use salastampa_locale::{Lang, t};
use salastampa_store::{Rows, Store, Write};
use serde::{Deserialize, Serialize};

/// Largest file, in bytes.
pub const LARGEST: usize = 64 << 20;
/// Longest name of a file that is kept, in characters.
const NAME: usize = 200;
/// What a column may hold, by the names that [`Reading::map`] uses; the needed ones first.
pub const FIELDS: [&str; 10] = ["title", "date", "outlet", "time", "author", "url", "text", "lead", "section", "id"];

/// What a file would bring, as the running office has read it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tried {
    /// Its encoding.
    pub encoding: String,
    /// The character between two cells; none for JSON lines.
    pub separator: Option<char>,
    /// Its columns, each with the field that it is taken for.
    pub columns: Vec<(String, Option<String>)>,
    /// The field that no column is taken for although no article is without: nothing was counted then.
    pub missing: Option<String>,
    /// The first rows.
    pub samples: Vec<Sample>,
    /// What would come of all of them.
    pub counted: Counted,
}

/// A row, as it is understood.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// Its line, from 1.
    pub line: u64,
    /// When the article came out.
    pub at: Timestamp,
    /// The outlet that it names; may be empty.
    pub outlet: String,
    /// The title.
    pub title: String,
}

/// What came of the rows of a file, or would.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Counted {
    /// Articles that come in.
    pub taken: i64,
    /// Rows whose article is kept already.
    pub known: i64,
    /// Rows that stand twice in the file.
    pub twice: i64,
    /// Rows that cannot be used.
    pub refused: i64,
    /// How often for which reason: the name of its sentence (`import.refused.…`).
    pub reasons: Vec<(String, u64)>,
    /// The first of them.
    pub first: Vec<RefusedRow>,
    /// The first rows that are known or stand twice.
    pub doubles: Vec<Double>,
    /// Names of outlets that mean nothing, the most frequent first.
    pub unknown: Vec<(String, u64)>,
    /// There are more rows than are remembered: those that stand twice were not all counted.
    pub forgot: bool,
    /// After this line the file could not be read as a table any more.
    pub hopeless: Option<u64>,
}

/// A row that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Its line, from 1.
    pub line: u64,
    /// The name of the reason's sentence.
    pub reason: String,
    /// What it stumbled over; may be empty.
    pub text: String,
}

/// A row whose article is there already.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Double {
    /// Its line, from 1.
    pub line: u64,
    /// The title.
    pub title: String,
    /// In the archive; else above in the same file.
    pub in_archive: bool,
}

/// What came of a file that was brought in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Brought {
    /// The import.
    pub brought: ImportId,
    /// The table of refused rows, by its SHA-256; none where there are none.
    pub refused: Option<String>,
    /// After this line the file could not be read as a table any more.
    pub hopeless: Option<u64>,
}

/// What an errand of an import is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The file, by its SHA-256.
    pub file: String,
    /// The name that it had.
    pub name: String,
    /// How it was or is to be read.
    pub reading: Reading,
    /// The import that it has become; none for a trial.
    pub import: Option<ImportId>,
    /// When it was wished.
    pub at: Timestamp,
    /// What came of it.
    pub answer: Option<Answer>,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It was tried.
    Tried(Box<Tried>),
    /// It was brought in.
    Brought(Brought),
    /// It failed, in the office's language.
    Failed(String),
}

/// Keeps an uploaded file and asks for a first trial of it.
///
/// # Errors
/// [`Denied::Invalid`] for an empty file, one that is too large and one that is no text; without the right, as everywhere.
pub async fn upload(
    store: &Store,
    lang: Lang,
    login: &str,
    (name, bytes): (&str, Vec<u8>),
    now: Timestamp,
) -> Result<ErrandId> {
    let user = allowed(&mut store.read().await?, login, Act::Administer).await?;
    let wrong = match bytes.as_slice() {
        [] => Some("import.desk.empty"),
        all if all.len() > LARGEST => Some("import.desk.too_large"),
        // a spreadsheet is a zip, or one of the containers before it; a PDF comes by the command line
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("import.desk.spreadsheet"),
        [b'%', b'P', b'D', b'F', ..] => Some("import.desk.pdf"),
        _ => None,
    };
    if let Some(key) = wrong {
        return Err(Denied::Invalid(vec![t(lang, key).to_owned()]).into());
    }
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME).collect();
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let sha256 = store.files().put(bytes).await?;
    let file = FileRef { sha256: sha256.clone(), bytes: length, mime: "text/plain".into(), at: now };
    let who = actor(&user);
    let mut write = store.write().await?;
    write.record_file(&file).await?;
    let kind = ErrandKind::Import { file: sha256, name: name.clone(), reading: Reading::default(), import: None };
    let id = write.record_errand(&kind, &who, now).await?;
    let after = serde_json::json!({ "file": name, "bytes": length }).to_string();
    write.record_event(now, &who, "import.upload", &Event::about_errand(id), None, Some(&after)).await?;
    write.commit().await?;
    Ok(id)
}

/// Asks for another trial of the same file, read as is said now.
///
/// # Errors
/// [`Denied::Unknown`] for what is no trial; without the right, as everywhere.
pub async fn try_again(store: &Store, login: &str, id: ErrandId, reading: Reading, now: Timestamp) -> Result<ErrandId> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Administer).await?;
    let Request { file, name, .. } = asked(&mut write, id).await?;
    let kind = ErrandKind::Import { file, name, reading, import: None };
    // pressed twice: one trial
    if let Some(waits) = write.find_last_errand(&kind).await?.filter(|errand| errand.done_at.is_none()) {
        return Ok(waits.id);
    }
    let id = write.record_errand(&kind, &actor(&user), now).await?;
    write.commit().await?;
    Ok(id)
}

/// Has a file brought in exactly as it was tried, or goes on with an import that failed.
///
/// # Errors
/// [`Denied::Invalid`] where the trial is not there yet, failed or would bring nothing; [`Denied::Unknown`] for what is
/// no trial; without the right, as everywhere.
pub async fn bring_in(store: &Store, lang: Lang, login: &str, id: ErrandId, now: Timestamp) -> Result<ErrandId> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Administer).await?;
    let Request { file, name, reading, answer, import, .. } = asked(&mut write, id).await?;
    let may_come = match &answer {
        Some(Answer::Tried(tried)) => tried.can_come(),
        // one that came in and failed on the way is gone on with
        Some(Answer::Failed(_)) => import.is_some(),
        Some(Answer::Brought(_)) | None => false,
    };
    if !may_come {
        return Err(Denied::Invalid(vec![t(lang, "import.desk.not_tried").to_owned()]).into());
    }
    let form = serde_json::to_string(&reading).unwrap_or_default();
    let who = actor(&user);
    // one that failed at its very end has a row that is done: what is left to do is that import's and no other's
    let failed = match import {
        Some(id) => write.find_import(id).await?.filter(|import| import.back.is_none()),
        None => None,
    };
    let import = match failed {
        Some(import) => import,
        None => begun(&mut write, (&name, &file, &form), &who, now).await?,
    };
    let kind = ErrandKind::Import { file, name, reading, import: Some(import.id) };
    if let Some(waits) = write.find_last_errand(&kind).await?.filter(|errand| errand.done_at.is_none()) {
        return Ok(waits.id);
    }
    let id = write.record_errand(&kind, &who, now).await?;
    write.commit().await?;
    Ok(id)
}

async fn asked(write: &mut Write, id: ErrandId) -> Result<Request> {
    let found = find_request(write, id).await?;
    Ok(found.ok_or_else(|| Denied::Unknown { what: "import", name: id.to_string() })?)
}

/// A trial or an import that was asked for at the desk; none for another number.
pub async fn find_request(rows: &mut Rows, id: ErrandId) -> Result<Option<Request>> {
    Ok(rows.find_errand(id).await?.and_then(request))
}

/// Which request at the desk an import came from, and its answer, for those of the last errands.
pub async fn list_requests(rows: &mut Rows, limit: usize) -> Result<Vec<(ErrandId, Request)>> {
    let errands = rows.list_latest_errands(limit).await?;
    Ok(errands.into_iter().filter_map(|errand| Some((errand.id, request(errand)?))).collect())
}

fn request(errand: Errand) -> Option<Request> {
    let ErrandKind::Import { file, name, reading, import } = errand.kind else { return None };
    let answer = errand.result.map(|result| {
        let tried = || serde_json::from_str::<Tried>(&result).ok().map(|tried| Answer::Tried(Box::new(tried)));
        let brought = || serde_json::from_str::<Brought>(&result).ok().map(Answer::Brought);
        tried().or_else(brought).unwrap_or_else(|| {
            let failed: Option<serde_json::Value> = serde_json::from_str(&result).ok();
            let why = failed.and_then(|value| Some(value.get("error")?.as_str()?.to_owned()));
            Answer::Failed(why.unwrap_or_default())
        })
    });
    Some(Request { file, name, reading, import, at: errand.at, answer })
}

impl Tried {
    /// Whether anything of the file can come in.
    pub fn can_come(&self) -> bool {
        self.missing.is_none() && self.counted.taken > 0
    }
}

/// What a person chose on the page of a trial: the columns by their numbers, outlets by their ids.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choices {
    /// Name of the encoding; empty to have it told.
    pub encoding: String,
    /// The separator, or `tab`; empty to have it told.
    pub separator: String,
    /// What each column holds, by its place; empty for nothing.
    pub columns: Vec<String>,
    /// Names of the file, each with the id of an outlet.
    pub outlets: Vec<(String, String)>,
    /// The id of the outlet that holds for all rows; empty for none.
    pub whole: String,
}

impl Choices {
    /// The same as a reading. Columns that were chosen for a file that is read otherwise now are not meant.
    pub fn reading(self, before: &Reading) -> Reading {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let (encoding, separator) = (said(self.encoding), said(self.separator));
        let same_form = encoding == before.encoding && separator == before.separator;
        let mut map = Vec::new();
        if same_form && !self.columns.is_empty() {
            for field in FIELDS {
                let at = self.columns.iter().position(|chosen| chosen == field);
                map.push(format!("{field}={}", at.map(|at| (at + 1).to_string()).unwrap_or_default()));
            }
        }
        let mapped = self.outlets.into_iter().filter(|(_, id)| !id.is_empty());
        let mut outlets: Vec<String> = mapped.map(|(name, id)| format!("{name}={id}")).collect();
        outlets.extend(said(self.whole));
        Reading { encoding, separator, map, outlets }
    }
}

/// The outlets of a reading: names with ids, and the id that holds for all.
pub fn mapped(reading: &Reading) -> (Vec<(String, String)>, Option<String>) {
    let (mut names, mut whole) = (Vec::new(), None);
    for line in &reading.outlets {
        match line.rsplit_once('=') {
            Some((name, id)) => names.push((name.to_owned(), id.to_owned())),
            None => whole = Some(line.clone()),
        }
    }
    (names, whole)
}
