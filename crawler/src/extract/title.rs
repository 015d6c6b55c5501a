//! The headline: the `<h1>` that a reader sees, found among the headings by what the page calls itself elsewhere.

use super::jsonld::Linked;
use super::meta::Meta;
use crate::feed::plain;
use scraper::{Html, Selector};
use std::collections::HashSet;

/// Longest title, in characters; a longer heading is no heading.
const LONGEST: usize = 400;

/// The headline, and where it was found.
pub(super) fn choose(page: &Html, meta: &Meta, linked: &Linked) -> (String, &'static str) {
    let heading = Selector::parse("h1").expect("a sound selector");
    let headings: Vec<String> = page
        .select(&heading)
        .take(50)
        .map(|h1| plain::line(&h1.inner_html()))
        .filter(|text| !text.is_empty() && text.chars().count() <= LONGEST)
        .collect();
    let tag = meta.title_tag.as_deref().map(|tag| without_site(tag, meta));
    let og = meta.og_title.as_deref().map(|title| without_site(title, meta));
    let declared: Vec<(&str, &str)> =
        [(og.as_deref(), "og:title"), (linked.headline.as_deref(), "JSON-LD headline"), (tag.as_deref(), "title")]
            .into_iter()
            .filter_map(|(title, from)| Some((title?, from)))
            .collect();
    let likeness = |heading: &str| declared.iter().map(|(title, _)| alike(heading, title)).fold(0.0, f64::max);
    let best = headings.iter().rev().max_by(|a, b| likeness(a).total_cmp(&likeness(b)).then(a.len().cmp(&b.len())));
    match best {
        Some(heading) if declared.is_empty() || likeness(heading) >= 0.3 => (without_rubric(heading, &declared), "h1"),
        // a page that is called in other words than its only heading
        Some(heading) if headings.len() == 1 && heading.split(' ').count() >= 4 => (heading.clone(), "h1"),
        _ => declared.first().map(|(title, from)| ((*title).to_owned(), *from)).unwrap_or_default(),
    }
}

/// A heading without the rubric that stands before it ("Cronaca | Riapre il ponte"), if the page calls itself so elsewhere.
fn without_rubric(heading: &str, declared: &[(&str, &str)]) -> String {
    let parts = heading.split(" | ").map(str::trim);
    let named = |part: &&str| declared.iter().any(|(title, _)| part.to_lowercase() == title.to_lowercase());
    parts.into_iter().find(named).unwrap_or(heading).to_owned()
}

/// A title without the name of the site at one of its ends ("Il ponte | Il Foglio").
fn without_site(title: &str, meta: &Meta) -> String {
    const SIGNS: [&str; 7] = [" | ", " - ", " – ", " — ", " :: ", " » ", " • "];
    let site = meta.site_name.as_deref().unwrap_or_default();
    // "La Stampa" of lastampa.test
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let is_host = |part: &str| !part.is_empty() && meta.host.split('.').any(|label| letters(label) == letters(part));
    let is_site = |part: &str| !site.is_empty() && (alike(part, site) >= 0.5) || is_host(part);
    for sign in SIGNS {
        if let Some((rest, last)) = title.rsplit_once(sign)
            && (is_site(last) || sign != " - " && last.split(' ').count() <= 3 && rest.split(' ').count() > 3)
        {
            return without_site(rest, meta);
        }
        if let Some((first, rest)) = title.split_once(sign)
            && is_site(first)
        {
            return rest.trim().to_owned();
        }
    }
    title.trim().to_owned()
}

/// How many words two titles share, of all their words (0 to 1).
fn alike(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let all = a.union(&b).count();
    if all == 0 { 0.0 } else { a.intersection(&b).count() as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(html: &str) -> String {
        let page = Html::parse_document(html);
        choose(&page, &super::super::meta::read(&page, "https://esempio.test/"), &super::super::jsonld::read(&page)).0
    }

    #[test]
    fn the_heading_that_the_page_means_is_chosen() {
        for (html, expected) in [
            (
                "<title>Riapre il ponte - Il Foglio</title><h1><img alt=x></h1><h1>Il Foglio</h1><h1>Riapre il ponte sul lago</h1>",
                "Riapre il ponte sul lago",
            ),
            (
                "<meta property=og:title content='Riapre il ponte | Il Foglio'><meta property=og:site_name content='Il Foglio'><h1>Il Foglio</h1>",
                "Riapre il ponte",
            ),
            ("<h1>Uno<br>due</h1>", "Uno due"),
            (
                "<meta property=og:title content='Riapre il ponte sul lago'><h1>Cronaca | Riapre il ponte sul lago</h1>",
                "Riapre il ponte sul lago",
            ),
            (
                "<title>Il ponte | la piazza, due cantieri</title><h1>Il ponte | la piazza, due cantieri</h1>",
                "Il ponte | la piazza, due cantieri",
            ),
            ("<title>Riapre il ponte sul lago - Il Foglio</title>", "Riapre il ponte sul lago - Il Foglio"),
            ("<title>Riapre il ponte sul lago - Esempio</title>", "Riapre il ponte sul lago"),
            ("<title>Comune di Bellariva</title>", "Comune di Bellariva"),
            ("", ""),
        ] {
            assert_eq!(title(html), expected, "{html}");
        }
    }
}
