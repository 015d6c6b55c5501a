//! Photos and documents of a release from the command line to the public page and the mail.

use super::*;

/// A photo of three by two pixels.
const PHOTO: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x03\x00\x00\x00\x02\x08\x02\x00\x00\
    \x00\x12\x16\xf1\x4d\x00\x00\x00\x10\x49\x44\x41\x54\x78\xda\x63\x38\x21\x27\x07\x41\x0c\x70\x16\x00\x41\x00\x06\
    \x19\xd4\x44\xee\x19\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

#[test]
fn files_go_with_a_release_as_links_and_open_at_its_hour() {
    let press = office();
    press.write("testo.md", text("Apre il ponte sul Gerna", "2026-11-23 11:00"));
    done(&press, "2026-11-23 09:00", &["new", "ponte", "testo.md", "--as", "elena"]);
    press.write("ponte.jpg", PHOTO);
    press.write("Ordinanza n. 7.jpg", "%PDF-1.7\n1 0 obj\n");
    press.write("logo.svg", "<svg><script>alert(1)</script></svg>");
    let now = "2026-11-23 09:10";
    let bring = |file: &str| step(&press, now, &["attach", "ponte", file, "--as", "elena"]);
    let ran = bring("logo.svg");
    assert!(ran.code == 1 && ran.err.contains("disegno SVG"), "{ran:?}");
    let ran = bring("Ordinanza n. 7.jpg");
    assert!(ran.out.contains("ponte: ordinanza-n-7.pdf (document)") && ran.out.contains("è di tipo PDF"), "{ran:?}");
    assert!(bring("ponte.jpg").out.contains("ponte: ponte.jpg (photo)"));
    let ran = step(&press, now, &["submit", "ponte", "--as", "elena"]);
    assert!(ran.code == 1 && ran.err.contains("non ha descrizione"), "{ran:?}");
    done(&press, now, &["detach", "ponte", "ponte.jpg", "--as", "elena"]);
    let said = ["--alt", "Il ponte dal molo", "--credit", "Foto di Ada Corti", "--until", "2026-11-22"];
    done(&press, now, &[&["attach", "ponte", "ponte.jpg", "--as", "elena"], &said[..]].concat());
    let ran = step(&press, now, &["submit", "ponte", "--as", "elena"]);
    assert!(ran.code == 1 && ran.err.contains("finisce il 22/11/2026 e il comunicato esce il 23/11/2026"), "{ran:?}");
    done(&press, now, &["detach", "ponte", "ponte.jpg", "--as", "elena"]);
    let said = ["--alt", "Il ponte dal molo", "--credit", "Foto di Ada Corti", "--until", "2026-11-23"];
    done(&press, now, &[&["attach", "ponte", "ponte.jpg", "--as", "elena"], &said[..]].concat());
    let shown = done(&press, now, &["files", "ponte"]);
    assert!(
        shown.contains("ponte.jpg: 3 x 2, 1 kB, \"Il ponte dal molo\"") && shown.contains("ordinanza-n-7.pdf"),
        "{shown}"
    );
    done(&press, now, &["submit", "ponte", "--as", "elena"]);
    done(&press, now, &["approve", "ponte", "--as", "carlo"]);
    done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    press.live("2026-11-23 09:30", "2026-11-23 09:40");
    let mail = press.mails_to(RITA).pop().expect("the trusted desk has it");
    let read = words(&mail);
    let link = |from: &str| {
        let at = read.find(from).unwrap_or_else(|| panic!("no {from} in {read}"));
        let path = &read[at + from.find('/').unwrap_or_default()..];
        path.split(')').next().unwrap_or_default().to_owned()
    };
    assert!(read.contains("Foto in alta risoluzione (1)") && read.contains("Documenti (1)"), "{read}");
    assert!(!mail.contains("Content-Disposition: attachment"), "{mail}");
    let hashes = press.rows("select sha256 from file_use where version > 0 order by sha256");
    assert!(hashes.len() >= 2 && read.contains("/file/"), "{hashes:?}");
    let kit = link("/novita/comunicati/2026/1/materiali.zip");
    let names = ["ponte.jpg", "ordinanza-n-7.pdf"];
    let paths: Vec<String> =
        hashes.iter().flat_map(|hash| names.map(|name| format!("/file/{hash}/{name}"))).chain([kit]).collect();

    let before = Served::start(&press, "2026-11-23 10:59:59");
    let unknown = before.ask("GET", "/mai");
    for path in &paths {
        assert_eq!(before.ask("GET", path), unknown, "{path}");
    }
    before.stop();
    let after = Served::start(&press, "2026-11-23 11:00:00");
    let open = paths.iter().filter(|path| after.ask("GET", path).0 == 200).count();
    assert_eq!(open, hashes.len() + 1, "each file under its own name, and the kit");
    after.stop();
    let checked = press.run("2026-11-23 12:00", &["check"]).out;
    assert!(checked.contains("ok       licences: 1 end within 30 days: “ponte.jpg” of “"), "{checked}");
    let tomorrow = Served::start(&press, "2026-11-24 00:00:00");
    let open = paths.iter().filter(|path| tomorrow.ask("GET", path).0 == 200).count();
    assert_eq!(open, 2, "the document and the kit");
    tomorrow.stop();
}
