//! Articles that nobody may see any more, at the links of their alerts.

use crate::curation::{NOW, office};
use crate::world::at;
use axum::http::StatusCode;
use salastampa_acts::review;
use salastampa_domain::{
    ArticleId, NewArticle, Outlet, OutletId, Placement, StoryId, TokenPurpose, UserId, Via, Wire, WireKind, WireNotes,
    WireStatus,
};

#[tokio::test]
async fn the_link_of_an_alert_opens_nothing_once_its_article_may_not_be_seen() {
    let world = office(2).await;
    let store = world.site().store.clone();
    let link = review::web_link(&world.site().house, TokenPurpose::Article, 1, at(NOW));
    let path = link.strip_prefix("https://stampa.bellariva.test").expect("a link of ours").to_owned();
    // another outlet tells the same
    let mut write = store.write().await.expect("a turn");
    let first = write.find_outlet(OutletId(1)).await.expect("read").expect("there");
    let other = Outlet { id: OutletId(0), slug: "eco".into(), name: "Eco di Olmeta".into(), ..first };
    let other = write.record_outlet(&other).await.expect("an outlet");
    let copy = NewArticle {
        outlet: other,
        via: Via::Hand { by: UserId(1) },
        url: "https://eco.test/1".into(),
        key: "https://eco.test/1".into(),
        guid: None,
        title: "Riapre".into(),
        lead: Default::default(),
        body: Default::default(),
        authors: Vec::new(),
        rubric: None,
        published_at: None,
        language: None,
        signals: Default::default(),
        first_seen: at(NOW),
        backlog: false,
    };
    let copy = write.keep_article(&copy, None, 20_000, at(NOW)).await.expect("kept").expect("new");
    write
        .record_placement(&Placement { story: Some(StoryId(1)), ..Placement::alone(copy) }, at(NOW))
        .await
        .expect("placed");
    write.commit().await.expect("a commit");
    assert!(world.get(&path).await.body.contains("Eco di Olmeta"));
    let hide = async |id: ArticleId, hidden: bool| {
        let mut write = store.write().await.expect("a turn");
        match hidden {
            true => write.record_hidden(id, None).await.expect("hidden"),
            false => write.record_shown(id, at(NOW)).await.expect("shown"),
        }
        write.commit().await.expect("a commit");
    };
    hide(copy, true).await;
    let page = world.get(&path).await;
    assert!(page.body.contains("Notizia 1") && !page.body.contains("Eco di Olmeta"), "{}", page.body);
    hide(ArticleId(1), true).await;
    let gone = world.get(&path).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(!gone.body.contains("Notizia 1"), "{}", gone.body);
    hide(ArticleId(1), false).await;
    assert_eq!(world.get(&path).await.status, StatusCode::OK, "its agency gave it free again");
    let killed = Wire {
        outlet: OutletId(1),
        identity: "lancio-1".into(),
        version: 2,
        article: Some(ArticleId(1)),
        kind: WireKind::Kill,
        status: WireStatus::Cancelled,
        chain: None,
        take: 1,
        lines: 0,
        at: at(NOW),
        notes: WireNotes::default(),
    };
    let mut write = store.write().await.expect("a turn");
    write.record_wire(&killed).await.expect("a wire");
    write.commit().await.expect("a commit");
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND);
}
