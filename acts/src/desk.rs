//! Who works at the desk, as acts need them: the rows, the office, the login, the language that refusals speak, the
//! present. And how two people who hold the same form open are kept from overwriting each other.
//!
//! A form carries a [`mark`] of what it was filled with. What has another mark by now was changed by somebody, or by an
//! import or a link in a mail, whoever it was: so no writer has to remember to count versions. Who it was and when is
//! asked of the log.

#[cfg(test)]
pub(crate) mod small;

use crate::{Denied, House, Slip};
use salastampa_domain::{Actor, Timestamp};
use salastampa_locale::{Lang, t};
use salastampa_store::{Rows, Store};
use sha2::{Digest, Sha256};
use std::fmt::Debug;

/// A person at the desk, asking for something now.
#[derive(Clone, Copy)]
pub struct AtDesk<'a> {
    /// The rows.
    pub store: &'a Store,
    /// The office.
    pub house: &'a House,
    /// Who asks.
    pub login: &'a str,
    /// The language that they read.
    pub lang: Lang,
    /// The present.
    pub now: Timestamp,
}

/// A short text that changes with whatever can be seen of a thing.
pub fn mark(thing: &impl Debug) -> String {
    let hash = Sha256::digest(format!("{thing:?}"));
    hash.iter().take(12).map(|b| format!("{b:02x}")).collect()
}

/// The refusal of a form whose thing has changed: by whoever the log names last.
pub(crate) async fn changed(rows: &mut Rows, subject: &str, desk: &AtDesk<'_>) -> crate::Result<Denied> {
    let last = rows.list_events_of(subject, 1).await?.pop();
    Ok(match last {
        Some(event) => Denied::Changed { by: name_of(rows, &event.who, desk.lang).await?, at: event.at },
        None => Denied::Changed { by: t(desk.lang, "people.who.console").to_owned(), at: desk.now },
    })
}

/// Who did something, as people call them.
pub async fn name_of(rows: &mut Rows, who: &Actor, lang: Lang) -> crate::Result<String> {
    Ok(match who {
        Actor::User { id } => match rows.find_user_by_id(*id).await? {
            Some(user) => user.name,
            None => t(lang, "people.who.console").to_owned(),
        },
        Actor::Job { .. } => t(lang, "people.who.job").to_owned(),
        Actor::Link { .. } => t(lang, "people.who.link").to_owned(),
        Actor::Console => t(lang, "people.who.console").to_owned(),
    })
}

/// A field that cannot be taken.
pub(crate) fn slip(field: &'static str, sentence: impl Into<String>) -> Slip {
    Slip { field, sentence: sentence.into() }
}

/// A name for files and addresses: small letters, digits and dashes, made from what people write; at most 64 long, and
/// none of `taken`. Empty if there is nothing to make it of.
pub fn slug(text: &str, taken: &[String]) -> String {
    let mut slug = String::new();
    for c in text.to_lowercase().chars().map(bare) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= 56 {
            break;
        }
    }
    let stem = slug.trim_end_matches('-').to_owned();
    if stem.is_empty() || !taken.contains(&stem) {
        return stem;
    }
    (2..).map(|n| format!("{stem}-{n}")).find(|name| !taken.contains(name)).unwrap_or(stem)
}

/// Whether a text can be the name of a thing in files and addresses.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn bare(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

/// A line that a person typed: without line breaks and control characters, blanks at the ends or in a row.
pub(crate) fn line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_slug_that_nobody_has() {
        assert_eq!(slug("Città di Bellariva – L'Èco!", &[]), "citta-di-bellariva-l-eco");
        assert_eq!(slug("Eco", &["eco".into(), "eco-2".into()]), "eco-3");
        assert_eq!(slug("…", &[]), "");
        assert!(slug(&"parola ".repeat(40), &[]).len() <= 64);
        assert!(is_slug("il-lago-2") && !is_slug("Il Lago") && !is_slug("") && !is_slug("../x"));
    }

    #[test]
    fn a_typed_line_has_no_breaks() {
        assert_eq!(line("  Nina \r\n Bcc: x\t\u{0}Valli "), "Nina Bcc: x Valli");
    }
}
