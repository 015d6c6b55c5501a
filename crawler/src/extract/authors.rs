//! Who signed: from JSON-LD, the head, or the byline that a reader sees.
//!
//! Names are kept as written but for the words around them ("di", "a cura di", "By") and what is nobody's name (an
//! address, "Redazione").

use super::jsonld::Linked;
use super::meta::Meta;
use crate::feed::plain;
use scraper::{Html, Selector};

/// Most names of one article.
const MOST: usize = 12;

/// Where bylines stand, the most telling first.
const BYLINES: [&str; 6] = [
    "[rel~='author']",
    "[itemprop='author'] [itemprop='name'], [itemprop='author']",
    "[class~='author-name'], [class*='author__name'], [class*='authorName'], [class~='author_name']",
    "[class~='byline'], [class*='byline__']",
    "[class~='author'], [class~='authors'], [class~='autore'], [class~='firma']",
    "address",
];

pub(super) fn choose(page: &Html, meta: &Meta, linked: &Linked) -> Vec<String> {
    let sources = [&linked.authors, &meta.authors];
    if let Some(found) = sources.into_iter().map(|written| names(written)).find(|names| !names.is_empty()) {
        return found;
    }
    for css in BYLINES {
        let selector = Selector::parse(css).expect("a sound selector");
        let written: Vec<String> = page
            .select(&selector)
            .take(MOST)
            .map(|element| plain::line(&element.inner_html()))
            .filter(|text| text.chars().count() <= 100)
            .collect();
        let found = names(&written);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The names in signatures, each once.
fn names(written: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in written.iter().flat_map(|signature| split(signature)) {
        if !names.iter().any(|known| known.to_lowercase() == name.to_lowercase()) && names.len() < MOST {
            names.push(name);
        }
    }
    names
}

fn split(signature: &str) -> Vec<String> {
    let mut parts = vec![signature.to_owned()];
    for sign in [",", ";", "|", " / ", " and ", " & ", " und ", " e ", " et ", " with ", " • ", " · "] {
        parts = parts.iter().flat_map(|part| part.split(sign).map(str::to_owned).collect::<Vec<_>>()).collect();
    }
    parts.iter().filter_map(|part| name(part)).collect()
}

/// One name without the words around it, if it is one.
fn name(part: &str) -> Option<String> {
    const BEFORE: [&str; 13] = [
        "a cura di ", "articolo di ", "testo di ", "servizio di ", "written by ", "by ", "by: ", "di ", "von ", "par ",
        "por ", "text: ", "da ",
    ];
    let mut name = part.trim().trim_matches(|c: char| matches!(c, ':' | '-' | '–' | '—' | '(' | ')' | '*')).trim();
    while let Some(before) = BEFORE.iter().find(|b| name.get(..b.len()).is_some_and(|n| n.eq_ignore_ascii_case(b))) {
        name = name[before.len()..].trim_start();
    }
    let lower = name.to_lowercase();
    let nobody = lower.contains("://")
        || lower.contains("www.")
        || lower.contains('@')
        || matches!(lower.as_str(), "redazione" | "la redazione" | "admin" | "staff" | "author" | "null" | "undefined");
    let words = name.split(' ').count();
    let is_name = !nobody && words <= 6 && name.chars().any(char::is_alphabetic) && name.chars().count() <= 60;
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_out_of_signatures() {
        for (written, expected) in [
            ("di Ada Corti", vec!["Ada Corti"]),
            ("Di Ada Corti e Piero Lanti", vec!["Ada Corti", "Piero Lanti"]),
            ("By Ada Corti, Piero Lanti and Ada Corti", vec!["Ada Corti", "Piero Lanti"]),
            ("a cura di Redazione", vec![]),
            ("https://esempio.test/autori/ada", vec![]),
            ("", vec![]),
            ("àèìòù", vec!["àèìòù"]),
        ] {
            assert_eq!(names(&[written.to_owned()]), expected, "{written}");
        }
    }
}
