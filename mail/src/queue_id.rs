//! The name under which a mail server keeps a message, read from its reply to the final dot.
//!
//! It is free text (RFC 5321 §4.2); these are the forms of the servers that a municipality meets. A form not known here
//! costs nothing but a harder search in the relay's log.

/// The queue id in the text of a 250.
pub(crate) fn queue_id(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let after = |mark: &[&str]| {
        words.windows(mark.len() + 1).find_map(|w| {
            let found = w.iter().zip(mark).all(|(word, mark)| word.eq_ignore_ascii_case(mark));
            found.then(|| w[mark.len()])
        })
    };
    // Postfix: `2.0.0 Ok: queued as 4F1A2B3C`; Exim: `OK id=1rAbCd-0001`; Exchange: `[InternalId=..]`; OpenSMTPD and
    // sendmail: `2.0.0 5e1f0a Message accepted for delivery`
    let id = after(&["queued", "as"])
        .or_else(|| words.iter().find_map(|w| w.strip_prefix("id=")))
        .or_else(|| words.iter().find_map(|w| w.strip_prefix("[InternalId=")))
        .or_else(|| {
            let at = words.windows(2).position(|w| w == ["Message", "accepted"])?;
            words.get(at.checked_sub(1)?).copied().filter(|w| !w.contains('.'))
        })?;
    let id = id.trim_end_matches([',', ';', '.', ']', ')']);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    (!id.is_empty() && id.len() <= 100 && id.chars().all(plain)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::queue_id;

    #[test]
    fn the_usual_servers_tell_their_queue_id() {
        for (text, id) in [
            ("2.0.0 Ok: queued as 4Cx1Yz2ABC", Some("4Cx1Yz2ABC")),
            ("OK id=1rAbCd-0001Xy-2Z", Some("1rAbCd-0001Xy-2Z")),
            ("2.0.0 5e1f0a2b Message accepted for delivery", Some("5e1f0a2b")),
            ("2.0.0 Message accepted for delivery", None),
            ("2.6.0 <a@b.test> [InternalId=1234567, Hostname=mx.test] Queued mail for delivery", Some("1234567")),
            ("2.0.0 Ok", None),
            ("queued as", None),
            ("queued as <script>", None),
            ("", None),
        ] {
            assert_eq!(queue_id(text).as_deref(), id, "{text}");
        }
    }
}
