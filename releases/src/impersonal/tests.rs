//! The table of sentences, and the rules on whole drafts.

use super::table::{AGAINST, ENGLISH, ITALIAN};
use super::*;
use salastampa_domain::PersonId;

fn person(name: &str, office: &str, aliases: &[&str], until: Option<&str>) -> Person {
    Person {
        id: PersonId(0),
        slug: String::new(),
        name: name.into(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        office: office.into(),
        from: Some("2024-06-15".parse().expect("a day")),
        until: until.map(|day| day.parse().expect("a day")),
    }
}

fn register() -> Vec<Person> {
    vec![
        person("Mario Rossi", "Sindaco", &[], None),
        person("Rosa De Angelis", "Vicesindaca", &["la vicesindaca"], None),
        person("Ada Corti", "Assessora alla mobilità", &["Corti Ada"], None),
        person("Luca Fontana", "Presidente del consiglio comunale", &[], None),
        person("Paolo Monti", "Assessore ai tributi", &[], Some("2025-12-31")),
    ]
}

fn draft(title: &str, body: &str) -> Draft {
    crate::draft::parse(&format!("+++\ntitolo = \"{title}\"\n+++\n\n{body}\n")).expect("it reads")
}

fn look(draft: &Draft, lang: Lang) -> Vec<Finding> {
    impersonal(draft, &register(), jiff::civil::date(2027, 5, 3), lang)
}

fn judged(body: &str, lang: Lang) -> (Option<Class>, Vec<String>) {
    let found = look(&draft("Avviso", body), lang);
    (found.iter().map(|f| f.class).max(), found.iter().map(|f| format!("{:?} «{}»", f.rule, f.excerpt)).collect())
}

#[test]
fn every_sentence_of_the_table_is_judged_as_a_person_judges_it() {
    let mut wrong = Vec::new();
    let (mut right, mut false_blocks, mut missed) = (0, 0, 0);
    let italian = ITALIAN.iter().chain(AGAINST).map(|s| (s, Lang::It));
    let all = italian.chain(ENGLISH.iter().map(|s| (s, Lang::En)));
    for ((text, wanted), lang) in all {
        let (got, found) = judged(text, lang);
        let (blocks, wants) = (got == Some(Class::Block), *wanted == Some(Class::Block));
        right += usize::from(blocks && wants);
        false_blocks += usize::from(blocks && !wants);
        missed += usize::from(!blocks && wants);
        if got != *wanted {
            wrong.push(format!("{text}\n    wanted {wanted:?}, got {got:?}: {found:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "blocks: {right} right, {false_blocks} false, {missed} missed; {} sentences judged otherwise:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The findings of a draft as their sentences.
fn said(draft: &Draft, lang: Lang) -> Vec<String> {
    look(draft, lang).iter().map(|f| format!("{:?} {}", f.class, f.say(lang))).collect()
}

#[test]
fn a_finding_names_its_place_the_words_the_rule_and_what_to_write() {
    let draft = crate::draft::parse(
        "+++\ntitolo = \"Un grande successo\"\nsommario = \"Parla Corti Ada\"\nvirgolettati = [\"L'assessora alla \
         mobilità\"]\ncontatti = [\"Pina Vezzi\", \"Mario Rossi\"]\n+++\n\nVia Roma è chiusa.\n\nIl cantiere\n\
         del sindaco **Rossi** apre lunedì.\n",
    )
    .expect("it reads");
    let said = said(&draft, Lang::It);
    let begins = |n: usize, text: &str| assert!(said[n].starts_with(text), "{said:#?}");
    assert_eq!(said.len(), 5, "{said:#?}");
    begins(0, "Block titolo: «grande successo» loda");
    begins(1, "Block sommario: «Corti Ada» è chi ricopre una carica (Assessora alla mobilità)");
    begins(2, "Block testo, riga 4: «Rossi» è chi ricopre una carica (Sindaco)");
    begins(3, "Block virgolettati: «L'assessora alla mobilità»");
    begins(4, "Block contatti: «Mario Rossi»");
    assert!(said.iter().all(|line| line.contains("28/2000")), "each cites the rule: {said:#?}");
}

#[test]
fn the_register_counts_on_the_day_on_which_the_text_leaves() {
    let text = draft("Avviso", "Presente Paolo Monti.");
    let on = |day: &str| impersonal(&text, &register(), day.parse().expect("a day"), Lang::It).len();
    assert_eq!((on("2024-06-14"), on("2025-12-31"), on("2026-01-01")), (0, 1, 0));
}

#[test]
fn what_is_said_of_photos_and_documents_is_read_too() {
    let mut text = draft("Avviso", "Via Roma è chiusa.");
    let photo = |alt: &str, caption: &str| salastampa_domain::release_files::Photo {
        alt: alt.into(),
        caption: caption.into(),
        ..Default::default()
    };
    text.files.photos = vec![photo("Un cantiere", ""), photo("La piazza", "Il sindaco Rossi taglia il nastro")];
    let found = said(&text, Lang::It);
    assert!(found.len() == 1 && found[0].starts_with("Block foto 2: «Rossi»"), "{found:?}");
}

#[test]
fn a_second_mention_by_the_surname_is_found_once_the_whole_name_has_stood_there() {
    let found = look(&draft("Avviso", "Presente Ada Corti.\n\nCorti lascia la sala alle 18."), Lang::It);
    assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [1, 3], "{found:?}");
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_typed_breaks_it(body in "(\\PC|[A-Z][a-z]+ |sindaco |«|»|\"|\n|> |\\]\\(|è|abbiamo |Rossi ){0,60}") {
        let draft = Draft { body, ..draft("Avviso", "x") };
        for finding in look(&draft, Lang::It) {
            proptest::prop_assert!(finding.line >= 1 && !finding.excerpt.contains('\n'));
        }
    }
}

#[test]
fn a_surname_that_everybody_in_town_knows_is_doubted_and_a_common_word_is_not() {
    for text in [
        "La Corti ha firmato l'ordinanza.",
        "Dal primo giugno vale l'ordinanza della Corti.",
        "Corti ha firmato l'ordinanza.",
        "L'ordinanza è pronta: lunedì Corti ha firmato.",
    ] {
        assert_eq!(judged(text, Lang::It).0, Some(Class::Warn), "{text}");
    }
    for text in ["Fontana chiusa per lavori in piazza.", "La fontana ha di nuovo l'acqua.", "I monti hanno neve."] {
        assert_eq!(judged(text, Lang::It), (None, Vec::new()), "{text}");
    }
}

#[test]
fn the_public_address_names_nobody_in_office() {
    let day = jiff::civil::date(2027, 5, 3);
    for (slug, wanted) in [
        ("mario-rossi-inaugura-la-palestra", Some(Class::Block)),
        ("la-vicesindaca-de-angelis-apre", Some(Class::Block)),
        ("sindaco-rossi-in-piazza", Some(Class::Block)),
        ("rossi-in-piazza", Some(Class::Warn)),
        ("via-rossi-chiusa", None),
        ("chiusura-di-via-roma", None),
        ("paolo-monti-in-piazza", None),
    ] {
        let found = in_address(slug, &register(), day, Lang::It);
        assert_eq!(found.iter().map(|f| f.class).max(), wanted, "{slug}: {found:?}");
    }
    let found = in_address("sindaco-rossi-in-piazza", &register(), day, Lang::It);
    assert!(found[0].say(Lang::It).starts_with("indirizzo pubblico: «rossi»"), "{}", found[0].say(Lang::It));
}
