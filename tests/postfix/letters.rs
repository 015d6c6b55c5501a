//! Releases of chance through a real Postfix into a mailbox: to the byte what was given away, read by others as it was
//! written, and still signed.

use super::server::{KEEPING, Plan, Postfix, crlf};
use crate::conformity::{Made, made, others_agree, reads_as_written};
use crate::opinion::{of_python, verified};
use crate::press_test::is_long;
use crate::recovery::Chance;
use salastampa_domain::Address;
use salastampa_mail::{Connection, Envelope, SmtpConfig, Tls, Transport};
use std::collections::BTreeMap;

/// Hands all of them over, to `0@`, `1@` and so on.
async fn hand_over(port: u16, all: &[Made]) {
    let config = SmtpConfig { tls: Tls::Off, ..SmtpConfig::new("127.0.0.1", port) };
    let transport = Transport::Smtp(Box::new(config));
    let address = |text: &str| Address::parse(text).expect("an address of the test");
    let mut open: Option<Connection> = None;
    for (n, one) in all.iter().enumerate() {
        let mut connection = match open.take_if(|connection| connection.is_usable()) {
            Some(connection) => connection,
            None => transport.connect().await.expect("Postfix greets"),
        };
        let from = address("stampa@bellariva.test");
        let envelope = Envelope { from, to: address(&format!("{n}@redazioni.test")), id: String::new() };
        let ready = connection.offer(&envelope).await.expect("it takes the recipient");
        assert_eq!(ready.data(&one.bytes, None).await.expect("it takes the message").code, 250, "{n}");
        open = Some(connection);
    }
}

#[tokio::test]
async fn releases_come_into_a_mailbox_as_they_were_written_and_still_signed() {
    let Some(postfix) = Postfix::of(&Plan { main: KEEPING.into(), ..Plan::default() }) else { return };
    let mut chance = Chance(2526);
    let all: Vec<Made> = (0..if is_long() { 500 } else { 60 }).map(|n| made(&mut chance, n)).collect();
    hand_over(postfix.port, &all).await;
    let kept: BTreeMap<usize, _> = postfix
        .kept(all.len())
        .into_iter()
        .map(|kept| (kept.to.split('@').next().and_then(|n| n.parse().ok()).expect("the number of one"), kept))
        .collect();
    assert_eq!(kept.len(), all.len());
    let folder = tempfile::tempdir().expect("a folder");
    let arrived: Vec<Vec<u8>> = kept.values().map(|kept| crlf(&kept.bytes)).collect();
    for (n, (one, arrived)) in all.iter().zip(&arrived).enumerate() {
        assert!(kept[&n].as_given() == one.bytes, "{n}: to the byte");
        reads_as_written(n, one, arrived);
        assert_eq!(verified(arrived).await, [true, true], "{n}");
        std::fs::write(folder.path().join(format!("{n:04}.eml")), arrived).expect("a file of the test");
    }
    let Some(python) = of_python(folder.path()) else { return };
    assert_eq!(python.len(), all.len());
    for (n, ((one, arrived), read)) in all.iter().zip(&arrived).zip(&python).enumerate() {
        others_agree(n, one, arrived, read);
    }
}
