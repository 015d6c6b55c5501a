//! What the demo notes on the way, because no row tells it: processor time of alerts, what anybody saw on the pages.

use crate::app::App;
use crate::clock::cpu_milliseconds;
use anyhow::Result;
use salastampa_domain::DeliveryKind;
use std::collections::BTreeMap;

/// The notes of one run.
#[derive(Debug, Default)]
pub struct Journal {
    /// Processor milliseconds of each pass of the pipeline in which an alert left: from the visit to the mail.
    pub alert_cpu: Vec<i64>,
    /// Status of a release's page before its hour.
    pub before: BTreeMap<String, u16>,
    /// The same at its hour.
    pub after: BTreeMap<String, u16>,
}

impl Journal {
    /// Alerts that a server has taken so far.
    pub async fn alerts_accepted(&self, app: &App) -> Result<i64> {
        let counts = app.store.read().await?.count_all_deliveries().await?;
        Ok(counts.iter().filter(|(k, s, _)| *k == DeliveryKind::Alert && s == "accepted").map(|(.., n)| n).sum())
    }

    /// Writes down the processor time since `before`, if an alert left in between.
    pub async fn note_alerts(&mut self, app: &App, before: (i64, Option<i64>)) -> Result<()> {
        let (alerts, cpu) = before;
        if self.alerts_accepted(app).await? > alerts
            && let (Some(from), Some(to)) = (cpu, cpu_milliseconds())
        {
            self.alert_cpu.push(to - from);
        }
        Ok(())
    }
}
