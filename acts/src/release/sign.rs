//! *Firma anche tu*: in election time a second person stands by the text that is approved.

use super::election::required_of;
use crate::house::allowed;
use crate::{Denied, House, Result};
use salastampa_domain::{Act, Approved, Release, ReleaseState, Signature, Timestamp, may_sign_second};
use salastampa_store::Store;

/// Puts the second signature under an approved text: by a head of the office, or whoever has that right, who neither
/// wrote nor approved it. It may be given before the polls are called, for a text that leaves after. `seen` is the hash of
/// the text that the person has before the eyes, where a page knows it.
///
/// # Errors
/// [`Denied::MayNotSign`], [`Denied::SameHand`], [`Denied::Signed`]; [`Denied::Election`] where the text itself may not
/// leave.
pub async fn sign(
    store: &Store,
    house: &House,
    slug: &str,
    seen: Option<&str>,
    login: &str,
    now: Timestamp,
) -> Result<Approved> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Read).await?;
    if !may_sign_second(&user) {
        return Err(Denied::MayNotSign.into());
    }
    let release = super::find(&mut write, slug).await?;
    let ReleaseState::Approved { approved } = release.state.clone() else { return super::wrong_state(&release) };
    let version = write.find_version(approved.version).await?.ok_or(Denied::Altered)?;
    super::same_version(&mut write, &version, seen).await?;
    if approved.second.is_some() {
        return Err(Denied::Signed.into());
    }
    if [approved.by, version.author, release.author].contains(&user.id)
        || super::hands(&mut write, &release, &version).await?.contains(&user.id)
    {
        return Err(Denied::SameHand.into());
    }
    if salastampa_releases::digest(&version) != approved.sha256 {
        return Err(Denied::Altered.into());
    }
    if let Some(required) = required_of(&mut write, house, &release, &version, now).await?
        && (!required.text_is_fit() || required.alone)
    {
        return Err(Denied::Election(Box::new(required)).into());
    }
    let signed = Approved { second: Some(Signature { by: user.id, at: now }), ..approved };
    let after = Release { state: ReleaseState::Approved { approved: signed.clone() }, ..release.clone() };
    super::moved(&mut write, &user, "release.sign", &release, &after, now).await?;
    write.commit().await?;
    Ok(signed)
}
