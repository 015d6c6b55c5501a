//! The story of an issue: which sentences of its article stand for it, chosen by ticks.

use crate::curation::{ISSUE, NOW, SCRIPT, office};
use crate::world::at;
use axum::http::StatusCode;
use salastampa_domain::{ArticleId, ForeignText, Outlet, OutletId, RevisionKind, RightsClass, Role};

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

#[tokio::test]
async fn the_abstract_of_a_story_stays_in_the_office_unless_the_rights_let_all_of_it_out() {
    for (rights, free) in [(RightsClass::ExtractOnly, false), (RightsClass::Open, true)] {
        let world = office(1).await;
        let seat = world.enter("elena", Role::Editor).await;
        let story = format!("{ISSUE}/notizia/1");
        let mut write = world.site().store.write().await.expect("a transaction");
        let outlet = write.find_outlet(OutletId(1)).await.expect("read").expect("there");
        write.record_outlet(&Outlet { rights, ..outlet }).await.expect("an outlet");
        let (kind, none) = (RevisionKind::Update, ForeignText::default());
        let body = ForeignText::new(format!("Riapre il molo {SCRIPT}.{} Costa poco.", " Piove da ieri".repeat(20)));
        write.record_revision(ArticleId(1), kind, at(NOW), "Notizia 1", &none, &body).await.expect("written");
        write.commit().await.expect("a commit");
        let page = world.see(&seat, &story).await.body;
        let words =
            page.split("id=\"riassunto\"").nth(1).and_then(|p| p.split("</details>").next()).expect("it is there");
        assert!(words.contains("Piove da ieri Costa poco.") && words.contains("/desk/articoli/1"), "{words}");
        assert!(!words.contains("<script"), "{words}");
        assert_eq!(words.contains("value=\"riassunto\""), free, "{words}");
        let answer = world.send(&seat, &format!("{story}/estratto"), &[("versione", "0"), ("fai", "riassunto")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let page = world.see(&seat, &story).await.body;
        assert_eq!(page.contains("Il riassunto resta nell&#39;ufficio"), !free, "{page}");
        let written = page.split("<textarea").nth(1).and_then(|p| p.split("</textarea>").next()).expect("a summary");
        assert_eq!(written.contains("Costa poco."), free, "{written}");
        assert!(!page.contains("va accorciata"), "it leaves as it is written");
        let reads = world.enter("ugo", Role::Viewer).await;
        let page = world.see(&reads, &story).await.body;
        assert!(page.contains("id=\"riassunto\"") && !page.contains("value=\"riassunto\""), "{page}");
    }
}
