//! How rare a term is: the statistics of the office's own stream, and the table that articles are weighed by.
//!
//! Nothing here looks ahead: a text is weighed by those before it. The counts are those of the texts that the window
//! holds. They make a [`Table`] now and then (at midnight of the stream, or when half as many texts again have come),
//! and until the next one every text is weighed by it: so all likenesses of a day can be compared with one another, and
//! an article that comes does not change the weight of what its own story says.

use crate::shingle::ByKey;
use crate::terms::Term;

/// In how many texts each term stands.
#[derive(Default)]
pub struct Background {
    texts: u32,
    with: ByKey<u32>,
}

impl Background {
    /// Counts a text.
    pub fn add(&mut self, terms: &[Term]) {
        self.texts += 1;
        for term in terms {
            *self.with.entry(term.key).or_default() += 1;
        }
    }

    /// Takes a text out again.
    pub fn remove(&mut self, terms: &[Term]) {
        self.texts = self.texts.saturating_sub(1);
        for term in terms {
            if let Some(count) = self.with.get_mut(&term.key) {
                *count -= 1;
                if *count == 0 {
                    self.with.remove(&term.key);
                }
            }
        }
    }

    /// Texts that were counted.
    pub fn texts(&self) -> u32 {
        self.texts
    }

    /// The weights of this moment.
    pub fn table(&self, power: f64) -> Table {
        let weight = |with: u32| {
            let share = (f64::from(self.texts) + 1.0) / (f64::from(with) + 0.5);
            share.ln().max(0.0).powf(power)
        };
        let rows = self.with.iter().map(|(key, with)| (*key, (*with, weight(*with)))).collect();
        Table { texts: self.texts, rows, unseen: weight(0) }
    }
}

/// What each term weighs.
#[derive(Default)]
pub struct Table {
    texts: u32,
    rows: ByKey<(u32, f64)>,
    unseen: f64,
}

impl Table {
    /// Texts that it was made from.
    pub fn texts(&self) -> u32 {
        self.texts
    }

    /// Texts that hold the term.
    pub fn with(&self, key: u32) -> u32 {
        self.rows.get(&key).map_or(0, |row| row.0)
    }

    /// Texts that hold the term, and its weight.
    pub fn row(&self, key: u32) -> (u32, f64) {
        self.rows.get(&key).copied().unwrap_or((0, self.unseen))
    }

    /// The weight of a term by its rarity: a power of the logarithm of the inverse share of texts that hold it, never
    /// below 0.
    pub fn weight(&self, key: u32) -> f64 {
        self.rows.get(&key).map_or(self.unseen, |row| row.1)
    }

    /// The weight of a term that no text held.
    pub fn unseen(&self) -> f64 {
        self.unseen
    }

    /// Whether few texts hold the term: one in twenty, or five.
    pub fn is_rare(&self, key: u32) -> bool {
        self.with(key) <= (self.texts / 20).max(5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::terms;

    #[test]
    fn what_leaves_is_as_if_it_had_never_come() {
        let (a, b) = (terms("Frana", "La strada chiude"), terms("Strada", "Si riapre"));
        let (mut once, mut twice) = (Background::default(), Background::default());
        once.add(&b);
        twice.add(&a);
        twice.add(&b);
        assert!(twice.table(1.0).weight(a[0].key) < twice.table(1.0).weight(1));
        twice.remove(&a);
        let (once, twice) = (once.table(0.8), twice.table(0.8));
        for term in a.iter().chain(&b) {
            assert_eq!((twice.with(term.key), twice.weight(term.key)), (once.with(term.key), once.weight(term.key)));
        }
        assert_eq!(twice.texts(), 1);
    }
}
