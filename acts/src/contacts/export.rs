//! What the office holds on a person, for that person (GDPR art. 15 and 20); and all of them, for another program.
//! Both are lines of the log: who looked, when, at how many.

use super::cards::address_book;
use super::keep::{find, suppressed};
use crate::cell::harmless;
use crate::desk::{AtDesk, name_of};
use crate::house::{actor, allowed};
use crate::quiet;
use crate::{House, Result};
use salastampa_domain::{
    Act, Actor, Address, Contact, ContactId, Event, ListId, MailingList, Medium, Membership, Post, Timestamp,
};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store, Write};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// So many deliveries of one person are listed.
const DELIVERIES: usize = 10_000;
/// So many lines of the log about one person are listed.
const EVENTS: usize = 1_000;

/// All that is held on one journalist, as JSON.
pub async fn export(desk: AtDesk<'_>, id: ContactId) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let contact = find(&mut write, id).await?;
    let held = held_on(&mut write, desk.house, &contact, desk.lang, desk.now).await?;
    let subject = Event::about_contact(id);
    write.record_event(desk.now, &actor(&user), "contact.export", &subject, None, None).await?;
    write.commit().await?;
    told(&held)
}

/// As a file.
pub(super) fn told(held: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(held).map_err(anyhow::Error::from)?)
}

/// All that is held on a journalist.
pub(super) async fn held_on(
    rows: &mut Rows,
    house: &House,
    contact: &Contact,
    lang: Lang,
    now: Timestamp,
) -> Result<Value> {
    let id = contact.id;
    let (on, left) = (rows.list_lists_of(id).await?, rows.list_lists_left(id).await?);
    let all = rows.list_lists().await?;
    let has_left = |list: &MailingList| left.iter().find(|(id, _)| *id == list.id);
    let lists: Vec<&str> = all
        .iter()
        .filter(|list| has_left(list).is_none() && (on.contains(&list.id) || list.membership.takes(contact)))
        .map(|list| list.name.as_str())
        .collect();
    let lists_left: Vec<_> =
        all.iter().filter_map(|list| Some(json!({ "list": list.name, "at": has_left(list)?.1.rfc3339() }))).collect();
    let deliveries: Vec<_> = rows
        .list_deliveries_to(id, DELIVERIES)
        .await?
        .into_iter()
        .map(|d| {
            json!({
                "kind": d.subject.kind.name(),
                "thing": d.subject.thing,
                "version": d.subject.version,
                "address": d.address.as_str(),
                "state": d.state.name(),
                "queued_at": d.queued_at.rfc3339(),
                "accepted_at": d.accepted_at.map(|at| at.rfc3339()),
                "reason": d.reason,
                "message_id": d.message_id,
            })
        })
        .collect();
    let mut log = Vec::new();
    for event in rows.list_events_of(&Event::about_contact(id), EVENTS).await? {
        let by = name_of(rows, &event.who, lang).await?;
        log.push(json!({ "at": event.at.rfc3339(), "by": by, "what": event.verb }));
    }
    let closed = suppressed(rows, house, &contact.address).await?;
    Ok(json!({
        "held_by": house.office,
        "at": now.rfc3339(),
        "name": contact.name,
        "address": contact.address.as_str(),
        "other_addresses": contact.others,
        "phones": contact.phones,
        "outlet": contact.outlet,
        "role": contact.role,
        "other_outlets": contact.posts,
        "notes": contact.notes,
        "medium": contact.medium,
        "beats": contact.beats,
        "territory": contact.territory,
        "language": contact.language,
        "accepts_embargo": contact.accepts_embargo,
        "quiet": quiet::words(contact.quiet),
        "basis": contact.basis,
        "origin": contact.origin,
        "notice_at": contact.notice_at.map(|at| at.rfc3339()),
        "expires": contact.expires.map(|day| day.to_string()),
        "opted_out_at": contact.opted_out_at.map(|at| at.rfc3339()),
        "closed": closed.map(|s| json!({ "at": s.at.rfc3339(), "why": s.why })),
        "added_at": contact.added_at.map(|at| at.rfc3339()),
        "changed_at": contact.changed_at.map(|at| at.rfc3339()),
        "confirmed_at": contact.confirmed_at.map(|at| at.rfc3339()),
        "lists": lists,
        "lists_left": lists_left,
        "deliveries": deliveries,
        "log": log,
    }))
}

/// A form that all journalists leave in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A table, in the columns that the import reads.
    Csv,
    /// An address book (vCard 4.0), without those who want no mail.
    Cards,
}

/// All journalists as a file.
pub async fn export_all(desk: AtDesk<'_>, shape: Shape) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    all(write, &actor(&user), shape, desk.now).await
}

/// The same for the person who runs the program.
pub async fn export_at_console(store: &Store, shape: Shape, now: Timestamp) -> Result<String> {
    all(store.write().await?, &Actor::Console, shape, now).await
}

async fn all(mut write: Write, who: &Actor, shape: Shape, now: Timestamp) -> Result<String> {
    let contacts = write.list_contacts().await?;
    let text = match shape {
        Shape::Csv => table(&mut write, &contacts).await?,
        Shape::Cards => address_book(&contacts),
    };
    let what = if shape == Shape::Csv { "csv" } else { "vcard" };
    let after = json!({ "contacts": contacts.len(), "as": what }).to_string();
    write.record_event(now, who, "contacts.export", "contacts", None, Some(&after)).await?;
    write.commit().await?;
    Ok(text)
}

async fn table(rows: &mut Rows, contacts: &[Contact]) -> Result<String> {
    let mut lists: BTreeMap<ContactId, Vec<String>> = BTreeMap::new();
    for list in rows.list_lists().await?.into_iter().filter(|list| list.membership == Membership::Hand) {
        for member in rows.list_members(ListId(list.id.0)).await? {
            lists.entry(member.id).or_default().push(list.slug.clone());
        }
    }
    let mut csv = csv::Writer::from_writer(Vec::new());
    let columns = super::columns::COLUMNS;
    csv.write_record(columns).map_err(anyhow::Error::from)?;
    for contact in contacts {
        let medium = match contact.medium {
            Medium::Agency => "agenzia",
            Medium::Print => "stampa",
            Medium::Web => "web",
            Medium::Radio => "radio",
            Medium::Tv => "tv",
        };
        let basis = match contact.basis {
            salastampa_domain::Basis::PublicTask => "compito pubblico",
            salastampa_domain::Basis::Consent => "consenso",
        };
        let lists = lists.get(&contact.id).map(|l| l.join(", ")).unwrap_or_default();
        let embargo = if contact.accepts_embargo { "sì" } else { "no" };
        let beats = contact.beats.join(", ");
        let expires = contact.expires.map_or_else(String::new, |day| day.to_string());
        let others: Vec<&str> = contact.others.iter().map(Address::as_str).collect();
        let others = others.join("; ");
        let posts = contact.posts.iter().map(Post::words).collect::<Vec<_>>().join("; ");
        let (phones, quiet) = (contact.phones.join("; "), quiet::words(contact.quiet));
        let row = [
            &contact.name,
            &contact.outlet,
            &contact.role,
            &posts,
            contact.address.as_str(),
            &others,
            &phones,
            medium,
            &beats,
            &contact.territory,
            &lists,
            embargo,
            &quiet,
            basis,
            &contact.origin,
            &expires,
            &contact.notes,
        ];
        csv.write_record(row.map(harmless)).map_err(anyhow::Error::from)?;
    }
    let bytes = csv.into_inner().map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(String::from_utf8(bytes).map_err(anyhow::Error::from)?)
}
