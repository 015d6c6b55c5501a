//! The mail of a release as a journalist gets it: HTML in a frame that can run and load nothing, and the text part.

use super::page::{found, letterhead, newest};
use crate::answer::Error;
use crate::desk::frame::Frame;
use crate::desk::session::{Desk, kept_nowhere};
use crate::headers::POLICY;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use salastampa_domain::delivery::{UNSUBSCRIBE_MARK, without_note};
use salastampa_domain::{Act, Release, ReleaseFiles, Timestamp, Version};
use salastampa_locale::{Lang, fill, t};
use salastampa_releases::{CorrectionOf, Problem, draft};
use salastampa_store::Rows;
use serde::Deserialize;

/// What a mail may do in its frame: show its own styles, and nothing else.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; \
     form-action 'none'; sandbox";

/// The page.
#[derive(Template)]
#[template(path = "desk/releases/mail.html")]
pub(crate) struct MailPage {
    frame: Frame,
    href: String,
    title: String,
    which: String,
    source: String,
    subject: String,
    text: String,
}

/// A mail as it would leave.
struct Mail {
    subject: String,
    html: String,
    text: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    versione: String,
}

pub(super) async fn show(desk: Desk, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Response {
    with_frames(desk.answer(page(&desk, &slug, &asked).await))
}

pub(super) async fn html(desk: Desk, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Response {
    let mail = async {
        desk.must(Act::Write)?;
        let mut rows = desk.site.store.read().await?;
        let release = found(&desk, &mut rows, &slug).await?;
        let (mail, _) = mail(&desk, &mut rows, &release, &asked).await?;
        Ok::<_, Error>(mail.html)
    };
    match mail.await {
        Ok(html) => framed(html),
        Err(error) => desk.no_page(&error),
    }
}

async fn page(desk: &Desk, slug: &str, asked: &Asked) -> Result<MailPage, Error> {
    desk.must(Act::Write)?;
    let mut rows = desk.site.store.read().await?;
    let release = found(desk, &mut rows, slug).await?;
    let (mail, number) = mail(desk, &mut rows, &release, asked).await?;
    let href = desk.href(&format!("/desk/comunicati/{slug}"));
    let which = match number {
        Some(number) => fill(desk.lang, "composer.mail.version", &[("n", &number.to_string())]),
        None => desk.t("composer.mail.draft").to_owned(),
    };
    let of = number.map_or_else(|| "bozza".to_owned(), |number| number.to_string());
    Ok(MailPage {
        frame: desk.frame(desk.t("composer.mail.title")),
        source: format!("{href}/mail/html?versione={of}"),
        title: release.title,
        which,
        subject: mail.subject,
        text: mail.text,
        href,
    })
}

/// The mail of the version that is asked for, else of the one that the state speaks of, else of the draft.
async fn mail(desk: &Desk, rows: &mut Rows, release: &Release, asked: &Asked) -> Result<(Mail, Option<u32>), Error> {
    let versions = rows.list_versions(release.id).await?;
    let version = match asked.versione.as_str() {
        "bozza" => None,
        "" => newest(release, &versions),
        number => Some(versions.iter().find(|v| v.number.to_string() == number).ok_or(Error::Missing)?),
    };
    Ok(match version {
        Some(version) => {
            let letter = salastampa_releases::letter(version, &letterhead(desk));
            (
                Mail { subject: letter.subject, html: shown(&letter.html), text: shown(&letter.text) },
                Some(version.number),
            )
        }
        None => {
            let corrected = versions.iter().find(|version| Some(version.id) == release.current);
            let files = rows.find_release_files(release.id).await?;
            (of_draft(desk, &release.draft, files, release.register, corrected, desk.now), None)
        }
    })
}

fn of_draft(
    desk: &Desk,
    markdown: &str,
    files: ReleaseFiles,
    register: Option<(i16, u32)>,
    corrected: Option<&Version>,
    now: Timestamp,
) -> Mail {
    match draft::parse(markdown) {
        Ok(draft) => {
            let draft = draft::Draft { files, ..draft };
            let correction_of = corrected.map(|v| CorrectionOf { title: v.title.clone(), at: v.at });
            let dressed =
                salastampa_releases::preview(&draft, &letterhead(desk), register, correction_of.as_ref(), now);
            Mail { subject: dressed.subject, html: shown(&dressed.html), text: shown(&dressed.text) }
        }
        Err(problems) => Mail { subject: String::new(), html: not_yet(desk.lang, &problems), text: String::new() },
    }
}

/// A mail for nobody: without a personal word, and the link to leave the list leads nowhere.
fn shown(part: &str) -> String {
    without_note(part).replace(UNSUBSCRIBE_MARK, "#")
}

/// What is shown in place of a mail that cannot be made yet.
#[derive(Template)]
#[template(path = "desk/releases/not_yet.html")]
struct NotYet {
    lang: Lang,
    words: &'static str,
    problems: Vec<String>,
}

fn not_yet(lang: Lang, problems: &[Problem]) -> String {
    let problems = problems.iter().map(|problem| problem.message.say(lang)).collect();
    let page = NotYet { lang, words: t(lang, "composer.mail.not_yet"), problems };
    page.render().unwrap_or_default()
}

/// The mail that a text in the making would be, ready for its frame.
pub(crate) async fn of_text(desk: &Desk, release: Option<&Release>, markdown: &str) -> Result<Response, Error> {
    let mut rows = desk.site.store.read().await?;
    let corrected = match release.and_then(|release| release.current) {
        Some(id) => rows.find_version(id).await?,
        None => None,
    };
    let files = match release {
        Some(release) => rows.find_release_files(release.id).await?,
        None => ReleaseFiles::default(),
    };
    drop(rows);
    let register = release.and_then(|release| release.register);
    Ok(framed(of_draft(desk, markdown, files, register, corrected.as_ref(), desk.now).html))
}

fn framed(html: String) -> Response {
    ([(CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL_POLICY))], kept_nowhere(Html(html))).into_response()
}

/// Lets a page hold a frame with a page of ours.
pub(crate) fn with_frames(mut response: Response) -> Response {
    if let Ok(policy) = HeaderValue::from_str(&format!("{POLICY}; frame-src 'self'")) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = MailPage {
        frame: Frame::sample(lang, t(lang, "composer.mail.title"), "/desk/comunicati/x/mail"),
        href: "/desk/comunicati/x".into(),
        title: "Riapre il <b>ponte</b>".into(),
        which: t(lang, "composer.mail.draft").into(),
        source: "/desk/comunicati/x/mail/html?versione=1".into(),
        subject: "[Comune] <i>Ponte</i>".into(),
        text: "Il ponte apre.\n</pre><script>".into(),
    };
    vec![("mail of a release", page.render().expect("a template over strings"))]
}
