//! Everything that a job or a verb needs, opened once: rows, archive, the way out, the clock.

use crate::config::Config;
use crate::office::{self, Office};
use anyhow::Result;
use salastampa_acts::House;
use salastampa_domain::{Clock, Declared, Timestamp};
use salastampa_http::Client;
use salastampa_index::TantivyArchive;
use salastampa_mail::{Sender, Signer, Transport};
use salastampa_store::Store;
use std::sync::Arc;
use tokio::sync::{OnceCell, watch};

/// What is open.
#[derive(Clone)]
pub struct App {
    /// What the installer decided.
    pub config: Arc<Config>,
    /// The part of it that the desk may not decide.
    pub declared: Arc<Declared>,
    /// The truth.
    pub store: Store,
    /// The present.
    pub clock: Clock,
    /// When this process began.
    pub started: Timestamp,
    /// The office, as it stood when this piece of work began ([`App::as_it_stands`]).
    pub house: Arc<House>,
    /// The one way out.
    pub client: Client,
    /// The way out of notifications: it reaches the servers inside that `push.hosts` names.
    pub notifier: Client,
    /// The way that mail leaves.
    pub transport: Arc<Transport>,
    /// Who mail comes from.
    pub sender: Arc<Sender>,
    /// What signs mail, where the relay does not.
    pub signers: Arc<[Signer]>,
    /// The name under which this process claims work.
    pub worker: Arc<str>,
    /// True once the program is told to stop: what is in hand is finished, and nothing more is taken.
    pub ending: watch::Receiver<bool>,
    archive: Arc<OnceCell<TantivyArchive>>,
    office: Arc<watch::Sender<Arc<Office>>>,
}

impl App {
    /// Opens the store and makes the office's key at the first start. The archive is opened when it is first asked for.
    pub async fn open(config: Config, clock: Clock, client: Client) -> Result<Self> {
        let folder = &config.data.folder;
        crate::files::private_folder(folder).map_err(|why| {
            let folder = folder.display();
            anyhow::anyhow!("the data folder {folder} cannot be made ({why}): make it, or name another by data.folder")
        })?;
        let store = Store::open(&config.database_url(), &folder.join("files"), clock.now())
            .await
            .map_err(|why| anyhow::anyhow!("{}", why_closed(&config, &why)))?;
        let key = crate::key::office_key(folder, &store).await?;
        let patron = office::month_and_day(&config.office.patron);
        if store.read().await?.patron().await? != patron {
            let mut write = store.write().await?;
            write.record_patron(patron).await?;
            write.commit().await?;
        }
        let declared = office::declared(&config)?;
        let office = office::read(&config, &declared, &store, &key).await?;
        Ok(Self {
            worker: worker(&config, clock.now()).into(),
            started: clock.now(),
            ending: watch::Sender::new(false).subscribe(),
            clock,
            house: Arc::clone(&office.house),
            notifier: client.reaching(&config.push.hosts)?,
            client,
            transport: Arc::clone(&office.transport),
            sender: Arc::clone(&office.sender),
            signers: Arc::clone(&office.signers),
            store,
            config: Arc::new(config),
            declared: Arc::new(declared),
            archive: Arc::new(OnceCell::new()),
            office: Arc::new(watch::Sender::new(Arc::new(office))),
        })
    }

    /// The same with the office as it stands now: taken at the beginning of each piece of work, so that what is decided
    /// at the desk holds without a restart and no work sees two offices.
    pub fn as_it_stands(&self) -> Self {
        let office = Arc::clone(&self.office.borrow());
        Self {
            house: Arc::clone(&office.house),
            sender: Arc::clone(&office.sender),
            signers: Arc::clone(&office.signers),
            transport: Arc::clone(&office.transport),
            ..self.clone()
        }
    }

    /// Looks whether the settings were changed, here or by another process, and reads them again then.
    pub async fn look_at_settings(&self) -> Result<()> {
        let known = self.office.borrow().version;
        if self.store.read().await?.settings_version().await? != known {
            let office = office::read(&self.config, &self.declared, &self.store, &self.house.key).await?;
            tracing::info!(version = office.version, "the settings of the desk were changed and hold from now on");
            self.office.send_replace(Arc::new(office));
        }
        Ok(())
    }

    /// The office, and word of each change of it.
    pub fn office(&self) -> watch::Receiver<Arc<Office>> {
        self.office.subscribe()
    }

    /// The same in a program that is told to stop by that.
    pub fn until(&self, ending: watch::Receiver<bool>) -> Self {
        Self { ending, ..self.clone() }
    }

    /// Waits until the program is told to stop; for ever where nobody can.
    pub async fn ends(&self) {
        if self.ending.clone().wait_for(|ending| *ending).await.is_err() {
            std::future::pending().await
        }
    }

    /// Whether the disk of the data folder still takes something.
    pub fn has_room(&self) -> bool {
        has_room(&self.config.data.folder)
    }

    /// The searchable archive; looked at when it is first asked for. What is wrong with it is mended by the job that
    /// follows.
    pub async fn archive(&self) -> Result<&TantivyArchive> {
        self.archive
            .get_or_try_init(|| async {
                let mut rows = self.store.read().await?;
                let (store, last) = (rows.store_id().await?, rows.last_seq().await?);
                drop(rows);
                let folder = self.config.index_folder();
                Ok(tokio::task::spawn_blocking(move || TantivyArchive::open(&folder, &store, last)).await?)
            })
            .await
    }
}

/// The name under which work is claimed. With SQLite one process holds the folder, and takes up at once what it held
/// before a crash; with PostgreSQL several share the work and a dead one's leases run out.
fn worker(config: &Config, now: salastampa_domain::Timestamp) -> String {
    match config.database_url().starts_with("sqlite:") {
        true => "office".to_owned(),
        false => format!("{}-{}", std::process::id(), now.0),
    }
}

/// Why a database does not open, in one sentence that ends with what to do.
fn why_closed(config: &Config, why: &salastampa_store::Error) -> String {
    use salastampa_store::Error;
    let mut cause: &dyn std::error::Error = why;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let full = matches!(why, Error::Full) || !has_room(&config.data.folder);
    let is_file = config.database_url().starts_with("sqlite:");
    let remedy = match why {
        _ if full => "the disk is full: make room, nothing is lost",
        Error::NewerSchema => "start the version that made it, or a newer one; it was not touched",
        Error::Busy => "another program is writing to it: try again",
        Error::File { .. } => "let the user who runs salastampa write there",
        _ if is_file => "take the last backup back with `salastampa restore`, and keep the damaged file",
        _ => "see that the server runs, and that name, user and password in data.database are right",
    };
    format!("the database {} does not open ({cause}): {remedy}", shown(&config.database_url()))
}

/// Whether a small file can still be written: a database on a full disk tells it in many ways.
fn has_room(folder: &std::path::Path) -> bool {
    let path = folder.join("room.new");
    let written = std::fs::write(&path, [0_u8; 1 << 16]);
    // where it was not even made there is nothing to take away
    let _ = std::fs::remove_file(&path);
    !matches!(written, Err(why) if why.kind() == std::io::ErrorKind::StorageFull)
}

/// The address without its password.
fn shown(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut url) if url.password().is_some() => {
            let _ = url.set_password(Some("…"));
            url.to_string()
        }
        _ => url.to_owned(),
    }
}

/// An act's refusal in the office's language.
pub fn told<T>(app: &App, result: salastampa_acts::Result<T>) -> Result<T> {
    result.map_err(|why| anyhow::anyhow!("{}", why.sentence(app.house.lang)))
}
