//! Quiet hours: from when until when on the Italian clock somebody wants no mail. Readers have them for alerts in batches,
//! journalists for releases.
//!
//! Hours of the civil clock, not instants: on the two nights when the clock changes they are an hour shorter or longer, as
//! the night is.

use crate::Timestamp;
use jiff::ToSpan;
use jiff::civil::Time;

/// From when until when, such as 22:00 to 07:00; the last minute is not quiet any more.
pub type QuietHours = (Time, Time);

/// Whether it is quiet at that time of the Italian clock.
pub fn is_quiet(quiet: Option<QuietHours>, at: Time) -> bool {
    match quiet {
        None => false,
        Some((from, until)) if from <= until => from <= at && at < until,
        Some((from, until)) => at >= from || at < until,
    }
}

/// The first instant, `at` or later, that is not quiet: `at` itself, or the end of the quiet hours that it lies in.
pub fn awake(quiet: Option<QuietHours>, at: Timestamp) -> Timestamp {
    let civil = at.civil();
    let Some((_, until)) = quiet.filter(|_| is_quiet(quiet, civil.time())) else { return at };
    let today = civil.date();
    let day = if civil.time() < until { today } else { today.saturating_add(1.day()) };
    // in the hour that autumn repeats, the end may have come once already: then it has come
    Timestamp::of_civil(day.to_datetime(until)).max(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_quiet_hours_waits_for_their_end_on_the_italian_clock() {
        for (from, until, at, expected) in [
            ("22:00", "07:00", "2026-11-23 21:59:59", "2026-11-23 21:59:59"),
            ("22:00", "07:00", "2026-11-23 22:00", "2026-11-24 07:00"),
            ("22:00", "07:00", "2026-11-24 03:00", "2026-11-24 07:00"),
            ("22:00", "07:00", "2026-11-24 07:00", "2026-11-24 07:00"),
            ("13:00", "14:30", "2026-11-23 13:10", "2026-11-23 14:30"),
            ("00:00", "08:00", "2026-12-31 23:59", "2026-12-31 23:59"),
            ("23:00", "08:00", "2026-12-31 23:59", "2027-01-01 08:00"),
            // the night that is an hour shorter, one that ends in the hour that is not there, one in the hour that comes twice
            ("22:00", "07:00", "2027-03-27 23:00", "2027-03-28 07:00"),
            ("22:00", "02:30", "2027-03-27 23:00", "2027-03-28 03:30"),
            ("22:00", "02:30", "2026-10-25T02:15:00+02:00", "2026-10-25T02:30:00+02:00"),
            ("22:00", "02:30", "2026-10-25T02:15:00+01:00", "2026-10-25T02:15:00+01:00"),
        ] {
            let quiet = Some((from.parse().expect(from), until.parse().expect(until)));
            let instant = |text: &str| Timestamp::parse(text).expect(text);
            assert_eq!(awake(quiet, instant(at)).rfc3339(), instant(expected).rfc3339(), "{from} {until} {at}");
            assert_eq!(awake(None, instant(at)), instant(at));
        }
    }
}
