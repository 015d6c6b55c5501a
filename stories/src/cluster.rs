//! The same event: which story an article joins, decided online and never looking ahead.
//!
//! A story is the sum of its texts' term vectors; an article joins the story with the nearest one, the less the longer
//! nothing was written on it and the looser it is. Term weights are those of this moment, so that the answer depends on the texts that the
//! window holds and on nothing that happened before: a window built again from rows gives the same answers. For the
//! same reason sums run in a fixed order, by key of the term and by age of the text.

use crate::background::Background;
use crate::shingle::ByKey;
use crate::terms::Term;
use salastampa_domain::time::DAY;
use salastampa_domain::{StoryId, Timestamp};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// The figures of the rule.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// Likeness from which on an article joins.
    pub join: f64,
    /// Below this likeness the two must also share a rare name, number or title word; two in a young archive.
    pub guard: f64,
    /// Days after which likeness has fallen to 1/e; `None`: time does not count.
    pub decay_days: Option<f64>,
    /// Days after the last article in which a story can still be joined; `None`: always.
    pub open_days: Option<i64>,
    /// How much less a loose story draws: the power of its cohesion, from 1 (all texts alike) towards 0, that likeness
    /// is multiplied by. Without it, the cosine with a sum grows with the number of texts in it, because what they do
    /// not share averages out, and a running theme swallows its neighbours one by one.
    pub cohesion: f64,
    /// Articles that are held however old they are: the background that the rarity of terms is measured on.
    pub history: usize,
}

impl Settings {
    /// For a stream with dates: the one fixed setting.
    pub const DATED: Self =
        Self { join: 0.09, guard: 0.20, decay_days: Some(3.0), open_days: Some(4), cohesion: 2.5, history: 10_000 };
    /// For texts without dates, as in collections of look-alike events.
    pub const UNDATED: Self =
        Self { join: 0.16, guard: 0.16, decay_days: None, open_days: None, cohesion: 1.0, history: 10_000 };
}

/// What is rare is not yet known from so few texts: then one rare thing in common may be chance (a bus and an influenza
/// that both come early), and a weak likeness needs two.
const YOUNG: u32 = 500;
/// So many stories, those with most in common, are compared in full.
const CANDIDATES: usize = 24;
/// A term that stands in more than one of so many texts does not make candidates.
const COMMON: u32 = 10;

/// A story near an article.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Near {
    /// Which.
    pub story: StoryId,
    /// How alike, 0 to 1.
    pub likeness: f64,
    /// Whether the article may join it.
    pub joins: bool,
}

struct Text {
    story: StoryId,
    terms: Vec<Term>,
    /// Length of the vector before rarity is weighed.
    length: f64,
}

struct Open {
    touched: Timestamp,
    /// Numbers of its texts, oldest first.
    texts: Vec<u32>,
    /// Sum of its texts' vectors, in ascending order of keys.
    sum: Vec<Share>,
}

#[derive(Clone, Copy)]
struct Share {
    key: u32,
    weight: f64,
    marked: bool,
}

/// The stories of the window.
pub struct Stories {
    settings: Settings,
    background: Background,
    texts: VecDeque<Text>,
    /// Number of the first text that is held.
    first: u32,
    /// Numbers of the texts that hold a term, ascending.
    postings: ByKey<VecDeque<u32>>,
    open: BTreeMap<StoryId, Open>,
}

impl Stories {
    /// No story yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            background: Background::default(),
            texts: VecDeque::new(),
            first: 0,
            postings: ByKey::default(),
            open: BTreeMap::new(),
        }
    }

    /// The story that an article seen at `at` is nearest to; of equally near ones the older.
    pub fn nearest(&self, terms: &[Term], at: Timestamp) -> Option<Near> {
        let mut near: Vec<Near> =
            self.candidates(terms, at).into_iter().map(|story| self.near(story, terms, at)).collect();
        near.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.story.cmp(&b.story)));
        near.iter().find(|n| n.joins).or(near.first()).copied()
    }

    /// Takes in a text of its own (no copy) that belongs to a story.
    pub fn add(&mut self, story: StoryId, terms: Vec<Term>, at: Timestamp) {
        let number = self.first + u32::try_from(self.texts.len()).expect("a window holds far fewer than 2^32 texts");
        self.background.add(&terms);
        for term in &terms {
            self.postings.entry(term.key).or_default().push_back(number);
        }
        let text = text(story, terms);
        let open = self.open.entry(story).or_insert(Open { touched: at, texts: Vec::new(), sum: Vec::new() });
        open.touched = open.touched.max(at);
        open.texts.push(number);
        open.sum = added(&open.sum, &text);
        self.texts.push_back(text);
    }

    /// A copy of one of its texts was seen: the story lives on, its vector stays.
    pub fn touch(&mut self, story: StoryId, at: Timestamp) {
        if let Some(open) = self.open.get_mut(&story) {
            open.touched = open.touched.max(at);
        }
    }

    /// Lets the oldest text go.
    pub fn forget_oldest(&mut self) {
        let Some(text) = self.texts.pop_front() else { return };
        let number = self.first;
        self.first += 1;
        self.background.remove(&text.terms);
        for term in &text.terms {
            if let Some(numbers) = self.postings.get_mut(&term.key) {
                numbers.pop_front();
                if numbers.is_empty() {
                    self.postings.remove(&term.key);
                }
            }
        }
        let Some(open) = self.open.get_mut(&text.story) else { return };
        open.texts.retain(|n| *n != number);
        if open.texts.is_empty() {
            self.open.remove(&text.story);
        } else {
            // summed anew, not subtracted: a rebuilt window must hold the very same figures
            let left = open.texts.iter().filter_map(|n| self.texts.get((n - self.first) as usize));
            open.sum = left.fold(Vec::new(), |sum, text| added(&sum, text));
        }
    }

    /// How rare terms are.
    pub fn background(&self) -> &Background {
        &self.background
    }

    /// Stories that can still be joined at `at`, those with most in common with the terms.
    fn candidates(&self, terms: &[Term], at: Timestamp) -> Vec<StoryId> {
        let common = (self.background.texts() / COMMON).max(50);
        let mut in_common: HashMap<StoryId, f64> = HashMap::new();
        for term in terms {
            let Some(numbers) = self.postings.get(&term.key) else { continue };
            if self.background.with(term.key) > common {
                continue;
            }
            let idf = self.background.idf(term.key);
            for number in numbers {
                let Some(text) = self.texts.get((number - self.first) as usize) else { continue };
                *in_common.entry(text.story).or_default() += idf * idf * term.weight() / text.length;
            }
        }
        let is_open = |story: &StoryId| match (self.settings.open_days, self.open.get(story)) {
            (Some(days), Some(open)) => at.since(open.touched) <= days * DAY,
            (None, open) => open.is_some(),
            (_, None) => false,
        };
        let mut ranked: Vec<(StoryId, f64)> = in_common.into_iter().filter(|(story, _)| is_open(story)).collect();
        ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(CANDIDATES);
        ranked.into_iter().map(|(story, _)| story).collect()
    }

    fn near(&self, story: StoryId, terms: &[Term], at: Timestamp) -> Near {
        let Some(open) = self.open.get(&story) else { return Near { story, likeness: 0.0, joins: false } };
        let (cosine, marks) = compare(terms, &open.sum, &self.background);
        let days = at.since(open.touched).max(0) as f64 / DAY as f64;
        let length = open.sum.iter().map(|s| s.weight * s.weight).sum::<f64>().sqrt();
        let cohesion = (length / open.texts.len() as f64).powf(self.settings.cohesion);
        let likeness = cosine * cohesion * self.settings.decay_days.map_or(1.0, |d| (-days / d).exp());
        let needed = if self.background.texts() < YOUNG { 2 } else { 1 };
        let joins = likeness >= self.settings.join && (likeness >= self.settings.guard || marks >= needed);
        Near { story, likeness, joins }
    }
}

/// How alike two texts are on their own, 0 to 1.
pub fn cosine(a: &[Term], b: &[Term], background: &Background) -> f64 {
    let (alike, _) = compare(a, &added(&[], &text(StoryId(0), b.to_vec())), background);
    alike
}

/// The cosine of an article and a story, and how many rare terms they share that are marked in both.
fn compare(terms: &[Term], sum: &[Share], background: &Background) -> (f64, usize) {
    let (mut dot, mut own, mut other, mut marks) = (0.0, 0.0, 0.0, 0);
    let mut terms = terms.iter().peekable();
    for share in sum {
        while let Some(term) = terms.next_if(|t| t.key < share.key) {
            own += (term.weight() * background.idf(term.key)).powi(2);
        }
        let idf = background.idf(share.key);
        other += (share.weight * idf).powi(2);
        if let Some(term) = terms.next_if(|t| t.key == share.key) {
            own += (term.weight() * idf).powi(2);
            dot += term.weight() * share.weight * idf * idf;
            marks += usize::from(term.marked && share.marked && background.is_rare(term.key));
        }
    }
    for term in terms {
        own += (term.weight() * background.idf(term.key)).powi(2);
    }
    let lengths = (own * other).sqrt();
    (if lengths > 0.0 { dot / lengths } else { 0.0 }, marks)
}

fn text(story: StoryId, terms: Vec<Term>) -> Text {
    let length = terms.iter().map(|t| t.weight() * t.weight()).sum::<f64>().sqrt();
    Text { story, terms, length }
}

/// A sum with one more text in it, each text at length 1.
fn added(sum: &[Share], text: &Text) -> Vec<Share> {
    let mut out = Vec::with_capacity(sum.len() + text.terms.len());
    let mut shares = sum.iter().copied().peekable();
    for term in &text.terms {
        while let Some(share) = shares.next_if(|s| s.key < term.key) {
            out.push(share);
        }
        let weight = term.weight() / text.length;
        out.push(match shares.next_if(|s| s.key == term.key) {
            Some(share) => Share { weight: share.weight + weight, marked: share.marked || term.marked, ..share },
            None => Share { key: term.key, weight, marked: term.marked },
        });
    }
    out.extend(shares);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::terms;

    const NOON: Timestamp = Timestamp(1_795_000_000_000);

    /// Stories 1, 2, … of one text each, and unrelated ones that make the background.
    fn stories(titles: &[&str]) -> Stories {
        let mut stories = Stories::new(Settings::DATED);
        for n in 0..40 {
            let at = NOON.plus(-9 * DAY);
            stories.add(
                StoryId(1_000 + n),
                terms("Consiglio comunale", &format!("La giunta di Bellariva voce{n}")),
                at,
            );
        }
        for (id, title) in (1..).zip(titles) {
            stories.add(StoryId(id), terms(title, ""), NOON);
        }
        stories
    }

    fn nearest(stories: &Stories, title: &str, at: Timestamp) -> Option<(i64, bool)> {
        stories.nearest(&terms(title, ""), at).map(|n| (n.story.0, n.joins))
    }

    #[test]
    fn an_article_joins_the_story_that_it_is_most_alike() {
        let stories = stories(&["Frana sulla provinciale a Montefosco", "Incendio in cartiera a Montefosco"]);
        for (title, expected) in [
            ("Montefosco, la frana chiude la provinciale", Some((1, true))),
            ("Montefosco, incendio nella cartiera", Some((2, true))),
            ("Parte la stagione teatrale", None),
        ] {
            assert_eq!(nearest(&stories, title, NOON), expected, "{title}");
        }
    }

    #[test]
    fn of_two_equal_stories_the_older_is_joined() {
        let stories = stories(&["Frana a Montefosco", "Frana a Montefosco"]);
        assert_eq!(nearest(&stories, "Frana a Montefosco", NOON), Some((1, true)));
    }

    #[test]
    fn likeness_falls_with_the_days_and_a_story_closes() {
        let stories = stories(&["Frana a Montefosco"]);
        let after =
            |days: i64| stories.nearest(&terms("Frana a Montefosco", ""), NOON.plus(days * DAY)).map(|n| n.likeness);
        let (same, third, late) = (after(0), after(3), after(5));
        assert!(same.is_some_and(|l| l > 0.999));
        assert!(third < same && third > Some(0.0), "{third:?}");
        assert_eq!(late, None);
    }

    #[test]
    fn a_weak_likeness_needs_a_rare_thing_in_common() {
        // alike in common words only
        let guarded = Settings { join: 0.001, guard: 0.99, ..Settings::DATED };
        let mut stories = stories(&[]);
        stories.settings = guarded;
        stories.add(StoryId(1), terms("Giunta", "Consiglio comunale di Bellariva"), NOON);
        assert_eq!(nearest(&stories, "Consiglio comunale, la giunta a Bellariva", NOON), Some((1, false)));
        stories.add(StoryId(2), terms("Rotonda", "Consiglio comunale di Bellariva"), NOON);
        assert_eq!(nearest(&stories, "Consiglio comunale, rotonda a Bellariva", NOON), Some((2, true)));
    }

    #[test]
    fn a_loose_story_draws_less_than_a_close_one() {
        let likeness = |second: &str| {
            let mut stories = stories(&["Frana a Montefosco"]);
            stories.add(StoryId(1), terms(second, ""), NOON);
            stories.nearest(&terms("Frana a Montefosco", ""), NOON).map_or(0.0, |n| n.likeness)
        };
        let (close, loose) = (likeness("Montefosco, la frana"), likeness("Montefosco, la sagra delle castagne"));
        assert!(loose < close * 0.8, "{loose} {close}");
    }

    #[test]
    fn a_story_without_its_first_text_is_as_if_that_had_never_been() {
        let texts: Vec<_> = ["Frana a Montefosco", "Strada chiusa a Montefosco", "Montefosco, riapre la strada"]
            .into_iter()
            .map(|title| terms(title, "Massi sulla provinciale"))
            .collect();
        let build = |from: usize| {
            let mut stories = Stories::new(Settings::DATED);
            for terms in &texts[from..] {
                stories.add(StoryId(7), terms.clone(), NOON);
            }
            stories
        };
        let mut whole = build(0);
        whole.forget_oldest();
        assert_eq!(whole.nearest(&texts[0], NOON), build(1).nearest(&texts[0], NOON));
        whole.forget_oldest();
        whole.forget_oldest();
        assert_eq!(whole.nearest(&texts[0], NOON), None);
    }
}
