//! Election time: what is refused, who signs, what is held back, and that it ends by itself.

use super::*;
use crate::desk::AtDesk;
use crate::doubt::Decision;
use crate::elections::{self, ElectionForm};
use crate::persons::{self, PersonForm};

pub(super) const PLAIN: &str = "Da lunedì 23 novembre via Roma è chiusa per lavori.";
const REASON: &str = "Chi abita lì deve spostare l'auto.";

/// The office of the other tests with a second head, a sworn secretary, a mayor, and an election that lasts from tomorrow
/// on for some days.
pub(super) struct Town {
    pub(super) office: Office,
    pub(super) from: Timestamp,
    pub(super) ends: Timestamp,
}

fn form(from: &str, to: &str) -> ElectionForm {
    ElectionForm { name: "Elezioni comunali".into(), from: from.into(), to: to.into(), ..ElectionForm::blank() }
}

pub(super) async fn town() -> Town {
    let office = office().await;
    let mut write = office.store.write().await.expect("a turn");
    write.record_user(&user::blank("dina", "DINA", Role::Chief)).await.expect("a user");
    let secretary = User { second_signature: true, ..user::blank("sara", "SARA", Role::Admin) };
    write.record_user(&secretary).await.expect("a user");
    let mayor = Person {
        id: PersonId(0),
        slug: "mario-rossi".into(),
        name: "Mario Rossi".into(),
        aliases: Vec::new(),
        office: "Sindaco".into(),
        from: None,
        until: None,
    };
    write.record_person(&mayor).await.expect("a person");
    write.commit().await.expect("kept");
    // NOW is 2027-01-15 09:00 in Italy
    let day = |text| Timestamp::parse(text).expect("an instant");
    Town { office, from: day("2027-01-16 00:00"), ends: day("2027-01-20 15:00") }
}

impl Town {
    fn desk<'a>(&'a self, login: &'a str, now: Timestamp) -> AtDesk<'a> {
        AtDesk { store: &self.office.store, house: &self.office.house, login, lang: Lang::It, now }
    }

    /// The polls are called; gives how many releases are held back by it.
    pub(super) async fn called(&self, now: Timestamp) -> usize {
        elections::add(self.desk("carlo", now), &form("2027-01-16", "2027-01-20")).await.expect("entered").1
    }

    pub(super) async fn submitted(
        &self,
        title: &str,
        body: &str,
        reason: &str,
        embargo: &str,
        now: Timestamp,
    ) -> String {
        self.submitted_for("", title, body, reason, embargo, now).await
    }

    /// The same of a text that names the day on which it is to leave.
    async fn submitted_for(
        &self,
        date: &str,
        title: &str,
        body: &str,
        reason: &str,
        embargo: &str,
        now: Timestamp,
    ) -> String {
        let typed = Fields {
            title: title.into(),
            body: body.into(),
            indispensable: reason.into(),
            date: date.into(),
            ..fields(title, embargo)
        };
        let (store, house) = (&self.office.store, &self.office.house);
        let saved = save(store, house, Lang::It, Base::New, &typed, "elena", now).await.expect("saved");
        submit(store, house, &saved.slug, "elena", now).await.expect("submitted");
        saved.slug
    }

    pub(super) async fn approve(&self, slug: &str, login: &str, now: Timestamp) -> Result<Approved> {
        approve(&self.office.store, &self.office.house, slug, None, login, now).await
    }

    async fn sign(&self, slug: &str, login: &str, now: Timestamp) -> Result<Approved> {
        sign(&self.office.store, &self.office.house, slug, None, login, now).await
    }

    pub(super) async fn send(&self, slug: &str, now: Timestamp) -> Result<Queued> {
        send(&self.office.store, &self.office.house, slug, None, "carlo", now).await
    }

    pub(super) async fn schedule(&self, slug: &str, at: Timestamp, now: Timestamp) -> Result<Queued> {
        schedule(&self.office.store, &self.office.house, slug, at, None, "carlo", now).await
    }

    pub(super) async fn settle(&self, now: Timestamp) -> usize {
        settle(&self.office.store, &self.office.house, now).await.expect("settled")
    }

    async fn verbs(&self, slug: &str) -> Vec<String> {
        let mut verbs: Vec<String> = self.office.log(slug).await.into_iter().map(|e| e.verb).collect();
        verbs.reverse();
        verbs
    }
}

/// What election time found in the way.
fn lacks<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
    match denied(result) {
        Denied::Election(required) => required.lines(Lang::It),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn in_election_time_a_text_needs_to_be_impersonal_a_reason_and_two_hands_and_the_day_after_nothing_of_it() {
    let town = town().await;
    town.called(NOW).await;
    let inside = town.from.plus(3_600_000);
    let mayor = "Il sindaco Rossi inaugura la nuova palestra lunedì 18 gennaio.";
    let slug = town.submitted_for("2027-01-20", "Nuova palestra", mayor, REASON, "", inside).await;
    let why = lacks(town.approve(&slug, "carlo", inside).await);
    assert!(why.len() == 1 && why[0].contains("«Rossi»") && why[0].contains("28/2000"), "{why:?}");
    assert_eq!(town.office.release(&slug).await.state.name(), "in_review");

    let bare = town.submitted_for("2027-01-20", "Chiusura di via Roma per lavori", PLAIN, "", "", inside).await;
    let why = lacks(town.approve(&bare, "carlo", inside).await);
    assert!(why.len() == 1 && why[0].contains("indispensabile"), "{why:?}");

    let fit = town.submitted("Via Roma chiusa per lavori", PLAIN, REASON, "", inside).await;
    town.approve(&fit, "carlo", inside).await.expect("approved");
    let why = lacks(town.send(&fit, inside).await);
    assert!(why.len() == 1 && why[0].contains("seconda firma"), "{why:?}");
    for (login, wanted) in [
        ("carlo", Denied::SameHand),
        ("elena", Denied::MayNotSign),
        ("ada", Denied::MayNotSign),
        ("ugo", Denied::MayNotSign),
    ] {
        assert_eq!(denied(town.sign(&fit, login, inside).await), wanted, "{login}");
    }
    let signed = town.sign(&fit, "sara", inside).await.expect("signed");
    assert!(signed.second.is_some_and(|second| second.at == inside && second.by != signed.by));
    assert_eq!(denied(town.sign(&fit, "dina", inside).await), Denied::Signed);
    assert_eq!(town.send(&fit, inside).await.expect("sent").messages, 3);
    assert_eq!(
        town.verbs(&fit).await,
        ["release.new", "release.submit", "release.approve", "release.sign", "release.send"]
    );

    // the day after the polls both pass with one approval
    let after = town.ends;
    for slug in [&slug, &bare] {
        town.approve(slug, "carlo", after).await.expect("approved");
        assert_eq!(town.send(slug, after).await.expect("sent").messages, 3);
    }
}

#[tokio::test]
async fn an_office_of_one_person_is_no_exception() {
    let mut town = town().await;
    town.office.house.one_person = true;
    let inside = town.from;
    let (store, house) = (&town.office.store, &town.office.house);
    let by_carlo =
        |title: &'static str| Fields { indispensable: REASON.into(), date: "2027-01-16".into(), ..fields(title, "") };
    let mut slugs = Vec::new();
    for title in ["Riapre il ponte", "Riapre la strada"] {
        let saved = save(store, house, Lang::It, Base::New, &by_carlo(title), "carlo", NOW).await.expect("saved");
        submit(store, house, &saved.slug, "carlo", NOW).await.expect("submitted");
        slugs.push(saved.slug);
    }
    // approved alone before the polls were called, it may not leave after
    assert!(town.approve(&slugs[0], "carlo", NOW).await.expect("approved").alone);
    town.called(NOW).await;
    let why = lacks(town.send(&slugs[0], inside).await);
    assert!(why.len() == 1 && why[0].contains("L'ha approvato il suo autore"), "{why:?}");
    assert!(matches!(denied(town.sign(&slugs[0], "dina", inside).await), Denied::Election(_)));
    assert_eq!(denied(town.approve(&slugs[1], "carlo", inside).await), Denied::OwnText);
    town.approve(&slugs[1], "dina", inside).await.expect("approved");
    assert_eq!(denied(town.sign(&slugs[1], "carlo", inside).await), Denied::SameHand, "he wrote it");
    town.sign(&slugs[1], "sara", inside).await.expect("signed");
    town.send(&slugs[1], inside).await.expect("sent");
}

#[tokio::test]
async fn what_is_scheduled_into_election_time_is_held_back_when_the_polls_are_called_and_goes_once_it_is_signed() {
    let town = town().await;
    let hour = town.from.plus(9 * 3_600_000);
    let slug = town.submitted_for("2027-01-16", "Via Roma chiusa per lavori", PLAIN, REASON, "", NOW).await;
    town.approve(&slug, "carlo", NOW).await.expect("approved");
    town.schedule(&slug, hour, NOW).await.expect("scheduled");
    assert_eq!(town.called(at(5)).await, 1);
    let release = town.office.release(&slug).await;
    let approved = release.state.approved().cloned().expect("the approval stands");
    assert_eq!((release.state.name(), release.public_at), ("approved", None));
    assert_eq!(approved.held, Some(Held { due: hour, at: at(5) }));
    assert!(!is_public(&release, hour.plus(1)));
    assert_eq!(town.office.outbox(&slug).await.iter().filter(|line| line.ends_with("cancelled")).count(), 3);
    let log = town.office.log(&slug).await;
    assert_eq!(log[0].verb, "release.hold");
    assert!(log[0].after.as_deref().is_some_and(|after| after.contains("seconda firma")), "{log:?}");
    // another look holds nothing again
    assert_eq!(town.settle(at(6)).await, 0);

    town.sign(&slug, "dina", at(10)).await.expect("signed");
    assert_eq!(town.schedule(&slug, hour, at(11)).await.expect("scheduled").public_at, hour);
    let release = town.office.release(&slug).await;
    assert_eq!(release.state.approved().and_then(|approved| approved.held), None);
    assert!(is_public(&release, hour));
    assert_eq!(town.office.outbox(&slug).await.iter().filter(|line| line.ends_with("queued")).count(), 3);
    assert_eq!(town.settle(hour).await, 1, "its hour has come");
    assert_eq!(town.office.release(&slug).await.state.name(), "sending");
}

#[tokio::test]
async fn an_embargo_that_ends_in_election_time_is_held_and_one_that_ends_after_it_is_free() {
    let town = town().await;
    let mayor = "Il sindaco Rossi inaugura la nuova palestra lunedì 18 gennaio.";
    let inside = town.submitted("Nuova palestra", mayor, "", "2027-01-17T11:00", NOW).await;
    town.approve(&inside, "carlo", NOW).await.expect("nobody has called the polls yet");
    assert_eq!(town.send(&inside, NOW).await.expect("sent").messages, 3);
    town.office.accept("rita", at(1)).await;
    assert_eq!(town.called(at(5)).await, 1, "what is not public yet does not become so");
    let release = town.office.release(&inside).await;
    assert_eq!((release.state.name(), release.public_at), ("approved", None));
    let outbox = town.office.outbox(&inside).await;
    assert_eq!(outbox, ["v1 lea@riva.test cancelled", "v1 rita@riva.test accepted", "v1 ugo@riva.test cancelled"]);

    // for after the polls it is approved in their middle, and waits; to the trusted desk it would go at once, which it may not
    let later = town.submitted("Nuova piscina", mayor, "", "2027-01-21T11:00", town.from).await;
    town.approve(&later, "carlo", town.from).await.expect("it leaves after the polls");
    assert!(!lacks(town.send(&later, town.from).await).is_empty());
    town.schedule(&later, town.ends, town.from).await.expect("after the polls it is free");
    assert_eq!(town.settle(town.ends).await, 1);
}

#[tokio::test]
async fn a_correction_that_is_held_back_leaves_the_first_text_public() {
    let town = town().await;
    let slug = town.submitted("Riapre il ponte", PLAIN, "", "", NOW).await;
    town.approve(&slug, "carlo", NOW).await.expect("approved");
    town.send(&slug, NOW).await.expect("sent");
    for name in ["rita", "lea", "ugo"] {
        town.office.accept(name, at(1)).await;
    }
    town.settle(at(2)).await;
    let first = town.office.release(&slug).await.current;
    town.office.edit_dated(&slug, "Riapre il ponte, ma martedì", "2027-01-16", at(3)).await;
    submit(&town.office.store, &town.office.house, &slug, "elena", at(3)).await.expect("submitted");
    town.approve(&slug, "carlo", at(3)).await.expect("approved");
    town.schedule(&slug, town.from.plus(60_000), at(4)).await.expect("scheduled");
    assert_eq!(town.called(at(5)).await, 1);
    let release = town.office.release(&slug).await;
    assert_eq!((release.current, is_public(&release, town.from.plus(60_000))), (first, true));
}

#[tokio::test]
async fn who_comes_into_office_and_what_a_file_says_are_looked_at_again_before_the_hour() {
    let mut town = town().await;
    town.called(NOW).await;
    let hour = town.from.plus(3_600_000);
    let body = "Il 17 gennaio Nadia Ferri presenta il corso di vela.";
    let slug = town.submitted_for("2027-01-16", "Corso di vela", body, REASON, "", NOW).await;
    town.approve(&slug, "carlo", NOW).await.expect("approved");
    town.sign(&slug, "dina", NOW).await.expect("signed before the polls are called");
    town.schedule(&slug, hour, NOW).await.expect("scheduled");
    let ferri = PersonForm { name: "Nadia Ferri".into(), office: "Assessora".into(), ..PersonForm::default() };
    persons::add(town.desk("elena", at(5)), &ferri).await.expect("registered");
    let release = town.office.release(&slug).await;
    assert!(release.state.approved().is_some_and(|approved| approved.held.is_some()), "{release:?}");

    let other = town.submitted_for("2027-03-01", "Via Roma chiusa", PLAIN, REASON, "", NOW).await;
    town.approve(&other, "carlo", NOW).await.expect("approved");
    let far = Timestamp::parse("2027-03-01 10:00").expect("an instant");
    town.schedule(&other, far, at(6)).await.expect("scheduled");
    assert_eq!(town.settle(at(7)).await, 0);
    let day = |text: &str| text.parse().expect("a day");
    town.office.house.elections = vec![Election {
        slug: "referendum".into(),
        name: "Referendum".into(),
        kind: ElectionKind::Referendum,
        from: day("2027-02-20"),
        to: day("2027-03-08"),
        closes: salastampa_domain::election::CLOSE,
        runoff: None,
    }];
    assert_eq!(town.settle(at(8)).await, 1, "the follower, long before the hour");
    assert_eq!(town.office.release(&other).await.public_at, None);
}

#[tokio::test]
async fn the_calendar_is_kept_by_the_head_of_the_office_with_a_line_for_each_change() {
    let town = town().await;
    for login in ["elena", "ugo", "ada"] {
        let refused = elections::add(town.desk(login, NOW), &form("2027-01-16", "2027-01-20")).await;
        assert!(matches!(denied(refused), Denied::Role { .. }), "{login}");
    }
    for (typed, wrong) in [
        (ElectionForm::default(), vec!["nome", "tipo", "dal", "al"]),
        (form("2027-01-16", "2027-01-15"), vec!["al"]),
        (form("2027-01-16", "2028-06-15"), vec!["al"]),
        (ElectionForm { runoff: "2027-01-20".into(), ..form("2027-01-16", "2027-01-20") }, vec!["ballottaggio"]),
        (ElectionForm { closes: "alle tre".into(), ..form("2027-01-16", "2027-01-20") }, vec!["chiusura"]),
    ] {
        let refused = elections::add(town.desk("carlo", NOW), &typed).await;
        assert_eq!(crate::desk::small::fields(refused), wrong, "{typed:?}");
    }
    town.called(NOW).await;
    let (slug, _) = elections::add(town.desk("carlo", NOW), &form("2027-02-16", "2027-02-20")).await.expect("entered");
    assert_eq!(slug, "elezioni-comunali-2");
    let mut rows = town.office.store.read().await.expect("rows");
    let seen = crate::desk::mark(&rows.list_elections().await.expect("rows")[1]);
    let longer = ElectionForm { runoff: "2027-03-06".into(), ..form("2027-02-16", "2027-02-20") };
    elections::edit(town.desk("dina", at(1)), &slug, &seen, &longer).await.expect("changed");
    let late = elections::edit(town.desk("carlo", at(2)), &slug, &seen, &form("2027-02-16", "2027-02-21")).await;
    assert_eq!(denied(late), Denied::Changed { by: "DINA".into(), at: at(1) });
    let refused = elections::remove(town.desk("carlo", at(3)), &slug, " ").await;
    assert_eq!(crate::desk::small::fields(refused), ["perche"]);
    elections::remove(town.desk("carlo", at(3)), &slug, "rinviate").await.expect("taken out");
    let events = rows.list_events(4).await.expect("the log");
    let verbs: Vec<&str> = events.iter().map(|event| event.verb.as_str()).collect();
    assert_eq!(verbs, ["election.remove", "election.edit", "election.add", "election.add"]);
    assert_eq!(events[0].after.as_deref(), Some(r#"{"why":"rinviate"}"#));
    assert_eq!(rows.list_elections().await.expect("rows").len(), 1);
}

#[tokio::test]
async fn a_message_in_doubt_is_sent_again_by_hand_only_with_what_election_time_asks_for() {
    let town = town().await;
    let slug = town.submitted("Via Roma chiusa per lavori", PLAIN, REASON, "", NOW).await;
    town.approve(&slug, "carlo", NOW).await.expect("approved");
    town.send(&slug, NOW).await.expect("sent");
    let mut write = town.office.store.write().await.expect("a turn");
    let held = write.claim_deliveries(&Claim::of("w", NOW, at(9), 9)).await.expect("a claim");
    for delivery in &held {
        write.start_data(delivery.id, "w", 1).await.expect("begun");
        write.finish_delivery(delivery.id, "w", 1, &DeliveryState::Uncertain, None, NOW).await.expect("booked");
    }
    write.commit().await.expect("kept");
    town.called(at(1)).await;
    assert_eq!(town.settle(at(2)).await, 0, "what goes again before the call goes");
    let inside = town.from.plus(60_000);
    assert_eq!(town.settle(inside).await, 1, "what is in doubt does not go again by itself");
    let decide = async |decision, why, now| {
        crate::doubt::decide(&town.office.store, &town.office.house, held[0].id, decision, why, "elena", now).await
    };
    let why = lacks(decide(Decision::Again, "", inside).await);
    assert!(why.len() == 1 && why[0].contains("seconda firma"), "{why:?}");
    assert_eq!(town.office.outbox(&slug).await.iter().filter(|line| line.ends_with("uncertain")).count(), 3);
    town.sign(&slug, "dina", inside).await.expect("signed");
    decide(Decision::Again, "", inside).await.expect("with two hands it goes");
    assert_eq!(town.office.outbox(&slug).await.iter().filter(|line| line.ends_with("queued")).count(), 1);
}

#[tokio::test]
async fn the_reason_of_a_withdrawal_and_the_public_address_name_nobody_either() {
    let town = town().await;
    let (store, house) = (&town.office.store, &town.office.house);
    let slug = town.submitted_for("2027-01-16", "Via Roma chiusa per lavori", PLAIN, REASON, "", NOW).await;
    town.approve(&slug, "carlo", NOW).await.expect("approved");
    town.sign(&slug, "dina", NOW).await.expect("signed");
    town.called(at(1)).await;
    let inside = town.from.plus(3_600_000);
    town.send(&slug, inside).await.expect("sent");
    let why = "Il sindaco Rossi non ha potuto inaugurare la strada.";
    let refused = denied(withdraw(store, house, &slug, why, "carlo", inside).await);
    assert!(matches!(&refused, Denied::Form(slips) if slips[0].field == "perche" && slips[0].sentence.contains("«")));
    assert_eq!(town.office.release(&slug).await.state.name(), "sending");
    withdraw(store, house, &slug, "La strada resta aperta.", "carlo", inside).await.expect("withdrawn");

    // begun under a title that was changed after: its address has it still
    let named = town.submitted_for("2027-01-16", "Il sindaco Rossi inaugura", PLAIN, REASON, "", NOW).await;
    let fields = Fields { indispensable: REASON.into(), body: PLAIN.into(), ..fields("Apre la strada", "") };
    town.office.edit_as(&named, &fields, inside).await;
    submit(store, house, &named, "elena", inside).await.expect("submitted");
    let why = lacks(town.approve(&named, "carlo", inside).await);
    assert!(why.len() == 1 && why[0].contains("indirizzo pubblico"), "{why:?}");
}
