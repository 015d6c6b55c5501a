//! What the decisions of the office teach about its watches, made again each night from the rows.
//!
//! A decision is a line of an issue that a person kept, moved or dropped; it speaks for every watch that clipped the
//! story. What was undone is not there any more, so that it teaches nothing. Nothing is hidden by it, and the words that
//! weigh most are offered on the watch's page: a person writes the rule.

use crate::Result;
use salastampa_domain::{ArticleId, Clipping, StoryId, Timestamp, WatchId};
use salastampa_store::Store;
use salastampa_stories::feedback::{Decision, learn, traits};
use std::collections::BTreeMap;

/// Decisions older than this teach nothing: offices and their interests change.
const OLDEST: i64 = 400 * salastampa_domain::time::DAY;

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
    let stories: Vec<StoryId> = decided.keys().copied().collect();
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
            let Some((at, kept, lead)) = decided.get(&story) else { continue };
            let chosen = clippings.iter().find(|c| Some(c.article) == *lead).or(clippings.first());
            let Some(article) = chosen.and_then(|c| articles.get(&c.article)) else { continue };
            let patterns: Vec<_> = clippings.iter().flat_map(|c| c.grade.patterns.iter().cloned()).collect();
            let traits = traits(&article.title, &patterns, article.outlet.0);
            let decision = Decision { at: *at, story: story.0, kept: *kept, traits };
            by_watch.entry(watch).or_default().push(decision);
        }
    }
    let watches = rows.list_watches().await?;
    drop(rows);
    let mut models = Vec::new();
    for watch in watches.into_iter().filter(|w| w.retired_at.is_none()) {
        let mut decisions = by_watch.remove(&watch.id).unwrap_or_default();
        models.push((watch.id, learn(watch.id, &mut decisions)));
    }
    let mut write = store.write().await?;
    for (watch, model) in &models {
        write.replace_watch_model(*watch, model.as_ref()).await?;
    }
    write.commit().await?;
    Ok(models.iter().filter(|(_, model)| model.is_some()).count())
}
