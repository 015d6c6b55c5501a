//! Journalists as an address book: vCard 4.0 (RFC 6350), for telephones and mail programs.
//!
//! Name, addresses, telephones, outlets with roles, beats and language, as our own import reads them; why somebody is held and
//! until when is nothing for an address book, nor are the notes of the office, which a telephone would carry about; and who
//! wants no mail is not in it: it would invite to write to them. How a value and a line are written serves the office's own card
//! on the newsroom too.

use salastampa_domain::Contact;

/// Longest line in octets, without its end (RFC 6350 §3.2).
const LINE: usize = 75;

/// The cards of those who get mail, in their order.
pub(super) fn address_book<'a>(contacts: impl IntoIterator<Item = &'a Contact>) -> String {
    let mut text = String::new();
    for contact in contacts.into_iter().filter(|contact| contact.opted_out_at.is_none()) {
        card(contact, &mut text);
    }
    text
}

fn card(contact: &Contact, text: &mut String) {
    let beats: Vec<String> = contact.beats.iter().map(|beat| escaped(beat)).collect();
    // of several the one that is written to is the preferred one
    let first = if contact.others.is_empty() { "EMAIL;TYPE=work" } else { "EMAIL;TYPE=work;PREF=1" };
    let lines = [
        ("BEGIN", "VCARD".to_owned()),
        ("VERSION", "4.0".to_owned()),
        ("KIND", "individual".to_owned()),
        ("FN", escaped(&contact.name)),
        ("ORG", escaped(&contact.outlet)),
        ("TITLE", escaped(&contact.role)),
        (first, escaped(contact.address.as_str())),
        ("CATEGORIES", beats.join(",")),
        ("LANG", escaped(&contact.language)),
    ];
    let phones = contact.phones.iter().map(|phone| ("TEL;VALUE=text", escaped(phone)));
    let others = contact.others.iter().map(|other| ("EMAIL;TYPE=work", escaped(other.as_str())));
    for (name, value) in lines.into_iter().chain(others).chain(phones).filter(|(_, value)| !value.is_empty()) {
        push(&format!("{name}:{value}"), text);
    }
    for (n, post) in contact.posts.iter().enumerate() {
        // a group joins an outlet with what somebody is there (RFC 6350 §3.3)
        push(&format!("posto{}.ORG:{}", n + 1, escaped(&post.outlet)), text);
        if !post.role.is_empty() {
            push(&format!("posto{}.TITLE:{}", n + 1, escaped(&post.role)), text);
        }
    }
    push("END:VCARD", text);
}

/// A text as a value (RFC 6350 §3.4): on one line, its signs escaped.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\\' | ',' | ';' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Puts a line with its end behind a text, folded between characters so that none is longer than 75 octets (§3.2).
pub fn push(line: &str, text: &mut String) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LINE {
            text.push_str("\r\n ");
            // the blank counts
            length = 1;
        }
        text.push(c);
        length += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::super::vcard::{cards, is_vcard};
    use super::*;
    use salastampa_domain::{Address, Basis, ContactId, Medium, Post, Timestamp};

    fn contact(name: &str, outlet: &str, beats: &[&str]) -> Contact {
        Contact {
            id: ContactId(1),
            name: name.into(),
            address: Address::parse("nina@il-lago.test").expect("an address"),
            outlet: outlet.into(),
            medium: Medium::Web,
            beats: beats.iter().map(|beat| (*beat).to_owned()).collect(),
            territory: "Bellariva".into(),
            language: "it".into(),
            accepts_embargo: true,
            basis: Basis::Consent,
            origin: "accredito".into(),
            notice_at: None,
            expires: None,
            phones: vec!["+39 0341 1234; int. 5, redazione".into(), "333 1".into()],
            quiet: None,
            opted_out_at: None,
            added_at: None,
            changed_at: None,
            confirmed_at: None,
            others: vec![Address::parse("nina@casa.test").expect("an address")],
            role: "caposervizio".into(),
            posts: vec![Post { outlet: "Radio, Riva".into(), role: "conduttrice".into() }],
            notes: "non chiamare dopo cena".into(),
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_no_line_is_too_long() {
        let long = "Niccolò ".repeat(20);
        for (name, outlet, beats) in [
            ("Nina Valli", "Il Lago", vec!["cronaca", "sport"]),
            ("Valli; Nina, detta \\\"la lunga\\\"", "Eco, di; Bellariva", vec!["porto; lago", "a\\b"]),
            (long.as_str(), "È", vec![]),
            ("BEGIN:VCARD", "END:VCARD", vec!["x"]),
        ] {
            let text = address_book([&contact(name, outlet, &beats)]);
            assert!(is_vcard(&text) && text.ends_with("END:VCARD\r\n"), "{text}");
            for line in text.split("\r\n") {
                assert!(line.len() <= LINE && !line.contains(['\r', '\n']), "{line:?}");
            }
            let read = cards(&text);
            assert_eq!(read.len(), 1, "{text}");
            assert_eq!(read[0].name, name.trim());
            assert_eq!((read[0].outlet.as_str(), read[0].address.as_str()), (outlet, "nina@il-lago.test"));
            assert_eq!(read[0].beats, beats.join(", "));
            assert_eq!(read[0].others, ["nina@casa.test"]);
            assert_eq!(
                (read[0].role.as_str(), read[0].posts.as_slice()),
                ("caposervizio", &["Radio, Riva (conduttrice)".to_owned()][..])
            );
            assert!(!text.contains("dopo cena"), "{text}");
            assert_eq!(read[0].phones, ["+39 0341 1234; int. 5, redazione", "333 1"]);
        }
    }

    #[test]
    fn who_wants_no_mail_is_in_no_address_book_and_no_line_can_be_smuggled_in() {
        let gone = Contact { opted_out_at: Some(Timestamp(1)), ..contact("Ugo", "", &[]) };
        let text = address_book([&gone, &contact("Nina\r\nEMAIL:x@y.test", "", &[])]);
        assert!(!text.contains("Ugo") && !text.contains("\r\nEMAIL:x"), "{text}");
        assert_eq!(text.matches("BEGIN:VCARD").count(), 1);
        assert!(!text.contains("\nORG:"), "what is empty is not written: {text}");
    }
}
