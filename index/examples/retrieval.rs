//! `retrieval DOCS.jsonl.gz QUERIES.tsv [--accents strip|apostrophe]`: how well the archive ranks.
//!
//! Indexes the field `text` of each line of DOCS into a folder of its own, asks each line of QUERIES (`qid`, task, text,
//! parted by tabs) as the OR of its analysed words, and prints the run: `qid` TAB `docid`, best first, twelve a query.
//! `--accents` first takes the accents off the questions, or writes those at the end of a word as apostrophes.

#![allow(clippy::print_stdout, reason = "the run is what it prints")]

#[path = "common/articles.rs"]
mod articles;

use anyhow::{Context, bail};
use articles::article;
use flate2::read::GzDecoder;
use salastampa_domain::{Change, ChangeKind, ForeignText, Page, Query, Seq, Sort, Timestamp};
use salastampa_index::{Archive, Names, TantivyArchive};
use salastampa_text::{Class, analyse};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (docs, queries, accents) = match &args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [docs, queries] => (*docs, *queries, Accents::Kept),
        [docs, queries, "--accents", "strip"] => (*docs, *queries, Accents::Stripped),
        [docs, queries, "--accents", "apostrophe"] => (*docs, *queries, Accents::Apostrophe),
        _ => bail!("usage: retrieval DOCS.jsonl.gz QUERIES.tsv [--accents strip|apostrophe]"),
    };
    let folder = tempfile::tempdir()?;
    let archive = TantivyArchive::open(folder.path(), "retrieval", Seq(0));
    let ids = index(&archive, Path::new(docs)).await.with_context(|| format!("reading {docs}"))?;
    let queries = std::fs::read_to_string(queries).with_context(|| format!("reading {queries}"))?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in queries.lines() {
        let mut columns = line.splitn(3, '\t');
        let (Some(qid), Some(_task), Some(text)) = (columns.next(), columns.next(), columns.next()) else { continue };
        let text = any_of(&accents.apply(text));
        let page = Page { size: 12, after: None };
        let query = Query { sort: Sort::Relevance, page, ..Query::text(text) };
        let hits = archive.search(&query, &Names::default(), Timestamp(0)).await;
        for hit in hits.with_context(|| format!("query {qid}"))?.hits {
            let id = usize::try_from(hit.article.0 - 1).ok().and_then(|n| ids.get(n));
            writeln!(out, "{qid}\t{}", id.context("a hit that was never indexed")?)?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Indexes the documents; gives their names, number 1 first.
async fn index(archive: &TantivyArchive, docs: &Path) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::new();
    let mut changes = Vec::new();
    for line in BufReader::new(GzDecoder::new(std::fs::File::open(docs)?)).lines() {
        let document: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        ids.push(field("id"));
        let number = i64::try_from(ids.len())?;
        changes.push(put(number, field("text")));
        if changes.len() == 5_000 {
            archive.apply(&changes).await?;
            changes.clear();
        }
    }
    archive.apply(&changes).await?;
    Ok(ids)
}

fn put(number: i64, text: String) -> Change {
    let article = Box::new(article(number, "retrieval"));
    Change { seq: Seq(number), kind: ChangeKind::Put { article, body: ForeignText::new(text) } }
}

/// The content words of a question, joined by OR; a word that is asked twice counts twice.
fn any_of(question: &str) -> String {
    let words = analyse(question).into_iter().filter(|t| t.class == Class::Content);
    words.map(|t| t.exact.to_string()).collect::<Vec<_>>().join(" OR ")
}

/// What is done to the accents of a question.
#[derive(Clone, Copy)]
enum Accents {
    Kept,
    Stripped,
    Apostrophe,
}

impl Accents {
    fn apply(self, text: &str) -> String {
        let mut out = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let bare = match c {
                'à' | 'á' => 'a',
                'è' | 'é' => 'e',
                'ì' | 'í' => 'i',
                'ò' | 'ó' => 'o',
                'ù' | 'ú' => 'u',
                'À' | 'Á' => 'A',
                'È' | 'É' => 'E',
                'Ì' | 'Í' => 'I',
                'Ò' | 'Ó' => 'O',
                'Ù' | 'Ú' => 'U',
                c => c,
            };
            let ends = chars.peek().is_none_or(|next| !next.is_alphanumeric());
            match self {
                Self::Kept => out.push(c),
                Self::Stripped => out.push(bare),
                Self::Apostrophe if bare != c && ends => out.extend([bare, '\'']),
                Self::Apostrophe => out.push(c),
            }
        }
        out
    }
}
