//! *Non mi interessa*: the page behind the link in every alert.
//!
//! Programs that scan links follow them with GET and HEAD: neither changes anything, they show a page with one button.
//! POST says it, without login or cookie; twice is as once. Left out: who opened the page.

use crate::Site;
use crate::answer::{Error, answer, private};
use crate::frame::{Crumb, Frame};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, Response};
use axum::routing::get;
use salastampa_acts::alert::not_for_me::{self, About};
use salastampa_digest::clean;
use salastampa_locale::{fill, t};

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/avvisi/{token}", get(ask).post(go))
}

/// Asks, with one button.
#[derive(Template)]
#[template(path = "links/not_for_me.html")]
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
pub(crate) struct SaidPage {
    frame: Frame,
    heading: String,
    words: String,
}

impl AskPage {
    fn new(mut frame: Frame, about: &About, action: String) -> Self {
        let heading = t(frame.lang, "web.not_for_me.title").to_owned();
        frame.crumbs.push(Crumb::here(&heading));
        let words = worded(&frame, about, "web.not_for_me.words");
        Self { frame, heading, words, action }
    }
}

impl SaidPage {
    fn new(mut frame: Frame, about: &About) -> Self {
        let heading = t(frame.lang, "web.not_for_me.done").to_owned();
        frame.crumbs.push(Crumb::here(&heading));
        let words = worded(&frame, about, "web.not_for_me.done_words");
        Self { frame, heading, words }
    }
}

fn worded(frame: &Frame, about: &About, key: &'static str) -> String {
    let (title, watches) = (clean::line(&about.title, 300), clean::line(&about.watches.join(", "), 200));
    fill(frame.lang, key, &[("title", &title), ("watches", &watches)])
}

async fn ask(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let about = not_for_me::about(&site.store, &site.house, &token, site.clock.now()).await?;
        let action = format!("{}/avvisi/{token}", site.prefix());
        let frame = site.frame(t(site.house.lang, "web.not_for_me.title"));
        Ok(private(Html(AskPage::new(frame, &about, action).render()?)))
    };
    answer(&site, page.await)
}

async fn go(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let about = not_for_me::say(&site.store, &site.house, &token, site.clock.now()).await?;
        let frame = site.frame(t(site.house.lang, "web.not_for_me.done"));
        Ok::<_, Error>(private(Html(SaidPage::new(frame, &about).render()?)))
    };
    answer(&site, page.await)
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let about = About { title: "Frana <a> Maresio".into(), watches: vec!["Frane & <strade>".into()] };
    let frame = |key| Frame::sample(lang, t(lang, key));
    let ask = AskPage::new(frame("web.not_for_me.title"), &about, "/ufficio-stampa/avvisi/x".into());
    vec![
        ("not for me", ask.render().expect("a template over strings")),
        ("not for me, said", SaidPage::new(frame("web.not_for_me.done"), &about).render().expect("a template")),
    ]
}
