//! `import`: files that an office brings in.

mod articles;
mod folder;
mod parts;
mod progress;

use super::say;
use crate::app::{App, told};
use crate::cli::Import;
use crate::intake::{Intake, refusal};
use anyhow::{Context, Result};
use salastampa_acts::contacts::{Trial, table_text};
use salastampa_locale::{fill, number, t};
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

/// Says that an import goes on where it was interrupted.
fn goes_on(app: &App, import: &salastampa_domain::Import) {
    if import.progress.position > 0 {
        let n = number::whole(import.progress.position, app.house.lang);
        let id = import.id.to_string();
        say(fill(app.house.lang, "import.goes_on", &[("id", &id), ("n", &n)]));
    }
}

/// Says what happened, or would.
fn report(app: &App, intake: &Intake<'_>) {
    let lang = app.house.lang;
    let whole = |n: i64| number::whole(n, lang);
    let many = |n: u64| whole(i64::try_from(n).unwrap_or(i64::MAX));
    let counted = intake.counted();
    if !counted.reasons.is_empty() {
        say(t(lang, "import.refused_title"));
        for (reason, n) in &counted.reasons {
            let why = refusal(lang, reason, "…");
            say(fill(lang, "import.refused_count", &[("n", &many(*n)), ("why", &why)]));
        }
        for row in &counted.first {
            let why = refusal(lang, &row.reason, &row.text);
            say(fill(lang, "import.refused_line", &[("line", &row.line.to_string()), ("why", &why)]));
        }
    }
    if !counted.unknown.is_empty() {
        say(t(lang, "import.unknown_title"));
        for (name, n) in &counted.unknown {
            say(fill(lang, "import.unknown_line", &[("n", &many(*n)), ("name", name)]));
        }
        say(fill(lang, "import.known_outlets", &[("ids", &intake.outlets.ids())]));
    }
    let (taken, known, refused) = (whole(counted.taken), whole(counted.known), whole(counted.refused));
    let Some((import, path)) = intake.import() else {
        if !counted.doubles.is_empty() {
            say(t(lang, "import.twice_title"));
        }
        for double in &counted.doubles {
            let line = double.line.to_string();
            let args = [("line", line.as_str()), ("title", &double.title)];
            say(match double.in_archive {
                true => fill(lang, "import.twice_archive", &args),
                false => fill(lang, "import.twice_file", &args),
            });
        }
        say(fill(lang, "import.would", &[("n", &taken)]));
        let others = [("known", known.as_str()), ("twice", &whole(counted.twice)), ("refused", &refused)];
        say(fill(lang, "import.would_other", &others));
        if counted.forgot {
            say(fill(lang, "import.too_many", &[("n", &whole(5_000_000))]));
        }
        return;
    };
    let id = import.id.to_string();
    let counts = [("id", id.as_str()), ("taken", &taken), ("known", &known), ("refused", &refused)];
    say(fill(lang, "import.done", &counts));
    if counted.refused > 0 {
        say(fill(lang, "import.refused_file", &[("file", &path.display().to_string())]));
    }
    if counted.taken > 0 {
        say(t(lang, "import.search_soon"));
    }
}
