//! *Iscritti*: who gets releases by mail because they asked for it on the newsroom. They come and go by themselves; here they
//! are counted, given what is held on them, and forgotten. Left out: adding somebody, which is theirs to do.

use super::fields::Fields;
use super::frame::Frame;
use super::paging::{Paging, Place};
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use salastampa_acts::subscribe;
use salastampa_domain::{Act, Subscriber, SubscriberId};
use salastampa_locale::{Lang, date, fill, plural, t};
use serde::Deserialize;

const PATH: &str = "/desk/iscritti";
/// Lines of a page.
const SIZE: usize = 50;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/iscritti", get(show))
        .route("/desk/iscritti/{id}/dati", post(export))
        .route("/desk/iscritti/{id}/cancella", post(erase))
}

/// The page.
#[derive(Template)]
#[template(path = "desk/subscribers.html")]
pub(crate) struct SubscribersPage {
    frame: Frame,
    /// Whether the office offers it.
    is_open: bool,
    count: String,
    /// Who has asked and not confirmed yet, where there are such.
    waiting: Option<String>,
    /// The form that everybody sees.
    form: String,
    rows: Vec<Line>,
    paging: Paging,
}

struct Line {
    id: i64,
    address: String,
    topics: String,
    since: String,
    left: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pagina: Option<usize>,
}

async fn show(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    desk.answer(page(&desk, asked.map(|Query(asked)| asked).unwrap_or_default()).await)
}

async fn page(desk: &Desk, asked: Asked) -> Result<SubscribersPage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let (total, gone) = rows.count_subscribers().await?;
    let place = Place::new(asked.pagina, SIZE, total);
    let waiting = rows.count_subscribers_waiting().await?;
    let found = rows.list_subscribers(place.offset(), SIZE).await?;
    Ok(SubscribersPage {
        frame: desk.frame(desk.t("subscribe.desk.title")),
        is_open: subscribe::is_open(&mut rows, &desk.site.house).await?,
        count: plural(desk.lang, "subscribe.desk.count", total - gone),
        waiting: (waiting > 0).then(|| plural(desk.lang, "subscribe.desk.waiting", waiting)),
        form: format!("{}/iscrizione", desk.site.prefix()),
        rows: found.iter().map(|one| line(one, desk.lang)).collect(),
        paging: place.paging(desk, PATH, &[]),
    })
}

fn line(one: &Subscriber, lang: Lang) -> Line {
    let day = one.confirmed_at.map(|at| date::full(at.day(), lang)).unwrap_or_default();
    Line {
        id: one.id.0,
        address: one.address.as_str().to_owned(),
        topics: match one.topics.is_empty() {
            true => t(lang, "subscribe.every").to_owned(),
            // names as addresses have them
            false => one.topics.iter().map(|topic| topic.replace('-', " ")).collect::<Vec<_>>().join(", "),
        },
        since: fill(lang, "subscribe.desk.since", &[("day", &day)]),
        left: one.left_at.is_some(),
    }
}

async fn export(desk: Desk, Path(id): Path<i64>) -> Response {
    match subscribe::export(desk.acts(), SubscriberId(id)).await {
        Ok(json) => {
            let name = format!("attachment; filename=\"iscritto-{id}.json\"");
            let headers = [(CONTENT_TYPE, "application/json; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
            (headers, json).into_response()
        }
        Err(error) => desk.refused(PATH, &error).await,
    }
}

async fn erase(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Response {
    // who may not do it hears that first, from the act
    if desk.may(Act::KeepContacts) && !fields.has("certo") {
        return desk.go(PATH, desk.t("subscribe.desk.unsure")).await;
    }
    let act = subscribe::erase(desk.acts(), SubscriberId(id)).await;
    desk.done(act, PATH, desk.t("subscribe.desk.erased")).await
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let line = |id, left| Line {
        id,
        address: "ida@<casa>.test".into(),
        topics: "lavori <i>pubblici".into(),
        since: fill(lang, "subscribe.desk.since", &[("day", "<b>")]),
        left,
    };
    let page = |is_open, rows: Vec<Line>| SubscribersPage {
        frame: Frame::sample(lang, t(lang, "subscribe.desk.title"), PATH),
        is_open,
        count: plural(lang, "subscribe.desk.count", rows.len()),
        waiting: rows.is_empty().then(|| plural(lang, "subscribe.desk.waiting", 2)),
        form: "/ufficio-stampa/iscrizione".into(),
        rows,
        paging: Paging::default(),
    };
    vec![
        ("subscribers", page(true, vec![line(1, false), line(2, true)]).render().expect("a template")),
        ("subscribers, none yet", page(true, Vec::new()).render().expect("a template")),
        ("subscribers, none", page(false, Vec::new()).render().expect("a template")),
    ]
}
