//! `import articles`: an old archive as a table or as JSON lines comes in; PDFs go to their own room.
//!
//! What its columns are taken for and three of its rows are shown before anything is kept.

use super::folder;
use super::progress::Meter;
use crate::app::{App, told};
use crate::cli::Articles;
use crate::intake::Intake;
use crate::intake::outlets::Outlets;
use crate::intake::table::{self, End, Table, field_name};
use crate::verbs::{Usage, is_served, say};
use anyhow::{Context, Result, bail};
use salastampa_acts::backfile::{self, Fingerprint};
use salastampa_crawler::backfile::{HEAD, Shape};
use salastampa_domain::{Reading, Timestamp};
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
    let mut said = wanted.outlet.clone();
    if let Some(path) = &wanted.outlets {
        let text = super::text(path).context("reading the outlets of the file")?;
        let filled = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        said.extend(filled.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned));
    }
    let outlets = Outlets::new(all, &said, lang)?;
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
    let reading = Reading {
        encoding: wanted.encoding.clone(),
        separator: wanted.separator.clone(),
        map: wanted.map.clone(),
        outlets: Vec::new(),
    };
    let table = table::understand(&head, &reading).map_err(|why| Usage(why.sentence(lang)))?;
    show(&name, &head, &table, app.clock.now(), lang);
    head.clear();
    let mut intake = match wanted.dry_run {
        true => Intake::dry(app, outlets),
        false => {
            let hash = fingerprint(&wanted.file)?;
            let how = as_text(&table, wanted);
            let import = told(app, backfile::begin(&app.store, &name, &hash, &how, app.clock.now()).await)?;
            super::goes_on(app, &import);
            Intake::real(app, outlets, import, &wanted.file)?
        }
    };
    let mut meter = Meter::new(bytes, lang, &app.clock);
    let before = intake.position();
    let file = File::open(&wanted.file).with_context(|| format!("opening {}", wanted.file.display()))?;
    let tell = |bytes, intake: &Intake<'_>| meter.tell(bytes, intake.position(), intake.taken());
    let end = table::read(file, &table, &mut intake, (None, app.clock.now()), tell).await?;
    meter.end(intake.position() - before);
    super::report(app, &intake);
    if let End::Hopeless(line) = end {
        bail!("{}", fill(lang, "import.wrong.hopeless", &[("line", &line.to_string())]));
    }
    Ok(())
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

/// How the file is read, for the person: the form, the columns, the first rows.
fn show(name: &str, head: &[u8], table: &Table, now: Timestamp, lang: Lang) {
    let Table { form, columns } = table;
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
    for row in table::samples(head, table, now, SAMPLE) {
        let outlet = if row.outlet.is_empty() { t(lang, "import.no_outlet") } else { row.outlet.as_str() };
        let (line, at) = (row.line.to_string(), date::long(row.at.day(), lang));
        let args = [("line", line.as_str()), ("date", &at), ("outlet", outlet), ("title", &row.title)];
        say(fill(lang, "import.sample", &args));
    }
}

/// How the file is read, as what tells one import from another.
fn as_text(Table { form, columns }: &Table, wanted: &Articles) -> String {
    let places: Vec<String> = columns.places.iter().map(|(field, at)| format!("{}={at}", field.name())).collect();
    serde_json::json!({
        "encoding": form.encoding.name(),
        "separator": if let Shape::Table(separator) = form.shape { Some(separator) } else { None },
        "columns": places, "outlet": wanted.outlet, "outlets": wanted.outlets,
    })
    .to_string()
}
