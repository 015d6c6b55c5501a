//! One connection to the mail server and the worker that owns it: it takes what is due, hands it over message by message,
//! and has written down what happened.

use super::journal::{Entry, Journal, Start};
use super::message::{Letters, Message};
use super::shift::AtWork;
use crate::app::App;
use anyhow::Result;
use salastampa_acts::outbox::{self, Ended};
use salastampa_acts::receive;
use salastampa_domain::time::{MINUTE, SECOND};
use salastampa_domain::{Attempt, AttemptPhase, Cause, Delivery, DeliveryState, Timestamp};
use salastampa_mail::{BadMessage, Connection, Fault, FaultKind, Reply, Verdict, judge, retry_at};
use salastampa_store::{Claim, Throttle};
use std::time::Duration;

/// How long a claimed message is ours without a sign of life.
const LEASE: i64 = 2 * MINUTE;
/// How often a sign of life is given while a server keeps us waiting.
const RENEW: Duration = Duration::from_secs(30);
/// So many messages a claim.
const BATCH: usize = 16;
/// A server that keeps one message waiting for longer keeps those behind it no more: other connections take them.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the end of a message may wait to be written down together with the beginning of the next.
const WRITE_WITHIN: Duration = Duration::from_millis(100);

/// A connection's work.
pub struct Lane {
    app: App,
    worker: String,
    journal: Journal,
    only_alerts: bool,
    /// When the next polls are called: then nothing more is taken before releases are looked at again.
    called: Option<Timestamp>,
    connection: Option<Connection>,
    letters: Letters,
    /// Messages that a server took and of which that is not written down yet: one at most, by the way it is used.
    taken: Vec<Ended>,
    /// What is claimed was given back behind a message that waits: the rest of the claim is not ours any more.
    gave_back: bool,
}

/// How a step went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Went {
    On,
    /// Nobody is there.
    RelayDown,
    /// Our side was refused: what else is claimed asks again whether its lane is paused.
    Refused,
}

impl Lane {
    /// The lane of that number.
    pub fn new(app: &App, number: usize, journal: Journal, only_alerts: bool, called: Option<Timestamp>) -> Self {
        Self {
            worker: format!("{}/{number}", app.worker),
            app: app.clone(),
            journal,
            only_alerts,
            called,
            connection: None,
            letters: Letters::default(),
            taken: Vec::new(),
            gave_back: false,
        }
    }

    /// Hands over until nothing is due and nobody else works, or the program ends; gives how many messages came to some
    /// end.
    pub async fn work(mut self, mut at_work: AtWork) -> Result<usize> {
        let mut done = 0;
        while !*self.app.ending.borrow() {
            let (claimed, left_out) = self.take().await?;
            if claimed.is_empty() && left_out == 0 {
                self.leave().await;
                let Some(again) = at_work.rest(&self.app).await else { break };
                at_work = again;
                continue;
            }
            done += left_out;
            let mut left = claimed.iter();
            let mut went = Went::On;
            while let Some(delivery) = left.next() {
                went = self.hand_over(delivery, left.as_slice().first()).await?;
                if went != Went::On {
                    break;
                }
                done += 1;
                if self.gave_back || *self.app.ending.borrow() {
                    break;
                }
            }
            if std::mem::take(&mut self.gave_back) {
                continue;
            }
            for waiting in left {
                // it was not offered: it waits as it did, and asks again
                let at = if went == Went::RelayDown { 60 * SECOND } else { 0 };
                self.give_back(waiting, at).await?;
            }
            match went {
                Went::RelayDown => return Ok(done),
                Went::Refused => done += 1,
                Went::On => {}
            }
        }
        self.settle().await?;
        self.leave().await;
        Ok(done)
    }

    /// Takes leave of the server.
    async fn leave(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }

    /// What is to be sent next, and how many were left out because they want nothing any more.
    async fn take(&mut self) -> Result<(Vec<Delivery>, usize)> {
        self.settle().await?;
        let now = self.app.clock.now();
        if self.called.is_some_and(|called| now >= called) {
            return Ok((Vec::new(), 0));
        }
        let smtp = &self.app.config.smtp;
        let claim = Claim {
            only_alerts: self.only_alerts,
            throttle: Throttle { per_minute: smtp.per_minute, per_domain: smtp.per_domain },
            ..Claim::of(&self.worker, now, now.plus(LEASE), BATCH)
        };
        let mut write = self.app.store.write().await?;
        // the connection that is kept for alerts also tries what is paused
        let probes = self.only_alerts || smtp.connections < 2;
        let taken = outbox::take(&mut write, &self.app.house, &claim, probes).await?;
        write.commit().await?;
        Ok(taken)
    }

    /// One message, and that it will be `next`'s turn after it.
    async fn hand_over(&mut self, delivery: &Delivery, next: Option<&Delivery>) -> Result<Went> {
        let started = self.app.clock.now();
        let message = match self.letters.message(&self.app, delivery).await {
            Ok(message) => message,
            Err(why) => return self.unmade(delivery, started, &why).await,
        };
        let Some((outcome, phase)) = self.speak(delivery, &message, next).await? else {
            self.give_back(delivery, 60 * SECOND).await?;
            return Ok(Went::On);
        };
        if let Some(used) = self.connection.take_if(|c| !c.is_usable()) {
            used.quit().await;
        }
        let now = self.app.clock.now();
        let Some((state, cause)) = after(judge(outcome.as_ref()), delivery, now) else {
            let text = said(&outcome);
            tracing::warn!("no mail leaves, all of it waits and nothing is lost: {text}");
            // mail that is switched off is no fault
            let is_there =
                outcome.as_ref().is_err_and(|fault| matches!(fault.kind, FaultKind::Off | FaultKind::Disk(_)));
            let (cause, wait) = if is_there { (None, MINUTE) } else { (Some(Cause::Unreachable), 0) };
            self.unsent(delivery, started, phase, cause, &text, wait).await?;
            return Ok(if is_there { Went::RelayDown } else { Went::Refused });
        };
        let text = said(&outcome);
        if let Some(cause) = cause {
            tracing::warn!(delivery = delivery.id.0, cause = cause.name(), "the relay refuses us: {text}");
        }
        let attempt = Attempt {
            delivery: delivery.id,
            number: delivery.attempt,
            phase,
            started,
            ended: Some(now),
            code: code(&outcome),
            text,
            cause,
        };
        let is_taken = state == DeliveryState::Accepted;
        // the server itself spoke of the address: no such recipient
        let refused = (state == DeliveryState::Failed && cause.is_none()).then(|| outcome.err()).flatten();
        let refused = refused.filter(|fault| fault.reply().is_some_and(|reply| reply.code >= 500));
        self.taken.push(Ended { delivery: delivery.clone(), worker: self.worker.clone(), attempt, state });
        if !is_taken {
            // only a yes waits for company: whatever else happened, others look at it
            self.settle().await?;
        }
        if let Some(fault) = refused {
            receive::refused(&self.app.store, &self.app.house, delivery, &fault.to_string(), now).await?;
        }
        Ok(if cause.is_some() { Went::Refused } else { Went::On })
    }

    /// The dialogue: connect where needed, offer, have written down that the data start, data. A phase that waits renews
    /// the lease. `None` if it was stopped meanwhile, or taken over by another worker: then nothing of it was sent.
    async fn speak(
        &mut self,
        delivery: &Delivery,
        message: &Message,
        next: Option<&Delivery>,
    ) -> Result<Option<(std::result::Result<Reply, Fault>, AttemptPhase)>> {
        let next = next.and_then(|next| self.letters.envelope(&self.app, next));
        let starts = Start { delivery: delivery.id, worker: self.worker.clone(), attempt: delivery.attempt };
        let Self { app, worker, journal, connection, taken, gave_back, .. } = self;
        let holds = Holds { app, worker, in_hand: delivery };
        // a connection that was left open may have gone stale: one fresh try
        for _ in 0..2 {
            let fresh = connection.is_none();
            if fresh {
                let opening = writing(journal, taken, holds.waiting(gave_back, app.transport.connect()));
                match opening.await? {
                    Ok(opened) => *connection = Some(opened),
                    Err(fault) => return Ok(Some((Err(fault), AttemptPhase::Connect))),
                }
            }
            let Some(open) = connection.as_mut() else { continue };
            match writing(journal, taken, holds.waiting(gave_back, open.offer(&message.envelope))).await? {
                Ok(ready) => {
                    let entry = Entry { ended: std::mem::take(taken), starts: Some(starts) };
                    if !journal.write(entry).await? {
                        drop(ready);
                        // the server waits for the data of a message that does not come: this conversation is over
                        *connection = None;
                        return Ok(None);
                    }
                    let reply = holds.waiting(gave_back, ready.data(&message.bytes, next.as_ref())).await;
                    return Ok(Some((reply, AttemptPhase::Data)));
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

    /// Has written down what was not yet.
    async fn settle(&mut self) -> Result<()> {
        if !self.taken.is_empty() {
            self.journal.write(Entry { ended: std::mem::take(&mut self.taken), starts: None }).await?;
        }
        Ok(())
    }

    /// A message that could not be made: what is wrong with itself ends it; what is wrong with us, a file that does not
    /// read or a key that does not sign, counts against nobody and stops the campaign until it is mended.
    async fn unmade(&mut self, delivery: &Delivery, started: Timestamp, why: &anyhow::Error) -> Result<Went> {
        let text = format!("{why:#}");
        tracing::error!(delivery = delivery.id.0, "a message cannot be made: {text}");
        if is_its_own_fault(why) {
            self.fail(delivery, &text).await?;
            return Ok(Went::On);
        }
        self.unsent(delivery, started, AttemptPhase::Connect, Some(Cause::Unmade), &text, MINUTE).await?;
        Ok(Went::Refused)
    }

    /// A message that no server will ever see comes to its end.
    async fn fail(&mut self, delivery: &Delivery, why: &str) -> Result<()> {
        let now = self.app.clock.now();
        let mut write = self.app.store.write().await?;
        let (id, attempt) = (delivery.id, delivery.attempt);
        write.finish_delivery(id, &self.worker, attempt, &DeliveryState::Failed, Some(why), now).await?;
        write.commit().await?;
        Ok(())
    }

    /// A message of which nothing was sent waits again, for so long.
    async fn give_back(&mut self, delivery: &Delivery, wait: i64) -> Result<()> {
        let mut write = self.app.store.write().await?;
        let at = self.app.clock.now().plus(wait);
        write.give_back(delivery.id, &self.worker, delivery.attempt, at).await?;
        write.commit().await?;
        Ok(())
    }

    /// Nothing was sent, and not for the receiver's sake: the attempt does not count, and what was tried last stands with
    /// the message.
    async fn unsent(
        &mut self,
        delivery: &Delivery,
        started: Timestamp,
        phase: AttemptPhase,
        cause: Option<Cause>,
        text: &str,
        wait: i64,
    ) -> Result<()> {
        self.settle().await?;
        let now = self.app.clock.now();
        let (number, text) = (delivery.attempt, text.to_owned());
        let attempt =
            Attempt { delivery: delivery.id, number, phase, started, ended: Some(now), code: None, text, cause };
        let mut write = self.app.store.write().await?;
        let brought = outbox::book_unsent(&mut write, delivery, &self.worker, &attempt, now.plus(wait)).await?;
        write.commit().await?;
        if let Some(pause) = brought {
            tracing::error!(cause = pause.cause.name(), lane = ?pause.lane, "mail is paused: {}", pause.said);
        }
        Ok(())
    }
}

/// Whether what keeps a message from being made is in the message: another try would end the same way.
fn is_its_own_fault(why: &anyhow::Error) -> bool {
    why.downcast_ref().is_some_and(|bad: &BadMessage| !matches!(bad, BadMessage::Unsigned))
}

/// What becomes of a message, and whose fault it was if it was ours; `None` if there is no relay.
fn after(verdict: Verdict, delivery: &Delivery, now: Timestamp) -> Option<(DeliveryState, Option<Cause>)> {
    let later = || {
        retry_at(delivery.attempt, now, delivery.id.0.unsigned_abs())
            .map_or(DeliveryState::Failed, |next_at| DeliveryState::Deferred { next_at })
    };
    Some(match verdict {
        Verdict::Accepted => (DeliveryState::Accepted, None),
        Verdict::RecipientTemporary => (later(), None),
        Verdict::SenderFault { cause } => (later(), Some(cause)),
        Verdict::RecipientFailed => (DeliveryState::Failed, None),
        Verdict::MessageRefused => (DeliveryState::Failed, Some(Cause::Size)),
        Verdict::Uncertain => (DeliveryState::Uncertain, None),
        Verdict::RelayDown => return None,
    })
}

fn code(outcome: &std::result::Result<Reply, Fault>) -> Option<u16> {
    match outcome {
        Ok(reply) => Some(reply.code),
        Err(fault) => fault.reply().map(|reply| reply.code),
    }
}

fn said(outcome: &std::result::Result<Reply, Fault>) -> String {
    match outcome {
        Ok(reply) => reply.to_string(),
        Err(fault) => fault.to_string(),
    }
}

/// Waits for a server, but not longer than [`WRITE_WITHIN`] with what is still to be written down.
async fn writing<T>(journal: &Journal, taken: &mut Vec<Ended>, work: impl Future<Output = T>) -> Result<T> {
    if taken.is_empty() {
        return Ok(work.await);
    }
    tokio::pin!(work);
    if let Ok(done) = tokio::time::timeout(WRITE_WITHIN, &mut work).await {
        return Ok(done);
    }
    journal.write(Entry { ended: std::mem::take(taken), starts: None }).await?;
    Ok(work.await)
}

/// What a connection holds while it waits for a server.
struct Holds<'a> {
    app: &'a App,
    worker: &'a str,
    in_hand: &'a Delivery,
}

impl Holds<'_> {
    /// Waits for a server, giving a sign of life in between: a ten-minute dot is not a death. What was claimed behind the
    /// message in hand does not wait with it: after [`PATIENCE`] it is given back, and `gave_back` says so.
    async fn waiting<T>(&self, gave_back: &mut bool, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        if let Ok(done) = tokio::time::timeout(PATIENCE, &mut work).await {
            return done;
        }
        if let Err(why) = self.give_back().await {
            tracing::warn!("what waits behind a slow answer could not be given back: {why:#}");
        } else {
            *gave_back = true;
        }
        let mut beat = tokio::time::interval(RENEW);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = beat.tick() => if let Err(why) = self.renew().await {
                    tracing::warn!("a lease could not be renewed: {why:#}");
                },
            }
        }
    }

    async fn give_back(&self) -> Result<()> {
        let mut write = self.app.store.write().await?;
        write.give_back_behind(self.worker, self.in_hand.id, self.app.clock.now()).await?;
        Ok(write.commit().await?)
    }

    async fn renew(&self) -> Result<()> {
        let mut write = self.app.store.write().await?;
        write.renew_deliveries(self.worker, self.app.clock.now().plus(LEASE)).await?;
        Ok(write.commit().await?)
    }
}
