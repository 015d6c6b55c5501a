//! *Preferenze*: what each person decides for themselves: password, language, single keys, second factor.

use super::fields::Fields;
use super::form::Slips;
use super::frame::{Flash, Frame};
use super::login::renew;
use super::session::{Desk, see_other};
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::{Denied, Slip, second_factor, user};
use salastampa_locale::{Lang, date, fill, t};

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/preferenze", get(show).post(prefer))
        .route("/desk/preferenze/password", post(password))
        .route("/desk/preferenze/secondo-fattore", post(remove_factor))
}

/// What a person decides for themselves.
#[derive(Template)]
#[template(path = "desk/preferences.html")]
pub(crate) struct PreferencesPage {
    frame: Frame,
    slips: Slips,
    login: String,
    language: String,
    languages: Vec<(String, String)>,
    shortcuts: bool,
    factor: Factor,
}

/// Where the second factor stands.
struct Factor {
    /// Since when there is one, in words.
    since: Option<String>,
    /// Recovery codes that are left.
    left: usize,
    /// The role cannot work without.
    needed: bool,
}

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk, Slips::default()).await)
}

async fn page(desk: &Desk, slips: Slips) -> Result<PreferencesPage, Error> {
    let needed = second_factor::is_required(&mut desk.site.store.read().await?, desk.user.role).await?;
    let factor = desk.user.second_factor.as_ref();
    let since = factor.and_then(|factor| factor.confirmed_at).map(|at| date::moment(at.civil(), desk.lang));
    let factor = Factor { since, left: factor.map_or(0, |factor| factor.recovery.len()), needed };
    Ok(PreferencesPage {
        frame: desk.frame(desk.t("settings.own.title")),
        slips,
        login: desk.user.login.clone(),
        language: desk.user.preferences.language.clone().unwrap_or_default(),
        languages: languages(desk.lang, desk.site.house.lang),
        shortcuts: desk.user.preferences.shortcuts,
        factor,
    })
}

/// The language of the office first, then each by its own name.
fn languages(lang: Lang, office: Lang) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), fill(lang, "settings.own.as_office", &[("language", language_name(office))]))];
    all.extend(Lang::ALL.map(|lang| (lang.code().to_owned(), language_name(lang).to_owned())));
    all
}

/// A language by its own name.
pub(crate) fn language_name(lang: Lang) -> &'static str {
    match lang {
        Lang::It => "Italiano",
        Lang::En => "English",
    }
}

async fn prefer(desk: Desk, fields: Fields) -> Response {
    let language = Some(fields.text("language")).filter(|code| !code.is_empty());
    let kept =
        user::prefer(&desk.site.store, &desk.user.login, language, fields.has("shortcuts"), desk.lang, desk.now).await;
    // in the language that was just chosen
    let lang = language.and_then(Lang::parse).unwrap_or(desk.site.house.lang);
    desk.done(kept, "/desk/preferenze", t(lang, "settings.own.kept")).await
}

async fn password(desk: Desk, fields: Fields) -> Response {
    let (old, new, again) = (fields.raw("old"), fields.raw("password"), fields.raw("again"));
    let changed = user::change_password(&desk.site.store, &desk.user.login, old, new, again, desk.lang, desk.now).await;
    match changed {
        Ok(_) => {
            let words = desk.t("settings.own.password_kept").to_owned();
            match renew(&desk, Some(Flash { done: true, words, undo: None })).await {
                Ok((desk, cookie)) => cookie.on(&desk.site, see_other(&desk.href("/desk/preferenze"))),
                Err(error) => desk.no_page(&error),
            }
        }
        Err(error) => again_with(&desk, error, "old").await,
    }
}

async fn remove_factor(desk: Desk, fields: Fields) -> Response {
    let removed =
        second_factor::remove(&desk.site.store, &desk.user.login, fields.raw("factor_password"), desk.lang, desk.now);
    match removed.await {
        Ok(()) => desk.go("/desk/preferenze", desk.t("settings.own.factor_off")).await,
        Err(error) => again_with(&desk, error, "factor_password").await,
    }
}

/// The page again with what is wrong; a closed door is said at that field.
async fn again_with(desk: &Desk, error: salastampa_acts::Error, field: &'static str) -> Response {
    let slips = match error {
        salastampa_acts::Error::Denied(Denied::Form(slips)) => slips,
        salastampa_acts::Error::Denied(denied @ Denied::Wait { .. }) => {
            vec![Slip { field, sentence: denied.sentence(desk.lang) }]
        }
        other => return desk.refused("/desk/preferenze", &other).await,
    };
    desk.again(page(desk, Slips(slips)).await)
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = |factor, slips| PreferencesPage {
        frame: Frame::sample(lang, t(lang, "settings.own.title"), "/desk/preferenze"),
        slips,
        login: "lia".into(),
        language: "en".into(),
        languages: languages(lang, Lang::It),
        shortcuts: true,
        factor,
    };
    let wrong = Slips(vec![Slip { field: "old", sentence: t(lang, "settings.slips.old_password").to_owned() }]);
    let none = page(Factor { since: None, left: 0, needed: false }, wrong);
    let some = page(Factor { since: Some("23 nov 2026".into()), left: 9, needed: false }, Slips::default());
    let needed = page(Factor { since: Some("23 nov 2026".into()), left: 1, needed: true }, Slips::default());
    [("preferences", none), ("preferences_factor", some), ("preferences_needed", needed)]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into()
}
