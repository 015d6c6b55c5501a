//! `import contacts FILE`: journalists from a CSV file, one line each, merged by their address.
//!
//! Columns are named in the first line, in Italian, in any order: `nome testata email mezzo ambiti territorio liste
//! embargo base fonte`; only `email` must be there. Separators inside a cell are commas. A line that cannot be used is
//! reported with its number and the others are taken. Who has left stays out, whatever the file says.

use crate::{Denied, Result};
use salastampa_domain::{Actor, Address, Basis, Contact, ContactId, Medium, Membership, Timestamp};
use salastampa_store::Store;
use std::collections::BTreeMap;

/// What the import did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Lines taken.
    pub taken: usize,
    /// Lines refused, each with its number and why.
    pub refused: Vec<String>,
}

/// One usable line.
#[derive(Clone, PartialEq, Debug)]
struct Line {
    contact: Contact,
    lists: Vec<String>,
}

/// Reads the file and writes its contacts and their places on lists in one transaction.
///
/// # Errors
/// [`Denied::Invalid`] where the columns cannot be understood; nothing is written then.
pub async fn import(store: &Store, text: &str, name: &str, now: Timestamp) -> Result<Imported> {
    let (lines, refused) = read(text).map_err(|why| Denied::Invalid(vec![format!("{name}:1: {why}")]))?;
    let mut refused: Vec<String> = refused.into_iter().map(|(number, why)| format!("{name}:{number}: {why}")).collect();
    let mut write = store.write().await?;
    let mut members: BTreeMap<String, Vec<ContactId>> = BTreeMap::new();
    let mut taken = 0;
    for (number, line) in lines {
        let unknown = {
            let mut unknown = None;
            for slug in &line.lists {
                if write.find_list(slug).await?.is_none() {
                    unknown = Some(slug.clone());
                }
            }
            unknown
        };
        if let Some(list) = unknown {
            refused.push(format!("{name}:{number}: there is no list {list:?}; declare it in the office file first"));
            continue;
        }
        let id = write.record_contact(&line.contact).await?;
        for slug in line.lists {
            members.entry(slug).or_default().push(id);
        }
        taken += 1;
    }
    for (slug, added) in members {
        let Some(list) = write.find_list(&slug).await? else { continue };
        if list.membership != Membership::Hand {
            continue;
        }
        let mut all: Vec<ContactId> = write.list_members(list.id).await?.into_iter().map(|c| c.id).collect();
        all.extend(added);
        all.sort_unstable();
        all.dedup();
        write.record_list(&list, &all).await?;
    }
    let after = format!("{{\"taken\":{taken},\"refused\":{}}}", refused.len());
    write.record_event(now, &Actor::Console, "contacts.import", "contacts", None, Some(&after)).await?;
    write.commit().await?;
    Ok(Imported { taken, refused })
}

/// Things of a file, each with the number of its line.
type Numbered<T> = Vec<(u64, T)>;

/// The usable lines and why others are refused; or why the columns cannot be understood.
fn read(text: &str) -> std::result::Result<(Numbered<Line>, Numbered<String>), String> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.matches(';').count() >= first.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns: Vec<String> = reader.headers().map_err(|e| e.to_string())?.iter().map(str::to_lowercase).collect();
    const KNOWN: [&str; 10] =
        ["nome", "testata", "email", "mezzo", "ambiti", "territorio", "liste", "embargo", "base", "fonte"];
    if let Some(odd) = columns.iter().find(|c| !KNOWN.contains(&c.as_str())) {
        return Err(format!("the column {odd:?} is not known; columns are {}", KNOWN.join(", ")));
    }
    if !columns.iter().any(|c| c == "email") {
        return Err("there is no column \"email\"".into());
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
        match line(cell) {
            Ok(line) => lines.push((number, line)),
            Err(why) => refused.push((number, why)),
        }
    }
    Ok((lines, refused))
}

fn line(cell: impl Fn(&str) -> String) -> std::result::Result<Line, String> {
    let parts = |name: &str| -> Vec<String> {
        cell(name).split(',').map(|p| p.trim().to_lowercase()).filter(|p| !p.is_empty()).collect()
    };
    let address = Address::parse(&cell("email")).map_err(|e| format!("{:?}: {e}", cell("email")))?;
    let medium = match cell("mezzo").to_lowercase().as_str() {
        "agenzia" => Medium::Agency,
        "" | "stampa" | "quotidiano" | "carta" => Medium::Print,
        "web" | "online" => Medium::Web,
        "radio" => Medium::Radio,
        "tv" => Medium::Tv,
        other => return Err(format!("mezzo {other:?}: write agenzia, stampa, web, radio or tv")),
    };
    let basis = match cell("base").to_lowercase().as_str() {
        "" | "compito pubblico" => Basis::PublicTask,
        "consenso" => Basis::Consent,
        other => return Err(format!("base {other:?}: write compito pubblico or consenso")),
    };
    let name = cell("nome");
    let contact = Contact {
        id: ContactId(0),
        name: if name.is_empty() { address.as_str().to_owned() } else { name },
        address,
        outlet: cell("testata"),
        medium,
        beats: parts("ambiti"),
        territory: cell("territorio"),
        language: "it".into(),
        accepts_embargo: matches!(cell("embargo").to_lowercase().as_str(), "sì" | "si" | "s" | "x" | "1"),
        basis,
        origin: cell("fonte"),
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
        let (lines, refused) = read(
            "\u{feff}Nome;Email;Mezzo;Liste;Embargo\n\
             Rita Melzi;rita@lago.test;radio;locali, radio;sì\n\
             Senza Indirizzo;;web;locali;\n\
             \"Bassi; Ugo\";ugo@lago.test;fax;locali;\n\
             Ugo Bassi;ugo@lago.test;tv;locali;no\n",
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
        assert!(read("nome;posta\nx;y\n").expect_err("an unknown column").contains("posta"));
        assert!(read("nome;testata\nx;y\n").expect_err("no address").contains("email"));
    }
}
