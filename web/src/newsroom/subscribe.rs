//! *Ricevi le novità per posta*: a form on the public newsroom, and the page behind the link that confirms it.
//!
//! No cookie, no script, nobody else asked. What the form answers is the same whether the address is known or new; GET and
//! HEAD of the link change nothing and show one button. While the office does not offer it, both are answered like an
//! unknown address.

use super::shelf::{entries, topics_of};
use crate::Site;
use crate::answer::{Error, answer, private};
use crate::frame::Frame;
use crate::sentence::{Ask, Notice};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, Response};
use axum::routing::get;
use salastampa_acts::{Denied, Slip, subscribe};
#[cfg(test)]
use salastampa_locale::Lang;
use salastampa_locale::{fill, t};

/// The routes of subscribing.
pub(super) fn routes() -> Router<Site> {
    Router::new().route("/iscrizione", get(show).post(take)).route("/iscrizione/{token}", get(look).post(confirm))
}

/// The form.
#[derive(Template)]
#[template(path = "newsroom/subscribe.html")]
pub(crate) struct SubscribePage {
    frame: Frame,
    /// What was typed.
    address: String,
    every: bool,
    /// The subjects: name in addresses, words, whether it is ticked.
    topics: Vec<(String, String, bool)>,
    slips: Vec<Slip>,
    consent: String,
    /// Where the office's whole notice on personal data stands, and who answers for them.
    privacy: String,
    controller: String,
    action: String,
}

impl SubscribePage {
    /// What is wrong with a field.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.slips.iter().find(|slip| slip.field == field).map(|slip| slip.sentence.as_str())
    }
}

type Pairs = Vec<(String, String)>;

async fn show(State(site): State<Site>) -> Response {
    let page = page(&site, &Vec::new(), Vec::new()).await;
    answer(&site, page)
}

async fn page(site: &Site, typed: &Pairs, slips: Vec<Slip>) -> Result<Response, Error> {
    let mut rows = site.store.read().await?;
    if !subscribe::is_open(&mut rows, &site.house).await? {
        return Err(Error::Missing);
    }
    let lang = site.house.lang;
    let has = |name: &str, value: &str| typed.iter().any(|(n, v)| n == name && v == value);
    let all = entries(site, &mut rows, site.clock.now()).await?;
    let topics = topics_of(&all).into_iter().map(|(topic, _)| {
        let on = has("argomento", &topic.slug);
        (topic.slug, topic.words, on)
    });
    let wrong = !slips.is_empty();
    let page = SubscribePage {
        frame: site.frame(t(lang, "subscribe.title")).under_news().here(),
        address: typed.iter().find(|(name, _)| name == "indirizzo").map(|(_, text)| text.clone()).unwrap_or_default(),
        every: typed.is_empty() || has("argomento", ""),
        topics: topics.collect(),
        slips,
        consent: subscribe::consent(&site.house),
        privacy: site.house.privacy.page.clone(),
        controller: site.house.privacy.controller.clone(),
        action: format!("{}/iscrizione", site.prefix()),
    };
    let mut response = private(Html(page.render()?));
    if wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn take(State(site): State<Site>, Form(pairs): Form<Pairs>) -> Response {
    let address = pairs.iter().find(|(name, _)| name == "indirizzo").map_or("", |(_, text)| text.as_str());
    let chosen = pairs.iter().filter(|(name, _)| name == "argomento").map(|(_, topic)| topic.clone());
    let (topics, every): (Vec<String>, Vec<String>) = chosen.partition(|topic| !topic.is_empty());
    let now = site.clock.now();
    let done = subscribe::ask(&site.store, &site.house, address, &topics, !every.is_empty(), now).await;
    let page = match done {
        Ok(()) => said(&site, "subscribe.asked.title", "subscribe.asked.words"),
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => page(&site, &pairs, slips).await,
        Err(error) => Err(error.into()),
    };
    answer(&site, page)
}

fn said(site: &Site, title: &'static str, words: &'static str) -> Result<Response, Error> {
    let words = t(site.house.lang, words).to_owned();
    let frame = site.frame(t(site.house.lang, title)).under_news().here();
    Ok(private(Html((Notice { frame, words }).render()?)))
}

fn asking(frame: Frame, address: &str, action: String) -> Ask {
    let words = fill(frame.lang, "subscribe.confirm.words", &[("address", address), ("office", &frame.office)]);
    let (button, note) = (frame.t("subscribe.confirm.button"), frame.t("subscribe.confirm.note"));
    Ask { frame: frame.under_news().here(), words, button, note, action, instead: None }
}

async fn look(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let found = subscribe::behind(&mut site.store.read().await?, &site.house, &token, site.clock.now()).await?;
        let action = format!("{}/iscrizione/{token}", site.prefix());
        let frame = site.frame(t(site.house.lang, "subscribe.confirm.title"));
        Ok(private(Html(asking(frame, found.address.as_str(), action).render()?)))
    };
    answer(&site, page.await)
}

async fn confirm(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        subscribe::confirm(&site.store, &site.house, &token, site.clock.now()).await?;
        said(&site, "subscribe.done.title", "subscribe.done.words")
    };
    answer(&site, page.await)
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let frame = |key| Frame::sample(lang, t(lang, key));
    let page = |slips: Vec<Slip>| SubscribePage {
        frame: frame("subscribe.title").under_news().here(),
        address: "\"><script>".into(),
        every: slips.is_empty(),
        topics: vec![("lavori-pubblici".into(), "Lavori <b>pubblici".into(), true)],
        slips,
        consent: fill(lang, "subscribe.consent", &[("office", "Comune di <Bellariva>")]),
        privacy: "https://comune.test/privacy".into(),
        controller: "Comune <b>".into(),
        action: "/iscrizione".into(),
    };
    let slips = ["subscribe.slip.address", "subscribe.slip.topics"].map(|key| t(lang, key).to_owned());
    let [address, topics] = slips;
    let slips = vec![Slip { field: "indirizzo", sentence: address }, Slip { field: "argomento", sentence: topics }];
    let ask = asking(frame("subscribe.confirm.title"), "ida@<casa>.test", "/iscrizione/x".into());
    vec![
        ("subscribe", page(Vec::new()).render().expect("a template over strings")),
        ("subscribe, refused", page(slips).render().expect("a template over strings")),
        ("subscribe, confirm", ask.render().expect("a template over strings")),
    ]
}
