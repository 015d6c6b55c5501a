//! Each piece of advice has a draft that calls for it and one that does not.

use super::*;
use crate::draft::parse;

const GOOD: &str = "+++\ntitolo = \"Riapre il lungolago\"\nsommario = \"Otto mesi di lavori, due ponti nuovi.\"\nluogo = \"Bellariva sul Lago\"\ndata = \"2026-11-23\"\n\
    liste = [\"cronaca\"]\ncontatti = \"Ufficio stampa\"\ndati_delicati = \"controllati\"\n+++\nIl Comune di Bellariva riapre oggi il lungolago.\n\n«Da oggi si cammina di nuovo qui», dice la sindaca Ada Corti.\n";

fn rules(text: &str, context: LintContext) -> Vec<Rule> {
    lint(&parse(text).unwrap_or_else(|p| panic!("{p:?}")), &context).into_iter().map(|l| l.rule).collect()
}

#[test]
fn a_good_draft_gets_no_advice() {
    assert_eq!(rules(GOOD, LintContext::default()), []);
}

#[test]
fn each_rule_speaks_of_its_own_fault() {
    let changed = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replace(from, to)
    };
    let quote = "«Da oggi si cammina di nuovo qui», dice la sindaca Ada Corti.";
    let long = format!("{} e oggi il Comune di Bellariva apre", "molto lavoro ".repeat(50));
    for (text, expected) in [
        (changed("Riapre il lungolago", &"Riapre il lungolago ".repeat(5)), vec![Rule::TitleLong]),
        (
            changed("Riapre il lungolago", &"Riapre il lungolago ".repeat(3).replace("lungolago Riapre", "porto e")),
            vec![],
        ),
        (changed("Riapre il lungolago", &"Riapre il porto ".repeat(4)), vec![Rule::NewsroomTitleLong]),
        (changed("dati_delicati = \"controllati\"\n", ""), vec![Rule::Unchecked]),
        (changed("Otto mesi di lavori, due ponti nuovi", "Il lungolago oggi riapre"), vec![Rule::SummaryRepeats]),
        (changed("il lungolago.\n\n", "qui.\n\n").replace("di Bellariva ", ""), vec![Rule::LeadWhat, Rule::LeadWhere]),
        (changed("la sindaca Ada Corti", "Ada Corti"), vec![Rule::QuoteOfficeless]),
        (changed("liste", "virgolettati = [\"Ada Corti\"]\nliste"), vec![Rule::QuoteOfficeless]),
        (changed("liste", "virgolettati = [\"Ada Corti, referente del progetto\"]\nliste"), vec![]),
        (changed("liste", "embargo = \"2026-12-08 11:00\"\nliste"), vec![Rule::Holiday]),
        (changed("Riapre il lungolago", "RIAPRE IL LUNGOLAGO"), vec![Rule::TitleCapitals]),
        (changed("Riapre il lungolago", "Comunicato Stampa"), vec![Rule::TitleEmpty]),
        (changed("sommario = \"Otto mesi di lavori, due ponti nuovi.\"\n", ""), vec![Rule::NoSummary]),
        (changed("Otto mesi", &"Otto mesi ".repeat(20)), vec![Rule::SummaryLong]),
        (changed("Otto mesi di lavori", "Riapre il lungolago di Bellariva"), vec![Rule::SummaryRepeats]),
        (changed("contatti = \"Ufficio stampa\"\n", ""), vec![Rule::NoContacts]),
        (changed("luogo = \"Bellariva sul Lago\"\n", ""), vec![Rule::NoPlace]),
        (changed("data = \"2026-11-23\"\n", ""), vec![Rule::NoDate]),
        (changed("riapre oggi il", "riapre il"), vec![Rule::LeadWhen]),
        (changed("Il Comune di Bellariva riapre oggi", "Riapre oggi"), vec![Rule::LeadWho]),
        (changed("Il Comune di Bellariva riapre oggi il lungolago.", &long), vec![Rule::LeadLong]),
        (changed(quote, &format!("{quote}\n\n").repeat(4)), vec![Rule::ManyQuotes]),
        (
            changed("\n\n«Da", ".\n\nRestano alcuni lavori da fare nei prossimi mesi.\n\n«Da")
                .replace(", dice la sindaca Ada Corti", ""),
            vec![Rule::QuoteNameless],
        ),
        (changed("dice la", "<b>dice</b> la"), vec![Rule::Html]),
        (changed("dice la", "![foto](https://esempio.test/a.jpg) dice la"), vec![Rule::Image]),
        (changed("dice la", "[dice](www.esempio.test) la"), vec![Rule::Link]),
        (changed("liste", "embargo = \"2026-11-28 11:00\"\nliste"), vec![Rule::Late]),
    ] {
        assert_eq!(rules(&text, LintContext::default()), expected, "{text}");
    }
}

#[test]
fn the_office_may_lend_its_contacts_and_its_hour() {
    let text = GOOD.replace("contatti = \"Ufficio stampa\"\n", "");
    let context =
        |has_contacts, send_at| LintContext { has_contacts, send_at: Timestamp::parse(send_at), ..Default::default() };
    assert_eq!(rules(&text, context(true, "2026-11-23 10:00")), []);
    assert_eq!(rules(&text, context(true, "2026-11-23 18:00")), [Rule::Late]);
    let patron = LintContext { patron: Some((11, 23)), ..context(true, "2026-11-23 10:00") };
    assert_eq!(rules(&text, patron), [Rule::Holiday], "the town is closed");
    assert_eq!(rules(&text, context(false, "2026-11-23 17:59")), [Rule::NoContacts]);
}

#[test]
fn a_name_set_apart_is_no_quotation() {
    let text =
        GOOD.replace("riapre oggi il lungolago", "riapre oggi «il lungolago», «la darsena», «il molo», «la pista»");
    assert_eq!(rules(&text, LintContext::default()), []);
}

#[test]
fn long_sentences_of_long_words_are_hard() {
    let hard = "L'amministrazione comunale comunica preliminarmente che successivamente all'approvazione della deliberazione \
        concernente la riqualificazione infrastrutturale complessiva dell'attrezzatura portuale si procederà tempestivamente \
        all'espletamento delle conseguenti procedure amministrative conformemente alle disposizioni regolamentari vigenti";
    assert!(gulpease(hard).is_some_and(|index| index < GULPEASE), "{:?}", gulpease(hard));
    let easy = "Oggi il lago è bello. Si va a piedi fino al molo. Poi si torna. Chi vuole prende il bus. Il bus va ogni ora. \
        La via è piana e non ha scale. Ci sono le panche e le luci.";
    assert!(gulpease(easy).is_some_and(|index| index > 70), "{:?}", gulpease(easy));
    assert_eq!(gulpease("poche parole"), None);
}

#[test]
fn a_list_is_elsewhere_when_most_who_say_what_they_follow_follow_something_else() {
    let beats = |all: &[&[&str]]| -> Vec<Vec<String>> {
        all.iter().map(|one| one.iter().map(|beat| (*beat).to_owned()).collect()).collect()
    };
    let topics = |all: &[&str]| -> Vec<String> { all.iter().map(|topic| (*topic).to_owned()).collect() };
    for (about, list, others) in [
        (vec!["viabilità"], beats(&[&["sport"], &["Cultura", "cinema"], &["Viabilita'"], &[]]), Some("2")),
        (vec!["viabilità"], beats(&[&["sport"], &["viabilità"]]), None),
        (vec!["lavori pubblici"], beats(&[&["Lavori"], &["opere pubblici"]]), None),
        (vec!["viabilità"], beats(&[&[], &[]]), None),
        (vec![], beats(&[&["sport"]]), None),
    ] {
        let said = elsewhere(&topics(&about), "Locali", &list);
        let n = said.as_ref().map(|lint| lint.message.args.iter().find(|(name, _)| *name == "n").expect("n").1.clone());
        assert_eq!(n.as_deref(), others, "{about:?} {list:?}");
    }
}
