//! `check`: looks over the own house, and says of each part how it stands and what to do.

use super::{client, say};
use crate::app::App;
use crate::config::Config;
use crate::feeds;
use anyhow::{Context, Result, bail};
use salastampa_crawler::wire::folder;
use salastampa_domain::{Clock, SourceKind};
use salastampa_mail::Transport;

/// Looks and prints; an error if any part is not in order.
pub async fn run(config: &Config, clock: Clock) -> Result<()> {
    let mut wrong = 0;
    let mut part = |name: &str, how: Result<String>| match how {
        Ok(how) => say(format!("ok       {name}: {how}")),
        Err(why) => {
            wrong += 1;
            say(format!("problem  {name}: {why:#}"));
        }
    };
    part("salastampa.toml", Ok(format!("data in {}", config.data.folder.display())));
    part(
        "sources",
        match config.data.feeds.exists() {
            true => feeds::read(&config.data.feeds)
                .map(|r| format!("{} outlets, {} sources", r.outlets.len(), r.sources.len())),
            false => Ok(format!("there is no {} yet: nothing is visited", config.data.feeds.display())),
        },
    );
    for (name, how) in folders(config) {
        part(&name, how);
    }
    match App::open(config.clone(), clock, client(config)?).await {
        Err(why) => part("database", Err(why)),
        Ok(app) => {
            part("database", stored(&app).await);
            part("mail", mail(&app).await);
        }
    }
    if wrong > 0 { bail!("{wrong} of these need a hand; nothing is lost") } else { Ok(()) }
}

/// The drop folders that are declared and switched on: whether they can be read.
fn folders(config: &Config) -> Vec<(String, Result<String>)> {
    let declared = feeds::read(&config.data.feeds).map(|registry| registry.sources).unwrap_or_default();
    let wires = declared.into_iter().map(|declared| declared.source);
    wires
        .filter(|source| source.is_active() && matches!(source.kind, SourceKind::Wire { .. }))
        .map(|source| {
            let path = config.data.folder.join(&source.url);
            let how = folder::look(&path).map(|files| format!("{} files wait in {}", files.len(), path.display()));
            let remedy = || format!("{}: make it, and let salastampa read and write there", path.display());
            (format!("folder of {}", source.slug), how.with_context(remedy))
        })
        .collect()
}

async fn stored(app: &App) -> Result<String> {
    let mut rows = app.store.read().await?;
    Ok(format!("{} articles, {} readers", rows.count_articles().await?, rows.list_readers().await?.len()))
}

async fn mail(app: &App) -> Result<String> {
    let name = match &*app.transport {
        Transport::Off => return Ok("switched off: everything waits in the outbox".into()),
        Transport::Folder(folder) => format!("files in {}", folder.display()),
        Transport::Smtp(smtp) => format!("{}:{}", smtp.host, smtp.port),
        Transport::Memory(_) => "kept in memory".into(),
    };
    match app.transport.connect().await {
        Ok(connection) => {
            connection.quit().await;
            Ok(if matches!(*app.transport, Transport::Smtp(_)) { format!("{name} answers") } else { name })
        }
        Err(fault) => {
            bail!("{name} does not take mail ({fault}); mail waits in the outbox and leaves when it answers")
        }
    }
}
