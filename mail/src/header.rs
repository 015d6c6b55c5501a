//! Header fields (RFC 5322, RFC 2047) over lettre's builders, with what those do not look after.
//!
//! No line break in a value reaches a builder: that is how a title would become a `Bcc`. lettre writes plain words as
//! they are, also one that looks like an encoded word (`=?utf-8?..?=`), and loses one of two blanks between encoded
//! ones: so blanks are joined before, and such a text is encoded here.

use crate::BadMessage;
use lettre::message::header::{Header, HeaderName, HeaderValue, Headers};
use lettre::message::{Mailbox, Mailboxes};
use salastampa_domain::Address;
use std::fmt::Write;

/// RFC 2047 §2: an encoded word is at most 75 characters long.
const ENCODED_WORD: usize = 75;

/// Sets a field that holds free text.
pub(crate) fn set_text(headers: &mut Headers, name: &'static str, text: &str) -> Result<(), BadMessage> {
    let text = one_line(name, text)?;
    let header = HeaderName::new_from_ascii_str(name);
    headers.insert_raw(if text.contains("=?") {
        HeaderValue::dangerous_new_pre_encoded(header, text.clone(), encoded_words(name, &text))
    } else {
        HeaderValue::new(header, text)
    });
    Ok(())
}

/// Sets a field that holds one address, with the name of the person or office if it is not empty.
pub(crate) fn set_address<H>(headers: &mut Headers, person: &str, address: &Address) -> Result<(), BadMessage>
where
    H: Header + From<Mailboxes>,
{
    let name = H::name();
    let person = one_line("From, Reply-To or To", person)?;
    let email = address.as_str().parse().map_err(|_| BadMessage::Address(address.clone()))?;
    if person.contains("=?") {
        let encoded = format!("{}\r\n <{address}>", encoded_words(&name, &person));
        headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(name, person, encoded));
    } else {
        let person = (!person.is_empty()).then_some(person);
        headers.set(H::from(Mailboxes::new().with(Mailbox::new(person, email))));
    }
    Ok(())
}

/// Sets a field that has a grammar of its own and is written as it is: addresses in brackets, keywords, dates. It must
/// be printable ASCII; `parts` are folded onto lines of their own.
pub(crate) fn set_plain(headers: &mut Headers, name: &'static str, parts: &[&str]) -> Result<(), BadMessage> {
    for part in parts {
        if part.is_empty() || !part.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            return Err(BadMessage::Header { name });
        }
    }
    let header = HeaderName::new_from_ascii_str(name);
    headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(header, parts.join(" "), parts.join("\r\n ")));
    Ok(())
}

/// What stands between angle brackets: a Message-ID or an address of the web, without the brackets.
pub(crate) fn bracketed(name: &'static str, text: &str) -> Result<String, BadMessage> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>') {
        return Err(BadMessage::Header { name });
    }
    Ok(format!("<{text}>"))
}

/// The text with its blanks joined. Line breaks and other control characters are refused, not repaired: somebody tried
/// something, or a form let through what it must not.
pub(crate) fn one_line(name: &'static str, text: &str) -> Result<String, BadMessage> {
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err(BadMessage::Header { name });
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The whole text as encoded words in the Q encoding, each on a line of its own.
fn encoded_words(name: &str, text: &str) -> String {
    const START: &str = "=?utf-8?q?";
    let (mut out, mut word) = (String::new(), String::new());
    let mut room = ENCODED_WORD.saturating_sub(START.len() + 2 + name.len());
    for c in text.chars() {
        let mut coded = String::new();
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            match byte {
                b' ' => coded.push('_'),
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => coded.push(char::from(byte)),
                _ => write!(coded, "={byte:02X}").expect("a string takes what is written"),
            }
        }
        if word.len() + coded.len() > room {
            out.push_str(&format!("{START}{word}?=\r\n "));
            word.clear();
            room = ENCODED_WORD - START.len() - 2;
        }
        word.push_str(&coded);
    }
    out.push_str(&format!("{START}{word}?="));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Result<String, BadMessage> {
        let mut headers = Headers::new();
        set_text(&mut headers, "Subject", value)?;
        Ok(headers.to_string())
    }

    #[test]
    fn a_line_break_is_refused_and_blanks_are_joined() {
        for bad in ["a\r\nBcc: x@y.test", "a\nb", "a\rb", "a\0b", "a\u{85}b"] {
            assert_eq!(text(bad), Err(BadMessage::Header { name: "Subject" }), "{bad:?}");
        }
        assert_eq!(text(" Riapre   il\tlungolago ").as_deref(), Ok("Subject: Riapre il lungolago\r\n"));
    }

    #[test]
    fn a_text_that_looks_encoded_is_shown_as_it_was_written() {
        assert_eq!(text("=?x?= è").as_deref(), Ok("Subject: =?utf-8?q?=3D=3Fx=3F=3D_=C3=A8?=\r\n"));
        let long = text(&format!("=?{}", "è ".repeat(90))).expect("no line break in it");
        assert!(long.lines().all(|line| line.len() <= 76), "{long}");
    }

    #[test]
    fn a_structured_field_is_printable_ascii() {
        let mut headers = Headers::new();
        assert!(set_plain(&mut headers, "List-Id", &["<a.b>\r\nBcc: x"]).is_err());
        assert!(set_plain(&mut headers, "List-Id", &["<è.b>"]).is_err());
        assert!(bracketed("Message-ID", "a> <b").is_err());
        assert!(bracketed("Message-ID", "a b").is_err());
        set_plain(&mut headers, "List-Id", &["<a.b>", "<c>"]).expect("plain");
        assert_eq!(headers.to_string(), "List-Id: <a.b>\r\n <c>\r\n");
    }
}
