//! *Conferma*: a person answers for the issue, which then leaves at its hour under her name. And the test to oneself,
//! and the end of the links that lead to an issue.

use super::{Doing, Done, open_edition};
use crate::outbox::{freeze, queue};
use crate::{Denied, House, Result, house, review};
use salastampa_digest::compose::standing_in;
use salastampa_domain::{
    Act, Address, DeliveryKind, Event, Hand, IssueKey, NewDelivery, ReaderId, ReviewId, StoryId, Subject, Timestamp,
    TokenPurpose, Visibility,
};
use salastampa_locale::t;
use salastampa_store::{Rows, Store};

/// Confirms an issue as it stands on the screen, which is what `seen` is the [`mark`](super::mark) of: the order is held,
/// and what arrives from now on waits for the next one.
///
/// # Errors
/// [`Denied::Changed`] if somebody has decided something since.
pub async fn confirm(store: &Store, login: &str, key: IssueKey, seen: Option<&str>, now: Timestamp) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::PublishReview, now).await?;
    super::expect_seen(&mut doing.write, &doing.arrangement, seen).await?;
    let user = doing.user.clone();
    open_edition(&mut doing.write, &user, key, now).await?;
    for number in 0..doing.edition.sections.len() {
        let section = doing.edition.sections[number].id;
        let stories: Vec<StoryId> = standing_in(&doing.lines, number).iter().filter_map(|l| l.story).collect();
        for (place, story) in (1..).zip(stories) {
            let hand = Hand { place: Some(place), section: Some(section), ..doing.hand(story) };
            doing.put(hand, false).await?;
        }
    }
    doing.arrangement.begun_at = doing.arrangement.begun_at.or(Some(now));
    doing.arrangement.confirmed = Some((doing.user.id, now));
    let arrangement = doing.arrangement.clone();
    doing.write.record_issue(&arrangement).await?;
    let act = doing.write_down("review.confirm").await?;
    let lines = doing.change.lines.len();
    doing.write.commit().await?;
    Ok(Done { act, lines, unconfirmed: false })
}

/// Takes a confirmation back; nothing else changes.
pub async fn unconfirm(store: &Store, login: &str, key: IssueKey, now: Timestamp) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::PublishReview, now).await?;
    if doing.arrangement.confirmed.take().is_none() {
        return Ok(Done::default());
    }
    let arrangement = doing.arrangement.clone();
    doing.write.record_issue(&arrangement).await?;
    let act = doing.write_down("review.unconfirm").await?;
    doing.write.commit().await?;
    Ok(Done { act, lines: 0, unconfirmed: true })
}

/// Sends the issue as it stands to the person who asks, and to nobody else. It takes no reader's place.
pub async fn send_test(store: &Store, house: &House, login: &str, key: IssueKey, now: Timestamp) -> Result<Address> {
    let mut rows = store.read().await?;
    let user = house::allowed(&mut rows, login, Act::Curate).await?;
    let edition = open_edition(&mut rows, &user, key, now).await?;
    let address = user.address.clone();
    let address = address.ok_or_else(|| Denied::Invalid(vec![t(house.lang, "curation.no_address").to_owned()]))?;
    drop(rows);
    let id = review::number(store, &edition, key.slot, now).await?;
    let mut rows = store.read().await?;
    let draft = super::preview(&mut rows, &edition, key, now).await?;
    let before = rows.list_deliveries(DeliveryKind::Test, id.0).await?.len();
    drop(rows);
    let mut letter = match edition.visibility {
        Visibility::Reserved => {
            let desk = format!("{}/desk/rassegna/{}/{}", house.base_url, edition.slug, key.slot);
            review::reserved_letter(house, &draft, house.lang, desk, now)
        }
        Visibility::Readers | Visibility::Public => review::letter(house, &draft, house.lang, String::new()),
    };
    letter.subject = format!("[{}] {}", t(house.lang, "curation.test"), letter.subject);
    let file = freeze(store, house, &letter, now).await?;
    let mut write = store.write().await?;
    write.record_file(&file).await?;
    let row = NewDelivery {
        subject: Subject {
            kind: DeliveryKind::Test,
            thing: id.0,
            version: 0,
            round: u32::try_from(before).unwrap_or(u32::MAX),
        },
        address: address.clone(),
        contact: None,
        reader: None,
        letter: file.sha256.clone(),
        due_at: now,
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    };
    queue(&mut write, house, &[row], now).await?;
    write.record_event(now, &house::actor(&user), "review.test", &Event::about_review(id), None, None).await?;
    write.commit().await?;
    Ok(address)
}

/// Revokes the links that lead to a published review: what was made before this instant opens nothing any more.
pub async fn revoke_links(store: &Store, login: &str, review: ReviewId, now: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    let user = house::allowed(&mut write, login, Act::PublishReview).await?;
    let found = write.find_review_by_id(review).await?;
    let found = found.ok_or_else(|| Denied::Unknown { what: "review", name: review.to_string() })?;
    super::seen_edition(&mut write, &user, IssueKey { edition: found.edition, slot: found.slot }).await?;
    write.record_revocation(TokenPurpose::Review, review.0, user.id, now).await?;
    write.record_event(now, &house::actor(&user), "link.revoke", &Event::about_review(review), None, None).await?;
    write.commit().await?;
    Ok(())
}

/// Revokes one reader's own link to a published review; the others' open it as before.
pub async fn revoke_reader_link(
    store: &Store,
    login: &str,
    review: ReviewId,
    reader: ReaderId,
    now: Timestamp,
) -> Result<()> {
    let mut write = store.write().await?;
    let user = house::allowed(&mut write, login, Act::PublishReview).await?;
    let found = write.find_review_by_id(review).await?;
    let found = found.ok_or_else(|| Denied::Unknown { what: "review", name: review.to_string() })?;
    super::seen_edition(&mut write, &user, IssueKey { edition: found.edition, slot: found.slot }).await?;
    if reader_links(&mut write, review).await?.iter().all(|link| link.reader != reader) {
        return Err(Denied::Unknown { what: "reader", name: reader.to_string() }.into());
    }
    write.record_reader_revocation(review, reader, user.id, now).await?;
    let after = format!("{{\"reader\":{reader}}}");
    let about = Event::about_review(review);
    write.record_event(now, &house::actor(&user), "link.revoke", &about, None, Some(&after)).await?;
    write.commit().await?;
    Ok(())
}

/// A reader's own link to a review.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReaderLink {
    /// Whose.
    pub reader: ReaderId,
    /// As people know them; the address where the reader is gone.
    pub name: String,
    /// Since when it opens nothing, if somebody revoked it.
    pub revoked_at: Option<Timestamp>,
}

/// The links of a reserved review, by reader: of everybody whom it was sent to.
pub async fn reader_links(rows: &mut Rows, review: ReviewId) -> Result<Vec<ReaderLink>> {
    let names = rows.list_readers().await?;
    let revoked = rows.list_reader_revocations(review).await?;
    let sent = rows.list_deliveries(DeliveryKind::Review, review.0).await?;
    let links = sent.into_iter().filter_map(|delivery| {
        let reader = delivery.reader?;
        let name = names.iter().find(|known| known.id == reader).map(|known| known.name.clone());
        let name = name.unwrap_or_else(|| delivery.address.to_string());
        let revoked_at = revoked.iter().find(|(id, _)| *id == reader).map(|(_, at)| *at);
        Some(ReaderLink { reader, name, revoked_at })
    });
    Ok(links.collect())
}
