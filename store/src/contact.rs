//! Contacts, and the addresses to which nothing goes.
//!
//! Beside each contact stand folded keys (see `contact_keys`): so that five thousand of them are searched, sorted, paged and
//! held against the rules of lists inside the database, and equally on both.

use crate::contact_keys::{Keys, escaped, part, pattern, plain};
use crate::reader::read_address;
use crate::sql::{PART, Row, Sql, built, places, sql};
use crate::{Error, Rows, Write};
use jiff::civil::Date;
use salastampa_domain::{
    Address, Contact, ContactFilter, ContactId, DeliveryId, ListId, MailingList, Medium, Membership, Standing,
    Suppression, Timestamp,
};

/// The conditions of a question about contacts, and the values that they ask for.
struct Conditions {
    text: String,
    values: Vec<Value>,
}

enum Value {
    Text(String),
    Medium(Medium),
}

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

    /// A page of the contacts that are looked for, by name.
    pub async fn search_contacts(
        &mut self,
        filter: &ContactFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Contact>, Error> {
        let found = Conditions::of_filter(filter);
        let (limits, from) = (found.values.len() + 1, found.values.len() + 2);
        let text =
            format!("select * from contact where {} order by sort_key, id limit ${limits} offset ${from}", found.text);
        let rows = found.ask(text).count(limit).count(offset).all(self).await?;
        rows.iter().map(read).collect()
    }

    /// How many contacts are looked for.
    pub async fn count_contacts(&mut self, filter: &ContactFilter) -> Result<usize, Error> {
        let found = Conditions::of_filter(filter);
        let text = format!("select count(*) as n from contact where {}", found.text);
        found.ask(text).one(self).await?.small("n")
    }

    /// The contacts with those numbers, in no order; who is not there is left out.
    pub async fn list_contacts_by_id(&mut self, ids: &[ContactId]) -> Result<Vec<Contact>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for part in ids.chunks(PART) {
            let numbers: Vec<i64> = part.iter().map(|id| id.0).collect();
            let text = format!("select * from contact where id in ({})", places(1, numbers.len()));
            for row in built(text).numbers(&numbers).all(self).await? {
                found.push(read(&row)?);
            }
        }
        Ok(found)
    }

    /// Who is on a list, by name, with as little as decides whether they get something: number, address, since when
    /// they have left, the day up to which they may be held. A list that is not in the rows yet is asked by its rule.
    pub async fn list_member_addresses(
        &mut self,
        list: &MailingList,
    ) -> Result<Vec<(ContactId, Address, Option<Timestamp>, Option<Date>)>, Error> {
        const COLUMNS: &str = "select c.id, c.address, c.opted_out_at, c.expires from contact c";
        let stayed = stayed(list.id);
        let rows = match Conditions::of_rule(&list.membership) {
            Some(found) => {
                let text = format!("{COLUMNS} where {} and {stayed} order by sort_key, id", found.text);
                found.ask(text).all(self).await?
            }
            None => {
                let text = format!(
                    "{COLUMNS} join list_member m on m.contact = c.id where m.list = $1 and {stayed} \
                     order by c.sort_key, c.id"
                );
                built(text).number(list.id.0).all(self).await?
            }
        };
        let read = |row: &Row| {
            let address = read_address("address", &row.text("address")?)?;
            let left = row.maybe_time("opted_out_at")?;
            Ok((ContactId(row.number("id")?), address, left, row.maybe_word("expires")?))
        };
        rows.iter().map(read).collect()
    }

    /// The contacts whom the rule of a list takes in and who have not left it, in no order. A list by hand takes nobody in by
    /// itself.
    pub(crate) async fn contacts_by_rule(&mut self, list: ListId, rule: &Membership) -> Result<Vec<Contact>, Error> {
        let Some(found) = Conditions::of_rule(rule) else { return Ok(Vec::new()) };
        let text = format!("select * from contact c where {} and {}", found.text, stayed(list));
        let rows = found.ask(text).all(self).await?;
        let mut contacts: Vec<Contact> = rows.iter().map(read).collect::<Result<_, _>>()?;
        // the keys find them, the rule itself decides
        contacts.retain(|contact| rule.takes(contact));
        Ok(contacts)
    }

    /// Since when and why nothing goes to an address, by its keyed hash.
    pub async fn find_suppression(&mut self, hash: &str) -> Result<Option<Suppression>, Error> {
        let row = sql("select * from suppression where hash = $1").text(hash).optional(self).await?;
        row.as_ref().map(read_suppression).transpose()
    }

    /// All closed addresses, by their keyed hashes.
    pub async fn list_all_suppressions(&mut self) -> Result<Vec<Suppression>, Error> {
        sql("select * from suppression order by at, hash").all(self).await?.iter().map(read_suppression).collect()
    }
}

impl Write {
    /// Registers a contact, known by the address; the number in `contact` is ignored. Whoever opted out stays out.
    pub async fn record_contact(&mut self, contact: &Contact) -> Result<ContactId, Error> {
        let address = contact.address.as_str();
        let id = self.number_of("select id from contact where address = $1", address, "contact").await?;
        sql("insert into contact (id, address, name, outlet, medium, beats, territory, language, accepts_embargo, \
             basis, origin, notice_at, expires, opted_out_at, added_at, phones) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict (id) do nothing")
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
        .maybe_time(contact.added_at)
        .json(&contact.phones)
        .run(self)
        .await?;
        self.replace_contact(&Contact { id: ContactId(id), ..contact.clone() }).await?;
        Ok(ContactId(id))
    }

    /// Writes a contact anew, known by the number, also under a new address; that nobody else has it is for the caller
    /// to see. Whoever opted out stays out, and since when somebody is held stays as it was written down first.
    pub async fn replace_contact(&mut self, contact: &Contact) -> Result<(), Error> {
        let keys = Keys::of(contact);
        sql("update contact set address = $1, name = $2, outlet = $3, medium = $4, beats = $5, territory = $6, \
             language = $7, accepts_embargo = $8, basis = $9, origin = $10, notice_at = $11, expires = $12, \
             opted_out_at = coalesce(opted_out_at, $13), sort_key = $14, search_key = $15, beats_key = $16, \
             territory_key = $17, added_at = coalesce(added_at, $18), changed_at = coalesce($19, changed_at), \
             confirmed_at = coalesce($20, confirmed_at), phones = $21, quiet = $22, others = $23, role = $24, posts = $25, \
             notes = $26 where id = $27")
        .text(contact.address.as_str())
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
        .text(&keys.sort)
        .text(&keys.search)
        .text(&keys.beats)
        .text(&keys.territory)
        .maybe_time(contact.added_at)
        .maybe_time(contact.changed_at)
        .maybe_time(contact.confirmed_at)
        .json(&contact.phones)
        .maybe_json(contact.quiet.as_ref())
        .json(&contact.others)
        .text(&contact.role)
        .json(&contact.posts)
        .text(&contact.notes)
        .number(contact.id.0)
        .run(self)
        .await?;
        self.keep_others(contact).await
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

    /// Takes a contact out of the rows: the record, its places on lists, what came back from it. Its deliveries stay as
    /// proof that something was sent, under `alias` in place of the address; what waits is suppressed, and what servers
    /// said of the address is struck out. Gives the number of deliveries that stay.
    pub async fn remove_contact(&mut self, contact: &Contact, alias: &Address) -> Result<u64, Error> {
        let id = contact.id.0;
        let rows = sql("select id, address from delivery where contact = $1 order by id").number(id).all(self).await?;
        // a person who moved, or stood there twice, was written to under more than one address
        let deliveries: Vec<(DeliveryId, Address)> = rows
            .iter()
            .map(|row| Ok((DeliveryId(row.number("id")?), read_address("address", &row.text("address")?)?)))
            .collect::<Result<_, Error>>()?;
        sql("update delivery set state = 'suppressed', reason = 'erased', next_at = null \
             where contact = $1 and state in ('queued', 'deferred', 'uncertain')")
        .number(id)
        .run(self)
        .await?;
        sql("update delivery set stopped = 'suppressed', reason = 'erased' \
             where contact = $1 and state in ('leased', 'data_started')")
        .number(id)
        .run(self)
        .await?;
        for address in contact.addresses() {
            self.remove_returns_of(contact.id, address).await?;
        }
        for (delivery, address) in &deliveries {
            self.strike_out(*delivery, address, alias).await?;
        }
        sql("update delivery set address = $1, contact = null, to_name = null, note = null where contact = $2")
            .text(alias.as_str())
            .number(id)
            .run(self)
            .await?;
        self.forget_places(contact.id).await?;
        sql("delete from contact where id = $1").number(id).run(self).await?;
        Ok(deliveries.len() as u64)
    }

    /// Servers like to repeat an address in what they say.
    pub(crate) async fn strike_out(
        &mut self,
        delivery: DeliveryId,
        address: &Address,
        alias: &Address,
    ) -> Result<(), Error> {
        let struck = |said: &str| {
            let names = said.to_lowercase().contains(address.as_str());
            names.then(|| said.to_lowercase().replace(address.as_str(), alias.as_str()))
        };
        for attempt in self.list_attempts(delivery).await? {
            let Some(said) = struck(&attempt.text) else { continue };
            sql("update attempt set said = $1 where delivery = $2 and number = $3")
                .text(&said)
                .number(delivery.0)
                .number(attempt.number.into())
                .run(self)
                .await?;
        }
        let row = sql("select reason from delivery where id = $1").number(delivery.0).one(self).await?;
        if let Some(reason) = row.maybe_text("reason")?.as_deref().and_then(struck) {
            sql("update delivery set reason = $1 where id = $2").text(&reason).number(delivery.0).run(self).await?;
        }
        Ok(())
    }

    /// Closes an address, by its keyed hash. The first time counts; only what a person may free again (`bounced`) gives
    /// way to what is for good.
    pub async fn record_suppression(&mut self, suppression: &Suppression) -> Result<(), Error> {
        sql("insert into suppression (hash, at, why) values ($1, $2, $3) on conflict (hash) do update \
             set at = excluded.at, why = excluded.why where suppression.why = 'bounced' and excluded.why <> 'bounced'")
        .text(&suppression.hash)
        .time(suppression.at)
        .text(&suppression.why)
        .run(self)
        .await?;
        Ok(())
    }

    /// Opens an address that was closed because mail came back. Whoever has left or was erased stays out.
    pub async fn free_suppression(&mut self, hash: &str) -> Result<bool, Error> {
        Ok(sql("delete from suppression where hash = $1 and why = 'bounced'").text(hash).run(self).await? > 0)
    }

    /// Writes the keys of contacts that were registered before there were any.
    pub(crate) async fn key_contacts(&mut self) -> Result<(), Error> {
        let rows = sql("select * from contact where search_key = ''").all(self).await?;
        for row in &rows {
            self.replace_contact(&read(row)?).await?;
        }
        Ok(())
    }
}

impl Conditions {
    fn of_filter(filter: &ContactFilter) -> Self {
        let mut found = Self { text: "1 = 1".into(), values: Vec::new() };
        // more words than anybody types find no less exactly
        for word in filter.words.split_whitespace().take(8) {
            found.like("search_key", &pattern(word));
        }
        if let Some(medium) = filter.medium {
            found.equal("medium", Value::Medium(medium));
        }
        match filter.standing {
            None => {}
            Some(Standing::Reached) => found.text.push_str(" and opted_out_at is null"),
            Some(Standing::Left) => found.text.push_str(" and opted_out_at is not null"),
            Some(Standing::Expired { day }) => {
                found.values.push(Value::Text(day.to_string()));
                // days are written year first, so that their order as texts is that of the calendar
                found.text.push_str(&format!(" and expires < ${}", found.values.len()));
            }
        }
        found
    }

    fn of_rule(rule: &Membership) -> Option<Self> {
        let Membership::Rule { medium, beat, territory } = rule else { return None };
        let mut found = Self { text: "1 = 1".into(), values: Vec::new() };
        if let Some(medium) = medium {
            found.equal("medium", Value::Medium(*medium));
        }
        if let Some(beat) = beat {
            found.like("beats_key", &format!("%{}%", escaped(&part(beat))));
        }
        if let Some(territory) = territory {
            found.equal("territory_key", Value::Text(plain(territory)));
        }
        Some(found)
    }

    fn equal(&mut self, column: &str, value: Value) {
        self.values.push(value);
        self.text.push_str(&format!(" and {column} = ${}", self.values.len()));
    }

    fn like(&mut self, column: &str, pattern: &str) {
        self.values.push(Value::Text(pattern.to_owned()));
        self.text.push_str(&format!(" and {column} like ${} escape '!'", self.values.len()));
    }

    fn ask(&self, text: String) -> Sql {
        self.values.iter().fold(built(text), |sql, value| match value {
            Value::Text(text) => sql.text(text),
            Value::Medium(medium) => sql.word(medium),
        })
    }
}

/// That a contact `c` has not left a list by their own word.
pub(crate) fn stayed(list: ListId) -> String {
    format!("c.id not in (select l.contact from list_left l where l.list = {})", list.0)
}

/// Counts of members by a rule, all and those who want no mail at all, without reading them.
pub(crate) async fn count_by_rule(rows: &mut Rows, list: ListId, rule: &Membership) -> Result<(usize, usize), Error> {
    let Some(found) = Conditions::of_rule(rule) else { return Ok((0, 0)) };
    let (wanted, stayed) = (&found.text, stayed(list));
    let text = format!("select count(*) as n, count(opted_out_at) as gone from contact c where {wanted} and {stayed}");
    let row = found.ask(text).one(rows).await?;
    Ok((row.small("n")?, row.small("gone")?))
}

pub(crate) fn read(row: &Row) -> Result<Contact, Error> {
    Ok(Contact {
        id: ContactId(row.number("id")?),
        name: row.text("name")?,
        address: read_address("address", &row.text("address")?)?,
        phones: row.json("phones")?,
        outlet: row.text("outlet")?,
        medium: row.word("medium")?,
        beats: row.json("beats")?,
        territory: row.text("territory")?,
        language: row.text("language")?,
        accepts_embargo: row.flag("accepts_embargo")?,
        quiet: row.maybe_json("quiet")?,
        basis: row.word("basis")?,
        origin: row.text("origin")?,
        notice_at: row.maybe_time("notice_at")?,
        expires: row.maybe_word("expires")?,
        opted_out_at: row.maybe_time("opted_out_at")?,
        added_at: row.maybe_time("added_at")?,
        changed_at: row.maybe_time("changed_at")?,
        confirmed_at: row.maybe_time("confirmed_at")?,
        others: row.json("others")?,
        role: row.text("role")?,
        posts: row.json("posts")?,
        notes: row.text("notes")?,
    })
}

fn read_suppression(row: &Row) -> Result<Suppression, Error> {
    Ok(Suppression { hash: row.text("hash")?, at: row.time("at")?, why: row.text("why")? })
}
