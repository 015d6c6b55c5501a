//! What the desk asks of journalists, lists, readers and sources.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::Claim;

fn named(name: &str, mail: &str) -> Contact {
    Contact { name: name.into(), ..contact(mail) }
}

fn words(words: &str) -> ContactFilter {
    ContactFilter { words: words.into(), ..ContactFilter::default() }
}

fn names(contacts: &[Contact]) -> Vec<&str> {
    contacts.iter().map(|c| c.name.as_str()).collect()
}

contract! {
    async fn journalists_are_searched_and_paged_by_name(home: &Home) {
        let mut write = home.store.write().await?;
        let gone = Contact { opted_out_at: Some(NOW), medium: Medium::Radio, ..named("Élia D'Amico", "elia@lago.test") };
        for contact in [
            named("Zoe Belli", "zoe@lago.test"),
            gone,
            Contact { beats: vec!["100% calcio".into()], expires: None, ..named("élia Bassi", "bassi@eco.test") },
        ] {
            write.record_contact(&contact).await?;
        }
        let all = ContactFilter::default();
        assert_eq!(names(&write.search_contacts(&all, 0, 9).await?), ["élia Bassi", "Élia D'Amico", "Zoe Belli"]);
        assert_eq!(names(&write.search_contacts(&all, 1, 1).await?), ["Élia D'Amico"]);
        assert_eq!(write.count_contacts(&all).await?, 3);
        for (typed, expected) in [
            ("ELIA", 2), ("elia eco", 1), ("bellariva cronaca", 2), ("100%", 1), ("1__%", 0), ("' or 1=1", 0), ("il lago", 3),
        ] {
            assert_eq!(write.count_contacts(&words(typed)).await?, expected, "{typed}");
        }
        let standing = |standing| ContactFilter { standing: Some(standing), ..ContactFilter::default() };
        assert_eq!(write.count_contacts(&standing(Standing::Left)).await?, 1);
        assert_eq!(write.count_contacts(&standing(Standing::Reached)).await?, 2);
        let day = Slot::of(NOW).0.date();
        assert_eq!(write.count_contacts(&standing(Standing::Expired { day })).await?, 0, "the day itself still holds");
        let tomorrow = Standing::Expired { day: day.tomorrow().expect("a day") };
        assert_eq!(write.count_contacts(&standing(tomorrow)).await?, 2);
        let radio = ContactFilter { medium: Some(Medium::Radio), ..words("elia") };
        assert_eq!(names(&write.search_contacts(&radio, 0, 9).await?), ["Élia D'Amico"]);
    }

    async fn a_contact_is_found_under_the_new_name_and_address(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_contact(&contact("nina@il-lago.test")).await?;
        let moved = Contact { id, territory: "Montalto".into(), ..named("Ninetta Valli", "nina@eco.test") };
        write.replace_contact(&moved).await?;
        assert_eq!(write.search_contacts(&words("ninetta eco montalto"), 0, 9).await?, [moved]);
        assert_eq!(write.count_contacts(&words("nina@il-lago")).await?, 0);
    }

    async fn contacts_of_an_older_program_are_searched_too(home: &Home) {
        let mut write = home.store.write().await?;
        write.record_contact(&contact("nina@il-lago.test")).await?;
        write.commit().await?;
        home.meddle("update contact set sort_key = '', search_key = '', beats_key = '', territory_key = ''").await;
        let again = home.again().await;
        assert_eq!(again.read().await?.count_contacts(&words("valli")).await?, 1);
        again.close().await;
    }

    async fn members_come_and_go_one_by_one(home: &Home) {
        let mut write = home.store.write().await?;
        let zoe = write.record_contact(&contact("zoe@il-lago.test")).await?;
        let gone = Contact { opted_out_at: Some(NOW), beats: vec!["Sport|calcio".into()], ..contact("ugo@il-lago.test") };
        let ugo = write.record_contact(&gone).await?;
        let list = |slug: &str, membership| MailingList { id: ListId(0), slug: slug.into(), name: "Redazioni".into(), membership };
        let id = write.record_list(&list("redazioni", Membership::Hand), &[]).await?;
        assert!(write.record_member(id, zoe).await?);
        assert!(!write.record_member(id, zoe).await?);
        assert!(write.record_member(id, ugo).await?);
        let by_hand = MailingList { id, ..list("redazioni", Membership::Hand) };
        assert_eq!(write.count_members(&by_hand).await?, (2, 1));
        assert_eq!(write.list_lists_of(ugo).await?, [id]);
        let (ugo_mail, zoe_mail) = (address("ugo@il-lago.test"), address("zoe@il-lago.test"));
        let held = gone.expires;
        let expected = [(zoe, zoe_mail.clone(), None, held), (ugo, ugo_mail, Some(NOW), held)];
        assert_eq!(write.list_member_addresses(&by_hand).await?, expected, "both have one name: by number");
        let cronaca = Membership::Rule { medium: None, beat: Some("cronaca".into()), territory: None };
        let not_saved = MailingList { id: ListId(0), ..list("nuova", cronaca) };
        assert_eq!(write.list_member_addresses(&not_saved).await?, [(zoe, zoe_mail, None, held)]);
        let mut both: Vec<i64> = write.list_contacts_by_id(&[ugo, zoe, ContactId(9)]).await?.iter().map(|c| c.id.0).collect();
        both.sort_unstable();
        assert_eq!(both, [zoe.0, ugo.0]);
        assert!(write.remove_member(id, zoe).await?);
        assert!(!write.remove_member(id, zoe).await?);
        assert_eq!(write.count_members(&by_hand).await?, (1, 1));
        let renamed = MailingList { name: "Redazioni del lago".into(), ..by_hand };
        write.replace_list(&renamed).await?;
        assert_eq!(write.find_list_by_id(id).await?, Some(renamed));
        assert_eq!(write.list_members(id).await?.len(), 1, "a new name leaves the members");

        let rule = |beat: &str, territory: Option<&str>| Membership::Rule {
            medium: None, beat: Some(beat.into()), territory: territory.map(str::to_owned),
        };
        for (beat, territory, expected) in [
            ("cronaca ", None, 1), ("CRONACA", Some("bellariva"), 1), ("cronaca", Some("lago"), 0), ("sport|CALCIO", None, 1),
            ("calcio", None, 0), ("%", None, 0),
        ] {
            let by_rule = list("regola", rule(beat, territory));
            assert_eq!(write.list_member_addresses(&by_rule).await?.len(), expected, "{by_rule:?}");
            assert_eq!(write.count_members(&by_rule).await?.0, expected, "{by_rule:?}");
            let saved = write.record_list(&by_rule, &[]).await?;
            assert_eq!(write.list_members(saved).await?.len(), expected, "what is shown is what is sent to: {by_rule:?}");
        }
    }

    async fn the_outlets_whose_server_took_a_message_are_named_once(home: &Home) {
        let mut write = home.store.write().await?;
        let mut rows = Vec::new();
        for (n, outlet) in ["Il Rione", "Bellariva Oggi", "Il Rione", "La Riva"].into_iter().enumerate() {
            let address = format!("persona-{n}@testate.test");
            let id = write.record_contact(&Contact { outlet: outlet.into(), ..contact(&address) }).await?;
            rows.push(NewDelivery { contact: Some(id), ..delivery(DeliveryKind::Release, 1, &address) });
        }
        write.record_deliveries(&rows, NOW, message_id).await?;
        assert!(write.list_outlets_told(DeliveryKind::Release, 1).await?.is_empty(), "nobody has it yet");
        for one in write.claim_deliveries(&Claim::of("w", NOW, at(2), 3)).await? {
            write.start_data(one.id, "w", 1).await?;
            write.finish_delivery(one.id, "w", 1, &DeliveryState::Accepted, Some("250"), at(1)).await?;
        }
        assert_eq!(write.list_outlets_told(DeliveryKind::Release, 1).await?, ["Bellariva Oggi", "Il Rione"]);
        assert!(write.list_outlets_told(DeliveryKind::Release, 2).await?.is_empty());
    }

    async fn a_person_is_erased_and_the_proof_of_sending_stays(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_contact(&contact("nina@il-lago.test")).await?;
        let list = MailingList { id: ListId(0), slug: "tutti".into(), name: "Tutti".into(), membership: Membership::Hand };
        let list = write.record_list(&list, &[id]).await?;
        let to_nina = |thing| NewDelivery { contact: Some(id), ..delivery(DeliveryKind::Release, thing, "nina@il-lago.test") };
        write.record_deliveries(&[to_nina(1), to_nina(2), to_nina(3)], NOW, message_id).await?;
        let first = write.claim_deliveries(&Claim::of("w", NOW, at(2), 1)).await?.remove(0);
        assert!(write.start_data(first.id, "w", 1).await?);
        let said = "550 <Nina@Il-Lago.test> no such user";
        write.finish_delivery(first.id, "w", 1, &DeliveryState::Failed, Some(said), at(1)).await?;
        let attempt = Attempt {
            delivery: first.id, number: 1, phase: AttemptPhase::Data, started: NOW, ended: Some(at(1)), code: Some(550),
            text: said.into(),
            cause: None,
        };
        write.record_attempt(&attempt).await?;
        let held = write.claim_deliveries(&Claim::of("w", NOW, at(2), 1)).await?.remove(0);
        let back = inbound(InboundKind::Reply, Some(first.id), "ab");
        write.record_inbound(&back).await?;

        assert_eq!(write.list_deliveries_to(id, 2).await?.len(), 2);
        let nina = write.find_contact(id).await?.expect("there");
        assert_eq!(write.remove_contact(&nina, &address("erased-1@erased.invalid")).await?, 3);

        assert_eq!(write.find_contact(id).await?, None);
        assert!(write.list_members(list).await?.is_empty());
        assert!(write.list_inbound(false, None, 9).await?.is_empty());
        for thing in [1, 2, 3] {
            let kept = write.list_deliveries(DeliveryKind::Release, thing).await?.remove(0);
            assert_eq!((kept.address.as_str(), kept.contact), ("erased-1@erased.invalid", None));
            assert!(!format!("{kept:?}").contains("nina"), "{kept:?}");
        }
        assert_eq!(write.list_attempts(first.id).await?[0].text, "550 <erased-1@erased.invalid> no such user");
        assert!(write.claim_deliveries(&Claim::of("v", at(5), at(6), 9)).await?.is_empty(), "nothing waits any more");
        write.finish_delivery(held.id, "w", 1, &DeliveryState::Deferred { next_at: at(1) }, None, at(1)).await?;
        let held = write.find_delivery(held.id).await?.expect("there");
        assert_eq!(held.state, DeliveryState::Suppressed, "what was held is not tried again");
    }

    async fn closed_addresses_are_listed(home: &Home) {
        let mut write = home.store.write().await?;
        let closed = Suppression { hash: "ab".into(), at: NOW, why: "erased".into() };
        write.record_suppression(&closed).await?;
        assert_eq!(write.list_all_suppressions().await?, [closed]);
    }

    async fn readers_and_outlets_are_found_by_their_slug(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_reader(&reader("sindaca")).await?;
        assert_eq!(write.find_reader_by_slug("sindaca").await?, Some(Reader { id, ..reader("sindaca") }));
        assert_eq!(write.find_reader_by_slug("nessuno").await?, None);
        let id = write.record_outlet(&outlet("il-lago")).await?;
        assert_eq!(write.find_outlet_by_slug("il-lago").await?, Some(Outlet { id, ..outlet("il-lago") }));
        assert_eq!(write.find_outlet_by_slug("nessuna").await?, None);
    }

    async fn what_waits_for_a_reader_who_wants_nothing_does_not_leave(home: &Home) {
        let mut write = home.store.write().await?;
        let mayor = write.record_reader(&reader("sindaca")).await?;
        let to_mayor = |thing| NewDelivery { reader: Some(mayor), ..delivery(DeliveryKind::Review, thing, "sindaca@bellariva.test") };
        write.record_deliveries(&[to_mayor(1), to_mayor(2)], NOW, message_id).await?;
        let held = write.claim_deliveries(&Claim::of("w", NOW, at(2), 1)).await?.remove(0);
        assert_eq!(write.suppress_reader_deliveries(mayor, "stopped").await?, 1);
        assert!(write.claim_deliveries(&Claim::of("w", at(1), at(2), 9)).await?.is_empty());
        write.finish_delivery(held.id, "w", 1, &DeliveryState::Deferred { next_at: at(1) }, None, at(1)).await?;
        assert_eq!(write.find_delivery(held.id).await?.expect("there").state, DeliveryState::Suppressed);
    }

    async fn the_log_tells_what_became_of_a_thing(home: &Home) {
        let mut write = home.store.write().await?;
        for (verb, subject) in [("contact.add", "contact:1"), ("contact.edit", "contact:1"), ("contact.add", "contact:11")] {
            write.record_event(NOW, &Actor::Console, verb, subject, None, None).await?;
        }
        let about = write.list_events_of("contact:1", 9).await?;
        assert_eq!(about.iter().map(|e| e.verb.as_str()).collect::<Vec<_>>(), ["contact.edit", "contact.add"]);
        assert_eq!(write.list_events_of("contact:1", 1).await?.len(), 1);
    }

    async fn the_same_errand_is_found_again(home: &Home) {
        let mut write = home.store.write().await?;
        let visit = ErrandKind::Visit { source: "il-lago".into() };
        assert_eq!(write.find_last_errand(&visit).await?, None);
        write.record_errand(&visit, &Actor::Console, NOW).await?;
        let last = write.record_errand(&visit, &Actor::Console, at(1)).await?;
        write.record_errand(&ErrandKind::Visit { source: "eco".into() }, &Actor::Console, at(2)).await?;
        assert_eq!(write.find_last_errand(&visit).await?.map(|e| e.id), Some(last));
    }

    async fn each_source_shows_its_last_visit_and_its_articles(home: &Home) {
        let (_, source, _) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        assert!(write.list_last_visits().await?.is_empty());
        for (minute, new) in [(0, 3), (30, 0)] {
            let visit = Visit {
                id: VisitId(0), source, at: at(minute), took: 40, status: Some(200), conditional: false, bytes: 9,
                found: 3, new, outcome: VisitOutcome::Read,
            };
            write.record_visit(&visit, &left(at(60), Health::Alive, Validators::default())).await?;
        }
        let last = write.list_last_visits().await?;
        assert_eq!(last.iter().map(|v| (v.source, v.at)).collect::<Vec<_>>(), [(source, at(30))]);
        // article n was first seen at minute n + 1
        assert_eq!(write.count_articles_by_source(at(3)).await?, [(source, 2)]);
        assert!(write.count_articles_by_source(at(9)).await?.is_empty());
    }

    async fn what_the_desk_sets_outlives_a_new_declaration(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        let who = Actor::User { id: UserId(1) };
        let set = |setting: Setting, declared: Setting| SourceOverride {
            source: id, setting, declared, by: who.clone(), at: NOW, why: "per prova".into(),
        };
        let rights = set(Setting::Rights(None), Setting::Rights(Some(RightsClass::LinkOnly)));
        let pause = set(Setting::Paused(true), Setting::Paused(false));
        let pace = set(Setting::Cadence(Cadence::A), Setting::Cadence(Cadence::C));
        let legal = set(Setting::Legal(LegalStatus::Verified), Setting::Legal(LegalStatus::ToVerify));
        let front = set(Setting::Front(true), Setting::Front(false));
        for set in [&rights, &pause, &pace, &legal, &front] {
            write.record_override(set).await?;
        }
        assert_eq!(write.list_overrides(id).await?, [pace.clone(), front, legal, pause.clone(), rights.clone()], "by field");
        let declared = Source { rights: Some(RightsClass::Own), cadence: Cadence::D, ..source("il-lago", outlet) };
        write.record_source(&declared).await?;
        write.record_declared_pause(id, false).await?;
        let now = write.find_source_by_id(id).await?.expect("there");
        assert_eq!((now.rights, now.cadence, now.paused, now.legal), (None, Cadence::A, true, LegalStatus::Verified));
        assert!(now.reading.front, "the rest of how it is read is the declaration's");

        for set in write.list_overrides(id).await? {
            write.remove_override(&set).await?;
        }
        let now = write.find_source_by_id(id).await?.expect("there");
        assert_eq!((now.rights, now.cadence), (Some(RightsClass::Own), Cadence::D), "as the file says now");
        assert_eq!((now.paused, now.legal, now.reading.front), (false, LegalStatus::ToVerify, false));
        assert!(write.list_overrides(id).await?.is_empty());
        write.record_declared_pause(id, true).await?;
        assert!(write.find_source_by_id(id).await?.expect("there").paused);
    }

    async fn a_source_is_retired_and_brought_back(home: &Home) {
        let (_, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_source_retired(id, Some(at(1))).await?;
        assert_eq!(write.find_source_by_id(id).await?.and_then(|s| s.retired_at), Some(at(1)));
        assert_eq!(write.count_sources().await?, (0, 0));
        write.record_source_retired(id, None).await?;
        assert_eq!(write.count_sources().await?, (1, 1));
    }
}
