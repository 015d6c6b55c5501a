//! Pages that are made anew while they are served: what is decided at the desk holds without a restart.
//!
//! A [`Site`] is a plain value that no page sees changing in its middle. When the office changes, a new router is made
//! from a new site and takes the old one's place; requests in hand end with the old one.

use crate::{Site, router};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use std::sync::{Arc, PoisonError, RwLock};
use tower::{ServiceExt, service_fn};

/// The pages as they stand; cheap to clone.
#[derive(Clone)]
pub struct Pages(Arc<RwLock<Router>>);

impl Pages {
    /// The pages of this site.
    pub fn new(site: Site) -> Self {
        Self(Arc::new(RwLock::new(router(site))))
    }

    /// From the next request on, those of this one.
    pub fn renew(&self, site: Site) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = router(site);
    }

    /// What is served: each request goes to the pages as they stand when it comes.
    pub fn router(&self) -> Router {
        let pages = self.clone();
        Router::new().fallback_service(service_fn(move |request: Request<Body>| {
            let now = pages.0.read().unwrap_or_else(PoisonError::into_inner).clone();
            now.oneshot(request)
        }))
    }
}
