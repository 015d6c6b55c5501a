//! The verbs of the command line, as a person types them.

use crate::press_test::{MORNING, Piece, Press, Ran};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// An office that serves its pages, stopped with its owner.
pub struct Served {
    child: Child,
    /// Port of the pages.
    pub port: u16,
}

impl Served {
    /// Starts an office, standing at that instant, and waits until it answers.
    pub fn start(press: &Press, now: &str) -> Self {
        let mut command = press.command();
        command.args(["--now", now]);
        Self::of(command, press.path())
    }

    /// Starts the program in that folder, on free ports.
    fn of(mut command: Command, folder: &Path) -> Self {
        let (port, metrics) = (crate::ports::free(), crate::ports::free());
        let log = std::fs::File::create(folder.join("serve.log")).expect("a file of the test");
        command
            .env("SALASTAMPA__WEB__LISTEN", format!("127.0.0.1:{port}"))
            .env("SALASTAMPA__WEB__METRICS", format!("127.0.0.1:{metrics}"))
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let mut child = command.spawn().expect("the program starts");
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(ended) = child.try_wait().expect("the child can be asked") {
                let said = std::fs::read_to_string(folder.join("serve.log")).unwrap_or_default();
                panic!("serve ended with {ended}: {said}");
            }
            std::thread::yield_now();
        }
        Self { child, port }
    }

    /// What it answers: status and body.
    pub fn ask(&self, method: &str, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .expect("it takes a question");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers to the end");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        (status, answer.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned()))
    }

    /// Asks it to end, as the system does, and gives its exit code.
    pub fn stop(mut self) -> i32 {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill is there").success());
        self.child.wait().expect("it ends").code().unwrap_or(-1)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const PIECES: [Piece; 3] = [
    Piece {
        slug: "molo",
        title: "Il molo piccolo riapre ai pescatori",
        lead: "Finiti i lavori alle bitte.",
        body: &["Le barche torneranno agli ormeggi da sabato, nell'ordine della lista appesa in capitaneria, e \
                 fino ad aprile nessuno pagherà il posto."],
        date: "Mon, 23 Nov 2026 05:10:00 +0100",
    },
    Piece {
        slug: "scuola",
        title: "Scuola media, il tetto della palestra è finito",
        lead: "Si torna a giocare; sul molo resta il deposito delle tegole.",
        body: &["La classe terza ha chiesto di dipingere la parete verso il cortile con i nomi di chi ha lavorato \
                 d'estate sotto il sole."],
        date: "Sun, 22 Nov 2026 18:30:00 +0100",
    },
    Piece {
        slug: "teatro",
        title: "Teatro, stagione al via con =una= commedia; \"tutto esaurito\"",
        lead: "Otto spettacoli.",
        body: &["Il cartellone si chiude in aprile con una compagnia di Praga."],
        date: "Sun, 22 Nov 2026 12:00:00 +0100",
    },
];

const NOW: &str = "2026-11-23 06:20";

/// An office that has read three articles of two outlets.
fn read_office() -> Press {
    let press = Press::new(&["sponda.test", "molo.test"]);
    press.feeds().office().journalists();
    press.publish("sponda.test", &PIECES[..2]);
    press.publish("molo.test", &PIECES[2..]);
    press.live(MORNING, NOW);
    press
}

fn out(ran: Ran) -> String {
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.out
}

fn search(press: &Press, words: &[&str]) -> String {
    out(press.run(NOW, &[&["search"], words].concat()))
}

#[test]
fn help_is_no_failure_and_wrong_usage_is_2() {
    let press = Press::new(&[]);
    let help = out(press.run_now(&["--help"]));
    for verb in
        ["serve", "demo", "run", "check", "probe", "search", "reindex", "import", "export", "release", "user", "backup"]
    {
        assert!(help.lines().any(|l| l.trim_start().starts_with(verb)), "{verb} is not in {help}");
    }
    for wrong in
        [&["servi"][..], &[], &["search"], &["search", "molo", "--json", "--csv"], &["release", "approve", "x"]]
    {
        let ran = press.run_now(wrong);
        assert_eq!(ran.code, 2, "{wrong:?}: {ran:?}");
        assert!(!ran.err.is_empty(), "{wrong:?}");
    }
    assert!(!press.path().join("data").exists(), "nothing was made");
}

#[test]
fn what_cannot_be_done_is_1_and_one_sentence() {
    let press = Press::new(&[]);
    for (wrong, sentence) in [
        (&["probe", "manca.xml"][..], "reading manca.xml"),
        (&["import", "office", "manca.toml"], "reading manca.toml"),
        (&["restore", "manca"], "manca holds no salastampa.db"),
        (&["user", "add", "anna", "--name", "Anna", "--role", "boss"], "\"boss\" is no role; the roles are"),
    ] {
        let ran = press.run_now(wrong);
        assert_eq!(ran.code, 1, "{wrong:?}: {ran:?}");
        assert!(ran.err.starts_with("salastampa: ") && ran.err.contains(sentence), "{wrong:?}: {}", ran.err);
    }
}

#[test]
fn check_says_of_each_part_how_it_stands() {
    let press = Press::new(&["sponda.test"]);
    press.feeds();
    let said = out(press.run(NOW, &["check"]));
    for part in ["ok       sources: 1 outlets, 1 sources", "ok       database: 0 articles", "ok       mail: files in"] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
    press
        .write("feeds.toml", "[[outlet]]\nid = \"sponda\"\nname = \"La Sponda\"\nkind = \"local\"\nrights = \"all\"\n");
    let ran = press.run(NOW, &["check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("problem  sources: feeds.toml:5: «rights» non può essere «all»"), "{}", ran.out);
    assert!(ran.out.contains("ok       database"), "one bad part does not hide the others: {}", ran.out);
}

#[test]
fn a_search_is_answered_in_four_forms() {
    let press = read_office();
    let lines = search(&press, &["molo"]);
    assert_eq!(
        lines,
        "23/11/2026 05:10  sponda.test  Il molo piccolo riapre ai pescatori\n    http://sponda.test/molo\n\
         22/11/2026 18:30  sponda.test  Scuola media, il tetto della palestra è finito\n    http://sponda.test/scuola\n\
         2 articles\n"
    );
    let json = search(&press, &["testata:molo", "--json"]);
    let hit: serde_json::Value = serde_json::from_str(json.trim()).expect("one line of JSON");
    assert_eq!(hit["title"], "Teatro, stagione al via con =una= commedia; \"tutto esaurito\"");
    assert_eq!(hit["date"], "2026-11-22T12:00:00+01:00");
    let csv = search(&press, &["commedia OR palestra", "--csv"]);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "id;date;outlet;title;url");
    assert!(rows[1].contains(";sponda.test;Scuola media, il tetto della palestra è finito;"), "{csv}");
    assert!(rows[2].contains(";\"Teatro, stagione al via con =una= commedia; \"\"tutto esaurito\"\"\";"), "{csv}");
    let count = search(&press, &["molo", "--count"]);
    assert_eq!(count, "2 articles\n      2  sponda.test\n      1  2026-11-22\n      1  2026-11-23\n");
    assert_eq!(search(&press, &["\"molo piccolo\"", "--limit", "1", "--count"]).lines().next(), Some("1 articles"));
    assert_eq!(search(&press, &["ornitorinco"]), "0 articles\n");
}

#[test]
fn a_search_is_explained_and_put_in_the_order_that_is_asked() {
    let press = read_office();
    let said = search(&press, &["molo OR moli", "--explain", "--sort", "relevance"]);
    assert!(
        said.starts_with("understood: molo OR moli\n  any of\n    all forms of molo (stem mol) in the text\n"),
        "{said}"
    );
    assert!(said.contains("    matched: ") && said.contains("(title)"), "{said}");
    let titles = |sort: &str| -> Vec<String> {
        let said = search(&press, &["", "--json", "--sort", sort]);
        said.lines().map(str::to_owned).collect()
    };
    let (mut oldest, newest) = (titles("oldest"), titles("newest"));
    oldest.reverse();
    assert_eq!(oldest, newest);
    assert_eq!(titles("outlets").len(), newest.len());
    assert_eq!(press.run(NOW, &["search", "molo", "--sort", "caso"]).code, 2);
}

#[test]
fn a_search_leaves_as_a_file_in_three_formats_and_is_written_down() {
    let press = read_office();
    let export = |words: &[&str]| press.run(NOW, &[&["export", "articles"], words].concat());
    let csv = out(export(&["commedia OR palestra"]));
    let rows: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(rows[0], "\u{feff}numero;data;testata;titolo;firma;sezione;estratto;diritti;indirizzo");
    assert!(rows[2].contains(";\"Teatro, stagione al via con =una= commedia; \"\"tutto esaurito\"\"\";"), "{csv}");
    assert!(out(export(&["molo", "--comma"])).starts_with("numero,data,testata,"), "RFC 4180 without a mark");
    let lines = out(export(&["molo", "--format", "jsonl"]));
    let objects: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    assert_eq!(
        objects.iter().map(|o| &o["url"]).collect::<Vec<_>>(),
        ["http://sponda.test/molo", "http://sponda.test/scuola"]
    );
    assert!(objects.iter().all(|o| o["rights"] == "extract_only" && o["text"].is_null()), "{lines}");
    assert!(!lines.contains("capitaneria"), "no more than the extract leaves: {lines}");
    assert_eq!(out(export(&["molo", "--format", "pdf", "--out", "molo.pdf"])), "molo.pdf: 2 articles of 2\n");
    let pdf = std::fs::read(press.path().join("molo.pdf")).expect("a file");
    assert!(pdf.starts_with(b"%PDF-1.7") && !press.path().join("molo.pdf.part").exists());
    let log = press.rows("select verb || ' ' || subject from event where verb = 'articles.export'");
    assert_eq!(log, ["articles.export archive"; 4]);
    assert_eq!(press.rows("select cast(count(*) as text) from text_use where output like 'export %'"), ["8"]);
    for (wrong, code, sentence) in [
        (&["molo", "--format", "docx"][..], 2, "there is no format \"docx\""),
        (&[], 2, "a search, or --dossier NAME?"),
        (&["--dossier", "manca"], 1, "there is no dossier \"manca\""),
        (&["ornitorinco"], 1, "non c'è niente da esportare"),
        (&["\"molo"], 1, "Le virgolette aperte alla colonna 1"),
    ] {
        let ran = export(wrong);
        assert!(ran.code == code && ran.err.contains(sentence), "{wrong:?}: {ran:?}");
    }
}

#[test]
fn a_slip_in_a_query_is_shown_in_its_place_with_a_way_out() {
    let press = read_office();
    for (query, shown) in [
        (
            "molo AND tittolo:riapre",
            "salastampa: «tittolo:» non esiste: intendevi «titolo:»?\n  molo AND tittolo:riapre\n           ^\n  molo AND titolo:riapre\n",
        ),
        (
            "molo \"piccolo riapre",
            "salastampa: Le virgolette aperte alla colonna 6 non si chiudono.\n  molo \"piccolo riapre\n       ^\n  molo \"piccolo riapre\"\n",
        ),
    ] {
        let ran = press.run(NOW, &["search", query]);
        assert_eq!((ran.code, ran.err.as_str()), (1, shown));
    }
}

#[test]
fn an_archive_built_again_or_from_a_backup_gives_the_same_answers() {
    let press = read_office();
    let queries = ["molo", "testata:sponda", "data:2026-11-22", "titolo:teatro", "tema:lungolago"];
    let asked =
        |more: &[&str]| -> Vec<String> { queries.map(|q| search(&press, &[&[q, "--json"], more].concat())).to_vec() };
    let before = asked(&[]);
    assert!(before.iter().all(|answer| !answer.is_empty()), "{before:?}");
    assert_eq!(out(press.run(NOW, &["reindex"])), "3 articles are searchable\n");
    assert_eq!(asked(&[]), before);

    out(press.run(NOW, &["backup", "copia"]));
    let again = press.run(NOW, &["backup", "copia"]);
    assert!(again.code == 1 && again.err.contains("must be a folder that does not exist yet"), "{again:?}");
    assert!(
        out(press.run(NOW, &["restore", "copia", "--check"])).contains("3 articles, 2 readers; it can be taken back")
    );
    let full = press.run(NOW, &["restore", "copia"]);
    assert!(full.code == 1 && full.err.contains("nothing is written over"), "{full:?}");
    out(press.run(NOW, &["restore", "copia", "--data", "altrove"]));
    assert_eq!(asked(&["--data", "altrove"]), before);
    // with the key: links in mails that are out go on working
    let key = |folder: &str| std::fs::read(press.path().join(folder).join("office.key")).expect("a key");
    assert_eq!(key("data"), key("altrove"));
}

/// Everything that an import writes, as text.
fn imported(press: &Press) -> Vec<String> {
    [
        "select id || login || name || role || coalesce(disabled_at, '') from staff order by id",
        "select id || slug || name || query || weight || urgency from watch order by id",
        "select id || slug || name || schedule || ready_before || cap || done from edition order by id",
        "select id || edition || place || name || watches from section order by id",
        "select id || slug || name || address || language || watches || editions || receives from reader order by id",
        "select id || slug || name || membership from mailing_list order by id",
        "select list || '/' || contact from list_member order by list, contact",
        "select id || address || name || outlet || medium || beats || accepts_embargo || basis from contact order by id",
    ]
    .iter()
    .flat_map(|statement| press.rows(statement))
    .collect()
}

#[test]
fn an_import_that_is_repeated_changes_nothing() {
    let press = Press::new(&[]);
    press.office().journalists();
    let before = imported(&press);
    assert!(before.len() > 15, "{before:?}");
    press.office().journalists();
    assert_eq!(imported(&press), before);
    press
        .write("guasto.toml", "[[reader]]\nslug = \"x\"\nname = \"X\"\naddress = \"nessuna\"\nwatches = [\"manca\"]\n");
    let ran = press.run(NOW, &["import", "office", "guasto.toml"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("guasto.toml: reader \"x\"") && ran.err.contains("manca"), "{}", ran.err);
    assert_eq!(imported(&press), before);
}

#[test]
fn journalists_leave_as_a_table_or_an_address_book_and_come_in_again() {
    let press = Press::new(&[]);
    press.office().journalists();
    let table = out(press.run(NOW, &["export", "contacts"]));
    assert!(
        table.starts_with("nome,testata,ruolo,") && table.contains("Rita Melzi,Radio Riva,,,rita@riva.test,,,radio"),
        "{table}"
    );
    assert_eq!(press.run(NOW, &["export", "contacts", "--format", "vcard", "--out", "rubrica.vcf"]).code, 0);
    let cards = std::fs::read_to_string(press.path().join("rubrica.vcf")).expect("the file is there");
    assert_eq!(cards.matches("BEGIN:VCARD\r\nVERSION:4.0\r\n").count(), 3, "{cards}");
    let again = out(press.run(NOW, &["import", "contacts", "rubrica.vcf"]));
    assert!(again.contains("3 journalists, 0 lines not taken"), "{again}");
    assert_eq!(press.rows("select address from contact").len(), 3);
    assert_eq!(press.run(NOW, &["export", "contacts", "--format", "xls"]).code, 2);
    let log = press.rows("select verb from event where verb = 'contacts.export'");
    assert_eq!(log.len(), 2, "who takes them out stands in the log");
}

#[test]
fn users_are_added_and_given_a_password_that_is_kept_as_a_hash() {
    let press = Press::new(&[]);
    assert_eq!(
        out(press.run(NOW, &["user", "add", "anna", "--name", "Anna Riva", "--role", "editor"])),
        "anna: editor\n"
    );
    let passwd = |password: &str| {
        let mut command = press.command();
        command.args(["--now", NOW, "user", "passwd", "anna"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        writeln!(child.stdin.take().expect("its input"), "{password}").expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = passwd("corta");
    assert!(code == Some(1) && said.contains("10"), "{said}");
    assert_eq!(passwd("quattro parole a caso qui").0, Some(0));
    let kept = press.rows("select password from staff where login = 'anna'").remove(0);
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    // a new role leaves the password
    out(press.run(NOW, &["user", "add", "anna", "--name", "Anna Riva", "--role", "chief"]));
    assert_eq!(press.rows("select role || password from staff"), [format!("\"chief\"{kept}").replace('"', "")]);
}

#[test]
fn figures_are_counted_from_the_rows() {
    let press = read_office();
    let sources = out(press.run(NOW, &["stats", "sources"]));
    assert!(sources.starts_with("2 of 2 sources alive\n") && sources.contains("molo-test-tutte"), "{sources}");
    let all = out(press.run(NOW, &["stats", "all"]));
    assert!(all.lines().any(|l| l.split_whitespace().eq(["articles", "3"])), "{all}");
    let latency = out(press.run(NOW, &["stats", "latency"]));
    assert_eq!(latency.lines().count(), 8, "{latency}");
}

#[test]
fn a_file_is_probed_without_being_kept() {
    let press = Press::new(&[]);
    let feed =
        crate::outlets::rss("sponda.test", &[("a", "Apre il ponte", "Da oggi.", "Mon, 23 Nov 2026 05:10:00 +0100")]);
    press.write("feed.xml", feed);
    let said = out(press.run(NOW, &["probe", "feed.xml"]));
    assert!(said.contains("feed.xml: a feed") && said.contains("1 items would be taken"), "{said}");
    assert!(said.contains("2026-11-23T05:10:00+01:00  Apre il ponte"), "{said}");
    let json: serde_json::Value =
        serde_json::from_str(&out(press.run(NOW, &["probe", "feed.xml", "--json"]))).expect("JSON");
    assert_eq!(json["found"], 1);
    assert!(!press.path().join("data").exists());
}

#[test]
fn an_empty_folder_is_served_and_a_living_office_shares_its_archive() {
    let empty = tempfile::tempdir().expect("a folder for the test");
    let mut program = Command::new(env!("CARGO_BIN_EXE_salastampa"));
    program.current_dir(empty.path());
    let served = Served::of(program, empty.path());
    assert_eq!(served.ask("GET", "/healthz"), (200, "ok\n".into()));
    assert_eq!(served.ask("GET", "/readyz"), (200, "ready\n".into()));
    assert_eq!(served.ask("GET", "/novita/comunicati").0, 200);
    assert_eq!(served.ask("GET", "/niente").0, 404);
    assert_eq!(served.stop(), 0);

    let press = read_office();
    let alone = search(&press, &["molo"]);
    let served = Served::start(&press, NOW);
    let second = press.run(NOW, &["serve"]);
    assert!(second.code == 1 && second.err.contains("is in use by process"), "{second:?}");
    let mut readers = Vec::new();
    for _ in 0..2 {
        let mut command = press.command();
        command
            .args(["--now", NOW, "search", "molo"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        readers.push(command.spawn().expect("it starts"));
    }
    for reader in readers {
        let output = reader.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), alone);
    }
    assert!(out(press.run(NOW, &["reindex"])).contains("the running office takes it"));
    assert_eq!(served.ask("GET", "/healthz").0, 200);
    assert_eq!(served.stop(), 0);
}
