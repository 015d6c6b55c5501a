//! Days on which little is printed: Saturdays, Sundays and the public holidays of Italy.
//!
//! Source: L. 260/1949 with its later changes; L. 151/2025 brings 4 October back from 2026. The patron of a town is a
//! holiday there alone and comes as an argument. Left out: bridges between holidays, which nobody declares.

use jiff::civil::{Date, Weekday, date};

/// Month and day of the holidays that have a fixed date.
const FIXED: [(i8, i8); 10] = [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)];

/// Whether a day is a public holiday in Italy, or the day of the town's patron (month, day). Sundays are not counted.
pub fn is_holiday(day: Date, patron: Option<(i8, i8)>) -> bool {
    let (month, number) = (day.month(), day.day());
    FIXED.contains(&(month, number))
        || (month == 10 && number == 4 && day.year() >= 2026)
        || patron == Some((month, number))
        || easter(day.year()).is_some_and(|easter| easter == day || easter.tomorrow().is_ok_and(|monday| monday == day))
}

/// Whether a day is a Sunday or a holiday.
pub fn is_rest(day: Date, patron: Option<(i8, i8)>) -> bool {
    day.weekday() == Weekday::Sunday || is_holiday(day, patron)
}

/// Easter Sunday of the Gregorian calendar (the anonymous computus, Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    let (month, day) = (i8::try_from(sum / 31).ok()?, i8::try_from(sum % 31 + 1).ok()?);
    (1583..=9999).contains(&year).then(|| date(year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_where_the_calendars_have_it() {
        for (year, month, day) in
            [(2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)]
        {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
        assert_eq!(easter(1), None);
    }

    #[test]
    fn the_holidays_of_a_year() {
        let is = |month, day| is_holiday(date(2026, month, day), Some((9, 8)));
        for (month, day) in [(1, 6), (4, 5), (4, 6), (6, 2), (8, 15), (10, 4), (12, 26), (9, 8)] {
            assert!(is(month, day), "{day}.{month}.");
        }
        assert!(!is(4, 7) && !is(3, 19));
        assert!(!is_holiday(date(2025, 10, 4), None), "not yet then");
        assert!(is_rest(date(2026, 11, 22), None) && !is_rest(date(2026, 11, 23), None));
    }
}
