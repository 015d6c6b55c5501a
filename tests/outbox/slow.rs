//! Servers that keep one message waiting, that are not there, and a program that is told to stop: nobody waits for another's
//! slow answer, and what cannot leave waits untouched.

use super::{SENT, Server, deliver, journalist, office, send, states, step};
use crate::press_test::Press;
use crate::sink::{Act, Script, Verb};
use crate::verbs::Served;
use std::process::{Child, Stdio};
use std::time::Duration;

/// Ends with the test that started it.
struct Deliverer(Child);

impl Deliverer {
    fn start(press: &Press) -> Self {
        let mut command = press.command();
        command.args(["--now", SENT, "run", "deliver"]).env("RUST_LOG", "error");
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(quiet.spawn().expect("it starts"))
    }
}

impl Drop for Deliverer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn one_answer_that_does_not_come_holds_up_neither_its_neighbours_nor_what_falls_due_meanwhile() {
    let stuck = journalist(0);
    let server = Server::start(Script::new().times(1, Verb::Dot, &stuck, Act::AcceptThenSilence));
    let press = office(Press::new(&[]).settings(&server.settings(4, "")), 40);
    step(&press, "2026-11-23 09:00", &["new", "scuola", "testo.md", "--as", "elena"]);
    step(&press, "2026-11-23 09:10", &["submit", "scuola", "--as", "elena"]);
    step(&press, "2026-11-23 09:20", &["approve", "scuola", "--as", "carlo"]);
    send(&press);
    let _deliverer = Deliverer::start(&press);
    server.until(40);
    // that one's answer is still waited for, for ten minutes
    step(&press, SENT, &["send", "scuola", "--as", "carlo"]);
    server.until(80);
    assert_eq!(server.took(&stuck).len(), 2, "one of each release");
}

#[test]
fn who_is_told_to_stop_finishes_what_is_in_hand_and_takes_nothing_more() {
    let late = Act::Late(Duration::from_secs(2), "250 2.0.0 Ok".into());
    let server = Server::start(Script::new().times(1, Verb::Dot, &journalist(2), late));
    let press = office(Press::new(&[]).settings(&server.settings(1, "")), 20);
    send(&press);
    let served = Served::start(&press, SENT);
    server.until(3);
    assert_eq!(served.stop(), 0);
    assert_eq!(server.all().len(), 3, "the third was in hand");
    assert_eq!(states(&press), ["accepted 3", "queued 17"], "its answer was heard, the others wait");
}

#[test]
fn where_nobody_answers_one_knocks_each_minute_and_the_rest_waits_untouched() {
    let port = crate::ports::free();
    let gone =
        |port| format!("[mail]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"off\"\n");
    let press = office(Press::new(&[]).settings(&gone(port)), 60);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:34:30");
    let tried: usize = press.rows("select count(*) || '' from attempt")[0].parse().expect("a number");
    assert!((5..=9).contains(&tried), "{tried}: each connection once, then one a minute");
    assert_eq!(press.rows("select distinct attempt || ' ' || state from delivery"), ["0 queued"]);
    assert_eq!(press.rows("select kind || cause from pause where at is not null"), ["unreachable"], "all mail");
    let server = Server::start(Script::new());
    let press = press.environment("SALASTAMPA__SMTP__PORT", &server.port().to_string());
    deliver(&press, "2026-11-23 09:34:30", "2026-11-23 09:36");
    assert_eq!(states(&press), ["accepted 60"]);
    assert_eq!(press.rows("select count(*) || '' from pause where at is not null"), ["0"], "it ended by itself");
}

#[test]
fn what_cannot_be_put_together_here_waits_until_it_can() {
    let server = Server::start(Script::new());
    let press = office(Press::new(&[]).settings(&server.settings(2, "")), 30);
    send(&press);
    let (files, away) = (press.path().join("data/files"), press.path().join("altrove"));
    std::fs::rename(&files, &away).expect("moved away");
    deliver(&press, SENT, "2026-11-23 09:50");
    assert_eq!(press.rows("select distinct attempt || ' ' || state from delivery"), ["0 queued"], "nobody failed");
    assert_eq!(press.rows("select kind || ' ' || cause from pause where at is not null"), ["release unmade"]);
    std::fs::remove_dir_all(&files).ok();
    std::fs::rename(&away, &files).expect("moved back");
    deliver(&press, "2026-11-23 09:50", "2026-11-23 10:10");
    assert_eq!(states(&press), ["accepted 30"]);
}
