//! The rows of the outbox: what goes in, and what is asked of it.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::Claim;
use std::collections::BTreeSet;

contract! {
    async fn a_message_goes_in_once_a_subject_and_address(home: &Home) {
        let mut write = home.store.write().await?;
        let nina = write.record_contact(&contact("nina@il-lago.test")).await?;
        let mayor = write.record_reader(&reader("sindaca")).await?;
        let one = NewDelivery {
            contact: Some(nina), reader: Some(mayor), due_at: at(10), expires_at: Some(at(60)),
            in_reply_to: Some("prima@bellariva.test".into()), ..delivery(DeliveryKind::Release, 4, "nina@il-lago.test")
        };
        let blocked = NewDelivery { suppressed: Some("opt-out".into()), ..delivery(DeliveryKind::Release, 4, "ugo@il-lago.test") };
        let all = [one.clone(), blocked, one.clone()];
        assert_eq!(write.record_deliveries(&all, NOW, message_id).await?, 2);
        assert_eq!(write.record_deliveries(&all, at(1), message_id).await?, 0, "pressed twice");
        assert_eq!(write.record_deliveries(&[], NOW, message_id).await?, 0);
        let again = NewDelivery { subject: Subject { round: 1, ..one.subject }, ..one.clone() };
        let other = NewDelivery { subject: Subject { kind: DeliveryKind::Test, ..one.subject }, ..one.clone() };
        assert_eq!(write.record_deliveries(&[again, other], NOW, message_id).await?, 2);

        let first = write.find_delivery(DeliveryId(1)).await?;
        let expected = Delivery {
            id: DeliveryId(1), subject: one.subject, address: one.address, contact: Some(nina), reader: Some(mayor),
            letter: one.letter, due_at: at(10), expires_at: Some(at(60)), state: DeliveryState::Queued, attempt: 0,
            uncertain: 0, to_name: None, note: None, message_id: "release1.v1.r0@bellariva.test".into(), in_reply_to: one.in_reply_to,
            date: at(10), queued_at: NOW, accepted_at: None, reason: None,
        };
        assert_eq!(first, Some(expected));
        assert_eq!(write.find_delivery(DeliveryId(9)).await?, None);
        let about = write.list_deliveries(DeliveryKind::Release, 4).await?;
        assert_eq!(about.iter().map(|d| d.id.0).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!((&about[1].state, about[1].reason.as_deref(), about[1].date), (&DeliveryState::Suppressed, Some("opt-out"), NOW));
        let counts = write.count_deliveries(DeliveryKind::Release, 4).await?;
        assert_eq!(counts, [("queued".into(), 2), ("suppressed".into(), 1)]);
        let counts = write.count_all_deliveries().await?;
        assert_eq!(counts[2], (DeliveryKind::Test, "queued".into(), 1));
    }

    async fn attempts_are_written_as_they_go_on(home: &Home) {
        let mut write = home.store.write().await?;
        write.record_deliveries(&[delivery(DeliveryKind::Alert, 1, "a@bellariva.test")], NOW, message_id).await?;
        let begun = Attempt {
            delivery: DeliveryId(1), number: 1, phase: AttemptPhase::Connect, started: NOW, ended: None, code: None,
            text: String::new(),
            cause: None,
        };
        write.record_attempt(&begun).await?;
        let ended = Attempt { phase: AttemptPhase::Data, ended: Some(at(1)), code: Some(451), text: "più tardi".into(), ..begun };
        write.record_attempt(&ended).await?;
        let second = Attempt { number: 2, ..ended.clone() };
        write.record_attempt(&second).await?;
        assert_eq!(write.list_attempts(DeliveryId(1)).await?, [ended, second]);
    }

    async fn the_most_urgent_goes_first_and_a_connection_is_kept_for_alerts(home: &Home) {
        let mut write = home.store.write().await?;
        let mut all: Vec<NewDelivery> = [
            DeliveryKind::Notice, DeliveryKind::Release, DeliveryKind::Review, DeliveryKind::Alert, DeliveryKind::Invitation,
        ]
        .map(|kind| delivery(kind, 1, "a@bellariva.test"))
        .into();
        all.push(NewDelivery { due_at: at(-1), ..delivery(DeliveryKind::Release, 2, "a@bellariva.test") });
        all.push(NewDelivery { due_at: at(1), ..delivery(DeliveryKind::Alert, 2, "a@bellariva.test") });
        write.record_deliveries(&all, at(-2), message_id).await?;
        let kinds = |claimed: Vec<Delivery>| claimed.iter().map(|d| (d.subject.kind, d.subject.thing)).collect::<Vec<_>>();
        let alerts = write.claim_deliveries(&Claim { only_alerts: true, ..Claim::of("kept", NOW, at(2), 9) }).await?;
        assert_eq!(kinds(alerts), [(DeliveryKind::Alert, 1)]);
        let some = write.claim_deliveries(&Claim::of("w", NOW, at(2), 3)).await?;
        assert_eq!(kinds(some), [(DeliveryKind::Invitation, 1), (DeliveryKind::Review, 1), (DeliveryKind::Release, 2)]);
        let rest = write.claim_deliveries(&Claim::of("w", NOW, at(2), 9)).await?;
        assert_eq!(kinds(rest), [(DeliveryKind::Release, 1), (DeliveryKind::Notice, 1)]);
        assert_eq!(write.next_delivery_due(NOW).await?, Some(at(1)));
    }

    async fn the_outbox_knows_when_it_has_something_to_do(home: &Home) {
        let mut write = home.store.write().await?;
        assert_eq!(write.next_delivery_due(NOW).await?, None);
        let one = NewDelivery { due_at: at(5), ..delivery(DeliveryKind::Release, 1, "a@bellariva.test") };
        write.record_deliveries(&[one], NOW, message_id).await?;
        assert_eq!(write.next_delivery_due(NOW).await?, Some(at(5)), "the due time");
        assert_eq!(write.next_delivery_due(at(6)).await?, Some(at(6)), "it waits already");
        write.claim_deliveries(&Claim::of("w", at(5), at(7), 9)).await?;
        assert_eq!(write.next_delivery_due(at(5)).await?, Some(at(7)), "the lease");
        let later = DeliveryState::Deferred { next_at: at(20) };
        write.finish_delivery(DeliveryId(1), "w", 1, &later, None, at(5)).await?;
        assert_eq!(write.next_delivery_due(at(5)).await?, Some(at(20)), "the retry");
        write.claim_deliveries(&Claim::of("w", at(20), at(22), 9)).await?;
        write.finish_delivery(DeliveryId(1), "w", 2, &DeliveryState::Accepted, None, at(21)).await?;
        assert_eq!(write.next_delivery_due(at(21)).await?, None);
    }

    /// Whoever does not get it has a row too: "who did not get it and why" is a query.
    async fn two_thousand_recipients_go_in_together(home: &Home) {
        let all: Vec<NewDelivery> =
            (0..2_000).map(|n| delivery(DeliveryKind::Release, 1, &format!("r{n}@redazioni.test"))).collect();
        let mut write = home.store.write().await?;
        assert_eq!(write.record_deliveries(&all[..1_200], NOW, message_id).await?, 1_200);
        assert_eq!(write.record_deliveries(&all, NOW, message_id).await?, 800);
        write.commit().await?;
        let rows = home.store.read().await?.list_deliveries(DeliveryKind::Release, 1).await?;
        let ids: BTreeSet<&str> = rows.iter().map(|d| d.message_id.as_str()).collect();
        assert_eq!((rows.len(), ids.len()), (2_000, 2_000));
    }
}
