//! How rare a term is: the running statistics of the office's own stream.
//!
//! Nothing here looks ahead: a text is weighed by those before it. The counts are those of the texts that the window
//! holds, so that they can be built again from the same rows.

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

    /// Texts that hold the term.
    pub fn with(&self, key: u32) -> u32 {
        self.with.get(&key).copied().unwrap_or(0)
    }

    /// The weight of a term by its rarity: the logarithm of the inverse share of texts that hold it, never below 0.
    pub fn idf(&self, key: u32) -> f64 {
        let share = (f64::from(self.texts) + 1.0) / (f64::from(self.with(key)) + 0.5);
        share.ln().max(0.0)
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
        assert!(twice.idf(a[0].key) < twice.idf(1));
        twice.remove(&a);
        for term in a.iter().chain(&b) {
            assert_eq!((twice.with(term.key), twice.idf(term.key)), (once.with(term.key), once.idf(term.key)));
        }
        assert_eq!(twice.texts(), 1);
    }
}
