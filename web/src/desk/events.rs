//! *Registro*: who did what, to what, when. Read by SQL page by page; nobody changes a line of it.
//!
//! Verbs are told in plain words (`settings.verbs.…`); one that has no words yet shows itself, so that nothing is hidden.

use super::fields::Fields;
use super::frame::Frame;
use super::guard::encoded;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use salastampa_acts::log;
use salastampa_domain::{Act, Actor, Event, EventId, Timestamp, TokenPurpose, UserId};
use salastampa_locale::words::catalogue;
use salastampa_locale::{Lang, date, fill, t};
use salastampa_store::EventFilter;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/registro", get(show)).route("/desk/registro/csv", post(export))
}

/// So many lines a page.
const PAGE: usize = 50;
/// Longest state that is shown, in characters.
const LONGEST: usize = 2_000;

/// The parts of the program whose verbs can be asked for together: the beginning of the verbs, and its words.
const FAMILIES: [&str; 24] = [
    "login", "user", "settings", "office", "release", "review", "article", "clipping", "story", "alert", "watch",
    "edition", "source", "contact", "list", "reader", "delivery", "link", "dossier", "note", "tag", "feed", "articles",
    "election",
];

/// A part of the log.
#[derive(Template)]
#[template(path = "desk/events.html")]
pub(crate) struct EventsPage {
    frame: Frame,
    /// Only one's own lines are shown.
    only_own: bool,
    people: Vec<(String, String)>,
    families: Vec<(String, String)>,
    asked: Asked,
    /// Something is asked for.
    is_filtered: bool,
    days: Vec<Day>,
    older: Option<String>,
    may_export: bool,
}

/// One day of the log.
struct Day {
    date: String,
    lines: Vec<Line>,
}

struct Line {
    datetime: String,
    time: String,
    who: String,
    what: String,
    subject: String,
    /// A way to the other lines about the same.
    same: String,
    before: Option<String>,
    after: Option<String>,
}

/// What is asked for, as the address has it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    chi: String,
    cosa: String,
    oggetto: String,
    giorno: String,
    prima: String,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        let text = |name| fields.text(name).to_owned();
        Self {
            chi: text("chi"),
            cosa: text("cosa"),
            oggetto: text("oggetto"),
            giorno: text("giorno"),
            prima: String::new(),
        }
    }

    /// The question to the store. What does not read is not asked.
    fn filter(&self) -> EventFilter {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let day = self.giorno.trim().parse::<jiff::civil::Date>().ok();
        let midnight = |day: jiff::civil::Date| Timestamp::of_civil(day.at(0, 0, 0, 0));
        EventFilter {
            who: match self.chi.trim() {
                "programma" => Some(Actor::Console),
                number => number.parse().ok().map(|id| Actor::User { id: UserId(id) }),
            },
            verb: text(&self.cosa),
            among: Vec::new(),
            subject: text(&self.oggetto),
            from: day.map(midnight),
            until: day.and_then(|day| day.tomorrow().ok()).map(midnight),
            before: self.prima.trim().parse().ok().map(EventId),
        }
    }

    /// The address of this question, with another beginning.
    fn href(&self, prefix: &str, before: Option<EventId>) -> String {
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let pairs = [
            ("chi", &self.chi),
            ("cosa", &self.cosa),
            ("oggetto", &self.oggetto),
            ("giorno", &self.giorno),
            ("prima", &before),
        ];
        let pairs = pairs.into_iter().filter(|(_, text)| !text.is_empty());
        let query: Vec<String> = pairs.map(|(name, text)| format!("{name}={}", encoded(text))).collect();
        format!("{prefix}/desk/registro{}{}", if query.is_empty() { "" } else { "?" }, query.join("&"))
    }
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(page(&desk, asked).await)
}

async fn page(desk: &Desk, asked: Asked) -> Result<EventsPage, Error> {
    let mut rows = desk.site.store.read().await?;
    let lines = log::read(&mut rows, &desk.user, &asked.filter(), PAGE).await?;
    let only_own = !desk.may(Act::ReadLog);
    let older = lines.events.last().filter(|_| lines.more).map(|event| asked.href(desk.site.prefix(), Some(event.id)));
    Ok(EventsPage {
        frame: desk.frame(desk.t("desk.menu.events")),
        only_own,
        people: people(&lines.names, desk.lang),
        families: families(desk.lang),
        is_filtered: asked != Asked { prima: asked.prima.clone(), ..Asked::default() },
        days: days(&lines.events, &lines.names, desk.lang, desk.site.prefix()),
        older,
        may_export: !only_own,
        asked,
    })
}

fn people(names: &BTreeMap<i64, String>, lang: Lang) -> Vec<(String, String)> {
    let mut people: Vec<(String, String)> = names.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    people.sort_by_key(|(_, name)| name.to_lowercase());
    people.insert(0, (String::new(), t(lang, "settings.log.everybody").to_owned()));
    people.push(("programma".to_owned(), t(lang, "settings.log.console").to_owned()));
    people
}

fn families(lang: Lang) -> Vec<(String, String)> {
    let words = |family: &str| {
        let key = format!("settings.families.{family}");
        catalogue(lang).get(&key).cloned().unwrap_or_else(|| family.to_owned())
    };
    let mut all = vec![(String::new(), t(lang, "settings.log.everything").to_owned())];
    all.extend(FAMILIES.map(|family| (family.to_owned(), words(family))));
    all
}

fn days(events: &[Event], names: &BTreeMap<i64, String>, lang: Lang, prefix: &str) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for event in events {
        let civil = event.at.civil();
        let date = date::full(civil.date(), lang);
        let line = Line {
            datetime: event.at.rfc3339(),
            time: date::time_seconds(civil.time()),
            who: who(&event.who, names, lang),
            what: verb_words(&event.verb, lang),
            same: Asked { oggetto: event.subject.clone(), ..Asked::default() }.href(prefix, None),
            subject: subject_words(&event.subject, names, lang),
            before: event.before.as_deref().map(short),
            after: event.after.as_deref().map(short),
        };
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.lines.push(line),
            None => days.push(Day { date, lines: vec![line] }),
        }
    }
    days
}

/// Who did it, in words.
pub(crate) fn who(actor: &Actor, names: &BTreeMap<i64, String>, lang: Lang) -> String {
    match actor {
        Actor::User { .. } => log::who_words(actor, names),
        Actor::Job { name } => {
            let known = catalogue(lang).get(&format!("settings.jobs.{name}"));
            fill(lang, "settings.log.job", &[("name", known.unwrap_or(name))])
        }
        Actor::Link { purpose: TokenPurpose::Setup } => t(lang, "settings.log.setup").to_owned(),
        Actor::Link { .. } => t(lang, "settings.log.link").to_owned(),
        Actor::Console => t(lang, "settings.log.console").to_owned(),
    }
}

/// What was done, in words; a verb that has none shows itself.
pub(crate) fn verb_words(verb: &str, lang: Lang) -> String {
    let key = format!("settings.verbs.{}", verb.replace(['.', '-'], "_"));
    catalogue(lang).get(&key).cloned().unwrap_or_else(|| verb.to_owned())
}

/// What a line is about, in words; what has none shows itself.
fn subject_words(subject: &str, names: &BTreeMap<i64, String>, lang: Lang) -> String {
    let (kind, n) = subject.split_once(':').unwrap_or((subject, ""));
    if !catalogue(lang).contains_key(&format!("settings.subjects.{kind}")) {
        return subject.to_owned();
    }
    let name = n.parse().ok().and_then(|id: i64| names.get(&id)).map_or(n, String::as_str);
    fill(lang, &format!("settings.subjects.{kind}"), &[("n", n), ("name", name)])
}

/// A state that is not longer than a page bears.
fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        text.to_owned()
    } else {
        text.chars().take(LONGEST).chain("…".chars()).collect()
    }
}

/// The lines as a file; posted, because it leaves a line itself.
async fn export(desk: Desk, fields: Fields) -> Response {
    match log::export(&desk.site.store, &desk.user.login, &Asked::of(&fields).filter(), desk.now).await {
        Ok(bytes) => {
            let name = format!("attachment; filename=\"registro-{}.csv\"", desk.now.day());
            ([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response()
        }
        Err(error) => desk.refused("/desk/registro", &error).await,
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let event = |verb: &str, after: Option<&str>| Event {
        id: EventId(7),
        at: Timestamp(1_800_000_000_000),
        who: Actor::User { id: UserId(1) },
        verb: verb.into(),
        subject: "release:<12>".into(),
        before: None,
        after: after.map(str::to_owned),
    };
    let names = BTreeMap::from([(1, "Lia <b>Neri".to_owned())]);
    let events = [event("release.approve", Some("{\"a\":\"<script>\"}")), event("boh.mai", None)];
    let page = |days, is_filtered, only_own| EventsPage {
        frame: Frame::sample(lang, t(lang, "desk.menu.events"), "/desk/registro"),
        only_own,
        people: people(&names, lang),
        families: families(lang),
        asked: Asked { chi: "1".into(), oggetto: "release:\"12".into(), ..Asked::default() },
        is_filtered,
        days,
        older: Some("/desk/registro?prima=7".into()),
        may_export: !only_own,
    };
    let full = page(days(&events, &names, lang, ""), true, false);
    let empty = EventsPage { older: None, ..page(Vec::new(), false, true) };
    [("events", full), ("events_empty", empty)]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_asks_and_what_does_not_read_is_not_asked() {
        let asked = Asked { chi: "3".into(), cosa: "release".into(), giorno: "2026-11-23".into(), ..Asked::default() };
        let filter = asked.filter();
        assert_eq!(filter.who, Some(Actor::User { id: UserId(3) }));
        assert_eq!(filter.from, Timestamp::parse("2026-11-23 00:00"));
        assert_eq!(filter.until, Timestamp::parse("2026-11-24 00:00"));
        assert_eq!(asked.href("/x", Some(EventId(9))), "/x/desk/registro?chi=3&cosa=release&giorno=2026-11-23&prima=9");
        let junk = Asked { chi: "lia".into(), giorno: "ieri".into(), prima: "x".into(), ..Asked::default() };
        assert_eq!(junk.filter(), EventFilter::default());
    }
}
