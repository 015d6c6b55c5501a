//! A form with large files, read as it comes: one file in memory at a time, and of one that is too large nothing.
//!
//! The door lets such a form through unread ([`super::guard::guard_stream`]); here its first field must be the session's
//! word, before anything else of it is looked at. What is too much is read to its end and dropped, up to a bound, because
//! a browser shows no answer while it is still sending.

use super::fields::CSRF;
use super::login;
use super::session::Desk;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::Response;
use std::time::Duration;

/// Largest text of a field, in bytes.
const LARGEST_TEXT: usize = 16 << 10;
/// Most bytes that are read of a form, kept or not.
const MOST: usize = 1 << 30;
/// Most fields and files.
const MOST_PARTS: usize = 200;
/// Longest time that one part may take.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// A form that is being read.
pub(crate) struct Incoming {
    parts: Multipart,
    read: usize,
    count: usize,
}

/// A part of a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// A field: its name and its text.
    Text(String, String),
    /// A file: the name that it had there, and its bytes.
    File(String, Vec<u8>),
    /// A file that was larger than the bound: only its name.
    TooLarge(String),
}

/// The form broke off, took too long, or was longer than anything is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BrokenOff;

impl Incoming {
    /// Begins to read, or gives the page that says why not.
    pub(crate) async fn open(desk: &Desk, request: Request) -> Result<Self, Response> {
        let refuse = || login::refuse_form(desk, StatusCode::BAD_REQUEST, "desk.unreadable");
        let parts = Multipart::from_request(request, &()).await.map_err(|_| refuse())?;
        let mut incoming = Self { parts, read: 0, count: 0 };
        match incoming.next(0).await {
            Ok(Some(Part::Text(name, word))) if name == CSRF && word == desk.session.csrf => Ok(incoming),
            Ok(_) => Err(login::stale_form(desk)),
            Err(BrokenOff) => Err(refuse()),
        }
    }

    /// The next part; a file of more than `largest` bytes is read and dropped.
    pub(crate) async fn next(&mut self, largest: usize) -> Result<Option<Part>, BrokenOff> {
        tokio::time::timeout(LONGEST, self.part(largest)).await.map_err(|_| BrokenOff)?
    }

    async fn part(&mut self, largest: usize) -> Result<Option<Part>, BrokenOff> {
        self.count += 1;
        if self.count > MOST_PARTS {
            return Err(BrokenOff);
        }
        let Some(mut field) = self.parts.next_field().await.map_err(|_| BrokenOff)? else { return Ok(None) };
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let bound = if file.is_some() { largest } else { LARGEST_TEXT };
        let bytes = bounded(&mut field, bound, &mut self.read).await?;
        Ok(Some(match (file, bytes) {
            (Some(file), Some(bytes)) => Part::File(file, bytes),
            (Some(file), None) => Part::TooLarge(file),
            (None, Some(bytes)) => Part::Text(name, String::from_utf8_lossy(&bytes).into_owned()),
            (None, None) => return Err(BrokenOff),
        }))
    }
}

/// The bytes of a field; none where there are more than the bound, and then nothing of them was kept.
async fn bounded(field: &mut Field<'_>, bound: usize, read: &mut usize) -> Result<Option<Vec<u8>>, BrokenOff> {
    let mut kept = Some(Vec::new());
    while let Some(piece) = field.chunk().await.map_err(|_| BrokenOff)? {
        *read = read.saturating_add(piece.len());
        if *read > MOST {
            return Err(BrokenOff);
        }
        kept = kept.filter(|bytes| bytes.len() + piece.len() <= bound);
        if let Some(bytes) = &mut kept {
            bytes.extend_from_slice(&piece);
        }
    }
    Ok(kept)
}
