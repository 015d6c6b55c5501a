//! `watches BODY.tsv [--watches N] [--articles N]`: what it costs to match articles with N watches as they come in.
//!
//! BODY has one article a line: number, `yyyymmdd`, text, parted by tabs. The watches are drawn from its words so that they
//! match often: four in ten are phrases of two or three words, three single words, two a pair of words, one a phrase
//! without a word. The matcher is set against the way that most engines go ("pivot, then index"): articles are put into an
//! index in memory, fifty at a time, and the watches whose rarest word one of them has are run on it. Both must count the
//! same matches. Prints microseconds of processor and articles per second of it. Build it with `--release`.

#![allow(clippy::print_stdout, reason = "an evaluation program talks to its terminal")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

#[path = "common/articles.rs"]
mod articles;
#[path = "common/chance.rs"]
mod chance;
#[path = "common/measure.rs"]
mod measure;

use anyhow::{Context, bail, ensure};
use articles::article;
use chance::Chance;
use measure::spent;
use salastampa_domain::{ForeignText, Timestamp, WatchId};
use salastampa_index::{Analysed, Frequencies, Matcher, Names};
use salastampa_text::{Class, Token, analyse};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use tantivy::collector::Count;
use tantivy::directory::RamDirectory;
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TokenizerManager, WhitespaceTokenizer};
use tantivy::{Index, SingleSegmentIndexWriter, TantivyDocument, Term};

/// Articles that go into one index in memory.
const BATCH: usize = 50;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let body = args.next().context("usage: watches BODY.tsv [--watches N] [--articles N]")?;
    let (mut count, mut most) = (10_000, 5_000);
    while let Some(arg) = args.next() {
        let number = args.next().with_context(|| format!("{arg} N"))?.parse()?;
        match arg.as_str() {
            "--watches" => count = number,
            "--articles" => most = number,
            other => bail!("{other}?"),
        }
    }
    let lines = BufReader::new(File::open(&body).with_context(|| body.clone())?).lines();
    let texts = lines.map(|line| line.map(|line| line.splitn(3, '\t').nth(2).unwrap_or_default().to_owned()));
    let texts: Vec<String> = texts.take(most + 20_000).collect::<Result<_, _>>()?;
    ensure!(texts.len() > most, "fewer than {most} articles");
    // words are drawn from others than those that are matched
    let (drawn, matched) = texts.split_at(texts.len() - most);
    let frequency = frequencies(drawn);
    let watches = draw(drawn, &frequency, count);
    println!("{count} watches, {most} articles");
    let (ours, direct) = directly(&watches, drawn, matched);
    let (theirs, indexed) = by_index(&watches, &frequency, matched)?;
    ensure!(ours == theirs, "{ours} matches directly, {theirs} by the index");
    let per = |seconds: f64| seconds * 1e6 / most as f64;
    println!("  pivot, then directly  {:>8.0} us an article, {:>7.0} a second", per(direct), 1e6 / per(direct));
    println!("  pivot, then an index  {:>8.0} us an article, {:>7.0} a second", per(indexed), 1e6 / per(indexed));
    println!("  ratio {:.1}, {:.1} matches an article", indexed / direct, ours as f64 / most as f64);
    Ok(())
}

/// A watch, as drawn.
enum Drawn {
    Word(Token),
    Both(Token, Token),
    Phrase(Vec<Token>),
    Without(Vec<Token>, Token),
}

impl Drawn {
    fn text(&self) -> String {
        let phrase = |words: &[Token]| format!("\"{}\"", words.iter().map(|t| &*t.exact).collect::<Vec<_>>().join(" "));
        match self {
            Self::Word(word) => word.exact.to_string(),
            Self::Both(one, other) => format!("{} {}", one.exact, other.exact),
            Self::Phrase(words) => phrase(words),
            Self::Without(words, word) => format!("{} -{}", phrase(words), word.exact),
        }
    }

    /// What an article must have, each by field and term.
    fn required(&self) -> Vec<String> {
        match self {
            Self::Word(word) => vec![stem(word)],
            Self::Both(one, other) => vec![stem(one), stem(other)],
            Self::Phrase(words) | Self::Without(words, _) => words.iter().map(exact).collect(),
        }
    }
}

fn stem(token: &Token) -> String {
    format!("s {}", token.stem.as_deref().unwrap_or_default())
}

fn exact(token: &Token) -> String {
    format!("x {}", token.exact)
}

fn draw(texts: &[String], frequency: &HashMap<String, u32>, count: usize) -> Vec<Drawn> {
    let mut chance = Chance(17);
    let mut out = Vec::new();
    while out.len() < count {
        let tokens = analyse(&texts[chance.below(texts.len())]);
        let content: Vec<&Token> = tokens.iter().filter(|t| t.class == Class::Content).collect();
        if content.len() < 4 {
            continue;
        }
        // people name what is not in every article: the rarer third of its words
        let mut content = content;
        content.sort_by_key(|t| frequency.get(&stem(t)).copied().unwrap_or(0));
        content.truncate(content.len().div_ceil(3));
        let mut word = || content[chance.below(content.len())].clone();
        let (one, other) = (word(), word());
        let from = chance.below(tokens.len() - 3);
        let run = &tokens[from..from + 2 + chance.below(2)];
        // the analysis of a phrase must give back its words: what leans on an apostrophe does not
        let plain = |t: &Token| t.class != Class::Clitic && t.exact.chars().all(char::is_alphanumeric);
        let together = run.windows(2).all(|two| two[1].position == two[0].position + 1);
        let says_something = run.iter().any(|t| content.contains(&t));
        if !run.iter().chain([&one, &other]).all(plain) || !together || !says_something {
            continue;
        }
        out.push(match chance.below(10) {
            0..4 => Drawn::Phrase(run.to_vec()),
            4..7 => Drawn::Word(one),
            7..9 => Drawn::Both(one, other),
            _ => Drawn::Without(run.to_vec(), one),
        });
    }
    out
}

/// In how many articles each stem and each exact form stands.
fn frequencies(drawn: &[String]) -> HashMap<String, u32> {
    let mut frequency: HashMap<String, u32> = HashMap::new();
    for text in drawn {
        let tokens = analyse(text);
        let terms: HashSet<String> =
            tokens.iter().filter(|t| t.stem.is_some()).map(stem).chain(tokens.iter().map(exact)).collect();
        terms.into_iter().for_each(|term| *frequency.entry(term).or_default() += 1);
    }
    frequency
}

fn directly(watches: &[Drawn], seen: &[String], articles: &[String]) -> (usize, f64) {
    let texts: Vec<String> = watches.iter().map(Drawn::text).collect();
    let numbered: Vec<(WatchId, &str)> = (0..).map(WatchId).zip(texts.iter().map(String::as_str)).collect();
    let article = article(1, "watches");
    // one article of eight is counted, as in the program
    let mut frequencies = Frequencies::default();
    for text in seen.iter().step_by(8) {
        frequencies.see(&Analysed::new(&article, &ForeignText::new(text)));
    }
    let (matcher, refused) = Matcher::new(&numbered, &Names::default(), &frequencies, Timestamp(0));
    assert!(refused.is_empty(), "{:?}", refused.first());
    let bodies: Vec<ForeignText> = articles.iter().map(ForeignText::new).collect();
    // the words of a few articles are remembered before the clock starts, as they are in a program that runs
    let run = |bodies: &[ForeignText]| {
        bodies.iter().map(|body| matcher.matches(&Analysed::new(&article, body)).len()).sum::<usize>()
    };
    run(&bodies[..bodies.len() / 10]);
    let begin = spent();
    let matches = run(&bodies);
    (matches, spent() - begin)
}

/// The words of an article for the index in memory, as blanks part them: stems and exact forms.
fn fields(text: &str) -> (String, String, Vec<Token>) {
    let tokens = analyse(text);
    let mut stems = String::new();
    let mut exacts = String::new();
    for token in &tokens {
        if let Some(stem) = &token.stem {
            stems.push_str(stem);
            stems.push(' ');
        }
        exacts.push_str(&token.exact);
        exacts.push(' ');
    }
    (stems, exacts, tokens)
}

fn by_index(watches: &[Drawn], frequency: &HashMap<String, u32>, articles: &[String]) -> anyhow::Result<(usize, f64)> {
    let mut schema = Schema::builder();
    let text = |record| {
        TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer("blanks").set_index_option(record))
    };
    let stems = schema.add_text_field("stems", text(IndexRecordOption::Basic));
    let exacts = schema.add_text_field("exacts", text(IndexRecordOption::WithFreqsAndPositions));
    let schema = schema.build();
    let mut by_pivot: HashMap<String, Vec<u32>> = HashMap::new();
    for (n, watch) in (0..).zip(watches) {
        let rarest = watch.required().into_iter().min_by_key(|term| frequency.get(term).copied().unwrap_or(0));
        by_pivot.entry(rarest.context("a watch that asks nothing")?).or_default().push(n);
    }
    let queries: Vec<Box<dyn Query>> = watches.iter().map(|watch| query(watch, stems, exacts)).collect();
    let tokenizers = TokenizerManager::default();
    tokenizers.register("blanks", WhitespaceTokenizer::default());
    let begin = spent();
    let mut matches = 0;
    for batch in articles.chunks(BATCH) {
        let index = Index::builder().schema(schema.clone()).tokenizers(tokenizers.clone());
        let mut writer: SingleSegmentIndexWriter =
            index.single_segment_index_writer(RamDirectory::create(), 15_000_000)?;
        let mut candidates: HashSet<u32> = HashSet::new();
        for article in batch {
            let (of_stems, of_exacts, tokens) = fields(article);
            let terms: HashSet<String> =
                tokens.iter().filter(|t| t.stem.is_some()).map(stem).chain(tokens.iter().map(exact)).collect();
            candidates.extend(terms.iter().filter_map(|term| by_pivot.get(term)).flatten());
            let mut document = TantivyDocument::new();
            document.add_text(stems, of_stems);
            document.add_text(exacts, of_exacts);
            writer.add_document(document)?;
        }
        let searcher = writer.finalize()?.reader()?.searcher();
        for watch in candidates {
            matches += searcher.search(&*queries[watch as usize], &Count)?;
        }
    }
    Ok((matches, spent() - begin))
}

fn query(watch: &Drawn, stems: Field, exacts: Field) -> Box<dyn Query> {
    let word = |token: &Token| -> Box<dyn Query> {
        let term = Term::from_field_text(stems, token.stem.as_deref().unwrap_or_default());
        Box::new(TermQuery::new(term, IndexRecordOption::Basic))
    };
    let phrase = |words: &[Token]| -> Box<dyn Query> {
        Box::new(PhraseQuery::new(words.iter().map(|t| Term::from_field_text(exacts, &t.exact)).collect()))
    };
    match watch {
        Drawn::Word(one) => word(one),
        Drawn::Both(one, other) => Box::new(BooleanQuery::intersection(vec![word(one), word(other)])),
        Drawn::Phrase(words) => phrase(words),
        Drawn::Without(words, without) => {
            Box::new(BooleanQuery::new(vec![(Occur::Must, phrase(words)), (Occur::MustNot, word(without))]))
        }
    }
}
