//! Alerts on a small store with a clock in the hand: who is told again, what waits, what an officer decides.

mod borrowed;
mod corrected;
mod quiet;
mod withdrawn;

use super::gate::{Decision, decide};
use super::*;
use crate::desk::small::{article, outlet, reader, store, watch};
use crate::user;
use salastampa_domain::alert::{PLACED_WITHIN, unplaced};
use salastampa_domain::{
    AlertHours, AlertId, ArticleId, Delivery, DeliveryKind, ForeignText, NewArticle, OutletId, PersonId, Placement,
    ReaderId, Receives, Role, TokenPurpose, WatchId, Wire, WireKind, WireNotes, WireStatus,
};
use tempfile::TempDir;

const LANDSLIDE: &str = "Frana sulla provinciale, chiusa la strada tra Bellariva e Olmeta";
const BODY: &str =
    "I sassi si sono staccati dal versante. I pompieri di Olmeta hanno chiuso la strada alle 4 di notte.";
const NEWS: &str =
    "Il prefetto Bruno Salis ha chiesto a Corvara 20 alloggi. Indaga Ivo Marra; 300 gli sfollati a Gravina.";

struct Office {
    store: Store,
    house: House,
    _folder: TempDir,
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-11-23 {text}")).expect(text)
}

impl Office {
    /// A mayor who follows a flash (1), an ordinary watch (2) and one behind the gate (3); her deputy follows nothing.
    async fn new() -> Self {
        let (folder, store) = store(at("06:00")).await;
        let mut write = store.write().await.expect("a turn");
        for (login, role) in [("lia", Role::Editor), ("ugo", Role::Viewer)] {
            write.record_user(&user::blank(login, login, role)).await.expect("a user");
        }
        for n in 1..=12 {
            write.record_outlet(&outlet(&format!("testata-{n}"), &format!("Testata {n}"))).await.expect("an outlet");
        }
        for (slug, urgency, hold) in
            [("frane", Urgency::Flash, 0), ("lungolago", Urgency::Ordinary, 0), ("scuola", Urgency::Flash, 5)]
        {
            write.record_watch(&Watch { urgency, hold, ..watch(slug) }).await.expect("a watch");
        }
        for (slug, watches) in [("sindaca", vec![WatchId(1), WatchId(2), WatchId(3)]), ("vice", Vec::new())] {
            write.record_reader(&Reader { watches, ..reader(slug) }).await.expect("a reader");
        }
        let person = salastampa_domain::Person {
            id: PersonId(0),
            slug: "nava".into(),
            name: "Pietro Nava".into(),
            aliases: vec!["assessore Nava".into()],
            office: "assessore".into(),
            from: None,
            until: None,
        };
        write.record_person(&person).await.expect("a person");
        write.commit().await.expect("kept");
        Self { store, house: House::sample(), _folder: folder }
    }

    /// Outlet `n` writes; the article is placed in the story, or founds one, and is clipped for the watch.
    async fn writes(&self, n: i64, watch: i64, story: Option<StoryId>, text: (&str, &str), now: Timestamp) -> StoryId {
        let id = self.brings(n, watch, text, now).await;
        self.places(id, story, now).await
    }

    /// The article finds its story, or founds one, which inherits what was told of it.
    async fn places(&self, id: ArticleId, story: Option<StoryId>, now: Timestamp) -> StoryId {
        let mut write = self.store.write().await.expect("a turn");
        let placement = Placement { story, ..Placement::alone(id) };
        let (_, story) = write.record_placement(&placement, now).await.expect("placed").expect("an article");
        write.inherit_alerts(unplaced(id), story).await.expect("inherited");
        write.commit().await.expect("kept");
        story
    }

    /// Outlet `n` writes; the article is clipped for the watch, and nobody has placed it yet.
    async fn brings(&self, n: i64, watch: i64, text: (&str, &str), now: Timestamp) -> ArticleId {
        let mut write = self.store.write().await.expect("a turn");
        let url = format!("https://testata-{n}.test/{}", now.0);
        let article = NewArticle {
            via: Via::Source { source: SourceId(1) },
            lead: ForeignText::new("Chiusa la provinciale."),
            body: ForeignText::new(text.1),
            published_at: Some(now),
            ..article(OutletId(n), &url, text.0, now)
        };
        let id = write.keep_article(&article, None, 20_000, now).await.expect("written").expect("new");
        write.record_clipping(id, WatchId(watch), now, &["frana".into()], true).await.expect("clipped");
        write.commit().await.expect("kept");
        id
    }

    /// The job, until nothing is due.
    async fn run(&self, now: Timestamp) {
        loop {
            let unplaced = now.plus(-PLACED_WITHIN);
            let raised = raise(&self.store, &self.house, 50, unplaced, now).await.expect("raised");
            if raised + leave(&self.store, &self.house, 50, now).await.expect("left") == 0 {
                return;
            }
        }
    }

    async fn mails(&self) -> Vec<Delivery> {
        let mut rows = self.store.read().await.expect("rows");
        let mut mails = Vec::new();
        for kind in [DeliveryKind::Alert, DeliveryKind::Batch] {
            for thing in -9..30 {
                mails.extend(rows.list_deliveries(kind, thing).await.expect("rows"));
            }
        }
        mails.sort_by_key(|mail| mail.id);
        mails
    }

    /// The text of a mail.
    async fn text(&self, mail: &Delivery) -> String {
        let bytes = self.store.files().get(&mail.letter).await.expect("read").expect("there");
        let frozen: crate::outbox::Frozen = serde_json::from_slice(&bytes).expect("a letter");
        frozen.letter.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    async fn alerts(&self) -> Vec<Alert> {
        self.store.read().await.expect("rows").list_alerts().await.expect("rows")
    }
}

#[tokio::test]
async fn a_story_is_told_again_after_two_hours_and_for_a_reason_only() {
    for (later, text, administrator, rounds) in [
        ("08:10", ("Frana, la strada resta chiusa", BODY), false, 1),
        ("08:10", ("Frana, la strada resta chiusa", NEWS), false, 2),
        ("07:50", ("Frana, la strada resta chiusa", NEWS), false, 1),
        ("08:10", ("Frana, l'assessore Nava: chiusa la strada", BODY), true, 2),
        ("08:10", ("+++ Frana, la strada resta chiusa", BODY), false, 2),
    ] {
        let office = Office::new().await;
        let story = office.writes(1, 1, None, (LANDSLIDE, BODY), at("06:00")).await;
        office.run(at("06:00")).await;
        office.writes(2, 1, Some(story), text, at(later)).await;
        office.run(at(later)).await;
        let mails = office.mails().await;
        assert_eq!(mails.len(), rounds, "{later} {text:?}");
        if let Some(again) = mails.get(1) {
            assert_eq!(again.subject.round, 1);
            let words = office.text(again).await;
            assert!(words.contains("Aggiornamento · ") && words.contains("Te ne scriviamo di nuovo"), "{words}");
            assert_eq!(words.contains("un amministratore è nel titolo"), administrator, "{words}");
        }
    }
}

#[tokio::test]
async fn the_fifth_outlet_with_a_text_of_its_own_rings_once_more_and_the_sixth_does_not() {
    let office = Office::new().await;
    let story = office.writes(1, 1, None, (LANDSLIDE, BODY), at("06:00")).await;
    office.run(at("06:00")).await;
    for n in 2..=4 {
        office.writes(n, 1, Some(story), (LANDSLIDE, BODY), at("08:30").plus(n)).await;
        office.run(at("08:30").plus(n)).await;
    }
    assert_eq!(office.mails().await.len(), 1);
    for (n, now) in [(5, "08:40"), (6, "08:45"), (7, "11:00")] {
        office.writes(n, 1, Some(story), (LANDSLIDE, BODY), at(now)).await;
        office.run(at(now)).await;
    }
    let mails = office.mails().await;
    assert_eq!(mails.len(), 2);
    assert!(office.text(&mails[1]).await.contains("almeno 5 testate"));
}

#[tokio::test]
async fn a_correction_by_the_agency_does_not_wait_and_comes_once() {
    let office = Office::new().await;
    let story = office.writes(1, 1, None, (LANDSLIDE, BODY), at("06:00")).await;
    office.run(at("06:00")).await;
    let wire = Wire {
        outlet: OutletId(1),
        identity: "lancio-1".into(),
        version: 2,
        article: Some(ArticleId(1)),
        kind: WireKind::Correction,
        status: WireStatus::Usable,
        chain: None,
        take: 1,
        lines: 1,
        at: at("06:20"),
        notes: WireNotes::default(),
    };
    let mut write = office.store.write().await.expect("a turn");
    write.record_wire(&wire).await.expect("a wire");
    write.commit().await.expect("kept");
    for now in ["06:20", "06:21", "09:00"] {
        office.run(at(now)).await;
    }
    let mails = office.mails().await;
    assert_eq!(mails.len(), 2, "{story}");
    assert!(office.text(&mails[1]).await.contains("L'agenzia ha rettificato quello che ti avevamo segnalato."));
}

#[tokio::test]
async fn two_stories_that_become_one_between_two_alerts_bring_no_third_message() {
    let office = Office::new().await;
    let first = office.writes(1, 1, None, (LANDSLIDE, BODY), at("06:00")).await;
    office.run(at("06:00")).await;
    // another story waits for the batch, and turns out to be the same
    let other = office.writes(2, 2, None, ("Strada chiusa sul lago", BODY), at("06:10")).await;
    office.run(at("06:10")).await;
    assert_ne!(first, other);
    let mut write = office.store.write().await.expect("a turn");
    write.record_story_merge(first, other).await.expect("joined");
    write.inherit_alerts(other, first).await.expect("inherited");
    write.commit().await.expect("kept");
    for now in ["10:00", "13:00"] {
        office.run(at(now)).await;
    }
    assert_eq!(office.mails().await.len(), 1);
    let states: Vec<AlertState> = office.alerts().await.iter().map(|a| a.state).collect();
    assert_eq!(states, [AlertState::Queued, AlertState::Merged { into: AlertId(1) }]);
    // what comes of the joined story joins in silence
    office.writes(3, 2, Some(first), (LANDSLIDE, BODY), at("13:10")).await;
    office.run(at("16:00")).await;
    assert_eq!(office.mails().await.len(), 1);
}

#[tokio::test]
async fn an_article_without_a_story_speaks_after_five_seconds_and_its_story_inherits_what_was_told() {
    let office = Office::new().await;
    let (flash, batch) = (
        office.brings(1, 1, (LANDSLIDE, BODY), at("06:00")).await,
        office.brings(2, 2, (NEWS, BODY), at("06:00")).await,
    );
    office.run(at("06:00:04")).await;
    assert!(office.alerts().await.is_empty(), "it may be placed any moment");
    office.run(at("06:00:05")).await;
    assert_eq!(office.mails().await.len(), 1);
    assert!(office.text(&office.mails().await[0]).await.contains(LANDSLIDE));
    // the reader is not told twice: not by the story that it turns out to be, nor by what else tells it
    let story = office.places(flash, None, at("06:05")).await;
    office.places(batch, Some(story), at("06:05")).await;
    office.writes(3, 1, Some(story), (LANDSLIDE, BODY), at("06:06")).await;
    for now in ["06:06", "10:00", "13:00"] {
        office.run(at(now)).await;
    }
    assert_eq!(office.mails().await.len(), 1);
    let states: Vec<AlertState> = office.alerts().await.iter().map(|a| a.state).collect();
    let (told, to) = (AlertState::Queued, AlertId(1));
    assert_eq!(states[0], told);
    assert!(
        states[1..].iter().all(|s| [AlertState::Joined { to }, AlertState::Merged { into: to }].contains(s)),
        "{states:?}"
    );
}

#[tokio::test]
async fn what_waits_for_its_batch_without_a_story_is_told_with_the_story_that_it_finds() {
    let office = Office::new().await;
    let alone = office.brings(1, 2, (LANDSLIDE, BODY), at("06:00")).await;
    office.run(at("06:01")).await;
    let story = office.places(alone, None, at("06:02")).await;
    office.writes(2, 2, Some(story), (LANDSLIDE, BODY), at("06:10")).await;
    for now in ["06:10", "10:00", "13:00"] {
        office.run(at(now)).await;
    }
    let mails = office.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(office.text(&mails[0]).await.contains("· 1 notizia"));
}

#[tokio::test]
async fn two_stories_that_become_one_while_both_wait_are_told_in_one_place() {
    let office = Office::new().await;
    let first = office.writes(1, 2, None, (LANDSLIDE, BODY), at("06:00")).await;
    let other = office.writes(2, 2, None, ("Strada chiusa sul lago", BODY), at("06:10")).await;
    office.run(at("06:10")).await;
    let mut write = office.store.write().await.expect("a turn");
    write.record_story_merge(first, other).await.expect("joined");
    write.commit().await.expect("kept");
    office.run(at("10:00")).await;
    let mails = office.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(office.text(&mails[0]).await.contains("· 1 notizia"));
    let states: Vec<AlertState> = office.alerts().await.iter().map(|a| a.state).collect();
    assert_eq!(states, [AlertState::Bundled { first: AlertId(1) }, AlertState::Joined { to: AlertId(1) }]);
}

#[tokio::test]
async fn what_is_over_the_share_of_the_day_waits_for_the_next_batch_and_a_flash_does_not() {
    let mut office = Office::new().await;
    office.house.alerts = AlertHours { cap: 2, ..AlertHours::default() };
    for (n, now) in [(1, "08:00"), (2, "08:30")] {
        office.writes(n, 1, None, (LANDSLIDE, BODY), at(now)).await;
        office.run(at(now)).await;
    }
    office.writes(3, 2, None, ("Panchine nuove", BODY), at("09:00")).await;
    for now in ["09:00", "10:00", "13:00", "19:00"] {
        office.run(at(now)).await;
    }
    assert_eq!(office.mails().await.len(), 2);
    office.writes(4, 1, None, (LANDSLIDE, BODY), at("20:00")).await;
    office.run(at("20:00")).await;
    assert_eq!(office.mails().await.len(), 3, "a flash is not stopped");
    office.run(Timestamp::parse("2026-11-24 10:00").expect("an instant")).await;
    let mails = office.mails().await;
    assert_eq!((mails.len(), mails[3].subject.kind), (4, DeliveryKind::Batch), "nothing is lost");
}

#[tokio::test]
async fn an_officer_holds_adds_a_line_sends_or_drops_and_each_is_in_the_log() {
    for (decision, told_at) in [
        (Decision::Hold, Some("06:10")),
        (Decision::Note { line: "Sentita  l'assessora.".into(), seen: String::new() }, Some("06:05")),
        (Decision::Send, Some("06:02")),
        (Decision::Drop, None),
    ] {
        let office = Office::new().await;
        let story = office.writes(1, 3, None, (LANDSLIDE, BODY), at("06:00")).await;
        office.run(at("06:00")).await;
        assert!(office.mails().await.is_empty(), "it stands at the gate");
        let by = |login: &'static str| decide(&office.store, login, Lang::It, story, &decision, at("06:02"));
        assert!(by("ugo").await.is_err(), "who only reads decides nothing");
        assert_eq!(by("lia").await.expect("decided"), 1);
        let mut left = None;
        for minute in 2..20 {
            let now = at("06:00").plus(minute * MINUTE);
            office.run(now).await;
            if left.is_none() && !office.mails().await.is_empty() {
                left = Some(now);
            }
        }
        assert_eq!(left, told_at.map(at), "{decision:?}");
        if let Some(mail) = office.mails().await.first() {
            let words = office.text(mail).await;
            assert!(words.contains("trattenuta "), "{words}");
            let noted = words.contains("Nota dell'ufficio: Sentita l'assessora.");
            assert_eq!(noted, matches!(decision, Decision::Note { .. }), "{words}");
        }
        assert!(by("lia").await.is_err(), "it is decided");
        let mut rows = office.store.read().await.expect("rows");
        let event = rows.find_last_event(&format!("story:{story}")).await.expect("rows").expect("a line");
        assert!(event.verb.starts_with("alert."), "{}", event.verb);
        // what was dropped does not come back with the next article
        drop(rows);
        office.writes(2, 3, Some(story), ("Frana, altro", NEWS), at("09:00")).await;
        office.run(at("10:00")).await;
        assert_eq!(office.mails().await.is_empty(), decision == Decision::Drop);
    }
}

#[tokio::test]
async fn not_for_me_is_said_by_its_link_and_the_story_does_not_come_back() {
    let office = Office::new().await;
    let story = office.writes(1, 1, None, (LANDSLIDE, BODY), at("06:00")).await;
    office.run(at("06:00")).await;
    let words = office.text(&office.mails().await[0]).await;
    let link = words.split_once("/avvisi/").expect("the link").1.split(' ').next().expect("its end").to_owned();
    let now = at("07:00");
    let about = not_for_me::about(&office.store, &office.house, &link, now).await.expect("a page");
    assert_eq!((about.title.as_str(), about.watches), (LANDSLIDE, vec!["frane".to_owned()]));
    let mut rows = office.store.read().await.expect("rows");
    assert!(rows.list_not_for_me(story, ReaderId(1)).await.expect("rows").is_empty(), "to look is not to say");
    drop(rows);
    for _ in 0..2 {
        not_for_me::say(&office.store, &office.house, &link, now).await.expect("said");
    }
    let mut rows = office.store.read().await.expect("rows");
    assert_eq!(rows.list_not_for_me(story, ReaderId(1)).await.expect("rows"), [WatchId(1)]);
    let event = rows.find_last_event(&format!("story:{story}")).await.expect("rows").expect("a line");
    assert_eq!(event.verb, "alert.not_for_me");
    drop(rows);
    office.writes(2, 1, Some(story), ("Frana, altro", NEWS), at("09:00")).await;
    office.run(at("09:00")).await;
    assert_eq!(office.mails().await.len(), 1);
    for wrong in ["", "n-1-0-00", &link.replacen("n-1", "n-2", 1), &link.replacen('n', "u", 1)] {
        assert!(not_for_me::say(&office.store, &office.house, wrong, now).await.is_err(), "{wrong}");
    }
    let other = crate::token::sign(
        &office.house.key,
        &salastampa_domain::Token { purpose: TokenPurpose::Article, thing: 1, reader: None, until: None },
    );
    assert!(not_for_me::say(&office.store, &office.house, &other, now).await.is_err());
}

#[tokio::test]
async fn what_waits_for_a_reader_who_was_stopped_or_of_an_article_that_was_withdrawn_never_leaves() {
    let office = Office::new().await;
    office.writes(1, 2, None, (LANDSLIDE, BODY), at("06:00")).await;
    office.writes(2, 2, None, ("Panchine nuove", BODY), at("06:00")).await;
    office.run(at("06:00")).await;
    let mut write = office.store.write().await.expect("a turn");
    write.record_hidden(ArticleId(1), None).await.expect("hidden");
    write.commit().await.expect("kept");
    office.run(at("10:00")).await;
    let mails = office.mails().await;
    assert!(!office.text(&mails[0]).await.contains(LANDSLIDE));
    office.writes(3, 2, None, ("Molo chiuso", BODY), at("11:00")).await;
    office.run(at("11:00")).await;
    let mut write = office.store.write().await.expect("a turn");
    let reader = write.find_reader(ReaderId(1)).await.expect("rows").expect("there");
    write.record_reader(&Reader { receives: Receives { alerts: false, reviews: true }, ..reader }).await.expect("kept");
    write.commit().await.expect("kept");
    office.run(at("13:00")).await;
    assert_eq!(office.mails().await.len(), 1);
    let states: Vec<AlertState> = office.alerts().await.iter().map(|a| a.state).collect();
    let dropped = |why| AlertState::Dropped { why };
    assert_eq!(
        states,
        [dropped(Unsent::Withdrawn), AlertState::Bundled { first: AlertId(2) }, dropped(Unsent::Reader)]
    );
}

#[tokio::test]
async fn the_week_counts_what_was_late_or_never_taken() {
    let office = Office::new().await;
    office.writes(1, 1, None, (LANDSLIDE, BODY), at("06:00")).await;
    office.run(at("06:00").plus(2_000)).await;
    let mut rows = office.store.read().await.expect("rows");
    let weeks = latency::weeks(&mut rows, 2, at("06:10")).await.expect("figures");
    assert_eq!(weeks[0].monday, jiff::civil::date(2026, 11, 23));
    assert_eq!((weeks[0].latency.count, weeks[0].latency.over_30, weeks[1].latency.over_30), (0, 1, 0));
    drop(rows);
    let mut write = office.store.write().await.expect("a turn");
    let taken = write
        .claim_deliveries(&salastampa_store::Claim {
            only_alerts: true,
            ..salastampa_store::Claim::of("w", at("06:00").plus(2_000), at("06:05"), 9)
        })
        .await
        .expect("claimed");
    let accepted = salastampa_domain::DeliveryState::Accepted;
    write.start_data(taken[0].id, "w", 1).await.expect("started");
    write.finish_delivery(taken[0].id, "w", 1, &accepted, None, at("06:00").plus(3_500)).await.expect("accepted");
    write.commit().await.expect("kept");
    let mut rows = office.store.read().await.expect("rows");
    let told = latency::latency(&mut rows, salastampa_domain::Period::ALWAYS, at("06:10")).await.expect("figures");
    assert_eq!((told.count, told.median, told.max, told.over_30), (1, 3_500, 3_500, 0));
}
