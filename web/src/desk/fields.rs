//! What a form sent: names and texts in their order, and files. Read once for every page, bounded, and kept as it was
//! typed, so that no refusal loses a word.

use axum::body::Bytes;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::str::FromStr;

/// The field that carries the session's word against forms from other sites.
pub(crate) const CSRF: &str = "_csrf";
/// Most fields of a form.
const MOST_FIELDS: usize = 5_000;

/// What a form sent.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Fields {
    /// Names and texts, in their order; a name may come more than once.
    pub(crate) pairs: Vec<(String, String)>,
    /// Files that were sent along.
    #[serde(skip)]
    pub(crate) files: Vec<Upload>,
}

/// A file that was sent with a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Upload {
    /// The name of the field.
    pub(crate) field: String,
    /// The name that the file had there: foreign text, for showing only.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Bytes,
}

/// Why a form could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unreadable {
    /// More than is taken.
    TooLarge,
    /// No form.
    Broken,
}

impl Fields {
    /// The text of a field without blanks around it; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The text of a field as it was typed.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, text)| text)
    }

    /// All texts of a name: ticked boxes, chosen lines.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(n, _)| n == name).map(|(_, text)| text.as_str()).collect()
    }

    /// Whether a box was ticked or a button of that name pressed.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(n, _)| n == name)
    }

    /// A field as a number or another plain value; `None` where it is none.
    pub(crate) fn value<T: FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).parse().ok()
    }

    /// All values of a name that read as such.
    pub(crate) fn values<T: FromStr>(&self, name: &str) -> Vec<T> {
        self.all(name).into_iter().filter_map(|text| text.trim().parse().ok()).collect()
    }

    /// The file of a field, if one was chosen.
    pub(crate) fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == name && !file.bytes.is_empty())
    }

    /// Reads the body of a request; its size is bounded by the router.
    pub(crate) async fn read(request: Request) -> Result<Self, Unreadable> {
        let mime = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        if mime.starts_with("multipart/form-data") {
            return Self::read_parts(request).await;
        }
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
        match form {
            Ok(axum::Form(pairs)) if pairs.len() <= MOST_FIELDS => Ok(Self { pairs, files: Vec::new() }),
            Ok(_) => Err(Unreadable::TooLarge),
            Err(why) => Err(unreadable(axum::response::IntoResponse::into_response(why).status())),
        }
    }

    async fn read_parts(request: Request) -> Result<Self, Unreadable> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Unreadable::Broken)?;
        let mut fields = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|why| unreadable(why.status()))? {
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|why| unreadable(why.status()))?;
            if fields.pairs.len() + fields.files.len() >= MOST_FIELDS {
                return Err(Unreadable::TooLarge);
            }
            match name {
                Some(name) => fields.files.push(Upload { field, name, bytes }),
                None => fields.pairs.push((field, String::from_utf8_lossy(&bytes).into_owned())),
            }
        }
        Ok(fields)
    }
}

fn unreadable(status: StatusCode) -> Unreadable {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Unreadable::TooLarge } else { Unreadable::Broken }
}

/// Handlers take what the guard has read; a page that was only asked for has none.
impl<S: Send + Sync> FromRequestParts<S> for Fields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.remove::<Self>().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_and_kept_in_order() {
        let pairs = [("a", " uno "), ("riga", "3"), ("riga", "x"), ("riga", "7"), ("testo", " due\n")];
        let pairs = pairs.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
        let fields = Fields { pairs, files: Vec::new() };
        assert_eq!((fields.text("a"), fields.raw("testo"), fields.text("manca")), ("uno", " due\n", ""));
        assert_eq!((fields.all("riga"), fields.values::<i64>("riga")), (vec!["3", "x", "7"], vec![3, 7]));
        assert!(fields.has("a") && !fields.has("manca"));
        assert_eq!(fields.value::<u8>("a"), None);
    }
}
