//! The verbs of the command line, one room for each kind.

pub mod archive;
mod check;
mod doctor;
mod export;
mod import;
mod keep;
mod probe;
mod receive;
pub mod release;
mod serve;
mod stats;
mod user;

use crate::app::App;
use crate::cli::{Cli, Verb};
use crate::config::Config;
use crate::jobs::{self, Job, Memory};
use crate::{clock, demo, feeds, lock, run};
use anyhow::{Context, Result, bail};
use salastampa_domain::{Actor, Clock, ErrandKind, Sort, Timestamp};
use salastampa_http::Client;

pub use import::{contacts as import_contacts, office as import_office};
pub use receive::TRY_AGAIN;
pub use serve::{pages, told_to_stop};
pub use stats::Summary;

/// Does what the command line says.
pub async fn run(cli: Cli, mut config: Config) -> Result<()> {
    if let Some(data) = cli.data {
        config.data.folder = data;
    }
    let (clock, stepped) = match (&cli.now, &cli.verb) {
        (Some(from), Verb::Run { until: Some(_), .. }) => {
            let stepped = clock::Stepped::at(instant(from)?);
            (stepped.clock(), Some(stepped))
        }
        (Some(text), _) => (Clock::fixed(instant(text)?), None),
        (None, Verb::Run { until: Some(_), .. }) => {
            return Err(Usage("--until goes with --now: from when to when?".into()).into());
        }
        (None, _) => (clock::system(), None),
    };
    // these open no store, or another one than the configured
    match cli.verb {
        Verb::Demo { once, port, until } => return demo::run(config, once, port, until.as_deref()).await,
        Verb::Restore { from, check } => return keep::restore(&config, &from, check, &clock).await,
        Verb::Check => return check::run(&config, clock).await,
        Verb::Probe { what, json } => return probe::run(&config, &what, json, clock.now()).await,
        Verb::NewKey { lost } => return keep::new_key(&config, lost, &clock).await,
        Verb::Receive { recipient } => return receive::run(config, recipient.as_deref(), clock).await,
        _ => {}
    }
    let client = client(&config)?;
    let config_file = cli.config.unwrap_or_else(|| "salastampa.toml".into());
    let app = App::open(config, clock, client).await?;
    let done = match cli.verb {
        Verb::Serve => serve::run(&app).await,
        Verb::Run { job, until } => run_job(&app, &job, until.as_deref().zip(stepped.as_ref())).await,
        Verb::Search { query, limit, json, csv, count, sort, explain } => {
            let form = match (json, csv, count, explain) {
                (true, ..) => archive::Form::Json,
                (_, true, ..) => archive::Form::Csv,
                (_, _, true, _) => archive::Form::Count,
                (.., true) => archive::Form::Explained,
                _ => archive::Form::Lines,
            };
            let sort = match sort.as_str() {
                "oldest" => Sort::Oldest,
                "relevance" => Sort::Relevance,
                "outlets" => Sort::Outlets,
                _ => Sort::Newest,
            };
            archive::search(&app, &query, limit, sort, form).await
        }
        Verb::Reindex => archive::reindex(&app).await,
        Verb::Doctor => doctor::run(&app, &config_file).await,
        Verb::Export { what } => export::run(&app, what).await,
        Verb::Import { what } => import::run(&app, what).await,
        Verb::Release { step } => release::run(&app, step).await,
        Verb::User { what } => user::run(&app, what).await,
        Verb::Backup { to } => keep::backup(&app, &to).await,
        Verb::Stats { what } => stats::run(&app, what).await,
        Verb::Demo { .. }
        | Verb::Restore { .. }
        | Verb::NewKey { .. }
        | Verb::Check
        | Verb::Probe { .. }
        | Verb::Receive { .. }
        | Verb::ReadPdf { .. } => Ok(()),
    };
    done.map_err(|why| match app.has_room() {
        true => why,
        // each library has its own words for it
        false => why.context("the disk is full: make room, nothing is lost"),
    })
}

/// The one way out, for real sources.
pub fn client(config: &Config) -> Result<Client> {
    let hosts = &config.crawler.hosts;
    let identity = config.user_agent();
    let way = match hosts.is_empty() {
        true => salastampa_http::Config::new(identity),
        false => salastampa_http::Config::loopback(identity, hosts.clone()),
    };
    let total = std::time::Duration::from_secs(config.crawler.timeout.max(1));
    Client::new(salastampa_http::Config { total, ..way }).context("preparing to visit sources")
}

/// An instant as people write it.
pub fn instant(text: &str) -> Result<Timestamp> {
    let what = || Usage(format!("{text:?} is no instant: write it like \"2026-11-23 07:00\" (Italian clock)"));
    Ok(Timestamp::parse(text).ok_or_else(what)?)
}

/// The words on the command line do not fit: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Prints a line for the person; a closed pipe is not our trouble.
pub fn say(line: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn run_job(app: &App, name: &str, until: Option<(&str, &clock::Stepped)>) -> Result<()> {
    if name == "all" {
        if is_served(app) {
            bail!("a living office does all jobs by itself");
        }
        feeds::load(app).await?;
        return match until {
            Some((until, clock)) => run::through(app, clock, instant(until)?, &Job::ALL).await,
            None => run::Stepper::new().settle(app).await.map(drop),
        };
    }
    let Some(job) = Job::parse(name) else {
        let jobs = Job::ALL.map(Job::name).join(", ");
        return Err(Usage(format!("there is no job {name:?}; the jobs are all, {jobs}")).into());
    };
    if is_served(app) {
        return leave_errand(app, ErrandKind::Run { job: name.to_owned() }).await;
    }
    if let Some((until, clock)) = until {
        feeds::load(app).await?;
        return run::through(app, clock, instant(until)?, &[job]).await;
    }
    let mut memory = Memory::default();
    let mut done = 0;
    loop {
        match jobs::run(app, job, &mut memory).await?.work {
            0 => break,
            n => done += n,
        }
    }
    say(format!("{name}: {done}"));
    Ok(())
}

/// Whether a living `serve` holds this data folder. On PostgreSQL processes share by leases and none is asked.
pub fn is_served(app: &App) -> bool {
    app.config.database_url().starts_with("sqlite:") && lock::is_held(&app.config.data.folder)
}

/// Leaves a request for the living `serve`.
pub async fn leave_errand(app: &App, kind: ErrandKind) -> Result<()> {
    let mut write = app.store.write().await?;
    let id = write.record_errand(&kind, &Actor::Console, app.clock.now()).await?;
    write.commit().await?;
    say(format!("the running office takes it (errand {id})"));
    Ok(())
}
