//! How a site wants to be treated: its robots.txt and its tdmrep.json, asked for first and kept for a day.

use crate::app::App;
use anyhow::Result;
use salastampa_crawler::key;
use salastampa_crawler::visit::{Manners, fetch_robots, fetch_tdmrep};
use salastampa_domain::OutletId;
use salastampa_domain::time::{DAY, HOUR};
use salastampa_store::{Fetched, Host};

/// A robots.txt that has failed for so long counts as none (RFC 9309 §2.3.1.4).
const GIVEN_UP: i64 = 30 * DAY;

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
        let given_up = host.robots_failing.is_some_and(|since| now.since(since) >= GIVEN_UP);
        if let (true, Some(robots)) = (given_up, &mut host.robots) {
            robots.status = 404;
        }
        let part = |f: &Option<Fetched>| f.as_ref().map(|f| (f.status, f.body.clone()));
        let (robots, tdm) = (part(&host.robots), part(&host.tdm));
        let contract = app.store.read().await?.find_outlet(outlet).await?.and_then(|o| o.contract);
        return Ok(Some(Manners {
            licensed: contract.is_some_and(|c| now.day() <= c.until),
            ..Manners::of(robots.as_ref().map(|(s, b)| (*s, b.as_str())), tdm.as_ref().map(|(s, b)| (*s, b.as_str())))
        }));
    }
    let bound;
    if fresh(&host.robots) {
        let answer = fetch_tdmrep(&app.client, url, now).await;
        bound = answer.retry_after;
        host.tdm = Some(Fetched { at: now, status: answer.status, body: answer.body });
    } else {
        let answer = fetch_robots(&app.client, url, now).await;
        bound = answer.retry_after;
        let fails = answer.status == 0 || answer.status >= 500;
        host.robots_failing = if fails { host.robots_failing.or(Some(now)) } else { None };
        host.robots = Some(Fetched { at: now, status: answer.status, body: answer.body });
    }
    let mut write = app.store.write().await?;
    write.record_host(&host).await?;
    if let Some(wait) = bound {
        // for the gate that the caller leaves next, which may stand under the name of the whole domain
        write.record_bound(&key::host_key(url), now.plus(wait)).await?;
    }
    write.commit().await?;
    Ok(None)
}
