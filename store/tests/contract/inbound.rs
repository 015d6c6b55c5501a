//! Mail that came back, what it told of deliveries, and the addresses that reject mail.

use crate::world::*;
use salastampa_domain::InboundKind::{Delayed, Delivered, HardBounce, Refused, Reply, SoftBounce, Unknown};
use salastampa_domain::*;

fn told(delivery: i64, kind: InboundKind, minutes: i64) -> Return {
    let status = "5.1.1".into();
    Return { delivery: DeliveryId(delivery), at: at(minutes), kind, status, said: "550 no such user".into() }
}

contract! {
    async fn mail_that_comes_back_is_booked_and_waits_for_a_person_unless_it_has_a_place(home: &Home) {
        let mut write = home.store.write().await?;
        let nina = write.record_contact(&contact("nina@il-lago.test")).await?;
        let to_nina = NewDelivery { contact: Some(nina), ..delivery(DeliveryKind::Release, 1, "nina@il-lago.test") };
        write.record_deliveries(&[to_nina], NOW, message_id).await?;
        let bounce = inbound(HardBounce, Some(DeliveryId(1)), &"ab".repeat(32));
        let first = write.record_inbound(&bounce).await?;
        let second = write.record_inbound(&inbound(Unknown, None, &"cd".repeat(32))).await?;
        let third = write.record_inbound(&inbound(Reply, None, &"ef".repeat(32))).await?;

        let bounce = Inbound { id: first, ..bounce };
        assert_eq!(write.find_inbound(first).await?, Some(bounce.clone()));
        assert_eq!(write.find_inbound(InboundId(9)).await?, None);
        assert_eq!(write.find_inbound_by_file(&"ab".repeat(32)).await?, Some(bounce.clone()));
        assert_eq!(write.find_inbound_by_file("ab").await?, None);
        assert_eq!(write.list_inbound_about(DeliveryId(1)).await?, [bounce]);
        let ids = |list: Vec<Inbound>| list.into_iter().map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(ids(write.list_inbound(false, None, 9).await?), [third, second, first]);
        assert_eq!(ids(write.list_inbound(false, Some(third), 1).await?), [second]);
        assert_eq!(ids(write.list_inbound(true, None, 9).await?), [third, second]);
        assert_eq!(write.count_inbound_waiting().await?, 2);

        assert!(write.assign_inbound(third, nina).await?);
        assert!(!write.assign_inbound(third, nina).await?, "it has its place");
        assert!(!write.put_inbound_aside(first, NOW).await?, "its token has given it a place");
        assert!(write.put_inbound_aside(second, at(1)).await?);
        assert_eq!(write.find_inbound(second).await?.and_then(|one| one.aside_at), Some(at(1)));
        assert_eq!((write.count_inbound_waiting().await?, write.list_inbound(true, None, 9).await?.len()), (0, 0));
        assert_eq!(ids(write.list_inbound_of(nina, 9).await?), [third, first]);
        assert_eq!(ids(write.list_inbound_of(nina, 1).await?), [third]);
        assert!(write.take_inbound_back(second).await? && !write.take_inbound_back(second).await?);
        assert_eq!(write.count_inbound_waiting().await?, 1);
    }

    async fn the_same_bytes_are_booked_once(home: &Home) {
        let mut write = home.store.write().await?;
        write.record_inbound(&inbound(Unknown, None, "ab")).await?;
        assert!(write.record_inbound(&inbound(Unknown, None, "ab")).await.is_err());
    }

    async fn of_a_delivery_the_worst_that_was_told_stays(home: &Home) {
        let mut write = home.store.write().await?;
        let all: Vec<NewDelivery> =
            (1..=4).map(|n| delivery(DeliveryKind::Release, 7, &format!("r{n}@redazioni.test"))).collect();
        write.record_deliveries(&all, NOW, message_id).await?;
        for one in [told(1, Delayed, 1), told(1, HardBounce, 2), told(1, Delayed, 3), told(1, HardBounce, 4)] {
            write.record_return(&one).await?;
        }
        write.record_return(&told(2, Delayed, 1)).await?;
        write.record_return(&told(2, Delivered, 2)).await?;
        write.record_return(&told(3, HardBounce, 5)).await?;
        let ids: Vec<DeliveryId> = (1..=4).map(DeliveryId).collect();
        let found = write.list_returns(&ids).await?;
        assert_eq!(found, [told(1, HardBounce, 2), told(2, Delivered, 2), told(3, HardBounce, 5)]);
        assert_eq!(write.list_returns(&[]).await?, []);
        assert_eq!(write.count_returns(DeliveryKind::Release, 7).await?, [(Delivered, 1), (HardBounce, 2)]);
        assert!(write.count_returns(DeliveryKind::Release, 8).await?.is_empty());
    }

    async fn what_came_back_from_an_address_is_counted_over_its_deliveries(home: &Home) {
        let mut write = home.store.write().await?;
        let (rita, ugo) = ("rita@riva.test", "ugo@molo.test");
        let all: Vec<NewDelivery> = [(1, rita), (2, rita), (3, rita), (4, rita), (4, ugo)]
            .map(|(thing, mail)| delivery(DeliveryKind::Release, thing, mail))
            .into();
        write.record_deliveries(&all, NOW, message_id).await?;
        for one in [
            told(1, HardBounce, 9), told(2, SoftBounce, 5), told(3, Refused, 6), told(4, HardBounce, 1), told(5, HardBounce, 7),
        ] {
            write.record_return(&one).await?;
        }
        let found = write.list_bounces(&address(rita), at(1)).await?;
        assert_eq!(found, [(at(5), SoftBounce), (at(9), HardBounce)], "later than that, and nothing that says nothing");
    }

    async fn an_address_that_rejects_mail_is_known_until_its_person_is_erased(home: &Home) {
        let mut write = home.store.write().await?;
        let known = |mail: &str, suspended: Option<i64>, confirmed: Option<i64>| ReturnedAddress {
            address: address(mail), suspended_at: suspended.map(at), confirmed_at: confirmed.map(at), freed_at: None,
        };
        let nina = write.record_contact(&contact("nina@il-lago.test")).await?;
        let open = known("nina@il-lago.test", Some(1), None);
        for one in [known("ada@lago.test", Some(1), Some(2)), open.clone(), known("ugo@lago.test", None, None)] {
            write.replace_returned_address(&one).await?;
        }
        let listed = write.list_suspended_addresses().await?;
        assert_eq!(listed, [open.clone(), known("ada@lago.test", Some(1), Some(2))]);
        assert_eq!(write.find_returned_address(&open.address).await?, Some(open.clone()));
        let freed = ReturnedAddress { suspended_at: None, freed_at: Some(at(3)), ..open.clone() };
        write.replace_returned_address(&freed).await?;
        assert_eq!(write.find_returned_address(&open.address).await?, Some(freed));

        let to_nina = NewDelivery { contact: Some(nina), ..delivery(DeliveryKind::Release, 1, "nina@il-lago.test") };
        write.record_deliveries(&[to_nina], NOW, message_id).await?;
        write.record_return(&told(1, HardBounce, 1)).await?;
        write.record_inbound(&inbound(HardBounce, Some(DeliveryId(1)), "aa")).await?;
        write.record_inbound(&Inbound { contact: Some(nina), ..inbound(Reply, None, "bb") }).await?;
        write.record_inbound(&Inbound { from: "nina@il-lago.test".into(), ..inbound(Unknown, None, "cc") }).await?;
        write.record_inbound(&inbound(Unknown, None, "dd")).await?;
        let person = write.find_contact(nina).await?.expect("there");
        write.remove_contact(&person, &address("erased-1@erased.invalid")).await?;
        assert_eq!(write.find_returned_address(&open.address).await?, None);
        assert_eq!(write.list_inbound(false, None, 9).await?.len(), 1, "only what is nobody's stays");
        assert_eq!(write.list_returns(&[DeliveryId(1)]).await?[0].said, "");
    }

    async fn what_came_back_from_readers_is_told_of_the_address_that_they_have(home: &Home) {
        let mut write = home.store.write().await?;
        let ada = write.record_reader(&reader("ada")).await?;
        let mail = reader("ada").address;
        let to_ada = |thing| NewDelivery { reader: Some(ada), ..delivery(DeliveryKind::Review, thing, mail.as_str()) };
        let old = NewDelivery { reader: Some(ada), ..delivery(DeliveryKind::Review, 5, "old@bellariva.test") };
        let other = delivery(DeliveryKind::Release, 6, mail.as_str());
        let all = [to_ada(1), to_ada(2), to_ada(3), to_ada(4), old, other];
        write.record_deliveries(&all, NOW, message_id).await?;
        for one in [
            told(1, HardBounce, 1), told(2, Refused, 5), told(3, SoftBounce, 4), told(4, Delayed, 6), told(5, HardBounce, 7),
            told(6, HardBounce, 8),
        ] {
            write.record_return(&one).await?;
        }
        let listed = write.list_reader_returns(at(1)).await?;
        assert_eq!(listed, [(ada, told(3, SoftBounce, 4)), (ada, told(2, Refused, 5))]);
        let freed = ReturnedAddress { address: mail, suspended_at: None, confirmed_at: None, freed_at: Some(at(4)) };
        write.replace_returned_address(&freed).await?;
        assert_eq!(write.list_reader_returns(at(0)).await?, [(ada, told(2, Refused, 5))]);
    }

    async fn only_what_was_closed_for_bounces_can_be_opened_again(home: &Home) {
        let mut write = home.store.write().await?;
        let closed = |why: &str, minutes| Suppression { hash: "ab".into(), at: at(minutes), why: why.into() };
        write.record_suppression(&closed("bounced", 1)).await?;
        write.record_suppression(&closed("bounced", 2)).await?;
        assert_eq!(write.find_suppression("ab").await?, Some(closed("bounced", 1)), "the first time counts");
        assert!(write.free_suppression("ab").await? && !write.free_suppression("ab").await?);
        write.record_suppression(&closed("bounced", 3)).await?;
        write.record_suppression(&closed("opt-out", 4)).await?;
        assert!(!write.free_suppression("ab").await?, "their own word is for good");
        write.record_suppression(&closed("bounced", 5)).await?;
        write.record_suppression(&closed("erased", 6)).await?;
        assert_eq!(write.find_suppression("ab").await?, Some(closed("opt-out", 4)));
    }
}
