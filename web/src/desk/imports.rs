//! *Importazioni*: the old archives that came in by the command line, and the way to take one back.

use super::frame::Frame;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::backfile;
use salastampa_domain::{Act, Actor, Import, ImportId, User};
use salastampa_locale::{Lang, date, fill, number, t};

/// So many imports are shown.
const SHOWN: usize = 100;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/importazioni", get(show)).route("/desk/importazioni/{id}/togli", post(take_back))
}

/// The last imports.
#[derive(Template)]
#[template(path = "desk/imports.html")]
pub(crate) struct ImportsPage {
    frame: Frame,
    lines: Vec<Line>,
    may_take_back: bool,
    /// One is on its way: the page looks again.
    is_moving: bool,
}

struct Line {
    id: ImportId,
    name: String,
    datetime: String,
    date: String,
    who: String,
    rows: String,
    taken: String,
    known: String,
    refused: String,
    state: String,
    may_leave: bool,
}

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<ImportsPage, Error> {
    desk.must(Act::Inspect)?;
    let mut rows = desk.site.store.read().await?;
    let imports = rows.list_imports(SHOWN).await?;
    let users = rows.list_users().await?;
    let mut is_moving = false;
    for import in &imports {
        is_moving |= is_leaving(import) && removed(import) < import.progress.taken;
    }
    Ok(ImportsPage {
        frame: desk.frame(desk.t("import.page.title")),
        lines: imports.iter().map(|import| line(import, &users, desk.lang)).collect(),
        may_take_back: desk.may(Act::Administer),
        is_moving,
    })
}

fn is_leaving(import: &Import) -> bool {
    import.back.is_some()
}

fn removed(import: &Import) -> i64 {
    import.removed + import.spared
}

fn line(import: &Import, users: &[User], lang: Lang) -> Line {
    let whole = |n: i64| number::whole(n, lang);
    let counts = [("removed", whole(import.removed)), ("spared", whole(import.spared))];
    let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let state = match (is_leaving(import), import.done_at) {
        (true, _) if removed(import) < import.progress.taken => fill(lang, "import.page.leaving", &counts),
        (true, _) => fill(lang, "import.page.left", &counts),
        (false, Some(_)) => t(lang, "import.page.done").to_owned(),
        (false, None) => t(lang, "import.page.running").to_owned(),
    };
    let who = match &import.by {
        Actor::User { id } => users.iter().find(|user| user.id == *id).map(|user| user.name.clone()),
        _ => None,
    };
    Line {
        id: import.id,
        name: import.name.clone(),
        datetime: import.at.rfc3339(),
        date: date::moment(import.at.civil(), lang),
        who: who.unwrap_or_else(|| t(lang, "import.page.console").to_owned()),
        rows: whole(import.progress.position),
        taken: whole(import.progress.taken),
        known: whole(import.progress.known),
        refused: whole(import.progress.refused),
        state,
        may_leave: !is_leaving(import) && import.progress.taken > 0,
    }
}

async fn take_back(desk: Desk, Path(id): Path<i64>) -> Response {
    let done = backfile::ask_back(&desk.site.store, &desk.user.login, ImportId(id), desk.now).await;
    desk.done(done, "/desk/importazioni", desk.t("import.page.asked")).await
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_domain::{Progress, Timestamp, UserId};
    let import = |id, done: bool, back: bool| Import {
        id: ImportId(id),
        name: "storico <1999>.csv".into(),
        hash: "ab".into(),
        form: "{}".into(),
        by: Actor::Console,
        at: Timestamp(1_795_000_000_000),
        progress: Progress { position: 1_240, taken: 1_200, known: 30, refused: 10, refused_bytes: 400 },
        done_at: done.then_some(Timestamp(1_795_000_000_000)),
        back: back.then_some((Actor::User { id: UserId(1) }, Timestamp(1_795_000_000_000))),
        removed: if back { 700 } else { 0 },
        spared: 2,
    };
    let all = [import(3, false, false), import(2, true, true), import(1, true, false)];
    let page = |lines: Vec<Line>| ImportsPage {
        frame: Frame::sample(lang, t(lang, "import.page.title"), "/desk/importazioni"),
        is_moving: !lines.is_empty(),
        lines,
        may_take_back: true,
    };
    let full = page(all.iter().map(|import| line(import, &[], lang)).collect());
    vec![
        ("imports", full.render().expect("a template over strings")),
        ("imports-none", page(Vec::new()).render().expect("a template over strings")),
    ]
}
