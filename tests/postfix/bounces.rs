//! The mails of `worlds/bounces`, each handed to a real Postfix by a server of the world: whatever Postfix does to a mail on
//! its way into the program, it is taken for what it is.

use super::returned::{Office, mailed, post};
use crate::outbox::{Server, journalist, states, step};
use crate::press_test::header;
use crate::receive::office::Mailed;
use crate::receive::truth;
use crate::sink::{Act, Script, Verb};
use crate::verbs::Served;
use std::collections::BTreeMap;

#[test]
fn each_mail_is_what_it_is_also_when_postfix_hands_it_over() {
    let Some(office) = Office::start("", 2) else { return };
    office.send("2026-11-23", "ponte");
    let mailed = mailed(&office.postfix, 2);
    let foreign = Mailed {
        verp: "b+1-00112233445566778899@bellariva.test".into(),
        envid: "1-00112233445566778899".into(),
        message_id: "release1.v1.r0.00112233445566778899@altrove.test".into(),
        ..Mailed::default()
    };
    let cases = truth();
    let mut posted = BTreeMap::new();
    for case in &cases {
        let bytes = mailed.fill(&case.name, &foreign, "2026-11-23");
        let to = header(&String::from_utf8_lossy(&bytes).replace("\r\n", "\n"), "To");
        // those that are not addressed to where mail comes back have been sent on from there by hand
        let to = if to.to_lowercase().starts_with("b+") { to.as_str() } else { "b@bellariva.test" };
        // servers and programs that answer leave the sender of the envelope empty (RFC 5321 §4.5.5, RFC 3834), people do not
        let is_person = ["reply", "opt_out"].contains(&case.class.as_str());
        let from = if is_person { mailed.to.as_str() } else { "" };
        posted.insert(post(office.postfix.port, from, to, &bytes), case);
    }
    assert_eq!(posted.len(), cases.len());
    office.booked(cases.len());
    let log = office.postfix.said();
    let mut wrong = Vec::new();
    for (queue_id, case) in &posted {
        let line = log.lines().find(|line| line.contains(&format!(" {queue_id}: to=<"))).unwrap_or_default();
        let said = line.split_once("(delivered via salastampa service (").map_or("nothing", |(_, said)| said);
        let said = said.split_once(": ").map_or(said, |(_, said)| said);
        let wanted = format!("{}, {}", case.class, if case.matched { "matched" } else { "in the tray" });
        if !said.starts_with(&wanted) {
            wrong.push(format!("{}: {said} not {wanted}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} mails, {} wrong:\n{}", cases.len(), wrong.len(), wrong.join("\n"));
    assert!(office.press.rows("select address from returned_address where suspended_at is not null").is_empty());
}

#[test]
fn bounces_are_booked_while_the_office_serves_its_pages_and_sends() {
    let gone = (0..12).fold(Script::new(), |script, n| {
        script.on(Verb::Rcpt, &journalist(n * 5), Act::reply("550 5.1.1 no such user"))
    });
    let world = Server::start(gone);
    let Some(office) = Office::start(&format!("redazioni.test smtp:[127.0.0.1]:{}\n", world.port()), 60) else {
        return;
    };
    office.press.write("now", "2026-11-23 10:00");
    let served = Served::start(&office.press, "2026-11-23 09:30");
    step(&office.press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    office.postfix.until("48 that arrived", |_| (world.all().len() >= 48).then_some(()));
    let booked = office.booked(12);
    assert!(booked.iter().all(|(_, said)| said == "hard_bounce, matched"), "{booked:?}");
    let page = served.ask("GET", "/novita/comunicati/2026/1-ponte");
    assert_eq!(page.0, 200);
    assert_eq!(served.stop(), 0);
    assert_eq!(states(&office.press), ["accepted 60"]);
    assert!(!office.postfix.said().contains("status=deferred"), "nobody was kept waiting for the database");
    assert_eq!(world.all().len(), 48);
}
