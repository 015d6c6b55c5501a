//! The office's key: made once from the machine's randomness, kept in the data folder, readable by its owner only.
//!
//! Links in mails, Message-IDs, the list of who has left and the secrets of the desk hang on it. So the database remembers by
//! which key it was written (`acts::key`): where the file is gone, or is another office's, the program stops with what to put
//! back instead of going on with a key under which none of that holds. A new office makes both without a question; one of
//! before this was remembered writes it down at its next start. Left out: changing a key that is not lost.

use anyhow::{Context, Result, bail};
use salastampa_acts::key;
use salastampa_domain::Timestamp;
use salastampa_store::{DeliveryFilter, Rows, Store};
use std::io::Read;
use std::path::Path;

/// The name of the file.
pub const FILE: &str = "office.key";
/// Bytes of a key.
const BYTES: usize = 32;

/// The key of this office.
///
/// # Errors
/// It cannot be read, is cut short, is gone, or is not the one of this database; in one sentence that ends with what to do.
pub async fn office_key(folder: &Path, store: &Store) -> Result<Vec<u8>> {
    let path = folder.join(FILE);
    if let Some(known) = key::known(&mut store.read().await?).await? {
        return kept(&path, &known);
    }
    // one process at a time: two that start together would make two keys
    let mut write = store.write().await?;
    if let Some(known) = key::known(&mut write).await? {
        return kept(&path, &known);
    }
    let office_key = match read(&path)? {
        Some(found) => found,
        None if is_used(&mut write).await? => bail!(gone(&path)),
        None => make(&path)?,
    };
    key::remember(&mut write, &office_key).await?;
    write.commit().await?;
    Ok(office_key)
}

/// Whether the key of a backup is the one of its database: an office that is taken back without it would not start.
///
/// # Errors
/// It is gone, cut short, or another's.
pub async fn belongs(folder: &Path, rows: &mut Rows) -> Result<()> {
    let path = folder.join(FILE);
    let found = match key::known(rows).await? {
        Some(known) => kept(&path, &known).map(Some),
        None => read(&path),
    };
    match found.with_context(|| format!("the backup in {} cannot be taken back as it is", folder.display()))? {
        Some(_) => Ok(()),
        None => bail!("the backup in {} has no {FILE}: put it there first. Nothing was changed", folder.display()),
    }
}

/// Goes on with another key, because the one of this database is lost: the one that lies in the folder, or a new one. Without
/// `lost` nothing is done, and what it costs is told. Gives what became of it.
pub async fn accept(folder: &Path, store: &Store, lost: bool, now: Timestamp) -> Result<String> {
    let path = folder.join(FILE);
    let known = key::known(&mut store.read().await?).await?;
    let found = match cut(&path) {
        true => None,
        false => read(&path)?,
    };
    if let (Some(found), Some(known)) = (&found, &known)
        && key::fingerprint(found) == *known
    {
        bail!("{} is the key of this database: nothing is lost, and nothing was changed", path.display());
    }
    if !lost {
        bail!(
            "with another key: links in mails sent so far open nothing (leaving, own choices, reviews); what comes back of them \
             finds no message; receipts of releases given so far are not known again; journalists who were deleted may be taken \
             in again by an import; the mail password and second factors must be set again. Who has left and is still written \
             down stays left alone. Look for {FILE} in every backup first. `salastampa new-key --lost` does it; nothing was \
             changed"
        );
    }
    let office_key = match found {
        Some(found) => found,
        None => {
            if cut(&path) {
                let aside = path.with_extension("key.cut");
                std::fs::rename(&path, &aside).with_context(|| format!("moving {} aside", path.display()))?;
            }
            make(&path)?
        }
    };
    let done = key::accept(store, &office_key, now).await.map_err(|why| anyhow::anyhow!("{why}"))?;
    Ok(format!(
        "{}: from now on the key of this office; {} addresses stay closed, {} second factors are to be set up again",
        path.display(),
        done.closed,
        done.factors
    ))
}

/// The key of the folder, if it is the known one.
fn kept(path: &Path, known: &str) -> Result<Vec<u8>> {
    match read(path)? {
        Some(found) if key::fingerprint(&found) == known => Ok(found),
        Some(_) => bail!(
            "{} is not the key that this database was written with: with another one no link in a mail holds, and who has \
             left is mailed again. Put the right one back: from the last backup, or from the machine that runs this office \
             too. If it is lost for good, `salastampa new-key` says what that costs. Nothing was changed",
            path.display()
        ),
        None => bail!(gone(path)),
    }
}

fn gone(path: &Path) -> String {
    format!(
        "{} is gone: without it no link in a mail holds, and who has left is mailed again. Put it back: from the last backup, \
         or from the machine that runs this office too. If it is lost for good, `salastampa new-key` says what that costs. \
         Nothing was changed",
        path.display()
    )
}

/// Whether there is a file, and it is too short to be a key.
fn cut(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.len() < BYTES as u64)
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    // only where there is none may one be made
    match std::fs::read(path) {
        Ok(key) if key.len() >= BYTES => Ok(Some(key)),
        Ok(key) => bail!(
            "{} has {} bytes of {BYTES}: put it back from the last backup. Nothing was changed",
            path.display(),
            key.len()
        ),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => bail!(
            "{} cannot be read ({why}): run the program as the user whose file it is. Nothing was changed",
            path.display()
        ),
    }
}

/// Whether something hangs on a key already, though none is remembered: an office of before that.
async fn is_used(rows: &mut Rows) -> Result<bool> {
    let sent = rows.list_deliveries_page(&DeliveryFilter::default(), None, 1).await?;
    Ok(!sent.is_empty() || !rows.list_all_suppressions().await?.is_empty())
}

fn make(path: &Path) -> Result<Vec<u8>> {
    let mut key = vec![0_u8; BYTES];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut key))
        .context("reading the machine's randomness for the office's key")?;
    crate::files::write_private(path, &key).with_context(|| format!("writing {}", path.display()))?;
    Ok(key)
}
