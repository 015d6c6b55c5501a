//! Editions from outside: their rules at the desk, and the links of a reserved one.

use crate::curation::{ISSUE, NOW, SCRIPT, key, office, press};
use crate::world::at;
use axum::http::StatusCode;
use salastampa_acts::review;
use salastampa_domain::{Address, DeliveryKind, Edition, Reader, Role, TokenPurpose, Visibility};

#[tokio::test]
async fn a_reserved_issue_is_read_by_each_readers_own_link_and_stands_in_no_mail() {
    let world = office(2).await;
    let seat = world.enter("elena", Role::Chief).await;
    let (store, house) = (&world.site().store, &world.site().house);
    let mut write = store.write().await.expect("a turn");
    let edition = write.find_edition("generale").await.expect("read").expect("there");
    write.record_edition(&Edition { visibility: Visibility::Reserved, ..edition }).await.expect("written");
    let first = write.list_readers().await.expect("read").remove(0);
    let second = Reader {
        slug: "nava".into(),
        name: "Livia Nava".into(),
        address: Address::parse("nava@bellariva.test").expect("an address"),
        ..first.clone()
    };
    let second = write.record_reader(&second).await.expect("a reader");
    write.commit().await.expect("kept");
    review::publish_now(store, house, "elena", key(), None, at(NOW)).await.expect("published");

    let mut rows = store.read().await.expect("rows");
    let sent = rows.list_deliveries(DeliveryKind::Review, 1).await.expect("read");
    assert_eq!(sent.len(), 2);
    let mut links = Vec::new();
    for delivery in &sent {
        let bytes = store.files().get(&delivery.letter).await.expect("read").expect("there");
        let letter = String::from_utf8(bytes).expect("text");
        assert!(
            letter.contains("2 notizie") && !letter.contains("Notizia") && !letter.contains("il-lago.test"),
            "{letter}"
        );
        assert!(letter.contains("\"attachments\":[]"), "{letter}");
        let link = letter.split("https://stampa.bellariva.test/l/").nth(1).expect("a link");
        let end = link.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').expect("an end");
        links.push((delivery.reader.expect("a reader"), format!("/l/{}", &link[..end])));
    }
    drop(rows);
    assert_ne!(links[0].1, links[1].1);
    for (_, link) in &links {
        assert!(world.get(link).await.body.contains("Notizia 1"), "{link}");
        assert!(world.get(&format!("{link}/pdf")).await.body.starts_with("%PDF"));
    }
    // a link of everybody's opens it no more than another reader's number in one's own does
    let any = review::web_link(house, TokenPurpose::Review, 1, at(NOW));
    let any = any.strip_prefix("https://stampa.bellariva.test").expect("a link of ours").to_owned();
    let forged = links[0].1.replace(&format!("x{}-", links[0].0), &format!("x{}-", links[1].0));
    for wrong in [any, forged] {
        assert_eq!(world.get(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }

    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("Collegamenti dei lettori") && page.contains("Livia Nava"), "{page}");
    press(&world, &seat, &[("fai", &format!("revoca-{second}"))]).await;
    let of = |id| links.iter().find(|(reader, _)| *reader == id).map(|(_, link)| link.clone()).expect("a link");
    assert_eq!(world.get(&of(second)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&format!("{}/pdf", of(second))).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&of(first.id)).await.status, StatusCode::OK);
    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("revocato") && !page.contains(&format!("value=\"revoca-{second}\"")), "{page}");
    // who is no reader of it any more does not open it either
    let mut write = store.write().await.expect("a turn");
    write.record_reader(&Reader { editions: Vec::new(), ..first.clone() }).await.expect("written");
    write.commit().await.expect("kept");
    assert_eq!(world.get(&of(first.id)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_rules_of_an_edition_are_changed_at_the_desk_and_hold_from_the_next_issue_on() {
    let world = office(1).await;
    let chief = world.enter("nina", Role::Chief).await;
    let path = "/desk/edizioni/generale";
    let list = world.see(&chief, "/desk/edizioni").await.body;
    assert!(list.contains(path) && list.contains("esce come sempre") && !list.contains(SCRIPT), "{list}");
    let page = world.see(&chief, path).await.body;
    let seen = page.split("name=\"visto\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let seen = seen.expect("a mark").to_owned();
    let fields = |hour| {
        [
            ("visto", seen.as_str()),
            ("giorni", "ogni"),
            ("ora", hour),
            ("festivi", "no_issue"),
            ("ora_festivi", ""),
            ("ordine", "tier"),
            ("massimo", "5"),
            ("per_testata", "2"),
        ]
    };
    let wrong = world.send(&chief, path, &fields("alle sette")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"errore-ora\"") && wrong.body.contains("value=\"alle sette\""), "{}", wrong.body);
    let saved = world.send(&chief, path, &fields("08:30")).await;
    assert_eq!(saved.header("location"), Some("/desk/edizioni"));
    let late = world.send(&chief, path, &fields("09:00")).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "made over older rules");
    let list = world.see(&chief, "/desk/edizioni").await.body;
    assert!(list.contains("ore 08:30") && list.contains("non esce"), "{list}");
    // the sections stay as they were
    let edition = world.site().store.read().await.expect("rows").find_edition("generale").await.expect("read");
    assert_eq!(edition.expect("there").sections.len(), 2);
    let editor = world.enter("elena", Role::Editor).await;
    assert_eq!(world.see(&editor, "/desk/edizioni").await.status, StatusCode::FORBIDDEN);
}
