//! People: who wants to be left alone, and who answers.
//!
//! A wish is read from the subject alone, and only where it is nothing else: what a mail program writes by itself when
//! somebody presses its button, or the subject that our own address to leave by carries. In a sentence of a letter it
//! is for a person to read.

use super::Mail;
use super::fields::Fields;
use super::program::is_automatic;
use super::server::is_from_a_server;

const WISHES: [&str; 12] = [
    "unsubscribe",
    "remove",
    "opt-out",
    "opt out",
    "disiscrizione",
    "disiscrivi",
    "disiscrivimi",
    "cancellami",
    "cancellazione",
    "annulla iscrizione",
    "abmelden",
    "désinscription",
];

/// Whether the subject is a wish to be left alone, with a token or not.
pub(super) fn to_leave(header: &Fields) -> bool {
    let auto = header.first("auto-submitted").to_lowercase();
    let subject = header.first("subject").trim().to_lowercase();
    // the token is a word with digits; all other words must be the wish
    let words: Vec<&str> =
        subject.split_whitespace().filter(|word| !word.contains(|c: char| c.is_ascii_digit())).collect();
    WISHES.contains(&words.join(" ").trim_end_matches(['.', '!'])) && !auto.starts_with("auto-replied")
}

/// Whether a person wrote it, as far as anybody can tell.
pub(super) fn is_from_a_person(mail: &Mail) -> bool {
    let header = &mail.header;
    !header.addresses("from").is_empty()
        && !is_automatic(header)
        && !is_from_a_server(header)
        && !mail.content_type.starts_with("multipart/report")
        && (header.has("subject") || !mail.text.trim().is_empty())
}
