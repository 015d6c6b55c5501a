//! Words of the office to single journalists, in the mail of a release. They wait beside it until it is sent, and go with
//! the messages that are made then: a correction begins without any.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{ContactId, ReleaseId, Subject};

impl Rows {
    /// What waits to go with a release, by the number of the journalist.
    pub async fn list_release_notes(&mut self, release: ReleaseId) -> Result<Vec<(ContactId, String)>, Error> {
        let rows = sql("select contact, words from release_note where release = $1 order by contact").number(release.0);
        rows.all(self).await?.iter().map(|row| Ok((ContactId(row.number("contact")?), row.text("words")?))).collect()
    }
}

impl Write {
    /// Keeps the words for a journalist; without any, there are none.
    pub async fn record_release_note(
        &mut self,
        release: ReleaseId,
        contact: ContactId,
        words: Option<&str>,
    ) -> Result<(), Error> {
        let update = match words {
            Some(words) => sql("insert into release_note (release, contact, words) values ($1, $2, $3) \
                 on conflict (release, contact) do update set words = excluded.words")
            .number(release.0)
            .number(contact.0)
            .text(words),
            None => {
                sql("delete from release_note where release = $1 and contact = $2").number(release.0).number(contact.0)
            }
        };
        update.run(self).await?;
        Ok(())
    }

    /// The words that wait go with the messages about this subject, as far as nothing of those was ever tried; gives how
    /// many. They do not wait any more.
    pub async fn attach_notes(&mut self, subject: &Subject) -> Result<u64, Error> {
        let changed = sql("update delivery set note = (select n.words from release_note n \
             where n.release = delivery.thing and n.contact = delivery.contact) \
             where kind = $1 and thing = $2 and version = $3 and round = $4 and attempt = 0 and exists \
             (select 1 from release_note n where n.release = delivery.thing and n.contact = delivery.contact)")
        .text(subject.kind.name())
        .number(subject.thing)
        .number(subject.version.into())
        .number(subject.round.into())
        .run(self)
        .await?;
        sql("delete from release_note where release = $1 and contact in (select contact from delivery \
             where kind = $2 and thing = $1 and version = $3 and round = $4 and attempt = 0 and note is not null)")
        .number(subject.thing)
        .text(subject.kind.name())
        .number(subject.version.into())
        .number(subject.round.into())
        .run(self)
        .await?;
        Ok(changed)
    }
}
