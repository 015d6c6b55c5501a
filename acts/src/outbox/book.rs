//! How an attempt ended, and what follows for the others.
//!
//! A fault of our side or the relay's counts against nobody who receives. When several messages of one campaign have
//! met the same one, the campaign waits; when it is the relay itself that takes nothing, all mail does. A message that
//! passes ends the pauses that were waiting to see one pass.

use crate::Result;
use salastampa_domain::{
    Actor, Attempt, Cause, Delivery, DeliveryKind, DeliveryState, Event, Lane, Pause, ReleaseId, Timestamp,
};
use salastampa_store::{End, Hold, Write};
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

/// Books the ends of attempts, each of another message, in the caller's transaction. Gives the pauses that they brought.
pub async fn book(write: &mut Write, all: &[&Ended]) -> Result<Vec<Pause>> {
    let attempts: Vec<&Attempt> = all.iter().map(|ended| &ended.attempt).collect();
    write.record_attempts(&attempts).await?;
    let ends: Vec<End<'_>> = all.iter().map(|ended| ended.end()).collect();
    let ours = write.finish_deliveries(&ends).await?;
    let mut brought = Vec::new();
    for ended in all {
        let Ended { delivery, attempt, state, .. } = ended;
        crate::contacts::notice::book(write, delivery, state, ours.contains(&delivery.id), ended.at()).await?;
        if let Some(cause) = attempt.cause {
            brought.extend(fault(write, delivery, cause, attempt).await?);
        }
    }
    // whoever answers about a recipient or takes a message speaks to us again
    let answered = |ended: &&&Ended| {
        ended.attempt.cause.is_none() && ours.contains(&ended.delivery.id) && ended.state != DeliveryState::Uncertain
    };
    let passed: Vec<&Ended> = all.iter().filter(answered).copied().collect();
    if let Some(last) = passed.last() {
        let lanes: Vec<Lane> = passed.iter().map(|ended| Lane::of(&ended.delivery.subject)).collect();
        passes(write, &lanes, last.at()).await?;
    }
    Ok(brought)
}

impl Ended {
    fn at(&self) -> Timestamp {
        self.attempt.ended.unwrap_or(self.attempt.started)
    }

    fn end(&self) -> End<'_> {
        let hold = Hold { id: self.delivery.id, worker: &self.worker, attempt: self.delivery.attempt };
        End { hold, state: &self.state, reason: Some(&self.attempt.text), at: self.at() }
    }
}

/// Books an attempt of which nothing was sent through no fault of who receives: it does not count, the message waits again
/// until `again`, and all that would meet the same fault is paused. Gives the pause that it brought.
pub async fn book_unsent(
    write: &mut Write,
    delivery: &Delivery,
    worker: &str,
    attempt: &Attempt,
    again: Timestamp,
) -> Result<Option<Pause>> {
    write.record_attempt(attempt).await?;
    write.give_back(delivery.id, worker, delivery.attempt, again).await?;
    match attempt.cause {
        Some(cause) => fault(write, delivery, cause, attempt).await,
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
    let enough = cause.enough() < 2 || write.count_faults(lane, cause).await? >= cause.enough();
    if paused || !enough {
        return Ok(None);
    }
    let pause = lane.pause(cause, &attempt.text, at);
    write.record_pause(&pause).await?;
    let what = json!({ "cause": cause.name(), "said": pause.said }).to_string();
    write.record_event(at, &deliver(), "outbox.pause", &subject(lane), None, Some(&what)).await?;
    Ok(Some(pause))
}

/// Messages of these lanes have passed: the pauses that were to be tried by one are over.
async fn passes(write: &mut Write, lanes: &[Lane], at: Timestamp) -> Result<()> {
    for pause in write.list_pauses().await? {
        let tried = pause.probe_at.is_some() && (pause.lane == Lane::All || lanes.contains(&pause.lane));
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
