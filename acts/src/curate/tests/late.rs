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
