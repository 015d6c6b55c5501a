//! A file handed on piece by piece: read from the folder of files as its reader takes it, never whole in memory.
//!
//! Left out: who may have it. Whoever calls has asked that.

use crate::Site;
use crate::answer::Error;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::AsyncReadExt;
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
    let (parts, body) = mpsc::channel(2);
    tokio::spawn(async move {
        loop {
            let mut piece = vec![0; PIECE];
            let read = match file.read(&mut piece).await {
                Ok(0) => return,
                Ok(read) => read,
                Err(error) => {
                    let _ = parts.send(Err(error)).await;
                    return;
                }
            };
            piece.truncate(read);
            // who has gone away takes no further piece
            if parts.send(Ok(piece)).await.is_err() {
                return;
            }
        }
    });
    Ok(dressed(StatusCode::OK, dress, &tag, Some(length), Body::from_stream(Parts(body))))
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
    ];
    let mut response = (status, [(CACHE_CONTROL, dress.cache.clone())], headers, body).into_response();
    if let Some(length) = length {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}
