//! *Ferma*: what has not begun to leave does not leave.
//!
//! The release is approved again, and can be sent again: then it goes to those who have not had it, each under the
//! Message-ID that was drawn for them. What has gone has gone: a text that the public can read stays public (it is
//! withdrawn, or corrected), one that waited for its hour waits no more.

use crate::house::allowed;
use crate::{Denied, House, Result};
use salastampa_domain::{Act, Approved, DeliveryKind, Release, ReleaseState, Timestamp, Version, is_public};
use salastampa_store::{Store, Write};

/// What a stop has stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stopped {
    /// Messages that will not leave.
    pub cancelled: u64,
    /// Messages in a worker's hand: their transmission ends, it is not tried again.
    pub in_hand: u64,
    /// Messages of this text that a server has taken over, or may have.
    pub gone: u64,
    /// The public can read the text, and goes on reading it.
    pub public: bool,
}

/// Stops a release that is scheduled or leaving.
pub async fn stop(store: &Store, house: &House, slug: &str, login: &str, now: Timestamp) -> Result<Stopped> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Approve).await?;
    let release = super::find(&mut write, slug).await?;
    let (approved, waits) = match &release.state {
        ReleaseState::Scheduled { approved, .. } => (approved.clone(), true),
        ReleaseState::Sending { approved, .. } => (approved.clone(), false),
        _ => return super::wrong_state(&release),
    };
    let version = write.find_version(approved.version).await?.ok_or(Denied::Altered)?;
    let (after, stopped) = halted(&mut write, &release, &version, &approved, now).await?;
    let Stopped { cancelled, in_hand, gone, .. } = stopped;
    if !waits && cancelled + in_hand == 0 {
        let sentence = salastampa_locale::t(house.lang, "composer.refused.nothing_waits").to_owned();
        return Err(Denied::Invalid(vec![sentence]).into());
    }
    let said = [("cancelled", cancelled.into()), ("in_hand", in_hand.into()), ("gone", u64::into(gone))];
    super::moved_saying(&mut write, &user, "release.stop", &release, &after, &said, now).await?;
    write.commit().await?;
    Ok(stopped)
}

/// What waits is cancelled, in the caller's transaction; gives the release as it then stands, and the counts.
pub(super) async fn halted(
    write: &mut Write,
    release: &Release,
    version: &Version,
    approved: &Approved,
    now: Timestamp,
) -> Result<(Release, Stopped)> {
    let (cancelled, in_hand) = write.stop_deliveries(DeliveryKind::Release, release.id.0).await?;
    let counts = write.count_deliveries_by_version(DeliveryKind::Release, release.id.0).await?;
    let gone = counts
        .iter()
        .filter(|(number, state, _)| *number == version.number && matches!(state.as_str(), "accepted" | "uncertain"))
        .map(|(_, _, n)| u64::try_from(*n).unwrap_or_default())
        .sum();
    let public = is_public(release, now);
    let untouched = gone + in_hand == 0 && release.current == Some(version.id);
    let after = Release {
        // nobody has this text: the public one is what it was before
        current: if untouched && !public { version.corrects } else { release.current },
        public_at: if public { release.public_at } else { None },
        state: ReleaseState::Approved { approved: approved.clone() },
        ..release.clone()
    };
    write.forget_standing(release.id, now).await?;
    Ok((after, Stopped { cancelled, in_hand, gone, public }))
}
