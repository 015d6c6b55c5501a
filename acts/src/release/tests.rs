//! A press office of four, its journalists, and the steps that the desk adds to a release.

mod beside;
mod election;
mod hands;
mod issued;
mod kept_out;
mod quiet;
mod subscribers;

use super::*;
use crate::desk::small::{address, store};
use crate::doubt::{Decision, decide};
use crate::{Error, Slip, user};
use salastampa_domain::*;
use salastampa_locale::Lang;
use salastampa_releases::Fields;
use salastampa_store::{Claim, Store};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn at(minutes: i64) -> Timestamp {
    NOW.plus(minutes * 60_000)
}

struct Office {
    store: Store,
    house: House,
    _folder: tempfile::TempDir,
}

async fn office() -> Office {
    let (folder, store) = store(NOW).await;
    let house = House::sample();
    let mut write = store.write().await.expect("a turn");
    for (login, role) in [("elena", Role::Editor), ("carlo", Role::Chief), ("ugo", Role::Viewer), ("ada", Role::Admin)]
    {
        write.record_user(&user::blank(login, &login.to_uppercase(), role)).await.expect("a user");
    }
    let mut members = Vec::new();
    for (name, trusted) in [("rita", true), ("ugo", false), ("lea", false)] {
        let contact = Contact {
            id: ContactId(0),
            name: name.to_uppercase(),
            address: address(&format!("{name}@riva.test")),
            outlet: "La Riva".into(),
            medium: Medium::Print,
            beats: Vec::new(),
            territory: String::new(),
            language: "it".into(),
            accepts_embargo: trusted,
            basis: Basis::PublicTask,
            origin: "sito".into(),
            notice_at: None,
            expires: None,
            phones: Vec::new(),
            quiet: None,
            opted_out_at: None,
            added_at: None,
            changed_at: None,
            confirmed_at: None,
            others: Vec::new(),
            role: String::new(),
            posts: Vec::new(),
            notes: String::new(),
        };
        members.push(write.record_contact(&contact).await.expect("a contact"));
    }
    let list = MailingList {
        id: ListId(0),
        slug: "locali".into(),
        name: "Testate locali".into(),
        membership: Membership::Hand,
    };
    write.record_list(&list, &members).await.expect("a list");
    write.commit().await.expect("kept");
    Office { store, house, _folder: folder }
}

fn fields(title: &str, embargo: &str) -> Fields {
    Fields {
        kind: "comunicato".into(),
        title: title.into(),
        lists: vec!["locali".into()],
        embargo: embargo.into(),
        body: "Da lunedì 23 novembre il Comune apre il ponte.".into(),
        ..Fields::default()
    }
}

impl Office {
    async fn release(&self, slug: &str) -> Release {
        self.store.read().await.expect("rows").find_release(slug).await.expect("rows").expect("a release")
    }

    async fn begun(&self, title: &str, embargo: &str) -> String {
        save(&self.store, &self.house, Lang::It, Base::New, &fields(title, embargo), "elena", NOW)
            .await
            .expect("saved")
            .slug
    }

    async fn edit(&self, slug: &str, title: &str, login: &str, now: Timestamp) -> Result<Saved> {
        let seen = revision(&self.release(slug).await.draft);
        self.edit_from(slug, &seen, title, login, now).await
    }

    async fn edit_from(&self, slug: &str, seen: &str, title: &str, login: &str, now: Timestamp) -> Result<Saved> {
        let base = Base::From { slug, seen };
        save(&self.store, &self.house, Lang::It, base, &fields(title, ""), login, now).await
    }

    /// Elena puts another title and another embargo into the text.
    async fn edit_under(&self, slug: &str, title: &str, embargo: &str, now: Timestamp) {
        self.edit_as(slug, &fields(title, embargo), now).await;
    }

    /// Elena puts another title and the day on which it is to leave into the text.
    async fn edit_dated(&self, slug: &str, title: &str, date: &str, now: Timestamp) {
        self.edit_as(slug, &Fields { date: date.into(), ..fields(title, "") }, now).await;
    }

    async fn edit_as(&self, slug: &str, fields: &Fields, now: Timestamp) {
        let seen = revision(&self.release(slug).await.draft);
        let base = Base::From { slug, seen: &seen };
        save(&self.store, &self.house, Lang::It, base, fields, "elena", now).await.expect("saved");
    }

    async fn approved(&self, slug: &str, now: Timestamp) {
        submit(&self.store, &self.house, slug, "elena", now).await.expect("submitted");
        approve(&self.store, &self.house, slug, None, "carlo", now).await.expect("approved");
    }

    async fn send(&self, slug: &str, now: Timestamp) -> Queued {
        send(&self.store, &self.house, slug, None, "carlo", now).await.expect("sent")
    }

    async fn stop(&self, slug: &str, now: Timestamp) -> Stopped {
        stop(&self.store, &self.house, slug, "carlo", now).await.expect("stopped")
    }

    /// Lets a server take over what is due for that address.
    async fn accept(&self, name: &str, now: Timestamp) {
        let mut write = self.store.write().await.expect("a turn");
        for held in write.claim_deliveries(&Claim::of("w", now, now.plus(9), 9)).await.expect("a claim") {
            if held.address == address(&format!("{name}@riva.test")) {
                assert!(write.start_data(held.id, "w", held.attempt).await.expect("begun"));
                let end = DeliveryState::Accepted;
                assert!(write.finish_delivery(held.id, "w", held.attempt, &end, None, now).await.expect("booked"));
            } else {
                write.give_back(held.id, "w", held.attempt, held.due_at).await.expect("back");
            }
        }
        write.commit().await.expect("kept");
    }

    /// Which version the public reads from when, as it is written down.
    async fn standing(&self, slug: &str) -> Vec<(u32, Timestamp)> {
        let id = self.release(slug).await.id;
        let mut rows = self.store.read().await.expect("rows");
        let versions = rows.list_versions(id).await.expect("rows");
        let number = |id| versions.iter().find(|v| v.id == id).map_or(0, |v| v.number);
        let standing = rows.list_standing(id, Timestamp(i64::MAX)).await.expect("rows");
        standing.into_iter().map(|(version, since)| (number(version), since)).collect()
    }

    async fn outbox(&self, slug: &str) -> Vec<String> {
        let id = self.release(slug).await.id;
        let rows = self.store.read().await.expect("rows").list_deliveries(DeliveryKind::Release, id.0).await;
        let line = |d: &Delivery| format!("v{} {} {}", d.subject.version, d.address.as_str(), d.state.name());
        rows.expect("rows").iter().map(line).collect()
    }

    async fn who(&self, slug: &str, now: Timestamp) -> Vec<Addressee> {
        let release = self.release(slug).await;
        let mut rows = self.store.read().await.expect("rows");
        recipients(&mut rows, &self.house, &release, now).await.expect("recipients")
    }

    async fn log(&self, slug: &str) -> Vec<Event> {
        let about = Event::about_release(self.release(slug).await.id);
        self.store.read().await.expect("rows").list_events_of(&about, 99).await.expect("the log")
    }
}

fn denied<T: std::fmt::Debug>(result: Result<T>) -> Denied {
    match result.expect_err("refused") {
        Error::Denied(denied) => denied,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_form_makes_a_release_with_a_name_of_its_own() {
    let office = office().await;
    assert_eq!(office.begun("Riapre il ponte", "").await, "riapre-il-ponte");
    assert_eq!(office.begun("Riapre il Ponte!", "").await, "riapre-il-ponte-2");
    assert_eq!(office.begun("Nuovo!", "").await, "nuovo-2", "the page of new releases has that name");
    let none = save(&office.store, &office.house, Lang::En, Base::New, &Fields::default(), "elena", NOW).await;
    let Denied::Form(slips) = denied(none) else { panic!("a form") };
    assert_eq!(slips.iter().map(|s| s.field).collect::<Vec<_>>(), ["titolo", "testo"]);
    let wrong = Fields { date: "domani".into(), embargo: "2026-11-23".into(), ..fields("x", "") };
    let Denied::Form(slips) =
        denied(save(&office.store, &office.house, Lang::It, Base::New, &wrong, "elena", NOW).await)
    else {
        panic!("a form")
    };
    assert_eq!(slips.iter().map(|s| s.field).collect::<Vec<_>>(), ["data", "embargo"]);
    for login in ["ugo", "ada"] {
        let refused = save(&office.store, &office.house, Lang::It, Base::New, &fields("x", ""), login, NOW).await;
        assert!(matches!(denied(refused), Denied::Role { .. }), "{login}");
    }
}

#[tokio::test]
async fn a_form_that_began_from_an_older_text_overwrites_nothing() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    let seen = revision(&office.release(&slug).await.draft);
    office.edit(&slug, "Riapre il ponte vecchio", "carlo", at(5)).await.expect("saved");
    let stale = office.edit_from(&slug, &seen, "Riapre tutto", "elena", at(6)).await;
    assert_eq!(denied(stale), Denied::Changed { by: "CARLO".into(), at: at(5) });
    assert_eq!(office.release(&slug).await.title, "Riapre il ponte vecchio");
}

#[tokio::test]
async fn a_text_saved_as_it_was_keeps_its_approval() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    assert!(!office.edit(&slug, "Riapre il ponte", "elena", at(2)).await.expect("saved").changed);
    assert_eq!(office.release(&slug).await.state.name(), "approved");
    assert!(office.edit(&slug, "Riapre il ponte!", "elena", at(3)).await.expect("saved").changed);
    assert_eq!(office.release(&slug).await.state.name(), "draft");
}

#[tokio::test]
async fn nobody_approves_or_sends_a_text_that_was_not_before_their_eyes() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    let first = submit(&office.store, &office.house, &slug, "elena", at(1)).await.expect("submitted");
    office.edit(&slug, "Riapre il ponte!", "elena", at(2)).await.expect("saved");
    submit(&office.store, &office.house, &slug, "elena", at(3)).await.expect("submitted");
    let blind = approve(&office.store, &office.house, &slug, Some(&first.sha256), "carlo", at(4)).await;
    assert_eq!(denied(blind), Denied::Changed { by: "ELENA".into(), at: at(3) });
    approve(&office.store, &office.house, &slug, None, "carlo", at(5)).await.expect("approved");
    let blind = send(&office.store, &office.house, &slug, Some(&first.sha256), "carlo", at(6)).await;
    assert!(matches!(denied(blind), Denied::Changed { .. }));
}

#[tokio::test]
async fn a_text_goes_back_to_its_author_with_a_reason_that_the_log_keeps() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    let reject =
        |why: &'static str, login: &'static str| reject(&office.store, &office.house, &slug, why, login, at(2));
    assert!(matches!(denied(reject("no", "carlo").await), Denied::State { .. }), "a draft is with its author already");
    submit(&office.store, &office.house, &slug, "elena", at(1)).await.expect("submitted");
    assert!(matches!(denied(reject("no", "elena").await), Denied::Role { .. }));
    assert!(
        matches!(denied(reject("  ", "carlo").await), Denied::Form(slips) if matches!(&slips[..], [Slip { field: "motivo", .. }]))
    );
    reject("Manca il giorno.", "carlo").await.expect("rejected");
    assert_eq!(office.release(&slug).await.state, ReleaseState::Draft);
    let log = office.log(&slug).await;
    assert_eq!(log[0].verb, "release.reject");
    assert_eq!(log[0].after.as_deref(), Some(r#"{"state":"draft","why":"Manca il giorno."}"#));
    office.approved(&slug, at(3)).await;
    reject("Ripensandoci, no.", "carlo").await.expect("an approval can be taken back");
    assert_eq!(office.release(&slug).await.state, ReleaseState::Draft);
}

#[tokio::test]
async fn who_is_shown_before_is_who_gets_it() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "2027-01-15 12:00").await;
    let mut write = office.store.write().await.expect("a turn");
    let hash = crate::token::suppression(&office.house.key, &address("lea@riva.test"));
    write.record_suppression(&Suppression { hash, at: NOW, why: "erased".into() }).await.expect("closed");
    write.commit().await.expect("kept");
    office.approved(&slug, at(1)).await;
    let shown = office.who(&slug, at(2)).await;
    let line = |a: &Addressee| format!("{} {} {:?} {} {}", a.name, a.outlet, a.lists, a.is_sent(), a.due_at == at(2));
    assert_eq!(
        shown.iter().map(line).collect::<Vec<_>>(),
        [
            r#"LEA La Riva ["Testate locali"] false false"#,
            r#"RITA La Riva ["Testate locali"] true true"#,
            r#"UGO La Riva ["Testate locali"] true false"#,
        ]
    );
    let queued = office.send(&slug, at(2)).await;
    assert_eq!((queued.messages, queued.suppressed), (2, 1));
    let rows = office.store.read().await.expect("rows").list_deliveries(DeliveryKind::Release, 1).await.expect("rows");
    let (addresses, hours): (Vec<_>, Vec<_>) = rows.iter().map(|d| (d.address.clone(), d.due_at)).unzip();
    assert_eq!(addresses, shown.iter().map(|a| a.address.clone()).collect::<Vec<_>>());
    assert_eq!(hours, shown.iter().map(|a| a.due_at).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_waits_for_its_hour_is_stopped_whole_and_can_be_sent_again() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    schedule(&office.store, &office.house, &slug, at(60), None, "carlo", at(2)).await.expect("scheduled");
    assert!(matches!(denied(stop(&office.store, &office.house, &slug, "elena", at(3)).await), Denied::Role { .. }));
    let stopped = office.stop(&slug, at(3)).await;
    assert_eq!(stopped, Stopped { cancelled: 3, in_hand: 0, gone: 0, restored: 0, public: false });
    let release = office.release(&slug).await;
    assert_eq!((release.state.name(), release.current, release.public_at), ("approved", None, None));
    assert!(!is_public(&release, at(61)), "its hour comes and nothing happens");
    assert_eq!(office.standing(&slug).await, []);
    assert!(matches!(denied(stop(&office.store, &office.house, &slug, "carlo", at(4)).await), Denied::State { .. }));
    assert_eq!(office.send(&slug, at(5)).await.messages, 3);
    assert_eq!(
        office.outbox(&slug).await,
        ["v1 lea@riva.test queued", "v1 rita@riva.test queued", "v1 ugo@riva.test queued"]
    );
    assert!(is_public(&office.release(&slug).await, at(5)));
    assert_eq!(office.standing(&slug).await, [(1, at(5))]);
}

#[tokio::test]
async fn after_a_stop_only_those_who_have_not_had_it_get_it() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    office.accept("rita", at(3)).await;
    let stopped = office.stop(&slug, at(4)).await;
    assert_eq!(stopped, Stopped { cancelled: 2, in_hand: 0, gone: 1, restored: 0, public: true });
    let log = office.log(&slug).await;
    assert!(
        log[0].after.as_ref().is_some_and(|after| after.contains(r#""cancelled":2,"in_hand":0,"gone":1"#)),
        "{log:?}"
    );
    assert!(is_public(&office.release(&slug).await, at(5)), "what is public is withdrawn, not stopped");
    let shown: Vec<bool> = office.who(&slug, at(5)).await.iter().map(Addressee::is_sent).collect();
    assert_eq!(shown, [true, false, true]);
    assert_eq!(office.send(&slug, at(5)).await.messages, 2);
    assert_eq!(
        office.outbox(&slug).await,
        ["v1 lea@riva.test queued", "v1 rita@riva.test accepted", "v1 ugo@riva.test queued"]
    );
    for name in ["lea", "ugo"] {
        office.accept(name, at(6)).await;
    }
    assert_eq!(settle(&office.store, &office.house, at(7)).await.expect("settled"), 1);
    assert!(matches!(denied(stop(&office.store, &office.house, &slug, "carlo", at(8)).await), Denied::State { .. }));
}

#[tokio::test]
async fn nothing_is_stopped_when_nothing_waits() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    for name in ["rita", "lea", "ugo"] {
        office.accept(name, at(3)).await;
    }
    assert!(matches!(denied(stop(&office.store, &office.house, &slug, "carlo", at(4)).await), Denied::Invalid(_)));
    assert_eq!(office.release(&slug).await.state.name(), "sending");
}

#[tokio::test]
async fn an_embargoed_text_that_is_stopped_waits_for_no_hour_and_its_correction_reaches_everybody() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "2027-01-15 12:00").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    office.accept("rita", at(3)).await;
    let stopped = office.stop(&slug, at(4)).await;
    assert_eq!((stopped.cancelled, stopped.gone, stopped.public), (2, 1, false));
    let release = office.release(&slug).await;
    let embargo = release.embargo_until.expect("an embargo");
    assert!(!is_public(&release, embargo), "nothing comes out by itself after a stop");
    office.edit_under(&slug, "Riapre il ponte, ma martedì", "2027-01-15 12:00", at(5)).await;
    office.approved(&slug, at(6)).await;
    let shown = office.who(&slug, at(7)).await;
    let line = |a: &Addressee| format!("{} {} {}", a.name, a.in_reply_to.is_some(), a.due_at == embargo);
    assert_eq!(shown.iter().map(line).collect::<Vec<_>>(), ["LEA false true", "RITA true false", "UGO false true"]);
    assert_eq!(office.send(&slug, at(7)).await.messages, 3);
    let release = office.release(&slug).await;
    assert!(!is_public(&release, embargo.plus(-1)) && is_public(&release, embargo));
    assert_eq!(office.standing(&slug).await, [(2, embargo)], "the public never read the first");
}

#[tokio::test]
async fn a_correction_that_is_stopped_before_its_hour_leaves_the_first_text_public() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    for name in ["rita", "lea", "ugo"] {
        office.accept(name, at(3)).await;
    }
    settle(&office.store, &office.house, at(4)).await.expect("settled");
    let first = office.release(&slug).await.current;
    let saved = office.edit(&slug, "Riapre il ponte, ma martedì", "elena", at(5)).await.expect("saved");
    assert!(saved.changed);
    assert_eq!(office.release(&slug).await.kind, ReleaseKind::Rettifica);
    office.approved(&slug, at(6)).await;
    schedule(&office.store, &office.house, &slug, at(60), None, "carlo", at(7)).await.expect("scheduled");
    assert_eq!(office.standing(&slug).await, [(1, at(2)), (2, at(60))]);
    office.stop(&slug, at(8)).await;
    assert_eq!(office.standing(&slug).await, [(1, at(2))]);
    let release = office.release(&slug).await;
    assert_eq!(release.current, first);
    assert!(is_public(&release, at(9)));
    assert_eq!(office.send(&slug, at(10)).await.messages, 3);
    assert!(office.outbox(&slug).await.contains(&"v2 rita@riva.test queued".to_owned()));
}

#[tokio::test]
async fn a_person_decides_about_a_message_of_unknown_fate_and_says_why() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    let mut write = office.store.write().await.expect("a turn");
    for held in write.claim_deliveries(&Claim::of("w", at(2), at(3), 9)).await.expect("a claim") {
        write.start_data(held.id, "w", held.attempt).await.expect("begun");
        write
            .finish_delivery(held.id, "w", held.attempt, &DeliveryState::Uncertain, None, at(3))
            .await
            .expect("booked");
    }
    write.commit().await.expect("kept");
    let decide = |id: i64, decision, why: &'static str, login: &'static str| {
        decide(&office.store, &office.house, DeliveryId(id), decision, why, login, at(4))
    };
    assert!(matches!(denied(decide(1, Decision::Again, "", "ugo").await), Denied::Role { .. }));
    assert!(matches!(denied(decide(9, Decision::Again, "", "elena").await), Denied::Unknown { .. }));
    assert!(matches!(denied(decide(2, Decision::Arrived, " ", "elena").await), Denied::Form(_)));
    decide(1, Decision::Again, "", "elena").await.expect("again");
    decide(2, Decision::Arrived, "ha risposto\r\nUgo", "elena").await.expect("arrived");
    decide(3, Decision::Lost, "la redazione è chiusa", "carlo").await.expect("lost");
    assert!(matches!(denied(decide(3, Decision::Again, "", "carlo").await), Denied::Invalid(_)));
    assert_eq!(
        office.outbox(&slug).await,
        ["v1 lea@riva.test queued", "v1 rita@riva.test accepted", "v1 ugo@riva.test failed"]
    );
    let mut rows = office.store.read().await.expect("rows");
    let log = rows.list_events_of("delivery:2", 9).await.expect("the log");
    assert_eq!(log[0].after.as_deref(), Some(r#"{"state":"accepted","why":"ha risposto Ugo"}"#));
}

mod files;
