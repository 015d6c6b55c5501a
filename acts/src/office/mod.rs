//! `import office FILE`: who the office is made of, from one readable file: users, persons, watches, editions with their
//! sections, readers, lists.
//!
//! The file is checked as a whole before a row is written, and all that is wrong is told at once. Everything is named
//! by a slug, so that a second import changes nothing and a changed file changes just that. What is not in the file stays
//! as it is: removing is a person's act at the desk.

mod check;
mod file;

use crate::error::query_sentence;
use crate::watch::begins_to_alert;
use crate::watch::grading;
use crate::watch::past::{self, Reach};
use crate::{Denied, Result};
use check::check;
use file::OfficeFile;
use salastampa_domain::{Actor, ContactId, EditionId, Membership, Reader, Timestamp, User, Watch, WatchId};
use salastampa_index::{Names, check_watch};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store};
use std::collections::BTreeMap;

/// How many of each the office now has from the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Users.
    pub users: usize,
    /// Persons.
    pub persons: usize,
    /// Watches.
    pub watches: usize,
    /// Editions.
    pub editions: usize,
    /// Readers.
    pub readers: usize,
    /// Lists.
    pub lists: usize,
}

/// Reads the file and writes its rows in one transaction.
///
/// # Errors
/// [`Denied::Invalid`] with a line for each thing that is wrong; nothing is written then.
pub async fn import(store: &Store, text: &str, name: &str, now: Timestamp) -> Result<Imported> {
    let file: OfficeFile = toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
        Denied::Invalid(vec![format!("{name}:{line}: {}", e.message())])
    })?;
    let checked = check(&file, now)
        .map_err(|problems| Denied::Invalid(problems.into_iter().map(|p| format!("{name}: {p}")).collect()))?;
    let done = Imported {
        users: checked.users.len(),
        persons: checked.persons.len(),
        watches: checked.watches.len(),
        editions: checked.editions.len(),
        readers: checked.readers.len(),
        lists: checked.lists.len(),
    };
    let mut write = store.write().await?;
    for user in checked.users {
        // what the file does not speak of stays: a password, a user who was disabled
        let before = write.find_user(&user.login).await?;
        let user = match before {
            Some(before) => User {
                password: before.password,
                second_factor: before.second_factor,
                preferences: before.preferences,
                disabled_at: before.disabled_at,
                ..user
            },
            None => user,
        };
        write.record_user(&user).await?;
    }
    for person in &checked.persons {
        write.record_person(person).await?;
    }
    let mut watches: BTreeMap<String, WatchId> =
        write.list_watches().await?.into_iter().map(|w| (w.slug, w.id)).collect();
    for watch in &checked.watches {
        // who retired a watch at the desk is not overruled by a file that still names it
        let before = write.find_watch(&watch.slug).await?;
        let retired_at = before.as_ref().and_then(|before| before.retired_at);
        let id = write.record_watch(&Watch { retired_at, ..watch.clone() }).await?;
        watches.insert(watch.slug.clone(), id);
        if before.as_ref().is_some_and(|before| begins_to_alert(before, watch)) {
            write.record_alerts_considered(id, now).await?;
        }
        if retired_at.is_none()
            && before.is_none_or(|before| before.query != watch.query || before.grading != watch.grading)
        {
            past::wish(&mut write, id, Reach::Days(past::DAYS), &Actor::Console, now).await?;
        }
    }
    let wrong = useless(&mut write, &checked.watches, now).await?;
    if !wrong.is_empty() {
        return Err(Denied::Invalid(wrong.into_iter().map(|p| format!("{name}: {p}")).collect()).into());
    }
    let known = |slugs: &[String], watches: &BTreeMap<String, WatchId>| -> Vec<WatchId> {
        slugs.iter().filter_map(|s| watches.get(s).copied()).collect()
    };
    let mut editions: BTreeMap<String, EditionId> =
        write.list_editions().await?.into_iter().map(|e| (e.slug, e.id)).collect();
    for (edition, fed_by) in checked.editions {
        let mut edition = edition;
        for (section, slugs) in edition.sections.iter_mut().zip(&fed_by) {
            section.watches = known(slugs, &watches);
        }
        let before = write.find_edition(&edition.slug).await?;
        let id = write.record_edition(&edition).await?;
        if let (Some(before), Some(after)) = (before, write.find_edition(&edition.slug).await?) {
            write.record_edition_done(id, after.done_after(&before)).await?;
        }
        editions.insert(edition.slug.clone(), id);
    }
    for (mut reader, follows, receives) in checked.readers {
        reader.watches = known(&follows, &watches);
        reader.editions = receives.iter().filter_map(|s| editions.get(s).copied()).collect();
        // who stands in for a reader may have been named at the desk
        if let Some(before) = write.find_reader_by_slug(&reader.slug).await? {
            reader.second = before.second;
            reader.second_at_night |= before.second_at_night && before.second.is_some();
            // the same for where alerts ring
            reader.push = reader.push.or(before.push);
        }
        write.record_reader(&reader).await?;
    }
    for (reader, second) in &checked.seconds {
        let (reader, second) = (write.find_reader_by_slug(reader).await?, write.find_reader_by_slug(second).await?);
        if let (Some(reader), Some(second)) = (reader, second) {
            write.record_reader(&Reader { second: Some(second.id), ..reader }).await?;
        }
    }
    for list in &checked.lists {
        let members: Vec<ContactId> = match write.find_list(&list.slug).await? {
            Some(before) if list.membership == Membership::Hand => {
                write.list_members(before.id).await?.into_iter().map(|c| c.id).collect()
            }
            _ => Vec::new(),
        };
        write.record_list(list, &members).await?;
    }
    let after = format!("{done:?}");
    write.record_event(now, &Actor::Console, "office.import", "office", None, Some(&after)).await?;
    write.commit().await?;
    Ok(done)
}

/// Watches that could never match, beside what the office already has: a query of nothing but NOT, a date that moves, the
/// name of a watch that is not there. An outlet that is not declared yet may still come.
async fn useless(rows: &mut Rows, watches: &[Watch], now: Timestamp) -> Result<Vec<String>> {
    let names = Names::new(&rows.list_outlets().await?, &rows.list_watches().await?);
    let terms = watches.iter().filter_map(|watch| Some((watch, grading::useless(&watch.grading, &names, now)?)));
    let terms = terms.map(|(watch, term)| format!("watch {:?}: {:?} is not one term", watch.slug, term.to_string()));
    Ok(watches
        .iter()
        .filter_map(|watch| Some((watch, check_watch(&watch.query, &names, now).err()?)))
        .filter(|(_, error)| error.key() != "query.unknown_outlet")
        .map(|(watch, error)| format!("watch {:?}: {}", watch.slug, query_sentence(Lang::It, &error)))
        .chain(terms)
        .collect())
}
