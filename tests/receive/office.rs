//! An office whose mail goes to a server that remembers it, and what that server could send back.

use crate::press_test::{OFFICE, Press, Ran, header};
use crate::sink::{Act, Received, Script, Sink, Verb};
use std::io::Write;
use std::process::Stdio;

/// The office, and the server that its mail goes to.
pub struct Office {
    pub press: Press,
    sink: Sink,
    _runtime: tokio::runtime::Runtime,
}

/// What a server knows of a mail that the office sent.
#[derive(Clone, Debug, Default)]
pub struct Mailed {
    /// The receiver.
    pub to: String,
    /// The envelope sender.
    pub verp: String,
    /// What was given with the envelope.
    pub envid: String,
    /// The Message-ID.
    pub message_id: String,
    /// What follows `mailto:` for who wants to leave.
    pub leave: String,
}

impl Office {
    /// An office with journalists of those addresses on one list.
    pub fn new(mail: &str, addresses: &[String]) -> Self {
        Self::of(Script::new(), mail, addresses)
    }

    /// One whose relay knows no such recipient.
    pub fn refusing(gone: &str, addresses: &[String]) -> Self {
        Self::of(Script::new().on(Verb::Rcpt, gone, Act::reply("550 5.1.1 no such user here")), "", addresses)
    }

    fn of(script: Script, mail: &str, addresses: &[String]) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let sink = runtime.block_on(Sink::start(script));
        let (host, port) = (sink.addr.ip(), sink.addr.port());
        let mail = if mail.is_empty() { "[mail]\n" } else { mail };
        let press = Press::new(&[]).settings(&format!(
            "{mail}transport = \"smtp\"\n[smtp]\nhost = \"{host}\"\nport = {port}\ntls = \"off\"\nconnections = 2\n"
        ));
        press.office_of("2026-11-23 08:00", OFFICE);
        let lines: String = addresses.iter().map(|a| format!("Persona {a};{a};locali\n")).collect();
        press.write("journalists.csv", format!("nome;email;liste\n{lines}"));
        let ran = press.run("2026-11-23 08:00", &["import", "contacts", "journalists.csv"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        Self { press, sink, _runtime: runtime }
    }

    /// Writes and approves a release of that day.
    pub fn approve(&self, day: &str, slug: &str) {
        self.press.write(
            "testo.md",
            format!(
                "+++\ntitolo = \"Apre il ponte sul Gerna, {slug}\"\nliste = [\"locali\"]\n\
                 contatti = [\"Ufficio stampa, tel. 0300 555\"]\n+++\n\nDa lunedì il Comune di Bellariva apre il nuovo \
                 ponte pedonale sul Gerna: si passa a piedi e in bicicletta, dalle sei a mezzanotte.\n"
            ),
        );
        for (hour, words) in [
            ("09:00", &["new", slug, "testo.md", "--as", "elena"][..]),
            ("09:10", &["submit", slug, "--as", "elena"]),
            ("09:20", &["approve", slug, "--as", "carlo"]),
        ] {
            let ran = self.press.run(&format!("{day} {hour}"), &[&["release"], words].concat());
            assert_eq!(ran.code, 0, "{ran:?}");
        }
    }

    /// Sends a release to all of them.
    pub fn send(&self, day: &str, slug: &str) {
        self.approve(day, slug);
        let ran = self.press.run(&format!("{day} 09:30"), &["release", "send", slug, "--as", "carlo"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let ran = self.press.run(&format!("{day} 09:31"), &["run", "deliver"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    /// The mails that the server took for an address.
    pub fn all_to(&self, address: &str) -> Vec<Received> {
        self.sink.log().messages.into_iter().filter(|m| m.accepted && m.recipient == address).collect()
    }

    /// What the server knows of the last mail to an address.
    pub fn mailed(&self, address: &str) -> Mailed {
        self.known(&self.all_to(address).pop().expect("it was sent"))
    }

    /// What it knows of the mail of that day; `None` if there was none.
    pub fn mailed_on(&self, day: &str, address: &str) -> Option<Mailed> {
        let last = self.all_to(address).pop()?;
        let day = day.rsplit('-').next().unwrap_or_default();
        header(&text(&last.bytes), "Date").contains(&format!(" {day} ")).then(|| self.known(&last))
    }

    fn known(&self, mail: &Received) -> Mailed {
        let text = text(&mail.bytes);
        let leave = header(&text, "List-Unsubscribe");
        let leave = leave.split_once("<mailto:").and_then(|(_, rest)| rest.split_once('>'));
        // where many share a sender, only their order tells which envelope was whose: then the last is good enough
        let command = self
            .sink
            .log()
            .commands
            .into_iter()
            .rev()
            .map(|(_, line)| line)
            .find(|line| line.starts_with(&format!("MAIL FROM:<{}>", mail.sender)));
        let envid = command.as_deref().and_then(|line| line.split_once("ENVID=")).map(|(_, rest)| rest);
        Mailed {
            to: mail.recipient.clone(),
            verp: mail.sender.clone(),
            envid: envid.and_then(|rest| rest.split(' ').next()).unwrap_or_default().to_owned(),
            message_id: mail.message_id.clone(),
            leave: leave.map(|(leave, _)| leave.to_owned()).unwrap_or_default(),
        }
    }

    /// Hands a mail to `salastampa receive`, as a mail server does.
    pub fn receive(&self, now: &str, bytes: &[u8], words: &[&str]) -> Ran {
        let mut command = self.press.command();
        command.arg("--now").arg(now).arg("receive").args(words);
        pipe(command, bytes)
    }
}

/// Runs a program with those bytes on its standard input.
pub fn pipe(mut command: std::process::Command, bytes: &[u8]) -> Ran {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    // one that ends before it has read all breaks the pipe, which its exit code then tells
    let _ = stdin.write_all(bytes);
    drop(stdin);
    crate::press_test::ran(child.wait_with_output())
}

impl Mailed {
    /// A mail of the folder as it would come back of this one; `foreign` is what another office has sent.
    pub fn fill(&self, name: &str, foreign: &Self, day: &str) -> Vec<u8> {
        let path = format!("{}/tests/worlds/bounces/{name}.eml", env!("CARGO_MANIFEST_DIR"));
        let mut bytes = std::fs::read(path).expect("the mail is there");
        let (leave_address, leave_token) = self.leave.split_once("?subject=unsubscribe%20").unwrap_or_default();
        let date = format!("{day} 09:45:00 +0100");
        let date_id = day.replace('-', "");
        let number: String =
            self.verp.chars().skip_while(|c| *c != '+').skip(1).take_while(char::is_ascii_digit).collect();
        let other = number.parse::<i64>().map_or(1, |n| n + 1).to_string();
        let capitals = self.verp.to_uppercase();
        for (mark, value) in [
            ("verp", self.verp.as_str()),
            ("VERP", &capitals),
            ("envid", &self.envid),
            ("message_id", &self.message_id),
            ("to", &self.to),
            ("leave_address", leave_address),
            ("leave_token", leave_token),
            ("foreign_verp", &foreign.verp),
            ("foreign_envid", &foreign.envid),
            ("foreign_message_id", &foreign.message_id),
            ("renumbered_verp", &self.verp.replacen(&number, &other, 1)),
            ("date", &date),
            ("date_id", &date_id),
        ] {
            bytes = at_base(&bytes, &format!("{{{{{mark}}}}}"), value);
        }
        bytes
    }
}

/// Bytes with a text in another's place.
pub fn at_base(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from.as_bytes()) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to.as_bytes());
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// A mail with its header lines in one piece.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace("\n ", " ")
}
