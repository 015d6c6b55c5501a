//! Bytes of all sorts. The shapes of real servers are judged through the front door (`tests/receive`).

use super::*;

fn mail(head: &str, body: &str) -> Vec<u8> {
    format!("{head}\n\n{body}").replace('\n', "\r\n").into_bytes()
}

#[test]
fn what_is_no_mail_is_unknown_and_ends_nothing() {
    for bytes in [
        &b""[..],
        b"\0\0\0\0",
        b"From",
        b"\r\n\r\n",
        b":\r\n:\r\n",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--\r\n",
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed",
        &[0xff; 4000],
    ] {
        let read = read(bytes, None);
        assert!(read.text.len() < 10_000, "{bytes:?}");
    }
}

#[test]
fn a_mail_of_ten_thousand_parts_or_levels_is_read_by_its_header() {
    let wide: String = (0..10_000).map(|n| format!("--x\nContent-Type: text/plain\n\nparte {n}\n")).collect();
    let head = "From: a@b.test\nTo: b+7-aa@lago.test\nSubject: x\nContent-Type: multipart/mixed; boundary=x";
    let read_wide = read(&mail(head, &wide), None);
    assert_eq!(read_wide.came_to, ["b+7-aa@lago.test"]);
    let deep = "Content-Type: message/rfc822\n\n".repeat(10_000);
    let read_deep = read(&mail("From: a@b.test\nTo: c@d.test\nContent-Type: message/rfc822", &deep), None);
    assert_eq!(read_deep.came_to, ["c@d.test"]);
    let nested: String =
        (0..10_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    read(&mail("From: a@b.test", &nested), None);
}

#[test]
fn of_a_long_mail_the_beginning_is_read() {
    let mut bytes = mail("From: a@b.test\nTo: c@d.test\nSubject: lunga", "Buongiorno.");
    bytes.resize(50 << 20, b'a');
    let long = read(&bytes, Some("b+7-aa@lago.test"));
    assert_eq!(long.came_to, ["b+7-aa@lago.test", "c@d.test"]);
    assert_eq!((long.kind, long.text.chars().count()), (InboundKind::Reply, TEXT));
}

#[test]
fn a_wish_is_a_subject_that_is_nothing_else() {
    let kind = |subject: &str| {
        read(&mail(&format!("From: rita@riva.test\nTo: stampa@lago.test\nSubject: {subject}"), "Cancellami."), None)
            .kind
    };
    for subject in
        ["unsubscribe", "Unsubscribe u17-00ff", "DISISCRIZIONE", "disiscrizione u4-0a1b.", "Annulla iscrizione"]
    {
        assert_eq!(kind(subject), InboundKind::OptOut, "{subject}");
    }
    for subject in ["Re: [Comune] unsubscribe", "Come si fa a disiscriversi?", "remove the photo", "Ponte chiuso"] {
        assert_eq!(kind(subject), InboundKind::Reply, "{subject}");
    }
}
