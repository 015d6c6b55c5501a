//! Wires (*lanci*): what an agency says of a piece beside its text, and how the takes of one piece make one text.
//!
//! An agency sends a piece in parts (*takes*) and in versions, each under an identity of its own; all of them are one
//! article. The text is kept once, in the article: a take knows how many paragraphs of it are its own. Left out: which
//! take belongs to which piece (the act decides that, with the rows).

use crate::{ArticleId, ForeignText, OutletId, Timestamp};
use serde::{Deserialize, Serialize};

/// May the text be used?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WireStatus {
    /// Yes, or from the hour of its embargo on.
    #[default]
    Usable,
    /// Not yet, and nobody says from when on.
    Withheld,
    /// Never more: the agency has taken it back.
    Cancelled,
}

/// What an item is to what came before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WireKind {
    /// Nothing came before.
    #[default]
    New,
    /// More, or newer.
    Update,
    /// What was said before was wrong.
    Correction,
    /// What was said before is taken back (*annulla*).
    Kill,
}

/// One take, or one piece in one take, in its newest version.
#[derive(Clone, PartialEq, Debug)]
pub struct Wire {
    /// The agency.
    pub outlet: OutletId,
    /// What the agency knows it by, the same in each version.
    pub identity: String,
    /// The newest version that came.
    pub version: i64,
    /// The article that it is part of; `None` if it was taken back before it came.
    pub article: Option<ArticleId>,
    /// What that version was to the one before.
    pub kind: WireKind,
    /// May it be used?
    pub status: WireStatus,
    /// What other takes and updates of the piece share with it.
    pub chain: Option<String>,
    /// Which part of the piece, from 1.
    pub take: u32,
    /// How many paragraphs of the article are its own.
    pub lines: u32,
    /// When that version came.
    pub at: Timestamp,
    /// What the agency says of it.
    pub notes: WireNotes,
}

/// What the agency says of a wire, for the desk.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WireNotes {
    /// 1 (flash) to 9.
    pub urgency: Option<u8>,
    /// `+` signs before the title.
    pub plus: u8,
    /// Another take is announced (*segue*).
    pub continues: bool,
    /// Its key words for the story.
    pub slug: Option<String>,
    /// Where and when it was written.
    pub dateline: Option<String>,
    /// The town of it.
    pub place: Option<String>,
    /// The codes by which it routes the wire.
    pub routing: Option<String>,
    /// Its note to editors, never for readers.
    pub note: Option<String>,
    /// Its note on its rights.
    pub rights: Option<String>,
    /// Not to be published before.
    pub embargo_until: Option<Timestamp>,
}

/// How many paragraphs a text has.
pub fn paragraphs(text: &ForeignText) -> u32 {
    u32::try_from(text.for_analysis().lines().count()).unwrap_or(u32::MAX)
}

/// Puts the text of a take where it belongs in the article: behind the lower takes, before the higher ones, in the place of
/// its own older version. `others` are the other takes of the article. A text that retention has emptied begins anew.
pub fn splice(body: &ForeignText, others: &[Wire], take: u32, before: Option<u32>, text: &ForeignText) -> ForeignText {
    let lines: Vec<&str> = body.for_analysis().lines().collect();
    let from: usize = others.iter().filter(|other| other.take < take).map(|other| other.lines as usize).sum();
    let from = from.min(lines.len());
    let to = from.saturating_add(before.unwrap_or(0) as usize).min(lines.len());
    let parts = [lines[..from].join("\n"), text.for_analysis().to_owned(), lines[to..].join("\n")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    ForeignText::new(parts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_take_finds_its_place_and_a_new_version_takes_the_old_ones() {
        let of = |take, lines| Wire {
            outlet: OutletId(1),
            identity: format!("take-{take}"),
            version: 1,
            article: None,
            kind: WireKind::New,
            status: WireStatus::Usable,
            chain: None,
            take,
            lines,
            at: Timestamp(0),
            notes: WireNotes::default(),
        };
        for (body, others, take, before, expected) in [
            ("", &[][..], 1, None, "x"),
            ("a\nb", &[of(1, 2)][..], 2, None, "a\nb\nx"),
            ("b\nc", &[of(2, 2)], 1, None, "x\nb\nc"),
            ("a\nb\nd", &[of(1, 2), of(3, 1)], 2, None, "a\nb\nx\nd"),
            ("a\nb\nc\nd", &[of(1, 1), of(3, 1)], 2, Some(2), "a\nx\nd"),
            ("a", &[], 1, Some(1), "x"),
            ("", &[of(1, 9)], 2, Some(7), "x"),
        ] {
            let text = splice(&ForeignText::new(body), others, take, before, &ForeignText::new("x"));
            assert_eq!(text.for_analysis(), expected, "{body:?} {take}");
        }
    }
}
