//! Settings, secrets, links that open once, and the log by what is asked of it.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Claim, EntryLink, EventFilter, Waiting};

fn who(id: i64) -> Actor {
    Actor::User { id: UserId(id) }
}

contract! {
    async fn settings_have_a_version_and_say_who_changed_them(home: &Home) {
        let mut write = home.store.write().await?;
        assert_eq!((write.find_settings().await?, write.settings_version().await?), (None, 0));
        let settings = Settings { office: "Comune di Bellariva sul Lago".into(), ..Settings::default() };
        assert_eq!(write.record_settings(&settings, &who(1), NOW).await?, 1);
        let now = Settings { second_factor: vec![Role::Admin], ..settings };
        assert_eq!(write.record_settings(&now, &who(2), at(1)).await?, 2);
        assert_eq!(write.settings_version().await?, 2);
        let saved = write.find_settings().await?;
        assert_eq!(saved, Some(SavedSettings { version: 2, at: at(1), by: who(2), settings: now }));
    }

    async fn a_secret_is_kept_until_it_is_forgotten(home: &Home) {
        let mut write = home.store.write().await?;
        write.record_secret("smtp", "00ff").await?;
        write.record_secret("smtp", "11ee").await?;
        assert_eq!(write.find_secret("smtp").await?.as_deref(), Some("11ee"));
        write.remove_secret("smtp").await?;
        assert_eq!(write.find_secret("smtp").await?, None);
    }

    async fn a_link_opens_for_whom_it_was_made(home: &Home) {
        let mut write = home.store.write().await?;
        assert!(write.is_unattended().await?);
        let user = write.record_user(&user("pia", Role::Editor)).await?;
        assert!(!write.is_unattended().await?);
        let link = |hash: &str, user: Option<UserId>| EntryLink {
            hash: hash.into(),
            purpose: if user.is_none() { TokenPurpose::Setup } else { TokenPurpose::Invitation },
            user,
            made_at: NOW,
            until: at(60),
        };
        write.record_entry_link(&link("aa", None)).await?;
        write.record_entry_link(&link("bb", Some(user))).await?;
        assert_eq!(write.find_entry_link("bb").await?, Some(link("bb", Some(user))));
        assert_eq!(write.remove_entry_links_of(user).await?, 1);
        assert_eq!(write.remove_setup_links().await?, 1);
        assert_eq!(write.find_entry_link("aa").await?, None);
    }

    async fn the_log_answers_who_what_to_what_and_when(home: &Home) {
        let mut write = home.store.write().await?;
        let mut ids = Vec::new();
        for (n, person, verb, subject) in [
            (0, 1, "release.approve", "release:1"),
            (1, 2, "release.draft", "release:2"),
            (2, 1, "user.add", "user:3"),
            (3, 1, "releases", "release:1"),
        ] {
            ids.push(write.record_event(at(n), &who(person), verb, subject, None, None).await?);
        }
        let all = EventFilter::default();
        for (filter, expected) in [
            (all.clone(), vec![3, 2, 1, 0]),
            (EventFilter { who: Some(who(1)), ..all.clone() }, vec![3, 2, 0]),
            (EventFilter { verb: Some("release.".into()), ..all.clone() }, vec![1, 0]),
            (EventFilter { verb: Some("release".into()), ..all.clone() }, vec![3, 1, 0]),
            (EventFilter { verb: Some("%er.add".into()), ..all.clone() }, vec![]),
            (EventFilter { verb: Some("user.add".into()), who: Some(who(1)), ..all.clone() }, vec![2]),
            (EventFilter { subject: Some("release:1".into()), ..all.clone() }, vec![3, 0]),
            (EventFilter { from: Some(at(1)), until: Some(at(3)), ..all.clone() }, vec![2, 1]),
            (EventFilter { before: Some(ids[2]), ..all.clone() }, vec![1, 0]),
        ] {
            let found: Vec<_> = write.list_events_page(&filter, 9).await?.iter().map(|e| e.id).collect();
            let mut expected: Vec<_> = expected.into_iter().map(|n: usize| ids[n]).collect();
            expected.sort_by(|a, b| b.cmp(a));
            assert_eq!(found, expected, "{filter:?}");
        }
        assert_eq!(write.list_events_page(&all, 2).await?.len(), 2);
        let last = write.find_last_event("release:1").await?.expect("a line");
        assert_eq!((last.id, last.verb.as_str()), (ids[3], "releases"));
        assert_eq!(write.find_last_event("release:9").await?, None);
    }

    async fn what_waits_in_the_outbox_is_counted_by_its_state(home: &Home) {
        let mut write = home.store.write().await?;
        assert_eq!(write.count_waiting().await?, Waiting::default());
        let mails = ["a@lago.test", "b@lago.test", "c@lago.test"].map(|mail| delivery(DeliveryKind::Release, 1, mail));
        write.record_deliveries(&mails, NOW, message_id).await?;
        let waiting = write.count_waiting().await?;
        assert_eq!((waiting.queued, waiting.oldest_due), (3, Some(NOW)));
        write.claim_deliveries(&Claim::of("w", NOW, at(2), 1)).await?;
        assert_eq!(write.count_waiting().await?.queued, 3);
        write.cancel_deliveries(DeliveryKind::Release, 1).await?;
        assert_eq!(write.count_waiting().await?.deferred, 0);
        assert_eq!(write.last_visit_at().await?, None);
        let (free, all) = home.store.files().room().expect("a disk");
        assert!(free <= all);
    }
}
