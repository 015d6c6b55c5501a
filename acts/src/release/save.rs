//! *Salva*: a form puts its fields into the draft, and never over somebody else's text.

use crate::house::allowed;
use crate::{Denied, House, Result, Slip};
use salastampa_domain::{Act, Actor, Event, Release, ReleaseState, Timestamp};
use salastampa_locale::Lang;
use salastampa_releases::Fields;
use salastampa_releases::compose::{compose, slug_of};
use salastampa_releases::draft::{Draft, parse};
use salastampa_store::{Rows, Store};
use sha2::{Digest, Sha256};

/// What a form began from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Base<'a> {
    /// Nothing: a new release.
    New,
    /// A release, and the [`revision`] of the draft that the form showed.
    From {
        /// Which release.
        slug: &'a str,
        /// The revision.
        seen: &'a str,
    },
}

/// What was saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// The release.
    pub slug: String,
    /// False if the text was what it is already: then nothing was written, and an approval stands.
    pub changed: bool,
}

/// The mark of a working text: two texts with the same mark are the same. SHA-256 in hexadecimal.
pub fn revision(draft: &str) -> String {
    Sha256::digest(draft.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Saves the fields as the draft of a new release, of one that is not yet on its way, or, where it is out, as its
/// correction. A form that began from another text is refused with [`Denied::Changed`]; `lang` is the person's.
pub async fn save(
    store: &Store,
    house: &House,
    lang: Lang,
    base: Base<'_>,
    fields: &Fields,
    login: &str,
    now: Timestamp,
) -> Result<Saved> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let Base::From { slug, seen } = base else {
        let markdown = compose("", fields);
        let draft = read(lang, &markdown)?;
        let slug = free_slug(&mut write, &draft.title).await?;
        super::draft::begin(&mut write, &user, &slug, &markdown, &draft, now).await?;
        write.commit().await?;
        return Ok(Saved { slug, changed: true });
    };
    let release = super::find(&mut write, slug).await?;
    if revision(&release.draft) != seen {
        return Err(changed(&mut write, &release, house).await?.into());
    }
    let markdown = compose(&release.draft, fields);
    let draft = read(lang, &markdown)?;
    let saved = Saved { slug: slug.to_owned(), changed: markdown != release.draft };
    if saved.changed {
        match release.state {
            ReleaseState::Sending { .. } | ReleaseState::Sent { .. } => {
                super::correct::take(&mut write, &user, &release, &markdown, draft.title, now).await?;
            }
            _ => super::draft::change(&mut write, &user, &release, &markdown, &draft, now).await?,
        }
        write.commit().await?;
    }
    Ok(saved)
}

/// Reads a composed text; what is wrong is said beside the field that it is about.
fn read(lang: Lang, markdown: &str) -> Result<Draft> {
    Ok(parse(markdown)
        .map_err(|problems| Denied::Form(problems.iter().map(|problem| problem_slip(problem, lang)).collect()))?)
}

/// What is wrong with a text, beside the field that it is about.
pub(crate) fn problem_slip(problem: &salastampa_releases::Problem, lang: Lang) -> Slip {
    Slip { field: problem.field().unwrap_or("testo"), sentence: problem.message.say(lang) }
}

/// Who put another text in the place of the one that the form began from, and when.
async fn changed(rows: &mut Rows, release: &Release, house: &House) -> Result<Denied> {
    let events = rows.list_events_of(&Event::about_release(release.id), 50).await?;
    let written =
        |e: &&Event| matches!(e.verb.as_str(), "release.new" | "release.edit" | "release.correct" | "release.abandon");
    let last = events.iter().find(written);
    let by = match last.map(|event| &event.who) {
        Some(Actor::User { id }) => rows.find_user_by_id(*id).await?.map(|user| user.name),
        _ => None,
    };
    let by = by.unwrap_or_else(|| house.office.clone());
    Ok(Denied::Changed { by, at: last.map(|event| event.at).unwrap_or_default() })
}

/// A name that no release has, nor a page of the desk.
pub(super) async fn free_slug(rows: &mut Rows, title: &str) -> Result<String> {
    let slug = slug_of(title);
    let mut name = slug.clone();
    let mut n = 1;
    while name == super::RESERVED || rows.find_release(&name).await?.is_some() {
        n += 1;
        name = format!("{slug}-{n}");
    }
    Ok(name)
}
