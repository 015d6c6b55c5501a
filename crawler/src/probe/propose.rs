//! Selectors for a section page, proposed to the person who adds it: which block of the page repeats once a headline.
//!
//! Links that read like headlines are looked for first; then every element around one of them is named by its tag and one
//! lasting class, and the name under which most blocks hold just one headline wins. Names that programs make up anew with
//! each release of a site (`css-1x2y3z`) are passed over. What is proposed has been tried on the page itself. Left out:
//! pages that a script fills, and the next page of a section.

use crate::dates;
use crate::feed::Item;
use crate::{key, section};
use salastampa_domain::time::rome;
use salastampa_domain::{Selectors, Timestamp};
use scraper::{ElementRef, Html, Selector};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// What is proposed.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Proposal {
    /// The selectors, as they would stand in the registry.
    pub selectors: Selectors,
    /// How many items they give on this page.
    pub found: usize,
    /// The first of them: title and address.
    pub first: Vec<(String, String)>,
}

/// Fewest items of a section page.
const FEWEST: usize = 4;
/// Most headlines looked at.
const HEADLINES: usize = 400;
/// How far an item may stand outside its link, in elements.
const AROUND: usize = 7;
/// How many blocks of a name must hold one headline.
const PURE: f64 = 0.7;
/// Items that are shown.
const SHOWN: usize = 5;

/// Proposes selectors for a page, or nothing where no block repeats.
pub(super) fn propose(text: &str, base: &str, now: Timestamp) -> Option<Proposal> {
    if section::is_too_deep(text) {
        return None;
    }
    let page = Html::parse_document(text);
    let headlines = headlines(&page, &Url::parse(base).ok()?);
    let item = best_block(&page, &headlines)?;
    let block = Selector::parse(&item).ok()?;
    let blocks: Vec<ElementRef<'_>> = page.select(&block).take(HEADLINES).collect();
    let selectors =
        Selectors { link: link(&blocks), title: title(&blocks), date: date(&blocks, now), lead: lead(&blocks), item };
    let (items, _) = section::parse(text.as_bytes(), Some("text/html; charset=utf-8"), base, &selectors, now).ok()?;
    let first = items.iter().take(SHOWN).map(|item: &Item| (item.title.clone(), item.url.clone())).collect();
    (items.len() >= FEWEST).then_some(Proposal { selectors, found: items.len(), first })
}

/// A link that reads like a headline, and the page that it leads to.
struct Headline<'a> {
    link: ElementRef<'a>,
    to: String,
}

fn headlines<'a>(page: &'a Html, base: &Url) -> Vec<Headline<'a>> {
    let links = Selector::parse("a[href]").expect("a sound selector");
    let own = key::canonical(base.as_str());
    let headline = |link: ElementRef<'a>| {
        let to = base.join(link.attr("href")?.trim()).ok()?;
        let leads_on = matches!(to.scheme(), "http" | "https")
            && key::same_site(to.as_str(), base.as_str())
            && reads_like_article(&to);
        let to = key::canonical(to.as_str());
        (leads_on && to != own && is_headline(&words_of(&link)) && !is_furniture(&link))
            .then_some(Headline { link, to })
    };
    page.select(&links).filter_map(headline).take(HEADLINES).collect()
}

/// Whether an address is that of an article rather than of a section: a number, or a long name of several words.
fn reads_like_article(url: &Url) -> bool {
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|part| !part.is_empty())).unwrap_or_default();
    let has_number = url.path().bytes().filter(u8::is_ascii_digit).count() >= 3
        || url.query().is_some_and(|q| q.bytes().any(|b| b.is_ascii_digit()));
    last.matches(['-', '_']).count() >= 2 || has_number
}

fn is_headline(text: &str) -> bool {
    let words = text.split(' ').filter(|w| w.chars().any(char::is_alphabetic)).count();
    words >= 4 && (20..=250).contains(&text.chars().count())
}

/// Whether a link stands around what the page is for.
fn is_furniture(link: &ElementRef<'_>) -> bool {
    link.ancestors().filter_map(ElementRef::wrap).any(|e| matches!(e.value().name(), "nav" | "footer"))
}

fn words_of(element: &ElementRef<'_>) -> String {
    element.text().flat_map(str::split_whitespace).take(60).collect::<Vec<_>>().join(" ")
}

/// The names of an element: its tag with each lasting class, and tags that mean an item by themselves.
fn names(element: &ElementRef<'_>) -> Vec<String> {
    let tag = element.value().name();
    let mut names: Vec<String> =
        element.value().classes().filter(|class| lasts(class)).take(8).map(|class| format!("{tag}.{class}")).collect();
    if tag == "article" {
        names.push(tag.to_owned());
    }
    names
}

/// Whether a class is a word that somebody chose, and needs no escape in a selector.
fn lasts(class: &str) -> bool {
    let digits = class.bytes().filter(u8::is_ascii_digit).count();
    let is_mixed = class.chars().any(|c| c.is_ascii_uppercase()) && digits > 0;
    let is_plain = class.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    is_plain
        && class.starts_with(|c: char| c.is_ascii_alphabetic())
        && class.len() <= 40
        && digits <= 2
        && !is_mixed
        && !["css-", "sc-", "jss", "post-", "svelte-", "emotion-"].iter().any(|made| class.starts_with(made))
}

/// The name of the block that repeats once a headline.
fn best_block(page: &Html, headlines: &[Headline<'_>]) -> Option<String> {
    let all: BTreeSet<&str> = headlines.iter().map(|h| h.to.as_str()).collect();
    if all.len() < FEWEST {
        return None;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for element in page.root_element().descendants().filter_map(ElementRef::wrap) {
        names(&element).into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
    }
    // name -> block -> pages that its headlines lead to
    let mut blocks: BTreeMap<String, BTreeMap<ego::Id, BTreeSet<&str>>> = BTreeMap::new();
    for headline in headlines {
        let around = headline.link.ancestors().filter_map(ElementRef::wrap).take(AROUND);
        for element in std::iter::once(headline.link).chain(around) {
            for name in names(&element) {
                blocks.entry(name).or_default().entry(ego::Id::of(&element)).or_default().insert(&headline.to);
            }
        }
    }
    let score = |name: &str, blocks: &BTreeMap<ego::Id, BTreeSet<&str>>| {
        let pure = blocks.values().filter(|pages| pages.len() == 1);
        let covered: BTreeSet<&str> = pure.clone().flatten().copied().collect();
        let purity = pure.count() as f64 / counts.get(name).copied().unwrap_or(1).max(1) as f64;
        let enough = covered.len() >= FEWEST && purity >= PURE;
        // a block that is more than its link carries date and lead
        let is_more = if name.starts_with("a.") || name.starts_with('h') { 0.0 } else { 0.1 };
        enough.then(|| covered.len() as f64 / all.len() as f64 * purity + is_more)
    };
    let scored = blocks.iter().filter_map(|(name, blocks)| Some((score(name, blocks)?, name)));
    // the shortest of equals: it says least that may change
    scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.len().cmp(&a.1.len()))).map(|(_, name)| name.clone())
}

/// Elements as keys of a map.
mod ego {
    use scraper::ElementRef;

    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub(super) struct Id(usize);

    impl Id {
        pub(super) fn of(element: &ElementRef<'_>) -> Self {
            // nodes do not move while the page is borrowed
            Self(std::ptr::from_ref(element.value()) as usize)
        }
    }
}

/// What holds in at least half of the blocks.
fn in_most(blocks: &[ElementRef<'_>], css: &str, holds: impl Fn(&ElementRef<'_>) -> bool) -> bool {
    let Ok(selector) = Selector::parse(css) else { return false };
    let found = blocks.iter().filter(|block| block.select(&selector).next().is_some_and(|found| holds(&found))).count();
    found * 2 >= blocks.len().max(1)
}

/// The link of the heading, where there is one; else the first, which needs no word.
fn link(blocks: &[ElementRef<'_>]) -> Option<String> {
    let headings = ["h1 a[href]", "h2 a[href]", "h3 a[href]", "h4 a[href]"];
    let found = headings.into_iter().find(|css| in_most(blocks, css, |link| is_headline(&words_of(link))));
    found.map(str::to_owned)
}

/// The heading, where the link holds more than the headline, or nothing that can be read.
fn title(blocks: &[ElementRef<'_>]) -> Option<String> {
    let headings = ["h1", "h2", "h3", "h4"];
    let found = headings.into_iter().find(|css| in_most(blocks, css, |heading| is_headline(&words_of(heading))));
    found.filter(|_| link(blocks).is_none()).map(str::to_owned)
}

fn date(blocks: &[ElementRef<'_>], now: Timestamp) -> Option<String> {
    let is_date = |element: &ElementRef<'_>| {
        let text = element.attr("datetime").map_or_else(|| words_of(element), str::to_owned);
        text.len() <= 120 && dates::parse(&text, &rome(), now).is_some()
    };
    if in_most(blocks, "time", is_date) {
        return Some("time".into());
    }
    let mut classes = BTreeSet::new();
    for element in blocks.iter().take(3).flat_map(|block| block.descendants()).filter_map(ElementRef::wrap) {
        let word = |class: &str| {
            ["date", "data", "time", "ora", "pubdate", "meta"]
                .iter()
                .any(|word| class.to_ascii_lowercase().contains(word))
        };
        classes.extend(element.value().classes().filter(|class| lasts(class) && word(class)).map(str::to_owned));
    }
    classes.into_iter().map(|class| format!(".{class}")).find(|css| in_most(blocks, css, is_date))
}

fn lead(blocks: &[ElementRef<'_>]) -> Option<String> {
    in_most(blocks, "p", |p| words_of(p).chars().count() >= 40).then(|| "p".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://www.lago.test/cronaca/";

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-23 12:00").expect("an instant")
    }

    const TITLES: [&str; 6] = [
        "Riapre il molo piccolo dopo tre mesi",
        "La giunta approva il bilancio di previsione",
        "Vela in festa per la regata d'autunno",
        "Il nuovo parcheggio apre a dicembre",
        "Scuole chiuse lunedì per il vento forte",
        "Trovato il proprietario della barca alla deriva",
    ];

    fn page(block: impl Fn(usize, &str) -> String) -> String {
        let blocks: String = TITLES.iter().enumerate().map(|(n, title)| block(n, title)).collect();
        let menu: String = (0..9)
            .map(|n| format!("<li class='voce'><a href='/sezione-{n}'>Una sezione del giornale {n}</a></li>"))
            .collect();
        format!(
            "<html><body><nav><ul>{menu}</ul></nav><div class='elenco'>{blocks}</div><div class='col'><a href='/privacy-e-cookie-policy'>Informativa sulla privacy dei lettori</a></div></body></html>"
        )
    }

    #[track_caller]
    fn proposed(page: &str, expected: expect_test::Expect) {
        let shown = propose(page, BASE, now()).map_or("-".to_owned(), |p| {
            let s = p.selectors;
            format!(
                "{} | {:?} | {:?} | {:?} | {:?} | {} {}",
                s.item,
                s.link,
                s.title,
                s.date,
                s.lead,
                p.found,
                p.first.len()
            )
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn the_block_that_repeats_once_a_headline_is_found() {
        proposed(
            &page(|n, title| {
                format!(
                    "<div class='riga css-1x{n}'><div class='scheda'><a href='/a-{n}0'><img></a><h2><a href='/cronaca/titolo-lungo-{n}'>{title}</a></h2><time datetime='2026-11-2{n}'>x</time><p>Il testo di un sommario che dice un poco di più.</p></div></div>"
                )
            }),
            expect_test::expect![[r#"div.riga | Some("h2 a[href]") | None | Some("time") | Some("p") | 6 5"#]],
        );
        proposed(
            &page(|n, title| {
                format!(
                    "<a class='card' href='/cronaca/2026/{n}00'><span class='data'>2{n} novembre 2026</span><h3>{title}</h3></a>"
                )
            }),
            expect_test::expect![[r#"a.card | None | Some("h3") | Some(".data") | None | 6 5"#]],
        );
        proposed(
            &page(|n, title| format!("<article><a href='/cronaca/un-titolo-lungo-{n}'>{title}</a></article>")),
            expect_test::expect![[r#"article | None | None | None | None | 6 5"#]],
        );
    }

    #[test]
    fn a_page_without_such_a_block_gives_nothing() {
        proposed("<html><body><p>Nessun elenco.</p></body></html>", expect_test::expect!["-"]);
        proposed(&"<div>".repeat(100_000), expect_test::expect!["-"]);
        proposed(
            &page(|n, title| format!("<p><a href='/cronaca/titolo-lungo-{n}'>{title}</a>")),
            expect_test::expect!["-"],
        );
    }
}
