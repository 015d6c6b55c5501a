//! What readers say of public pages: one plain form, nothing of who sends it, bounded, and shown at the desk.

use crate::world::{Answer, World};
use axum::http::{Method, StatusCode};
use salastampa_domain::*;

const GIVE: &str = "/novita/valutazione";
const PAGE: &str = "/novita/comunicati/2026/1-ponte";

async fn office() -> World {
    let world = World::new("2026-11-25 12:00").await;
    world.release("ponte", 1, None).await;
    world.release("segreto", 2, Some("2026-11-27 11:00")).await;
    world
}

async fn give(world: &World, page: &str, fields: &[(&str, &str)]) -> Answer {
    world.post(None, GIVE, &[&[("pagina", page)], fields].concat(), &[]).await
}

async fn kept(world: &World) -> Vec<Rating> {
    world.site().store.read().await.expect("rows").list_ratings("", 0, 999).await.expect("rows")
}

#[tokio::test]
async fn a_reader_says_how_clear_a_page_is_and_nothing_of_them_is_kept() {
    let world = office().await;
    let page = world.get(PAGE).await;
    assert!(page.body.contains("<input type=\"hidden\" name=\"pagina\" value=\"/novita/comunicati/2026/1-ponte\">"));
    assert!(page.body.contains("Non scrivere dati personali"), "{}", page.body);
    let fields = [("voto", "5"), ("meglio", "2"), ("peggio", "4"), ("parole", "Chiaro <b>\r\n e breve")];
    let thanks = give(&world, PAGE, &fields).await;
    assert_eq!((thanks.status, thanks.header("set-cookie")), (StatusCode::OK, None));
    assert_eq!(thanks.header("cache-control"), Some("no-store"));
    assert!(thanks.body.contains("senza nulla che dica chi sei"), "{}", thanks.body);
    let expected = Rating {
        id: RatingId(1),
        page: "/novita/comunicati/2026/1".into(),
        release: Some(ReleaseId(1)),
        day: jiff::civil::date(2026, 11, 25),
        stars: 5,
        reason: Some(2),
        words: "Chiaro <b> e breve".into(),
    };
    assert_eq!(kept(&world).await, [expected]);

    // the page is the same bytes for everybody, and looking changes nothing
    let again = world.get(PAGE).await;
    assert_eq!((again.header("etag"), &again.body), (page.header("etag"), &page.body));
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(world.ask(method, &format!("{GIVE}?pagina={PAGE}&voto=1")).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(kept(&world).await.len(), 1);
    for page in ["/novita", "/novita/comunicati", "/novita/argomenti", "/novita/anno/2026", "/verifica"] {
        assert!(world.get(page).await.body.contains("data-element=\"feedback\""), "{page}");
        assert_eq!(give(&world, page, &[("voto", "3")]).await.status, StatusCode::OK, "{page}");
    }
    for page in ["/novita/cerca?q=ponte", "/mai", "/novita/comunicati/2026/2-segreto"] {
        assert!(!world.get(page).await.body.contains("data-element=\"feedback\""), "{page}");
    }
}

#[tokio::test]
async fn an_answer_about_what_is_not_there_yet_is_answered_as_about_what_never_was() {
    let world = office().await;
    let unknown = world.get("/mai").await;
    let secret = "/novita/comunicati/2026/2-segreto";
    for page in
        ["", "/", "/desk", "novita/x", "/novita/altro", "/novita/comunicati/2026/9-mai", secret, "/a/b/c/d/e/f/g"]
    {
        let answer = give(&world, page, &[("voto", "4")]).await;
        assert_eq!((answer.status, answer.body), (unknown.status, unknown.body.clone()), "{page}");
    }
    // more strokes in front of it are the same page
    for page in ["//novita", "novita", "////verifica", "//novita/comunicati"] {
        assert_eq!(give(&world, page, &[("voto", "4")]).await.status, StatusCode::OK, "{page}");
    }
    let mut rows = world.site().store.read().await.expect("rows");
    let mut pages: Vec<String> = rows.list_rated(10).await.expect("rows").into_iter().map(|one| one.page).collect();
    pages.sort();
    assert_eq!(pages, ["/novita", "/novita/comunicati", "/verifica"]);
    drop(rows);
    for voto in ["", "0", "6", "-1", "999", "x", "4.5"] {
        let answer = give(&world, PAGE, &[("voto", voto)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{voto}");
        assert!(answer.body.contains("non è stato registrato nulla"), "{}", answer.body);
    }
    assert_eq!(kept(&world).await.len(), 4, "and nothing else");
    world.set("2026-11-27 11:00");
    assert_eq!(give(&world, secret, &[("voto", "4"), ("meglio", "9")]).await.status, StatusCode::OK);
    assert_eq!(kept(&world).await[0].reason, None, "what is none of the answers is none");
}

#[tokio::test]
async fn a_flood_ends_for_the_day_and_the_desk_sees_averages_and_words() {
    let world = office().await;
    give(&world, PAGE, &[("voto", "2"), ("peggio", "1"), ("parole", "Chiamatemi: Ugo <333>")]).await;
    give(&world, PAGE, &[("voto", "5")]).await;
    give(&world, "/novita/avvisi", &[("voto", "4")]).await;
    let elio = world.enter("elio", Role::Editor).await;
    let page = world.see(&elio, "/desk/valutazioni").await.body;
    for part in [
        "href=\"/desk/valutazioni?di=/novita/comunicati/2026/1\"",
        "3,5 su 5",
        "2 risposte",
        "Avvisi",
        "Ugo &#60;333&#62;",
        "A volte le indicazioni non erano chiare",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let one = world.see(&elio, "/desk/valutazioni?di=%2Fnovita%2Favvisi").await.body;
    assert!(one.contains("4 su 5") && !one.contains("333"), "{one}");
    let done = world.send(&elio, "/desk/valutazioni/togli", &[("numero", "1")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = world.see(&elio, "/desk/valutazioni").await.body;
    assert!(!page.contains("333") && page.contains("3,5 su 5"), "the mark stays: {page}");
    assert!(world.see(&elio, "/desk/comunicati").await.body.contains("href=\"/desk/valutazioni\""));

    for _ in 2..100 {
        give(&world, PAGE, &[("voto", "1")]).await;
    }
    let enough = give(&world, PAGE, &[("voto", "1")]).await;
    assert!(enough.status == StatusCode::OK && enough.body.contains("riprova domani"), "{}", enough.body);
    assert_eq!(kept(&world).await.len(), 101);
    world.set("2026-11-26 00:00");
    assert!(give(&world, PAGE, &[("voto", "1")]).await.body.contains("è stata registrata"));
}
