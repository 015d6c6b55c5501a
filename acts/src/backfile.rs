//! An old archive comes in (*porting dello storico*), batch by batch, and is taken back.
//!
//! A batch of rows, the place in the file and what was counted are one transaction: an import that was killed goes on
//! after its last batch, and what it had kept is known. A second import of the same articles adds nothing. They are
//! searchable, never news, and get no story. Taken back, an import leaves only what somebody has used.
//! What is asked for at the desk has its own room ([`desk`]).
//! Left out: reading files and telling what their columns mean (`src/intake`).

pub mod desk;

use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{
    Act, Actor, ErrandKind, Event, Import, ImportId, ItemKey, NewArticle, OutletId, Progress, Timestamp,
};
use salastampa_locale::{Lang, t};
use salastampa_store::{Rows, Store, Write};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// So many articles are taken back in one transaction.
const AT_ONCE: usize = 200;

/// A row that could be kept, and what it is known again by.
#[derive(Clone, PartialEq, Debug)]
pub struct Offered {
    /// The article.
    pub article: NewArticle,
    /// The canonical form of its address, where that is an article's own.
    pub address: Option<String>,
    /// Hash of its folded title, if that has four words or more.
    pub title_key: Option<String>,
    /// Its civil day in Europe/Rome, in days since 1970-01-01.
    pub day: i64,
    /// It is known by day and title alone.
    pub by_title: bool,
}

/// What is known of a file before it is read: two of the same bytes are one import.
#[derive(Clone, Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// SHA-256, in hexadecimal.
    pub fn hex(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Begins an import by the command line, or finds the one of the same file, read the same way, that was interrupted.
pub async fn begin(store: &Store, name: &str, hash: &str, form: &str, now: Timestamp) -> Result<Import> {
    let mut write = store.write().await?;
    let import = begun(&mut write, (name, hash, form), &Actor::Console, now).await?;
    write.commit().await?;
    Ok(import)
}

async fn begun(
    write: &mut Write,
    (name, hash, form): (&str, &str, &str),
    by: &Actor,
    now: Timestamp,
) -> Result<Import> {
    if let Some(import) = write.find_import_to_resume(hash, form).await? {
        return Ok(import);
    }
    let mut import = Import {
        id: ImportId(0),
        name: name.to_owned(),
        hash: hash.to_owned(),
        form: form.to_owned(),
        by: by.clone(),
        at: now,
        progress: Progress::default(),
        done_at: None,
        back: None,
        removed: 0,
        spared: 0,
    };
    import.id = write.record_import(&import).await?;
    let after = json!({ "file": name }).to_string();
    write.record_event(now, &import.by, "import.begin", &Event::about_import(import.id), None, Some(&after)).await?;
    Ok(import)
}

/// Keeps a batch of rows and moves the import on. `upto` says how many rows were read and refused by then; what is taken
/// and known is added here. `last` ends the import.
///
/// # Errors
/// [`Denied::Invalid`] if the import was taken back or another process has moved it; nothing is written then.
pub async fn take(
    store: &Store,
    import: &mut Import,
    offered: &[Offered],
    upto: Progress,
    last: bool,
    lang: Lang,
    now: Timestamp,
) -> Result<()> {
    let mut write = store.write().await?;
    let stored = write.find_import(import.id).await?;
    if stored.is_none_or(|stored| stored.back.is_some() || stored.progress.position != import.progress.position) {
        return Err(Denied::Invalid(vec![t(lang, "import.moved").to_owned()]).into());
    }
    let known = known(&mut write, offered).await?;
    let (mut taken, mut there) = (0, 0);
    for (offered, known) in offered.iter().zip(known) {
        let kept = match known {
            true => None,
            false => write.keep_article(&offered.article, offered.title_key.as_deref(), offered.day, now).await?,
        };
        if let Some(article) = kept {
            write.record_imported(import.id, article).await?;
        }
        taken += i64::from(kept.is_some());
        there += i64::from(kept.is_none());
    }
    let progress = Progress { taken: import.progress.taken + taken, known: import.progress.known + there, ..upto };
    let done_at = last.then_some(now);
    write.record_import_progress(import.id, progress, done_at).await?;
    if last {
        let Progress { position, taken, known, refused, .. } = progress;
        let after = json!({ "rows": position, "taken": taken, "known": known, "refused": refused }).to_string();
        let subject = Event::about_import(import.id);
        write.record_event(now, &import.by, "import.done", &subject, None, Some(&after)).await?;
    }
    write.commit().await?;
    (import.progress, import.done_at) = (progress, done_at);
    Ok(())
}

/// Which of the rows the archive has: by number or address, or by day and title where a row has neither. One that has
/// both is also known at its address, if day or title are the same.
pub async fn known(rows: &mut Rows, offered: &[Offered]) -> Result<Vec<bool>> {
    let mut outlets: BTreeMap<OutletId, Vec<&Offered>> = BTreeMap::new();
    for one in offered {
        outlets.entry(one.article.outlet).or_default().push(one);
    }
    let mut at: BTreeMap<(OutletId, String), Vec<ItemKey>> = BTreeMap::new();
    let mut titled: BTreeMap<(OutletId, String), Vec<i64>> = BTreeMap::new();
    for (outlet, some) in outlets {
        let keys: Vec<&str> =
            some.iter().flat_map(|o| std::iter::once(o.article.key.as_str()).chain(o.address.as_deref())).collect();
        for item in rows.list_items_at(outlet, &keys).await? {
            at.entry((outlet, item.key.clone())).or_default().push(item);
        }
        let titles: Vec<&str> = some.iter().filter(|o| o.by_title).filter_map(|o| o.title_key.as_deref()).collect();
        for item in rows.list_items_titled(outlet, &titles).await? {
            if let Some(title) = item.title_key {
                titled.entry((outlet, title)).or_default().push(item.day);
            }
        }
    }
    let is_known = |one: &Offered| {
        let outlet = one.article.outlet;
        let under = |key: &str| at.get(&(outlet, key.to_owned())).map(Vec::as_slice).unwrap_or_default();
        let same =
            |item: &ItemKey| item.day == one.day || (item.title_key.is_some() && item.title_key == one.title_key);
        !under(&one.article.key).is_empty()
            || one.address.as_deref().is_some_and(|address| under(address).iter().any(same))
            || one.by_title
                && one.title_key.as_ref().is_some_and(|title| {
                    titled.get(&(outlet, title.clone())).is_some_and(|days| days.contains(&one.day))
                })
    };
    Ok(offered.iter().map(is_known).collect())
}

/// Asks for an import to be taken back; the running office does it.
///
/// # Errors
/// [`Denied::Unknown`] for an import that is not there; without the right, as everywhere.
pub async fn ask_back(store: &Store, login: &str, id: ImportId, now: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Administer).await?;
    let unknown = || Denied::Unknown { what: "import", name: id.to_string() };
    let import = write.find_import(id).await?.ok_or_else(unknown)?;
    let who = actor(&user);
    // pressed twice: the first time counts
    if write.record_import_back(id, &who, now).await? {
        write.record_errand(&ErrandKind::TakeBack { import: id }, &who, now).await?;
        let before = json!({ "file": import.name, "taken": import.progress.taken }).to_string();
        write.record_event(now, &who, "import.back", &Event::about_import(id), Some(&before), None).await?;
        write.commit().await?;
    }
    Ok(())
}

/// Takes back the next articles of an import; false once there is none left.
pub async fn take_back(store: &Store, id: ImportId, now: Timestamp) -> Result<bool> {
    let mut write = store.write().await?;
    let (_, seen) = write.remove_imported(id, AT_ONCE).await?;
    if seen == 0
        && let Some(Import { removed, spared, back: Some((who, _)), .. }) = write.find_import(id).await?
    {
        let after = json!({ "removed": removed, "spared": spared }).to_string();
        write.record_event(now, &who, "import.removed", &Event::about_import(id), None, Some(&after)).await?;
    }
    write.commit().await?;
    Ok(seen > 0)
}

#[cfg(test)]
mod tests;
