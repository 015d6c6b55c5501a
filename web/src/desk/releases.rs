//! *Comunicati*: all releases with where each stands, and what waits for whom. Who only reads sees those that the public
//! can read.

mod acts;
mod files;
mod look;
mod page;
mod pickup;
mod quotes;
mod reach;
mod todo;
mod versions;
mod who;
pub(crate) mod words;

use super::frame::Frame;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
pub(crate) use files::{FilesPart, PhotoCard, uploads};
pub(crate) use look::{of_text as mail_of, with_frames};
use salastampa_acts::release::is_own;
use salastampa_domain::{Act, Event, Release, ReleaseState, User, UserId};
use salastampa_locale::{Lang, fill, plural};
use salastampa_releases::wording;
use salastampa_store::{ReleaseFilter, Rows};
use serde::Deserialize;
use std::collections::HashMap;
pub(crate) use versions::is;
use words::{Moment, STAGES, badge, stage_words};

/// Releases on one page of the list.
const PAGE: usize = 50;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/comunicati", get(show))
        .route("/desk/comunicati/{slug}", get(page::show))
        .route("/desk/comunicati/{slug}/destinatari", get(who::show).post(who::note))
        .route("/desk/comunicati/{slug}/confronto", get(versions::show))
        .route("/desk/comunicati/{slug}/riprese/{article}", get(pickup::show).post(pickup::judge))
        .route("/desk/comunicati/{slug}/mail", get(look::show))
        .route("/desk/comunicati/{slug}/mail/html", get(look::html))
        .route("/desk/comunicati/{slug}/revisione", post(acts::submit))
        .route("/desk/comunicati/{slug}/approva", post(acts::approve))
        .route("/desk/comunicati/{slug}/firma", post(acts::sign))
        .route("/desk/comunicati/{slug}/rimanda", post(acts::reject))
        .route("/desk/comunicati/{slug}/programma", post(acts::schedule))
        .route("/desk/comunicati/{slug}/invia", post(acts::send))
        .route("/desk/comunicati/{slug}/ferma", post(acts::stop))
        .route("/desk/comunicati/{slug}/lascia", post(acts::abandon))
        .route("/desk/comunicati/{slug}/copia", post(acts::base))
        .route("/desk/comunicati/{slug}/virgolettati", post(quotes::free))
        .route("/desk/comunicati/{slug}/ritira", post(acts::withdraw))
        .merge(files::routes())
}

/// The list.
#[derive(Template)]
#[template(path = "desk/releases/list.html")]
pub(crate) struct ListPage {
    frame: Frame,
    may_write: bool,
    keeps_templates: bool,
    reads_register: bool,
    /// Filters by state with their counts; none for who only reads.
    chips: Vec<Chip>,
    stage: String,
    words: String,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
}

/// A filter that is a link.
struct Chip {
    words: &'static str,
    n: i64,
    href: String,
    on: bool,
}

/// A release.
struct Line {
    slug: String,
    title: String,
    numbered: String,
    state: &'static str,
    badge: &'static str,
    /// What is to be known at a glance: who is waited for, an embargo, an hour.
    notes: Vec<String>,
    author: String,
    touched: Option<Moment>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    stato: String,
    q: String,
    pagina: String,
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(list(&desk, &asked).await)
}

async fn list(desk: &Desk, asked: &Asked) -> Result<ListPage, Error> {
    let writes = desk.reads_drafts();
    let stage = STAGES.into_iter().find(|stage| writes && *stage == asked.stato);
    let filter = ReleaseFilter {
        stage: stage.map(str::to_owned),
        words: asked.q.trim().to_owned(),
        public_by: (!writes).then_some(desk.now),
    };
    let at: usize = asked.pagina.parse().unwrap_or(1).clamp(1, 100_000);
    let mut rows = desk.site.store.read().await?;
    let mut releases = rows.list_releases_page(&filter, (at - 1) * PAGE, PAGE + 1).await?;
    let more = releases.len() > PAGE;
    releases.truncate(PAGE);
    let counts = if writes { rows.count_releases(&filter.words).await? } else { Vec::new() };
    let link = |stage: &str, page: usize| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let mut href = desk.href("/desk/comunicati?");
        for (name, value) in [("stato", stage), ("q", &filter.words), ("pagina", &page)] {
            if !value.is_empty() {
                href.push_str(&format!("{name}={}&", super::guard::encoded(value)));
            }
        }
        href.trim_end_matches(['?', '&']).to_owned()
    };
    let here = stage.unwrap_or_default();
    Ok(ListPage {
        frame: desk.frame(desk.t("desk.menu.releases")),
        may_write: desk.may(Act::Write),
        keeps_templates: desk.may(Act::Templates),
        reads_register: desk.may(Act::ReadOwnLog),
        chips: if writes { chips(desk.lang, &counts, here, |stage| link(stage, 1)) } else { Vec::new() },
        stage: here.to_owned(),
        lines: lines(desk, &mut rows, releases).await?,
        newer: (at > 1).then(|| link(here, at - 1)),
        older: more.then(|| link(here, at + 1)),
        words: filter.words,
    })
}

fn chips(lang: Lang, counts: &[(String, i64)], here: &str, link: impl Fn(&str) -> String) -> Vec<Chip> {
    let of = |stage: &str| counts.iter().find(|(name, _)| name == stage).map_or(0, |(_, n)| *n);
    let all = Chip {
        words: salastampa_locale::t(lang, "composer.list.all"),
        n: counts.iter().map(|(_, n)| n).sum(),
        href: link(""),
        on: here.is_empty(),
    };
    let stages = STAGES.into_iter().map(|stage| Chip {
        words: stage_words(lang, stage),
        n: of(stage),
        href: link(stage),
        on: stage == here,
    });
    std::iter::once(all).chain(stages.filter(|chip| chip.n > 0 || chip.on)).collect()
}

async fn lines(desk: &Desk, rows: &mut Rows, releases: Vec<Release>) -> Result<Vec<Line>, Error> {
    let users: HashMap<UserId, User> = rows.list_users().await?.into_iter().map(|user| (user.id, user)).collect();
    let subjects: Vec<String> = releases.iter().map(|release| Event::about_release(release.id)).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let last: HashMap<String, _> =
        rows.list_last_events(&subjects).await?.into_iter().map(|e| (e.subject, e.at)).collect();
    let mut lines = Vec::with_capacity(releases.len());
    for release in releases {
        // who only reads is told the title that is public, not that of a correction in the making
        let title = match release.current.filter(|_| !desk.reads_drafts()) {
            Some(version) => rows.find_version(version).await?.map_or_else(String::new, |version| version.title),
            None => release.title.clone(),
        };
        let touched = last.get(&Event::about_release(release.id)).map(|at| Moment::of(*at, desk.lang));
        let own = is_own(rows, &release, desk.user.id).await?;
        lines.push(Line {
            numbered: wording::numbered(release.kind, release.register, desk.lang),
            state: stage_words(desk.lang, release.state.name()),
            badge: badge(&release.state),
            notes: notes(desk, &release, own, &users),
            author: users.get(&release.author).map(|user| user.name.clone()).unwrap_or_default(),
            touched,
            title,
            slug: release.slug,
        });
    }
    Ok(lines)
}

/// What is to be known of a release at a glance.
fn notes(desk: &Desk, release: &Release, own: bool, users: &HashMap<UserId, User>) -> Vec<String> {
    let mut notes = Vec::new();
    let lang = desk.lang;
    if let ReleaseState::Approved { approved } = &release.state {
        if approved.held.is_some() {
            notes.push(desk.t("election.sign.note_held").to_owned());
        } else if approved.second.is_none() && desk.election().is_some() {
            notes.push(desk.t("election.sign.note_second").to_owned());
        }
    }
    match &release.state {
        ReleaseState::InReview { .. } if desk.may(Act::Approve) => {
            let own = own && !(desk.site.house.one_person && desk.election().is_none());
            let key = if own { "composer.list.waits_other" } else { "composer.list.waits_you" };
            notes.push(salastampa_locale::t(lang, key).to_owned());
        }
        ReleaseState::InReview { .. } => notes.push(desk.t("composer.list.waits_chief").to_owned()),
        ReleaseState::Scheduled { at, .. } => {
            notes.push(fill(lang, "composer.list.leaves", &[("at", &words::moment(*at, lang))]));
        }
        ReleaseState::Withdrawn { by, .. } => {
            let name = users.get(by).map(|user| user.name.as_str()).unwrap_or_default();
            notes.push(fill(lang, "composer.list.withdrawn_by", &[("who", name)]));
        }
        ReleaseState::Draft | ReleaseState::Approved { .. } if release.current.is_some() => {
            notes.push(desk.t("composer.list.correction").to_owned());
        }
        _ => {}
    }
    if let Some(until) = release.embargo_until.filter(|until| *until > desk.now) {
        notes.push(fill(lang, "composer.list.embargo", &[("at", &words::moment(until, lang))]));
    }
    notes
}

impl ListPage {
    /// How many there are of all that the chips count, as a sentence.
    fn found(&self) -> Option<String> {
        let n = self.chips.iter().find(|chip| chip.on)?.n;
        Some(plural(self.frame.lang, "composer.list.found", usize::try_from(n).unwrap_or_default()))
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let title = salastampa_locale::t(lang, "desk.menu.releases");
    let mut page = ListPage {
        frame: Frame::sample(lang, title, "/desk/comunicati"),
        may_write: true,
        keeps_templates: true,
        reads_register: true,
        chips: chips(lang, &[("draft".into(), 2), ("sent".into(), 40)], "", |stage| format!("/desk/x?stato={stage}")),
        stage: String::new(),
        words: "\"ponte\" <b>".into(),
        lines: vec![Line {
            slug: "lungolago".into(),
            title: "Riapre il <script>lungolago</script>".into(),
            numbered: "Comunicato stampa n. 1/2026".into(),
            state: stage_words(lang, "in_review"),
            badge: "note",
            notes: vec![salastampa_locale::t(lang, "composer.list.waits_you").into()],
            author: "Lia Neri".into(),
            touched: Some(Moment::of(salastampa_domain::Timestamp(0), lang)),
        }],
        newer: None,
        older: Some("/desk/comunicati?pagina=2".into()),
    };
    let full = page.render().expect("a template over strings");
    page.lines.clear();
    let none = page.render().expect("a template over strings");
    page.words.clear();
    let mut all = vec![
        ("releases", full),
        ("no such releases", none),
        ("no releases", page.render().expect("a template over strings")),
    ];
    all.extend(page::samples(lang));
    all.extend(who::samples(lang));
    all.extend(versions::samples(lang));
    all.extend(pickup::samples(lang));
    all.extend(look::samples(lang));
    all
}
