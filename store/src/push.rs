//! Notifications on the telephone: one a subject and reader.

use crate::sql::{Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{DeliveryKind, NewPush, Push, ReaderId, Subject, Timestamp};

impl Rows {
    /// Notifications that are to be tried at `now`, the longest due first, at most so many.
    pub async fn list_pushes_due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Push>, Error> {
        let rows = sql("select * from push where state = 'waiting' and due_at <= $1 order by due_at, id limit $2");
        rows.time(now).count(limit).all(self).await?.iter().map(read).collect()
    }

    /// When the next one is to be tried.
    pub async fn next_push_due(&mut self) -> Result<Option<Timestamp>, Error> {
        sql("select min(due_at) as due_at from push where state = 'waiting'").one(self).await?.maybe_time("due_at")
    }

    /// Notifications of that kind about those things, by number.
    pub async fn list_pushes_about(&mut self, kind: DeliveryKind, things: &[i64]) -> Result<Vec<Push>, Error> {
        if things.is_empty() {
            return Ok(Vec::new());
        }
        let query =
            format!("select * from push where kind = $1 and thing in ({}) order by id", places(2, things.len()));
        built(query).text(kind.name()).numbers(things).all(self).await?.iter().map(read).collect()
    }

    /// The last notification of a reader.
    pub async fn find_last_push(&mut self, reader: ReaderId) -> Result<Option<Push>, Error> {
        let row = sql("select * from push where reader = $1 order by id desc limit 1").number(reader.0);
        row.optional(self).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Writes a notification down, to be tried at once; nothing if there is one of that subject and reader.
    pub async fn record_push(&mut self, new: &NewPush, now: Timestamp) -> Result<(), Error> {
        let id = self.draw("push").await?;
        sql(
            "insert into push (id, kind, thing, version, round, reader, note, expires_at, state, tries, due_at, said) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, $9, '') \
             on conflict (kind, thing, version, round, reader) do nothing",
        )
        .number(id)
        .text(new.subject.kind.name())
        .number(new.subject.thing)
        .number(i64::from(new.subject.version))
        .number(i64::from(new.subject.round))
        .number(new.reader.0)
        .json(&new.note)
        .time(new.expires_at)
        .time(now)
        .run(self)
        .await?;
        Ok(())
    }

    /// Lets those go that ended before `before`; gives how many.
    pub async fn purge_pushes(&mut self, before: Timestamp) -> Result<u64, Error> {
        sql("delete from push where ended_at < $1").time(before).run(self).await
    }

    /// How far a notification has come.
    pub async fn record_push_state(&mut self, push: &Push) -> Result<(), Error> {
        sql("update push set state = $1, tries = $2, due_at = $3, ended_at = $4, said = $5 where id = $6")
            .word(&push.state)
            .number(i64::from(push.tries))
            .time(push.due_at)
            .maybe_time(push.ended_at)
            .text(&push.said)
            .number(push.id)
            .run(self)
            .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Push, Error> {
    let subject = Subject {
        kind: row.word("kind")?,
        thing: row.number("thing")?,
        version: row.small("version")?,
        round: row.small("round")?,
    };
    let new = NewPush {
        subject,
        reader: ReaderId(row.number("reader")?),
        note: row.json("note")?,
        expires_at: row.time("expires_at")?,
    };
    Ok(Push {
        id: row.number("id")?,
        new,
        state: row.word("state")?,
        tries: row.small("tries")?,
        due_at: row.time("due_at")?,
        ended_at: row.maybe_time("ended_at")?,
        said: row.text("said")?,
    })
}
