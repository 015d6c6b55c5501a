//! *Fonti*: who is read, how each fares in plain words, and what a person may do about it.
//!
//! [`list`] shows them all, [`one`] a single source with its visits and what they have taught ([`learned`]), [`probe`]
//! looks at an address before it becomes a source. Who may inspect sees it, only who administers acts. Nothing here
//! fetches: a visit and a look are errands, shown when they are done. Left out: the wizard of legal questions, which
//! comes later.

mod learned;
mod list;
mod one;
mod probe;
mod words;

pub(crate) use words::{KINDS, outlet_kind};

use crate::Site;
use axum::Router;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new().merge(list::routes()).merge(probe::routes()).merge(one::routes())
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let mut all = list::samples(lang);
    all.extend(probe::samples(lang));
    all.extend(one::samples(lang));
    all
}
