//! Five hundred releases of chance, each as the mail that a journalist gets: two libraries that know nothing of ours read
//! the same subject, names and bodies out of it, two others verify its signatures, and no header takes a line in.
//!
//! The same seed gives the same releases. Python is asked where Debian's has what it takes; CI requires it.

use crate::opinion::{of_python, signers, verified};
use crate::recovery::Chance;
use mail_parser::{MessageParser, MimeHeaders};
use salastampa_domain::delivery::without_note;
use salastampa_domain::{Address, DeliveryId, Letter, Timestamp};
use salastampa_mail::{HTML_LIMIT, Personal, Sender, Unsubscribe, render, signed};
use salastampa_releases::{Frozen, House, draft, freeze};
use std::fmt::Write;

const RELEASES: usize = 500;
/// 2026-11-23 10:00 in Italy.
const NOW: Timestamp = Timestamp(1_795_424_400_000);

const WORDS: [&str; 40] = [
    "città",
    "perché",
    "lunedì",
    "però",
    "virtù",
    "È",
    "così",
    "già",
    "€",
    "“ponte”",
    "l’acqua",
    "l'assessora",
    "Ñandú",
    "Škoda",
    "straße",
    "🚲",
    "👩‍🚒",
    "①",
    "—",
    "…",
    "100%",
    "<b>",
    "&amp;",
    "\"via\"",
    "a/b",
    "C++",
    "=?utf-8?q?x?=",
    "()",
    "Bellariva",
    "sul",
    "Lago",
    "riapre",
    "lavori",
    "di",
    "via",
    "dei",
    "Tigli",
    "sottopasso",
    "entro",
    "aprile",
];
const NAMES: [&str; 10] = [
    "Rita Melzi",
    "Niccolò D’Este",
    "O'Brien, Ada",
    "\"Nino\" Bassi",
    "Ugo (Il Molo)",
    "Žofie Nováková",
    "李 娜",
    "",
    "Redazione: cronaca",
    "Ada <ada@altrove.test>",
];

fn sentence(chance: &mut Chance, words: usize) -> String {
    let mut out = String::new();
    for n in 0..words {
        let word = WORDS[usize::try_from(chance.next() % 40).expect("below forty")];
        let _ = write!(out, "{}{word}", if n == 0 { "" } else { " " });
    }
    out
}

fn below(chance: &mut Chance, most: u64) -> usize {
    usize::try_from(chance.next() % most).expect("a small number")
}

/// A title of up to 180 characters, one in ten that long.
fn title(chance: &mut Chance, n: usize) -> String {
    let words = if n.is_multiple_of(10) { 60 } else { 2 + below(chance, 10) };
    let text: String = sentence(chance, words).chars().take(180).collect();
    format!("{n} {}", text.trim())
}

fn body(chance: &mut Chance) -> String {
    let mut out = String::new();
    for _ in 0..1 + below(chance, 6) {
        let words = 5 + below(chance, 60);
        let text = sentence(chance, words);
        let _ = match below(chance, 8) {
            0 => write!(out, "## {text}\n\n"),
            1 => write!(out, "- {text}\n- altro\n\n"),
            2 => write!(out, "> {text}\n\n"),
            3 => write!(out, "[{text}](https://www.bellariva.test/{})\n\n", "percorso-lungo/".repeat(30)),
            4 => write!(out, "«{text}», dice **Ada Corti**, sindaca.\n\n"),
            5 => write!(out, "{}\n\n", "parola".repeat(200)),
            6 => write!(out, ".{text}\n.\n..\nFrom {text}\n\n"),
            _ => write!(out, "{text}\n\n"),
        };
    }
    out
}

fn house() -> House {
    House {
        office: "Comune di Bellariva sul Lago".into(),
        town: "Bellariva sul Lago".into(),
        contacts: "Ufficio stampa, tel. 0300 000".into(),
        base_url: "https://stampa.bellariva.test".into(),
        lang: salastampa_locale::Lang::It,
    }
}

/// What went in, and the bytes that came out.
pub struct Made {
    letter: Letter,
    to: String,
    /// The message.
    pub bytes: Vec<u8>,
}

/// A frozen release as the letter that goes to a list.
fn letter(frozen: Frozen) -> Letter {
    Letter {
        subject: frozen.subject,
        html: frozen.html,
        text: frozen.text,
        language: "it".into(),
        auto_generated: false,
        list: Some("comunicati".into()),
        attachments: Vec::new(),
    }
}

/// A release of chance, as a message.
pub fn made(chance: &mut Chance, n: usize) -> Made {
    let title = title(chance, n).replace('\\', "\\\\").replace('"', "\\\"");
    let text = format!(
        "+++\ntitolo = \"{title}\"\nliste = [\"locali\"]\ncontatti = [\"Ufficio stampa\"]\n+++\n\n{}",
        body(chance)
    );
    let draft = draft::parse(&text).expect("a draft");
    let frozen = freeze(&draft, &house(), (2026, 1), None, NOW).expect("it may leave");
    let letter = letter(frozen);
    let to = NAMES[n % NAMES.len()].to_owned();
    let bytes = message(&letter, &to, "Ufficio stampa – Comune di Bellariva").expect("a message");
    Made { letter, to, bytes }
}

fn message(letter: &Letter, to: &str, from: &str) -> Result<Vec<u8>, salastampa_mail::BadMessage> {
    message_with(letter, to, from, None)
}

fn message_with(
    letter: &Letter,
    to: &str,
    from: &str,
    note: Option<&str>,
) -> Result<Vec<u8>, salastampa_mail::BadMessage> {
    let address = |text: &str| Address::parse(text).expect("an address of the test");
    let from = Sender {
        name: from.into(),
        address: address("stampa@bellariva.test"),
        reply_to: address("stampa@bellariva.test"),
        list_host: "bellariva.test".into(),
        help: "https://stampa.bellariva.test".into(),
    };
    let journalist = address("redazione@il-lago.test");
    let personal = Personal {
        to: &journalist,
        to_name: Some(to).filter(|name| !name.is_empty()),
        message_id: "release1.v1.r0.aa@bellariva.test",
        in_reply_to: None,
        date: NOW,
        note,
        delivery: DeliveryId(7),
        own_data: None,
        unsubscribe: Some(Unsubscribe {
            url: "https://stampa.bellariva.test/disiscrizione/u-7-0-aa",
            mailto: "stampa@bellariva.test",
        }),
    };
    signed(render(letter, &personal, &from, &[])?, &signers(), NOW)
}

/// One line of blanks and line ends: what a reader sees of a header.
fn seen(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of a text part as they were before they were made ready for `format=flowed` (RFC 3676 §4.2, stuffing).
fn unstuffed(text: &str) -> String {
    text.replace("\r\n", "\n")
        .split('\n')
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn trimmed(text: &str) -> String {
    text.replace("\r\n", "\n").split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

#[tokio::test]
async fn five_hundred_releases_are_read_by_others_as_they_were_written() {
    let mut chance = Chance(500);
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = Vec::new();
    for n in 0..RELEASES {
        let one = made(&mut chance, n);
        std::fs::write(folder.path().join(format!("{n:04}.eml")), &one.bytes).expect("a file of the test");
        all.push(one);
    }
    for (n, one) in all.iter().enumerate() {
        reads_as_written(n, one, &one.bytes);
        if n % 5 == 0 {
            assert_eq!(verified(&one.bytes).await, [true, true], "{n}");
        }
    }
    let Some(python) = of_python(folder.path()) else { return };
    assert_eq!(python.len(), RELEASES);
    for (n, (one, read)) in all.iter().zip(&python).enumerate() {
        others_agree(n, one, &one.bytes, read);
    }
}

/// A message is read by a library that is not ours as it was written.
pub fn reads_as_written(n: usize, Made { letter, to, .. }: &Made, bytes: &[u8]) {
    let head_end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    assert!(bytes[..head_end].is_ascii(), "{n}: a header that is not ASCII");
    let longest = bytes.split(|b| *b == b'\n').map(|line| line.len()).max().expect("lines");
    assert!(longest <= 998, "{n}: a line of {longest} bytes");
    assert!(!bytes.windows(2).any(|two| two[1] == b'\n' && two[0] != b'\r'), "{n}: a bare line feed");
    let read = MessageParser::default().parse(bytes).expect("a message");
    assert_eq!(seen(read.subject().expect("a subject")), seen(&letter.subject), "{n}");
    let name = read.to().and_then(|to| to.first()).and_then(|one| one.name()).unwrap_or_default();
    assert_eq!(seen(name), seen(to), "{n}");
    let from = read.from().and_then(|from| from.first()).and_then(|one| one.name()).expect("a name");
    assert_eq!(from, "Ufficio stampa – Comune di Bellariva", "{n}");
    let link = "https://stampa.bellariva.test/disiscrizione/u-7-0-aa";
    let text = read.body_text(0).expect("a text part");
    assert_eq!(
        trimmed(&unstuffed(&text)),
        trimmed(&without_note(&letter.text).replace("{{disiscrizione}}", link)),
        "{n}"
    );
    let html = read.body_html(0).expect("an HTML part");
    assert_eq!(trimmed(&html), trimmed(&without_note(&letter.html).replace("{{disiscrizione}}", link)), "{n}");
    assert!(html.len() < HTML_LIMIT, "{n}");
    assert!(read.parts.iter().all(|part| part.attachment_name().is_none()), "{n}: files are linked");
}

/// What Python read in a message is what was written, and what the other library reads.
pub fn others_agree(n: usize, Made { letter, to, .. }: &Made, bytes: &[u8], read: &serde_json::Value) {
    assert_eq!(seen(read["subject"].as_str().expect("a subject")), seen(&letter.subject), "{n}");
    assert_eq!(seen(read["to"][0][0].as_str().expect("a name")), seen(to), "{n}");
    assert_eq!(read["to"].as_array().map(Vec::len), Some(1), "{n}: one recipient");
    assert_eq!(read["signed"], serde_json::json!([true, true]), "{n}");
    assert_eq!(read["defects"], serde_json::json!([]), "{n}");
    let other = MessageParser::default().parse(bytes).expect("a message");
    assert_eq!(trimmed(read["text"].as_str().expect("a text")), trimmed(&other.body_text(0).expect("a text")), "{n}");
    assert_eq!(trimmed(read["html"].as_str().expect("HTML")), trimmed(&other.body_html(0).expect("HTML")), "{n}");
}

#[test]
fn no_header_takes_a_line_in() {
    let mut tried = 0;
    let letter = made(&mut Chance(1), 1).letter;
    let ends =
        ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\0", "\u{b}", "\u{c}", "\r\n\r\n", "\n ", "=0D=0A", "%0d%0a"];
    for end in ends {
        for (subject, to, from) in [
            (format!("Ponte{end}Bcc: altri@altrove.test"), String::new(), "Ufficio".to_owned()),
            (format!("{end}To: altri@altrove.test"), String::new(), "Ufficio".to_owned()),
            ("Ponte".to_owned(), format!("Rita{end}Bcc: altri@altrove.test"), "Ufficio".to_owned()),
            ("Ponte".to_owned(), format!("Rita>{end}Subject: altro"), "Ufficio".to_owned()),
            ("Ponte".to_owned(), String::new(), format!("Ufficio{end}Reply-To: altri@altrove.test")),
        ] {
            tried += 1;
            let letter = Letter { subject, ..letter.clone() };
            // refused, or one header whose value holds the words and nothing else
            let Ok(bytes) = message(&letter, &to, &from) else { continue };
            let read = MessageParser::default().parse(&bytes).expect("a message");
            assert!(read.bcc().is_none() && read.to().map(|to| to.iter().count()) == Some(1), "{end:?}");
            let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
            let head = String::from_utf8_lossy(&bytes[..head]).into_owned();
            for name in ["subject", "to", "from", "reply-to", "bcc"] {
                let found =
                    head.lines().filter(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:"))).count();
                assert_eq!(found, usize::from(name != "bcc"), "{end:?}: {name}\n{head}");
            }
        }
    }
    assert!(tried >= 50, "{tried}");
}

#[test]
fn the_longest_text_that_may_be_approved_leaves_to_everybody_also_with_a_note() {
    let of = |words: usize| {
        let body = "Il Comune apre il ponte sul Gerna. ".repeat(words);
        let text = format!("+++\ntitolo = \"Apre il ponte\"\nliste = [\"locali\"]\n+++\n\n{body}\n");
        freeze(&draft::parse(&text).expect("a draft"), &house(), (2026, 1), None, NOW)
    };
    let (mut fits, mut refused) = (1, 4_000);
    assert!(of(refused).is_err(), "as it was too long for mail programs");
    while refused - fits > 1 {
        let middle = fits.midpoint(refused);
        if of(middle).is_ok() { fits = middle } else { refused = middle }
    }
    let frozen = of(fits).expect("it may leave");
    let letter = letter(frozen);
    // the longest note: each of its characters is written as six
    let note = "\"".repeat(salastampa_domain::delivery::NOTE_LIMIT);
    for note in [None, Some(note.as_str())] {
        message_with(&letter, "Rita", "Ufficio stampa", note).expect("it leaves");
    }
}
