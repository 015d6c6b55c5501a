//! The commonest words of Italian newspapers that are no function words.
//!
//! With what stands beside them they make pairs that are kept whole (see [`crate::engine::pairs`]): *è stato* stands in a
//! third of all articles, *i carabinieri* in many, and their places need not be read. A word too many costs a few bytes, a word
//! that is not here costs time in phrases, never an answer. Written down from the language, not counted in any body of
//! texts. Whoever changes the list changes what stands in the archive: [`crate::engine::schema::SCHEMA_VERSION`] goes up.

use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Folded and sorted.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "abitanti", "accusati", "accusato", "acqua", "adesso", "aeroporto", "agenti", "agosto", "alcun", "alcuna",
    "alcune", "alcuni", "allora", "almeno", "alta", "alto", "altra", "altre", "altri", "altro", "ambiente",
    "ambulanza", "amici", "amministratori", "amministrazione", "ancora", "andare", "andata", "andati", "andato",
    "anni", "anno", "annuncia", "annunciato", "anzi", "anziana", "anziano", "aperta", "aperte", "aperti", "aperto",
    "appartamento", "appena", "approvata", "approvato", "apre", "aprile", "area", "arrestata", "arrestati",
    "arrestato", "arresto", "arriva", "arrivano", "arrivata", "arrivate", "arrivati", "arrivato", "arte", "assessora",
    "assessore", "associazione", "associazioni", "attivita", "attraverso", "auto", "autobus", "aver", "avere",
    "avvenuta", "avvenuto", "azienda", "aziende", "bambini", "bambino", "bando", "base", "bassa", "basso", "ben",
    "bene", "biblioteca", "buon", "buona", "buono", "camion", "campionato", "carabiniere", "carabinieri", "carcere",
    "casa", "case", "casi", "caso", "causa", "cento", "centro", "certo", "chiede", "chiedono", "chiesa", "chiesta",
    "chiesti", "chiesto", "chilometri", "chiude", "chiusa", "chiuse", "chiusi", "chiuso", "ciascuno", "cinque",
    "circa", "cittadini", "cittadino", "civile", "civili", "comitato", "commissione", "comprende", "comunale",
    "comunali", "comune", "comuni", "comunicato", "comunque", "concerto", "conferenza", "conferma", "consigliera",
    "consigliere", "consiglieri", "consiglio", "continua", "continuano", "corso", "cosa", "cose", "cosi", "cresce",
    "culturale", "danni", "dare", "data", "date", "dati", "dato", "davanti", "decisa", "deciso", "decreto", "dentro",
    "denunciata", "denunciati", "denunciato", "detta", "detti", "detto", "deve", "devono", "dice", "dicembre",
    "dicono", "dieci", "dire", "direttore", "diritti", "diritto", "diventa", "diventato", "diverse", "diversi",
    "diverso", "domanda", "domani", "domenica", "donna", "donne", "dopo", "dovra", "dovranno", "dovrebbe", "droga",
    "due", "durante", "economica", "edificio", "elezioni", "entra", "entrambi", "entrato", "eppure", "esce", "essere",
    "euro", "europa", "eventi", "evento", "ex", "fa", "famiglia", "famiglie", "fare", "fatta", "fatte", "fatti",
    "fatto", "febbraio", "ferita", "feriti", "ferito", "fermati", "fermato", "festa", "festival", "figli", "figlia",
    "figlio", "film", "fine", "finita", "finito", "fino", "finora", "fondi", "forze", "foto", "fratello", "fronte",
    "fuoco", "fuori", "furti", "furto", "gara", "generale", "gennaio", "gente", "gestione", "gia", "giornale",
    "giornata", "giornate", "giorni", "giorno", "giovane", "giovani", "giovedi", "giudice", "giugno", "giunta",
    "governo", "gran", "grande", "grandi", "grazie", "gruppo", "ieri", "importante", "importanti", "impresa",
    "imprese", "inaugurata", "inaugurato", "incidente", "incontro", "indagine", "indagini", "infatti", "iniziata",
    "iniziativa", "iniziative", "iniziato", "inizio", "inoltre", "insieme", "intanto", "internet", "interno",
    "interventi", "intervento", "invece", "italia", "italiana", "italiane", "italiani", "italiano", "ladri", "ladro",
    "lascia", "lasciato", "lavora", "lavoratori", "lavori", "lavoro", "legge", "libro", "locale", "locali", "luglio",
    "lunedi", "lunga", "lungo", "luogo", "madre", "maggio", "maggior", "maggiore", "mai", "male", "mani",
    "manifestazione", "mano", "marito", "martedi", "marzo", "mattina", "mattinata", "medici", "medico", "meglio",
    "meno", "mentre", "mercato", "mercoledi", "mese", "mesi", "messa", "messe", "messi", "messo", "metri", "mette",
    "mezzo", "migliore", "mila", "milano", "miliardi", "milione", "milioni", "militari", "ministero", "ministro",
    "minuti", "modo", "moglie", "molta", "molte", "molti", "molto", "momento", "mondo", "morta", "morte", "morti",
    "morto", "mostra", "motivo", "moto", "municipio", "museo", "musica", "nasce", "nata", "nato", "nazionale",
    "nazionali", "necessario", "negozi", "negozio", "nessun", "nessuna", "nessuno", "nome", "notizia", "notizie",
    "notte", "nove", "novembre", "nulla", "numero", "numerose", "numerosi", "nuova", "nuovamente", "nuove", "nuovi",
    "nuovo", "occasione", "offre", "oggi", "ogni", "ognuno", "oltre", "opera", "operai", "opere", "ora", "ordine",
    "ore", "organizzata", "organizzato", "ormai", "ospedale", "otto", "ottobre", "padre", "paese", "palazzo", "parco",
    "parla", "parola", "parole", "parrocchia", "parte", "particolare", "partire", "partita", "partito", "passa",
    "passato", "pazienti", "periodo", "permette", "pero", "persona", "persone", "piano", "piazza", "piazzale",
    "piccola", "piccolo", "pieno", "pm", "poca", "poche", "pochi", "poco", "poi", "polizia", "poliziotti",
    "pomeriggio", "portata", "portate", "portati", "portato", "porto", "possibile", "possibilita", "possono", "posto",
    "poter", "potra", "potranno", "potrebbe", "potrebbero", "prende", "presa", "prese", "presentata", "presentate",
    "presentati", "presentato", "presenza", "presi", "presidente", "preso", "presso", "prevede", "prevedono",
    "prevista", "previste", "previsti", "previsto", "prima", "primo", "privati", "privato", "problema", "problemi",
    "processo", "procura", "procuratore", "progetti", "progetto", "propone", "propri", "propria", "proprie", "proprio",
    "prossima", "prossime", "prossimi", "prossimo", "provincia", "provinciale", "pubblica", "pubbliche", "pubblici",
    "pubblico", "punto", "puo", "qualche", "quali", "quando", "quartiere", "quasi", "quattro", "quei", "quel",
    "questura", "qui", "quindi", "racconta", "ragazza", "ragazze", "ragazzi", "ragazzo", "rapina", "rappresenta",
    "realizzata", "realizzati", "realizzato", "regionale", "regionali", "regione", "rende", "residenti",
    "responsabile", "resta", "restano", "riceve", "ricevuto", "ricorda", "riguarda", "riguardano", "rimasta",
    "rimaste", "rimasti", "rimasto", "rischio", "risorse", "risposta", "riuscita", "riusciti", "riuscito", "roma",
    "rubata", "rubati", "rubato", "sabato", "san", "sanita", "sanitaria", "santa", "scorsa", "scorse", "scorsi",
    "scorso", "scuola", "scuole", "seconda", "secondo", "segretario", "segue", "seguito", "sempre", "sentenza",
    "senza", "sera", "serata", "serve", "servizi", "servizio", "servono", "sette", "settembre", "settimana",
    "settimane", "sicurezza", "sindaca", "sindacati", "sindaco", "sito", "situazione", "situazioni", "soccorso",
    "sociale", "sociali", "societa", "solo", "soltanto", "sopra", "soprattutto", "sotto", "sottolinea", "spesso",
    "spettacolo", "spiega", "spiegato", "squadra", "stadio", "stampa", "stare", "stata", "state", "stati", "stato",
    "stazione", "stessa", "stesso", "storia", "storico", "strada", "strade", "studenti", "subito", "successo", "tanta",
    "tante", "tanti", "tanto", "teatro", "telefono", "tempo", "termine", "territorio", "terza", "terzo", "testa",
    "tiene", "torna", "tornano", "tornata", "tornati", "tornato", "totale", "traffico", "tramite", "tratta",
    "trattato", "tre", "treno", "trenta", "tribunale", "troppo", "trova", "trovano", "trovata", "trovate", "trovati",
    "trovato", "tutta", "tuttavia", "tutte", "uccisa", "ucciso", "ultima", "ultime", "ultimi", "ultimo", "unica",
    "unico", "universita", "uomini", "uomo", "uscito", "va", "vanno", "vari", "varie", "vede", "venerdi", "vengono",
    "venire", "veniva", "venti", "venuta", "venuti", "venuto", "vero", "verso", "vettura", "via", "viale",
    "vicepresidente", "vicino", "video", "viene", "vigili", "vista", "viste", "visti", "visto", "vita", "vive",
    "vogliono", "volontari", "volta", "volte", "vuole", "zona",
];

/// Whether a folded word is one of them.
pub(crate) fn is_common(folded: &str) -> bool {
    static ALL: LazyLock<HashSet<&str, RandomState>> = LazyLock::new(|| COMMON.iter().copied().collect());
    ALL.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_text::{Class, analyse, italian};

    #[test]
    fn each_word_is_sorted_folded_and_carries_content() {
        assert!(COMMON.is_sorted_by(|one, next| one < next));
        for word in COMMON {
            let tokens = analyse(word);
            assert!(matches!(&tokens[..], [one] if &*one.exact == *word && one.class == Class::Content), "{word}");
            assert!(!italian::is_stop(word) && !italian::is_clitic(word), "{word}");
        }
    }
}
