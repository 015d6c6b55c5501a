//! Users through their acts: added, invited, changed, closed, and the last administrator who stays.

use super::*;
use crate::desk::small::store;
use crate::{Error, login, session};
use salastampa_domain::time::DAY;

const NOON: Timestamp = Timestamp(1_800_000_000_000);

async fn office() -> (tempfile::TempDir, Store, UserId) {
    let (folder, store) = store(NOON).await;
    let id = add(&store, &House::sample(), "piero", "Piero Stella", Role::Admin, NOON).await.expect("a user");
    (folder, store, id)
}

fn typed(login: &str, role: &str) -> TypedUser {
    TypedUser {
        login: login.into(),
        name: "Lia Neri".into(),
        address: "lia@bellariva.test".into(),
        role: role.into(),
        second_signature: false,
    }
}

async fn user(store: &Store, id: UserId) -> User {
    store.read().await.expect("rows").find_user_by_id(id).await.expect("an answer").expect("a user")
}

fn fields(why: Error) -> Vec<&'static str> {
    match why {
        Error::Denied(Denied::Form(slips)) => slips.into_iter().map(|slip| slip.field).collect(),
        other => panic!("not a form: {other}"),
    }
}

#[tokio::test]
async fn a_new_user_chooses_a_password_by_a_link_that_opens_once() {
    let (_folder, store, _) = office().await;
    let lia = create(&store, "piero", &typed("Lia.Neri", "editor"), Lang::It, NOON).await.expect("a user");
    let first = invite(&store, "piero", lia, NOON).await.expect("a link");
    let token = invite(&store, "piero", lia, NOON).await.expect("a newer link");
    let choose = |token: String, secret: &'static str, again: &'static str, at| {
        let store = store.clone();
        async move { accept(&store, &token, secret, again, Lang::It, at).await }
    };
    assert!(choose(first, "una password lunga", "una password lunga", NOON).await.is_err(), "ended by the newer");
    assert_eq!(fields(choose(token.clone(), "corta", "corta", NOON).await.expect_err("short")), ["password"]);
    let differ = choose(token.clone(), "una password lunga", "un'altra password", NOON).await;
    assert_eq!(fields(differ.expect_err("not the same")), ["again"]);
    let late = choose(token.clone(), "una password lunga", "una password lunga", NOON.plus(2 * DAY + 1)).await;
    assert!(late.is_err(), "two days have passed");
    choose(token.clone(), "una password lunga", "una password lunga", NOON).await.expect("chosen");
    assert!(choose(token, "una password lunga", "una password lunga", NOON).await.is_err(), "used up");
    login::check(&store, "lia.neri", "una password lunga", "127.0.0.1", NOON).await.expect("the login works");
}

#[tokio::test]
async fn nobody_closes_the_last_administrator_out() {
    let (_folder, store, piero) = office().await;
    let mine = user(&store, piero).await;
    let lower = TypedUser { role: "viewer".into(), name: mine.name.clone(), ..TypedUser::default() };
    let why = change(&store, "piero", piero, &mark(&mine), &lower, Lang::It, NOON).await;
    assert_eq!(fields(why.expect_err("the last one")), ["role"]);
    assert_eq!(fields(set_open(&store, "piero", piero, false, Lang::It, NOON).await.expect_err("the last")), ["role"]);
    create(&store, "piero", &typed("ced", "admin"), Lang::It, NOON).await.expect("another administrator");
    set_open(&store, "ced", piero, false, Lang::It, NOON).await.expect("now it may be");
    assert!(create(&store, "piero", &typed("x", "admin"), Lang::It, NOON).await.is_err(), "closed out is out");
}

#[tokio::test]
async fn a_new_role_and_a_closed_door_end_every_session() {
    let (_folder, store, _) = office().await;
    let lia = create(&store, "piero", &typed("lia", "editor"), Lang::It, NOON).await.expect("a user");
    let (token, _) = session::open(&store, &user(&store, lia).await, true, None, NOON).await.expect("a session");
    let seen = mark(&user(&store, lia).await);
    change(&store, "piero", lia, &seen, &typed("lia", "chief"), Lang::It, NOON).await.expect("a new role");
    assert!(session::find(&store, &token, NOON).await.expect("an answer").is_none());
    let stale = change(&store, "piero", lia, &seen, &typed("lia", "viewer"), Lang::It, NOON).await;
    assert!(matches!(stale, Err(Error::Denied(Denied::Changed { by, .. })) if by == "Piero Stella"));

    let (token, _) = session::open(&store, &user(&store, lia).await, true, None, NOON).await.expect("a session");
    set_open(&store, "piero", lia, false, Lang::It, NOON).await.expect("closed out");
    assert!(session::find(&store, &token, NOON).await.expect("an answer").is_none());
    set_open(&store, "piero", lia, true, Lang::It, NOON).await.expect("in again");
    assert_eq!(user(&store, lia).await.disabled_at, None);
}

#[tokio::test]
async fn one_changes_the_own_password_by_the_old_one() {
    let (_folder, store, piero) = office().await;
    set_password(&store, &House::sample(), "piero", "la password di prima", NOON).await.expect("a password");
    let change = |old: &'static str, new: &'static str| {
        let store = store.clone();
        async move { change_password(&store, "piero", old, new, new, Lang::It, NOON).await }
    };
    assert_eq!(fields(change("sbagliata", "la password nuova").await.expect_err("wrong")), ["old"]);
    assert_eq!(fields(change("la password di prima", "nuova").await.expect_err("short")), ["password"]);
    change("la password di prima", "la password nuova").await.expect("changed");
    login::check(&store, "piero", "la password nuova", "127.0.0.1", NOON).await.expect("the login works");
    prefer(&store, "piero", Some("en"), false, Lang::It, NOON).await.expect("kept");
    let kept = user(&store, piero).await.preferences;
    assert_eq!(kept, Preferences { language: Some("en".into()), shortcuts: false });
    assert!(prefer(&store, "piero", Some("fr"), false, Lang::It, NOON).await.is_err());
}

#[tokio::test]
async fn each_field_of_a_user_says_what_is_wrong_with_it() {
    let (_folder, store, _) = office().await;
    let wrong = TypedUser { name: " ".into(), address: "lia".into(), role: "boss".into(), ..typed("Lia Neri", "") };
    let why = create(&store, "piero", &wrong, Lang::It, NOON).await.expect_err("all of it");
    assert_eq!(fields(why), ["login", "name", "address", "role"]);
    let taken = create(&store, "piero", &typed("piero", "editor"), Lang::It, NOON).await.expect_err("taken");
    assert_eq!(fields(taken), ["login"]);
}
