//! *Avvisi*: what was told on a day, to whom, why, and how long it took: published, seen, left, taken over by the server;
//! above it what still waits, and the gate.

mod gate;
mod rang;
mod times;
mod told;

pub(crate) use rang::words as rang_words;

use super::Desk;
use super::frame::Frame;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use jiff::ToSpan;
use jiff::civil::Date;
use salastampa_domain::{Act, Alert, AlertState, Period};
use salastampa_locale::date;
#[cfg(test)]
use salastampa_locale::{Lang, fill};
use serde::Deserialize;
use told::Told;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/avvisi", get(show).post(gate::press)).route("/desk/avvisi/tempi", get(times::show))
}

/// So many stories on a page.
const PAGE: usize = 30;
/// A day has no more than so many: the rest is counted, not shown.
const MOST: usize = 5_000;

/// The alerts of a day.
#[derive(Template)]
#[template(path = "desk/alerts.html")]
pub(crate) struct AlertsPage {
    frame: Frame,
    day: String,
    /// For the field: `2026-11-23`.
    iso: String,
    rows: Vec<Told>,
    /// What still waits; on the page of today only.
    waiting: Vec<gate::Waiting>,
    more: usize,
    edits: bool,
    count: usize,
    yesterday: String,
    tomorrow: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    giorno: String,
    pagina: String,
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let day = asked.giorno.parse::<Date>().unwrap_or_else(|_| desk.now.day());
    let number = asked.pagina.parse::<usize>().map_or(0, |n| n.saturating_sub(1));
    desk.answer(page(&desk, day, number).await)
}

async fn page(desk: &Desk, day: Date, number: usize) -> Result<AlertsPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let alerts = rows.list_alerts_of_period(Period::days(day, day), MOST).await?;
    let mails: Vec<&Alert> = alerts.iter().filter(|a| is_shown(a)).collect();
    let count = mails.len();
    let stories = told::by_story(&mails);
    let number = number.min(stories.len().saturating_sub(1) / PAGE);
    let all = stories.len();
    let shown: Vec<&[&Alert]> = stories.into_iter().skip(number * PAGE).take(PAGE).collect();
    let told = told::told(desk, &mut rows, &shown).await?;
    let (waiting, more) = match day == desk.now.day() && number == 0 {
        true => gate::waiting(desk, &mut rows).await?,
        false => (Vec::new(), 0),
    };
    let link = |day: Date, n: usize| match n {
        0 => desk.href(&format!("/desk/avvisi?giorno={day}")),
        n => desk.href(&format!("/desk/avvisi?giorno={day}&pagina={}", n + 1)),
    };
    let next = day.checked_add(1.day()).ok().filter(|next| *next <= desk.now.day());
    Ok(AlertsPage {
        frame: desk.frame(desk.t("desk.menu.alerts")),
        day: date::long(day, desk.lang),
        iso: day.to_string(),
        rows: told,
        waiting,
        more,
        edits: desk.may(Act::Curate),
        count,
        yesterday: link(day.checked_sub(1.day()).unwrap_or(day), 0),
        tomorrow: next.map(|next| link(next, 0)),
        before: number.checked_sub(1).map(|n| link(day, n)),
        after: (all > (number + 1) * PAGE).then(|| link(day, number + 1)),
    })
}

/// Whether an alert has a line of its own: it had a mail, or stands in one, or never left.
fn is_shown(alert: &Alert) -> bool {
    matches!(alert.state, AlertState::Queued | AlertState::Bundled { .. } | AlertState::Dropped { .. })
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let t = |key| salastampa_locale::t(lang, key);
    let waiting = |held| gate::Waiting {
        story: if held { 7 } else { 8 },
        title: "Mensa, <a> rinvio".into(),
        href: "/desk/articoli/7".into(),
        outlet: "Il <Lago>".into(),
        watches: "Scuola".into(),
        readers: "Ada Corti, Pietro Nava".into(),
        when: fill(lang, "curation.gate.held_until", &[("at", "10:05")]),
        held,
        note: "<b>".into(),
    };
    let list = |rows: Vec<Told>| AlertsPage {
        frame: Frame::sample(lang, t("desk.menu.alerts"), "/desk/avvisi"),
        day: "lunedì 23 novembre 2026".into(),
        iso: "2026-11-23".into(),
        count: rows.len(),
        waiting: vec![waiting(true), waiting(false)],
        more: 3,
        edits: !rows.is_empty(),
        rows,
        yesterday: "/desk/avvisi?giorno=2026-11-22".into(),
        tomorrow: None,
        before: None,
        after: Some("/desk/avvisi?giorno=2026-11-23&pagina=2".into()),
    };
    let one = |good, bad| told::sample(lang, good, bad);
    let page = |page: AlertsPage| page.render().expect("a template over strings");
    let mut all = times::samples(lang);
    all.extend([
        ("alerts", page(list(vec![one(true, false), one(false, true)]))),
        ("alerts, none", page(list(Vec::new()))),
    ]);
    all
}
