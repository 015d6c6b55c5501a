//! *Manca un pezzo*: the reason that the office is told is the true one.

use super::*;
use crate::weights;
use salastampa_domain::Weights;

impl Desk {
    /// Pastes an article that is known already, an hour after it came.
    async fn why(&self, article: ArticleId, now: Timestamp) -> Missed {
        let by = salastampa_domain::Actor::User { id: UserId(1) };
        let place = (self.key, SectionId(2));
        take_pasted(&self.store, (&by, now), place, article, now).await.expect("placed").expect("it has a story")
    }

    /// An article of that day in a story of its own or in the one given, clipped for the watch at that instant.
    async fn clipped(&self, n: i64, story: Option<i64>, dated: &str, by: Option<(WatchId, &str)>) -> ArticleId {
        let article = NewArticle {
            via: Via::Source { source: salastampa_domain::SourceId(1) },
            published_at: Some(at(dated)),
            ..article(OutletId(n), &format!("https://testata.test/{n}"), &format!("Notizia {n}"), at(dated))
        };
        let mut write = self.store.write().await.expect("a turn");
        let id = write.keep_article(&article, None, 20_000, at(dated)).await.expect("written").expect("new");
        let placement = Placement { story: story.map(StoryId), ..Placement::alone(id) };
        write.record_placement(&placement, at(dated)).await.expect("placed");
        if let Some((watch, matched)) = by {
            write.record_clipping(id, watch, at(matched), &["x".into()], true).await.expect("clipped");
        }
        write.commit().await.expect("kept");
        id
    }
}

#[tokio::test]
async fn what_the_articles_own_clippings_say_is_said() {
    let own = WatchId(1);
    let here = "2026-11-22 18:00";
    for (by, dated, dropped, expected) in [
        (Some((own, here)), here, true, Missed::Dropped { by: UserId(2) }),
        (Some((own, here)), here, false, Missed::Here),
        (Some((WatchId(3), here)), here, false, Missed::NoWatch),
        (Some((own, here)), "2026-11-20 10:00", false, Missed::Old),
        (Some((own, "2026-11-22 06:30")), "2026-11-22 06:00", false, Missed::Earlier),
        (None, here, false, Missed::NoWatch),
    ] {
        let desk = Desk::new(1).await;
        let mut write = desk.store.write().await.expect("a turn");
        write_watch(&mut write, "altrove").await;
        write.commit().await.expect("kept");
        let id = desk.clipped(5, None, dated, by).await;
        if dropped {
            let mut write = desk.store.write().await.expect("a turn");
            let clipping = write.list_clippings_of(id).await.expect("rows")[0].id;
            write.record_clipping_state(clipping, ClippingState::Dropped { by: UserId(2) }).await.expect("dropped");
            write.commit().await.expect("kept");
        }
        assert_eq!(desk.why(id, desk.now).await, expected, "{by:?} {dated} {dropped}");
    }
}

#[tokio::test]
async fn only_the_same_text_is_a_copy_and_what_weighed_too_little_was_not_one_too_many() {
    let desk = Desk::new(1).await;
    let other = desk.clipped(5, Some(1), "2026-11-22 18:10", None).await;
    assert_eq!(desk.why(other, desk.now).await, Missed::NoWatch, "the same story in other words");
    let copy = desk.clipped(6, Some(1), "2026-11-22 18:20", None).await;
    let mut write = desk.store.write().await.expect("a turn");
    let copy_of = write.find_article(ArticleId(1)).await.expect("rows").expect("there").copy_group;
    let placement = Placement { story: Some(StoryId(1)), copy_of, ..Placement::alone(copy) };
    write.record_placement(&placement, desk.now).await.expect("placed");
    write.commit().await.expect("kept");
    assert_eq!(desk.why(copy, desk.now).await, Missed::Copy { of: ArticleId(1) });

    let desk = Desk::new(1).await;
    let heavy = Weights { minimum: 90, ..Weights::default() };
    weights::save(&desk.store, "elena", 0, heavy, desk.now).await.expect("saved");
    assert_eq!(desk.why(ArticleId(1), desk.now).await, Missed::TooLight);
    let desk = Desk::new(7).await;
    let last =
        desk.table().await.lines.iter().find(|l| l.standing == Standing::Over).expect("one too many").entry.article;
    assert_eq!(desk.why(last, desk.now).await, Missed::Over);
}

#[tokio::test]
async fn what_a_watch_took_after_the_issue_left_came_too_late() {
    let desk = Desk::new(1).await;
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let id = desk.clipped(5, None, "2026-11-23 07:05", Some((WatchId(1), "2026-11-23 07:06"))).await;
    assert_eq!(desk.why(id, at("2026-11-23 07:30")).await, Missed::Late);
}
