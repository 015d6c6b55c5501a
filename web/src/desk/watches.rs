//! *Temi*: the saved queries that clip. Made, tried on what the archive holds, changed, retired.
//!
//! *Prova* shows on the same form what a query would find, and writes nothing. A change carries the mark of the row it
//! was made from: who comes second sees both texts and decides.

mod list;
mod preview;
mod sample;
mod typed;

use super::archive::{Problem, problem};
use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::guard::encoded;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use list::Around;
use preview::Preview;
use salastampa_acts::watch::form::{self, Form};
use salastampa_acts::watch::past::{self, Reach};
use salastampa_acts::watch::{self, Wanted};
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::{Act, Watch};
use salastampa_index::{Names, check_watch};
use salastampa_locale::{Lang, plural, t};
use salastampa_store::Rows;
use serde::Deserialize;
use typed::{as_wanted, typed};

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/temi", get(list::list))
        .route("/desk/temi/nuovo", get(begin).post(create))
        .route("/desk/temi/nuovo/prova", get(begin).post(try_new))
        .route("/desk/temi/{slug}", get(show).post(edit))
        .route("/desk/temi/{slug}/prova", get(show).post(try_changed))
        .route("/desk/temi/{slug}/ritira", post(retire))
        .route("/desk/temi/{slug}/riprendi", post(restore))
        .route("/desk/temi/{slug}/passato", post(ask_past))
}

/// One watch, or one that is being made.
#[derive(Template)]
#[template(path = "desk/watch.html")]
pub(crate) struct WatchPage {
    frame: Frame,
    /// None while it is being made.
    watch: Option<Standing>,
    wanted: Wanted,
    slips: Slips,
    problem: Option<Problem>,
    /// The row that the form was made from.
    seen: String,
    /// What somebody else has saved since.
    conflict: Option<Conflict>,
    preview: Option<Preview>,
    urgencies: Vec<(String, String)>,
    /// How far back a watch can be asked to clip.
    reaches: Vec<(String, String)>,
    /// Words that weigh in the office's choices, and how many choices there were.
    offers: Option<(String, Vec<Offer>)>,
    edits: bool,
}

/// A word that could be added to the query or left out of it: a person writes the rule.
struct Offer {
    word: String,
    adds: bool,
    /// The query with it.
    query: String,
}

/// What stands about a watch beside its form.
struct Standing {
    slug: String,
    /// Since when it clips nothing.
    retired: Option<(String, String)>,
    sections: Vec<String>,
    readers: Vec<String>,
    week: String,
    month: String,
    /// What became of its past.
    past: Option<String>,
    /// It is still being clipped: the page looks again.
    past_waits: bool,
    archive_href: String,
}

/// The text of somebody who was faster.
struct Conflict {
    words: String,
    wanted: Wanted,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    /// The query that a new watch begins with.
    q: String,
    /// The name that a new watch begins with.
    nome: String,
    /// The page of the list.
    pagina: String,
}

impl WatchPage {
    /// As the field of the form has it.
    fn urgency(&self) -> &'static str {
        self.wanted.urgency.name()
    }

    /// How a query of one word is meant, as the field of the form has it.
    fn form(&self) -> &'static str {
        match form::form_of(&self.wanted.query) {
            Some(Form::Exact) => "esatta",
            Some(Form::All) => "tutte",
            None => "",
        }
    }

    fn forms(&self) -> Vec<(String, String)> {
        let t = |key| t(self.frame.lang, key).to_owned();
        vec![
            (String::new(), t("archive.watch.form_written")),
            ("esatta".into(), t("archive.watch.form_exact")),
            ("tutte".into(), t("archive.watch.form_all")),
        ]
    }

    fn past_waits(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.past_waits)
    }
}

async fn begin(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    if let Err(error) = desk.must(Act::Curate) {
        return desk.no_page(&error);
    }
    let Asked { q, nome, .. } = asked.map(|Query(asked)| asked).unwrap_or_default();
    let wanted = Wanted { name: nome, query: q, weight: "5".into(), ..Wanted::default() };
    desk.answer(form(&desk, None, wanted, Tried::No).await)
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Response {
    desk.answer(standing_page(&desk, &slug).await)
}

async fn standing_page(desk: &Desk, slug: &str) -> Result<WatchPage, Error> {
    desk.must(Act::Read)?;
    let watch = desk.site.store.read().await?.find_watch(slug).await?.ok_or(Error::Missing)?;
    let wanted = as_wanted(&watch);
    form(desk, Some(watch), wanted, Tried::Kept).await
}

/// What the form shows below itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tried {
    No,
    /// The query as it is saved.
    Kept,
    /// The query as it was typed.
    Typed,
}

/// The form of a watch with what was typed, and what its query finds.
async fn form(desk: &Desk, watch: Option<Watch>, wanted: Wanted, tried: Tried) -> Result<WatchPage, Error> {
    let mut rows = desk.site.store.read().await?;
    let mut preview = match tried {
        Tried::No => None,
        Tried::Kept => preview::of(desk, &mut rows, watch.as_ref(), &wanted.query, None).await?,
        Tried::Typed => {
            let before = watch.as_ref().map(|watch| watch.query.as_str()).filter(|query| *query != wanted.query.trim());
            preview::of(desk, &mut rows, watch.as_ref(), &wanted.query, before).await?
        }
    };
    if let Some(preview) = &mut preview {
        let (grading, weight) = watch::graded(desk.lang, &wanted, &mut rows, desk.now).await?;
        preview.graded = preview::graded(desk, &mut rows, &wanted.query, grading, weight).await?;
    }
    let standing = match &watch {
        Some(watch) => {
            let past = rows.find_watch_past(watch.id).await?;
            let around = Around::read(desk, &mut rows, std::slice::from_ref(watch)).await?;
            Some(around.standing(desk, watch, past.as_ref()))
        }
        None => None,
    };
    let offers = match &watch {
        Some(watch) if tried == Tried::Kept => offers(&mut rows, watch, desk.lang).await?,
        _ => None,
    };
    let title = watch.as_ref().map_or_else(|| desk.t("archive.watch.new").to_owned(), |watch| watch.name.clone());
    Ok(WatchPage {
        frame: desk.frame(&title),
        watch: standing,
        wanted,
        slips: Slips::default(),
        problem: None,
        seen: watch.as_ref().map(watch::mark).unwrap_or_default(),
        conflict: None,
        preview,
        urgencies: urgencies(desk.lang),
        reaches: reaches(desk.lang),
        offers,
        edits: desk.may(Act::Curate),
    })
}

/// The words that the office's choices make heavy and that the query does not name.
async fn offers(rows: &mut Rows, watch: &Watch, lang: Lang) -> Result<Option<(String, Vec<Offer>)>, Error> {
    let Some(model) = rows.list_watch_models().await?.into_iter().find(|model| model.watch == watch.id) else {
        return Ok(None);
    };
    let query = watch.query.trim();
    let named = query.to_lowercase();
    let offer = |(word, weight): (String, i64)| {
        let adds = weight > 0;
        let with = if adds { format!("({query}) OR {word}") } else { format!("({query}) NOT {word}") };
        Offer { word, adds, query: with }
    };
    let offers: Vec<Offer> =
        model.words.into_iter().filter(|(word, _)| !named.contains(word.as_str())).map(offer).collect();
    let decisions = usize::try_from(model.kept + model.dropped).unwrap_or(0);
    let mut lead = plural(lang, "quality.offer_lead", decisions);
    if let Ok(declined @ 1..) = usize::try_from(model.declined) {
        lead = format!("{lead} {}", plural(lang, "quality.offer_readers", declined));
    }
    Ok((!offers.is_empty()).then_some((lead, offers)))
}

fn urgencies(lang: Lang) -> Vec<(String, String)> {
    vec![
        ("review".into(), t(lang, "archive.watch.review").into()),
        ("ordinary".into(), t(lang, "archive.watch.ordinary").into()),
        ("flash".into(), t(lang, "archive.watch.flash").into()),
    ]
}

fn reaches(lang: Lang) -> Vec<(String, String)> {
    let days = |n: usize| (n.to_string(), plural(lang, "archive.watch.past_days", n));
    vec![days(30), days(90), days(365), ("tutto".into(), t(lang, "archive.watch.past_all").into())]
}

/// The form again, with what is wrong and where.
async fn again(desk: &Desk, slug: Option<&str>, fields: &Fields, error: ActError) -> Response {
    match refused_page(desk, slug, fields, error).await {
        Ok(page) => desk.again(Ok(page)),
        Err(error) => desk.no_page(&error),
    }
}

async fn refused_page(desk: &Desk, slug: Option<&str>, fields: &Fields, error: ActError) -> Result<WatchPage, Error> {
    let wanted = typed(fields);
    let watch = found(desk, slug).await?;
    let mut page = form(desk, watch.clone(), wanted, Tried::No).await?;
    match error {
        ActError::Denied(Denied::Form(slips)) => {
            page.problem = wrong_query(desk, watch.as_ref(), &page.wanted.query).await?;
            page.slips = Slips(slips);
            // what the form was made from stays what it was
            fields.text("visto").clone_into(&mut page.seen);
        }
        ActError::Denied(denied @ Denied::Changed { .. }) => {
            // the next save is made with both texts in sight
            let now = watch.as_ref().map(as_wanted).unwrap_or_default();
            page.conflict = Some(Conflict { words: denied.sentence(desk.lang), wanted: now });
        }
        other => return Err(other.into()),
    }
    Ok(page)
}

async fn found(desk: &Desk, slug: Option<&str>) -> Result<Option<Watch>, Error> {
    let Some(slug) = slug else { return Ok(None) };
    Ok(Some(desk.site.store.read().await?.find_watch(slug).await?.ok_or(Error::Missing)?))
}

/// Where the query stumbles, if it does.
async fn wrong_query(desk: &Desk, watch: Option<&Watch>, query: &str) -> Result<Option<Problem>, Error> {
    let mut rows = desk.site.store.read().await?;
    let mut watches = rows.list_watches().await?;
    if let Some(own) = watches.iter_mut().find(|one| watch.is_some_and(|watch| watch.id == one.id)) {
        query.clone_into(&mut own.query);
    }
    let names = Names::new(&rows.list_outlets().await?, &watches);
    let wrong = check_watch(query, &names, desk.now).err().filter(|_| !query.trim().is_empty());
    // the sentence stands beside the field; a suggestion is typed, not followed
    Ok(wrong.map(|error| problem(desk.lang, &error, query, 0, |_| String::new())))
}

async fn create(desk: Desk, fields: Fields) -> Response {
    match watch::create(&desk.site.store, &desk.user.login, desk.lang, &typed(&fields), desk.now).await {
        Ok(slug) => desk.go(&format!("/desk/temi/{}", encoded(&slug)), desk.t("archive.watch.made")).await,
        Err(error) => again(&desk, None, &fields, error).await,
    }
}

async fn edit(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (store, login, seen) = (&desk.site.store, &desk.user.login, fields.text("visto"));
    match watch::edit(store, login, desk.lang, &slug, seen, &typed(&fields), desk.now).await {
        Ok(()) => desk.go(&format!("/desk/temi/{}", encoded(&slug)), desk.t("archive.watch.saved")).await,
        Err(error) => again(&desk, Some(&slug), &fields, error).await,
    }
}

async fn try_new(desk: Desk, fields: Fields) -> Response {
    tried(&desk, None, &fields).await
}

async fn try_changed(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    tried(&desk, Some(&slug), &fields).await
}

/// The same form with what the query would find; nothing is written.
async fn tried(desk: &Desk, slug: Option<&str>, fields: &Fields) -> Response {
    if let Err(error) = desk.must(Act::Curate) {
        return desk.no_page(&error);
    }
    // the name may come later: what is tried is the query
    let name = if fields.text("nome").is_empty() { desk.now.0.to_string() } else { fields.raw("nome").to_owned() };
    let wanted = Wanted { name, ..typed(fields) };
    let checked = match desk.site.store.read().await {
        Ok(mut rows) => watch::check(&mut rows, desk.lang, slug, &wanted, desk.now).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = checked {
        return again(desk, slug, fields, error).await;
    }
    let page = async {
        let watch = found(desk, slug).await?;
        let mut page = form(desk, watch, typed(fields), Tried::Typed).await?;
        if slug.is_some() {
            fields.text("visto").clone_into(&mut page.seen);
        }
        Ok(page)
    };
    desk.answer(page.await)
}

async fn retire(desk: Desk, Path(slug): Path<String>) -> Response {
    let path = format!("/desk/temi/{}", encoded(&slug));
    match watch::retire(&desk.site.store, &desk.user.login, &slug, desk.now).await {
        Ok(()) => desk.go_or_undo(&path, desk.t("archive.watch.retired"), &format!("{path}/riprendi"), &[]).await,
        Err(error) => desk.refused("/desk/temi", &error).await,
    }
}

async fn restore(desk: Desk, Path(slug): Path<String>) -> Response {
    let done = watch::restore(&desk.site.store, &desk.user.login, &slug, desk.now).await;
    let path = if done.is_ok() { format!("/desk/temi/{}", encoded(&slug)) } else { "/desk/temi".to_owned() };
    desk.done(done, &path, desk.t("archive.watch.restored")).await
}

async fn ask_past(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let reach = match fields.text("quanto") {
        "tutto" => Reach::All,
        days => Reach::Days(days.parse().ok().filter(|days| (1..=3_660).contains(days)).unwrap_or(past::DAYS)),
    };
    let path = format!("/desk/temi/{}", encoded(&slug));
    match past::ask(&desk.site.store, &desk.user.login, &slug, reach, desk.now).await {
        Ok(()) => desk.go(&path, desk.t("archive.watch.past_asked")).await,
        Err(error) => desk.refused("/desk/temi", &error).await,
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let wanted = || Wanted {
        name: "Ponte & <lungolago>".into(),
        query: "\"ponte <vecchio>".into(),
        weight: "11".into(),
        urgency: salastampa_domain::Urgency::Flash,
        hold: "3".into(),
        terms: "+12! \"asilo <nido>\"\n-10 calcio".into(),
        minimum: "8".into(),
        per_outlet: "2".into(),
        diverse: true,
    };
    let slip = |field, key| salastampa_acts::Slip { field, sentence: t(lang, key).to_owned() };
    let frame = || Frame::sample(lang, "Ponte & <lungolago>", "/desk/temi/ponte");
    let standing = Standing {
        slug: "ponte".into(),
        retired: Some(("2026-11-22T07:10:00+01:00".into(), "22 novembre 2026".into())),
        sections: vec!["Generale: Lavori <pubblici>".into()],
        readers: vec!["Ada <Corti>".into()],
        week: plural(lang, "archive.watch.clippings", 12),
        month: plural(lang, "archive.watch.clippings", 1240),
        past: Some(plural(lang, "archive.watch.past_made", 12)),
        past_waits: true,
        archive_href: "/ufficio-stampa/desk/archivio?tema=ponte".into(),
    };
    let one = WatchPage {
        frame: frame(),
        watch: Some(standing),
        wanted: wanted(),
        slips: Slips(vec![slip("peso", "archive.watch.bad_weight"), slip("ricerca", "archive.watch.no_query")]),
        problem: Some(Problem {
            sentence: String::new(),
            before: String::new(),
            wrong: "\"".into(),
            after: "ponte <vecchio>".into(),
            suggestion: Some(("\"ponte <vecchio>\"".into(), String::new())),
        }),
        seen: "ab".into(),
        conflict: Some(Conflict { words: "Ada <Corti>".into(), wanted: wanted() }),
        preview: Some(Preview::sample(lang)),
        urgencies: urgencies(lang),
        reaches: reaches(lang),
        offers: Some((
            plural(lang, "quality.offer_lead", 72),
            vec![
                Offer { word: "<partita>".into(), adds: false, query: "(ponte) NOT <partita>".into() },
                Offer { word: "cantiere".into(), adds: true, query: "(ponte) OR cantiere".into() },
            ],
        )),
        edits: true,
    };
    let new = WatchPage {
        frame: frame(),
        watch: None,
        wanted: Wanted { weight: "5".into(), ..Wanted::default() },
        slips: Slips::default(),
        problem: None,
        seen: String::new(),
        conflict: None,
        preview: None,
        urgencies: urgencies(lang),
        reaches: reaches(lang),
        offers: None,
        edits: true,
    };
    let mut all = list::samples(lang);
    all.extend([
        ("watch", one.render().expect("a template over strings")),
        ("watch-new", new.render().expect("a template over strings")),
    ]);
    all
}
