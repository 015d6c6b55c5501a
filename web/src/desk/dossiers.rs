//! *Dossier*: the folders that the office shares. The list, one of them with its articles, and the ways into one: from
//! the archive, from *Ritagli*, from an article.

mod one;
mod put;

pub(crate) use one::taken;
pub(crate) use put::{choices, filed};

use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::dossier::{self, Wanted};
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::{Act, Dossier, DossierId, Timestamp};
#[cfg(test)]
use salastampa_locale::Lang;
use salastampa_locale::{date, number};
use std::collections::BTreeMap;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/dossier", get(show).post(make))
        .route("/desk/dossier/annulla", post(put::undo))
        .route("/desk/dossier/da-ritagli", post(put::from_clippings))
        .route("/desk/dossier/{slug}", get(one::show).post(one::edit))
        .route("/desk/dossier/{slug}/togli", post(one::take))
        .route("/desk/dossier/{slug}/riponi", post(one::put_away))
        .route("/desk/dossier/{slug}/riprendi", post(one::take_up))
        .route("/desk/dossier/{slug}/esporta", post(one::export))
}

/// All dossiers.
#[derive(Template)]
#[template(path = "desk/dossiers.html")]
pub(crate) struct DossiersPage {
    frame: Frame,
    open: Vec<Line>,
    away: Vec<Line>,
    /// What was typed into the form of a new one.
    wanted: Wanted,
    slips: Slips,
    edits: bool,
}

/// A dossier in the list.
struct Line {
    href: String,
    name: String,
    about: String,
    articles: String,
    /// For machines and for people; empty where nothing lies in it.
    changed: (String, String),
}

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk, Wanted::default()).await)
}

async fn page(desk: &Desk, wanted: Wanted) -> Result<DossiersPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let counts: BTreeMap<DossierId, (usize, Timestamp)> =
        rows.count_filed().await?.into_iter().map(|(id, n, last)| (id, (n, last))).collect();
    let mut dossiers = rows.list_dossiers().await?;
    // the one that was added to last stands first
    let last = |dossier: &Dossier| counts.get(&dossier.id).map_or(dossier.made_at, |(_, last)| *last);
    dossiers.sort_by_key(|dossier| std::cmp::Reverse((last(dossier), dossier.id)));
    let (away, open): (Vec<_>, Vec<_>) = dossiers.into_iter().partition(|dossier| dossier.archived_at.is_some());
    let lines = |some: Vec<Dossier>| some.iter().map(|one| line(desk, one, counts.get(&one.id))).collect();
    Ok(DossiersPage {
        frame: desk.frame(desk.t("desk.menu.dossiers")),
        open: lines(open),
        away: lines(away),
        wanted,
        slips: Slips::default(),
        edits: desk.may(Act::Curate),
    })
}

fn line(desk: &Desk, dossier: &Dossier, counted: Option<&(usize, Timestamp)>) -> Line {
    let n = counted.map_or(0, |(n, _)| *n);
    Line {
        href: desk.href(&format!("/desk/dossier/{}", dossier.slug)),
        name: dossier.name.clone(),
        about: dossier.about.clone(),
        articles: number::whole(i64::try_from(n).unwrap_or(i64::MAX), desk.lang),
        changed: counted.map(|(_, last)| (last.rfc3339(), date::moment(last.civil(), desk.lang))).unwrap_or_default(),
    }
}

/// What was typed into the form of a dossier.
fn typed(fields: &Fields) -> Wanted {
    Wanted { name: fields.raw("nome").to_owned(), about: fields.raw("scopo").to_owned() }
}

async fn make(desk: Desk, fields: Fields) -> Response {
    let wanted = typed(&fields);
    match dossier::make(desk.acts(), &wanted).await {
        Ok(slug) => desk.go(&format!("/desk/dossier/{slug}"), desk.t("dossier.made")).await,
        Err(ActError::Denied(Denied::Form(slips))) => {
            let page = page(&desk, wanted).await;
            desk.again(page.map(|page| DossiersPage { slips: Slips(slips), ..page }))
        }
        Err(error) => desk.refused("/desk/dossier", &error).await,
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let line = |name: &str, changed: &str| Line {
        href: "/ufficio-stampa/desk/dossier/ponte".into(),
        name: name.into(),
        about: "Per il <consiglio>".into(),
        articles: "1.204".into(),
        changed: (changed.into(), changed.into()),
    };
    let page = |open, away, slips| DossiersPage {
        frame: Frame::sample(lang, salastampa_locale::t(lang, "desk.menu.dossiers"), "/desk/dossier"),
        open,
        away,
        wanted: Wanted { name: "\"x".into(), about: "</textarea>".into() },
        slips,
        edits: true,
    };
    let wrong = Slips(vec![salastampa_acts::Slip { field: "nome", sentence: "Manca <il> nome.".into() }]);
    let full =
        page(vec![line("Ponte & <lago>", "2026-11-22T07:10:00+01:00"), line("Vuoto", "")], vec![line("x", "")], wrong);
    let none = page(Vec::new(), Vec::new(), Slips::default());
    let mut all: Vec<(&'static str, String)> = [("dossiers", full), ("dossiers, none", none)]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into();
    all.extend(one::samples(lang));
    all
}
