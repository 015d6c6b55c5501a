//! What the office's own decisions teach about a watch: a small lean, never a verdict.
//!
//! A logistic regression over hashed traits (stems of the title, words of the watch, the outlet), trained in the order of
//! the decisions with AdaGrad and L2, one model a watch, from thirty kept and thirty dropped on. It is made again each
//! night from the rows, so that an undone decision is forgotten and two machines say the same. It leans the points of a
//! story by its clamp, hides nothing, and tells its heaviest words, so that a person can write the rule.
//!
//! A reader's *not for me* speaks too, with an eighth of the voice and never enough to bring a model about: a reader judges
//! one alert, an officer what the office is for. How many of them count is for whoever gathers them.
//!
//! Left out: bodies (a title says what a decision was about), decisions of other offices, any model from outside.

use salastampa_domain::{Pattern, Timestamp, WatchId, WatchModel};
use salastampa_text::{Word, fold, shingles, stems};
use std::collections::BTreeMap;

/// Decisions of either sort below which nothing is taught.
pub const FEW: usize = 30;
/// Hashes of traits; a power of two.
const BUCKETS: u32 = 1 << 14;
/// So often the decisions are gone through.
const ROUNDS: usize = 4;
/// What a reader's word moves of what an officer's would.
const READER: f64 = 0.125;
/// How large the first step is.
const STEP: f64 = 0.3;
/// How strongly a trait is drawn back to nothing at each step.
const DRAW: f64 = 0.002;
/// Words that are offered.
const MOST_WORDS: usize = 8;
/// A word of which fewer decisions speak is not offered.
const SEEN: usize = 5;
/// A lighter word is not offered, in thousandths.
const HEAVY: i64 = 300;

/// What of a story a decision was about.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Traits {
    hashes: Vec<u32>,
    /// The words behind the stems, as they are written.
    words: Vec<(u32, String)>,
}

/// Who decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Voice {
    /// An officer, at the desk.
    Office,
    /// A reader of an alert: not for me.
    Reader,
}

/// A story of a watch that somebody kept or dropped.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// Number of the story, for the order among equals.
    pub story: i64,
    /// Kept, or dropped.
    pub kept: bool,
    /// By whom.
    pub voice: Voice,
    /// What it was.
    pub traits: Traits,
}

/// The traits of a story by the title of the article that stands for it.
pub fn traits(title: &str, patterns: &[Pattern], outlet: i64) -> Traits {
    let hash = |text: &str| {
        let word = Word { text: text.to_owned(), start: 0, end: 0, position: 0 };
        // the low bits of a good hash are a good hash
        shingles(&[word], 1).first().map_or(0, |h| *h as u32 & (BUCKETS - 1))
    };
    let mut found = Traits::default();
    for word in stems(title) {
        let number = hash(&format!("w:{}", word.text));
        found.words.push((number, title.get(word.start..word.end).unwrap_or_default().to_lowercase()));
        found.hashes.push(number);
    }
    found.hashes.extend(patterns.iter().map(|p| hash(&format!("p:{}", fold(&p.words)))));
    found.hashes.push(hash(&format!("s:{outlet}")));
    found.hashes.sort_unstable();
    found.hashes.dedup();
    found
}

/// What the decisions about a watch teach; `None` where the office made too few of either sort.
pub fn learn(watch: WatchId, decisions: &mut [Decision]) -> Option<WatchModel> {
    let office = || decisions.iter().filter(|d| d.voice == Voice::Office);
    let kept = office().filter(|d| d.kept).count();
    let dropped = office().count() - kept;
    let declined = decisions.len() - kept - dropped;
    if kept < FEW || dropped < FEW {
        return None;
    }
    decisions.sort_by_key(|d| (d.at, d.story));
    let (mut bias, mut bias_past) = (0.0_f64, 1.0_f64);
    // weight, and the sum of the squares of what moved it
    let mut weights: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for decision in &*decisions {
            let sum = bias + decision.traits.hashes.iter().filter_map(|h| weights.get(h)).map(|w| w.0).sum::<f64>();
            let loud = if decision.voice == Voice::Office { 1.0 } else { READER };
            let off = loud * (chance(sum) - f64::from(u8::from(decision.kept)));
            bias_past += off * off;
            bias -= STEP * off / bias_past.sqrt();
            for hash in &decision.traits.hashes {
                let (weight, past) = weights.entry(*hash).or_insert((0.0, 1.0));
                let slope = off + DRAW * *weight;
                *past += slope * slope;
                *weight -= STEP * slope / past.sqrt();
            }
        }
    }
    let thousandths = |value: f64| (value * 1000.0).round() as i64;
    let traits: Vec<(u32, i64)> =
        weights.into_iter().map(|(hash, (weight, _))| (hash, thousandths(weight))).filter(|(_, w)| *w != 0).collect();
    let words = heavy(decisions, &traits);
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (kept, dropped, declined) = (count(kept), count(dropped), count(declined));
    Some(WatchModel { watch, kept, dropped, declined, bias: thousandths(bias), traits, words })
}

/// The heaviest words with the form in which each is written most often.
fn heavy(decisions: &[Decision], traits: &[(u32, i64)]) -> Vec<(String, i64)> {
    let mut forms: BTreeMap<u32, BTreeMap<&str, usize>> = BTreeMap::new();
    for (hash, word) in decisions.iter().flat_map(|d| &d.traits.words) {
        *forms.entry(*hash).or_default().entry(word).or_default() += 1;
    }
    let mut words: Vec<(String, i64)> = traits
        .iter()
        .filter(|(_, weight)| weight.abs() >= HEAVY)
        .filter_map(|(hash, weight)| {
            let forms = forms.get(hash)?;
            let seen: usize = forms.values().sum();
            let (word, _) = forms.iter().max_by_key(|(word, n)| (**n, std::cmp::Reverse(**word)))?;
            (seen >= SEEN).then(|| ((*word).to_owned(), *weight))
        })
        .collect();
    words.sort_by(|a, b| b.1.abs().cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
    words.truncate(MOST_WORDS);
    words
}

/// How a story leans by what was taught: -1000 (always dropped) to 1000 (always kept).
pub fn lean(model: &WatchModel, traits: &Traits) -> i64 {
    let of = |hash: &u32| model.traits.binary_search_by_key(hash, |(h, _)| *h).map_or(0, |at| model.traits[at].1);
    let sum: i64 = model.bias + traits.hashes.iter().map(of).sum::<i64>();
    ((chance(sum as f64 / 1000.0) * 2.0 - 1.0) * 1000.0).round() as i64
}

fn chance(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum.clamp(-30.0, 30.0)).exp())
}
