//! A release leaves the office: written, submitted, approved, sent, corrected, withdrawn. One verb a file.
//!
//! ```text
//! draft --submit--> in review --approve--> approved --schedule--> scheduled --(its hour)--> sending --> sent
//!   ^------reject-------/--------------------/ ^   \--------------send--------------------/     |
//!   |                                          +------------------stop----------/--------/      |
//!   any later text is a new version of the same release: back to draft, in review, …            +--withdraw
//! ```
//! While a newer text is worked on, the one that is out keeps its place beside it (`Release::out`): it is held, stopped and
//! given back as if it were alone.
//!
//! The version is frozen at *submit*: what is approved, mailed, shown and proved are these bytes. In election time an
//! approved text is signed by a second person (`sign`), and what is on its way without it is held back (`hold`).

mod abandon;
mod approve;
mod base;
mod correct;
mod draft;
mod election;
mod files;
mod hands;
mod hold;
mod note_to;
mod reject;
mod save;
mod send;
mod settle;
mod sign;
mod sign_off;
mod stop;
mod submit;
mod who;
mod withdraw;

#[cfg(test)]
mod tests;

pub use abandon::abandon;
pub use approve::approve;
pub use base::new_from;
pub use correct::correct;
pub use draft::{Checked, check, check_of, draft};
pub(crate) use draft::{begin, must_be_free};
pub(crate) use election::required_of_message;
pub use election::{Required, required_of, required_of_draft};
pub use files::{Attached, Said, attach, describe, detach, files_of, last_day, licence_of_photo, reuse, shift};
pub use hands::{hands, is_own};
pub use hold::{hold, hold_back};
pub use note_to::note_to;
pub use reject::reject;
pub(crate) use save::problem_slip;
pub use save::{Base, Saved, revision, save};
pub use send::{Queued, schedule, send};
pub use settle::{next_due, settle};
pub use sign::sign;
pub use sign_off::{Quoted, free, quoted, unfree};
pub use stop::{Stopped, stop};
pub use submit::submit;
pub use who::{Addressee, recipients};
pub use withdraw::withdraw;

use crate::{Denied, House, Result};
use salastampa_domain::{Actor, Event, Release, ReleaseState, TextOut, Timestamp, User, Version, is_public};
use salastampa_releases::Message;
use salastampa_releases::draft::Draft;
use salastampa_store::{Rows, Write};

/// The page where a new release is written has this name: no release can.
const RESERVED: &str = "nuovo";

/// Reads a text, or says all that is wrong with it in the office's language.
pub(crate) fn read(house: &House, markdown: &str) -> Result<Draft> {
    salastampa_releases::draft::parse(markdown)
        .map_err(|problems| Denied::Invalid(problems.iter().map(|p| p.say(house.lang)).collect()).into())
}

/// The release of that name.
async fn find(rows: &mut Rows, slug: &str) -> Result<Release> {
    let release = rows.find_release(slug).await?;
    Ok(release.ok_or_else(|| Denied::Unknown { what: "release", name: slug.to_owned() })?)
}

/// Refuses an act that does not start from where the release stands.
fn wrong_state<T>(release: &Release) -> Result<T> {
    Err(Denied::State { slug: release.slug.clone(), state: release.state.name() }.into())
}

/// What is to be kept of the text that is out when a newer one is begun; where one is begun already, what it keeps.
fn beside(before: &Release) -> Option<TextOut> {
    let stands = match &before.state {
        ReleaseState::Sending { .. } | ReleaseState::Sent { .. } => true,
        // stopped, or held back, after some had it
        ReleaseState::Approved { approved } => before.current == Some(approved.version),
        _ => false,
    };
    if !stands {
        return before.out.clone();
    }
    let (public_at, embargo_until) = (before.public_at, before.embargo_until);
    Some(TextOut { state: before.state.clone(), public_at, embargo_until })
}

/// The embargo under which a text leaves: the one that it names, which its mail prints, while the public reads nothing of the
/// release; what is public already has no other.
fn embargo(release: &Release, named: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    if is_public(release, now) { release.embargo_until } else { named }
}

/// Why a text may not name its embargo: everybody reads the release already.
fn embargo_too_late(release: &Release, named: Option<Timestamp>, now: Timestamp) -> Option<Message> {
    let late = is_public(release, now) && named.is_some_and(|until| until > now);
    late.then(|| Message::new("acts.embargo_too_late"))
}

/// Writes the release in its new state and the line of the log, in the caller's transaction.
async fn moved(
    write: &mut Write,
    user: &User,
    verb: &str,
    before: &Release,
    after: &Release,
    now: Timestamp,
) -> Result<()> {
    moved_saying(write, user, verb, before, after, &[], now).await
}

/// The same, with what the log is told beside the state: a reason, counts.
async fn moved_saying(
    write: &mut Write,
    user: &User,
    verb: &str,
    before: &Release,
    after: &Release,
    said: &[(&str, serde_json::Value)],
    now: Timestamp,
) -> Result<()> {
    moved_by(write, &crate::house::actor(user), verb, before, after, said, now).await
}

/// The same, by whoever it was.
async fn moved_by(
    write: &mut Write,
    who: &Actor,
    verb: &str,
    before: &Release,
    after: &Release,
    said: &[(&str, serde_json::Value)],
    now: Timestamp,
) -> Result<()> {
    let state = |r: &Release| serde_json::to_value(&r.state).unwrap_or_default();
    let (was, mut is) = (state(before), state(after));
    if let Some(fields) = is.as_object_mut() {
        fields.extend(said.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
    write.replace_release(after).await?;
    let subject = Event::about_release(before.id);
    write.record_event(now, who, verb, &subject, Some(&was.to_string()), Some(&is.to_string())).await?;
    Ok(())
}

/// Refuses an act on a text that is not the one the person has seen: somebody has put another one in its place.
async fn same_version(rows: &mut Rows, version: &Version, seen: Option<&str>) -> Result<()> {
    if seen.is_none_or(|seen| seen == version.sha256) {
        return Ok(());
    }
    let by = rows.find_user_by_id(version.author).await?.map(|user| user.name).unwrap_or_default();
    Err(Denied::Changed { by, at: version.at }.into())
}

/// The office as releases print it.
pub(crate) fn letterhead(house: &House) -> salastampa_releases::House {
    salastampa_releases::House {
        office: house.office.clone(),
        town: house.town.clone(),
        contacts: house.contacts.clone(),
        base_url: house.base_url.clone(),
        lang: house.lang,
    }
}
