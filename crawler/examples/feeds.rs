//! Reads feed files and writes what was read as JSON, one line a file: the format that the scorer of a feed corpus takes.
//!
//! `feeds [--zone UTC] [--base http://example.com/feed.xml] PATH..`; a folder stands for the files in it. Each file is
//! read on a thread with a stack of 2 MB, and one that panics is told as `PANIC`.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use salastampa_crawler::feed::{self, FeedContext, Item};
use salastampa_domain::Timestamp;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The present that relative dates are read against: 2026-11-22T00:00Z.
const NOW: Timestamp = Timestamp(1_795_305_600_000);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut zone, mut base, mut paths) = (TimeZone::UTC, "http://example.com/feed.xml".to_owned(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} wants a value"));
        match argument.as_str() {
            "--zone" => zone = TimeZoneDatabase::bundled().get(&value()?)?,
            "--base" => base = value()?,
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    if paths.is_empty() {
        return Err("usage: feeds [--zone UTC] [--base http://example.com/feed.xml] PATH..".into());
    }
    let mut out = std::io::stdout().lock();
    for path in paths.iter().flat_map(|path| files(path)) {
        writeln!(out, "{}", line(&path, &zone, &base))?;
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

fn line(path: &Path, zone: &TimeZone, base: &str) -> Value {
    let shown = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return json!({"path": shown, "ok": false, "err": error.to_string()}),
    };
    let (zone, base) = (zone.clone(), base.to_owned());
    let work = move || {
        let context = FeedContext { base: &base, content_type: None, zone: zone.clone(), now: NOW };
        let read = feed::parse(&bytes, &context);
        (read, zone)
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    match thread.map(|thread| thread.join()) {
        Err(error) => json!({"path": shown, "ok": false, "err": error.to_string()}),
        Ok(Err(panic)) => {
            let what = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            json!({"path": shown, "ok": false, "err": format!("PANIC {}", what.unwrap_or_default())})
        }
        Ok(Ok((Err(refused), _))) => json!({"path": shown, "ok": false, "err": refused.why}),
        Ok(Ok((Ok((feed, problems)), zone))) => {
            let entries: Vec<Value> = feed.items.iter().map(|item| entry(item, &zone)).collect();
            let problems: Vec<&str> = problems.iter().map(|p| p.what.as_str()).collect();
            json!({"path": shown, "ok": true, "title": feed.title, "entries": entries, "problems": problems})
        }
    }
}

fn entry(item: &Item, zone: &TimeZone) -> Value {
    let seconds = |at: Timestamp| at.0.div_euclid(1_000);
    let published = item.published_at.map(|at| if item.date_only { start_of_day(at, zone) } else { seconds(at) });
    json!({
        "title": item.title,
        "link": item.url,
        "published": published,
        "updated": item.updated_at.map(seconds),
    })
}

/// A day alone is its midday to us, and its first second to the scorer.
fn start_of_day(at: Timestamp, zone: &TimeZone) -> i64 {
    let day = jiff::Timestamp::from_millisecond(at.0).map(|t| t.to_zoned(zone.clone()).date());
    day.and_then(|d| d.to_zoned(zone.clone())).map_or(at.0.div_euclid(1_000), |z| z.timestamp().as_second())
}
