//! `crawl`: due sources are visited, due article pages are read, articles are kept.
//!
//! A due visit is a row whose time has come on a host whose gate is open; one request at a time goes to a host. What the
//! host says about itself (robots.txt, tdmrep.json) is asked first and kept for a day. Nothing here waits: what may not
//! be asked yet has a later due time.

use super::Done;
use crate::app::App;
use crate::clock::stopwatch;
use anyhow::{Context, Result};
use salastampa_acts::feeds::{self, Seen, Visited};
use salastampa_crawler::feed::Item;
use salastampa_crawler::visit::{Manners, fetch_robots, fetch_tdmrep, visit};
use salastampa_crawler::{key, pace, page};
use salastampa_domain::time::{DAY, HOUR, MINUTE};
use salastampa_domain::{
    ForeignText, NewArticle, OutletId, Signals, Source, Timestamp, Via, Visit, VisitId, VisitOutcome,
};
use salastampa_store::{Fetched, Found, Host, ItemKey};
use tokio::task::JoinSet;

/// How long a claimed visit is ours: longer than any visit takes.
const LEASE: i64 = 3 * MINUTE;
/// So often a page is tried before the article is kept as its feed tells it.
const PAGE_ATTEMPTS: u32 = 3;
/// An article never waits longer for the next try: news in the feed's words now is worth more than its page later.
const PAGE_PATIENCE: i64 = 2 * MINUTE;

/// Visits what is due; the work is the number of visits, and the news an article that was kept.
pub async fn run(app: &App) -> Result<Done> {
    let now = app.clock.now();
    let limit = app.config.crawler.visits.max(1);
    if app.store.read().await?.next_crawl_due().await?.is_none_or(|due| due > now) {
        return Ok(Done::default());
    }
    let mut write = app.store.write().await?;
    let visits = write.claim_visits(&app.worker, now, now.plus(LEASE), limit).await?;
    let pages = write.claim_pages(&app.worker, now, now.plus(LEASE), limit).await?;
    write.commit().await?;
    let mut tasks: JoinSet<Result<bool>> = JoinSet::new();
    let mut done = Done { work: visits.len() + pages.len(), news: false };
    for (source, host) in visits {
        let app = app.clone();
        tasks.spawn(async move {
            let slug = source.slug.clone();
            visit_source(&app, source, host).await.with_context(|| format!("visiting `{slug}`"))
        });
    }
    for found in pages {
        let app = app.clone();
        tasks.spawn(async move {
            let url = found.article.url.clone();
            read_page(&app, found).await.with_context(|| format!("reading {url}"))
        });
    }
    while let Some(task) = tasks.join_next().await {
        // one that fails is logged once, here; its lease ends and it is due again
        match task {
            Ok(Ok(kept)) => done.news |= kept,
            Ok(Err(why)) => tracing::error!("{why:#}"),
            Err(why) => tracing::error!("a visit broke: {why}"),
        }
    }
    Ok(done)
}

/// When the next visit or page is due.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    Ok(app.store.read().await?.next_crawl_due().await?)
}

/// How a site wants to be treated, if we know it freshly enough; otherwise the one question that is open is asked and the
/// visit waits for the gate. A site is a host name (RFC 9309 §2.3), also where several share the gate of their domain.
pub(crate) async fn manners(app: &App, url: &str, outlet: OutletId) -> Result<Option<Manners>> {
    let now = app.clock.now();
    let name = url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
    let mut host = app.store.read().await?.find_host(&name).await?.unwrap_or_else(|| Host::new(name));
    let fresh = |known: &Option<Fetched>| {
        known.as_ref().is_some_and(|f| {
            let kept_for = if f.status == 0 || f.status >= 500 { HOUR } else { DAY };
            now.since(f.at) < kept_for
        })
    };
    if fresh(&host.robots) && fresh(&host.tdm) {
        let part = |f: &Option<Fetched>| f.as_ref().map(|f| (f.status, f.body.clone()));
        let (robots, tdm) = (part(&host.robots), part(&host.tdm));
        let contract = app.store.read().await?.find_outlet(outlet).await?.and_then(|o| o.contract);
        return Ok(Some(Manners {
            licensed: contract.is_some_and(|c| now.day() <= c.until),
            ..Manners::of(robots.as_ref().map(|(s, b)| (*s, b.as_str())), tdm.as_ref().map(|(s, b)| (*s, b.as_str())))
        }));
    }
    if fresh(&host.robots) {
        let answer = fetch_tdmrep(&app.client, url).await;
        host.tdm = Some(Fetched { at: now, status: answer.status, body: answer.body });
    } else {
        let answer = fetch_robots(&app.client, url).await;
        host.robots = Some(Fetched { at: now, status: answer.status, body: answer.body });
    }
    let mut write = app.store.write().await?;
    write.record_host(&host).await?;
    write.commit().await?;
    Ok(None)
}

/// Whether an article was kept.
async fn visit_source(app: &App, source: Source, host: String) -> Result<bool> {
    let Some(manners) = manners(app, &source.url, source.outlet).await? else {
        let mut write = app.store.write().await?;
        write.release_source(source.id).await?;
        write.release_host(&host, app.clock.now().plus(pace::host_gap(None, false))).await?;
        write.commit().await?;
        return Ok(false);
    };
    let at = app.clock.now();
    let watch = stopwatch();
    let mut reading = visit(&app.client, &source, &manners, at).await;
    let listed = reading.items.len();
    reading.items.retain(says_something);
    if reading.items.is_empty() && listed > 0 {
        reading.validators = source.validators.clone();
        reading.outcome = VisitOutcome::Empty { why: "le notizie elencate non hanno né titolo né indirizzo".into() };
    }
    for problem in reading.problems.iter().take(5) {
        tracing::debug!(source = source.slug, "{}", problem.what);
    }
    let first = reading.outcome.is_good() && feeds::is_first_window(&app.store, source.id).await?;
    let found = u32::try_from(reading.items.len()).unwrap_or(u32::MAX);
    let seen = reading
        .items
        .into_iter()
        .map(|item| seen(&source, &host, item, (reading.tdm_reserved, manners.licensed), first, at))
        .collect();
    let new = feeds::unknown(&app.store, &source, seen).await?;
    let now = app.clock.now();
    let health = source.health.after(&reading.outcome, at);
    let new_items = u32::try_from(new.len()).unwrap_or(u32::MAX);
    let idle = match new_items {
        // a source that never had anything new is a quiet one
        0 => app.store.read().await?.last_new(source.id).await?.map_or(DAY, |last| now.since(last)),
        _ => 0,
    };
    let next_at = pace::next_visit(&pace::Pace {
        cadence: source.cadence,
        outcome: &reading.outcome,
        health: &health,
        new_items,
        idle,
        retry_after: reading.retry_after,
        now,
        seed: (source.id.0 ^ now.0).unsigned_abs(),
    });
    let gap = pace::host_gap(manners.robots.crawl_delay(), false);
    let visited = Visited {
        visit: Visit {
            id: VisitId(0),
            source: source.id,
            at,
            took: watch.milliseconds(),
            status: reading.status,
            conditional: reading.conditional,
            bytes: reading.bytes,
            found,
            new: 0,
            outcome: reading.outcome,
        },
        next_at,
        health,
        validators: reading.validators,
        free_at: now.plus(gap.max(reading.retry_after.unwrap_or(0))),
        host,
    };
    Ok(!feeds::record_visit(&app.store, &source, visited, new).await?.is_empty())
}

/// An item as the article that it would be, and what it is compared by.
fn seen(
    source: &Source,
    host: &str,
    item: Item,
    (tdm_reserved, licensed): (bool, bool),
    backlog: bool,
    now: Timestamp,
) -> Seen {
    let title_key = key::title_key(&item.title);
    let key = if item.url.is_empty() { key_of_nowhere(source, &item, now) } else { key::canonical(&item.url) };
    let page_host = if item.url.is_empty() { host.to_owned() } else { key::host_key(&item.url) };
    // text mining reserved: headline, link and the feed's own snippet, nothing more is kept
    let may_keep = !tdm_reserved || licensed;
    let reads_page = source.extract && may_keep && !item.url.is_empty();
    let signals = Signals {
        tdm_reserved,
        reproduction_reserved: false,
        own_summary: (!item.lead.is_empty()).then(|| item.lead.chars()),
    };
    let day = item.published_at.unwrap_or(now).day().duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
    let article = NewArticle {
        outlet: source.outlet,
        via: Via::Source { source: source.id },
        url: item.url,
        key: key.clone(),
        guid: item.guid.clone(),
        title: item.title,
        lead: item.lead,
        body: if may_keep { item.body } else { ForeignText::default() },
        authors: item.authors,
        rubric: item.rubric.or_else(|| source.rubric.clone()),
        published_at: item.published_at,
        language: None,
        signals,
        first_seen: now,
        backlog,
    };
    Seen {
        key: ItemKey { guid: item.guid, key, title_key, day },
        page_at: reads_page.then_some(now),
        page_host,
        article,
    }
}

/// Whether an item is more than an empty shell.
fn says_something(item: &Item) -> bool {
    !(item.title.is_empty() && item.url.is_empty() && item.lead.is_empty() && item.body.is_empty())
}

/// What an item without an address is compared by, so that several of them do not pass for one: its identity in the feed,
/// or else its title and day.
fn key_of_nowhere(source: &Source, item: &Item, now: Timestamp) -> String {
    match &item.guid {
        Some(guid) => format!("{}#{guid}", source.slug),
        None => format!("{}#{} {}", source.slug, item.published_at.unwrap_or(now).day(), item.title),
    }
}

/// Whether the article was kept.
async fn read_page(app: &App, found: Found) -> Result<bool> {
    let url = found.article.url.clone();
    let Some(manners) = manners(app, &url, found.article.outlet).await? else {
        let free_at = app.clock.now().plus(pace::host_gap(None, false));
        let mut write = app.store.write().await?;
        write.release_found(found.id).await?;
        write.release_host(&found.host, free_at).await?;
        write.commit().await?;
        return Ok(false);
    };
    let reading = page::read_page(&app.client, &url, &manners, app.clock.now()).await;
    let now = app.clock.now();
    let gap = pace::host_gap(manners.robots.crawl_delay(), true);
    let free_at = now.plus(gap.max(reading.retry_after.unwrap_or(0)));
    let may_pass = matches!(reading.outcome, VisitOutcome::Soft { .. } | VisitOutcome::Ours { .. });
    let soon = reading.retry_after.is_none_or(|wait| wait <= PAGE_PATIENCE);
    if may_pass && soon && found.attempts + 1 < PAGE_ATTEMPTS {
        let seed = (found.id ^ now.0).unsigned_abs();
        let page_at = pace::page_retry(found.attempts + 1, reading.retry_after, now, seed);
        let page_at = page_at.min(now.plus(PAGE_PATIENCE));
        feeds::postpone_page(&app.store, &found, page_at, free_at).await?;
        return Ok(false);
    }
    let mut article = found.article.clone();
    article.signals.tdm_reserved |= reading.tdm_reserved;
    if article.signals.tdm_reserved && !manners.licensed {
        article.body = ForeignText::default();
    } else if let Some(page) = reading.article {
        complete(&mut article, page);
    }
    Ok(feeds::keep_page(&app.store, &found, &article, free_at, now).await?.is_some())
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
}

/// Whether a title is none, or the words of the address: a plain sitemap has no others.
fn stands_in(title: &str, url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return title.trim().is_empty() };
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|p| !p.is_empty())).unwrap_or_default();
    title.split_whitespace().all(|word| last.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

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
