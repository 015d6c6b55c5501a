//! A press office in a folder: its files, the program run on it, the mail that it wrote.

use crate::outlets::{Answer, Outlets, query};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// A morning of the invented town.
pub const MORNING: &str = "2026-11-23 06:00";

/// An office in a folder of its own, with invented outlets.
pub struct Press {
    folder: TempDir,
    /// The outlets.
    pub outlets: Outlets,
    hosts: Vec<String>,
    settings: String,
    environment: Vec<(String, String)>,
    /// User and group that the program runs as, if not ours.
    user: Option<(u32, u32)>,
}

/// An article of an invented outlet.
#[derive(Clone, Copy)]
pub struct Piece {
    /// Its path, without the slash.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What its feed says of it.
    pub lead: &'static str,
    /// Its paragraphs.
    pub body: &'static [&'static str],
    /// When it was published, as RSS writes it.
    pub date: &'static str,
}

impl Piece {
    fn page(&self) -> String {
        let body: String = self.body.iter().map(|p| format!("<p>{p}</p>")).collect();
        let Self { title, lead, .. } = self;
        format!(
            "<!doctype html><html lang=\"it\"><head><title>{title}</title></head><body><main><article>\
             <h1>{title}</h1><p>{lead}</p>{body}</article></main></body></html>"
        )
    }
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Press {
    /// An office that visits those hosts.
    pub fn new(hosts: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let outlets = Outlets::start();
        outlets.visited_by(folder.path().join("data/salastampa.db"));
        Self {
            folder,
            outlets,
            hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
            settings: String::new(),
            environment: Vec::new(),
            user: None,
        }
    }

    /// The program runs as another user of the machine, to whom the folder belongs from now on. Wants root.
    pub fn run_as(mut self, user: u32, group: u32) -> Self {
        std::os::unix::fs::chown(self.path(), Some(user), Some(group)).expect("root may");
        self.user = Some((user, group));
        self
    }

    /// Where the program lies, for whoever is to run it: beside the office, if its usual place is closed to that user.
    pub fn program(&self) -> PathBuf {
        let usual = PathBuf::from(env!("CARGO_BIN_EXE_salastampa"));
        let Some((user, group)) = self.user else { return usual };
        let tried = Command::new(&usual).arg("--version").uid(user).gid(group).stdout(Stdio::null()).status();
        if tried.is_ok_and(|status| status.success()) {
            return usual;
        }
        let copy = self.path().join("salastampa-program");
        if !copy.exists() {
            std::fs::copy(usual, &copy).expect("a file of the test");
        }
        copy
    }

    /// More lines of salastampa.toml.
    pub fn settings(mut self, lines: &str) -> Self {
        self.settings.push_str(lines);
        self
    }

    /// A variable of the environment.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the office.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("a file of the test");
        path
    }

    /// Declares one feed at each host, visited as a local outlet.
    pub fn feeds(&self) -> &Self {
        let text: String = self
            .hosts
            .iter()
            .map(|host| {
                let slug = host.replace('.', "-");
                format!(
                    "[[outlet]]\nid = \"{slug}\"\nname = \"{host}\"\nkind = \"local\"\narea = \"Bellariva\"\ntier = 2\n\
                     rights = \"extract_only\"\n\n[[source]]\nid = \"{slug}-tutte\"\noutlet = \"{slug}\"\n\
                     kind = \"feed\"\nurl = \"http://{host}/feed.xml\"\nclass = \"C\"\nextract = true\n\n"
                )
            })
            .collect();
        self.write("feeds.toml", text);
        self
    }

    /// A small office: an urgent watch and an ordinary one, an edition, a mayor and an assessor, three users, two lists.
    pub fn office(&self) -> &Self {
        self.office_of(MORNING, OFFICE)
    }

    /// Another office, founded at that instant.
    pub fn office_of(&self, now: &str, text: &str) -> &Self {
        self.write("office.toml", text);
        let ran = self.run(now, &["import", "office", "office.toml"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        self
    }

    /// Lets an outlet publish pieces, as its feed and as a page each; what it told before is gone from the feed.
    pub fn publish(&self, host: &str, pieces: &[Piece]) {
        let items: Vec<_> = pieces.iter().map(|p| (p.slug, p.title, p.lead, p.date)).collect();
        self.outlets.feed(host, &items);
        for piece in pieces {
            self.outlets.answer(
                host,
                &format!("/{}", piece.slug),
                Answer::ok("text/html; charset=utf-8", piece.page()),
            );
        }
    }

    /// Journalists on the lists.
    pub fn journalists(&self) -> &Self {
        self.write("journalists.csv", JOURNALISTS);
        let ran = self.run(MORNING, &["import", "contacts", "journalists.csv"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        self
    }

    /// Runs the program in the office's folder, standing at that instant of the Italian clock.
    pub fn run(&self, now: &str, words: &[&str]) -> Ran {
        ran(self.command().arg("--now").arg(now).args(words).stdin(Stdio::null()).output())
    }

    /// Runs it with the machine's own clock.
    pub fn run_now(&self, words: &[&str]) -> Ran {
        ran(self.command().args(words).stdin(Stdio::null()).output())
    }

    /// Lives through the time from one instant to another.
    pub fn live(&self, from: &str, until: &str) -> Ran {
        let ran = self.run(from, &["run", "all", "--until", until]);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    }

    /// The program, ready to be given words.
    pub fn command(&self) -> Command {
        let hosts: String = self.hosts.iter().map(|h| format!("\"{h}\" = \"{}\"\n", self.outlets.address)).collect();
        let mut text = self.settings.clone();
        if !text.contains("[office]") {
            text.push_str("\n[office]\nname = \"Comune di Bellariva\"\ntown = \"Bellariva\"\nsender = \"stampa@bellariva.test\"\n");
        }
        text.push_str(&format!("\n[crawler.hosts]\n{hosts}"));
        self.write("salastampa.toml", text);
        let mut command = Command::new(self.program());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command.current_dir(self.path()).env_remove("RUST_LOG").env("RUST_LOG", "warn");
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command
    }

    /// The titles of the articles that a search finds.
    pub fn found(&self, now: &str, query: &str) -> Vec<String> {
        let ran = self.run(now, &["search", query, "--json", "--limit", "1000"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let title = |line: &str| -> String {
            let hit: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
            hit["title"].as_str().unwrap_or_default().to_owned()
        };
        ran.out.lines().map(title).collect()
    }

    /// The first column of what a statement finds in the office's database: for what no verb shows.
    pub fn rows(&self, statement: &str) -> Vec<String> {
        query(&self.path().join("data/salastampa.db"), statement).expect("the statement is right")
    }

    /// The mails in the folder transport, oldest name first.
    pub fn mails(&self) -> Vec<String> {
        let mut mails = Vec::new();
        let mut paths: Vec<PathBuf> = std::fs::read_dir(self.path().join("data/mail"))
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|e| e == "eml"))
            .collect();
        paths.sort();
        for path in paths {
            mails.push(unfolded(&std::fs::read_to_string(path).expect("a mail reads")));
        }
        mails
    }

    /// The mails to that address.
    pub fn mails_to(&self, address: &str) -> Vec<String> {
        self.mails().into_iter().filter(|m| header(m, "To").contains(address)).collect()
    }
}

/// A living office; it is stopped at the end.
pub struct Office {
    child: Child,
    log: BufReader<std::process::ChildStderr>,
}

impl Office {
    /// Starts it, and waits until it says that it runs.
    pub fn start(press: &Press) -> Self {
        Self::start_at(press, "127.0.0.1:0")
    }

    /// The same, with its pages at that address.
    pub fn start_at(press: &Press, address: &str) -> Self {
        let mut child = press
            .command()
            .env("RUST_LOG", "salastampa=info")
            .env("SALASTAMPA__WEB__LISTEN", address)
            .env("SALASTAMPA__WEB__METRICS", "127.0.0.1:0")
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the office starts");
        let mut out = BufReader::new(child.stdout.take().expect("it was piped"));
        let log = BufReader::new(child.stderr.take().expect("it was piped"));
        let mut line = String::new();
        // the line by which a person knows that it runs
        out.read_line(&mut line).expect("it says so");
        assert!(line.starts_with("Sala Stampa: "), "{line}");
        Self { child, log }
    }

    /// Sends it a signal, such as `HUP`.
    pub fn signal(&self, name: &str) {
        let told = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
    }

    /// Reads the log up to a line with those words; gives the line.
    pub fn until(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.log.read_line(&mut line).expect("the log reads");
            assert!(read > 0, "the log ended before it said {words:?}");
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Waits for its end.
    pub fn ended(&mut self) -> std::process::ExitStatus {
        self.child.wait().expect("it ends")
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came of a run.
pub fn ran(output: std::io::Result<Output>) -> Ran {
    let output = output.expect("the program starts");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Header lines in one piece, and the soft line breaks of quoted-printable taken out, so that a test can look for words.
pub fn unfolded(mail: &str) -> String {
    let mail = mail.replace("\r\n", "\n");
    // an encoded word at the end of a header line is no soft line break
    let (head, body) = mail.split_once("\n\n").unwrap_or((&mail, ""));
    format!("{}\n\n{}", head.replace("\n ", " "), body.replace("\n ", " ").replace("=\n", ""))
}

/// The value of a header.
pub fn header(mail: &str, name: &str) -> String {
    let head = mail.split("\n\n").next().unwrap_or_default();
    let prefix = format!("{}:", name.to_lowercase());
    head.lines()
        .find(|line| line.to_lowercase().starts_with(&prefix))
        .map(|line| line[prefix.len()..].trim().to_owned())
        .unwrap_or_default()
}

/// What somebody reads in a mail: its text part, decoded, with single blanks.
pub fn words(mail: &str) -> String {
    let part = mail.split_once("Content-Type: text/plain").map_or("", |(_, rest)| rest);
    let body = part.split_once("\n\n").map_or("", |(_, rest)| rest);
    let body = body.split("\n--=_").next().unwrap_or_default();
    unquoted(body).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Quoted-printable (RFC 2045 §6.7) as text; soft line breaks are gone already.
fn unquoted(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut parts = text.split('=');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let coded = part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.extend(coded);
        bytes.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
    }
    String::from_utf8(bytes).expect("a mail is in UTF-8")
}

/// The file that came with a mail, if one did (base64, RFC 2045 §6.8).
pub fn attachment(mail: &str) -> Option<Vec<u8>> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let part = mail.split_once("Content-Disposition: attachment")?.1.split_once("\n\n")?.1;
    let text = part.split("\n--=_").next()?;
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let Some(value) = LETTERS.iter().position(|l| *l == letter) else { continue };
        held = held << 6 | u32::try_from(value).expect("a position among 64");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).expect("eight bits"));
        }
    }
    Some(bytes)
}

/// Whether the machine must have this, or the test may be skipped: says so.
pub fn skipped(what: &str, why: &str) {
    let required = std::env::var("SALASTAMPA_TEST_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|r| r.trim() == what), "{what} is required here, but: {why}");
    println!("skipped: {why}");
}

/// Whether the long form of a test is wanted.
pub fn is_long() -> bool {
    std::env::var("SALASTAMPA_TEST_LONG").is_ok_and(|v| v == "1")
}

/// The usual office.
pub const OFFICE: &str = r#"
[[user]]
login = "elena"
name = "Elena Prati"
role = "editor"

[[user]]
login = "carlo"
name = "Carlo Mandelli"
role = "chief"

[[user]]
login = "irma"
name = "Irma Solari"
role = "viewer"

[[watch]]
slug = "frane"
name = "Frane e allagamenti"
query = "frana OR allagamento"
weight = 9
urgency = "flash"

[[watch]]
slug = "lungolago"
name = "Lungolago"
query = "lungolago OR molo"
weight = 5

[[edition]]
slug = "generale"
name = "Rassegna generale"
schedule = "0 7 * * *"

[[edition.section]]
name = "Emergenze"
watches = ["frane"]

[[edition.section]]
name = "Lavori"
watches = ["lungolago"]

[[reader]]
slug = "sindaca"
name = "Ada Corti"
address = "sindaca@bellariva.test"
watches = ["frane", "lungolago"]
editions = ["generale"]

[[reader]]
slug = "assessore"
name = "Pietro Nava"
address = "nava@bellariva.test"
watches = ["frane"]
editions = ["generale"]
alerts = true

[[list]]
slug = "locali"
name = "Testate locali"

[[list]]
slug = "radio"
name = "Radio e televisioni"
"#;

const JOURNALISTS: &str = "\
nome;testata;email;mezzo;ambiti;territorio;liste;embargo;base;fonte
Rita Melzi;Radio Riva;rita@riva.test;radio;cronaca;Bellariva;locali, radio;sì;compito pubblico;albo
Ugo Bassi;Il Molo;ugo@molo.test;web;cronaca;Bellariva;locali;no;compito pubblico;sito
Lea Conti;La Sponda;lea@sponda.test;stampa;cultura;Bellariva;locali;no;compito pubblico;sito
";
