//! The table: a line an article, for office programs and for machines.

use super::line::Line;
use super::words::rights_words;
use crate::Result;
use crate::cell::harmless;
use salastampa_locale::{Lang, t};

/// What tells office programs that the file is UTF-8.
const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

fn writer(comma: bool) -> csv::Writer<Vec<u8>> {
    let separator = if comma { b',' } else { b';' };
    csv::WriterBuilder::new()
        .delimiter(separator)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new())
}

fn bytes(table: csv::Writer<Vec<u8>>) -> Result<Vec<u8>> {
    Ok(table.into_inner().map_err(|error| anyhow::anyhow!("the table could not be written: {error}"))?)
}

/// Some lines; before the first ones, the heads of the columns.
pub(super) fn part(lines: &[Line], comma: bool, first: bool, lang: Lang) -> Result<Vec<u8>> {
    let mut table = writer(comma);
    if first {
        let heads = [
            t(lang, "export.columns.id"),
            t(lang, "export.columns.date"),
            t(lang, "export.columns.outlet"),
            t(lang, "export.columns.title"),
            t(lang, "export.columns.authors"),
            t(lang, "export.columns.section"),
            t(lang, "export.columns.extract"),
            t(lang, "export.columns.rights"),
            t(lang, "export.columns.url"),
        ];
        table.write_record(heads).map_err(anyhow::Error::from)?;
    }
    for line in lines {
        let cells = [
            line.article.to_string(),
            line.dated.civil().strftime("%Y-%m-%d %H:%M").to_string(),
            harmless(&line.outlet_name),
            harmless(&line.title),
            harmless(&line.authors.join(", ")),
            harmless(&line.rubric),
            harmless(line.extract.as_str()),
            rights_words(lang, line.class, line.reason),
            line.url.clone(),
        ];
        table.write_record(cells).map_err(anyhow::Error::from)?;
    }
    let table = bytes(table)?;
    let mark = if first && !comma { &MARK[..] } else { &[] };
    Ok([mark, &table].concat())
}

/// The last line of a table that is not whole: a single cell.
pub(super) fn cut(words: &str, comma: bool) -> Option<Vec<u8>> {
    let mut table = writer(comma);
    table.write_record([words]).ok()?;
    bytes(table).ok()
}
