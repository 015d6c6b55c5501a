//! How often the expected volume cries wolf, and how soon it tells a real silence: the crawler's own judgement over
//! weeks of invented sources, without network.

use crate::mock::{Chance, published};
use crate::{Failed, at};
use salastampa_crawler::pace::profile;
use salastampa_domain::{Learned, Timestamp};

/// Items a day of the sources of a hundred.
const MIX: [(f64, usize); 5] = [(450.0, 2), (180.0, 8), (60.0, 20), (25.0, 40), (5.0, 30)];
const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;
/// Weeks that are learnt from before anything counts.
const LEARNT: i64 = 5;

/// Prints false alarms a week, and the hours until a source that stopped at noon of a workday is told.
pub(crate) fn run(weeks: i64) -> Result<(), Failed> {
    let begin = Timestamp::parse("2026-08-31").ok_or("an instant")?.0;
    let mut chance = Chance(11);
    let (mut silences, mut days, mut sources) = (0, 0, 0);
    let mut told: Vec<(f64, Vec<i64>)> = Vec::new();
    for (daily, count) in MIX {
        let mut minutes = Vec::new();
        for _ in 0..count {
            sources += 1;
            // the half of what is written on Saturdays and Sundays does not appear
            let mut items = published(begin, (LEARNT + weeks + 1) * 7, daily, &mut chance);
            items.retain(|at| (Timestamp(*at).day().weekday().to_monday_zero_offset() < 5) || chance.next() < 0.5);
            let learned = (begin, begin + LEARNT * 7 * DAY);
            let watched = (learned.1, learned.1 + weeks * 7 * DAY);
            let mut state = Learned::default();
            live(&mut state, &items, learned, &mut 0, &mut 0);
            live(&mut state, &items, watched, &mut silences, &mut days);
            state.quiet = None;
            // a source that stops on the Wednesday after, at noon
            let stops = watched.1 + 2 * DAY + 12 * 60 * MINUTE;
            items.retain(|at| *at < stops);
            let (mut none, mut at) = (0, watched.1);
            live(&mut state, &items, (watched.1, stops), &mut none, &mut 0);
            state.quiet = None;
            at = at.max(stops);
            while state.quiet.is_none() && at < stops + 28 * DAY {
                visit(&mut state, 0, at, &mut 0, &mut 0);
                at += 10 * MINUTE;
            }
            minutes.push((at - stops) / MINUTE);
        }
        minutes.sort_unstable();
        told.push((daily, minutes));
    }
    println!("{sources} sources, {weeks} weeks after {LEARNT} weeks of learning");
    println!(
        "false silences: {:.2} a week of 100 sources; poor days that were none: {:.2}",
        silences as f64 / weeks as f64,
        days as f64 / weeks as f64
    );
    for (daily, minutes) in told {
        println!(
            "{daily:>5} items a day: a real silence is told after {:.1} h (median), {:.1} h (the slowest)",
            at(&minutes, 50) as f64 / 60.0,
            at(&minutes, 100) as f64 / 60.0
        );
    }
    Ok(())
}

/// Visits every ten minutes.
fn live(state: &mut Learned, items: &[i64], (from, to): (i64, i64), silences: &mut usize, days: &mut usize) {
    let mut seen = items.partition_point(|at| *at < from);
    let mut now = from;
    while now < to {
        let until = items.partition_point(|at| *at <= now);
        visit(state, u32::try_from(until - seen).unwrap_or(0), now, silences, days);
        seen = until;
        now += 10 * MINUTE;
    }
}

fn visit(state: &mut Learned, new: u32, now: i64, silences: &mut usize, days: &mut usize) {
    let now = Timestamp(now);
    *days += usize::from(profile::learn(&mut state.profile, new, now, None).is_some());
    let quiet = profile::judge(state, new, now, None);
    *silences += usize::from(state.quiet.is_none() && quiet.is_some());
    state.quiet = quiet;
}
