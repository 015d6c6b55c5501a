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
    /// Alerts that a server had taken at the last look.
    alerts: i64,
    /// Status of a release's page before its hour.
    pub before: BTreeMap<String, u16>,
    /// The same at its hour.
    pub after: BTreeMap<String, u16>,
}

impl Journal {
    /// Writes down the processor time since `before`, if an alert was accepted since the last look.
    pub async fn note_alerts(&mut self, app: &App, before: Option<i64>) -> Result<()> {
        let counts = app.store.read().await?.count_all_deliveries().await?;
        let accepted = counts
            .iter()
            .filter(|(kind, state, _)| *kind == DeliveryKind::Alert && state == "accepted")
            .map(|(.., n)| n)
            .sum();
        if accepted > self.alerts
            && let (Some(from), Some(to)) = (before, cpu_milliseconds())
        {
            self.alert_cpu.push(to - from);
        }
        self.alerts = accepted;
        Ok(())
    }
}
