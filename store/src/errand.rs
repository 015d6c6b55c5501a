//! Errands: requests that need the network, left by a page or a verb for the job that may use it.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Actor, Errand, ErrandId, ErrandKind, Timestamp};

impl Rows {
    /// Errands that are not done, oldest first.
    pub async fn list_errands(&mut self) -> Result<Vec<Errand>, Error> {
        sql("select * from errand where done_at is null order by id").all(self).await?.iter().map(read).collect()
    }

    /// The last errands, done or not, newest first.
    pub async fn list_latest_errands(&mut self, limit: usize) -> Result<Vec<Errand>, Error> {
        let rows = sql("select * from errand order by id desc limit $1").count(limit).all(self).await?;
        rows.iter().map(read).collect()
    }

    /// The errand with that number.
    pub async fn find_errand(&mut self, id: ErrandId) -> Result<Option<Errand>, Error> {
        sql("select * from errand where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The last errand that asked just this.
    pub async fn find_last_errand(&mut self, kind: &ErrandKind) -> Result<Option<Errand>, Error> {
        let row =
            sql("select * from errand where kind = $1 order by id desc limit 1").json(kind).optional(self).await?;
        row.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Leaves an errand.
    pub async fn record_errand(&mut self, kind: &ErrandKind, by: &Actor, at: Timestamp) -> Result<ErrandId, Error> {
        let id = self.draw("errand").await?;
        sql("insert into errand (id, kind, who, at) values ($1, $2, $3, $4)")
            .number(id)
            .json(kind)
            .json(by)
            .time(at)
            .run(self)
            .await?;
        Ok(ErrandId(id))
    }

    /// Writes down what came of an errand, as JSON. False if somebody else was first.
    pub async fn finish_errand(&mut self, id: ErrandId, result: &str, at: Timestamp) -> Result<bool, Error> {
        let changed = sql("update errand set result = $1, done_at = $2 where id = $3 and done_at is null")
            .text(result)
            .time(at)
            .number(id.0)
            .run(self)
            .await?;
        Ok(changed > 0)
    }
}

fn read(row: &Row) -> Result<Errand, Error> {
    Ok(Errand {
        id: ErrandId(row.number("id")?),
        kind: row.json("kind")?,
        by: row.json("who")?,
        at: row.time("at")?,
        result: row.maybe_text("result")?,
        done_at: row.maybe_time("done_at")?,
    })
}
