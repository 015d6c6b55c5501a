//! One dossier: its articles with the office's tags and notes, its name, its drawer, its files.

use super::typed;
use crate::answer::Error;
use crate::desk::archive::{Asked, Hit, found};
use crate::desk::article::{NoteLine, notes_of};
use crate::desk::export::{ExportForm, download, form_of};
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::session::Desk;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::response::Response;
use salastampa_acts::dossier::{self, MOST_FILED, Wanted};
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::{Act, ArticleId, Dossier, Filed, Sort};
#[cfg(test)]
use salastampa_locale::Lang;
use salastampa_locale::{date, fill, number, plural};
use salastampa_store::Rows;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Articles on the page; the archive, narrowed to the dossier, has them all.
const SHOWN: usize = 200;

/// The page.
#[derive(Template)]
#[template(path = "desk/dossier.html")]
pub(crate) struct DossierPage {
    frame: Frame,
    slug: String,
    about: String,
    /// Since when it is put away: for machines and for people.
    away: Option<(String, String)>,
    found: String,
    /// Where only a part of it is shown.
    first_of: Option<String>,
    items: Vec<Item>,
    oldest: bool,
    /// The archive narrowed to it.
    search: String,
    export: Option<ExportForm>,
    /// Where a feed of it is made.
    follow: String,
    wanted: Wanted,
    seen: String,
    slips: Slips,
    edits: bool,
}

/// An article of the dossier.
struct Item {
    hit: Hit,
    filed: String,
    /// Name, and the archive narrowed to the tag.
    tags: Vec<(String, String)>,
    notes: Vec<NoteLine>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Order {
    ordine: String,
}

pub(super) async fn show(
    desk: Desk,
    Path(slug): Path<String>,
    asked: Result<Query<Order>, QueryRejection>,
) -> Response {
    let oldest = asked.is_ok_and(|Query(asked)| asked.ordine == "vecchi");
    desk.answer(page(&desk, &slug, oldest).await)
}

async fn page(desk: &Desk, slug: &str, oldest: bool) -> Result<DossierPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let dossier = rows.find_dossier(slug).await?.ok_or(Error::Missing)?;
    let filed = rows.list_filed(dossier.id, MOST_FILED).await?;
    let ids = by_date(&mut rows, &filed, oldest).await?;
    let shown = &ids[..ids.len().min(SHOWN)];
    let items = items(desk, &mut rows, shown, &filed).await?;
    let path = format!("/desk/dossier/{slug}");
    let order = if oldest { vec![("ordine", "vecchi".to_owned())] } else { Vec::new() };
    let n = number::whole(i64::try_from(shown.len()).unwrap_or(i64::MAX), desk.lang);
    Ok(DossierPage {
        frame: desk.frame(&dossier.name),
        slug: dossier.slug.clone(),
        about: dossier.about.clone(),
        away: dossier.archived_at.map(|at| (at.rfc3339(), date::moment(at.civil(), desk.lang))),
        found: plural(desk.lang, "dossier.count", ids.len()),
        first_of: (shown.len() < ids.len()).then(|| fill(desk.lang, "dossier.first_of", &[("n", &n)])),
        items,
        oldest,
        search: desk.href(&Asked { dossier: dossier.slug.clone(), ..Asked::default() }.path()),
        export: (!ids.is_empty()).then(|| ExportForm::new(desk, &format!("{path}/esporta"), order)),
        follow: desk.href(&format!("/desk/feed/nuovo?dossier={slug}")),
        wanted: Wanted { name: dossier.name.clone(), about: dossier.about.clone() },
        seen: dossier::seen(&dossier),
        slips: Slips::default(),
        edits: desk.may(Act::Curate),
    })
}

async fn by_date(rows: &mut Rows, filed: &[Filed], oldest: bool) -> Result<Vec<ArticleId>, Error> {
    let ids: Vec<ArticleId> = filed.iter().map(|filed| filed.article).collect();
    let mut dated: Vec<_> = rows.list_articles(&ids).await?.iter().map(|one| (one.dated(), one.id)).collect();
    dated.sort_unstable();
    if !oldest {
        dated.reverse();
    }
    Ok(dated.into_iter().map(|(_, id)| id).collect())
}

async fn items(desk: &Desk, rows: &mut Rows, ids: &[ArticleId], filed: &[Filed]) -> Result<Vec<Item>, Error> {
    let outlets = rows.list_outlets().await?;
    let users = rows.list_users().await?;
    let name = |id| users.iter().find(|user| user.id == id).map_or("?", |user| user.name.as_str());
    let hits = found(desk, rows, ids, &outlets, &Default::default(), "").await?;
    let mut tags: BTreeMap<ArticleId, Vec<(String, String)>> = BTreeMap::new();
    for (article, tag) in rows.list_tags_of(ids).await? {
        let href = desk.href(&Asked { etichetta: tag.key, ..Asked::default() }.path());
        tags.entry(article).or_default().push((tag.name, href));
    }
    let mut notes = notes_of(desk, rows, ids, &users).await?;
    let filed: BTreeMap<ArticleId, &Filed> = filed.iter().map(|filed| (filed.article, filed)).collect();
    Ok(hits
        .into_iter()
        .map(|hit| Item {
            filed: filed.get(&hit.id).map_or_else(String::new, |filed| {
                let when = date::moment(filed.at.civil(), desk.lang);
                fill(desk.lang, "dossier.filed", &[("who", name(filed.by)), ("when", &when)])
            }),
            tags: tags.remove(&hit.id).unwrap_or_default(),
            notes: notes.remove(&hit.id).unwrap_or_default(),
            hit,
        })
        .collect())
}

pub(super) async fn edit(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let wanted = typed(&fields);
    let path = format!("/desk/dossier/{slug}");
    match dossier::edit(desk.acts(), &slug, fields.text("visto"), &wanted).await {
        Ok(()) => desk.go(&path, desk.t("dossier.saved")).await,
        Err(ActError::Denied(Denied::Form(slips))) => {
            let page = page(&desk, &slug, false).await;
            let seen = fields.text("visto").to_owned();
            desk.again(page.map(|page| DossierPage { slips: Slips(slips), wanted, seen, ..page }))
        }
        Err(error) => desk.refused(&path, &error).await,
    }
}

pub(super) async fn take(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let ids: Vec<ArticleId> = fields.values::<i64>("articolo").into_iter().map(ArticleId).collect();
    let path = match fields.text("ordine") {
        "vecchi" => format!("/desk/dossier/{slug}?ordine=vecchi"),
        _ => format!("/desk/dossier/{slug}"),
    };
    taken(&desk, &slug, &ids, &path).await
}

/// Takes articles out of a dossier and goes back, with the way to put them in again.
pub(crate) async fn taken(desk: &Desk, slug: &str, ids: &[ArticleId], back: &str) -> Response {
    match dossier::take(desk.acts(), slug, ids).await {
        Ok(done) => {
            let words = plural(desk.lang, "dossier.taken", done.changed);
            match done.event {
                Some(event) => {
                    let fields = [("evento", event.to_string()), ("dove", back.to_owned())];
                    let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
                    desk.go_or_undo(back, words, "/desk/dossier/annulla", &fields).await
                }
                None => desk.go(back, words).await,
            }
        }
        Err(error) => desk.refused(back, &error).await,
    }
}

pub(super) async fn put_away(desk: Desk, Path(slug): Path<String>) -> Response {
    let done = dossier::put_away(desk.acts(), &slug, true).await;
    desk.done(done, &format!("/desk/dossier/{slug}"), desk.t("dossier.away_done")).await
}

pub(super) async fn take_up(desk: Desk, Path(slug): Path<String>) -> Response {
    let done = dossier::put_away(desk.acts(), &slug, false).await;
    desk.done(done, &format!("/desk/dossier/{slug}"), desk.t("dossier.restored")).await
}

pub(super) async fn export(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    match inside(&desk, &slug).await {
        Ok((dossier, ids)) => {
            let sort = if fields.text("ordine") == "vecchi" { Sort::Oldest } else { Sort::Newest };
            let query = salastampa_domain::Query { sort, only: Some(ids), ..salastampa_domain::Query::text("") };
            let subject = Dossier::subject(dossier.id);
            let back = format!("/desk/dossier/{slug}");
            download(&desk, query, form_of(&fields), &dossier.name, &subject, &back).await
        }
        Err(error) => desk.no_page(&error),
    }
}

async fn inside(desk: &Desk, slug: &str) -> Result<(Dossier, Vec<ArticleId>), Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let dossier = rows.find_dossier(slug).await?.ok_or(Error::Missing)?;
    let filed = rows.list_filed(dossier.id, MOST_FILED).await?;
    Ok((dossier, filed.into_iter().map(|filed| filed.article).collect()))
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let item = |id| Item {
        hit: Hit::sample(id, 0),
        filed: "aggiunto da <Lia>".into(),
        tags: vec![("Viabilità <x>".into(), "/x".into())],
        notes: vec![NoteLine::sample(lang, id)],
    };
    let page = |away, items, edits| DossierPage {
        frame: Frame::sample(lang, "Ponte & <lago>", "/desk/dossier/ponte"),
        slug: "ponte".into(),
        about: "Per il <consiglio>\ndi lunedì".into(),
        away,
        found: plural(lang, "dossier.count", 2),
        first_of: Some(fill(lang, "dossier.first_of", &[("n", "200")])),
        items,
        oldest: true,
        search: "/x".into(),
        export: Some(ExportForm::sample(lang)),
        follow: "/x".into(),
        wanted: Wanted { name: "\"x".into(), about: "</textarea>".into() },
        seen: "ab".into(),
        slips: Slips::default(),
        edits,
    };
    let full = page(None, vec![item(1), item(2)], true);
    let away = page(Some(("2026-11-22T07:10:00+01:00".into(), "22 novembre 2026".into())), vec![item(3)], true);
    let none = DossierPage { export: None, first_of: None, oldest: false, ..page(None, Vec::new(), false) };
    [("dossier", full), ("dossier, away", away), ("dossier, empty", none)]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into()
}
