//! What a journalist does by themselves, by the link that every mail to them carries: which lists they want, their name,
//! outlet, beats, territory, language and quiet hours set right. Without login; leaving altogether is [`crate::leave`]. A copy of all that is held, and being
//! forgotten, are behind a second link ([`super::own_data`]): a forwarded mail has the first one too.
//!
//! The link is bound to the address that the mail went to. Who is held under another address by now is not found by it: so an
//! old mail in somebody else's hands opens nothing of a person who has moved on. A list that a person leaves takes them in no
//! more, whoever asks; the lists by hand and by rule are alike in that.

use super::form::{beats, choice, outlet_and_name, short};
use crate::leave::address_of;
use crate::{Denied, Result, quiet};
use salastampa_domain::{
    Actor, Address, Contact, DeliveryKind, Event, ListId, MailingList, ReleaseId, Subject, Timestamp, TokenPurpose,
};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store, Write};
use serde_json::json;

/// Whoever holds the link.
const PERSON: Actor = Actor::Link { purpose: TokenPurpose::Unsubscribe };

/// What the page behind the link shows.
#[derive(Clone, PartialEq, Debug)]
pub struct Own {
    /// The address that the mail went to.
    pub address: Address,
    /// The person, while they are held under it.
    pub contact: Option<Contact>,
    /// The lists that they are on or have left, by name, each with whether they are on it.
    pub lists: Vec<(MailingList, bool)>,
}

/// What a person corrects of themselves, as it was typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OwnForm {
    /// Full name.
    pub name: String,
    /// The outlet's name.
    pub outlet: String,
    /// Beats, with commas between them.
    pub beats: String,
    /// Where.
    pub territory: String,
    /// `it` or `en`.
    pub language: String,
    /// From when no release is to be mailed, such as `22:00`; empty is never.
    pub quiet_from: String,
    /// Until when.
    pub quiet_until: String,
}

impl OwnForm {
    /// The form of a person.
    pub fn of(contact: &Contact) -> Self {
        let (quiet_from, quiet_until) = quiet::fields(contact.quiet);
        Self {
            name: contact.name.clone(),
            outlet: contact.outlet.clone(),
            beats: contact.beats.join(", "),
            territory: contact.territory.clone(),
            language: contact.language.clone(),
            quiet_from,
            quiet_until,
        }
    }
}

/// So many of the last messages to somebody are looked at when they leave a list.
const LAST: usize = 500;
/// Why a message does not leave: its receiver is on none of its lists any more.
const LEFT_LISTS: &str = "left-lists";

/// What is behind a link. Changes nothing.
///
/// # Errors
/// [`Denied::Unknown`] for a link that is not ours.
pub async fn own(rows: &mut Rows, key: &[u8], token: &str, now: Timestamp) -> Result<Own> {
    let address = address_of(rows, key, token, now).await?;
    let contact = rows.find_contact_by_address(&address).await?;
    let mut lists = Vec::new();
    if let Some(contact) = &contact {
        let (on, left) = (rows.list_lists_of(contact.id).await?, rows.list_lists_left(contact.id).await?);
        for list in rows.list_lists().await? {
            let has_left = left.iter().any(|(id, _)| *id == list.id);
            let is_on = !has_left && (on.contains(&list.id) || list.membership.takes(contact));
            if is_on || has_left {
                lists.push((list, is_on));
            }
        }
        lists.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    }
    Ok(Own { address, contact, lists })
}

/// Of the lists that the person is on or has left they want these. Gives what the page shows now.
///
/// # Errors
/// [`Denied::Unknown`] for a link that is not ours, or where nobody is held under its address any more.
pub async fn choose_lists(store: &Store, key: &[u8], token: &str, wanted: &[ListId], now: Timestamp) -> Result<Own> {
    let mut write = store.write().await?;
    let before = own(&mut write, key, token, now).await?;
    let contact = held(&before)?;
    let (mut left, mut back) = (Vec::new(), Vec::new());
    for (list, is_on) in &before.lists {
        match wanted.contains(&list.id) {
            true if !is_on && write.rejoin_list(list.id, contact.id).await? => back.push(list.id),
            false if *is_on && write.leave_list(list.id, contact.id, now).await? => left.push(list.id),
            _ => {}
        }
    }
    if left.is_empty() && back.is_empty() {
        return Ok(before);
    }
    write.replace_contact(&Contact { changed_at: Some(now), ..contact.clone() }).await?;
    let after = json!({ "left": left, "back": back }).to_string();
    write
        .record_event(now, &PERSON, "contact.own_lists", &Event::about_contact(contact.id), None, Some(&after))
        .await?;
    let shown = own(&mut write, key, token, now).await?;
    if !left.is_empty() {
        let on: Vec<ListId> = shown.lists.iter().filter(|(_, is_on)| *is_on).map(|(list, _)| list.id).collect();
        let_go(&mut write, contact, &on).await?;
    }
    write.commit().await?;
    Ok(shown)
}

/// Stops the releases that wait for somebody who is on none of their lists any more. What answers a mail that they have, a
/// correction, goes all the same: it went to them and not to a list.
async fn let_go(write: &mut Write, contact: &Contact, on: &[ListId]) -> Result<()> {
    for delivery in write.list_deliveries_to(contact.id, LAST).await? {
        let Subject { kind, thing, version, .. } = delivery.subject;
        if kind != DeliveryKind::Release || delivery.state.is_final() || delivery.in_reply_to.is_some() {
            continue;
        }
        let versions = write.list_versions(ReleaseId(thing)).await?;
        let lists = versions.into_iter().find(|one| one.number == version).map(|one| one.lists).unwrap_or_default();
        if !lists.iter().any(|list| on.contains(list)) {
            write.suppress_delivery(delivery.id, LEFT_LISTS).await?;
        }
    }
    Ok(())
}

/// The person sets name, outlet, beats, territory, language and quiet hours right. Telephones are not among them: a forwarded mail carries the
/// link too, and whoever has it would read them. Gives what the page shows now.
///
/// # Errors
/// As [`choose_lists`]; [`Denied::Form`] for fields that cannot be taken.
pub async fn correct(
    store: &Store,
    key: &[u8],
    token: &str,
    form: &OwnForm,
    lang: Lang,
    now: Timestamp,
) -> Result<Own> {
    let mut write = store.write().await?;
    let before = own(&mut write, key, token, now).await?;
    let contact = held(&before)?;
    let mut slips = Vec::new();
    let (name, outlet) = outlet_and_name(&form.name, &form.outlet, lang, &mut slips);
    let beats = beats(&form.beats, lang, &mut slips);
    let territory = short("territory", &form.territory, lang, &mut slips);
    let language = choice(Lang::parse(&form.language), "language", lang, &mut slips).unwrap_or(lang).code().to_owned();
    let quiet = quiet::typed(&form.quiet_from, &form.quiet_until, lang, &mut slips);
    if !slips.is_empty() {
        return Err(Denied::Form(slips).into());
    }
    let after = Contact { name, outlet, beats, territory, language, quiet, changed_at: Some(now), ..contact.clone() };
    let changed: Vec<&str> = [
        ("name", contact.name != after.name),
        ("outlet", contact.outlet != after.outlet),
        ("beats", contact.beats != after.beats),
        ("territory", contact.territory != after.territory),
        ("language", contact.language != after.language),
        ("quiet", contact.quiet != after.quiet),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect();
    if changed.is_empty() {
        return Ok(before);
    }
    write.replace_contact(&after).await?;
    quiet::let_wait(&mut write, contact, &after).await?;
    let said = json!({ "changed": changed }).to_string();
    write.record_event(now, &PERSON, "contact.own_edit", &Event::about_contact(contact.id), None, Some(&said)).await?;
    let shown = own(&mut write, key, token, now).await?;
    write.commit().await?;
    Ok(shown)
}

fn held(own: &Own) -> Result<&Contact> {
    Ok(own.contact.as_ref().ok_or(Denied::Unknown { what: "contact", name: String::new() })?)
}
