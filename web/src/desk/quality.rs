//! *Qualità*: the two numbers of the office by month, and how good the proposals were by week and for each edition.
//!
//! All of it is a sum of rows that were written when each issue left ([`salastampa_acts::work`]). Nobody's own time is
//! shown. Left out: a clock for people, opens of mails (nobody is watched).

use super::frame::Frame;
use super::session::{Desk, kept_nowhere};
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::civil::Date;
use salastampa_acts::work::{Sum, Tones, by_edition, csv, grouped, month_of, tones, week_of};
use salastampa_domain::time::{DAY, MINUTE};
use salastampa_domain::{Act, Edition, EditionId, IssueWork, Period, Slot, Timestamp};
use salastampa_locale::{Lang, date, fill, number};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/qualita", get(show)).route("/desk/qualita/numeri.csv", get(table))
}

/// Days that the page looks back.
const DAYS: i64 = 400;
/// Weeks that are shown.
const WEEKS: usize = 12;
/// Months that are shown.
const MONTHS: usize = 13;
/// Days of which each edition's numbers are the sum.
const LATELY: i64 = 90;

/// The two numbers, and the quality of the proposals.
#[derive(Template)]
#[template(path = "desk/quality.html")]
pub(crate) struct QualityPage {
    frame: Frame,
    months: Vec<Line>,
    weeks: Vec<Line>,
    editions: Vec<Line>,
}

/// One month, week or edition in words.
struct Line {
    when: String,
    issues: i64,
    minutes: String,
    alive: String,
    precision: String,
    recall: String,
    first: String,
    added: i64,
    tones: [i64; 3],
}

/// Minutes with one decimal; a dash where nobody worked.
pub(crate) fn minutes(milliseconds: Option<i64>, lang: Lang) -> String {
    let tenths = |ms: i64| number::decimal(ms as f64 / MINUTE as f64, 1, lang);
    milliseconds.map_or_else(|| "–".to_owned(), tenths)
}

fn share(thousandths: Option<i64>, lang: Lang) -> String {
    thousandths.map_or_else(|| "–".to_owned(), |share| number::percent(share, lang))
}

fn line(when: String, sum: &Sum, lang: Lang) -> Line {
    Line {
        when,
        issues: sum.issues,
        minutes: minutes(sum.per_issue(), lang),
        alive: share(sum.alive_share(), lang),
        precision: share(sum.precision(), lang),
        recall: share(sum.recall(), lang),
        first: share(sum.precision_of_first(), lang),
        added: sum.added,
        tones: sum.tones,
    }
}

/// `novembre 2026`.
pub(crate) fn month(first: Date, lang: Lang) -> String {
    format!("{} {}", date::month(first, lang), first.year())
}

/// The issues that this person may see, of the time that the page looks back.
async fn work(desk: &Desk, rows: &mut Rows) -> Result<(Vec<IssueWork>, BTreeMap<EditionId, Edition>), Error> {
    let editions = rows.list_editions().await?;
    let seen = editions.into_iter().filter(|edition| salastampa_acts::curate::sees(&desk.user, edition));
    let names: BTreeMap<EditionId, Edition> = seen.map(|edition| (edition.id, edition)).collect();
    let period = Period { from: desk.now.plus(-DAYS * DAY), to: Timestamp(i64::MAX) };
    let work = rows.list_issue_work(period).await?.into_iter().filter(|one| names.contains_key(&one.edition)).collect();
    Ok((work, names))
}

/// The hour of the first issue whose stances are counted: some days before the work, because an issue may leave late.
fn since(desk: &Desk) -> Slot {
    Slot::of(desk.now.plus(-(DAYS + 7) * DAY))
}

/// This month and the one before, for the first page of the desk; none where nothing left in either.
pub(crate) async fn months(desk: &Desk, rows: &mut Rows) -> Result<Option<(Sum, Sum)>, Error> {
    let (work, _) = work(desk, rows).await?;
    let this = month_of(desk.now.day());
    let before = month_of(this.yesterday().unwrap_or(this));
    let of = |first: Date| Sum::of(work.iter().filter(|one| month_of(one.at.day()) == first), &Tones::new());
    let (now, then) = (of(this), of(before));
    Ok((now.issues + then.issues > 0).then_some((now, then)))
}

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<QualityPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let (work, names) = work(desk, &mut rows).await?;
    let tones = tones(&mut rows, since(desk)).await?;
    let lang = desk.lang;
    let months =
        grouped(&work, &tones, month_of).into_iter().take(MONTHS).map(|(day, sum)| line(month(day, lang), &sum, lang));
    let week = |day: Date| fill(lang, "quality.week", &[("day", &date::short(day, lang))]);
    let weeks = grouped(&work, &tones, week_of).into_iter().take(WEEKS).map(|(day, sum)| line(week(day), &sum, lang));
    let lately: Vec<IssueWork> = work.iter().filter(|one| one.at >= desk.now.plus(-LATELY * DAY)).cloned().collect();
    let name = |id: &EditionId| names.get(id).map(|edition| edition.name.clone()).unwrap_or_default();
    let editions = by_edition(&lately, &tones).into_iter().map(|(id, sum)| line(name(&id), &sum, lang));
    Ok(QualityPage {
        frame: desk.frame(desk.t("quality.title")),
        months: months.collect(),
        weeks: weeks.collect(),
        editions: editions.collect(),
    })
}

async fn table(desk: Desk) -> Response {
    let made = async {
        desk.must(Act::Read)?;
        let mut rows = desk.site.store.read().await?;
        let (work, names) = work(&desk, &mut rows).await?;
        let tones = tones(&mut rows, since(&desk)).await?;
        Ok::<_, Error>(csv(&work, &tones, |one| {
            names.get(&one.edition).map(|edition| edition.slug.clone()).unwrap_or_default()
        }))
    };
    match made.await {
        Ok(text) => {
            let name = format!("attachment; filename=\"numeri-{}.csv\"", desk.now.day());
            let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
            kept_nowhere((headers, text).into_response())
        }
        Err(error) => desk.no_page(&error),
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let sum = Sum {
        issues: 20,
        worked: 18,
        active_ms: 90 * MINUTE,
        alive: 290,
        total: 300,
        kept: 80,
        dropped: 9,
        added: 3,
        first: 180,
        first_kept: 171,
        tones: [4, 9, 2],
    };
    let day = jiff::civil::date(2026, 11, 1);
    let week = fill(lang, "quality.week", &[("day", &date::short(day, lang))]);
    let page = |months, weeks, editions| QualityPage {
        frame: Frame::sample(lang, salastampa_locale::t(lang, "quality.title"), "/desk/qualita"),
        months,
        weeks,
        editions,
    };
    let full = page(
        vec![line(month(day, lang), &sum, lang)],
        vec![line(week, &Sum::default(), lang)],
        vec![line("Rassegna <scuola>".into(), &sum, lang)],
    );
    [("quality", full), ("quality, none", page(Vec::new(), Vec::new(), Vec::new()))]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into()
}
