//! Notes on articles: what the office knows beside what was printed. A note is its author's, who alone may change it, or
//! the head of the press office; it never leaves the office.
//!
//! The log says that there was a note, not what stood in it: what somebody takes back is gone.

use crate::desk::{AtDesk, changed, mark, slip};
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{Act, ArticleId, Note, NoteId, Role, User};
use salastampa_locale::{fill, t};
use salastampa_store::Rows;
use serde_json::json;

/// Longest note, in characters.
pub const LONGEST: usize = 4_000;
/// Most notes on one article.
const MOST: usize = 100;

/// Whether this person may change or remove the note.
pub fn may_change(user: &User, note: &Note) -> bool {
    salastampa_domain::may(user.role, Act::Curate) && (note.author == user.id || user.role == Role::Chief)
}

/// Which text a form was made from.
pub fn seen(note: &Note) -> String {
    mark(note)
}

/// Writes a note on an article.
///
/// # Errors
/// [`Denied::Form`] for a text that cannot be taken.
pub async fn add(desk: AtDesk<'_>, article: ArticleId, body: &str) -> Result<NoteId> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let unknown = || Denied::Unknown { what: "article", name: article.to_string() };
    write.find_article(article).await?.ok_or_else(unknown)?;
    let body = checked(&desk, body)?;
    if write.list_notes_of(&[article]).await?.len() >= MOST {
        return Err(refused(fill(desk.lang, "dossier.note.full", &[("most", &MOST.to_string())])));
    }
    let note = Note { id: NoteId(0), article, author: user.id, at: desk.now, edited_at: None, body };
    let id = write.record_note(&note).await?;
    let told = json!({ "note": id }).to_string();
    write.record_event(desk.now, &actor(&user), "note.add", &about(article), None, Some(&told)).await?;
    write.commit().await?;
    Ok(id)
}

/// Changes a note that still is as it was when the form was made.
///
/// # Errors
/// [`Denied::Form`] for somebody else's note or a text that cannot be taken; [`Denied::Changed`].
pub async fn edit(desk: AtDesk<'_>, id: NoteId, seen: &str, body: &str) -> Result<()> {
    let mut write = desk.store.write().await?;
    let (user, note) = own(&mut write, &desk, id).await?;
    let body = checked(&desk, body)?;
    if body == note.body {
        return Ok(());
    }
    if mark(&note) != seen {
        return Err(changed(&mut write, &about(note.article), &desk).await?.into());
    }
    write.replace_note(id, &body, desk.now).await?;
    let told = json!({ "note": id }).to_string();
    write.record_event(desk.now, &actor(&user), "note.edit", &about(note.article), None, Some(&told)).await?;
    write.commit().await?;
    Ok(())
}

/// Removes a note for good.
///
/// # Errors
/// [`Denied::Form`] for somebody else's note.
pub async fn remove(desk: AtDesk<'_>, id: NoteId) -> Result<()> {
    let mut write = desk.store.write().await?;
    let (user, note) = own(&mut write, &desk, id).await?;
    write.remove_note(id).await?;
    let told = json!({ "note": id }).to_string();
    write.record_event(desk.now, &actor(&user), "note.remove", &about(note.article), Some(&told), None).await?;
    write.commit().await?;
    Ok(())
}

fn about(article: ArticleId) -> String {
    format!("article:{article}")
}

fn refused(sentence: impl Into<String>) -> crate::Error {
    Denied::Form(vec![slip("nota", sentence)]).into()
}

/// The note, if this person may change it.
async fn own(rows: &mut Rows, desk: &AtDesk<'_>, id: NoteId) -> Result<(User, Note)> {
    let user = allowed(rows, desk.login, Act::Curate).await?;
    let unknown = || Denied::Unknown { what: "note", name: id.to_string() };
    let note = rows.find_note(id).await?.ok_or_else(unknown)?;
    if may_change(&user, &note) {
        return Ok((user, note));
    }
    Err(refused(t(desk.lang, "dossier.note.not_yours")))
}

fn checked(desk: &AtDesk<'_>, body: &str) -> Result<String> {
    let body: String = body.replace('\r', "").chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let body = body.trim().to_owned();
    match body.chars().count() {
        0 => Err(refused(t(desk.lang, "dossier.note.empty"))),
        n if n > LONGEST => Err(refused(fill(
            desk.lang,
            "dossier.note.long",
            &[("most", &salastampa_locale::number::whole(LONGEST as i64, desk.lang))],
        ))),
        _ => Ok(body),
    }
}
