//! The follower that nothing can break: at whatever moment it is killed, whatever is done to its folder, in the end it
//! answers as the store would, and until then it says that it does not.

use crate::changes::{put, remove, town};
use crate::common::{article, names, noon};
use salastampa_domain::{Change, ChangeKind, Query, Seq, Sort};
use salastampa_index::{Archive, Moment, Reason, SearchError, Standing, TantivyArchive};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub(crate) const STORE: &str = "store-a";

/// A store after its first `n` changes, as a follower reads it: each article at its last change. Every fifth one is a
/// revision or a removal of an earlier article.
pub(crate) fn store(n: i64) -> Vec<Change> {
    let mut last: BTreeMap<i64, Change> = BTreeMap::new();
    for seq in 1..=n {
        let earlier = seq - 4;
        let change = match seq % 10 {
            0 => remove(seq, earlier),
            5 => put(seq, article(earlier, "Chiude il municipio", "", noon()), "Riapre lunedì."),
            _ => town(seq).remove(usize::try_from(seq - 1).expect("small")),
        };
        last.insert(change.article().0, change);
    }
    let mut changes: Vec<Change> = last.into_values().collect();
    changes.sort_unstable_by_key(|change| change.seq);
    changes
}

/// What must be found: a naive look at the changes.
pub(crate) fn expected(changes: &[Change], word: &str) -> Vec<i64> {
    let mut now: BTreeMap<i64, bool> = BTreeMap::new();
    for change in changes {
        let holds = match &change.kind {
            ChangeKind::Put { article, .. } => article.title.contains(word),
            ChangeKind::Remove(_) => false,
        };
        now.insert(change.article().0, holds);
    }
    now.into_iter().filter_map(|(id, holds)| holds.then_some(id)).collect()
}

const WORDS: [&str; 4] = ["ponte", "strada", "municipio", ""];

pub(crate) async fn found(archive: &TantivyArchive, word: &str) -> Result<Vec<i64>, SearchError> {
    let mut query = Query { sort: Sort::Oldest, ..Query::text(word) };
    query.page.size = 1_000;
    let hits = archive.search(&query, &names(), noon()).await?;
    let mut ids: Vec<i64> = hits.hits.iter().map(|hit| hit.article.0).collect();
    ids.sort_unstable();
    assert_eq!(hits.total, ids.len() as u64);
    Ok(ids)
}

pub(crate) async fn standing(archive: &TantivyArchive) -> Standing {
    archive.standing().await.expect("it stands somehow")
}

/// The job: so many changes a step, until nothing is left; an error is tried again.
pub(crate) async fn follow(archive: &TantivyArchive, changes: &[Change], step: usize) -> usize {
    let last = changes.last().map_or(Seq(0), |change| change.seq);
    let next = |after: Seq| -> Vec<Change> { changes.iter().filter(|c| c.seq > after).take(step).cloned().collect() };
    let mut failed = 0;
    for _ in 0..10_000 {
        archive.tend(last).await.expect("it is looked after");
        let next_ones = next(archive.follows_from());
        let must = !standing(archive).await.answers;
        if !next_ones.is_empty() || must {
            failed += usize::from(archive.apply(&next_ones).await.is_err());
            continue;
        }
        match archive.grows_from() {
            Some(after) => failed += usize::from(archive.grow(&next(after)).await.is_err()),
            None => return failed,
        }
    }
    panic!("it never catches up: {:?}", standing(archive).await)
}

pub(crate) async fn agrees(archive: &TantivyArchive, changes: &[Change], what: &str) {
    for word in WORDS {
        assert_eq!(found(archive, word).await.expect(what), expected(changes, word), "{what}: {word:?}");
    }
    let standing = standing(archive).await;
    assert!(standing.rebuild.is_none() && standing.obstacle.is_none() && standing.answers, "{what}: {standing:?}");
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the folder").flatten() {
        let path = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &path),
            // the engine may tidy a merged file away under our hands: no commit names it any more
            false => drop(std::fs::copy(entry.path(), path)),
        }
    }
}

/// A witness that copies the folder at each moment: what a killed process would leave.
struct Disk {
    copies: tempfile::TempDir,
    taken: Arc<Mutex<Vec<(Moment, PathBuf)>>>,
}

impl Disk {
    fn new() -> Self {
        Self { copies: tempfile::tempdir().expect("a folder"), taken: Arc::default() }
    }

    fn watch(&self, folder: &Path) -> impl Fn(Moment) + Send + Sync + 'static {
        let (folder, copies, taken) = (folder.to_owned(), self.copies.path().to_owned(), self.taken.clone());
        move |moment| {
            if matches!(moment, Moment::Adding(id) if id.0 % 17 != 0) || moment == Moment::Searching {
                return;
            }
            let mut taken = taken.lock().expect("one at a time");
            let to = copies.join(taken.len().to_string());
            copy(&folder, &to);
            taken.push((moment, to));
        }
    }
}

#[tokio::test]
async fn killed_at_any_moment_it_goes_on_and_agrees_with_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::new();
    let (first, whole) = (store(40), store(60));
    let archive = TantivyArchive::open_watched(folder.path(), STORE, Seq(0), disk.watch(folder.path()));
    // it follows, is built anew beside, and news comes in meanwhile
    archive.apply(&store(15)).await.expect("applied");
    follow(&archive, &first, 7).await;
    assert!(archive.rebuild().await.expect("begun"));
    assert!(!archive.rebuild().await.expect("under way"));
    for step in [10, 20] {
        let after = archive.grows_from().expect("something grows");
        let next: Vec<_> = first.iter().filter(|c| c.seq > after).take(step).cloned().collect();
        archive.grow(&next).await.expect("grown");
        assert_eq!(found(&archive, "ponte").await.expect("the old one answers"), expected(&first, "ponte"));
    }
    follow(&archive, &whole, 9).await;
    agrees(&archive, &whole, "undisturbed").await;
    drop(archive);
    let taken = std::mem::take(&mut *disk.taken.lock().expect("one at a time"));
    let seen: std::collections::BTreeSet<_> =
        taken.iter().map(|(moment, _)| std::mem::discriminant(moment)).map(|d| format!("{d:?}")).collect();
    assert_eq!(seen.len(), 7, "every moment but a search came up");
    for (moment, path) in &taken {
        let what = format!("killed at {moment:?} in {}", path.display());
        let last = whole.last().map_or(Seq(0), |c| c.seq);
        let again = TantivyArchive::open(path, STORE, last);
        // whoever answers answers for the changes up to its cursor, and nothing else
        let cursor = again.cursor().await.expect("a cursor");
        match found(&again, "").await {
            Ok(ids) => {
                let then = expected(&store(cursor.0), "");
                // an article that changes once more behind the cursor comes with that change
                let certain: Vec<_> = whole.iter().filter(|c| c.seq <= cursor).cloned().collect();
                assert!(ids.iter().all(|id| then.contains(id)), "{what}: {ids:?}");
                assert!(expected(&certain, "").iter().all(|id| ids.contains(id)), "{what}: {ids:?}");
            }
            Err(error) => assert!(matches!(error, SearchError::Away(_)), "{what}: {error}"),
        }
        assert_eq!(follow(&again, &whole, 8).await, 0, "{what}");
        agrees(&again, &whole, &what).await;
        let left = std::fs::read_dir(path).expect("the folder").flatten().filter(|e| e.path().is_dir()).count();
        assert_eq!(left, 1, "{what}: one index is left");
    }
}

#[tokio::test]
async fn an_index_in_the_folder_itself_is_taken_over_and_moves_out_with_the_next_building() {
    let changes = store(30);
    let last = changes.last().map_or(Seq(0), |c| c.seq);
    let made = tempfile::tempdir().expect("a folder");
    follow(&TantivyArchive::open(made.path(), STORE, Seq(0)), &changes, 100).await;
    let folder = tempfile::tempdir().expect("a folder");
    copy(&made.path().join("g1"), folder.path());
    let archive = TantivyArchive::open(folder.path(), STORE, last);
    agrees(&archive, &changes, "as it was").await;
    let more = store(35);
    follow(&archive, &more, 100).await;
    agrees(&archive, &more, "and goes on").await;
    archive.rebuild().await.expect("begun");
    follow(&archive, &more, 10).await;
    agrees(&archive, &more, "built anew").await;
    let mut names: Vec<_> = std::fs::read_dir(folder.path()).expect("it").flatten().map(|e| e.file_name()).collect();
    names.sort();
    assert_eq!(names, ["CURRENT", "g1", "writer.lock"]);
}

#[tokio::test]
async fn what_does_not_fit_the_store_is_built_anew() {
    let changes = store(30);
    let folder = tempfile::tempdir().expect("a folder");
    follow(&TantivyArchive::open(folder.path(), STORE, Seq(0)), &changes, 100).await;
    // restored from a backup: what lies behind its end is not answered from
    let restored = store(20);
    let archive = TantivyArchive::open(folder.path(), STORE, Seq(20));
    assert_eq!(standing(&archive).await.rebuild.map(|r| r.why), Some(Reason::AheadOfStore));
    let ids = found(&archive, "").await.expect("the old one answers");
    let right = expected(&restored, "");
    assert!(ids.len() > 10 && ids.iter().all(|id| right.contains(id)), "{ids:?}");
    follow(&archive, &restored, 6).await;
    agrees(&archive, &restored, "restored").await;
    drop(archive);
    let other = TantivyArchive::open(folder.path(), "store-b", Seq(20));
    let away = found(&other, "ponte").await;
    assert!(
        matches!(&away, Err(SearchError::Away(s)) if s.rebuild.as_ref().is_some_and(|r| r.why == Reason::OtherStore))
    );
    follow(&other, &restored, 6).await;
    agrees(&other, &restored, "another store").await;
}

#[tokio::test]
async fn what_another_version_made_is_built_anew_and_answers_where_its_fields_are_the_same() {
    let (changes, more) = (store(30), store(35));
    for (name, answers) in [("analysis", true), ("schema", false)] {
        let folder = tempfile::tempdir().expect("a folder");
        follow(&TantivyArchive::open(folder.path(), STORE, Seq(0)), &changes, 100).await;
        let list = folder.path().join("g1/meta.json");
        let text = std::fs::read_to_string(&list).expect("the list of segments");
        let (before, after) = text.split_once(&format!("\\\"{name}\\\":")).expect("its version");
        let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        std::fs::write(&list, format!("{before}\\\"{name}\\\":0{rest}")).expect("written");
        let archive = TantivyArchive::open(folder.path(), STORE, Seq(30));
        assert_eq!(standing(&archive).await.rebuild.map(|r| r.why), Some(Reason::OtherVersion));
        assert_eq!(found(&archive, "ponte").await.is_ok(), answers, "{name}");
        if answers {
            // news comes in while another one is built, also after a restart
            archive.apply(&more).await.expect("applied");
            assert_eq!(found(&archive, "ponte").await.expect("it answers"), expected(&more, "ponte"));
            drop(archive);
            let again = TantivyArchive::open(folder.path(), STORE, Seq(35));
            assert_eq!(standing(&again).await.rebuild.map(|r| r.why), Some(Reason::OtherVersion));
            follow(&again, &more, 10).await;
            agrees(&again, &more, name).await;
        } else {
            follow(&archive, &more, 10).await;
            agrees(&archive, &more, name).await;
        }
        assert!(folder.path().join("g2").exists() && !folder.path().join("g1").exists());
    }
}

#[tokio::test]
async fn an_unfinished_building_goes_on_where_it_stopped() {
    let changes = town(200);
    let folder = tempfile::tempdir().expect("a folder");
    let added = Arc::new(Mutex::new(0));
    let count = || {
        let added = added.clone();
        move |moment| *added.lock().expect("one at a time") += usize::from(matches!(moment, Moment::Adding(_)))
    };
    let archive = TantivyArchive::open_watched(folder.path(), STORE, Seq(0), count());
    follow(&archive, &changes, 200).await;
    archive.rebuild().await.expect("begun");
    // sixteen pieces are a commit
    for n in 0..20 {
        archive.grow(&changes[n * 5..n * 5 + 5]).await.expect("grown");
    }
    drop(archive);
    let archive = TantivyArchive::open_watched(folder.path(), STORE, Seq(200), count());
    let standing = standing(&archive).await;
    let rebuild = standing.rebuild.expect("it goes on");
    assert_eq!((rebuild.why, rebuild.articles, archive.grows_from()), (Reason::Unfinished, 80, Some(Seq(80))));
    agrees_while_building(&archive, &changes).await;
    follow(&archive, &changes, 50).await;
    agrees(&archive, &changes, "in the end").await;
    assert_eq!(*added.lock().expect("one at a time"), 200 + 100 + 120);
}

async fn agrees_while_building(archive: &TantivyArchive, changes: &[Change]) {
    assert_eq!(found(archive, "ponte").await.expect("the old one answers"), expected(changes, "ponte"));
}

#[tokio::test]
async fn searches_and_building_do_not_wait_for_one_another() {
    let changes = town(300);
    let folder = tempfile::tempdir().expect("a folder");
    // a commit that stands still for as long as the search lasts
    let (asked, answered) = (Arc::new(std::sync::Barrier::new(2)), Arc::new(std::sync::Barrier::new(2)));
    let holds = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (here, there, when) = (asked.clone(), answered.clone(), holds.clone());
    let witness = move |moment| {
        if moment == Moment::Prepared && when.swap(false, std::sync::atomic::Ordering::AcqRel) {
            here.wait();
            there.wait();
        }
    };
    let archive = TantivyArchive::open_watched(folder.path(), STORE, Seq(0), witness);
    archive.apply(&changes[..200]).await.expect("applied");
    holds.store(true, std::sync::atomic::Ordering::Release);
    let writer = archive.clone();
    let more = changes.clone();
    let writing = tokio::spawn(async move { writer.apply(&more).await });
    tokio::task::spawn_blocking(move || asked.wait()).await.expect("the commit stands still");
    assert_eq!(found(&archive, "").await.expect("an answer").len(), 200);
    assert_eq!(standing(&archive).await.cursor, Seq(200));
    tokio::task::spawn_blocking(move || answered.wait()).await.expect("it goes on");
    writing.await.expect("it ends").expect("applied");
    assert_eq!(found(&archive, "").await.expect("an answer").len(), 300);
}
