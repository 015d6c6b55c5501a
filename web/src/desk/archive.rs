//! *Archivio*: every article ever kept, asked in the query language, narrowed by outlet, day and watch, and taken from
//! there into a watch.
//!
//! The address holds the whole search, so that it can be kept, sent and gone back to. Counts come from the same pass as
//! the hits, so that they agree with the list. Texts are shown as far as the rights let the desk show them.

mod asked;
mod clip;
mod export;
mod facets;
mod file;
mod gathered;
mod hit;

pub(crate) use asked::Asked;
pub(crate) use clip::{clipped, told};
pub(crate) use hit::{Hit, hits as found};

use super::chart::Chart;
use super::export::ExportForm;
use super::frame::Frame;
use super::session::Desk;
use super::sources::outlet_kind;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use axum::routing::{get, post};
use facets::{Facets, WatchCounts, capital};
use gathered::Gathered;
use jiff::civil::Date;
use salastampa_acts::error::query_sentence;
use salastampa_acts::{clip_hand, meant};
use salastampa_domain::{Act, ArticleId, Outlet, Watch};
use salastampa_index::{Highlighter, Hits, Names, Notice, QueryError, SearchError};
use salastampa_locale::{Lang, date, fill, number, plural};

/// The days of a chart lead to their articles where the address of the search is not longer than this, in bytes: a
/// search of four thousand letters a hundred times over is no page.
pub(crate) const LONGEST_LINK: usize = 600;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/archivio", get(show))
        .route("/desk/archivio/ritaglia", post(clip::clip))
        .route("/desk/archivio/annulla", post(clip::undo))
        .route("/desk/archivio/dossier", post(file::file))
        .route("/desk/archivio/esporta", post(export::export))
}

/// The page.
#[derive(Template)]
#[template(path = "desk/archive.html")]
pub(crate) struct ArchivePage {
    frame: Frame,
    asked: Asked,
    problem: Option<Problem>,
    notices: Vec<Remark>,
    /// `1.234 articoli`; none where the search could not be made.
    found: Option<String>,
    total: u64,
    chips: Vec<Chip>,
    watches: Vec<(String, String)>,
    /// Dossiers that the search can be narrowed to, and those that take articles.
    dossiers: Vec<(String, String)>,
    open_dossiers: Vec<(String, String)>,
    /// Tags that the search can be narrowed to: key and name.
    tags: Vec<(String, String)>,
    hits: Vec<Hit>,
    facets: Facets,
    /// How many by watch, where that was asked for.
    by_watch: Option<WatchCounts>,
    /// Where it is asked for.
    count_watches: Option<String>,
    chart: Option<Chart>,
    first: Option<String>,
    next: Option<String>,
    /// Where the search is saved as a watch, and where a feed of it is made.
    save: Option<String>,
    follow: Option<String>,
    /// Whether the person may clip.
    clips: bool,
    /// The box for more than this page.
    all: Option<String>,
    /// Where nothing has all the words: what has any of them, as words and address.
    any_word: Option<(String, String)>,
    /// The way of the whole answer into a file.
    export: Option<ExportForm>,
}

/// Why a search could not be made, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    pub(crate) sentence: String,
    pub(crate) before: String,
    pub(crate) wrong: String,
    pub(crate) after: String,
    /// What would work: its words and its address.
    pub(crate) suggestion: Option<(String, String)>,
}

/// Something that the person should know of the search, and what it proposes: its words and its address.
struct Remark {
    words: String,
    better: Option<(String, String)>,
}

/// Something that narrows the search, and the address without it.
struct Chip {
    words: String,
    href: String,
}

async fn show(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let page = page(&desk, asked.map(|Query(asked)| asked).unwrap_or_default()).await;
    let wrong = page.as_ref().is_ok_and(|page| page.problem.is_some());
    if wrong { desk.again(page) } else { desk.answer(page) }
}

async fn page(desk: &Desk, asked: Asked) -> Result<ArchivePage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let (outlets, watches) = (rows.list_outlets().await?, rows.list_watches().await?);
    let gathered = Gathered::read(&mut rows).await?;
    let asked = gathered.known(asked.known(&outlets, &watches));
    let names = Names::new(&outlets, &watches);
    let mut page = ArchivePage::empty(desk, asked, &outlets, &watches, &gathered);
    let mut query = match page.asked.query(&outlets) {
        Ok(query) => query,
        Err(error) => return Ok(page.stumbled(desk, &error, 0)),
    };
    query.only = gathered.only(&mut rows, &page.asked).await?;
    let archive = desk.site.archive()?;
    let mut searched = archive.search(&query, &names, desk.now).await;
    if let Err(SearchError::Page) = searched {
        // a page of another search, or of before a change of the program: from the beginning
        query.page.after = None;
        searched = archive.search(&query, &names, desk.now).await;
    }
    let hits = match searched {
        Ok(hits) => hits,
        Err(SearchError::Query(error)) => {
            let shift = page.asked.shift();
            return Ok(page.stumbled(desk, &error, shift));
        }
        Err(other) => return Err(other.into()),
    };
    let marker = Highlighter::new(&query.text, &names, desk.now).unwrap_or_default();
    let ids: Vec<ArticleId> = hits.hits.iter().map(|hit| hit.article).collect();
    page.hits = hit::hits(desk, &mut rows, &ids, &outlets, &marker, &page.asked.q).await?;
    if page.asked.grouped() {
        page.hits = hit::grouped(page.hits);
    }
    if page.asked.counts_watches() && hits.total > 0 {
        page.by_watch = Some(facets::by_watch(desk, archive, &page.asked, &query, (&outlets, &watches)).await?);
    }
    let notices = meant::as_written(&mut rows, hits.notices.clone()).await?;
    page.notices = remarks(desk, &page.asked, &notices);
    page.tell(desk, &hits, &outlets);
    Ok(page)
}

impl ArchivePage {
    /// The page before its answer.
    fn empty(desk: &Desk, asked: Asked, outlets: &[Outlet], watches: &[Watch], gathered: &Gathered) -> Self {
        let clips = desk.may(Act::Curate);
        let query = asked.as_watch(outlets);
        let save = format!("/desk/temi/nuovo?q={}", super::guard::encoded(&query));
        Self {
            frame: desk.frame(desk.t("archive.title")),
            problem: None,
            notices: Vec::new(),
            found: None,
            total: 0,
            chips: chips(desk, &asked, outlets, watches, gathered),
            watches: choices(watches),
            dossiers: gathered.dossiers.iter().map(|one| (one.slug.clone(), one.name.clone())).collect(),
            open_dossiers: if clips { super::dossiers::choices(&gathered.dossiers) } else { Vec::new() },
            tags: gathered.tags.iter().map(|tag| (tag.key.clone(), tag.name.clone())).collect(),
            hits: Vec::new(),
            facets: Facets::default(),
            by_watch: None,
            count_watches: None,
            chart: None,
            first: (!asked.dopo.is_empty()).then(|| desk.href(&Asked { dopo: String::new(), ..asked.clone() }.path())),
            next: None,
            follow: super::feeds::of_search(desk, &asked, &query),
            save: (clips && !query.is_empty()).then(|| desk.href(&save)),
            clips,
            all: None,
            any_word: None,
            export: None,
            asked,
        }
    }

    /// The page that says why the search could not be made.
    fn stumbled(mut self, desk: &Desk, error: &QueryError, shift: usize) -> Self {
        let better =
            |better: &str| desk.href(&Asked { q: better.to_owned(), dopo: String::new(), ..self.asked.clone() }.path());
        self.problem = Some(problem(desk.lang, error, &self.asked.q, shift, better));
        self
    }

    /// What the answer says beside its articles.
    fn tell(&mut self, desk: &Desk, hits: &Hits, outlets: &[Outlet]) {
        let total = usize::try_from(hits.total).unwrap_or(usize::MAX);
        self.total = hits.total;
        self.found = Some(plural(desk.lang, "archive.found", total));
        self.facets = Facets::new(desk, &self.asked, hits, outlets);
        let counts = self.asked.with_watches(1);
        let counts = desk.href(&format!("{}#per-tema", counts.path()));
        self.count_watches = (facets::may_count(&self.asked) && !self.watches.is_empty()).then_some(counts);
        let link = |first: Date, last: Date| {
            let path = self.asked.between(first, last).path();
            (path.len() <= LONGEST_LINK).then(|| desk.href(&path))
        };
        let title = desk.t("archive.chart_title").to_owned();
        let span = self.asked.span(&hits.by_day, desk.now).filter(|(first, last)| first < last && total > 0);
        self.chart = span.map(|span| Chart::over("volume", title, &hits.by_day, span, desk.lang, link));
        let next = |token: &String| {
            desk.href(&Asked { dopo: token.clone(), conta: String::new(), ..self.asked.clone() }.path())
        };
        self.next = hits.next.as_ref().map(next);
        let any = self.asked.any_word().filter(|_| total == 0);
        let search = Asked { dopo: String::new(), ..self.asked.clone() };
        let pairs = search.pairs().into_iter().map(|(name, text)| (name, text.to_owned())).collect();
        self.export = (total > 0).then(|| ExportForm::new(desk, "/desk/archivio/esporta", pairs));
        self.any_word = any.map(|any| (any.q.clone(), desk.href(&any.path())));
        let most = clip_hand::MOST;
        self.all = (self.clips && total > hits.hits.len()).then(|| match total {
            n if n <= most => plural(desk.lang, "archive.clip.all", n),
            _ => fill(desk.lang, "archive.clip.first", &[("n", &number::whole(most as i64, desk.lang))]),
        });
    }
}

/// What the answer remarks on the question. That nothing has all the words is told where the answer would stand.
fn remarks(desk: &Desk, asked: &Asked, notices: &[Notice]) -> Vec<Remark> {
    let told = notices.iter().filter(|notice| !matches!(notice, Notice::AnyWord { .. }));
    told.map(|notice| {
        let better = notice.query().and_then(|query| asked.typed(query)).map(|q| {
            let other = Asked { q: q.clone(), dopo: String::new(), ..asked.clone() };
            (q, desk.href(&other.path()))
        });
        Remark { words: notice_words(desk.lang, notice), better }
    })
    .collect()
}

/// The watches that articles can be clipped for: slug and name, by name.
pub(crate) fn choices(watches: &[Watch]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = watches
        .iter()
        .filter(|watch| watch.retired_at.is_none())
        .map(|watch| (watch.slug.clone(), watch.name.clone()))
        .collect();
    out.sort_by_cached_key(|(_, name)| name.to_lowercase());
    out
}

fn chips(desk: &Desk, asked: &Asked, outlets: &[Outlet], watches: &[Watch], gathered: &Gathered) -> Vec<Chip> {
    let mut out = Vec::new();
    let mut chip = |key: &'static str, value: &str, without: Asked| {
        let words = fill(desk.lang, key, &[("value", value)]);
        out.push(Chip { words, href: desk.href(&Asked { dopo: String::new(), ..without }.path()) });
    };
    if let Some(outlet) = outlets.iter().find(|outlet| outlet.slug == asked.testata) {
        chip("archive.chip.outlet", &outlet.name, Asked { testata: String::new(), ..asked.clone() });
    }
    if let Some(kind) = facets::kind(&asked.tipo) {
        chip("archive.chip.kind", outlet_kind(kind, desk.lang), Asked { tipo: String::new(), ..asked.clone() });
    }
    if !asked.sezione.is_empty() {
        chip("archive.chip.section", &capital(&asked.sezione), Asked { sezione: String::new(), ..asked.clone() });
    }
    if let Some(watch) = watches.iter().find(|watch| watch.slug == asked.tema) {
        chip("archive.chip.watch", &watch.name, Asked { tema: String::new(), ..asked.clone() });
    }
    if let Some(dossier) = gathered.dossier(asked) {
        chip("dossier.chip", &dossier.name, Asked { dossier: String::new(), ..asked.clone() });
    }
    if let Some(tag) = gathered.tag(asked) {
        chip("dossier.tag_chip", &tag.name, Asked { etichetta: String::new(), ..asked.clone() });
    }
    let (first, last) = asked.days();
    let shown = |day: Date| date::short(day, desk.lang);
    match (first, last) {
        (Some(first), Some(last)) if first == last => {
            let open = Asked { giorno: String::new(), dal: String::new(), al: String::new(), ..asked.clone() };
            chip("archive.chip.day", &shown(first), open);
        }
        (first, last) => {
            if let Some(first) = first {
                chip("archive.chip.from", &shown(first), Asked { dal: String::new(), ..asked.clone() });
            }
            if let Some(last) = last {
                chip("archive.chip.to", &shown(last), Asked { al: String::new(), ..asked.clone() });
            }
        }
    }
    out
}

/// What is wrong with a query, `shift` bytes of which were not typed.
pub(crate) fn problem(
    lang: Lang,
    error: &QueryError,
    typed: &str,
    shift: usize,
    href: impl Fn(&str) -> String,
) -> Problem {
    let mut error = error.clone();
    error.column = error.column.saturating_sub(shift);
    let at = |byte: usize| byte.saturating_sub(shift).min(typed.len());
    let (from, to) = (at(error.span.start), at(error.span.end));
    let part = |range: std::ops::Range<usize>| typed.get(range).unwrap_or_default().to_owned();
    // a suggestion is a whole query: of one that was put together it would hold what nobody typed
    let better = error.suggestion.clone().filter(|_| shift == 0);
    Problem {
        sentence: query_sentence(lang, &error),
        before: part(0..from),
        wrong: part(from..to),
        after: part(to..typed.len()),
        suggestion: better.map(|better| (href(&better), better)).map(|(href, words)| (words, href)),
    }
}

/// What the person should know of a query that ran.
pub(crate) fn notice_words(lang: Lang, notice: &Notice) -> String {
    let args = notice.args();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(lang, notice.key(), &args)
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let frame = || Frame::sample(lang, salastampa_locale::t(lang, "archive.title"), "/desk/archivio?q=ponte");
    let page = ArchivePage {
        frame: frame(),
        asked: Asked { dal: "2026-11-01".into(), raggruppa: "1".into(), ..Asked::text("ponte \"<x>\"") },
        problem: None,
        notices: vec![Remark {
            words: "«Manzzoni» <b>: forse «Manzoni»?".into(),
            better: Some(("Manzoni <b>".into(), "?q=Manzoni".into())),
        }],
        found: Some(plural(lang, "archive.found", 34)),
        total: 34,
        chips: vec![Chip { words: "Testata: Il <Lago>".into(), href: "?q=ponte".into() }],
        watches: vec![("ponte".into(), "Ponte & <lungolago>".into())],
        dossiers: vec![("ponte".into(), "Ponte <vecchio>".into())],
        open_dossiers: vec![("ponte".into(), "Ponte <vecchio>".into())],
        tags: vec![("viabilita".into(), "Viabilità <x>".into())],
        hits: vec![Hit::sample(1, 0), Hit::sample(2, 2)],
        facets: Facets::sample(),
        by_watch: Some(WatchCounts::sample(lang)),
        count_watches: None,
        chart: Some(Chart::sample(lang)),
        first: Some("?q=ponte".into()),
        next: Some("?q=ponte&dopo=1".into()),
        save: Some("/desk/temi/nuovo?q=ponte".into()),
        follow: Some("/desk/feed/nuovo?q=ponte".into()),
        clips: true,
        all: Some(plural(lang, "archive.clip.all", 34)),
        any_word: None,
        export: Some(ExportForm::sample(lang)),
    };
    let wrong = ArchivePage {
        frame: frame(),
        problem: Some(Problem {
            sentence: "Le virgolette aperte alla colonna 7 non si chiudono.".into(),
            before: "ponte ".into(),
            wrong: "\"".into(),
            after: "<b>".into(),
            suggestion: Some(("ponte \"<b>\"".into(), "?q=x".into())),
        }),
        found: None,
        total: 0,
        hits: Vec::new(),
        chart: None,
        notices: Vec::new(),
        chips: Vec::new(),
        facets: Facets::default(),
        by_watch: None,
        count_watches: None,
        first: None,
        next: None,
        save: None,
        follow: None,
        clips: false,
        all: None,
        any_word: None,
        export: None,
        watches: Vec::new(),
        dossiers: Vec::new(),
        open_dossiers: Vec::new(),
        tags: Vec::new(),
        asked: Asked::text("ponte \"<b>"),
    };
    let none = ArchivePage {
        frame: frame(),
        facets: Facets::default(),
        by_watch: None,
        count_watches: None,
        problem: None,
        found: Some(plural(lang, "archive.found", 0)),
        asked: Asked::text("x"),
        notices: Vec::new(),
        chips: Vec::new(),
        watches: Vec::new(),
        dossiers: Vec::new(),
        open_dossiers: Vec::new(),
        tags: Vec::new(),
        hits: Vec::new(),
        chart: None,
        first: None,
        next: None,
        save: None,
        follow: None,
        clips: true,
        all: None,
        any_word: Some(("ponte OR <b>".into(), "?q=ponte".into())),
        total: 0,
        export: None,
    };
    let pages = [("archive", page), ("archive-wrong", wrong), ("archive-none", none)];
    pages.map(|(name, page)| (name, page.render().expect("a template over strings"))).into()
}
