//! A text that is longer than its rights allow, printed by a faulty program: it is read nowhere, and the office is told.

use crate::curation::{ISSUE, NOW, key, office};
use crate::world::at;
use salastampa_acts::review;
use salastampa_domain::{ArticleId, Audience, Review, ReviewId, RightsClass, Role, Signals, TokenPurpose, allowed};

#[tokio::test]
async fn a_body_in_a_frozen_review_is_on_no_page_and_the_desk_says_where_it_was() {
    let world = office(2).await;
    let editor = world.enter("elena", Role::Editor).await;
    let admin = world.enter("ada", Role::Admin).await;
    let (store, house) = (&world.site().store, &world.site().house);
    review::publish_now(store, house, "elena", key(), None, at(NOW)).await.expect("published");
    let before = world.see(&editor, ISSUE).await.body;
    assert!(!before.contains("a titolo, fonte e link"), "{before}");
    assert!(world.see(&admin, "/desk/salute").await.body.contains("nessun testo è più lungo"));

    let mut write = store.write().await.expect("a turn");
    let out = write.find_review_by_id(ReviewId(1)).await.expect("read").expect("there");
    let body = write.find_body(ArticleId(1)).await.expect("read");
    let open = allowed(RightsClass::Open, None, &Signals::default(), Audience::Public, at(NOW).day());
    let mut faulty = Review { version: 2, ..out };
    let entry = faulty.sections[0].entries.iter_mut().find(|e| e.article == ArticleId(1)).expect("there");
    entry.extract = open.extract(&body);
    write.replace_review(&faulty).await.expect("written");
    write.record_review_version(&faulty, at(NOW), &[]).await.expect("written");
    write.commit().await.expect("kept");

    let link = review::web_link(house, TokenPurpose::Review, 1, at(NOW));
    let link = link.strip_prefix("https://stampa.bellariva.test").expect("a link of ours");
    for _ in 0..2 {
        let page = world.get(link).await.body;
        assert!(page.contains("Notizia 1") && page.contains("Notizia 2") && page.contains("https://il-lago.test/1"));
        assert!(!page.contains("non si mostra mai"), "{page}");
    }
    // both articles have the same text: nobody can say whose was printed, and neither is
    let issue = world.see(&editor, ISSUE).await.body;
    assert!(
        issue.contains("2 notizie sono ridotte a titolo, fonte e link") && issue.contains("(review page)"),
        "{issue}"
    );
    let health = world.see(&admin, "/desk/salute").await.body;
    assert!(health.contains("Nell&#39;ultima settimana 2 volte"), "{health}");
}
