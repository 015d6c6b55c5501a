//! The folder of files: photos, attachments, raw mails, letters and frozen outputs, each under its own hash
//! (`ab/abcdef…`), so that the same bytes are kept once and a name can never point to other bytes.
//!
//! A file is on the disk for good (written beside, synced, renamed, folder synced) before the row that names it is
//! committed. What no row names is removed by `tidy`. Left out: what the bytes mean, and who may read them.

use crate::sql::sql;
use crate::{Error, Rows, Store, Write};
use salastampa_domain::{FileRef, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The folder of files. With several machines it is a shared mount.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// Makes the folder unless it is there.
    pub(crate) fn open(root: &Path) -> Result<Self, Error> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(root).map_err(|e| Error::file(root, e))?;
        Ok(Self { root: root.to_owned() })
    }

    /// Keeps the bytes and gives their SHA-256 in hexadecimal. On the disk for good when it returns; the same bytes
    /// again cost one look.
    pub async fn put(&self, bytes: impl Into<Vec<u8>>) -> Result<String, Error> {
        let (root, bytes) = (self.root.clone(), bytes.into());
        blocking(move || {
            let sha256 = hex(&Sha256::digest(&bytes));
            let path = place(&root, &sha256);
            match write(&path, &bytes) {
                Ok(()) => Ok(sha256),
                Err(error) => Err(Error::file(path, error)),
            }
        })
        .await
    }

    /// The bytes with this hash, or `None` if they are not there.
    pub async fn get(&self, sha256: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(path) = self.path(sha256) else { return Ok(None) };
        blocking(move || match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file(path, error)),
        })
        .await
    }

    /// The file with this hash, open for reading from its first byte, and how many bytes it has; `None` if it is not
    /// there. For what is handed on piece by piece.
    pub async fn open_file(&self, sha256: &str) -> Result<Option<(tokio::fs::File, u64)>, Error> {
        let Some(path) = self.path(sha256) else { return Ok(None) };
        let opened = async {
            let file = tokio::fs::File::open(&path).await?;
            let length = file.metadata().await?.len();
            Ok((file, length))
        };
        match opened.await {
            Ok(opened) => Ok(Some(opened)),
            Err(error) if io::Error::kind(&error) == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file(path, error)),
        }
    }

    /// Bytes that are free on the disk of the folder, and all that it has; `None` where the system does not say.
    pub fn room(&self) -> Option<(u64, u64)> {
        Some((fs4::available_space(&self.root).ok()?, fs4::total_space(&self.root).ok()?))
    }

    /// Whether bytes with this hash are kept.
    pub fn exists(&self, sha256: &str) -> bool {
        self.path(sha256).is_some_and(|path| path.is_file())
    }

    /// Removes the bytes with this hash, if they are there. For those that [`Store::list_orphan_files`] names.
    pub fn remove_file(&self, sha256: &str) -> Result<(), Error> {
        let Some(path) = self.path(sha256) else { return Ok(()) };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(path, error)),
            _ => Ok(()),
        }
    }

    /// Where bytes with this hash lie; `None` for what is no hash, so that no name leads out of the folder.
    fn path(&self, sha256: &str) -> Option<PathBuf> {
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_hash.then(|| place(&self.root, sha256))
    }

    /// The hashes of the files last written before then, by the clock of the file system.
    fn list_older(&self, before: Timestamp) -> io::Result<Vec<String>> {
        let mut older = Vec::new();
        for folder in fs::read_dir(&self.root)? {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                let file = file?;
                let written = file.metadata()?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
                let name = file.file_name().to_string_lossy().into_owned();
                if i64::try_from(written.as_millis()).is_ok_and(|at| at < before.0) && self.path(&name).is_some() {
                    older.push(name);
                }
            }
        }
        older.sort();
        Ok(older)
    }
}

impl Store {
    /// The hashes of the files written before `before` that no row names: left by an act that failed after it had
    /// written them.
    pub async fn list_orphan_files(&self, before: Timestamp) -> Result<Vec<String>, Error> {
        let older = self.files().list_older(before).map_err(|e| Error::file(&self.files().root, e))?;
        let mut rows = self.read().await?;
        let named = sql("select sha256 from file union select letter from delivery union select file from inbound \
                         union select sha256 from review_output union select sha256 from file_use \
                         union select file from photo union select web from photo union select thumb from photo")
        .all(&mut rows)
        .await?;
        let named: HashSet<String> = named.iter().map(|row| row.text("sha256")).collect::<Result<_, _>>()?;
        Ok(older.into_iter().filter(|sha256| !named.contains(sha256)).collect())
    }
}

impl Rows {
    /// What is known of the file with this hash.
    pub async fn find_file(&mut self, sha256: &str) -> Result<Option<FileRef>, Error> {
        let row = sql("select * from file where sha256 = $1").text(sha256).optional(self).await?;
        row.map(|row| {
            Ok(FileRef {
                sha256: row.text("sha256")?,
                bytes: row.number("bytes")?,
                mime: row.text("mime")?,
                at: row.time("at")?,
            })
        })
        .transpose()
    }
}

impl Write {
    /// Names a file that [`Files::put`] has kept: from now on it stays. Naming it again changes nothing.
    pub async fn record_file(&mut self, file: &FileRef) -> Result<(), Error> {
        sql("insert into file (sha256, bytes, mime, at) values ($1, $2, $3, $4) on conflict (sha256) do nothing")
            .text(&file.sha256)
            .number(file.bytes)
            .text(&file.mime)
            .time(file.at)
            .run(self)
            .await?;
        Ok(())
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn place(root: &Path, sha256: &str) -> PathBuf {
    root.join(&sha256[..2]).join(sha256)
}

/// Writes beside, syncs, renames, syncs the folder: after a power cut the file is there whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.is_file() {
        return Ok(());
    }
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // two tasks may write the same bytes at once: each beside under a name of its own
    let beside = path.with_extension(format!("{}-{:?}.part", std::process::id(), std::thread::current().id()));
    let written = write_synced(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // what is left beside is harmless; the first error is the one to tell
        let _ = fs::remove_file(&beside);
        return written;
    }
    fs::File::open(folder)?.sync_all()
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|e| Err(Error::File { path: PathBuf::new(), source: io::Error::other(e) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_are_kept_once_under_their_hash() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files::open(&folder.path().join("files")).expect("opens");
        let sha256 = files.put("Riapre il lungolago").await.expect("kept");
        assert_eq!(files.put("Riapre il lungolago").await.expect("kept again"), sha256);
        assert!(files.exists(&sha256));
        assert_eq!(files.get(&sha256).await.expect("read").as_deref(), Some("Riapre il lungolago".as_bytes()));
        let all = files.list_older(Timestamp(i64::MAX)).expect("a list");
        assert_eq!(all, std::slice::from_ref(&sha256));
        assert!(files.list_older(Timestamp(0)).expect("a list").is_empty());
        files.remove_file(&sha256).expect("removed");
        assert_eq!(files.get(&sha256).await.expect("read"), None);
    }

    #[tokio::test]
    async fn a_name_that_is_no_hash_leads_nowhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files::open(folder.path()).expect("opens");
        let long = "/".repeat(64);
        for name in ["../../etc/passwd", "", "ab", long.as_str(), &"A".repeat(64)] {
            assert_eq!(files.path(name), None, "{name}");
            assert_eq!(files.get(name).await.expect("no error"), None, "{name}");
        }
    }
}
