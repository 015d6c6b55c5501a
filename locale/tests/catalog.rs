//! The catalogue against itself and against the sources that ask for its words.

use salastampa_locale::{Lang, words::catalogue};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[test]
fn both_languages_have_the_same_keys() {
    let keys = |lang| catalogue(lang).keys().cloned().collect::<BTreeSet<_>>();
    let (it, en) = (keys(Lang::It), keys(Lang::En));
    let lonely: Vec<_> = it.symmetric_difference(&en).collect();
    assert!(lonely.is_empty(), "in one language only: {lonely:?}");
}

#[test]
fn both_languages_fill_the_same_names() {
    for (key, sentence) in catalogue(Lang::It) {
        let other = &catalogue(Lang::En)[key];
        assert_eq!(names(sentence), names(other), "{key}");
        assert!(!sentence.trim().is_empty() && !other.trim().is_empty(), "{key} is empty");
    }
}

#[test]
fn a_plural_has_both_its_forms() {
    for key in catalogue(Lang::It).keys() {
        for (form, twin) in [(".one", ".other"), (".other", ".one")] {
            if let Some(stem) = key.strip_suffix(form) {
                assert!(catalogue(Lang::It).contains_key(&format!("{stem}{twin}")), "{key} has no {twin}");
            }
        }
    }
}

#[test]
fn every_key_that_is_asked_for_exists() {
    let words = catalogue(Lang::It);
    let mut missing = BTreeMap::new();
    for file in sources() {
        for (asked, key) in asked_for(&std::fs::read_to_string(&file).unwrap_or_default()) {
            let there = match asked {
                Asked::Sentence => words.contains_key(&key),
                Asked::Plural => words.contains_key(&format!("{key}.one")),
            };
            if !there {
                missing.insert(key, file.clone());
            }
        }
    }
    assert!(missing.is_empty(), "no words for {missing:#?}");
}

#[test]
fn the_search_for_keys_sees_calls_and_nothing_else() {
    let text = r#"
        t(lang, "digest.title"); fill(self.lang, "a.b_c", &[]) plural( Lang::It,
            "a.many", 3) {{ t("web.skip") }} at("no.key") t(lang, key) let x = "not.asked"; t(lang, "no key")
        format!("{}", t(lang, key), plural(lang, "a.few", 2))
        fill(lang(), &format!("a.{x}"), &[])"#;
    let found: Vec<_> = asked_for(text).into_iter().map(|(_, key)| key).collect();
    assert_eq!(found, ["digest.title", "a.b_c", "a.many", "web.skip", "a.few"]);
}

#[derive(PartialEq, Eq, Debug)]
enum Asked {
    Sentence,
    Plural,
}

/// The literal keys in calls of `t`, `fill` and `plural`: a call with a key made at run time is not seen.
fn asked_for(text: &str) -> Vec<(Asked, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('(') {
        let name_starts = text[..at].rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |i| i + 1);
        let asked = match text.get(name_starts..at) {
            Some("t" | "fill") => Asked::Sentence,
            Some("plural") => Asked::Plural,
            _ => continue,
        };
        // what may stand before the key: an expression for the language, which has no comma and closes what it opens
        let inside = text[at + 1..].trim_start();
        let rest = match inside.split_once(',') {
            Some((lang, rest)) if !lang.contains('"') && lang.matches('(').count() == lang.matches(')').count() => rest,
            _ => inside,
        };
        let Some((key, _)) = rest.trim_start().strip_prefix('"').and_then(|r| r.split_once('"')) else { continue };
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if key.contains('.') && key.split('.').all(|part| !part.is_empty() && part.chars().all(letters)) {
            found.push((asked, key.to_owned()));
        }
    }
    found
}

fn names(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

/// The files of the workspace that may ask for words: Rust sources and templates, this crate aside.
fn sources() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own.parent().expect("the crate lies in the workspace");
    let mut folders: Vec<PathBuf> = vec![root.join("src")];
    for entry in std::fs::read_dir(root).expect("the workspace can be read").flatten() {
        if entry.path() != own {
            folders.extend([entry.path().join("src"), entry.path().join("templates")]);
        }
    }
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if matches!(path.extension().and_then(|e| e.to_str()), Some("rs" | "html" | "txt" | "typ" | "xml")) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
