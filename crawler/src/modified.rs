//! When a page says that it was last changed.
//!
//! Read from the bytes, without a tree: the two places where it stands (an element of the head, JSON-LD) are written by
//! programs and always the same, and this is asked of each page that is read. What is said of other articles comes later
//! in a page than what it says of itself, so the first one counts.

use crate::dates;
use salastampa_domain::Timestamp;
use salastampa_domain::time::{HOUR, rome};

/// Names under which pages declare it in an element of their head.
const NAMES: [&str; 4] = ["article:modified_time", "og:updated_time", "dcterms.modified", "last-modified"];
/// So far into a page it is looked for, in bytes.
const FAR: usize = 1 << 20;
/// Longest element and longest date that are read, in bytes.
const ELEMENT: usize = 400;
const DATE: usize = 60;

/// The date of its last change that a page declares; one in the future is none.
pub(crate) fn of_page(bytes: &[u8], now: Timestamp) -> Option<Timestamp> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(FAR)]);
    let written = NAMES.iter().find_map(|name| of_head(&text, name)).or_else(|| of_json(&text))?;
    let dated = dates::parse(written, &rome(), now)?;
    (dated.at.since(now) < HOUR).then_some(dated.at)
}

/// The `content` of the element that bears that name.
fn of_head<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let at = ['"', '\''].iter().find_map(|quote| text.find(&format!("{quote}{name}{quote}")))?;
    let start = text[..at].rfind('<').filter(|start| at - start < ELEMENT)?;
    let rest = &text[start..];
    let end = rest.find('>').filter(|end| *end < ELEMENT)?;
    let (_, value) = rest[..end].split_once("content=")?;
    quoted(value)
}

/// The text behind the first `"dateModified"`.
fn of_json(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\"dateModified\"")?;
    quoted(rest.trim_start().strip_prefix(':')?.trim_start())
}

/// What stands between the quotes that a text begins with.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = text[1..].split(quote).next()?;
    (inside.len() <= DATE).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_the_last_change_is_read_where_pages_write_it() {
        let now = Timestamp::parse("2026-11-22 18:00").expect("a date");
        for (page, expected) in [
            (
                "<meta property=\"article:modified_time\" content=\"2026-11-22T10:30:00+01:00\">",
                Some("2026-11-22T10:30:00+01:00"),
            ),
            ("<meta content='2026-11-22 09:15' name='last-modified'/>", Some("2026-11-22T09:15:00+01:00")),
            ("<script>{\"dateModified\" : \"2026-11-21T08:00:00Z\"}</script>", Some("2026-11-21T09:00:00+01:00")),
            (
                "{\"dateModified\":\"2026-11-21T08:00:00Z\"} {\"dateModified\":\"2026-11-22\"}",
                Some("2026-11-21T09:00:00+01:00"),
            ),
            ("<meta property=\"article:modified_time\" content=\"2031-01-01\">", None),
            ("<meta property=\"article:modified_time\" content=", None),
            ("\"dateModified\": 7", None),
            ("\"dateModified\":\"", None),
            ("\"dateModified\":\"è", None),
            ("", None),
        ] {
            let read = of_page(page.as_bytes(), now).map(|at| at.rfc3339());
            assert_eq!(read.as_deref(), expected, "{page}");
        }
        assert_eq!(of_page(b"\xff\xfe\"dateModified\":\"\xff\"", now), None);
    }
}
