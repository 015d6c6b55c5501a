//! Journalists out of an address book: vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), as telephones and mail programs write
//! them.
//!
//! Taken are the name, the addresses (the preferred one first), telephones, the organisations as outlets with the title of the
//! same group as what somebody is there, and the categories as beats; photos, notes and birthdays are not asked for and not read. A card that does not end is read to the end of the text.

/// What a card says that we ask for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Card {
    /// The line of the file on which it begins, from 1.
    pub(super) line: u64,
    pub(super) name: String,
    pub(super) address: String,
    /// Further addresses.
    pub(super) others: Vec<String>,
    pub(super) phones: Vec<String>,
    pub(super) outlet: String,
    pub(super) role: String,
    /// Further outlets, each with what they are there in brackets.
    pub(super) posts: Vec<String>,
    /// With commas.
    pub(super) beats: String,
}

/// Whether a text is an address book.
pub(super) fn is_vcard(text: &str) -> bool {
    text.trim_start().get(..11).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCARD"))
}

/// The cards of an address book, in its order.
pub(super) fn cards(text: &str) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut open: Option<(Card, bool)> = None;
    let mut work = Work::default();
    for (number, line) in unfolded(text) {
        let Some((head, value)) = line.split_once(':') else { continue };
        let mut parts = head.split(';');
        // `item1.EMAIL` is the e-mail of a group
        let called = parts.next().unwrap_or_default().to_ascii_uppercase();
        let (group, name) = called.rsplit_once('.').map_or(("", called.as_str()), |(group, name)| (group, name));
        let parameters: Vec<String> = parts.map(str::to_ascii_uppercase).collect();
        let value = match parameters.iter().any(|p| p.ends_with("QUOTED-PRINTABLE")) {
            true => unquoted(value),
            false => value.to_owned(),
        };
        match (name, open.as_mut()) {
            ("BEGIN", _) => {
                cards.extend(open.take().map(|(card, _)| std::mem::take(&mut work).put(card)));
                open = Some((Card { line: number, ..Card::default() }, false));
            }
            ("END", Some(_)) => cards.extend(open.take().map(|(card, _)| std::mem::take(&mut work).put(card))),
            ("FN", Some((card, _))) => card.name = plain(&value),
            ("N", Some((card, _))) if card.name.is_empty() => card.name = given_first(&value),
            ("EMAIL", Some((card, is_preferred))) => {
                let preferred = parameters.iter().any(|p| p.contains("PREF"));
                let mut address = plain(&value).trim_start_matches("mailto:").to_owned();
                if card.address.is_empty() || preferred && !*is_preferred {
                    std::mem::swap(&mut card.address, &mut address);
                    *is_preferred = preferred;
                }
                card.others.extend((!address.is_empty()).then_some(address));
            }
            // a fax is nothing to call
            ("TEL", Some((card, _))) if !parameters.iter().any(|p| p.contains("FAX")) => {
                let plain = plain(&value);
                card.phones.push(plain.strip_prefix("tel:").unwrap_or(&plain).to_owned());
            }
            ("ORG", Some(_)) => {
                work.outlets.push((group.to_owned(), plain(split(&value, ';').first().map_or("", String::as_str))));
            }
            ("TITLE", Some(_)) => work.roles.push((group.to_owned(), plain(&value))),
            ("CATEGORIES", Some((card, _))) => {
                card.beats = split(&value, ',').iter().map(|one| plain(one)).collect::<Vec<_>>().join(", ");
            }
            _ => {}
        }
    }
    cards.extend(open.map(|(card, _)| work.put(card)));
    cards
}

/// Where somebody works and what they are there, each with its group.
#[derive(Default)]
struct Work {
    outlets: Vec<(String, String)>,
    roles: Vec<(String, String)>,
}

impl Work {
    fn put(self, card: Card) -> Card {
        let role = |group: &str| self.roles.iter().find(|(of, _)| of == group).map_or("", |(_, role)| role.as_str());
        let mut outlets = self.outlets.iter().filter(|(_, outlet)| !outlet.is_empty());
        let Some((group, outlet)) = outlets.next() else { return Card { role: role("").to_owned(), ..card } };
        let posts = outlets.map(|(group, outlet)| match role(group) {
            role if group.is_empty() || role.is_empty() => outlet.clone(),
            role => format!("{outlet} ({role})"),
        });
        Card { outlet: outlet.clone(), role: role(group).to_owned(), posts: posts.collect(), ..card }
    }
}

/// The lines in one piece each (a line that begins with a blank goes on; in 2.1 one that ends in `=` does), with the number
/// of the first.
fn unfolded(text: &str) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let goes_on = lines.last_mut().filter(|(_, last)| {
            line.starts_with([' ', '\t'])
                || last.ends_with('=') && last.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
        });
        match goes_on {
            Some((_, last)) if line.starts_with([' ', '\t']) => last.push_str(&line[1..]),
            Some((_, last)) => {
                last.pop();
                last.push_str(line);
            }
            None => lines.push((number, line.to_owned())),
        }
    }
    lines
}

/// `N` is family name, given name and more.
fn given_first(value: &str) -> String {
    let parts = split(value, ';');
    let part = |n: usize| parts.get(n).map(|part| plain(part)).unwrap_or_default();
    format!("{} {}", part(1), part(0)).trim().to_owned()
}

/// The parts between separators that are not escaped.
fn split(value: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in value.chars() {
        if c == separator && !escaped {
            parts.push(String::new());
            continue;
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

/// A value without its escapes (RFC 6350 §3.4), on one line.
fn plain(value: &str) -> String {
    let mut out = String::new();
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n' | 'N') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            },
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// Quoted-printable (RFC 2045 §6.7), UTF-8 or, as old telephones wrote, Windows-1252.
fn unquoted(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut parts = value.split('=');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        match part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&part.as_bytes()[2..]);
            }
            None => bytes.extend_from_slice(part.as_bytes()),
        }
    }
    super::table_text(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_of_each_age_are_read() {
        let text = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Rita Melzi\r\nORG:Radio Riva;Redazione\r\n\
            TEL;TYPE=work,voice;VALUE=uri:tel:+39-0341-1234\r\nitem2.TEL:333 1\r\nTEL;TYPE=fax:99\r\n\
            TITLE:Caporedattrice\r\nx.ORG:Eco\r\nx.TITLE:firma\r\nEMAIL;TYPE=home:rita@casa.test\r\nitem1.EMAIL;PREF=1:rita@\r\n riva.test\r\nCATEGORIES:cronaca,porto\\, lago\r\n\
            PHOTO:data:image/jpeg;base64,AAAA\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:3.0\r\nN:Bassi;Ugo;;;\r\nEMAIL:ugo@molo.test\r\nEND:VCARD\r\n\
            begin:vcard\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Niccol=C3=B2 =\r\nPer=C3=B2\r\n\
            EMAIL;INTERNET:n@sponda.test\r\n";
        assert!(is_vcard(text));
        let read = cards(text);
        let said: Vec<_> = read.iter().map(|c| (c.line, c.name.as_str(), c.address.as_str())).collect();
        assert_eq!(
            said,
            [
                (1, "Rita Melzi", "rita@riva.test"),
                (17, "Ugo Bassi", "ugo@molo.test"),
                (22, "Niccolò Però", "n@sponda.test")
            ]
        );
        assert_eq!(read[0].phones, ["+39-0341-1234", "333 1"]);
        assert_eq!(
            (&read[0].others[..], &read[0].posts[..]),
            (&["rita@casa.test".to_owned()][..], &["Eco (firma)".to_owned()][..])
        );
        assert_eq!((read[0].role.as_str(), read[1].role.as_str()), ("Caporedattrice", ""));
        assert_eq!((read[0].outlet.as_str(), read[0].beats.as_str()), ("Radio Riva", "cronaca, porto, lago"));
    }

    #[test]
    fn what_is_no_card_breaks_nothing() {
        for text in [
            "",
            "BEGIN:VCARD",
            "END:VCARD\nFN:x",
            "BEGIN:VCARD\nFN\n:\n;;:x\nEMAIL;ENCODING=QUOTED-PRINTABLE:=\n=ZZ=",
            "è",
        ] {
            let _ = (is_vcard(text), cards(text));
        }
        assert!(!is_vcard("nome;email"));
    }
}
