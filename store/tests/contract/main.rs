//! The contract of the store: every test runs on SQLite in a file and on a real PostgreSQL, each in a database of its
//! own. No query is checked when the program is built; here each is asked on both.
//!
//! PostgreSQL is the server at `SALASTAMPA_TEST_POSTGRES`, or a private one started from the binaries of the machine.
//! Where there is none, the half that needs it says `skipped: postgresql not found` and passes, unless
//! `SALASTAMPA_TEST_REQUIRE` names `postgres`.

/// Each `async fn name(home: &Home) -> Result<(), Error>` becomes two tests, `name::sqlite` and `name::postgres`.
macro_rules! contract {
    ($($(#[$doc:meta])* async fn $name:ident($home:ident: &Home) $body:block)*) => {$(
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports, reason = "not every contract names something of its own")]
            use super::*;
            use crate::home::Home;

            async fn holds($home: &Home) -> Result<(), salastampa_store::Error> {
                $body
                Ok(())
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let home = Home::sqlite().await;
                holds(&home).await.expect("the contract holds on SQLite");
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some(home) = Home::postgres().await else { return };
                holds(&home).await.expect("the contract holds on PostgreSQL");
                home.drop_database().await;
            }
        }
    )*};
}

mod archive;
mod articles;
mod completeness;
mod crawl;
mod curation;
mod dossier;
mod entry;
mod home;
mod importance;
mod inbound;
mod journalists;
mod keeping;
mod look;
mod office;
mod opening;
mod outbox;
mod past;
mod pausing;
mod people;
mod postgres;
mod progress;
mod register;
mod registry;
mod releases;
mod reviews;
mod sending;
mod stories;
mod together;
mod wire;
mod world;
