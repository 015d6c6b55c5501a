//! The second factor: the code that is asked for after the password, and setting a telephone up.
//!
//! Until a code was given the session opens nothing but these pages. Setting up shows the secret as a picture, as a link
//! and as text; a first code proves that the telephone has it, and the recovery codes are shown this one time.

use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::login::{inside, renew};
use super::session::{Desk, see_other};
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use qrcodegen::{QrCode, QrCodeEcc};
use salastampa_acts::{Denied, second_factor};
use serde::Deserialize;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/codice", get(ask).post(check)).route("/desk/codice/nuovo", get(begin).post(confirm))
}

/// Asks for a code.
#[derive(Template)]
#[template(path = "desk/code.html")]
pub(crate) struct CodePage {
    frame: Frame,
    slips: Slips,
    after: String,
}

/// Sets a telephone up.
#[derive(Template)]
#[template(path = "desk/code_new.html")]
pub(crate) struct EnrolPage {
    frame: Frame,
    slips: Slips,
    after: String,
    /// Whether the role cannot work without it.
    needed: bool,
    secret: String,
    link: String,
    picture: Picture,
}

/// Shows the recovery codes, once.
#[derive(Template)]
#[template(path = "desk/code_kept.html")]
pub(crate) struct RecoveryPage {
    frame: Frame,
    codes: Vec<String>,
    next: String,
}

/// A picture of black squares that a telephone reads.
pub(crate) struct Picture {
    /// Squares on each side, with the white border.
    side: i32,
    /// The squares, as an SVG path.
    path: String,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    dopo: Option<String>,
}

async fn ask(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let has_factor = desk.user.second_factor.as_ref().is_some_and(|factor| factor.confirmed_at.is_some());
    match (desk.session.complete, has_factor) {
        (true, _) => see_other(&desk.href("/desk/oggi")),
        (false, false) => see_other(&desk.href("/desk/codice/nuovo")),
        (false, true) => desk.answer(Ok(code_page(&desk, Slips::default(), asked.dopo.as_deref()))),
    }
}

fn code_page(desk: &Desk, slips: Slips, after: Option<&str>) -> CodePage {
    CodePage {
        frame: desk.frame(desk.t("login.second.title")),
        slips,
        after: inside(after.unwrap_or_default()).to_owned(),
    }
}

async fn check(desk: Desk, fields: Fields) -> Response {
    let (site, after) = (&desk.site, fields.text("dopo"));
    match second_factor::check(&site.store, &site.house, &desk.user.login, fields.text("code"), desk.lang, desk.now)
        .await
    {
        Ok(_) => match renew(&desk, None).await {
            Ok((desk, cookie)) => {
                let next = if desk.kept().is_some() { "/desk/riprendi" } else { inside(after) };
                cookie.on(&desk.site, see_other(&desk.href(next)))
            }
            Err(error) => desk.no_page(&error),
        },
        Err(error) => match slips(&desk, error) {
            Ok((status, slips)) => with(status, desk.again(Ok(code_page(&desk, slips, Some(after))))),
            Err(error) => desk.no_page(&error),
        },
    }
}

async fn begin(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(enrol_page(&desk, Slips::default(), asked.dopo.as_deref().unwrap_or_default()).await)
}

async fn enrol_page(desk: &Desk, slips: Slips, after: &str) -> Result<EnrolPage, Error> {
    let site = &desk.site;
    let needed = second_factor::is_required(&mut site.store.read().await?, desk.user.role).await?;
    let enrolment = second_factor::begin(&site.store, &site.house, &desk.user.login).await?;
    Ok(EnrolPage {
        frame: desk.frame(desk.t("login.second.new_title")),
        slips,
        after: inside(after).to_owned(),
        needed,
        secret: enrolment.secret,
        picture: picture(&enrolment.link),
        link: enrolment.link,
    })
}

async fn confirm(desk: Desk, fields: Fields) -> Response {
    let (site, after) = (&desk.site, fields.text("dopo"));
    let code = fields.text("code");
    match second_factor::confirm(&site.store, &site.house, &desk.user.login, code, desk.lang, desk.now).await {
        Ok(codes) => match renew(&desk, None).await {
            Ok((desk, cookie)) => {
                let next = if desk.kept().is_some() { "/desk/riprendi" } else { inside(after) };
                let frame = desk.frame(desk.t("login.second.kept_title"));
                let page = RecoveryPage {
                    frame,
                    codes: codes.iter().map(|code| spaced(code)).collect(),
                    next: next.to_owned(),
                };
                cookie.on(&desk.site, desk.answer(Ok(page)))
            }
            Err(error) => desk.no_page(&error),
        },
        Err(error) => match slips(&desk, error) {
            Ok((status, slips)) => with(status, desk.again(enrol_page(&desk, slips, after).await)),
            Err(error) => desk.no_page(&error),
        },
    }
}

/// What is wrong with the code, for the page; a closed door is said in the same place.
fn slips(desk: &Desk, error: salastampa_acts::Error) -> Result<(StatusCode, Slips), Error> {
    match error {
        salastampa_acts::Error::Denied(Denied::Form(slips)) => Ok((StatusCode::UNPROCESSABLE_ENTITY, Slips(slips))),
        salastampa_acts::Error::Denied(denied @ Denied::Wait { .. }) => {
            let slip = salastampa_acts::Slip { field: "code", sentence: denied.sentence(desk.lang) };
            Ok((StatusCode::TOO_MANY_REQUESTS, Slips(vec![slip])))
        }
        other => Err(other.into()),
    }
}

fn with(status: StatusCode, mut response: Response) -> Response {
    if response.status().is_client_error() {
        *response.status_mut() = status;
    }
    response
}

/// Ten letters read better as five and five.
fn spaced(code: &str) -> String {
    let (first, second) = code.split_at_checked(5).unwrap_or((code, ""));
    format!("{first} {second}")
}

fn picture(link: &str) -> Picture {
    use std::fmt::Write;
    const BORDER: i32 = 4;
    // an office with a very long name has a link that fits no picture: link and text remain
    let Ok(code) = QrCode::encode_text(link, QrCodeEcc::Low) else { return Picture { side: 0, path: String::new() } };
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // writing to a string cannot fail
            let _ = write!(path, "M{},{}h1v1h-1z", x + BORDER, y + BORDER);
        }
    }
    Picture { side: code.size() + 2 * BORDER, path }
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    use salastampa_locale::t;
    let wrong =
        || Slips(vec![salastampa_acts::Slip { field: "code", sentence: t(lang, "login.second.wrong").to_owned() }]);
    let frame = |title| Frame { parts: Vec::new(), ..Frame::sample(lang, title, "/desk/codice") };
    let code = CodePage { frame: frame(t(lang, "login.second.title")), slips: wrong(), after: "/desk/\"oggi\"".into() };
    let link = "otpauth://totp/Comune:lia?secret=GEZDGNBVGY3TQOJQ&issuer=<Comune>";
    let enrol = EnrolPage {
        frame: frame(t(lang, "login.second.new_title")),
        slips: wrong(),
        after: "/desk/oggi".into(),
        needed: true,
        secret: "GEZD GNBV".into(),
        link: link.into(),
        picture: picture(link),
    };
    let kept = RecoveryPage {
        frame: frame(t(lang, "login.second.kept_title")),
        codes: vec!["abcde fghij".into()],
        next: "/desk/oggi".into(),
    };
    let page = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a template over strings");
    vec![("code", page(&code)), ("code_new", page(&enrol)), ("code_kept", page(&kept))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_square_and_of_any_link() {
        let small = picture("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ");
        assert!(small.side > 21 && small.path.starts_with("M4,4h1v1h-1z"));
        assert_eq!(picture(&"a".repeat(5_000)).side, 0);
    }
}
