//! `tidy`: once a night, what nobody needs any more goes, and what the day has brought of bylines is read.

use super::{Job, alone};
use crate::app::App;
use anyhow::Result;
use salastampa_acts::tidy;
use salastampa_domain::Timestamp;

/// Keeps house if the night's slot has come; gives 1 if it did.
pub async fn run(app: &App) -> Result<usize> {
    let now = app.clock.now();
    if tidy::due(&app.store, now).await?.is_none() {
        return Ok(0);
    }
    alone(app, Job::Tidy, async {
        let done = tidy::tidy(&app.store, now).await?;
        salastampa_acts::feedback::learn_all(&app.store, now).await?;
        salastampa_acts::contacts::bylines::follow(&app.store, now).await?;
        tracing::info!(visits = done.visits, files = done.files, "kept house");
        Ok(1)
    })
    .await
}

/// The next night.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    Ok(tidy::next_due(&app.store, app.clock.now()).await?)
}
