//! Clipping by hand on a small store.

use super::*;
use crate::desk::small::{article, outlet, store, watch};
use crate::user;
use salastampa_domain::time::DAY;
use salastampa_domain::{Clipping, ForeignText, NewArticle, Period, Role, Urgency, UserId, Watch, WatchId};

pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000_000);

/// A store in a folder of its own.
pub(crate) struct Home {
    pub(crate) store: Store,
    _folder: tempfile::TempDir,
}

/// Lia edits, Ugo reads; one watch on the bridge.
pub(crate) async fn office() -> Home {
    let (folder, store) = store(NOW).await;
    let mut write = store.write().await.expect("a transaction");
    write.record_user(&user::blank("lia", "Lia Neri", Role::Editor)).await.expect("a user");
    write.record_user(&user::blank("ugo", "Ugo Riva", Role::Viewer)).await.expect("a user");
    write.record_watch(&Watch { urgency: Urgency::Flash, ..watch("ponte") }).await.expect("a watch");
    write.commit().await.expect("a commit");
    Home { store, _folder: folder }
}

/// Articles 1 to `n`: the odd ones on the bridge, each two days older than the one before.
pub(crate) async fn town(store: &Store, n: i64) -> Vec<ArticleId> {
    let mut write = store.write().await.expect("a transaction");
    let outlet = write.record_outlet(&outlet("il-lago", "Il Lago")).await.expect("an outlet");
    let mut kept = Vec::new();
    for id in 1..=n {
        let subject = if id % 2 == 1 { "ponte" } else { "viale" };
        let at = NOW.plus((1 - id) * 2 * DAY);
        let article = NewArticle {
            body: ForeignText::new("Lavori in corso."),
            published_at: Some(at),
            ..article(outlet, &format!("https://il-lago.test/{id}"), &format!("Chiude il {subject}"), at)
        };
        let id = write.keep_article(&article, None, 0, NOW).await.expect("an answer").expect("a new article");
        kept.push(id);
    }
    write.commit().await.expect("a commit");
    kept
}

/// What stands clipped for a watch.
pub(crate) async fn clippings(store: &Store, watch: &str) -> Vec<Clipping> {
    let mut rows = store.read().await.expect("rows");
    let watch = rows.find_watch(watch).await.expect("rows").expect("a watch");
    rows.list_clippings(&[watch.id], Period::ALWAYS).await.expect("rows")
}

async fn states(store: &Store) -> Vec<ClippingState> {
    clippings(store, "ponte").await.iter().map(|c| c.state).collect()
}

const KEPT: ClippingState = ClippingState::Kept { by: UserId(1) };

#[tokio::test]
async fn articles_are_clipped_by_hand_and_taken_back() {
    let home = office().await;
    let ids = town(&home.store, 3).await;
    let mut write = home.store.write().await.expect("a transaction");
    let proposed = write.record_clipping(ids[0], WatchId(1), NOW, &["ponte".into()], false).await.expect("made");
    write.commit().await.expect("a commit");
    let all = [ids[0], ids[1], ids[1], ArticleId(99)];
    let done = clip(&home.store, "lia", "ponte", &all, NOW.plus(5)).await.expect("clipped");
    assert_eq!((done.changed, done.already), (2, 0), "named twice is clipped once, unknown ones are left out");
    let made = clippings(&home.store, "ponte").await;
    assert_eq!(
        made.iter().map(|c| (c.article, c.state, c.fresh)).collect::<Vec<_>>(),
        [(ids[0], KEPT, false), (ids[1], KEPT, false)]
    );
    let again = clip(&home.store, "lia", "ponte", &ids[..2], NOW).await.expect("clipped");
    assert_eq!(again, Done { changed: 0, already: 2, event: None });

    let back = undo(&home.store, "lia", done.event.expect("a line"), NOW.plus(9)).await.expect("taken back");
    assert_eq!(back.changed, 2);
    let left = clippings(&home.store, "ponte").await;
    assert_eq!(left.iter().map(|c| (Some(c.id), c.state)).collect::<Vec<_>>(), [(proposed, ClippingState::Proposed)]);
    let twice = undo(&home.store, "lia", done.event.expect("a line"), NOW.plus(9)).await.expect("nothing left");
    assert_eq!((twice.changed, twice.already), (0, 2));
}

#[tokio::test]
async fn a_clipping_is_decided_and_what_others_decide_stays() {
    let home = office().await;
    let ids = town(&home.store, 1).await;
    let made = clip(&home.store, "lia", "ponte", &ids, NOW).await.expect("clipped");
    let id = clippings(&home.store, "ponte").await[0].id;
    let dropped = decide(&home.store, "lia", id, Choice::Drop, NOW).await.expect("dropped");
    assert_eq!(states(&home.store).await, [ClippingState::Dropped { by: UserId(1) }]);
    assert_eq!(decide(&home.store, "lia", id, Choice::Drop, NOW).await.expect("twice").changed, 0);
    let stale = undo(&home.store, "lia", made.event.expect("a line"), NOW).await.expect("an answer");
    assert_eq!((stale.changed, stale.already), (0, 1), "it was dropped since");
    undo(&home.store, "lia", dropped.event.expect("a line"), NOW).await.expect("taken back");
    assert_eq!(states(&home.store).await, [KEPT]);
    decide(&home.store, "lia", id, Choice::Reopen, NOW).await.expect("opened");
    assert_eq!(states(&home.store).await, [ClippingState::Proposed]);
}

#[tokio::test]
async fn only_who_curates_clips_and_only_the_own_act_is_taken_back() {
    let home = office().await;
    let ids = town(&home.store, 1).await;
    let refused = clip(&home.store, "ugo", "ponte", &ids, NOW).await.expect_err("refused");
    assert!(matches!(refused, crate::Error::Denied(Denied::Role { .. })));
    crate::user::add(&home.store, &crate::House::sample(), "ada", "Ada Corti", Role::Chief, NOW).await.expect("a user");
    let done = clip(&home.store, "lia", "ponte", &ids, NOW).await.expect("clipped");
    for (login, event) in [("ada", done.event.expect("a line")), ("lia", EventId(99))] {
        let refused = undo(&home.store, login, event, NOW).await.expect_err("not hers");
        assert!(matches!(refused, crate::Error::Denied(Denied::Unknown { .. })));
    }
    crate::watch::retire(&home.store, "lia", "ponte", NOW).await.expect("retired");
    let refused = clip(&home.store, "lia", "ponte", &ids, NOW).await.expect_err("retired");
    assert!(matches!(refused, crate::Error::Denied(Denied::Unknown { .. })));
}
