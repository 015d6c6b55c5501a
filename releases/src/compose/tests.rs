//! Drafts that a form changes, and what stays as it was typed.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

const WRITTEN: &str = "+++\n# il titolo lo ha visto l'assessora\ntitolo = 'Riapre il \"lungolago\"'  # breve\n\
    liste = [\n  \"cronaca\", # tutti\n  \"radio\",\n]\nembargo = 2026-11-23 11:00:00\n\
    contatti = \"Ufficio stampa\"\n+++\n\n\nIl testo.\n\nAncora.\n\n\n";

fn changed(base: &str, change: impl FnOnce(&mut Fields), expected: Expect) {
    let mut fields = draft::parse(base).map(|draft| Fields::of(&draft)).unwrap_or_default();
    change(&mut fields);
    expected.assert_eq(&compose(base, &fields));
}

#[test]
fn a_form_sent_back_as_it_came_changes_no_byte() {
    let fields = Fields::of(&draft::parse(WRITTEN).expect("it reads"));
    assert_eq!(fields.embargo, "2026-11-23T11:00");
    assert_eq!(compose(WRITTEN, &fields), WRITTEN);
}

#[test]
fn only_what_was_changed_changes() {
    changed(
        WRITTEN,
        |fields| {
            fields.title = " Chiude\r\nil \"ponte\" \\ ".into();
            fields.lists = vec!["radio".into()];
            fields.contacts.clear();
            fields.summary = "Da lunedì.".into();
            fields.body = "Nuovo.\r\n\r\nTesto.".into();
        },
        expect![[r#"
            +++
            # il titolo lo ha visto l'assessora
            titolo = "Chiude il \"ponte\" \\"  # breve
            liste = ["radio"]
            embargo = 2026-11-23 11:00:00
            sommario = "Da lunedì."
            +++

            Nuovo.

            Testo.
        "#]],
    );
}

#[test]
fn a_new_draft_has_its_keys_in_the_order_in_which_it_is_best_written() {
    changed(
        "",
        |fields| {
            *fields = Fields {
                kind: "nota".into(),
                title: "Riapre il lungolago".into(),
                lists: vec!["cronaca".into(), "".into()],
                embargo: "2026-11-23T11:00".into(),
                body: "+++\nIl testo.".into(),
                ..Fields::default()
            };
        },
        expect![[r#"
            +++
            tipo = "nota"
            titolo = "Riapre il lungolago"
            liste = ["cronaca"]
            embargo = "2026-11-23T11:00"
            +++

            +++
            Il testo.
        "#]],
    );
}

#[test]
fn a_name_for_addresses_is_made_of_the_title() {
    for (title, slug) in [
        ("Riapre il lungolago!", "riapre-il-lungolago"),
        ("«È già città», dice l'assessora", "e-gia-citta-dice-l-assessora"),
        ("日本", "comunicato"),
        ("", "comunicato"),
    ] {
        assert_eq!(slug_of(title), slug);
    }
    let long = slug_of(&"parola ".repeat(40));
    assert!(long.len() <= 60 && !long.ends_with('-'), "{long}");
    assert_eq!(slug_of(&"a".repeat(200)).len(), 60);
}

proptest! {
    #[test]
    fn what_is_typed_is_read_back(
        title in "[^\u{0}]{1,60}", summary in "\\PC{0,80}", contact in "\\PC{0,40}", body in "\\PC{1,200}",
        list in "[a-z0-9-]{1,12}",
    ) {
        let fields = Fields {
            kind: "invito".into(), title, summary, lists: vec![list], contacts: vec![contact],
            body: body.clone(), ..Fields::default()
        }.tidied();
        prop_assume!(!fields.title.is_empty() && !fields.body.is_empty());
        let text = compose("", &fields);
        let draft = draft::parse(&text).expect("a composed draft reads");
        prop_assert_eq!(Fields::of(&draft), fields.clone());
        let mut again = fields.clone();
        again.summary = "altro".into();
        let edited = draft::parse(&compose(&text, &again)).expect("an edited draft reads");
        prop_assert_eq!(Fields::of(&edited), again);
        prop_assert_eq!(compose(&text, &fields), text);
    }
}
