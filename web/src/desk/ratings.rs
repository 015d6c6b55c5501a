//! *Valutazioni*: what readers of the public pages say of them, page by page, and what they wrote. Nobody is named: nothing
//! is known of whoever answered.

use super::fields::Fields;
use super::guard::encoded;
use super::paging::{Paging, Place};
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use crate::desk::frame::Frame;
use crate::newsroom::reason_words;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::rating;
use salastampa_domain::rating::GOOD;
use salastampa_domain::{Act, NewsType, Rated, Rating, RatingId, Release, ReleaseId};
use salastampa_locale::{Lang, date, fill, number, plural, t};
use serde::Deserialize;
use std::collections::HashMap;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/valutazioni", get(show)).route("/desk/valutazioni/togli", post(strike))
}

/// Most pages that are listed.
const PAGES: usize = 300;
/// Answers on a page.
const PAGE: usize = 50;

/// The page.
#[derive(Template)]
#[template(path = "desk/ratings.html")]
pub(crate) struct RatingsPage {
    frame: Frame,
    /// The page whose answers are shown; empty for those of all.
    asked: String,
    /// What that page is called.
    of: String,
    pages: Vec<Line>,
    answers: Vec<Answer>,
    paging: Paging,
}

/// A page that was rated.
struct Line {
    words: String,
    href: String,
    average: String,
    count: String,
    last: String,
}

/// An answer.
struct Answer {
    id: i64,
    page: String,
    day: String,
    datetime: String,
    stars: String,
    reason: Option<&'static str>,
    words: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    di: String,
    pagina: String,
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(page(&desk, &asked).await)
}

async fn page(desk: &Desk, asked: &Asked) -> Result<RatingsPage, Error> {
    desk.must(Act::Write)?;
    let mut rows = desk.site.store.read().await?;
    let rated = rows.list_rated(PAGES).await?;
    let total = rows.count_all_ratings(&asked.di).await?;
    let place = Place::new(asked.pagina.parse().ok(), PAGE, total);
    let answers = rows.list_ratings(&asked.di, place.offset(), PAGE).await?;
    let mut ids: Vec<ReleaseId> = rated.iter().filter_map(|one| one.release).collect();
    ids.extend(answers.iter().filter_map(|one| one.release));
    ids.sort_unstable();
    ids.dedup();
    let releases: HashMap<ReleaseId, Release> =
        rows.find_releases(&ids).await?.into_iter().map(|release| (release.id, release)).collect();
    let called = |page: &str, release: Option<ReleaseId>| match release.and_then(|id| releases.get(&id)) {
        Some(release) => release.title.clone(),
        None => page_words(page, desk.lang),
    };
    let of = answers.first().filter(|_| !asked.di.is_empty()).map(|one| called(&one.page, one.release));
    Ok(RatingsPage {
        frame: desk.frame(desk.t("composer.ratings.title")),
        of: of.unwrap_or_default(),
        pages: rated.iter().map(|one| line(desk, one, called(&one.page, one.release))).collect(),
        answers: answers.into_iter().map(|one| shown(called(&one.page, one.release), one, desk.lang)).collect(),
        paging: place.paging(desk, "/desk/valutazioni", &[("di", &asked.di)]),
        asked: asked.di.clone(),
    })
}

fn line(desk: &Desk, rated: &Rated, words: String) -> Line {
    Line {
        words,
        href: desk.href(&format!("/desk/valutazioni?di={}", encoded(&rated.page))),
        average: average(rated, desk.lang),
        count: plural(desk.lang, "composer.ratings.count", usize::try_from(rated.count).unwrap_or_default()),
        last: date::short(rated.last, desk.lang),
    }
}

/// `4,2 su 5`.
fn average(rated: &Rated, lang: Lang) -> String {
    // a handful of answers: no digit is lost
    let mean = rated.stars as f64 / (rated.count.max(1)) as f64;
    fill(lang, "composer.ratings.of_five", &[("n", &number::decimal(mean, 1, lang))])
}

fn shown(page: String, rating: Rating, lang: Lang) -> Answer {
    Answer {
        id: rating.id.0,
        page,
        day: date::short(rating.day, lang),
        datetime: rating.day.to_string(),
        stars: fill(lang, "composer.ratings.of_five", &[("n", &rating.stars.to_string())]),
        reason: rating.reason.and_then(|reason| reason_words(rating.stars >= GOOD, reason, lang)),
        words: rating.words,
    }
}

/// What a list of the newsroom is called.
fn page_words(page: &str, lang: Lang) -> String {
    let section = page.strip_prefix("/novita/").and_then(NewsType::of_section);
    let key = match (page, section) {
        ("/novita", _) => "newsroom.news.title",
        ("/verifica", _) => "newsroom.verify.title",
        ("/novita/argomenti", _) => "newsroom.topics.all",
        ("/novita/anno", _) => "composer.ratings.years",
        (_, Some(NewsType::Notizia)) => "newsroom.section.notizie",
        (_, Some(NewsType::Comunicato)) => "newsroom.section.comunicati",
        (_, Some(NewsType::Avviso)) => "newsroom.section.avvisi",
        _ => return page.to_owned(),
    };
    t(lang, key).to_owned()
}

async fn strike(desk: Desk, fields: Fields) -> Response {
    let id = RatingId(fields.value("numero").unwrap_or_default());
    let done = rating::strike(desk.acts(), id).await;
    let back = format!("/desk/valutazioni?di={}", encoded(fields.text("di")));
    desk.done(done, &back, desk.t("composer.ratings.struck")).await
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    const FOREIGN: &str = "<script>alert(1)</script> \"chiaro\"";
    let day = jiff::civil::date(2026, 11, 23);
    let rated = Rated { page: "/novita/x".into(), release: None, count: 3, stars: 13, last: day };
    let answer = |words: &str, stars| Rating {
        id: RatingId(7),
        page: rated.page.clone(),
        release: None,
        day,
        stars,
        reason: Some(1),
        words: words.into(),
    };
    let mut page = RatingsPage {
        frame: Frame::sample(lang, t(lang, "composer.ratings.title"), "/desk/valutazioni"),
        asked: "/novita/x".into(),
        of: FOREIGN.into(),
        pages: vec![Line {
            words: FOREIGN.into(),
            href: "/desk/valutazioni?di=x".into(),
            average: average(&rated, lang),
            count: plural(lang, "composer.ratings.count", 3),
            last: date::short(day, lang),
        }],
        answers: vec![
            shown(page_words("/novita/avvisi", lang), answer(FOREIGN, 5), lang),
            shown(FOREIGN.into(), answer("", 2), lang),
        ],
        paging: Paging { previous: None, next: Some("/desk/valutazioni?pagina=2".into()), words: "1".into() },
    };
    let full = page.render().expect("a template over strings");
    (page.asked, page.of) = Default::default();
    page.pages.clear();
    page.answers.clear();
    vec![("ratings of a page", full), ("no ratings", page.render().expect("a template over strings"))]
}
