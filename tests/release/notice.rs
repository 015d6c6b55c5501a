//! The notice of GDPR art. 14 goes to each journalist once, with the first release, when the office has said who answers.

use super::{LEA, RITA, approved, done, founded, office, text};
use crate::press_test::{Press, header, words};

const SAID: &str = "[privacy]\ncontroller = \"Comune di Bellariva, piazza del Porto 1\"\ndpo = \"rpd@bellariva.test\"\n\
    page = \"https://www.bellariva.test/privacy\"\n";

fn given(press: &Press) -> Vec<String> {
    press.rows("select address from contact where notice_at is not null order by address")
}

fn notices(press: &Press) -> Vec<String> {
    press.mails().into_iter().filter(|mail| header(mail, "Message-ID").starts_with("<notice")).collect()
}

fn send(press: &Press, slug: &str) {
    approved(press, slug, &text("Apre il ponte sul Gerna", ""));
    done(press, "2026-11-23 09:30", &["send", slug, "--as", "carlo"]);
}

#[test]
fn each_journalist_is_told_once_with_the_first_release_and_not_again() {
    let press = founded(Press::new(&[]).settings(SAID));
    send(&press, "ponte");
    assert!(given(&press).is_empty(), "queued is not given");
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
    assert_eq!(given(&press).len(), 3);
    let (mails, told) = (press.mails(), notices(&press));
    assert_eq!((mails.len(), told.len()), (6, 3));
    let rita = told.iter().find(|mail| header(mail, "To").contains(RITA)).expect("hers");
    let said = words(rita);
    for part in ["piazza del Porto 1", "rpd@bellariva.test", "https://www.bellariva.test/privacy", "albo", "150/2000"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(header(rita, "List-Unsubscribe").contains("/disiscrizione/"), "{rita}");
    assert!(header(rita, "Auto-Submitted") == "auto-generated" && !said.contains("Rita"), "{said}");
    let letters = press.rows("select distinct letter from delivery where kind = 'notice'");
    assert_eq!(letters.len(), 2, "of whom the same is said gets the same frozen letter");
    send(&press, "secondo");
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
    assert_eq!((press.mails().len(), notices(&press).len()), (9, 3), "once ever");
    let log = press.rows("select verb from event where verb = 'contact.notice'");
    assert_eq!(log.len(), 3);
}

#[test]
fn who_comes_later_is_told_with_their_own_first_release() {
    let press = founded(Press::new(&[]).settings(SAID));
    press.write("giornalisti.csv", "nome;email;liste\nIvo Riva;ivo@riva.test;radio\n");
    send(&press, "ponte");
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
    assert_eq!(press.run("2026-11-23 10:00", &["import", "contacts", "giornalisti.csv"]).code, 0);
    send(&press, "secondo");
    press.live("2026-11-23 10:30", "2026-11-23 10:35");
    let told = notices(&press);
    assert_eq!(told.len(), 4);
    let ivo = told.iter().find(|mail| header(mail, "To").contains("ivo@riva.test")).expect("his");
    assert!(words(ivo).contains("nessuno ha annotato da dove"), "nothing is invented: {}", words(ivo));
}

#[test]
fn an_office_that_has_not_said_who_answers_gives_no_notice_and_is_told_what_is_missing() {
    let press = founded(Press::new(&[]).settings("[privacy]\ndpo = \"rpd@bellariva.test\"\n"));
    send(&press, "ponte");
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
    assert!(notices(&press).is_empty() && given(&press).is_empty());
    assert_eq!(press.mails().len(), 3, "releases leave all the same");
    let told = press.run("2026-11-23 10:00", &["check"]).out;
    assert!(told.contains("does not go out: fill in privacy.controller, privacy.page"), "{told}");
    let late = press.run("2026-12-24 10:00", &["check"]).out;
    assert!(late.contains("3 journalists have waited for it for more than 30 days"), "{late}");
    // filled in later: the next release brings it
    let press = press.settings("controller = \"Comune\"\npage = \"https://www.bellariva.test/privacy\"\n");
    send(&press, "secondo");
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
    assert_eq!(notices(&press).len(), 3);
    assert!(press.run("2026-11-23 10:00", &["check"]).out.contains("leaves with the first mail to a journalist"));
}

#[test]
fn under_an_embargo_the_notice_waits_with_the_mail_that_it_goes_with() {
    let press = founded(Press::new(&[]).settings(SAID));
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", "2026-11-23 12:00"));
    done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
    assert_eq!(given(&press), [RITA], "she keeps embargoes and has her mail now");
    press.live("2026-11-23 11:59", "2026-11-23 12:05");
    assert_eq!(given(&press).len(), 3);
    assert!(given(&press).contains(&LEA.to_owned()));
}

#[test]
fn a_release_of_next_spring_that_never_leaves_keeps_nobodys_notice_back() {
    let press = founded(Press::new(&[]).settings(SAID));
    let march = text("Apre il ponte sul Gerna", "").replace("titolo", "data = \"2027-03-10\"\ntitolo");
    approved(&press, "ponte", &march);
    done(&press, "2026-11-23 09:30", &["schedule", "ponte", "--at", "2027-03-10 09:00", "--as", "carlo"]);
    let due = press.rows("select distinct cast(due_at as text) from delivery where kind = 'notice'");
    let month = salastampa_domain::Timestamp::parse("2026-12-23 23:59").expect("an instant");
    assert!(
        !due.is_empty() && due.iter().all(|at| at.parse::<i64>().expect("an instant") <= month.0),
        "within a month: {due:?}"
    );
    done(&press, "2026-11-23 09:35", &["stop", "ponte", "--as", "carlo"]);
    // the next one brings it, not the spring
    send(&press, "secondo");
    press.live("2026-11-23 09:30", "2026-11-23 09:40");
    assert_eq!((given(&press).len(), notices(&press).len()), (3, 3));
}

#[test]
fn a_page_that_is_no_address_is_refused_with_its_key() {
    let press = office().settings("[privacy]\npage = \"privacy\"\n");
    let ran = press.run("2026-11-23 10:00", &["check"]);
    assert!(ran.err.contains("privacy.page"), "{ran:?}");
}
