//! Two readings of an invented article, case by case.

use super::*;
use salastampa_domain::RevisionKind::{Correction, Silent, Update};

const TITLE: &str = "Riapre il ponte sul Rio";
const BODY: &str = "Il ponte sul Rio riapre domani mattina alle sei dopo tre mesi di lavori e di deviazioni per i residenti.\n\
    La spesa è di quattrocentomila euro, dice l'assessora Lidia Brambati, e il collaudo è stato fatto ieri sera.\n\
    Restano chiusi fino a primavera il marciapiede a monte e la rampa delle biciclette, che aspettano un'altra gara.\n\
    I commercianti di via del Molo chiedono un ristoro per i mesi persi e hanno scritto alla sindaca.";

fn text<'a>(title: &'a str, body: &'a str) -> Text<'a> {
    Text { title, body, dated: Some(Timestamp(1_000)) }
}

fn with(addition: &str) -> String {
    format!("{BODY}\n{addition}")
}

#[test]
fn a_change_is_named_by_what_the_page_says_of_itself() {
    let long = "Nel pomeriggio il sindacato degli autisti ha annunciato un presidio davanti al municipio per lunedì.";
    for (what, title, body, expected) in [
        ("nothing", TITLE, BODY.to_owned(), None),
        ("white space", "Riapre  il ponte\u{a0}sul Rio", BODY.replace('\n', " \n\n  "), None),
        ("other quotes", TITLE, BODY.replace('\'', "’"), None),
        ("a letter", TITLE, BODY.replace("gara", "gare"), None),
        ("a paragraph that moved", TITLE, BODY.lines().rev().collect::<Vec<_>>().join("\n"), None),
        ("the headline alone", "Riapre il ponte sul Rio, ma a metà", BODY.to_owned(), Some(Silent)),
        ("a paragraph more", TITLE, with(long), Some(Silent)),
        ("a paragraph less", TITLE, BODY.lines().take(3).collect::<Vec<_>>().join("\n"), Some(Silent)),
        ("other figures", TITLE, BODY.replace("quattrocentomila euro", "un milione e mezzo di euro"), Some(Silent)),
        ("an errata corrige", TITLE, with("ERRATA CORRIGE: la spesa è di un milione."), Some(Correction)),
        ("a rettifica in brackets", TITLE, with("[Rettifica: i mesi di lavori sono quattro.]"), Some(Correction)),
        (
            "a note below",
            TITLE,
            with("In una versione precedente di questo articolo i mesi erano tre."),
            Some(Correction),
        ),
        ("a corrected headline", "Correzione: il ponte riapre giovedì", BODY.to_owned(), Some(Correction)),
        (
            "a land register",
            TITLE,
            with("La rettifica del confine catastale sarà discussa in consiglio."),
            Some(Silent),
        ),
        ("an update", TITLE, with("Aggiornamento delle 18.30 - Il presidio è confermato."), Some(Update)),
        ("an update in the headline", "Riapre il ponte (in aggiornamento)", BODY.to_owned(), Some(Update)),
    ] {
        assert_eq!(kind(&text(TITLE, BODY), &text(title, &body)), expected, "{what}");
    }
}

#[test]
fn a_date_that_moved_on_declares_an_update_and_one_alone_is_no_change() {
    let more = with("Il presidio degli autisti è confermato per lunedì mattina davanti al municipio.");
    let at = |ms| Some(Timestamp(ms));
    for (before, after, expected) in [
        (at(1_000), at(9_000), Some(Update)),
        (at(1_000), at(1_000), Some(Silent)),
        (at(1_000), at(500), Some(Silent)),
        (None, at(9_000), Some(Silent)),
        (at(1_000), None, Some(Silent)),
    ] {
        let (old, new) = (Text { dated: before, ..text(TITLE, BODY) }, Text { dated: after, ..text(TITLE, &more) });
        assert_eq!(kind(&old, &new), expected, "{before:?} {after:?}");
    }
    let moved = Text { dated: at(9_000), ..text(TITLE, BODY) };
    assert_eq!(kind(&text(TITLE, BODY), &moved), None);
    let errata = with("Errata corrige: la spesa è di un milione di euro e non di quattrocentomila.");
    let declared = Text { dated: at(9_000), ..text(TITLE, &errata) };
    assert_eq!(kind(&text(TITLE, BODY), &declared), Some(Correction), "the stronger word counts");
}

#[test]
fn words_that_stood_there_before_declare_nothing() {
    let before = with("Errata corrige: la spesa è di un milione.");
    let after = format!("{before}\nErrata corrige: la spesa è di un milione. I mesi di lavori sono quattro e non tre.");
    assert_eq!(kind(&text(TITLE, &before), &text(TITLE, &after)), Some(Silent));
}

#[test]
fn a_page_that_shows_something_else_has_not_changed() {
    let teaser = BODY.lines().next().expect("a paragraph");
    let wall = "Per continuare a leggere abbonati. Sei già abbonato? Accedi.";
    let consent = "Noi e i nostri partner usiamo cookie e tecnologie simili per conservare informazioni sul tuo \
        dispositivo e mostrarti annunci su misura. Puoi dare il consenso a tutti gli scopi, rifiutarlo, o scegliere \
        uno per uno quelli che accetti; la scelta vale per tredici mesi e si cambia quando vuoi nelle preferenze. \
        Senza consenso puoi leggere il sito con un abbonamento che costa poco e non mostra pubblicità di nessuno.";
    let home = "Le notizie del giorno dal lago\nIl mercato torna in piazza Grande\nNuova linea del traghetto da giugno";
    let notice = "Rettifica: l'articolo che stava qui conteneva errori ed è stato ritirato.";
    for (what, title, body, moved, expected) in [
        ("the same", TITLE, BODY, false, None),
        ("the same elsewhere", TITLE, BODY, true, None),
        ("the first paragraph", TITLE, teaser, false, Some(Looked::Teaser)),
        ("nothing", TITLE, "", false, Some(Looked::Teaser)),
        ("a wall", TITLE, wall, false, Some(Looked::Wall)),
        ("a long wall", "La tua privacy", consent, false, Some(Looked::Wall)),
        ("the front page", "Il Lago, notizie", home, true, Some(Looked::Elsewhere)),
        ("a notice", TITLE, notice, false, None),
        ("another article", "Il ponte resta chiuso", &BODY.replace("riapre", "non riapre più"), false, None),
    ] {
        assert_eq!(displaced(&text(TITLE, BODY), &text(title, body), moved), expected, "{what}");
    }
    assert_eq!(displaced(&text(TITLE, ""), &text(TITLE, teaser), false), None, "there was no text to lose");
}

#[test]
fn long_texts_are_compared_too() {
    let long: String = (0..4_000).map(|n| format!("Capoverso numero {n} di un verbale molto lungo.\n")).collect();
    let other: String = (0..4_000).map(|n| format!("Paragrafo {n}, e niente è come prima.\n")).collect();
    assert_eq!(kind(&text(TITLE, &long), &text(TITLE, &long)), None);
    assert_eq!(kind(&text(TITLE, &long), &text(TITLE, &other)), Some(Silent));
    let one_line = long.replace('\n', " ");
    assert_eq!(kind(&text(TITLE, &one_line), &text(TITLE, &other.replace('\n', " "))), Some(Silent));
}
