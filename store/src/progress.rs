//! What the connections of the outbox write down while they send: which data start, and how attempts ended. Many at once,
//! because they share a commit, and each statement costs more than the row that it changes.
//!
//! Each step is guarded by worker and attempt: of a message that somebody else holds by now nothing is changed, and the
//! answer says so.

use crate::sql::{Sql, built, padded, table};
use crate::{Error, Write};
use salastampa_domain::{Attempt, Cause, DeliveryId, DeliveryState, Timestamp};
use std::collections::HashSet;

/// A message in the hands of a worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hold<'a> {
    /// Its number.
    pub id: DeliveryId,
    /// Who holds it.
    pub worker: &'a str,
    /// Which attempt this is.
    pub attempt: u32,
}

/// How a hold ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End<'a> {
    /// The message.
    pub hold: Hold<'a>,
    /// What becomes of it.
    pub state: &'a DeliveryState,
    /// What the server said, or why; without one the earlier reason stands.
    pub reason: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

impl Write {
    /// Marks that the data of one message start. False if it may not leave.
    pub async fn start_data(&mut self, id: DeliveryId, worker: &str, attempt: u32) -> Result<bool, Error> {
        Ok(!self.start_all_data(&[Hold { id, worker, attempt }]).await?.is_empty())
    }

    /// Marks, before DATA goes out, that from now on the messages may arrive. Gives those that may leave: not one that
    /// its worker does not hold any more, nor one that was stopped.
    pub async fn start_all_data(&mut self, holds: &[Hold<'_>]) -> Result<HashSet<DeliveryId>, Error> {
        if holds.is_empty() {
            return Ok(HashSet::new());
        }
        let query = format!(
            "with held (id, worker, attempt) as (values {}) update delivery set state = 'data_started' from held \
             where delivery.id = held.id and delivery.worker = held.worker and delivery.attempt = held.attempt \
             and delivery.state = 'leased' and delivery.stopped is null returning delivery.id as id",
            table(holds.len(), 3)
        );
        changed(padded(holds).fold(built(query), |sql, hold| hold.bind(sql)), self).await
    }

    /// Books how one attempt ended. False if this worker does not hold the message any more.
    pub async fn finish_delivery(
        &mut self,
        id: DeliveryId,
        worker: &str,
        attempt: u32,
        state: &DeliveryState,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let end = End { hold: Hold { id, worker, attempt }, state, reason, at };
        Ok(!self.finish_deliveries(&[end]).await?.is_empty())
    }

    /// Books how attempts ended, and gives the messages back. One that was stopped meanwhile is not put off or asked
    /// about: it is what it was stopped as. Gives those that were still in these hands.
    pub async fn finish_deliveries(&mut self, ends: &[End<'_>]) -> Result<HashSet<DeliveryId>, Error> {
        if ends.is_empty() {
            return Ok(HashSet::new());
        }
        // what may be tried again gives way to a stop; what is decided does not
        let query = format!(
            "with ended (id, worker, attempt, is_final, state, next_at, reason, accepted_at) as (values {}) \
             update delivery set state = case when ended.is_final = 1 or delivery.stopped is null then ended.state \
             else delivery.stopped end, next_at = ended.next_at, reason = coalesce(ended.reason, delivery.reason), \
             accepted_at = ended.accepted_at, worker = null, leased_until = null, paced = 0 from ended \
             where delivery.id = ended.id and delivery.worker = ended.worker and delivery.attempt = ended.attempt \
             and delivery.state in ('leased', 'data_started') returning delivery.id as id",
            table(ends.len(), 8)
        );
        let filled = padded(ends).fold(built(query), |sql, end| {
            let next_at = match end.state {
                DeliveryState::Deferred { next_at } => Some(*next_at),
                _ => None,
            };
            end.hold
                .bind(sql)
                .flag(end.state.is_final())
                .text(end.state.name())
                .maybe_time(next_at)
                .maybe_text(end.reason)
                .maybe_time((*end.state == DeliveryState::Accepted).then_some(end.at))
        });
        changed(filled, self).await
    }

    /// Writes down an attempt, or how it went on.
    pub async fn record_attempt(&mut self, attempt: &Attempt) -> Result<(), Error> {
        self.record_attempts(&[attempt]).await
    }

    /// Writes down attempts, each of another message, or how they went on.
    pub async fn record_attempts(&mut self, attempts: &[&Attempt]) -> Result<(), Error> {
        if attempts.is_empty() {
            return Ok(());
        }
        let query = format!(
            "insert into attempt (delivery, number, phase, started, ended, code, said, cause) \
             select distinct * from (values {}) as tried where true on conflict (delivery, number) do update set \
             phase = excluded.phase, started = excluded.started, ended = excluded.ended, code = excluded.code, \
             said = excluded.said, cause = excluded.cause",
            table(attempts.len(), 8)
        );
        let filled = padded(attempts).fold(built(query), |sql, attempt| {
            sql.number(attempt.delivery.0)
                .number(attempt.number.into())
                .word(&attempt.phase)
                .time(attempt.started)
                .maybe_time(attempt.ended)
                .maybe_number(attempt.code.map(i64::from))
                .text(&attempt.text)
                .maybe_text(attempt.cause.map(Cause::name))
        });
        filled.run(self).await?;
        Ok(())
    }
}

impl Hold<'_> {
    fn bind(&self, sql: Sql) -> Sql {
        sql.number(self.id.0).text(self.worker).number(self.attempt.into())
    }
}

async fn changed(sql: Sql, write: &mut Write) -> Result<HashSet<DeliveryId>, Error> {
    sql.all(write).await?.iter().map(|row| row.number("id").map(DeliveryId)).collect()
}
