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
const GUESSED: f64 = 250.0;
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
    /// Its weight.
    pub weight: f32,
    /// A word of the title, a word of a name or a number: what two articles on one event must share.
    pub marked: bool,
    /// A word of the title that is a word of a name too: where it happened, or to whom.
    pub called: bool,
}

/// Terms by ascending key. The keys lie apart from what is known of each: finding what two have in common, which is most
/// of the work of comparing, reads nothing else.
#[derive(Clone, Default, Debug)]
pub struct Parts {
    keys: Vec<u32>,
    parts: Vec<Part>,
}

/// From so many times the length on, a list is searched and not walked through.
const MUCH_LONGER: usize = 6;

/// The three readings: all, names, numbers.
#[derive(Clone, Default, Debug)]
pub struct Vector([Parts; 3]);

/// A text on its own. What the blend leaves out stays empty.
pub fn vector(terms: &[Term], table: &Table, blend: Blend) -> Vector {
    let mut readings: [Parts; 3] = Default::default();
    readings[0].reserve(terms.len());
    for term in terms {
        let weight = (term.weight() * table.weight(term.key)) as f32;
        if weight > 0.0 {
            let part = Part {
                weight,
                marked: term.kinds & (IN_TITLE | IN_NAME | NUMBER) != 0,
                called: term.kinds & IN_TITLE != 0 && term.kinds & IN_NAME != 0,
            };
            readings[0].push(term.key, part);
            if blend.names > 0.0 && term.kinds & IN_NAME != 0 {
                readings[1].push(term.key, part);
            }
            if blend.numbers > 0.0 && term.kinds & NUMBER != 0 {
                readings[2].push(term.key, part);
            }
        }
    }
    let guessed = match table.texts() {
        ..TOO_FEW => 1.0,
        texts => (1.0 + (GUESSED / f64::from(texts)).powi(2)).min(MOST_GUESSED),
    };
    let unsaid = blend.unsaid * guessed * table.unseen().powi(2);
    for reading in &mut readings {
        let length = (reading.square() + unsaid).sqrt() as f32;
        reading.parts.iter_mut().for_each(|part| part.weight /= length);
    }
    Vector(readings)
}

impl Vector {
    /// All terms.
    pub fn all(&self) -> &Parts {
        &self.0[0]
    }

    /// One more text.
    pub fn add(&mut self, other: &Self) {
        for (sum, parts) in self.0.iter_mut().zip(&other.0) {
            *sum = if sum.is_empty() { parts.clone() } else { sum.merged(parts) };
        }
    }

    /// The sum over all pairs of one text here and one there of how alike they are.
    pub fn likeness(&self, other: &Self, blend: Blend) -> f64 {
        blend.of([0, 1, 2].map(|i| self.0[i].product(&other.0[i])))
    }

    /// The same with itself.
    pub fn own_likeness(&self, blend: Blend) -> f64 {
        blend.of([0, 1, 2].map(|i| self.0[i].square()))
    }

    /// How many rare terms both have that are marked in both.
    pub fn rare_marks(&self, other: &Self, table: &Table) -> usize {
        let mut there = other.all().iter().peekable();
        let mut marks = 0;
        for (key, _) in self.all().iter().filter(|(_, part)| part.marked) {
            while there.next_if(|(other, _)| *other < key).is_some() {}
            let same = there.peek().is_some_and(|(other, part)| *other == key && part.marked);
            marks += usize::from(same && table.is_rare(key));
        }
        marks
    }

    /// Whether a title of each has a rare name, and the other text has none of them: two streets, two towns.
    pub fn is_elsewhere(&self, other: &Self, table: &Table) -> bool {
        self.calls_elsewhere(other, table) && other.calls_elsewhere(self, table)
    }

    fn calls_elsewhere(&self, other: &Self, table: &Table) -> bool {
        let called = || self.all().iter().filter(|(_, part)| part.called).map(|(key, _)| key);
        // a frequent name says where all happens: it counts only where no rarer one stands
        let rare = called().any(|key| table.is_rare(key));
        called().next().is_some()
            && !called().filter(|key| !rare || table.is_rare(*key)).any(|key| other.all().has(key))
    }
}

/// A text that is compared with many: bits say which keys it may have, so that most of the others' are passed over
/// without a look at its own.
pub struct Sought<'a> {
    vector: &'a Vector,
    bits: Vec<u64>,
}

/// Bits of a key that are told apart.
const KEY_BITS: u32 = 16;

impl<'a> Sought<'a> {
    /// The text.
    pub fn of(vector: &'a Vector) -> Self {
        let mut bits = vec![0; 1 << (KEY_BITS - 6)];
        for key in vector.all().keys() {
            let (word, bit) = place(*key);
            if let Some(word) = bits.get_mut(word) {
                *word |= bit;
            }
        }
        Self { vector, bits }
    }

    /// The same as [`Vector::likeness`].
    pub fn likeness(&self, other: &Vector, blend: Blend) -> f64 {
        blend.of([0, 1, 2].map(|i| self.product(&self.vector.0[i], &other.0[i])))
    }

    fn product(&self, own: &Parts, other: &Parts) -> f64 {
        if own.is_empty() || own.len() * MUCH_LONGER < other.len() {
            return own.product(other);
        }
        let mut sum = 0.0;
        for (key, part) in other.iter() {
            let (word, bit) = place(key);
            if self.bits.get(word).is_some_and(|bits| bits & bit != 0)
                && let Ok(at) = own.keys.binary_search(&key)
            {
                sum += own.parts.get(at).map_or(0.0, |own| f64::from(own.weight)) * f64::from(part.weight);
            }
        }
        sum
    }
}

/// The word and the bit in it of a key.
fn place(key: u32) -> (usize, u64) {
    let low = key & ((1 << KEY_BITS) - 1);
    ((low >> 6) as usize, 1 << (low & 63))
}

impl Parts {
    /// How many terms.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The hashes of the terms, ascending.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// Each term with what is known of it.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Part)> {
        self.keys.iter().copied().zip(&self.parts)
    }

    /// Whether a term is among them.
    pub fn has(&self, key: u32) -> bool {
        self.keys.binary_search(&key).is_ok()
    }

    fn reserve(&mut self, terms: usize) {
        self.keys.reserve_exact(terms);
        self.parts.reserve_exact(terms);
    }

    fn push(&mut self, key: u32, part: Part) {
        self.keys.push(key);
        self.parts.push(part);
    }

    fn square(&self) -> f64 {
        self.parts.iter().map(|p| f64::from(p.weight) * f64::from(p.weight)).sum()
    }

    /// The sum over the terms of both, in ascending order of keys.
    fn product(&self, other: &Self) -> f64 {
        let (a, b) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        let weight = |of: &Self, at: usize| of.parts.get(at).map_or(0.0, |part| f64::from(part.weight));
        let mut sum = 0.0;
        if a.len() * MUCH_LONGER < b.len() {
            for (key, part) in a.iter() {
                if let Ok(at) = b.keys.binary_search(&key) {
                    sum += f64::from(part.weight) * weight(b, at);
                }
            }
            return sum;
        }
        let (mut i, mut j) = (0, 0);
        while let (Some(x), Some(y)) = (a.keys.get(i), b.keys.get(j)) {
            if x == y {
                sum += weight(a, i) * weight(b, j);
            }
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        sum
    }

    fn merged(&self, other: &Self) -> Self {
        let mut out = Self::default();
        out.reserve(self.len() + other.len());
        let mut here = self.iter().peekable();
        for (key, part) in other.iter() {
            while let Some((before, part)) = here.next_if(|(k, _)| *k < key) {
                out.push(before, *part);
            }
            let part = match here.next_if(|(k, _)| *k == key) {
                Some((_, same)) => Part {
                    weight: same.weight + part.weight,
                    marked: same.marked || part.marked,
                    called: same.called || part.called,
                },
                None => *part,
            };
            out.push(key, part);
        }
        here.for_each(|(key, part)| out.push(key, *part));
        out
    }
}
