//! `import office FILE`: who the office is made of, from one readable file: users, persons, watches, editions with their
//! sections, readers, lists.
//!
//! The file is checked as a whole before a row is written, and all that is wrong is told at once. Everything is named
//! by a slug, so that a second import changes nothing and a changed file changes just that. What is not in the file stays
//! as it is: removing is a person's act at the desk.

use crate::{Denied, Result};
use jiff::civil::{Date, Time};
use salastampa_domain::{
    Actor, Address, ContactId, Edition, EditionId, ListId, MailingList, Medium, Membership, Person, PersonId, Reader,
    ReaderId, Receives, Role, Schedule, Section, SectionId, Slot, Timestamp, Urgency, User, UserId, Visibility, Watch,
    WatchId,
};
use salastampa_store::Store;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The file, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfficeFile {
    user: Vec<UserLine>,
    person: Vec<PersonLine>,
    watch: Vec<WatchLine>,
    edition: Vec<EditionLine>,
    reader: Vec<ReaderLine>,
    list: Vec<ListLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserLine {
    login: String,
    name: String,
    role: String,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    second_signature: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonLine {
    slug: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    office: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    until: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WatchLine {
    slug: String,
    name: String,
    query: String,
    #[serde(default = "five")]
    weight: u8,
    #[serde(default)]
    urgency: Urgency,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EditionLine {
    slug: String,
    name: String,
    schedule: String,
    #[serde(default = "quarter")]
    ready_before: u32,
    #[serde(default = "twelve")]
    cap: usize,
    #[serde(default)]
    visibility: Visibility,
    section: Vec<SectionLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionLine {
    name: String,
    watches: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReaderLine {
    slug: String,
    name: String,
    address: String,
    #[serde(default = "italian")]
    language: String,
    #[serde(default)]
    watches: Vec<String>,
    #[serde(default)]
    editions: Vec<String>,
    #[serde(default = "yes")]
    alerts: bool,
    #[serde(default = "yes")]
    reviews: bool,
    #[serde(default)]
    quiet: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListLine {
    slug: String,
    name: String,
    #[serde(default)]
    medium: Option<Medium>,
    #[serde(default)]
    beat: Option<String>,
    #[serde(default)]
    territory: Option<String>,
}

fn five() -> u8 {
    5
}
fn quarter() -> u32 {
    15
}
fn twelve() -> usize {
    12
}
fn italian() -> String {
    "it".into()
}
fn yes() -> bool {
    true
}

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

/// The file with every text turned into what it means, or all that is wrong with it.
#[derive(Debug)]
struct Checked {
    users: Vec<User>,
    persons: Vec<Person>,
    watches: Vec<Watch>,
    editions: Vec<(Edition, Vec<Vec<String>>)>,
    readers: Vec<(Reader, Vec<String>, Vec<String>)>,
    lists: Vec<MailingList>,
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
    for user in &checked.users {
        write.record_user(user).await?;
    }
    for person in &checked.persons {
        write.record_person(person).await?;
    }
    let mut watches: BTreeMap<String, WatchId> =
        write.list_watches().await?.into_iter().map(|w| (w.slug, w.id)).collect();
    for watch in &checked.watches {
        watches.insert(watch.slug.clone(), write.record_watch(watch).await?);
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
        editions.insert(edition.slug.clone(), write.record_edition(&edition).await?);
    }
    for (mut reader, follows, receives) in checked.readers {
        reader.watches = known(&follows, &watches);
        reader.editions = receives.iter().filter_map(|s| editions.get(s).copied()).collect();
        write.record_reader(&reader).await?;
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

fn check(file: &OfficeFile, now: Timestamp) -> std::result::Result<Checked, Vec<String>> {
    let mut problems = Vec::new();
    let slugs = |what: &str, all: Vec<&String>, problems: &mut Vec<String>| {
        let mut seen = std::collections::BTreeSet::new();
        for slug in all {
            if slug.is_empty() || !slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
                problems.push(format!("{what} {slug:?}: a name is made of a-z, 0-9 and -"));
            }
            if !seen.insert(slug) {
                problems.push(format!("{what} {slug:?} stands there twice"));
            }
        }
    };
    slugs("user", file.user.iter().map(|x| &x.login).collect(), &mut problems);
    slugs("person", file.person.iter().map(|x| &x.slug).collect(), &mut problems);
    slugs("watch", file.watch.iter().map(|x| &x.slug).collect(), &mut problems);
    slugs("edition", file.edition.iter().map(|x| &x.slug).collect(), &mut problems);
    slugs("reader", file.reader.iter().map(|x| &x.slug).collect(), &mut problems);
    slugs("list", file.list.iter().map(|x| &x.slug).collect(), &mut problems);

    let users = file.user.iter().filter_map(|line| user(line).map_err(|p| problems.push(p)).ok()).collect();
    let persons = file.person.iter().filter_map(|line| person(line).map_err(|p| problems.push(p)).ok()).collect();
    let watches: Vec<Watch> =
        file.watch.iter().filter_map(|line| watch(line).map_err(|p| problems.push(p)).ok()).collect();
    let has_watch = |slug: &String| file.watch.iter().any(|w| &w.slug == slug);
    let has_edition = |slug: &String| file.edition.iter().any(|e| &e.slug == slug);
    let mut editions = Vec::new();
    for line in &file.edition {
        for section in &line.section {
            for missing in section.watches.iter().filter(|w| !has_watch(w)) {
                problems.push(format!("edition {:?}, section {:?}: no watch {missing:?}", line.slug, section.name));
            }
        }
        match edition(line, now) {
            Ok(edition) => editions.push((edition, line.section.iter().map(|s| s.watches.clone()).collect())),
            Err(problem) => problems.push(problem),
        }
    }
    let mut readers = Vec::new();
    for line in &file.reader {
        for missing in line.watches.iter().filter(|w| !has_watch(w)) {
            problems.push(format!("reader {:?}: no watch {missing:?}", line.slug));
        }
        for missing in line.editions.iter().filter(|e| !has_edition(e)) {
            problems.push(format!("reader {:?}: no edition {missing:?}", line.slug));
        }
        match reader(line) {
            Ok(reader) => readers.push((reader, line.watches.clone(), line.editions.clone())),
            Err(problem) => problems.push(problem),
        }
    }
    let lists = file.list.iter().map(list).collect();
    if problems.is_empty() { Ok(Checked { users, persons, watches, editions, readers, lists }) } else { Err(problems) }
}

fn user(line: &UserLine) -> std::result::Result<User, String> {
    let at = |why: String| format!("user {:?}: {why}", line.login);
    Ok(User {
        id: UserId(0),
        login: line.login.clone(),
        name: line.name.clone(),
        address: line.address.as_deref().map(Address::parse).transpose().map_err(|e| at(e.to_string()))?,
        role: Role::parse(&line.role)
            .ok_or_else(|| at(format!("{:?} is no role; write viewer, editor, chief or admin", line.role)))?,
        second_signature: line.second_signature,
        password: None,
        disabled_at: None,
    })
}

fn person(line: &PersonLine) -> std::result::Result<Person, String> {
    let day = |text: &Option<String>| -> std::result::Result<Option<Date>, String> {
        text.as_ref()
            .map(|t| t.parse().map_err(|_| format!("person {:?}: {t:?} is no day; write 2026-06-15", line.slug)))
            .transpose()
    };
    Ok(Person {
        id: PersonId(0),
        slug: line.slug.clone(),
        name: line.name.clone(),
        aliases: line.aliases.clone(),
        office: line.office.clone(),
        from: day(&line.from)?,
        until: day(&line.until)?,
    })
}

fn watch(line: &WatchLine) -> std::result::Result<Watch, String> {
    salastampa_index::parse(&line.query).map_err(|e| {
        let args = e.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let why = salastampa_locale::fill(salastampa_locale::Lang::It, e.key(), &args);
        format!("watch {:?}: {why}", line.slug)
    })?;
    if !(1..=10).contains(&line.weight) {
        return Err(format!("watch {:?}: weight {} is not between 1 and 10", line.slug, line.weight));
    }
    Ok(Watch {
        id: WatchId(0),
        slug: line.slug.clone(),
        name: line.name.clone(),
        query: line.query.clone(),
        weight: line.weight,
        urgency: line.urgency,
        retired_at: None,
    })
}

fn edition(line: &EditionLine, now: Timestamp) -> std::result::Result<Edition, String> {
    let schedule = Schedule::parse(&line.schedule).map_err(|e| format!("edition {:?}: {e}", line.slug))?;
    let sections =
        line.section.iter().map(|s| Section { id: SectionId(0), name: s.name.clone(), watches: Vec::new() }).collect();
    Ok(Edition {
        id: EditionId(0),
        slug: line.slug.clone(),
        name: line.name.clone(),
        schedule,
        ready_before: line.ready_before,
        visibility: line.visibility,
        sections,
        cap: line.cap,
        done: Slot::of(now),
    })
}

fn reader(line: &ReaderLine) -> std::result::Result<Reader, String> {
    let at = |why: String| format!("reader {:?}: {why}", line.slug);
    let quiet = line
        .quiet
        .as_deref()
        .map(|text| {
            let (from, to) = text.split_once('-')?;
            Some((hour(from)?, hour(to)?))
        })
        .map(|q| q.ok_or_else(|| at("write quiet hours as \"22:00-07:00\"".into())))
        .transpose()?;
    if salastampa_locale::Lang::parse(&line.language).is_none() {
        return Err(at(format!("{:?} is no language here; write it or en", line.language)));
    }
    Ok(Reader {
        id: ReaderId(0),
        slug: line.slug.clone(),
        name: line.name.clone(),
        address: Address::parse(&line.address).map_err(|e| at(e.to_string()))?,
        language: line.language.clone(),
        watches: Vec::new(),
        editions: Vec::new(),
        receives: Receives { alerts: line.alerts, reviews: line.reviews },
        quiet,
    })
}

fn hour(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn list(line: &ListLine) -> MailingList {
    let rule = line.medium.is_some() || line.beat.is_some() || line.territory.is_some();
    let membership = if rule {
        Membership::Rule { medium: line.medium, beat: line.beat.clone(), territory: line.territory.clone() }
    } else {
        Membership::Hand
    };
    MailingList { id: ListId(0), slug: line.slug.clone(), name: line.name.clone(), membership }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let file: OfficeFile = toml::from_str(
            r#"
            [[user]]
            login = "Elena"
            name = "Elena Prati"
            role = "boss"
            [[watch]]
            slug = "scuola"
            name = "Scuola"
            query = "scuola AND"
            [[edition]]
            slug = "generale"
            name = "Rassegna"
            schedule = "0 7 * * 1-5"
            [[edition.section]]
            name = "Scuola"
            watches = ["scuola", "asili"]
            [[reader]]
            slug = "sindaca"
            name = "Ada Corti"
            address = "sindaca"
            quiet = "di notte"
            "#,
        )
        .expect("the form is right");
        let problems = check(&file, Timestamp(0)).expect_err("much is wrong").join("\n");
        for part in ["\"Elena\"", "boss", "watch \"scuola\"", "asili", "weekdays by name", "sindaca"] {
            assert!(problems.contains(part), "{part} is missing in:\n{problems}");
        }
    }

    #[test]
    fn a_small_office_reads() {
        let file: OfficeFile = toml::from_str(
            r#"
            [[watch]]
            slug = "scuola"
            name = "Scuola"
            query = "scuola OR asilo"
            urgency = "flash"
            [[reader]]
            slug = "sindaca"
            name = "Ada Corti"
            address = "Sindaca@Comune.test"
            watches = ["scuola"]
            quiet = "22:00-07:00"
            [[list]]
            slug = "radio"
            name = "Radio"
            medium = "radio"
            "#,
        )
        .expect("the form is right");
        let checked = check(&file, Timestamp(0)).expect("nothing is wrong");
        assert_eq!(checked.readers[0].0.address.as_str(), "sindaca@comune.test");
        assert_eq!(checked.watches[0].urgency, Urgency::Flash);
        assert!(matches!(checked.lists[0].membership, Membership::Rule { .. }));
    }
}
