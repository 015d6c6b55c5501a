//! Two people for each text, and the day that it names.

use super::*;

async fn two_heads() -> Office {
    let office = office().await;
    let mut write = office.store.write().await.expect("a turn");
    write.record_user(&user::blank("dina", "DINA", Role::Chief)).await.expect("a user");
    write.commit().await.expect("kept");
    office
}

impl Office {
    async fn approve(&self, slug: &str, login: &str, now: Timestamp) -> Result<Approved> {
        approve(&self.store, &self.house, slug, None, login, now).await
    }
}

#[tokio::test]
async fn who_wrote_in_a_text_does_not_approve_it_whoever_submits_it() {
    let office = two_heads().await;
    let (store, house) = (&office.store, &office.house);
    // carlo writes, elena submits
    let saved = save(store, house, Lang::It, Base::New, &fields("Riapre il ponte", ""), "carlo", NOW).await;
    let slug = saved.expect("saved").slug;
    submit(store, house, &slug, "elena", at(1)).await.expect("submitted");
    assert_eq!(denied(office.approve(&slug, "carlo", at(2)).await), Denied::OwnText);
    // sent back and touched by elena, it is still his
    reject(store, house, &slug, "manca il giorno", "dina", at(3)).await.expect("rejected");
    office.edit(&slug, "Riapre il ponte!", "elena", at(4)).await.expect("saved");
    submit(store, house, &slug, "elena", at(5)).await.expect("submitted");
    assert_eq!(denied(office.approve(&slug, "carlo", at(6)).await), Denied::OwnText);
    assert!(!office.approve(&slug, "dina", at(7)).await.expect("approved").alone);

    // elena begins, carlo changes a word in review
    let other = office.begun("Riapre la strada", "").await;
    office.edit(&other, "Riapre la strada vecchia", "carlo", at(8)).await.expect("saved");
    submit(store, house, &other, "elena", at(9)).await.expect("submitted");
    assert_eq!(denied(office.approve(&other, "carlo", at(10)).await), Denied::OwnText);
    office.approve(&other, "dina", at(11)).await.expect("approved");
    // what dina has read and elena changes after is no longer carlo's
    office.edit(&other, "Riapre la strada nuova", "elena", at(12)).await.expect("saved");
    submit(store, house, &other, "elena", at(13)).await.expect("submitted");
    office.approve(&other, "carlo", at(14)).await.expect("approved");
}

#[tokio::test]
async fn an_office_of_one_person_approves_its_own_text_and_the_log_says_so() {
    let mut office = office().await;
    office.house.one_person = true;
    let (store, house) = (&office.store, &office.house);
    let saved = save(store, house, Lang::It, Base::New, &fields("Riapre il ponte", ""), "carlo", NOW).await;
    let slug = saved.expect("saved").slug;
    submit(store, house, &slug, "elena", at(1)).await.expect("submitted");
    assert!(office.approve(&slug, "carlo", at(2)).await.expect("approved").alone, "it is his, whoever submitted it");
    assert_eq!(office.log(&slug).await[0].verb, "release.approve_alone");
}

#[tokio::test]
async fn a_text_that_names_a_day_leaves_on_no_other() {
    let office = office().await;
    let (store, house) = (&office.store, &office.house);
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    let days = |n: i64| at(n * 24 * 60);
    let refused = denied(schedule(store, house, &slug, days(4), None, "carlo", at(2)).await);
    let Denied::Invalid(lines) = &refused else { panic!("{refused:?}") };
    assert!(lines[0].contains("15 gennaio 2027") && lines[0].contains("19 gennaio 2027"), "{lines:?}");
    assert!(matches!(denied(send(store, house, &slug, None, "carlo", days(4)).await), Denied::Invalid(_)));
    let release = office.release(&slug).await;
    assert_eq!((release.state.name(), office.outbox(&slug).await.len()), ("approved", 0));
    // with the day of the sending it leaves
    office.edit_dated(&slug, "Riapre il ponte", "2027-01-19", at(3)).await;
    office.approved(&slug, at(4)).await;
    schedule(store, house, &slug, days(4), None, "carlo", at(5)).await.expect("scheduled");

    // under an embargo it names that day, and leaves before it
    let slug = office.begun("Riapre la strada", "2027-01-18 11:00").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    office.accept("rita", at(3)).await;
    // and what some have goes to the others as it is
    office.stop(&slug, at(4)).await;
    office.send(&slug, days(1)).await;
}
