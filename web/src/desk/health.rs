//! To be written: *Salute*.

use crate::Site;
use axum::Router;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
}

#[cfg(test)]
pub(crate) fn samples(_: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    Vec::new()
}
