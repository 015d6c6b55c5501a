//! Articles leave the archive as a file: what a search finds, or a dossier, as a table, as JSON Lines or as a PDF list.
//!
//! The answer is walked through a thousand articles at a time and never held whole. Whoever takes the file is one named
//! reader, and each text passes [`salastampa_domain::allowed`] for that reader: what may not leave stays out, and the
//! line says so. The line of the log stands before the first byte, the account of the texts (`use`) of each part before
//! that part: what was not written down has not left. Left out: DOCX, and going on with a broken download.

mod json;
mod line;
mod paper;
mod table;
mod words;

pub(crate) use line::Gates;
pub use line::Line;
pub use words::{class_words, reason_words};

use crate::error::query_sentence;
use crate::house::{actor, allowed};
use crate::{Denied, House, Result, Slip, net};
use salastampa_digest::net::{Caught, Form as Written, Output, SHORT_RUN};
use salastampa_domain::{Act, Actor, ArticleId, Page, Query, Sort, Timestamp};
use salastampa_index::{Archive, Highlighter, Names, SearchError};
use salastampa_locale::{Lang, fill, number, t};
use salastampa_store::Store;
use serde_json::json;
use std::sync::Arc;

/// Articles that are read, accounted for and written at a time.
const PART: usize = 1_000;
/// Most articles of a table or of JSON Lines.
pub const MOST: usize = 100_000;
/// Most articles of a PDF: setting it takes processor time and cannot be stopped.
pub const MOST_PDF: usize = 1_000;
/// Most articles by relevance: the archive counts pages of that order no further.
const MOST_RANKED: usize = 10_000;

/// As what articles leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A table for an office program: UTF-8 with a mark, semicolons. With `comma`: commas and no mark (RFC 4180).
    Csv {
        /// Commas.
        comma: bool,
    },
    /// One JSON object a line; with `tags`, each has the office's own.
    JsonLines {
        /// The office's tags go along.
        tags: bool,
    },
    /// A PDF with an index and bookmarks.
    Pdf,
}

/// What leaves.
#[derive(Clone, PartialEq, Debug)]
pub struct Order {
    /// Which articles, in which order. Its page is not looked at.
    pub query: Query,
    /// As what.
    pub form: Form,
    /// What the file is called: the dossier's name; empty for a search.
    pub title: String,
    /// What the line of the log is about: `archive`, `dossier:7`.
    pub subject: String,
}

/// Where the export happens.
#[derive(Clone)]
pub struct Place {
    /// The rows.
    pub store: Store,
    /// The archive.
    pub archive: Arc<dyn Archive>,
    /// The office.
    pub house: Arc<House>,
    /// Who takes the file; none is the person who runs the program.
    pub login: Option<String>,
    /// The language of the file.
    pub lang: Lang,
    /// The present.
    pub now: Timestamp,
}

/// A file on its way: ask for its parts until there is none.
pub struct Export {
    place: Place,
    order: Order,
    who: Actor,
    names: Names,
    gates: Gates,
    /// Articles that the search found, and how many of them go into the file.
    total: usize,
    planned: usize,
    next: Next,
    begun: bool,
    done: usize,
}

/// What is still to come.
enum Next {
    /// These articles, and where the part after them begins.
    Part(Vec<ArticleId>, Option<String>),
    /// The last words of the file.
    End,
    /// Nothing.
    Over,
}

impl Form {
    /// Its name in the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv { comma: false } => "csv",
            Self::Csv { comma: true } => "csv-comma",
            Self::JsonLines { tags: false } => "jsonl",
            Self::JsonLines { tags: true } => "jsonl-tags",
            Self::Pdf => "pdf",
        }
    }

    /// The form of that name.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [
            Self::Csv { comma: false },
            Self::Csv { comma: true },
            Self::JsonLines { tags: false },
            Self::JsonLines { tags: true },
            Self::Pdf,
        ];
        all.into_iter().find(|form| form.name() == name)
    }

    /// How files of it end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv { .. } => "csv",
            Self::JsonLines { .. } => "jsonl",
            Self::Pdf => "pdf",
        }
    }

    /// What the web calls it.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Csv { .. } => "text/csv; charset=utf-8",
            Self::JsonLines { .. } => "application/x-ndjson; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    fn most(self, sort: Sort) -> usize {
        match (self, sort) {
            (Self::Pdf, _) => MOST_PDF,
            (_, Sort::Relevance) => MOST_RANKED,
            _ => MOST,
        }
    }
}

/// Begins an export: asks for the right, makes the search, writes nothing yet.
///
/// # Errors
/// [`Denied::Form`] where the query cannot run or finds nothing.
pub async fn begin(place: Place, order: Order) -> Result<Export> {
    let mut rows = place.store.read().await?;
    let who = match &place.login {
        Some(login) => actor(&allowed(&mut rows, login, Act::Read).await?),
        None => Actor::Console,
    };
    let gates = Gates::read(&mut rows, place.now).await?;
    let names = Names::new(&rows.list_outlets().await?, &rows.list_watches().await?);
    drop(rows);
    let mut export =
        Export { names, gates, who, total: 0, planned: 0, next: Next::Over, begun: false, done: 0, place, order };
    export.next = export.part(None).await?;
    if export.planned == 0 {
        return Err(slip(t(export.place.lang, "export.nothing").to_owned()));
    }
    Ok(export)
}

fn slip(sentence: String) -> crate::Error {
    Denied::Form(vec![Slip { field: "q", sentence }]).into()
}

impl Export {
    /// How many articles go into the file.
    pub fn planned(&self) -> usize {
        self.planned
    }

    /// How many the search found.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The name of the file: what it holds and the day, in letters that every system takes.
    pub fn file_name(&self) -> String {
        let title = if self.order.title.is_empty() { &self.order.query.text } else { &self.order.title };
        let title: String = crate::desk::slug(title, &[]).chars().take(40).collect();
        let title = title.trim_end_matches('-');
        let what = t(self.place.lang, "export.file");
        let dash = if title.is_empty() { "" } else { "-" };
        format!("{what}{dash}{title}-{}.{}", self.place.now.day(), self.order.form.extension())
    }

    /// The next part of the file; `None` after the last one.
    ///
    /// # Errors
    /// What was given so far is written down; the file is not whole.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.order.form == Form::Pdf {
            return self.paper().await;
        }
        match std::mem::replace(&mut self.next, Next::Over) {
            Next::Over => Ok(None),
            Next::End => Ok(self.tail()),
            Next::Part(ids, after) => {
                let lines = self.lines(&ids).await?;
                let first = !self.begun;
                let (lines, caught) = self.held(lines, &ids, first).await?;
                self.write_down(&lines, &caught).await?;
                self.done += ids.len();
                self.next = match after {
                    Some(after) if self.done < self.planned => self.part(Some(after)).await?,
                    _ => Next::End,
                };
                Ok(Some(self.head_and(&lines, first)?))
            }
        }
    }

    /// A part of the answer.
    async fn part(&mut self, after: Option<String>) -> Result<Next> {
        let most = self.order.form.most(self.order.query.sort);
        let first = after.is_none();
        let size = PART.min(most - self.done.min(most));
        let query = Query { page: Page { size, after }, counts: false, ..self.order.query.clone() };
        let hits = match self.place.archive.search(&query, &self.names, self.place.now).await {
            Ok(hits) => hits,
            Err(SearchError::Query(error)) => return Err(slip(query_sentence(self.place.lang, &error))),
            Err(other) => return Err(anyhow::Error::from(other).into()),
        };
        if first {
            self.total = usize::try_from(hits.total).unwrap_or(usize::MAX);
            self.planned = self.total.min(most);
        }
        let ids: Vec<ArticleId> = hits.hits.into_iter().map(|hit| hit.article).collect();
        Ok(if ids.is_empty() { Next::End } else { Next::Part(ids, hits.next) })
    }

    async fn lines(&self, ids: &[ArticleId]) -> Result<Vec<Line>> {
        let tags = self.order.form == Form::JsonLines { tags: true };
        let whole = matches!(self.order.form, Form::JsonLines { .. });
        let mut rows = self.place.store.read().await?;
        self.gates.lines(&mut rows, ids, whole, tags).await
    }

    /// The lines of a part as they may leave.
    async fn held(&self, lines: Vec<Line>, ids: &[ArticleId], first: bool) -> Result<(Vec<Line>, Vec<Caught>)> {
        let texts = self.gates.net(&mut self.place.store.read().await?, ids, &[], SHORT_RUN).await?;
        let form = if matches!(self.order.form, Form::JsonLines { .. }) { Written::Json } else { Written::Text };
        let draw = |lines: &Vec<Line>| {
            let bytes = self.head_and(lines, first).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Ok(net::lines(lines, &texts, Output::new(self.order.form.name(), form, draw)))
    }

    /// The line of the log at the first time, and the uses of these texts.
    async fn write_down(&mut self, lines: &[Line], caught: &[Caught]) -> Result<()> {
        let now = self.place.now;
        let mut write = self.place.store.write().await?;
        if !self.begun {
            let told = json!({
                "query": self.order.query.text,
                "title": self.order.title,
                "format": self.order.form.name(),
                "articles": self.planned,
                "found": self.total,
            });
            let told = told.to_string();
            write.record_event(now, &self.who, "articles.export", &self.order.subject, None, Some(&told)).await?;
        }
        let output = format!("export {}", self.order.form.name());
        let uses: Vec<_> = lines.iter().map(|line| line.used(&output, 1, now)).collect();
        write.record_uses(&uses).await?;
        net::write_down(&mut write, &self.order.subject, caught, now).await?;
        write.commit().await?;
        self.begun = true;
        Ok(())
    }

    fn head_and(&self, lines: &[Line], first: bool) -> Result<Vec<u8>> {
        match self.order.form {
            Form::Csv { comma } => table::part(lines, comma, first, self.place.lang),
            Form::JsonLines { tags } => json::part(lines, tags),
            Form::Pdf => Ok(Vec::new()),
        }
    }

    /// What a file that was cut says at its end.
    fn tail(&self) -> Option<Vec<u8>> {
        if self.total <= self.planned {
            return None;
        }
        match self.order.form {
            Form::Csv { comma } => table::cut(&self.cut_words(), comma),
            Form::JsonLines { .. } => Some(json::cut(self.planned, self.total)),
            Form::Pdf => None,
        }
    }

    /// That the search found more than the file holds.
    fn cut_words(&self) -> String {
        let lang = self.place.lang;
        let n = |n: usize| number::whole(i64::try_from(n).unwrap_or(i64::MAX), lang);
        let missing = self.total - self.planned.min(self.total);
        fill(lang, "export.cut", &[("n", &n(self.planned)), ("total", &n(self.total)), ("missing", &n(missing))])
    }

    /// The whole PDF as one part.
    async fn paper(&mut self) -> Result<Option<Vec<u8>>> {
        let mut lines = Vec::new();
        loop {
            match std::mem::replace(&mut self.next, Next::Over) {
                Next::Part(ids, after) => {
                    lines.extend(self.lines(&ids).await?);
                    self.done += ids.len();
                    self.next = match after {
                        Some(after) if self.done < self.planned => self.part(Some(after)).await?,
                        _ => Next::End,
                    };
                }
                Next::End => break,
                Next::Over => return Ok(None),
            }
        }
        let cut = (self.total > self.planned).then(|| self.cut_words());
        let marker = Highlighter::new(&self.order.query.text, &self.names, self.place.now).unwrap_or_default();
        let ids: Vec<ArticleId> = lines.iter().map(|line| line.article).collect();
        let texts = self.gates.net(&mut self.place.store.read().await?, &ids, &[], SHORT_RUN).await?;
        let drawn = |lines: &[Line]| paper::booklet(&self.order, lines, cut.clone(), &marker, &self.place);
        let words = |lines: &Vec<Line>| crate::booklet::words(&drawn(lines)).replace(salastampa_pdf::MARK, "");
        let (lines, caught) = net::lines(lines, &texts, Output::new("export pdf", Written::Text, words));
        let booklet = drawn(&lines);
        let bytes = tokio::task::spawn_blocking(move || salastampa_pdf::render(&booklet))
            .await
            .map_err(anyhow::Error::from)?
            .map_err(anyhow::Error::from)?;
        self.write_down(&lines, &caught).await?;
        Ok(Some(bytes))
    }
}

#[cfg(test)]
pub(crate) mod tests;
