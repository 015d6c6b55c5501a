//! Stories that began apart and have come to tell the same: the pass that finds them, and the joining.

use super::{Stories, StoryId, Timestamp};
use crate::vector::Sought;
use salastampa_domain::time::DAY;
use std::collections::BTreeSet;

/// So many, where a story looks for another that it is one with: that one has nearly all in common with it.
const MERGE_CANDIDATES: usize = 6;

/// Two stories that have become one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Merge {
    /// The older number, which stays.
    pub story: StoryId,
    /// The other.
    pub other: StoryId,
    /// How alike, 0 to 1.
    pub likeness: f64,
}

impl Stories {
    /// The pairs of stories that have come so near to one another since this was last asked that they are one, and that
    /// `may` be; each story in one pair at most.
    pub fn merges(&mut self, at: Timestamp, may: impl Fn(StoryId, StoryId) -> bool) -> Vec<Merge> {
        let fresh = std::mem::take(&mut self.fresh);
        let mut found: Vec<Merge> = Vec::new();
        for story in fresh {
            let Some(told) = self.told.get(&story).filter(|t| self.is_open(story, t, at)) else { continue };
            // a single text was compared with all when it came: had it been so near, it would have joined
            if told.texts.len() < 2 {
                continue;
            }
            let Some(drawn) = &told.drawn else { continue };
            let sought = Sought::of(&drawn.sum);
            for other in self.candidates(&drawn.sum, MERGE_CANDIDATES, Some(story), at) {
                let Some(there) = self.told.get(&other) else { continue };
                let Some(drawn_there) = &there.drawn else { continue };
                let pairs = (told.texts.len() * there.texts.len()) as f64;
                let days = told.touched.since(there.touched).abs() as f64 / DAY as f64;
                let decay = self.settings.decay_days.map_or(1.0, |d| (-days / d).exp());
                let likeness = sought.likeness(&drawn_there.sum, self.settings.blend) / pairs * decay;
                if likeness >= self.settings.merge
                    && drawn.sum.rare_marks(&drawn_there.sum, &self.table) > 0
                    && !self.is_elsewhere(&drawn.sum, &drawn_there.sum)
                    && may(story, other)
                {
                    found.push(Merge { story: story.min(other), other: story.max(other), likeness });
                }
            }
        }
        found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.story.cmp(&b.story)).then(a.other.cmp(&b.other)));
        let mut taken = BTreeSet::new();
        found.retain(|m| {
            let free = !taken.contains(&m.story) && !taken.contains(&m.other);
            taken.extend([m.story, m.other]);
            free
        });
        found
    }

    /// A pass that another life of the window has made already.
    pub fn pass(&mut self) {
        self.fresh.clear();
    }

    /// Two stories are one from now on, under the number of the first.
    pub fn merge(&mut self, story: StoryId, other: StoryId) {
        if story == other || !self.told.contains_key(&story) {
            return;
        }
        self.undraw(other);
        let Some(gone) = self.told.remove(&other) else { return };
        for number in &gone.texts {
            if let Some(text) = self.texts.get_mut((number - self.first) as usize) {
                text.story = story;
            }
        }
        if self.followed.remove(&other) {
            self.followed.insert(story);
        }
        if self.fresh.remove(&other) {
            self.fresh.insert(story);
        }
        if let Some(told) = self.told.get_mut(&story) {
            told.touched = told.touched.max(gone.touched);
            told.texts.extend(gone.texts);
            told.texts.sort_unstable();
        }
        self.draw(story);
    }
}
