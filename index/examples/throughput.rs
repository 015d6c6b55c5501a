//! What the archive costs: `throughput BODY.tsv|- [--docs N] [--batch N] [--keep DIR] [--anchors] [--queries N]
//! [--only KIND] [--ask FILE]`.
//!
//! BODY has one article a line: number, `yyyymmdd`, text, parted by tabs. Prints documents per second of processor and
//! bytes per document of the whole archive and of each field, then the processor time of queries of each kind, with counts
//! and without, in milliseconds. `--anchors` first does the same work with two chains of analysis, one writer each: one
//! stemmed field with positions, by our rules with their memory of words and without it. With `--keep` the archive stays in
//! DIR; an archive that is there goes on where it stopped, so that ten million articles can be fed from a pipe in several
//! goes. Questions are drawn from the articles, or read from the lines of FILE (kind, tab, question). Build it with
//! `--release`.

#![allow(clippy::print_stdout, reason = "an evaluation program talks to its terminal")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

#[path = "common/articles.rs"]
mod articles;
#[path = "common/chance.rs"]
mod chance;
#[path = "common/measure.rs"]
mod measure;
#[path = "common/memory.rs"]
mod memory;

use anyhow::{Context, bail};
use articles::article;
use chance::Chance;
use jiff::civil::Date;
use measure::spent;
use memory::held;
use salastampa_domain::{
    Article, Change, ChangeKind, ForeignText, OutletId, Page, Period, Query, Seq, Sort, Timestamp,
};
use salastampa_index::{Archive, Names, TantivyArchive, bind, parse};
use salastampa_text::{Class, Token, analyse, tokens, tokens_afresh};
use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::{Path, PathBuf};
use tantivy::indexer::UserOperation;
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TokenStream, Tokenizer};
use tantivy::{Index, TantivyDocument};

/// Changes handed to the archive at once, unless asked otherwise.
const BATCH: usize = 5_000;
/// Articles whose words become queries.
const SAMPLED: usize = 20_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let asked = Asked::read()?;
    if asked.anchors {
        anchors(&asked)?;
    }
    let made = tempfile::tempdir()?;
    let folder = asked.keep.clone().unwrap_or_else(|| made.path().to_owned());
    let before = held();
    let archive = TantivyArchive::open(&folder, "throughput", Seq(i64::MAX));
    let there = archive.cursor().await?.0;
    println!("{there} articles there, opened with {} MB of memory", held().saturating_sub(before));
    let sample = fill(&archive, &asked).await?;
    let docs = archive.cursor().await?.0;
    sizes(&folder, docs)?;
    println!(
        "{:<22} {:>8} {:>8} {:>8} {:>8}   {:>8} {:>8}",
        "ms of processor", "p50", "p99", "most", "hits", "p50", "p99"
    );
    println!("{:<22} {:>8} {:>8} {:>8} {:>8}   {:>17}", "", "", "", "", "", "with counts");
    let questions = match &asked.ask {
        Some(file) => read(file)?,
        None => KINDS.map(|kind| (kind.to_owned(), draw(kind, &sample, asked.queries))).into(),
    };
    // once without a word: what is read from the disk for the first time is no measure
    for tells in [false, true] {
        for (kind, queries) in &questions {
            if asked.only.as_ref().is_none_or(|only| only == kind) {
                time(&archive, kind, queries, tells).await?;
            }
        }
    }
    if asked.only.as_ref().is_none_or(|only| only == "related") {
        related(&archive, &sample, asked.queries).await?;
    }
    println!("after the last question {} MB more than before the archive was opened", held().saturating_sub(before));
    Ok(())
}

/// What lies near some articles: the processor time of it.
async fn related(archive: &TantivyArchive, sample: &[(Date, String)], queries: usize) -> anyhow::Result<()> {
    let (mut times, mut hits) = (Vec::new(), 0);
    for (number, (day, text)) in (1..).zip(sample).take(queries) {
        let ChangeKind::Put { article, body } = put(number, *day, text).kind else { continue };
        // once without a word: what is read from the disk for the first time is no measure
        archive.related(&article, &body, &[], 24).await?;
        let begin = cpu();
        let found = archive.related(&article, &body, &[], 24).await?;
        times.push((cpu() - begin) * 1_000.0);
        hits += found.len();
    }
    times.sort_unstable_by(f64::total_cmp);
    let at =
        |percent: usize| times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).unwrap_or(&0.0);
    println!("{:<22} {:>8.2} {:>8.2} {:>8.2} {:>8}", "related", at(50), at(99), at(100), hits / times.len().max(1));
    Ok(())
}

/// The questions of a file, by kind in the order of their first.
fn read(file: &str) -> anyhow::Result<Vec<(String, Vec<Query>)>> {
    let mut out: Vec<(String, Vec<Query>)> = Vec::new();
    for line in std::fs::read_to_string(file).with_context(|| file.to_owned())?.lines() {
        let (kind, text) = line.split_once('\t').context("kind TAB question")?;
        // what others would look for in vain is no question here: a function word alone
        if parse(text).and_then(|ast| bind(&ast, &Names::default(), Timestamp(0))).is_err() {
            continue;
        }
        let query = Query { page: Page { size: 10, after: None }, ..Query::text(text) };
        match out.iter_mut().find(|(known, _)| known == kind) {
            Some((_, queries)) => queries.push(query),
            None => out.push((kind.to_owned(), vec![query])),
        }
    }
    Ok(out)
}

fn draw(kind: &str, sample: &[(Date, String)], queries: usize) -> Vec<Query> {
    let mut chance = Chance(kind.len() as u64 * 31 + u64::from(kind.as_bytes()[0]));
    std::iter::from_fn(|| Some(drawn(kind, sample, &mut chance))).flatten().take(queries).collect()
}

/// The command line.
struct Asked {
    body: String,
    docs: usize,
    batch: usize,
    keep: Option<PathBuf>,
    anchors: bool,
    queries: usize,
    only: Option<String>,
    ask: Option<String>,
}

impl Asked {
    fn read() -> anyhow::Result<Self> {
        let mut args = std::env::args().skip(1);
        let Some(body) = args.next() else {
            bail!(
                "usage: throughput BODY.tsv|- [--docs N] [--batch N] [--keep DIR] [--anchors] [--queries N] [--only KIND] [--ask FILE]"
            );
        };
        let mut asked = Self {
            body,
            docs: usize::MAX,
            batch: BATCH,
            keep: None,
            anchors: false,
            queries: 600,
            only: None,
            ask: None,
        };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--anchors" => asked.anchors = true,
                "--docs" => asked.docs = args.next().context("--docs N")?.parse()?,
                "--batch" => asked.batch = args.next().context("--batch N")?.parse()?,
                "--keep" => asked.keep = Some(args.next().context("--keep DIR")?.into()),
                "--ask" => asked.ask = Some(args.next().context("--ask FILE")?),
                "--only" => asked.only = Some(args.next().context("--only KIND")?),
                "--queries" => asked.queries = args.next().context("--queries N")?.parse()?,
                other => bail!("{other}?"),
            }
        }
        Ok(asked)
    }

    fn lines(&self) -> anyhow::Result<impl Iterator<Item = std::io::Result<String>>> {
        let reader: Box<dyn BufRead> = match self.body.as_str() {
            "-" => Box::new(BufReader::new(stdin())),
            file => Box::new(BufReader::new(File::open(file).with_context(|| file.to_owned())?)),
        };
        Ok(reader.lines().take(self.docs))
    }
}

/// Feeds what the archive has not got yet; gives texts and days of some articles.
async fn fill(archive: &TantivyArchive, asked: &Asked) -> anyhow::Result<Vec<(Date, String)>> {
    let cursor = archive.follows_from().0;
    let (mut sample, mut changes, mut work, mut docs) = (Vec::new(), Vec::new(), 0.0, 0_usize);
    for (n, line) in (1..).zip(asked.lines()?) {
        let line = line?;
        let mut columns = line.splitn(3, '\t').skip(1);
        let (Some(day), Some(text)) = (columns.next(), columns.next()) else { continue };
        let day = Date::strptime("%Y%m%d", day).with_context(|| format!("line {n}"))?;
        if sample.len() < SAMPLED {
            sample.push((day, text.to_owned()));
        }
        if n > cursor {
            changes.push(put(n, day, text));
        }
        if changes.len() == asked.batch {
            let begin = spent();
            archive.apply(&changes).await?;
            work += spent() - begin;
            docs += changes.len();
            changes.clear();
            if docs % 1_000_000 == 0 {
                println!("{n} articles, {work:.0} s of processor");
            }
        }
    }
    let begin = spent();
    archive.apply(&changes).await?;
    // no more comes: it answers from here on
    archive.apply(&[]).await?;
    work += spent() - begin;
    docs += changes.len();
    println!("archive, all fields: {docs} articles, {work:.1} s of processor, {:.0} a second", docs as f64 / work);
    Ok(sample)
}

/// An article; its outlet and section are drawn from its number, as a town's outlets write unequally much.
fn put(number: i64, day: Date, text: &str) -> Change {
    let outlet = ((number * 7_919) % 1_000) * ((number * 104_729) % 1_000) / 20_000 + 1;
    let published = Timestamp(Period::days(day, day).from.0 + number * 7_907 % 86_400_000);
    let (title, body) = text.split_at(text.floor_char_boundary(text.find(' ').map_or(0, |_| 60)));
    let rubric = ["cronaca", "politica", "sport", "cultura"][usize::try_from(outlet).unwrap_or(0) % 4];
    let article = Article {
        outlet: OutletId(outlet),
        title: title.to_owned(),
        rubric: Some(rubric.into()),
        published_at: Some(published),
        first_seen: published,
        kept_at: published,
        ..article(number, "throughput")
    };
    Change { seq: Seq(number), kind: ChangeKind::Put { article: Box::new(article), body: ForeignText::new(body) } }
}

/// The same work by several chains: one stemmed field with positions, one writer.
fn anchors(asked: &Asked) -> anyhow::Result<()> {
    let texts: Vec<String> = asked
        .lines()?
        .take(200_000)
        .map(|line| line.map(|line| line.splitn(3, '\t').nth(2).unwrap_or_default().to_owned()))
        .collect::<Result<_, _>>()?;
    println!("one stemmed field with positions, {} articles", texts.len());
    build("our rules, remembered", &texts, |text| Box::new(tokens(text)))?;
    build("our rules, afresh", &texts, |text| Box::new(tokens_afresh(text)))
}

/// What cuts a text into its words.
type Cutter = fn(&str) -> Box<dyn Iterator<Item = Token> + '_>;

/// The words of a text with their stems, found by a function when the engine asks.
#[derive(Clone)]
struct Chain {
    tokens: Cutter,
    term: tantivy::tokenizer::Token,
}

struct Stems<'a> {
    tokens: Box<dyn Iterator<Item = Token> + 'a>,
    term: &'a mut tantivy::tokenizer::Token,
}

impl Tokenizer for Chain {
    type TokenStream<'a> = Stems<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stems<'a> {
        Stems { tokens: (self.tokens)(text), term: &mut self.term }
    }
}

impl TokenStream for Stems<'_> {
    fn advance(&mut self) -> bool {
        let Some((stem, position)) = self.tokens.find_map(|t| Some((t.stem?, t.position))) else { return false };
        self.term.text.clear();
        self.term.text.push_str(&stem);
        self.term.position = position as usize;
        true
    }

    fn token(&self) -> &tantivy::tokenizer::Token {
        self.term
    }

    fn token_mut(&mut self) -> &mut tantivy::tokenizer::Token {
        self.term
    }
}

fn build(name: &str, texts: &[String], tokens: Cutter) -> anyhow::Result<()> {
    let mut schema = Schema::builder();
    let indexing =
        TextFieldIndexing::default().set_tokenizer("chain").set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let field = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
    let folder = tempfile::tempdir()?;
    let index = Index::create_in_dir(folder.path(), schema.build())?;
    index.tokenizers().register("chain", Chain { tokens, term: Default::default() });
    let begin = spent();
    let mut writer = index.writer_with_num_threads(1, 32_000_000)?;
    // some at a time, as the archive does
    for some in texts.chunks(64) {
        let document = |text| {
            let mut document = TantivyDocument::new();
            document.add_text(field, text);
            UserOperation::Add(document)
        };
        writer.run(some.iter().map(document))?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    let spent = spent() - begin;
    let bytes = usage(folder.path())?;
    let per = |n: f64| n / texts.len() as f64;
    println!(
        "  {name:<24} {spent:>6.1} s, {:>7.0} a second, {:>5.0} B an article",
        1.0 / per(spent),
        per(bytes.iter().map(|(_, n)| *n as f64).sum())
    );
    Ok(())
}

/// Bytes of each field, postings, positions, words and lengths together.
fn usage(folder: &Path) -> anyhow::Result<Vec<(String, u64)>> {
    let index = Index::open_in_dir(folder)?;
    let mut fields = std::collections::BTreeMap::<String, u64>::new();
    for segment in index.reader()?.searcher().segment_readers() {
        let usage = segment.space_usage()?;
        for parts in [usage.termdict(), usage.postings(), usage.positions(), usage.fieldnorms(), usage.fast_fields()] {
            for one in parts.fields() {
                *fields.entry(one.field_name().to_owned()).or_default() += one.total().get_bytes();
            }
        }
    }
    Ok(fields.into_iter().collect())
}

fn sizes(folder: &Path, docs: i64) -> anyhow::Result<()> {
    let index = find(folder).context("no index was made")?;
    let fields = usage(&index)?;
    let per = |n: u64| n as f64 / docs.max(1) as f64;
    let text: Vec<f64> = fields.iter().filter(|(name, _)| name.starts_with("text_")).map(|(_, n)| per(*n)).collect();
    let line: Vec<String> = fields.iter().map(|(name, n)| format!("{name} {:.0}", per(*n))).collect();
    println!("bytes an article: {}", line.join(", "));
    println!("mean of both text fields: {:.0}", text.iter().sum::<f64>() / text.len().max(1) as f64);
    Ok(())
}

/// The folder of the index, here or below.
fn find(folder: &Path) -> Option<PathBuf> {
    if folder.join("meta.json").exists() {
        return Some(folder.to_owned());
    }
    let below = std::fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    below.filter(|path| path.is_dir()).find_map(|path| find(&path))
}

const KINDS: [&str; 8] =
    ["term", "two words", "phrase", "near", "prefix", "term by date", "two words by date", "best first"];

async fn time(archive: &TantivyArchive, kind: &str, queries: &[Query], tells: bool) -> anyhow::Result<()> {
    let (mut plain, mut counted, mut hits, mut slowest) = (Vec::new(), Vec::new(), 0, (0.0, String::new()));
    for query in queries {
        for (counts, times) in [(false, &mut plain), (true, &mut counted)] {
            let query = Query { counts, ..query.clone() };
            let begin = cpu();
            let found =
                archive.search(&query, &Names::default(), Timestamp(0)).await.with_context(|| query.text.clone())?;
            let took = (cpu() - begin) * 1_000.0;
            if !counts && took > slowest.0 {
                slowest = (took, query.text.clone());
            }
            times.push(took);
            hits += found.total / 2;
        }
    }
    if !tells {
        return Ok(());
    }
    plain.sort_unstable_by(f64::total_cmp);
    counted.sort_unstable_by(f64::total_cmp);
    let at = |times: &[f64], percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!(
        "{kind:<22} {:>8.2} {:>8.2} {:>8.2} {:>8}   {:>8.2} {:>8.2}   {}",
        at(&plain, 50),
        at(&plain, 99),
        at(&plain, 100),
        hits / queries.len().max(1) as u64,
        at(&counted, 50),
        at(&counted, 99),
        slowest.1,
    );
    Ok(())
}

/// A query of a kind, of words that stand in an article.
fn drawn(kind: &str, sample: &[(Date, String)], chance: &mut Chance) -> Option<Query> {
    let (day, text) = &sample[chance.below(sample.len())];
    let tokens = analyse(text);
    let content: Vec<&Token> = tokens.iter().filter(|t| t.class == Class::Content && t.exact.len() > 2).collect();
    let word = |chance: &mut Chance| content.get(chance.below(content.len().max(1))).map(|t| t.exact.to_string());
    let run = |from: usize, length: usize| {
        let run = tokens.get(from..from + length)?;
        Some(run.iter().map(|t| &*t.exact).collect::<Vec<_>>().join(" "))
    };
    let mut query = Query { page: Page { size: 10, after: None }, ..Query::text("") };
    query.text = match kind {
        "term" | "term by date" | "best first" => word(chance)?,
        "two words" | "two words by date" => format!("{} {}", word(chance)?, word(chance)?),
        "phrase" => {
            let length = 2 + chance.below(2);
            format!("\"{}\"", run(chance.below(tokens.len().max(1)), length)?)
        }
        "near" => {
            let from = chance.below(content.len().max(1));
            format!("{} NEAR/5 {}", content.get(from)?.exact, content.get(from + 1)?.exact)
        }
        _ => {
            let word = word(chance)?;
            let end = word.char_indices().nth(4 + chance.below(2))?.0;
            format!("{}*", &word[..end])
        }
    };
    if kind.ends_with("date") {
        let last = day.checked_add(jiff::Span::new().days(365)).ok()?;
        query.period = Some(Period::days(*day, last));
    }
    if kind == "best first" {
        query.sort = Sort::Relevance;
    }
    Some(query)
}

/// Seconds that the processor has worked for the threads that live, in nanosecond steps.
fn cpu() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let spent = |path: PathBuf| {
        let text = std::fs::read_to_string(path.join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    tasks.filter_map(|task| spent(task.ok()?.path())).sum::<f64>() / 1e9
}
