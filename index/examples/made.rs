//! `made N`: N made-up articles on the standard output, one a line: number, `yyyymmdd`, text, parted by tabs. The same N
//! gives the same bytes.
//!
//! Words are made of Italian syllables and drawn by Zipf's law, function words stand where Italian has them, names are
//! drawn from a list of their own, and an article comes back to a few words that it is about. No sentence means anything:
//! this is for the cost of searches, not for their quality. It is a program by itself so that ten million articles can be
//! piped into `throughput` and into other engines without a file. Build it with `--release`.

#[path = "common/chance.rs"]
mod chance;

use anyhow::Context;
use chance::Chance;
use jiff::ToSpan;
use jiff::civil::date;
use std::io::{BufWriter, Write};

const SMALL: &str = "di e il la che a in un per è una del della non con i le da si al dei nel alla sono come ha anche \
    più delle degli gli dal ma ai su lo all' l' dell' nell' un' dalla nella questo questa stato stata tra cui ed se o loro \
    suo sua";
const ONSETS: &str = "b c d f g l m n p r s t v z br cr dr fr gr pr tr st sp sc ch gl gn qu";
const VOWELS: &str = "a e i o u a e i o io ia";
const ENDS: &str = "o a e i one ione mento tore trice zione ità ale are ere ire ato ata iere";
/// Content words, and as many names.
const WORDS: usize = 60_000;
/// The days from which articles are drawn: those of ten years and a half.
const DAYS: usize = 3_900;

fn main() -> anyhow::Result<()> {
    let count: u64 = std::env::args().nth(1).context("usage: made N")?.parse()?;
    let mut chance = Chance(1_861);
    let small = Drawn::new(SMALL.split_whitespace().map(str::to_owned).collect(), 0.9);
    let content = Drawn::new(words(&mut chance), 0.95);
    let names = Drawn::new(words(&mut chance).into_iter().map(|word| capital(&word)).collect(), 1.0);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut text, mut line) = (String::new(), String::new());
    for number in 1..=count {
        text.clear();
        let about: Vec<&str> = std::iter::repeat_with(|| content.draw(&mut chance)).take(8).collect();
        for _ in 0..4 + chance.below(9) {
            line.clear();
            for _ in 0..8 + chance.below(21) {
                let word = match chance.below(100) {
                    0..45 => small.draw(&mut chance),
                    45..55 => about[chance.below(about.len())],
                    55..93 => content.draw(&mut chance),
                    _ => names.draw(&mut chance),
                };
                if !line.is_empty() && !line.ends_with('\'') {
                    line.push(' ');
                }
                line.push_str(word);
            }
            text.push_str(&capital(&line));
            text.push_str(". ");
        }
        let day = date(2016, 1, 1).checked_add(i64::try_from(chance.below(DAYS))?.days())?;
        writeln!(out, "{number}\t{}\t{}", day.strftime("%Y%m%d"), text.trim_end())?;
    }
    Ok(out.flush()?)
}

/// Words that are drawn by Zipf's law, the first most often.
struct Drawn {
    words: Vec<String>,
    /// The shares of the words up to each, of the last one's number.
    shares: Vec<u64>,
}

impl Drawn {
    fn new(words: Vec<String>, power: f64) -> Self {
        let mut sum = 0;
        let shares = (3..).take(words.len()).map(|rank: i32| {
            sum += (1e12 / f64::from(rank).powf(power)) as u64;
            sum
        });
        Self { shares: shares.collect(), words }
    }

    fn draw(&self, chance: &mut Chance) -> &str {
        let all = self.shares.last().copied().unwrap_or(1);
        let at = chance.below(usize::try_from(all).unwrap_or(usize::MAX)) as u64;
        &self.words[self.shares.partition_point(|share| *share <= at)]
    }
}

/// Different words, in no order.
fn words(chance: &mut Chance) -> Vec<String> {
    let lists = [ONSETS, VOWELS, ENDS].map(|list| list.split_whitespace().collect::<Vec<_>>());
    let piece = |kind: usize, chance: &mut Chance| lists[kind][chance.below(lists[kind].len())];
    let (mut known, mut out) = (std::collections::HashSet::new(), Vec::new());
    while out.len() < WORDS {
        let mut word = String::new();
        for _ in 0..[1, 2, 2, 3][chance.below(4)] {
            word.push_str(piece(0, chance));
            word.push_str(piece(1, chance));
        }
        word.push_str(piece(0, chance));
        word.push_str(piece(2, chance));
        if known.insert(word.clone()) {
            out.push(word);
        }
    }
    out
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
