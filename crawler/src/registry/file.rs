//! The whole file: its two lists, and what holds between their entries.

use super::entry::{Entry, Mistake, nearest, shown};
use super::{OutletDecl, Registry, SourceDecl, line_of, outlet, source};
use std::collections::BTreeMap;
use toml::de::DeTable;

/// The largest file that is read, in bytes.
const CAP: usize = 4 << 20;

/// Reads what can be read and lists everything that is wrong.
pub(super) fn read(text: &str) -> (Registry, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    if text.len() > CAP {
        mistakes.push(Mistake::new(0, "il file è troppo grande", "dividerlo o togliere voci: il limite è 4 MB"));
        return (Registry::default(), mistakes);
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        let message = format!("questa riga non è TOML valido ({})", error.message().replace('\n', ", "));
        mistakes.push(Mistake::new(at, message, "controllare virgolette, parentesi e segni di uguale"));
    }
    if !mistakes.is_empty() {
        // what stands behind a broken line may belong elsewhere: telling more would mislead
        return (Registry::default(), mistakes);
    }
    let root = root.get_ref();
    known_lists(root, &mut mistakes);
    let mut registry = Registry::default();
    for (table, at) in entries(root, "outlet", &mut mistakes) {
        if let Some(outlet) = outlet::read(Entry::new("[[outlet]]", table, at, &mut mistakes)) {
            registry.outlets.push(OutletDecl { outlet, line: line_of(text, at) });
        }
    }
    // an outlet with a mistake in it is one all the same: its sources are not at fault
    let outlets: Vec<&str> = ids(root, "outlet").into_iter().map(|(id, _)| id).collect();
    for (table, at) in entries(root, "source", &mut mistakes) {
        if let Some((source, outlet, note)) = source::read(Entry::new("[[source]]", table, at, &mut mistakes), &outlets)
        {
            registry.sources.push(SourceDecl { source, outlet, note, line: line_of(text, at) });
        }
    }
    for list in ["outlet", "source"] {
        unique(text, &ids(root, list), &mut mistakes);
    }
    (registry, mistakes)
}

fn known_lists(root: &DeTable<'_>, mistakes: &mut Vec<Mistake>) {
    for key in root.keys() {
        let name: &str = key.get_ref();
        if matches!(name, "outlet" | "source") {
            continue;
        }
        let remedy = match nearest(name, ["outlet", "source"].into_iter()) {
            Some(word) => format!("forse [[{word}]]?"),
            None => "nel file ci sono solo [[outlet]] e [[source]]".into(),
        };
        mistakes.push(Mistake::new(key.span().start, format!("«{}» non è previsto", shown(name)), remedy));
    }
}

/// The tables of one list, with their places.
fn entries<'a>(root: &'a DeTable<'a>, name: &str, mistakes: &mut Vec<Mistake>) -> Vec<(&'a DeTable<'a>, usize)> {
    let Some(list) = root.get(name) else { return Vec::new() };
    let wrong =
        |at| Mistake::new(at, format!("«{name}» non è un elenco"), format!("scrivere [[{name}]] con due parentesi"));
    let Some(array) = list.get_ref().as_array() else {
        mistakes.push(wrong(list.span().start));
        return Vec::new();
    };
    let mut tables = Vec::new();
    for value in array.iter() {
        match value.get_ref().as_table() {
            Some(table) => tables.push((table, value.span().start)),
            None => mistakes.push(wrong(value.span().start)),
        }
    }
    tables
}

/// The ids of one list as they are written, with their places, also of entries that have mistakes.
fn ids<'a>(root: &'a DeTable<'a>, name: &str) -> Vec<(&'a str, usize)> {
    let array = root.get(name).and_then(|list| list.get_ref().as_array());
    array
        .into_iter()
        .flat_map(|array| array.iter())
        .filter_map(|value| {
            let id = value.get_ref().as_table()?.get("id")?;
            Some((id.get_ref().as_str()?, id.span().start))
        })
        .collect()
}

fn unique(text: &str, ids: &[(&str, usize)], mistakes: &mut Vec<Mistake>) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, at) in ids {
        match first.get(id) {
            Some(before) => mistakes.push(Mistake::new(
                *at,
                format!("«id» doppio: «{}» c'è già alla riga {}", shown(id), line_of(text, *before)),
                "dare a ogni voce un id suo",
            )),
            None => drop(first.insert(id, *at)),
        }
    }
}
