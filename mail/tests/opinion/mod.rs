//! What others make of our messages: mail-auth and, where Debian's Python has it, dkimpy and the library `email`.
//!
//! Two keys of the tests sign; what must stand in the DNS is taken from the signers themselves.
#![allow(dead_code, reason = "each test binary uses another part of it")]
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a skipped test says so, as the environment allows"
)]

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, ResolverCache, Txt};
use salastampa_mail::Signer;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

pub(crate) const RSA: &[u8] = include_bytes!("rsa.pem");
pub(crate) const ED25519: &[u8] = include_bytes!("ed25519.pem");
pub(crate) const SHORT: &[u8] = include_bytes!("short.pem");
/// Of a package of the system, so not whatever else is called `python3`.
const PYTHON: &str = "/usr/bin/python3";

pub(crate) fn signers() -> Vec<Signer> {
    [("r2026", RSA), ("e2026", ED25519)]
        .map(|(selector, pem)| Signer::parse("bellariva.test", selector, pem).expect("a key of the tests"))
        .into()
}

/// The DNS of the tests.
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

/// What mail-auth says of each signature of a message.
pub(crate) async fn verified(message: &[u8]) -> Vec<bool> {
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

/// What Python reads in the messages of a folder, a JSON object each; `None` where this machine cannot be asked.
pub(crate) fn of_python(folder: &Path) -> Option<Vec<serde_json::Value>> {
    let records: Vec<String> = signers().iter().map(|s| format!("{}\t{}", s.name(), s.record())).collect();
    let ran =
        Command::new(PYTHON).args(["-c", include_str!("opinion.py")]).arg(folder).arg(records.join("\n")).output();
    let out = match ran {
        Ok(out) => out,
        Err(why) => return skipped(&format!("{PYTHON}: {why}")),
    };
    let complaint = String::from_utf8_lossy(&out.stderr);
    if complaint.contains("No module named") {
        return skipped("python3-dkim is not installed");
    }
    assert!(out.status.success(), "{complaint}");
    let lines = String::from_utf8_lossy(&out.stdout);
    Some(lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect())
}

fn skipped<T>(why: &str) -> Option<T> {
    let required = std::env::var("SALASTAMPA_TEST_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|r| r.trim() == "dkimpy"), "dkimpy is required here, but: {why}");
    println!("skipped: {why}");
    None
}
