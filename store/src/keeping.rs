//! What the law asks of the records of journalists: who is owed the notice of GDPR art. 14, and whose record is to be
//! confirmed or deleted.

use crate::contact::read;
use crate::reader::read_address;
use crate::sql::{Row, built, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::keeping::Horizon;
use salastampa_domain::{Address, Contact, ContactId, DeliveryId, Timestamp};

/// Past the day $1, or without a sign since $2. Days are written year first: their order as texts is that of the calendar.
const STALE: &str = "(c.expires < $1 or (coalesce(c.added_at, 0) < $2 and coalesce(c.changed_at, 0) < $2 \
     and coalesce(c.confirmed_at, 0) < $2 and coalesce(c.opted_out_at, 0) < $2 and not exists (select 1 from inbound i \
     where i.at >= $2 and (i.kind in ('reply', 'unknown') and i.contact = c.id \
     or i.kind = 'reply' and i.delivery in (select d.id from delivery d where d.contact = c.id))) \
     and not exists (select 1 from contact_signed s where s.contact = c.id and s.at >= $2)))";

/// Written down before $1 and not told. A notice that could not be delivered is none: under a new address it is tried again.
const UNNOTICED: &str = "c.notice_at is null and c.opted_out_at is null and coalesce(c.added_at, 0) < $1 \
     and not exists (select 1 from delivery d where d.contact = c.id and d.kind = 'notice' \
     and (d.address = c.address or d.state not in ('failed', 'suppressed', 'cancelled')))";

impl Rows {
    /// Journalists who have been given no notice of GDPR art. 14 and for whom none is on its way, by number; those who left
    /// are not among them. With `before`, only who was written down earlier than that.
    pub async fn list_contacts_unnoticed(&mut self, before: Option<Timestamp>) -> Result<Vec<Contact>, Error> {
        let query = built(format!("select * from contact c where {UNNOTICED} order by id"));
        query.number(before.map_or(i64::MAX, |at| at.0)).all(self).await?.iter().map(read).collect()
    }

    /// The addresses of the same people, in no order: enough to count them.
    pub async fn list_addresses_unnoticed(&mut self, before: Option<Timestamp>) -> Result<Vec<Address>, Error> {
        let query = built(format!("select c.address from contact c where {UNNOTICED}"));
        let rows = query.number(before.map_or(i64::MAX, |at| at.0)).all(self).await?;
        rows.iter().map(|row| read_address("address", &row.text("address")?)).collect()
    }

    /// Notices that wait in the outbox and were never tried: the message, for whom, since when they are held, and its hour.
    pub async fn list_notices_waiting(
        &mut self,
    ) -> Result<Vec<(DeliveryId, ContactId, Option<Timestamp>, Timestamp)>, Error> {
        let rows =
            sql("select d.id, d.contact, d.due_at, c.added_at from delivery d join contact c on c.id = d.contact \
             where d.kind = 'notice' and d.state = 'queued' and d.attempt = 0 order by d.id");
        let one = |row: &Row| {
            let (id, contact) = (DeliveryId(row.number("id")?), ContactId(row.number("contact")?));
            Ok((id, contact, row.maybe_time("added_at")?, row.time("due_at")?))
        };
        rows.all(self).await?.iter().map(one).collect()
    }

    /// Journalists whose notice a server has taken and of whom that is not written down yet, each with the hour.
    pub async fn list_notices_taken(&mut self) -> Result<Vec<(ContactId, Timestamp)>, Error> {
        let rows = sql("select c.id, min(d.accepted_at) as at from contact c join delivery d on d.contact = c.id \
             where c.notice_at is null and d.kind = 'notice' and d.state = 'accepted' group by c.id order by c.id");
        rows.all(self).await?.iter().map(|row| Ok((ContactId(row.number("id")?), row.time("at")?))).collect()
    }

    /// Journalists whose record is to be confirmed or deleted, by name, each with when they answered, wrote or signed last.
    pub async fn list_contacts_stale(
        &mut self,
        horizon: &Horizon,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<(Contact, Option<Timestamp>)>, Error> {
        let query = format!(
            "select c.*, (select max(i.at) from inbound i where i.kind in ('reply', 'unknown') and i.contact = c.id \
             or i.kind = 'reply' and i.delivery in (select d.id from delivery d where d.contact = c.id)) as answered_at, \
             (select s.at from contact_signed s where s.contact = c.id) as signed_at from contact c where {STALE} order by sort_key, id limit $3 offset $4"
        );
        let asked = built(query).text(&horizon.day.to_string()).time(horizon.silent);
        let rows = asked.count(limit).count(offset).all(self).await?;
        rows.iter()
            .map(|row| Ok((read(row)?, row.maybe_time("answered_at")?.max(row.maybe_time("signed_at")?))))
            .collect()
    }

    /// How many of them there are.
    pub async fn count_contacts_stale(&mut self, horizon: &Horizon) -> Result<usize, Error> {
        let query = format!("select count(*) as n from contact c where {STALE}");
        built(query).text(&horizon.day.to_string()).time(horizon.silent).one(self).await?.small("n")
    }
}

impl Write {
    /// Writes down when journalists signed last; an earlier time than what is known changes nothing.
    pub async fn record_signs(&mut self, signed: &[(ContactId, Timestamp)]) -> Result<(), Error> {
        for (contact, at) in signed {
            let insert = sql("insert into contact_signed (contact, at) values ($1, $2) on conflict (contact) \
                 do update set at = excluded.at where contact_signed.at < excluded.at");
            insert.number(contact.0).time(*at).run(self).await?;
        }
        Ok(())
    }

    /// Writes down that a contact was given the notice of GDPR art. 14. The first time counts; false if it was there.
    pub async fn record_notice(&mut self, id: ContactId, at: Timestamp) -> Result<bool, Error> {
        let changed = sql("update contact set notice_at = $1 where id = $2 and notice_at is null");
        Ok(changed.time(at).number(id.0).run(self).await? > 0)
    }
}
