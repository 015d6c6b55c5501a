//! The same text: which article of the window a new one copies, or was made from.
//!
//! An inverted index over fingerprints gives candidates, the full runs decide. The measure is the share of the smaller
//! text's words that stand in runs of the larger: a cut, a dateline or a footer do not lower it, and one changed word
//! costs the words around it and not five runs.

use crate::shingle::{ByKey, Keys, Runs};
use salastampa_domain::{ArticleId, CopyGroupId, OutletId, StoryId, Timestamp};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// From this share on (of the smaller text) it is the same text.
pub const COPY: f64 = 0.80;
/// From this share on it was made from the other.
pub const REWORK: f64 = 0.50;
/// A text so many times longer than the other is more than a copy of it.
const MUCH_LONGER: usize = 3;
/// A candidate shares so many fingerprints.
const SHARED: usize = 4;
/// A text of fewer runs says too little to be compared.
const SHORTEST: usize = 8;
/// So many candidates, those that share most, are compared in full.
const CANDIDATES: usize = 16;
/// Articles in one bucket of the index: a bucket goes as a whole.
const BUCKET: usize = 4_096;

/// A text of the window.
#[derive(Clone, Debug)]
pub struct Text {
    /// The article.
    pub article: ArticleId,
    /// Its group of copies.
    pub group: CopyGroupId,
    /// Its story.
    pub story: StoryId,
    /// Who published it.
    pub outlet: OutletId,
    /// Whether that is an agency.
    pub agency: bool,
    /// When it was seen.
    pub at: Timestamp,
    /// Its five-word runs.
    pub runs: Runs,
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Likeness<'a> {
    /// The text that is alike.
    pub text: &'a Text,
    /// Share of the smaller text's words, 0 to 1.
    pub share: f64,
    /// The same text, or only made from it.
    pub copy: bool,
    /// The story of the next text that is alike, where that is another story, with the share: a text that holds two others.
    pub beside: Option<(StoryId, f64)>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.article == other.article
    }
}

/// The texts of the window, by what they say.
#[derive(Default)]
pub struct CopyIndex {
    texts: VecDeque<Text>,
    /// Number of the first text that is held; texts are numbered in the order in which they came.
    first: u32,
    buckets: VecDeque<Bucket>,
    by_outlet: HashMap<OutletId, usize>,
}

/// Fingerprints of some texts in a row: the newest posting of each, and from each posting the one before.
#[derive(Default)]
struct Bucket {
    /// Number after that of the last text.
    end: u32,
    texts: usize,
    newest: ByKey<u32>,
    postings: Vec<(u32, u32)>,
}

/// No posting before this one.
const NONE: u32 = u32::MAX;

impl CopyIndex {
    /// Takes a text in.
    pub fn add(&mut self, text: Text) {
        let number = self.first + u32::try_from(self.texts.len()).expect("a window holds far fewer than 2^32 texts");
        if self.buckets.back().is_none_or(|b| b.texts == BUCKET) {
            self.buckets.push_back(Bucket::default());
        }
        if let Some(bucket) = self.buckets.back_mut() {
            bucket.end = number + 1;
            bucket.texts += 1;
            for fingerprint in text.runs.fingerprints() {
                let posting = u32::try_from(bucket.postings.len()).unwrap_or(NONE);
                let before = bucket.newest.insert(fingerprint, posting).unwrap_or(NONE);
                bucket.postings.push((number, before));
            }
        }
        *self.by_outlet.entry(text.outlet).or_default() += 1;
        self.texts.push_back(text);
    }

    /// Lets the oldest text go.
    pub fn forget_oldest(&mut self) {
        let Some(text) = self.texts.pop_front() else { return };
        self.first += 1;
        if let Some(count) = self.by_outlet.get_mut(&text.outlet) {
            *count -= 1;
            if *count == 0 {
                self.by_outlet.remove(&text.outlet);
            }
        }
        while self.buckets.front().is_some_and(|b| b.end <= self.first) {
            self.buckets.pop_front();
        }
    }

    /// The texts of a story belong to another from now on.
    pub fn rename(&mut self, from: StoryId, to: StoryId) {
        self.texts.iter_mut().filter(|t| t.story == from).for_each(|t| t.story = to);
    }

    /// Texts that are held.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The text seen at `since` or later that these runs copy or were made from. The one that shares most; of equal
    /// ones an agency's, then the older.
    pub fn find(&self, runs: &Runs, outlet: OutletId, since: Timestamp) -> Option<Likeness<'_>> {
        if runs.0.len() < SHORTEST {
            return None;
        }
        let own = runs.set();
        let alike = self.candidates(runs, outlet, since).into_iter().filter_map(|text| {
            let (share, copy) = likeness(runs, &own, &text.runs);
            (share >= REWORK).then_some(Likeness { text, share, copy, beside: None })
        });
        let mut alike: Vec<Likeness<'_>> = alike.collect();
        // candidates come oldest first, and the sort leaves equal ones so
        alike.sort_by(|a, b| {
            b.copy.cmp(&a.copy).then(b.share.total_cmp(&a.share)).then(b.text.agency.cmp(&a.text.agency))
        });
        let best = *alike.first()?;
        let other = alike.iter().find(|next| next.text.story != best.text.story);
        Some(Likeness { beside: other.map(|next| (next.text.story, next.share)), ..best })
    }

    fn candidates(&self, runs: &Runs, outlet: OutletId, since: Timestamp) -> Vec<&Text> {
        let fingerprints = runs.fingerprints();
        let boilerplate = (self.by_outlet.get(&outlet).copied().unwrap_or(0) / 100).max(3);
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        let mut holders = Vec::new();
        for fingerprint in &fingerprints {
            holders.clear();
            for bucket in &self.buckets {
                let mut at = bucket.newest.get(fingerprint).copied().unwrap_or(NONE);
                while let Some((number, before)) = bucket.postings.get(at as usize) {
                    holders.push(*number);
                    at = *before;
                }
            }
            // what an outlet prints under one in a hundred of its articles is furniture
            let of_own = holders.iter().filter(|n| self.text(**n).is_some_and(|t| t.outlet == outlet)).count();
            if of_own <= boilerplate {
                for number in &holders {
                    *shared.entry(*number).or_default() += 1;
                }
            }
        }
        let enough = SHARED.min(fingerprints.len());
        let mut ranked: Vec<(usize, u32)> = shared
            .into_iter()
            .filter(|(number, n)| *n >= enough && self.text(*number).is_some_and(|t| t.at >= since))
            .map(|(number, n)| (n, number))
            .collect();
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(CANDIDATES);
        ranked.sort_unstable_by_key(|(_, number)| *number);
        ranked.into_iter().filter_map(|(_, number)| self.text(number)).collect()
    }

    fn text(&self, number: u32) -> Option<&Text> {
        self.texts.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }
}

/// The share of the smaller text that the larger has too, and whether that makes them one text.
pub fn likeness(a: &Runs, a_set: &Keys, b: &Runs) -> (f64, bool) {
    let (small, covered, large) = if a.0.len() <= b.0.len() {
        (a.words(), a.covered(&b.set()), b.words())
    } else {
        (b.words(), b.covered(a_set), a.words())
    };
    if small < SHORTEST {
        return (0.0, false);
    }
    let share = covered as f64 / small as f64;
    (share, share >= COPY && large <= small * MUCH_LONGER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::runs;

    const EVER: Timestamp = Timestamp(i64::MIN);

    fn text(id: i64, outlet: i64, agency: bool, words: &str) -> Text {
        Text {
            article: ArticleId(id),
            group: CopyGroupId(id),
            story: StoryId(id),
            outlet: OutletId(outlet),
            agency,
            at: Timestamp(id),
            runs: runs(words),
        }
    }

    /// Words `from..to` of an endless text.
    fn part(name: &str, from: usize, to: usize) -> String {
        (from..to).map(|n| format!("{name}{n}")).collect::<Vec<_>>().join(" ")
    }

    fn found(index: &CopyIndex, words: &str) -> Option<(i64, bool)> {
        index.find(&runs(words), OutletId(9), EVER).map(|l| (l.text.article.0, l.copy))
    }

    #[test]
    fn the_share_of_the_smaller_text_decides() {
        let mut index = CopyIndex::default();
        index.add(text(1, 1, false, &part("w", 0, 100)));
        let with_own = |own: usize| format!("{} {}", part("w", 0, 60), part("x", 0, own));
        for (name, words, expected) in [
            ("the same", part("w", 0, 100), Some((1, true))),
            ("cut to its first half", part("w", 0, 50), Some((1, true))),
            ("some words of its own", with_own(10), Some((1, true))),
            ("many words of its own", with_own(40), Some((1, false))),
            ("mostly its own", format!("{} {}", part("w", 0, 40), part("x", 0, 100)), None),
            ("a text that swallowed it", format!("{} {}", part("w", 0, 100), part("x", 0, 250)), Some((1, false))),
            ("another text", part("x", 0, 100), None),
            ("a few words of it", part("w", 0, 11), None),
            ("nothing", String::new(), None),
        ] {
            assert_eq!(found(&index, &words), expected, "{name}");
        }
    }

    #[test]
    fn the_agency_is_the_origin_and_else_the_older() {
        let mut index = CopyIndex::default();
        for (id, agency) in [(1, false), (2, true), (3, true)] {
            index.add(text(id, id, agency, &part("w", 0, 80)));
        }
        assert_eq!(found(&index, &part("w", 0, 80)), Some((2, true)));
    }

    #[test]
    fn what_an_outlet_prints_under_each_article_makes_no_copies() {
        let mut index = CopyIndex::default();
        let page = |n: usize| format!("{} {}", part(&format!("own{n}x"), 0, 8), part("furniture", 0, 60));
        for n in 0..20 {
            index.add(text(n, 9, false, &page(usize::try_from(n).unwrap_or(0))));
        }
        assert_eq!(found(&index, &page(99)), None);
    }

    #[test]
    fn what_left_is_not_found() {
        let mut index = CopyIndex::default();
        index.add(text(1, 1, false, &part("w", 0, 80)));
        index.add(text(2, 1, false, &part("x", 0, 80)));
        assert!(index.find(&runs(&part("w", 0, 80)), OutletId(9), Timestamp(2)).is_none(), "too old");
        index.forget_oldest();
        assert_eq!((found(&index, &part("w", 0, 80)), found(&index, &part("x", 0, 80))), (None, Some((2, true))));
        index.forget_oldest();
        index.forget_oldest();
        assert!(index.is_empty());
        assert_eq!(found(&index, &part("x", 0, 80)), None);
    }
}
