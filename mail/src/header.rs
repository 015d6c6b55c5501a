//! Header fields (RFC 5322), each checked before it is written.
//!
//! No line break in a value reaches a line: that is how a title would become a `Bcc`. It is refused, not repaired:
//! somebody tried something, or a form let through what it must not.

use crate::{BadMessage, words};
use lettre::message::header::{HeaderName, HeaderValue, Headers};
use salastampa_domain::Address;

/// Sets a field that holds free text.
pub(crate) fn set_text(headers: &mut Headers, name: &'static str, text: &str) -> Result<(), BadMessage> {
    let text = one_line(name, text)?;
    let encoded = words::text(name, &text);
    set(headers, name, text, encoded);
    Ok(())
}

/// Sets a field that holds one address, with the name of the person or office if it is not empty.
pub(crate) fn set_mailbox(
    headers: &mut Headers,
    name: &'static str,
    person: &str,
    address: &Address,
) -> Result<(), BadMessage> {
    let encoded = words::mailbox(name, &one_line(name, person)?, address.as_str());
    set(headers, name, address.as_str().to_owned(), encoded);
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
    set(headers, name, parts.join(" "), parts.join("\r\n "));
    Ok(())
}

fn set(headers: &mut Headers, name: &'static str, raw: String, encoded: String) {
    let name = HeaderName::new_from_ascii_str(name);
    headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(name, raw, encoded));
}

/// What stands between angle brackets: a Message-ID or an address of the web, without the brackets.
pub(crate) fn bracketed(name: &'static str, text: &str) -> Result<String, BadMessage> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>') {
        return Err(BadMessage::Header { name });
    }
    Ok(format!("<{text}>"))
}

/// The text with its blanks joined, without line breaks and other control characters.
fn one_line(name: &'static str, text: &str) -> Result<String, BadMessage> {
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err(BadMessage::Header { name });
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
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
