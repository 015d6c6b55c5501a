//! The two numbers of an issue, minutes of work and sources alive, and how good its proposals were.
//!
//! Work is measured on what people did, not on open pages: the gaps between the consecutive acts of one officer on the
//! issue, each of at most two minutes, until it is confirmed (or leaves). So a telephone call in between counts two
//! minutes, and the reading before the first act nothing. Both stand in a row when the first version leaves, so that a month
//! is a sum. Left out: who worked how long (this is no clock for people), late versions.

use crate::Result;
use jiff::civil::Date;
use salastampa_digest::compose::{Line, Standing};
use salastampa_domain::time::SECOND;
use salastampa_domain::{
    Actor, Arrangement, Coverage, Edition, EditionId, Event, IssueWork, Slot, StoryId, Timestamp, Tone, UserId,
};
use salastampa_store::{Rows, Write};
use std::collections::{BTreeMap, BTreeSet};

/// A longer gap counts as this much.
const LONGEST_GAP: i64 = 120 * SECOND;
/// Acts of one issue that are looked at.
const MOST: usize = 10_000;

/// Milliseconds of work between the acts: for each person the gaps, each capped; acts after `until` are not counted.
pub fn active_ms(acts: &[(UserId, Timestamp)], until: Timestamp) -> i64 {
    let mut by_person: BTreeMap<UserId, Vec<Timestamp>> = BTreeMap::new();
    for (who, at) in acts.iter().filter(|(_, at)| *at <= until) {
        by_person.entry(*who).or_default().push(*at);
    }
    let mut sum = 0;
    for times in by_person.values_mut() {
        times.sort_unstable();
        sum += times.windows(2).map(|pair| pair[1].since(pair[0]).min(LONGEST_GAP)).sum::<i64>();
    }
    sum
}

/// So many of the weightiest proposals are judged by themselves: what a reader sees first.
const FIRST: usize = 10;

/// Of the weightiest proposals of an issue, how many there are and how many of them leave. What a person brought was not
/// proposed, nor what came too late or found no room; the points are the machine's own, whatever place a person gave.
pub(crate) fn first_ten(lines: &[Line]) -> (usize, usize) {
    let proposed = |line: &&Line| {
        matches!(line.standing, Standing::In | Standing::Out)
            && line.hand.as_ref().is_none_or(|hand| !hand.brought || hand.by.is_none())
    };
    let mut proposals: Vec<(i64, bool)> = lines
        .iter()
        .filter(proposed)
        .map(|line| (line.entry.points.iter().map(|p| p.points).sum(), line.standing == Standing::In))
        .collect();
    proposals.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    proposals.truncate(FIRST);
    (proposals.len(), proposals.iter().filter(|(_, leaves)| *leaves).count())
}

/// Writes the numbers of an issue in the transaction in which it leaves.
pub(crate) async fn measure(
    write: &mut Write,
    edition: &Edition,
    arrangement: &Arrangement,
    coverage: &Coverage,
    (first, first_kept): (usize, usize),
    now: Timestamp,
) -> Result<()> {
    let events = write.list_events_of(&arrangement.issue.subject(&edition.slug), MOST).await?;
    let person = |event: &Event| match event.who {
        Actor::User { id } => Some((id, event.at)),
        _ => None,
    };
    let acts: Vec<(UserId, Timestamp)> = events.iter().filter_map(person).collect();
    let (mut dropped_once, mut seen, mut carried) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for act in write.list_curations(arrangement.issue, MOST).await?.iter().rev() {
        for (story, before, after) in &act.change.lines {
            // what the program carried over from the issue before was its own proposal
            if seen.insert(*story) && before.as_ref().is_some_and(|hand| hand.brought && hand.by.is_none()) {
                carried.insert(*story);
            }
            if act.undone_at.is_none() && after.as_ref().is_some_and(|hand| hand.is_dropped()) {
                dropped_once.insert(*story);
            }
        }
    }
    let hands = || arrangement.hands.values().filter(|hand| hand.by.is_some());
    let is_added =
        |story: &StoryId, brought: bool| (brought && !carried.contains(story)) || dropped_once.contains(story);
    let kept = hands().filter(|hand| hand.is_kept());
    let (added, kept): (Vec<_>, Vec<_>) = kept.partition(|hand| is_added(&hand.story, hand.brought));
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let work = IssueWork {
        edition: edition.id,
        slot: arrangement.issue.slot,
        at: now,
        active_ms: active_ms(&acts, arrangement.confirmed.map_or(now, |(_, at)| at)),
        acts: count(acts.len()),
        alive: count(coverage.alive),
        total: count(coverage.total),
        kept: count(kept.len()),
        dropped: count(hands().filter(|hand| hand.is_dropped()).count()),
        added: count(added.len()),
        first: count(first),
        first_kept: count(first_kept),
    };
    write.record_issue_work(&work).await?;
    Ok(())
}

/// How the stories of each issue stand, as people said: favourable, neutral, critical. It is read from the lines as they are
/// now, because a stance is often given after the issue has left.
pub type Tones = BTreeMap<(EditionId, Slot), [i64; 3]>;

/// The stances of all issues from that hour on.
///
/// # Errors
/// The store fails.
pub async fn tones(rows: &mut Rows, since: Slot) -> Result<Tones> {
    let mut tones = Tones::new();
    for (issue, tone, n) in rows.list_tones(since).await? {
        let counts = tones.entry((issue.edition, issue.slot)).or_default();
        let place = Tone::ALL.iter().position(|one| *one == tone);
        place.and_then(|place| counts.get_mut(place)).into_iter().for_each(|count| *count += n);
    }
    Ok(tones)
}

fn tones_of(tones: &Tones, one: &IssueWork) -> [i64; 3] {
    tones.get(&(one.edition, one.slot)).copied().unwrap_or_default()
}

/// Some issues together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sum {
    /// Issues that left.
    pub issues: i64,
    /// Issues that somebody worked on.
    pub worked: i64,
    /// Milliseconds of work.
    pub active_ms: i64,
    /// Sources alive, over all issues.
    pub alive: i64,
    /// Sources, over all issues.
    pub total: i64,
    /// Proposals kept.
    pub kept: i64,
    /// Proposals dropped.
    pub dropped: i64,
    /// Stories that a person had to add.
    pub added: i64,
    /// The weightiest proposals of confirmed issues, ten of each at most.
    pub first: i64,
    /// Those of them that people let stand.
    pub first_kept: i64,
    /// Stories that a person called favourable, neutral, critical.
    pub tones: [i64; 3],
}

impl Sum {
    /// The sum of some issues.
    pub fn of<'a>(work: impl IntoIterator<Item = &'a IssueWork>, tones: &Tones) -> Self {
        let mut sum = Self::default();
        for one in work {
            for (all, tones) in sum.tones.iter_mut().zip(tones_of(tones, one)) {
                *all += tones;
            }
            sum.issues += 1;
            sum.worked += i64::from(one.acts > 0);
            sum.active_ms += one.active_ms;
            sum.alive += one.alive;
            sum.total += one.total;
            sum.kept += one.kept;
            sum.dropped += one.dropped;
            sum.added += one.added;
            sum.first += one.first;
            sum.first_kept += one.first_kept;
        }
        sum
    }

    /// Milliseconds of work for an issue that somebody worked on; none where nobody did.
    pub fn per_issue(&self) -> Option<i64> {
        (self.worked > 0).then(|| self.active_ms / self.worked)
    }

    /// Sources alive, in thousandths.
    pub fn alive_share(&self) -> Option<i64> {
        share(self.alive, self.total)
    }

    /// Of the proposals that somebody decided about, those that were kept, in thousandths.
    pub fn precision(&self) -> Option<i64> {
        share(self.kept, self.kept + self.dropped)
    }

    /// Of the ten weightiest proposals of each confirmed issue, those that people let stand, in thousandths (precision at
    /// ten).
    pub fn precision_of_first(&self) -> Option<i64> {
        share(self.first_kept, self.first)
    }

    /// Of what people wanted in, what had been proposed, in thousandths.
    pub fn recall(&self) -> Option<i64> {
        share(self.kept, self.kept + self.added)
    }
}

fn share(part: i64, all: i64) -> Option<i64> {
    (all > 0).then(|| part * 1000 / all)
}

/// The first day of the month of a day.
pub fn month_of(day: Date) -> Date {
    day.first_of_month()
}

/// The Monday of the week of a day.
pub fn week_of(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}

/// The issues by the month or the week in which they left, the newest first.
pub fn grouped(work: &[IssueWork], tones: &Tones, by: impl Fn(Date) -> Date) -> Vec<(Date, Sum)> {
    let mut groups: BTreeMap<Date, Vec<&IssueWork>> = BTreeMap::new();
    for one in work {
        groups.entry(by(one.at.day())).or_default().push(one);
    }
    groups.into_iter().rev().map(|(first, work)| (first, Sum::of(work, tones))).collect()
}

/// The issues by their edition, in the order of the editions' numbers.
pub fn by_edition(work: &[IssueWork], tones: &Tones) -> Vec<(EditionId, Sum)> {
    let mut groups: BTreeMap<EditionId, Vec<&IssueWork>> = BTreeMap::new();
    for one in work {
        groups.entry(one.edition).or_default().push(one);
    }
    groups.into_iter().map(|(edition, work)| (edition, Sum::of(work, tones))).collect()
}

/// The rows as a table for other programs: a line an issue, seconds of work, comma between.
pub fn csv(work: &[IssueWork], tones: &Tones, name: impl Fn(&IssueWork) -> String) -> String {
    let mut out = String::from(
        "edition,slot,left_at,active_seconds,acts,sources_alive,sources,kept,dropped,added,\
         first_ten,first_ten_kept,favourable,neutral,critical\r\n",
    );
    for one in work {
        let [favourable, neutral, critical] = tones_of(tones, one);
        out.push_str(&format!(
            "{},{},{},{},{},{},{},{},{},{},{},{},{favourable},{neutral},{critical}\r\n",
            quoted(&name(one)),
            one.slot,
            one.at.rfc3339(),
            one.active_ms / SECOND,
            one.acts,
            one.alive,
            one.total,
            one.kept,
            one.dropped,
            one.added,
            one.first,
            one.first_kept
        ));
    }
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", crate::cell::harmless(text).replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    fn at(seconds: i64) -> Timestamp {
        Timestamp::parse("2026-11-24 06:45").expect("a time").plus(seconds * SECOND)
    }

    #[test]
    fn gaps_count_as_work_up_to_two_minutes_for_each_person_and_until_the_confirmation() {
        let (pia, ugo) = (UserId(1), UserId(2));
        let acts = [(pia, 0), (ugo, 10), (pia, 30), (ugo, 20), (pia, 630), (pia, 640), (pia, 9_000)];
        let acts = acts.map(|(who, seconds)| (who, at(seconds)));
        assert_eq!(active_ms(&acts, at(700)), (30 + 120 + 10 + 10) * SECOND);
        assert_eq!(active_ms(&acts[..1], at(700)), 0);
        assert_eq!(active_ms(&[], at(0)), 0);
    }

    #[test]
    fn months_and_weeks_are_sums_of_issues() {
        let work = |day: &str, active_ms, acts| IssueWork {
            edition: EditionId(1),
            slot: Slot::parse("2026-11-24T07:00:00").expect("a slot"),
            at: Timestamp::parse(day).expect("a time"),
            active_ms,
            acts,
            alive: 9,
            total: 10,
            kept: 8,
            dropped: 2,
            added: 2,
            first: 10,
            first_kept: 7,
        };
        let work = [work("2026-10-31 07:00", 600, 3), work("2026-11-02 07:00", 400, 9), work("2026-11-08 07:00", 0, 0)];
        let slot = Slot::parse("2026-11-24T07:00:00").expect("a slot");
        let tones = Tones::from([((EditionId(1), slot), [1, 0, 2])]);
        let months = grouped(&work, &tones, month_of);
        assert_eq!(months.iter().map(|(_, sum)| sum.tones).collect::<Vec<_>>(), [[2, 0, 4], [1, 0, 2]]);
        let told: Vec<_> = months.iter().map(|(day, sum)| (day.to_string(), sum.issues, sum.per_issue())).collect();
        assert_eq!(told, [("2026-11-01".into(), 2, Some(400)), ("2026-10-01".into(), 1, Some(600))]);
        let weeks: Vec<_> =
            grouped(&work, &tones, week_of).iter().map(|(day, sum)| (day.to_string(), sum.issues)).collect();
        assert_eq!(weeks, [("2026-11-02".into(), 2), ("2026-10-26".into(), 1)]);
        let sum = Sum::of(&work, &tones);
        assert_eq!((sum.precision(), sum.recall(), sum.alive_share()), (Some(800), Some(800), Some(900)));
        assert_eq!((Sum::default().precision(), Sum::default().precision_of_first()), (None, None));
        assert_eq!(sum.precision_of_first(), Some(700));
        assert_eq!(by_edition(&work, &tones).iter().map(|(e, sum)| (e.0, sum.issues)).collect::<Vec<_>>(), [(1, 3)]);
        let table = csv(&work, &tones, |_| "Generale, \"x\"".into());
        assert!(table.lines().count() == 4 && table.lines().skip(1).all(|line| line.ends_with(",1,0,2")), "{table}");
    }
}
