//! What comes in from before: imports of an old archive (*porting dello storico*), and the past that a watch has to clip.

use crate::{Actor, ImportId, Seq, Timestamp, WatchId};
use serde::{Deserialize, Serialize};

/// One file of an old archive that was brought in: which, by whom, how far, and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Import {
    /// Its number; its articles bear it as [`crate::Via::Import`].
    pub id: ImportId,
    /// The name of the file or folder.
    pub name: String,
    /// SHA-256 of what was read: the same file goes on where it was interrupted.
    pub hash: String,
    /// How it was read, as JSON: columns, encoding, separator, outlets. Read otherwise it is another import.
    pub form: String,
    /// Who brought it.
    pub by: Actor,
    /// When it was begun.
    pub at: Timestamp,
    /// What is counted of it.
    pub progress: Progress,
    /// When its last row was read.
    pub done_at: Option<Timestamp>,
    /// Who wants it taken back, and since when.
    pub back: Option<(Actor, Timestamp)>,
    /// Articles that were taken back.
    pub removed: i64,
    /// Articles that stay although the import was taken back: somebody has used them.
    pub spared: i64,
}

/// How far an import has come, in rows of its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Rows read; an interrupted import goes on after them.
    pub position: i64,
    /// Articles that came in.
    pub taken: i64,
    /// Rows whose article is kept already.
    pub known: i64,
    /// Rows that cannot be used.
    pub refused: i64,
    /// Length of the file of refused rows, in bytes, when this was written.
    pub refused_bytes: i64,
}

/// What a person says of how a table is read; what is not said is told from the file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Reading {
    /// Its encoding, such as `windows-1252`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The character between two cells, or `tab`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// `field=column`: the column by its name or its number from 1; none after the sign, and no column is that field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub map: Vec<String>,
    /// `Name in the file=id of the outlet`; an id alone holds for all rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlets: Vec<String>,
}

/// The past that a watch has still to clip, or has clipped.
#[derive(Clone, PartialEq, Debug)]
pub struct WatchPast {
    /// The watch.
    pub watch: WatchId,
    /// Articles dated then or later; all of them where absent.
    pub since: Option<Timestamp>,
    /// What the archive must hold before it is asked: the last change when this was wished.
    pub seq: Seq,
    /// Where the next page of the answer begins; at the first where absent.
    pub after: Option<String>,
    /// Clippings made.
    pub made: i64,
    /// Who wished it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// When the last page was clipped.
    pub done_at: Option<Timestamp>,
}
