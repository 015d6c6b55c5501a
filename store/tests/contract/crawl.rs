//! Hosts, claims of visits and pages, and the ladder of identity.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Fetched, Host, ItemKey, Left, Met};

fn visit(source: SourceId, outcome: VisitOutcome) -> Visit {
    Visit {
        id: VisitId(0),
        source,
        at: NOW,
        took: 120,
        status: Some(200),
        conditional: true,
        bytes: 4_096,
        found: 25,
        new: 3,
        outcome,
    }
}

fn slugs(claimed: &[(Source, String)]) -> Vec<&str> {
    claimed.iter().map(|(source, _)| source.slug.as_str()).collect()
}

contract! {
    async fn a_host_is_remembered_with_what_it_said(home: &Home) {
        let mut write = home.store.write().await?;
        assert_eq!(write.find_host("il-lago.test").await?, None);
        let mut host = Host::new("il-lago.test");
        write.record_host(&host).await?;
        host.free_at = at(1);
        host.retry_after = Some(at(3));
        host.robots = Some(Fetched { at: NOW, status: 200, body: "User-agent: *\nDisallow: /privato\n".into() });
        host.tdm = Some(Fetched { at: at(1), status: 0, body: String::new() });
        write.record_host(&host).await?;
        assert_eq!(write.find_host("il-lago.test").await?, Some(host));
    }

    async fn the_longest_due_goes_first_and_one_a_host(home: &Home) {
        let (outlet, first) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        for (slug, host, due) in [("eco", "eco.test", at(-3)), ("lago-sport", "il-lago.test", at(-2)), ("poi", "poi.test", at(5))] {
            write.record_source(&Source { next_at: due, host: host.to_owned(), ..source(slug, outlet) }).await?;
        }
        let claimed = write.claim_visits("w", NOW, at(2), 9).await?;
        assert_eq!(slugs(&claimed), ["eco", "lago-sport"]);
        assert_eq!(claimed[1].1, "il-lago.test");
        assert!(write.claim_visits("v", NOW, at(2), 9).await?.is_empty(), "il-lago waits for its host");

        write.release_host("il-lago.test", at(1)).await?;
        assert!(write.claim_visits("v", NOW, at(2), 9).await?.is_empty(), "the gate is still shut");
        let claimed = write.claim_visits("v", at(1), at(3), 9).await?;
        assert_eq!(slugs(&claimed), ["il-lago"]);
        assert_eq!(claimed[0].0.id, first);
        write.commit().await?;
    }

    async fn a_limit_is_kept(home: &Home) {
        let (outlet, _) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_source(&Source { next_at: at(-1), ..source("eco", outlet) }).await?;
        assert_eq!(slugs(&write.claim_visits("w", NOW, at(2), 1).await?), ["eco"]);
        assert_eq!(slugs(&write.claim_visits("w", NOW, at(2), 1).await?), ["il-lago"]);
    }

    async fn paused_and_retired_sources_are_not_visited(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_source(&source("eco", outlet)).await?;
        write.record_declared_pause(id, true).await?;
        write.retire_sources_except(&["il-lago".into()], NOW).await?;
        assert!(write.claim_visits("w", NOW, at(2), 9).await?.is_empty());
        assert_eq!(write.next_crawl_due().await?, None);
    }

    async fn what_a_dead_worker_held_is_visited_when_its_lease_has_run_out(home: &Home) {
        press(&home.store).await?;
        let mut write = home.store.write().await?;
        assert_eq!(write.claim_visits("dead", NOW, at(2), 9).await?.len(), 1);
        assert!(write.claim_visits("w", at(1), at(3), 9).await?.is_empty());
        assert_eq!(write.claim_visits("w", at(2), at(4), 9).await?.len(), 1);
    }

    async fn a_server_that_asks_for_patience_gets_it(home: &Home) {
        press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_host(&Host { retry_after: Some(at(10)), ..Host::new("il-lago.test") }).await?;
        assert!(write.claim_visits("w", at(9), at(11), 9).await?.is_empty());
        write.release_host("il-lago.test", at(1)).await?;
        assert!(write.claim_visits("w", at(9), at(11), 9).await?.is_empty(), "an earlier hour of ours changes nothing");
        assert_eq!(write.next_crawl_due().await?, Some(at(10)));
        assert_eq!(write.claim_visits("w", at(10), at(11), 9).await?.len(), 1);
    }

    async fn a_visit_is_written_down_and_gives_the_source_back(home: &Home) {
        let (_, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.claim_visits("w", NOW, at(2), 9).await?;
        let failed = Visit { new: 0, ..visit(id, VisitOutcome::Soft { why: "timeout".into() }) };
        write.record_visit(&failed, &left(at(1), Health::Failing { times: 1 }, Validators::default())).await?;
        write.release_host("il-lago.test", NOW).await?;
        assert_eq!(write.last_new(id).await?, None);
        assert!(!write.has_visits(id).await?, "a failed visit has shown nothing");
        assert_eq!(write.claim_visits("w", at(1), at(2), 9).await?.len(), 1);
        let good = Visit { status: None, at: at(1), ..visit(id, VisitOutcome::Unchanged) };
        let validators = Validators { last_modified: Some("Mon".into()), ..Validators::default() };
        let last = write.record_visit(&good, &left(at(31), Health::Alive, validators.clone())).await?;
        assert!(write.has_visits(id).await?);
        assert_eq!(write.last_new(id).await?, Some(at(1)));
        assert_eq!(write.list_visits(id, 1).await?, [Visit { id: last, ..good }]);
        assert_eq!(write.list_visits(id, 9).await?[1].outcome, failed.outcome);
        let source = write.find_source_by_id(id).await?.expect("it is there");
        assert_eq!((source.next_at, source.health, source.validators), (at(31), Health::Alive, validators));
    }

    async fn old_visits_are_forgotten_but_not_that_a_source_was_read(home: &Home) {
        let (_, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        for (minute, outcome) in [
            (0, VisitOutcome::Read),
            (1, VisitOutcome::Read),
            (2, VisitOutcome::Robots),
            (3, VisitOutcome::Soft { why: "dns".into() }),
        ] {
            let one = Visit { at: at(minute), ..visit(id, outcome) };
            write.record_visit(&one, &left(at(9), Health::Alive, Validators::default())).await?;
        }
        assert_eq!(write.purge_visits(at(3)).await?, 2);
        let left: Vec<Timestamp> = write.list_visits(id, 9).await?.iter().map(|v| v.at).collect();
        assert_eq!(left, [at(3), at(1)]);
        assert!(write.has_visits(id).await?);
    }

    async fn pages_wait_for_their_time_and_for_their_host(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        for (n, host, due) in [(1, "il-lago.test", NOW), (2, "il-lago.test", at(-1)), (3, "cdn.test", at(1))] {
            assert!(write.record_found(&found(article(outlet, id, n), id, host, due)).await?);
        }
        assert_eq!(write.count_found().await?, 3);
        assert_eq!(write.next_crawl_due().await?, Some(at(-1)));
        assert_eq!(write.claim_visits("w", NOW, at(2), 9).await?.len(), 1, "the visit takes the host");
        assert!(write.claim_pages("w", NOW, at(2), 9).await?.is_empty());
        assert_eq!(write.next_crawl_due().await?, Some(at(1)), "the page on the other host");
        write.release_host("il-lago.test", NOW).await?;

        let claimed = write.claim_pages("w", NOW, at(2), 9).await?;
        assert_eq!(claimed.len(), 1);
        let expected = found(article(outlet, id, 2), id, "il-lago.test", at(-1));
        assert_eq!(claimed[0], salastampa_store::Found { id: claimed[0].id, ..expected });
        write.postpone_found(claimed[0].id, at(20)).await?;
        write.release_host("il-lago.test", NOW).await?;
        let claimed = write.claim_pages("w", at(20), at(22), 9).await?;
        assert_eq!(claimed.len(), 2, "one a host");
        write.release_host("il-lago.test", NOW).await?;
        let last = write.claim_pages("w", at(20), at(22), 9).await?;
        assert_eq!((last[0].attempts, last[0].article.key.as_str()), (1, "https://il-lago.test/2"));
    }

    async fn the_next_thing_to_fetch_is_the_latest_of_due_lease_and_gate(home: &Home) {
        let (_, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        assert_eq!(write.next_crawl_due().await?, Some(NOW));
        write.claim_visits("w", NOW, at(2), 9).await?;
        assert_eq!(write.next_crawl_due().await?, Some(at(2)), "the lease");
        write.record_visit(&visit(id, VisitOutcome::Read), &left(at(1), Health::Alive, Validators::default())).await?;
        assert_eq!(write.next_crawl_due().await?, Some(at(2)), "the lease of the host");
        write.release_host("il-lago.test", at(3)).await?;
        assert_eq!(write.next_crawl_due().await?, Some(at(3)), "the gate");
        write.record_source_due(id, at(9)).await?;
        assert_eq!(write.next_crawl_due().await?, Some(at(9)), "the due time");
    }

    async fn an_article_on_its_way_is_kept_once(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let new = article(outlet, id, 1);
        assert!(write.record_found(&found(new.clone(), id, "il-lago.test", NOW)).await?);
        assert!(!write.record_found(&found(new.clone(), id, "il-lago.test", at(1))).await?, "already on its way");
        let claimed = write.claim_pages("w", NOW, at(2), 9).await?;
        let read = NewArticle { body: ForeignText::new("Il testo della pagina."), ..new.clone() };
        let kept = write.keep_found(claimed[0].id, &read, at(4)).await?.expect("kept");
        assert_eq!(write.count_found().await?, 0);
        assert_eq!(write.find_body(kept).await?, read.body);
        assert_eq!(write.keep_found(claimed[0].id, &read, at(4)).await?, None, "nothing is on its way");
        assert!(!write.record_found(&found(new, id, "il-lago.test", NOW)).await?, "already kept");
        assert_eq!(write.keep_article(&read, None, 1, at(5)).await?, None);
        assert_eq!(write.last_seq().await?, Seq(1));
    }

    async fn an_item_is_known_by_guid_by_address_or_by_title_and_day(home: &Home) {
        let (outlet, id, _) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        let other = write.record_source(&Source { host: "il-lago.test".into(), ..source("lago-sport", outlet) }).await?;
        let stranger = write.record_outlet(&crate::world::outlet("eco")).await?;
        write.record_found(&found(article(outlet, id, 2), id, "il-lago.test", NOW)).await?;
        let none = ItemKey { guid: None, key: "x".into(), title_key: None, day: 20_779 };
        let items = [
            ItemKey { guid: Some("https://il-lago.test/?p=1".into()), ..none.clone() },
            ItemKey { guid: Some("http://il-lago.test/?p=2".into()), ..none.clone() },
            ItemKey { key: "https://il-lago.test/1".into(), ..none.clone() },
            ItemKey { key: "https://il-lago.test/2".into(), ..none.clone() },
            ItemKey { title_key: Some("t1".into()), ..none.clone() },
            ItemKey { title_key: Some("t-https://il-lago.test/2".into()), ..none.clone() },
            ItemKey { title_key: Some("t1".into()), day: 20_780, ..none.clone() },
            ItemKey { guid: Some("1".into()), title_key: Some("t9".into()), ..none.clone() },
            ItemKey { guid: Some("https://il-lago.test/?p=1".into()), title_key: Some("t9".into()), day: 20_790, ..none },
        ];
        let yes = |known: Vec<bool>| known.into_iter().map(|k| if k { 'y' } else { '-' }).collect::<String>();
        assert_eq!(yes(write.known_items(id, outlet, &items).await?), "yyyyyy---");
        assert_eq!(yes(write.known_items(other, outlet, &items).await?), "--yyyy---", "guids are of one source");
        assert_eq!(yes(write.known_items(other, stranger, &items).await?), "---------");
        assert!(write.known_items(id, outlet, &[]).await?.is_empty());
    }

    async fn what_is_given_back_untried_stays_due(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_found(&found(article(outlet, id, 1), id, "cdn.test", NOW)).await?;
        for _ in 0..2 {
            assert_eq!(write.claim_visits("w", NOW, at(2), 9).await?.len(), 1);
            let pages = write.claim_pages("w", NOW, at(2), 9).await?;
            assert_eq!((pages.len(), pages[0].attempts), (1, 0));
            write.release_source(id).await?;
            write.release_found(pages[0].id).await?;
            write.release_host("il-lago.test", NOW).await?;
            write.release_host("cdn.test", NOW).await?;
        }
    }

    async fn a_long_window_is_looked_up_in_parts(home: &Home) {
        let (outlet, id, _) = press_with(&home.store, 3).await?;
        let items: Vec<ItemKey> = (0..700)
            .map(|n| ItemKey { guid: Some(format!("g{n}")), key: format!("https://il-lago.test/{n}"), title_key: None, day: 1 })
            .collect();
        let known = home.store.read().await?.known_items(id, outlet, &items).await?;
        assert_eq!(known.iter().filter(|k| **k).count(), 3);
        assert!(known[1] && known[2] && known[3] && !known[4]);
    }

    async fn what_visits_teach_is_kept_and_names_of_one_machine_share_a_gate(home: &Home) {
        let (outlet, first) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_source_due(first, at(900)).await?;
        let due = |slug: &str| Source { next_at: at(0), ..source(slug, outlet) };
        let eco = write.record_source(&due("eco")).await?;
        write.record_source(&due("monte")).await?;
        for host in ["eco.test", "monte.test"] {
            write.release_host(host, at(0)).await?;
            let met = Met { address: Some("203.0.113.7".into()), rtt: Some(900), requests: 1, day: 20_780 };
            write.record_met(host, &met).await?;
        }
        let claimed = write.claim_visits("a", at(1), at(60), 9).await?;
        assert_eq!(claimed.len(), 1, "two names, one machine, one request");
        assert_eq!(write.claim_visits("b", at(1), at(60), 9).await?.len(), 0);
        let (first, host) = &claimed[0];
        assert_eq!((first.id, host.as_str()), (eco, "eco.test"));
        write.release_host(host, at(3)).await?;
        write.record_met(host, &Met { address: None, rtt: None, requests: 2, day: 20_780 }).await?;
        let known = write.find_host("eco.test").await?.expect("met");
        assert_eq!((known.asked, known.rtt, known.address.as_deref()), (Some((20_780, 3)), Some(900), Some("203.0.113.7")));
        assert_eq!(write.claim_visits("b", at(2), at(60), 9).await?.len(), 0, "the other name waits as well");
        assert_eq!(write.claim_visits("b", at(3), at(60), 9).await?.len(), 1);
        // what was learnt stays, and the next visit goes through another gate
        let learned = Learned { gaps: Gaps { times: 2, ..Gaps::default() }, ..Learned::default() };
        let next = Left { learned: learned.clone(), gate: Some("altrove.test".into()), ..left(at(5), Health::Alive, Validators::default()) };
        write.record_left(eco, &next).await?;
        write.release_host("monte.test", at(4)).await?;
        assert_eq!(write.find_source("eco").await?.expect("a source").learned, learned);
        let claimed = write.claim_visits("c", at(5), at(60), 9).await?;
        assert_eq!(claimed.iter().map(|(_, host)| host.as_str()).collect::<Vec<_>>(), ["altrove.test"]);
        write.leave_host("altrove.test").await?;
        write.commit().await?;
        let mut rows = home.store.read().await?;
        assert_eq!(rows.find_source_lag(eco, 9).await?, None);
    }

    async fn a_source_that_has_moved_stays_there_until_its_declaration_changes(home: &Home) {
        let (outlet, _) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let declared = source("eco", outlet);
        let id = write.record_source(&declared).await?;
        // on its way: the next visit asks the home page of the old site, through the gate of the old site
        let profile = Profile { last_new: Some(at(1)), ..Profile::default() };
        let detour = Some(Detour { url: "https://eco.test/".into(), why: DetourKind::Discover });
        let learned = Learned { profile: profile.clone(), detour, ..Learned::default() };
        let left = Left { learned, gate: Some("altrove.test".into()), ..left(at(5), Health::Alive, Validators::default()) };
        write.record_left(id, &left).await?;
        let place = |url: &str, host: &str| Setting::Address { url: url.into(), host: host.into() };
        let set = SourceOverride {
            source: id,
            setting: place("https://nuovo.test/feed", "nuovo.test"),
            declared: place(&declared.url, &declared.host),
            by: Actor::Job { name: "crawl".into() },
            at: at(1),
            why: "si è spostata".into(),
        };
        write.record_override(&set).await?;
        let now = write.find_source("eco").await?.expect("a source");
        assert_eq!((now.url.as_str(), now.host.as_str()), ("https://nuovo.test/feed", "nuovo.test"));
        assert_eq!(now.validators, Validators::default(), "what the old address said binds nothing");
        assert_eq!(now.learned, Learned { profile, ..Learned::default() }, "but the outlet keeps its rhythm");
        write.record_source(&declared).await?;
        assert_eq!(write.find_source("eco").await?.expect("a source").url, "https://nuovo.test/feed");
        let elsewhere = Source { url: "https://eco.test/altro".into(), ..declared };
        write.record_source(&elsewhere).await?;
        assert_eq!(write.find_source("eco").await?.expect("a source").url, elsewhere.url);
        assert_eq!(write.list_overrides(id).await?.len(), 0);
        write.commit().await?;
    }

    async fn a_subscription_keeps_its_lease_until_hub_or_feed_change(home: &Home) {
        let (_, source) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        assert_eq!(write.find_subscription(source).await?, None);
        let asked = |hub: &str, minute: i64| Subscription {
            source,
            hub: hub.into(),
            topic: "https://il-lago.test/feed".into(),
            asked_at: at(minute),
            until: None,
        };
        write.record_subscription(&asked("https://hub.test/", 1)).await?;
        write.record_lease(source, Some(at(600))).await?;
        write.record_subscription(&asked("https://hub.test/", 500)).await?;
        let renewed = Subscription { until: Some(at(600)), ..asked("https://hub.test/", 500) };
        assert_eq!(write.find_subscription(source).await?, Some(renewed));
        write.record_subscription(&asked("https://altro.test/", 501)).await?;
        assert_eq!(write.find_subscription(source).await?, Some(asked("https://altro.test/", 501)));
        write.commit().await?;
    }

    async fn an_article_has_the_stamps_of_the_stages_that_it_went_through(home: &Home) {
        let (outlet, source) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let old = NewArticle { backlog: true, ..article(outlet, source, 1) };
        write.keep_article(&old, None, 0, at(1)).await?;
        let news = article(outlet, source, 2);
        let id = write.keep_article(&news, None, 0, at(2)).await?.expect("kept");
        let seq = write.find_article(id).await?.expect("an article").seq;
        let stamps = write.list_stamps(9).await?;
        assert_eq!(stamps.len(), 1, "a backlog was no news");
        assert_eq!((stamps[0].kept_at, stamps[0].indexed_at, stamps[0].matched_at), (at(2), None, None));
        write.record_index_commit(seq, at(3)).await?;
        assert_eq!(write.list_stamps(9).await?[0].indexed_at, Some(at(3)));
        write.commit().await?;
    }

    async fn what_a_site_asks_binds_that_site_and_not_its_neighbours(home: &Home) {
        let (_, first) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_source_due(first, at(900)).await?;
        let outlet = write.list_outlets().await?[0].id;
        for slug in ["eco", "monte"] {
            write.record_source(&Source { next_at: at(0), ..source(slug, outlet) }).await?;
            let host = format!("{slug}.test");
            write.release_host(&host, at(0)).await?;
            write.record_met(&host, &Met { address: Some("203.0.113.7".into()), rtt: None, requests: 1, day: 0 }).await?;
        }
        let hosts = |claimed: &[(Source, String)]| claimed.iter().map(|(_, host)| host.clone()).collect::<Vec<_>>();
        assert_eq!(hosts(&write.claim_visits("a", at(1), at(90), 9).await?), ["eco.test"]);
        // eco asks for an hour, its machine for two minutes
        write.release_gate("eco.test", at(61), at(3)).await?;
        assert_eq!(hosts(&write.claim_visits("a", at(2), at(90), 9).await?), Vec::<String>::new());
        let claimed = write.claim_visits("a", at(3), at(90), 9).await?;
        assert_eq!(hosts(&claimed), ["monte.test"]);
        write.release_gate("monte.test", at(5), at(5)).await?;
        let eco = write.find_host("eco.test").await?.expect("known");
        assert_eq!(eco.free_at, at(61), "what it asked for still binds");
        // what a small file of the site has asked holds when the gate is left
        write.record_bound("monte.test", at(40)).await?;
        write.release_host("monte.test", at(6)).await?;
        let monte = write.find_source("monte").await?.expect("declared").id;
        write.release_source(monte).await?;
        assert_eq!(write.find_host("monte.test").await?.expect("known").retry_after, Some(at(40)));
        assert_eq!(hosts(&write.claim_visits("b", at(39), at(190), 9).await?), Vec::<String>::new());
        write.commit().await?;
    }
}
