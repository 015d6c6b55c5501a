//! An old archive comes in by the command line.

mod desk;
mod review;

use crate::missing::pdf;
use crate::press_test::{MORNING, Press};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const OLD: &str = "Titolo;Testata;Data;Autore;Link;Testo\n\
    Riapre il molo piccolo dopo i lavori;lago.test;01/03/2019;di Ada Corti;http://lago.test/molo?utm_source=x;\"Il molo; era chiuso\nda due anni.\"\n\
    Riapre il molo piccolo dopo i lavori;lago.test;01/03/2019;;https://lago.test/molo;doppio\n\
    Chiude la passerella di Bellariva alta;La Voce del Monte;2/3/2019;;;La passerella chiude.\n\
    Senza data;lago.test;;;;x\n\
    ;lago.test;01/03/2019;;;x\n\
    Domani si vota per la passerella;lago.test;ieri;;;x\n\
    Nasce il consorzio del molo di Bellariva;lago.test;43525;;;Nasce oggi.\n";

fn press() -> Press {
    let press = Press::new(&["lago.test", "monte.test"]);
    press.feeds().office();
    press
}

/// The lines of an answer that hold those words.
fn has(out: &str, words: &str) -> bool {
    out.lines().any(|line| line.contains(words))
}

#[test]
fn a_dry_run_says_everything_and_writes_nothing() {
    let press = press();
    press.write("storico.csv", OLD);
    let ran = press.run(MORNING, &["import", "articles", "storico.csv", "--dry-run"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for words in [
        "tabella con separatore «;», codifica UTF-8",
        "«Link» = indirizzo",
        "Riga 2: venerdì 1° marzo 2019",
        "Articoli che entrerebbero: 2.",
        "riga 4: «Riapre il molo piccolo dopo i lavori» è doppia nel file",
        "Già in archivio: 0. Doppi nel file: 1. Rifiutate: 4.",
        "1 × manca la data",
        "1 × manca il titolo",
        "riga 8: la data «ieri» non si legge",
        "1 × «La Voce del Monte»",
        "lago-test, monte-test",
    ] {
        assert!(has(&ran.out, words), "{words}: {}", ran.out);
    }
    assert!(press.found(MORNING, "molo").is_empty());
    assert!(!press.path().join("storico.csv.refused.csv").exists());
    assert_eq!(press.rows("select cast(count(*) as text) from import_batch"), ["0"]);
}

#[test]
fn who_signed_old_articles_is_known_after_the_night() {
    let press = press();
    press.write("storico.csv", OLD);
    let words = ["import", "articles", "storico.csv", "--outlet", "La Voce del Monte=monte-test"];
    assert_eq!(press.run(MORNING, &words).code, 0);
    assert!(press.rows("select name from signature").is_empty());
    for night in ["2026-11-24 03:30", "2026-11-25 03:30"] {
        assert_eq!(press.run(night, &["run", "tidy"]).code, 0);
        assert_eq!(press.rows("select name from signature"), ["ada corti"]);
    }
}

#[test]
fn an_old_archive_comes_in_once_is_searchable_and_no_news() {
    let press = press();
    let windows: Vec<u8> =
        OLD.replace("dopo i lavori", "dopo i lavori, è ufficiale").chars().map(|c| c as u8).collect();
    press.write("storico.csv", windows);
    let words = ["import", "articles", "storico.csv", "--outlet", "la voce del MONTE=monte-test"];
    let ran = press.run(MORNING, &words);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(has(&ran.out, "windows-1252"), "{}", ran.out);
    assert!(has(&ran.out, "articoli nuovi 3, già in archivio 1, righe rifiutate 3"), "{}", ran.out);
    let refused = std::fs::read_to_string(press.path().join("storico.csv.refused.csv")).expect("the refused rows");
    assert_eq!(refused.lines().count(), 3, "{refused}");
    assert!(refused.contains("6;manca la data"), "{refused}");
    let found = press.found(MORNING, "molo data:2019");
    assert_eq!(
        found,
        ["Nasce il consorzio del molo di Bellariva", "Riapre il molo piccolo dopo i lavori, è ufficiale"]
    );
    assert_eq!(press.found(MORNING, "testata:monte.test"), ["Chiude la passerella di Bellariva alta"]);
    // a second time adds nothing, whatever way the file is written
    let ran = press.run(MORNING, &words);
    assert!(has(&ran.out, "articoli nuovi 0, già in archivio 4"), "{}", ran.out);
    let line =
        r#"{"titolo":"Riapre il molo","data":"2019-03-01","testata":"lago.test","url":"https://lago.test/molo"}"#;
    press.write("storico.jsonl", format!("{line}\nnon json\n"));
    let ran = press.run(MORNING, &["import", "articles", "storico.jsonl"]);
    assert!(has(&ran.out, "articoli nuovi 0, già in archivio 1, righe rifiutate 1"), "{}", ran.out);
    // and a day of the office makes no news of it
    press.live(MORNING, "2026-11-23 12:00");
    assert_eq!(
        press.rows("select cast(count(*) as text) from article where imported = 1 and story is not null"),
        ["0"]
    );
    assert_eq!(press.rows("select cast(count(*) as text) from alert"), ["0"]);
    let clipped = "select cast(count(*) as text) from clipping where article in (select article from import_article)";
    assert_eq!(press.rows(clipped), ["0"], "no alert waits behind an old archive");
    assert!(press.mails().iter().all(|mail| !mail.contains("molo piccolo")));
}

#[test]
fn an_import_that_is_killed_goes_on_and_ends_with_the_same_articles() {
    let press = press();
    let mut text = "titolo,data,testata,id\n".to_owned();
    for n in 0..6_000 {
        let outlet = if n % 50 == 0 { "ignota" } else { "lago.test" };
        text.push_str(&format!("Il molo riapre al tratto {n},2019-03-{:02},{outlet},{n}\n", n % 28 + 1));
    }
    press.write("storico.csv", &text);
    let mut kills = 0;
    for _ in 0..2 {
        let mut command = press.command();
        command.args(["--now", MORNING, "import", "articles", "storico.csv"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
        // the first line of progress comes after a batch
        let begun = lines.by_ref().map_while(Result::ok).any(|line| line.contains("% ·"));
        kills += usize::from(begun && child.try_wait().expect("the child can be asked").is_none());
        child.kill().expect("the child is killed");
        child.wait().expect("the child is gone");
    }
    assert!(kills > 0, "it was killed while it worked");
    let ran = press.run(MORNING, &["import", "articles", "storico.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(has(&ran.out, "Riprendo l'importazione 1 dopo"), "{}", ran.out);
    assert_eq!(
        press.rows("select cast(taken || ' ' || known || ' ' || refused as text) from import_batch"),
        ["5880 0 120"]
    );
    assert_eq!(press.rows("select cast(count(*) as text) from import_article"), ["5880"]);
    let refused = std::fs::read_to_string(press.path().join("storico.csv.refused.csv")).expect("the refused rows");
    assert_eq!(refused.lines().count(), 120);
}

#[test]
fn a_file_of_refused_rows_that_is_gone_or_short_says_so_and_holds_no_zeros() {
    let press = press();
    press.write("storico.csv", OLD);
    let words = ["import", "articles", "storico.csv"];
    let refused = press.path().join("storico.csv.refused.csv");
    let lost = ";Le righe rifiutate prima di qui mancano";
    assert_eq!(press.run(MORNING, &words).code, 0);
    let whole = std::fs::read_to_string(&refused).expect("the refused rows");
    let half = whole.find("manca la data").expect("a row");
    for left in ["", &whole[..half], "the same"] {
        // as it is where it was killed before its last batch
        press.rows("update import_batch set done_at = null returning cast(id as text)");
        if left != "the same" {
            std::fs::remove_file(&refused).expect("it is there");
            press.write("storico.csv.refused.csv", left);
        }
        assert_eq!(press.run(MORNING, &words).code, 0);
        let found = std::fs::read_to_string(&refused).expect("the refused rows");
        assert!(!found.contains('\0') && found.matches(lost).count() == 1, "{found}");
        assert!(found.lines().any(|line| line.starts_with(lost)), "a row of its own: {found}");
    }
    assert_eq!(press.rows("select cast(count(*) as text) from import_batch"), ["1"]);
}

#[test]
fn what_cannot_be_read_is_told_and_nothing_is_lost() {
    let press = press();
    let columns = "titolo,quando,testata\nRiapre il molo,2019-03-01,lago.test\n";
    for (name, text, more, code, words) in [
        ("vuoto.csv", "", vec![], 1, "è vuoto"),
        ("colonne.csv", columns, vec![], 2, "--map date=Colonna"),
        ("colonne.csv", columns, vec!["--map", "date=giorno"], 2, "non ha la colonna «giorno»"),
        ("colonne.csv", columns, vec!["--map", "giorno"], 2, "campo=colonna"),
        ("colonne.csv", columns, vec!["--map", "quando=quando"], 2, "non è un campo"),
        ("colonne.csv", columns, vec!["--map", "date=quando", "--outlet", "x=boh"], 2, "nessuna testata ha l'id «boh»"),
        ("colonne.csv", columns, vec!["--encoding", "klingon"], 2, "klingon"),
        ("manca.csv", "", vec![], 1, "vuoto"),
        ("virgolette.csv", "titolo,data,testata\n", vec!["--separator", "\""], 2, "un solo carattere"),
    ] {
        press.write(name, text);
        let mut all = vec!["import", "articles", name];
        all.extend(more);
        let ran = press.run(MORNING, &all);
        assert_eq!(ran.code, code, "{all:?} {ran:?}");
        assert!(ran.err.contains(words), "{all:?} {ran:?}");
    }
    let hostile = format!("titolo,data,testata\n{}", "x\"y,\"a\n".repeat(2_000));
    press.write("virgolette.csv", hostile);
    let ran = press.run(MORNING, &["import", "articles", "virgolette.csv"]);
    assert!(ran.code == 1 && ran.err.contains("troppe virgolette"), "{ran:?}");
    // mapped, it comes in
    let ran = press.run(MORNING, &["import", "articles", "colonne.csv", "--map", "date=quando"]);
    assert!(has(&ran.out, "articoli nuovi 1"), "{ran:?}");
}

#[test]
fn a_folder_of_pdfs_comes_in_but_for_what_is_only_a_picture() {
    let press = press();
    let folder = press.path().join("ritagli/lago-test");
    std::fs::create_dir_all(&folder).expect("a folder of the test");
    let text = [
        "Riapre il molo piccolo",
        "Da domani si passeggia di nuovo sul molo piccolo di Bellariva,",
        "chiuso da due anni per i lavori alla banchina.",
    ];
    press.write("ritagli/lago-test/2019-03-01.pdf", pdf(&text));
    press.write("ritagli/lago-test/2019-03-02 scansione.pdf", pdf(&["12"]));
    press.write("ritagli/lago-test/senza-data.pdf", pdf(&text));
    press.write("ritagli/2019-03-03 ignota.pdf", pdf(&text));
    press.write("ritagli/lago-test/2019-03-04 rotto.pdf", "nessun PDF");
    let ran = press.run(MORNING, &["import", "articles", "ritagli"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for words in [
        "file PDF: 5",
        "articoli nuovi 1, già in archivio 0, righe rifiutate 4",
        "serve prima l'OCR",
        "manca la testata",
    ] {
        assert!(has(&ran.out, words), "{words}: {}", ran.out);
    }
    assert_eq!(press.found(MORNING, "banchina data:2019-03-01").len(), 1);
    let ran = press.run(MORNING, &["import", "articles", "ritagli"]);
    assert!(has(&ran.out, "articoli nuovi 0, già in archivio 1"), "{}", ran.out);
}

const WATCHES: &str = "[[watch]]\nslug = \"darsena\"\nname = \"Darsena\"\nquery = \"darsena\"\nweight = 5\n";

#[test]
fn a_new_watch_clips_the_last_thirty_days_by_itself_once_the_archive_has_got_there() {
    let press = press();
    let mut text = "titolo,data,testata,id\n".to_owned();
    for n in 0..450 {
        text.push_str(&format!("La darsena riapre al tratto {n},2026-11-{:02},lago.test,{n}\n", n % 20 + 1));
    }
    text.push_str("La darsena di una volta,2019-03-01,lago.test,x\nLa strada,2026-11-20,lago.test,y\n");
    press.write("storico.csv", &text);
    assert_eq!(press.run(MORNING, &["import", "articles", "storico.csv"]).code, 0);
    // an old archive holds no alert back: nobody clips it as it comes
    press.run(MORNING, &["run", "clip"]);
    press.office_of(MORNING, WATCHES);
    assert_eq!(press.rows("select cast(count(*) as text) from clipping"), ["0"]);
    press.run(MORNING, &["run", "clip"]);
    assert_eq!(press.rows("select cast(count(*) as text) from clipping"), ["0"], "the archive has not got there");
    press.run(MORNING, &["run", "follow"]);
    press.run(MORNING, &["run", "clip"]);
    assert_eq!(press.rows("select cast(count(*) as text) from clipping where fresh = 0"), ["450"]);
    assert_eq!(press.rows("select cast(made as text) from watch_past where done_at is not null"), ["450"]);
    let late = "select cast(count(*) as text) from clipping where matched_at > 1795399200000";
    assert_eq!(press.rows(late), ["0"], "an import counts as clipped when it came out");
}
