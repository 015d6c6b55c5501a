//! Mails that want to break something, and offices that cannot take one now.

use super::office::{Office, pipe};
use std::process::Command;

#[test]
fn no_mail_ends_the_program_or_is_sent_away() {
    let office = Office::new("[mail]\nreturns = \"b@bellariva.test\"\n", &["rita@riva.test".to_owned()]);
    office.send("2026-11-23", "ponte");
    let rita = office.mailed("rita@riva.test");
    let head = format!("From: postmaster@riva.test\nTo: {}\nSubject: x\n", rita.verp);
    let parts: String = (0..10_000).map(|n| format!("--x\nContent-Type: text/plain\n\nparte {n}\n")).collect();
    let wide = format!("{head}Content-Type: multipart/mixed; boundary=x\n\n{parts}--x--\n");
    let deep = format!("{head}{}", "Content-Type: message/rfc822\n\n".repeat(100_000));
    let mut long = format!("{head}\nBuongiorno.\n").into_bytes();
    long.resize(50 << 20, b'a');
    let digits = format!("{head}\n550 5.1.1 {}", "9".repeat(1 << 20));
    for (name, bytes, matched) in [
        ("nothing", Vec::new(), false),
        ("bytes", (0..=255).cycle().take(100_000).collect(), false),
        ("nulls", vec![0; 100_000], false),
        ("one line", vec![b'a'; 3 << 20], false),
        ("parts", wide.into_bytes(), true),
        ("levels", deep.into_bytes(), true),
        ("fifty million bytes", long, true),
        ("digits", digits.into_bytes(), true),
    ] {
        let ran = office.receive("2026-11-23 10:00", &bytes, &[]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        assert_eq!(ran.out.contains(", matched"), matched, "{name}: {}", ran.out);
    }
    let sizes = office.press.rows("select cast(max(bytes) as text) from inbound");
    assert_eq!(sizes, [(50 << 20).to_string()], "how long it was is known");
    assert!(office.press.rows("select address from returned_address").is_empty());
}

#[test]
fn what_cannot_be_booked_now_is_kept_by_the_mail_server() {
    let office = Office::new("", &["rita@riva.test".to_owned()]);
    let mail = b"From: a@b.test\nSubject: x\n\nTesto.\n";
    assert_eq!(office.receive("2026-11-23 10:00", mail, &["--nonsense"]).code, 75);
    let elsewhere = |program: &mut Command| -> i32 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
        command.current_dir(program.get_current_dir().expect("a folder")).env("RUST_LOG", "off");
        command.args(program.get_args());
        pipe(command, mail).code
    };
    let empty = tempfile::tempdir().expect("a folder");
    let told = elsewhere(Command::new("x").current_dir(empty.path()).arg("receive"));
    assert_eq!(told, 75, "no office is founded here");
    assert!(!empty.path().join("data").exists());
    std::fs::write(empty.path().join("salastampa.toml"), "[mail]\nreturn = 1\n").expect("a file");
    assert_eq!(elsewhere(Command::new("x").current_dir(empty.path()).arg("receive")), 75, "a slip in the settings");

    let database = office.press.path().join("data/salastampa.db");
    std::fs::rename(&database, database.with_extension("away")).expect("moved");
    std::fs::create_dir(&database).expect("something else in its place");
    let ran = office.receive("2026-11-23 10:00", mail, &[]);
    assert!(ran.code == 75 && ran.err.contains("does not open"), "{ran:?}");
    std::fs::remove_dir(&database).expect("removed");
    std::fs::rename(database.with_extension("away"), &database).expect("moved back");
    assert_eq!(office.receive("2026-11-23 10:00", mail, &[]).code, 0, "the server comes again");
    assert_eq!(office.press.rows("select kind from inbound"), ["reply"]);
}

#[test]
fn a_key_that_cannot_be_read_is_not_made_anew() {
    let office = Office::new("", &["rita@riva.test".to_owned()]);
    let key = office.press.path().join("data/office.key");
    let whole = std::fs::read(&key).expect("a key");
    let mail = b"From: a@b.test\nSubject: x\n\nTesto.\n";
    std::fs::write(&key, &whole[..7]).expect("a file of the test");
    let ran = office.receive("2026-11-23 10:00", mail, &[]);
    assert!(ran.code == 75 && ran.err.contains("has 7 bytes of 32"), "{ran:?}");
    assert_eq!(office.press.run("2026-11-23 10:00", &["run", "deliver"]).code, 1);
    assert_eq!(std::fs::read(&key).expect("a key"), whole[..7], "nothing was changed");
    // something is there, and it is no file that reads
    std::fs::remove_file(&key).expect("removed");
    std::fs::create_dir(&key).expect("something else in its place");
    let ran = office.press.run("2026-11-23 10:00", &["run", "deliver"]);
    assert!(ran.code == 1 && ran.err.contains("cannot be read"), "{ran:?}");
    std::fs::remove_dir(&key).expect("removed");
    std::fs::write(&key, &whole).expect("from the backup");
    assert_eq!(office.receive("2026-11-23 10:00", mail, &[]).code, 0);
}
