//! What a new office follows from its first morning: themes proposed from the portfolios of its assessors.
//!
//! A portfolio is free text (*assessora alla scuola e alle politiche giovanili*); its words choose themes from a list that
//! most Italian municipalities would write much alike. What fits no theme becomes one of its own, by its own words. All of
//! it is a beginning: each theme is an ordinary watch that the office changes as it likes.

use salastampa_text::fold;

/// A theme that is proposed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Theme {
    /// Name in files.
    pub(super) slug: String,
    /// As people see it.
    pub(super) name: String,
    /// What the press says about it, joined by OR; the town is added.
    pub(super) words: String,
}

/// Beginnings of the words that choose a theme; its slug, its name, what the press says about it.
const THEMES: &[(&[&str], &str, &str, &str)] = &[
    (
        &["lavori", "opere", "manutenzion", "infrastruttur", "patrimonio"],
        "lavori-pubblici",
        "Lavori pubblici",
        r#"cantiere OR "lavori pubblici" OR "opere pubbliche" OR asfaltatura OR marciapiede OR ponte OR ristrutturazione"#,
    ),
    (
        &["scuol", "scolastic", "istruzion", "educa", "giovan", "infanzia"],
        "scuola",
        "Scuola e giovani",
        r#"scuola OR asilo OR nido OR "mensa scolastica" OR studenti OR scuolabus OR "politiche giovanili""#,
    ),
    (
        &["ambient", "verde", "rifiut", "ecolog", "energ", "clima", "animali"],
        "ambiente",
        "Ambiente e verde",
        r#"rifiuti OR "verde pubblico" OR "raccolta differenziata" OR inquinamento OR depuratore OR alberi OR discarica"#,
    ),
    (
        &["turis", "cultur", "event", "manifestazion", "bibliotec", "muse"],
        "turismo-cultura",
        "Turismo e cultura",
        r#"turismo OR turisti OR museo OR biblioteca OR festival OR mostra OR teatro OR concerto"#,
    ),
    (
        &["social", "casa", "famigli", "anzian", "welfare", "disabil", "pari", "sanit", "salute"],
        "sociale",
        "Sociale, casa e salute",
        r#"anziani OR "servizi sociali" OR "politiche sociali" OR "case popolari" OR volontariato OR disabilità OR ospedale"#,
    ),
    (
        &["bilanci", "tribut", "finanz", "econom"],
        "bilancio",
        "Bilancio e tributi",
        r#"bilancio OR tributi OR Tari OR Imu OR addizionale OR "imposta di soggiorno""#,
    ),
    (
        &["mobilit", "traffic", "viabilit", "trasport", "parchegg"],
        "mobilita",
        "Mobilità",
        r#"traffico OR parcheggi OR autobus OR ciclabile OR viabilità OR "zona a traffico limitato" OR pendolari"#,
    ),
    (
        &["sicurezza", "polizia", "protezione", "legalit"],
        "sicurezza",
        "Sicurezza",
        r#""polizia locale" OR furti OR vandalismo OR spaccio OR "protezione civile" OR videosorveglianza"#,
    ),
    (
        &["urbanistic", "edilizi", "territorio", "rigenerazion"],
        "urbanistica",
        "Urbanistica e territorio",
        r#"urbanistica OR "piano di governo del territorio" OR "piano regolatore" OR edilizia OR "area dismessa""#,
    ),
    (
        &["commerci", "attivita", "lavoro", "artigian", "agricol", "impres", "mercat"],
        "lavoro-commercio",
        "Lavoro e commercio",
        r#"commercianti OR negozi OR mercato OR artigiani OR occupazione OR licenziamenti OR imprese"#,
    ),
    (
        &["sport", "impianti"],
        "sport",
        "Sport e impianti",
        r#"palazzetto OR palestra OR piscina OR "impianti sportivi""#,
    ),
];

/// Words in which a portfolio is spoken of, before what it is about.
const BEFORE: &[&str] = &[
    "assessore",
    "assessora",
    "vicesindaco",
    "vicesindaca",
    "delegato",
    "delegata",
    "consigliere",
    "consigliera",
    "con",
    "delega",
    "deleghe",
    "a",
    "al",
    "allo",
    "alla",
    "all",
    "ai",
    "agli",
    "alle",
    "e",
    "ed",
    "di",
    "del",
    "della",
    "dei",
    "delle",
    "politiche",
];

/// The themes of a portfolio, in the order of the list; one of its own words where none fits.
pub(super) fn themes_of(portfolio: &str) -> Vec<Theme> {
    let folded = fold(portfolio);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_chosen = |stems: &[&str]| words.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    let chosen: Vec<Theme> = THEMES
        .iter()
        .filter(|(stems, ..)| is_chosen(stems))
        .map(|(_, slug, name, words)| theme(slug, name, words))
        .collect();
    if !chosen.is_empty() {
        return chosen;
    }
    // the words of the portfolio itself, without how it is spoken of
    let own: Vec<&str> = portfolio
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 1 && !BEFORE.contains(&fold(word).as_str()))
        .collect();
    match own.is_empty() {
        true => Vec::new(),
        false => {
            let name = capital(&own.join(" "));
            let quoted: Vec<String> = own.iter().map(|word| format!("\"{word}\"")).collect();
            vec![theme(&slug(&name), &name, &quoted.join(" OR "))]
        }
    }
}

/// The theme that every office has, whoever its assessors are.
pub(super) fn public_works() -> Theme {
    let (_, slug, name, words) = THEMES[0];
    theme(slug, name, words)
}

/// A name in files: a-z, 0-9 and dashes.
pub(super) fn slug(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-").chars().take(60).collect::<String>().trim_matches('-').to_lowercase()
}

/// With a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn theme(slug: &str, name: &str, words: &str) -> Theme {
    Theme { slug: slug.to_owned(), name: name.to_owned(), words: words.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portfolio_chooses_its_themes_by_its_words() {
        for (portfolio, expected) in [
            ("Assessora alla scuola e alle politiche giovanili", vec!["scuola"]),
            ("assessore ai LAVORI PUBBLICI e alla mobilità", vec!["lavori-pubblici", "mobilita"]),
            ("Vicesindaco, bilancio", vec!["bilancio"]),
            ("Assessora ai gemellaggi", vec!["gemellaggi"]),
            ("assessore", vec![]),
        ] {
            let slugs: Vec<String> = themes_of(portfolio).into_iter().map(|theme| theme.slug).collect();
            assert_eq!(slugs, expected, "{portfolio}");
        }
    }

    #[test]
    fn names_become_names_in_files() {
        assert_eq!(slug("Niccolò D'Àngelo  De' Rossi"), "niccolo-d-angelo-de-rossi");
        assert_eq!(capital("è sera"), "È sera");
    }
}
