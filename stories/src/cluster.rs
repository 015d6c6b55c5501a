//! The same event: which story an article joins, decided online and never looking ahead.
//!
//! A story is the sum of its texts' vectors. How alike an article is to it is the mean of how alike it is to each of its
//! texts, the less the looser the story is and the longer nothing was written on it. It joins the nearest story if that
//! one stands out from the next ones: on a day full of one theme everything is a little like everything.
//!
//! Terms are weighed by a table that changes at midnight of the stream ([`Stories::renew`]). All that is held is a
//! function of the articles in the window and of that table, so a window built again from rows gives the same answers.
//! For the same reason sums run in a fixed order, by key of the term and by age of the text.

use crate::background::{Background, Table};
use crate::shingle::ByKey;
use crate::terms::Term;
use crate::vector::{Blend, Sought, TOO_FEW, Vector, vector};

pub use crate::settings::Settings;
pub use merges::Merge;
use salastampa_domain::time::DAY;
use salastampa_domain::{Because, OutletId, StoryId, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

mod merges;

/// Stories that the nearest one must stand out from.
const NEXT: usize = 5;
/// So many stories, those with most in common, are compared in full.
const CANDIDATES: usize = 16;
/// Terms of an article that candidates are found by.
const HEAVIEST: usize = 30;
/// With less than this part of what the best one has in common, a story is none of them.
const FAR: f32 = 0.25;
/// A term that stands in more than one of so many texts does not make candidates.
const COMMON: u32 = 10;
/// A table is made anew when so many texts have come for each one that it knows, in halves.
const GROWN: u32 = 3;

/// A story near an article.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Near {
    /// Which.
    pub story: StoryId,
    /// How alike, 0 to 1.
    pub likeness: f64,
    /// [`Because::Alike`] if the article may join it, else what keeps it out.
    pub because: Because,
    /// Whether a person should look at the two, if it may not.
    pub perhaps: bool,
    /// Of the others the nearest, and how alike.
    pub beside: Option<(StoryId, f64)>,
}

struct Text {
    story: StoryId,
    outlet: OutletId,
    terms: Vec<Term>,
}

/// A story with a text in the window.
struct Told {
    touched: Timestamp,
    /// Numbers of its texts, oldest first.
    texts: Vec<u32>,
    /// What an article is compared with, as long as the story can be joined.
    drawn: Option<Drawn>,
}

struct Drawn {
    /// Where the postings lead.
    slot: u32,
    sum: Vector,
    /// Sum of what each text is like to itself.
    own: f64,
    /// Root of the mean likeness of its texts to one another, 1 for a single text.
    closeness: f64,
}

/// What finding candidates has to know of a story, beside its length.
struct Slot {
    /// None where it was drawn again.
    story: Option<StoryId>,
    /// Until when it can be joined.
    until: Timestamp,
}

/// The stories of the window.
pub struct Stories {
    settings: Settings,
    background: Background,
    table: Table,
    texts: VecDeque<Text>,
    /// Number of the first text that is held.
    first: u32,
    told: BTreeMap<StoryId, Told>,
    /// Stories by slot.
    slots: Vec<Slot>,
    /// Something like the number of different terms of each slot: long stories hold more of everything. They lie apart, for
    /// each article is weighed against all of them.
    lengths: Vec<f32>,
    /// Slots whose sum holds a term.
    postings: ByKey<Vec<u32>>,
    /// Stories that are kept open longer.
    followed: BTreeSet<StoryId>,
    /// Stories with a text that came since the last merge pass.
    fresh: BTreeSet<StoryId>,
}

impl Stories {
    /// No story yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            background: Background::default(),
            table: Background::default().table(settings.rarity),
            texts: VecDeque::new(),
            first: 0,
            told: BTreeMap::new(),
            slots: Vec::new(),
            lengths: Vec::new(),
            postings: ByKey::default(),
            followed: BTreeSet::new(),
            fresh: BTreeSet::new(),
        }
    }

    /// The story that an article of an outlet, seen at `at`, is nearest to; of equally near ones the older.
    pub fn nearest(&self, terms: &[Term], outlet: OutletId, at: Timestamp) -> Option<Near> {
        let article = vector(terms, &self.table, self.settings.blend);
        let sought = Sought::of(&article);
        let mut near: Vec<(f64, StoryId, &Drawn)> = self
            .candidates(&article, CANDIDATES, None, at)
            .into_iter()
            .filter_map(|story| {
                let told = self.told.get(&story)?;
                let drawn = told.drawn.as_ref()?;
                let mean = sought.likeness(&drawn.sum, self.settings.blend) / told.texts.len() as f64;
                let likeness = mean * drawn.closeness.powf(self.settings.closeness) * self.decay(told, at);
                Some((likeness, story, drawn))
            })
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let next = near.iter().skip(1).take(NEXT).map(|n| n.0).sum::<f64>() / NEXT as f64;
        let stands_out = |likeness: f64| likeness - self.settings.contrast * next;
        // where no rarity can be told, one thing in common may be chance: two ferries at one pier
        let needed = if self.table.texts() < TOO_FEW { 2 } else { 1 };
        let unproven = |likeness: f64, drawn: &Drawn| {
            let shares = likeness >= self.settings.guard || article.rare_marks(&drawn.sum, &self.table) >= needed;
            if !shares {
                Some(Because::Unproven)
            } else {
                self.is_elsewhere(&article, &drawn.sum).then_some(Because::Elsewhere)
            }
        };
        let join = self.settings.join;
        // an outlet seldom tells one event twice, and often two at one place
        let is_again = |story: StoryId, likeness: f64| {
            stands_out(likeness) < join * self.settings.again && self.is_only_of(story, outlet)
        };
        let because = |likeness: f64, story: StoryId, drawn: &Drawn| {
            if likeness < join {
                Because::Far
            } else if stands_out(likeness) < join {
                Because::Crowd
            } else if is_again(story, likeness) {
                Because::SameOutlet
            } else {
                unproven(likeness, drawn).unwrap_or(Because::Alike)
            }
        };
        let beside = |at: usize| near.iter().enumerate().find(|(n, _)| *n != at).map(|(_, n)| (n.1, n.0));
        let joined = near.iter().take_while(|n| stands_out(n.0) >= join);
        let mut joined = joined.enumerate().filter(|(_, n)| because(n.0, n.1, n.2) == Because::Alike);
        let chosen = joined.next().map(|(at, n)| Near {
            story: n.1,
            likeness: n.0,
            because: Because::Alike,
            perhaps: false,
            beside: beside(at),
        });
        chosen.or_else(|| {
            let n = near.first()?;
            let perhaps = stands_out(n.0) >= join * self.settings.perhaps && unproven(n.0, n.2).is_none();
            Some(Near { story: n.1, likeness: n.0, because: because(n.0, n.1, n.2), perhaps, beside: beside(0) })
        })
    }

    /// Takes in a text of its own (no copy) that belongs to a story.
    pub fn add(&mut self, story: StoryId, terms: Vec<Term>, outlet: OutletId, at: Timestamp) {
        let number = self.first + u32::try_from(self.texts.len()).expect("a window holds far fewer than 2^32 texts");
        self.background.add(&terms);
        let told = self.told.entry(story).or_insert(Told { touched: at, texts: Vec::new(), drawn: None });
        told.touched = told.touched.max(at);
        told.texts.push(number);
        self.fresh.insert(story);
        match &mut told.drawn {
            Some(drawn) => {
                let text = vector(&terms, &self.table, self.settings.blend);
                for key in text.all().keys().iter().filter(|key| !drawn.sum.all().has(**key)) {
                    self.postings.entry(*key).or_default().push(drawn.slot);
                }
                drawn.take(&text, told.texts.len(), self.settings.blend);
                self.texts.push_back(Text { story, outlet, terms });
                self.mark(story);
            }
            None => {
                self.texts.push_back(Text { story, outlet, terms });
                self.draw(story);
            }
        }
    }

    /// A copy of one of its texts was seen: the story lives on, its vector stays.
    pub fn touch(&mut self, story: StoryId, at: Timestamp) {
        if let Some(told) = self.told.get_mut(&story) {
            told.touched = told.touched.max(at);
            if told.drawn.is_none() {
                self.draw(story);
            } else {
                self.mark(story);
            }
        }
    }

    /// A story that somebody follows is kept open longer.
    pub fn follow(&mut self, story: StoryId) {
        if self.told.contains_key(&story) {
            self.followed.insert(story);
            self.draw(story);
        }
    }

    /// Lets the oldest text go.
    pub fn forget_oldest(&mut self) {
        let Some(text) = self.texts.pop_front() else { return };
        let number = self.first;
        self.first += 1;
        self.background.remove(&text.terms);
        let Some(told) = self.told.get_mut(&text.story) else { return };
        told.texts.retain(|n| *n != number);
        if told.texts.is_empty() {
            self.undraw(text.story);
            self.told.remove(&text.story);
            self.followed.remove(&text.story);
            self.fresh.remove(&text.story);
        } else if told.drawn.is_some() {
            // summed anew, not subtracted: a rebuilt window must hold the very same figures
            self.draw(text.story);
        }
    }

    /// Whether so many texts have come since the table was made that it must be made again.
    pub fn has_grown(&self) -> bool {
        self.background.texts() * 2 > self.table.texts() * GROWN
    }

    /// Weighs terms by what is known now, and draws the stories that are open at `at` anew.
    pub fn renew(&mut self, at: Timestamp) {
        self.table = self.background.table(self.settings.rarity);
        self.slots.clear();
        self.lengths.clear();
        self.postings.clear();
        let stories: Vec<StoryId> = self.told.keys().copied().collect();
        for story in stories {
            if self.told.get(&story).is_some_and(|told| self.is_open(story, told, at)) {
                self.draw(story);
            } else if let Some(told) = self.told.get_mut(&story) {
                told.drawn = None;
            }
        }
    }

    /// How rare terms are.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Whether one outlet alone has told a story.
    fn is_only_of(&self, story: StoryId, outlet: OutletId) -> bool {
        let told = self.told.get(&story).map(|told| &told.texts).into_iter().flatten();
        let mut texts = told.filter_map(|n| self.texts.get((n - self.first) as usize));
        texts.all(|text| text.outlet == outlet)
    }

    /// Whether two happened to others or elsewhere, as far as this is asked.
    fn is_elsewhere(&self, one: &Vector, other: &Vector) -> bool {
        self.settings.places && one.is_elsewhere(other, &self.table)
    }

    fn decay(&self, told: &Told, at: Timestamp) -> f64 {
        let days = at.since(told.touched).max(0) as f64 / DAY as f64;
        self.settings.decay_days.map_or(1.0, |d| (-days / d).exp())
    }

    fn is_open(&self, story: StoryId, told: &Told, at: Timestamp) -> bool {
        at <= self.until(story, told)
    }

    fn until(&self, story: StoryId, told: &Told) -> Timestamp {
        let Some(days) = self.settings.open_days else { return Timestamp(i64::MAX) };
        let days = if self.followed.contains(&story) { self.settings.followed_days.max(days) } else { days };
        told.touched.plus(days * DAY)
    }

    /// Writes down what candidates are found by.
    fn mark(&mut self, story: StoryId) {
        let Some(told) = self.told.get(&story) else { return };
        let Some(drawn) = &told.drawn else { return };
        let (marked, at) = (Slot { story: Some(story), until: self.until(story, told) }, drawn.slot as usize);
        if let (Some(slot), Some(length)) = (self.slots.get_mut(at), self.lengths.get_mut(at)) {
            *slot = marked;
            *length = (drawn.sum.all().len() as f32).sqrt();
        }
    }

    /// Makes what a story is compared with from its texts, in a slot of its own.
    fn draw(&mut self, story: StoryId) {
        self.undraw(story);
        let Some(told) = self.told.get_mut(&story) else { return };
        let slot = u32::try_from(self.slots.len()).expect("slots are counted anew each night");
        let mut drawn = Drawn { slot, sum: Vector::default(), own: 0.0, closeness: 1.0 };
        let texts = told.texts.iter().filter_map(|n| self.texts.get((n - self.first) as usize));
        for (n, text) in (1..).zip(texts) {
            drawn.take(&vector(&text.terms, &self.table, self.settings.blend), n, self.settings.blend);
        }
        for key in drawn.sum.all().keys() {
            self.postings.entry(*key).or_default().push(slot);
        }
        self.slots.push(Slot { story: None, until: Timestamp(i64::MIN) });
        self.lengths.push(1.0);
        told.drawn = Some(drawn);
        self.mark(story);
    }

    fn undraw(&mut self, story: StoryId) {
        if let Some(drawn) = self.told.get_mut(&story).and_then(|told| told.drawn.take())
            && let Some(slot) = self.slots.get_mut(drawn.slot as usize)
        {
            slot.story = None;
        }
    }

    /// Other stories that can still be joined at `at`, those with most in common with the vector.
    fn candidates(&self, like: &Vector, most: usize, but: Option<StoryId>, at: Timestamp) -> Vec<StoryId> {
        let common = (self.table.texts() / COMMON).max(50);
        // what weighs most in it says where to look; the rest is compared in full afterwards
        let mut heaviest: Vec<(u32, f32)> = like.all().iter().map(|(key, part)| (key, part.weight)).collect();
        if heaviest.len() > HEAVIEST {
            heaviest.select_nth_unstable_by(HEAVIEST, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            heaviest.truncate(HEAVIEST);
            heaviest.sort_unstable_by_key(|(key, _)| *key);
        }
        let mut in_common = vec![0_f32; self.slots.len()];
        for (key, own) in heaviest {
            let (with, weight) = self.table.row(key);
            if with > common {
                continue;
            }
            // what it weighs there is not looked up: about what it weighs anywhere
            let weight = own * weight as f32;
            for slot in self.postings.get(&key).into_iter().flatten() {
                if let Some(sum) = in_common.get_mut(*slot as usize) {
                    *sum += weight;
                }
            }
        }
        in_common.iter_mut().zip(&self.lengths).for_each(|(weight, length)| *weight /= length);
        let open = |slot: usize| {
            let slot = self.slots.get(slot)?;
            slot.story.filter(|story| at <= slot.until && Some(*story) != but)
        };
        // whether a story can still be joined is asked of the few that would matter
        let better = |best: f32, (slot, weight): (usize, &f32)| match *weight > best && open(slot).is_some() {
            true => *weight,
            false => best,
        };
        let best = in_common.iter().enumerate().fold(0.0, better);
        if best == 0.0 {
            return Vec::new();
        }
        let near = in_common.iter().enumerate().filter(|(_, weight)| **weight >= best * FAR);
        let mut ranked: Vec<(StoryId, f32)> = near.filter_map(|(slot, weight)| Some((open(slot)?, *weight))).collect();
        let order = |a: &(StoryId, f32), b: &(StoryId, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if ranked.len() > most {
            ranked.select_nth_unstable_by(most, order);
            ranked.truncate(most);
        }
        ranked.sort_unstable_by(order);
        ranked.into_iter().map(|(story, _)| story).collect()
    }
}

impl Drawn {
    /// Takes in a text, the `n`th.
    fn take(&mut self, text: &Vector, n: usize, blend: Blend) {
        self.own += text.own_likeness(blend);
        self.sum.add(text);
        let n = n as f64;
        // a text is as like to itself as can be, also where it has no names or numbers
        let mean = (n + self.sum.own_likeness(blend) - self.own) / (n * n);
        self.closeness = mean.clamp(0.0, 1.0).sqrt();
    }
}

/// How alike two texts are on their own, 0 to 1.
pub fn cosine(a: &[Term], b: &[Term], table: &Table, blend: Blend) -> f64 {
    vector(a, table, blend).likeness(&vector(b, table, blend), blend)
}

#[cfg(test)]
mod tests;
