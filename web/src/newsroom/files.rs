//! Photos and documents for the public: `/file/<sha256>/ponte.jpg`, and all of a release in one archive.
//!
//! Who asks for a file asks for the releases that use it, and whether one of them is public in a version that has it: at
//! this second, by the same question as its page, and whether its licence holds today. Everything else ends where an unknown
//! address ends. Only the right name
//! opens a file, so that nobody can pass on ours under a name of theirs.

use super::address::{Reading, gone, tombstone};
use super::kept::lifetime;
use crate::Site;
use crate::answer::{Error, answer};
use crate::handed::{self, Dress};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use salastampa_domain::{Document, Photo, Picture, Release, Timestamp, Version, file_path};
use salastampa_locale::{Lang, plural};
use salastampa_releases::files::{size_words, sort_words, terms_words, until_words};
use salastampa_releases::render::KIT;
use salastampa_store::Rows;

pub(super) async fn handler(
    State(site): State<Site>,
    Path((hash, name)): Path<(String, String)>,
    asked: HeaderMap,
) -> Response {
    let result = respond(&site, &hash, &name, &asked).await;
    answer(&site, result)
}

async fn respond(site: &Site, hash: &str, name: &str, asked: &HeaderMap) -> Result<Response, Error> {
    let mut rows = site.store.read().await?;
    let now = site.clock.now();
    let mut withdrawn = None;
    for id in rows.list_releases_with_file(hash).await? {
        let Some(release) = rows.find_release_by_id(id).await? else { continue };
        let text = standing(&mut rows, &release, now).await?;
        let served = text.as_ref().and_then(|text| text.files.find(hash)).filter(|served| served.name == name);
        let Some(served) = served else { continue };
        match tombstone(&release, now) {
            Some(end) => withdrawn = Some(end),
            None => {
                let dress = Dress { name, mime: served.mime, is_shown: served.is_photo, cache: lifetime(now) };
                drop(rows);
                return handed::file(site, hash, &dress, asked).await;
            }
        }
    }
    let Some((at, why)) = withdrawn else { return Err(Error::Missing) };
    gone(site, at, why, now)
}

/// The text of a release that anybody may read at `now`, or that was the last before it was withdrawn, with those of its
/// files whose licence holds.
async fn standing(rows: &mut Rows, release: &Release, now: Timestamp) -> Result<Option<Version>, Error> {
    let Some((year, number)) = release.register else { return Ok(None) };
    let version = match rows.find_published(now, year, number).await? {
        Some(published) => Some(published.version),
        None => release.current.filter(|_| tombstone(release, now).is_some()),
    };
    match version {
        Some(version) => {
            let version = rows.find_version(version).await?;
            Ok(version.map(|version| Version { files: version.files.clone().licensed(now.day()), ..version }))
        }
        None => Ok(None),
    }
}

/// The files of a release as its page shows them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Shown {
    /// The photo beside the title.
    pub(crate) lead: Option<Figure>,
    /// The other photos.
    pub(crate) gallery: Vec<Figure>,
    pub(crate) documents: Vec<Linked>,
    /// All of it in one archive.
    pub(crate) kit: Option<Linked>,
}

/// A photo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Figure {
    pub(crate) src: String,
    /// The sizes that a browser may choose from.
    pub(crate) srcset: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) alt: String,
    pub(crate) caption: String,
    pub(crate) credit: String,
    pub(crate) licence: String,
    pub(crate) licence_url: Option<&'static str>,
    /// To print.
    pub(crate) full: Linked,
}

/// A file to be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Linked {
    pub(crate) href: String,
    pub(crate) words: String,
    /// Its sort and its size.
    pub(crate) about: String,
}

impl Shown {
    pub(super) fn of(site: &Site, reading: &Reading) -> Self {
        let files = &reading.version.files;
        let (prefix, lang) = (site.prefix(), site.house.lang);
        let mut photos = files.photos.iter().map(|photo| Figure::of(photo, prefix, lang));
        Self {
            lead: photos.next(),
            gallery: photos.collect(),
            documents: files.documents.iter().map(|document| document_link(document, prefix, lang)).collect(),
            kit: (!files.is_empty()).then(|| Linked {
                href: format!("{prefix}{}/{KIT}", reading.path()),
                words: plural(lang, "web.files.kit", files.len()),
                about: format!("ZIP, {}", size_words(files.bytes(), lang)),
            }),
        }
    }

    /// Whether there is a list of files below the text.
    pub(crate) fn has_list(&self) -> bool {
        self.kit.is_some()
    }
}

impl Figure {
    fn of(photo: &Photo, prefix: &str, lang: Lang) -> Self {
        let href = |size: &Picture| format!("{prefix}{}", file_path(&size.file, &photo.name));
        let sizes = [&photo.thumb, &photo.web].map(|size| format!("{} {}w", href(size), size.width));
        let of = format!("{}, {}", sort_words(&photo.mime), size_words(photo.full.bytes, lang));
        Self {
            src: href(&photo.web),
            srcset: if photo.thumb.width < photo.web.width { sizes.join(", ") } else { String::new() },
            width: photo.web.width,
            height: photo.web.height,
            alt: photo.alt.clone(),
            caption: photo.caption.clone(),
            credit: photo.credit.clone(),
            licence: terms_words(photo, lang),
            licence_url: photo.licence.url(),
            full: Linked {
                href: href(&photo.full),
                words: photo.name.clone(),
                about: format!("{of}, {} × {}", photo.full.width, photo.full.height),
            },
        }
    }
}

fn document_link(document: &Document, prefix: &str, lang: Lang) -> Linked {
    Linked {
        href: format!("{prefix}{}", file_path(&document.file, &document.name)),
        words: document.called().to_owned(),
        about: [sort_words(&document.mime).to_owned(), size_words(document.bytes, lang)]
            .into_iter()
            .chain(until_words(document.until, lang))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// Two photos and a document of an invented release.
#[cfg(test)]
pub(crate) fn sample(lang: Lang) -> Shown {
    use salastampa_domain::Licence;
    let size = |file: &str, width| Picture { file: file.repeat(32), bytes: 1_200_000, width, height: width / 2 };
    let photo = Photo {
        full: size("ab", 4_000),
        web: size("cd", 1_200),
        thumb: size("ef", 400),
        name: "lungolago.jpg".into(),
        mime: "image/jpeg".into(),
        alt: "Il \"lungolago\" <b> visto dal molo".into(),
        credit: "Foto di Nina Valli".into(),
        licence: Licence::CcBy,
        caption: "La passeggiata <i> riaperta".into(),
        until: None,
    };
    let document = Document {
        file: "09".repeat(32),
        bytes: 48_000,
        mime: "application/pdf".into(),
        name: "ordinanza.pdf".into(),
        title: "L'ordinanza".into(),
        until: Some(jiff::civil::date(2027, 6, 30)),
    };
    let kit = Linked { href: "/k".into(), words: plural(lang, "web.files.kit", 3), about: "ZIP, 2,4 MB".into() };
    let figure = |licence| Figure::of(&Photo { licence, ..photo.clone() }, "/ufficio-stampa", lang);
    Shown {
        lead: Some(figure(Licence::CcBy)),
        gallery: vec![figure(Licence::Press)],
        documents: vec![document_link(&document, "/ufficio-stampa", lang)],
        kit: Some(kit),
    }
}
