//! What lies around an article: how its story went on, and what else the archive holds near it.
//!
//! The story is a line of time: who was first, who reprints whom, which release of ours stands behind it, and the days on
//! which nobody wrote. What is near comes from the archive by the article's own words; while that is built anew the page
//! says so and shows the rest.

use super::MOST_LISTED;
use crate::answer::Error;
use crate::desk::session::Desk;
use salastampa_domain::{
    Article, ArticleId, CopyGroupId, ForeignText, Outlet, OutletId, Pickup, Release, StoryId, Timestamp, is_public,
};
use salastampa_index::SearchError;
use salastampa_locale::{date, fill, plural};
use salastampa_store::Rows;
use std::collections::{BTreeMap, BTreeSet};

/// Articles that are asked for as near, and those that are shown: several may tell the same.
const ASKED: usize = 24;
const SHOWN: usize = 8;
/// Days between two articles that are told between them.
const GAP: i64 = 2;

/// Another article beside this one, or a release of ours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    pub(super) href: String,
    pub(super) outlet: String,
    pub(super) title: String,
    pub(super) datetime: String,
    pub(super) date: String,
    /// This very article.
    pub(super) here: bool,
    /// *Ripresa di Il Lago*, *per prima*.
    pub(super) notes: Vec<String>,
    /// What lies between the line before and this one: `3 giorni dopo`.
    pub(super) gap: Option<String>,
    /// It is a release of ours.
    pub(super) ours: bool,
}

/// The story of an article in the order of time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Timeline {
    /// How many articles of how many outlets.
    pub(super) summary: String,
    /// How many lie before and after what is shown.
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) lines: Vec<Line>,
}

/// What else the archive holds near the article, and why that is not known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Near {
    pub(super) lines: Vec<Line>,
    pub(super) note: Option<&'static str>,
}

/// All that lies around an article.
pub(super) struct Around {
    /// Articles with the same text, where the story does not tell it already.
    pub(super) copies: Vec<Line>,
    pub(super) story: Option<Timeline>,
    pub(super) near: Near,
}

pub(super) async fn around(
    desk: &Desk,
    rows: &mut Rows,
    article: &Article,
    body: &ForeignText,
    outlets: &[Outlet],
) -> Result<Around, Error> {
    let mut told = match article.story {
        Some(story) => rows.list_story_articles(&[story]).await?,
        None => Vec::new(),
    };
    told.retain(|one| !one.is_taken_back());
    told.sort_by_key(|one| (one.dated(), one.id));
    let copies = match article.copy_group {
        Some(group) => rows.list_copies(group, MOST_LISTED).await?,
        None => Vec::new(),
    };
    let known: Vec<ArticleId> = told.iter().chain(&copies).map(|one| one.id).collect();
    let near = near(desk, rows, article, body, &known, outlets).await?;
    let story = match told.len() {
        0 | 1 => None,
        _ => Some(timeline(desk, rows, article, &told, outlets).await?),
    };
    let inside = copies.iter().all(|copy| told.iter().any(|one| one.id == copy.id));
    let copies = match copies.len() {
        0 | 1 => Vec::new(),
        _ if inside => Vec::new(),
        _ => {
            let roots = roots(rows, &copies).await?;
            let origin = |one: &Article| {
                let is_root = roots.values().any(|root| *root == one.id);
                is_root.then(|| desk.t("archive.article.origin").to_owned()).into_iter().collect()
            };
            copies.iter().map(|one| Line { notes: origin(one), ..line(desk, one, article, outlets) }).collect()
        }
    };
    Ok(Around { copies, story, near })
}

/// The article that the text of each group of copies comes from.
async fn roots(rows: &mut Rows, articles: &[Article]) -> Result<BTreeMap<CopyGroupId, ArticleId>, Error> {
    let groups: BTreeSet<CopyGroupId> = articles.iter().filter_map(|one| one.copy_group).collect();
    let groups: Vec<CopyGroupId> = groups.into_iter().collect();
    Ok(rows.list_copy_groups(&groups).await?.into_iter().map(|group| (group.id, group.root)).collect())
}

/// The story; `told` are its articles in the order of time.
async fn timeline(
    desk: &Desk,
    rows: &mut Rows,
    article: &Article,
    told: &[Article],
    outlets: &[Outlet],
) -> Result<Timeline, Error> {
    // a long story is shown around this article
    let at = told.iter().position(|one| one.id == article.id).unwrap_or_default();
    let from = at.saturating_sub(MOST_LISTED / 2).min(told.len().saturating_sub(MOST_LISTED));
    let shown = &told[from..told.len().min(from + MOST_LISTED)];
    let ids: Vec<ArticleId> = shown.iter().map(|one| one.id).collect();
    let roots = roots(rows, shown).await?;
    let derived: BTreeMap<ArticleId, ArticleId> = rows.list_derived(&ids).await?.into_iter().collect();
    let sources: Vec<ArticleId> = roots.values().chain(derived.values()).copied().collect();
    let sources: BTreeMap<ArticleId, OutletId> =
        rows.list_articles(&sources).await?.into_iter().map(|one| (one.id, one.outlet)).collect();
    let (used, releases) = releases(desk, rows, &ids).await?;
    let name = |id: &ArticleId| {
        let outlet = sources.get(id).and_then(|outlet| outlets.iter().find(|one| one.id == *outlet));
        outlet.map(|outlet| outlet.name.as_str()).unwrap_or_default()
    };
    let mut lines: Vec<(Timestamp, Line)> = releases.iter().map(|release| of_release(desk, release)).collect();
    for one in shown {
        let root = one.copy_group.and_then(|group| roots.get(&group));
        let mut notes = Vec::new();
        let mut note = |key, words: &str| notes.push(fill(desk.lang, key, &[("outlet", words)]));
        if Some(one.id) == told.first().map(|first| first.id) {
            note("archive.timeline.first", "");
        }
        match (root, derived.get(&one.id)) {
            (Some(root), _) if *root != one.id => note("archive.timeline.copy", name(root)),
            (_, Some(source)) if *source != one.id => note("archive.timeline.derived", name(source)),
            _ => {}
        }
        if used.iter().any(|found| found.article == one.id) {
            note("archive.timeline.uses_ours", "");
        }
        lines.push((one.dated(), Line { notes, ..line(desk, one, article, outlets) }));
    }
    // a release comes before what was made of it in the same minute
    lines.sort_by_key(|(at, line)| (*at, !line.ours));
    let mut last: Option<Timestamp> = None;
    for (at, line) in &mut lines {
        let apart = last.map_or(0, |last| last.day().until(at.day()).map_or(0, |span| i64::from(span.get_days())));
        line.gap =
            (apart >= GAP).then(|| plural(desk.lang, "archive.timeline.gap", usize::try_from(apart).unwrap_or(0)));
        last = Some(*at);
    }
    let by: BTreeSet<OutletId> = told.iter().map(|one| one.outlet).collect();
    let words = [
        ("articles", plural(desk.lang, "archive.found", told.len())),
        ("outlets", plural(desk.lang, "archive.timeline.outlets", by.len())),
    ];
    let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
    let more = |key, n: usize| (n > 0).then(|| plural(desk.lang, key, n));
    Ok(Timeline {
        summary: fill(desk.lang, "archive.timeline.summary", &words),
        before: more("archive.timeline.before", from),
        after: more("archive.timeline.after", told.len() - from - shown.len()),
        lines: lines.into_iter().map(|(_, line)| line).collect(),
    })
}

/// Which of the articles used a release that is public, and those releases; the same theme alone is no use of it.
async fn releases(desk: &Desk, rows: &mut Rows, ids: &[ArticleId]) -> Result<(Vec<Pickup>, Vec<Release>), Error> {
    let mut used = rows.list_pickup_by(ids).await?;
    used.retain(Pickup::counts);
    let numbers: BTreeSet<_> = used.iter().map(|found| found.release).collect();
    let numbers: Vec<_> = numbers.into_iter().collect();
    let mut releases = rows.find_releases(&numbers).await?;
    releases.retain(|release| is_public(release, desk.now));
    used.retain(|found| releases.iter().any(|release| release.id == found.release));
    Ok((used, releases))
}

fn of_release(desk: &Desk, release: &Release) -> (Timestamp, Line) {
    let at = release.public_at.unwrap_or(desk.now);
    let line = Line {
        href: desk.href(&format!("/desk/comunicati/{}", release.slug)),
        outlet: desk.t("archive.timeline.ours").to_owned(),
        title: release.title.clone(),
        datetime: at.rfc3339(),
        date: date::moment(at.civil(), desk.lang),
        here: false,
        notes: Vec::new(),
        gap: None,
        ours: true,
    };
    (at, line)
}

fn line(desk: &Desk, other: &Article, article: &Article, outlets: &[Outlet]) -> Line {
    let outlet = outlets.iter().find(|outlet| outlet.id == other.outlet);
    Line {
        href: desk.href(&format!("/desk/articoli/{}", other.id)),
        outlet: outlet.map(|outlet| outlet.name.clone()).unwrap_or_default(),
        title: other.title.clone(),
        datetime: other.dated().rfc3339(),
        date: date::moment(other.dated().civil(), desk.lang),
        here: other.id == article.id,
        notes: Vec::new(),
        gap: None,
        ours: false,
    }
}

/// What lies near in the archive: one article of each story, text and title, none of `known`.
async fn near(
    desk: &Desk,
    rows: &mut Rows,
    article: &Article,
    body: &ForeignText,
    known: &[ArticleId],
    outlets: &[Outlet],
) -> Result<Near, Error> {
    let later = Near { lines: Vec::new(), note: Some(desk.t("archive.near.later")) };
    let Ok(archive) = desk.site.archive() else { return Ok(later) };
    let found = match archive.related(article, body, known, ASKED).await {
        Ok(found) => found,
        Err(SearchError::Away(_)) => return Ok(later),
        Err(error) => {
            // the article is there all the same
            tracing::error!(%error, "what is near an article could not be found");
            return Ok(later);
        }
    };
    let ids: Vec<ArticleId> = found.iter().map(|hit| hit.article).collect();
    let articles: BTreeMap<ArticleId, Article> =
        rows.list_articles(&ids).await?.into_iter().map(|one| (one.id, one)).collect();
    let mut stories: BTreeSet<StoryId> = article.story.into_iter().collect();
    let mut texts: BTreeSet<CopyGroupId> = article.copy_group.into_iter().collect();
    let mut titles: BTreeSet<String> = BTreeSet::from([article.title.to_lowercase()]);
    let mut lines = Vec::new();
    for one in ids.iter().filter_map(|id| articles.get(id)).filter(|one| !one.is_taken_back()) {
        let new = one.story.is_none_or(|story| stories.insert(story))
            && one.copy_group.is_none_or(|group| texts.insert(group))
            && titles.insert(one.title.to_lowercase());
        if new && lines.len() < SHOWN {
            let day = date::short(one.dated().day(), desk.lang);
            lines.push(Line {
                date: day,
                datetime: one.dated().day().to_string(),
                ..line(desk, one, article, outlets)
            });
        }
    }
    Ok(Near { lines, note: None })
}

#[cfg(test)]
impl Line {
    /// A line of an invented town.
    pub(super) fn sample(here: bool, notes: &[&str]) -> Self {
        Self {
            href: "/ufficio-stampa/desk/articoli/2".into(),
            outlet: "Eco <del Lago>".into(),
            title: "Il ponte <b>chiude</b>".into(),
            datetime: "2026-11-22T07:10:00+01:00".into(),
            date: "22 novembre 2026, ore 07:10".into(),
            here,
            notes: notes.iter().map(|note| (*note).to_owned()).collect(),
            gap: None,
            ours: false,
        }
    }
}

#[cfg(test)]
impl Timeline {
    /// A story with all that can stand in it.
    pub(super) fn sample(lang: salastampa_locale::Lang) -> Self {
        let gap = Some(plural(lang, "archive.timeline.gap", 3));
        Self {
            summary: "3 articoli di <2> testate".into(),
            before: Some(plural(lang, "archive.timeline.before", 12)),
            after: Some(plural(lang, "archive.timeline.after", 1)),
            lines: vec![
                Line { ours: true, ..Line::sample(false, &[]) },
                Line::sample(false, &["per prima"]),
                Line { gap, ..Line::sample(true, &["ripresa di <Eco>", "riprende"]) },
            ],
        }
    }
}
