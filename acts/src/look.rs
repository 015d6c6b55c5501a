//! Looks again at what was clipped: plans the looks, and remembers what was seen and told.

use crate::Result;
use salastampa_domain::time::HOUR;
use salastampa_domain::{Article, ArticleId, Look, Timestamp, Via, look::next_step};
use salastampa_store::{Store, Write};

/// What a machine clips is looked at again only if it is no older than this, in milliseconds: the past of a new watch
/// does not change any more.
const RECENT: i64 = 72 * HOUR;

/// Plans looks at the page of an article that was clipped now. An article of an import is no page of today.
pub(crate) async fn plan(write: &mut Write, article: &Article, by_hand: bool, now: Timestamp) -> Result<()> {
    let recent = now.since(article.dated()) < RECENT;
    if matches!(article.via, Via::Import { .. }) || !by_hand && !recent {
        return Ok(());
    }
    if let Some(due_at) = next_step(now, now) {
        write.plan_look(article.id, now, due_at).await?;
    }
    Ok(())
}

/// Remembers what sources tell of articles, where it is nothing new.
pub async fn remember(store: &Store, told: &[(ArticleId, String, Option<Timestamp>)]) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let mut write = store.write().await?;
    for (article, hash, dated) in told {
        write.record_told(*article, hash, *dated).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Gives a look back that was not tried, with the gate of its host.
pub async fn give_back(store: &Store, look: &Look, free_at: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    write.release_look(look.article).await?;
    write.release_host(&look.host, free_at).await?;
    write.commit().await?;
    Ok(())
}
