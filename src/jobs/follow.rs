//! `follow`: the archive takes over what changed in the store.

use crate::app::App;
use anyhow::Result;
use salastampa_index::Archive;

/// So many changes a commit.
const BATCH: usize = 1_000;

/// Applies the next changes; gives how many.
pub async fn run(app: &App) -> Result<usize> {
    let archive = app.archive().await?;
    let cursor = archive.cursor().await?;
    let changes = app.store.read().await?.list_changes(cursor, BATCH).await?;
    let Some(last) = changes.last().map(|c| c.seq) else { return Ok(0) };
    archive.apply(&changes).await?;
    let mut write = app.store.write().await?;
    write.record_index_commit(last, app.clock.now()).await?;
    write.commit().await?;
    Ok(changes.len())
}
