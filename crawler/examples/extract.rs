//! Extracts the articles of stored pages and writes them as JSON, one line a page: the format that the scorer of an
//! extraction corpus takes.
//!
//! `extract PAGES.jsonl`: lines with `id`, `url` and `html`, the path of a gzip file relative to that file. Each page is
//! read on a thread with a stack of 8 MB, and one that panics gives an empty line with `err`.

use flate2::read::GzDecoder;
use salastampa_crawler::extract::{self, Extracted};
use salastampa_domain::Timestamp;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// The present that relative dates are read against: 2026-11-22T00:00Z.
const NOW: Timestamp = Timestamp(1_795_305_600_000);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let list = PathBuf::from(std::env::args().nth(1).ok_or("usage: extract PAGES.jsonl")?);
    let folder = list.parent().unwrap_or(Path::new("."));
    let mut out = std::io::stdout().lock();
    for line in BufReader::new(std::fs::File::open(&list)?).lines() {
        let page: Value = serde_json::from_str(&line?)?;
        writeln!(out, "{}", read(&page, folder))?;
    }
    Ok(())
}

fn read(page: &Value, folder: &Path) -> Value {
    let url = page["url"].as_str().unwrap_or_default().to_owned();
    let path = folder.join(page["html"].as_str().unwrap_or_default());
    let mut bytes = Vec::new();
    if let Err(error) = std::fs::File::open(path).and_then(|file| GzDecoder::new(file).read_to_end(&mut bytes)) {
        return json!({"id": page["id"], "err": error.to_string()});
    }
    let work = move || extract::extract(&bytes, None, &url, NOW);
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(work);
    match thread.map(|thread| thread.join()) {
        Ok(Ok(article)) => shown(&page["id"], &article),
        Ok(Err(_)) => json!({"id": page["id"], "err": "PANIC"}),
        Err(error) => json!({"id": page["id"], "err": error.to_string()}),
    }
}

/// The corpora are measured inside the house; this is analysis, not publication.
fn shown(id: &Value, article: &Extracted) -> Value {
    let date = article.published_at.map(|at| match article.date_only {
        true => at.day().to_string(),
        false => at.rfc3339(),
    });
    json!({
        "id": id,
        "text": article.body.for_analysis(),
        "title": article.title,
        "authors": article.authors,
        "date": date,
        "problems": article.problems.iter().map(|p| p.what.as_str()).collect::<Vec<_>>(),
    })
}
