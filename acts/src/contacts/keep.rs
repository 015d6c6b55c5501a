//! A journalist is added, changed, or leaves on their word.

use super::ContactForm;
use crate::desk::{AtDesk, changed, mark, slip};
use crate::house::{actor, allowed};
use crate::receive::BOUNCED;
use crate::{Denied, House, Result, token};
use salastampa_domain::{Act, Address, Contact, ContactId, Event, ListId, Membership, Suppression, Timestamp, User};
use salastampa_locale::{fill, t};
use salastampa_store::{Rows, Write};
use serde_json::json;

/// Why nothing goes to an address whose holder has left, in the rows.
pub(crate) const OPT_OUT: &str = "opt-out";

/// The mark of a journalist and the lists by hand that they are on.
pub fn mark_of(contact: &Contact, lists: &[ListId]) -> String {
    mark(&(contact, lists))
}

/// Since when and why nothing goes to an address.
pub async fn suppressed(rows: &mut Rows, house: &House, address: &Address) -> Result<Option<Suppression>> {
    Ok(rows.find_suppression(&token::suppression(&house.key, address)).await?)
}

/// Since when the person behind an address is to be left alone for good; an address that rejects mail may be freed again.
pub(super) async fn gone(rows: &mut Rows, house: &House, address: &Address) -> Result<Option<Timestamp>> {
    Ok(suppressed(rows, house, address).await?.filter(|s| s.why != BOUNCED).map(|s| s.at))
}

/// Whether one of somebody's addresses is left alone for good, and since when.
pub(super) async fn gone_by_any(rows: &mut Rows, house: &House, contact: &Contact) -> Result<Option<Timestamp>> {
    for address in contact.addresses() {
        if let Some(at) = gone(rows, house, address).await? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Closes all addresses of a person, and stops what waits for them; gives how many messages will not leave.
pub(crate) async fn close(write: &mut Write, key: &[u8], contact: &Contact, why: &str, now: Timestamp) -> Result<u64> {
    let mut stopped = 0;
    for address in contact.addresses() {
        let hash = token::suppression(key, address);
        write.record_suppression(&Suppression { hash, at: now, why: why.to_owned() }).await?;
        stopped += write.suppress_deliveries(address, why).await?;
    }
    Ok(stopped)
}

/// Adds a journalist. Whose address is closed is kept as one who has left.
///
/// # Errors
/// [`Denied::Form`] for fields that cannot be taken, an address that somebody has already among them.
pub async fn add(desk: AtDesk<'_>, form: &ContactForm) -> Result<ContactId> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let mut contact = read(&mut write, &desk, form, None).await?;
    contact.opted_out_at = gone_by_any(&mut write, desk.house, &contact).await?;
    contact.added_at = Some(desk.now);
    let id = write.record_contact(&contact).await?;
    shut(&mut write, &desk, &contact).await?;
    let lists = by_hand(&mut write, &form.lists).await?;
    for list in &lists {
        write.record_member(*list, id).await?;
    }
    let after = json!({ "lists": lists, "left": contact.opted_out_at.is_some() }).to_string();
    write.record_event(desk.now, &actor(&user), "contact.add", &Event::about_contact(id), None, Some(&after)).await?;
    write.commit().await?;
    Ok(id)
}

/// Changes a journalist whose form was filled from what `seen` marks.
///
/// # Errors
/// [`Denied::Form`] for fields that cannot be taken, [`Denied::Changed`] if somebody was faster.
pub async fn edit(desk: AtDesk<'_>, id: ContactId, seen: &str, form: &ContactForm) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let before = find(&mut write, id).await?;
    let lists_before = write.list_lists_of(id).await?;
    if mark_of(&before, &lists_before) != seen {
        return Err(changed(&mut write, &Event::about_contact(id), &desk).await?.into());
    }
    let mut after = read(&mut write, &desk, form, Some(&before)).await?;
    if after.opted_out_at.is_none() {
        after.opted_out_at = gone_by_any(&mut write, desk.house, &after).await?;
    }
    let lists = by_hand(&mut write, &form.lists).await?;
    let what = differences(&before, &after, lists != lists_before);
    if what.is_empty() {
        return Ok(());
    }
    after.changed_at = Some(desk.now);
    write.replace_contact(&after).await?;
    crate::quiet::let_wait(&mut write, &before, &after).await?;
    shut(&mut write, &desk, &after).await?;
    for list in lists_before.iter().filter(|list| !lists.contains(list)) {
        write.remove_member(*list, id).await?;
    }
    for list in lists.iter().filter(|list| !lists_before.contains(list)) {
        write.record_member(*list, id).await?;
    }
    log_edit(&mut write, &desk, &user, (&before, &lists_before), (&after, &lists), &what).await?;
    write.commit().await?;
    Ok(())
}

/// A journalist said that they want nothing more: nothing is sent from now on, also of what already waits.
pub async fn opt_out(desk: AtDesk<'_>, id: ContactId) -> Result<u64> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let contact = find(&mut write, id).await?;
    write.record_opt_out(id, desk.now).await?;
    let stopped = close(&mut write, &desk.house.key, &contact, OPT_OUT, desk.now).await?;
    if contact.opted_out_at.is_none() {
        let after = json!({ "stopped": stopped }).to_string();
        let subject = Event::about_contact(id);
        write.record_event(desk.now, &actor(&user), "contact.opt_out", &subject, None, Some(&after)).await?;
    }
    write.commit().await?;
    Ok(stopped)
}

pub(crate) async fn find(rows: &mut Rows, id: ContactId) -> Result<Contact> {
    let contact = rows.find_contact(id).await?;
    Ok(contact.ok_or_else(|| Denied::Unknown { what: "contact", name: id.to_string() })?)
}

async fn read(rows: &mut Rows, desk: &AtDesk<'_>, form: &ContactForm, before: Option<&Contact>) -> Result<Contact> {
    let contact = form.read(before, desk.lang).map_err(Denied::Form)?;
    let mut slips = Vec::new();
    for (n, address) in contact.addresses().enumerate() {
        let field = if n == 0 { "address" } else { "others" };
        if let Some(other) = rows.find_contact_by_any_address(address).await?.filter(|other| other.id != contact.id) {
            slips.push(slip(field, fill(desk.lang, "people.slip.double", &[("name", &other.name)])));
        }
    }
    if form.lists.len() > 200 {
        slips.push(slip("lists", t(desk.lang, "people.slip.choice")));
    }
    if slips.is_empty() { Ok(contact) } else { Err(Denied::Form(slips).into()) }
}

/// Who has left under one address has left under all that are written down.
async fn shut(write: &mut Write, desk: &AtDesk<'_>, contact: &Contact) -> Result<()> {
    if contact.opted_out_at.is_some() {
        close(write, &desk.house.key, contact, OPT_OUT, desk.now).await?;
    }
    Ok(())
}

/// Those of the lists that are there and have members by hand, by number.
async fn by_hand(rows: &mut Rows, lists: &[ListId]) -> Result<Vec<ListId>> {
    let all = rows.list_lists().await?;
    let mut kept: Vec<ListId> =
        all.iter().filter(|l| l.membership == Membership::Hand && lists.contains(&l.id)).map(|l| l.id).collect();
    kept.sort_unstable();
    Ok(kept)
}

/// The names of the fields that differ.
fn differences(before: &Contact, after: &Contact, lists: bool) -> Vec<&'static str> {
    [
        ("name", before.name != after.name),
        ("address", before.address != after.address),
        ("others", before.others != after.others),
        ("role", before.role != after.role),
        ("posts", before.posts != after.posts),
        ("notes", before.notes != after.notes),
        ("phones", before.phones != after.phones),
        ("outlet", before.outlet != after.outlet),
        ("medium", before.medium != after.medium),
        ("beats", before.beats != after.beats),
        ("territory", before.territory != after.territory),
        ("language", before.language != after.language),
        ("embargo", before.accepts_embargo != after.accepts_embargo),
        ("quiet", before.quiet != after.quiet),
        ("basis", before.basis != after.basis),
        ("origin", before.origin != after.origin),
        ("notice", before.notice_at != after.notice_at),
        ("expires", before.expires != after.expires),
        ("left", before.opted_out_at != after.opted_out_at),
        ("lists", lists),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}

/// What no person can be known by is told before and after; of the rest only that it was changed.
async fn log_edit(
    write: &mut Write,
    desk: &AtDesk<'_>,
    user: &User,
    before: (&Contact, &[ListId]),
    after: (&Contact, &[ListId]),
    what: &[&str],
) -> Result<()> {
    let state = |(contact, lists): (&Contact, &[ListId])| {
        json!({
            "medium": contact.medium,
            "language": contact.language,
            "embargo": contact.accepts_embargo,
            "basis": contact.basis,
            "expires": contact.expires.map(|day| day.to_string()),
            "left": contact.opted_out_at.is_some(),
            "lists": lists,
        })
    };
    let mut told = state(after);
    told["changed"] = json!(what);
    let (was, is) = (state(before).to_string(), told.to_string());
    let subject = Event::about_contact(before.0.id);
    write.record_event(desk.now, &actor(user), "contact.edit", &subject, Some(&was), Some(&is)).await?;
    Ok(())
}
