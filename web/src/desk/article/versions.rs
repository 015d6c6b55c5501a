//! One reading of an article beside the one before it: what came in and what went out, marked by more than colour.

use super::bounded;
use super::changes::{href, kind_words};
use crate::answer::Error;
use crate::desk::frame::Frame;
use crate::desk::releases::is;
use crate::desk::rights::{Gate, Rights};
use crate::desk::session::Desk;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use salastampa_domain::{Act, ArticleId, Extract, Revision, RevisionKind};
use salastampa_locale::{date, fill};
use salastampa_releases::{Piece, compare};

/// The page.
#[derive(Template)]
#[template(path = "desk/article_version.html")]
pub(crate) struct VersionPage {
    frame: Frame,
    /// The article, and the way back to it.
    title: String,
    article: String,
    outlet: String,
    /// What kind of reading, and when.
    kind: &'static str,
    datetime: String,
    date: String,
    /// `Dal primo testo, 23 nov.., a questo`; empty at the first.
    heading: String,
    pieces: Vec<Piece>,
    differs: bool,
    is_first: bool,
    /// Why the text is not here, or not whole.
    note: Option<&'static str>,
    before: Option<String>,
    after: Option<String>,
}

pub(super) async fn show(desk: Desk, Path((id, number)): Path<(String, String)>) -> Response {
    desk.answer(page(&desk, &id, &number).await)
}

async fn page(desk: &Desk, id: &str, number: &str) -> Result<VersionPage, Error> {
    desk.must(Act::Read)?;
    let id = ArticleId(id.parse().map_err(|_| Error::Missing)?);
    let number: u32 = number.parse().map_err(|_| Error::Missing)?;
    let mut rows = desk.site.store.read().await?;
    let article = rows.find_article(id).await?.ok_or(Error::Missing)?;
    let outlet = rows.find_outlet(article.outlet).await?.ok_or(Error::Missing)?;
    let gate = Rights::read(&mut rows, desk.now).await?.gate(&article, &outlet);
    let revisions = rows.list_revisions(id).await?;
    let at = revisions.iter().position(|revision| revision.number == number).ok_or(Error::Missing)?;
    let (this, before) = (&revisions[at], at.checked_sub(1).and_then(|before| revisions.get(before)));
    let (new, whole) = text(&gate, this);
    let (old, was_whole) = before.map_or((new.clone(), true), |before| text(&gate, before));
    let pieces = compare(&old, &new);
    let moment = |revision: &Revision| date::moment(revision.at.civil(), desk.lang);
    let heading = before.map_or_else(String::new, |before| {
        let (from, when) = (kind_words(desk.lang, before.kind).to_lowercase(), moment(before));
        fill(desk.lang, "archive.versions.heading", &[("from", &from), ("when", &when)])
    });
    Ok(VersionPage {
        frame: desk.frame(desk.t("archive.versions.title")),
        title: this.title.clone(),
        article: desk.href(&format!("/desk/articoli/{id}")),
        outlet: outlet.name,
        kind: kind_words(desk.lang, this.kind),
        datetime: this.at.rfc3339(),
        date: moment(this),
        heading,
        differs: salastampa_releases::compare::differs(&pieces),
        pieces,
        is_first: before.is_none(),
        note: match () {
            () if !gate.desk.full_text => Some(desk.t("archive.article.reserved")),
            () if this.kind == RevisionKind::Removal => Some(desk.t("archive.versions.gone")),
            () if !(whole && was_whole) => Some(desk.t("archive.article.longer")),
            () => None,
        },
        before: before.map(|before| href(desk, id, before.number)),
        after: revisions.get(at + 1).map(|after| href(desk, id, after.number)),
    })
}

/// What of a reading the desk may show: title, summary and text, a line each paragraph; and whether that is all.
fn text(gate: &Gate, revision: &Revision) -> (String, bool) {
    let (body, whole) = bounded(gate.desk.paragraphs(&revision.body));
    let lead = gate.desk.paragraphs(&revision.lead);
    let lines = lead.iter().chain(&body).map(Extract::as_str);
    let text: String = std::iter::once(revision.title.as_str()).chain(lines).flat_map(|line| [line, "\n\n"]).collect();
    (text, whole)
}

impl VersionPage {
    fn is(&self, piece: &Piece, change: &str) -> bool {
        is(piece, change)
    }
}

#[cfg(test)]
pub(super) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let t = |key| salastampa_locale::t(lang, key);
    let page = |is_first: bool, differs: bool| VersionPage {
        frame: Frame::sample(lang, t("archive.versions.title"), "/desk/articoli/1/versioni/2"),
        title: "Chiude il ponte <vecchio>".into(),
        article: "/ufficio-stampa/desk/articoli/1".into(),
        outlet: "Il <Lago>".into(),
        kind: kind_words(lang, RevisionKind::Correction),
        datetime: "2026-11-22T07:10:00+01:00".into(),
        date: "22 novembre 2026, ore 07:10".into(),
        heading: if is_first {
            String::new()
        } else {
            fill(lang, "archive.versions.heading", &[("from", "x"), ("when", "y")])
        },
        pieces: compare("Il <script>ponte</script> apre lunedì.\n", "Il <script>ponte</script> apre martedì.\n"),
        differs,
        is_first,
        note: Some(t("archive.article.longer")),
        before: (!is_first).then(|| "/ufficio-stampa/desk/articoli/1/versioni/1".into()),
        after: is_first.then(|| "/ufficio-stampa/desk/articoli/1/versioni/2".into()),
    };
    let render = |page: VersionPage| page.render().expect("a template over strings");
    vec![
        ("first reading", render(page(true, false))),
        ("later reading", render(page(false, true))),
        ("reading without a difference", render(page(false, false))),
    ]
}
