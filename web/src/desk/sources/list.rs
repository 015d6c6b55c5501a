//! All sources, the ill ones first.

use super::words;
use crate::Site;
use crate::answer::Error;
use crate::desk::frame::Frame;
use crate::desk::paging::{Paging, Place};
use crate::desk::session::Desk;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::sources::{Mood, health, missed, mood, outcome};
use salastampa_domain::time::DAY;
use salastampa_domain::{Act, Outlet, OutletId, Source, SourceId, Visit};
use salastampa_locale::{Lang, fill, plural};
use serde::Deserialize;
use std::collections::HashMap;

/// Lines of a page.
const SIZE: usize = 50;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/desk/fonti", get(show))
}

/// The list.
#[derive(Template)]
#[template(path = "desk/sources/list.html")]
pub(crate) struct SourcesPage {
    frame: Frame,
    administers: bool,
    /// *14 fonti vive su 15.*
    summary: String,
    filters: Vec<Filter>,
    is_new: bool,
    rows: Vec<Line>,
    paging: Paging,
}

/// A way to see fewer of them.
struct Filter {
    words: String,
    href: String,
    here: bool,
}

/// A source in the list.
pub(super) struct Line {
    slug: String,
    href: String,
    name: String,
    mood: Badge,
    /// What is the matter; a source as it should be needs no words.
    sentence: Option<String>,
    /// Slug, kind, class.
    meta: String,
    /// When and how the last visit was.
    last: Option<(String, String, String)>,
    next: Option<(String, String)>,
    articles: String,
    rights: String,
}

/// How a source fares, in a word, and the colour that goes with it.
pub(super) struct Badge {
    pub(super) words: &'static str,
    pub(super) class: &'static str,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    stato: String,
    pagina: Option<usize>,
}

/// The groups, as addresses name them.
const GROUPS: [&str; 4] = ["", "malate", "pausa", "ritirate"];

async fn show(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    desk.answer(page(&desk, asked.map(|Query(asked)| asked).unwrap_or_default()).await)
}

async fn page(desk: &Desk, asked: Asked) -> Result<SourcesPage, Error> {
    desk.must(Act::Inspect)?;
    let mut rows = desk.site.store.read().await?;
    let outlets: HashMap<OutletId, Outlet> = rows.list_outlets().await?.into_iter().map(|o| (o.id, o)).collect();
    let all = rows.list_sources().await?;
    let last: HashMap<SourceId, Visit> = rows.list_last_visits().await?.into_iter().map(|v| (v.source, v)).collect();
    let fresh: HashMap<SourceId, usize> =
        rows.count_articles_by_source(desk.now.plus(-DAY)).await?.into_iter().collect();
    let asked_for = GROUPS.into_iter().find(|group| *group == asked.stato).unwrap_or_default();
    let filters = GROUPS.map(|group| Filter {
        words: group_words(group, all.iter().filter(|s| is_in(group, s)).count(), desk.lang),
        href: desk.href(&if group.is_empty() {
            "/desk/fonti".to_owned()
        } else {
            format!("/desk/fonti?stato={group}")
        }),
        here: group == asked_for,
    });
    let visited = all.iter().filter(|s| s.is_active()).count();
    let alive = all.iter().filter(|s| s.is_active() && s.health.is_alive()).count();
    let name = |source: &Source| outlets.get(&source.outlet).map_or_else(|| source.slug.clone(), |o| o.name.clone());
    let mut chosen: Vec<&Source> = all.iter().filter(|source| is_in(asked_for, source)).collect();
    chosen.sort_by_cached_key(|source| (!mood(source).is_bad(), name(source).to_lowercase(), source.slug.clone()));
    let place = Place::new(asked.pagina, SIZE, chosen.len());
    let lines = chosen.into_iter().skip(place.offset()).take(SIZE).map(|source| {
        let articles = fresh.get(&source.id).copied().unwrap_or_default();
        line(desk, source, outlets.get(&source.outlet), last.get(&source.id), articles)
    });
    Ok(SourcesPage {
        frame: desk.frame(desk.t("desk.menu.sources")),
        administers: desk.may(Act::Administer),
        summary: fill(
            desk.lang,
            "sources.list.summary",
            &[("alive", &alive.to_string()), ("total", &visited.to_string())],
        ),
        is_new: all.is_empty(),
        rows: lines.collect(),
        filters: filters.into(),
        paging: place.paging(desk, "/desk/fonti", &[("stato", asked_for)]),
    })
}

fn is_in(group: &str, source: &Source) -> bool {
    match group {
        "malate" => mood(source).is_bad(),
        "pausa" => mood(source) == Mood::Paused,
        "ritirate" => mood(source) == Mood::Retired,
        _ => mood(source) != Mood::Retired,
    }
}

fn group_words(group: &str, n: usize, lang: Lang) -> String {
    match group {
        "malate" => plural(lang, "sources.list.ill", n),
        "pausa" => plural(lang, "sources.list.paused", n),
        "ritirate" => plural(lang, "sources.list.retired", n),
        _ => plural(lang, "sources.list.all", n),
    }
}

/// The badge of a source.
pub(super) fn badge(source: &Source, lang: Lang) -> Badge {
    let mood = mood(source);
    let class = match mood {
        Mood::Alive => "good",
        Mood::Ill | Mood::Blocked | Mood::Forbidden | Mood::Quiet => "bad",
        Mood::Failing | Mood::Paused => "note",
        Mood::New | Mood::Retired => "",
    };
    Badge { words: mood.word(lang), class }
}

/// How a source fares, and what it has probably published since it is not read.
pub(super) fn with_missed(desk: &Desk, source: &Source) -> String {
    let lang = desk.lang;
    let told = health(source, lang);
    missed(source, desk.site.house.patron, desk.now, lang)
        .map_or_else(|| told.clone(), |missed| format!("{told} {missed}"))
}

/// The name of a source: its outlet, and its rubric if it is one section.
pub(super) fn name_of(source: &Source, outlet: Option<&Outlet>) -> String {
    let outlet = outlet.map_or_else(|| source.slug.clone(), |outlet| outlet.name.clone());
    match &source.rubric {
        Some(rubric) => format!("{outlet} – {rubric}"),
        None => outlet,
    }
}

fn line(desk: &Desk, source: &Source, outlet: Option<&Outlet>, last: Option<&Visit>, articles: usize) -> Line {
    let lang = desk.lang;
    let class = source.rights.or(outlet.map(|o| o.rights)).unwrap_or_default();
    Line {
        slug: source.slug.clone(),
        href: desk.href(&format!("/desk/fonti/{}", source.slug)),
        name: name_of(source, outlet),
        mood: badge(source, lang),
        sentence: (mood(source) != Mood::Alive).then(|| with_missed(desk, source)),
        meta: format!(
            "{} · {} · {}",
            source.slug,
            words::kind(&source.kind, lang),
            words::cadence(source.cadence, lang)
        ),
        last: last.map(|visit| (visit.at.rfc3339(), words::when(visit.at, desk.now, lang), outcome(visit, lang))),
        next: source.is_active().then(|| (source.next_at.rfc3339(), words::when(source.next_at, desk.now, lang))),
        articles: plural(lang, "sources.list.articles", articles),
        rights: format!("{} · {}", words::rights(class, lang), words::legal(source.legal, lang)),
    }
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let line = |class: &'static str, last: bool| Line {
        slug: "il-lago".into(),
        href: "/desk/fonti/il-lago".into(),
        name: "Il <i>Lago</i> – \"cronaca\"".into(),
        mood: Badge { words: Mood::Ill.word(lang), class },
        sentence: last.then(|| "Ammalata: <script>".into()),
        meta: "il-lago · feed".into(),
        last: last.then(|| ("2026-11-24T05:00:00+01:00".into(), "24 novembre".into(), "Letta <b>".into())),
        next: last.then(|| ("2026-11-24T05:00:00+01:00".into(), "24 novembre".into())),
        articles: plural(lang, "sources.list.articles", 3),
        rights: words::rights(salastampa_domain::RightsClass::LinkOnly, lang).into(),
    };
    let page = |rows: Vec<Line>, is_new: bool| SourcesPage {
        frame: Frame::sample(lang, salastampa_locale::t(lang, "desk.menu.sources"), "/desk/fonti"),
        administers: !is_new,
        summary: fill(lang, "sources.list.summary", &[("alive", "14"), ("total", "15")]),
        filters: GROUPS
            .map(|group| Filter {
                words: group_words(group, 2, lang),
                href: "/desk/fonti".into(),
                here: group.is_empty(),
            })
            .into(),
        is_new,
        rows,
        paging: Paging::default(),
    };
    vec![
        ("sources", page(vec![line("bad", true), line("", false)], false).render().expect("a template")),
        ("sources, none of that kind", page(Vec::new(), false).render().expect("a template")),
        ("sources, none", page(Vec::new(), true).render().expect("a template")),
    ]
}
