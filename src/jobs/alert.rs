//! `alert`: watches speak, once for each story and reader, each at its hour.

use super::{Job, alone};
use crate::app::App;
use anyhow::Result;
use salastampa_acts::alert::{leave, raise};
use salastampa_domain::Timestamp;
use salastampa_domain::alert::PLACED_WITHIN;

/// So many clippings a run.
const BATCH: usize = 50;
/// So many alerts a run: those of one story and all readers go together.
const LEAVING: usize = 500;

/// Raises the next alerts and lets go what is due; gives how many clippings and alerts were looked at.
pub async fn run(app: &App) -> Result<usize> {
    let mut rows = app.store.read().await?;
    let now = app.clock.now();
    let due = rows.next_alert_due().await?.is_some_and(|due| due <= now);
    let unplaced = waited_since(app, now);
    let idle = !due && salastampa_acts::alert::is_idle(&mut rows, unplaced, now).await?;
    drop(rows);
    if idle {
        return Ok(0);
    }
    alone(app, Job::Alert, async {
        let raised = raise(&app.store, &app.house, BATCH, unplaced, app.clock.now()).await?;
        Ok(raised + leave(&app.store, &app.house, LEAVING, app.clock.now()).await?)
    })
    .await
}

/// What matched by then has waited long enough for its story. After a start all begins to wait anew: what came before
/// is placed first, and most of it has been told.
fn waited_since(app: &App, now: Timestamp) -> Timestamp {
    match now.since(app.started) {
        ..PLACED_WITHIN => Timestamp(i64::MIN),
        _ => now.plus(-PLACED_WITHIN),
    }
}

/// When the next alert is due.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    let mut rows = app.store.read().await?;
    let unplaced = rows.first_unplaced_to_alert().await?.map(|at| at.max(app.started).plus(PLACED_WITHIN));
    Ok([rows.next_alert_due().await?, unplaced].into_iter().flatten().min())
}
