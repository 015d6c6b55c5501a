//! Drop folders, what comes of each piece, and articles that nobody may see yet.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Hidden, WireLook};

fn folder(slug: &str, outlet: OutletId, next_at: Timestamp) -> Source {
    Source { kind: SourceKind::Wire { format: None }, url: format!("agenzie/{slug}"), next_at, ..source(slug, outlet) }
}

fn wire(outlet: OutletId, identity: &str, take: u32, at: Timestamp) -> Wire {
    Wire {
        outlet,
        identity: identity.into(),
        version: 7,
        article: None,
        kind: WireKind::Update,
        status: WireStatus::Withheld,
        chain: Some("bilancio".into()),
        take,
        lines: 3,
        at,
        notes: WireNotes { urgency: Some(2), plus: 1, slug: Some("bilancio/".into()), ..WireNotes::default() },
    }
}

contract! {
    async fn folders_are_due_by_themselves_and_read_by_one(home: &Home) {
        let (outlet, _) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        assert_eq!(write.next_wire_due("v").await?, None, "a site is no folder");
        let id = write.record_source(&folder("zeta", outlet, at(1))).await?;
        write.record_source(&folder("eco", outlet, at(9))).await?;
        assert_eq!(write.next_wire_due("v").await?, Some(at(1)));
        assert!(write.list_due_folders("v", NOW).await?.is_empty());
        let due = write.list_due_folders("v", at(2)).await?;
        assert_eq!(due.iter().map(|s| s.slug.as_str()).collect::<Vec<_>>(), ["zeta"]);
        assert!(write.claim_visits("w", at(10), at(12), 9).await?.iter().all(|(s, _)| s.slug == "il-lago"));
        assert_eq!(write.next_crawl_due().await?, Some(at(12)), "visits do not wait for folders");

        assert!(write.claim_folder(id, "w", at(2), at(5)).await?);
        assert!(!write.claim_folder(id, "v", at(3), at(6)).await?, "somebody is reading it");
        // what a worker held when it was killed is its own again at once
        assert_eq!(write.next_wire_due("w").await?, Some(at(1)));
        assert_eq!(write.list_due_folders("w", at(3)).await?.len(), 1);
        assert!(write.claim_folder(id, "w", at(3), at(5)).await?);
        assert!(write.list_due_folders("v", at(3)).await?.is_empty());
        assert_eq!(write.next_wire_due("v").await?, Some(at(5)));
        assert!(write.claim_folder(id, "v", at(5), at(8)).await?, "a lease runs out");
        write.release_source(id).await?;
        assert_eq!(write.next_wire_due("v").await?, Some(at(1)));
        write.record_source_retired(id, Some(NOW)).await?;
        assert_eq!(write.next_wire_due("v").await?, Some(at(9)));
    }

    async fn files_are_remembered_until_they_are_read(home: &Home) {
        let (_, source) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let look = |name: &str, bytes, since, backlog| WireLook { name: name.into(), bytes, modified: 5, since, backlog };
        write.record_wire_look(source, &look("b.xml", 1, NOW, true)).await?;
        write.record_wire_look(source, &look("a.xml", 2, NOW, false)).await?;
        // it has grown: seen anew, but it lay there from the beginning
        write.record_wire_look(source, &look("b.xml", 9, at(1), false)).await?;
        let expected = [look("a.xml", 2, NOW, false), look("b.xml", 9, at(1), true)];
        assert_eq!(write.list_wire_looks(source).await?, expected);
        write.forget_wire_look(source, "a.xml").await?;
        assert_eq!(write.list_wire_looks(source).await?.len(), 1);

        assert!(!write.knows_wire_file(source, "aa").await?);
        write.record_wire_file(source, "aa", NOW).await?;
        write.record_wire_file(source, "aa", at(5)).await?;
        write.record_wire_file(source, "bb", at(2)).await?;
        assert!(write.knows_wire_file(source, "aa").await?);
        assert_eq!(write.purge_wire_files(at(1)).await?, 1);
        assert!(!write.knows_wire_file(source, "aa").await? && write.knows_wire_file(source, "bb").await?);
    }

    async fn a_wire_is_found_by_name_by_chain_and_by_article(home: &Home) {
        let (outlet, _, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        let second = Wire { article: Some(ids[0]), ..wire(outlet, "b", 2, at(2)) };
        let first = Wire { article: Some(ids[0]), ..wire(outlet, "a", 1, at(1)) };
        write.record_wire(&wire(outlet, "a", 9, NOW)).await?;
        write.record_wire(&second).await?;
        write.record_wire(&first).await?;
        assert_eq!(write.find_wire(outlet, "a").await?, Some(first.clone()), "the newest version is kept");
        assert_eq!(write.find_wire(outlet, "c").await?, None);
        assert_eq!(write.list_wires_of(ids[0]).await?, [first.clone(), second.clone()]);
        assert_eq!(write.list_wire_chain(outlet, "bilancio", NOW).await?, [second.clone(), first]);
        assert_eq!(write.list_wire_chain(outlet, "bilancio", at(2)).await?, [second]);
        assert!(write.list_wire_chain(outlet, "altro", NOW).await?.is_empty());
    }

    async fn what_an_agency_took_back_in_all_its_takes_is_withdrawn_like_what_is_hidden(home: &Home) {
        let (outlet, _, ids) = press_with(&home.store, 4).await?;
        let mut write = home.store.write().await?;
        let take = |article, n, status| Wire { article: Some(article), status, ..wire(outlet, &format!("{article}-{n}"), n, NOW) };
        for (n, status) in [(1, WireStatus::Cancelled), (2, WireStatus::Usable)] {
            write.record_wire(&take(ids[0], n, status)).await?;
            write.record_wire(&take(ids[1], n, status)).await?;
        }
        write.record_hidden(ids[2], Some(at(10))).await?;
        assert_eq!(write.list_withdrawn(&ids).await?, [ids[2]], "one take of each may be used, one never was a wire");
        write.record_wire(&take(ids[0], 2, WireStatus::Cancelled)).await?;
        let asked = [ids[2], ids[0], ids[0], ArticleId(99)];
        assert_eq!(write.list_withdrawn(&asked).await?, [ids[0], ids[2]]);
        write.record_wire(&take(ids[0], 1, WireStatus::Usable)).await?;
        write.record_shown(ids[2], at(10)).await?;
        assert!(write.list_withdrawn(&ids).await?.is_empty(), "given again, and shown");
        assert!(write.list_withdrawn(&[]).await?.is_empty());
    }

    async fn what_is_hidden_is_taken_from_all_who_follow(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        assert_eq!(write.find_hidden(ids[0]).await?, None);
        write.record_hidden(ids[0], Some(at(10))).await?;
        write.record_hidden(ids[1], None).await?;
        assert_eq!(write.find_hidden(ids[0]).await?, Some(Hidden { until: Some(at(10)) }));
        assert_eq!(write.find_hidden(ids[1]).await?, Some(Hidden { until: None }));
        let changes = write.list_changes(Seq(0), 9).await?;
        let kinds: Vec<ChangeKind> = changes.into_iter().map(|c| c.kind).collect();
        assert_eq!(kinds, [ChangeKind::Remove(ids[0]), ChangeKind::Remove(ids[1])]);
        assert!(write.list_unplaced(9).await?.is_empty() && write.list_since(NOW).await?.is_empty());
        assert_eq!(write.next_wire_due("v").await?, Some(at(10)));

        assert!(write.list_to_show(at(9)).await?.is_empty());
        assert_eq!(write.list_to_show(at(10)).await?, [ids[0]]);
        write.record_shown(ids[0], at(10)).await?;
        let shown = write.find_article(ids[0]).await?.expect("there");
        assert_eq!((shown.first_seen, shown.published_at), (at(10), Some(at(10))), "for everybody else it is new");
        assert_eq!(shown.seq, Seq(5));
        assert_eq!(write.list_changes(Seq(4), 9).await?.len(), 1);
        assert_eq!(write.list_unplaced(9).await?.len(), 1);
        write.record_shown(ids[0], at(20)).await?;
        assert_eq!(write.find_article(ids[0]).await?.expect("there").first_seen, at(10), "once is enough");
    }
}
