//! A part of `crawl`: what changed after publication. Pages of clipped articles are looked at again, and what a source
//! tells otherwise of an article that it told before is noticed.
//!
//! A look goes through the gate of its host like any page, after feeds and new pages. What it gives is weighed by
//! `crawler::look`, what a source tells by `crawler::told`, and both are written by `acts::revise`.

use super::gate::{self, Asked};
use super::manners;
use super::page::{selectors_of, stands_in};
use crate::app::App;
use crate::clock::stopwatch;
use anyhow::{Context, Result};
use salastampa_acts::feeds::Seen;
use salastampa_acts::look as plans;
use salastampa_acts::revise::{self, Reading};
use salastampa_crawler::look::{Known, says, weigh};
use salastampa_crawler::page::{self, PageReading};
use salastampa_crawler::{pace, told};
use salastampa_domain::look::told as told_hash;
use salastampa_domain::{ArticleId, Look, NewArticle, RevisionKind, Source, Timestamp, Via};
use salastampa_store::Told;
use std::collections::BTreeMap;

/// Looks at the page of an article again; whether it gave another reading.
pub(super) async fn look_again(app: &App, look: Look) -> Result<bool> {
    let mut rows = app.store.read().await?;
    let article = rows.find_article(look.article).await?.context("there is no such article")?;
    let body = rows.find_body(article.id).await?;
    let newest = rows.list_revised(&[article.id]).await?.pop();
    drop(rows);
    let Some(manners) = manners(app, &article.url, article.outlet).await? else {
        let free_at = app.clock.now().plus(pace::host_gap(None, None, false));
        plans::give_back(&app.store, &look, free_at).await?;
        return Ok(false);
    };
    let selectors = match article.via {
        Via::Source { source } => selectors_of(app, source).await?,
        _ => None,
    };
    let watch = stopwatch();
    let (known, way) = (&look.validators, selectors.as_ref());
    let reading = page::read_again(&app.client, &article.url, known, &manners, way, app.clock.now()).await;
    let now = app.clock.now();
    let took = reading.status.map(|_| watch.milliseconds());
    let asked = Asked { peer: reading.peer, took, status: reading.status, retry_after: reading.retry_after };
    let passed = gate::passed(app, &look.host, manners.robots.crawl_delay(), true, asked).await?;
    let gone = newest.is_some_and(|newest| newest.kind == RevisionKind::Removal);
    let known = Known {
        title: &article.title,
        body: &body,
        key: &article.key,
        headline: look.headline.as_deref(),
        dated: look.dated,
        gone,
    };
    let found = weigh(&known, &reading);
    let mut next = look.after(found.looked, reading.retry_after, now);
    if let Some(page) = found.page {
        next.headline = page.headline.or(next.headline);
        next.dated = page.dated.or(next.dated);
        next.validators = reading.validators;
    }
    let lead = || article.lead.clone();
    let removed = look.proves_removal(found.looked, now) && !gone;
    let new = match found.reading {
        Some(new) => Some(Reading { kind: new.kind, title: new.title, lead: lead(), body: new.body }),
        // the text as it was stays: what is gone can still be found and read here
        None => removed.then(|| Reading {
            kind: RevisionKind::Removal,
            title: article.title.clone(),
            lead: lead(),
            body: body.clone(),
        }),
    };
    Ok(revise::looked(&app.store, &article, &next, new.as_ref(), &passed, now).await?.is_some())
}

/// What a page said when it was first read, to be compared with later.
pub(crate) fn first(host: &str, page: &PageReading, keeps_text: bool) -> Look {
    // the number comes with the article
    let look = Look::new(ArticleId(0), host);
    if !keeps_text || page.article.is_none() {
        return look;
    }
    let said = says(page);
    Look { headline: said.headline, dated: said.dated, validators: page.validators.clone(), ..look }
}

/// Notices what a source tells otherwise of the articles that it was the first to show. Most visits tell nothing
/// otherwise: they cost two questions to the store.
pub(super) async fn told_otherwise(app: &App, source: &Source, seen: &[Seen], now: Timestamp) -> Result<()> {
    if seen.is_empty() {
        return Ok(());
    }
    let keys: Vec<&str> = seen.iter().map(|s| s.key.key.as_str()).collect();
    let guids: Vec<&str> = seen.iter().filter_map(|s| s.key.guid.as_deref()).collect();
    let known = app.store.read().await?.list_told(source.id, &keys, &guids).await?;
    let by_key: BTreeMap<&str, &Told> = known.iter().map(|told| (told.key.as_str(), told)).collect();
    let by_guid: BTreeMap<&str, &Told> = known.iter().filter_map(|told| Some((told.guid.as_deref()?, told))).collect();
    let mut remembered = Vec::new();
    for one in seen {
        let told = by_key.get(one.key.key.as_str()).or_else(|| by_guid.get(one.key.guid.as_deref()?));
        let Some(told) = told.copied() else { continue };
        let NewArticle { title, lead, body, published_at, .. } = &one.article;
        let hash = told_hash(title, lead, body);
        match &told.hash {
            Some(before) if *before == hash => {}
            Some(_) => weigh_told(app, source, told, one, &hash, now).await?,
            None => remembered.push((told.article, hash, *published_at)),
        }
    }
    Ok(plans::remember(&app.store, &remembered).await?)
}

async fn weigh_told(app: &App, source: &Source, told: &Told, seen: &Seen, hash: &str, now: Timestamp) -> Result<()> {
    let mut rows = app.store.read().await?;
    let Some(article) = rows.find_article(told.article).await? else { return Ok(()) };
    let body = rows.find_body(article.id).await?;
    drop(rows);
    let silent = stands_in(&seen.article.title, &seen.article.url);
    let new = told::otherwise(&article, &body, told.dated, &seen.article, source.extract, silent);
    let new = new.map(|new| Reading { kind: new.kind, title: new.title, lead: new.lead, body: new.body });
    let told = (hash, seen.article.published_at);
    revise::told(&app.store, &article, told, new.as_ref(), now).await?;
    Ok(())
}
