//! Section pages of sites without a feed, read by the CSS selectors that the office wrote for them.
//!
//! Selectors are the office's, the page is not: its nesting is measured on the bytes before the HTML parser sees it,
//! because the work of that parser grows with the square of the depth. A page without a single match is an illness at
//! once: the layout has changed.

use crate::dates;
use crate::encoding::{self, Kind};
use crate::feed::{Item, Problem};
use salastampa_domain::time::{HOUR, rome};
use salastampa_domain::{ForeignText, Selectors, Timestamp};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// Most items taken of one page.
const MOST_ITEMS: usize = 200;
/// Elements inside one another, as counted on the bytes.
const DEEPEST: usize = 512;
/// Longest title and lead, in characters.
const LONGEST: (usize, usize) = (500, 2_000);

/// Why a page was not read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotRead {
    /// A selector is none; the registry refuses it already.
    #[error("the selector {selector} is not understood")]
    Selector {
        /// As written.
        selector: String,
    },
    /// Too many elements inside one another.
    #[error("more than 512 elements inside one another")]
    TooDeep,
}

/// Selectors, ready to use.
struct Compiled {
    item: Selector,
    link: Selector,
    title: Option<Selector>,
    date: Option<Selector>,
    lead: Option<Selector>,
}

/// Whether a text is a CSS selector.
pub fn is_selector(text: &str) -> bool {
    compile(text).is_ok()
}

/// The items of a section page, in its order, each address once.
pub fn parse(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &str,
    selectors: &Selectors,
    now: Timestamp,
) -> Result<(Vec<Item>, Vec<Problem>), NotRead> {
    let compiled = compile_all(selectors)?;
    let text = encoding::decode(bytes, content_type, Kind::Html).text;
    if is_too_deep(&text) {
        return Err(NotRead::TooDeep);
    }
    let page = Html::parse_document(&text);
    let base = Url::parse(base).ok();
    let (mut items, mut problems): (Vec<Item>, Vec<Problem>) = (Vec::new(), Vec::new());
    let mut without = 0;
    for element in page.select(&compiled.item) {
        match read_item(element, &compiled, base.as_ref(), now) {
            Some(item) if items.iter().any(|known| known.url == item.url) => {}
            Some(item) if items.len() < MOST_ITEMS => items.push(item),
            Some(_) => {
                problems.push(Problem { what: format!("only the first {MOST_ITEMS} items are taken") });
                break;
            }
            None => without += 1,
        }
    }
    if without > 0 {
        problems.push(Problem { what: format!("{without} items without link or title") });
    }
    Ok((items, problems))
}

fn compile(text: &str) -> Result<Selector, NotRead> {
    Selector::parse(text).map_err(|_| NotRead::Selector { selector: text.to_owned() })
}

fn compile_all(selectors: &Selectors) -> Result<Compiled, NotRead> {
    let some = |text: &Option<String>| text.as_deref().map(compile).transpose();
    Ok(Compiled {
        item: compile(&selectors.item)?,
        link: compile(selectors.link.as_deref().unwrap_or("a[href]"))?,
        title: some(&selectors.title)?,
        date: some(&selectors.date)?,
        lead: some(&selectors.lead)?,
    })
}

fn read_item(item: ElementRef<'_>, compiled: &Compiled, base: Option<&Url>, now: Timestamp) -> Option<Item> {
    let within = |selector: &Selector| item.select(selector).next();
    // the item may be the link itself
    let link = within(&compiled.link).or_else(|| item.attr("href").map(|_| item))?;
    let mut url = match base {
        Some(base) => base.join(link.attr("href")?.trim()),
        None => Url::parse(link.attr("href")?.trim()),
    }
    .ok()
    .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    let title = match &compiled.title {
        Some(selector) => within(selector).map(|e| text_of(e, LONGEST.0)),
        None => {
            Some(text_of(link, LONGEST.0)).filter(|t| !t.is_empty()).or_else(|| link.attr("title").map(str::to_owned))
        }
    }
    .filter(|title| !title.is_empty())?;
    let dated = compiled.date.as_ref().and_then(within).and_then(|element| {
        let machine = element.attr("datetime").or_else(|| element.attr("content"));
        machine
            .and_then(|text| dates::parse(text, &rome(), now))
            .or_else(|| dates::parse(&text_of(element, 200), &rome(), now))
    });
    Some(Item {
        url: url.into(),
        title,
        lead: ForeignText::new(
            compiled.lead.as_ref().and_then(within).map(|e| text_of(e, LONGEST.1)).unwrap_or_default(),
        ),
        published_at: dated.map(|d| if d.at.since(now) > HOUR { now } else { d.at }),
        date_only: dated.is_some_and(|d| d.date_only),
        ..Item::default()
    })
}

/// The words inside an element on one line, cut at so many characters.
fn text_of(element: ElementRef<'_>, longest: usize) -> String {
    let mut out = String::new();
    let mut left = longest;
    for word in element.text().flat_map(str::split_whitespace) {
        let blank = if out.is_empty() { "" } else { " " };
        let length = word.chars().count() + blank.len();
        if length > left {
            break;
        }
        left -= length;
        out.push_str(blank);
        out.push_str(word);
    }
    out
}

/// Whether a page is nested deeper than its parser should see.
pub(crate) fn is_too_deep(text: &str) -> bool {
    depth(text) > DEEPEST
}

/// How deep the open tags of a page stand, counted on its text. Elements that close by themselves or may be left open
/// do not count, or every old page would be too deep; nested wilfully they stand in others that do.
fn depth(text: &str) -> usize {
    const UNCOUNTED: [&str; 28] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "rp",
    ];
    let (mut deepest, mut open) = (0_usize, 0_usize);
    for tag in text.split('<').skip(1) {
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len()).min(20);
        let name = &tag[..end];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || UNCOUNTED.iter().any(|u| u.eq_ignore_ascii_case(name))
        {
            continue;
        }
        if closes {
            open = open.saturating_sub(1);
        } else {
            open += 1;
            deepest = deepest.max(open);
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r##"<!doctype html><html><head><meta charset="utf-8"></head><body>
        <div class="card"><h2><a href="/cronaca/molo#commenti">Riapre <b>il molo</b></a></h2>
          <time datetime="2026-11-23T09:30:00+01:00">stamattina</time><p class="lead">Da domani i pedoni
          tornano sul lungolago.</p></div>
        <div class="card"><h2><a href="https://www.lago.test/sport/vela">Vela in festa</a></h2><span class="d">22 novembre 2026</span></div>
        <div class="card"><h2><a href="/cronaca/molo">Riapre il molo</a></h2></div>
        <div class="card"><h2>Senza collegamento</h2></div>
        <div class="card"><a href="mailto:redazione@lago.test">Scrivici</a></div>
        <a class="card" href="/meteo">Meteo</a>
        </body></html>"##;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-23 12:00").expect("an instant")
    }

    fn selectors() -> Selectors {
        Selectors {
            item: ".card".into(),
            link: Some("a[href]".into()),
            title: None,
            date: Some("time, .d".into()),
            lead: Some(".lead".into()),
        }
    }

    fn read(page: &str, selectors: &Selectors) -> Result<(Vec<Item>, Vec<Problem>), NotRead> {
        parse(page.as_bytes(), Some("text/html"), "https://www.lago.test/cronaca/", selectors, now())
    }

    #[test]
    fn items_are_read_by_the_selectors() {
        let (items, problems) = read(PAGE, &selectors()).expect("a page");
        let shown: Vec<String> = items
            .iter()
            .map(|i| {
                let date = i.published_at.map(Timestamp::rfc3339);
                format!("{} | {} | {:?} {} | {}", i.url, i.title, date, i.date_only, i.lead.for_analysis())
            })
            .collect();
        expect_test::expect![[r#"
            https://www.lago.test/cronaca/molo | Riapre il molo | Some("2026-11-23T09:30:00+01:00") false | Da domani i pedoni tornano sul lungolago.
            https://www.lago.test/sport/vela | Vela in festa | Some("2026-11-22T12:00:00+01:00") true | 
            https://www.lago.test/meteo | Meteo | None false | "#]]
        .assert_eq(&shown.join("\n"));
        assert_eq!(problems, [Problem { what: "2 items without link or title".into() }]);
    }

    #[test]
    fn a_changed_layout_gives_no_item() {
        let other = Selectors { item: ".notizia".into(), ..selectors() };
        assert_eq!(read(PAGE, &other).map(|(items, _)| items.len()), Ok(0));
    }

    #[test]
    fn what_is_no_selector_is_named() {
        let bad = Selectors { item: "div[".into(), ..selectors() };
        assert_eq!(read(PAGE, &bad), Err(NotRead::Selector { selector: "div[".into() }));
        assert!(is_selector("article.card > h2 a[href]") && !is_selector(">>") && !is_selector(""));
    }

    #[test]
    fn hostile_pages_are_refused_or_cut() {
        for nest in ["<div>", "<b>", "<a href=x>", "<DIV >", "<table><tr><td>", "<ul><li>"] {
            assert_eq!(read(&nest.repeat(100_000), &selectors()), Err(NotRead::TooDeep), "{nest}");
        }
        let old = format!("<table>{}</table>", "<tr><td>a<br><p>b<li>c".repeat(5_000));
        assert_eq!(depth(&old), 1);
        let many: String = (0..5_000).map(|n| format!("<a class=card href=/{n}>notizia {n}</a>")).collect();
        let (items, problems) = read(&many, &selectors()).expect("a page");
        assert_eq!((items.len(), problems.len()), (MOST_ITEMS, 1));
        let wordy = format!("<a class=card href=/1>{}</a>", "parola ".repeat(10_000));
        let (items, _) = read(&wordy, &selectors()).expect("a page");
        assert!(items[0].title.chars().count() <= LONGEST.0);
    }
}
