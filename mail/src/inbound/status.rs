//! What a status code says of an address (RFC 3463; the registry of IANA; what Microsoft and Google write).
//!
//! An address is called dead only where the server says that it is not there, or that there is no way to its domain. A
//! mailbox that is full, a server that gave up after days: soft. Whatever speaks of us, of the content or of a policy
//! (x.7.x first of all) says nothing of the address.

use salastampa_domain::InboundKind::{self, HardBounce, Refused, SoftBounce};

/// An enhanced status code, such as 5.1.1.
pub(super) type Code = (u8, u16, u16);

/// The first enhanced code of a text in which a server speaks. It stands behind a reply code of its own class
/// (`550 5.1.1`), behind `#`, or begins the text: four numbers in a row are an address of a machine, and `4.96.2` may be a
/// version.
pub(super) fn code_in(text: &str) -> Option<Code> {
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices('.') {
        let Some(start) = at.checked_sub(1).filter(|s| matches!(bytes[*s], b'2' | b'4' | b'5')) else { continue };
        let rest: &str = &text[start..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let Some(code) = code_of(rest[..end].trim_end_matches('.')) else { continue };
        let before = text[..start].trim_end_matches([' ', '-', '(', '<', '#', '[', '\t']);
        let marked = text[..start].ends_with('#') || text[..start].trim().is_empty();
        let behind_reply = before.len() >= 3
            && before
                .get(before.len() - 3..)
                .is_some_and(|reply| reply.bytes().all(|b| b.is_ascii_digit()) && reply.as_bytes()[0] == bytes[start])
            && !before[..before.len() - 3].ends_with(|c: char| c.is_ascii_digit() || c == '.')
            && before.len() < start;
        if marked || behind_reply {
            return Some(code);
        }
    }
    None
}

/// A text that is an enhanced code and nothing else.
pub(super) fn code_of(text: &str) -> Option<Code> {
    let mut parts = text.trim().split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    let small = |part: &str| (part.len() <= 3 && !part.is_empty()).then(|| part.parse::<u16>().ok()).flatten();
    let class = class.parse().ok().filter(|class| matches!(class, 2 | 4 | 5))?;
    let code = (class, small(subject)?, small(detail)?);
    parts.next().is_none().then_some(code)
}

/// The first reply code of a text (`550`, `452`), where no enhanced one stands.
pub(super) fn reply_in(text: &str) -> Option<u16> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '-' | ':' | '<' | '>' | '(' | ')' | ';' | ',' | '\'' | '"'))
        .filter(|word| word.len() == 3 && word.starts_with(['4', '5']))
        .find_map(|word| word.parse().ok().filter(|code| (421..=571).contains(code)))
}

/// As people read it.
pub(super) fn shown(code: Code) -> String {
    format!("{}.{}.{}", code.0, code.1, code.2)
}

/// What a failure says of the address. `said` are the server's words.
pub(super) fn failed(code: Option<Code>, said: &str) -> InboundKind {
    let said = said.to_lowercase();
    match code {
        Some((_, 7, _)) => Refused,
        Some((4, ..)) => SoftBounce,
        // the sender's own address or system
        Some((_, 1, 7 | 8)) => Refused,
        Some((_, 1, 0)) if said.contains("sender") => Refused,
        Some((_, 1, _)) => HardBounce,
        Some((_, 2, 3)) => Refused,
        Some((_, 2, _)) => SoftBounce,
        // no way to the domain; all other routing may be better tomorrow
        Some((_, 4, 1 | 4 | 310)) => HardBounce,
        Some((_, 4, _)) => SoftBounce,
        Some((_, 3 | 6, _)) => Refused,
        Some((_, 5 | 0, _)) | None => by_words(&said),
        Some(_) => SoftBounce,
    }
}

/// What the words say where no code does. Policy is asked first: a server that calls us spam may add "user unknown".
fn by_words(said: &str) -> InboundKind {
    const POLICY: [&str; 17] = [
        "spam",
        "policy",
        "blocked",
        "blacklist",
        "blocklist",
        "block list",
        "reputation",
        "denied",
        "not authenticated",
        "dmarc",
        "spf",
        "virus",
        "content",
        "too large",
        "size limit",
        "relay",
        "sender",
    ];
    const FULL: [&str; 7] =
        ["quota", "mailbox full", "mailbox is full", "full mailbox", "casella piena", "over limit", "exceeded storage"];
    const GONE: [&str; 19] = [
        "user unknown",
        "unknown user",
        "no such user",
        "no such recipient",
        "no such mailbox",
        "no mailbox here",
        "does not exist",
        "doesn't exist",
        "mailbox unavailable",
        "mailbox not found",
        "recipient unknown",
        "unknown recipient",
        "invalid recipient",
        "recipient not found",
        "address rejected",
        "unrouteable address",
        "couldn't find any host",
        "domain not found",
        "utente sconosciuto",
    ];
    let holds = |words: &[&str]| words.iter().any(|word| said.contains(word));
    match () {
        () if holds(&POLICY) => Refused,
        () if holds(&FULL) => SoftBounce,
        () if holds(&GONE) => HardBounce,
        () => SoftBounce,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_seen_where_a_server_speaks_and_nowhere_else() {
        for (text, code) in [
            ("550 5.1.1 <rita@riva.test>: no such user", Some((5, 1, 1))),
            ("smtp; 550-5.7.26 This mail is unauthenticated", Some((5, 7, 26))),
            ("5.4.310", Some((5, 4, 310))),
            ("host riva.test[192.0.2.5] said: 452 4.2.2 full (in reply to RCPT)", Some((4, 2, 2))),
            ("Remote Server returned '550 5.4.1 Recipient address rejected'", Some((5, 4, 1))),
            ("Sorry, no mailbox here by that name. (#5.1.1)", Some((5, 1, 1))),
            ("server [5.1.1.9] gave up", None),
            ("from 192.5.1.1 by Exim 4.96.2", None),
            ("550 no such user here", None),
            ("450 5.1.1 classes that differ", None),
            ("the version 5.1.2 of our program", None),
            ("", None),
            ("550 5.1.", None),
            ("550 5.1.9999", None),
            ("è 5.1.1", None),
        ] {
            assert_eq!(code_in(text), code, "{text}");
        }
        assert_eq!(reply_in("said: 550-no such user"), Some(550));
        assert_eq!(reply_in("in 1550 days, 999 times"), None);
    }

    #[test]
    fn only_what_is_said_of_the_address_counts_against_it() {
        for (code, said, kind) in [
            ("5.1.1", "", HardBounce),
            ("5.1.10", "RESOLVER.ADR.RecipientNotFound", HardBounce),
            ("5.1.2", "bad domain", HardBounce),
            ("5.1.8", "sender's domain", Refused),
            ("5.1.0", "Sender denied", Refused),
            ("5.2.1", "disabled", SoftBounce),
            ("5.2.2", "full", SoftBounce),
            ("5.2.3", "too long for this mailbox", Refused),
            ("5.3.4", "too big", Refused),
            ("5.4.1", "Access denied", HardBounce),
            ("5.4.4", "no route", HardBounce),
            ("5.4.7", "expired", SoftBounce),
            ("5.4.316", "expired", SoftBounce),
            ("5.6.0", "content", Refused),
            ("5.7.1", "user unknown, or spam", Refused),
            ("5.7.515", "Access denied, sending domain does not meet the requirements", Refused),
            ("4.4.7", "gave up after five days", SoftBounce),
            ("4.7.1", "greylisted", Refused),
            ("5.5.0", "mailbox unavailable", HardBounce),
            ("5.5.0", "bad command", SoftBounce),
            ("5.0.0", "550 no such user here", HardBounce),
            ("5.0.0", "554 rejected as spam; user unknown", Refused),
            ("", "550 user unknown", HardBounce),
            ("", "552 mailbox is full", SoftBounce),
            ("", "550 denied by policy", Refused),
            ("", "something happened", SoftBounce),
        ] {
            assert_eq!(failed(code_of(code), said), kind, "{code} {said}");
        }
    }
}
