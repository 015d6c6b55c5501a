//! Scores how alike two news items are: one figure from 0 to 1 a line.
//!
//! `pairs it_pairs.jsonl.gz`: lines with `a` and `b` (title, then ". ", then description). Rarity of terms is counted
//! over the texts of the file, each once: the pairs have no dates and hence no order.

mod common;

use common::{Anything, lines};
use salastampa_stories::background::Background;
use salastampa_stories::cluster::{Settings, cosine};
use salastampa_stories::terms::{Term, terms};
use salastampa_stories::vector::Blend;
use std::collections::BTreeMap;
use std::io::Write;

fn main() -> Result<(), Anything> {
    let path = std::env::args().nth(1).ok_or("usage: pairs it_pairs.jsonl.gz")?;
    let mut pairs = Vec::new();
    let mut texts: BTreeMap<String, Vec<Term>> = BTreeMap::new();
    for pair in lines(&path)? {
        let pair = pair?;
        let read = |name: &str| pair[name].as_str().unwrap_or_default().to_owned();
        let (a, b) = (read("a"), read("b"));
        for text in [&a, &b] {
            let (title, rest) = text.split_once(". ").unwrap_or((text, ""));
            texts.entry(text.clone()).or_insert_with(|| terms(title, rest));
        }
        pairs.push((a, b));
    }
    let mut background = Background::default();
    for terms in texts.values() {
        background.add(terms);
    }
    let table = background.table(Settings::DATED.rarity);
    let blend = Blend { names: 0.0, numbers: 0.0, unsaid: 4.0 };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (a, b) in &pairs {
        writeln!(out, "{:.6}", cosine(&texts[a], &texts[b], &table, blend))?;
    }
    Ok(())
}
