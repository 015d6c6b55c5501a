//! One article page: asked for each new article, where the site lets us.
//!
//! robots.txt binds here, and so does a reservation of text mining: then the page is not asked for its text at all, or
//! if only the answer says so its text is dropped, unless a licence is recorded. Headline, link and what the feed gave
//! away remain. Pages of clipped articles are asked again later, with what their server wanted to hear.

use crate::extract::{self, Barrier, Extracted};
use crate::visit::{Manners, Purpose, ask, forbidden, retry_after, validators, why, worker};
use crate::{key, modified};
use salastampa_domain::{ArticleSelectors, ForeignText, Timestamp, Validators, VisitOutcome};
use salastampa_http::{Client, Response};

/// What a page gave.
#[derive(Clone, PartialEq, Debug)]
pub struct PageReading {
    /// How it ended. `Read` without a status: not asked, because text mining is reserved. `Unchanged` only where it
    /// was known.
    pub outcome: VisitOutcome,
    /// HTTP status, if an answer came.
    pub status: Option<u16>,
    /// Where the page was found, after redirects.
    pub url: String,
    /// Bytes of the body, unpacked.
    pub bytes: i64,
    /// What it says; its `canonical` only if it lies on the same site.
    pub article: Option<Extracted>,
    /// Text mining is reserved there.
    pub tdm_reserved: bool,
    /// What the server binds us to wait, in milliseconds: a minute to a day.
    pub retry_after: Option<i64>,
    /// The machine that answered.
    pub peer: Option<std::net::IpAddr>,
    /// When the page says that it was last changed.
    pub modified_at: Option<Timestamp>,
    /// What to send back next time; what was known where this answer was no good.
    pub validators: Validators,
}

/// Asks for one article page and reads it, by the selectors of its source where there are any.
pub async fn read_page(
    client: &Client,
    url: &str,
    manners: &Manners,
    selectors: Option<&ArticleSelectors>,
    now: Timestamp,
) -> PageReading {
    read_again(client, url, &Validators::default(), manners, selectors, now).await
}

/// Asks for a page that was read before, and reads it if it is not as it was.
pub async fn read_again(
    client: &Client,
    url: &str,
    known: &Validators,
    manners: &Manners,
    selectors: Option<&ArticleSelectors>,
    now: Timestamp,
) -> PageReading {
    let mut reading = PageReading {
        outcome: VisitOutcome::Read,
        status: None,
        url: url.to_owned(),
        bytes: 0,
        article: None,
        tdm_reserved: manners.tdm.says(url) == Some(true),
        retry_after: None,
        peer: None,
        modified_at: None,
        validators: known.clone(),
    };
    if let Some(outcome) = forbidden(&manners.robots, url) {
        return PageReading { outcome, ..reading };
    }
    if reading.tdm_reserved && !manners.licensed {
        return reading;
    }
    let conditional = known.etag.is_some() || known.last_modified.is_some();
    let answer = match ask(client, url, Purpose::Page, Some(known), manners).await {
        Ok(answer) => answer,
        Err(unasked) => return PageReading { outcome: unasked.outcome(), ..reading },
    };
    reading.peer = answer.peer;
    reading.status = Some(answer.status);
    reading.url.clone_from(&answer.url);
    reading.bytes = i64::try_from(answer.body.len()).unwrap_or(i64::MAX);
    reading.tdm_reserved = manners.tdm.reserved(&answer.url, &answer.headers);
    reading.retry_after = retry_after(&answer, now);
    if let Some(outcome) = why::of_answer(&answer, conditional) {
        if outcome == VisitOutcome::Unchanged {
            reading.validators = validators(&answer, known.body_hash.clone(), known);
        }
        return PageReading { outcome, ..reading };
    }
    if !is_page(&answer) {
        return PageReading { outcome: VisitOutcome::NotAFeed { why: "non è una pagina HTML".into() }, ..reading };
    }
    let selectors = selectors.cloned();
    let hash = key::body_hash(&answer.body);
    let fresh = validators(&answer, Some(hash.clone()), &Validators::default());
    if known.body_hash.as_deref() == Some(hash.as_str()) {
        return PageReading { outcome: VisitOutcome::Unchanged, validators: fresh, ..reading };
    }
    reading.validators = fresh;
    reading.modified_at = modified::of_page(&answer.body, now);
    let found = worker::apart(manners.parse, move || {
        extract::extract_by(&answer.body, answer.header("content-type"), &answer.url, selectors.as_ref(), now)
    })
    .await;
    match found {
        Ok(article) => keep(reading, article, manners),
        Err(mishap) => PageReading { outcome: why::of_mishap(mishap), ..reading },
    }
}

fn is_page(answer: &Response) -> bool {
    answer.header("content-type").is_none_or(|t| {
        let t = t.trim().to_ascii_lowercase();
        t.is_empty() || t.starts_with("text/") || t.contains("html") || t.contains("xml")
    })
}

/// What the site shows in place of the article, if it does.
fn instead(article: &Extracted) -> Option<&'static str> {
    match article.barrier? {
        Barrier::Challenge => Some("il sito chiede una verifica da persona"),
        Barrier::Consent => Some("il sito chiede di accettare i cookie o di abbonarsi"),
        // the beginning is shown: title, lead and date stand
        Barrier::Subscription => None,
    }
}

fn keep(mut reading: PageReading, mut article: Extracted, manners: &Manners) -> PageReading {
    article.canonical = article.canonical.filter(|own| key::same_site(own, &reading.url));
    reading.tdm_reserved |= article.tdm_reserved;
    if reading.tdm_reserved && !manners.licensed {
        article.body = ForeignText::default();
    } else if let Some(why) = instead(&article) {
        reading.outcome = VisitOutcome::Blocked { why: why.into() };
    } else if article.body.is_empty() && !article.kind.may_lack_text() {
        reading.outcome = VisitOutcome::Empty { why: "nessun testo di articolo trovato nella pagina".into() };
    }
    reading.article = Some(article);
    reading
}
