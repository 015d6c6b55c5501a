//! `export`: articles and journalists as a file, and what people said of stories.

use super::{Usage, is_served, say};
use crate::app::{App, told};
use crate::cli::Export;
use crate::jobs::follow;
use anyhow::{Context, Result};
use salastampa_acts::contacts::{Shape, export_at_console};
use salastampa_acts::export::{self, Form, Order, Place};
use salastampa_domain::{Dossier, Query};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Lets something out.
pub async fn run(app: &App, what: Export) -> Result<()> {
    let (query, format, comma, tags, dossier, out) = match what {
        Export::Articles { query, format, comma, tags, dossier, out } => (query, format, comma, tags, dossier, out),
        Export::Gold { out } => return gold(app, &out).await,
        Export::Contacts { format, out } => return contacts(app, &format, out.as_deref()).await,
    };
    let form = form(&format, comma, tags)?;
    // beside a living office the index is its own; what is new there is not waited for
    if !is_served(app) {
        while follow::run(app).await? > 0 {}
    }
    let mut order =
        Order { query: Query::text(query.unwrap_or_default()), form, title: String::new(), subject: "archive".into() };
    if let Some(slug) = dossier {
        let mut rows = app.store.read().await?;
        let found = rows.find_dossier(&slug).await?;
        let found = found.with_context(|| format!("there is no dossier {slug:?}"))?;
        let filed = rows.list_filed(found.id, export::MOST).await?;
        order.query.only = Some(filed.into_iter().map(|filed| filed.article).collect());
        order.subject = Dossier::subject(found.id);
        order.title = found.name;
    } else if order.query.text.trim().is_empty() {
        return Err(Usage("what is to be exported: a search, or --dossier NAME?".into()).into());
    }
    let place = Place {
        store: app.store.clone(),
        archive: Arc::new(app.archive().await?.clone()),
        house: Arc::clone(&app.house),
        login: None,
        lang: app.house.lang,
        now: app.clock.now(),
    };
    let mut export = told(app, export::begin(place, order).await)?;
    let Some(path) = out else {
        return write(app, &mut export, &mut std::io::stdout().lock()).await;
    };
    // under another name until it is whole, so that nobody takes a part for the whole
    let unfinished = path.with_added_extension("part");
    let mut file = std::fs::File::create(&unfinished).with_context(|| format!("making {}", unfinished.display()))?;
    let written = write(app, &mut export, &mut file).await;
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
        return written;
    }
    std::fs::rename(&unfinished, &path).with_context(|| format!("making {}", path.display()))?;
    say(format!("{}: {} articles of {}", path.display(), export.planned(), export.total()));
    Ok(())
}

async fn gold(app: &App, folder: &Path) -> Result<()> {
    let gold = salastampa_acts::gold::gold(&app.store, app.clock.now()).await?;
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let files = [
        ("gold.tsv", &gold.stories),
        ("pairs.tsv", &gold.pairs),
        ("decisions.tsv", &gold.decisions),
        ("pickup.tsv", &gold.pickup),
        ("acts.tsv", &gold.acts),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        say(format!("{}: {} lines", path.display(), text.lines().count()));
    }
    Ok(())
}

async fn write(app: &App, export: &mut export::Export, to: &mut impl Write) -> Result<()> {
    while let Some(part) = told(app, export.next().await)? {
        to.write_all(&part).context("writing the file")?;
    }
    to.flush().context("writing the file")
}

fn form(format: &str, comma: bool, tags: bool) -> Result<Form> {
    Ok(match format {
        "csv" => Form::Csv { comma },
        "jsonl" => Form::JsonLines { tags },
        "pdf" => Form::Pdf,
        other => return Err(Usage(format!("there is no format {other:?}; the formats are csv, jsonl, pdf")).into()),
    })
}

/// All journalists as a table or an address book.
async fn contacts(app: &App, format: &str, out: Option<&Path>) -> Result<()> {
    let shape = match format {
        "csv" => Shape::Csv,
        "vcard" => Shape::Cards,
        other => return Err(Usage(format!("{other:?} is no format of journalists: csv or vcard")).into()),
    };
    let text = told(app, export_at_console(&app.store, shape, app.clock.now()).await)?;
    match out {
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("making {}", path.display()))?;
            say(path.display());
        }
        None => std::io::stdout().lock().write_all(text.as_bytes()).context("standard output")?,
    }
    Ok(())
}
