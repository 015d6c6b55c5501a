//! *Aggiungi una fonte*: an address is pasted, somebody looks at it, what would be taken is shown, and only then it can
//! become a source.

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
use axum::routing::get;
use salastampa_acts::Denied;
use salastampa_acts::sources::{self, Probed, ProbedKind, SourceForm, ask_probe, find_probe, why};
use salastampa_domain::time::MINUTE;
use salastampa_domain::{Act, ErrandId, ErrandKind, Selectors, Timestamp, VisitOutcome};
use salastampa_locale::{Lang, date, fill, number, plural, t};

/// So many titles are shown.
const SHOWN: usize = 15;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/fonti/aggiungi", get(ask).post(look))
        .route("/desk/fonti/prova/{id}", get(show).post(add))
}

/// Where an address is pasted.
#[derive(Template)]
#[template(path = "desk/sources/ask.html")]
pub(crate) struct AskPage {
    frame: Frame,
    slips: Slips,
    url: String,
}

/// What was found there.
#[derive(Template)]
#[template(path = "desk/sources/probe.html")]
pub(crate) struct ProbePage {
    frame: Frame,
    id: i64,
    url: String,
    waits: Option<&'static str>,
    /// Why nobody could look.
    failed: Option<String>,
    seen: Option<Seen>,
    selectors: Selectors,
    /// Whether selectors are offered: a page, or a try that was made with some.
    tries_selectors: bool,
    slips: Slips,
    form: SourceForm,
    outlets: Options,
    kinds: Options,
    rights: Options,
    cadences: Options,
    legals: Options,
}

/// What a look has found, in words.
struct Seen {
    what: String,
    is_source: bool,
    /// What somebody should know before adding it.
    notes: Vec<String>,
    items: Vec<ItemLine>,
    more: usize,
    feeds: Vec<String>,
    problems: Vec<String>,
}

/// An article that would be taken.
struct ItemLine {
    /// For machines and for people.
    when: Option<(String, String)>,
    title: String,
    /// What would be kept of it.
    sizes: String,
}

async fn ask(desk: Desk) -> Response {
    desk.answer(ask_page(&desk, Slips::default(), String::new()))
}

fn ask_page(desk: &Desk, slips: Slips, url: String) -> Result<AskPage, Error> {
    desk.must(Act::Administer)?;
    Ok(AskPage { frame: desk.frame(desk.t("sources.add.title")), slips, url })
}

/// An address, or one with selectors, is handed to who may look.
async fn look(desk: Desk, fields: Fields) -> Response {
    let url = fields.text("url").to_owned();
    let selectors = fields.has("item").then(|| selectors_of(&fields));
    match ask_probe(desk.acts(), &url, selectors).await {
        Ok(id) => crate::desk::session::see_other(&desk.href(&format!("/desk/fonti/prova/{id}"))),
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            let from = fields.value::<i64>("from").filter(|_| fields.has("item"));
            match from {
                Some(id) => desk.again(probe_page(&desk, id, None, Slips(slips), Some(selectors_of(&fields))).await),
                None => desk.again(ask_page(&desk, Slips(slips), url)),
            }
        }
        Err(error) => desk.refused("/desk/fonti/aggiungi", &error).await,
    }
}

fn selectors_of(fields: &Fields) -> Selectors {
    let part = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.is_empty());
    Selectors {
        item: fields.text("item").to_owned(),
        link: part("link"),
        title: part("title"),
        date: part("date"),
        lead: part("lead"),
    }
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Response {
    desk.answer(probe_page(&desk, id, None, Slips::default(), None).await)
}

async fn probe_page(
    desk: &Desk,
    id: i64,
    form: Option<SourceForm>,
    slips: Slips,
    typed: Option<Selectors>,
) -> Result<ProbePage, Error> {
    desk.must(Act::Administer)?;
    let mut rows = desk.site.store.read().await?;
    let (errand, found) = find_probe(&mut rows, ErrandId(id)).await?.ok_or(Error::Missing)?;
    let ErrandKind::Probe { url, selectors } = errand.kind else { return Err(Error::Missing) };
    let late = desk.now.since(errand.at) > MINUTE;
    let waits = match (&found, late) {
        (Some(_), _) => None,
        (None, false) => Some(desk.t("sources.add.waits")),
        (None, true) => Some(desk.t("sources.wish.nobody")),
    };
    let (probed, failed) = match found {
        Some(Ok(probed)) => (Some(probed), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    let taken: Vec<String> = rows.list_sources().await?.into_iter().map(|s| s.slug).collect();
    let all = rows.list_outlets().await?;
    let mut suggested = probed.as_ref().map(|probed| SourceForm::of(probed, &taken)).unwrap_or_default();
    // another address of a site that is read already is most likely of the same outlet
    let same_site = |home: &str| probed.as_ref().is_some_and(|p| home.contains(&format!("{}/", p.host)));
    if let Some(outlet) = all.iter().find(|o| o.home.as_deref().is_some_and(same_site)) {
        suggested.outlet.clone_from(&outlet.slug);
    }
    let mut outlets: Options = all.into_iter().map(|o| (o.slug, o.name)).collect();
    outlets.sort_by_key(|(_, name)| name.to_lowercase());
    outlets.insert(0, (String::new(), desk.t("sources.add.new_outlet").to_owned()));
    Ok(ProbePage {
        frame: desk.frame(desk.t("sources.add.seen_title")),
        id,
        url,
        waits,
        failed,
        tries_selectors: selectors.is_some() || probed.as_ref().is_some_and(|p| p.document == ProbedKind::Page),
        seen: probed.map(|probed| seen(probed, selectors.is_some(), desk.now, desk.lang)),
        selectors: typed.or(selectors).unwrap_or_default(),
        slips,
        form: form.unwrap_or(suggested),
        outlets,
        kinds: words::outlet_kinds(desk.lang),
        rights: words::classes(desk.lang, false),
        cadences: words::cadences(desk.lang),
        legals: words::legals(desk.lang),
    })
}

fn seen(probed: Probed, by_selectors: bool, now: Timestamp, lang: Lang) -> Seen {
    let is_source = probed.is_source();
    let count = plural(lang, "sources.add.found", probed.found);
    let what = match probed.document {
        ProbedKind::Feed => fill(lang, "sources.add.feed", &[("found", &count)]),
        ProbedKind::Sitemap => fill(lang, "sources.add.sitemap", &[("found", &count)]),
        ProbedKind::SitemapIndex => t(lang, "sources.add.sitemap_index").to_owned(),
        ProbedKind::Wire => t(lang, "sources.add.wire").to_owned(),
        ProbedKind::Article => t(lang, "sources.add.article").to_owned(),
        ProbedKind::Page if by_selectors => fill(lang, "sources.add.section", &[("found", &count)]),
        ProbedKind::Page => t(lang, "sources.add.page").to_owned(),
        ProbedKind::Other => t(lang, "sources.add.odd").to_owned(),
        ProbedKind::Nothing => t(lang, "sources.add.nothing").to_owned(),
    };
    let mut notes = Vec::new();
    match &probed.outcome {
        VisitOutcome::Robots => notes.push(t(lang, "sources.outcome.robots").to_owned()),
        outcome => {
            notes.extend(outcome.why().map(|cause| fill(lang, "sources.add.would_fail", &[("why", &why(cause, lang))])))
        }
    }
    if probed.url != probed.asked && probed.status.is_some() {
        notes.push(fill(lang, "sources.add.answered_by", &[("url", &probed.url)]));
    }
    if let Some(robots) = &probed.robots {
        if !robots.allows {
            let rule = robots.because.as_deref().map(|rule| why(rule, lang)).unwrap_or_default();
            notes.push(fill(lang, "sources.add.robots", &[("rule", &rule)]));
        }
        if !robots.ai_agents.is_empty() {
            notes.push(fill(lang, "sources.add.ai_agents", &[("names", &robots.ai_agents.join(", "))]));
        }
    }
    if probed.tdm_reserved {
        notes.push(t(lang, "sources.add.tdm").to_owned());
    }
    let items = probed.items.iter().take(SHOWN).map(|item| {
        let when = item.published_at.map(|at| {
            let words = if item.date_only { date::short(at.day(), lang) } else { words::when(at, now, lang) };
            (at.rfc3339(), words)
        });
        let chars = |n: usize| number::whole(i64::try_from(n).unwrap_or(i64::MAX), lang);
        let sizes = [("lead", chars(item.lead_chars)), ("body", chars(item.body_chars))];
        let sizes = fill(lang, "sources.add.sizes", &sizes.each_ref().map(|(name, n)| (*name, n.as_str())));
        ItemLine { when, title: item.title.clone(), sizes }
    });
    Seen {
        what,
        is_source,
        notes,
        more: probed.found.saturating_sub(probed.items.len().min(SHOWN)),
        items: items.collect(),
        feeds: probed.feeds,
        problems: probed.problems.iter().map(|problem| why(problem, lang)).collect(),
    }
}

fn form_of(fields: &Fields) -> SourceForm {
    let text = |name: &str| fields.raw(name).to_owned();
    SourceForm {
        slug: text("slug"),
        outlet: text("outlet"),
        name: text("name"),
        kind: text("kind"),
        area: text("area"),
        rights: text("rights"),
        cadence: text("cadence"),
        rubric: text("rubric"),
        legal: text("legal"),
        extract: fields.has("extract"),
    }
}

async fn add(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Response {
    let form = form_of(&fields);
    match sources::add(desk.acts(), ErrandId(id), &form).await {
        Ok(slug) => desk.go(&format!("/desk/fonti/{slug}"), desk.t("sources.add.done")).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(probe_page(&desk, id, Some(form), Slips(slips), None).await)
        }
        Err(error) => desk.refused(&format!("/desk/fonti/prova/{id}"), &error).await,
    }
}

#[cfg(test)]
#[path = "probe_samples.rs"]
mod samples;
#[cfg(test)]
pub(super) use samples::samples;
