//! A file handed on piece by piece: read from the folder of files as its reader takes it, never whole in memory; all of it,
//! or the part that is asked for (RFC 9110 §14), so that a download that broke off goes on where it was.
//!
//! Left out: who may have it, which whoever calls has asked before any range is looked at; several ranges at once, which
//! are answered with the whole, as a server may.

use crate::Site;
use crate::answer::Error;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use http_range_header::{EndPosition, StartPosition, parse_range_header};
use std::io::SeekFrom;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::mpsc;

/// Bytes of a piece.
pub(crate) const PIECE: usize = 64 << 10;
/// What a file may do that a browser shows by itself: nothing.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The pieces of a body as they are made.
pub(crate) struct Parts(pub(crate) mpsc::Receiver<std::io::Result<Vec<u8>>>);

impl Stream for Parts {
    type Item = std::io::Result<Vec<u8>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.poll_recv(context)
    }
}

/// How a file is handed out.
pub(crate) struct Dress<'a> {
    /// Under which name; plain letters only, as `releases::files::safe_name` makes them.
    pub(crate) name: &'a str,
    /// As which media type.
    pub(crate) mime: &'a str,
    /// Shown in the browser; else saved.
    pub(crate) is_shown: bool,
    /// How long caches may keep it.
    pub(crate) cache: HeaderValue,
}

/// Bytes of a file: from which on, and how many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Window {
    pub(crate) from: u64,
    pub(crate) length: u64,
}

/// What of a file is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wanted {
    Whole,
    Part(Window),
    /// What the file does not have.
    Beyond,
}

/// What is asked for of a file of that length: a part only by who holds the beginning of these very bytes.
fn wanted(asked: &HeaderMap, tag: &str, length: u64) -> Wanted {
    let is_same = asked.get(IF_RANGE).is_none_or(|held| held.as_bytes() == tag.as_bytes());
    let range = asked.get(RANGE).filter(|_| is_same).and_then(|value| value.to_str().ok());
    // what does not read is as if it were not there
    let ranges = range.and_then(|range| parse_range_header(range).ok());
    let Some([range]) = ranges.as_ref().map(|ranges| &ranges.ranges[..]) else { return Wanted::Whole };
    let (from, to) = match (range.start, range.end) {
        // one that ends before it begins is none (§14.1.1)
        (StartPosition::Index(from), EndPosition::Index(to)) if to < from => return Wanted::Whole,
        (StartPosition::Index(from), EndPosition::Index(to)) => (from, to),
        (StartPosition::Index(from), EndPosition::LastByte) => (from, u64::MAX),
        (StartPosition::FromLast(0), _) => return Wanted::Beyond,
        // more of the end than there is: all of it (§14.1.2)
        (StartPosition::FromLast(last), _) => (length.saturating_sub(last), u64::MAX),
    };
    if from >= length {
        return Wanted::Beyond;
    }
    Wanted::Part(Window { from, length: to.min(length - 1) - from + 1 })
}

/// What is wanted of a file of that length; `body` makes its bytes.
pub(crate) fn given(
    dress: &Dress<'_>,
    tag: &str,
    asked: &HeaderMap,
    length: u64,
    body: impl FnOnce(Window) -> Body,
) -> Response {
    let (status, window, range) = match wanted(asked, tag, length) {
        Wanted::Whole => (StatusCode::OK, Window { from: 0, length }, None),
        Wanted::Part(part) => {
            let range = format!("bytes {}-{}/{length}", part.from, part.from + part.length - 1);
            (StatusCode::PARTIAL_CONTENT, part, Some(range))
        }
        Wanted::Beyond => {
            let empty = Window { from: 0, length: 0 };
            (StatusCode::RANGE_NOT_SATISFIABLE, empty, Some(format!("bytes */{length}")))
        }
    };
    let bytes = if window.length == 0 { Body::empty() } else { body(window) };
    let mut response = dressed(status, dress, tag, Some(window.length), bytes);
    if let Some(range) = range.and_then(|range| HeaderValue::try_from(range).ok()) {
        response.headers_mut().insert(CONTENT_RANGE, range);
    }
    response
}

/// The file with this hash; not there where its bytes are not.
pub(crate) async fn file(site: &Site, hash: &str, dress: &Dress<'_>, asked: &HeaderMap) -> Result<Response, Error> {
    let tag = format!("\"{hash}\"");
    if is_known(asked, &tag) {
        return Ok(dressed(StatusCode::NOT_MODIFIED, dress, &tag, None, Body::empty()));
    }
    let Some((mut file, length)) = site.store.files().open_file(hash).await? else {
        tracing::error!(hash, "a file that a row names is not in the folder of files");
        return Err(Error::Missing);
    };
    Ok(given(dress, &tag, asked, length, |window| {
        let (parts, body) = mpsc::channel(2);
        tokio::spawn(async move {
            if let Err(error) = hand_on(&mut file, window, &parts).await {
                let _ = parts.send(Err(error)).await;
            }
        });
        Body::from_stream(Parts(body))
    }))
}

async fn hand_on(
    file: &mut tokio::fs::File,
    window: Window,
    parts: &mpsc::Sender<std::io::Result<Vec<u8>>>,
) -> std::io::Result<()> {
    if window.from > 0 {
        file.seek(SeekFrom::Start(window.from)).await?;
    }
    let mut rest = file.take(window.length);
    loop {
        let mut piece = vec![0; PIECE];
        let read = rest.read(&mut piece).await?;
        piece.truncate(read);
        // who has gone away takes no further piece
        if read == 0 || parts.send(Ok(piece)).await.is_err() {
            return Ok(());
        }
    }
}

/// Whether the browser has it already (RFC 9110 §13.1.2).
pub(crate) fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag)
}

/// An answer with the headers of a file.
pub(crate) fn dressed(status: StatusCode, dress: &Dress<'_>, tag: &str, length: Option<u64>, body: Body) -> Response {
    let way = if dress.is_shown { "inline" } else { "attachment" };
    let headers = [
        (CONTENT_TYPE, dress.mime.to_owned()),
        (CONTENT_DISPOSITION, format!("{way}; filename=\"{}\"", dress.name)),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (ETAG, tag.to_owned()),
        (ACCEPT_RANGES, "bytes".to_owned()),
    ];
    let mut response = (status, [(CACHE_CONTROL, dress.cache.clone())], headers, body).into_response();
    if let Some(length) = length {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}
