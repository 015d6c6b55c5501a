//! The texts of a release that were public, the newest first, each with what changed in it: added and taken out words are
//! marked by more than colour. Compared is what readers read, never the head of the draft.

use super::address::Reading;
use super::page::Moment;
use crate::Site;
use crate::frame::{Crumb, Frame};
use askama::Template;
use salastampa_locale::{fill, t};
use salastampa_releases::{Change, Piece, compare, public};

/// The page.
#[derive(Template, Debug)]
#[template(path = "newsroom/versions.html")]
pub(crate) struct VersionsPage {
    pub(crate) frame: Frame,
    pub(crate) lead: String,
    pub(crate) texts: Vec<Shown>,
}

/// A text in the list.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) heading: String,
    pub(crate) href: String,
    pub(crate) since: Moment,
    /// When it went to the press, where it did.
    pub(crate) issued: Option<Moment>,
    /// What changed from the one before; none for the first.
    pub(crate) pieces: Option<Vec<Piece>>,
}

impl VersionsPage {
    pub(super) fn of(site: &Site, reading: &Reading) -> Self {
        let lang = site.house.lang;
        let path = format!("{}{}", site.prefix(), reading.path());
        let title = t(lang, "newsroom.versions.title");
        let mut frame = site.frame(title).under_section(reading.news());
        frame.crumbs.push(Crumb::new(&reading.version.title, path.clone()));
        let mut frame = frame.here();
        frame.canonical = Some(format!("{}/versioni", reading.path()));
        let words: Vec<String> =
            reading.texts.iter().map(|text| public::text(&text.version, reading.register(), lang)).collect();
        let shown = reading.texts.iter().enumerate().map(|(n, text)| {
            let number = text.version.number.to_string();
            Shown {
                heading: fill(lang, "newsroom.version.number", &[("n", &number)]),
                href: format!("{path}/v{number}"),
                since: Moment::of(text.since, lang),
                issued: text.issued.map(|at| Moment::of(at, lang)),
                pieces: n.checked_sub(1).map(|before| compare(&words[before], &words[n])),
            }
        });
        let mut texts: Vec<Shown> = shown.collect();
        texts.reverse();
        Self { lead: fill(lang, "newsroom.versions.lead", &[("title", &reading.version.title)]), frame, texts }
    }

    /// Whether a piece was `added` or `removed`.
    fn is(&self, piece: &Piece, change: &str) -> bool {
        is(piece, change)
    }
}

/// Whether a piece was `added` or `removed`.
pub(super) fn is(piece: &Piece, change: &str) -> bool {
    matches!((piece.change, change), (Change::Added, "added") | (Change::Removed, "removed"))
}
