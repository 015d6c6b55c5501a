//! The address that hubs speak to (W3C WebSub): a machine confirms a subscription or says that a feed has news.
//!
//! Only who has the signed address of a source is heard, and only with the signature of that source's secret. A hub
//! learns nothing from the answers. Left out: taking articles from the hub's word (see [`salastampa_acts::hub`]).

use crate::Site;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use salastampa_acts::hub::{self, Intent};
use serde::Deserialize;

/// The longest challenge that is sent back, in bytes.
const LONGEST_CHALLENGE: usize = 512;

/// The route of the hubs.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/websub/{token}", get(confirm).post(told)).layer(DefaultBodyLimit::max(hub::LONGEST))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.topic", default)]
    topic: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
    #[serde(rename = "hub.lease_seconds")]
    lease: Option<i64>,
}

/// Sends the challenge back where the subscription is ours, as plain text (WebSub §5.3).
async fn confirm(State(site): State<Site>, Path(token): Path<String>, Query(asked): Query<Asked>) -> Response {
    let intent = Intent { mode: &asked.mode, topic: &asked.topic, lease: asked.lease };
    match hub::confirm(&site.store, &site.house.key, &token, &intent, site.clock.now()).await {
        Ok(true) if asked.challenge.len() <= LONGEST_CHALLENGE => asked.challenge.into_response(),
        Ok(_) => StatusCode::NOT_FOUND.into_response(),
        Err(why) => failed(&why),
    }
}

/// Thanks whoever speaks; what is not signed is dropped without a word (WebSub §7.1).
async fn told(State(site): State<Site>, Path(token): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let signature = headers.get("x-hub-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match hub::tell(&site.store, &site.house.key, &token, signature, &body, site.clock.now()).await {
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(why) => failed(&why),
    }
}

fn failed(why: &salastampa_acts::Error) -> Response {
    tracing::error!("a hub's word could not be kept: {why:#}; the source is visited at its pace all the same");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
