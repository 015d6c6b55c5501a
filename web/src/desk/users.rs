//! *Operatori*: who works at the desk, and in what role. An administrator changes it, the head of the press office looks.
//!
//! Nobody types a password for somebody else: a link that opens once, shown this one time, lets them choose their own.

use super::fields::Fields;
use super::form::Slips;
use super::frame::{Frame, role_words};
use super::session::{Desk, kept_nowhere};
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use salastampa_acts::Denied;
use salastampa_acts::user::{self, TypedUser};
use salastampa_domain::{Act, Role, User, UserId};
use salastampa_locale::{Lang, date, fill, t};

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/operatori", get(list))
        .route("/desk/operatori/nuovo", get(blank).post(create))
        .route("/desk/operatori/{id}", get(edit).post(change))
        .route("/desk/operatori/{id}/invito", post(invite))
        .route("/desk/operatori/{id}/chiudi", post(close))
        .route("/desk/operatori/{id}/riapri", post(reopen))
        .route("/desk/operatori/{id}/secondo-fattore", post(reset_factor))
        .route("/desk/invito/{token}", get(invited).post(accept))
}

/// Everybody.
#[derive(Template)]
#[template(path = "desk/users.html")]
pub(crate) struct UsersPage {
    frame: Frame,
    lines: Vec<Line>,
    may_change: bool,
}

struct Line {
    href: String,
    login: String,
    name: String,
    address: String,
    role: &'static str,
    second_signature: bool,
    has_password: bool,
    has_factor: bool,
    is_closed: bool,
}

/// Adds or changes one.
#[derive(Template)]
#[template(path = "desk/user.html")]
pub(crate) struct UserPage {
    frame: Frame,
    slips: Slips,
    typed: TypedUser,
    roles: Vec<(String, String)>,
    /// Somebody who is there already.
    known: Option<Known>,
}

struct Known {
    path: String,
    login: String,
    seen: String,
    has_password: bool,
    has_factor: bool,
    /// Since when they are closed out, in words.
    closed: Option<String>,
    /// What somebody else wrote while this form was open.
    changed: Option<Changed>,
}

struct Changed {
    words: String,
    now: String,
}

/// Shows the link that lets somebody choose a password.
#[derive(Template)]
#[template(path = "desk/user_link.html")]
pub(crate) struct LinkPage {
    frame: Frame,
    words: String,
    link: String,
}

/// Lets somebody choose a password, without a login.
#[derive(Template)]
#[template(path = "desk/invited.html")]
pub(crate) struct InvitedPage {
    frame: Frame,
    slips: Slips,
    action: String,
    lead: String,
    login: String,
}

async fn list(desk: Desk) -> Response {
    desk.answer(list_page(&desk).await)
}

async fn list_page(desk: &Desk) -> Result<UsersPage, Error> {
    desk.must(Act::Inspect)?;
    let mut users = desk.site.store.read().await?.list_users().await?;
    users.sort_by_key(|user| (user.disabled_at.is_some(), user.name.to_lowercase()));
    let lines = users.iter().map(|user| line(user, desk.lang, desk.site.prefix())).collect();
    Ok(UsersPage { frame: desk.frame(desk.t("desk.menu.users")), lines, may_change: desk.may(Act::Administer) })
}

fn line(user: &User, lang: Lang, prefix: &str) -> Line {
    Line {
        href: format!("{prefix}/desk/operatori/{}", user.id),
        login: user.login.clone(),
        name: user.name.clone(),
        address: user.address.as_ref().map(ToString::to_string).unwrap_or_default(),
        role: role_words(lang, user.role),
        second_signature: user.second_signature,
        has_password: user.password.is_some(),
        has_factor: has_factor(user),
        is_closed: user.disabled_at.is_some(),
    }
}

fn has_factor(user: &User) -> bool {
    user.second_factor.as_ref().is_some_and(|factor| factor.confirmed_at.is_some())
}

fn roles(lang: Lang) -> Vec<(String, String)> {
    Role::ALL.map(|role| (role.name().to_owned(), role_words(lang, role).to_owned())).into()
}

async fn blank(desk: Desk) -> Response {
    let typed = TypedUser { role: Role::Editor.name().to_owned(), ..TypedUser::default() };
    desk.answer(desk.must(Act::Administer).map(|()| new_page(&desk, typed, Slips::default())))
}

fn new_page(desk: &Desk, typed: TypedUser, slips: Slips) -> UserPage {
    let frame = desk.frame(desk.t("settings.users.new"));
    UserPage { frame, slips, typed, roles: roles(desk.lang), known: None }
}

fn typed(fields: &Fields) -> TypedUser {
    TypedUser {
        login: fields.text("login").to_owned(),
        name: fields.text("name").to_owned(),
        address: fields.text("address").to_owned(),
        role: fields.text("role").to_owned(),
        second_signature: fields.has("second_signature"),
    }
}

async fn create(desk: Desk, fields: Fields) -> Response {
    let typed = typed(&fields);
    match user::create(&desk.site.store, &desk.user.login, &typed, desk.lang, desk.now).await {
        Ok(id) => link_page(&desk, id).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(Ok(new_page(&desk, typed, Slips(slips))))
        }
        Err(error) => desk.refused("/desk/operatori", &error).await,
    }
}

async fn edit(desk: Desk, Path(id): Path<i64>) -> Response {
    desk.answer(edit_page(&desk, UserId(id), None, Slips::default()).await)
}

/// The form over what is there, or over what was typed. `changed` is who else wrote in the meantime.
async fn edit_page(
    desk: &Desk,
    id: UserId,
    over: Option<(TypedUser, String, Option<String>)>,
    slips: Slips,
) -> Result<UserPage, Error> {
    desk.must(Act::Administer)?;
    let found = desk.site.store.read().await?.find_user_by_id(id).await?.ok_or(Error::Missing)?;
    let (typed, seen, changed) = over.unwrap_or_else(|| (as_typed(&found), user::mark(&found), None));
    let changed = changed.map(|words| Changed { words, now: told(&found, desk.lang) });
    let known = Known {
        path: format!("/desk/operatori/{id}"),
        login: found.login.clone(),
        // after a conflict the form knows what it would replace
        seen: if changed.is_some() { user::mark(&found) } else { seen },
        has_password: found.password.is_some(),
        has_factor: has_factor(&found),
        closed: found.disabled_at.map(|at| date::moment(at.civil(), desk.lang)),
        changed,
    };
    Ok(UserPage { frame: desk.frame(&found.name), slips, typed, roles: roles(desk.lang), known: Some(known) })
}

fn as_typed(user: &User) -> TypedUser {
    TypedUser {
        login: user.login.clone(),
        name: user.name.clone(),
        address: user.address.as_ref().map(ToString::to_string).unwrap_or_default(),
        role: user.role.name().to_owned(),
        second_signature: user.second_signature,
    }
}

/// What stands there now, in one line.
fn told(user: &User, lang: Lang) -> String {
    let address = user.address.as_ref().map(ToString::to_string).unwrap_or_default();
    let parts = [user.name.as_str(), address.as_str(), role_words(lang, user.role)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

async fn change(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Response {
    let (id, typed, seen) = (UserId(id), typed(&fields), fields.text("seen").to_owned());
    let changed = user::change(&desk.site.store, &desk.user.login, id, &seen, &typed, desk.lang, desk.now).await;
    match changed {
        Ok(()) => desk.go("/desk/operatori", desk.t("settings.users.kept")).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(edit_page(&desk, id, Some((typed, seen, None)), Slips(slips)).await)
        }
        Err(salastampa_acts::Error::Denied(denied @ Denied::Changed { .. })) => {
            let words = Some(denied.sentence(desk.lang));
            desk.again(edit_page(&desk, id, Some((typed, seen, words)), Slips::default()).await)
        }
        Err(error) => desk.refused("/desk/operatori", &error).await,
    }
}

async fn invite(desk: Desk, Path(id): Path<i64>) -> Response {
    link_page(&desk, UserId(id)).await
}

/// Makes the link and shows it: it is written nowhere, so the page that makes it is the only one that can.
async fn link_page(desk: &Desk, id: UserId) -> Response {
    match made_link(desk, id).await {
        Ok(page) => desk.answer(Ok(page)),
        Err(Error::Act(error)) => desk.refused("/desk/operatori", &error).await,
        Err(error) => desk.no_page(&error),
    }
}

async fn made_link(desk: &Desk, id: UserId) -> Result<LinkPage, Error> {
    let token = user::invite(&desk.site.store, &desk.user.login, id, desk.now).await?;
    let found = desk.site.store.read().await?.find_user_by_id(id).await?.ok_or(Error::Missing)?;
    let until = date::moment(desk.now.plus(user::HOLDS).civil(), desk.lang);
    Ok(LinkPage {
        frame: desk.frame(desk.t("settings.users.link_title")),
        words: fill(desk.lang, "settings.users.link_words", &[("name", &found.name), ("until", &until)]),
        link: format!("{}/desk/invito/{token}", desk.site.house.base_url),
    })
}

async fn close(desk: Desk, Path(id): Path<i64>) -> Response {
    let done = user::set_open(&desk.site.store, &desk.user.login, UserId(id), false, desk.lang, desk.now).await;
    desk.done(done, "/desk/operatori", desk.t("settings.users.closed_now")).await
}

async fn reopen(desk: Desk, Path(id): Path<i64>) -> Response {
    let done = user::set_open(&desk.site.store, &desk.user.login, UserId(id), true, desk.lang, desk.now).await;
    desk.done(done, "/desk/operatori", desk.t("settings.users.reopened")).await
}

async fn reset_factor(desk: Desk, Path(id): Path<i64>) -> Response {
    let done = user::reset_second_factor(&desk.site.store, &desk.user.login, UserId(id), desk.now).await;
    desk.done(done, "/desk/operatori", desk.t("settings.users.factor_reset")).await
}

async fn invited(State(site): State<Site>, Path(token): Path<String>) -> Response {
    outside(&site, invited_page(&site, &token, Slips::default()).await, StatusCode::OK)
}

async fn invited_page(site: &Site, token: &str, slips: Slips) -> Result<InvitedPage, Error> {
    let now = site.clock.now();
    let user = user::invited(&mut site.store.read().await?, token, now).await?;
    let lang = site.house.lang;
    let lead = fill(lang, "settings.users.invited_lead", &[("name", &user.name), ("login", &user.login)]);
    let frame = Frame::outside(site, t(lang, "settings.users.invited_title"));
    Ok(InvitedPage { frame, slips, action: format!("/desk/invito/{token}"), lead, login: user.login })
}

async fn accept(State(site): State<Site>, Path(token): Path<String>, fields: Fields) -> Response {
    let (secret, again) = (fields.raw("password"), fields.raw("again"));
    match user::accept(&site.store, &token, secret, again, site.house.lang, site.clock.now()).await {
        Ok(user) => super::login::open(&site, &user, "/desk/oggi", "").await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            let page = invited_page(&site, &token, Slips(slips)).await;
            outside(&site, page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => outside::<InvitedPage>(&site, Err(error.into()), StatusCode::OK),
    }
}

/// A page for who is not logged in and holds a link; a link that no longer opens says what to do.
pub(crate) fn outside<P: Template>(site: &Site, page: Result<P, Error>, status: StatusCode) -> Response {
    let lang = site.house.lang;
    match page.and_then(|page| Ok(page.render()?)) {
        Ok(page) => (status, kept_nowhere(Html(page))).into_response(),
        Err(Error::Act(salastampa_acts::Error::Denied(Denied::Unknown { .. }))) => {
            let frame = Frame::outside(site, t(lang, "login.link.title"));
            let page = super::Notice { frame, words: t(lang, "login.link.words").to_owned() };
            (StatusCode::NOT_FOUND, kept_nowhere(page)).into_response()
        }
        Err(error) => crate::answer::answer(site, Err(error)),
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_acts::Slip;
    let frame = |title: &str| Frame::sample(lang, title, "/desk/operatori");
    let line = |name: &str, is_closed| Line {
        href: "/desk/operatori/3".into(),
        login: "lia".into(),
        name: name.into(),
        address: "lia@bellariva.test".into(),
        role: role_words(lang, Role::Chief),
        second_signature: true,
        has_password: is_closed,
        has_factor: !is_closed,
        is_closed,
    };
    let users = UsersPage {
        frame: frame(t(lang, "desk.menu.users")),
        lines: vec![line("Lia <b>Neri</b>", false), line("Ugo Bassi", true)],
        may_change: true,
    };
    let typed = TypedUser { login: "lia".into(), name: "<i>".into(), role: "chief".into(), ..TypedUser::default() };
    let known = Known {
        path: "/desk/operatori/3".into(),
        login: "lia".into(),
        seen: "ab".into(),
        has_password: true,
        has_factor: true,
        closed: None,
        changed: Some(Changed { words: "<b>".into(), now: "Lia Neri".into() }),
    };
    let slips = Slips(vec![Slip { field: "role", sentence: t(lang, "settings.slips.last_admin").to_owned() }]);
    let form = |known, slips| UserPage {
        frame: frame(t(lang, "settings.users.new")),
        slips,
        typed: typed.clone(),
        roles: roles(lang),
        known,
    };
    let closed = Known {
        closed: Some("23 nov".into()),
        changed: None,
        path: "/desk/operatori/4".into(),
        login: "ugo".into(),
        seen: "cd".into(),
        has_password: false,
        has_factor: false,
    };
    let outside =
        Frame { user: None, parts: Vec::new(), flash: None, ..frame(t(lang, "settings.users.invited_title")) };
    let invited = InvitedPage {
        frame: outside,
        slips: Slips::default(),
        action: "/desk/invito/ab".into(),
        lead: "<u>".into(),
        login: "lia".into(),
    };
    let link = LinkPage { frame: frame("x"), words: "<b>".into(), link: "https://a.test/desk/invito/\"".into() };
    let page = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a template over strings");
    vec![
        ("users", page(&users)),
        ("user_new", page(&form(None, Slips::default()))),
        ("user", page(&form(Some(known), slips))),
        ("user_closed", page(&form(Some(closed), Slips::default()))),
        ("user_link", page(&link)),
        ("invited", page(&invited)),
    ]
}
