//! Reading by the selectors that a source has for its article pages: what each finds, and what to do where it finds none.
//!
//! A selector is the office's word about one site, so it goes before every general rule; a layout that changed must not
//! cost the article, so one that finds nothing is told and the general way is gone.

use super::lines::{self, lines};
use super::{Told, apart, authors, boilerplate, date};
use crate::dates::Dated;
use crate::feed::plain;
use salastampa_domain::{ArticleSelectors, Timestamp};
use scraper::{Html, Selector};

/// Most elements that one selector takes out or joins.
const MOST: usize = 2_000;

/// What the selectors found; `None` for what the general way has to find.
#[derive(Default)]
pub(super) struct Own {
    pub(super) title: Option<String>,
    pub(super) authors: Option<Vec<String>>,
    pub(super) date: Option<Dated>,
    pub(super) body: Option<String>,
}

/// Takes elements out of a page.
pub(super) fn remove(page: &mut Html, selectors: &[String], told: &mut Told) {
    for css in selectors {
        let Some(selector) = compile(css, told) else { continue };
        let found: Vec<_> = page.select(&selector).take(MOST).map(|element| element.id()).collect();
        told.step("text", ((), format!("{} elements taken out by {css}", found.len())));
        for id in found {
            if let Some(mut node) = page.tree.get_mut(id) {
                node.detach();
            }
        }
    }
}

/// Reads what the selectors find.
pub(super) fn read(page: &Html, selectors: &ArticleSelectors, now: Timestamp, told: &mut Told) -> Own {
    let title = by("title", selectors.title.as_deref(), told, |selector| {
        let texts = page.select(selector).map(|element| plain::line(&element.inner_html()));
        texts.into_iter().find(|text| !text.is_empty())
    });
    let authors = by("authors", selectors.authors.as_deref(), told, |selector| {
        Some(authors::by_selector(page, selector)).filter(|names| !names.is_empty())
    });
    let date = by("date", selectors.date.as_deref(), told, |selector| date::by_selector(page, selector, now));
    let body = by("text", selectors.body.as_deref(), told, |selector| body(page, selector));
    Own { title, authors, date, body }
}

/// What a selector finds, with a word about it.
fn by<T>(part: &'static str, css: Option<&str>, told: &mut Told, find: impl Fn(&Selector) -> Option<T>) -> Option<T> {
    let css = css?;
    let selector = compile(css, told)?;
    match find(&selector) {
        Some(found) => Some(told.step(part, (found, format!("selector {css}")))),
        None => {
            told.problem(format!("the selector of the {part} finds nothing: {css}"));
            None
        }
    }
}

/// The registry refuses what is no selector; a row written otherwise is told.
fn compile(css: &str, told: &mut Told) -> Option<Selector> {
    let selector = Selector::parse(css).ok();
    if selector.is_none() {
        told.problem(format!("no selector: {css}"));
    }
    selector
}

fn body(page: &Html, selector: &Selector) -> Option<String> {
    // an element inside another that is taken would be taken twice
    let outer = page.select(selector).take(MOST).filter(|element| {
        !element.ancestors().filter_map(scraper::ElementRef::wrap).any(|outer| selector.matches(&outer))
    });
    let found: Vec<lines::Line> = outer.flat_map(|element| lines(&apart::without(&element.html()))).collect();
    let kept = boilerplate::without(found);
    let text = kept.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then_some(text)
}
