//! Which outlet a name in a file means: as the person says, or as the office calls it. None is invented.

use crate::verbs::Usage;
use anyhow::Result;
use salastampa_crawler::key::host_key;
use salastampa_domain::{Outlet, OutletId};
use salastampa_locale::{Lang, fill, t};
use std::collections::{BTreeMap, HashMap};

/// So many unknown names are counted.
const MOST_UNKNOWN: usize = 1_000;

/// The outlets of the office, by what files call them.
pub(crate) struct Outlets {
    all: Vec<Outlet>,
    by_name: HashMap<String, OutletId>,
    by_host: HashMap<String, OutletId>,
    /// Holds for every row.
    pub(crate) whole: Option<OutletId>,
    /// Names that mean nothing, with the number of their rows.
    pub(crate) unknown: BTreeMap<String, u64>,
}

impl Outlets {
    /// The outlets, and what the person says of names: `NAME=ID`, an `ID` alone.
    pub(crate) fn new(all: Vec<Outlet>, said: &[String], lang: Lang) -> Result<Self> {
        let mut by_name: HashMap<String, OutletId> = HashMap::new();
        let mut by_host = HashMap::new();
        for outlet in &all {
            by_name.insert(folded(&outlet.name), outlet.id);
            by_name.insert(folded(&outlet.slug), outlet.id);
            if let Some(home) = outlet.home.as_deref().map(host_key).filter(|host| !host.is_empty()) {
                by_host.insert(home, outlet.id);
            }
        }
        let mut outlets = Self { all, by_name, by_host, whole: None, unknown: BTreeMap::new() };
        for line in said {
            // a name may hold the sign, an id cannot
            let (name, slug) = line.rsplit_once('=').map_or((None, line.as_str()), |(name, slug)| (Some(name), slug));
            let Some(outlet) = outlets.all.iter().find(|outlet| outlet.slug == slug.trim()) else {
                let why = match slug.trim().is_empty() {
                    true => t(lang, "import.wrong.outlet").to_owned(),
                    false => {
                        let args = [("name", slug.trim()), ("ids", &outlets.ids())];
                        fill(lang, "import.wrong.outlet_id", &args)
                    }
                };
                return Err(Usage(why).into());
            };
            match name {
                Some(name) => drop(outlets.by_name.insert(folded(name), outlet.id)),
                None => outlets.whole = Some(outlet.id),
            }
        }
        Ok(outlets)
    }

    /// The outlet of a row: by the name that it gives, or where it gives none by the site of its address. `None` for a
    /// name that nobody knows, which is counted.
    pub(crate) fn find(&mut self, name: &str, url: Option<&str>) -> Option<OutletId> {
        if self.whole.is_some() {
            return self.whole;
        }
        if name.is_empty() {
            return self.by_host.get(&host_key(url?)).copied();
        }
        let known = self.named(name);
        if known.is_none() {
            self.miss(name);
        }
        known
    }

    /// The outlet that a name means.
    pub(crate) fn named(&self, name: &str) -> Option<OutletId> {
        self.by_name.get(&folded(name)).filter(|_| name.chars().any(char::is_alphanumeric)).copied()
    }

    /// Counts a name that means nothing.
    pub(crate) fn miss(&mut self, name: &str) {
        if self.unknown.len() < MOST_UNKNOWN || self.unknown.contains_key(name) {
            *self.unknown.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// What the office calls an outlet.
    pub(crate) fn name(&self, id: OutletId) -> &str {
        self.all.iter().find(|outlet| outlet.id == id).map_or("", |outlet| &outlet.name)
    }

    /// The outlet that the words of a file's name or folder begin or end with, the longest name first.
    pub(crate) fn inside(&self, words: &str) -> Option<OutletId> {
        let words = format!("-{}-", folded(words));
        let mut names: Vec<(&String, &OutletId)> = self.by_name.iter().filter(|(name, _)| !name.is_empty()).collect();
        names.sort_by_key(|(name, _)| (std::cmp::Reverse(name.len()), (*name).clone()));
        self.whole
            .or_else(|| names.into_iter().find(|(name, _)| words.contains(&format!("-{name}-"))).map(|(_, id)| *id))
    }

    /// All of the office's.
    pub(crate) fn every(&self) -> impl Iterator<Item = OutletId> {
        self.all.iter().map(|outlet| outlet.id)
    }

    /// The ids by which a person maps.
    pub(crate) fn ids(&self) -> String {
        self.all.iter().map(|outlet| outlet.slug.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Two spellings of a name are one.
pub(crate) fn folded(name: &str) -> String {
    let folded = salastampa_text::fold(name).to_lowercase();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
