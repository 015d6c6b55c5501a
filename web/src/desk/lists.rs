//! *Liste*: whom releases go to, with every name, and why somebody on it gets nothing.
//!
//! A list is filled by hand or by a rule; a rule can be tried before it is saved. What is shown is what is sent to: the
//! same members, the same reasons. Left out: removing a list, because frozen releases name it.

use super::contacts::{Options, media, medium_words};
use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::paging::{Paging, Place};
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::lists::{self, ListForm, Out, Preview};
use salastampa_acts::{Denied, desk::name_of};
use salastampa_domain::{Act, Contact, ContactFilter, ContactId, Event, ListId, MailingList, Membership};
use salastampa_locale::{Lang, date, fill, plural, t};
use serde::Deserialize;

#[path = "lists_parts.rs"]
mod parts;
use parts::{Candidate, ListLine, Shown, rule_words, shown};

/// Members of a page.
const SIZE: usize = 50;
/// So many journalists are offered for a list by hand.
const OFFERED: usize = 20;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/liste", get(index))
        .route("/desk/liste/nuova", get(blank).post(add))
        .route("/desk/liste/{slug}", get(show))
        .route("/desk/liste/{slug}/modifica", get(change).post(edit))
        .route("/desk/liste/{slug}/aggiungi", post(add_member))
        .route("/desk/liste/{slug}/togli", post(remove_member))
}

/// All lists.
#[derive(Template)]
#[template(path = "desk/lists/index.html")]
pub(crate) struct ListsPage {
    frame: Frame,
    lists: Vec<ListLine>,
}

/// One list with its members.
#[derive(Template)]
#[template(path = "desk/lists/list.html")]
pub(crate) struct ListPage {
    frame: Frame,
    slug: String,
    rule: String,
    by_hand: bool,
    shown: Shown,
    only_out: bool,
    paging: Paging,
    /// What is looked for among those who are not on it.
    words: String,
    searched: bool,
    candidates: Vec<Candidate>,
}

/// The form of a list, and what its rule would take in.
#[derive(Template)]
#[template(path = "desk/lists/form.html")]
pub(crate) struct FormPage {
    frame: Frame,
    slips: Slips,
    form: ListForm,
    seen: String,
    slug: Option<String>,
    media: Options,
    /// What somebody else has saved in the meantime.
    conflict: Option<super::contacts::Conflict>,
    tried: Option<Shown>,
}

/// What is asked of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    cerca: String,
    esclusi: String,
    pagina: Option<usize>,
}

async fn index(desk: Desk) -> Response {
    desk.answer(lists_page(&desk).await)
}

async fn lists_page(desk: &Desk) -> Result<ListsPage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let mut lines = Vec::new();
    for list in rows.list_lists().await? {
        let (total, left) = rows.count_members(&list).await?;
        lines.push(ListLine {
            href: desk.href(&format!("/desk/liste/{}", list.slug)),
            rule: rule_words(&list.membership, desk.lang),
            count: plural(desk.lang, "people.lists.members", total),
            left: (left > 0).then(|| plural(desk.lang, "people.lists.left", left)),
            slug: list.slug,
            name: list.name,
        });
    }
    lines.sort_by_key(|line| line.name.to_lowercase());
    Ok(ListsPage { frame: desk.frame(desk.t("desk.menu.lists")), lists: lines })
}

async fn show(desk: Desk, Path(slug): Path<String>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    desk.answer(list_page(&desk, &slug, asked.map(|Query(asked)| asked).unwrap_or_default()).await)
}

async fn list_page(desk: &Desk, slug: &str, asked: Asked) -> Result<ListPage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let list = rows.find_list(slug).await?.ok_or(Error::Missing)?;
    let only_out = !asked.esclusi.is_empty();
    let asked_for = asked.pagina.unwrap_or(1).saturating_sub(1).saturating_mul(SIZE);
    let seen = lists::preview(&mut rows, &desk.site.house, &list, only_out, (asked_for, SIZE), desk.now.day()).await?;
    let lines = if only_out { seen.kept_out } else { seen.total };
    let place = Place::new(Some(seen.offset / SIZE + 1), SIZE, lines);
    let by_hand = list.membership == Membership::Hand;
    let words = asked.cerca.trim().chars().take(200).collect::<String>();
    let mut candidates = Vec::new();
    if by_hand && !words.is_empty() {
        let filter = ContactFilter { words: words.clone(), ..ContactFilter::default() };
        let on: Vec<ContactId> = rows.list_member_addresses(&list).await?.into_iter().map(|(id, ..)| id).collect();
        let found = rows.search_contacts(&filter, 0, OFFERED).await?;
        candidates.extend(found.into_iter().map(|contact| Candidate {
            id: contact.id.0,
            is_on: on.contains(&contact.id),
            name: contact.name,
            outlet: contact.outlet,
            address: contact.address.as_str().to_owned(),
        }));
    }
    let path = format!("/desk/liste/{slug}");
    Ok(ListPage {
        frame: desk.frame(&list.name),
        slug: slug.to_owned(),
        rule: rule_words(&list.membership, desk.lang),
        by_hand,
        shown: shown(desk, seen, &list.membership),
        only_out,
        paging: place.paging(desk, &path, &[("esclusi", &asked.esclusi), ("cerca", &words)]),
        searched: !words.is_empty(),
        words,
        candidates,
    })
}

async fn blank(desk: Desk) -> Response {
    desk.answer(form_page(&desk, None, ListForm::default(), Slips::default(), false, false).await)
}

async fn change(desk: Desk, Path(slug): Path<String>) -> Response {
    let form = match desk.site.store.read().await {
        Ok(mut rows) => rows.find_list(&slug).await.ok().flatten().map(|list| ListForm::of(&list)),
        Err(_) => None,
    };
    match form {
        Some(form) => desk.answer(form_page(&desk, Some(&slug), form, Slips::default(), false, false).await),
        None => desk.no_page(&Error::Missing),
    }
}

async fn form_page(
    desk: &Desk,
    slug: Option<&str>,
    form: ListForm,
    slips: Slips,
    changed: bool,
    tries: bool,
) -> Result<FormPage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let saved = match slug {
        Some(slug) => Some(rows.find_list(slug).await?.ok_or(Error::Missing)?),
        None => None,
    };
    let mut conflict = None;
    if let Some(list) = saved.as_ref().filter(|_| changed) {
        let last = rows.list_events_of(&Event::about_list(list.id), 1).await?.pop();
        let (by, at) = match &last {
            Some(event) => (name_of(&mut rows, &event.who, desk.lang).await?, event.at),
            None => (desk.t("people.who.console").to_owned(), desk.now),
        };
        let ours = form.membership(desk.lang).map(|m| rule_words(&m, desk.lang)).unwrap_or_default();
        let fields = vec![
            (desk.t("people.lists.name"), list.name.clone(), form.name.clone()),
            (desk.t("people.lists.who"), rule_words(&list.membership, desk.lang), ours),
        ];
        let fields = fields.into_iter().filter(|(_, theirs, ours)| theirs != ours).collect();
        conflict = Some(super::contacts::Conflict { words: Denied::Changed { by, at }.sentence(desk.lang), fields });
    }
    let tried = match form.membership(desk.lang) {
        Ok(membership) if tries && form.by_rule => {
            let list = MailingList { id: ListId(0), slug: String::new(), name: form.name.clone(), membership };
            let today = desk.now.day();
            let seen = lists::preview(&mut rows, &desk.site.house, &list, false, (0, SIZE), today).await?;
            Some(shown(desk, seen, &list.membership))
        }
        _ => None,
    };
    let title = saved.as_ref().map_or(desk.t("people.lists.new").to_owned(), |list| {
        fill(desk.lang, "people.lists.edit_title", &[("name", &list.name)])
    });
    Ok(FormPage {
        frame: desk.frame(&title),
        slips,
        seen: saved.as_ref().map(lists::mark_of).unwrap_or_default(),
        slug: saved.map(|list| list.slug),
        media: every_medium(desk.lang),
        form,
        conflict,
        tried,
    })
}

fn form_of(fields: &Fields) -> ListForm {
    ListForm {
        name: fields.raw("name").to_owned(),
        by_rule: fields.text("by") == "rule",
        medium: fields.raw("medium").to_owned(),
        beat: fields.raw("beat").to_owned(),
        territory: fields.raw("territory").to_owned(),
    }
}

async fn add(desk: Desk, fields: Fields) -> Response {
    let form = form_of(&fields);
    if fields.has("prova") {
        return desk.answer(form_page(&desk, None, form, Slips::default(), false, true).await);
    }
    match lists::add(desk.acts(), &form).await {
        Ok(slug) => desk.go(&format!("/desk/liste/{slug}"), desk.t("people.lists.added")).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(form_page(&desk, None, form, Slips(slips), false, false).await)
        }
        Err(error) => desk.refused("/desk/liste", &error).await,
    }
}

async fn edit(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let form = form_of(&fields);
    if fields.has("prova") {
        return desk.answer(form_page(&desk, Some(&slug), form, Slips::default(), false, true).await);
    }
    match lists::edit(desk.acts(), &slug, fields.text("seen"), &form).await {
        Ok(()) => desk.go(&format!("/desk/liste/{slug}"), desk.t("people.lists.saved")).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(form_page(&desk, Some(&slug), form, Slips(slips), false, false).await)
        }
        Err(salastampa_acts::Error::Denied(Denied::Changed { .. })) => {
            desk.again(form_page(&desk, Some(&slug), form, Slips::default(), true, false).await)
        }
        Err(error) => desk.refused("/desk/liste", &error).await,
    }
}

async fn add_member(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let id = fields.value("contact").unwrap_or_default();
    let act = lists::add_member(desk.acts(), &slug, ContactId(id)).await;
    moved(&desk, &slug, act, id, "togli", desk.t("people.lists.member_added")).await
}

async fn remove_member(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let id = fields.value("contact").unwrap_or_default();
    let act = lists::remove_member(desk.acts(), &slug, ContactId(id)).await;
    moved(&desk, &slug, act, id, "aggiungi", desk.t("people.lists.member_removed")).await
}

/// Back to the list, with the button that takes it back.
async fn moved(
    desk: &Desk,
    slug: &str,
    act: salastampa_acts::Result<()>,
    contact: i64,
    back: &str,
    words: &str,
) -> Response {
    let path = format!("/desk/liste/{slug}");
    match act {
        Ok(()) => {
            let contact = contact.to_string();
            desk.go_or_undo(&path, words, &format!("{path}/{back}"), &[("contact", &contact)]).await
        }
        Err(error) => desk.refused(&path, &error).await,
    }
}

fn every_medium(lang: Lang) -> Options {
    let mut options = media(lang);
    options.insert(0, (String::new(), t(lang, "people.list.every_medium").to_owned()));
    options
}

#[cfg(test)]
#[path = "lists_samples.rs"]
mod samples;
#[cfg(test)]
pub(crate) use samples::samples;
