//! A journalist leaves: no mail from that second, also of what was already queued (RFC 8058; GDPR art. 21).
//!
//! Asked by a signed link, without login; twice is the same as once. The address is kept out by a keyed hash that
//! outlives the contact.

use crate::contacts::{OPT_OUT, close};
use crate::receive::BOUNCED;
use crate::{Denied, Result, token};
use salastampa_domain::{Actor, Address, Delivery, DeliveryId, Suppression, Timestamp, TokenPurpose};
use salastampa_store::{Rows, Store, Write};

/// What leaving did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Left {
    /// The address that gets nothing more.
    pub address: Address,
    /// Messages that were waiting for it and will not leave.
    pub stopped: u64,
    /// Whether it had left before.
    pub before: bool,
}

/// The address that a link would sign off, for the page with the one button. Changes nothing.
pub async fn who(store: &Store, key: &[u8], text: &str, now: Timestamp) -> Result<Address> {
    address_of(&mut store.read().await?, key, text, now).await
}

/// The same, of rows that are being read.
pub(crate) async fn address_of(rows: &mut Rows, key: &[u8], text: &str, now: Timestamp) -> Result<Address> {
    Ok(delivery_of(rows, key, text, now).await?.address)
}

/// The mail that carried a link.
async fn delivery_of(rows: &mut Rows, key: &[u8], text: &str, now: Timestamp) -> Result<Delivery> {
    let token = token::open(key, text, now).filter(|t| t.purpose == TokenPurpose::Unsubscribe);
    let delivery = match token {
        Some(token) => rows.find_delivery(DeliveryId(token.thing)).await?,
        None => None,
    };
    Ok(delivery.ok_or(Denied::Unknown { what: "link", name: String::new() })?)
}

/// Signs the address of a link off.
pub async fn leave(store: &Store, key: &[u8], text: &str, now: Timestamp) -> Result<Left> {
    let mut write = store.write().await?;
    let delivery = delivery_of(&mut write, key, text, now).await?;
    let left = leave_by(&mut write, key, &delivery, now).await?;
    write.commit().await?;
    Ok(left)
}

/// Signs off the address that a mail went to, in the transaction of whoever has seen its token; and, where its journalist is
/// held under another address by now, that one too: who says no to an old mail does not want the next one either.
pub(crate) async fn leave_by(write: &mut Write, key: &[u8], delivery: &Delivery, now: Timestamp) -> Result<Left> {
    let left = leave_within(write, key, delivery.address.clone(), now).await?;
    let moved = match delivery.contact {
        Some(contact) => write.find_contact(contact).await?.map(|c| c.address).filter(|a| *a != delivery.address),
        None => None,
    };
    let Some(moved) = moved else { return Ok(left) };
    let also = leave_within(write, key, moved, now).await?;
    Ok(Left { stopped: left.stopped + also.stopped, before: left.before && also.before, ..left })
}

async fn leave_within(write: &mut Write, key: &[u8], address: Address, now: Timestamp) -> Result<Left> {
    let hash = token::suppression(key, &address);
    // an address that only rejected mail has not left
    let before = write.find_suppression(&hash).await?.is_some_and(|known| known.why != BOUNCED);
    let contact = write.find_contact_by_any_address(&address).await?;
    write.leave_subscription(&address, now).await?;
    let stopped = match &contact {
        Some(contact) => {
            write.record_opt_out(contact.id, now).await?;
            for other in &contact.others {
                write.leave_subscription(other, now).await?;
            }
            close(write, key, contact, OPT_OUT, now).await?
        }
        None => {
            write.record_suppression(&Suppression { hash, at: now, why: OPT_OUT.into() }).await?;
            write.suppress_deliveries(&address, OPT_OUT).await?
        }
    };
    if !before {
        let who = Actor::Link { purpose: TokenPurpose::Unsubscribe };
        let subject = contact.map_or("address".to_owned(), |c| format!("contact:{}", c.id));
        write
            .record_event(now, &who, "contact.leave", &subject, None, Some(&format!("{{\"stopped\":{stopped}}}")))
            .await?;
    }
    Ok(Left { address, stopped, before })
}
