//! The releases as feeds, for newsrooms and machines: all, by section, by topic; each as Atom, RSS and JSON Feed.
//!
//! A correction keeps the id of its entry and moves its date; a withdrawal leaves a tombstone for thirty days: in Atom
//! by RFC 6721; RSS and JSON Feed have no name for it, and there an entry of the same id says that the text was withdrawn, so
//! that it takes the text's place wherever a reader keeps it. No extract: what the office says may be taken whole.

use super::kept::{Kept, respond};
use super::list::section_words;
use super::page::Moment;
use super::shelf::{Entry, Gist, entries, topics_of};
use super::{address, atom, json_feed, rss};
use crate::Site;
use crate::answer::Error;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use salastampa_domain::time::DAY;
use salastampa_domain::{Licence, NewsType, Photo, Timestamp, Version, file_path};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::Rows;

/// Entries in a feed.
const ENTRIES: usize = 50;
/// How long a withdrawn release leaves a tombstone, in milliseconds.
const TOMBSTONE: i64 = 30 * DAY;

/// The formats of a feed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// RFC 4287.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All of them, with the names that they have at the end of an address, and their types.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Atom, "feed.atom", "application/atom+xml; charset=utf-8"),
        (Self::Rss, "feed.rss", "application/rss+xml; charset=utf-8"),
        (Self::Json, "feed.json", "application/feed+json; charset=utf-8"),
    ];

    /// The format of that name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == name).map(|(format, _, _)| format)
    }
}

/// A feed before it is written in a format.
#[derive(Debug)]
pub(super) struct Feed {
    pub(super) title: String,
    pub(super) office: String,
    pub(super) base_url: String,
    pub(super) lang: &'static str,
    /// Path of the list that it is the feed of, below the site.
    pub(super) path: String,
    pub(super) entries: Vec<(Entry, Version)>,
    /// What was withdrawn.
    pub(super) gone: Vec<Gone>,
}

/// What stands in the place of a release that was withdrawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Gone {
    pub(super) register: (i16, u32),
    pub(super) at: Timestamp,
    /// That it was withdrawn, without a word of the text.
    pub(super) title: &'static str,
    /// When and why.
    pub(super) words: String,
}

/// What a feed is of.
enum Of {
    All,
    Section(NewsType),
    Topic(String),
}

type Asker = (State<Site>, HeaderMap);

pub(super) async fn of_all((State(site), headers): Asker, Path(name): Path<String>) -> Response {
    show(&site, &headers, Some(Of::All), &name).await
}

pub(super) async fn of_section(
    (State(site), headers): Asker,
    Path((section, name)): Path<(String, String)>,
) -> Response {
    show(&site, &headers, NewsType::of_section(&section).map(Of::Section), &name).await
}

pub(super) async fn of_topic((State(site), headers): Asker, Path((topic, name)): Path<(String, String)>) -> Response {
    show(&site, &headers, Some(Of::Topic(topic)), &name).await
}

async fn show(site: &Site, headers: &HeaderMap, of: Option<Of>, name: &str) -> Response {
    let now = site.clock.now();
    let found = async {
        let format = Format::of(name).ok_or(Error::Missing)?;
        let feed = read(site, of.ok_or(Error::Missing)?, now).await?;
        let mime = Format::ALL.into_iter().find(|(known, _, _)| *known == format).map_or("", |(_, _, mime)| mime);
        let text = match format {
            Format::Atom => atom::write(&feed),
            Format::Rss => rss::write(&feed),
            Format::Json => json_feed::write(&feed),
        };
        Ok(Kept::text(mime, text))
    };
    let found = found.await;
    respond(site, headers, now, found)
}

async fn read(site: &Site, of: Of, now: Timestamp) -> Result<Feed, Error> {
    let mut rows = site.store.read().await?;
    let all = entries(site, &mut rows, now).await?;
    let lang = site.house.lang;
    let (path, words) = match &of {
        Of::All => ("/novita".to_owned(), t(lang, "newsroom.news.title").to_owned()),
        Of::Section(news) => (format!("/novita/{}", news.section()), section_words(*news, lang).to_owned()),
        Of::Topic(slug) => {
            // a topic of nothing that can be read is no topic
            let (topic, _) = topics_of(&all).into_iter().find(|(t, _)| t.slug == *slug).ok_or(Error::Missing)?;
            (format!("/novita/argomenti/{slug}"), fill(lang, "newsroom.topic.title", &[("topic", &topic.words)]))
        }
    };
    let fits = |gist: &Gist| match &of {
        Of::All => true,
        Of::Section(news) => gist.news == *news,
        Of::Topic(slug) => gist.topics.iter().any(|topic| topic.slug == *slug),
    };
    let newest: Vec<Entry> = all.into_iter().filter(|entry| fits(&entry.gist)).take(ENTRIES).collect();
    let ids: Vec<_> = newest.iter().map(|entry| entry.published.version).collect();
    let versions = rows.find_versions(&ids).await?;
    let with_text = |entry: Entry| {
        let version = versions.iter().find(|version| version.id == entry.published.version)?.clone();
        Some((entry, version))
    };
    Ok(Feed {
        title: format!("{} – {words}", site.house.office),
        office: site.house.office.clone(),
        base_url: site.house.base_url.clone(),
        lang: lang.code(),
        path,
        entries: newest.into_iter().filter_map(with_text).collect(),
        gone: gone(&mut rows, now, lang, fits).await?,
    })
}

/// What was withdrawn of late and would stand in the feed.
async fn gone(rows: &mut Rows, now: Timestamp, lang: Lang, fits: impl Fn(&Gist) -> bool) -> Result<Vec<Gone>, Error> {
    let mut gone = Vec::new();
    for release in rows.list_releases_in(&["withdrawn"]).await? {
        let tombstone = address::tombstone(&release, now).filter(|(at, _)| now.since(*at) < TOMBSTONE);
        let Some((at, why)) = tombstone else { continue };
        let (Some(register), Some(version)) = (release.register, release.current) else { continue };
        if let Some(version) = rows.find_version(version).await?
            && fits(&Gist::of(&version, register, lang))
        {
            let when = Moment::of(at, lang).words;
            let words = format!("{} {why}", fill(lang, "web.withdrawn.words", &[("at", &when)]));
            gone.push(Gone { register, at, title: t(lang, "web.withdrawn.title"), words });
        }
    }
    Ok(gone)
}

impl Feed {
    /// When something in it changed last. A feed without entries has the date of nothing: the epoch, equal at each reading.
    pub(super) fn updated(&self) -> Timestamp {
        let changes = self.entries.iter().map(|(entry, _)| entry.updated());
        changes.chain(self.gone.iter().map(|gone| gone.at)).max().unwrap_or_default()
    }

    /// The address of the list.
    pub(super) fn home(&self) -> String {
        format!("{}{}", self.base_url, self.path)
    }

    /// The address of an entry's page.
    pub(super) fn address(&self, entry: &Entry) -> String {
        format!("{}{}", self.base_url, entry.path())
    }

    /// The photo of an entry that anybody may take, and its address: one of which nothing may be done without asking stands
    /// on the page alone.
    pub(super) fn photo<'a>(&self, entry: &'a Entry) -> Option<(&'a Photo, String)> {
        let photo = entry.photo().filter(|photo| photo.licence != Licence::Reserved)?;
        Some((photo, format!("{}{}", self.base_url, file_path(&photo.web.file, &photo.name))))
    }

    /// What names an entry for ever: its address without the words, which may change.
    pub(super) fn id(&self, (year, number): (i16, u32)) -> String {
        format!("{}/novita/comunicati/{year}/{number}", self.base_url)
    }
}

impl Entry {
    pub(super) fn register(&self) -> (i16, u32) {
        (self.published.year, self.published.number)
    }
}

#[cfg(test)]
pub(super) fn empty() -> Feed {
    Feed {
        title: "Titolo".into(),
        office: "Ente".into(),
        base_url: "https://stampa.bellariva.test".into(),
        lang: "it",
        path: "/novita".into(),
        entries: Vec::new(),
        gone: Vec::new(),
    }
}
