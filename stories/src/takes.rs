//! Takes of an agency: a story that it tells in several items, as it learns more, under one slug.
//!
//! The second take often shares little with the first, so neither copies nor vocabulary find it; the agency says itself
//! that they belong together: the same title, with *(2)*, *-2-*, *SEGUE*, *RPT* or plus signs about it, within hours.

use salastampa_domain::time::HOUR;
use salastampa_domain::{OutletId, StoryId, Timestamp};
use salastampa_text::{Word, shingles, words};
use std::collections::VecDeque;

/// How long after the last one a take follows.
const WITHIN: i64 = 3 * HOUR;
/// A title of fewer words is a rubric: *Meteo*, *Borsa*.
const SHORTEST: usize = 3;
/// Words that mark a take, folded.
const MARKS: [&str; 12] =
    ["segue", "rpt", "bis", "ter", "flash", "urgente", "urgent", "rettifica", "correzione", "agg", "take", "lead"];

/// What a title goes by when the marks of takes are taken off; none if it says too little.
pub fn slug(title: &str) -> Option<u64> {
    let all = words(title);
    let is_mark = |at: usize, word: &Word| {
        let before = title[..word.start].trim_end().chars().next_back();
        let after = title[word.end..].trim_start().chars().next();
        let numbered = word.text.len() <= 2 && word.text.bytes().all(|b| b.is_ascii_digit());
        let enclosed = matches!((before, after), (Some('('), Some(')')) | (Some('-'), Some('-')));
        let at_edge = at == 0 || at + 1 == all.len();
        let shouted = title[word.start..word.end].chars().all(|c| !c.is_lowercase());
        (numbered && enclosed) || (MARKS.contains(&word.text.as_str()) && (enclosed || (at_edge && shouted)))
    };
    let kept: Vec<Word> = all.iter().enumerate().filter(|(at, w)| !is_mark(*at, w)).map(|(_, w)| w.clone()).collect();
    if kept.len() < SHORTEST { None } else { shingles(&kept, kept.len()).first().copied() }
}

/// The last takes.
#[derive(Default)]
pub struct Takes(VecDeque<(OutletId, u64, Timestamp, StoryId)>);

impl Takes {
    /// Takes one in. Those that nothing can follow any more go.
    pub fn add(&mut self, outlet: OutletId, slug: u64, at: Timestamp, story: StoryId) {
        while self.0.front().is_some_and(|take| at.since(take.2) > 2 * WITHIN) {
            self.0.pop_front();
        }
        self.0.push_back((outlet, slug, at, story));
    }

    /// The story of the take that one seen at `at` follows.
    pub fn find(&self, outlet: OutletId, slug: u64, at: Timestamp) -> Option<StoryId> {
        let follows = |take: &&(OutletId, u64, Timestamp, StoryId)| {
            take.0 == outlet && take.1 == slug && at.since(take.2).abs() <= WITHIN
        };
        self.0.iter().rev().find(follows).map(|take| take.3)
    }

    /// The takes of a story belong to another from now on.
    pub fn rename(&mut self, from: StoryId, to: StoryId) {
        self.0.iter_mut().filter(|take| take.3 == from).for_each(|take| take.3 = to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_go_by_one_slug() {
        let first = slug("Frana sulla provinciale 14, strada chiusa");
        assert!(first.is_some());
        for (title, same) in [
            ("Frana sulla provinciale 14, strada chiusa (2)", true),
            ("Frana sulla provinciale 14, strada chiusa -3-", true),
            ("++ FRANA SULLA PROVINCIALE 14, STRADA CHIUSA ++", true),
            ("RPT Frana sulla provinciale 14, strada chiusa", true),
            ("Frana sulla provinciale 14, strada chiusa (SEGUE)", true),
            ("Frana sulla provinciale 15, strada chiusa", false),
            ("Frana sulla provinciale, strada chiusa", false),
            ("Frana sulla provinciale 14, strada chiusa: segue una riunione", false),
        ] {
            assert_eq!(slug(title) == first, same, "{title}");
        }
        assert_eq!((slug("Meteo (2)"), slug("")), (None, None));
    }

    #[test]
    fn a_take_follows_within_three_hours_and_in_its_own_agency() {
        let mut takes = Takes::default();
        let at = |hours: i64| Timestamp(1_795_000_000_000).plus(hours * HOUR);
        takes.add(OutletId(1), 7, at(0), StoryId(3));
        assert_eq!(takes.find(OutletId(1), 7, at(2)), Some(StoryId(3)));
        assert_eq!(takes.find(OutletId(2), 7, at(2)), None);
        assert_eq!(takes.find(OutletId(1), 8, at(2)), None);
        assert_eq!(takes.find(OutletId(1), 7, at(4)), None);
        takes.add(OutletId(1), 7, at(3), StoryId(3));
        takes.rename(StoryId(3), StoryId(2));
        assert_eq!(takes.find(OutletId(1), 7, at(6)), Some(StoryId(2)));
        takes.add(OutletId(1), 9, at(20), StoryId(4));
        assert_eq!(takes.0.len(), 1);
    }
}
