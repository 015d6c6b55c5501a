//! A real Postfix of the test's own, as an office has one beside the program: what is accepted there is as good as gone.
//!
//! It listens on a port of this machine, keeps its queue in the test's folder and hands every message to its `discard`
//! transport, but for one reader's, who has a mailbox in that folder: nothing leaves. It wants root, because Postfix starts its parts as another user; where it is missing the
//! tests say so. Left out: what a mail server answers when it is ill, which the scripted server of `mail/tests/sink` plays.

mod killed;

use crate::outlets::{Answer, rss};
use crate::press_test::{MORNING, Press, skipped, words};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

const SECTIONS: [(&str, &str, &str); 4] = [
    ("Porto e lago", "porto", "molo OR battello"),
    ("Scuola", "scuola", "scuola OR asilo"),
    ("Lavori", "lavori", "strada OR rotonda"),
    ("Cultura", "cultura", "teatro OR museo"),
];

/// Five stories a section, each of another outlet.
const STORIES: [[(&str, &str); 5]; 4] = [
    [
        (
            "Il molo piccolo torna ai pescatori",
            "Dopo due inverni di lavori otto gozzi rientrano agli ormeggi di sempre, e la cooperativa riapre il banco del pesce.",
        ),
        (
            "Un battello a batterie per le isole",
            "Sessanta posti, nessun rumore: la prova dura tre mesi, poi l'azienda deciderà se comprarne altri due.",
        ),
        (
            "Alghe sotto il molo di Gravina, arrivano i sommozzatori",
            "Una squadra di volontari pulirà i pali a mano, perché le macchine rovinerebbero i nidi degli svassi.",
        ),
        (
            "Battello in ritardo, i pendolari scrivono all'azienda",
            "Quaranta firme in una settimana: la corsa delle sette e dieci salta un giorno su tre.",
        ),
        (
            "Il vecchio faro del molo avrà un custode",
            "Vive a Selvapiana, ha ventisei anni e accenderà la lanterna come faceva il bisnonno.",
        ),
    ],
    [
        (
            "Scuola media, il tetto è finito",
            "I ragazzi lasciano i prefabbricati del campo sportivo e ritrovano le loro aule dopo quattordici mesi.",
        ),
        (
            "Asilo di Corvara, dodici posti in più",
            "La sala dei giochi diventa una sezione: le domande si presentano entro la fine di gennaio.",
        ),
        (
            "A scuola a piedi, nasce la terza linea",
            "Nonni e genitori accompagnano quaranta bambini da piazza delle Erbe, con il campanaccio in testa.",
        ),
        (
            "Mensa della scuola, si cambia cuoco",
            "Il nuovo appalto chiede verdura degli orti vicini e una ricetta al mese scelta dalle classi.",
        ),
        (
            "L'asilo nel bosco compie dieci anni",
            "Sono partiti in sei con una tenda; oggi hanno una casa di larice e la lista d'attesa.",
        ),
    ],
    [
        (
            "Rotonda dei Tigli, si scava di notte",
            "Le ruspe lavorano dalle ventidue alle cinque per non fermare gli autobus del mattino.",
        ),
        (
            "Strada dei mulini, riapre il ponticello",
            "Le travi nuove reggono anche il trattore: il collaudo è durato un pomeriggio.",
        ),
        (
            "Buche in strada Fornaci, la mappa dei cittadini",
            "Centodiciotto segnalazioni raccolte con le fotografie; la giunta promette asfalto a marzo.",
        ),
        (
            "La rotonda con l'ulivo divide Olmeta",
            "C'è chi lo vuole spostare in collina e chi lo difende con una petizione.",
        ),
        (
            "Neve, ogni strada ha il suo spalatore",
            "Ventinove iscritti nel registro dei volontari: a ciascuno una pala e un tratto di marciapiede.",
        ),
    ],
    [
        (
            "Al teatro Lario la stagione apre con Goldoni",
            "Undici spettacoli, tre compagnie giovani e biglietti a cinque euro per gli studenti.",
        ),
        (
            "Museo della seta, tornano i telai",
            "Restaurati a Maresio dopo l'incendio, tessono di nuovo davanti ai visitatori.",
        ),
        (
            "Il museo dei presepi cerca casa",
            "Le trecento statuine di legno lasciano la canonica: due cortili si sono offerti.",
        ),
        (
            "Teatro dei burattini, il carro riparte",
            "La famiglia Bonfanti gira i cortili con la baracca dipinta nel millenovecentodieci.",
        ),
        (
            "Notte al museo con la torcia",
            "Cinquanta ragazzini dormiranno tra gli scheletri di balena, con il sacco a pelo.",
        ),
    ],
];

/// The reader whose mail is kept.
const KEPT: &str = "lettrice0@bellariva.test";

/// A Postfix that runs; it ends with this.
struct Postfix {
    /// The queue and a mailbox: they go with it.
    folder: tempfile::TempDir,
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
        for part in ["queue", "data", "box"] {
            std::fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        let owned = ["postfix", &format!("{at}/data"), &format!("{at}/box")];
        let own = Command::new("chown").args(owned).status().expect("chown runs");
        assert!(own.success(), "the package makes a user postfix");
        let [user, group] = ["-u", "-g"].map(|flag| {
            let id = Command::new("id").args([flag, "postfix"]).output().expect("id runs");
            String::from_utf8_lossy(&id.stdout).trim().to_owned()
        });
        std::fs::write(
            config.join("main.cf"),
            format!(
                "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\n\
                 mail_owner = postfix\nsetgid_group = postdrop\nmyhostname = posta.bellariva.test\n\
                 mydestination =\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmynetworks = 127.0.0.0/8\n\
                 default_transport = discard:\nrelay_transport = discard:\nsmtpd_tls_security_level = none\n\
                 smtpd_recipient_restrictions = permit_mynetworks, reject\nalias_maps =\nalias_database =\n\
                 maillog_file = {at}/mail.log\nmaillog_file_prefixes = {at}\n\
                 transport_maps = inline:{{ {{ {KEPT} = virtual: }} }}\n\
                 virtual_mailbox_base = {at}/box\nvirtual_mailbox_maps = inline:{{ {{ {KEPT} = one/ }} }}\n\
                 virtual_minimum_uid = 1\nvirtual_uid_maps = static:{user}\nvirtual_gid_maps = static:{group}\n"
            ),
        )
        .expect("a file of the test");
        let mut parts = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\nvirtual unix - n n - - virtual\n"
        );
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
        let postfix = Self { folder, config, log, port };
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

    /// The mail in the mailbox: it comes there in its own time after it was accepted.
    fn kept(&self) -> String {
        let mailbox = self.folder.path().join("box/one/new");
        let began = Instant::now();
        loop {
            if let Some(found) = std::fs::read_dir(&mailbox).ok().and_then(|mut folder| folder.next()) {
                return std::fs::read_to_string(found.expect("a mail").path()).expect("a mail reads");
            }
            let log = || std::fs::read_to_string(&self.log).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(60), "nothing came: {}", log());
            std::thread::yield_now();
        }
    }

    /// What lies or lay in its queue: how often each Message-ID.
    fn taken(&self) -> BTreeMap<String, usize> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let mut named: BTreeMap<&str, &str> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for line in log.lines() {
            let Some((_, said)) = line.split_once("]: ") else { continue };
            let Some((queue_id, said)) = said.split_once(": ") else { continue };
            if let Some(id) = said.strip_prefix("message-id=<").and_then(|id| id.strip_suffix('>')) {
                named.insert(queue_id, id);
            } else if said.starts_with("from=<")
                && let Some(id) = named.get(queue_id)
            {
                *found.entry((*id).to_owned()).or_default() += 1;
            }
        }
        found
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
    let mut text = String::from("[[user]]\nlogin = \"elena\"\nname = \"Elena Prati\"\nrole = \"editor\"\n\n");
    for (name, slug, query) in SECTIONS {
        write!(text, "[[watch]]\nslug = \"{slug}\"\nname = \"{name}\"\nquery = \"{query}\"\n\n")
            .expect("a String takes all");
    }
    text.push_str("[[edition]]\nslug = \"generale\"\nname = \"Rassegna generale\"\nschedule = \"0 7 * * *\"\n");
    for (name, slug, _) in SECTIONS {
        write!(text, "\n[[edition.section]]\nname = \"{name}\"\nwatches = [\"{slug}\"]\n").expect("a String takes all");
    }
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
    let hosts = ["eco.test", "molo.test", "riva.test", "sponda.test", "voce.test"];
    let press = Press::new(&hosts).settings(&postfix.settings());
    press.feeds();
    let feeds = std::fs::read_to_string(press.path().join("feeds.toml")).expect("the feeds are declared");
    press.write("feeds.toml", feeds.replace("extract = true", "extract = false"));
    press.office_of(MORNING, &office(120));
    for (n, host) in hosts.iter().enumerate() {
        let date = "Mon, 23 Nov 2026 05:30:00 +0100";
        let items: Vec<_> =
            STORIES.iter().zip(SECTIONS).map(|(of, (_, slug, _))| (slug, of[n].0, of[n].1, date)).collect();
        press.outlets.answer(host, "/feed.xml", Answer::ok("application/rss+xml; charset=utf-8", rss(host, &items)));
    }
    press.live(MORNING, "2026-11-23 06:59");
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
    let mail = postfix.kept();
    // mail programs measure what they show: the PDF lies beside it
    let (shown, _) = mail.split_once("Content-Type: application/pdf").expect("the PDF comes along");
    println!("one mail of twenty stories: {} bytes, with its PDF {}", shown.len(), mail.len());
    assert!(shown.len() < 100_000, "{} bytes", shown.len());
    let text = words(&mail.replace("\r\n", "\n").replace("=\n", ""));
    let missing: Vec<&str> = STORIES.iter().flatten().map(|s| s.0).filter(|title| !text.contains(title)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in {text}");
    assert!(SECTIONS.iter().all(|(name, ..)| text.to_lowercase().contains(&name.to_lowercase())), "{text}");
    assert!(press.mails().is_empty(), "nothing went to the folder");
}
