//! Where journalists sign: the archive's own bylines, followed once a night, and what they say of the people we have.
//!
//! All names are kept, not only those of known journalists, so that who is written down tomorrow is found too. What follows
//! from a byline is shown, with *forse* where it may be a namesake; only a person takes a new outlet over.

use super::keep::{find, mark_of};
use crate::desk::{AtDesk, changed};
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::byline::signed;
use salastampa_domain::{Act, Contact, ContactId, Event, LastSigned, Outlet, OutletId, Seq, Signed, Timestamp};
use salastampa_store::{Rows, Store};
use salastampa_text::{byline_keys, fold, person_key};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// The name of the follower.
const FOLLOWER: &str = "bylines";
/// Articles of one transaction.
const PART: usize = 500;
/// Transactions of one night: an old archive is read through in some nights.
const PARTS: usize = 400;

/// Reads the bylines that are new; gives how many articles were looked at. Each part is a transaction of its own, so that
/// nobody waits for it long.
pub async fn follow(store: &Store, now: Timestamp) -> Result<usize> {
    let mut looked = 0;
    for _ in 0..PARTS {
        let n = follow_part(store, now).await?;
        looked += n;
        if n < PART {
            break;
        }
    }
    keep_signs(store).await?;
    Ok(looked)
}

/// Writes down when each journalist signed last at an outlet of theirs: a sign that the record is right, so that nobody is
/// asked to confirm who is in the paper each day. Elsewhere it may be a namesake and is none.
async fn keep_signs(store: &Store) -> Result<()> {
    let signed: Vec<(ContactId, Timestamp)> = {
        let mut rows = store.read().await?;
        let contacts = rows.list_contacts().await?;
        let found = signed_by(&mut rows, &contacts).await?;
        found.into_iter().filter_map(|(id, signed)| Some((id, signed.here?.at))).collect()
    };
    for part in signed.chunks(PART) {
        let mut write = store.write().await?;
        write.record_signs(part).await?;
        write.commit().await?;
    }
    Ok(())
}

async fn follow_part(store: &Store, now: Timestamp) -> Result<usize> {
    let bylines = {
        let mut rows = store.read().await?;
        let from = rows.cursor(FOLLOWER).await?;
        rows.list_bylines(from, PART).await?
    };
    let Some(last) = bylines.last().map(|byline| byline.seq) else { return Ok(0) };
    let mut write = store.write().await?;
    for byline in &bylines {
        let names: BTreeSet<String> = byline.authors.iter().flat_map(|author| byline_keys(author)).collect();
        let kept: Vec<&str> = names.iter().map(String::as_str).collect();
        write.forget_signatures(byline.article, &kept).await?;
        for name in names {
            // a date of the future is a mistake of the page
            let (outlet, article, at) = (byline.outlet, byline.article, byline.at.min(now));
            write.record_signature(&LastSigned { name, outlet, article, at }).await?;
        }
    }
    write.record_cursor(FOLLOWER, Seq(last.0)).await?;
    write.commit().await?;
    Ok(bylines.len())
}

/// Where the names of these journalists stood last. Who never signed anything that we have is left out.
pub async fn signed_by(rows: &mut Rows, contacts: &[Contact]) -> Result<HashMap<ContactId, Signed>> {
    let keys: HashMap<ContactId, String> = contacts.iter().filter_map(|c| Some((c.id, person_key(&c.name)?))).collect();
    let wanted: BTreeSet<&str> = keys.values().map(String::as_str).collect();
    let wanted: Vec<&str> = wanted.into_iter().collect();
    let mut found: HashMap<String, Vec<LastSigned>> = HashMap::new();
    for signature in rows.list_signatures(&wanted).await? {
        found.entry(signature.name.clone()).or_default().push(signature);
    }
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let outlets: HashMap<OutletId, String> =
        rows.list_outlets().await?.into_iter().map(|outlet| (outlet.id, outlet_key(&outlet.name))).collect();
    let of = |contact: &Contact| {
        let signatures = found.get(keys.get(&contact.id)?)?;
        let theirs: Vec<String> = contact.outlets().map(outlet_key).collect();
        let is_theirs = |outlet| outlets.get(&outlet).is_some_and(|name| !name.is_empty() && theirs.contains(name));
        Some((contact.id, signed(signatures, is_theirs)))
    };
    Ok(contacts.iter().filter_map(of).collect())
}

/// One name for the spellings of an outlet's name.
pub(super) fn outlet_key(name: &str) -> String {
    let folded = fold(name);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A person has seen where a journalist signs now and takes the outlet over. `seen` marks what they had before the eyes.
///
/// # Errors
/// [`Denied::Changed`] if somebody was faster; [`Denied::Unknown`] where the journalist or the outlet is not there.
pub async fn take_outlet(desk: AtDesk<'_>, id: ContactId, seen: &str, outlet: OutletId) -> Result<Outlet> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let before = find(&mut write, id).await?;
    if mark_of(&before, &write.list_lists_of(id).await?) != seen {
        return Err(changed(&mut write, &Event::about_contact(id), &desk).await?.into());
    }
    let outlet = write.list_outlets().await?.into_iter().find(|one| one.id == outlet);
    let outlet = outlet.ok_or_else(|| Denied::Unknown { what: "outlet", name: String::new() })?;
    let after = Contact { outlet: outlet.name.clone(), changed_at: Some(desk.now), ..before };
    write.replace_contact(&after).await?;
    let said = json!({ "changed": ["outlet"], "from": "byline" }).to_string();
    let subject = Event::about_contact(id);
    write.record_event(desk.now, &actor(&user), "contact.edit", &subject, None, Some(&said)).await?;
    write.commit().await?;
    Ok(outlet)
}
