//! Groups a stream of articles into stories, as the job `group` does, and writes `id TAB story`, a line an article.
//!
//! `cluster DOCS.jsonl.gz.. [--undated] [--window N]`: lines with `id, date, source, title, text`; several files are
//! mixed by date. With `--undated` dates are not read and time does not count. With `--window 50000` the documents
//! come again and again, ten days of them in all, each time with some other words, until so many are held; nothing is
//! written but articles per second of processor time and the memory of the process.

mod common;
mod stream;

use common::Anything;
use salastampa_domain::time::DAY;
use salastampa_domain::{ForeignText, Timestamp};
use salastampa_stories::Window;
use salastampa_stories::cluster::Settings;
use std::io::Write;
use stream::{Document, documents, group, grouped};

fn main() -> Result<(), Anything> {
    let mut paths = Vec::new();
    let (mut undated, mut held) = (false, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--undated" => undated = true,
            "--window" => held = Some(words.next().ok_or("--window wants a number")?.parse::<usize>()?),
            flag if flag.starts_with("--") => return Err(format!("unknown: {flag}").into()),
            _ => paths.push(word),
        }
    }
    if paths.is_empty() {
        return Err("usage: cluster DOCS.jsonl.gz.. [--undated] [--window N]".into());
    }
    let documents = documents(&paths)?;
    if let Some(held) = held {
        return costs(documents, held);
    }
    let stories = grouped(if undated { Settings::UNDATED } else { Settings::DATED }, &documents, undated);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (document, story) in documents.iter().zip(stories) {
        writeln!(out, "{}\t{story}", document.id)?;
    }
    Ok(())
}

/// What a window of so many articles costs.
fn costs(documents: Vec<Document>, held: usize) -> Result<(), Anything> {
    let mut out = std::io::stdout().lock();
    let mut window = Window::new();
    let (before, idle) = (processor()?, memory()?);
    let mut last = (before, 0);
    let step = 10 * DAY / i64::try_from(held)?;
    let rounds = held.div_ceil(documents.len());
    let mut read = 0;
    for round in 0..rounds {
        let again: Vec<Document> = documents
            .iter()
            .enumerate()
            .map(|(n, d)| Document {
                id: d.id.clone(),
                date: Some(Timestamp(step * i64::try_from(round * documents.len() + n).unwrap_or(0))),
                source: d.source.clone(),
                title: other(&d.title, round),
                text: ForeignText::new(other(d.text.for_analysis(), round)),
            })
            .collect();
        let making = processor()?;
        group(&mut window, &again, false);
        let now = processor()?;
        read += again.len();
        writeln!(
            out,
            "{read} read, {} held: {:.0} articles a second of processor time; {} MB ({idle} MB before)",
            window.len(),
            again.len() as f64 / (now - making),
            memory()?
        )?;
        last = (now, read);
    }
    writeln!(out, "{:.0} articles a second of processor time in all", last.1 as f64 / (last.0 - before))?;
    Ok(())
}

/// The text with every fourth word changed, differently in each round: related to the others of its event, no copy.
fn other(text: &str, round: usize) -> String {
    let change = |(n, word): (usize, &str)| {
        if (n + round).is_multiple_of(4) && round > 0 { format!("{word}{round}") } else { word.to_owned() }
    };
    text.split(' ').enumerate().map(change).collect::<Vec<_>>().join(" ")
}

/// Seconds of processor time of this process (Linux: user and system, in hundredths).
fn processor() -> Result<f64, Anything> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}

/// Megabytes that are the process's own (`RssAnon`).
fn memory() -> Result<u64, Anything> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("RssAnon")).unwrap_or_default();
    Ok(line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1_024)
}
