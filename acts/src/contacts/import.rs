//! `import contacts FILE`: journalists from a table (CSV) or an address book (vCard), merged by their address.
//!
//! Columns are named in the first line, in any order: `nome testata ruolo altre_testate email altri_indirizzi telefoni mezzo
//! ambiti territorio liste embargo silenzio base fonte scadenza note` (blanks for underscores)
//! or what people and other programs call them (see `columns`); only `email` must be there, and what has another name is
//! passed over and told. Separators inside a cell are commas. A line that cannot be used is reported with its number and
//! the others are taken. Who has left stays out, whatever the file says. Everything can be tried first: the same is done,
//! and nothing is kept.

use super::columns::{COLUMNS, SEVERAL, column};
use super::form::{
    notes as notes_of, others as others_of, phones as phones_of, posts as posts_of, too_many, too_many_phones,
};
use super::keep::{OPT_OUT, close, gone_by_any};
use super::vcard::{cards, is_vcard};
use crate::desk::{AtDesk, line as typed};
use crate::house::{actor, allowed};
use crate::quiet;
use crate::{Denied, House, Result};
use jiff::civil::Date;
use salastampa_domain::contact::{LONGEST_NOTES, MOST_OTHERS};
use salastampa_domain::{Act, Actor, Address, Basis, Contact, ContactId, Medium, Membership, Timestamp};
use salastampa_locale::{Lang, fill};
use salastampa_store::{Store, Write};
use serde_json::json;
use std::collections::BTreeMap;

/// The text of a table as spreadsheets save it: UTF-8, UTF-16 with its mark, else Windows-1252, which is what they write
/// in this country when they are not asked.
pub fn table_text(bytes: &[u8]) -> String {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None => encoding_rs::WINDOWS_1252,
    };
    encoding.decode(bytes).0.into_owned()
}

/// Whether a file is taken, or only tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trial {
    /// It is taken.
    No,
    /// It is read and judged like the real thing, and nothing is kept.
    Yes,
}

/// What the import did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Lines taken.
    pub taken: usize,
    /// Of them, people who have left and stay out.
    pub left: usize,
    /// Lines of people who were known already: what the file says of them takes the place of what was known.
    pub known: usize,
    /// Columns that nobody knows and that were passed over.
    pub unread: Vec<String>,
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
pub async fn import(
    store: &Store,
    house: &House,
    text: &str,
    name: &str,
    trial: Trial,
    now: Timestamp,
) -> Result<Imported> {
    let write = store.write().await?;
    take(write, house, &Actor::Console, house.lang, text, name, trial, now).await
}

/// The same for a person at the desk.
///
/// # Errors
/// As [`import`], and where the person may not keep contacts.
pub async fn import_at_desk(desk: AtDesk<'_>, text: &str, name: &str, trial: Trial) -> Result<Imported> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    take(write, desk.house, &actor(&user), desk.lang, text, name, trial, desk.now).await
}

async fn take(
    mut write: Write,
    house: &House,
    who: &Actor,
    lang: Lang,
    text: &str,
    name: &str,
    trial: Trial,
    now: Timestamp,
) -> Result<Imported> {
    let File { columns, unread, lines, refused } =
        read(text, lang).map_err(|why| Denied::Invalid(vec![format!("{name}:1: {why}")]))?;
    let mut refused: Vec<String> = refused.into_iter().map(|(number, why)| format!("{name}:{number}: {why}")).collect();
    let lists: BTreeMap<String, _> = write.list_lists().await?.into_iter().map(|l| (l.slug.clone(), l)).collect();
    let (mut taken, mut left, mut known_before) = (0, 0, 0);
    for (number, line) in lines {
        if let Some(unknown) = line.lists.iter().find(|slug| !lists.contains_key(*slug)) {
            let why = fill(lang, "people.import.no_list", &[("name", unknown)]);
            refused.push(format!("{name}:{number}: {why}"));
            continue;
        }
        let mut contact = Contact { added_at: Some(now), ..line.contact };
        match known_by(&mut write, &contact).await?.as_mut_slice() {
            [] => {}
            [known] => {
                contact = beside(known.clone(), contact, &columns);
                known_before += 1;
            }
            [one, other, ..] => {
                let names = [("one", one.name.as_str()), ("other", other.name.as_str())];
                refused.push(format!("{name}:{number}: {}", fill(lang, "people.import.two", &names)));
                continue;
            }
        }
        if contact.others.len() > MOST_OTHERS {
            refused.push(format!("{name}:{number}: {}", too_many("people.slip.others", lang)));
            continue;
        }
        let gone = gone_by_any(&mut write, house, &contact).await?;
        contact.opted_out_at = contact.opted_out_at.or(gone);
        left += usize::from(contact.opted_out_at.is_some());
        let id: ContactId = write.record_contact(&contact).await?;
        if contact.opted_out_at.is_some() {
            close(&mut write, &house.key, &contact, OPT_OUT, now).await?;
        }
        for list in line.lists.iter().filter_map(|slug| lists.get(slug)).filter(|l| l.membership == Membership::Hand) {
            write.record_member(list.id, id).await?;
        }
        taken += 1;
    }
    let done = Imported { taken, left, known: known_before, unread, refused };
    if trial == Trial::Yes {
        // dropped without a commit: nothing has happened
        return Ok(done);
    }
    let after = json!({ "taken": taken, "refused": done.refused.len() }).to_string();
    write.record_event(now, who, "contacts.import", "contacts", None, Some(&after)).await?;
    write.commit().await?;
    Ok(done)
}

/// Those who have one of somebody's addresses, each once.
async fn known_by(write: &mut Write, contact: &Contact) -> Result<Vec<Contact>> {
    let mut known: Vec<Contact> = Vec::new();
    for address in contact.addresses() {
        let found = write.find_contact_by_any_address(address).await?;
        known.extend(found.filter(|found| known.iter().all(|one| one.id != found.id)));
    }
    Ok(known)
}

/// A known journalist with what the file says anew: what it has no column for stays as it is.
fn beside(known: Contact, new: Contact, columns: &[String]) -> Contact {
    let has = |column: &str| columns.iter().any(|c| c == column);
    // no address is lost, and the one that is written to stays: which it is decides a person
    let mut others = known.others;
    let more = new.addresses().filter(|address| **address != known.address && !others.contains(address));
    others.extend(more.cloned().collect::<Vec<_>>());
    Contact {
        others,
        role: if has("ruolo") && !new.role.is_empty() { new.role } else { known.role },
        posts: if has("altre testate") && !new.posts.is_empty() { new.posts } else { known.posts },
        notes: if has("note") && !new.notes.is_empty() { new.notes } else { known.notes },
        name: if has("nome") { new.name } else { known.name },
        outlet: if has("testata") { new.outlet } else { known.outlet },
        medium: if has("mezzo") { new.medium } else { known.medium },
        // an empty cell says nothing of a number: address books leave out what the office has typed
        phones: if has("telefoni") && !new.phones.is_empty() { new.phones } else { known.phones },
        quiet: if has("silenzio") { new.quiet } else { known.quiet },
        beats: if has("ambiti") { new.beats } else { known.beats },
        territory: if has("territorio") { new.territory } else { known.territory },
        accepts_embargo: if has("embargo") { new.accepts_embargo } else { known.accepts_embargo },
        basis: if has("base") { new.basis } else { known.basis },
        origin: if has("fonte") { new.origin } else { known.origin },
        expires: if has("scadenza") { new.expires } else { known.expires },
        ..known
    }
}

/// A file that was read.
#[derive(Debug)]
struct File {
    columns: Vec<String>,
    unread: Vec<String>,
    lines: Numbered<Line>,
    refused: Numbered<String>,
}

/// Things of a file, each with the number of its line.
type Numbered<T> = Vec<(u64, T)>;

/// The usable lines and why others are refused; or why the columns cannot be understood.
fn read(text: &str, lang: Lang) -> std::result::Result<File, String> {
    let text = text.trim_start_matches('\u{feff}');
    if is_vcard(text) {
        return Ok(read_cards(text, lang));
    }
    let first = text.lines().next().unwrap_or_default();
    // of equals the first: a name may hold a comma
    let separator = [b';', b'\t', b','].into_iter().rev().max_by_key(|s| first.matches(char::from(*s)).count());
    let separator = separator.unwrap_or(b';');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let named: Vec<String> = reader.headers().map_err(|e| e.to_string())?.iter().map(str::to_owned).collect();
    let mut columns: Vec<String> = Vec::new();
    let mut unread = Vec::new();
    for name in &named {
        // a second column of the same is another one: whose address is the first, is that; some are several
        match column(name).filter(|column| SEVERAL.contains(column) || !columns.iter().any(|known| known == column)) {
            Some(column) => columns.push(column.to_owned()),
            None => {
                columns.push(String::new());
                unread.push(name.clone());
            }
        }
    }
    if !columns.iter().any(|c| c == "email") {
        return Err(fill(lang, "people.import.no_email", &[("columns", &COLUMNS.join(", "))]));
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
            let cells = columns.iter().zip(record.iter()).filter(|(column, _)| *column == name);
            cells.map(|(_, cell)| cell).collect::<Vec<_>>().join("\n")
        };
        match line(cell, lang) {
            Ok(line) => lines.push((number, line)),
            Err(why) => refused.push((number, why)),
        }
    }
    unread.retain(|name| !name.is_empty());
    Ok(File { columns, unread, lines, refused })
}

/// The people of an address book, as if each were a line of a table with these columns.
fn read_cards(text: &str, lang: Lang) -> File {
    let (mut lines, mut refused) = (Vec::new(), Vec::new());
    for card in cards(text) {
        let cell = |name: &str| match name {
            "nome" => card.name.clone(),
            "testata" => card.outlet.clone(),
            "ruolo" => card.role.clone(),
            "altre testate" => card.posts.join("\n"),
            "email" => card.address.clone(),
            "altri indirizzi" => card.others.join("\n"),
            "ambiti" => card.beats.clone(),
            // each is one number, whatever marks stand in it
            "telefoni" => card.phones.iter().map(|phone| phone.replace([',', ';'], " ")).collect::<Vec<_>>().join("\n"),
            _ => String::new(),
        };
        match line(cell, lang) {
            Ok(line) => lines.push((card.line, line)),
            Err(why) => refused.push((card.line, format!("{}: {why}", card.name))),
        }
    }
    let columns = ["nome", "testata", "ruolo", "altre testate", "email", "altri indirizzi", "telefoni", "ambiti"];
    let columns = columns.map(str::to_owned).into();
    File { columns, unread: Vec::new(), lines, refused }
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
    let expires = match cell("scadenza").as_str() {
        "" => None,
        text => Some(day(text).ok_or_else(|| say("people.import.day", text))?),
    };
    // a number that begins with a plus stands behind an apostrophe in tables, so that it is no formula
    let phones = cell("telefoni");
    let phones = phones.split(['\n', ';', ',']).map(|phone| phone.trim().trim_start_matches('\''));
    let phones = phones_of(phones).ok_or_else(|| too_many_phones(lang))?;
    let others = cell("altri indirizzi");
    let parts_of_others = others.split(['\n', ';', ',', ' ']).map(|other| other.trim_start_matches('\''));
    let others = others_of(parts_of_others, &cell("email")).ok_or_else(|| too_many("people.slip.others", lang))?;
    let posts = cell("altre testate");
    let posts = posts_of(posts.split(['\n', ';'])).ok_or_else(|| too_many("people.slip.posts", lang))?;
    let notes = cell("note");
    // as an export keeps it from being a formula
    let plain = notes.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    let notes = notes_of(plain.unwrap_or(&notes))
        .ok_or_else(|| fill(lang, "people.slip.long", &[("most", &LONGEST_NOTES.to_string())]))?;
    let quiet = match cell("silenzio").as_str() {
        "" => None,
        text => Some(quiet::parse(text).ok_or_else(|| say("people.import.quiet", text))?),
    };
    let name = typed(&cell("nome"));
    let contact = Contact {
        id: ContactId(0),
        name: if name.is_empty() { address.as_str().to_owned() } else { name },
        address,
        phones,
        outlet: typed(&cell("testata")),
        medium,
        beats: parts("ambiti"),
        territory: typed(&cell("territorio")),
        language: "it".into(),
        quiet,
        accepts_embargo: matches!(cell("embargo").to_lowercase().as_str(), "sì" | "si" | "s" | "x" | "1"),
        basis,
        origin: typed(&cell("fonte")),
        notice_at: None,
        expires,
        opted_out_at: None,
        added_at: None,
        changed_at: None,
        confirmed_at: None,
        others,
        role: typed(&cell("ruolo")),
        posts,
        notes,
    };
    Ok(Line { contact, lists: parts("liste") })
}

/// A day as spreadsheets have it: `2027-12-31` or `31/12/2027`.
fn day(text: &str) -> Option<Date> {
    let turned = || {
        let parts: Vec<&str> = text.split(['/', '.']).collect();
        let [day, month, year] = parts.as_slice() else { return None };
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let day = text.parse().ok().or_else(turned);
    day.filter(|day: &Date| (1990..=2100).contains(&day.year()))
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
    fn columns_are_known_by_the_names_that_people_give_them_and_others_are_told() {
        let text = "Cognome e nome\tTelefono\tE-mail\tGiornale\tE-mail 2\tFax\tCellulare\tNon disturbare\n\
            Melzi, Rita\t0300 1\trita@lago.test\tRadio Riva\tr2@lago.test\t9\t'+39 333 1\t22:00-07:00\n";
        let File { lines, unread, columns, .. } = read(text, Lang::It).expect("the columns are known");
        let contact = &lines[0].1.contact;
        assert_eq!((contact.name.as_str(), contact.outlet.as_str()), ("Melzi, Rita", "Radio Riva"));
        assert_eq!(contact.address.as_str(), "rita@lago.test");
        assert_eq!(contact.phones, ["0300 1", "+39 333 1"]);
        assert_eq!(quiet::words(contact.quiet), "22:00-07:00");
        assert_eq!(contact.others.iter().map(Address::as_str).collect::<Vec<_>>(), ["r2@lago.test"]);
        assert_eq!(unread, ["Fax"]);
        assert_eq!(columns, ["nome", "telefoni", "email", "testata", "altri indirizzi", "", "telefoni", "silenzio"]);
    }

    #[test]
    fn a_licensed_table_brings_its_end() {
        let text = "email;Valido fino al\na@lago.test;2027-12-31\nb@lago.test;31/12/2027\nc@lago.test;\nd@lago.test;domani\n\
            e@lago.test;31/02/2027\nf@lago.test;1/1/0001\n";
        let File { lines, refused, .. } = read(text, Lang::It).expect("the columns are known");
        let end = Some(jiff::civil::date(2027, 12, 31));
        assert_eq!(lines.iter().map(|(_, line)| line.contact.expires).collect::<Vec<_>>(), [end, end, None]);
        assert_eq!(refused.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [5, 6, 7]);
        assert!(refused[0].1.contains("domani"), "{refused:?}");
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_save_it() {
        let text = "nome;email\nNiccolò Però;n@lago.test\n";
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        for bytes in [text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), wide, windows] {
            assert_eq!(table_text(&bytes), text);
        }
    }

    #[test]
    fn a_table_without_addresses_is_refused_whole() {
        assert!(read("nome;testata\nx;y\n", Lang::It).expect_err("no address").contains("email"));
    }
}
