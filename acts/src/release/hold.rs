//! A release that is on its way and may not leave at its hour, because it falls into election time: it is held back.
//!
//! Held before the hour, in the transaction that changes the calendar or the register, and again whenever the outbox is
//! looked at: publicity is asked at read time, and what is to be cleared at the hour would be cleared too late. What
//! waits does not leave, what is not yet public does not become so, and the approval stands with a mark. A text that is
//! public already stays so; its mails that a server put off, or that are in doubt, are held when the next of them would
//! leave inside. From there
//! somebody signs it or writes it anew, and sends it again: it goes to the same people under the same Message-IDs.

use super::election::{address, frozen, instants, required};
use super::stop::halted;
use crate::{House, Result};
use salastampa_domain::{Actor, Approved, DeliveryKind, Held, Release, ReleaseState, Timestamp};
use salastampa_locale::fill;
use salastampa_store::{Rows, Store, Write};

/// Holds back each text that may not leave at its hour; gives how many. In the caller's transaction.
pub async fn hold(write: &mut Write, house: &House, now: Timestamp) -> Result<usize> {
    let mut held = 0;
    for mut release in on_their_way(write, now).await? {
        // the text whose place a held one had taken goes on in its stead: it is asked the same
        while let Some(after) = held_back(write, house, &release, now).await? {
            release = after;
            held += 1;
        }
    }
    Ok(held)
}

/// The release after what leaves of it was held back; none where nothing has to be.
async fn held_back(write: &mut Write, house: &House, release: &Release, now: Timestamp) -> Result<Option<Release>> {
    // an open correction says nothing about the text that is out: that one has a state and a proof of its own
    let state = release.beside().map_or(&release.state, |out| &out.state);
    let Some(approved) = state.approved().cloned() else { return Ok(None) };
    let mut instants = instants(release, now);
    if let ReleaseState::Sending { .. } = state {
        // a server may put a mail off for days: what was sent before the call leaves inside
        let next = write.next_mail_about(DeliveryKind::Release, release.id.0).await?;
        instants.extend(next.map(|at| at.max(now)));
        instants.sort_unstable();
    }
    if instants.is_empty() {
        return Ok(None);
    }
    let Some(version) = write.find_version(approved.version).await? else { return Ok(None) };
    // a text that no longer reads cannot be shown to be fit, nor was it approved so: sending it would refuse it too
    let Ok(draft) = frozen(&version) else { return Ok(None) };
    let required = required(write, house, address(release, now), &draft, Some(&approved), &instants).await?;
    let Some(required) = required.filter(|required| !required.is_met()) else { return Ok(None) };
    let approved = Approved { held: Some(Held { due: required.at, at: now }), ..approved };
    let (after, _) = halted(write, release, &version, &approved, now).await?;
    let until = required.until(house.lang);
    let why =
        fill(house.lang, "election.held_why", &[("until", &until), ("lines", &required.lines(house.lang).join(" "))]);
    let who = Actor::Job { name: "deliver".into() };
    super::moved_by(write, &who, "release.hold", release, &after, &[("why", why.into())], now).await?;
    Ok(Some(after))
}

/// The same in a transaction of its own, where there is anything to hold.
pub async fn hold_back(store: &Store, house: &House, now: Timestamp) -> Result<usize> {
    {
        let mut rows = store.read().await?;
        if crate::elections::calendar(&mut rows, house).await?.is_empty()
            || on_their_way(&mut rows, now).await?.is_empty()
        {
            return Ok(0);
        }
    }
    let mut write = store.write().await?;
    let held = hold(&mut write, house, now).await?;
    write.commit().await?;
    Ok(held)
}

/// Releases of which something still leaves or becomes public: by their state, by their hour, and those whose newest text
/// is worked on while the one before goes on.
async fn on_their_way(rows: &mut Rows, now: Timestamp) -> Result<Vec<Release>> {
    let mut releases = rows.list_releases_in(&["scheduled", "sending"]).await?;
    let mut others = rows.list_releases_since(now).await?;
    others.extend(rows.list_releases_beside().await?.into_iter().filter(|release| release.beside().is_some()));
    for release in others {
        if release.withdrawn.is_none() && releases.iter().all(|known| known.id != release.id) {
            releases.push(release);
        }
    }
    Ok(releases)
}
