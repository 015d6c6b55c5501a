//! `feeds.toml` becomes rows: read as a whole, or not at all.

use crate::app::App;
use anyhow::{Context, Result, bail};
use salastampa_acts::feeds::{Declared, Synced, sync};
use salastampa_crawler::key::host_key;
use salastampa_crawler::registry::{self, Registry};
use std::path::Path;

/// Reads the file.
///
/// # Errors
/// All that is wrong with it, a line each with its place and what to do.
pub fn read(path: &Path) -> Result<Registry> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    parse(&text, &path.display().to_string())
}

/// Reads the text of a file of that name.
pub fn parse(text: &str, name: &str) -> Result<Registry> {
    registry::parse(text, name).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    })
}

/// Makes the rows say what a registry declares.
pub async fn declare(app: &App, registry: Registry) -> Result<Synced> {
    let now = app.clock.now();
    let outlets: Vec<_> = registry.outlets.into_iter().map(|o| o.outlet).collect();
    let mut sources = Vec::new();
    for declared in registry.sources {
        let mut source = declared.source;
        source.next_at = now;
        sources.push(Declared { host: host_key(&source.url), outlet: declared.outlet, source });
    }
    Ok(sync(&app.store, &outlets, &sources, now).await?)
}

/// Reads the configured file into the rows. Without a file the office begins without sources, and says so. A bad file
/// stops a start; on a reload the running registry stays.
pub async fn load(app: &App) -> Result<Option<Synced>> {
    let path = &app.config.data.feeds;
    if !path.exists() {
        tracing::warn!("there is no {}: no source is visited until there is one", path.display());
        return Ok(None);
    }
    let synced = declare(app, read(path)?).await?;
    if synced.sources == 0 {
        bail!("{} declares no source", path.display());
    }
    Ok(Some(synced))
}
