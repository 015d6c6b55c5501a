//! Drafts that read, and all that is wrong with those that do not.

use super::*;
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    let found = match parse(text) {
        Ok(draft) => format!("{:?} {:?} {:?}", draft.kind, draft.title, draft.body),
        Err(problems) => problems.iter().map(|p| p.say(Lang::It)).collect::<Vec<_>>().join("\n"),
    };
    expected.assert_eq(&found);
}

#[test]
fn a_whole_draft_is_read() {
    let draft = parse(
        r#"+++
tipo = "invito"
titolo = "Riapre il lungolago"
occhiello = "Lavori"
sommario = "Dopo otto mesi."
luogo = "Bellariva sul Lago"
data = 2026-11-22
liste = ["cronaca", "radio-tv", "cronaca"]
embargo = "2026-11-23 11:00"
argomenti = ["viabilità"]
contatti = "Ufficio stampa, tel. 0000 000000"
virgolettati = ["Ada Corti, sindaca"]
lingua = "en"
indispensabile = "La chiusura riguarda chi abita lì."
+++

Il testo.
"#,
    )
    .expect("it reads");
    assert_eq!(draft.kind, ReleaseKind::Invito);
    assert_eq!(draft.date, Some(jiff::civil::date(2026, 11, 22)));
    assert_eq!(draft.lists, ["cronaca", "radio-tv"]);
    assert_eq!(draft.embargo, Timestamp::parse("2026-11-23T10:00:00Z"));
    assert_eq!(draft.contacts, ["Ufficio stampa, tel. 0000 000000"]);
    assert_eq!(draft.quoted, ["Ada Corti, sindaca"]);
    assert_eq!(draft.language, Some(Lang::En));
    assert_eq!(draft.indispensable, "La chiusura riguarda chi abita lì.");
    assert_eq!(draft.body, "Il testo.");
}

#[test]
fn every_problem_is_told_at_once_with_its_line() {
    check(
        "+++\ntipo = \"lettera\"\nautore = \"x\"\ndata = \"domani\"\nembargo = \"2026-11-23\"\nliste = [\"A b\"]\nlingua = 3\n+++\n",
        expect![[r#"
            riga 2: «tipo» non può essere «lettera»: scegli tra comunicato, nota, invito, rettifica, precisazione
            riga 2: manca il titolo: aggiungi titolo = "…"
            riga 3: «autore» non è una chiave della testata; le chiavi sono tipo, sezione, titolo, occhiello, sommario, luogo, data, liste, embargo, argomenti, contatti, virgolettati, responsabile, firma, lingua, indispensabile, dati_delicati
            riga 4: la data ha la forma "2026-11-23"
            riga 5: l'embargo vuole giorno e ora italiana, come "2026-11-23 11:00"
            riga 6: «A b» non è il nome di una lista: minuscole, cifre e trattini, come "cronaca-locale"
            riga 7: «lingua» vuole un testo tra virgolette
            riga 8: manca il testo: scrivilo dopo la seconda riga +++"#]],
    );
}

#[test]
fn a_head_that_is_missing_or_open_is_named() {
    check(
        "Il testo.",
        expect!["riga 1: manca la testata: la prima riga deve essere +++, poi tipo, titolo e liste, poi di nuovo +++"],
    );
    check("+++\ntitolo = \"A\"\n", expect!["riga 1: la testata non si chiude: aggiungi una riga +++ prima del testo"]);
    check(
        "+++\ntitolo = \"A\ndata = 2026-11-22\n+++\nTesto",
        expect![[
            r#"riga 2: la testata non si legge (invalid basic string, expected `"`): ogni riga ha la forma chiave = "valore""#
        ]],
    );
    check("\u{feff}+++\r\ntitolo = \"A\"\r\n+++\r\nTesto\r\n", expect![[r#"Comunicato "A" "Testo""#]]);
}

#[test]
fn an_embargo_may_be_written_as_a_bare_date_and_hour() {
    for text in ["2026-11-23T11:00:00", "\"2026-11-23T11:00:00+01:00\"", "\"2026-11-23 11:00\""] {
        let draft = parse(&format!("+++\ntitolo = \"A\"\nembargo = {text}\n+++\nTesto")).expect(text);
        assert_eq!(draft.embargo, Timestamp::parse("2026-11-23 11:00"), "{text}");
    }
}
