//! How much a figure flatters: the fixed setting beside one that is chosen on four fifths of the stories and measured
//! on the last fifth, five times.
//!
//! `folds GOLD.tsv PREFIX DOCS.jsonl.gz.. [--undated]`: documents as for `cluster`, and `id TAB story` for those whose
//! number begins with the prefix (several by commas). Prints pair F1 and BCubed F of the fixed setting, of each setting
//! of a small grid around it, and out of fold.

mod common;
mod stream;

use common::Anything;
use salastampa_domain::StoryId;
use salastampa_stories::cluster::Settings;
use std::collections::HashMap;
use std::io::Write;
use stream::{documents, grouped};

const FOLDS: usize = 5;

/// Of one fifth of the stories: pairs that are right, found, there; shares for BCubed; documents.
#[derive(Clone, Copy, Default)]
struct Score([f64; 6]);

fn main() -> Result<(), Anything> {
    let (flags, words): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let [gold, prefix, paths @ ..] = words.as_slice() else {
        return Err("usage: folds GOLD.tsv PREFIX DOCS.jsonl.gz.. [--undated]".into());
    };
    let undated = flags.iter().any(|f| f == "--undated");
    let documents = documents(paths)?;
    let gold = std::fs::read_to_string(gold)?;
    let gold: HashMap<&str, &str> = gold.lines().filter_map(|l| l.split_once('\t')).collect();
    for prefix in prefix.split(',') {
        if documents.iter().all(|d| !d.id.starts_with(prefix)) {
            return Err(format!("no document of {prefix}").into());
        }
    }
    let fixed = if undated { Settings::UNDATED } else { Settings::DATED };
    let mut out = std::io::stdout().lock();
    let mut tried: Vec<(String, Vec<Vec<Score>>)> = Vec::new();
    for settings in around(fixed) {
        let stories = grouped(settings, &documents, undated);
        let folds: Vec<Vec<Score>> = prefix
            .split(',')
            .map(|prefix| {
                let judged: Vec<(&str, StoryId)> = documents
                    .iter()
                    .zip(&stories)
                    .filter(|(d, _)| d.id.starts_with(prefix))
                    .filter_map(|(d, story)| Some((*gold.get(d.id.as_str())?, *story)))
                    .collect();
                score(&judged)
            })
            .collect();
        let name = format!(
            "join {:.3} contrast {:.2} closeness {:.2} decay {:?}",
            settings.join, settings.contrast, settings.closeness, settings.decay_days
        );
        writeln!(out, "{name}: {}", folds.iter().map(|f| figures(f)).collect::<Vec<_>>().join("  "))?;
        tried.push((name, folds));
    }
    for (n, prefix) in prefix.split(',').enumerate() {
        let mut unseen = Vec::new();
        for fold in 0..FOLDS {
            // one setting for all sets at once, chosen without this fold
            let worth = |folds: &Vec<Vec<Score>>| -> f64 {
                let rest = folds.iter().map(|f| {
                    let rest: Vec<Score> = f.iter().enumerate().filter(|(i, _)| *i != fold).map(|(_, s)| *s).collect();
                    let (pairs, cubed) = f_of(&rest);
                    pairs + cubed
                });
                rest.sum()
            };
            let best = tried.iter().max_by(|a, b| worth(&a.1).total_cmp(&worth(&b.1)));
            unseen.extend(best.map(|(_, folds)| folds[n][fold]));
        }
        writeln!(out, "{prefix}: fixed {}, out of fold {}", figures(&tried[0].1[n]), figures(&unseen))?;
    }
    Ok(())
}

/// The setting itself, and its neighbours.
fn around(fixed: Settings) -> Vec<Settings> {
    let mut all = vec![fixed];
    for join in [0.85, 0.93, 1.07, 1.15] {
        all.push(Settings { join: fixed.join * join, ..fixed });
    }
    for closeness in [-0.5, 0.5] {
        all.push(Settings { closeness: fixed.closeness + closeness, ..fixed });
    }
    if let Some(days) = fixed.decay_days {
        all.extend([days - 1.0, days + 1.0].map(|days| Settings { decay_days: Some(days), ..fixed }));
        all.extend([-0.2, 0.2].map(|more| Settings { contrast: fixed.contrast + more, ..fixed }));
    }
    all
}

fn score(judged: &[(&str, StoryId)]) -> Vec<Score> {
    let mut both: HashMap<(&str, StoryId), f64> = HashMap::new();
    let (mut there, mut found) = (HashMap::<&str, f64>::new(), HashMap::<StoryId, f64>::new());
    for (gold, story) in judged {
        *both.entry((gold, *story)).or_default() += 1.0;
        *there.entry(gold).or_default() += 1.0;
        *found.entry(*story).or_default() += 1.0;
    }
    let mut folds = vec![Score::default(); FOLDS];
    for (gold, story) in judged {
        // a sum of letters: the same fold on every machine, stories beside one another apart
        let fold = gold.bytes().fold(7_usize, |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(b))) / 7 % FOLDS;
        let (right, there, found) = (both[&(*gold, *story)], there[gold], found[story]);
        let one = [right - 1.0, found - 1.0, there - 1.0, right / found, right / there, 1.0];
        folds[fold].0.iter_mut().zip(one).for_each(|(sum, one)| *sum += one);
    }
    folds
}

fn f_of(scores: &[Score]) -> (f64, f64) {
    let sum = |i: usize| scores.iter().map(|s| s.0[i]).sum::<f64>();
    let (precise, complete) = (sum(3) / sum(5), sum(4) / sum(5));
    (2.0 * sum(0) / (sum(1) + sum(2)), 2.0 * precise * complete / (precise + complete))
}

fn figures(scores: &[Score]) -> String {
    let (pairs, cubed) = f_of(scores);
    format!("{pairs:.4} / {cubed:.4}")
}
