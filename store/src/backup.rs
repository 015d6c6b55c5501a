//! A copy of the database that is whole at one instant, while work goes on.

use crate::sql::broken;
use crate::store::{Database, create_private};
use crate::{Error, Store};
use sqlx::{AnyConnection, Connection, Executor, Row};
use std::path::Path;

impl Store {
    /// Copies the database into a new file at `to`, readable by its owner only, and checks the copy. The folder of
    /// files is copied by whoever calls. PostgreSQL has its own tool for this.
    pub async fn backup(&self, to: &Path) -> Result<(), Error> {
        if self.database == Database::Postgres {
            return Err(Error::Unsupported("this database is PostgreSQL: back it up with pg_dump"));
        }
        if to.exists() {
            return Err(Error::file(to, std::io::ErrorKind::AlreadyExists.into()));
        }
        // `vacuum into` fills an empty file, so that the copy is private from its first byte
        create_private(to)?;
        let done = self.copy_into(to).await;
        if done.is_err() {
            // half a copy is worse than none; the first error is the one to tell
            let _ = std::fs::remove_file(to);
        }
        done
    }

    async fn copy_into(&self, to: &Path) -> Result<(), Error> {
        // a connection of its own: those of the readers may write nothing, not even a copy
        let mut from = AnyConnection::connect_with(&self.database.options("")?).await?;
        sqlx::query("vacuum into $1").bind(to.to_string_lossy().into_owned()).execute(&mut from).await?;
        from.close().await?;
        std::fs::File::open(to).and_then(|copy| copy.sync_all()).map_err(|e| Error::file(to, e))?;
        let copy = Database::Sqlite { path: to.to_owned() };
        let mut copy = AnyConnection::connect_with(&copy.options("")?).await?;
        let said: String = copy.fetch_one("pragma integrity_check").await?.try_get(0)?;
        copy.close().await?;
        if said == "ok" { Ok(()) } else { Err(broken("integrity_check", said)) }
    }
}
