//! The outbox against mail servers that are slow, ill, cautious or gone: nobody is skipped, nobody is blamed for what is
//! the server's fault, and what is in doubt is one message a connection.
//!
//! The server is the scripted one of `mail/tests/sink`; a real one stands in `postfix`. Kills in the middle of a campaign
//! are in `killed`.

mod killed;
mod slow;

use crate::press_test::{Press, Ran};
use crate::sink::{Act, Received, Script, Sink, Verb};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::{Child, Stdio};
use std::time::Duration;

/// When the release leaves.
pub const SENT: &str = "2026-11-23 09:30";

/// A newsroom server that runs, with the runtime that it runs in.
pub struct Server {
    sink: Sink,
    /// It ends with this.
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// One that does what the script says.
    pub fn start(script: Script) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let sink = runtime.block_on(Sink::start(script));
        Self { sink, runtime }
    }

    /// The settings of an office that relays there, over so many connections.
    pub fn settings(&self, connections: usize, more: &str) -> String {
        let (host, port) = (self.sink.addr.ip(), self.sink.addr.port());
        format!(
            "[mail]\ntransport = \"smtp\"\n[smtp]\nhost = \"{host}\"\nport = {port}\ntls = \"off\"\n\
             connections = {connections}\n{more}\n"
        )
    }

    /// Where it listens, on loopback.
    pub fn port(&self) -> u16 {
        self.sink.addr.port()
    }

    /// The messages that it took for an address.
    pub fn took(&self, address: &str) -> Vec<Received> {
        self.sink.log().accepted_for(address).into_iter().cloned().collect()
    }

    /// Waits until it took so many messages, which must not last.
    pub fn until(&self, count: usize) {
        let wait = async { tokio::time::timeout(Duration::from_secs(120), self.sink.until_accepted(count)).await };
        assert!(self.runtime.block_on(wait).is_ok(), "{} of {count}", self.all().len());
    }

    /// All messages that it took.
    pub fn all(&self) -> Vec<Received> {
        self.sink.log().messages.into_iter().filter(|message| message.accepted).collect()
    }
}

/// The address of the journalist of that number.
pub fn journalist(n: usize) -> String {
    format!("r{n:04}@redazioni.test")
}

/// An office with a list of so many journalists, and a release that is approved.
pub fn office(press: Press, journalists: usize) -> Press {
    let office = "[[user]]\nlogin = \"elena\"\nname = \"Elena Prati\"\nrole = \"editor\"\n[[user]]\nlogin = \"carlo\"\n\
        name = \"Carlo Mandelli\"\nrole = \"chief\"\n[[list]]\nslug = \"tutti\"\nname = \"Tutti\"\n";
    press.office_of("2026-11-23 08:00", office);
    let mut table = String::from("nome;testata;email;mezzo;territorio;liste;embargo;base;fonte\n");
    for n in 0..journalists {
        let address = journalist(n);
        writeln!(table, "Cronista {n};Testata {n};{address};web;Bellariva;tutti;no;compito pubblico;albo")
            .expect("a String takes all");
    }
    press.write("giornalisti.csv", table);
    let imported = press.run("2026-11-23 08:00", &["import", "contacts", "giornalisti.csv"]);
    assert_eq!(imported.code, 0, "{imported:?}");
    let text = "+++\ntitolo = \"Apre il ponte sul Gerna\"\nliste = [\"tutti\"]\ncontatti = [\"Ufficio stampa\"]\n+++\n\n\
        Da lunedì 23 novembre il Comune di Bellariva apre il ponte sul Gerna.\n";
    press.write("testo.md", text);
    for (now, words) in [
        ("2026-11-23 09:00", ["new", "ponte", "testo.md", "--as", "elena"].as_slice()),
        ("2026-11-23 09:10", &["submit", "ponte", "--as", "elena"]),
        ("2026-11-23 09:20", &["approve", "ponte", "--as", "carlo"]),
    ] {
        step(&press, now, words);
    }
    press
}

/// A step of the release that must go well.
pub fn step(press: &Press, now: &str, words: &[&str]) -> Ran {
    let ran = press.run(now, &[&["release"], words].concat());
    assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
    ran
}

/// A deliverer whose present is so many minutes after the release was sent.
pub fn deliverer_at(press: &Press, minutes: i64) -> Child {
    let sent = salastampa_domain::Timestamp::parse(SENT).expect("an instant");
    let now = sent.plus(minutes * salastampa_domain::time::MINUTE).civil().strftime("%Y-%m-%d %H:%M").to_string();
    let mut command = press.command();
    command.args(["--now", &now, "run", "deliver"]).env("RUST_LOG", "error");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
}

/// Sends the release that is approved.
pub fn send(press: &Press) {
    step(press, SENT, &["send", "ponte", "--as", "carlo"]);
}

/// Lets the outbox be handed over from one instant to another.
pub fn deliver(press: &Press, from: &str, until: &str) {
    let ran = press.run(from, &["run", "deliver", "--until", until]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// How many messages are in each state.
pub fn states(press: &Press) -> Vec<String> {
    press.rows("select state || ' ' || count(*) from delivery group by state order by state")
}

#[test]
fn of_a_hundred_the_ten_that_were_cut_after_the_dot_are_in_doubt_and_go_once_more() {
    let cut: Vec<String> = (0..10).map(|n| journalist(n * 9 + 3)).collect();
    let script = cut.iter().fold(Script::new(), |script, to| script.times(1, Verb::Dot, to, Act::AcceptThenCut));
    let server = Server::start(script);
    let press = office(Press::new(&[]).settings(&server.settings(4, "")), 100);
    send(&press);
    let ran = press.run(SENT, &["run", "deliver"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for n in 0..100 {
        let took = server.took(&journalist(n));
        let expected = if cut.contains(&journalist(n)) { 2 } else { 1 };
        assert_eq!(took.len(), expected, "{}", journalist(n));
        assert!(took.iter().all(|m| m.bytes == took[0].bytes && m.message_id == took[0].message_id));
    }
    let twice = press.rows("select address from delivery where uncertain = 1 order by address");
    assert_eq!(twice, cut);
    assert_eq!(states(&press), ["accepted 100"]);
}

#[test]
fn what_a_person_is_asked_about_is_not_sent_again_by_itself() {
    let server = Server::start(Script::new().on(Verb::Dot, "r0001@", Act::AcceptThenCut));
    let press = office(Press::new(&[]).settings(&server.settings(2, "")), 3);
    send(&press);
    deliver(&press, SENT, "2026-11-23 12:00");
    // once by itself; in doubt again it waits
    assert_eq!(server.took(&journalist(1)).len(), 2);
    assert_eq!(states(&press), ["accepted 2", "uncertain 1"]);
}

/// The lines by which a Postfix says in its log that it has a message.
fn logged(id: &str) -> String {
    format!(
        "Nov 23 09:30:01 posta postfix/cleanup[72]: 4A1B2C: message-id=<{id}>\n\
         Nov 23 09:30:01 posta postfix/qmgr[70]: 4A1B2C: from=<stampa@bellariva.test>, size=31402, nrcpt=1 (queue active)\n"
    )
}

#[test]
fn a_log_that_is_written_late_is_asked_again_before_a_message_goes_twice_and_before_a_person_is() {
    for (cuts, wrote_at, until, took, state) in [
        (1, "2026-11-23 09:30:30", "2026-11-23 09:31", 1, "accepted 0 found"),
        (2, "2026-11-23 09:31:30", "2026-11-23 09:32", 2, "accepted 1 found"),
        (2, "2026-11-23 09:33", "2026-11-23 09:36", 2, "accepted 1 found"),
        (2, "2026-11-23 09:36:30", "2026-11-23 18:00", 2, "uncertain 1 "),
        (1, "2026-11-23 09:31:30", "2026-11-23 09:32", 2, "accepted 1 "),
    ] {
        let server = Server::start(Script::new().times(cuts, Verb::Dot, "r0001@", Act::AcceptThenCut));
        let press = Press::new(&[]);
        let log = press.write("mail.log", "");
        let press = press.settings(&server.settings(2, &format!("log = \"{}\"", log.display())));
        let press = office(press, 3);
        send(&press);
        deliver(&press, SENT, wrote_at);
        let id = press.rows("select message_id from delivery where address like 'r0001@%'").remove(0);
        std::fs::write(&log, logged(&id)).expect("a file of the test");
        deliver(&press, wrote_at, until);
        let case = format!("{cuts} cuts, written at {wrote_at}");
        assert_eq!(server.took(&journalist(1)).len(), took, "{case}");
        let found = "select state || ' ' || uncertain || ' ' || case when reason like '%log%' then 'found' else '' end \
            from delivery where address like 'r0001@%'";
        assert_eq!(press.rows(found), [state], "{case}");
    }
}

#[test]
fn a_late_answer_is_booked_on_the_message_that_it_answers() {
    // the dot of one is answered after the time allowed, the next recipient is refused on what would be its connection
    let late = Act::Late(Duration::from_secs(3), "250 2.0.0 late".into());
    let refused = Act::reply("550 5.1.1 no such user here");
    let script = Script::new().times(1, Verb::Dot, "r0000@", late).on(Verb::Rcpt, "r0001@", refused);
    let server = Server::start(script);
    let press = office(Press::new(&[]).settings(&server.settings(1, "timeout = 1")), 3);
    send(&press);
    let ran = press.run(SENT, &["run", "deliver"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let states = press.rows("select address || ' ' || state || ' ' || uncertain from delivery order by address");
    assert_eq!(
        states,
        ["r0000@redazioni.test accepted 1", "r0001@redazioni.test failed 0", "r0002@redazioni.test accepted 0"]
    );
}

#[test]
fn a_server_that_never_greets_pauses_all_mail_blames_nobody_and_is_tried_again() {
    let server = Server::start(Script::new().times(6, Verb::Connect, "", Act::reply("554 5.3.2 closed for repairs")));
    let press = office(Press::new(&[]).settings(&server.settings(1, "")), 3);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:40");
    assert_eq!(press.rows("select cause from pause where at is not null and kind = ''"), ["greeting"]);
    assert_eq!(
        press.rows("select cast(count(*) as text) from attempt where cause = 'greeting'"),
        ["5"],
        "then it rests"
    );
    assert_eq!(press.rows("select cast(count(*) as text) from suppression"), ["0"]);
    // two trials a quarter of an hour apart: the second finds it well, and the rest follows
    deliver(&press, "2026-11-23 09:40", "2026-11-23 11:30");
    assert_eq!(states(&press), ["accepted 3"]);
    assert_eq!(press.rows("select cast(count(*) as text) from pause where at is not null"), ["0"]);
    let told = press.rows("select verb from event where verb like 'outbox.%' order by id");
    assert_eq!(told, ["outbox.pause", "outbox.resume"]);
}

#[test]
fn who_is_greylisted_is_reached_at_the_hour_of_the_retry() {
    let server = Server::start(Script::new().on(Verb::Rcpt, "", Act::Greylist));
    let press = office(Press::new(&[]).settings(&server.settings(4, "")), 40);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:30:30");
    assert_eq!(states(&press), ["deferred 40"]);
    deliver(&press, "2026-11-23 09:30:30", "2026-11-23 09:36");
    assert_eq!(states(&press), ["accepted 40"]);
    assert_eq!(
        press.rows("select cast(count(*) as text) from attempt where code = 250"),
        ["40"],
        "one accepted attempt each"
    );
    assert_eq!(server.all().len(), 40);
}

#[test]
fn of_a_thousand_each_answer_is_taken_for_what_it_is_and_the_campaign_waits_for_a_person() {
    let of = |numbers: std::ops::Range<usize>| numbers.map(journalist).collect::<Vec<_>>();
    // the refusals of our side come last, so that everybody else has been served by then
    let (gone, busy, ours) = (of(0..50), of(50..80), of(980..1_000));
    let mut script = Script::new();
    for to in &gone {
        script = script.on(Verb::Rcpt, to, Act::reply("550 5.1.1 no such user"));
    }
    for to in &busy {
        script = script.times(1, Verb::Rcpt, to, Act::reply("450 4.2.1 busy, later"));
    }
    for to in &ours {
        script = script.times(1, Verb::Dot, to, Act::reply("550 5.7.515 access denied, the sender fails DMARC"));
    }
    let server = Server::start(script);
    let press = office(Press::new(&[]).settings(&server.settings(4, "")), 1_000);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:40");
    assert_eq!(press.rows("select kind || ' ' || cause from pause where at is not null"), ["release policy"]);
    let failed: BTreeSet<String> =
        press.rows("select address from delivery where state = 'failed'").into_iter().collect();
    assert_eq!(failed, gone.iter().cloned().collect(), "who does not exist, and nobody else");
    let said = press.rows("select distinct cause from attempt where cause is not null");
    assert_eq!(said, ["policy"]);
    let refused: usize =
        press.rows("select cast(count(*) as text) from attempt where cause = 'policy'")[0].parse().expect("a number");
    assert!((5..=20).contains(&refused), "{refused}: the fifth pauses, what was past it ends");
    assert_eq!(
        press.rows("select cast(count(*) as text) from suppression"),
        ["0"],
        "nobody is kept out for what is our fault"
    );
    let before = server.all().len();
    deliver(&press, "2026-11-23 09:40", "2026-11-23 13:00");
    assert_eq!(server.all().len(), before, "it waits for a person, however long");

    step(&press, "2026-11-23 13:00", &["resume", "ponte", "--as", "carlo"]);
    deliver(&press, "2026-11-23 13:00", "2026-11-23 16:00");
    assert_eq!(states(&press), ["accepted 950", "failed 50"]);
    assert_eq!(server.all().len(), 950, "none twice");
    let shown = step(&press, "2026-11-23 16:00", &["show", "ponte"]).out;
    assert!(shown.starts_with("ponte: sent"), "{shown}");
}

#[test]
fn two_who_press_at_once_and_two_who_deliver_at_once_send_one_each() {
    let server = Server::start(Script::new());
    let press = office(Press::new(&[]).settings(&server.settings(2, "")), 200);
    let words = ["--now", SENT, "release", "send", "ponte", "--as", "carlo"];
    let pressed: Vec<_> = (0..2).map(|_| press.command().args(words).output()).collect();
    let codes: Vec<_> = pressed.into_iter().map(|ran| ran.expect("it runs").status.code()).collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    let deliverers: Vec<_> =
        (0..2).map(|_| press.command().args(["--now", SENT, "run", "deliver"]).spawn().expect("it starts")).collect();
    for mut deliverer in deliverers {
        assert!(deliverer.wait().expect("it ends").success());
    }
    assert_eq!(server.all().len(), 200);
    let to: BTreeSet<String> = server.all().into_iter().map(|message| message.recipient).collect();
    assert_eq!(to.len(), 200);
    assert_eq!(states(&press), ["accepted 200"]);
}

#[test]
fn a_retry_is_the_same_bytes_although_the_office_and_the_journalist_have_another_name_meanwhile() {
    let server = Server::start(Script::new().times(1, Verb::Dot, "r0000@", Act::AcceptThenCut));
    let press = office(Press::new(&[]).settings(&server.settings(1, "")), 1);
    send(&press);
    // the worker dies with the message in doubt: what it knew is in the rows
    let ran = press.run(SENT, &["run", "deliver"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let took = server.took(&journalist(0));
    assert_eq!(took.len(), 2);
    assert_eq!(took[0].bytes, took[1].bytes);

    let again = Server::start(Script::new().times(1, Verb::Dot, "r0000@", Act::reply("451 4.3.0 later")));
    let press = office(Press::new(&[]).settings(&again.settings(1, "")), 1);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:30:10");
    assert_eq!(states(&press), ["deferred 1"]);
    let named = "nome;testata;email;mezzo;territorio;liste;embargo;base;fonte\n\
        Altro Nome;Testata;r0000@redazioni.test;web;Bellariva;tutti;no;compito pubblico;albo\n";
    press.write("giornalisti.csv", named);
    assert_eq!(press.run(SENT, &["import", "contacts", "giornalisti.csv"]).code, 0);
    let moved = press
        .settings("[office]\nname = \"Comune\"\ntown = \"Bellariva\"\nsender_name = \"Altro\"\nsender = \"altro@bellariva.test\"\n");
    deliver(&moved, "2026-11-23 09:30:10", "2026-11-23 09:40");
    let offered = again.sink.log().messages;
    assert_eq!(offered.len(), 2);
    assert_eq!(String::from_utf8_lossy(&offered[0].bytes), String::from_utf8_lossy(&offered[1].bytes));
    assert_eq!(offered[0].sender, offered[1].sender);
}

#[test]
fn an_office_that_may_not_send_fast_sends_in_time_and_the_alerts_at_once() {
    let server = Server::start(Script::new());
    let press = office(Press::new(&[]).settings(&server.settings(2, "per_domain = 30")), 20);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:30:10");
    let soon = server.all().len();
    assert!((5..=7).contains(&soon), "{soon} in ten seconds, one every two");
    deliver(&press, "2026-11-23 09:30:10", "2026-11-23 09:31");
    assert_eq!(server.all().len(), 20);
}

#[test]
fn a_table_as_offices_have_them_gives_one_message_an_address_and_says_which_lines_it_could_not_take() {
    let server = Server::start(Script::new());
    let press = office(Press::new(&[]).settings(&server.settings(2, "")), 0);
    let mut table = String::from("Cognome e nome;Telefono;Stanza;E-mail;Giornale;Liste\r\n");
    for n in 0..45 {
        write!(table, "Però Niccolò {n};0300 {n};12;{};Città {n};tutti\r\n", journalist(n))
            .expect("a String takes all");
    }
    // the same people once more, written otherwise, a domain and a name that are not plain ASCII, and what is no address
    for address in ["R0001@Redazioni.TEST", "r0002@redazioni.test", "info@città.test", "niccolò@redazioni.test"] {
        write!(table, "Altri;;;{address};Altri;tutti\r\n").expect("a String takes all");
    }
    for wrong in ["senza-chiocciola", "a@@b.test", "a b@c.test", "@x.test", "x@"] {
        write!(table, "Altri;;;{wrong};Altri;tutti\r\n").expect("a String takes all");
    }
    let latin: Vec<u8> = table.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin-1")).collect();
    press.write("elenco.csv", latin);
    let tried = press.run("2026-11-23 09:25", &["import", "contacts", "elenco.csv", "--try"]);
    assert!(tried.code == 0 && tried.out.contains("nothing was written"), "{tried:?}");
    assert_eq!(press.rows("select cast(count(*) as text) from contact"), ["0"]);
    let ran = press.run("2026-11-23 09:25", &["import", "contacts", "elenco.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("columns passed over: Stanza") && ran.out.contains("5 lines not taken"), "{}", ran.out);
    assert_eq!(ran.out.matches("not taken: elenco.csv:").count(), 5, "{}", ran.out);
    assert_eq!(press.rows("select name from contact where address = 'r0003@redazioni.test'"), ["Però Niccolò 3"]);
    assert_eq!(press.rows("select phones from contact where address = 'r0003@redazioni.test'"), ["[\"0300 3\"]"]);
    send(&press);
    let ran = press.run(SENT, &["run", "deliver"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let took: Vec<String> = server.all().into_iter().map(|message| message.recipient).collect();
    let each: BTreeSet<&String> = took.iter().collect();
    assert_eq!((took.len(), each.len()), (46, 46), "45 and the domain outside ASCII, once each");
    assert!(
        took.iter().any(|to| to == "info@xn--citt-hoa.test") || took.iter().any(|to| to.starts_with("info@xn--")),
        "{took:?}"
    );
    let refused = press.rows("select address || ': ' || reason from delivery where state = 'failed'");
    assert!(refused.len() == 1 && refused[0].contains("SMTPUTF8"), "{refused:?}");
}

#[test]
fn a_release_that_was_paused_and_stopped_goes_when_it_is_sent_again() {
    let refused = Act::reply("550 5.7.1 we take nothing from you");
    let server = Server::start(Script::new().times(5, Verb::Dot, "", refused));
    let press = office(Press::new(&[]).settings(&server.settings(1, "")), 8);
    send(&press);
    deliver(&press, SENT, "2026-11-23 09:40");
    assert_eq!(press.rows("select cause from pause where at is not null"), ["policy"]);
    step(&press, "2026-11-23 09:45", &["stop", "ponte", "--as", "carlo"]);
    step(&press, "2026-11-23 09:50", &["send", "ponte", "--as", "carlo"]);
    deliver(&press, "2026-11-23 09:50", "2026-11-23 10:00");
    assert_eq!(states(&press), ["accepted 8"]);
    assert_eq!(server.all().len(), 8);
}
