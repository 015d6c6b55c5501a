//! What is done to the folder behind the archive's back: noticed, told, and built again from the store.

use crate::changes::town;
use crate::common::{names, noon};
use crate::follower::{STORE, agrees, copy, expected, follow, found, store};
use salastampa_domain::{Query, Seq};
use salastampa_index::{Archive, Reason, SearchError, TantivyArchive};
use std::path::{Path, PathBuf};

type Harm = fn(&Path);

/// Files of the index that answers.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let current = std::fs::read_to_string(folder.join("CURRENT")).expect("it names one");
    let mut files: Vec<_> =
        std::fs::read_dir(folder.join(current.trim())).expect("it is there").flatten().map(|e| e.path()).collect();
    files.retain(|path| !path.to_string_lossy().ends_with(".lock"));
    files.sort();
    files
}

pub(crate) fn zeroed(path: &Path) {
    let length = std::fs::metadata(path).expect("it is there").len();
    std::fs::write(path, vec![0; usize::try_from(length).expect("small")]).expect("written over");
}

#[tokio::test]
async fn a_damaged_file_is_noticed_at_the_start_and_built_again() {
    let harms: [(&str, Harm); 4] = [
        ("cut short", |path| std::fs::write(path, b"half").expect("written")),
        ("empty", |path| std::fs::write(path, b"").expect("written")),
        ("zeroed", zeroed),
        ("gone", |path| std::fs::remove_file(path).expect("removed")),
    ];
    let changes = store(30);
    let whole = tempfile::tempdir().expect("a folder");
    follow(&TantivyArchive::open(whole.path(), STORE, Seq(0)), &changes, 100).await;
    let last = changes.last().map_or(Seq(0), |c| c.seq);
    for (name, harm) in harms {
        for n in 0..files(whole.path()).len() {
            let folder = tempfile::tempdir().expect("a folder");
            copy(whole.path(), folder.path());
            let file = files(folder.path()).remove(n);
            let is_list = file.to_string_lossy().ends_with(".managed.json");
            harm(&file);
            let what = format!("{} {name}", file.display());
            let archive = TantivyArchive::open(folder.path(), STORE, last);
            match found(&archive, "ponte").await {
                // the engine's list of files is a help to tidy up only
                Ok(ids) => assert!(is_list && ids == expected(&changes, "ponte"), "{what}"),
                Err(SearchError::Away(standing)) => {
                    assert!(matches!(standing.rebuild.map(|r| r.why), Some(Reason::Damaged(_))), "{what}");
                }
                Err(other) => panic!("{what}: {other:?}"),
            }
            follow(&archive, &changes, 100).await;
            agrees(&archive, &changes, &what).await;
        }
    }
}

#[tokio::test]
async fn a_file_that_goes_while_it_runs_is_noticed_and_built_again() {
    let changes = store(30);
    let last = changes.last().map_or(Seq(0), |c| c.seq);
    for end in [".idx", ".term", ".pos", ".fast", "meta.json"] {
        let folder = tempfile::tempdir().expect("a folder");
        let archive = TantivyArchive::open(folder.path(), STORE, last);
        follow(&archive, &changes, 100).await;
        let file = files(folder.path()).into_iter().find(|path| path.to_string_lossy().ends_with(end));
        std::fs::remove_file(file.expect(end)).expect("removed");
        archive.tend(last).await.expect("it is looked after");
        let away = found(&archive, "ponte").await;
        assert!(matches!(&away, Err(SearchError::Away(_))), "{end}: {away:?}");
        follow(&archive, &changes, 100).await;
        agrees(&archive, &changes, end).await;
    }
    // all of it at once, and the lock with it
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("index");
    let archive = TantivyArchive::open(&path, STORE, last);
    follow(&archive, &changes, 100).await;
    std::fs::remove_dir_all(&path).expect("removed");
    follow(&archive, &changes, 100).await;
    agrees(&archive, &changes, "the whole folder").await;
}

#[tokio::test]
async fn a_lost_or_wrong_current_costs_nothing() {
    let changes = store(30);
    let last = changes.last().map_or(Seq(0), |c| c.seq);
    for text in [None, Some("g9\n"), Some(""), Some("../..\n")] {
        let folder = tempfile::tempdir().expect("a folder");
        follow(&TantivyArchive::open(folder.path(), STORE, Seq(0)), &changes, 100).await;
        let current = folder.path().join("CURRENT");
        let lose = || match text {
            None => std::fs::remove_file(&current).expect("removed"),
            Some(text) => std::fs::write(&current, text).expect("written"),
        };
        lose();
        let archive = TantivyArchive::open(folder.path(), STORE, last);
        agrees(&archive, &changes, "at the start").await;
        archive.apply(&[]).await.expect("nothing to do");
        assert!(current.exists());
        lose();
        let more = store(35);
        follow(&archive, &more, 100).await;
        assert!(current.exists());
        agrees(&archive, &more, "while it runs").await;
        drop(archive);
        assert_eq!(TantivyArchive::open(folder.path(), STORE, Seq(35)).follows_from(), Seq(35));
    }
}

#[tokio::test]
async fn a_file_that_is_cut_short_in_place_is_seen_before_its_memory_is_read() {
    // longer than a page of memory: behind the end of the file the system ends who reads
    let changes = town(990);
    let last = changes.last().map_or(Seq(0), |c| c.seq);
    let folder = tempfile::tempdir().expect("a folder");
    let archive = TantivyArchive::open(folder.path(), STORE, Seq(0));
    follow(&archive, &changes, 1_000).await;
    let whole = found(&archive, "riapre lunedi").await.expect("an answer");
    assert_eq!(whole.len(), 990);
    for file in files(folder.path()).iter().filter(|file| !file.to_string_lossy().ends_with(".json")) {
        std::fs::File::options().write(true).open(file).and_then(|file| file.set_len(0)).expect("cut");
    }
    for word in ["riapre lunedi", "\"riapre lunedi\"", "ria*", "", "ponte"] {
        let away = archive.search(&Query::text(word), &names(), noon()).await;
        let Err(SearchError::Away(standing)) = away else { panic!("{word}: {away:?}") };
        assert!(!standing.answers && matches!(standing.rebuild.map(|r| r.why), Some(Reason::Damaged(_))), "{word}");
    }
    follow(&archive, &changes, 1_000).await;
    assert_eq!(found(&archive, "riapre lunedi").await.expect("built again"), whole);
    assert_eq!(archive.cursor().await.expect("a cursor"), last);
}
