//! A journalist gets a copy of all that is held on them, or is forgotten, without writing to anybody (GDPR art. 15, 17, 20).
//!
//! A mail is forwarded with its links, so the page of a mail ([`super::own`]) gives neither. Whoever stands there may ask for
//! a link to both, which goes to the address that the office holds and to no other: who reads that mailbox is the person.
//! The link holds a day. One a person and hour is sent, and what the button answers is the same whether one was sent
//! or not. Who has left all mail gets it, too: they asked for it.

use super::erase::{Erased, erase_within};
use super::export::{held_on, told};
use crate::house::OWN_DATA_TIME;
use crate::leave::address_of;
use crate::outbox::{freeze, queue};
use crate::release::letterhead;
use crate::{Denied, House, Result, token};
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    Actor, Contact, DeliveryId, DeliveryKind, Event, Lane, NewDelivery, Subject, Timestamp, TokenPurpose,
};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store};

/// Whoever reads the mailbox.
const PERSON: Actor = Actor::Link { purpose: TokenPurpose::OwnData };

/// What is behind a link that was mailed.
#[derive(Clone, PartialEq, Debug)]
pub struct Behind {
    /// Whose data; nobody's, if they have been erased or have moved to another address.
    pub contact: Option<Contact>,
    /// Until when it opens.
    pub until: Timestamp,
}

/// Sends the link to the address that is held, if the link of the mail still opens somebody and none was sent within the
/// hour. What came of it is not told to whoever asked.
///
/// # Errors
/// [`Denied::Unknown`] for a link that is not ours.
pub async fn ask(store: &Store, house: &House, text: &str, now: Timestamp) -> Result<()> {
    let found = {
        let mut rows = store.read().await?;
        let address = address_of(&mut rows, &house.key, text, now).await?;
        rows.find_contact_by_address(&address).await?
    };
    let Some(found) = found else { return Ok(()) };
    let lang = Lang::parse(&found.language).unwrap_or(house.lang);
    let letter = salastampa_releases::own_data_letter(lang, &letterhead(house));
    let letter = freeze(store, house, &letter, now).await?;
    let mut write = store.write().await?;
    // somebody may have erased the person since, or pressed the same button
    let Some(contact) = write.find_contact(found.id).await?.filter(|held| held.address == found.address) else {
        return Ok(());
    };
    let sent = write.list_deliveries(DeliveryKind::OwnData, contact.id.0).await?;
    if sent.iter().any(|delivery| now < delivery.queued_at.plus(HOUR)) {
        return Ok(());
    }
    let round = u32::try_from(sent.len()).unwrap_or(u32::MAX);
    let subject = Subject { kind: DeliveryKind::OwnData, thing: contact.id.0, version: 1, round };
    write.record_file(&letter).await?;
    let row = NewDelivery {
        subject,
        address: contact.address,
        contact: Some(contact.id),
        reader: None,
        letter: letter.sha256,
        due_at: now,
        // a link that is over helps nobody
        expires_at: Some(now.plus(OWN_DATA_TIME)),
        in_reply_to: None,
        suppressed: None,
    };
    queue(&mut write, house, &[row], now).await?;
    write.resume_lane(Lane::of(&subject), now).await?;
    let who = Actor::Link { purpose: TokenPurpose::Unsubscribe };
    write.record_event(now, &who, "contact.own_ask", &Event::about_contact(contact.id), None, None).await?;
    write.commit().await?;
    Ok(())
}

/// What is behind a link that was mailed. Changes nothing.
///
/// # Errors
/// [`Denied::Unknown`] for a link that is not ours, is for something else, or is over.
pub async fn behind(rows: &mut Rows, key: &[u8], text: &str, now: Timestamp) -> Result<Behind> {
    let unknown = || Denied::Unknown { what: "link", name: String::new() };
    let token = token::open(key, text, now).filter(|t| t.purpose == TokenPurpose::OwnData).ok_or_else(unknown)?;
    let delivery = rows.find_delivery(DeliveryId(token.thing)).await?.ok_or_else(unknown)?;
    let held = rows.find_contact_by_address(&delivery.address).await?;
    let contact = held.filter(|contact| Some(contact.id) == delivery.contact);
    Ok(Behind { contact, until: token.until.unwrap_or(now) })
}

/// A copy of all that is held on the person, as JSON: the same that the office hands out. None where nobody is held.
///
/// # Errors
/// As [`behind`].
pub async fn copy(store: &Store, house: &House, text: &str, now: Timestamp) -> Result<Option<String>> {
    let mut write = store.write().await?;
    let Some(contact) = behind(&mut write, &house.key, text, now).await?.contact else { return Ok(None) };
    let lang = Lang::parse(&contact.language).unwrap_or(house.lang);
    let held = held_on(&mut write, house, &contact, lang, now).await?;
    write.record_event(now, &PERSON, "contact.export", &Event::about_contact(contact.id), None, None).await?;
    write.commit().await?;
    told(&held).map(Some)
}

/// The person is forgotten, as by the office. None where nobody was held: twice is as once.
///
/// # Errors
/// As [`behind`].
pub async fn forget(store: &Store, house: &House, text: &str, now: Timestamp) -> Result<Option<Erased>> {
    let mut write = store.write().await?;
    let Some(contact) = behind(&mut write, &house.key, text, now).await?.contact else { return Ok(None) };
    let erased = erase_within(&mut write, house, &contact, &PERSON, now).await?;
    write.commit().await?;
    Ok(Some(erased))
}
