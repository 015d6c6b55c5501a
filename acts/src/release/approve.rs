//! *Approva*: another person takes responsibility for the frozen bytes.

use super::election::required_of;
use crate::house::allowed;
use crate::{Denied, House, Result};
use salastampa_domain::{Act, Approved, Release, ReleaseState, Timestamp};
use salastampa_store::Store;

/// Approves the version in review. The approver has written nothing in it ([`super::hands`]) and has not submitted it,
/// unless the office is set up as one person's: then it is written down each time; not in election time. `seen` is the
/// hash of the text that the approver has before the eyes, where a page knows it: another text is not approved unseen.
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
    let alone = super::hands(&mut write, &release, &version).await?.contains(&user.id);
    let required = required_of(&mut write, house, &release, &version, now).await?;
    // an office of one person has no second pair of eyes: in election time nothing leaves without one
    if alone && (!house.one_person || required.is_some()) {
        return Err(Denied::OwnText.into());
    }
    if let Some(required) = required.filter(|required| !required.text_is_fit()) {
        return Err(Denied::Election(Box::new(required)).into());
    }
    if salastampa_releases::digest(&version) != version.sha256 {
        return Err(Denied::Altered.into());
    }
    let quotes = super::sign_off::of_version(&mut write, house, &release, &version).await?;
    let approved = Approved {
        version: version.id,
        sha256: version.sha256.clone(),
        by: user.id,
        at: now,
        alone,
        second: None,
        held: None,
        quotes,
    };
    let after = Release { state: ReleaseState::Approved { approved: approved.clone() }, ..release.clone() };
    let verb = if alone { "release.approve_alone" } else { "release.approve" };
    super::moved(&mut write, &user, verb, &release, &after, now).await?;
    write.commit().await?;
    Ok(approved)
}
