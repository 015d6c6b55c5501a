//! What the store knows of itself, and how far each follower has read.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::Seq;

impl Rows {
    /// The name of this store: 64 hexadecimal digits, the same for ever. An archive that was built from another store
    /// is known by it.
    pub async fn store_id(&mut self) -> Result<String, Error> {
        Ok(self.find_meta("store_id").await?.unwrap_or_default())
    }

    /// A remembered value.
    pub async fn find_meta(&mut self, name: &str) -> Result<Option<String>, Error> {
        let row = sql("select value from meta where name = $1").text(name).optional(self).await?;
        row.map(|row| row.text("value")).transpose()
    }

    /// The last change that a follower has seen; 0 at first.
    pub async fn cursor(&mut self, job: &str) -> Result<Seq, Error> {
        let row = sql("select seq from cursor where job = $1").text(job).optional(self).await?;
        row.map_or(Ok(Seq(0)), |row| row.number("seq").map(Seq))
    }
}

impl Write {
    /// Remembers a value.
    pub async fn record_meta(&mut self, name: &str, value: &str) -> Result<(), Error> {
        sql("insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value")
            .text(name)
            .text(value)
            .run(self)
            .await?;
        Ok(())
    }

    /// Remembers the last change that a follower has seen.
    pub async fn record_cursor(&mut self, job: &str, seq: Seq) -> Result<(), Error> {
        sql("insert into cursor (job, seq) values ($1, $2) on conflict (job) do update set seq = excluded.seq")
            .text(job)
            .number(seq.0)
            .run(self)
            .await?;
        Ok(())
    }
}
