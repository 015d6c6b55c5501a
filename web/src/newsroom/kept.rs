//! Answers that caches may keep: each has the hash of its bytes as strong validator (RFC 9110 §8.8.3), and a lifetime that
//! tells nothing.
//!
//! A lifetime cut to the next embargo would tell everybody when something comes. Ours ends at the next tenth second of the
//! clock, whatever waits: an hour is entered to the minute, so no kept answer outlives one, and what is sent, corrected or
//! withdrawn by hand is seen through a proxy ten seconds later. What is not there has the same lifetime.

use crate::Site;
use crate::answer::{Error, answer};
use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use salastampa_domain::Timestamp;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Lifetimes end at multiples of so many milliseconds.
const MARK: i64 = 10_000;

pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// RFC 6350 §10.1.
pub(crate) const VCARD: &str = "text/vcard; charset=utf-8";

/// Bytes that can be sent again as they are.
#[derive(Debug)]
pub(crate) struct Kept {
    mime: &'static str,
    tag: HeaderValue,
    body: Bytes,
}

impl Kept {
    /// The bytes with their hash.
    pub(crate) fn new(mime: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let hash: String = Sha256::digest(&body).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let tag = HeaderValue::try_from(format!("\"{hash}\"")).expect("hexadecimal digits in quotes are a header");
        Self { mime, tag, body }
    }

    /// A page.
    pub(crate) fn page(page: &impl askama::Template) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self::new(HTML, page.render()?)))
    }

    /// A text of that type.
    pub(crate) fn text(mime: &'static str, text: String) -> Arc<Self> {
        Arc::new(Self::new(mime, text))
    }

    /// A file of that type.
    pub(crate) fn bytes(mime: &'static str, bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self::new(mime, bytes))
    }

    /// All of it, or that nothing has changed since it was asked for last.
    pub(crate) fn answer(&self, asked: &HeaderMap, now: Timestamp) -> Response {
        let headers = [(CACHE_CONTROL, lifetime(now)), (ETAG, self.tag.clone())];
        if asked.get_all(IF_NONE_MATCH).iter().any(|given| self.is_named_in(given)) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, [(CONTENT_TYPE, HeaderValue::from_static(self.mime))], self.body.clone()).into_response()
    }

    /// Weak comparison, as RFC 9110 §13.1.2 asks: a proxy that compresses weakens what it was given.
    fn is_named_in(&self, given: &HeaderValue) -> bool {
        let tag = self.tag.to_str().unwrap_or_default();
        given.to_str().is_ok_and(|given| {
            given.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
        })
    }
}

/// How long an answer of `now` may be kept, to the next mark of the clock.
pub(crate) fn lifetime(now: Timestamp) -> HeaderValue {
    let seconds = (MARK - now.0.rem_euclid(MARK)) / 1_000;
    HeaderValue::try_from(format!("public, max-age={seconds}")).expect("digits are a header")
}

/// The answer to a request: what was found, or the page that says why there is none.
pub(crate) fn respond(site: &Site, asked: &HeaderMap, now: Timestamp, found: Result<Arc<Kept>, Error>) -> Response {
    answer(site, found.map(|kept| kept.answer(asked, now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_lifetime_reaches_over_a_mark_of_the_clock() {
        for (now, seconds) in [(0, 10), (1, 9), (1_000, 9), (9_000, 1), (9_001, 0), (9_999, 0), (10_000, 10), (-1, 0)] {
            assert_eq!(lifetime(Timestamp(now)), format!("public, max-age={seconds}"), "{now}");
        }
    }

    #[test]
    fn what_a_reader_has_is_not_sent_again() {
        let kept = Kept::new(TEXT, "testo");
        let tag = kept.tag.to_str().expect("digits").to_owned();
        for (given, status) in [
            (tag.clone(), StatusCode::NOT_MODIFIED),
            (format!("W/{tag}"), StatusCode::NOT_MODIFIED),
            (format!("\"a\", {tag}"), StatusCode::NOT_MODIFIED),
            ("*".into(), StatusCode::NOT_MODIFIED),
            ("\"altro\"".into(), StatusCode::OK),
            (tag.trim_matches('"').to_owned(), StatusCode::OK),
        ] {
            let asked = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::try_from(&given).expect("a header"))]);
            let answer = kept.answer(&asked, Timestamp(0));
            assert_eq!(answer.status(), status, "{given}");
            assert_eq!(answer.headers()[ETAG], tag);
        }
    }
}
