//! What an answer falls into: kinds of outlet, outlets, their sections, watches; each with the number that its click gives.
//!
//! The first three are summed from the counts of the search itself. What a watch finds is no column of the archive: it
//! is its query asked together with this one, once for each watch, and so only when somebody opens that list.

use super::{Asked, LONGEST_LINK};
use crate::answer::Error;
use crate::desk::session::Desk;
use crate::desk::sources::{KINDS, outlet_kind};
use salastampa_domain::{Outlet, OutletKind, Page, Query, Watch};
use salastampa_index::{Archive, Hits, Names, SearchError};
use salastampa_locale::{fill, number, plural};

/// Outlets that are named beside the answer before *altre testate*, and in all.
const OUTLETS: usize = 10;
const MOST_OUTLETS: usize = 100;
/// Watches that are counted for one page, those that weigh most on the first: each is a search of its own.
const WATCHES: usize = 60;

/// A part of the answer with its number and the address of it alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Facet {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) count: String,
}

/// The parts that are counted with every search.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Facets {
    pub(super) kinds: Vec<Facet>,
    pub(super) outlets: Vec<Facet>,
    pub(super) more_outlets: Vec<Facet>,
    pub(super) sections: Vec<Facet>,
}

/// How many each watch finds of the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct WatchCounts {
    pub(super) facets: Vec<Facet>,
    /// How many of the watches that were asked find nothing of it.
    pub(super) without: Option<String>,
    /// Which of the watches were asked, where that is not all of them.
    pub(super) asked: Option<String>,
    /// Where the watches before and behind these are counted: address and words.
    pub(super) others: Vec<(String, String)>,
}

/// The kind of that name in an address.
pub(super) fn kind(name: &str) -> Option<OutletKind> {
    KINDS.iter().find(|(other, _)| *other == name).map(|(_, kind)| *kind)
}

/// Whether watches may be counted beside this search: a search of one watch has nothing to choose, and an address of
/// four thousand letters is not put down sixty times.
pub(super) fn may_count(asked: &Asked) -> bool {
    asked.tema.is_empty() && !asked.counts_watches() && asked.q.len() <= LONGEST_LINK
}

impl Facets {
    pub(super) fn new(desk: &Desk, asked: &Asked, hits: &Hits, outlets: &[Outlet]) -> Self {
        let mut counted: Vec<(&Outlet, u64)> = hits
            .by_outlet
            .iter()
            .filter_map(|(id, n)| Some((outlets.iter().find(|outlet| outlet.id == *id)?, *n)))
            .collect();
        counted.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.name.cmp(&b.name)));
        let most = if asked.q.len() > LONGEST_LINK { OUTLETS } else { MOST_OUTLETS };
        let named = |(outlet, n): &(&Outlet, u64)| {
            let part = Asked { testata: outlet.slug.clone(), ..asked.clone() };
            facet(desk, outlet.name.clone(), part, *n)
        };
        let mut facets: Vec<Facet> = counted.iter().take(most).map(named).collect();
        let more_outlets = facets.split_off(facets.len().min(OUTLETS));
        let (outlets, more_outlets) = match asked.testata.is_empty() {
            true => (facets, more_outlets),
            false => Default::default(),
        };
        Self { kinds: kinds(desk, asked, &counted), outlets, more_outlets, sections: sections(desk, asked, hits) }
    }
}

/// The kinds of the outlets, the largest first; none where there is nothing to choose.
fn kinds(desk: &Desk, asked: &Asked, counted: &[(&Outlet, u64)]) -> Vec<Facet> {
    if !asked.tipo.is_empty() || !asked.testata.is_empty() {
        return Vec::new();
    }
    let sum = |kind: OutletKind| counted.iter().filter(|(outlet, _)| outlet.kind == kind).map(|(_, n)| n).sum::<u64>();
    let mut sums: Vec<_> =
        KINDS.iter().map(|(name, kind)| (*name, *kind, sum(*kind))).filter(|one| one.2 > 0).collect();
    if sums.len() < 2 {
        return Vec::new();
    }
    sums.sort_by_key(|(.., n)| std::cmp::Reverse(*n));
    let named = |(name, kind, n): (&str, OutletKind, u64)| {
        facet(desk, capital(outlet_kind(kind, desk.lang)), Asked { tipo: name.to_owned(), ..asked.clone() }, n)
    };
    sums.into_iter().map(named).collect()
}

/// The sections of the outlets that the answer falls into, the largest first; none where there is nothing to choose.
fn sections(desk: &Desk, asked: &Asked, hits: &Hits) -> Vec<Facet> {
    let mut named: Vec<&(String, u64)> = hits.by_rubric.iter().filter(|(name, _)| !name.is_empty()).collect();
    if !asked.sezione.is_empty() || named.is_empty() || asked.q.len() > LONGEST_LINK {
        return Vec::new();
    }
    named.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    let part =
        |(name, n): &(String, u64)| facet(desk, capital(name), Asked { sezione: name.clone(), ..asked.clone() }, *n);
    named.into_iter().take(OUTLETS).map(part).collect()
}

/// How many each living watch of a page finds of what `query` finds, the largest first.
pub(super) async fn by_watch(
    desk: &Desk,
    archive: &dyn Archive,
    asked: &Asked,
    query: &Query,
    (outlets, watches): (&[Outlet], &[Watch]),
) -> Result<WatchCounts, Error> {
    let names = Names::new(outlets, watches);
    let mut living: Vec<&Watch> = watches.iter().filter(|watch| watch.retired_at.is_none()).collect();
    living.sort_by_cached_key(|watch| (std::cmp::Reverse(watch.weight), watch.name.to_lowercase()));
    let all = living.len();
    // a page behind the last one is the last
    let page = asked.watch_page().unwrap_or(1).min(all.div_ceil(WATCHES)).max(1);
    let from = (page - 1) * WATCHES;
    let living: Vec<&Watch> = living.into_iter().skip(from).take(WATCHES).collect();
    let to = from + living.len();
    let (mut found, mut without) = (Vec::new(), 0);
    for watch in living {
        let part = Asked { tema: watch.slug.clone(), conta: String::new(), dopo: String::new(), ..asked.clone() };
        // the very question of the page behind the click, without its articles
        let Ok(question) = part.query(outlets) else { continue };
        let page = Page { size: 0, after: None };
        let question = Query { only: query.only.clone(), counts: false, page, ..question };
        match archive.search(&question, &names, desk.now).await {
            Ok(hits) if hits.total == 0 => without += 1,
            Ok(hits) => found.push((watch, part, hits.total)),
            // a watch that names what is gone finds nothing, and its own page says why
            Err(SearchError::Query(_)) => without += 1,
            Err(other) => return Err(other.into()),
        }
    }
    found.sort_by(|(a, _, n), (b, _, m)| m.cmp(n).then_with(|| a.name.cmp(&b.name)));
    let said = |key, n| (n > 0).then(|| plural(desk.lang, key, n));
    let n = |n: usize| number::whole(i64::try_from(n).unwrap_or(i64::MAX), desk.lang);
    let (first, last, count) = (n(from + 1), n(to), n(all));
    let mut others = Vec::new();
    let link = |page| desk.href(&format!("{}#per-tema", asked.with_watches(page).path()));
    if page > 1 {
        others.push((link(page - 1), plural(desk.lang, "archive.watches_before", WATCHES)));
    }
    if to < all {
        others.push((link(page + 1), plural(desk.lang, "archive.watches_next", (all - to).min(WATCHES))));
    }
    Ok(WatchCounts {
        facets: found.into_iter().map(|(watch, part, n)| facet(desk, watch.name.clone(), part, n)).collect(),
        without: said("archive.watches_without", without),
        asked: (all > WATCHES)
            .then(|| fill(desk.lang, "archive.watches_asked", &[("first", &first), ("last", &last), ("n", &count)])),
        others,
    })
}

fn facet(desk: &Desk, name: String, part: Asked, n: u64) -> Facet {
    let count = number::whole(i64::try_from(n).unwrap_or(i64::MAX), desk.lang);
    Facet { name, count, href: desk.href(&Asked { dopo: String::new(), ..part }.path()) }
}

/// A folded name as a heading writes it.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
impl Facets {
    /// Parts of an answer of an invented town.
    pub(super) fn sample() -> Self {
        let one = |name: &str| Facet { name: name.into(), href: "?testata=x".into(), count: "12".into() };
        Self {
            kinds: vec![one("Agenzia"), one("Testata online")],
            outlets: vec![one("Il <Lago>"), one("Eco")],
            more_outlets: vec![one("Radio")],
            sections: vec![one("Cronaca <x>")],
        }
    }
}

#[cfg(test)]
impl WatchCounts {
    /// Two watches of many.
    pub(super) fn sample(lang: salastampa_locale::Lang) -> Self {
        let one = |name: &str| Facet { name: name.into(), href: "?tema=x".into(), count: "3".into() };
        Self {
            facets: vec![one("Ponte & <lungolago>"), one("Scuole")],
            without: Some(plural(lang, "archive.watches_without", 4)),
            asked: Some(fill(lang, "archive.watches_asked", &[("first", "61"), ("last", "120"), ("n", "140")])),
            others: vec![
                ("?conta=temi".into(), plural(lang, "archive.watches_before", WATCHES)),
                ("?conta=temi-3".into(), plural(lang, "archive.watches_next", 20)),
            ],
        }
    }
}
