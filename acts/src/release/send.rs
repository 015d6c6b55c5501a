//! *Invia* and *programma*: one transaction checks the proof, expands the lists and fills the outbox.
//!
//! Pressing twice changes nothing: a row is unique by release, version and address. After a stop the same text goes to
//! those who have not had it. A correction goes to exactly the
//! people who got (or may have got) an earlier version, in the thread of the mail that each of them has. For whom the
//! earlier text still waits (an embargo, a busy server) the corrected one takes its place: nobody is sent what the office
//! knows to be wrong, and nobody is skipped. Whoever gets mail of the office for the first time gets the notice of GDPR
//! art. 14 with it.

use super::election::{address, frozen, required};
use super::who::{Addressee, Going, addressees};
use super::{embargo, embargo_too_late};
use crate::contacts::notice;
use crate::house::allowed;
use crate::outbox::{freeze, queue};
use crate::{Denied, House, Result};
use salastampa_domain::{
    Act, Approved, DeliveryKind, Lane, NewDelivery, Release, ReleaseState, Subject, Timestamp, User, Version, is_public,
};
use salastampa_locale::{date, fill};
use salastampa_releases::draft::Draft;
use salastampa_store::{Store, Write};

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

/// Sends an approved release now. `seen` is the hash of the text that the person has before the eyes, where a page knows
/// it.
pub async fn send(
    store: &Store,
    house: &House,
    slug: &str,
    seen: Option<&str>,
    login: &str,
    now: Timestamp,
) -> Result<Queued> {
    leave(store, house, slug, seen, login, None, now).await
}

/// Puts an approved release into the outbox for a later instant.
pub async fn schedule(
    store: &Store,
    house: &House,
    slug: &str,
    at: Timestamp,
    seen: Option<&str>,
    login: &str,
    now: Timestamp,
) -> Result<Queued> {
    if at <= now {
        return Err(Denied::Past.into());
    }
    leave(store, house, slug, seen, login, Some(at), now).await
}

async fn leave(
    store: &Store,
    house: &House,
    slug: &str,
    seen: Option<&str>,
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
    let mut notices = notice::letters(store, house, now).await?;
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Approve).await?;
    let release = super::find(&mut write, slug).await?;
    let ReleaseState::Approved { approved } = release.state.clone() else { return super::wrong_state(&release) };
    let version = write.find_version(approved.version).await?.ok_or(Denied::Altered)?;
    super::same_version(&mut write, &version, seen).await?;
    if salastampa_releases::digest(&version) != approved.sha256 {
        return Err(Denied::Altered.into());
    }
    let due = at.unwrap_or(now);
    let draft = frozen(&version)?;
    let public = is_public(&release, now);
    let embargo = embargo(&release, draft.embargo, now);
    if let Some(refused) = embargo_too_late(&release, draft.embargo, now) {
        return Err(Denied::Invalid(vec![refused.say(house.lang)]).into());
    }
    let going = Going {
        release: &release,
        number: version.number,
        lists: &version.lists,
        corrects: version.corrects.is_some(),
        due,
        embargo,
        topics: &draft.topics,
    };
    let addressees = addressees(&mut write, house, &going).await?;
    let public_at = embargo.map_or(due, |until| until.max(due));
    let ended = salastampa_releases::files::refuse_licences(&version.files, public_at.day());
    if !ended.is_empty() {
        return Err(Denied::Invalid(ended.iter().map(|refusal| refusal.message.say(house.lang)).collect()).into());
    }
    let mut instants: Vec<Timestamp> = addressees.iter().filter(|a| a.is_sent()).map(|a| a.due_at.max(due)).collect();
    instants.push(public_at);
    instants.sort_unstable();
    instants.dedup();
    let required = required(&mut write, house, address(&release, now), &draft, Some(&approved), &instants).await?;
    let speaks_freely = required.is_none();
    if let Some(required) = required.filter(|required| !required.is_met()) {
        return Err(Denied::Election(Box::new(required)).into());
    }
    if let Some(refused) = wrong_day(house, &release, &version, &draft, [due, public_at]) {
        return Err(Denied::Invalid(vec![refused]).into());
    }
    write.cancel_earlier_deliveries(DeliveryKind::Release, release.id.0, version.number).await?;
    write.record_file(&letter).await?;
    let subject = subject(&release, &version);
    let rows: Vec<NewDelivery> =
        addressees.iter().filter(|a| !a.has_it()).map(|a| row(subject, a, &letter.sha256)).collect();
    queue(&mut write, house, &rows, now).await?;
    // whoever sends it again has looked after what stood in its way
    write.resume_lane(Lane::of(&subject), now).await?;
    for addressee in addressees.iter().filter(|a| a.before.is_some()) {
        let why = addressee.suppressed.as_deref();
        let (to, answers) = (&addressee.address, addressee.in_reply_to.as_deref());
        write.revive_delivery(&subject, to, addressee.due_at.max(now), why, answers).await?;
    }
    if speaks_freely {
        write.attach_notes(&subject).await?;
    }
    let first =
        addressees.iter().filter(|a| a.is_sent()).filter_map(|a| Some((a.contact?, a.due_at.max(now)))).collect();
    notice::expand(&mut write, store, house, &mut notices, &first, now).await?;
    let after = went(&release, &approved, at, (public_at, embargo), now);
    if !public {
        // the text whose place this one takes never stood, and will not: who was told the hour was told this one's
        write.forget_standing(release.id, now).await?;
    }
    // a correction of what waits for its hour waits for that hour too
    let since = after.public_at.map_or(public_at, |hour| hour.max(public_at));
    write.record_standing(release.id, version.id, since).await?;
    let verb = if at.is_some() { "release.schedule" } else { "release.send" };
    note(&mut write, &user, verb, &release, &after, now).await?;
    write.commit().await?;
    let suppressed = rows.iter().filter(|r| r.suppressed.is_some()).count();
    Ok(Queued { messages: rows.len() - suppressed, suppressed, public_at })
}

/// Why a text may not leave then: its dateline names another day. Gone to some already, it goes to the others as it is.
fn wrong_day(
    house: &House,
    release: &Release,
    version: &Version,
    draft: &Draft,
    instants: [Timestamp; 2],
) -> Option<String> {
    let dated = salastampa_releases::dated(draft, version.at);
    let days = instants.map(Timestamp::day);
    if release.current == Some(version.id) || days.contains(&dated) {
        return None;
    }
    let (dated, day) = (date::long(dated, house.lang), date::long(days[0], house.lang));
    Some(fill(house.lang, "acts.other_day", &[("dated", &dated), ("day", &day)]))
}

/// The release in its next state. What the public sees changes at once, or, where an older version stands, at the hour.
fn went(
    release: &Release,
    approved: &Approved,
    at: Option<Timestamp>,
    (public_at, embargo_until): (Timestamp, Option<Timestamp>),
    now: Timestamp,
) -> Release {
    // what held it back is over
    let approved = Approved { held: None, ..approved.clone() };
    let first = release.current.is_none();
    Release {
        current: if first || at.is_none() { Some(approved.version) } else { release.current },
        out: if first { None } else { release.out.clone() },
        // what the public reads already stays; what it does not yet read comes with this text, and under its embargo
        public_at: if is_public(release, now) { release.public_at } else { Some(public_at) },
        embargo_until,
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

fn row(subject: Subject, addressee: &Addressee, letter: &str) -> NewDelivery {
    NewDelivery {
        subject,
        address: addressee.address.clone(),
        contact: addressee.contact,
        reader: None,
        letter: letter.to_owned(),
        due_at: addressee.due_at,
        expires_at: None,
        in_reply_to: addressee.in_reply_to.clone(),
        suppressed: addressee.suppressed.clone(),
    }
}

fn subject(release: &Release, version: &Version) -> Subject {
    Subject { kind: DeliveryKind::Release, thing: release.id.0, version: version.number, round: 0 }
}
