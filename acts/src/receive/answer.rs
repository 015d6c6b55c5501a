//! A person's answer that went to where mail comes back, handed on to the office's mailbox.
//!
//! Letters say that answers go to the office (From and Reply-To); some programs answer the envelope sender all the same.
//! Nobody's word may be lost there. Only what carries a token is handed on, and never what a program wrote, what the
//! office itself wrote, or what came to the office's mailbox anyway: no two programs can throw a mail at each other.

use super::Whom;
use super::whom::is_ours;
use crate::{House, Result};
use salastampa_domain::{
    DeliveryKind, FileRef, InboundId, InboundKind, Incoming, Letter, NewDelivery, Subject, Timestamp,
};
use salastampa_locale::{fill, t};
use salastampa_store::Store;

/// Whether it is handed on.
pub(super) fn goes_on(house: &House, incoming: &Incoming, kind: InboundKind, found: Option<&Whom>) -> bool {
    let is_word = kind == InboundKind::Reply
        || kind == InboundKind::OptOut && found.is_some_and(|found| found.delivery.contact.is_none());
    let to_office = incoming.came_to.iter().any(|to| to.eq_ignore_ascii_case(house.sender.as_str()));
    is_word
        && found.is_some_and(|found| found.by_address)
        && !incoming.automatic
        && !to_office
        && incoming.from.as_ref().is_some_and(|from| *from != house.sender)
        && incoming.message_id.as_ref().is_none_or(|id| !is_ours(house, id))
}

/// The letter to the office, with the words of the answer. Whoever answers it answers the person.
pub(super) async fn freeze(store: &Store, house: &House, incoming: &Incoming, now: Timestamp) -> Result<FileRef> {
    let lang = house.lang;
    let who = incoming.from.as_ref().map(|from| from.as_str().to_owned()).unwrap_or_default();
    let subject = fill(lang, "returned.answer.subject", &[("subject", &incoming.subject)]);
    let intro = fill(lang, "returned.answer.intro", &[("who", &who)]);
    let note = t(lang, "returned.answer.note");
    let lines: String = incoming.text.lines().map(|line| format!("{}<br>\n", escaped(line))).collect();
    let letter = Letter {
        html: format!(
            "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body>\n<p>{}</p>\n\
             <blockquote>{lines}</blockquote>\n<p>{}</p>\n</body></html>\n",
            lang.code(),
            escaped(&subject),
            escaped(&intro),
            escaped(note),
        ),
        text: format!("{intro}\n\n{}\n\n{note}\n", incoming.text),
        subject,
        language: lang.code().to_owned(),
        // no program may answer it
        auto_generated: true,
        list: None,
        attachments: Vec::new(),
    };
    crate::outbox::freeze_for(store, house, &letter, incoming.from.as_ref(), now).await
}

/// Its row in the outbox: one for each mail that came back.
pub(super) fn row(house: &House, id: InboundId, letter: &FileRef, now: Timestamp) -> NewDelivery {
    NewDelivery {
        subject: Subject { kind: DeliveryKind::Answer, thing: id.0, version: 1, round: 0 },
        address: house.sender.clone(),
        contact: None,
        reader: None,
        letter: letter.sha256.clone(),
        due_at: now,
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
