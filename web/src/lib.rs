//! What people see in a browser: the desk of the office, the public newsroom, the page for leaving the lists, and what
//! machines ask.
//!
//! *A request reads rows, asks an act if something is to change, and answers with a page.* Nothing here writes a row
//! and nothing fetches. Public pages set no cookie, run no script and load nothing from elsewhere; each asks
//! [`is_public`](salastampa_domain::is_public) when it is read, so that an embargo ends at its second without a job.
//!
//! `desk` is where the office works, [`newsroom`] has the releases, [`leave`] the page behind the link in each mail, `own` and `own_data` what its reader decides there, [`health`] and [`metrics`] speak to
//! machines, [`frame`] is what surrounds every page. Left out: TLS (a proxy's work).

mod answer;
pub mod assets;
mod desk;
mod feeds;
pub mod frame;
mod handed;
mod headers;
pub mod health;
mod hubs;
pub mod leave;
mod links;
pub mod living;
pub mod metrics;
pub mod newsroom;
mod not_for_me;
mod own;
mod own_data;
#[cfg(test)]
mod samples;
mod sentence;
pub mod site;

pub use desk::health::{Check, State, look};
pub use feeds::Pace;
pub use living::Pages;
pub use metrics::{Metrics, metrics_router};
pub use newsroom::Shelf;
pub use site::{Directory, Footer, Site};

use axum::Router;
use axum::extract::Request;
use axum::http::header::{ACCEPT_RANGES, RANGE};
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Version};
use axum::middleware::{from_fn, from_fn_with_state, map_request};
use std::future::Future;
use std::net::SocketAddr;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::limit::RequestBodyLimitLayer;

/// Largest request body, in bytes: nothing public takes more than a form, but what a hub says of a feed.
const LARGEST_BODY: usize = 64 * 1024;

/// Everything that is served to the public. Where `base_url` has a path, the pages answer below it and at the root, so
/// that a proxy may cut the path off or leave it.
pub fn router(site: Site) -> Router {
    let public = newsroom::routes()
        .merge(leave::routes())
        .merge(links::routes())
        .merge(own::routes())
        .merge(own_data::routes())
        .merge(not_for_me::routes())
        .merge(feeds::routes())
        .merge(assets::routes())
        .merge(health::routes());
    let pages = public.layer(RequestBodyLimitLayer::new(LARGEST_BODY)).merge(hubs::routes()).merge(desk::routes(&site));
    let mut router = pages.clone();
    let prefix = site.prefix();
    if !prefix.is_empty() {
        // a nested route has no slash of its own at its end, and links to the home have one
        router = router.nest(prefix, pages).route(&format!("{prefix}/"), axum::routing::get(newsroom::home));
    }
    router
        .fallback(answer::unknown)
        .layer(from_fn_with_state(site.clone(), metrics::count))
        .layer(map_request(without_range))
        .layer(from_fn(headers::set))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .with_state(site)
}

/// A part is asked for by GET alone (RFC 9110 §14.2).
async fn without_range(mut request: Request) -> Request {
    if request.method() != Method::GET {
        request.headers_mut().remove(RANGE);
    }
    request
}

/// What is small already stays as it is: photos, archives and documents that are archives inside.
fn worth_compressing() -> impl Predicate {
    let but = NotForContentType::const_new;
    // what can be had in parts has one form: a part of plain bytes would not fit behind the beginning of packed ones
    let whole = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| !headers.contains_key(ACCEPT_RANGES);
    DefaultPredicate::new()
        .and(whole)
        .and(but("application/pdf"))
        .and(but("application/zip"))
        .and(but("application/vnd."))
        .and(but("audio/"))
}

/// Answers on the listener until `shutdown` is over, then lets requests in hand end.
pub async fn serve(
    listener: tokio::net::TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(shutdown).await
}
