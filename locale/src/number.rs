//! Numbers and lengths of time as people write them: `1.234,5` in Italian, `1,234.5` in English.

use crate::{Lang, fill, plural};

/// A whole number in groups of three: `1.234` / `1,234`.
pub fn whole(n: i64, lang: Lang) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    if n < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(group_mark(lang));
        }
        out.push(digit);
    }
    out
}

/// A number with so many decimals, rounded half away from zero: `1.234,5` / `1,234.5`. Not a number gives `-`.
pub fn decimal(value: f64, places: usize, lang: Lang) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let scale = 10f64.powi(i32::try_from(places.min(9)).unwrap_or(9));
    let text = format!("{:.*}", places.min(9), (value * scale).round() / scale);
    let (head, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if head.starts_with('-') && text.chars().any(|c| c.is_ascii_digit() && c != '0') { "-" } else { "" };
    let mut out = String::from(sign);
    let head = head.trim_start_matches('-');
    match head.parse::<i64>() {
        Ok(n) => out.push_str(&whole(n, lang)),
        Err(_) => out.push_str(head),
    }
    if !fraction.is_empty() {
        out.push(decimal_mark(lang));
        out.push_str(fraction);
    }
    out
}

/// A share in thousandths as a whole percentage, rounded half up: 845 is `85%`.
pub fn percent(thousandths: i64, lang: Lang) -> String {
    format!("{}%", whole(thousandths.saturating_add(5).div_euclid(10), lang))
}

/// A length of time in words, from milliseconds, rounded down: `45 s`, `3 min`, `2 h 10 min`, `3 giorni e 4 h`.
/// Negative lengths count as none.
pub fn duration(milliseconds: i64, lang: Lang) -> String {
    let seconds = milliseconds.max(0) / 1_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let (s, m, h) = (seconds.to_string(), (minutes % 60).to_string(), (hours % 24).to_string());
    if minutes == 0 {
        return fill(lang, "duration.seconds", &[("s", &s)]);
    }
    if hours == 0 {
        return fill(lang, "duration.minutes", &[("m", &m)]);
    }
    if days == 0 {
        let key = if minutes % 60 == 0 { "duration.hours" } else { "duration.hours_minutes" };
        return fill(lang, key, &[("h", &h), ("m", &m)]);
    }
    let in_days = plural(lang, "duration.day", usize::try_from(days).unwrap_or(usize::MAX));
    if hours % 24 == 0 { in_days } else { fill(lang, "duration.day_hours", &[("days", &in_days), ("h", &h)]) }
}

fn group_mark(lang: Lang) -> char {
    match lang {
        Lang::It => '.',
        Lang::En => ',',
    }
}

fn decimal_mark(lang: Lang) -> char {
    match lang {
        Lang::It => ',',
        Lang::En => '.',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_grouped_by_three() {
        for (n, it, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1.000", "1,000"),
            (-1_234_567, "-1.234.567", "-1,234,567"),
            (i64::MIN, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!((whole(n, Lang::It), whole(n, Lang::En)), (it.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn decimals_have_the_mark_of_their_language() {
        for (value, places, it, en) in [
            (1_234.5, 1, "1.234,5", "1,234.5"),
            (0.25, 1, "0,3", "0.3"),
            (2.0, 0, "2", "2"),
            (-0.04, 1, "0,0", "0.0"),
            (-1.25, 2, "-1,25", "-1.25"),
            (f64::NAN, 1, "-", "-"),
        ] {
            assert_eq!((decimal(value, places, Lang::It), decimal(value, places, Lang::En)), (it.into(), en.into()));
        }
        assert_eq!(
            (percent(845, Lang::It), percent(1_000, Lang::It), percent(4, Lang::En)),
            ("85%".into(), "100%".into(), "0%".into())
        );
    }

    #[test]
    fn lengths_of_time_are_said_in_the_two_largest_units() {
        const MINUTE: i64 = 60_000;
        for (ms, it, en) in [
            (-5, "0 s", "0 s"),
            (45_999, "45 s", "45 s"),
            (3 * MINUTE, "3 min", "3 min"),
            (130 * MINUTE, "2 h 10 min", "2 h 10 min"),
            (120 * MINUTE, "2 h", "2 h"),
            (24 * 60 * MINUTE, "1 giorno", "1 day"),
            (76 * 60 * MINUTE, "3 giorni e 4 h", "3 days and 4 h"),
        ] {
            assert_eq!((duration(ms, Lang::It), duration(ms, Lang::En)), (it.to_owned(), en.to_owned()));
        }
    }
}
