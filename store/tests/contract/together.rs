//! Many at once: numbers without gaps in the order of commits, claims that are never given twice, turns of writers.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Claim, Store};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

/// Follows the changes until it has seen `count`, and says in which order it saw them.
async fn follow(store: Store, count: i64) -> Result<Vec<i64>, salastampa_store::Error> {
    let mut seen = Vec::new();
    while seen.len() < usize::try_from(count).expect("a small count") {
        let cursor = Seq(seen.last().copied().unwrap_or(0));
        seen.extend(store.read().await?.list_changes(cursor, 17).await?.iter().map(|change| change.seq.0));
        tokio::task::yield_now().await;
    }
    Ok(seen)
}

contract! {
    /// A follower that reads `seq > cursor` while 200 writers commit misses none: numbers are committed in their order.
    async fn two_hundred_writers_at_once_leave_no_gap_for_a_follower(home: &Home) {
        let (outlet, source) = press(&home.store).await?;
        let follower = tokio::spawn(follow(home.store.clone(), 200));
        // a second opening stands for another process
        let stores = [home.store.clone(), home.again().await];
        let mut writers = JoinSet::new();
        for n in 0..200 {
            let store = stores[n % 2].clone();
            writers.spawn(async move {
                let n = i64::try_from(n).expect("small");
                let mut write = store.write().await?;
                if n % 10 == 0 {
                    // numbers drawn by a transaction that is dropped come back
                    write.keep_article(&article(outlet, source, 1_000 + n), None, 1, NOW).await?;
                    drop(write);
                    write = store.write().await?;
                }
                write.keep_article(&article(outlet, source, n), None, 1, NOW).await?;
                write.commit().await
            });
        }
        while let Some(done) = writers.join_next().await {
            done.expect("no panic")?;
        }
        let seen = follower.await.expect("no panic")?;
        assert_eq!(seen, (1..=200).collect::<Vec<_>>());
        assert_eq!(home.store.read().await?.last_seq().await?, Seq(200));
        let ids: Vec<ArticleId> = (1..=200).map(ArticleId).collect();
        assert_eq!(home.store.read().await?.list_articles(&ids).await?.len(), 200, "numbers of articles have no gaps either");
        stores[1].close().await;
    }

    async fn the_same_article_seen_by_many_is_kept_once(home: &Home) {
        let (outlet, source) = press(&home.store).await?;
        let mut writers = JoinSet::new();
        for _ in 0..16 {
            let store = home.store.clone();
            writers.spawn(async move {
                let mut write = store.write().await?;
                let kept = write.keep_article(&article(outlet, source, 1), None, 1, NOW).await?;
                write.commit().await.map(|()| kept.is_some())
            });
        }
        let mut kept = 0;
        while let Some(done) = writers.join_next().await {
            kept += usize::from(done.expect("no panic")?);
        }
        assert_eq!(kept, 1);
        assert_eq!(home.store.read().await?.count_articles().await?, 1);
    }

    async fn a_delivery_is_given_to_one_worker(home: &Home) {
        let all: Vec<NewDelivery> =
            (0..90).map(|n| delivery(DeliveryKind::Release, 1, &format!("r{n}@redazioni.test"))).collect();
        let mut write = home.store.write().await?;
        write.record_deliveries(&all, NOW, message_id).await?;
        write.commit().await?;
        let stores = [home.store.clone(), home.again().await];
        let mut workers = JoinSet::new();
        for n in 0..8 {
            let store = stores[n % 2].clone();
            workers.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let mut write = store.write().await?;
                    let claimed = write.claim_deliveries(&Claim::of(&format!("w{n}"), NOW, at(2), 4)).await?;
                    write.commit().await?;
                    if claimed.is_empty() {
                        return Ok::<_, salastampa_store::Error>(mine);
                    }
                    mine.extend(claimed.iter().map(|d| d.id));
                }
            });
        }
        let mut given = Vec::new();
        while let Some(done) = workers.join_next().await {
            given.extend(done.expect("no panic")?);
        }
        assert_eq!((given.len(), given.iter().collect::<BTreeSet<_>>().len()), (90, 90));
        stores[1].close().await;
    }

    async fn a_host_has_one_visitor(home: &Home) {
        let (outlet, _) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        for n in 0..30 {
            write.record_source(&Source { host: format!("h{}.test", n % 10), ..source(&format!("s{n}"), outlet) }).await?;
        }
        write.commit().await?;
        let mut workers = JoinSet::new();
        for n in 0..8 {
            let store = home.store.clone();
            workers.spawn(async move {
                let mut write = store.write().await?;
                let claimed = write.claim_visits(&format!("w{n}"), NOW, at(2), 3).await?;
                write.commit().await?;
                Ok::<_, salastampa_store::Error>(claimed)
            });
        }
        let mut hosts = Vec::new();
        while let Some(done) = workers.join_next().await {
            hosts.extend(done.expect("no panic")?.into_iter().map(|(_, host)| host));
        }
        assert_eq!((hosts.len(), hosts.iter().collect::<BTreeSet<_>>().len()), (11, 11), "ten hosts and il-lago");
    }

    async fn one_of_many_gets_a_job(home: &Home) {
        let mut workers = JoinSet::new();
        for n in 0..12 {
            let store = home.store.clone();
            workers.spawn(async move {
                let mut write = store.write().await?;
                let mine = write.claim_job("group", &format!("w{n}"), NOW, at(2)).await?;
                write.commit().await.map(|()| mine)
            });
        }
        let mut given = 0;
        while let Some(done) = workers.join_next().await {
            given += usize::from(done.expect("no panic")?);
        }
        assert_eq!(given, 1);
    }

    async fn a_dropped_transaction_leaves_nothing_and_lets_the_next_one_in(home: &Home) {
        let (outlet, source) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let id = write.keep_article(&article(outlet, source, 1), None, 1, NOW).await?.expect("kept");
        assert!(write.find_article(id).await?.is_some(), "it reads what it has written");
        assert_eq!(home.store.read().await?.find_article(id).await?, None, "nobody else does");
        drop(write);
        assert_eq!(home.store.read().await?.last_seq().await?, Seq(0));
        let mut write = home.store.write().await?;
        assert_eq!(write.keep_article(&article(outlet, source, 2), None, 1, NOW).await?, Some(id), "the number was not used");
    }

    /// Readers are not held up by a writer, and a connection to read by cannot write.
    async fn readers_do_not_wait_for_a_writer(home: &Home) {
        let (outlet, source, _) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        write.keep_article(&article(outlet, source, 2), None, 1, NOW).await?;
        let mut readers = JoinSet::new();
        for _ in 0..20 {
            let store = home.store.clone();
            readers.spawn(async move { store.read().await?.count_articles().await });
        }
        while let Some(done) = readers.join_next().await {
            assert_eq!(done.expect("no panic")?, 1);
        }
        write.commit().await?;
    }
}
