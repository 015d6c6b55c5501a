//! A journalist is forgotten (GDPR art. 17).
//!
//! What goes: the record, the places on lists, what came back from them, the address in what servers said. What stays:
//! that the office sent something at such an hour, under an alias in place of the address (an office must be able to say
//! how many got a release, art. 17(3)(b)); the keyed hash of the address, so that no later import writes to them again;
//! and the line of the log, which names a number. Whoever comes back with the address in hand can still be shown their
//! deliveries, because alias and hash can be made from it again; nobody else can.

use super::keep::{close, find};
use crate::desk::AtDesk;
use crate::house::{actor, allowed};
use crate::{House, Result, token};
use salastampa_domain::{Act, Actor, Address, Contact, ContactId, Event, Suppression, Timestamp};
use salastampa_store::Write;
use serde_json::json;

/// Why nothing goes to an address whose holder was forgotten, in the rows.
const ERASED: &str = "erased";

/// What erasing did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Erased {
    /// Deliveries that stay, without the address.
    pub deliveries: u64,
    /// Messages that were waiting and will not leave.
    pub stopped: u64,
}

/// What stands in place of the address of an erased person: an address of nobody (RFC 2606).
pub fn alias(house: &House, contact: &Contact) -> Address {
    alias_of(house, &contact.address, &contact.id.to_string())
}

/// The same, of whoever is held under that address; `mark` is their number.
pub(crate) fn alias_of(house: &House, address: &Address, mark: &str) -> Address {
    let hash = token::suppression(&house.key, address);
    let alias = format!("erased-{mark}-{}@erased.invalid", &hash[..16]);
    Address::parse(&alias).unwrap_or_else(|_| address.clone())
}

/// Whether an address stands in place of an erased person's.
pub(crate) fn is_alias(address: &Address) -> bool {
    address.as_str().ends_with("@erased.invalid")
}

/// Erases a journalist.
pub async fn erase(desk: AtDesk<'_>, id: ContactId) -> Result<Erased> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let contact = find(&mut write, id).await?;
    let erased = erase_within(&mut write, desk.house, &contact, &actor(&user), desk.now).await?;
    write.commit().await?;
    Ok(erased)
}

/// The same in the caller's transaction, by whoever it was.
pub(super) async fn erase_within(
    write: &mut Write,
    house: &House,
    contact: &Contact,
    who: &Actor,
    now: Timestamp,
) -> Result<Erased> {
    let alias = alias(house, contact);
    // the alias is closed too: a correction goes to whoever got the first text, by address
    let hash = token::suppression(&house.key, &alias);
    write.record_suppression(&Suppression { hash, at: now, why: ERASED.into() }).await?;
    let stopped = close(write, &house.key, contact, ERASED, now).await?;
    let deliveries = write.remove_contact(contact, &alias).await?;
    let after = json!({ "deliveries": deliveries, "stopped": stopped }).to_string();
    let subject = Event::about_contact(contact.id);
    write.record_event(now, who, "contact.erase", &subject, None, Some(&after)).await?;
    Ok(Erased { deliveries, stopped })
}
