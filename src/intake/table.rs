//! How a table or JSON lines are understood, and how their rows become articles that are offered.
//!
//! The file is read in pieces, so that its size does not matter. It may be left after some batches and gone on with:
//! whoever has other things to do in between says so.

use super::{Intake, Refused};
use anyhow::{Context, Result};
use salastampa_acts::backfile::Offered;
use salastampa_crawler::backfile::columns::BadMap;
use salastampa_crawler::backfile::{Columns, Field, Form, HEAD, Known, Record, Records, Refusal, Row, Shape, form};
use salastampa_domain::{NewArticle, OutletId, Reading, Signals, Timestamp, Via};
use salastampa_locale::{Lang, fill, t};
use std::io::Read;

/// So much is read at once, in bytes.
const PIECE: usize = 256 * 1024;

/// How a file is read.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Table {
    pub(crate) form: Form,
    pub(crate) columns: Columns,
}

/// Why a file cannot be read as somebody says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Unfit {
    Encoding(String),
    Separator,
    Map,
    Columns(BadMap, Vec<String>),
}

impl Unfit {
    /// For the command line.
    pub(crate) fn sentence(&self, lang: Lang) -> String {
        let listed = |names: &[String]| names.iter().map(|name| name.trim()).collect::<Vec<_>>().join(", ");
        match self {
            Self::Encoding(name) => fill(lang, "import.wrong.encoding", &[("name", name)]),
            Self::Separator => t(lang, "import.wrong.separator").to_owned(),
            Self::Map => t(lang, "import.wrong.map").to_owned(),
            Self::Columns(BadMap::NoField(name), _) => {
                let fields = Field::all().map(Field::name).collect::<Vec<_>>().join(", ");
                fill(lang, "import.wrong.no_field", &[("name", name), ("fields", &fields)])
            }
            Self::Columns(BadMap::NoColumn(name), names) => {
                fill(lang, "import.wrong.no_column", &[("name", name), ("columns", &listed(names))])
            }
            Self::Columns(BadMap::Missing(field), names) => {
                let args = [("field", field_name(*field, lang)), ("name", field.name()), ("columns", &listed(names))];
                fill(lang, "import.wrong.missing", &args)
            }
        }
    }
}

/// What a field is called.
pub(crate) fn field_name(field: Field, lang: Lang) -> &'static str {
    match field {
        Field::Title => t(lang, "import.field.title"),
        Field::Outlet => t(lang, "import.field.outlet"),
        Field::Date => t(lang, "import.field.date"),
        Field::Time => t(lang, "import.field.time"),
        Field::Author => t(lang, "import.field.author"),
        Field::Url => t(lang, "import.field.url"),
        Field::Text => t(lang, "import.field.text"),
        Field::Lead => t(lang, "import.field.lead"),
        Field::Section => t(lang, "import.field.section"),
        Field::Id => t(lang, "import.field.id"),
    }
}

/// The form of a file by its beginning, as far as nobody says it.
pub(crate) fn form_of(head: &[u8], reading: &Reading) -> Result<Form, Unfit> {
    let encoding = match &reading.encoding {
        None => None,
        Some(name) => Some(form::encoding(name).ok_or_else(|| Unfit::Encoding(name.clone()))?),
    };
    let separator = match reading.separator.as_deref() {
        None => None,
        Some("tab" | "\\t") => Some('\t'),
        Some(text) => match text.chars().collect::<Vec<_>>().as_slice() {
            [one] if *one != '"' => Some(*one),
            _ => return Err(Unfit::Separator),
        },
    };
    Ok(Form::detect(head, encoding, separator))
}

/// The names of the columns: of a table in its first line, of objects in the first ones.
pub(crate) fn names(head: &[u8], form: Form) -> Vec<String> {
    let mut records = Records::new(form);
    records.feed(head);
    // a table may be no more than its first line
    if head.len() < HEAD {
        records.end();
    }
    let mut names: Vec<String> = Vec::new();
    while let Some(record) = records.next() {
        match record {
            Record::Cells { cells, .. } => {
                names = cells;
                break;
            }
            Record::Object { object, .. } => {
                let new = object.keys().filter(|key| !names.contains(key)).cloned().collect::<Vec<_>>();
                names.extend(new);
                names.truncate(256);
            }
            Record::Broken { .. } => {}
        }
    }
    names
}

/// What the beginning of a file says of it, and what somebody says.
pub(crate) fn understand(head: &[u8], reading: &Reading) -> Result<Table, Unfit> {
    let form = form_of(head, reading)?;
    let mapped: Vec<(String, String)> = reading
        .map
        .iter()
        .map(|pair| {
            let (field, column) = pair.split_once('=').ok_or(Unfit::Map)?;
            Ok((field.trim().to_owned(), column.trim().to_owned()))
        })
        .collect::<Result<_, Unfit>>()?;
    let names = names(head, form);
    let columns = Columns::of(names.clone(), &mapped).map_err(|why| Unfit::Columns(why, names))?;
    Ok(Table { form, columns })
}

/// The first rows that can be used.
pub(crate) fn samples(head: &[u8], table: &Table, now: Timestamp, most: usize) -> Vec<Row> {
    let mut records = Records::new(table.form);
    records.feed(head);
    if head.len() < HEAD {
        records.end();
    }
    let rows = std::iter::from_fn(|| records.next()).skip(usize::from(table.form.shape != Shape::Lines));
    rows.filter_map(|record| Row::read(record, &table.columns, now).ok()).take(most).collect()
}

/// How a reading ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// At the end of the file.
    Whole,
    /// After so many batches as were allowed; the next reading goes on there.
    Later,
    /// After that line: the file is no such table.
    Hopeless(u64),
}

/// Reads a file to its end, or so many batches of it, and hands its rows over. After each batch `tell` hears how many
/// bytes were read.
pub(crate) async fn read(
    mut file: impl Read,
    table: &Table,
    intake: &mut Intake<'_>,
    (most, now): (Option<usize>, Timestamp),
    mut tell: impl FnMut(u64, &Intake<'_>),
) -> Result<End> {
    let mut records = Records::new(table.form);
    let mut piece = vec![0; PIECE];
    let (mut bytes, mut number, mut line, mut header) = (0_u64, 0_i64, 0_u64, table.form.shape != Shape::Lines);
    let before = intake.position();
    let mut batches = 0;
    loop {
        let n = file.read(&mut piece).context("reading the file")?;
        bytes += n as u64;
        match n {
            0 => records.end(),
            n => records.feed(&piece[..n]),
        }
        while let Some(record) = records.next() {
            if std::mem::take(&mut header) {
                continue;
            }
            number += 1;
            // read in a run before this one
            if number <= before {
                continue;
            }
            let (at, full) = row(Row::read(record, &table.columns, now), intake, now).await?;
            line = at;
            if full {
                tell(bytes, intake);
                batches += 1;
                if most.is_some_and(|most| batches >= most) {
                    return Ok(End::Later);
                }
            }
        }
        if n == 0 || records.is_hopeless() {
            break;
        }
    }
    let hopeless = records.is_hopeless();
    intake.flush(!hopeless).await?;
    Ok(if hopeless { End::Hopeless(line) } else { End::Whole })
}

/// Hands one row over; its line, and whether a batch is full.
async fn row(row: Result<Row, (u64, Refusal)>, intake: &mut Intake<'_>, now: Timestamp) -> Result<(u64, bool)> {
    let row = match row {
        Ok(row) => row,
        Err((line, why)) => {
            return Ok((line, intake.refuse(line, &Refused::new(why.name(), why.text()), "").await?));
        }
    };
    let line = row.line;
    let full = match intake.outlets.find(&row.outlet, row.url.as_deref()) {
        Some(outlet) => intake.offer(line, offered(row, outlet, intake.batch(), now)).await?,
        None => {
            let why = match row.outlet.as_str() {
                "" => Refused::new("no_outlet", ""),
                name => Refused::new("unknown_outlet", name),
            };
            intake.refuse(line, &why, &row.title).await?
        }
    };
    Ok((line, full))
}

fn offered(row: Row, outlet: OutletId, batch: String, now: Timestamp) -> Offered {
    let identity = row.identity();
    Offered {
        article: NewArticle {
            outlet,
            via: Via::Import { batch },
            url: row.url.unwrap_or_default(),
            key: identity.key,
            guid: row.id,
            title: row.title,
            lead: row.lead,
            body: row.body,
            authors: row.authors,
            rubric: row.section,
            published_at: Some(row.at),
            language: None,
            signals: Signals::default(),
            first_seen: now,
            backlog: true,
        },
        address: identity.address.filter(|_| identity.by == Known::Id),
        title_key: identity.title_key,
        day: identity.day,
        by_title: identity.by == Known::Title,
    }
}
