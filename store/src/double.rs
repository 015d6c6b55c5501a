//! Journalists who may stand there twice: found by their names, put together, or called two people for good.

use crate::contact::read;
use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{Contact, ContactId};

impl Rows {
    /// Journalists with an outlet who share their folded name with others, by name; whether they are one person is for the
    /// caller to weigh.
    pub async fn list_namesakes(&mut self, limit: usize) -> Result<Vec<Contact>, Error> {
        let rows = sql("select * from contact where outlet <> '' and sort_key in (select sort_key from contact \
             where outlet <> '' and sort_key <> '' group by sort_key having count(*) > 1) order by sort_key, id limit $1");
        rows.count(limit).all(self).await?.iter().map(read).collect()
    }

    /// The pairs that somebody has called two people, the smaller number first.
    pub async fn list_apart(&mut self) -> Result<Vec<(ContactId, ContactId)>, Error> {
        let rows = sql("select a, b from contact_apart order by a, b").all(self).await?;
        rows.iter().map(|row| Ok((ContactId(row.number("a")?), ContactId(row.number("b")?)))).collect()
    }
}

impl Write {
    /// Calls two records two people. Twice is as once.
    pub async fn record_apart(&mut self, one: ContactId, other: ContactId) -> Result<(), Error> {
        let (a, b) = (one.0.min(other.0), one.0.max(other.0));
        let insert = sql("insert into contact_apart (a, b) values ($1, $2) on conflict (a, b) do nothing");
        insert.number(a).number(b).run(self).await?;
        Ok(())
    }

    /// Puts all that hangs on one record under another and takes the first away: places on lists, lists that were left, what
    /// was sent and what came back. Deliveries keep the address that they went to.
    pub async fn merge_contacts(&mut self, kept: ContactId, gone: ContactId) -> Result<(), Error> {
        for statement in [
            "insert into list_member (list, contact) select list, $1 from list_member where contact = $2 \
             on conflict (list, contact) do nothing",
            "insert into list_left (list, contact, at) select list, $1, at from list_left where contact = $2 \
             on conflict (list, contact) do nothing",
            "update delivery set contact = $1 where contact = $2",
            "update inbound set contact = $1 where contact = $2",
            "insert into release_note (release, contact, words) select release, $1, words from release_note \
             where contact = $2 on conflict (release, contact) do nothing",
        ] {
            sql(statement).number(kept.0).number(gone.0).run(self).await?;
        }
        self.forget_places(gone).await?;
        sql("delete from contact where id = $1").number(gone.0).run(self).await?;
        Ok(())
    }

    /// Takes a record off the lists, out of the pairs and from under the notes, before it goes.
    pub(crate) async fn forget_places(&mut self, gone: ContactId) -> Result<(), Error> {
        for statement in [
            "delete from contact_address where contact = $1",
            "delete from contact_signed where contact = $1",
            "delete from list_member where contact = $1",
            "delete from list_left where contact = $1",
            "delete from release_note where contact = $1",
            "delete from contact_apart where a = $1",
            "delete from contact_apart where b = $1",
        ] {
            sql(statement).number(gone.0).run(self).await?;
        }
        Ok(())
    }
}
