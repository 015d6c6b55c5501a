//! *Rassegna*: the issues of every edition, those to come and those that are out; an issue with its sections; a story of
//! it; what leaves, seen before it leaves.
//!
//! [`issue`] is what they share, [`acts`] the one address that all their forms post to.

mod acts;
mod blocks;
pub(crate) mod issue;
mod page;
mod preview;
mod sections;
mod story;

use super::Desk;
use super::frame::Frame;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::{curate, issues};
use salastampa_domain::{Act, Review, ReviewId, ReviewState, UserId};
use salastampa_locale::{Lang, date, fill, plural};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/rassegna", get(show))
        .route("/desk/rassegna/{id}", get(by_number))
        .route("/desk/rassegna/{slug}/{slot}", get(page::show))
        .route("/desk/rassegna/{slug}/{slot}/fai", post(acts::act))
        .route("/desk/rassegna/{slug}/{slot}/incolla", post(page::paste))
        .route("/desk/rassegna/{slug}/{slot}/carica", post(page::upload))
        .route("/desk/rassegna/{slug}/{slot}/anteprima", get(preview::show))
        .route("/desk/rassegna/{slug}/{slot}/mail", get(preview::mail))
        .route("/desk/rassegna/{slug}/{slot}/pdf", get(preview::paper))
        .route("/desk/rassegna/{slug}/{slot}/notizia/{story}", get(story::show).post(story::write))
        .route("/desk/rassegna/{slug}/{slot}/notizia/{story}/estratto", post(story::quote))
}

/// So many issues on a page.
const PAGE: usize = 30;

/// The issues.
#[derive(Template)]
#[template(path = "desk/reviews.html")]
pub(crate) struct ReviewsPage {
    frame: Frame,
    coming: Vec<Coming>,
    past: Vec<Past>,
    before: Option<String>,
    after: Option<String>,
    can_curate: bool,
    can_inspect: bool,
}

/// An issue that is still to come.
struct Coming {
    name: String,
    href: String,
    clippings: String,
    datetime: String,
    hour: String,
    left: String,
    confirmed: String,
    /// Where a feed of the edition is made; none where it has no feed.
    feed: Option<String>,
}

/// An issue that is out.
struct Past {
    name: String,
    href: String,
    datetime: String,
    day: String,
    entries: String,
    version: u32,
    /// Who confirmed it; empty where nobody did.
    by: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    pagina: String,
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let number = asked.pagina.parse::<usize>().map_or(0, |n| n.saturating_sub(1)).min(10_000);
    desk.answer(list(&desk, number).await)
}

/// A review by its number: what the log and the outbox know of it.
async fn by_number(desk: Desk, Path(id): Path<i64>) -> Response {
    let path = async {
        let mut rows = desk.site.store.read().await?;
        let review = rows.find_review_by_id(ReviewId(id)).await?.ok_or(Error::Missing)?;
        let edition = rows.find_edition_by_id(review.edition).await?;
        let edition = edition.filter(|e| curate::sees(&desk.user, e)).ok_or(Error::Missing)?;
        Ok::<_, Error>(issue::path(&edition.slug, review.slot))
    };
    match path.await {
        Ok(path) => super::session::see_other(&desk.href(&path)),
        Err(error) => desk.no_page(&error),
    }
}

async fn list(desk: &Desk, number: usize) -> Result<ReviewsPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let names = curate::names(&mut rows).await?;
    let editions: BTreeMap<_, _> =
        rows.list_editions().await?.into_iter().filter(|e| curate::sees(&desk.user, e)).map(|e| (e.id, e)).collect();
    let mut coming = Vec::new();
    for edition in editions.values() {
        let Some(slot) = issue::next_slot(edition, desk.now) else { continue };
        let key = salastampa_domain::IssueKey { edition: edition.id, slot };
        let confirmed = rows.find_arrangement(key).await?.confirmed;
        coming.push(Coming {
            name: edition.name.clone(),
            href: desk.href(&issue::path(&edition.slug, slot)),
            clippings: desk.href(&format!("/desk/ritagli?edizione={}", edition.slug)),
            datetime: slot.instant().rfc3339(),
            hour: issue::hour(slot, desk.lang),
            left: issue::left(slot.instant(), desk.now, desk.lang),
            feed: issues::may_be_fed(edition)
                .then(|| desk.href(&format!("/desk/feed/nuovo?edizione={}", edition.slug))),
            confirmed: confirmed.map_or_else(String::new, |(by, _)| confirmed_by(&names, Some(by), desk.lang)),
        });
    }
    coming.sort_by(|a, b| a.datetime.cmp(&b.datetime));
    let mut reviews = rows.list_reviews_of(None, PAGE + 1, number * PAGE).await?;
    let more = reviews.len() > PAGE;
    reviews.truncate(PAGE);
    let past = reviews.iter().filter(|r| r.version > 0).filter_map(|review| {
        let edition = editions.get(&review.edition)?;
        Some(past(desk, review, &edition.slug, &names))
    });
    let link = |n: usize| desk.href(&format!("/desk/rassegna?pagina={}", n + 1));
    Ok(ReviewsPage {
        frame: desk.frame(desk.t("desk.menu.review")),
        coming,
        past: past.collect(),
        before: number.checked_sub(1).map(link),
        after: more.then(|| link(number + 1)),
        can_curate: desk.may(Act::Curate),
        can_inspect: desk.may(Act::Inspect),
    })
}

fn past(desk: &Desk, review: &Review, slug: &str, names: &BTreeMap<UserId, String>) -> Past {
    let by = match review.state {
        ReviewState::Published { by, .. } => by,
        ReviewState::Draft => None,
    };
    Past {
        name: review.title.clone(),
        href: desk.href(&issue::path(slug, review.slot)),
        datetime: review.slot.instant().rfc3339(),
        day: date::long(review.slot.0.date(), desk.lang),
        entries: plural(desk.lang, "digest.story", review.sections.iter().map(|s| s.entries.len()).sum()),
        version: review.version,
        by: by.map_or_else(String::new, |by| confirmed_by(names, Some(by), desk.lang)),
    }
}

/// `confermata da Elena Prati`; empty if by nobody.
fn confirmed_by(names: &BTreeMap<UserId, String>, by: Option<UserId>, lang: Lang) -> String {
    let name = by.and_then(|by| names.get(&by));
    name.map_or_else(String::new, |name| fill(lang, "curation.issue.confirmed_by", &[("name", name)]))
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let t = |key| salastampa_locale::t(lang, key);
    let list = |coming, past| ReviewsPage {
        frame: Frame::sample(lang, t("desk.menu.review"), "/desk/rassegna"),
        coming,
        past,
        before: None,
        after: Some("/desk/rassegna?pagina=2".into()),
        can_curate: true,
        can_inspect: true,
    };
    let coming = Coming {
        name: "Rassegna <generale>".into(),
        href: "/desk/rassegna/generale/2026-11-24T07:00:00".into(),
        clippings: "/desk/ritagli?edizione=generale".into(),
        datetime: "2026-11-24T07:00:00+01:00".into(),
        hour: "martedì 24 novembre 2026, ore 07:00".into(),
        left: "tra 2 h".into(),
        confirmed: "confermata da Elena Prati".into(),
        feed: Some("/desk/feed/nuovo?edizione=generale".into()),
    };
    let past = |by: &str, version| Past {
        name: "Rassegna <generale>".into(),
        href: "/desk/rassegna/generale/2026-11-23T07:00:00".into(),
        datetime: "2026-11-23T07:00:00+01:00".into(),
        day: "lunedì 23 novembre 2026".into(),
        entries: plural(lang, "digest.story", 12),
        version,
        by: by.into(),
    };
    let page = |page: ReviewsPage| page.render().expect("a template over strings");
    let mut all = vec![
        ("reviews", page(list(vec![coming], vec![past("", 1), past("confermata da Elena Prati", 2)]))),
        ("reviews, none", page(list(Vec::new(), Vec::new()))),
    ];
    all.extend(page::samples(lang));
    all.extend(story::samples(lang));
    all.extend(preview::samples(lang));
    all
}
