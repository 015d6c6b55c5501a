//! What a page says of itself in its head: OpenGraph, `<meta>`, `<link>`.

use crate::feed::plain;
use scraper::{Html, Selector};
use std::collections::HashMap;
use url::Url;

/// What is declared. Texts are plain, dates as written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Meta {
    pub(super) og_title: Option<String>,
    pub(super) title_tag: Option<String>,
    pub(super) site_name: Option<String>,
    /// Host of its address.
    pub(super) host: String,
    pub(super) description: Option<String>,
    pub(super) authors: Vec<String>,
    /// Dates of publication with the names they are declared by, the most telling first.
    pub(super) published: Vec<(&'static str, String)>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
    pub(super) canonical: Option<String>,
    pub(super) tdm_reserved: bool,
    /// What kind of page it calls itself (`og:type`).
    pub(super) kind: Option<String>,
    /// How far it may be read without subscription (`article:content_tier` and kin).
    pub(super) tier: Option<String>,
}

/// Names under which pages declare when they were published, the most telling first.
const DATES: [&str; 17] = [
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "publish-date",
    "pubdate",
    "publication_date",
    "article.published",
    "dcterms.created",
    "dc.date.issued",
    "dc.date",
    "dcterms.date",
    "date",
];

/// Most `<meta>` elements looked at.
const METAS: usize = 1_000;

pub(super) fn read(page: &Html, url: &str) -> Meta {
    let select = |css: &str| Selector::parse(css).expect("a sound selector");
    let mut metas: HashMap<String, Vec<String>> = HashMap::new();
    for element in page.select(&select("meta[content]")).take(METAS) {
        let content = plain::line(element.attr("content").unwrap_or_default());
        let names = ["property", "name", "itemprop"].iter().filter_map(|key| element.attr(key));
        for name in names.filter(|_| !content.is_empty()) {
            metas.entry(name.trim().to_ascii_lowercase()).or_default().push(content.clone());
        }
    }
    let all = |names: &[&str]| names.iter().filter_map(|name| metas.get(*name)).flatten().cloned().collect::<Vec<_>>();
    let first = |names: &[&str]| all(names).into_iter().next();
    let title_tag = page.select(&select("title")).next().map(|t| plain::collapse(&t.text().collect::<String>()));
    let link =
        page.select(&select("link[rel~='canonical'][href]")).next().and_then(|l| l.attr("href").map(str::to_owned));
    let canonical = link.or_else(|| first(&["og:url"])).and_then(|address| Url::parse(url).ok()?.join(&address).ok());
    let root = page.select(&select("html[lang]")).next().and_then(|html| html.attr("lang").map(str::to_owned));
    let language = root.or_else(|| first(&["og:locale", "language", "content-language"]));
    Meta {
        og_title: first(&["og:title", "twitter:title", "dc.title", "headline"]),
        title_tag: title_tag.filter(|t| !t.is_empty()),
        site_name: first(&["og:site_name", "application-name"]),
        host: Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default(),
        description: first(&["og:description", "description", "twitter:description", "dc.description"]),
        authors: [&["author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl"][..]]
            .iter()
            .map(|names| all(names))
            .next()
            .unwrap_or_default(),
        published: DATES.iter().flat_map(|name| all(&[name]).into_iter().map(|date| (*name, date))).collect(),
        section: first(&["article:section", "section", "parsely-section"]),
        language: language.map(|l| primary(&l)).filter(|l| (2..=3).contains(&l.len())),
        canonical: canonical.filter(|u| matches!(u.scheme(), "http" | "https")).map(String::from),
        kind: first(&["og:type"]),
        tier: first(&["article:content_tier", "content_tier", "paywall", "article:paywall", "premium"]),
        tdm_reserved: first(&["tdm-reservation"]).as_deref() == Some("1"),
    }
}

/// The first part of a language tag (RFC 5646 §2.1), in lower case.
fn primary(tag: &str) -> String {
    tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_declares_is_read() {
        let page = Html::parse_document(
            "<html lang='it-IT'><head><title>Ponte | Il Foglio</title>
            <meta property='og:title' content='Riapre il ponte &amp; si festeggia'><meta name=author content='Ada Corti'>
            <meta property='article:published_time' content='2026-11-22T09:00:00+01:00'><meta name='date' content='2026-11-21'>
            <link rel='canonical' href='/ponte'><meta name='TDM-reservation' content='1'></head>",
        );
        let meta = read(&page, "https://esempio.test/ponte?utm_source=x");
        assert_eq!(meta.og_title.as_deref(), Some("Riapre il ponte & si festeggia"));
        let published = [("article:published_time", "2026-11-22T09:00:00+01:00"), ("date", "2026-11-21")];
        assert_eq!(meta.published, published.map(|(name, date)| (name, date.to_owned())));
        assert_eq!(meta.canonical.as_deref(), Some("https://esempio.test/ponte"));
        assert_eq!((meta.language.as_deref(), meta.tdm_reserved), (Some("it"), true));
    }

    #[test]
    fn an_address_of_another_kind_is_no_canonical_one() {
        let page = Html::parse_document("<link rel=canonical href='javascript:x()'>");
        assert_eq!(read(&page, "https://esempio.test/").canonical, None);
    }
}
