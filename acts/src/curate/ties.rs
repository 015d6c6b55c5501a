//! *È la stessa notizia*, *non è la stessa notizia*: a person's word on stories, which the machine never undoes.
//!
//! A merge keeps the older number, and what is later placed in the other one goes there too; an article that is
//! detached founds a story of its own. The alerts go along, so that nobody is told twice of what is one.

use super::{Doing, Done, Pick};
use crate::{Denied, Result};
use salastampa_domain::{Act, ArticleId, Hand, IssueKey, StoryId, StoryTie, TieKind, Timestamp};
use salastampa_store::Store;

/// Joins stories into the oldest of them.
pub async fn merge(store: &Store, login: &str, key: IssueKey, picks: &[Pick], now: Timestamp) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::Curate, now).await?;
    let mut stories: Vec<StoryId> = picks.iter().map(|p| p.story).collect();
    stories.sort_unstable();
    stories.dedup();
    let [into, others @ ..] = stories.as_slice() else {
        return Err(Denied::Unknown { what: "story", name: String::new() }.into());
    };
    if others.is_empty() {
        return Ok(Done::default());
    }
    for pick in picks {
        doing.line(pick.story)?;
        doing.expect(*pick).await?;
    }
    for story in &stories {
        doing.note(*story).await?;
    }
    for other in others {
        let articles = doing.write.record_story_merge(*into, *other).await?;
        let alerts = doing.write.inherit_alerts(*other, *into).await?;
        let tie = tie(&doing, TieKind::Same, *into, *other, articles, alerts);
        let id = doing.write.record_story_tie(&tie).await?;
        doing.change.ties.push(id);
        // what was decided of the other holds for both, where nothing was decided of this one
        let (mine, theirs) = (doing.hand(*into), doing.hand(*other));
        if mine.is_neutral() && !theirs.is_neutral() {
            let hand = Hand { story: *into, version: mine.version, ..theirs.clone() };
            doing.put(hand, true).await?;
        }
        let hand = Hand { version: theirs.version, ..Hand::new(*other, now) };
        doing.put(hand, true).await?;
    }
    let hand = doing.hand(*into);
    doing.put(Hand { at: now, ..hand }, true).await?;
    doing.end("story.merge").await
}

/// Takes an article out of its story: it founds one of its own.
pub async fn detach(
    store: &Store,
    login: &str,
    key: IssueKey,
    pick: Pick,
    article: ArticleId,
    now: Timestamp,
) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::Curate, now).await?;
    let line = doing.line(pick.story)?;
    let alone = line.articles.iter().all(|a| a.article == article);
    if alone || line.articles.iter().all(|a| a.article != article) {
        return Err(Denied::Unknown { what: "article", name: article.to_string() }.into());
    }
    doing.expect(pick).await?;
    let unknown = Denied::Unknown { what: "article", name: article.to_string() };
    doing.note(pick.story).await?;
    let other = doing.write.record_story(article).await?.ok_or(unknown)?;
    doing.write.record_story_of(&[article], other).await?;
    let alerts = doing.write.inherit_alerts(pick.story, other).await?;
    let tie = tie(&doing, TieKind::Other, pick.story, other, vec![article], alerts);
    let id = doing.write.record_story_tie(&tie).await?;
    doing.change.ties.push(id);
    let hand = doing.hand(pick.story);
    let lead = hand.lead.filter(|lead| *lead != article);
    doing.put(Hand { lead, at: now, ..hand }, true).await?;
    // a line of its own, not among those that arrived later
    let fresh = Hand { brought: true, ..Hand::new(other, now) };
    doing.put(fresh, true).await?;
    doing.end("story.detach").await
}

fn tie(
    doing: &Doing,
    kind: TieKind,
    story: StoryId,
    other: StoryId,
    articles: Vec<ArticleId>,
    alerts: Vec<i64>,
) -> StoryTie {
    StoryTie { id: 0, kind, story, other, articles, alerts, by: doing.user.id, at: doing.now, undone_at: None }
}
