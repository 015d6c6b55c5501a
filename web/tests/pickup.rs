//! A release beside an article that used it: what both have is marked, and a person's word stands over the machine's.

use crate::archive::{article, editor, town};
use crate::world::at;
use axum::http::StatusCode;
use salastampa_domain::{
    ContactId, DeliveryKind, ForeignText, NewArticle, NewDelivery, Pickup, PickupLevel, Release, Role, Signals,
    Subject, Version,
};

const NOW: &str = "2026-11-24 12:00";
const PAGE: &str = "/desk/comunicati/ponte/riprese/2";

#[tokio::test]
async fn the_two_texts_stand_side_by_side_and_the_word_of_a_person_holds() {
    let (world, _) = town(&["Altro"]).await;
    world.release("ponte", 1, None).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let release = write.find_release("ponte").await.expect("rows").expect("a release");
    let version = write.find_version(release.current.expect("out")).await.expect("rows").expect("a version");
    let outlet = write.list_outlets().await.expect("outlets").remove(0);
    let body = format!("<script>alert(1)</script> In città si dice così. {} Fine della cronaca.", version.text);
    let mut new = article(outlet.id, "Ponte, che cosa cambia", at(NOW));
    new.body = ForeignText::new(body);
    let id = write.keep_article(&new, None, 0, at(NOW)).await.expect("an answer").expect("a new one");
    let signals = Signals { tdm_reserved: true, ..Signals::default() };
    let reserved =
        NewArticle { signals, ..NewArticle { url: new.url.clone() + "/2", key: new.key.clone() + "/2", ..new } };
    let other = write.keep_article(&reserved, None, 0, at(NOW)).await.expect("an answer").expect("a new one");
    let found = Pickup {
        release: release.id,
        article: id,
        level: PickupLevel::Quote,
        of_article: 700,
        of_release: 990,
        at: at(NOW),
        judged: None,
    };
    write.record_pickup(&found).await.expect("written");
    write.record_pickup(&Pickup { article: other, ..found }).await.expect("written");
    write.commit().await.expect("a commit");
    let seat = editor(&world).await;
    let page = world.see(&seat, PAGE).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.matches("<mark>").count() >= 2 && !page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.body.contains("citazione") && page.body.contains("In città si dice così"), "{}", page.body);
    let sent = world.send(&seat, PAGE, &[("quanto", "integrale")]).await;
    assert_eq!(sent.header("location"), Some(PAGE));
    let list = world.see(&seat, "/desk/comunicati/ponte").await.body;
    assert!(list.contains("ripresa integrale") && list.contains("detto dall&#39;ufficio"), "{list}");
    // who got it, and whose outlet ran it, has that on their page
    let mut fields = crate::people::journalist("Nina Valli", "nina@lago.test");
    fields.iter_mut().filter(|(name, _)| *name == "outlet").for_each(|field| field.1 = &outlet.name);
    crate::people::done(&world, &seat, "/desk/giornalisti/nuovo", &fields).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let sent = NewDelivery {
        subject: Subject { kind: DeliveryKind::Release, thing: release.id.0, version: 1, round: 0 },
        address: salastampa_domain::Address::parse("nina@lago.test").expect("an address"),
        contact: Some(ContactId(1)),
        reader: None,
        letter: "ab".into(),
        due_at: at(NOW),
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    };
    write.record_deliveries(&[sent], at(NOW), |id, _| format!("{id}@bellariva.test")).await.expect("a row");
    write.commit().await.expect("a commit");
    let person = world.see(&seat, "/desk/giornalisti/1").await.body;
    let ran = format!(
        "<a href=\"/desk/articoli/{id}\">{} ha ripreso il comunicato «",
        outlet.name.replace('<', "&#60;").replace('>', "&#62;")
    );
    assert!(person.contains(&ran) && person.contains("Ponte, che cosa cambia"), "{ran} in {person}");
    let gold = salastampa_acts::gold::gold(&world.site().store, at(NOW)).await.expect("it leaves");
    assert_eq!(gold.pickup, "1\t2\tquote\tfull\t700\t990\n");
    world.send(&seat, PAGE, &[("quanto", "nessuna")]).await;
    assert!(world.see(&seat, "/desk/comunicati/ponte").await.body.contains("nessun uso"));
    assert!(world.see(&seat, PAGE).await.body.contains("nessun uso."));
    world.send(&seat, PAGE, &[("quanto", "programma")]).await;
    assert!(world.see(&seat, PAGE).await.body.contains("Vale ciò che ha trovato il programma"));
    assert_eq!(world.send(&seat, PAGE, &[("quanto", "tutto")]).await.status, StatusCode::NOT_FOUND);
    for path in
        ["/desk/comunicati/ponte/riprese/1", "/desk/comunicati/ponte/riprese/x", "/desk/comunicati/mai/riprese/2"]
    {
        assert_eq!(world.see(&seat, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    // of a text that is reserved only what is ours is shown
    let page = world.see(&seat, "/desk/comunicati/ponte/riprese/3").await.body;
    assert!(page.contains("non si può mostrare") && page.matches("<mark>").count() >= 2, "{page}");
    assert!(!page.contains("In città si dice così"), "{page}");
    // the release is corrected later: the article has the first version, and the page says so
    let mut write = world.site().store.write().await.expect("a transaction");
    let corrected = Version {
        number: version.number + 1,
        text: "Il cantiere chiude a fine mese per una verifica chiesta dai vigili del fuoco.".into(),
        corrects: Some(version.id),
        sha256: "b".repeat(64),
        ..version
    };
    let current = write.record_version(&corrected).await.expect("written");
    write.replace_release(&Release { current: Some(current), ..release }).await.expect("written");
    write.commit().await.expect("a commit");
    let page = world.see(&seat, PAGE).await.body;
    assert!(page.contains("versione 1 del comunicato") && page.matches("<mark>").count() >= 2, "{page}");
    assert!(page.contains("70 % dell&#39;articolo e 99 % del comunicato"), "what was found stands beside: {page}");
    assert!(!page.contains("vigili del fuoco"), "{page}");
    let viewer = world.enter("ugo", Role::Viewer).await;
    assert_eq!(world.see(&viewer, PAGE).await.status, StatusCode::FORBIDDEN);
}
