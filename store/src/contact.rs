//! Contacts, and the addresses to which nothing goes.

use crate::reader::read_address;
use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Address, Contact, ContactId, Suppression, Timestamp};

impl Rows {
    /// All contacts, by number.
    pub async fn list_contacts(&mut self) -> Result<Vec<Contact>, Error> {
        sql("select * from contact order by id").all(self).await?.iter().map(read).collect()
    }

    /// The contact with that number.
    pub async fn find_contact(&mut self, id: ContactId) -> Result<Option<Contact>, Error> {
        sql("select * from contact where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// Those of the contacts that there are, by number.
    pub async fn find_contacts(&mut self, ids: &[ContactId]) -> Result<Vec<Contact>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for part in ids.chunks(PART) {
            let query = format!("select * from contact where id in ({})", places(1, part.len()));
            let numbers: Vec<i64> = part.iter().map(|id| id.0).collect();
            for row in built(query).numbers(&numbers).all(self).await? {
                found.push(read(&row)?);
            }
        }
        found.sort_by_key(|contact| contact.id);
        Ok(found)
    }

    /// Those of the keyed hashes to which nothing goes, in order of the hashes.
    pub async fn list_suppressions(&mut self, hashes: &[&str]) -> Result<Vec<Suppression>, Error> {
        let mut found = Vec::new();
        for part in hashes.chunks(PART) {
            let query = format!("select * from suppression where hash in ({})", places(1, part.len()));
            for row in built(query).texts(part).all(self).await? {
                found.push(read_suppression(&row)?);
            }
        }
        found.sort_by(|a, b| a.hash.cmp(&b.hash));
        Ok(found)
    }

    /// The contact with that address.
    pub async fn find_contact_by_address(&mut self, address: &Address) -> Result<Option<Contact>, Error> {
        let row = sql("select * from contact where address = $1").text(address.as_str()).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// Since when and why nothing goes to an address, by its keyed hash.
    pub async fn find_suppression(&mut self, hash: &str) -> Result<Option<Suppression>, Error> {
        let row = sql("select * from suppression where hash = $1").text(hash).optional(self).await?;
        row.as_ref().map(read_suppression).transpose()
    }
}

impl Write {
    /// Registers a contact, known by the address; the number in `contact` is ignored. Whoever opted out stays out.
    pub async fn record_contact(&mut self, contact: &Contact) -> Result<ContactId, Error> {
        let address = contact.address.as_str();
        let id = self.number_of("select id from contact where address = $1", address, "contact").await?;
        sql("insert into contact (id, address, name, outlet, medium, beats, territory, language, accepts_embargo, \
             basis, origin, notice_at, expires, opted_out_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (id) do update set \
             name = excluded.name, outlet = excluded.outlet, medium = excluded.medium, beats = excluded.beats, \
             territory = excluded.territory, language = excluded.language, \
             accepts_embargo = excluded.accepts_embargo, basis = excluded.basis, origin = excluded.origin, \
             notice_at = excluded.notice_at, expires = excluded.expires, \
             opted_out_at = coalesce(contact.opted_out_at, excluded.opted_out_at)")
        .number(id)
        .text(address)
        .text(&contact.name)
        .text(&contact.outlet)
        .word(&contact.medium)
        .json(&contact.beats)
        .text(&contact.territory)
        .text(&contact.language)
        .flag(contact.accepts_embargo)
        .word(&contact.basis)
        .text(&contact.origin)
        .maybe_time(contact.notice_at)
        .maybe_word(contact.expires.as_ref())
        .maybe_time(contact.opted_out_at)
        .run(self)
        .await?;
        Ok(ContactId(id))
    }

    /// Writes down that a contact wants nothing more. The first time counts.
    pub async fn record_opt_out(&mut self, id: ContactId, at: Timestamp) -> Result<(), Error> {
        sql("update contact set opted_out_at = $1 where id = $2 and opted_out_at is null")
            .time(at)
            .number(id.0)
            .run(self)
            .await?;
        Ok(())
    }

    /// Closes an address, by its keyed hash. The first time counts.
    pub async fn record_suppression(&mut self, suppression: &Suppression) -> Result<(), Error> {
        sql("insert into suppression (hash, at, why) values ($1, $2, $3) on conflict (hash) do nothing")
            .text(&suppression.hash)
            .time(suppression.at)
            .text(&suppression.why)
            .run(self)
            .await?;
        Ok(())
    }
}

pub(crate) fn read(row: &Row) -> Result<Contact, Error> {
    Ok(Contact {
        id: ContactId(row.number("id")?),
        name: row.text("name")?,
        address: read_address("address", &row.text("address")?)?,
        outlet: row.text("outlet")?,
        medium: row.word("medium")?,
        beats: row.json("beats")?,
        territory: row.text("territory")?,
        language: row.text("language")?,
        accepts_embargo: row.flag("accepts_embargo")?,
        basis: row.word("basis")?,
        origin: row.text("origin")?,
        notice_at: row.maybe_time("notice_at")?,
        expires: row.maybe_word("expires")?,
        opted_out_at: row.maybe_time("opted_out_at")?,
    })
}

fn read_suppression(row: &Row) -> Result<Suppression, Error> {
    Ok(Suppression { hash: row.text("hash")?, at: row.time("at")?, why: row.text("why")? })
}
