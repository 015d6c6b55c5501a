//! Wires that their agency took back before the review's hour, and after it.

use super::*;
use salastampa_domain::{Wire, WireKind, WireNotes, WireStatus};

impl Desk {
    /// The agency took article `n` back.
    async fn takes_back(&self, n: i64) {
        let wire = Wire {
            outlet: OutletId(n),
            identity: format!("lancio-{n}"),
            version: 2,
            article: Some(ArticleId(n)),
            kind: WireKind::Kill,
            status: WireStatus::Cancelled,
            chain: None,
            take: 1,
            lines: 0,
            at: self.now,
            notes: WireNotes::default(),
        };
        let mut write = self.store.write().await.expect("a turn");
        write.record_wire(&wire).await.expect("a wire");
        write.commit().await.expect("kept");
    }
}

#[tokio::test]
async fn a_wire_that_was_taken_back_leaves_the_review_unless_a_person_kept_it() {
    let desk = Desk::new(3).await;
    desk.keep(2, None).await;
    desk.article(7, Some(3), at("2026-11-22 18:10")).await;
    for n in 1..=3 {
        desk.takes_back(n).await;
    }
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let out = desk.published().await;
    assert_eq!(entries(&out), [vec![2, 3], vec![]]);
    let told = &out.sections[0].entries[1];
    assert_eq!((told.article, told.also_in.len()), (ArticleId(4), 0), "another outlet tells the third story");
}

#[tokio::test]
async fn a_wire_that_was_taken_back_after_the_review_left_can_be_taken_out_of_the_next_version() {
    let desk = Desk::new(2).await;
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    desk.takes_back(1).await;
    let now = at("2026-11-23 07:30");
    let picks = [Desk::pick(1, desk.version(1).await)];
    decide(&desk.store, "elena", desk.key, &picks, Decision::Drop, now).await.expect("dropped");
    publish_late(&desk.store, &desk.house, "elena", desk.key, now.plus(1)).await.expect("published");
    assert_eq!(entries(&desk.published().await), [vec![2], vec![]]);
}
