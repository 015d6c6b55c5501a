//! `doctor`: what surrounds the program, looked over from the command line.

use crate::press_test::Press;

const NOW: &str = "2026-11-23 06:20";

#[test]
fn doctor_says_in_the_offices_language_what_is_to_be_mended_and_how() {
    let server = crate::outbox::Server::start(crate::sink::Script::new());
    let press = Press::new(&[]).settings(&server.settings(1, ""));
    press.office();
    let ran = press.run(NOW, &["doctor"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for words in [
        &format!("Server di posta: 127.0.0.1:{} risponde", server.port()),
        "Collegamenti di legge: Mancano",
        "DNS: Il dominio del mittente (bellariva.test) è di prova",
        "chmod o-rwx",
        "da guardare    Copia di sicurezza",
    ] {
        assert!(ran.out.contains(words), "{words}\n{}", ran.out);
    }
    assert!(ran.err.contains("Niente è perso"), "{ran:?}");
    // nobody answers, and others on the machine cannot read the file
    drop(server);
    let config = press.path().join("salastampa.toml");
    std::fs::set_permissions(&config, std::os::unix::fs::PermissionsExt::from_mode(0o640)).expect("set");
    let ran = press.run(NOW, &["doctor"]);
    assert!(ran.out.contains("non prende la posta") && ran.out.contains("quando torna"), "{}", ran.out);
    assert!(ran.out.contains("la legge solo chi deve"), "{}", ran.out);
}
