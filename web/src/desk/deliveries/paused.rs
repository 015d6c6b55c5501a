//! *In pausa*: what does not leave because the mail server refuses us, why in words, and the button that lets it go on.

use super::{Names, names};
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::releases::words::Moment;
use crate::desk::session::Desk;
use axum::response::Response;
use salastampa_acts::{curate, outbox};
use salastampa_domain::{Act, Cause, Delivery, DeliveryKind, Lane, Pause, ReleaseId};
use salastampa_locale::{Lang, t};
use salastampa_store::Rows;

/// A lane that is paused, as pages show it.
#[derive(Clone, Debug)]
pub(crate) struct Paused {
    /// All mail, or what of it.
    pub(crate) what: String,
    pub(crate) since: Moment,
    /// What is wrong and what to do.
    pub(crate) why: &'static str,
    /// The server's own words.
    pub(crate) said: String,
    /// When a message is tried, where that happens by itself.
    pub(crate) tried: Option<Moment>,
    /// How the form names it; none for who may not let it go on.
    pub(crate) lane: Option<String>,
}

/// What is paused; with `of`, only what holds that lane back.
pub(crate) async fn paused(desk: &Desk, rows: &mut Rows, of: Option<Lane>) -> Result<Vec<Paused>, Error> {
    let pauses = rows.list_pauses().await?;
    let mut found = Vec::new();
    for pause in pauses.into_iter().filter(|pause| of.is_none_or(|of| pause.lane == of || pause.lane == Lane::All)) {
        let what = what(desk, rows, pause.lane).await?;
        found.push(Paused::of(&pause, what, desk.lang, desk.may(Act::Write)));
    }
    Ok(found)
}

/// Lets a lane go on, and goes back to where it was shown.
pub(super) async fn resume(desk: Desk, fields: Fields) -> Response {
    let Some(lane) = parse(fields.text("corsia")) else { return desk.no_page(&Error::Missing) };
    let back = match lane {
        Lane::Campaign { kind: DeliveryKind::Release, thing } => back_to(&desk, ReleaseId(thing)).await,
        _ => Ok("/desk/invii".to_owned()),
    };
    let back = match back {
        Ok(back) => back,
        Err(error) => return desk.no_page(&error),
    };
    match outbox::resume(&desk.site.store, lane, &desk.user.login, desk.now).await {
        Ok(true) => desk.go(&back, desk.t("composer.paused.resumed")).await,
        Ok(false) => desk.go(&back, desk.t("composer.paused.not_paused")).await,
        Err(error) => desk.refused(&back, &error).await,
    }
}

async fn back_to(desk: &Desk, release: ReleaseId) -> Result<String, Error> {
    let release = desk.site.store.read().await?.find_release_by_id(release).await?.ok_or(Error::Missing)?;
    Ok(format!("/desk/comunicati/{}", release.slug))
}

async fn what(desk: &Desk, rows: &mut Rows, lane: Lane) -> Result<String, Error> {
    let Lane::Campaign { kind, thing } = lane else { return Ok(desk.t("composer.paused.all").to_owned()) };
    let about: Vec<Delivery> = rows.list_deliveries(kind, thing).await?.into_iter().take(1).collect();
    let unseen = curate::unseen(rows, &desk.user).await?;
    let names: Names = names(rows, &about, &unseen, desk.lang).await?;
    let named = about.first().map(|delivery| names.about(delivery, desk.lang)).unwrap_or_default();
    let kind = super::one_words(desk.lang, kind);
    Ok(if named.is_empty() { kind.to_owned() } else { format!("{kind}: {named}") })
}

fn parse(text: &str) -> Option<Lane> {
    if text == "tutto" {
        return Some(Lane::All);
    }
    let (kind, thing) = text.split_once(':')?;
    Some(Lane::Campaign { kind: DeliveryKind::parse(kind)?, thing: thing.parse().ok()? })
}

impl Paused {
    fn of(pause: &Pause, what: String, lang: Lang, may: bool) -> Self {
        let lane = match pause.lane {
            Lane::All => "tutto".to_owned(),
            Lane::Campaign { kind, thing } => format!("{}:{thing}", kind.name()),
        };
        Self {
            what,
            since: Moment::of(pause.at, lang),
            why: cause_words(lang, pause.cause),
            said: pause.said.clone(),
            tried: pause.probe_at.map(|at| Moment::of(at, lang)),
            lane: may.then_some(lane),
        }
    }

    #[cfg(test)]
    pub(crate) fn samples(lang: Lang) -> Vec<Self> {
        let now = salastampa_domain::Timestamp(0);
        let all = Lane::All.pause(Cause::Encryption, "<b>454</b> TLS not available", now);
        let one = Lane::Campaign { kind: DeliveryKind::Release, thing: 1 }.pause(Cause::Policy, "550 5.7.1", now);
        vec![Self::of(&all, "<i>Tutta</i>".into(), lang, true), Self::of(&one, "Ponte".into(), lang, false)]
    }
}

/// What is wrong, and what to do, in a sentence for who is no technician.
pub(crate) fn cause_words(lang: Lang, cause: Cause) -> &'static str {
    match cause {
        Cause::Login => t(lang, "composer.cause.login"),
        Cause::Encryption => t(lang, "composer.cause.encryption"),
        Cause::Greeting => t(lang, "composer.cause.greeting"),
        Cause::Busy => t(lang, "composer.cause.busy"),
        Cause::Silence => t(lang, "composer.cause.silence"),
        Cause::Cut => t(lang, "composer.cause.cut"),
        Cause::Sender => t(lang, "composer.cause.sender"),
        Cause::Policy => t(lang, "composer.cause.policy"),
        Cause::Content => t(lang, "composer.cause.content"),
        Cause::Size => t(lang, "composer.cause.size"),
        Cause::System => t(lang, "composer.cause.system"),
        Cause::Protocol => t(lang, "composer.cause.protocol"),
        Cause::Unreachable => t(lang, "composer.cause.unreachable"),
        Cause::Unmade => t(lang, "composer.cause.unmade"),
    }
}
