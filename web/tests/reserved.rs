//! Reserved editions, for an officer without the right to them: named on no page, and not theirs to decide about.

use crate::curation::{NOW, office};
use crate::returned::came;
use crate::world::{Seat, World, at};
use axum::http::StatusCode;
use salastampa_acts::review;
use salastampa_domain::{Edition, EditionId, InboundKind, IssueKey, Reader, ReaderId, Role, Visibility};

/// A second edition, reserved and received by the mayor, whose issue of tomorrow has left; and the chief.
async fn with_a_reserved_edition() -> (World, Seat) {
    let world = office(1).await;
    let chief = world.enter("teresa", Role::Chief).await;
    let (store, house) = (&world.site().store, &world.site().house);
    let mut write = store.write().await.expect("a transaction");
    let open = write.find_edition("generale").await.expect("read").expect("there");
    let slot = open.schedule.next_after(open.done).expect("a slot");
    let (slug, name) = ("gabinetto".into(), "Carte del gabinetto".into());
    let reserved = Edition { id: EditionId(0), slug, name, visibility: Visibility::Reserved, ..open };
    let edition = write.record_edition(&reserved).await.expect("an edition");
    let reader = write.find_reader(ReaderId(1)).await.expect("read").expect("there");
    let editions = vec![EditionId(1), edition];
    write.record_reader(&Reader { editions, ..reader }).await.expect("a reader");
    write.commit().await.expect("a commit");
    review::publish_now(store, house, "teresa", IssueKey { edition, slot }, None, at(NOW)).await.expect("published");
    (world, chief)
}

#[tokio::test]
async fn a_reserved_edition_is_named_on_no_page_of_an_officer_who_may_not_see_it() {
    let (world, chief) = with_a_reserved_edition().await;
    let editor = world.enter("elena", Role::Editor).await;
    for path in ["/desk/oggi", "/desk/invii", "/desk/destinatari", "/desk/destinatari/sindaca", "/desk/temi"] {
        let named = |page: &str| page.contains("Carte del gabinetto");
        assert!(named(&world.see(&chief, path).await.body), "the chief sees it on {path}");
        let page = world.see(&editor, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!named(&page.body), "{path}: {}", page.body);
    }
    let sent = world.see(&editor, "/desk/invii?chi=sindaca@bellariva.test").await.body;
    assert!(!sent.contains("/desk/invii/1\""), "{sent}");
    assert_eq!(world.see(&editor, "/desk/invii/1").await.status, StatusCode::NOT_FOUND);
    assert!(world.see(&chief, "/desk/invii/1").await.body.contains("sindaca@bellariva.test"));
    let by_number = world.see(&editor, "/desk/rassegna/1").await;
    assert_eq!((by_number.status, by_number.header("location")), (StatusCode::NOT_FOUND, None));
    let by_number = world.see(&chief, "/desk/rassegna/1").await;
    assert!(by_number.header("location").expect("a way").contains("gabinetto"));
    let admin = world.enter("ada", Role::Admin).await;
    assert!(!world.see(&admin, "/desk/salute").await.body.contains("Carte del gabinetto"));
}

#[tokio::test]
async fn an_officer_who_may_not_see_an_edition_takes_nobody_off_it_and_decides_nothing_about_its_mail() {
    let (world, _) = with_a_reserved_edition().await;
    let editor = world.enter("elena", Role::Editor).await;
    let page = world.see(&editor, "/desk/destinatari/sindaca").await.body;
    let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a mark");
    let fields = [
        ("name", "Ada Corti"),
        ("address", "sindaca@bellariva.test"),
        ("language", "it"),
        ("reviews", "1"),
        ("seen", seen),
    ];
    let saved = world.send(&editor, "/desk/destinatari/sindaca", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let mut write = world.site().store.write().await.expect("a turn");
    let reader = write.find_reader(ReaderId(1)).await.expect("read").expect("there");
    assert_eq!(reader.editions, [EditionId(2)], "the open one was unticked, the other was not hers to untick");
    let claim = salastampa_store::Claim::of("w", at(NOW), at(NOW).plus(1), 9);
    let claimed = write.claim_deliveries(&claim).await.expect("claimed");
    write.start_data(claimed[0].id, "w", 1).await.expect("started");
    write.recover_deliveries(at(NOW).plus(60_000)).await.expect("recovered");
    write.commit().await.expect("a commit");
    let path = format!("/desk/invii/{}", claimed[0].id);
    world.send(&editor, &path, &[("esito", "perso"), ("motivo", "detto al telefono")]).await;
    let mut rows = world.site().store.read().await.expect("rows");
    let mail = rows.find_delivery(claimed[0].id).await.expect("read").expect("there");
    assert_eq!(mail.state, salastampa_domain::DeliveryState::Uncertain);
    drop(rows);
    assert!(!world.see(&editor, "/desk/oggi").await.body.contains("stato=uncertain"));
}

#[tokio::test]
async fn what_comes_back_from_a_reserved_edition_is_not_shown_to_who_may_not_see_it() {
    let (world, chief) = with_a_reserved_edition().await;
    let editor = world.enter("elena", Role::Editor).await;
    came(&world, NOW, InboundKind::AutoReply, Some(1), "Fuori ufficio").await;
    let named = |page: &str| page.contains("sindaca@bellariva.test") || page.contains("Fuori ufficio");
    for (path, there) in
        [("/desk/posta-tornata?vista=tutta", StatusCode::OK), ("/desk/posta-tornata/1", StatusCode::NOT_FOUND)]
    {
        let page = world.see(&chief, path).await;
        assert!(named(&page.body), "the chief sees it on {path}: {}", page.body);
        let page = world.see(&editor, path).await;
        assert_eq!(page.status, there, "{path}");
        assert!(!named(&page.body), "{path}: {}", page.body);
    }
    let file = "/desk/posta-tornata/1/messaggio.eml";
    assert_eq!(world.see(&chief, file).await.status, StatusCode::OK);
    assert_eq!(world.see(&editor, file).await.status, StatusCode::NOT_FOUND);
}
