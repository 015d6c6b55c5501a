//! Questions that cannot run, typed at the desk: each is told in both languages with its place, and none of them, however
//! long, keeps the desk from answering the next one.

use crate::archive::town;
use crate::world::{Seat, World};
use axum::http::StatusCode;
use salastampa_domain::Role;

/// What is typed, what of it is underlined, and what is said in Italian and in English.
const WRONG: &[(&str, &str, &str, &str)] = &[
    (
        "lago \"ponte",
        "\"ponte",
        "Le virgolette aperte alla colonna 6 non si chiudono.",
        "The quotes opened at column 6 are never closed.",
    ),
    ("ponte AND", "AND", "Accanto a AND (colonna 7) manca una parola.", "A word is missing beside AND (column 7)."),
    ("OR ponte", "OR", "Accanto a OR (colonna 1) manca una parola.", "A word is missing beside OR (column 1)."),
    ("ponte NOT", "NOT", "Accanto a NOT (colonna 7) manca una parola.", "A word is missing beside NOT (column 7)."),
    ("tesata:lago", "tesata:lago", "intendevi «testata:»?", "did you mean «testata:»?"),
    ("xyzw:lago", "xyzw:lago", "«xyzw:» non esiste: i campi sono", "There is no «xyzw:»; the fields are"),
    ("lago titolo:", "titolo:", "Dopo «titolo:» (colonna 6) manca qualcosa.", "Something is missing after «titolo:»"),
    ("testata:Gazzettone", "Gazzettone", "Nessuna testata «Gazzettone».", "No outlet «Gazzettone»."),
    (
        "tema:pinte",
        "pinte",
        "Nessun tema «pinte»: intendevi «Ponte <b>»?",
        "No watch «pinte»: did you mean «Ponte <b>»?",
    ),
    ("tema:xyz", "xyz", "Nessun tema «xyz».", "No watch «xyz»."),
    ("data:2026-13", "2026-13", "«2026-13» non è una data", "«2026-13» is no date"),
    ("data:2026..2019", "data:2026..2019", "Il periodo alla colonna", "The period at column"),
    ("lago NEAR/99 ponte", "NEAR/99", "La distanza di NEAR (colonna 6)", "The distance of NEAR (column 6)"),
    (
        "(lago ponte) NEAR/5 via",
        "(lago ponte)",
        "NEAR (colonna 1) sta tra parole",
        "NEAR (column 1) stands between words",
    ),
    (
        "lago po*",
        "po*",
        "Prima di * (colonna 6) servono almeno tre lettere.",
        "At least three letters are needed before * (column 6).",
    ),
    ("*onte", "*onte", "L'asterisco (colonna 1) sta solo alla fine", "The star (column 1) stands only at the end"),
    ("lago (ponte", "(", "La parentesi aperta alla colonna 6 non si chiude.", "The parenthesis opened at column 6"),
    (
        "lago) ponte",
        ")",
        "La parentesi alla colonna 5 non chiude niente.",
        "The parenthesis at column 5 closes nothing",
    ),
    (
        "lago ()",
        "()",
        "Tra le parentesi alla colonna 6 non c'è niente.",
        "Nothing stands between the parentheses at column 6",
    ),
    ("il di la", "il di la", "Restano solo parole troppo comuni", "Only words that are too common"),
];

/// A person who reads English.
async fn english(world: &World) -> Seat {
    let seat = world.enter("ada", Role::Editor).await;
    let kept = world.send(&seat, "/desk/preferenze", &[("language", "en"), ("shortcuts", "1")]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    seat
}

/// A text as it stands in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// A text as it stands in a page.
fn shown(text: &str) -> String {
    [('&', "&#38;"), ('<', "&#60;"), ('>', "&#62;"), ('"', "&#34;"), ('\'', "&#39;")]
        .iter()
        .fold(text.to_owned(), |text, (letter, code)| text.replace(*letter, code))
}

#[tokio::test]
async fn every_wrong_question_is_told_with_its_place_in_both_languages() {
    let (world, _) = town(&["Chiude il ponte"]).await;
    let italian = world.enter("lia", Role::Editor).await;
    let english = english(&world).await;
    let mut missing = Vec::new();
    for (typed, wrong, italian_words, english_words) in WRONG {
        let path = format!("/desk/archivio?q={}", encoded(typed));
        for (seat, words) in [(&italian, italian_words), (&english, english_words)] {
            let page = world.see(seat, &path).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
            let (_, told) = page.body.split_once("id=\"problema\"").expect("the problem is told");
            let told = told.split_once("</code>").map_or(told, |(told, _)| told);
            for part in [shown(words), format!("<u>{}</u>", shown(wrong))] {
                if !told.contains(&part) {
                    missing.push(format!("{part} for {typed} in {told}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[tokio::test]
async fn a_question_without_measure_is_told_and_the_next_one_is_answered() {
    let (world, _) = town(&["Chiude il ponte"]).await;
    let seat = world.enter("lia", Role::Editor).await;
    let long = "lago ".repeat(2_000);
    let many = "q ".repeat(300);
    let deep = format!("{}ponte{}", "(".repeat(60), ")".repeat(60));
    for (typed, words) in [
        (long.as_str(), "La ricerca supera i 4.000 caratteri."),
        (&many, "La ricerca ha più di 256 parole (colonna 513)."),
        (&deep, "La ricerca ha più di 50 livelli di parentesi (colonna 51)."),
    ] {
        let page = world.see(&seat, &format!("/desk/archivio?q={}", encoded(typed))).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.body.contains(words), "{words}");
        let fields = [("nome", "Tutto"), ("ricerca", typed), ("peso", "5"), ("urgenza", "review")];
        let page = world.send(&seat, "/desk/temi/nuovo/prova", &fields).await;
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    // a megabyte: nothing that was typed is lost, and nothing of it is kept
    let huge = "ponte ".repeat(200_000);
    let fields = [("nome", "Tutto"), ("ricerca", huge.as_str()), ("peso", "5"), ("urgenza", "review")];
    let answer = world.send(&seat, "/desk/temi/nuovo", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("La ricerca supera i 4.000 caratteri.") && answer.body.contains(huge.trim()));
    assert!(world.site().store.read().await.expect("rows").list_watches().await.expect("rows").len() == 1);
    let page = world.see(&seat, "/desk/archivio?q=ponte").await;
    assert_eq!(page.status, StatusCode::OK);
}
