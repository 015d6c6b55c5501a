//! A release leaves the office: written, submitted, approved, sent, corrected, withdrawn. One verb a file.
//!
//! ```text
//! draft --submit--> in review --approve--> approved --schedule--> scheduled --(its hour)--> sending --> sent
//!                                                  \--------------send--------------------/     |
//!   any later text is a new version of the same release: back to draft, in review, …            +--withdraw
//! ```
//! The version is frozen at *submit*: what is approved, mailed, shown and proved are these bytes.

mod approve;
mod correct;
mod draft;
mod send;
mod settle;
mod submit;
mod withdraw;

pub use approve::approve;
pub use correct::correct;
pub use draft::{Checked, check, draft};
pub use send::{Queued, schedule, send};
pub use settle::{next_due, settle};
pub use submit::submit;
pub use withdraw::withdraw;

use crate::{Denied, House, Result};
use salastampa_domain::{Event, Release, Timestamp, User};
use salastampa_releases::draft::Draft;
use salastampa_store::{Rows, Write};

/// Reads a text, or says all that is wrong with it in the office's language.
fn read(house: &House, markdown: &str) -> Result<Draft> {
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

/// Writes the release in its new state and the line of the log, in the caller's transaction.
async fn moved(
    write: &mut Write,
    user: &User,
    verb: &str,
    before: &Release,
    after: &Release,
    now: Timestamp,
) -> Result<()> {
    let state = |r: &Release| serde_json::to_string(&r.state).unwrap_or_default();
    write.replace_release(after).await?;
    let who = crate::house::actor(user);
    let subject = Event::about_release(before.id);
    write.record_event(now, &who, verb, &subject, Some(&state(before)), Some(&state(after))).await?;
    Ok(())
}

/// The office as releases print it.
fn letterhead(house: &House) -> salastampa_releases::House {
    salastampa_releases::House {
        office: house.office.clone(),
        town: house.town.clone(),
        contacts: house.contacts.clone(),
        base_url: house.base_url.clone(),
        lang: house.lang,
    }
}
