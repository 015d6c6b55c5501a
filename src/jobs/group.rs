//! `group`: copies, stories and pickups.

use super::{Job, alone};
use crate::app::App;
use anyhow::Result;
use salastampa_acts::group::{self, Memory};

/// So many articles a transaction.
const BATCH: usize = 50;

/// Places the next articles; gives how many.
pub async fn run(app: &App, memory: &mut Option<Memory>) -> Result<usize> {
    if app.store.read().await?.list_unplaced(1).await?.is_empty() {
        return Ok(0);
    }
    alone(app, Job::Group, async {
        let mut held = match memory.take() {
            Some(held) => held,
            None => group::remember(&app.store).await?,
        };
        // on an error the memory stays away and is made again from the rows
        let done = group::group(&app.store, &mut held, BATCH, app.clock.now()).await?;
        *memory = Some(held);
        Ok(done.placed)
    })
    .await
}
