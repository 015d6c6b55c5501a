//! *Quanto sono chiare le informazioni su questa pagina?*: the question that the national model puts at the end of each
//! public page, and what becomes of an answer.
//!
//! One plain form, without script and without cookie: the follow-up questions are in the page and the style sheet shows the
//! one that fits the stars. The form holds nothing but the path of its page, so that a page is the same bytes for everybody
//! and caches keep it. Only a page that anybody may read is taken; any other is answered like an unknown address, whether
//! it waits for its hour or never was. Names of the elements: `italia/pa-website-validator`, component *feedback*.

use super::address::register_of;
use crate::Site;
use crate::answer::{Error, answer};
use crate::frame::Frame;
use crate::sentence::Notice;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use salastampa_acts::rating::{Given, give};
use salastampa_domain::rating::{GOOD, MOST_STARS, REASONS};
use salastampa_domain::{NewsType, Rating, RatingId, ReleaseId, Timestamp};
use salastampa_locale::{Lang, t};
use salastampa_store::Rows;
use serde::Deserialize;

/// What the form sends; what is missing is empty.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    pagina: String,
    voto: String,
    /// The answer after many stars, and after few.
    meglio: String,
    peggio: String,
    parole: String,
}

/// There is nothing to read at this address.
pub(super) async fn nothing(State(site): State<Site>) -> Response {
    answer(&site, Err(Error::Missing))
}

pub(super) async fn take(State(site): State<Site>, Form(asked): Form<Asked>) -> Response {
    let now = site.clock.now();
    let page = async {
        let found = rated_page(&mut site.store.read().await?, &asked.pagina, now).await?;
        let (page, release) = found.ok_or(Error::Missing)?;
        let Some(stars) = asked.voto.parse().ok().filter(|stars| (1..=MOST_STARS).contains(stars)) else {
            return said(&site, StatusCode::UNPROCESSABLE_ENTITY, "newsroom.rate.no_stars");
        };
        let reason = if stars >= GOOD { &asked.meglio } else { &asked.peggio };
        let reason = reason.parse().ok().filter(|reason| (1..=REASONS).contains(reason));
        let rating = Rating { id: RatingId(0), page, release, day: now.day(), stars, reason, words: asked.parole };
        match give(&site.store, rating, now).await? {
            Given::Kept => said(&site, StatusCode::OK, "newsroom.rate.kept"),
            Given::Enough => said(&site, StatusCode::OK, "newsroom.rate.enough"),
        }
    };
    let page = page.await;
    answer(&site, page)
}

fn said(site: &Site, status: StatusCode, key: &'static str) -> Result<Response, Error> {
    let page = thanks(site.frame(t(site.house.lang, "newsroom.rate.thanks")).under_news(), key);
    Ok((status, [(CACHE_CONTROL, "no-store")], Html(page.render()?)).into_response())
}

fn thanks(frame: Frame, key: &'static str) -> Notice {
    let words = t(frame.lang, key).to_owned();
    Notice { frame: frame.here(), words }
}

/// The page that is rated, if anybody may read it at `now`: releases by their number, topics together, years together.
async fn rated_page(rows: &mut Rows, path: &str, now: Timestamp) -> Result<Option<(String, Option<ReleaseId>)>, Error> {
    let parts: Vec<&str> = path.trim_start_matches('/').splitn(6, '/').collect();
    let of_list = |path: &str| Ok(Some((path.to_owned(), None)));
    match parts.as_slice() {
        // written anew: an address with more strokes in front is the same page, not another one to be counted by itself
        ["verifica"] | ["novita"] => of_list(&format!("/{}", parts.concat())),
        ["novita", "argomenti"] | ["novita", "argomenti", _] => of_list("/novita/argomenti"),
        ["novita", "anno", _] => of_list("/novita/anno"),
        ["novita", section] if NewsType::of_section(section).is_some() => of_list(&format!("/novita/{section}")),
        ["novita", section, year, name] | ["novita", section, year, name, _] => {
            let Some((year, number)) = register_of(section, year, name) else { return Ok(None) };
            let published = rows.find_published(now, year, number).await?;
            Ok(published.map(|one| (format!("/novita/comunicati/{year}/{number}"), Some(one.release))))
        }
        _ => Ok(None),
    }
}

/// An answer of one of the two questions, as the national checker wants it word for word.
pub(crate) fn reason_words(is_good: bool, reason: u8, lang: Lang) -> Option<&'static str> {
    let key = match (is_good, reason) {
        (true, 1) => "newsroom.rate.clear",
        (true, 2) => "newsroom.rate.complete",
        (true, 3) => "newsroom.rate.on_course",
        (true, 4) => "newsroom.rate.no_trouble",
        (false, 1) => "newsroom.rate.unclear",
        (false, 2) => "newsroom.rate.incomplete",
        (false, 3) => "newsroom.rate.off_course",
        (false, 4) => "newsroom.rate.trouble",
        (_, 5) => "newsroom.rate.something_else",
        _ => return None,
    };
    Some(t(lang, key))
}

impl Frame {
    /// The path that the form at the end of the page sends; a page that does not want to be found asks nothing.
    pub(crate) fn rated(&self) -> Option<&str> {
        self.canonical.as_deref().and_then(|path| path.split('?').next())
    }

    /// The answers of one of the two questions, by number.
    pub(crate) fn reasons(&self, is_good: bool) -> Vec<(u8, &'static str)> {
        (1..=REASONS).filter_map(|n| Some((n, reason_words(is_good, n, self.lang)?))).collect()
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let frame = || Frame::sample(lang, t(lang, "newsroom.rate.thanks"));
    ["newsroom.rate.kept", "newsroom.rate.enough", "newsroom.rate.no_stars"]
        .map(|key| ("rated", thanks(frame(), key).render().expect("a template over strings")))
        .to_vec()
}
