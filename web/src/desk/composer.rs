//! The composer: a release is written as fields and a text, and kept as one Markdown text with its head.
//!
//! The same form serves a new release, a draft, and the correction of one that is out. Nothing typed is lost: a form that
//! is not taken comes back as it was; one that began from an older text comes back beside the newer one; the browser
//! keeps what is being written. *Controlla* and *Anteprima* look at the text without writing anything.

use super::elections::Panel;
use super::fields::Fields as Typed;
use super::form::Slips;
use super::frame::Frame;
use super::guard::encoded;
use super::releases::{FilesPart, mail_of, with_frames};
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::release::{Base, Checked, check_of, revision, save};
use salastampa_acts::templates::offered;
use salastampa_acts::{Denied, Slip};
use salastampa_domain::{Act, Release, ReleaseState, Timestamp};
use salastampa_locale::{Lang, fill, t};
use salastampa_releases::{Fields, Piece, compare, compose, draft, wording};
use salastampa_store::Rows;
use serde::Deserialize;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/comunicati/nuovo", get(new).post(keep_new))
        .route("/desk/comunicati/nuovo/controlla", post(check_new))
        .route("/desk/comunicati/nuovo/anteprima", post(look_new))
        .route("/desk/comunicati/{slug}/modifica", get(edit).post(keep))
        .route("/desk/comunicati/{slug}/controlla", post(check))
        .route("/desk/comunicati/{slug}/anteprima", post(look))
}

/// The form.
#[derive(Template)]
#[template(path = "desk/composer/form.html")]
pub(crate) struct ComposerPage {
    frame: Frame,
    slips: Slips,
    /// Where the form posts; its other buttons post below.
    action: String,
    below: String,
    back: String,
    /// The name under which the browser keeps what is being written.
    autosave: String,
    /// What the release has gone through already that saving undoes.
    warning: Option<&'static str>,
    save: &'static str,
    /// The revision of the text that the form began from.
    seen: String,
    fields: Fields,
    /// Lists of the office: slug, name, ticked.
    lists: Vec<(String, String, bool)>,
    kinds: Vec<(String, &'static str)>,
    news: Vec<(String, &'static str)>,
    languages: Vec<(String, &'static str)>,
    town: String,
    source: Option<String>,
    checked: Option<Checked>,
    /// What election time asks of the text that was checked.
    election: Option<Panel>,
    /// Election time, or a text that already says why it is indispensable: the reason is asked for where it is seen.
    asks_reason: bool,
    /// It is election time: what that means stands above the form.
    in_election_time: bool,
    conflict: Option<Conflict>,
    /// Photos and documents; none before the text was saved once.
    files: Option<FilesPart>,
    /// Texts that a new release can begin with.
    templates: Vec<TemplateLink>,
    keeps_templates: bool,
}

/// A text to begin with.
struct TemplateLink {
    name: String,
    href: String,
    here: bool,
}

/// Somebody else has put another text in the place of the one that the form began from.
struct Conflict {
    sentence: String,
    theirs: String,
    pieces: Vec<Piece>,
}

/// What a form is shown with.
#[derive(Default)]
struct Shown {
    slips: Slips,
    checked: Option<Checked>,
    conflict: Option<Conflict>,
    /// The revision that the form began from, where it is not that of the draft.
    seen: Option<String>,
    /// The template that a new text begins with.
    template: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    /// The template to begin with.
    modello: String,
}

async fn new(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let blank = Fields { kind: "comunicato".into(), ..Fields::default() };
    if asked.modello.is_empty() {
        return show(&desk, None, blank, Shown::default()).await;
    }
    let template = async {
        let mut rows = desk.site.store.read().await?;
        Ok::<_, Error>(offered(&mut rows, &desk.site.house, &asked.modello).await?)
    };
    match template.await {
        Ok(template) => {
            let fields = draft::parse(&template.text).map(|draft| Fields::of(&draft)).unwrap_or(blank);
            show(&desk, None, fields, Shown { template: Some(template.slug), ..Shown::default() }).await
        }
        Err(error) => desk.no_page(&error),
    }
}

async fn edit(desk: Desk, Path(slug): Path<String>) -> Response {
    match found(&desk, &slug).await {
        Ok(release) => {
            let read = draft::parse(&release.draft).map(|draft| Fields::of(&draft));
            // a draft always reads, it was read before it was kept; if not, its text is the body
            let fields = read.unwrap_or_else(|_| Fields { body: release.draft.clone(), ..Fields::default() });
            show(&desk, Some(&release), fields, Shown::default()).await
        }
        Err(error) => desk.no_page(&error),
    }
}

async fn keep_new(desk: Desk, typed: Typed) -> Response {
    keep_text(&desk, None, &typed).await
}

async fn keep(desk: Desk, Path(slug): Path<String>, typed: Typed) -> Response {
    match found(&desk, &slug).await {
        Ok(release) => keep_text(&desk, Some(&release), &typed).await,
        Err(error) => desk.no_page(&error),
    }
}

async fn keep_text(desk: &Desk, release: Option<&Release>, typed: &Typed) -> Response {
    let fields = read(typed);
    let (store, house) = (&desk.site.store, &desk.site.house);
    let base = match release {
        None => Base::New,
        Some(release) => Base::From { slug: &release.slug, seen: typed.text("da") },
    };
    let seen = Some(typed.text("da").to_owned());
    match save(store, house, desk.lang, base, &fields, &desk.user.login, desk.now).await {
        Ok(saved) => {
            let key = if saved.changed { "composer.done.saved" } else { "composer.done.unchanged" };
            desk.go(&format!("/desk/comunicati/{}", saved.slug), t(desk.lang, key)).await
        }
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            let response = show(desk, release, fields, Shown { slips: Slips(slips), seen, ..Shown::default() }).await;
            with_status(response, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(salastampa_acts::Error::Denied(Denied::Changed { by, at })) => {
            with_status(both(desk, release, fields, &by, at).await, StatusCode::CONFLICT)
        }
        Err(salastampa_acts::Error::Denied(denied @ Denied::State { .. })) => {
            // it went on its way meanwhile: the text stays in the form
            let slip = Slip { field: "testo", sentence: denied.sentence(desk.lang) };
            let response = show(desk, release, fields, Shown { slips: Slips(vec![slip]), seen, ..Shown::default() });
            with_status(response.await, StatusCode::CONFLICT)
        }
        Err(error) => desk.no_page(&Error::Act(error)),
    }
}

/// Both texts: the one that is kept, what differs, and the form with what was typed. Saved again, it takes the place of
/// the text that the person has now seen.
async fn both(desk: &Desk, release: Option<&Release>, fields: Fields, by: &str, at: Timestamp) -> Response {
    // read again: what the act refused for is what is shown
    let current = match release {
        Some(release) => found(desk, &release.slug).await,
        None => Err(Error::Missing),
    };
    let current = match current {
        Ok(release) => release,
        Err(error) => return desk.no_page(&error),
    };
    let mine = compose(&current.draft, &fields);
    let at = super::releases::words::moment(at, desk.lang);
    let conflict = Conflict {
        sentence: fill(desk.lang, "composer.conflict.sentence", &[("who", by), ("at", &at)]),
        pieces: compare(&current.draft, &mine),
        theirs: current.draft.clone(),
    };
    show(desk, Some(&current), fields, Shown { conflict: Some(conflict), ..Shown::default() }).await
}

async fn check_new(desk: Desk, typed: Typed) -> Response {
    check_text(&desk, None, &typed).await
}

async fn check(desk: Desk, Path(slug): Path<String>, typed: Typed) -> Response {
    match found(&desk, &slug).await {
        Ok(release) => check_text(&desk, Some(&release), &typed).await,
        Err(error) => desk.no_page(&error),
    }
}

/// The same form with what is to be said of its text. Writes nothing.
async fn check_text(desk: &Desk, release: Option<&Release>, typed: &Typed) -> Response {
    let fields = read(typed);
    let markdown = compose(release.map_or("", |release| &release.draft), &fields);
    let checked = async {
        let mut rows = desk.site.store.read().await?;
        Ok::<_, Error>(check_of(&mut rows, &desk.site.house, desk.lang, release, &markdown, desk.now).await?)
    };
    match checked.await {
        Ok(checked) => {
            let seen = Some(typed.text("da").to_owned());
            show(desk, release, fields, Shown { checked: Some(checked), seen, ..Shown::default() }).await
        }
        Err(error) => desk.no_page(&error),
    }
}

async fn look_new(desk: Desk, typed: Typed) -> Response {
    look_at(&desk, None, &typed).await
}

async fn look(desk: Desk, Path(slug): Path<String>, typed: Typed) -> Response {
    match found(&desk, &slug).await {
        Ok(release) => look_at(&desk, Some(&release), &typed).await,
        Err(error) => desk.no_page(&error),
    }
}

/// The mail that the text would be, for the frame beside the form. Writes nothing.
async fn look_at(desk: &Desk, release: Option<&Release>, typed: &Typed) -> Response {
    let markdown = compose(release.map_or("", |release| &release.draft), &read(typed));
    let mail = async {
        desk.must(Act::Write)?;
        mail_of(desk, release, &markdown).await
    };
    mail.await.unwrap_or_else(|error| desk.no_page(&error))
}

/// The release, for who may write.
async fn found(desk: &Desk, slug: &str) -> Result<Release, Error> {
    desk.must(Act::Write)?;
    desk.site.store.read().await?.find_release(slug).await?.ok_or(Error::Missing)
}

/// What the form says.
pub(super) fn read(typed: &Typed) -> Fields {
    let text = |name: &str| typed.raw(name).to_owned();
    let lines = |name: &str| typed.raw(name).lines().map(str::to_owned).collect();
    Fields {
        kind: text("tipo"),
        news: text("sezione"),
        title: text("titolo"),
        kicker: text("occhiello"),
        summary: text("sommario"),
        place: text("luogo"),
        date: text("data"),
        lists: typed.all("liste").into_iter().map(str::to_owned).collect(),
        embargo: text("embargo"),
        topics: typed.raw("argomenti").split([',', '\n']).map(str::to_owned).collect(),
        contacts: lines("contatti"),
        quoted: lines("virgolettati"),
        responsible: text("responsabile"),
        signed: text("firma"),
        language: text("lingua"),
        indispensable: text("indispensabile"),
        checked: text("dati_delicati"),
        body: text("testo"),
    }
}

async fn show(desk: &Desk, release: Option<&Release>, fields: Fields, shown: Shown) -> Response {
    with_frames(desk.answer(page(desk, release, fields, shown).await))
}

async fn page(desk: &Desk, release: Option<&Release>, fields: Fields, shown: Shown) -> Result<ComposerPage, Error> {
    desk.must(Act::Write)?;
    let state = release.map(|release| &release.state);
    if matches!(state, Some(ReleaseState::Scheduled { .. } | ReleaseState::Withdrawn { .. })) {
        let slug = release.map(|release| release.slug.clone()).unwrap_or_default();
        let state = state.map(ReleaseState::name).unwrap_or_default();
        return Err(Error::Act(Denied::State { slug, state }.into()));
    }
    let out = matches!(state, Some(ReleaseState::Sending { .. } | ReleaseState::Sent { .. }));
    let title = match (release, out) {
        (None, _) => "composer.form.new",
        (Some(_), false) => "composer.form.edit",
        (Some(_), true) => "composer.form.correct",
    };
    let mut rows = desk.site.store.read().await?;
    let all = rows.list_lists().await?;
    let files = match release {
        Some(release) => Some(FilesPart::of_draft(desk, &mut rows, release).await?),
        None => None,
    };
    // once something is typed, another template would take its place
    let is_begun = shown.checked.is_some() || !shown.slips.is_empty();
    let templates = match release {
        None if !is_begun => templates(desk, &mut rows, shown.template.as_deref()).await?,
        _ => Vec::new(),
    };
    drop(rows);
    let name = release.map_or("nuovo", |release| &release.slug);
    let below = desk.href(&format!("/desk/comunicati/{name}"));
    Ok(ComposerPage {
        frame: desk.frame(t(desk.lang, title)),
        action: if release.is_some() { format!("{below}/modifica") } else { below.clone() },
        back: if release.is_some() { below.clone() } else { desk.href("/desk/comunicati") },
        source: release.map(|_| format!("{below}/mail/html?versione=bozza")),
        below,
        autosave: format!("release:{name}"),
        warning: match state {
            Some(ReleaseState::InReview { .. }) => Some(desk.t("composer.form.voids_review")),
            Some(ReleaseState::Approved { .. }) => Some(desk.t("composer.form.voids_approval")),
            _ if out => Some(desk.t("composer.form.correction")),
            _ => None,
        },
        save: desk.t(if out { "composer.form.save_correction" } else { "composer.form.save" }),
        seen: shown.seen.unwrap_or_else(|| release.map(|release| revision(&release.draft)).unwrap_or_default()),
        lists: lists(&all, &fields.lists),
        kinds: kinds(desk.lang),
        news: news(desk.lang),
        languages: languages(desk.lang),
        town: desk.site.house.town.clone(),
        slips: shown.slips,
        election: shown.checked.as_ref().and_then(|c| c.election.as_ref()).map(|r| Panel::of(r, desk.lang)),
        in_election_time: desk.election().is_some(),
        asks_reason: desk.election().is_some() || !fields.indispensable.is_empty(),
        checked: shown.checked,
        conflict: shown.conflict,
        files,
        templates,
        keeps_templates: desk.may(Act::Templates),
        fields,
    })
}

async fn templates(desk: &Desk, rows: &mut Rows, here: Option<&str>) -> Result<Vec<TemplateLink>, Error> {
    let all = salastampa_acts::templates::all(rows, &desk.site.house).await?;
    let offered = all.into_iter().map(|kept| kept.template).filter(|template| !template.is_away);
    Ok(offered
        .map(|template| TemplateLink {
            href: desk.href(&format!("/desk/comunicati/nuovo?modello={}", encoded(&template.slug))),
            here: here == Some(template.slug.as_str()),
            name: template.name,
        })
        .collect())
}

/// The lists of the office, and those that the draft names and nobody knows, so that they can be taken out.
fn lists(all: &[salastampa_domain::MailingList], named: &[String]) -> Vec<(String, String, bool)> {
    let known = all.iter().map(|list| (list.slug.clone(), list.name.clone(), named.contains(&list.slug)));
    let unknown = named.iter().filter(|slug| !slug.is_empty() && all.iter().all(|list| list.slug != **slug));
    known.chain(unknown.map(|slug| (slug.clone(), slug.clone(), true))).collect()
}

pub(super) fn kinds(lang: Lang) -> Vec<(String, &'static str)> {
    use salastampa_domain::ReleaseKind::{Comunicato, Invito, Nota, Precisazione, Rettifica};
    [Comunicato, Nota, Invito, Precisazione, Rettifica]
        .into_iter()
        .map(|kind| (compose::kind_name(kind).to_owned(), wording::kind(kind, lang)))
        .collect()
}

pub(super) fn news(lang: Lang) -> Vec<(String, &'static str)> {
    use salastampa_domain::NewsType::{Avviso, Comunicato, Notizia};
    [Comunicato, Notizia, Avviso].into_iter().map(|news| (news.name().to_owned(), wording::news(news, lang))).collect()
}

fn languages(lang: Lang) -> Vec<(String, &'static str)> {
    vec![
        (String::new(), t(lang, "composer.form.language_office")),
        ("it".into(), t(lang, "composer.form.language_it")),
        ("en".into(), t(lang, "composer.form.language_en")),
    ]
}

fn with_status(mut response: Response, status: StatusCode) -> Response {
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

impl ComposerPage {
    fn place_help(&self) -> String {
        fill(self.frame.lang, "composer.form.place_help", &[("town", &self.town)])
    }

    fn topics(&self) -> String {
        self.fields
            .topics
            .iter()
            .map(|topic| topic.trim())
            .filter(|topic| !topic.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn contacts(&self) -> String {
        self.fields.contacts.join("\n")
    }

    fn quoted(&self) -> String {
        self.fields.quoted.join("\n")
    }

    /// How a piece of the comparison is marked.
    fn is(&self, piece: &Piece, change: &str) -> bool {
        super::releases::is(piece, change)
    }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
pub(crate) use sample::samples;
