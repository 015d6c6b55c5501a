//! Maps of maps: a map that lists others is walked through, one map a visit, so that the site's gate and its rules hold
//! between them as between any two questions.
//!
//! The way is kept with the source ([`Walk`]), so that a restart goes on where it stopped; what each map lists is kept at
//! once. Only the newest few maps are asked for. Left out: what a walk means for the health and the pace of its source
//! ([`crate::pace`]).

use super::fetch::Purpose;
use super::{Manners, Reading, errand, why, worker};
use crate::feed::{Item, Problem};
use crate::key;
use crate::sitemap::{self, NoSitemap, Sitemap};
use salastampa_domain::time::HOUR;
use salastampa_domain::{Detour, DetourKind, Map, Source, Timestamp, VisitOutcome, Walk};
use salastampa_http::{Client, Response};

/// Maps below a map of maps that are asked for in one walk, all levels together.
const MOST: usize = 3;
/// Maps above one another, below the first.
const DEEPEST: u8 = 2;
/// A map lists an item a little before the feed does, or after.
const SLACK: i64 = HOUR;

/// What a first map lists.
pub(super) struct Listed {
    /// Its pages.
    pub(super) items: Vec<Item>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
    /// It lists other maps: it may stay as it is while they change.
    pub(super) is_map_of_maps: bool,
    /// The way to the first of them.
    pub(super) detour: Option<Detour>,
}

/// Reads a map at the address of a source. With `since`, only what came since then: what has no date is taken as well, it
/// may be what was lost.
pub(super) async fn begin(
    answer: Response,
    since: Option<Timestamp>,
    manners: &Manners,
    now: Timestamp,
) -> Result<Listed, VisitOutcome> {
    let base = answer.url.clone();
    let (map, problems) = parse(answer, manners, now).await?;
    let is_map_of_maps = !map.maps.is_empty();
    if !is_map_of_maps && map.listed == 0 {
        return Err(VisitOutcome::Empty { why: "la sitemap non elenca nessuna pagina".into() });
    }
    let items = wanted(map.items, since);
    let walk = Walk { since, found: count(&items), ..Walk::default() };
    Ok(Listed { items, problems, is_map_of_maps, detour: onward(walk, map.maps, &base, manners) })
}

/// Reads the next map of a walk. One bad map does not lose the others; a server that asks us to wait ends the walk.
pub(super) async fn go_on(
    client: &Client,
    source: &Source,
    url: &str,
    walk: &Walk,
    manners: &Manners,
    now: Timestamp,
) -> Reading {
    let (read, reading) = match errand::fetch(client, source, url, Purpose::Sitemap, manners, now).await {
        Ok((answer, reading)) => (parse(answer, manners, now).await, reading),
        Err(reading) => (Err(reading.outcome.clone()), *reading),
    };
    let mut reading = Reading { outcome: VisitOutcome::Read, ..reading };
    let mut walk = walk.clone();
    let mut below = Vec::new();
    match read {
        Ok((map, problems)) => {
            reading.items = wanted(map.items, walk.since);
            reading.problems = problems;
            below = map.maps;
        }
        Err(outcome) => {
            reading.problems.push(Problem { what: format!("{url}: {}", outcome.why().unwrap_or_default()) });
            walk.failed = Some(outcome);
        }
    }
    walk.found = walk.found.saturating_add(count(&reading.items));
    let is_bound = reading.retry_after.is_some() || reading.status == Some(429);
    let end = (walk.found == 0).then(|| walk.failed.clone()).flatten();
    if !is_bound {
        reading.detour = onward(walk, below, url, manners);
    }
    if let (None, Some(outcome)) = (&reading.detour, end) {
        reading.outcome = outcome;
    }
    reading
}

/// The way to the next map, the newest first and those below a map before those beside it.
fn onward(mut walk: Walk, below: Vec<String>, base: &str, manners: &Manners) -> Option<Detour> {
    let depth = walk.depth + 1;
    let below = below.into_iter().filter(|url| depth <= DEEPEST && key::same_site(url, base));
    let mut left: Vec<Map> = below.filter(|url| manners.robots.allows(url)).map(|url| Map { url, depth }).collect();
    left.append(&mut walk.left);
    left.truncate(MOST.saturating_sub(walk.asked.into()));
    if left.is_empty() {
        return None;
    }
    let next = left.remove(0);
    let walk = Walk { left, depth: next.depth, asked: walk.asked + 1, ..walk };
    Some(Detour { url: next.url, why: DetourKind::Maps(walk) })
}

fn wanted(mut items: Vec<Item>, since: Option<Timestamp>) -> Vec<Item> {
    if let Some(since) = since {
        items.retain(|item| item.published_at.is_none_or(|at| at >= since.plus(-SLACK)));
    }
    items
}

fn count(items: &[Item]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

async fn parse(answer: Response, manners: &Manners, now: Timestamp) -> Result<(Sitemap, Vec<Problem>), VisitOutcome> {
    worker::apart(manners.parse, move || sitemap::parse(&answer.body, &answer.url, now))
        .await
        .map_err(why::of_mishap)?
        .map_err(|no| match no {
            NoSitemap::Other { .. } => VisitOutcome::NotAFeed { why: "la risposta non è una sitemap".into() },
            NoSitemap::Limit { .. } => VisitOutcome::Hostile { why: "sitemap oltre i limiti".into() },
        })
}
