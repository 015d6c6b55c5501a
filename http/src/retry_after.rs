//! `Retry-After` (RFC 9110 §10.2.3): seconds, or a date.

use salastampa_domain::Timestamp;

/// Milliseconds to wait from `now`; 0 for a date gone by, `None` for what is neither seconds nor an HTTP date. Bounds
/// (at least a minute, at most a day) are the caller's.
pub fn parse_retry_after(value: &str, now: Timestamp) -> Option<i64> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(value.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1_000));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Timestamp(date.as_millisecond()).since(now).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read() {
        let now = Timestamp::parse("2026-11-23T06:00:00Z").expect("an instant");
        for (value, expected) in [
            ("120", Some(120_000)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(i64::MAX)),
            ("Mon, 23 Nov 2026 06:05:00 GMT", Some(300_000)),
            ("Mon, 23 Nov 2026 05:00:00 GMT", Some(0)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(parse_retry_after(value, now), expected, "{value:?}");
        }
    }
}
