//! What a query finds in the last thirty days: how much, when, where, and a sample. Nothing is written.

use super::sample::drawn;
use crate::answer::Error;
use crate::desk::Desk;
use crate::desk::archive::{Asked, Hit, LONGEST_LINK, found, notice_words};
use crate::desk::chart::Chart;
use jiff::ToSpan;
use jiff::civil::Date;
use salastampa_acts::grade;
use salastampa_acts::watch::form::may_be_a_name;
use salastampa_domain::{ArticleId, Grading, Page, Period, Query, Sort, Timestamp, Urgency, Watch, WatchId};
use salastampa_index::{Highlighter, Names, SearchError};
use salastampa_locale::{fill, number, plural};
use salastampa_store::Rows;

/// Days of a preview, today included.
const DAYS: i32 = 30;
/// Articles of the sample.
const SAMPLE: usize = 10;
/// Articles that a change adds or takes away, as shown.
const CHANGED: usize = 5;
/// Outlets that are named.
const OUTLETS: usize = 5;
/// A watch that takes more than one in so many of all articles chooses little: our choice.
const SHARE: u64 = 5;
/// So many a day a person reads, whatever share of a small press they are: our choice.
const FEW: u64 = 10;

/// What a query finds.
#[derive(Clone, Debug)]
pub(crate) struct Preview {
    /// `120 articoli in 30 giorni, in media 4 al giorno`.
    pub(crate) words: String,
    /// Why it is more than somebody reads, if it is.
    pub(crate) too_wide: Option<String>,
    /// What its terms, its minimum and its bounds leave of that.
    pub(crate) graded: Option<String>,
    pub(crate) notices: Vec<String>,
    /// What a change of the query adds and takes away.
    pub(crate) change: Option<String>,
    /// The newest of those that the change adds, and of those that it takes away.
    pub(crate) gained: Vec<Hit>,
    pub(crate) lost: Vec<Hit>,
    pub(crate) outlets: Vec<String>,
    pub(crate) chart: Option<Chart>,
    /// The newest ones.
    pub(crate) hits: Vec<Hit>,
    /// Some by lot.
    pub(crate) lot: Vec<Hit>,
    /// Number of articles.
    pub(crate) total: u64,
}

/// The first and the last day of a preview.
pub(crate) fn days(now: Timestamp) -> (Date, Date) {
    let today = now.day();
    (today.saturating_sub((DAYS - 1).days()), today)
}

fn last_days(now: Timestamp, text: &str, size: usize) -> Query {
    let (first, last) = days(now);
    let page = Page { size, after: None };
    Query { period: Some(Period::days(first, last)), sort: Sort::Newest, page, ..Query::text(text) }
}

/// What a query finds; none where it cannot be asked. `before` is the query that it would take the place of.
pub(crate) async fn of(
    desk: &Desk,
    rows: &mut Rows,
    watch: Option<&Watch>,
    text: &str,
    before: Option<&str>,
) -> Result<Option<Preview>, Error> {
    let outlets = rows.list_outlets().await?;
    let names = Names::new(&outlets, &rows.list_watches().await?);
    let archive = desk.site.archive()?;
    let hits = match archive.search(&last_days(desk.now, text, SAMPLE), &names, desk.now).await {
        Ok(hits) => hits,
        // a query that was good when it was saved may name what is gone; an archive that is built anew counts later
        Err(SearchError::Query(_) | SearchError::Away(_)) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let all = Query { counts: false, ..last_days(desk.now, "", 0) };
    let arrived = archive.search(&all, &names, desk.now).await.map_or(0, |all| all.total);
    let change = match before {
        Some(before) => change(desk, &names, text, before).await?,
        None => None,
    };
    let (change, [gained, lost]) = change.map_or_else(Default::default, |(words, ids)| (Some(words), ids));
    let marker = Highlighter::new(text, &names, desk.now).unwrap_or_default();
    let ids: Vec<ArticleId> = hits.hits.iter().map(|hit| hit.article).collect();
    let lot = match hits.total > SAMPLE as u64 {
        true => by_lot(desk, &names, text, &hits.by_day, &ids).await?,
        false => Vec::new(),
    };
    let notices = salastampa_acts::meant::as_written(rows, hits.notices).await?;
    let mut notices: Vec<String> = notices.iter().map(|notice| notice_words(desk.lang, notice)).collect();
    if may_be_a_name(text) {
        let word = text.trim();
        notices.push(fill(desk.lang, "archive.preview.name", &[("word", word)]));
    }
    let (first, last) = days(desk.now);
    // the days lead to the archive: by the watch where it is saved so, by the words where they are only tried
    let asked = match watch.filter(|watch| watch.query == text.trim()) {
        Some(watch) => Asked { tema: watch.slug.clone(), ..Asked::default() },
        None => Asked::text(text.trim()),
    };
    let link = |first: Date, last: Date| {
        let path = asked.between(first, last).path();
        (path.len() <= LONGEST_LINK).then(|| desk.href(&path))
    };
    let total = usize::try_from(hits.total).unwrap_or(usize::MAX);
    let mut by_outlet = hits.by_outlet.clone();
    by_outlet.sort_by_key(|(id, n)| (std::cmp::Reverse(*n), *id));
    let named = by_outlet.iter().take(OUTLETS).filter_map(|(id, n)| {
        let outlet = outlets.iter().find(|outlet| outlet.id == *id)?;
        Some(format!("{} ({})", outlet.name, number::whole(i64::try_from(*n).unwrap_or(i64::MAX), desk.lang)))
    });
    let title = desk.t("archive.preview.chart").to_owned();
    Ok(Some(Preview {
        words: fill(
            desk.lang,
            "archive.preview.words",
            &[
                ("found", &plural(desk.lang, "archive.found", total)),
                ("mean", &number::decimal(total as f64 / f64::from(DAYS), 1, desk.lang)),
            ],
        ),
        too_wide: too_wide(desk, hits.total, arrived),
        graded: None,
        notices,
        change,
        gained: found(desk, rows, &gained, &outlets, &marker, text).await?,
        lost: found(desk, rows, &lost, &outlets, &marker, before.unwrap_or(text)).await?,
        outlets: named.collect(),
        chart: (total > 0).then(|| Chart::over("prova", title, &hits.by_day, (first, last), desk.lang, link)),
        hits: found(desk, rows, &ids, &outlets, &marker, text).await?,
        lot: found(desk, rows, &lot, &outlets, &marker, text).await?,
        total: hits.total,
    }))
}

/// What terms, minimum and bounds leave of the last days, in a sentence; none of a watch that has none of them.
pub(crate) async fn graded(
    desk: &Desk,
    rows: &mut Rows,
    text: &str,
    grading: Grading,
    weight: u8,
) -> Result<Option<String>, Error> {
    if grading.is_plain() {
        return Ok(None);
    }
    let names = Names::new(&rows.list_outlets().await?, &rows.list_watches().await?);
    let asked = Query { counts: false, ..last_days(desk.now, text, grade::MOST_TRIED) };
    let found = match desk.site.archive()?.search(&asked, &names, desk.now).await {
        Ok(hits) => hits.hits.into_iter().map(|hit| hit.article).collect::<Vec<_>>(),
        Err(SearchError::Query(_) | SearchError::Away(_)) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let watch = Watch {
        id: WatchId(0),
        slug: String::new(),
        name: String::new(),
        query: text.trim().to_owned(),
        weight,
        urgency: Urgency::Review,
        hold: 0,
        grading,
        retired_at: None,
    };
    let trial = grade::try_on(rows, &watch, &found, &desk.site.house.town, desk.now).await?;
    let told = |n: usize| number::whole(i64::try_from(n).unwrap_or(i64::MAX), desk.lang);
    let args = [
        ("read", told(trial.read)),
        ("taken", told(trial.taken)),
        ("light", told(trial.light)),
        ("alike", told(trial.alike)),
        ("over", told(trial.over)),
    ];
    let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
    Ok(Some(fill(desk.lang, "archive.grading.tried", &args)))
}

/// What is said of a watch that finds so many of all that arrived, if that is too much: more a day than the office says
/// that it reads, or a large share of everything.
fn too_wide(desk: &Desk, found: u64, arrived: u64) -> Option<String> {
    let days = u64::from(DAYS.unsigned_abs());
    let most = u64::from(desk.site.house.wide_watch);
    is_too_wide(found, arrived, most).then(|| {
        let told = |n: u64| number::whole(i64::try_from(n).unwrap_or(i64::MAX), desk.lang);
        let share = told(100 * found / arrived.max(1));
        let args =
            [("mean", told(found / days)), ("share", share), ("most", told(most)), ("fraction", SHARE.to_string())];
        let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
        fill(desk.lang, "archive.preview.too_wide", &args)
    })
}

fn is_too_wide(found: u64, arrived: u64, most: u64) -> bool {
    let days = u64::from(DAYS.unsigned_abs());
    found > most * days || (found > FEW * days && found.saturating_mul(SHARE) > arrived)
}

/// Ten hits by lot, but for those that are shown as the newest.
async fn by_lot(
    desk: &Desk,
    names: &Names,
    text: &str,
    by_day: &[(Date, u64)],
    newest: &[ArticleId],
) -> Result<Vec<ArticleId>, Error> {
    let mut ids = Vec::new();
    let places = drawn(text.trim(), by_day, SAMPLE);
    for day in places.chunk_by(|one, other| one.0 == other.0) {
        let Some(deepest) = day.iter().map(|(_, at)| *at).max() else { continue };
        let query = last_days(desk.now, text, deepest + 1);
        let query = Query { period: Some(Period::days(day[0].0, day[0].0)), ..query };
        let hits = desk.site.archive()?.search(&query, names, desk.now).await?.hits;
        let chosen = day.iter().filter_map(|(_, at)| hits.get(*at)).map(|hit| hit.article);
        ids.extend(chosen.filter(|id| !newest.contains(id)));
    }
    Ok(ids)
}

/// What a change of the query adds and takes away: the counts in a sentence, and the newest of both.
async fn change(
    desk: &Desk,
    names: &Names,
    text: &str,
    before: &str,
) -> Result<Option<(String, [Vec<ArticleId>; 2])>, Error> {
    let mut counts = [0, 0];
    let mut samples = [Vec::new(), Vec::new()];
    for (at, (one, other)) in [(text, before), (before, text)].into_iter().enumerate() {
        let query = last_days(desk.now, &format!("({one}) NOT ({other})"), CHANGED);
        match desk.site.archive()?.search(&query, names, desk.now).await {
            Ok(hits) => {
                counts[at] = usize::try_from(hits.total).unwrap_or(usize::MAX);
                samples[at] = hits.hits.into_iter().map(|hit| hit.article).collect();
            }
            Err(SearchError::Query(_) | SearchError::Away(_)) => return Ok(None),
            Err(other) => return Err(other.into()),
        }
    }
    let words = [
        ("gained", plural(desk.lang, "archive.preview.gained", counts[0])),
        ("lost", plural(desk.lang, "archive.preview.lost", counts[1])),
    ];
    let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
    Ok(Some((fill(desk.lang, "archive.preview.change", &words), samples)))
}

#[cfg(test)]
impl Preview {
    pub(crate) fn sample(lang: salastampa_locale::Lang) -> Self {
        let found = plural(lang, "archive.found", 34);
        Self {
            words: fill(lang, "archive.preview.words", &[("found", &found), ("mean", "1,1")]),
            too_wide: Some("Troppo <largo>".into()),
            graded: Some("Ne <entrano> 12".into()),
            notices: vec!["«il» <b>".into()],
            change: Some(plural(lang, "archive.preview.gained", 3)),
            outlets: vec!["Il <Lago> (12)".into()],
            chart: Some(Chart::sample(lang)),
            gained: vec![Hit::sample(2, 0)],
            lost: vec![Hit::sample(3, 0)],
            hits: vec![Hit::sample(1, 0)],
            lot: vec![Hit::sample(4, 0)],
            total: 34,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_too_wide;

    #[test]
    fn too_wide_is_what_the_office_does_not_read_or_a_large_share_of_what_arrives() {
        for (a_day, of, most, wide) in [
            (51, 5_000, 50, true),
            (50, 5_000, 50, false),
            // a small press: every fourth article, but few of them
            (5, 20, 50, false),
            (11, 50, 50, true),
            (11, 60, 50, false),
            // an office that reads much
            (80, 1_000, 100, false),
            (80, 300, 100, true),
            (0, 0, 50, false),
        ] {
            assert_eq!(is_too_wide(a_day * 30, of * 30, most), wide, "{a_day} of {of}");
        }
    }
}
