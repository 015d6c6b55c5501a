//! A text as vectors of term weights, and the sum of several.
//!
//! Three readings of one text: all its terms, its names, its numbers; each of length 1, or shorter the less there is of
//! it. What two reports of one event share beside the vocabulary is who, where and how many; look-alike events differ in
//! just that.

use crate::background::Table;
use crate::terms::{IN_NAME, IN_TITLE, NUMBER, Term};

/// What the likeness of two texts is made of.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Blend {
    /// How much names count, against 1 for all terms.
    pub names: f64,
    /// How much numbers count.
    pub numbers: f64,
    /// A text counts as if it held so many more words that stand nowhere else: two short notices are not alike because
    /// the few words that they have happen to be the same. Without it the threshold for short texts lies twice as high
    /// as the one for long ones.
    pub unsaid: f64,
}

/// While the table knows few texts, rarity is a guess: at so many of them, twice as much counts as unsaid.
const GUESSED: f64 = 150.0;
/// At fewer, at most so many times as much.
const MOST_GUESSED: f64 = 4.0;
/// Of fewer texts than these no rarity is told at all: all terms weigh about the same, and nothing is guessed.
pub(crate) const TOO_FEW: u32 = 20;

impl Blend {
    fn of(self, parts: [f64; 3]) -> f64 {
        (parts[0] + self.names * parts[1] + self.numbers * parts[2]) / (1.0 + self.names + self.numbers)
    }
}

/// A weighted term.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Part {
    /// Hash of the term.
    pub key: u32,
    /// Its weight.
    pub weight: f32,
    /// A word of the title, a word of a name or a number: what two articles on one event must share.
    pub marked: bool,
    /// A word of the title that is a word of a name too: where it happened, or to whom.
    pub called: bool,
}

/// From so many times the length on, a list is searched and not walked through.
const MUCH_LONGER: usize = 6;

/// The three readings: all, names, numbers; each in ascending order of keys.
#[derive(Clone, Default, Debug)]
pub struct Vector([Vec<Part>; 3]);

/// A text on its own. What the blend leaves out stays empty.
pub fn vector(terms: &[Term], table: &Table, blend: Blend) -> Vector {
    let mut parts: [Vec<Part>; 3] = Default::default();
    parts[0].reserve(terms.len());
    for term in terms {
        let weight = (term.weight() * table.weight(term.key)) as f32;
        if weight > 0.0 {
            let part = Part {
                key: term.key,
                weight,
                marked: term.kinds & (IN_TITLE | IN_NAME | NUMBER) != 0,
                called: term.kinds & IN_TITLE != 0 && term.kinds & IN_NAME != 0,
            };
            parts[0].push(part);
            if blend.names > 0.0 && term.kinds & IN_NAME != 0 {
                parts[1].push(part);
            }
            if blend.numbers > 0.0 && term.kinds & NUMBER != 0 {
                parts[2].push(part);
            }
        }
    }
    let guessed = match table.texts() {
        ..TOO_FEW => 1.0,
        texts => (1.0 + (GUESSED / f64::from(texts)).powi(2)).min(MOST_GUESSED),
    };
    let unsaid = blend.unsaid * guessed * table.unseen().powi(2);
    for parts in &mut parts {
        let length = (square(parts) + unsaid).sqrt() as f32;
        parts.iter_mut().for_each(|part| part.weight /= length);
    }
    Vector(parts)
}

impl Vector {
    /// All terms.
    pub fn all(&self) -> &[Part] {
        &self.0[0]
    }

    /// One more text.
    pub fn add(&mut self, other: &Self) {
        for (sum, parts) in self.0.iter_mut().zip(&other.0) {
            *sum = if sum.is_empty() { parts.clone() } else { merged(sum, parts) };
        }
    }

    /// The sum over all pairs of one text here and one there of how alike they are.
    pub fn likeness(&self, other: &Self, blend: Blend) -> f64 {
        blend.of([0, 1, 2].map(|i| product(&self.0[i], &other.0[i])))
    }

    /// The same with itself.
    pub fn own_likeness(&self, blend: Blend) -> f64 {
        blend.of([0, 1, 2].map(|i| square(&self.0[i])))
    }

    /// How many rare terms both have that are marked in both.
    pub fn rare_marks(&self, other: &Self, table: &Table) -> usize {
        let mut there = other.0[0].iter().peekable();
        let mut marks = 0;
        for part in self.0[0].iter().filter(|p| p.marked) {
            while there.next_if(|p| p.key < part.key).is_some() {}
            let same = there.peek().is_some_and(|p| p.key == part.key && p.marked);
            marks += usize::from(same && table.is_rare(part.key));
        }
        marks
    }

    /// Whether a title of each has a rare name, and the other text has none of them: two streets, two towns.
    pub fn is_elsewhere(&self, other: &Self, table: &Table) -> bool {
        self.calls_elsewhere(other, table) && other.calls_elsewhere(self, table)
    }

    fn calls_elsewhere(&self, other: &Self, table: &Table) -> bool {
        let called = || self.0[0].iter().filter(|p| p.called);
        let stands_there = |p: &Part| other.0[0].binary_search_by_key(&p.key, |k| k.key).is_ok();
        // a frequent name says where all happens: it counts only where no rarer one stands
        let rare = called().any(|p| table.is_rare(p.key));
        called().next().is_some() && !called().filter(|p| !rare || table.is_rare(p.key)).any(stands_there)
    }
}

fn square(parts: &[Part]) -> f64 {
    parts.iter().map(|p| f64::from(p.weight) * f64::from(p.weight)).sum()
}

fn product(a: &[Part], b: &[Part]) -> f64 {
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.len() * MUCH_LONGER < b.len() {
        let there = |key: u32| b.binary_search_by_key(&key, |p| p.key).ok().and_then(|at| b.get(at));
        return a.iter().filter_map(|x| Some(f64::from(x.weight) * f64::from(there(x.key)?.weight))).sum();
    }
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x.key == y.key {
            sum += f64::from(x.weight) * f64::from(y.weight);
        }
        i += usize::from(x.key <= y.key);
        j += usize::from(y.key <= x.key);
    }
    sum
}

fn merged(a: &[Part], b: &[Part]) -> Vec<Part> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let mut a = a.iter().copied().peekable();
    for part in b {
        while let Some(before) = a.next_if(|p| p.key < part.key) {
            out.push(before);
        }
        out.push(match a.next_if(|p| p.key == part.key) {
            Some(same) => Part {
                weight: same.weight + part.weight,
                marked: same.marked || part.marked,
                called: same.called || part.called,
                ..same
            },
            None => *part,
        });
    }
    out.extend(a);
    out
}
