//! A text that is out while a newer one is worked on: it is held, stopped and given back as if it were alone.

use super::election::{PLAIN, town};
use super::*;

const NOON: &str = "2027-01-15 12:00";

fn noon() -> Timestamp {
    Timestamp::parse(NOON).expect("an instant")
}

#[tokio::test]
async fn an_open_correction_does_not_keep_election_time_from_the_text_that_is_on_its_way() {
    let town = town().await;
    let mayor = "Il sindaco Rossi inaugura la nuova palestra lunedì 18 gennaio.";
    let slug = town.submitted("Nuova palestra", mayor, "", "2027-01-17T11:00", NOW).await;
    town.approve(&slug, "carlo", NOW).await.expect("approved");
    town.send(&slug, NOW).await.expect("sent");
    town.office.accept("rita", at(1)).await;
    town.office.edit_under(&slug, "Nuova palestra in via Roma", "2027-01-17T11:00", at(2)).await;
    assert_eq!(town.called(at(5)).await, 1, "what is on its way is held, whatever is being written");
    let outbox = town.office.outbox(&slug).await;
    assert_eq!(outbox, ["v1 lea@riva.test cancelled", "v1 rita@riva.test accepted", "v1 ugo@riva.test cancelled"]);
    let release = town.office.release(&slug).await;
    assert_eq!((release.state.name(), release.title.as_str()), ("draft", "Nuova palestra in via Roma"));
    assert!(!is_public(&release, town.ends), "it does not come out by itself");
    assert_eq!(town.office.log(&slug).await[0].verb, "release.hold");
    assert_eq!(town.settle(at(6)).await, 0, "once");

    abandon(&town.office.store, &town.office.house, &slug, "elena", at(7)).await.expect("let go");
    let held = town.office.release(&slug).await;
    assert_eq!(held.title, "Nuova palestra");
    assert!(held.state.approved().is_some_and(|approved| approved.held.is_some()), "{:?}", held.state);
}

#[tokio::test]
async fn a_correction_that_is_held_gives_way_to_the_first_text_which_is_asked_the_same() {
    let town = town().await;
    let hour = "2027-01-17T11:00";
    let mayor = "Il sindaco Rossi inaugura la nuova palestra lunedì 18 gennaio.";
    let slug = town.submitted("Nuova palestra", mayor, "", hour, NOW).await;
    town.approve(&slug, "carlo", NOW).await.expect("approved");
    town.send(&slug, NOW).await.expect("sent");
    town.office.accept("rita", at(1)).await;
    town.office.edit_under(&slug, "Nuova palestra in via Roma", hour, at(2)).await;
    town.office.approved(&slug, at(3)).await;
    town.schedule(&slug, at(60), at(4)).await.expect("scheduled");
    assert_eq!(town.called(at(5)).await, 2, "both texts, one behind the other");
    let outbox = town.office.outbox(&slug).await;
    assert!(
        outbox.iter().all(|line| line.ends_with("cancelled") || line == "v1 rita@riva.test accepted"),
        "{outbox:?}"
    );
    assert_eq!(town.office.release(&slug).await.public_at, None);
}

#[tokio::test]
async fn what_is_leaving_is_stopped_although_a_correction_is_being_written() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    office.accept("rita", at(3)).await;
    office.edit(&slug, "Riapre il ponte, ma martedì", "elena", at(4)).await.expect("saved");
    let stopped = office.stop(&slug, at(5)).await;
    assert_eq!((stopped.cancelled, stopped.gone, stopped.public), (2, 1, true));
    let release = office.release(&slug).await;
    assert_eq!((release.state.name(), release.title.as_str()), ("draft", "Riapre il ponte, ma martedì"));
    assert!(matches!(denied(stop(&office.store, &office.house, &slug, "carlo", at(6)).await), Denied::State { .. }));
    // the correction goes to her who has the first, and to those who waited for it
    office.approved(&slug, at(7)).await;
    assert_eq!(office.send(&slug, at(8)).await.messages, 3);
}

#[tokio::test]
async fn a_correction_is_let_go_and_the_release_is_where_it_was() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    let abandon = |login: &'static str| abandon(&office.store, &office.house, &slug, login, at(9));
    assert!(matches!(denied(abandon("elena").await), Denied::Invalid(_)), "a first text is no correction");
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    office.accept("rita", at(3)).await;
    let before = office.release(&slug).await;
    office.edit(&slug, "Riapre il ponte, ma martedì", "elena", at(4)).await.expect("saved");
    assert!(matches!(denied(abandon("ugo").await), Denied::Role { .. }));
    abandon("elena").await.expect("let go");
    assert_eq!(office.release(&slug).await, before);
    assert!(office.log(&slug).await[0].after.as_deref().is_some_and(|after| after.contains("ma martedì")), "kept");

    // and one that the head of the office has sent back
    office.edit(&slug, "Riapre il ponte, ma martedì", "elena", at(10)).await.expect("saved");
    submit(&office.store, &office.house, &slug, "elena", at(10)).await.expect("submitted");
    reject(&office.store, &office.house, &slug, "non serve", "carlo", at(11)).await.expect("rejected");
    abandon("elena").await.expect("let go");
    assert_eq!(office.release(&slug).await, before);
    for name in ["lea", "ugo"] {
        office.accept(name, at(12)).await;
    }
    settle(&office.store, &office.house, at(13)).await.expect("settled");
    assert_eq!(office.release(&slug).await.state.name(), "sent");
}

#[tokio::test]
async fn a_correction_that_is_stopped_before_its_hour_skips_nobody_who_waited_for_the_first_text() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", NOON).await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    office.accept("rita", at(3)).await;
    let first = office.release(&slug).await;
    office.edit_under(&slug, "Riapre il ponte, ma martedì", NOON, at(4)).await;
    office.approved(&slug, at(5)).await;
    schedule(&office.store, &office.house, &slug, at(60), None, "carlo", at(6)).await.expect("scheduled");
    assert_eq!(office.standing(&slug).await, [(2, noon())]);
    let stopped = office.stop(&slug, at(7)).await;
    assert_eq!((stopped.cancelled, stopped.restored), (3, 2));
    assert_eq!(office.standing(&slug).await, [(1, noon())]);
    let release = office.release(&slug).await;
    assert_eq!((release.current, release.public_at), (first.current, first.public_at));
    assert!(is_public(&release, noon()));
    let outbox = office.outbox(&slug).await;
    let of = |version: &str| outbox.iter().filter(|line| line.starts_with(version)).map(String::as_str).collect();
    let waits: Vec<&str> = of("v1");
    assert_eq!(waits, ["v1 lea@riva.test queued", "v1 rita@riva.test accepted", "v1 ugo@riva.test queued"]);
    // lea gets the first at its hour; sent again, the correction finds her and who still waits, each once
    office.accept("lea", noon()).await;
    office.send(&slug, noon().plus(60_000)).await;
    let id = office.release(&slug).await.id;
    let mut rows = office.store.read().await.expect("rows");
    let all = rows.list_deliveries(DeliveryKind::Release, id.0).await.expect("rows");
    let line = |d: &Delivery| {
        format!("v{} {} {} {}", d.subject.version, d.address.as_str(), d.state.name(), d.in_reply_to.is_some())
    };
    assert_eq!(
        all.iter().map(line).collect::<Vec<_>>(),
        [
            "v1 lea@riva.test accepted false",
            "v1 rita@riva.test accepted false",
            "v1 ugo@riva.test cancelled false",
            "v2 lea@riva.test queued true",
            "v2 rita@riva.test queued true",
            "v2 ugo@riva.test queued false",
        ]
    );
}

#[tokio::test]
async fn a_correction_that_changes_the_embargo_is_kept_until_the_hour_that_its_mail_names() {
    for (embargo, others) in
        [("2027-01-15 15:00", "2027-01-15 15:00"), ("2027-01-15 10:30", "2027-01-15 10:30"), ("", "2027-01-15 09:07")]
    {
        let office = office().await;
        let slug = office.begun("Riapre il ponte", NOON).await;
        office.approved(&slug, at(1)).await;
        office.send(&slug, at(2)).await;
        office.accept("rita", at(3)).await;
        office.edit_under(&slug, "Riapre il ponte, ma martedì", embargo, at(4)).await;
        office.approved(&slug, at(5)).await;
        let hour = Timestamp::parse(others).expect("an instant");
        let shown: Vec<bool> = office.who(&slug, at(7)).await.iter().map(|a| a.due_at == hour).collect();
        assert_eq!(shown, [true, embargo.is_empty(), true], "{embargo}: she who has the first is told at once");
        let queued = office.send(&slug, at(7)).await;
        assert_eq!(queued.public_at, hour, "{embargo}");
        let release = office.release(&slug).await;
        assert!(!is_public(&release, hour.plus(-1)) && is_public(&release, hour), "{embargo}");
        assert_eq!(office.standing(&slug).await, [(2, hour)], "{embargo}");
    }
}

#[tokio::test]
async fn what_everybody_reads_is_not_put_under_embargo_by_a_correction() {
    let town = town().await;
    let office = &town.office;
    let slug = town.submitted("Via Roma chiusa", PLAIN, "", "", NOW).await;
    town.approve(&slug, "carlo", NOW).await.expect("approved");
    town.send(&slug, NOW).await.expect("sent");
    office.edit_under(&slug, "Via Roma chiusa da martedì", NOON, at(4)).await;
    let refused = denied(submit(&office.store, &office.house, &slug, "elena", at(5)).await);
    assert!(matches!(&refused, Denied::Invalid(lines) if lines[0].contains("già pubblico")), "{refused:?}");
}

#[tokio::test]
async fn a_text_that_left_is_the_base_of_a_new_one_without_its_day_and_its_decisions() {
    let office = office().await;
    let (store, house) = (&office.store, &office.house);
    let slug = office.begun("Riapre il ponte", NOON).await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    office.edit_under(&slug, "Riapre il ponte, ma martedì", NOON, at(3)).await;
    let before = office.release(&slug).await;
    let new = new_from(store, house, &slug, None, "elena", at(4)).await.expect("begun");
    assert_eq!(new, "riapre-il-ponte-2");
    let made = office.release(&new).await;
    assert_eq!((made.state.name(), made.register, made.title.as_str()), ("draft", None, "Riapre il ponte"));
    let draft = salastampa_releases::draft::parse(&made.draft).expect("it reads");
    assert_eq!((draft.embargo, draft.date, draft.lists), (None, None, vec!["locali".to_owned()]));
    assert_eq!(office.release(&slug).await, before);
    let named = new_from(store, house, &slug, Some("ponte-nuovo"), "elena", at(5)).await.expect("begun");
    assert_eq!(named, "ponte-nuovo");
    let again = new_from(store, house, &slug, Some("ponte-nuovo"), "elena", at(6)).await;
    assert!(matches!(denied(again), Denied::Exists { .. }), "nothing is overwritten");
    let refused = new_from(store, house, &slug, None, "ugo", at(6)).await;
    assert!(matches!(denied(refused), Denied::Role { .. }));
}
