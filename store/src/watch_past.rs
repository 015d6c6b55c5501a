//! The past that a watch has to clip: one row a watch, with its place in the answer.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Seq, Timestamp, WatchId, WatchPast};

impl Rows {
    /// The past of a watch: what was wished last, done or not.
    pub async fn find_watch_past(&mut self, watch: WatchId) -> Result<Option<WatchPast>, Error> {
        let row = sql("select * from watch_past where watch = $1").number(watch.0).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// The past that waits longest to be clipped.
    pub async fn find_watch_past_waiting(&mut self) -> Result<Option<WatchPast>, Error> {
        let row = sql("select * from watch_past where done_at is null order by at, watch limit 1").optional(self);
        row.await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Wishes the past of a watch, from its first page; takes the place of what was wished before.
    pub async fn record_watch_past(&mut self, past: &WatchPast) -> Result<(), Error> {
        sql("insert into watch_past (watch, since, seq, after_page, made, who, at, done_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (watch) do update set since = excluded.since, \
             seq = excluded.seq, after_page = excluded.after_page, made = excluded.made, who = excluded.who, \
             at = excluded.at, done_at = excluded.done_at")
        .number(past.watch.0)
        .maybe_time(past.since)
        .number(past.seq.0)
        .maybe_text(past.after.as_deref())
        .number(past.made)
        .json(&past.by)
        .time(past.at)
        .maybe_time(past.done_at)
        .run(self)
        .await?;
        Ok(())
    }

    /// Writes down how far the past of a watch is clipped, if it is still the one that was wished at `at`.
    pub async fn record_watch_past_step(
        &mut self,
        past: &WatchPast,
        after: Option<&str>,
        made: i64,
        done_at: Option<Timestamp>,
    ) -> Result<bool, Error> {
        let changed = sql("update watch_past set after_page = $1, made = made + $2, done_at = $3 \
             where watch = $4 and at = $5 and done_at is null")
        .maybe_text(after)
        .number(made)
        .maybe_time(done_at)
        .number(past.watch.0)
        .time(past.at)
        .run(self)
        .await?;
        Ok(changed > 0)
    }
}

fn read(row: &Row) -> Result<WatchPast, Error> {
    Ok(WatchPast {
        watch: WatchId(row.number("watch")?),
        since: row.maybe_time("since")?,
        seq: Seq(row.number("seq")?),
        after: row.maybe_text("after_page")?,
        made: row.number("made")?,
        by: row.json("who")?,
        at: row.time("at")?,
        done_at: row.maybe_time("done_at")?,
    })
}
