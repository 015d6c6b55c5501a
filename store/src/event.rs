//! The audit log. There is no statement here, or anywhere, that changes or removes a line of it.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Actor, Event, EventId, Timestamp};

/// Which lines of the log are asked for; what is `None` is not asked.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EventFilter {
    /// By whom.
    pub who: Option<Actor>,
    /// What was done: the beginning of a verb, such as `release` or `release.approve`.
    pub verb: Option<String>,
    /// Exactly one of these verbs; any where empty.
    pub among: Vec<&'static str>,
    /// To what, such as `release:12`.
    pub subject: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// Only lines older than this one: the next page.
    pub before: Option<EventId>,
}

impl Rows {
    /// The last lines of the log, newest first.
    pub async fn list_events(&mut self, limit: usize) -> Result<Vec<Event>, Error> {
        sql("select * from event order by id desc limit $1").count(limit).all(self).await?.iter().map(read).collect()
    }

    /// The line with that number.
    pub async fn find_event(&mut self, id: EventId) -> Result<Option<Event>, Error> {
        sql("select * from event where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The last line about a thing, such as `watch:3`.
    pub async fn find_last_event(&mut self, subject: &str) -> Result<Option<Event>, Error> {
        let row = sql("select * from event where subject = $1 order by id desc limit 1").text(subject);
        row.optional(self).await?.as_ref().map(read).transpose()
    }

    /// The last lines of the log about one thing, newest first.
    pub async fn list_events_of(&mut self, subject: &str, limit: usize) -> Result<Vec<Event>, Error> {
        let rows = sql("select * from event where subject = $1 order by id desc limit $2").text(subject).count(limit);
        rows.all(self).await?.iter().map(read).collect()
    }

    /// The last line about each of the things that have one, by number of the line.
    pub async fn list_last_events(&mut self, subjects: &[&str]) -> Result<Vec<Event>, Error> {
        let mut last = Vec::with_capacity(subjects.len());
        for part in subjects.chunks(PART) {
            let query = format!(
                "select * from event where id in (select max(id) from event where subject in ({}) group by subject)",
                places(1, part.len())
            );
            for row in built(query).texts(part).all(self).await? {
                last.push(read(&row)?);
            }
        }
        last.sort_by_key(|event| event.id);
        Ok(last)
    }

    /// The lines that the filter asks for, newest first.
    pub async fn list_events_page(&mut self, filter: &EventFilter, limit: usize) -> Result<Vec<Event>, Error> {
        let mut text = String::from("select * from event where 1 = 1");
        let mut place = 0;
        let mut wants = |asked: bool, condition: &str| {
            if asked {
                place += 1;
                text.push_str(&format!(" and {condition} ${place}"));
            }
        };
        wants(filter.who.is_some(), "who =");
        wants(filter.verb.is_some(), "verb like");
        wants(filter.subject.is_some(), "subject =");
        wants(filter.from.is_some(), "at >=");
        wants(filter.until.is_some(), "at <");
        wants(filter.before.is_some(), "id <");
        let among: Vec<&str> = filter.among.iter().take(PART).copied().collect();
        if !among.is_empty() {
            text.push_str(&format!(" and verb in ({})", places(place + 2, among.len())));
        }
        // the limit goes before the list, whose length is rounded up
        text.push_str(&format!(" order by id desc limit ${}", place + 1));
        let mut query = built(text);
        if let Some(who) = &filter.who {
            query = query.json(who);
        }
        if let Some(verb) = &filter.verb {
            // letters and dots only, so that nothing in it is a sign of `like`
            let plain: String = verb.chars().filter(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect();
            query = query.text(&format!("{plain}%"));
        }
        if let Some(subject) = &filter.subject {
            query = query.text(subject);
        }
        for at in [filter.from, filter.until].into_iter().flatten() {
            query = query.time(at);
        }
        if let Some(before) = filter.before {
            query = query.number(before.0);
        }
        let query = query.count(limit);
        let query = if among.is_empty() { query } else { query.texts(&among) };
        query.all(self).await?.iter().map(read).collect()
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
