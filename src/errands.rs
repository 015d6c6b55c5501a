//! Requests that other processes and pages leave for the one that runs: taken at once, answered in the row. The same
//! loop looks whether the settings of the office were changed.

pub(crate) mod apart;
mod import;
mod paste;
pub(crate) mod upload;

pub(crate) use apart::read_here as read_pdf;

use crate::app::App;
use crate::jobs::{self, Job, Memory};
use crate::mail_test;
use crate::run::pause;
use anyhow::{Context, Result, bail};
use salastampa_domain::{Errand, ErrandKind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Takes errands until `stop` says so.
pub async fn take(app: App, bell: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(why) = app.look_at_settings().await {
            tracing::error!("the settings of the desk cannot be read, those before go on: {why:#}");
        }
        match next(&app.as_it_stands()).await {
            Ok(true) => bell.notify_waiters(),
            Ok(false) => {}
            Err(why) => tracing::error!("an errand could not be taken: {why:#}"),
        }
        tokio::select! {
            () = pause(Duration::from_secs(1)) => {}
            () = bell.notified() => {}
            _ = stop.changed() => {}
        }
    }
}

/// Does the errands that wait; whether there was one.
async fn next(app: &App) -> Result<bool> {
    let errands = app.store.read().await?.list_errands().await?;
    for errand in &errands {
        let done = match &errand.kind {
            ErrandKind::Paste { .. } => paste::paste(app, errand).await,
            ErrandKind::Upload { .. } => upload::upload(app, errand).await,
            ErrandKind::Import { .. } => import::import(app, errand).await,
            _ => answer(app, errand).await.map(Some),
        };
        let result = match done {
            // not yet: another job has a part in it
            Ok(None) => continue,
            Ok(Some(value)) => value,
            Err(why) => serde_json::json!({ "error": format!("{why:#}") }),
        };
        let mut write = app.store.write().await?;
        write.finish_errand(errand.id, &result.to_string(), app.clock.now()).await?;
        write.commit().await?;
        import::tidy(app, errand, &result);
        tracing::info!("errand {} is done", errand.id);
    }
    Ok(!errands.is_empty())
}

async fn answer(app: &App, errand: &Errand) -> Result<serde_json::Value> {
    let now = app.clock.now();
    Ok(match &errand.kind {
        ErrandKind::Probe { url, selectors } => {
            let found = salastampa_crawler::probe::explain(&app.client, url, selectors.as_ref(), now).await;
            probed(&found, url)?
        }
        ErrandKind::Visit { source } => {
            let mut write = app.store.write().await?;
            let found = write.find_source(source).await?.with_context(|| format!("there is no source {source}"))?;
            write.record_source_due(found.id, now).await?;
            write.commit().await?;
            serde_json::json!({ "due": now.to_string() })
        }
        ErrandKind::Reindex => {
            // the job that follows builds it, a step at a time
            serde_json::json!({ "begun": app.archive().await?.rebuild().await? })
        }
        ErrandKind::TakeBack { import } => {
            while salastampa_acts::backfile::take_back(&app.store, *import, app.clock.now()).await? {}
            serde_json::json!({ "import": import })
        }
        ErrandKind::Run { job } => {
            let job = Job::parse(job).with_context(|| format!("there is no job {job}"))?;
            serde_json::json!({ "done": jobs::run(app, job, &mut Memory::default()).await?.work })
        }
        ErrandKind::MailTest { to } => mail_test::send(app, errand.id, to).await?,
        ErrandKind::Paste { .. } | ErrandKind::Upload { .. } | ErrandKind::Import { .. } => {
            bail!("what is done in steps has a way of its own")
        }
    })
}

/// What was found, with the gate that the address stands behind: who adds the source needs it, and only the crawler knows.
fn probed(found: &salastampa_crawler::probe::Probe, url: &str) -> Result<serde_json::Value> {
    let mut value = serde_json::to_value(found)?;
    value["host"] = salastampa_crawler::key::host_key(url).into();
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_acts::sources::{Probed, ProbedKind};

    #[tokio::test]
    async fn what_the_crawler_found_is_read_by_the_act_that_adds_the_source() {
        let rss = "<rss version='2.0'><channel><item><title>Riapre il molo</title><link>/molo</link>\
            <pubDate>Mon, 23 Nov 2026 08:00:00 +0100</pubDate></item></channel></rss>";
        let now = salastampa_domain::Timestamp(0);
        let url = "https://www.lago.test/feed";
        let found = salastampa_crawler::probe::explain_bytes(rss.into(), url, url, now).await;
        let read: Probed = serde_json::from_value(probed(&found, url).expect("plain data")).expect("the same fields");
        assert_eq!((read.document, read.found, read.host.as_str()), (ProbedKind::Feed, 1, "lago.test"));
        assert!(read.is_source() && read.items[0].published_at.is_some());
    }
}
