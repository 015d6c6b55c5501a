//! `follow`: the archive takes over what changed in the store, and where it must be built anew it is, beside the one that
//! answers, one batch a step. `clip` has a cursor of its own, so that neither holds back an alert.

use crate::app::App;
use anyhow::Result;
use salastampa_index::{Archive, TantivyArchive};

/// So many changes a step.
const BATCH: usize = 1_000;

/// Applies the next changes, and lets grow what is being built; gives how many.
pub async fn run(app: &App) -> Result<usize> {
    let archive = app.archive().await?;
    let last = app.store.read().await?.last_seq().await?;
    archive.tend(last).await?;
    archive.measure_from(app.clock.now());
    let followed = step(app, archive).await?;
    let grown = match archive.grows_from() {
        None => 0,
        Some(after) => {
            let changes = app.store.read().await?.list_changes(after, BATCH).await?;
            archive.grow(&changes).await?;
            // also without a change: it has taken its place
            changes.len().max(1)
        }
    };
    note(app, archive).await?;
    Ok(followed + grown)
}

/// What answers goes on; what is built in its place, where nothing does, grows.
async fn step(app: &App, archive: &TantivyArchive) -> Result<usize> {
    let changes = app.store.read().await?.list_changes(archive.follows_from(), BATCH).await?;
    let before = archive.standing().await?;
    if changes.is_empty() && before.answers && before.obstacle.is_none() {
        return Ok(0);
    }
    archive.apply(&changes).await?;
    let after = archive.standing().await?;
    if let Some(why) = before.rebuild.filter(|_| after.rebuild.is_none()) {
        tracing::info!("the archive is built anew ({})", why.why);
    }
    Ok(changes.len() + usize::from(after.answers && !before.answers))
}

/// Writes down up to where the archive can be asked, and what it could not take in.
async fn note(app: &App, archive: &TantivyArchive) -> Result<()> {
    let standing = archive.standing().await?;
    let mut write = app.store.write().await?;
    write.record_index_commit(standing.cursor, app.clock.now()).await?;
    write.commit().await?;
    Ok(())
}
