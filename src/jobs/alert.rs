//! `alert`: urgent watches speak, once for each story and reader.

use super::{Job, alone};
use crate::app::App;
use anyhow::Result;

/// So many clippings a run.
const BATCH: usize = 50;

/// Raises the next alerts; gives how many clippings were looked at.
pub async fn run(app: &App) -> Result<usize> {
    if app.store.read().await?.list_clippings_to_alert(1).await?.is_empty() {
        return Ok(0);
    }
    alone(app, Job::Alert, async {
        Ok(salastampa_acts::alert::raise(&app.store, &app.house, BATCH, app.clock.now()).await?)
    })
    .await
}
