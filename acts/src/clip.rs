//! Clips articles for the watches that they match, with a cursor of its own: building the archive again never holds back
//! an alert.

use crate::grade::Grader;
use crate::{Result, look};
use salastampa_domain::{ChangeKind, Grade, Outlet, Seq, Timestamp, Via, Watch};
use salastampa_index::{Analysed, Frequencies, Matcher, Names};
use salastampa_store::Store;
use salastampa_stories::people::Register;

/// Name of the cursor.
pub const CURSOR: &str = "clip";
/// Of so many articles one is counted: enough to know which words are rare.
const ONE_IN: i64 = 8;
/// Counted articles before the matcher is made again for the first time: a quarter of what it takes to know anything.
const FIRST: u32 = 50;

/// The watches ready to be matched, and what they were made from: made again only when that changes.
pub struct Memory {
    watches: Vec<Watch>,
    outlets: Vec<Outlet>,
    matcher: Matcher,
    grader: Grader,
    /// Articles that the matcher's choice of words rests on.
    rests_on: u32,
    frequencies: Frequencies,
}

/// What one run did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Clipped {
    /// Changes read.
    pub read: usize,
    /// Clippings made.
    pub clippings: usize,
    /// Watches whose query cannot be used, with the reason.
    pub refused: Vec<String>,
}

/// Matches the next changes, at most `limit`, and writes clippings and cursor in one transaction. Where the words of the
/// watch stand and which administrators of the `town` are in the article is kept with the clipping.
pub async fn clip(
    store: &Store,
    memory: &mut Option<Memory>,
    town: &str,
    limit: usize,
    now: Timestamp,
) -> Result<Clipped> {
    let mut rows = store.read().await?;
    let after = rows.cursor(CURSOR).await?;
    let changes = rows.list_changes(after, limit).await?;
    let Some(last) = changes.last().map(|c| c.seq) else { return Ok(Clipped::default()) };
    let (watches, outlets) = (rows.list_watches().await?, rows.list_outlets().await?);
    let register = Register::new(&rows.list_persons().await?, town);
    drop(rows);
    let mut done = Clipped { read: changes.len(), ..Clipped::default() };
    // as more is known of what comes in, the watches wait for rarer words
    let grown = |m: &Memory| m.frequencies.articles() > 4 * m.rests_on.max(FIRST);
    if memory.as_ref().is_none_or(|m| m.watches != watches || m.outlets != outlets || grown(m)) {
        let frequencies = memory.take().map(|m| m.frequencies).unwrap_or_default();
        let texts: Vec<_> =
            watches.iter().filter(|w| w.retired_at.is_none()).map(|w| (w.id, w.query.as_str())).collect();
        let names = Names::new(&outlets, &watches);
        let (matcher, refused) = Matcher::new(&texts, &names, &frequencies, now);
        let grader = Grader::new(&watches, &names, now);
        done.refused = refused.into_iter().map(|(id, why)| format!("watch {id}: {why}")).collect();
        *memory = Some(Memory { watches, outlets, matcher, grader, rests_on: frequencies.articles(), frequencies });
    }
    let Some(memory) = memory else { return Ok(done) };
    let mut write = store.write().await?;
    for change in &changes {
        let ChangeKind::Put { article, body } = &change.kind else { continue };
        // an old archive is no work of today and holds no alert back: watches clip it as their past, on request
        if matches!(article.via, Via::Import { .. }) {
            continue;
        }
        let fresh = article.is_news(now);
        let analysed = Analysed::new(article, body);
        if article.id.0 % ONE_IN == 0 {
            memory.frequencies.see(&analysed);
        }
        let matches = memory.matcher.matches(&analysed);
        let people = match matches.is_empty() {
            true => Vec::new(),
            false => register.find(&article.title, &article.lead, body, article.dated()),
        };
        for mut matched in matches {
            // what its own terms leave out stays in the archive
            if memory.grader.weigh(&mut matched, &analysed, town).is_err()
                || !memory.grader.has_room(&mut write, matched.watch, article.outlet, now).await?
            {
                continue;
            }
            let made = write.record_clipping(article.id, matched.watch, now, &matched.why, fresh).await?;
            if let Some(id) = made {
                let grade = Grade { patterns: matched.patterns, people: people.clone() };
                write.record_clipping_grade(id, &grade).await?;
                look::plan(&mut write, article, false, now).await?;
            }
            done.clippings += usize::from(made.is_some());
        }
    }
    write.record_cursor(CURSOR, Seq(last.0)).await?;
    write.commit().await?;
    Ok(done)
}
