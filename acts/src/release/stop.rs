//! *Ferma*: what has not begun to leave does not leave.
//!
//! The release is approved again, and can be sent again: then it goes to those who have not had it, each under the
//! Message-ID that was drawn for them. What has gone has gone: a text that the public can read stays public (it is
//! withdrawn, or corrected), one that waited for its hour waits no more.
//!
//! A correction that is stopped before anybody has it leaves everything as it was before: the text whose place it had
//! taken goes on to those who waited for it, and becomes public at its hour. That one is stopped the same way, beside the
//! draft of its correction, which stays as it is.

use crate::house::allowed;
use crate::{Denied, House, Result};
use salastampa_domain::{
    Act, Approved, DeliveryKind, Release, ReleaseState, TextOut, Timestamp, Version, VersionId, is_public,
};
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
    /// Messages of the text before, which wait again now that nothing takes its place.
    pub restored: u64,
    /// The public can read the text, and goes on reading it.
    pub public: bool,
}

/// Stops what of a release is scheduled or leaving: its newest text, or, while a newer one is written, the one before.
pub async fn stop(store: &Store, house: &House, slug: &str, login: &str, now: Timestamp) -> Result<Stopped> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Approve).await?;
    let release = super::find(&mut write, slug).await?;
    let Some((approved, waits)) = leaving(&release) else { return super::wrong_state(&release) };
    let approved = approved.clone();
    let version = write.find_version(approved.version).await?.ok_or(Denied::Altered)?;
    let (after, stopped) = halted(&mut write, &release, &version, &approved, now).await?;
    let Stopped { cancelled, in_hand, gone, restored, .. } = stopped;
    if !waits && cancelled + in_hand == 0 {
        let sentence = salastampa_locale::t(house.lang, "composer.refused.nothing_waits").to_owned();
        return Err(Denied::Invalid(vec![sentence]).into());
    }
    let mut said = vec![("cancelled", cancelled.into()), ("in_hand", in_hand.into()), ("gone", u64::into(gone))];
    if restored > 0 {
        said.push(("restored", restored.into()));
    }
    super::moved_saying(&mut write, &user, "release.stop", &release, &after, &said, now).await?;
    write.commit().await?;
    Ok(stopped)
}

/// The proof of the text that a stop would stop, and whether it waits for its hour.
fn leaving(release: &Release) -> Option<(&Approved, bool)> {
    match release.beside().map_or(&release.state, |out| &out.state) {
        ReleaseState::Scheduled { approved, .. } => Some((approved, true)),
        ReleaseState::Sending { approved, .. } => Some((approved, false)),
        _ => None,
    }
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
    let gone: u64 = counts
        .iter()
        .filter(|(number, state, _)| *number == version.number && matches!(state.as_str(), "accepted" | "uncertain"))
        .map(|(_, _, n)| u64::try_from(*n).unwrap_or_default())
        .sum();
    let public = is_public(release, now);
    let stopped = Stopped { cancelled, in_hand, gone, restored: 0, public };
    let state = ReleaseState::Approved { approved: approved.clone() };
    write.forget_standing(release.id, now).await?;
    let public_at = if public { release.public_at } else { None };
    if let Some(out) = release.beside() {
        let out = TextOut { state, public_at, ..out.clone() };
        return Ok((Release { public_at, out: Some(out), ..release.clone() }, stopped));
    }
    // nobody has this text: the public one is what it was before
    let untouched = gone + in_hand == 0 && release.current == Some(version.id) && !public;
    let current = if untouched { version.corrects } else { release.current };
    let after = Release { current, public_at, state, ..release.clone() };
    match (current, &release.out) {
        (Some(earlier), Some(out)) if earlier != version.id => {
            let (after, restored) = given_back(write, after, earlier, out, now).await?;
            Ok((after, Stopped { restored, ..stopped }))
        }
        _ => Ok((Release { out: None, ..after }, stopped)),
    }
}

/// The text that stood before stands again: who waited for it waits again, and its hour is its hour.
async fn given_back(
    write: &mut Write,
    after: Release,
    earlier: VersionId,
    out: &TextOut,
    now: Timestamp,
) -> Result<(Release, u64)> {
    let number = write.find_version(earlier).await?.map(|version| version.number).ok_or(Denied::Altered)?;
    let restored = write.restore_deliveries(DeliveryKind::Release, after.id.0, number).await?;
    if let Some(hour) = out.public_at {
        let since = out.embargo_until.map_or(hour, |until| until.max(hour)).max(now);
        write.record_standing(after.id, earlier, since).await?;
    }
    Ok((Release { public_at: out.public_at, embargo_until: out.embargo_until, ..after }, restored))
}
