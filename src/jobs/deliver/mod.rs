//! `deliver`: the outbox is handed over, message by message, and nobody is skipped.
//!
//! Claimed under a lease (`lane`); that the data start is on the disk between the offer and the data, and the reply soon
//! after the final dot (`journal`). So a worker that dies before has sent nothing, and one that dies after leaves at most
//! one message for each connection whose fate is unknown: that one is sent again once, byte for byte and under the same
//! Message-ID (`message`).

mod journal;
mod lane;
mod message;
mod shift;

use crate::app::App;
use crate::run::{LOOK, pause};
use anyhow::{Context, Result};
use journal::Journal;
use lane::Lane;
use salastampa_acts::release;
use salastampa_domain::time::MINUTE;
use salastampa_domain::{Delivery, DeliveryKind, DeliveryState, Timestamp, UncertainPolicy, election};
use salastampa_mail::relay_log;
use shift::Shift;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use tokio::task::JoinSet;

/// So many messages of unknown fate are looked at in one go.
const DOUBTS: usize = 1_000;

/// Hands over what is due; gives how many messages came to some end.
pub async fn run(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let settled = release::settle(&app.store, &app.house, now).await?;
    if !is_anything_due(app, now).await? {
        return Ok(settled);
    }
    recover(app, now).await?;
    let connections = app.config.smtp.connections.clamp(1, 32);
    let journal = Journal::open(app, connections);
    // what is still going when the polls are called is looked at first, in the next run
    let called = {
        let mut rows = app.store.read().await?;
        election::next_call(&salastampa_acts::elections::calendar(&mut rows, &app.house).await?, now)
    };
    let shift = Shift::new();
    // all are at work before the first finds nothing to do
    let at_work: Vec<_> = (0..connections).map(|number| (number, shift.begin())).collect();
    let mut lanes = JoinSet::new();
    for (number, at_work) in at_work {
        // the first lane is kept for alerts, so that two thousand journalists never delay the mayor
        let only_alerts = number == 0 && connections > 1;
        lanes.spawn(Lane::new(app, number, journal.clone(), only_alerts, called).work(at_work));
    }
    let (mut done, mut broken) = (settled, None);
    loop {
        tokio::select! {
            ended = lanes.join_next() => match ended {
                None => break,
                Some(ended) => match ended.context("a lane of the outbox broke").flatten() {
                    Ok(more) => done += more,
                    // the others are not torn out of their conversations
                    Err(why) => broken = Some(why),
                },
            },
            // one server's answer may take ten minutes: what else comes to its hour does not wait for it
            () = pause(LOOK) => match look_after(app).await {
                Ok(more) => done += more,
                Err(why) => broken = Some(why),
            },
        }
    }
    done += release::settle(&app.store, &app.house, app.clock.now()).await?;
    broken.map_or(Ok(done), Err)
}

/// What changes without a connection: releases come to their hour or their end, dead workers' messages are taken back.
async fn look_after(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let settled = release::settle(&app.store, &app.house, now).await?;
    recover(app, now).await?;
    Ok(settled)
}

/// When a message is due, or a lease ends, or a release comes to its hour.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    let rows = app.store.read().await?.next_delivery_due(app.clock.now()).await?;
    Ok([rows, release::next_due(&app.store).await?].into_iter().flatten().min())
}

async fn is_anything_due(app: &App, now: Timestamp) -> Result<bool> {
    let mut rows = app.store.read().await?;
    let due = rows.next_delivery_due(now).await?.is_some_and(|due| due <= now);
    Ok(due || !rows.list_doubts_due(now, 1).await?.is_empty())
}

/// Whether a message whose fate is unknown goes once more by itself. One that ends so again waits for a person: no loops.
fn is_sent_again(delivery: &Delivery) -> bool {
    delivery.subject.kind.uncertain() == UncertainPolicy::Resend && delivery.uncertain == 0
}

/// When a message in doubt is looked up in the mail server's log again that did not have it: a slow server writes late.
/// After the last look it waits for a person.
const LOOKS: [i64; 2] = [MINUTE, 4 * MINUTE];

/// What dead workers left: not started waits again, started is uncertain. What the mail server's own log knows of is
/// taken; the rest, by the policy of its kind, is sent again once: an alert now, anything else when the log was asked
/// twice. What has expired is over.
async fn recover(app: &App, now: Timestamp) -> Result<()> {
    let mut write = app.store.write().await?;
    write.expire_deliveries(now).await?;
    write.recover_deliveries(now).await?;
    let doubts = write.list_doubts_due(now, DOUBTS).await?;
    write.commit().await?;
    if doubts.is_empty() {
        return Ok(());
    }
    // a log of many megabytes is not read inside a transaction
    let known = in_the_log(app, &doubts).await;
    let has_log = !app.config.smtp.log.as_os_str().is_empty();
    let mut write = app.store.write().await?;
    for (delivery, looked) in &doubts {
        let is_urgent = matches!(delivery.subject.kind, DeliveryKind::Alert | DeliveryKind::Batch);
        let next = usize::try_from(*looked).ok().and_then(|looked| LOOKS.get(looked)).filter(|_| has_log);
        match known.get(delivery.message_id.as_str()) {
            Some(queue_id) => {
                let why = format!("250 found in the mail server's log, queued as {queue_id}");
                write.settle_uncertain(delivery.id, &DeliveryState::Accepted, Some(&why), now).await?;
            }
            None if is_sent_again(delivery) && (!has_log || is_urgent || *looked > 0) => {
                write.requeue_uncertain(delivery.id, delivery.uncertain, now).await?;
            }
            None => write.put_off_doubt(delivery.id, next.map(|wait| now.plus(*wait))).await?,
        }
    }
    write.commit().await?;
    Ok(())
}

/// What the log of the mail server on this machine, if the office names one, says of messages in doubt: Message-ID and
/// queue id of those that it has. The log of before the last rotation is read too.
async fn in_the_log<'a>(app: &App, doubts: &'a [(Delivery, u32)]) -> HashMap<&'a str, String> {
    let log = &app.config.smtp.log;
    if log.as_os_str().is_empty() {
        return HashMap::new();
    }
    let wanted: HashSet<&str> = doubts.iter().map(|(delivery, _)| delivery.message_id.as_str()).collect();
    let rotated = PathBuf::from(format!("{}.1", log.display()));
    let mut bytes = crate::files::tail(&rotated, relay_log::TAIL).await.unwrap_or_default();
    match crate::files::tail(log, relay_log::TAIL).await {
        Ok(newest) => bytes.extend(newest),
        Err(why) => {
            let log = log.display();
            tracing::warn!("the mail server's log {log} cannot be read ({why}): messages in doubt are sent once more");
        }
    }
    relay_log::taken(&bytes, &wanted)
}
