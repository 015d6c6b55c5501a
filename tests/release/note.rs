//! A word of the office to one journalist stands at the top of that mail alone, once, and not in election time.

use super::{LEA, RITA, approved, done, founded, office, refused, text, to};
use crate::press_test::{Press, words};

const NOTE: &str = "Cara Rita,\ncome d'accordo: l'ingegnera risponde <oggi> fino alle 18.";

#[test]
fn one_journalist_gets_a_word_of_her_own_and_the_correction_begins_without() {
    let press = office();
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", ""));
    done(&press, "2026-11-23 09:21", &["note", "ponte", LEA, "Per Lea", "--as", "elena"]);
    done(&press, "2026-11-23 09:22", &["note", "ponte", RITA, NOTE, "--as", "elena"]);
    done(&press, "2026-11-23 09:23", &["note", "ponte", LEA, "", "--as", "elena"]);
    let long = "x".repeat(601);
    refused(&press, "2026-11-23 09:24", &["note", "ponte", LEA, &long, "--as", "elena"], "600");
    done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
    let mails = press.mails();
    let hers = to(&mails, RITA)[0];
    assert!(words(hers).contains("come d'accordo: l'ingegnera risponde <oggi> fino alle 18."), "{}", words(hers));
    let html = hers.replace("\r\n", "\n").replace("=\n", "");
    assert!(
        html.contains("Cara Rita,<br>come") && html.contains("&lt;oggi&gt;"),
        "what was typed is no markup: {html}"
    );
    for mail in mails.iter().filter(|mail| !mail.contains(RITA)) {
        let said = words(mail);
        assert!(!said.contains("accordo") && !said.contains("Per Lea") && !said.contains("nota}}"), "{said}");
    }
    assert_eq!(press.rows("select count(*) || '' from release_note"), ["0"]);
    // on its way it takes no more
    refused(&press, "2026-11-23 09:40", &["note", "ponte", LEA, "Tardi", "--as", "elena"], "ponte");
    // the log names whom, never what
    let log =
        press.rows("select verb || coalesce(state_after, '') from event where verb like 'release.note%' order by id");
    assert_eq!(log.len(), 3, "{log:?}");
    assert!(log.iter().all(|line| line.contains("contact") && !line.contains("accordo")), "{log:?}");
    press.write("t.md", text("Apre il ponte sul Gerna, ma di sabato", ""));
    done(&press, "2026-11-23 10:00", &["correct", "ponte", "t.md", "--as", "elena"]);
    done(&press, "2026-11-23 10:01", &["submit", "ponte", "--as", "elena"]);
    done(&press, "2026-11-23 10:02", &["approve", "ponte", "--as", "carlo"]);
    done(&press, "2026-11-23 10:03", &["send", "ponte", "--as", "carlo"]);
    press.live("2026-11-23 10:03", "2026-11-23 10:10");
    let mails = press.mails();
    let both = to(&mails, RITA);
    assert_eq!(both.len(), 2);
    assert_eq!(both.iter().filter(|mail| words(mail).contains("accordo")).count(), 1, "not in the correction");
}

#[test]
fn in_election_time_a_word_stays_behind() {
    let elections = "[[releases.elections]]\nname = \"Elezioni comunali\"\nfrom = \"2026-11-20\"\nto = \"2026-12-14\"\n\
                     closes = \"15:00\"\n";
    let press = founded(Press::new(&[]).settings(elections));
    let signer = "[[user]]\nlogin = \"mara\"\nname = \"Mara Villa\"\nrole = \"editor\"\nsecond_signature = true\n";
    press.office_of("2026-11-23 08:30", signer);
    let reason = "indispensabile = \"Chi abita lì deve spostare l'auto.\"\n+++\n\nDa lunedì";
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", "").replacen("+++\n\nDa lunedì", reason, 1));
    done(&press, "2026-11-23 09:25", &["note", "ponte", RITA, NOTE, "--as", "elena"]);
    done(&press, "2026-11-23 09:26", &["sign", "ponte", "--as", "mara"]);
    done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
    let mails = press.mails();
    assert_eq!(to(&mails, RITA).len(), 1);
    assert!(mails.iter().all(|mail| !words(mail).contains("accordo")), "every word counts");
}
