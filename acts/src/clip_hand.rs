//! A person clips: takes articles into a watch, keeps or drops what a watch proposed, and takes back what was done.
//!
//! Each act writes one line of the log with the state of every clipping before and after; to take it back is to put
//! those states back, as an act of its own, and only where nobody has decided otherwise since.

use crate::house::{actor, allowed};
use crate::{Denied, Result, look};
use salastampa_domain::{Act, ArticleId, ClippingId, ClippingState, EventId, Timestamp, User};
use salastampa_store::{Store, Write};
use serde::{Deserialize, Serialize};

/// At most so many articles are taken at once.
pub const MOST: usize = 500;

/// What an act did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// Clippings that were made or whose state changed.
    pub changed: usize,
    /// Clippings that were so already.
    pub already: usize,
    /// The line of the log, by which it is taken back; none where nothing changed.
    pub event: Option<EventId>,
}

/// What a person decides of a clipping.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// It belongs in the review.
    Keep,
    /// It does not.
    Drop,
    /// Undecided again.
    Reopen,
}

/// The state of one clipping, for the log; without a state it was not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Stood {
    clipping: ClippingId,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<ClippingState>,
}

/// Clips articles for a watch by hand, as kept; the first [`MOST`] of them. Clipped now, so that they enter the next
/// review; never fresh, so that they alert nobody.
pub async fn clip(store: &Store, login: &str, watch: &str, articles: &[ArticleId], now: Timestamp) -> Result<Done> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Curate).await?;
    let watch = crate::watch::find(&mut write, watch).await?;
    if watch.retired_at.is_some() {
        return Err(Denied::Unknown { what: "watch", name: watch.slug }.into());
    }
    let kept = ClippingState::Kept { by: user.id };
    let asked = &articles[..articles.len().min(MOST)];
    let clipped = write.list_clippings_among(watch.id, asked).await?;
    let mut done = Done::default();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for article in write.list_articles(asked).await? {
        let known = clipped.iter().find(|c| c.article == article.id);
        let id = match known {
            Some(clipping) if matches!(clipping.state, ClippingState::Kept { .. }) => None,
            Some(clipping) => Some(clipping.id),
            None => write.record_clipping(article.id, watch.id, now, &[], false).await?,
        };
        let Some(id) = id else {
            done.already += 1;
            continue;
        };
        write.record_clipping_state(id, kept).await?;
        look::plan(&mut write, &article, true, now).await?;
        before.push(Stood { clipping: id, state: known.map(|c| c.state) });
        after.push(Stood { clipping: id, state: Some(kept) });
    }
    finish(write, &user, "clipping.hand", &format!("watch:{}", watch.id), &before, &after, done, now).await
}

/// Keeps or drops a clipping, or opens the question again.
pub async fn decide(store: &Store, login: &str, id: ClippingId, choice: Choice, now: Timestamp) -> Result<Done> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Curate).await?;
    let unknown = || Denied::Unknown { what: "clipping", name: id.to_string() };
    let clipping = write.find_clipping(id).await?.ok_or_else(unknown)?;
    let state = match choice {
        Choice::Keep => ClippingState::Kept { by: user.id },
        Choice::Drop => ClippingState::Dropped { by: user.id },
        Choice::Reopen => ClippingState::Proposed,
    };
    if std::mem::discriminant(&state) == std::mem::discriminant(&clipping.state) {
        return Ok(Done { already: 1, ..Done::default() });
    }
    write.record_clipping_state(id, state).await?;
    let stood = |state| [Stood { clipping: id, state: Some(state) }];
    let (before, after) = (stood(clipping.state), stood(state));
    let subject = format!("clipping:{id}");
    finish(write, &user, "clipping.decide", &subject, &before, &after, Done::default(), now).await
}

/// Takes back an act of one's own, by its line in the log. What somebody has decided otherwise since stays as it is.
pub async fn undo(store: &Store, login: &str, event: EventId, now: Timestamp) -> Result<Done> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Curate).await?;
    let line = write
        .find_event(event)
        .await?
        .filter(|line| line.who == actor(&user) && ["clipping.hand", "clipping.decide"].contains(&line.verb.as_str()));
    let line = line.ok_or_else(|| Denied::Unknown { what: "clipping", name: event.to_string() })?;
    let read = |text: &Option<String>| -> Vec<Stood> {
        text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    };
    let mut done = Done::default();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (was, is) in read(&line.before).into_iter().zip(read(&line.after)) {
        let now = write.find_clipping(is.clipping).await?.map(|c| c.state);
        if now != is.state {
            done.already += 1;
            continue;
        }
        match was.state {
            Some(state) => write.record_clipping_state(is.clipping, state).await?,
            None if write.remove_clipping(is.clipping).await? => {}
            None => {
                done.already += 1;
                continue;
            }
        }
        before.push(is);
        after.push(was);
    }
    finish(write, &user, "clipping.undo", &line.subject, &before, &after, done, now).await
}

#[allow(clippy::too_many_arguments, reason = "one place for the end of three acts")]
async fn finish(
    mut write: Write,
    user: &User,
    verb: &str,
    subject: &str,
    before: &[Stood],
    after: &[Stood],
    done: Done,
    now: Timestamp,
) -> Result<Done> {
    if after.is_empty() {
        return Ok(done);
    }
    let text = |rows: &[Stood]| serde_json::to_string(rows).map_err(anyhow::Error::from);
    let (before, told) = (text(before)?, text(after)?);
    let event = write.record_event(now, &actor(user), verb, subject, Some(&before), Some(&told)).await?;
    write.commit().await?;
    Ok(Done { changed: after.len(), event: Some(event), ..done })
}

#[cfg(test)]
pub(crate) mod tests;
