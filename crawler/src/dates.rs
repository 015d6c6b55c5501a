//! Dates as feeds and pages write them, read leniently.
//!
//! One reader for all spellings: the text is cut into numbers, words and signs, and a date, an hour and a zone are looked
//! for in them. So RFC 2822, RFC 3339, the W3C profile, what content systems make of them, and "Pubblicato il 1° luglio
//! 2019 alle 10.30" are one problem, and no spelling needs its own pattern. `dd/mm` is the Italian order, swapped only
//! where the second number is no month. Left out: years outside 1900 to 2199, and calendars other than ours.

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use salastampa_domain::Timestamp;
use salastampa_domain::time::{DAY, HOUR, MINUTE};

/// A date, read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dated {
    /// The instant; midday of the zone where no hour was given, so that no shift of zone changes the day.
    pub at: Timestamp,
    /// Only a day was given, no hour.
    pub date_only: bool,
}

/// The longest text in which a date is looked for, in characters.
const LONGEST: usize = 200;

/// Reads the first date in `text`. `zone` counts where the text names none (or one that nobody knows), `now` for "oggi",
/// "ieri" and "2 ore fa".
pub fn parse(text: &str, zone: &TimeZone, now: Timestamp) -> Option<Dated> {
    let tokens = tokens(text);
    if let Some(at) = ago(&tokens, now) {
        return Some(Dated { at, date_only: false });
    }
    let (day, after) = find_day(&tokens).or_else(|| coarse(&tokens)).or_else(|| relative_day(&tokens, zone, now))?;
    let Some((time, next)) = find_time(&tokens, after) else {
        let at = instant(day.at(12, 0, 0, 0), zone)?;
        return Some(Dated { at, date_only: true });
    };
    let civil = day.to_datetime(time.clock).checked_add(jiff::Span::new().days(time.days)).ok()?;
    let at = match offset(&tokens[next..]) {
        Some(offset) => Timestamp(offset.to_timestamp(civil).ok()?.as_millisecond()),
        None => instant(civil, zone)?,
    };
    Some(Dated { at, date_only: false })
}

fn instant(at: civil::DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(at).compatible().ok().map(|t| Timestamp(t.as_millisecond()))
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    /// Its value and how many digits it was written with.
    Number(u32, usize),
    /// In lower case.
    Word(String),
    Sign(char),
    Blank,
}

use Token::{Blank, Number, Sign, Word};

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.trim().chars().take(LONGEST).peekable();
    while let Some(c) = chars.next() {
        let mut run = String::from(c);
        let mut take = |keep: fn(&char) -> bool| {
            while let Some(next) = chars.next_if(keep) {
                run.push(next);
            }
        };
        if c.is_ascii_digit() {
            take(char::is_ascii_digit);
            // more than nine digits are no part of a date, but must not end the reading either
            tokens.push(Number(run.parse().unwrap_or(u32::MAX), run.len()));
        } else if c.is_alphabetic() {
            take(|c| c.is_alphabetic());
            tokens.push(Word(run.to_lowercase()));
        } else if c.is_whitespace() {
            take(|c| c.is_whitespace());
            tokens.push(Blank);
        } else {
            tokens.push(Sign(if matches!(c, '\u{2212}' | '\u{2013}') { '-' } else { c }));
        }
    }
    tokens
}

/// The first day in the tokens, and the index after it.
fn find_day(tokens: &[Token]) -> Option<(civil::Date, usize)> {
    (0..tokens.len()).find_map(|at| {
        if at > 0 && matches!((&tokens[at - 1], &tokens[at]), (Sign('-' | '/' | ':' | '+'), Number(..))) {
            return None;
        }
        let rest = &tokens[at..];
        let (day, used) = by_numbers(rest).or_else(|| by_name(rest))?;
        Some((day, at + used))
    })
}

/// Days written with numbers alone.
fn by_numbers(tokens: &[Token]) -> Option<(civil::Date, usize)> {
    match *tokens {
        [Number(y, 4), Sign(a @ ('-' | '/' | '.')), Number(m, 1 | 2), Sign(b), Number(d, 1 | 2), ..] if a == b => {
            Some((date(y, m, d)?, 5))
        }
        [
            Number(first, 1 | 2),
            Sign(a @ ('-' | '/' | '.')),
            Number(second, 1 | 2),
            Sign(b),
            Number(y, n @ (2 | 4)),
            ..,
        ] if a == b => {
            let (d, m) = if second > 12 { (second, first) } else { (first, second) };
            Some((date(year(y, n), m, d)?, 5))
        }
        [Number(y, 4), Sign('-'), Number(ordinal, 3), ..] => {
            let start = date(y, 1, 1)?;
            let day = start.checked_add(jiff::Span::new().days(i64::from(ordinal) - 1)).ok()?;
            (day.year() == start.year()).then_some((day, 3))
        }
        [Number(n, 8), ..] => Some((date(n / 10_000, n / 100 % 100, n % 100)?, 1)),
        _ => None,
    }
}

/// A year or a month alone (W3C profile): only where it is the whole text.
fn coarse(tokens: &[Token]) -> Option<(civil::Date, usize)> {
    match *tokens {
        [Number(y, 4), Sign('-'), Number(m, 2)] => Some((date(y, m, 1)?, 3)),
        [Number(y, 4)] => Some((date(y, 1, 1)?, 1)),
        _ => None,
    }
}

/// Days with the name of a month: `1° luglio 2019`, `01-Jan-2004`, `July 1st, 2019`, `Jan 5 10:00:00 2004`.
fn by_name(tokens: &[Token]) -> Option<(civil::Date, usize)> {
    let solid: Vec<(usize, &Token)> = tokens
        .iter()
        .enumerate()
        .filter(|(_, t)| !matches!(t, Blank | Sign('.' | ',' | '°' | 'º' | '-' | '/' | '\'')))
        .filter(|(_, t)| !matches!(t, Word(w) if matches!(w.as_str(), "st" | "nd" | "rd" | "th" | "de" | "del" | "º")))
        .take(9)
        .collect();
    let kinds: Vec<&Token> = solid.iter().map(|(_, t)| *t).collect();
    let end = |n: usize| solid[n].0 + 1;
    match kinds.as_slice() {
        [Number(d, 1 | 2), Word(m), Number(y, n @ (2 | 4)), ..] => Some((date(year(*y, *n), month(m)?, *d)?, end(2))),
        [Word(m), Number(d, 1 | 2), Number(y, 4), ..] => Some((date(*y, month(m)?, *d)?, end(2))),
        // asctime: the year comes after the hour
        [Word(m), Number(d, 1 | 2), Number(_, 1 | 2), Sign(':'), Number(..), Sign(':'), Number(..), rest @ ..] => {
            let y = rest.iter().find_map(|t| if let Number(y, 4) = t { Some(*y) } else { None })?;
            Some((date(y, month(m)?, *d)?, end(1)))
        }
        _ => None,
    }
}

fn relative_day(tokens: &[Token], zone: &TimeZone, now: Timestamp) -> Option<(civil::Date, usize)> {
    let today = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
    tokens.iter().enumerate().find_map(|(at, token)| match token {
        Word(w) if w == "oggi" || w == "today" => Some((today, at + 1)),
        Word(w) if w == "ieri" || w == "yesterday" => Some((today.yesterday().ok()?, at + 1)),
        _ => None,
    })
}

/// "2 ore fa", "5 minuti fa", "un'ora fa".
fn ago(tokens: &[Token], now: Timestamp) -> Option<Timestamp> {
    let words: Vec<&Token> = tokens.iter().filter(|t| !matches!(t, Blank | Sign(_))).take(4).collect();
    let (count, unit) = match words.as_slice() {
        [Number(n, 1..=3), Word(unit), Word(fa), ..] if fa == "fa" || fa == "ago" => (i64::from(*n), unit),
        [Word(one), Word(unit), Word(fa), ..] if fa == "fa" && one.starts_with("un") => (1, unit),
        _ => return None,
    };
    let length = match unit.as_str() {
        "minuto" | "minuti" | "min" | "minute" | "minutes" => MINUTE,
        "ora" | "ore" | "hour" | "hours" => HOUR,
        "giorno" | "giorni" | "day" | "days" => DAY,
        _ => return None,
    };
    Some(now.plus(-count * length))
}

struct Clock {
    clock: civil::Time,
    /// Days to go on: the hour was 24, or a part beyond its range is carried over.
    days: i64,
}

/// The first hour from `after` on, and the index after it.
fn find_time(tokens: &[Token], after: usize) -> Option<(Clock, usize)> {
    (after..tokens.len()).find_map(|at| {
        let rest = &tokens[at..];
        let before = tokens[..at].iter().rev().find(|t| **t != Blank);
        let spoken = matches!(before, Some(Word(w)) if matches!(w.as_str(), "ore" | "alle" | "h" | "at" | "hs"));
        let (hour, minute, second, used) = match *rest {
            [
                Number(h, 1 | 2),
                Sign(':'),
                Number(m, 1 | 2),
                Sign(':'),
                Number(s, 1 | 2),
                Sign('.' | ','),
                Number(..),
                ..,
            ] => (h, m, s, 7),
            [Number(h, 1 | 2), Sign(':'), Number(m, 1 | 2), Sign(':'), Number(s, 1 | 2), ..] => (h, m, s, 5),
            [Number(h, 1 | 2), Sign(':'), Number(m, 2), ..] => (h, m, 0, 3),
            [Number(h, 1 | 2), Sign('.'), Number(m, 2), ..] => (h, m, 0, 3),
            [Number(h, 1 | 2), Word(ref w), Number(m, 2), ..] if w == "h" => (h, m, 0, 3),
            [Number(n, 6), ..] if is_t(before) => (n / 10_000, n / 100 % 100, n % 100, 1),
            [Number(n, 4), ..] if is_t(before) => (n / 100, n % 100, 0, 1),
            [Number(h, 1 | 2), ..] if spoken || followed_by_half(&rest[1..]) => (h, 0, 0, 1),
            _ => return None,
        };
        let (half, skip) = half(&tokens[at + used..]);
        let hour = match half {
            Some(Half::Morning) if hour == 12 => 0,
            Some(Half::Afternoon) if hour < 12 => hour + 12,
            _ => hour,
        };
        // a time with seconds is one for programs, and programs count beyond 23:59:59; any other would be a price or a score
        let (most_hours, most) = if used >= 5 { (30, 70) } else { (24, 60) };
        let is_midnight = hour == 24 && minute == 0;
        if (hour >= most_hours && !is_midnight) || minute >= most || second >= most {
            return None;
        }
        let total = hour * 3_600 + minute * 60 + second;
        let part = |n: u32| i8::try_from(n).ok();
        let clock = civil::Time::new(part(total / 3_600 % 24)?, part(total / 60 % 60)?, part(total % 60)?, 0).ok()?;
        Some((Clock { clock, days: i64::from(total / 86_400) }, at + used + skip))
    })
}

fn is_t(before: Option<&Token>) -> bool {
    matches!(before, Some(Word(w)) if w == "t")
}

enum Half {
    Morning,
    Afternoon,
}

/// `am`, `p.m.` after an hour, and how many tokens it takes.
fn half(tokens: &[Token]) -> (Option<Half>, usize) {
    let skip = usize::from(tokens.first() == Some(&Blank));
    let letter = |w: &str| match w {
        "a" | "am" => Some(Half::Morning),
        "p" | "pm" => Some(Half::Afternoon),
        _ => None,
    };
    match &tokens[skip..] {
        [Word(w), Sign('.'), Word(m), ..] if m == "m" => (letter(w), skip + 3),
        [Word(w), ..] if w.len() == 2 => (letter(w), skip + usize::from(letter(w).is_some())),
        _ => (None, 0),
    }
}

fn followed_by_half(tokens: &[Token]) -> bool {
    half(tokens).0.is_some()
}

/// The offset named right after the hour; `None` for none, or for a name that nobody knows.
fn offset(tokens: &[Token]) -> Option<Offset> {
    let start = tokens.iter().position(|t| !matches!(t, Blank | Sign('(')))?;
    match &tokens[start..] {
        [Sign(sign @ ('+' | '-')), Number(n, 4), ..] => signed(*sign, n / 100, n % 100),
        [Sign(sign @ ('+' | '-')), Number(n, 3), ..] => signed(*sign, n / 100, n % 100),
        [Sign(sign @ ('+' | '-')), Number(h, 1 | 2), Sign(':'), Number(m, 2), ..] => signed(*sign, *h, *m),
        [Sign(sign @ ('+' | '-')), Number(h, 1 | 2), ..] => signed(*sign, *h, 0),
        // "GMT+2", "UTC +01:00"
        [Word(name), rest @ ..] if matches!(name.as_str(), "gmt" | "utc" | "ut" | "z") => match rest {
            [Sign('+' | '-'), Number(..), ..] | [Blank, Sign('+' | '-'), Number(..), ..] => offset(rest),
            _ => Some(Offset::UTC),
        },
        [Word(name), ..] => zone_hours(name).and_then(|minutes| Offset::from_seconds(minutes * 60).ok()),
        _ => None,
    }
}

fn signed(sign: char, hours: u32, minutes: u32) -> Option<Offset> {
    let seconds = i32::try_from(hours * 3_600 + minutes.min(59) * 60).ok()?;
    Offset::from_seconds(if sign == '-' { -seconds } else { seconds }).ok()
}

/// Minutes east of Greenwich of the zone names that feeds use (RFC 2822 §4.3 and what is seen).
fn zone_hours(name: &str) -> Option<i32> {
    Some(match name {
        "wet" => 0,
        "west" | "bst" | "cet" | "met" | "mez" => 60,
        "cest" | "mest" | "mesz" | "eet" | "sast" => 120,
        "eest" | "msk" | "idt" => 180,
        "msd" => 240,
        "ist" => 330,
        "jst" | "kst" => 540,
        "aest" => 600,
        "ast" | "edt" => -240,
        "est" | "cdt" => -300,
        "cst" | "mdt" => -360,
        "mst" | "pdt" => -420,
        "pst" => -480,
        _ => return None,
    })
}

/// The number of a month by its Italian or English name or abbreviation, in lower case.
pub(crate) fn month(word: &str) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["jan", "january", "gen", "gennaio", "genn"],
        &["feb", "february", "febbraio", "febbr"],
        &["mar", "march", "marzo"],
        &["apr", "april", "aprile"],
        &["may", "mag", "maggio", "magg"],
        &["jun", "june", "giu", "giugno"],
        &["jul", "july", "lug", "luglio"],
        &["aug", "august", "ago", "agosto"],
        &["sep", "sept", "september", "set", "sett", "settembre"],
        &["oct", "october", "ott", "ottobre"],
        &["nov", "november", "novembre"],
        &["dec", "december", "dic", "dicembre"],
    ];
    (1..).zip(NAMES).find(|(_, names)| names.contains(&word)).map(|(number, _)| number)
}

fn year(n: u32, digits: usize) -> u32 {
    match (digits, n) {
        (2, 0..50) => 2000 + n,
        (2, _) => 1900 + n,
        _ => n,
    }
}

fn date(y: u32, m: u32, d: u32) -> Option<civil::Date> {
    if !(1900..2200).contains(&y) {
        return None;
    }
    civil::Date::new(i16::try_from(y).ok()?, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::time::rome;

    /// 2026-11-22 18:00 in Rome.
    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22 18:00").expect("a date")
    }

    /// What is read, on the Italian clock; a day alone without its hour.
    fn read(text: &str) -> String {
        match parse(text, &rome(), now()) {
            None => "-".to_owned(),
            Some(Dated { at, date_only: true }) => at.day().to_string(),
            Some(Dated { at, date_only: false }) => at.rfc3339(),
        }
    }

    #[test]
    fn standards_are_read_and_so_is_what_programs_make_of_them() {
        for (text, expected) in [
            ("Mon, 23 Nov 2026 07:00:00 +0100", "2026-11-23T07:00:00+01:00"),
            ("Mon, 23 Nov 2026 07:00:00 GMT", "2026-11-23T08:00:00+01:00"),
            ("Mon, 23 Nov 26 07:00 EST", "2026-11-23T13:00:00+01:00"),
            ("lundi, 23 Nov 2026 07:00:00 -0000", "2026-11-23T08:00:00+01:00"),
            ("Mon Nov 23 07:00:05 2026", "2026-11-23T07:00:05+01:00"),
            ("2026-11-23T06:00:00Z", "2026-11-23T07:00:00+01:00"),
            ("2026-11-23T06:00:00.123456+00:00", "2026-11-23T07:00:00+01:00"),
            ("2026-11-23T0600+0000", "2026-11-23T07:00:00+01:00"),
            ("2026-11-23 T06:00:00 -05:00", "2026-11-23T12:00:00+01:00"),
            ("20261123T060000Z", "2026-11-23T07:00:00+01:00"),
            ("2026/1/10 14:33:00", "2026-01-10T14:33:00+01:00"),
            ("2026-11-23T07:00", "2026-11-23T07:00:00+01:00"),
            ("2026-11-23T24:00:00", "2026-11-24T00:00:00+01:00"),
            ("2026-11-23T25:51:30", "2026-11-24T01:51:30+01:00"),
            ("2026-11-23T23:59:61", "2026-11-24T00:00:01+01:00"),
            ("2026-11-23 23:75:00", "2026-11-23"),
            ("2026-11-23 25:51", "2026-11-23"),
            ("Nov 23, 2026 3:05 PM", "2026-11-23T15:05:00+01:00"),
            ("23 Nov 2026 12:05 a.m. CET", "2026-11-23T00:05:00+01:00"),
            ("23-Nov-2026 07:00:00 GMT+2", "2026-11-23T06:00:00+01:00"),
            ("23 Nov 2026 07:00:00 XYZ", "2026-11-23T07:00:00+01:00"),
            ("2026", "2026-01-01"),
            ("2026-07", "2026-07-01"),
            ("2026-335", "2026-12-01"),
            ("20261123", "2026-11-23"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn italian_dates_are_read() {
        for (text, expected) in [
            ("1 lug 2019 ore 10.30", "2019-07-01T10:30:00+02:00"),
            ("1° luglio 2019", "2019-07-01"),
            ("Pubblicato il 22 novembre 2026 alle 9:05", "2026-11-22T09:05:00+01:00"),
            ("Bellariva sul Lago, domenica 22 novembre 2026 - 18:04", "2026-11-22T18:04:00+01:00"),
            ("22/11/2026 ore 10.30", "2026-11-22T10:30:00+01:00"),
            ("01/02/2026", "2026-02-01"),
            ("11/22/2026", "2026-11-22"),
            ("22.11.26", "2026-11-22"),
            ("22-11-2026, h 7", "2026-11-22T07:00:00+01:00"),
            ("29 mar 2026 02:30", "2026-03-29T03:30:00+02:00"),
            ("oggi alle 8.15", "2026-11-22T08:15:00+01:00"),
            ("ieri", "2026-11-21"),
            ("2 ore fa", "2026-11-22T16:00:00+01:00"),
            ("un'ora fa", "2026-11-22T17:00:00+01:00"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for text in
            ["", "domani", "31 febbraio 2026", "12:30", "tel. 030 1234567", "0000-00-00", "99/99/9999", "22 novembre"]
        {
            assert_eq!(read(text), "-", "{text}");
        }
        assert_eq!(read(&"9".repeat(100_000)), "-");
        assert_eq!(read(&format!("{} 2026-11-23", "x ".repeat(200))), "-");
    }
}
