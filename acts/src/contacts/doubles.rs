//! Journalists who stand there twice: the same name at the same outlet under different addresses. They are shown, and a
//! person puts them together or says that they are two; nothing is merged by itself.
//!
//! The record that is kept keeps its address and what it says; what it does not say is taken from the others. Lists are
//! united, and the other addresses stay known beside the one that is written to. Of what protects a person the more cautious of both counts: who has left has left, an embargo is for who is
//! trusted in each, the earlier date to confirm by stands.

use super::bylines::outlet_key;
use super::keep::{OPT_OUT, close, find};
use crate::desk::AtDesk;
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{Act, Contact, ContactId, Event, Post};
use salastampa_locale::t;
use salastampa_store::{Rows, Write};
use salastampa_text::person_key;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// So many namesakes are looked at.
const MOST: usize = 2_000;

/// The groups of journalists who may be one person each, by name; in each the one who was written down first comes first.
pub async fn doubles(rows: &mut Rows) -> Result<Vec<Vec<Contact>>> {
    let apart: HashSet<(ContactId, ContactId)> = rows.list_apart().await?.into_iter().collect();
    let mut groups: BTreeMap<(String, String), Vec<Contact>> = BTreeMap::new();
    for contact in rows.list_namesakes(MOST).await? {
        let Some(name) = person_key(&contact.name) else { continue };
        let outlets: BTreeSet<String> = contact.outlets().map(outlet_key).collect();
        for outlet in outlets {
            groups.entry((name.clone(), outlet)).or_default().push(contact.clone());
        }
    }
    let mut found: Vec<Vec<Contact>> = groups.into_values().filter_map(|group| alike(group, &apart)).collect();
    // who shares two outlets stands there once
    let ids = |group: &[Contact]| group.iter().map(|contact| contact.id).collect::<Vec<_>>();
    let mut shown = HashSet::new();
    found.retain(|group| shown.insert(ids(group)));
    found.sort_by(|a, b| a[0].name.cmp(&b[0].name));
    Ok(found)
}

/// Those of a group who are not called different from all the others.
fn alike(mut group: Vec<Contact>, apart: &HashSet<(ContactId, ContactId)>) -> Option<Vec<Contact>> {
    group.sort_by_key(|contact| contact.id);
    let ids: Vec<ContactId> = group.iter().map(|contact| contact.id).collect();
    let is_apart = |a: ContactId, b: ContactId| apart.contains(&(a.min(b), a.max(b)));
    group.retain(|one| ids.iter().any(|other| *other != one.id && !is_apart(one.id, *other)));
    (group.len() > 1).then_some(group)
}

/// Puts the other records of a group under the one that is kept; gives how many went.
///
/// # Errors
/// [`Denied::Invalid`] where they are no doubles (any more), [`Denied::Unknown`] where one of them is not there.
pub async fn merge(desk: AtDesk<'_>, kept: ContactId, others: &[ContactId]) -> Result<usize> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let others: Vec<ContactId> = others.iter().copied().filter(|id| *id != kept).collect();
    grouped(&mut write, &desk, kept, &others).await?;
    for gone in &others {
        let (before, other) = (find(&mut write, kept).await?, find(&mut write, *gone).await?);
        write.merge_contacts(kept, *gone).await?;
        let after = Contact { changed_at: Some(desk.now), ..united(before, &other) };
        if after.opted_out_at.is_some() {
            // who has left under one address has left under the other
            close(&mut write, &desk.house.key, &after, OPT_OUT, desk.now).await?;
        }
        write.replace_contact(&after).await?;
        let said = json!({ "from": gone }).to_string();
        let subject = Event::about_contact(kept);
        write.record_event(desk.now, &actor(&user), "contact.merge", &subject, None, Some(&said)).await?;
        let said = json!({ "into": kept }).to_string();
        let subject = Event::about_contact(*gone);
        write.record_event(desk.now, &actor(&user), "contact.merged", &subject, None, Some(&said)).await?;
    }
    write.commit().await?;
    Ok(others.len())
}

/// Says that the records of a group are as many people.
///
/// # Errors
/// As [`merge`].
pub async fn keep_apart(desk: AtDesk<'_>, ids: &[ContactId]) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let Some((first, others)) = ids.split_first() else { return not_doubles(&desk) };
    grouped(&mut write, &desk, *first, others).await?;
    for (n, one) in ids.iter().enumerate() {
        for other in &ids[n + 1..] {
            write.record_apart(*one, *other).await?;
        }
        let subject = Event::about_contact(*one);
        write.record_event(desk.now, &actor(&user), "contact.apart", &subject, None, None).await?;
    }
    write.commit().await?;
    Ok(())
}

/// That all of them stand in one group now.
async fn grouped(write: &mut Write, desk: &AtDesk<'_>, one: ContactId, others: &[ContactId]) -> Result<()> {
    let groups = doubles(write).await?;
    let has = |group: &Vec<Contact>, id: ContactId| group.iter().any(|contact| contact.id == id);
    let are = !others.is_empty()
        && others.iter().all(|id| *id != one)
        && groups.iter().any(|group| has(group, one) && others.iter().all(|id| has(group, *id)));
    if are { Ok(()) } else { not_doubles(desk) }
}

fn not_doubles<T>(desk: &AtDesk<'_>) -> Result<T> {
    Err(Denied::Invalid(vec![t(desk.lang, "keeping.doubles.none_any_more").to_owned()]).into())
}

/// The record that is kept, with what it does not say and the other does.
fn united(kept: Contact, other: &Contact) -> Contact {
    let or = |ours: String, theirs: &str| if ours.trim().is_empty() { theirs.to_owned() } else { ours };
    let mut beats = kept.beats;
    beats.extend(other.beats.iter().filter(|beat| !beats.contains(beat)).cloned().collect::<Vec<_>>());
    let mut phones = kept.phones;
    phones.extend(other.phones.iter().filter(|phone| !phones.contains(phone)).cloned().collect::<Vec<_>>());
    let earlier = |a: Option<_>, b: Option<_>| a.into_iter().chain(b).min();
    let later = |a: Option<_>, b: Option<_>| a.into_iter().chain(b).max();
    let mut others = kept.others;
    let theirs = other.addresses().filter(|address| **address != kept.address && !others.contains(address));
    others.extend(theirs.cloned().collect::<Vec<_>>());
    let mut posts = kept.posts;
    let first = Post { outlet: other.outlet.clone(), role: other.role.clone() };
    for post in std::iter::once(&first).chain(&other.posts) {
        let same = |outlet: &str| outlet_key(outlet) == outlet_key(&post.outlet);
        if !post.outlet.is_empty() && !same(&kept.outlet) && !posts.iter().any(|one| same(&one.outlet)) {
            posts.push(post.clone());
        }
    }
    let notes = [kept.notes.as_str(), other.notes.as_str()].into_iter().filter(|notes| !notes.is_empty());
    let notes = notes.collect::<Vec<_>>().join("\n");
    Contact {
        others,
        posts,
        notes,
        role: or(kept.role, &other.role),
        phones,
        beats,
        quiet: kept.quiet.or(other.quiet),
        territory: or(kept.territory, &other.territory),
        origin: or(kept.origin, &other.origin),
        accepts_embargo: kept.accepts_embargo && other.accepts_embargo,
        notice_at: earlier(kept.notice_at, other.notice_at),
        expires: kept.expires.into_iter().chain(other.expires).min(),
        opted_out_at: earlier(kept.opted_out_at, other.opted_out_at),
        confirmed_at: later(kept.confirmed_at, other.confirmed_at),
        ..kept
    }
}
