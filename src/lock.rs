//! One `serve` for each data folder: a lock file says who.

use anyhow::{Context, Result, bail};
use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

/// Held as long as it lives; the system takes it back when the process dies.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Takes the lock of a data folder.
///
/// # Errors
/// Somebody else holds it; the message says which process.
pub fn take(folder: &Path) -> Result<Lock> {
    let path = folder.join("serve.lock");
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .with_context(|| format!("opening {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            writeln!(file, "{}", std::process::id())?;
            Ok(Lock(file))
        }
        Err(TryLockError::WouldBlock) => {
            let mut who = String::new();
            let _ = file.read_to_string(&mut who);
            bail!("the data folder {} is in use by process {}: stop that one first", folder.display(), who.trim())
        }
        Err(TryLockError::Error(why)) => Err(why).with_context(|| format!("locking {}", path.display())),
    }
}

/// Whether a living process holds the folder.
pub fn is_held(folder: &Path) -> bool {
    File::options()
        .read(true)
        .open(folder.join("serve.lock"))
        .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}
