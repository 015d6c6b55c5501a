//! The calendar of elections.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::Election;

impl Rows {
    /// All elections that were ever entered and not taken out, in the order in which they were entered.
    pub async fn list_elections(&mut self) -> Result<Vec<Election>, Error> {
        let rows = sql("select content from election order by id").all(self).await?;
        rows.iter().map(|row| row.json("content")).collect()
    }
}

impl Write {
    /// Enters an election, or changes the one of its slug.
    pub async fn record_election(&mut self, election: &Election) -> Result<(), Error> {
        let id = self.number_of("select id from election where slug = $1", &election.slug, "election").await?;
        sql("insert into election (id, slug, content) values ($1, $2, $3) \
             on conflict (id) do update set content = excluded.content")
        .number(id)
        .text(&election.slug)
        .json(election)
        .run(self)
        .await?;
        Ok(())
    }

    /// Takes an election out of the calendar.
    pub async fn remove_election(&mut self, slug: &str) -> Result<(), Error> {
        sql("delete from election where slug = $1").text(slug).run(self).await?;
        Ok(())
    }
}
