//! Finds releases in articles: one level (0 none or theme, 1 quote, 2 partial, 3 full) a line.
//!
//! `pickup pickup.jsonl.gz [--copies]`: lines with `release` (title + ". " + body) and `article`. With `--copies` each
//! line tells instead whether the article is a `copy` or a `rework` of the release's text, as the window would see it.

mod common;

use common::{Anything, lines};
use salastampa_domain::{ForeignText, PickupLevel, ReleaseId};
use salastampa_stories::{Released, copies, pickup, shingle};
use std::io::Write;

fn main() -> Result<(), Anything> {
    let (flags, paths): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let [path] = paths.as_slice() else { return Err("usage: pickup pickup.jsonl.gz [--copies]".into()) };
    let as_copies = flags.iter().any(|f| f == "--copies");
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for pair in lines(path)? {
        let pair = pair?;
        let (release, article) = (pair["release"].as_str().unwrap_or(""), pair["article"].as_str().unwrap_or(""));
        // the format joins title and body by a full stop: the first one that ends a sentence parts them
        let (title, text) = release.split_once(". ").unwrap_or(("", release));
        if as_copies {
            let (a, b) = (shingle::runs(text), shingle::runs(article));
            let (share, copy) = copies::likeness(&a, &a.set(), &b);
            let kind = if copy {
                "copy"
            } else if share >= copies::REWORK {
                "rework"
            } else {
                "none"
            };
            writeln!(out, "{kind}\t{share:.3}\t{}", pair["kind"].as_str().unwrap_or(""))?;
            continue;
        }
        let released = Released { id: ReleaseId(1), title: title.to_owned(), text: text.to_owned() };
        let found = pickup::compare(&pickup::prepare(&released), "", &ForeignText::new(article));
        let level = match found.map(|f| f.level) {
            Some(PickupLevel::Full) => 3,
            Some(PickupLevel::Partial) => 2,
            Some(PickupLevel::Quote) => 1,
            Some(PickupLevel::Theme) | None => 0,
        };
        writeln!(out, "{level}")?;
    }
    Ok(())
}
