//! Lanes of the outbox from which nothing leaves, and the faults that made it so.
//!
//! Faults are facts of the attempts and are counted when asked for; the pause is the one thing that is kept. A lane that
//! was resumed keeps its row, so that what it met before is not counted again.

use crate::sql::{Row, broken, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Cause, DeliveryKind, Lane, Pause, Timestamp};

/// The condition that a row of `delivery` waits for nothing but its hour.
pub(crate) const GOES: &str = "not exists (select 1 from pause p where p.at is not null \
     and (p.kind = '' or p.kind = delivery.kind and p.thing = delivery.thing))";

impl Rows {
    /// What is paused, longest first.
    pub async fn list_pauses(&mut self) -> Result<Vec<Pause>, Error> {
        let rows = sql("select * from pause where at is not null order by at, kind, thing").all(self).await?;
        rows.iter().map(read).collect()
    }

    /// How many messages of a campaign met that fault since it began or was resumed; of all mail how often it was met
    /// since then, or since a server last took a message, whichever is later.
    pub async fn count_faults(&mut self, lane: Lane, cause: Cause) -> Result<u32, Error> {
        let (kind, thing) = key(lane);
        let resumed =
            sql("select resumed_at from pause where kind = $1 and thing = $2").text(kind).number(thing).optional(self);
        let resumed = resumed.await?.map(|row| row.maybe_time("resumed_at")).transpose()?.flatten();
        let since = resumed.unwrap_or(Timestamp(i64::MIN));
        let row = match lane {
            Lane::Campaign { .. } => {
                let rows = sql("select count(distinct a.delivery) as n from attempt a join delivery d \
                     on d.id = a.delivery where a.cause = $1 and a.ended > $2 and d.kind = $3 and d.thing = $4");
                rows.text(cause.name()).time(since).text(kind).number(thing).one(self).await?
            }
            Lane::All => {
                let last = sql("select accepted_at from delivery where state = 'accepted' order by id desc limit 1");
                let last = last.optional(self).await?.map(|row| row.maybe_time("accepted_at")).transpose()?.flatten();
                let since = last.map_or(since, |last| last.max(since));
                let rows = sql("select count(*) as n from attempt where cause = $1 and ended > $2");
                rows.text(cause.name()).time(since).one(self).await?
            }
        };
        Ok(u32::try_from(row.number("n")?).unwrap_or(u32::MAX))
    }
}

impl Write {
    /// Pauses a lane; one that is paused already keeps its first hour and takes the newer cause.
    pub async fn record_pause(&mut self, pause: &Pause) -> Result<(), Error> {
        let (kind, thing) = key(pause.lane);
        sql("insert into pause (kind, thing, cause, said, at, probe_at) values ($1, $2, $3, $4, $5, $6) \
             on conflict (kind, thing) do update set cause = excluded.cause, said = excluded.said, \
             at = coalesce(pause.at, excluded.at), probe_at = excluded.probe_at")
        .text(kind)
        .number(thing)
        .text(pause.cause.name())
        .text(&pause.said)
        .time(pause.at)
        .maybe_time(pause.probe_at)
        .run(self)
        .await?;
        Ok(())
    }

    /// Lets a lane go on; false if it was not paused.
    pub async fn resume_lane(&mut self, lane: Lane, now: Timestamp) -> Result<bool, Error> {
        let (kind, thing) = key(lane);
        let changed = sql("update pause set at = null, probe_at = null, resumed_at = $1 \
             where kind = $2 and thing = $3 and at is not null")
        .time(now)
        .text(kind)
        .number(thing)
        .run(self)
        .await?;
        Ok(changed > 0)
    }
}

/// The names of a lane in its row; `''` is all mail.
pub(crate) fn key(lane: Lane) -> (&'static str, i64) {
    match lane {
        Lane::All => ("", 0),
        Lane::Campaign { kind, thing } => (kind.name(), thing),
    }
}

pub(crate) fn read(row: &Row) -> Result<Pause, Error> {
    let (kind, thing, cause) = (row.text("kind")?, row.number("thing")?, row.text("cause")?);
    let lane = match kind.as_str() {
        "" => Lane::All,
        name => {
            let kind = DeliveryKind::parse(name).ok_or_else(|| broken("kind", format!("no kind {name:?}")))?;
            Lane::Campaign { kind, thing }
        }
    };
    let cause = Cause::parse(&cause).ok_or_else(|| broken("cause", format!("no cause {cause:?}")))?;
    Ok(Pause { lane, cause, said: row.text("said")?, at: row.time("at")?, probe_at: row.maybe_time("probe_at")? })
}
