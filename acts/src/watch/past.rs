//! The past of a watch: a new one clips the last thirty days by itself, further back on request.
//!
//! What is wished is a row, and so is the place in the answer: the job asks the archive for a page, clips it and moves the
//! row on in one transaction, so that a kill repeats a page at most, and an article is clipped for a watch once. Each
//! article is matched again; none is fresh, so that none alerts. Left out: asking the archive (`src/jobs/past.rs`).

use super::{find, subject};
use crate::grade::{Grader, matches};
use crate::house::{actor, allowed};
use crate::{Denied, Result, look};
use jiff::ToSpan;
use salastampa_domain::{Act, Actor, ArticleId, Grade, Timestamp, User, Watch, WatchId, WatchPast};
use salastampa_index::Names;
use salastampa_store::{Store, Write};
use serde_json::json;

/// Days that a new watch clips by itself, today included.
pub const DAYS: u16 = 30;
/// At most so many articles of the past are clipped for one wish, the newest first: more is no watch but the archive.
pub const MOST: i64 = 50_000;

/// How far back a watch is to clip.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// So many days, today included.
    Days(u16),
    /// Everything that the archive has.
    All,
}

impl Reach {
    /// The first instant of it, by the civil days of Europe/Rome.
    fn since(self, now: Timestamp) -> Option<Timestamp> {
        let Self::Days(days) = self else { return None };
        let first = now.day().saturating_sub((i32::from(days) - 1).max(0).days());
        Some(Timestamp::of_civil(first.at(0, 0, 0, 0)))
    }
}

/// Wishes the past of a watch in the transaction that changes it. In an archive without articles there is none.
pub(crate) async fn wish(write: &mut Write, watch: WatchId, reach: Reach, by: &Actor, now: Timestamp) -> Result<bool> {
    let seq = write.last_seq().await?;
    if seq.0 == 0 {
        return Ok(false);
    }
    let since = reach.since(now);
    let past = WatchPast { watch, since, seq, after: None, made: 0, by: by.clone(), at: now, done_at: None };
    write.record_watch_past(&past).await?;
    Ok(true)
}

/// Asks for the past of a watch; the running office clips it.
///
/// # Errors
/// [`Denied::Unknown`] for a watch that is not there or was retired.
pub async fn ask(store: &Store, login: &str, slug: &str, reach: Reach, now: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    let user: User = allowed(&mut write, login, Act::Curate).await?;
    let watch = find(&mut write, slug).await?;
    if watch.retired_at.is_some() {
        return Err(Denied::Unknown { what: "watch", name: slug.to_owned() }.into());
    }
    wish(&mut write, watch.id, reach, &actor(&user), now).await?;
    write.commit().await?;
    Ok(())
}

/// The past that waits, with its watch. What cannot be clipped any more (its watch was retired) is ended here.
pub async fn waiting(store: &Store, now: Timestamp) -> Result<Option<(WatchPast, Watch)>> {
    loop {
        let mut rows = store.read().await?;
        let Some(past) = rows.find_watch_past_waiting().await? else { return Ok(None) };
        let watch = rows.list_watches().await?.into_iter().find(|watch| watch.id == past.watch);
        drop(rows);
        match watch {
            Some(watch) if watch.retired_at.is_none() => return Ok(Some((past, watch))),
            _ => end(store, &past, now).await?,
        }
    }
}

/// Ends a past that cannot be clipped.
pub async fn end(store: &Store, past: &WatchPast, now: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    write.record_watch_past_step(past, None, 0, Some(now)).await?;
    write.commit().await?;
    Ok(())
}

/// Clips a page of the past: those of the articles that the watch speaks about. `next` is where the next page begins;
/// without one the past is done, which is a line of the log. Gives how many were clipped.
///
/// An article that is still news counts as clipped now, an older one as clipped when it was seen or came out, so that it
/// enters no review of tomorrow.
pub async fn step(
    store: &Store,
    past: &WatchPast,
    watch: &Watch,
    articles: &[ArticleId],
    next: Option<&str>,
    town: &str,
    now: Timestamp,
) -> Result<usize> {
    let mut rows = store.read().await?;
    let matched = matches(&mut rows, watch, articles, town, now).await?;
    let names = Names::new(&rows.list_outlets().await?, &rows.list_watches().await?);
    let grader = Grader::new(std::slice::from_ref(watch), &names, now);
    drop(rows);
    let mut write = store.write().await?;
    let mut made = 0;
    for (article, matched, short) in matched {
        let when = article.clipped_at(now);
        if short.is_some() || !grader.has_room(&mut write, watch.id, article.outlet, when).await? {
            continue;
        }
        let clipped = write.record_clipping(article.id, watch.id, when, &matched.why, false).await?;
        if let Some(id) = clipped {
            let grade = Grade { patterns: matched.patterns, people: Vec::new() };
            write.record_clipping_grade(id, &grade).await?;
        }
        if clipped.is_some() {
            look::plan(&mut write, &article, false, now).await?;
            made += 1;
        }
    }
    let all = past.made + i64::try_from(made).unwrap_or(i64::MAX);
    let is_done = next.is_none() || all >= MOST;
    let done_at = is_done.then_some(now);
    let next = next.filter(|_| !is_done);
    // somebody who wished another past meanwhile begins it anew; what was clipped stays clipped
    let ours = write.record_watch_past_step(past, next, i64::try_from(made).unwrap_or(i64::MAX), done_at).await?;
    if ours && is_done && all > 0 {
        let after = json!({ "clippings": all }).to_string();
        let subject = subject(watch.id);
        write.record_event(now, &past.by, "watch.clip_past", &subject, None, Some(&after)).await?;
    }
    write.commit().await?;
    Ok(made)
}
