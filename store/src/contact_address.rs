//! By which journalist an address is held: the one that is written to, and further ones of the same person.

use crate::contact::read;
use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{Address, Contact};

impl Rows {
    /// The contact with that address, or with that further address; the first kind goes before.
    pub async fn find_contact_by_any_address(&mut self, address: &Address) -> Result<Option<Contact>, Error> {
        if let Some(contact) = self.find_contact_by_address(address).await? {
            return Ok(Some(contact));
        }
        let row = sql("select c.* from contact c join contact_address a on a.contact = c.id where a.address = $1");
        row.text(address.as_str()).optional(self).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Writes the further addresses of a contact beside the record; that nobody else has one is for the caller to see.
    pub(crate) async fn keep_others(&mut self, contact: &Contact) -> Result<(), Error> {
        sql("delete from contact_address where contact = $1").number(contact.id.0).run(self).await?;
        for address in &contact.others {
            let insert = sql("insert into contact_address (address, contact) values ($1, $2) on conflict (address) \
                 do update set contact = excluded.contact");
            insert.text(address.as_str()).number(contact.id.0).run(self).await?;
        }
        Ok(())
    }
}
