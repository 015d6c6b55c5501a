//! One source: how it fares and what to do, what may be set, its last visits.

use super::learned;
use super::list::{Badge, badge, name_of, with_missed};
use super::words;
use crate::Site;
use crate::answer::Error;
use crate::desk::contacts::Options;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::session::Desk;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::sources::{self, outcome, remedy};
use salastampa_acts::{Denied, desk::name_of as who};
use salastampa_domain::time::{DAY, MINUTE};
use salastampa_domain::{Act, ErrandKind, Event, Origin, Setting, Source, SourceKind, Visit};
use salastampa_locale::{Lang, fill, number, plural, t};
use salastampa_store::Rows;

/// Visits and lines of the log that are shown.
const SHOWN: usize = 20;
/// Articles whose delay is looked at.
const LAGS: usize = 100;
/// So long a wished visit is worth telling.
const RECENT: i64 = 60 * MINUTE;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/fonti/{slug}", get(show))
        .route("/desk/fonti/{slug}/visita", post(visit))
        .route("/desk/fonti/{slug}/pausa", post(pause))
        .route("/desk/fonti/{slug}/riprendi", post(resume))
        .route("/desk/fonti/{slug}/imposta", post(set))
        .route("/desk/fonti/{slug}/dichiarato", post(restore))
        .route("/desk/fonti/{slug}/ritira", post(retire))
        .route("/desk/fonti/{slug}/riporta", post(revive))
        .route("/desk/fonti/{slug}/indirizzo", post(relocate))
}

/// The page of a source.
#[derive(Template)]
#[template(path = "desk/sources/one.html")]
pub(crate) struct SourcePage {
    frame: Frame,
    slug: String,
    url: String,
    administers: bool,
    mood: Badge,
    sentence: String,
    remedy: Option<&'static str>,
    /// What is known of it: name and value.
    facts: Vec<(&'static str, String)>,
    is_active: bool,
    paused: bool,
    retired: bool,
    of_desk: bool,
    wish: Option<Wish>,
    /// What the desk has set.
    set: Vec<SetLine>,
    /// What can be set: field, label, value now, choices.
    settings: Vec<SettingForm>,
    slips: Slips,
    /// The form that was not taken, and what was typed there.
    typed: (String, String),
    /// Addresses that the site names for it.
    proposed: Vec<String>,
    visits: Vec<VisitLine>,
    log: Vec<(String, String, String, &'static str)>,
}

/// A visit that a person asked for.
pub(super) struct Wish {
    words: String,
    /// Not done yet: the page looks again by itself.
    waits: bool,
}

/// Something that was set.
struct SetLine {
    field: &'static str,
    label: &'static str,
    now: String,
    declared: String,
    datetime: String,
    when: String,
    who: String,
    why: String,
}

/// Something that can be set.
struct SettingForm {
    field: &'static str,
    label: &'static str,
    value: String,
    options: Options,
    help: &'static str,
}

/// A visit.
struct VisitLine {
    datetime: String,
    when: String,
    how: String,
    good: bool,
    status: String,
    took: String,
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Response {
    desk.answer(page(&desk, &slug, Slips::default(), Default::default()).await)
}

async fn page(desk: &Desk, slug: &str, slips: Slips, typed: (String, String)) -> Result<SourcePage, Error> {
    desk.must(Act::Inspect)?;
    let lang = desk.lang;
    let mut rows = desk.site.store.read().await?;
    let source = rows.find_source(slug).await?.ok_or(Error::Missing)?;
    let outlet = rows.find_outlet(source.outlet).await?;
    let visits = rows.list_visits(source.id, SHOWN).await?;
    let fresh = rows.count_articles_by_source(desk.now.plus(-DAY)).await?;
    let articles = fresh.into_iter().find(|(id, _)| *id == source.id).map_or(0, |(_, n)| n);
    let declared = outlet.as_ref().map(|o| o.rights).unwrap_or_default();
    let licensed = outlet.as_ref().is_some_and(|o| o.contract.is_some());
    let moment = |at: salastampa_domain::Timestamp| words::when(at, desk.now, lang);
    let mut facts = vec![
        (t(lang, "sources.fact.kind"), words::kind(&source.kind, lang).to_owned()),
        (t(lang, "sources.fact.cadence"), words::cadence(source.cadence, lang).to_owned()),
        (t(lang, "sources.fact.articles"), plural(lang, "sources.list.articles", articles)),
        (t(lang, "sources.fact.rights"), words::rights(source.rights.unwrap_or(declared), lang).to_owned()),
        (t(lang, "sources.fact.legal"), words::legal(source.legal, lang).to_owned()),
        (t(lang, "sources.fact.extract"), yes(source.extract, lang).to_owned()),
        (t(lang, "sources.fact.front"), yes(source.reading.front, lang).to_owned()),
        (t(lang, "sources.fact.origin"), words::origin(source.origin, lang).to_owned()),
    ];
    if source.is_active() {
        facts.insert(2, (t(lang, "sources.fact.next"), moment(source.next_at)));
    }
    if let SourceKind::Page { selectors } = &source.kind {
        facts.push((t(lang, "sources.fact.selectors"), selectors.item.clone()));
    }
    let lag = rows.find_source_lag(source.id, LAGS).await?;
    facts.extend(learned::facts(&source.learned, lag, desk.site.house.patron, desk.now, lang));
    let host = rows.find_host(&source.host).await?;
    if let Some((day, asked)) = host.and_then(|host| host.asked)
        && day == desk.now.0.div_euclid(DAY)
    {
        let values = [("n", number::whole(asked, lang)), ("host", source.host.clone())];
        let words = fill(lang, "sources.fact.requests_words", &values.each_ref().map(|(n, v)| (*n, v.as_str())));
        facts.push((t(lang, "sources.fact.requests"), words));
    }
    let wish = wish(desk, &mut rows, &source, visits.first()).await?;
    let mut set = Vec::new();
    for one in rows.list_overrides(source.id).await? {
        set.push(SetLine {
            field: one.setting.field(),
            label: label(one.setting.field(), lang),
            now: setting_words(one.setting, lang),
            declared: setting_words(one.declared, lang),
            datetime: one.at.rfc3339(),
            when: moment(one.at),
            who: who(&mut rows, &one.by, lang).await?,
            why: one.why,
        });
    }
    let mut log = Vec::new();
    for event in rows.list_events_of(&Event::about_source(slug), SHOWN).await? {
        let by = who(&mut rows, &event.who, lang).await?;
        log.push((event.at.rfc3339(), moment(event.at), by, verb(&event.verb, lang)));
    }
    Ok(SourcePage {
        frame: desk.frame(&name_of(&source, outlet.as_ref())),
        slug: source.slug.clone(),
        url: source.url.clone(),
        administers: desk.may(Act::Administer),
        mood: badge(&source, lang),
        sentence: with_missed(desk, &source),
        remedy: remedy(&source, lang),
        facts,
        is_active: source.is_active(),
        paused: source.paused,
        retired: source.retired_at.is_some(),
        of_desk: source.origin == Origin::Desk,
        wish,
        set,
        settings: settings(&source, licensed, lang),
        slips,
        typed,
        proposed: source.learned.proposed.iter().map(|place| place.url.clone()).collect(),
        visits: visits.iter().map(|visit| visit_line(desk, visit)).collect(),
        log,
    })
}

/// What became of the last visit that somebody asked for.
async fn wish(desk: &Desk, rows: &mut Rows, source: &Source, last: Option<&Visit>) -> Result<Option<Wish>, Error> {
    let errand = rows.find_last_errand(&ErrandKind::Visit { source: source.slug.clone() }).await?;
    let Some(errand) = errand.filter(|e| desk.now.since(e.at) < RECENT) else { return Ok(None) };
    if last.is_some_and(|visit| visit.at >= errand.at) {
        return Ok(None);
    }
    let key = match (errand.done_at, source.is_active()) {
        (_, false) => return Ok(None),
        (None, _) if desk.now.since(errand.at) > MINUTE => "sources.wish.nobody",
        (None, _) => "sources.wish.asked",
        // the site may be asked only so often
        (Some(_), _) => "sources.wish.soon",
    };
    Ok(Some(Wish { words: t(desk.lang, key).to_owned(), waits: true }))
}

fn visit_line(desk: &Desk, visit: &Visit) -> VisitLine {
    let lang = desk.lang;
    VisitLine {
        datetime: visit.at.rfc3339(),
        when: words::when(visit.at, desk.now, lang),
        how: outcome(visit, lang),
        good: visit.outcome.is_good(),
        status: visit.status.map_or_else(|| "–".to_owned(), |status| status.to_string()),
        took: format!("{} ms", number::whole(visit.took, lang)),
    }
}

fn settings(source: &Source, licensed: bool, lang: Lang) -> Vec<SettingForm> {
    let mut rights = words::classes(lang, licensed);
    rights.insert(0, (String::new(), t(lang, "sources.rights.as_outlet").to_owned()));
    let mut settings = vec![
        SettingForm {
            field: "cadence",
            label: label("cadence", lang),
            value: words::name_of(&source.cadence),
            options: words::cadences(lang),
            help: t(lang, "sources.set.cadence_help"),
        },
        SettingForm {
            field: "rights",
            label: label("rights", lang),
            value: source.rights.map(|class| words::name_of(&class)).unwrap_or_default(),
            options: rights,
            help: t(lang, "sources.set.rights_help"),
        },
        SettingForm {
            field: "legal",
            label: label("legal", lang),
            value: words::name_of(&source.legal),
            options: words::legals(lang),
            help: t(lang, "sources.set.legal_help"),
        },
    ];
    if source.kind.has_order() {
        settings.push(SettingForm {
            field: "front",
            label: label("front", lang),
            value: source.reading.front.to_string(),
            options: [false, true].map(|on| (on.to_string(), yes(on, lang).to_owned())).into(),
            help: t(lang, "sources.set.front_help"),
        });
    }
    settings
}

fn label(field: &str, lang: Lang) -> &'static str {
    match field {
        "cadence" => t(lang, "sources.fact.cadence"),
        "rights" => t(lang, "sources.fact.rights"),
        "legal" => t(lang, "sources.fact.legal"),
        "front" => t(lang, "sources.fact.front"),
        "address" => t(lang, "sources.fact.address"),
        _ => t(lang, "sources.fact.paused"),
    }
}

fn setting_words(setting: Setting, lang: Lang) -> String {
    match setting {
        Setting::Paused(on) | Setting::Front(on) => yes(on, lang).to_owned(),
        Setting::Cadence(cadence) => words::cadence(cadence, lang).to_owned(),
        Setting::Rights(None) => t(lang, "sources.rights.as_outlet").to_owned(),
        Setting::Rights(Some(class)) => words::rights(class, lang).to_owned(),
        Setting::Legal(legal) => words::legal(legal, lang).to_owned(),
        Setting::Address { url, .. } => url,
    }
}

fn yes(on: bool, lang: Lang) -> &'static str {
    if on { t(lang, "people.yes") } else { t(lang, "people.no") }
}

fn verb(verb: &str, lang: Lang) -> &'static str {
    match verb {
        "source.add" => t(lang, "sources.verb.add"),
        "source.pause" => t(lang, "sources.verb.pause"),
        "source.resume" => t(lang, "sources.verb.resume"),
        "source.set" => t(lang, "sources.verb.set"),
        "source.restore" => t(lang, "sources.verb.restore"),
        "source.retire" => t(lang, "sources.verb.retire"),
        "source.revive" => t(lang, "sources.verb.revive"),
        "source.visit" => t(lang, "sources.verb.visit"),
        "source.health" => t(lang, "sources.verb.health"),
        "source.quiet" => t(lang, "sources.verb.quiet"),
        "source.speaks" => t(lang, "sources.verb.speaks"),
        "source.poor" => t(lang, "sources.verb.poor"),
        "source.gap" => t(lang, "sources.verb.gap"),
        "source.moved" => t(lang, "sources.verb.moved"),
        "source.relocate" => t(lang, "sources.verb.relocate"),
        "source.ai_agents" => t(lang, "sources.verb.ai_agents"),
        _ => t(lang, "sources.verb.unknown"),
    }
}

async fn visit(desk: Desk, Path(slug): Path<String>) -> Response {
    let act = sources::visit_now(desk.acts(), &slug).await;
    desk.done(act, &format!("/desk/fonti/{slug}"), desk.t("sources.wish.asked")).await
}

async fn relocate(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let act = sources::relocate(desk.acts(), &slug, fields.raw("url")).await;
    desk.done(act, &format!("/desk/fonti/{slug}"), desk.t("sources.propose.done")).await
}

async fn pause(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let act = sources::pause(desk.acts(), &slug, fields.raw("why")).await;
    settled(&desk, &slug, "paused", fields.raw("why"), act, desk.t("sources.done.paused")).await
}

async fn resume(desk: Desk, Path(slug): Path<String>) -> Response {
    let act = sources::resume(desk.acts(), &slug).await;
    desk.done(act, &format!("/desk/fonti/{slug}"), desk.t("sources.done.resumed")).await
}

async fn set(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let value = fields.text("value");
    let setting = match fields.text("field") {
        "cadence" => words::value_of(value).map(Setting::Cadence),
        "legal" => words::value_of(value).map(Setting::Legal),
        "front" => value.parse().ok().map(Setting::Front),
        "rights" if value.is_empty() => Some(Setting::Rights(None)),
        "rights" => words::value_of(value).map(|class| Setting::Rights(Some(class))),
        _ => None,
    };
    let Some(setting) = setting else { return desk.no_page(&Error::Missing) };
    let field = setting.field();
    let act = sources::set(desk.acts(), &slug, setting, fields.raw("why")).await;
    settled(&desk, &slug, field, fields.raw("why"), act, desk.t("sources.done.set")).await
}

/// After an act that wants a reason: without one its form is shown again.
async fn settled(
    desk: &Desk,
    slug: &str,
    field: &str,
    why: &str,
    act: salastampa_acts::Result<()>,
    words: &str,
) -> Response {
    let path = format!("/desk/fonti/{slug}");
    match act {
        Ok(()) => desk.go(&path, words).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(page(desk, slug, Slips(slips), (field.to_owned(), why.to_owned())).await)
        }
        Err(error) => desk.refused(&path, &error).await,
    }
}

async fn restore(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let act = sources::restore(desk.acts(), &slug, fields.text("field")).await;
    desk.done(act, &format!("/desk/fonti/{slug}"), desk.t("sources.done.restored")).await
}

async fn retire(desk: Desk, Path(slug): Path<String>) -> Response {
    let path = format!("/desk/fonti/{slug}");
    match sources::retire(desk.acts(), &slug).await {
        Ok(()) => desk.go_or_undo(&path, desk.t("sources.done.retired"), &format!("{path}/riporta"), &[]).await,
        Err(error) => desk.refused(&path, &error).await,
    }
}

async fn revive(desk: Desk, Path(slug): Path<String>) -> Response {
    let act = sources::revive(desk.acts(), &slug).await;
    desk.done(act, &format!("/desk/fonti/{slug}"), desk.t("sources.done.revived")).await
}

#[cfg(test)]
#[path = "one_samples.rs"]
mod samples;
#[cfg(test)]
pub(super) use samples::samples;
