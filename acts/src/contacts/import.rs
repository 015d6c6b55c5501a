//! `import contacts FILE`: journalists from a CSV file, one line each, merged by their address.
//!
//! Columns are named in the first line, in Italian, in any order: `nome testata email mezzo ambiti territorio liste
//! embargo base fonte`; only `email` must be there. Separators inside a cell are commas. A line that cannot be used is
//! reported with its number and the others are taken. Who has left stays out, whatever the file says.

use super::keep::gone;
use crate::desk::{AtDesk, line as typed};
use crate::house::{actor, allowed};
use crate::{Denied, House, Result};
use salastampa_domain::{Act, Actor, Address, Basis, Contact, ContactId, Medium, Membership, Timestamp};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{Store, Write};
use serde_json::json;
use std::collections::BTreeMap;

/// The columns, in the order in which an export writes them.
pub(super) const COLUMNS: [&str; 10] =
    ["nome", "testata", "email", "mezzo", "ambiti", "territorio", "liste", "embargo", "base", "fonte"];

/// What the import did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Lines taken.
    pub taken: usize,
    /// Of them, people who have left and stay out.
    pub left: usize,
    /// Lines refused, each with its number and why.
    pub refused: Vec<String>,
}

/// One usable line.
#[derive(Clone, PartialEq, Debug)]
struct Line {
    contact: Contact,
    lists: Vec<String>,
}

/// Reads the file and writes its contacts and their places on lists in one transaction, for the person who runs the
/// program.
///
/// # Errors
/// [`Denied::Invalid`] where the columns cannot be understood; nothing is written then.
pub async fn import(store: &Store, house: &House, text: &str, name: &str, now: Timestamp) -> Result<Imported> {
    let write = store.write().await?;
    take(write, house, &Actor::Console, house.lang, text, name, now).await
}

/// The same for a person at the desk.
///
/// # Errors
/// As [`import`], and where the person may not keep contacts.
pub async fn import_at_desk(desk: AtDesk<'_>, text: &str, name: &str) -> Result<Imported> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    take(write, desk.house, &actor(&user), desk.lang, text, name, desk.now).await
}

async fn take(
    mut write: Write,
    house: &House,
    who: &Actor,
    lang: Lang,
    text: &str,
    name: &str,
    now: Timestamp,
) -> Result<Imported> {
    let File { columns, lines, refused } =
        read(text, lang).map_err(|why| Denied::Invalid(vec![format!("{name}:1: {why}")]))?;
    let mut refused: Vec<String> = refused.into_iter().map(|(number, why)| format!("{name}:{number}: {why}")).collect();
    let lists: BTreeMap<String, _> = write.list_lists().await?.into_iter().map(|l| (l.slug.clone(), l)).collect();
    let (mut taken, mut left) = (0, 0);
    for (number, line) in lines {
        if let Some(unknown) = line.lists.iter().find(|slug| !lists.contains_key(*slug)) {
            let why = fill(lang, "people.import.no_list", &[("name", unknown)]);
            refused.push(format!("{name}:{number}: {why}"));
            continue;
        }
        let mut contact = line.contact;
        if let Some(known) = write.find_contact_by_address(&contact.address).await? {
            contact = beside(known, contact, &columns);
        }
        let gone = gone(&mut write, house, &contact.address).await?;
        contact.opted_out_at = contact.opted_out_at.or(gone);
        left += usize::from(contact.opted_out_at.is_some());
        let id: ContactId = write.record_contact(&contact).await?;
        for list in line.lists.iter().filter_map(|slug| lists.get(slug)).filter(|l| l.membership == Membership::Hand) {
            write.record_member(list.id, id).await?;
        }
        taken += 1;
    }
    let after = json!({ "taken": taken, "refused": refused.len() }).to_string();
    write.record_event(now, who, "contacts.import", "contacts", None, Some(&after)).await?;
    write.commit().await?;
    Ok(Imported { taken, left, refused })
}

/// A known journalist with what the file says anew: what it has no column for stays as it is.
fn beside(known: Contact, new: Contact, columns: &[String]) -> Contact {
    let has = |column: &str| columns.iter().any(|c| c == column);
    Contact {
        name: if has("nome") { new.name } else { known.name },
        outlet: if has("testata") { new.outlet } else { known.outlet },
        medium: if has("mezzo") { new.medium } else { known.medium },
        beats: if has("ambiti") { new.beats } else { known.beats },
        territory: if has("territorio") { new.territory } else { known.territory },
        accepts_embargo: if has("embargo") { new.accepts_embargo } else { known.accepts_embargo },
        basis: if has("base") { new.basis } else { known.basis },
        origin: if has("fonte") { new.origin } else { known.origin },
        ..known
    }
}

/// A file that was read.
#[derive(Debug)]
struct File {
    columns: Vec<String>,
    lines: Numbered<Line>,
    refused: Numbered<String>,
}

/// Things of a file, each with the number of its line.
type Numbered<T> = Vec<(u64, T)>;

/// The usable lines and why others are refused; or why the columns cannot be understood.
fn read(text: &str, lang: Lang) -> std::result::Result<File, String> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.matches(';').count() >= first.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns: Vec<String> = reader.headers().map_err(|e| e.to_string())?.iter().map(str::to_lowercase).collect();
    if let Some(odd) = columns.iter().find(|c| !COLUMNS.contains(&c.as_str())) {
        return Err(fill(lang, "people.import.column", &[("name", odd), ("columns", &COLUMNS.join(", "))]));
    }
    if !columns.iter().any(|c| c == "email") {
        return Err(t(lang, "people.import.no_email").to_owned());
    }
    let (mut lines, mut refused) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                refused.push((e.position().map_or(0, csv::Position::line), e.to_string()));
                continue;
            }
        };
        let number = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| {
            columns.iter().position(|c| c == name).and_then(|i| record.get(i)).unwrap_or_default().to_owned()
        };
        match line(cell, lang) {
            Ok(line) => lines.push((number, line)),
            Err(why) => refused.push((number, why)),
        }
    }
    Ok(File { columns, lines, refused })
}

fn line(cell: impl Fn(&str) -> String, lang: Lang) -> std::result::Result<Line, String> {
    let say = |key: &'static str, text: &str| fill(lang, key, &[("text", text)]);
    let parts = |name: &str| -> Vec<String> {
        cell(name).split(',').map(|p| p.trim().to_lowercase()).filter(|p| !p.is_empty()).collect()
    };
    let address = Address::parse(&cell("email"));
    let address = address.map_err(|_| say("people.import.address", &cell("email")))?;
    let medium = match cell("mezzo").to_lowercase().as_str() {
        "agenzia" => Medium::Agency,
        "" | "stampa" | "quotidiano" | "carta" => Medium::Print,
        "web" | "online" => Medium::Web,
        "radio" => Medium::Radio,
        "tv" => Medium::Tv,
        other => return Err(say("people.import.medium", other)),
    };
    let basis = match cell("base").to_lowercase().as_str() {
        "" | "compito pubblico" => Basis::PublicTask,
        "consenso" => Basis::Consent,
        other => return Err(say("people.import.basis", other)),
    };
    let name = typed(&cell("nome"));
    let contact = Contact {
        id: ContactId(0),
        name: if name.is_empty() { address.as_str().to_owned() } else { name },
        address,
        outlet: typed(&cell("testata")),
        medium,
        beats: parts("ambiti"),
        territory: typed(&cell("territorio")),
        language: "it".into(),
        accepts_embargo: matches!(cell("embargo").to_lowercase().as_str(), "sì" | "si" | "s" | "x" | "1"),
        basis,
        origin: typed(&cell("fonte")),
        notice_at: None,
        expires: None,
        opted_out_at: None,
    };
    Ok(Line { contact, lists: parts("liste") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_does_not_lose_the_others() {
        let File { lines, refused, .. } = read(
            "\u{feff}Nome;Email;Mezzo;Liste;Embargo\n\
             Rita Melzi;rita@lago.test;radio;locali, radio;sì\n\
             Senza Indirizzo;;web;locali;\n\
             \"Bassi; Ugo\";ugo@lago.test;fax;locali;\n\
             Ugo Bassi;ugo@lago.test;tv;locali;no\n",
            Lang::It,
        )
        .expect("the columns are known");
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].1.lists, ["locali", "radio"]);
        assert!(lines[0].1.contact.accepts_embargo);
        assert_eq!(refused.len(), 2, "{refused:?}");
        assert!(refused[1].0 == 4 && refused[1].1.contains("fax"), "{refused:?}");
    }

    #[test]
    fn columns_that_nobody_knows_are_refused_whole() {
        assert!(read("nome;posta\nx;y\n", Lang::It).expect_err("an unknown column").contains("posta"));
        assert!(read("nome;testata\nx;y\n", Lang::It).expect_err("no address").contains("email"));
    }
}
