//! What a document is, found by trying each reader in turn, and the feeds that it points to.

use super::propose::{Proposal, propose};
use super::{Document, Taken, taken_wire};
use crate::extract::PageKind;
use crate::feed::{self, FeedContext, Item};
use crate::wire::{self, WireContext};
use crate::{encoding, extract, key, section, sitemap};
use salastampa_domain::time::rome;
use salastampa_domain::{Selectors, Timestamp};
use scraper::{Html, Selector};
use url::Url;

/// The shortest text that is called an article, in characters: below it is a caption or a list of links.
const SHORTEST_ARTICLE: usize = 200;

/// What a document shows of itself.
pub(super) struct Seen {
    pub(super) document: Document,
    pub(super) items: Vec<Item>,
    /// In place of items, where the document is of an agency.
    pub(super) wires: Vec<Taken>,
    pub(super) feeds: Vec<String>,
    pub(super) problems: Vec<String>,
    pub(super) tdm_reserved: bool,
    pub(super) steps: Vec<String>,
    pub(super) proposal: Option<Proposal>,
}

/// Tries each reader in turn: a sitemap is the strictest, a page takes anything.
pub(super) fn look(bytes: &[u8], content_type: Option<&str>, url: &str, now: Timestamp) -> Seen {
    let seen = |document, items, problems: Vec<String>| Seen {
        document,
        items,
        wires: Vec::new(),
        feeds: Vec::new(),
        problems,
        tdm_reserved: false,
        steps: Vec::new(),
        proposal: None,
    };
    // a file at hand may be packed, whatever it is
    let unpacked = feed::gunzip(bytes);
    let bytes = unpacked.as_deref().unwrap_or(bytes);
    if wire::is_wire(bytes) {
        return match wire::parse(bytes, &WireContext { zone: rome(), now }) {
            Ok((items, problems)) => Seen {
                wires: items.into_iter().map(taken_wire).collect(),
                ..seen(Document::Wire, Vec::new(), problems.into_iter().map(|p| p.what).collect())
            },
            Err(no_wire) => seen(Document::Wire, Vec::new(), vec![no_wire.why]),
        };
    }
    if let Ok((map, problems)) = sitemap::parse(bytes, url, now) {
        let problems = problems.into_iter().map(|p| p.what).collect();
        return match map.maps.is_empty() {
            true => {
                let steps =
                    vec![format!("{} pages listed, taken those of the last two days", map.listed), told(&map.items)];
                Seen { steps, ..seen(Document::Sitemap, map.items, problems) }
            }
            false => Seen { feeds: map.maps, ..seen(Document::SitemapIndex, map.items, problems) },
        };
    }
    let context = FeedContext { base: url, content_type, zone: rome(), now };
    let no_feed = match feed::parse(bytes, &context) {
        Ok((feed, problems)) => {
            let problems = problems.into_iter().map(|p| p.what).collect();
            return Seen { steps: vec![told(&feed.items)], ..seen(Document::Feed, feed.items, problems) };
        }
        Err(no_feed) => no_feed,
    };
    let text = encoding::decode(bytes, content_type, encoding::Kind::Html).text;
    let head: String = text.chars().take(4_096).collect::<String>().to_ascii_lowercase();
    if !head.contains("<html") && !head.contains("<!doctype html") && !head.contains("<body") {
        let document = if bytes.is_empty() { Document::Nothing } else { Document::Other };
        return seen(document, Vec::new(), vec![no_feed.why]);
    }
    let page = extract::extract(bytes, content_type, url, now);
    let is_article = page.body.chars() >= SHORTEST_ARTICLE;
    let mut steps: Vec<String> = page.steps.iter().map(|step| format!("{}: {}", step.part, step.why)).collect();
    steps.extend((page.kind != PageKind::Article).then(|| format!("kind: {:?}", page.kind)));
    steps.extend(page.barrier.map(|barrier| format!("barrier: {barrier:?}")));
    // a page that names its day is an article, whatever it links to
    let proposal = if is_article && page.published_at.is_some() { None } else { propose(&text, url, now) };
    let item = Item {
        url: page.canonical.filter(|own| key::same_site(own, url)).unwrap_or_else(|| url.to_owned()),
        title: page.title,
        lead: page.lead,
        body: page.body,
        authors: page.authors,
        rubric: page.rubric,
        published_at: page.published_at,
        date_only: page.date_only,
        ..Item::default()
    };
    Seen {
        document: if is_article { Document::Article } else { Document::Page },
        items: if is_article { vec![item] } else { Vec::new() },
        wires: Vec::new(),
        feeds: named_feeds(&text, url),
        problems: page.problems.into_iter().map(|p| p.what).collect(),
        tdm_reserved: page.tdm_reserved,
        steps,
        proposal,
    }
}

/// What the selectors of a section page take out of it.
pub(super) fn look_at_section(
    bytes: &[u8],
    content_type: Option<&str>,
    url: &str,
    selectors: &Selectors,
    now: Timestamp,
) -> Seen {
    let (items, problems) = match section::parse(bytes, content_type, url, selectors, now) {
        Ok((items, problems)) if items.is_empty() && problems.is_empty() => {
            (items, vec![format!("nessuna notizia trovata con il selettore «{}»", selectors.item)])
        }
        Ok((items, problems)) => (items, problems.into_iter().map(|p| p.what).collect()),
        Err(section::NotRead::Selector { selector }) => {
            (Vec::new(), vec![format!("selettore non valido: «{selector}»")])
        }
        Err(section::NotRead::TooDeep) => {
            (Vec::new(), vec!["pagina con troppi elementi uno dentro l'altro".to_owned()])
        }
    };
    let steps = vec![told(&items)];
    Seen {
        document: Document::Page,
        items,
        wires: Vec::new(),
        feeds: Vec::new(),
        problems,
        tdm_reserved: false,
        steps,
        proposal: None,
    }
}

/// What the items of a window carry, in one line.
fn told(items: &[Item]) -> String {
    let count = |has: fn(&Item) -> bool| items.iter().filter(|item| has(item)).count();
    format!(
        "{} items: {} with address, {} with identity, {} with date ({} of them a day only), {} with text, {} signed",
        items.len(),
        count(|i| !i.url.is_empty()),
        count(|i| i.guid.is_some()),
        count(|i| i.published_at.is_some()),
        count(|i| i.date_only),
        count(|i| !i.body.is_empty()),
        count(|i| !i.authors.is_empty()),
    )
}

/// The feeds that a page's head names (`<link rel="alternate">`), at most twenty.
pub(crate) fn named_feeds(text: &str, base: &str) -> Vec<String> {
    let (Ok(selector), Ok(base)) = (Selector::parse("link[rel~=alternate][href]"), Url::parse(base)) else {
        return Vec::new();
    };
    // the head is enough, and keeps a hostile body from the parser
    let lower = text.to_ascii_lowercase();
    let end = lower.find("<body").or_else(|| lower.find("</head")).unwrap_or(text.len()).min(256 << 10);
    let head = &text[..text.floor_char_boundary(end)];
    if section::is_too_deep(head) {
        return Vec::new();
    }
    Html::parse_document(head)
        .select(&selector)
        .filter(|link| link.attr("type").is_some_and(is_feed))
        .filter_map(|link| base.join(link.attr("href")?.trim()).ok())
        .map(String::from)
        .take(20)
        .collect()
}

/// The feeds that a `Link` header names (RFC 8288), at most twenty.
pub(crate) fn linked_feeds(header: &str, base: &str) -> Vec<String> {
    let Ok(base) = Url::parse(base) else { return Vec::new() };
    header
        .split('<')
        .filter_map(|link| {
            let (target, parameters) = link.split_once('>')?;
            let parameters = parameters.to_ascii_lowercase();
            (parameters.contains("alternate") && is_feed(&parameters)).then(|| base.join(target.trim()).ok()).flatten()
        })
        .map(String::from)
        .take(20)
        .collect()
}

/// Whether a media type, or what surrounds it, is that of a feed.
fn is_feed(kind: &str) -> bool {
    ["rss", "atom", "feed+json"].iter().any(|f| kind.contains(f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_feeds_too() {
        let header = "</wp-json/>; rel=\"https://api.w.org/\", </feed>; rel=\"alternate\"; type=\"application/rss+xml\", \
            </en>; rel=alternate; hreflang=en, <broken";
        assert_eq!(linked_feeds(header, "https://www.lago.test/"), ["https://www.lago.test/feed"]);
    }

    #[test]
    fn selectors_say_what_they_take_and_why_nothing() {
        let page = "<html><body><div class=card><a href=/molo>Riapre il molo</a></div></body></html>";
        let tried = |item: &str| {
            let selectors = Selectors { item: item.into(), ..Selectors::default() };
            look_at_section(page.as_bytes(), None, "https://www.lago.test/", &selectors, Timestamp(0))
        };
        assert_eq!(tried(".card").items[0].url, "https://www.lago.test/molo");
        for item in [".nulla", "h2["] {
            let seen = tried(item);
            assert!(seen.items.is_empty() && seen.problems[0].contains(item), "{:?}", seen.problems);
        }
    }
}
