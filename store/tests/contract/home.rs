//! A store of its own for each test.

use crate::postgres::{is_required, server};
use crate::world::NOW;
use salastampa_store::Store;
use sqlx::{AnyConnection, Connection, Executor};
use std::sync::atomic::{AtomicU32, Ordering};

/// An open store, its address, and the folder that goes when the test goes.
pub(crate) struct Home {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) folder: tempfile::TempDir,
    database: Option<String>,
}

impl Home {
    /// A store in a file.
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}/salastampa.db", folder.path().display());
        Self::open(url, folder, None).await
    }

    /// A store in a new database of the server; `None` if there is no server.
    pub(crate) async fn postgres() -> Option<Self> {
        let Some(server) = tokio::task::spawn_blocking(server).await.expect("no panic") else {
            assert!(!is_required("postgres"), "postgresql is required and was not found");
            say("skipped: postgresql not found");
            return None;
        };
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("salastampa_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        admin(&format!("create database {name}")).await;
        let folder = tempfile::tempdir().expect("a folder");
        Some(Self::open(server.url(&name), folder, Some(name)).await)
    }

    async fn open(url: String, folder: tempfile::TempDir, database: Option<String>) -> Self {
        let store = Store::open(&url, &folder.path().join("files"), NOW).await.expect("the store opens");
        Self { store, url, folder, database }
    }

    /// The same store, opened once more: another process, as far as the database can tell.
    pub(crate) async fn again(&self) -> Store {
        Store::open(&self.url, &self.folder.path().join("files"), NOW).await.expect("the store opens again")
    }

    /// A statement behind the back of the store.
    pub(crate) async fn meddle(&self, text: &'static str) {
        let mut connection = AnyConnection::connect(&self.url).await.expect("a connection");
        connection.execute(text).await.expect(text);
        connection.close().await.expect("closed");
    }

    /// The address of another database, without tables.
    pub(crate) async fn empty(&self) -> String {
        match &self.database {
            None => format!("sqlite:{}/empty.db", self.folder.path().display()),
            Some(name) => {
                admin(&format!("create database {name}_empty")).await;
                server().expect("a server").url(&format!("{name}_empty"))
            }
        }
    }

    /// Leaves nothing behind of what [`Home::empty`] has made.
    pub(crate) async fn drop_empty(&self) {
        if let Some(name) = &self.database {
            admin(&format!("drop database {name}_empty with (force)")).await;
        }
    }

    /// Leaves nothing behind on a server that others use too.
    pub(crate) async fn drop_database(self) {
        self.store.close().await;
        if let Some(name) = self.database {
            admin(&format!("drop database {name} with (force)")).await;
        }
    }
}

async fn admin(text: &str) {
    // two databases made at once may trip over their common template
    static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _one = ONE.lock().await;
    sqlx::any::install_default_drivers();
    let url = server().expect("a server").url("postgres");
    let mut connection = AnyConnection::connect(&url).await.expect("the server answers");
    connection.execute(sqlx::AssertSqlSafe(text)).await.expect("the server obeys");
    connection.close().await.expect("closed");
}

/// A line for whoever reads the output of the tests.
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
