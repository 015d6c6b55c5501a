//! A morning at the desk on a small store: what is decided stays, who comes second is told, what is done can be undone.

mod borrowed;
mod gist;
mod issue;
mod late;
mod missed;
mod quoted;
mod told;
mod weigh;
mod withdrawn;

use super::*;
use crate::desk::small::{address, article, outlet, reader, store, watch};
use crate::{Error, House, review, user};
use salastampa_digest::compose::{Standing, standing_in};
use salastampa_domain::{
    Alert, ArticleId, DeliveryKind, EditionId, ForeignText, Holidays, NewArticle, OnHolidays, OutletId, Placement,
    Reader, ReaderId, Relevance, ReviewState, Role, Schedule, Section, Slot, Tone, Urgency, UserId, Via, Watch,
    WatchId,
};

struct Desk {
    store: Store,
    house: House,
    key: IssueKey,
    now: Timestamp,
    _folder: tempfile::TempDir,
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect(text)
}

impl Desk {
    /// Sunday evening: an edition for seven o'clock with two sections, two readers, and `stories` stories.
    async fn new(stories: i64) -> Self {
        let now = at("2026-11-22 20:00");
        let (folder, store) = store(now).await;
        let house = House::sample();
        let mut write = store.write().await.expect("a turn");
        for (login, name, role) in [
            ("elena", "Elena Prati", Role::Editor),
            ("marco", "Marco Tessarin", Role::Editor),
            ("ugo", "Ugo", Role::Viewer),
        ] {
            let user =
                User { address: Some(address(&format!("{login}@bellariva.test"))), ..user::blank(login, name, role) };
            write.record_user(&user).await.expect("a user");
        }
        for n in 1..=9 {
            write.record_outlet(&outlet(&format!("testata-{n}"), &format!("Testata {n}"))).await.expect("an outlet");
        }
        let watches = [write_watch(&mut write, "lungolago").await, write_watch(&mut write, "scuola").await];
        let section = |name: &str, watch| Section { id: SectionId(0), name: name.into(), watches: vec![watch] };
        let edition = Edition {
            id: EditionId(0),
            slug: "generale".into(),
            name: "Rassegna".into(),
            schedule: Schedule::parse("0 7 * * *").expect("a schedule"),
            ready_before: 15,
            visibility: Visibility::Readers,
            sections: vec![section("Lavori", watches[0]), section("Scuola", watches[1])],
            cap: 6,
            outlet_cap: 0,
            holidays: Default::default(),
            order: Default::default(),
            done: Slot::of(at("2026-11-22 07:00")),
        };
        let id = write.record_edition(&edition).await.expect("an edition");
        write.record_edition(&Edition { slug: "scuola".into(), ..edition }).await.expect("another");
        let reader =
            Reader { name: "Ada Corti".into(), watches: watches.to_vec(), editions: vec![id], ..reader("sindaca") };
        write.record_reader(&reader).await.expect("a reader");
        write.commit().await.expect("kept");
        let slot = Slot::parse("2026-11-23T07:00:00").expect("a slot");
        let desk = Self { store, house, key: IssueKey { edition: id, slot }, now, _folder: folder };
        for n in 1..=stories {
            desk.article(n, None, at("2026-11-22 18:00")).await;
        }
        desk
    }

    /// Keeps, places and clips article `n`: in a story of its own or in the one given.
    async fn article(&self, n: i64, story: Option<i64>, matched: Timestamp) -> ArticleId {
        let mut write = self.store.write().await.expect("a turn");
        let article = NewArticle {
            via: Via::Source { source: salastampa_domain::SourceId(1) },
            lead: ForeignText::new("Riapre il lungolago."),
            body: ForeignText::new((0..80).map(|w| format!("parola{n}x{w} ")).collect::<String>()),
            published_at: Some(matched),
            ..article(OutletId((n - 1) % 9 + 1), &format!("https://testata.test/{n}"), &format!("Notizia {n}"), matched)
        };
        let id = write.keep_article(&article, None, 20_000, matched).await.expect("written").expect("new");
        let story = story.map(StoryId);
        let placement = Placement { story, ..Placement::alone(id) };
        write.record_placement(&placement, matched).await.expect("placed");
        write.record_clipping(id, WatchId(1), matched, &["lungolago".into()], true).await.expect("clipped");
        write.commit().await.expect("kept");
        id
    }

    fn pick(story: i64, version: u32) -> Pick {
        Pick { story: StoryId(story), version }
    }

    async fn decide(&self, login: &str, picks: &[Pick], decision: Decision) -> Result<Done> {
        decide(&self.store, login, self.key, picks, decision, self.now).await
    }

    async fn keep(&self, story: i64, section: Option<i64>) -> Done {
        let section = section.map(SectionId);
        let picks = [Self::pick(story, self.version(story).await)];
        self.decide("elena", &picks, Decision::Keep { section, relevance: None }).await.expect("kept")
    }

    async fn version(&self, story: i64) -> u32 {
        let mut rows = self.store.read().await.expect("rows");
        rows.find_arrangement(self.key).await.expect("read").version(StoryId(story))
    }

    async fn table(&self) -> Table {
        let mut rows = self.store.read().await.expect("rows");
        let edition = rows.find_edition_by_id(self.key.edition).await.expect("read").expect("there");
        table(&mut rows, &edition, self.key, self.now).await.expect("a table")
    }

    /// The stories of each section, in order.
    async fn order(&self) -> Vec<String> {
        let table = self.table().await;
        let section = |n: usize| {
            let stories: Vec<String> =
                standing_in(&table.lines, n).iter().filter_map(|l| l.story).map(|s| s.to_string()).collect();
            stories.join(" ")
        };
        (0..table.edition.sections.len()).map(section).collect()
    }

    async fn standing(&self, story: i64) -> Option<Standing> {
        self.table().await.lines.iter().find(|l| l.story == Some(StoryId(story))).map(|l| l.standing)
    }

    async fn published(&self) -> salastampa_domain::Review {
        let mut rows = self.store.read().await.expect("rows");
        rows.find_review(self.key.edition, self.key.slot).await.expect("read").expect("there")
    }
}

async fn write_watch(write: &mut Write, slug: &str) -> WatchId {
    let watch = Watch { urgency: Urgency::Flash, ..watch(slug) };
    write.record_watch(&watch).await.expect("a watch")
}

fn entries(review: &salastampa_domain::Review) -> Vec<Vec<i64>> {
    review.sections.iter().map(|s| s.entries.iter().map(|e| e.story.0).collect()).collect()
}

#[tokio::test]
async fn stories_stand_in_the_order_in_which_they_were_kept_and_new_ones_do_not_move_them() {
    let desk = Desk::new(5).await;
    for (story, section) in [(4, None), (2, Some(2)), (1, None), (5, Some(2))] {
        desk.keep(story, section).await;
    }
    assert_eq!(desk.order().await, ["4 1 3", "2 5"]);
    desk.article(6, None, at("2026-11-22 21:00")).await;
    for n in 20..26 {
        desk.article(n, Some(3), at("2026-11-22 21:00")).await;
    }
    assert_eq!(desk.order().await, ["4 1 3", "2 5"]);
    assert_eq!(desk.standing(6).await, Some(Standing::Late), "it waits in the tray");
}

#[tokio::test]
async fn a_line_moves_up_down_and_before_another() {
    let desk = Desk::new(4).await;
    let by_rank = desk.order().await[0].clone();
    let mut stories: Vec<i64> = by_rank.split(' ').map(|n| n.parse().expect("a number")).collect();
    let step = |story: i64, step| {
        let desk = &desk;
        async move {
            let pick = Desk::pick(story, desk.version(story).await);
            order(&desk.store, "elena", desk.key, pick, step, desk.now).await.expect("moved")
        }
    };
    step(stories[2], Step::Up).await;
    stories.swap(1, 2);
    assert_eq!(desk.order().await[0], stories.iter().map(i64::to_string).collect::<Vec<_>>().join(" "));
    step(stories[3], Step::Before(StoryId(stories[0]))).await;
    stories.rotate_right(1);
    assert_eq!(desk.order().await[0], stories.iter().map(i64::to_string).collect::<Vec<_>>().join(" "));
    step(stories[0], Step::Down).await;
    stories.swap(0, 1);
    step(stories[0], Step::Last).await;
    stories.rotate_left(1);
    assert_eq!(desk.order().await[0], stories.iter().map(i64::to_string).collect::<Vec<_>>().join(" "));
    assert_eq!(step(stories[0], Step::Up).await, Done::default(), "the first one stays where it is");
}

#[tokio::test]
async fn who_comes_second_is_told_who_came_first_and_nothing_is_overwritten() {
    let desk = Desk::new(3).await;
    let picks = [Desk::pick(1, 0), Desk::pick(2, 0)];
    desk.decide("elena", &picks[..1], Decision::Drop).await.expect("dropped");
    let keep = Decision::Keep { section: None, relevance: None };
    let refused = desk.decide("marco", &picks, keep).await.expect_err("stale");
    assert!(matches!(&refused, Error::Denied(Denied::Changed { by, .. }) if by == "Elena Prati"), "{refused:?}");
    assert_eq!(desk.standing(1).await, Some(Standing::Out));
    assert_eq!(desk.version(2).await, 0, "all or nothing");
    let same = desk.decide("marco", &picks[..1], Decision::Drop).await.expect("nothing to do");
    assert_eq!(same, Done::default(), "what is decided so already is no conflict");
}

#[tokio::test]
async fn a_viewer_decides_nothing_and_a_reserved_edition_is_for_those_who_may_see_it() {
    let desk = Desk::new(1).await;
    let refused = desk.decide("ugo", &[Desk::pick(1, 0)], Decision::Drop).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Role { .. }))));
    let mut write = desk.store.write().await.expect("a turn");
    let edition = write.find_edition_by_id(desk.key.edition).await.expect("read").expect("there");
    write.record_edition(&Edition { visibility: Visibility::Reserved, ..edition }).await.expect("written");
    write.commit().await.expect("kept");
    let refused = desk.decide("elena", &[Desk::pick(1, 0)], Decision::Drop).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Unknown { .. }))));
}

#[tokio::test]
async fn what_was_dropped_stays_out_until_there_is_news() {
    let desk = Desk::new(2).await;
    desk.decide("elena", &[Desk::pick(1, 0)], Decision::Drop).await.expect("dropped");
    assert_eq!(desk.order().await[0], "2");
    desk.article(9, Some(1), at("2026-11-22 19:50")).await;
    assert_eq!(desk.standing(1).await, Some(Standing::Late));
    desk.keep(1, None).await;
    assert_eq!(desk.order().await[0], "1 2");
}

#[tokio::test]
async fn an_act_is_undone_by_its_reverse_on_the_same_rows_and_both_are_in_the_log() {
    let desk = Desk::new(3).await;
    let before = desk.order().await;
    let done = desk.decide("elena", &[Desk::pick(1, 0), Desk::pick(2, 0)], Decision::Drop).await.expect("dropped");
    assert_eq!((done.lines, desk.order().await[0].as_str()), (2, "3"));
    undo(&desk.store, "elena", desk.key, Some(done.act), desk.now).await.expect("undone");
    assert_eq!(desk.order().await, before);
    let again = undo(&desk.store, "elena", desk.key, Some(done.act), desk.now).await;
    assert!(matches!(again, Err(Error::Denied(Denied::Unknown { .. }))), "once");
    let mut rows = desk.store.read().await.expect("rows");
    let verbs: Vec<String> = rows.list_events(2).await.expect("read").into_iter().map(|e| e.verb).collect();
    assert_eq!(verbs, ["review.undo", "review.drop"]);
    drop(rows);
    // another went on with the line: theirs stays
    let done = desk.keep(1, None).await;
    desk.decide("marco", &[Desk::pick(1, desk.version(1).await)], Decision::Drop).await.expect("dropped");
    let refused = undo(&desk.store, "elena", desk.key, Some(done.act), desk.now).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Changed { .. }))));
    undo(&desk.store, "marco", desk.key, None, desk.now).await.expect("the last one of his own");
    assert_eq!(desk.standing(1).await, Some(Standing::In));
}

#[tokio::test]
async fn words_of_the_office_are_kept_and_a_long_one_is_refused_beside_its_field() {
    let desk = Desk::new(1).await;
    let write = |pick, note: &'static str, summary: String| {
        let desk = &desk;
        async move { annotate(&desk.store, &desk.house, "elena", desk.key, pick, (note, &summary), desk.now).await }
    };
    write(Desk::pick(1, 0), " Vedi\nieri. ", "Riapre, dice il Comune.".into()).await.expect("written");
    let line = desk.table().await.lines.remove(0);
    assert_eq!((line.entry.note.as_str(), line.entry.summary.as_str()), ("Vedi ieri.", "Riapre, dice il Comune."));
    let refused = write(Desk::pick(1, 1), "", "x".repeat(900)).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Form(slips))) if slips[0].field == "sintesi"));
    let stale = write(Desk::pick(1, 0), "Altro", String::new()).await;
    assert!(matches!(stale, Err(Error::Denied(Denied::Changed { .. }))));
    let copied: String = (0..60).map(|w| format!("parola1x{w} ")).collect();
    write(Desk::pick(1, 1), "", copied).await.expect("written");
    let line = desk.table().await.lines.remove(0);
    assert!(line.borrowed && line.entry.summary.is_empty() && line.entry.extract.as_str().len() < 300);
    let mut rows = desk.store.read().await.expect("rows");
    let log = rows.list_events(1).await.expect("read").remove(0);
    assert!(!log.after.expect("a state").contains("parola1x3"), "the log keeps no text");
}

#[tokio::test]
async fn stories_are_joined_and_parted_by_a_person_and_that_is_undone_too() {
    let desk = Desk::new(3).await;
    let mut write = desk.store.write().await.expect("a turn");
    let (reader, watch) = (ReaderId(1), WatchId(1));
    write
        .record_alert(&Alert::flash(StoryId(2), watch, reader, ArticleId(2), desk.now).left(desk.now))
        .await
        .expect("raised");
    write.commit().await.expect("kept");
    let done = merge(&desk.store, "elena", desk.key, &[Desk::pick(1, 0), Desk::pick(2, 0)], desk.now).await;
    let done = done.expect("joined");
    let table = desk.table().await;
    assert_eq!(table.lines.len(), 2);
    let joined = table.lines.iter().find(|l| l.story == Some(StoryId(1))).expect("there");
    assert_eq!((joined.articles.len(), joined.entry.also_in.len()), (2, 1));
    let mut rows = desk.store.read().await.expect("rows");
    assert!(!rows.list_alerts_of(StoryId(1), reader).await.expect("read").is_empty(), "she was told already");
    drop(rows);
    undo(&desk.store, "elena", desk.key, Some(done.act), desk.now).await.expect("undone");
    assert_eq!(desk.table().await.lines.len(), 3);
    let mut rows = desk.store.read().await.expect("rows");
    assert!(rows.list_alerts_of(StoryId(1), reader).await.expect("read").is_empty());
    drop(rows);

    let article = desk.article(7, Some(3), at("2026-11-22 18:30")).await;
    let pick = Desk::pick(3, desk.version(3).await);
    let done = detach(&desk.store, "elena", desk.key, pick, article, desk.now).await.expect("parted");
    assert_eq!(desk.table().await.lines.len(), 4);
    assert!(desk.table().await.lines.iter().all(|l| l.articles.len() == 1));
    let only = Desk::pick(1, desk.version(1).await);
    let refused = detach(&desk.store, "elena", desk.key, only, ArticleId(1), desk.now).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Unknown { .. }))), "a story of one article is not parted");
    undo(&desk.store, "elena", desk.key, Some(done.act), desk.now).await.expect("undone");
    assert_eq!(desk.table().await.lines.len(), 3);
}

#[tokio::test]
async fn what_a_person_joined_stays_one_for_what_comes_later() {
    let desk = Desk::new(3).await;
    let mut memory = crate::group::remember(&desk.store).await.expect("a memory");
    merge(&desk.store, "elena", desk.key, &[Desk::pick(1, 0), Desk::pick(2, 0)], desk.now).await.expect("joined");
    let mut write = desk.store.write().await.expect("a turn");
    let copy = NewArticle {
        via: Via::Source { source: salastampa_domain::SourceId(1) },
        body: ForeignText::new((0..80).map(|w| format!("parola2x{w} ")).collect::<String>()),
        ..article(OutletId(9), "https://testata.test/copia", "Notizia 2", desk.now)
    };
    let id = write.keep_article(&copy, None, 20_000, desk.now).await.expect("written").expect("new");
    write.commit().await.expect("kept");
    crate::group::group(&desk.store, &mut memory, 9, desk.now).await.expect("placed");
    let placed = desk.store.read().await.expect("rows").find_article(id).await.expect("read").expect("there");
    assert_eq!(placed.story, Some(StoryId(1)), "a copy of an article of the second story");
}

#[tokio::test]
async fn a_pasted_article_is_put_into_its_section_and_the_office_is_told_why_it_was_missed() {
    let desk = Desk::new(2).await;
    desk.decide("elena", &[Desk::pick(1, 0)], Decision::Drop).await.expect("dropped");
    let bad = paste(&desk.store, &desk.house, "elena", desk.key, SectionId(2), "javascript:x", desk.now).await;
    assert!(matches!(bad, Err(Error::Denied(Denied::Form(slips))) if slips[0].field == "indirizzo"));
    paste(&desk.store, &desk.house, "elena", desk.key, SectionId(2), "https://testata.test/1", desk.now)
        .await
        .expect("left");
    let by = salastampa_domain::Actor::User { id: UserId(1) };
    let place = (desk.key, SectionId(2));
    let why = take_pasted(&desk.store, (&by, desk.now), place, ArticleId(1), desk.now).await.expect("placed");
    assert_eq!(why, Some(Missed::Dropped { by: UserId(1) }));
    assert_eq!(desk.order().await, ["2", "1"]);
    let mut write = desk.store.write().await.expect("a turn");
    let article = article(OutletId(5), "https://altrove.test/1", "Da un'altra parte", desk.now);
    let id = write.keep_article(&article, None, 20_000, desk.now).await.expect("written").expect("new");
    write.commit().await.expect("kept");
    let why = take_pasted(&desk.store, (&by, desk.now), place, id, desk.now).await.expect("asked");
    assert_eq!(why, None, "it has no story yet");
    let mut memory = crate::group::remember(&desk.store).await.expect("a memory");
    crate::group::group(&desk.store, &mut memory, 9, desk.now).await.expect("placed");
    // a watch that clips it in between does not make it one that was there
    let mut write = desk.store.write().await.expect("a turn");
    write.record_clipping(id, WatchId(1), desk.now, &["parte".into()], true).await.expect("clipped");
    write.commit().await.expect("kept");
    let why = take_pasted(&desk.store, (&by, desk.now), place, id, desk.now).await.expect("placed");
    assert_eq!(why, Some(Missed::SourceUnknown));
    let again = take_pasted(&desk.store, (&by, desk.now.plus(60_000)), place, id, desk.now).await.expect("placed");
    assert_eq!(again, Some(Missed::Here));
    assert_eq!(desk.order().await[1], "1 3");
}

#[tokio::test]
async fn what_a_person_said_of_stories_leaves_as_pairs_and_not_what_was_taken_back() {
    let desk = Desk::new(4).await;
    desk.article(5, Some(3), at("2026-11-22 18:30")).await;
    merge(&desk.store, "elena", desk.key, &[Desk::pick(1, 0), Desk::pick(2, 0)], desk.now).await.expect("merged");
    detach(&desk.store, "elena", desk.key, Desk::pick(3, 0), ArticleId(5), desk.now).await.expect("detached");
    let gold = crate::gold::gold(&desk.store, desk.now).await.expect("read");
    assert_eq!(gold.pairs, "must\t2\t1\t0\t0\ncannot\t5\t3\t0\t0\n");
    assert_eq!(gold.stories, "1\t1\n2\t1\n3\t3\n5\t5\n");
    undo(&desk.store, "elena", desk.key, None, desk.now).await.expect("undone");
    let gold = crate::gold::gold(&desk.store, desk.now).await.expect("read");
    assert_eq!(gold.pairs, "must\t2\t1\t0\t0\n");
}

#[tokio::test]
async fn what_the_machine_had_made_of_a_story_leaves_with_what_was_decided_of_it() {
    let desk = Desk::new(2).await;
    let mut write = desk.store.write().await.expect("a turn");
    let placed = Placement {
        story: Some(StoryId(1)),
        likeness: 130,
        because: Some(salastampa_domain::Because::Alike),
        table: Some(ArticleId(1)),
        ..Placement::alone(ArticleId(2))
    };
    write.record_placement(&placed, desk.now).await.expect("placed");
    write.commit().await.expect("kept");
    desk.keep(1, None).await;
    // then the story grows, and the office weighs anew: neither changes what lay there before
    desk.article(3, Some(1), at("2026-11-22 19:00")).await;
    user::add(&desk.store, &desk.house, "capo", "Carla Riva", Role::Chief, desk.now).await.expect("a user");
    let weights = salastampa_domain::Weights { tier: 40, relevance: 0, ..Default::default() };
    crate::weights::save(&desk.store, "capo", 0, weights, desk.now).await.expect("saved");
    desk.decide("elena", &[Desk::pick(1, 1)], Decision::Drop).await.expect("dropped");
    undo(&desk.store, "elena", desk.key, None, desk.now).await.expect("undone");
    let gold = crate::gold::gold(&desk.store, desk.now).await.expect("read");
    let lines: Vec<Vec<&str>> = gold.acts.lines().map(|line| line.split('\t').collect()).collect();
    let [kept, dropped, undone] = lines.as_slice() else { panic!("three acts: {}", gold.acts) };
    let issue = format!("1/{}", desk.key.slot);
    let members = "1:-:0:-,2:alike:130:1";
    assert_eq!(kept[..9], ["1", "2026-11-22T20:00:00+01:00", &issue, "review.keep", "0", "1", "open", "1", "1"]);
    assert_eq!((kept[10], kept[11]), ("0", members));
    assert_eq!((dropped[3], dropped[4], dropped[6], dropped[10]), ("review.drop", "1", "kept", "1"));
    assert_eq!(dropped[11], format!("{members},3:-:0:-"));
    assert_eq!((undone[3], undone[6]), ("review.undo", "dropped"));
    assert!(kept[9].contains("relevance:") && kept[9] != dropped[9], "{} {}", kept[9], dropped[9]);
    assert!(!gold.acts.contains("Notizia") && !gold.acts.contains("Elena"), "no text and no name");
}

#[tokio::test]
async fn how_a_story_stands_is_a_person_s_word_that_leaves_with_what_was_decided() {
    let desk = Desk::new(3).await;
    let keep = Decision::Keep { section: None, relevance: Some(Relevance::Minor) };
    desk.decide("elena", &[Desk::pick(1, 0)], keep).await.expect("kept");
    desk.decide("elena", &[Desk::pick(1, 1), Desk::pick(2, 0)], Decision::Tone(Some(Tone::Critical)))
        .await
        .expect("said");
    let again =
        desk.decide("elena", &[Desk::pick(2, 1)], Decision::Tone(Some(Tone::Critical))).await.expect("said already");
    assert_eq!(again, Done::default());
    desk.decide("elena", &[Desk::pick(3, 0)], Decision::Drop).await.expect("dropped");
    let gold = async || crate::gold::gold(&desk.store, desk.now).await.expect("read").decisions;
    let slot = desk.key.slot;
    assert_eq!(
        gold().await,
        format!(
            "1/{slot}\t1\tkept\t1\t1\t-\tminor\tcritical\n1/{slot}\t2\topen\t-\t-\t-\t-\tcritical\n\
             1/{slot}\t3\tdropped\t-\t-\t-\t-\t-\n"
        )
    );
    desk.decide("elena", &[Desk::pick(2, 1)], Decision::Tone(None)).await.expect("taken away");
    assert!(!gold().await.contains("\t2\topen"), "nothing is said of it any more");
}
