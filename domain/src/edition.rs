//! When an edition leaves: its hours, and what it does on public holidays.
//!
//! Whoever asks for the next hour of an edition asks here and never its schedule alone: the job that sends, the desk that
//! counts down, the page that says whether something is missing. So a day without an issue is nobody's lost issue, and
//! what it brought is in the next one, because an issue covers what came since the last that was made.
//! Left out: bridges and closures of the office's own; they are hours like any others.

use crate::{Edition, Slot, Timestamp, is_holiday};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an edition does on public holidays; Sundays are a matter of its hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OnHolidays {
    /// It leaves at its hours.
    #[default]
    AsAlways,
    /// It does not leave.
    NoIssue,
    /// It leaves once, at this hour of Europe/Rome, if the day has any of its hours.
    At(Time),
}

/// The holidays of an edition.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Holidays {
    /// What it does on them.
    pub rule: OnHolidays,
    /// The day of the town's patron (month, day), as the office has it; the store gives it with each edition.
    pub patron: Option<(i8, i8)>,
}

/// Which story of a section stands first where nobody has placed it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderRule {
    /// The one with more points.
    #[default]
    Importance,
    /// The one that a weightier outlet tells; then the one with more points.
    Tier,
}

/// Holidays are looked through so far, one after another: an edition whose every day is a holiday never leaves.
const FAR: usize = 64;

impl OnHolidays {
    /// Reads `as_always`, `no_issue` or an hour such as `09:00`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "as_always" => Some(Self::AsAlways),
            "no_issue" => Some(Self::NoIssue),
            hour => {
                let (hour, minute) = hour.split_once(':')?;
                Some(Self::At(Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?))
            }
        }
    }
}

impl fmt::Display for OnHolidays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AsAlways => f.write_str("as_always"),
            Self::NoIssue => f.write_str("no_issue"),
            Self::At(time) => write!(f, "{:02}:{:02}", time.hour(), time.minute()),
        }
    }
}

impl Serialize for OnHolidays {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OnHolidays {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong =
            || serde::de::Error::custom(format!("{text:?}: write as_always, no_issue or an hour such as 09:00"));
        Self::parse(&text).ok_or_else(wrong)
    }
}

impl Edition {
    /// The first slot after `slot`; none if it never leaves again.
    pub fn next_after(&self, slot: Slot) -> Option<Slot> {
        let rest = |day: Date| is_holiday(day, self.holidays.patron);
        let mut at = slot;
        // on a holiday its hour may still come when all of the schedule's are past
        if matches!(self.holidays.rule, OnHolidays::At(_)) && rest(slot.0.date()) {
            at = Slot(slot.0.date().yesterday().ok()?.at(23, 59, 59, 0));
        }
        for _ in 0..FAR {
            let next = self.schedule.next_after(at)?;
            let day = next.0.date();
            let moved = match self.holidays.rule {
                _ if !rest(day) => Some(next),
                OnHolidays::AsAlways => Some(next),
                OnHolidays::NoIssue => None,
                OnHolidays::At(time) => Some(Slot(day.to_datetime(time))),
            };
            if let Some(moved) = moved.filter(|moved| moved.instant() > slot.instant()) {
                return Some(moved);
            }
            at = Slot(day.at(23, 59, 59, 0));
        }
        None
    }

    /// The newest slot after the one that was done whose instant has come: what must leave now. Slots missed in between
    /// are passed over.
    pub fn due(&self, now: Timestamp) -> Option<Slot> {
        crate::schedule::newest(self.done, now, |slot| self.next_after(slot))
    }

    /// The slot that comes after the one that was done.
    pub fn next(&self) -> Option<Slot> {
        self.next_after(self.done)
    }

    /// The slot that counts as done once these hours take the place of those of `before`: the issue that has left stays
    /// the issue of its turn that day, the first the first and the second the second, also where its hour is moved later.
    /// So no day has an issue twice because somebody moved it. An edition that has not left yet owes its next hour.
    pub fn done_after(&self, before: &Self) -> Slot {
        let day = before.done.0.date();
        let Some(turn) = before.slots_of(day).iter().position(|slot| *slot == before.done) else { return before.done };
        let own = self.slots_of(day);
        own.get(turn).or(own.last()).map_or(before.done, |slot| before.done.max(*slot))
    }

    /// Its slots of a civil day.
    fn slots_of(&self, day: Date) -> Vec<Slot> {
        let Ok(eve) = day.yesterday() else { return Vec::new() };
        let first = self.next_after(Slot(eve.at(23, 59, 59, 0)));
        std::iter::successors(first, |slot| self.next_after(*slot)).take_while(|slot| slot.0.date() == day).collect()
    }

    /// The slot that is made next: the one that is due, or else the one that comes.
    pub fn next_issue(&self, now: Timestamp) -> Option<Slot> {
        self.due(now).or_else(|| self.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EditionId, Schedule};

    fn edition(schedule: &str, rule: &str, done: &str) -> Edition {
        Edition {
            id: EditionId(1),
            slug: "generale".into(),
            name: "Generale".into(),
            schedule: Schedule::parse(schedule).expect("a schedule"),
            ready_before: 15,
            visibility: Default::default(),
            sections: Vec::new(),
            cap: 12,
            outlet_cap: 0,
            holidays: Holidays { rule: OnHolidays::parse(rule).expect("a rule"), patron: Some((9, 14)) },
            order: OrderRule::default(),
            done: Slot::parse(done).expect("a slot"),
        }
    }

    /// The next slots, as `25 04 09:00`.
    fn next(schedule: &str, rule: &str, done: &str, count: usize) -> Vec<String> {
        let edition = edition(schedule, rule, done);
        let slots = std::iter::successors(edition.next(), |slot| edition.next_after(*slot));
        slots.take(count).map(|slot| slot.0.strftime("%d.%m. %H:%M").to_string()).collect()
    }

    #[test]
    fn an_edition_rests_on_holidays_or_leaves_at_another_hour() {
        let daily = "0 7 * * *";
        for (rule, done, expected) in [
            ("as_always", "2026-04-24T07:00:00", ["25.04. 07:00", "26.04. 07:00"]),
            ("no_issue", "2026-04-24T07:00:00", ["26.04. 07:00", "27.04. 07:00"]),
            ("09:30", "2026-04-24T07:00:00", ["25.04. 09:30", "26.04. 07:00"]),
            ("no_issue", "2026-12-07T07:00:00", ["09.12. 07:00", "10.12. 07:00"]),
            // two in a row
            ("no_issue", "2026-12-24T07:00:00", ["27.12. 07:00", "28.12. 07:00"]),
            // the patron's day
            ("no_issue", "2026-09-13T07:00:00", ["15.09. 07:00", "16.09. 07:00"]),
            ("06:00", "2026-09-13T07:00:00", ["14.09. 06:00", "15.09. 07:00"]),
            // an edition that began on the holiday itself, between the two hours
            ("09:30", "2026-04-25T08:00:00", ["25.04. 09:30", "26.04. 07:00"]),
            ("06:00", "2026-04-25T06:30:00", ["26.04. 07:00", "27.04. 07:00"]),
        ] {
            assert_eq!(next(daily, rule, done, 2), expected, "{rule}, {done}");
        }
    }

    #[test]
    fn two_hours_of_a_day_are_one_on_a_holiday_and_a_day_without_hours_has_none() {
        assert_eq!(
            next("0 7,18 * * *", "10:00", "2026-04-24T18:00:00", 3),
            ["25.04. 10:00", "26.04. 07:00", "26.04. 18:00"]
        );
        // 25 April 2026 is a Saturday
        assert_eq!(next("0 7 * * Mon-Fri", "10:00", "2026-04-24T07:00:00", 1), ["27.04. 07:00"]);
        assert_eq!(next("0 7 25 12 *", "no_issue", "2026-04-24T07:00:00", 1), Vec::<String>::new());
    }

    #[test]
    fn the_hour_change_of_easter_loses_no_issue() {
        // in 2024 Easter Sunday, 31 March, was also the day that skips 02:30
        let around = |rule| next("30 2 * * *", rule, "2024-03-30T02:30:00", 2);
        assert_eq!(around("as_always"), ["31.03. 02:30", "01.04. 02:30"]);
        assert_eq!(around("no_issue"), ["02.04. 02:30", "03.04. 02:30"]);
        assert_eq!(around("03:00"), ["31.03. 03:00", "01.04. 03:00"]);
        let easter = edition("30 2 * * *", "03:00", "2024-03-30T02:30:00");
        let instant = Timestamp::parse("2024-03-31 03:00").expect("an instant");
        assert_eq!(easter.due(instant).map(Slot::instant), Some(instant));
        assert_eq!(Edition { done: easter.due(instant).expect("due"), ..easter }.due(instant), None, "once");
    }

    #[test]
    fn what_was_missed_is_the_newest_that_was_to_leave() {
        let resting = edition("0 7 * * *", "no_issue", "2026-04-24T07:00:00");
        let at = |text: &str| Timestamp::parse(text).expect("an instant");
        assert_eq!(resting.due(at("2026-04-25 12:00")), None, "nothing is missing on the holiday");
        assert_eq!(resting.due(at("2026-04-26 07:00")), Slot::parse("2026-04-26T07:00:00"));
        assert_eq!(resting.next().map(Slot::instant), Some(at("2026-04-26 07:00")));
    }

    #[test]
    fn the_issue_that_has_left_is_that_of_its_turn_under_other_hours_too() {
        for (before, done, after, next) in [
            // later, earlier, on other days
            ("0 7 * * *", "2026-11-23T07:00:00", "15 8 * * *", "2026-11-24T08:15:00"),
            ("0 7 * * *", "2026-11-23T07:00:00", "0 6 * * *", "2026-11-24T06:00:00"),
            ("0 7 * * *", "2026-11-23T07:00:00", "0 7 * * Tue", "2026-11-24T07:00:00"),
            // of two hours the first has left, or both
            ("0 7,18 * * *", "2026-11-23T07:00:00", "0 8,19 * * *", "2026-11-23T19:00:00"),
            ("0 7,18 * * *", "2026-11-23T18:00:00", "0 8,19 * * *", "2026-11-24T08:00:00"),
            ("0 7 * * *", "2026-11-23T07:00:00", "0 8,19 * * *", "2026-11-23T19:00:00"),
            ("0 7,18 * * *", "2026-11-23T18:00:00", "0 20 * * *", "2026-11-24T20:00:00"),
            // an edition that was made at noon has not left yet
            ("0 7 * * *", "2026-11-23T12:10:00", "0 18 * * *", "2026-11-23T18:00:00"),
        ] {
            let before = edition(before, "as_always", done);
            let moved = edition(after, "as_always", done);
            let moved = Edition { done: moved.done_after(&before), ..moved };
            assert_eq!(moved.next(), Slot::parse(next), "{after}");
        }
    }

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        for text in ["as_always", "no_issue", "09:30", "00:00"] {
            assert_eq!(OnHolidays::parse(text).map(|rule| rule.to_string()).as_deref(), Some(text));
        }
        for text in ["", "never", "25:00", "9", "09:61", "09:30:10"] {
            assert_eq!(OnHolidays::parse(text), None, "{text}");
        }
    }
}
