//! What one person asks of the office, with a real Postfix behind: a test of the review to oneself, what is held on one
//! journalist, and the link by which a journalist gets it without the office.

use super::server::{KEEPING, Plan, Postfix};
use crate::missing::{Visitor, between};
use crate::outbox::{SENT, deliver, journalist, office, send};
use crate::press_test::{MORNING, OFFICE, Press, header, words};
use crate::verbs::Served;
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;

const PASSWORD: &str = "quattro parole a caso";

/// An office whose editor may log in, standing at that instant.
fn served(press: &Press, now: &str) -> (Served, String) {
    let mut told = press.command().args(["user", "passwd", "elena"]).stdin(Stdio::piped()).spawn().expect("it starts");
    writeln!(told.stdin.take().expect("it was piped"), "{PASSWORD}").expect("it reads");
    assert!(told.wait().expect("it ends").success());
    let served = Served::start(press, now);
    let address = format!("127.0.0.1:{}", served.port);
    (served, address)
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[test]
fn a_test_to_a_reader_takes_nothing_from_the_review_that_is_due() {
    let Some(postfix) = Postfix::of(&Plan { main: KEEPING.into(), ..Plan::default() }) else { return };
    let press = Press::new(&[]).settings(&postfix.settings());
    let reads = "[[reader]]\nslug = \"elena\"\nname = \"Elena Prati\"\naddress = \"elena@bellariva.test\"\neditions = [\"generale\"]\n";
    let office = OFFICE.replacen("role = \"editor\"", "role = \"editor\"\naddress = \"elena@bellariva.test\"", 1);
    press.office_of(MORNING, &format!("{office}{reads}"));
    let (served, address) = served(&press, "2026-11-23 06:30");
    let elena = Visitor::enter(&address, "elena", PASSWORD);
    let issue = "/desk/rassegna/generale/2026-11-23T07:00:00";
    let page = elena.see(issue);
    let csrf = between(&page, "name=\"_csrf\" value=\"", "\"").to_owned();
    let pressed = elena.post(&format!("{issue}/fai"), &[("_csrf", &csrf), ("qui", "rassegna"), ("fai", "prova")]);
    assert_eq!(status(&pressed), "303", "{pressed}");
    let test = postfix.kept(1).remove(0);
    assert_eq!(test.to, "elena@bellariva.test");
    assert!(header(&test.text(), "Subject").starts_with("[prova] "), "{}", header(&test.text(), "Subject"));
    assert_eq!(served.stop(), 0);
    let states = "select kind || ' ' || state from delivery where address = 'elena@bellariva.test' order by id";
    assert_eq!(press.rows(states), ["test accepted"]);
    press.live("2026-11-23 06:40", "2026-11-23 07:05");
    assert_eq!(press.rows(states), ["test accepted", "review accepted"], "her own came at its hour");
    let kept = postfix.kept(4);
    let to = |address: &str| kept.iter().filter(|kept| kept.to == address).count();
    assert_eq!((to("elena@bellariva.test"), to("sindaca@bellariva.test"), to("nava@bellariva.test")), (2, 1, 1));
}

#[test]
fn what_is_held_on_one_journalist_names_where_it_comes_from_why_and_what_postfix_took() {
    let Some(postfix) = Postfix::of(&Plan { main: KEEPING.into(), ..Plan::default() }) else { return };
    let press = office(Press::new(&[]).settings(&postfix.settings()), 5);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:35");
    let taken = postfix.taken(5);
    let (served, address) = served(&press, "2026-11-23 10:00");
    let elena = Visitor::enter(&address, "elena", PASSWORD);
    let page = elena.see("/desk/giornalisti/3");
    let csrf = between(&page, "name=\"_csrf\" value=\"", "\"").to_owned();
    let answer = elena.post("/desk/giornalisti/3/dati", &[("_csrf", &csrf)]);
    assert!(answer.contains("attachment; filename=\"giornalista-3.json\""), "{answer}");
    let held: Value = serde_json::from_str(body(&answer)).expect("JSON");
    let own = journalist(2);
    assert_eq!((held["address"].as_str(), held["origin"].as_str()), (Some(&*own), Some("albo")));
    assert_eq!((held["basis"].as_str(), held["lists"][0].as_str()), (Some("public_task"), Some("Tutti")));
    let sent = &held["deliveries"][0];
    assert_eq!((sent["state"].as_str(), sent["address"].as_str()), (Some("accepted"), Some(&*own)));
    assert!(sent["accepted_at"].as_str().is_some_and(|at| at.starts_with("2026-11-23T09:3")), "{sent}");
    assert!(taken.contains_key(sent["message_id"].as_str().expect("an id")), "the message that Postfix took: {sent}");
    assert!(!body(&answer).contains(&journalist(1)), "of nobody else");
    assert_eq!(served.stop(), 0);
    assert_eq!(press.rows("select subject from event where verb = 'contact.export'"), ["contact:3"]);
}

#[test]
fn the_link_to_ones_own_data_comes_by_mail_to_its_owner_alone_and_forgets_them_for_good() {
    let Some(postfix) = Postfix::of(&Plan { main: KEEPING.into(), ..Plan::default() }) else { return };
    let press = office(Press::new(&[]).settings(&postfix.settings()), 5);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:35");
    let own = journalist(2);
    let mail = postfix.kept(5).into_iter().find(|kept| kept.to == own).expect("each has one").text();
    let leave = header(&mail, "List-Unsubscribe");
    let token = between(&leave, "/disiscrizione/", ">");
    let (served, address) = served(&press, "2026-11-23 10:00");
    // a colleague was forwarded the mail, and presses twice
    let colleague = Visitor::outside(&address);
    for _ in 0..2 {
        let asked = colleague.post(&format!("/preferenze/{token}"), &[("fai", "collegamento")]);
        assert!(status(&asked) == "200" && !asked.contains(&own) && !asked.contains("/miei-dati/"), "{asked}");
    }
    let kept = postfix.kept(6);
    let linked: Vec<_> = kept.iter().filter(|kept| kept.text().contains("/miei-dati/")).collect();
    assert!(linked.len() == 1 && linked[0].to == own, "{linked:?}");
    let letter = linked[0].text();
    assert_eq!(
        (header(&letter, "Auto-Submitted").as_str(), header(&letter, "List-Unsubscribe").as_str()),
        ("auto-generated", "")
    );
    let shown = words(&letter);
    let path = between(&shown, "http://127.0.0.1:8080", ")");
    let journalist = Visitor::outside(&address);
    assert!(journalist.see(path).contains(&own));
    let copy = journalist.post(path, &[("fai", "copia")]);
    let held: Value = serde_json::from_str(body(&copy)).expect("JSON");
    assert_eq!((held["address"].as_str(), held["origin"].as_str()), (Some(&*own), Some("albo")));
    assert_eq!(status(&journalist.post(path, &[("fai", "cancella")])), "422", "not without the tick");
    for _ in 0..2 {
        assert_eq!(status(&journalist.post(path, &[("fai", "cancella"), ("certo", "1")])), "200");
    }
    assert_eq!(served.stop(), 0);
    assert_eq!(press.rows("select cast(count(*) as text) from contact"), ["4"]);
    assert!(press.rows(&format!("select id from delivery where address = '{own}'")).is_empty());
    // an import of the same table takes nobody in who is to be left alone
    assert_eq!(press.run("2026-11-23 11:00", &["import", "contacts", "giornalisti.csv"]).code, 0);
    let back =
        press.rows(&format!("select cast(opted_out_at is not null as text) from contact where address = '{own}'"));
    assert!(back.is_empty() || back == ["1"], "{back:?}");
}
