//! *Approva*: another person takes responsibility for the frozen bytes.

use crate::house::allowed;
use crate::{Denied, House, Result};
use salastampa_domain::{Act, Approved, Release, ReleaseState, Timestamp};
use salastampa_store::Store;

/// Approves the version in review. The approver is never its author, unless the office is set up as one person's: then
/// it is written down each time. `seen` is the hash of the text that the approver has before the eyes, where a page
/// knows it: another text is not approved unseen.
pub async fn approve(
    store: &Store,
    house: &House,
    slug: &str,
    seen: Option<&str>,
    login: &str,
    now: Timestamp,
) -> Result<Approved> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Approve).await?;
    let release = super::find(&mut write, slug).await?;
    let ReleaseState::InReview { version, .. } = release.state else { return super::wrong_state(&release) };
    let version = write.find_version(version).await?.ok_or(Denied::Altered)?;
    super::same_version(&mut write, &version, seen).await?;
    let alone = version.author == user.id;
    if alone && !house.one_person {
        return Err(Denied::OwnText.into());
    }
    if salastampa_releases::digest(&version) != version.sha256 {
        return Err(Denied::Altered.into());
    }
    let approved = Approved { version: version.id, sha256: version.sha256.clone(), by: user.id, at: now, alone };
    let after = Release { state: ReleaseState::Approved { approved: approved.clone() }, ..release.clone() };
    let verb = if alone { "release.approve_alone" } else { "release.approve" };
    super::moved(&mut write, &user, verb, &release, &after, now).await?;
    write.commit().await?;
    Ok(approved)
}
