//! Feeds of what the office gathers, at secret addresses: of a watch, of a dossier, of a search, of an edition's issues.
//!
//! Whoever has the address reads without an account, so it is as long as a session's token, only its hash is stored, and
//! it can be renewed or revoked at any time. The office says how many people read it; licences are asked about them. A
//! feed carries extracts, never whole texts. That it was made or closed stands in the log; that an article was shown is
//! accounted for once, not at each poll. Left out: who asked for it, which nobody here wants to know.

use crate::desk::{AtDesk, line, slip};
use crate::error::query_sentence;
use crate::export::{Gates, Line};
use crate::house::{actor, allowed};
use crate::{Denied, Result, Slip, curate, issues, session};
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Act, ArticleId, Audience, ClippingState, Dossier, Edition, Feed, FeedId, FeedOf, Page, Period, Query, Review,
    Timestamp, UserId,
};
use salastampa_index::{Archive, Highlighter, Names, SearchError};
use salastampa_locale::{fill, t};
use salastampa_store::{Rows, Store};
use serde_json::json;

/// Most entries of a feed.
pub const ENTRIES: usize = 100;
/// Clippings older than this are no news in a feed, in milliseconds.
const SPAN: i64 = 90 * DAY;
/// Longest name, in characters.
const LONGEST_NAME: usize = 80;
/// Most readers that a feed may be said to have.
const MOST_READERS: usize = 10_000;

/// A feed as it was typed into the form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// As people will see it.
    pub name: String,
    /// How many people read it, as typed.
    pub readers: String,
    /// What it shows.
    pub of: FeedOf,
}

/// A feed as it is read.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// Which one.
    pub feed: Feed,
    /// Its entries, the newest first; of an edition, the articles that stand for the stories of its issues.
    pub lines: Vec<Line>,
    /// The issues of an edition, the newest first; none in another feed.
    pub issues: Vec<Review>,
}

/// Makes a feed; gives the secret of its address, which is stored nowhere.
///
/// # Errors
/// [`Denied::Form`] with a sentence for each field that cannot be taken.
pub async fn make(desk: AtDesk<'_>, wanted: &Wanted) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let feed = checked(&mut write, &desk, wanted, user.id).await?;
    let secret = session::random()?;
    let feed = Feed { hash: session::hash(&secret), ..feed };
    let id = write.record_feed(&feed).await?;
    let told = json!({ "name": feed.name, "shows": feed.of, "readers": feed.readers }).to_string();
    write.record_event(desk.now, &actor(&user), "feed.add", &Feed::subject(id), None, Some(&told)).await?;
    write.commit().await?;
    Ok(secret)
}

async fn checked(rows: &mut Rows, desk: &AtDesk<'_>, wanted: &Wanted, by: UserId) -> Result<Feed> {
    let mut slips: Vec<Slip> = Vec::new();
    let name = line(&wanted.name);
    if name.is_empty() {
        slips.push(slip("nome", t(desk.lang, "dossier.feed.no_name")));
    } else if name.chars().count() > LONGEST_NAME {
        slips.push(slip("nome", fill(desk.lang, "dossier.long_name", &[("most", &LONGEST_NAME.to_string())])));
    }
    let readers: usize = wanted.readers.trim().parse().unwrap_or(0);
    if !(1..=MOST_READERS).contains(&readers) {
        slips.push(slip("lettori", t(desk.lang, "dossier.feed.bad_readers")));
    }
    match &wanted.of {
        FeedOf::Watch { watch } => {
            let known = rows.list_watches().await?.iter().any(|one| one.id == *watch);
            known.then_some(()).ok_or_else(|| Denied::Unknown { what: "watch", name: watch.to_string() })?;
        }
        FeedOf::Dossier { dossier } => {
            let known = rows.find_dossier_by_id(*dossier).await?;
            known.ok_or_else(|| Denied::Unknown { what: "dossier", name: dossier.to_string() })?;
        }
        FeedOf::Edition { edition } => {
            let user = rows.find_user_by_id(by).await?;
            let sees = |edition: &Edition| user.is_some_and(|user| curate::sees(&user, edition));
            let known = rows.find_edition_by_id(*edition).await?.filter(sees);
            let known = known.ok_or_else(|| Denied::Unknown { what: "edition", name: edition.to_string() })?;
            if !issues::may_be_fed(&known) {
                slips.push(slip("nome", t(desk.lang, "dossier.feed.reserved")));
            }
        }
        FeedOf::Search { query } => {
            let names = Names::new(&rows.list_outlets().await?, &rows.list_watches().await?);
            if query.trim().is_empty() {
                slips.push(slip("ricerca", t(desk.lang, "archive.watch.no_query")));
            } else if let Err(error) = Highlighter::new(query, &names, desk.now) {
                slips.push(slip("ricerca", query_sentence(desk.lang, &error)));
            }
        }
    }
    if !slips.is_empty() {
        return Err(Denied::Form(slips).into());
    }
    Ok(Feed {
        id: FeedId(0),
        hash: String::new(),
        name,
        of: wanted.of.clone(),
        readers,
        made_by: by,
        made_at: desk.now,
        renewed_at: None,
        revoked_at: None,
    })
}

/// Gives a feed another address; the one that it had opens nothing from now on. Gives the new secret.
pub async fn renew(desk: AtDesk<'_>, id: FeedId) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let secret = session::random()?;
    if !write.renew_feed(id, &session::hash(&secret), desk.now).await? {
        return Err(Denied::Unknown { what: "feed", name: id.to_string() }.into());
    }
    write.record_event(desk.now, &actor(&user), "feed.renew", &Feed::subject(id), None, None).await?;
    write.commit().await?;
    Ok(secret)
}

/// Closes a feed for ever.
pub async fn revoke(desk: AtDesk<'_>, id: FeedId) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    if !write.revoke_feed(id, desk.now).await? {
        return Err(Denied::Unknown { what: "feed", name: id.to_string() }.into());
    }
    write.record_event(desk.now, &actor(&user), "feed.revoke", &Feed::subject(id), None, None).await?;
    write.commit().await?;
    Ok(())
}

/// The feed of an address that still opens something.
pub async fn find(rows: &mut Rows, secret: &str) -> Result<Option<Feed>> {
    if secret.len() != 64 {
        return Ok(None);
    }
    let feed = rows.find_feed_by_hash(&session::hash(secret)).await?;
    Ok(feed.filter(|feed| feed.revoked_at.is_none()))
}

/// What a feed shows now; what it has not shown before is written down.
pub async fn read(store: &Store, archive: &dyn Archive, feed: Feed, now: Timestamp) -> Result<Shown> {
    let mut rows = store.read().await?;
    if let FeedOf::Edition { edition } = feed.of {
        let (issues, lines) = issues::last(&mut rows, archive, edition, feed.readers, now).await?;
        drop(rows);
        write_down(store, &feed, &lines, now).await?;
        return Ok(Shown { feed, lines, issues });
    }
    let (outlets, watches) = (rows.list_outlets().await?, rows.list_watches().await?);
    let Some(query) = query(&mut rows, &feed.of, now).await? else {
        return Ok(Shown { feed, lines: Vec::new(), issues: Vec::new() });
    };
    // through the archive in any case: it knows nothing of what is under embargo or was taken back
    let found = match archive.search(&query, &Names::new(&outlets, &watches), now).await {
        Ok(hits) => hits.hits.into_iter().map(|hit| hit.article).collect(),
        // a watch or an outlet that the query named is gone: the feed falls silent, it does not break its reader
        Err(SearchError::Query(_)) => Vec::new(),
        Err(other) => return Err(anyhow::Error::from(other).into()),
    };
    let gates = Gates::of(&mut rows, Audience::Readers(feed.readers), now).await?;
    let lines = gates.lines(&mut rows, &found, false, false).await?;
    drop(rows);
    write_down(store, &feed, &lines, now).await?;
    Ok(Shown { feed, lines, issues: Vec::new() })
}

/// What the archive is asked for a feed; nothing for an edition, whose issues are frozen.
async fn query(rows: &mut Rows, of: &FeedOf, now: Timestamp) -> Result<Option<Query>> {
    let page = Page { size: ENTRIES, after: None };
    Ok(Some(match of {
        FeedOf::Edition { .. } => return Ok(None),
        FeedOf::Search { query } => Query { page, counts: false, ..Query::text(query) },
        FeedOf::Dossier { dossier } => {
            let filed = rows.list_filed(*dossier, ENTRIES).await?;
            Query {
                page,
                only: Some(filed.into_iter().map(|filed| filed.article).collect()),
                counts: false,
                ..Query::text("")
            }
        }
        FeedOf::Watch { watch } => {
            let period = Period { from: now.plus(-SPAN), to: Period::ALWAYS.to };
            let mut clippings = rows.list_clippings(&[*watch], period).await?;
            clippings.retain(|clipping| !matches!(clipping.state, ClippingState::Dropped { .. }));
            clippings.sort_by_key(|clipping| std::cmp::Reverse((clipping.matched_at, clipping.id)));
            let articles = clippings.into_iter().take(ENTRIES).map(|clipping| clipping.article).collect();
            Query { page, only: Some(articles), counts: false, ..Query::text("") }
        }
    }))
}

async fn write_down(store: &Store, feed: &Feed, lines: &[Line], now: Timestamp) -> Result<()> {
    let all: Vec<ArticleId> = lines.iter().map(|line| line.article).collect();
    let is_new = |known: &[ArticleId]| all.iter().any(|id| !known.contains(id));
    // most polls find nothing new and write nothing
    if !is_new(&store.read().await?.list_fed(feed.id, &all).await?) {
        return Ok(());
    }
    let mut write = store.write().await?;
    let known = write.list_fed(feed.id, &all).await?;
    let new: Vec<&Line> = lines.iter().filter(|line| !known.contains(&line.article)).collect();
    let uses: Vec<_> = new.iter().map(|line| line.used("feed", feed.readers, now)).collect();
    let ids: Vec<ArticleId> = new.iter().map(|line| line.article).collect();
    write.record_uses(&uses).await?;
    write.record_fed(feed.id, &ids).await?;
    write.commit().await?;
    Ok(())
}

/// What a feed shows, by name: a watch, a dossier, an edition, or the words of a search.
pub async fn subject_words(rows: &mut Rows, of: &FeedOf) -> Result<String> {
    Ok(match of {
        FeedOf::Search { query } => query.clone(),
        FeedOf::Edition { edition } => {
            rows.find_edition_by_id(*edition).await?.map(|edition| edition.name).unwrap_or_default()
        }
        FeedOf::Watch { watch } => {
            rows.list_watches().await?.into_iter().find(|one| one.id == *watch).map(|one| one.name).unwrap_or_default()
        }
        FeedOf::Dossier { dossier } => {
            rows.find_dossier_by_id(*dossier).await?.map(|Dossier { name, .. }| name).unwrap_or_default()
        }
    })
}

#[cfg(test)]
mod tests;
