//! *Riprendi*: a lane that was paused goes on, because a person has looked after what stood in its way.

use super::book::subject;
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{Act, DeliveryKind, Lane, Timestamp};
use salastampa_store::Store;

/// Lets a lane go on. What failed of it is tried at its next hour, the rest at once. False if it was not paused (any more).
pub async fn resume(store: &Store, lane: Lane, login: &str, now: Timestamp) -> Result<bool> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    if let Lane::Campaign { kind: DeliveryKind::Release, thing } = lane
        && write.find_release_by_id(salastampa_domain::ReleaseId(thing)).await?.is_none()
    {
        return Err(Denied::Unknown { what: "release", name: thing.to_string() }.into());
    }
    if !write.resume_lane(lane, now).await? {
        return Ok(false);
    }
    write.record_event(now, &actor(&user), "outbox.resume", &subject(lane), None, None).await?;
    write.commit().await?;
    Ok(true)
}
