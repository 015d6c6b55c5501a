//! From the list into a watch: the ticked boxes, the page, or all that the search finds; and the way back.

use super::Asked;
use super::gathered::Gathered;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::login::inside;
use crate::desk::session::Desk;
use axum::response::Response;
use salastampa_acts::error::query_sentence;
use salastampa_acts::{Denied, Slip, clip_hand};
use salastampa_domain::{Act, ArticleId, EventId, Page};
use salastampa_index::{Names, SearchError};
use salastampa_locale::plural;

pub(super) async fn clip(desk: Desk, fields: Fields) -> Response {
    let asked = Asked::of(&fields);
    let back = asked.path();
    match chosen(&desk, &asked, &fields).await {
        Ok(ids) => clipped(&desk, fields.text("in"), &ids, &back).await,
        Err(Error::Act(error)) => desk.refused(&back, &error).await,
        Err(Error::Search(SearchError::Query(error))) => {
            let slip = Slip { field: "q", sentence: query_sentence(desk.lang, &error) };
            desk.refused(&back, &Denied::Form(vec![slip]).into()).await
        }
        Err(other) => desk.no_page(&other),
    }
}

/// The articles of the ticked boxes, of the page, or all that the search finds, as far as one act goes.
pub(super) async fn chosen(desk: &Desk, asked: &Asked, fields: &Fields) -> Result<Vec<ArticleId>, Error> {
    desk.must(Act::Curate)?;
    let ticked: Vec<ArticleId> = fields.values::<i64>("articolo").into_iter().map(ArticleId).collect();
    // single boxes say more than the box for the page, which without scripts ticks none of them
    if !fields.has("tutti") && (!fields.has("pagina") || !ticked.is_empty()) {
        return Ok(ticked);
    }
    let mut rows = desk.site.store.read().await?;
    let (outlets, watches) = (rows.list_outlets().await?, rows.list_watches().await?);
    let gathered = Gathered::read(&mut rows).await?;
    let asked = gathered.known(asked.clone().known(&outlets, &watches));
    let mut query = asked.query(&outlets).map_err(SearchError::from)?;
    query.only = gathered.only(&mut rows, &asked).await?;
    if fields.has("tutti") {
        query.page = Page { size: clip_hand::MOST, after: None };
    }
    let hits = desk.site.archive()?.search(&query, &Names::new(&outlets, &watches), desk.now).await?;
    Ok(hits.hits.into_iter().map(|hit| hit.article).collect())
}

/// Clips articles for a watch and goes back, with the way to take it back.
pub(crate) async fn clipped(desk: &Desk, watch: &str, ids: &[ArticleId], back: &str) -> Response {
    let slip = |field, key| Slip { field, sentence: desk.t(key).to_owned() };
    let missing = match (ids.is_empty(), watch.is_empty()) {
        (true, _) => Some(slip("articolo", "archive.clip.no_article")),
        (_, true) => Some(slip("in", "archive.clip.no_watch")),
        _ => None,
    };
    if let Some(slip) = missing {
        return desk.refused(back, &Denied::Form(vec![slip]).into()).await;
    }
    let done = clip_hand::clip(&desk.site.store, &desk.user.login, watch, ids, desk.now).await;
    told(desk, done, back, |done| match done.changed {
        0 => desk.t("archive.clip.nothing").to_owned(),
        n => plural(desk.lang, "archive.clip.done", n),
    })
    .await
}

/// Goes back after an act on clippings, with the way to take it back.
pub(crate) async fn told(
    desk: &Desk,
    done: salastampa_acts::Result<clip_hand::Done>,
    back: &str,
    words: impl Fn(&clip_hand::Done) -> String,
) -> Response {
    match done {
        Ok(done) => match done.event {
            Some(event) => {
                let fields = [("evento", event.to_string()), ("dove", back.to_owned())];
                let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
                desk.go_or_undo(back, words(&done), "/desk/archivio/annulla", &fields).await
            }
            None => desk.go(back, words(&done)).await,
        },
        Err(error) => desk.refused(back, &error).await,
    }
}

pub(super) async fn undo(desk: Desk, fields: Fields) -> Response {
    let back = match fields.text("dove") {
        back if inside(back) == back => back,
        _ => "/desk/archivio",
    };
    let event = EventId(fields.value("evento").unwrap_or_default());
    let done = clip_hand::undo(&desk.site.store, &desk.user.login, event, desk.now).await;
    match done {
        Ok(done) if done.changed == 0 => desk.go(back, desk.t("archive.clip.nothing_undone")).await,
        Ok(done) => desk.go(back, plural(desk.lang, "archive.clip.undone", done.changed)).await,
        Err(error) => desk.refused(back, &error).await,
    }
}
