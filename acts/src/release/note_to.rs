//! A word of the office to one journalist, at the top of his or her mail of a release.
//!
//! Written while the text is being made, and used up by the sending: a correction begins without any. It is no part of what
//! is approved, because it is a letter's greeting and not the text; in election time, when every word counts, it stays
//! behind. The log names the person and never the words.

use crate::desk::AtDesk;
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::delivery::NOTE_LIMIT;
use salastampa_domain::{Act, ContactId, Event, ReleaseState};

/// Keeps the words, or takes them away where there are none.
///
/// # Errors
/// [`Denied::State`] once the release is on its way; [`Denied::LongNote`]; no such journalist.
pub async fn note_to(desk: AtDesk<'_>, slug: &str, contact: ContactId, words: &str) -> Result<()> {
    let words = words.replace("\r\n", "\n");
    let words: String = words.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    if words.chars().count() > NOTE_LIMIT {
        return Err(Denied::LongNote.into());
    }
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Write).await?;
    let release = super::find(&mut write, slug).await?;
    if !matches!(release.state, ReleaseState::Draft | ReleaseState::InReview { .. } | ReleaseState::Approved { .. }) {
        return super::wrong_state(&release);
    }
    crate::contacts::find_one(&mut write, contact).await?;
    write.record_release_note(release.id, contact, Some(words.as_str()).filter(|words| !words.is_empty())).await?;
    let verb = if words.is_empty() { "release.note_removed" } else { "release.note" };
    let about = serde_json::json!({ "contact": contact }).to_string();
    let subject = Event::about_release(release.id);
    write.record_event(desk.now, &actor(&user), verb, &subject, None, Some(&about)).await?;
    write.commit().await?;
    Ok(())
}
