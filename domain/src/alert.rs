//! Alerts (*avvisi*): what is told to a reader about a story, when it leaves, and when a story is worth a second word.
//!
//! A row is one story, watch, reader and round; it carries the one instant at which something is to be done with it
//! ([`Alert::due_at`]), so that a wait is a row that a query finds and a power cut loses nothing. What is due leaves in
//! one transaction with its mail: the state then names the mail, and no second one can be made from the same row. Left
//! out: which articles a watch clips, the words of a mail, and how a mail is handed over.

use crate::quiet::is_quiet;
use crate::time::HOUR;
use crate::{
    AlertId, ArticleId, DeliveryKind, Reader, ReaderId, StoryId, Subject, Timestamp, WatchId, WireKind, WireNotes,
};
use jiff::ToSpan;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// One watch speaks about one story to one reader.
#[derive(Clone, PartialEq, Debug)]
pub struct Alert {
    /// Its number.
    pub id: AlertId,
    /// The story.
    pub story: StoryId,
    /// The watch.
    pub watch: WatchId,
    /// The reader.
    pub reader: ReaderId,
    /// Again about the same story: 0 the first time.
    pub round: u32,
    /// The article that raised it.
    pub article: ArticleId,
    /// How soon it leaves.
    pub tier: Tier,
    /// When it was raised.
    pub at: Timestamp,
    /// What became of it.
    pub state: AlertState,
    /// When something is to be done with it next: it leaves, or it is asked whether the server took it. `None`: nothing.
    pub due_at: Option<Timestamp>,
    /// When its mail was written.
    pub left_at: Option<Timestamp>,
    /// Whether it stood at the gate, where an officer may still decide.
    pub gated: bool,
    /// The line that an officer added; empty where none did.
    pub note: String,
    /// Why the reader is told again; `None` in the first round.
    pub again: Option<Again>,
}

/// How soon an alert leaves.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// *Flash*: at once.
    Flash,
    /// *Ordinario*: with the next batch, one mail a reader.
    Ordinary,
}

/// How long an article's alert waits for its story, in milliseconds; then it leaves without.
pub const PLACED_WITHIN: i64 = 5_000;

/// The number that the alerts of an article go under as long as it has no story: below zero, where no story is.
pub fn unplaced(article: ArticleId) -> StoryId {
    StoryId(-article.0)
}

/// What became of an alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum AlertState {
    /// Waits for its hour.
    Waiting,
    /// Held by the gate until its hour; then it goes by itself.
    Held,
    /// A mail of its own is in the outbox.
    Queued,
    /// Told in a batch, in the mail that is known by its first alert.
    Bundled {
        /// The first alert of that mail.
        first: AlertId,
    },
    /// Told in the mail of another watch of the same reader about the same story.
    Joined {
        /// That alert.
        to: AlertId,
    },
    /// Its story became one with another that the reader was told of: no third message.
    Merged {
        /// The alert that stays.
        into: AlertId,
    },
    /// Never left.
    Dropped {
        /// Why.
        why: Unsent,
    },
}

/// Why an alert never left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsent {
    /// An officer said so at the gate.
    Officer,
    /// The reader takes no alerts any more.
    Reader,
    /// Its article is not to be seen any more: the agency took it back.
    Withdrawn,
}

/// What the office decides about its alerts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertHours {
    /// When batches leave, on the Italian clock, in order.
    pub hours: Vec<Time>,
    /// So many alert mails a reader and day; what is over it waits for the next batch.
    pub cap: u32,
}

impl Default for AlertHours {
    fn default() -> Self {
        Self { hours: [10, 13, 16, 19].map(|hour| Time::constant(hour, 0, 0, 0)).to_vec(), cap: 12 }
    }
}

/// A server that has not taken a flash after so long: the second person is told.
pub const ESCALATES: i64 = 2 * crate::time::MINUTE;
/// Nobody is told again of a story before so long.
pub const AGAIN_AFTER: i64 = 2 * HOUR;
/// So much must be new, in thousandths.
pub const NOVEL: i64 = 350;

impl Alert {
    /// A flash as it is raised: the first about its story, due at once.
    pub fn flash(story: StoryId, watch: WatchId, reader: ReaderId, article: ArticleId, at: Timestamp) -> Self {
        Self {
            id: AlertId(0),
            story,
            watch,
            reader,
            round: 0,
            article,
            tier: Tier::Flash,
            at,
            state: AlertState::Waiting,
            due_at: Some(at),
            left_at: None,
            gated: false,
            note: String::new(),
            again: None,
        }
    }

    /// The same, gone in a mail of its own.
    #[must_use]
    pub fn left(self, at: Timestamp) -> Self {
        Self { state: AlertState::Queued, due_at: None, left_at: Some(at), ..self }
    }

    /// Whether it has not left and still may.
    pub fn is_open(&self) -> bool {
        matches!(self.state, AlertState::Waiting | AlertState::Held)
    }

    /// Whether the reader was told: by this mail or by another.
    pub fn is_told(&self) -> bool {
        matches!(self.state, AlertState::Queued | AlertState::Bundled { .. } | AlertState::Joined { .. })
    }

    /// What its mail is about in the outbox, if it has one.
    pub fn subject(&self) -> Option<Subject> {
        match self.state {
            AlertState::Queued => {
                Some(Subject { kind: DeliveryKind::Alert, thing: self.story.0, version: 0, round: self.round })
            }
            AlertState::Bundled { first } => {
                Some(Subject { kind: DeliveryKind::Batch, thing: first.0, version: 0, round: 0 })
            }
            _ => None,
        }
    }

    /// How long it stood at the gate before it left, in milliseconds.
    pub fn held(&self) -> Option<i64> {
        self.left_at.filter(|_| self.gated).map(|left| left.since(self.at))
    }
}

impl Reader {
    /// Whether it is quiet for them at that time of the Italian clock. The last minute is not quiet any more.
    pub fn is_quiet(&self, at: Time) -> bool {
        is_quiet(self.quiet, at)
    }

    /// The first batch after `now` that is not in their quiet hours; the end of those if all batches are.
    pub fn next_batch(&self, hours: &[Time], now: Timestamp) -> Timestamp {
        let until = self.quiet.map(|(_, until)| until);
        let awake: Vec<Time> = hours.iter().copied().filter(|hour| !self.is_quiet(*hour)).collect();
        let fallback = until.or_else(|| AlertHours::default().hours.first().copied());
        let hours: Vec<Time> = if awake.is_empty() { fallback.into_iter().collect() } else { awake };
        let today = now.day();
        let days = (0..3).filter_map(|n| today.checked_add(n.days()).ok());
        let slots = days.flat_map(|day| hours.iter().map(move |hour| Timestamp::of_civil(day.to_datetime(*hour))));
        slots.filter(|at| *at > now).min().unwrap_or_else(|| now.plus(HOUR))
    }
}

/// Whether an agency marked a piece as urgent: `+` before the title, or the first two degrees of its own scale.
pub fn is_urgent(notes: &WireNotes) -> bool {
    notes.plus > 0 || notes.urgency.is_some_and(|degree| (1..=2).contains(&degree))
}

/// Whether a title says so itself, as feeds of agencies have it: `+++ …`, `FLASH: …`, `URGENTE - …`.
pub fn is_urgent_title(title: &str) -> bool {
    let title = title.trim_start();
    let words = title.trim_start_matches(|c: char| !c.is_alphanumeric());
    title.starts_with("++") || words.starts_with("FLASH") || words.starts_with("URGENTE")
}

/// Whether a title says that it corrects an earlier one, as feeds of agencies have it: `RETTIFICA: …`, `(Correzione) …`,
/// `… (RETTIFICA)`. The word alone says nothing: *Rettifica dei confini*.
pub fn is_correction_title(title: &str) -> bool {
    const WORDS: [&str; 4] = ["RETTIFICA", "CORREZIONE", "ERRATA CORRIGE", "ERRATA-CORRIGE"];
    let is_word = |inner: &str| WORDS.contains(&inner.trim().to_uppercase().as_str());
    let title = title.trim();
    let in_brackets = |inner: Option<&str>| inner.is_some_and(is_word);
    if in_brackets(title.strip_prefix('(').and_then(|rest| Some(rest.split_once(')')?.0)))
        || in_brackets(title.strip_suffix(')').and_then(|rest| Some(rest.rsplit_once('(')?.1)))
        || in_brackets(title.split_once(':').map(|(before, _)| before))
    {
        return true;
    }
    let words = title.trim_start_matches(|c: char| !c.is_alphanumeric());
    let marks = |rest: &str| rest.trim_start().chars().next().is_none_or(|c| !c.is_alphanumeric());
    WORDS.iter().any(|word| words.strip_prefix(word).is_some_and(marks))
}

/// What is known of a story when a new article of it is clipped for somebody who was told of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Since {
    /// Milliseconds since they were told last.
    pub since: i64,
    /// The agency corrects what was told.
    pub corrected: bool,
    /// The agency marks the new article as urgent, and none before it.
    pub urgent: bool,
    /// An administrator is in a title for the first time.
    pub administrator: bool,
    /// Outlets with a text of their own when they were told last.
    pub outlets_before: usize,
    /// And now.
    pub outlets: usize,
    /// The share of names and numbers that were in nothing that was told, in thousandths.
    pub novelty: i64,
}

/// Why a reader is told again of a story.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// What was told is corrected.
    Correction,
    /// The agency marks it as urgent now.
    Urgent,
    /// An administrator is in a title for the first time.
    Administrator,
    /// So many outlets tell it now, with a text of their own.
    Outlets(usize),
    /// There is much that is new.
    Novelty,
}

/// Whether a reader is told again, and why: two hours after the last word, and if the level rose or there is much that
/// is new. A correction of what was told does not wait.
pub fn again(since: &Since) -> Option<Again> {
    if since.corrected {
        return Some(Again::Correction);
    }
    if since.since < AGAIN_AFTER {
        return None;
    }
    let passed = [10, 5].into_iter().find(|n| since.outlets_before < *n && *n <= since.outlets);
    match passed {
        _ if since.urgent => Some(Again::Urgent),
        _ if since.administrator => Some(Again::Administrator),
        Some(n) => Some(Again::Outlets(n)),
        None => (since.novelty >= NOVEL).then_some(Again::Novelty),
    }
}

/// Whether a version of a wire takes back part of what was said.
pub fn is_correction(kind: WireKind) -> bool {
    kind == WireKind::Correction
}

/// How long alerts took from when they were first seen until a server took them: milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Latency {
    /// How many were accepted.
    pub count: usize,
    /// The middle one.
    pub median: i64,
    /// Of a hundred, ninety-five are not slower.
    pub p95: i64,
    /// Of a hundred, ninety-nine are not slower.
    pub p99: i64,
    /// The slowest.
    pub max: i64,
    /// How many took more than ten seconds.
    pub over_10: usize,
    /// How many took more than thirty, or were never taken.
    pub over_30: usize,
}

impl Latency {
    /// The figures of these times; `lost` were never taken by a server.
    pub fn of(mut times: Vec<i64>, lost: usize) -> Self {
        times.sort_unstable();
        // nearest rank: the smallest that so many of a hundred do not exceed
        let at = |share: usize| {
            let rank = (times.len() * share).div_ceil(100);
            times.get(rank.saturating_sub(1)).copied().unwrap_or(0)
        };
        let over = |limit: i64| times.iter().filter(|time| **time > limit).count();
        Self {
            count: times.len(),
            median: at(50),
            p95: at(95),
            p99: at(99),
            max: times.last().copied().unwrap_or(0),
            over_10: over(10_000),
            over_30: over(30_000) + lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Address, Receives};

    fn reader(quiet: Option<(&str, &str)>) -> Reader {
        let time = |text: &str| text.parse::<Time>().expect(text);
        Reader {
            id: ReaderId(1),
            slug: "sindaca".into(),
            name: "Ada Corti".into(),
            address: Address::parse("sindaca@bellariva.test").expect("an address"),
            language: "it".into(),
            watches: Vec::new(),
            editions: Vec::new(),
            receives: Receives { alerts: true, reviews: true },
            quiet: quiet.map(|(from, until)| (time(from), time(until))),
            second: None,
            second_at_night: false,
            push: None,
        }
    }

    #[test]
    fn a_batch_leaves_at_the_next_hour_of_the_italian_clock_that_is_not_quiet() {
        let night = Some(("22:00", "07:00"));
        for (hours, quiet, now, expected) in [
            ("10:00 13:00 16:00 19:00", None, "2026-11-23 09:59:59", "2026-11-23 10:00"),
            ("10:00 13:00 16:00 19:00", None, "2026-11-23 10:00", "2026-11-23 13:00"),
            ("10:00 13:00 16:00 19:00", None, "2026-11-23 19:00:01", "2026-11-24 10:00"),
            ("06:00 10:00 23:00", night, "2026-11-23 19:00", "2026-11-24 10:00"),
            ("10:00", Some(("09:00", "12:00")), "2026-11-23 08:00", "2026-11-23 12:00"),
            ("", None, "2026-11-23 08:00", "2026-11-23 10:00"),
            ("", night, "2026-11-23 08:00", "2026-11-24 07:00"),
            // the hour that spring skips, and the one that autumn repeats
            ("02:30", None, "2026-03-29 01:59", "2026-03-29 03:30"),
            ("02:30", None, "2026-10-25T02:31:00+02:00", "2026-10-26 02:30"),
            ("10:00", None, "2026-10-24 10:00", "2026-10-25 10:00"),
        ] {
            let hours: Vec<Time> = hours.split_whitespace().map(|text| text.parse().expect(text)).collect();
            let at = |text: &str| Timestamp::parse(text).expect(text);
            let next = reader(quiet).next_batch(&hours, at(now));
            assert_eq!(next.rfc3339(), at(expected).rfc3339(), "{hours:?} {quiet:?} {now}");
        }
    }

    #[test]
    fn a_reader_is_told_again_when_the_level_rose_or_much_is_new_and_not_too_soon() {
        let late = || Since { since: AGAIN_AFTER, outlets_before: 1, outlets: 1, ..Since::default() };
        for (since, expected) in [
            (late(), None),
            (Since { novelty: NOVEL, ..late() }, Some(Again::Novelty)),
            (Since { novelty: NOVEL - 1, ..late() }, None),
            (Since { outlets: 5, ..late() }, Some(Again::Outlets(5))),
            (Since { outlets: 12, ..late() }, Some(Again::Outlets(10))),
            (Since { outlets_before: 5, outlets: 9, ..late() }, None),
            (Since { administrator: true, ..late() }, Some(Again::Administrator)),
            (Since { urgent: true, ..late() }, Some(Again::Urgent)),
            (Since { since: AGAIN_AFTER - 1, urgent: true, administrator: true, novelty: 1_000, ..late() }, None),
            (Since { since: 0, corrected: true, ..late() }, Some(Again::Correction)),
        ] {
            assert_eq!(again(&since), expected, "{since:?}");
        }
    }

    #[test]
    fn urgency_is_read_in_wires_and_titles() {
        for (title, urgent) in [
            ("++ Frana sulla litoranea ++", true),
            ("FLASH - Chiusa la galleria", true),
            ("*URGENTE* Chiusa la galleria", true),
            ("Flash mob in piazza", false),
            ("Lavori urgenti al molo", false),
        ] {
            assert_eq!(is_urgent_title(title), urgent, "{title}");
        }
        assert!(is_urgent(&WireNotes { urgency: Some(1), ..WireNotes::default() }));
        assert!(!is_urgent(&WireNotes { urgency: Some(4), ..WireNotes::default() }));
    }

    #[test]
    fn a_correction_is_read_in_titles_where_it_is_a_mark_and_not_the_news() {
        for (title, corrects) in [
            ("RETTIFICA: i feriti sono due", true),
            ("++ RETTIFICA ++ i feriti sono due", true),
            ("RETTIFICA - I feriti sono due", true),
            ("Rettifica: i feriti sono due", true),
            ("(Correzione) I feriti sono due", true),
            ("I feriti sono due (RETTIFICA)", true),
            ("ERRATA CORRIGE: i feriti sono due", true),
            ("RETTIFICA DEI CONFINI A MARESIO", false),
            ("Rettifica dei confini: il voto è giovedì", false),
            ("Chiesta la rettifica (il sindaco)", false),
            ("", false),
        ] {
            assert_eq!(is_correction_title(title), corrects, "{title}");
        }
    }

    #[test]
    fn the_figures_of_latency_are_of_the_nearest_rank() {
        assert_eq!(Latency::of(Vec::new(), 0), Latency::default());
        let times: Vec<i64> = (1..=100).map(|n| n * 400).collect();
        let told = Latency::of(times, 2);
        assert_eq!((told.median, told.p95, told.p99, told.max), (20_000, 38_000, 39_600, 40_000));
        assert_eq!((told.over_10, told.over_30), (75, 27));
    }
}
