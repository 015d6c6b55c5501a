//! What is counted, in OpenMetrics, on a listener of its own: numbers of a house are not public. Labels hold no address,
//! no name and no token: a route is its pattern.
//! Left out: durations (this crate reads no clock).

use crate::Site;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

type Labels = Vec<(&'static str, String)>;

/// What is counted while the program runs.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    requests: Family<Labels, Counter>,
}

/// The router of `/metrics`, for a listener on loopback.
pub fn metrics_router(site: Site) -> Router {
    Router::new().route("/metrics", get(exposition)).with_state(site)
}

/// Counts each request by route and status.
pub(crate) async fn count(State(site): State<Site>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let labels = vec![("route", route), ("status", response.status().as_str().to_owned())];
    site.metrics.requests.get_or_create(&labels).inc();
    response
}

async fn exposition(State(site): State<Site>) -> Response {
    match text(&site).await {
        Ok(text) => {
            ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "the numbers could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn text(site: &Site) -> Result<String, salastampa_store::Error> {
    let mut rows = site.store.read().await?;
    let mut registry = Registry::with_prefix("salastampa");
    registry.register("http_requests", "Requests to public pages", site.metrics.requests.clone());

    let deliveries = Family::<Labels, Gauge>::default();
    registry.register("deliveries", "Messages of the outbox by kind and state", deliveries.clone());
    for (kind, state, number) in rows.count_all_deliveries().await? {
        deliveries.get_or_create(&vec![("kind", kind.name().to_owned()), ("state", state)]).set(number);
    }
    let (alive, total) = rows.count_sources().await?;
    let sources = Family::<Labels, Gauge>::default();
    registry.register("sources", "Active sources, and those of them that are alive", sources.clone());
    for (name, number) in [("alive", alive), ("total", total)] {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        sources.get_or_create(&vec![("state", name.to_owned())]).set(number);
    }
    let mut text = String::new();
    // writing into a string cannot fail
    let _ = encode(&mut text, &registry);
    Ok(text)
}
