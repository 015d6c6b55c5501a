//! What the connections of the outbox write down while they send: under whose name, which data start, how it ended.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Claim, End, Hold};

fn attempt(delivery: i64, ended: Timestamp) -> Attempt {
    Attempt {
        delivery: DeliveryId(delivery),
        number: 1,
        phase: AttemptPhase::Data,
        started: NOW,
        ended: Some(ended),
        code: Some(250),
        text: "250 taken".into(),
        cause: None,
    }
}

contract! {
    async fn the_name_of_the_first_attempt_stays(home: &Home) {
        let mut write = home.store.write().await?;
        let nina = write.record_contact(&contact("nina@il-lago.test")).await?;
        let to_nina = NewDelivery { contact: Some(nina), ..delivery(DeliveryKind::Release, 1, "nina@il-lago.test") };
        let nameless = delivery(DeliveryKind::Release, 1, "redazione@il-lago.test");
        write.record_deliveries(&[to_nina, nameless], NOW, message_id).await?;
        let names = |claimed: &[Delivery]| claimed.iter().map(|d| d.to_name.clone()).collect::<Vec<_>>();
        let claimed = write.claim_deliveries(&Claim::of("w", NOW, at(1), 9)).await?;
        assert_eq!(names(&claimed), [Some("Nina Valli".into()), Some(String::new())]);
        // nothing of it was sent: it is written to under the name that she has by then
        write.give_back(DeliveryId(1), "w", 1, at(1)).await?;
        let married = Contact { id: nina, name: "Nina Valli Bassi".into(), ..contact("nina@il-lago.test") };
        write.record_contact(&married).await?;
        let claimed = write.claim_deliveries(&Claim::of("w", at(1), at(2), 9)).await?;
        assert_eq!(names(&claimed), [Some("Nina Valli Bassi".into())]);
        // it may have arrived: the same message goes again
        write.finish_delivery(DeliveryId(1), "w", 1, &DeliveryState::Uncertain, None, at(2)).await?;
        write.record_contact(&contact("nina@il-lago.test")).await?;
        write.requeue_uncertain(DeliveryId(1), 0, at(3)).await?;
        let claimed = write.claim_deliveries(&Claim::of("w", at(3), at(4), 9)).await?;
        assert_eq!(names(&claimed), [Some("Nina Valli Bassi".into())]);
    }

    async fn a_word_to_one_person_goes_with_the_message_that_is_made_next(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let release = write.record_release(&release("ponte", author)).await?;
        let nina = write.record_contact(&contact("nina@il-lago.test")).await?;
        let zoe = write.record_contact(&contact("zoe@il-lago.test")).await?;
        write.record_release_note(release, nina, Some("Cara Nina,")).await?;
        write.record_release_note(release, nina, Some("Cara Nina, come d'accordo.")).await?;
        write.record_release_note(release, zoe, Some("Cara Zoe,")).await?;
        assert_eq!(write.list_release_notes(release).await?.len(), 2);
        let to = |contact, version, mail: &str| {
            let made = delivery(DeliveryKind::Release, release.0, mail);
            NewDelivery { contact: Some(contact), subject: Subject { version, ..made.subject }, ..made }
        };
        let first = to(nina, 1, "nina@il-lago.test");
        write.record_deliveries(std::slice::from_ref(&first), NOW, message_id).await?;
        assert_eq!(write.attach_notes(&first.subject).await?, 1);
        let made = write.find_delivery(DeliveryId(1)).await?.expect("a row");
        assert_eq!(made.note.as_deref(), Some("Cara Nina, come d'accordo."));
        assert_eq!(write.list_release_notes(release).await?, [(zoe, "Cara Zoe,".to_owned())]);
        write.record_release_note(release, zoe, None).await?;
        assert!(write.list_release_notes(release).await?.is_empty());

        // what was tried once is the same message for ever
        write.claim_deliveries(&Claim::of("w", NOW, at(1), 9)).await?;
        write.record_release_note(release, nina, Some("Cara Nina, ancora.")).await?;
        assert_eq!(write.attach_notes(&first.subject).await?, 0);
        let second = to(nina, 2, "nina@il-lago.test");
        write.record_deliveries(std::slice::from_ref(&second), NOW, message_id).await?;
        assert_eq!(write.attach_notes(&second.subject).await?, 1);
        // and the words go with the person
        write.record_release_note(release, nina, Some("Cara Nina!")).await?;
        let gone = write.find_contact(nina).await?.expect("she is there");
        write.remove_contact(&gone, &address("erased-1@erased.invalid")).await?;
        assert!(write.list_release_notes(release).await?.is_empty());
        let left = write.find_delivery(DeliveryId(2)).await?.expect("a row");
        assert_eq!((left.note, left.to_name), (None, None));
    }

    async fn what_several_connections_write_down_is_one_statement(home: &Home) {
        let mut write = home.store.write().await?;
        // the fifth is of another release, which is cancelled
        let thing = |n| if n == 5 { 2 } else { 1 };
        let all: Vec<_> =
            (1..=6).map(|n| delivery(DeliveryKind::Release, thing(n), &format!("r{n}@il-lago.test"))).collect();
        write.record_deliveries(&all, NOW, message_id).await?;
        write.claim_deliveries(&Claim::of("w", NOW, at(9), 6)).await?;
        write.cancel_deliveries(DeliveryKind::Release, 2).await?;
        let hold = |id, worker, attempt| Hold { id: DeliveryId(id), worker, attempt };
        let begun = [hold(1, "w", 1), hold(2, "w", 1), hold(3, "v", 1), hold(4, "w", 2), hold(5, "w", 1)];
        let ours = write.start_all_data(&begun).await?;
        assert_eq!(ours, [DeliveryId(1), DeliveryId(2)].into(), "another's, an older attempt, and what was stopped stay");
        assert!(write.start_all_data(&[]).await?.is_empty());

        let (yes, later) = (DeliveryState::Accepted, DeliveryState::Deferred { next_at: at(5) });
        let end = |hold, state, reason| End { hold, state, reason, at: at(1) };
        let ends = [
            end(hold(1, "w", 1), &yes, Some("250 taken")),
            end(hold(6, "w", 1), &later, None),
            end(hold(5, "w", 1), &later, Some("451 later")),
            end(hold(2, "w", 7), &yes, Some("250 taken")),
            end(hold(3, "v", 1), &yes, Some("250 taken")),
        ];
        let ours = write.finish_deliveries(&ends).await?;
        assert_eq!(ours, [DeliveryId(1), DeliveryId(5), DeliveryId(6)].into());
        assert!(write.finish_deliveries(&[]).await?.is_empty());
        let mut states = Vec::new();
        for id in 1..=6 {
            let now = write.find_delivery(DeliveryId(id)).await?.expect("a row");
            states.push((now.state.name(), now.reason.unwrap_or_default(), now.accepted_at));
        }
        let taken = ("accepted", "250 taken".to_owned(), Some(at(1)));
        let held = |state| (state, String::new(), None);
        let stopped = ("cancelled", "451 later".to_owned(), None);
        let expected = [taken, held("data_started"), held("leased"), held("leased"), stopped, held("deferred")];
        assert_eq!(states, expected);

        let tries: Vec<_> = (1..=3).map(|id| attempt(id, at(id))).collect();
        write.record_attempts(&tries.iter().collect::<Vec<_>>()).await?;
        let again = attempt(2, at(8));
        write.record_attempts(&[&again]).await?;
        write.record_attempts(&[]).await?;
        assert_eq!(write.list_attempts(DeliveryId(2)).await?, [again]);
        assert_eq!(write.list_attempts(DeliveryId(3)).await?, [tries[2].clone()]);
    }
}
