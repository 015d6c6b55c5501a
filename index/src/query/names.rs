//! The names that a query may speak of: outlets and watches.

use salastampa_domain::{Outlet, OutletId, Watch};
use salastampa_text::{distance, fold};

/// What `testata:` and `tema:` are looked up in.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Names {
    /// Every outlet.
    pub outlets: Vec<OutletName>,
    /// Every watch.
    pub watches: Vec<WatchName>,
}

/// An outlet as a query names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutletName {
    /// The number.
    pub id: OutletId,
    /// Name in files.
    pub slug: String,
    /// As readers know it.
    pub name: String,
    /// Its weight for the office, 1 first: the order of answers by outlet.
    pub rank: u8,
}

/// A watch as a query names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WatchName {
    /// Name in files.
    pub slug: String,
    /// As people see it.
    pub name: String,
    /// Its query text.
    pub query: String,
}

/// What a look-up gave.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Found<T> {
    /// This one.
    One(T),
    /// Several begin so; the first of them.
    Several(String),
    /// None; the nearest in spelling.
    None(Option<String>),
}

impl Names {
    /// The names of these outlets and watches.
    pub fn new(outlets: &[Outlet], watches: &[Watch]) -> Self {
        let outlet = |o: &Outlet| OutletName { id: o.id, slug: o.slug.clone(), name: o.name.clone(), rank: o.tier };
        let watch = |w: &Watch| WatchName { slug: w.slug.clone(), name: w.name.clone(), query: w.query.clone() };
        Self { outlets: outlets.iter().map(outlet).collect(), watches: watches.iter().map(watch).collect() }
    }

    /// The outlet of that name or slug: folded, whole, or else the only one that begins so.
    pub(crate) fn outlet(&self, name: &str) -> Found<OutletId> {
        find(name, self.outlets.iter().map(|o| (o.id, o.slug.as_str(), o.name.as_str())))
    }

    /// The watch of that name or slug, likewise.
    pub(crate) fn watch(&self, name: &str) -> Found<&WatchName> {
        find(name, self.watches.iter().map(|w| (w, w.slug.as_str(), w.name.as_str())))
    }
}

fn find<'a, T: Clone>(name: &str, all: impl Iterator<Item = (T, &'a str, &'a str)>) -> Found<T> {
    let wanted = key(name);
    let mut beginning: Vec<(T, &str)> = Vec::new();
    let mut near: Option<(usize, &str)> = None;
    for (found, slug, full) in all {
        let (slug_key, full_key) = (key(slug), key(full));
        if wanted == slug_key || wanted == full_key {
            return Found::One(found);
        }
        if !wanted.is_empty() && (full_key.starts_with(&wanted) || slug_key.starts_with(&wanted)) {
            beginning.push((found, full));
        } else {
            let edits = distance(&wanted, &full_key).min(distance(&wanted, &slug_key));
            if edits <= allowed(&wanted) && near.is_none_or(|(least, _)| edits < least) {
                near = Some((edits, full));
            }
        }
    }
    match (beginning.len(), beginning.into_iter().next()) {
        (1, Some((found, _))) => Found::One(found),
        (_, Some((_, full))) => Found::Several(full.to_owned()),
        (_, None) => Found::None(near.map(|(_, full)| full.to_owned())),
    }
}

/// Two spellings of a name have one key: no case, no accents, no punctuation.
fn key(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Slips of the pen that still mean a word of this length.
pub(crate) fn allowed(word: &str) -> usize {
    match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlets_are_found_as_people_call_them() {
        let outlet =
            |id, slug: &str, name: &str| OutletName { id: OutletId(id), slug: slug.into(), name: name.into(), rank: 1 };
        let names = Names {
            outlets: vec![
                outlet(1, "il-lago", "Il Lago di Bellariva"),
                outlet(2, "radio", "Radio Più"),
                outlet(3, "radio-2", "Radio Due"),
            ],
            watches: Vec::new(),
        };
        assert_eq!(names.outlet("il lago di BELLARIVA"), Found::One(OutletId(1)));
        assert_eq!(names.outlet("il-lago"), Found::One(OutletId(1)));
        assert_eq!(names.outlet("radio piu"), Found::One(OutletId(2)));
        assert_eq!(names.outlet("radio"), Found::One(OutletId(2)));
        assert_eq!(names.outlet("Radi"), Found::Several("Radio Più".into()));
        assert_eq!(names.outlet("Radio Deu"), Found::None(Some("Radio Due".into())));
        assert_eq!(names.outlet("Gazzetta"), Found::None(None));
        assert_eq!(names.outlet(""), Found::None(None));
    }
}
