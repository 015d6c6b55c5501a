//! The Postfix that a test starts: on a port of this machine, with its queue, its log and its mailboxes in a folder that
//! goes with the test. What is planned otherwise is lines of its own `main.cf` and `master.cf`.
//!
//! It wants root, because Postfix starts its parts as another user. Where it is missing the tests say so.

use crate::press_test::{skipped, unfolded};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// How a server is set up, beyond taking mail from this machine. `{at}` in any text is the server's folder.
#[derive(Default)]
pub struct Plan {
    /// Lines of `main.cf`; they win over the usual ones.
    pub main: String,
    /// Lines of `master.cf`.
    pub master: String,
    /// More files in `{at}/etc`.
    pub files: Vec<(&'static str, String)>,
    /// Those of them that `postmap` makes ready.
    pub maps: Vec<&'static str>,
}

/// A mail in the server's mailbox.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The recipient, as the server noted it.
    pub to: String,
    /// The envelope sender, as it noted it.
    pub sender: String,
    /// As a mailbox has it: lines end in LF.
    pub bytes: Vec<u8>,
}

/// A Postfix that runs; it ends with this.
pub struct Postfix {
    /// The queue and the mailbox: they go with it.
    folder: tempfile::TempDir,
    /// Its log.
    pub log: PathBuf,
    /// Where it listens, on loopback.
    pub port: u16,
}

/// Everything is kept in one mailbox, instead of thrown away.
pub const KEEPING: &str = "default_transport = virtual:\n";

const PARTS: [(&str, &str, &str, &str, &str); 15] = [
    ("cleanup", "n", "-", "0", "cleanup"),
    ("qmgr", "n", "300", "1", "qmgr"),
    ("rewrite", "-", "-", "-", "trivial-rewrite"),
    ("bounce", "-", "-", "0", "bounce"),
    ("defer", "-", "-", "0", "bounce"),
    ("trace", "-", "-", "0", "bounce"),
    ("proxymap", "-", "-", "-", "proxymap"),
    ("anvil", "-", "-", "1", "anvil"),
    ("scache", "-", "-", "1", "scache"),
    ("tlsmgr", "-", "1000?", "1", "tlsmgr"),
    ("retry", "-", "-", "-", "error"),
    ("error", "-", "-", "-", "error"),
    ("discard", "-", "-", "-", "discard"),
    ("smtp", "-", "-", "-", "smtp"),
    ("local", "-", "-", "-", "local"),
];

impl Kept {
    /// The mail as the program gave it away, with CR LF: without what the server wrote above it.
    pub fn as_given(&self) -> Vec<u8> {
        let text = self.bytes.as_slice();
        let received =
            text.windows(10).position(|w| w == b"\nReceived:").expect("Postfix notes where it came from") + 1;
        let mut at = received;
        loop {
            at += text[at..].iter().position(|b| *b == b'\n').expect("the header goes on") + 1;
            if !matches!(text[at], b' ' | b'\t') {
                break;
            }
        }
        crlf(&text[at..])
    }

    /// The mail with header lines in one piece, for `header` and `words`.
    pub fn text(&self) -> String {
        unfolded(&String::from_utf8_lossy(&self.bytes))
    }
}

impl Postfix {
    /// Starts one that throws away what it has taken, if this machine can.
    pub fn start() -> Option<Self> {
        Self::of(&Plan::default())
    }

    /// Starts one as planned, if this machine can.
    pub fn of(plan: &Plan) -> Option<Self> {
        let why = |why: &str| {
            skipped("postfix", why);
            None
        };
        if Command::new("postconf").arg("-d").output().is_err() {
            return why("Postfix is not installed");
        }
        if id("-u", None) != "0" {
            return why("Postfix starts only as root");
        }
        // outside the temporary folders of a person: Postfix's own user must reach its queue
        let folder = tempfile::Builder::new().prefix("salastampa-postfix-").tempdir_in("/var/tmp").expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("its own folder");
        let at = folder.path().display().to_string();
        for part in ["etc", "queue", "data", "box"] {
            std::fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        let owned = ["postfix", &format!("{at}/data"), &format!("{at}/box")];
        assert!(Command::new("chown").args(owned).status().expect("chown runs").success(), "the package makes a user");
        let port = crate::ports::free();
        let postfix = Self { log: folder.path().join("mail.log"), folder, port };
        postfix.write("main.cf", &format!("{}{}", without(&main_cf(&at), &plan.main), plan.main));
        postfix.write("master.cf", &[master_cf(port), plan.master.clone()].concat());
        for (name, text) in &plan.files {
            postfix.write(name, text);
        }
        for name in &plan.maps {
            let map = format!("hash:{at}/etc/{name}");
            let made = Command::new("postmap").arg("-c").arg(postfix.config()).arg(map).output().expect("postmap runs");
            assert!(made.status.success(), "{made:?}");
        }
        // a machine under load may be late for the patience that Postfix has with itself
        let mut started = postfix.command("start");
        for _ in 0..2 {
            if !started.status.success() {
                started = postfix.command("start");
            }
        }
        if !started.status.success() {
            let said = String::from_utf8_lossy(&started.stderr).into_owned();
            return why(&format!("Postfix does not start: {said}{}", postfix.said()));
        }
        Some(postfix)
    }

    /// Where its settings lie.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("etc")
    }

    /// Writes a file of its settings; it is read at the start and at `reload`.
    pub fn write(&self, name: &str, text: &str) {
        let text = text.replace("{at}", &self.folder.path().display().to_string());
        std::fs::write(self.config().join(name), text).expect("a file of the test");
    }

    /// Tells it something: `flush`, `abort`, `start`.
    pub fn command(&self, verb: &str) -> Output {
        Command::new("postfix").arg("-c").arg(self.config()).arg(verb).output().expect("postfix runs")
    }

    /// The settings of an office that relays here.
    pub fn settings(&self) -> String {
        settings(self.port, 4, "")
    }

    /// Its log so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until the log has what is looked for.
    pub fn until<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        until(&self.log, what, find)
    }

    /// All mails in the mailbox, once there are so many: they come there in their own time after they were accepted.
    pub fn kept(&self, count: usize) -> Vec<Kept> {
        let mailbox = self.folder.path().join("box/all/new");
        let paths = self.until(&format!("{count} mails"), |_| {
            let found = std::fs::read_dir(&mailbox).into_iter().flatten().flatten().map(|entry| entry.path());
            let found: Vec<PathBuf> = found.collect();
            (found.len() >= count).then_some(found)
        });
        paths.iter().map(|path| kept(path)).collect()
    }

    /// What lies or lay in its queue, once there are so many: how often each Message-ID.
    pub fn taken(&self, count: usize) -> BTreeMap<String, usize> {
        self.until(&format!("{count} messages in the queue"), |log| {
            let taken = taken(log);
            (taken.values().sum::<usize>() >= count).then_some(taken)
        })
    }

    /// What it has begun to take in so far: how often each Message-ID.
    pub fn begun(&self) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        for id in self.said().lines().filter_map(|line| line.split_once("message-id=<")?.1.split_once('>')) {
            *found.entry(id.0.to_owned()).or_default() += 1;
        }
        found
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // `abort` waits until all its parts are gone, so that the folder can go too
        let _ = self.command("abort");
    }
}

/// The settings of an office that relays to a port of this machine, over so many connections.
pub fn settings(port: u16, connections: usize, more: &str) -> String {
    format!(
        "[mail]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"off\"\n\
         connections = {connections}\n{more}\n"
    )
}

/// Waits until a server's log has what is looked for: nobody else tells when Postfix is done.
pub fn until<T>(log: &Path, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        let said = std::fs::read_to_string(log).unwrap_or_default();
        if let Some(found) = find(&said) {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "there are no {what}:\n{said}");
        std::thread::yield_now();
    }
}

/// How often each Message-ID lies or lay in the queue: `cleanup` names it under a queue id, `qmgr` that queue id once the
/// message is there as a whole.
pub fn taken(log: &str) -> BTreeMap<String, usize> {
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for line in log.lines() {
        let Some((_, said)) = line.split_once("]: ") else { continue };
        let Some((queue_id, said)) = said.split_once(": ") else { continue };
        if let Some(id) = said.strip_prefix("message-id=<").and_then(|id| id.strip_suffix('>')) {
            named.insert(queue_id, id);
        } else if said.starts_with("from=<")
            && let Some(id) = named.remove(queue_id)
        {
            *found.entry(id.to_owned()).or_default() += 1;
        }
    }
    found
}

/// Lines as they go over the wire.
pub fn crlf(bytes: &[u8]) -> Vec<u8> {
    bytes
        .split_inclusive(|b| *b == b'\n')
        .flat_map(|line| match line.strip_suffix(b"\n") {
            Some(line) => [line, b"\r\n"].concat(),
            None => line.to_vec(),
        })
        .collect()
}

/// A number of a user: `-u` of the user, `-g` of the group.
pub fn id(what: &str, user: Option<&str>) -> String {
    let id = Command::new("id").arg(what).args(user).output().expect("id runs");
    String::from_utf8_lossy(&id.stdout).trim().to_owned()
}

fn main_cf(at: &str) -> String {
    let (user, group) = (id("-u", Some("postfix")), id("-g", Some("postfix")));
    format!(
        "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\nmail_owner = postfix\n\
         setgid_group = postdrop\nmyhostname = posta.bellariva.test\nmydestination =\ninet_interfaces = 127.0.0.1\n\
         inet_protocols = ipv4\nmynetworks = 127.0.0.0/8\ndefault_transport = discard:\nrelay_transport = discard:\n\
         smtpd_tls_security_level = none\nsmtpd_recipient_restrictions = permit_mynetworks, reject\nalias_maps =\n\
         alias_database =\nmaillog_file = {at}/mail.log\nmaillog_file_prefixes = {at}\nvirtual_mailbox_base = {at}/box\n\
         virtual_mailbox_maps = static:all/\nvirtual_mailbox_domains =\nvirtual_minimum_uid = 1\nvirtual_uid_maps = static:{user}\n\
         virtual_gid_maps = static:{group}\n"
    )
}

/// Settings without those that others name too.
fn without(settings: &str, others: &str) -> String {
    let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    let named: Vec<String> = others.lines().map(key).collect();
    settings.lines().filter(|line| !named.contains(&key(line))).map(|line| format!("{line}\n")).collect()
}

fn master_cf(port: u16) -> String {
    let mut parts = format!(
        "127.0.0.1:{port} inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\nvirtual unix - n n - - virtual\n"
    );
    for (name, private, wake, most, command) in PARTS {
        let privileged = if name == "local" { "n" } else { "-" };
        writeln!(parts, "{name} unix {private} {privileged} n {wake} {most} {command}").expect("a String takes all");
    }
    parts
}

/// A mail of the mailbox, with what the server noted above it.
fn kept(path: &Path) -> Kept {
    let bytes = std::fs::read(path).expect("a mail reads");
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let noted = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().trim_matches(['<', '>']).to_owned()
    };
    Kept { to: noted("Delivered-To:"), sender: noted("Return-Path:"), bytes }
}
