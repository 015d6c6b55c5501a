//! `probe`: what would be taken out of an address or a file, and why. Stores nothing.

use super::{client, say};
use crate::config::Config;
use anyhow::{Context, Result};
use salastampa_crawler::probe;
use salastampa_domain::Timestamp;

/// Probes and prints.
pub async fn run(config: &Config, what: &str, json: bool, now: Timestamp) -> Result<()> {
    let answer = if what.starts_with("http://") || what.starts_with("https://") {
        probe::explain(&client(config)?, what, now).await
    } else {
        let bytes = std::fs::read(what).with_context(|| format!("reading {what}"))?;
        let name = what.to_owned();
        // a page of somebody else may be deep: parsers get a thread with room
        std::thread::Builder::new()
            .stack_size(16 << 20)
            .spawn(move || probe::explain_bytes(&bytes, &name, None, "http://localhost/", now))
            .context("starting a parser")?
            .join()
            .map_err(|_| anyhow::anyhow!("the parser broke on this file: please report it"))?
    };
    if json {
        say(serde_json::to_string_pretty(&answer)?);
    } else {
        say(answer);
    }
    Ok(())
}
