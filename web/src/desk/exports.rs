//! *Chi ha esportato che cosa*: the lines of the log about files and feeds that left the office, in a table of their own.

use super::frame::Frame;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::log;
use salastampa_domain::{Act, Event, EventId};
#[cfg(test)]
use salastampa_locale::Lang;
use salastampa_locale::{date, number};
use salastampa_store::EventFilter;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The route of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/registro/esportazioni", get(show))
}

/// So many lines a page.
const PAGE: usize = 50;

/// The acts by which something leaves for a single person.
const VERBS: [&str; 7] =
    ["articles.export", "contact.export", "contacts.export", "log.export", "feed.add", "feed.renew", "feed.revoke"];

/// The page.
#[derive(Template)]
#[template(path = "desk/exports.html")]
pub(crate) struct ExportsPage {
    frame: Frame,
    only_own: bool,
    lines: Vec<Line>,
    older: Option<String>,
}

/// One export.
struct Line {
    datetime: String,
    moment: String,
    who: String,
    what: String,
    /// What it was of: the words of the search, the name of a dossier or feed; empty where the act says it all.
    of: String,
    format: String,
    /// How many articles or lines; empty where nothing is counted.
    count: String,
}

/// What the log tells of an export.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Told {
    query: String,
    title: String,
    name: String,
    format: String,
    articles: Option<i64>,
    contacts: Option<i64>,
    lines: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    prima: String,
}

async fn show(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let before = asked.ok().and_then(|Query(asked)| asked.prima.trim().parse().ok()).map(EventId);
    desk.answer(page(&desk, before).await)
}

async fn page(desk: &Desk, before: Option<EventId>) -> Result<ExportsPage, Error> {
    let mut rows = desk.site.store.read().await?;
    let filter = EventFilter { among: VERBS.to_vec(), before, ..EventFilter::default() };
    let read = log::read(&mut rows, &desk.user, &filter, PAGE).await?;
    let older = |event: &Event| desk.href(&format!("/desk/registro/esportazioni?prima={}", event.id));
    Ok(ExportsPage {
        frame: desk.frame(desk.t("export.log.title")),
        only_own: !desk.may(Act::ReadLog),
        older: read.events.last().filter(|_| read.more).map(older),
        lines: read.events.iter().map(|event| line(desk, event, &read.names)).collect(),
    })
}

fn line(desk: &Desk, event: &Event, names: &BTreeMap<i64, String>) -> Line {
    let told: Told = event.after.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let count = told.articles.or(told.contacts).or(told.lines);
    let of = [told.title, told.name, told.query].into_iter().find(|text| !text.is_empty());
    Line {
        datetime: event.at.rfc3339(),
        moment: date::moment(event.at.civil(), desk.lang),
        who: super::events::who(&event.who, names, desk.lang),
        what: super::events::verb_words(&event.verb, desk.lang),
        of: of.unwrap_or_default(),
        format: told.format,
        count: count.map(|n| number::whole(n, desk.lang)).unwrap_or_default(),
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let line = |count: &str| Line {
        datetime: "2026-11-22T07:10:00+01:00".into(),
        moment: "22 novembre 2026".into(),
        who: "Lia <Neri>".into(),
        what: "ha esportato <articoli>".into(),
        of: "ponte \"<b>\"".into(),
        format: "csv".into(),
        count: count.into(),
    };
    let page = |lines, only_own| ExportsPage {
        frame: Frame::sample(lang, salastampa_locale::t(lang, "export.log.title"), "/desk/registro/esportazioni"),
        only_own,
        lines,
        older: Some("?prima=7".into()),
    };
    let full = page(vec![line("1.204"), line("")], false);
    let none = ExportsPage { older: None, ..page(Vec::new(), true) };
    [("exports", full), ("exports, none", none)]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into()
}
