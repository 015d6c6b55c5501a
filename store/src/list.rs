//! Mailing lists, and who is on them.

use crate::contact;
use crate::sql::{Row, built, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Contact, ContactId, ListId, MailingList, Membership, Timestamp};

impl Rows {
    /// The list of that name.
    pub async fn find_list(&mut self, slug: &str) -> Result<Option<MailingList>, Error> {
        let row = sql("select * from mailing_list where slug = $1").text(slug).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// The list with that number.
    pub async fn find_list_by_id(&mut self, id: ListId) -> Result<Option<MailingList>, Error> {
        let row = sql("select * from mailing_list where id = $1").number(id.0).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// All lists, by number.
    pub async fn list_lists(&mut self) -> Result<Vec<MailingList>, Error> {
        sql("select * from mailing_list order by id").all(self).await?.iter().map(read).collect()
    }

    /// Who is on a list now, by address; also those who opted out of all mail, so that they can be told apart, but not those
    /// who have left this list. Nobody if there is no such list.
    pub async fn list_members(&mut self, id: ListId) -> Result<Vec<Contact>, Error> {
        let mut members = match self.find_list_by_id(id).await?.map(|list| list.membership) {
            None => Vec::new(),
            Some(Membership::Hand) => {
                let text = "select c.* from contact c join list_member m on m.contact = c.id where m.list = $1 and";
                let rows = built(format!("{text} {}", contact::stayed(id)));
                rows.number(id.0).all(self).await?.iter().map(contact::read).collect::<Result<Vec<_>, _>>()?
            }
            Some(rule) => self.contacts_by_rule(id, &rule).await?,
        };
        members.sort_by(|a, b| a.address.cmp(&b.address));
        Ok(members)
    }

    /// How many are on a list, and how many of them have left.
    pub async fn count_members(&mut self, list: &MailingList) -> Result<(usize, usize), Error> {
        if list.membership != Membership::Hand {
            return contact::count_by_rule(self, list.id, &list.membership).await;
        }
        let row = built(format!(
            "select count(*) as n, count(c.opted_out_at) as gone from contact c \
             join list_member m on m.contact = c.id where m.list = $1 and {}",
            contact::stayed(list.id)
        ));
        let row = row.number(list.id.0).one(self).await?;
        Ok((row.small("n")?, row.small("gone")?))
    }

    /// The lists by hand that a contact is on, by number; without those that they have left.
    pub async fn list_lists_of(&mut self, contact: ContactId) -> Result<Vec<ListId>, Error> {
        let rows = sql("select m.list from list_member m where m.contact = $1 and not exists \
             (select 1 from list_left l where l.list = m.list and l.contact = m.contact) order by m.list");
        let rows = rows.number(contact.0);
        rows.all(self).await?.iter().map(|row| row.number("list").map(ListId)).collect()
    }
}

impl Rows {
    /// The lists that a contact has left by their own word, and when, by number.
    pub async fn list_lists_left(&mut self, contact: ContactId) -> Result<Vec<(ListId, Timestamp)>, Error> {
        let rows = sql("select list, at from list_left where contact = $1 order by list").number(contact.0);
        rows.all(self).await?.iter().map(|row| Ok((ListId(row.number("list")?), row.time("at")?))).collect()
    }
}

impl Write {
    /// A contact leaves a list by their own word, and is taken in by nobody else any more. False if they had left it.
    pub async fn leave_list(&mut self, list: ListId, contact: ContactId, at: Timestamp) -> Result<bool, Error> {
        let changed = sql("insert into list_left (list, contact, at) values ($1, $2, $3) \
             on conflict (list, contact) do nothing");
        Ok(changed.number(list.0).number(contact.0).time(at).run(self).await? > 0)
    }

    /// A contact takes their word back: they are on the list again, if its rule takes them in or they were on it by hand.
    /// False if they had not left it.
    pub async fn rejoin_list(&mut self, list: ListId, contact: ContactId) -> Result<bool, Error> {
        let changed = sql("delete from list_left where list = $1 and contact = $2");
        Ok(changed.number(list.0).number(contact.0).run(self).await? > 0)
    }

    /// Declares a list, known by its slug, with its members by hand; the number in `list` is ignored.
    pub async fn record_list(&mut self, list: &MailingList, members: &[ContactId]) -> Result<ListId, Error> {
        let id = self.number_of("select id from mailing_list where slug = $1", &list.slug, "mailing_list").await?;
        sql("insert into mailing_list (id, slug, name, membership) values ($1, $2, $3, $4) \
             on conflict (id) do update set name = excluded.name, membership = excluded.membership")
        .number(id)
        .text(&list.slug)
        .text(&list.name)
        .json(&list.membership)
        .run(self)
        .await?;
        sql("delete from list_member where list = $1").number(id).run(self).await?;
        for member in members {
            sql("insert into list_member (list, contact) values ($1, $2) on conflict (list, contact) do nothing")
                .number(id)
                .number(member.0)
                .run(self)
                .await?;
        }
        Ok(ListId(id))
    }
}

impl Write {
    /// Puts a contact on a list by hand. False if they were on it.
    pub async fn record_member(&mut self, list: ListId, contact: ContactId) -> Result<bool, Error> {
        let changed =
            sql("insert into list_member (list, contact) values ($1, $2) on conflict (list, contact) do nothing");
        Ok(changed.number(list.0).number(contact.0).run(self).await? > 0)
    }

    /// Takes a contact off a list by hand. False if they were not on it.
    pub async fn remove_member(&mut self, list: ListId, contact: ContactId) -> Result<bool, Error> {
        let changed = sql("delete from list_member where list = $1 and contact = $2");
        Ok(changed.number(list.0).number(contact.0).run(self).await? > 0)
    }

    /// Renames a list, or changes its rule; the slug and the members by hand stay as they are.
    pub async fn replace_list(&mut self, list: &MailingList) -> Result<(), Error> {
        sql("update mailing_list set name = $1, membership = $2 where id = $3")
            .text(&list.name)
            .json(&list.membership)
            .number(list.id.0)
            .run(self)
            .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<MailingList, Error> {
    Ok(MailingList {
        id: ListId(row.number("id")?),
        slug: row.text("slug")?,
        name: row.text("name")?,
        membership: row.json("membership")?,
    })
}
