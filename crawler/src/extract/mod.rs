//! Article pages: title, signature, date and the text of the article, without the furniture around it.
//!
//! *The page is decoded and bounded, what it declares of itself is read first, then two extractors vote on its lines.*
//! Selectors of the source go before all of it, each on its own: one that finds nothing is told and passed over. What the
//! page declares stands even where no text is found, and each choice leaves a [`Step`] that says why. Left out: fetching,
//! and whether the text may be kept (rights are weighed elsewhere).

mod apart;
pub(crate) mod authors;
mod body;
mod boilerplate;
mod date;
mod guard;
mod jsonld;
mod lines;
mod markup;
mod meta;
mod nature;
mod own;
mod script;
mod slim;
#[cfg(test)]
mod tests;
mod title;

pub use nature::{Barrier, PageKind};

use crate::dates::Dated;
use crate::encoding::{self, Kind};
use salastampa_domain::{ArticleSelectors, ForeignText, Timestamp};
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
    /// What kind of page it is.
    pub kind: PageKind,
    /// What stands between the reader and the text; what was found may then be a part of it.
    pub barrier: Option<Barrier>,
    /// What could not be read, or was cut.
    pub problems: Vec<Problem>,
    /// Why the rest is what it is, for a person who looks into a page.
    pub steps: Vec<Step>,
}

/// One choice: what it was about and what decided it, in a few technical words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// `title`, `authors`, `date`, `text`.
    pub part: &'static str,
    /// Where it was found, or what was done.
    pub why: String,
}

/// Something in a page that could not be read; the rest was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What, in a few words.
    pub what: String,
}

/// Reads an article page the general way: see [`extract_by`].
pub fn extract(bytes: &[u8], content_type: Option<&str>, url: &str, now: Timestamp) -> Extracted {
    extract_by(bytes, content_type, url, None, now)
}

/// Reads an article page, by the selectors of its source where there are any. Never fails: a page that gives nothing gives
/// an empty [`Extracted`] with its problems. To be called on a thread with a stack of at least 8 MB.
pub fn extract_by(
    bytes: &[u8],
    content_type: Option<&str>,
    url: &str,
    selectors: Option<&ArticleSelectors>,
    now: Timestamp,
) -> Extracted {
    let decoded = encoding::decode(bytes, content_type, Kind::Html);
    let (markup, problems) = guard::bounded(&decoded.text);
    let mut told = Told { problems, steps: Vec::new() };
    if decoded.repaired {
        told.problem(format!("bytes that are no {}", decoded.encoding));
    }
    let (mut slim, is_cut) = slim::slim(&markup);
    if is_cut {
        told.problem("cut: more tags than any article has".into());
    }
    let mut page = Html::parse_document(&slim);
    if let Some(selectors) = selectors.filter(|s| !s.remove.is_empty()) {
        own::remove(&mut page, &selectors.remove, &mut told);
        slim = page.html();
    }
    let own = selectors.map(|selectors| own::read(&page, selectors, now, &mut told)).unwrap_or_default();
    let meta = meta::read(&page, url);
    let linked = jsonld::read(&page);
    let title = own.title.unwrap_or_else(|| told.step("title", title::choose(&page, &meta, &linked)));
    let authors = own.authors.unwrap_or_else(|| told.step("authors", authors::choose(&page, &meta, &linked)));
    let dated = own.date.or_else(|| {
        let verdict = date::choose(&page, &meta, &linked, url, now, || script::date(&markup));
        told.date(verdict)
    });
    let kind = nature::kind(&meta, &linked, url);
    let body = own.body.unwrap_or_else(|| match guard::is_walkable(&page) {
        true => {
            let forms = body::Forms { markup: &markup, slim: &slim, page: &page };
            told.step("text", body::choose(&forms, linked.body.as_deref()))
        }
        false => linked.body.clone().unwrap_or_default(),
    });
    if body.is_empty() && !kind.may_lack_text() {
        told.problem("no text found".into());
    }
    let barrier = nature::barrier(&meta, &linked, &slim, body.len());
    let language = meta.language.or(linked.language);
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
        kind,
        barrier,
        problems: told.problems,
        steps: told.steps,
    }
}

/// What is told beside what is read.
struct Told {
    problems: Vec<Problem>,
    steps: Vec<Step>,
}

impl Told {
    fn problem(&mut self, what: String) {
        self.problems.push(Problem { what });
    }

    /// Notes why a value was chosen; nothing where nothing was.
    fn step<T>(&mut self, part: &'static str, (value, why): (T, impl Into<String>)) -> T {
        let why = why.into();
        if !why.is_empty() {
            self.steps.push(Step { part, why });
        }
        value
    }

    fn date(&mut self, verdict: date::Verdict) -> Option<Dated> {
        let chosen = verdict.chosen?;
        for other in verdict.against {
            let day = |at: Timestamp| at.day().to_string();
            let (ours, theirs) = (day(chosen.dated.at), day(other.dated.at));
            self.problem(format!("dates disagree: {ours} by {}, {theirs} by {}", chosen.from, other.from));
        }
        Some(self.step("date", (chosen.dated, chosen.from)))
    }
}
