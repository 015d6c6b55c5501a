//! Extracts the articles of stored pages and writes them as JSON, one line a page: the format that the scorer of an
//! extraction corpus takes.
//!
//! `extract [--repeat N] PAGES.jsonl`: lines with `id`, `url` and `html`, the path of a gzip file relative to that file. Each page is
//! read on a thread with a stack of 8 MB, and one that panics gives an empty line with `err`. With `--repeat` nothing is
//! written but a line on how many pages a second of processor time they were, read N times one after the other.

use flate2::read::GzDecoder;
use salastampa_crawler::extract::{self, Extracted};
use salastampa_domain::Timestamp;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// The present that relative dates are read against: 2026-11-22T00:00Z.
const NOW: Timestamp = Timestamp(1_795_305_600_000);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const USAGE: &str = "usage: extract [--repeat N] PAGES.jsonl";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (list, repeat) = match arguments.as_slice() {
        [list] => (PathBuf::from(list), 0),
        [flag, n, list] if flag == "--repeat" => (PathBuf::from(list), n.parse()?),
        _ => return Err(USAGE.into()),
    };
    let folder = list.parent().unwrap_or(Path::new("."));
    let lines = BufReader::new(std::fs::File::open(&list)?).lines();
    let pages: Vec<Value> =
        lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect::<Result<_, Box<dyn std::error::Error>>>()?;
    let mut out = std::io::stdout().lock();
    for page in pages.iter().filter(|_| repeat == 0) {
        writeln!(out, "{}", read(page, folder))?;
    }
    if repeat > 0 {
        let before = processor_time()?;
        for page in (0..repeat).flat_map(|_| &pages) {
            std::hint::black_box(read(page, folder));
        }
        let seconds = (processor_time()? - before) as f64 / 1_000.0;
        writeln!(out, "{:.1} pages a second of processor time", (pages.len() * repeat) as f64 / seconds.max(0.01))?;
    }
    Ok(())
}

/// User and system time of this process, in milliseconds (proc(5): fields 14 and 15, in ticks of 10 ms).
fn processor_time() -> Result<u64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Ok(ticks * 10)
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
