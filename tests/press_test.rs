//! A press office in a folder: its files, the program run on it, the mail that it wrote.

use crate::outlets::Outlets;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
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
        Self {
            folder: tempfile::tempdir().expect("a folder for the test"),
            outlets: Outlets::start(),
            hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
            settings: String::new(),
            environment: Vec::new(),
        }
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
        self.write("office.toml", OFFICE);
        let ran = self.run(MORNING, &["import", "office", "office.toml"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        self
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
        command.current_dir(self.path()).env_remove("RUST_LOG").env("RUST_LOG", "warn");
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command
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

fn ran(output: std::io::Result<Output>) -> Ran {
    let output = output.expect("the program starts");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Header lines in one piece, and the soft line breaks of quoted-printable taken out, so that a test can look for words.
fn unfolded(mail: &str) -> String {
    mail.replace("\r\n", "\n").replace("\n ", " ").replace("=\n", "")
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

const OFFICE: &str = r#"
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
