//! Every public page, as a sample in every language, held against what all pages owe their readers.

use crate::answer::Notice;
use crate::leave::{AskPage, LeftPage};
use crate::newsroom::{ListPage, ReleasePage, WithdrawnPage};
use askama::Template;
use salastampa_locale::Lang;

fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a template over strings");
    vec![
        ("list", page(&ListPage::sample(lang))),
        ("release", page(&ReleasePage::sample(lang))),
        ("withdrawn", page(&WithdrawnPage::sample(lang))),
        ("notice", page(&Notice::sample(lang))),
        ("leave", page(&AskPage::sample(lang))),
        ("left", page(&LeftPage::sample(lang))),
    ]
}

/// The levels of the headings, in order.
fn headings(page: &str) -> Vec<u8> {
    page.split("<h")
        .skip(1)
        .filter_map(|after| after.bytes().next())
        .filter(u8::is_ascii_digit)
        .map(|b| b - b'0')
        .collect()
}

#[test]
fn every_page_has_its_landmarks_its_language_and_one_title() {
    for lang in Lang::ALL {
        for (name, page) in samples(lang) {
            assert!(page.contains(&format!("<html lang=\"{}\">", lang.code())), "{name}");
            for part in [
                "<header",
                "<main id=\"contenuto\"",
                "<footer",
                "<title>",
                "data-element=\"breadcrumb\"",
                "href=\"#contenuto\"",
            ] {
                assert_eq!(page.matches(part).count(), 1, "{part} in {name}");
            }
            let levels = headings(&page);
            assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
            assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?} in {name}");
            assert_eq!(page.matches("aria-current=\"page\"").count(), 1, "{name}");
        }
    }
}

#[test]
fn no_page_runs_loads_or_styles_by_itself() {
    for lang in Lang::ALL {
        for (name, page) in samples(lang) {
            for wish in ["<script", " style=\"", "<style", " onclick", "<img", "<iframe", "@import"] {
                assert!(!page.contains(wish), "{wish} in {name}");
            }
            assert_eq!(page.matches("rel=\"stylesheet\"").count(), 1, "{name}");
        }
    }
}

#[test]
fn no_page_shows_a_key_in_place_of_a_sentence() {
    for lang in Lang::ALL {
        for (name, page) in samples(lang) {
            for key in [">web.", "\"web.", ">common.", ">releases."] {
                assert!(!page.contains(key), "{key} in {name}");
            }
        }
    }
}

#[test]
fn the_hooks_of_the_national_checker_stand_where_they_belong() {
    for (name, page) in samples(Lang::It) {
        for hook in ["main-navigation", "news-category-link", "page-name", "contacts", "privacy-policy-link"] {
            assert!(page.contains(&format!("data-element=\"{hook}\"")), "{hook} in {name}");
        }
    }
    let release = ReleasePage::sample(Lang::It).render().expect("a template over strings");
    assert_eq!(release.matches("data-element=\"topic-element\"").count(), 2);
}
