//! What of the outbox waits although its hour has come: paused lanes, and campaigns that may not go faster.

use crate::world::*;
use salastampa_domain::pause::PROBE;
use salastampa_domain::*;
use salastampa_store::{Claim, Throttle};

fn campaign(kind: DeliveryKind, thing: i64) -> Lane {
    Lane::Campaign { kind, thing }
}

fn fault(delivery: i64, number: u32, cause: Cause, ended: Timestamp) -> Attempt {
    Attempt {
        delivery: DeliveryId(delivery),
        number,
        phase: AttemptPhase::Offer,
        started: ended,
        ended: Some(ended),
        code: Some(550),
        text: "550 5.7.1 no".into(),
        cause: Some(cause),
    }
}

fn numbers(claimed: &[Delivery]) -> Vec<i64> {
    claimed.iter().map(|d| d.id.0).collect()
}

contract! {
    async fn a_paused_lane_waits_and_the_others_go_on(home: &Home) {
        let mut write = home.store.write().await?;
        let release = |thing, address| delivery(DeliveryKind::Release, thing, address);
        let alert = delivery(DeliveryKind::Alert, 1, "a@bellariva.test");
        let all = [release(1, "a@il-lago.test"), release(2, "a@il-lago.test"), alert];
        write.record_deliveries(&all, NOW, message_id).await?;
        let pause = campaign(DeliveryKind::Release, 1).pause(Cause::Policy, "550 5.7.1 no", NOW);
        assert_eq!(pause.probe_at, None, "a person sent it and looks");
        write.record_pause(&pause).await?;
        assert_eq!(write.list_pauses().await?, std::slice::from_ref(&pause));
        assert_eq!(numbers(&write.claim_deliveries(&Claim::of("w", NOW, at(2), 9)).await?), [3, 2]);
        for id in [2, 3] {
            write.finish_delivery(DeliveryId(id), "w", 1, &DeliveryState::Accepted, None, NOW).await?;
        }
        assert_eq!(write.next_delivery_due(at(1)).await?, None, "what is paused is not due");
        // again: the first hour stays, the newer cause is told
        let again = Pause { at: at(5), cause: Cause::Size, ..pause.clone() };
        write.record_pause(&again).await?;
        assert_eq!(write.list_pauses().await?, [Pause { cause: Cause::Size, ..pause.clone() }]);
        assert!(write.resume_lane(pause.lane, at(6)).await?);
        assert!(!write.resume_lane(pause.lane, at(6)).await?, "twice is as once");
        assert!(write.list_pauses().await?.is_empty());
        assert_eq!(numbers(&write.claim_deliveries(&Claim::of("w", at(6), at(8), 9)).await?), [1]);
    }

    async fn all_mail_is_paused_but_for_one_message_that_is_tried(home: &Home) {
        let mut write = home.store.write().await?;
        let all = ["a", "b", "c"].map(|name| delivery(DeliveryKind::Review, 1, &format!("{name}@bellariva.test")));
        write.record_deliveries(&all, NOW, message_id).await?;
        let pause = Lane::All.pause(Cause::Greeting, "no greeting", NOW);
        write.record_pause(&pause).await?;
        assert_eq!(write.claim_deliveries(&Claim::of("w", NOW, at(2), 9)).await?, []);
        assert_eq!(write.claim_probe("w", NOW, at(2)).await?, None, "not yet");
        let due = NOW.plus(PROBE);
        assert_eq!(write.next_delivery_due(NOW).await?, Some(due));
        let tried = write.claim_probe("w", due, due.plus(9)).await?.expect("one");
        assert_eq!((tried.id, tried.attempt), (DeliveryId(1), 1));
        assert_eq!(write.claim_probe("w", due, due.plus(9)).await?, None, "one at a time");
        assert_eq!(write.list_pauses().await?[0].probe_at, Some(due.plus(PROBE)));
        // with nothing left to try it is tried later
        for id in [1, 2, 3] {
            write.cancel_deliveries(DeliveryKind::Review, id).await?;
        }
        assert_eq!(write.claim_probe("w", due.plus(PROBE), at(90)).await?, None);
        assert_eq!(write.list_pauses().await?[0].probe_at, Some(due.plus(2 * PROBE)));
    }

    async fn who_is_not_there_is_tried_each_minute_and_what_waits_behind_a_slow_answer_is_given_back(home: &Home) {
        let mut write = home.store.write().await?;
        let all = ["a", "b", "c"].map(|name| delivery(DeliveryKind::Review, 1, &format!("{name}@bellariva.test")));
        write.record_deliveries(&all, NOW, message_id).await?;
        assert_eq!(numbers(&write.claim_deliveries(&Claim::of("w", NOW, at(2), 9)).await?), [1, 2, 3]);
        assert_eq!(write.give_back_behind("other", DeliveryId(9), NOW).await?, 0, "another's are another's");
        assert_eq!(write.give_back_behind("w", DeliveryId(2), NOW).await?, 2);
        let again = write.claim_deliveries(&Claim::of("v", NOW, at(2), 9)).await?;
        assert_eq!(again.iter().map(|d| (d.id.0, d.attempt)).collect::<Vec<_>>(), [(1, 1), (3, 1)], "they do not count");
        assert_eq!(write.give_back_behind("v", DeliveryId(9), NOW).await?, 2);
        write.record_pause(&Lane::All.pause(Cause::Unreachable, "nobody", NOW)).await?;
        assert_eq!(write.claim_probe("v", at(1), at(3)).await?.map(|tried| tried.id), Some(DeliveryId(1)));
        assert_eq!(write.list_pauses().await?[0].probe_at, Some(at(2)), "a minute, not a quarter of an hour");
    }

    async fn faults_are_counted_by_message_and_of_the_relay_by_occasion(home: &Home) {
        let mut write = home.store.write().await?;
        let all: Vec<_> = (1..=4).map(|n| delivery(DeliveryKind::Release, 1, &format!("r{n}@il-lago.test"))).collect();
        write.record_deliveries(&all, NOW, message_id).await?;
        let lane = campaign(DeliveryKind::Release, 1);
        for (id, number) in [(1, 1), (1, 2), (2, 1)] {
            write.record_attempt(&fault(id, number, Cause::Policy, at(1))).await?;
        }
        write.record_attempt(&fault(3, 1, Cause::Busy, at(1))).await?;
        assert_eq!(write.count_faults(lane, Cause::Policy).await?, 2, "a message counts once");
        assert_eq!(write.count_faults(lane, Cause::Busy).await?, 1);
        assert_eq!(write.count_faults(campaign(DeliveryKind::Release, 2), Cause::Policy).await?, 0);
        write.record_pause(&lane.pause(Cause::Policy, "no", at(2))).await?;
        write.resume_lane(lane, at(3)).await?;
        assert_eq!(write.count_faults(lane, Cause::Policy).await?, 0, "what was before is not counted again");
        // of the relay each time counts, until it takes a message
        for number in 1..=3 {
            write.record_attempt(&fault(4, number, Cause::Login, at(4))).await?;
        }
        assert_eq!(write.count_faults(Lane::All, Cause::Login).await?, 3);
        write.claim_deliveries(&Claim::of("w", at(5), at(7), 1)).await?;
        write.finish_delivery(DeliveryId(1), "w", 1, &DeliveryState::Accepted, None, at(5)).await?;
        assert_eq!(write.count_faults(Lane::All, Cause::Login).await?, 0);
    }

    async fn a_campaign_goes_no_faster_than_it_may_and_what_is_awaited_is_not_held_back(home: &Home) {
        let mut write = home.store.write().await?;
        let mut all: Vec<_> = (1..=3).map(|n| delivery(DeliveryKind::Release, 1, &format!("r{n}@il-lago.test"))).collect();
        all.push(delivery(DeliveryKind::Release, 1, "r4@sponda.test"));
        all.extend((5..=6).map(|n| delivery(DeliveryKind::Review, 1, &format!("r{n}@il-lago.test"))));
        write.record_deliveries(&all, NOW, message_id).await?;
        let claim = |now: Timestamp, throttle| Claim { throttle, ..Claim::of("w", now, now.plus(9), 9) };
        let by_domain = Throttle { per_minute: 0, per_domain: 2 };
        assert_eq!(numbers(&write.claim_deliveries(&claim(NOW, by_domain)).await?), [5, 6, 1, 4]);
        // the others have an hour each, kept free for them, and have not been tried
        let waits = write.find_delivery(DeliveryId(3)).await?.expect("a row");
        assert_eq!((waits.due_at, waits.attempt, &waits.state), (at(1), 0, &DeliveryState::Queued));
        assert_eq!(write.claim_deliveries(&claim(NOW.plus(29_999), by_domain)).await?, []);
        assert_eq!(numbers(&write.claim_deliveries(&claim(NOW.plus(30_000), by_domain)).await?), [2]);
        assert_eq!(numbers(&write.claim_deliveries(&claim(at(1), by_domain)).await?), [3]);
        // one that is put off takes its turn again
        let later = DeliveryState::Deferred { next_at: at(2) };
        for id in [2, 3] {
            write.finish_delivery(DeliveryId(id), "w", 1, &later, None, at(1)).await?;
        }
        let all_together = Throttle { per_minute: 1, per_domain: 0 };
        assert_eq!(numbers(&write.claim_deliveries(&claim(at(2), all_together)).await?), [2]);
        assert_eq!(write.next_delivery_due(at(3)).await?, Some(at(3)));
    }
}
