//! Numbers of rows and the order of changes. A counter row is raised in the transaction that uses the number, so the
//! numbers have no gaps, are equal on both databases, and are equal again in a replay.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::Seq;

impl Write {
    /// The next number of a counter, from 1.
    pub(crate) async fn draw(&mut self, counter: &str) -> Result<i64, Error> {
        self.draw_many(counter, 1).await
    }

    /// The first of `count` new numbers in a row.
    pub(crate) async fn draw_many(&mut self, counter: &str, count: usize) -> Result<i64, Error> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let row = sql("insert into counter (name, n) values ($1, $2) \
                       on conflict (name) do update set n = counter.n + excluded.n returning n")
        .text(counter)
        .number(count)
        .one(self)
        .await?;
        Ok(row.number("n")? - count + 1)
    }

    /// The number of the row that `find` selects by `slug`, or a new one.
    pub(crate) async fn number_of(&mut self, find: &'static str, slug: &str, counter: &str) -> Result<i64, Error> {
        match sql(find).text(slug).optional(self).await? {
            Some(row) => row.number("id"),
            None => self.draw(counter).await,
        }
    }

    /// The place of the next change.
    pub(crate) async fn draw_seq(&mut self) -> Result<Seq, Error> {
        self.draw("seq").await.map(Seq)
    }

    /// The next number in the office's register of releases of that year, from 1.
    pub async fn next_register(&mut self, year: i16) -> Result<u32, Error> {
        let number = self.draw(&format!("register {year}")).await?;
        u32::try_from(number).map_err(|e| crate::sql::broken("n", e))
    }
}

impl Rows {
    /// The place of the last committed change; 0 before the first.
    pub async fn last_seq(&mut self) -> Result<Seq, Error> {
        let row = sql("select n from counter where name = 'seq'").optional(self).await?;
        row.map_or(Ok(Seq(0)), |row| row.number("n").map(Seq))
    }

    /// The last number drawn in the office's register of releases of that year; 0 before the first.
    pub async fn last_register(&mut self, year: i16) -> Result<u32, Error> {
        let row = sql("select n from counter where name = $1").text(&format!("register {year}")).optional(self).await?;
        let number = row.map_or(Ok(0), |row| row.number("n"))?;
        u32::try_from(number).map_err(|e| crate::sql::broken("n", e))
    }
}
