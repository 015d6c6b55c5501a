//! What a request leaves at the gate of a host: when the next one may begin, which machine answered, how long it took.

use crate::app::App;
use anyhow::Result;
use salastampa_acts::feeds::Passed;
use salastampa_crawler::pace;
use salastampa_domain::time::{DAY, SECOND};
use salastampa_store::Met;
use std::net::IpAddr;

/// After "too many requests" without a word how long to wait.
const TOO_MANY: i64 = 30 * SECOND;

/// A request that was made, or was not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// The machine that answered.
    pub(super) peer: Option<IpAddr>,
    /// How long it took, in milliseconds; `None` where no answer came.
    pub(super) took: Option<i64>,
    /// HTTP status, if an answer came.
    pub(super) status: Option<u16>,
    /// What the server binds us to wait, in milliseconds.
    pub(super) retry_after: Option<i64>,
}

/// What becomes of the gate of `host`.
pub(super) async fn passed(
    app: &App,
    host: &str,
    crawl_delay: Option<i64>,
    article_page: bool,
    asked: Asked,
) -> Result<Passed> {
    let now = app.clock.now();
    let known = app.store.read().await?.find_host(host).await?;
    let before = known.as_ref().and_then(|host| host.rtt);
    let rtt = asked.took.map(|took| pace::smoothed(before, took)).or(before);
    let bound = match (asked.retry_after, asked.status) {
        (Some(wait), _) => wait,
        (None, Some(429)) => TOO_MANY,
        _ => 0,
    };
    let gap = pace::host_gap(crawl_delay, rtt, article_page);
    let (free_at, neighbours) = (now.plus(gap.max(bound)), now.plus(gap));
    // the servers of a test and of the demo are one machine under many names
    let address = asked.peer.filter(|peer| !peer.is_loopback()).map(|peer| peer.to_string());
    let met = Met { address, rtt, requests: 1, day: now.0.div_euclid(DAY) };
    Ok(Passed { host: host.to_owned(), free_at, neighbours, met })
}
