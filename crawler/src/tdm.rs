//! Reservation of text and data mining (L. 633/1941 art. 70-quater; directive 2019/790 art. 4), said by the TDM
//! Reservation Protocol of the W3C community group: a file for the site, a header, an element of the page.
//!
//! The most particular word counts, and a page's own element can only add to it: the office takes the stricter reading.

use crate::pattern;
use serde_json::Value;
use std::collections::BTreeMap;

/// Rules that are read of one file.
const MOST_RULES: usize = 1_000;

/// What `/.well-known/tdmrep.json` says; empty where there is none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tdm {
    /// In the order of the file: the first that matches decides.
    pub rules: Vec<TdmRule>,
}

/// One entry of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TdmRule {
    /// The path pattern, normalised.
    pub location: String,
    /// Whether mining is reserved there.
    pub reserved: bool,
    /// Where the conditions are.
    pub policy: Option<String>,
}

impl Tdm {
    /// Reads an answer to `GET /.well-known/tdmrep.json`. No answer, no file and no JSON say nothing.
    pub fn read(status: u16, body: &str) -> Self {
        if !(200..300).contains(&status) {
            return Self::default();
        }
        let Ok(Value::Array(entries)) = serde_json::from_str(body.trim_start_matches('\u{feff}')) else {
            return Self::default();
        };
        Self { rules: entries.iter().take(MOST_RULES).filter_map(read_rule).collect() }
    }

    /// What the file says of an address; `None` where it is silent.
    pub fn says(&self, url: &str) -> Option<bool> {
        let path = pattern::path_of(url)?;
        self.rules.iter().find(|rule| pattern::matches(&rule.location, &path)).map(|rule| rule.reserved)
    }

    /// Whether mining of the answer from this address is reserved, by its header or else by the file.
    pub fn reserved(&self, url: &str, headers: &BTreeMap<String, String>) -> bool {
        let header = headers.get("tdm-reservation").and_then(|value| match value.trim() {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        });
        header.or_else(|| self.says(url)).unwrap_or(false)
    }
}

fn read_rule(entry: &Value) -> Option<TdmRule> {
    let reserved = match entry.get("tdm-reservation")? {
        Value::Number(n) => n.as_i64() == Some(1),
        Value::String(s) => s.trim() == "1",
        Value::Bool(b) => *b,
        _ => return None,
    };
    let location = pattern::normalise(entry.get("location")?.as_str()?.trim());
    let policy = entry.get("tdm-policy").and_then(Value::as_str).map(str::to_owned);
    (location.len() <= pattern::LONGEST).then_some(TdmRule { location, reserved, policy })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_matching_rule_of_the_file_decides() {
        let tdm = Tdm::read(
            200,
            r#"[{"location": "/comunicati/*", "tdm-reservation": 0},
                {"location": "/*.html$", "tdm-reservation": "1", "tdm-policy": "https://lago.test/tdm"},
                {"location": 7}, "rumore"]"#,
        );
        assert_eq!(tdm.rules.len(), 2);
        for (path, expected) in
            [("/comunicati/1.html", Some(false)), ("/cronaca/1.html", Some(true)), ("/cronaca/", None)]
        {
            assert_eq!(tdm.says(&format!("https://lago.test{path}")), expected, "{path}");
        }
    }

    #[test]
    fn the_header_is_nearer_than_the_file() {
        let tdm = Tdm::read(200, r#"[{"location": "/", "tdm-reservation": 1}]"#);
        let with = |value: &str| BTreeMap::from([("tdm-reservation".to_owned(), value.to_owned())]);
        let url = "https://lago.test/a";
        assert!(tdm.reserved(url, &BTreeMap::new()));
        assert!(!tdm.reserved(url, &with("0")));
        assert!(tdm.reserved(url, &with("forse")));
        assert!(Tdm::default().reserved(url, &with(" 1 ")));
        assert!(!Tdm::default().reserved(url, &BTreeMap::new()));
    }

    #[test]
    fn what_is_no_such_file_says_nothing() {
        let deep = "[".repeat(200_000);
        for (status, body) in
            [(404, r#"[{"location":"/","tdm-reservation":1}]"#), (200, "<html>"), (200, "{}"), (200, &deep), (0, "")]
        {
            assert_eq!(Tdm::read(status, body), Tdm::default(), "{status}");
        }
    }
}
