//! The register of persons (*gazetteer*): who holds which office, from when until when, and under which names the press
//! writes of them.
//!
//! A line is an office held: who takes another one gets another line, and the first one ends, so that what was said in
//! 2024 is told by who was in office then. Nobody is removed. Who comes into office may be named in a release that is on
//! its way in election time: it is looked at again. Left out: scoring by these names (the review's).

use crate::desk::{AtDesk, changed, line, mark, slip, slug};
use crate::house::{actor, allowed};
use crate::{Denied, Error, Result};
use jiff::civil::Date;
use salastampa_domain::{Act, Event, Person, PersonId};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::Rows;
use serde_json::json;

/// Longest name, other name and office, in characters.
const LONGEST: usize = 100;
/// Most other names.
const MOST_NAMES: usize = 20;

/// A person as a form has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PersonForm {
    /// Full name.
    pub name: String,
    /// Other names, a line each.
    pub aliases: String,
    /// Office held.
    pub office: String,
    /// First day in it, as `2026-06-15`; empty if nobody knows.
    pub from: String,
    /// Last day in it; empty while it is held.
    pub until: String,
}

impl PersonForm {
    /// The form of a person who is there.
    pub fn of(person: &Person) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            name: person.name.clone(),
            aliases: person.aliases.join("\n"),
            office: person.office.clone(),
            from: day(person.from),
            until: day(person.until),
        }
    }

    /// The person that the form says; number and slug are those of `before`, if there is one.
    fn person(&self, before: Option<&Person>, taken: &[String], lang: Lang) -> Result<Person> {
        let mut slips = Vec::new();
        let too_long = |text: &str| text.chars().count() > LONGEST;
        let long = || fill(lang, "person.wrong.long", &[("most", &LONGEST.to_string())]);
        let (name, office) = (line(&self.name), line(&self.office));
        if name.is_empty() {
            slips.push(slip("nome", t(lang, "person.wrong.no_name")));
        } else if too_long(&name) {
            slips.push(slip("nome", long()));
        }
        if office.is_empty() {
            slips.push(slip("carica", t(lang, "person.wrong.no_office")));
        } else if too_long(&office) {
            slips.push(slip("carica", long()));
        }
        let mut aliases: Vec<String> = Vec::new();
        for alias in self.aliases.lines().map(line).filter(|alias| !alias.is_empty() && *alias != name) {
            if !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        if aliases.iter().any(|alias| too_long(alias)) {
            slips.push(slip("altri", long()));
        } else if aliases.len() > MOST_NAMES {
            slips.push(slip("altri", fill(lang, "person.wrong.many", &[("most", &MOST_NAMES.to_string())])));
        }
        let mut day = |field, text: &str| match text.trim() {
            "" => None,
            text => match text.parse::<Date>() {
                Ok(day) => Some(day),
                Err(_) => {
                    slips.push(slip(field, t(lang, "person.wrong.day")));
                    None
                }
            },
        };
        let (from, until) = (day("dal", &self.from), day("al", &self.until));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            slips.push(slip("al", t(lang, "person.wrong.order")));
        }
        if !slips.is_empty() {
            return Err(Denied::Form(slips).into());
        }
        let made = slug(&name, taken);
        // the desk has a page of its own at `nuova`
        let made = if made.is_empty() || made == "nuova" { slug("persona", taken) } else { made };
        let (id, slug) = before.map_or((PersonId(0), made), |before| (before.id, before.slug.clone()));
        Ok(Person { id, slug, name, aliases, office, from, until })
    }
}

/// Whether somebody holds the office on that day; where a day is not known it counts as held.
pub fn is_in_office(person: &Person, day: Date) -> bool {
    person.is_in_office(day)
}

/// The query of a watch on a person: all names as they stand, any of them.
pub fn query_of(person: &Person) -> String {
    let names = std::iter::once(&person.name).chain(&person.aliases);
    let quoted = names.map(|name| line(&name.replace(['"', '“', '”', '«', '»'], " "))).filter(|name| !name.is_empty());
    quoted.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" OR ")
}

/// Registers a person; gives the slug.
pub async fn add(desk: AtDesk<'_>, form: &PersonForm) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let taken: Vec<String> = write.list_persons().await?.into_iter().map(|person| person.slug).collect();
    let person = form.person(None, &taken, desk.lang)?;
    let id = write.record_person(&person).await?;
    let subject = Event::about_person(id);
    write.record_event(desk.now, &actor(&user), "person.add", &subject, None, Some(&told(&person))).await?;
    crate::release::hold(&mut write, desk.house, desk.now).await?;
    write.commit().await?;
    Ok(person.slug)
}

/// Changes a person who still is as when the form was made (`seen`, by [`mark`]).
///
/// # Errors
/// [`Denied::Changed`] if somebody was faster.
pub async fn edit(desk: AtDesk<'_>, slug: &str, seen: &str, form: &PersonForm) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let before = find(&mut write, slug).await?;
    let person = form.person(Some(&before), &[], desk.lang)?;
    if person == before {
        return Ok(());
    }
    let subject = Event::about_person(before.id);
    if mark(&before) != seen {
        return Err(changed(&mut write, &subject, &desk).await?.into());
    }
    write.record_person(&person).await?;
    let (was, is) = (told(&before), told(&person));
    write.record_event(desk.now, &actor(&user), "person.edit", &subject, Some(&was), Some(&is)).await?;
    crate::release::hold(&mut write, desk.house, desk.now).await?;
    write.commit().await?;
    Ok(())
}

/// Ends an office today. What ended before stays as it is.
pub async fn retire(desk: AtDesk<'_>, slug: &str) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let before = find(&mut write, slug).await?;
    let today = desk.now.day();
    if before.until.is_some_and(|until| until <= today) {
        return Ok(());
    }
    // an office that was to begin later never began
    let from = before.from.filter(|from| *from <= today);
    let person = Person { from, until: Some(today), ..before.clone() };
    write.record_person(&person).await?;
    let subject = Event::about_person(before.id);
    let (was, is) = (told(&before), told(&person));
    write.record_event(desk.now, &actor(&user), "person.retire", &subject, Some(&was), Some(&is)).await?;
    write.commit().await?;
    Ok(())
}

async fn find(rows: &mut Rows, slug: &str) -> Result<Person> {
    let unknown = || Error::from(Denied::Unknown { what: "person", name: slug.to_owned() });
    rows.list_persons().await?.into_iter().find(|person| person.slug == slug).ok_or_else(unknown)
}

/// The person for the log.
fn told(person: &Person) -> String {
    json!({
        "name": person.name, "aliases": person.aliases, "office": person.office, "from": person.from,
        "until": person.until,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::small::{NOW, Office, fields};

    fn form(name: &str, aliases: &str, from: &str, until: &str) -> PersonForm {
        let text = str::to_owned;
        PersonForm {
            name: text(name),
            aliases: text(aliases),
            office: "Assessora alla mobilità".into(),
            from: text(from),
            until: text(until),
        }
    }

    async fn person(office: &Office, slug: &str) -> Person {
        find(&mut office.store.read().await.expect("rows"), slug).await.expect("there")
    }

    #[tokio::test]
    async fn a_person_is_registered_changed_and_leaves_the_office() {
        let office = Office::new().await;
        let desk = || office.desk("lia");
        let typed = form("Ada  Corti", " la vicesindaca\n\nAda Corti\nla vicesindaca\nCorti Ada", "2026-06-15", "");
        let slug = add(desk(), &typed).await.expect("registered");
        let ada = person(&office, &slug).await;
        assert_eq!((slug.as_str(), ada.aliases.join("+")), ("ada-corti", "la vicesindaca+Corti Ada".into()));
        assert!(is_in_office(&ada, NOW.day()) && !is_in_office(&ada, "2026-06-14".parse().expect("a day")));
        assert_eq!(query_of(&ada), "\"Ada Corti\" OR \"la vicesindaca\" OR \"Corti Ada\"");
        // a second office of the same person is a line of its own
        assert_eq!(add(desk(), &form("Ada Corti", "", "", "")).await.expect("registered"), "ada-corti-2");
        let seen = mark(&ada);
        edit(desk(), &slug, &seen, &form("Ada Corti", "", "2026-06-15", "")).await.expect("changed");
        let late = edit(desk(), &slug, &seen, &form("Ada Corti", "x", "", "")).await.expect_err("somebody was faster");
        assert!(matches!(late, Error::Denied(Denied::Changed { .. })), "{late}");
        for _ in 0..2 {
            retire(desk(), &slug).await.expect("retired");
        }
        let ada = person(&office, &slug).await;
        assert_eq!((ada.until, is_in_office(&ada, NOW.day().tomorrow().expect("a day"))), (Some(NOW.day()), false));
        assert_eq!(office.log().await, ["person.add", "person.add", "person.edit", "person.retire"]);
    }

    #[tokio::test]
    async fn what_cannot_be_taken_is_told_and_who_only_reads_changes_nothing() {
        let office = Office::new().await;
        let long = "x".repeat(101);
        let many = (0..21).map(|n| format!("nome {n}\n")).collect::<String>();
        for (typed, wrong) in [
            (form("", "", "", ""), vec!["nome"]),
            (PersonForm { office: String::new(), ..form(&long, "", "", "") }, vec!["nome", "carica"]),
            (form("Ada", &long, "ieri", "2026"), vec!["altri", "dal", "al"]),
            (form("Ada", &many, "2026-06-15", "2026-06-14"), vec!["altri", "al"]),
        ] {
            assert_eq!(fields(add(office.desk("lia"), &typed).await), wrong, "{typed:?}");
        }
        let refused = add(office.desk("ivo"), &form("Ada", "", "", "")).await.expect_err("a viewer");
        assert!(matches!(refused, Error::Denied(Denied::Role { .. })));
        assert!(office.log().await.is_empty());
        assert_eq!(query_of(&Person { name: "Ada \"la\" Corti".into(), ..odd() }), "\"Ada la Corti\"");
    }

    fn odd() -> Person {
        let text = String::new;
        Person {
            id: PersonId(1),
            slug: text(),
            name: text(),
            aliases: vec!["\"".into()],
            office: text(),
            from: None,
            until: None,
        }
    }
}
