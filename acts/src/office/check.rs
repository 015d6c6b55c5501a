//! The office file as a whole: every text becomes what it means, and all that is wrong is told at once.

use super::file::{EditionLine, ListLine, OfficeFile, PersonLine, ReaderLine, UserLine, WatchLine};
use crate::error::query_sentence;
use crate::watch::{MOST_HOLD, grading};
use jiff::civil::{Date, Time};
use salastampa_domain::{
    Address, Edition, EditionId, Grading, Holidays, ListId, MailingList, Membership, Person, PersonId, Preferences,
    PushAddress, Reader, ReaderId, Receives, Role, Schedule, Section, SectionId, Slot, Term, Timestamp, User, UserId,
    Watch, WatchId,
};
use salastampa_locale::Lang;

/// The file with every text turned into what it means, or all that is wrong with it.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) users: Vec<User>,
    pub(super) persons: Vec<Person>,
    pub(super) watches: Vec<Watch>,
    pub(super) editions: Vec<(Edition, Vec<Vec<String>>)>,
    pub(super) readers: Vec<(Reader, Vec<String>, Vec<String>)>,
    /// The second person of a reader, both by slug.
    pub(super) seconds: Vec<(String, String)>,
    pub(super) lists: Vec<MailingList>,
}

/// Turns every text into what it means, or tells all that is wrong.
pub(super) fn check(file: &OfficeFile, now: Timestamp) -> std::result::Result<Checked, Vec<String>> {
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
    let mut seconds = Vec::new();
    for line in &file.reader {
        match &line.second {
            Some(second) if file.reader.iter().any(|other| &other.slug == second && second != &line.slug) => {
                seconds.push((line.slug.clone(), second.clone()));
            }
            Some(second) => problems.push(format!("reader {:?}: no other reader {second:?}", line.slug)),
            None if line.second_at_night => {
                problems.push(format!("reader {:?}: write who the second person is: second = \"…\"", line.slug));
            }
            None => {}
        }
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
    if problems.is_empty() {
        Ok(Checked { users, persons, watches, editions, readers, seconds, lists })
    } else {
        Err(problems)
    }
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
        second_factor: None,
        preferences: Preferences::default(),
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
    salastampa_index::parse(&line.query)
        .map_err(|e| format!("watch {:?}: {}", line.slug, query_sentence(Lang::It, &e)))?;
    if !(1..=10).contains(&line.weight) {
        return Err(format!("watch {:?}: weight {} is not between 1 and 10", line.slug, line.weight));
    }
    if line.hold > MOST_HOLD {
        return Err(format!("watch {:?}: hold {} is more than {MOST_HOLD} minutes", line.slug, line.hold));
    }
    let term = |text: &String| Term::parse(text).map_err(|e| format!("watch {:?}: term {text:?}: {e}", line.slug));
    let grading = Grading {
        terms: line.terms.iter().map(term).collect::<std::result::Result<_, _>>()?,
        minimum: line.minimum,
        per_outlet: line.per_outlet,
        diverse: line.diverse,
    };
    if let Some(wrong) = grading::wrong(&grading) {
        return Err(format!("watch {:?}: {wrong}", line.slug));
    }
    Ok(Watch {
        id: WatchId(0),
        slug: line.slug.clone(),
        name: line.name.clone(),
        query: line.query.clone(),
        weight: line.weight,
        urgency: line.urgency,
        hold: line.hold,
        grading,
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
        outlet_cap: line.per_outlet,
        holidays: Holidays { rule: line.holidays, patron: None },
        order: line.order,
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
    if Lang::parse(&line.language).is_none() {
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
        second: None,
        second_at_night: line.second_at_night,
        push: line.push.as_deref().map(PushAddress::parse).transpose().map_err(|e| at(e.to_string()))?,
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
    use salastampa_domain::Urgency;

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
