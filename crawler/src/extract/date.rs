//! When a page was published: declared for programs first, then what a reader sees, then the address.

use super::jsonld::Linked;
use super::meta::Meta;
use crate::dates::{self, Dated};
use crate::feed::plain;
use salastampa_domain::Timestamp;
use salastampa_domain::time::{DAY, rome};
use scraper::{ElementRef, Html, Selector};

/// Where dates are shown, the most telling first.
const SHOWN: [&str; 5] = [
    "[itemprop='datePublished']",
    "time[pubdate], article time[datetime], header time[datetime], main time[datetime]",
    "time",
    "[class*='publish'], [class*='pubbl'], [class*='-date'], [class*='date-'], [class~='date'], [class~='data'], [class*='_date'], [class*='Date']",
    "[class*='time'], [id*='date'], [class*='byline'], [class*='meta']",
];

/// Longest text that is taken for a date line, in bytes.
const LINE: usize = 160;

/// How far two dates of one page may lie apart.
const APART: i64 = DAY;

/// A date, and where it stands.
pub(super) struct Place {
    pub(super) dated: Dated,
    pub(super) from: String,
}

/// What a page says of its date.
#[derive(Default)]
pub(super) struct Verdict {
    /// The one that is believed.
    pub(super) chosen: Option<Place>,
    /// Declared ones, and that of the address, which lie more than a day from it.
    pub(super) against: Vec<Place>,
}

/// Weighs all dates. `data` looks for one in the scripts of the page: a last resort.
pub(super) fn choose<'d>(
    page: &Html,
    meta: &Meta,
    linked: &Linked,
    url: &str,
    now: Timestamp,
    data: impl FnOnce() -> Option<&'d str>,
) -> Verdict {
    let read = |text: &str| dates::parse(text, &rome(), now).filter(|d| d.at.since(now) < 2 * DAY);
    let place = |text: &str, from: &str| Some(Place { dated: read(text)?, from: from.to_owned() });
    let in_links = linked.published.iter().filter_map(|text| place(text, "JSON-LD datePublished"));
    let mut declared: Vec<Place> =
        in_links.chain(meta.published.iter().filter_map(|(name, text)| place(text, &format!("meta {name}")))).collect();
    declared.extend(in_address(url).and_then(|day| place(&day, "the address")));
    let is_address = |found: &Place| found.from == "the address";
    let first = declared.iter().position(|found| !is_address(found));
    let mut chosen = match first {
        Some(first) => Some(declared.remove(first)),
        None => shown(page, read).or_else(|| declared.pop()).or_else(|| place(data()?, "the data of its scripts")),
    };
    // a day alone gives way to an instant of the same day
    if let Some(first) = chosen.as_mut().filter(|first| first.dated.date_only) {
        let is_precise = |d: &Dated| !d.date_only && d.at.since(first.dated.at).abs() < DAY;
        if let Some(precise) = declared.iter().position(|found| is_precise(&found.dated)) {
            *first = declared.remove(precise);
        }
    }
    let at = chosen.as_ref().map(|found| found.dated.at);
    // a day stands for its midday: two of them may lie as far apart again
    let slack = |found: &Place| if found.dated.date_only { APART + DAY / 2 } else { APART };
    declared.retain(|found| at.is_some_and(|at| found.dated.at.since(at).abs() > slack(found)));
    Verdict { chosen, against: declared }
}

/// The date in what a selector of the source finds.
pub(super) fn by_selector(page: &Html, selector: &Selector, now: Timestamp) -> Option<Dated> {
    page.select(selector).take(40).find_map(|element| dated(&element, |text| dates::parse(text, &rome(), now)))
}

fn shown(page: &Html, read: impl Fn(&str) -> Option<Dated>) -> Option<Place> {
    SHOWN.iter().find_map(|css| {
        let selector = Selector::parse(css).expect("a sound selector");
        let found = page.select(&selector).take(40).find_map(|element| dated(&element, &read))?;
        let first = css.split(',').next().unwrap_or_default();
        Some(Place { dated: found, from: format!("what is shown ({first} and the like)") })
    })
}

/// What an element says for programs, else for readers.
fn dated(element: &ElementRef<'_>, read: impl Fn(&str) -> Option<Dated>) -> Option<Dated> {
    let attribute = ["datetime", "content"].iter().find_map(|key| element.attr(key));
    attribute.and_then(&read).or_else(|| {
        let text = element.text().flat_map(str::chars).take(LINE * 4).collect::<String>();
        let line = plain::collapse(&text);
        (line.len() <= LINE).then(|| read(&line)).flatten()
    })
}

/// A date in the path of an address: `/2026/11/22/`, `2026-11-22`, `20261122`.
fn in_address(url: &str) -> Option<String> {
    let path = url::Url::parse(url).ok()?.path().to_owned();
    let numbers: Vec<&str> = path.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
    let plausible = |y: &str| (1990..2100).contains(&y.parse::<u32>().unwrap_or(0));
    let separate =
        numbers.windows(3).find(|w| w[0].len() == 4 && plausible(w[0]) && w[1].len() <= 2 && w[2].len() <= 2);
    let together = || numbers.iter().find(|n| n.len() == 8 && plausible(&n[..4]));
    separate.map(|w| w.join("-")).or_else(|| together().map(|n| (*n).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(html: &str, url: &str) -> String {
        let page = Html::parse_document(html);
        let (meta, linked) = (super::super::meta::read(&page, url), super::super::jsonld::read(&page));
        let now = Timestamp::parse("2026-11-22 18:00").expect("a date");
        let verdict = choose(&page, &meta, &linked, url, now, || super::super::script::date(html));
        let shown = |d: Dated| if d.date_only { d.at.day().to_string() } else { d.at.rfc3339() };
        let chosen = verdict.chosen.map_or("-".to_owned(), |found| shown(found.dated));
        let against = verdict.against.into_iter().map(|found| format!(" not {} {}", shown(found.dated), found.from));
        chosen + &against.collect::<String>()
    }

    #[test]
    fn the_most_telling_date_is_chosen() {
        let url = "https://esempio.test/2026/11/20/ponte";
        for (html, expected) in [
            (
                "<meta property='article:published_time' content='2026-11-22T08:00:00Z'><time>1 gennaio 2020</time>",
                "2026-11-22T09:00:00+01:00 not 2026-11-20 the address",
            ),
            (
                "<meta name=date content='2026-11-22'><meta name=pubdate content='2026-11-22 10:15'>",
                "2026-11-22T10:15:00+01:00 not 2026-11-20 the address",
            ),
            ("<article><time datetime='2026-11-21T10:00'>ieri</time></article>", "2026-11-21T10:00:00+01:00"),
            ("<p class='article-date'>Pubblicato il 21 novembre 2026 alle 10.30</p>", "2026-11-21T10:30:00+01:00"),
            ("<meta name=date content='2031-01-01'>", "2026-11-20"),
            ("", "2026-11-20"),
        ] {
            assert_eq!(date(html, url), expected, "{html}");
        }
        let plain = "https://esempio.test/articolo-99999999";
        for (html, expected) in [
            ("", "-"),
            ("<script>{\"publishedAt\":\"2026-11-21T10:30\"}</script>", "2026-11-21T10:30:00+01:00"),
            (
                "<meta name=pubdate content='2026-11-22T10:15'><meta property='article:published_time' content='2026-11-19T08:00:00Z'>",
                "2026-11-19T09:00:00+01:00 not 2026-11-22T10:15:00+01:00 meta pubdate",
            ),
            (
                "<meta name=pubdate content='2026-11-22T10:15'><meta property='article:published_time' content='2026-11-21T18:00:00Z'>",
                "2026-11-21T19:00:00+01:00",
            ),
        ] {
            assert_eq!(date(html, plain), expected, "{html}");
        }
    }
}
