//! What a later version makes of an entry, and what becomes of stories that were joined since.

use super::*;

#[tokio::test]
async fn another_lead_in_a_later_version_leaves_the_others_and_the_old_one_joins_them() {
    let desk = Desk::new(1).await;
    for n in [2, 3] {
        desk.article(n, Some(1), at("2026-11-22 18:30")).await;
    }
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let names = |entry: &salastampa_domain::Entry| {
        let also = entry.also_in.iter().map(|a| a.outlet_name.as_str());
        std::iter::once(entry.outlet_name.as_str()).chain(also).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(names(&desk.published().await.sections[0].entries[0]), "Testata 1, Testata 2, Testata 3");
    let now = at("2026-11-23 07:30");
    let picks = [Desk::pick(1, desk.version(1).await)];
    decide(&desk.store, "elena", desk.key, &picks, Decision::Lead(ArticleId(3)), now).await.expect("chosen");
    publish_late(&desk.store, &desk.house, "elena", desk.key, now.plus(1)).await.expect("published");
    let out = desk.published().await;
    assert_eq!((out.version, names(&out.sections[0].entries[0]).as_str()), (2, "Testata 3, Testata 1, Testata 2"));
    let again = publish_late(&desk.store, &desk.house, "elena", desk.key, now.plus(2)).await;
    assert!(matches!(again, Err(Error::Denied(Denied::Invalid(_)))), "there is nothing more to tell");
}

impl Desk {
    /// Last week's story 1, joined after the issue of story 2 had left; gives an hour after that.
    async fn joins_after(&self) -> Timestamp {
        self.article(1, None, at("2026-11-15 18:00")).await;
        for n in [2, 3] {
            self.article(n, None, at("2026-11-22 18:00")).await;
        }
        review::make_due(&self.store, &self.house, at("2026-11-23 07:00")).await.expect("made");
        assert_eq!(entries(&self.published().await), [vec![2, 3], vec![]]);
        let mut write = self.store.write().await.expect("a turn");
        let now = at("2026-11-23 07:10");
        write.record_machine_merge(StoryId(1), StoryId(2), 500, now).await.expect("joined");
        write.commit().await.expect("kept");
        now.plus(60_000)
    }
}

#[tokio::test]
async fn a_story_that_was_joined_after_the_issue_left_is_removed_by_its_new_number() {
    let desk = Desk::new(0).await;
    let now = desk.joins_after().await;
    let picks = [Desk::pick(1, 0)];
    decide(&desk.store, "elena", desk.key, &picks, Decision::Drop, now).await.expect("dropped");
    publish_late(&desk.store, &desk.house, "elena", desk.key, now.plus(1)).await.expect("published");
    assert_eq!(entries(&desk.published().await), [vec![3], vec![]]);
}

#[tokio::test]
async fn a_story_that_was_joined_after_the_issue_left_is_corrected_in_its_place() {
    let desk = Desk::new(0).await;
    let now = desk.joins_after().await;
    annotate(&desk.store, &desk.house, "elena", desk.key, Desk::pick(1, 0), ("Vedi ieri.", ""), now)
        .await
        .expect("said");
    publish_late(&desk.store, &desk.house, "elena", desk.key, now.plus(1)).await.expect("published");
    let out = desk.published().await;
    assert_eq!((entries(&out), out.sections[0].entries[0].note.as_str()), (vec![vec![2, 3], vec![]], "Vedi ieri."));
}

#[tokio::test]
async fn two_stories_of_an_issue_that_a_person_joins_afterwards_are_one_in_the_next_version() {
    let desk = Desk::new(3).await;
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let now = at("2026-11-23 07:30");
    merge(&desk.store, "elena", desk.key, &[Desk::pick(1, 0), Desk::pick(3, 0)], now).await.expect("joined");
    publish_late(&desk.store, &desk.house, "elena", desk.key, now.plus(1)).await.expect("published");
    assert_eq!(entries(&desk.published().await), [vec![1, 2], vec![]]);
}
