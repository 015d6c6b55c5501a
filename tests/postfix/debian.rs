//! A Postfix as Debian's package sets it up, beside a program with its own defaults: mail leaves.

use super::server::{Plan, Postfix};
use crate::outbox::{deliver, office, send, states};
use crate::press_test::Press;

/// A key, and a certificate that nobody signed whom the program knows.
const OF_ITS_OWN: &str =
    concat!(include_str!("../../mail/tests/tls/server.key"), include_str!("../../mail/tests/tls/server.pem"));

#[test]
fn a_server_here_with_a_certificate_of_its_own_takes_mail() {
    let tls = "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = {at}/etc/key.pem\nsmtpd_tls_loglevel = 1\n";
    let plan = Plan { main: tls.into(), files: vec![("key.pem", OF_ITS_OWN.into())], ..Plan::default() };
    let Some(postfix) = Postfix::of(&plan) else { return };
    let lines = postfix.settings().replace("tls = \"off\"\n", "");
    let press = office(Press::new(&[]).settings(&lines), 3);
    send(&press);
    deliver(&press, "2026-11-23 09:30", "2026-11-23 09:35");
    assert_eq!(states(&press), ["accepted 3"]);
    assert_eq!(postfix.taken(3).len(), 3);
}
