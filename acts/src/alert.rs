//! Urgent watches speak: one alert for each story, watch and reader, one mail for each story and reader.
//!
//! The row is unique in the store, so that a replay, a second worker or nine outlets with the same text give one mail.
//! Later articles of the story join in silence. Left out: the tiers, quiet hours and caps of ordinary watches.

use crate::outbox::{freeze, queue};
use crate::{House, Result, house};
use salastampa_digest::{AlertSheet, Dress, alert, extract};
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    AlertState, AlsoIn, Article, Audience, Clipping, DeliveryKind, FileRef, NewDelivery, Outlet, Reader, RightsClass,
    SourceId, StoryId, Subject, Timestamp, TokenPurpose, Use, Via, Watch, allowed,
};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store};
use std::collections::BTreeMap;

/// An alert that nobody took in time is not worth a night's sleep.
const EXPIRES: i64 = 2 * HOUR;

/// What is about to be told to one reader about one story.
struct Telling<'a> {
    reader: &'a Reader,
    story: StoryId,
    article: &'a Article,
    /// The watches that speak, with the words that matched.
    spoken: Vec<(&'a Watch, &'a Clipping)>,
}

/// Raises the alerts of the next fresh clippings, at most `limit`; gives how many clippings were looked at.
pub async fn raise(store: &Store, house: &House, limit: usize, now: Timestamp) -> Result<usize> {
    let mut rows = store.read().await?;
    let clippings = rows.list_clippings_to_alert(limit).await?;
    if clippings.is_empty() {
        return Ok(0);
    }
    let (watches, readers, outlets) =
        (rows.list_watches().await?, rows.list_readers().await?, rows.list_outlets().await?);
    let overrides = overrides(&mut rows).await?;
    let ids: Vec<_> = clippings.iter().map(|c| c.article).collect();
    let articles: BTreeMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let mut tellings: Vec<Telling> = Vec::new();
    for clipping in &clippings {
        let (Some(article), Some(watch)) =
            (articles.get(&clipping.article), watches.iter().find(|w| w.id == clipping.watch))
        else {
            continue;
        };
        let Some(story) = article.story else { continue };
        for reader in readers.iter().filter(|r| r.receives.alerts && r.watches.contains(&watch.id)) {
            match tellings.iter_mut().find(|t| t.reader.id == reader.id && t.story == story) {
                Some(telling) => telling.spoken.push((watch, clipping)),
                None => tellings.push(Telling { reader, story, article, spoken: vec![(watch, clipping)] }),
            }
        }
    }
    // letters before the transaction; who was told about the story already needs none
    let mut letters: Vec<(FileRef, Vec<Use>)> = Vec::new();
    let mut ready: Vec<(Telling, Option<usize>)> = Vec::new();
    for telling in tellings {
        let told = !rows.list_alerts_of(telling.story, telling.reader.id).await?.is_empty();
        let letter = if told {
            None
        } else {
            let members = rows.list_story_articles(&[telling.story]).await?;
            let body = rows.find_body(telling.article.id).await?;
            let (letter, used) = letter(house, &telling, (&outlets, &overrides), &members, &body, now);
            letters.push((freeze(store, house, &letter, now).await?, used));
            Some(letters.len() - 1)
        };
        ready.push((telling, letter));
    }
    drop(rows);

    let mut write = store.write().await?;
    for (telling, letter) in &ready {
        let before = write.list_alerts_of(telling.story, telling.reader.id).await?.first().map(|a| a.id);
        let mut first = before;
        for (watch, clipping) in &telling.spoken {
            let state = first.map_or(AlertState::Queued, |to| AlertState::Joined { to });
            let made =
                write.record_alert(telling.story, watch.id, telling.reader.id, clipping.article, now, state).await?;
            first = first.or(made);
        }
        if let (None, Some(_), Some(letter)) = (before, first, letter) {
            let (file, used) = &letters[*letter];
            write.record_file(file).await?;
            let row = NewDelivery {
                subject: Subject { kind: DeliveryKind::Alert, thing: telling.story.0, version: 0, round: 0 },
                address: telling.reader.address.clone(),
                contact: None,
                reader: Some(telling.reader.id),
                letter: file.sha256.clone(),
                due_at: now,
                expires_at: Some(now.plus(EXPIRES)),
                in_reply_to: None,
                suppressed: None,
            };
            queue(&mut write, house, &[row], now).await?;
            write.record_uses(used).await?;
        }
    }
    for clipping in &clippings {
        write.record_alert_considered(clipping.id, now).await?;
    }
    write.commit().await?;
    Ok(clippings.len())
}

fn letter(
    house: &House,
    telling: &Telling,
    (outlets, overrides): (&[Outlet], &BTreeMap<SourceId, RightsClass>),
    members: &[Article],
    body: &salastampa_domain::ForeignText,
    now: Timestamp,
) -> (salastampa_domain::Letter, Vec<Use>) {
    let outlet = |a: &Article| outlets.iter().find(|o| o.id == a.outlet);
    let name = |a: &Article| outlet(a).map_or_else(String::new, |o| o.name.clone());
    let article = telling.article;
    let gate = outlet(article).map(|o| {
        let class = rights(article, o, overrides);
        allowed(class, o.contract.as_ref(), &article.signals, Audience::Readers(1), house::today(now))
    });
    let excerpt = gate.as_ref().map(|g| extract::extract(g, &article.lead, body)).unwrap_or_default();
    let used = vec![Use {
        at: now,
        outlet: article.outlet,
        article: article.id,
        output: "alert".into(),
        full_text: false,
        chars: excerpt.as_str().chars().count(),
        readers: 1,
    }];
    let mut why: Vec<String> = Vec::new();
    for word in telling.spoken.iter().flat_map(|(_, c)| &c.why) {
        if !why.contains(word) {
            why.push(word.clone());
        }
    }
    let mut seen = std::collections::BTreeSet::from([article.outlet]);
    let also_in = members
        .iter()
        .filter(|m| m.id != article.id && seen.insert(m.outlet))
        .map(|m| AlsoIn {
            article: m.id,
            outlet_name: name(m),
            url: m.url.clone(),
            copy: m.copy_group.is_some() && m.copy_group == article.copy_group,
        })
        .collect();
    let sheet = AlertSheet {
        reader: telling.reader.name.clone(),
        watches: telling.spoken.iter().map(|(w, _)| w.name.clone()).collect(),
        title: article.title.clone(),
        url: article.url.clone(),
        outlet_name: name(article),
        authors: article.authors.clone(),
        extract: excerpt,
        also_in,
        why,
        published_at: article.published_at,
        first_seen: article.first_seen,
        leaves_at: now,
    };
    let language = Lang::parse(&telling.reader.language).unwrap_or(house.lang);
    let web = crate::review::web_link(house, TokenPurpose::Article, article.id.0, now);
    (alert::alert(&sheet, &Dress { web, ..dress(house, language) }), used)
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
