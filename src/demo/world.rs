//! The press world of the demo: which outlets there are, and what each of them has published at an instant.
//!
//! [`World::answer`] is a pure function of question and present: a killed day goes on where it was.
//! Left out: sockets ([`super::server`]) and the look of feeds and pages ([`super::render`]).

mod load;

use super::render;
use anyhow::Result;
use salastampa_domain::Timestamp;
use salastampa_text::fold;
use serde::Deserialize;
use std::sync::Arc;

pub use load::release;

/// All outlets with all that they publish in these days. Cheap to clone.
#[derive(Clone)]
pub struct World(Arc<[Outlet]>);

/// An outlet as a server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlet {
    /// The name in `demo/feeds.toml`.
    pub id: String,
    /// As readers know it.
    pub name: String,
    /// The host that it is served at.
    pub host: String,
    /// What it offers to programs.
    pub form: Form,
    /// Where that stands.
    pub path: String,
    /// Folder of article pages.
    #[serde(default = "news")]
    pub folder: String,
    /// What an article begins with; `{data}` is its day.
    #[serde(default)]
    pub dateline: String,
    /// What an article ends with.
    #[serde(default)]
    pub footer: String,
    /// How its pages are built.
    pub look: Look,
    /// What its robots.txt says.
    #[serde(default)]
    pub robots: Robots,
    /// Reserves text and data mining.
    #[serde(default)]
    pub tdm_reserved: bool,
    /// From when on its server is dead.
    #[serde(default)]
    dies_at: Option<String>,
    /// What it publishes, oldest first.
    #[serde(skip)]
    pub pieces: Vec<Piece>,
}

/// Forms of what an outlet offers to programs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// RSS 2.0.
    Rss,
    /// RSS 2.0 in windows-1252.
    RssWindows1252,
    /// RSS 2.0 that is no XML: bare ampersands, entities of HTML, tags left open.
    RssBroken,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
    /// A news sitemap.
    Sitemap,
    /// A section page for people.
    Page,
}

/// Ways of building a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// `<article>`, a sidebar, structured data.
    Magazine,
    /// Nested boxes with classes, related links amid the text.
    Portal,
    /// An old site: a table of menus, no structured data.
    Plain,
}

/// What stands at `/robots.txt`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Robots {
    /// Search pages are closed, and so is everything for some agents that are not ours.
    #[default]
    Usual,
    /// Article pages are closed.
    NoArticles,
    /// A page for people, as many sites have it.
    Html,
}

/// One published article.
#[derive(Clone, PartialEq, Debug)]
pub struct Piece {
    /// Its number with this outlet, from 1.
    pub number: usize,
    /// When it came out.
    pub at: Timestamp,
    /// Section.
    pub rubric: String,
    /// Who signs, if anybody.
    pub author: Option<String>,
    /// The release that its text comes from.
    pub from_release: Option<String>,
    /// The texts that it has had, the first at `at`; a corrected article has two.
    pub texts: Vec<Text>,
}

/// What an article says from some instant on.
#[derive(Clone, PartialEq, Debug)]
pub struct Text {
    /// Since when.
    pub since: Timestamp,
    /// Headline.
    pub title: String,
    /// The summary that the outlet gives away.
    pub lead: String,
    /// The body.
    pub paragraphs: Vec<String>,
}

impl Piece {
    /// What it says at this instant.
    pub fn text(&self, present: Timestamp) -> &Text {
        self.texts.iter().rev().find(|t| t.since <= present).unwrap_or(&self.texts[0])
    }
}

impl Outlet {
    /// What is out at this instant, newest first.
    pub fn out(&self, present: Timestamp) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().rev().filter(move |p| p.at <= present)
    }

    /// The path of an article: its first headline and its number.
    pub fn path_of(&self, piece: &Piece) -> String {
        let words: Vec<String> = fold(&piece.texts[0].title)
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|w| !w.is_empty())
            .take(9)
            .map(str::to_owned)
            .collect();
        format!("{}{}-{}.html", self.folder, words.join("-"), piece.number)
    }

    /// The address of an article.
    pub fn url_of(&self, piece: &Piece) -> String {
        format!("http://{}{}", self.host, self.path_of(piece))
    }

    fn is_dead(&self, present: Timestamp) -> bool {
        self.dies_at.as_deref().and_then(Timestamp::parse).is_some_and(|at| at <= present)
    }
}

/// What a client asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question<'a> {
    /// The host named, with or without port.
    pub host: &'a str,
    /// The path, with or without query.
    pub path: &'a str,
    /// `If-None-Match`.
    pub etag: Option<&'a str>,
    /// `If-Modified-Since`.
    pub since: Option<&'a str>,
}

/// What the server does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Says this.
    Says {
        /// HTTP status.
        status: u16,
        /// Header lines.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// Hangs up without a word.
    Closed,
}

impl World {
    /// Reads the world that is in the program.
    pub fn load() -> Result<Self> {
        Ok(Self(load::outlets()?.into()))
    }

    /// The outlets, in the order of their file.
    #[cfg(test)]
    pub fn outlets(&self) -> &[Outlet] {
        &self.0
    }

    /// The hosts that are served.
    pub fn hosts(&self) -> Vec<String> {
        self.0.iter().map(|o| o.host.clone()).collect()
    }

    /// What the world answers at this instant. Nothing is told before its time.
    pub fn answer(&self, question: &Question<'_>, present: Timestamp) -> Answer {
        let host = question.host.split(':').next().unwrap_or_default();
        let Some(outlet) = self.0.iter().find(|o| o.host.eq_ignore_ascii_case(host)) else { return Answer::Closed };
        if outlet.is_dead(present) {
            return Answer::Closed;
        }
        let path = question.path.split('?').next().unwrap_or_default();
        let Some(document) = render::document(outlet, path, present) else {
            return Answer::Says {
                status: 404,
                headers: vec![("Content-Type", "text/html; charset=utf-8".into())],
                body: render::missing(outlet).into_bytes(),
            };
        };
        let etag = format!("\"{}\"", document.version);
        let changed = http_date(document.changed);
        let mut headers = vec![("ETag", etag.clone()), ("Last-Modified", changed.clone())];
        if outlet.tdm_reserved {
            headers.push(("TDM-Reservation", "1".into()));
        }
        // RFC 9110 §13.2.2: where both are sent the tag decides
        let known = match question.etag {
            Some(tags) => tags.split(',').any(|t| t.trim().trim_start_matches("W/") == etag),
            None => question.since == Some(changed.as_str()),
        };
        if known {
            return Answer::Says { status: 304, headers, body: Vec::new() };
        }
        headers.push(("Content-Type", document.kind.into()));
        Answer::Says { status: 200, headers, body: document.bytes }
    }
}

/// An instant in a header (RFC 9110 §5.6.7).
fn http_date(at: Timestamp) -> String {
    let utc = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    utc.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The folder of article pages where the file names none.
fn news() -> String {
    "/notizie/".into()
}

#[cfg(test)]
mod tests;
