//! The desk: the pages where the press office works, below `/desk`.
//!
//! **How a page is made.** One file a page: a struct with an askama template (`templates/desk/…`, extends
//! `desk/frame.html`), a handler that reads rows and answers, `routes()` that is named here. [`today`] is the model.
//! A handler takes a [`Desk`]: who asks, their language, the present, the store. It answers with
//! `desk.answer(page(&desk).await)`; the page's `Frame` comes from `desk.frame(title)`.
//!
//! **How an act is made.** A form posts (`<input type="hidden" name="_csrf" value="{{ frame.csrf }}">`, or the macro
//! `parts::csrf`), the handler takes [`Fields`](fields::Fields), asks an act, and answers with a redirect:
//! `desk.done(act, "/desk/temi", words)`, `desk.go(..)`, `desk.go_or_undo(..)`, `desk.refused(..)`. A form with slips is
//! shown again with what was typed: `desk.again(page)`, with the [`Slips`](form::Slips) of `Denied::Form`.
//!
//! **Keys** are declared, not programmed: `data-rows` on a list, `data-row` with an `id` on each line (one is current;
//! `j` and `k` move), `data-key="r"` on a button or link inside a line (or anywhere else on the page), `data-search` on
//! the search field. A form with `data-autosave="name"` is kept in the browser while typing, a button with
//! `data-preview` is pressed by itself, a box with `data-all="name"` ticks all boxes of that name, `data-count="id"`
//! shows how many characters a field has, a button with `data-line` stands once for a list and is pressed by its key for
//! the current line (whose `data-pick` and `data-next` go into the form's `riga` and `poi`), `data-refresh="seconds"` on `main` loads the page again while nobody types.
//! Without scripts all of it is plain forms and links.
//!
//! The door ([`guard`]) stands before every page: session, origin, the session's word in each form. Nothing here writes
//! a row but sessions, and nothing fetches: what needs the network is an `Errand`.

mod alerts;
mod archive;
mod article;
mod chart;
mod clippings;
mod composer;
mod contacts;
mod deliveries;
mod dossiers;
mod editions;
mod elections;
mod events;
mod export;
mod exports;
mod feeds;
mod fields;
mod form;
mod frame;
mod guard;
pub(crate) mod health;
mod imports;
mod incoming;
mod lists;
mod login;
mod oidc;
mod paging;
mod persons;
mod photos;
mod preferences;
mod quality;
mod ratings;
mod readers;
mod register;
mod releases;
mod returned;
mod review;
mod rights;
mod second_factor;
mod session;
mod settings;
mod setup;
mod sources;
mod subscribers;
mod templates;
mod today;
mod users;
mod watches;
mod weights;
mod wire;

pub(crate) use preferences::language_name;
pub(crate) use session::Desk;

use crate::Site;
use askama::Template;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use frame::Frame;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use tower_http::limit::RequestBodyLimitLayer;

/// Largest form, in bytes: a table of journalists with thousands of lines fits.
const LARGEST_FORM: usize = 8 * 1024 * 1024;

/// The routes of the desk, behind its door.
pub(crate) fn routes(site: &Site) -> Router<Site> {
    let pages = [
        login::routes(),
        oidc::routes(),
        today::routes(),
        clippings::routes(),
        review::routes(),
        weights::routes(),
        editions::routes(),
        quality::routes(),
        alerts::routes(),
        archive::routes(),
        article::routes(),
        watches::routes(),
        dossiers::routes(),
        feeds::routes(),
        persons::routes(),
        elections::routes(),
        sources::routes(),
        subscribers::routes(),
        releases::routes(),
        photos::routes(),
        ratings::routes(),
        composer::routes(),
        templates::routes(),
        register::routes(),
        contacts::routes(),
        lists::routes(),
        readers::routes(),
        deliveries::routes(),
        returned::routes(),
        health::routes(),
        imports::routes(),
        users::routes(),
        events::routes(),
        exports::routes(),
        settings::routes(),
        setup::routes(),
        preferences::routes(),
        second_factor::routes(),
    ];
    let uploads =
        releases::uploads().merge(imports::uploads()).layer(from_fn_with_state(site.clone(), guard::guard_stream));
    pages
        .into_iter()
        .fold(Router::new(), Router::merge)
        .route("/desk", get(home))
        .route("/desk/", get(home))
        .route("/desk/{*rest}", get(nowhere).post(nowhere))
        .layer(from_fn_with_state(site.clone(), guard::guard))
        .layer(RequestBodyLimitLayer::new(LARGEST_FORM))
        // these bound what comes by themselves
        .merge(uploads)
        .layer(DefaultBodyLimit::disable())
}

async fn home(desk: Desk) -> Redirect {
    Redirect::to(&desk.href("/desk/oggi"))
}

async fn nowhere(desk: Desk) -> Response {
    desk.no_page(&crate::answer::Error::Missing)
}

/// A page of the desk that only says something.
#[derive(Template)]
#[template(path = "desk/notice.html")]
pub(crate) struct Notice {
    pub(crate) frame: Frame,
    pub(crate) words: String,
}

/// Where a request came from: the other end of the line, or what a proxy that we trust says of it.
pub(crate) struct Caller(pub(crate) String);

impl FromRequestParts<Site> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let Some(mut from) = peer else { return Ok(Self("unknown".into())) };
        let said = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let said: Vec<IpAddr> = said.flat_map(|value| value.split(',')).filter_map(|a| a.trim().parse().ok()).collect();
        // each proxy adds who spoke to it at the end: the first one from there that is not ours is who called
        for address in said.into_iter().rev() {
            if !site.proxies.contains(&from) {
                break;
            }
            from = address;
        }
        Ok(Self(from.to_string()))
    }
}

impl IntoResponse for Notice {
    fn into_response(self) -> Response {
        self.render().map(axum::response::Html).map_err(|_| axum::http::StatusCode::SERVICE_UNAVAILABLE).into_response()
    }
}

/// Every page of the desk as a sample.
#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let notice = Notice {
        frame: Frame::sample(lang, salastampa_locale::t(lang, "desk.missing.title"), "/desk/x"),
        words: salastampa_locale::t(lang, "desk.missing.words").to_owned(),
    };
    let mut all = vec![("notice", notice.render().expect("a template over strings"))];
    all.extend(login::samples(lang));
    all.extend(today::samples(lang));
    all.extend(clippings::samples(lang));
    all.extend(review::samples(lang));
    all.extend(weights::samples(lang));
    all.extend(editions::samples(lang));
    all.extend(quality::samples(lang));
    all.extend(alerts::samples(lang));
    all.extend(archive::samples(lang));
    all.extend(article::samples(lang));
    all.extend(watches::samples(lang));
    all.extend(dossiers::samples(lang));
    all.extend(feeds::samples(lang));
    all.extend(exports::samples(lang));
    all.extend(persons::samples(lang));
    all.extend(elections::samples(lang));
    all.extend(sources::samples(lang));
    all.extend(subscribers::samples(lang));
    all.extend(releases::samples(lang));
    all.extend(composer::samples(lang));
    all.extend(templates::samples(lang));
    all.extend(register::samples(lang));
    all.extend(photos::samples(lang));
    all.extend(ratings::samples(lang));
    all.extend(contacts::samples(lang));
    all.extend(lists::samples(lang));
    all.extend(readers::samples(lang));
    all.extend(deliveries::samples(lang));
    all.extend(returned::samples(lang));
    all.extend(health::samples(lang));
    all.extend(imports::samples(lang));
    all.extend(users::samples(lang));
    all.extend(events::samples(lang));
    all.extend(settings::samples(lang));
    all.extend(setup::samples(lang));
    all.extend(preferences::samples(lang));
    all.extend(second_factor::samples(lang));
    all
}
