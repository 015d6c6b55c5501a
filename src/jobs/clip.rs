//! `clip`: watches clip what is new.

use super::{Job, alone};
use crate::app::App;
use anyhow::Result;
use salastampa_acts::clip::{self, Memory};

/// So many changes a transaction.
const BATCH: usize = 200;

/// Matches the next changes; gives how many were read.
pub async fn run(app: &App, memory: &mut Option<Memory>) -> Result<usize> {
    let mut rows = app.store.read().await?;
    if rows.cursor(clip::CURSOR).await? >= rows.last_seq().await? {
        return Ok(0);
    }
    drop(rows);
    alone(app, Job::Clip, async {
        let done = clip::clip(&app.store, memory, BATCH, app.clock.now()).await?;
        for refused in &done.refused {
            tracing::warn!("{refused}");
        }
        Ok(done.read)
    })
    .await
}
