//! Whose turn it is: which messages a worker takes out of the outbox.
//!
//! The most urgent first, of equals the one that waits longest; nothing of a lane that is paused, but one message now and
//! then that shows whether it passes again; and of campaigns no more in a minute than the office allows.

use crate::delivery::read;
use crate::pause::{self, GOES};
use crate::sql::{Row, built, sql};
use crate::{Error, Write};
use salastampa_domain::time::MINUTE;
use salastampa_domain::{Delivery, DeliveryKind, Timestamp};

/// What a worker asks for.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Its name.
    pub worker: &'a str,
    /// The present.
    pub now: Timestamp,
    /// When its hold ends, unless renewed.
    pub until: Timestamp,
    /// So many messages at most.
    pub limit: usize,
    /// Alerts and nothing else: the connection that is kept for them.
    pub only_alerts: bool,
    /// How fast campaigns may leave.
    pub throttle: Throttle,
}

impl<'a> Claim<'a> {
    /// Up to `limit` messages of any kind, as fast as it goes.
    pub fn of(worker: &'a str, now: Timestamp, until: Timestamp, limit: usize) -> Self {
        Self { worker, now, until, limit, only_alerts: false, throttle: Throttle::default() }
    }
}

/// How fast campaigns (releases, withdrawals, notices) may leave. What is awaited at its hour (alerts, invitations for
/// today, reviews) is few and is not held back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Throttle {
    /// Messages a minute to all together; 0 is as fast as it goes.
    pub per_minute: u32,
    /// Messages a minute to one domain; 0 is as fast as it goes.
    pub per_domain: u32,
}

impl Throttle {
    /// The time between two messages, in milliseconds, to one domain and to all; 0 is none.
    fn gaps(self) -> (i64, i64) {
        let gap = |n: u32| if n == 0 { 0 } else { MINUTE / i64::from(n) };
        (gap(self.per_domain), gap(self.per_minute))
    }
}

/// What a claim changes in a row; `$1` is the worker, `$2` the end of its hold. The name beside the address is taken with
/// the first attempt and stays what it was then: a message that goes again is the same message.
const TAKES: &str = "state = 'leased', worker = $1, leased_until = $2, next_at = null, attempt = attempt + 1, \
     to_name = case when attempt > 0 and to_name is not null then to_name \
     else coalesce((select c.name from contact c where c.id = delivery.contact), \
     (select r.name from reader r where r.id = delivery.reader), '') end";

/// The rows that are due in one state, in their turn; `$3` is the present, `$4` how many.
fn due(state: &str, hour: &str, only: &str) -> String {
    format!(
        "select * from (select id, priority, due_at from delivery where state = '{state}' and {hour} <= $3 \
         and (expires_at is null or expires_at > $3) and {GOES}{only} order by priority, due_at, id limit $4) as {state}"
    )
}

impl Write {
    /// Takes messages that are due, the most urgent first, and counts the attempt. Of a campaign that is going too fast
    /// the rest is given back, each with an instant that is kept free for it.
    pub async fn claim_deliveries(&mut self, claim: &Claim<'_>) -> Result<Vec<Delivery>, Error> {
        let only = if claim.only_alerts { " and kind = 'alert'" } else { "" };
        // two walks along an index, not one through everything that waits
        let query = format!(
            "update delivery set {TAKES} where id in (select id from ({} union all {}) as due \
             order by priority, due_at, id limit $4) returning *",
            due("queued", "due_at", only),
            due("deferred", "next_at", only),
        );
        let rows =
            built(query).text(claim.worker).time(claim.until).time(claim.now).count(claim.limit).all(self).await?;
        let mut claimed = rows.iter().map(|row| Ok((read(row)?, is_paced(row)?))).collect::<Result<Vec<_>, Error>>()?;
        claimed.sort_by_key(|(d, _)| (d.subject.kind.priority(), d.due_at, d.id));
        let mut taken = Vec::with_capacity(claimed.len());
        for (delivery, paced) in claimed {
            let at = if paced { None } else { self.keep_free(&delivery, claim.throttle, claim.now).await? };
            match at {
                None => taken.push(delivery),
                Some(at) => self.put_back_until(&delivery, at).await?,
            }
        }
        Ok(taken)
    }

    /// Takes one message of a paused lane whose trial is due, and sets the next trial. `None` if none is due.
    pub async fn claim_probe(
        &mut self,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Delivery>, Error> {
        let due = sql("select * from pause where at is not null and probe_at <= $1 order by kind, thing").time(now);
        let due: Vec<_> = due.all(self).await?.iter().map(pause::read).collect::<Result<_, _>>()?;
        for paused in due {
            let (kind, thing) = pause::key(paused.lane);
            sql("update pause set probe_at = $1 where kind = $2 and thing = $3")
                .time(now.plus(paused.cause.probe()))
                .text(kind)
                .number(thing)
                .run(self)
                .await?;
            let row = built(format!(
                "update delivery set {TAKES} where id in (select id from delivery where state in ('queued', 'deferred') \
                 and due_at <= $3 and (expires_at is null or expires_at > $3) \
                 and ($4 = '' or kind = $4 and thing = $5) order by priority, due_at, id limit 1) returning *"
            ))
            .text(worker)
            .time(until)
            .time(now)
            .text(kind)
            .number(thing)
            .optional(self)
            .await?;
            if let Some(row) = row {
                return Ok(Some(read(&row)?));
            }
        }
        Ok(None)
    }

    /// When a message of a campaign may leave, with the instant kept free for it; `None` is at once.
    async fn keep_free(
        &mut self,
        delivery: &Delivery,
        throttle: Throttle,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        let of_domain = delivery.address.domain().to_owned();
        let (domain, all) = throttle.gaps();
        let gaps: Vec<(&str, i64)> =
            [(of_domain.as_str(), domain), ("", all)].into_iter().filter(|g| g.1 > 0).collect();
        let is_awaited = delivery.subject.kind.priority() < DeliveryKind::Release.priority();
        if gaps.is_empty() || is_awaited {
            return Ok(None);
        }
        let mut at = now;
        for (domain, _) in &gaps {
            let row = sql("select next_at from mail_pace where domain = $1").text(domain).optional(self).await?;
            if let Some(row) = row {
                at = at.max(row.time("next_at")?);
            }
        }
        for (domain, gap) in &gaps {
            sql("insert into mail_pace (domain, next_at) values ($1, $2) \
                 on conflict (domain) do update set next_at = excluded.next_at")
            .text(domain)
            .time(at.plus(*gap))
            .run(self)
            .await?;
        }
        Ok((at > now).then_some(at))
    }

    async fn put_back_until(&mut self, delivery: &Delivery, at: Timestamp) -> Result<(), Error> {
        sql("update delivery set state = 'queued', due_at = $1, paced = 1, attempt = attempt - 1, worker = null, \
             leased_until = null where id = $2")
        .time(at)
        .number(delivery.id.0)
        .run(self)
        .await?;
        Ok(())
    }
}

fn is_paced(row: &Row) -> Result<bool, Error> {
    Ok(row.number("paced")? != 0)
}
