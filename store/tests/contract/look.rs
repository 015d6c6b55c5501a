//! Looks at published articles: planned, claimed behind the gates, remembered.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Error, Revised, Write};

fn look(article: ArticleId, host: &str) -> Look {
    Look { told: Some("h1".into()), told_at: Some(at(1)), ..Look::new(article, host) }
}

async fn claimed(write: &mut Write, minute: i64) -> Result<Vec<ArticleId>, Error> {
    let looks = write.claim_looks("w", at(minute), at(minute + 2), 9).await?;
    Ok(looks.iter().map(|look| look.article).collect())
}

contract! {
    async fn a_look_is_remembered_whole(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        assert_eq!(write.find_look(ids[0]).await?, None);
        let bare = look(ids[0], "il-lago.test");
        write.record_look(&bare).await?;
        assert_eq!(write.find_look(ids[0]).await?, Some(bare.clone()));
        let full = Look {
            headline: Some("Riapre".into()), dated: Some(at(3)),
            validators: Validators { etag: Some("\"a\"".into()), last_modified: Some("Mon".into()), body_hash: Some("b".into()) },
            since: Some(at(4)), due_at: Some(at(5)), attempts: 2, missing_since: Some(at(6)), seen_at: Some(at(7)),
            outcome: Some(Looked::Teaser), ..bare
        };
        write.record_look(&full).await?;
        assert_eq!(write.find_look(ids[0]).await?, Some(full.clone()));
        write.record_look(&Look { told: None, told_at: None, ..full.clone() }).await?;
        assert_eq!(write.find_look(ids[0]).await?, Some(full), "what was told stays");
    }

    async fn looks_wait_for_their_time_and_for_their_host(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 4).await?;
        let mut write = home.store.write().await?;
        for (id, host) in [(ids[0], "il-lago.test"), (ids[1], "il-lago.test"), (ids[2], "cdn.test"), (ids[3], "")] {
            write.record_look(&look(id, host)).await?;
            write.plan_look(id, NOW, at(20 - id.0)).await?;
        }
        assert_eq!(write.count_looks().await?, 3, "a page that was never read is not looked at");
        assert!(claimed(&mut write, 16).await?.is_empty());
        assert_eq!(claimed(&mut write, 19).await?, [ids[2], ids[1]], "one a host, the longest due first");
        assert!(claimed(&mut write, 20).await?.is_empty());
        write.release_look(ids[1]).await?;
        write.release_host("il-lago.test", at(21)).await?;
        assert!(claimed(&mut write, 20).await?.is_empty(), "the gate is still shut");
        assert_eq!(claimed(&mut write, 21).await?, [ids[2], ids[1]], "leases end by themselves too");
        let done = write.find_look(ids[1]).await?.expect("there");
        write.record_look(&Look { due_at: None, ..done }).await?;
        write.release_host("il-lago.test", at(21)).await?;
        assert_eq!(claimed(&mut write, 21).await?, [ids[0]]);
        write.commit().await?;
    }

    async fn feeds_and_new_pages_go_before_looks(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        write.record_look(&look(ids[0], "il-lago.test")).await?;
        write.plan_look(ids[0], NOW, at(-5)).await?;
        assert_eq!(write.claim_visits("w", NOW, at(2), 9).await?.len(), 1);
        assert!(claimed(&mut write, 0).await?.is_empty());
    }

    async fn the_next_look_is_work_of_the_crawler(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        write.retire_sources_except(&[], NOW).await?;
        assert_eq!(write.next_crawl_due().await?, None);
        write.record_look(&look(ids[0], "il-lago.test")).await?;
        assert_eq!(write.next_crawl_due().await?, None);
        write.plan_look(ids[0], NOW, at(60)).await?;
        assert_eq!(write.next_crawl_due().await?, Some(at(60)));
        write.release_host("il-lago.test", at(61)).await?;
        assert_eq!(write.next_crawl_due().await?, Some(at(61)));
    }

    async fn a_planned_look_stays_planned_and_can_be_brought_forward(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        write.record_look(&look(ids[0], "il-lago.test")).await?;
        write.hasten_look(ids[0], at(1)).await?;
        assert_eq!(write.count_looks().await?, 0, "nothing was planned");
        write.plan_look(ids[0], NOW, at(60)).await?;
        write.plan_look(ids[0], at(9), at(69)).await?;
        write.hasten_look(ids[0], at(30)).await?;
        write.hasten_look(ids[0], at(40)).await?;
        let planned = write.find_look(ids[0]).await?.expect("there");
        assert_eq!((planned.since, planned.due_at), (Some(NOW), Some(at(30))));
    }

    async fn what_a_source_told_is_known_by_address_and_identity(home: &Home) {
        let (outlet, source, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        write.record_told(ids[0], "h1", Some(at(1))).await?;
        write.record_told(ids[0], "h2", None).await?;
        let one = article(outlet, source, 1);
        let two = article(outlet, source, 2);
        let guid = two.guid.clone().expect("it has one");
        let told = write.list_told(source, &[one.key.as_str(), "https://il-lago.test/9"], &[guid.as_str()]).await?;
        let shown: Vec<_> = told.iter().map(|t| (t.article, t.key.as_str(), t.hash.as_deref(), t.dated)).collect();
        assert_eq!(shown, [(ids[0], one.key.as_str(), Some("h2"), None), (ids[1], two.key.as_str(), None, None)]);
        assert_eq!(told[1].guid, two.guid);
        assert!(write.list_told(SourceId(99), &[one.key.as_str()], &[]).await?.is_empty(), "another source's article");
    }

    async fn articles_that_changed_are_told_from_those_that_did_not(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let text = ForeignText::new("Corretto.");
        for (kind, minute) in [(RevisionKind::Silent, 5), (RevisionKind::Correction, 9)] {
            write.record_revision(ids[1], kind, at(minute), "Errata", &text, &text).await?;
        }
        let newest = Revised { article: ids[1], number: 3, kind: RevisionKind::Correction, at: at(9) };
        assert_eq!(write.list_revised(&ids).await?, [newest]);
        assert!(write.list_revised(&[]).await?.is_empty());
        let all = write.list_revisions(ids[1]).await?;
        assert_eq!((all[2].title.as_str(), all[2].lead.for_analysis()), ("Errata", "Corretto."));
        assert_eq!(write.count_revisions(Period { from: NOW, to: at(9) }).await?, [(RevisionKind::Silent, 1)]);
        let both = write.count_revisions(Period::ALWAYS).await?;
        assert_eq!(both, [(RevisionKind::Correction, 1), (RevisionKind::Silent, 1)]);
    }
}
