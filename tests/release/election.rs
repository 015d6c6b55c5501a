//! Election time, from the calendar to the mailboxes of journalists (L. 28/2000 art. 9).

use super::*;
use crate::outbox::Server;

/// Carlo and Dina are heads of the office; the mayor is in the register; the polls are called by the file.
fn in_election_time() -> Press {
    let elections = "[releases]\none_person = true\n[[releases.elections]]\nname = \"Elezioni comunali\"\nfrom = \"2026-11-24\"\n\
                     to = \"2026-12-14\"\ncloses = \"15:00\"\n";
    let press = founded(Press::new(&[]).settings(elections));
    let office = "[[user]]\nlogin = \"dina\"\nname = \"Dina Sala\"\nrole = \"chief\"\n\n[[user]]\nlogin = \"mara\"\nname = \
                  \"Mara Villa\"\nrole = \"editor\"\nsecond_signature = true\n\n[[person]]\nslug = \"mario-rossi\"\nname = \
                  \"Mario Rossi\"\noffice = \"Sindaco\"\n";
    press.office_of("2026-11-23 08:30", office);
    press
}

/// Mails of releases; the review of the morning goes to others.
fn to_journalists(press: &Press) -> usize {
    receivers(press).iter().filter(|to| [RITA, UGO, LEA].iter().any(|address| to.contains(address))).count()
}

fn with_reason(title: &str, body: &str) -> String {
    format!(
        "+++\ntitolo = \"{title}\"\nliste = [\"locali\", \"radio\"]\ncontatti = [\"Ufficio stampa, tel. 0300 555\"]\n\
         indispensabile = \"Chi abita lì deve spostare l'auto.\"\n+++\n\n{body}\n"
    )
}

#[test]
fn in_election_time_only_what_is_impersonal_and_signed_twice_leaves_and_the_day_after_everything_does() {
    let press = in_election_time();
    let now = "2026-11-24 09:00";
    let mayor = with_reason("Nuova palestra", "Lunedì il sindaco Rossi inaugura la palestra.");
    press.write("sindaco.md", mayor.replacen("titolo", "data = \"2026-12-14\"\ntitolo", 1));
    press.write("strada.md", with_reason("Chiusura di via Roma per lavori", "Da lunedì via Roma è chiusa per lavori."));
    let checked = step(&press, now, &["check", "sindaco.md"]);
    assert!(checked.out.contains("testo, riga 1: «Rossi» è chi ricopre una carica (Sindaco)"), "{checked:?}");
    assert!(!step(&press, "2026-11-23 09:00", &["check", "sindaco.md"]).out.contains("28/2000"), "not yet");
    for (slug, file) in [("palestra", "sindaco.md"), ("strada", "strada.md")] {
        done(&press, now, &["new", slug, file, "--as", "elena"]);
        done(&press, now, &["submit", slug, "--as", "elena"]);
    }
    refused(
        &press,
        now,
        &["approve", "palestra", "--as", "carlo"],
        "È periodo elettorale (Elezioni comunali, fino al 14",
    );
    done(&press, now, &["approve", "strada", "--as", "carlo"]);
    refused(&press, now, &["send", "strada", "--as", "carlo"], "Manca la seconda firma");
    refused(&press, now, &["sign", "strada", "--as", "carlo"], "diversa da chi ha scritto il testo");
    refused(&press, now, &["sign", "strada", "--as", "elena"], "La seconda firma spetta");
    done(&press, now, &["sign", "strada", "--as", "mara"]);
    done(&press, now, &["send", "strada", "--as", "carlo"]);
    press.live(now, "2026-11-24 09:05");
    assert_eq!(to_journalists(&press), 3);
    assert!(press.mails().iter().all(|mail| !words(mail).contains("spostare")), "the reason is not printed");
    let after = "2026-12-14 15:00";
    done(&press, after, &["approve", "palestra", "--as", "carlo"]);
    done(&press, after, &["send", "palestra", "--as", "carlo"]);
}

#[test]
fn a_release_that_falls_into_an_election_that_a_file_brings_is_held_before_its_hour() {
    let mut press = office();
    let dated = text("Apre il ponte sul Gerna", "").replacen("titolo", "data = \"2026-11-25\"\ntitolo", 1);
    approved(&press, "ponte", &dated);
    done(&press, "2026-11-23 09:30", &["schedule", "ponte", "--at", "2026-11-25 10:00", "--as", "carlo"]);
    press = press.settings(
        "[[releases.elections]]\nname = \"Referendum\"\nkind = \"referendum\"\nfrom = \"2026-11-25\"\nto = \"2026-12-14\"\n",
    );
    press.live("2026-11-23 09:40", "2026-11-25 10:05");
    assert_eq!(state(&press)[0].split(' ').next(), Some("ponte"));
    assert!(state(&press)[0].contains("\"held\""), "{:?}", state(&press));
    assert_eq!(to_journalists(&press), 0);
    let shown = done(&press, "2026-11-25 10:05", &["show", "ponte"]);
    assert!(shown.contains("held back for election time"), "{shown}");
    let verbs = press.rows("select verb from event where subject like 'release:%' order by id desc");
    assert_eq!(verbs[0], "release.hold");
}

#[test]
fn what_a_server_puts_off_into_election_time_is_held_though_the_text_is_public() {
    let later = Act::reply("450 4.2.0 come back later");
    let server = Server::start(Script::new().times(1, Verb::Rcpt, UGO, later));
    let calendar = "[[releases.elections]]\nname = \"Elezioni comunali\"\nfrom = \"2026-11-24\"\nto = \"2026-12-14\"\n";
    let press = founded(Press::new(&[]).settings(&format!("{}{calendar}", server.settings(2, ""))));
    let dina = "[[user]]\nlogin = \"dina\"\nname = \"Dina Sala\"\nrole = \"chief\"\n";
    press.office_of("2026-11-23 08:30", dina);
    approved(
        &press,
        "strada",
        &with_reason("Chiusura di via Roma per lavori", "Da lunedì via Roma è chiusa per lavori."),
    );
    done(&press, "2026-11-23 23:59:30", &["send", "strada", "--as", "carlo"]);
    press.live("2026-11-23 23:59:30", "2026-11-24 05:00");
    assert_eq!(server.took(RITA).len() + server.took(LEA).len(), 2, "before the call they had it");
    assert_eq!(server.took(UGO).len(), 0);
    let states = press.rows("select address || ' ' || state from delivery where state <> 'accepted'");
    assert_eq!(states, [format!("{UGO} cancelled")]);
    assert!(state(&press)[0].contains("\"held\""), "{:?}", state(&press));
    assert!(done(&press, "2026-11-24 05:00", &["show", "strada"]).contains("held back for election time"));
    assert_eq!(press.rows("select slug from release where public_at is not null"), ["strada"], "it stays public");
    refused(&press, "2026-11-24 09:00", &["send", "strada", "--as", "carlo"], "Manca la seconda firma");
    done(&press, "2026-11-24 09:05", &["sign", "strada", "--as", "dina"]);
    done(&press, "2026-11-24 09:10", &["send", "strada", "--as", "carlo"]);
    press.live("2026-11-24 09:10", "2026-11-24 09:15");
    assert_eq!([RITA, UGO, LEA].map(|to| server.took(to).len()), [1, 1, 1], "to whom it was missing, once");
}
