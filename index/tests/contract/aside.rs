//! What the engine chokes on: an article is set aside with its reason, an engine that breaks loses nothing.

use crate::changes::{put, town};
use crate::common::{article, noon};
use crate::damaged::{files, zeroed};
use crate::follower::{STORE, agrees, follow, found, standing};
use salastampa_domain::Seq;
use salastampa_index::{Archive, Moment, Obstacle, Reason, SearchError, TantivyArchive};
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn an_article_that_breaks_the_analysis_is_set_aside_and_tried_again() {
    let mut changes = town(30);
    let folder = tempfile::tempdir().expect("a folder");
    let poison = |moment| assert!(!matches!(moment, Moment::Adding(id) if id.0 == 13), "an article too strange");
    let archive = TantivyArchive::open_watched(folder.path(), STORE, Seq(0), poison);
    assert_eq!(follow(&archive, &changes, 10).await, 0);
    let without: Vec<_> = changes.iter().filter(|c| c.seq != Seq(13)).cloned().collect();
    agrees(&archive, &without, "the rest goes on").await;
    let aside = standing(&archive).await.aside;
    assert_eq!(aside.len(), 1);
    assert_eq!((aside[0].article.0, aside[0].seq, &*aside[0].reason), (13, Seq(13), "an article too strange"));
    drop(archive);
    // it is known after a restart, and tried by the next building or when it changes
    let archive = TantivyArchive::open(folder.path(), STORE, Seq(30));
    assert_eq!(standing(&archive).await.aside, aside);
    archive.rebuild().await.expect("begun");
    follow(&archive, &changes, 10).await;
    agrees(&archive, &changes, "built anew").await;
    assert!(standing(&archive).await.aside.is_empty());
    changes.push(put(31, article(13, "Chiude il municipio", "", noon()), ""));
    follow(&archive, &changes, 10).await;
    agrees(&archive, &changes, "changed").await;
}

#[tokio::test]
async fn a_commit_that_breaks_is_halved_until_it_is_known_which_article_it_is() {
    let changes = town(60);
    for by_building in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let in_batch = Arc::new(Mutex::new(Vec::new()));
        let witness = move |moment| {
            let mut given = in_batch.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match moment {
                Moment::Adding(id) => given.push(id.0),
                Moment::Prepared => {
                    let is_poisoned = std::mem::take(&mut *given).contains(&37);
                    drop(given);
                    assert!(!is_poisoned, "the engine chokes on it");
                }
                _ => {}
            }
        };
        let last = if by_building { 60 } else { 0 };
        let archive = TantivyArchive::open_watched(folder.path(), STORE, Seq(last), witness);
        follow(&archive, &changes, 20).await;
        let without: Vec<_> = changes.iter().filter(|c| c.seq != Seq(37)).cloned().collect();
        agrees(&archive, &without, "the rest goes on").await;
        let aside = standing(&archive).await.aside;
        assert_eq!(aside.iter().map(|a| a.article.0).collect::<Vec<_>>(), [37]);
    }
}

#[tokio::test]
async fn an_engine_that_breaks_whatever_it_is_given_is_told_and_loses_nothing() {
    let changes = town(30);
    let folder = tempfile::tempdir().expect("a folder");
    let is_broken = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let broken = is_broken.clone();
    let witness = move |moment| {
        assert!(moment != Moment::Prepared || !broken.load(std::sync::atomic::Ordering::Acquire), "it is broken");
    };
    let archive = TantivyArchive::open_watched(folder.path(), STORE, Seq(0), witness);
    follow(&archive, &changes[..20], 10).await;
    is_broken.store(true, std::sync::atomic::Ordering::Release);
    for _ in 0..3 {
        assert!(archive.apply(&changes).await.is_err());
    }
    assert!(matches!(standing(&archive).await.obstacle, Some(Obstacle::Other(_))));
    assert!(matches!(found(&archive, "ponte").await, Err(SearchError::Away(_))), "its index was thrown away");
    is_broken.store(false, std::sync::atomic::Ordering::Release);
    follow(&archive, &changes, 10).await;
    agrees(&archive, &changes, "in the end").await;
}

#[tokio::test]
async fn a_search_that_breaks_the_engine_throws_no_whole_archive_away() {
    let changes = town(30);
    let folder = tempfile::tempdir().expect("a folder");
    let breaks = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let armed = breaks.clone();
    let witness = move |moment| {
        let breaks = moment == Moment::Searching && armed.swap(false, std::sync::atomic::Ordering::AcqRel);
        assert!(!breaks, "a search that breaks the engine");
    };
    let archive = TantivyArchive::open_watched(folder.path(), STORE, Seq(0), witness);
    archive.apply(&changes).await.expect("applied");
    assert!(matches!(found(&archive, "ponte").await, Err(SearchError::Engine(_))));
    archive.tend(Seq(30)).await.expect("it is looked after");
    agrees(&archive, &changes, "its files are well").await;
    // where the files are what broke it, they are seen
    breaks.store(true, std::sync::atomic::Ordering::Release);
    let store = files(folder.path()).into_iter().find(|path| path.to_string_lossy().ends_with(".store"));
    zeroed(&store.expect("a file that no search reads"));
    assert!(found(&archive, "ponte").await.is_err());
    archive.tend(Seq(30)).await.expect("it is looked after");
    assert!(matches!(standing(&archive).await.rebuild.map(|r| r.why), Some(Reason::Damaged(_))));
    follow(&archive, &changes, 10).await;
    agrees(&archive, &changes, "built again").await;
}
