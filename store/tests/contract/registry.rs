//! Outlets, sources, people of the office: what is declared, and what a second declaration does to it.

use crate::world::*;
use salastampa_domain::*;

contract! {
    async fn an_outlet_is_known_by_its_slug(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_outlet(&outlet("il-lago")).await?;
        let other = write.record_outlet(&outlet("eco")).await?;
        assert_eq!((id, other), (OutletId(1), OutletId(2)));
        let renamed = Outlet { name: "Il Lago Nuovo".into(), contract: None, ..outlet("il-lago") };
        assert_eq!(write.record_outlet(&renamed).await?, id);
        write.commit().await?;
        let mut rows = home.store.read().await?;
        assert_eq!(rows.find_outlet(id).await?, Some(Outlet { id, ..renamed }));
        assert_eq!(rows.find_outlet(OutletId(3)).await?, None);
        assert_eq!(rows.list_outlets().await?[1], Outlet { id: other, ..outlet("eco") });
    }

    async fn a_source_declared_again_keeps_what_visits_have_left(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let declared = source("il-lago", outlet);
        let mut write = home.store.write().await?;
        assert_eq!(write.find_source("il-lago").await?, Some(Source { id, ..declared.clone() }));
        let visit = Visit {
            id: VisitId(0), source: id, at: NOW, took: 40, status: Some(200), conditional: false, bytes: 9,
            found: 2, new: 1, outcome: VisitOutcome::Read,
        };
        let validators = Validators { etag: Some("\"n\"".into()), ..Validators::default() };
        write.record_visit(&visit, &left(at(30), Health::Alive, validators.clone())).await?;
        write.record_declared_pause(id, true).await?;
        let changed = Source { rubric: None, cadence: Cadence::A, next_at: at(1), ..declared.clone() };
        assert_eq!(write.record_source(&changed).await?, id);
        let expected = Source {
            id, paused: true, next_at: at(30), health: Health::Alive, validators, ..changed
        };
        assert_eq!(write.find_source_by_id(id).await?, Some(expected));
        write.commit().await?;
    }

    async fn a_source_at_a_new_address_is_visited_afresh(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_source_due(id, at(60)).await?;
        let moved = Source { url: "https://il-lago.test/nuovo".into(), next_at: at(2), ..source("il-lago", outlet) };
        assert_eq!(write.record_source(&moved).await?, id);
        let expected = Source { id, validators: Validators::default(), ..moved };
        assert_eq!(write.find_source("il-lago").await?, Some(expected));
    }

    async fn a_source_that_leaves_the_file_is_retired_and_comes_back(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_source(&source("eco", outlet)).await?;
        let by_hand = Source { origin: Origin::Desk, ..source("a-mano", outlet) };
        write.record_source(&by_hand).await?;
        assert_eq!(write.retire_sources_except(&["eco".into()], NOW).await?, ["il-lago"]);
        assert!(write.retire_sources_except(&["eco".into()], at(5)).await?.is_empty());
        assert_eq!(write.find_source_by_id(id).await?.and_then(|s| s.retired_at), Some(NOW));
        assert_eq!(write.count_sources().await?, (2, 2));
        write.record_source(&source("il-lago", outlet)).await?;
        assert_eq!(write.count_sources().await?, (3, 3));
        assert_eq!(write.list_sources().await?.len(), 3);
    }

    async fn only_sources_that_are_visited_count_and_ill_ones_are_not_alive(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let ill = Health::Ill { since: NOW, times: 3, why: "timeout".into() };
        write.record_source(&Source { health: ill, ..source("eco", outlet) }).await?;
        assert_eq!(write.count_sources().await?, (1, 2));
        write.record_declared_pause(id, true).await?;
        assert_eq!(write.count_sources().await?, (0, 1));
    }

    async fn users_are_known_by_their_login(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_user(&user("pia", Role::Chief)).await?;
        let factor = SecondFactor { secret: "ABC".into(), confirmed_at: Some(NOW), last_step: 7, recovery: vec!["x".into()] };
        let preferences = Preferences { language: Some("en".into()), shortcuts: false };
        let now = User {
            password: None,
            disabled_at: Some(NOW),
            address: None,
            second_factor: Some(factor),
            preferences,
            ..user("pia", Role::Admin)
        };
        assert_eq!(write.record_user(&now).await?, id);
        write.record_user(&user("ugo", Role::Viewer)).await?;
        write.commit().await?;
        let mut rows = home.store.read().await?;
        assert_eq!(rows.find_user("pia").await?, Some(User { id, ..now.clone() }));
        assert_eq!(rows.find_user_by_id(id).await?, Some(User { id, ..now }));
        assert_eq!(rows.find_user("nessuno").await?, None);
        let logins: Vec<String> = rows.list_users().await?.into_iter().map(|u| u.login).collect();
        assert_eq!(logins, ["pia", "ugo"]);
    }

    async fn a_session_is_known_by_its_hash_and_ends_with_its_user(home: &Home) {
        let mut write = home.store.write().await?;
        let pia = write.record_user(&user("pia", Role::Chief)).await?;
        let session = |hash: &str, seen: i64| Session {
            hash: hash.into(),
            user: pia,
            csrf: "word".into(),
            made_at: NOW,
            seen_at: at(seen),
            complete: true,
            flash: Some("fatto".into()),
            kept: None,
        };
        for (hash, seen) in [("a", 0), ("b", 10), ("c", 20)] {
            write.record_session(&session(hash, seen)).await?;
        }
        let later = Session { seen_at: at(30), flash: None, ..session("a", 0) };
        write.record_session(&later).await?;
        assert_eq!(write.find_session("a").await?, Some(later));
        assert_eq!(write.find_session("z").await?, None);
        assert_eq!(write.purge_sessions(at(15)).await?, 1);
        write.remove_session("c").await?;
        assert_eq!(write.remove_sessions_of(pia).await?, 1);
        assert_eq!(write.find_session("a").await?, None);
    }

    async fn failed_logins_outlive_a_restart_until_they_are_forgotten(home: &Home) {
        let mut write = home.store.write().await?;
        let failed = LoginFailures { failures: 5, since: NOW, closed_until: at(60) };
        write.record_login_failures("user:pia", &LoginFailures { failures: 4, ..failed }).await?;
        write.record_login_failures("user:pia", &failed).await?;
        write.record_login_failures("from:192.0.2.1", &failed).await?;
        assert_eq!(write.find_login_failures("user:pia").await?, Some(failed));
        write.remove_login_failures("user:pia").await?;
        assert_eq!(write.find_login_failures("user:pia").await?, None);
        write.purge_sessions(at(61)).await?;
        assert_eq!(write.find_login_failures("from:192.0.2.1").await?, None);
    }

    async fn the_log_is_read_newest_first(home: &Home) {
        let mut write = home.store.write().await?;
        let who = Actor::User { id: UserId(4) };
        write.record_event(NOW, &who, "release.approve", "release:1", Some("{\"a\":1}"), None).await?;
        let link = Actor::Link { purpose: TokenPurpose::Unsubscribe };
        let last = write.record_event(at(1), &link, "contact.opt_out", "contact:2", None, Some("{}")).await?;
        let events = write.list_events(1).await?;
        let expected = Event {
            id: last, at: at(1), who: link, verb: "contact.opt_out".into(), subject: "contact:2".into(),
            before: None, after: Some("{}".into()),
        };
        assert_eq!(events, [expected]);
        assert_eq!(write.list_events(9).await?[1].who, who);
    }

    async fn an_errand_is_done_once(home: &Home) {
        let mut write = home.store.write().await?;
        let kind = ErrandKind::Probe { url: "https://il-lago.test/feed".into(), selectors: None };
        let id = write.record_errand(&kind, &Actor::Console, NOW).await?;
        write.record_errand(&ErrandKind::Reindex, &Actor::Console, NOW).await?;
        assert_eq!(write.list_errands().await?.len(), 2);
        assert_eq!(write.list_latest_errands(1).await?.len(), 1);
        assert!(write.finish_errand(id, "{\"items\":3}", at(1)).await?);
        assert!(!write.finish_errand(id, "{}", at(2)).await?);
        let waiting = write.list_errands().await?;
        assert_eq!(waiting.iter().map(|e| &e.kind).collect::<Vec<_>>(), [&ErrandKind::Reindex]);
        let expected = Errand {
            id, kind, by: Actor::Console, at: NOW, result: Some("{\"items\":3}".into()), done_at: Some(at(1)),
        };
        assert_eq!(write.find_errand(id).await?, Some(expected));
    }

    async fn values_cursors_and_slots_are_remembered(home: &Home) {
        let mut write = home.store.write().await?;
        assert_eq!(write.find_meta("present").await?, None);
        write.record_meta("present", "1").await?;
        write.record_meta("present", "2").await?;
        assert_eq!(write.find_meta("present").await?.as_deref(), Some("2"));
        assert_eq!(write.cursor("follow").await?, Seq(0));
        write.record_cursor("follow", Seq(7)).await?;
        write.record_cursor("follow", Seq(8)).await?;
        assert_eq!(write.cursor("follow").await?, Seq(8));
        assert_eq!(write.slot_done("tidy").await?, None);
        let slot = Slot::parse("2027-03-28T02:30:00").expect("a slot");
        write.record_slot("tidy", Slot::of(NOW)).await?;
        write.record_slot("tidy", slot).await?;
        assert_eq!(write.slot_done("tidy").await?, Some(slot));
    }

    async fn a_job_has_one_worker_until_its_lease_runs_out(home: &Home) {
        let mut write = home.store.write().await?;
        assert!(write.claim_job("group", "a", NOW, at(1)).await?);
        assert!(write.claim_job("group", "a", NOW, at(2)).await?, "the same worker keeps it");
        assert!(!write.claim_job("group", "b", at(1), at(3)).await?);
        assert!(write.claim_job("clip", "b", NOW, at(1)).await?, "another job is free");
        write.release_job("group", "b").await?;
        assert!(!write.claim_job("group", "b", at(1), at(3)).await?, "not b's to give back");
        assert!(write.claim_job("group", "b", at(2), at(3)).await?, "the lease has run out");
        write.release_job("group", "b").await?;
        assert!(write.claim_job("group", "a", at(2), at(3)).await?);
    }
}
