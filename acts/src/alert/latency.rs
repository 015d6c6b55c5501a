//! How fast alerts are: from when an article was first seen until a server took the mail, week by week.
//!
//! Of flashes only, and of those that no officer held: the rest waits because somebody wants it to. Left out: whether
//! anybody has read them, which nobody here wants to know.

use crate::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use salastampa_domain::{Alert, AlertState, DeliveryKind, Latency, Period, Tier, Timestamp};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// After so long without a server that took it an alert counts as missed.
const MISSED: i64 = 30_000;

/// A week and its figures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Week {
    /// Its Monday.
    pub monday: Date,
    /// Its figures.
    pub latency: Latency,
}

/// The last weeks, the running one first.
pub async fn weeks(rows: &mut Rows, count: usize, now: Timestamp) -> Result<Vec<Week>> {
    let today = now.day();
    let since = i64::from(today.weekday().to_monday_zero_offset());
    let this = today.checked_sub(since.days()).unwrap_or(today);
    let mut weeks = Vec::with_capacity(count);
    for n in 0..i64::try_from(count).unwrap_or(0) {
        let Ok(monday) = this.checked_sub((7 * n).days()) else { break };
        let sunday = monday.checked_add(6.days()).unwrap_or(monday);
        weeks.push(Week { monday, latency: latency(rows, Period::days(monday, sunday), now).await? });
    }
    Ok(weeks)
}

/// The figures of what left in a period.
pub async fn latency(rows: &mut Rows, period: Period, now: Timestamp) -> Result<Latency> {
    let left = rows.list_alerts_left(period).await?;
    let mails: Vec<&Alert> =
        left.iter().filter(|a| a.state == AlertState::Queued && a.tier == Tier::Flash && !a.gated).collect();
    let ids: Vec<_> = mails.iter().map(|a| a.article).collect();
    let seen: BTreeMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a.first_seen)).collect();
    let things: Vec<i64> = mails.iter().map(|a| a.story.0).collect();
    let deliveries = rows.list_deliveries_about(DeliveryKind::Alert, &things).await?;
    let (mut times, mut lost) = (Vec::new(), 0);
    for alert in mails {
        let Some(seen) = seen.get(&alert.article) else { continue };
        let mine =
            |d: &&salastampa_domain::Delivery| Some(d.subject) == alert.subject() && d.reader == Some(alert.reader);
        match deliveries.iter().find(mine).and_then(|d| d.accepted_at) {
            // again about an old article: from when it was raised
            Some(accepted) if alert.again.is_some() => times.push(accepted.since(alert.at).max(0)),
            Some(accepted) => times.push(accepted.since(*seen).max(0)),
            None => lost += usize::from(now.since(alert.at) > MISSED),
        }
    }
    Ok(Latency::of(times, lost))
}
