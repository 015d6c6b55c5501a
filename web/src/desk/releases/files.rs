//! *Foto e allegati* of a release: the part below its text where files are brought, described, ordered and taken away.
//!
//! Each file is a form of its own; nothing here needs scripts. A file that is not taken says why and keeps none of the
//! others out. Files that are not public yet are shown to who may write, at addresses of the desk.

use crate::Site;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::incoming::{BrokenOff, Incoming, Part};
use crate::desk::session::{Desk, see_other};
use crate::handed::{self, Dress};
use axum::Router;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;
#[cfg(test)]
use jiff::civil::date;
use salastampa_acts::release::{self, Said};
use salastampa_domain::release_files::holds;
use salastampa_domain::{Act, Document, Licence, Photo, Picture, Release, ReleaseFiles, ReleaseState, file_path};
use salastampa_locale::{Lang, fill, plural};
use salastampa_releases::files::{LARGEST, LARGEST_ALL, licence_words, size_words, sort_words, until_words};
use salastampa_store::Rows;

/// The routes of this part, but for the one that takes files.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/comunicati/{slug}/file", post(change))
        .route("/desk/comunicati/{slug}/file/riusa", post(reuse))
        .route("/desk/file/{hash}/{name}", get(file))
}

/// The route that takes files, as they come.
pub(crate) fn uploads() -> Router<Site> {
    Router::new().route("/desk/comunicati/{slug}/file/carica", get(back).post(upload))
}

/// The files of a release, to be shown and worked on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FilesPart {
    /// Where the forms post; files are brought below it.
    pub(crate) action: String,
    /// The photo bank, to take from it.
    pub(crate) bank: String,
    /// The page where they are worked on.
    pub(crate) edit: String,
    /// Whether they may be changed now.
    pub(crate) is_open: bool,
    pub(crate) photos: Vec<PhotoCard>,
    pub(crate) documents: Vec<DocumentLine>,
    pub(crate) licences: Vec<(&'static str, &'static str)>,
    pub(crate) limits: String,
}

/// A photo with what is said of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PhotoCard {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) thumb: String,
    pub(crate) full: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// `JPEG, 3,2 MB, 4000 × 2667`.
    pub(crate) about: String,
    pub(crate) alt: String,
    pub(crate) credit: String,
    pub(crate) caption: String,
    pub(crate) licence: &'static str,
    pub(crate) licence_words: &'static str,
    /// The last day of its licence, as a field takes it, and in words; empty where it does not end.
    pub(crate) until: String,
    pub(crate) until_words: String,
    /// Its licence has ended: it is shown to nobody outside.
    pub(crate) has_ended: bool,
    /// What has to be written before the release may leave.
    pub(crate) missing: Option<&'static str>,
}

/// A document with its title.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DocumentLine {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) about: String,
    pub(crate) title: String,
    /// The last day of its licence, as a field takes it, and in words; empty where it does not end.
    pub(crate) until: String,
    pub(crate) until_words: String,
    /// Its licence has ended: it is handed to nobody outside.
    pub(crate) has_ended: bool,
}

impl FilesPart {
    /// The files of the text in the making.
    pub(crate) async fn of_draft(desk: &Desk, rows: &mut Rows, release: &Release) -> Result<Self, Error> {
        let files = rows.find_release_files(release.id).await?;
        Ok(Self::of(desk, release, &files))
    }

    pub(crate) fn of(desk: &Desk, release: &Release, files: &ReleaseFiles) -> Self {
        let below = desk.href(&format!("/desk/comunicati/{}", release.slug));
        let is_open = !matches!(release.state, ReleaseState::Scheduled { .. } | ReleaseState::Withdrawn { .. });
        Self {
            action: format!("{below}/file"),
            bank: desk.href(&format!("/desk/foto?per={}", release.slug)),
            edit: format!("{below}/modifica#file"),
            is_open: is_open && desk.may(Act::Write),
            ..Self::shown(files, desk.site.prefix(), desk.lang, desk.now.day())
        }
    }

    fn shown(files: &ReleaseFiles, prefix: &str, lang: Lang, today: Date) -> Self {
        let (each, all) = ((LARGEST >> 20).to_string(), (LARGEST_ALL >> 20).to_string());
        Self {
            action: String::new(),
            bank: String::new(),
            edit: String::new(),
            is_open: false,
            photos: files.photos.iter().map(|photo| PhotoCard::of(photo, prefix, lang, today)).collect(),
            documents: files.documents.iter().map(|document| DocumentLine::of(document, prefix, lang, today)).collect(),
            licences: licences(lang),
            limits: fill(lang, "composer.files.limits", &[("each", &each), ("all", &all)]),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.photos.is_empty() && self.documents.is_empty()
    }

    /// Photos and a document, with hostile texts in every foreign place.
    #[cfg(test)]
    pub(crate) fn sample(lang: Lang) -> Self {
        const FOREIGN: &str = "</textarea><script>alert(1)</script> \"ponte\"";
        let size = Picture { file: "ab".repeat(32), bytes: 3_200_000, width: 400, height: 300 };
        let photo = Photo {
            full: size.clone(),
            web: size.clone(),
            thumb: size,
            name: "ponte.jpg".into(),
            mime: "image/jpeg".into(),
            alt: FOREIGN.into(),
            credit: FOREIGN.into(),
            caption: FOREIGN.into(),
            licence: Licence::CcBy,
            until: None,
        };
        let ended = Some(date(2026, 10, 31));
        let bare = Photo { alt: String::new(), credit: String::new(), until: ended, ..photo.clone() };
        let document = Document {
            file: "cd".repeat(32),
            bytes: 9_000,
            mime: "application/pdf".into(),
            name: "o.pdf".into(),
            title: FOREIGN.into(),
            until: Some(date(2027, 6, 30)),
        };
        let files = ReleaseFiles { photos: vec![photo, bare], documents: vec![document] };
        let part = Self::shown(&files, "", lang, date(2026, 11, 23));
        Self {
            action: "/x/file".into(),
            bank: "/desk/foto?per=x".into(),
            edit: "/x#file".into(),
            is_open: true,
            ..part
        }
    }
}

impl PhotoCard {
    pub(crate) fn of(photo: &Photo, prefix: &str, lang: Lang, today: Date) -> Self {
        let href = |size: &Picture| format!("{prefix}/desk{}", file_path(&size.file, &photo.name));
        let full = &photo.full;
        let missing = match (photo.alt.is_empty(), photo.credit.is_empty()) {
            (true, true) => Some("composer.files.no_alt_no_credit"),
            (true, false) => Some("composer.files.no_alt"),
            (false, true) => Some("composer.files.no_credit"),
            (false, false) => None,
        };
        Self {
            file: full.file.clone(),
            name: photo.name.clone(),
            thumb: href(&photo.thumb),
            full: href(full),
            width: photo.thumb.width,
            height: photo.thumb.height,
            about: format!(
                "{}, {}, {} × {}",
                sort_words(&photo.mime),
                size_words(full.bytes, lang),
                full.width,
                full.height
            ),
            alt: photo.alt.clone(),
            credit: photo.credit.clone(),
            caption: photo.caption.clone(),
            licence: photo.licence.name(),
            licence_words: licence_words(photo.licence, lang),
            until: photo.until.map_or_else(String::new, |day| day.to_string()),
            until_words: until_words(photo.until, lang).unwrap_or_default(),
            has_ended: !holds(photo.until, today),
            missing,
        }
    }
}

impl DocumentLine {
    fn of(document: &Document, prefix: &str, lang: Lang, today: Date) -> Self {
        Self {
            file: document.file.clone(),
            name: document.name.clone(),
            href: format!("{prefix}/desk{}", file_path(&document.file, &document.name)),
            about: format!("{}, {}", sort_words(&document.mime), size_words(document.bytes, lang)),
            title: document.title.clone(),
            until: document.until.map_or_else(String::new, |day| day.to_string()),
            until_words: until_words(document.until, lang).unwrap_or_default(),
            has_ended: !holds(document.until, today),
        }
    }
}

fn licences(lang: Lang) -> Vec<(&'static str, &'static str)> {
    Licence::ALL.map(|licence| (licence.name(), licence_words(licence, lang))).to_vec()
}

/// Where who wanted to bring a file goes on after a login.
async fn back(desk: Desk, Path(slug): Path<String>) -> Response {
    see_other(&desk.href(&format!("/desk/comunicati/{slug}/modifica#file")))
}

async fn upload(desk: Desk, Path(slug): Path<String>, request: Request) -> Response {
    if let Err(error) = for_writing(&desk, &slug).await {
        return desk.no_page(&error);
    }
    let mut incoming = match Incoming::open(&desk, request).await {
        Ok(incoming) => incoming,
        Err(page) => return page,
    };
    let mut said = Said::default();
    let (mut taken, mut notes, mut refused) = (0, Vec::new(), Vec::new());
    // nothing is kept without the end that somebody has written wrong
    let mut is_clear = true;
    let too_large = |name: &str| {
        let most = (LARGEST >> 20).to_string();
        fill(desk.lang, "releases.file.too_large", &[("name", name), ("most", &most)])
    };
    loop {
        match incoming.next(LARGEST).await {
            Ok(Some(Part::Text(name, text))) => match name.as_str() {
                "descrizione" => said.alt = text,
                "credito" => said.credit = text,
                "licenza" => said.licence = Licence::parse(text.trim()).unwrap_or_default(),
                "fino" => match release::last_day(&text, desk.lang) {
                    Ok(until) => said.until = until,
                    Err(error) => {
                        is_clear = false;
                        refused.push(error.sentence(desk.lang));
                    }
                },
                _ => {}
            },
            // a field where no file was chosen
            Ok(Some(Part::File(name, bytes))) if name.is_empty() && bytes.is_empty() => {}
            Ok(Some(Part::File(..))) if !is_clear => {}
            Ok(Some(Part::File(name, bytes))) => {
                let (store, login) = (&desk.site.store, &desk.user.login);
                match release::attach(store, desk.lang, &slug, (&name, bytes), said.clone(), login, desk.now).await {
                    Ok(attached) => {
                        taken += 1;
                        notes.extend(attached.note);
                    }
                    Err(error @ salastampa_acts::Error::Denied(_)) => refused.push(error.sentence(desk.lang)),
                    Err(error) => return desk.no_page(&Error::Act(error)),
                }
            }
            Ok(Some(Part::TooLarge(name))) => refused.push(too_large(&shown(&name))),
            Ok(None) => break,
            Err(BrokenOff) => {
                refused.push(desk.t("composer.files.broken_off").to_owned());
                break;
            }
        }
    }
    let path = format!("/desk/comunicati/{slug}/modifica#file");
    if taken == 0 && refused.is_empty() {
        return desk.refuse(&path, desk.t("composer.files.none_chosen")).await;
    }
    let mut lines = Vec::new();
    if taken > 0 {
        lines.push(plural(desk.lang, "composer.files.taken", taken));
    }
    lines.extend(notes.iter().chain(&refused).map(|line| format!("{line}.")));
    if refused.is_empty() {
        return desk.go(&path, lines.join("\n")).await;
    }
    lines.push(desk.t("composer.files.rest_stays").to_owned());
    desk.refuse(&path, &lines.join("\n")).await
}

async fn change(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, login, now) = (&desk.site.store, &desk.user.login, desk.now);
    let file = fields.text("file");
    let (act, words) = match fields.text("fai") {
        "su" => (release::shift(store, &slug, file, true, login, now).await, "composer.files.moved"),
        "giu" => (release::shift(store, &slug, file, false, login, now).await, "composer.files.moved"),
        "togli" => (release::detach(store, &slug, file, login, now).await, "composer.files.removed"),
        _ => {
            let path = format!("/desk/comunicati/{slug}/modifica#file");
            let until = match release::last_day(fields.text("fino"), desk.lang) {
                Ok(until) => until,
                Err(error) => return desk.done(Err::<(), _>(error), &path, "").await,
            };
            let said = Said {
                alt: fields.raw("descrizione").to_owned(),
                credit: fields.raw("credito").to_owned(),
                caption: fields.raw("didascalia").to_owned(),
                licence: Licence::parse(fields.text("licenza")).unwrap_or_default(),
                title: fields.raw("titolo").to_owned(),
                until,
            };
            (release::describe(store, &slug, file, said, login, now).await, "composer.files.described")
        }
    };
    desk.done(act, &format!("/desk/comunicati/{slug}/modifica#file"), desk.t(words)).await
}

async fn reuse(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let file = fields.text("file");
    let act = release::reuse(&desk.site.store, desk.lang, &slug, file, &desk.user.login, desk.now).await;
    desk.done(act, &format!("/desk/comunicati/{slug}/modifica#file"), desk.t("composer.files.reused")).await
}

/// A file as the desk shows it, public or not.
async fn file(desk: Desk, Path((hash, _)): Path<(String, String)>, asked: HeaderMap) -> Response {
    let answer = async {
        desk.must(Act::Write)?;
        let mut rows = desk.site.store.read().await?;
        let files = holding(&mut rows, &hash).await?;
        drop(rows);
        // a photo of the bank may have another name in each release: at the desk any opens it
        let served = files.find(&hash).ok_or(Error::Missing)?;
        let dress = Dress {
            name: served.name,
            mime: served.mime,
            is_shown: served.is_photo,
            cache: HeaderValue::from_static("private, max-age=3600"),
        };
        handed::file(&desk.site, &hash, &dress, &asked).await
    };
    answer.await.unwrap_or_else(|error| desk.no_page(&error))
}

/// Files of which one has that hash, under all the names that it has.
async fn holding(rows: &mut Rows, hash: &str) -> Result<ReleaseFiles, Error> {
    if let Some(kept) = rows.find_photo_by_size(hash).await? {
        return Ok(ReleaseFiles { photos: vec![kept.photo], documents: Vec::new() });
    }
    for release in rows.list_releases_with_file(hash).await? {
        let working = rows.find_release_files(release).await?;
        if working.find(hash).is_some() {
            return Ok(working);
        }
        let mut versions = rows.list_versions(release).await?.into_iter().rev();
        if let Some(version) = versions.find(|version| version.files.find(hash).is_some()) {
            return Ok(version.files);
        }
    }
    Err(Error::Missing)
}

async fn for_writing(desk: &Desk, slug: &str) -> Result<(), Error> {
    desk.must(Act::Write)?;
    desk.site.store.read().await?.find_release(slug).await?.map(|_| ()).ok_or(Error::Missing)
}

/// The name of a file, for a sentence about it.
fn shown(name: &str) -> String {
    salastampa_releases::files::shown(name)
}
