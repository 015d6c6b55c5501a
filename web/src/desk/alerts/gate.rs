//! What has not left yet: stories at the gate and in the next batch, and what an officer decides about them.

use super::super::fields::Fields;
use super::super::session::Desk;
use crate::answer::Error;
use axum::response::Response;
use salastampa_acts::Denied;
use salastampa_acts::alert::gate::{Decision, decide, line_of};
use salastampa_domain::{Alert, AlertState, StoryId};
use salastampa_locale::{date, fill, plural, t};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// So many stories are shown: those at the gate first, then what leaves soonest.
const MOST: usize = 30;

/// A story of which something waits.
pub(super) struct Waiting {
    pub(super) story: i64,
    pub(super) title: String,
    pub(super) href: String,
    pub(super) outlet: String,
    pub(super) watches: String,
    pub(super) readers: String,
    /// When it goes by itself, in words.
    pub(super) when: String,
    pub(super) held: bool,
    pub(super) note: String,
}

/// The stories that wait, and how many more there are than are shown.
pub(super) async fn waiting(desk: &Desk, rows: &mut Rows) -> Result<(Vec<Waiting>, usize), Error> {
    let mut stories: BTreeMap<StoryId, Vec<Alert>> = BTreeMap::new();
    for alert in rows.list_open_alerts().await? {
        stories.entry(alert.story).or_default().push(alert);
    }
    let mut stories: Vec<(StoryId, Vec<Alert>)> = stories.into_iter().collect();
    let is_held = |alerts: &[Alert]| alerts.iter().any(|a| a.state == AlertState::Held);
    let soonest = |alerts: &[Alert]| alerts.iter().filter_map(|a| a.due_at).min();
    stories.sort_by_key(|(story, alerts)| (!is_held(alerts), soonest(alerts), *story));
    let more = stories.len().saturating_sub(MOST);
    stories.truncate(MOST);
    let ids: Vec<_> = stories.iter().flat_map(|(_, alerts)| alerts).map(|a| a.article).collect();
    let articles: BTreeMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let outlets: BTreeMap<_, _> = rows.list_outlets().await?.into_iter().map(|o| (o.id, o.name)).collect();
    let readers = rows.list_readers().await?;
    let watches = rows.list_watches().await?;
    let line = |(story, alerts): &(StoryId, Vec<Alert>)| {
        let article = articles.get(&alerts.first()?.article)?;
        let told = readers.iter().filter(|r| alerts.iter().any(|a| a.reader == r.id)).map(|r| r.name.as_str());
        let spoke = watches.iter().filter(|w| alerts.iter().any(|a| a.watch == w.id)).map(|w| w.name.as_str());
        let held = is_held(alerts);
        let at = soonest(alerts).unwrap_or(desk.now).civil();
        let key = if held { "curation.gate.held_until" } else { "curation.gate.leaves_at" };
        Some(Waiting {
            story: story.0,
            title: salastampa_digest::clean::line(&article.title, 300),
            href: desk.href(&format!("/desk/articoli/{}", article.id)),
            outlet: outlets.get(&article.outlet).cloned().unwrap_or_default(),
            watches: spoke.collect::<Vec<_>>().join(", "),
            readers: told.collect::<Vec<_>>().join(", "),
            when: fill(desk.lang, key, &[("at", &date::moment(at, desk.lang))]),
            held,
            note: line_of(alerts),
        })
    };
    Ok((stories.iter().filter_map(line).collect(), more))
}

/// `POST /desk/avvisi`: one decision about one story. A line that was typed goes with whatever button was pressed; one that
/// stands there as it was shown is nobody's wish.
pub(super) async fn press(desk: Desk, fields: Fields) -> Response {
    let path = "/desk/avvisi";
    let story = StoryId(fields.value("storia").unwrap_or_default());
    let wanted = match fields.text("fai") {
        "trattieni" => Some(Decision::Hold),
        "invia" => Some(Decision::Send),
        "scarta" => Some(Decision::Drop),
        _ => None,
    };
    let (store, login) = (&desk.site.store, &desk.user.login);
    let mut done = Ok(0);
    let (line, seen) = (fields.text("riga").to_owned(), fields.text("riga-vista").to_owned());
    let typed = fields.has("riga") && (line.trim() != seen.trim() || wanted.is_none());
    if typed && wanted != Some(Decision::Drop) {
        let note = Decision::Note { line: line.clone(), seen };
        done = decide(store, login, desk.lang, story, &note, desk.now).await;
    }
    if let (Ok(_), Some(decision)) = (&done, &wanted) {
        done = decide(store, login, desk.lang, story, decision, desk.now).await;
    }
    match done {
        Ok(count) => {
            let key = match wanted {
                Some(Decision::Hold) => "curation.gate.did_hold",
                Some(Decision::Send) => "curation.gate.did_send",
                Some(Decision::Drop) => "curation.gate.did_drop",
                _ => "curation.gate.did_note",
            };
            let words = format!("{} {}", t(desk.lang, key), plural(desk.lang, "curation.gate.rows", count));
            desk.go(path, words).await
        }
        Err(salastampa_acts::Error::Denied(Denied::Unknown { what: "alert", .. })) => {
            desk.refuse(path, t(desk.lang, "curation.gate.gone")).await
        }
        // the line is in the sentence, so that it need not be thought up again
        Err(error @ salastampa_acts::Error::Denied(Denied::Changed { .. })) => {
            let words = [("why", error.sentence(desk.lang)), ("line", line)];
            let words: Vec<(&str, &str)> = words.iter().map(|(name, words)| (*name, words.as_str())).collect();
            desk.refuse(path, &fill(desk.lang, "curation.gate.changed", &words)).await
        }
        Err(error) => desk.refused(path, &error).await,
    }
}
