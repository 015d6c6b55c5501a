//! *Invia* and *programma*: one transaction checks the proof, expands the lists and fills the outbox.
//!
//! Pressing twice changes nothing: a row is unique by release, version and address. A correction goes to exactly the
//! people who got (or may have got) an earlier version, in the thread of the mail that each of them has. For whom the
//! earlier text still waits (an embargo, a busy server) the corrected one takes its place: nobody is sent what the office
//! knows to be wrong, and nobody is skipped.

use crate::house::allowed;
use crate::outbox::{freeze, queue};
use crate::{Denied, House, Result, token};
use salastampa_domain::{
    Act, Address, Approved, Delivery, DeliveryKind, DeliveryState, NewDelivery, Release, ReleaseState, Subject,
    Timestamp, User, Version,
};
use salastampa_releases::expand;
use salastampa_store::{Store, Write};
use std::collections::{BTreeMap, BTreeSet};

/// What went into the outbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Queued {
    /// Messages that will leave.
    pub messages: usize,
    /// Addresses that get none, each with a row that says why.
    pub suppressed: usize,
    /// From when the release is public.
    pub public_at: Timestamp,
}

/// Sends an approved release now.
pub async fn send(store: &Store, house: &House, slug: &str, login: &str, now: Timestamp) -> Result<Queued> {
    leave(store, house, slug, login, None, now).await
}

/// Puts an approved release into the outbox for a later instant.
pub async fn schedule(
    store: &Store,
    house: &House,
    slug: &str,
    at: Timestamp,
    login: &str,
    now: Timestamp,
) -> Result<Queued> {
    if at <= now {
        return Err(Denied::Past.into());
    }
    leave(store, house, slug, login, Some(at), now).await
}

async fn leave(
    store: &Store,
    house: &House,
    slug: &str,
    login: &str,
    at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Queued> {
    // the file comes before the transaction that names it; what is frozen there cannot change in between
    let letter = {
        let mut rows = store.read().await?;
        let release = super::find(&mut rows, slug).await?;
        let Some(approved) = release.state.approved().cloned() else { return super::wrong_state(&release) };
        let version = rows.find_version(approved.version).await?.ok_or(Denied::Altered)?;
        freeze(store, house, &salastampa_releases::letter(&version, &super::letterhead(house)), now).await?
    };
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Approve).await?;
    let release = super::find(&mut write, slug).await?;
    let ReleaseState::Approved { approved } = release.state.clone() else { return super::wrong_state(&release) };
    let version = write.find_version(approved.version).await?.ok_or(Denied::Altered)?;
    if salastampa_releases::digest(&version) != approved.sha256 {
        return Err(Denied::Altered.into());
    }
    let due = at.unwrap_or(now);
    let rows = match version.corrects {
        None => first_mail(&mut write, house, &release, &version, &letter.sha256, due).await?,
        Some(_) => correction(&mut write, house, &release, &version, &letter.sha256, due).await?,
    };
    write.record_file(&letter).await?;
    queue(&mut write, house, &rows, now).await?;
    let public_at = release.embargo_until.map_or(due, |embargo| embargo.max(due));
    let after = went(&release, &approved, at, public_at, now);
    let verb = if at.is_some() { "release.schedule" } else { "release.send" };
    note(&mut write, &user, verb, &release, &after, now).await?;
    write.commit().await?;
    let suppressed = rows.iter().filter(|r| r.suppressed.is_some()).count();
    Ok(Queued { messages: rows.len() - suppressed, suppressed, public_at })
}

/// The release in its next state. What the public sees changes at once, or, where an older version stands, at the hour.
fn went(
    release: &Release,
    approved: &Approved,
    at: Option<Timestamp>,
    public_at: Timestamp,
    now: Timestamp,
) -> Release {
    let approved = approved.clone();
    let first = release.current.is_none();
    Release {
        current: if first || at.is_none() { Some(approved.version) } else { release.current },
        public_at: if first { Some(public_at) } else { release.public_at },
        state: match at {
            Some(at) => ReleaseState::Scheduled { approved, at },
            None => ReleaseState::Sending { approved, since: now },
        },
        ..release.clone()
    }
}

async fn note(
    write: &mut Write,
    user: &User,
    verb: &str,
    before: &Release,
    after: &Release,
    now: Timestamp,
) -> Result<()> {
    super::moved(write, user, verb, before, after, now).await
}

/// The people on the lists; those who are kept out get a row that says why.
async fn first_mail(
    write: &mut Write,
    house: &House,
    release: &Release,
    version: &Version,
    letter: &str,
    due: Timestamp,
) -> Result<Vec<NewDelivery>> {
    let mut lists = Vec::new();
    let mut out = BTreeSet::new();
    for id in &version.lists {
        let Some(list) = write.find_list_by_id(*id).await? else { continue };
        let members = write.list_members(*id).await?;
        for contact in &members {
            if write.find_suppression(&token::suppression(&house.key, &contact.address)).await?.is_some() {
                out.insert(contact.address.clone());
            }
        }
        lists.push((list, members));
    }
    let recipients = expand(&lists, release.embargo_until, due, |address| out.contains(address));
    Ok(recipients
        .into_iter()
        .map(|r| NewDelivery {
            subject: subject(release, version),
            address: r.address,
            contact: Some(r.contact),
            reader: None,
            letter: letter.to_owned(),
            due_at: r.due_at,
            expires_at: None,
            in_reply_to: None,
            suppressed: r.suppressed,
        })
        .collect())
}

/// Those who got, or may have got, an earlier version, and those for whom one waits, without who has left since. What
/// waits is cancelled.
async fn correction(
    write: &mut Write,
    house: &House,
    release: &Release,
    version: &Version,
    letter: &str,
    due: Timestamp,
) -> Result<Vec<NewDelivery>> {
    let mut newest: BTreeMap<Address, (bool, Delivery)> = BTreeMap::new();
    for earlier in write.list_deliveries(DeliveryKind::Release, release.id.0).await? {
        let got = match earlier.state {
            DeliveryState::Accepted | DeliveryState::Uncertain | DeliveryState::DataStarted { .. } => true,
            DeliveryState::Queued | DeliveryState::Leased { .. } | DeliveryState::Deferred { .. } => false,
            DeliveryState::Failed | DeliveryState::Suppressed | DeliveryState::Cancelled => continue,
        };
        // in the order of their numbers: the newest mail that somebody has is the one to answer
        if got || !newest.contains_key(&earlier.address) {
            newest.insert(earlier.address.clone(), (got, earlier));
        }
    }
    write.cancel_deliveries(DeliveryKind::Release, release.id.0).await?;
    let mut rows = Vec::new();
    for (got, earlier) in newest.into_values() {
        let left = write.find_suppression(&token::suppression(&house.key, &earlier.address)).await?;
        rows.push(NewDelivery {
            subject: subject(release, version),
            address: earlier.address,
            contact: earlier.contact,
            reader: None,
            letter: letter.to_owned(),
            due_at: if got { due } else { due.max(earlier.due_at) },
            expires_at: None,
            in_reply_to: got.then_some(earlier.message_id),
            suppressed: left.map(|s| s.why),
        });
    }
    Ok(rows)
}

fn subject(release: &Release, version: &Version) -> Subject {
    Subject { kind: DeliveryKind::Release, thing: release.id.0, version: version.number, round: 0 }
}
