//! One visit to one source: what it lists becomes articles on their way, or kept, and what it taught becomes a row.

use super::gate::{self, Asked};
use super::{hub, look, manners};
use crate::app::App;
use crate::clock::stopwatch;
use anyhow::Result;
use salastampa_acts::feeds::{self, Noted, Seen};
use salastampa_crawler::feed::Item;
use salastampa_crawler::pace::Told;
use salastampa_crawler::visit::{destination, visit};
use salastampa_crawler::{key, pace};
use salastampa_domain::{
    Detour, ForeignText, LegalStatus, NewArticle, Setting, Signals, Source, Timestamp, Via, Visit, VisitId,
    VisitOutcome,
};
use salastampa_store::{ItemKey, Left};
use serde_json::json;

/// Places of a front page that are kept.
const FRONT: usize = salastampa_stories::importance::FRONT as usize;

/// Whether an article was kept.
pub(super) async fn visit_source(app: &App, source: Source, host: String) -> Result<bool> {
    let at = app.clock.now();
    let place = destination(&source, at);
    let Some(manners) = manners(app, &place, source.outlet).await? else {
        let mut write = app.store.write().await?;
        write.release_source(source.id).await?;
        write.release_host(&host, app.clock.now().plus(pace::host_gap(None, None, false))).await?;
        write.commit().await?;
        return Ok(false);
    };
    let watch = stopwatch();
    let mut reading = visit(&app.client, &source, &manners, at).await;
    let took = watch.milliseconds();
    let listed = reading.items.len();
    reading.items.retain(says_something);
    if reading.items.is_empty() && listed > 0 {
        reading.validators = source.validators.clone();
        reading.outcome = VisitOutcome::Empty { why: "le notizie elencate non hanno né titolo né indirizzo".into() };
    }
    for problem in reading.problems.iter().take(5) {
        tracing::debug!(source = source.slug, "{}", problem.what);
    }
    let is_errand = source.learned.detour.as_ref().is_some_and(Detour::is_errand);
    let walk = source.learned.detour.as_ref().and_then(Detour::walk).map_or((0, 0), |walk| (walk.found, walk.new));
    let first = reading.outcome.is_good() && feeds::is_first_window(&app.store, source.id).await?;
    let found = u32::try_from(reading.items.len()).unwrap_or(u32::MAX);
    let facts = (reading.tdm_reserved, manners.licensed);
    let items = std::mem::take(&mut reading.items);
    let seen: Vec<Seen> = items.into_iter().map(|item| seen(&source, &host, item, facts, first, at)).collect();
    // a map or a home page words its titles otherwise than the feed that it stands in for
    if !is_errand {
        look::told_otherwise(app, &source, &seen, at).await?;
    }
    let front = if is_errand { Vec::new() } else { front(&source, &seen) };
    let (new, known) = feeds::unknown(&app.store, &source, seen).await?;
    let now = app.clock.now();
    let visited = pace::Visited {
        source: &source,
        reading: &reading,
        robots: &manners.robots,
        known: u32::try_from(known).unwrap_or(u32::MAX),
        new: u32::try_from(new.len()).unwrap_or(u32::MAX),
        first,
        at,
        now,
        last_new: app.store.read().await?.last_new(source.id).await?,
        patron: app.house.patron,
        subscribed: hub::holds(app, source.id, now).await?,
        seed: (source.id.0 ^ now.0).unsigned_abs(),
    };
    let after = if is_errand { pace::after_errand(&visited) } else { pace::after(&visited) };
    let answered = reading.status.map(|_| took);
    let asked = Asked { peer: reading.peer, took: answered, status: reading.status, retry_after: reading.retry_after };
    // a redirect to elsewhere or a map of maps is the way to a visit and not one
    let found = found.saturating_add(walk.0);
    let visit = (reading.detour.is_none() && (!is_errand || found > 0)).then(|| Visit {
        id: VisitId(0),
        source: source.id,
        at,
        took,
        status: reading.status,
        conditional: reading.conditional,
        bytes: reading.bytes,
        found,
        new: walk.1,
        outcome: reading.outcome.clone(),
    });
    let visited = feeds::Visited {
        visit,
        at,
        noted: noted(&source, &after.told),
        front,
        left: Left {
            next_at: after.next_at,
            health: after.health,
            validators: reading.validators,
            learned: after.learned,
            gate: after.gate,
        },
        passed: gate::passed(app, &host, manners.robots.crawl_delay(), false, asked).await?,
    };
    let kept = feeds::record_visit(&app.store, &source, visited, new).await?;
    if let Some(named) = &reading.hub {
        hub::subscribe(app, source.id, named).await?;
    }
    Ok(!kept.is_empty())
}

/// What a visit told, as the acts that follow from it.
pub(in crate::jobs) fn noted(source: &Source, told: &[Told]) -> Vec<Noted> {
    let notes = told.iter().map(|told| match told {
        Told::Quiet(quiet) => Noted::new("source.quiet", json!({ "since": quiet.since, "expected": quiet.expected })),
        Told::Speaks => Noted::new("source.speaks", json!({})),
        Told::Poor(day) => Noted::new(
            "source.poor",
            json!({ "day": day.day.to_string(), "items": day.items, "expected": day.expected }),
        ),
        Told::Gap => Noted::new("source.gap", json!({})),
        Told::Moved { to } => {
            let (url, host) = (to.clone(), key::host_key(to));
            let set = Setting::Address { url, host };
            Noted { set: Some(set), ..Noted::new("source.moved", json!({ "from": source.url, "to": to })) }
        }
        Told::AiAgents(agents) => {
            let set = (source.legal == LegalStatus::Verified).then_some(Setting::Legal(LegalStatus::ToVerify));
            Noted { set, ..Noted::new("source.ai_agents", json!({ "agents": agents })) }
        }
    });
    notes.collect()
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
        barred: false,
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

/// The first addresses of a front page, where the source is one.
fn front(source: &Source, seen: &[Seen]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for seen in seen.iter().filter(|seen| source.reading.front && !seen.article.url.is_empty()) {
        if keys.len() < FRONT && !keys.contains(&seen.key.key) {
            keys.push(seen.key.key.clone());
        }
    }
    keys
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
