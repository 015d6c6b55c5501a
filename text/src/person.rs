//! Names of people as bylines and address books have them: `di Rita Melzi`, `MELZI, Rita`, `Rita Melzi e Ugo Bassi`.
//!
//! Two of them are the same name when their words are the same, whatever the order, case, accents and signs. Whether they
//! are the same person no name can say. Left out: initials and single words, which are too many people's.

use crate::fold::fold;

/// Words before a name in a byline.
const BEFORE: &[&str] = &["di", "by", "a", "cura", "da", "testo", "testi", "foto", "video", "servizio", "from"];
/// Words between two names.
const BETWEEN: &[&str] = &["e", "ed", "and", "con", "with"];
/// A name of more words is a sentence.
const LONGEST: usize = 6;

/// One name for all spellings of a name; `None` where it is no name of a person with at least two words.
pub fn person_key(name: &str) -> Option<String> {
    key(&words(name))
}

/// The names of a byline, in the same form, each once.
pub fn byline_keys(byline: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut add = |key: Option<String>| {
        if let Some(key) = key.filter(|key| !keys.contains(key)) {
            keys.push(key);
        }
    };
    for part in byline.split([';', '/', '|', '\n', '(', ')']) {
        let commas: Vec<Vec<String>> = part.split(',').map(words).collect();
        // `Melzi, Rita` is one name; `Rita Melzi, Ugo Bassi` are two
        let groups = match commas.as_slice() {
            [family, given] if family.len() == 1 && given.len() <= 2 => vec![[family.clone(), given.clone()].concat()],
            _ => commas,
        };
        for group in groups {
            for name in group.split(|word| BETWEEN.contains(&word.as_str())) {
                let from = name.iter().take_while(|word| BEFORE.contains(&word.as_str())).count();
                add(key(&name[from..]));
            }
        }
    }
    keys
}

fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn key(words: &[String]) -> Option<String> {
    let is_name = words.len() <= LONGEST
        && words.iter().filter(|word| word.chars().count() > 1).count() >= 2
        && words.iter().all(|word| word.chars().all(char::is_alphabetic));
    is_name.then(|| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.join(" ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one_and_what_is_no_name_is_none() {
        for name in ["Rita Melzi", "MELZI Rita", "Melzi, Rita", " rita  mélzi "] {
            assert_eq!(person_key(name).as_deref(), Some("melzi rita"), "{name}");
        }
        assert_eq!(person_key("Élia D’Amico"), person_key("elia d'amico"));
        for name in
            ["", "Redazione", "R. M.", "r.m.", "Ansa2 Lago", "uno due tre quattro cinque sei sette", "…", "\u{0}"]
        {
            assert_eq!(person_key(name), None, "{name}");
        }
    }

    #[test]
    fn a_byline_gives_each_name_once() {
        for (byline, keys) in [
            ("di Rita Melzi", vec!["melzi rita"]),
            ("Rita Melzi e Ugo Bassi", vec!["melzi rita", "bassi ugo"]),
            ("Rita Melzi, Ugo Bassi", vec!["melzi rita", "bassi ugo"]),
            ("Melzi, Rita", vec!["melzi rita"]),
            ("by RITA MELZI; rita melzi", vec!["melzi rita"]),
            ("a cura di Rita Melzi (foto Ugo Bassi)", vec!["melzi rita", "bassi ugo"]),
            ("Redazione", vec![]),
            (",;/ e ,", vec![]),
        ] {
            assert_eq!(byline_keys(byline), keys, "{byline}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_byline_breaks_it(text in "\\PC*") {
            for key in byline_keys(&text) {
                proptest::prop_assert!(person_key(&key) == Some(key.clone()));
            }
        }
    }
}
