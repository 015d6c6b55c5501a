//! *Non mi interessa*: the page behind the link in every alert.
//!
//! Programs that scan links follow them with GET and HEAD: neither changes anything, they show a page with one button.
//! POST says it, without login or cookie; twice is as once. Left out: who opened the page.

use crate::Site;
use crate::answer::{Error, answer, private};
use crate::frame::Frame;
use crate::sentence::{Ask, Notice};
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

fn asking(frame: Frame, about: &About, action: String) -> Ask {
    let words = worded(&frame, about, "web.not_for_me.words");
    let (button, note) = (frame.t("web.not_for_me.button"), frame.t("web.not_for_me.note"));
    Ask { frame: frame.here(), words, button, note, action, instead: None }
}

fn said(frame: Frame, about: &About) -> Notice {
    let words = worded(&frame, about, "web.not_for_me.done_words");
    Notice { frame: frame.here(), words }
}

fn worded(frame: &Frame, about: &About, key: &'static str) -> String {
    let watches = clean::line(&about.watches.join(", "), 200);
    let title = match clean::line(&about.title, 300) {
        empty if empty.is_empty() => t(frame.lang, "web.not_for_me.withdrawn").to_owned(),
        title => title,
    };
    fill(frame.lang, key, &[("title", &title), ("watches", &watches)])
}

async fn ask(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let about = not_for_me::about(&site.store, &site.house, &token, site.clock.now()).await?;
        let action = format!("{}/avvisi/{token}", site.prefix());
        let frame = site.frame(t(site.house.lang, "web.not_for_me.title"));
        Ok(private(Html(asking(frame, &about, action).render()?)))
    };
    answer(&site, page.await)
}

async fn go(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let about = not_for_me::say(&site.store, &site.house, &token, site.clock.now()).await?;
        let frame = site.frame(t(site.house.lang, "web.not_for_me.done"));
        Ok::<_, Error>(private(Html(said(frame, &about).render()?)))
    };
    answer(&site, page.await)
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let about = About { title: "Frana <a> Maresio".into(), watches: vec!["Frane & <strade>".into()] };
    let frame = |key| Frame::sample(lang, t(lang, key));
    let ask = asking(frame("web.not_for_me.title"), &about, "/ufficio-stampa/avvisi/x".into());
    vec![
        ("not for me", ask.render().expect("a template over strings")),
        ("not for me, said", said(frame("web.not_for_me.done"), &about).render().expect("a template")),
    ]
}
