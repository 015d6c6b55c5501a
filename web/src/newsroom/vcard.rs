//! The press office as a contact card (vCard 4.0, RFC 6350), for the address book of whoever has to call it.
//!
//! Made of what the newsroom shows anyway: the office, its town, its lines of contact. A line is kept whole as it stands;
//! what reads in it as a telephone number or an address of mail is also said in its own field. No person is named that the
//! office has not put there.

use super::kept::{Kept, VCARD, respond};
use crate::Site;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use salastampa_acts::House;
use salastampa_acts::contacts::cards::{escaped, push};
use salastampa_locale::t;

/// Fewest digits of a telephone number.
const DIGITS: usize = 6;

pub(super) async fn card((State(site), headers): (State<Site>, HeaderMap)) -> Response {
    let now = site.clock.now();
    respond(&site, &headers, now, Ok(Kept::text(VCARD, write(&site.house))))
}

fn write(house: &House) -> String {
    let office = t(house.lang, "common.office");
    let mut lines = vec![
        "BEGIN:VCARD".to_owned(),
        "VERSION:4.0".to_owned(),
        "KIND:org".to_owned(),
        format!("FN:{}", escaped(&format!("{office} – {}", house.office))),
        format!("ORG:{};{}", escaped(&house.office), escaped(office)),
        format!("LANG:{}", house.lang.code()),
    ];
    let said: Vec<&str> = house.contacts.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.extend(
        said.iter().flat_map(|line| telephones(line)).map(|number| format!("TEL;TYPE=work:{}", escaped(&number))),
    );
    lines.extend(said.iter().flat_map(|line| mails(line)).map(|mail| format!("EMAIL;TYPE=work:{}", escaped(mail))));
    lines.push(format!("URL:{}/novita", house.base_url));
    if !house.town.is_empty() {
        lines.push(format!("ADR;TYPE=work:;;;{};;;", escaped(&house.town)));
    }
    if !said.is_empty() {
        lines.push(format!("NOTE:{}", escaped(&said.join("\n"))));
    }
    lines.push("END:VCARD".to_owned());
    let mut text = String::new();
    for line in &lines {
        push(line, &mut text);
    }
    text
}

/// What reads as a telephone number in a line: digits, with what people put between them.
fn telephones(line: &str) -> Vec<String> {
    let parts = line.split(|c: char| !(c.is_ascii_digit() || "+ ./-".contains(c)));
    let numbers = parts.map(|part| part.trim_matches(|c: char| c != '+' && !c.is_ascii_digit()));
    let enough = |part: &&str| part.chars().filter(char::is_ascii_digit).count() >= DIGITS;
    numbers.filter(enough).map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// What reads as an address of mail in a line.
fn mails(line: &str) -> Vec<&str> {
    let words =
        line.split(|c: char| c.is_whitespace() || ",;()<>".contains(c)).map(|word| word.trim_matches(['.', ':']));
    let whole = |word: &&str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    words.filter(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_found_in_what_people_write() {
        for (line, numbers, addresses) in [
            ("Ufficio stampa, tel. 0300 12 34 56", vec!["0300 12 34 56"], vec![]),
            ("Lia Neri: +39 333/1234567, lia@bellariva.test.", vec!["+39 333/1234567"], vec!["lia@bellariva.test"]),
            ("piazza Grande 1, dalle 9 alle 13", vec![], vec![]),
            ("scrivi a <stampa@bellariva.test>; @lagerna", vec![], vec!["stampa@bellariva.test"]),
        ] {
            assert_eq!(telephones(line), numbers, "{line}");
            assert_eq!(mails(line), addresses, "{line}");
        }
    }

    #[test]
    fn a_long_line_is_folded_between_characters_and_reads_as_it_was() {
        let line = format!("NOTE:{}", "perché così è più città ".repeat(12));
        let mut folded = String::new();
        push(&line, &mut folded);
        assert!(folded.split("\r\n").all(|part| part.len() <= 75), "{folded}");
        assert_eq!(folded.trim_end_matches("\r\n").replace("\r\n ", ""), line);
        assert_eq!(escaped("a,b;c\\d\ne\r"), "a\\,b\\;c\\\\d\\ne");
    }
}
