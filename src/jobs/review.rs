//! `review`: each edition is proposed before its hour and leaves at its hour, also if nobody acts.

use super::{Job, alone};
use crate::app::App;
use anyhow::Result;
use salastampa_acts::review;
use salastampa_domain::Timestamp;

/// Proposes and publishes what is due; gives how many reviews were made.
pub async fn run(app: &App) -> Result<usize> {
    let now = app.clock.now();
    if review::next_due(&app.store).await?.is_none_or(|due| due > now) {
        return Ok(0);
    }
    alone(app, Job::Review, async { Ok(review::make_due(&app.store, &app.house, now).await?) }).await
}

/// The next proposal or sending.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    Ok(review::next_due(&app.store).await?)
}
