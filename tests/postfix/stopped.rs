//! The stop button in the middle of a campaign through a real Postfix: what is in hand ends, nothing else leaves, and sending
//! again reaches those who have had nothing.

use super::policy::Policy;
use super::server::{Plan, Postfix};
use crate::outbox::{SENT, deliver, journalist, office, send, states, step};
use crate::press_test::Press;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, OnceLock};

#[test]
fn a_campaign_that_is_stopped_ends_with_what_is_in_hand_and_goes_on_when_it_is_sent_again() {
    // while Postfix is asked about one in the middle, Carlo presses the button
    let folder: Arc<OnceLock<PathBuf>> = Arc::default();
    let of_press = Arc::clone(&folder);
    let policy = Policy::start(move |to, before| {
        if to == journalist(60) && before == 0 {
            let mut stop = Command::new(env!("CARGO_BIN_EXE_salastampa"));
            stop.current_dir(of_press.get().expect("it was founded")).args(["--now", SENT]);
            let stopped = stop.args(["release", "stop", "ponte", "--as", "carlo"]).status();
            assert!(stopped.expect("it runs").success());
        }
        "DUNNO".into()
    });
    let Some(postfix) = Postfix::of(&Plan { main: policy.main(), ..Plan::default() }) else { return };
    let press = office(Press::new(&[]).settings(&postfix.settings()), 150);
    folder.set(press.path().to_owned()).expect("once");
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:40");
    let count = |state: &str| -> usize {
        let counted = format!("select cast(count(*) as text) from delivery where state = '{state}'");
        press.rows(&counted)[0].parse().expect("a number")
    };
    let (accepted, cancelled) = (count("accepted"), count("cancelled"));
    assert_eq!(accepted + cancelled, 150, "{:?}", states(&press));
    assert!(cancelled >= 30, "{cancelled}: the rest did not leave");
    assert_eq!(postfix.taken(accepted).values().sum::<usize>(), accepted, "the count is exact");
    let said = step(&press, "2026-11-23 09:45", &["send", "ponte", "--as", "carlo"]).out;
    assert!(said.contains(&format!("{cancelled} mails leave")), "{said}");
    deliver(&press, "2026-11-23 09:45", "2026-11-23 09:50");
    assert_eq!(states(&press), ["accepted 150"]);
    let taken = postfix.taken(150);
    assert!(taken.len() == 150 && taken.values().all(|times| *times == 1), "{taken:?}");
}
