//! *Avvisi*: who was told what on a day, why, and how long it took: published, seen, left, taken over by the server; above
//! it what still waits, and the gate.

mod gate;
mod rang;
mod times;

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
use salastampa_domain::{
    Act, Alert, AlertState, Article, ArticleId, Delivery, DeliveryKind, DeliveryState, Period, Push, StoryId,
    Timestamp, Unsent, WatchId,
};
use salastampa_locale::{Lang, date, fill, number, plural};
use salastampa_store::Rows;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/avvisi", get(show).post(gate::press)).route("/desk/avvisi/tempi", get(times::show))
}

/// So many alerts on a page.
const PAGE: usize = 40;
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

/// One alert: a story, a reader.
struct Told {
    id: i64,
    title: String,
    url: String,
    outlet: String,
    reader: String,
    watches: String,
    why: String,
    /// `battuta 10:02:11, vista 10:02:19, partita 10:02:31`.
    times: String,
    delay: String,
    /// The outlets that tell the story beside the one that raised it.
    others: String,
    note: String,
    state: String,
    good: bool,
    bad: bool,
    /// How far the notification beside the mail is, and whether somebody should look at it.
    rang: Option<(String, bool)>,
    datetime: String,
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
    let number = number.min(count.saturating_sub(1) / PAGE);
    let shown: Vec<&Alert> = mails.into_iter().skip(number * PAGE).take(PAGE).collect();
    let told = told(desk, &mut rows, &shown).await?;
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
        after: (count > (number + 1) * PAGE).then(|| link(day, number + 1)),
    })
}

/// Whether an alert has a line of its own: it had a mail, or stands in one, or never left.
fn is_shown(alert: &Alert) -> bool {
    matches!(alert.state, AlertState::Queued | AlertState::Bundled { .. } | AlertState::Dropped { .. })
}

/// The alerts in words: rows are read for all of them together.
async fn told(desk: &Desk, rows: &mut Rows, alerts: &[&Alert]) -> Result<Vec<Told>, Error> {
    let stories: Vec<StoryId> = alerts.iter().map(|a| a.story).collect::<BTreeSet<_>>().into_iter().collect();
    let mut deliveries = Vec::new();
    let mut pushes = Vec::new();
    for kind in [DeliveryKind::Alert, DeliveryKind::Batch] {
        let subjects = alerts.iter().filter_map(|a| a.subject()).filter(|subject| subject.kind == kind);
        let things: Vec<i64> = subjects.map(|subject| subject.thing).collect::<BTreeSet<_>>().into_iter().collect();
        deliveries.extend(rows.list_deliveries_about(kind, &things).await?);
        pushes.extend(rows.list_pushes_about(kind, &things).await?);
    }
    let members = rows.list_story_articles(&stories).await?;
    let all = rows.list_alerts_of_stories(&stories).await?;
    let ids: Vec<ArticleId> = alerts.iter().map(|a| a.article).collect();
    let articles: BTreeMap<_, Article> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let clippings = rows.list_clippings_of_stories(&stories).await?;
    let outlets: BTreeMap<_, _> = rows.list_outlets().await?.into_iter().map(|o| (o.id, o.name)).collect();
    let readers: BTreeMap<_, _> = rows.list_readers().await?.into_iter().map(|r| (r.id, r.name)).collect();
    let watches: BTreeMap<WatchId, String> = rows.list_watches().await?.into_iter().map(|w| (w.id, w.name)).collect();
    let line = |alert: &&Alert| {
        let article = articles.get(&alert.article)?;
        let mine = |a: &&Alert| a.story == alert.story && a.reader == alert.reader;
        let spoke: BTreeSet<WatchId> = all.iter().filter(mine).map(|a| a.watch).collect();
        let mut why: Vec<String> = Vec::new();
        for word in
            clippings.iter().filter(|c| c.article == alert.article && spoke.contains(&c.watch)).flat_map(|c| &c.why)
        {
            if !why.contains(word) {
                why.push(word.clone());
            }
        }
        let names: Vec<&str> = spoke.iter().filter_map(|w| watches.get(w)).map(String::as_str).collect();
        let mine = |d: &&Delivery| Some(d.subject) == alert.subject() && d.reader == Some(alert.reader);
        let delivery = deliveries.iter().find(mine);
        let rang = |p: &&Push| Some(p.new.subject) == alert.subject() && p.new.reader == alert.reader;
        let rang = pushes.iter().find(rang).map(|push| rang_words(push, desk.lang));
        let others: BTreeSet<&str> = members
            .iter()
            .filter(|m| m.story == Some(alert.story) && m.outlet != article.outlet)
            .filter_map(|m| outlets.get(&m.outlet))
            .map(String::as_str)
            .collect();
        Some(words(
            alert,
            article,
            delivery,
            desk.lang,
            Told {
                id: alert.id.0,
                title: salastampa_digest::clean::line(&article.title, 300),
                url: salastampa_digest::clean::link(&article.url).unwrap_or_default().to_owned(),
                outlet: outlets.get(&article.outlet).cloned().unwrap_or_default(),
                reader: readers.get(&alert.reader).cloned().unwrap_or_default(),
                watches: names.join(", "),
                why: salastampa_digest::clean::line(&why.join(", "), 200),
                times: String::new(),
                delay: String::new(),
                others: match others.is_empty() {
                    true => String::new(),
                    false => {
                        let names = others.iter().copied().collect::<Vec<_>>().join(", ");
                        format!("{}: {names}", plural(desk.lang, "curation.alerts.others", others.len()))
                    }
                },
                note: alert.note.clone(),
                state: String::new(),
                good: false,
                bad: false,
                rang,
                datetime: alert.at.rfc3339(),
            },
        ))
    };
    Ok(alerts.iter().filter_map(line).collect())
}

fn words(alert: &Alert, article: &Article, delivery: Option<&Delivery>, lang: Lang, told: Told) -> Told {
    let times = salastampa_digest::alert::latency(
        article.published_at,
        article.first_seen,
        alert.left_at.unwrap_or(alert.at),
        alert.held(),
        lang,
    );
    let accepted = delivery.and_then(|d| d.accepted_at);
    let ended = accepted.or(alert.left_at).unwrap_or(alert.at);
    let length = number::duration(ended.since(article.first_seen).max(0), lang);
    let (state, good, bad) = match alert.state {
        AlertState::Dropped { why } => (unsent(why, lang).to_owned(), false, false),
        _ => state(delivery, lang),
    };
    Told {
        times: match accepted {
            Some(at) => fill(lang, "curation.alerts.accepted_at", &[("times", &times), ("time", &second(at))]),
            None => times,
        },
        delay: fill(lang, "curation.alerts.delay", &[("length", &length)]),
        state,
        good,
        bad,
        ..told
    }
}

fn second(at: Timestamp) -> String {
    date::time_seconds(at.civil().time())
}

/// Why it never left.
fn unsent(why: Unsent, lang: Lang) -> &'static str {
    match why {
        Unsent::Officer => salastampa_locale::t(lang, "curation.alerts.dropped"),
        Unsent::Reader => salastampa_locale::t(lang, "curation.alerts.stopped"),
        Unsent::Withdrawn => salastampa_locale::t(lang, "curation.alerts.withdrawn"),
    }
}

/// Where its mail stands, and whether that is good or bad.
fn state(delivery: Option<&Delivery>, lang: Lang) -> (String, bool, bool) {
    let t = |key| salastampa_locale::t(lang, key).to_owned();
    let Some(delivery) = delivery else { return (t("curation.mail.none"), false, false) };
    match delivery.state {
        DeliveryState::Accepted => (t("curation.mail.accepted"), true, false),
        DeliveryState::Queued | DeliveryState::Leased { .. } | DeliveryState::DataStarted { .. } => {
            (t("curation.mail.queued"), false, false)
        }
        DeliveryState::Deferred { .. } => (t("curation.mail.deferred"), false, false),
        DeliveryState::Uncertain => (t("curation.mail.uncertain"), false, true),
        DeliveryState::Failed => (t("curation.mail.failed"), false, true),
        DeliveryState::Suppressed => (t("curation.mail.suppressed"), false, true),
        DeliveryState::Cancelled => (t("curation.mail.cancelled"), false, true),
    }
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
    let one = |good, bad| Told {
        id: 1,
        title: "Frana <a> Maresio".into(),
        url: "https://agenzia.test/1".into(),
        outlet: "Agenzia <Lago>".into(),
        reader: "Ada Corti".into(),
        watches: "Emergenze".into(),
        why: "frana".into(),
        times: "battuta 10:02:11, vista 10:02:19, partita 10:02:31".into(),
        delay: "20 s".into(),
        others: "altre 2 testate: Il Lago, Radio <Riva>".into(),
        note: "Sentita <l'assessora>".into(),
        state: t("curation.mail.accepted").into(),
        good,
        bad,
        rang: bad.then(|| (t("people.push.waiting").to_owned(), bad)),
        datetime: "2026-11-23T10:02:31+01:00".into(),
    };
    let page = |page: AlertsPage| page.render().expect("a template over strings");
    let mut all = times::samples(lang);
    all.extend([
        ("alerts", page(list(vec![one(true, false), one(false, true)]))),
        ("alerts, none", page(list(Vec::new()))),
    ]);
    all
}
