//! A Postfix as offices have it: with a certificate of its own as Debian's package makes one, with one that an authority
//! signed, and with or without addresses outside ASCII.

use super::server::{KEEPING, Plan, Postfix, settings};
use crate::outbox::{SENT, deliver, office, send, states};
use crate::press_test::Press;
use std::collections::BTreeSet;

/// A key and its certificate, signed by an authority that no machine knows by itself.
const SIGNED: &str =
    concat!(include_str!("../../mail/tests/tls/server.key"), include_str!("../../mail/tests/tls/server.pem"));

#[test]
fn a_server_here_with_a_certificate_of_its_own_takes_mail() {
    let tls = "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = {at}/etc/key.pem\nsmtpd_tls_loglevel = 1\n";
    let plan = Plan { main: tls.into(), files: vec![("key.pem", SIGNED.into())], ..Plan::default() };
    let Some(postfix) = Postfix::of(&plan) else { return };
    let lines = postfix.settings().replace("tls = \"off\"\n", "");
    let press = office(Press::new(&[]).settings(&lines), 3);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:35");
    assert_eq!(states(&press), ["accepted 3"]);
    assert_eq!(postfix.taken(3).len(), 3);
}

#[test]
fn where_encryption_is_wanted_the_certificate_must_hold_and_all_mail_waits_until_it_does() {
    let wrapped = crate::ports::free();
    let plan = Plan {
        main: "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = {at}/etc/key.pem\nsmtpd_tls_loglevel = 1\n"
            .into(),
        master: format!("127.0.0.1:{wrapped} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n"),
        files: vec![("key.pem", SIGNED.into())],
        ..Plan::default()
    };
    let Some(postfix) = Postfix::of(&plan) else { return };
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/mail/tests/tls/authority.pem");
    let mut encrypted = 0;
    for (tls, port) in [("starttls", postfix.port), ("tls", wrapped)] {
        let lines = settings(port, 2, "").replace("tls = \"off\"", &format!("tls = \"{tls}\""));
        let press = office(Press::new(&[]).settings(&lines), 8);
        send(&press);
        deliver(&press, SENT, "2026-11-23 09:40");
        assert_eq!(press.rows("select cause from pause where at is not null and kind = ''"), ["encryption"], "{tls}");
        assert_eq!(press.rows("select cast(count(*) as text) from suppression"), ["0"], "{tls}");
        let told = press.run("2026-11-23 09:40", &["check"]).out;
        assert!(told.contains("does not take mail (at TLS: "), "{told}");
        // the city's authority is made known to the system
        let press = press.environment("SSL_CERT_FILE", authority);
        deliver(&press, "2026-11-23 09:40", "2026-11-23 11:30");
        assert_eq!(states(&press), ["accepted 8"], "{tls}");
        let told = press.run("2026-11-23 11:30", &["check"]).out;
        assert!(told.contains(&format!("127.0.0.1:{port} answers")), "{told}");
        let now = postfix.until("encrypted connections", |log| {
            let count = log.matches("TLS connection established from").count();
            (count > encrypted).then_some(count)
        });
        encrypted = now;
        let taken = postfix.taken(8);
        assert!(taken.values().all(|times| *times == 1), "{tls}: {taken:?}");
    }
}

#[test]
fn addresses_outside_ascii_go_where_the_server_takes_them_and_fail_alone_where_it_does_not() {
    for (takes, expected) in [("yes", ["accepted 4"].as_slice()), ("no", &["accepted 3", "failed 1"])] {
        let main = format!("{KEEPING}smtputf8_enable = {takes}\n");
        let Some(postfix) = Postfix::of(&Plan { main, ..Plan::default() }) else { return };
        let press = office(Press::new(&[]).settings(&postfix.settings()), 2);
        press
            .write("altri.csv", "nome;email;liste\nNiccolò;niccolò@redazioni.test;tutti\nInfo;info@città.test;tutti\n");
        assert_eq!(press.run("2026-11-23 09:25", &["import", "contacts", "altri.csv"]).code, 0);
        send(&press);
        deliver(&press, SENT, "2026-11-23 09:40");
        assert_eq!(states(&press), expected, "smtputf8_enable = {takes}");
        let all = if takes == "yes" { 4 } else { 3 };
        let to: BTreeSet<String> = postfix.kept(all).into_iter().map(|kept| kept.to).collect();
        assert_eq!(to.len(), all);
        assert!(to.contains("info@xn--citt-0na.test") || to.iter().any(|to| to.starts_with("info@")), "{to:?}");
        assert_eq!(to.contains("niccolò@redazioni.test"), takes == "yes", "{to:?}");
        let failed = press.rows("select address || ': ' || reason from delivery where state = 'failed'");
        assert!(failed.iter().all(|said| said.starts_with("niccolò@") && said.contains("SMTPUTF8")), "{failed:?}");
    }
}
