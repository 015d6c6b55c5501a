//! Who else tells a story: reprints, and whose text they are.

use super::*;
use salastampa_digest::mail;
use salastampa_domain::OutletKind;

impl Desk {
    /// Outlet `n` writes a text at that minute after six; nobody has placed or clipped it yet.
    async fn writes(&self, n: i64, minute: i64, text: &str) -> ArticleId {
        let seen = at("2026-11-22 18:00").plus(minute * 60_000);
        let article = NewArticle {
            via: Via::Source { source: salastampa_domain::SourceId(1) },
            body: ForeignText::new((0..80).map(|w| format!("{text}x{w} ")).collect::<String>()),
            published_at: Some(seen),
            ..article(OutletId(n), &format!("https://testata-{n}.test/{text}"), &format!("Notizia {text}"), seen)
        };
        let mut write = self.store.write().await.expect("a turn");
        let id = write.keep_article(&article, None, 20_000, seen).await.expect("written").expect("new");
        write.commit().await.expect("kept");
        id
    }

    /// The job that places articles, and the watch.
    async fn places_and_clips(&self, clipped: &[ArticleId]) {
        let mut memory = crate::group::remember(&self.store).await.expect("a memory");
        crate::group::group(&self.store, &mut memory, 50, self.now).await.expect("placed");
        let mut write = self.store.write().await.expect("a turn");
        for id in clipped {
            let words = ["lungolago".to_owned()];
            write.record_clipping(*id, WatchId(1), self.now.plus(-60_000), &words, true).await.expect("clipped");
        }
        write.commit().await.expect("kept");
    }
}

#[tokio::test]
async fn a_reprint_says_whose_text_it_is_though_the_agency_was_read_later() {
    let desk = Desk::new(0).await;
    let mut write = desk.store.write().await.expect("a turn");
    let agency = salastampa_domain::Outlet { kind: OutletKind::Agency, ..outlet("testata-3", "Agenzia Alfa") };
    write.record_outlet(&agency).await.expect("an outlet");
    write.commit().await.expect("kept");
    let mut articles = Vec::new();
    for (minute, n) in [(0, 1), (1, 3), (2, 2)] {
        articles.push(desk.writes(n, minute, "ponte").await);
    }
    desk.places_and_clips(&articles).await;
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let out = desk.published().await;
    let told = &out.sections[0].entries[0];
    assert_eq!((told.outlet_name.as_str(), told.article), ("Agenzia Alfa", articles[1]));
    let letter = mail::review(&out, &crate::alert::dress(&desk.house, desk.house.lang));
    let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("Testata 1 (ripresa Agenzia Alfa)") && text.contains("Testata 2 (ripresa Agenzia Alfa)"),
        "{text}"
    );
}

#[tokio::test]
async fn outlets_that_tell_the_story_in_other_words_stand_beside_it_and_weigh_and_are_no_clippings() {
    let desk = Desk::new(1).await;
    let place = async |id: ArticleId, story: i64| {
        let mut write = desk.store.write().await.expect("a turn");
        let placement = Placement { story: Some(StoryId(story)), ..Placement::alone(id) };
        write.record_placement(&placement, desk.now).await.expect("placed");
        write.commit().await.expect("kept");
    };
    let lines = async || desk.table().await.lines;
    let before = lines().await.remove(0);
    assert!(before.entry.also_in.is_empty());
    let mut ids = Vec::new();
    for (minute, n) in [(1, 2), (2, 3), (3, 4)] {
        let id = desk.writes(n, minute, &format!("altro{n}")).await;
        place(id, 1).await;
        ids.push(id);
    }
    let mut write = desk.store.write().await.expect("a turn");
    write.record_hidden(ids[2], None).await.expect("hidden");
    write.commit().await.expect("kept");
    // of a week ago, and of a story that nobody clipped
    let old = NewArticle {
        via: Via::Source { source: salastampa_domain::SourceId(1) },
        published_at: Some(at("2026-11-15 10:00")),
        ..article(OutletId(5), "https://testata-5.test/vecchia", "Notizia vecchia", at("2026-11-22 18:05"))
    };
    let mut write = desk.store.write().await.expect("a turn");
    let old = write.keep_article(&old, None, 20_000, at("2026-11-22 18:05")).await.expect("written").expect("new");
    write.commit().await.expect("kept");
    place(old, 1).await;
    desk.places_and_clips(&[]).await;

    let told = lines().await;
    assert_eq!(told.len(), 1);
    let line = &told[0];
    let also: Vec<&str> = line.entry.also_in.iter().map(|a| a.outlet_name.as_str()).collect();
    assert_eq!(also, ["Testata 2", "Testata 3"]);
    let outlets = line.entry.points.iter().find(|p| p.part == salastampa_domain::Part::Outlets).expect("points");
    assert_eq!((outlets.n, line.newest, line.entry.article), (3, before.newest, before.entry.article));
    let clipped: Vec<bool> = line.articles.iter().map(|a| a.clipped).collect();
    assert_eq!(clipped, [true, false, false]);
    let lead = desk.decide("elena", &[Desk::pick(1, 0)], Decision::Lead(ids[0])).await;
    assert!(matches!(lead, Err(Error::Denied(Denied::Unknown { what: "article", .. }))));
    // dropped, it does not come back for an article that no watch clipped
    desk.decide("elena", &[Desk::pick(1, 0)], Decision::Drop).await.expect("dropped");
    let later = desk.writes(6, 4, "dopo").await;
    place(later, 1).await;
    assert_eq!(desk.standing(1).await, Some(Standing::Out));
    // one that is not of the story is parted from it
    let pick = Desk::pick(1, desk.version(1).await);
    detach(&desk.store, "elena", desk.key, pick, ids[0], desk.now).await.expect("parted");
    assert_eq!(lines().await[0].entry.also_in.len(), 2, "Testata 3 and the one that came after");
}
