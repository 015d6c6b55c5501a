//! Puts new articles where they belong: with their copies, in their story, beside the release that they used.
//!
//! Only this act makes stories. Articles are taken in the order of their changes by one worker at a time, and nothing is
//! asked but the stream itself: so a replay, a restart at any article or another database give the same numbers.

use crate::Result;
use salastampa_domain::alert::unplaced;
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Article, ArticleId, CopyGroupId, ForeignText, OutletId, OutletKind, Pickup, PickupLevel, ReleaseState, StoryId,
    Timestamp,
};
use salastampa_store::{Rows, Store, Write};
use salastampa_stories::cluster::Settings;
use salastampa_stories::pickup::{self, Prepared, Released};
use salastampa_stories::place::{self, Window};
use std::collections::{BTreeMap, BTreeSet};

/// How long a release is looked for.
pub const PICKUP_DAYS: i64 = 15;

/// What the worker remembers between two runs: can be made again from the rows at any time.
pub struct Memory {
    window: Window,
    /// What people had said of stories when this was made.
    ties: i64,
    agencies: BTreeSet<OutletId>,
}

/// Makes the memory again from the rows: the same that the worker had.
pub async fn remember(store: &Store) -> Result<Memory> {
    let mut rows = store.read().await?;
    let agencies = agencies(&mut rows).await?;
    let mut window = Window::new();
    // the stream's own time: the newest article that was placed, not the clock. One day and one history more than the
    // window holds, because the table of weights was made from what it held at the last midnight, or since
    for (article, body) in rows.list_placed((place::DAYS + 1) * DAY, 2 * Settings::DATED.history).await? {
        window.remember(&article, &body, agencies.contains(&article.outlet));
    }
    for story in rows.list_followed_stories().await? {
        window.follow(story);
    }
    Ok(Memory { window, agencies, ties: rows.story_ties_stamp().await? })
}

async fn agencies(rows: &mut Rows) -> Result<BTreeSet<OutletId>> {
    let outlets = rows.list_outlets().await?;
    Ok(outlets.into_iter().filter(|o| o.kind == OutletKind::Agency).map(|o| o.id).collect())
}

/// What one run did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Grouped {
    /// Articles placed.
    pub placed: usize,
    /// Of them copies of another.
    pub copies: usize,
    /// Articles that used a release.
    pub pickups: usize,
    /// Stories that became one with another.
    pub merges: usize,
}

/// Places the next articles, at most `limit`, in one transaction. After an error the memory must be made again.
pub async fn group(store: &Store, memory: &mut Memory, limit: usize, now: Timestamp) -> Result<Grouped> {
    let waiting = store.read().await?.list_unplaced(limit).await?;
    if waiting.is_empty() {
        return Ok(Grouped::default());
    }
    if waiting.iter().any(|(a, _)| !memory.agencies.contains(&a.outlet)) {
        memory.agencies = agencies(&mut store.read().await?).await?;
    }
    // a person's word on stories changes what the window holds of them
    if store.read().await?.story_ties_stamp().await? != memory.ties {
        *memory = remember(store).await?;
    }
    let merged: BTreeMap<StoryId, StoryId> = store.read().await?.list_story_merges().await?.into_iter().collect();
    let releases = released(&mut store.read().await?, now).await?;
    let mut done = Grouped::default();
    let mut write = store.write().await?;
    let touched: BTreeSet<StoryId> = write.list_touched_stories().await?.into_iter().collect();
    for (article, body) in &waiting {
        if let Some(night) = memory.window.midnight(article) {
            // clippings of the day before last are all there, however far the watches are behind
            for story in write.record_followed_stories(night.plus(-place::DAYS * DAY), night.plus(-DAY)).await? {
                memory.window.follow(story);
            }
        }
        // what a person has touched stays as that person left it
        for merge in memory.window.merges(article, |a, b| !touched.contains(&a) && !touched.contains(&b)) {
            let likeness = (merge.likeness * 1_000.0).round() as i64;
            write.record_machine_merge(merge.story, merge.other, likeness, now).await?;
            // nobody is told twice of what has become one
            write.inherit_alerts(merge.other, merge.story).await?;
            memory.window.merge(merge);
            done.merges += 1;
        }
        let mut placement = memory.window.place(article, body, memory.agencies.contains(&article.outlet));
        placement.story = placement.story.map(|story| now_called(&merged, story));
        done.copies += usize::from(placement.copy_of.is_some());
        let Some((copies, story)) = write.record_placement(&placement, now).await? else { continue };
        if placement.copy_of.is_some() && memory.agencies.contains(&article.outlet) {
            take_the_root(&mut write, &memory.agencies, copies, article.id).await?;
        }
        memory.window.placed(article.id, copies, story);
        // what was told of it while it had none
        write.inherit_alerts(unplaced(article.id), story).await?;
        for used in used_releases(&releases, article, body, now) {
            done.pickups += usize::from(used.level >= PickupLevel::Quote);
            write.record_pickup(&used).await?;
        }
        done.placed += 1;
    }
    write.commit().await?;
    Ok(done)
}

/// An agency's text is the agency's, also where a site that reprints it was read before: its first copy by an agency is
/// the root of the group. The number of the group stays that of its first article.
async fn take_the_root(
    write: &mut Write,
    agencies: &BTreeSet<OutletId>,
    group: CopyGroupId,
    article: ArticleId,
) -> Result<()> {
    let Some(known) = write.find_copy_group(group).await? else { return Ok(()) };
    let root = write.find_article(known.root).await?;
    if root.is_none_or(|root| !agencies.contains(&root.outlet)) {
        write.record_root(group, article).await?;
    }
    Ok(())
}

/// The story that a story was joined to, or itself.
pub(crate) fn now_called(merged: &BTreeMap<StoryId, StoryId>, story: StoryId) -> StoryId {
    let mut at = story;
    // a chain is no longer than the merges there are
    for _ in 0..merged.len() {
        match merged.get(&at) {
            Some(into) => at = *into,
            None => break,
        }
    }
    at
}

/// The releases of the last days, ready to be compared.
async fn released(rows: &mut Rows, now: Timestamp) -> Result<Vec<(Timestamp, Prepared)>> {
    let mut prepared = Vec::new();
    for release in rows.list_releases_since(now.plus(-PICKUP_DAYS * DAY)).await? {
        let out = matches!(release.state, ReleaseState::Scheduled { .. } | ReleaseState::Sending { .. })
            || release.current.is_some();
        let (Some(public_at), Some(version), true) = (release.public_at, release.current, out) else { continue };
        // a trusted desk may write before the embargo ends, so it is looked for from the sending on
        if let Some(version) = rows.find_version(version).await? {
            let released = Released { id: release.id, title: version.title, text: version.text };
            prepared.push((public_at, pickup::prepare(&released)));
        }
    }
    Ok(prepared)
}

fn used_releases(
    releases: &[(Timestamp, Prepared)],
    article: &Article,
    body: &ForeignText,
    now: Timestamp,
) -> Vec<Pickup> {
    releases
        .iter()
        .filter_map(|(_, prepared)| pickup::compare(prepared, &article.title, body))
        .map(|found| Pickup {
            release: found.release,
            article: article.id,
            level: found.level,
            of_article: found.of_article,
            of_release: found.of_release,
            at: now,
            judged: None,
        })
        .collect()
}

#[cfg(test)]
mod tests;
