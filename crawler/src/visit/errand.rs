//! What the crawler asks of a site besides its sources: a map that still lists what a feed has lost, and the page that
//! may say where a feed has gone. Both go through the gate and the rules of the site like any visit.
//!
//! Neither makes a source better or worse: its health is that of its own address. Left out: when they are sent (the job
//! `crawl`), and what is done with a feed that was found (a person decides).

use super::fetch::{Purpose, ask, retry_after};
use super::{Manners, Reading, forbidden, maps, why, window, worker};
use salastampa_domain::{Source, Timestamp, VisitOutcome};
use salastampa_http::{Client, Response};

/// Looks in a map of the site for what came since then.
pub(super) async fn repair(
    client: &Client,
    source: &Source,
    url: &str,
    since: Timestamp,
    manners: &Manners,
    now: Timestamp,
) -> Reading {
    let (answer, reading) = match fetch(client, source, url, Purpose::Sitemap, manners, now).await {
        Ok(answered) => answered,
        Err(reading) => return *reading,
    };
    match maps::begin(answer, Some(since), manners, now).await {
        Ok(listed) => Reading { items: listed.items, problems: listed.problems, detour: listed.detour, ..reading },
        Err(outcome) => Reading { outcome, ..reading },
    }
}

/// Reads the feeds that a page names.
pub(super) async fn discover(
    client: &Client,
    source: &Source,
    url: &str,
    manners: &Manners,
    now: Timestamp,
) -> Reading {
    let (answer, reading) = match fetch(client, source, url, Purpose::Page, manners, now).await {
        Ok(answered) => answered,
        Err(reading) => return *reading,
    };
    match worker::apart(manners.parse, move || window::feeds_of(&answer)).await {
        Ok(feeds) => Reading { feeds, ..reading },
        Err(mishap) => Reading { outcome: why::of_mishap(mishap), ..reading },
    }
}

/// The answer, and a reading that says nothing of the source yet.
pub(super) async fn fetch(
    client: &Client,
    source: &Source,
    url: &str,
    purpose: Purpose,
    manners: &Manners,
    now: Timestamp,
) -> Result<(Response, Reading), Box<Reading>> {
    let without = |outcome| Box::new(Reading::without_answer(outcome, source));
    if let Some(outcome) = forbidden(&manners.robots, url) {
        return Err(without(outcome));
    }
    let answer = ask(client, url, purpose, None, manners).await.map_err(|unasked| without(unasked.outcome()))?;
    let reading = Reading {
        status: Some(answer.status),
        bytes: i64::try_from(answer.body.len()).unwrap_or(i64::MAX),
        retry_after: retry_after(&answer, now),
        peer: answer.peer,
        ..Reading::without_answer(VisitOutcome::Read, source)
    };
    // what the server asks of us binds, whatever it answers
    match why::of_answer(&answer, false) {
        Some(outcome) => Err(Box::new(Reading { outcome, ..reading })),
        None => Ok((answer, reading)),
    }
}
