//! How often words come in what is being read, so that a watch waits for its rarest one.
//!
//! Counts that are wrong or old cost time, never a match. Fed with a part of what comes in; as the counts grow old they are
//! halved, so that the words of last summer's fires do not stay. Left out: the archive's own counts, which know more and
//! would have to be asked for each word.

use crate::analysed::Analysed;
use foldhash::fast::RandomState;
use salastampa_text::Form;
use std::collections::HashMap;

/// After so many articles the counts are halved.
const MANY: u32 = 5_000;
/// Fewer articles than this say nothing.
const FEW: u32 = 200;

/// In how many of the articles that were seen each word stands.
#[derive(Clone, Debug, Default)]
pub struct Frequencies {
    articles: u32,
    stems: HashMap<Form, u32, RandomState>,
    forms: HashMap<Form, u32, RandomState>,
}

impl Frequencies {
    /// Counts the words of an article.
    pub fn see(&mut self, article: &Analysed) {
        self.articles += 1;
        for (counts, words) in [
            (&mut self.stems, &mut article.text.stem_forms() as &mut dyn Iterator<Item = &Form>),
            (&mut self.forms, &mut article.text.exact_forms()),
        ] {
            for word in words {
                match counts.get_mut(word) {
                    Some(n) => *n += 1,
                    None => drop(counts.insert(word.clone(), 1)),
                }
            }
        }
        if self.articles >= MANY {
            self.articles /= 2;
            for counts in [&mut self.stems, &mut self.forms] {
                counts.retain(|_, n| {
                    *n /= 2;
                    *n > 0
                });
            }
        }
    }

    /// Articles that the counts rest on.
    pub fn articles(&self) -> u32 {
        self.articles
    }

    /// Articles of ten thousand that have this stem; `None` where too few were seen.
    pub(crate) fn of_stem(&self, stem: &str) -> Option<u32> {
        self.share(self.stems.get(stem))
    }

    /// Likewise of an exact form.
    pub(crate) fn of_form(&self, form: &str) -> Option<u32> {
        self.share(self.forms.get(form))
    }

    fn share(&self, count: Option<&u32>) -> Option<u32> {
        (self.articles >= FEW).then(|| count.map_or(0, |n| n * 10_000 / self.articles))
    }
}
