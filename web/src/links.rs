//! Signed links: a published review, or what may be shown of one article, without an account.
//!
//! The link of a mail is bound to what it opens, ends after a time and can be revoked. It opens a page to read and
//! nothing else, never a session. The page is that of the readers that the letter went to: it shows no more than their
//! mail did. Left out: who followed it, which nobody here wants to know.

use crate::Site;
use crate::answer::{Error, private};
use crate::frame::Frame;
use crate::sentence::Notice;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use salastampa_acts::review::{LINK_DAYS, dressed, rights_of};
use salastampa_acts::{net, token};
use salastampa_digest::net::{Form, Output, fallen, hold};
use salastampa_digest::{Sheet, clean, extract, sheet};
use salastampa_domain::time::DAY;
use salastampa_domain::{
    ArticleId, Audience, Event, Review, ReviewId, ReviewState, Timestamp, Token, TokenPurpose, Visibility, allowed,
};
use salastampa_locale::{Lang, date, fill, t};
use salastampa_store::Rows;
use serde::Deserialize;

/// The routes of signed links.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/l/{token}", get(open)).route("/l/{token}/pdf", get(paper))
}

/// A published review.
#[derive(Template)]
#[template(path = "links/review.html")]
pub(crate) struct ReviewPage {
    frame: Frame,
    sheet: Sheet,
    until: String,
    path: String,
    /// Words, link, whether it is this one.
    versions: Vec<(String, String, bool)>,
    version: u32,
}

/// What may be shown of one article.
#[derive(Template)]
#[template(path = "links/article.html")]
pub(crate) struct ArticlePage {
    frame: Frame,
    heading: String,
    source: String,
    datetime: String,
    extract: String,
    url: String,
    /// The other outlets of its story: name and address.
    also: Vec<(String, String)>,
    until: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    v: String,
}

async fn open(State(site): State<Site>, Path(text): Path<String>, Query(asked): Query<Asked>) -> Response {
    let page = async {
        let mut rows = site.store.read().await?;
        let token = opened(&site, &mut rows, &text).await?;
        match token.purpose {
            TokenPurpose::Review => review(&site, &mut rows, token, &text, &asked).await,
            TokenPurpose::Article => article(&site, &mut rows, token).await,
            _ => Err(Error::Missing),
        }
    };
    answer(&site, page.await)
}

async fn paper(State(site): State<Site>, Path(text): Path<String>, Query(asked): Query<Asked>) -> Response {
    let page = async {
        let mut rows = site.store.read().await?;
        let token = opened(&site, &mut rows, &text).await?;
        let (now, version) = published(&mut rows, token, &asked).await?;
        let bytes = frozen(&site, &mut rows, &now, version, site.house.lang).await?.ok_or(Error::Missing)?;
        let name = format!("rassegna-{}.pdf", now.slot.0.date());
        Ok(private(pdf(bytes, &name)))
    };
    answer(&site, page.await)
}

/// The token of a link that still opens something.
async fn opened(site: &Site, rows: &mut Rows, text: &str) -> Result<Token, Error> {
    let token = token::open(&site.house.key, text, site.clock.now()).ok_or(Error::Missing)?;
    let made = token.until.ok_or(Error::Missing)?.plus(-LINK_DAYS * DAY);
    match rows.find_revocation(token.purpose, token.thing).await? {
        Some(revoked) if made <= revoked => Err(Error::Missing),
        _ if token.purpose == TokenPurpose::Review && !is_theirs(rows, token).await? => Err(Error::Missing),
        _ => Ok(token),
    }
}

/// Whether a link to a review is one that its edition gives out: a reserved one opens by a reader's own link alone, as long
/// as that reader is one of its readers and nobody has revoked it.
async fn is_theirs(rows: &mut Rows, token: Token) -> Result<bool, Error> {
    let Some(review) = rows.find_review_by_id(ReviewId(token.thing)).await? else { return Ok(false) };
    let edition = rows.find_edition_by_id(review.edition).await?;
    let Some(id) = token.reader else {
        return Ok(edition.is_some_and(|edition| edition.visibility != Visibility::Reserved));
    };
    let is_reader = rows.find_reader(id).await?.is_some_and(|reader| reader.editions.contains(&review.edition));
    Ok(is_reader && rows.list_reader_revocations(review.id).await?.iter().all(|(reader, _)| *reader != id))
}

/// The review of a link, and the version that was asked for: the newest, if none.
async fn published(rows: &mut Rows, token: Token, asked: &Asked) -> Result<(Review, u32), Error> {
    if token.purpose != TokenPurpose::Review {
        return Err(Error::Missing);
    }
    let now = rows.find_review_by_id(ReviewId(token.thing)).await?.filter(|r| r.version > 0).ok_or(Error::Missing)?;
    let version = asked.v.parse().unwrap_or(now.version);
    Ok((now, version))
}

async fn review(site: &Site, rows: &mut Rows, token: Token, text: &str, asked: &Asked) -> Result<Response, Error> {
    let (now, version) = published(rows, token, asked).await?;
    let shown = rows.find_review_version(now.id, version).await?.ok_or(Error::Missing)?;
    let lang = site.house.lang;
    let path = format!("{}/l/{text}", site.prefix());
    let versions = rows.list_review_versions(now.id).await?;
    let versions = versions
        .iter()
        .map(|(n, at)| {
            let words = fill(lang, "curation.link.version", &[("n", &n.to_string()), ("at", &moment(*at, lang))]);
            (words, format!("{path}?v={n}"), *n == version)
        })
        .collect();
    let versions: Vec<(String, String, bool)> = versions;
    let drawn = |review: &Review| {
        let sheet = sheet::sheet(review, &dressed(&site.house, lang));
        let page = ReviewPage {
            frame: site.frame(&sheet.title).here(),
            until: until(token, lang),
            sheet,
            path: path.clone(),
            versions: versions.clone(),
            version,
        };
        page.render()
    };
    // by the rights of the day on which it left: the page shows what its mail did
    let left = match shown.state {
        ReviewState::Published { at, .. } => at,
        ReviewState::Draft => site.clock.now(),
    };
    let net = net::of_issues(rows, std::slice::from_ref(&shown), 1, left).await?;
    let output = Output::new("review page", Form::Markup, |review: &Review| drawn(review).unwrap_or_default());
    let (shown, caught) = hold(shown, &net, &[output], fallen);
    net::record(&site.store, &Event::about_review(now.id), &caught, site.clock.now()).await?;
    Ok(private(Html(drawn(&shown)?)))
}

async fn article(site: &Site, rows: &mut Rows, token: Token) -> Result<Response, Error> {
    let lang = site.house.lang;
    let article = rows.find_article(ArticleId(token.thing)).await?.ok_or(Error::Missing)?;
    if !rows.list_withdrawn(&[article.id]).await?.is_empty() {
        return Err(Error::Missing);
    }
    let outlet = rows.find_outlet(article.outlet).await?.ok_or(Error::Missing)?;
    let class = rights_of(rows, &article, &outlet).await?;
    let today = site.clock.now().day();
    let gate = allowed(class, outlet.contract.as_ref(), &article.signals, Audience::Readers(1), today);
    if !gate.shown {
        return Err(Error::Missing);
    }
    let body = rows.find_body(article.id).await?;
    let story: Vec<_> = article.story.into_iter().collect();
    let mut also: Vec<(String, String)> = Vec::new();
    let outlets = rows.list_outlets().await?;
    let members = rows.list_story_articles(&story).await?;
    let withdrawn = rows.list_withdrawn(&members.iter().map(|m| m.id).collect::<Vec<_>>()).await?;
    for other in members.into_iter().filter(|m| !withdrawn.contains(&m.id)) {
        let Some(name) = outlets.iter().find(|o| o.id == other.outlet && o.id != outlet.id).map(|o| &o.name) else {
            continue;
        };
        if also.len() < 20 && also.iter().all(|(known, _)| known != name) {
            also.push((name.clone(), clean::link(&other.url).unwrap_or_default().to_owned()));
        }
    }
    let heading = clean::line(&article.title, 300);
    let mut source = vec![outlet.name.clone(), article.authors.join(", "), moment(article.dated(), lang)];
    source.retain(|part| !part.is_empty());
    let mut page = ArticlePage {
        frame: site.frame(&heading).here(),
        heading,
        source: clean::line(&source.join(" · "), 240),
        datetime: article.dated().rfc3339(),
        extract: extract::extract(&gate, &article.lead, &body).to_string(),
        url: clean::link(&article.url).unwrap_or_default().to_owned(),
        also,
        until: until(token, lang),
    };
    let net = net::of_articles(rows, &[article.id], 1, site.clock.now()).await?;
    let output = Output::new("alert page", Form::Markup, |page: &ArticlePage| page.render().unwrap_or_default());
    let caught;
    (page, caught) = hold(page, &net, &[output], |page, _, _, bare| {
        page.heading.clone_from(&bare.title);
        page.source.clone_from(&bare.outlet);
        page.url.clone_from(&bare.url);
        page.extract.clear();
        page.also.clear();
    });
    net::record(&site.store, &format!("article:{}", article.id), &caught, site.clock.now()).await?;
    Ok(private(Html(page.render()?)))
}

fn until(token: Token, lang: Lang) -> String {
    let day = token.until.unwrap_or_default().day();
    fill(lang, "curation.link.for_you", &[("day", &date::long(day, lang))])
}

fn moment(at: Timestamp, lang: Lang) -> String {
    let at = at.civil();
    format!("{}, {}", date::short(at.date(), lang), date::time(at.time()))
}

/// The page, or one that says that the link opens nothing: the same for what has ended, was revoked or never was.
fn answer(site: &Site, result: Result<Response, Error>) -> Response {
    match result {
        Ok(response) => response,
        Err(Error::Missing | Error::Act(salastampa_acts::Error::Denied(_))) => {
            let lang = site.house.lang;
            let words = t(lang, "curation.link.gone_words").to_owned();
            match (Notice { frame: site.frame(t(lang, "curation.link.gone")).here(), words }).render() {
                Ok(page) => private((StatusCode::NOT_FOUND, Html(page))),
                Err(_) => StatusCode::NOT_FOUND.into_response(),
            }
        }
        other => crate::answer::answer(site, other),
    }
}

/// The bytes of a PDF under a harmless name, to be seen in a tab.
pub(crate) fn pdf(bytes: Vec<u8>, name: &str) -> Response {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let headers =
        [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, format!("inline; filename=\"{name}\""))];
    (headers, bytes).into_response()
}

/// The frozen PDF of a version in that language, or in the office's own.
pub(crate) async fn frozen(
    site: &crate::Site,
    rows: &mut Rows,
    review: &Review,
    version: u32,
    lang: Lang,
) -> Result<Option<Vec<u8>>, Error> {
    let outputs = rows.list_review_outputs(review.id, version).await?;
    let of = |name: &str| outputs.iter().find(|(output, _)| output == name).map(|(_, sha256)| sha256.clone());
    let own = if lang == site.house.lang { None } else { of(&format!("pdf.{}", lang.code())) };
    match own.or_else(|| of("pdf")) {
        Some(sha256) => Ok(site.store.files().get(&sha256).await?),
        None => Ok(None),
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let framed = |title: &str| Frame::sample(lang, title).here();
    let sheet = sheet::sheet(&salastampa_digest::sample::review(), &salastampa_digest::Dress::sample(lang));
    let review = ReviewPage {
        frame: framed(&sheet.title),
        sheet,
        until: fill(lang, "curation.link.for_you", &[("day", "x")]),
        path: "/l/r-1-2-3".into(),
        versions: vec![
            ("Versione 1".into(), "/l/r-1-2-3?v=1".into(), false),
            ("Versione 2".into(), "/l/x".into(), true),
        ],
        version: 2,
    };
    let article = ArticlePage {
        frame: framed("Frana <a> Maresio"),
        heading: "Frana <a> Maresio".into(),
        source: "Agenzia <Lago> · 23 nov 2026, 10:02".into(),
        datetime: "2026-11-23T10:02:11+01:00".into(),
        extract: "<script>alert(1)</script>".into(),
        url: "https://agenzia.test/1".into(),
        also: vec![("Il <Lago>".into(), "https://il-lago.test/1".into()), ("Radio".into(), String::new())],
        until: "x".into(),
    };
    let words = t(lang, "curation.link.gone_words").to_owned();
    let gone = Notice { frame: framed(t(lang, "curation.link.gone")), words };
    vec![
        ("link to a review", review.render().expect("a template over strings")),
        ("link to an article", article.render().expect("a template over strings")),
        ("link to nothing", gone.render().expect("a template over strings")),
    ]
}
