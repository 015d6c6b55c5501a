//! A release: where it stands, what can be done with it now and why not, its text, who got it, who used it, and its past.

use super::files::FilesPart;
use super::quotes::QuotesPart;
use super::reach::{Sent, Used, issued, sent, silent, used};
use super::todo::{Todo, todo};
use super::words::{Moment, STAGES, badge, stage_words, verb_words};
use crate::answer::Error;
use crate::desk::deliveries::{Paused, paused};
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::session::Desk;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use salastampa_domain::{
    Actor, DeliveryKind, Event, Lane, Release, ReleaseState, Timestamp, User, UserId, Version, VersionId, is_public,
};
use salastampa_locale::{Lang, fill, t};
use salastampa_releases::{draft, wording};
use salastampa_store::Rows;
use std::collections::HashMap;

/// Most lines of the past that are shown.
const PAST: usize = 60;
/// Seconds after which a page is looked at again on which messages are leaving.
const REFRESH: u32 = 10;

/// The page of a release.
#[derive(Template)]
#[template(path = "desk/releases/page.html")]
pub(crate) struct ReleasePage {
    frame: Frame,
    slips: Slips,
    typed: Typed,
    slug: String,
    numbered: String,
    state: &'static str,
    badge: &'static str,
    labels: Vec<String>,
    steps: Vec<Step>,
    facts: Vec<Fact>,
    /// What keeps its messages back.
    paused: Vec<Paused>,
    /// What this person may do now; none for who only reads.
    todo: Option<Todo>,
    text: Shown,
    /// What is quoted and who let it go out; nothing for who only reads.
    quotes: QuotesPart,
    /// Photos and documents; none for who only reads.
    files: Option<FilesPart>,
    sent: Sent,
    used: Vec<Used>,
    /// Outlets that were told and did not use it.
    silent: Vec<String>,
    silent_count: usize,
    versions: Vec<VersionLine>,
    past: Vec<Past>,
    refresh: Option<u32>,
}

/// What was typed into a form of this page that was not taken.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Typed {
    pub(crate) reason: String,
    pub(crate) why: String,
    pub(crate) hour: String,
}

/// A step of a release's life.
struct Step {
    words: &'static str,
    said: &'static str,
    class: &'static str,
    here: bool,
}

/// A fact: what, and what of it; an instant has its own mark.
struct Fact {
    term: &'static str,
    words: String,
    at: Option<Moment>,
}

/// The text as it will be read.
struct Shown {
    title: String,
    kicker: String,
    summary: String,
    dateline: String,
    /// HTML, cleaned by `releases`.
    html: String,
    contacts: Vec<String>,
}

struct VersionLine {
    number: u32,
    author: String,
    at: Moment,
    sha256: String,
    marks: Vec<&'static str>,
    compare: Option<String>,
}

struct Past {
    words: String,
    who: String,
    at: Moment,
    why: Option<String>,
}

pub(crate) async fn show(desk: Desk, Path(slug): Path<String>) -> Response {
    desk.answer(page(&desk, &slug, Slips::default(), Typed::default()).await)
}

/// The release, if this person may see it.
pub(super) async fn found(desk: &Desk, rows: &mut Rows, slug: &str) -> Result<Release, Error> {
    let release = rows.find_release(slug).await?.ok_or(Error::Missing)?;
    if desk.reads_drafts() || is_public(&release, desk.now) { Ok(release) } else { Err(Error::Missing) }
}

pub(super) async fn page(desk: &Desk, slug: &str, slips: Slips, typed: Typed) -> Result<ReleasePage, Error> {
    let mut rows = desk.site.store.read().await?;
    let release = found(desk, &mut rows, slug).await?;
    let writes = desk.reads_drafts();
    let users: HashMap<UserId, User> = rows.list_users().await?.into_iter().map(|user| (user.id, user)).collect();
    let versions = rows.list_versions(release.id).await?;
    let shown = if writes { newest(&release, &versions) } else { version(&versions, release.current) };
    let text = shown_text(desk, &release, shown)?;
    let files = match shown {
        _ if !writes => None,
        Some(version) => Some(FilesPart::of(desk, &release, &version.files)),
        None => Some(FilesPart::of_draft(desk, &mut rows, &release).await?),
    };
    let quotes = match writes {
        true => QuotesPart::of(desk, &mut rows, &release, shown, &users).await?,
        false => QuotesPart::default(),
    };
    let todo = if writes { Some(todo(desk, &mut rows, &release, shown).await?) } else { None };
    let hours = issued(&mut rows, &release, &versions).await?;
    let sent = sent(desk, &mut rows, &release, &hours).await?;
    // each text has its hour; while a correction is being written, that of the text that is out
    let issued = shown.or(version(&versions, release.current)).and_then(|version| hours.get(&version.number)).copied();
    let past = if writes { past(desk, &mut rows, &release, &users).await? } else { Vec::new() };
    let lane = Lane::Campaign { kind: DeliveryKind::Release, thing: release.id.0 };
    let is_going = matches!(release.state, ReleaseState::Sending { .. } | ReleaseState::Scheduled { .. });
    let paused = if writes && is_going { paused(desk, &mut rows, Some(lane)).await? } else { Vec::new() };
    let silent = silent(desk, &mut rows, &release).await?;
    let leaving = matches!(release.state, ReleaseState::Sending { .. })
        || matches!(release.state, ReleaseState::Scheduled { at, .. } if at.since(desk.now) < 300_000);
    Ok(ReleasePage {
        frame: desk.frame(&text.title),
        numbered: wording::numbered(release.kind, release.register, desk.lang),
        state: stage_words(desk.lang, release.state.name()),
        badge: badge(&release.state),
        labels: labels(desk, &release, &versions),
        steps: steps(desk.lang, &release.state),
        facts: facts(desk, &release, shown, issued, &users),
        paused,
        todo,
        files,
        text,
        quotes,
        sent,
        used: used(desk, &mut rows, &release).await?,
        silent_count: silent.len(),
        silent,
        versions: if writes { version_lines(desk, &release, &versions, &users) } else { Vec::new() },
        past,
        refresh: leaving.then_some(REFRESH),
        slug: release.slug,
        slips,
        typed,
    })
}

fn version(versions: &[Version], id: Option<VersionId>) -> Option<&Version> {
    versions.iter().find(|version| Some(version.id) == id)
}

/// The version that the state speaks of; a draft has none.
pub(super) fn newest<'a>(release: &Release, versions: &'a [Version]) -> Option<&'a Version> {
    match &release.state {
        ReleaseState::Draft => None,
        ReleaseState::InReview { version: id, .. } => version(versions, Some(*id)),
        ReleaseState::Withdrawn { .. } => version(versions, release.current),
        state => version(versions, state.approved().map(|approved| approved.version)),
    }
}

/// The office as releases print it.
pub(super) fn letterhead(desk: &Desk) -> salastampa_releases::House {
    let house = &desk.site.house;
    salastampa_releases::House {
        office: house.office.clone(),
        town: house.town.clone(),
        contacts: house.contacts.clone(),
        base_url: house.base_url.clone(),
        lang: house.lang,
    }
}

fn shown_text(desk: &Desk, release: &Release, version: Option<&Version>) -> Result<Shown, Error> {
    let markdown = version.map_or(&release.draft, |version| &version.markdown);
    let house = letterhead(desk);
    let read = draft::parse(markdown).ok();
    let html = match (version, &read) {
        (Some(version), _) => version.page.clone(),
        (None, Some(draft)) => salastampa_releases::preview(draft, &house, release.register, None, desk.now).page,
        (None, None) => String::new(),
    };
    let head = read.as_ref();
    let lang = head.and_then(|head| head.language).unwrap_or(house.lang);
    let at = version.map_or(desk.now, |version| version.at);
    let day = head.and_then(|h| h.date).unwrap_or_else(|| release.embargo_until.unwrap_or(at).day());
    let place = head.and_then(|head| head.place.clone()).unwrap_or_else(|| house.town.clone());
    Ok(Shown {
        title: version.map_or_else(|| release.title.clone(), |version| version.title.clone()),
        kicker: head.map(|head| head.kicker.clone()).unwrap_or_default(),
        summary: head.map(|head| head.summary.clone()).unwrap_or_default(),
        dateline: wording::dateline(&place, day, lang),
        html,
        contacts: head.map(|head| salastampa_releases::render::contacts(head, &house)).unwrap_or_default(),
    })
}

fn labels(desk: &Desk, release: &Release, versions: &[Version]) -> Vec<String> {
    let mut labels = Vec::new();
    if let Some(until) = release.embargo_until.filter(|until| *until > desk.now) {
        let at = Moment::binding(until, desk.lang).words;
        labels.push(fill(desk.lang, "composer.page.under_embargo", &[("at", &at)]));
    }
    if is_public(release, desk.now) {
        labels.push(desk.t("composer.page.public").to_owned());
    }
    if version(versions, release.current).is_some_and(|version| version.corrects.is_some()) {
        labels.push(desk.t("composer.page.corrected").to_owned());
    }
    labels
}

fn steps(lang: Lang, state: &ReleaseState) -> Vec<Step> {
    let withdrawn = matches!(state, ReleaseState::Withdrawn { .. });
    let here = STAGES.iter().position(|stage| *stage == state.name()).unwrap_or_default();
    STAGES
        .into_iter()
        .enumerate()
        // a release that was withdrawn, and no other, has that step
        .filter(|(_, stage)| withdrawn || *stage != "withdrawn")
        .map(|(n, stage)| Step {
            words: stage_words(lang, stage),
            said: match n.cmp(&here) {
                std::cmp::Ordering::Less => t(lang, "composer.step.done"),
                std::cmp::Ordering::Equal => t(lang, "composer.step.here"),
                std::cmp::Ordering::Greater => t(lang, "composer.step.ahead"),
            },
            class: match n.cmp(&here) {
                std::cmp::Ordering::Less => "is-done",
                std::cmp::Ordering::Equal => "is-here",
                std::cmp::Ordering::Greater => "",
            },
            here: n == here,
        })
        .collect()
}

fn facts(
    desk: &Desk,
    release: &Release,
    version: Option<&Version>,
    issued: Option<Timestamp>,
    users: &HashMap<UserId, User>,
) -> Vec<Fact> {
    let markdown = version.map_or(&release.draft, |version| &version.markdown);
    let head = draft::parse(markdown).ok();
    let responsible = head.as_ref().map(|draft| draft.responsible.clone()).filter(|name| !name.is_empty());
    let reason = head.map(|draft| draft.indispensable);
    let name = |id: UserId| users.get(&id).map(|user| user.name.clone()).unwrap_or_default();
    let words = |term, words| Fact { term, words, at: None };
    let at = |term, moment| Fact { term, words: String::new(), at: Some(moment) };
    let mut facts = vec![words(desk.t("composer.fact.author"), name(version.map_or(release.author, |v| v.author)))];
    facts.extend(responsible.map(|name| words(desk.t("composer.fact.responsible"), name)));
    if let Some(approved) = release.state.approved() {
        let key = if approved.alone { "composer.fact.approved_alone" } else { "composer.fact.approved" };
        facts.push(Fact {
            term: t(desk.lang, key),
            words: name(approved.by),
            at: Some(Moment::of(approved.at, desk.lang)),
        });
    }
    if let Some(second) = release.state.approved().and_then(|approved| approved.second) {
        facts.push(Fact {
            term: desk.t("election.sign.fact"),
            words: name(second.by),
            at: Some(Moment::of(second.at, desk.lang)),
        });
    }
    if let Some(why) = reason.filter(|why| !why.is_empty() && desk.reads_drafts()) {
        facts.push(words(desk.t("election.sign.reason_fact"), why));
    }
    if let Some((year, number)) = release.register {
        facts.push(words(desk.t("composer.fact.register"), format!("{number}/{year}")));
    }
    if let Some(until) = release.embargo_until {
        facts.push(at(desk.t("composer.fact.embargo"), Moment::binding(until, desk.lang)));
    }
    if let ReleaseState::Scheduled { at: hour, .. } = release.state {
        facts.push(at(desk.t("composer.fact.leaves"), Moment::binding(hour, desk.lang)));
    }
    if let Some(public) = release.public_at {
        let public = release.embargo_until.map_or(public, |until| until.max(public));
        facts.push(at(desk.t("composer.fact.public"), Moment::binding(public, desk.lang)));
    }
    facts.extend(issued.map(|hour| at(desk.t("composer.fact.issued"), Moment::binding(hour, desk.lang))));
    if let Some((when, by, why)) = &release.withdrawn {
        facts.push(Fact {
            term: desk.t("composer.fact.withdrawn"),
            words: format!("{}: {why}", name(*by)),
            at: Some(Moment::of(*when, desk.lang)),
        });
    }
    facts
}

fn version_lines(
    desk: &Desk,
    release: &Release,
    versions: &[Version],
    users: &HashMap<UserId, User>,
) -> Vec<VersionLine> {
    let approved = release.state.approved().map(|approved| approved.version);
    let lines = versions.iter().rev().map(|version| {
        let mut marks = Vec::new();
        if Some(version.id) == approved {
            marks.push(desk.t("composer.version.approved"));
        }
        if Some(version.id) == release.current && is_public(release, desk.now) {
            marks.push(desk.t("composer.version.public"));
        }
        if version.corrects.is_some() {
            marks.push(desk.t("composer.version.correction"));
        }
        let compare =
            format!("/desk/comunicati/{}/confronto?da={}&a={}", release.slug, version.number - 1, version.number);
        VersionLine {
            number: version.number,
            author: users.get(&version.author).map(|user| user.name.clone()).unwrap_or_default(),
            at: Moment::of(version.at, desk.lang),
            sha256: version.sha256.chars().take(12).collect(),
            marks,
            compare: (version.number > 1).then(|| desk.href(&compare)),
        }
    });
    lines.collect()
}

async fn past(
    desk: &Desk,
    rows: &mut Rows,
    release: &Release,
    users: &HashMap<UserId, User>,
) -> Result<Vec<Past>, Error> {
    let events = rows.list_events_of(&Event::about_release(release.id), PAST).await?;
    Ok(events.iter().map(|event| past_line(desk.lang, event, users)).collect())
}

fn past_line(lang: Lang, event: &Event, users: &HashMap<UserId, User>) -> Past {
    let after: serde_json::Value =
        event.after.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let number = |name: &str| after.get(name).and_then(serde_json::Value::as_u64).map(|n| n.to_string());
    let mut why = after.get("why").and_then(serde_json::Value::as_str).map(str::to_owned);
    if let (Some(cancelled), Some(gone)) = (number("cancelled"), number("gone")) {
        why = Some(fill(lang, "composer.past.stopped", &[("cancelled", &cancelled), ("gone", &gone)]));
    }
    // a state that came by itself is said by its name
    let reached = STAGES.into_iter().find(|stage| event.after.as_deref() == Some(*stage));
    Past {
        words: reached.map_or_else(|| verb_words(lang, &event.verb), |stage| stage_words(lang, stage).to_owned()),
        who: match &event.who {
            Actor::User { id } => users.get(id).map(|user| user.name.clone()).unwrap_or_default(),
            _ => t(lang, "composer.past.program").to_owned(),
        },
        at: Moment::of(event.at, lang),
        why,
    }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
pub(super) use sample::samples;
