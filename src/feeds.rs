//! `feeds.toml` becomes rows: read as a whole, or not at all.

use crate::app::App;
use anyhow::{Context, Result, bail};
use salastampa_acts::feeds::{Declared, Synced, sync};
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
        sources.push(Declared { outlet: declared.outlet, source });
    }
    Ok(sync(&app.store, &outlets, &sources, now).await?)
}

/// Reads the configured file into the rows. Without a file the office goes on with the sources that it has, and says so.
/// A bad file stops a start and changes nothing; on a reload the running registry stays.
///
/// # Errors
/// All that is wrong with the file. One that declares nothing is taken for a slip: it would retire every source.
pub async fn load(app: &App) -> Result<Option<Synced>> {
    let path = &app.config.data.feeds;
    if !path.exists() {
        tracing::warn!("there is no {}: no source is added or retired until there is one", path.display());
        return Ok(None);
    }
    let registry = read(path)?;
    if registry.sources.is_empty() {
        bail!(
            "{} declares no source: write at least one [[outlet]] and [[source]]; nothing has changed",
            path.display()
        );
    }
    Ok(Some(declare(app, registry).await?))
}
