//! Mail that came back, what it told of deliveries, and the addresses that reject mail.

use crate::reader::read_address;
use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{
    Address, ContactId, DeliveryId, DeliveryKind, Inbound, InboundId, InboundKind, ReaderId, Return, ReturnedAddress,
    Timestamp,
};

/// What waits for a person: put to no delivery and no journalist, and not put aside.
const WAITS: &str = "delivery is null and contact is null and aside_at is null";

impl Rows {
    /// Mails that came back, newest first, from below the number `before`; only those that wait for a person, or all.
    pub async fn list_inbound(
        &mut self,
        only_waiting: bool,
        before: Option<InboundId>,
        limit: usize,
    ) -> Result<Vec<Inbound>, Error> {
        let which = if only_waiting { WAITS } else { "1 = 1" };
        let text = format!("select * from inbound where id < $1 and {which} order by id desc limit $2");
        let rows = built(text).number(before.map_or(i64::MAX, |id| id.0)).count(limit).all(self).await?;
        rows.iter().map(read).collect()
    }

    /// How many mails wait for a person.
    pub async fn count_inbound_waiting(&mut self) -> Result<usize, Error> {
        built(format!("select count(*) as n from inbound where {WAITS}")).one(self).await?.small("n")
    }

    /// The mail with that number.
    pub async fn find_inbound(&mut self, id: InboundId) -> Result<Option<Inbound>, Error> {
        sql("select * from inbound where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The mail with those bytes, by their SHA-256.
    pub async fn find_inbound_by_file(&mut self, file: &str) -> Result<Option<Inbound>, Error> {
        sql("select * from inbound where file = $1").text(file).optional(self).await?.as_ref().map(read).transpose()
    }

    /// What came back from a journalist: by deliveries to them, or because a person has put it there; newest first.
    pub async fn list_inbound_of(&mut self, contact: ContactId, limit: usize) -> Result<Vec<Inbound>, Error> {
        let rows = sql("select * from inbound where contact = $1 \
             or delivery in (select id from delivery where contact = $1) order by id desc limit $2");
        rows.number(contact.0).count(limit).all(self).await?.iter().map(read).collect()
    }

    /// What came back of one delivery, newest first.
    pub async fn list_inbound_about(&mut self, delivery: DeliveryId) -> Result<Vec<Inbound>, Error> {
        let rows = sql("select * from inbound where delivery = $1 order by id desc");
        rows.number(delivery.0).all(self).await?.iter().map(read).collect()
    }

    /// What became of those of the deliveries of which something was told, by number.
    pub async fn list_returns(&mut self, deliveries: &[DeliveryId]) -> Result<Vec<Return>, Error> {
        let mut found = Vec::new();
        for part in deliveries.chunks(PART) {
            let numbers: Vec<i64> = part.iter().map(|id| id.0).collect();
            let text = format!("select * from delivery_return where delivery in ({})", places(1, numbers.len()));
            for row in built(text).numbers(&numbers).all(self).await? {
                found.push(read_return(&row)?);
            }
        }
        found.sort_by_key(|one| one.delivery);
        Ok(found)
    }

    /// Of how many deliveries about a thing what was told, by sort.
    pub async fn count_returns(&mut self, kind: DeliveryKind, thing: i64) -> Result<Vec<(InboundKind, i64)>, Error> {
        let rows = sql("select r.kind, count(*) as n from delivery_return r join delivery d on d.id = r.delivery \
             where d.kind = $1 and d.thing = $2 group by r.kind");
        let rows = rows.text(kind.name()).number(thing).all(self).await?;
        let mut counts: Vec<_> =
            rows.iter().map(|row| Ok((row.word("kind")?, row.number("n")?))).collect::<Result<_, Error>>()?;
        counts.sort();
        Ok(counts)
    }

    /// When and how mail to an address came back after `since`: what its score is made of.
    pub async fn list_bounces(
        &mut self,
        address: &Address,
        since: Timestamp,
    ) -> Result<Vec<(Timestamp, InboundKind)>, Error> {
        let rows = sql("select r.at, r.kind from delivery_return r join delivery d on d.id = r.delivery \
             where d.address = $1 and r.at > $2 and r.kind in ('hard_bounce', 'soft_bounce') order by r.at");
        let rows = rows.text(address.as_str()).time(since).all(self).await?;
        rows.iter().map(|row| Ok((row.time("at")?, row.word("kind")?))).collect()
    }

    /// What came back after `since` from readers under the address that they have now, and after a person said that it was
    /// settled; oldest first.
    pub async fn list_reader_returns(&mut self, since: Timestamp) -> Result<Vec<(ReaderId, Return)>, Error> {
        let rows = sql("select d.reader as reader, r.delivery as delivery, r.at as at, r.kind as kind, \
             r.status as status, r.said as said from delivery_return r join delivery d on d.id = r.delivery \
             join reader p on p.id = d.reader and p.address = d.address \
             left join returned_address a on a.address = d.address \
             where r.at > $1 and r.kind in ('hard_bounce', 'soft_bounce', 'refused') \
             and (a.freed_at is null or r.at > a.freed_at) order by r.at, r.delivery");
        let rows = rows.time(since).all(self).await?;
        rows.iter().map(|row| Ok((ReaderId(row.number("reader")?), read_return(row)?))).collect()
    }

    /// What is known of an address that rejects mail, or once did.
    pub async fn find_returned_address(&mut self, address: &Address) -> Result<Option<ReturnedAddress>, Error> {
        let row =
            sql("select * from returned_address where address = $1").text(address.as_str()).optional(self).await?;
        row.as_ref().map(read_returned).transpose()
    }

    /// The addresses that are not mailed because mail comes back, those of whom nobody has decided first, then by name.
    pub async fn list_suspended_addresses(&mut self) -> Result<Vec<ReturnedAddress>, Error> {
        let rows = sql("select * from returned_address where suspended_at is not null");
        let mut found: Vec<_> = rows.all(self).await?.iter().map(read_returned).collect::<Result<_, _>>()?;
        found.sort_by(|a, b| (a.confirmed_at.is_some(), &a.address).cmp(&(b.confirmed_at.is_some(), &b.address)));
        Ok(found)
    }
}

impl Write {
    /// Books a mail that came back; the number in `inbound` is ignored. The same bytes are booked once: look first.
    pub async fn record_inbound(&mut self, inbound: &Inbound) -> Result<InboundId, Error> {
        let id = self.draw("inbound").await?;
        sql("insert into inbound (id, at, kind, delivery, contact, file, bytes, status, said, sender, subject, excerpt, \
             aside_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .number(id)
        .time(inbound.at)
        .word(&inbound.kind)
        .maybe_number(inbound.delivery.map(|d| d.0))
        .maybe_number(inbound.contact.map(|c| c.0))
        .text(&inbound.file)
        .number(inbound.bytes)
        .text(&inbound.status)
        .text(&inbound.said)
        .text(&inbound.from)
        .text(&inbound.subject)
        .text(&inbound.excerpt)
        .maybe_time(inbound.aside_at)
        .run(self)
        .await?;
        Ok(InboundId(id))
    }

    /// Puts a mail that waits to a journalist. False if it does not wait any more.
    pub async fn assign_inbound(&mut self, id: InboundId, contact: ContactId) -> Result<bool, Error> {
        let text = format!("update inbound set contact = $1 where id = $2 and {WAITS}");
        Ok(built(text).number(contact.0).number(id.0).run(self).await? > 0)
    }

    /// Puts a mail that waits aside. False if it does not wait any more.
    pub async fn put_inbound_aside(&mut self, id: InboundId, at: Timestamp) -> Result<bool, Error> {
        let text = format!("update inbound set aside_at = $1 where id = $2 and {WAITS}");
        Ok(built(text).time(at).number(id.0).run(self).await? > 0)
    }

    /// Lets a mail that was put aside wait again. False if it was not.
    pub async fn take_inbound_back(&mut self, id: InboundId) -> Result<bool, Error> {
        let text = "update inbound set aside_at = null where id = $1 and aside_at is not null";
        Ok(sql(text).number(id.0).run(self).await? > 0)
    }

    /// Writes down what became of a delivery. What is worse stays: a notice that it is still tried does not cover that
    /// it came back.
    pub async fn record_return(&mut self, told: &Return) -> Result<(), Error> {
        let row =
            sql("select * from delivery_return where delivery = $1").number(told.delivery.0).optional(self).await?;
        if row.as_ref().map(read_return).transpose()?.is_some_and(|known| known.kind >= told.kind) {
            return Ok(());
        }
        sql("insert into delivery_return (delivery, at, kind, status, said) values ($1, $2, $3, $4, $5) \
             on conflict (delivery) do update set at = excluded.at, kind = excluded.kind, status = excluded.status, \
             said = excluded.said")
        .number(told.delivery.0)
        .time(told.at)
        .word(&told.kind)
        .text(&told.status)
        .text(&told.said)
        .run(self)
        .await?;
        Ok(())
    }

    /// Writes what is known of an address that rejects mail.
    pub async fn replace_returned_address(&mut self, known: &ReturnedAddress) -> Result<(), Error> {
        sql("insert into returned_address (address, suspended_at, confirmed_at, freed_at) values ($1, $2, $3, $4) \
             on conflict (address) do update set suspended_at = excluded.suspended_at, \
             confirmed_at = excluded.confirmed_at, freed_at = excluded.freed_at")
        .text(known.address.as_str())
        .maybe_time(known.suspended_at)
        .maybe_time(known.confirmed_at)
        .maybe_time(known.freed_at)
        .run(self)
        .await?;
        Ok(())
    }

    /// All that came back from a journalist goes: mails, what servers said, the state of the address.
    pub(crate) async fn remove_returns_of(&mut self, contact: ContactId, address: &Address) -> Result<(), Error> {
        sql("delete from inbound where contact = $1 or sender = $2 \
             or delivery in (select id from delivery where contact = $1)")
        .number(contact.0)
        .text(address.as_str())
        .run(self)
        .await?;
        sql("update delivery_return set said = '' where delivery in (select id from delivery where contact = $1)")
            .number(contact.0)
            .run(self)
            .await?;
        sql("delete from returned_address where address = $1").text(address.as_str()).run(self).await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Inbound, Error> {
    Ok(Inbound {
        id: InboundId(row.number("id")?),
        at: row.time("at")?,
        kind: row.word("kind")?,
        delivery: row.maybe_number("delivery")?.map(DeliveryId),
        contact: row.maybe_number("contact")?.map(ContactId),
        file: row.text("file")?,
        bytes: row.number("bytes")?,
        status: row.text("status")?,
        said: row.text("said")?,
        from: row.text("sender")?,
        subject: row.text("subject")?,
        excerpt: row.text("excerpt")?,
        aside_at: row.maybe_time("aside_at")?,
    })
}

fn read_return(row: &Row) -> Result<Return, Error> {
    Ok(Return {
        delivery: DeliveryId(row.number("delivery")?),
        at: row.time("at")?,
        kind: row.word("kind")?,
        status: row.text("status")?,
        said: row.text("said")?,
    })
}

fn read_returned(row: &Row) -> Result<ReturnedAddress, Error> {
    Ok(ReturnedAddress {
        address: read_address("address", &row.text("address")?)?,
        suspended_at: row.maybe_time("suspended_at")?,
        confirmed_at: row.maybe_time("confirmed_at")?,
        freed_at: row.maybe_time("freed_at")?,
    })
}
