//! `import articles`: an old archive as a table or as JSON lines comes in; a folder goes to its own room.
//!
//! The file is read in pieces, so that its size does not matter. What its columns are taken for and three of its rows are
//! shown before anything is kept.

use super::folder;
use super::intake::{Intake, Refused};
use super::outlets::Outlets;
use super::progress::Meter;
use crate::app::App;
use crate::cli::Articles;
use crate::verbs::{Usage, is_served, say, told};
use anyhow::{Context, Result, bail};
use salastampa_acts::backfile::{self, Fingerprint, Offered};
use salastampa_crawler::backfile::columns::BadMap;
use salastampa_crawler::backfile::{Columns, Field, Form, HEAD, Known, Record, Records, Row, Shape, form};
use salastampa_domain::{NewArticle, OutletId, Signals, Timestamp, Via};
use salastampa_locale::{Lang, date, fill, t};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// So much is read at once, in bytes.
const PIECE: usize = 256 * 1024;
/// So many rows are shown beforehand.
const SAMPLE: usize = 3;

/// Brings in a file, or only says what would happen.
pub(super) async fn run(app: &App, wanted: &Articles) -> Result<()> {
    if !is_served(app) {
        // the outlets of the file of sources may be new
        crate::feeds::load(app).await?;
    }
    let lang = app.house.lang;
    let all = app.store.read().await?.list_outlets().await?;
    let outlets = Outlets::new(all, &wanted.outlet, wanted.outlets.as_deref(), lang)?;
    if wanted.file.is_dir() {
        return folder::run(app, wanted, outlets).await;
    }
    let name = super::name(&wanted.file);
    let (mut head, bytes) = head(&wanted.file)?;
    if head.starts_with(b"%PDF-") || wanted.file.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf")) {
        return folder::run(app, wanted, outlets).await;
    }
    if wanted.split {
        return Err(Usage(t(lang, "import.wrong.split").to_owned()).into());
    }
    if head.is_empty() {
        bail!("{}", fill(lang, "import.wrong.empty", &[("name", &name)]));
    }
    let form = detected(&head, wanted, lang)?;
    let columns = columns(&head, form, wanted, lang)?;
    show(&name, &head, form, &columns, app.clock.now(), lang);
    head.clear();
    let intake = match wanted.dry_run {
        true => Intake::dry(app, outlets),
        false => {
            let hash = fingerprint(&wanted.file)?;
            let how = as_text(form, &columns, wanted);
            let import = told(app, backfile::begin(&app.store, &name, &hash, &how, app.clock.now()).await)?;
            Intake::real(app, outlets, import, &wanted.file)?
        }
    };
    read(app, &wanted.file, form, &columns, intake, Meter::new(bytes, lang, &app.clock)).await
}

/// The beginning of a file, and its length in bytes.
fn head(path: &Path) -> Result<(Vec<u8>, u64)> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let bytes = file.metadata().map_or(0, |meta| meta.len());
    let mut head = Vec::new();
    file.take(HEAD as u64).read_to_end(&mut head).with_context(|| format!("reading {}", path.display()))?;
    Ok((head, bytes))
}

pub(super) fn fingerprint(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let mut print = Fingerprint::default();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece).with_context(|| format!("reading {}", path.display()))? {
            0 => return Ok(print.hex()),
            n => print.add(&piece[..n]),
        }
    }
}

fn detected(head: &[u8], wanted: &Articles, lang: Lang) -> Result<Form> {
    let encoding = match &wanted.encoding {
        None => None,
        Some(name) => {
            let unknown = || Usage(fill(lang, "import.wrong.encoding", &[("name", name)]));
            Some(form::encoding(name).ok_or_else(unknown)?)
        }
    };
    let separator = match wanted.separator.as_deref() {
        None => None,
        Some("tab" | "\\t") => Some('\t'),
        Some(text) => match text.chars().collect::<Vec<_>>().as_slice() {
            [one] if *one != '"' => Some(*one),
            _ => return Err(Usage(t(lang, "import.wrong.separator").to_owned()).into()),
        },
    };
    Ok(Form::detect(head, encoding, separator))
}

/// What the columns are: of a table by its first line, of objects by the names in the first ones.
fn columns(head: &[u8], form: Form, wanted: &Articles, lang: Lang) -> Result<Columns> {
    let mut records = Records::new(form);
    records.feed(head);
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
    let mapped: Vec<(String, String)> = wanted
        .map
        .iter()
        .map(|pair| {
            let pair = pair.split_once('=').map(|(field, column)| (field.trim().to_owned(), column.trim().to_owned()));
            pair.ok_or_else(|| Usage(t(lang, "import.wrong.map").to_owned()))
        })
        .collect::<Result<_, Usage>>()?;
    let listed = names.iter().map(|name| name.trim()).collect::<Vec<_>>().join(", ");
    Columns::of(names, &mapped).map_err(|why| {
        let sentence = match &why {
            BadMap::NoField(name) => {
                let fields = Field::all().map(Field::name).collect::<Vec<_>>().join(", ");
                fill(lang, "import.wrong.no_field", &[("name", name), ("fields", &fields)])
            }
            BadMap::NoColumn(name) => fill(lang, "import.wrong.no_column", &[("name", name), ("columns", &listed)]),
            BadMap::Missing(field) => {
                let args = [("field", field_name(*field, lang)), ("name", field.name()), ("columns", &listed)];
                fill(lang, "import.wrong.missing", &args)
            }
        };
        Usage(sentence).into()
    })
}

fn field_name(field: Field, lang: Lang) -> &'static str {
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

/// How the file is read, for the person: the form, the columns, the first rows.
fn show(name: &str, head: &[u8], form: Form, columns: &Columns, now: Timestamp, lang: Lang) {
    let encoding = form.encoding.name();
    say(match form.shape {
        Shape::Lines => fill(lang, "import.form_lines", &[("name", name), ("encoding", encoding)]),
        Shape::Table(separator) => {
            let separator = if separator == '\t' { "tab".to_owned() } else { separator.to_string() };
            let args = [("name", name), ("separator", separator.as_str()), ("encoding", encoding)];
            fill(lang, "import.form_table", &args)
        }
    });
    for (at, column) in columns.names.iter().enumerate() {
        say(match columns.field_at(at) {
            Some(field) => {
                fill(lang, "import.column", &[("column", column.trim()), ("field", field_name(field, lang))])
            }
            None => fill(lang, "import.column_unused", &[("column", column.trim())]),
        });
    }
    let mut records = Records::new(form);
    records.feed(head);
    let rows = std::iter::from_fn(|| records.next()).skip(usize::from(form.shape != Shape::Lines));
    for row in rows.filter_map(|record| Row::read(record, columns, now).ok()).take(SAMPLE) {
        let outlet = if row.outlet.is_empty() { t(lang, "import.no_outlet") } else { row.outlet.as_str() };
        let (line, at) = (row.line.to_string(), date::long(row.at.day(), lang));
        let args = [("line", line.as_str()), ("date", &at), ("outlet", outlet), ("title", &row.title)];
        say(fill(lang, "import.sample", &args));
    }
}

/// How the file is read, as what tells one import from another.
fn as_text(form: Form, columns: &Columns, wanted: &Articles) -> String {
    let places: Vec<String> = columns.places.iter().map(|(field, at)| format!("{}={at}", field.name())).collect();
    serde_json::json!({
        "encoding": form.encoding.name(),
        "separator": if let Shape::Table(separator) = form.shape { Some(separator) } else { None },
        "columns": places, "outlet": wanted.outlet, "outlets": wanted.outlets,
    })
    .to_string()
}

async fn read(
    app: &App,
    path: &Path,
    form: Form,
    columns: &Columns,
    mut intake: Intake<'_>,
    mut meter: Meter,
) -> Result<()> {
    let mut file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let mut records = Records::new(form);
    let mut piece = vec![0; PIECE];
    let (mut bytes, mut number, mut line, mut header) = (0_u64, 0_i64, 0_u64, form.shape != Shape::Lines);
    let (before, now) = (intake.position(), app.clock.now());
    loop {
        let n = file.read(&mut piece).with_context(|| format!("reading {}", path.display()))?;
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
            let (at, full) = row(Row::read(record, columns, now), &mut intake, now).await?;
            line = at;
            if full {
                meter.tell(bytes, intake.position(), intake.taken());
            }
        }
        if n == 0 || records.is_hopeless() {
            break;
        }
    }
    intake.flush(!records.is_hopeless()).await?;
    meter.end(intake.position() - before);
    intake.report();
    if records.is_hopeless() {
        bail!("{}", fill(app.house.lang, "import.wrong.hopeless", &[("line", &line.to_string())]));
    }
    Ok(())
}

/// Hands one row over; its line, and whether a batch is full.
async fn row(
    row: Result<Row, (u64, salastampa_crawler::backfile::Refusal)>,
    intake: &mut Intake<'_>,
    now: Timestamp,
) -> Result<(u64, bool)> {
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
