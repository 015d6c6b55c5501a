//! What stands at the address of a release: its page, its text, its data, its versions and their receipts; or that it was
//! withdrawn; or nothing, in the same words whether it waits for its hour or never was.

use super::kept::{DOCX, JSON, Kept, TEXT, lifetime};
use super::page::{ReleasePage, WithdrawnPage};
use super::shelf::{self, PageKey};
use super::{kit, notizia, receipt, versions, zip};
use crate::Site;
use crate::answer::{Error, answer};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use salastampa_domain::{NewsType, Published, Release, ReleaseKind, Timestamp, Version, VersionId, is_public};
use salastampa_releases::draft::Draft;
use salastampa_releases::render::KIT;
use salastampa_releases::{docx, public};
use salastampa_store::Rows;
use std::sync::Arc;

/// A release that can be read, in a text that stands or stood.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Reading {
    pub(super) published: Published,
    /// With those of its files that may be shown today.
    pub(super) version: Version,
    /// Since when this text was the one to read; until when, if another has taken its place.
    pub(super) since: Timestamp,
    pub(super) until: Option<Timestamp>,
    /// When it went to the press, where it did.
    pub(super) issued: Option<Timestamp>,
    /// All texts that were or are public, first to last.
    pub(super) texts: Vec<Standing>,
    /// The head of the frozen text, with what the version does not repeat. Nothing is taken from the release that a
    /// correction still being written may already have changed.
    pub(super) head: Option<Draft>,
}

/// A text that was or is public.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Standing {
    pub(super) version: Version,
    pub(super) since: Timestamp,
    /// When it went to the press, where it did. Before its public hour it went to trusted desks alone: that hour is theirs.
    pub(super) issued: Option<Timestamp>,
}

impl Reading {
    pub(super) fn register(&self) -> (i16, u32) {
        (self.published.year, self.published.number)
    }

    pub(super) fn news(&self) -> NewsType {
        self.head.as_ref().map(|head| head.news).unwrap_or_default()
    }

    /// What sort of release the text says it is.
    pub(super) fn kind(&self) -> ReleaseKind {
        self.head.as_ref().map(|head| head.kind).unwrap_or_default()
    }

    /// The path of the page of the release, below the site.
    pub(super) fn path(&self) -> String {
        shelf::path(&self.published, self.news())
    }

    pub(super) fn updated(&self) -> Timestamp {
        shelf::updated(&self.published, self.version.corrects.is_some(), self.version.at)
    }
}

/// How the last part of an address asks for a release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Page,
    Text,
    Data,
    Document,
}

struct Address {
    news: NewsType,
    year: i16,
    number: u32,
    slug: Option<String>,
    form: Form,
}

impl Address {
    /// What does not read as an address is none.
    fn of(section: &str, year: &str, name: &str) -> Option<Self> {
        let (name, form) = match name.rsplit_once('.') {
            Some((name, "txt")) => (name, Form::Text),
            Some((name, "json")) => (name, Form::Data),
            Some((name, "docx")) => (name, Form::Document),
            Some(_) => return None,
            None => (name, Form::Page),
        };
        let (number, slug) = name.split_once('-').map_or((name, None), |(number, slug)| (number, Some(slug)));
        Some(Self {
            news: NewsType::of_section(section)?,
            year: year.parse().ok()?,
            number: number.parse().ok()?,
            slug: slug.map(str::to_owned),
            form,
        })
    }
}

/// Year and number of the release that a page's address names, if it reads as one.
pub(super) fn register_of(section: &str, year: &str, name: &str) -> Option<(i16, u32)> {
    let address = Address::of(section, year, name).filter(|address| address.form == Form::Page)?;
    Some((address.year, address.number))
}

/// What was found at an address.
enum Found {
    Public(Published),
    /// It could be read once.
    Withdrawn(Timestamp, String),
}

type Asker = (State<Site>, HeaderMap);

pub(super) async fn release(
    (State(site), headers): Asker,
    Path((section, year, name)): Path<(String, String, String)>,
) -> Response {
    let now = site.clock.now();
    let result = whole(&site, &headers, Address::of(&section, &year, &name), now).await;
    answer(&site, result)
}

pub(super) async fn part(
    (State(site), headers): Asker,
    Path((section, year, name, part)): Path<(String, String, String, String)>,
) -> Response {
    let now = site.clock.now();
    let address = Address::of(&section, &year, &name).filter(|address| address.form == Form::Page);
    let result = below(&site, &headers, address, &part, now).await;
    answer(&site, result)
}

async fn whole(site: &Site, headers: &HeaderMap, address: Option<Address>, now: Timestamp) -> Result<Response, Error> {
    if let Some(page) = address.as_ref().and_then(|address| kept(site, address, now)) {
        return Ok(page.answer(headers, now));
    }
    // asked for before the rows are: what is committed in between counts as a change
    let commits = site.store.commits();
    let mut rows = site.store.read().await?;
    let (address, published) = match find(&mut rows, address, now).await? {
        (address, Found::Public(published)) => (address, published),
        (_, Found::Withdrawn(at, why)) => return gone(site, at, why, now),
    };
    site.shelf.decide(&published, now, commits);
    let gist = site.shelf.gist(&mut rows, &published, site.house.lang).await?;
    if address.slug.as_ref() != Some(&published.slug) || address.news != gist.news {
        let ending = match address.form {
            Form::Page => "",
            Form::Text => ".txt",
            Form::Data => ".json",
            Form::Document => ".docx",
        };
        return Ok(moved(site, &format!("{}{ending}", shelf::path(&published, gist.news)), now));
    }
    let key = key(&published, now);
    if address.form == Form::Page
        && let Some(page) = site.shelf.page(site, &key)
    {
        return Ok(page.answer(headers, now));
    }
    let reading = newest(&mut rows, published, now).await?;
    let kept = match address.form {
        Form::Page => {
            let page = Kept::page(&ReleasePage::of(site, &reading))?;
            site.shelf.keep(site, key, &page);
            page
        }
        Form::Text => Kept::text(TEXT, public::text(&reading.version, reading.register(), site.house.lang)),
        Form::Document => Kept::bytes(DOCX, document(site, &reading)),
        Form::Data => Kept::text(JSON, notizia::data(site, &reading).to_string()),
    };
    Ok(kept.answer(headers, now))
}

/// The text as a document of a word processor.
fn document(site: &Site, reading: &Reading) -> Vec<u8> {
    let about = docx::About {
        office: &site.house.office,
        lang: site.house.lang,
        register: reading.register(),
        url: &format!("{}{}", site.house.base_url, reading.path()),
        since: reading.since,
    };
    zip::stored(&docx::parts(&reading.version, about)).expect("seven texts of some hundred kilobytes fit the format")
}

/// The page as it was written, of a release that is public for certain. Most readers come for one text: they cost no
/// question to the store.
fn kept(site: &Site, address: &Address, now: Timestamp) -> Option<Arc<Kept>> {
    let published = site.shelf.decided(site, address.year, address.number, now)?;
    let same = address.slug.as_ref() == Some(&published.slug) && address.form == Form::Page;
    let gist = site.shelf.known(published.version)?;
    if same && gist.news == address.news { site.shelf.page(site, &key(&published, now)) } else { None }
}

/// With the day: a licence ends with one, and its file is not on the page of the next.
fn key(published: &Published, now: Timestamp) -> PageKey {
    (published.version, published.since, published.public_at, published.slug.clone(), now.day(), published.issued_at)
}

/// `versioni`, `materiali.zip`, `v1`, `v1.txt`, `ricevuta`, `ricevuta-v1.txt`.
async fn below(
    site: &Site,
    headers: &HeaderMap,
    address: Option<Address>,
    part: &str,
    now: Timestamp,
) -> Result<Response, Error> {
    let mut rows = site.store.read().await?;
    let (address, published) = match find(&mut rows, address, now).await? {
        (address, Found::Public(published)) => (address, published),
        (_, Found::Withdrawn(at, why)) => return gone(site, at, why, now),
    };
    let reading = newest(&mut rows, published, now).await?;
    // under whatever name the release has: mails lead to it by number alone
    if part == KIT {
        return kit::respond(site, headers, &reading, now);
    }
    let numbered =
        |text: &str| -> Option<Reading> { text.parse().ok().and_then(|number| at_version(&reading, number)) };
    let lang = site.house.lang;
    let found: Option<Arc<Kept>> = match part {
        "versioni" => Some(Kept::page(&versions::VersionsPage::of(site, &reading))?),
        "ricevuta" => Some(Kept::page(&receipt::ReceiptsPage::of(site, &reading))?),
        _ => {
            let (name, ending) = part.rsplit_once('.').unwrap_or((part, ""));
            match (name.strip_prefix("ricevuta-v"), name.strip_prefix('v'), ending) {
                (Some(number), _, "txt") => numbered(number)
                    .map(|old| Kept::text(TEXT, receipt::of(site, &old.published, &old.version, old.since))),
                (None, Some(number), "txt") => {
                    numbered(number).map(|old| Kept::text(TEXT, public::text(&old.version, old.register(), lang)))
                }
                (None, Some(number), "") => match numbered(number) {
                    Some(old) => Some(Kept::page(&ReleasePage::of_version(site, &old))?),
                    None => None,
                },
                _ => None,
            }
        }
    };
    let Some(kept) = found else { return Err(Error::Missing) };
    if address.slug.as_ref() != Some(&reading.published.slug) || address.news != reading.news() {
        return Ok(moved(site, &format!("{}/{part}", reading.path()), now));
    }
    Ok(kept.answer(headers, now))
}

/// What the address leads to at `now`. What does not read as an address, what is not in the register and what is not
/// public end in the same line.
async fn find(rows: &mut Rows, address: Option<Address>, now: Timestamp) -> Result<(Address, Found), Error> {
    let Some(address) = address else { return Err(Error::Missing) };
    if let Some(published) = rows.find_published(now, address.year, address.number).await? {
        return Ok((address, Found::Public(published)));
    }
    let release = rows.find_release_by_register(address.year, address.number).await?;
    match release.as_ref().and_then(|release| tombstone(release, now)) {
        Some((at, why)) => Ok((address, Found::Withdrawn(at, why))),
        None => Err(Error::Missing),
    }
}

/// The text that stands, with those that stood.
async fn newest(rows: &mut Rows, published: Published, now: Timestamp) -> Result<Reading, Error> {
    let texts = standing(rows, &published, now).await?;
    let Some(last) = texts.last() else { return Err(Error::Missing) };
    let (version, since, issued) = (last.version.clone(), last.since, last.issued);
    let head = public::head(&version);
    Ok(Reading { published, version, since, until: None, issued, texts, head })
}

/// The texts of a release that were or are public, first to last, each with those of its files that may be shown at `now`:
/// page, data, feed and kit are made of these, so that none of them can name one whose licence has ended.
pub(super) async fn standing(rows: &mut Rows, published: &Published, now: Timestamp) -> Result<Vec<Standing>, Error> {
    let mut since: Vec<_> = rows
        .list_standing(published.release, now)
        .await?
        .into_iter()
        .map(|(version, since)| (version, since.max(published.public_at)))
        .collect();
    if since.iter().all(|(version, _)| *version != published.version) {
        since.push((published.version, published.since));
    }
    let ids: Vec<_> = since.iter().map(|(version, _)| *version).collect();
    let versions = rows.find_versions(&ids).await?;
    let issued = rows.list_issued(published.release).await?;
    let of = |id| {
        let mut version = versions.iter().find(|version| version.id == id).cloned()?;
        version.files = version.files.licensed(now.day());
        Some(version)
    };
    let hour = |id: VersionId, since: Timestamp| issued.iter().find(|(of, _)| *of == id).map(|(_, at)| since.max(*at));
    let text =
        |(id, since): (VersionId, Timestamp)| Some(Standing { version: of(id)?, since, issued: hour(id, since) });
    Ok(since.into_iter().filter_map(text).collect())
}

/// The same release in the version of that number, if it was public.
fn at_version(reading: &Reading, number: u32) -> Option<Reading> {
    let at = reading.texts.iter().position(|text| text.version.number == number)?;
    let text = reading.texts.get(at)?;
    Some(Reading {
        version: text.version.clone(),
        since: text.since,
        issued: text.issued,
        until: reading.texts.get(at + 1).map(|next| next.since),
        head: public::head(&text.version),
        ..reading.clone()
    })
}

fn moved(site: &Site, path: &str, now: Timestamp) -> Response {
    let to = Redirect::permanent(&format!("{}{path}", site.prefix()));
    ([(CACHE_CONTROL, lifetime(now))], to).into_response()
}

pub(super) fn gone(site: &Site, at: Timestamp, why: String, now: Timestamp) -> Result<Response, Error> {
    let page = Html(WithdrawnPage::of(site, at, why).render()?);
    Ok((StatusCode::GONE, [(CACHE_CONTROL, lifetime(now))], page).into_response())
}

/// When and why a release was withdrawn that had been public by then. One that was stopped before its hour leaves
/// nothing: its address is unknown, as it was.
pub(super) fn tombstone(release: &Release, now: Timestamp) -> Option<(Timestamp, String)> {
    let (at, _, why) = release.withdrawn.clone()?;
    let before = Release { withdrawn: None, ..release.clone() };
    (at <= now && is_public(&before, at)).then_some((at, why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::{ReleaseId, ReleaseState, UserId};

    fn withdrawn(public_at: i64, at: i64) -> Release {
        Release {
            id: ReleaseId(1),
            slug: "lungolago".into(),
            register: Some((2026, 12)),
            kind: ReleaseKind::Comunicato,
            title: "Riapre il lungolago".into(),
            draft: String::new(),
            author: UserId(1),
            state: ReleaseState::Withdrawn { by: UserId(2), at: Timestamp(at), why: "errore".into() },
            current: Some(VersionId(1)),
            embargo_until: None,
            public_at: Some(Timestamp(public_at)),
            withdrawn: Some((Timestamp(at), UserId(2), "errore".into())),
            out: None,
        }
    }

    #[test]
    fn only_what_was_public_leaves_a_tombstone() {
        assert_eq!(tombstone(&withdrawn(100, 200), Timestamp(300)), Some((Timestamp(200), "errore".into())));
        assert_eq!(tombstone(&withdrawn(250, 200), Timestamp(300)), None, "stopped before its hour");
    }

    #[test]
    fn an_address_is_a_section_a_year_and_a_number() {
        for (section, year, name, reads) in [
            ("comunicati", "2026", "12-lungolago", true),
            ("notizie", "2026", "12", true),
            ("avvisi", "2026", "12-x.json", true),
            ("altro", "2026", "12", false),
            ("comunicati", "x", "12", false),
            ("comunicati", "2026", "lungolago", false),
            ("comunicati", "2026", "12.pdf", false),
            ("comunicati", "99999999", "99999999999999", false),
        ] {
            assert_eq!(Address::of(section, year, name).is_some(), reads, "{section}/{year}/{name}");
        }
    }
}
