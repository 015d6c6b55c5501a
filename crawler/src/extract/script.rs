//! The text of pages that carry their article in a script only and show it by program: the data that a framework hands
//! from server to browser. A last resort; no script is run.

use super::boilerplate;
use super::lines::{Line, lines};

/// Shortest string that is looked at, in bytes.
const SHORTEST: usize = 500;
/// Most strings that are looked at.
const STRINGS: usize = 200;

/// The longest text that stands as HTML inside a string of a script.
pub(super) fn text(markup: &str) -> Option<String> {
    let paragraph =
        |literal: &&str| literal.contains("<p") || literal.contains("\\u003cp") || literal.contains("\\u003Cp");
    strings(markup)
        .filter(paragraph)
        .take(STRINGS)
        .filter_map(|literal| serde_json::from_str::<String>(literal).ok())
        .map(|html| {
            let lines: Vec<Line> = boilerplate::without(lines(&html));
            lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join("\n")
        })
        .max_by_key(String::len)
}

/// The date of publication among the data of a framework: `"publishedAt":"2026-11-22 10:30"`, quotes escaped or not.
pub(super) fn date(markup: &str) -> Option<&str> {
    const OF: [&str; 6] = ["publi", "pubdate", "postdate", "issuedate", "deploy", "datecreated"];
    const WHAT: [&str; 5] = ["date", "dt", "at", "time", "on"];
    let is_key = |key: &str| {
        let key = key.to_ascii_lowercase().replace('_', "");
        key.len() <= 30 && OF.iter().any(|of| key.starts_with(of)) && WHAT.iter().any(|what| key.ends_with(what))
    };
    markup.match_indices("\":").find_map(|(at, _)| {
        let before = markup[..at].trim_end_matches('\\');
        let from = before.bytes().rev().take(31).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        if !is_key(&before[before.len() - from..]) {
            return None;
        }
        let value = markup[at + 2..].trim_start().trim_start_matches('\\').strip_prefix('"')?;
        let end = value.bytes().take(40).position(|b| matches!(b, b'"' | b'\\'))?;
        // a number would count from somewhere: only what is written as a date
        value.starts_with("20").then_some(&value[..end])
    })
}

/// The long string literals of a document, with their quotes.
fn strings(markup: &str) -> impl Iterator<Item = &str> {
    let mut rest = markup;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find('"')?;
            let inside = &rest[start + 1..];
            let mut escaped = false;
            let end = inside.find(|c: char| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })?;
            let literal = &rest[start..start + end + 2];
            // a quote of the markup may have been taken for the beginning: the closing one may begin the next
            rest = if end >= SHORTEST { &inside[end + 1..] } else { &inside[end..] };
            if end >= SHORTEST {
                return Some(literal);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_found_in_the_data_of_a_page() {
        for (page, expected) in [
            (r#"{"code":"1","publishedAt": "2026-11-22T10:30","x":1}"#, Some("2026-11-22T10:30")),
            (r#"push("{\"deployDt\":\"2026.11.22 18:40\",")"#, Some("2026.11.22 18:40")),
            (r#"{"first_publish_date":"2026-11-22"}"#, None),
            (r#"{"publisher":"2026"}"#, None),
            (r#"{"publishedAt":1795305600}"#, None),
            (r#"{"publishedAt":"2026"#, None),
            ("\":", None),
        ] {
            assert_eq!(super::date(page), expected, "{page}");
        }
    }

    #[test]
    fn the_text_is_found_in_the_data_of_a_page() {
        let sentence = "Il ponte di Bellariva riapre luned\\u00ec. ".repeat(20);
        let page = format!(
            "<div class=\"a\"></div><script>push({{\"id\":\"7\",\"html\":\"\\u003cp class=\\\"x\\\"\\u003e{sentence}\\u003c/p\\u003e\"}})</script>"
        );
        let text = text(&page).expect("a text");
        assert!(text.starts_with("Il ponte di Bellariva riapre lunedì. Il ponte"), "{text}");
        assert_eq!(super::text("<p class=\"x\">niente</p>"), None);
        assert_eq!(super::text(&"\"".repeat(100_000)), None);
    }
}
