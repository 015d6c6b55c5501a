//! The hours of a release: *programmato* becomes *in invio* at its hour, *in invio* becomes *diramato* when no message is
//! left to try; the hour of the first one that a server took over is noted with each text. Publicity does not wait for this: it is asked at read time. Before, what election time forbids is held back:
//! the second net, for a calendar or a register that a file has changed.

use crate::{House, Result};
use salastampa_domain::{Actor, DeliveryKind, Event, Release, ReleaseId, ReleaseState, Timestamp, VersionId};
use salastampa_store::{Rows, Store};

/// Moves on whatever release has come to its hour or its end; gives how many.
pub async fn settle(store: &Store, house: &House, now: Timestamp) -> Result<usize> {
    let held = super::hold_back(store, house, now).await?;
    let (mut due, mut issued) = (Vec::new(), Vec::new());
    {
        let mut rows = store.read().await?;
        for release in rows.list_releases_in(&["scheduled", "sending"]).await? {
            issued.extend(newly_issued(&mut rows, &release).await?);
            if let Some(after) = moved_on(&mut rows, &release, now).await? {
                due.push((release, after));
            }
        }
    }
    if due.is_empty() && issued.is_empty() {
        return Ok(held);
    }
    let mut write = store.write().await?;
    for (version, at) in issued {
        write.record_issued(version, at).await?;
    }
    for (before, after) in &due {
        // somebody may have withdrawn it since
        if write.find_release_by_id(before.id).await?.is_none_or(|r| r.state != before.state) {
            continue;
        }
        write.replace_release(after).await?;
        let who = Actor::Job { name: "deliver".into() };
        let (was, is) = (before.state.name(), after.state.name());
        write.record_event(now, &who, "release.settle", &Event::about_release(before.id), Some(was), Some(is)).await?;
    }
    write.commit().await?;
    Ok(due.len() + held)
}

async fn moved_on(rows: &mut Rows, release: &Release, now: Timestamp) -> Result<Option<Release>> {
    Ok(match &release.state {
        ReleaseState::Scheduled { approved, at } if *at <= now => Some(Release {
            current: Some(approved.version),
            state: ReleaseState::Sending { approved: approved.clone(), since: *at },
            ..release.clone()
        }),
        ReleaseState::Sending { approved, .. } if is_done(rows, release.id).await? => {
            let state = ReleaseState::Sent { approved: approved.clone(), at: now };
            // the text is with everybody: what it took the place of does not come back
            Some(Release { state, out: None, ..release.clone() })
        }
        _ => None,
    })
}

/// *Diramato alle ore*: the hour of the first message that a server has taken over, where it is not noted yet.
async fn newly_issued(rows: &mut Rows, release: &Release) -> Result<Option<(VersionId, Timestamp)>> {
    let ReleaseState::Sending { approved, .. } = &release.state else { return Ok(None) };
    let version = approved.version;
    if rows.list_issued(release.id).await?.iter().any(|(noted, _)| *noted == version) {
        return Ok(None);
    }
    Ok(rows.first_accepted(version).await?.map(|at| (version, at)))
}

async fn is_done(rows: &mut Rows, release: ReleaseId) -> Result<bool> {
    // counted, not listed: a campaign may have fifty thousand
    Ok(rows.count_going(DeliveryKind::Release, release.0).await? == 0)
}

/// When a scheduled release comes to its hour.
pub async fn next_due(store: &Store) -> Result<Option<Timestamp>> {
    let releases = store.read().await?.list_releases_in(&["scheduled"]).await?;
    Ok(releases
        .iter()
        .filter_map(|r| match r.state {
            ReleaseState::Scheduled { at, .. } => Some(at),
            _ => None,
        })
        .min())
}
