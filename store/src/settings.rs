//! What the office decides about itself, and the secrets that go with it.
//!
//! A secret comes here sealed and leaves sealed: this crate has no key.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{Actor, SavedSettings, Settings, Timestamp};

impl Rows {
    /// What was decided at the desk, if anything was.
    pub async fn find_settings(&mut self) -> Result<Option<SavedSettings>, Error> {
        let row = sql("select version, at, who, content from settings where id = 1").optional(self).await?;
        row.map(|row| {
            Ok(SavedSettings {
                version: row.number("version")?,
                at: row.time("at")?,
                by: row.json("who")?,
                settings: row.json("content")?,
            })
        })
        .transpose()
    }

    /// How often the settings were changed: who holds them in memory looks whether it is still the same.
    pub async fn settings_version(&mut self) -> Result<i64, Error> {
        let row = sql("select version from settings where id = 1").optional(self).await?;
        row.map_or(Ok(0), |row| row.number("version"))
    }

    /// A sealed secret.
    pub async fn find_secret(&mut self, name: &str) -> Result<Option<String>, Error> {
        let row = sql("select sealed from secret where name = $1").text(name).optional(self).await?;
        row.map(|row| row.text("sealed")).transpose()
    }
}

impl Write {
    /// Writes the settings; gives their new version.
    pub async fn record_settings(&mut self, settings: &Settings, by: &Actor, at: Timestamp) -> Result<i64, Error> {
        let row = sql("insert into settings (id, version, at, who, content) values (1, 1, $1, $2, $3) \
             on conflict (id) do update set version = settings.version + 1, at = excluded.at, who = excluded.who, \
             content = excluded.content returning version")
        .time(at)
        .json(by)
        .json(settings)
        .one(self)
        .await?;
        row.number("version")
    }

    /// Keeps a sealed secret.
    pub async fn record_secret(&mut self, name: &str, sealed: &str) -> Result<(), Error> {
        sql("insert into secret (name, sealed) values ($1, $2) on conflict (name) do update set sealed = excluded.sealed")
            .text(name)
            .text(sealed)
            .run(self)
            .await?;
        Ok(())
    }

    /// Forgets a secret.
    pub async fn remove_secret(&mut self, name: &str) -> Result<(), Error> {
        sql("delete from secret where name = $1").text(name).run(self).await?;
        Ok(())
    }
}
