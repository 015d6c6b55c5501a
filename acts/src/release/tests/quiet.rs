//! Quiet hours: what waits for their end, and what wakes people.

use super::*;

#[tokio::test]
async fn a_release_waits_for_the_end_of_quiet_hours_and_a_correction_or_a_withdrawal_does_not() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    let hour = |hour, minute| jiff::civil::time(hour, minute, 0, 0);
    let (nine, half_past) = (at(2).civil().time(), Timestamp::of_civil(at(2).day().at(9, 30, 0, 0)));
    assert!(hour(8, 0) < nine && nine < hour(9, 30), "the world of these tests begins at nine");
    let mut write = office.store.write().await.expect("a turn");
    for (name, until) in [("lea", hour(9, 30)), ("ugo", hour(8, 30))] {
        let contact = write.find_contact_by_address(&address(&format!("{name}@riva.test"))).await.expect("rows");
        let contact = contact.expect("there");
        write.replace_contact(&Contact { quiet: Some((hour(8, 0), until)), ..contact }).await.expect("written");
    }
    write.commit().await.expect("kept");
    office.approved(&slug, at(1)).await;
    let shown = office.who(&slug, at(2)).await;
    let line = |a: &Addressee| (a.name.clone(), a.is_quiet, a.due_at == if a.is_quiet { half_past } else { at(2) });
    let expected = [("LEA".into(), true, true), ("RITA".into(), false, true), ("UGO".into(), false, true)];
    assert_eq!(shown.iter().map(line).collect::<Vec<(String, bool, bool)>>(), expected);
    office.send(&slug, at(2)).await;
    let due =
        |rows: Vec<Delivery>| rows.into_iter().map(|d| (d.address.as_str().to_owned(), d.due_at)).collect::<Vec<_>>();
    let rows = office.store.read().await.expect("rows").list_deliveries(DeliveryKind::Release, 1).await.expect("rows");
    assert_eq!(due(rows)[0], ("lea@riva.test".into(), half_past), "what is shown is what is done");

    // rita has it and is asleep by now: the correction wakes her; lea, who has nothing yet, is not woken
    let mut write = office.store.write().await.expect("a turn");
    let rita = write.find_contact_by_address(&address("rita@riva.test")).await.expect("rows").expect("there");
    write.replace_contact(&Contact { quiet: Some((hour(8, 0), hour(9, 30))), ..rita }).await.expect("written");
    write.commit().await.expect("kept");
    office.accept("rita", at(3)).await;
    office.edit(&slug, "Riapre il ponte, ma martedì", "elena", at(5)).await.expect("saved");
    office.approved(&slug, at(6)).await;
    let shown = office.who(&slug, at(7)).await;
    let due: Vec<_> = shown.iter().map(|a| (a.name.as_str(), a.due_at, a.is_quiet)).collect();
    assert_eq!(due, [("LEA", half_past, true), ("RITA", at(7), false), ("UGO", at(7), false)]);
    withdraw(&office.store, &office.house, &slug, "errore", "carlo", at(8)).await.expect("withdrawn");
    let rows = office.store.read().await.expect("rows").list_deliveries(DeliveryKind::Withdrawal, 1).await;
    let told: Vec<_> = rows.expect("rows").into_iter().map(|d| (d.address, d.due_at)).collect();
    assert_eq!(told, [(address("rita@riva.test"), at(8))], "told at once");
}

#[tokio::test]
async fn quiet_hours_that_come_later_hold_for_what_waits_and_for_a_correction_to_who_has_nothing() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    schedule(&office.store, &office.house, &slug, at(60), None, "carlo", at(2)).await.expect("scheduled");
    let mut write = office.store.write().await.expect("a turn");
    let lea = write.find_contact_by_address(&address("lea@riva.test")).await.expect("rows").expect("there");
    let hour = |minutes: i64| at(minutes).civil().time();
    let after = Contact { quiet: Some((hour(30), hour(200))), ..lea.clone() };
    write.replace_contact(&after).await.expect("written");
    crate::quiet::let_wait(&mut write, &lea, &after).await.expect("put off");
    write.commit().await.expect("kept");
    let rows = office.store.read().await.expect("rows").list_deliveries(DeliveryKind::Release, 1).await.expect("rows");
    assert_eq!(rows.iter().map(|d| d.due_at).collect::<Vec<_>>(), [at(200), at(60), at(60)]);

    // stopped, corrected, and sent while lea is asleep: she has nothing yet, so that nothing is set right for her
    office.stop(&slug, at(61)).await;
    office.edit(&slug, "Riapre il ponte, ma martedì", "elena", at(62)).await.expect("saved");
    office.approved(&slug, at(63)).await;
    let shown = office.who(&slug, at(64)).await;
    let due: Vec<_> = shown.iter().map(|a| (a.name.as_str(), a.due_at, a.is_quiet)).collect();
    assert_eq!(due, [("LEA", at(200), true), ("RITA", at(64), false), ("UGO", at(64), false)]);
}
