//! The bookmarks of a PDF and the places they lead to (ISO 32000-1, 12.3.2 destinations, 12.3.3 outline).
//!
//! The tree is foreign: it may turn back to itself, be as deep or as long as it likes, and lead nowhere. Each entry is
//! looked at once, to a depth and a number; what cannot be followed has no page, and is kept, so that it can be told.
//! Left out: bookmarks that lead to other files or to the web, which have no page here either.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as Bytes};
use std::collections::{HashMap, HashSet};

/// Most bookmarks that are looked at.
const MOST: usize = 2_000;
/// Deepest one.
const DEEPEST: usize = 8;
/// Longest title, in characters.
const TITLE: usize = 300;
/// Most named places, and the deepest branch of their tree.
const NAMES: (usize, usize) = (50_000, 16);

/// A bookmark.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Bookmark {
    /// The titles of those above it, the outermost first.
    pub(super) above: Vec<String>,
    pub(super) title: String,
    /// It has others below it.
    pub(super) is_section: bool,
    /// Where it leads, if to a page of this file.
    pub(super) place: Option<Place>,
}

/// A place on a page.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Place {
    /// From 0.
    pub(super) page: usize,
    /// Its left upper corner, in the page's own units from its lower left corner; absent for the page as a whole.
    pub(super) at: Option<(f64, f64)>,
}

/// The bookmarks in their order, and whether there were more.
pub(super) fn bookmarks(pdf: &Pdf) -> (Vec<Bookmark>, bool) {
    let mut found = Vec::new();
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let first = catalog.as_ref().and_then(|catalog| catalog.get::<Dict<'_>>("Outlines")?.get::<Dict<'_>>("First"));
    let (Some(catalog), Some(first)) = (catalog, first) else { return (found, false) };
    let pages = pdf.pages().iter().enumerate();
    let pages: HashMap<_, _> = pages.filter_map(|(at, page)| Some((page.raw().obj_id()?, at))).collect();
    let places = Places { pages, count: pdf.pages().len(), names: names(&catalog) };
    let mut seen: HashSet<ObjectIdentifier> = HashSet::new();
    let mut above: Vec<String> = Vec::new();
    let mut cut = false;
    let mut open = vec![(first, 0)];
    while let Some((entry, depth)) = open.pop() {
        if !entry.obj_id().is_none_or(|id| seen.insert(id)) {
            continue;
        }
        if found.len() >= MOST {
            return (found, true);
        }
        let title = entry.get::<Bytes<'_>>("Title");
        let title = title.map(|title| words(title.as_bytes())).unwrap_or_default();
        let below = entry.get::<Dict<'_>>("First");
        above.truncate(depth);
        found.push(Bookmark {
            above: above.clone(),
            title: title.clone(),
            is_section: below.is_some(),
            place: places.of(&entry),
        });
        above.push(title);
        if let Some(next) = entry.get::<Dict<'_>>("Next") {
            open.push((next, depth));
        }
        match below {
            Some(below) if depth < DEEPEST => open.push((below, depth + 1)),
            below => cut |= below.is_some(),
        }
    }
    (found, cut)
}

/// What is needed to find a place.
struct Places<'a> {
    pages: HashMap<ObjectIdentifier, usize>,
    count: usize,
    names: HashMap<Vec<u8>, Array<'a>>,
}

impl<'a> Places<'a> {
    fn of(&self, entry: &Dict<'a>) -> Option<Place> {
        let by_action = || {
            let action = entry.get::<Dict<'_>>("A")?;
            (action.get::<Name<'_>>("S")?.as_ref() == b"GoTo").then(|| action.get::<Object<'_>>("D"))?
        };
        match entry.get::<Object<'_>>("Dest").or_else(by_action)? {
            Object::Array(place) => self.read(&place),
            Object::String(name) => self.read(self.names.get(name.as_bytes())?),
            Object::Name(name) => self.read(self.names.get(name.as_ref())?),
            _ => None,
        }
    }

    /// `[page /XYZ left top zoom]` and its kin.
    fn read(&self, place: &Array<'a>) -> Option<Place> {
        let page = match place.raw_iter().next()? {
            MaybeRef::Ref(page) => self.pages.get(&page.into()).copied()?,
            // by number, as some programs write it although it is meant for other files
            MaybeRef::NotRef(page) => {
                let page = page.into_number()?.as_i64();
                usize::try_from(page).ok().filter(|page| *page < self.count)?
            }
        };
        let rest: Vec<Object<'_>> = place.iter::<Object<'_>>().skip(1).take(5).collect();
        let number = |at: usize| {
            let number = rest.get(at)?.clone().into_number()?.as_f64();
            number.is_finite().then_some(number)
        };
        let kind = rest.first().and_then(|kind| kind.clone().into_name());
        let at = match kind.as_ref().map(|kind| kind.as_str()) {
            Some("XYZ") => number(2).map(|top| (number(1).unwrap_or(0.0), top)),
            Some("FitH" | "FitBH") => number(1).map(|top| (0.0, top)),
            Some("FitR") => number(1).zip(number(4)),
            _ => None,
        };
        Some(Place { page, at })
    }
}

/// The places that have a name: those of the old dictionary and those of the tree.
fn names<'a>(catalog: &Dict<'a>) -> HashMap<Vec<u8>, Array<'a>> {
    let place = |value: Object<'a>| match value {
        Object::Array(place) => Some(place),
        Object::Dict(dict) => dict.get::<Array<'a>>("D"),
        _ => None,
    };
    let mut found = HashMap::new();
    if let Some(old) = catalog.get::<Dict<'a>>("Dests") {
        for name in old.keys().take(NAMES.0) {
            if let Some(at) = old.get::<Object<'a>>(name.as_ref()).and_then(place) {
                found.insert(name.as_ref().to_vec(), at);
            }
        }
    }
    let mut seen: HashSet<ObjectIdentifier> = HashSet::new();
    let mut open: Vec<(Dict<'a>, usize)> = Vec::new();
    open.extend(catalog.get::<Dict<'a>>("Names").and_then(|names| names.get::<Dict<'a>>("Dests")).map(|top| (top, 0)));
    while let Some((node, depth)) = open.pop() {
        if let Some(pairs) = node.get::<Array<'a>>("Names") {
            let mut pairs = pairs.flex_iter();
            while let Some(name) = pairs.next::<Bytes<'a>>() {
                let Some(value) = pairs.next::<Object<'a>>() else { break };
                if found.len() >= NAMES.0 {
                    return found;
                }
                if let Some(at) = place(value) {
                    found.insert(name.as_bytes().to_vec(), at);
                }
            }
        }
        if depth < NAMES.1
            && let Some(kids) = node.get::<Array<'a>>("Kids")
        {
            for kid in kids.iter::<Dict<'a>>().take(NAMES.0) {
                // one that is its own kid
                if kid.obj_id().is_none_or(|id| seen.insert(id)) && open.len() < NAMES.0 {
                    open.push((kid, depth + 1));
                }
            }
        }
    }
    found
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 where it says so, else PDFDocEncoding.
fn words(bytes: &[u8]) -> String {
    let pairs = |rest: &[u8], of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => pairs(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => pairs(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| document_character(*byte)).collect(),
    };
    let text: String = text.chars().map(super::cleaned).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TITLE).collect()
}

/// PDFDocEncoding (ISO 32000-1, annex D.2): Latin-1 but for two rows.
fn document_character(byte: u8) -> char {
    const ACCENTS: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const SIGNS: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ', 'Ł',
        'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', ' ', '€',
    ];
    match byte {
        0x18..=0x1f => ACCENTS[usize::from(byte - 0x18)],
        0x80..=0xa0 => SIGNS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_read_in_all_three_encodings() {
        assert_eq!(words(b"Citt\xe0 \x84 il \x8dponte\x8e"), "Città — il “ponte”");
        assert_eq!(words(&[0xfe, 0xff, 0, b'C', 0, 0xe8, 0x20, 0xac]), "Cè€");
        assert_eq!(words("\u{feff}Perché\u{7}  no".as_bytes()), "Perché no");
        assert_eq!(words(&[0xfe, 0xff, 0xd8, 0x00, 0]), "\u{fffd}");
    }
}
