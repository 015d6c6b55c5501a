//! `serve`: the office runs until it is told to stop.

use super::say;
use crate::app::App;
use crate::{feeds, lock, run};
use anyhow::{Context, Result};
use salastampa_acts::oidc::Provider;
use salastampa_domain::FooterLinks;
use salastampa_locale::fill;
use salastampa_web::{Directory, Footer, Pages, Site};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Runs jobs, pages and metrics.
pub async fn run(app: &App) -> Result<()> {
    let _lock = match app.config.database_url().starts_with("sqlite:") {
        true => Some(lock::take(&app.config.data.folder)?),
        false => None,
    };
    feeds::load(app).await?;
    let (stop, stopped) = watch::channel(false);
    let site = site(app).await?;
    // before anybody knows that it runs: a signal that nobody waits for would end it
    let (mut reload, mut end) = (signal(SignalKind::hangup())?, signal(SignalKind::terminate())?);
    let pages = pages(app, app.config.web.listen, stopped.clone()).await?;
    let metrics = listen(app.config.web.metrics, "metrics").await?;
    tokio::spawn(salastampa_web::serve(metrics, salastampa_web::metrics_router(site.clone()), gone(stopped.clone())));
    say(format!(
        "Sala Stampa: {}/desk, {} sources in {}",
        app.house.base_url,
        count(app).await?,
        app.config.data.folder.display()
    ));
    offer_setup(app).await?;
    warn_of_the_foot(&app.office().borrow().footer);
    let jobs = run::living(app, stopped);
    tokio::pin!(jobs);
    loop {
        tokio::select! {
            ended = &mut jobs => return ended,
            () = told_to_stop() => break,
            _ = end.recv() => break,
            _ = reload.recv() => match feeds::load(app).await {
                Ok(None) => {}
                Ok(Some(synced)) if synced.retired.is_empty() => {
                    tracing::info!("feeds.toml is read again: {} sources", synced.sources);
                }
                Ok(Some(synced)) => tracing::info!(
                    "feeds.toml is read again: {} sources; no longer visited: {}",
                    synced.sources,
                    synced.retired.join(", ")
                ),
                // the registry that runs stays
                Err(why) => tracing::error!("feeds.toml is not taken: {why:#}"),
            },
        }
    }
    tracing::info!("stopping: messages in flight are finished first");
    let _ = stop.send(true);
    jobs.await?;
    let _ = pages.await;
    Ok(())
}

/// Serves the pages, and makes them anew when the office is changed at the desk; gives the task.
pub async fn pages(
    app: &App,
    address: SocketAddr,
    stopped: watch::Receiver<bool>,
) -> Result<tokio::task::JoinHandle<std::io::Result<()>>> {
    let listener = listen(address, "listen").await?;
    let site = site(app).await?;
    let pages = Pages::new(site.clone());
    let task = tokio::spawn(salastampa_web::serve(listener, pages.router(), gone(stopped)));
    let mut changes = app.office();
    tokio::spawn(async move {
        while changes.changed().await.is_ok() {
            let office = changes.borrow_and_update().clone();
            let (house, footer) = (office.house.clone(), footer(&office.footer).into());
            pages.renew(Site { house, footer, ..site.clone() });
        }
    });
    Ok(task)
}

/// The pages as they are configured.
pub async fn site(app: &App) -> Result<Site> {
    let archive = app.archive().await?.clone();
    let links = footer(&app.office().borrow().footer);
    let site = Site::new(app.store.clone(), app.clock.clone(), app.house.clone(), links);
    let site = site.under(Arc::clone(&app.declared)).with_directory(directory(app));
    Ok(site.with_archive(Arc::new(archive)).behind(app.config.web.trusted_proxies.clone()))
}

/// The directory through which people may log in too, if one is configured.
fn directory(app: &App) -> Option<Arc<Directory>> {
    let oidc = &app.config.oidc;
    let provider = Provider {
        issuer: oidc.issuer.trim_end_matches('/').to_owned(),
        client_id: oidc.client_id.clone(),
        client_secret: oidc.client_secret.reveal().to_owned(),
        scopes: oidc.scopes.clone(),
        claim: oidc.claim.clone(),
        domain: oidc.domain.clone(),
        label: oidc.label.clone(),
    };
    (!provider.issuer.is_empty()).then(|| Arc::new(Directory { provider, client: app.client.clone() }))
}

/// Says which of the links that the law wants at the foot of public pages are not set yet.
fn warn_of_the_foot(links: &FooterLinks) {
    let all = [
        ("transparency", &links.transparency),
        ("privacy", &links.privacy),
        ("legal", &links.legal),
        ("accessibility", &links.accessibility),
    ];
    let missing: Vec<&str> = all.into_iter().filter(|(_, link)| link.is_empty()).map(|(name, _)| name).collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        tracing::warn!("the foot of the public pages lacks links that the law wants ({missing}): set them at the desk");
    }
}

/// The links at the foot; what is empty is not shown.
fn footer(links: &FooterLinks) -> Footer {
    let link = |text: &String| (!text.is_empty()).then(|| text.clone());
    Footer {
        transparency: link(&links.transparency),
        privacy: link(&links.privacy),
        legal: link(&links.legal),
        accessibility: link(&links.accessibility),
        faq: link(&links.faq),
        report: link(&links.report),
        management: link(&links.management),
        services: link(&links.services),
        living: link(&links.living),
        personal: link(&links.personal),
    }
}

/// In an office where nobody can work yet: prints the link that sets it up.
async fn offer_setup(app: &App) -> Result<()> {
    if let Some(token) = salastampa_acts::setup::offer(&app.store, app.clock.now()).await? {
        let address = format!("{}/desk/avvio/{token}", app.house.base_url);
        say(fill(app.house.lang, "login.setup.printed", &[("address", &address)]));
    }
    Ok(())
}

async fn listen(address: SocketAddr, key: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("the address {address} cannot be used: is another program there? set web.{key} in salastampa.toml")
    })
}

async fn gone(mut stopped: watch::Receiver<bool>) {
    // the sender going away is a stop too
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn count(app: &App) -> Result<usize> {
    Ok(app.store.read().await?.list_sources().await?.iter().filter(|s| s.is_active()).count())
}

/// Returns when somebody presses Ctrl-C or the system says stop.
pub async fn told_to_stop() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
