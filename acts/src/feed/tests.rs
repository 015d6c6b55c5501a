//! Feeds: what they show to whom, and what of it is written down.

use super::*;
use crate::desk::small::watch;
use crate::dossier;
use crate::export::tests::Press;
use salastampa_domain::{DossierId, WatchId};

fn wanted(name: &str, readers: &str, of: FeedOf) -> Wanted {
    Wanted { name: name.into(), readers: readers.into(), of }
}

fn search(query: &str) -> FeedOf {
    FeedOf::Search { query: query.into() }
}

async fn shown(press: &Press, secret: &str) -> Option<Vec<i64>> {
    let feed = find(&mut press.office.store.read().await.expect("rows"), secret).await.expect("rows")?;
    let desk = press.office.desk("lia");
    let shown = read(desk.store, &*press.archive, feed, desk.now).await.expect("a feed");
    Some(shown.lines.into_iter().map(|line| line.article.0).collect())
}

#[tokio::test]
async fn a_feed_shows_a_search_a_dossier_or_a_watch_and_is_accounted_for_once() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    dossier::put_into_new(desk, "Ponte", &[ArticleId(2), ArticleId(5)]).await.expect("a dossier");
    let mut write = desk.store.write().await.expect("a transaction");
    let watch = write.record_watch(&watch("ponte")).await.expect("a watch");
    for (article, state) in [(3, ClippingState::Proposed), (4, ClippingState::Dropped { by: UserId(1) })] {
        let id =
            write.record_clipping(ArticleId(article), watch, desk.now, &[], false).await.expect("ok").expect("new");
        write.record_clipping_state(id, state).await.expect("ok");
    }
    write.commit().await.expect("a commit");
    let dossier = FeedOf::Dossier { dossier: DossierId(1) };
    for (of, ids) in
        [(search("ponte"), vec![1, 2, 3, 4, 5, 6, 7]), (dossier, vec![2, 5]), (FeedOf::Watch { watch }, vec![3])]
    {
        let secret = make(desk, &wanted("Ponte", "3", of)).await.expect("a feed");
        assert_eq!(shown(&press, &secret).await, Some(ids.clone()));
        let uses = press.uses().await.len();
        assert_eq!(shown(&press, &secret).await, Some(ids));
        assert_eq!(press.uses().await.len(), uses, "a second poll uses nothing");
    }
    let uses = press.uses().await;
    assert_eq!(uses.len(), 10);
    assert!(uses.iter().all(|used| used.output == "feed" && used.readers == 3 && !used.full_text));
}

#[tokio::test]
async fn a_licence_for_twenty_readers_gives_thirty_the_short_extract() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    let longest = async |readers| {
        let secret = make(desk, &wanted("Ponte", readers, search("testata:licenza"))).await.expect("a feed");
        let feed = find(&mut desk.store.read().await.expect("rows"), &secret).await.expect("rows").expect("a feed");
        let shown = read(desk.store, &*press.archive, feed, desk.now).await.expect("a feed");
        shown.lines.iter().map(|line| line.extract.as_str().chars().count()).max().unwrap_or_default()
    };
    assert!(longest("20").await > 200);
    assert!((1..=200).contains(&longest("30").await));
}

#[tokio::test]
async fn an_address_opens_until_it_is_renewed_or_closed() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    let first = make(desk, &wanted("Ponte", "1", search("ponte"))).await.expect("a feed");
    let second = renew(desk, FeedId(1)).await.expect("renewed");
    assert_eq!(shown(&press, &first).await, None);
    assert!(shown(&press, &second).await.is_some());
    let kept = desk.store.read().await.expect("rows").list_feeds().await.expect("rows").remove(0);
    assert!(kept.hash != second && kept.hash != first, "the secret is stored nowhere");
    revoke(desk, FeedId(1)).await.expect("closed");
    assert_eq!(shown(&press, &second).await, None);
    assert!(revoke(desk, FeedId(1)).await.is_err() && renew(desk, FeedId(1)).await.is_err());
    for junk in ["", "x", &"f".repeat(64)] {
        assert_eq!(shown(&press, junk).await, None);
    }
    assert_eq!(press.office.log().await, ["feed.add", "feed.renew", "feed.revoke"]);
}

#[tokio::test]
async fn a_feed_that_cannot_be_is_refused_with_its_reason() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    let fields = crate::desk::small::fields;
    assert_eq!(fields(make(desk, &wanted("", "0", search(" "))).await), ["nome", "lettori", "ricerca"]);
    assert_eq!(fields(make(desk, &wanted("Ponte", "1", search("\"ponte"))).await), ["ricerca"]);
    assert!(make(desk, &wanted("Ponte", "1", FeedOf::Watch { watch: WatchId(9) })).await.is_err());
    assert!(make(desk, &wanted("Ponte", "1", FeedOf::Dossier { dossier: DossierId(9) })).await.is_err());
    for who in ["ivo", "ada"] {
        assert!(make(press.office.desk(who), &wanted("Ponte", "1", search("ponte"))).await.is_err(), "{who}");
    }
    assert!(press.office.log().await.is_empty());
}
