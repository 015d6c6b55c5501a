//! The review of an edition: proposed before its hour, frozen and sent at its hour, also if nobody acts.
//!
//! A draft is composed again at the hour, so that what came in between is not missed. What leaves is frozen as a
//! version: the bytes of mail, text and PDF by their hash, an account of each outlet's text shown, and a row in the
//! outbox for each reader. All of it is one transaction, unique by (edition, slot): a second run or a restart makes
//! nothing twice.
//!
//! What people decided (`curate`) is asked each time and again in the transaction that sends. A confirmed issue leaves
//! as it was confirmed, and what arrived later is carried over to the next one; an issue that nobody confirmed leaves
//! with whatever was decided, the latecomers behind the rest, marked.

pub(crate) mod print;
pub(crate) mod rows;

pub use print::{LINK_DAYS, dressed, letter, own_link, paper, reserved_letter, web_link};
pub use rows::rights_of;

use crate::outbox::queue;
use crate::{Denied, House, Result, net};
use print::{print, row};
use rows::{Issue, Made, issue};
use salastampa_digest::compose::{Latecomers, Standing};
use salastampa_domain::time::MINUTE;
use salastampa_domain::{
    Act, Actor, Edition, Event, Hand, IssueKey, NewDelivery, Review, ReviewId, ReviewState, Slot, Timestamp, UserId,
    Visibility,
};
use salastampa_store::{Store, Write};

/// Makes whatever reviews are due at `now`: proposals and issues. Gives how many.
pub async fn make_due(store: &Store, house: &House, now: Timestamp) -> Result<usize> {
    let editions = store.read().await?.list_editions().await?;
    let mut made = 0;
    for edition in &editions {
        if let Some(slot) = edition.due(now) {
            made += usize::from(publish(store, house, edition, slot, None, now).await?);
        } else if let Some(slot) = proposal_due(edition, now) {
            made += usize::from(propose(store, edition, slot, now).await?);
        }
    }
    Ok(made)
}

/// When the next proposal or issue of any edition is due.
pub async fn next_due(store: &Store) -> Result<Option<Timestamp>> {
    let mut rows = store.read().await?;
    let mut due = Vec::new();
    for edition in rows.list_editions().await? {
        let Some(slot) = edition.next() else { continue };
        let proposed = rows.find_review(edition.id, slot).await?.is_some();
        due.push(if proposed { slot.instant() } else { ready_at(&edition, slot) });
    }
    Ok(due.into_iter().min())
}

fn ready_at(edition: &Edition, slot: Slot) -> Timestamp {
    slot.instant().plus(-i64::from(edition.ready_before) * MINUTE)
}

fn proposal_due(edition: &Edition, now: Timestamp) -> Option<Slot> {
    let slot = edition.next()?;
    (ready_at(edition, slot) <= now).then_some(slot)
}

/// Writes the draft for the desk; false if it stands there already.
async fn propose(store: &Store, edition: &Edition, slot: Slot, now: Timestamp) -> Result<bool> {
    let mut rows = store.read().await?;
    if rows.find_review(edition.id, slot).await?.is_some() {
        return Ok(false);
    }
    let issue = issue(&mut rows, edition, slot, slot.instant().max(now), now).await?;
    let made = issue.review(&mut rows, Latecomers::Leave).await?;
    drop(rows);
    let mut write = store.write().await?;
    if write.find_review(edition.id, slot).await?.is_none() {
        let id = write.record_review(made.review).await?;
        net::write_down(&mut write, &Event::about_review(id), &made.caught, now).await?;
        let who = Actor::Job { name: "review".into() };
        write.record_event(now, &who, "review.propose", &Event::about_review(id), None, None).await?;
    }
    write.commit().await?;
    Ok(true)
}

/// The number of the review of a slot; its draft is written if there is none yet.
pub(crate) async fn number(store: &Store, edition: &Edition, slot: Slot, now: Timestamp) -> Result<ReviewId> {
    propose(store, edition, slot, now).await?;
    let review = store.read().await?.find_review(edition.id, slot).await?;
    Ok(review.map(|r| r.id).ok_or_else(|| Denied::Unknown { what: "review", name: slot.to_string() })?)
}

/// *Pubblica ora*: an issue leaves at once, on a person's word, as it was on the screen (`seen`, by
/// [`mark`](crate::curate::mark)).
///
/// # Errors
/// [`Denied::Changed`] if somebody has decided something since.
pub async fn publish_now(
    store: &Store,
    house: &House,
    login: &str,
    key: IssueKey,
    seen: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let mut rows = store.read().await?;
    let user = crate::house::allowed(&mut rows, login, Act::PublishReview).await?;
    let edition = crate::curate::open_edition(&mut rows, &user, key, now).await?;
    drop(rows);
    leave(store, house, &edition, key.slot, (Some(user.id), seen), now).await
}

/// So often an issue is composed again because somebody decided something while it was being printed.
const AGAIN: usize = 3;

/// Freezes and sends an issue. `by` confirmed it; without, whoever confirmed it at the desk; without that it is marked
/// *non revisionata*. False if it is out already.
pub async fn publish(
    store: &Store,
    house: &House,
    edition: &Edition,
    slot: Slot,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<bool> {
    leave(store, house, edition, slot, (by, None), now).await
}

/// The same, by somebody who saw the issue so.
async fn leave(
    store: &Store,
    house: &House,
    edition: &Edition,
    slot: Slot,
    (by, seen): (Option<UserId>, Option<&str>),
    now: Timestamp,
) -> Result<bool> {
    if store.read().await?.find_review(edition.id, slot).await?.is_some_and(|r| r.version > 0) {
        finish(store, edition, slot).await?;
        return Ok(false);
    }
    let id = number(store, edition, slot, now).await?;
    for again in 0..=AGAIN {
        let mut rows = store.read().await?;
        let issue = issue(&mut rows, edition, slot, now, now).await?;
        crate::curate::expect_seen(&mut rows, &issue.arrangement, seen).await?;
        let by = by.or(issue.arrangement.confirmed.map(|(by, _)| by));
        let latecomers = if by.is_some() { Latecomers::Wait } else { Latecomers::Leave };
        let Made { review, shown, caught } = issue.review(&mut rows, latecomers).await?;
        drop(rows);
        let review = Review { id, version: 1, state: ReviewState::Published { at: now, by }, ..review };
        let printed = print(store, house, edition, &review, &issue.readers, now).await?;

        let mut write = store.write().await?;
        if write.find_review(edition.id, slot).await?.is_some_and(|r| r.version > 0) {
            return Ok(false);
        }
        if again < AGAIN && write.find_arrangement(issue.arrangement.issue).await? != issue.arrangement {
            continue;
        }
        write.replace_review(&review).await?;
        for file in printed.files() {
            write.record_file(file).await?;
        }
        write.record_review_version(&review, now, &printed.outputs).await?;
        let count = issue.readers.len();
        let uses: Vec<_> = outputs(edition)
            .iter()
            .flat_map(|output| shown.iter().map(move |s| s.leaving(now, output, count)))
            .collect();
        write.record_uses(&uses).await?;
        net::write_down(&mut write, &Event::about_review(review.id), &caught, now).await?;
        let rows: Vec<NewDelivery> =
            issue.readers.iter().map(|reader| row(house, reader, &review, &printed, now)).collect();
        queue(&mut write, house, &rows, now).await?;
        if latecomers == Latecomers::Wait {
            carry_over(&mut write, &issue, now).await?;
        }
        let first = by.map_or((0, 0), |_| crate::work::first_ten(&issue.lines));
        crate::work::measure(&mut write, edition, &issue.arrangement, &review.coverage, first, now).await?;
        write.record_edition_done(edition.id, slot).await?;
        let who = by.map_or(Actor::Job { name: "review".into() }, |id| Actor::User { id });
        let after = format!("{{\"readers\":{},\"entries\":{}}}", count, shown.len());
        write.record_event(now, &who, "review.publish", &Event::about_review(review.id), None, Some(&after)).await?;
        write.commit().await?;
        return Ok(true);
    }
    Ok(false)
}

/// What an issue's texts leave in.
pub(crate) fn outputs(edition: &Edition) -> &'static [&'static str] {
    match edition.visibility {
        Visibility::Reserved => &["review page", "review pdf"],
        Visibility::Readers | Visibility::Public => &["review mail", "review pdf"],
    }
}

/// Nothing is lost: what arrived too late for a confirmed issue is a candidate of the next one.
async fn carry_over(write: &mut Write, issue: &Issue, now: Timestamp) -> Result<()> {
    let Some(slot) = issue.edition.next_after(issue.arrangement.issue.slot) else { return Ok(()) };
    let next = IssueKey { edition: issue.edition.id, slot };
    let there = write.find_arrangement(next).await?;
    for line in issue.lines.iter().filter(|l| l.standing == Standing::Late) {
        let Some(story) = line.story.filter(|story| !there.hands.contains_key(story)) else { continue };
        let hand = Hand { version: 1, brought: true, seen: line.newest, ..Hand::new(story, now) };
        write.replace_hand(next, story, Some(&hand)).await?;
    }
    Ok(())
}

async fn finish(store: &Store, edition: &Edition, slot: Slot) -> Result<()> {
    let mut write = store.write().await?;
    write.record_edition_done(edition.id, slot).await?;
    write.commit().await?;
    Ok(())
}
