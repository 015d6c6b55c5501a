//! The rows of the outbox: putting messages in, and asking what became of them. Who sends them is in `outbox`.

use crate::reader::read_address;
use crate::sql::{PART, Row, broken, built, like, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{
    Attempt, Cause, ContactId, Delivery, DeliveryId, DeliveryKind, DeliveryState, EditionId, NewDelivery, ReaderId,
    Subject, Timestamp,
};
use std::collections::{BTreeSet, HashSet};

/// Which deliveries are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DeliveryFilter {
    /// Of one sort.
    pub kind: Option<DeliveryKind>,
    /// About the thing with that number; with `kind` only.
    pub thing: Option<i64>,
    /// Name of a state, such as `uncertain`; all where absent.
    pub state: Option<String>,
    /// A whole address, or part of the address of a journalist or reader; anybody where empty.
    pub who: String,
    /// Not the reviews of these editions.
    pub unseen: Vec<EditionId>,
}

/// What keeps the reviews of some editions out of a question; nothing where there are none.
fn without(unseen: &[EditionId]) -> String {
    if unseen.is_empty() {
        return String::new();
    }
    let editions: Vec<String> = unseen.iter().map(|id| id.0.to_string()).collect();
    let editions = editions.join(", ");
    format!(
        " and not (kind in ('review', 'difference') and thing in (select id from review where edition in ({editions})))"
    )
}

impl Rows {
    /// The deliveries that fit, newest first, from below the number `before`.
    pub async fn list_deliveries_page(
        &mut self,
        filter: &DeliveryFilter,
        before: Option<DeliveryId>,
        limit: usize,
    ) -> Result<Vec<Delivery>, Error> {
        // only what is asked for stands in the statement, so that the database takes the index that fits; addresses
        // are looked for among the few people, never in the many rows of the outbox
        let mut query = String::from("select * from delivery where id < $1");
        let mut values = Vec::new();
        let mut add = |query: &mut String, part: &str, value: String| {
            values.push(value);
            query.push_str(&part.replace("$n", &format!("${}", values.len() + 2)));
        };
        if let Some(kind) = filter.kind {
            add(&mut query, " and kind = $n", kind.name().to_owned());
        }
        if let Some(state) = &filter.state {
            add(&mut query, " and state = $n", state.clone());
        }
        let who = filter.who.trim().to_lowercase();
        if !who.is_empty() {
            let part = like(&who);
            add(&mut query, " and (address = $n", who);
            add(
                &mut query,
                " or address in (select address from contact where address like $n escape '!' \
                 union select address from reader where address like $n escape '!'))",
                part,
            );
        }
        if let (Some(_), Some(thing)) = (filter.kind, filter.thing) {
            query.push_str(&format!(" and thing = {thing}"));
        }
        query.push_str(&without(&filter.unseen));
        query.push_str(" order by id desc limit $2");
        let statement = built(query).number(before.map_or(i64::MAX, |id| id.0)).count(limit);
        let statement = values.iter().fold(statement, |statement, value| statement.text(value));
        statement.all(self).await?.iter().map(read).collect()
    }

    /// How many deliveries of each kind are in each state: those queued since then, and of what is not decided all; without
    /// the reviews of the editions `unseen`.
    pub async fn count_deliveries_since(
        &mut self,
        since: Timestamp,
        unseen: &[EditionId],
    ) -> Result<Vec<(DeliveryKind, String, i64)>, Error> {
        let query = format!(
            "select kind, state, count(*) as n from delivery where (queued_at >= $1 \
             or state in ('queued', 'leased', 'data_started', 'deferred', 'uncertain')){} group by kind, state",
            without(unseen)
        );
        let rows = built(query).time(since).all(self).await?;
        counts(&rows)
    }

    /// How many deliveries about a thing are in each state, for each version, by version and name of the state.
    pub async fn count_deliveries_by_version(
        &mut self,
        kind: DeliveryKind,
        thing: i64,
    ) -> Result<Vec<(u32, String, i64)>, Error> {
        let rows = sql("select version, state, count(*) as n from delivery where kind = $1 and thing = $2 \
             group by version, state");
        let rows = rows.text(kind.name()).number(thing).all(self).await?;
        let mut counts: Vec<_> = rows
            .iter()
            .map(|row| Ok((row.small("version")?, row.text("state")?, row.number("n")?)))
            .collect::<Result<_, Error>>()?;
        counts.sort();
        Ok(counts)
    }

    /// The delivery with that number.
    pub async fn find_delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, Error> {
        sql("select * from delivery where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// All deliveries about a thing, by number.
    pub async fn list_deliveries(&mut self, kind: DeliveryKind, thing: i64) -> Result<Vec<Delivery>, Error> {
        let rows = sql("select * from delivery where kind = $1 and thing = $2 order by id");
        rows.text(kind.name()).number(thing).all(self).await?.iter().map(read).collect()
    }

    /// The outlets of the contacts whose server has taken a message about a thing, each name once, by name.
    pub async fn list_outlets_told(&mut self, kind: DeliveryKind, thing: i64) -> Result<Vec<String>, Error> {
        let rows = sql("select distinct c.outlet from delivery d join contact c on c.id = d.contact \
             where d.kind = $1 and d.thing = $2 and d.state = 'accepted' order by c.outlet");
        let rows = rows.text(kind.name()).number(thing).all(self).await?;
        rows.iter().map(|row| row.text("outlet")).collect()
    }

    /// The last deliveries to a contact, newest first.
    pub async fn list_deliveries_to(&mut self, contact: ContactId, limit: usize) -> Result<Vec<Delivery>, Error> {
        let rows = sql("select * from delivery where contact = $1 order by id desc limit $2");
        rows.number(contact.0).count(limit).all(self).await?.iter().map(read).collect()
    }

    /// The deliveries about some things of one kind, by number.
    pub async fn list_deliveries_about(&mut self, kind: DeliveryKind, things: &[i64]) -> Result<Vec<Delivery>, Error> {
        let mut deliveries = Vec::new();
        for part in things.chunks(PART) {
            let query =
                format!("select * from delivery where kind = $1 and thing in ({}) order by id", places(2, part.len()));
            for row in built(query).text(kind.name()).numbers(part).all(self).await? {
                deliveries.push(read(&row)?);
            }
        }
        Ok(deliveries)
    }

    /// How many deliveries about a thing are in each state, by name of the state.
    pub async fn count_deliveries(&mut self, kind: DeliveryKind, thing: i64) -> Result<Vec<(String, i64)>, Error> {
        let rows = sql("select state, count(*) as n from delivery where kind = $1 and thing = $2 group by state");
        let rows = rows.text(kind.name()).number(thing).all(self).await?;
        let mut counts: Vec<_> =
            rows.iter().map(|row| Ok((row.text("state")?, row.number("n")?))).collect::<Result<_, Error>>()?;
        counts.sort();
        Ok(counts)
    }

    /// How many deliveries of each kind are in each state.
    pub async fn count_all_deliveries(&mut self) -> Result<Vec<(DeliveryKind, String, i64)>, Error> {
        counts(&sql("select kind, state, count(*) as n from delivery group by kind, state").all(self).await?)
    }

    /// The attempts at a delivery, first to last.
    pub async fn list_attempts(&mut self, delivery: DeliveryId) -> Result<Vec<Attempt>, Error> {
        let rows = sql("select * from attempt where delivery = $1 order by number").number(delivery.0);
        rows.all(self).await?.iter().map(read_attempt).collect()
    }
}

impl Write {
    /// Puts messages into the outbox, queued or (with a reason) suppressed. One that has been put in before, by subject
    /// and address, is passed over, so that pressing twice sends once. `message_id` makes the Message-ID, without angle
    /// brackets, from the number. Gives how many were new.
    pub async fn record_deliveries(
        &mut self,
        deliveries: &[NewDelivery],
        now: Timestamp,
        message_id: impl Fn(DeliveryId, &Subject) -> String,
    ) -> Result<usize, Error> {
        let mut known: HashSet<(Subject, String)> = HashSet::new();
        for subject in deliveries.iter().map(|d| d.subject).collect::<BTreeSet<_>>() {
            let rows =
                sql("select address from delivery where kind = $1 and thing = $2 and version = $3 and round = $4")
                    .text(subject.kind.name())
                    .number(subject.thing)
                    .number(subject.version.into())
                    .number(subject.round.into())
                    .all(self)
                    .await?;
            for row in rows {
                known.insert((subject, row.text("address")?));
            }
        }
        let mut new = Vec::with_capacity(deliveries.len());
        for delivery in deliveries {
            if known.insert((delivery.subject, delivery.address.as_str().to_owned())) {
                new.push(delivery);
            }
        }
        if new.is_empty() {
            return Ok(0);
        }
        let first = self.draw_many("delivery", new.len()).await?;
        for (id, delivery) in (first..).zip(&new) {
            self.put_delivery(DeliveryId(id), delivery, now, message_id(DeliveryId(id), &delivery.subject)).await?;
        }
        Ok(new.len())
    }

    async fn put_delivery(
        &mut self,
        id: DeliveryId,
        delivery: &NewDelivery,
        now: Timestamp,
        message_id: String,
    ) -> Result<(), Error> {
        let subject = delivery.subject;
        let state = if delivery.suppressed.is_some() { DeliveryState::Suppressed } else { DeliveryState::Queued };
        sql("insert into delivery (id, kind, thing, version, round, address, contact, reader, letter, priority, \
             due_at, expires_at, state, attempt, uncertain, message_id, in_reply_to, dated_at, queued_at, reason) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, $14, $15, $16, $17, $18)")
        .number(id.0)
        .text(subject.kind.name())
        .number(subject.thing)
        .number(subject.version.into())
        .number(subject.round.into())
        .text(delivery.address.as_str())
        .maybe_number(delivery.contact.map(|c| c.0))
        .maybe_number(delivery.reader.map(|r| r.0))
        .text(&delivery.letter)
        .number(subject.kind.priority())
        .time(delivery.due_at)
        .maybe_time(delivery.expires_at)
        .text(state.name())
        .text(&message_id)
        .maybe_text(delivery.in_reply_to.as_deref())
        // the Date header: a message that waits for its hour is dated then
        .time(delivery.due_at.max(now))
        .time(now)
        .maybe_text(delivery.suppressed.as_deref())
        .run(self)
        .await?;
        Ok(())
    }
}

pub(crate) fn read(row: &Row) -> Result<Delivery, Error> {
    Ok(Delivery {
        id: DeliveryId(row.number("id")?),
        subject: Subject {
            kind: read_kind(row)?,
            thing: row.number("thing")?,
            version: row.small("version")?,
            round: row.small("round")?,
        },
        address: read_address("address", &row.text("address")?)?,
        contact: row.maybe_number("contact")?.map(ContactId),
        reader: row.maybe_number("reader")?.map(ReaderId),
        letter: row.text("letter")?,
        due_at: row.time("due_at")?,
        expires_at: row.maybe_time("expires_at")?,
        state: read_state(row)?,
        attempt: row.small("attempt")?,
        uncertain: row.small("uncertain")?,
        to_name: row.maybe_text("to_name")?,
        note: row.maybe_text("note")?,
        message_id: row.text("message_id")?,
        in_reply_to: row.maybe_text("in_reply_to")?,
        date: row.time("dated_at")?,
        queued_at: row.time("queued_at")?,
        accepted_at: row.maybe_time("accepted_at")?,
        reason: row.maybe_text("reason")?,
    })
}

fn counts(rows: &[Row]) -> Result<Vec<(DeliveryKind, String, i64)>, Error> {
    let mut counts: Vec<_> = rows
        .iter()
        .map(|row| Ok((read_kind(row)?, row.text("state")?, row.number("n")?)))
        .collect::<Result<_, Error>>()?;
    counts.sort();
    Ok(counts)
}

fn read_kind(row: &Row) -> Result<DeliveryKind, Error> {
    let name = row.text("kind")?;
    DeliveryKind::parse(&name).ok_or_else(|| broken("kind", format!("no kind {name:?}")))
}

fn read_state(row: &Row) -> Result<DeliveryState, Error> {
    let name = row.text("state")?;
    Ok(match name.as_str() {
        "queued" => DeliveryState::Queued,
        "leased" => DeliveryState::Leased { worker: row.text("worker")?, until: row.time("leased_until")? },
        "data_started" => DeliveryState::DataStarted { worker: row.text("worker")?, until: row.time("leased_until")? },
        "accepted" => DeliveryState::Accepted,
        "deferred" => DeliveryState::Deferred { next_at: row.time("next_at")? },
        "uncertain" => DeliveryState::Uncertain,
        "failed" => DeliveryState::Failed,
        "suppressed" => DeliveryState::Suppressed,
        "cancelled" => DeliveryState::Cancelled,
        _ => return Err(broken("state", format!("no state {name:?}"))),
    })
}

fn read_attempt(row: &Row) -> Result<Attempt, Error> {
    Ok(Attempt {
        delivery: DeliveryId(row.number("delivery")?),
        number: row.small("number")?,
        phase: row.word("phase")?,
        started: row.time("started")?,
        ended: row.maybe_time("ended")?,
        code: row.maybe_small("code")?,
        text: row.text("said")?,
        cause: row.maybe_text("cause")?.as_deref().and_then(Cause::parse),
    })
}
