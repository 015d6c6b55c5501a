//! Mailing lists, and who is on them.

use crate::contact;
use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Contact, ContactId, ListId, MailingList, Membership};

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

    /// Who is on a list now, by address; also those who opted out, so that they can be told apart. Nobody if there is
    /// no such list.
    pub async fn list_members(&mut self, id: ListId) -> Result<Vec<Contact>, Error> {
        let mut members = match self.find_list_by_id(id).await?.map(|list| list.membership) {
            None => Vec::new(),
            Some(Membership::Hand) => {
                let rows = sql("select c.* from contact c join list_member m on m.contact = c.id where m.list = $1");
                rows.number(id.0).all(self).await?.iter().map(contact::read).collect::<Result<Vec<_>, _>>()?
            }
            Some(rule) => {
                let mut all = self.list_contacts().await?;
                all.retain(|contact| rule.takes(contact));
                all
            }
        };
        members.sort_by(|a, b| a.address.cmp(&b.address));
        Ok(members)
    }
}

impl Write {
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

fn read(row: &Row) -> Result<MailingList, Error> {
    Ok(MailingList {
        id: ListId(row.number("id")?),
        slug: row.text("slug")?,
        name: row.text("name")?,
        membership: row.json("membership")?,
    })
}
