//! Visits: what each look at a source gave. Also the failed ones are kept, so that silence can be proved.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Health, Learned, SourceId, Timestamp, Validators, Visit, VisitId};

/// What a visit leaves of its source.
#[derive(Clone, Debug)]
pub struct Left {
    /// When it is visited next.
    pub next_at: Timestamp,
    /// How it fares.
    pub health: Health,
    /// What the server wants to hear then.
    pub validators: Validators,
    /// What its visits have taught.
    pub learned: Learned,
    /// The host whose gate the next visit needs; `None` is the source's own.
    pub gate: Option<String>,
}

impl Rows {
    /// When a source was visited last, whichever.
    pub async fn last_visit_at(&mut self) -> Result<Option<Timestamp>, Error> {
        sql("select max(at) as at from visit").one(self).await?.maybe_time("at")
    }

    /// The last visits to a source, newest first.
    pub async fn list_visits(&mut self, source: SourceId, limit: usize) -> Result<Vec<Visit>, Error> {
        let rows = sql("select * from visit where source = $1 order by id desc limit $2")
            .number(source.0)
            .count(limit)
            .all(self)
            .await?;
        rows.iter().map(read).collect()
    }

    /// The last visit to each source that was ever visited.
    pub async fn list_last_visits(&mut self) -> Result<Vec<Visit>, Error> {
        let rows = sql("select v.* from source s join visit v \
                        on v.id = (select max(id) from visit where source = s.id) order by v.source");
        rows.all(self).await?.iter().map(read).collect()
    }

    /// How many articles each source has brought since that instant; sources without one are left out.
    pub async fn count_articles_by_source(&mut self, since: Timestamp) -> Result<Vec<(SourceId, usize)>, Error> {
        let rows = sql("select source, count(*) as n from article where first_seen >= $1 and source is not null \
                        group by source order by source");
        let rows = rows.time(since).all(self).await?;
        rows.iter().map(|row| Ok((SourceId(row.number("source")?), row.small("n")?))).collect()
    }

    /// The median delay in milliseconds between the declared hour of publication and the first sight, over the last
    /// `limit` articles of a source that are no backlog; `None` where none declares one.
    pub async fn find_source_lag(&mut self, source: SourceId, limit: usize) -> Result<Option<i64>, Error> {
        let rows = sql("select first_seen, published_at from article where source = $1 and backlog = 0 \
                        and published_at is not null order by id desc limit $2");
        let rows = rows.number(source.0).count(limit).all(self).await?;
        let mut lags: Vec<i64> = rows
            .iter()
            .map(|row| Ok(row.time("first_seen")?.since(row.time("published_at")?).max(0)))
            .collect::<Result<_, Error>>()?;
        lags.sort_unstable();
        Ok(lags.get(lags.len() / 2).copied())
    }

    /// Whether a visit to a source was ever good. Before that, all that it shows is backlog and no news.
    pub async fn has_visits(&mut self, source: SourceId) -> Result<bool, Error> {
        let row =
            sql("select id from visit where source = $1 and good = 1 limit 1").number(source.0).optional(self).await?;
        Ok(row.is_some())
    }

    /// When a visit to a source last brought something new.
    pub async fn last_new(&mut self, source: SourceId) -> Result<Option<Timestamp>, Error> {
        sql("select max(at) as at from visit where source = $1 and new_items > 0")
            .number(source.0)
            .one(self)
            .await?
            .maybe_time("at")
    }
}

impl Write {
    /// Writes down a visit (the number in `visit` is ignored), sets the next one, and gives the source back.
    pub async fn record_visit(&mut self, visit: &Visit, left: &Left) -> Result<VisitId, Error> {
        let id = self.draw("visit").await?;
        sql("insert into visit (id, source, at, took, status, conditional, bytes, items, new_items, good, outcome) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .number(id)
        .number(visit.source.0)
        .time(visit.at)
        .number(visit.took)
        .maybe_number(visit.status.map(i64::from))
        .flag(visit.conditional)
        .number(visit.bytes)
        .number(visit.found.into())
        .number(visit.new.into())
        .flag(visit.outcome.is_good())
        .json(&visit.outcome)
        .run(self)
        .await?;
        self.record_left(visit.source, left).await?;
        Ok(VisitId(id))
    }

    /// Sets what a request leaves of a source that was only on the way to a visit, and gives the source back.
    pub async fn record_left(&mut self, source: SourceId, left: &Left) -> Result<(), Error> {
        sql("update source set next_at = $1, health = $2, etag = $3, last_modified = $4, body_hash = $5, \
             learned = $6, gate = $7, worker = null, leased_until = null where id = $8")
        .time(left.next_at)
        .json(&left.health)
        .maybe_text(left.validators.etag.as_deref())
        .maybe_text(left.validators.last_modified.as_deref())
        .maybe_text(left.validators.body_hash.as_deref())
        .json(&left.learned)
        .maybe_text(left.gate.as_deref())
        .number(source.0)
        .run(self)
        .await?;
        Ok(())
    }

    /// Forgets visits before that instant, except the last good one of each source; gives their number.
    pub async fn purge_visits(&mut self, before: Timestamp) -> Result<u64, Error> {
        sql("delete from visit where at < $1 and id not in (select max(id) from visit where good = 1 group by source)")
            .time(before)
            .run(self)
            .await
    }
}

fn read(row: &Row) -> Result<Visit, Error> {
    Ok(Visit {
        id: VisitId(row.number("id")?),
        source: SourceId(row.number("source")?),
        at: row.time("at")?,
        took: row.number("took")?,
        status: row.maybe_small("status")?,
        conditional: row.flag("conditional")?,
        bytes: row.number("bytes")?,
        found: row.small("items")?,
        new: row.small("new_items")?,
        outcome: row.json("outcome")?,
    })
}
