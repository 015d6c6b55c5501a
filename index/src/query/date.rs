//! Dates in queries: what people write, and the civil days of Europe/Rome that they mean.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use salastampa_domain::{Period, Timestamp};

/// What follows `data:`, `dopo:` or `prima:`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dates {
    /// `data:2026-11`: inside it.
    In(Moment),
    /// `data:2019..2026`: from the beginning of one to the end of the other; an open end has no limit.
    Between(Option<Moment>, Option<Moment>),
    /// `data:7g`: the last so many civil days, today included.
    Last(u16),
    /// `dopo:`: from its beginning on.
    After(Moment),
    /// `prima:`: before its beginning.
    Before(Moment),
}

/// A year, a month or a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// `2026`.
    Year(i16),
    /// `2026-11`.
    Month(i16, i8),
    /// `2026-11-22`, `22/11/2026`.
    Day(Date),
    /// `oggi`, `today`.
    Today,
    /// `ieri`, `yesterday`.
    Yesterday,
}

/// Years that an archive can hold; two digits are not guessed.
const YEARS: std::ops::RangeInclusive<i16> = 1000..=2999;
/// Ten years.
const MOST_DAYS: u16 = 3_660;

impl Dates {
    /// Reads what follows `data:`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((from, to)) = text.split_once("..") {
            let side = |s: &str| if s.is_empty() { Some(None) } else { Moment::parse(s).map(Some) };
            let (from, to) = (side(from)?, side(to)?);
            return (from.is_some() || to.is_some()).then_some(Self::Between(from, to));
        }
        let days = text.strip_suffix(['g', 'G', 'd', 'D']).and_then(|n| n.parse().ok());
        if let Some(days) = days.filter(|n| (1..=MOST_DAYS).contains(n)) {
            return Some(Self::Last(days));
        }
        Moment::parse(text).map(Self::In)
    }

    /// Whether it means other days tomorrow.
    pub fn is_relative(self) -> bool {
        let relative = |m: Moment| matches!(m, Moment::Today | Moment::Yesterday);
        match self {
            Self::Last(_) => true,
            Self::In(m) | Self::After(m) | Self::Before(m) => relative(m),
            Self::Between(from, to) => from.is_some_and(relative) || to.is_some_and(relative),
        }
    }

    /// The instants that it means, seen from `now`; `None` where it ends before it begins.
    pub fn period(self, now: Timestamp) -> Option<Period> {
        let days = |m: Moment| m.days(now);
        let period = |(first, last): (Date, Date)| Period::days(first, last);
        let always = Period::ALWAYS;
        Some(match self {
            Self::In(m) => period(days(m)),
            Self::Last(n) => {
                let today = now.day();
                let back = Span::new().days(i32::from(n) - 1);
                period((today.checked_sub(back).unwrap_or(Date::MIN), today))
            }
            Self::After(m) => Period { from: period(days(m)).from, ..always },
            Self::Before(m) => Period { to: period(days(m)).from, ..always },
            Self::Between(from, to) => {
                let from = from.map_or(always.from, |m| period(days(m)).from);
                let to = to.map_or(always.to, |m| period(days(m)).to);
                if to <= from {
                    return None;
                }
                Period { from, to }
            }
        })
    }
}

impl Moment {
    /// Reads one year, month, day or word for a day.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_lowercase().as_str() {
            "oggi" | "today" => return Some(Self::Today),
            "ieri" | "yesterday" => return Some(Self::Yesterday),
            _ => {}
        }
        let digits = |s: &str, least: usize, most: usize| {
            (least..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit())
        };
        let year = |s: &str| s.parse().ok().filter(|y| digits(s, 4, 4) && YEARS.contains(y));
        let short = |s: &str| s.parse::<i8>().ok().filter(|_| digits(s, 1, 2));
        let day = |y: i16, m: i8, d: i8| Date::new(y, m, d).ok().map(Self::Day);
        let month = |y: i16, m: i8| (1..=12).contains(&m).then_some(Self::Month(y, m));
        let parts: Vec<&str> = text.splitn(4, ['-', '/', '.']).collect();
        match parts[..] {
            [y] => year(y).map(Self::Year),
            [y, m] if text.contains('-') => month(year(y)?, short(m)?),
            [m, y] => month(year(y)?, short(m)?),
            [y, m, d] if text.contains('-') && !text.contains(['/', '.']) => day(year(y)?, short(m)?, short(d)?),
            [d, m, y] if !text.contains('-') => day(year(y)?, short(m)?, short(d)?),
            _ => None,
        }
    }

    /// Its first and last civil day.
    fn days(self, now: Timestamp) -> (Date, Date) {
        let month = |y, m| Date::new(y, m, 1).map_or((Date::MIN, Date::MIN), |d| (d, d.last_of_month()));
        match self {
            Self::Year(y) => (month(y, 1).0, month(y, 12).1),
            Self::Month(y, m) => month(y, m),
            Self::Day(d) => (d, d),
            Self::Today => (now.day(), now.day()),
            Self::Yesterday => {
                let day = now.day().checked_sub(1.day()).unwrap_or(Date::MIN);
                (day, day)
            }
        }
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Day(d) => write!(f, "{d}"),
            Self::Today => f.write_str("oggi"),
            Self::Yesterday => f.write_str("ieri"),
        }
    }
}

impl std::fmt::Display for Dates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::In(m) => write!(f, "data:{m}"),
            Self::Last(n) => write!(f, "data:{n}g"),
            Self::After(m) => write!(f, "dopo:{m}"),
            Self::Before(m) => write!(f, "prima:{m}"),
            Self::Between(from, to) => {
                f.write_str("data:")?;
                from.map_or(Ok(()), |m| write!(f, "{m}"))?;
                f.write_str("..")?;
                to.map_or(Ok(()), |m| write!(f, "{m}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let now = Timestamp::parse("2026-11-22 23:30").expect("a date");
        let Some(dates) = Dates::parse(text) else { return "no date".into() };
        match dates.period(now) {
            None => "reversed".into(),
            Some(Period { from, to }) => {
                let side = |t: Timestamp| match t.0 {
                    i64::MIN | i64::MAX => "..".to_owned(),
                    _ => t.day().to_string(),
                };
                format!("{} {}", side(from), side(to))
            }
        }
    }

    #[test]
    fn people_write_dates_in_many_ways() {
        for (text, period) in [
            ("2026", "2026-01-01 2027-01-01"),
            ("2026-11", "2026-11-01 2026-12-01"),
            ("11/2026", "2026-11-01 2026-12-01"),
            ("2026-11-22", "2026-11-22 2026-11-23"),
            ("22/11/2026", "2026-11-22 2026-11-23"),
            ("22.11.2026", "2026-11-22 2026-11-23"),
            ("2019..2026", "2019-01-01 2027-01-01"),
            ("..2020", ".. 2021-01-01"),
            ("2020-06..", "2020-06-01 .."),
            ("Oggi", "2026-11-22 2026-11-23"),
            ("ieri..oggi", "2026-11-21 2026-11-23"),
            ("7g", "2026-11-16 2026-11-23"),
            ("1d", "2026-11-22 2026-11-23"),
            ("2026..2019", "reversed"),
            ("31/02/2026", "no date"),
            ("2026-13", "no date"),
            ("26", "no date"),
            ("..", "no date"),
            ("0g", "no date"),
            ("99999999999999999999g", "no date"),
            ("domani", "no date"),
        ] {
            assert_eq!(shown(text), period, "{text}");
        }
    }
}
