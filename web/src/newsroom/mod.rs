//! The public newsroom: *Novità › Comunicati*. A list, a page for each release, a feed.
//!
//! One question, asked when a page is read, decides what is there (`public`); what is under embargo takes the path of
//! what does not exist. Addresses never change: `/novita/comunicati/2026/12-lungolago` is found by year and number, and
//! redirects where the words after the number have changed. A withdrawn release leaves a page that says so (410).

pub(crate) mod feed;
mod files;
mod kit;
mod list;
mod page;
mod public;

#[cfg(test)]
pub(crate) use list::ListPage;
#[cfg(test)]
pub(crate) use page::{ReleasePage, WithdrawnPage};

use crate::Site;
use axum::Router;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::get;

/// The routes of the newsroom.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/", get(home))
        .route("/novita", get(home))
        .route("/novita/comunicati", get(list::handler))
        .route("/novita/comunicati/feed.atom", get(feed::handler))
        .route("/novita/comunicati/{year}/{name}", get(page::handler))
        .route("/novita/comunicati/{year}/{name}/materiali.zip", get(kit::handler))
        .route("/file/{hash}/{name}", get(files::handler))
}

/// There is one section so far: it is the home.
pub(crate) async fn home(State(site): State<Site>) -> Redirect {
    Redirect::temporary(&format!("{}/novita/comunicati", site.prefix()))
}
