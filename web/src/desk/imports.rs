//! *Importazioni*: the old archives that came in, the way to bring one ([`trial`]), and the way to take one back.

mod trial;

pub(crate) use trial::uploads;

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
use salastampa_acts::backfile::desk::{Answer, Request, list_requests};
use salastampa_domain::{Act, Actor, ErrandId, Import, ImportId, User};
use salastampa_locale::{Lang, date, fill, number, t};

/// So many imports are shown.
const SHOWN: usize = 100;
/// So many of the last requests to the running office are looked through for those of imports.
const REQUESTS: usize = 300;
/// So many trials are shown.
const TRIALS: usize = 5;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/importazioni", get(show))
        .route("/desk/importazioni/{id}/togli", post(take_back))
        .merge(trial::routes())
}

/// The last imports.
#[derive(Template)]
#[template(path = "desk/imports.html")]
pub(crate) struct ImportsPage {
    frame: Frame,
    lines: Vec<Line>,
    may_take_back: bool,
    /// The last trials at the desk: number, name of the file, when.
    trials: Vec<(ErrandId, String, String)>,
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
    /// The page where it came in, if that was at the desk.
    request: Option<ErrandId>,
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
    let requests = list_requests(&mut rows, REQUESTS).await?;
    let mut is_moving = requests.iter().any(|(_, request)| request.import.is_some() && request.answer.is_none());
    for import in &imports {
        is_moving |= is_leaving(import) && removed(import) < import.progress.taken;
    }
    let trials = requests.iter().filter(|(_, request)| request.import.is_none()).take(TRIALS);
    let trials = trials.map(|(id, request)| (*id, request.name.clone(), date::moment(request.at.civil(), desk.lang)));
    Ok(ImportsPage {
        frame: desk.frame(desk.t("import.page.title")),
        lines: imports.iter().map(|import| line(import, &users, &requests, desk.lang)).collect(),
        may_take_back: desk.may(Act::Administer),
        trials: trials.collect(),
        is_moving,
    })
}

fn is_leaving(import: &Import) -> bool {
    import.back.is_some()
}

fn removed(import: &Import) -> i64 {
    import.removed + import.spared
}

fn line(import: &Import, users: &[User], requests: &[(ErrandId, Request)], lang: Lang) -> Line {
    // the newest stands first
    let request = requests.iter().find(|(_, request)| request.import == Some(import.id));
    let whole = |n: i64| number::whole(n, lang);
    let counts = [("removed", whole(import.removed)), ("spared", whole(import.spared))];
    let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let state = match (is_leaving(import), import.done_at) {
        (true, _) if removed(import) < import.progress.taken => fill(lang, "import.page.leaving", &counts),
        (true, _) => fill(lang, "import.page.left", &counts),
        (false, Some(_)) => t(lang, "import.page.done").to_owned(),
        (false, None) => match request.map(|(_, request)| &request.answer) {
            None => t(lang, "import.page.running").to_owned(),
            Some(None) => t(lang, "import.desk.running").to_owned(),
            Some(Some(Answer::Failed(why))) => fill(lang, "import.desk.stopped", &[("why", why.trim_end_matches('.'))]),
            Some(Some(_)) => t(lang, "import.desk.stopped_early").to_owned(),
        },
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
        request: request.map(|(id, _)| *id),
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
        trials: vec![(ErrandId(7), "storico <1999>.csv".into(), "1".into())],
    };
    let full = page(all.iter().map(|import| line(import, &[], &[], lang)).collect());
    let mut all = vec![
        ("imports", full.render().expect("a template over strings")),
        ("imports-none", page(Vec::new()).render().expect("a template over strings")),
    ];
    all.extend(trial::samples(lang));
    all
}
