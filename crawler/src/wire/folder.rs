//! The drop folder (*cartella di deposito*): what lies in it, what is whole, and where a file goes when it was read.
//!
//! Whoever uploads a file does so in pieces, and few of them rename it at the end. So a file is whole when two looks, a
//! second or more apart, found it with the same size and the same date; between them nobody waits, the first look is
//! remembered. What was read goes to `done/YYYY-MM-DD/`, what cannot be read to `rejected/` with a `.reason` beside it:
//! both by renaming, so that a file is never in two places and never in none. Nothing is deleted here. Symbolic links are
//! not followed: the folder is open to somebody outside. Left out: rows, and when to look (the job does both).

use super::CAP;
use jiff::civil::Date;
use salastampa_domain::Timestamp;
use salastampa_domain::time::SECOND;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where files go that were read.
pub const DONE: &str = "done";
/// Where files go that could not be read.
pub const REJECTED: &str = "rejected";
/// How long a file must have lain unchanged, in milliseconds.
pub const STILL: i64 = SECOND;
/// Files of one look; what is beyond them is seen when these are gone.
const MOST_FILES: usize = 2_000;

/// A file, as a look found it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sighting {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// When it was written last, in milliseconds by the clock of whoever wrote it: compared, never believed.
    pub modified: i64,
}

/// A sighting that is remembered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remembered {
    /// What was seen.
    pub seen: Sighting,
    /// When it was first seen so.
    pub since: Timestamp,
}

/// What a look makes of what was remembered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settled {
    /// Whole: to be read now, in the order in which they were written.
    pub ready: Vec<Sighting>,
    /// Seen for the first time, or still growing.
    pub fresh: Vec<Sighting>,
    /// Remembered, and no longer there.
    pub gone: Vec<String>,
}

/// Why a folder gives nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{why}")]
pub struct FolderIll {
    /// In a few Italian words.
    pub why: String,
}

/// What lies in a folder, by date of writing: files whose names are not those of a half-written one.
pub fn look(folder: &Path) -> Result<Vec<Sighting>, FolderIll> {
    let ill = |error: &io::Error| FolderIll {
        why: match error.kind() {
            ErrorKind::NotFound => "la cartella non esiste".into(),
            ErrorKind::PermissionDenied => "manca il permesso di leggere la cartella".into(),
            ErrorKind::NotADirectory => "non è una cartella".into(),
            _ => format!("la cartella non si legge: {error}"),
        },
    };
    let mut seen = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| ill(&error))? {
        let entry = entry.map_err(|error| ill(&error))?;
        // a name that is no UTF-8 cannot be told apart from its like in a row: it is taken under one that is
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            take_readable_name(folder, &entry.file_name());
            continue;
        };
        if is_half_written(&name) {
            continue;
        }
        // gone in this moment: the next look will tell
        let Ok(about) = fs::symlink_metadata(entry.path()) else { continue };
        if about.file_type().is_file() {
            seen.push(Sighting {
                name,
                bytes: i64::try_from(about.len()).unwrap_or(i64::MAX),
                modified: about.mtime().saturating_mul(1_000).saturating_add(about.mtime_nsec() / 1_000_000),
            });
        }
    }
    seen.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
    seen.truncate(MOST_FILES);
    Ok(seen)
}

/// Whether a name is that of a file that somebody is still writing.
fn is_half_written(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with('.') || [".tmp", ".part", ".filepart", "~"].iter().any(|end| lower.ends_with(end))
}

/// Gives a file a name that can be written down; one that is still being written keeps its writer all the same.
fn take_readable_name(folder: &Path, name: &std::ffi::OsStr) {
    let to = free(folder, &name.to_string_lossy().replace('\u{fffd}', "_"));
    // where it cannot be renamed it cannot be read into the rows either: said in the log, once a look
    if let Err(why) = fs::rename(folder.join(name), to) {
        tracing::warn!("a file in {} has a name that cannot be read: {why}", folder.display());
    }
}

/// Compares a look with what is remembered: a file is whole if it was seen so [`STILL`] ago or longer.
pub fn settle(seen: Vec<Sighting>, known: &[Remembered], now: Timestamp) -> Settled {
    let mut settled = Settled::default();
    let names: std::collections::HashSet<&str> = seen.iter().map(|s| s.name.as_str()).collect();
    settled.gone = known.iter().map(|k| k.seen.name.clone()).filter(|name| !names.contains(name.as_str())).collect();
    let known: std::collections::HashMap<&str, &Remembered> = known.iter().map(|k| (k.seen.name.as_str(), k)).collect();
    for sighting in seen {
        match known.get(sighting.name.as_str()) {
            Some(before) if before.seen == sighting && now.since(before.since) >= STILL => settled.ready.push(sighting),
            // seen so, a moment ago: what is remembered stays
            Some(before) if before.seen == sighting => {}
            _ => settled.fresh.push(sighting),
        }
    }
    settled
}

/// Why a file was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotRead {
    /// More than [`CAP`].
    TooBig,
    /// It is no longer there, or no longer what was seen.
    Changed,
    /// The permission is missing, or the disk fails.
    Unreadable,
}

/// Reads a whole file that a look has found.
pub fn read(folder: &Path, seen: &Sighting) -> Result<Vec<u8>, NotRead> {
    let path = folder.join(&seen.name);
    let of = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => NotRead::Changed,
        _ => NotRead::Unreadable,
    };
    let before = fs::symlink_metadata(&path).map_err(of)?;
    let file = File::open(&path).map_err(of)?;
    let about = file.metadata().map_err(of)?;
    // a link put in the file's place would lead out of the folder
    if !before.file_type().is_file() || (before.dev(), before.ino()) != (about.dev(), about.ino()) {
        return Err(NotRead::Changed);
    }
    if about.len() > CAP as u64 {
        return Err(NotRead::TooBig);
    }
    let mut bytes = Vec::new();
    file.take(CAP as u64 + 1).read_to_end(&mut bytes).map_err(|_| NotRead::Unreadable)?;
    match i64::try_from(bytes.len()) == Ok(seen.bytes) {
        true => Ok(bytes),
        false => Err(NotRead::Changed),
    }
}

/// Moves a file that was read to `done/`, under the civil day of the office.
pub fn put_away(folder: &Path, name: &str, day: Date) -> io::Result<PathBuf> {
    let to = folder.join(DONE).join(day.to_string());
    fs::create_dir_all(&to)?;
    let to = free(&to, name);
    fs::rename(folder.join(name), &to)?;
    Ok(to)
}

/// Moves a file that cannot be read to `rejected/`, the reason beside it first: none lies there without.
pub fn reject(folder: &Path, name: &str, reason: &str) -> io::Result<PathBuf> {
    let to = folder.join(REJECTED);
    fs::create_dir_all(&to)?;
    let to = free(&to, name);
    let mut beside = to.clone().into_os_string();
    beside.push(".reason");
    fs::write(beside, format!("{reason}\n"))?;
    fs::rename(folder.join(name), &to)?;
    Ok(to)
}

/// A name that is not taken: `lancio.xml`, `lancio-2.xml`, …
fn free(folder: &Path, name: &str) -> PathBuf {
    let (stem, end) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    };
    let mut path = folder.join(name);
    let mut number = 2;
    while fs::symlink_metadata(&path).is_ok() {
        path = folder.join(format!("{stem}-{number}{end}"));
        number += 1;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(name: &str, bytes: i64) -> Sighting {
        Sighting { name: name.into(), bytes, modified: 7 }
    }

    #[test]
    fn a_file_is_whole_when_it_has_not_changed_for_a_second() {
        let known = |name: &str, bytes, since| Remembered { seen: sighting(name, bytes), since: Timestamp(since) };
        let before = [known("whole", 5, 1_000), known("growing", 5, 0), known("new", 5, 1_500), known("gone", 5, 0)];
        let seen = vec![sighting("whole", 5), sighting("growing", 6), sighting("new", 5), sighting("first", 1)];
        let settled = settle(seen, &before, Timestamp(2_000));
        assert_eq!(settled.ready, [sighting("whole", 5)]);
        assert_eq!(settled.fresh, [sighting("growing", 6), sighting("first", 1)]);
        assert_eq!(settled.gone, ["gone"]);
    }

    #[test]
    fn files_are_seen_read_and_moved_and_links_are_not() {
        let home = std::env::temp_dir().join(format!("salastampa-folder-{}", std::process::id()));
        // left by a run that was killed
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(home.join("sotto")).expect("a folder");
        for name in ["a.xml", "b.xml.tmp", ".c", "d.part"] {
            fs::write(home.join(name), name).expect("a file");
        }
        std::os::unix::fs::symlink("/etc/hostname", home.join("fuori")).expect("a link");
        let seen = look(&home).expect("a folder");
        assert_eq!(seen.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["a.xml"]);
        assert_eq!(read(&home, &seen[0]).as_deref(), Ok(&b"a.xml"[..]));
        assert_eq!(read(&home, &Sighting { name: "fuori".into(), ..seen[0].clone() }), Err(NotRead::Changed));
        let day = jiff::civil::date(2026, 11, 23);
        for expected in ["done/2026-11-23/a.xml", "done/2026-11-23/a-2.xml", "done/2026-11-23/a-3.xml"] {
            fs::write(home.join("a.xml"), "a").expect("a file");
            assert_eq!(put_away(&home, "a.xml", day).expect("moved"), home.join(expected));
        }
        fs::write(home.join("x"), "x").expect("a file");
        assert_eq!(reject(&home, "x", "perché sì").expect("moved"), home.join("rejected/x"));
        assert_eq!(fs::read_to_string(home.join("rejected/x.reason")).expect("a reason"), "perché sì\n");
        assert_eq!(look(&home.join("nulla")).expect_err("no folder").why, "la cartella non esiste");
        fs::remove_dir_all(&home).expect("a folder of ours");
    }
}
