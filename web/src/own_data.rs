//! A copy of one's own data, and their deletion: the page behind the link that is mailed on request to the address that the
//! office holds.
//!
//! GET and HEAD change nothing and give nothing away but the address: the copy, too, is had by pressing a button, because
//! programs that scan links keep what they fetch. Without login, cookie or script. A link that is over, is for something
//! else or was made up is answered like an unknown address.

use crate::Site;
use crate::answer::{Error, answer, private};
use crate::frame::Frame;
use crate::own::spoken;
use crate::sentence::Notice;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, Response};
use axum::routing::get;
use salastampa_acts::contacts::own_data::{self, Behind};
use salastampa_locale::{Lang, date, fill, t};

/// The routes of the page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/miei-dati/{token}", get(show).post(act))
}

/// The page.
#[derive(Template)]
#[template(path = "links/own_data.html")]
pub(crate) struct OwnDataPage {
    frame: Frame,
    address: String,
    /// Until when it opens.
    until: String,
    /// Deletion was asked for without the tick.
    unsure: bool,
    /// Where the forms post.
    action: String,
}

async fn show(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let found = behind(&site, &token).await?;
        shown(&site, &token, &found, false)
    };
    answer(&site, page.await)
}

async fn act(
    State(site): State<Site>,
    Path(token): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Response {
    let says = |name: &str, text: &str| pairs.iter().any(|(n, t)| n == name && t == text);
    let (store, house, now) = (&site.store, &site.house, site.clock.now());
    let page = async {
        let found = behind(&site, &token).await?;
        let unsure = says("fai", "cancella") && !says("certo", "1");
        if says("fai", "copia")
            && let Some(copy) = own_data::copy(store, house, &token, now).await?
        {
            let headers = [
                (CONTENT_TYPE, "application/json"),
                (CONTENT_DISPOSITION, "attachment; filename=\"i-miei-dati.json\""),
            ];
            return Ok(private((headers, copy)));
        }
        if says("fai", "cancella") && !unsure {
            own_data::forget(store, house, &token, now).await?;
            return gone(&spoken(&site, lang_of(&site, &found)));
        }
        shown(&site, &token, &found, unsure)
    };
    answer(&site, page.await)
}

async fn behind(site: &Site, token: &str) -> Result<Behind, Error> {
    Ok(own_data::behind(&mut site.store.read().await?, &site.house.key, token, site.clock.now()).await?)
}

fn lang_of(site: &Site, found: &Behind) -> Lang {
    found.contact.as_ref().and_then(|contact| Lang::parse(&contact.language)).unwrap_or(site.house.lang)
}

/// The page in the person's language; where nobody is held (any more), that.
fn shown(site: &Site, token: &str, found: &Behind, unsure: bool) -> Result<Response, Error> {
    let lang = lang_of(site, found);
    let site = spoken(site, lang);
    let Some(contact) = &found.contact else { return gone(&site) };
    let page = OwnDataPage {
        frame: site.frame(t(lang, "recipient.mine.title")).here(),
        address: contact.address.as_str().to_owned(),
        until: fill(lang, "recipient.mine.until", &[("until", &date::moment(found.until.civil(), lang))]),
        unsure,
        action: format!("{}/miei-dati/{token}", site.prefix()),
    };
    let mut answer = private(Html(page.render()?));
    if unsure {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

fn gone(site: &Site) -> Result<Response, Error> {
    let frame = site.frame(t(site.house.lang, "recipient.mine.title"));
    Ok(private(Html(nobody(frame).render()?)))
}

fn nobody(frame: Frame) -> Notice {
    let words = t(frame.lang, "recipient.mine.gone").to_owned();
    Notice { frame: frame.here(), words }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let frame = || Frame::sample(lang, t(lang, "recipient.mine.title"));
    let page = |unsure| OwnDataPage {
        frame: frame().here(),
        address: "nina@<il-lago>.test".into(),
        until: fill(lang, "recipient.mine.until", &[("until", "x")]),
        unsure,
        action: "/ufficio-stampa/miei-dati/x".into(),
    };
    vec![
        ("own data", page(false).render().expect("a template over strings")),
        ("own data, without the tick", page(true).render().expect("a template over strings")),
        ("own data, nobody", nobody(frame()).render().expect("a template over strings")),
    ]
}
