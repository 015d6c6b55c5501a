//! *I tempi degli avvisi*: week by week, how long from when an article was first seen until a server took the mail.

use super::super::frame::Frame;
use super::super::session::Desk;
use crate::answer::Error;
use askama::Template;
use axum::response::Response;
use salastampa_acts::alert::latency::{Week, weeks};
use salastampa_domain::Act;
use salastampa_locale::{Lang, date, fill, number};

/// So many weeks.
const WEEKS: usize = 12;

/// The figures, week by week.
#[derive(Template)]
#[template(path = "desk/alert_times.html")]
pub(crate) struct TimesPage {
    frame: Frame,
    weeks: Vec<Line>,
}

struct Line {
    week: String,
    /// Count, median, p95, p99, slowest, over ten seconds, over thirty.
    cells: [String; 7],
    /// More than one in twenty took longer than ten seconds, or one longer than thirty.
    bad: bool,
}

pub(super) async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<TimesPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let weeks = weeks(&mut rows, WEEKS, desk.now).await?;
    Ok(TimesPage {
        frame: desk.frame(desk.t("curation.times.title")),
        weeks: weeks.iter().filter(|w| w.latency.count + w.latency.over_30 > 0).map(|w| line(w, desk.lang)).collect(),
    })
}

fn line(week: &Week, lang: Lang) -> Line {
    let told = &week.latency;
    let count = |n: usize| number::whole(i64::try_from(n).unwrap_or(i64::MAX), lang);
    let time = |milliseconds: i64| match told.count {
        0 => "–".to_owned(),
        _ => number::duration(milliseconds, lang),
    };
    Line {
        week: fill(lang, "curation.times.week", &[("day", &date::short(week.monday, lang))]),
        cells: [
            count(told.count),
            time(told.median),
            time(told.p95),
            time(told.p99),
            time(told.max),
            count(told.over_10),
            count(told.over_30),
        ],
        bad: told.p95 > 10_000 || told.over_30 > 0,
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_domain::Latency;
    let page = |weeks: Vec<Line>| {
        let frame = Frame::sample(lang, salastampa_locale::t(lang, "curation.times.title"), "/desk/avvisi");
        TimesPage { frame, weeks }.render().expect("a template over strings")
    };
    let monday = jiff::civil::date(2026, 11, 23);
    let week = |times: Vec<i64>| line(&Week { monday, latency: Latency::of(times, 0) }, lang);
    vec![
        ("alert times", page(vec![week(vec![2_000, 4_000, 45_000]), week(vec![1_000])])),
        ("alert times, none", page(Vec::new())),
    ]
}
