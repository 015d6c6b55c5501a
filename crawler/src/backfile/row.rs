//! A record as the parts of an article, and what it is known again by.

use super::{Columns, Field, Record, Refusal};
use crate::dates::{self, Dated};
use crate::extract::authors;
use crate::feed::plain;
use crate::key;
use salastampa_domain::time::{DAY, rome};
use salastampa_domain::{ForeignText, Timestamp};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

/// Longest title, in characters.
const TITLE: usize = 1_000;
/// Longest summary, in characters.
const LEAD: usize = 10_000;
/// Longest body, in bytes.
const BODY: usize = 1 << 20;
/// Longest address, in bytes.
const URL: usize = 2_000;
/// Longest name or section, in characters.
const NAME: usize = 200;

/// An article of an old archive as its file tells it.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its title.
    pub title: String,
    /// Its outlet as the file names it; empty where it names none.
    pub outlet: String,
    /// When it came out: midday in Rome where the file tells the day alone.
    pub at: Timestamp,
    /// Who signed it.
    pub authors: Vec<String>,
    /// Its address, if it is one of the web.
    pub url: Option<String>,
    /// The outlet's own summary.
    pub lead: ForeignText,
    /// Its text.
    pub body: ForeignText,
    /// The outlet's own section.
    pub section: Option<String>,
    /// What the old archive knows it by.
    pub id: Option<String>,
}

/// What a row is known again by, inside its outlet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// What the article is kept under.
    pub key: String,
    /// The canonical form of its address, where that is an article's own.
    pub address: Option<String>,
    /// Hash of its folded title, if that has four words or more.
    pub title_key: Option<String>,
    /// Its civil day in Europe/Rome, in days since 1970-01-01.
    pub day: i64,
    /// What the key was made of.
    pub by: Known,
}

/// What a key was made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// The number in the old archive.
    Id,
    /// The address.
    Address,
    /// Day and title.
    Title,
}

impl Row {
    /// Reads a record. `now` is what lies in the future beyond.
    ///
    /// # Errors
    /// [`Refusal`], with which the record is told to the person.
    pub fn read(record: Record, columns: &Columns, now: Timestamp) -> Result<Self, (u64, Refusal)> {
        match record {
            Record::Broken { line, why } => Err((line, why)),
            Record::Cells { line, cells } => {
                let cell = |field| columns.places.get(&field).and_then(|at| cells.get(*at)).cloned();
                row(line, cell, now).map_err(|why| (line, why))
            }
            Record::Object { line, object } => {
                let cell = |field| object.get(columns.names.get(*columns.places.get(&field)?)?).map(told);
                row(line, cell, now).map_err(|why| (line, why))
            }
        }
    }

    /// What it is known again by. An address that is only the home page of a site says nothing.
    pub fn identity(&self) -> Identity {
        let address = self.url.as_deref().filter(|url| is_own(url)).map(key::canonical);
        let day = self.at.day().duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
        let (key, by) = match (&self.id, &address) {
            (Some(id), _) => (format!("import:{id}"), Known::Id),
            (None, Some(address)) => (address.clone(), Known::Address),
            (None, None) => {
                let title = salastampa_text::fold(&self.title).to_lowercase();
                let words: Vec<&str> =
                    title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
                let hash = xxh3_128(format!("{day} {}", words.join(" ")).as_bytes());
                (format!("import:{hash:032x}"), Known::Title)
            }
        };
        Identity { key, address, title_key: key::title_key(&self.title), day, by }
    }
}

/// Whether an address leads further than to the home page.
fn is_own(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| url.path().len() > 1 || url.query().is_some_and(|query| !query.is_empty()))
}

/// A value as a cell would have it.
fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(told).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; "),
        Value::Number(number) => number.to_string(),
        Value::Object(object) => object.get("name").map(told).unwrap_or_default(),
        Value::Null | Value::Bool(_) => String::new(),
    }
}

fn row(line: u64, cell: impl Fn(Field) -> Option<String>, now: Timestamp) -> Result<Row, Refusal> {
    let text = |field| cell(field).unwrap_or_default();
    let one_line = |field, longest| first_characters(&as_line(&text(field)), longest);
    let title = one_line(Field::Title, TITLE);
    if title.is_empty() {
        return Err(Refusal::NoTitle);
    }
    let id = one_line(Field::Id, usize::MAX);
    let id = match id.len() {
        0 => None,
        1..=200 => Some(id),
        _ => Some(format!("{:032x}", xxh3_128(id.as_bytes()))),
    };
    let some = |text: String| (!text.is_empty()).then_some(text);
    Ok(Row {
        line,
        title,
        outlet: one_line(Field::Outlet, NAME),
        at: date(&text(Field::Date), &text(Field::Time), now)?,
        authors: authors::names(&[one_line(Field::Author, 4 * NAME)]),
        url: some(text(Field::Url).trim().to_owned()).filter(|url| is_address(url)),
        lead: ForeignText::new(first_characters(&as_text(&text(Field::Lead)), LEAD)),
        body: ForeignText::new(first_bytes(as_text(&text(Field::Text)), BODY)),
        section: some(one_line(Field::Section, NAME)),
        id,
    })
}

fn is_address(text: &str) -> bool {
    text.len() <= URL && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Old archives hold pages as well as plain texts, in one column.
fn is_markup(text: &str) -> bool {
    ["</", "<br", "<p>", "<p ", "&nbsp;", "&amp;", "&quot;", "&#"].iter().any(|sign| text.contains(sign))
}

fn as_line(text: &str) -> String {
    if is_markup(text) { plain::line(text) } else { plain::collapse(text) }
}

fn as_text(text: &str) -> String {
    if is_markup(text) {
        return plain::paragraphs(text);
    }
    let lines = text.split(['\n', '\r']).map(plain::collapse).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn first_characters(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => text[..end].trim_end().to_owned(),
        None => text.to_owned(),
    }
}

fn first_bytes(mut text: String, longest: usize) -> String {
    if text.len() > longest {
        text.truncate(text.floor_char_boundary(longest));
    }
    text
}

/// The date of a record: any spelling of days and hours, seconds or milliseconds since 1970, or the day number of a
/// spreadsheet.
fn date(day: &str, hour: &str, now: Timestamp) -> Result<Timestamp, Refusal> {
    let (day, hour) = (day.trim(), hour.trim());
    if day.is_empty() {
        return Err(Refusal::NoDate);
    }
    let shown = || first_characters(day, 80);
    let at = by_number(day, hour).or_else(|| by_words(day, hour, now)).ok_or_else(|| Refusal::BadDate(shown()))?;
    // clocks and zones differ; a year does not
    if at > now.plus(2 * DAY) { Err(Refusal::Future(shown())) } else { Ok(at) }
}

fn by_words(day: &str, hour: &str, now: Timestamp) -> Option<Timestamp> {
    let text = if hour.is_empty() { day.to_owned() } else { format!("{day} {hour}") };
    let read = |now| dates::parse(&text, &rome(), now).map(|Dated { at, .. }| at);
    // "ieri" was said on a day that nobody knows
    let at = read(now)?;
    (read(now.plus(-400 * DAY)) == Some(at)).then_some(at)
}

fn by_number(day: &str, hour: &str) -> Option<Timestamp> {
    /// Day 0 of spreadsheets, days before 1970-01-01.
    const SPREADSHEET: f64 = 25_569.0;
    let whole = day.split_once(['.', ',']).map_or(day, |(whole, _)| whole);
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) || day.matches(['.', ',']).count() > 1 {
        return None;
    }
    let number: f64 = day.replace(',', ".").parse().ok()?;
    match whole.len() {
        // 1954 to 2173
        5 if (20_000.0..100_000.0).contains(&number) => {
            let fraction = number.fract();
            let date = jiff::civil::date(1970, 1, 1)
                .checked_add(jiff::Span::new().days((number.trunc() - SPREADSHEET) as i64))
                .ok()?;
            if fraction > 0.0 {
                let second = ((fraction * 86_400.0).round() as i64).min(86_399);
                return Some(Timestamp::of_civil(
                    date.at(0, 0, 0, 0).checked_add(jiff::Span::new().seconds(second)).ok()?,
                ));
            }
            match hour.is_empty() {
                true => Some(Timestamp::of_civil(date.at(12, 0, 0, 0))),
                false => dates::parse(&format!("{date} {hour}"), &rome(), Timestamp(0)).map(|dated| dated.at),
            }
        }
        9 | 10 => Some(Timestamp((number * 1_000.0) as i64)),
        12 | 13 => Some(Timestamp(number as i64)),
        _ => None,
    }
}
