//! Under embargo, through a real Postfix: before the hour to those who keep embargoes, after it to the rest, once each.

use super::server::{KEEPING, Plan, Postfix};
use crate::outbox::{SENT, deliver, journalist, office, states, step};
use crate::press_test::{Press, header, words};
use crate::verbs::Served;
use std::collections::BTreeSet;

#[test]
fn before_the_hour_it_goes_to_those_who_keep_embargoes_and_then_to_the_rest() {
    let Some(postfix) = Postfix::of(&Plan { main: KEEPING.into(), ..Plan::default() }) else { return };
    let press = office(Press::new(&[]).settings(&postfix.settings()), 30);
    let trusted: BTreeSet<String> = (0..30).step_by(5).map(journalist).collect();
    let lines: String = trusted.iter().map(|to| format!("Cronista;{to};tutti;sì\n")).collect();
    press.write("fidati.csv", format!("nome;email;liste;embargo\n{lines}"));
    assert_eq!(press.run("2026-11-23 08:10", &["import", "contacts", "fidati.csv"]).code, 0);
    press.write(
        "piazza.md",
        "+++\ntitolo = \"Riapre piazza delle Erbe\"\nliste = [\"tutti\"]\ncontatti = [\"Ufficio stampa\"]\n\
         embargo = \"2026-11-23 11:00\"\n+++\n\nIl Comune di Bellariva riapre piazza delle Erbe lunedì 23 novembre.\n",
    );
    step(&press, "2026-11-23 09:00", &["new", "piazza", "piazza.md", "--as", "elena"]);
    step(&press, "2026-11-23 09:10", &["submit", "piazza", "--as", "elena"]);
    step(&press, "2026-11-23 09:20", &["approve", "piazza", "--as", "carlo"]);
    step(&press, SENT, &["send", "piazza", "--as", "carlo"]);

    deliver(&press, SENT, "2026-11-23 10:59:59");
    assert_eq!(states(&press), ["accepted 6", "queued 24"]);
    let before = postfix.kept(6);
    assert_eq!(before.iter().map(|kept| kept.to.clone()).collect::<BTreeSet<_>>(), trusted);
    for kept in &before {
        let mail = kept.text();
        assert!(header(&mail, "Subject").contains("EMBARGO"), "{}", header(&mail, "Subject"));
        assert!(words(&mail).contains("EMBARGO fino alle ore 11:00"), "{}", words(&mail));
    }
    assert_eq!(postfix.taken(6).values().sum::<usize>(), 6, "nothing else was given away");

    let served = Served::start(&press, "2026-11-23 10:59:59");
    let path = "/novita/comunicati/2026/2-piazza";
    assert_eq!(served.ask("GET", path), served.ask("GET", "/novita/comunicati/2026/9-mai"), "as if there were nothing");
    assert_eq!(served.stop(), 0);
    deliver(&press, "2026-11-23 10:59:59", "2026-11-23 11:00:30");
    assert_eq!(states(&press), ["accepted 30"]);
    let all = postfix.kept(30);
    let to: BTreeSet<String> = all.iter().map(|kept| kept.to.clone()).collect();
    assert_eq!((all.len(), to.len()), (30, 30), "once each");
    let served = Served::start(&press, "2026-11-23 11:00:00");
    assert_eq!(served.ask("GET", path).0, 200);
    assert_eq!(served.stop(), 0);
}
