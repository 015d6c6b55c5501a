//! All that happened with a journalist, in one line of time: what was sent and what became of it, what came back, what they or
//! their outlet made of it, what the office or the person changed.

use crate::answer::Error;
use crate::desk::returned::kind_words;
use crate::desk::session::Desk;
use salastampa_acts::contacts::{Ran, RanBy, ran};
use salastampa_acts::desk::name_of;
use salastampa_domain::{Contact, Delivery, DeliveryKind, DeliveryState, Event, InboundKind, ReleaseId, Timestamp};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// So many deliveries, as many mails that came back, and as many lines of the log are looked at.
const MOST: usize = 500;
/// So many moments are open; the others are one press away.
const OPEN: usize = 15;

/// The moments of a person, the newest first.
pub(crate) struct History {
    pub(super) open: Vec<Moment>,
    /// Those of before.
    pub(super) folded: Vec<Moment>,
    /// How many those are, in words.
    pub(super) before: String,
}

/// Something that happened.
pub(crate) struct Moment {
    at: Timestamp,
    pub(super) datetime: String,
    pub(super) when: String,
    pub(super) what: String,
    pub(super) href: Option<String>,
    /// What became of it, or who did it.
    pub(super) detail: String,
    /// How its mark looks.
    pub(super) sort: &'static str,
}

pub(super) async fn history(desk: &Desk, rows: &mut Rows, contact: &Contact) -> Result<History, Error> {
    let lang = desk.lang;
    let mut moments = Vec::new();
    let mut titles: BTreeMap<i64, Option<String>> = BTreeMap::new();
    for delivery in rows.list_deliveries_to(contact.id, MOST).await? {
        let sort = match delivery.state {
            DeliveryState::Failed => "bad",
            DeliveryState::Accepted => "good",
            _ => "",
        };
        moments.push(Moment {
            what: what(rows, &delivery, &mut titles, lang).await?,
            href: Some(desk.href(&format!("/desk/invii/{}", delivery.id))),
            detail: state_words(delivery.state.name(), lang).to_owned(),
            ..Moment::at(delivery.accepted_at.unwrap_or(delivery.queued_at), sort, lang)
        });
    }
    for mail in rows.list_inbound_of(contact.id, MOST).await? {
        let sort = match mail.kind {
            InboundKind::HardBounce | InboundKind::SoftBounce | InboundKind::Refused => "bad",
            InboundKind::Reply => "good",
            _ => "note",
        };
        moments.push(Moment {
            what: kind_words(lang, mail.kind).to_owned(),
            href: Some(desk.href(&format!("/desk/posta-tornata/{}", mail.id))),
            detail: t(lang, "returned.person.title").to_owned(),
            ..Moment::at(mail.at, sort, lang)
        });
    }
    for event in rows.list_events_of(&Event::about_contact(contact.id), MOST).await? {
        moments.push(Moment {
            what: verb_words(&event.verb, lang).to_owned(),
            detail: name_of(rows, &event.who, lang).await?,
            ..Moment::at(event.at, "note", lang)
        });
    }
    moments.extend(used(desk, rows, contact, &titles).await?);
    // of one second the later written stands first, as each list gave them
    moments.sort_by_key(|moment| std::cmp::Reverse(moment.at));
    let folded = moments.split_off(OPEN.min(moments.len()));
    let before = plural(lang, "keeping.history.before", folded.len());
    Ok(History { open: moments, folded, before })
}

impl Moment {
    fn at(at: Timestamp, sort: &'static str, lang: Lang) -> Self {
        Self {
            at,
            datetime: at.rfc3339(),
            when: date::moment(at.civil(), lang),
            what: String::new(),
            href: None,
            detail: String::new(),
            sort,
        }
    }

    #[cfg(test)]
    pub(super) fn sample(what: &str, href: Option<&str>, sort: &'static str, lang: Lang) -> Self {
        let (what, href) = (what.to_owned(), href.map(str::to_owned));
        Self { what, href, detail: "Lia <Neri>".into(), ..Self::at(Timestamp(0), sort, lang) }
    }
}

/// Articles of theirs, or of their outlets, that used a release that they got.
async fn used(
    desk: &Desk,
    rows: &mut Rows,
    contact: &Contact,
    sent: &BTreeMap<i64, Option<String>>,
) -> Result<Vec<Moment>, Error> {
    let releases: Vec<ReleaseId> = sent.keys().copied().map(ReleaseId).collect();
    let moment = |ran: Ran| {
        let what = match ran.by {
            RanBy::Them => "people.ran.signed",
            RanBy::Perhaps => "people.ran.perhaps",
            RanBy::Outlet => "people.ran.outlet",
        };
        let title = sent.get(&ran.release.0).and_then(Option::as_deref).unwrap_or_default();
        Moment {
            what: fill(desk.lang, what, &[("outlet", &ran.outlet), ("title", title)]),
            href: Some(desk.href(&format!("/desk/articoli/{}", ran.article.id))),
            detail: ran.article.title.clone(),
            ..Moment::at(ran.article.dated(), "good", desk.lang)
        }
    };
    Ok(ran(rows, contact, &releases).await?.into_iter().map(moment).collect())
}

/// The name of what was sent.
async fn what(
    rows: &mut Rows,
    delivery: &Delivery,
    titles: &mut BTreeMap<i64, Option<String>>,
    lang: Lang,
) -> Result<String, Error> {
    let kind = match delivery.subject.kind {
        DeliveryKind::Withdrawal => t(lang, "people.sent.withdrawal"),
        DeliveryKind::Invitation => t(lang, "people.sent.invitation"),
        DeliveryKind::Release => t(lang, "people.sent.release"),
        DeliveryKind::Notice => t(lang, "people.sent.notice"),
        _ => return Ok(t(lang, "people.sent.mail").to_owned()),
    };
    if delivery.subject.kind == DeliveryKind::Notice {
        return Ok(kind.to_owned());
    }
    let thing = delivery.subject.thing;
    if let std::collections::btree_map::Entry::Vacant(place) = titles.entry(thing) {
        place.insert(rows.find_release_by_id(ReleaseId(thing)).await?.map(|release| release.title));
    }
    let title = titles.get(&thing).and_then(Option::as_deref);
    Ok(title.map_or_else(|| kind.to_owned(), |title| format!("{kind}: {title}")))
}

fn state_words(state: &str, lang: Lang) -> &'static str {
    match state {
        "queued" => t(lang, "people.state.queued"),
        "leased" | "data_started" => t(lang, "people.state.leaving"),
        "accepted" => t(lang, "people.state.accepted"),
        "deferred" => t(lang, "people.state.deferred"),
        "uncertain" => t(lang, "people.state.uncertain"),
        "failed" => t(lang, "people.state.failed"),
        "suppressed" => t(lang, "people.state.suppressed"),
        _ => t(lang, "people.state.cancelled"),
    }
}

fn verb_words(verb: &str, lang: Lang) -> &'static str {
    match verb {
        "contact.add" => t(lang, "people.verb.add"),
        "contact.edit" => t(lang, "people.verb.edit"),
        "contact.opt_out" => t(lang, "people.verb.opt_out"),
        "contact.leave" => t(lang, "people.verb.leave"),
        "contact.export" => t(lang, "people.verb.export"),
        "contact.suspend" => t(lang, "people.verb.suspend"),
        "contact.confirm" => t(lang, "people.verb.confirm"),
        "contact.free" => t(lang, "people.verb.free"),
        "contact.notice" => t(lang, "people.verb.notice"),
        "contact.keep" => t(lang, "people.verb.keep"),
        "contact.merge" => t(lang, "people.verb.merge"),
        "contact.merged" => t(lang, "people.verb.merged"),
        "contact.apart" => t(lang, "people.verb.apart"),
        "contact.own_lists" => t(lang, "people.verb.own_lists"),
        "contact.own_edit" => t(lang, "people.verb.own_edit"),
        "contact.own_ask" => t(lang, "people.verb.own_ask"),
        _ => t(lang, "people.verb.unknown"),
    }
}
