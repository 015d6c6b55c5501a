//! When a source is visited next, and how long a host is left in peace.
//!
//! Everything here is a pure function from what happened to a due time: nobody sleeps, so that a day can run in
//! seconds under a stepped clock. The interval follows how long the source has been quiet: about half of that, inside
//! the bounds of its class, which approximates half the expected gap without a table of rates. Left out: hourly rates,
//! server hints (`ttl`, `max-age`) and WebSub.

use salastampa_domain::time::{DAY, HOUR, MINUTE, SECOND};
use salastampa_domain::{Cadence, Health, Timestamp, VisitOutcome};

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
        VisitOutcome::Read | VisitOutcome::Unchanged | VisitOutcome::Empty { .. } => {
            jitter(quiet_interval(pace), pace.seed)
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

/// How long a host is left in peace after a request, in milliseconds.
pub fn host_gap(crawl_delay: Option<i64>, article_page: bool) -> i64 {
    let own = if article_page { PAGE_GAP } else { GAP };
    match crawl_delay {
        Some(asked) if (CRAWL_DELAY.0..=CRAWL_DELAY.1).contains(&asked) => own.max(asked),
        _ => own,
    }
}

/// What a server's `Retry-After` binds us to: a minute to a day; 0 where it asked nothing.
pub fn obeyed(retry_after: Option<i64>) -> i64 {
    retry_after.map_or(0, |asked| asked.clamp(RETRY_AFTER.0, RETRY_AFTER.1))
}

/// Half of the silence so far, inside the bounds of the class.
fn quiet_interval(pace: &Pace<'_>) -> i64 {
    let (shortest, longest) = bounds(pace.cadence);
    // from midnight to five little is written, and what is comes from agencies
    let night = pace.cadence != Cadence::A && pace.now.civil().hour() < 5;
    let shortest = if night { (3 * shortest).min(longest) } else { shortest };
    if pace.new_items >= 2 { shortest } else { (pace.idle / 2).clamp(shortest, longest) }
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
            retry_after: None,
            now: noon(),
            seed: 7,
        }
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
            assert_eq!(host_gap(delay, page), expected, "{delay:?} {page}");
        }
    }
}
