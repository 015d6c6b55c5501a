//! The office's key and its database belong together: where one is without the other the program stops and says what to
//! do, and going on without a lost key is a person's word.

use crate::press_test::{OFFICE, Press};

const NOW: &str = "2026-11-23 10:00";

/// An office that works, and the path of its key.
fn office() -> (Press, std::path::PathBuf) {
    let press = Press::new(&[]);
    press.office_of("2026-11-23 08:00", OFFICE).journalists();
    let key = press.path().join("data/office.key");
    (press, key)
}

fn refused(press: &Press, words: &[&str], sentence: &str) {
    let ran = press.run(NOW, words);
    assert_eq!(ran.code, 1, "{words:?}: {ran:?}");
    assert!(ran.err.contains(sentence) && ran.err.contains("othing was changed"), "{words:?}: {}", ran.err);
}

/// A release to all lists.
fn send(press: &Press) {
    press.write(
        "testo.md",
        "+++\ntitolo = \"Apre il ponte\"\nliste = [\"locali\", \"radio\"]\ncontatti = [\"Ufficio stampa\"]\n+++\n\nDa lunedì apre il ponte.\n",
    );
    for words in [
        &["new", "ponte", "testo.md", "--as", "elena"][..],
        &["submit", "ponte", "--as", "elena"],
        &["approve", "ponte", "--as", "carlo"],
        &["send", "ponte", "--as", "carlo"],
    ] {
        assert_eq!(press.run(NOW, &[&["release"], words].concat()).code, 0, "{words:?}");
    }
}

#[test]
fn a_key_that_is_gone_or_anothers_stops_the_program_until_it_is_put_back() {
    let (press, key) = office();
    let own = std::fs::read(&key).expect("a key");
    for words in [&["run", "deliver"][..], &["serve"], &["release", "files", "x"], &["backup", "copia"]] {
        std::fs::remove_file(&key).expect("removed");
        refused(&press, words, "office.key is gone");
        assert!(!key.exists(), "none is made anew");
        std::fs::write(&key, [7_u8; 32]).expect("a file of the test");
        refused(&press, words, "is not the key that this database was written with");
        assert_eq!(std::fs::read(&key).expect("a key"), [7_u8; 32]);
    }
    let checked = press.run(NOW, &["check"]);
    assert!(checked.code == 1 && checked.out.contains("is not the key"), "{checked:?}");
    std::fs::write(&key, &own).expect("from the backup");
    assert_eq!(press.run(NOW, &["run", "deliver"]).code, 0);
    // whoever has it is not asked for anything
    refused(&press, &["new-key", "--lost"], "nothing is lost");
}

#[test]
fn an_office_of_before_writes_its_key_down_at_its_next_start() {
    let (press, key) = office();
    let forget = || press.rows("delete from meta where name = 'office_key' returning name");
    assert_eq!(forget(), ["office_key"]);
    assert_eq!(press.run(NOW, &["run", "deliver"]).code, 0);
    assert_eq!(forget(), ["office_key"], "it stands there again");
    // one that has sent nothing yet hangs on no key
    std::fs::remove_file(&key).expect("removed");
    assert_eq!(press.run(NOW, &["run", "deliver"]).code, 0);
    forget();
    press.rows("insert into suppression (hash, at, why) values ('ab', 1, 'opt-out') returning hash");
    std::fs::remove_file(&key).expect("removed");
    refused(&press, &["run", "deliver"], "office.key is gone");
}

#[test]
fn without_a_lost_key_the_office_goes_on_at_the_cost_that_was_told() {
    let (press, key) = office();
    press.rows("update contact set opted_out_at = 5 where address = 'ugo@molo.test' returning address");
    let before = press.rows("select hash from suppression");
    std::fs::remove_file(&key).expect("removed");
    refused(&press, &["new-key"], "journalists who were deleted may be taken in again");
    assert!(!key.exists());
    let done = press.run(NOW, &["new-key", "--lost"]);
    assert!(done.code == 0 && done.out.contains("1 addresses stay closed"), "{done:?}");
    assert_eq!(press.rows("select verb from event order by id desc limit 1"), ["key.accept"]);
    assert_eq!(press.rows("select hash from suppression").len(), before.len() + 1);
    assert_eq!(press.run(NOW, &["run", "deliver"]).code, 0);
    // who has left is left alone under the new key, too
    send(&press);
    let ugo = press.rows("select state || ' ' || reason from delivery where address = 'ugo@molo.test'");
    assert_eq!(ugo, ["suppressed opt-out"]);
    // in a folder without an office none is founded
    let empty = press.run(NOW, &["new-key", "--lost", "--data", "altrove"]);
    assert!(empty.code == 1 && empty.err.contains("there is no office in altrove"), "{empty:?}");
}

#[test]
fn whoever_has_left_or_was_erased_stays_closed_at_the_address_of_earlier_mails_too() {
    let (press, key) = office();
    send(&press);
    assert_eq!(press.run(NOW, &["run", "deliver"]).code, 0);
    // he has moved since, and left; another was erased
    press.rows(
        "update contact set address = 'ugo@nuovo.test', opted_out_at = 5 where address = 'ugo@molo.test' returning address",
    );
    let erased = "update delivery set address = 'erased-9-ab@erased.invalid', contact = null where address in \
                  (select min(address) from delivery where address <> 'ugo@molo.test') returning address";
    assert_eq!(press.rows(erased).len(), 1);
    // cut short, and in no backup
    std::fs::write(&key, [7_u8; 9]).expect("a file of the test");
    refused(&press, &["run", "deliver"], "has 9 bytes of 32");
    let done = press.run(NOW, &["new-key", "--lost"]);
    assert!(done.code == 0 && done.out.contains("3 addresses stay closed"), "{done:?}");
    assert_eq!(std::fs::read(key.with_extension("key.cut")).expect("kept"), [7_u8; 9]);
    assert_eq!(press.run(NOW, &["run", "deliver"]).code, 0);
}

#[test]
fn a_backup_without_its_key_is_told_before_anything_is_taken_back() {
    let (press, _) = office();
    assert_eq!(press.run(NOW, &["backup", "copia"]).code, 0);
    let taken = press.run(NOW, &["restore", "copia", "--check"]);
    assert!(taken.code == 0 && taken.out.contains("it can be taken back"), "{taken:?}");
    std::fs::write(press.path().join("copia/office.key"), [7_u8; 32]).expect("a file of the test");
    refused(&press, &["restore", "copia", "--check"], "cannot be taken back as it is");
    std::fs::remove_file(press.path().join("copia/office.key")).expect("removed");
    refused(&press, &["restore", "copia", "--data", "altrove"], "cannot be taken back as it is");
    assert!(!press.path().join("altrove").exists());
}
