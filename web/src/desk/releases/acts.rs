//! The steps of a release, as forms post them. Each asks its act and goes back to the page, which says what came of it.

use super::page::{Typed, page};
use super::words::moment;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::session::Desk;
use axum::extract::Path;
use axum::response::Response;
use salastampa_acts::release::{self, Queued, Stopped};
use salastampa_acts::{Denied, Error, Result, Slip};
use salastampa_domain::Timestamp;
use salastampa_locale::{fill, plural};
use salastampa_releases::lint::unwise_hour;

pub(super) async fn submit(desk: Desk, Path(slug): Path<String>) -> Response {
    let act = release::submit(&desk.site.store, &desk.site.house, &slug, &desk.user.login, desk.now).await;
    let act = act.map(|version| fill(desk.lang, "composer.done.submitted", &[("n", &version.number.to_string())]));
    told(&desk, &slug, act, Typed::default()).await
}

pub(super) async fn approve(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, house) = (&desk.site.store, &desk.site.house);
    let seen = Some(fields.text("visto"));
    let act = release::approve(store, house, &slug, seen, &desk.user.login, desk.now).await;
    let key = |alone| if alone { "composer.done.approved_alone" } else { "composer.done.approved" };
    let act = act.map(|approved| salastampa_locale::t(desk.lang, key(approved.alone)).to_owned());
    told(&desk, &slug, act, Typed::default()).await
}

pub(super) async fn sign(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, house) = (&desk.site.store, &desk.site.house);
    let seen = Some(fields.text("visto"));
    let act = release::sign(store, house, &slug, seen, &desk.user.login, desk.now).await;
    let act = act.map(|_| desk.t("election.sign.done").to_owned());
    told(&desk, &slug, act, Typed::default()).await
}

pub(super) async fn reject(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, house) = (&desk.site.store, &desk.site.house);
    let reason = fields.raw("motivo");
    let act = release::reject(store, house, &slug, reason, &desk.user.login, desk.now).await;
    let act = act.map(|()| desk.t("composer.done.rejected").to_owned());
    told(&desk, &slug, act, Typed { reason: reason.to_owned(), ..Typed::default() }).await
}

pub(super) async fn send(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, house) = (&desk.site.store, &desk.site.house);
    let seen = Some(fields.text("visto"));
    let act = release::send(store, house, &slug, seen, &desk.user.login, desk.now).await;
    let act = act.map(|queued| queued_words(&desk, "composer.done.sent", queued, desk.now));
    told(&desk, &slug, act, Typed::default()).await
}

pub(super) async fn schedule(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, house) = (&desk.site.store, &desk.site.house);
    let hour = fields.text("ora");
    let wrong = |key| -> Error {
        Denied::Form(vec![Slip { field: "ora", sentence: salastampa_locale::t(desk.lang, key).to_owned() }]).into()
    };
    // a day without an hour would mean midnight, which nobody means
    let act = match Timestamp::parse(hour).filter(|_| hour.contains(':')) {
        None => Err(wrong("composer.refused.bad_hour")),
        Some(at) => {
            let seen = Some(fields.text("visto"));
            match release::schedule(store, house, &slug, at, seen, &desk.user.login, desk.now).await {
                Err(Error::Denied(Denied::Past)) => Err(wrong("composer.refused.past_hour")),
                other => other.map(|queued| {
                    let words = queued_words(&desk, "composer.done.scheduled", queued, at);
                    let unwise = unwise_hour(queued.public_at.max(at), desk.site.house.patron);
                    unwise.map_or(words.clone(), |lint| format!("{words} {}.", capital(&lint.message.say(desk.lang))))
                }),
            }
        }
    };
    told(&desk, &slug, act, Typed { hour: hour.to_owned(), ..Typed::default() }).await
}

pub(super) async fn stop(desk: Desk, Path(slug): Path<String>) -> Response {
    let act = release::stop(&desk.site.store, &desk.site.house, &slug, &desk.user.login, desk.now).await;
    let act = act.map(|stopped| stopped_words(&desk, stopped));
    told(&desk, &slug, act, Typed::default()).await
}

pub(super) async fn abandon(desk: Desk, Path(slug): Path<String>) -> Response {
    let act = release::abandon(&desk.site.store, &desk.site.house, &slug, &desk.user.login, desk.now).await;
    let act = act.map(|()| desk.t("composer.done.abandoned").to_owned());
    told(&desk, &slug, act, Typed::default()).await
}

/// A new release with this one's text, open for writing.
pub(super) async fn base(desk: Desk, Path(slug): Path<String>) -> Response {
    let (store, house) = (&desk.site.store, &desk.site.house);
    match release::new_from(store, house, &slug, None, &desk.user.login, desk.now).await {
        Ok(new) => desk.go(&format!("/desk/comunicati/{new}/modifica"), desk.t("composer.done.based")).await,
        Err(error) => told(&desk, &slug, Err(error), Typed::default()).await,
    }
}

pub(super) async fn withdraw(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, house) = (&desk.site.store, &desk.site.house);
    let why = fields.raw("perche");
    let act = release::withdraw(store, house, &slug, why, &desk.user.login, desk.now).await;
    let act = act.map(|(cancelled, told)| {
        let (cancelled, told) = (cancelled.to_string(), told.to_string());
        fill(desk.lang, "composer.done.withdrawn", &[("cancelled", &cancelled), ("told", &told)])
    });
    told(&desk, &slug, act, Typed { why: why.to_owned(), ..Typed::default() }).await
}

/// Back to the page of the release: with the sentence of what was done, with what is wrong beside its field and what was
/// typed, or with the reason why nothing was done.
async fn told(desk: &Desk, slug: &str, act: Result<String>, typed: Typed) -> Response {
    let path = format!("/desk/comunicati/{slug}");
    match act {
        Ok(words) => desk.go(&path, words).await,
        Err(Error::Denied(Denied::Form(slips))) => desk.again(page(desk, slug, Slips(slips), typed).await),
        Err(Error::Denied(denied @ Denied::Unknown { .. })) => desk.no_page(&crate::answer::Error::Act(denied.into())),
        Err(Error::Denied(Denied::Changed { by, at })) => {
            let at = moment(at, desk.lang);
            let words = fill(desk.lang, "composer.refused.other_text", &[("who", &by), ("at", &at)]);
            desk.refused(&path, &Denied::Form(vec![Slip { field: "visto", sentence: words }]).into()).await
        }
        Err(error) => desk.refused(&path, &error).await,
    }
}

fn queued_words(desk: &Desk, key: &'static str, queued: Queued, at: Timestamp) -> String {
    let messages = plural(desk.lang, "composer.done.messages", queued.messages);
    let mut words = fill(desk.lang, key, &[("messages", &messages), ("at", &moment(at, desk.lang))]);
    if queued.suppressed > 0 {
        words = format!("{words} {}", plural(desk.lang, "composer.done.suppressed", queued.suppressed));
    }
    if queued.public_at > at {
        let hour = moment(queued.public_at, desk.lang);
        words = format!("{words} {}", fill(desk.lang, "composer.done.embargo", &[("at", &hour)]));
    }
    words
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn stopped_words(desk: &Desk, stopped: Stopped) -> String {
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let mut words = plural(desk.lang, "composer.done.stopped", count(stopped.cancelled));
    for (key, n) in [
        ("composer.done.in_hand", stopped.in_hand),
        ("composer.done.gone", stopped.gone),
        ("composer.done.restored", stopped.restored),
    ] {
        if n > 0 {
            words = format!("{words} {}", plural(desk.lang, key, count(n)));
        }
    }
    let key = if stopped.public { "composer.done.still_public" } else { "composer.done.not_public" };
    format!("{words} {}", salastampa_locale::t(desk.lang, key))
}
