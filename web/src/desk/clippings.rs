//! *Ritagli*: the candidates of the next issue, one line a story, in or out.
//!
//! The order is that of the machine's weights and no decision changes it: a line stays under the eye that looks at it.
//! Stories stand in the review in the order in which they were kept, so that one walk through the list, a key a story,
//! makes an edition. All buttons of the list belong to one form; what each does stands in its value. On a day of hundreds
//! [`codes`] gives every line a name to type.

pub(super) mod codes;

use super::Desk;
use super::frame::Frame;
use super::review::issue::{self, Choice, Row};
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::curate;
use salastampa_domain::{Act, Edition, IssueKey, Timestamp};
#[cfg(test)]
use salastampa_locale::Lang;
use salastampa_locale::plural;
use salastampa_store::Rows;
use serde::Deserialize;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/ritagli", get(show)).route("/desk/ritagli/sigle", get(codes::show).post(codes::keep))
}

/// So many stories on a page.
const PAGE: usize = 60;

/// The candidates of the next issue.
#[derive(Template)]
#[template(path = "desk/clippings.html")]
pub(crate) struct ClippingsPage {
    frame: Frame,
    /// Editions that can be chosen: words, link, whether it is this one.
    editions: Vec<(String, String, bool)>,
    /// None where the office has no edition with an hour to come.
    issue: Option<Head>,
    /// Views of the list: words with their count, link, whether it is this one, its key.
    views: Vec<(String, String, bool, &'static str)>,
    sections: Vec<Choice>,
    rows: Vec<Row>,
    /// What was looked for.
    q: String,
    /// Hidden in the forms: the page to come back to.
    here: String,
    /// Lines of this page that nobody has decided.
    undecided: Vec<String>,
    rest: usize,
    /// The undecided lines of all other pages and views: never part of what is dropped with this page.
    elsewhere: Vec<String>,
    all_open: usize,
    before: Option<String>,
    after: Option<String>,
    can_curate: bool,
    /// The page where a line is called by its code.
    codes: String,
    /// The dossiers that take articles: slug and name.
    dossiers: Vec<(String, String)>,
    /// Whether there is a step of this person to take back that the page does not offer already.
    can_undo: bool,
}

/// What the issue is.
struct Head {
    slug: String,
    name: String,
    href: String,
    action: String,
    datetime: String,
    hour: String,
    left: String,
    /// `Decidi 6 candidati`.
    next_step: String,
    confirmed: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    edizione: String,
    vista: String,
    q: String,
    pagina: String,
}

/// The views of the list, with the states that each shows.
const VIEWS: [(&str, &[&str]); 6] = [
    ("", &["proposed", "over", "late", "kept", "dropped"]),
    ("da-decidere", &["proposed", "over", "late"]),
    ("dentro", &["kept"]),
    ("fuori", &["dropped"]),
    ("dopo", &["late"]),
    (SEVERAL, &["proposed", "over", "late", "kept", "dropped"]),
];

/// The view of the stories that more than one outlet tells: on a day of hundreds the small notices stay away.
const SEVERAL: &str = "piu-testate";

/// Whether a line belongs to a view, by its state and by how many tell it.
fn is_in(view: &str, states: &[&str], row: &Row) -> bool {
    states.contains(&row.state) && (view != SEVERAL || !row.more.is_empty())
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(page(&desk, &asked).await)
}

/// The editions that the person may see.
async fn editions(desk: &Desk, rows: &mut Rows) -> Result<Vec<Edition>, Error> {
    Ok(rows.list_editions().await?.into_iter().filter(|e| curate::sees(&desk.user, e)).collect())
}

/// The edition that was asked for; without a name the next one that leaves.
fn chosen<'a>(editions: &'a [Edition], slug: &str, now: Timestamp) -> Result<Option<&'a Edition>, Error> {
    match slug {
        "" => Ok(editions.iter().min_by_key(|e| issue::next_slot(e, now))),
        slug => Ok(Some(editions.iter().find(|e| e.slug == slug).ok_or(Error::Missing)?)),
    }
}

async fn page(desk: &Desk, asked: &Asked) -> Result<ClippingsPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let editions = editions(desk, &mut rows).await?;
    let chosen = chosen(&editions, &asked.edizione, desk.now)?;
    let mut page = ClippingsPage {
        frame: desk.frame(desk.t("desk.menu.clippings")),
        editions: editions
            .iter()
            .map(|e| {
                let href = desk.href(&format!("/desk/ritagli?edizione={}", e.slug));
                (e.name.clone(), href, chosen.is_some_and(|c| c.id == e.id))
            })
            .collect(),
        issue: None,
        views: Vec::new(),
        sections: Vec::new(),
        rows: Vec::new(),
        q: asked.q.clone(),
        here: String::new(),
        undecided: Vec::new(),
        rest: 0,
        elsewhere: Vec::new(),
        all_open: 0,
        before: None,
        after: None,
        can_curate: desk.may(Act::Curate),
        codes: String::new(),
        dossiers: super::dossiers::choices(&rows.list_dossiers().await?),
        can_undo: false,
    };
    let Some((edition, slot)) = chosen.and_then(|e| Some((e, issue::next_slot(e, desk.now)?))) else {
        return Ok(page);
    };
    let key = IssueKey { edition: edition.id, slot };
    let table = curate::table(&mut rows, edition, key, desk.now).await?;
    let names = curate::names(&mut rows).await?;
    let mut all: Vec<Row> = table.lines.iter().map(|line| issue::row(line, &table, &names, desk.lang)).collect();
    issue::mark_changed(desk, &mut rows, &mut all).await?;
    let path = issue::path(&edition.slug, slot);
    let open = table.open();
    page.issue = Some(Head {
        slug: edition.slug.clone(),
        name: edition.name.clone(),
        href: desk.href(&path),
        action: desk.href(&format!("{path}/fai")),
        datetime: slot.instant().rfc3339(),
        hour: issue::hour(slot, desk.lang),
        left: issue::left(slot.instant(), desk.now, desk.lang),
        next_step: match open {
            0 => desk.t("curation.clippings.all_decided").to_owned(),
            n => plural(desk.lang, "curation.clippings.decide", n),
        },
        confirmed: table.arrangement.confirmed.is_some(),
    });
    let mine = |c: &salastampa_domain::Curation| c.by == desk.user.id && curate::can_be_undone(c);
    let undone = desk.flash.as_ref().is_some_and(|flash| flash.undo.is_some());
    page.can_undo = !undone && curate::history(&mut rows, key, 20).await?.iter().any(mine);
    page.sections = issue::choices(edition);
    page.codes = desk.href(&format!("/desk/ritagli/sigle?edizione={}", edition.slug));
    page.views = views(desk, &edition.slug, asked, &all);
    choose(&mut page, asked, &edition.slug, all, desk);
    Ok(page)
}

/// `edizione=…&vista=…&q=…&pagina=…`, without what is usual.
fn query(slug: &str, view: &str, q: &str, number: usize) -> String {
    let mut query = format!("edizione={slug}");
    for (name, value) in [("vista", view), ("q", q)] {
        if !value.is_empty() {
            query.push_str(&format!("&{name}={}", encoded(value)));
        }
    }
    if number > 0 {
        query.push_str(&format!("&pagina={}", number + 1));
    }
    query
}

fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'-' | b'.' | b'_' => char::from(b).to_string(),
        b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn views(desk: &Desk, slug: &str, asked: &Asked, all: &[Row]) -> Vec<(String, String, bool, &'static str)> {
    let words = |view: &str| match view {
        "da-decidere" => desk.t("curation.views.open"),
        "dentro" => desk.t("curation.views.kept"),
        "fuori" => desk.t("curation.views.dropped"),
        "dopo" => desk.t("curation.views.late"),
        SEVERAL => desk.t("curation.views.several"),
        _ => desk.t("curation.views.all"),
    };
    let view = |(name, states): &(&str, &[&str])| {
        let n = all.iter().filter(|r| is_in(name, states, r)).count();
        let href = desk.href(&format!("/desk/ritagli?{}", query(slug, name, &asked.q, 0)));
        // one key, there and back
        let here = if asked.vista == SEVERAL { "" } else { SEVERAL };
        (format!("{} {n}", words(name)), href, *name == asked.vista, if *name == here { "a" } else { "" })
    };
    VIEWS.iter().map(view).collect()
}

/// The rows of the page that was asked for.
fn choose(page: &mut ClippingsPage, asked: &Asked, slug: &str, all: Vec<Row>, desk: &Desk) {
    let (view, states) = VIEWS.iter().find(|(name, _)| *name == asked.vista).unwrap_or(&VIEWS[0]);
    let wanted = plain(&asked.q);
    let is_open = |r: &&Row| r.story > 0 && matches!(r.state, "proposed" | "over" | "late");
    let every: Vec<String> = all.iter().filter(is_open).map(|r| r.pick.clone()).collect();
    let holds = |r: &Row| [&r.title, &r.source, &r.section, &r.why].iter().any(|t| plain(t).contains(&wanted));
    let rows: Vec<Row> =
        all.into_iter().filter(|r| is_in(view, states, r) && (wanted.is_empty() || holds(r))).collect();
    let number = asked.pagina.parse::<usize>().map_or(0, |n| n.saturating_sub(1));
    let number = number.min(rows.len().saturating_sub(1) / PAGE);
    let link = |n: usize| desk.href(&format!("/desk/ritagli?{}", query(slug, view, &asked.q, n)));
    page.before = (number > 0).then(|| link(number - 1));
    page.after = (rows.len() > (number + 1) * PAGE).then(|| link(number + 1));
    page.here = format!("ritagli?{}", query(slug, view, &asked.q, number));
    page.rows = rows.into_iter().skip(number * PAGE).take(PAGE).collect();
    issue::link(&mut page.rows);
    page.undecided = page.rows.iter().filter(is_open).map(|r| r.pick.clone()).collect();
    page.rest = page.undecided.len();
    page.all_open = every.len();
    page.elsewhere = every.into_iter().filter(|pick| !page.undecided.contains(pick)).collect();
}

/// Case and accents away, for looking through what is on the screen.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .replace(['à', 'á'], "a")
        .replace(['è', 'é'], "e")
        .replace(['ì', 'í'], "i")
        .replace(['ò', 'ó'], "o")
        .replace(['ù', 'ú'], "u")
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let t = |key| salastampa_locale::t(lang, key);
    let empty = |issue| ClippingsPage {
        frame: Frame::sample(lang, t("desk.menu.clippings"), "/desk/ritagli"),
        editions: vec![("Rassegna <generale>".into(), "/desk/ritagli?edizione=generale".into(), true)],
        issue,
        views: vec![("Tutti 3".into(), "/desk/ritagli?edizione=generale".into(), true, "a")],
        sections: vec![Choice { id: 3, n: 1, name: "Lavori <pubblici>".into() }],
        rows: Vec::new(),
        q: "\"molo\"".into(),
        here: "ritagli?edizione=generale".into(),
        undecided: vec!["12.0".into()],
        rest: 1,
        elsewhere: vec!["13.0".into()],
        all_open: 2,
        before: None,
        after: Some("/desk/ritagli?edizione=generale&pagina=2".into()),
        can_curate: true,
        codes: "/desk/ritagli/sigle?edizione=generale".into(),
        dossiers: vec![("ponte".into(), "Ponte <vecchio>".into())],
        can_undo: true,
    };
    let head = || Head {
        slug: "generale".into(),
        name: "Rassegna generale".into(),
        href: "/desk/rassegna/generale/2026-11-24T07:00:00".into(),
        action: "/desk/rassegna/generale/2026-11-24T07:00:00/fai".into(),
        datetime: "2026-11-24T07:00:00+01:00".into(),
        hour: "martedì 24 novembre 2026, ore 07:00".into(),
        left: "tra 2 h".into(),
        next_step: plural(lang, "curation.clippings.decide", 6),
        confirmed: true,
    };
    let states = ["proposed", "kept", "dropped", "late", "over"];
    let rows = states.iter().zip(1..).map(|(state, n)| Row::sample(lang, n, state)).collect();
    let waiting = Row { story: 0, ..Row::sample(lang, 9, "late") };
    let full = ClippingsPage { rows: [rows, vec![waiting]].concat(), ..empty(Some(head())) };
    let page = |page: ClippingsPage| page.render().expect("a template over strings");
    let mut all = vec![
        ("clippings", page(full)),
        ("clippings, none", page(empty(Some(head())))),
        ("clippings, no edition", page(empty(None))),
    ];
    all.extend(codes::samples(lang));
    all
}
