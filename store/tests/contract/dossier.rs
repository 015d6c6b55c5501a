//! Dossiers, notes, tags, feeds, and the lines of the log about what was exported.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::EventFilter;

fn dossier(slug: &str, name: &str) -> Dossier {
    Dossier {
        id: DossierId(0),
        slug: slug.into(),
        name: name.into(),
        about: "Per il consiglio".into(),
        made_by: UserId(1),
        made_at: NOW,
        archived_at: None,
    }
}

fn feed(hash: &str, of: FeedOf) -> Feed {
    Feed {
        id: FeedId(0),
        hash: hash.into(),
        name: "Lungolago".into(),
        of,
        readers: 3,
        made_by: UserId(1),
        made_at: NOW,
        renewed_at: None,
        revoked_at: None,
    }
}

contract! {
    async fn a_dossier_is_made_renamed_and_put_away(home: &Home) {
        let mut write = home.store.write().await?;
        let (one, two) = (dossier("ponte", "Ponte"), dossier("scuole", "Scuole"));
        let id = write.record_dossier(&one).await?;
        let other = write.record_dossier(&two).await?;
        assert_ne!(id, other);
        let away = Dossier { name: "Il ponte".into(), archived_at: Some(at(3)), ..one };
        assert_eq!(write.record_dossier(&away).await?, id);
        let away = Dossier { id, ..away };
        assert_eq!(write.find_dossier("ponte").await?, Some(away.clone()));
        assert_eq!(write.find_dossier_by_id(id).await?, Some(away.clone()));
        assert_eq!(write.find_dossier("mai").await?, None);
        assert_eq!(write.list_dossiers().await?, [away, Dossier { id: other, ..two }]);
    }

    async fn an_article_lies_once_in_a_dossier(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let one = write.record_dossier(&dossier("ponte", "Ponte")).await?;
        let two = write.record_dossier(&dossier("scuole", "Scuole")).await?;
        let filed = |dossier, n: usize, minute| Filed { dossier, article: ids[n], by: UserId(2), at: at(minute) };
        assert!(write.file_article(&filed(one, 0, 1)).await?);
        assert!(write.file_article(&filed(one, 2, 2)).await?);
        assert!(!write.file_article(&filed(one, 0, 9)).await?, "it lies there already");
        assert!(write.file_article(&filed(two, 0, 5)).await?);
        assert_eq!(write.list_filed(one, 9).await?, [filed(one, 2, 2), filed(one, 0, 1)]);
        assert_eq!(write.list_filed(one, 1).await?, [filed(one, 2, 2)]);
        assert_eq!(write.list_filed_of(&ids).await?, [filed(one, 0, 1), filed(two, 0, 5), filed(one, 2, 2)]);
        assert!(write.list_filed_of(&[]).await?.is_empty());
        assert_eq!(write.count_filed().await?, [(one, 2, at(2)), (two, 1, at(5))]);
        assert_eq!(write.unfile_article(one, ids[0]).await?, Some(filed(one, 0, 1)));
        assert_eq!(write.unfile_article(one, ids[0]).await?, None);
        assert_eq!(write.count_filed().await?, [(one, 1, at(2)), (two, 1, at(5))]);
    }

    async fn a_note_is_written_changed_and_removed(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let note = |article, body: &str| Note {
            id: NoteId(0), article, author: UserId(1), at: NOW, edited_at: None, body: body.into(),
        };
        let first = write.record_note(&note(ids[0], "Da sentire l'assessora.")).await?;
        let second = write.record_note(&note(ids[1], "Già visto.")).await?;
        assert!(write.replace_note(first, "Sentita.\nRisponde domani.", at(4)).await?);
        let changed = Note { id: first, edited_at: Some(at(4)), ..note(ids[0], "Sentita.\nRisponde domani.") };
        assert_eq!(write.find_note(first).await?, Some(changed.clone()));
        let second_note = Note { id: second, ..note(ids[1], "Già visto.") };
        assert_eq!(write.list_notes_of(&ids).await?, [changed, second_note]);
        assert!(write.list_notes_of(&[]).await?.is_empty());
        assert!(write.remove_note(first).await?);
        assert!(!write.remove_note(first).await? && !write.replace_note(first, "x", at(5)).await?);
        assert_eq!(write.find_note(first).await?, None);
    }

    async fn a_tag_lives_as_long_as_it_lies_on_an_article(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let viability = write.record_tag("viabilita", "Viabilità").await?;
        assert_eq!(write.record_tag("viabilita", "viabilita").await?, viability, "the first spelling stays");
        let bridge = write.record_tag("ponte", "Ponte").await?;
        assert!(write.tag_article(viability, ids[0], UserId(1), at(1)).await?);
        assert!(!write.tag_article(viability, ids[0], UserId(2), at(2)).await?);
        assert!(write.tag_article(viability, ids[2], UserId(1), at(3)).await?);
        assert!(write.tag_article(bridge, ids[0], UserId(1), at(3)).await?);
        let names = |tags: Vec<(Tag, usize)>| tags.into_iter().map(|(tag, n)| (tag.name, n)).collect::<Vec<_>>();
        assert_eq!(names(write.list_tags().await?), [("Ponte".to_owned(), 1), ("Viabilità".to_owned(), 2)]);
        let of: Vec<_> = write.list_tags_of(&ids).await?.into_iter().map(|(article, tag)| (article, tag.id)).collect();
        assert_eq!(of, [(ids[0], bridge), (ids[0], viability), (ids[2], viability)]);
        assert_eq!(write.list_tagged(viability, 9).await?, [ids[2], ids[0]]);
        assert_eq!(write.list_tagged(viability, 1).await?, [ids[2]]);
        assert!(write.untag_article(bridge, ids[0]).await?);
        assert!(!write.untag_article(bridge, ids[0]).await?);
        assert_eq!(write.find_tag("ponte").await?, None, "nothing carries it any more");
        assert_eq!(write.find_tag("viabilita").await?.map(|tag| tag.id), Some(viability));
    }

    async fn a_feed_is_found_by_the_hash_of_its_secret_until_it_is_revoked(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let of = [
            FeedOf::Search { query: "ponte \"vecchio\"".into() },
            FeedOf::Watch { watch: WatchId(3) },
            FeedOf::Dossier { dossier: DossierId(4) },
        ];
        let mut made = Vec::new();
        for (n, of) in of.iter().enumerate() {
            made.push(write.record_feed(&feed(&format!("h{n}"), of.clone())).await?);
        }
        let first = Feed { id: made[0], ..feed("h0", of[0].clone()) };
        assert_eq!(write.find_feed(made[0]).await?, Some(first.clone()));
        assert_eq!(write.find_feed_by_hash("h0").await?, Some(first));
        assert_eq!(write.list_feeds().await?.into_iter().map(|f| f.of).collect::<Vec<_>>(), of);
        assert!(write.renew_feed(made[0], "new", at(2)).await?);
        assert_eq!(write.find_feed_by_hash("h0").await?, None, "the old address is dead");
        assert_eq!(write.find_feed_by_hash("new").await?.and_then(|f| f.renewed_at), Some(at(2)));
        assert!(write.revoke_feed(made[0], at(3)).await?);
        assert!(!write.revoke_feed(made[0], at(4)).await? && !write.renew_feed(made[0], "h9", at(4)).await?);
        assert_eq!(write.find_feed(made[0]).await?.and_then(|f| f.revoked_at), Some(at(3)));

        write.record_fed(made[1], &ids[..2]).await?;
        write.record_fed(made[1], &ids[1..2]).await?;
        assert_eq!(write.list_fed(made[1], &ids).await?, ids[..2]);
        assert!(write.list_fed(made[2], &ids).await?.is_empty());
    }

    async fn the_log_is_asked_for_some_verbs(home: &Home) {
        let mut write = home.store.write().await?;
        for (minute, verb) in (0..).zip(["articles.export", "watch.add", "log.export", "articles.export.x", "log.export"]) {
            write.record_event(at(minute), &Actor::Console, verb, "archive", None, None).await?;
        }
        let filter = EventFilter { among: vec!["articles.export", "log.export", "feed.add"], ..EventFilter::default() };
        let verbs: Vec<_> = write.list_events_page(&filter, 9).await?.into_iter().map(|e| (e.at, e.verb)).collect();
        assert_eq!(verbs, [(at(4), "log.export".into()), (at(2), "log.export".into()), (at(0), "articles.export".into())]);
        let filter = EventFilter { who: Some(Actor::Console), until: Some(at(3)), ..filter };
        assert_eq!(write.list_events_page(&filter, 1).await?.len(), 1);
        assert_eq!(write.list_events_page(&filter, 9).await?.len(), 2);
    }
}
