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

/// The names, and where they were found.
pub(super) fn choose(page: &Html, meta: &Meta, linked: &Linked) -> (Vec<String>, &'static str) {
    let site = meta.site_name.as_deref().unwrap_or_default().to_lowercase();
    let is_own = |name: &String| name.to_lowercase() == site || is_outlet(name);
    let others = |written: &[String]| names(written).into_iter().filter(|n| !is_own(n)).collect::<Vec<_>>();
    let in_links = [linked.authors.as_slice(), &linked.organisations].concat();
    let declared = [(&in_links, "JSON-LD"), (&meta.authors, "meta")];
    // an agency that signs is told, the outlet itself only where nobody else does
    let found = declared.iter().map(|(written, from)| (others(written), *from)).find(|(names, _)| !names.is_empty());
    let seen = || BYLINES.iter().map(|css| (shown(page, css), *css));
    let by_line =
        || seen().map(|(t, from)| (whole_names(others(&t)), from)).find(|(names, _): &(Vec<_>, _)| !names.is_empty());
    let outlet = || {
        let all = declared.iter().map(|(o, from)| (names(o), *from)).chain(seen().map(|(t, from)| (names(&t), from)));
        all.into_iter().find(|(names, _)| !names.is_empty())
    };
    found.or_else(by_line).or_else(outlet).unwrap_or_default()
}

/// The names in what a selector of the source finds.
pub(super) fn by_selector(page: &Html, selector: &Selector) -> Vec<String> {
    let texts: Vec<String> =
        page.select(selector).take(MOST).map(|element| plain::line(&element.inner_html())).collect();
    names(&texts)
}

/// Those of first and last name: a byline also holds places and roles.
fn whole_names(names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| name.contains(' ')).collect()
}

/// The texts of the elements that `css` finds.
fn shown(page: &Html, css: &str) -> Vec<String> {
    let selector = Selector::parse(css).expect("a sound selector");
    let texts = page.select(&selector).take(MOST).map(|element| plain::line(&element.inner_html()));
    texts.filter(|text| text.chars().count() <= 100).collect()
}

/// Whether a signature is that of an outlet, a desk or an address: "TC Redazione", "Esempio.it".
fn is_outlet(name: &str) -> bool {
    let lower = name.to_lowercase();
    let is_desk =
        lower.split(' ').any(|w| matches!(w, "redazione" | "redaktion" | "staff" | "desk" | "newsroom" | "reporter"));
    let is_domain = !lower.contains(' ') && lower.rsplit_once('.').is_some_and(|(_, end)| (2..=4).contains(&end.len()));
    is_desk || is_domain
}

/// The names in signatures, each once.
pub(crate) fn names(written: &[String]) -> Vec<String> {
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
    for sign in [",", ";", "|", " / ", " and ", " & ", " und ", " e ", " et ", " og ", " with ", " • ", " · "] {
        parts = parts.iter().flat_map(|part| part.split(sign).map(str::to_owned).collect::<Vec<_>>()).collect();
    }
    parts.iter().filter_map(|part| name(part)).collect()
}

/// One name without the words around it, if it is one.
fn name(part: &str) -> Option<String> {
    const BEFORE: [&str; 13] = [
        "a cura di ",
        "articolo di ",
        "testo di ",
        "servizio di ",
        "written by ",
        "by ",
        "by: ",
        "di ",
        "von ",
        "par ",
        "por ",
        "text: ",
        "da ",
    ];
    let mut name = part.trim().trim_matches(|c: char| matches!(c, ':' | '-' | '–' | '—' | '(' | ')' | '*')).trim();
    while let Some(before) = BEFORE.iter().find(|b| name.get(..b.len()).is_some_and(|n| n.eq_ignore_ascii_case(b))) {
        name = name[before.len()..].trim_start();
    }
    // an abbreviation or an address behind the name: "Ada Corti (aco.)"
    let name = name.split(" (").next().unwrap_or(name).trim();
    let lower = name.to_lowercase();
    let is_handle = !name.contains(' ') && name.contains(['-', '_']) && name == lower;
    let nobody = is_handle
        || name.chars().any(|c| c.is_ascii_digit() || matches!(c, ':' | '/'))
        || lower.contains("://")
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
            ("Ada Corti (aco.), Piero Lanti (pla.)", vec!["Ada Corti", "Piero Lanti"]),
            ("Foto: Ansa, ada-corti, 22 novembre", vec![]),
            ("https://esempio.test/autori/ada", vec![]),
            ("", vec![]),
            ("àèìòù", vec!["àèìòù"]),
        ] {
            assert_eq!(names(&[written.to_owned()]), expected, "{written}");
        }
    }
}
