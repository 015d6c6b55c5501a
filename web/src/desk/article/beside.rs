//! What the office lays beside an article: the dossiers that it is in, its tags, the notes. Notes are shown to who works
//! on the review; nobody else's desk has them.

use super::page;
use crate::answer::Error;
use crate::desk::archive::Asked;
use crate::desk::dossiers::{choices, filed, taken};
use crate::desk::fields::Fields;
use crate::desk::session::Desk;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use salastampa_acts::{Error as ActError, note, tag};
use salastampa_domain::{Act, ArticleId, Note, NoteId, User};
use salastampa_locale::{date, fill, plural};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// Most tags that are suggested.
const SUGGESTED: usize = 200;

/// The routes of these acts.
pub(super) fn routes() -> Router<crate::Site> {
    Router::new()
        .route("/desk/articoli/{id}/dossier", post(file))
        .route("/desk/articoli/{id}/dossier/togli", post(unfile))
        .route("/desk/articoli/{id}/etichette", post(put_tags))
        .route("/desk/articoli/{id}/etichette/togli", post(take_tag))
        .route("/desk/articoli/{id}/note", post(add_note))
        .route("/desk/articoli/{id}/note/cambia", post(edit_note))
        .route("/desk/articoli/{id}/note/elimina", post(remove_note))
}

/// All of it, for the page.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Beside {
    /// Slug, name and page.
    pub(super) dossiers: Vec<(String, String, String)>,
    /// The dossiers that it can still go into: slug and name.
    pub(super) others: Vec<(String, String)>,
    /// Key, name, and the archive narrowed to the tag.
    pub(super) tags: Vec<(String, String, String)>,
    /// Tags in use elsewhere, by name.
    pub(super) suggestions: Vec<String>,
    pub(super) notes: Vec<NoteLine>,
    /// Whether this desk shows notes at all.
    pub(super) sees_notes: bool,
    /// A new note that was refused, and why.
    pub(super) refused: Option<(String, String)>,
}

/// A note, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NoteLine {
    pub(crate) id: NoteId,
    pub(crate) paragraphs: Vec<String>,
    /// As the form has it.
    pub(crate) body: String,
    /// Which text the form was made from.
    pub(crate) seen: String,
    pub(crate) datetime: String,
    pub(crate) by: String,
    /// Empty where it was never changed.
    pub(crate) edited: String,
    /// Whether this person may change it.
    pub(crate) own: bool,
    /// Why a change of it was refused.
    pub(crate) wrong: String,
}

/// A text of a note that was not taken: of which one, none where it is new; what was typed; why.
pub(super) struct Typed {
    note: Option<NoteId>,
    body: String,
    why: String,
}

/// The notes on articles, as this person sees them; none where they are not for them.
pub(crate) async fn notes_of(
    desk: &Desk,
    rows: &mut Rows,
    articles: &[ArticleId],
    users: &[User],
) -> Result<BTreeMap<ArticleId, Vec<NoteLine>>, Error> {
    let mut notes: BTreeMap<ArticleId, Vec<NoteLine>> = BTreeMap::new();
    if !desk.may(Act::Curate) {
        return Ok(notes);
    }
    for note in rows.list_notes_of(articles).await? {
        notes.entry(note.article).or_default().push(line(desk, &note, users));
    }
    Ok(notes)
}

fn line(desk: &Desk, note: &Note, users: &[User]) -> NoteLine {
    let who = users.iter().find(|user| user.id == note.author).map_or("?", |user| user.name.as_str());
    let moment = |at: salastampa_domain::Timestamp| date::moment(at.civil(), desk.lang);
    let edited = note.edited_at.map(|at| fill(desk.lang, "dossier.note.edited", &[("when", &moment(at))]));
    NoteLine {
        id: note.id,
        paragraphs: note.body.lines().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        body: note.body.clone(),
        seen: note::seen(note),
        datetime: note.at.rfc3339(),
        by: fill(desk.lang, "dossier.note.by", &[("who", who), ("when", &moment(note.at))]),
        edited: edited.unwrap_or_default(),
        own: note::may_change(&desk.user, note),
        wrong: String::new(),
    }
}

/// What lies beside an article.
pub(super) async fn beside(
    desk: &Desk,
    rows: &mut Rows,
    article: ArticleId,
    users: &[User],
    typed: Option<Typed>,
) -> Result<Beside, Error> {
    let edits = desk.may(Act::Curate);
    let dossiers = rows.list_dossiers().await?;
    let inside: Vec<_> = rows.list_filed_of(&[article]).await?.into_iter().map(|filed| filed.dossier).collect();
    let (own, others): (Vec<_>, Vec<_>) = dossiers.into_iter().partition(|dossier| inside.contains(&dossier.id));
    let tags: Vec<_> = rows.list_tags_of(&[article]).await?.into_iter().map(|(_, tag)| tag).collect();
    let suggestions = match edits {
        true => rows.list_tags().await?.into_iter().map(|(tag, _)| tag).filter(|tag| !tags.contains(tag)).collect(),
        false => Vec::new(),
    };
    let mut beside = Beside {
        dossiers: own
            .into_iter()
            .map(|one| {
                let href = desk.href(&format!("/desk/dossier/{}", one.slug));
                (one.slug, one.name, href)
            })
            .collect(),
        others: if edits { choices(&others) } else { Vec::new() },
        suggestions: suggestions.into_iter().take(SUGGESTED).map(|tag| tag.name).collect(),
        tags: tags
            .into_iter()
            .map(|tag| {
                let href = desk.href(&Asked { etichetta: tag.key.clone(), ..Asked::default() }.path());
                (tag.key, tag.name, href)
            })
            .collect(),
        notes: notes_of(desk, rows, &[article], users).await?.remove(&article).unwrap_or_default(),
        sees_notes: edits,
        refused: None,
    };
    if let Some(typed) = typed {
        match beside.notes.iter_mut().find(|note| Some(note.id) == typed.note) {
            Some(note) => (note.body, note.wrong) = (typed.body, typed.why),
            None => beside.refused = Some((typed.body, typed.why)),
        }
    }
    Ok(beside)
}

fn number(id: &str) -> Result<ArticleId, Error> {
    id.parse().map(ArticleId).map_err(|_| Error::Missing)
}

async fn file(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(id) = number(&id) else { return desk.no_page(&Error::Missing) };
    filed(&desk, &fields, &[id], &format!("/desk/articoli/{id}")).await
}

async fn unfile(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(id) = number(&id) else { return desk.no_page(&Error::Missing) };
    taken(&desk, fields.text("dossier"), &[id], &format!("/desk/articoli/{id}")).await
}

async fn put_tags(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(id) = number(&id) else { return desk.no_page(&Error::Missing) };
    let back = format!("/desk/articoli/{id}");
    match tag::put(desk.acts(), &[id], fields.raw("etichetta")).await {
        Ok(0) => desk.go(&back, desk.t("dossier.tag.same")).await,
        Ok(n) => desk.go(&back, plural(desk.lang, "dossier.tag.put", n)).await,
        Err(error) => desk.refused(&back, &error).await,
    }
}

async fn take_tag(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(id) = number(&id) else { return desk.no_page(&Error::Missing) };
    let back = format!("/desk/articoli/{id}");
    match tag::take(desk.acts(), id, fields.text("etichetta")).await {
        Ok(None) => desk.go(&back, desk.t("dossier.tag.gone")).await,
        Ok(Some(tag)) => {
            let words = fill(desk.lang, "dossier.tag.taken", &[("name", &tag.name)]);
            desk.go_or_undo(&back, words, &format!("{back}/etichette"), &[("etichetta", &tag.name)]).await
        }
        Err(error) => desk.refused(&back, &error).await,
    }
}

async fn add_note(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(id) = number(&id) else { return desk.no_page(&Error::Missing) };
    let done = note::add(desk.acts(), id, fields.raw("nota")).await.map(drop);
    noted(&desk, id, None, &fields, done, "dossier.note.added").await
}

async fn edit_note(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(id) = number(&id) else { return desk.no_page(&Error::Missing) };
    let note = NoteId(fields.value("quale").unwrap_or_default());
    let done = note::edit(desk.acts(), note, fields.text("visto"), fields.raw("nota")).await;
    noted(&desk, id, Some(note), &fields, done, "dossier.note.saved").await
}

async fn remove_note(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(id) = number(&id) else { return desk.no_page(&Error::Missing) };
    let note = NoteId(fields.value("quale").unwrap_or_default());
    let done = note::remove(desk.acts(), note).await;
    desk.done(done, &format!("/desk/articoli/{id}"), desk.t("dossier.note.removed")).await
}

/// After an act on a note: back to the article, or the article again with what was typed and why it was not taken.
async fn noted(
    desk: &Desk,
    id: ArticleId,
    note: Option<NoteId>,
    fields: &Fields,
    done: Result<(), ActError>,
    words: &'static str,
) -> Response {
    match done {
        Ok(()) => desk.go(&format!("/desk/articoli/{id}#note"), desk.t(words)).await,
        Err(ActError::Denied(denied)) if desk.may(Act::Curate) => {
            let typed = Typed { note, body: fields.raw("nota").to_owned(), why: denied.sentence(desk.lang) };
            desk.again(page(desk, &id.to_string(), "", Some(typed)).await)
        }
        Err(error) => desk.refused(&format!("/desk/articoli/{id}"), &error).await,
    }
}

#[cfg(test)]
impl NoteLine {
    /// An invented note.
    pub(crate) fn sample(lang: salastampa_locale::Lang, id: i64) -> Self {
        Self {
            id: NoteId(id),
            paragraphs: vec!["Sentire <l'assessora>.".into(), "Domani.".into()],
            body: "Sentire </textarea>".into(),
            seen: "ab".into(),
            datetime: "2026-11-22T07:10:00+01:00".into(),
            by: "Lia <Neri>, 22 novembre 2026".into(),
            edited: fill(lang, "dossier.note.edited", &[("when", "ieri")]),
            own: true,
            wrong: "È <vuota>.".into(),
        }
    }
}

#[cfg(test)]
impl Beside {
    /// All that can lie beside an article.
    pub(super) fn sample(lang: salastampa_locale::Lang) -> Self {
        Self {
            dossiers: vec![("ponte".into(), "Ponte <vecchio>".into(), "/x".into())],
            others: vec![("scuole".into(), "Scuole & <asili>".into())],
            tags: vec![("viabilita".into(), "Viabilità <x>".into(), "/x".into())],
            suggestions: vec!["\"Ponte".into()],
            notes: vec![
                NoteLine::sample(lang, 1),
                NoteLine { own: false, edited: String::new(), wrong: String::new(), ..NoteLine::sample(lang, 2) },
            ],
            sees_notes: true,
            refused: Some(("</textarea>".into(), "Manca <il> testo.".into())),
        }
    }
}
