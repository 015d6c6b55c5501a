//! Dates and times of the civil clock as people write them.
//!
//! Days and months are lower case in Italian, weeks start on Monday, the first of a month is an ordinal ("1° gennaio")
//! and the article before 8 and 11 is elided ("dell'8 maggio"). Machines get ISO 8601 from elsewhere.

use crate::{Lang, fill};
use jiff::civil::{Date, DateTime, Time};

const WEEKDAYS: [[&str; 7]; 2] = [
    ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];
const MONTHS: [[&str; 12]; 2] = [
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

/// `lunedì 23 novembre 2026` / `Monday 23 November 2026`.
pub fn long(date: Date, lang: Lang) -> String {
    format!("{} {}", weekday(date, lang), full(date, lang))
}

/// `23 novembre 2026`, `1° gennaio 2027` / `23 November 2026`.
pub fn full(date: Date, lang: Lang) -> String {
    format!("{} {}", day_month(date, lang), date.year())
}

/// `23 novembre`, `1° gennaio` / `23 November`.
pub fn day_month(date: Date, lang: Lang) -> String {
    let ordinal = if lang == Lang::It && date.day() == 1 { "°" } else { "" };
    format!("{}{ordinal} {}", date.day(), month(date, lang))
}

/// `23 nov 2026` / `23 Nov 2026`: for lists and tables.
pub fn short(date: Date, lang: Lang) -> String {
    let month: String = month(date, lang).chars().take(3).collect();
    format!("{} {month} {}", date.day(), date.year())
}

/// `23/11/2026` in both languages: day first.
pub fn numeric(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// `07:05`: 24 hours.
pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `07:05:09`.
pub fn time_seconds(time: Time) -> String {
    format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

/// `25 novembre 2026, ore 11:00` / `25 November 2026, 11:00`.
pub fn moment(at: DateTime, lang: Lang) -> String {
    fill(lang, "common.at_hour", &[("date", &full(at.date(), lang)), ("time", &time(at.time()))])
}

/// `lunedì` / `Monday`.
pub fn weekday(date: Date, lang: Lang) -> &'static str {
    // a weekday counted from Monday lies in 0..=6
    WEEKDAYS[row(lang)][usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
}

/// `novembre` / `November`.
pub fn month(date: Date, lang: Lang) -> &'static str {
    // a month lies in 1..=12
    MONTHS[row(lang)][usize::from(date.month().unsigned_abs()) - 1]
}

/// What stands before a date in a sentence; Italian joins it with the article.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Before {
    /// `il 23`, `l'8` / `on 23`.
    On,
    /// `del 23`, `dell'8` / `of 23`.
    Of,
    /// `al 23`, `all'8` / `to 23`.
    To,
    /// `dal 23`, `dall'8` / `from 23`.
    From,
}

/// A day with what stands before it: `del 23 novembre`, `dell'8 maggio`, `il 1° gennaio` / `of 23 November`.
pub fn with_article(before: Before, date: Date, lang: Lang) -> String {
    // "otto" and "undici" start with a vowel; "1°" is read "primo"
    let elided = matches!(date.day(), 8 | 11);
    let word = match (lang, before, elided) {
        (Lang::It, Before::On, false) => "il ",
        (Lang::It, Before::On, true) => "l'",
        (Lang::It, Before::Of, false) => "del ",
        (Lang::It, Before::Of, true) => "dell'",
        (Lang::It, Before::To, false) => "al ",
        (Lang::It, Before::To, true) => "all'",
        (Lang::It, Before::From, false) => "dal ",
        (Lang::It, Before::From, true) => "dall'",
        (Lang::En, Before::On, _) => "on ",
        (Lang::En, Before::Of, _) => "of ",
        (Lang::En, Before::To, _) => "to ",
        (Lang::En, Before::From, _) => "from ",
    };
    format!("{word}{}", day_month(date, lang))
}

fn row(lang: Lang) -> usize {
    match lang {
        Lang::It => 0,
        Lang::En => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime, time as clock};

    #[test]
    fn a_date_has_the_forms_of_its_language() {
        let forms =
            |d, lang| [long(d, lang), full(d, lang), day_month(d, lang), short(d, lang), numeric(d)].join(" · ");
        expect_test::expect![[r#"
            lunedì 23 novembre 2026 · 23 novembre 2026 · 23 novembre · 23 nov 2026 · 23/11/2026
            Monday 23 November 2026 · 23 November 2026 · 23 November · 23 Nov 2026 · 23/11/2026
            venerdì 1° gennaio 2027 · 1° gennaio 2027 · 1° gennaio · 1 gen 2027 · 01/01/2027
            Friday 1 January 2027 · 1 January 2027 · 1 January · 1 Jan 2027 · 01/01/2027
            domenica 8 maggio 2022 · 8 maggio 2022 · 8 maggio · 8 mag 2022 · 08/05/2022
            Sunday 8 May 2022 · 8 May 2022 · 8 May · 8 May 2022 · 08/05/2022"#]]
        .assert_eq(
            &[date(2026, 11, 23), date(2027, 1, 1), date(2022, 5, 8)]
                .into_iter()
                .flat_map(|d| Lang::ALL.map(|lang| forms(d, lang)))
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }

    #[test]
    fn the_hour_has_two_digits() {
        assert_eq!((time(clock(7, 5, 9, 0)), time_seconds(clock(7, 5, 9, 0))), ("07:05".into(), "07:05:09".into()));
        let at = datetime(2026, 11, 25, 11, 0, 0, 0);
        assert_eq!(moment(at, Lang::It), "25 novembre 2026, ore 11:00");
        assert_eq!(moment(at, Lang::En), "25 November 2026, 11:00");
    }

    #[test]
    fn the_article_is_elided_before_eight_and_eleven_alone() {
        let all = |day, lang| {
            [Before::On, Before::Of, Before::To, Before::From]
                .map(|b| with_article(b, date(2026, 5, day), lang))
                .join(", ")
        };
        assert_eq!(all(8, Lang::It), "l'8 maggio, dell'8 maggio, all'8 maggio, dall'8 maggio");
        assert_eq!(all(11, Lang::It), "l'11 maggio, dell'11 maggio, all'11 maggio, dall'11 maggio");
        assert_eq!(all(1, Lang::It), "il 1° maggio, del 1° maggio, al 1° maggio, dal 1° maggio");
        assert_eq!(all(18, Lang::It), "il 18 maggio, del 18 maggio, al 18 maggio, dal 18 maggio");
        assert_eq!(all(8, Lang::En), "on 8 May, of 8 May, to 8 May, from 8 May");
    }

    #[test]
    fn every_day_and_month_has_a_name() {
        for day in 1..=28 {
            for month_number in 1..=12 {
                let d = date(2026, month_number, day);
                for lang in Lang::ALL {
                    assert!(!weekday(d, lang).is_empty() && month(d, lang).len() > 2);
                }
            }
        }
    }
}
