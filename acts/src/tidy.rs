//! Keeps house once a night: old visits and files that no row names go. What retention must purge is the office's to
//! set and is not touched here yet.

use crate::{Result, rating};
use jiff::ToSpan;
use salastampa_domain::time::DAY;
use salastampa_domain::{Actor, Schedule, Slot, Timestamp};
use salastampa_store::Store;

const NIGHTLY: &str = "20 3 * * *";
const JOB: &str = "tidy";
/// How long visits are kept.
const VISITS: i64 = 90 * DAY;
/// How long a file may lie without a row: a transaction that died may not have named it.
const FILES: i64 = 7 * DAY;
/// How long a notification is kept after its end.
const PUSHES: i64 = 30 * DAY;
/// How long a place on a front page is kept after it was last seen there: longer than any review looks back.
const FRONTS: i64 = 30 * DAY;
/// How long a photo that no release uses stays in the bank.
const PHOTOS: i64 = 30 * DAY;

/// What went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tidied {
    /// Visits.
    pub visits: u64,
    /// Photos of the bank; their files go a night later.
    pub photos: u64,
    /// Files.
    pub files: usize,
}

fn schedule() -> Schedule {
    Schedule::parse(NIGHTLY).expect("the schedule of the night is written right")
}

/// The slot that is due, if the night has come.
pub async fn due(store: &Store, now: Timestamp) -> Result<Option<Slot>> {
    let done = store.read().await?.slot_done(JOB).await?;
    // a new office begins with tonight
    Ok(done.map_or(Some(Slot::of(now)), |done| schedule().due(done, now)))
}

/// When the next night comes.
pub async fn next_due(store: &Store, now: Timestamp) -> Result<Option<Timestamp>> {
    let done = store.read().await?.slot_done(JOB).await?;
    Ok(done.map_or(Some(now), |done| schedule().next_due(done)))
}

/// Keeps house, once for each slot.
pub async fn tidy(store: &Store, now: Timestamp) -> Result<Tidied> {
    let Some(slot) = due(store, now).await? else { return Ok(Tidied::default()) };
    let mut done = Tidied::default();
    for file in store.list_orphan_files(now.plus(-FILES)).await? {
        store.files().remove_file(&file)?;
        done.files += 1;
    }
    let mut write = store.write().await?;
    done.visits = write.purge_visits(now.plus(-VISITS)).await?;
    done.photos = write.purge_photos(now.plus(-PHOTOS)).await?;
    write.purge_ratings(now.day().saturating_sub(rating::KEPT.days())).await?;
    write.purge_pushes(now.plus(-PUSHES)).await?;
    write.purge_subscribers(now.plus(-crate::subscribe::WAITS)).await?;
    write.purge_front(now.plus(-FRONTS)).await?;
    write.purge_wire_files(now.plus(-VISITS)).await?;
    crate::contacts::notice::catch_up(&mut write).await?;
    write.record_slot(JOB, slot).await?;
    if done != Tidied::default() {
        let who = Actor::Job { name: JOB.into() };
        write.record_event(now, &who, "tidy", "house", None, Some(&format!("{done:?}"))).await?;
    }
    write.commit().await?;
    if !store.empty_journal().await? {
        tracing::info!("somebody was reading: what was erased today leaves the journal tomorrow night");
    }
    Ok(done)
}
