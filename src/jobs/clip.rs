//! `clip`: watches clip what is new, and then what is past.

use super::{Job, alone, past};
use crate::app::App;
use anyhow::Result;
use salastampa_acts::clip::{self, Memory};

/// So many changes a transaction.
const BATCH: usize = 200;

/// Matches the next changes; gives how many were read. Where there are none, the past of watches comes on.
pub async fn run(app: &App, memory: &mut Option<Memory>) -> Result<usize> {
    let mut rows = app.store.read().await?;
    if rows.cursor(clip::CURSOR).await? >= rows.last_seq().await? {
        // what is new goes first; an idle second costs a look and no turn at writing
        if rows.find_watch_past_waiting().await?.is_none() {
            return Ok(0);
        }
        drop(rows);
        return alone(app, Job::Clip, past::run(app)).await;
    }
    drop(rows);
    alone(app, Job::Clip, async {
        let done = clip::clip(&app.store, memory, &app.house.town, BATCH, app.clock.now()).await?;
        for refused in &done.refused {
            tracing::warn!("{refused}");
        }
        Ok(done.read)
    })
    .await
}
