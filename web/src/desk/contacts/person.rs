//! One journalist: the form, what was sent to them, and the three rights (to be told, to be left alone, to be forgotten).

use super::known::{Known, Link, known_of};
use super::{Options, languages, media};
use crate::Site;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::session::Desk;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use salastampa_acts::contacts::{self, ContactForm};
use salastampa_acts::receive;
use salastampa_acts::{Denied, desk::name_of};
use salastampa_domain::{Act, Address, Basis, Contact, ContactId, Event, ListId, MailingList, Membership};
use salastampa_locale::{Lang, fill, plural, t};
use salastampa_store::Rows;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/giornalisti/nuovo", get(blank).post(add))
        .route("/desk/giornalisti/{id}", get(show).post(edit))
        .route("/desk/giornalisti/{id}/uscita", post(opt_out))
        .route("/desk/giornalisti/{id}/indirizzo", post(decide_address))
        .route("/desk/giornalisti/{id}/dati", post(export))
        .route("/desk/giornalisti/{id}/cancella", get(ask_erase).post(erase))
}

/// The form of a journalist, new or known.
#[derive(Template)]
#[template(path = "desk/contacts/person.html")]
pub(crate) struct PersonPage {
    frame: Frame,
    slips: Slips,
    form: ContactForm,
    /// The mark of what the form was filled with.
    seen: String,
    /// Somebody else has changed it: what they wrote, field by field, beside what stands in the form.
    conflict: Option<Conflict>,
    /// Who has the address already.
    double: Option<Link>,
    media: Options,
    bases: Options,
    languages: Options,
    /// Lists by hand, each with whether the journalist is on it.
    lists: Vec<(i64, String, bool)>,
    known: Option<Known>,
}

/// What two people wrote.
pub(crate) struct Conflict {
    pub(crate) words: String,
    /// The field, what is saved now, what stands in the form.
    pub(crate) fields: Vec<(&'static str, String, String)>,
}

async fn blank(desk: Desk) -> Response {
    desk.answer(page(&desk, None, ContactForm::new(), Slips::default(), false).await)
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Response {
    desk.answer(saved(&desk, ContactId(id)).await)
}

async fn saved(desk: &Desk, id: ContactId) -> Result<PersonPage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let contact = rows.find_contact(id).await?.ok_or(Error::Missing)?;
    let form = ContactForm::of(&contact, &rows.list_lists_of(id).await?);
    drop(rows);
    page(desk, Some(id), form, Slips::default(), false).await
}

async fn page(
    desk: &Desk,
    id: Option<ContactId>,
    form: ContactForm,
    slips: Slips,
    changed: bool,
) -> Result<PersonPage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let all = rows.list_lists().await?;
    let (mut known, mut seen, mut conflict) = (None, String::new(), None);
    let mut title = desk.t("people.person.new").to_owned();
    if let Some(id) = id {
        let contact = rows.find_contact(id).await?.ok_or(Error::Missing)?;
        let lists = rows.list_lists_of(id).await?;
        seen = contacts::mark_of(&contact, &lists);
        title.clone_from(&contact.name);
        if changed {
            let theirs = ContactForm::of(&contact, &lists);
            conflict = Some(compare(desk, &mut rows, &contact, &theirs, &form, &all).await?);
        }
        known = Some(known_of(desk, &mut rows, &contact, &all).await?);
    }
    let double = match (slips.of("address"), Address::parse(&form.address)) {
        (Some(_), Ok(address)) => rows
            .find_contact_by_any_address(&address)
            .await?
            .map(|other| Link { words: other.name, href: desk.href(&format!("/desk/giornalisti/{}", other.id)) }),
        _ => None,
    };
    // what a person has left by themselves the office cannot tick
    let left = match id {
        Some(id) => rows.list_lists_left(id).await?,
        None => Vec::new(),
    };
    let lists = all
        .iter()
        .filter(|list| list.membership == Membership::Hand && left.iter().all(|(id, _)| *id != list.id))
        .map(|list| (list.id.0, list.name.clone(), form.lists.contains(&list.id)))
        .collect();
    Ok(PersonPage {
        frame: desk.frame(&title),
        slips,
        form,
        seen,
        conflict,
        double,
        media: media(desk.lang),
        bases: bases(desk.lang),
        languages: languages(desk.lang),
        lists,
        known,
    })
}

/// Both texts of a form that two people changed, where they differ.
async fn compare(
    desk: &Desk,
    rows: &mut Rows,
    contact: &Contact,
    theirs: &ContactForm,
    ours: &ContactForm,
    all: &[MailingList],
) -> Result<Conflict, Error> {
    let lang = desk.lang;
    let last = rows.list_events_of(&Event::about_contact(contact.id), 1).await?.pop();
    let (by, at) = match &last {
        Some(event) => (name_of(rows, &event.who, lang).await?, event.at),
        None => (t(lang, "people.who.console").to_owned(), desk.now),
    };
    let words = Denied::Changed { by, at }.sentence(lang);
    let lists = |form: &ContactForm| {
        all.iter().filter(|l| form.lists.contains(&l.id)).map(|l| l.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let quiet = |form: &ContactForm| format!("{}–{}", form.quiet_from, form.quiet_until);
    let yes = |on: bool| if on { t(lang, "people.yes") } else { t(lang, "people.no") }.to_owned();
    let fields = [
        (t(lang, "people.field.name"), theirs.name.clone(), ours.name.clone()),
        (t(lang, "people.field.address"), theirs.address.clone(), ours.address.clone()),
        (t(lang, "people.field.phones"), theirs.phones.clone(), ours.phones.clone()),
        (t(lang, "people.field.others"), theirs.others.clone(), ours.others.clone()),
        (t(lang, "people.field.outlet"), theirs.outlet.clone(), ours.outlet.clone()),
        (t(lang, "people.field.role"), theirs.role.clone(), ours.role.clone()),
        (t(lang, "people.field.posts"), theirs.posts.clone(), ours.posts.clone()),
        (t(lang, "people.field.notes"), theirs.notes.clone(), ours.notes.clone()),
        (t(lang, "people.field.medium"), theirs.medium.clone(), ours.medium.clone()),
        (t(lang, "people.field.beats"), theirs.beats.clone(), ours.beats.clone()),
        (t(lang, "people.field.territory"), theirs.territory.clone(), ours.territory.clone()),
        (t(lang, "people.field.language"), theirs.language.clone(), ours.language.clone()),
        (t(lang, "people.field.embargo"), yes(theirs.embargo), yes(ours.embargo)),
        (t(lang, "people.field.quiet"), quiet(theirs), quiet(ours)),
        (t(lang, "people.field.basis"), theirs.basis.clone(), ours.basis.clone()),
        (t(lang, "people.field.origin"), theirs.origin.clone(), ours.origin.clone()),
        (t(lang, "people.field.notice"), theirs.notice.clone(), ours.notice.clone()),
        (t(lang, "people.field.expires"), theirs.expires.clone(), ours.expires.clone()),
        (t(lang, "people.field.lists"), lists(theirs), lists(ours)),
    ];
    Ok(Conflict { words, fields: fields.into_iter().filter(|(_, theirs, ours)| theirs != ours).collect() })
}

fn form_of(fields: &Fields) -> ContactForm {
    let text = |name: &str| fields.raw(name).to_owned();
    ContactForm {
        name: text("name"),
        address: text("address"),
        others: text("others"),
        phones: text("phones"),
        outlet: text("outlet"),
        role: text("role"),
        posts: text("posts"),
        medium: text("medium"),
        beats: text("beats"),
        territory: text("territory"),
        language: text("language"),
        embargo: fields.has("embargo"),
        quiet_from: text("quiet_from"),
        quiet_until: text("quiet_until"),
        basis: text("basis"),
        origin: text("origin"),
        notice: text("notice"),
        expires: text("expires"),
        notes: text("notes"),
        lists: fields.values("list").into_iter().map(ListId).collect(),
    }
}

async fn add(desk: Desk, fields: Fields) -> Response {
    let form = form_of(&fields);
    match contacts::add(desk.acts(), &form).await {
        Ok(id) => desk.go(&format!("/desk/giornalisti/{id}"), added(&desk, id).await).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, None, form, Slips(slips), false).await)
        }
        Err(error) => desk.refused("/desk/giornalisti", &error).await,
    }
}

/// Whoever was closed out before stays out, and that is said at once.
async fn added(desk: &Desk, id: ContactId) -> &'static str {
    let contact = match desk.site.store.read().await {
        Ok(mut rows) => rows.find_contact(id).await.ok().flatten(),
        Err(_) => None,
    };
    match contact.and_then(|c| c.opted_out_at) {
        Some(_) => desk.t("people.person.added_left"),
        None => desk.t("people.person.added"),
    }
}

async fn edit(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Response {
    let (id, form) = (ContactId(id), form_of(&fields));
    match contacts::edit(desk.acts(), id, fields.text("seen"), &form).await {
        Ok(()) => desk.go(&format!("/desk/giornalisti/{id}"), desk.t("people.person.saved")).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, Some(id), form, Slips(slips), false).await)
        }
        Err(salastampa_acts::Error::Denied(Denied::Changed { .. })) => {
            desk.again(page(&desk, Some(id), form, Slips::default(), true).await)
        }
        Err(error) => desk.refused("/desk/giornalisti", &error).await,
    }
}

async fn opt_out(desk: Desk, Path(id): Path<i64>) -> Response {
    let path = format!("/desk/giornalisti/{id}");
    match contacts::opt_out(desk.acts(), ContactId(id)).await {
        Ok(stopped) => {
            let stopped = usize::try_from(stopped).unwrap_or_default();
            desk.go(&path, plural(desk.lang, "people.person.opted_out", stopped)).await
        }
        Err(error) => desk.refused(&path, &error).await,
    }
}

/// A person decides about an address that rejects mail.
async fn decide_address(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Response {
    let path = format!("/desk/giornalisti/{id}");
    let (act, words) = match fields.text("fai") {
        "riattiva" => (receive::free(desk.acts(), ContactId(id)).await, desk.t("returned.done.freed")),
        _ => (receive::confirm(desk.acts(), ContactId(id)).await, desk.t("returned.done.confirmed")),
    };
    desk.done(act, &path, words).await
}

/// What is held on a person, as a file for that person.
async fn export(desk: Desk, Path(id): Path<i64>) -> Response {
    match contacts::export(desk.acts(), ContactId(id)).await {
        Ok(json) => {
            let name = format!("attachment; filename=\"giornalista-{id}.json\"");
            let headers = [(CONTENT_TYPE, "application/json; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
            (headers, json).into_response()
        }
        Err(error) => desk.refused("/desk/giornalisti", &error).await,
    }
}

/// What erasing means, before it is done.
#[derive(Template)]
#[template(path = "desk/contacts/erase.html")]
pub(crate) struct ErasePage {
    frame: Frame,
    id: i64,
    name: String,
    address: String,
}

async fn ask_erase(desk: Desk, Path(id): Path<i64>) -> Response {
    desk.answer(erase_page(&desk, ContactId(id)).await)
}

async fn erase_page(desk: &Desk, id: ContactId) -> Result<ErasePage, Error> {
    desk.must(Act::KeepContacts)?;
    let contact = desk.site.store.read().await?.find_contact(id).await?.ok_or(Error::Missing)?;
    Ok(ErasePage {
        frame: desk.frame(&fill(desk.lang, "people.erase.title", &[("name", &contact.name)])),
        id: id.0,
        name: contact.name,
        address: contact.address.as_str().to_owned(),
    })
}

async fn erase(desk: Desk, Path(id): Path<i64>) -> Response {
    match contacts::erase(desk.acts(), ContactId(id)).await {
        Ok(erased) => {
            let deliveries = usize::try_from(erased.deliveries).unwrap_or_default();
            desk.go("/desk/giornalisti", plural(desk.lang, "people.erase.done", deliveries)).await
        }
        Err(error) => desk.refused("/desk/giornalisti", &error).await,
    }
}

fn bases(lang: Lang) -> Options {
    let words = |basis: Basis| match basis {
        Basis::PublicTask => t(lang, "people.basis.public_task"),
        Basis::Consent => t(lang, "people.basis.consent"),
    };
    Basis::ALL.into_iter().map(|basis| (basis.name().to_owned(), words(basis).to_owned())).collect()
}

#[cfg(test)]
#[path = "person_samples.rs"]
mod samples;
#[cfg(test)]
pub(super) use samples::samples;
