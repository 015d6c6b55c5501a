//! The small words of Italian: clitics before an apostrophe, apocopes that keep one, and stop words.
//!
//! All forms are folded, and every list is sorted so that it is searched in place.

/// Forms that lean on the next word before an apostrophe: *dell'acqua*, *c'era*, *un'ora*.
pub const CLITICS: &[&str] = &[
    "agl", "all", "c", "coll", "d", "dagl", "dall", "degl", "dell", "gl", "l", "m", "negl", "nell", "pell", "s",
    "sugl", "sull", "t", "un", "v",
];

/// Cut words whose apostrophe belongs to them: *un po'* is not the river Po.
pub const APOCOPES: &[&str] = &[
    "a'", "be'", "ca'", "co'", "da'", "de'", "di'", "fa'", "i'", "mo'", "ne'", "po'", "sta'", "su'", "te'", "to'",
    "va'", "ve'",
];

/// The function words of Italian and the auxiliaries, folded: the words of Snowball's Italian list.
#[rustfmt::skip]
pub const STOP_WORDS: &[&str] = &[
    // articles, prepositions and both in one
    "a", "ad", "agl", "agli", "ai", "al", "all", "alla", "alle", "allo", "coi", "col", "con", "contro", "da", "dagl",
    "dagli", "dai", "dal", "dall", "dalla", "dalle", "dallo", "degl", "degli", "dei", "del", "dell", "della", "delle",
    "dello", "di", "gli", "i", "il", "in", "l", "la", "le", "lo", "negl", "negli", "nei", "nel", "nell", "nella",
    "nelle", "nello", "per", "su", "sugl", "sugli", "sui", "sul", "sull", "sulla", "sulle", "sullo", "tra", "un",
    "una", "uno",
    // pronouns, possessives, conjunctions, adverbs
    "anche", "c", "che", "chi", "ci", "come", "cui", "dov", "dove", "e", "ed", "io", "lei", "li", "loro", "lui", "ma",
    "mi", "mia", "mie", "miei", "mio", "ne", "noi", "non", "nostra", "nostre", "nostri", "nostro", "o", "perche",
    "piu", "quale", "quanta", "quante", "quanti", "quanto", "quella", "quelle", "quelli", "quello", "questa",
    "queste", "questi", "questo", "se", "si", "sua", "sue", "suo", "suoi", "ti", "tu", "tua", "tue", "tuo", "tuoi",
    "tutti", "tutto", "vi", "voi", "vostra", "vostre", "vostri", "vostro",
    // avere
    "abbia", "abbiamo", "abbiano", "abbiate", "avemmo", "avendo", "avesse", "avessero", "avessi", "avessimo",
    "aveste", "avesti", "avete", "aveva", "avevamo", "avevano", "avevate", "avevi", "avevo", "avra", "avrai",
    "avranno", "avrebbe", "avrebbero", "avrei", "avremmo", "avremo", "avreste", "avresti", "avrete", "avro", "avuta",
    "avute", "avuti", "avuto", "ebbe", "ebbero", "ebbi", "ha", "hai", "hanno", "ho",
    // essere
    "era", "erano", "eravamo", "eravate", "eri", "ero", "essendo", "fosse", "fossero", "fossi", "fossimo", "foste",
    "fosti", "fu", "fui", "fummo", "furono", "sara", "sarai", "saranno", "sarebbe", "sarebbero", "sarei", "saremmo",
    "saremo", "sareste", "saresti", "sarete", "saro", "sei", "sia", "siamo", "siano", "siate", "siete", "sono",
    // fare
    "faccia", "facciamo", "facciano", "facciate", "faccio", "facemmo", "facendo", "facesse", "facessero", "facessi",
    "facessimo", "faceste", "facesti", "faceva", "facevamo", "facevano", "facevate", "facevi", "facevo", "fai",
    "fanno", "fara", "farai", "faranno", "farebbe", "farebbero", "farei", "faremmo", "faremo", "fareste", "faresti",
    "farete", "faro", "fece", "fecero", "feci",
    // stare
    "sta", "stai", "stando", "stanno", "stara", "starai", "staranno", "starebbe", "starebbero", "starei", "staremmo",
    "staremo", "stareste", "staresti", "starete", "staro", "stava", "stavamo", "stavano", "stavate", "stavi", "stavo",
    "stemmo", "stesse", "stessero", "stessi", "stessimo", "steste", "stesti", "stette", "stettero", "stetti", "stia",
    "stiamo", "stiano", "stiate", "sto",
];

/// Whether a folded word leans on the next one when an apostrophe follows.
pub fn is_clitic(folded: &str) -> bool {
    CLITICS.binary_search(&folded).is_ok()
}

/// Whether a folded word with an apostrophe after it is one of the cut words; gives the form that keeps it.
pub fn apocope(folded: &str) -> Option<&'static str> {
    APOCOPES.iter().find(|a| a.strip_suffix('\'') == Some(folded)).copied()
}

/// Whether a folded word carries no content of its own. A cut word ([`APOCOPES`]) never does.
pub fn is_stop(folded: &str) -> bool {
    static ALL: std::sync::LazyLock<std::collections::HashSet<&str>> =
        std::sync::LazyLock::new(|| STOP_WORDS.iter().chain(APOCOPES).copied().collect());
    ALL.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_folded_and_without_repeats() {
        assert!(CLITICS.is_sorted() && APOCOPES.is_sorted());
        let mut once = STOP_WORDS.to_vec();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), STOP_WORDS.len());
        for word in CLITICS.iter().chain(APOCOPES).chain(STOP_WORDS) {
            assert_eq!(crate::fold(word), *word);
        }
    }

    #[test]
    fn cut_words_are_told_from_the_whole_ones() {
        assert_eq!(apocope("po"), Some("po'"));
        assert_eq!(apocope("citta"), None);
        assert!(is_stop("po'") && !is_stop("po") && is_stop("perche") && !is_stop("ponte"));
    }
}
