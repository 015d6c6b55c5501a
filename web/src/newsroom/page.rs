//! The page of a release.

use super::files::Shown;
use super::public::{Public, Standing, standing};
use crate::Site;
use crate::answer::{Error, answer};
use crate::frame::{Crumb, Frame};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use salastampa_domain::{Timestamp, file_path};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_releases::wording;

/// Words that are read in a minute, for the reading time of the national model.
const WORDS_A_MINUTE: usize = 200;

/// A release that can be read.
#[derive(Template, Debug)]
#[template(path = "newsroom/release.html")]
pub(crate) struct ReleasePage {
    pub(crate) frame: Frame,
    pub(crate) numbered: String,
    pub(crate) kicker: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) place: String,
    pub(crate) published: Moment,
    pub(crate) reading: String,
    /// When the text was corrected, and the sentence that says so.
    pub(crate) corrected: Option<(Moment, String)>,
    pub(crate) topics: Vec<String>,
    /// HTML, cleaned when the version was frozen.
    pub(crate) body: String,
    /// Photos and documents.
    pub(crate) files: Shown,
    pub(crate) contacts: Vec<String>,
}

/// A release that was withdrawn.
#[derive(Template, Debug)]
#[template(path = "newsroom/withdrawn.html")]
pub(crate) struct WithdrawnPage {
    pub(crate) frame: Frame,
    pub(crate) heading: String,
    pub(crate) words: String,
    pub(crate) why: String,
    pub(crate) at: Moment,
}

/// An instant for machines and for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Moment {
    pub(crate) datetime: String,
    pub(crate) words: String,
}

impl Moment {
    fn of(at: Timestamp, lang: Lang) -> Self {
        Self { datetime: at.rfc3339(), words: date::moment(at.civil(), lang) }
    }
}

pub(crate) async fn handler(State(site): State<Site>, Path((year, name)): Path<(String, String)>) -> Response {
    let result = respond(&site, &year, &name).await;
    answer(&site, result)
}

/// What does not read as an address, what is not in the register and what is not public end in the same line.
async fn respond(site: &Site, year: &str, name: &str) -> Result<Response, Error> {
    let (number, slug) = name.split_once('-').map_or((name, None), |(number, slug)| (number, Some(slug)));
    let address = year.parse::<i16>().ok().zip(number.parse::<u32>().ok());
    let mut rows = site.store.read().await?;
    let release = match address {
        Some((year, number)) => rows.find_release_by_register(year, number).await?,
        None => None,
    };
    let standing = match release {
        Some(release) => standing(&mut rows, release, site.clock.now()).await?,
        None => None,
    };
    match standing {
        None => Err(Error::Missing),
        Some(Standing::Public(public)) if slug != Some(public.release.slug.as_str()) => {
            Ok(Redirect::permanent(&format!("{}{}", site.prefix(), public.path())).into_response())
        }
        Some(Standing::Public(public)) => Ok(Html(ReleasePage::of(site, &public).render()?).into_response()),
        Some(Standing::Withdrawn { at, why, .. }) => {
            Ok((StatusCode::GONE, Html(WithdrawnPage::of(site, at, why).render()?)).into_response())
        }
    }
}

impl ReleasePage {
    fn of(site: &Site, public: &Public) -> Self {
        let Public { version, year, number, public_at, head, .. } = public;
        let lang = site.house.lang;
        let mut frame = site.frame(&version.title).under_releases();
        frame.crumbs.push(Crumb::here(&version.title));
        frame.description.clone_from(&version.summary);
        frame.canonical = Some(public.path());
        frame.article = true;
        frame.image = version.files.photos.first().map(|photo| file_path(&photo.web.file, &photo.name));
        let contacts = head.as_ref().map(|head| head.contacts.clone()).unwrap_or_default();
        Self {
            numbered: wording::numbered(public.kind(), Some((*year, *number)), lang),
            kicker: head.as_ref().map(|head| head.kicker.clone()).unwrap_or_default(),
            title: version.title.clone(),
            summary: version.summary.clone(),
            place: head.as_ref().and_then(|h| h.place.clone()).unwrap_or_else(|| site.house.town.clone()),
            published: Moment::of(*public_at, lang),
            reading: reading(&version.page, lang),
            corrected: version.corrects.map(|_| {
                let at = Moment::of(version.at, lang);
                let words = fill(lang, "web.release.corrected", &[("at", &at.words)]);
                (at, words)
            }),
            topics: head.as_ref().map(|head| head.topics.clone()).unwrap_or_default(),
            body: version.page.clone(),
            files: Shown::of(site, public),
            contacts: if contacts.is_empty() { frame.contacts.clone() } else { contacts },
            frame,
        }
    }
}

impl WithdrawnPage {
    pub(super) fn of(site: &Site, at: Timestamp, why: String) -> Self {
        let lang = site.house.lang;
        let heading = t(lang, "web.withdrawn.title").to_owned();
        let mut frame = site.frame(&heading).under_releases();
        frame.crumbs.push(Crumb::here(&heading));
        let at = Moment::of(at, lang);
        Self { frame, heading, words: fill(lang, "web.withdrawn.words", &[("at", &at.words)]), why, at }
    }
}

fn reading(page: &str, lang: Lang) -> String {
    let words = page.split(|c: char| c.is_whitespace() || c == '<' || c == '>').filter(|w| w.len() > 1).count();
    plural(lang, "web.release.minute", words.div_ceil(WORDS_A_MINUTE).max(1))
}

#[cfg(test)]
impl ReleasePage {
    /// A corrected release of an invented office.
    pub(crate) fn sample(lang: Lang) -> Self {
        let at = |text| Moment::of(Timestamp::parse(text).expect("a date"), lang);
        let title = "Riapre il lungolago: dal 25 novembre si cammina fino alla darsena";
        let mut frame = Frame::sample(lang, title).under_releases();
        frame.crumbs.push(Crumb::here(title));
        frame.article = true;
        let corrected = at("2026-11-26 09:30");
        Self {
            numbered: wording::numbered(Default::default(), Some((2026, 12)), lang),
            kicker: "Lavori pubblici".into(),
            title: title.into(),
            summary: "Dopo otto mesi di lavori la passeggiata torna alla città, con due ponti nuovi.".into(),
            place: "Bellariva sul Lago".into(),
            published: at("2026-11-25 11:00"),
            reading: plural(lang, "web.release.minute", 2),
            corrected: Some((corrected.clone(), fill(lang, "web.release.corrected", &[("at", &corrected.words)]))),
            topics: vec!["viabilità".into(), "lavori pubblici".into()],
            body: "<p>Il <strong>lungolago</strong> di Bellariva riapre mercoledì 25 novembre alle 11.</p>\n\
                   <h2>Gli orari</h2>\n<ul>\n<li>mattina</li>\n<li>sera</li>\n</ul>\n\
                   <blockquote>\n<p>Nessun gradino.</p>\n</blockquote>\n"
                .into(),
            files: super::files::sample(lang),
            contacts: frame.contacts.clone(),
            frame,
        }
    }
}

#[cfg(test)]
impl WithdrawnPage {
    /// A release of an invented office that was withdrawn.
    pub(crate) fn sample(lang: Lang) -> Self {
        let at = Moment::of(Timestamp::parse("2026-11-26 09:30").expect("a date"), lang);
        let heading = t(lang, "web.withdrawn.title").to_owned();
        let mut frame = Frame::sample(lang, &heading).under_releases();
        frame.crumbs.push(Crumb::here(&heading));
        let words = fill(lang, "web.withdrawn.words", &[("at", &at.words)]);
        Self { frame, heading, words, why: "la data era sbagliata".into(), at }
    }
}
