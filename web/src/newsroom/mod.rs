//! The public newsroom: *Novità*, with *Notizie, Comunicati, Avvisi* (the order of the national model for municipal sites).
//!
//! Lists by section, topic and year, a search, a page for each release with its versions and receipts, feeds, a site map.
//! One question, asked when a page is read, decides what is there (`shelf`); what is under embargo takes the path of what
//! does not exist. Addresses never change: `/novita/comunicati/2026/12-lungolago` is found by year and number, and
//! redirects where the section or the words after the number have changed. A withdrawn release leaves a page that says so
//! (410). All routes stand in one table, so that none is forgotten where it is asked what an embargo hides.

mod address;
mod atom;
mod feed;
mod files;
mod json_feed;
mod kept;
mod kit;
mod list;
mod lists;
mod notizia;
mod page;
mod rate;
mod receipt;
mod rss;
mod shelf;
mod sitemap;
pub(crate) mod subscribe;
mod vcard;
mod verify;
mod versions;
mod zip;

#[cfg(test)]
pub(crate) mod samples;

pub(crate) use kept::lifetime;
pub(crate) use rate::reason_words;
pub(crate) use salastampa_digest::clean::xml;
pub use shelf::Shelf;

use crate::Site;
use axum::Router;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::{MethodRouter, get};

/// Every public path with what answers there.
fn table() -> Vec<(&'static str, MethodRouter<Site>)> {
    vec![
        ("/", get(home)),
        ("/robots.txt", get(sitemap::robots)),
        ("/sitemap.xml", get(sitemap::all)),
        ("/sitemap-news.xml", get(sitemap::news)),
        ("/verifica", get(verify::ask).post(verify::check)),
        ("/file/{hash}/{name}", get(files::handler)),
        ("/novita", get(lists::news)),
        ("/novita/cerca", get(lists::search)),
        ("/novita/ufficio-stampa.vcf", get(vcard::card)),
        ("/novita/argomenti", get(lists::topics)),
        ("/novita/argomenti/{topic}", get(lists::topic)),
        ("/novita/argomenti/{topic}/{feed}", get(feed::of_topic)),
        ("/novita/anno/{year}", get(lists::year)),
        ("/novita/valutazione", get(rate::nothing).post(rate::take)),
        ("/novita/{section}", get(lists::section)),
        ("/novita/{section}/{feed}", get(feed::of_section)),
        ("/novita/{section}/{year}/{name}", get(address::release)),
        ("/novita/{section}/{year}/{name}/{part}", get(address::part)),
    ]
}

/// The paths of the newsroom as they are routed, for tests that go through all of them.
pub fn paths() -> Vec<&'static str> {
    table().into_iter().map(|(path, _)| path).collect()
}

/// The routes of the newsroom.
pub(crate) fn routes() -> Router<Site> {
    let table = table().into_iter().fold(Router::new(), |router, (path, answer)| router.route(path, answer));
    // asks what is public, and shows no text
    table.merge(subscribe::routes())
}

/// The newsroom has the whole site to itself: its first page is the home.
pub(crate) async fn home(State(site): State<Site>) -> Redirect {
    Redirect::temporary(&format!("{}/novita", site.prefix()))
}
