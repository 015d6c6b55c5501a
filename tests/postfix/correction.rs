//! A correction through a real Postfix: it goes to those who have the first, or may have it, each in their own thread.

use super::between::{Between, Rule, Trick};
use super::server::{KEEPING, Kept, Plan, Postfix, settings};
use crate::opinion;
use crate::outbox::{deliver, journalist, office, send, states, step};
use crate::press_test::{Press, header};
use crate::verbs::Served;
use std::collections::{BTreeMap, BTreeSet};

/// Who does not exist, who is in doubt, who leaves.
const GONE: usize = 3;
const IN_DOUBT: usize = 5;
const LEAVES: usize = 7;
const ALL: usize = 20;

/// The Message-ID that each was sent, by the mails of that kind.
fn ids(kept: &[Kept], corrected: bool) -> BTreeMap<String, BTreeSet<String>> {
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for kept in kept {
        let mail = kept.text();
        if header(&mail, "Subject").contains("RETTIFICA") == corrected {
            ids.entry(kept.to.clone()).or_default().insert(header(&mail, "Message-ID"));
        }
    }
    ids
}

#[test]
fn a_correction_goes_to_those_who_may_have_the_first_each_in_their_own_thread() {
    let main = format!(
        "{KEEPING}smtpd_recipient_restrictions = check_recipient_access \
         inline:{{ {{ {} = 550 5.1.1 no such user }} }}, permit_mynetworks, reject\n",
        journalist(GONE)
    );
    let Some(postfix) = Postfix::of(&Plan { main, ..Plan::default() }) else { return };
    let doubt = Rule { times: 2, ..Rule::once(&journalist(IN_DOUBT), Trick::CutAfterYes) };
    let between = Between::start(postfix.port, &postfix.log, vec![doubt]);
    let press = Press::new(&[]);
    press.write("r2026.pem", opinion::RSA);
    press.write("e2026.pem", opinion::ED25519);
    let keys =
        "[[dkim]]\nselector = \"r2026\"\nkey = \"r2026.pem\"\n[[dkim]]\nselector = \"e2026\"\nkey = \"e2026.pem\"\n";
    let press = office(press.settings(&settings(between.port, 4, keys)), ALL);
    send(&press);
    deliver(&press, "2026-11-23 09:30", "2026-11-23 12:00");
    assert_eq!(states(&press), ["accepted 18", "failed 1", "uncertain 1"]);
    let first = postfix.kept(20);
    let own = ids(&first, false);
    assert!(own.len() == 19 && own.values().all(|of_one| of_one.len() == 1), "one Message-ID each: {own:?}");

    let leaves = first.iter().find(|kept| kept.to == journalist(LEAVES)).expect("it has the first").text();
    let link = header(&leaves, "List-Unsubscribe");
    let path = link.trim_start_matches("<http://127.0.0.1:8080").split('>').next().expect("an address").to_owned();
    let served = Served::start(&press, "2026-11-23 12:00");
    assert_eq!(served.ask("POST", &path).0, 200);
    assert_eq!(served.stop(), 0);
    press.write("nuovi.csv", "nome;email;liste\nNora Galli;nora@colle.test;tutti\n");
    assert_eq!(press.run("2026-11-23 12:05", &["import", "contacts", "nuovi.csv"]).code, 0);

    press.write(
        "nuovo.md",
        "+++\ntitolo = \"Apre il ponte sul Gerna, alle sette\"\nliste = [\"tutti\"]\ncontatti = [\"Ufficio stampa\"]\n\
         +++\n\nDa lunedì 23 novembre, alle sette, il Comune di Bellariva apre il ponte sul Gerna.\n",
    );
    step(&press, "2026-11-23 12:10", &["correct", "ponte", "nuovo.md", "--as", "elena"]);
    step(&press, "2026-11-23 12:20", &["submit", "ponte", "--as", "elena"]);
    step(&press, "2026-11-23 12:30", &["approve", "ponte", "--as", "carlo"]);
    let said = step(&press, "2026-11-23 12:40", &["send", "ponte", "--as", "carlo"]).out;
    assert!(said.contains("18 mails leave, 1 held back"), "{said}");
    deliver(&press, "2026-11-23 12:40", "2026-11-23 13:00");

    // whoever follows the link in the first mail reads the second, with the first beside it
    let served = Served::start(&press, "2026-11-23 13:00");
    let page = served.ask("GET", "/novita/comunicati/2026/1-ponte");
    assert!(page.0 == 200 && page.1.contains("alle sette") && page.1.contains("/1-ponte/versioni"), "{page:?}");
    let versions = served.ask("GET", "/novita/comunicati/2026/1-ponte/versioni");
    assert!(versions.0 == 200 && versions.1.contains("<ins>"), "{versions:?}");
    assert_eq!(served.ask("GET", "/novita/comunicati/2026/1-ponte/v1").0, 200);
    assert_eq!(served.stop(), 0);

    let all = postfix.kept(38);
    assert_eq!(all.len(), 38, "20 of the first, one of them twice, and 18 of the second");
    let corrected = ids(&all, true);
    let expected: BTreeSet<String> = (0..ALL).filter(|n| ![GONE, LEAVES].contains(n)).map(journalist).collect();
    assert_eq!(corrected.keys().cloned().collect::<BTreeSet<_>>(), expected);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for kept in &all {
        let mail = kept.text();
        if header(&mail, "Subject").contains("RETTIFICA") {
            let before = own[&kept.to].first().expect("one");
            assert_eq!(&header(&mail, "In-Reply-To"), before, "{}", kept.to);
            assert_eq!(&header(&mail, "References"), before, "{}", kept.to);
        }
        // also what Postfix has had in its hands is as it was signed
        assert_eq!(runtime.block_on(opinion::verified(&kept.as_given())), [true, true], "{}", kept.to);
    }
}
