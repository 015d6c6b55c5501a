//! The edition that is made by typing codes: in that order, in those sections, and again after a slip.

use crate::curation::{ISSUE, office, press, titles};
use crate::world::{Answer, Seat, World};
use axum::http::StatusCode;
use salastampa_domain::Role;

const CODES: &str = "/desk/ritagli/sigle";

/// What the form of the page carries, in its order.
fn lines(page: &str) -> Vec<String> {
    let values = page.split("name=\"riga\" value=\"").skip(1);
    values.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// The code of a story on the page.
fn code(page: &str, story: i64) -> String {
    let place = lines(page).iter().position(|line| line.starts_with(&format!("{story}."))).expect("it has a code");
    let code: String = [b'a' + u8::try_from(place / 26).expect("few"), b'a' + u8::try_from(place % 26).expect("few")]
        .map(char::from)
        .iter()
        .collect();
    assert!(page.contains(&format!("<kbd class=\"code\">{code}</kbd>")), "{code}");
    code
}

async fn send(world: &World, seat: &Seat, page: &str, typed: &str, button: &str) -> Answer {
    let lines = lines(page);
    let mut fields = vec![("edizione", "generale"), ("uscita", "2026-11-23T07:00:00"), ("fai", button)];
    fields.extend(lines.iter().map(|line| ("riga", line.as_str())));
    fields.push(("sigle", typed));
    world.send(seat, CODES, &fields).await
}

#[tokio::test]
async fn stories_stand_in_the_order_of_their_codes_and_the_others_are_out_by_one_step_that_is_taken_back() {
    let world = office(6).await;
    let seat = world.enter("elena", Role::Editor).await;
    let page = world.see(&seat, CODES).await;
    assert!(page.status == StatusCode::OK && !page.body.contains("<script>alert"), "{}", page.body);
    let page = page.body;
    let of = |story| code(&page, story);
    let typed = format!("{} {}, 2{}", of(4), of(1).to_uppercase(), of(6));
    let sent = send(&world, &seat, &page, &typed, "solo").await;
    assert_eq!(sent.header("location"), Some(ISSUE));
    let issue = world.see(&seat, ISSUE).await.body;
    assert!(issue.contains("3 notizie tenute. 3 notizie scartate"), "{issue}");
    assert!(issue.contains("ha deciso per sigla 6 notizie"), "the history says it");
    assert_eq!(titles(&issue), ["4", "1", "6"]);
    let scuola = issue.split("<h2").find(|part| part.contains("Scuola")).expect("a section");
    assert!(scuola.contains("Notizia 6"));
    let undo = issue.split("value=\"annulla.").nth(1).and_then(|rest| rest.split_once('"')).expect("a button").0;
    press(&world, &seat, &[("fai", &format!("annulla.{undo}"))]).await;
    assert_eq!(titles(&world.see(&seat, ISSUE).await.body).len(), 6);
}

#[tokio::test]
async fn a_slip_in_the_codes_changes_nothing_and_the_form_comes_back_with_the_same_codes() {
    let world = office(4).await;
    let seat = world.enter("elena", Role::Editor).await;
    let page = world.see(&seat, CODES).await.body;
    for (typed, sentence) in [
        (format!("{} zz", code(&page, 2)), "«zz» non è la sigla"),
        (format!("7{}", code(&page, 2)), "i numeri da 1 a 2"),
        ("<script>alert(1)</script>".to_owned(), "non è la sigla"),
        (" ,".to_owned(), "Scrivi almeno una sigla"),
    ] {
        let again = send(&world, &seat, &page, &typed, "solo").await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(again.body.contains(sentence) && again.body.contains("aria-invalid"), "{typed}: {}", again.body);
        assert!(!again.body.contains("<script>alert"));
        assert_eq!(lines(&again.body), lines(&page), "{typed}");
    }
    let none = send(&world, &seat, "", "aa", "solo").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "a form without lines has no codes");
    assert_eq!(titles(&world.see(&seat, ISSUE).await.body).len(), 4);
}

#[tokio::test]
async fn what_somebody_else_decided_in_the_meantime_is_not_dropped_and_the_other_codes_hold() {
    let world = office(4).await;
    let (elena, marco) = (world.enter("elena", Role::Editor).await, world.enter("marco", Role::Editor).await);
    let page = world.see(&elena, CODES).await.body;
    let (first, second) = (code(&page, 1), code(&page, 2));
    press(&world, &marco, &[("fai", "tieni-2.2.0")]).await;
    let refused = send(&world, &elena, &page, &first, "solo").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("le sigle sono rimaste le stesse"), "{}", refused.body);
    assert!(refused.body.contains(&format!("value=\"{first}\"")), "what was typed is there");
    assert_eq!(code(&refused.body, 1), first);
    let gone = send(&world, &elena, &refused.body, &second, "tieni").await;
    assert!(gone.body.contains("non è la sigla"), "Marco's has no code any more");
    let sent = send(&world, &elena, &refused.body, &first, "solo").await;
    assert_eq!(sent.header("location"), Some(ISSUE));
    assert_eq!(titles(&world.see(&elena, ISSUE).await.body), ["1", "2"]);
}
