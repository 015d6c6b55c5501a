//! `search` and `reindex`: the archive on the command line.

use super::{is_served, leave_errand, say};
use crate::app::App;
use crate::jobs::follow;
use anyhow::Result;
use salastampa_domain::{Article, ErrandKind, Query, Seq};
use salastampa_index::{Archive, Hits, Names, Notice};
use std::collections::BTreeMap;

/// How an answer is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Lines,
    /// One JSON object a line.
    Json,
    /// Comma-separated values.
    Csv,
    /// Numbers only.
    Count,
}

/// Searches and prints.
pub async fn search(app: &App, text: &str, limit: usize, form: Form) -> Result<()> {
    // beside a living office the index is its own; it is opened to read, and what is new there is not waited for
    if !is_served(app) {
        while follow::run(app).await? > 0 {}
    }
    let mut rows = app.store.read().await?;
    let outlets = rows.list_outlets().await?;
    let names = Names::new(&outlets, &rows.list_watches().await?);
    let mut query = Query::text(text);
    query.page.size = limit.clamp(1, 10_000);
    let hits = app
        .archive()
        .await?
        .search(&query, &names, app.clock.now())
        .await
        .map_err(|why| anyhow::anyhow!("{}", explain(app, text, &why)))?;
    let ids: Vec<_> = hits.hits.iter().map(|h| h.article).collect();
    let articles: BTreeMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let outlet = |a: &Article| outlets.iter().find(|o| o.id == a.outlet).map_or("", |o| o.name.as_str());
    let found: Vec<_> = ids.iter().filter_map(|id| articles.get(id)).collect();
    match form {
        Form::Count => count(&hits, &outlets),
        Form::Json => {
            for article in found {
                say(serde_json::json!({
                    "id": article.id, "date": article.dated().rfc3339(), "outlet": outlet(article),
                    "title": article.title, "url": article.url, "story": article.story,
                }));
            }
        }
        Form::Csv => {
            say("id;date;outlet;title;url");
            for a in found {
                let cells = [&a.id.to_string(), &a.dated().rfc3339(), outlet(a), &a.title, &a.url].map(cell);
                say(cells.join(";"));
            }
        }
        Form::Lines => {
            for article in found {
                let dated = article.dated().civil().strftime("%d/%m/%Y %H:%M");
                say(format!("{dated}  {}  {}\n    {}", outlet(article), article.title, article.url));
            }
            say(format!("{} articles", hits.total));
            for notice in &hits.notices {
                say(remark(app, notice));
            }
        }
    }
    Ok(())
}

fn remark(app: &App, notice: &Notice) -> String {
    let args = notice.args();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    salastampa_locale::fill(app.house.lang, notice.key(), &args)
}

fn count(hits: &Hits, outlets: &[salastampa_domain::Outlet]) {
    say(format!("{} articles", hits.total));
    for (id, n) in &hits.by_outlet {
        say(format!("{n:>7}  {}", outlets.iter().find(|o| o.id == *id).map_or("?", |o| o.name.as_str())));
    }
    for (day, n) in &hits.by_day {
        say(format!("{n:>7}  {day}"));
    }
}

/// A cell that no spreadsheet takes for a formula, and no separator breaks.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([';', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn explain(app: &App, text: &str, why: &salastampa_index::SearchError) -> String {
    match why {
        salastampa_index::SearchError::Query(error) => {
            let sentence = salastampa_acts::error::query_sentence(app.house.lang, error);
            let caret = format!("{}^", " ".repeat(error.column.saturating_sub(1)));
            match &error.suggestion {
                Some(better) => format!("{sentence}\n  {text}\n  {caret}\n  {better}"),
                None => format!("{sentence}\n  {text}\n  {caret}"),
            }
        }
        other => other.to_string(),
    }
}

/// Builds the archive again, here or by the living office.
pub async fn reindex(app: &App) -> Result<()> {
    if is_served(app) {
        return leave_errand(app, ErrandKind::Reindex).await;
    }
    let articles = rebuild(app).await?;
    say(format!("{articles} articles are searchable"));
    Ok(())
}

/// Empties the archive and lets it follow the store from the beginning.
pub async fn rebuild(app: &App) -> Result<usize> {
    let archive = app.archive().await?;
    archive.clear().await?;
    let mut done = 0;
    loop {
        match follow::run(app).await? {
            0 => break,
            n => done += n,
        }
        if is_terminal() {
            say(format!("{done} …"));
        }
    }
    debug_assert!(archive.cursor().await? >= Seq(0));
    Ok(done)
}

fn is_terminal() -> bool {
    use std::io::IsTerminal;
    std::io::stdout().is_terminal()
}
