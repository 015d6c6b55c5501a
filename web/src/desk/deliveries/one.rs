//! One message: its attempts with the words of the server, and, where its fate is unknown, what a person decides.

use super::{Names, badge, names, one_words, reason_words, state_words};
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::releases::words::Moment;
use crate::desk::returned::{kind_words, return_words};
use crate::desk::session::Desk;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use salastampa_acts::doubt::{self, Decision};
use salastampa_acts::{Denied, curate, outbox};
use salastampa_domain::{Act, Actor, Attempt, AttemptPhase, Delivery, DeliveryId, DeliveryKind, DeliveryState, Event};
use salastampa_locale::{Lang, date, t};
use salastampa_store::Rows;

/// The page.
#[derive(Template)]
#[template(path = "desk/deliveries/one.html")]
pub(crate) struct DeliveryPage {
    frame: Frame,
    slips: Slips,
    typed: String,
    id: i64,
    state: &'static str,
    badge: &'static str,
    /// What the state means for the person, and what happens next.
    meaning: &'static str,
    kind: &'static str,
    about: String,
    about_href: Option<String>,
    subject: String,
    to: String,
    address: String,
    queued: Moment,
    due: Moment,
    accepted: Option<Moment>,
    message_id: String,
    reason: String,
    attempts: Vec<Try>,
    undecided: bool,
    past: Vec<(String, String, Moment)>,
    /// What came back of it, in words; the mails that told it: words, page, when.
    returned: Option<String>,
    mails: Vec<(&'static str, String, Moment)>,
}

/// An attempt.
struct Try {
    number: u32,
    began: Moment,
    ended: String,
    phase: &'static str,
    code: String,
    said: String,
}

pub(super) async fn show(desk: Desk, Path(id): Path<String>) -> Response {
    desk.answer(page(&desk, &id, Slips::default(), String::new()).await)
}

pub(super) async fn decide(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(number) = id.parse() else { return desk.no_page(&Error::Missing) };
    let (decision, words) = match fields.text("esito") {
        "rimanda" => (Decision::Again, "composer.done.again"),
        "arrivato" => (Decision::Arrived, "composer.done.arrived"),
        "perso" => (Decision::Lost, "composer.done.lost"),
        _ => return desk.no_page(&Error::Missing),
    };
    let (store, house, why) = (&desk.site.store, &desk.site.house, fields.raw("motivo"));
    let act = doubt::decide(store, house, DeliveryId(number), decision, why, &desk.user.login, desk.now).await;
    match act {
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, &id, Slips(slips), why.to_owned()).await)
        }
        act => desk.done(act, &format!("/desk/invii/{number}"), t(desk.lang, words)).await,
    }
}

async fn page(desk: &Desk, id: &str, slips: Slips, typed: String) -> Result<DeliveryPage, Error> {
    desk.must(Act::KeepContacts)?;
    let lang = desk.lang;
    let id = id.parse().map(DeliveryId).map_err(|_| Error::Missing)?;
    let mut rows = desk.site.store.read().await?;
    let delivery = rows.find_delivery(id).await?.ok_or(Error::Missing)?;
    if !curate::sees_delivery(&mut rows, &desk.user, &delivery).await? {
        return Err(Error::Missing);
    }
    let attempts = rows.list_attempts(id).await?;
    let names: Names = names(&mut rows, std::slice::from_ref(&delivery), &[], lang).await?;
    let about = names.about(&delivery, lang);
    Ok(DeliveryPage {
        frame: desk.frame(&format!("{} {}", desk.t("composer.one.title"), delivery.address.as_str())),
        state: state_words(lang, delivery.state.name()),
        badge: badge(&delivery.state),
        meaning: meaning(lang, &delivery),
        kind: one_words(lang, delivery.subject.kind),
        about_href: about_href(desk, &mut rows, &delivery).await?,
        about,
        subject: subject(desk, &delivery).await,
        to: receiver(&mut rows, &delivery).await?,
        address: delivery.address.as_str().to_owned(),
        queued: Moment::of(delivery.queued_at, lang),
        due: Moment::of(next_hour(&delivery), lang),
        accepted: delivery.accepted_at.map(|at| Moment::of(at, lang)),
        reason: reason_words(lang, &delivery),
        attempts: attempts.iter().map(|attempt| tried(lang, attempt)).collect(),
        undecided: delivery.state == DeliveryState::Uncertain,
        past: past(desk, &mut rows, id).await?,
        returned: rows.list_returns(&[id]).await?.first().map(|told| return_words(lang, told)),
        mails: mails(desk, &mut rows, id).await?,
        message_id: delivery.message_id,
        id: id.0,
        slips,
        typed,
    })
}

fn next_hour(delivery: &Delivery) -> salastampa_domain::Timestamp {
    match delivery.state {
        DeliveryState::Deferred { next_at } => next_at,
        _ => delivery.due_at,
    }
}

fn meaning(lang: Lang, delivery: &Delivery) -> &'static str {
    match delivery.state {
        DeliveryState::Queued => t(lang, "composer.meaning.queued"),
        DeliveryState::Leased { .. } | DeliveryState::DataStarted { .. } => t(lang, "composer.meaning.in_hand"),
        DeliveryState::Accepted => t(lang, "composer.meaning.accepted"),
        DeliveryState::Deferred { .. } => t(lang, "composer.meaning.deferred"),
        DeliveryState::Uncertain if delivery.uncertain == 0 => t(lang, "composer.meaning.uncertain_once"),
        DeliveryState::Uncertain => t(lang, "composer.meaning.uncertain"),
        DeliveryState::Failed => t(lang, "composer.meaning.failed"),
        DeliveryState::Suppressed => t(lang, "composer.meaning.suppressed"),
        DeliveryState::Cancelled => t(lang, "composer.meaning.cancelled"),
    }
}

async fn about_href(desk: &Desk, rows: &mut Rows, delivery: &Delivery) -> Result<Option<String>, Error> {
    let subject = delivery.subject;
    Ok(match subject.kind {
        DeliveryKind::Release | DeliveryKind::Withdrawal => {
            let release = rows.find_release_by_id(salastampa_domain::ReleaseId(subject.thing)).await?;
            release.map(|release| desk.href(&format!("/desk/comunicati/{}", release.slug)))
        }
        _ => None,
    })
}

/// The subject line of the frozen letter.
async fn subject(desk: &Desk, delivery: &Delivery) -> String {
    let bytes = desk.site.store.files().get(&delivery.letter).await.ok().flatten();
    let frozen = bytes.and_then(|bytes| serde_json::from_slice::<outbox::Frozen>(&bytes).ok());
    frozen.map(|frozen| frozen.letter.subject).unwrap_or_default()
}

async fn receiver(rows: &mut Rows, delivery: &Delivery) -> Result<String, Error> {
    if let Some(id) = delivery.contact {
        return Ok(rows.find_contact(id).await?.map(|c| format!("{}, {}", c.name, c.outlet)).unwrap_or_default());
    }
    match delivery.reader {
        Some(id) => Ok(rows.find_reader(id).await?.map(|reader| reader.name).unwrap_or_default()),
        None => Ok(String::new()),
    }
}

fn tried(lang: Lang, attempt: &Attempt) -> Try {
    let ended = |at: salastampa_domain::Timestamp| date::time_seconds(at.civil().time());
    Try {
        number: attempt.number,
        began: Moment::of(attempt.started, lang),
        ended: attempt.ended.map(ended).unwrap_or_default(),
        phase: match attempt.phase {
            AttemptPhase::Connect => t(lang, "composer.one.connect"),
            AttemptPhase::Offer => t(lang, "composer.one.offer"),
            AttemptPhase::Data => t(lang, "composer.one.data"),
        },
        code: attempt.code.map(|code| code.to_string()).unwrap_or_default(),
        said: attempt.text.clone(),
    }
}

/// The mails that came back of it.
async fn mails(desk: &Desk, rows: &mut Rows, id: DeliveryId) -> Result<Vec<(&'static str, String, Moment)>, Error> {
    let mails = rows.list_inbound_about(id).await?;
    let line = |mail: &salastampa_domain::Inbound| {
        let href = desk.href(&format!("/desk/posta-tornata/{}", mail.id));
        (kind_words(desk.lang, mail.kind), href, Moment::of(mail.at, desk.lang))
    };
    Ok(mails.iter().map(line).collect())
}

/// What persons decided about it: words, who and why, when.
async fn past(desk: &Desk, rows: &mut Rows, id: DeliveryId) -> Result<Vec<(String, String, Moment)>, Error> {
    let mut past = Vec::new();
    for event in rows.list_events_of(&Event::about_delivery(id), 20).await? {
        let after: serde_json::Value =
            event.after.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let text = |name: &str| after.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let who = match event.who {
            Actor::User { id } => rows.find_user_by_id(id).await?.map(|user| user.name).unwrap_or_default(),
            _ => String::new(),
        };
        let words = state_words(desk.lang, &text("state")).to_owned();
        let why = text("why");
        let said = if why.is_empty() { who } else { format!("{who}: {why}") };
        past.push((words, said, Moment::of(event.at, desk.lang)));
    }
    Ok(past)
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let at = Moment::of(salastampa_domain::Timestamp(0), lang);
    let mut page = DeliveryPage {
        frame: Frame::sample(lang, "nina@riva.test", "/desk/invii/7"),
        slips: Slips(vec![salastampa_acts::Slip { field: "motivo", sentence: "<b>".into() }]),
        typed: "</textarea><script>".into(),
        id: 7,
        state: state_words(lang, "uncertain"),
        badge: "bad",
        meaning: t(lang, "composer.meaning.uncertain"),
        kind: one_words(lang, DeliveryKind::Release),
        about: "<script>".into(),
        about_href: Some("/desk/comunicati/x".into()),
        subject: "<script>".into(),
        to: "Nina <b>Valli</b>".into(),
        address: "nina@riva.test".into(),
        queued: at.clone(),
        due: at.clone(),
        accepted: Some(at.clone()),
        message_id: "release1.v1.r0@bellariva.test".into(),
        reason: "451 <i>".into(),
        attempts: vec![Try {
            number: 1,
            began: at.clone(),
            ended: "10:00:01".into(),
            phase: t(lang, "composer.one.data"),
            code: "451".into(),
            said: "<script>".into(),
        }],
        undecided: true,
        past: vec![("x".into(), "<b>Lia</b>".into(), at.clone())],
        returned: Some("<b>550".into()),
        mails: vec![(kind_words(lang, salastampa_domain::InboundKind::Reply), "/desk/posta-tornata/1".into(), at)],
    };
    let full = page.render().expect("a template over strings");
    page.attempts.clear();
    page.undecided = false;
    vec![("delivery", full), ("delivery not tried", page.render().expect("a template over strings"))]
}
