//! What a release and an article share without either having read the other: citations of laws and acts, and the formulae
//! in which an office stands before a name.
//!
//! *Ai sensi dell'articolo 50 del decreto legislativo 31 marzo 2023, n. 36* is longer than what proves a quotation, and
//! stands in the papers of eight thousand towns. So pickup compares what remains. A citation is known by its words and by
//! a number in it, a formula by the capital of the name behind it; both are tables. Left out: laws called by a name of the
//! press, and offices that no Italian body has.

use crate::mask::own_words;
use salastampa_text::{Word, is_month};

/// Words that begin the citation of a law or of an act.
const HEADS: [&[&str]; 46] = [
    &["art"],
    &["articoli"],
    &["articolo"],
    &["artt"],
    &["comma"],
    &["commi"],
    &["d", "l"],
    &["d", "lgs"],
    &["d", "m"],
    &["d", "p", "c", "m"],
    &["d", "p", "r"],
    &["decreto"],
    &["decreto", "del", "presidente", "del", "consiglio", "dei", "ministri"],
    &["decreto", "del", "presidente", "della", "repubblica"],
    &["decreto", "legge"],
    &["decreto", "legislativo"],
    &["decreto", "ministeriale"],
    &["decreto", "sindacale"],
    &["delibera"],
    &["deliberazione"],
    &["deliberazioni"],
    &["delibere"],
    &["determina"],
    &["determinazione"],
    &["determinazione", "dirigenziale"],
    &["direttiva"],
    &["dl"],
    &["dlgs"],
    &["dm"],
    &["dpcm"],
    &["dpr"],
    &["gazzetta", "ufficiale"],
    &["l", "r"],
    &["legge"],
    &["leggi"],
    &["lett"],
    &["lettera"],
    &["ordinanza"],
    &["ordinanza", "sindacale"],
    &["prot"],
    &["protocollo"],
    &["regio", "decreto"],
    &["regolamento"],
    &["t", "u", "e", "l"],
    &["testo", "unico"],
    &["tuel"],
];

/// Words that go on with a citation; at its end they belong to what follows.
const LINKS: [&str; 40] = [
    "a",
    "ai",
    "al",
    "alla",
    "c",
    "ce",
    "cee",
    "comunale",
    "comunali",
    "consiglio",
    "dal",
    "dall",
    "dalla",
    "dd",
    "degli",
    "dei",
    "del",
    "dell",
    "della",
    "delle",
    "di",
    "e",
    "ed",
    "europea",
    "europeo",
    "g",
    "giunta",
    "il",
    "in",
    "la",
    "n",
    "nazionale",
    "nn",
    "nr",
    "num",
    "numero",
    "p",
    "provinciale",
    "regionale",
    "ue",
];

/// Laws that are called by their name; in a citation or without.
const NAMED: [&[&str]; 20] = [
    &["codice", "civile"],
    &["codice", "degli", "appalti"],
    &["codice", "dei", "beni", "culturali", "e", "del", "paesaggio"],
    &["codice", "dei", "contratti"],
    &["codice", "dei", "contratti", "pubblici"],
    &["codice", "del", "terzo", "settore"],
    &["codice", "dell", "ambiente"],
    &["codice", "dell", "amministrazione", "digitale"],
    &["codice", "della", "protezione", "civile"],
    &["codice", "della", "strada"],
    &["codice", "di", "procedura", "penale"],
    &["codice", "in", "materia", "di", "protezione", "dei", "dati", "personali"],
    &["codice", "penale"],
    &["e", "successive", "modificazioni"],
    &["e", "successive", "modifiche", "e", "integrazioni"],
    &["regolamento", "generale", "sulla", "protezione", "dei", "dati"],
    &["testo", "unico", "degli", "enti", "locali"],
    &["testo", "unico", "dell", "edilizia"],
    &["testo", "unico", "delle", "leggi", "di", "pubblica", "sicurezza"],
    &["testo", "unico", "delle", "leggi", "sull", "ordinamento", "degli", "enti", "locali"],
];

/// Words that lead to a citation; an article or preposition may stand between.
const LEADS: [&[&str]; 20] = [
    &["ai", "sensi"],
    &["a", "norma"],
    &["in", "base"],
    &["in", "attuazione"],
    &["in", "applicazione"],
    &["in", "esecuzione"],
    &["in", "ottemperanza"],
    &["in", "conformita"],
    &["nel", "rispetto"],
    &["per", "effetto"],
    &["di", "cui"],
    &["come", "previsto"],
    &["come", "prevede"],
    &["come", "stabilito"],
    &["previsto"],
    &["prevista"],
    &["recante"],
    &["visto"],
    &["vista"],
    &["ex"],
];

/// Articles and prepositions that stand before a citation or an office.
const BEFORE: [&str; 32] = [
    "agli", "ai", "al", "all", "alla", "alle", "allo", "da", "dagli", "dai", "dal", "dall", "dalla", "dalle", "dallo",
    "degli", "dei", "del", "dell", "della", "delle", "dello", "gli", "i", "il", "l", "la", "le", "lo", "nel", "nell",
    "nella",
];

/// Who holds an office.
const OFFICES: [&str; 30] = [
    "assessora",
    "assessore",
    "comandante",
    "commissaria",
    "commissario",
    "consigliera",
    "consigliere",
    "direttore",
    "direttrice",
    "dirigente",
    "governatore",
    "governatrice",
    "ministra",
    "ministro",
    "prefetta",
    "prefetto",
    "presidente",
    "presidentessa",
    "procuratore",
    "procuratrice",
    "questora",
    "questore",
    "rettore",
    "rettrice",
    "segretaria",
    "segretario",
    "sindaca",
    "sindaco",
    "vicesindaca",
    "vicesindaco",
];

/// Words between an office and the name, its field and place: *ai lavori pubblici di*.
const LONGEST_FIELD: usize = 8;
/// Words of a name.
const LONGEST_NAME: usize = 4;
/// Words of a citation.
const LONGEST: usize = 40;

/// The words of a text that tell what is in it, in order: its own, without citations and formulae.
pub fn telling_words(text: &str) -> Vec<Word> {
    let own = own_words(text);
    let mut left_out = vec![false; own.len()];
    let mut i = 0;
    while i < own.len() {
        let end = citation(text, &own, i).or_else(|| phrase(&own, i, &NAMED)).map(|end| (led(text, &own, i), end));
        match end.or_else(|| formula(text, &own, i)) {
            Some((start, end)) => {
                left_out[start..end].fill(true);
                i = end.max(i + 1);
            }
            None => i += 1,
        }
    }
    own.into_iter().zip(left_out).filter_map(|(word, out)| (!out).then_some(word)).collect()
}

/// The word after a citation that begins at word `i`: its words, numbers, months and what joins them; none without a
/// number.
fn citation(text: &str, all: &[Word], i: usize) -> Option<usize> {
    let mut at = phrase(all, i, &HEADS)?;
    let (mut end, mut numbers) = (at, 0);
    while at < all.len() && at - i < LONGEST && !gap(text, all, at).contains('\n') {
        let word = all[at].text.as_str();
        if let Some(after) = phrase(all, at, &NAMED).or_else(|| phrase(all, at, &HEADS)) {
            (at, end) = (after, after);
        } else if word.starts_with(|c: char| c.is_ascii_digit()) {
            numbers += 1;
            (at, end) = (at + 1, at + 1);
        } else if is_month(word) || matches!(word, "bis" | "ter" | "quater" | "quinquies") {
            (at, end) = (at + 1, at + 1);
        } else if LINKS.binary_search(&word).is_ok() {
            at += 1;
        } else if word.len() == 1 && matches!(all[at - 1].text.as_str(), "lettera" | "lett") {
            (at, end) = (at + 1, at + 1);
        } else {
            break;
        }
    }
    (numbers > 0).then_some(end)
}

/// Where what leads to a citation at word `i` begins: *ai sensi dell'*.
fn led(text: &str, all: &[Word], i: usize) -> usize {
    let joined = |at: usize| at > 0 && gap(text, all, at).chars().all(|c| c != '\n' && c != '.');
    let ends = |at: usize| {
        let fits = |lead: &&&[&str]| {
            lead.len() <= at && joined(at) && all[at - lead.len()..at].iter().zip(**lead).all(|(w, l)| w.text == *l)
        };
        LEADS.iter().filter(fits).map(|lead| at - lead.len()).min()
    };
    let article = if joined(i) && BEFORE.binary_search(&all[i - 1].text.as_str()).is_ok() { i - 1 } else { i };
    ends(article).or_else(|| ends(i)).unwrap_or(article)
}

/// An office before a name, from its article to the name's end: *l'assessora ai lavori pubblici Ada Corti*, *il sindaco
/// di Bellariva*.
fn formula(text: &str, all: &[Word], i: usize) -> Option<(usize, usize)> {
    OFFICES.binary_search(&all[i].text.as_str()).ok()?;
    let follows =
        |at: usize| at < all.len() && gap(text, all, at).chars().all(|c| c.is_whitespace() || "'’".contains(c));
    let capital = |at: usize| text[all[at].start..].starts_with(char::is_uppercase);
    let mut at = i + 1;
    while follows(at) && !capital(at) && at - i <= LONGEST_FIELD {
        let is_first = at == i + 1;
        if is_first && BEFORE.binary_search(&all[at].text.as_str()).is_err() && all[at].text != "di" {
            return None;
        }
        at += 1;
    }
    let mut end = name(all, at, &follows, &capital)?;
    // *il sindaco di Bellariva, Ada Corti*
    let comma = |at: usize| at < all.len() && gap(text, all, at) == ", ";
    if comma(end) && capital(end) {
        end = name(all, end, &|at| at == end || follows(at), &capital).unwrap_or(end);
    }
    let start = match i.checked_sub(1) {
        Some(before) if BEFORE.binary_search(&all[before].text.as_str()).is_ok() => before,
        _ => i,
    };
    Some((start, end))
}

/// The word after a name that begins at word `at`: capitals, and small words between two of them.
fn name(all: &[Word], at: usize, follows: &dyn Fn(usize) -> bool, capital: &dyn Fn(usize) -> bool) -> Option<usize> {
    (at < all.len() && follows(at) && capital(at)).then_some(())?;
    let mut end = at + 1;
    while end - at < LONGEST_NAME && follows(end) {
        if capital(end) {
            end += 1;
        } else if all[end].text.len() <= 5 && follows(end + 1) && capital(end + 1) {
            end += 2;
        } else {
            break;
        }
    }
    Some(end)
}

/// What stands between a word and the one before it.
fn gap<'a>(text: &'a str, all: &[Word], at: usize) -> &'a str {
    text.get(all[at - 1].end..all[at].start).unwrap_or_default()
}

/// The word after the longest of the phrases that begins at word `i`. They stand in order: every word of every article
/// is looked up.
fn phrase(all: &[Word], i: usize, phrases: &[&[&str]]) -> Option<usize> {
    let first = all[i].text.as_str();
    let from = phrases.partition_point(|p| p[0] < first);
    let stands =
        |p: &&&[&str]| all.len() - i >= p.len() && p.iter().zip(&all[i..]).all(|(part, word)| *part == word.text);
    phrases[from..].iter().take_while(|p| p[0] == first).filter(stands).map(|p| i + p.len()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn telling(text: &str) -> String {
        telling_words(text).into_iter().map(|w| w.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn citations_of_laws_and_acts_are_left_out() {
        for (text, left) in [
            (
                "Affidati ai sensi dell'articolo 50 del decreto legislativo 31 marzo 2023, n. 36, codice dei contratti \
                 pubblici, i lavori.",
                "affidati i lavori",
            ),
            ("Si applica l'art. 7, comma 2, lettera b) del d.lgs. 267/2000 da oggi.", "si applica da oggi"),
            (
                "Come prevede la legge 7 agosto 1990, n. 241 e successive modifiche e integrazioni si risponde.",
                "si risponde",
            ),
            ("Vista la delibera di giunta n. 118 del 4 novembre 2026 parte il bando.", "parte il bando"),
            ("Il regolamento (UE) 2016/679 vale.", "vale"),
            ("Secondo il d.P.R. 445/2000 basta una firma.", "secondo basta una firma"),
            ("Le multe del codice della strada salgono.", "le multe salgono"),
        ] {
            assert_eq!(telling(text), left, "{text}");
        }
    }

    #[test]
    fn an_office_before_a_name_is_left_out_with_it() {
        for (text, left) in [
            ("Lo dice il sindaco di Bellariva.", "lo dice"),
            ("Per l'assessora ai lavori pubblici Livia Nava il ponte apre.", "per il ponte apre"),
            ("Il sindaco di Bellariva sul Lago, Ada Corti, apre la sala.", "apre la sala"),
            ("Con la comandante della polizia locale Rita De Marchi si passa.", "con si passa"),
        ] {
            assert_eq!(telling(text), left, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for text in [
            "Il decreto piace e la legge di bilancio no",
            "Nell'articolo si parla di otto panchine",
            "Il presidente ha detto che Bellariva cresce",
            "La sindaca apre la sala",
            "Un sindaco che corre. Bellariva aspetta",
            "La delibera passa con 12 voti",
            "",
        ] {
            assert_eq!(telling_words(text), own_words(text), "{text}");
        }
    }

    #[test]
    fn the_tables_that_are_searched_are_in_order() {
        for table in [&LINKS[..], &BEFORE[..], &OFFICES[..]] {
            assert!(table.is_sorted());
        }
        assert!(HEADS.is_sorted() && NAMED.is_sorted());
    }

    #[test]
    fn a_text_of_nothing_but_numbers_and_heads_is_bounded() {
        let text = "articolo 5 ".repeat(4_000);
        assert!(telling_words(&text).is_empty());
    }
}
