//! When a source speaks, and when its silence is worth a word.
//!
//! Each visit is counted into the hour of the Italian clock in which it was made; hours, days and silences that are over
//! become means over about 28 days, apart for workdays, Saturdays and days of rest. From them come the pace (how soon
//! the next item is to be expected) and two alarms: a silence deeper than any other, and a whole day with fewer items than
//! chance allows. A silence is measured by the items that were due in it and not by the clock, so that a quiet night says
//! nothing about a quiet noon. A plain threshold would not do: an agency is suspect after an hour at noon,
//! a village page not in a week. Left out: seasons, and events that everybody writes about.

use jiff::civil::Date;
use salastampa_domain::time::{DAY, HOUR};
use salastampa_domain::{Counted, DayKind, Learned, Profile, Quiet, Timestamp};

/// Days that a mean looks back on: four weeks of each kind.
const WINDOW: [u8; 3] = [20, 4, 4];
/// Silences that are remembered, one a day.
const REMEMBERED: usize = 28;
/// Good visits further apart than this leave the hours between them unknown.
const BLIND: i64 = 3 * HOUR;
/// Hours of a day that must have been watched for the day to count.
const WATCHED: u32 = 20;
/// Items that must have been due before a silence is told, in thousandths: with a whole window of history, and before.
const DUE: (u64, u64) = (8_000, 12_000);
/// A day is told when so few items come by chance less than once in ten thousand days.
const UNLIKELY: f64 = 1e-4;

/// A day of too few items, when it is over.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PoorDay {
    /// The day.
    pub day: Date,
    /// Items that came.
    pub items: u32,
    /// Items that such a day brings, in thousandths.
    pub expected: u64,
}

/// Counts a good visit that brought `items` new ones. Gives the day that is over, if it was a poor one.
pub fn learn(profile: &mut Profile, items: u32, now: Timestamp, patron: Option<(i8, i8)>) -> Option<PoorDay> {
    let poor = close_what_is_over(profile, now, patron);
    if let Some(hour) = &mut profile.now {
        hour.items = hour.items.saturating_add(items);
        hour.watched += 1;
    }
    if items > 0 {
        if let Some(last) = profile.last_new {
            let due = profile.expected(last, now, patron);
            remember_silence(profile, due, now);
        }
        profile.last_new = Some(now);
    }
    poor
}

/// Whether the silence of a source that answers well is worth an alarm: items were due, three quarters more than in
/// its deepest silence of four weeks. (Three quarters: `farm alarms` counts under one false alarm a week of a hundred
/// sources; with a half it is one.)
pub fn silence(profile: &Profile, now: Timestamp, patron: Option<(i8, i8)>) -> Option<Quiet> {
    let since = profile.last_new.filter(|_| profile.is_known())?;
    let due = profile.expected(since, now, patron);
    let deepest = profile.silences.iter().map(|(_, due)| *due).max().unwrap_or_default();
    let told = match profile.silences.len() >= REMEMBERED {
        true => due > DUE.0 && due > deepest + deepest * 3 / 4,
        false => due > DUE.1 && due > 2 * deepest,
    };
    told.then_some(Quiet { since, at: now, expected: due })
}

/// The alarm of a source after a good visit: it begins, goes on, or is over.
pub fn judge(learned: &Learned, new_items: u32, now: Timestamp, patron: Option<(i8, i8)>) -> Option<Quiet> {
    if new_items > 0 {
        return None;
    }
    let quiet = silence(&learned.profile, now, patron);
    match (learned.quiet, quiet) {
        (Some(before), Some(now)) => Some(Quiet { at: before.at, ..now }),
        // an alarm ends with an item, not with an hour in which none is due
        (before, quiet) => before.or(quiet),
    }
}

/// Puts the hours and the day that are over into the means, and begins new ones.
fn close_what_is_over(profile: &mut Profile, now: Timestamp, patron: Option<(i8, i8)>) -> Option<PoorDay> {
    let begun = now.hour();
    let Some(mut hour) = profile.now else {
        profile.now = Some(Counted { from: begun, items: 0, watched: 0 });
        profile.today = Some(Counted { from: begun, items: 0, watched: 0 });
        return None;
    };
    if begun <= hour.from {
        return None;
    }
    let blind = begun.since(hour.from) > BLIND;
    let mut poor = None;
    while hour.from < begun {
        let watched = hour.watched > 0 || !blind;
        if watched {
            learn_hour(profile, hour.from, hour.items, patron);
        }
        if let Some(today) = &mut profile.today {
            today.items = today.items.saturating_add(hour.items);
            today.watched += u32::from(watched);
        }
        let next = hour.from.plus(HOUR);
        if next.day() != hour.from.day() {
            poor = poor.or(close_day(profile, hour.from, patron));
            profile.today = Some(Counted { from: next, items: 0, watched: 0 });
        }
        // weeks in which the program did not run are gone through in one step
        let after = if blind && begun.since(next) > 2 * DAY { now.hour() } else { next };
        hour = Counted { from: after, items: 0, watched: 0 };
    }
    if profile.today.is_none_or(|today| today.from.day() != begun.day()) {
        profile.today = Some(Counted { from: begun, items: 0, watched: 0 });
    }
    profile.now = Some(Counted { from: begun, items: 0, watched: 0 });
    poor
}

fn learn_hour(profile: &mut Profile, at: Timestamp, items: u32, patron: Option<(i8, i8)>) {
    let (kind, hour) = Profile::place(at, patron);
    let seen = &mut profile.seen[kind][hour];
    *seen = (*seen + 1).min(WINDOW[kind]);
    let (mean, count) = (i64::from(profile.hours[kind][hour]), i64::from(items.min(100_000)) * 1_000);
    profile.hours[kind][hour] = u32::try_from(mean + (count - mean) / i64::from(*seen)).unwrap_or_default();
}

/// Learns a day that is over, and says so if it was a poor one.
fn close_day(profile: &mut Profile, at: Timestamp, patron: Option<(i8, i8)>) -> Option<PoorDay> {
    let today = profile.today.filter(|today| today.watched >= WATCHED)?;
    let day = at.day();
    let kind = DayKind::of(day, patron) as usize;
    let days = &mut profile.days[kind];
    let known = *days;
    // a mean is believed once two weeks of it were seen
    let poor = known.seen >= WINDOW[kind] / 2 && is_poor(today.items, known.mean, known.variance);
    days.seen = (days.seen + 1).min(WINDOW[kind]);
    let (n, count) = (i128::from(days.seen), i128::from(today.items) * 1_000);
    let off = count - i128::from(days.mean);
    days.mean = u64::try_from(i128::from(days.mean) + off / n).unwrap_or_default();
    // West (1979), in thousandths: both differences are, so their product is in millionths
    let spread = off * (count - i128::from(days.mean)) / 1_000;
    let variance = i128::from(days.variance);
    days.variance = u64::try_from(variance + (spread - variance) / n).unwrap_or_default();
    poor.then_some(PoorDay { day, items: today.items, expected: known.mean })
}

/// Whether a day with so few items is too unlikely. News come in bursts: the number of items is taken for Poisson's only
/// after it is divided by its own dispersion (variance over mean, 1 at least).
fn is_poor(items: u32, mean: u64, variance: u64) -> bool {
    if mean == 0 {
        return false;
    }
    #[expect(clippy::cast_precision_loss, reason = "means of items a day are far below 2^52")]
    let (mean, variance) = (mean as f64 / 1_000.0, variance as f64 / 1_000.0);
    let dispersion = (variance / mean).max(1.0);
    poisson_at_most(f64::from(items) / dispersion, mean / dispersion) < UNLIKELY
}

/// The probability of at most `count` events where `mean` are expected.
fn poisson_at_most(count: f64, mean: f64) -> f64 {
    let (mut term, mut sum, mut k) = ((-mean).exp(), 0.0, 0.0);
    while k <= count && k < 100_000.0 {
        sum += term;
        k += 1.0;
        term *= mean / k;
    }
    sum
}

/// Keeps the deepest silence of each day on which one ended.
fn remember_silence(profile: &mut Profile, due: u64, ended: Timestamp) {
    let day = ended.0.div_euclid(DAY);
    match profile.silences.last_mut() {
        Some((last, deepest)) if *last == day => *deepest = (*deepest).max(due),
        _ => profile.silences.push((day, due)),
    }
    let over = profile.silences.len().saturating_sub(REMEMBERED);
    profile.silences.drain(..over);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("an instant")
    }

    /// A source watched each quarter of an hour, from a Monday on: `items` says what each visit brings.
    fn watched(days: i64, items: impl Fn(Timestamp) -> u32) -> (Profile, Vec<PoorDay>) {
        let (mut profile, mut poor) = (Profile::default(), Vec::new());
        let begin = at("2026-09-07");
        for quarter in 0..days * 96 {
            let now = begin.plus(quarter * HOUR / 4);
            poor.extend(learn(&mut profile, items(now), now, None));
        }
        (profile, poor)
    }

    /// Two items each daytime hour of a workday, one each of a Saturday, none on Sunday.
    fn office_hours(now: Timestamp) -> u32 {
        let civil = now.civil();
        let open = (8..20).contains(&civil.hour());
        match DayKind::of(civil.date(), None) {
            DayKind::Work if open && civil.minute() % 30 == 0 => 1,
            DayKind::Saturday if open && civil.minute() == 0 => 1,
            _ => 0,
        }
    }

    #[test]
    fn each_kind_of_day_has_its_own_hours() {
        let (profile, poor) = watched(35, office_hours);
        assert_eq!(poor, [], "an even rhythm alarms nobody");
        for (when, expected) in [
            ("2026-10-12 10:30", Some(2_000)),
            ("2026-10-12 03:30", Some(0)),
            ("2026-10-17 10:30", Some(1_000)),
            ("2026-10-18 10:30", Some(0)),
            // a holiday in the week is like a Sunday
            ("2026-12-08 10:30", Some(0)),
        ] {
            assert_eq!(profile.rate(at(when), None), expected, "{when}");
        }
        assert_eq!(profile.expected(at("2026-10-12 07:30"), at("2026-10-12 10:30"), None), 5_000);
    }

    #[test]
    fn a_silence_is_told_when_more_items_were_due_than_in_any_before() {
        let (profile, _) = watched(35, office_hours);
        let last = profile.last_new.expect("it spoke");
        assert_eq!(last, at("2026-10-10 19:00"), "the last hour of Saturday");
        // a Sunday of silence says nothing, four hours of a Monday morning do
        for (now, told) in [("2026-10-11 20:00", false), ("2026-10-12 10:15", false), ("2026-10-12 12:15", true)] {
            assert_eq!(silence(&profile, at(now), None).is_some(), told, "{now}");
        }
        let mut learned = Learned { profile, ..Learned::default() };
        learned.quiet = judge(&learned, 0, at("2026-10-12 12:15"), None);
        let alarm = learned.quiet.expect("an alarm");
        assert_eq!(alarm.since, last);
        // it goes on through the night and ends with an item
        let later = judge(&learned, 0, at("2026-10-13 03:00"), None).expect("it goes on");
        assert_eq!((later.at, later.expected > alarm.expected), (alarm.at, true));
        assert_eq!(judge(&learned, 1, at("2026-10-13 03:00"), None), None);
    }

    #[test]
    fn a_day_of_too_few_items_is_told_when_it_is_over() {
        let fails = at("2026-10-06");
        let (_, poor) =
            watched(35, |now| if now.day() == fails.day() && now.civil().hour() > 8 { 0 } else { office_hours(now) });
        let days: Vec<(Date, u32)> = poor.iter().map(|day| (day.day, day.items)).collect();
        assert_eq!(days, [(fails.day(), 2)]);
    }

    #[test]
    fn a_program_that_did_not_run_learns_nothing_of_that_time() {
        let (mut profile, _) = watched(28, office_hours);
        let before = profile.hours;
        learn(&mut profile, 40, at("2026-10-09 10:10"), None);
        learn(&mut profile, 0, at("2026-10-09 11:10"), None);
        let mut after = profile.hours;
        // what waited was counted in the hour of the return, and in no other
        assert!(after[0][10] > before[0][10]);
        after[0][10] = before[0][10];
        assert_eq!(after, before);
    }

    #[test]
    fn bursts_do_not_make_an_ordinary_day_a_poor_one() {
        // a feed that brings thirty items on one day and none or two on the others
        let (_, poor) = watched(56, |now| {
            let day = now.day().day();
            u32::from(now.civil().hour() == 10 && now.civil().minute() == 0)
                * if day % 5 == 0 { 30 } else { 2 * u32::from(day % 2 == 0) }
        });
        assert_eq!(poor, []);
    }
}
