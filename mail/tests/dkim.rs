//! Signatures, as two other implementations see them.

mod opinion;

use opinion::{RSA, signers, verified};
use salastampa_domain::Timestamp;
use salastampa_mail::{BadKey, Signer, signed};

/// 2026-11-23 07:00 in Italy.
const AT: Timestamp = Timestamp(1_795_413_600_000);

const MESSAGE: &str = "Date: Mon, 23 Nov 2026 07:00:00 +0100\r\nFrom: Ufficio stampa <stampa@bellariva.test>\r\n\
    Reply-To: Ufficio stampa <stampa@bellariva.test>\r\nTo: =?utf-8?b?Tmljb2zDsiBS?= <nico@il-lago.test>\r\n\
    Subject: =?utf-8?b?UmlhcHJlIGlsIHBvbnRl?=\r\n =?utf-8?b?IHN1bCBHZXJuYQ==?=\r\n\
    Message-ID: <release1.v1.r0.aa@bellariva.test>\r\n\
    List-Unsubscribe: <https://stampa.bellariva.test/disiscrizione/u-1>,\r\n <mailto:stampa@bellariva.test>\r\n\
    List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative; boundary=\"=_1\"\r\n\r\n\
    --=_1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nRiapre  il ponte. \t\r\n.\r\n..\r\n--=_1--\r\n\r\n\r\n";

#[tokio::test]
async fn another_implementation_verifies_both_signatures_and_sees_a_change() {
    let message = signed(MESSAGE.into(), &signers(), AT).expect("it is signed");
    assert_eq!(verified(&message).await, [true, true]);
    let text = String::from_utf8(message.clone()).expect("ASCII");
    assert!(text.starts_with("DKIM-Signature: v=1; a=rsa-sha256;"), "RSA first: {text}");
    assert!(text.lines().all(|line| line.len() <= 100), "{text}");
    for (what, replaced, expected) in [
        ("a relay folds otherwise", text.replace("\r\n =?utf-8?b?IHN1b", " =?utf-8?b?IHN1b"), [true, true]),
        ("blanks at the end of a line", text.replace("ponte. \t\r\n", "ponte.\r\n"), [true, true]),
        ("empty lines at the end", format!("{text}\r\n\r\n"), [true, true]),
        ("a field that is not signed", text.replace("MIME-Version", "X-Relay: hallo\r\nMIME-Version"), [true, true]),
        ("another text", text.replace("Riapre  il", "Chiude  il"), [false, false]),
        ("another subject", text.replace("UmlhcHJl", "Q2hpdWRl"), [false, false]),
        ("another way out", text.replace("disiscrizione/u-1", "disiscrizione/u-2"), [false, false]),
        ("another sender", text.replace("From: Ufficio stampa", "From: Altri"), [false, false]),
    ] {
        assert_eq!(verified(replaced.as_bytes()).await, expected, "{what}");
    }
}

#[test]
fn a_retry_is_the_same_bytes() {
    let sign = || signed(MESSAGE.into(), &signers(), AT).expect("it is signed");
    assert_eq!(sign(), sign());
    assert_eq!(signed(MESSAGE.into(), &[], AT).expect("no key"), MESSAGE.as_bytes());
}

#[test]
fn a_second_implementation_verifies_them_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let message = signed(MESSAGE.into(), &signers(), AT).expect("it is signed");
    std::fs::write(folder.path().join("1.eml"), message).expect("a file of the test");
    let Some(read) = opinion::of_python(folder.path()) else { return };
    assert_eq!(read[0]["signed"], serde_json::json!([true, true]));
    assert_eq!(read[0]["subject"], "Riapre il ponte sul Gerna");
}

#[test]
fn a_key_that_cannot_be_trusted_is_refused_with_a_reason() {
    let short = opinion::SHORT;
    for (selector, pem, expected) in [
        ("x", b"no key".as_slice(), BadKey::NoKey),
        ("x", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", BadKey::NotUsable),
        ("x", short, BadKey::NotUsable),
        ("a b", RSA, BadKey::Selector("a b".into())),
        ("", RSA, BadKey::Selector(String::new())),
        ("a..b", RSA, BadKey::Selector("a..b".into())),
    ] {
        assert_eq!(Signer::parse("bellariva.test", selector, pem).map(|_| ()), Err(expected));
    }
}
