//! Leaving the lists: the page behind the link in every mail (RFC 8058).
//!
//! Programs that scan links follow them with GET and HEAD: neither changes anything, they show a page with one button.
//! POST leaves at once, without login, cookie or redirect, as mail programs do on a person's click; twice is as once.

use crate::Site;
use crate::answer::{Error, answer, private};
use crate::frame::Frame;
use crate::sentence::{Ask, Notice};
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

fn asking(frame: Frame, address: &str, action: String, own: String) -> Ask {
    let words = fill(frame.lang, "web.leave.words", &[("address", address), ("office", &frame.office)]);
    let (button, note) = (frame.t("web.leave.button"), frame.t("web.leave.note"));
    let instead = Some((own, frame.t("web.leave.own")));
    Ask { frame: frame.here(), words, button, note, action, instead }
}

fn left(frame: Frame, address: &str) -> Notice {
    let words = fill(frame.lang, "web.left.words", &[("address", address)]);
    Notice { frame: frame.here(), words }
}

async fn ask(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let address = leave::who(&site.store, &site.house.key, &token, site.clock.now()).await?;
        let action = format!("{}/disiscrizione/{token}", site.prefix());
        let frame = site.frame(t(site.house.lang, "web.leave.title"));
        let own = format!("{}/preferenze/{token}", site.prefix());
        Ok(private(Html(asking(frame, address.as_str(), action, own).render()?)))
    };
    answer(&site, page.await)
}

async fn go(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let gone = leave::leave(&site.store, &site.house.key, &token, site.clock.now()).await?;
        let frame = site.frame(t(site.house.lang, "web.left.title"));
        Ok::<_, Error>(private(Html(left(frame, gone.address.as_str()).render()?)))
    };
    answer(&site, page.await)
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let (frame, address) = (|key| Frame::sample(lang, t(lang, key)), "redazione@voce.test");
    let ask = asking(
        frame("web.leave.title"),
        address,
        "/ufficio-stampa/disiscrizione/x".into(),
        "/ufficio-stampa/preferenze/x".into(),
    );
    vec![
        ("leave", ask.render().expect("a template over strings")),
        ("left", left(frame("web.left.title"), address).render().expect("a template over strings")),
    ]
}
