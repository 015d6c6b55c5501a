//! The catalogue: keys to sentences.
//!
//! The words are part of the program (a binary that lost its words cannot speak), parsed at the first use. A key that
//! is missing gives itself, which is ugly but loses nothing; a test finds it before a person does.

use crate::{Lang, number};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The sentence of a key, such as `digest.title`; the key itself where it is missing.
pub fn t(lang: Lang, key: &str) -> &str {
    catalogue(lang).get(key).map_or(key, String::as_str)
}

/// The sentence of a key with its `{names}` filled. A value is never filled again; a name without a value stays as it is.
pub fn fill(lang: Lang, key: &str, values: &[(&str, &str)]) -> String {
    let mut rest = t(lang, key);
    let mut out = String::with_capacity(rest.len() + 32);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let filled = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(n, _)| *n == name)?;
            Some((value, after))
        });
        match filled {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The sentence for so many things: `key.one` for exactly one, else `key.other`; `{n}` is the number, grouped.
pub fn plural(lang: Lang, key: &str, n: usize) -> String {
    let form = if n == 1 { "one" } else { "other" };
    let n = number::whole(i64::try_from(n).unwrap_or(i64::MAX), lang);
    fill(lang, &format!("{key}.{form}"), &[("n", &n)])
}

/// The files of the words, one for each part of the program: each holds the table of its name in every language.
macro_rules! parts {
    ($($part:literal),* $(,)?) => {
        [$(($part, include_str!(concat!("../words/it/", $part, ".toml")), include_str!(concat!("../words/en/", $part, ".toml")))),*]
    };
}

const PARTS: &[(&str, &str, &str)] = &parts![
    "acts",
    "archive",
    "common",
    "composer",
    "curation",
    "desk",
    "digest",
    "doctor",
    "dossier",
    "duration",
    "edition",
    "election",
    "export",
    "import",
    "keeping",
    "login",
    "newsroom",
    "notice",
    "pdf",
    "people",
    "person",
    "quality",
    "query",
    "recipient",
    "releases",
    "returned",
    "settings",
    "sources",
    "subscribe",
    "web",
    "weights",
];

/// Every key of a language with its sentence, in order of the keys.
pub fn catalogue(lang: Lang) -> &'static BTreeMap<String, String> {
    static IT: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    static EN: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let cell = match lang {
        Lang::It => &IT,
        Lang::En => &EN,
    };
    cell.get_or_init(|| {
        let mut flat = BTreeMap::new();
        for (part, it, en) in PARTS {
            let text = if lang == Lang::It { it } else { en };
            let tables: toml::Table = text.parse().expect("the words are embedded, and the tests parse them");
            assert!(
                tables.keys().all(|table| table == part),
                "words/{}/{part}.toml speaks for another part",
                lang.code()
            );
            flatten(&tables, "", &mut flat);
        }
        flat
    })
}

fn flatten(table: &toml::Table, prefix: &str, into: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(inner, &key, into),
            toml::Value::String(sentence) => {
                into.insert(key, sentence.clone());
            }
            other => {
                into.insert(key, other.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_once_and_unknown_ones_stay() {
        assert_eq!(fill(Lang::It, "common.at_hour", &[("date", "{time}"), ("time", "{n}")]), "{time}, ore {n}");
        assert_eq!(fill(Lang::It, "common.at_hour", &[("x", "y")]), "{date}, ore {time}");
        assert_eq!(fill(Lang::It, "no such {key", &[("key", "y")]), "no such {key");
    }

    #[test]
    fn one_thing_and_many_have_their_own_sentence() {
        for (n, it, en) in [
            (0, "0 testate", "0 outlets"),
            (1, "1 testata", "1 outlet"),
            (2, "2 testate", "2 outlets"),
            (1234, "1.234 testate", "1,234 outlets"),
        ] {
            assert_eq!(plural(Lang::It, "common.outlet", n), it);
            assert_eq!(plural(Lang::En, "common.outlet", n), en);
        }
    }

    #[test]
    fn a_missing_key_gives_itself() {
        assert_eq!(t(Lang::En, "common.nothing"), "common.nothing");
    }
}
