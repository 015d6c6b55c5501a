//! The drop folders of agencies, a part of `crawl`: what lies whole in them is read, kept, and moved away.
//!
//! It runs beside the visits and never waits for them: a wire is stored seconds after it was dropped, however slow a site
//! may be. A look costs a row; a visit is only written down where something was found or the folder fares otherwise than
//! before. Each file is kept in a transaction of its own and moved when that is committed; whoever is killed in between
//! finds the file again, and knows its content. Left out: what a wire is to those before it (`acts::wire`).

use super::Done;
use crate::app::App;
use crate::clock::stopwatch;
use anyhow::{Context, Result};
use salastampa_acts::feeds;
use salastampa_acts::wire::{self as acts, Incoming, Kept, WireFile};
use salastampa_crawler::wire::folder::{self, NotRead, Remembered, Settled, Sighting};
use salastampa_crawler::wire::{self, WireContext, WireItem};
use salastampa_crawler::{key, pace};
use salastampa_domain::time::{MINUTE, SECOND, rome};
use salastampa_domain::{
    Cadence, Health, NewArticle, Signals, Source, Timestamp, Via, Visit, VisitId, VisitOutcome, Wire, WireNotes,
};
use salastampa_store::{Left, WireLook};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a folder is ours: longer than reading [`MOST_FILES`] takes.
const LEASE: i64 = MINUTE;
/// So many files are read in one go, so that several folders take turns.
const MOST_FILES: usize = 200;
/// One look at a time in this process: the loop and the job `crawl` both come here, under one worker's name.
static LOOKING: Mutex<()> = Mutex::const_new(());
/// Between two looks where one found a file that is not yet whole.
const SOON: i64 = SECOND;
/// Between two looks at a folder that cannot be read.
const ILL: i64 = 10 * SECOND;
/// Longest reading of a file. Far above what any needs: a busy machine is no reason to refuse one.
const PARSE: Duration = Duration::from_secs(10);

/// Looks into the folders that are due and shows what was under embargo; the work is the number of files and articles.
pub async fn run(app: &App) -> Result<Done> {
    let Ok(_looking) = LOOKING.try_lock() else { return Ok(Done::default()) };
    let now = app.clock.now();
    if next_due(app).await?.is_none_or(|due| due > now) {
        return Ok(Done::default());
    }
    let shown = acts::show_due(&app.store, now).await?;
    let mut done = Done { work: shown, news: shown > 0 };
    let mut write = app.store.write().await?;
    let due = write.list_due_folders(&app.worker, now).await?;
    for source in &due {
        write.record_source_due(source.id, now.plus(between_looks(source.cadence))).await?;
    }
    write.commit().await?;
    for source in due {
        match look(app, &source).await.with_context(|| format!("reading the folder of `{}`", source.slug)) {
            Ok(looked) => {
                done.work += looked.work;
                done.news |= looked.news;
            }
            // logged once, here; its lease ends and it is due again
            Err(why) => tracing::error!("{why:#}"),
        }
    }
    Ok(done)
}

/// When a folder is due, or an embargo ends.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    Ok(app.store.read().await?.next_wire_due(&app.worker).await?)
}

/// How often a folder is looked at: a look at our own disk disturbs nobody.
fn between_looks(cadence: Cadence) -> i64 {
    match cadence {
        Cadence::A => 2 * SECOND,
        Cadence::B => 5 * SECOND,
        Cadence::C => 15 * SECOND,
        Cadence::D => MINUTE,
    }
}

/// Where a source's folder lies; one that is not told from the root lies in the data folder.
fn folder_of(app: &App, source: &Source) -> PathBuf {
    app.config.data.folder.join(&source.url)
}

/// What reading a folder has given.
#[derive(Default)]
struct Read {
    bytes: i64,
    files: usize,
    items: u32,
    kept: Kept,
    /// The last reason for which a file was refused, and how many were.
    refused: Option<(usize, String)>,
    /// What keeps us from reading or moving files.
    stuck: Option<String>,
}

async fn look(app: &App, source: &Source) -> Result<Done> {
    let at = app.clock.now();
    let watch = stopwatch();
    let path = folder_of(app, source);
    let there = path.clone();
    let seen = match tokio::task::spawn_blocking(move || folder::look(&there)).await? {
        Ok(seen) => seen,
        Err(ill) => {
            let why = match ill.why.contains(':') {
                true => ill.why,
                false => format!("{} ({})", ill.why, source.url),
            };
            return fares(app, source, at, watch.milliseconds(), Read::default(), VisitOutcome::Hard { why }).await;
        }
    };
    let mut rows = app.store.read().await?;
    let known = rows.list_wire_looks(source.id).await?;
    let first = !rows.has_visits(source.id).await?;
    drop(rows);
    let remembered: Vec<Remembered> = known.iter().map(remembered).collect();
    let settled = folder::settle(seen, &remembered, at);
    if settled == Settled::default()
        && known.is_empty()
        && source.health == Health::Alive
        && !is_silent(app, source, at)
    {
        return Ok(Done::default());
    }
    if settled != Settled::default() {
        let mut write = app.store.write().await?;
        if !write.claim_folder(source.id, &app.worker, at, at.plus(LEASE)).await? {
            return Ok(Done::default());
        }
        for sighting in &settled.fresh {
            write.record_wire_look(source.id, &as_look(sighting, at, first)).await?;
        }
        for name in &settled.gone {
            write.forget_wire_look(source.id, name).await?;
        }
        write.commit().await?;
    }
    let early = |name: &str| known.iter().any(|look| look.name == name && look.backlog);
    let mut read = Read::default();
    for sighting in settled.ready.iter().take(MOST_FILES) {
        // one that fails does not stop the others; what the store cannot take now is tried again
        if let Err(why) = take(app, source, &path, sighting, early(&sighting.name), &mut read).await {
            tracing::error!("{}: {why:#}", sighting.name);
            read.stuck = Some("i lanci non si possono registrare adesso".into());
            break;
        }
    }
    let waiting = known.len() + settled.fresh.len() > settled.ready.len() + settled.gone.len();
    let more = settled.ready.len() > MOST_FILES;
    let outcome = match (&read.stuck, &read.refused) {
        (Some(why), _) => VisitOutcome::Hard { why: why.clone() },
        (None, Some((count, why))) if *count == read.files => VisitOutcome::NotAFeed { why: why.clone() },
        _ => VisitOutcome::Read,
    };
    let done = fares(app, source, at, watch.milliseconds(), read, outcome).await?;
    if waiting || more {
        let mut write = app.store.write().await?;
        let soon = if more { 0 } else { SOON };
        write.record_source_due(source.id, app.clock.now().plus(soon)).await?;
        write.commit().await?;
    }
    Ok(done)
}

/// Reads one file, keeps what it holds, and moves it.
async fn take(
    app: &App,
    source: &Source,
    path: &std::path::Path,
    seen: &Sighting,
    early: bool,
    read: &mut Read,
) -> Result<()> {
    let (folder, sighting) = (path.to_owned(), seen.clone());
    let bytes = match tokio::task::spawn_blocking(move || folder::read(&folder, &sighting)).await? {
        Ok(bytes) => bytes,
        Err(NotRead::Changed) => return Ok(()),
        Err(NotRead::TooBig) => return refuse(app, source, path, seen, "più grande di 20 MB", read).await,
        Err(NotRead::Unreadable) => {
            read.stuck = Some(format!("manca il permesso di leggere «{}»", seen.name));
            return Ok(());
        }
    };
    read.files += 1;
    read.bytes += seen.bytes;
    let hash = key::body_hash(&bytes);
    let now = app.clock.now();
    if app.store.read().await?.knows_wire_file(source.id, &hash).await? {
        // read before: its move was cut short, or the agency has sent it twice
        let mut write = app.store.write().await?;
        write.forget_wire_look(source.id, &seen.name).await?;
        write.commit().await?;
        return put_away(app, path, seen, read).await;
    }
    let context = WireContext { zone: rome(), now };
    let (items, problems) = match wire::read(bytes, context, PARSE).await {
        Ok(held) => held,
        Err(no_wire) => {
            read.files -= 1;
            return refuse(app, source, path, seen, &no_wire.why, read).await;
        }
    };
    for problem in problems.iter().take(5) {
        tracing::debug!(source = source.slug, file = seen.name, "{}", problem.what);
    }
    read.items += u32::try_from(items.len()).unwrap_or(u32::MAX);
    let items = items.into_iter().map(|item| incoming(source, item, early, now)).collect();
    let file = WireFile { name: seen.name.clone(), hash, items };
    let kept = acts::keep(&app.store, source, file, now).await?;
    read.kept.new += kept.new;
    read.kept.changed += kept.changed;
    read.kept.known += kept.known;
    put_away(app, path, seen, read).await
}

async fn put_away(app: &App, path: &std::path::Path, seen: &Sighting, read: &mut Read) -> Result<()> {
    let (folder, name, day) = (path.to_owned(), seen.name.clone(), app.clock.now().day());
    let moved = tokio::task::spawn_blocking(move || folder::put_away(&folder, &name, day)).await?;
    stuck(moved.err(), &seen.name, read);
    Ok(())
}

async fn refuse(
    app: &App,
    source: &Source,
    path: &std::path::Path,
    seen: &Sighting,
    why: &str,
    read: &mut Read,
) -> Result<()> {
    read.files += 1;
    let count = read.refused.as_ref().map_or(0, |(count, _)| *count);
    read.refused = Some((count + 1, format!("file rifiutato: {why}")));
    let mut write = app.store.write().await?;
    write.forget_wire_look(source.id, &seen.name).await?;
    write.commit().await?;
    let when = app.clock.now().rfc3339();
    let reason = format!(
        "Rifiutato il {when}: {why}. Il file è rimasto qui com'era: si può correggere e rimettere nella cartella."
    );
    let (folder, name) = (path.to_owned(), seen.name.clone());
    let moved = tokio::task::spawn_blocking(move || folder::reject(&folder, &name, &reason)).await?;
    stuck(moved.err(), &seen.name, read);
    Ok(())
}

fn stuck(error: Option<std::io::Error>, name: &str, read: &mut Read) {
    // one that is gone was moved by somebody: nothing keeps us from moving the others
    if let Some(error) = error.filter(|error| error.kind() != std::io::ErrorKind::NotFound) {
        tracing::warn!("{name} cannot be moved: {error}");
        read.stuck =
            Some("i lanci sono letti, ma i file non si possono spostare: manca il permesso di scrivere".into());
    }
}

/// Writes down how the folder fares, where that is new or something was found, and gives it back.
async fn fares(
    app: &App,
    source: &Source,
    at: Timestamp,
    took: i64,
    read: Read,
    outcome: VisitOutcome,
) -> Result<Done> {
    let now = app.clock.now();
    let health = source.health.after(&outcome, at);
    let next_at = now.plus(if outcome.is_good() {
        between_looks(source.cadence)
    } else {
        between_looks(source.cadence).max(ILL)
    });
    let moved = read.files > 0 && read.stuck.is_none();
    let worth_a_row = moved || read.kept != Kept::default() || !source.health.says_the_same_as(&health);
    let mut learned = source.learned.clone();
    // a folder that cannot be read says nothing of what its agency has written
    let told = match outcome.is_good() {
        true => pace::rhythm(&mut learned, read.kept.new, at, app.house.patron),
        false => Vec::new(),
    };
    let left = Left { next_at, health, validators: source.validators.clone(), learned, gate: None };
    let mut write = app.store.write().await?;
    if worth_a_row {
        let visit = Visit {
            id: VisitId(0),
            source: source.id,
            at,
            took,
            status: None,
            conditional: false,
            bytes: read.bytes,
            found: read.items,
            new: read.kept.new,
            outcome,
        };
        feeds::record_health(&mut write, source, &left.health, at).await?;
        write.record_visit(&visit, &left).await?;
    } else {
        write.record_left(source.id, &left).await?;
    }
    for note in super::crawl::noted(source, &told) {
        feeds::note_down(&mut write, source, &note, at).await?;
    }
    write.commit().await?;
    Ok(Done { work: read.files, news: read.kept.new + read.kept.changed > 0 })
}

/// Whether an hour has begun of which nothing is known yet, or the agency is silent when it never was: worth a row.
fn is_silent(app: &App, source: &Source, now: Timestamp) -> bool {
    let learned = &source.learned;
    learned.profile.now.is_none_or(|hour| hour.from < now.hour())
        || pace::profile::judge(learned, 0, now, app.house.patron) != learned.quiet
}

fn remembered(look: &WireLook) -> Remembered {
    let seen = Sighting { name: look.name.clone(), bytes: look.bytes, modified: look.modified };
    Remembered { seen, since: look.since }
}

fn as_look(seen: &Sighting, since: Timestamp, backlog: bool) -> WireLook {
    WireLook { name: seen.name.clone(), bytes: seen.bytes, modified: seen.modified, since, backlog }
}

/// A wire as the article that it would be.
fn incoming(source: &Source, item: WireItem, early: bool, now: Timestamp) -> Incoming {
    let reserved = item.rights.as_deref().is_some_and(|r| r.to_lowercase().contains("riproduzione riservata"));
    let article = NewArticle {
        outlet: source.outlet,
        via: Via::Source { source: source.id },
        url: String::new(),
        key: String::new(),
        guid: Some(item.identity.clone()),
        title: item.title,
        signals: Signals {
            tdm_reserved: false,
            reproduction_reserved: reserved,
            own_summary: (!item.lead.is_empty()).then(|| item.lead.chars()),
            barred: false,
        },
        lead: item.lead,
        body: item.body,
        authors: item.authors,
        rubric: item.rubric.or_else(|| source.rubric.clone()),
        // a clock that runs ahead at the agency does not make tomorrow's news
        published_at: item.issued_at.map(|issued| issued.min(now)),
        language: item.language,
        first_seen: now,
        backlog: false,
    };
    let wire = Wire {
        outlet: source.outlet,
        identity: item.identity,
        version: item.version,
        article: None,
        kind: item.kind,
        status: item.status,
        chain: item.chain,
        take: item.take,
        lines: 0,
        at: now,
        notes: WireNotes {
            urgency: item.urgency,
            plus: item.plus,
            continues: item.continues,
            slug: item.slug,
            dateline: item.dateline,
            place: item.place,
            routing: item.routing,
            note: item.note,
            rights: item.rights,
            embargo_until: item.embargo_until,
        },
    };
    Incoming { article, wire, replaces: item.replaces, early }
}
