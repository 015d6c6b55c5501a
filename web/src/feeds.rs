//! Feeds at secret addresses (Atom, RFC 4287): what the office gathers, for a news reader or the intranet. The issues of
//! an edition are there as JSON too, at the same address and `.json`.
//!
//! The address is the key: no account, no cookie. What is not there, was closed or never was is one and the same page. An
//! answer is kept by nobody but its reader, found by no search engine, and not sent again while nothing changed (RFC 9110
//! §13). Each feed may be asked some times in ten minutes; who asks more often is told when to come back. Left out: who
//! asked, and WebSub.

use crate::Site;
use crate::answer::{Error, missing};
use crate::newsroom::xml;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use salastampa_acts::export::Line;
use salastampa_acts::feed::{self, Shown};
use salastampa_acts::review::dressed;
use salastampa_acts::{issues, net};
use salastampa_digest::net::{Caught, Form, Output, fallen, hold};
use salastampa_domain::time::{MINUTE, SECOND};
use salastampa_domain::{Feed, FeedId, FeedOf, Review, Timestamp};
use salastampa_locale::{Lang, t};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// The route of the feeds.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/feed/{token}", get(show))
}

/// So often may one feed be asked in [`SPAN`].
const MOST: u32 = 30;
/// In milliseconds.
const SPAN: i64 = 10 * MINUTE;
const ATOM: &str = "application/atom+xml; charset=utf-8";
const JSON: &str = "application/json";
/// Seconds for which a reader may keep what it got.
const KEPT: &str = "private, max-age=300";

/// How often each feed was asked of late. In memory: what a restart forgets is ten minutes.
#[derive(Clone, Debug, Default)]
pub struct Pace(Arc<Mutex<BTreeMap<FeedId, (Timestamp, u32)>>>);

impl Pace {
    /// Counts a question; when to come back, where it is one too many. Only feeds that exist are counted, so that the
    /// list cannot grow by guesses.
    fn wait(&self, feed: FeedId, now: Timestamp) -> Option<Timestamp> {
        // whoever panicked while counting has counted nothing worse than wrong
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, times) = asked.entry(feed).or_insert((now, 0));
        if now.since(*since) >= SPAN {
            (*since, *times) = (now, 0);
        }
        *times = times.saturating_add(1);
        (*times > MOST).then(|| since.plus(SPAN))
    }
}

async fn show(State(site): State<Site>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    match read(&site, &token).await {
        Ok(Answer::Feed(feed)) => answer(&feed, ATOM, &headers),
        Ok(Answer::Json(issues)) => answer(&issues, JSON, &headers),
        Ok(Answer::Wait(seconds)) => {
            private((StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())]), "no-store")
        }
        Err(Error::Missing) => private(missing(&site), "no-store"),
        Err(error) => {
            tracing::error!(%error, "a feed could not be made");
            private(StatusCode::SERVICE_UNAVAILABLE, "no-store")
        }
    }
}

enum Answer {
    Feed(String),
    Json(String),
    /// So many seconds.
    Wait(i64),
}

async fn read(site: &Site, token: &str) -> Result<Answer, Error> {
    let now = site.clock.now();
    let (token, is_json) = token.strip_suffix(".json").map_or((token, false), |token| (token, true));
    let found = feed::find(&mut site.store.read().await?, token).await?.ok_or(Error::Missing)?;
    let is_edition = matches!(found.of, FeedOf::Edition { .. });
    if is_json && !is_edition {
        return Err(Error::Missing);
    }
    if let Some(until) = site.pace.wait(found.id, now) {
        return Ok(Answer::Wait((until.since(now) / SECOND).max(1)));
    }
    let shown = feed::read(&site.store, site.archive()?, found, now).await?;
    let (shown, caught) = held(site, shown, is_json, now).await?;
    net::record(&site.store, &Feed::subject(shown.feed.id), &caught, now).await?;
    Ok(match is_json {
        true => Answer::Json(printed(site, &shown, true)),
        false => Answer::Feed(printed(site, &shown, false)),
    })
}

fn printed(site: &Site, shown: &Shown, is_json: bool) -> String {
    let (issues, dress) = (&shown.issues, dressed(&site.house, site.house.lang));
    match (is_json, &shown.feed.of) {
        (true, _) => format!("{:#}\n", issues::json(&shown.feed, issues, &dress)),
        (false, FeedOf::Edition { .. }) => issues::atom(&shown.feed, issues, &site.house.base_url, &dress),
        (false, _) => atom(shown, &site.house.base_url, &site.house.office, site.house.lang),
    }
}

/// A feed as it may be read: its texts held against what is printed of them.
async fn held(site: &Site, shown: Shown, is_json: bool, now: Timestamp) -> Result<(Shown, Vec<Caught>), Error> {
    let (name, form) = if is_json { ("feed json", Form::Json) } else { ("feed atom", Form::Markup) };
    let mut rows = site.store.read().await?;
    let Shown { feed, lines, issues } = shown;
    if matches!(feed.of, FeedOf::Edition { .. }) {
        let net = net::of_issues(&mut rows, &issues, feed.readers, now).await?;
        let with = |issues: &Vec<Review>| Shown { feed: feed.clone(), lines: Vec::new(), issues: issues.clone() };
        let output = Output::new(name, form, |issues: &Vec<Review>| printed(site, &with(issues), is_json));
        let (issues, caught) = hold(issues, &net, &[output], |issues, article, how, bare| {
            issues.iter_mut().for_each(|issue| fallen(issue, article, how, bare));
        });
        return Ok((Shown { feed, lines, issues }, caught));
    }
    let ids: Vec<_> = lines.iter().map(|line| line.article).collect();
    let net = net::of_articles(&mut rows, &ids, feed.readers, now).await?;
    let with = |lines: &Vec<Line>| Shown { feed: feed.clone(), lines: lines.clone(), issues: Vec::new() };
    let output = Output::new(name, form, |lines: &Vec<Line>| printed(site, &with(lines), is_json));
    let (lines, caught) = net::lines(lines, &net, output);
    Ok((Shown { feed, lines, issues }, caught))
}

fn private(response: impl IntoResponse, kept: &'static str) -> Response {
    ([(CACHE_CONTROL, kept), (HeaderName::from_static("x-robots-tag"), "noindex")], response).into_response()
}

fn answer(feed: &str, mime: &'static str, headers: &HeaderMap) -> Response {
    let hash: String = Sha256::digest(feed.as_bytes()).iter().take(16).map(|b| format!("{b:02x}")).collect();
    // weak: what a proxy compresses is the same feed
    let tag = format!("W/\"{hash}\"");
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|value| value.split(',')).any(|known| {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        known.trim() == "*" || bare(known) == bare(&tag)
    });
    if is_known {
        return private((StatusCode::NOT_MODIFIED, [(ETAG, tag)]), KEPT);
    }
    let head = [(CONTENT_TYPE, mime.to_owned()), (ETAG, tag)];
    private((head, feed.to_owned()), KEPT)
}

/// The feed. Its date is that of its newest entry, so that it is the same at each reading; its address is in it nowhere:
/// who passes the file on does not pass the key on.
fn atom(shown: &Shown, base_url: &str, office: &str, lang: Lang) -> String {
    let updated = shown.lines.iter().map(|line| line.dated).max().unwrap_or(shown.feed.made_at);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{}</id>\n<title>{}</title>\n<subtitle>{}</subtitle>\n<updated>{}</updated>\n<author><name>{}</name></author>\n",
        lang.code(),
        xml(&format!("{base_url}/feed/{}", shown.feed.id)),
        xml(&shown.feed.name),
        xml(t(lang, "dossier.feed.subtitle")),
        updated.rfc3339(),
        xml(office),
    );
    for line in &shown.lines {
        // writing to a string cannot fail
        let _ = write!(
            out,
            "<entry>\n<id>{}</id>\n<title>{}</title>\n<published>{at}</published>\n<updated>{at}</updated>\n\
             <author><name>{}</name></author>\n",
            xml(&format!("{base_url}/desk/articoli/{}", line.article)),
            xml(&line.title),
            xml(&authors(line)),
            at = line.dated.rfc3339(),
        );
        if !line.url.is_empty() {
            let _ = writeln!(out, "<link rel=\"alternate\" href=\"{}\"/>", xml(&line.url));
        }
        // an entry without a link must have content (RFC 4287 §4.1.2); one without a text says where it stood
        let summary = if line.extract.is_empty() { &line.outlet_name } else { line.extract.as_str() };
        let element = if line.url.is_empty() { "content" } else { "summary" };
        let _ = write!(out, "<{element}>{}</{element}>\n</entry>\n", xml(summary));
    }
    out.push_str("</feed>\n");
    out
}

/// Who wrote it, and where it stood.
fn authors(line: &salastampa_acts::export::Line) -> String {
    match line.authors.is_empty() {
        true => line.outlet_name.clone(),
        false => format!("{} · {}", line.outlet_name, line.authors.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_is_told_when_to_come_back() {
        let pace = Pace::default();
        let now = Timestamp(1_796_000_000_000);
        for n in 0..i64::from(MOST) {
            assert_eq!(pace.wait(FeedId(1), now.plus(n * SECOND)), None);
        }
        assert_eq!(pace.wait(FeedId(1), now.plus(MINUTE)), Some(now.plus(SPAN)));
        assert_eq!(pace.wait(FeedId(2), now.plus(MINUTE)), None, "each feed for itself");
        assert_eq!(pace.wait(FeedId(1), now.plus(SPAN)), None, "and again later");
    }
}
