//! How far a notification is, in words; by the side of its mail and on the page of its reader.

use salastampa_domain::{Push, PushState};
use salastampa_locale::{Lang, date, fill, t};

/// The words, and whether somebody should look at it.
pub(crate) fn words(push: &Push, lang: Lang) -> (String, bool) {
    let why = match push.said.is_empty() {
        true => String::new(),
        false => format!(" ({})", push.said),
    };
    match (push.state, push.ended_at) {
        (PushState::Accepted, Some(at)) => {
            (fill(lang, "people.push.accepted", &[("time", &date::time_seconds(at.civil().time()))]), false)
        }
        (PushState::Failed, _) => (fill(lang, "people.push.failed", &[("why", &why)]), true),
        (PushState::Waiting, _) if push.tries > 0 => (fill(lang, "people.push.again", &[("why", &why)]), false),
        _ => (t(lang, "people.push.waiting").to_owned(), false),
    }
}
