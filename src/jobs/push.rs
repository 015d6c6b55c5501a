//! `push`: notifications on the telephone, beside the mail of alerts. A server that does not answer delays no mail, because
//! this is a job of its own.
//!
//! A notification is one request, which a kill between the answer and the row repeats: a telephone that rings twice is less
//! bad than one that does not ring. The address is read when it leaves, so that one that was set right at the desk
//! holds for what waits. It goes out through the same guard as visits do: nothing inside our network is reached but the
//! servers that `push.hosts` names.

use super::{Job, alone};
use crate::app::App;
use anyhow::{Context, Result};
use salastampa_domain::{Push, PushAddress, Reader, ReaderId, Timestamp};
use salastampa_http::{Client, Refused};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// So many at once; each takes no longer than the client's timeout, so that the lease of the job outlasts them.
const AT_ONCE: usize = 8;
/// Longest answer that is read, in bytes: nobody reads it.
const ANSWER: usize = 64 << 10;

/// Sends what is due; gives how many.
pub async fn run(app: &App) -> Result<usize> {
    if next_due(app).await?.is_none_or(|due| due > app.clock.now()) {
        return Ok(0);
    }
    alone(app, Job::Push, send(app)).await
}

/// When the next one is to be tried.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    Ok(app.store.read().await?.next_push_due().await?)
}

async fn send(app: &App) -> Result<usize> {
    let mut rows = app.store.read().await?;
    let due = rows.list_pushes_due(app.clock.now(), AT_ONCE).await?;
    let readers: BTreeMap<ReaderId, Reader> = rows.list_readers().await?.into_iter().map(|r| (r.id, r)).collect();
    drop(rows);
    let mut tries = JoinSet::new();
    for push in due {
        let to = readers.get(&push.new.reader).filter(|r| r.receives.alerts).and_then(|r| r.push.clone());
        tries.spawn(attempt(app.notifier.clone(), push, to, app.clock.now()));
    }
    let mut done = Vec::new();
    while let Some(tried) = tries.join_next().await {
        done.push(tried.context("a notification broke")?);
    }
    let mut write = app.store.write().await?;
    for (push, answer) in &done {
        let after = push.clone().after(answer.clone(), app.clock.now());
        if !after.said.is_empty() {
            tracing::info!(push = after.id, state = ?after.state, why = after.said, "a notification was not taken");
        }
        write.record_push_state(&after).await?;
    }
    write.commit().await?;
    Ok(done.len())
}

/// One request; what stands in the way is told without the address.
async fn attempt(
    client: Client,
    push: Push,
    to: Option<PushAddress>,
    now: Timestamp,
) -> (Push, Result<u16, (String, bool)>) {
    // what waited while the program stood still rings nobody out of bed
    if push.new.expires_at <= now {
        return (push, Err(("too late".into(), false)));
    }
    let Some(to) = to else { return (push, Err(("no address any more".into(), false))) };
    let note = &push.new.note;
    let mut message = serde_json::json!({
        "topic": to.topic(),
        "title": note.title,
        "message": note.text,
        "priority": if note.urgent { 5 } else { 3 },
    });
    if !note.link.is_empty() {
        message["click"] = note.link.clone().into();
    }
    let answer = client.post_json(&to.server(), &message.to_string(), ANSWER).await;
    let answer = answer.map(|answer| answer.status).map_err(|why| {
        let may_pass = matches!(
            why,
            Refused::Timeout
                | Refused::Dns { .. }
                | Refused::Connect { .. }
                | Refused::Tls { .. }
                | Refused::Broken { .. }
        );
        let why = match why {
            Refused::ForbiddenAddress { host } => format!("{host} lies in an inner network"),
            Refused::BadUrl { .. } => "bad address".to_owned(),
            other => other.to_string(),
        };
        (why, may_pass)
    });
    (push, answer)
}
