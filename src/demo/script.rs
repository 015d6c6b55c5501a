//! What people of the office do during the day: verbs of the command line at their hours.

use crate::app::App;
use crate::cli::{Cli, Verb};
use crate::verbs;
use anyhow::{Context, Result, bail};
use clap::Parser;
use salastampa_domain::Timestamp;
use serde::Deserialize;

/// The row that says how many steps are done, so that a killed day goes on with the next one.
const DONE: &str = "demo.steps";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    step: Vec<Line>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    at: String,
    run: Vec<String>,
}

/// The steps that are left.
pub struct Script {
    steps: Vec<(Timestamp, Vec<String>)>,
    done: usize,
}

impl Script {
    /// Reads the script and how far it came.
    pub async fn load(app: &App) -> Result<Self> {
        let file: File = toml::from_str(include_str!("../../demo/script.toml")).context("demo/script.toml")?;
        let mut steps = Vec::new();
        for line in file.step {
            steps.push((verbs::instant(&line.at)?, line.run));
        }
        steps.sort_by_key(|(at, _)| *at);
        let done = app.store.read().await?.find_meta(DONE).await?.and_then(|n| n.parse().ok()).unwrap_or(0);
        Ok(Self { steps, done })
    }

    /// When the next step is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.steps.get(self.done).map(|(at, _)| *at)
    }

    /// Takes the steps whose hour has come; whether there was one.
    pub async fn play(&mut self, app: &App, now: Timestamp) -> Result<bool> {
        let before = self.done;
        while let Some((at, words)) = self.steps.get(self.done).filter(|(at, _)| *at <= now) {
            if let Err(why) = step(app, words).await {
                // a day that was killed between a step and its note takes the step twice, and is refused
                tracing::warn!("{at} {}: {why:#}", words.join(" "));
            }
            self.done += 1;
            let mut write = app.store.write().await?;
            write.record_meta(DONE, &self.done.to_string()).await?;
            write.commit().await?;
        }
        Ok(self.done > before)
    }
}

async fn step(app: &App, words: &[String]) -> Result<()> {
    let line = std::iter::once("salastampa".to_owned()).chain(words.iter().cloned());
    match Cli::try_parse_from(line)?.verb {
        Verb::Release { step } => verbs::release::run(app, text(step)?).await,
        _ => bail!("the script of the demo only takes release verbs"),
    }
}

/// The same step with its file laid on disk: in the demo it comes out of the program.
fn text(step: crate::cli::Release) -> Result<crate::cli::Release> {
    use crate::cli::Release::{Correct, New};
    let lay = |file: std::path::PathBuf| -> Result<std::path::PathBuf> {
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let text = super::world::release(&name).with_context(|| format!("the demo has no release {name}"))?;
        let path = std::env::temp_dir().join(format!("salastampa-demo-{}-{name}", std::process::id()));
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    };
    Ok(match step {
        New { slug, file, from, template, by } => New { slug, file: file.map(lay).transpose()?, from, template, by },
        Correct { slug, file, by } => Correct { slug, file: lay(file)?, by },
        other => other,
    })
}
