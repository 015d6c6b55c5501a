//! What a visit gave becomes rows: the declared sources, the visit itself, the articles found and kept.

use crate::{Denied, Result};
use salastampa_domain::look::told;
use salastampa_domain::{
    Actor, ArticleId, Health, Look, NewArticle, Origin, Outlet, Setting, Source, SourceId, SourceOverride, Timestamp,
    Visit, identity,
};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{Found, ItemKey, Left, Met, Rows, Store, Write};
use std::collections::BTreeMap;

/// A source as `feeds.toml` declares it: with its outlet by name.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The source; its numbers are not yet known.
    pub source: Source,
    /// Slug of its outlet.
    pub outlet: String,
}

/// What reading the file again changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Synced {
    /// Sources declared.
    pub sources: usize,
    /// Outlets declared.
    pub outlets: usize,
    /// Sources that left the file.
    pub retired: Vec<String>,
}

/// Makes the rows say what the file declares, also whether a source is switched off. Sources that left the file are
/// retired, never deleted; what a source has learnt (health, validators, next visit) stays, and so does what the desk has
/// set over its declaration.
///
/// # Errors
/// [`Denied::Invalid`] if the file names a source as the desk has named one; nothing is written then.
pub async fn sync(store: &Store, outlets: &[Outlet], sources: &[Declared], now: Timestamp) -> Result<Synced> {
    let mut write = store.write().await?;
    refuse_clashes(&mut write, sources).await?;
    let mut ids = BTreeMap::new();
    for outlet in outlets {
        ids.insert(outlet.slug.clone(), write.record_outlet(outlet).await?);
    }
    for declared in sources {
        let Some(outlet) = ids.get(&declared.outlet).copied() else { continue };
        let source = Source { outlet, ..declared.source.clone() };
        let id = write.record_source(&source).await?;
        write.record_declared_pause(id, source.paused).await?;
    }
    let names: Vec<String> = sources.iter().map(|d| d.source.slug.clone()).collect();
    let retired = write.retire_sources_except(&names, now).await?;
    let synced = Synced { sources: sources.len(), outlets: outlets.len(), retired };
    if !synced.retired.is_empty() {
        let after = serde_json::to_string(&synced.retired).unwrap_or_default();
        write.record_event(now, &Actor::Console, "sources.retire", "feeds.toml", None, Some(&after)).await?;
    }
    write.commit().await?;
    Ok(synced)
}

/// One space of names for all sources: a name of the desk is not taken over by the file.
async fn refuse_clashes(rows: &mut Rows, sources: &[Declared]) -> Result<()> {
    let of_desk: BTreeMap<String, String> = rows
        .list_sources()
        .await?
        .into_iter()
        .filter(|s| s.origin == Origin::Desk && s.retired_at.is_none())
        .map(|s| (s.slug, s.url))
        .collect();
    let clashes: Vec<String> = sources
        .iter()
        .filter_map(|declared| of_desk.get_key_value(&declared.source.slug))
        .map(|(name, url)| fill(Lang::It, "sources.slip.clash", &[("name", name), ("url", url)]))
        .collect();
    if clashes.is_empty() { Ok(()) } else { Err(Denied::Invalid(clashes).into()) }
}

/// Something that a visit saw, with what it is compared by.
#[derive(Clone, Debug)]
pub struct Seen {
    /// As the feed tells it.
    pub article: NewArticle,
    /// What it is compared by.
    pub key: ItemKey,
    /// When its page is to be read; `None` keeps it as it is.
    pub page_at: Option<Timestamp>,
    /// The host of its page.
    pub page_host: String,
}

/// A visit, and what it means for the source and its host.
#[derive(Clone, Debug)]
pub struct Visited {
    /// The visit; its number is not yet known, and its `new` counts what was new on the way to it: what is new now is
    /// added here. `None` where the request was only on the way to one.
    pub visit: Option<Visit>,
    /// When it began.
    pub at: Timestamp,
    /// What is worth a line in the log.
    pub noted: Vec<Noted>,
    /// What stands on the outlet's front page, the first place first, as keys of addresses; empty where it was not read.
    pub front: Vec<String>,
    /// What it leaves of the source.
    pub left: Left,
    /// The gate that it went through.
    pub passed: Passed,
}

/// A gate that a request has gone through.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The host.
    pub host: String,
    /// When it opens again.
    pub free_at: Timestamp,
    /// When the other hosts of its machine may be asked again.
    pub neighbours: Timestamp,
    /// What was learnt of it.
    pub met: Met,
}

/// Something that a visit told of its source, for the log, and what is set of the source because of it.
#[derive(Clone, Debug)]
pub struct Noted {
    /// As the log names it.
    pub verb: &'static str,
    /// What is known of it.
    pub after: serde_json::Value,
    /// What changes.
    pub set: Option<Setting>,
}

impl Noted {
    /// A line of the log that changes nothing.
    pub fn new(verb: &'static str, after: serde_json::Value) -> Self {
        Self { verb, after, set: None }
    }
}

/// Which of the things seen are not yet known, and how many are; things that stand together in one visit never hide each
/// other.
pub async fn unknown(store: &Store, source: &Source, seen: Vec<Seen>) -> Result<(Vec<Seen>, usize)> {
    let mut keys: Vec<ItemKey> = seen.iter().map(|s| s.key.clone()).collect();
    identity::settle(&mut keys);
    let known = store.read().await?.known_items(source.id, source.outlet, &keys).await?;
    let count = known.iter().filter(|known| **known).count();
    let mut here = std::collections::BTreeSet::new();
    let settled = seen.into_iter().zip(keys).map(|(mut seen, key)| {
        seen.article.key.clone_from(&key.key);
        seen.article.guid.clone_from(&key.guid);
        Seen { key, ..seen }
    });
    let new = settled.zip(known).filter(|(seen, known)| !known && here.insert(seen.key.key.clone()));
    Ok((new.map(|(seen, _)| seen).collect(), count))
}

/// Writes a visit down, with what it found, in one transaction. A change of health is a line of the log.
pub async fn record_visit(store: &Store, source: &Source, visited: Visited, new: Vec<Seen>) -> Result<Vec<ArticleId>> {
    let Visited { visit, at, noted, front, left, passed } = visited;
    let health = &left.health;
    let found = u32::try_from(new.len()).unwrap_or(u32::MAX);
    let mut write = store.write().await?;
    let mut kept = Vec::new();
    for seen in new {
        match seen.page_at {
            Some(page_at) => {
                let found = Found {
                    id: 0,
                    source: source.id,
                    host: seen.page_host,
                    title_key: seen.key.title_key,
                    day: seen.key.day,
                    page_at,
                    attempts: 0,
                    article: seen.article,
                };
                write.record_found(&found).await?;
            }
            None => {
                let new = write.keep_article(&seen.article, seen.key.title_key.as_deref(), seen.key.day, at).await?;
                if let Some(id) = new {
                    let NewArticle { title, lead, body, published_at, .. } = &seen.article;
                    write.record_told(id, &told(title, lead, body), *published_at).await?;
                }
                kept.extend(new);
            }
        }
    }
    write.record_front(source.outlet, &front, at).await?;
    record_health(&mut write, source, health, at).await?;
    match visit {
        Some(visit) => {
            write.record_visit(&Visit { new: visit.new.saturating_add(found), ..visit }, &left).await?;
        }
        None => write.record_left(source.id, &left).await?,
    }
    for note in noted {
        note_down(&mut write, source, &note, at).await?;
    }
    pass(&mut write, &passed).await?;
    write.commit().await?;
    Ok(kept)
}

/// A line of the log where a source falls ill or heals.
pub async fn record_health(write: &mut Write, source: &Source, health: &Health, at: Timestamp) -> Result<()> {
    if health.is_alive() != source.health.is_alive() {
        let state = |h: &Health| serde_json::to_string(h).unwrap_or_default();
        let who = Actor::Job { name: "crawl".into() };
        let subject = format!("source:{}", source.slug);
        write
            .record_event(at, &who, "source.health", &subject, Some(&state(&source.health)), Some(&state(health)))
            .await?;
    }
    Ok(())
}

/// A line of the log of what a visit told, and what is set because of it: by the job, with the reason, so that a person
/// can give it back.
pub async fn note_down(write: &mut Write, source: &Source, note: &Noted, at: Timestamp) -> Result<()> {
    let who = Actor::Job { name: "crawl".into() };
    let subject = format!("source:{}", source.slug);
    write.record_event(at, &who, note.verb, &subject, None, Some(&note.after.to_string())).await?;
    if let Some(setting) = &note.set {
        let why = t(Lang::It, &format!("sources.because.{}", note.verb.replace('.', "_"))).to_owned();
        let declared = setting.of(source);
        let set = SourceOverride { source: source.id, setting: setting.clone(), declared, by: who, at, why };
        write.record_override(&set).await?;
    }
    Ok(())
}

/// Leaves a gate, with what was learnt of its host.
pub(crate) async fn pass(write: &mut Write, passed: &Passed) -> Result<()> {
    write.release_gate(&passed.host, passed.free_at, passed.neighbours).await?;
    write.record_met(&passed.host, &passed.met).await?;
    Ok(())
}

/// Keeps an article whose page was read, or given up: then as its feed told it. `page` is what the page said of itself;
/// its number is not yet known, and what the feed told is added here.
pub async fn keep_page(
    store: &Store,
    found: &Found,
    article: &NewArticle,
    passed: &Passed,
    page: Look,
    now: Timestamp,
) -> Result<Option<ArticleId>> {
    let mut write = store.write().await?;
    let kept = write.keep_found(found.id, article, now).await?;
    if let Some(id) = kept {
        let NewArticle { title, lead, body, published_at, .. } = &found.article;
        let told = Some(told(title, lead, body));
        write.record_look(&Look { article: id, told, told_at: *published_at, ..page }).await?;
    }
    pass(&mut write, passed).await?;
    write.commit().await?;
    Ok(kept)
}

/// Tries the page of an article again later.
pub async fn postpone_page(store: &Store, found: &Found, page_at: Timestamp, passed: &Passed) -> Result<()> {
    let mut write = store.write().await?;
    write.postpone_found(found.id, page_at).await?;
    pass(&mut write, passed).await?;
    write.commit().await?;
    Ok(())
}

/// Whether a source was never read with success: its first window is known, not news.
pub async fn is_first_window(store: &Store, source: SourceId) -> Result<bool> {
    Ok(!store.read().await?.has_visits(source).await?)
}
