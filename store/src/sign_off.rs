//! Who has let the words go out that a release quotes them with.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{ReleaseId, SignOff};

impl Rows {
    /// The notes of a release, of words that its text has and of words that it had, in the order of the words' keys.
    pub async fn list_sign_offs(&mut self, release: ReleaseId) -> Result<Vec<SignOff>, Error> {
        let rows = sql("select content from quote_sign_off where release = $1 order by quote").number(release.0);
        rows.all(self).await?.iter().map(|row| row.json("content")).collect()
    }
}

impl Write {
    /// Keeps a note, in the place of the one of the same words.
    pub async fn record_sign_off(&mut self, release: ReleaseId, note: &SignOff) -> Result<(), Error> {
        sql("insert into quote_sign_off (release, quote, content) values ($1, $2, $3) \
             on conflict (release, quote) do update set content = excluded.content")
        .number(release.0)
        .text(&note.quote)
        .json(note)
        .run(self)
        .await?;
        Ok(())
    }

    /// Takes a note back.
    pub async fn remove_sign_off(&mut self, release: ReleaseId, quote: &str) -> Result<(), Error> {
        sql("delete from quote_sign_off where release = $1 and quote = $2")
            .number(release.0)
            .text(quote)
            .run(self)
            .await?;
        Ok(())
    }
}
