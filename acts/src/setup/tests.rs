//! The first run through its act: what eight answers make, and what they may not be.

use super::*;
use crate::desk::small::store;
use crate::settings::TypedMail;
use crate::{Error, review};
use salastampa_domain::{MailWay, Settings};

const MORNING: &str = "2026-11-22 16:00";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect(text)
}

async fn empty_office() -> (tempfile::TempDir, Store) {
    store(at(MORNING)).await
}

fn answers() -> Answers {
    let person = |name: &str, office: &str, address: &str| PersonAnswer {
        name: name.into(),
        office: office.into(),
        address: address.into(),
    };
    Answers {
        office: "Comune di Maresio Terme".into(),
        town: "Maresio Terme".into(),
        contacts: "Ufficio stampa\ntel. 0300 555 200".into(),
        province: "Lecco".into(),
        mayor: person("Zeno Fabbrini", "sindaco", "sindaco@maresio.test"),
        assessors: vec![
            person("Carla D'Avolio", "assessora alla scuola e alle politiche giovanili", "davolio@maresio.test"),
            person("", "", ""),
            person("Bruno Sant'Elia", "assessore ai lavori pubblici e alla mobilità", ""),
            person("Olga Verri", "assessora ai gemellaggi", "verri@maresio.test"),
        ],
        hour: "07:30".into(),
        mail: TypedMail {
            sender_name: "Ufficio stampa".into(),
            sender: "stampa@maresio.test".into(),
            mail: "smtp".into(),
            smtp_host: "posta.maresio.test".into(),
            smtp_port: "587".into(),
            smtp_tls: "starttls".into(),
            smtp_user: "stampa".into(),
            smtp_password: "il segreto del server".into(),
        },
        name: "Lia Neri".into(),
        login: "lia.neri".into(),
        address: "lia.neri@maresio.test".into(),
        one_person: true,
        password: "una password lunga".into(),
        again: "una password lunga".into(),
    }
}

fn slips(why: Error) -> Vec<&'static str> {
    match why {
        Error::Denied(Denied::Form(slips)) => slips.into_iter().map(|slip| slip.field).collect(),
        other => panic!("not a form: {other}"),
    }
}

#[tokio::test]
async fn eight_answers_make_an_office_whose_review_comes_the_next_morning() {
    let (_folder, store) = empty_office().await;
    let (house, declared, now) = (House::sample(), Declared::default(), at(MORNING));
    let token = offer(&store, now).await.expect("an answer").expect("nobody works here yet");
    let founded = found(&store, &house, &declared, &token, &answers(), Lang::It, now).await.expect("an office");
    assert_eq!((founded.chief.as_str(), founded.admin.as_str()), ("lia.neri", "lia.neri-admin"));
    assert_eq!((founded.editions, founded.readers), (4, 4));

    let mut rows = store.read().await.expect("rows");
    let saved = rows.find_settings().await.expect("an answer").expect("settings");
    assert_eq!(saved.settings.town, "Maresio Terme");
    assert_eq!((saved.settings.mail, saved.settings.smtp.port), (MailWay::Smtp, 587));
    assert_eq!(settings::mail_password(&mut rows, &house.key).await.expect("a secret"), "il segreto del server");
    let roles: Vec<_> = rows.list_users().await.expect("users").iter().map(|user| user.role).collect();
    assert_eq!(roles, [Role::Chief, Role::Admin]);
    let names: Vec<_> = rows.list_watches().await.expect("watches").into_iter().map(|watch| watch.slug).collect();
    for slug in
        ["comune", "sindaco", "giunta", "emergenze", "provincia", "scuola", "lavori-pubblici", "mobilita", "gemellaggi"]
    {
        assert!(names.iter().any(|name| name == slug), "{slug} is not followed: {names:?}");
    }
    let events: Vec<String> =
        rows.list_events(50).await.expect("events").into_iter().map(|event| format!("{event:?}")).collect();
    assert!(events.iter().all(|line| !line.contains("segreto") && !line.contains("una password")));
    drop(rows);

    // the proposal at a quarter past seven, the review at half past
    for minute in ["2026-11-23 07:15", "2026-11-23 07:30"] {
        review::make_due(&store, &house, at(minute)).await.expect("the review job");
    }
    let reviews = store.read().await.expect("rows").list_reviews(10).await.expect("reviews");
    assert_eq!(reviews.len(), 4, "each edition has its issue");
    assert!(reviews.iter().all(|review| review.version == 1));
}

#[tokio::test]
async fn the_link_dies_with_the_first_user_and_after_a_day() {
    let (_folder, store) = empty_office().await;
    let (house, declared, now) = (House::sample(), Declared::default(), at(MORNING));
    let first = offer(&store, now).await.expect("an answer").expect("a link");
    let token = offer(&store, now).await.expect("an answer").expect("a second link");
    let mut rows = store.read().await.expect("rows");
    assert!(open(&mut rows, &first, now).await.is_err(), "the older link ended");
    assert!(open(&mut rows, &token, now.plus(DAY)).await.is_ok());
    assert!(open(&mut rows, &token, now.plus(DAY + 1)).await.is_err(), "a day has passed");
    assert!(open(&mut rows, "", now).await.is_err());
    drop(rows);
    found(&store, &house, &declared, &token, &answers(), Lang::It, now).await.expect("an office");
    let again = found(&store, &house, &declared, &token, &answers(), Lang::It, now).await;
    assert!(matches!(again, Err(Error::Denied(Denied::Unknown { .. }))), "{again:?}");
    assert_eq!(offer(&store, now).await.expect("an answer"), None);
}

#[tokio::test]
async fn each_wrong_answer_is_told_beside_its_field_and_nothing_is_written() {
    let (_folder, store) = empty_office().await;
    let (house, declared, now) = (House::sample(), Declared::default(), at(MORNING));
    let token = offer(&store, now).await.expect("an answer").expect("a link");
    let mut wrong = answers();
    wrong.office = "  ".into();
    wrong.town = "???".into();
    wrong.hour = "2:30".into();
    wrong.mayor.address = "sindaco".into();
    wrong.assessors[0].name = "a\nBcc: x@y.test".into();
    wrong.mail.smtp_port = "70000".into();
    wrong.login = "Lia Neri".into();
    wrong.password = "corta".into();
    let why = found(&store, &house, &declared, &token, &wrong, Lang::It, now).await.expect_err("much is wrong");
    assert_eq!(
        slips(why),
        ["office", "town", "smtp_port", "mayor_address", "assessor_1_name", "hour", "login", "password"]
    );
    assert!(store.read().await.expect("rows").is_unattended().await.expect("an answer"));
}

#[tokio::test]
async fn what_is_typed_waits_while_a_test_mail_is_on_its_way() {
    let (_folder, store) = empty_office().await;
    let (house, now) = (House::sample(), at(MORNING));
    let declared = Declared {
        keys: ["office.sender".to_owned()].into(),
        settings: Settings { sender: Address::parse("ente@maresio.test").ok(), ..Settings::default() },
    };
    let token = offer(&store, now).await.expect("an answer").expect("a link");
    try_mail(&store, &house, &declared, &token, &answers(), Lang::It, now).await.expect("an errand");
    let mut rows = store.read().await.expect("rows");
    let kept = draft(&mut rows, &house).await.expect("an answer").expect("a draft");
    assert_eq!((kept.mayor.name.as_str(), kept.password.as_str()), ("Zeno Fabbrini", ""));
    let trial = settings::trial(&mut rows, &house.key).await.expect("an answer").expect("a trial");
    assert_eq!((trial.sender.as_str(), trial.password.as_str()), ("ente@maresio.test", "il segreto del server"));
    assert_eq!(rows.list_errands().await.expect("errands").len(), 1);
    let stored = rows.find_secret("setup.draft").await.expect("an answer").expect("sealed");
    assert!(!stored.contains("segreto"));
}
