//! *Ritira*: what waits does not leave, what is out is called back.

use crate::house::allowed;
use crate::outbox::{freeze, queue};
use crate::{Denied, House, Result, Slip, token};
use salastampa_domain::{Act, DeliveryKind, DeliveryState, NewDelivery, Release, ReleaseState, Subject, Timestamp};
use salastampa_store::Store;

/// Withdraws a release that is scheduled or out: queued messages are cancelled and earlier receivers are told, each in
/// the thread of the mail that they have, in the same transaction; who has left since is told nothing. Gives how many
/// were cancelled and how many are told.
pub async fn withdraw(
    store: &Store,
    house: &House,
    slug: &str,
    why: &str,
    login: &str,
    now: Timestamp,
) -> Result<(u64, usize)> {
    if why.trim().is_empty() {
        let sentence = salastampa_locale::t(house.lang, "acts.no_why").to_owned();
        return Err(Denied::Form(vec![Slip { field: "perche", sentence }]).into());
    }
    let letter = {
        let mut rows = store.read().await?;
        let release = super::find(&mut rows, slug).await?;
        let version = match release.current {
            Some(id) => rows.find_version(id).await?,
            None => None,
        };
        let Some(version) = version else { return super::wrong_state(&release) };
        freeze(store, house, &salastampa_releases::kill_letter(&version, &super::letterhead(house), why, now), now)
            .await?
    };
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Approve).await?;
    let release = super::find(&mut write, slug).await?;
    if release.current.is_none() || matches!(release.state, ReleaseState::Withdrawn { .. }) {
        return super::wrong_state(&release);
    }
    // it goes to everybody who has the text, and stands on its page for ever
    let refused = super::election::refused_words(&mut write, house, why, now).await?;
    if !refused.is_empty() {
        let sentence = refused.join(" ");
        return Err(Denied::Form(vec![Slip { field: "perche", sentence }]).into());
    }
    // asked before it is cancelled: a message of unknown fate may have arrived, and will not be sent again
    let mut newest = std::collections::BTreeMap::new();
    for earlier in write.list_deliveries(DeliveryKind::Release, release.id.0).await? {
        if matches!(
            earlier.state,
            DeliveryState::Accepted | DeliveryState::Uncertain | DeliveryState::DataStarted { .. }
        ) {
            newest.insert(earlier.address.clone(), earlier);
        }
    }
    let cancelled = write.cancel_deliveries(DeliveryKind::Release, release.id.0).await?;
    let mut rows = Vec::new();
    for earlier in newest.into_values() {
        let left = write.find_suppression(&token::suppression(&house.key, &earlier.address)).await?;
        rows.push(NewDelivery {
            subject: Subject { kind: DeliveryKind::Withdrawal, thing: release.id.0, version: 0, round: 0 },
            address: earlier.address,
            contact: earlier.contact,
            reader: None,
            letter: letter.sha256.clone(),
            due_at: now,
            expires_at: None,
            in_reply_to: Some(earlier.message_id),
            suppressed: left.map(|s| s.why),
        });
    }
    write.record_file(&letter).await?;
    queue(&mut write, house, &rows, now).await?;
    write.forget_standing(release.id, now).await?;
    let told = rows.iter().filter(|r| r.suppressed.is_none()).count();
    let after = Release {
        state: ReleaseState::Withdrawn { by: user.id, at: now, why: why.to_owned() },
        withdrawn: Some((now, user.id, why.to_owned())),
        out: None,
        ..release.clone()
    };
    super::moved(&mut write, &user, "release.withdraw", &release, &after, now).await?;
    write.commit().await?;
    Ok((cancelled, told))
}
