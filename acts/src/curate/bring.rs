//! A story comes from elsewhere: from another edition, for another day, or from an address that somebody pasted.
//!
//! A pasted address is an errand: the network is not ours. Once the article is kept and has its story, it is put into
//! its section and the office is told why it was missed, as far as the rows know.

use super::missed::missed;
use super::{Doing, Done, Missed, Pick, sees};
use crate::{Denied, House, Result, Slip, house, look};
use salastampa_digest::clean;
use salastampa_domain::{
    Act, Actor, ArticleId, ClippingState, Elsewhere, ErrandId, ErrandKind, Hand, IssueKey, SectionId, Slot, Timestamp,
    WatchId,
};
use salastampa_locale::t;
use salastampa_store::Store;

/// So many issues ahead a story can be moved.
pub const AHEAD: usize = 7;

/// Puts a story into another issue too, or with `away` there instead of here; what was written of it goes along.
pub async fn bring(
    store: &Store,
    login: &str,
    key: IssueKey,
    pick: Pick,
    to: IssueKey,
    away: bool,
    now: Timestamp,
) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::Curate, now).await?;
    let newest = doing.line(pick.story)?.newest;
    doing.expect(pick).await?;
    let unknown = || Denied::Unknown { what: "review", name: to.slot.to_string() };
    let edition = doing.write.find_edition_by_id(to.edition).await?.filter(|e| sees(&doing.user, e));
    let edition = edition.ok_or_else(unknown)?;
    if to == key || !slots(&edition, AHEAD).contains(&to.slot) {
        return Err(unknown().into());
    }
    let mut there = doing.write.find_arrangement(to).await?;
    let before = there.hands.get(&pick.story).cloned();
    let here = doing.hand(pick.story);
    let base = before.clone().unwrap_or_else(|| Hand::new(pick.story, now));
    let after = Hand {
        version: base.version + 1,
        state: ClippingState::Kept { by: doing.user.id },
        section: base.section.or(here.section.filter(|_| to.edition == key.edition)),
        relevance: base.relevance.or(here.relevance),
        note: if base.note.is_empty() { here.note.clone() } else { base.note.clone() },
        summary: if base.summary.is_empty() { here.summary.clone() } else { base.summary.clone() },
        lead: base.lead.or(here.lead),
        seen: newest,
        brought: true,
        by: Some(doing.user.id),
        at: now,
        ..base
    };
    doing.write.replace_hand(to, pick.story, Some(&after)).await?;
    if there.confirmed.take().is_some() {
        doing.write.record_issue(&there).await?;
    }
    doing.change.elsewhere.push(Elsewhere { issue: to, before, after: Some(after), story: pick.story });
    if away {
        let by = doing.user.id;
        let state = ClippingState::Dropped { by };
        doing.put(Hand { state, place: None, seen: newest, ..here }, true).await?;
    }
    doing.end("review.bring").await
}

/// The next issues of an edition.
pub fn slots(edition: &salastampa_domain::Edition, count: usize) -> Vec<Slot> {
    let next = |slot: &Slot| edition.next_after(*slot);
    std::iter::successors(next(&edition.done), next).take(count).collect()
}

/// *Manca un pezzo*: leaves the errand to fetch an address for a section of an issue.
pub async fn paste(
    store: &Store,
    house: &House,
    login: &str,
    key: IssueKey,
    section: SectionId,
    url: &str,
    now: Timestamp,
) -> Result<ErrandId> {
    let Some(url) = clean::link(url) else {
        let sentence = t(house.lang, "curation.bad_address").to_owned();
        return Err(Denied::Form(vec![Slip { field: "indirizzo", sentence }]).into());
    };
    let mut write = store.write().await?;
    let user = house::allowed(&mut write, login, Act::Curate).await?;
    let edition = super::seen_edition(&mut write, &user, key).await?;
    if edition.sections.iter().all(|s| s.id != section) {
        return Err(Denied::Unknown { what: "section", name: section.to_string() }.into());
    }
    let kind = ErrandKind::Paste { url: url.to_owned(), issue: Some(key), section: Some(section) };
    let who = house::actor(&user);
    let id = write.record_errand(&kind, &who, now).await?;
    let after = serde_json::to_string(url).unwrap_or_default();
    write.record_event(now, &who, "review.paste", &key.subject(&edition.slug), None, Some(&after)).await?;
    write.commit().await?;
    Ok(id)
}

/// Puts a pasted article, once it is kept and has its story, into its section, and says why it was missed: `by` asked for
/// it at `asked`. `None` while it has no story yet.
pub async fn take_pasted(
    store: &Store,
    (by, asked): (&Actor, Timestamp),
    (key, section): (IssueKey, SectionId),
    article: ArticleId,
    now: Timestamp,
) -> Result<Option<Missed>> {
    let mut rows = store.read().await?;
    let unknown = || Denied::Unknown { what: "article", name: article.to_string() };
    let found = rows.find_article(article).await?.ok_or_else(unknown)?;
    let Some(story) = found.story else { return Ok(None) };
    let Actor::User { id } = by else { return Err(Denied::NoUser("-".into()).into()) };
    let user = rows.find_user_by_id(*id).await?.ok_or_else(|| Denied::NoUser(id.to_string()))?;
    drop(rows);
    let mut doing = Doing::begin(store, &user.login, key, Act::Curate, now).await?;
    let missed = missed(&mut doing, &found, found.kept_at >= asked).await?;
    if let Some(watch) = watch_of(&doing, section) {
        // clipped by hand it may not alert: whoever pasted it knows it already
        doing.write.record_clipping(article, watch, now, &[], false).await?;
        look::plan(&mut doing.write, &found, true, now).await?;
    }
    let before = doing.hand(story);
    let hand = Hand {
        state: ClippingState::Kept { by: user.id },
        section: Some(section),
        place: Some(doing.arrangement.next_place(section)),
        seen: before.seen.max(article),
        brought: true,
        at: now,
        ..before
    };
    doing.put(hand, true).await?;
    doing.end("review.add").await?;
    Ok(Some(missed))
}

fn watch_of(doing: &Doing, section: SectionId) -> Option<WatchId> {
    let chosen = doing.edition.sections.iter().filter(|s| s.id == section);
    chosen.chain(&doing.edition.sections).find_map(|s| s.watches.first().copied())
}
