//! Writes another reading of an article down: its text, a line of the log, a new place in the order of changes.
//!
//! The article keeps its number, its story and its clippings; the reading before stays as evidence. Nobody is alerted
//! again, because a clipping speaks once; what quotes the older text is marked on the desk.

use crate::Result;
use crate::feeds::{Passed, pass};
use salastampa_domain::{Actor, Article, ForeignText, Look, Revision, RevisionKind, Timestamp};
use salastampa_store::{Store, Write};
use serde_json::json;

/// An article that changes more often than this is a ticker: further readings are not kept.
const MOST: u32 = 50;

/// A new reading of an article.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// What kind of change.
    pub kind: RevisionKind,
    /// Its title now.
    pub title: String,
    /// Its summary now.
    pub lead: ForeignText,
    /// Its body now.
    pub body: ForeignText,
}

/// Writes down what a look at the page of an article gave, and opens the gate of its host again. `article` is as it was
/// compared; if somebody else has written a reading since, this one is dropped and the next look compares anew.
pub async fn looked(
    store: &Store,
    article: &Article,
    look: &Look,
    reading: Option<&Reading>,
    passed: &Passed,
    now: Timestamp,
) -> Result<Option<Revision>> {
    let mut write = store.write().await?;
    let revision = match reading {
        Some(reading) => revise(&mut write, article, reading, now).await?,
        None => None,
    };
    write.record_look(look).await?;
    pass(&mut write, passed).await?;
    write.commit().await?;
    Ok(revision)
}

/// Writes down that the source of an article tells it otherwise now. A reading that was there before is not written
/// again: servers that disagree with one another show old and new by turns. A clipped article's page is looked at soon.
pub async fn told(
    store: &Store,
    article: &Article,
    (hash, dated): (&str, Option<Timestamp>),
    reading: Option<&Reading>,
    now: Timestamp,
) -> Result<Option<Revision>> {
    let mut write = store.write().await?;
    let mut revision = None;
    if let Some(reading) = reading {
        let is = |r: &Revision| r.title == reading.title && r.lead == reading.lead && r.body == reading.body;
        if !write.list_revisions(article.id).await?.iter().any(is) {
            revision = revise(&mut write, article, reading, now).await?;
            write.hasten_look(article.id, now).await?;
        }
    }
    write.record_told(article.id, hash, dated).await?;
    write.commit().await?;
    Ok(revision)
}

/// The reading and its line of the log. `None` if the article is no longer as it was compared, or is a ticker.
pub(crate) async fn revise(
    write: &mut Write,
    article: &Article,
    reading: &Reading,
    now: Timestamp,
) -> Result<Option<Revision>> {
    let current = write.find_article(article.id).await?.map(|a| a.revision);
    if current != Some(article.revision) || article.revision >= MOST {
        return Ok(None);
    }
    let Reading { kind, title, lead, body } = reading;
    let Some(revision) = write.record_revision(article.id, *kind, now, title, lead, body).await? else {
        return Ok(None);
    };
    let state = |number: u32, title: &str| json!({ "revision": number, "title": title });
    let before = state(article.revision, &article.title).to_string();
    let mut after = state(revision.number, title);
    after["kind"] = json!(kind);
    after["hash"] = json!(revision.hash);
    let (who, subject) = (Actor::Job { name: "crawl".into() }, format!("article:{}", article.id));
    write.record_event(now, &who, "article.revise", &subject, Some(&before), Some(&after.to_string())).await?;
    Ok(Some(revision))
}
