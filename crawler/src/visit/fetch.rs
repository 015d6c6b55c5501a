//! The questions of the crawler: what is accepted, how much of it, and which redirects are followed.

use super::{Manners, why};
use crate::{key, pace, sitemap};
use salastampa_domain::{Timestamp, Validators, VisitOutcome};
use salastampa_http::{Client, Refused, Request, Response, parse_retry_after};
use url::Url;

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    Feed,
    Sitemap,
    Page,
}

impl Purpose {
    /// Most bytes of the body, unpacked.
    fn cap(self) -> usize {
        match self {
            Self::Feed => 10 << 20,
            Self::Sitemap => sitemap::CAP,
            Self::Page => 5 << 20,
        }
    }

    fn accept(self) -> &'static str {
        match self {
            Self::Feed => {
                "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
            }
            Self::Sitemap => "application/xml, text/xml, */*;q=0.5",
            Self::Page => "text/html, application/xhtml+xml, */*;q=0.5",
        }
    }
}

/// Why a question has no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Unasked {
    /// It redirects to another host, which has a gate of its own.
    Elsewhere {
        /// Where.
        to: String,
        /// The status of each redirect up to there.
        statuses: Vec<u16>,
    },
    /// It failed, or may not be asked.
    Failed(VisitOutcome),
}

impl Unasked {
    /// The outcome where another host is out of the question.
    pub(crate) fn outcome(self) -> VisitOutcome {
        match self {
            Self::Elsewhere { to, .. } => {
                why::of_refusal(&Refused::ForeignRedirect { to, status: 302, before: Vec::new() })
            }
            Self::Failed(outcome) => outcome,
        }
    }
}

/// Asks once. Redirects are followed on the same site, which is one gate, and as far as robots.txt lets us where it
/// binds; another site has its own gate and rules, so that the caller goes there later.
pub(crate) async fn ask(
    client: &Client,
    url: &str,
    purpose: Purpose,
    known: Option<&Validators>,
    manners: &Manners,
) -> Result<Response, Unasked> {
    let binds = purpose != Purpose::Feed;
    let stays = |to: &Url| key::same_site(url, to.as_str()) && (!binds || manners.robots.allows(to.as_str()));
    let request = Request {
        etag: known.and_then(|k| k.etag.as_deref()),
        last_modified: known.and_then(|k| k.last_modified.as_deref()),
        follow: Some(&stays),
        ..Request::new(url, purpose.accept(), purpose.cap())
    };
    client.get(&request).await.map_err(|refused| match refused {
        Refused::ForeignRedirect { to, .. } if key::same_site(url, &to) => Unasked::Failed(VisitOutcome::Robots),
        Refused::ForeignRedirect { to, status, before } => {
            Unasked::Elsewhere { to, statuses: before.into_iter().chain([status]).collect() }
        }
        refused => Unasked::Failed(why::of_refusal(&refused)),
    })
}

/// What the server binds us to wait, in milliseconds. Held to a minute and a day here, at the door: a number that closes
/// a host for ever must not get any further.
pub(crate) fn retry_after(answer: &Response, now: Timestamp) -> Option<i64> {
    let asked = parse_retry_after(answer.header("retry-after")?, now)?;
    Some(pace::obeyed(Some(asked)))
}

/// An answer to a question that every site may be asked, in the form in which it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetched {
    /// HTTP status; 0 if no answer came.
    pub status: u16,
    /// The body as text, at most 500 KiB.
    pub body: String,
    /// What the server binds us to wait, in milliseconds: a minute to a day.
    pub retry_after: Option<i64>,
}

/// Asks the site of an address for its robots.txt. To be asked again after a day.
pub async fn fetch_robots(client: &Client, url: &str, now: Timestamp) -> Fetched {
    fetch_well_known(client, url, "/robots.txt", now).await
}

/// Asks the site of an address for its reservation of text mining. To be asked again after a day.
pub async fn fetch_tdmrep(client: &Client, url: &str, now: Timestamp) -> Fetched {
    fetch_well_known(client, url, "/.well-known/tdmrep.json", now).await
}

async fn fetch_well_known(client: &Client, url: &str, path: &str, now: Timestamp) -> Fetched {
    const KEPT: usize = 500 << 10;
    let nothing = |status| Fetched { status, body: String::new(), retry_after: None };
    let Ok(place) = Url::parse(url).and_then(|url| url.join(path)) else { return nothing(0) };
    match client.get(&Request::new(place.as_str(), "text/plain, application/json, */*;q=0.5", 5 << 20)).await {
        Ok(answer) => {
            let mut body = String::from_utf8_lossy(&answer.body).into_owned();
            body.truncate(body.floor_char_boundary(KEPT));
            Fetched { status: answer.status, body, retry_after: retry_after(&answer, now) }
        }
        // RFC 9309 §2.3.1.2: more than five redirects may be taken for "no such file"
        Err(Refused::TooManyRedirects) => nothing(404),
        Err(refused) => {
            tracing::debug!(url, path, %refused, "not fetched");
            nothing(0)
        }
    }
}
