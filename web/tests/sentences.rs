//! The story of an issue: which sentences of its article stand for it, chosen by ticks.

use crate::curation::{ISSUE, NOW, SCRIPT, office};
use crate::world::at;
use axum::http::StatusCode;
use salastampa_domain::{ArticleId, ForeignText, RevisionKind, Role};

#[tokio::test]
async fn the_sentences_of_an_article_are_ticked_and_the_page_shows_what_leaves_of_them() {
    let world = office(1).await;
    let seat = world.enter("elena", Role::Editor).await;
    let story = format!("{ISSUE}/notizia/1");
    let body = ForeignText::new(format!("Riapre il molo {SCRIPT}. Piove da ieri. Costa poco, dice la sindaca."));
    let mut write = world.site().store.write().await.expect("a transaction");
    let (kind, none) = (RevisionKind::Update, ForeignText::default());
    write.record_revision(ArticleId(1), kind, at(NOW), "Notizia 1", &none, &body).await.expect("written");
    write.commit().await.expect("a commit");
    let page = world.see(&seat, &story).await.body;
    let boxes: Vec<&str> = page.split("name=\"frase\" value=\"").skip(1).filter_map(|b| b.split('"').next()).collect();
    assert!(boxes.len() > 1 && page.contains("al massimo") && page.contains("<mark>"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
    let last = *boxes.last().expect("some");
    let send = async |version: &str, fai: &str| {
        let fields = [("versione", version), ("frase", last), ("fai", fai)];
        world.send(&seat, &format!("{story}/estratto"), &fields).await
    };
    assert_eq!(send("0", "frasi").await.status, StatusCode::SEE_OTHER);
    let page = world.see(&seat, &story).await.body;
    let ticked = |page: &str, hash: &str| page.contains(&format!("value=\"{hash}\" checked"));
    assert!(ticked(&page, last) && !ticked(&page, boxes[0]), "{page}");
    assert!(page.contains("Torna alla scelta del programma"), "{page}");
    assert_eq!(send("1", "programma").await.status, StatusCode::SEE_OTHER);
    let page = world.see(&seat, &story).await.body;
    assert!(ticked(&page, boxes[0]) && !ticked(&page, last), "{page}");
    let reads = world.enter("ugo", Role::Viewer).await;
    assert!(!world.see(&reads, &story).await.body.contains("name=\"frase\""));
}
