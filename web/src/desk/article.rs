//! One article: what it says as far as the desk may show it, where else the same text and the same story stood, which
//! watches clipped it and what people made of that, where it was printed.

mod around;
mod beside;
mod changes;
mod placed;
mod versions;

pub(crate) use beside::{NoteLine, notes_of};
pub(crate) use changes::{href as version_href, mark};

use super::archive::{Asked, choices, clipped, told};
use super::fields::Fields;
use super::frame::Frame;
use super::rights::{Badge, Rights};
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use around::{Around, around};
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use beside::{Beside, Typed};
use changes::Changes;
use placed::{Placed, placed};
use salastampa_acts::clip_hand::{self, Choice};
use salastampa_domain::{
    Act, Article, ArticleId, Clipping, ClippingId, ClippingState, Extract, ImportId, Timestamp, Use, User, Via, Watch,
};
use salastampa_index::{Highlighter, Names, Segment};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_store::Rows;

/// Most articles that are listed as copies, and as the same story.
const MOST_LISTED: usize = 40;
/// Most uses that are listed.
const MOST_USES: usize = 20;
/// Longest text that is shown, in bytes; the rest is read at the source.
const LONGEST: usize = 60_000;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/articoli/{id}", get(show))
        .route("/desk/articoli/{id}/versioni/{numero}", get(versions::show))
        .route("/desk/articoli/{id}/ritaglia", post(clip))
        .route("/desk/articoli/{id}/decidi", post(decide))
        .merge(beside::routes())
}

/// The page.
#[derive(Template)]
#[template(path = "desk/article.html")]
pub(crate) struct ArticlePage {
    frame: Frame,
    id: ArticleId,
    title: Vec<Segment>,
    outlet: String,
    /// The archive narrowed to the outlet.
    outlet_href: String,
    authors: String,
    rubric: String,
    /// What happened when: label, for machines, for people.
    times: Vec<(&'static str, String, String)>,
    /// Imported, added by hand.
    via: Option<String>,
    /// What the agency says of a wire.
    wire: Vec<String>,
    url: String,
    badge: Badge,
    meaning: &'static str,
    leaves: String,
    lead: Vec<Vec<Segment>>,
    body: Vec<Vec<Segment>>,
    /// Why the text is not here, or not whole.
    text_note: Option<&'static str>,
    /// Its story and what is near it.
    around: Around,
    placed: Option<Placed>,
    clippings: Vec<ClippingLine>,
    uses: Vec<(String, String, String)>,
    changes: Changes,
    /// The watches that it can still be clipped for.
    watches: Vec<(String, String)>,
    clips: bool,
    /// What the office lays beside it.
    beside: Beside,
}

/// A clipping of this article.
struct ClippingLine {
    id: ClippingId,
    watch: String,
    href: String,
    /// The words that matched.
    why: String,
    datetime: String,
    date: String,
    /// What people made of it.
    state: String,
    /// Whether it can be kept, dropped, opened again.
    keep: bool,
    drop: bool,
    reopen: bool,
}

async fn show(desk: Desk, Path(id): Path<String>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let q = asked.map(|Query(asked)| asked.q).unwrap_or_default();
    desk.answer(page(&desk, &id, &q, None).await)
}

async fn page(desk: &Desk, id: &str, q: &str, typed: Option<Typed>) -> Result<ArticlePage, Error> {
    desk.must(Act::Read)?;
    let id = ArticleId(id.parse().map_err(|_| Error::Missing)?);
    let mut rows = desk.site.store.read().await?;
    let article = rows.find_article(id).await?.filter(|article| !article.is_taken_back()).ok_or(Error::Missing)?;
    let (outlets, watches) = (rows.list_outlets().await?, rows.list_watches().await?);
    let outlet = outlets.iter().find(|outlet| outlet.id == article.outlet).ok_or(Error::Missing)?;
    let gate = Rights::read(&mut rows, desk.now).await?.gate(&article, outlet);
    let marker = Highlighter::new(q, &Names::new(&outlets, &watches), desk.now).unwrap_or_default();
    let body = rows.find_body(id).await?;
    let around = around(desk, &mut rows, &article, &body, &outlets).await?;
    let placed = placed(desk, &mut rows, &article).await?;
    let (lead, body) = (gate.desk.paragraphs(&article.lead), gate.desk.paragraphs(&body));
    let (body, whole) = bounded(body);
    // behind dateline and byline many bodies begin with the summary
    let repeats =
        lead.first().is_some_and(|lead| body.iter().take(3).any(|part| part.as_str().contains(lead.as_str())));
    let text_note = match () {
        () if !gate.desk.full_text => Some(desk.t("archive.article.reserved")),
        () if body.is_empty() => Some(desk.t("archive.article.no_body")),
        () if !whole => Some(desk.t("archive.article.longer")),
        () => None,
    };
    let marked = |text: Vec<Extract>| text.iter().map(|part| marker.in_text(part.as_str())).collect();
    let users = rows.list_users().await?;
    let clippings = rows.list_clippings_of(id).await?;
    let moment = |at: Timestamp| (at.rfc3339(), date::moment(at.civil(), desk.lang));
    let uses = rows.list_uses_of(id, MOST_USES).await?;
    let revisions = rows.list_revisions(id).await?;
    let wires = rows.list_wires_of(id).await?;
    let wire = super::wire::lines(&wires, rows.find_hidden(id).await?, desk.lang);
    let look = rows.find_look(id).await?;
    let mut times: Vec<(&'static str, Timestamp)> = Vec::new();
    times.extend(article.published_at.map(|at| (desk.t("archive.article.published"), at)));
    times.push((desk.t("archive.article.first_seen"), article.first_seen));
    times.push((desk.t("archive.article.kept"), article.kept_at));
    times.extend(changes::looks(desk, look.as_ref()));
    let clips = desk.may(Act::Curate);
    let beside = beside::beside(desk, &mut rows, id, &users, typed).await?;
    let kept =
        |watch: &Watch| clippings.iter().any(|c| c.watch == watch.id && matches!(c.state, ClippingState::Kept { .. }));
    let open: Vec<Watch> = watches.iter().filter(|watch| !kept(watch)).cloned().collect();
    Ok(ArticlePage {
        frame: desk.frame(&article.title),
        id,
        title: marker.in_title(&article.title),
        outlet: outlet.name.clone(),
        outlet_href: desk.href(&Asked { testata: outlet.slug.clone(), ..Asked::default() }.path()),
        authors: article.authors.join(", "),
        rubric: article.rubric.clone().unwrap_or_default(),
        times: times.into_iter().map(|(label, at)| (label, moment(at).0, moment(at).1)).collect(),
        via: via(desk, &mut rows, &article, &users).await?,
        wire,
        url: web_address(&article.url),
        badge: gate.badge(desk.lang),
        meaning: gate.meaning(desk.lang),
        leaves: gate.leaves(desk.lang),
        lead: if repeats { Vec::new() } else { marked(lead) },
        body: marked(body),
        text_note,
        around,
        placed,
        clippings: clippings.iter().map(|clipping| line(desk, clipping, &watches, &users)).collect(),
        uses: summed(&uses)
            .into_iter()
            .map(|(output, at, readers)| {
                let readers = plural(desk.lang, "archive.article.readers", readers);
                (format!("{}, {readers}", output_words(desk.lang, output)), moment(at).0, moment(at).1)
            })
            .collect(),
        changes: changes::changes(desk, id, &revisions, look.as_ref()),
        watches: if clips { choices(&open) } else { Vec::new() },
        clips,
        beside,
    })
}

/// What went out the same way at the same time, as one: how, when, to how many.
fn summed(uses: &[Use]) -> Vec<(&str, Timestamp, usize)> {
    let mut out: Vec<(&str, Timestamp, usize)> = Vec::new();
    for one in uses {
        match out.iter_mut().find(|(output, at, _)| *output == one.output && *at == one.at) {
            Some((_, _, readers)) => *readers += one.readers,
            None => out.push((&one.output, one.at, one.readers)),
        }
    }
    out
}

/// As many paragraphs as a page holds, and whether that is all.
fn bounded(text: Vec<Extract>) -> (Vec<Extract>, bool) {
    let all = text.len();
    let mut bytes = 0;
    let shown: Vec<Extract> = text
        .into_iter()
        .take_while(|part| {
            bytes += part.as_str().len();
            bytes <= LONGEST
        })
        .collect();
    let whole = shown.len() == all;
    (shown, whole)
}

/// The address if it is one of the web; a source could write anything there.
fn web_address(url: &str) -> String {
    let is_web = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    if is_web { url.to_owned() } else { String::new() }
}

async fn via(desk: &Desk, rows: &mut Rows, article: &Article, users: &[User]) -> Result<Option<String>, Error> {
    Ok(match &article.via {
        Via::Source { .. } => None,
        Via::Hand { by } => {
            let name = users.iter().find(|user| user.id == *by).map_or("?", |user| user.name.as_str());
            Some(fill(desk.lang, "archive.article.by_hand", &[("who", name)]))
        }
        Via::Import { batch } => {
            let import = match batch.parse() {
                Ok(number) => rows.find_import(ImportId(number)).await?,
                Err(_) => None,
            };
            let name = import.map_or_else(|| batch.clone(), |import| import.name);
            Some(fill(desk.lang, "archive.article.imported", &[("batch", &name)]))
        }
    })
}

fn line(desk: &Desk, clipping: &Clipping, watches: &[Watch], users: &[User]) -> ClippingLine {
    let watch = watches.iter().find(|watch| watch.id == clipping.watch);
    let name = |id| users.iter().find(|user| user.id == id).map_or("?", |user| user.name.as_str());
    let (kept, dropped, state) = match clipping.state {
        ClippingState::Proposed => (false, false, desk.t("archive.article.proposed").to_owned()),
        ClippingState::Kept { by } => (true, false, fill(desk.lang, "archive.article.kept_by", &[("who", name(by))])),
        ClippingState::Dropped { by } => {
            (false, true, fill(desk.lang, "archive.article.dropped_by", &[("who", name(by))]))
        }
    };
    ClippingLine {
        id: clipping.id,
        watch: watch.map(|watch| watch.name.clone()).unwrap_or_default(),
        href: desk.href(&format!("/desk/temi/{}", watch.map(|watch| watch.slug.as_str()).unwrap_or_default())),
        why: clipping.why.join(", "),
        datetime: clipping.matched_at.rfc3339(),
        date: date::moment(clipping.matched_at.civil(), desk.lang),
        state,
        keep: !kept,
        drop: !dropped,
        reopen: kept || dropped,
    }
}

fn output_words(lang: Lang, output: &str) -> String {
    match output {
        "review mail" => t(lang, "archive.article.review_mail").to_owned(),
        "review pdf" => t(lang, "archive.article.review_pdf").to_owned(),
        "review page" => t(lang, "archive.article.review_page").to_owned(),
        "feed" => t(lang, "archive.article.feed").to_owned(),
        export if export.starts_with("export ") => t(lang, "archive.article.export").to_owned(),
        "alert" => t(lang, "archive.article.alert").to_owned(),
        "notification" => t(lang, "archive.article.notification").to_owned(),
        other => other.to_owned(),
    }
}

async fn clip(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(number) = id.parse() else { return desk.no_page(&Error::Missing) };
    clipped(&desk, fields.text("in"), &[ArticleId(number)], &format!("/desk/articoli/{number}")).await
}

async fn decide(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(number) = id.parse::<i64>() else { return desk.no_page(&Error::Missing) };
    let (choice, key) = match fields.text("scelta") {
        "tieni" => (Choice::Keep, "archive.article.now_kept"),
        "scarta" => (Choice::Drop, "archive.article.now_dropped"),
        "riapri" => (Choice::Reopen, "archive.article.now_open"),
        _ => return desk.no_page(&Error::Missing),
    };
    let clipping = ClippingId(fields.value("ritaglio").unwrap_or_default());
    let done = clip_hand::decide(&desk.site.store, &desk.user.login, clipping, choice, desk.now).await;
    told(&desk, done, &format!("/desk/articoli/{number}"), |_| desk.t(key).to_owned()).await
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let piece = |text: &str, marked| Segment { text: text.into(), marked };
    let clipping = |keep, drop| ClippingLine {
        id: ClippingId(3),
        watch: "Ponte & <lungolago>".into(),
        href: "/ufficio-stampa/desk/temi/ponte".into(),
        why: "ponte, <lungolago>".into(),
        datetime: "2026-11-22T07:11:00+01:00".into(),
        date: "22 novembre 2026, ore 07:11".into(),
        state: t(lang, "archive.article.proposed").into(),
        keep,
        drop,
        reopen: !keep,
    };
    let when = || ("2026-11-22T07:10:00+01:00".to_owned(), "22 novembre 2026, ore 07:10".to_owned());
    let page = ArticlePage {
        frame: Frame::sample(lang, "Chiude il ponte <vecchio>", "/desk/articoli/1"),
        id: ArticleId(1),
        title: vec![piece("Chiude il ", false), piece("ponte", true), piece(" <vecchio>", false)],
        outlet: "Il <Lago>".into(),
        outlet_href: "/ufficio-stampa/desk/archivio?testata=il-lago".into(),
        authors: "Nina <Valli>".into(),
        rubric: "cronaca".into(),
        times: vec![(t(lang, "archive.article.published"), when().0, when().1)],
        via: Some(fill(lang, "archive.article.by_hand", &[("who", "Lia Neri")])),
        wire: vec![fill(lang, "archive.wire.note", &[("note", "segue <tabella>")])],
        url: "https://il-lago.test/1?a=\"b\"".into(),
        badge: Badge { words: t(lang, "archive.rights.extract_only"), reason: "" },
        meaning: t(lang, "archive.rights.extract_only_means"),
        leaves: fill(lang, "archive.rights.leaves_extract", &[("n", "200")]),
        lead: vec![vec![piece("Da domani <si> gira.", false)]],
        body: vec![vec![piece("Il ", false), piece("ponte", true), piece(" & la strada.", false)]],
        text_note: Some(t(lang, "archive.article.longer")),
        placed: Some(Placed {
            why: t(lang, "archive.placed.crowd").to_owned(),
            beside: Some(("/ufficio-stampa/desk/articoli/2".into(), "Il ponte <b>chiude</b>".into())),
        }),
        around: Around {
            copies: vec![
                around::Line::sample(true, &[t(lang, "archive.article.origin")]),
                around::Line::sample(false, &[]),
            ],
            story: Some(around::Timeline::sample(lang)),
            near: around::Near { lines: vec![around::Line::sample(false, &[])], note: None },
        },
        clippings: vec![clipping(true, true), clipping(false, true)],
        uses: vec![("rassegna".into(), when().0, when().1)],
        changes: Changes {
            removed: Some(fill(lang, "archive.versions.removed", &[("since", "22 novembre 2026, ore 07:10")])),
            changed: Some("/ufficio-stampa/desk/articoli/1/versioni/2".into()),
            note: Some(t(lang, "archive.versions.wall")),
            readings: vec![changes::ReadingLine {
                words: changes::kind_words(lang, salastampa_domain::RevisionKind::Silent),
                href: "/ufficio-stampa/desk/articoli/1/versioni/2".into(),
                datetime: when().0,
                date: when().1,
            }],
        },
        watches: vec![("ponte".into(), "Ponte & <lungolago>".into())],
        clips: true,
        beside: Beside::sample(lang),
    };
    let mut all = vec![("article", page.render().expect("a template over strings"))];
    all.extend(versions::samples(lang));
    all
}
