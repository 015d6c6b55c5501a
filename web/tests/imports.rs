//! *Importazioni*: who may bring an old archive, what is refused at the door, and what a trial may become.

use crate::world::{Answer, Seat, World};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Method, Request, StatusCode};
use salastampa_domain::{ErrandId, ErrandKind, Role};

async fn upload(world: &World, who: &Seat, word: &str, name: &str, bytes: &[u8]) -> Answer {
    let head = |head: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n");
    let mut body = format!("{}{word}\r\n", head("name=\"_csrf\"")).into_bytes();
    body.extend(head(&format!("name=\"storico\"; filename=\"{name}\"")).into_bytes());
    body.extend(bytes);
    body.extend(b"\r\n--x--\r\n");
    let request = Request::builder()
        .method(Method::POST)
        .uri("/desk/importazioni/carica")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header(COOKIE, &who.cookie);
    world.answer(request.body(Body::from(body)).expect("a request")).await
}

async fn errands(world: &World) -> Vec<ErrandKind> {
    let mut rows = world.site().store.read().await.expect("rows");
    rows.list_errands().await.expect("errands").into_iter().map(|errand| errand.kind).collect()
}

#[tokio::test]
async fn a_file_is_kept_and_asked_about_only_for_who_administers() {
    let world = World::new("2026-11-25 06:45").await;
    let table = b"titolo;data;testata\nRiapre il molo;2019-03-01;Il Lago\n";
    for role in Role::ALL {
        let seat = world.enter(&format!("prova-{}", role.name()), role).await;
        let answer = upload(&world, &seat, &seat.csrf, "storico.csv", table).await;
        let expected = if role == Role::Admin { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
        assert_eq!(answer.status, expected, "{}", role.name());
        let page = world.see(&seat, "/desk/importazioni").await.body;
        assert_eq!(page.contains("importazioni/carica"), role == Role::Admin, "{}", role.name());
    }
    assert_eq!(errands(&world).await.len(), 1);
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_what_to_do() {
    let world = World::new("2026-11-25 06:45").await;
    let admin = world.enter("ada", Role::Admin).await;
    let large = vec![b'a'; (64 << 20) + 1];
    for (name, bytes, words) in [
        ("a.xlsx", &b"PK\x03\x04"[..], "salvala come CSV"),
        ("a.pdf", b"%PDF-1.7", "i PDF entrano dalla riga di comando"),
        ("a.csv", b"", "Il file è vuoto"),
        ("a.csv", &large, "più grande di 64 MB"),
        ("", b"", "Nessun file scelto"),
    ] {
        let answer = upload(&world, &admin, &admin.csrf, name, bytes).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}");
        let page = world.see(&admin, "/desk/importazioni").await.body;
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_ne!(upload(&world, &admin, "altra parola", "a.csv", b"x").await.status, StatusCode::SEE_OTHER);
    assert!(errands(&world).await.is_empty());
}

#[tokio::test]
async fn only_what_was_tried_comes_in_and_a_second_press_is_the_same_request() {
    let world = World::new("2026-11-25 06:45").await;
    let admin = world.enter("ada", Role::Admin).await;
    upload(&world, &admin, &admin.csrf, "storico.csv", b"titolo;data;testata\n").await;
    let page = world.see(&admin, "/desk/importazioni/prova/1").await.body;
    assert!(page.contains("data-refresh") && page.contains("sta leggendo il file"), "{page}");
    world.send(&admin, "/desk/importazioni/prova/1/entra", &[]).await;
    assert!(world.see(&admin, "/desk/importazioni/prova/1").await.body.contains("non è stato ancora provato"));
    assert_eq!(errands(&world).await.len(), 1);
    // the running office answers
    let tried = r#"{"encoding":"UTF-8","separator":";","columns":[["titolo","title"],["<b>",null]],"missing":null,
        "samples":[],"counted":{"taken":1,"known":0,"twice":0,"refused":0,"reasons":[],"first":[],"doubles":[],
        "unknown":[["Il <Lago>",3]],"forgot":false,"hopeless":null}}"#;
    let mut write = world.site().store.write().await.expect("a write");
    write.finish_errand(ErrandId(1), tried, crate::world::at("2026-11-25 06:45")).await.expect("an answer");
    write.commit().await.expect("a commit");
    let page = world.see(&admin, "/desk/importazioni/prova/1").await.body;
    assert!(page.contains("Il &#60;Lago&#62;") && page.contains("entrerebbero: 1."), "{page}");
    for _ in 0..2 {
        let answer = world.send(&admin, "/desk/importazioni/prova/1/entra", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    let left = errands(&world).await;
    assert!(matches!(&left[..], [ErrandKind::Import { import: Some(_), .. }]), "{left:?}");
    // it failed on the way: a button goes on with the same import
    let mut write = world.site().store.write().await.expect("a write");
    let failed = r#"{"error":"il disco è <pieno>"}"#;
    write.finish_errand(ErrandId(2), failed, crate::world::at("2026-11-25 06:45")).await.expect("an answer");
    write.commit().await.expect("a commit");
    assert!(
        world
            .see(&admin, "/desk/importazioni")
            .await
            .body
            .contains("Ferma (il disco è &#60;pieno&#62;). Quel che è entrato resta")
    );
    let page = world.see(&admin, "/desk/importazioni/prova/2").await.body;
    assert!(page.contains("Riprendi da dove si è fermata") && page.contains("prova/2/entra"), "{page}");
    world.send(&admin, "/desk/importazioni/prova/2/entra", &[]).await;
    assert_eq!(errands(&world).await, left, "the same import");
    // read otherwise it is another trial, of the same file, and the columns are told anew
    let fields = [("separatore", ","), ("codifica", ""), ("colonna", "date"), ("colonna", "title")];
    world.send(&admin, "/desk/importazioni/prova/1", &fields).await;
    let left = errands(&world).await;
    let [_, ErrandKind::Import { reading, import: None, .. }] = &left[..] else { panic!("{left:?}") };
    assert_eq!((reading.separator.as_deref(), reading.map.len()), (Some(","), 0));
    let mut write = world.site().store.write().await.expect("a write");
    write.record_outlet(&crate::archive::outlet("il-lago", "Il Lago")).await.expect("an outlet");
    write.commit().await.expect("a commit");
    let fields = [
        ("colonna", "date"),
        ("colonna", "title"),
        ("nome", "Il <Lago>"),
        ("testata", "il-lago"),
        ("nome", "Eco"),
        ("testata", "mai-vista"),
    ];
    world.send(&admin, "/desk/importazioni/prova/1", &fields).await;
    let left = errands(&world).await;
    let Some(ErrandKind::Import { reading, .. }) = left.last() else { panic!("{left:?}") };
    assert!(reading.map.contains(&"date=1".to_owned()) && reading.map.contains(&"url=".to_owned()), "{reading:?}");
    assert_eq!(reading.outlets, ["Il <Lago>=il-lago"]);
    let viewer = world.enter("irma", Role::Viewer).await;
    assert_eq!(world.see(&viewer, "/desk/importazioni/prova/1").await.status, StatusCode::FORBIDDEN);
}
