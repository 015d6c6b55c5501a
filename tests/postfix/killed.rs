//! A deliverer is killed again and again while it hands a release to a real Postfix, and so is Postfix. What is in doubt is
//! looked up in the server's log: nobody is skipped, and nothing goes twice that the server had taken.

use super::policy::Policy;
use super::server::{Plan, Postfix, taken};
use crate::outbox::{SENT, deliverer_at, journalist, office, states, step};
use crate::press_test::{Press, is_long};
use crate::recovery::Chance;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, OnceLock};

#[test]
fn what_postfix_has_in_its_log_is_not_sent_again() {
    let Some(postfix) = Postfix::start() else { return };
    let (recipients, kills) = if is_long() { (2_000, 40) } else { (300, 6) };
    let settings = format!("{}log = \"{}\"\n", postfix.settings(), postfix.log.display());
    let press = office(Press::new(&[]).settings(&settings), recipients);
    step(&press, SENT, &["send", "ponte", "--as", "carlo"]);
    let mut chance = Chance(2526);
    let (mut minutes, mut struck) = (0, 0);
    for _ in 0..kills {
        let mut child = deliverer_at(&press, minutes);
        let before: usize = postfix.begun().values().sum();
        let more = 1 + usize::try_from(chance.next() % 60).expect("below sixty");
        let mut ended = false;
        while !ended && postfix.begun().values().sum::<usize>() < before + more {
            ended = child.try_wait().expect("it can be asked").is_some();
        }
        let _ = child.kill();
        let _ = child.wait();
        minutes += 3;
        if ended {
            break;
        }
        struck += 1;
    }
    for _ in 0..2 {
        assert!(deliverer_at(&press, minutes).wait().expect("it ends").success());
        minutes += 3;
    }
    let taken = taken(&postfix.said());
    let ids = press.rows("select message_id from delivery order by id");
    let skipped: Vec<&String> = ids.iter().filter(|id| !taken.contains_key(*id)).collect();
    assert!(skipped.is_empty(), "{skipped:?}");
    let twice: Vec<_> = taken.iter().filter(|(_, n)| **n > 1).collect();
    println!("{recipients} recipients, {struck} kills, {} twice", twice.len());
    assert!(twice.is_empty(), "{twice:?}");
    assert_eq!(states(&press), [format!("accepted {recipients}")]);
    let found = press.rows("select address from delivery where reason like '%mail server''s log%'");
    println!("{} found in the log, such as {}", found.len(), found.first().cloned().unwrap_or_else(|| journalist(0)));
}

#[test]
fn a_server_that_is_killed_in_the_middle_of_a_campaign_and_comes_back_has_it_all() {
    // it dies while it is asked about one in the middle
    let config: Arc<OnceLock<PathBuf>> = Arc::default();
    let of_postfix = Arc::clone(&config);
    let policy = Policy::start(move |to, before| {
        if to == journalist(100) && before == 0 {
            let config = of_postfix.get().expect("it was started");
            let killed = Command::new("postfix").arg("-c").arg(config).arg("abort").status();
            assert!(killed.expect("postfix runs").success());
        }
        "DUNNO".into()
    });
    let Some(postfix) = Postfix::of(&Plan { main: policy.main(), ..Plan::default() }) else { return };
    config.set(postfix.config()).expect("once");
    let settings = format!("{}log = \"{}\"\n", postfix.settings(), postfix.log.display());
    let press = office(Press::new(&[]).settings(&settings), 200);
    step(&press, SENT, &["send", "ponte", "--as", "carlo"]);
    assert!(deliverer_at(&press, 0).wait().expect("it ends").success(), "nobody is there, and that is no error");
    let count = |state: &str| -> usize {
        let counted = format!("select cast(count(*) as text) from delivery where state = '{state}'");
        press.rows(&counted)[0].parse().expect("a number")
    };
    assert!(count("queued") >= 40 && count("failed") == 0, "the rest waits: {:?}", states(&press));
    assert!(postfix.command("start").status.success());
    assert!(deliverer_at(&press, 3).wait().expect("it ends").success());
    assert_eq!(states(&press), ["accepted 200"]);
    let taken = postfix.taken(200);
    let ids = press.rows("select message_id from delivery order by id");
    let skipped: Vec<&String> = ids.iter().filter(|id| !taken.contains_key(*id)).collect();
    assert!(skipped.is_empty(), "{skipped:?}");
    // what it had on its disk and not yet in its log when it died it finds again: the gap of RFC 1047, one a connection
    let twice: usize = taken.values().map(|times| times - 1).sum();
    println!("{twice} twice");
    assert!(twice <= 4, "{taken:?}");
}
