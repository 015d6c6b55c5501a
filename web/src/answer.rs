//! From what a handler found to an answer. One function makes the page of what is not there, so that what is under
//! embargo and what never was cannot be told apart.

use crate::Site;
use crate::newsroom::lifetime;
use crate::sentence::Notice;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use axum::response::{Html, IntoResponse, Response};
use salastampa_locale::t;

/// Why there is no page to show.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Not there, or not yet.
    #[error("not found")]
    Missing,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] salastampa_store::Error),
    /// An act failed.
    #[error(transparent)]
    Act(#[from] salastampa_acts::Error),
    /// The archive is not open.
    #[error("the archive is not open")]
    NoArchive,
    /// The archive failed.
    #[error(transparent)]
    Search(#[from] salastampa_index::SearchError),
    /// A page could not be written.
    #[error(transparent)]
    Page(#[from] askama::Error),
}

/// The answer of a handler: its page, or the page that says why there is none. A failure is logged here, once.
pub(crate) fn answer(site: &Site, result: Result<Response, Error>) -> Response {
    match result {
        Ok(response) => response,
        Err(Error::Missing | Error::Act(salastampa_acts::Error::Denied(_))) => missing(site),
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            notice(site, StatusCode::SERVICE_UNAVAILABLE, "web.failed.title", "web.failed.words")
        }
    }
}

/// The page of what is not there. It knows nothing of the address that was asked for, and may be kept as long as a page
/// that is there.
pub(crate) fn missing(site: &Site) -> Response {
    let page = notice(site, StatusCode::NOT_FOUND, "web.missing.title", "web.missing.words");
    ([(CACHE_CONTROL, lifetime(site.clock.now()))], page).into_response()
}

pub(crate) async fn unknown(State(site): State<Site>) -> Response {
    missing(&site)
}

/// A page for who holds a link: not kept by caches, not found by search engines.
pub(crate) fn private(response: impl IntoResponse) -> Response {
    ([(CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-robots-tag"), "noindex")], response).into_response()
}

fn notice(site: &Site, status: StatusCode, heading: &str, words: &str) -> Response {
    let lang = site.house.lang;
    match (Notice { frame: site.frame(t(lang, heading)).here(), words: t(lang, words).to_owned() }).render() {
        Ok(page) => (status, Html(page)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the page of a failure could not be made");
            status.into_response()
        }
    }
}

/// The page of what is not there, of an invented office.
#[cfg(test)]
pub(crate) fn sample(lang: salastampa_locale::Lang) -> Notice {
    let frame = crate::frame::Frame::sample(lang, t(lang, "web.missing.title"));
    Notice { frame: frame.here(), words: t(lang, "web.missing.words").to_owned() }
}
