//! The steps of a delivery, and what crashes, opt-outs and withdrawals do to them.

use crate::home::Home;
use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Claim, DeliveryFilter, Error, Write};

/// A write with deliveries 1 to `count` of one release, `taken` of them held by the worker `w` until minute 2.
async fn outbox(home: &Home, count: i64, taken: usize) -> Result<Write, Error> {
    let mut write = home.store.write().await?;
    let all: Vec<NewDelivery> = (1..=count)
        .map(|n| NewDelivery {
            expires_at: Some(at(600)),
            ..delivery(DeliveryKind::Release, 1, &format!("r{n}@redazioni.test"))
        })
        .collect();
    write.record_deliveries(&all, NOW, message_id).await?;
    assert_eq!(write.claim_deliveries(&Claim::of("w", NOW, at(2), taken)).await?.len(), taken);
    Ok(write)
}

async fn state(write: &mut Write, id: i64) -> Result<DeliveryState, Error> {
    Ok(write.find_delivery(DeliveryId(id)).await?.expect("there").state)
}

contract! {
    async fn a_message_in_doubt_is_looked_at_so_often_as_it_is_put_off(home: &Home) {
        let mut write = outbox(home, 3, 2).await?;
        for id in [1, 2] {
            write.start_data(DeliveryId(id), "w", 1).await?;
            assert!(write.finish_delivery(DeliveryId(id), "w", 1, &DeliveryState::Uncertain, None, at(1)).await?);
        }
        let due = async |write: &mut Write, minutes| -> Result<Vec<(i64, u32)>, Error> {
            let due = write.list_doubts_due(at(minutes), 9).await?;
            Ok(due.into_iter().map(|(delivery, looked)| (delivery.id.0, looked)).collect())
        };
        assert_eq!(due(&mut write, 1).await?, [(1, 0), (2, 0)]);
        assert_eq!(write.list_doubts_due(at(1), 1).await?.len(), 1);
        assert_eq!(write.next_mail_about(DeliveryKind::Release, 1).await?, Some(Timestamp(0)), "it goes again by itself");
        write.put_off_doubt(DeliveryId(1), Some(at(5))).await?;
        write.put_off_doubt(DeliveryId(2), None).await?;
        write.put_off_doubt(DeliveryId(3), Some(at(5))).await?;
        assert_eq!(due(&mut write, 4).await?, []);
        assert_eq!(due(&mut write, 5).await?, [(1, 1)]);
        write.claim_deliveries(&Claim::of("w", at(2), at(9), 9)).await?;
        assert_eq!(write.next_delivery_due(at(2)).await?, Some(at(5)), "the next look, before the end of the lease");
        assert!(write.requeue_uncertain(DeliveryId(1), 0, at(5)).await?);
        assert_eq!(due(&mut write, 9).await?, []);
        assert!(write.settle_uncertain(DeliveryId(2), &DeliveryState::Failed, None, at(6)).await?);
        assert_eq!(write.next_mail_about(DeliveryKind::Release, 1).await?, Some(at(5)));
        assert_eq!(write.next_mail_about(DeliveryKind::Release, 2).await?, None);
    }

    async fn a_stop_holds_back_what_has_not_begun_and_asks_about_what_may_have_arrived(home: &Home) {
        let mut write = outbox(home, 5, 4).await?;
        for (id, end) in [(1, DeliveryState::Accepted), (2, DeliveryState::Uncertain)] {
            write.start_data(DeliveryId(id), "w", 1).await?;
            assert!(write.finish_delivery(DeliveryId(id), "w", 1, &end, None, at(1)).await?);
        }
        let later = DeliveryState::Deferred { next_at: at(5) };
        assert!(write.finish_delivery(DeliveryId(3), "w", 1, &later, None, at(1)).await?);
        // 3 is put off, 4 in hand, 5 waits
        assert_eq!(write.stop_deliveries(DeliveryKind::Release, 1).await?, (2, 1));
        assert_eq!(state(&mut write, 1).await?, DeliveryState::Accepted);
        let doubt = write.find_delivery(DeliveryId(2)).await?.expect("there");
        assert_eq!((doubt.state, doubt.uncertain), (DeliveryState::Uncertain, 1), "it is not sent again by itself");
        assert!(!write.start_data(DeliveryId(4), "w", 1).await?);
        assert!(write.give_back(DeliveryId(4), "w", 1, at(2)).await?);
        for id in 3..=5 {
            assert_eq!(state(&mut write, id).await?, DeliveryState::Cancelled, "{id}");
        }
        assert_eq!(write.stop_deliveries(DeliveryKind::Release, 1).await?, (0, 0));
    }

    async fn a_cancelled_message_is_taken_up_again_under_its_own_name(home: &Home) {
        let mut write = outbox(home, 3, 0).await?;
        write.stop_deliveries(DeliveryKind::Release, 1).await?;
        let before = write.find_delivery(DeliveryId(1)).await?.expect("there");
        let (subject, to) = (before.subject, before.address.clone());
        assert!(write.revive_delivery(&subject, &to, at(9), None, None).await?);
        assert!(!write.revive_delivery(&subject, &to, at(9), None, None).await?, "once");
        assert!(write.revive_delivery(&subject, &address("r2@redazioni.test"), at(9), Some("opt-out"), None).await?);
        let after = write.find_delivery(DeliveryId(1)).await?.expect("there");
        assert_eq!(after, Delivery { state: DeliveryState::Queued, due_at: at(9), date: at(9), ..before });
        let left = write.find_delivery(DeliveryId(2)).await?.expect("there");
        assert_eq!((left.state, left.reason.as_deref()), (DeliveryState::Suppressed, Some("opt-out")));
        assert_eq!(state(&mut write, 3).await?, DeliveryState::Cancelled);
        assert!(write.put_off_delivery(DeliveryId(1), at(12)).await?, "it was never tried");
        assert!(!write.put_off_delivery(DeliveryId(2), at(12)).await?, "it waits no more");
        assert_eq!(write.claim_deliveries(&Claim::of("w", at(9), at(11), 9)).await?.len(), 0);
        assert!(write.put_off_delivery(DeliveryId(1), at(9)).await?);
        let claimed = write.claim_deliveries(&Claim::of("w", at(9), at(11), 9)).await?;
        assert!(!write.put_off_delivery(DeliveryId(1), at(12)).await?, "it is in hand");
        write.stop_deliveries(DeliveryKind::Release, 1).await?;
        assert!(write.revive_delivery(&subject, &to, at(9), None, None).await?, "it is in hand, and goes on");
        assert!(write.start_data(claimed[0].id, "w", 1).await?, "nothing of the stop is left in it");
    }

    async fn one_message_that_waits_is_stopped_with_its_reason(home: &Home) {
        let mut write = outbox(home, 3, 0).await?;
        let held = write.claim_deliveries(&Claim::of("w", at(0), at(9), 1)).await?;
        assert!(write.suppress_delivery(held[0].id, "left-lists").await?, "it ends with its attempt");
        assert!(!write.start_data(held[0].id, "w", 1).await?);
        assert!(write.suppress_delivery(DeliveryId(2), "left-lists").await?);
        assert!(!write.suppress_delivery(DeliveryId(2), "left-lists").await?, "once");
        let left = write.find_delivery(DeliveryId(2)).await?.expect("there");
        assert_eq!((left.state, left.reason.as_deref()), (DeliveryState::Suppressed, Some("left-lists")));
        assert_eq!(state(&mut write, 3).await?, DeliveryState::Queued);
    }

    async fn what_an_earlier_version_has_waiting_is_cancelled_alone(home: &Home) {
        let mut write = outbox(home, 1, 0).await?;
        let second = delivery(DeliveryKind::Release, 1, "r1@redazioni.test");
        let second = NewDelivery { subject: Subject { version: 2, ..second.subject }, ..second };
        write.record_deliveries(&[second], NOW, message_id).await?;
        assert_eq!(write.cancel_earlier_deliveries(DeliveryKind::Release, 1, 2).await?, 1);
        assert_eq!(state(&mut write, 1).await?, DeliveryState::Cancelled);
        assert_eq!(state(&mut write, 2).await?, DeliveryState::Queued);
        let counts = write.count_deliveries_by_version(DeliveryKind::Release, 1).await?;
        assert_eq!(counts, [(1, "cancelled".into(), 1), (2, "queued".into(), 1)]);
    }

    async fn what_a_newer_version_took_the_place_of_is_given_back_and_what_was_stopped_is_not(home: &Home) {
        let mut write = outbox(home, 5, 0).await?;
        // 1 waits, 2 was stopped by a person, 3 is in doubt, 4 is in hand and put off, 5 stays in hand
        write.stop_deliveries(DeliveryKind::Release, 1).await?;
        for name in ["r1", "r3", "r4", "r5"] {
            let to = address(&format!("{name}@redazioni.test"));
            let subject = delivery(DeliveryKind::Release, 1, "x@redazioni.test").subject;
            assert!(write.revive_delivery(&subject, &to, at(0), None, Some("first@desk")).await?);
        }
        let claimed = write.claim_deliveries(&Claim::of("w", at(0), at(9), 9)).await?;
        assert_eq!(claimed.iter().map(|d| d.in_reply_to.as_deref()).collect::<Vec<_>>(), [Some("first@desk"); 4]);
        assert!(write.give_back(DeliveryId(1), "w", 1, at(0)).await?);
        assert!(write.start_data(DeliveryId(3), "w", 1).await?);
        assert!(write.finish_delivery(DeliveryId(3), "w", 1, &DeliveryState::Uncertain, None, at(1)).await?);
        assert_eq!(write.cancel_earlier_deliveries(DeliveryKind::Release, 1, 2).await?, 2);
        let later = DeliveryState::Deferred { next_at: at(5) };
        assert!(write.finish_delivery(DeliveryId(4), "w", 1, &later, None, at(1)).await?);
        for id in 1..=4 {
            assert_eq!(state(&mut write, id).await?, DeliveryState::Cancelled, "{id}");
        }
        assert_eq!(write.restore_deliveries(DeliveryKind::Release, 1, 2).await?, 0, "of that version nothing waited");
        assert_eq!(write.restore_deliveries(DeliveryKind::Release, 1, 1).await?, 4);
        assert_eq!(write.restore_deliveries(DeliveryKind::Release, 1, 1).await?, 0, "once");
        assert_eq!(state(&mut write, 1).await?, DeliveryState::Queued);
        assert_eq!(state(&mut write, 2).await?, DeliveryState::Cancelled);
        assert_eq!(state(&mut write, 3).await?, DeliveryState::Uncertain);
        assert_eq!(state(&mut write, 4).await?, DeliveryState::Queued);
        assert!(write.start_data(DeliveryId(5), "w", 1).await?, "it goes on");
    }

    async fn the_outbox_is_looked_through_newest_first(home: &Home) {
        let mut write = outbox(home, 3, 1).await?;
        write.record_contact(&contact("r2@redazioni.test")).await?;
        let alert = delivery(DeliveryKind::Alert, 7, "sindaca@bellariva.test");
        write.record_deliveries(&[alert], at(600), message_id).await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let release = write.record_release(&release("ponte", author)).await?;
        let (first, second) = (version(release, 1, author), version(release, 2, author));
        let (first, second) = (write.record_version(&first).await?, write.record_version(&second).await?);
        write.start_data(DeliveryId(1), "w", 1).await?;
        assert_eq!(write.first_accepted(first).await?, None);
        write.finish_delivery(DeliveryId(1), "w", 1, &DeliveryState::Accepted, None, at(1)).await?;
        assert_eq!((write.first_accepted(first).await?, write.first_accepted(second).await?), (Some(at(1)), None));
        let all = DeliveryFilter::default();
        let ids = |found: Vec<Delivery>| found.iter().map(|d| d.id.0).collect::<Vec<_>>();
        assert_eq!(ids(write.list_deliveries_page(&all, None, 2).await?), [4, 3]);
        assert_eq!(ids(write.list_deliveries_page(&all, Some(DeliveryId(3)), 2).await?), [2, 1]);
        let releases = DeliveryFilter { kind: Some(DeliveryKind::Release), state: Some("queued".into()), ..all.clone() };
        assert_eq!(ids(write.list_deliveries_page(&releases, None, 9).await?), [3, 2]);
        let of_another = DeliveryFilter { thing: Some(2), ..releases.clone() };
        assert!(write.list_deliveries_page(&of_another, None, 9).await?.is_empty());
        let part = DeliveryFilter { who: " R2@red ".into(), ..releases };
        assert_eq!(ids(write.list_deliveries_page(&part, None, 9).await?), [2]);
        let whole = DeliveryFilter { who: "r3@redazioni.test".into(), ..all.clone() };
        assert_eq!(ids(write.list_deliveries_page(&whole, None, 9).await?), [3]);
        let sign = DeliveryFilter { who: "%".into(), ..all };
        assert!(write.list_deliveries_page(&sign, None, 9).await?.is_empty());
        let since = write.count_deliveries_since(at(500), &[]).await?;
        assert_eq!(since, [(DeliveryKind::Alert, "queued".into(), 1), (DeliveryKind::Release, "queued".into(), 2)]);
        assert_eq!(write.count_deliveries_since(NOW, &[]).await?.len(), 3);
    }

    async fn reviews_of_editions_that_somebody_may_not_see_are_left_out(home: &Home) {
        let mut write = outbox(home, 1, 1).await?;
        let open = write.record_edition(&edition("generale", &["Città"])).await?;
        let reserved = write.record_edition(&edition("riservata", &["Città"])).await?;
        let mut mails = Vec::new();
        for (edition, kind) in [(open, DeliveryKind::Review), (reserved, DeliveryKind::Review), (reserved, DeliveryKind::Difference)] {
            let known = write.find_review(edition, review(edition, "2026-11-23T07:00:00").slot).await?;
            let id = match known {
                Some(known) => known.id,
                None => write.record_review(review(edition, "2026-11-23T07:00:00")).await?,
            };
            mails.push(delivery(kind, id.0, "sindaca@bellariva.test"));
        }
        // an alert whose number is that of the review says nothing of it
        mails.push(delivery(DeliveryKind::Alert, mails[1].subject.thing, "vice@bellariva.test"));
        write.record_deliveries(&mails, at(600), message_id).await?;
        let seen = DeliveryFilter { unseen: vec![reserved], ..DeliveryFilter::default() };
        let found = write.list_deliveries_page(&seen, None, 9).await?;
        assert_eq!(found.iter().map(|d| d.id.0).collect::<Vec<_>>(), [5, 2, 1]);
        let counted = write.count_deliveries_since(at(600), &[reserved]).await?;
        let n = |kind| counted.iter().filter(|(k, ..)| *k == kind).map(|(.., n)| n).sum::<i64>();
        assert_eq!((n(DeliveryKind::Review), n(DeliveryKind::Difference), n(DeliveryKind::Alert)), (1, 0, 1));
    }

    async fn a_message_is_claimed_started_and_accepted(home: &Home) {
        let mut write = outbox(home, 1, 1).await?;
        let id = DeliveryId(1);
        let held = write.find_delivery(id).await?.expect("there");
        assert_eq!((held.attempt, held.state), (1, DeliveryState::Leased { worker: "w".into(), until: at(2) }));
        assert!(write.start_data(id, "w", 1).await?);
        assert!(!write.start_data(id, "w", 1).await?, "once");
        assert_eq!(state(&mut write, 1).await?, DeliveryState::DataStarted { worker: "w".into(), until: at(2) });
        assert!(write.finish_delivery(id, "w", 1, &DeliveryState::Accepted, Some("250 ok"), at(1)).await?);
        let done = write.find_delivery(id).await?.expect("there");
        assert_eq!((done.state, done.accepted_at, done.reason.as_deref()), (DeliveryState::Accepted, Some(at(1)), Some("250 ok")));
        assert!(!write.finish_delivery(id, "w", 1, &DeliveryState::Failed, None, at(1)).await?, "it is decided");
        assert!(write.claim_deliveries(&Claim::of("w", at(9), at(11), 9)).await?.is_empty());
    }

    async fn only_the_worker_and_attempt_that_hold_a_message_may_book_it(home: &Home) {
        let mut write = outbox(home, 1, 1).await?;
        let id = DeliveryId(1);
        assert!(!write.start_data(id, "v", 1).await?);
        assert!(!write.start_data(id, "w", 2).await?);
        assert!(!write.finish_delivery(id, "v", 1, &DeliveryState::Accepted, None, NOW).await?);
        assert!(!write.give_back(id, "w", 2, NOW).await?);
        write.recover_deliveries(at(2)).await?;
        assert!(!write.start_data(id, "w", 1).await?, "the lease has run out");
        assert_eq!(state(&mut write, 1).await?, DeliveryState::Queued);
    }

    async fn a_deferred_message_is_claimed_again_at_its_time(home: &Home) {
        let mut write = outbox(home, 1, 1).await?;
        let later = DeliveryState::Deferred { next_at: at(5) };
        assert!(write.finish_delivery(DeliveryId(1), "w", 1, &later, Some("451 greylisted"), at(1)).await?);
        assert_eq!(state(&mut write, 1).await?, later);
        assert!(write.claim_deliveries(&Claim::of("w", at(4), at(6), 9)).await?.is_empty());
        let claimed = write.claim_deliveries(&Claim::of("w", at(5), at(7), 9)).await?;
        assert_eq!((claimed[0].attempt, claimed[0].reason.as_deref()), (2, Some("451 greylisted")));
        assert_eq!(claimed[0].message_id, "release1.v1.r0@bellariva.test");
    }

    async fn a_message_given_back_has_not_been_tried(home: &Home) {
        let mut write = outbox(home, 1, 1).await?;
        assert!(write.give_back(DeliveryId(1), "w", 1, at(1)).await?);
        let back = write.find_delivery(DeliveryId(1)).await?.expect("there");
        assert_eq!((back.state, back.attempt, back.due_at, back.date), (DeliveryState::Queued, 0, at(1), NOW));
        assert!(write.claim_deliveries(&Claim::of("w", NOW, at(2), 9)).await?.is_empty());
        assert_eq!(write.claim_deliveries(&Claim::of("w", at(1), at(3), 9)).await?[0].attempt, 1);
    }

    async fn a_crash_leaves_what_was_begun_uncertain_and_queues_the_rest(home: &Home) {
        let mut write = outbox(home, 3, 2).await?;
        write.start_data(DeliveryId(1), "w", 1).await?;
        assert!(write.recover_deliveries(at(1)).await?.is_empty(), "the lease still runs");
        assert_eq!(write.renew_deliveries("w", at(4)).await?, 2);
        assert!(write.recover_deliveries(at(3)).await?.is_empty(), "it was renewed");
        assert_eq!(write.recover_deliveries(at(4)).await?, [DeliveryId(1), DeliveryId(2)]);
        assert_eq!(state(&mut write, 1).await?, DeliveryState::Uncertain);
        assert_eq!(state(&mut write, 2).await?, DeliveryState::Queued);
        let uncertain = DeliveryFilter { state: Some("uncertain".into()), ..DeliveryFilter::default() };
        let uncertain = write.list_deliveries_page(&uncertain, None, 9).await?;
        let uncertain: Vec<DeliveryId> = uncertain.iter().map(|d| d.id).collect();
        assert_eq!(uncertain, [DeliveryId(1)]);
        let claimed = write.claim_deliveries(&Claim::of("v", at(4), at(6), 9)).await?;
        assert_eq!(claimed.iter().map(|d| d.id.0).collect::<Vec<_>>(), [2, 3], "the uncertain one is not simply sent again");
    }

    async fn an_uncertain_message_is_sent_again_or_settled(home: &Home) {
        let mut write = outbox(home, 2, 2).await?;
        for id in [DeliveryId(1), DeliveryId(2)] {
            write.start_data(id, "w", 1).await?;
            assert!(write.finish_delivery(id, "w", 1, &DeliveryState::Uncertain, Some("cut"), at(1)).await?);
        }
        assert!(!write.requeue_uncertain(DeliveryId(1), 1, at(1)).await?, "somebody has changed it in between");
        let mailed = write.list_mailed_addresses().await?;
        assert!(mailed.len() >= 2 && mailed.is_sorted(), "{mailed:?}");
        assert!(write.requeue_uncertain(DeliveryId(1), 0, at(1)).await?);
        assert!(!write.requeue_uncertain(DeliveryId(1), 0, at(1)).await?);
        let kind = write.find_delivery(DeliveryId(1)).await?.expect("there").subject;
        assert_eq!(write.count_going(kind.kind, kind.thing).await?, 2, "one queued, one in doubt for the first time");
        let again = write.claim_deliveries(&Claim::of("w", at(1), at(3), 9)).await?;
        assert_eq!((again.len(), again[0].id, again[0].uncertain, again[0].attempt), (1, DeliveryId(1), 1, 2));
        assert!(!write.settle_uncertain(DeliveryId(1), &DeliveryState::Failed, None, at(2)).await?);
        assert!(write.settle_uncertain(DeliveryId(2), &DeliveryState::Accepted, Some("in the queue"), at(2)).await?);
        write.finish_delivery(DeliveryId(1), "w", 2, &DeliveryState::Uncertain, Some("cut"), at(2)).await?;
        assert_eq!(write.count_going(kind.kind, kind.thing).await?, 0, "one is over, one waits for a person");
        let found = write.find_delivery(DeliveryId(2)).await?.expect("there");
        assert_eq!((found.state, found.accepted_at), (DeliveryState::Accepted, Some(at(2))));
    }

    async fn what_waits_past_its_time_fails_as_expired(home: &Home) {
        let mut write = outbox(home, 3, 2).await?;
        let later = DeliveryState::Deferred { next_at: at(700) };
        write.finish_delivery(DeliveryId(1), "w", 1, &later, Some("451"), at(1)).await?;
        assert_eq!(write.expire_deliveries(at(599)).await?, 0);
        assert!(write.claim_deliveries(&Claim::of("w", at(600), at(602), 9)).await?.is_empty(), "it is too late");
        assert_eq!(write.expire_deliveries(at(600)).await?, 2, "not the one that a worker holds");
        let expired = write.find_delivery(DeliveryId(1)).await?.expect("there");
        assert_eq!((expired.state, expired.reason.as_deref()), (DeliveryState::Failed, Some("expired")));
    }

    async fn a_withdrawal_stops_what_has_not_gone_out(home: &Home) {
        let mut write = outbox(home, 5, 4).await?;
        let later = DeliveryState::Deferred { next_at: at(9) };
        write.finish_delivery(DeliveryId(1), "w", 1, &later, None, at(1)).await?;
        write.finish_delivery(DeliveryId(2), "w", 1, &DeliveryState::Accepted, None, at(1)).await?;
        write.start_data(DeliveryId(3), "w", 1).await?;
        assert_eq!(write.cancel_deliveries(DeliveryKind::Release, 2).await?, 0, "another release");
        assert_eq!(write.cancel_deliveries(DeliveryKind::Release, 1).await?, 2);
        assert_eq!(state(&mut write, 1).await?, DeliveryState::Cancelled);
        assert_eq!(state(&mut write, 2).await?, DeliveryState::Accepted);
        assert_eq!(state(&mut write, 5).await?, DeliveryState::Cancelled);
        // 3 is past DATA: it may still arrive, but is not tried again; 4 is not begun any more
        assert!(!write.start_data(DeliveryId(4), "w", 1).await?);
        assert!(write.finish_delivery(DeliveryId(3), "w", 1, &later, Some("451"), at(1)).await?);
        assert_eq!(write.recover_deliveries(at(2)).await?, [DeliveryId(4)]);
        for id in [3, 4] {
            assert_eq!(state(&mut write, id).await?, DeliveryState::Cancelled, "{id}");
        }
        assert!(write.claim_deliveries(&Claim::of("w", at(99), at(101), 9)).await?.is_empty());
    }

    async fn what_is_past_data_may_still_be_accepted_after_a_withdrawal(home: &Home) {
        let mut write = outbox(home, 1, 1).await?;
        write.start_data(DeliveryId(1), "w", 1).await?;
        write.cancel_deliveries(DeliveryKind::Release, 1).await?;
        assert!(write.finish_delivery(DeliveryId(1), "w", 1, &DeliveryState::Accepted, None, at(1)).await?);
        assert_eq!(state(&mut write, 1).await?, DeliveryState::Accepted, "the truth is kept");
    }

    async fn an_opt_out_reaches_what_waits_and_what_a_worker_holds(home: &Home) {
        let mut write = outbox(home, 1, 1).await?;
        let mine = address("r1@redazioni.test");
        let others = [
            delivery(DeliveryKind::Invitation, 7, mine.as_str()),
            delivery(DeliveryKind::Alert, 7, mine.as_str()),
            delivery(DeliveryKind::Release, 7, "r2@redazioni.test"),
        ];
        write.record_deliveries(&others, NOW, message_id).await?;
        assert_eq!(write.suppress_deliveries(&mine, "opt-out").await?, 1);
        assert_eq!(state(&mut write, 2).await?, DeliveryState::Suppressed);
        assert_eq!(state(&mut write, 3).await?, DeliveryState::Queued, "an alert is no list");
        assert_eq!(state(&mut write, 4).await?, DeliveryState::Queued, "another address");
        assert!(write.give_back(DeliveryId(1), "w", 1, at(5)).await?);
        let held = write.find_delivery(DeliveryId(1)).await?.expect("there");
        assert_eq!((held.state, held.reason.as_deref()), (DeliveryState::Suppressed, Some("opt-out")));
        assert_eq!(write.suppress_deliveries(&mine, "opt-out").await?, 0, "twice is once");
    }
}
