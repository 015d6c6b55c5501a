//! `crawl`: due sources are visited, due article pages are read, articles are kept.
//!
//! A due visit is a row whose time has come on a host whose gate is open; one request at a time goes to a host. What the
//! host says about itself (robots.txt, tdmrep.json) is asked first and kept for a day. Nothing here waits: what may not
//! be asked yet has a later due time.

mod gate;
mod hub;
pub(crate) mod look;
mod manners;
mod page;
mod source;

pub(crate) use manners::manners;
pub(super) use source::noted;

use super::Done;
use crate::app::App;
use anyhow::{Context, Result};
use salastampa_domain::Timestamp;
use salastampa_domain::time::MINUTE;
use tokio::task::JoinSet;

/// How long a claimed visit is ours: longer than any visit takes.
const LEASE: i64 = 3 * MINUTE;

/// Visits what is due; the work is the number of visits, and the news an article that was kept.
pub async fn run(app: &App) -> Result<Done> {
    let wires = super::wire::run(app).await?;
    let now = app.clock.now();
    let limit = app.config.crawler.visits.max(1);
    if app.store.read().await?.next_crawl_due().await?.is_none_or(|due| due > now) {
        return Ok(wires);
    }
    let mut write = app.store.write().await?;
    let visits = write.claim_visits(&app.worker, now, now.plus(LEASE), limit).await?;
    let pages = write.claim_pages(&app.worker, now, now.plus(LEASE), limit).await?;
    let looks = write.claim_looks(&app.worker, now, now.plus(LEASE), limit).await?;
    write.commit().await?;
    let mut tasks: JoinSet<Result<bool>> = JoinSet::new();
    let work = wires.work + visits.len() + pages.len() + looks.len();
    let mut done = Done { work, news: wires.news };
    for (source, host) in visits {
        let app = app.clone();
        tasks.spawn(async move {
            let slug = source.slug.clone();
            source::visit_source(&app, source, host).await.with_context(|| format!("visiting `{slug}`"))
        });
    }
    for found in pages {
        let app = app.clone();
        tasks.spawn(async move {
            let url = found.article.url.clone();
            page::read_page(&app, found).await.with_context(|| format!("reading {url}"))
        });
    }
    for look in looks {
        let app = app.clone();
        tasks.spawn(async move {
            let article = look.article;
            look::look_again(&app, look).await.with_context(|| format!("looking at article {article} again"))
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

/// When the next visit, page or folder is due.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    let visits = app.store.read().await?.next_crawl_due().await?;
    let wires = super::wire::next_due(app).await?;
    Ok([visits, wires].into_iter().flatten().min())
}
