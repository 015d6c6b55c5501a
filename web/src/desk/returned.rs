//! *Posta tornata*: what came back from the mails that the office sent, and the tray of what nobody knows whose it is.
//!
//! The tray is for a person: each mail in it is read here, put to a journalist or aside, and downloaded as it came. What
//! is shown of a mail is text, whatever it was made as.

mod one;

use super::frame::Frame;
use super::releases::words::Moment;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::curate;
use salastampa_domain::{Act, Contact, ContactId, Delivery, DeliveryId, Inbound, InboundId, InboundKind, Return, User};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::Rows;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// Mails on one page of the list.
const PAGE: usize = 50;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/posta-tornata", get(show))
        .route("/desk/posta-tornata/{id}", get(one::show))
        .route("/desk/posta-tornata/{id}/messaggio.eml", get(one::download))
        .route("/desk/posta-tornata/{id}/decidi", post(one::decide))
}

/// A sort of mail as the office calls it.
pub(crate) fn kind_words(lang: Lang, kind: InboundKind) -> &'static str {
    match kind {
        InboundKind::Delayed => t(lang, "returned.kind.delayed"),
        InboundKind::Delivered => t(lang, "returned.kind.delivered"),
        InboundKind::Refused => t(lang, "returned.kind.refused"),
        InboundKind::SoftBounce => t(lang, "returned.kind.soft_bounce"),
        InboundKind::HardBounce => t(lang, "returned.kind.hard_bounce"),
        InboundKind::AutoReply => t(lang, "returned.kind.auto_reply"),
        InboundKind::OptOut => t(lang, "returned.kind.opt_out"),
        InboundKind::Reply => t(lang, "returned.kind.reply"),
        InboundKind::Receipt => t(lang, "returned.kind.receipt"),
        InboundKind::Unknown => t(lang, "returned.kind.unknown"),
    }
}

/// How the badge of a sort looks.
fn badge(kind: InboundKind) -> &'static str {
    match kind {
        InboundKind::HardBounce | InboundKind::Refused => "bad",
        InboundKind::SoftBounce | InboundKind::OptOut => "note",
        InboundKind::Delivered | InboundKind::Reply => "good",
        _ => "",
    }
}

/// What came back of a delivery, in a few words with the code: *tornata indietro: casella inesistente (5.1.1)*.
pub(crate) fn return_words(lang: Lang, told: &Return) -> String {
    let words = kind_words(lang, told.kind);
    let code = if told.status.is_empty() { String::new() } else { format!(" ({})", told.status) };
    fill(lang, "returned.of_delivery", &[("what", &format!("{words}{code}"))])
}

/// The list.
#[derive(Template)]
#[template(path = "desk/returned/list.html")]
pub(crate) struct ReturnedPage {
    frame: Frame,
    /// Only what waits for a person is shown.
    tray: bool,
    waiting: usize,
    suspended: Vec<Suspended>,
    undecided: usize,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// An address that is not mailed any more, of whom nobody has decided.
struct Suspended {
    address: String,
    name: String,
    href: String,
    since: Moment,
}

/// A mail that came back.
struct Line {
    id: i64,
    kind: &'static str,
    badge: &'static str,
    status: String,
    from: String,
    subject: String,
    excerpt: String,
    /// Whose it is: the journalist, or the address of the delivery; empty in the tray.
    whose: String,
    aside: bool,
    at: Moment,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    vista: String,
    prima: String,
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(list(&desk, &asked).await)
}

async fn list(desk: &Desk, asked: &Asked) -> Result<ReturnedPage, Error> {
    desk.must(Act::KeepContacts)?;
    let tray = asked.vista != "tutta";
    let mut rows = desk.site.store.read().await?;
    let before = asked.prima.parse().ok().map(InboundId);
    let mut found = rows.list_inbound(tray, before, PAGE + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().map(|mail| mail.id.to_string()).unwrap_or_default();
    let mut suspended = Vec::new();
    for known in rows.list_suspended_addresses().await?.into_iter().filter(|known| known.confirmed_at.is_none()) {
        let contact = rows.find_contact_by_address(&known.address).await?;
        let Some((contact, since)) = contact.zip(known.suspended_at) else { continue };
        suspended.push(Suspended {
            address: known.address.as_str().to_owned(),
            href: desk.href(&format!("/desk/giornalisti/{}#posta", contact.id)),
            name: contact.name,
            since: Moment::of(since, desk.lang),
        });
    }
    let whose = Whose::of(&mut rows, &desk.user, &found).await?;
    found.retain(|mail| whose.may_see(mail));
    let href = |before: &str| {
        let all = if tray { "" } else { "vista=tutta&" };
        let before = if before.is_empty() { String::new() } else { format!("prima={before}") };
        desk.href(format!("/desk/posta-tornata?{all}{before}").trim_end_matches(['?', '&']))
    };
    Ok(ReturnedPage {
        frame: desk.frame(desk.t("desk.menu.returned")),
        tray,
        waiting: rows.count_inbound_waiting().await?,
        undecided: suspended.len(),
        suspended,
        lines: found.iter().map(|mail| line(desk.lang, mail, &whose)).collect(),
        newest: before.map(|_| href("")),
        older: more.then(|| href(&last)),
    })
}

fn line(lang: Lang, mail: &Inbound, whose: &Whose) -> Line {
    let start: String = mail.excerpt.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect();
    Line {
        id: mail.id.0,
        kind: kind_words(lang, mail.kind),
        badge: badge(mail.kind),
        status: mail.status.clone(),
        from: mail.from.clone(),
        subject: if mail.subject.is_empty() { t(lang, "returned.no_subject").to_owned() } else { mail.subject.clone() },
        excerpt: start,
        whose: whose.of_mail(mail).0,
        aside: mail.aside_at.is_some(),
        at: Moment::of(mail.at, lang),
    }
}

/// The deliveries and journalists of some mails.
struct Whose {
    deliveries: HashMap<DeliveryId, Delivery>,
    contacts: HashMap<ContactId, Contact>,
    /// Deliveries of reserved editions that are none of the user's business: nothing of them is shown.
    unseen: HashSet<DeliveryId>,
}

impl Whose {
    async fn of(rows: &mut Rows, user: &User, mails: &[Inbound]) -> Result<Self, Error> {
        let (mut deliveries, mut unseen) = (HashMap::new(), HashSet::new());
        for id in mails.iter().filter_map(|mail| mail.delivery) {
            if let Some(delivery) = rows.find_delivery(id).await? {
                if !curate::sees_delivery(rows, user, &delivery).await? {
                    unseen.insert(id);
                }
                deliveries.insert(id, delivery);
            }
        }
        let ids: Vec<ContactId> = mails
            .iter()
            .filter_map(|mail| mail.contact)
            .chain(deliveries.values().filter_map(|delivery| delivery.contact))
            .collect();
        let contacts = rows.find_contacts(&ids).await?.into_iter().map(|contact| (contact.id, contact)).collect();
        Ok(Self { deliveries, contacts, unseen })
    }

    /// Whether the user may see a mail: what answers a letter of a reserved edition tells who its reader is.
    fn may_see(&self, mail: &Inbound) -> bool {
        mail.delivery.is_none_or(|id| !self.unseen.contains(&id))
    }

    /// Whom a mail concerns, in words, and the journalist.
    fn of_mail(&self, mail: &Inbound) -> (String, Option<ContactId>) {
        let delivery = mail.delivery.and_then(|id| self.deliveries.get(&id));
        let contact = mail.contact.or(delivery.and_then(|delivery| delivery.contact));
        let words = match (contact.and_then(|id| self.contacts.get(&id)), delivery) {
            (Some(contact), _) => format!("{}, {}", contact.name, contact.address),
            (None, Some(delivery)) => delivery.address.as_str().to_owned(),
            (None, None) => String::new(),
        };
        (words, contact)
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let at = Moment::of(salastampa_domain::Timestamp(0), lang);
    let mut page = ReturnedPage {
        frame: Frame::sample(lang, t(lang, "desk.menu.returned"), "/desk/posta-tornata"),
        tray: true,
        waiting: 2,
        undecided: 1,
        suspended: vec![Suspended {
            address: "nina@riva.test".into(),
            name: "Nina <b>Valli</b>".into(),
            href: "/desk/giornalisti/7#posta".into(),
            since: at.clone(),
        }],
        lines: vec![Line {
            id: 7,
            kind: kind_words(lang, InboundKind::HardBounce),
            badge: badge(InboundKind::HardBounce),
            status: "5.1.1".into(),
            from: "mailer-daemon@riva.test".into(),
            subject: "<script>alert(1)</script>".into(),
            excerpt: "<b>no</b> such user".into(),
            whose: "Nina <i>Valli</i>".into(),
            aside: true,
            at,
        }],
        newest: Some("/desk/posta-tornata".into()),
        older: Some("/desk/posta-tornata?prima=7".into()),
    };
    let full = page.render().expect("a template over strings");
    page.lines.clear();
    page.suspended.clear();
    page.tray = false;
    let mut all = vec![("returned", full), ("nothing returned", page.render().expect("a template over strings"))];
    all.extend(one::samples(lang));
    all
}
