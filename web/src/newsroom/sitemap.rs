//! The maps of the site for search engines (sitemaps.org 0.9): all that can be read, and the news of the last two days in
//! the form that news searches ask for. `robots.txt` names both.

use super::kept::{Kept, TEXT, respond};
use super::shelf::{Entry, entries, topics_of, years_of};
use super::xml;
use crate::Site;
use crate::answer::Error;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use salastampa_domain::time::DAY;
use salastampa_domain::{NewsType, Timestamp};
use std::fmt::Write;

const XML: &str = "application/xml; charset=utf-8";
/// News are new for so long, in milliseconds.
const NEW: i64 = 2 * DAY;
/// What a news search takes at once.
const MOST_NEWS: usize = 1_000;

type Asker = (State<Site>, HeaderMap);

pub(super) async fn robots((State(site), headers): Asker) -> Response {
    let (prefix, base_url) = (site.prefix(), &site.house.base_url);
    let mut text = String::from("User-agent: *\n");
    for path in
        ["/desk/", "/l/", "/disiscrizione/", "/preferenze/", "/miei-dati/", "/avvisi/", "/feed/", "/novita/cerca"]
    {
        let _ = writeln!(text, "Disallow: {prefix}{path}");
    }
    let _ = write!(text, "\nSitemap: {base_url}/sitemap.xml\nSitemap: {base_url}/sitemap-news.xml\n");
    respond(&site, &headers, site.clock.now(), Ok(Kept::text(TEXT, text)))
}

pub(super) async fn all((State(site), headers): Asker) -> Response {
    let now = site.clock.now();
    let found = read(&site, now).await.map(|all| Kept::text(XML, everything(&site, &all)));
    respond(&site, &headers, now, found)
}

pub(super) async fn news((State(site), headers): Asker) -> Response {
    let now = site.clock.now();
    let found = read(&site, now).await.map(|all| Kept::text(XML, newest(&site, &all, now)));
    respond(&site, &headers, now, found)
}

async fn read(site: &Site, now: Timestamp) -> Result<Vec<Entry>, Error> {
    entries(site, &mut site.store.read().await?, now).await
}

fn everything(site: &Site, all: &[Entry]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut line = |path: &str, at: Option<Timestamp>| {
        let at = at.map(|at| format!("<lastmod>{}</lastmod>", at.rfc3339())).unwrap_or_default();
        let _ = writeln!(out, "<url><loc>{}{}</loc>{at}</url>", xml(&site.house.base_url), xml(path));
    };
    let newest = |fits: &dyn Fn(&Entry) -> bool| all.iter().filter(|entry| fits(entry)).map(Entry::updated).max();
    line("/novita", newest(&|_| true));
    for news in NewsType::ALL {
        line(&format!("/novita/{}", news.section()), newest(&|entry| entry.gist.news == news));
    }
    line("/novita/argomenti", None);
    for (topic, _) in topics_of(all) {
        let about = |entry: &Entry| entry.gist.topics.iter().any(|t| t.slug == topic.slug);
        line(&format!("/novita/argomenti/{}", topic.slug), newest(&about));
    }
    for (year, _) in years_of(all) {
        line(&format!("/novita/anno/{year}"), newest(&|e| e.published.public_at.day().year() == year));
    }
    for entry in all {
        line(&entry.path(), Some(entry.updated()));
    }
    out.push_str("</urlset>\n");
    out
}

fn newest(site: &Site, all: &[Entry], now: Timestamp) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n",
    );
    let (base_url, office, lang) = (xml(&site.house.base_url), xml(&site.house.office), site.house.lang.code());
    for entry in all.iter().filter(|entry| now.since(entry.published.public_at) < NEW).take(MOST_NEWS) {
        let _ = writeln!(
            out,
            "<url><loc>{base_url}{}</loc><news:news><news:publication><news:name>{office}</news:name>\
             <news:language>{lang}</news:language></news:publication>\
             <news:publication_date>{}</news:publication_date><news:title>{}</news:title></news:news></url>",
            xml(&entry.path()),
            entry.published.public_at.rfc3339(),
            xml(&entry.gist.title),
        );
    }
    out.push_str("</urlset>\n");
    out
}
