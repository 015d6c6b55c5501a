//! The second factor through its acts: set up, asked for, taken once, reset.

use super::*;
use crate::desk::small::store;
use crate::{Error, user};
use salastampa_domain::Actor;

const NOON: Timestamp = Timestamp(1_800_000_000_000);

async fn office() -> (tempfile::TempDir, Store) {
    let (folder, store) = store(NOON).await;
    user::add(&store, &House::sample(), "lia", "Lia Neri", Role::Chief, NOON).await.expect("a user");
    (folder, store)
}

fn code_at(enrolment: &Enrolment, now: Timestamp) -> String {
    let secret = totp::from_base32(&enrolment.secret).expect("a secret");
    totp::code(&secret, now.0 / totp::STEP)
}

fn field(why: Error) -> &'static str {
    match why {
        Error::Denied(Denied::Form(slips)) => slips[0].field,
        Error::Denied(Denied::Wait { .. }) => "wait",
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_telephone_is_set_up_proved_and_asked_for() {
    let (_folder, store) = office().await;
    let house = House::sample();
    let enrolment = begin(&store, &house, "lia").await.expect("a secret");
    assert!(begin(&store, &house, "lia").await.expect("the same") == enrolment);
    let wrong = confirm(&store, &house, "lia", "000000", Lang::It, NOON).await.expect_err("a wrong code");
    assert_eq!(field(wrong), "code");
    let first = code_at(&enrolment, NOON);
    let codes = confirm(&store, &house, "lia", &first, Lang::It, NOON).await.expect("proved");
    assert_eq!(codes.len(), 10);
    assert!(begin(&store, &house, "lia").await.is_err(), "one is there already");

    let again = check(&store, &house, "lia", &first, Lang::It, NOON).await.expect_err("taken before");
    assert_eq!(field(again), "code");
    let later = NOON.plus(totp::STEP);
    check(&store, &house, "lia", &code_at(&enrolment, later), Lang::It, later).await.expect("a fresh code");
    let spelled = format!(" {}-{} ", &codes[3][..5].to_uppercase(), &codes[3][5..]);
    check(&store, &house, "lia", &spelled, Lang::It, later).await.expect("a recovery code");
    assert!(check(&store, &house, "lia", &codes[3], Lang::It, later).await.is_err(), "it was used up");

    let mut rows = store.read().await.expect("rows");
    let stored = rows.find_user("lia").await.expect("an answer").expect("a user").second_factor.expect("a factor");
    assert!(!format!("{stored:?}").contains(&stored.secret) && !stored.secret.contains(&enrolment.secret[..4]));
    assert_eq!(stored.recovery.len(), 9);
}

#[tokio::test]
async fn codes_are_not_guessed_by_trying() {
    let (_folder, store) = office().await;
    let house = House::sample();
    let enrolment = begin(&store, &house, "lia").await.expect("a secret");
    confirm(&store, &house, "lia", &code_at(&enrolment, NOON), Lang::It, NOON).await.expect("proved");
    let mut last = "";
    for _ in 0..6 {
        last = field(check(&store, &house, "lia", "123", Lang::It, NOON).await.expect_err("a wrong code"));
    }
    assert_eq!(last, "wait");
    let right = code_at(&enrolment, NOON.plus(totp::STEP));
    let shut = check(&store, &house, "lia", &right, Lang::It, NOON.plus(totp::STEP)).await;
    assert_eq!(field(shut.expect_err("the door is closed")), "wait");
}

#[tokio::test]
async fn who_needs_one_keeps_it_until_an_administrator_takes_it_away() {
    let (_folder, store) = office().await;
    let house = House::sample();
    user::add(&store, &house, "piero", "Piero Stella", Role::Admin, NOON).await.expect("a user");
    user::set_password(&store, &house, "lia", "una password lunga", NOON).await.expect("a password");
    let enrolment = begin(&store, &house, "lia").await.expect("a secret");
    confirm(&store, &house, "lia", &code_at(&enrolment, NOON), Lang::It, NOON).await.expect("proved");
    let kept = remove(&store, "lia", "una password lunga", Lang::It, NOON).await;
    assert_eq!(field(kept.expect_err("a chief needs one")), "factor_password");

    let settings = Settings { second_factor: Vec::new(), ..Settings::default() };
    let mut write = store.write().await.expect("a transaction");
    assert!(is_required(&mut write, Role::Chief).await.expect("an answer"));
    write.record_settings(&settings, &Actor::Console, NOON).await.expect("settings");
    write.commit().await.expect("a commit");
    assert!(remove(&store, "lia", "un'altra password", Lang::It, NOON).await.is_err());
    remove(&store, "lia", "una password lunga", Lang::It, NOON).await.expect("taken away");

    begin(&store, &house, "lia").await.expect("a new secret");
    let lia = store.read().await.expect("rows").find_user("lia").await.expect("an answer").expect("lia").id;
    assert!(user::reset_second_factor(&store, "lia", lia, NOON).await.is_err(), "a chief is no administrator");
    let reset = user::reset_second_factor(&store, "piero", lia, NOON).await.expect("taken away");
    assert_eq!(reset.second_factor, None);
}
