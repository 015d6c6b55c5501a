//! From a list to a file: the button under a search and in a dossier. The file is sent while it is made, a thousand
//! articles at a time; what cannot be made at all is said on the page instead.

use super::fields::Fields;
use super::session::{Desk, kept_nowhere};
use crate::answer::Error;
use crate::handed::Parts;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use salastampa_acts::export::{self, Export, Form, MOST, MOST_PDF, Order, Place};
use salastampa_domain::Query;
use salastampa_locale::{Lang, fill, number, t};
use tokio::sync::mpsc;

/// The form under a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExportForm {
    /// Where it posts.
    pub(crate) action: String,
    /// What it carries along.
    pub(crate) pairs: Vec<(&'static str, String)>,
    /// The forms of a file: value and words.
    pub(crate) forms: Vec<(&'static str, &'static str)>,
    /// How much a file holds.
    pub(crate) limits: String,
    /// Where it stands who exported what, for who may read that.
    pub(crate) log: Option<String>,
}

impl ExportForm {
    pub(crate) fn new(desk: &Desk, action: &str, pairs: Vec<(&'static str, String)>) -> Self {
        let log = desk.may(salastampa_domain::Act::ReadOwnLog).then(|| desk.href("/desk/registro/esportazioni"));
        Self { log, ..Self::of(desk.lang, desk.href(action), pairs) }
    }

    fn of(lang: Lang, action: String, pairs: Vec<(&'static str, String)>) -> Self {
        let n = |n: usize| number::whole(i64::try_from(n).unwrap_or(i64::MAX), lang);
        Self {
            action,
            pairs,
            forms: vec![
                ("csv", t(lang, "export.forms.csv")),
                ("csv-comma", t(lang, "export.forms.csv_comma")),
                ("jsonl", t(lang, "export.forms.jsonl")),
                ("jsonl-tags", t(lang, "export.forms.jsonl_tags")),
                ("pdf", t(lang, "export.forms.pdf")),
            ],
            limits: fill(lang, "export.limits", &[("most", &n(MOST)), ("pdf", &n(MOST_PDF))]),
            log: None,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample(lang: Lang) -> Self {
        let pairs = vec![("q", "\"ponte <b>".to_owned())];
        Self { log: Some("/x".into()), ..Self::of(lang, "/ufficio-stampa/desk/archivio/esporta".into(), pairs) }
    }
}

/// The form that a file was asked in; the table where nobody said.
pub(crate) fn form_of(fields: &Fields) -> Form {
    Form::parse(fields.text("formato")).unwrap_or(Form::Csv { comma: false })
}

/// Sends the articles of a query as a file; goes back with the reason where it cannot be made.
pub(crate) async fn download(
    desk: &Desk,
    query: Query,
    form: Form,
    title: &str,
    subject: &str,
    back: &str,
) -> Response {
    let Some(archive) = desk.site.archive.clone() else { return desk.no_page(&Error::NoArchive) };
    let place = Place {
        store: desk.site.store.clone(),
        archive,
        house: desk.site.house.clone(),
        login: Some(desk.user.login.clone()),
        lang: desk.lang,
        now: desk.now,
    };
    let order = Order { query, form, title: title.to_owned(), subject: subject.to_owned() };
    let begun = async {
        let mut export = export::begin(place, order).await?;
        let first = export.next().await?.unwrap_or_default();
        Ok((export, first))
    };
    match begun.await {
        Ok((export, first)) => file(export, form, first),
        Err(error) => desk.refused(back, &error).await,
    }
}

fn file(mut export: Export, form: Form, first: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{}\"", export.file_name());
    let (parts, body) = mpsc::channel(2);
    tokio::spawn(async move {
        let mut part = first;
        // who has gone away takes no further part
        while parts.send(Ok(part)).await.is_ok() {
            part = match export.next().await {
                Ok(Some(part)) => part,
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "an export broke off: the file is not whole, and its reader is told");
                    let _ = parts.send(Err(std::io::Error::other("the export broke off"))).await;
                    return;
                }
            };
        }
    });
    let headers = [(CONTENT_TYPE, form.mime().to_owned()), (CONTENT_DISPOSITION, name)];
    kept_nowhere((headers, Body::from_stream(Parts(body))).into_response())
}
