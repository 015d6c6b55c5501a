//! Files that pages ask for, inside the binary. The name of each holds its hash, so that a browser may keep it for ever
//! and a new version is a new name.

use crate::Site;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

const STYLE: &str = include_str!("../static/newsroom.css");

/// The routes of the files.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/static/{name}", get(file))
}

/// The path of the style sheet below the site: `/static/newsroom.0123456789abcdef.css`.
pub fn style_path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let hash: String = Sha256::digest(STYLE.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("/static/newsroom.{hash}.css")
    })
}

async fn file(State(site): State<Site>, Path(name): Path<String>) -> Response {
    if style_path().strip_prefix("/static/") != Some(&name) {
        return crate::answer::missing(&site);
    }
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, STYLE).into_response()
}
