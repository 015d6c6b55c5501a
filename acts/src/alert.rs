//! Watches speak: a clipping raises a row, and what is due leaves.
//!
//! Two steps, each of which can be killed at any point. [`raise`] makes of fresh clippings one row for each story, watch
//! and reader, with the instant at which it leaves: at once, with the next batch, or when the gate has held it long enough.
//! [`leave()`] lets go what is due, the rows and their mail in one transaction. The row is unique in the store, so that a
//! replay, a second worker or nine outlets with the same text give one mail; later articles of the story join in silence,
//! unless there is a reason to speak again (`again`). An article that has no story yet waits for it, but not for long: then its alert
//! leaves under a number of its own, and the story inherits it when the article is placed.

mod again;
pub mod gate;
pub mod latency;
mod leave;
mod letter;
pub mod not_for_me;
mod ring;

pub use leave::leave;
#[cfg(test)]
pub(crate) use letter::held;

use crate::{House, Result, house};
use again::Register;
use salastampa_digest::Dress;
use salastampa_domain::alert::is_correction_title;
use salastampa_domain::time::{DAY, MINUTE};
use salastampa_domain::{
    Again, Alert, AlertState, Article, Clipping, Outlet, OutletKind, Reader, RightsClass, SourceId, StoryId, Tier,
    Timestamp, Unsent, Urgency, Via, Watch,
};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store, Write};
use std::collections::BTreeMap;

/// So long after it was told a correction still brings a story back.
const CORRECTED_WITHIN: i64 = 3 * DAY;

/// Raises the alerts of the next fresh clippings, at most `limit`, and of what an agency has corrected; gives how many of
/// both were looked at. What matched by `unplaced` does not wait for its story any more.
pub async fn raise(store: &Store, house: &House, limit: usize, unplaced: Timestamp, now: Timestamp) -> Result<usize> {
    let mut write = store.write().await?;
    let clippings = write.list_clippings_to_alert(limit, unplaced).await?;
    let corrected = write.list_corrected_alerts(now.plus(-CORRECTED_WITHIN), limit).await?;
    let (watches, readers) = (write.list_watches().await?, write.list_readers().await?);
    let outlets = write.list_outlets().await?;
    let is_agency = |a: &Article| outlets.iter().any(|o| o.id == a.outlet && o.kind == OutletKind::Agency);
    let register = Register::new(&write.list_persons().await?);
    let ids: Vec<_> = clippings.iter().map(|c| c.article).collect();
    let articles: BTreeMap<_, _> = write.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    for clipping in &clippings {
        write.record_alert_considered(clipping.id, now).await?;
        let watch = watches.iter().find(|w| w.id == clipping.watch);
        let (Some(article), Some(watch)) = (articles.get(&clipping.article), watch) else { continue };
        let story = match article.story {
            Some(story) => story,
            None => write.record_unplaced(article).await?,
        };
        let urgent = again::is_urgent(&mut write, article).await?;
        let corrects = is_agency(article) && is_correction_title(&article.title);
        for reader in readers.iter().filter(|r| r.receives.alerts && r.watches.contains(&watch.id)) {
            let news = News { story, article, watch, clipping, urgent, corrects };
            speak(&mut write, house, &news, reader, &register, now).await?;
        }
    }
    for told in &corrected {
        let again = Alert {
            round: told.round + 1,
            again: Some(Again::Correction),
            ..Alert::flash(told.story, told.watch, told.reader, told.article, now)
        };
        write.record_alert(&again).await?;
    }
    write.commit().await?;
    Ok(clippings.len() + corrected.len())
}

/// Whether there is nothing that an alert could be raised from; `unplaced` as in [`raise`].
pub async fn is_idle(rows: &mut Rows, unplaced: Timestamp, now: Timestamp) -> Result<bool> {
    Ok(rows.list_clippings_to_alert(1, unplaced).await?.is_empty()
        && rows.list_corrected_alerts(now.plus(-CORRECTED_WITHIN), 1).await?.is_empty())
}

/// What a watch has to say.
struct News<'a> {
    story: StoryId,
    article: &'a Article,
    watch: &'a Watch,
    clipping: &'a Clipping,
    /// The agency says that it cannot wait.
    urgent: bool,
    /// The agency says that it corrects what it wrote before.
    corrects: bool,
}

/// Raises, joins or passes over what a watch has to say to one reader.
async fn speak(
    write: &mut Write,
    house: &House,
    news: &News<'_>,
    reader: &Reader,
    register: &Register,
    now: Timestamp,
) -> Result<()> {
    let flash = news.watch.urgency == Urgency::Flash || news.urgent;
    let known = write.list_alerts_of(news.story, reader.id).await?;
    // what never left because of its article or of the reader's own will says nothing about the next article
    let void = |a: &Alert| matches!(a.state, AlertState::Dropped { why: Unsent::Withdrawn | Unsent::Reader });
    let live: Vec<&Alert> = known.iter().filter(|a| !void(a)).collect();
    let next = known.iter().map(|a| a.round + 1).max().unwrap_or(0);
    if live.is_empty() {
        raise_one(write, house, news, reader, next, None, flash, now).await?;
        return Ok(());
    }
    let open: Vec<&Alert> = live.iter().copied().filter(|a| a.is_open()).collect();
    if let Some(first) = open.first() {
        if flash {
            // what waits for its batch cannot wait any more; what stands at the gate stays there
            for waiting in open.iter().filter(|a| a.tier == Tier::Ordinary && a.state == AlertState::Waiting) {
                let at_once =
                    Alert { tier: Tier::Flash, due_at: Some(now), article: news.article.id, ..(*waiting).clone() };
                write.record_alert_state(&at_once).await?;
            }
        }
        if news.corrects {
            // nobody is told what is known to be wrong
            for waiting in open.iter().filter(|a| a.state == AlertState::Waiting) {
                let now_known = write.find_alert(waiting.id).await?.unwrap_or_else(|| (*waiting).clone());
                write.record_alert_state(&Alert { article: news.article.id, ..now_known }).await?;
            }
        }
        if open.iter().all(|a| a.watch != news.watch.id) {
            raise_one(write, house, news, reader, first.round, first.again, flash, now).await?;
        }
        return Ok(());
    }
    let told: Vec<&Alert> = live.iter().copied().filter(|a| a.is_told()).collect();
    let Some(last) = told.iter().max_by_key(|a| (a.left_at, a.id)) else { return Ok(()) };
    if write.list_not_for_me(news.story, reader.id).await?.contains(&news.watch.id) {
        return Ok(());
    }
    if let Some(why) = again::again(write, news, &told, register, now).await? {
        // what was told is wrong: that cannot wait for a batch
        let at_once = flash || why == Again::Correction;
        raise_one(write, house, news, reader, next, Some(why), at_once, now).await?;
    } else if live.iter().all(|a| a.watch != news.watch.id) {
        // a row for each watch and reader, so that who asks why nothing more came finds it
        let joined = Alert {
            round: last.round,
            state: AlertState::Joined { to: last.id },
            due_at: None,
            left_at: last.left_at,
            ..Alert::flash(news.story, news.watch.id, reader.id, news.article.id, now)
        };
        write.record_alert(&joined).await?;
    }
    Ok(())
}

/// Raises an alert with the instant at which it leaves.
async fn raise_one(
    write: &mut Write,
    house: &House,
    news: &News<'_>,
    reader: &Reader,
    round: u32,
    again: Option<Again>,
    flash: bool,
    now: Timestamp,
) -> Result<()> {
    let gated = news.watch.hold > 0;
    let due = match (gated, flash) {
        (true, _) => now.plus(i64::from(news.watch.hold) * MINUTE),
        (false, true) => now,
        (false, false) => reader.next_batch(&house.alerts.hours, now),
    };
    let alert = Alert {
        round,
        again,
        tier: if flash { Tier::Flash } else { Tier::Ordinary },
        state: if gated { AlertState::Held } else { AlertState::Waiting },
        due_at: Some(due),
        gated,
        ..Alert::flash(news.story, news.clipping.watch, reader.id, news.article.id, now)
    };
    write.record_alert(&alert).await?;
    Ok(())
}

/// The rights classes that the desk has given to single sources, over that of their outlet.
pub(crate) async fn overrides(rows: &mut Rows) -> Result<BTreeMap<SourceId, RightsClass>> {
    Ok(rows.list_sources().await?.into_iter().filter_map(|s| Some((s.id, s.rights?))).collect())
}

/// The rights class that holds for an article: its source's own, or that of its outlet.
pub fn rights(article: &Article, outlet: &Outlet, overrides: &BTreeMap<SourceId, RightsClass>) -> RightsClass {
    match &article.via {
        Via::Source { source } => overrides.get(source).copied().unwrap_or(outlet.rights),
        Via::Hand { .. } | Via::Import { .. } => outlet.rights,
    }
}

/// The office as digests print it, in the language of their readers.
pub(crate) fn dress(house: &House, language: Lang) -> Dress {
    Dress {
        office: salastampa_locale::t(language, "acts.press_office").to_owned(),
        town: house.office.clone(),
        base_url: house.base_url.clone(),
        web: String::new(),
        contact: house.sender.to_string(),
        language,
    }
}

/// The day that licences are asked about.
fn today(now: Timestamp) -> jiff::civil::Date {
    house::today(now)
}

#[cfg(test)]
mod tests;
