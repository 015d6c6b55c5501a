//! Releases by mail for whoever wants them: asked for on the public newsroom, confirmed from the mailbox (double opt-in), left
//! with one press.
//!
//! Nobody can be bombed: an address gets one letter a day at most, all together `AN_HOUR` an hour, and what the form
//! answers is the same whether the address is known, too often asked for, or new. Only the link in that letter subscribes,
//! and what was never confirmed is forgotten after two days. The basis is the consent (GDPR art. 6(1)(a)), kept with its
//! words and its date; so none of it works before the office has said who answers for the data. Whoever had left and
//! confirms a new subscription has changed their mind: their address is opened again; a journalist who wants no mail stays
//! off the lists all the same, because their record says so.
//!
//! Left out: any other question than address and subjects.

use crate::contacts::{OPT_OUT, alias_of};
use crate::desk::{AtDesk, name_of, slip};
use crate::house::{actor, allowed};
use crate::outbox::{freeze, queue};
use crate::receive::BOUNCED;
use crate::release::letterhead;
use crate::{Denied, House, Result, token};
use salastampa_domain::time::{DAY, HOUR};
use salastampa_domain::{
    Act, Actor, Address, DeliveryKind, Lane, NewDelivery, Subject, Subscriber, SubscriberId, Suppression, Timestamp,
    Token, TokenPurpose,
};
use salastampa_locale::{fill, t};
use salastampa_store::{Rows, Store, Write};
use serde_json::json;

/// So long an address that was typed waits for its confirmation.
pub const WAITS: i64 = 2 * DAY;
/// So many letters an hour, to all addresses together.
const AN_HOUR: usize = 60;
/// Most subjects of one subscription, and the longest name of one.
const MOST_TOPICS: usize = 100;
const LONGEST_TOPIC: usize = 100;
/// So many lines of the log about one subscriber are given out.
const EVENTS: usize = 1_000;

/// Whoever reads the mailbox.
const PERSON: Actor = Actor::Link { purpose: TokenPurpose::Subscription };

/// Whether the office offers it: it is switched on, and who answers for the data is said.
pub async fn is_open(rows: &mut Rows, house: &House) -> Result<bool> {
    let on = rows.find_settings().await?.is_some_and(|saved| saved.settings.subscriptions);
    Ok(on && house.privacy.is_said())
}

/// What whoever subscribes consents to.
pub fn consent(house: &House) -> String {
    fill(house.lang, "subscribe.consent", &[("office", &house.office)])
}

/// Somebody asks on the public page: the letter with the link goes to the address, if it may.
///
/// # Errors
/// [`Denied::Form`] for a text that is no address or where no subject is chosen; [`Denied::Unknown`] while the office
/// offers no subscription.
pub async fn ask(
    store: &Store,
    house: &House,
    typed: &str,
    topics: &[String],
    every: bool,
    now: Timestamp,
) -> Result<()> {
    let mut write = store.write().await?;
    if !is_open(&mut write, house).await? {
        return Err(unknown().into());
    }
    let address = Address::parse(typed);
    let mut slips = Vec::new();
    if address.is_err() {
        slips.push(slip("indirizzo", t(house.lang, "subscribe.slip.address")));
    }
    let fit = topics.len() <= MOST_TOPICS && topics.iter().all(|topic| topic.len() <= LONGEST_TOPIC);
    if !every && topics.is_empty() || !fit {
        slips.push(slip("argomento", t(house.lang, "subscribe.slip.topics")));
    }
    let Ok(address) = address else { return Err(Denied::Form(slips).into()) };
    if !slips.is_empty() {
        return Err(Denied::Form(slips).into());
    }
    let known = write.find_subscriber_by_address(&address).await?;
    let often = known.as_ref().is_some_and(|known| now < known.asked_at.plus(DAY));
    let closed = write.find_suppression(&token::suppression(&house.key, &address)).await?;
    let rejects = closed.is_some_and(|closed| closed.why == BOUNCED);
    if often || rejects || write.count_subscriptions_asked(now.plus(-HOUR)).await? >= AN_HOUR {
        return Ok(());
    }
    let mut asked = if every { Vec::new() } else { topics.to_vec() };
    asked.sort();
    asked.dedup();
    let subscriber = match known {
        Some(known) => Subscriber { asked, asked_at: now, ..known },
        None => Subscriber {
            id: SubscriberId(0),
            address,
            topics: Vec::new(),
            asked,
            asked_at: now,
            confirmed_at: None,
            consent: String::new(),
            left_at: None,
        },
    };
    let id = write.record_subscriber(&subscriber).await?;
    send_link(&mut write, store, house, &Subscriber { id, ..subscriber }, now).await?;
    write.commit().await?;
    Ok(())
}

async fn send_link(write: &mut Write, store: &Store, house: &House, to: &Subscriber, now: Timestamp) -> Result<()> {
    let until = now.plus(WAITS);
    let link = Token { purpose: TokenPurpose::Subscription, thing: to.id.0, reader: None, until: Some(until) };
    let url = format!("{}/iscrizione/{}", house.base_url, token::sign(&house.key, &link));
    let letter = salastampa_releases::subscription_letter(house.lang, &letterhead(house), &url);
    let letter = freeze(store, house, &letter, now).await?;
    write.record_file(&letter).await?;
    let sent = write.list_deliveries(DeliveryKind::Subscription, to.id.0).await?;
    let round = u32::try_from(sent.len()).unwrap_or(u32::MAX);
    let subject = Subject { kind: DeliveryKind::Subscription, thing: to.id.0, version: 1, round };
    let row = NewDelivery {
        subject,
        address: to.address.clone(),
        contact: None,
        reader: None,
        letter: letter.sha256,
        due_at: now,
        // a link that is over helps nobody
        expires_at: Some(until),
        in_reply_to: None,
        suppressed: None,
    };
    queue(write, house, &[row], now).await?;
    write.resume_lane(Lane::of(&subject), now).await?;
    Ok(())
}

/// Who is behind a link that was mailed. Changes nothing.
///
/// # Errors
/// [`Denied::Unknown`] for a link that is not ours, is over, or whose subscriber was forgotten; and while the office offers
/// no subscription.
pub async fn behind(rows: &mut Rows, house: &House, text: &str, now: Timestamp) -> Result<Subscriber> {
    let token = token::open(&house.key, text, now).filter(|t| t.purpose == TokenPurpose::Subscription);
    let id = SubscriberId(token.ok_or_else(unknown)?.thing);
    if !is_open(rows, house).await? {
        return Err(unknown().into());
    }
    Ok(rows.find_subscriber(id).await?.ok_or_else(unknown)?)
}

/// The person confirms: from now on releases of the subjects that they asked for go to them. Twice is as once.
///
/// # Errors
/// As [`behind`].
pub async fn confirm(store: &Store, house: &House, text: &str, now: Timestamp) -> Result<Subscriber> {
    let mut write = store.write().await?;
    let before = behind(&mut write, house, text, now).await?;
    let after = Subscriber {
        topics: before.asked.clone(),
        confirmed_at: before.confirmed_at.filter(|_| before.left_at.is_none()).or(Some(now)),
        consent: consent(house),
        left_at: None,
        ..before.clone()
    };
    if after == before {
        return Ok(after);
    }
    write.record_subscriber(&after).await?;
    write.lift_suppression(&token::suppression(&house.key, &after.address)).await?;
    let said = json!({ "topics": after.topics }).to_string();
    write.record_event(now, &PERSON, "subscriber.confirm", &about(after.id), None, Some(&said)).await?;
    write.commit().await?;
    Ok(after)
}

/// Those who want a release about these subjects, none while the office offers no subscription.
pub(crate) async fn wanting(rows: &mut Rows, house: &House, topics: &[String]) -> Result<Vec<Subscriber>> {
    if !is_open(rows, house).await? {
        return Ok(Vec::new());
    }
    let about: Vec<String> = topics.iter().map(|topic| salastampa_releases::compose::slug_of(topic)).collect();
    let mut found = rows.list_subscribers_reached().await?;
    found.retain(|subscriber| subscriber.wants(about.iter().map(String::as_str)));
    Ok(found)
}

/// All that is held on a subscriber, as JSON for that person (GDPR art. 15 and 20).
pub async fn export(desk: AtDesk<'_>, id: SubscriberId) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let held = write.find_subscriber(id).await?.ok_or_else(unknown)?;
    let mut log = Vec::new();
    for event in write.list_events_of(&about(id), EVENTS).await? {
        let by = name_of(&mut write, &event.who, desk.lang).await?;
        log.push(json!({ "at": event.at.rfc3339(), "by": by, "what": event.verb }));
    }
    let told = json!({
        "held_by": desk.house.office,
        "at": desk.now.rfc3339(),
        "address": held.address.as_str(),
        "subjects": held.topics,
        "basis": "consent",
        "consent": held.consent,
        "asked_at": held.asked_at.rfc3339(),
        "confirmed_at": held.confirmed_at.map(Timestamp::rfc3339),
        "left_at": held.left_at.map(Timestamp::rfc3339),
        "log": log,
    });
    write.record_event(desk.now, &actor(&user), "subscriber.export", &about(id), None, None).await?;
    write.commit().await?;
    Ok(serde_json::to_string_pretty(&told).map_err(anyhow::Error::from)?)
}

/// A subscriber is forgotten; what was sent stays without the address, and the keyed hash keeps it closed until they confirm
/// anew.
pub async fn erase(desk: AtDesk<'_>, id: SubscriberId) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let held = write.find_subscriber(id).await?.ok_or_else(unknown)?;
    // a journalist of that address stays one: they are erased on their own page
    let alone = write.find_contact_by_any_address(&held.address).await?.is_none();
    let mut stopped = 0;
    if alone {
        let hash = token::suppression(&desk.house.key, &held.address);
        write.record_suppression(&Suppression { hash, at: desk.now, why: OPT_OUT.into() }).await?;
        stopped = write.suppress_deliveries(&held.address, OPT_OUT).await?;
    }
    let alias = alias_of(desk.house, &held.address, &format!("s{id}"));
    let hash = token::suppression(&desk.house.key, &alias);
    write.record_suppression(&Suppression { hash, at: desk.now, why: OPT_OUT.into() }).await?;
    let deliveries = write.remove_subscriber(&held, &alias).await?;
    let said = json!({ "deliveries": deliveries, "stopped": stopped }).to_string();
    write.record_event(desk.now, &actor(&user), "subscriber.erase", &about(id), None, Some(&said)).await?;
    write.commit().await?;
    Ok(())
}

fn about(id: SubscriberId) -> String {
    format!("subscriber:{id}")
}

fn unknown() -> Denied {
    Denied::Unknown { what: "link", name: String::new() }
}

#[cfg(test)]
#[path = "subscribe_tests.rs"]
mod tests;
