//! Looking at an article again after it was published: when, and what a look gave.
//!
//! Pages of clipped articles are looked at one, six, twenty-four and seventy-two hours after they were clipped: most
//! corrections and silent edits fall into the first day. A page that is missing counts as removed only when it is
//! missing twice, an hour apart; one that shows a wall in place of its text has not changed. Left out: how a page is
//! fetched, and what makes two texts differ (`crawler::change`).

use crate::time::{HOUR, MINUTE};
use crate::{ArticleId, ForeignText, Timestamp, Validators};
use serde::{Deserialize, Serialize};

/// So long after it was clipped the page of an article is looked at again, in milliseconds.
const STEPS: [i64; 4] = [HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR];
/// So long after a page was first missing it is asked for once more.
const AGAIN: i64 = HOUR;
/// So often a look is tried that gave no answer, before the next step's turn comes.
const ATTEMPTS: u32 = 3;
/// The first pause before such a try; each further one is twice as long.
const PAUSE: i64 = 10 * MINUTE;

/// What is known of an article's page and of what its source told, to notice when either changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    /// The article.
    pub article: ArticleId,
    /// The host whose gate its page stands behind; empty where the page was never read, and is not looked at.
    pub host: String,
    /// Hash of what its own source last told of it.
    pub told: Option<String>,
    /// The date that its source last told.
    pub told_at: Option<Timestamp>,
    /// The headline that the page last had: feeds often word theirs otherwise.
    pub headline: Option<String>,
    /// The date that the page last declared: of its last change, or else of its publication.
    pub dated: Option<Timestamp>,
    /// What the server wants to hear next time.
    pub validators: Validators,
    /// When it was clipped: the looks are counted from here.
    pub since: Option<Timestamp>,
    /// When it is looked at next; `None` if it is not.
    pub due_at: Option<Timestamp>,
    /// How often the present look was tried in vain.
    pub attempts: u32,
    /// Since when the page is missing.
    pub missing_since: Option<Timestamp>,
    /// When it was last looked at.
    pub seen_at: Option<Timestamp>,
    /// What that gave.
    pub outcome: Option<Looked>,
}

/// What a look gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looked {
    /// The text as it was.
    Same,
    /// Another text.
    Changed,
    /// No page there (404, 410).
    Missing,
    /// The page asks for consent, a login or a subscription in place of its text.
    Wall,
    /// The page shows much less text than it did, and does not say why.
    Teaser,
    /// Another page came, such as the front page.
    Elsewhere,
    /// The site refuses us, or asks for a proof of being human.
    Blocked,
    /// robots.txt forbids the page by now.
    Forbidden,
    /// Text mining is reserved by now: the page is not read.
    Reserved,
    /// No usable answer.
    Failed,
}

impl Look {
    /// An article whose page was not read yet, and of which nothing was told.
    pub fn new(article: ArticleId, host: impl Into<String>) -> Self {
        Self {
            article,
            host: host.into(),
            told: None,
            told_at: None,
            headline: None,
            dated: None,
            validators: Validators::default(),
            since: None,
            due_at: None,
            attempts: 0,
            missing_since: None,
            seen_at: None,
            outcome: None,
        }
    }

    /// Whether this look proves that the page is gone: it was missing an hour ago and is missing now.
    pub fn proves_removal(&self, found: Looked, now: Timestamp) -> bool {
        found == Looked::Missing && self.missing_since.is_some_and(|since| now.since(since) >= AGAIN)
    }

    /// The row after a look: what it gave, and when the next one is due. `wait` is what the server bound us to, in
    /// milliseconds.
    pub fn after(&self, found: Looked, wait: Option<i64>, now: Timestamp) -> Self {
        let mut next = Self { seen_at: Some(now), outcome: Some(found), attempts: 0, ..self.clone() };
        next.due_at = self.since.and_then(|since| next_step(since, now));
        match found {
            Looked::Missing => {
                let first = *next.missing_since.get_or_insert(now);
                if now.since(first) < AGAIN {
                    next.due_at = Some(first.plus(AGAIN));
                }
            }
            Looked::Failed if self.attempts + 1 < ATTEMPTS => {
                next.attempts = self.attempts + 1;
                next.due_at = Some(now.plus(PAUSE << self.attempts));
            }
            // nothing is known of the page now
            Looked::Failed | Looked::Blocked | Looked::Forbidden | Looked::Reserved => {}
            Looked::Same | Looked::Changed | Looked::Wall | Looked::Teaser | Looked::Elsewhere => {
                next.missing_since = None;
            }
        }
        next.due_at = next.due_at.map(|due| wait.map_or(due, |wait| due.max(now.plus(wait))));
        next
    }
}

/// What a source tells of an article, as a hash (FNV-1a, 64 bits): that it tells something else is seen without reading
/// the article. Nobody gains by forging it, since it is compared with the same article only.
pub fn told(title: &str, lead: &ForeignText, body: &ForeignText) -> String {
    let parts = [title, "\n", lead.for_analysis(), "\n", body.for_analysis()];
    let bytes = parts.into_iter().flat_map(str::bytes);
    let hash = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

/// The first step that is still to come; `None` after the last.
pub fn next_step(since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    STEPS.iter().map(|step| since.plus(*step)).find(|due| *due > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIPPED: Timestamp = Timestamp(1_795_000_000_000);

    fn at(hours: i64) -> Timestamp {
        CLIPPED.plus(hours * HOUR)
    }

    fn look() -> Look {
        Look { since: Some(CLIPPED), due_at: Some(at(1)), ..Look::new(ArticleId(1), "lago.test") }
    }

    #[test]
    fn what_is_told_otherwise_has_another_hash() {
        let told = |title, lead, body| told(title, &ForeignText::new(lead), &ForeignText::new(body));
        let hashes = [told("a", "b", "c"), told("a", "bc", ""), told("ab", "", "c"), told("a", "b", "d")];
        let distinct: std::collections::BTreeSet<&String> = hashes.iter().collect();
        assert_eq!(distinct.len(), 4);
        assert_eq!(told("", "", ""), told("", "", ""));
    }

    #[test]
    fn a_page_is_looked_at_four_times() {
        let mut look = look();
        let mut seen = Vec::new();
        while let Some(due) = look.due_at {
            seen.push(due.since(CLIPPED) / HOUR);
            look = look.after(Looked::Same, None, due.plus(5_000));
        }
        assert_eq!(seen, [1, 6, 24, 72]);
        let late = self::look().after(Looked::Same, None, at(30));
        assert_eq!(late.due_at, Some(at(72)), "steps that were slept through are not made up for");
    }

    #[test]
    fn a_page_is_gone_when_it_is_missing_twice_an_hour_apart() {
        let first = look().after(Looked::Missing, None, at(1));
        assert!(!look().proves_removal(Looked::Missing, at(1)));
        assert_eq!((first.missing_since, first.due_at), (Some(at(1)), Some(at(2))));
        assert!(!first.proves_removal(Looked::Missing, at(1).plus(HOUR - 1)));
        assert!(first.proves_removal(Looked::Missing, at(2)));
        assert!(!first.proves_removal(Looked::Blocked, at(2)));
        let second = first.after(Looked::Missing, None, at(2));
        assert_eq!((second.missing_since, second.due_at), (Some(at(1)), Some(at(6))));
        let last = look().after(Looked::Missing, None, at(72));
        assert_eq!(last.due_at, Some(at(73)), "also behind the last step");
        assert_eq!(last.after(Looked::Missing, None, at(73)).due_at, None);
    }

    #[test]
    fn a_page_that_is_there_again_starts_the_count_anew() {
        let missing = look().after(Looked::Missing, None, at(1));
        for found in [Looked::Same, Looked::Wall, Looked::Teaser] {
            assert_eq!(missing.after(found, None, at(2)).missing_since, None, "{found:?}");
        }
        for found in [Looked::Failed, Looked::Blocked] {
            assert_eq!(missing.after(found, None, at(2)).missing_since, Some(at(1)), "{found:?}");
        }
    }

    #[test]
    fn a_look_without_an_answer_is_tried_again_and_then_left_to_the_next_step() {
        let once = look().after(Looked::Failed, None, at(1));
        assert_eq!(once.due_at, Some(at(1).plus(10 * MINUTE)));
        let twice = once.after(Looked::Failed, None, at(1).plus(10 * MINUTE));
        assert_eq!(twice.due_at, Some(at(1).plus(30 * MINUTE)));
        let thrice = twice.after(Looked::Failed, None, at(1).plus(30 * MINUTE));
        assert_eq!((thrice.due_at, thrice.attempts), (Some(at(6)), 0));
        let bound = look().after(Looked::Failed, Some(2 * HOUR), at(1));
        assert_eq!(bound.due_at, Some(at(3)), "what the server asks for is obeyed");
    }
}
