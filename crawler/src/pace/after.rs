//! What a visit leaves behind: how the source fares, what was learnt, when it is visited next, and what is worth telling.
//!
//! One pure function from a reading to rows, so that fourteen days can be lived through in a test. Left out: which items
//! are new (the store knows), and the words for people.

use super::profile::{self, PoorDay};
use super::{Pace, bounds, host_gap, is_gone, next_visit, slowed};
use crate::key;
use crate::robots::Robots;
use crate::visit::Reading;
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Detour, DetourKind, Health, Learned, Place, PublisherSignals, Quiet, Sighting, Source, SourceKind, Timestamp,
    VisitOutcome,
};

/// A window with fewer items may well have been emptied on purpose.
const FEWEST: u32 = 3;
/// Addresses that are proposed.
const MOST_FEEDS: usize = 5;
/// A lasting redirect is believed when it was seen so often, over a day.
const SIGHTINGS: u32 = 3;

/// A visit, as far as the next one depends on it.
#[derive(Clone, Debug)]
pub struct Visited<'a> {
    /// The source, as it was before.
    pub source: &'a Source,
    /// What the visit gave.
    pub reading: &'a Reading,
    /// The rules of the site.
    pub robots: &'a Robots,
    /// Items in the window that were known before.
    pub known: u32,
    /// Items that were new.
    pub new: u32,
    /// The source had never been read.
    pub first: bool,
    /// When the visit began.
    pub at: Timestamp,
    /// When it ended.
    pub now: Timestamp,
    /// When something new came last, this visit left out.
    pub last_new: Option<Timestamp>,
    /// The holiday of the town, as month and day.
    pub patron: Option<(i8, i8)>,
    /// A hub tells when it has news.
    pub subscribed: bool,
    /// Makes the jitter.
    pub seed: u64,
}

/// What becomes of the source.
#[derive(Clone, PartialEq, Debug)]
pub struct After {
    /// How it fares.
    pub health: Health,
    /// What is known of it.
    pub learned: Learned,
    /// When it is visited next.
    pub next_at: Timestamp,
    /// The host whose gate that visit needs, if not its own.
    pub gate: Option<String>,
    /// What is worth telling.
    pub told: Vec<Told>,
}

/// Something that the office should be able to look up.
#[derive(Clone, PartialEq, Debug)]
pub enum Told {
    /// It answers well and brings nothing.
    Quiet(Quiet),
    /// It speaks again.
    Speaks,
    /// A whole day brought too little.
    Poor(PoorDay),
    /// Items may have been lost between two visits.
    Gap,
    /// It has moved for good, on its own site.
    Moved {
        /// Where.
        to: String,
    },
    /// Its site forbids something to crawlers of artificial intelligence, and had not before.
    AiAgents(Vec<String>),
}

/// What a visit to the source itself leaves behind.
pub fn after(visited: &Visited<'_>) -> After {
    let Visited { source, reading, now, .. } = *visited;
    if let Some(detour) = &reading.detour {
        return on_the_way(visited, detour);
    }
    let visited = &Visited { new: news(visited), ..visited.clone() };
    let mut learned = source.learned.clone();
    let mut told = Vec::new();
    learned.detour = None;
    let good = reading.outcome.is_good();
    let gap = lost_some(visited);
    learn_rhythm(visited, &mut learned, &mut told);
    // at the end of a walk the address of the source was asked on the way
    if source.learned.detour.as_ref().and_then(Detour::walk).is_none() {
        learn_moves(visited, &mut learned, &mut told);
    }
    learn_signals(visited, &mut learned, &mut told);
    if let Some(hints) = reading.hints {
        learned.hints = hints;
    }
    if good || reading.status == Some(429) {
        learned.slowed = slowed(learned.slowed, reading.status == Some(429), source.cadence, now);
    }
    if gap {
        learned.gaps.times = learned.gaps.times.saturating_add(1);
        learned.gaps.last = Some(visited.at);
        told.push(Told::Gap);
    }
    let health = source.health.after(&reading.outcome, visited.at);
    let idle = match (visited.new, visited.last_new) {
        // a source that never had anything new is a quiet one
        (0, last) => last.map_or(DAY, |last| now.since(last)),
        _ => 0,
    };
    let next_at = next_visit(&Pace {
        cadence: source.cadence,
        outcome: &reading.outcome,
        health: &health,
        new_items: visited.new,
        idle,
        learned: &learned,
        patron: visited.patron,
        fresh_for: reading.fresh_for,
        gap,
        subscribed: visited.subscribed,
        retry_after: reading.retry_after,
        now,
        seed: visited.seed,
    });
    learned.detour = sends_out(visited, &learned, &health, gap);
    match &learned.detour {
        None => After { health, learned, next_at, gate: None, told },
        Some(detour) => {
            let gate = Some(key::host_key(&detour.url));
            let soon =
                now.plus(host_gap(visited.robots.crawl_delay(), None, false).max(super::obeyed(reading.retry_after)));
            After { health, learned, next_at: soon, gate, told }
        }
    }
}

/// What an errand besides the source leaves behind: the source fares as it did, and is visited when it would have been.
pub fn after_errand(visited: &Visited<'_>) -> After {
    let Visited { source, reading, now, .. } = *visited;
    if let Some(detour) = &reading.detour {
        return on_the_way(visited, detour);
    }
    let mut learned = source.learned.clone();
    learned.detour = None;
    learned.gaps.repaired = learned.gaps.repaired.saturating_add(news(visited));
    if !reading.feeds.is_empty() {
        learned.proposed = proposals(&reading.feeds, &source.url);
    }
    let soonest = bounds(source.cadence).0;
    let next_at = match source.health.is_alive() {
        true => now.plus(soonest),
        // its own back-off went into the errand: about the middle of what it may be
        false => now.plus(bounds(source.cadence).1),
    };
    After { health: source.health.clone(), learned, next_at, gate: None, told: Vec::new() }
}

/// What was new on the way here and now.
fn news(visited: &Visited<'_>) -> u32 {
    let walk = visited.source.learned.detour.as_ref().and_then(Detour::walk);
    visited.new.saturating_add(walk.map_or(0, |walk| walk.new))
}

/// Another host or another map has to be asked first: what there is to know of the source is known at the end.
fn on_the_way(visited: &Visited<'_>, detour: &Detour) -> After {
    let Visited { source, reading, .. } = *visited;
    let mut learned = source.learned.clone();
    let mut told = Vec::new();
    let mut detour = detour.clone();
    if let DetourKind::Maps(walk) = &mut detour.why {
        walk.new = news(visited);
        let is_first = source.learned.detour.as_ref().and_then(Detour::walk).is_none();
        if is_first && walk.since.is_none() && reading.status.is_some() {
            learn_moves(visited, &mut learned, &mut told);
        }
    }
    let gate = Some(key::host_key(&detour.url));
    learned.detour = Some(detour);
    After { health: visited.source.health.clone(), learned, next_at: visited.now, gate, told }
}

/// Whether items may have been lost: a full window without one that is known.
fn lost_some(visited: &Visited<'_>) -> bool {
    visited.source.kind == SourceKind::Feed
        && visited.reading.outcome == VisitOutcome::Read
        && !visited.first
        && visited.known == 0
        && visited.new >= FEWEST
}

fn learn_rhythm(visited: &Visited<'_>, learned: &mut Learned, told: &mut Vec<Told>) {
    // the first window is a backlog, and a failed visit says nothing of what was written
    if !visited.reading.outcome.is_good() || visited.first {
        return;
    }
    told.extend(rhythm(learned, visited.new, visited.at, visited.patron));
}

/// What a good visit at `at`, or a look into a folder, teaches of the rhythm of a source; what is worth telling of it.
pub fn rhythm(learned: &mut Learned, new: u32, at: Timestamp, patron: Option<(i8, i8)>) -> Vec<Told> {
    let mut told = Vec::new();
    let poor = profile::learn(&mut learned.profile, new, at, patron);
    told.extend(poor.map(Told::Poor));
    let quiet = profile::judge(learned, new, at, patron);
    match (learned.quiet, quiet) {
        (None, Some(quiet)) => told.push(Told::Quiet(quiet)),
        (Some(_), None) => told.push(Told::Speaks),
        _ => {}
    }
    learned.quiet = quiet;
    told
}

fn learn_moves(visited: &Visited<'_>, learned: &mut Learned, told: &mut Vec<Told>) {
    let Visited { source, reading, now, .. } = *visited;
    learned.gone = match reading.status {
        Some(410) => Some(Sighting::again(learned.gone.take(), "", now)),
        _ if reading.outcome.is_good() => None,
        _ => learned.gone.take(),
    };
    learned.moved = match &reading.moved {
        Some(to) if reading.outcome.is_good() && *to != source.url => {
            Some(Sighting::again(learned.moved.take(), to, now))
        }
        _ if reading.outcome.is_good() => None,
        _ => learned.moved.take(),
    };
    if reading.outcome.is_good() {
        learned.proposed.clear();
    } else if !reading.feeds.is_empty() {
        learned.proposed = proposals(&reading.feeds, &source.url);
    }
    if let Some(moved) = learned.moved.as_ref().filter(|moved| moved.holds(SIGHTINGS, DAY, now)) {
        match key::same_site(&moved.what, &source.url) {
            true => told.push(Told::Moved { to: moved.what.clone() }),
            // to another site nobody follows a redirect for good but a person
            false => learned.proposed = proposals(std::slice::from_ref(&moved.what), &source.url),
        }
    }
}

fn learn_signals(visited: &Visited<'_>, learned: &mut Learned, told: &mut Vec<Told>) {
    let before = &learned.signals.ai_agents;
    let now: Vec<String> = visited.robots.ai_agents().to_vec();
    let more: Vec<String> = now.iter().filter(|agent| !before.contains(agent)).cloned().collect();
    if !more.is_empty() {
        told.push(Told::AiAgents(more));
    }
    let tdm = if visited.reading.status.is_some() { Some(visited.reading.tdm_reserved) } else { None };
    learned.signals = PublisherSignals { ai_agents: now, tdm_reserved: tdm.or(learned.signals.tdm_reserved) };
}

/// The errand that the visit calls for.
fn sends_out(visited: &Visited<'_>, learned: &Learned, health: &Health, gap: bool) -> Option<Detour> {
    let source = visited.source;
    if gap {
        let url = visited.robots.news_map(&source.url)?;
        let since = visited.last_new.unwrap_or(visited.at.plus(-DAY));
        return Some(Detour { url, why: DetourKind::Repair { since } });
    }
    // once, when it becomes ill: where has the feed gone?
    let fell_ill = !health.is_alive() && source.health.is_alive();
    let lost = matches!(visited.reading.status, Some(404 | 410 | 200)) && source.kind == SourceKind::Feed;
    if fell_ill && lost && learned.proposed.is_empty()
        || is_gone(learned, visited.now) && !is_gone(&source.learned, visited.now)
    {
        let home = url::Url::parse(&source.url).ok()?.join("/").ok()?;
        return Some(Detour { url: home.into(), why: DetourKind::Discover });
    }
    None
}

/// The addresses that a site names, without the one where nothing was.
fn proposals(named: &[String], own: &str) -> Vec<Place> {
    let others = named.iter().filter(|url| key::canonical(url) != key::canonical(own));
    others.take(MOST_FEEDS).map(|url| Place { url: url.clone(), host: key::host_key(url) }).collect()
}
