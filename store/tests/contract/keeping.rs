//! Keeping: what survives a kill, what a full disk does, backups, and files that nobody names.

use crate::home::{Home, say};
use crate::postgres::is_required;
use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Error, Store, Write};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Set for the process that is to be killed: the address of the store and the folder of files.
const VICTIM: &str = "SALASTAMPA_TEST_VICTIM";

contract! {
    /// SIGKILL in the middle of a transaction, from outside: nothing of it is there, and the next writer gets in.
    async fn a_killed_process_leaves_nothing_half_done(home: &Home) {
        let (outlet, source) = press(&home.store).await?;
        let mut victim = Command::new(std::env::current_exe().expect("the tests are a program"))
            .args(["keeping::the_victim", "--exact", "--nocapture"])
            .env(VICTIM, format!("{}\n{}", home.url, home.folder.path().join("files").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("another process");
        let mut said = BufReader::new(victim.stdout.take().expect("its output")).lines();
        assert!(said.any(|line| line.is_ok_and(|line| line.contains("inside"))), "it began to write");
        victim.kill().expect("killed");
        victim.wait().expect("dead");
        let mut write = home.store.write().await?;
        assert_eq!((write.count_articles().await?, write.last_seq().await?), (0, Seq(0)));
        write.keep_article(&article(outlet, source, 1), None, 1, NOW).await?.expect("kept");
        write.commit().await?;
    }

    async fn files_that_no_row_names_are_found_and_removed(home: &Home) {
        let files = home.store.files();
        let mut kept = Vec::new();
        for text in ["named", "letter", "bounce", "pdf", "orphan"] {
            kept.push(files.put(text).await?);
        }
        let mut write = home.store.write().await?;
        let named = FileRef { sha256: kept[0].clone(), bytes: 5, mime: "text/plain".into(), at: NOW };
        write.record_file(&named).await?;
        write.record_file(&FileRef { at: at(3), ..named.clone() }).await?;
        assert_eq!(write.find_file(&kept[0]).await?, Some(named));
        assert_eq!(write.find_file(&kept[4]).await?, None);
        let letter = NewDelivery { letter: kept[1].clone(), ..delivery(DeliveryKind::Review, 1, "a@bellariva.test") };
        write.record_deliveries(&[letter], NOW, message_id).await?;
        let bounce = inbound(InboundKind::Reply, None, &kept[2]);
        write.record_inbound(&bounce).await?;
        let edition = write.record_edition(&edition("mattino", &[])).await?;
        let id = write.record_review(review(edition, "2027-01-15T07:00:00")).await?;
        let printed = Review { id, version: 1, ..review(edition, "2027-01-15T07:00:00") };
        write.record_review_version(&printed, NOW, &[("pdf".into(), kept[3].clone())]).await?;
        write.commit().await?;

        let ever = Timestamp(i64::MAX);
        assert!(home.store.list_orphan_files(Timestamp(0)).await?.is_empty(), "all are younger");
        assert_eq!(home.store.list_orphan_files(ever).await?, [kept[4].clone()]);
        assert_eq!(files.get(&kept[4]).await?.as_deref(), Some("orphan".as_bytes()));
        assert_eq!(files.open_file(&kept[4]).await?.map(|(_, length)| length), Some(6), "to be read piece by piece");
        for unknown in ["ab".repeat(32), "../../etc/passwd".into()] {
            assert!(files.open_file(&unknown).await?.is_none(), "{unknown}");
        }
        files.remove_file(&kept[4])?;
        assert!(home.store.list_orphan_files(ever).await?.is_empty());
        assert!(!files.exists(&kept[4]) && files.exists(&kept[3]));
    }
}

/// Not a test by itself: the process that [`a_killed_process_leaves_nothing_half_done`] kills.
#[tokio::test]
async fn the_victim() {
    #[allow(clippy::disallowed_methods, reason = "how the process that kills says what to open")]
    let Ok(told) = std::env::var(VICTIM) else { return };
    let (url, files) = told.split_once('\n').expect("two lines");
    let store = Store::open(url, Path::new(files), NOW).await.expect("opens");
    let mut write = store.write().await.expect("its turn");
    let kept = write.keep_article(&article(OutletId(1), SourceId(1), 1), None, 1, NOW).await.expect("writes");
    assert!(kept.is_some());
    say("inside");
    // until it is killed; if the other process is gone first, its pipe ends this one
    std::io::stdin().lines().for_each(drop);
}

#[tokio::test]
async fn a_backup_is_whole_private_and_opens_as_a_store() {
    let home = Home::sqlite().await;
    press_with(&home.store, 3).await.expect("articles");
    let to = home.folder.path().join("copie/ieri.db");
    // a writer in the middle of something does not hold up the copy, and is not in it
    let mut write = home.store.write().await.expect("its turn");
    write.record_meta("half", "done").await.expect("written");
    home.store.backup(&to).await.expect("copied");
    drop(write);
    assert_eq!(std::fs::metadata(&to).expect("there").permissions().mode() & 0o777, 0o600);
    let url = format!("sqlite:{}", to.display());
    let copy = Store::open(&url, &home.folder.path().join("files"), NOW).await.expect("opens");
    let (mut there, mut here) = (copy.read().await.expect("reads"), home.store.read().await.expect("reads"));
    assert_eq!(there.count_articles().await.expect("counts"), 3);
    assert_eq!(there.find_meta("half").await.expect("looks"), None);
    assert_eq!(there.store_id().await.expect("its name"), here.store_id().await.expect("the name"));
    let twice = home.store.backup(&to).await;
    assert!(matches!(twice, Err(Error::File { .. })), "an older copy is not overwritten: {twice:?}");
}

#[tokio::test]
async fn a_backup_of_postgresql_names_its_tool() {
    let Some(home) = Home::postgres().await else { return };
    let error = home.store.backup(&home.folder.path().join("x")).await.expect_err("not here");
    assert_eq!(error.to_string(), "this database is PostgreSQL: back it up with pg_dump");
    home.drop_database().await;
}

/// A small disk, mounted as long as the test runs.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !mounted {
            assert!(!is_required("tmpfs"), "a small disk is required and cannot be mounted");
            say("skipped: tmpfs cannot be mounted");
        }
        mounted.then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // if it fails the mount outlives the test, and the next boot takes it away
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_lost() {
    let Some(disk) = SmallDisk::mount() else { return };
    let path = disk.0.path();
    let ballast = path.join("ballast");
    let url = format!("sqlite:{}", path.join("salastampa.db").display());
    let store = Store::open(&url, &path.join("files"), NOW).await.expect("opens");
    let (outlet, source) = press(&store).await.expect("an outlet");
    let mut kept = 0;
    let mut error = None;
    for n in 1..=200 {
        if n == 3 {
            // what is free now holds no more than a few long articles
            std::fs::write(&ballast, vec![0; 512 * 1024]).expect("it fits");
        }
        let long = NewArticle { body: ForeignText::new("lungolago ".repeat(4_000)), ..article(outlet, source, n) };
        let written = async {
            let mut write = store.write().await?;
            write.keep_article(&long, None, 1, NOW).await?;
            write.commit().await
        };
        match written.await {
            Ok(()) => kept += 1,
            Err(e) => {
                error = Some(e);
                break;
            }
        }
    }
    assert!(matches!(error, Some(Error::Full)), "after {kept} articles: {error:?}");
    assert!(matches!(store.files().put(vec![7; 600 * 1024]).await, Err(Error::Full)));
    assert_eq!(store.read().await.expect("reads").count_articles().await.expect("counts"), kept);

    std::fs::remove_file(ballast).expect("room");
    let mut write = store.write().await.expect("its turn");
    write.keep_article(&article(outlet, source, 900), None, 1, NOW).await.expect("writes").expect("new");
    write.commit().await.expect("there is room again");
    assert_eq!(store.read().await.expect("reads").last_seq().await.expect("a seq"), Seq(kept + 1));
    store.close().await;
}

/// Not only the rows: the bytes of the file, too.
#[tokio::test]
async fn who_was_erased_is_legible_in_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("office.db");
    let url = format!("sqlite:{}", path.display());
    let store = Store::open(&url, &folder.path().join("files"), NOW).await.expect("opens");
    let legible = || {
        let journal = format!("{}-wal", path.display());
        let bytes = [std::fs::read(&path).expect("the file"), std::fs::read(journal).unwrap_or_default()].concat();
        bytes.windows(14).any(|part| part == b"ildegarda.vaia")
    };
    let mut write = store.write().await.expect("its turn");
    let ids =
        async |write: &mut Write, name: &str| write.record_contact(&contact(&format!("{name}@il-lago.test"))).await;
    for n in 0..200 {
        ids(&mut write, &format!("cronista{n}")).await.expect("written");
    }
    let id = ids(&mut write, "ildegarda.vaia").await.expect("written");
    write.commit().await.expect("written");
    assert!(store.empty_journal().await.expect("emptied"));
    assert!(legible(), "before she is");

    let mut write = store.write().await.expect("its turn");
    let held = write.find_contact(id).await.expect("reads").expect("there");
    write.remove_contact(&held, &address("erased-1@erased.invalid")).await.expect("erased");
    write.commit().await.expect("written");
    assert!(store.empty_journal().await.expect("emptied"));
    assert!(!legible());
    store.close().await;
}
