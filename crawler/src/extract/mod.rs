//! Article pages: title, signature, date and the text of the article, without the furniture around it.
//!
//! *The page is decoded and bounded, what it declares of itself is read first, then two extractors vote on its lines.*
//! What it declares stands even where no text is found. Left out: fetching, per-source selectors, and whether the text
//! may be kept (rights are weighed elsewhere).

mod apart;
mod authors;
mod body;
mod boilerplate;
mod date;
mod guard;
mod jsonld;
mod lines;
mod markup;
mod meta;
mod script;
mod slim;
#[cfg(test)]
mod tests;
mod title;

use crate::encoding::{self, Kind};
use salastampa_domain::{ForeignText, Timestamp};
use scraper::Html;

/// What a page says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Extracted {
    /// The headline, as a reader sees it.
    pub title: String,
    /// The standfirst or the description that the page gives away.
    pub lead: ForeignText,
    /// Who signed it.
    pub authors: Vec<String>,
    /// When it was published, as declared.
    pub published_at: Option<Timestamp>,
    /// The date names a day without an hour: `published_at` is its midday in Europe/Rome.
    pub date_only: bool,
    /// The text of the article, a line break between paragraphs; empty where none was found.
    pub body: ForeignText,
    /// Declared language, such as `it`.
    pub language: Option<String>,
    /// The outlet's own section.
    pub rubric: Option<String>,
    /// Text and data mining is reserved by a `tdm-reservation` in the page.
    pub tdm_reserved: bool,
    /// "Riproduzione riservata" stands in the page.
    pub reproduction_reserved: bool,
    /// The address that the page calls its own.
    pub canonical: Option<String>,
    /// What could not be read, or was cut.
    pub problems: Vec<Problem>,
}

/// Something in a page that could not be read; the rest was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What, in a few words.
    pub what: String,
}

/// Reads an article page. Never fails: a page that gives nothing gives an empty [`Extracted`] with its problems.
/// To be called on a thread with a stack of at least 8 MB.
pub fn extract(bytes: &[u8], content_type: Option<&str>, url: &str, now: Timestamp) -> Extracted {
    let decoded = encoding::decode(bytes, content_type, Kind::Html);
    let (markup, mut problems) = guard::bounded(&decoded.text);
    if decoded.repaired {
        problems.push(Problem { what: format!("bytes that are no {}", decoded.encoding) });
    }
    let slim = slim::slim(&markup);
    let page = Html::parse_document(&slim);
    let meta = meta::read(&page, url);
    let linked = jsonld::read(&page);
    let title = title::choose(&page, &meta, &linked);
    let dated = date::choose(&page, &meta, &linked, url, now);
    let authors = authors::choose(&page, &meta, &linked);
    let language = meta.language.clone().or_else(|| linked.language.clone());
    let body = match guard::is_walkable(&page) {
        true => body::choose(&body::Forms { markup: &markup, slim: &slim, page: &page }, linked.body.as_deref()),
        false => linked.body.clone().unwrap_or_default(),
    };
    if body.is_empty() {
        problems.push(Problem { what: "no text found".into() });
    }
    Extracted {
        lead: ForeignText::new(meta.description.or(linked.description).unwrap_or_default()),
        authors,
        published_at: dated.map(|d| d.at),
        date_only: dated.is_some_and(|d| d.date_only),
        language,
        rubric: meta.section.or(linked.section),
        tdm_reserved: meta.tdm_reserved,
        reproduction_reserved: boilerplate::reserves_reproduction(&slim),
        canonical: meta.canonical,
        title,
        body: ForeignText::new(body),
        problems,
    }
}
