//! Opening the store, reading and writing.
//!
//! Writers take turns on both databases: SQLite by `begin immediate`, PostgreSQL by one advisory lock taken first in
//! the transaction. So a transaction may look before it writes, the order of numbers is the order of commits, and two
//! acts that touch the same rows in another order cannot lock each other out. Whoever waits too long gets
//! [`Error::Busy`]. Readers never wait, and cannot write.

use crate::sql::sql;
use crate::{Error, Files, schema};
use salastampa_domain::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Row, Transaction};
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a writer waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many may read at once.
const READERS: u32 = 8;
/// The lock that makes writers take turns on PostgreSQL; any number that no other program uses there.
const TURN: i64 = 0x5a1a_57a3_9a00;

/// The database and the folder of files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) database: Database,
    readers: AnyPool,
    writers: AnyPool,
    files: Arc<Files>,
    commits: Arc<AtomicU64>,
}

/// Which database it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Database {
    Sqlite { path: PathBuf },
    Postgres,
}

/// A connection to read by. Dropped, it goes back to the others.
pub struct Rows {
    handle: Handle,
    is_postgres: bool,
}

enum Handle {
    Reader(PoolConnection<Any>),
    Writer(Transaction<'static, Any>),
}

/// A transaction: all of it is there after [`Write::commit`], nothing of it if it is dropped before. It reads like
/// [`Rows`], and sees what it has written.
pub struct Write(Rows, Arc<AtomicU64>);

impl Store {
    /// Opens the database at `url` (`sqlite:/path/to/file.db`, or `postgres://…`) and the folder `files`, and brings
    /// the tables up to date. A SQLite file is made where there is none, readable by its owner only.
    pub async fn open(url: &str, files: &Path, now: Timestamp) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let database = match sqlite_path(url) {
            Some(path) => {
                create_private(&path)?;
                Database::Sqlite { path }
            }
            None => Database::Postgres,
        };
        let options = database.options(url)?;
        // a pool tries what fails again and again; whoever opens the store wants to know at once
        database.probe(&options).await.map_err(|e| unreachable(&options, e))?;
        let writers = database.pool(&options, true).await?;
        let readers = database.pool(&options, false).await?;
        let store = Self { database, readers, writers, files: Arc::new(Files::open(files)?), commits: Arc::default() };
        schema::migrate(store.write().await?).await?;
        store.key_contacts().await?;
        store.name(url, now).await?;
        Ok(store)
    }

    /// A connection to read by.
    pub async fn read(&self) -> Result<Rows, Error> {
        let handle = Handle::Reader(self.readers.acquire().await?);
        Ok(Rows { handle, is_postgres: self.is_postgres() })
    }

    /// A transaction to write in. Nobody else writes until it is committed or dropped: fetch, render and think before.
    pub async fn write(&self) -> Result<Write, Error> {
        let commits = self.commits.clone();
        if self.is_postgres() {
            let transaction = self.writers.begin().await?;
            let mut write = Write(Rows { handle: Handle::Writer(transaction), is_postgres: true }, commits);
            sql("select 1 from pg_advisory_xact_lock($1)").number(TURN).one(&mut write).await?;
            Ok(write)
        } else {
            let transaction = self.writers.begin_with("begin immediate").await?;
            Ok(Write(Rows { handle: Handle::Writer(transaction), is_postgres: false }, commits))
        }
    }

    /// How many transactions this program has committed since it opened the store: as long as the number stays, nothing
    /// that was read after it was asked for has been changed from here. Other programs are not counted.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    /// The folder of files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Brings what SQLite's journal holds into the database and empties the journal, so that what was erased is legible in
    /// neither. While somebody reads an older state it waits, and gives up after half a minute: false then. PostgreSQL
    /// does this by itself (autovacuum): true.
    pub async fn empty_journal(&self) -> Result<bool, Error> {
        if self.is_postgres() {
            return Ok(true);
        }
        let mut writer = self.writers.acquire().await?;
        // the first column says whether somebody was in the way
        let busy: i64 = writer.fetch_one("pragma wal_checkpoint(truncate)").await?.try_get(0)?;
        Ok(busy == 0)
    }

    /// Closes all connections, so that SQLite leaves one file behind and no journal. Waits for every [`Rows`] and
    /// [`Write`] to be dropped: drop your own first.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }

    fn is_postgres(&self) -> bool {
        self.database == Database::Postgres
    }

    /// Contacts of an older program get their keys.
    async fn key_contacts(&self) -> Result<(), Error> {
        let mut write = self.write().await?;
        write.key_contacts().await?;
        write.commit().await
    }

    /// Gives the store its name at the first opening: 64 hexadecimal digits that no other store has.
    async fn name(&self, url: &str, now: Timestamp) -> Result<(), Error> {
        if self.read().await?.find_meta("store_id").await?.is_none() {
            let id = crate::files::hex(&Sha256::digest(format!("{url}\n{}", now.0)));
            let mut write = self.write().await?;
            if write.find_meta("store_id").await?.is_none() {
                write.record_meta("store_id", &id).await?;
            }
            write.commit().await?;
        }
        Ok(())
    }
}

impl Rows {
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        match &mut self.handle {
            Handle::Reader(connection) => connection,
            Handle::Writer(transaction) => transaction,
        }
    }

    /// What a claim adds to its `select`: a row that somebody holds by another door (an operator in `psql`) is passed
    /// over, so that it does not hold up the rest. On SQLite there is no such thing as a locked row.
    pub(crate) fn skip_locked(&self) -> &'static str {
        if self.is_postgres { "for update skip locked" } else { "" }
    }
}

impl Write {
    /// Makes it last.
    pub async fn commit(self) -> Result<(), Error> {
        match self.0.handle {
            Handle::Writer(transaction) => {
                transaction.commit().await?;
                self.1.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
            // only `Store::write` makes a `Write`, and it puts a transaction in
            Handle::Reader(_) => Ok(()),
        }
    }
}

impl Deref for Write {
    type Target = Rows;

    fn deref(&self) -> &Rows {
        &self.0
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Rows {
        &mut self.0
    }
}

impl Database {
    pub(crate) fn options(&self, url: &str) -> Result<AnyConnectOptions, Error> {
        let url = match self {
            Self::Sqlite { path } => format!("sqlite:{}", percent_encoded(path)),
            Self::Postgres => url.to_owned(),
        };
        url.parse().map_err(|e: sqlx::Error| Error::Unreachable { place: "its address".into(), source: e.into() })
    }

    /// What a connection is told before anything else.
    fn settings(&self, writes: bool) -> &'static str {
        match (self, writes) {
            (Self::Sqlite { .. }, true) => {
                // what is erased is overwritten: a person's address does not stay legible in the file
                "pragma busy_timeout = 30000; pragma journal_mode = wal; pragma synchronous = full; \
                 pragma foreign_keys = on; pragma secure_delete = on"
            }
            (Self::Sqlite { .. }, false) => "pragma busy_timeout = 30000; pragma query_only = on",
            (Self::Postgres, true) => "set lock_timeout = 30000; set idle_in_transaction_session_timeout = 600000",
            (Self::Postgres, false) => "set default_transaction_read_only = on",
        }
    }

    /// Whether there is a database that answers.
    async fn probe(&self, options: &AnyConnectOptions) -> Result<(), sqlx::Error> {
        let mut connection = AnyConnection::connect_with(options).await?;
        connection.execute(self.settings(true)).await?;
        connection.close().await
    }

    /// On SQLite one connection writes, so that writers of one process queue fairly instead of polling the file.
    async fn pool(&self, options: &AnyConnectOptions, writes: bool) -> Result<AnyPool, Error> {
        let settings = self.settings(writes);
        let most = if writes && *self != Self::Postgres { 1 } else { READERS };
        let pool = AnyPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(PATIENCE)
            // a file does not go away; asking before each use would double the work of a small question
            .test_before_acquire(*self == Self::Postgres)
            .after_connect(move |connection, _| Box::pin(async move { connection.execute(settings).await.map(|_| ()) }))
            // on a full disk SQLite rolls back by itself and the driver's own rollback fails: it goes on counting a
            // transaction that is none, and such a connection is closed
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await?;
        Ok(pool)
    }
}

/// The path in a SQLite address: `sqlite:data/x.db`, `sqlite:/data/x.db`, `sqlite:///data/x.db`.
fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))
}

/// A path as part of an address: the driver decodes it again.
fn percent_encoded(path: &Path) -> String {
    path.to_string_lossy()
        .bytes()
        .map(|b| match b {
            b'/' | b'.' | b'_' | b'-' => char::from(b).to_string(),
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// Makes the file, and the folders above it, unless it is there. SQLite gives its journals the mode of the file.
pub(crate) fn create_private(path: &Path) -> Result<(), Error> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))?;
    }
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map(|_| ())
        .map_err(|e| Error::file(path, e))
}

/// Host and database of an address, without who and the password.
fn unreachable(options: &AnyConnectOptions, error: sqlx::Error) -> Error {
    let url = &options.database_url;
    let place = match url.host_str() {
        Some(host) => format!("{host}{}", url.path()),
        None => url.path().to_owned(),
    };
    Error::Unreachable { place, source: error.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_address_is_a_path_in_three_spellings() {
        for (url, path) in [
            ("sqlite:data/x.db", Some("data/x.db")),
            ("sqlite:/data/x.db", Some("/data/x.db")),
            ("sqlite:///data/x.db", Some("/data/x.db")),
            ("postgres://office@db/office", None),
        ] {
            assert_eq!(sqlite_path(url), path.map(PathBuf::from), "{url}");
        }
        assert_eq!(percent_encoded(Path::new("/una cartella/50%?.db")), "/una%20cartella/50%25%3F.db");
    }

    #[test]
    fn an_address_that_fails_is_told_without_its_password() {
        let options: AnyConnectOptions = "postgres://office:secret@db.test:5433/office".parse().expect("an address");
        let said = unreachable(&options, sqlx::Error::PoolTimedOut).to_string();
        assert_eq!(said, "cannot reach the database at db.test/office");
    }
}
