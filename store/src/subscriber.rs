//! Who gets releases by mail because they asked for it on the public newsroom.

use crate::reader::read_address;
use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Address, DeliveryId, Subscriber, SubscriberId, Timestamp};

impl Rows {
    /// The subscriber with that number.
    pub async fn find_subscriber(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, Error> {
        sql("select * from subscriber where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The subscriber with that address.
    pub async fn find_subscriber_by_address(&mut self, address: &Address) -> Result<Option<Subscriber>, Error> {
        let row = sql("select * from subscriber where address = $1").text(address.as_str()).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// A page of those who have confirmed, who left among them, by address.
    pub async fn list_subscribers(&mut self, offset: usize, limit: usize) -> Result<Vec<Subscriber>, Error> {
        let rows =
            sql("select * from subscriber where confirmed_at is not null order by address, id limit $1 offset $2");
        rows.count(limit).count(offset).all(self).await?.iter().map(read).collect()
    }

    /// How many have confirmed, and how many of them have left.
    pub async fn count_subscribers(&mut self) -> Result<(usize, usize), Error> {
        let row = sql("select count(*) as n, count(left_at) as gone from subscriber where confirmed_at is not null");
        let row = row.one(self).await?;
        Ok((row.small("n")?, row.small("gone")?))
    }

    /// All to whom releases go, by address.
    pub async fn list_subscribers_reached(&mut self) -> Result<Vec<Subscriber>, Error> {
        let rows = sql("select * from subscriber where confirmed_at is not null and left_at is null order by address");
        rows.all(self).await?.iter().map(read).collect()
    }

    /// How many have asked and not confirmed yet.
    pub async fn count_subscribers_waiting(&mut self) -> Result<usize, Error> {
        sql("select count(*) as n from subscriber where confirmed_at is null").one(self).await?.small("n")
    }

    /// How many asked after that instant.
    pub async fn count_subscriptions_asked(&mut self, after: Timestamp) -> Result<usize, Error> {
        sql("select count(*) as n from subscriber where asked_at > $1").time(after).one(self).await?.small("n")
    }
}

impl Write {
    /// Writes a subscriber, known by the address; the number in `subscriber` is ignored.
    pub async fn record_subscriber(&mut self, subscriber: &Subscriber) -> Result<SubscriberId, Error> {
        let address = subscriber.address.as_str();
        let id = self.number_of("select id from subscriber where address = $1", address, "subscriber").await?;
        sql("insert into subscriber (id, address, topics, asked, asked_at, confirmed_at, consent, left_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do update set topics = excluded.topics, \
             asked = excluded.asked, asked_at = excluded.asked_at, confirmed_at = excluded.confirmed_at, \
             consent = excluded.consent, left_at = excluded.left_at")
        .number(id)
        .text(address)
        .json(&subscriber.topics)
        .json(&subscriber.asked)
        .time(subscriber.asked_at)
        .maybe_time(subscriber.confirmed_at)
        .text(&subscriber.consent)
        .maybe_time(subscriber.left_at)
        .run(self)
        .await?;
        Ok(SubscriberId(id))
    }

    /// Whoever subscribed with that address wants nothing more. False if nobody did.
    pub async fn leave_subscription(&mut self, address: &Address, at: Timestamp) -> Result<bool, Error> {
        let changed = sql("update subscriber set left_at = $1 where address = $2 and left_at is null");
        Ok(changed.time(at).text(address.as_str()).run(self).await? > 0)
    }

    /// Takes a subscriber out of the rows. What was sent stays, under `alias` in place of the address.
    pub async fn remove_subscriber(&mut self, subscriber: &Subscriber, alias: &Address) -> Result<u64, Error> {
        let rows = sql("select id from delivery where address = $1 and contact is null and reader is null order by id");
        let rows = rows.text(subscriber.address.as_str()).all(self).await?;
        for row in &rows {
            let id = DeliveryId(row.number("id")?);
            self.strike_out(id, &subscriber.address, alias).await?;
            sql("update delivery set address = $1, to_name = null where id = $2")
                .text(alias.as_str())
                .number(id.0)
                .run(self)
                .await?;
        }
        sql("delete from subscriber where id = $1").number(subscriber.id.0).run(self).await?;
        Ok(rows.len() as u64)
    }

    /// Forgets the addresses that were typed before an instant and never confirmed.
    pub async fn purge_subscribers(&mut self, before: Timestamp) -> Result<u64, Error> {
        sql("delete from subscriber where confirmed_at is null and asked_at < $1").time(before).run(self).await
    }

    /// Opens an address whose holder has asked for mail from their own mailbox, after having left; one that rejects mail stays
    /// closed.
    pub async fn lift_suppression(&mut self, hash: &str) -> Result<bool, Error> {
        Ok(sql("delete from suppression where hash = $1 and why <> 'bounced'").text(hash).run(self).await? > 0)
    }
}

fn read(row: &Row) -> Result<Subscriber, Error> {
    Ok(Subscriber {
        id: SubscriberId(row.number("id")?),
        address: read_address("address", &row.text("address")?)?,
        topics: row.json("topics")?,
        asked: row.json("asked")?,
        asked_at: row.time("asked_at")?,
        confirmed_at: row.maybe_time("confirmed_at")?,
        consent: row.text("consent")?,
        left_at: row.maybe_time("left_at")?,
    })
}
