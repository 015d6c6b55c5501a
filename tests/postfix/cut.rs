//! Connections to a real Postfix that break, stall or are never greeted: what is in doubt is exactly what was past the
//! dot, an answer belongs to the message that it answers, and silence blames nobody.

use super::between::{Between, Rule, Trick};
use super::server::{KEEPING, Plan, Postfix, settings};
use crate::outbox::{SENT, deliver, journalist, office, send, states};
use crate::press_test::Press;
use std::collections::BTreeMap;

/// An office of so many journalists that relays through somebody on the way, over so many connections.
fn office_behind(between: &Between, connections: usize, more: &str, journalists: usize) -> Press {
    office(Press::new(&[]).settings(&settings(between.port, connections, more)), journalists)
}

/// How often Postfix took the message of each recipient.
fn copies(press: &Press, taken: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    let rows = press.rows("select address || ' ' || message_id from delivery");
    let of = |row: &String| {
        let (address, id) = row.split_once(' ').expect("two columns");
        (address.to_owned(), taken.get(id).copied().unwrap_or_default())
    };
    rows.iter().map(of).collect()
}

#[test]
fn of_a_hundred_the_ten_that_were_cut_at_the_dot_are_in_doubt_and_go_once_more() {
    let Some(postfix) = Postfix::of(&Plan { main: KEEPING.into(), ..Plan::default() }) else { return };
    let tricks = [Trick::CutAfterDot, Trick::CutAfterYes, Trick::CutBeforeDot];
    let rules: Vec<Rule> = (0..10).map(|n| Rule::once(&journalist(n * 9 + 3), tricks[n % 3])).collect();
    let between = Between::start(postfix.port, &postfix.log, rules.clone());
    let press = office_behind(&between, 4, "", 100);
    send(&press);
    let ran = press.run(SENT, &["run", "deliver"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(states(&press), ["accepted 100"]);
    let doubted = press.rows("select address from delivery where uncertain = 1 order by address");
    assert_eq!(doubted, rules.iter().map(|rule| rule.to.clone()).collect::<Vec<_>>());
    // one more of the seven that it had taken; of the three that were cut before the dot it had taken nothing
    let mut mails: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for kept in postfix.kept(107) {
        mails.entry(kept.to.clone()).or_default().push(kept.as_given());
    }
    assert_eq!(mails.len(), 100, "nobody is skipped");
    for (to, mails) in &mails {
        let had = rules.iter().find(|rule| rule.to == *to).is_some_and(|rule| rule.trick != Trick::CutBeforeDot);
        assert_eq!(mails.len(), if had { 2 } else { 1 }, "{to}");
        assert!(mails.iter().all(|mail| *mail == mails[0]), "{to}: the same to the byte, Message-ID and Date too");
    }
}

#[test]
fn what_postfix_had_taken_when_the_connection_was_cut_is_found_in_its_log_and_goes_once() {
    let Some(postfix) = Postfix::start() else { return };
    let tricks = [Trick::CutAfterYes, Trick::CutBeforeDot];
    let rules = (0..8).map(|n| Rule::once(&journalist(n * 4), tricks[n % 2])).collect();
    let between = Between::start(postfix.port, &postfix.log, rules);
    let press = office_behind(&between, 4, &format!("log = \"{}\"", postfix.log.display()), 40);
    send(&press);
    // what the log does not have is looked up once more a minute later, and goes again then
    deliver(&press, SENT, "2026-11-23 09:31");
    assert_eq!(states(&press), ["accepted 40"]);
    let found = press.rows("select address from delivery where reason like '%mail server''s log%' order by address");
    assert_eq!(found, [0, 8, 16, 24].map(journalist), "those that it had");
    let copies = copies(&press, &postfix.taken(40));
    assert!(copies.values().all(|times| *times == 1), "{copies:?}");
}

#[test]
fn a_message_in_doubt_for_the_second_time_waits_for_a_person() {
    let Some(postfix) = Postfix::start() else { return };
    let always = Rule { times: usize::MAX, ..Rule::once("r0001@", Trick::CutAfterYes) };
    let between = Between::start(postfix.port, &postfix.log, vec![always]);
    let press = office_behind(&between, 2, "", 3);
    send(&press);
    deliver(&press, SENT, "2026-11-23 18:00");
    assert_eq!(states(&press), ["accepted 2", "uncertain 1"]);
    let copies = copies(&press, &postfix.taken(4));
    assert_eq!([0, 1, 2].map(|n| copies[&journalist(n)]), [1, 2, 1], "once by itself, then nothing for hours");
}

#[test]
fn an_answer_that_came_too_late_is_not_taken_for_that_of_the_next_message() {
    let refuses = "smtpd_recipient_restrictions = check_recipient_access \
        inline:{ { r0001@redazioni.test = 550 5.1.1 no such user here } }, permit_mynetworks, reject\n";
    let Some(postfix) = Postfix::of(&Plan { main: refuses.into(), ..Plan::default() }) else { return };
    let between = Between::start(postfix.port, &postfix.log, vec![Rule::once("r0000@", Trick::Late)]);
    let press = office_behind(&between, 1, "timeout = 1", 3);
    send(&press);
    let ran = press.run(SENT, &["run", "deliver"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let states = press.rows("select address || ' ' || state || ' ' || uncertain from delivery order by address");
    assert_eq!(
        states,
        ["r0000@redazioni.test accepted 1", "r0001@redazioni.test failed 0", "r0002@redazioni.test accepted 0"]
    );
    let said = press.rows("select reason from delivery where state = 'failed'");
    assert!(said[0].contains("550 5.1.1") && said[0].contains("no such user here"), "{said:?}");
    let copies = copies(&press, &postfix.taken(3));
    assert_eq!([0, 1, 2].map(|n| copies[&journalist(n)]), [2, 0, 1]);
}

#[test]
fn a_server_that_never_greets_pauses_all_mail_and_blames_nobody() {
    let Some(postfix) = Postfix::start() else { return };
    let between = Between::start(postfix.port, &postfix.log, Vec::new());
    between.silent(usize::MAX);
    let press = office_behind(&between, 4, "timeout = 1", 6);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:40");
    assert_eq!(press.rows("select cause from pause where at is not null and kind = ''"), ["greeting"]);
    let faults: usize =
        press.rows("select cast(count(*) as text) from attempt where cause = 'greeting'")[0].parse().expect("a number");
    assert!((5..=7).contains(&faults), "{faults}: the fifth pauses, those beside it end");
    assert_eq!(between.came(), faults, "then it rests");
    assert_eq!(press.rows("select cast(count(*) as text) from suppression"), ["0"]);
    assert_eq!(press.rows("select cast(count(*) as text) from delivery_return"), ["0"]);
    // one is tried every quarter of an hour; when it is greeted the rest follows
    between.silent(0);
    deliver(&press, "2026-11-23 09:40", "2026-11-23 11:30");
    assert_eq!(states(&press), ["accepted 6"]);
    assert_eq!(press.rows("select cast(count(*) as text) from pause where at is not null"), ["0"]);
    assert!(copies(&press, &postfix.taken(6)).values().all(|times| *times == 1));
}

#[test]
fn while_one_connection_is_not_greeted_the_others_go_on() {
    let Some(postfix) = Postfix::start() else { return };
    let between = Between::start(postfix.port, &postfix.log, Vec::new());
    between.silent(1);
    let press = office_behind(&between, 4, "timeout = 1", 40);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:30:10");
    assert_eq!(states(&press), ["accepted 39", "deferred 1"]);
    assert_eq!(press.rows("select cast(count(*) as text) from pause where at is not null"), ["0"]);
    deliver(&press, "2026-11-23 09:30:10", "2026-11-23 09:36");
    assert_eq!(states(&press), ["accepted 40"]);
    assert!(copies(&press, &postfix.taken(40)).values().all(|times| *times == 1));
}
