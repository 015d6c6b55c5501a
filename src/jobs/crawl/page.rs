//! One article page of an article on its way: read, tried again, or given up; then the article is kept.

use super::gate::{self, Asked};
use super::{look, manners};
use crate::app::App;
use crate::clock::stopwatch;
use anyhow::Result;
use salastampa_acts::feeds;
use salastampa_crawler::{pace, page};
use salastampa_domain::time::MINUTE;
use salastampa_domain::{ArticleSelectors, ForeignText, NewArticle, SourceId, VisitOutcome};
use salastampa_store::Found;

/// So often a page is tried before the article is kept as its feed tells it.
const PAGE_ATTEMPTS: u32 = 3;
/// An article never waits longer for the next try: news in the feed's words now is worth more than its page later.
const PAGE_PATIENCE: i64 = 2 * MINUTE;

/// Where the text of an article is, if its source says so. A later look reads by the same, or it would see changes that
/// are none.
pub(super) async fn selectors_of(app: &App, source: SourceId) -> Result<Option<ArticleSelectors>> {
    let source = app.store.read().await?.find_source_by_id(source).await?;
    Ok(source.and_then(|source| source.reading.article))
}

/// Whether the article was kept.
pub(super) async fn read_page(app: &App, found: Found) -> Result<bool> {
    let url = found.article.url.clone();
    let Some(manners) = manners(app, &url, found.article.outlet).await? else {
        let free_at = app.clock.now().plus(pace::host_gap(None, None, false));
        let mut write = app.store.write().await?;
        write.release_found(found.id).await?;
        write.release_host(&found.host, free_at).await?;
        write.commit().await?;
        return Ok(false);
    };
    let selectors = selectors_of(app, found.source).await?;
    let watch = stopwatch();
    let reading = page::read_page(&app.client, &url, &manners, selectors.as_ref(), app.clock.now()).await;
    let now = app.clock.now();
    let took = reading.status.map(|_| watch.milliseconds());
    let asked = Asked { peer: reading.peer, took, status: reading.status, retry_after: reading.retry_after };
    let passed = gate::passed(app, &found.host, manners.robots.crawl_delay(), true, asked).await?;
    let may_pass = matches!(reading.outcome, VisitOutcome::Soft { .. } | VisitOutcome::Ours { .. });
    let soon = reading.retry_after.is_none_or(|wait| wait <= PAGE_PATIENCE);
    if may_pass && soon && found.attempts + 1 < PAGE_ATTEMPTS {
        let seed = (found.id ^ now.0).unsigned_abs();
        let page_at = pace::page_retry(found.attempts + 1, reading.retry_after, now, seed);
        let page_at = page_at.min(now.plus(PAGE_PATIENCE));
        feeds::postpone_page(&app.store, &found, page_at, &passed).await?;
        return Ok(false);
    }
    let mut article = found.article.clone();
    article.signals.tdm_reserved |= reading.tdm_reserved;
    let seen = look::first(&found.host, &reading, manners.licensed || !article.signals.tdm_reserved);
    if article.signals.tdm_reserved && !manners.licensed {
        article.body = ForeignText::default();
    } else if let Some(page) = reading.article {
        complete(&mut article, page);
    }
    Ok(feeds::keep_page(&app.store, &found, &article, &passed, seen, now).await?.is_some())
}

/// What the page adds to what the feed told: the feed's own words stay where it has any.
fn complete(article: &mut NewArticle, page: salastampa_crawler::extract::Extracted) {
    if !page.body.is_empty() {
        article.body = page.body;
    }
    if stands_in(&article.title, &article.url) && !page.title.is_empty() {
        article.title = page.title;
    }
    if article.lead.is_empty() {
        article.signals.own_summary = (!page.lead.is_empty()).then(|| page.lead.chars());
        article.lead = page.lead;
    }
    if article.authors.is_empty() {
        article.authors = page.authors;
    }
    article.published_at = article.published_at.or(page.published_at);
    article.rubric = article.rubric.take().or(page.rubric);
    article.language = page.language;
    article.signals.reproduction_reserved |= page.reproduction_reserved;
    article.signals.barred |= page.barrier.is_some();
}

/// Whether a title is none, or the words of the address: a plain sitemap has no others.
pub(super) fn stands_in(title: &str, url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return title.trim().is_empty() };
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|p| !p.is_empty())).unwrap_or_default();
    title.split_whitespace().all(|word| last.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_barrier_that_a_page_names_is_kept_with_its_article() {
        for (free, barred) in [("false", true), ("true", false)] {
            let page = format!(
                "<title>Riapre il molo</title><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\
                 \"isAccessibleForFree\":{free}}}</script><article><p>{}</p></article>",
                "Il molo riapre domani mattina. ".repeat(40)
            );
            let now = salastampa_domain::Timestamp(1_796_000_000_000);
            let url = "https://lago.test/molo";
            let read = salastampa_crawler::extract::extract(page.as_bytes(), Some("text/html"), url, now);
            let mut article = NewArticle {
                outlet: salastampa_domain::OutletId(1),
                via: salastampa_domain::Via::Hand { by: salastampa_domain::UserId(1) },
                url: url.into(),
                key: url.into(),
                guid: None,
                title: "Riapre il molo".into(),
                lead: ForeignText::default(),
                body: ForeignText::default(),
                authors: Vec::new(),
                rubric: None,
                published_at: None,
                language: None,
                signals: Default::default(),
                first_seen: now,
                backlog: false,
            };
            complete(&mut article, read);
            assert_eq!(article.signals.barred, barred, "isAccessibleForFree: {free}");
        }
    }

    #[test]
    fn only_the_words_of_the_address_give_way_to_the_page() {
        let url = "https://lago.test/cronaca/riapre-il-molo-12345.html";
        for (title, expected) in
            [("", true), ("riapre il molo", true), ("Riapre il molo", false), ("riapre il molo grande", false)]
        {
            assert_eq!(stands_in(title, url), expected, "{title:?}");
        }
    }
}
