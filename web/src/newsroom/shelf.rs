//! What can be read now, for lists, feeds and searches.
//!
//! Which releases are public, and which text of each stands, is asked of the store at every reading. What a text says of
//! itself (title, section, topics, words to be found by) is worked out once and kept: a version never changes, so that
//! what is kept of it can be neither early nor late.

use super::kept::Kept;
use crate::Site;
use crate::answer::Error;
use crate::site::Footer;
use jiff::civil::Date;
use salastampa_acts::House;
use salastampa_domain::release_files::holds;
use salastampa_domain::{NewsType, Photo, Published, ReleaseKind, Timestamp, Version, VersionId};
use salastampa_locale::Lang;
use salastampa_releases::compose::slug_of;
use salastampa_releases::{find, public};
use salastampa_store::Rows;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many releases, the newest, are in lists and found by search; older ones keep their addresses.
pub(crate) const MOST: usize = 5_000;
/// Pages of releases that are kept as they were written.
const PAGES: usize = 500;

/// A topic: its name in addresses and in words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Topic {
    pub(crate) slug: String,
    pub(crate) words: String,
}

/// What a frozen text says of itself.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Gist {
    pub(crate) kind: ReleaseKind,
    pub(crate) news: NewsType,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) topics: Vec<Topic>,
    /// The photo beside the title, and behind each whose licence ends the next, which then takes its place.
    photos: Vec<Photo>,
    /// When it was frozen, for releases from before it was written down since when a text stands.
    pub(crate) at: Timestamp,
    pub(crate) corrects: bool,
    /// Its words as one line (`releases::find`).
    pub(crate) words: String,
    /// The fingerprint of all that was frozen.
    pub(crate) frozen: String,
    /// That of the text as it is given to copy.
    pub(crate) text: String,
}

/// A release that can be read, and what its text says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) published: Published,
    pub(crate) gist: Arc<Gist>,
    /// The Italian day on which it is read.
    pub(crate) day: Date,
}

/// A page of a release is the same as long as this is.
pub(crate) type PageKey = (VersionId, Timestamp, Timestamp, String, Date, Option<Timestamp>);

/// What is kept of texts that never change, and the pages written from them for one office.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    gists: HashMap<VersionId, Arc<Gist>>,
    pages: HashMap<PageKey, Arc<Kept>>,
    /// Releases that were found to be public, by year and number.
    decided: HashMap<(i16, u32), Decided>,
    /// Whose pages they are: another office, other pages.
    of: Option<(Arc<House>, Arc<Footer>)>,
}

/// That a release is public, as it was read a moment ago.
struct Decided {
    published: Published,
    at: Timestamp,
    /// What the store had committed when it was asked.
    commits: u64,
}

/// So long an answer of the store holds, in milliseconds, if nothing was written from here: another program may write.
const HOLDS: i64 = 1_000;

impl Gist {
    pub(crate) fn of(version: &Version, register: (i16, u32), lang: Lang) -> Self {
        let head = public::head(version);
        let (kind, news) = head.as_ref().map(|head| (head.kind, head.news)).unwrap_or_default();
        let named = head.as_ref().map(|head| head.topics.clone()).unwrap_or_default();
        let body = head.as_ref().map(|head| head.body.as_str()).unwrap_or_default();
        let kicker = head.as_ref().map(|head| head.kicker.as_str()).unwrap_or_default();
        let photos = &version.files.photos;
        let endless = photos.iter().position(|photo| photo.until.is_none());
        let words = find::line(&[&version.title, &version.summary, kicker, body, &named.join(" ")]);
        Self {
            kind,
            news,
            title: version.title.clone(),
            summary: version.summary.clone(),
            topics: topics(&named),
            photos: photos.iter().take(endless.map_or(photos.len(), |at| at + 1)).cloned().collect(),
            at: version.at,
            corrects: version.corrects.is_some(),
            words,
            frozen: version.sha256.clone(),
            text: public::sha256(public::text(version, register, lang).as_bytes()),
        }
    }
}

/// The topics of a text, each once, with the names that they have in addresses.
pub(crate) fn topics(named: &[String]) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    for words in named {
        let topic = Topic { slug: slug_of(words), words: words.clone() };
        if topics.iter().all(|known| known.slug != topic.slug) {
            topics.push(topic);
        }
    }
    topics
}

impl Entry {
    /// The path of its page, below the site.
    pub(crate) fn path(&self) -> String {
        path(&self.published, self.gist.news)
    }

    /// The photo beside the title: the first that may be shown that day.
    pub(crate) fn photo(&self) -> Option<&Photo> {
        self.gist.photos.iter().find(|photo| holds(photo.until, self.day))
    }

    /// When its text last changed: when it became public, or since when the correction stands.
    pub(crate) fn updated(&self) -> Timestamp {
        updated(&self.published, self.gist.corrects, self.gist.at)
    }
}

/// The path of a release's page.
pub(crate) fn path(published: &Published, news: NewsType) -> String {
    format!("/novita/{}/{}/{}-{}", news.section(), published.year, published.number, published.slug)
}

/// When a text last changed for the public.
pub(crate) fn updated(published: &Published, corrects: bool, at: Timestamp) -> Timestamp {
    if corrects { published.since.max(at) } else { published.public_at }
}

impl Shelf {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        // whoever panicked here has left whole entries: each is put in by one call
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A release that is public for certain at `now`: it was so when the store was asked less than a second ago, this
    /// program has written nothing since, and no other text has come to its hour. What becomes public is never among
    /// them; what another program withdraws is, for that second.
    pub(crate) fn decided(&self, site: &Site, year: i16, number: u32, now: Timestamp) -> Option<Published> {
        let inner = self.inner();
        let decided = inner.decided.get(&(year, number))?;
        let fresh = (0..HOLDS).contains(&now.since(decided.at)) && decided.commits == site.store.commits();
        let stands = decided.published.until.is_none_or(|until| now < until);
        (fresh && stands).then(|| decided.published.clone())
    }

    /// Keeps what the store has said at `at`, when it had committed so much.
    pub(crate) fn decide(&self, published: &Published, at: Timestamp, commits: u64) {
        let mut inner = self.inner();
        if inner.decided.len() >= PAGES {
            inner.decided.clear();
        }
        let decided = Decided { published: published.clone(), at, commits };
        inner.decided.insert((published.year, published.number), decided);
    }

    /// What a text says of itself, where it is known already.
    pub(crate) fn known(&self, version: VersionId) -> Option<Arc<Gist>> {
        self.inner().gists.get(&version).cloned()
    }

    /// The page that was written under that key, for this office.
    pub(crate) fn page(&self, site: &Site, key: &PageKey) -> Option<Arc<Kept>> {
        let inner = self.inner();
        let (house, footer) = inner.of.as_ref()?;
        let same = Arc::ptr_eq(house, &site.house) && Arc::ptr_eq(footer, &site.footer);
        same.then(|| inner.pages.get(key).cloned()).flatten()
    }

    /// Keeps a page under that key.
    pub(crate) fn keep(&self, site: &Site, key: PageKey, page: &Arc<Kept>) {
        let mut inner = self.inner();
        let same = inner
            .of
            .as_ref()
            .is_some_and(|(house, footer)| Arc::ptr_eq(house, &site.house) && Arc::ptr_eq(footer, &site.footer));
        if !same || inner.pages.len() >= PAGES {
            inner.pages.clear();
            inner.of = Some((site.house.clone(), site.footer.clone()));
        }
        inner.pages.insert(key, page.clone());
    }

    /// What the text that stands says of itself.
    pub(crate) async fn gist(&self, rows: &mut Rows, published: &Published, lang: Lang) -> Result<Arc<Gist>, Error> {
        let found = self.gists(rows, std::slice::from_ref(published), lang).await?;
        found.into_iter().next().flatten().ok_or(Error::Missing)
    }

    /// The gists of these versions; those that are not known yet are read.
    async fn gists(
        &self,
        rows: &mut Rows,
        published: &[Published],
        lang: Lang,
    ) -> Result<Vec<Option<Arc<Gist>>>, Error> {
        let unknown: Vec<&Published> = {
            let inner = self.inner();
            published.iter().filter(|published| !inner.gists.contains_key(&published.version)).collect()
        };
        // a few at a time: a text may be long, and only its gist is kept
        for part in unknown.chunks(64) {
            let ids: Vec<VersionId> = part.iter().map(|published| published.version).collect();
            let versions = rows.find_versions(&ids).await?;
            let made: Vec<_> = versions
                .iter()
                .filter_map(|version| {
                    let published = part.iter().find(|published| published.version == version.id)?;
                    Some((version.id, Arc::new(Gist::of(version, (published.year, published.number), lang))))
                })
                .collect();
            self.inner().gists.extend(made);
        }
        let mut inner = self.inner();
        let found = published.iter().map(|published| inner.gists.get(&published.version).cloned()).collect();
        if inner.gists.len() > 2 * MOST {
            inner.gists.clear();
        }
        Ok(found)
    }
}

/// The releases that can be read at `now`, the newest first.
pub(crate) async fn entries(site: &Site, rows: &mut Rows, now: Timestamp) -> Result<Vec<Entry>, Error> {
    let published = rows.list_published(now, MOST).await?;
    let gists = site.shelf.gists(rows, &published, site.house.lang).await?;
    let pairs = published.into_iter().zip(gists);
    Ok(pairs.filter_map(|(published, gist)| Some(Entry { published, gist: gist?, day: now.day() })).collect())
}

/// The topics of what can be read, in alphabetical order, each with how many texts are about it; as the newest says them.
pub(crate) fn topics_of(entries: &[Entry]) -> Vec<(Topic, usize)> {
    let mut found: BTreeMap<&str, (&Topic, usize)> = BTreeMap::new();
    for topic in entries.iter().flat_map(|entry| &entry.gist.topics) {
        found.entry(&topic.slug).or_insert((topic, 0)).1 += 1;
    }
    found.into_values().map(|(topic, count)| (topic.clone(), count)).collect()
}

/// The years in which what can be read became public, the newest first, each with how many texts.
pub(crate) fn years_of(entries: &[Entry]) -> Vec<(i16, usize)> {
    let mut found: BTreeMap<i16, usize> = BTreeMap::new();
    for entry in entries {
        *found.entry(entry.published.public_at.day().year()).or_default() += 1;
    }
    found.into_iter().rev().collect()
}
