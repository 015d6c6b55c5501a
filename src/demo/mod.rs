//! `demo`: a day of an invented town, lived through in seconds and without network.
//!
//! The world ([`world`]) is a folder of texts in the program; [`server`] serves it on loopback under the outlets' own
//! names, and only what exists at the present of the stepped clock. Everything else is the program itself: the demo
//! enters by the public verbs (`import office`, `import contacts`, `release …`), and whatever it does an office can do.

mod journal;
mod observe;
mod render;
mod script;
mod server;
mod world;

use crate::app::App;
use crate::clock::{Stepped, cpu_milliseconds, stopwatch};
use crate::config::Config;
use crate::verbs::{self, say};
use crate::{feeds, lock, run};
use anyhow::{Context, Result};
pub use journal::Journal;
use observe::Observer;
use salastampa_acts::contacts::Trial;
use salastampa_domain::Timestamp;
use salastampa_domain::time::SECOND;
use salastampa_domain::{Actor, Settings};
use salastampa_http::Client;
use script::Script;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::sync::watch;
use world::World;

/// The first instant of the day.
const BEGIN: &str = "2026-11-23 05:00";
/// The last one: the review of the second morning is out.
const END: &str = "2026-11-24 07:30";

/// Lives through the day, or up to `until`; `once` ends with it, otherwise the pages stay up and time runs on.
pub async fn run(config: Config, once: bool, port: u16, until: Option<&str>) -> Result<()> {
    let watch_all = stopwatch();
    let end = verbs::instant(until.unwrap_or(END))?;
    let address = SocketAddr::from(([127, 0, 0, 1], if once { 0 } else { port }));
    let listener_address = free(address)?;
    let config = configured(config, listener_address)?;
    crate::files::private_folder(&config.data.folder)
        .with_context(|| format!("making {}", config.data.folder.display()))?;
    let _lock = lock::take(&config.data.folder)?;

    let clock = Stepped::at(verbs::instant(BEGIN)?);
    let world = World::load().context("reading the world of the demo")?;
    let outlets = server::serve(world.clone(), clock.clock()).await?;
    let hosts: BTreeMap<String, SocketAddr> = world.hosts().into_iter().map(|h| (h, outlets)).collect();
    let client = Client::new(salastampa_http::Config::loopback(config.user_agent(), hosts))?;
    let app = App::open(config, clock.clock(), client).await?;
    if let Some(present) = run::present(&app).await? {
        clock.step_to(present);
        say(format!("the day goes on at {present}"));
    }
    let (stop, stopped) = watch::channel(false);
    let pages = verbs::pages(&app, listener_address, stopped).await?;

    furnish(&app).await?;
    let mut journal = Journal::default();
    live(&app, &clock, end, listener_address, &mut journal).await?;

    let summary = verbs::Summary::of(&app).await?;
    for line in summary.lines(&journal, watch_all.milliseconds()) {
        say(line);
    }
    for path in print_reviews(&app).await? {
        say(format!("  {}", path.display()));
    }
    if !once {
        clock.release();
        let_in(&app).await?;
        say(format!("{}/novita/comunicati is the public page; stop with Ctrl-C", app.house.base_url));
        let (end, ended) = watch::channel(false);
        let jobs = run::living(&app, ended);
        tokio::pin!(jobs);
        tokio::select! {
            done = &mut jobs => done?,
            () = verbs::told_to_stop() => {
                let _ = end.send(true);
                jobs.await?;
            }
        }
    }
    let _ = stop.send(true);
    let _ = pages.await;
    app.store.close().await;
    Ok(())
}

/// A port that is free now, where none was asked for: links in mails name it, so it is known beforehand.
fn free(address: SocketAddr) -> Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(address)
        .with_context(|| format!("the address {address} cannot be used; choose another with --port"))?;
    Ok(listener.local_addr()?)
}

/// The configuration of the demo's office over what the installer has (database and mail are theirs to choose).
fn configured(mut config: Config, address: SocketAddr) -> Result<Config> {
    let demo = Config::parse(include_str!("../../demo/salastampa.toml"), "demo/salastampa.toml")?;
    config.office = demo.office;
    config.named.extend(demo.named);
    if config.data.folder == Path::new("data") {
        config.data.folder = PathBuf::from("demo-data");
    }
    config.web.base_url = format!("http://{address}");
    Ok(config)
}

/// Brings the office in, by the verbs that an office uses. A second time changes nothing.
async fn furnish(app: &App) -> Result<()> {
    let registry = feeds::parse(include_str!("../../demo/feeds.toml"), "demo/feeds.toml")?;
    let synced = feeds::declare(app, registry).await?;
    say(format!("demo/feeds.toml: {} outlets, {} sources", synced.outlets, synced.sources));
    verbs::import_office(app, include_str!("../../demo/office.toml"), "demo/office.toml").await?;
    let table = include_str!("../../demo/journalists.csv");
    verbs::import_contacts(app, table, "demo/journalists.csv", Trial::No).await
}

/// What everybody at the demo's desk types.
const PASSWORD: &str = "bellariva";

/// Gives the people of the desk a password, and says how to enter. Who has one keeps it. A telephone is not asked for: what
/// is invented needs no second lock.
async fn let_in(app: &App) -> Result<()> {
    if app.store.read().await?.find_settings().await?.is_none() {
        let open = Settings { second_factor: Vec::new(), ..app.declared.settings.clone() };
        let mut write = app.store.write().await?;
        write.record_settings(&open, &Actor::Console, app.clock.now()).await?;
        write.commit().await?;
    }
    let mut rows = app.store.read().await?;
    let users = rows.list_users().await?;
    drop(rows);
    for user in users.iter().filter(|user| user.password.is_none()) {
        salastampa_acts::user::give_password(&app.store, user, PASSWORD, app.clock.now()).await?;
    }
    say(format!("{}/desk is the desk; the password is {PASSWORD}", app.house.base_url));
    for user in &users {
        say(format!("  {:<8} {} ({})", user.login, user.name, user.role.name()));
    }
    Ok(())
}

/// The day: jobs run until none has work in hand, then the clock moves to the next due time.
async fn live(app: &App, clock: &Stepped, end: Timestamp, pages: SocketAddr, journal: &mut Journal) -> Result<()> {
    let mut script = Script::load(app).await?;
    let mut observer = Observer::new(pages);
    let mut office = run::Stepper::new();
    loop {
        let now = app.clock.now();
        if script.play(app, now).await? {
            office.stir();
        }
        let cpu = cpu_milliseconds();
        let stirred = office.settle(app).await?;
        if stirred {
            journal.note_alerts(app, cpu).await?;
        }
        if stirred || observer.next_due().is_some_and(|at| at <= now) {
            observer.look(app, journal).await?;
        }
        match [office.next_due(), script.next_due(), observer.next_due()].into_iter().flatten().min() {
            // what is due but was not done (a lease of a dead worker) waits a second, not for ever
            Some(next) if next < end => run::step(app, clock, next.max(now.plus(SECOND))).await?,
            _ => break,
        }
    }
    run::step(app, clock, end).await?;
    // what waited for the lease of a dead worker is asked once more
    office.stir();
    office.settle(app).await?;
    Ok(())
}

/// Lays the reviews' PDFs where a person finds them.
async fn print_reviews(app: &App) -> Result<Vec<PathBuf>> {
    let folder = app.config.data.folder.join("rassegne");
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let mut written = Vec::new();
    let mut rows = app.store.read().await?;
    let editions = rows.list_editions().await?;
    for review in rows.list_reviews(100).await? {
        for (output, sha256) in rows.list_review_outputs(review.id, review.version).await? {
            let Some(edition) = editions.iter().find(|e| e.id == review.edition) else { continue };
            let Some(bytes) = (if output == "pdf" { app.store.files().get(&sha256).await? } else { None }) else {
                continue;
            };
            let path = folder.join(format!("{}-{}.pdf", review.slot.0.date(), edition.slug));
            std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
            written.push(path);
        }
    }
    written.sort();
    Ok(written)
}
