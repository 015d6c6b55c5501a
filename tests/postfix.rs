//! A real Postfix of the test's own, as an office has one beside the program: what is accepted there is as good as gone.
//!
//! It listens on a port of this machine, keeps its queue in the test's folder and hands every message to its `discard`
//! transport: nothing leaves. It wants root, because Postfix starts its parts as another user; where it is missing the
//! tests say so. Left out: what a mail server answers when it is ill, which the scripted server of `mail/tests/sink` plays.

use crate::press_test::{MORNING, Press, skipped};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// A Postfix that runs; it ends with this.
struct Postfix {
    // held: the queue goes with it
    _folder: tempfile::TempDir,
    config: PathBuf,
    log: PathBuf,
    port: u16,
}

impl Postfix {
    /// Starts one, if this machine can.
    fn start() -> Option<Self> {
        let why = |why: &str| {
            skipped("postfix", why);
            None
        };
        if Command::new("postconf").arg("-d").output().is_err() {
            return why("Postfix is not installed");
        }
        let id = Command::new("id").arg("-u").output().expect("id runs");
        if id.stdout.trim_ascii() != b"0" {
            return why("Postfix starts only as root");
        }
        // outside the temporary folders of a person: Postfix's own user must reach its queue
        let folder = tempfile::Builder::new().prefix("salastampa-postfix-").tempdir_in("/var/tmp").expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("its own folder");
        let (config, log) = (folder.path().join("etc"), folder.path().join("mail.log"));
        std::fs::create_dir(&config).expect("a folder");
        let port = free_port();
        let at = folder.path().display();
        for part in ["queue", "data"] {
            std::fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        let own = Command::new("chown").args(["postfix", &format!("{at}/data")]).status().expect("chown runs");
        assert!(own.success(), "the package makes a user postfix");
        std::fs::write(
            config.join("main.cf"),
            format!(
                "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\n\
                 mail_owner = postfix\nsetgid_group = postdrop\nmyhostname = posta.bellariva.test\n\
                 mydestination =\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmynetworks = 127.0.0.0/8\n\
                 default_transport = discard:\nrelay_transport = discard:\nsmtpd_tls_security_level = none\n\
                 smtpd_recipient_restrictions = permit_mynetworks, reject\nalias_maps =\nalias_database =\n\
                 maillog_file = {at}/mail.log\nmaillog_file_prefixes = {at}\n"
            ),
        )
        .expect("a file of the test");
        let mut parts = format!("127.0.0.1:{port} inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\n");
        for (name, private, wake, most, command) in [
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
        ] {
            writeln!(parts, "{name} unix {private} - n {wake} {most} {command}").expect("a String takes all");
        }
        std::fs::write(config.join("master.cf"), parts).expect("a file of the test");
        let postfix = Self { _folder: folder, config, log, port };
        let started = postfix.command("start");
        if !started.status.success() {
            let said = String::from_utf8_lossy(&started.stderr).into_owned();
            return why(&format!("Postfix does not start: {said}"));
        }
        Some(postfix)
    }

    fn command(&self, verb: &str) -> std::process::Output {
        Command::new("postfix").arg("-c").arg(&self.config).arg(verb).output().expect("postfix runs")
    }

    /// The settings of an office that relays here.
    fn settings(&self) -> String {
        format!(
            "[mail]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"off\"\nconnections = 4\n",
            self.port
        )
    }

    /// What was accepted: how often each Message-ID, by its log.
    fn accepted(&self) -> BTreeMap<String, usize> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let mut found = BTreeMap::new();
        for id in log.lines().filter_map(|line| line.split_once("message-id=<")?.1.split_once('>')) {
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

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("it is bound").port()
}

/// An office with so many readers of one edition.
fn office(readers: usize) -> String {
    let mut text = String::from(
        "[[user]]\nlogin = \"elena\"\nname = \"Elena Prati\"\nrole = \"editor\"\n\n[[watch]]\nslug = \"molo\"\n\
         name = \"Molo\"\nquery = \"molo\"\n\n[[edition]]\nslug = \"generale\"\nname = \"Rassegna generale\"\n\
         schedule = \"0 7 * * *\"\n\n[[edition.section]]\nname = \"Lavori\"\nwatches = [\"molo\"]\n",
    );
    for n in 0..readers {
        write!(
            text,
            "\n[[reader]]\nslug = \"lettore-{n}\"\nname = \"Lettrice {n}\"\naddress = \"lettrice{n}@bellariva.test\"\n\
             editions = [\"generale\"]\n"
        )
        .expect("a String takes all");
    }
    text
}

#[test]
fn a_hundred_and_twenty_readers_have_their_review_through_postfix_each_once() {
    let Some(postfix) = Postfix::start() else { return };
    let press = Press::new(&[]).settings(&postfix.settings());
    press.office_of(MORNING, &office(120));
    let began = Instant::now();
    press.live("2026-11-23 06:59", "2026-11-23 07:05");
    // told, not judged: machines are shared
    println!("from a minute before the hour to five after it: {} ms", began.elapsed().as_millis());
    let states =
        press.rows("select state || ' ' || uncertain || ' ' || count(*) from delivery group by state, uncertain");
    assert_eq!(states, ["accepted 0 120"]);
    let accepted = postfix.accepted();
    assert_eq!(accepted.len(), 120, "each has a message of her own");
    assert!(accepted.iter().all(|(id, times)| id.starts_with("review") && *times == 1), "{accepted:?}");
    assert!(press.mails().is_empty(), "nothing went to the folder");
}
