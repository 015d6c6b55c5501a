//! `beginnings [--words N] [--articles N]`: what a question costs that a million words answer.
//!
//! Makes an archive in which N different words (a million) begin alike, spread over as many articles as are said (fifty
//! thousand), beside a few words that many articles have. Prints the milliseconds of the processor and the articles found
//! for each sort of question in which such a beginning can stand, and the memory of the process before and after. The worst
//! thing that a person can type must cost seconds, not minutes. Build it with `--release`.

#![allow(clippy::print_stdout, reason = "an evaluation program talks to its terminal")]

#[path = "common/articles.rs"]
mod articles;
#[path = "common/measure.rs"]
mod measure;

use anyhow::Context;
use articles::article;
use measure::spent;
use salastampa_domain::{Change, ChangeKind, ForeignText, Query, Seq, Timestamp};
use salastampa_index::{Archive, Names, TantivyArchive};

/// Changes handed to the archive at once.
const BATCH: usize = 5_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let (mut words, mut articles) = (1_000_000, 50_000);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let number = args.next().with_context(|| format!("{arg} N"))?.parse()?;
        match arg.as_str() {
            "--words" => words = number,
            "--articles" => articles = number,
            other => anyhow::bail!("usage: beginnings [--words N] [--articles N], not {other}"),
        }
    }
    let folder = tempfile::tempdir()?;
    let archive = TantivyArchive::open(folder.path(), "beginnings", Seq(articles));
    let mut changes = Vec::with_capacity(BATCH);
    for number in 1..=articles {
        changes.push(put(number, words, articles));
        if changes.len() == BATCH || number == articles {
            archive.apply(&changes).await?;
            changes.clear();
        }
    }
    archive.apply(&[]).await?;
    println!("{words} words that begin with parola, {articles} articles, {} MB of memory", memory());
    let many = |n: usize| (0..n).map(|n| format!("paro{}*", &"la"[..n % 3])).collect::<Vec<_>>().join(" OR ");
    let questions = [
        ("the word beside it", "ponte".to_owned()),
        ("a beginning", "parola*".to_owned()),
        ("in the title", "titolo:parola*".to_owned()),
        ("not it", "ponte -parola*".to_owned()),
        ("near a word", "parola* NEAR/5 ponte".to_owned()),
        ("near another", "parola* NEAR/5 paro*".to_owned()),
        ("a chain", "parola* NEAR/50 (parol* OR paro*) NEAR/50 ponte".to_owned()),
        ("sixteen", many(16)),
        ("as many as may be", many(250)),
    ];
    for (name, text) in questions {
        let begin = spent();
        let found = archive.search(&Query::text(&text), &Names::default(), Timestamp(0)).await.context(name)?;
        println!("  {name:<20} {:>8.0} ms, {:>7} articles", (spent() - begin) * 1_000.0, found.total);
    }
    println!("{} MB of memory", memory());
    Ok(())
}

/// An article with its share of the words; the last articles have the first ones, as news names what is new.
fn put(number: i64, words: i64, articles: i64) -> Change {
    let share = words / articles;
    let from = (articles - number) * share;
    let own: String = (from..from + share).map(|n| format!("parola{n:07} ")).collect();
    let article =
        Box::new(salastampa_domain::Article { title: "Parola sul ponte".into(), ..article(number, "beginnings") });
    let body = ForeignText::new(format!("Il ponte e la strada. {own}"));
    Change { seq: Seq(number), kind: ChangeKind::Put { article, body } }
}

/// Megabytes that the process holds in memory of its own.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1_024
}
