//! What comes back is booked on the one delivery whose token it carries, counts for what it is, and is never lost.
//!
//! The mails of `worlds/bounces` have the shapes of the servers that there are and words of our own; what each is, and what
//! three such days do to its address, was written down (`truth.tsv`) before any was read. `{{…}}` in them is what the
//! office had sent: tokens are made by the program alone.

mod hostile;
pub mod office;

use crate::press_test::{header, words};
use office::{Office, at_base};
use std::collections::{BTreeMap, BTreeSet};

/// A line of the truth.
pub struct Case {
    /// The mail's name in its folder.
    pub name: String,
    /// What it is.
    pub class: String,
    /// Whether its token says whom it concerns.
    pub matched: bool,
    /// What three days of such mails do.
    pub after: String,
}

/// All mails of the folder.
pub fn truth() -> Vec<Case> {
    let text = include_str!("worlds/bounces/truth.tsv");
    let case = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |n: usize| cells.get(n).copied().unwrap_or_default().to_owned();
        Case { name: cell(0), class: cell(1), matched: cell(2) == "yes", after: cell(3) }
    };
    text.lines().skip(1).map(case).collect()
}

fn address(case: &Case) -> String {
    format!("{}@redazione.test", case.name)
}

#[test]
fn each_mail_is_what_it_is_and_only_what_is_gone_is_suspended() {
    let cases = truth();
    assert!(cases.len() >= 40, "{}", cases.len());
    let addresses: Vec<String> = cases.iter().map(address).collect();
    let office = Office::new("[mail]\nreturns = \"b@bellariva.test\"\n", &addresses);
    let foreign = Office::new("[mail]\nreturns = \"b@bellariva.test\"\n", &["rita@riva.test".to_owned()]);
    foreign.send("2026-11-23", "altrove");
    let foreign = foreign.mailed("rita@riva.test");

    let mut wrong = Vec::new();
    for day in ["2026-11-23", "2026-11-24", "2026-11-25"] {
        office.send(day, &format!("ponte-{day}"));
        for case in &cases {
            let Some(mailed) = office.mailed_on(day, &address(case)) else {
                // who has left gets no second one
                assert_eq!(case.after, "left", "{} on {day}", case.name);
                continue;
            };
            let bytes = mailed.fill(&case.name, &foreign, day);
            let ran = office.receive(&format!("{day} 10:00"), &bytes, &[]);
            assert_eq!(ran.code, 0, "{}: {ran:?}", case.name);
            let said = ran.out.trim().split_once(": ").map(|(_, said)| said.to_owned()).unwrap_or_default();
            let wanted = format!("{}, {}", case.class, if case.matched { "matched" } else { "in the tray" });
            if !said.starts_with(&wanted) {
                wrong.push(format!("{} on {day}: {said}, not {wanted}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} mails, {} wrong:\n{}", cases.len(), wrong.len(), wrong.join("\n"));

    let set = |statement: &str| office.press.rows(statement).into_iter().collect::<BTreeSet<String>>();
    let suspended = set("select address from returned_address where suspended_at is not null");
    let gone: BTreeSet<String> = cases.iter().filter(|c| c.after == "suspended").map(address).collect();
    assert_eq!(suspended, gone, "nobody else, and all of those");
    let why = office.press.rows("select why || ' ' || count(*) from suppression group by why order by why");
    let left = cases.iter().filter(|c| c.after == "left").count();
    assert_eq!(why, [format!("bounced {}", gone.len()), format!("opt-out {left}")]);
    println!("{} mails, all in their class; {} addresses suspended, 0 wrongly", cases.len(), gone.len());

    // the next one leaves them out, and says so
    office.send("2026-11-26", "mensa");
    let out = set("select address from delivery where thing = 4 and state = 'suppressed' and reason = 'bounced'");
    assert_eq!(out, gone);
    let shown = office.press.run("2026-11-26 12:00", &["release", "show", "mensa"]);
    assert!(shown.out.contains(&format!("suppressed: {}", gone.len() + left)), "{}", shown.out);
}

#[test]
fn what_has_no_token_waits_whole_and_the_same_mail_is_booked_once() {
    let office = Office::new("[mail]\nreturns = \"b@bellariva.test\"\n", &["rita@riva.test".to_owned()]);
    office.send("2026-11-23", "ponte");
    let rita = office.mailed("rita@riva.test");
    let made_up = rita.fill("token-made-up", &rita, "2026-11-23");
    assert!(office.receive("2026-11-23 10:00", &made_up, &[]).out.contains("hard_bounce, in the tray"));
    assert!(office.receive("2026-11-23 10:01", &made_up, &[]).out.contains("in the tray, had come before"));
    let file = office.press.rows("select file from inbound").remove(0);
    let kept = std::fs::read(office.press.path().join("data/files").join(&file[..2]).join(&file)).expect("kept");
    assert_eq!(kept, made_up, "to the byte");

    // the server says where it came to, whatever stands in the mail
    let verp = rita.verp.to_uppercase();
    let plain = b"From: postmaster@riva.test\nReturn-Path: <>\nSubject: Undeliverable\n\n550 5.1.1 no such user\n";
    let ran = office.receive("2026-11-23 10:02", plain, &["--recipient", &verp]);
    assert!(ran.out.contains("hard_bounce, matched"), "{ran:?}");
    let told = office.press.rows("select kind || ' ' || status from delivery_return");
    assert_eq!(told, ["hard_bounce 5.1.1"]);
}

#[test]
fn without_addresses_of_their_own_mails_are_known_by_their_message_id() {
    let office = Office::new("", &["rita@riva.test".to_owned()]);
    office.send("2026-11-23", "ponte");
    let rita = office.mailed("rita@riva.test");
    assert_eq!(rita.verp, "stampa@bellariva.test");
    assert!(rita.leave.starts_with("stampa@bellariva.test?subject=unsubscribe%20u"), "{}", rita.leave);
    let bounce = rita.fill("postfix-unknown-user", &rita, "2026-11-23");
    assert!(office.receive("2026-11-23 10:00", &bounce, &[]).out.contains("hard_bounce, matched"));
}

#[test]
fn a_sender_with_a_plus_of_its_own_has_addresses_too() {
    let office = Office::new("[mail]\nreturns = \"stampa+b@bellariva.test\"\n", &["rita@riva.test".to_owned()]);
    office.send("2026-11-23", "ponte");
    let rita = office.mailed("rita@riva.test");
    assert!(rita.verp.starts_with("stampa+b+1-") && rita.verp.len() - "@bellariva.test".len() <= 64, "{}", rita.verp);
    assert_eq!(rita.envid, rita.verp.trim_start_matches("stampa+b+").trim_end_matches("@bellariva.test"));
    let bounce = rita.fill("postfix-unknown-user", &rita, "2026-11-23");
    assert!(office.receive("2026-11-23 10:00", &bounce, &[]).out.contains("hard_bounce, matched"));
}

#[test]
fn an_answer_that_went_astray_reaches_the_office_once_and_no_two_programs_talk() {
    let office = Office::new("[mail]\nreturns = \"b@bellariva.test\"\n", &["rita@riva.test".to_owned()]);
    office.send("2026-11-23", "ponte");
    let rita = office.mailed("rita@riva.test");
    let answer = rita.fill("a-person-answers", &rita, "2026-11-23");
    assert!(office.receive("2026-11-23 10:00", &answer, &[]).out.contains("reply, matched, handed on to the office"));
    assert!(office.receive("2026-11-23 10:01", &answer, &[]).out.contains("had come before"));
    office.press.live("2026-11-23 10:01", "2026-11-23 10:10");
    let handed = office.all_to("stampa@bellariva.test");
    assert_eq!(handed.len(), 1);
    let mail = String::from_utf8(handed[0].bytes.clone()).expect("a mail is text").replace("\r\n", "\n");
    let mail = mail.replace("\n ", " ").replace("=\n", "");
    assert_eq!(header(&mail, "Reply-To"), "Ufficio stampa <rita@riva.test>");
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    assert!(words(&mail).contains("a che ora arriva la sindaca?"), "{}", words(&mail));

    // what came to the office's own mailbox is not sent there again, nor what the office wrote, nor what a program says
    let at_office = at_base(&answer, &rita.verp, "stampa@bellariva.test");
    let own = at_base(&answer, "Rita <rita@riva.test>", "Ufficio <stampa@bellariva.test>");
    let handed_on = at_base(&mail.into_bytes(), "To: stampa@bellariva.test", &format!("To: {}", rita.verp));
    let away = rita.fill("away-italian", &rita, "2026-11-23");
    for bytes in [at_office, own, handed_on, away] {
        let ran = office.receive("2026-11-23 10:20", &bytes, &[]);
        assert!(ran.code == 0 && !ran.out.contains("handed on"), "{ran:?}\n{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn who_leaves_by_mail_gets_nothing_more_also_of_what_waits() {
    let all = ["rita@riva.test".to_owned(), "ugo@molo.test".to_owned()];
    let office = Office::new("[mail]\nreturns = \"b@bellariva.test\"\n", &all);
    office.send("2026-11-23", "ponte");
    office.approve("2026-11-23", "mensa");
    let ran = office
        .press
        .run("2026-11-23 09:40", &["release", "schedule", "mensa", "--at", "2026-11-23 12:00", "--as", "carlo"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let rita = office.mailed("rita@riva.test");
    let wish = rita.fill("wish-by-button", &rita, "2026-11-23");
    assert!(office.receive("2026-11-23 10:00", &wish, &[]).out.contains("opt_out, matched"));
    office.press.live("2026-11-23 11:59", "2026-11-23 12:05");
    assert_eq!((office.all_to("rita@riva.test").len(), office.all_to("ugo@molo.test").len()), (1, 2));
    let states: BTreeMap<String, String> = office
        .press
        .rows("select address || ' ' || reason from delivery where state = 'suppressed'")
        .into_iter()
        .filter_map(|row| row.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())))
        .collect();
    assert_eq!(states, BTreeMap::from([("rita@riva.test".to_owned(), "opt-out".to_owned())]));
}

#[test]
fn a_recipient_that_the_relay_refuses_at_once_counts_like_a_mail_that_came_back() {
    let office = Office::refusing("gone@riva.test", &["gone@riva.test".to_owned(), "rita@riva.test".to_owned()]);
    for day in ["2026-11-23", "2026-11-24", "2026-11-25"] {
        office.send(day, &format!("ponte-{day}"));
    }
    let suspended = office.press.rows("select address from returned_address where suspended_at is not null");
    assert_eq!(suspended, ["gone@riva.test"]);
}
