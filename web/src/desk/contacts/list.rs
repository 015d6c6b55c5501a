//! The list of journalists, searched and paged.

use super::bylines::{self, BylineLine};
use super::notice::{self, NoticeLine};
use super::{Options, media, medium_words};
use crate::Site;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::frame::Frame;
use crate::desk::paging::{Paging, Place};
use crate::desk::session::Desk;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use salastampa_acts::contacts::{Shape, export_all};
use salastampa_domain::{Act, Contact, ContactFilter, Medium, Standing};
use salastampa_locale::{Lang, plural, t};
use serde::Deserialize;

/// Lines of a page.
const SIZE: usize = 50;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/desk/giornalisti", get(show)).route("/desk/giornalisti/esporta", post(export))
}

/// The list.
#[derive(Template)]
#[template(path = "desk/contacts/list.html")]
pub(crate) struct ContactsPage {
    frame: Frame,
    asked: Asked,
    media: Options,
    standings: Options,
    /// *312 giornalisti*.
    count: String,
    /// Whether nobody was ever written down, so that an empty list is a beginning.
    is_new: bool,
    notice: NoticeLine,
    /// How many records are to be confirmed; none where there are none.
    stale: Option<String>,
    /// How many may stand there twice; none where nobody does.
    doubles: Option<String>,
    rows: Vec<Line>,
    paging: Paging,
}

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    mezzo: String,
    stato: String,
    pagina: Option<usize>,
}

/// A journalist in the list.
struct Line {
    id: i64,
    href: String,
    name: String,
    address: String,
    outlet: String,
    medium: &'static str,
    beats: String,
    territory: String,
    left: bool,
    expired: bool,
    embargo: bool,
    /// Where they sign, by the bylines of the archive.
    bylines: Vec<String>,
}

async fn show(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    desk.answer(page(&desk, asked.map(|Query(asked)| asked).unwrap_or_default()).await)
}

async fn page(desk: &Desk, asked: Asked) -> Result<ContactsPage, Error> {
    desk.must(Act::KeepContacts)?;
    let filter = ContactFilter {
        words: asked.q.chars().take(200).collect(),
        medium: Medium::parse(&asked.mezzo),
        standing: match asked.stato.as_str() {
            "attivi" => Some(Standing::Reached),
            "usciti" => Some(Standing::Left),
            "scaduti" => Some(Standing::Expired { day: desk.now.day() }),
            _ => None,
        },
    };
    let mut rows = desk.site.store.read().await?;
    let total = rows.count_contacts(&filter).await?;
    let is_new = total == 0 && rows.count_contacts(&ContactFilter::default()).await? == 0;
    let place = Place::new(asked.pagina, SIZE, total);
    let found = rows.search_contacts(&filter, place.offset(), SIZE).await?;
    let notice = notice::line(desk, &mut rows).await?;
    let mut signed = bylines::lines(desk, &mut rows, &found).await?;
    let doubles = salastampa_acts::contacts::doubles::doubles(&mut rows).await?.len();
    let stale = salastampa_acts::contacts::count_to_confirm(&mut rows, desk.now).await?;
    let questions = [("q", asked.q.as_str()), ("mezzo", asked.mezzo.as_str()), ("stato", asked.stato.as_str())];
    Ok(ContactsPage {
        frame: desk.frame(desk.t("desk.menu.contacts")),
        media: every("people.list.every_medium", media(desk.lang), desk.lang),
        standings: standings(desk.lang),
        count: plural(desk.lang, "people.list.count", total),
        is_new,
        notice,
        doubles: (doubles > 0).then(|| plural(desk.lang, "keeping.doubles.link", doubles)),
        stale: (stale > 0).then(|| plural(desk.lang, "keeping.queue.link", stale)),
        rows: found.iter().map(|contact| line(desk, contact, signed.remove(&contact.id))).collect(),
        paging: place.paging(desk, "/desk/giornalisti", &questions),
        asked,
    })
}

fn line(desk: &Desk, contact: &Contact, signed: Option<BylineLine>) -> Line {
    let signed = signed.map(|s| s.here.map(|(words, _)| words).into_iter().chain(s.elsewhere.map(|e| e.words)));
    Line {
        id: contact.id.0,
        href: desk.href(&format!("/desk/giornalisti/{}", contact.id)),
        name: contact.name.clone(),
        address: contact.address.as_str().to_owned(),
        outlet: contact.outlets().collect::<Vec<_>>().join(", "),
        medium: medium_words(contact.medium, desk.lang),
        beats: contact.beats.join(", "),
        territory: contact.territory.clone(),
        left: contact.opted_out_at.is_some(),
        expired: contact.expires.is_some_and(|day| day < desk.now.day()),
        embargo: contact.accepts_embargo,
        bylines: signed.into_iter().flatten().collect(),
    }
}

fn every(key: &'static str, mut options: Options, lang: Lang) -> Options {
    options.insert(0, (String::new(), t(lang, key).to_owned()));
    options
}

fn standings(lang: Lang) -> Options {
    let one = |value: &str, words: &str| (value.to_owned(), words.to_owned());
    vec![
        one("", t(lang, "people.standing.all")),
        one("attivi", t(lang, "people.standing.reached")),
        one("usciti", t(lang, "people.standing.left")),
        one("scaduti", t(lang, "people.standing.expired")),
    ]
}

/// All of them as a file; who took it stands in the log.
async fn export(desk: Desk, fields: Fields) -> Response {
    let (shape, mime, ending) = match fields.text("forma") {
        "vcard" => (Shape::Cards, "text/vcard; charset=utf-8", "vcf"),
        _ => (Shape::Csv, "text/csv; charset=utf-8", "csv"),
    };
    match export_all(desk.acts(), shape).await {
        Ok(text) => {
            let name = format!("attachment; filename=\"giornalisti-{}.{ending}\"", desk.now.day());
            let headers = [(CONTENT_TYPE, mime.to_owned()), (CONTENT_DISPOSITION, name)];
            // spreadsheets know UTF-8 by its mark
            let mark = if shape == Shape::Csv { "\u{feff}" } else { "" };
            (headers, format!("{mark}{text}")).into_response()
        }
        Err(error) => desk.refused("/desk/giornalisti", &error).await,
    }
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = |rows: Vec<Line>, q: &str, is_new: bool| ContactsPage {
        frame: Frame::sample(lang, t(lang, "desk.menu.contacts"), "/desk/giornalisti"),
        asked: Asked { q: q.into(), mezzo: "radio".into(), ..Asked::default() },
        media: every("people.list.every_medium", media(lang), lang),
        standings: standings(lang),
        count: plural(lang, "people.list.count", rows.len()),
        is_new,
        notice: NoticeLine::sample(lang, q.is_empty()),
        doubles: (!q.is_empty()).then(|| plural(lang, "keeping.doubles.link", 2)),
        stale: (!q.is_empty()).then(|| plural(lang, "keeping.queue.link", 2)),
        rows,
        paging: Paging {
            previous: Some("/desk/giornalisti?pagina=1".into()),
            next: Some("/desk/giornalisti?pagina=3".into()),
            words: "2 / 3".into(),
        },
    };
    let line = |id: i64, left: bool| Line {
        id,
        href: format!("/desk/giornalisti/{id}"),
        name: "Nina <b>Valli</b>".into(),
        address: "nina@il-lago.test".into(),
        outlet: "Il <i>Lago</i>".into(),
        medium: medium_words(Medium::Radio, lang),
        beats: "cronaca, sport".into(),
        territory: "Bellariva".into(),
        left,
        expired: left,
        embargo: !left,
        bylines: vec!["Ultima firma <oggi>".into()],
    };
    vec![
        ("contacts", page(vec![line(1, false), line(2, true)], "\"><script>", false).render().expect("a template")),
        ("contacts, nobody found", page(Vec::new(), "zzz", false).render().expect("a template")),
        ("contacts, nobody yet", page(Vec::new(), "", true).render().expect("a template")),
    ]
}
