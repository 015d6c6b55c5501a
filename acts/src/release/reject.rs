//! *Rimanda in bozza*: the approver asks for changes, and says which.

use crate::house::allowed;
use crate::{Denied, House, Result, Slip};
use salastampa_domain::{Act, Release, ReleaseState, Timestamp};
use salastampa_locale::t;
use salastampa_store::Store;

/// Longest reason, in characters.
const LONGEST: usize = 2_000;

/// Sends a text that is in review, or approved and not yet on its way, back to its author with a reason. The frozen
/// version stays as it is; the next submit makes another one.
pub async fn reject(store: &Store, house: &House, slug: &str, why: &str, login: &str, now: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Approve).await?;
    let release = super::find(&mut write, slug).await?;
    if !matches!(release.state, ReleaseState::InReview { .. } | ReleaseState::Approved { .. }) {
        return super::wrong_state(&release);
    }
    let why = why.trim();
    if why.is_empty() {
        let sentence = t(house.lang, "composer.refused.no_reason").to_owned();
        return Err(Denied::Form(vec![Slip { field: "motivo", sentence }]).into());
    }
    let why: String = why.chars().take(LONGEST).collect();
    let after = Release { state: ReleaseState::Draft, out: super::beside(&release), ..release.clone() };
    super::moved_saying(&mut write, &user, "release.reject", &release, &after, &[("why", why.into())], now).await?;
    write.commit().await?;
    Ok(())
}
