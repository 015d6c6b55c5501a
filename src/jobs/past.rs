//! The past of watches: what the archive finds is clipped page by page, behind the matching of what is new.

use crate::app::App;
use anyhow::Result;
use salastampa_acts::watch::past;
use salastampa_domain::{Page, Period, Query, Timestamp};
use salastampa_index::{Archive, Names, SearchError};

/// So many articles a transaction.
const PAGE: usize = 200;

/// Clips the next page of the past that waits; gives how many articles were looked at. Nothing while the archive has
/// not yet got to where the past was wished.
pub async fn run(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let Some((wished, watch)) = past::waiting(&app.store, now).await? else { return Ok(0) };
    let archive = app.archive().await?;
    if archive.cursor().await? < wished.seq {
        return Ok(0);
    }
    let mut rows = app.store.read().await?;
    let names = Names::new(&rows.list_outlets().await?, &rows.list_watches().await?);
    drop(rows);
    let mut query = Query::text(&watch.query);
    query.period = wished.since.map(|from| Period { from, to: Timestamp(i64::MAX) });
    query.page = Page { size: PAGE, after: wished.after.clone() };
    let mut found = archive.search(&query, &names, now).await;
    if matches!(found, Err(SearchError::Page)) {
        // the archive was built again, or the watch was changed: from the first page, what is clipped stays clipped
        query.page.after = None;
        found = archive.search(&query, &names, now).await;
    }
    match found {
        Ok(hits) => {
            let ids: Vec<_> = hits.hits.iter().map(|hit| hit.article).collect();
            past::step(&app.store, &wished, &watch, &ids, hits.next.as_deref(), &app.house.town, now).await?;
            Ok(ids.len())
        }
        Err(SearchError::Query(why)) => {
            tracing::warn!("the past of the watch {} cannot be clipped: {why}", watch.slug);
            past::end(&app.store, &wished, now).await?;
            Ok(0)
        }
        // it is being built, and is asked again
        Err(SearchError::Away(_)) => Ok(0),
        Err(other) => Err(other.into()),
    }
}
