//! Watches.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Watch, WatchId};

impl Rows {
    /// All watches, by number; also the retired ones.
    pub async fn list_watches(&mut self) -> Result<Vec<Watch>, Error> {
        sql("select * from watch order by id").all(self).await?.iter().map(read).collect()
    }

    /// The watch of that name.
    pub async fn find_watch(&mut self, slug: &str) -> Result<Option<Watch>, Error> {
        sql("select * from watch where slug = $1").text(slug).optional(self).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Declares a watch, known by its slug; the number in `watch` is ignored.
    pub async fn record_watch(&mut self, watch: &Watch) -> Result<WatchId, Error> {
        let id = self.number_of("select id from watch where slug = $1", &watch.slug, "watch").await?;
        sql("insert into watch (id, slug, name, query, weight, urgency, hold, retired_at, grading) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do update set name = excluded.name, \
             query = excluded.query, weight = excluded.weight, urgency = excluded.urgency, \
             hold = excluded.hold, retired_at = excluded.retired_at, \
             grading = excluded.grading")
        .number(id)
        .text(&watch.slug)
        .text(&watch.name)
        .text(&watch.query)
        .number(watch.weight.into())
        .word(&watch.urgency)
        .number(watch.hold.into())
        .maybe_time(watch.retired_at)
        .json(&watch.grading)
        .run(self)
        .await?;
        Ok(WatchId(id))
    }
}

fn read(row: &Row) -> Result<Watch, Error> {
    Ok(Watch {
        id: WatchId(row.number("id")?),
        slug: row.text("slug")?,
        name: row.text("name")?,
        query: row.text("query")?,
        weight: row.small("weight")?,
        urgency: row.word("urgency")?,
        hold: row.small("hold")?,
        retired_at: row.maybe_time("retired_at")?,
        grading: row.json("grading")?,
    })
}
