//! Daily and rarer jobs on the civil clock of Europe/Rome.
//!
//! A schedule is evaluated on the civil clock and each civil occurrence, a [`Slot`], is mapped to an instant: so a job
//! at 02:30 runs once on the day that skips 02:30 and once on the day that has it twice. A job remembers the slot that
//! it has done, never an instant; after downtime the newest missed slot runs once.
//! Left out: anything more frequent than hourly (that is an interval in UTC, kept as a due time in a row).

use crate::{Timestamp, time::rome};
use chrono::{DateTime, Datelike, Timelike, Utc};
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A cron expression of five fields (minute, hour, day of the month, month, day of the week by name), such as
/// `0 7 * * Mon-Sat`.
#[derive(Clone)]
pub struct Schedule {
    text: String,
    cron: cron::Schedule,
}

/// One civil occurrence of a schedule in Europe/Rome.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slot(pub civil::DateTime);

/// Why a text is no schedule; the binary says it in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadSchedule {
    /// Not five fields.
    #[error("a schedule has five fields (minute hour day month weekday), such as `0 7 * * Mon-Sat`; this one has {0}")]
    Fields(usize),
    /// Weekdays by number mean different days in different programs.
    #[error("write weekdays by name (Mon Tue Wed Thu Fri Sat Sun), such as `0 7 * * Mon-Fri`, not {0:?}")]
    WeekdayNumber(String),
    /// A field does not read.
    #[error("cannot read the schedule {0:?}; an example is `30 6 * * *` (each day at 06:30)")]
    Unreadable(String),
    /// It reads, but never happens (30 February).
    #[error("the schedule {0:?} never happens")]
    Never(String),
}

impl Schedule {
    /// Reads five fields. Weekdays must be names: the numbers of cron dialects disagree (in one, `1-5` is Sunday to
    /// Thursday).
    pub fn parse(text: &str) -> Result<Self, BadSchedule> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let &[minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(BadSchedule::Fields(fields.len()));
        };
        if weekday.chars().any(|c| c.is_ascii_digit()) {
            return Err(BadSchedule::WeekdayNumber(weekday.to_owned()));
        }
        let cron = cron::Schedule::from_str(&format!("0 {minute} {hour} {day} {month} {weekday}"))
            .map_err(|_| BadSchedule::Unreadable(text.to_owned()))?;
        let schedule = Self { text: fields.join(" "), cron };
        match schedule.next_after(Slot(civil::date(2026, 1, 1).at(0, 0, 0, 0))) {
            Some(_) => Ok(schedule),
            None => Err(BadSchedule::Never(text.to_owned())),
        }
    }

    /// The first slot after `slot` that is also a later instant: around the change of hour two civil readings can be
    /// one instant, and that one counts once.
    pub fn next_after(&self, slot: Slot) -> Option<Slot> {
        let from = as_if_utc(slot.0)?;
        self.cron.after(&from).take(64).map(|at| Slot(from_utc(at))).find(|s| s.instant() > slot.instant())
    }

    /// The newest slot after `done` whose instant has come, if there is one: what a job must do now. Slots missed in
    /// between are passed over.
    pub fn due(&self, done: Slot, now: Timestamp) -> Option<Slot> {
        newest(done, now, |slot| self.next_after(slot))
    }

    /// The instant of the next slot after `done`: when to look again.
    pub fn next_due(&self, done: Slot) -> Option<Timestamp> {
        self.next_after(done).map(Slot::instant)
    }

    /// The five fields as written, single blanks between them.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The newest slot after `done` whose instant has come, of those that `next_after` gives.
pub(crate) fn newest(done: Slot, now: Timestamp, next_after: impl Fn(Slot) -> Option<Slot>) -> Option<Slot> {
    // a long sleep is walked from near its end, not slot by slot through the years
    let far = Slot(now.civil().saturating_sub(jiff::Span::new().days(400)));
    let mut newest = None;
    let mut at = if done < far { far } else { done };
    while let Some(next) = next_after(at).filter(|s| s.instant() <= now) {
        newest = Some(next);
        at = next;
    }
    newest
}

impl Slot {
    /// The slot of an instant: what a schedule that begins now counts as done.
    pub fn of(at: Timestamp) -> Self {
        Self(at.civil())
    }

    /// When it happens. See [`Timestamp::of_civil`] for the two days on which the hour changes.
    pub fn instant(self) -> Timestamp {
        Timestamp::of_civil(self.0)
    }

    /// Reads what [`Slot`]'s `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schedule({})", self.text)
    }
}

impl PartialEq for Schedule {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Serialize for Schedule {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// The civil clock handed to the cron library as if it were UTC: it then never meets a gap or a fold.
fn as_if_utc(at: civil::DateTime) -> Option<DateTime<Utc>> {
    let seconds = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    DateTime::from_timestamp(seconds, 0)
}

fn from_utc(at: DateTime<Utc>) -> civil::DateTime {
    let part = |n: u32| i8::try_from(n).unwrap_or(0);
    civil::date(i16::try_from(at.year()).unwrap_or(9999), part(at.month()), part(at.day())).at(
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
        0,
    )
}

/// Whether the zone of the office skips or repeats this civil time: the settings page warns there.
pub fn is_doubtful(at: civil::DateTime) -> bool {
    !matches!(rome().to_ambiguous_timestamp(at).offset(), jiff::tz::AmbiguousOffset::Unambiguous { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{DAY, HOUR, MINUTE};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect(text)
    }

    /// Lives through the instants from `from` to `to` minute by minute and writes down when the job ran.
    fn runs(schedule: &str, from: &str, to: &str) -> Vec<String> {
        let schedule = Schedule::parse(schedule).expect(schedule);
        let (mut now, to) = (at(from), at(to));
        let mut done = Slot::of(now);
        let mut ran = Vec::new();
        while now < to {
            if let Some(slot) = schedule.due(done, now) {
                ran.push(format!("{slot} at {now}"));
                done = slot;
            }
            now = now.plus(MINUTE);
        }
        ran
    }

    #[test]
    fn a_daily_job_runs_once_when_spring_skips_its_hour() {
        assert_eq!(
            runs("30 2 * * *", "2027-03-27 12:00", "2027-03-29 12:00"),
            ["2027-03-28T02:30:00 at 2027-03-28T03:30:00+02:00", "2027-03-29T02:30:00 at 2027-03-29T02:30:00+02:00"]
        );
    }

    #[test]
    fn a_daily_job_runs_once_when_autumn_repeats_its_hour() {
        assert_eq!(
            runs("30 2 * * *", "2027-10-30 12:00", "2027-11-01 12:00"),
            ["2027-10-31T02:30:00 at 2027-10-31T02:30:00+02:00", "2027-11-01T02:30:00 at 2027-11-01T02:30:00+01:00"]
        );
    }

    #[test]
    fn each_day_of_a_year_has_its_review() {
        let schedule = Schedule::parse("0 7 * * *").expect("a schedule");
        let (mut slot, mut count) = (Slot::of(at("2027-01-01")), 0);
        while let Some(next) = schedule.next_after(slot).filter(|s| s.instant() < at("2028-01-01")) {
            assert_eq!(next.instant().civil().time(), civil::time(7, 0, 0, 0));
            (slot, count) = (next, count + 1);
        }
        assert_eq!(count, 365);
    }

    #[test]
    fn an_hourly_job_never_runs_twice_in_one_instant() {
        let ran = runs("0 * * * *", "2027-03-28 00:30", "2027-03-28 06:30");
        let instants: std::collections::BTreeSet<_> = ran.iter().map(|r| r.split(" at ").nth(1)).collect();
        assert_eq!(instants.len(), ran.len(), "{ran:?}");
    }

    #[test]
    fn after_downtime_the_newest_missed_slot_runs_once() {
        let schedule = Schedule::parse("0 7 * * *").expect("a schedule");
        let done = Slot::of(at("2026-11-20 07:00"));
        let now = at("2026-11-23 09:00");
        let slot = schedule.due(done, now).expect("a missed slot");
        assert_eq!(slot.to_string(), "2026-11-23T07:00:00");
        assert_eq!(schedule.due(slot, now), None);
        assert_eq!(schedule.next_due(slot), Some(at("2026-11-24 07:00")));
        let years = schedule.due(Slot::of(at("1990-01-01")), now).expect("a slot after decades");
        assert_eq!(years, slot);
    }

    #[test]
    fn what_is_no_schedule_says_why() {
        assert!(matches!(Schedule::parse("7 * *"), Err(BadSchedule::Fields(3))));
        assert!(matches!(Schedule::parse("0 7 * * 1-5"), Err(BadSchedule::WeekdayNumber(_))));
        assert!(matches!(Schedule::parse("0 25 * * *"), Err(BadSchedule::Unreadable(_))));
        assert!(matches!(Schedule::parse("0 7 30 2 *"), Err(BadSchedule::Never(_))));
        assert_eq!(Schedule::parse(" 0  7 * * Mon-Fri ").expect("a schedule").as_str(), "0 7 * * Mon-Fri");
    }

    #[test]
    fn the_settings_page_can_warn_of_the_doubtful_hour() {
        assert!(is_doubtful(civil::date(2027, 3, 28).at(2, 30, 0, 0)));
        assert!(is_doubtful(civil::date(2027, 10, 31).at(2, 30, 0, 0)));
        assert!(!is_doubtful(civil::date(2027, 10, 31).at(3, 30, 0, 0)));
        assert_eq!(DAY, 24 * HOUR);
    }
}
