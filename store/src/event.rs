//! The audit log. There is no statement here, or anywhere, that changes or removes a line of it.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Actor, Event, EventId, Timestamp};

impl Rows {
    /// The last lines of the log, newest first.
    pub async fn list_events(&mut self, limit: usize) -> Result<Vec<Event>, Error> {
        sql("select * from event order by id desc limit $1").count(limit).all(self).await?.iter().map(read).collect()
    }

    /// The last lines about a subject, newest first.
    pub async fn list_events_about(&mut self, subject: &str, limit: usize) -> Result<Vec<Event>, Error> {
        let rows = sql("select * from event where subject = $1 order by id desc limit $2").text(subject).count(limit);
        rows.all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Adds a line to the log, in the transaction of the act that it tells of.
    pub async fn record_event(
        &mut self,
        at: Timestamp,
        who: &Actor,
        verb: &str,
        subject: &str,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<EventId, Error> {
        let id = self.draw("event").await?;
        sql("insert into event (id, at, who, verb, subject, state_before, state_after) \
             values ($1, $2, $3, $4, $5, $6, $7)")
        .number(id)
        .time(at)
        .json(who)
        .text(verb)
        .text(subject)
        .maybe_text(before)
        .maybe_text(after)
        .run(self)
        .await?;
        Ok(EventId(id))
    }
}

fn read(row: &Row) -> Result<Event, Error> {
    Ok(Event {
        id: EventId(row.number("id")?),
        at: row.time("at")?,
        who: row.json("who")?,
        verb: row.text("verb")?,
        subject: row.text("subject")?,
        before: row.maybe_text("state_before")?,
        after: row.maybe_text("state_after")?,
    })
}
