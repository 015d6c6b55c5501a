//! Articles, their revisions and the order of changes.

use crate::world::*;
use salastampa_domain::*;

contract! {
    async fn a_kept_article_is_read_as_it_was_given(home: &Home) {
        let (outlet, source, ids) = press_with(&home.store, 1).await?;
        let mut rows = home.store.read().await?;
        let new = article(outlet, source, 1);
        let expected = Article {
            id: ids[0], seq: Seq(1), revision: 1, outlet, via: new.via.clone(), url: new.url.clone(),
            key: new.key.clone(), guid: new.guid.clone(), title: new.title.clone(), lead: new.lead.clone(),
            authors: new.authors.clone(), rubric: new.rubric.clone(), language: new.language.clone(),
            signals: new.signals.clone(), backlog: false, published_at: new.published_at, first_seen: new.first_seen,
            kept_at: at(3), grouped_at: None, copy_group: None, story: None,
        };
        assert_eq!(rows.find_article(ids[0]).await?, Some(expected.clone()));
        assert_eq!(rows.find_article_by_key(outlet, &new.key).await?, Some(expected));
        assert_eq!(rows.find_article_by_key(outlet, &new.url).await?, None);
        assert_eq!(rows.find_article(ArticleId(9)).await?, None);
        assert_eq!(rows.find_body(ids[0]).await?, new.body);
        assert!(rows.find_body(ArticleId(9)).await?.is_empty());
        assert_eq!(rows.count_articles().await?, 1);
        assert_eq!(rows.count_articles_kept(Period { from: at(3), to: at(4) }).await?, 1);
        assert_eq!(rows.count_articles_kept(Period { from: NOW, to: at(3) }).await?, 0);
    }

    async fn articles_come_by_hand_and_by_import_too(home: &Home) {
        let (outlet, source) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        for (n, via) in [(1, Via::Hand { by: UserId(3) }), (2, Via::Import { batch: "1999".into() })] {
            let new = NewArticle { via: via.clone(), guid: None, published_at: None, backlog: true, ..article(outlet, source, n) };
            let id = write.keep_article(&new, None, 1, NOW).await?.expect("kept");
            let kept = write.find_article(id).await?.expect("there");
            assert_eq!((kept.via, kept.guid, kept.published_at, kept.backlog), (via, None, None, true));
        }
    }

    /// PostgreSQL keeps no NUL in a text; pages of broken systems have some.
    async fn a_text_with_nul_is_kept_without_it(home: &Home) {
        let (outlet, source) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let new = NewArticle {
            title: "Riapre\0 il lungolago".into(), guid: Some("a\0b".into()),
            body: ForeignText::new("Sì\0, riapre. \u{1F3DE} \u{FFFD}"), ..article(outlet, source, 1)
        };
        let id = write.keep_article(&new, None, 1, NOW).await?.expect("kept");
        let kept = write.find_article(id).await?.expect("there");
        assert_eq!((kept.title.as_str(), kept.guid.as_deref()), ("Riapre il lungolago", Some("ab")));
        assert_eq!(write.find_body(id).await?.for_analysis(), "Sì, riapre. \u{1F3DE} \u{FFFD}");
    }

    async fn a_revision_is_a_new_change_of_the_same_article(home: &Home) {
        let (outlet, source, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let (lead, body) = (ForeignText::new("Da lunedì."), ForeignText::new("Rinviata la riapertura."));
        let second = write
            .record_revision(ids[0], RevisionKind::Silent, at(9), "Rinviato il lungolago", &lead, &body)
            .await?
            .expect("an article");
        assert_eq!((second.number, second.kind, second.at, &second.body), (2, RevisionKind::Silent, at(9), &body));
        let now = write.find_article(ids[0]).await?.expect("there");
        assert_eq!((now.seq, now.revision, now.title.as_str(), &now.lead), (Seq(3), 2, "Rinviato il lungolago", &lead));
        assert_eq!(write.find_body(ids[0]).await?, body);
        let all = write.list_revisions(ids[0]).await?;
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].kind, &all[0].body), (RevisionKind::First, &article(outlet, source, 1).body));
        assert_eq!(all[1], second);
        assert_ne!(all[0].hash, all[1].hash);
        let none = write.record_revision(ArticleId(99), RevisionKind::Update, NOW, "", &lead, &body).await?;
        assert_eq!(none, None);
    }

    async fn a_title_that_was_silently_changed_has_another_hash(home: &Home) {
        let (outlet, source, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        let old = article(outlet, source, 1);
        write.record_revision(ids[0], RevisionKind::Silent, NOW, "Un altro titolo", &old.lead, &old.body).await?;
        let hashes: Vec<String> = write.list_revisions(ids[0]).await?.into_iter().map(|r| r.hash).collect();
        assert_ne!(hashes[0], hashes[1]);
    }

    async fn a_follower_reads_changes_in_order_and_in_parts(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let body = ForeignText::new("Corretto.");
        write.record_revision(ids[1], RevisionKind::Correction, NOW, "Errata corrige", &body, &body).await?;
        write.commit().await?;
        let mut rows = home.store.read().await?;
        assert_eq!(rows.last_seq().await?, Seq(4));
        let mut seen = Vec::new();
        let mut cursor = Seq(0);
        loop {
            let changes = rows.list_changes(cursor, 2).await?;
            let Some(last) = changes.last() else { break };
            cursor = last.seq;
            for change in changes {
                let ChangeKind::Put { article, body } = change.kind else { panic!("nothing is removed") };
                seen.push((change.seq.0, article.id, article.revision, body.for_analysis().len() > 9));
            }
        }
        assert_eq!(seen, [(1, ids[0], 1, true), (3, ids[2], 1, true), (4, ids[1], 2, false)]);
    }

    async fn the_archive_writes_down_when_it_could_be_asked(home: &Home) {
        let mut write = home.store.write().await?;
        assert_eq!(write.find_indexed_at(Seq(1)).await?, None);
        write.record_index_commit(Seq(3), at(1)).await?;
        write.record_index_commit(Seq(3), at(8)).await?;
        write.record_index_commit(Seq(5), at(2)).await?;
        assert_eq!(write.find_indexed_at(Seq(1)).await?, Some(at(1)));
        assert_eq!(write.find_indexed_at(Seq(4)).await?, Some(at(2)));
        assert_eq!(write.find_indexed_at(Seq(6)).await?, None);
    }

    async fn many_articles_are_asked_for_at_once(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 5).await?;
        let mut rows = home.store.read().await?;
        let asked = [ids[4], ids[0], ArticleId(999), ids[0]];
        let found: Vec<ArticleId> = rows.list_articles(&asked).await?.iter().map(|a| a.id).collect();
        assert_eq!(found, [ids[0], ids[4]]);
        assert!(rows.list_articles(&[]).await?.is_empty());
        let bodies = rows.list_bodies(&ids[1..4]).await?;
        assert_eq!(bodies.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids[1..4]);
        assert!(bodies[0].1.for_analysis().starts_with("Il tratto 2"));
        let long: Vec<ArticleId> = (1..=600).map(ArticleId).collect();
        assert_eq!(rows.list_articles(&long).await?.len(), 5);
        let since: Vec<ArticleId> = rows.list_since(at(4)).await?.iter().map(|(a, _)| a.id).collect();
        assert_eq!(since, ids[2..]);
    }
}
