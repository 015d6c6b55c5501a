//! `import`: files that an office brings in.

mod articles;
mod folder;
mod intake;
mod outlets;
mod parts;
mod progress;

use super::{say, told};
use crate::app::App;
use crate::cli::Import;
use anyhow::{Context, Result};
use salastampa_acts::contacts::{Trial, table_text};
use std::path::Path;

/// Takes in a file.
pub async fn run(app: &App, what: Import) -> Result<()> {
    match what {
        Import::Office { file } => office(app, &text(&file)?, &name(&file)).await,
        Import::Articles(wanted) => articles::run(app, &wanted).await,
        Import::Contacts { file, trial } => {
            let bytes = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            let trial = if trial { Trial::Yes } else { Trial::No };
            contacts(app, &table_text(&bytes), &name(&file), trial).await
        }
    }
}

/// Takes in users, persons, watches, editions, readers and lists.
pub async fn office(app: &App, text: &str, name: &str) -> Result<()> {
    let done = told(app, salastampa_acts::office::import(&app.store, text, name, app.clock.now()).await)?;
    // who is in office may be named in what is on its way
    salastampa_acts::release::hold_back(&app.store, &app.house, app.clock.now()).await?;
    say(format!(
        "{name}: {} users, {} persons, {} watches, {} editions, {} readers, {} lists",
        done.users, done.persons, done.watches, done.editions, done.readers, done.lists
    ));
    Ok(())
}

/// Takes in journalists.
pub async fn contacts(app: &App, text: &str, name: &str, trial: Trial) -> Result<()> {
    let now = app.clock.now();
    let done = told(app, salastampa_acts::contacts::import(&app.store, &app.house, text, name, trial, now).await)?;
    if !done.unread.is_empty() {
        say(format!("columns passed over: {}", done.unread.join(", ")));
    }
    for refused in &done.refused {
        say(format!("not taken: {refused}"));
    }
    say(format!("{name}: {} journalists, {} lines not taken", done.taken, done.refused.len()));
    if trial == Trial::Yes {
        say(format!("this was a trial: {} of them are known already, nothing was written", done.known));
    }
    Ok(())
}

/// The text of a file that a person names.
pub fn text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    String::from_utf8(bytes)
        .map_err(|_| anyhow::anyhow!("{} is not in UTF-8: save it again with that encoding", path.display()))
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}
