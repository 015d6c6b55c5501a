//! The folder of the archive: siblings, one index each, and `CURRENT`, which names the one that answers.
//!
//! A sibling is `g1`, `g2` and so on; a higher number than the one in `CURRENT` is being built, a lower one is left over.
//! `CURRENT` is written beside, made durable and renamed, so that at any moment it names one whole archive. Before there
//! were siblings the files of the only index lay in the folder itself ([`Sibling::Flat`]): where `CURRENT` is missing and
//! they are there, they are the archive. Who writes holds a lock; who only reads needs none.

use crate::standing::Obstacle;
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

const CURRENT: &str = "CURRENT";
const LOCK: &str = "writer.lock";
/// What the engine calls the list of its segments.
pub(crate) const META: &str = "meta.json";
/// So many bytes are tried after a failure, to tell a full disk from a damage: more than one article takes.
const ROOM: usize = 2 << 20;

/// One index of the folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Sibling {
    /// In the folder itself, as it was before there were siblings.
    Flat,
    /// In a folder of its own.
    Number(u32),
}

impl Sibling {
    fn name(self) -> String {
        match self {
            Self::Flat => ".".into(),
            Self::Number(n) => format!("g{n}"),
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let number = name.strip_prefix('g')?.parse().ok()?;
        // `g07` and `g+7` are none of ours
        (Self::Number(number).name() == name).then_some(Self::Number(number))
    }

    /// The one that is built after this.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Flat => Self::Number(1),
            Self::Number(n) => Self::Number(n.saturating_add(1)),
        }
    }
}

/// The folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
}

/// The right to write into the folder, as long as it lives; the system takes it back when the process dies.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Folder {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where the files of a sibling lie.
    pub(crate) fn of(&self, sibling: Sibling) -> PathBuf {
        match sibling {
            Sibling::Flat => self.path.clone(),
            Sibling::Number(_) => self.path.join(sibling.name()),
        }
    }

    /// The one that `CURRENT` names, if it is there.
    pub(crate) fn current(&self) -> Result<Option<Sibling>, Obstacle> {
        Ok(self.named()?.filter(|sibling| self.of(*sibling).is_dir()))
    }

    /// The one that `CURRENT` names, there or not: no other one may take its number.
    pub(crate) fn named(&self) -> Result<Option<Sibling>, Obstacle> {
        let mut text = String::new();
        let read = File::open(self.path.join(CURRENT)).and_then(|file| file.take(64).read_to_string(&mut text));
        match read {
            Ok(_) => Ok(Sibling::parse(text.trim())),
            Err(why) if why.kind() == ErrorKind::NotFound => Ok(self.path.join(META).exists().then_some(Sibling::Flat)),
            // not letters: as good as none
            Err(why) if why.kind() == ErrorKind::InvalidData => Ok(None),
            Err(why) => Err(Obstacle::of(&why)),
        }
    }

    /// All siblings that have a folder, in the order of their numbers.
    pub(crate) fn siblings(&self) -> Result<Vec<Sibling>, Obstacle> {
        let entries = match std::fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(why) if why.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(why) => return Err(Obstacle::of(&why)),
        };
        let name = |entry: std::io::Result<std::fs::DirEntry>| Sibling::parse(entry.ok()?.file_name().to_str()?);
        let mut siblings: Vec<_> = entries.filter_map(name).collect();
        siblings.sort_unstable();
        Ok(siblings)
    }

    /// Lets `CURRENT` name this one, durably, by one rename.
    pub(crate) fn point(&self, sibling: Sibling) -> std::io::Result<()> {
        let new = self.path.join("CURRENT.new");
        let mut file = File::create(&new)?;
        writeln!(file, "{}", sibling.name())?;
        file.sync_all()?;
        std::fs::rename(&new, self.path.join(CURRENT))?;
        // the rename itself lies in the folder
        File::open(&self.path)?.sync_all()
    }

    /// Removes the files of a sibling. Of the flat one only files go: the others lie in folders of their own.
    pub(crate) fn remove(&self, sibling: Sibling) -> std::io::Result<()> {
        if let Sibling::Number(_) = sibling {
            return std::fs::remove_dir_all(self.of(sibling));
        }
        for entry in std::fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_type()?.is_file() && ![CURRENT, LOCK].map(OsStr::new).contains(&entry.file_name().as_os_str())
            {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Whether files of an index lie in the folder itself.
    pub(crate) fn is_flat(&self) -> bool {
        self.path.join(META).exists() || self.path.join(".managed.json").exists()
    }

    /// Takes the right to write, and makes the folder if it is not there.
    pub(crate) fn lock(&self) -> Result<Lock, Obstacle> {
        let trouble = |why: std::io::Error| Obstacle::of(&why);
        std::fs::create_dir_all(&self.path).map_err(trouble)?;
        let path = self.path.join(LOCK);
        let options = File::options().create(true).truncate(false).read(true).write(true).open(path);
        let mut file = options.map_err(trouble)?;
        match file.try_lock() {
            Ok(()) => {
                // who reads it only wants to know whom to ask
                let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
                Ok(Lock(file))
            }
            Err(TryLockError::WouldBlock) => {
                let mut who = String::new();
                let _ = file.take(64).read_to_string(&mut who);
                Err(Obstacle::Busy(who.trim().to_owned()))
            }
            Err(TryLockError::Error(why)) => Err(trouble(why)),
        }
    }

    /// Whether the lock file is still the one in the folder: somebody may have taken the folder away.
    pub(crate) fn has_lock_file(&self) -> bool {
        self.path.join(LOCK).exists()
    }

    /// What keeps files from being written here; none if they can be.
    pub(crate) fn obstacle(&self) -> Option<Obstacle> {
        let path = self.path.join("room.new");
        let written = File::create(&path).and_then(|mut file| {
            file.write_all(&vec![0; ROOM])?;
            file.sync_all()
        });
        // where it was not even made there is nothing to take away
        let _ = std::fs::remove_file(&path);
        written.err().map(|why| Obstacle::of(&why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn current_names_one_that_is_there_or_nothing() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(temp.path());
        assert_eq!(folder.current(), Ok(None));
        std::fs::write(temp.path().join(META), "{}").expect("a file");
        assert_eq!(folder.current(), Ok(Some(Sibling::Flat)));
        folder.point(Sibling::Number(2)).expect("written");
        assert_eq!(folder.current(), Ok(None), "it is not there");
        std::fs::create_dir(temp.path().join("g2")).expect("a folder");
        assert_eq!(folder.current(), Ok(Some(Sibling::Number(2))));
        for text in [&b""[..], b"g", b"g02", b"../x", b"\xff\xfe", &[b'g'; 10_000]] {
            std::fs::write(temp.path().join(CURRENT), text).expect("written");
            assert_eq!(folder.current(), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn one_writes_and_the_next_learns_who() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(&temp.path().join("index"));
        let held = folder.lock().expect("free");
        let who = std::process::id().to_string();
        assert_eq!(folder.lock().err(), Some(Obstacle::Busy(who)));
        drop(held);
        assert!(folder.lock().is_ok());
    }
}
