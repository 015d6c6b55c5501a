//! `backup` and `restore`: a copy of the truth, and the way back; `new-key`, when there is no way back to the key. The
//! archive is not copied: it is built again.

use super::say;
use crate::app::App;
use crate::config::Config;
use crate::files::private_folder;
use crate::key::{self, FILE as KEY};
use crate::lock;
use anyhow::{Context, Result, bail};
use salastampa_domain::Clock;
use salastampa_store::Store;
use std::path::Path;

pub(super) const DATABASE: &str = "salastampa.db";
const FILES: &str = "files";
/// The row that holds when the last backup was made.
const BACKUP_AT: &str = "backup_at";

/// Copies database, files and key into a new folder.
pub async fn backup(app: &App, to: &Path) -> Result<()> {
    if to.exists() {
        bail!("{} must be a folder that does not exist yet", to.display());
    }
    private_folder(to).with_context(|| format!("making {}", to.display()))?;
    if let Err(why) = app.store.backup(&to.join(DATABASE)).await {
        // nothing was copied: the same name can be used again
        let _ = std::fs::remove_dir(to);
        return Err(why).context("no copy was made (of PostgreSQL keep three things: pg_dump, files/ and office.key)");
    }
    let data = &app.config.data.folder;
    copy_folder(&data.join(FILES), &to.join(FILES))?;
    std::fs::copy(data.join(KEY), to.join(KEY)).context("copying the office's key")?;
    // the health page says how old it is
    let mut write = app.store.write().await?;
    write.record_meta(BACKUP_AT, &app.clock.now().0.to_string()).await?;
    write.commit().await?;
    say(format!("backup in {}", to.display()));
    Ok(())
}

/// Takes a backup back into an empty data folder, or only looks whether it could be.
pub async fn restore(config: &Config, from: &Path, check: bool, clock: &Clock) -> Result<()> {
    let scratch = scratch(from, clock)?;
    let counted = {
        let store =
            Store::open(&format!("sqlite:{}", scratch.join(DATABASE).display()), &from.join(FILES), clock.now())
                .await
                .with_context(|| format!("{} holds no backup that can be opened", from.display()))?;
        let mut rows = store.read().await?;
        key::belongs(from, &mut rows).await?;
        (rows.count_articles().await?, rows.list_readers().await?.len())
    };
    std::fs::remove_dir_all(&scratch).context("removing the scratch copy")?;
    if check {
        say(format!("{}: {} articles, {} readers; it can be taken back", from.display(), counted.0, counted.1));
        return Ok(());
    }
    let data = &config.data.folder;
    if lock::is_held(data) {
        bail!("an office runs in {}: stop it first", data.display());
    }
    if data.join(DATABASE).exists() {
        bail!("{} holds an office already: move it away first, nothing is written over", data.display());
    }
    private_folder(data).with_context(|| format!("making {}", data.display()))?;
    copy_folder(&from.join(FILES), &data.join(FILES))?;
    std::fs::copy(from.join(KEY), data.join(KEY)).context("copying the office's key")?;
    // the database last: with it the office is there
    std::fs::copy(from.join(DATABASE), data.join(DATABASE)).context("copying the database")?;
    say(format!("{} articles, {} readers; `salastampa reindex` builds the archive", counted.0, counted.1));
    Ok(())
}

/// Goes on with another key than the one that the database was written with.
pub async fn new_key(config: &Config, lost: bool, clock: &Clock) -> Result<()> {
    let data = &config.data.folder;
    if lock::is_held(data) {
        bail!("an office runs in {}: stop it first", data.display());
    }
    // in a wrong folder it would found a new office
    if config.database_url().starts_with("sqlite:") && !data.join(DATABASE).exists() {
        bail!("there is no office in {}: say with --config or --data where it is", data.display());
    }
    let store = Store::open(&config.database_url(), &data.join(FILES), clock.now()).await.context("the database")?;
    say(key::accept(data, &store, lost, clock.now()).await?);
    Ok(())
}

/// A copy of the backup's database that may be migrated without touching the backup.
fn scratch(from: &Path, clock: &Clock) -> Result<std::path::PathBuf> {
    let scratch = std::env::temp_dir().join(format!("salastampa-restore-{}-{}", std::process::id(), clock.now().0));
    private_folder(&scratch).context("making a scratch folder")?;
    std::fs::copy(from.join(DATABASE), scratch.join(DATABASE))
        .with_context(|| format!("{} holds no {DATABASE}", from.display()))?;
    Ok(scratch)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target).with_context(|| format!("copying {}", entry.path().display()))?;
        }
    }
    Ok(())
}
