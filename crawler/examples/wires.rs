//! Reads wire files and writes what was read as JSON, one line a file.
//!
//! `wires [--zone Europe/Rome] PATH..`; a folder stands for the files in it. Each file is read on a thread with a stack of
//! 2 MB, and one that panics is told as `PANIC`. Lengths stand for texts: the lines hold no body of others.

use jiff::tz::TimeZoneDatabase;
use salastampa_crawler::wire::{self, WireContext, WireItem};
use salastampa_domain::Timestamp;
use salastampa_domain::time::rome;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The present that relative dates are read against: 2026-11-22T00:00Z.
const NOW: Timestamp = Timestamp(1_795_305_600_000);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut zone, mut paths) = (rome(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--zone" => zone = TimeZoneDatabase::bundled().get(&arguments.next().ok_or("--zone wants a value")?)?,
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    if paths.is_empty() {
        return Err("usage: wires [--zone Europe/Rome] PATH..".into());
    }
    let context = WireContext { zone, now: NOW };
    let mut out = std::io::stdout().lock();
    for path in paths.iter().flat_map(|path| files(path)) {
        writeln!(out, "{}", line(&path, &context))?;
    }
    Ok(())
}

/// A folder's files in the order of their names, or the file itself.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file()).collect();
    files.sort();
    files
}

fn line(path: &Path, context: &WireContext) -> Value {
    let shown = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return json!({"path": shown, "ok": false, "err": error.to_string()}),
    };
    let context = context.clone();
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || wire::parse(&bytes, &context));
    match thread.map(|thread| thread.join()) {
        Err(error) => json!({"path": shown, "ok": false, "err": error.to_string()}),
        Ok(Err(panic)) => {
            let what = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            json!({"path": shown, "ok": false, "err": format!("PANIC {}", what.unwrap_or_default())})
        }
        Ok(Ok(Err(refused))) => json!({"path": shown, "ok": false, "err": refused.why}),
        Ok(Ok(Ok((items, problems)))) => {
            let items: Vec<Value> = items.iter().map(entry).collect();
            let problems: Vec<&str> = problems.iter().map(|p| p.what.as_str()).collect();
            json!({"path": shown, "ok": true, "items": items, "problems": problems})
        }
    }
}

fn entry(item: &WireItem) -> Value {
    json!({
        "format": item.format,
        "identity": item.identity,
        "version": item.version,
        "status": item.status,
        "kind": item.kind,
        "replaces": item.replaces,
        "take": item.take,
        "continues": item.continues,
        "urgency": item.urgency,
        "plus": item.plus,
        "title": item.title,
        "subtitle": item.subtitle,
        "slug": item.slug,
        "dateline": item.dateline,
        "place": item.place,
        "category": item.category,
        "rubric": item.rubric,
        "language": item.language,
        "authors": item.authors,
        "issued_at": item.issued_at.map(Timestamp::rfc3339),
        "embargo_until": item.embargo_until.map(Timestamp::rfc3339),
        "rights": item.rights,
        "note": item.note,
        "routing": item.routing,
        "lead_chars": item.lead.chars(),
        "body_chars": item.body.chars(),
        "paragraphs": item.body.for_analysis().lines().count(),
    })
}
