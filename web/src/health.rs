//! For whoever watches the program: alive, and ready. Plain words, no page; nothing here says what the house holds.

use crate::Site;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// The routes of health.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

/// The program answers.
async fn alive() -> Response {
    said(StatusCode::OK, "ok\n")
}

/// The program can work: the database reads. Migrations are done before anything is served.
async fn ready(State(site): State<Site>) -> Response {
    match reads(&site).await {
        Ok(()) => said(StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            said(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}

async fn reads(site: &Site) -> Result<(), salastampa_store::Error> {
    site.store.read().await?.last_seq().await?;
    Ok(())
}

fn said(status: StatusCode, words: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], words).into_response()
}
