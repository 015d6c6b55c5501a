//! An old archive comes in at the desk: uploaded, tried until it is understood, brought in, its refused rows fetched, and
//! taken back; through the forms of the desk and the running program.

use crate::missing::{Visitor, between};
use crate::press_test::{Office, Press};
use salastampa_domain::{Actor, Settings};
use std::io::Write;
use std::process::Stdio;

const PEOPLE: &str = "[[user]]\nlogin = \"ada\"\nname = \"Ada Corti\"\nrole = \"admin\"\n";

/// An office whose administrator is at the desk, without a telephone.
fn desk() -> (Press, String) {
    let free = format!("127.0.0.1:{}", crate::ports::free());
    let press =
        Press::new(&["lago.test", "monte.test"]).environment("SALASTAMPA__WEB__BASE_URL", &format!("http://{free}"));
    press.feeds();
    press.write("office.toml", PEOPLE);
    assert_eq!(press.run_now(&["import", "office", "office.toml"]).code, 0);
    let mut told = press.command().args(["user", "passwd", "ada"]).stdin(Stdio::piped()).spawn().expect("it starts");
    told.stdin.take().expect("it was piped").write_all(b"una parola lunga\n").expect("it reads");
    assert!(told.wait().expect("it ends").success());
    let open = Settings { second_factor: Vec::new(), ..Settings::default() };
    let (who, content) = (serde_json::to_string(&Actor::Console), serde_json::to_string(&open));
    let (who, content) = (who.expect("plain data"), content.expect("plain data").replace('\'', "''"));
    press.rows(&format!(
        "insert into settings (id, version, at, who, content) values (1, 1, 1, '{who}', '{content}') \
         returning cast(version as text)"
    ));
    (press, free)
}

/// More rows than are kept before other requests have their turn; one in a hundred has no date.
fn table() -> String {
    let mut text = "Oggetto;Uscita;Giornale;Note\n".to_owned();
    for n in 0..10_600 {
        let day = if n % 100 == 7 { "boh".to_owned() } else { format!("{:02}/03/2019", n % 28 + 1) };
        let outlet = if n % 2 == 0 { "lago.test" } else { "Il Vecchio Monte" };
        text.push_str(&format!("Il molo riapre al tratto {n};{day};{outlet};nulla\n"));
    }
    text
}

/// Where an answer sends the browser.
fn on(answer: &str) -> String {
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a place").to_owned()
}

#[test]
fn an_old_archive_is_uploaded_tried_mapped_and_brought_in_and_survives_a_kill() {
    let (press, address) = desk();
    let mut office = Office::start_at(&press, &address);
    let ada = Visitor::enter(&address, "ada", "una parola lunga");
    let list = ada.see("/desk/importazioni");
    let word = between(&list, "name=\"_csrf\" value=\"", "\"").to_owned();
    let csrf = ("_csrf", word.as_str());
    let upload = |name, bytes: &[u8]| ada.upload("/desk/importazioni/carica", &[csrf], (name, bytes));

    // what is no table is said to be none, and leaves nothing
    on(&upload("storico.xlsx", b"PK\x03\x04 nulla"));
    assert!(ada.see("/desk/importazioni").contains("cartella di calcolo"));
    assert_eq!(press.rows("select cast(count(*) as text) from errand"), ["0"]);

    let first = on(&upload("storico <1>.csv", table().as_bytes()));
    office.until("errand 1 is done");
    let page = ada.see(&first);
    assert!(page.contains("storico &#60;1&#62;.csv") && page.contains("separatore «;», codifica UTF-8"), "{page}");
    assert!(page.contains("Nessuna colonna è riconosciuta come titolo"), "{page}");
    assert!(!page.contains("/entra\""), "nothing can come in yet: {page}");
    let refused = ada.post(&format!("{first}/entra"), &[csrf]);
    on(&refused);
    assert_eq!(press.rows("select cast(count(*) as text) from import_batch"), ["0"]);

    let columns = [("colonna", "title"), ("colonna", "date"), ("colonna", "outlet"), ("colonna", "")];
    let form = [&[csrf, ("codifica", ""), ("separatore", ""), ("tutte", "")], &columns[..]].concat();
    let second = on(&ada.post(&first, &form));
    office.until("errand 2 is done");
    let page = ada.see(&second);
    for words in [
        "<td>2</td><td>1 mar 2019</td><td>lago.test</td><td>Il molo riapre al tratto 0</td>",
        "Articoli che entrerebbero: 5.300.",
        "Rifiutate: 5.300.",
        "106 × la data «…» non si legge",
        "«Il Vecchio Monte» (5.194 righe)",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(press.rows("select cast(count(*) as text) from article"), ["0"], "a trial writes nothing");

    let third =
        on(&ada.post(&second, &[&form[..], &[("nome", "Il Vecchio Monte"), ("testata", "monte-test")]].concat()));
    office.until("errand 3 is done");
    let page = ada.see(&third);
    assert!(page.contains("Articoli che entrerebbero: 10.494.") && page.contains("/entra\""), "{page}");
    let last = on(&ada.post(&format!("{third}/entra"), &[csrf]));

    // the office is killed while it does it, and goes on by itself
    drop(office);
    let mut office = Office::start_at(&press, &address);
    office.until("errand 4 is done");
    let page = ada.see(&last);
    assert!(page.contains("Righe lette: 10.600. Articoli entrati: 10.494. Già presenti: 0. Rifiutate: 106."), "{page}");
    let table = ada.see(&format!("{last}/rifiutate.csv"));
    let lines = table.lines().filter(|line| line.ends_with(';') || line.contains("non si legge")).count();
    assert!(table.contains("Riga;Motivo;Titolo") && table.contains("9;la data «boh» non si legge"), "{table}");
    assert_eq!(lines, 106, "each once");
    assert_eq!(press.rows("select cast(count(*) as text) from import_article"), ["10494"]);
    assert_eq!(press.rows("select cast(count(*) as text) from article where story is not null"), ["0"]);

    // the list knows who did it, and takes it back
    let list = ada.see("/desk/importazioni");
    assert!(list.contains("Ada Corti") && list.contains("10.494") && list.contains("Finita"), "{list}");
    on(&ada.post("/desk/importazioni/1/togli", &[csrf]));
    office.until("errand 5 is done");
    assert_eq!(press.rows("select cast(count(*) as text) from article where title <> ''"), ["0"]);
}
