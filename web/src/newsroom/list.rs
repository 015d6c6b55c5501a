//! The list of releases, newest first, twenty a page.

use super::public::{Public, Standing, standing};
use crate::Site;
use crate::answer::{Error, answer};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_releases::wording;
use serde::Deserialize;

/// Releases on a page.
pub(crate) const PAGE: usize = 20;

#[derive(Deserialize)]
pub(crate) struct Asked {
    pagina: Option<String>,
}

/// The list.
#[derive(Template, Debug)]
#[template(path = "newsroom/list.html")]
pub(crate) struct ListPage {
    pub(crate) frame: Frame,
    pub(crate) lead: String,
    pub(crate) found: String,
    pub(crate) cards: Vec<Card>,
    /// Links to the newer and the older page.
    pub(crate) newer: Option<String>,
    pub(crate) older: Option<String>,
    /// `Pagina 2 di 5`; none where there is one page.
    pub(crate) position: Option<String>,
}

/// A release in a list.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) href: String,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) datetime: String,
    pub(crate) date: String,
    pub(crate) corrected: bool,
}

pub(crate) async fn handler(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    // what is no number is no page
    let number = asked.pagina.map_or(1, |text| text.parse().unwrap_or(0));
    let result = page(&site, number).await;
    answer(&site, result.and_then(|page| Ok(Html(page.render()?).into_response())))
}

async fn page(site: &Site, number: usize) -> Result<ListPage, Error> {
    let now = site.clock.now();
    let mut rows = site.store.read().await?;
    let total = usize::try_from(rows.count_public_releases(now).await?).unwrap_or_default();
    let last = total.div_ceil(PAGE).max(1);
    if !(1..=last).contains(&number) {
        return Err(Error::Missing);
    }
    let lang = site.house.lang;
    let mut cards = Vec::new();
    for release in rows.list_public_releases(now, (number - 1) * PAGE, PAGE).await? {
        if let Some(Standing::Public(public)) = standing(&mut rows, release, now).await? {
            cards.push(Card::of(&public, site.prefix(), lang));
        }
    }
    let lead = fill(lang, "web.list.lead", &[("office", &site.house.office)]);
    let mut frame = site.frame(t(lang, "web.list.title")).at_releases();
    frame.description.clone_from(&lead);
    frame.canonical = Some(path(number));
    let link = |n: usize| format!("{}{}", site.prefix(), path(n));
    Ok(ListPage {
        lead,
        found: plural(lang, "web.list.found", total),
        cards,
        newer: (number > 1).then(|| link(number - 1)),
        older: (number < last).then(|| link(number + 1)),
        position: (last > 1)
            .then(|| fill(lang, "web.list.position", &[("n", &number.to_string()), ("last", &last.to_string())])),
        frame,
    })
}

fn path(number: usize) -> String {
    if number == 1 { "/novita/comunicati".into() } else { format!("/novita/comunicati?pagina={number}") }
}

impl Card {
    fn of(public: &Public, prefix: &str, lang: Lang) -> Self {
        Self {
            href: format!("{prefix}{}", public.path()),
            kind: wording::kind(public.kind(), lang).to_owned(),
            title: public.version.title.clone(),
            summary: public.version.summary.clone(),
            datetime: public.public_at.rfc3339(),
            date: date::full(public.public_at.day(), lang),
            corrected: public.version.corrects.is_some(),
        }
    }
}

#[cfg(test)]
impl ListPage {
    /// The second of three pages of an invented office.
    pub(crate) fn sample(lang: Lang) -> Self {
        let card = |n: u32, corrected| Card {
            href: format!("/ufficio-stampa/novita/comunicati/2026/{n}-lungolago"),
            kind: wording::kind(Default::default(), lang).to_owned(),
            title: "Riapre il lungolago: si cammina fino alla darsena".into(),
            summary: "Dopo otto mesi di lavori la passeggiata torna alla città, con due ponti nuovi.".into(),
            datetime: "2026-11-25T11:00:00+01:00".into(),
            date: date::full(jiff::civil::date(2026, 11, 25), lang),
            corrected,
        };
        let mut frame = Frame::sample(lang, t(lang, "web.list.title")).at_releases();
        frame.canonical = Some(path(2));
        Self {
            lead: fill(lang, "web.list.lead", &[("office", &frame.office)]),
            found: plural(lang, "web.list.found", 41),
            cards: vec![card(12, false), card(11, true), card(10, false)],
            newer: Some("/ufficio-stampa/novita/comunicati".into()),
            older: Some("/ufficio-stampa/novita/comunicati?pagina=3".into()),
            position: Some(fill(lang, "web.list.position", &[("n", "2"), ("last", "3")])),
            frame,
        }
    }
}
