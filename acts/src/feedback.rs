//! What the decisions of the office teach about its watches, made again each night from the rows.
//!
//! A decision is a line of an issue that a person kept, moved or dropped; it speaks for every watch that clipped the
//! story. What was undone is not there any more, so that it teaches nothing. Nothing is hidden by it, and the words that
//! weigh most are offered on the watch's page: a person writes the rule.
//!
//! A reader's *not for me* speaks for the one watch that told them, where no officer decided of the story; of one reader
//! only the newest few count, together one word of the office, and of all together half as many as the office dropped, so that nobody turns a watch alone.

use crate::Result;
use salastampa_domain::{ArticleId, Clipping, Declined, StoryId, Timestamp, WatchId};
use salastampa_store::Store;
use salastampa_stories::feedback::{Decision, Voice, learn, traits};
use std::collections::{BTreeMap, BTreeSet};

/// Decisions older than this teach nothing: offices and their interests change.
const OLDEST: i64 = 400 * salastampa_domain::time::DAY;
/// So many words of one reader count for a watch.
const OF_A_READER: usize = 8;

/// Makes the model of every watch again; gives how many have one.
pub async fn learn_all(store: &Store, now: Timestamp) -> Result<usize> {
    let mut rows = store.read().await?;
    let mut decided: BTreeMap<StoryId, (Timestamp, bool, Option<ArticleId>)> = BTreeMap::new();
    for (_, hand) in rows.list_hands().await? {
        // what the program carried over is nobody's decision
        if hand.by.is_none() || hand.at < now.plus(-OLDEST) || !(hand.is_kept() || hand.is_dropped()) {
            continue;
        }
        let known = decided.entry(hand.story).or_insert((hand.at, hand.is_kept(), hand.lead));
        // of two issues one word is enough: that which took it in
        if hand.is_kept() && !known.1 {
            *known = (hand.at, true, hand.lead);
        }
    }
    let mut declined: BTreeMap<(StoryId, WatchId), Timestamp> = BTreeMap::new();
    let said = rows.list_declined(now.plus(-OLDEST)).await?;
    for one in few_of_each(said).into_iter().filter(|one| !decided.contains_key(&one.story)) {
        declined.entry((one.story, one.watch)).or_insert(one.at);
    }
    let stories: BTreeSet<StoryId> = decided.keys().copied().chain(declined.keys().map(|(story, _)| *story)).collect();
    let stories: Vec<StoryId> = stories.into_iter().collect();
    let mut by_watch: BTreeMap<WatchId, Vec<Decision>> = BTreeMap::new();
    for part in stories.chunks(200) {
        let clippings = rows.list_clippings_of_stories(part).await?;
        let ids: Vec<ArticleId> = clippings.iter().map(|c| c.article).collect();
        let articles: BTreeMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
        let mut told: BTreeMap<(StoryId, WatchId), Vec<&Clipping>> = BTreeMap::new();
        for clipping in &clippings {
            let Some(story) = articles.get(&clipping.article).and_then(|a| a.story) else { continue };
            told.entry((story, clipping.watch)).or_default().push(clipping);
        }
        for ((story, watch), clippings) in told {
            let office = decided.get(&story).map(|(at, kept, lead)| (*at, *kept, *lead, Voice::Office));
            let reader = || declined.get(&(story, watch)).map(|at| (*at, false, None, Voice::Reader));
            let Some((at, kept, lead, voice)) = office.or_else(reader) else { continue };
            let chosen = clippings.iter().find(|c| Some(c.article) == lead).or(clippings.first());
            let Some(article) = chosen.and_then(|c| articles.get(&c.article)) else { continue };
            let patterns: Vec<_> = clippings.iter().flat_map(|c| c.grade.patterns.iter().cloned()).collect();
            let traits = traits(&article.title, &patterns, article.outlet.0);
            by_watch.entry(watch).or_default().push(Decision { at, story: story.0, kept, voice, traits });
        }
    }
    let watches = rows.list_watches().await?;
    drop(rows);
    let mut models = Vec::new();
    for watch in watches.into_iter().filter(|w| w.retired_at.is_none()) {
        let mut decisions = within_the_office_s(by_watch.remove(&watch.id).unwrap_or_default());
        models.push((watch.id, learn(watch.id, &mut decisions)));
    }
    let mut write = store.write().await?;
    for (watch, model) in &models {
        write.replace_watch_model(*watch, model.as_ref()).await?;
    }
    write.commit().await?;
    Ok(models.iter().filter(|(_, model)| model.is_some()).count())
}

/// The newest words of each reader about each watch; they come newest first.
fn few_of_each(said: Vec<Declined>) -> Vec<Declined> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    let few = |one: &Declined| {
        let count = counts.entry((one.reader, one.watch)).or_default();
        *count += 1;
        *count <= OF_A_READER
    };
    said.into_iter().filter(few).collect()
}

/// The decisions, with at most half as many words of readers as the office dropped stories: the newest.
fn within_the_office_s(mut decisions: Vec<Decision>) -> Vec<Decision> {
    let most = decisions.iter().filter(|d| d.voice == Voice::Office && !d.kept).count() / 2;
    decisions.sort_by_key(|d| std::cmp::Reverse((d.at, d.story)));
    let mut readers = 0;
    decisions.retain(|d| {
        readers += usize::from(d.voice == Voice::Reader);
        d.voice == Voice::Office || readers <= most
    });
    decisions
}
