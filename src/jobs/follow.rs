//! `follow`: the archive takes over what changed in the store, and where it must be built anew it is, beside the one that
//! answers, one batch a step. `clip` has a cursor of its own, so that neither holds back an alert.

use crate::app::App;
use anyhow::Result;
use salastampa_domain::Aside;
use salastampa_index::{Archive, Obstacle, TantivyArchive};

/// So many changes a step.
const BATCH: usize = 1_000;

/// Applies the next changes, and lets grow what is being built; gives how many.
pub async fn run(app: &App) -> Result<usize> {
    let archive = app.archive().await?;
    let last = app.store.read().await?.last_seq().await?;
    archive.tend(last).await?;
    let work = match work(app, archive).await {
        // what that process makes is what this one answers with
        Err(why) if is_busy(&why) => {
            tracing::debug!("{why:#}");
            0
        }
        other => other?,
    };
    note(app, archive, work > 0).await?;
    Ok(work)
}

/// Whether another process writes into the folder.
pub fn is_busy(why: &anyhow::Error) -> bool {
    matches!(why.downcast_ref(), Some(Obstacle::Busy(_)))
}

async fn work(app: &App, archive: &TantivyArchive) -> Result<usize> {
    let before = archive.standing().await?;
    if before.rebuild.as_ref().is_some_and(|rebuild| rebuild.since.is_none()) {
        let all = app.store.read().await?.count_articles().await?;
        archive.measure_from(app.clock.now(), u64::try_from(all).unwrap_or(0));
    }
    let changes = app.store.read().await?.list_changes(archive.follows_from(), BATCH).await?;
    let mut work = changes.len();
    // also without a change: what is built where nothing answers is whole, what was in the way may be gone
    if work > 0 || !before.answers || before.obstacle.is_some() {
        archive.apply(&changes).await?;
    }
    if let Some(after) = archive.grows_from() {
        let changes = app.store.read().await?.list_changes(after, BATCH).await?;
        archive.grow(&changes).await?;
        work += changes.len().max(1);
    }
    // where nothing answered, what is there now is to be written down
    work += usize::from(!before.answers && archive.standing().await?.answers);
    Ok(work)
}

/// Writes down up to where the archive can be asked, and what it could not take in.
async fn note(app: &App, archive: &TantivyArchive, is_further: bool) -> Result<()> {
    let standing = archive.standing().await?;
    let known: Vec<Aside> = app.store.read().await?.list_asides().await?.into_iter().map(|(aside, _)| aside).collect();
    // while another one is built what answers, if anything does, says what is set aside
    let is_news = standing.answers && known != standing.aside;
    if !is_further && !is_news {
        return Ok(());
    }
    let now = app.clock.now();
    let mut write = app.store.write().await?;
    if standing.answers && standing.cursor.0 > 0 {
        write.record_index_commit(standing.cursor, now).await?;
    }
    if is_news {
        write.replace_asides(&standing.aside, now).await?;
    }
    write.commit().await?;
    Ok(())
}
