//! `deliver`: the outbox is handed over, message by message, and nobody is skipped.
//!
//! Claimed under a lease; `data_started` is committed between the offer and the data; the reply is committed after the
//! final dot. So a worker that dies before has sent nothing, and one that dies after leaves at most one message for each
//! connection whose fate is unknown: that one is sent again once, byte for byte and under the same Message-ID.

use crate::app::App;
use anyhow::{Context, Result};
use salastampa_acts::outbox::Frozen;
use salastampa_acts::{release, token};
use salastampa_domain::delivery::UNSUBSCRIBE_MARK;
use salastampa_domain::time::{MINUTE, SECOND};
use salastampa_domain::{Attempt, AttemptPhase, Delivery, DeliveryState, Timestamp, UncertainPolicy};
use salastampa_mail::{
    Connection, Envelope, Fault, Personal, Reply, Sender, Unsubscribe, Verdict, judge, render, retry_at,
};
use std::time::Duration;
use tokio::task::JoinSet;

/// How long a claimed message is ours without a sign of life.
const LEASE: i64 = 2 * MINUTE;
/// How often a sign of life is given while a server keeps us waiting.
const RENEW: Duration = Duration::from_secs(30);
/// So many messages a claim.
const BATCH: usize = 16;
/// So many messages of unknown fate are looked at in one go.
const DOUBTS: usize = 1_000;

/// Hands over what is due; gives how many messages came to some end.
pub async fn run(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let settled = release::settle(&app.store, now).await?;
    if !is_anything_due(app, now).await? {
        return Ok(settled);
    }
    recover(app, now).await?;
    let connections = app.config.smtp.connections.clamp(1, 32);
    let mut lanes = JoinSet::new();
    for lane in 0..connections {
        let app = app.clone();
        // the first lane is kept for alerts, so that two thousand journalists never delay the mayor
        lanes.spawn(async move { send_lane(&app, lane, lane == 0 && connections > 1).await });
    }
    let mut done = settled;
    while let Some(lane) = lanes.join_next().await {
        done += lane.context("a lane of the outbox broke")??;
    }
    done += release::settle(&app.store, app.clock.now()).await?;
    Ok(done)
}

/// When a message is due, or a lease ends, or a release comes to its hour.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    let rows = app.store.read().await?.next_delivery_due(app.clock.now()).await?;
    Ok([rows, release::next_due(&app.store).await?].into_iter().flatten().min())
}

async fn is_anything_due(app: &App, now: Timestamp) -> Result<bool> {
    let mut rows = app.store.read().await?;
    let due = rows.next_delivery_due(now).await?.is_some_and(|due| due <= now);
    Ok(due || rows.list_uncertain(DOUBTS).await?.iter().any(is_sent_again))
}

/// Whether a message whose fate is unknown goes once more by itself. One that ends so again waits for a person: no loops.
fn is_sent_again(delivery: &Delivery) -> bool {
    delivery.subject.kind.uncertain() == UncertainPolicy::Resend && delivery.uncertain == 0
}

/// What dead workers left: not started waits again, started is uncertain and, by the policy of its kind, is sent again
/// once. What has expired is over.
async fn recover(app: &App, now: Timestamp) -> Result<()> {
    let mut write = app.store.write().await?;
    write.expire_deliveries(now).await?;
    write.recover_deliveries(now).await?;
    for delivery in write.list_uncertain(DOUBTS).await?.iter().filter(|d| is_sent_again(d)) {
        write.requeue_uncertain(delivery.id).await?;
    }
    write.commit().await?;
    Ok(())
}

async fn send_lane(app: &App, lane: usize, only_alerts: bool) -> Result<usize> {
    let worker = format!("{}/{lane}", app.worker);
    let mut connection: Option<Connection> = None;
    let mut done = 0;
    loop {
        let now = app.clock.now();
        let mut write = app.store.write().await?;
        let claimed = write.claim_deliveries(&worker, now, now.plus(LEASE), BATCH, only_alerts).await?;
        write.commit().await?;
        if claimed.is_empty() {
            break;
        }
        for (n, delivery) in claimed.iter().enumerate() {
            if hand_over(app, &worker, delivery, &mut connection).await? == Went::RelayDown {
                // nobody is there: the others wait as they are
                for waiting in &claimed[n + 1..] {
                    give_back(app, &worker, waiting).await?;
                }
                return Ok(done);
            }
            done += 1;
        }
    }
    if let Some(connection) = connection {
        connection.quit().await;
    }
    Ok(done)
}

#[derive(PartialEq, Eq)]
enum Went {
    On,
    RelayDown,
}

async fn hand_over(app: &App, worker: &str, delivery: &Delivery, connection: &mut Option<Connection>) -> Result<Went> {
    let started = app.clock.now();
    if let Some(why) = kept_out(app, delivery).await? {
        finish(app, worker, delivery, &DeliveryState::Suppressed, &why).await?;
        return Ok(Went::On);
    }
    let bytes = match message(app, delivery).await {
        Ok(bytes) => bytes,
        Err(why) => {
            tracing::error!(delivery = delivery.id.0, "a message cannot be made: {why:#}");
            finish(app, worker, delivery, &DeliveryState::Failed, &format!("{why:#}")).await?;
            return Ok(Went::On);
        }
    };
    let envelope = Envelope { from: app.sender.address.clone(), to: delivery.address.clone() };
    let Some((outcome, phase)) = speak(app, worker, delivery, connection, &envelope, &bytes).await? else {
        give_back(app, worker, delivery).await?;
        return Ok(Went::On);
    };
    if let Some(used) = connection.take_if(|c| !c.is_usable()) {
        used.quit().await;
    }
    let verdict = judge(outcome.as_ref());
    let (code, text) = match &outcome {
        Ok(reply) => (Some(reply.code), reply.to_string()),
        Err(fault) => (fault.reply().map(|r| r.code), fault.to_string()),
    };
    let mut write = app.store.write().await?;
    write
        .record_attempt(&Attempt {
            delivery: delivery.id,
            number: delivery.attempt,
            phase,
            started,
            ended: Some(app.clock.now()),
            code,
            text: text.clone(),
        })
        .await?;
    write.commit().await?;
    let now = app.clock.now();
    let later = || {
        retry_at(delivery.attempt, now, delivery.id.0.unsigned_abs())
            .map_or(DeliveryState::Failed, |next_at| DeliveryState::Deferred { next_at })
    };
    let state = match verdict {
        Verdict::Accepted => DeliveryState::Accepted,
        Verdict::RecipientTemporary => later(),
        Verdict::SenderFault { cause } => {
            tracing::warn!(delivery = delivery.id.0, cause = cause.name(), "the relay refuses us: {text}");
            later()
        }
        Verdict::RecipientFailed | Verdict::MessageRefused => DeliveryState::Failed,
        Verdict::Uncertain => DeliveryState::Uncertain,
        Verdict::RelayDown => {
            tracing::warn!("no mail leaves, all of it waits and nothing is lost: {text}");
            give_back(app, worker, delivery).await?;
            return Ok(Went::RelayDown);
        }
    };
    finish(app, worker, delivery, &state, &text).await?;
    Ok(Went::On)
}

/// The dialogue: connect where needed, offer, commit that the data start, data. A phase that waits renews the lease.
/// `None` if it was stopped meanwhile, or taken over by another worker: then nothing of it was sent.
async fn speak(
    app: &App,
    worker: &str,
    delivery: &Delivery,
    connection: &mut Option<Connection>,
    envelope: &Envelope,
    bytes: &[u8],
) -> Result<Option<(std::result::Result<Reply, Fault>, AttemptPhase)>> {
    // a connection that was left open may have gone stale: one fresh try
    for _ in 0..2 {
        let fresh = connection.is_none();
        if fresh {
            match renewing(app, worker, app.transport.connect()).await {
                Ok(opened) => *connection = Some(opened),
                Err(fault) => return Ok(Some((Err(fault), AttemptPhase::Connect))),
            }
        }
        let Some(open) = connection.as_mut() else { continue };
        match renewing(app, worker, open.offer(envelope)).await {
            Ok(ready) => {
                let mut write = app.store.write().await?;
                let ours = write.start_data(delivery.id, worker, delivery.attempt).await?;
                write.commit().await?;
                if !ours {
                    drop(ready);
                    // the server waits for the data of a message that does not come: this conversation is over
                    *connection = None;
                    return Ok(None);
                }
                return Ok(Some((renewing(app, worker, ready.data(bytes)).await, AttemptPhase::Data)));
            }
            Err(fault) if fault.is_stale() && !fresh => *connection = None,
            Err(fault) => {
                let phase = fault.phase.attempt();
                return Ok(Some((Err(fault), phase)));
            }
        }
    }
    anyhow::bail!("no connection for delivery {}", delivery.id)
}

/// Waits for a server, giving a sign of life in between: a ten-minute dot is not a death.
async fn renewing<T>(app: &App, worker: &str, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    let mut beat = tokio::time::interval(RENEW);
    beat.tick().await;
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = beat.tick() => {
                let renewed = async {
                    let mut write = app.store.write().await?;
                    write.renew_deliveries(worker, app.clock.now().plus(LEASE)).await?;
                    write.commit().await
                };
                if let Err(why) = renewed.await {
                    tracing::warn!("a lease could not be renewed: {why}");
                }
            }
        }
    }
}

/// Why a journalist gets nothing any more. Asked again at the last moment: a message may have waited for days, or been in
/// doubt while its receiver left.
async fn kept_out(app: &App, delivery: &Delivery) -> Result<Option<String>> {
    if delivery.contact.is_none() {
        return Ok(None);
    }
    let hash = token::suppression(&app.house.key, &delivery.address);
    Ok(app.store.read().await?.find_suppression(&hash).await?.map(|s| s.why))
}

/// The bytes of a delivery: frozen letter, personal parts. Equal in every attempt.
async fn message(app: &App, delivery: &Delivery) -> Result<Vec<u8>> {
    let frozen = file(app, &delivery.letter).await.context("reading the frozen letter")?;
    let Frozen { letter, base_url } = serde_json::from_slice(&frozen).context("the frozen letter does not read")?;
    let mut files = Vec::new();
    for attachment in &letter.attachments {
        let bytes = file(app, &attachment.file).await.context("reading an attachment")?;
        files.push((attachment.name.clone(), attachment.mime.clone(), bytes));
    }
    let mut rows = app.store.read().await?;
    let name = match (delivery.contact, delivery.reader) {
        (Some(contact), _) => rows.find_contact(contact).await?.map(|c| c.name),
        (None, Some(reader)) => rows.find_reader(reader).await?.map(|r| r.name),
        (None, None) => None,
    };
    drop(rows);
    let leave = app.house.leave_url(&base_url, delivery.id);
    let leaves = letter.list.is_some() || letter.text.contains(UNSUBSCRIBE_MARK);
    let personal = Personal {
        to: &delivery.address,
        to_name: name.as_deref(),
        message_id: &delivery.message_id,
        in_reply_to: delivery.in_reply_to.as_deref(),
        date: delivery.date,
        delivery: delivery.id,
        unsubscribe: leaves.then_some(Unsubscribe { url: &leave, mailto: app.house.sender.as_str() }),
    };
    let sender = Sender { help: base_url.clone(), ..(*app.sender).clone() };
    Ok(render(&letter, &personal, &sender, &files)?)
}

async fn file(app: &App, sha256: &str) -> Result<Vec<u8>> {
    app.store.files().get(sha256).await?.with_context(|| format!("there is no file {sha256}"))
}

async fn finish(app: &App, worker: &str, delivery: &Delivery, state: &DeliveryState, why: &str) -> Result<()> {
    let mut write = app.store.write().await?;
    write.finish_delivery(delivery.id, worker, delivery.attempt, state, Some(why), app.clock.now()).await?;
    write.commit().await?;
    Ok(())
}

async fn give_back(app: &App, worker: &str, delivery: &Delivery) -> Result<()> {
    let mut write = app.store.write().await?;
    write.give_back(delivery.id, worker, delivery.attempt, app.clock.now().plus(60 * SECOND)).await?;
    write.commit().await?;
    Ok(())
}
