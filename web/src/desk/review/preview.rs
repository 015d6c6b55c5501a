//! What leaves, seen before it leaves: the mail in a frame of its own that can run and load nothing, its text, the PDF.
//! Of an issue that is out, the very bytes that were frozen.

use super::issue::{Issue, find, hour};
use crate::answer::Error;
use crate::desk::Desk;
use crate::desk::frame::Frame;
use crate::desk::session::kept_nowhere;
use crate::headers::POLICY;
use crate::links::{frozen, pdf};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, Response};
use salastampa_acts::{curate, review};
use salastampa_domain::{Act, Review};
use salastampa_locale::Lang;
use salastampa_store::Rows;
use serde::Deserialize;

/// What the frame of a mail may do: be shown, with its own styles.
const FRAMED: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/// The mail and its text side by side.
#[derive(Template)]
#[template(path = "desk/preview.html")]
pub(crate) struct PreviewPage {
    frame: Frame,
    issue: String,
    path: String,
    subject: String,
    text: String,
    /// Languages: words, link, whether it is this one.
    languages: Vec<(&'static str, String, bool)>,
    lang_code: &'static str,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    lingua: String,
    versione: String,
}

pub(super) async fn show(
    desk: Desk,
    Path((slug, slot)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let mut response = desk.answer(page(&desk, &slug, &slot, &asked).await);
    // this page alone holds a frame, and only one of ours
    if let Ok(policy) = HeaderValue::from_str(&format!("{POLICY}; frame-src 'self'")) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn page(desk: &Desk, slug: &str, slot: &str, asked: &Asked) -> Result<PreviewPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let issue = find(desk, &mut rows, slug, slot).await?;
    let value = review_of(desk, &mut rows, &issue).await?;
    let lang = language(desk, asked);
    let letter = review::letter(&desk.site.house, &value, lang, String::new());
    let path = desk.href(&issue.path());
    let choice =
        |code: Lang, words: &'static str| (words, format!("{path}/anteprima?lingua={}", code.code()), code == lang);
    Ok(PreviewPage {
        frame: desk.frame(desk.t("curation.preview.title")),
        issue: format!("{}, {}", issue.edition.name, hour(issue.key.slot, desk.lang)),
        subject: letter.subject,
        text: letter.text,
        languages: vec![choice(Lang::It, "Italiano"), choice(Lang::En, "English")],
        lang_code: lang.code(),
        path,
    })
}

fn language(desk: &Desk, asked: &Asked) -> Lang {
    Lang::parse(&asked.lingua).unwrap_or(desk.site.house.lang)
}

/// The review as it is out, or as it would leave.
async fn review_of(desk: &Desk, rows: &mut Rows, issue: &Issue) -> Result<Review, Error> {
    match &issue.out {
        Some(out) => Ok(out.clone()),
        None => Ok(curate::preview(rows, &issue.edition, issue.key, desk.now).await?),
    }
}

/// The HTML of the mail, for the frame.
pub(super) async fn mail(
    desk: Desk,
    Path((slug, slot)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let html = async {
        desk.must(Act::Read)?;
        let mut rows = desk.site.store.read().await?;
        let issue = find(&desk, &mut rows, &slug, &slot).await?;
        let value = review_of(&desk, &mut rows, &issue).await?;
        Ok::<_, Error>(review::letter(&desk.site.house, &value, language(&desk, &asked), String::new()).html)
    };
    match html.await {
        Ok(html) => kept_nowhere(([(CONTENT_SECURITY_POLICY, FRAMED)], Html(html))),
        Err(error) => desk.no_page(&error),
    }
}

/// The PDF: the frozen one of a version that is out, else set now.
pub(super) async fn paper(
    desk: Desk,
    Path((slug, slot)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let bytes = async {
        desk.must(Act::Read)?;
        let mut rows = desk.site.store.read().await?;
        let issue = find(&desk, &mut rows, &slug, &slot).await?;
        let lang = language(&desk, &asked);
        if let Some(out) = &issue.out {
            let version = asked.versione.parse().unwrap_or(out.version);
            if let Some(bytes) = frozen(&desk.site, &mut rows, out, version, lang).await? {
                return Ok(bytes);
            }
        }
        let value = review_of(&desk, &mut rows, &issue).await?;
        drop(rows);
        let bytes = review::paper(&desk.site.house, &value, lang).await;
        bytes.map_err(|why| Error::Act(why.into()))
    };
    match bytes.await {
        Ok(bytes) => kept_nowhere(pdf(bytes, &format!("rassegna-{slug}-{}.pdf", slot.split('T').next().unwrap_or("")))),
        Err(error) => desk.no_page(&error),
    }
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = PreviewPage {
        frame: Frame::sample(lang, salastampa_locale::t(lang, "curation.preview.title"), "/desk/rassegna"),
        issue: "Rassegna <generale>".into(),
        path: "/desk/rassegna/generale/2026-11-24T07:00:00".into(),
        subject: "Rassegna <x>".into(),
        text: "</pre><script>".into(),
        languages: vec![("Italiano", "/desk/x?lingua=it".into(), true)],
        lang_code: "it",
    };
    vec![("preview", page.render().expect("a template over strings"))]
}
