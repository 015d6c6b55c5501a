//! `feeds.toml`: the outlets and sources that an office declares.
//!
//! The file is validated as a whole: whoever installs the program sees every mistake at once, each with its line and
//! what to do, in Italian, the language of those who write it. Either all of it is good or none of it is used, so that
//! a bad reload keeps the running registry.
//!
//! ```toml
//! [[outlet]]                          # una testata
//! id = "il-lago"                      # nome breve: lettere minuscole, cifre e trattini
//! name = "Il Lago"
//! kind = "local"                      # agency, daily, local, radio_tv, web, institution, funding
//! area = "Bellariva"                  # dove si legge
//! tier = 2                            # peso per l'ufficio, da 1 (primo) a 5; se manca, 3
//! rights = "extract_only"             # internal, link_only, extract_only, licensed_extract, licensed_full, open, own
//! home = "https://www.illago.test/"
//! contract = { number = "12/2026", until = 2026-12-31, scope = "intranet", extract_chars = 800, max_readers = 10 }
//!
//! [[source]]                          # una fonte di quella testata
//! id = "il-lago-tutte"
//! outlet = "il-lago"
//! kind = "feed"                       # feed, sitemap, page, wire
//! url = "https://www.illago.test/feed"   # per kind = "wire" una cartella, dalla radice o dentro la cartella dei dati
//! class = "C"                         # A agenzia, B nazionale, C locale, D ente
//! rubric = "Cronaca"                  # se la fonte è una sola sezione
//! rights = "link_only"                # solo se diversi da quelli della testata
//! legal = "da verificare"             # da verificare, verificata, con licenza
//! extract = true                      # leggere anche le pagine degli articoli; se manca, sì
//! enabled = true                      # se manca, sì
//! front = true                        # la fonte ha l'ordine della prima pagina; se manca, no
//! note = "chiesto il permesso il 3 ottobre"
//! selectors = { item = ".card", link = "a[href]", title = "h2", date = "time", lead = "p" }   # solo per kind = "page"
//! format = "newsml_g2"                # solo per kind = "wire", se si vuole: newsml_g2, newsml1, nitf, iptc7901, anpa
//! # se le pagine degli articoli si leggono male: dove stanno testo, titolo, firme e data, e che cosa togliere
//! article = { body = ".testo", title = "h1", authors = ".firma", date = "time", remove = [".box"] }
//! ```
//!
//! Left out: what the desk overrides (the store holds that).

mod entry;
mod file;
mod outlet;
mod source;

use salastampa_domain::{Outlet, Source};
use std::fmt;

/// What the file declares.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Registry {
    /// In the order of the file.
    pub outlets: Vec<OutletDecl>,
    /// In the order of the file.
    pub sources: Vec<SourceDecl>,
}

/// A declared outlet.
#[derive(Clone, PartialEq, Debug)]
pub struct OutletDecl {
    /// The outlet, without a number yet (0).
    pub outlet: Outlet,
    /// Where it stands in the file, from 1.
    pub line: usize,
}

/// A declared source.
#[derive(Clone, PartialEq, Debug)]
pub struct SourceDecl {
    /// The source, without numbers yet (0), new, due at once; paused where `enabled = false`.
    pub source: Source,
    /// The slug of its outlet.
    pub outlet: String,
    /// What the installer noted.
    pub note: Option<String>,
    /// Where it stands in the file, from 1.
    pub line: usize,
}

/// A mistake in the file, for the person who wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The name of the file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, in Italian.
    pub message: String,
    /// What to do, in Italian.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.file, self.line, self.message, self.remedy)
    }
}

/// Reads a whole file, or says everything that is wrong with it, in the order of the lines.
pub fn parse(text: &str, file_name: &str) -> Result<Registry, Vec<Problem>> {
    let (registry, mut mistakes) = file::read(text);
    if mistakes.is_empty() {
        return Ok(registry);
    }
    mistakes.sort_by_key(|m| m.at);
    let problem = |m: entry::Mistake| Problem {
        file: file_name.to_owned(),
        line: line_of(text, m.at),
        message: m.message,
        remedy: m.remedy,
    };
    Err(mistakes.into_iter().map(problem).collect())
}

/// The line of a byte, from 1.
fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use salastampa_domain::{Cadence, LegalStatus, OutletKind, RightsClass, SourceKind};

    const GOOD: &str = r#"
        [[outlet]]
        id = "il-lago"
        name = "Il Lago"
        kind = "local"
        area = "Bellariva"
        tier = 2
        rights = "licensed_extract"
        home = "https://www.illago.test/"
        contract = { number = "12/2026", until = 2026-12-31, scope = "intranet", extract_chars = 800, max_readers = 10 }

        [[source]]
        id = "il-lago-tutte"
        outlet = "il-lago"
        kind = "feed"
        url = "https://www.illago.test/feed"
        class = "C"
        article = { body = ".testo", authors = "[rel=author]", remove = [".box", "aside"] }

        [[source]]
        id = "il-lago-giunta"
        outlet = "il-lago"
        kind = "page"
        url = "http://www.illago.test/giunta"
        class = "D"
        rubric = "Giunta"
        rights = "link_only"
        legal = "con licenza"
        extract = false
        enabled = false
        note = "selettori provati"
        front = true
        selectors = { item = ".card", date = "time" }
    "#;

    #[test]
    fn a_good_file_gives_outlets_and_sources() {
        let registry = parse(GOOD, "feeds.toml").expect("a good file");
        let outlet = &registry.outlets[0].outlet;
        assert_eq!((outlet.slug.as_str(), outlet.kind, outlet.tier), ("il-lago", OutletKind::Local, 2));
        assert_eq!(outlet.contract.as_ref().and_then(|c| c.max_readers), Some(10));
        let [all, council] = &registry.sources[..] else { panic!("two sources") };
        assert_eq!((all.source.cadence, all.source.kind.clone()), (Cadence::C, SourceKind::Feed));
        assert!(all.source.extract && all.source.is_active() && all.source.legal == LegalStatus::ToVerify);
        assert_eq!(council.outlet, "il-lago");
        assert_eq!((council.source.rights, council.source.paused), (Some(RightsClass::LinkOnly), true));
        assert_eq!(council.line, 20);
        let article = all.source.reading.article.as_ref().expect("declared");
        assert_eq!(
            (article.body.as_deref(), article.remove.len(), article.title.as_deref()),
            (Some(".testo"), 2, None)
        );
        assert_eq!(council.source.reading.article, None);
        assert!(council.source.reading.front && !all.source.reading.front);
        assert!(matches!(&council.source.kind, SourceKind::Page { selectors } if selectors.item == ".card"));
        assert_eq!(parse("", "feeds.toml"), Ok(Registry::default()));
    }

    #[track_caller]
    fn mistakes(text: &str, expected: expect_test::Expect) {
        let lines: Vec<String> = match parse(text, "feeds.toml") {
            Ok(_) => vec!["nessun errore".into()],
            Err(problems) => problems.iter().map(Problem::to_string).collect(),
        };
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn every_mistake_is_told_at_once_with_its_line() {
        mistakes(
            r#"
[[outlet]]
id = "Il Lago"
nome = "Il Lago"
kind = "giornale"
tier = 9
rights = "extract-only"
home = "www.illago.test"

[[outlet]]
id = "monte"
name = "Il Monte"
kind = "daily"
area = 7
rights = "licensed_full"

[[source]]
id = "monte"
outlet = "il-monte"
kind = "feed"
url = "http://127.0.0.1/feed"
class = "E"
legal = "verificato"
extract = "si"

[[source]]
id = "monte"
outlet = "monte"
kind = "page"
url = "ftp://monte.test"
class = "C"
selectors = { title = "h2[", itme = "x" }
article = { body = ">>", remove = [".box", "h2["], testo = "p" }

[[source]]
outlet = "monte"
kind = "wire"
url = "../fuori"
class = "A"
front = true
format = "nitff"

[fonte]
"#,
            expect![[r#"
                feeds.toml:2: in [[outlet]] manca «name»; scrivere il nome come lo conoscono i lettori
                feeds.toml:3: «id» non va bene: «Il Lago»; usare solo lettere minuscole senza accento, cifre e trattini, al più 64
                feeds.toml:4: chiave sconosciuta «nome» in [[outlet]]; forse «name»?
                feeds.toml:5: «kind» non può essere «giornale»; valori ammessi: agency, daily, local, radio_tv, web, institution, funding
                feeds.toml:6: «tier» non va bene; scrivere un numero da 1 a 5
                feeds.toml:7: «rights» non può essere «extract-only»; forse «extract_only»? Valori ammessi: internal, link_only, extract_only, licensed_extract, licensed_full, open, own
                feeds.toml:8: «home» non è un indirizzo valido: «www.illago.test»; scrivere un indirizzo intero che comincia con https:// o http://, senza nome utente né porta
                feeds.toml:10: in [[outlet]] manca «contract»; con diritti «licensed_…» indicare il contratto: number, until, scope, extract_chars
                feeds.toml:14: «area» non va bene; scrivere un testo tra virgolette, non vuoto
                feeds.toml:19: la testata «il-monte» non c'è nel file; aggiungere una voce [[outlet]] con questo id
                feeds.toml:21: «url» non è un indirizzo valido: «http://127.0.0.1/feed»; gli indirizzi di reti interne non sono ammessi
                feeds.toml:22: «class» non può essere «E»; valori ammessi: A, B, C, D
                feeds.toml:23: «legal» non può essere «verificato»; forse «verificata»? Valori ammessi: da verificare, verificata, con licenza
                feeds.toml:24: «extract» non va bene; scrivere true o false
                feeds.toml:27: «id» doppio: «monte» c'è già alla riga 18; dare a ogni voce un id suo
                feeds.toml:30: «url» non è un indirizzo valido: «ftp://monte.test»; scrivere un indirizzo intero che comincia con https:// o http://, senza nome utente né porta
                feeds.toml:32: in selectors manca «item»; scrivere il selettore CSS di una notizia, per esempio item = ".card"
                feeds.toml:32: «title» non è un selettore CSS: «h2[»; scrivere per esempio ".card h2"
                feeds.toml:32: chiave sconosciuta «itme» in selectors; forse «item»?
                feeds.toml:33: «body» non è un selettore CSS: «>>»; scrivere per esempio ".card h2"
                feeds.toml:33: «remove» non è un selettore CSS: «h2[»; scrivere per esempio ".card h2"
                feeds.toml:33: chiave sconosciuta «testo» in article; chiavi ammesse: authors, body, date, remove, title
                feeds.toml:35: in [[source]] manca «id»; dare alla fonte un nome breve, per esempio "il-lago-tutte"
                feeds.toml:35: «front» serve solo a kind = "page" o "feed"; toglierlo, o leggere la prima pagina con kind = "page"
                feeds.toml:38: «url» non è una cartella: «../fuori»; per kind = "wire" scrivere un percorso, per esempio "agenzie/agenzia-zeta" dentro la cartella dei dati
                feeds.toml:41: «format» non può essere «nitff»; forse «nitf»? Valori ammessi: newsml_g2, newsml1, nitf, iptc7901, anpa
                feeds.toml:43: «fonte» non è previsto; nel file ci sono solo [[outlet]] e [[source]]"#]],
        );
    }

    #[test]
    fn what_is_no_toml_is_told_by_line() {
        mistakes(
            "[[outlet]]\nid = \"a\nname = 'b'\n",
            expect![[
                r#"feeds.toml:2: questa riga non è TOML valido (invalid basic string, expected `"`); controllare virgolette, parentesi e segni di uguale"#
            ]],
        );
        mistakes(
            "[[outlet]]\nid = \"a\"\nid = \"b\"\n",
            expect![
                "feeds.toml:3: questa riga non è TOML valido (duplicate key); controllare virgolette, parentesi e segni di uguale"
            ],
        );
        mistakes(
            "outlet = \"il-lago\"\n",
            expect!["feeds.toml:1: «outlet» non è un elenco; scrivere [[outlet]] con due parentesi"],
        );
        mistakes(
            "[outlet]\nid = \"il-lago\"\n",
            expect!["feeds.toml:1: «outlet» non è un elenco; scrivere [[outlet]] con due parentesi"],
        );
    }
}
