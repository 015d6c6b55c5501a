//! How an attempt ended, and what follows for the others.
//!
//! A fault of our side or the relay's counts against nobody who receives. When [`FAULTS`] messages of one campaign have
//! met the same one, the campaign waits; when it is the relay itself that takes nothing, all mail does. A message that
//! passes ends the pauses that were waiting to see one pass.

use crate::Result;
use salastampa_domain::pause::FAULTS;
use salastampa_domain::{Actor, Attempt, Cause, Delivery, DeliveryKind, DeliveryState, Event, Lane, Pause, ReleaseId};
use salastampa_store::Write;
use serde_json::json;

/// An attempt that has ended.
#[derive(Clone, PartialEq, Debug)]
pub struct Ended {
    /// The message, as it was claimed.
    pub delivery: Delivery,
    /// The name of the worker that held it.
    pub worker: String,
    /// What happened; [`Attempt::ended`] is its instant.
    pub attempt: Attempt,
    /// What becomes of the message.
    pub state: DeliveryState,
}

/// Books the end of an attempt, in the caller's transaction. Gives the pause that it brought, if it brought one.
pub async fn book(write: &mut Write, ended: &Ended) -> Result<Option<Pause>> {
    let Ended { delivery, worker, attempt, state } = ended;
    let at = attempt.ended.unwrap_or(attempt.started);
    write.record_attempt(attempt).await?;
    let ours = write.finish_delivery(delivery.id, worker, delivery.attempt, state, Some(&attempt.text), at).await?;
    crate::contacts::notice::book(write, delivery, state, ours, at).await?;
    match attempt.cause {
        Some(cause) => Ok(fault(write, delivery, cause, attempt).await?),
        // whoever answers about a recipient or takes a message speaks to us again
        None if ours && *state != DeliveryState::Uncertain => {
            passes(write, delivery, at).await?;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Counts a fault of our side, and pauses what it stops when there were enough.
async fn fault(write: &mut Write, delivery: &Delivery, cause: Cause, attempt: &Attempt) -> Result<Option<Pause>> {
    let at = attempt.ended.unwrap_or(attempt.started);
    let lane = cause.lane(&delivery.subject);
    if cause == Cause::Size && !lane.is_attended() {
        return Ok(None);
    }
    let paused = write.list_pauses().await?.into_iter().any(|pause| pause.lane == lane);
    // one message that is too big is as big for the next
    let enough = cause == Cause::Size || write.count_faults(lane, cause).await? >= FAULTS;
    if paused || !enough {
        return Ok(None);
    }
    let pause = lane.pause(cause, &attempt.text, at);
    write.record_pause(&pause).await?;
    let what = json!({ "cause": cause.name(), "said": pause.said }).to_string();
    write.record_event(at, &deliver(), "outbox.pause", &subject(lane), None, Some(&what)).await?;
    Ok(Some(pause))
}

/// A message has passed: the pauses that were to be tried by it are over.
async fn passes(write: &mut Write, delivery: &Delivery, at: salastampa_domain::Timestamp) -> Result<()> {
    let of_it = Lane::of(&delivery.subject);
    for pause in write.list_pauses().await? {
        let tried = pause.probe_at.is_some() && (pause.lane == Lane::All || pause.lane == of_it);
        if tried && write.resume_lane(pause.lane, at).await? {
            let before = json!({ "cause": pause.cause.name() }).to_string();
            write.record_event(at, &deliver(), "outbox.resume", &subject(pause.lane), Some(&before), None).await?;
        }
    }
    Ok(())
}

fn deliver() -> Actor {
    Actor::Job { name: "deliver".into() }
}

/// What a line of the log about a lane is about: the release, where it is one, so that it stands in its history.
pub(super) fn subject(lane: Lane) -> String {
    match lane {
        Lane::All => "outbox".into(),
        Lane::Campaign { kind: DeliveryKind::Release | DeliveryKind::Withdrawal, thing } => {
            Event::about_release(ReleaseId(thing))
        }
        Lane::Campaign { kind, thing } => format!("outbox:{}:{thing}", kind.name()),
    }
}
