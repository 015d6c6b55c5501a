//! *Feed*: what is read at secret addresses. The list, and the form that makes one of a watch, a dossier or a search.
//!
//! An address is shown on the page that makes it and never again: only the hash of its secret is stored.

use super::archive::Asked as Search;
use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::feed::{self, Wanted};
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::{Act, Feed, FeedId, FeedOf};
#[cfg(test)]
use salastampa_locale::Lang;
use salastampa_locale::{date, fill, number};
use salastampa_store::Rows;
use serde::Deserialize;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/feed", get(show))
        .route("/desk/feed/nuovo", get(begin).post(make))
        .route("/desk/feed/{id}/rinnova", post(renew))
        .route("/desk/feed/{id}/chiudi", post(revoke))
}

/// All feeds.
#[derive(Template)]
#[template(path = "desk/feeds.html")]
pub(crate) struct FeedsPage {
    frame: Frame,
    living: Vec<Line>,
    closed: Vec<Line>,
}

/// A feed in the list.
struct Line {
    id: FeedId,
    name: String,
    shows: String,
    readers: String,
    made: String,
    /// Empty where its address is the first one.
    renewed: String,
    /// Empty where it is open.
    closed: String,
}

/// A feed that is being made.
#[derive(Template)]
#[template(path = "desk/feed.html")]
pub(crate) struct FeedPage {
    frame: Frame,
    asked: Asked,
    /// What it will show, in words.
    shows: String,
    /// What it is to be called.
    called: String,
    readers: String,
    slips: Slips,
}

/// Shows the address, this one time.
#[derive(Template)]
#[template(path = "desk/feed_link.html")]
pub(crate) struct LinkPage {
    frame: Frame,
    words: String,
    link: String,
    /// Where the same is JSON; empty where it is not.
    json: String,
}

/// What a feed is to be made of: the slug of a watch or of a dossier, or the words of a search.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    tema: String,
    dossier: String,
    edizione: String,
    q: String,
}

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<FeedsPage, Error> {
    desk.must(Act::Curate)?;
    let mut rows = desk.site.store.read().await?;
    let users = rows.list_users().await?;
    let (mut living, mut closed) = (Vec::new(), Vec::new());
    // the newest first
    for feed in rows.list_feeds().await?.into_iter().rev() {
        let who = users.iter().find(|user| user.id == feed.made_by).map_or("?", |user| user.name.as_str());
        let moment = |at: salastampa_domain::Timestamp| date::moment(at.civil(), desk.lang);
        let when = |key, at: Option<salastampa_domain::Timestamp>| {
            at.map(|at| fill(desk.lang, key, &[("when", &moment(at))])).unwrap_or_default()
        };
        let line = Line {
            id: feed.id,
            shows: shows(desk, &mut rows, &feed.of).await?,
            readers: number::whole(i64::try_from(feed.readers).unwrap_or(i64::MAX), desk.lang),
            made: fill(desk.lang, "dossier.feed.by", &[("who", who), ("when", &moment(feed.made_at))]),
            renewed: when("dossier.feed.renewed", feed.renewed_at),
            closed: when("dossier.feed.closed", feed.revoked_at),
            name: feed.name,
        };
        if line.closed.is_empty() { living.push(line) } else { closed.push(line) }
    }
    Ok(FeedsPage { frame: desk.frame(desk.t("dossier.feed.title")), living, closed })
}

/// What a feed shows, in words.
async fn shows(desk: &Desk, rows: &mut Rows, of: &FeedOf) -> Result<String, Error> {
    let name = feed::subject_words(rows, of).await?;
    let key = match of {
        FeedOf::Watch { .. } => "dossier.feed.of_watch",
        FeedOf::Dossier { .. } => "dossier.feed.of_dossier",
        FeedOf::Edition { .. } => "dossier.feed.of_edition",
        FeedOf::Search { .. } => "dossier.feed.of_search",
    };
    Ok(fill(desk.lang, key, &[("name", &name)]))
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        let text = |name| fields.text(name).to_owned();
        Self { tema: text("tema"), dossier: text("dossier"), edizione: text("edizione"), q: fields.raw("q").to_owned() }
    }

    /// What the feed is of; what was asked for and is not there is no page.
    async fn subject(&self, desk: &Desk, rows: &mut Rows) -> Result<FeedOf, Error> {
        if !self.tema.is_empty() {
            let watch = rows.find_watch(&self.tema).await?.ok_or(Error::Missing)?;
            return Ok(FeedOf::Watch { watch: watch.id });
        }
        if !self.dossier.is_empty() {
            let dossier = rows.find_dossier(&self.dossier).await?.ok_or(Error::Missing)?;
            return Ok(FeedOf::Dossier { dossier: dossier.id });
        }
        if !self.edizione.is_empty() {
            let edition = super::review::issue::edition(desk, rows, &self.edizione).await?;
            return Ok(FeedOf::Edition { edition: edition.id });
        }
        Ok(FeedOf::Search { query: self.q.trim().to_owned() })
    }
}

async fn begin(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    desk.answer(form(&desk, asked).await)
}

async fn form(desk: &Desk, asked: Asked) -> Result<FeedPage, Error> {
    desk.must(Act::Curate)?;
    let mut rows = desk.site.store.read().await?;
    let of = asked.subject(desk, &mut rows).await?;
    Ok(FeedPage {
        frame: desk.frame(desk.t("dossier.feed.new")),
        shows: shows(desk, &mut rows, &of).await?,
        // the name of the thing is the best guess at the name of its feed
        called: feed::subject_words(&mut rows, &of).await?.chars().take(80).collect(),
        readers: "1".into(),
        slips: Slips::default(),
        asked,
    })
}

async fn make(desk: Desk, fields: Fields) -> Response {
    let asked = Asked::of(&fields);
    let (name, readers) = (fields.raw("nome").to_owned(), fields.raw("lettori").to_owned());
    let of = match subject(&desk, &asked).await {
        Ok(of) => of,
        Err(error) => return desk.no_page(&error),
    };
    let wanted = Wanted { name, readers, of };
    match feed::make(desk.acts(), &wanted).await {
        Ok(secret) => link_page(&desk, &wanted.name, &wanted.of, &secret),
        Err(ActError::Denied(Denied::Form(slips))) => {
            let page = form(&desk, asked).await;
            let Wanted { name: called, readers, .. } = wanted;
            desk.again(page.map(|page| FeedPage { slips: Slips(slips), called, readers, ..page }))
        }
        Err(error) => desk.refused("/desk/feed", &error).await,
    }
}

async fn subject(desk: &Desk, asked: &Asked) -> Result<FeedOf, Error> {
    desk.must(Act::Curate)?;
    asked.subject(desk, &mut desk.site.store.read().await?).await
}

/// The address of a feed.
fn link_page(desk: &Desk, name: &str, of: &FeedOf, secret: &str) -> Response {
    let link = format!("{}/feed/{secret}", desk.site.house.base_url);
    desk.answer(Ok(LinkPage {
        frame: desk.frame(desk.t("dossier.feed.link_title")),
        words: fill(desk.lang, "dossier.feed.link_words", &[("name", name.trim())]),
        json: if matches!(of, FeedOf::Edition { .. }) { format!("{link}.json") } else { String::new() },
        link,
    }))
}

async fn renew(desk: Desk, Path(id): Path<String>) -> Response {
    let id = FeedId(id.parse().unwrap_or_default());
    match renewed(&desk, id).await {
        Ok((feed, secret)) => link_page(&desk, &feed.name, &feed.of, &secret),
        Err(Error::Act(error)) => desk.refused("/desk/feed", &error).await,
        Err(error) => desk.no_page(&error),
    }
}

async fn renewed(desk: &Desk, id: FeedId) -> Result<(Feed, String), Error> {
    let secret = feed::renew(desk.acts(), id).await?;
    let feed = desk.site.store.read().await?.find_feed(id).await?.ok_or(Error::Missing)?;
    Ok((feed, secret))
}

async fn revoke(desk: Desk, Path(id): Path<String>) -> Response {
    let done = feed::revoke(desk.acts(), FeedId(id.parse().unwrap_or_default())).await;
    desk.done(done, "/desk/feed", desk.t("dossier.feed.revoked")).await
}

/// Where a feed of a search is made; none where the search has filters that a query cannot say.
pub(crate) fn of_search(desk: &Desk, search: &Search, query: &str) -> Option<String> {
    let days = [&search.giorno, &search.dal, &search.al, &search.dossier, &search.etichetta];
    let plain = days.iter().all(|text| text.is_empty()) && !query.is_empty();
    (plain && desk.may(Act::Curate)).then(|| desk.href(&format!("/desk/feed/nuovo?q={}", super::guard::encoded(query))))
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let t = |key| salastampa_locale::t(lang, key);
    let line = |id, closed: &str| Line {
        id: FeedId(id),
        name: "Ponte & <lago>".into(),
        shows: "Ricerca: <ponte>".into(),
        readers: "12".into(),
        made: "Lia <Neri>".into(),
        renewed: "ieri".into(),
        closed: closed.into(),
    };
    let feeds = |living, closed| FeedsPage {
        frame: Frame::sample(lang, t("dossier.feed.title"), "/desk/feed"),
        living,
        closed,
    };
    let form = FeedPage {
        frame: Frame::sample(lang, t("dossier.feed.new"), "/desk/feed/nuovo"),
        asked: Asked { q: "\"<ponte>".into(), ..Asked::default() },
        shows: "Ricerca: <ponte>".into(),
        called: "\"x".into(),
        readers: "0".into(),
        slips: Slips(vec![
            salastampa_acts::Slip { field: "lettori", sentence: "Quanti <sono>?".into() },
            salastampa_acts::Slip { field: "ricerca", sentence: "Che <cosa>?".into() },
        ]),
    };
    let link = LinkPage {
        frame: Frame::sample(lang, t("dossier.feed.link_title"), "/desk/feed"),
        words: "<b>".into(),
        link: "https://a.test/feed/\"".into(),
        json: "https://a.test/feed/\".json".into(),
    };
    vec![
        ("feeds", feeds(vec![line(1, "")], vec![line(2, "chiuso")]).render().expect("a template over strings")),
        ("feeds, none", feeds(Vec::new(), Vec::new()).render().expect("a template over strings")),
        ("feed", form.render().expect("a template over strings")),
        ("feed link", link.render().expect("a template over strings")),
    ]
}
