//! `stats`: figures, counted from the rows.

use super::say;
use crate::app::App;
use crate::cli::Stats;
use crate::demo::Journal;
use anyhow::Result;
use salastampa_domain::{DeliveryKind, Health, Period, RevisionKind, Source, Timestamp};

/// Prints figures.
pub async fn run(app: &App, what: Stats) -> Result<()> {
    match what {
        Stats::Latency => latency(app).await,
        Stats::Sources => sources(app).await,
        Stats::All => {
            for line in Summary::of(app).await?.plain() {
                say(line);
            }
            Ok(())
        }
    }
}

async fn sources(app: &App) -> Result<()> {
    let mut rows = app.store.read().await?;
    let (alive, total) = rows.count_sources().await?;
    say(format!("{alive} of {total} sources alive"));
    for source in rows.list_sources().await?.into_iter().filter(Source::is_active) {
        let last = rows.list_visits(source.id, 1).await?.into_iter().next();
        let last = last.map_or_else(|| "never visited".into(), |v| format!("last visit {}", v.at));
        say(format!("{:<28} {:<44} {last}", source.slug, health(&source.health)));
    }
    Ok(())
}

fn health(health: &Health) -> String {
    match health {
        Health::New => "new".into(),
        Health::Alive => "alive".into(),
        Health::Failing { times } => format!("failing, {times} visits"),
        Health::Ill { since, why, .. } => format!("ill since {since}: {why}"),
        Health::Blocked { since, why } => format!("blocked since {since}: {why}"),
        Health::Forbidden { since } => format!("forbidden by robots.txt since {since}"),
    }
}

/// Articles that the figures of latency look back on.
const LOOKED_BACK: usize = 5_000;

/// Median and 95th percentile of each stage: of the last articles that were news, and of the alerts.
async fn latency(app: &App) -> Result<()> {
    let mut rows = app.store.read().await?;
    let mut stages: [(&str, Vec<i64>); 7] = [
        ("published -> seen", vec![]),
        ("seen -> kept", vec![]),
        ("kept -> indexed", vec![]),
        ("kept -> grouped", vec![]),
        ("kept -> matched", vec![]),
        ("alert: kept -> queued", vec![]),
        ("alert: queued -> accepted", vec![]),
    ];
    for stamps in rows.list_stamps(LOOKED_BACK).await? {
        let kept = stamps.kept_at;
        let after = |at: Option<Timestamp>| at.map(|at| at.since(kept).max(0));
        stages[0].1.extend(stamps.published_at.map(|at| stamps.first_seen.since(at)));
        stages[1].1.push(kept.since(stamps.first_seen));
        stages[2].1.extend(after(stamps.indexed_at));
        stages[3].1.extend(after(stamps.grouped_at));
        stages[4].1.extend(after(stamps.matched_at));
    }
    for alert in rows.list_alerts().await? {
        let Some(article) = rows.find_article(alert.article).await? else { continue };
        // what waits for its hour or stood at the gate says nothing about how fast the machine is
        let Some(subject) = alert.subject().filter(|s| s.kind == DeliveryKind::Alert && !alert.gated) else { continue };
        let delivery = rows.list_deliveries(subject.kind, subject.thing).await?;
        let delivery = delivery.into_iter().find(|d| d.subject == subject && d.reader == Some(alert.reader));
        let Some(delivery) = delivery else { continue };
        if alert.again.is_none() {
            stages[5].1.push(delivery.queued_at.since(article.kept_at));
        }
        if let Some(accepted) = delivery.accepted_at {
            stages[6].1.push(accepted.since(delivery.queued_at));
        }
    }
    for (name, times) in &mut stages {
        times.sort_unstable();
        let at = |share: usize| times.get((times.len().saturating_sub(1)) * share / 100).copied().unwrap_or(0);
        say(format!("{name:<26} n={:<4} median {:>7} ms   p95 {:>7} ms", times.len(), at(50), at(95)));
    }
    let told = salastampa_acts::alert::latency::latency(&mut rows, Period::ALWAYS, app.clock.now()).await?;
    say(format!(
        "{:<26} n={:<4} median {:>7} ms   p95 {:>7} ms   p99 {:>7} ms   max {:>7} ms   over 10 s {}   over 30 s or never {}",
        "flash: seen -> accepted", told.count, told.median, told.p95, told.p99, told.max, told.over_10, told.over_30
    ));
    Ok(())
}

/// How many later readings of each kind there are, and how many pages are still looked at.
fn changed(revised: &[(RevisionKind, i64)], looks: i64) -> String {
    let name = |kind| match kind {
        RevisionKind::First => "first",
        RevisionKind::Update => "update",
        RevisionKind::Correction => "correction",
        RevisionKind::Silent => "silent",
        RevisionKind::Removal => "removal",
        RevisionKind::Completed => "completed",
        RevisionKind::Restored => "restored",
    };
    let kinds: Vec<String> = revised.iter().map(|(kind, n)| format!("{n} {}", name(*kind))).collect();
    let kinds = if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") };
    format!("{kinds}; {looks} to be looked at again")
}

/// The office in numbers.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    alive: usize,
    total: usize,
    ill: Vec<String>,
    counted: salastampa_store::Counted,
    revised: Vec<(RevisionKind, i64)>,
    looks: i64,
    reviews: usize,
    alert_delays: Vec<i64>,
    deliveries: Vec<(DeliveryKind, String, i64)>,
    pickups: Vec<String>,
}

impl Summary {
    /// Counts the rows.
    pub async fn of(app: &App) -> Result<Self> {
        let mut rows = app.store.read().await?;
        let (alive, total) = rows.count_sources().await?;
        let outlets = rows.list_outlets().await?;
        let outlet = |id| outlets.iter().find(|o| o.id == id).map_or_else(String::new, |o| o.name.clone());
        let ill = rows
            .list_sources()
            .await?
            .into_iter()
            .filter(|s| s.is_active() && !s.health.is_alive())
            .map(|s| format!("{} ({})", outlet(s.outlet), health(&s.health)))
            .collect();
        let mut alert_delays = Vec::new();
        let mut stories = std::collections::BTreeSet::new();
        for alert in rows.list_alerts().await? {
            let Some(article) = rows.find_article(alert.article).await? else { continue };
            let Some(subject) = alert.subject().filter(|s| s.kind == DeliveryKind::Alert) else { continue };
            if !stories.insert((alert.story, alert.reader)) {
                continue;
            }
            for delivery in rows.list_deliveries(subject.kind, subject.thing).await? {
                if let (Some(accepted), true) = (delivery.accepted_at, delivery.reader == Some(alert.reader)) {
                    alert_delays.push(accepted.since(article.dated()));
                }
            }
        }
        alert_delays.sort_unstable();
        let mut pickups = Vec::new();
        for release in rows.list_releases().await? {
            for pickup in rows.list_pickup_of(release.id).await? {
                let Some(level) = pickup.holds().filter(|_| pickup.counts()) else { continue };
                let Some(article) = rows.find_article(pickup.article).await? else { continue };
                pickups.push(format!("{}: {} ({:?})", release.slug, outlet(article.outlet), level));
            }
        }
        Ok(Self {
            alive,
            total,
            ill,
            counted: rows.counted().await?,
            revised: rows.count_revisions(Period::ALWAYS).await?,
            looks: rows.count_looks().await?,
            reviews: rows.list_reviews(1_000).await?.iter().filter(|r| r.version > 0).count(),
            alert_delays,
            deliveries: rows.count_all_deliveries().await?,
            pickups,
        })
    }

    fn accepted(&self, kinds: &[DeliveryKind]) -> i64 {
        self.deliveries.iter().filter(|(k, s, _)| kinds.contains(k) && s == "accepted").map(|(.., n)| n).sum()
    }

    fn plain(&self) -> Vec<String> {
        let c = &self.counted;
        let row = |name: &str, value: String| format!("{name:<24} {value}");
        let all: i64 = self.deliveries.iter().filter(|(_, s, _)| s == "accepted").map(|(.., n)| n).sum();
        let waiting: i64 = self.deliveries.iter().filter(|(_, s, _)| s != "accepted").map(|(.., n)| n).sum();
        let mut lines = vec![
            row("sources alive", format!("{} of {}", self.alive, self.total)),
            row("articles", c.articles.to_string()),
            row("copies", c.copies.to_string()),
            row("stories", c.stories.to_string()),
            row("clippings", c.clippings.to_string()),
            row("changed later", changed(&self.revised, self.looks)),
            row("alerts", format!("{} mails", self.accepted(&[DeliveryKind::Alert]))),
            row("reviews", self.reviews.to_string()),
            row("deliveries accepted", format!("{all} ({waiting} not)")),
            row("release deliveries", self.accepted(&[DeliveryKind::Release]).to_string()),
            row("pickup found", self.pickups.len().to_string()),
        ];
        lines.extend(self.ill.iter().map(|ill| row("not answering", ill.clone())));
        lines.extend(self.pickups.iter().map(|p| row("", p.clone())));
        lines
    }

    /// The table that the demo ends with.
    pub fn lines(&self, journal: &Journal, took: i64) -> Vec<String> {
        let mut lines = self.plain();
        let middle = |times: &[i64]| times.get(times.len() / 2).copied().unwrap_or(0);
        let mut cpu = journal.alert_cpu.clone();
        cpu.sort_unstable();
        let row = |name: &str, value: String| format!("{name:<24} {value}");
        let at = lines.iter().position(|l| l.starts_with("alerts")).map_or(0, |i| i + 1);
        let delay = format!("median {} s after publication, on the virtual clock", middle(&self.alert_delays) / 1_000);
        lines.insert(at, row("  virtual delay", delay));
        lines.insert(at + 1, row("  real processor time", format!("median {} ms, from visit to mail", middle(&cpu))));
        for (slug, status) in &journal.before {
            let after = journal.after.get(slug).map_or_else(|| "-".into(), u16::to_string);
            lines.push(row("page under embargo", format!("{slug}: {status} before its hour, {after} at it")));
        }
        let real = format!("{}.{:03} s of real time", took / 1_000, took % 1_000);
        lines.push(row("the day took", real));
        lines
    }
}
