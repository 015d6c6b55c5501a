//! What a library alone takes out of stored pages: the anchors that `extract` is measured against, in the same format.
//!
//! `anchors trafilatura|libreadability PAGES.jsonl`: lines and paths as for `extract`. A page on which the library fails
//! or panics gives an empty text.

use flate2::read::GzDecoder;
use salastampa_crawler::encoding::{self, Kind};
use scraper::Html;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: anchors trafilatura|libreadability PAGES.jsonl";
    let library: fn(&str) -> String = match arguments.next().ok_or(usage)?.as_str() {
        "trafilatura" => trafilatura_alone,
        "libreadability" => libreadability_alone,
        _ => return Err(usage.into()),
    };
    let list = arguments.next().ok_or(usage)?;
    let folder = Path::new(&list).parent().unwrap_or(Path::new("."));
    let mut out = std::io::stdout().lock();
    for line in BufReader::new(std::fs::File::open(&list)?).lines() {
        let page: Value = serde_json::from_str(&line?)?;
        let mut bytes = Vec::new();
        let path = folder.join(page["html"].as_str().unwrap_or_default());
        GzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut bytes)?;
        let work = move || library(&encoding::decode(&bytes, None, Kind::Html).text);
        let text = std::thread::Builder::new().stack_size(64 << 20).spawn(work)?.join().unwrap_or_default();
        writeln!(out, "{}", json!({"id": page["id"], "text": text}))?;
    }
    Ok(())
}

fn trafilatura_alone(page: &str) -> String {
    let options = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true);
    trafilatura::extract(page, &options).map(|found| text(&found.content_html)).unwrap_or_default()
}

fn libreadability_alone(page: &str) -> String {
    libreadability::extract(page, None).map(|found| text(&found.content)).unwrap_or_default()
}

/// The words of a piece of HTML, a blank between elements.
fn text(html: &str) -> String {
    Html::parse_fragment(html).root_element().text().collect::<Vec<_>>().join(" ")
}
