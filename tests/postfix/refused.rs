//! Recipients whom a real Postfix does not take: not yet, not any more, or not from us.

use super::policy::Policy;
use super::server::{Plan, Postfix};
use crate::outbox::{SENT, deliver, journalist, office, send, states, step};
use crate::press_test::{Press, is_long};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn who_is_greylisted_is_reached_at_the_hour_of_the_retry() {
    // both ways in which services say it: with a code of policy, and with one of the mailbox
    let policy = Policy::start(|to, before| match before {
        0 if to < "r0020" => "DEFER_IF_PERMIT Greylisted, see http://postgrey.test/".into(),
        0 => "451 4.2.0 not yet, come back in a minute".into(),
        _ => "DUNNO".into(),
    });
    let Some(postfix) = Postfix::of(&Plan { main: policy.main(), ..Plan::default() }) else { return };
    let press = office(Press::new(&[]).settings(&postfix.settings()), 40);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:30:30");
    assert_eq!(states(&press), ["deferred 40"]);
    let said = press.rows("select distinct code || ' ' || coalesce(cause, 'no fault') from attempt order by 1");
    assert_eq!(said, ["450 no fault", "451 no fault"]);
    deliver(&press, "2026-11-23 09:30:30", "2026-11-23 09:36");
    assert_eq!(states(&press), ["accepted 40"]);
    assert_eq!(press.rows("select cast(count(*) as text) from attempt where code = 250"), ["40"], "one each");
    let asked = policy.asked();
    assert!(asked.len() == 40 && asked.values().all(|times| *times == 2), "{asked:?}");
    let taken = postfix.taken(40);
    assert!(taken.len() == 40 && taken.values().all(|times| *times == 1), "{taken:?}");
}

#[test]
fn each_refusal_is_taken_for_what_it_is_and_the_campaign_waits_for_a_person() {
    let all = if is_long() { 1_000 } else { 300 };
    let of = |numbers: std::ops::Range<usize>| numbers.map(journalist).collect::<Vec<_>>();
    // the refusals of our side come last, so that everybody else has been served by then
    let (gone, busy, ours) = (of(0..all / 20), of(all / 20..all * 8 / 100), of(all * 98 / 100..all));
    let table: String = gone.iter().map(|to| format!("{to} 550 5.1.1 no such user\n")).collect();
    // until the DNS is mended, and the mailboxes have room
    let mended = Arc::new(AtomicBool::new(false));
    let (is_mended, from, to) = (Arc::clone(&mended), busy.clone(), ours.clone());
    let policy = Policy::start(move |who, _| match is_mended.load(Ordering::SeqCst) {
        false if from.iter().any(|busy| busy == who) => "450 4.2.1 busy, later".into(),
        false if to.iter().any(|ours| ours == who) => {
            "550 5.7.515 access denied, the sending domain does not meet the required authentication level".into()
        }
        _ => "DUNNO".into(),
    });
    let main = format!(
        "smtpd_recipient_restrictions = check_recipient_access texthash:{{at}}/etc/access, \
         check_policy_service inet:127.0.0.1:{}, permit_mynetworks, reject\n",
        policy.port
    );
    let plan = Plan { main, files: vec![("access", table)], ..Plan::default() };
    let Some(postfix) = Postfix::of(&plan) else { return };
    let press = office(Press::new(&[]).settings(&postfix.settings()), all);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:40");
    assert_eq!(press.rows("select kind || ' ' || cause from pause where at is not null"), ["release policy"]);
    let set = |statement: &str| press.rows(statement).into_iter().collect::<BTreeSet<String>>();
    let failed = set("select address from delivery where state = 'failed'");
    assert_eq!(failed, gone.iter().cloned().collect(), "who does not exist, and nobody else");
    let scored = set("select d.address from delivery_return r join delivery d on d.id = r.delivery");
    assert_eq!(scored, failed, "nobody is counted against for what is our fault");
    assert_eq!(
        set("select distinct cause from attempt where cause is not null"),
        BTreeSet::from(["policy".to_owned()])
    );
    assert_eq!(press.rows("select cast(count(*) as text) from suppression"), ["0"]);
    let shown = step(&press, "2026-11-23 09:40", &["show", "ponte"]).out;
    assert!(shown.contains("5.7.515"), "the server's own words are shown: {shown}");
    let arrived = all - gone.len() - busy.len() - ours.len();
    assert_eq!(postfix.taken(arrived).values().sum::<usize>(), arrived);
    deliver(&press, "2026-11-23 09:40", "2026-11-23 13:00");
    assert_eq!(postfix.taken(arrived).values().sum::<usize>(), arrived, "it waits for a person, however long");

    mended.store(true, Ordering::SeqCst);
    step(&press, "2026-11-23 13:00", &["resume", "ponte", "--as", "carlo"]);
    deliver(&press, "2026-11-23 13:00", "2026-11-23 16:00");
    let rest = all - gone.len();
    assert_eq!(states(&press), [format!("accepted {rest}"), format!("failed {}", gone.len())]);
    let taken = postfix.taken(rest);
    assert!(taken.len() == rest && taken.values().all(|times| *times == 1), "none twice");
}

#[test]
fn a_mail_that_is_too_big_for_the_server_stops_the_campaign_and_blames_nobody() {
    let Some(postfix) = Postfix::of(&Plan { main: "message_size_limit = 4000\n".into(), ..Plan::default() }) else {
        return;
    };
    let press = office(Press::new(&[]).settings(&postfix.settings()), 40);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:40");
    assert_eq!(press.rows("select kind || ' ' || cause from pause where at is not null"), ["release size"]);
    let failed: usize =
        press.rows("select cast(count(*) as text) from delivery where state = 'failed'")[0].parse().expect("a number");
    assert!((1..=3).contains(&failed), "{failed}: one is enough, all are as big; those beside it end");
    assert_eq!(states(&press), [format!("failed {failed}"), format!("queued {}", 40 - failed)]);
    assert_eq!(press.rows("select cast(count(*) as text) from delivery_return"), ["0"]);
    assert_eq!(press.rows("select cast(count(*) as text) from suppression"), ["0"]);
    assert!(step(&press, "2026-11-23 09:40", &["show", "ponte"]).out.contains("552 5.3.4"));
}
