//! *Dossier*: a named folder of articles that the office shares. Made, renamed, put away and taken up again; articles go
//! in and out by [`put`] and [`take`], and back by [`undo`].
//!
//! A dossier that was put away is still read and exported; nothing is added to it. None is ever deleted: what the office
//! gathered for a case is part of its memory.

mod file;

pub use file::{Done, MOST, MOST_FILED, put, put_into_new, take, undo};

use crate::desk::{AtDesk, changed, line, mark, slip, slug};
use crate::house::{actor, allowed};
use crate::{Denied, Result, Slip};
use salastampa_domain::{Act, Dossier, DossierId, UserId};
use salastampa_locale::{fill, t};
use salastampa_store::{Rows, Write};
use serde_json::json;

/// Longest name, in characters.
const LONGEST_NAME: usize = 80;
/// Longest words on what it is for, in characters.
const LONGEST_ABOUT: usize = 1_000;

/// A dossier as it was typed into the form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// As people will see it.
    pub name: String,
    /// What it is for.
    pub about: String,
}

/// The dossier of that name in addresses.
///
/// # Errors
/// [`Denied::Unknown`].
pub async fn find(rows: &mut Rows, slug: &str) -> Result<Dossier> {
    let found = rows.find_dossier(slug).await?;
    Ok(found.ok_or_else(|| Denied::Unknown { what: "dossier", name: slug.to_owned() })?)
}

/// Which row a form was made from.
pub fn seen(dossier: &Dossier) -> String {
    mark(dossier)
}

/// Makes a dossier; gives its slug.
///
/// # Errors
/// [`Denied::Form`] with a sentence for each field that cannot be taken.
pub async fn make(desk: AtDesk<'_>, wanted: &Wanted) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let dossier = new(&mut write, &desk, wanted, user.id).await?;
    let told = told(&dossier);
    let subject = Dossier::subject(dossier.id);
    write.record_event(desk.now, &actor(&user), "dossier.add", &subject, None, Some(&told)).await?;
    write.commit().await?;
    Ok(dossier.slug)
}

/// Writes a new dossier, not yet the line of the log.
async fn new(write: &mut Write, desk: &AtDesk<'_>, wanted: &Wanted, by: UserId) -> Result<Dossier> {
    let all = write.list_dossiers().await?;
    let wanted = checked(desk, &all, None, wanted)?;
    let taken: Vec<String> = all.into_iter().map(|dossier| dossier.slug).collect();
    let dossier = Dossier {
        id: DossierId(0),
        slug: match slug(&wanted.name, &taken) {
            // a name of signs alone: the number would do, but is not known yet
            empty if empty.is_empty() => slug("dossier", &taken),
            slug => slug,
        },
        name: wanted.name,
        about: wanted.about,
        made_by: by,
        made_at: desk.now,
        archived_at: None,
    };
    let id = write.record_dossier(&dossier).await?;
    Ok(Dossier { id, ..dossier })
}

/// Changes name and words of a dossier that still is as it was when the form was made.
///
/// # Errors
/// [`Denied::Changed`] if somebody was faster; [`Denied::Form`] as in [`make`].
pub async fn edit(desk: AtDesk<'_>, slug: &str, seen: &str, wanted: &Wanted) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let before = find(&mut write, slug).await?;
    let all = write.list_dossiers().await?;
    let wanted = checked(&desk, &all, Some(&before), wanted)?;
    let after = Dossier { name: wanted.name, about: wanted.about, ..before.clone() };
    if after == before {
        return Ok(());
    }
    let subject = Dossier::subject(before.id);
    if mark(&before) != seen {
        return Err(changed(&mut write, &subject, &desk).await?.into());
    }
    write.record_dossier(&after).await?;
    let (before, after) = (told(&before), told(&after));
    write.record_event(desk.now, &actor(&user), "dossier.edit", &subject, Some(&before), Some(&after)).await?;
    write.commit().await?;
    Ok(())
}

/// Puts a dossier away, or takes it up again. Nothing happens to one that is so already.
pub async fn put_away(desk: AtDesk<'_>, slug: &str, away: bool) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let before = find(&mut write, slug).await?;
    if before.archived_at.is_some() == away {
        return Ok(());
    }
    write.record_dossier(&Dossier { archived_at: away.then_some(desk.now), ..before.clone() }).await?;
    let verb = if away { "dossier.archive" } else { "dossier.restore" };
    write.record_event(desk.now, &actor(&user), verb, &Dossier::subject(before.id), None, None).await?;
    write.commit().await?;
    Ok(())
}

fn told(dossier: &Dossier) -> String {
    json!({ "name": dossier.name, "about": dossier.about }).to_string()
}

/// What was typed, tidied; refused with a sentence for each field that cannot be taken.
fn checked(desk: &AtDesk<'_>, all: &[Dossier], own: Option<&Dossier>, wanted: &Wanted) -> Result<Wanted> {
    let wanted = Wanted { name: line(&wanted.name), about: wanted.about.trim().replace('\r', "") };
    let mut slips: Vec<Slip> = Vec::new();
    let most = |key, most: usize| fill(desk.lang, key, &[("most", &most.to_string())]);
    let same = |dossier: &&Dossier| {
        own.is_none_or(|own| own.id != dossier.id) && dossier.name.to_lowercase() == wanted.name.to_lowercase()
    };
    if wanted.name.is_empty() {
        slips.push(slip("nome", t(desk.lang, "dossier.no_name")));
    } else if wanted.name.chars().count() > LONGEST_NAME {
        slips.push(slip("nome", most("dossier.long_name", LONGEST_NAME)));
    } else if all.iter().any(|dossier| same(&dossier)) {
        slips.push(slip("nome", t(desk.lang, "dossier.same_name")));
    }
    if wanted.about.chars().count() > LONGEST_ABOUT {
        slips.push(slip("scopo", most("dossier.long_about", LONGEST_ABOUT)));
    }
    if slips.is_empty() { Ok(wanted) } else { Err(Denied::Form(slips).into()) }
}

#[cfg(test)]
mod tests;
