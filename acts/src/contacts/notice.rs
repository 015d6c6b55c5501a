//! The notice of GDPR art. 14: to each journalist once, with the first release that is expanded to them, or because a
//! person at the desk sends it to those who have waited for a month.
//!
//! It goes as a message of its own, put into the outbox in the transaction of the release, and is written down as given
//! when a server has taken it, not before. Nothing goes while the office has not said who answers for the data
//! ([`Privacy::is_said`](salastampa_domain::Privacy::is_said)): a notice without a controller is none. A stop of the release
//! does not stop it: the law wants it within a month of the day on which the address was taken in.

use crate::desk::AtDesk;
use crate::house::{actor, allowed};
use crate::outbox::{freeze, queue};
use crate::release::letterhead;
use crate::{Denied, House, Result, token};
use salastampa_domain::keeping::NOTICE_DAYS;
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Act, Actor, Address, Contact, ContactId, Delivery, DeliveryKind, DeliveryState, Event, FileRef, NewDelivery,
    Subject, Timestamp,
};
use salastampa_locale::t;
use salastampa_releases::notice::{Said, notice_letter};
use salastampa_store::{Rows, Store, Write};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// The notices of all journalists are one campaign: what the relay has against one of them it has against all.
const SUBJECT: Subject = Subject { kind: DeliveryKind::Notice, thing: 0, version: 1, round: 0 };

/// Frozen letters, by what they say.
pub(crate) type Letters = HashMap<Said, FileRef>;

/// Freezes the letters of all who have been given no notice; none where the office has not said what they must name. Before
/// the transaction, so that many files are not written inside it.
pub(crate) async fn letters(store: &Store, house: &House, now: Timestamp) -> Result<Letters> {
    let mut letters = Letters::new();
    if !house.privacy.is_said() {
        return Ok(letters);
    }
    let waiting = store.read().await?.list_contacts_unnoticed(None).await?;
    for contact in &waiting {
        letter(store, house, contact, &mut letters, now).await?;
    }
    Ok(letters)
}

async fn letter(
    store: &Store,
    house: &House,
    contact: &Contact,
    letters: &mut Letters,
    now: Timestamp,
) -> Result<FileRef> {
    let head = letterhead(house);
    let said = Said::to(contact, &head);
    if let Some(known) = letters.get(&said) {
        return Ok(known.clone());
    }
    let file = freeze(store, house, &notice_letter(&said, &house.privacy, &head), now).await?;
    letters.insert(said, file.clone());
    Ok(file)
}

/// Puts the notice into the outbox for those of the journalists who have been given none, each at their hour, in the
/// transaction of the release that is expanded to them; one that waits for a later hour is brought forward. Gives how many are new.
pub(crate) async fn expand(
    write: &mut Write,
    store: &Store,
    house: &House,
    letters: &mut Letters,
    going: &HashMap<ContactId, Timestamp>,
    now: Timestamp,
) -> Result<usize> {
    if !house.privacy.is_said() || going.is_empty() {
        return Ok(0);
    }
    let mut waiting = Vec::new();
    for contact in write.list_contacts_unnoticed(None).await? {
        if let Some(due_at) = going.get(&contact.id) {
            let due_at = in_time(contact.added_at, *due_at, now);
            waiting.push((contact, due_at));
        }
    }
    // one that was put in with a release of another day, which may not leave at all
    for (id, contact, added_at, waits_for) in write.list_notices_waiting().await? {
        let Some(due_at) = going.get(&contact).map(|due_at| in_time(added_at, *due_at, now)) else { continue };
        if due_at < waits_for {
            write.put_off_delivery(id, due_at).await?;
        }
    }
    put(write, store, house, letters, &waiting, now).await
}

/// When the notice is due: with the first message, and not later than a month after the address was taken in.
fn in_time(added_at: Option<Timestamp>, due_at: Timestamp, now: Timestamp) -> Timestamp {
    added_at.map_or(due_at, |added_at| due_at.min(added_at.plus(NOTICE_DAYS * DAY))).max(now)
}

async fn put(
    write: &mut Write,
    store: &Store,
    house: &House,
    letters: &mut Letters,
    waiting: &[(Contact, Timestamp)],
    now: Timestamp,
) -> Result<usize> {
    let mut rows = Vec::with_capacity(waiting.len());
    for (contact, due_at) in waiting {
        // somebody was changed since the letters were frozen
        let letter = letter(store, house, contact, letters, now).await?;
        write.record_file(&letter).await?;
        rows.push(NewDelivery {
            subject: SUBJECT,
            address: contact.address.clone(),
            contact: Some(contact.id),
            reader: None,
            letter: letter.sha256,
            due_at: *due_at,
            expires_at: None,
            in_reply_to: None,
            suppressed: None,
        });
    }
    queue(write, house, &rows, now).await
}

/// Writes down that a notice was given, when a server has taken it from the worker that held it (`ours`); of any other
/// message nothing.
pub(crate) async fn book(
    write: &mut Write,
    delivery: &Delivery,
    state: &DeliveryState,
    ours: bool,
    at: Timestamp,
) -> Result<()> {
    match (delivery.subject.kind, state, delivery.contact) {
        (DeliveryKind::Notice, DeliveryState::Accepted, Some(contact)) if ours => given(write, contact, at).await,
        _ => Ok(()),
    }
}

async fn given(write: &mut Write, contact: ContactId, at: Timestamp) -> Result<()> {
    if write.record_notice(contact, at).await? {
        let who = Actor::Job { name: "deliver".into() };
        write.record_event(at, &who, "contact.notice", &Event::about_contact(contact), None, None).await?;
    }
    Ok(())
}

/// Writes down the notices of which it was learned later that a server has taken them: from its log, or from a person.
pub async fn catch_up(write: &mut Write) -> Result<usize> {
    let taken = write.list_notices_taken().await?;
    for (contact, at) in &taken {
        given(write, *contact, *at).await?;
    }
    Ok(taken.len())
}

/// Journalists who were written down more than a month ago and have been given no notice; without those whose address is
/// closed, to whom nothing goes.
async fn overdue(rows: &mut Rows, house: &House, now: Timestamp) -> Result<Vec<Contact>> {
    let mut waiting = rows.list_contacts_unnoticed(Some(a_month_before(now))).await?;
    let closed = closed(rows).await?;
    waiting.retain(|contact| is_open(&closed, house, &contact.address));
    Ok(waiting)
}

/// How many have waited for the notice for more than a month.
pub async fn count_overdue(rows: &mut Rows, house: &House, now: Timestamp) -> Result<usize> {
    let waiting = rows.list_addresses_unnoticed(Some(a_month_before(now))).await?;
    let closed = closed(rows).await?;
    Ok(waiting.iter().filter(|address| is_open(&closed, house, address)).count())
}

fn a_month_before(now: Timestamp) -> Timestamp {
    now.plus(-NOTICE_DAYS * DAY)
}

async fn closed(rows: &mut Rows) -> Result<HashSet<String>> {
    Ok(rows.list_all_suppressions().await?.into_iter().map(|suppression| suppression.hash).collect())
}

fn is_open(closed: &HashSet<String>, house: &House, address: &Address) -> bool {
    closed.is_empty() || !closed.contains(&token::suppression(&house.key, address))
}

/// Sends the notice now to all whom [`count_overdue`] counts; gives how many.
///
/// # Errors
/// [`Denied::Invalid`] where the office has not said what a notice must name.
pub async fn send_overdue(desk: AtDesk<'_>) -> Result<usize> {
    let mut letters = letters(desk.store, desk.house, desk.now).await?;
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    if !desk.house.privacy.is_said() {
        return Err(Denied::Invalid(vec![t(desk.lang, "keeping.notice.unsaid").to_owned()]).into());
    }
    let waiting: Vec<(Contact, Timestamp)> =
        overdue(&mut write, desk.house, desk.now).await?.into_iter().map(|contact| (contact, desk.now)).collect();
    let sent = put(&mut write, desk.store, desk.house, &mut letters, &waiting, desk.now).await?;
    if sent > 0 {
        write.resume_lane(salastampa_domain::Lane::of(&SUBJECT), desk.now).await?;
        let after = json!({ "sent": sent }).to_string();
        write.record_event(desk.now, &actor(&user), "contacts.notice", "contacts", None, Some(&after)).await?;
    }
    write.commit().await?;
    Ok(sent)
}
