//! What the office holds on a person, for that person (GDPR art. 15 and 20); and all of them, for another program.
//! Both are lines of the log: who looked, when, at how many.

use super::keep::{find, suppressed};
use crate::Result;
use crate::cell::harmless;
use crate::desk::{AtDesk, name_of};
use crate::house::{actor, allowed};
use salastampa_domain::{Act, ContactId, Event, ListId, Medium, Membership};
use serde_json::json;
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
    let on = write.list_lists_of(id).await?;
    let lists: Vec<String> = write
        .list_lists()
        .await?
        .into_iter()
        .filter(|list| on.contains(&list.id) || list.membership.takes(&contact))
        .map(|list| list.name)
        .collect();
    let deliveries: Vec<_> = write
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
    for event in write.list_events_of(&Event::about_contact(id), EVENTS).await? {
        let by = name_of(&mut write, &event.who, desk.lang).await?;
        log.push(json!({ "at": event.at.rfc3339(), "by": by, "what": event.verb }));
    }
    let closed = suppressed(&mut write, desk.house, &contact.address).await?;
    let told = json!({
        "held_by": desk.house.office,
        "at": desk.now.rfc3339(),
        "name": contact.name,
        "address": contact.address.as_str(),
        "outlet": contact.outlet,
        "medium": contact.medium,
        "beats": contact.beats,
        "territory": contact.territory,
        "language": contact.language,
        "accepts_embargo": contact.accepts_embargo,
        "basis": contact.basis,
        "origin": contact.origin,
        "notice_at": contact.notice_at.map(|at| at.rfc3339()),
        "expires": contact.expires.map(|day| day.to_string()),
        "opted_out_at": contact.opted_out_at.map(|at| at.rfc3339()),
        "closed": closed.map(|s| json!({ "at": s.at.rfc3339(), "why": s.why })),
        "lists": lists,
        "deliveries": deliveries,
        "log": log,
    });
    let subject = Event::about_contact(id);
    write.record_event(desk.now, &actor(&user), "contact.export", &subject, None, None).await?;
    write.commit().await?;
    Ok(serde_json::to_string_pretty(&told).map_err(anyhow::Error::from)?)
}

/// All journalists as CSV, in the columns that the import reads.
pub async fn export_all(desk: AtDesk<'_>) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let contacts = write.list_contacts().await?;
    let mut lists: BTreeMap<ContactId, Vec<String>> = BTreeMap::new();
    for list in write.list_lists().await?.into_iter().filter(|list| list.membership == Membership::Hand) {
        for member in write.list_members(ListId(list.id.0)).await? {
            lists.entry(member.id).or_default().push(list.slug.clone());
        }
    }
    let mut csv = csv::Writer::from_writer(Vec::new());
    let columns = super::import::COLUMNS;
    csv.write_record(columns).map_err(anyhow::Error::from)?;
    for contact in &contacts {
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
        let row = [
            &contact.name,
            &contact.outlet,
            contact.address.as_str(),
            medium,
            &beats,
            &contact.territory,
            &lists,
            embargo,
            basis,
            &contact.origin,
        ];
        csv.write_record(row.map(harmless)).map_err(anyhow::Error::from)?;
    }
    let bytes = csv.into_inner().map_err(|e| anyhow::anyhow!("{e}"))?;
    let after = json!({ "contacts": contacts.len() }).to_string();
    write.record_event(desk.now, &actor(&user), "contacts.export", "contacts", None, Some(&after)).await?;
    write.commit().await?;
    Ok(String::from_utf8(bytes).map_err(anyhow::Error::from)?)
}
