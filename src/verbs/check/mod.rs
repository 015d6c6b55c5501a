//! `check`: looks over the own house, and says of each part how it stands and what to do. For who installs, in English;
//! what surrounds the program is looked at by `doctor`, in the office's language.

pub(super) mod domain;

use super::{client, say};
use crate::app::App;
use crate::config::Config;
use crate::feeds;
use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use salastampa_crawler::wire::folder;
use salastampa_domain::time::{HOUR, MINUTE};
use salastampa_domain::{ArticleId, Clock, Query, SourceKind, Timestamp, Unsaid};
use salastampa_index::{Archive, Names};
use salastampa_locale::Lang;
use salastampa_mail::Transport;
use salastampa_mail::standing::State;
use std::collections::BTreeMap;

/// Looks and prints; an error if any part is not in order.
pub async fn run(config: &Config, clock: Clock) -> Result<()> {
    let mut wrong = 0;
    let mut part = |name: &str, how: Result<String>| match how {
        Ok(how) => say(format!("ok       {name}: {how}")),
        Err(why) => {
            wrong += 1;
            say(format!("problem  {name}: {why:#}"));
        }
    };
    part("salastampa.toml", Ok(format!("data in {}", config.data.folder.display())));
    part(
        "sources",
        match config.data.feeds.exists() {
            true => feeds::read(&config.data.feeds)
                .map(|r| format!("{} outlets, {} sources", r.outlets.len(), r.sources.len())),
            false => Ok(format!("there is no {} yet: nothing is visited", config.data.feeds.display())),
        },
    );
    for (name, how) in folders(config) {
        part(&name, how);
    }
    match App::open(config.clone(), clock, client(config)?).await {
        Err(why) => part("database", Err(why)),
        Ok(app) => {
            part("database", stored(&app).await);
            part("archive", archive(&app).await);
            part("clock", clock_of(&app).await);
            part("mail", mail(&app).await);
            part("notice", notice(&app).await);
            part("returns", Ok(returns(&app)));
            part("licences", licences(&app).await);
            match domain::findings(&app).await {
                None => {}
                Some(Err(why)) => say(format!("unknown  domain: the DNS cannot be asked: {why}")),
                Some(Ok(findings)) => {
                    for finding in findings {
                        let (what, words) = (finding.what, domain::words(&finding, Lang::En));
                        match finding.state {
                            State::Good => part(what, Ok(words)),
                            State::Bad => part(what, Err(anyhow::anyhow!(words))),
                            State::Unknown => say(format!("unknown  {what}: {words}")),
                        }
                        if let Some(record) = finding.publish {
                            say(format!("         publish: {record}"));
                        }
                    }
                }
            }
        }
    }
    if wrong > 0 { bail!("{wrong} of these need a hand; nothing is lost") } else { Ok(()) }
}

/// Whether the clock of this machine stands behind what was written: then it went back, and alerts and hours go wrong.
async fn clock_of(app: &App) -> Result<String> {
    let now = app.clock.now();
    let last = app.store.read().await?.list_events(1).await?.first().map(|event| event.at);
    match last.filter(|last| last.since(now) > MINUTE) {
        Some(last) => bail!("it says {now}, and the last thing was written at {last}: set it by a time server (NTP)"),
        None => Ok(now.to_string()),
    }
}

/// The drop folders that are declared and switched on: whether they can be read.
fn folders(config: &Config) -> Vec<(String, Result<String>)> {
    let declared = feeds::read(&config.data.feeds).map(|registry| registry.sources).unwrap_or_default();
    let wires = declared.into_iter().map(|declared| declared.source);
    wires
        .filter(|source| source.is_active() && matches!(source.kind, SourceKind::Wire { .. }))
        .map(|source| {
            let path = config.data.folder.join(&source.url);
            let how = folder::look(&path).map(|files| format!("{} files wait in {}", files.len(), path.display()));
            let remedy = || format!("{}: make it, and let salastampa read and write there", path.display());
            (format!("folder of {}", source.slug), how.with_context(remedy))
        })
        .collect()
}

async fn stored(app: &App) -> Result<String> {
    let mut rows = app.store.read().await?;
    Ok(format!("{} articles, {} readers", rows.count_articles().await?, rows.list_readers().await?.len()))
}

/// Days, and licences, that are named.
const NAMED: usize = 10;

/// Whether the archive can be asked, and holds of each day as many articles as the store.
async fn archive(app: &App) -> Result<String> {
    let archive = app.archive().await?;
    let standing = archive.standing().await?;
    let mut rows = app.store.read().await?;
    let all = rows.count_articles().await?;
    if let Some(obstacle) = &standing.obstacle {
        bail!("{obstacle}; it goes on by itself then");
    }
    if let Some(rebuild) = &standing.rebuild {
        let answers = if standing.answers { "the one before answers" } else { "searches get no answer" };
        let done = format!("{} of {all} articles are in; {answers} until it is done", rebuild.articles);
        bail!("it is built anew because {}: {done}; `serve` and `run follow` go on with it", rebuild.why);
    }
    let behind = rows.last_seq().await?.0 - standing.cursor.0;
    if behind > 0 {
        return Ok(format!("{behind} changes wait to be taken in; `serve` and `run follow` do that"));
    }
    let mut query = Query::text("");
    query.page.size = 0;
    let hits = archive.search(&query, &Names::default(), app.clock.now()).await?;
    let mut days: BTreeMap<Date, (u64, u64)> = BTreeMap::new();
    for (hour, n) in rows.count_articles_by_hour().await? {
        days.entry(Timestamp(hour.saturating_mul(HOUR)).day()).or_default().0 += n;
    }
    for (day, n) in hits.by_day {
        days.entry(day).or_default().1 += n;
    }
    let asides = rows.list_asides().await?;
    let ids: Vec<ArticleId> = asides.iter().map(|(aside, _)| aside.article).collect();
    for article in rows.list_articles(&ids).await? {
        // known to be missing, and told below
        if let Some((kept, _)) = days.get_mut(&article.dated().day()) {
            *kept = kept.saturating_sub(1);
        }
    }
    let differ: Vec<String> = days
        .iter()
        .filter(|(_, (kept, found))| kept != found)
        .map(|(day, (kept, found))| format!("{day} ({kept} kept, {found} found)"))
        .collect();
    if !differ.is_empty() {
        let (days, named) = (differ.len(), differ[..differ.len().min(NAMED)].join(", "));
        bail!("{days} days differ from the store: {named}; `salastampa reindex` builds it anew");
    }
    if let Some((aside, _)) = asides.first() {
        let named: Vec<String> = ids.iter().take(NAMED).map(ToString::to_string).collect();
        bail!("{} articles cannot be indexed: {} ({})", asides.len(), named.join(", "), aside.reason);
    }
    Ok(format!("{} articles, the same as the store on each of {} days", hits.total, days.len()))
}

/// Whether the notice of GDPR art. 14 goes out with the first mail to a journalist, and who has waited for it too long.
async fn notice(app: &App) -> Result<String> {
    let unsaid = app.house.privacy.unsaid();
    let mut rows = app.store.read().await?;
    let late = salastampa_acts::contacts::notice::count_overdue(&mut rows, &app.house, app.clock.now()).await?;
    let late = match late {
        0 => String::new(),
        n => format!("; {n} journalists have waited for it for more than 30 days"),
    };
    if unsaid.is_empty() {
        return Ok(format!("that of GDPR art. 14 leaves with the first mail to a journalist{late}"));
    }
    let keys: Vec<&str> = unsaid
        .iter()
        .map(|unsaid| match unsaid {
            Unsaid::Controller => "privacy.controller",
            Unsaid::Dpo => "privacy.dpo",
            Unsaid::Page => "privacy.page",
        })
        .collect();
    let keys = keys.join(", ");
    Ok(format!("that of GDPR art. 14 does not go out: fill in {keys}, here or at the desk under Impostazioni{late}"))
}

/// Whether what comes back is read: bounces, and who leaves by mail.
fn returns(app: &App) -> String {
    match &app.house.returns {
        Some(address) => format!("what comes back comes to {address}"),
        None => {
            "mail.returns is empty: bounces, and who leaves by mail, come to the sender's mailbox and only a person \
                 reads them; see \"What comes back\" in docs/operations.md"
                .into()
        }
    }
}

/// What may soon no longer be shown or used: files of releases, photos of the bank, contracts with outlets.
async fn licences(app: &App) -> Result<String> {
    let mut rows = app.store.read().await?;
    let ending = salastampa_acts::licences::ending(&mut rows, app.clock.now()).await?;
    if ending.is_empty() {
        return Ok("none ends within 30 days".into());
    }
    let named: Vec<String> = ending.iter().take(NAMED).map(|one| one.say(Lang::En)).collect();
    Ok(format!("{} end within 30 days: {}", ending.len(), named.join("; ")))
}

async fn mail(app: &App) -> Result<String> {
    let name = match &*app.transport {
        Transport::Off => return Ok("switched off: everything waits in the outbox".into()),
        Transport::Folder(folder) => format!("files in {}", folder.display()),
        Transport::Smtp(smtp) => format!("{}:{}", smtp.host, smtp.port),
        Transport::Memory(_) => "kept in memory".into(),
    };
    match app.transport.connect().await {
        Ok(connection) => {
            connection.quit().await;
            Ok(if matches!(*app.transport, Transport::Smtp(_)) { format!("{name} answers") } else { name })
        }
        Err(fault) => {
            bail!("{name} does not take mail ({fault}); mail waits in the outbox and leaves when it answers")
        }
    }
}
