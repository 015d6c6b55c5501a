//! *Elezioni*: the calendar in whose time the rules of par condicio hold, what they ask, and what was changed in it. Who
//! works here reads it; the head of the press office keeps it.
//!
//! Here too: the line that every page of the desk has at its top in election time, and what election time asks of a
//! text, as the composer and the page of a release show it.

use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::guard::encoded;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::desk::mark;
use salastampa_acts::elections::{self, ElectionForm, SUBJECT};
use salastampa_acts::release::Required;
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::election::in_force;
use salastampa_domain::{Act, Election, ElectionKind, Timestamp};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_store::EventFilter;

/// Most lines of the history.
const PAST: usize = 50;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/elezioni", get(list))
        .route("/desk/elezioni/nuova", get(blank).post(add))
        .route("/desk/elezioni/{slug}", get(show).post(edit))
        .route("/desk/elezioni/{slug}/togli", post(remove))
}

/// The calendar.
#[derive(Template)]
#[template(path = "desk/elections.html")]
pub(crate) struct ElectionsPage {
    frame: Frame,
    lines: Vec<Line>,
    past: Vec<Past>,
    edits: bool,
}

struct Line {
    /// None for what the installer has decided.
    href: Option<String>,
    name: String,
    kind: &'static str,
    from: String,
    until: String,
    runoff: String,
    state: &'static str,
    badge: &'static str,
}

struct Past {
    datetime: String,
    at: String,
    words: &'static str,
    who: String,
    what: String,
    why: Option<String>,
}

/// One election, or one that is being entered.
#[derive(Template)]
#[template(path = "desk/election.html")]
pub(crate) struct ElectionPage {
    frame: Frame,
    slips: Slips,
    form: ElectionForm,
    kinds: Vec<(String, &'static str)>,
    seen: String,
    /// The path of one that is there.
    path: Option<String>,
    /// Why it is to be taken out, as it was typed.
    why: String,
    /// What somebody else has saved since.
    conflict: Option<(String, ElectionForm)>,
}

/// The line at the top of each page in election time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Banner {
    pub(crate) words: String,
}

impl Banner {
    /// None outside of election time.
    pub(crate) fn of(elections: &[Election], now: Timestamp, lang: Lang) -> Option<Self> {
        in_force(elections, now)
            .map(|election| Self { words: fill(lang, "election.banner.words", &[("until", &until(election, lang))]) })
    }
}

/// `Elezioni comunali 2027, fino al 14 giugno 2027, ore 15:00`.
fn until(election: &Election, lang: Lang) -> String {
    let at = date::moment(election.ends().civil(), lang);
    fill(lang, "election.until", &[("name", &election.name), ("at", &at)])
}

/// What election time asks of a text.
pub(crate) struct Panel {
    pub(crate) until: String,
    pub(crate) blocks: Vec<String>,
    pub(crate) doubts: Vec<String>,
    /// A reason, an approver, a signature.
    pub(crate) lacks: Vec<String>,
    /// The text itself may leave.
    pub(crate) is_fit: bool,
    /// Everything is there.
    pub(crate) is_met: bool,
}

impl Panel {
    pub(crate) fn of(required: &Required, lang: Lang) -> Self {
        Self {
            until: fill(lang, "election.panel.until", &[("until", &required.until(lang))]),
            blocks: required.blocks().map(|finding| finding.say(lang)).collect(),
            doubts: required.doubts().map(|finding| finding.say(lang)).collect(),
            lacks: required.lacks(lang).into_iter().map(str::to_owned).collect(),
            is_fit: required.text_is_fit(),
            is_met: required.is_met(),
        }
    }

    #[cfg(test)]
    pub(crate) fn sample(lang: Lang, foreign: &str) -> Self {
        Self {
            until: t(lang, "election.panel.title").to_owned(),
            blocks: vec![foreign.to_owned()],
            doubts: vec![foreign.to_owned()],
            lacks: vec![t(lang, "election.lacks.second").to_owned()],
            is_fit: false,
            is_met: false,
        }
    }
}

fn kind_words(kind: ElectionKind, lang: Lang) -> &'static str {
    match kind {
        ElectionKind::Local => t(lang, "election.kinds.local"),
        ElectionKind::Regional => t(lang, "election.kinds.regional"),
        ElectionKind::National => t(lang, "election.kinds.national"),
        ElectionKind::European => t(lang, "election.kinds.european"),
        ElectionKind::Referendum => t(lang, "election.kinds.referendum"),
    }
}

async fn list(desk: Desk) -> Response {
    desk.answer(list_page(&desk).await)
}

async fn list_page(desk: &Desk) -> Result<ElectionsPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let entered = rows.list_elections().await?;
    let mut all: Vec<(Election, bool)> = desk.site.house.elections.iter().cloned().map(|e| (e, false)).collect();
    all.extend(entered.into_iter().map(|e| (e, desk.may(Act::Elections))));
    all.sort_by_key(|(election, _)| std::cmp::Reverse(election.ends()));
    let edits = desk.may(Act::Elections);
    Ok(ElectionsPage {
        frame: desk.frame(desk.t("election.page.title")),
        lines: all.iter().map(|(election, kept_here)| line(election, *kept_here, desk)).collect(),
        past: if desk.may(Act::Write) { past(desk, &mut rows).await? } else { Vec::new() },
        edits,
    })
}

fn line(election: &Election, kept_here: bool, desk: &Desk) -> Line {
    let href = desk.href(&format!("/desk/elezioni/{}", encoded(&election.slug)));
    Line { href: kept_here.then_some(href), ..shown(election, desk.now, desk.lang) }
}

fn shown(election: &Election, now: Timestamp, lang: Lang) -> Line {
    let (state, badge) = match election.period() {
        period if period.contains(now) => (t(lang, "election.page.now"), "note"),
        period if period.from > now => (t(lang, "election.page.ahead"), ""),
        _ => (t(lang, "election.page.past"), ""),
    };
    Line {
        href: None,
        name: election.name.clone(),
        kind: kind_words(election.kind, lang),
        from: date::full(election.from, lang),
        until: date::moment(election.to.to_datetime(election.closes), lang),
        runoff: election
            .runoff
            .map_or_else(|| "–".to_owned(), |runoff| date::moment(runoff.to.to_datetime(runoff.closes), lang)),
        state,
        badge,
    }
}

/// What was changed in the calendar, by whom and why.
async fn past(desk: &Desk, rows: &mut salastampa_store::Rows) -> Result<Vec<Past>, Error> {
    let filter = EventFilter { verb: Some("election".to_owned()), ..EventFilter::default() };
    let mut past = Vec::new();
    for event in rows.list_events_page(&filter, PAST).await? {
        let words = match event.verb.as_str() {
            "election.add" => desk.t("election.page.added"),
            "election.edit" => desk.t("election.page.edited"),
            _ => desk.t("election.page.removed"),
        };
        let read = |text: &Option<String>| -> serde_json::Value {
            text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
        };
        let (before, after) = (read(&event.before), read(&event.after));
        let text = |value: &serde_json::Value, name: &str| value.get(name).and_then(|v| v.as_str().map(str::to_owned));
        past.push(Past {
            datetime: event.at.rfc3339(),
            at: date::moment(event.at.civil(), desk.lang),
            words,
            who: salastampa_acts::desk::name_of(rows, &event.who, desk.lang).await?,
            what: text(&after, "name")
                .or_else(|| text(&before, "name"))
                .unwrap_or_else(|| event.subject.trim_start_matches(SUBJECT).to_owned()),
            why: text(&after, "why"),
        });
    }
    Ok(past)
}

async fn blank(desk: Desk) -> Response {
    if let Err(error) = desk.must(Act::Elections) {
        return desk.no_page(&error);
    }
    desk.answer(Ok(page(&desk, None, ElectionForm::blank())))
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Response {
    let page = async {
        desk.must(Act::Elections)?;
        let election = found(&desk, &slug).await?;
        Ok(page(&desk, Some(&election), ElectionForm::of(&election)))
    };
    desk.answer(page.await)
}

async fn found(desk: &Desk, slug: &str) -> Result<Election, Error> {
    let elections = desk.site.store.read().await?.list_elections().await?;
    elections.into_iter().find(|election| election.slug == slug).ok_or(Error::Missing)
}

fn page(desk: &Desk, election: Option<&Election>, form: ElectionForm) -> ElectionPage {
    let title = election.map_or_else(|| desk.t("election.page.new").to_owned(), |election| election.name.clone());
    ElectionPage {
        frame: desk.frame(&title),
        slips: Slips::default(),
        form,
        kinds: kinds(desk.lang),
        seen: election.map(mark_of).unwrap_or_default(),
        path: election.map(|election| desk.href(&format!("/desk/elezioni/{}", encoded(&election.slug)))),
        why: String::new(),
        conflict: None,
    }
}

fn mark_of(election: &Election) -> String {
    mark(election)
}

fn kinds(lang: Lang) -> Vec<(String, &'static str)> {
    ElectionKind::ALL.map(|kind| (kind.name().to_owned(), kind_words(kind, lang))).into()
}

fn typed(fields: &Fields) -> ElectionForm {
    let raw = |name| fields.raw(name).to_owned();
    ElectionForm {
        name: raw("nome"),
        kind: raw("tipo"),
        from: raw("dal"),
        to: raw("al"),
        closes: raw("chiusura"),
        runoff: raw("ballottaggio"),
        runoff_closes: raw("chiusura_ballottaggio"),
    }
}

/// The form again, with what is wrong and where.
async fn again(desk: &Desk, slug: Option<&str>, form: ElectionForm, fields: &Fields, error: ActError) -> Response {
    let election = match slug {
        Some(slug) => match found(desk, slug).await {
            Ok(election) => Some(election),
            Err(error) => return desk.no_page(&error),
        },
        None => None,
    };
    let mut page = page(desk, election.as_ref(), form);
    fields.raw("perche").clone_into(&mut page.why);
    match error {
        ActError::Denied(Denied::Form(slips)) => {
            page.slips = Slips(slips);
            if fields.has("visto") {
                // what the form was made from stays what it was
                fields.text("visto").clone_into(&mut page.seen);
            }
        }
        ActError::Denied(denied @ Denied::Changed { .. }) => {
            let now = election.as_ref().map(ElectionForm::of).unwrap_or_default();
            page.conflict = Some((denied.sentence(desk.lang), now));
        }
        other => return desk.no_page(&other.into()),
    }
    desk.again(Ok(page))
}

/// That it is saved, and how many releases are held back by it.
fn saved_words(desk: &Desk, held: usize) -> String {
    let saved = desk.t("election.page.saved");
    if held == 0 { saved.to_owned() } else { format!("{saved} {}", plural(desk.lang, "election.page.held", held)) }
}

async fn add(desk: Desk, fields: Fields) -> Response {
    let form = typed(&fields);
    match elections::add(desk.acts(), &form).await {
        Ok((_, held)) => desk.go("/desk/elezioni", saved_words(&desk, held)).await,
        Err(error) => again(&desk, None, form, &fields, error).await,
    }
}

async fn edit(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let form = typed(&fields);
    match elections::edit(desk.acts(), &slug, fields.text("visto"), &form).await {
        Ok(held) => desk.go("/desk/elezioni", saved_words(&desk, held)).await,
        Err(error) => again(&desk, Some(&slug), form, &fields, error).await,
    }
}

async fn remove(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    match elections::remove(desk.acts(), &slug, fields.raw("perche")).await {
        Ok(()) => desk.go("/desk/elezioni", desk.t("election.page.gone")).await,
        Err(error) => {
            let form = match found(&desk, &slug).await {
                Ok(election) => ElectionForm::of(&election),
                Err(error) => return desk.no_page(&error),
            };
            again(&desk, Some(&slug), form, &fields, error).await
        }
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_domain::{Runoff, election::CLOSE};
    let day = |month, day| jiff::civil::date(2027, month, day);
    let election = |name: &str, runoff| Election {
        slug: "comunali".into(),
        name: name.into(),
        kind: ElectionKind::Local,
        from: day(4, 15),
        to: day(6, 14),
        closes: CLOSE,
        runoff,
    };
    let now = Timestamp::parse("2027-05-01 12:00").expect("an instant");
    let own = election("Elezioni <comunali>", Some(Runoff { to: day(6, 28), closes: CLOSE }));
    let lines = || {
        let of_file = shown(&election("Referendum \"regionale\"", None), now, lang);
        vec![Line { href: Some("/desk/elezioni/comunali".into()), ..shown(&own, now, lang) }, of_file]
    };
    let frame = |title: &str| Frame::sample(lang, title, "/desk/impostazioni");
    let past = || Past {
        datetime: now.rfc3339(),
        at: date::moment(now.civil(), lang),
        words: t(lang, "election.page.removed"),
        who: "Lia <Neri>".into(),
        what: "Elezioni <comunali>".into(),
        why: Some("<errore>".into()),
    };
    let list = |lines, past, edits| ElectionsPage { frame: frame(t(lang, "election.page.title")), lines, past, edits };
    let page = |known: bool| ElectionPage {
        frame: frame(t(lang, "election.page.new")),
        slips: Slips(vec![salastampa_acts::Slip { field: "al", sentence: t(lang, "election.wrong.order").to_owned() }]),
        form: ElectionForm::of(&own),
        kinds: kinds(lang),
        seen: "ab".into(),
        path: known.then(|| "/desk/elezioni/comunali".to_owned()),
        why: "<perché>".into(),
        conflict: known.then(|| ("Ada <Corti>".into(), ElectionForm::of(&own))),
    };
    vec![
        ("elections", list(lines(), vec![past()], true).render().expect("a template over strings")),
        ("elections-none", list(Vec::new(), Vec::new(), false).render().expect("a template over strings")),
        ("election", page(true).render().expect("a template over strings")),
        ("election-new", page(false).render().expect("a template over strings")),
    ]
}
