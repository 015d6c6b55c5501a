//! A journalist leaves: no mail from that second, also of what was already queued (RFC 8058; GDPR art. 21).
//!
//! Asked by a signed link, without login; twice is the same as once. The address is kept out by a keyed hash that
//! outlives the contact.

use crate::receive::BOUNCED;
use crate::{Denied, Result, token};
use salastampa_domain::{Actor, Address, Suppression, Timestamp, TokenPurpose};
use salastampa_store::{Store, Write};

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
    let mut rows = store.read().await?;
    let token = token::open(key, text, now).filter(|t| t.purpose == TokenPurpose::Unsubscribe);
    let delivery = match token {
        Some(token) => rows.find_delivery(salastampa_domain::DeliveryId(token.thing)).await?,
        None => None,
    };
    Ok(delivery.ok_or(Denied::Unknown { what: "link", name: String::new() })?.address)
}

/// Signs the address of a link off.
pub async fn leave(store: &Store, key: &[u8], text: &str, now: Timestamp) -> Result<Left> {
    let address = who(store, key, text, now).await?;
    let mut write = store.write().await?;
    let left = leave_within(&mut write, key, address, now).await?;
    write.commit().await?;
    Ok(left)
}

/// Signs an address off in the transaction of whoever has seen the token.
pub(crate) async fn leave_within(write: &mut Write, key: &[u8], address: Address, now: Timestamp) -> Result<Left> {
    let hash = token::suppression(key, &address);
    // an address that only rejected mail has not left
    let before = write.find_suppression(&hash).await?.is_some_and(|known| known.why != BOUNCED);
    let contact = write.find_contact_by_address(&address).await?;
    if !before {
        write.record_suppression(&Suppression { hash, at: now, why: "opt-out".into() }).await?;
        if let Some(contact) = &contact {
            write.record_opt_out(contact.id, now).await?;
        }
    }
    let stopped = write.suppress_deliveries(&address, "opt-out").await?;
    if !before {
        let who = Actor::Link { purpose: TokenPurpose::Unsubscribe };
        let subject = contact.map_or("address".to_owned(), |c| format!("contact:{}", c.id));
        write
            .record_event(now, &who, "contact.leave", &subject, None, Some(&format!("{{\"stopped\":{stopped}}}")))
            .await?;
    }
    Ok(Left { address, stopped, before })
}
