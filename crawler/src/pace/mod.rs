//! When a source is visited next, and how long a host is left in peace.
//!
//! Everything here is a pure function from what happened to a due time: nobody sleeps, so that a day can run in
//! seconds under a stepped clock. The interval is half of the gap that is to be expected at this hour ([`profile`]), or
//! half of the silence so far where the hour was never watched, inside the bounds of the class; what the server asks for
//! makes it longer, never shorter.

mod after;
pub mod profile;

pub use after::{After, Told, Visited, after, after_errand, rhythm};

use salastampa_domain::time::{DAY, HOUR, MINUTE, SECOND};
use salastampa_domain::{Cadence, Health, Hints, Learned, Slowed, Timestamp, VisitOutcome};

/// Longest wait after a failure that may pass.
const LONGEST_BACK_OFF: i64 = 6 * HOUR;
/// `Retry-After` is obeyed between these.
const RETRY_AFTER: (i64, i64) = (MINUTE, DAY);
/// Between two requests to one host.
const GAP: i64 = 2 * SECOND;
/// Between two article pages of one host.
const PAGE_GAP: i64 = 5 * SECOND;
/// A `Crawl-delay` outside is taken for a mistake: shorter than our own gap, or longer than a newspaper can mean.
const CRAWL_DELAY: (i64, i64) = (SECOND, 30 * SECOND);

/// What the next visit depends on.
#[derive(Clone, Debug)]
pub struct Pace<'a> {
    /// The class of the source.
    pub cadence: Cadence,
    /// How this visit ended.
    pub outcome: &'a VisitOutcome,
    /// The health of the source after this visit.
    pub health: &'a Health,
    /// Items that were new.
    pub new_items: u32,
    /// Milliseconds since the last new item of the source, 0 if this visit brought one.
    pub idle: i64,
    /// What its visits have taught, this one included.
    pub learned: &'a Learned,
    /// The holiday of the town, as month and day.
    pub patron: Option<(i8, i8)>,
    /// How long the answer stays fresh, by its own word, in milliseconds.
    pub fresh_for: Option<i64>,
    /// Nothing known was left in the window: items may have been lost.
    pub gap: bool,
    /// A hub tells when it has news: it is asked at a sixth of the rate, since hubs forget.
    pub subscribed: bool,
    /// What the server asked us to wait, in milliseconds.
    pub retry_after: Option<i64>,
    /// When this visit ended.
    pub now: Timestamp,
    /// Makes the jitter: for example the number of the source mixed with the time.
    pub seed: u64,
}

/// The shortest and the longest interval of a class, in milliseconds.
pub fn bounds(cadence: Cadence) -> (i64, i64) {
    match cadence {
        Cadence::A => (MINUTE, 2 * MINUTE),
        Cadence::B => (2 * MINUTE, 10 * MINUTE),
        Cadence::C => (2 * MINUTE, 30 * MINUTE),
        Cadence::D => (5 * MINUTE, 2 * HOUR),
    }
}

/// When the source is visited next.
pub fn next_visit(pace: &Pace<'_>) -> Timestamp {
    let (_, longest) = bounds(pace.cadence);
    let wait = match pace.outcome {
        // three times in a day: a person is asked, and one look a day tells whether it came back
        VisitOutcome::Hard { .. } if is_gone(pace.learned, pace.now) => jitter(21 * HOUR, pace.seed),
        VisitOutcome::Read | VisitOutcome::Unchanged | VisitOutcome::Empty { .. } => {
            let least = quiet_interval(pace);
            jitter(if pace.subscribed { (6 * least).min(LONGEST_BACK_OFF) } else { least }, pace.seed)
        }
        VisitOutcome::Soft { .. } | VisitOutcome::Hard { .. } | VisitOutcome::NotAFeed { .. } => {
            back_off(longest, failures(pace.health), pace.seed)
        }
        // our own fault says nothing of the source: soon again, but not in a circle
        VisitOutcome::Ours { .. } => back_off(longest.min(10 * MINUTE), 0, pace.seed),
        VisitOutcome::Blocked { .. } | VisitOutcome::Hostile { .. } => jitter(6 * HOUR, pace.seed),
        // with its jitter still once a day
        VisitOutcome::Robots => jitter(21 * HOUR, pace.seed),
    };
    pace.now.plus(wait.max(obeyed(pace.retry_after)))
}

/// When an article page is asked for again after its `attempts`-th failure (from 1).
pub fn page_retry(attempts: u32, retry_after: Option<i64>, now: Timestamp, seed: u64) -> Timestamp {
    now.plus(back_off(10 * MINUTE, attempts, seed).max(obeyed(retry_after)))
}

/// How long a host is left in peace after a request, in milliseconds: longer for article pages, and for a server that
/// takes long to answer (`rtt`, smoothed milliseconds).
pub fn host_gap(crawl_delay: Option<i64>, rtt: Option<i64>, article_page: bool) -> i64 {
    let own = if article_page { PAGE_GAP } else { GAP };
    let own = own.max(rtt.unwrap_or(0).saturating_mul(2).min(CRAWL_DELAY.1));
    match crawl_delay {
        Some(asked) if (CRAWL_DELAY.0..=CRAWL_DELAY.1).contains(&asked) => own.max(asked),
        _ => own,
    }
}

/// The smoothed time of an answer after another one (RFC 6298 §2: an eighth of the new).
pub fn smoothed(before: Option<i64>, took: i64) -> i64 {
    before.map_or(took, |before| before + (took - before) / 8)
}

/// What a server's `Retry-After` binds us to: a minute to a day; 0 where it asked nothing.
pub fn obeyed(retry_after: Option<i64>) -> i64 {
    retry_after.map_or(0, |asked| asked.clamp(RETRY_AFTER.0, RETRY_AFTER.1))
}

/// The server says that an address is gone for good, and has done so long enough to ask a person.
pub fn is_gone(learned: &Learned, now: Timestamp) -> bool {
    learned.gone.as_ref().is_some_and(|gone| gone.holds(3, DAY, now))
}

/// The pace after the server said "too many requests", or after a good visit: the second time in a day makes the
/// shortest interval longer by itself, each further time again up to the longest of the class; a day without one takes a
/// step back.
pub fn slowed(before: Option<Slowed>, too_many: bool, cadence: Cadence, now: Timestamp) -> Option<Slowed> {
    let (step, most) = bounds(cadence);
    match before {
        None => too_many.then_some(Slowed { by: 0, at: now }),
        Some(s) if now.since(s.at) < DAY => match too_many {
            true => Some(Slowed { by: (s.by + step).min(most), at: now }),
            false => Some(s),
        },
        Some(s) if too_many => Some(Slowed { at: now, ..s }),
        Some(s) => (s.by > step).then_some(Slowed { by: s.by - step, at: now }),
    }
}

/// Half of the expected gap, inside the bounds of the class, as far as the server has nothing against it.
fn quiet_interval(pace: &Pace<'_>) -> i64 {
    let (shortest, longest) = bounds(pace.cadence);
    // from midnight to five little is written, and what is comes from agencies
    let night = pace.cadence != Cadence::A && pace.now.civil().hour() < 5;
    let shortest = if night { (3 * shortest).min(longest) } else { shortest };
    let shortest = shortest + pace.learned.slowed.map_or(0, |s| s.by);
    let longest = longest.max(shortest);
    let own = if pace.gap || pace.new_items >= 2 {
        shortest
    } else {
        let silent = if pace.idle >= 6 * HOUR { pace.idle / 10 } else { 0 };
        expected_gap(pace).map_or(pace.idle / 2, |gap| gap / 2).max(silent).clamp(shortest, longest)
    };
    // an agency is asked every five minutes whatever its feed says, unless it says so by 429
    let most = if pace.cadence == Cadence::A { (5 * MINUTE).max(longest) } else { longest };
    own.max(asked(&pace.learned.hints, pace.fresh_for, pace.now).min(most))
}

/// Milliseconds between two items at this hour; `None` where it was never watched.
fn expected_gap(pace: &Pace<'_>) -> Option<i64> {
    let rate = pace.learned.profile.rate(pace.now, pace.patron)?;
    Some(if rate == 0 { i64::MAX } else { HOUR * 1_000 / i64::from(rate) })
}

/// What feed and server ask for, in milliseconds from now; 0 for nothing.
fn asked(hints: &Hints, fresh_for: Option<i64>, now: Timestamp) -> i64 {
    let every = hints.every.unwrap_or(0).max(fresh_for.unwrap_or(0));
    every.max(skipped(hints, now))
}

/// How long nothing comes by the feed's own word: the hours and days in GMT that it skips, a week at most.
fn skipped(hints: &Hints, now: Timestamp) -> i64 {
    let silent = |hour: i64| {
        // 1 January 1970 was a Thursday, the fourth day
        let day = (hour.div_euclid(24) + 3).rem_euclid(7);
        hints.skip_hours >> hour.rem_euclid(24) & 1 == 1 || hints.skip_days >> day & 1 == 1
    };
    let this = now.0.div_euclid(HOUR);
    match (this..this + 7 * 24).find(|hour| !silent(*hour)) {
        Some(hour) if hour > this => hour * HOUR - now.0,
        _ => 0,
    }
}

fn failures(health: &Health) -> u32 {
    match health {
        Health::Failing { times } | Health::Ill { times, .. } => times.saturating_sub(1),
        _ => 0,
    }
}

/// A wait that doubles with each failure, drawn from the whole span ("full jitter"), so that many sources that failed
/// together do not come back together.
fn back_off(unit: i64, failures: u32, seed: u64) -> i64 {
    let most = unit.saturating_mul(1 << failures.min(20)).min(LONGEST_BACK_OFF);
    let least = (most / 10).max(MINUTE);
    least + part(most.saturating_sub(least).max(0), seed)
}

/// A tenth more or less.
fn jitter(wait: i64, seed: u64) -> i64 {
    wait - wait / 10 + part(wait / 5, seed)
}

/// A number from 0 to `span`, made from the seed alone (SplitMix64).
fn part(span: i64, seed: u64) -> i64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z % (span.unsigned_abs() + 1)).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        Timestamp::parse("2026-11-23 12:00").expect("an instant")
    }

    fn wait(pace: &Pace<'_>) -> i64 {
        next_visit(pace).since(pace.now)
    }

    fn good(cadence: Cadence, new_items: u32, idle: i64) -> Pace<'static> {
        Pace {
            cadence,
            outcome: &VisitOutcome::Read,
            health: &Health::Alive,
            new_items,
            idle,
            learned: nothing_learned(),
            patron: None,
            fresh_for: None,
            gap: false,
            subscribed: false,
            retry_after: None,
            now: noon(),
            seed: 7,
        }
    }

    fn nothing_learned() -> &'static Learned {
        static NOTHING: std::sync::OnceLock<Learned> = std::sync::OnceLock::new();
        NOTHING.get_or_init(Learned::default)
    }

    #[track_caller]
    fn about(actual: i64, expected: i64) {
        assert!((actual - expected).abs() <= expected / 10, "{actual} is not about {expected}");
    }

    #[test]
    fn the_interval_grows_with_the_silence_inside_the_class() {
        for (cadence, new, idle, expected) in [
            (Cadence::A, 3, 0, MINUTE),
            (Cadence::A, 0, HOUR, 2 * MINUTE),
            (Cadence::B, 0, 10 * MINUTE, 5 * MINUTE),
            (Cadence::B, 0, DAY, 10 * MINUTE),
            (Cadence::C, 2, 0, 2 * MINUTE),
            (Cadence::C, 1, 0, 2 * MINUTE),
            (Cadence::C, 0, 30 * MINUTE, 15 * MINUTE),
            (Cadence::C, 0, 9 * HOUR, 30 * MINUTE),
            (Cadence::D, 0, HOUR, 30 * MINUTE),
            (Cadence::D, 0, i64::MAX, 2 * HOUR),
            (Cadence::D, 0, -5, 5 * MINUTE),
        ] {
            about(wait(&good(cadence, new, idle)), expected);
        }
    }

    #[test]
    fn at_night_only_agencies_keep_their_shortest_interval() {
        let at = |hour: &str| Timestamp::parse(&format!("2026-11-23 {hour}")).expect("an instant");
        let night = |cadence, hour| wait(&Pace { now: at(hour), ..good(cadence, 5, 0) });
        about(night(Cadence::A, "02:00"), MINUTE);
        about(night(Cadence::C, "02:00"), 6 * MINUTE);
        about(night(Cadence::C, "05:00"), 2 * MINUTE);
    }

    #[test]
    fn failures_double_the_wait_up_to_six_hours() {
        let soft = VisitOutcome::Soft { why: "risposta 503".into() };
        for (times, most) in [(1, 30 * MINUTE), (2, HOUR), (3, 2 * HOUR), (5, 6 * HOUR), (u32::MAX, 6 * HOUR)] {
            let health = Health::Ill { since: Timestamp(0), times, why: String::new() };
            let waits: Vec<i64> = (0..200)
                .map(|seed| wait(&Pace { outcome: &soft, health: &health, seed, ..good(Cadence::C, 0, 0) }))
                .collect();
            assert!(waits.iter().all(|w| (MINUTE..=most).contains(w)), "{times}");
            assert!(waits.iter().any(|w| *w > most / 2) && waits.iter().any(|w| *w < most / 2), "{times}: full jitter");
        }
    }

    #[test]
    fn each_illness_has_its_wait() {
        let why = String::new;
        for (outcome, expected) in [
            (VisitOutcome::Blocked { why: why() }, 6 * HOUR),
            (VisitOutcome::Hostile { why: why() }, 6 * HOUR),
            (VisitOutcome::Robots, 21 * HOUR),
            (VisitOutcome::Empty { why: why() }, 2 * MINUTE),
            (VisitOutcome::Unchanged, 2 * MINUTE),
        ] {
            about(wait(&Pace { outcome: &outcome, ..good(Cadence::C, 0, 0) }), expected);
        }
        let ours = VisitOutcome::Ours { why: why() };
        assert!(wait(&Pace { outcome: &ours, ..good(Cadence::D, 0, 0) }) <= 10 * MINUTE);
    }

    #[test]
    fn no_source_waits_longer_than_a_day() {
        let day = DAY + 1;
        for outcome in [VisitOutcome::Robots, VisitOutcome::Read, VisitOutcome::Hard { why: String::new() }] {
            for seed in 0..200 {
                assert!(wait(&Pace { outcome: &outcome, seed, ..good(Cadence::D, 0, DAY) }) < day);
            }
        }
    }

    #[test]
    fn what_the_server_asks_is_obeyed() {
        let soft = VisitOutcome::Soft { why: "risposta 429".into() };
        let asked = |retry_after| {
            let health = Health::Failing { times: 1 };
            wait(&Pace { outcome: &soft, health: &health, retry_after, ..good(Cadence::A, 0, 0) })
        };
        assert_eq!(asked(Some(10 * MINUTE)), 10 * MINUTE);
        assert_eq!(asked(Some(i64::MAX)), DAY);
        assert!(asked(Some(0)) >= MINUTE);
        assert_eq!(page_retry(1, Some(3 * HOUR), noon(), 1).since(noon()), 3 * HOUR);
    }

    /// Fourteen days of a source with so many items a day, most of them around midday: requests a day, and the delay
    /// in minutes that half and nineteen in twenty items stay under.
    fn simulated(cadence: Cadence, daily: usize) -> (i64, i64, i64) {
        let begin = Timestamp::parse("2026-11-09").expect("an instant");
        let mut seed = 0;
        let mut draw = |span: i64| {
            seed += 1;
            part(span, seed)
        };
        // the mean of three draws stands for the rhythm of a day
        let days = (0..14).flat_map(|day| std::iter::repeat_n(day, daily));
        let mut items: Vec<i64> = days.map(|day| day * DAY + (draw(DAY) + draw(DAY) + draw(DAY)) / 3).collect();
        items.sort_unstable();
        let (mut at, mut last, mut told, mut requests) = (0, 0, 0, 0);
        let mut delays = Vec::new();
        while at < 14 * DAY {
            requests += 1;
            let before = told;
            while items.get(told).is_some_and(|item| *item <= at) {
                delays.push(at - items[told]);
                told += 1;
            }
            if told > before {
                last = at;
            }
            let new_items = u32::try_from(told - before).expect("few items");
            let pace = Pace { now: begin.plus(at), idle: at - last, new_items, ..good(cadence, 0, 0) };
            at += wait(&Pace { seed: requests, ..pace });
        }
        delays.sort_unstable();
        let under = |share: usize| delays[delays.len() * share / 100] / MINUTE;
        (i64::try_from(requests).expect("few requests") / 14, under(50), under(95))
    }

    #[test]
    fn news_is_told_soon_at_a_bounded_number_of_requests() {
        for (cadence, daily, requests, half, most) in [
            (Cadence::A, 450, 1_100, 1, 2),
            (Cadence::B, 180, 450, 2, 7),
            (Cadence::C, 25, 170, 10, 29),
            (Cadence::D, 3, 40, 49, 113),
        ] {
            let seen = simulated(cadence, daily);
            assert!(seen.0 <= requests && seen.1 <= half && seen.2 <= most, "{cadence:?}: {seen:?}");
        }
    }

    #[test]
    fn a_slow_server_is_left_alone_for_longer() {
        for (rtt, expected) in [(300, 2_000), (4_000, 8_000), (20_000, 30_000)] {
            assert_eq!(host_gap(None, Some(rtt), false), expected);
        }
        assert_eq!((smoothed(None, 800), smoothed(Some(800), 0), smoothed(Some(800), 1_600)), (800, 700, 900));
    }

    #[test]
    fn a_host_is_left_in_peace() {
        for (delay, page, expected) in [
            (None, false, 2_000),
            (None, true, 5_000),
            (Some(10_000), false, 10_000),
            (Some(1_000), true, 5_000),
            (Some(30_000), true, 30_000),
            (Some(31_000), false, 2_000),
            (Some(500), false, 2_000),
        ] {
            assert_eq!(host_gap(delay, None, page), expected, "{delay:?} {page}");
        }
    }
}
