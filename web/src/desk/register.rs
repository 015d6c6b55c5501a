//! *Registro dei comunicati*: the numbers of a year, each with its text, where that stands, and why one has none.
//!
//! A number is drawn once, when a text is first handed over for approval, and never given again: what was abandoned then
//! leaves a hole, and the page says which text it was and until when somebody worked on it.

use super::frame::Frame;
use super::releases::words::{Moment, stage_words};
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use salastampa_acts::cell::between_semicolons;
use salastampa_domain::release::register_year;
use salastampa_domain::{Act, Event, Release, ReleaseState, Timestamp, is_public};
use salastampa_locale::{date, fill, plural};
use salastampa_store::Rows;
use serde::Deserialize;
use std::collections::HashMap;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/registro/comunicati", get(show)).route("/desk/registro/comunicati/csv", get(table))
}

/// The register of a year.
#[derive(Template)]
#[template(path = "desk/register.html")]
pub(crate) struct RegisterPage {
    frame: Frame,
    year: i16,
    /// Other years with numbers.
    years: Vec<i16>,
    found: String,
    holes: String,
    lines: Vec<Line>,
}

/// A number.
struct Line {
    number: u32,
    title: String,
    /// None where there is no text.
    slug: Option<String>,
    /// When its first text was handed over.
    drawn: Option<Moment>,
    state: &'static str,
    /// When it went out, or why it did not.
    said: String,
    is_hole: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    anno: String,
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(page(&desk, &asked).await)
}

async fn table(desk: Desk, Query(asked): Query<Asked>) -> Response {
    match page(&desk, &asked).await {
        Ok(page) => {
            let name = format!("attachment; filename=\"registro-comunicati-{}.csv\"", page.year);
            ([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], page.csv())
                .into_response()
        }
        Err(error) => desk.no_page(&error),
    }
}

async fn page(desk: &Desk, asked: &Asked) -> Result<RegisterPage, Error> {
    desk.must(Act::ReadOwnLog)?;
    let this = register_year(desk.now);
    let year = asked.anno.trim().parse().unwrap_or(this);
    let mut rows = desk.site.store.read().await?;
    let releases = rows.list_register(year).await?;
    let last = rows.last_register(year).await?.max(releases.last().and_then(number).unwrap_or_default());
    let subjects: Vec<String> = releases.iter().map(|release| Event::about_release(release.id)).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let touched: HashMap<String, Timestamp> =
        rows.list_last_events(&subjects).await?.into_iter().map(|event| (event.subject, event.at)).collect();
    let mut lines = Vec::new();
    let mut next = releases.into_iter().peekable();
    for n in 1..=last {
        lines.push(match next.next_if(|release| number(release) == Some(n)) {
            Some(release) => line(desk, &mut rows, &release, n, &touched).await?,
            None => Line {
                number: n,
                title: String::new(),
                slug: None,
                drawn: None,
                state: "",
                said: desk.t("composer.register.nothing").to_owned(),
                is_hole: true,
            },
        });
    }
    let holes = lines.iter().filter(|line| line.is_hole).count();
    let mut years = rows.list_register_years().await?;
    years.retain(|known| *known != year);
    Ok(RegisterPage {
        frame: desk.frame(&fill(desk.lang, "composer.register.title", &[("year", &year.to_string())])),
        found: plural(desk.lang, "composer.register.numbers", lines.len()),
        holes: plural(desk.lang, "composer.register.holes", holes),
        year,
        years,
        lines,
    })
}

fn number(release: &Release) -> Option<u32> {
    release.register.map(|(_, number)| number)
}

async fn line(
    desk: &Desk,
    rows: &mut Rows,
    release: &Release,
    number: u32,
    touched: &HashMap<String, Timestamp>,
) -> Result<Line, Error> {
    let lang = desk.lang;
    let drawn = rows.list_versions(release.id).await?.first().map(|version| version.at);
    // the title of what is out, not that of a correction in the making
    let out = match release.current {
        Some(version) => rows.find_version(version).await?.map(|version| version.title),
        None => None,
    };
    let last = touched.get(&Event::about_release(release.id)).copied().or(drawn).unwrap_or_default();
    let said = match (&release.withdrawn, &release.state) {
        (Some((at, _, why)), _) => {
            fill(lang, "composer.register.withdrawn", &[("at", &moment(*at, desk)), ("why", why)])
        }
        _ if is_public(release, desk.now) => {
            let at = release.public_at.max(release.embargo_until).unwrap_or_default();
            fill(lang, "composer.register.out", &[("at", &moment(at, desk))])
        }
        (None, ReleaseState::Scheduled { at, .. }) => fill(lang, "composer.list.leaves", &[("at", &moment(*at, desk))]),
        (None, ReleaseState::Sending { .. } | ReleaseState::Sent { .. }) => match release.embargo_until {
            Some(until) => fill(lang, "composer.list.embargo", &[("at", &moment(until, desk))]),
            None => String::new(),
        },
        _ => fill(lang, "composer.register.abandoned", &[("at", &moment(last, desk))]),
    };
    let waits =
        matches!(release.state, ReleaseState::Draft | ReleaseState::InReview { .. } | ReleaseState::Approved { .. });
    Ok(Line {
        number,
        title: out.unwrap_or_else(|| release.title.clone()),
        slug: Some(release.slug.clone()),
        drawn: drawn.map(|at| Moment::of(at, lang)),
        state: stage_words(lang, release.state.name()),
        said,
        is_hole: waits && release.current.is_none() && release.withdrawn.is_none(),
    })
}

fn moment(at: Timestamp, desk: &Desk) -> String {
    date::moment(at.civil(), desk.lang)
}

impl RegisterPage {
    fn csv(&self) -> String {
        let t = |key| salastampa_locale::t(self.frame.lang, key);
        let head = [
            t("composer.register.number"),
            t("composer.register.drawn"),
            t("composer.register.text"),
            t("composer.register.state"),
            t("composer.register.said"),
        ];
        let lines = self.lines.iter().map(|line| {
            let drawn = line.drawn.as_ref().map(|at| at.datetime.clone()).unwrap_or_default();
            [
                format!("{}/{}", line.number, self.year),
                drawn,
                line.title.clone(),
                line.state.to_owned(),
                line.said.clone(),
            ]
        });
        // the mark by which spreadsheets know UTF-8
        let mut out = String::from("\u{feff}");
        for cells in std::iter::once(head.map(str::to_owned)).chain(lines) {
            out.push_str(&cells.map(|cell| between_semicolons(&cell)).join(";"));
            out.push_str("\r\n");
        }
        out
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let line = |number, slug: Option<&str>, is_hole| Line {
        number,
        title: slug.map(|_| "Riapre il <b>ponte</b>".to_owned()).unwrap_or_default(),
        drawn: slug.map(|_| Moment::of(Timestamp(0), lang)),
        slug: slug.map(str::to_owned),
        state: stage_words(lang, "sent"),
        said: "<errore>".into(),
        is_hole,
    };
    let page = |lines: Vec<Line>| RegisterPage {
        frame: Frame::sample(lang, &fill(lang, "composer.register.title", &[("year", "2026")]), "/desk/registro"),
        year: 2026,
        years: vec![2025],
        found: plural(lang, "composer.register.numbers", lines.len()),
        holes: plural(lang, "composer.register.holes", 1),
        lines,
    };
    let full = page(vec![line(1, Some("ponte"), false), line(2, None, true)]);
    vec![
        ("register", full.render().expect("a template over strings")),
        ("register-empty", page(Vec::new()).render().expect("a template over strings")),
    ]
}
