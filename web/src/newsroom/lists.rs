//! Which releases a list is of: all, a section, a topic, a year, what a question finds. Each list is made of what can be
//! read at that instant, so that nothing under embargo is found, counted, or has a topic or a year of its own.

use super::kept::{Kept, respond};
use super::list::{Around, Asked, Link, ListPage, section_words, topic_link};
use super::shelf::{Entry, entries, topics_of};
use crate::Site;
use crate::answer::Error;
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use salastampa_domain::{NewsType, Timestamp};
use salastampa_locale::{fill, plural, t};
use salastampa_releases::find;
use serde::Deserialize;
use std::sync::Arc;

/// Longest question that is shown again, in characters.
const QUESTION: usize = 200;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wish {
    pagina: Option<String>,
    q: String,
}

impl Wish {
    /// What is no number is no page.
    fn number(&self) -> usize {
        self.pagina.as_ref().map_or(1, |text| text.parse().unwrap_or(0))
    }
}

/// The topics, each with how much there is.
#[derive(Template, Debug)]
#[template(path = "newsroom/topics.html")]
pub(crate) struct TopicsPage {
    pub(crate) frame: Frame,
    pub(crate) lead: String,
    pub(crate) topics: Vec<Link>,
    /// Releases can be had by mail.
    pub(crate) by_mail: bool,
    pub(crate) around: Around,
}

type Asker = (State<Site>, HeaderMap);

pub(super) async fn news((State(site), headers): Asker, Query(wish): Query<Wish>) -> Response {
    let lang = site.house.lang;
    let frame = site.frame(t(lang, "newsroom.news.title")).at_news();
    let asked = asked(&site, "/novita", "newsroom.news.lead", true);
    list(&site, &headers, &wish, frame, asked, |_| true).await
}

pub(super) async fn section(
    (State(site), headers): Asker,
    Path(name): Path<String>,
    Query(wish): Query<Wish>,
) -> Response {
    let now = site.clock.now();
    let Some(news) = NewsType::of_section(&name) else {
        if super::feed::Format::of(&name).is_some() {
            return super::feed::of_all((State(site), headers), Path(name)).await;
        }
        return respond(&site, &headers, now, Err(Error::Missing));
    };
    let lang = site.house.lang;
    let words = section_words(news, lang);
    let mut frame = site.frame(words).under_news().here();
    frame.feed = format!("/novita/{name}");
    let lead = match news {
        NewsType::Notizia => "newsroom.section.notizie_lead",
        NewsType::Comunicato => "web.list.lead",
        NewsType::Avviso => "newsroom.section.avvisi_lead",
    };
    let path = format!("/novita/{name}");
    list(&site, &headers, &wish, frame, asked(&site, &path, lead, false), |entry| entry.gist.news == news).await
}

pub(super) async fn topic(
    (State(site), headers): Asker,
    Path(slug): Path<String>,
    Query(wish): Query<Wish>,
) -> Response {
    let now = site.clock.now();
    let page = async {
        let all = entries(&site, &mut site.store.read().await?, now).await?;
        let (topic, _) = topics_of(&all).into_iter().find(|(topic, _)| topic.slug == slug).ok_or(Error::Missing)?;
        let lang = site.house.lang;
        let path = format!("/novita/argomenti/{slug}");
        let title = fill(lang, "newsroom.topic.title", &[("topic", &topic.words)]);
        let mut frame = site.frame(&title).under_news();
        frame.push(t(lang, "newsroom.topics.title"), "/novita/argomenti");
        frame.feed.clone_from(&path);
        let frame = frame.here_as(&topic.words);
        let lead = fill(lang, "newsroom.topic.lead", &[("topic", &topic.words), ("office", &site.house.office)]);
        let asked = Asked { lead, path, question: "", empty: String::new(), features: false };
        let about = |entry: &&Entry| entry.gist.topics.iter().any(|topic| topic.slug == slug);
        let found: Vec<&Entry> = all.iter().filter(about).collect();
        Kept::page(&ListPage::of(&site, frame, asked, &all, &found, wish.number())?)
    };
    let page = page.await;
    respond(&site, &headers, now, page)
}

pub(super) async fn year(
    (State(site), headers): Asker,
    Path(year): Path<String>,
    Query(wish): Query<Wish>,
) -> Response {
    let now = site.clock.now();
    let page = async {
        let number = year.parse::<i16>().ok().filter(|number| number.to_string() == year).ok_or(Error::Missing)?;
        let all = entries(&site, &mut site.store.read().await?, now).await?;
        let found: Vec<&Entry> = all.iter().filter(|e| e.published.public_at.day().year() == number).collect();
        if found.is_empty() {
            return Err(Error::Missing);
        }
        let lang = site.house.lang;
        let title = fill(lang, "newsroom.year.title", &[("year", &year)]);
        let frame = site.frame(&title).under_news().here_as(&year);
        let lead = fill(lang, "newsroom.year.lead", &[("year", &year), ("office", &site.house.office)]);
        let path = format!("/novita/anno/{year}");
        let asked = Asked { lead, path, question: "", empty: String::new(), features: false };
        Kept::page(&ListPage::of(&site, frame, asked, &all, &found, wish.number())?)
    };
    let page = page.await;
    respond(&site, &headers, now, page)
}

pub(super) async fn search((State(site), headers): Asker, Query(wish): Query<Wish>) -> Response {
    let lang = site.house.lang;
    let question: String = wish.q.trim().chars().filter(|c| !c.is_control()).take(QUESTION).collect();
    let words = find::asked(&question);
    let title = t(lang, "newsroom.search.title");
    let frame = site.frame(title).under_news().here();
    let coded: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
    let asked = Asked {
        lead: t(lang, "newsroom.search.lead").to_owned(),
        path: if question.is_empty() { "/novita/cerca".into() } else { format!("/novita/cerca?q={coded}") },
        question: &question,
        empty: t(lang, if question.is_empty() { "newsroom.search.ask" } else { "newsroom.search.none" }).to_owned(),
        features: false,
    };
    list(&site, &headers, &wish, frame, asked, |entry| find::holds(&entry.gist.words, &words)).await
}

pub(super) async fn topics((State(site), headers): Asker) -> Response {
    let now = site.clock.now();
    let page = async {
        let mut rows = site.store.read().await?;
        let all = entries(&site, &mut rows, now).await?;
        let by_mail = salastampa_acts::subscribe::is_open(&mut rows, &site.house).await?;
        let lang = site.house.lang;
        let mut frame = site.frame(t(lang, "newsroom.topics.title")).under_news().here();
        let lead = t(lang, "newsroom.topics.lead").to_owned();
        frame.canonical = Some("/novita/argomenti".into());
        frame.description.clone_from(&lead);
        let link = |(topic, n): (super::shelf::Topic, usize)| {
            topic_link(&topic.slug, &topic.words, plural(lang, "newsroom.list.count", n), site.prefix())
        };
        let topics = topics_of(&all).into_iter().map(link).collect();
        Kept::page(&TopicsPage { frame, lead, topics, by_mail, around: Around::of(&all, site.prefix(), lang) })
    };
    let page = page.await;
    respond(&site, &headers, now, page)
}

fn asked(site: &Site, path: &str, lead: &str, features: bool) -> Asked<'static> {
    let lang = site.house.lang;
    Asked {
        lead: fill(lang, lead, &[("office", &site.house.office)]),
        path: path.to_owned(),
        question: "",
        empty: t(lang, "web.list.empty").to_owned(),
        features,
    }
}

async fn list(
    site: &Site,
    headers: &HeaderMap,
    wish: &Wish,
    frame: Frame,
    asked: Asked<'_>,
    fits: impl Fn(&Entry) -> bool,
) -> Response {
    let now: Timestamp = site.clock.now();
    let page = async {
        let all = entries(site, &mut site.store.read().await?, now).await?;
        let found: Vec<&Entry> = all.iter().filter(|entry| fits(entry)).collect();
        Kept::page(&ListPage::of(site, frame, asked, &all, &found, wish.number())?)
    };
    let page: Result<Arc<Kept>, Error> = page.await;
    respond(site, headers, now, page)
}
