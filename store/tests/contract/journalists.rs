//! What the law asks of the records of journalists: notices, old records, lists that people leave, bylines, doubles.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::Claim;

fn named(name: &str, mail: &str) -> Contact {
    Contact { name: name.into(), ..contact(mail) }
}

contract! {
    async fn a_notice_is_owed_until_a_server_takes_it(home: &Home) {
        let mut write = home.store.write().await?;
        let owed = |mail: &str| Contact { notice_at: None, added_at: Some(at(5)), ..contact(mail) };
        let nina = write.record_contact(&owed("nina@il-lago.test")).await?;
        let ugo = write.record_contact(&Contact { added_at: None, ..owed("ugo@il-lago.test") }).await?;
        write.record_contact(&Contact { opted_out_at: Some(NOW), ..owed("lea@il-lago.test") }).await?;
        write.record_contact(&contact("zoe@il-lago.test")).await?;
        let ids = |contacts: Vec<Contact>| contacts.iter().map(|c| c.id).collect::<Vec<_>>();
        assert_eq!(ids(write.list_contacts_unnoticed(None).await?), [nina, ugo]);
        assert_eq!(ids(write.list_contacts_unnoticed(Some(at(5))).await?), [ugo], "of old nobody knows since when");
        assert_eq!(write.list_addresses_unnoticed(Some(at(5))).await?, [address("ugo@il-lago.test")]);
        let notice = |id, mail: &str| NewDelivery { contact: Some(id), ..delivery(DeliveryKind::Notice, 0, mail) };
        write.record_deliveries(&[notice(nina, "nina@il-lago.test"), notice(ugo, "ugo@il-lago.test")], NOW, message_id).await?;
        assert!(write.list_contacts_unnoticed(None).await?.is_empty(), "on its way");
        let due = write.find_delivery(DeliveryId(1)).await?.expect("there").due_at;
        let waiting = [(DeliveryId(1), nina, Some(at(5)), due), (DeliveryId(2), ugo, None, due)];
        assert_eq!(write.list_notices_waiting().await?, waiting);
        assert!(write.list_notices_taken().await?.is_empty());
        for one in write.claim_deliveries(&Claim::of("w", NOW, at(2), 2)).await? {
            write.start_data(one.id, "w", 1).await?;
            let state = if one.contact == Some(nina) { DeliveryState::Accepted } else { DeliveryState::Failed };
            write.finish_delivery(one.id, "w", 1, &state, Some("said"), at(1)).await?;
        }
        assert!(write.list_contacts_unnoticed(None).await?.is_empty(), "the same address is not tried twice");
        assert!(write.list_notices_waiting().await?.is_empty());
        assert_eq!(write.list_notices_taken().await?, [(nina, at(1))]);
        assert!(write.record_notice(nina, at(1)).await?);
        assert!(!write.record_notice(nina, at(9)).await?, "the first time counts");
        assert!(write.list_notices_taken().await?.is_empty());
        assert_eq!(write.find_contact(nina).await?.and_then(|c| c.notice_at), Some(at(1)));
        let moved = Contact { id: ugo, ..owed("ugo@eco.test") };
        write.replace_contact(&moved).await?;
        assert_eq!(ids(write.list_contacts_unnoticed(None).await?), [ugo], "under the new address it is");
    }

    async fn since_when_somebody_is_held_stays_and_signs_are_not_lost(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_contact(&Contact { added_at: Some(at(1)), ..contact("nina@il-lago.test") }).await?;
        let again = Contact { added_at: Some(at(9)), changed_at: Some(at(3)), confirmed_at: Some(at(4)), ..contact("nina@il-lago.test") };
        write.record_contact(&again).await?;
        write.replace_contact(&Contact { id, ..contact("nina@il-lago.test") }).await?;
        let kept = write.find_contact(id).await?.expect("there");
        assert_eq!((kept.added_at, kept.changed_at, kept.confirmed_at), (Some(at(1)), Some(at(3)), Some(at(4))));
    }

    async fn telephones_and_quiet_hours_are_kept_as_they_are_said_last(home: &Home) {
        let mut write = home.store.write().await?;
        let hour = |hour| jiff::civil::time(hour, 30, 0, 0);
        let reached = Contact {
            phones: vec!["+39 0341 1".into(), "333 (\"casa\")".into()],
            quiet: Some((hour(22), hour(7))),
            ..contact("nina@il-lago.test")
        };
        let id = write.record_contact(&reached).await?;
        let reached = Contact { id, ..reached };
        assert_eq!(write.find_contact(id).await?, Some(reached.clone()));
        write.replace_contact(&Contact { phones: Vec::new(), quiet: None, ..reached }).await?;
        assert_eq!(write.find_contact(id).await?, Some(Contact { id, ..contact("nina@il-lago.test") }));
    }

    async fn somebody_is_found_by_each_of_their_addresses(home: &Home) {
        let mut write = home.store.write().await?;
        let several = Contact {
            others: vec![address("nina@casa.test"), address("n@eco.test")],
            role: "capo".into(),
            posts: vec![Post { outlet: "Radio Riva".into(), role: "conduttrice".into() }],
            notes: "dopo \"cena\" mai".into(),
            ..contact("nina@il-lago.test")
        };
        let id = write.record_contact(&several).await?;
        let several = Contact { id, ..several };
        for mail in ["nina@il-lago.test", "nina@casa.test", "n@eco.test"] {
            assert_eq!(write.find_contact_by_any_address(&address(mail)).await?, Some(several.clone()), "{mail}");
        }
        assert_eq!(write.find_contact_by_address(&address("nina@casa.test")).await?, None, "nothing is mailed there");
        let words = |words: &str| ContactFilter { words: words.into(), ..ContactFilter::default() };
        for found in ["casa.test", "riva conduttrice", "capo"] {
            assert_eq!(write.count_contacts(&words(found)).await?, 1, "{found}");
        }
        assert_eq!(write.count_contacts(&words("cena")).await?, 0, "notes are not searched");
        let fewer = Contact { others: vec![address("n@eco.test")], ..several };
        write.replace_contact(&fewer).await?;
        assert_eq!(write.find_contact_by_any_address(&address("nina@casa.test")).await?, None);
        write.remove_contact(&fewer, &address("erased@erased.invalid")).await?;
        assert_eq!(write.find_contact_by_any_address(&address("n@eco.test")).await?, None);
        let ugo = write.record_contact(&contact("ugo@il-lago.test")).await?;
        let old = write.record_contact(&Contact { others: vec![address("u@eco.test")], ..contact("u@il-lago.test") }).await?;
        write.merge_contacts(ugo, old).await?;
        assert_eq!(write.find_contact_by_any_address(&address("u@eco.test")).await?, None);
    }

    async fn who_subscribes_is_reached_once_confirmed_and_forgotten_otherwise(home: &Home) {
        let mut write = home.store.write().await?;
        let asked = |mail: &str| Subscriber {
            id: SubscriberId(0), address: address(mail), topics: Vec::new(), asked: vec!["porto".into()], asked_at: at(1),
            confirmed_at: None, consent: "sì".into(), left_at: None,
        };
        let ida = write.record_subscriber(&asked("ida@casa.test")).await?;
        write.record_subscriber(&asked("ugo@casa.test")).await?;
        assert_eq!(write.find_subscriber(ida).await?, Some(Subscriber { id: ida, ..asked("ida@casa.test") }));
        assert!(write.list_subscribers_reached().await?.is_empty());
        assert_eq!(write.count_subscribers_waiting().await?, 2);
        assert_eq!((write.count_subscriptions_asked(NOW).await?, write.count_subscriptions_asked(at(1)).await?), (2, 0));
        let sure = Subscriber { topics: vec!["porto".into()], confirmed_at: Some(at(2)), ..asked("ida@casa.test") };
        assert_eq!(write.record_subscriber(&sure).await?, ida, "known by the address");
        assert_eq!(write.list_subscribers_reached().await?, [Subscriber { id: ida, ..sure.clone() }]);
        assert_eq!(write.count_subscribers_waiting().await?, 1);
        assert_eq!(write.purge_subscribers(at(9)).await?, 1);
        assert_eq!(write.find_subscriber_by_address(&address("ugo@casa.test")).await?, None);
        assert!(write.leave_subscription(&address("ida@casa.test"), at(3)).await?);
        assert!(!write.leave_subscription(&address("ida@casa.test"), at(4)).await?, "the first time counts");
        assert!(write.list_subscribers_reached().await?.is_empty());
        assert_eq!((write.count_subscribers().await?, write.list_subscribers(0, 9).await?.len()), ((1, 1), 1));
        write.record_deliveries(&[delivery(DeliveryKind::Release, 1, "ida@casa.test")], NOW, message_id).await?;
        let gone = address("erased@erased.invalid");
        assert_eq!(write.remove_subscriber(&Subscriber { id: ida, ..sure }, &gone).await?, 1);
        assert_eq!(write.list_deliveries(DeliveryKind::Release, 1).await?[0].address, gone);
        assert_eq!(write.find_subscriber(ida).await?, None);
        for (hash, why, lifted) in [("aa", "opt-out", true), ("bb", "bounced", false)] {
            write.record_suppression(&Suppression { hash: hash.into(), at: NOW, why: why.into() }).await?;
            assert_eq!(write.lift_suppression(hash).await?, lifted, "{why}");
        }
    }

    async fn a_record_past_its_day_or_without_a_sign_is_to_be_confirmed(home: &Home) {
        let mut write = home.store.write().await?;
        let today = Slot::of(NOW).0.date();
        let horizon = keeping::Horizon::on(today);
        let old = horizon.silent.plus(-1);
        let held = |name: &str, mail: &str| Contact { added_at: Some(old), expires: None, ..named(name, mail) };
        let silent = write.record_contact(&held("Bice Alba", "bice@il-lago.test")).await?;
        let mut ids = Vec::new();
        for (name, contact) in [
            ("expired", Contact { expires: today.yesterday().ok(), confirmed_at: Some(NOW), ..held("Ada Riva", "ada@il-lago.test") }),
            ("last day", Contact { expires: Some(today), confirmed_at: Some(NOW), ..held("Last", "last@il-lago.test") }),
            ("changed", Contact { changed_at: Some(horizon.silent), ..held("Changed", "changed@il-lago.test") }),
            ("confirmed", Contact { confirmed_at: Some(NOW), ..held("Confirmed", "confirmed@il-lago.test") }),
            ("left", Contact { opted_out_at: Some(NOW), ..held("Left", "left@il-lago.test") }),
            ("answered", held("Answered", "answered@il-lago.test")),
            ("wrote by herself", held("Wrote", "wrote@il-lago.test")),
            ("signs", held("Signs", "signs@il-lago.test")),
            ("answered long ago", held("Zoe Rio", "zoe@il-lago.test")),
        ] {
            ids.push((name, write.record_contact(&contact).await?));
        }
        let id = |name: &str| ids.iter().find(|(n, _)| *n == name).expect(name).1;
        write.record_deliveries(
            &[NewDelivery { contact: Some(id("answered")), ..delivery(DeliveryKind::Release, 1, "answered@il-lago.test") }],
            NOW, message_id,
        ).await?;
        write.record_inbound(&inbound(InboundKind::Reply, Some(DeliveryId(1)), "f1")).await?;
        let late = Inbound { contact: Some(id("answered long ago")), at: old, ..inbound(InboundKind::Reply, None, "f2") };
        write.record_inbound(&late).await?;
        let own = Inbound { contact: Some(id("wrote by herself")), ..inbound(InboundKind::Unknown, None, "f4") };
        write.record_inbound(&own).await?;
        write.record_signs(&[(id("signs"), NOW), (silent, old.plus(-9))]).await?;
        write.record_signs(&[(id("signs"), old), (silent, old.plus(-5))]).await?;
        let away = Inbound { contact: Some(silent), ..inbound(InboundKind::AutoReply, None, "f3") };
        write.record_inbound(&away).await?;
        let found = write.list_contacts_stale(&horizon, 0, 9).await?;
        let shown: Vec<_> = found.iter().map(|(c, answered)| (c.id, *answered)).collect();
        assert_eq!(shown, [(id("expired"), None), (silent, Some(old.plus(-5))), (id("answered long ago"), Some(old))]);
        assert!(found.iter().all(|(contact, answered)| keeping::stale(contact, *answered, &horizon).is_some()));
        assert_eq!(write.count_contacts_stale(&horizon).await?, 3);
        assert_eq!(write.list_contacts_stale(&horizon, 1, 1).await?[0].0.id, silent);
    }

    async fn who_leaves_a_list_stays_out_of_it_until_they_come_back(home: &Home) {
        let mut write = home.store.write().await?;
        let nina = write.record_contact(&contact("nina@il-lago.test")).await?;
        let ugo = write.record_contact(&contact("ugo@il-lago.test")).await?;
        let list = |slug: &str, membership| MailingList { id: ListId(0), slug: slug.into(), name: slug.into(), membership };
        let hand = write.record_list(&list("a-mano", Membership::Hand), &[nina, ugo]).await?;
        let rule = Membership::Rule { medium: Some(Medium::Web), beat: None, territory: None };
        let ruled = write.record_list(&list("web", rule.clone()), &[]).await?;
        for id in [hand, ruled] {
            assert!(write.leave_list(id, nina, at(1)).await?);
            assert!(!write.leave_list(id, nina, at(2)).await?, "the first time counts");
        }
        // nobody else brings them back
        assert!(!write.record_member(hand, nina).await?);
        write.record_list(&list("a-mano", Membership::Hand), &[nina, ugo]).await?;
        assert_eq!(write.list_lists_left(nina).await?, [(hand, at(1)), (ruled, at(1))]);
        assert!(write.list_lists_of(nina).await?.is_empty());
        for (id, membership) in [(hand, Membership::Hand), (ruled, rule)] {
            let list = MailingList { id, ..list("x", membership) };
            assert_eq!(write.list_members(id).await?.iter().map(|c| c.id).collect::<Vec<_>>(), [ugo]);
            assert_eq!(write.list_member_addresses(&list).await?.iter().map(|m| m.0).collect::<Vec<_>>(), [ugo]);
            assert_eq!(write.count_members(&list).await?, (1, 0));
            assert!(write.rejoin_list(id, nina).await?);
            assert!(!write.rejoin_list(id, nina).await?);
            assert_eq!(write.count_members(&list).await?, (2, 0));
        }
        assert_eq!(write.list_lists_of(nina).await?, [hand]);
        write.leave_list(hand, nina, at(3)).await?;
        let held = write.find_contact(nina).await?.expect("there");
        write.remove_contact(&held, &address("erased@erased.invalid")).await?;
        assert!(write.list_lists_left(nina).await?.is_empty());
    }

    async fn the_last_signature_of_a_name_in_an_outlet_is_known(home: &Home) {
        let (outlet, _, kept) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let bylines = write.list_bylines(Seq(0), 9).await?;
        assert_eq!(bylines.iter().map(|b| (b.article, b.outlet, b.at)).collect::<Vec<_>>(), [
            (kept[0], outlet, at(1)), (kept[1], outlet, at(2)), (kept[2], outlet, at(3)),
        ]);
        assert!(bylines.iter().all(|b| b.authors == ["Nina Valli"]));
        assert_eq!(write.list_bylines(bylines[0].seq, 1).await?, bylines[1..2]);
        let sign = |name: &str, n: usize| LastSigned { name: name.into(), outlet, article: kept[n], at: bylines[n].at };
        write.record_signature(&sign("nina valli", 1)).await?;
        write.record_signature(&sign("nina valli", 0)).await?;
        write.record_signature(&sign("bassi ugo", 0)).await?;
        assert_eq!(write.list_signatures(&["nina valli"]).await?, [sign("nina valli", 1)], "an older one changes nothing");
        write.record_signature(&sign("nina valli", 2)).await?;
        assert_eq!(
            write.list_signatures(&["nina valli", "bassi ugo", "nessuno"]).await?,
            [sign("bassi ugo", 0), sign("nina valli", 2)]
        );
        assert_eq!(write.forget_signatures(kept[2], &["nina valli", "altro"]).await?, 0);
        assert_eq!(write.forget_signatures(kept[2], &["altro"]).await?, 1);
        assert_eq!(write.forget_signatures(kept[0], &[]).await?, 1);
        assert!(write.list_signatures(&["nina valli", "bassi ugo"]).await?.is_empty());
        assert!(write.list_signatures(&[]).await?.is_empty());
    }

    async fn two_records_of_one_person_become_one(home: &Home) {
        let mut write = home.store.write().await?;
        let nina = write.record_contact(&contact("nina@il-lago.test")).await?;
        let old = write.record_contact(&named("NINA  Valli", "n.valli@il-lago.test")).await?;
        let third = write.record_contact(&named("Nina Valli", "nina@eco.test")).await?;
        write.record_contact(&Contact { outlet: String::new(), ..contact("nina@casa.test") }).await?;
        write.record_contact(&named("Ugo Bassi", "ugo@il-lago.test")).await?;
        let found = write.list_namesakes(9).await?;
        assert_eq!(found.iter().map(|c| c.id).collect::<Vec<_>>(), [nina, old, third]);
        assert_eq!(write.list_namesakes(1).await?.len(), 1);
        write.record_apart(third, nina).await?;
        write.record_apart(nina, third).await?;
        write.record_apart(old, third).await?;
        assert_eq!(write.list_apart().await?, [(nina, third), (old, third)]);
        let list = |slug: &str| MailingList { id: ListId(0), slug: slug.into(), name: slug.into(), membership: Membership::Hand };
        let one = write.record_list(&list("uno"), &[nina, old]).await?;
        let two = write.record_list(&list("due"), &[old]).await?;
        write.leave_list(one, old, at(1)).await?;
        let sent = NewDelivery { contact: Some(old), ..delivery(DeliveryKind::Release, 1, "n.valli@il-lago.test") };
        write.record_deliveries(&[sent], NOW, message_id).await?;
        write.record_inbound(&Inbound { contact: Some(old), ..inbound(InboundKind::Reply, None, "f1") }).await?;
        write.merge_contacts(nina, old).await?;
        assert_eq!(write.find_contact(old).await?, None);
        assert_eq!((write.list_lists_of(nina).await?, write.list_lists_left(nina).await?), (vec![two], vec![(one, at(1))]));
        assert_eq!(write.list_deliveries_to(nina, 9).await?[0].address, address("n.valli@il-lago.test"));
        assert_eq!(write.list_inbound_of(nina, 9).await?.len(), 1);
        assert_eq!(write.list_apart().await?, [(nina, third)]);
        let held = write.find_contact(nina).await?.expect("there");
        let attempt = Attempt {
            delivery: DeliveryId(1), number: 1, phase: AttemptPhase::Offer, started: NOW, ended: Some(NOW), code: Some(550),
            text: "550 n.valli@il-lago.test is unknown".into(), cause: None,
        };
        write.record_attempt(&attempt).await?;
        write.remove_contact(&held, &address("erased@erased.invalid")).await?;
        assert!(write.list_apart().await?.is_empty());
        assert_eq!(write.list_attempts(DeliveryId(1)).await?[0].text, "550 erased@erased.invalid is unknown", "of either address");
    }
}
