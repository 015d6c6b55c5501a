//! Leaving the lists: the page behind the link in every mail (RFC 8058).
//!
//! Programs that scan links follow them with GET and HEAD: neither changes anything, they show a page with one button.
//! POST leaves at once, without login, cookie or redirect, as mail programs do on a person's click; twice is as once.

use crate::Site;
use crate::answer::{Error, answer, private};
use crate::frame::{Crumb, Frame};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, Response};
use axum::routing::get;
use salastampa_acts::leave;
use salastampa_locale::{fill, t};

/// The routes of leaving.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/disiscrizione/{token}", get(ask).post(go))
}

/// Asks, with one button.
#[derive(Template)]
#[template(path = "newsroom/leave.html")]
pub(crate) struct AskPage {
    frame: Frame,
    heading: String,
    words: String,
    /// Where the button posts.
    action: String,
}

/// Says that it is done.
#[derive(Template)]
#[template(path = "newsroom/notice.html")]
pub(crate) struct LeftPage {
    frame: Frame,
    heading: String,
    words: String,
}

impl AskPage {
    fn new(mut frame: Frame, address: &str, action: String) -> Self {
        let lang = frame.lang;
        let heading = t(lang, "web.leave.title").to_owned();
        frame.crumbs.push(Crumb::here(&heading));
        let words = fill(lang, "web.leave.words", &[("address", address), ("office", &frame.office)]);
        Self { frame, heading, words, action }
    }
}

impl LeftPage {
    fn new(mut frame: Frame, address: &str) -> Self {
        let lang = frame.lang;
        let heading = t(lang, "web.left.title").to_owned();
        frame.crumbs.push(Crumb::here(&heading));
        Self { frame, heading, words: fill(lang, "web.left.words", &[("address", address)]) }
    }
}

async fn ask(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let address = leave::who(&site.store, &site.house.key, &token, site.clock.now()).await?;
        let action = format!("{}/disiscrizione/{token}", site.prefix());
        let frame = site.frame(t(site.house.lang, "web.leave.title"));
        Ok(private(Html(AskPage::new(frame, address.as_str(), action).render()?)))
    };
    answer(&site, page.await)
}

async fn go(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let left = leave::leave(&site.store, &site.house.key, &token, site.clock.now()).await?;
        let frame = site.frame(t(site.house.lang, "web.left.title"));
        Ok::<_, Error>(private(Html(LeftPage::new(frame, left.address.as_str()).render()?)))
    };
    answer(&site, page.await)
}

#[cfg(test)]
impl AskPage {
    /// The page that asks an invented journalist.
    pub(crate) fn sample(lang: salastampa_locale::Lang) -> Self {
        let frame = Frame::sample(lang, t(lang, "web.leave.title"));
        Self::new(frame, "redazione@voce.test", "/ufficio-stampa/disiscrizione/x".into())
    }
}

#[cfg(test)]
impl LeftPage {
    /// The page that an invented journalist sees then.
    pub(crate) fn sample(lang: salastampa_locale::Lang) -> Self {
        Self::new(Frame::sample(lang, t(lang, "web.left.title")), "redazione@voce.test")
    }
}
