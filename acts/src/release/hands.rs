//! Whose text it is: everybody who wrote in it since somebody else last stood by it.
//!
//! Who presses *Invia in revisione* is only one of them. The log has every hand; what was approved, or has left, was read by
//! another person, and counts no more. Left out: who uploaded a photo that was in the bank already.

use crate::Result;
use salastampa_domain::{Actor, Event, Release, ReleaseState, UserId, Version};
use salastampa_store::Rows;
use std::collections::BTreeSet;

/// So many lines of the log are looked at: a text that was changed more often since its last approval has more hands than
/// an office.
const LOOKED: usize = 2_000;

/// The people who may not approve a frozen text: who submitted it, and who began or changed it since the last approval.
pub async fn hands(rows: &mut Rows, release: &Release, version: &Version) -> Result<BTreeSet<UserId>> {
    let mut hands = BTreeSet::from([version.author]);
    if release.current.is_none() && version.number == 1 {
        hands.insert(release.author);
    }
    for event in rows.list_events_of(&Event::about_release(release.id), LOOKED).await? {
        match (event.verb.as_str(), event.who) {
            ("release.new" | "release.edit" | "release.correct" | "release.files", Actor::User { id }) => {
                hands.insert(id);
            }
            ("release.approve" | "release.send" | "release.schedule" | "release.abandon", _) => break,
            _ => {}
        }
    }
    Ok(hands)
}

/// Whether a text waits for an approval that this person may not give, because it is theirs.
pub async fn is_own(rows: &mut Rows, release: &Release, user: UserId) -> Result<bool> {
    let ReleaseState::InReview { version, by, .. } = release.state else { return Ok(false) };
    match rows.find_version(version).await? {
        Some(version) => Ok(hands(rows, release, &version).await?.contains(&user)),
        None => Ok(by == user),
    }
}
