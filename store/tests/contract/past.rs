//! What comes in from before: imports of an old archive, and the past of watches.

use crate::world::*;
use salastampa_domain::*;

const BY: Actor = Actor::Console;

fn import(hash: &str) -> Import {
    Import {
        id: ImportId(0),
        name: "storico.csv".into(),
        hash: hash.into(),
        form: "{}".into(),
        by: BY,
        at: at(1),
        progress: Progress::default(),
        done_at: None,
        back: None,
        removed: 0,
        spared: 0,
    }
}

fn imported(outlet: OutletId, n: i64) -> NewArticle {
    NewArticle { via: Via::Import { batch: "1".into() }, guid: None, backlog: true, ..article(outlet, SourceId(0), n) }
}

contract! {
    async fn an_import_goes_on_where_it_was_interrupted(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_import(&import("ab")).await?;
        let other = write.record_import(&import("cd")).await?;
        let progress = Progress { position: 9, taken: 5, known: 3, refused: 1, refused_bytes: 40 };
        write.record_import_progress(id, progress, None).await?;
        let expected = Import { id, progress, ..import("ab") };
        assert_eq!(write.find_import_to_resume("ab", "{}").await?, Some(expected.clone()));
        assert_eq!(write.find_import_to_resume("ab", "{\"x\":1}").await?, None);
        write.record_import_progress(id, progress, Some(at(2))).await?;
        assert_eq!(write.find_import_to_resume("ab", "{}").await?, None, "it is done");
        assert_eq!(write.find_import(id).await?, Some(Import { done_at: Some(at(2)), ..expected }));
        assert!(write.record_import_back(other, &BY, at(3)).await?);
        assert!(!write.record_import_back(other, &BY, at(4)).await?, "somebody was first");
        assert_eq!(write.find_import_to_resume("cd", "{}").await?, None, "it is taken back");
        let listed: Vec<_> = write.list_imports(9).await?.into_iter().map(|i| (i.id, i.back)).collect();
        assert_eq!(listed, [(other, Some((BY, at(3)))), (id, None)]);
    }

    async fn an_imported_article_is_known_and_gets_no_story(home: &Home) {
        let (outlet, _) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let new = imported(outlet, 1);
        write.keep_article(&new, Some("t1"), 7, at(3)).await?.expect("kept");
        let key = ItemKey { guid: None, key: new.key.clone(), title_key: Some("t1".into()), day: 7 };
        assert_eq!(write.list_items_at(outlet, &["x", &new.key]).await?, std::slice::from_ref(&key));
        assert_eq!(write.list_items_titled(outlet, &["t1", "t2"]).await?, [key]);
        assert_eq!(write.list_items_at(OutletId(9), &[&new.key]).await?, []);
        assert!(write.list_unplaced(9).await?.is_empty());
        assert_eq!(write.count_articles_kept(Period { from: at(3), to: at(4) }).await?, 0, "not the work of that day");
    }

    async fn an_import_is_taken_back_but_for_what_people_used(home: &Home) {
        let (outlet, _) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let watch = write.record_watch(&watch("ponte")).await?;
        let id = write.record_import(&import("ab")).await?;
        let mut ids = Vec::new();
        for n in 1..=3 {
            let article = write.keep_article(&imported(outlet, n), None, 1, at(3)).await?.expect("kept");
            write.record_imported(id, article).await?;
            ids.push(article);
        }
        write.record_clipping(ids[0], watch, at(4), &[], false).await?.expect("clipped");
        let kept = write.record_clipping(ids[1], watch, at(4), &[], false).await?.expect("clipped");
        write.record_clipping_state(kept, ClippingState::Kept { by: UserId(1) }).await?;
        assert_eq!(write.remove_imported(id, 2).await?, (1, 2));
        assert_eq!(write.remove_imported(id, 2).await?, (1, 1));
        assert_eq!(write.remove_imported(id, 2).await?, (0, 0));
        let import = write.find_import(id).await?.expect("there");
        assert_eq!((import.removed, import.spared), (2, 1));
        assert!(write.list_clippings_of(ids[0]).await?.is_empty());
        assert!(write.find_body(ids[0]).await?.is_empty());
        let gone: Vec<_> = write.list_changes(Seq(3), 9).await?.into_iter().map(|c| c.kind).collect();
        assert_eq!(gone, [ChangeKind::Remove(ids[0]), ChangeKind::Remove(ids[2])]);
        assert!(write.keep_article(&imported(outlet, 1), None, 1, at(5)).await?.is_some(), "it may come in again");
        assert!(write.keep_article(&imported(outlet, 2), None, 1, at(5)).await?.is_none(), "this one stayed");
    }

    async fn the_past_of_a_watch_is_clipped_page_by_page(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_watch(&watch("ponte")).await?;
        assert_eq!(write.find_watch_past_waiting().await?, None);
        let past = WatchPast {
            watch: id, since: Some(at(1)), seq: Seq(7), after: None, made: 0, by: BY, at: at(2), done_at: None,
        };
        write.record_watch_past(&past).await?;
        assert_eq!(write.find_watch_past(id).await?, Some(past.clone()));
        assert!(write.record_watch_past_step(&past, Some("a.b"), 3, None).await?);
        let half = WatchPast { after: Some("a.b".into()), made: 3, ..past.clone() };
        assert_eq!(write.find_watch_past_waiting().await?, Some(half.clone()));
        assert!(write.record_watch_past_step(&half, None, 1, Some(at(4))).await?);
        assert_eq!(write.find_watch_past_waiting().await?, None);
        assert!(!write.record_watch_past_step(&half, None, 1, Some(at(4))).await?, "it is done");
        let again = WatchPast { since: None, at: at(9), ..past };
        write.record_watch_past(&again).await?;
        assert_eq!(write.find_watch_past_waiting().await?, Some(again.clone()));
        assert!(!write.record_watch_past_step(&half, None, 1, None).await?, "another was wished since");
    }
}
