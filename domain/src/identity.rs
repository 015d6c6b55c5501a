//! Whether an item is one that is known: the ladder of identity.
//!
//! Same source and guid, same outlet and address, or same outlet, title and civil day, in that order. Feeds break each
//! rung: they repeat guids, number them anew, point every item to the home page, publish two reports of one title. So a
//! guid counts only where it tells items apart ([`settle`]), and not against everything else the item says. Left out:
//! looking the known ones up, which the store does; and merging across outlets, which is a matter of stories.

use std::collections::BTreeMap;

/// What an item of a window is known again by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemKey {
    /// The feed's identity of it, where that can be trusted. `http` and `https` are one.
    pub guid: Option<String>,
    /// The canonical form of its address.
    pub key: String,
    /// Hash of its folded title, if that has four words or more.
    pub title_key: Option<String>,
    /// Its civil day in Europe/Rome, in days since 1970-01-01.
    pub day: i64,
}

/// The part of a guid that counts: an address is the same by `http` and by `https`.
pub fn without_scheme(guid: &str) -> &str {
    match guid.split_once("://") {
        Some(("http" | "https", rest)) => rest,
        _ => guid,
    }
}

/// Whether two items of one source are one by their guid: not if address and title both differ and their days lie more
/// than one apart, for then the number was given anew.
pub fn is_same_by_guid(item: &ItemKey, known: &ItemKey) -> bool {
    let (Some(own), Some(other)) = (&item.guid, &known.guid) else { return false };
    let differs = item.key != known.key && item.title_key != known.title_key;
    without_scheme(own) == without_scheme(other) && !(differs && (item.day - known.day).abs() > 1)
}

/// Whether two items of one outlet are one by title and day.
pub fn is_same_by_title(item: &ItemKey, known: &ItemKey) -> bool {
    item.title_key.is_some() && item.title_key == known.title_key && item.day == known.day
}

/// Takes from the items of one window what does not tell them apart: a guid that several bear, and an address that
/// several share although they are not one. Items that stand together are never one by guid or title.
pub fn settle(window: &mut [ItemKey]) {
    let mut guids: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut keys: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, item) in window.iter().enumerate() {
        if let Some(guid) = &item.guid {
            guids.entry(without_scheme(guid).to_owned()).or_default().push(at);
        }
        keys.entry(item.key.clone()).or_default().push(at);
    }
    for group in keys.into_values().filter(|group| group.len() > 1) {
        let first = &window[group[0]];
        let are_one = group.iter().all(|at| !tells_apart(first, &window[*at]));
        if !are_one {
            for at in group {
                let item = &mut window[at];
                if let Some(own) = item.guid.as_ref().or(item.title_key.as_ref()) {
                    item.key = format!("{}#{own}", item.key);
                }
            }
        }
    }
    for group in guids.into_values().filter(|group| group.len() > 1) {
        let first = &window[group[0]].key;
        if group.iter().any(|at| window[*at].key != *first) {
            group.into_iter().for_each(|at| window[at].guid = None);
        }
    }
}

/// Whether two items of one address are two: by their titles, or where one has none that counts by their guids.
fn tells_apart(one: &ItemKey, other: &ItemKey) -> bool {
    match (&one.title_key, &other.title_key) {
        (Some(one), Some(other)) => one != other,
        _ => one.guid.is_some() && other.guid.is_some() && one.guid != other.guid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(guid: &str, key: &str, title: &str, day: i64) -> ItemKey {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        ItemKey { guid: some(guid), key: key.to_owned(), title_key: some(title), day }
    }

    #[test]
    fn a_guid_counts_unless_everything_else_speaks_against_it() {
        let known = item("http://lago.test/?p=1", "a", "t", 100);
        for (guid, key, title, day, expected) in [
            ("https://lago.test/?p=1", "a", "t", 100, true),
            ("http://lago.test/?p=1", "b", "t", 200, true),
            ("http://lago.test/?p=1", "a", "u", 200, true),
            ("http://lago.test/?p=1", "b", "u", 101, true),
            ("http://lago.test/?p=1", "b", "u", 102, false),
            ("http://lago.test/?p=2", "a", "t", 100, false),
            ("", "a", "t", 100, false),
        ] {
            assert_eq!(is_same_by_guid(&item(guid, key, title, day), &known), expected, "{guid} {key} {title} {day}");
        }
    }

    #[test]
    fn a_title_counts_on_its_day() {
        let known = item("1", "a", "t", 100);
        assert!(is_same_by_title(&item("2", "b", "t", 100), &known));
        assert!(!is_same_by_title(&item("2", "b", "t", 101), &known));
        assert!(!is_same_by_title(&item("2", "b", "", 100), &item("1", "a", "", 100)));
    }

    #[test]
    fn what_does_not_tell_items_apart_is_no_identity() {
        let mut repeated = [item("1", "a", "t", 1), item("1", "b", "u", 1), item("2", "c", "v", 1)];
        settle(&mut repeated);
        assert_eq!(repeated.map(|i| i.guid), [None, None, Some("2".to_owned())]);
        let mut home = [item("1", "home", "t", 1), item("2", "home", "u", 1), item("", "home", "v", 1)];
        settle(&mut home);
        assert_eq!(home.map(|i| i.key), ["home#1", "home#2", "home#v"]);
        let mut twice = [item("1", "a", "t", 1), item("1", "a", "t", 1), item("2", "a", "t", 1)];
        let before = twice.clone();
        settle(&mut twice);
        assert_eq!(twice, before, "one item that stands there several times");
    }
}
