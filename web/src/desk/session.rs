//! Who is asking, and how a handler answers them: the page's surroundings, a page, a way on after an act.

use super::fields::Fields;
use super::frame::{Flash, Frame, Undo};
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, HeaderName, LOCATION};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use salastampa_acts::{Denied, session};
use salastampa_domain::{Act, Election, Session, Timestamp, User, may, may_sign_second};
use salastampa_locale::{Lang, t};

/// The desk as the person who asks has it before them. Every handler of a page takes one.
#[derive(Clone)]
pub(crate) struct Desk {
    /// Rows, clock, office.
    pub(crate) site: Site,
    /// Who asks.
    pub(crate) user: User,
    /// Their session.
    pub(crate) session: Session,
    /// What the page says once.
    pub(crate) flash: Option<Flash>,
    /// The language that they read.
    pub(crate) lang: Lang,
    /// The present, the same for the whole answer.
    pub(crate) now: Timestamp,
    /// The path and query that was asked for, below the site's own path.
    pub(crate) path: String,
    /// The calendar of elections.
    pub(crate) elections: Vec<Election>,
}

impl<S: Send + Sync> FromRequestParts<S> for Desk {
    type Rejection = Response;

    /// The guard has put it there; without one the page is not there for anybody.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| StatusCode::NOT_FOUND.into_response())
    }
}

impl Desk {
    /// Made by the guard for each request.
    pub(crate) fn new(site: Site, user: User, session: Session, flash: Option<Flash>, uri: &Uri) -> Self {
        let lang = user.preferences.language.as_deref().and_then(Lang::parse).unwrap_or(site.house.lang);
        let now = site.clock.now();
        let path = super::guard::below(&site, uri);
        Self { site, user, session, flash, lang, now, path, elections: Vec::new() }
    }

    /// The desk as acts take it.
    pub(crate) fn acts(&self) -> salastampa_acts::AtDesk<'_> {
        salastampa_acts::AtDesk {
            store: &self.site.store,
            house: &self.site.house,
            login: &self.user.login,
            lang: self.lang,
            now: self.now,
        }
    }

    /// Whether the person may do it: for what a page shows. The act asks again.
    pub(crate) fn may(&self, act: Act) -> bool {
        may(self.user.role, act)
    }

    /// Whether the person reads releases that are not public: who writes them, and who may sign them second.
    pub(crate) fn reads_drafts(&self) -> bool {
        self.may(Act::Write) || may_sign_second(&self.user)
    }

    /// In whose election time this page is made.
    pub(crate) fn election(&self) -> Option<&Election> {
        salastampa_domain::election::in_force(&self.elections, self.now)
    }

    /// Refuses a page to who may not see it.
    pub(crate) fn must(&self, act: Act) -> Result<(), Error> {
        if self.may(act) {
            return Ok(());
        }
        let denied = Denied::Role { role: self.user.role, act };
        Err(Error::Act(denied.into()))
    }

    /// The sentence of a key in their language.
    pub(crate) fn t(&self, key: &'static str) -> &'static str {
        t(self.lang, key)
    }

    /// A link of the desk: `/desk/temi` below the site's own path.
    pub(crate) fn href(&self, path: &str) -> String {
        format!("{}{path}", self.site.prefix())
    }

    /// The surroundings of a page of that title.
    pub(crate) fn frame(&self, title: &str) -> Frame {
        Frame::of(self, title)
    }

    /// A page, or the page that says why there is none.
    pub(crate) fn answer<P: Template>(&self, page: Result<P, Error>) -> Response {
        match page.and_then(|page| Ok(page.render()?)) {
            Ok(page) => kept_nowhere(Html(page)),
            Err(error) => self.no_page(&error),
        }
    }

    /// A form that was not taken: the same page again with what was typed, as 422.
    pub(crate) fn again<P: Template>(&self, page: Result<P, Error>) -> Response {
        let mut response = self.answer(page);
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        response
    }

    /// On to a page of the desk (`/desk/temi`), which says once what was done.
    pub(crate) async fn go(&self, path: &str, words: impl Into<String>) -> Response {
        self.say(path, Flash { done: true, words: words.into(), undo: None }).await
    }

    /// The same, with a button that takes it back: posts `fields` to `action`.
    pub(crate) async fn go_or_undo(
        &self,
        path: &str,
        words: impl Into<String>,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let undo = Undo { action: action.to_owned(), fields };
        self.say(path, Flash { done: true, words: words.into(), undo: Some(undo) }).await
    }

    /// Back to a page of the desk, which says once why the act was not done. What failed for another reason is logged.
    pub(crate) async fn refused(&self, path: &str, error: &salastampa_acts::Error) -> Response {
        if !matches!(error, salastampa_acts::Error::Denied(_)) {
            tracing::error!(%error, "an act failed");
        }
        self.say(path, Flash { done: false, words: error.sentence(self.lang), undo: None }).await
    }

    /// Back with a sentence of the page's own on why nothing was done.
    pub(crate) async fn refuse(&self, path: &str, words: &str) -> Response {
        self.say(path, Flash { done: false, words: words.to_owned(), undo: None }).await
    }

    /// After an act without a form of its own: on with a sentence, or back with the reason.
    pub(crate) async fn done<T>(&self, act: salastampa_acts::Result<T>, path: &str, words: &str) -> Response {
        match act {
            Ok(_) => self.go(path, words).await,
            Err(error) => self.refused(path, &error).await,
        }
    }

    async fn say(&self, path: &str, flash: Flash) -> Response {
        let flash = serde_json::to_string(&flash).ok();
        let session = Session { flash, ..self.session.clone() };
        if let Err(error) = session::keep(&self.site.store, &session).await {
            // what was done is done: only the sentence about it is lost
            tracing::error!(%error, "a session could not be written");
        }
        see_other(&self.href(path))
    }

    /// The page that says why there is none. A failure is logged here, once.
    pub(crate) fn no_page(&self, error: &Error) -> Response {
        let (status, heading, words) = match error {
            Error::Search(salastampa_index::SearchError::Away(standing)) => {
                let words = salastampa_acts::standing::away_words(self.lang, standing, self.now);
                (StatusCode::SERVICE_UNAVAILABLE, "archive.rebuild.title", words)
            }
            Error::Missing | Error::Act(salastampa_acts::Error::Denied(Denied::Unknown { .. })) => {
                (StatusCode::NOT_FOUND, "desk.missing.title", self.t("desk.missing.words").to_owned())
            }
            Error::Act(salastampa_acts::Error::Denied(denied @ Denied::Role { .. })) => {
                (StatusCode::FORBIDDEN, "desk.forbidden.title", denied.sentence(self.lang))
            }
            Error::Act(salastampa_acts::Error::Denied(denied)) => {
                (StatusCode::CONFLICT, "desk.refused.title", denied.sentence(self.lang))
            }
            other => {
                tracing::error!(error = %other, "a page of the desk could not be made");
                (StatusCode::SERVICE_UNAVAILABLE, "desk.failed.title", self.t("desk.failed.words").to_owned())
            }
        };
        let frame = self.frame(self.t(heading));
        match (super::Notice { frame, words }).render() {
            Ok(page) => (status, kept_nowhere(Html(page))).into_response(),
            Err(error) => {
                tracing::error!(%error, "the page of a failure could not be made");
                status.into_response()
            }
        }
    }

    /// What was typed when the last session had ended.
    pub(crate) fn kept(&self) -> Option<Kept> {
        serde_json::from_str(self.session.kept.as_deref()?).ok()
    }
}

/// A form that came when its session had ended.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Kept {
    /// Where it was posted, below the site's own path.
    pub(crate) path: String,
    /// What was typed.
    pub(crate) fields: Fields,
}

/// A redirect that is followed by GET (RFC 9110 §15.4.4).
pub(crate) fn see_other(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path.to_owned())]).into_response()
}

/// Pages of the desk are in no cache and no search engine.
pub(crate) fn kept_nowhere(response: impl IntoResponse) -> Response {
    ([(CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-robots-tag"), "noindex")], response).into_response()
}
