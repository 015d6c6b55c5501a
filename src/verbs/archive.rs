//! `search` and `reindex`: the archive on the command line.

use super::{is_served, leave_errand, say};
use crate::app::App;
use crate::clock::{Stopwatch, stopwatch};
use crate::jobs::follow;
use anyhow::Result;
use salastampa_domain::{Article, ArticleId, ErrandKind, Query, Sort};
use salastampa_index::{Analysed, Archive, Explained, Hits, Names, Notice, SearchError};
use std::collections::BTreeMap;
use std::io::Write;

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
    /// For people who ask why.
    Explained,
}

/// Searches and prints.
pub async fn search(app: &App, text: &str, limit: usize, sort: Sort, form: Form) -> Result<()> {
    // beside a living office the index is its own; it is opened to read, and what is new there is not waited for
    if !is_served(app) {
        loop {
            match follow::run(app).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(why) => {
                    tracing::warn!("{why:#}; what was taken in before answers");
                    break;
                }
            }
        }
    }
    let mut rows = app.store.read().await?;
    let outlets = rows.list_outlets().await?;
    let names = Names::new(&outlets, &rows.list_watches().await?);
    let mut query = Query { sort, ..Query::text(text) };
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
                let cells = [&a.id.to_string(), &a.dated().rfc3339(), outlet(a), &a.title, &a.url]
                    .map(salastampa_acts::cell::between_semicolons);
                say(cells.join(";"));
            }
        }
        Form::Lines | Form::Explained => {
            let why = match form {
                Form::Explained => why(app, text, &names, &found).await?,
                _ => BTreeMap::new(),
            };
            for article in found {
                let dated = article.dated().civil().strftime("%d/%m/%Y %H:%M");
                say(format!("{dated}  {}  {}\n    {}", outlet(article), article.title, article.url));
                why.get(&article.id).into_iter().flatten().for_each(|line| say(format!("    {line}")));
            }
            say(format!("{} articles", hits.total));
            for notice in salastampa_acts::meant::as_written(&mut rows, hits.notices).await? {
                say(remark(app, &notice));
            }
        }
    }
    Ok(())
}

/// Prints what was made of a query; gives for each article the words that matched, where, and the parts of its score.
async fn why(app: &App, text: &str, names: &Names, found: &[&Article]) -> Result<BTreeMap<ArticleId, Vec<String>>> {
    let now = app.clock.now();
    let explained = Explained::new(text, names, now)?;
    say(format!("understood: {}", explained.understood));
    explained.plan.iter().for_each(|line| say(format!("  {line}")));
    let ids: Vec<ArticleId> = found.iter().map(|article| article.id).collect();
    let scores = app.archive().await?.scores(text, names, now, &ids).await;
    let mut rows = app.store.read().await?;
    let mut out = BTreeMap::new();
    for (n, article) in found.iter().enumerate() {
        let body = rows.find_body(article.id).await?;
        let mut lines = vec![format!("matched: {}", explained.matched(&Analysed::new(article, &body)).join(", "))];
        lines.extend(scores.get(n).into_iter().flatten().cloned());
        out.insert(article.id, lines);
    }
    Ok(out)
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

/// Longest line that shows a question, in characters.
const LONGEST_LINE: usize = 200;

/// The part of a question around a column, and a caret below it.
fn around(text: &str, column: usize) -> (String, String) {
    let at = column.saturating_sub(1);
    let cut = if text.chars().count() > LONGEST_LINE { at.saturating_sub(LONGEST_LINE / 2) } else { 0 };
    let typed = text.chars().skip(cut).take(LONGEST_LINE).map(|c| if c.is_control() { ' ' } else { c }).collect();
    (typed, format!("{}^", " ".repeat(at - cut)))
}

fn explain(app: &App, text: &str, why: &SearchError) -> String {
    match why {
        SearchError::Away(standing) => salastampa_acts::standing::away_words(app.house.lang, standing, app.clock.now()),
        SearchError::Query(error) => {
            let sentence = salastampa_acts::error::query_sentence(app.house.lang, error);
            let (typed, caret) = around(text, error.column);
            // of a question without measure the sentence is all that helps
            let better = error.suggestion.iter().filter(|better| better.len() <= LONGEST_LINE);
            let lines = [sentence, format!("  {typed}"), format!("  {caret}")];
            lines.into_iter().chain(better.map(|better| format!("  {better}"))).collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}

/// Builds the archive again, here or by the living office. The one that is there answers until the new one is whole.
pub async fn reindex(app: &App) -> Result<()> {
    let archive = app.archive().await?;
    let begun = match is_served(app) {
        true => None,
        false => match archive.rebuild().await {
            Ok(_) => Some(archive),
            Err(why) if follow::is_busy(&why) => None,
            Err(why) => return Err(why),
        },
    };
    let Some(archive) = begun else {
        leave_errand(app, ErrandKind::Reindex).await?;
        say("searches go on meanwhile; how far it is stands on the page Salute");
        return Ok(());
    };
    let all = u64::try_from(app.store.read().await?.count_articles().await?).unwrap_or(0);
    let mut progress = Progress::new(all);
    loop {
        let work = follow::run(app).await?;
        match archive.standing().await?.rebuild {
            Some(rebuild) => progress.tell(rebuild.articles),
            None if work == 0 => break,
            None => {}
        }
    }
    let standing = archive.standing().await?;
    progress.end();
    for aside in &standing.aside {
        say(format!("article {} is set aside: {}", aside.article.0, aside.reason));
    }
    say(format!("{} articles are searchable", all.saturating_sub(standing.aside.len() as u64)));
    Ok(())
}

/// How far a long piece of work is, on standard error: a bar that moves on a terminal, a line now and then elsewhere.
struct Progress {
    all: u64,
    watch: Stopwatch,
    /// Articles at the first look, and when the last line was printed.
    first: Option<u64>,
    told: i64,
    is_terminal: bool,
}

/// Milliseconds between two lines, and between two moves of the bar.
const LINES: i64 = 5_000;
const MOVES: i64 = 200;

impl Progress {
    fn new(all: u64) -> Self {
        use std::io::IsTerminal;
        let is_terminal = std::io::stderr().is_terminal();
        Self { all, watch: stopwatch(), first: None, told: 0, is_terminal }
    }

    fn tell(&mut self, done: u64) {
        let now = self.watch.milliseconds();
        let first = *self.first.get_or_insert(done);
        if now - self.told < if self.is_terminal { MOVES } else { LINES } {
            return;
        }
        self.told = now;
        let line = progress_line(done, self.all, done.saturating_sub(first), now);
        let mut out = std::io::stderr();
        // what nobody sees is no trouble
        let _ = match self.is_terminal {
            true => write!(out, "\r{} {line}\u{1b}[K", bar(done, self.all)),
            false => writeln!(out, "{line}"),
        };
    }

    fn end(&self) {
        if self.is_terminal && self.told > 0 {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}

/// `12000 of 50000 articles, 3400/s, 11 s left`, when `made` of them took so many milliseconds.
fn progress_line(done: u64, all: u64, made: u64, time: i64) -> String {
    let pace = made * 1_000 / u64::try_from(time).unwrap_or(0).max(1);
    let left = match all.saturating_sub(done).checked_div(pace) {
        None => String::new(),
        Some(seconds @ 0..=119) => format!(", {seconds} s left"),
        Some(seconds) => format!(", {} min left", seconds.div_ceil(60)),
    };
    format!("{done} of {all} articles, {pace}/s{left}")
}

fn bar(done: u64, all: u64) -> String {
    const WIDTH: u64 = 30;
    let full = (done * WIDTH).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
    (0..WIDTH).map(|n| if n < full { '█' } else { '░' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_with_its_pace_and_what_is_left() {
        for (done, all, made, time, line) in [
            (12_000, 50_000, 12_000, 4_000, "12000 of 50000 articles, 3000/s, 12 s left"),
            (12_000, 10_000_000, 2_000, 1_000, "12000 of 10000000 articles, 2000/s, 84 min left"),
            (0, 9, 0, 0, "0 of 9 articles, 0/s"),
            (10, 9, 10, 1_000, "10 of 9 articles, 10/s, 0 s left"),
        ] {
            assert_eq!(progress_line(done, all, made, time), line);
        }
        assert_eq!(bar(1, 3).chars().filter(|c| *c == '█').count(), 10);
        assert_eq!(bar(0, 0), "█".repeat(30));
    }
}
