//! When a page was published: declared for programs first, then what a reader sees, then the address.

use super::jsonld::Linked;
use super::meta::Meta;
use crate::dates::{self, Dated};
use crate::feed::plain;
use salastampa_domain::Timestamp;
use salastampa_domain::time::{DAY, rome};
use scraper::{Html, Selector};

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

pub(super) fn choose(page: &Html, meta: &Meta, linked: &Linked, url: &str, now: Timestamp) -> Option<Dated> {
    let read = |text: &str| dates::parse(text, &rome(), now).filter(|d| d.at.since(now) < 2 * DAY);
    let declared: Vec<Dated> =
        linked.published.iter().chain(&meta.published).filter_map(|written| read(written)).collect();
    let day = declared.first().copied().or_else(|| shown(page, read)).or_else(|| read(&in_address(url)?));
    // a day alone gives way to an instant of the same day
    day.map(|first| {
        let precise = declared.iter().find(|d| !d.date_only && d.at.since(first.at).abs() < DAY);
        if first.date_only { precise.copied().unwrap_or(first) } else { first }
    })
}

fn shown(page: &Html, read: impl Fn(&str) -> Option<Dated>) -> Option<Dated> {
    SHOWN.iter().find_map(|css| {
        let selector = Selector::parse(css).expect("a sound selector");
        page.select(&selector).take(40).find_map(|element| {
            let attribute = ["datetime", "content"].iter().find_map(|key| element.attr(key));
            attribute.and_then(&read).or_else(|| {
                let text = element.text().flat_map(str::chars).take(LINE * 4).collect::<String>();
                let line = plain::collapse(&text);
                (line.len() <= LINE).then(|| read(&line)).flatten()
            })
        })
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
        choose(&page, &meta, &linked, url, now).map_or("-".to_owned(), |d| match d.date_only {
            true => d.at.day().to_string(),
            false => d.at.rfc3339(),
        })
    }

    #[test]
    fn the_most_telling_date_is_chosen() {
        let url = "https://esempio.test/2026/11/20/ponte";
        for (html, expected) in [
            (
                "<meta property='article:published_time' content='2026-11-22T08:00:00Z'><time>1 gennaio 2020</time>",
                "2026-11-22T09:00:00+01:00",
            ),
            (
                "<meta name=date content='2026-11-22'><meta name=pubdate content='2026-11-22 10:15'>",
                "2026-11-22T10:15:00+01:00",
            ),
            ("<article><time datetime='2026-11-21T10:00'>ieri</time></article>", "2026-11-21T10:00:00+01:00"),
            ("<p class='article-date'>Pubblicato il 21 novembre 2026 alle 10.30</p>", "2026-11-21T10:30:00+01:00"),
            ("<meta name=date content='2031-01-01'>", "2026-11-20"),
            ("", "2026-11-20"),
        ] {
            assert_eq!(date(html, url), expected, "{html}");
        }
        assert_eq!(date("", "https://esempio.test/articolo-99999999"), "-");
    }
}
