//! *Entra*, *esci*, and what happens when a session ends while somebody writes.

use super::fields::Fields;
use super::frame::{Flash, Frame};
use super::guard::{COOKIE_NAME, encoded};
use super::session::{Desk, Kept, kept_nowhere, see_other};
use crate::Site;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use salastampa_acts::{Error, login, second_factor, session};
use salastampa_domain::{Session, User};
use serde::Deserialize;

/// The routes of coming and going.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/entra", get(ask).post(enter))
        .route("/desk/esci", post(leave))
        .route("/desk/resta", post(stay))
        .route("/desk/riprendi", get(resume))
}

/// Asks for name and password.
#[derive(Template)]
#[template(path = "desk/login.html")]
pub(crate) struct LoginPage {
    frame: Frame,
    /// Why the last try was not taken.
    problem: Option<String>,
    login: String,
    /// Where to go on, below the site's own path.
    after: String,
    /// What was typed when the session had ended, as JSON, to be given back.
    kept: String,
    /// What the button of the directory says, where there is one.
    directory: Option<String>,
}

/// Gives back what was typed when the session had ended.
#[derive(Template)]
#[template(path = "desk/resume.html")]
pub(crate) struct ResumePage {
    frame: Frame,
    action: String,
    fields: Vec<(String, String)>,
}

impl ResumePage {
    /// Whether a person typed it: not a word of ours, a version or a hash.
    fn was_typed(&self, name: &str, text: &str) -> bool {
        let is_hash = text.len() >= 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        !text.trim().is_empty() && !name.starts_with('_') && !is_hash && !matches!(name, "da" | "visto" | "qui")
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    dopo: Option<String>,
}

impl LoginPage {
    fn new(site: &Site, after: &str) -> Self {
        let frame = Frame::outside(site, salastampa_locale::t(site.house.lang, "desk.login.title"));
        Self {
            frame,
            problem: None,
            login: String::new(),
            after: inside(after).to_owned(),
            kept: String::new(),
            directory: site.directory.as_ref().map(|d| d.provider.label.clone()),
        }
    }

    fn answer(&self, status: StatusCode) -> Response {
        match self.render() {
            Ok(page) => (status, kept_nowhere(Html(page))).into_response(),
            Err(error) => {
                tracing::error!(%error, "the login page could not be made");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    }
}

/// A path of the desk; anything else is the home, so that a link cannot lead elsewhere.
pub(crate) fn inside(path: &str) -> &str {
    let is_plain = path.starts_with("/desk/") && !path.contains("//") && !path.contains('\\') && path.is_ascii();
    let is_login = path.starts_with("/desk/entra") || path.starts_with("/desk/esci");
    if is_plain && !is_login && !path.bytes().any(|b| b.is_ascii_control()) { path } else { "/desk/oggi" }
}

async fn ask(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    LoginPage::new(&site, asked.dopo.as_deref().unwrap_or_default()).answer(StatusCode::OK)
}

async fn enter(State(site): State<Site>, from: super::Caller, fields: Fields) -> Response {
    let now = site.clock.now();
    let (name, after, kept) = (fields.text("nome"), inside(fields.text("dopo")), fields.raw("ripresa"));
    match login::check(&site.store, name, fields.raw("password"), &from.0, now).await {
        Ok(user) => open(&site, &user, after, kept).await,
        Err(error) => {
            let status = match &error {
                Error::Denied(salastampa_acts::Denied::Wait { .. }) => StatusCode::TOO_MANY_REQUESTS,
                Error::Denied(_) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => {
                    tracing::error!(%error, "a login failed");
                    StatusCode::SERVICE_UNAVAILABLE
                }
            };
            let page = LoginPage {
                problem: Some(error.sentence(site.house.lang)),
                login: name.to_owned(),
                kept: kept.to_owned(),
                ..LoginPage::new(&site, after)
            };
            page.answer(status)
        }
    }
}

/// Opens a session and goes on. Whoever has a second factor is asked for it next; whoever needs one and has none sets it
/// up first.
pub(crate) async fn open(site: &Site, user: &User, after: &str, kept: &str) -> Response {
    let has_factor = user.second_factor.as_ref().is_some_and(|factor| factor.confirmed_at.is_some());
    let needs_factor = match needs_factor(site, user).await {
        Ok(needs) => needs,
        Err(error) => return crate::answer::answer(site, Err(error)),
    };
    let kept = serde_json::from_str::<Kept>(kept).ok().filter(|kept| inside(&kept.path) == kept.path);
    let next = match (has_factor, needs_factor, &kept) {
        (true, ..) => format!("/desk/codice?dopo={}", encoded(after)),
        (false, true, _) => format!("/desk/codice/nuovo?dopo={}", encoded(after)),
        (false, false, Some(_)) => "/desk/riprendi".to_owned(),
        (false, false, None) => after.to_owned(),
    };
    let kept = kept.and_then(|kept| serde_json::to_string(&kept).ok());
    match session::open(&site.store, user, !has_factor && !needs_factor, kept, site.clock.now()).await {
        Ok((token, _)) => {
            let mut response = see_other(&format!("{}{next}", site.prefix()));
            set_cookie(site, &mut response, &token, session::LONGEST / 1000);
            response
        }
        Err(error) => {
            tracing::error!(%error, "a session could not be opened");
            crate::answer::answer(site, Err(error.into()))
        }
    }
}

async fn needs_factor(site: &Site, user: &User) -> Result<bool, crate::answer::Error> {
    Ok(second_factor::is_required(&mut site.store.read().await?, user.role).await?)
}

/// Opens a new session, with every factor given, in place of the one that asks; gives it for the page that follows.
/// `flash` is what that page says.
pub(crate) async fn renew(desk: &Desk, flash: Option<Flash>) -> Result<(Desk, NewCookie), crate::answer::Error> {
    let store = &desk.site.store;
    session::close(store, &desk.session).await?;
    let (token, session) = session::open(store, &desk.user, true, desk.session.kept.clone(), desk.now).await?;
    let session = Session { flash: flash.and_then(|flash| serde_json::to_string(&flash).ok()), ..session };
    session::keep(store, &session).await?;
    Ok((Desk { session, ..desk.clone() }, NewCookie(token)))
}

/// The token of a session that was just opened, on its way to the browser.
pub(crate) struct NewCookie(String);

impl NewCookie {
    /// The response that carries it.
    pub(crate) fn on(self, site: &Site, mut response: Response) -> Response {
        set_cookie(site, &mut response, &self.0, session::LONGEST / 1000);
        response
    }
}

async fn leave(desk: Desk) -> Response {
    if let Err(error) = session::close(&desk.site.store, &desk.session).await {
        tracing::error!(%error, "a session could not be ended");
    }
    let mut response = see_other(&desk.href("/desk/entra"));
    set_cookie(&desk.site, &mut response, "", 0);
    response
}

/// *Resta collegato*: the guard has noted the request.
async fn stay() -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn resume(desk: Desk) -> Response {
    let Some(kept) = desk.kept() else { return see_other(&desk.href("/desk/oggi")) };
    let frame = desk.frame(desk.t("desk.resume.title"));
    desk.answer(Ok(ResumePage { frame, action: kept.path, fields: kept.fields.pairs }))
}

fn set_cookie(site: &Site, response: &mut Response, token: &str, seconds: i64) {
    let secure = if site.house.base_url.starts_with("https:") { "; Secure" } else { "" };
    let path = site.prefix();
    let cookie = format!("{COOKIE_NAME}={token}; Path={path}/desk; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// A form came when its session had ended: the login, which keeps what was typed.
pub(crate) fn ended(site: &Site, kept: &Kept) -> Response {
    let page = LoginPage {
        problem: Some(salastampa_locale::t(site.house.lang, "desk.login.ended").to_owned()),
        kept: serde_json::to_string(kept).unwrap_or_default(),
        ..LoginPage::new(site, "")
    };
    page.answer(StatusCode::UNAUTHORIZED)
}

/// Files came when the session had ended: the login, and then the page that they were brought on. They were not read.
pub(crate) fn ended_upload(site: &Site, path: &str) -> Response {
    let problem = Some(salastampa_locale::t(site.house.lang, "desk.login.ended_upload").to_owned());
    LoginPage { problem, ..LoginPage::new(site, path) }.answer(StatusCode::UNAUTHORIZED)
}

/// A login through the directory that was not taken.
pub(crate) fn no_directory(site: &Site) -> Response {
    refuse_stranger(site, StatusCode::FORBIDDEN, "login.oidc.refused")
}

/// A form that another site sent: refused, nothing was done.
pub(crate) fn stranger(site: &Site) -> Response {
    refuse_stranger(site, StatusCode::FORBIDDEN, "desk.stranger")
}

/// A form that cannot be taken from who is not logged in.
pub(crate) fn refuse_stranger(site: &Site, status: StatusCode, key: &'static str) -> Response {
    let problem = Some(salastampa_locale::t(site.house.lang, key).to_owned());
    LoginPage { problem, ..LoginPage::new(site, "") }.answer(status)
}

/// A form without the session's word: made before the last login, or not by us.
pub(crate) fn stale_form(desk: &Desk) -> Response {
    refuse_form(desk, StatusCode::FORBIDDEN, "desk.stale_form")
}

/// A form that cannot be taken.
pub(crate) fn refuse_form(desk: &Desk, status: StatusCode, key: &'static str) -> Response {
    let frame = desk.frame(desk.t("desk.refused.title"));
    let mut response = desk.answer(Ok(super::Notice { frame, words: desk.t(key).to_owned() }));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let title = salastampa_locale::t(lang, "desk.login.title");
    let frame = Frame { user: None, parts: Vec::new(), flash: None, ..Frame::sample(lang, title, "/desk/entra") };
    let login = LoginPage {
        frame,
        problem: Some("<b>".into()),
        login: "\"lia\"".into(),
        after: "/desk/oggi".into(),
        kept: "{\"a\":\"<script>\"}".into(),
        directory: Some("Entra con <la tua identità>".into()),
    };
    let resume = ResumePage {
        frame: Frame::sample(lang, salastampa_locale::t(lang, "desk.resume.title"), "/desk/riprendi"),
        action: "/desk/temi/nuovo".into(),
        fields: vec![("titolo".into(), "Riapre il <lungolago>".into())],
    };
    let page = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a template over strings");
    vec![("login", page(&login)), ("resume", page(&resume))]
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn the_login_leads_to_pages_of_the_desk_only() {
        for path in ["/desk/temi", "/desk/archivio?q=%22ponte%22"] {
            assert_eq!(inside(path), path);
        }
        for path in [
            "https://altrove.test/",
            "//altrove.test/desk/",
            "/desk//altrove.test",
            "/desk/\\altrove",
            "/novita",
            "",
            "/desk/entra?dopo=/desk/entra",
            "/desk/x\r\nSet-Cookie: a=b",
        ] {
            assert_eq!(inside(path), "/desk/oggi", "{path:?}");
        }
    }
}
