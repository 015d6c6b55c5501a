//! Leaving, and pressing twice, with a real Postfix behind: who leaves gets nothing more, everybody else one of each.

use super::server::{KEEPING, Plan, Postfix};
use crate::outbox::{SENT, deliver, journalist, office, send, states, step};
use crate::press_test::{Press, header, words};
use crate::verbs::Served;
use std::collections::BTreeSet;

#[test]
fn who_leaves_by_the_link_in_the_mail_gets_nothing_more_also_of_what_waits() {
    let Some(postfix) = Postfix::of(&Plan { main: KEEPING.into(), ..Plan::default() }) else { return };
    let press = office(Press::new(&[]).settings(&postfix.settings()), 5);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:35");
    let first = postfix.kept(5);
    let mail = first.iter().find(|kept| kept.to == journalist(2)).expect("each has one").text();
    assert_eq!(header(&mail, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let link = header(&mail, "List-Unsubscribe");
    let link = link.trim_start_matches('<').split('>').next().expect("an address").to_owned();
    assert!(words(&mail).contains(&link), "the link is also there to be read");
    let path = link.strip_prefix("http://127.0.0.1:8080").expect("the office's own address");

    press.write(
        "mensa.md",
        "+++\ntitolo = \"Mensa, il nuovo menù\"\nliste = [\"tutti\"]\ncontatti = [\"Ufficio stampa\"]\n+++\n\n\
         Da lunedì il Comune di Bellariva porta in mensa le verdure degli orti vicini.\n",
    );
    step(&press, "2026-11-23 09:36", &["new", "mensa", "mensa.md", "--as", "elena"]);
    step(&press, "2026-11-23 09:37", &["submit", "mensa", "--as", "elena"]);
    step(&press, "2026-11-23 09:38", &["approve", "mensa", "--as", "carlo"]);
    step(&press, "2026-11-23 09:40", &["schedule", "mensa", "--at", "2026-11-23 12:00", "--as", "carlo"]);
    let served = Served::start(&press, "2026-11-23 10:00");
    assert_eq!(served.ask("GET", path).0, 200);
    assert_eq!(served.ask("HEAD", path).0, 200);
    assert_eq!(press.rows("select cast(count(*) as text) from suppression"), ["0"], "a look changes nothing");
    assert_eq!(served.ask("POST", path).0, 200);
    assert_eq!(states(&press), ["accepted 5", "queued 4", "suppressed 1"], "at once, also what waits");
    assert_eq!(served.ask("POST", path).0, 200, "twice is as once");
    assert_eq!(served.stop(), 0);
    deliver(&press, "2026-11-23 12:00", "2026-11-23 12:05");
    let all = postfix.kept(9);
    let to = |n: usize| all.iter().filter(|kept| kept.to == journalist(n)).count();
    assert_eq!([0, 1, 2, 3, 4].map(to), [2, 2, 1, 2, 2]);
}

#[test]
fn two_who_press_at_once_and_two_who_deliver_at_once_give_one_each() {
    let Some(postfix) = Postfix::start() else { return };
    let press = office(Press::new(&[]).settings(&postfix.settings()), 120);
    let words = ["--now", SENT, "release", "send", "ponte", "--as", "carlo"];
    let pressed: Vec<_> = (0..2).map(|_| press.command().args(words).spawn().expect("it starts")).collect();
    let codes: Vec<_> = pressed.into_iter().map(|mut ran| ran.wait().expect("it ends").code()).collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    let deliverers: Vec<_> =
        (0..2).map(|_| press.command().args(["--now", SENT, "run", "deliver"]).spawn().expect("it starts")).collect();
    for mut deliverer in deliverers {
        assert!(deliverer.wait().expect("it ends").success());
    }
    assert_eq!(states(&press), ["accepted 120"]);
    let taken = postfix.taken(120);
    let ids: BTreeSet<String> = press.rows("select message_id from delivery").into_iter().collect();
    assert_eq!(taken.keys().cloned().collect::<BTreeSet<_>>(), ids);
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
}
