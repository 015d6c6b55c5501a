//! What is wrong in files, in answers of servers and in the machine: told with its place and what to do, exit code 1,
//! nothing lost, and the rest goes on.

use crate::outlets::{Answer, page, query, rss};
use crate::press_test::{MORNING, Office, Press, Ran, skipped};
use crate::sink::{Script, Sink};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

const DATE: &str = "Mon, 23 Nov 2026 05:30:00 +0100";

/// The program said no, and said these things about it.
#[track_caller]
pub fn refused(ran: &Ran, parts: &[&str]) {
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.lines().any(|line| line.starts_with("salastampa: ")), "{ran:?}");
    assert!(!ran.err.contains("panicked"), "{ran:?}");
    for part in parts {
        assert!(ran.err.contains(part), "{part:?} is missing in: {}", ran.err);
    }
}

/// An office that has read one article of each of its hosts.
pub fn with_articles(hosts: &[&str]) -> Press {
    let press = Press::new(hosts);
    press.feeds();
    for host in hosts {
        let title = format!("Riaperto il traghetto, scrive {host}");
        press.outlets.feed(host, &[("pa", &title, "Corse ogni ora.", DATE)]);
    }
    press.live(MORNING, "2026-11-23 06:10");
    assert_eq!(press.found("2026-11-23 06:10", "traghetto").len(), hosts.len());
    press
}

#[test]
fn wrong_usage_is_told_apart_by_its_exit_code() {
    let press = Press::new(&[]);
    for words in [&["frobnicate"][..], &["search"], &["search", "a", "--count", "--csv"], &["demo", "--port", "x"], &[]]
    {
        let ran = press.run_now(words);
        assert_eq!(ran.code, 2, "{words:?}: {ran:?}");
        assert!(ran.err.contains("Usage") || ran.err.contains("--help"), "{ran:?}");
    }
    assert!(!press.path().join("data").exists(), "a slip of the pen makes no folder");
}

#[test]
fn all_mistakes_of_feeds_toml_are_told_at_once_with_their_lines_and_the_sources_stay() {
    let press = with_articles(&["lago.test"]);
    press.write(
        "feeds.toml",
        r#"[[outlet]]
id = "lago-test"
name = "Il Lago"
kind = "local"
colour = "blu"

[[source]]
id = "lago-test-tutte"
outlet = "lago-test"
kind = "feed"
url = "lago.test/feed.xml"
class = "Z"

[[source]]
id = "lago-test-tutte"
outlet = "il-monte"
kind = "feed"
url = "http://monte.test/feed.xml"
class = "C"
"#,
    );
    let told = [
        "feeds.toml:5: chiave sconosciuta «colour»",
        "feeds.toml:11: «url» non è un indirizzo valido",
        "feeds.toml:12: «class» non può essere «Z»; valori ammessi: A, B, C, D",
        "feeds.toml:15: «id» doppio",
        "feeds.toml:16: la testata «il-monte» non c'è nel file",
    ];
    refused(&press.run("2026-11-23 06:10", &["run", "all"]), &told);
    let check = press.run("2026-11-23 06:10", &["check"]);
    assert_eq!(check.code, 1, "{check:?}");
    assert!(told.iter().all(|t| check.out.contains(t)), "{check:?}");
    assert!(check.out.contains("ok       database"), "the rest is looked at too: {check:?}");
    assert_eq!(press.rows("select slug from source where retired_at is null"), ["lago-test-tutte"]);
    assert_eq!(press.found("2026-11-23 06:10", "traghetto").len(), 1);
    press.feeds().live("2026-11-23 06:10", "2026-11-23 06:40");
}

#[test]
fn an_office_file_with_mistakes_changes_nothing() {
    let press = Press::new(&[]);
    press.office();
    let good = std::fs::read_to_string(press.path().join("office.toml")).expect("it was just written");
    let watches = press.rows("select slug || query from watch order by slug");
    let bad = good
        .replace("\"0 7 * * *\"", "\"0 25 * * *\"")
        .replace("frana OR allagamento", "(frana OR")
        .replace("nava@bellariva.test", "nava at bellariva");
    press.write("office.toml", bad);
    refused(
        &press.run(MORNING, &["import", "office", "office.toml"]),
        &["office.toml: edition \"generale\"", "0 25 * * *", "30 6 * * *", "watch \"frane\"", "reader \"assessore\""],
    );
    press.write("office.toml", good.replace("weight = 9", "wieght = 9"));
    refused(
        &press.run(MORNING, &["import", "office", "office.toml"]),
        &["office.toml:21: unknown field `wieght`", "`weight`"],
    );
    assert_eq!(press.rows("select slug || query from watch order by slug"), watches);
    press.write("office.toml", "citt\u{e0}".chars().map(|c| c as u8).collect::<Vec<u8>>());
    refused(&press.run(MORNING, &["import", "office", "office.toml"]), &["office.toml", "UTF-8"]);
    refused(&press.run(MORNING, &["import", "office", "ufficio.toml"]), &["ufficio.toml"]);
}

#[test]
fn a_bad_line_of_journalists_is_told_with_its_number_and_the_others_are_taken() {
    let press = Press::new(&[]);
    press.office();
    press.write(
        "journalists.csv",
        "nome;email;mezzo;liste\nRita Melzi;rita@riva.test;radio;locali\nUgo Bassi;ugo at molo;web;locali\n\
         Lea Conti;lea@sponda.test;piccione;locali\nPia Neri;pia@vela.test;web;nessuna\n",
    );
    let ran = press.run(MORNING, &["import", "contacts", "journalists.csv"]);
    for line in ["journalists.csv:3:", "journalists.csv:4:", "journalists.csv:5:", "piccione", "1 journalists, 3 lines"]
    {
        assert!(ran.out.contains(line), "{line} is missing in {ran:?}");
    }
    assert_eq!(press.rows("select name from contact"), ["Rita Melzi"]);
    press.write("journalists.csv", "nome;testata\nRita Melzi;Radio Riva\n");
    refused(&press.run(MORNING, &["import", "contacts", "journalists.csv"]), &["journalists.csv:1:", "email"]);
}

#[test]
fn a_slip_in_salastampa_toml_is_told_with_line_key_and_remedy() {
    let press = Press::new(&[]);
    for (text, parts) in [
        ("[web]\nlisten = \"127.0.0.1:80800\"\n", &["salastampa.toml:2: listen: ", "up to 65535"][..]),
        ("[smtp]\nport = 70000\n", &["salastampa.toml:2: port: ", "up to 65535"]),
        ("[web]\nlistn = \"127.0.0.1:8080\"\n", &["salastampa.toml:2: unknown field `listn`", "`listen`"]),
        ("[wbe]\n", &["salastampa.toml:1: unknown field `wbe`", "`web`"]),
        ("[office]\nsender = \"nessuno\"\n", &["salastampa.toml: ", "office.sender", "such as"]),
        ("[web\n", &["salastampa.toml:1: "]),
    ] {
        std::fs::create_dir_all(press.path().join("bad")).expect("a folder");
        press.write("bad/salastampa.toml", text);
        let ran = press.run_now(&["--config", "bad/salastampa.toml", "search", "ponte"]);
        refused(&ran, parts);
        assert!(!press.path().join("data").exists(), "nothing was begun");
    }
    refused(&press.run_now(&["--config", "altrove.toml", "check"]), &["altrove.toml"]);
    let press = press.environment("SALASTAMPA__SMTP__PROT", "25");
    refused(&press.run_now(&["check"]), &["SALASTAMPA__SMTP__PROT", "no such setting"]);
}

#[test]
fn feeds_that_are_none_are_named_and_the_others_go_on() {
    let hosts = ["pagina.test", "enorme.test", "profondo.test", "gusci.test", "vuoto.test", "lago.test"];
    let press = Press::new(&hosts);
    press.feeds();
    let answer = |host: &str, answer: Answer| press.outlets.answer(host, "/feed.xml", answer);
    answer("pagina.test", Answer::ok("text/html; charset=utf-8", page("Il nuovo sito", "Tutto cambia.")));
    let mut huge = b"<rss version=\"2.0\"><channel><title>Enorme</title><!--".to_vec();
    huge.resize(50 << 20, b'x');
    answer("enorme.test", Answer::ok("application/rss+xml", huge));
    let deep = format!("<rss version=\"2.0\"><channel><item><title>Uno</title>{}", "<a>".repeat(100_000));
    answer("profondo.test", Answer::ok("application/rss+xml", deep));
    let shells = format!("<rss version=\"2.0\"><channel>{}", "<item>".repeat(100_000));
    answer("gusci.test", Answer::ok("application/rss+xml", shells));
    answer("vuoto.test", Answer::ok("application/rss+xml", ""));
    press.outlets.feed("lago.test", &[("pa", "Riaperto il traghetto", "Corse ogni ora.", DATE)]);
    // an article page without an end is one article's trouble: it is kept in the feed's words
    let deep = format!("<html><body>{}<p>Testo</p>", "<div>".repeat(100_000));
    press.outlets.answer("lago.test", "/pa", Answer::ok("text/html", deep));
    press.live(MORNING, "2026-11-23 09:00");
    let sources = press.run("2026-11-23 09:00", &["stats", "sources"]);
    for (slug, why) in [
        ("pagina-test", "al posto del feed c'è una pagina HTML"),
        ("enorme-test", "più grande di 10 MB"),
        ("profondo-test", "troppi elementi uno dentro l'altro"),
        ("gusci-test", "non hanno né titolo né indirizzo"),
        ("vuoto-test", "risposta vuota"),
    ] {
        let line = sources.out.lines().find(|l| l.starts_with(slug)).expect("each source has its line");
        assert!(line.contains("ill since") && line.contains(why), "{line}");
    }
    assert!(sources.out.starts_with("1 of 6 sources alive"), "{sources:?}");
    assert_eq!(press.found("2026-11-23 09:00", "traghetto"), ["Riaperto il traghetto"]);
}

#[test]
fn a_page_that_lies_about_its_letters_is_read_right() {
    let press = Press::new(&["vecchio.test", "nuovo.test"]);
    press.feeds();
    for host in ["vecchio.test", "nuovo.test"] {
        press.outlets.feed(host, &[("pa", "Riaperto il traghetto", "Corse ogni ora.", DATE)]);
    }
    let text = page("Riaperto il traghetto", "Corse ogni ora.");
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin-1")).collect();
    press.outlets.answer("vecchio.test", "/pa", Answer::ok("text/html; charset=utf-8", latin));
    press.outlets.answer("nuovo.test", "/pa", Answer::ok("text/html; charset=iso-8859-1", text));
    press.live(MORNING, "2026-11-23 06:10");
    let right =
        press.rows("select title from article_text where body like '%potrà passare%' and body like '%c''è il%'");
    assert_eq!(right.len(), 2, "{:?}", press.rows("select body from article_text"));
}

#[test]
fn mail_waits_for_a_server_that_does_not_answer_and_leaves_when_it_does() {
    let nobody = crate::ports::free();
    let press = Press::new(&["lago.test"]).settings("[mail]\ntransport = \"smtp\"\n[smtp]\ntls = \"off\"\n");
    let press = press.environment("SALASTAMPA__SMTP__PORT", &nobody.to_string());
    press.feeds().office();
    let check = press.run(MORNING, &["check"]);
    assert_eq!(check.code, 1, "{check:?}");
    assert!(check.out.contains(&format!("problem  mail: 127.0.0.1:{nobody}")), "{check:?}");
    assert!(check.out.contains("mail waits in the outbox"), "{check:?}");
    press.outlets.feed("lago.test", &[]);
    press.live(MORNING, "2026-11-23 06:10");
    press.outlets.feed("lago.test", &[("pa", "Frana sulla provinciale", "Strada chiusa.", DATE)]);
    let ran = press.live("2026-11-23 06:10", "2026-11-23 06:50");
    assert!(ran.err.contains("nothing is lost"), "{ran:?}");
    let states = || press.rows("select state from delivery");
    assert_eq!(states().len(), 2, "a mail for the mayor and one for the assessor: {:?}", states());
    assert!(states().iter().all(|s| !s.contains("accepted") && !s.contains("failed")), "{:?}", states());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let sink = runtime.block_on(Sink::start(Script::new()));
    let press = press.environment("SALASTAMPA__SMTP__PORT", &sink.addr.port().to_string());
    press.live("2026-11-23 06:50", "2026-11-23 06:59");
    let log = sink.log();
    let to: Vec<&str> = log.messages.iter().map(|m| m.recipient.as_str()).collect();
    assert_eq!(to.len(), 2, "{to:?}");
    assert!(to.contains(&"sindaca@bellariva.test") && to.contains(&"nava@bellariva.test"), "{to:?}");
}

#[test]
fn a_question_without_measure_is_told_in_a_few_lines() {
    let press = with_articles(&["lago.test"]);
    let many = "ponte OR ".repeat(300) + "lago";
    let deep = format!("{}ponte{}", "(".repeat(60), ")".repeat(60));
    for (question, parts) in [
        // as much as the system lets a person type
        ("ponte ".repeat(20_000), &["La ricerca supera i 4.000 caratteri."][..]),
        ("p ".repeat(10_000), &["La ricerca supera i 4.000 caratteri."]),
        (many, &["La ricerca ha più di 256 parole (colonna 2305).", "^"]),
        (deep, &["La ricerca ha più di 50 livelli di parentesi (colonna 51).", "^"]),
        ("lago \"ponte".to_owned(), &["(colonna 6)", "  lago \"ponte\n       ^\n  lago \"ponte\""]),
    ] {
        let ran = press.run("2026-11-23 06:10", &["search", &question]);
        let parts: Vec<String> = parts.iter().map(|part| part.replace("(colonna 6)", "alla colonna 6")).collect();
        refused(&ran, &parts.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(ran.err.len() < 1_000, "{} bytes for {question:.40}", ran.err.len());
    }
    // an address of a megabyte is refused by the office, and the next one is answered
    let served = crate::verbs::Served::start(&press, "2026-11-23 06:10");
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", served.port)).expect("it listens");
    let asked = format!("GET /desk/archivio?q={} HTTP/1.1\r\nHost: x\r\n\r\n", "ponte+".repeat(180_000));
    // it may hang up before it has heard all
    let _ = std::io::Write::write_all(&mut stream, asked.as_bytes());
    assert_eq!(served.ask("GET", "/healthz").0, 200);
    assert_eq!(served.stop(), 0);
}

/// A small disk over a folder; taken away at the end.
pub struct Disk(PathBuf);

impl Disk {
    /// Where nothing can be mounted, says why the test is skipped.
    pub fn over(folder: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(folder).expect("a folder for the disk");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(folder.to_owned())),
            _ => {
                skipped("tmpfs", "no disk can be mounted here");
                None
            }
        }
    }

    /// Leaves so many bytes free.
    pub fn fill(&self, spare: u64) {
        use std::io::Write;
        let path = self.0.join("filler");
        let mut file = std::fs::File::create(&path).expect("the disk takes a file");
        while file.write_all(&[0; 4096]).is_ok() {}
        let size = file.metadata().expect("the file is there").len();
        file.set_len(size.saturating_sub(spare)).expect("it becomes shorter");
    }

    /// Takes away what filled it.
    pub fn make_room(&self) {
        std::fs::remove_file(self.0.join("filler")).expect("the filler is there");
    }

    /// Whether it lets itself be written.
    pub fn read_only(&self, yes: bool) {
        let mode = if yes { "remount,ro" } else { "remount,rw" };
        let done = Command::new("mount").args(["-o", mode]).arg(&self.0).status();
        assert!(done.expect("mount runs").success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn on_a_full_disk_nothing_is_lost_and_all_goes_on_when_there_is_room() {
    let press = Press::new(&["lago.test"]);
    let Some(disk) = Disk::over(&press.path().join("data"), "8m") else { return };
    press.feeds().office();
    let first = ("pa", "Riaperto il traghetto", "Corse ogni ora.", DATE);
    press.outlets.feed("lago.test", &[first]);
    press.live(MORNING, "2026-11-23 06:10");
    let titles: Vec<String> = (0..40).map(|n| format!("Consiglio comunale, punto numero {n} approvato")).collect();
    let slugs: Vec<String> = (0..40).map(|n| format!("c{n}")).collect();
    let mut items = vec![first];
    items.extend(titles.iter().zip(&slugs).map(|(title, slug)| (slug.as_str(), title.as_str(), "In breve.", DATE)));
    press.outlets.feed("lago.test", &items);
    // no byte left, and just enough to begin
    for spare in [0, 64 << 10] {
        disk.fill(spare);
        let ran = press.run("2026-11-23 06:10", &["run", "all", "--until", "2026-11-23 06:30"]);
        refused(&ran, &["disk is full"]);
        disk.make_room();
    }
    press.live("2026-11-23 06:30", "2026-11-23 06:59");
    assert_eq!(press.found("2026-11-23 06:59", "traghetto").len(), 1);
    assert_eq!(press.found("2026-11-23 06:59", "consiglio").len(), 40);
    assert_eq!(press.rows("pragma integrity_check"), ["ok"]);
    assert!(press.rows("select slug from source where health like '%ill%'").is_empty(), "our disk, not their fault");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_told_with_the_remedy() {
    let press = with_articles(&["lago.test"]);
    press.write("occupato", "un file");
    refused(
        &press.run(MORNING, &["--data", "occupato", "search", "x"]),
        &["occupato", "cannot be made", "data.folder"],
    );
    refused(&press.run(MORNING, &["--data", "occupato/dentro", "run", "all"]), &["occupato/dentro", "cannot be made"]);
    let Some(disk) = Disk::over(&press.path().join("sola-lettura"), "4m") else { return };
    disk.read_only(true);
    let at = ["--data", "sola-lettura"];
    refused(&press.run(MORNING, &[at[0], at[1], "run", "all"]), &["sola-lettura/salastampa.db", "write there"]);
    let check = press.run(MORNING, &[at[0], at[1], "check"]);
    assert!(check.code == 1 && check.out.contains("problem  database"), "{check:?}");
    disk.read_only(false);
    assert_eq!(press.run(MORNING, &[at[0], at[1], "check"]).code, 0);
}

#[test]
fn a_database_that_is_damaged_or_newer_is_refused_untouched() {
    let press = with_articles(&["lago.test"]);
    let database = press.path().join("data/salastampa.db");
    let step = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                values (9999, 'later', 1, x'00', 0)";
    query(&database, step).expect("the register of steps takes one more");
    refused(&press.run(MORNING, &["run", "all"]), &["salastampa.db", "newer version", "not touched"]);
    query(&database, "delete from _sqlx_migrations where version = 9999").expect("and gives it back");
    assert_eq!(press.found("2026-11-23 06:10", "traghetto").len(), 1);
    // another file in its place
    std::fs::rename(&database, press.path().join("vero.db")).expect("it is put aside");
    std::fs::write(&database, "questo non è un database, ".repeat(400)).expect("a file in its place");
    refused(&press.run(MORNING, &["search", "x"]), &["salastampa.db", "not a database", "restore"]);
    std::fs::rename(press.path().join("vero.db"), &database).expect("it comes back");
    assert_eq!(press.found("2026-11-23 06:10", "traghetto").len(), 1);
}

#[test]
fn two_living_offices_on_one_folder_are_refused_and_the_first_goes_on() {
    let press = Press::new(&["lago.test"]);
    press.feeds();
    let mut first = Office::start(&press);
    let press = press
        .environment("SALASTAMPA__WEB__LISTEN", "127.0.0.1:0")
        .environment("SALASTAMPA__WEB__METRICS", "127.0.0.1:0");
    refused(&press.run_now(&["serve"]), &["data", "in use by process", "stop that one first"]);
    // what one may do beside it works: a short look, and a request that the first takes
    assert_eq!(press.run_now(&["stats", "sources"]).code, 0);
    let asked = press.run_now(&["run", "tidy"]);
    assert!(asked.code == 0 && asked.out.contains("the running office takes it"), "{asked:?}");
    first.signal("TERM");
    assert!(first.ended().success());
    // a lock file that a dead one left is no lock
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let press = press.environment("SALASTAMPA__WEB__LISTEN", &address);
    refused(&press.run_now(&["serve"]), &[&address, "another program", "web.listen"]);
}

#[test]
fn nothing_that_a_feed_sends_stops_the_day() {
    let press = Press::new(&["rumore.test", "lago.test"]);
    press.feeds();
    press.outlets.feed("lago.test", &[("pa", "Riaperto il traghetto", "Corse ogni ora.", DATE)]);
    let good = rss("rumore.test", &[("a", "Un titolo", "x", DATE)]);
    let oddities: [(&str, Vec<u8>); 6] = [
        ("zeros", vec![0; 4096]),
        ("noise", (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
        (
            "an entity that grows",
            b"<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><rss><channel><title>&b;".to_vec(),
        ),
        ("a half letter", {
            let mut text = good.clone().into_bytes();
            text.truncate(200);
            text.push(0xC3);
            text
        }),
        ("another kind", b"{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[[[[".to_vec()),
        ("a date of nowhere", good.replace(DATE, "Xxx, 99 Zzz 99999 99:99:99").into_bytes()),
    ];
    let mut from = MORNING.to_owned();
    for (hour, (what, body)) in (7..).zip(oddities) {
        press.outlets.answer("rumore.test", "/feed.xml", Answer::ok("application/rss+xml", body));
        let until = format!("2026-11-23 {hour:02}:00");
        let ran = press.live(&from, &until);
        assert!(!ran.err.contains("ERROR"), "{what}: {ran:?}");
        from = until;
    }
    assert_eq!(press.found(&from, "traghetto").len(), 1);
}
