//! *Modelli*: the texts that the office begins releases with. The head of the press office and the administrator keep them.

use super::composer::{kinds, news, read};
use super::fields::Fields as Typed;
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
use salastampa_acts::templates::{self, Kept};
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::Act;
use salastampa_locale::Lang;
use salastampa_releases::{Fields, draft, wording};

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/modelli", get(list))
        .route("/desk/modelli/nuovo", get(blank).post(add))
        .route("/desk/modelli/{slug}", get(show).post(edit))
        .route("/desk/modelli/{slug}/togli", post(remove))
        .route("/desk/modelli/{slug}/ripristina", post(restore))
}

/// The list.
#[derive(Template)]
#[template(path = "desk/templates.html")]
pub(crate) struct TemplatesPage {
    frame: Frame,
    may_write: bool,
    lines: Vec<Line>,
    /// Texts of the first day that the office has put away.
    away: Vec<Line>,
}

struct Line {
    slug: String,
    name: String,
    kind: &'static str,
    title: String,
    is_ready: bool,
    is_own: bool,
}

/// One template, or one that is being written.
#[derive(Template)]
#[template(path = "desk/template.html")]
pub(crate) struct TemplatePage {
    frame: Frame,
    slips: Slips,
    /// What it is called, as it was typed.
    called: String,
    fields: Fields,
    kinds: Vec<(String, &'static str)>,
    news: Vec<(String, &'static str)>,
    seen: String,
    /// The path of one that is there.
    path: Option<String>,
    /// It is of the first day, and changed.
    restores: bool,
    /// Somebody else has saved it since: the sentence, and their text.
    conflict: Option<(String, String)>,
}

async fn list(desk: Desk) -> Response {
    let page = async {
        desk.must(Act::Templates)?;
        let all = templates::all(&mut desk.site.store.read().await?, &desk.site.house).await?;
        let (away, lines): (Vec<_>, Vec<_>) = all.iter().partition(|kept| kept.template.is_away);
        Ok(TemplatesPage {
            frame: desk.frame(desk.t("composer.template.title")),
            may_write: desk.may(Act::Write),
            lines: lines.into_iter().map(|kept| line(kept, desk.lang)).collect(),
            away: away.into_iter().map(|kept| line(kept, desk.lang)).collect(),
        })
    };
    desk.answer(page.await)
}

fn line(kept: &Kept, lang: Lang) -> Line {
    let read = draft::parse(&kept.template.text).ok();
    Line {
        slug: encoded(&kept.template.slug),
        name: kept.template.name.clone(),
        kind: wording::kind(read.as_ref().map(|draft| draft.kind).unwrap_or_default(), lang),
        title: read.map(|draft| draft.title).unwrap_or_default(),
        is_ready: kept.is_ready,
        is_own: kept.is_own,
    }
}

async fn found(desk: &Desk, slug: &str) -> Result<Kept, Error> {
    desk.must(Act::Templates)?;
    let all = templates::all(&mut desk.site.store.read().await?, &desk.site.house).await?;
    all.into_iter().find(|kept| kept.template.slug == slug).ok_or(Error::Missing)
}

fn page(desk: &Desk, kept: Option<&Kept>, called: String, fields: Fields) -> TemplatePage {
    let title = kept.map_or_else(|| desk.t("composer.template.new").to_owned(), |kept| kept.template.name.clone());
    TemplatePage {
        frame: desk.frame(&title),
        slips: Slips::default(),
        called,
        fields,
        kinds: kinds(desk.lang),
        news: news(desk.lang),
        seen: kept.map(|kept| mark(&kept.template)).unwrap_or_default(),
        path: kept.map(|kept| desk.href(&format!("/desk/modelli/{}", encoded(&kept.template.slug)))),
        restores: kept.is_some_and(|kept| kept.is_ready && kept.is_own),
        conflict: None,
    }
}

async fn blank(desk: Desk) -> Response {
    if let Err(error) = desk.must(Act::Templates) {
        return desk.no_page(&error);
    }
    let fields = Fields { kind: "comunicato".into(), ..Fields::default() };
    desk.answer(Ok(page(&desk, None, String::new(), fields)))
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Response {
    let page = async {
        let kept = found(&desk, &slug).await?;
        let read = draft::parse(&kept.template.text).map(|draft| Fields::of(&draft));
        let fields = read.unwrap_or_else(|_| Fields { body: kept.template.text.clone(), ..Fields::default() });
        Ok(page(&desk, Some(&kept), kept.template.name.clone(), fields))
    };
    desk.answer(page.await)
}

async fn add(desk: Desk, typed: Typed) -> Response {
    match templates::add(desk.acts(), typed.raw("nome"), &read(&typed)).await {
        Ok(_) => desk.go("/desk/modelli", desk.t("composer.template.saved")).await,
        Err(error) => again(&desk, None, &typed, error).await,
    }
}

async fn edit(desk: Desk, Path(slug): Path<String>, typed: Typed) -> Response {
    // what this form does not show stays as it is in the text
    let known = match found(&desk, &slug).await {
        Ok(kept) => draft::parse(&kept.template.text).map(|draft| Fields::of(&draft)).unwrap_or_default(),
        Err(error) => return desk.no_page(&error),
    };
    let shown = read(&typed);
    let fields = Fields {
        kind: shown.kind,
        news: shown.news,
        title: shown.title,
        kicker: shown.kicker,
        summary: shown.summary,
        topics: shown.topics,
        body: shown.body,
        ..known
    };
    match templates::edit(desk.acts(), &slug, typed.text("visto"), typed.raw("nome"), &fields).await {
        Ok(()) => desk.go("/desk/modelli", desk.t("composer.template.saved")).await,
        Err(error) => again(&desk, Some(&slug), &typed, error).await,
    }
}

async fn remove(desk: Desk, Path(slug): Path<String>) -> Response {
    match templates::remove(desk.acts(), &slug).await {
        Ok(()) => desk.go("/desk/modelli", desk.t("composer.template.removed")).await,
        Err(error) => desk.no_page(&error.into()),
    }
}

async fn restore(desk: Desk, Path(slug): Path<String>) -> Response {
    match templates::restore(desk.acts(), &slug).await {
        Ok(()) => desk.go("/desk/modelli", desk.t("composer.template.restored")).await,
        Err(error) => desk.no_page(&error.into()),
    }
}

/// The form again, with what is wrong and where.
async fn again(desk: &Desk, slug: Option<&str>, typed: &Typed, error: ActError) -> Response {
    let kept = match slug {
        Some(slug) => match found(desk, slug).await {
            Ok(kept) => Some(kept),
            Err(error) => return desk.no_page(&error),
        },
        None => None,
    };
    let mut page = page(desk, kept.as_ref(), typed.raw("nome").to_owned(), read(typed));
    match error {
        ActError::Denied(Denied::Form(slips)) => {
            page.slips = Slips(slips);
            if typed.has("visto") {
                // what the form was made from stays what it was
                typed.text("visto").clone_into(&mut page.seen);
            }
        }
        ActError::Denied(denied @ Denied::Changed { .. }) => {
            let theirs = kept.map(|kept| kept.template.text).unwrap_or_default();
            page.conflict = Some((denied.sentence(desk.lang), theirs));
        }
        other => return desk.no_page(&other.into()),
    }
    desk.again(Ok(page))
}

impl TemplatePage {
    fn topics(&self) -> String {
        self.fields.topics.iter().map(|topic| topic.trim()).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_locale::t;
    const FOREIGN: &str = "</textarea><script>alert(1)</script> \"ponte\"";
    let line = |is_own| Line {
        slug: "strada".into(),
        name: FOREIGN.into(),
        kind: wording::kind(salastampa_domain::ReleaseKind::Invito, lang),
        title: FOREIGN.into(),
        is_ready: true,
        is_own,
    };
    let frame = |title: &str| Frame::sample(lang, title, "/desk/comunicati");
    let list =
        |lines, away| TemplatesPage { frame: frame(t(lang, "composer.template.title")), may_write: true, lines, away };
    let mut page = TemplatePage {
        frame: frame(FOREIGN),
        slips: Slips(vec![salastampa_acts::Slip { field: "nome", sentence: FOREIGN.into() }]),
        called: FOREIGN.into(),
        fields: Fields { title: FOREIGN.into(), body: FOREIGN.into(), ..Fields::default() },
        kinds: kinds(lang),
        news: news(lang),
        seen: "ab".into(),
        path: Some("/desk/modelli/strada".into()),
        restores: true,
        conflict: Some((FOREIGN.into(), FOREIGN.into())),
    };
    let known = page.render().expect("a template over strings");
    (page.path, page.restores, page.conflict, page.slips) = (None, false, None, Slips::default());
    vec![
        ("templates", list(vec![line(true), line(false)], vec![line(true)]).render().expect("a template over strings")),
        ("templates-none", list(Vec::new(), Vec::new()).render().expect("a template over strings")),
        ("template", known),
        ("template-new", page.render().expect("a template over strings")),
    ]
}
