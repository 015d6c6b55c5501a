use super::*;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, ResolverCache, Txt};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

const RSA: &[u8] = include_bytes!("tests/rsa.pem");
const ED25519: &[u8] = include_bytes!("tests/ed25519.pem");
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

fn signers() -> Vec<Signer> {
    [("r2026", RSA), ("e2026", ED25519)]
        .map(|(selector, pem)| Signer::parse("bellariva.test", selector, pem).expect("a key of the tests"))
        .into()
}

/// The DNS of the tests: what the signers say must stand there.
struct Records(HashMap<Box<str>, Txt>);

impl ResolverCache<Box<str>, Txt> for Records {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.0.get(name).cloned()
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// What another implementation says of each signature.
async fn verified(message: &[u8]) -> Vec<bool> {
    let records = signers().into_iter().map(|signer| {
        let key = DomainKey::parse(signer.record().as_bytes()).expect("a record");
        (format!("{}.", signer.name()).into(), Txt::DomainKey(Arc::new(key)))
    });
    let records = Records(records.collect());
    let nobody = MessageAuthenticator::new(ResolverConfig::default(), ResolverOpts::default()).expect("a resolver");
    let parsed = AuthenticatedMessage::parse(message).expect("a message");
    let parameters = mail_auth::Parameters::new(&parsed).with_txt_cache(&records);
    nobody.verify_dkim(parameters).await.iter().map(|output| *output.result() == DkimResult::Pass).collect()
}

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

/// dkimpy (Debian: `python3-dkim`), as many filters use it.
#[test]
fn a_second_implementation_verifies_them_too() {
    let program = "import sys, dkim\nrecords = dict(line.split('\\t') for line in sys.argv[1].splitlines())\n\
        message = sys.stdin.buffer.read()\nlook = lambda name, timeout=5: records[name.decode().rstrip('.')].encode()\n\
        d = dkim.DKIM(message)\nprint(*[d.verify(idx=n, dnsfunc=look) for n in range(2)])\n";
    let records: Vec<String> = signers().iter().map(|s| format!("{}\t{}", s.name(), s.record())).collect();
    let mut python = match Command::new("/usr/bin/python3")
        .args(["-c", program, &records.join("\n")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    {
        Ok(python) => python,
        Err(why) => return skipped(&format!("Debian's python3: {why}")),
    };
    let message = signed(MESSAGE.into(), &signers(), AT).expect("it is signed");
    // a Python without the module ends before it reads
    let _ = python.stdin.take().expect("it was piped").write_all(&message);
    let out = python.wait_with_output().expect("it ends");
    let complaint = String::from_utf8_lossy(&out.stderr);
    if complaint.contains("ModuleNotFoundError") || complaint.contains("ImportError") {
        return skipped("python3-dkim is not installed");
    }
    assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), "True True", "{complaint}");
}

#[allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a skipped test says so, as the environment allows")]
fn skipped(why: &str) {
    let required = std::env::var("SALASTAMPA_TEST_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|r| r.trim() == "dkimpy"), "dkimpy is required here, but: {why}");
    println!("skipped: {why}");
}

#[test]
fn a_key_that_cannot_be_trusted_is_refused_with_a_reason() {
    let short = include_bytes!("tests/short.pem");
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

#[test]
fn a_body_is_relaxed_as_the_standard_shows() {
    // RFC 6376 §3.4.5
    assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
    assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
    assert_eq!(relaxed_body(b""), b"");
    assert_eq!(relaxed_body(b"no end"), b"no end\r\n");
}
