//! Instants, periods and the civil clock of Italy.
//!
//! An instant is a number of milliseconds in UTC; a date or an hour that a person says is on the civil clock of
//! Europe/Rome. The zone comes from the data inside the binary, never from the machine, so that a slim container and
//! a laptop agree.

use jiff::civil;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::OnceLock;

/// Milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// One second, in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute, in milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour, in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// Twenty-four hours, in milliseconds: a length of time, not a civil day.
pub const DAY: i64 = 24 * HOUR;

/// The zone of the office: Europe/Rome, from the data inside the binary.
pub fn rome() -> TimeZone {
    static ROME: OnceLock<TimeZone> = OnceLock::new();
    ROME.get_or_init(|| TimeZoneDatabase::bundled().get("Europe/Rome").expect("the bundled zone data hold Europe/Rome"))
        .clone()
}

impl Timestamp {
    /// This instant moved by so many milliseconds, held at the ends of the range.
    #[must_use]
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this instant; negative if it lies before.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// What the clock on an Italian wall shows.
    pub fn civil(self) -> civil::DateTime {
        self.zoned().datetime()
    }

    /// The beginning of its hour. Italian hours begin with those of UTC.
    #[must_use]
    pub fn hour(self) -> Self {
        Self(self.0.div_euclid(HOUR) * HOUR)
    }

    /// The Italian day.
    pub fn day(self) -> civil::Date {
        self.civil().date()
    }

    /// The instant with its Italian offset.
    pub fn zoned(self) -> jiff::Zoned {
        let held = self.0.clamp(jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
        jiff::Timestamp::from_millisecond(held).unwrap_or_default().to_zoned(rome())
    }

    /// The instant at which an Italian wall clock shows this. In the hour that spring skips it is the same reading
    /// carried over the gap (02:30 becomes 03:30), in the hour that autumn repeats the first (jiff's "compatible",
    /// RFC 5545 §3.3.5).
    pub fn of_civil(at: civil::DateTime) -> Self {
        rome().to_ambiguous_timestamp(at).compatible().map_or(Self(i64::MAX), |t| Self(t.as_millisecond()))
    }

    /// RFC 3339 with the Italian offset, to the second: `2026-11-23T07:00:00+01:00`.
    pub fn rfc3339(self) -> String {
        self.zoned().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// RFC 5322 with the Italian offset: `Mon, 23 Nov 2026 07:00:00 +0100`.
    pub fn rfc5322(self) -> String {
        self.zoned().strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
    }

    /// Reads what people write on a command line: RFC 3339 with an offset, or an Italian civil date and hour
    /// (`2026-11-23 07:00`, `2026-11-23T07:00:00`), or a civil day (its midnight).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Some(Self(instant.as_millisecond()));
        }
        let at = text
            .parse::<civil::DateTime>()
            .ok()
            .or_else(|| text.parse::<civil::Date>().ok().map(|d| d.to_datetime(civil::Time::midnight())))?;
        Some(Self::of_civil(at))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// The instants from `from` (included) to `to` (excluded).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Period {
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after.
    pub to: Timestamp,
}

impl Period {
    /// All of time.
    pub const ALWAYS: Self = Self { from: Timestamp(i64::MIN), to: Timestamp(i64::MAX) };

    /// The civil days `first..=last` in Europe/Rome.
    pub fn days(first: civil::Date, last: civil::Date) -> Self {
        let start = |d: civil::Date| Timestamp::of_civil(d.to_datetime(civil::Time::midnight()));
        Self { from: start(first), to: last.tomorrow().map_or(Timestamp(i64::MAX), start) }
    }

    /// Whether the instant lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_is_read_over_both_changes_of_hour() {
        let at = |s: &str| Timestamp::parse(s).expect(s).rfc3339();
        assert_eq!(at("2027-03-28 02:30"), "2027-03-28T03:30:00+02:00");
        assert_eq!(at("2027-10-31 02:30"), "2027-10-31T02:30:00+02:00");
        assert_eq!(at("2026-11-23"), "2026-11-23T00:00:00+01:00");
        assert_eq!(at("2026-11-23T06:00:00Z"), "2026-11-23T07:00:00+01:00");
        assert_eq!(Timestamp::parse("domani"), None);
    }

    #[test]
    fn a_day_that_changes_the_hour_is_not_24_hours_long() {
        let day = jiff::civil::date(2027, 10, 31);
        let period = Period::days(day, day);
        assert_eq!(period.to.since(period.from), 25 * HOUR);
    }
}
