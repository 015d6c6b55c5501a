//! What comes back is booked: the mail, what it says of a delivery, what that says of an address.
//!
//! A mail belongs to the delivery whose token it carries, or to nobody: then it waits in the tray for a person, whole.
//! Nothing is guessed by a name or a word, and nothing is ever answered. What a program writes (an absence, a notice of
//! delay) is kept and counts nothing; a wish to be left alone holds at once; a person's answer that did not come to the
//! office's own mailbox is handed on there, once.
//!
//! Left out: bytes and their meaning (`mail` reads them), and who is told: a person who looks at *Oggi*.

mod address;
mod answer;
mod readers;
mod tray;
mod whom;

#[cfg(test)]
mod tests;

pub use address::{BOUNCED, Standing, confirm, free, refused, standing};
pub use readers::{readers_returned, settle_reader};
pub use tray::{assign, put_aside, take_back};
pub use whom::{Whom, whom};

use crate::leave::leave_by;
use crate::outbox::queue;
use crate::{House, Result};
use salastampa_domain::{Actor, Delivery, Inbound, InboundId, InboundKind, Incoming, Return, Timestamp, TokenPurpose};
use salastampa_store::{Store, Write};
use serde_json::json;

/// What booking did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Booked {
    /// The number.
    pub id: InboundId,
    /// What it is.
    pub kind: InboundKind,
    /// Whether a token says whom it concerns.
    pub matched: bool,
    /// Whether the same bytes had come before: then nothing was done.
    pub again: bool,
    /// Whether it was one too many, and the address is not mailed any more.
    pub suspended: bool,
    /// Whether a person's answer waits for the office in the outbox.
    pub handed_on: bool,
}

/// Books a mail. `bytes` are kept as they came; `length` is how many there were.
pub async fn book(
    store: &Store,
    house: &House,
    incoming: &Incoming,
    bytes: &[u8],
    length: u64,
    now: Timestamp,
) -> Result<Booked> {
    let file = store.files().put(bytes).await?;
    // a letter is frozen before the transaction that names it
    let letter = {
        let mut rows = store.read().await?;
        let found = whom(&mut rows, house, incoming).await?;
        let kind = kind_of(incoming, found.as_ref());
        let goes_on = answer::goes_on(house, incoming, kind, found.as_ref());
        drop(rows);
        if goes_on { Some(answer::freeze(store, house, incoming, now).await?) } else { None }
    };
    let mut write = store.write().await?;
    if let Some(known) = write.find_inbound_by_file(&file).await? {
        let (id, kind, matched) = (known.id, known.kind, known.delivery.is_some());
        return Ok(Booked { id, kind, matched, again: true, suspended: false, handed_on: false });
    }
    let found = whom(&mut write, house, incoming).await?;
    let kind = kind_of(incoming, found.as_ref());
    let delivery = found.map(|found| found.delivery);
    let (status, said) = match (&delivery, incoming.reports.first()) {
        (Some(delivery), _) => {
            let (_, status, said) = incoming.about(&delivery.address);
            (status, said)
        }
        (None, Some(report)) => (report.status.clone(), report.said.clone()),
        (None, None) => Default::default(),
    };
    let inbound = Inbound {
        id: InboundId(0),
        at: now,
        kind,
        delivery: delivery.as_ref().map(|delivery| delivery.id),
        contact: None,
        file,
        bytes: i64::try_from(length).unwrap_or(i64::MAX),
        status,
        said,
        from: incoming.from.as_ref().map_or_else(|| incoming.from_name.clone(), |from| from.as_str().to_owned()),
        subject: incoming.subject.clone(),
        excerpt: incoming.text.clone(),
        aside_at: None,
    };
    let id = write.record_inbound(&inbound).await?;
    let after = json!({ "kind": kind.name(), "delivery": inbound.delivery, "status": inbound.status }).to_string();
    write.record_event(now, &program(), "inbound.book", &format!("inbound:{id}"), None, Some(&after)).await?;
    let mut booked = Booked { id, kind, matched: delivery.is_some(), again: false, suspended: false, handed_on: false };
    if let Some(delivery) = &delivery {
        booked.suspended = follow(&mut write, house, &inbound, delivery, now).await?;
    }
    if let Some(letter) = letter {
        write.record_file(&letter).await?;
        booked.handed_on = queue(&mut write, house, &[answer::row(house, id, &letter, now)], now).await? > 0;
    }
    write.commit().await?;
    Ok(booked)
}

/// What follows for the delivery and its address; gives whether the address was suspended.
async fn follow(
    write: &mut Write,
    house: &House,
    inbound: &Inbound,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<bool> {
    if inbound.kind == InboundKind::OptOut && delivery.contact.is_some() {
        leave_by(write, &house.key, delivery, now).await?;
    }
    if !inbound.kind.is_report() {
        return Ok(false);
    }
    let told = Return {
        delivery: delivery.id,
        at: now,
        kind: inbound.kind,
        status: inbound.status.clone(),
        said: inbound.said.clone(),
    };
    write.record_return(&told).await?;
    if inbound.kind.points() == 0 {
        return Ok(false);
    }
    address::weigh(write, house, &delivery.address, now).await
}

/// What a mail is, once it is known whom it concerns: a report says of one address only its own, and whoever writes to
/// the address to leave by wants to leave, whatever the subject says.
fn kind_of(incoming: &Incoming, found: Option<&Whom>) -> InboundKind {
    match (incoming.kind, found) {
        (kind, Some(found)) if kind.is_report() => incoming.about(&found.delivery.address).0,
        (InboundKind::Reply | InboundKind::Unknown, Some(found))
            if found.purpose == TokenPurpose::Unsubscribe && !incoming.automatic =>
        {
            InboundKind::OptOut
        }
        (kind, _) => kind,
    }
}

/// Who does it in the log.
fn program() -> Actor {
    Actor::Job { name: "receive".into() }
}
