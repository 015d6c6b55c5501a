//! Sending: the steps of a delivery from the queue to its end, each guarded by worker and attempt.
//!
//! `queued -> leased -> data_started -> accepted`. A row in `data_started` whose worker is gone may have arrived: it
//! becomes uncertain and is never simply sent again. Whatever stops a message (an opt-out, a withdrawal) while a worker
//! holds it is remembered in the row: the transmission in hand ends, another one never begins.

use crate::delivery::read;
use crate::pause::GOES;
use crate::reader::read_address;
use crate::sql::{Row, built, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{
    Address, ContactId, Delivery, DeliveryId, DeliveryKind, DeliveryState, ReaderId, Subject, Timestamp,
};

/// What of the outbox has not come to an end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Waiting {
    /// Messages on their way: queued, or in the hands of a worker.
    pub queued: i64,
    /// Messages that a server put off.
    pub deferred: i64,
    /// Messages whose fate is unknown.
    pub uncertain: i64,
    /// The first hour of those that are queued.
    pub oldest_due: Option<Timestamp>,
}

impl Rows {
    /// What waits in the outbox, counted by the states that are not final.
    pub async fn count_waiting(&mut self) -> Result<Waiting, Error> {
        let text = "select state, count(*) as n, min(due_at) as oldest from delivery where state in \
             ('queued', 'leased', 'data_started', 'deferred', 'uncertain') group by state";
        let mut waiting = Waiting::default();
        for row in sql(text).all(self).await? {
            let n = row.number("n")?;
            match row.text("state")?.as_str() {
                "deferred" => waiting.deferred += n,
                "uncertain" => waiting.uncertain += n,
                state => {
                    waiting.queued += n;
                    if state == "queued" {
                        waiting.oldest_due = row.maybe_time("oldest")?;
                    }
                }
            }
        }
        Ok(waiting)
    }

    /// How many messages about a thing the program has still to do with: not those that have come to an end, nor those
    /// that are in doubt for the second time and wait for a person.
    pub async fn count_going(&mut self, kind: DeliveryKind, thing: i64) -> Result<i64, Error> {
        let rows = sql("select count(*) as n from delivery where kind = $1 and thing = $2 \
             and (state in ('queued', 'leased', 'data_started', 'deferred') or state = 'uncertain' and uncertain = 0)");
        rows.text(kind.name()).number(thing).one(self).await?.number("n")
    }

    /// Messages whose fate is unknown and that are to be looked at: those that were not yet, and those whose next look has
    /// come; each with how often it was looked at. Oldest first.
    pub async fn list_doubts_due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<(Delivery, u32)>, Error> {
        let rows = sql("select * from delivery where state = 'uncertain' and (looked = 0 or next_at <= $1) \
             order by id limit $2");
        let rows = rows.time(now).count(limit).all(self).await?;
        rows.iter().map(|row| Ok((read(row)?, row.small("looked")?))).collect()
    }

    /// When the next message about a thing leaves, if one waits: its hour, its retry, or 0 where one is in doubt and goes
    /// again by itself. Not those that a worker holds.
    pub async fn next_mail_about(&mut self, kind: DeliveryKind, thing: i64) -> Result<Option<Timestamp>, Error> {
        let rows =
            sql("select min(case state when 'queued' then due_at when 'deferred' then next_at else 0 end) as at \
             from delivery where kind = $1 and thing = $2 \
             and (state in ('queued', 'deferred') or state = 'uncertain' and uncertain = 0)");
        rows.text(kind.name()).number(thing).one(self).await?.maybe_time("at")
    }

    /// Every address that something was made for, with the journalist that it was made for; each pair once.
    pub async fn list_mailed_addresses(&mut self) -> Result<Vec<(Address, Option<ContactId>)>, Error> {
        let rows = sql("select distinct address, contact from delivery").all(self).await?;
        let one = |row: &Row| {
            let address = read_address("address", &row.text("address")?)?;
            Ok((address, row.maybe_number("contact")?.map(ContactId)))
        };
        let mut found = rows.iter().map(one).collect::<Result<Vec<_>, Error>>()?;
        found.sort();
        Ok(found)
    }

    /// When there is something to do in the outbox: `now` if something waits already, else the first due time, retry,
    /// end of a lease, or trial of a paused lane; `None` if nothing is under way. What is paused is not due.
    pub async fn next_delivery_due(&mut self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        let query = format!(
            "select min(at) as at from (\
             select min(case state when 'queued' then due_at else next_at end) as at from delivery \
             where state in ('queued', 'deferred') and {GOES} \
             union all select min(next_at) from delivery where state = 'uncertain' and next_at is not null \
             union all select min(leased_until) from delivery where state in ('leased', 'data_started') \
             union all select min(probe_at) from pause where at is not null) as due"
        );
        Ok(built(query).one(self).await?.maybe_time("at")?.map(|at| at.max(now)))
    }
}

impl Write {
    /// Keeps all that a worker holds for longer: a server that takes ten minutes to answer is no death.
    pub async fn renew_deliveries(&mut self, worker: &str, until: Timestamp) -> Result<u64, Error> {
        sql("update delivery set leased_until = $1 where worker = $2 and state in ('leased', 'data_started')")
            .time(until)
            .text(worker)
            .run(self)
            .await
    }

    /// Gives a message back of which nothing was sent, because the relay is down: it is tried again at `next_at`, and
    /// the attempt does not count. False if this worker does not hold it any more.
    pub async fn give_back(
        &mut self,
        id: DeliveryId,
        worker: &str,
        attempt: u32,
        next_at: Timestamp,
    ) -> Result<bool, Error> {
        let changed = sql("update delivery set state = coalesce(stopped, 'queued'), due_at = $1, \
             attempt = attempt - 1, worker = null, leased_until = null, paced = 0 \
             where id = $2 and worker = $3 and attempt = $4 and state = 'leased'")
        .time(next_at)
        .number(id.0)
        .text(worker)
        .number(attempt.into())
        .run(self)
        .await?;
        Ok(changed > 0)
    }

    /// Gives back all that a worker has claimed and not begun, but for the message in its hands: another may take it. The
    /// attempts do not count. Gives how many.
    pub async fn give_back_behind(&mut self, worker: &str, in_hand: DeliveryId, now: Timestamp) -> Result<u64, Error> {
        sql("update delivery set state = coalesce(stopped, 'queued'), due_at = $1, attempt = attempt - 1, \
             worker = null, leased_until = null, paced = 0 where worker = $2 and state = 'leased' and id <> $3")
        .time(now)
        .text(worker)
        .number(in_hand.0)
        .run(self)
        .await
    }

    /// Takes back what dead workers hold: what was not begun is queued again, what was begun is uncertain. Gives the
    /// numbers of both.
    pub async fn recover_deliveries(&mut self, now: Timestamp) -> Result<Vec<DeliveryId>, Error> {
        let rows = sql("update delivery set state = coalesce(stopped, case state when 'leased' then 'queued' \
             else 'uncertain' end), worker = null, leased_until = null \
             where state in ('leased', 'data_started') and leased_until <= $1 returning id")
        .time(now)
        .all(self)
        .await?;
        let mut ids: Vec<_> = rows.iter().map(|row| row.number("id").map(DeliveryId)).collect::<Result<_, _>>()?;
        ids.sort();
        Ok(ids)
    }

    /// Sends a message again whose fate is unknown, and counts that. It takes its turn from now on: who has certainly had
    /// nothing goes before who may have. `doubts` is how often it was in doubt before, as whoever decided has read it. False
    /// if it is not uncertain, or somebody has stopped it in between.
    pub async fn requeue_uncertain(&mut self, id: DeliveryId, doubts: u32, now: Timestamp) -> Result<bool, Error> {
        let changed = sql(
            "update delivery set state = 'queued', due_at = $1, uncertain = uncertain + 1, looked = 0, next_at = null \
             where id = $2 and state = 'uncertain' and uncertain = $3",
        )
        .time(now)
        .number(id.0)
        .number(i64::from(doubts))
        .run(self)
        .await?;
        Ok(changed > 0)
    }

    /// A message whose fate is unknown was looked at and not found: it is looked at again at `next_at`, or no more.
    pub async fn put_off_doubt(&mut self, id: DeliveryId, next_at: Option<Timestamp>) -> Result<(), Error> {
        sql("update delivery set looked = looked + 1, next_at = $1 where id = $2 and state = 'uncertain'")
            .maybe_time(next_at)
            .number(id.0)
            .run(self)
            .await?;
        Ok(())
    }

    /// Decides about a message whose fate is unknown: it was found in the relay's queue (accepted), or nobody wants to
    /// send it again (failed). False if it is not uncertain.
    pub async fn settle_uncertain(
        &mut self,
        id: DeliveryId,
        state: &DeliveryState,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let changed =
            sql("update delivery set state = $1, reason = coalesce($2, reason), accepted_at = $3, next_at = null \
             where id = $4 and state = 'uncertain'")
            .text(state.name())
            .maybe_text(reason)
            .maybe_time((*state == DeliveryState::Accepted).then_some(at))
            .number(id.0)
            .run(self)
            .await?;
        Ok(changed > 0)
    }

    /// Ends what waits past its time, as failed with the reason `expired`; gives how many.
    pub async fn expire_deliveries(&mut self, now: Timestamp) -> Result<u64, Error> {
        sql("update delivery set state = 'failed', reason = 'expired', next_at = null \
             where state in ('queued', 'deferred') and expires_at <= $1")
        .time(now)
        .run(self)
        .await
    }

    /// Cancels all about a thing that has not gone out; gives how many. What a worker holds ends with its attempt.
    pub async fn cancel_deliveries(&mut self, kind: DeliveryKind, thing: i64) -> Result<u64, Error> {
        sql("update delivery set stopped = 'cancelled' \
             where kind = $1 and thing = $2 and state in ('leased', 'data_started')")
        .text(kind.name())
        .number(thing)
        .run(self)
        .await?;
        sql("update delivery set state = 'cancelled', next_at = null \
             where kind = $1 and thing = $2 and state in ('queued', 'deferred', 'uncertain')")
        .text(kind.name())
        .number(thing)
        .run(self)
        .await
    }

    /// Cancels what earlier versions of a thing still have waiting, because a newer one takes its place; gives how many.
    /// What a worker holds ends with its attempt. [`Write::restore_deliveries`] takes it back.
    pub async fn cancel_earlier_deliveries(
        &mut self,
        kind: DeliveryKind,
        thing: i64,
        version: u32,
    ) -> Result<u64, Error> {
        sql("update delivery set stopped = 'cancelled', \
             superseded = case state when 'leased' then 'queued' else 'uncertain' end \
             where kind = $1 and thing = $2 and version < $3 and state in ('leased', 'data_started') \
             and stopped is null")
        .text(kind.name())
        .number(thing)
        .number(version.into())
        .run(self)
        .await?;
        sql("update delivery set superseded = case state when 'uncertain' then state else 'queued' end, \
             state = 'cancelled', next_at = null \
             where kind = $1 and thing = $2 and version < $3 and state in ('queued', 'deferred', 'uncertain')")
        .text(kind.name())
        .number(thing)
        .number(version.into())
        .run(self)
        .await
    }

    /// Gives back to a version what a newer one had taken the place of: what waited waits again, what was in doubt is in
    /// doubt; gives how many. What a person had stopped before stays so.
    pub async fn restore_deliveries(&mut self, kind: DeliveryKind, thing: i64, version: u32) -> Result<u64, Error> {
        let back = sql("update delivery set state = superseded, superseded = null, looked = 0 \
             where kind = $1 and thing = $2 and version = $3 and state = 'cancelled' and superseded is not null")
        .text(kind.name())
        .number(thing)
        .number(version.into())
        .run(self)
        .await?;
        let held = sql("update delivery set stopped = null, superseded = null where kind = $1 and thing = $2 \
             and version = $3 and superseded is not null and state in ('leased', 'data_started')")
        .text(kind.name())
        .number(thing)
        .number(version.into())
        .run(self)
        .await?;
        Ok(back + held)
    }

    /// Holds back all about a thing that has not begun to leave; gives how many were cancelled and how many are in a
    /// worker's hand, whose transmission ends. A message of unknown fate stays so and waits for a person: it may have
    /// arrived, and nothing leaves by itself after a stop.
    pub async fn stop_deliveries(&mut self, kind: DeliveryKind, thing: i64) -> Result<(u64, u64), Error> {
        let in_hand = sql("update delivery set stopped = 'cancelled' \
             where kind = $1 and thing = $2 and state in ('leased', 'data_started')")
        .text(kind.name())
        .number(thing)
        .run(self)
        .await?;
        let cancelled = sql("update delivery set state = 'cancelled', next_at = null \
             where kind = $1 and thing = $2 and state in ('queued', 'deferred')")
        .text(kind.name())
        .number(thing)
        .run(self)
        .await?;
        sql("update delivery set uncertain = 1 where kind = $1 and thing = $2 and state = 'uncertain' and uncertain = 0")
            .text(kind.name())
            .number(thing)
            .run(self)
            .await?;
        Ok((cancelled, in_hand))
    }

    /// Takes a cancelled message up again under its own Message-ID: it is due at `due_at`, or suppressed with the
    /// reason. One that was never tried is dated anew, and answers the mail that its reader got meanwhile (`in_reply_to`); one that a worker still holds is only no more stopped. False if
    /// it is neither.
    pub async fn revive_delivery(
        &mut self,
        subject: &Subject,
        address: &Address,
        due_at: Timestamp,
        suppressed: Option<&str>,
        in_reply_to: Option<&str>,
    ) -> Result<bool, Error> {
        let changed = sql("update delivery set state = $1, reason = $2, due_at = $3, \
             dated_at = case when attempt = 0 then $3 else dated_at end, stopped = null, next_at = null, \
             in_reply_to = case when attempt = 0 then coalesce($9, in_reply_to) else in_reply_to end \
             where kind = $4 and thing = $5 and version = $6 and round = $7 and address = $8 \
             and state = 'cancelled'")
        .text(if suppressed.is_some() { "suppressed" } else { "queued" })
        .maybe_text(suppressed)
        .time(due_at)
        .text(subject.kind.name())
        .number(subject.thing)
        .number(subject.version.into())
        .number(subject.round.into())
        .text(address.as_str())
        .maybe_text(in_reply_to)
        .run(self)
        .await?;
        let held =
            sql("update delivery set stopped = null where kind = $1 and thing = $2 and version = $3 and round = $4 \
             and address = $5 and stopped = 'cancelled' and state in ('leased', 'data_started')")
            .text(subject.kind.name())
            .number(subject.thing)
            .number(subject.version.into())
            .number(subject.round.into())
            .text(address.as_str())
            .run(self)
            .await?;
        Ok(changed + held > 0)
    }

    /// Puts off a message that was never tried: it is due, and dated, at `due_at`. False if it waits no more.
    pub async fn put_off_delivery(&mut self, id: DeliveryId, due_at: Timestamp) -> Result<bool, Error> {
        let changed = sql("update delivery set due_at = $1, dated_at = $1 where id = $2 and state = 'queued' \
             and attempt = 0 and next_at is null");
        Ok(changed.time(due_at).number(id.0).run(self).await? > 0)
    }

    /// Stops all that waits for an address and goes to lists (releases, invitations, notices, withdrawals); gives how
    /// many. What a worker holds ends with its attempt. Alerts and reviews of a reader with that address go on.
    pub async fn suppress_deliveries(&mut self, address: &Address, why: &str) -> Result<u64, Error> {
        sql("update delivery set stopped = 'suppressed', reason = $1 \
             where address = $2 and state in ('leased', 'data_started') \
             and kind in ('release', 'invitation', 'notice', 'withdrawal')")
        .text(why)
        .text(address.as_str())
        .run(self)
        .await?;
        sql("update delivery set state = 'suppressed', reason = $1, next_at = null \
             where address = $2 and state in ('queued', 'deferred') \
             and kind in ('release', 'invitation', 'notice', 'withdrawal')")
        .text(why)
        .text(address.as_str())
        .run(self)
        .await
    }

    /// Stops one message that waits, with the reason; one that a worker holds ends with its attempt. False if it is neither.
    pub async fn suppress_delivery(&mut self, id: DeliveryId, why: &str) -> Result<bool, Error> {
        let held = sql("update delivery set stopped = 'suppressed', reason = $1 \
             where id = $2 and state in ('leased', 'data_started')");
        let held = held.text(why).number(id.0).run(self).await?;
        let waits = sql("update delivery set state = 'suppressed', reason = $1, next_at = null \
             where id = $2 and state in ('queued', 'deferred')");
        Ok(held + waits.text(why).number(id.0).run(self).await? > 0)
    }

    /// Stops all alerts and reviews that wait for a reader; gives how many. What a worker holds ends with its attempt.
    pub async fn suppress_reader_deliveries(&mut self, reader: ReaderId, why: &str) -> Result<u64, Error> {
        sql("update delivery set stopped = 'suppressed', reason = $1 \
             where reader = $2 and state in ('leased', 'data_started')")
        .text(why)
        .number(reader.0)
        .run(self)
        .await?;
        sql("update delivery set state = 'suppressed', reason = $1, next_at = null \
             where reader = $2 and state in ('queued', 'deferred')")
        .text(why)
        .number(reader.0)
        .run(self)
        .await
    }
}
