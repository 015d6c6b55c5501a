//! Whom a release has reached: what became of its messages, and which articles used it.

use super::words::{Moment, length, level_words, share};
use crate::answer::Error;
use crate::desk::deliveries;
use crate::desk::session::Desk;
use salastampa_domain::{Act, ArticleId, DeliveryKind, Release, Timestamp, Version, VersionId};
use salastampa_locale::fill;
use salastampa_store::Rows;
use std::collections::HashMap;

/// A text in words, the sort of its messages, when the first was taken over, and how many of them are in each state.
type Counted = (String, DeliveryKind, Option<Timestamp>, Vec<(String, i64)>);

/// What became of the messages.
pub(super) struct Sent {
    pub(super) columns: Vec<&'static str>,
    pub(super) lines: Vec<SentLine>,
    pub(super) href: String,
}

pub(super) struct SentLine {
    pub(super) words: String,
    /// When the first was taken over by a server.
    pub(super) issued: Option<Moment>,
    pub(super) cells: Vec<(i64, String)>,
}

/// An article that used the release.
pub(super) struct Used {
    pub(super) outlet: String,
    pub(super) title: String,
    pub(super) href: String,
    /// The two texts side by side; empty for who may not see drafts.
    pub(super) evidence: String,
    /// How much, by the office's word where there is one.
    pub(super) level: &'static str,
    pub(super) judged: bool,
    pub(super) delay: String,
    pub(super) of_article: String,
    pub(super) of_release: String,
    pub(super) at: Moment,
}

/// When each text went out, by its number: as it was noted, or as the outbox has it just now.
pub(super) async fn issued(
    rows: &mut Rows,
    release: &Release,
    versions: &[Version],
) -> Result<HashMap<u32, Timestamp>, Error> {
    let noted: HashMap<VersionId, Timestamp> = rows.list_issued(release.id).await?.into_iter().collect();
    let mut issued = HashMap::new();
    for version in versions {
        let at = match noted.get(&version.id) {
            Some(at) => Some(*at),
            None => rows.first_accepted(version.id).await?,
        };
        issued.extend(at.map(|at| (version.number, at)));
    }
    Ok(issued)
}

pub(super) async fn sent(
    desk: &Desk,
    rows: &mut Rows,
    release: &Release,
    issued: &HashMap<u32, Timestamp>,
) -> Result<Sent, Error> {
    let lang = desk.lang;
    let mut lines: Vec<Counted> = Vec::new();
    for (number, state, n) in rows.count_deliveries_by_version(DeliveryKind::Release, release.id.0).await? {
        let words = fill(lang, "composer.sent.version", &[("n", &number.to_string())]);
        match lines.last_mut() {
            Some((last, _, _, counts)) if *last == words => counts.push((state, n)),
            _ => lines.push((words, DeliveryKind::Release, issued.get(&number).copied(), vec![(state, n)])),
        }
    }
    let told = rows.count_deliveries(DeliveryKind::Withdrawal, release.id.0).await?;
    if !told.is_empty() {
        lines.push((desk.t("composer.sent.withdrawal").to_owned(), DeliveryKind::Withdrawal, None, told));
    }
    let states: Vec<&'static str> = deliveries::STATES
        .into_iter()
        .filter(|state| lines.iter().any(|(_, _, _, counts)| counts.iter().any(|(name, _)| name == state)))
        .collect();
    let href = |kind: DeliveryKind, state: &str| {
        let state = if state.is_empty() { String::new() } else { format!("&stato={state}") };
        desk.href(&format!("/desk/invii?tipo={}&cosa={}{state}", kind.name(), release.id))
    };
    Ok(Sent {
        columns: states.iter().map(|state| deliveries::state_words(lang, state)).collect(),
        lines: lines
            .into_iter()
            .map(|(words, kind, issued, counts)| SentLine {
                words,
                issued: issued.map(|at| Moment::of(at, lang)),
                cells: states
                    .iter()
                    .map(|state| {
                        let n = counts.iter().find(|(name, _)| name == state).map_or(0, |(_, n)| *n);
                        (n, href(kind, state))
                    })
                    .collect(),
            })
            .collect(),
        href: if desk.may(Act::KeepContacts) { href(DeliveryKind::Release, "") } else { String::new() },
    })
}

pub(super) async fn used(desk: &Desk, rows: &mut Rows, release: &Release) -> Result<Vec<Used>, Error> {
    let pickup = rows.list_pickup_of(release.id).await?;
    if pickup.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ArticleId> = pickup.iter().map(|found| found.article).collect();
    let articles: HashMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let outlets: HashMap<_, _> = rows.list_outlets().await?.into_iter().map(|o| (o.id, o.name)).collect();
    let mut used = Vec::with_capacity(pickup.len());
    for found in pickup {
        let Some(article) = articles.get(&found.article) else { continue };
        let dated = article.dated();
        let level = found.holds();
        used.push((
            std::cmp::Reverse(level),
            dated,
            Used {
                outlet: outlets.get(&article.outlet).cloned().unwrap_or_default(),
                title: article.title.clone(),
                href: desk.href(&format!("/desk/articoli/{}", article.id)),
                evidence: match desk.may(Act::Write) {
                    true => desk.href(&format!("/desk/comunicati/{}/riprese/{}", release.slug, article.id)),
                    false => String::new(),
                },
                level: level.map_or(desk.t("composer.pickup.none"), |level| level_words(desk.lang, level)),
                judged: found.judged.is_some(),
                delay: length(dated.since(release.public_at.unwrap_or(dated)), desk.lang),
                of_article: share(found.of_article),
                of_release: share(found.of_release),
                at: Moment::of(dated, desk.lang),
            },
        ));
    }
    used.sort_by_key(|(level, dated, _)| (*level, *dated));
    Ok(used.into_iter().map(|(_, _, used)| used).collect())
}

/// The outlets that were told and did not use the release, for those who may see who is told.
pub(super) async fn silent(desk: &Desk, rows: &mut Rows, release: &Release) -> Result<Vec<String>, Error> {
    match desk.may(Act::KeepContacts) && release.public_at.is_some_and(|at| at <= desk.now) {
        true => Ok(salastampa_acts::pickup::silent(rows, release.id).await?),
        false => Ok(Vec::new()),
    }
}
