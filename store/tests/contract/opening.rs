//! Opening a store: what is made, what is refused.

use crate::world::NOW;
use salastampa_store::{Error, Store};
use std::os::unix::fs::PermissionsExt;

contract! {
    /// The name of a store is drawn once; another opening finds it.
    async fn a_store_has_a_name_for_ever(home: &Home) {
        let id = home.store.read().await?.store_id().await?;
        assert_eq!(id.len(), 64);
        let later = Store::open(&home.url, &home.folder.path().join("files"), NOW.plus(9)).await?;
        assert_eq!(later.read().await?.store_id().await?, id);
        assert_eq!(later.read().await?.find_meta("store_id").await?, Some(id));
    }

    /// A job from the command line beside a program that just starts, on a machine that has neither store nor tables.
    async fn many_may_open_a_new_store_at_once(home: &Home) {
        let (url, files) = (home.empty().await, home.folder.path().join("files"));
        let mut openings = tokio::task::JoinSet::new();
        for n in 0..6 {
            let (url, files) = (url.clone(), files.clone());
            openings.spawn(async move {
                let store = Store::open(&url, &files, NOW.plus(n)).await?;
                let id = store.read().await?.store_id().await?;
                store.close().await;
                Ok::<_, Error>(id)
            });
        }
        let mut names = std::collections::BTreeSet::new();
        while let Some(opened) = openings.join_next().await {
            names.insert(opened.expect("no panic")?);
        }
        assert_eq!(names.len(), 1, "all opened the same store");
        home.drop_empty().await;
    }

    async fn a_database_of_a_newer_version_is_refused(home: &Home) {
        home.meddle(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
             select 9999, 'later', success, checksum, execution_time from _sqlx_migrations where version = 1",
        )
        .await;
        let opened = Store::open(&home.url, &home.folder.path().join("files"), NOW).await;
        assert!(matches!(opened, Err(Error::NewerSchema)), "{:?}", opened.err());
    }

    async fn a_row_that_does_not_read_says_which_column(home: &Home) {
        crate::world::press(&home.store).await?;
        home.meddle("update source set health = 'benino'").await;
        let read = home.store.read().await?.list_sources().await;
        assert!(matches!(&read, Err(Error::Broken { column, .. }) if column == "health"), "{read:?}");
    }
}

#[tokio::test]
async fn a_sqlite_file_is_made_with_its_folder_for_its_owner_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("una cartella/50% di #tutto?.db");
    let url = format!("sqlite:{}", path.display());
    let store = Store::open(&url, &folder.path().join("files"), NOW).await.expect("opens");
    for suffix in ["", "-wal"] {
        let file = format!("{}{suffix}", path.display());
        let mode = std::fs::metadata(&file).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    store.close().await;
    assert!(!std::path::Path::new(&format!("{}-wal", path.display())).exists());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = Store::open("postgres://office:segreta@127.0.0.1:1/salastampa", folder.path(), NOW).await;
    let Err(error) = opened else { panic!("nobody listens on port 1") };
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert_eq!(error.to_string(), "cannot reach the database at 127.0.0.1/salastampa");
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lettera.db");
    std::fs::write(&path, "Gentile redazione, ".repeat(400)).expect("written");
    let opened = Store::open(&format!("sqlite:{}", path.display()), folder.path(), NOW).await;
    assert!(matches!(opened, Err(Error::Unreachable { .. })), "{:?}", opened.err());
    let opened = Store::open("mysql://office@localhost/x", folder.path(), NOW).await;
    assert!(matches!(opened, Err(Error::Unreachable { .. })), "{:?}", opened.err());
}
