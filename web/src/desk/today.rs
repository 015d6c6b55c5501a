//! *Oggi*, the first page of the morning: what waits and how much of it, the next issues, what was read and what may have
//! been missed.

use super::chart::Chart;
use super::frame::Frame;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use salastampa_acts::curate;
use salastampa_acts::release::is_own;
use salastampa_acts::work::Sum;
use salastampa_domain::time::MINUTE;
use salastampa_domain::{
    Act, Alert, Edition, Health, IssueKey, Outlet, OutletId, Page, Period, Query, Source, Timestamp, may_sign_second,
};
use salastampa_index::Names;
use salastampa_locale::{Lang, date, fill, number, plural};
use salastampa_store::{DeliveryFilter, Rows};
use std::collections::{BTreeMap, BTreeSet};

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/oggi", get(show))
}

/// The first page.
#[derive(Template)]
#[template(path = "desk/today.html")]
pub(crate) struct TodayPage {
    frame: Frame,
    day: String,
    /// What waits for somebody, the most pressing first.
    waiting: Vec<Waiting>,
    editions: Vec<NextIssue>,
    alive: usize,
    /// What the last day usually brings, and what came.
    coverage: Option<String>,
    total: usize,
    ill: Vec<IllLine>,
    /// More ill sources than are shown.
    more_ill: usize,
    /// The two numbers of this month beside those of the last; none in a new office.
    work: Option<Work>,
    /// The last alerts of the day.
    alerts: Vec<AlertLine>,
    /// What was read in two weeks; none while the archive does not answer.
    volume: Option<Chart>,
}

/// Minutes of work an issue, and last month's numbers.
struct Work {
    minutes: String,
    before: Option<String>,
    alive_before: Option<String>,
}

/// Something that waits, with the page where it is done.
struct Waiting {
    words: String,
    href: String,
}

/// The next issue of an edition.
struct NextIssue {
    name: String,
    href: String,
    datetime: String,
    hour: String,
    /// How long until then.
    left: String,
}

/// An alert of today.
struct AlertLine {
    title: String,
    href: String,
    /// The watch and the outlet.
    about: String,
    datetime: String,
    hour: String,
    /// How long after it was published; none where the outlet does not say when that was.
    delay: Option<String>,
}

/// A source that does not answer.
struct IllLine {
    outlet: String,
    why: String,
    missed: Option<String>,
    datetime: String,
    since: String,
}

/// Most alerts that are named here.
const MOST_ALERTS: usize = 5;
/// Days of the chart.
const DAYS: i64 = 14;
/// Most ill sources that are named here.
const MOST_ILL: usize = 8;

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<TodayPage, Error> {
    let mut rows = desk.site.store.read().await?;
    let mut waiting = Vec::new();
    let all_editions = rows.list_editions().await?;
    if desk.may(Act::Curate) {
        for edition in all_editions.iter().filter(|edition| curate::sees(&desk.user, edition)) {
            waiting.extend(candidates(desk, &mut rows, edition).await?);
        }
    }
    let submitted = rows.list_releases_in(&["in_review"]).await?;
    // one's own text waits for another, unless the office is one person
    let alone = desk.site.house.one_person && desk.election().is_none();
    let mut in_review = 0;
    for release in &submitted {
        in_review += usize::from(alone || !is_own(&mut rows, release, desk.user.id).await?);
    }
    if in_review > 0 && desk.may(Act::Approve) {
        waiting.push(Waiting {
            words: plural(desk.lang, "desk.today.to_approve", in_review),
            href: desk.href("/desk/comunicati?stato=in_review"),
        });
    }
    waiting.extend(in_election_time(desk, &mut rows).await?);
    let paused = rows.list_pauses().await?.len();
    if paused > 0 && desk.may(Act::KeepContacts) {
        waiting.push(Waiting { words: plural(desk.lang, "desk.today.paused", paused), href: desk.href("/desk/invii") });
    }
    let unseen = curate::unseen(&mut rows, &desk.user).await?;
    let uncertain = DeliveryFilter { state: Some("uncertain".into()), unseen, ..DeliveryFilter::default() };
    let uncertain = rows.list_deliveries_page(&uncertain, None, 100).await?.len();
    if uncertain > 0 && desk.may(Act::KeepContacts) {
        waiting.push(Waiting {
            words: plural(desk.lang, "desk.today.uncertain", uncertain),
            href: desk.href("/desk/invii?stato=uncertain"),
        });
    }
    if desk.may(Act::KeepContacts) {
        let suspended = rows.list_suspended_addresses().await?;
        let undecided = suspended.iter().filter(|known| known.confirmed_at.is_none()).count();
        let tray = rows.count_inbound_waiting().await?;
        waiting.extend(not_reached(desk, &mut rows).await?);
        waiting.extend(
            super::contacts::waiting(desk, &mut rows).await?.into_iter().map(|(words, href)| Waiting { words, href }),
        );
        for (n, key) in [(undecided, "returned.today.suspended"), (tray, "returned.today.tray")] {
            if n > 0 {
                waiting.push(Waiting { words: plural(desk.lang, key, n), href: desk.href("/desk/posta-tornata") });
            }
        }
    }
    let mut editions = Vec::new();
    for edition in all_editions.into_iter().filter(|edition| curate::sees(&desk.user, edition)) {
        let Some(slot) = edition.next() else { continue };
        let at = slot.instant();
        editions.push(NextIssue {
            href: desk.href(&format!("/desk/ritagli?edizione={}", edition.slug)),
            name: edition.name,
            datetime: at.rfc3339(),
            hour: date::moment(at.civil(), desk.lang),
            left: left(at, desk.now, desk.lang),
        });
    }
    editions.sort_by(|a, b| a.datetime.cmp(&b.datetime));
    let outlets: BTreeMap<OutletId, Outlet> = rows.list_outlets().await?.into_iter().map(|o| (o.id, o)).collect();
    let sources: Vec<Source> = rows.list_sources().await?.into_iter().filter(Source::is_active).collect();
    let ill: Vec<IllLine> = sources
        .iter()
        .filter_map(|source| ill_line(source, &outlets, desk.site.house.patron, desk.now, desk.lang))
        .collect();
    let alive = sources.iter().filter(|source| source.health.is_alive()).count();
    let coverage = salastampa_acts::sources::coverage(&mut rows, &sources, desk.site.house.patron, desk.now)
        .await?
        .sentence(desk.lang);
    let alerts = alerts(desk, &mut rows, &outlets).await?;
    let work = super::quality::months(desk, &mut rows).await?.map(|months| work(&months, desk.lang));
    drop(rows);
    Ok(TodayPage {
        work,
        alerts,
        volume: volume(desk).await,
        frame: desk.frame(desk.t("desk.menu.today")),
        day: date::long(desk.now.day(), desk.lang),
        waiting,
        editions,
        alive,
        coverage,
        total: sources.len(),
        more_ill: ill.len().saturating_sub(MOST_ILL),
        ill: ill.into_iter().take(MOST_ILL).collect(),
    })
}

/// Readers whose mail comes back: one by name, several as a number.
async fn not_reached(desk: &Desk, rows: &mut Rows) -> Result<Option<Waiting>, Error> {
    let returned = salastampa_acts::receive::readers_returned(rows, desk.now).await?;
    let Some((reader, _)) = returned.values().next() else { return Ok(None) };
    Ok(Some(match returned.len() {
        1 => Waiting {
            words: fill(desk.lang, "returned.today.reader", &[("name", &reader.name)]),
            href: desk.href(&format!("/desk/destinatari/{}", reader.slug)),
        },
        n => Waiting { words: plural(desk.lang, "returned.today.readers", n), href: desk.href("/desk/destinatari") },
    }))
}

/// Releases that election time has held back, by name, and those that wait for this person's second signature.
async fn in_election_time(desk: &Desk, rows: &mut Rows) -> Result<Vec<Waiting>, Error> {
    let mut waiting = Vec::new();
    let mut to_sign = Vec::new();
    if !desk.may(Act::Write) && !may_sign_second(&desk.user) {
        return Ok(waiting);
    }
    for release in rows.list_releases_in(&["approved"]).await? {
        let Some(approved) = release.state.approved() else { continue };
        let href = desk.href(&format!("/desk/comunicati/{}", release.slug));
        if approved.held.is_some() && desk.may(Act::Write) {
            let words = fill(desk.lang, "election.today.held", &[("title", &release.title)]);
            waiting.push(Waiting { words, href: href.clone() });
        }
        let own = [approved.by, release.author].contains(&desk.user.id);
        if approved.second.is_none()
            && !own
            && may_sign_second(&desk.user)
            && (desk.election().is_some() || approved.held.is_some())
        {
            to_sign.push(href);
        }
    }
    if let Some(first) = to_sign.first() {
        let many = || desk.href("/desk/comunicati?stato=approved");
        let href = if to_sign.len() == 1 { first.clone() } else { many() };
        waiting.push(Waiting { words: plural(desk.lang, "election.today.sign", to_sign.len()), href });
    }
    Ok(waiting)
}

/// The two numbers of this month and the one before.
fn work((now, then): &(Sum, Sum), lang: Lang) -> Work {
    let minutes = |sum: &Sum| super::quality::minutes(sum.per_issue(), lang);
    let share = |share| fill(lang, "quality.today_alive", &[("share", &number::percent(share, lang))]);
    Work {
        minutes: minutes(now),
        before: then.per_issue().map(|_| fill(lang, "quality.today_before", &[("minutes", &minutes(then))])),
        alive_before: then.alive_share().map(share),
    }
}

/// What of the next issue of an edition nobody has decided.
async fn candidates(desk: &Desk, rows: &mut Rows, edition: &Edition) -> Result<Option<Waiting>, Error> {
    let Some(slot) = edition.next() else { return Ok(None) };
    let key = IssueKey { edition: edition.id, slot };
    let table = curate::table(rows, edition, key, desk.now).await?;
    let open = table.open();
    let words = |n| format!("{}: {}", plural(desk.lang, "desk.today.to_decide", n), edition.name);
    let href = desk.href(&format!("/desk/ritagli?edizione={}&vista=da-decidere", edition.slug));
    Ok((open > 0).then(|| Waiting { words: words(open), href }))
}

/// The alerts of the day, one line a story, with how late each was.
async fn alerts(desk: &Desk, rows: &mut Rows, outlets: &BTreeMap<OutletId, Outlet>) -> Result<Vec<AlertLine>, Error> {
    let today = Period::days(desk.now.day(), desk.now.day());
    let mut raised = rows.list_alerts_of_period(today, 200).await?;
    let mut told = BTreeSet::new();
    raised.retain(|alert| told.insert(alert.story));
    raised.truncate(MOST_ALERTS);
    let ids: Vec<_> = raised.iter().map(|alert| alert.article).collect();
    let articles: BTreeMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let watches: BTreeMap<_, _> = rows.list_watches().await?.into_iter().map(|w| (w.id, w.name)).collect();
    let line = |alert: &Alert| {
        let article = articles.get(&alert.article)?;
        let watch = watches.get(&alert.watch).map_or("", String::as_str);
        let outlet = outlets.get(&article.outlet).map_or("", |outlet| &outlet.name);
        let minutes = article.published_at.map(|at| alert.at.since(at).max(0) / MINUTE);
        Some(AlertLine {
            title: article.title.clone(),
            href: desk.href(&format!("/desk/articoli/{}", article.id)),
            about: format!("{watch} · {outlet}"),
            datetime: alert.at.rfc3339(),
            hour: date::time(alert.at.civil().time()),
            delay: minutes.map(|m| fill(desk.lang, "desk.today.delay", &[("length", &length(m, desk.lang))])),
        })
    };
    Ok(raised.iter().filter_map(line).collect())
}

/// Articles by day. The page of the morning does not wait for an archive that fails: it goes without.
async fn volume(desk: &Desk) -> Option<Chart> {
    let last = desk.now.day();
    let first = last.checked_sub(jiff::Span::new().days(DAYS - 1)).ok()?;
    let query =
        Query { period: Some(Period::days(first, last)), page: Page { size: 1, after: None }, ..Query::text("") };
    let archive = desk.site.archive().ok()?;
    let hits = archive.search(&query, &Names::new(&[], &[]), desk.now).await;
    let hits = hits.map_err(|error| tracing::error!(%error, "the archive did not count")).ok()?;
    let title = plural(desk.lang, "desk.today.volume", usize::try_from(DAYS).unwrap_or(0));
    let link = |from: Date, to: Date| Some(desk.href(&format!("/desk/archivio?dal={from}&al={to}")));
    Some(Chart::over("volume", title, &hits.by_day, (first, last), desk.lang, link))
}

fn ill_line(
    source: &Source,
    outlets: &BTreeMap<OutletId, Outlet>,
    patron: Option<(i8, i8)>,
    now: Timestamp,
    lang: Lang,
) -> Option<IllLine> {
    let (since, why) = match (&source.health, source.learned.quiet) {
        (Health::New | Health::Alive | Health::Failing { .. }, Some(quiet)) => {
            (quiet.since, salastampa_locale::t(lang, "sources.mood.quiet").to_owned())
        }
        (health, _) => told_by(health)?,
    };
    Some(IllLine {
        outlet: outlets.get(&source.outlet).map_or_else(|| source.slug.clone(), |outlet| outlet.name.clone()),
        why: salastampa_acts::sources::why(&why, lang),
        missed: salastampa_acts::sources::missed(source, patron, now, lang),
        datetime: since.rfc3339(),
        since: date::moment(since.civil(), lang),
    })
}

/// Since when a source is not read, and why.
fn told_by(health: &Health) -> Option<(Timestamp, String)> {
    Some(match health {
        Health::New | Health::Alive | Health::Failing { .. } => return None,
        Health::Ill { since, why, .. } | Health::Blocked { since, why } => (*since, why.clone()),
        Health::Forbidden { since } => (*since, "robots.txt".to_owned()),
    })
}

/// *tra 2 h 5 min*; an issue whose hour has come leaves now.
fn left(at: Timestamp, now: Timestamp, lang: Lang) -> String {
    match at.since(now) / MINUTE {
        minutes if minutes < 1 => salastampa_locale::t(lang, "desk.today.now").to_owned(),
        minutes => fill(lang, "desk.today.left", &[("length", &length(minutes, lang))]),
    }
}

fn length(minutes: i64, lang: Lang) -> String {
    let (h, m) = ((minutes / 60).to_string(), (minutes % 60).to_string());
    match minutes {
        0..60 => fill(lang, "duration.minutes", &[("m", &m)]),
        _ => fill(lang, "duration.hours_minutes", &[("h", &h), ("m", &m)]),
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = TodayPage {
        frame: Frame::sample(lang, salastampa_locale::t(lang, "desk.menu.today"), "/desk/oggi"),
        day: date::long(jiff::civil::date(2026, 11, 24), lang),
        waiting: vec![Waiting { words: plural(lang, "desk.today.to_approve", 2), href: "/desk/comunicati".into() }],
        editions: vec![NextIssue {
            name: "Rassegna generale".into(),
            href: "/desk/ritagli?edizione=generale".into(),
            datetime: "2026-11-24T07:00:00+01:00".into(),
            hour: date::moment(jiff::civil::date(2026, 11, 24).at(7, 0, 0, 0), lang),
            left: "2 h".into(),
        }],
        alive: 15,
        coverage: Some("Attese 10".into()),
        total: 16,
        ill: vec![IllLine {
            outlet: "Cronache <del Nord>".into(),
            why: "timeout".into(),
            missed: Some("circa <3>".into()),
            datetime: "2026-11-23T05:00:00+01:00".into(),
            since: "23 novembre".into(),
        }],
        more_ill: 1,
        work: Some(Work { minutes: "4,8".into(), before: Some("<6,1>".into()), alive_before: Some("<93%>".into()) }),
        alerts: vec![AlertLine {
            title: "Frana <sulla> provinciale".into(),
            href: "/desk/articoli/5".into(),
            about: "Emergenze · Agenzia".into(),
            datetime: "2026-11-24T06:10:00+01:00".into(),
            hour: "06:10".into(),
            delay: Some("2 min".into()),
        }],
        volume: None,
    };
    vec![("today", page.render().expect("a template over strings"))]
}
