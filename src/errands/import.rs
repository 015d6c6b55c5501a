//! An old archive that came by the desk: what its file would bring, or it comes in.
//!
//! A trial reads the whole file and writes nothing. What comes in comes by some batches at a time, so that other requests
//! need not wait for it; where it stands is in the row of the import, and a kill loses nothing. The rows that are refused
//! go into the folder of files at the end, where the desk finds them.

use crate::app::App;
use crate::intake::Intake;
use crate::intake::outlets::Outlets;
use crate::intake::table::{self, End, Unfit};
use anyhow::{Context, Result, bail};
use salastampa_acts::backfile::desk::{Brought, Counted, Sample, Tried};
use salastampa_crawler::backfile::columns::BadMap;
use salastampa_crawler::backfile::{Field, HEAD, Row, Shape};
use salastampa_domain::{Errand, ErrandKind, FileRef, ImportId, Reading};
use salastampa_locale::t;
use serde::Deserialize;
use std::io::Read;

/// So many batches are kept before other requests have their turn.
const BATCHES: usize = 20;
/// So many rows are shown.
const SAMPLE: usize = 5;
/// So many names of outlets are told that nobody knows; longer ones, in characters, are no names.
const UNKNOWN: (usize, usize) = (200, 200);
/// Longest text of a row that is shown, in characters.
const SHOWN: usize = 300;

/// Does the errand as far as it can be done now: `None` while there are rows left.
pub(crate) async fn import(app: &App, errand: &Errand) -> Result<Option<serde_json::Value>> {
    let ErrandKind::Import { file, reading, import, .. } = &errand.kind else { bail!("this is no import") };
    Ok(match import {
        None => Some(serde_json::to_value(tried(app, file, reading).await?)?),
        Some(import) => brought(app, file, reading, *import).await?.map(serde_json::to_value).transpose()?,
    })
}

async fn open(app: &App, file: &str) -> Result<std::fs::File> {
    let found = app.store.files().open_file(file).await?;
    let (file, _) = found.with_context(|| t(app.house.lang, "import.desk.gone").to_owned())?;
    Ok(file.into_std().await)
}

async fn outlets(app: &App, reading: &Reading) -> Result<Outlets> {
    let all = app.store.read().await?.list_outlets().await?;
    Outlets::new(all, &reading.outlets, app.house.lang)
}

async fn tried(app: &App, file: &str, reading: &Reading) -> Result<Tried> {
    let now = app.clock.now();
    let mut head = Vec::new();
    open(app, file).await?.take(HEAD as u64).read_to_end(&mut head).context("reading the file")?;
    let said = |why: Unfit| anyhow::anyhow!("{}", why.sentence(app.house.lang));
    let form = table::form_of(&head, reading).map_err(said)?;
    let separator = match form.shape {
        Shape::Table(separator) => Some(separator),
        Shape::Lines => None,
    };
    let mut tried = Tried {
        encoding: form.encoding.name().to_owned(),
        separator,
        columns: Vec::new(),
        missing: None,
        samples: Vec::new(),
        counted: Counted::default(),
    };
    let table = match table::understand(&head, reading) {
        Ok(table) => table,
        Err(Unfit::Columns(BadMap::Missing(field), names)) => {
            tried.missing = Some(field.name().to_owned());
            tried.columns = guessed(names, reading);
            return Ok(tried);
        }
        Err(why) => return Err(said(why)),
    };
    let named = |at| table.columns.field_at(at).map(|field| field.name().to_owned());
    tried.columns = table.columns.names.iter().enumerate().map(|(at, name)| (short(name), named(at))).collect();
    let sample = |row: Row| Sample { line: row.line, at: row.at, outlet: short(&row.outlet), title: short(&row.title) };
    tried.samples = table::samples(&head, &table, now, SAMPLE).into_iter().map(sample).collect();
    let mut intake = Intake::dry(app, outlets(app, reading).await?);
    let end = table::read(open(app, file).await?, &table, &mut intake, (None, now), |_, _| {}).await?;
    tried.counted = intake.counted();
    tried.counted.unknown.retain(|(name, _)| name.chars().count() <= UNKNOWN.1);
    tried.counted.unknown.truncate(UNKNOWN.0);
    tried.counted.first.iter_mut().for_each(|row| row.text = short(&row.text));
    tried.counted.doubles.iter_mut().for_each(|row| row.title = short(&row.title));
    if let End::Hopeless(line) = end {
        tried.counted.hopeless = Some(line);
    }
    Ok(tried)
}

fn short(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// What columns would be taken for where a needed one is not among them.
fn guessed(names: Vec<String>, reading: &Reading) -> Vec<(String, Option<String>)> {
    let said = |at: usize| {
        let number = (at + 1).to_string();
        reading.map.iter().find_map(|pair| pair.split_once('=').filter(|(_, column)| *column == number))
    };
    let columns = names.into_iter().enumerate().map(|(at, name)| {
        let field = match reading.map.is_empty() {
            true => Field::parse(&name).map(|field| field.name().to_owned()),
            false => said(at).map(|(field, _)| field.to_owned()),
        };
        (short(&name), field)
    });
    columns.collect()
}

async fn brought(app: &App, file: &str, reading: &Reading, id: ImportId) -> Result<Option<Brought>> {
    let (lang, now) = (app.house.lang, app.clock.now());
    let import = app.store.read().await?.find_import(id).await?.context("there is no such import")?;
    let is_done = import.done_at.is_some();
    let beside = app.config.data.folder.join(format!("import-{id}"));
    let mut intake = Intake::real(app, outlets(app, reading).await?, import, &beside)?;
    let mut hopeless = None;
    if !is_done {
        let mut head = Vec::new();
        open(app, file).await?.take(HEAD as u64).read_to_end(&mut head).context("reading the file")?;
        let table = table::understand(&head, reading).map_err(|why| anyhow::anyhow!("{}", why.sentence(lang)))?;
        match table::read(open(app, file).await?, &table, &mut intake, (Some(BATCHES), now), |_, _| {}).await? {
            End::Later => return Ok(None),
            End::Hopeless(line) => hopeless = Some(line),
            End::Whole => {}
        }
    }
    let (import, path) = intake.import().context("an import that comes in has a row")?;
    let refused = match import.progress.refused {
        0 => None,
        _ => {
            let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            let bytes = [b"\xef\xbb\xbf".to_vec(), headings(lang).into_bytes(), bytes].concat();
            let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            let sha256 = app.store.files().put(bytes).await?;
            let mut write = app.store.write().await?;
            let file = FileRef { sha256: sha256.clone(), bytes: length, mime: "text/csv".into(), at: now };
            write.record_file(&file).await?;
            write.commit().await?;
            Some(sha256)
        }
    };
    Ok(Some(Brought { brought: id, refused, hopeless }))
}

/// The end of an errand that was answered: a kill before it still finds the refused rows.
pub(crate) fn tidy(app: &App, errand: &Errand, answer: &serde_json::Value) {
    let ErrandKind::Import { import: Some(id), .. } = &errand.kind else { return };
    // where it could not be read to its end it may be gone on with: the rows that were refused stand there still
    if let Ok(Brought { hopeless: None, .. }) = Brought::deserialize(answer) {
        let _ = std::fs::remove_file(app.config.data.folder.join(format!("import-{id}.refused.csv")));
    }
}

fn headings(lang: salastampa_locale::Lang) -> String {
    let names = ["import.desk.line", "import.desk.why", "import.desk.row_title"].map(|key| t(lang, key));
    format!("{}\n", names.join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desk_offers_the_fields_that_a_column_can_hold() {
        let mut known: Vec<&str> = Field::all().map(Field::name).collect();
        let mut offered = salastampa_acts::backfile::desk::FIELDS.to_vec();
        known.sort_unstable();
        offered.sort_unstable();
        assert_eq!(known, offered);
    }
}
